//! RADIUS/TLS (RFC 6614): who is trusted, what is shown, what was agreed on, and why it failed.
//!
//! Certificates and keys come in as octets of files that others have read; what a handshake came to goes out as
//! facts. Nothing here knows a packet.

mod accept;
mod client;
mod failure;
mod handshake;
mod pem;
#[cfg(test)]
mod tests;
mod trust;
mod version;

pub(crate) use accept::Screen;
pub use accept::{Acceptor, Admission, Clients, ServerSettings};
pub use client::{Client, ClientSettings, TlsLink, suite_name};
pub use failure::{Alert, Distrust, Failure, SettingsError};
pub use handshake::{Certificate, Fingerprint, Handshake, Trusted};
pub use pem::{Identity, PemError, certificates, key, revocations};
pub use trust::Trust;
pub(crate) use trust::now as unix_time;
pub use version::{RadiusVersions, TlsVersion, TlsVersions};

use std::sync::Arc;

use tokio_rustls::rustls::crypto::CryptoProvider;

/// The cryptography of every TLS connection.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(tokio_rustls::rustls::crypto::ring::default_provider())
}

/// What SSLKEYLOGFILE asks for; nothing where it is not set.
fn key_log() -> Arc<dyn tokio_rustls::rustls::KeyLog> {
    Arc::new(tokio_rustls::rustls::KeyLogFile::new())
}
