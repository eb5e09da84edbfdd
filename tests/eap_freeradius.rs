//! Every EAP method against a real server, over a bare socket.
//!
//! Needs a FreeRADIUS with all methods on, whose secret is `testing123` and whose user is `bob` with the password
//! `hello`:
//!
//! ```text
//! RADIUS_EAP_SERVER=127.0.0.1:1812 RADIUS_EAP_CERTS=/etc/raddb/certs cargo test --test eap_freeradius -- --ignored
//! ```
//!
//! With `RADIUS_EAP_ALONE=1` the methods without EAP are left out, for hostapd.
#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

use std::net::UdpSocket;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use radius::auth::certificate::{Identity, NameRule, Reason, ServerCheckOptions, Trust, certificates};
use radius::auth::eap::build::{Credentials, login};
use radius::auth::eap::enumerate::{Probe, ProbeStep};
use radius::auth::eap::login::EapOptions;
use radius::auth::eap::packet::EapType;
use radius::auth::eap::tls::{ClientTls, ClientTlsOptions, TlsFault, Versions};
use radius::auth::{Broken, Field, Hiding, KeyCheck, KeyNameCheck, Method, Next, Note, PlainOptions};
use radius::codec::{Builder, Code, Packet, Secret, seal};
use rustls::time_provider::DefaultTimeProvider;

struct Peer {
    socket: UdpSocket,
    secret: Secret,
    certs: PathBuf,
    identifier: u8,
}

fn dice(octets: &mut [u8]) {
    rand::fill(octets);
}

impl Peer {
    /// None, and loudly so, where there is no server to ask.
    fn new() -> Option<Peer> {
        let (Ok(server), Ok(certs)) = (
            std::env::var("RADIUS_EAP_SERVER"),
            std::env::var("RADIUS_EAP_CERTS"),
        ) else {
            eprintln!("NOT RUN: RADIUS_EAP_SERVER and RADIUS_EAP_CERTS do not say where a FreeRADIUS is");
            return None;
        };
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.connect(server).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        Some(Peer {
            socket,
            secret: Secret::new("testing123"),
            certs: certs.into(),
            identifier: 0,
        })
    }

    fn file(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.certs.join(name)).unwrap()
    }

    fn tls(&self, versions: Versions, resume: bool, check: ServerCheckOptions) -> Arc<ClientTls> {
        let pem = self.file("client.pem");
        let identity = Identity::from_pem(&pem, &pem, Some(&Secret::new("whatever"))).unwrap();
        let options = ClientTlsOptions {
            check,
            identity: Some(identity),
            versions,
            resume,
            clock: Arc::new(DefaultTimeProvider),
        };
        Arc::new(ClientTls::new(options).unwrap())
    }

    fn trusting(&self) -> ServerCheckOptions {
        ServerCheckOptions {
            trust: Trust::Anchors(certificates(&self.file("ca.pem")).unwrap()),
            ..ServerCheckOptions::default()
        }
    }

    fn exchange(&mut self, authenticator: &[u8; 16], fields: &[Field]) -> Vec<u8> {
        self.identifier = self.identifier.wrapping_add(1);
        let mut builder = Builder::new(Code::ACCESS_REQUEST, self.identifier, authenticator);
        builder.message_authenticator().unwrap();
        for (number, value) in fields {
            builder.attribute(*number, value).unwrap();
        }
        let mut octets = builder.finish();
        seal::seal_request(&mut octets, &self.secret);
        self.socket.send(&octets).unwrap();
        let mut buffer = vec![0; 4096];
        let length = self.socket.recv(&mut buffer).unwrap();
        buffer.truncate(length);
        let reply = Packet::parse(&buffer).unwrap();
        assert!(seal::check_reply(&reply, authenticator, &self.secret).hold());
        buffer
    }

    fn run(&mut self, method: Method, credentials: &Credentials, options: EapOptions) -> (Next, Vec<Note>) {
        let plain = PlainOptions::default();
        let mut login = login(method, credentials, plain, options).unwrap();
        let mut notes = Vec::new();
        loop {
            let mut authenticator = [0; 16];
            dice(&mut authenticator);
            let secret = self.secret.clone();
            let hiding = Hiding {
                secret: &secret,
                authenticator: &authenticator,
            };
            let fields = login.request(Some(&hiding), &mut dice).unwrap();
            let octets = self.exchange(&authenticator, &fields);
            let reply = Packet::parse(&octets).unwrap();
            let next = login.reply(&reply, Some(&hiding), &mut dice);
            notes.extend(login.notes());
            if next != Next::Again {
                return (next, notes);
            }
        }
    }

    fn credentials(&self, method: Method, tls: Arc<ClientTls>) -> Credentials {
        let user = if method.uses_client_certificate() {
            "user@example.org"
        } else {
            "bob"
        };
        Credentials {
            user: user.into(),
            anonymous: Some("anonymous".into()),
            password: Secret::new("hello"),
            new_password: None,
            tls: Some(tls),
            fragment: 1398,
        }
    }
}

/// What FreeRADIUS 3.2 runs; other servers may run EAP alone.
fn methods() -> impl Iterator<Item = Method> {
    let eap_alone = std::env::var_os("RADIUS_EAP_ALONE").is_some();
    Method::all()
        .filter(|method| !matches!(method, Method::Mab | Method::None))
        .filter(move |method| !eap_alone || method.outer().is_some())
}

