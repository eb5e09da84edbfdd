//! PEM and DER, told apart by how they begin: bundles of certificates, revocation lists, and chains written out.

use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};

/// Why octets hold no certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PemFault {
    /// They are neither PEM nor DER.
    NotPem,
    /// They are PEM, and nothing in it is what was looked for.
    NothingOf {
        /// The label that was looked for.
        label: &'static str,
        /// The labels that were found.
        found: Vec<String>,
    },
}

/// DER begins with a SEQUENCE; PEM is text.
const SEQUENCE: u8 = 0x30;

/// The certificates in a file: PEM, as many as there are, or one in DER.
pub fn certificates(octets: &[u8]) -> Result<Vec<CertificateDer<'static>>, PemFault> {
    let found = sections(
        octets,
        &["CERTIFICATE", "TRUSTED CERTIFICATE", "X509 CERTIFICATE"],
    )?;
    Ok(found.into_iter().map(CertificateDer::from).collect())
}

/// The revocation lists in a file: PEM, as many as there are, or one in DER.
pub fn revocation_lists(octets: &[u8]) -> Result<Vec<CertificateRevocationListDer<'static>>, PemFault> {
    let found = sections(octets, &["X509 CRL"])?;
    Ok(found
        .into_iter()
        .map(CertificateRevocationListDer::from)
        .collect())
}

/// A chain as PEM, one certificate after the other.
pub fn chain_to_pem(chain: &[CertificateDer<'_>]) -> String {
    chain
        .iter()
        .map(|certificate| pem::encode(&pem::Pem::new("CERTIFICATE", certificate.to_vec())))
        .collect()
}

/// A private key as PEM; of the older forms its own label.
pub fn key_to_pem(key: &PrivateKeyDer<'_>) -> String {
    let label = match key {
        PrivateKeyDer::Pkcs1(_) => "RSA PRIVATE KEY",
        PrivateKeyDer::Sec1(_) => "EC PRIVATE KEY",
        _ => "PRIVATE KEY",
    };
    pem::encode(&pem::Pem::new(label, key.secret_der()))
}

fn sections(octets: &[u8], labels: &[&'static str]) -> Result<Vec<Vec<u8>>, PemFault> {
    if octets.first() == Some(&SEQUENCE) {
        return Ok(vec![octets.to_vec()]);
    }
    let all = pem::parse_many(octets).map_err(|_| PemFault::NotPem)?;
    let found: Vec<String> = all.iter().map(|section| section.tag().to_owned()).collect();
    let wanted: Vec<Vec<u8>> = all
        .into_iter()
        .filter(|section| labels.contains(&section.tag()))
        .map(pem::Pem::into_contents)
        .collect();
    match (wanted.is_empty(), found.is_empty()) {
        (false, _) => Ok(wanted),
        (true, true) => Err(PemFault::NotPem),
        (true, false) => Err(PemFault::NothingOf {
            label: labels.first().copied().unwrap_or(""),
            found,
        }),
    }
}
