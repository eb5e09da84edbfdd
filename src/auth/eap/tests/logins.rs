//! Logins that must work.

use super::link::{Outcome, Setup};
use crate::auth::eap::packet::EapType;
use crate::auth::eap::tls::Versions;
use crate::auth::mschap::NtHash;
use crate::auth::server::{Account, Known};
use crate::auth::{Accepted, Inner, KeyCheck, KeyNameCheck, Method, Next, Note};
use crate::codec::Secret;

fn accepted(method: Method, outcome: &Outcome) -> &Accepted {
    match &outcome.next {
        Next::Accepted(accepted) => accepted,
        other => panic!("{method}: {other:?}, server: {:?}", outcome.why),
    }
}

fn check(method: Method, outcome: &Outcome) {
    let accepted = accepted(method, outcome);
    let wanted = if method.makes_keys() {
        KeyCheck::Match
    } else {
        KeyCheck::None
    };
    assert_eq!(accepted.key_check, wanted, "{method}");
    let done = outcome.done.as_ref().unwrap();
    assert_eq!(done.method, method);
    // Not only what was sent, but all of what was derived.
    assert_eq!(accepted.keys, done.keys, "{method}");
    if let Some(inner) = &done.inner_user {
        assert_eq!(inner, b"alice");
    }
}

#[test]
fn every_method_logs_in_with_every_tls_version_and_fragment_size() {
    for method in Method::all().filter(|method| method.outer().is_some()) {
        for versions in [Versions::Tls12, Versions::Tls13] {
            for fragment in [64, 200, 1020, 16_000] {
                let setup = Setup {
                    versions,
                    fragment,
                    methods: vec![method],
                    options: crate::auth::eap::login::EapOptions {
                        rounds: 500,
                        framed_mtu: None,
                        ..Default::default()
                    },
                    ..Setup::default()
                };
                let outcome = setup.pair().run(method);
                check(method, &outcome);
                assert!(
                    outcome.longest <= fragment.max(120),
                    "{method} sent {} octets with fragments of {fragment}",
                    outcome.longest
                );
                if !method.uses_tls() {
                    break;
                }
            }
        }
    }
}

#[test]
fn framed_mtu_bounds_what_the_server_sends() {
    let setup = Setup {
        fragment: 16_000,
        options: crate::auth::eap::login::EapOptions {
            framed_mtu: Some(300),
            ..Default::default()
        },
        ..Setup::default()
    };
    let outcome = setup.pair().run(Method::PeapMschapv2);
    check(Method::PeapMschapv2, &outcome);
    assert!(outcome.longest <= 296, "{}", outcome.longest);
}

#[test]
fn a_nak_leads_to_the_method_that_the_client_wants() {
    // The server proposes MD5 first.
    let outcome = Setup::default().pair().run(Method::TtlsPap);
    check(Method::TtlsPap, &outcome);
    let nak = Note::Nak {
        proposed: EapType::MD5,
        wanted: vec![EapType::TTLS],
    };
    assert!(outcome.notes.contains(&nak));
    assert!(outcome.server_notes.contains(&nak));
}

#[test]
fn eap_start_has_the_server_ask_who_it_is() {
    let setup = Setup {
        options: crate::auth::eap::login::EapOptions {
            start: true,
            ..Default::default()
        },
        ..Setup::default()
    };
    check(Method::EapMschapv2, &setup.pair().run(Method::EapMschapv2));
}

#[test]
fn the_session_id_is_compared_where_it_was_asked_for() {
    for versions in [Versions::Tls12, Versions::Tls13] {
        for method in [
            Method::EapTls,
            Method::TtlsPap,
            Method::PeapMschapv2,
            Method::EapPwd,
        ] {
            let setup = Setup {
                versions,
                options: crate::auth::eap::login::EapOptions {
                    key_name: true,
                    ..Default::default()
                },
                ..Setup::default()
            };
            let outcome = setup.pair().run(method);
            assert_eq!(
                accepted(method, &outcome).key_name,
                KeyNameCheck::Match,
                "{method}"
            );
        }
    }
}

#[test]
fn an_nt_hash_is_enough_for_what_needs_no_more() {
    for method in [
        Method::EapMschapv2,
        Method::EapPwd,
        Method::PeapMschapv2,
        Method::TtlsPap,
        Method::TtlsMschap,
        Method::TtlsMschapv2,
    ] {
        let setup = Setup {
            account: |_| {
                let hash = NtHash::of(&Secret::new("wonderland")).ok()?;
                Some(Account {
                    password: Known::Nt(hash),
                    ..Account::with_password("")
                })
            },
            ..Setup::default()
        };
        check(method, &setup.pair().run(method));
    }
}

#[test]
fn peap_binds_the_tunnel_to_what_is_inside() {
    for method in [Method::PeapMschapv2, Method::PeapGtc, Method::PeapTls] {
        let outcome = Setup::default().pair().run(method);
        assert!(outcome.notes.contains(&Note::CryptoBinding), "{method}");
    }
}

#[test]
fn a_password_in_a_tunnel_does_not_print() {
    let outcome = Setup::default().pair().run(Method::TtlsPap);
    assert!(outcome.notes.iter().any(|note| matches!(
        note,
        Note::Inner {
            sent: true,
            packet: Inner::Attributes(_)
        }
    )));
    assert!(!format!("{:?}", outcome.notes).contains("wonderland"));
}

#[test]
fn gtc_asks_the_user_where_there_is_no_password() {
    for method in [Method::EapGtc, Method::PeapGtc, Method::TtlsEapGtc] {
        let setup = Setup {
            password: "",
            ..Setup::default()
        };
        check(method, &setup.pair().run(method));
    }
}

#[test]
fn an_expired_password_is_changed() {
    for method in [Method::EapMschapv2, Method::PeapMschapv2, Method::TtlsEapMschapv2] {
        let setup = Setup {
            account: |_| {
                Some(Account {
                    expired: true,
                    ..Account::with_password("wonderland")
                })
            },
            ..Setup::default()
        };
        let mut pair = setup.pair();
        pair.credentials.new_password = Some(Secret::new("looking glass"));
        let outcome = pair.run(method);
        check(method, &outcome);
        let done = outcome.done.as_ref().unwrap();
        assert_eq!(done.new_password, Some(Secret::new("looking glass")), "{method}");
        assert!(outcome.notes.contains(&Note::NewPasswordSent));
    }
}
