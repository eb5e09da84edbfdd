use super::*;
use crate::codec::seal::seal_request;
use crate::codec::{AttributeError, Builder, Secret};
use crate::responder::clients::Clients;
use proptest::prelude::*;

const KEY: &str = "xyzzy5461";

fn clients(change: impl Fn(&mut Client)) -> Clients {
    let mut clients = Clients::new();
    let mut client = Client::new("192.0.2.0/24".parse().unwrap(), Secret::new(KEY));
    change(&mut client);
    clients.add(client);
    clients
}

fn sealed(code: Code, fill: impl Fn(&mut Builder)) -> Vec<u8> {
    let mut builder = Builder::new(code, 7, &[9; 16]);
    fill(&mut builder);
    let mut octets = builder.finish();
    seal_request(&mut octets, &Secret::new(KEY));
    octets
}

fn ask(octets: &[u8], role: Role, clients: &Clients) -> Result<(), Discard> {
    let source = "192.0.2.9".parse().unwrap();
    receive(
        octets,
        clients.find(source),
        role,
        Carrier::Datagram,
        Limits::default(),
    )
    .map(|_| ())
}

fn with(number: AttributeType, value: &'static [u8]) -> impl Fn(&mut Builder) {
    move |builder| {
        builder.attribute(number, value).unwrap();
    }
}

#[test]
fn every_check_has_its_reason() {
    let open = clients(|_| {});
    let strict = clients(|client| client.require_message_authenticator = true);
    let limited = clients(|client| client.limit_proxy_state = true);
    let access = sealed(Code::ACCESS_REQUEST, with(AttributeType::USER_NAME, b"bob"));
    let change = |at: usize, octet: u8, octets: &[u8]| {
        let mut octets = octets.to_vec();
        octets[at] = octet;
        octets
    };
    let long = {
        let mut builder = Builder::new(Code::ACCESS_REQUEST, 1, &[0; 16]);
        builder.raw(&[1, 3, b'a'].repeat(1360));
        builder.finish()
    };
    let many = sealed(Code::ACCESS_REQUEST, |builder| {
        builder.raw(&[1, 3, b'a'].repeat(201));
    });
    let twice = sealed(Code::ACCESS_REQUEST, |builder| {
        builder.raw(&[80, 18]).raw(&[0; 16]).raw(&[80, 18]).raw(&[0; 16]);
    });
    let protected = sealed(Code::ACCESS_REQUEST, |builder| {
        builder.message_authenticator().unwrap();
    });
    let accounting = sealed(Code::ACCOUNTING_REQUEST, with(AttributeType(40), &[0, 0, 0, 1]));
    let role = Role::Auth;
    let table: Vec<(Vec<u8>, Role, &Clients, Discard)> = vec![
        (vec![], role, &open, Discard::TooShort { received: 0 }),
        (vec![1; 19], role, &open, Discard::TooShort { received: 19 }),
        (
            access.clone(),
            Role::Acct,
            &open,
            Discard::NotServed {
                code: Code::ACCESS_REQUEST,
                role: Role::Acct,
            },
        ),
        (
            change(3, 19, &access),
            role,
            &open,
            Discard::Malformed(Malformation::LengthBelowHeader { length: 19 }),
        ),
        (
            change(3, 26, &access),
            role,
            &open,
            Discard::Malformed(Malformation::LengthBeyondOctets {
                length: 26,
                received: 25,
            }),
        ),
        (
            long,
            role,
            &open,
            Discard::Malformed(Malformation::LengthAboveMaximum {
                length: 4100,
                max: 4096,
            }),
        ),
        (
            change(21, 1, &access),
            role,
            &open,
            Discard::Malformed(Malformation::Attribute(AttributeError::LengthBelowTwo {
                offset: 20,
                length: 1,
            })),
        ),
        (
            change(20, 0, &access),
            role,
            &open,
            Discard::Malformed(Malformation::TypeZero { offset: 20 }),
        ),
        (many, role, &open, Discard::TooManyAttributes { max: 200 }),
        (
            twice,
            role,
            &open,
            Discard::Malformed(Malformation::SecondMessageAuthenticator {
                offset: 38,
                first: 20,
            }),
        ),
        (
            sealed(Code::ACCESS_REQUEST, with(AttributeType::EAP_MESSAGE, &[])),
            role,
            &open,
            Discard::NoMessageAuthenticator(Because::EapMessage),
        ),
        (
            sealed(Code::STATUS_SERVER, |_| {}),
            role,
            &open,
            Discard::NoMessageAuthenticator(Because::StatusServer),
        ),
        (
            access.clone(),
            role,
            &strict,
            Discard::NoMessageAuthenticator(Because::Required),
        ),
        (
            sealed(Code::ACCESS_REQUEST, with(AttributeType::PROXY_STATE, b"x")),
            role,
            &limited,
            Discard::NoMessageAuthenticator(Because::ProxyState),
        ),
        (
            change(30, 0, &protected),
            role,
            &strict,
            Discard::WrongMessageAuthenticator,
        ),
        (
            change(30, 0, &protected),
            role,
            &open,
            Discard::WrongMessageAuthenticator,
        ),
        (
            change(25, 9, &accounting),
            Role::Acct,
            &open,
            Discard::WrongAuthenticator,
        ),
    ];
    for (octets, role, clients, why) in table {
        assert_eq!(ask(&octets, role, clients), Err(why), "{octets:02x?}");
    }
    let nobody = Clients::new();
    assert_eq!(ask(&access, role, &nobody), Err(Discard::UnknownClient));
    for octets in [&access, &protected] {
        assert_eq!(ask(octets, role, &open), Ok(()));
    }
    assert_eq!(ask(&protected, role, &strict), Ok(()));
    assert_eq!(ask(&accounting, Role::Acct, &strict), Ok(()));
}

