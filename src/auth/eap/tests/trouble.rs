//! Logins that must fail, and be told apart.

use super::link::{NOW, PKI, Setup, other_ca};
use crate::auth::certificate::{NameRule, Reason, Trust, fingerprint};
use crate::auth::eap::login::{Carried, Contradiction};
use crate::auth::eap::packet::{EapCode, EapType, encode, verdict};
use crate::auth::eap::server::{ServerEvent, Why};
use crate::auth::eap::tls::{TlsFault, Versions};
use crate::auth::server::{Account, Refused};
use crate::auth::{Broken, Method, Next, Note};
use crate::codec::{AttributeType, Code, Packet};

fn reason(setup: Setup, method: Method) -> Option<Reason> {
    match setup.pair().run(method).next {
        Next::Broken(why) => match *why {
            Broken::Tls(TlsFault::Certificate(fault)) => {
                assert!(!fault.chain.is_empty());
                Some(fault.reason)
            }
            other => panic!("{other:?}"),
        },
        Next::Accepted(_) => None,
        other => panic!("{other:?}"),
    }
}

#[test]
fn certificates_that_are_not_trusted_say_why() {
    for versions in [Versions::Tls12, Versions::Tls13] {
        for method in [Method::PeapMschapv2, Method::TtlsPap, Method::EapTls] {
            let setup = || Setup {
                versions,
                ..Setup::default()
            };
            let untrusted = Setup {
                trust: Trust::Anchors(vec![other_ca()]),
                ..setup()
            };
            assert_eq!(reason(untrusted, method), Some(Reason::Untrusted));
            let expired = Setup {
                client_time: NOW + 20 * 86_400,
                ..setup()
            };
            assert_eq!(reason(expired, method), Some(Reason::Expired));
            let early = Setup {
                client_time: NOW - 5 * 86_400,
                ..setup()
            };
            assert_eq!(reason(early, method), Some(Reason::NotYetValid));
            let suffix = Setup {
                name: Some(NameRule::Suffix("ample.org".to_owned())),
                ..setup()
            };
            assert_eq!(reason(suffix, method), Some(Reason::DomainSuffixMismatch));
            let exact = Setup {
                name: Some(NameRule::Exact("example.org".to_owned())),
                ..setup()
            };
            assert_eq!(reason(exact, method), Some(Reason::DomainMismatch));
            let pin = Setup {
                pin: Some(fingerprint(&PKI.ca)),
                ..setup()
            };
            assert_eq!(reason(pin, method), Some(Reason::PinMismatch));
            let unchecked = Setup {
                trust: Trust::Unchecked,
                name: None,
                client_time: 0,
                ..setup()
            };
            assert_eq!(reason(unchecked, method), None);
        }
    }
}

