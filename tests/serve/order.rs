//! The order in which a request is checked: the first check that fails decides, and what failed leaves no trace.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use radius::codec::seal::{check_reply, seal_request};
use radius::codec::{AttributeError, AttributeType, Builder, Code, Malformation, Packet, Secret};
use radius::dictionary::Dictionary;
use radius::responder::clients::Client;
use radius::responder::receive::Because;
use radius::responder::{Arrival, Carrier, Deed, Did, Discard, Moment, Responder, Role, Settings};

use crate::client::{SECRET, pap, request};

const CLIENT: [u8; 4] = [192, 0, 2, 1];

pub fn responder(change: impl FnOnce(&mut Settings)) -> Responder {
    let mut settings = Settings::new(Arc::new(Dictionary::builtin()));
    let mut client = Client::new("192.0.2.0/24".parse().unwrap(), Secret::new(SECRET));
    client.limit_proxy_state = true;
    settings.clients.add(client);
    settings.policy.users.add(b"alice", b"hello");
    change(&mut settings);
    Responder::new(settings)
}

/// What becomes of octets, and the replies that leave.
pub fn say(responder: &Responder, from: [u8; 4], role: Role, octets: &[u8]) -> (Did, Vec<Vec<u8>>) {
    let settings = responder.settings();
    let mut dice = |octets: &mut [u8]| octets.fill(3);
    let mut moment = Moment {
        now: Instant::now(),
        unix: 1_700_000_000,
        dice: &mut dice,
    };
    let arrival = Arrival {
        source: SocketAddr::from((from, 4000)),
        listener: 0,
        role,
        carrier: Carrier::Datagram,
        client: None,
        octets,
    };
    let outcome = responder.receive(&settings, &arrival, &mut moment);
    let replies = match outcome.deed {
        Deed::Send(departure) => vec![departure.octets.to_vec()],
        Deed::SendAll(departures) => departures
            .iter()
            .map(|departure| departure.octets.to_vec())
            .collect(),
        _ => Vec::new(),
    };
    (outcome.facts.did, replies)
}

/// A packet with these octets as attributes, sealed as far as it can be.
fn raw(code: Code, attributes: &[u8]) -> Vec<u8> {
    let mut builder = Builder::new(code, 9, &[9; 16]);
    builder.raw(attributes);
    let mut octets = builder.finish();
    seal_request(&mut octets, &Secret::new(SECRET));
    octets
}

fn changed(mut octets: Vec<u8>, at: usize, octet: u8) -> Vec<u8> {
    octets[at] = octet;
    octets
}

