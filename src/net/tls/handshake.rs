//! What a handshake came to, as facts.

use std::fmt;
use std::time::Duration;

use sha2::{Digest, Sha256};
use x509_parser::prelude::{FromDer, GeneralName, ParsedExtension, X509Certificate};
use x509_parser::public_key::PublicKey;

use super::TlsVersion;
use crate::exchange::Version;

/// What two sides agreed on, and who the other one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handshake {
    /// The version of TLS or DTLS.
    pub version: TlsVersion,
    /// The cipher suite, by its IANA name.
    pub cipher: String,
    /// The group of the key exchange.
    pub group: Option<String>,
    /// What was agreed on in ALPN.
    pub alpn: Option<String>,
    /// The version of RADIUS that this means.
    pub radius: Version,
    /// The name that the server was asked for.
    pub name: String,
    /// The peer's certificates, its own first; none where it showed none.
    pub chain: Vec<Certificate>,
    /// Why the peer is trusted.
    pub trusted: Trusted,
    /// The identity of the pre-shared key (RFC 9813), where one was used.
    pub psk: Option<String>,
    /// Whether this side has a certificate to show.
    pub identified: bool,
    /// Whether an earlier session was resumed.
    pub resumed: bool,
    /// The time that TCP took to connect; zero over UDP.
    pub connect: Duration,
    /// The time that the handshake took.
    pub handshake: Duration,
}

/// Why a peer is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trusted {
    /// A trusted CA signed its certificate, and the certificate is for its name.
    Authority,
    /// Its certificate is the one that was pinned.
    Fingerprint,
    /// It knows the pre-shared key.
    Psk,
    /// It is not: nobody asked.
    Unchecked,
}

/// The SHA-256 of a certificate.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    /// Of a certificate in DER.
    pub fn of(der: &[u8]) -> Fingerprint {
        Fingerprint(Sha256::digest(der).into())
    }
}

/// Pairs of digits with colons between them, as openssl prints them.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, octet) in self.0.iter().enumerate() {
            let colon = if at == 0 { "" } else { ":" };
            write!(f, "{colon}{octet:02X}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What a certificate says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Whose it is.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// The names it speaks for (Subject Alternative Name): `DNS:…`, `IP:…`, `NAIRealm:…`.
    pub names: Vec<String>,
    /// Valid from, in seconds since 1970.
    pub not_before: i64,
    /// Valid until, in seconds since 1970.
    pub not_after: i64,
    /// Whole days until it expires; negative after that.
    pub days_left: i64,
    /// The kind of its key, and its size in bits: `RSA 2048`.
    pub key: String,
    /// The SHA-256 of all of it.
    pub fingerprint: Fingerprint,
}

/// id-on-naiRealm (RFC 7585 §2.2).
const NAI_REALM: &str = "1.3.6.1.5.5.7.8.8";
const DAY: i64 = 24 * 60 * 60;

impl Certificate {
    /// Reads a certificate in DER. `now` is in seconds since 1970. `None` where it cannot be read.
    pub fn read(der: &[u8], now: i64) -> Option<Certificate> {
        let (_, parsed) = X509Certificate::from_der(der).ok()?;
        let validity = parsed.validity();
        let not_after = validity.not_after.timestamp();
        let mut names = Vec::new();
        for extension in parsed.extensions() {
            if let ParsedExtension::SubjectAlternativeName(alternatives) = extension.parsed_extension() {
                names.extend(alternatives.general_names.iter().filter_map(name));
            }
        }
        Some(Certificate {
            subject: parsed.subject().to_string(),
            issuer: parsed.issuer().to_string(),
            names,
            not_before: validity.not_before.timestamp(),
            not_after,
            days_left: (not_after - now).div_euclid(DAY),
            key: key(&parsed),
            fingerprint: Fingerprint::of(der),
        })
    }

    /// The realms it speaks for.
    pub fn realms(&self) -> impl Iterator<Item = &str> {
        self.names
            .iter()
            .filter_map(|name| name.strip_prefix("NAIRealm:"))
    }