#[test]
fn the_server_hears_that_its_certificate_was_refused() {
    for versions in [Versions::Tls12, Versions::Tls13] {
        let setup = Setup {
            versions,
            trust: Trust::Anchors(vec![other_ca()]),
            ..Setup::default()
        };
        let outcome = setup.pair().run(Method::PeapMschapv2);
        match outcome.why {
            Some(Why::Broken(why)) => {
                assert!(matches!(*why, Broken::Tls(TlsFault::AlertReceived(_))), "{why:?}")
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_wrong_password_is_a_reject_and_not_a_breakdown() {
    for method in Method::all().filter(|method| method.outer().is_some() && method.uses_password()) {
        let setup = Setup {
            password: "wrong",
            methods: vec![method],
            ..Setup::default()
        };
        let outcome = setup.pair().run(method);
        match (&outcome.next, method) {
            // The peer sees it first: the server's proof is wrong for it.
            (Next::Broken(why), Method::EapPwd) => assert_eq!(**why, Broken::WrongProof),
            (Next::Rejected(rejection), _) => {
                assert_eq!(
                    outcome.why,
                    Some(Why::Refused(Refused::WrongPassword)),
                    "{method}"
                );
                assert_eq!(
                    rejection.refusal.is_some(),
                    method.inner_eap().unwrap_or(method) == Method::EapMschapv2,
                    "{method}"
                );
                assert!(!rejection.after_success, "{method}");
            }
            (other, _) => panic!("{method}: {other:?}"),
        }
    }
}

#[test]
fn an_unknown_user_is_told_to_the_server_alone() {
    for method in Method::all().filter(|method| method.outer().is_some() && method.uses_password()) {
        let setup = Setup {
            account: |_| None,
            methods: vec![method],
            ..Setup::default()
        };
        let outcome = setup.pair().run(method);
        assert!(
            matches!(outcome.next, Next::Rejected(_)),
            "{method}: {:?}",
            outcome.next
        );
        assert_eq!(outcome.why, Some(Why::Refused(Refused::UnknownUser)), "{method}");
    }
}

#[test]
fn a_method_that_the_server_does_not_run_is_not_agreed() {
    let setup = Setup {
        methods: vec![Method::EapMd5, Method::EapGtc],
        ..Setup::default()
    };
    let outcome = setup.pair().run(Method::PeapMschapv2);
    match outcome.next {
        Next::Rejected(rejection) => assert_eq!(rejection.not_agreed, [EapType::MD5]),
        other => panic!("{other:?}"),
    }
    assert_eq!(outcome.why, Some(Why::NotAgreed(vec![EapType::PEAP])));
}

#[test]
fn an_account_that_may_not_use_the_method_is_refused() {
    let setup = Setup {
        account: |_| {
            Some(Account {
                methods: Some([Method::PeapMschapv2].into()),
                ..Account::with_password("wonderland")
            })
        },
        ..Setup::default()
    };
    let outcome = setup.pair().run(Method::TtlsPap);
    assert!(matches!(outcome.next, Next::Rejected(_)));
}

#[test]
fn no_tls_version_in_common_is_an_alert() {
    for (ours, theirs) in [
        (Versions::Tls12, Versions::Tls13),
        (Versions::Tls13, Versions::Tls12),
    ] {
        let setup = Setup {
            versions: ours,
            server_versions: theirs,
            ..Setup::default()
        };
        match setup.pair().run(Method::TtlsPap).next {
            Next::Broken(why) => assert_eq!(
                *why,
                Broken::Tls(TlsFault::AlertReceived(rustls::AlertDescription::ProtocolVersion))
            ),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_server_that_never_ends_is_left() {
    let mut setup = Setup::default();
    setup.options.rounds = 4;
    let outcome = setup.pair().run(Method::PeapMschapv2);
    assert_eq!(
        outcome.next,
        Next::Broken(Box::new(Broken::TooManyRounds { limit: 4 }))
    );
}

#[test]
fn a_peer_that_never_ends_is_refused() {
    let mut pair = Setup::default().pair();
    let mut server = pair.server();
    let identity = encode(EapCode::RESPONSE, 0, EapType::IDENTITY, b"alice").unwrap();
    let first = server.receive(&identity, pair.dice.as_mut());
    assert!(matches!(first, ServerEvent::Send(_)), "{first:?}");
    // An answer to another Request is answered with the last one, as a repetition would be.
    let stray = encode(EapCode::RESPONSE, 200, server.kind().unwrap(), &[0]).unwrap();
    let end = (0..1000).find_map(|_| match server.receive(&stray, pair.dice.as_mut()) {
        ServerEvent::Reject(_, why) => Some(why),
        _ => None,
    });
    let limit = Broken::TooManyRounds { limit: 500 };
    assert_eq!(end, Some(Why::Broken(Box::new(limit))));
}

/// What the client makes of one reply to its first request.
fn reply(code: Code, eap: Option<&[u8]>) -> (Next, Vec<Note>) {
    let mut pair = Setup::default().pair();
    let mut login = pair.login(Method::EapMd5);
    login.request(None, pair.dice.as_mut()).unwrap();
    let fields: Vec<_> = eap
        .map(|octets| (AttributeType::EAP_MESSAGE, octets.to_vec()))
        .into_iter()
        .collect();
    let octets = super::link::packet(code, [0; 16], &fields);
    let next = login.reply(&Packet::parse(&octets).unwrap(), None, pair.dice.as_mut());
    (next, login.notes())
}

#[test]
fn the_ten_contradictions_of_rfc_3579_are_noted() {
    let success = verdict(EapCode::SUCCESS, 0);
    let failure = verdict(EapCode::FAILURE, 0);
    let cases: [(Code, Option<&[u8]>, Carried); 10] = [
        (
            Code::ACCESS_ACCEPT,
            Some(&failure),
            Carried::Packet(EapCode::FAILURE),
        ),
        (Code::ACCESS_ACCEPT, None, Carried::Nothing),
        (Code::ACCESS_ACCEPT, Some(&[]), Carried::Start),
        (
            Code::ACCESS_REJECT,
            Some(&success),
            Carried::Packet(EapCode::SUCCESS),
        ),
        (Code::ACCESS_REJECT, None, Carried::Nothing),
        (Code::ACCESS_REJECT, Some(&[]), Carried::Start),
        (
            Code::ACCESS_CHALLENGE,
            Some(&success),
            Carried::Packet(EapCode::SUCCESS),
        ),
        (
            Code::ACCESS_CHALLENGE,
            Some(&failure),
            Carried::Packet(EapCode::FAILURE),
        ),
        (Code::ACCESS_CHALLENGE, None, Carried::Nothing),
        (Code::ACCESS_CHALLENGE, Some(&[]), Carried::Start),
    ];
    for (code, eap, carried) in cases {
        let (next, notes) = reply(code, eap);
        let found = Contradiction { code, carried };
        assert_eq!(notes, [Note::Contradiction(found)], "{code:?} {carried:?}");
        match code {
            Code::ACCESS_REJECT => assert!(matches!(next, Next::Rejected(_))),
            _ => assert!(matches!(next, Next::Broken(_)), "{next:?}"),
        }
    }
}

#[test]
fn an_accept_before_the_method_ran_comes_too_early() {
    let (next, _) = reply(Code::ACCESS_ACCEPT, Some(&verdict(EapCode::SUCCESS, 0)));
    assert_eq!(next, Next::Broken(Box::new(Broken::TooEarly { kind: None })));
}

#[test]
fn a_malformed_packet_of_a_method_says_what_is_wrong() {
    for (data, kind) in [(&b"\x20abc"[..], EapType::MD5), (b"", EapType::MD5)] {
        let octets = encode(EapCode::REQUEST, 1, kind, data).unwrap();
        let (next, _) = reply(Code::ACCESS_CHALLENGE, Some(&octets));
        match next {
            Next::Broken(why) => assert!(matches!(*why, Broken::Method { .. }), "{why:?}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_notification_is_shown_and_answered() {
    let octets = encode(EapCode::REQUEST, 1, EapType::NOTIFICATION, b"Closed on Sundays").unwrap();
    let (next, notes) = reply(Code::ACCESS_CHALLENGE, Some(&octets));
    assert_eq!(next, Next::Again);
    assert_eq!(notes, [Note::Text("Closed on Sundays".to_owned())]);
}