/// What is wrong, from where it comes, to which listener, its octets, and what is said of it.
type Row = (&'static str, [u8; 4], Role, Vec<u8>, Discard);

#[test]
fn the_first_check_that_fails_decides() {
    let malformed = Discard::Malformed;
    // An attribute that is cut, behind one that is cut short, in a reply's Code: what is wrong later is hidden.
    let cut = AttributeError::Overrun {
        offset: 20,
        length: 9,
        left: 4,
    };
    let over_long = {
        let mut octets = raw(Code::ACCESS_REQUEST, &[1, 3, b'a'].repeat(1360));
        octets[21] = 1;
        octets
    };
    let not_served = |code, role| Discard::NotServed { code, role };
    let missing = Discard::NoMessageAuthenticator;
    let table: Vec<Row> = vec![
        (
            "1: less than a header, from a stranger",
            [10, 0, 0, 1],
            Role::Auth,
            vec![2; 19],
            Discard::TooShort { received: 19 },
        ),
        (
            "2: a stranger, a reply's Code, a wrong Length",
            [10, 0, 0, 1],
            Role::Auth,
            changed(raw(Code::ACCESS_ACCEPT, &[]), 3, 9),
            Discard::UnknownClient,
        ),
        (
            "3: a reply's Code, a wrong Length",
            CLIENT,
            Role::Auth,
            changed(raw(Code::ACCESS_ACCEPT, &[]), 3, 9),
            not_served(Code::ACCESS_ACCEPT, Role::Auth),
        ),
        (
            "3: accounting where none is served, malformed",
            CLIENT,
            Role::Auth,
            raw(Code::ACCOUNTING_REQUEST, &[1, 9, 0, 0]),
            not_served(Code::ACCOUNTING_REQUEST, Role::Auth),
        ),
        (
            "4: Length below a header, a cut attribute",
            CLIENT,
            Role::Auth,
            changed(raw(Code::ACCESS_REQUEST, &[1, 9, 0, 0]), 3, 19),
            malformed(Malformation::LengthBelowHeader { length: 19 }),
        ),
        (
            "4: Length beyond what came, a cut attribute",
            CLIENT,
            Role::Auth,
            changed(raw(Code::ACCESS_REQUEST, &[1, 9, 0, 0]), 3, 25),
            malformed(Malformation::LengthBeyondOctets {
                length: 25,
                received: 24,
            }),
        ),
        (
            "4: more than 4096 octets, a malformed attribute",
            CLIENT,
            Role::Auth,
            over_long,
            malformed(Malformation::LengthAboveMaximum {
                length: 4100,
                max: 4096,
            }),
        ),
        (
            "6: a cut attribute, EAP-Message without Message-Authenticator",
            CLIENT,
            Role::Auth,
            raw(Code::ACCESS_REQUEST, &[79, 9, 0, 0]),
            malformed(Malformation::Attribute(cut)),
        ),
        (
            "6: too many attributes, the last of them EAP-Message",
            CLIENT,
            Role::Auth,
            raw(
                Code::ACCESS_REQUEST,
                &[[1, 3, b'a'].repeat(200), vec![79, 2]].concat(),
            ),
            Discard::TooManyAttributes { max: 200 },
        ),
        (
            "7: two Message-Authenticators, both wrong",
            CLIENT,
            Role::Auth,
            raw(
                Code::ACCESS_REQUEST,
                &[[80, 18].as_slice(), &[0; 16], &[80, 18], &[0; 16]].concat(),
            ),
            malformed(Malformation::SecondMessageAuthenticator {
                offset: 38,
                first: 20,
            }),
        ),
        (
            "7: EAP-Message without, and Proxy-State",
            CLIENT,
            Role::Auth,
            raw(Code::ACCESS_REQUEST, &[33, 3, 0, 79, 3, 0]),
            missing(Because::EapMessage),
        ),
        (
            "7: Status-Server without",
            CLIENT,
            Role::Auth,
            raw(Code::STATUS_SERVER, &[33, 3, 0]),
            missing(Because::StatusServer),
        ),
        (
            "8: Proxy-State without",
            CLIENT,
            Role::Auth,
            raw(Code::ACCESS_REQUEST, &[33, 3, 0]),
            missing(Because::ProxyState),
        ),
        (
            "9: a wrong Message-Authenticator, and a wrong Request Authenticator",
            CLIENT,
            Role::Acct,
            changed(
                request(
                    Code::ACCOUNTING_REQUEST,
                    9,
                    &[0; 16],
                    true,
                    &[(40, &[0, 0, 0, 1])],
                ),
                30,
                0xee,
            ),
            Discard::WrongMessageAuthenticator,
        ),
        (
            "10: a wrong Request Authenticator",
            CLIENT,
            Role::Acct,
            changed(
                request(
                    Code::ACCOUNTING_REQUEST,
                    9,
                    &[0; 16],
                    false,
                    &[(40, &[0, 0, 0, 1])],
                ),
                10,
                0xee,
            ),
            Discard::WrongAuthenticator,
        ),
        (
            "10: the same of dynamic authorization",
            CLIENT,
            Role::Coa,
            changed(
                request(Code::DISCONNECT_REQUEST, 9, &[0; 16], false, &[(1, b"alice")]),
                10,
                0xee,
            ),
            Discard::WrongAuthenticator,
        ),
    ];
    for (what, from, role, octets, discard) in table {
        let responder = responder(|_| {});
        // A good request with the same Identifier was answered before, and is remembered.
        let good = pap("alice", "hello", 9, &[9; 16]);
        let (_, first) = say(&responder, CLIENT, Role::Auth, &good);
        let (did, replies) = say(&responder, from, role, &octets);
        assert_eq!(did, Did::Discarded(discard), "{what}");
        assert!(replies.is_empty(), "{what}");
        // What failed has not touched what is remembered.
        assert_eq!(responder.remembered(), 1, "{what}");
        let (did, again) = say(&responder, CLIENT, Role::Auth, &good);
        assert_eq!(did, Did::Resent(Code::ACCESS_ACCEPT), "{what}");
        assert_eq!(again, first, "{what}");
    }
}

#[test]
fn duplicates_are_looked_for_before_attributes_are_decoded_and_policy_decides() {
    let responder = responder(|_| {});
    // The password is right once; a value of four octets that has five is policy's business alone.
    let mut builder = Builder::new(Code::ACCESS_REQUEST, 4, &[4; 16]);
    builder.message_authenticator().unwrap();
    builder.attribute(AttributeType::USER_NAME, b"alice").unwrap();
    builder
        .attribute(AttributeType::NAS_IP_ADDRESS, &[1, 2, 3, 4, 5])
        .unwrap();
    let mut octets = builder.finish();
    seal_request(&mut octets, &Secret::new(SECRET));
    let (did, first) = say(&responder, CLIENT, Role::Auth, &octets);
    assert!(matches!(did, Did::Replied(Code::ACCESS_REJECT, _)), "{did:?}");
    let (did, again) = say(&responder, CLIENT, Role::Auth, &octets);
    assert_eq!((did, again), (Did::Resent(Code::ACCESS_REJECT), first));
}

/// What is no request, or no packet at all: none of it is answered, and what comes after it is.
#[test]
fn malformed_packets_get_no_answer_and_the_server_stays_alive() {
    let good = |turn: u8| pap("alice", "hello", turn, &[turn; 16]);
    let mut set: Vec<(String, Vec<u8>)> = Vec::new();
    for length in 0..20 {
        set.push((format!("{length} octets"), good(1)[..length].to_vec()));
    }
    for length in [0_u16, 1, 19, 21, 4097, 65_535] {
        let mut octets = good(1);
        octets[2..4].copy_from_slice(&length.to_be_bytes());
        if usize::from(length) != octets.len() {
            set.push((format!("Length {length}"), octets));
        }
    }
    for length in [0_u8, 1, 255] {
        set.push((
            format!("an attribute of length {length}"),
            changed(good(1), 39, length),
        ));
    }
    let mut long = raw(Code::ACCESS_REQUEST, &[1, 3, b'a'].repeat(1359));
    assert_eq!(long.len(), 4097);
    set.push(("4097 octets".into(), long.clone()));
    long.truncate(4096);
    set.push(("4097 octets, one of them lost".into(), long));
    set.push((
        "201 attributes".into(),
        raw(Code::ACCESS_REQUEST, &[1, 3, b'a'].repeat(201)),
    ));
    for code in [0, 2, 3, 5, 6, 7, 11, 13, 21, 41, 42, 44, 45, 52, 99, 250, 255] {
        let octets = request(Code(code), 1, &[1; 16], true, &[(1, b"alice")]);
        set.push((format!("Code {code}"), octets));
    }
    let mut dice = 1_u64;
    let mut random = vec![0; 4096];
    for turn in 0..64_usize {
        for octet in &mut random {
            dice = dice
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            *octet = (dice >> 56) as u8;
        }
        random[0] = [1, 4, 12, 40, 43][turn % 5];
        random[2..4].copy_from_slice(&4096_u16.to_be_bytes());
        set.push((format!("4 KB of noise, {turn}"), random.clone()));
    }
    let responder = responder(|_| {});
    for (turn, (what, octets)) in set.iter().enumerate() {
        let (did, replies) = say(&responder, CLIENT, Role::Any, octets);
        assert!(replies.is_empty(), "{what}: {did:?}");
        assert!(matches!(did, Did::Discarded(_)), "{what}: {did:?}");
        let control = pap(
            "alice",
            "hello",
            turn as u8,
            &[turn as u8, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7],
        );
        let (did, _) = say(&responder, CLIENT, Role::Any, &control);
        assert!(
            matches!(did, Did::Replied(Code::ACCESS_ACCEPT, _)),
            "after {what}: {did:?}"
        );
    }
}

/// Octets behind Length are padding (RFC 2865 §3).
#[test]
fn padding_of_any_length_is_cut_off() {
    let responder = responder(|_| {});
    for turn in 0..100_u8 {
        let mut octets = pap("alice", "hello", turn, &[turn; 16]);
        octets.extend(std::iter::repeat_n(0xee, 1 + usize::from(turn)));
        let (did, replies) = say(&responder, CLIENT, Role::Auth, &octets);
        assert!(matches!(did, Did::Replied(Code::ACCESS_ACCEPT, _)), "{did:?}");
        let reply = Packet::parse(&replies[0]).unwrap();
        assert!(check_reply(&reply, &[turn; 16], &Secret::new(SECRET)).hold());
    }
}
