//! The demonstration over TLS and DTLS: the server that `radius serve` is, with certificates made for the occasion.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use super::{Papers, settings};
use crate::auth::certificate::{Identity, Throwaway, ThrowawayError};
use crate::codec::Code;
use crate::exchange::{Transport, Version};
use crate::net::dice::Dice;
use crate::net::tls::{
    self, Acceptor, Client, ClientSettings, Clients, Handshake, RadiusVersions, SettingsError,
};
use crate::net::{clock, dtls};
use crate::outcome::Verdict;
use crate::responder::{Did, Role};
use crate::server::{Config, Event, Listen, Security, Server, Sink, StartError, StreamLimits, Upstreams};

/// One exchange that is protected.
#[derive(Clone, Copy, Debug)]
pub struct SecuredScenario {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it shows, in one line.
    pub story: &'static str,
    /// Over what.
    pub transport: Transport,
    /// The versions of RADIUS that the client offers.
    pub offers: RadiusVersions,
    /// The one that must come of it.
    pub version: Version,
    /// The request's Code.
    pub code: Code,
    /// The request's attributes.
    pub attributes: &'static str,
    /// What it must come to.
    pub verdict: Verdict,
}

const LOGIN: &str = "User-Name = alice, User-Password = wonderland, NAS-IP-Address = 192.168.1.10";

/// All of them, in the order in which they are shown.
pub const SECURED: &[SecuredScenario] = &[
    SecuredScenario {
        name: "radsec",
        story: "the same login over TLS, both sides with certificates (RFC 6614)",
        transport: Transport::Tls,
        offers: RadiusVersions::V1_0,
        version: Version::V1_0,
        code: Code::ACCESS_REQUEST,
        attributes: LOGIN,
        verdict: Verdict::Accept,
    },
    SecuredScenario {
        name: "radsec-v11",
        story: "in RADIUS/1.1: a Token, and no MD5 anywhere (RFC 9765)",
        transport: Transport::Tls,
        offers: RadiusVersions::Both,
        version: Version::V1_1,
        code: Code::ACCESS_REQUEST,
        attributes: LOGIN,
        verdict: Verdict::Accept,
    },
    SecuredScenario {
        name: "dtls",
        story: "over DTLS, each packet in a record of its own (RFC 7360)",
        transport: Transport::Dtls,
        offers: RadiusVersions::V1_0,
        version: Version::V1_0,
        code: Code::ACCESS_REQUEST,
        attributes: LOGIN,
        verdict: Verdict::Accept,
    },
];

/// Why there is no such server.
#[derive(Debug)]
pub enum SecuredError {
    /// Certificates cannot be made.
    Certificates(ThrowawayError),
    /// They are not taken.
    Settings(SettingsError),
    /// It cannot start.
    Start(StartError),
}

/// The server, and what its clients need.
pub struct SecuredServer {
    server: Server,
    ca: Vec<tokio_rustls::rustls::pki_types::CertificateDer<'static>>,
    client: tls::Identity,
    seen: Arc<Mutex<Seen>>,
}

/// What the server saw.
#[derive(Debug, Default)]
pub struct Seen {
    /// Handshakes that were done.
    pub shaken: Vec<Handshake>,
    /// What became of requests.
    pub decided: Vec<Did>,
}

/// The name that the server's certificate is for.
const NAME: &str = "localhost";
const DAYS: u32 = 1;

impl SecuredServer {
    /// Opens its ports.
    ///
    /// # Errors
    ///
    /// When certificates cannot be made, or the system gives no ports.
    pub fn open(papers: &Papers) -> Result<SecuredServer, SecuredError> {
        let since = clock::wall()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        let now = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
        let made = Throwaway::new("radius demo CA", now, DAYS).and_then(|ca| {
            let names = |name: &str| vec![name.to_owned()];
            let server = ca.server_for("radius demo server", &names(NAME), now, DAYS)?;
            let client = ca.client_for("radius demo client", &names("nas.example.org"), now, DAYS)?;
            Ok((ca.ca.clone(), server, client))
        });
        let (ca, server, client) = made.map_err(SecuredError::Certificates)?;
        let server = identity(server);
        let clients = Clients::Of {
            authorities: vec![ca.clone()],
            revocations: Vec::new(),
            admission: None,
        };
        let mut key = [0; 64];
        Dice::new().fill(&mut key);
        let datagrams = dtls::Acceptor::new(&server, clients.clone(), Vec::new(), key);
        let streams = Acceptor::new(tls::ServerSettings {
            identity: server,
            clients,
            tls: tls::TlsVersions::default(),
            radius: RadiusVersions::Both,
        });
        let security = Security {
            tls: Some(streams.map_err(SecuredError::Settings)?),
            dtls: Some(Arc::new(datagrams.map_err(SecuredError::Settings)?)),
            ..Security::default()
        };
        let listen = |transport| Listen {
            transport,
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            role: Role::Any,
        };
        let config = Config {
            settings: settings(papers),
            listen: vec![listen(Transport::Tls), listen(Transport::Dtls)],
            threads: 1,
            log: None,
            streams: StreamLimits::default(),
            upstreams: Upstreams::default(),
            security,
        };
        let seen: Arc<Mutex<Seen>> = Arc::default();
        let told = Arc::clone(&seen);
        let sinks = move || -> Box<dyn Sink> {
            let seen = Arc::clone(&told);
            Box::new(move |event: &Event<'_>| {
                let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                match event {
                    Event::Connected {
                        handshake: Some(handshake),
                        ..
                    } => seen.shaken.push((*handshake).clone()),
                    Event::Handled(handled) => seen.decided.push(handled.facts.did.clone()),
                    _ => {}
                }
            })
        };
        Ok(SecuredServer {
            server: Server::start(config, Arc::new(sinks)).map_err(SecuredError::Start)?,
            ca: vec![ca],
            client: identity(client),
            seen,
        })
    }

    /// Where it listens.
    pub fn address(&self, transport: Transport) -> Option<SocketAddr> {
        self.server.address(transport, Role::Any)
    }

    /// A client of it.
    ///
    /// # Errors
    ///
    /// When the library does not take what was made.
    pub fn client(&self, scenario: &SecuredScenario) -> Result<Arc<Client>, SettingsError> {
        let settings = ClientSettings {
            trust: tls::Trust {
                authorities: self.ca.clone(),
                ..tls::Trust::default()
            },
            identity: Some(self.client.clone()),
            psk: None,
            name: NAME.to_owned(),
            tls: tls::TlsVersions::default(),
            radius: scenario.offers,
        };
        Client::new(settings).map(Arc::new)
    }

    /// What it saw since the last call.
    pub fn seen(&self) -> Seen {
        std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn identity(identity: Identity) -> tls::Identity {
    tls::Identity {
        chain: identity.chain,
        key: identity.key,
    }
}
