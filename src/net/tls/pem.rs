//! Certificates, keys and revocation lists from PEM text (RFC 7468).

use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};

/// What one side shows of itself: its certificate, those between it and its CA, and the key.
#[derive(Debug)]
pub struct Identity {
    /// The certificate first, then whoever signed it.
    pub chain: Vec<CertificateDer<'static>>,
    /// Its private key.
    pub key: PrivateKeyDer<'static>,
}

impl Clone for Identity {
    fn clone(&self) -> Self {
        Identity {
            chain: self.chain.clone(),
            key: self.key.clone_key(),
        }
    }
}

/// Why a file does not hold what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PemError {
    /// There is no such section in it.
    Missing,
    /// It is a DER file, or PKCS#12: not text.
    NotText,
    /// The key is encrypted with a password.
    Encrypted,
    /// A section cannot be read.
    Broken,
}

/// All certificates in a text; at least one.
pub fn certificates(octets: &[u8]) -> Result<Vec<CertificateDer<'static>>, PemError> {
    all(octets)
}

/// All revocation lists in a text; at least one.
pub fn revocations(octets: &[u8]) -> Result<Vec<CertificateRevocationListDer<'static>>, PemError> {
    all(octets)
}

/// The first private key in a text: PKCS#8, PKCS#1 or SEC1.
pub fn key(octets: &[u8]) -> Result<PrivateKeyDer<'static>, PemError> {
    let holds = |words: &str| {
        octets
            .windows(words.len())
            .any(|window| window == words.as_bytes())
    };
    if holds("BEGIN ENCRYPTED PRIVATE KEY") || holds("Proc-Type: 4,ENCRYPTED") {
        return Err(PemError::Encrypted);
    }
    PrivateKeyDer::from_pem_slice(octets).map_err(|error| reason(&error, octets))
}

fn all<T: PemObject>(octets: &[u8]) -> Result<Vec<T>, PemError> {
    let found: Result<Vec<T>, _> = T::pem_slice_iter(octets).collect();
    match found {
        Ok(found) if found.is_empty() => Err(missing(octets)),
        Ok(found) => Ok(found),
        Err(error) => Err(reason(&error, octets)),
    }
}

fn reason(error: &tokio_rustls::rustls::pki_types::pem::Error, octets: &[u8]) -> PemError {
    match error {
        tokio_rustls::rustls::pki_types::pem::Error::NoItemsFound => missing(octets),
        _ => PemError::Broken,
    }
}

fn missing(octets: &[u8]) -> PemError {
    if octets.windows(5).any(|window| window == b"-----") {
        PemError::Missing
    } else {
        PemError::NotText
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_holds_something_else_is_named_for_what_it_is() {
        assert_eq!(certificates(b"\x30\x82\x01\x02").err(), Some(PemError::NotText));
        let other = b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
        assert_eq!(certificates(other).err(), Some(PemError::Missing));
        assert_eq!(key(other).err(), Some(PemError::Missing));
        let broken = b"-----BEGIN CERTIFICATE-----\nAA!A\n-----END CERTIFICATE-----\n";
        assert_eq!(certificates(broken).err(), Some(PemError::Broken));
    }

    #[test]
    fn both_ways_to_encrypt_a_key_are_known() {
        let modern = b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
        let old = b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
        assert_eq!(key(modern).err(), Some(PemError::Encrypted));
        assert_eq!(key(old).err(), Some(PemError::Encrypted));
    }
}
