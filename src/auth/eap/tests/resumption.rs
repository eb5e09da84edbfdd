//! Sessions that are resumed, and those that must not be.

use super::link::{Outcome, Setup};
use crate::auth::eap::tls::Versions;
use crate::auth::{KeyCheck, Method, Next, Note};

fn resumed(outcome: &Outcome) -> Option<bool> {
    outcome.notes.iter().find_map(|note| match note {
        Note::Tls(facts) => Some(facts.resumed),
        _ => None,
    })
}

#[test]
fn the_second_login_resumes_the_session_of_the_first() {
    for method in [
        Method::EapTls,
        Method::TtlsPap,
        Method::TtlsEapMschapv2,
        Method::PeapMschapv2,
        Method::PeapGtc,
    ] {
        for versions in [Versions::Tls12, Versions::Tls13] {
            let setup = Setup {
                versions,
                resume: true,
                methods: vec![method],
                ..Setup::default()
            };
            let mut pair = setup.pair();
            let mut rounds = Vec::new();
            for round in 0..3 {
                let outcome = pair.run(method);
                let Next::Accepted(accepted) = &outcome.next else {
                    panic!("{method} {versions:?}: {:?} {:?}", outcome.next, outcome.why);
                };
                assert_eq!(resumed(&outcome), Some(round > 0), "{method} {versions:?}");
                assert_eq!(accepted.key_check, KeyCheck::Match, "{method} {versions:?}");
                let done = outcome.done.as_ref().unwrap();
                assert_eq!(done.method, method);
                assert_eq!(done.keys, accepted.keys, "{method} {versions:?}");
                rounds.push(accepted.rounds);
            }
            assert!(rounds[1] < rounds[0], "{method} {versions:?}: {rounds:?}");
        }
    }
}

#[test]
fn a_session_whose_login_failed_is_worth_nothing() {
    for versions in [Versions::Tls12, Versions::Tls13] {
        for method in [Method::TtlsPap, Method::PeapMschapv2] {
            let setup = Setup {
                versions,
                resume: true,
                password: "wrong",
                methods: vec![method],
                ..Setup::default()
            };
            let mut pair = setup.pair();
            for _ in 0..2 {
                let outcome = pair.run(method);
                assert!(
                    matches!(outcome.next, Next::Rejected(_)),
                    "{method} {versions:?}: {:?}",
                    outcome.next
                );
            }
        }
    }
}

#[test]
fn nobody_resumes_the_session_of_another() {
    let setup = Setup {
        resume: true,
        methods: vec![Method::TtlsPap],
        account: |_| Some(crate::auth::server::Account::with_password("wonderland")),
        ..Setup::default()
    };
    let mut pair = setup.pair();
    assert!(matches!(pair.run(Method::TtlsPap).next, Next::Accepted(_)));
    pair.credentials.user = b"bob".to_vec();
    assert_eq!(resumed(&pair.run(Method::TtlsPap)), Some(false));
}