    /// Whether it speaks for a realm: the same, or `*` in the place of the first label, in any case (RFC 7585
    /// §2.2).
    pub fn is_for_realm(&self, realm: &str) -> bool {
        self.realms().any(|own| {
            own.eq_ignore_ascii_case(realm)
                || own.strip_prefix("*.").is_some_and(|tail| {
                    realm
                        .split_once('.')
                        .is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(tail))
                })
        })
    }

    /// Whether it names itself as who signed it.
    pub fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    Some(match name {
        GeneralName::DNSName(text) => format!("DNS:{text}"),
        GeneralName::IPAddress(octets) => format!("IP:{}", address(octets)?),
        GeneralName::URI(text) => format!("URI:{text}"),
        GeneralName::RFC822Name(text) => format!("email:{text}"),
        GeneralName::OtherName(oid, value) if oid.to_id_string() == NAI_REALM => {
            format!("NAIRealm:{}", utf8_string(value)?)
        }
        _ => return None,
    })
}

fn address(octets: &[u8]) -> Option<std::net::IpAddr> {
    if let Ok(v4) = <[u8; 4]>::try_from(octets) {
        return Some(v4.into());
    }
    <[u8; 16]>::try_from(octets).ok().map(Into::into)
}

/// The text of a UTF8String, with or without the `[0]` around it; realms are short, and so are their lengths.
fn utf8_string(der: &[u8]) -> Option<&str> {
    let inner = match der {
        [0xa0, length, inner @ ..] if usize::from(*length) == inner.len() => inner,
        other => other,
    };
    match inner {
        [0x0c, length, text @ ..] if usize::from(*length) == text.len() => std::str::from_utf8(text).ok(),
        _ => None,
    }
}

fn key(certificate: &X509Certificate<'_>) -> String {
    match certificate.public_key().parsed() {
        Ok(PublicKey::RSA(key)) => format!("RSA {}", key.key_size()),
        Ok(PublicKey::EC(point)) => format!("EC {}", point.key_size()),
        Ok(other) if other.key_size() > 0 => format!("{} bits", other.key_size()),
        // Ed25519 and Ed448 have no parsed form.
        _ => match certificate
            .public_key()
            .algorithm
            .algorithm
            .to_id_string()
            .as_str()
        {
            "1.3.101.112" => "Ed25519".to_owned(),
            "1.3.101.113" => "Ed448".to_owned(),
            oid => oid.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_realm_is_read_with_and_without_its_tag() {
        let text = b"\x0c\x0bexample.org";
        assert_eq!(utf8_string(text), Some("example.org"));
        let tagged = [b"\xa0\x0d", &text[..]].concat();
        assert_eq!(utf8_string(&tagged), Some("example.org"));
        assert_eq!(utf8_string(b"\x0c\x0cexample.org"), None);
    }

    #[test]
    fn a_realm_is_matched_by_itself_or_by_its_first_label() {
        let mut params = rcgen::CertificateParams::new(["a.example.org".to_owned()]).unwrap();
        params.not_after = rcgen::date_time_ymd(2030, 1, 1);
        let pair = rcgen::KeyPair::generate().unwrap();
        let der = params.self_signed(&pair).unwrap();
        let mut certificate = Certificate::read(der.der(), 1_893_456_000 - 10 * DAY).unwrap();
        assert_eq!(certificate.names, ["DNS:a.example.org"]);
        assert_eq!(certificate.days_left, 10);
        assert_eq!(certificate.key, "EC 256");
        certificate.names = vec![
            "NAIRealm:*.example.org".to_owned(),
            "NAIRealm:Other.test".to_owned(),
        ];
        assert!(certificate.is_for_realm("a.example.ORG") && certificate.is_for_realm("other.test"));
        assert!(!certificate.is_for_realm("example.org") && !certificate.is_for_realm("a.b.example.org"));
    }
}