#[test]
#[ignore = "needs a FreeRADIUS"]
fn every_method_logs_in_and_the_keys_match() {
    let Some(mut peer) = Peer::new() else { return };
    let mut failed = Vec::new();
    for method in methods() {
        for versions in [Versions::Tls12, Versions::Tls13] {
            let tls = peer.tls(versions, false, peer.trusting());
            let credentials = peer.credentials(method, tls);
            let options = EapOptions {
                key_name: true,
                ..EapOptions::default()
            };
            let (next, notes) = peer.run(method, &credentials, options);
            match &next {
                Next::Accepted(accepted) => {
                    eprintln!(
                        "{method} {versions:?}: {} rounds, keys {:?}, name {:?}, proved {}",
                        accepted.rounds, accepted.key_check, accepted.key_name, accepted.server_proved
                    );
                    let wanted = match method.makes_keys() && method.outer().is_some() {
                        true => accepted.key_check == KeyCheck::Match,
                        false => accepted.key_check != KeyCheck::Mismatch,
                    };
                    if !wanted || accepted.key_name == KeyNameCheck::Mismatch {
                        failed.push(format!("{method} {versions:?}: {accepted:?}"));
                    }
                }
                other => failed.push(format!(
                    "{method} {versions:?}: {other:?} after {} notes",
                    notes.len()
                )),
            }
            if !method.uses_tls() {
                break;
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
#[ignore = "needs a FreeRADIUS"]
fn sessions_are_resumed() {
    let Some(mut peer) = Peer::new() else { return };
    for method in [
        Method::EapTls,
        Method::TtlsPap,
        Method::TtlsMschapv2,
        Method::PeapMschapv2,
    ] {
        for versions in [Versions::Tls12, Versions::Tls13] {
            let tls = peer.tls(versions, true, peer.trusting());
            let credentials = peer.credentials(method, tls);
            for round in 0..2 {
                let (next, notes) = peer.run(method, &credentials, EapOptions::default());
                let resumed = notes.iter().find_map(|note| match note {
                    Note::Tls(facts) => Some(facts.resumed),
                    _ => None,
                });
                match next {
                    Next::Accepted(accepted) => {
                        eprintln!(
                            "{method} {versions:?} #{round}: {} rounds, resumed {resumed:?}",
                            accepted.rounds
                        );
                        assert_eq!(
                            accepted.key_check,
                            KeyCheck::Match,
                            "{method} {versions:?} #{round}"
                        );
                    }
                    other => panic!("{method} {versions:?} #{round}: {other:?}"),
                }
                assert_eq!(resumed, Some(round > 0), "{method} {versions:?}");
            }
        }
    }
}

#[test]
#[ignore = "needs a FreeRADIUS"]
fn what_is_wrong_is_told_apart() {
    let Some(mut peer) = Peer::new() else { return };
    for method in methods() {
        let tls = peer.tls(Versions::Both, false, peer.trusting());
        let mut credentials = peer.credentials(method, tls);
        credentials.password = Secret::new("wrong");
        let (next, _) = peer.run(method, &credentials, EapOptions::default());
        match (&next, method) {
            (Next::Broken(why), Method::EapPwd) => assert_eq!(**why, Broken::WrongProof),
            (Next::Accepted(_), _) if method.uses_client_certificate() => {}
            (Next::Rejected(rejection), _) => eprintln!("{method}: {rejection:?}"),
            other => panic!("{method}: {other:?}"),
        }
    }
    let untrusted = ServerCheckOptions {
        trust: Trust::Anchors(certificates(&peer.file("client.crt")).unwrap()),
        ..ServerCheckOptions::default()
    };
    let named = ServerCheckOptions {
        name: Some(NameRule::Suffix("nowhere.test".to_owned())),
        ..peer.trusting()
    };
    let pinned = ServerCheckOptions {
        pin: Some([7; 32]),
        ..ServerCheckOptions::default()
    };
    for (check, reason) in [
        (untrusted, Reason::Untrusted),
        (named, Reason::DomainSuffixMismatch),
        (pinned, Reason::PinMismatch),
    ] {
        for versions in [Versions::Tls12, Versions::Tls13] {
            let tls = peer.tls(versions, false, check.clone());
            let method = Method::PeapMschapv2;
            let credentials = peer.credentials(method, tls);
            match peer.run(method, &credentials, EapOptions::default()).0 {
                Next::Broken(why) => match *why {
                    Broken::Tls(TlsFault::Certificate(fault)) => assert_eq!(fault.reason, reason),
                    other => panic!("{other:?}"),
                },
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
#[ignore = "needs a FreeRADIUS"]
fn the_server_lists_what_it_speaks() {
    let Some(mut peer) = Peer::new() else { return };
    let mut spoken = Vec::new();
    for wanted in EapType::methods() {
        let mut probe = Probe::new("bob", wanted);
        loop {
            let mut authenticator = [0; 16];
            dice(&mut authenticator);
            let fields = probe.request(&mut dice).unwrap();
            let octets = peer.exchange(&authenticator, &fields);
            match probe.reply(&Packet::parse(&octets).unwrap()) {
                ProbeStep::Again => {}
                ProbeStep::Speaks { .. } => {
                    spoken.push(wanted.name().unwrap());
                    break;
                }
                ProbeStep::Refuses { .. } => break,
                ProbeStep::Broken(why) => panic!("{why:?}"),
            }
        }
    }
    eprintln!("{spoken:?}");
    for name in ["MD5", "GTC", "TLS", "TTLS", "PEAP", "MSCHAPv2", "PWD"] {
        assert!(spoken.contains(&name), "{name}");
    }
}
