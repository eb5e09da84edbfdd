//! Logins with EAP to be shown: which methods, and the certificates that client and server have for them.

use std::sync::Arc;
use std::time::UNIX_EPOCH;

use rustls::time_provider::DefaultTimeProvider;

use crate::auth::Method;
use crate::auth::certificate::{Identity, NameRule, ServerCheckOptions, Throwaway, ThrowawayError, Trust};
use crate::auth::eap::server::ServerSettings;
use crate::auth::eap::tls::{
    ClientTls, ClientTlsOptions, ServerTls, ServerTlsOptions, SettingsError, Versions,
};
use crate::net::clock;

/// A login to be shown.
#[derive(Clone, Copy, Debug)]
pub struct LoginScenario {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it shows, in one line.
    pub story: &'static str,
    /// How alice proves who she is.
    pub method: Method,
    /// The name that her tunnel shows outside.
    pub anonymous: Option<&'static str>,
}

/// All of them, in the order in which they are shown.
pub const LOGINS: &[LoginScenario] = &[
    LoginScenario {
        name: "eap-md5",
        story: "EAP in two rounds and a Nak: a hash over the server's challenge, and no keys (RFC 3748 §5.4)",
        method: Method::EapMd5,
        anonymous: None,
    },
    LoginScenario {
        name: "eap-gtc",
        story: "the server asks, alice answers in clear (RFC 3748 §5.6)",
        method: Method::EapGtc,
        anonymous: None,
    },
    LoginScenario {
        name: "eap-mschapv2",
        story: "both sides prove the password, and derive keys from it",
        method: Method::EapMschapv2,
        anonymous: None,
    },
    LoginScenario {
        name: "eap-tls",
        story: "a certificate on both sides, and no password (RFC 5216, RFC 9190)",
        method: Method::EapTls,
        anonymous: None,
    },
    LoginScenario {
        name: "ttls-pap",
        story: "the password in a TLS tunnel; outside stands another name (RFC 5281)",
        method: Method::TtlsPap,
        anonymous: Some("anonymous@example.org"),
    },
    LoginScenario {
        name: "peap-mschapv2",
        story: "MS-CHAPv2 in a TLS tunnel, bound to it: what most networks with passwords use",
        method: Method::PeapMschapv2,
        anonymous: Some("anonymous@example.org"),
    },
];

/// What alice logs in with.
pub const USER: (&str, &str) = ("alice", "wonderland");

/// The host name that the server's certificate is for.
const HOST: &str = "radius.example.org";
/// How long certificates are valid, in days: the demonstration lasts seconds.
const DAYS: u32 = 1;
/// The longest EAP packet of either side, in octets.
pub const FRAGMENT: usize = 1020;

/// Why there are no certificates.
#[derive(Clone, Debug, PartialEq)]
pub enum PapersError {
    /// They cannot be made.
    Certificates(ThrowawayError),
    /// TLS does not take them.
    Tls(SettingsError),
}

impl From<ThrowawayError> for PapersError {
    fn from(error: ThrowawayError) -> PapersError {
        PapersError::Certificates(error)
    }
}

impl From<SettingsError> for PapersError {
    fn from(error: SettingsError) -> PapersError {
        PapersError::Tls(error)
    }
}

/// A CA made for the demonstration, with certificates for its server and for alice.
pub struct Papers {
    /// How alice's client speaks TLS.
    pub client: Arc<ClientTls>,
    pub(super) server: Arc<ServerSettings>,
}

impl Papers {
    /// Makes the certificates.
    ///
    /// # Errors
    ///
    /// When no keys can be made.
    pub fn new() -> Result<Papers, PapersError> {
        let since = clock::wall().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
        let ca = Throwaway::new("radius demo, a throwaway CA", now, DAYS)?;
        let server = ServerTls::new(ServerTlsOptions {
            identity: alone(ca.server(HOST, now, DAYS)?),
            client_anchors: vec![ca.ca.clone()],
            revocation_lists: Vec::new(),
            versions: Versions::Both,
            resume: false,
            clock: Arc::new(DefaultTimeProvider),
        })?;
        let client = ClientTls::new(ClientTlsOptions {
            check: ServerCheckOptions {
                trust: Trust::Anchors(vec![ca.ca.clone()]),
                name: Some(NameRule::Exact(HOST.to_owned())),
                ..ServerCheckOptions::default()
            },
            identity: Some(alone(ca.client(USER.0, now, DAYS)?)),
            versions: Versions::Both,
            resume: false,
            clock: Arc::new(DefaultTimeProvider),
        })?;
        let methods = LOGINS.iter().rev().map(|scenario| scenario.method).collect();
        Ok(Papers {
            client: Arc::new(client),
            server: Arc::new(ServerSettings {
                methods,
                tls: Some(Arc::new(server)),
                fragment: FRAGMENT,
                name: HOST.to_owned(),
                prompt: "Password: ".to_owned(),
            }),
        })
    }
}

/// A certificate without the CA's: the other side has that.
fn alone(mut identity: Identity) -> Identity {
    identity.chain.truncate(1);
    identity
}
