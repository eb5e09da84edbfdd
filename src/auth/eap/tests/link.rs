//! A client and a server that hand RADIUS packets to each other.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::time_provider::TimeProvider;

use crate::auth::certificate::{NameRule, ServerCheckOptions, Throwaway, Trust};
use crate::auth::eap::build::{Credentials, login};
use crate::auth::eap::login::EapOptions;
use crate::auth::eap::server::{Done, Server, ServerSettings, Why};
use crate::auth::eap::session::{Answer, Session};
use crate::auth::eap::tls::{ClientTls, ClientTlsOptions, ServerTls, ServerTlsOptions, Versions};
use crate::auth::server::{Account, Users};
use crate::auth::{Dice, Field, Hiding, Login, Method, Next, Note, PlainOptions};
use crate::codec::{Builder, Code, Packet, Secret};

/// When all of this happens, in seconds since 1970.
pub(super) const NOW: i64 = 1_800_000_000;

#[derive(Debug)]
pub(super) struct Clock(pub(super) i64);

impl TimeProvider for Clock {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(std::time::Duration::from_secs(
            self.0 as u64,
        )))
    }
}

/// Octets that look random, and are the same each time.
pub(super) fn dice(seed: u64) -> impl FnMut(&mut [u8]) {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move |octets: &mut [u8]| {
        for octet in octets {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *octet = (state >> 24) as u8;
        }
    }
}

/// One CA for all tests, since keys take time.
pub(super) static PKI: LazyLock<Throwaway> = LazyLock::new(|| Throwaway::new("Test CA", NOW, 30).unwrap());

/// What a pair is made of; tests change what they are about.
pub(super) struct Setup {
    pub(super) versions: Versions,
    pub(super) server_versions: Versions,
    pub(super) fragment: usize,
    pub(super) resume: bool,
    pub(super) trust: Trust,
    pub(super) name: Option<NameRule>,
    pub(super) pin: Option<[u8; 32]>,
    pub(super) client_time: i64,
    pub(super) password: &'static str,
    pub(super) methods: Vec<Method>,
    pub(super) account: fn(&[u8]) -> Option<Account>,
    pub(super) options: EapOptions,
}

impl Default for Setup {
    fn default() -> Setup {
        Setup {
            versions: Versions::Both,
            server_versions: Versions::Both,
            fragment: 1020,
            resume: false,
            trust: Trust::Anchors(vec![PKI.ca.clone()]),
            name: Some(NameRule::Suffix("example.org".to_owned())),
            pin: None,
            client_time: NOW,
            password: "wonderland",
            methods: Method::all().filter(|method| method.outer().is_some()).collect(),
            account: |name| (name == b"alice").then(|| Account::with_password("wonderland")),
            options: EapOptions::default(),
        }
    }
}

/// A client and a server that may meet several times.
pub(super) struct Pair {
    pub(super) credentials: Credentials,
    pub(super) options: EapOptions,
    settings: Arc<ServerSettings>,
    users: Arc<dyn Users>,
    pub(super) dice: Box<dyn Dice>,
}

/// How a login went.
pub(super) struct Outcome {
    pub(super) next: Next,
    pub(super) done: Option<Box<Done>>,
    pub(super) why: Option<Why>,
    pub(super) notes: Vec<Note>,
    pub(super) server_notes: Vec<Note>,
    pub(super) longest: usize,
}

impl Setup {
    pub(super) fn pair(self) -> Pair {
        let server = ServerTls::new(ServerTlsOptions {
            identity: PKI.server("radius.example.org", NOW, 10).unwrap(),
            client_anchors: vec![PKI.ca.clone()],
            revocation_lists: Vec::new(),
            versions: self.server_versions,
            resume: self.resume,
            clock: Arc::new(Clock(NOW)),
        });
        let client = ClientTls::new(ClientTlsOptions {
            check: ServerCheckOptions {
                trust: self.trust,
                name: self.name,
                pin: self.pin,
                revocation_lists: Vec::new(),
            },
            identity: Some(PKI.client("alice", NOW, 10).unwrap()),
            versions: self.versions,
            resume: self.resume,
            clock: Arc::new(Clock(self.client_time)),
        });
        Pair {
            credentials: Credentials {
                user: b"alice".to_vec(),
                anonymous: Some(b"anonymous@example.org".to_vec()),
                password: Secret::new(self.password),
                new_password: None,
                tls: Some(Arc::new(client.unwrap())),
                fragment: self.fragment,
            },
            options: self.options,
            settings: Arc::new(ServerSettings {
                methods: self.methods,
                tls: Some(Arc::new(server.unwrap())),
                fragment: self.fragment,
                name: "radius.example.org".to_owned(),
                prompt: "Password: ".to_owned(),
            }),
            users: Arc::new(self.account),
            dice: Box::new(dice(7)),
        }
    }
}