#[test]
fn an_earlier_failure_hides_a_later_one() {
    // Not served here, and malformed, and unsealed: the Code is looked at first, the source before that.
    let octets = [4, 0, 0, 5]
        .into_iter()
        .chain([0; 16])
        .chain([1, 1])
        .collect::<Vec<u8>>();
    let open = clients(|_| {});
    let code = Code::ACCOUNTING_REQUEST;
    assert_eq!(
        ask(&octets, Role::Auth, &open),
        Err(Discard::NotServed {
            code,
            role: Role::Auth
        })
    );
    assert_eq!(
        ask(&octets, Role::Auth, &Clients::new()),
        Err(Discard::UnknownClient)
    );
    assert_eq!(
        ask(&octets, Role::Acct, &open),
        Err(Discard::Malformed(Malformation::LengthBelowHeader { length: 5 }))
    );
}

#[test]
fn padding_is_cut_off_and_the_packet_processed() {
    let open = clients(|_| {});
    let mut octets = sealed(Code::ACCESS_REQUEST, |builder| {
        builder.message_authenticator().unwrap();
    });
    let length = octets.len();
    octets.extend([0xee; 100]);
    let source = "192.0.2.9".parse().unwrap();
    let request = receive(
        &octets,
        open.find(source),
        Role::Auth,
        Carrier::Datagram,
        Limits::default(),
    )
    .unwrap();
    assert_eq!(request.packet.received().len(), length);
    assert!(request.sealed);
}

#[test]
fn codes_are_gated_by_role() {
    let codes = |role: Role| {
        (0..=255)
            .filter(|code| role.serves(Code(*code)))
            .collect::<Vec<u8>>()
    };
    assert_eq!(codes(Role::Auth), [1, 12]);
    assert_eq!(codes(Role::Acct), [4, 12]);
    assert_eq!(codes(Role::Coa), [40, 43]);
    assert_eq!(codes(Role::Any), [1, 4, 12, 40, 43]);
}

proptest! {
    #[test]
    fn no_octets_are_answered_without_the_secret(octets in prop::collection::vec(any::<u8>(), 0..200), cut in 0u8..60) {
        let open = clients(|client| client.require_message_authenticator = true);
        let mut octets = octets;
        if octets.len() > 4 { octets[0] %= 45; octets[2] = 0; octets[3] = cut.max(20); }
        prop_assert!(ask(&octets, Role::Any, &open).is_err());
    }
}
