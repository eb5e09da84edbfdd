//! Certificates as they are seen: as objects, and one a line.

use std::fmt::Write as _;
use std::time::UNIX_EPOCH;

use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use serde::Serialize;

use crate::auth::certificate::{CertificateFacts, KeyKind};
use crate::codec::hex;
use crate::net::clock;
use crate::report::words::printable;

/// A certificate.
#[derive(Debug, Serialize)]
pub struct Certificate {
    /// Whose it is.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// The host names that it is for.
    pub names: Vec<String>,
    /// From when it is valid, RFC 3339.
    pub not_before: String,
    /// Until when.
    pub not_after: String,
    /// Whole days until then; below 0 when it has expired.
    pub days_left: i64,
    /// The key: `RSA 2048`.
    pub key: String,
    /// SHA-256 of all of it, in hexadecimal.
    pub fingerprint: String,
}

/// What certificates say; what is none is left out.
pub fn chain(chain: &[CertificateDer<'_>]) -> Vec<Certificate> {
    let since = clock::wall().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
    let seen = chain.iter().filter_map(CertificateFacts::of);
    seen.map(|facts| Certificate {
        names: facts.host_names().into_iter().map(printable).collect(),
        subject: printable(&facts.subject),
        issuer: printable(&facts.issuer),
        not_before: time(facts.not_before),
        not_after: time(facts.not_after),
        days_left: facts.not_after.saturating_sub(now).div_euclid(86_400),
        key: match facts.key {
            (KeyKind::Rsa, bits) => format!("RSA {bits}"),
            (KeyKind::Ec, bits) => format!("EC {bits}"),
            (KeyKind::Other, _) => "other".to_owned(),
        },
        fingerprint: hex::encode(&facts.fingerprint),
    })
    .collect()
}

fn time(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |stamp| stamp.to_string())
}

/// The certificates for people, one a line.
pub fn chain_text(certificates: &[Certificate]) -> String {
    let mut out = String::new();
    for certificate in certificates {
        let _ = writeln!(
            out,
            "  certificate: {}, {} ({}), signed by {}, valid from {} to {}, {}, sha256 {}",
            certificate.subject,
            certificate.names.join(" "),
            certificate.key,
            certificate.issuer,
            certificate.not_before,
            certificate.not_after,
            match certificate.days_left {
                days if days < 0 => "expired".to_owned(),
                days => format!("{days} days left"),
            },
            certificate.fingerprint
        );
    }
    out
}
