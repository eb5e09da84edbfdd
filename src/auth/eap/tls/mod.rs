//! EAP-TLS (RFC 5216, RFC 9190), and what TTLS and PEAP share with it: settings, fragments, the TLS connection, the
//! handshake of either side.

pub mod fragment;
mod peer;
pub mod records;
mod server;
mod sessions;
mod settings;
mod side;
mod tickets;
mod tunnel;

use rustls::pki_types::CertificateDer;
use rustls::{AlertDescription, CipherSuite, NamedGroup, ProtocolVersion};

pub(super) use peer::TlsPeer;
pub(super) use server::TlsServer;
pub use settings::{
    ClientTls, ClientTlsOptions, ServerTls, ServerTlsOptions, SettingsError, Versions, provider,
};
pub(super) use side::{ClientSide, Progress, ServerSide};
pub(super) use tunnel::Tunnel;

use crate::auth::certificate::ChainFault;

/// What a handshake agreed on.
#[derive(Clone, Debug, PartialEq)]
pub struct TlsFacts {
    /// The TLS version.
    pub version: Option<ProtocolVersion>,
    /// The cipher suite.
    pub cipher: Option<CipherSuite>,
    /// The group of the key exchange; none in a resumed session of TLS 1.2.
    pub group: Option<NamedGroup>,
    /// Whether an earlier session was resumed.
    pub resumed: bool,
    /// The certificates of the other side, its own first; of the earlier session where one was resumed.
    pub chain: Vec<CertificateDer<'static>>,
    /// Whether they were checked against anything.
    pub checked: bool,
}

/// Why TLS failed.
#[derive(Clone, Debug, PartialEq)]
pub enum TlsFault {
    /// The other side said so.
    AlertReceived(AlertDescription),
    /// We do not trust the server's certificates.
    Certificate(Box<ChainFault>),
    /// Whatever else rustls refuses, told with the alert that was sent if there was one.
    Refused(rustls::Error),
    /// Octets that are no TLS records.
    Garbage,
    /// A packet without data where the handshake should have gone on.
    Nothing,
    /// Something came through the tunnel that has no place there.
    Unexpected {
        /// How many octets.
        length: usize,
    },
}

impl TlsFault {
    fn of(error: rustls::Error) -> TlsFault {
        match error {
            rustls::Error::AlertReceived(alert) => TlsFault::AlertReceived(alert),
            rustls::Error::InvalidCertificate(rustls::CertificateError::Other(ref other)) => {
                match other.0.downcast_ref::<ChainFault>() {
                    Some(fault) => TlsFault::Certificate(Box::new(fault.clone())),
                    None => TlsFault::Refused(error),
                }
            }
            error => TlsFault::Refused(error),
        }
    }
}
