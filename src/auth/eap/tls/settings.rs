//! What many logins share: the configuration of TLS on either side, with its store of sessions.

use std::sync::Arc;

use rustls::client::Resumption;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, ServerName};
use rustls::server::{NoServerSessionStorage, StoresServerSessions, WebPkiClientVerifier};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, RootCertStore, ServerConfig, SupportedProtocolVersion};

use super::TlsFault;
use super::sessions::{Desk, Sessions};
use super::tickets::Tickets;
use super::tunnel::Tunnel;
use crate::auth::certificate::{Identity, ServerCheck, ServerCheckOptions};
use crate::auth::digest::sha256;
use crate::codec::hex;

/// The cryptography behind every TLS connection of EAP: the one place that names it.
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// Which TLS versions may be agreed on; the newest that both sides have wins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Versions {
    /// TLS 1.2 alone.
    Tls12,
    /// TLS 1.3 alone.
    Tls13,
    /// Either.
    #[default]
    Both,
}

impl Versions {
    fn list(self) -> Vec<&'static SupportedProtocolVersion> {
        match self {
            Versions::Tls12 => vec![&rustls::version::TLS12],
            Versions::Tls13 => vec![&rustls::version::TLS13],
            Versions::Both => vec![&rustls::version::TLS13, &rustls::version::TLS12],
        }
    }
}

/// Why settings cannot be used.
#[derive(Clone, Debug, PartialEq)]
pub enum SettingsError {
    /// The certificate and the key do not belong together, or are of a kind that TLS does not take.
    Identity(rustls::Error),
    /// The CA certificates cannot be used.
    Anchors(rustls::Error),
    /// The revocation lists cannot be used.
    RevocationLists,
    /// TLS cannot be configured so.
    Tls(rustls::Error),
}

/// What a client wants of TLS.
pub struct ClientTlsOptions {
    /// How the server's certificates are checked.
    pub check: ServerCheckOptions,
    /// Our own certificate and key.
    pub identity: Option<Identity>,
    /// Which versions may be agreed on.
    pub versions: Versions,
    /// Whether later logins of a user resume the session of earlier ones.
    pub resume: bool,
    /// What time it is, for the validity of certificates and sessions.
    pub clock: Arc<dyn TimeProvider>,
}

/// A client's TLS, for any number of logins.
#[derive(Debug)]
pub struct ClientTls {
    config: Arc<ClientConfig>,
    pub(super) checked: bool,
    has_identity: bool,
}

impl ClientTls {
    /// Prepares what all logins share.
    pub fn new(options: ClientTlsOptions) -> Result<ClientTls, SettingsError> {
        let check = ServerCheck::new(options.check, &provider())?;
        let checked = check.is_checked();
        let has_identity = options.identity.is_some();
        let builder = ClientConfig::builder_with_details(provider(), options.clock)
            .with_protocol_versions(&options.versions.list())
            .map_err(SettingsError::Tls)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(check));
        let mut config = match options.identity {
            Some(identity) => builder
                .with_client_auth_cert(identity.chain, identity.key)
                .map_err(SettingsError::Identity)?,
            None => builder.with_no_client_auth(),
        };
        // There is no host name in EAP to tell the server (RFC 9190 §2.2).
        config.enable_sni = false;
        config.resumption = match options.resume {
            true => Resumption::store(Arc::new(Tickets::default())),
            false => Resumption::disabled(),
        };
        Ok(ClientTls {
            config: Arc::new(config),
            checked,
            has_identity,
        })
    }

    /// Whether there is a certificate of our own to show.
    pub fn has_identity(&self) -> bool {
        self.has_identity
    }

    /// A connection of one user. Sessions are kept by server name, so that each user has one of their own: nobody
    /// resumes another's.
    pub(super) fn tunnel(&self, user: &[u8]) -> Result<Tunnel, TlsFault> {
        let digest = sha256(&[user]);
        let label = hex::encode(digest.first_chunk::<16>().unwrap_or(&[0; 16]));
        let name = ServerName::try_from(format!("{label}.invalid")).map_err(|_| TlsFault::Garbage)?;
        Tunnel::client(Arc::clone(&self.config), name)
    }
}

/// What a server wants of TLS.
pub struct ServerTlsOptions {
    /// Its certificate and key.
    pub identity: Identity,
    /// The CAs of clients' certificates; without any, no client can log in with a certificate.
    pub client_anchors: Vec<CertificateDer<'static>>,
    /// Revocation lists for clients' certificates.
    pub revocation_lists: Vec<CertificateRevocationListDer<'static>>,
    /// Which versions may be agreed on.
    pub versions: Versions,
    /// Whether clients may resume sessions.
    pub resume: bool,
    /// What time it is.
    pub clock: Arc<dyn TimeProvider>,
}

/// A server's TLS, for any number of logins.
#[derive(Debug)]
pub struct ServerTls {
    open: Arc<ServerConfig>,
    mutual: Option<Arc<ServerConfig>>,
    sessions: Option<Arc<Sessions>>,
}

impl ServerTls {
    /// Prepares what all logins share.
    pub fn new(options: ServerTlsOptions) -> Result<ServerTls, SettingsError> {
        let verifier = match options.client_anchors.is_empty() {
            true => None,
            false => {
                let mut roots = RootCertStore::empty();
                for anchor in &options.client_anchors {
                    roots.add(anchor.clone()).map_err(SettingsError::Anchors)?;
                }
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider())
                    .with_crls(options.revocation_lists.iter().cloned())
                    .allow_unknown_revocation_status();
                Some(verifier.build().map_err(|_| SettingsError::RevocationLists)?)
            }
        };
        let config = |verifier| -> Result<Arc<ServerConfig>, SettingsError> {
            let builder = ServerConfig::builder_with_details(provider(), Arc::clone(&options.clock))
                .with_protocol_versions(&options.versions.list())
                .map_err(SettingsError::Tls)?;
            let builder = match verifier {
                Some(verifier) => builder.with_client_cert_verifier(verifier),
                None => builder.with_no_client_auth(),
            };
            let identity = &options.identity;
            let mut config = builder
                .with_single_cert(identity.chain.clone(), identity.key.clone_key())
                .map_err(SettingsError::Identity)?;
            config.session_storage = Arc::new(NoServerSessionStorage {});
            // One ticket is enough, and each is a few hundred octets of EAP.
            config.send_tls13_tickets = usize::from(options.resume);
            Ok(Arc::new(config))
        };
        Ok(ServerTls {
            open: config(None)?,
            mutual: match verifier {
                Some(verifier) => Some(config(Some(verifier))?),
                None => None,
            },
            sessions: options.resume.then(Arc::default),
        })
    }

    /// Whether clients can log in with a certificate.
    pub fn takes_certificates(&self) -> bool {
        self.mutual.is_some()
    }

    /// A connection, with what it keeps of sessions. `mutual` asks for the client's certificate.
    pub(super) fn tunnel(&self, mutual: bool) -> Result<(Tunnel, Option<Arc<Desk>>), TlsFault> {
        let config = match (mutual, &self.mutual) {
            (true, Some(mutual)) => mutual,
            (true, None) => return Err(TlsFault::Nothing),
            (false, _) => &self.open,
        };
        let Some(sessions) = &self.sessions else {
            return Ok((Tunnel::server(Arc::clone(config))?, None));
        };
        let desk = Arc::new(Desk::new(Arc::clone(sessions)));
        let mut config = ServerConfig::clone(config);
        config.session_storage = Arc::clone(&desk) as Arc<dyn StoresServerSessions>;
        Ok((Tunnel::server(Arc::new(config))?, Some(desk)))
    }
}