/// A packet with these attributes.
pub(super) fn packet(code: Code, authenticator: [u8; 16], fields: &[Field]) -> Vec<u8> {
    let mut builder = Builder::new(code, 0, &authenticator).with_max(u16::MAX);
    for (number, value) in fields {
        builder.attribute(*number, value).unwrap();
    }
    builder.finish()
}

impl Pair {
    pub(super) fn login(&self, method: Method) -> Box<dyn Login> {
        login(
            method,
            &self.credentials,
            PlainOptions::default(),
            self.options.clone(),
        )
        .unwrap()
    }

    pub(super) fn run(&mut self, method: Method) -> Outcome {
        let mut login = self.login(method);
        self.drive(login.as_mut())
    }

    pub(super) fn server(&self) -> Server {
        Server::new(Arc::clone(&self.settings), Arc::clone(&self.users), None, 1020)
    }

    /// Hands packets to and fro until the client is through.
    pub(super) fn drive(&mut self, login: &mut dyn Login) -> Outcome {
        let secret = Secret::new("testing123");
        let mut sessions: HashMap<Vec<u8>, Session> = HashMap::new();
        let mut outcome = Outcome {
            next: Next::Again,
            done: None,
            why: None,
            notes: Vec::new(),
            server_notes: Vec::new(),
            longest: 0,
        };
        for _ in 0..2000 {
            let mut authenticator = [0; 16];
            self.dice.fill(&mut authenticator);
            let hiding = Hiding {
                secret: &secret,
                authenticator: &authenticator,
            };
            let fields = login.request(Some(&hiding), self.dice.as_mut()).unwrap();
            let octets = packet(Code::ACCESS_REQUEST, authenticator, &fields);
            let request = Packet::parse(&octets).unwrap();
            let state = request.first(crate::codec::AttributeType::STATE);
            let mut session = match state {
                Some(state) => sessions.remove(state.value()).expect("the client echoes State"),
                None => Session::new(Arc::clone(&self.settings), Arc::clone(&self.users), &request),
            };
            let answer = session.receive(&request, Some(&hiding), self.dice.as_mut());
            outcome.server_notes.extend(session.notes());
            let (code, fields) = match answer {
                Answer::Challenge { fields, .. } => {
                    sessions.insert(session.state().to_vec(), session);
                    (Code::ACCESS_CHALLENGE, fields)
                }
                Answer::Accept { fields, done } => {
                    outcome.done = Some(done);
                    (Code::ACCESS_ACCEPT, fields)
                }
                Answer::Reject { fields, why } => {
                    outcome.why = Some(why);
                    (Code::ACCESS_REJECT, fields)
                }
            };
            let octets = packet(code, authenticator, &fields);
            let reply = Packet::parse(&octets).unwrap();
            outcome.longest = outcome
                .longest
                .max(crate::auth::eap::packet::join(&reply).map_or(0, |eap| eap.len()));
            outcome.next = login.reply(&reply, Some(&hiding), self.dice.as_mut());
            outcome.notes.extend(login.notes());
            if let Next::Ask { .. } = outcome.next {
                login.answer(Secret::new("wonderland"));
            } else if outcome.next != Next::Again {
                return outcome;
            }
        }
        panic!("the conversation does not end");
    }
}

/// A certificate's octets, for a CA that nobody knows.
pub(super) fn other_ca() -> CertificateDer<'static> {
    Throwaway::new("Other CA", NOW, 30).unwrap().ca
}
