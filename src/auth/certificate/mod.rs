//! CERTIFICATES: what they say, whether they are to be trusted, and where ours come from. Files are octets here.

mod check;
mod identity;
mod pbe;
mod pem_text;
mod throwaway;

use rustls::pki_types::CertificateDer;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer as _, X509Certificate};
use x509_parser::public_key::PublicKey;

pub use check::{ChainFault, NameRule, Reason, ServerCheck, ServerCheckOptions, Trust};
pub use identity::{Identity, IdentityError};
pub use pem_text::{PemFault, certificates, chain_to_pem, key_to_pem, revocation_lists};
pub use throwaway::{Throwaway, ThrowawayError};

use super::digest::sha256;

/// What a certificate says, for those who want to show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFacts {
    /// The distinguished name of its owner.
    pub subject: String,
    /// The distinguished name of who signed it.
    pub issuer: String,
    /// The common name of its owner.
    pub common_name: Option<String>,
    /// The host names that it is for.
    pub dns_names: Vec<String>,
    /// The mail addresses that it is for: users, in a client's certificate.
    pub mail_names: Vec<String>,
    /// Its serial number, in hex.
    pub serial: String,
    /// From when it is valid, in seconds since 1970.
    pub not_before: i64,
    /// Until when it is valid, in seconds since 1970.
    pub not_after: i64,
    /// What kind of key it certifies, and how many bits that has.
    pub key: (KeyKind, usize),
    /// Whether it is a CA's.
    pub is_ca: bool,
    /// SHA-256 of all of it.
    pub fingerprint: [u8; 32],
}

/// What kind of key a certificate certifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// RSA.
    Rsa,
    /// A key on an elliptic curve, Ed25519 among them.
    Ec,
    /// Something else.
    Other,
}

impl CertificateFacts {
    /// Reads a certificate; none where it is not one.
    pub fn of(certificate: &CertificateDer<'_>) -> Option<CertificateFacts> {
        let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
        let mut facts = CertificateFacts {
            subject: parsed.subject().to_string(),
            issuer: parsed.issuer().to_string(),
            common_name: parsed
                .subject()
                .iter_common_name()
                .next()
                .and_then(|name| name.as_str().ok())
                .map(str::to_owned),
            dns_names: Vec::new(),
            mail_names: Vec::new(),
            serial: parsed.raw_serial_as_string(),
            not_before: parsed.validity().not_before.timestamp(),
            not_after: parsed.validity().not_after.timestamp(),
            key: key(&parsed),
            is_ca: parsed.is_ca(),
            fingerprint: fingerprint(certificate),
        };
        if let Ok(Some(names)) = parsed.subject_alternative_name() {
            for name in &names.value.general_names {
                match name {
                    GeneralName::DNSName(name) => facts.dns_names.push((*name).to_owned()),
                    GeneralName::RFC822Name(name) => facts.mail_names.push((*name).to_owned()),
                    _ => {}
                }
            }
        }
        Some(facts)
    }

    /// The names that a client may ask for: those of hosts, or the common name where there are none.
    pub fn host_names(&self) -> Vec<&str> {
        match self.dns_names.is_empty() {
            true => self.common_name.as_deref().into_iter().collect(),
            false => self.dns_names.iter().map(String::as_str).collect(),
        }
    }
}

fn key(certificate: &X509Certificate<'_>) -> (KeyKind, usize) {
    match certificate.public_key().parsed() {
        Ok(PublicKey::RSA(key)) => (KeyKind::Rsa, key.key_size()),
        Ok(PublicKey::EC(point)) => (KeyKind::Ec, point.key_size()),
        Ok(PublicKey::Unknown(octets)) => (KeyKind::Ec, octets.len() * 8),
        _ => (KeyKind::Other, 0),
    }
}

/// SHA-256 of a certificate: what a pin is compared with.
pub fn fingerprint(certificate: &CertificateDer<'_>) -> [u8; 32] {
    sha256(&[certificate])
}

#[cfg(test)]
mod tests;
