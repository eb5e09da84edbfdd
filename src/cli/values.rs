//! Values of the command line: each text becomes its type here, or clap says why not.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::codec::{Authenticator, Code, Secret, hex};
use crate::net::Bind;
use crate::net::dtls::Psk;
use crate::net::tls::{Fingerprint, RadiusVersions, TlsVersions};
use crate::report::diagnostic::Diagnostic;
use crate::report::words;
use crate::responder::clients::Network;
use crate::trace::capture::Time;

/// A secret from the command line; Debug does not print it.
#[derive(Clone)]
pub struct SecretText(pub Secret);

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Octets in hexadecimal on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Octets(pub Vec<u8>);

/// HOST as it was written; what it means is for [`crate::net`] to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host(pub String);

/// A secret as it is written; what it means is said where it is used, since the parser of the command line would
/// quote a bad one in its complaint.
pub fn secret(text: &str) -> Result<SecretText, std::convert::Infallible> {
    Ok(SecretText(Secret::new(text.as_bytes())))
}

/// A secret, and the clients that share it.
#[derive(Clone, Debug)]
pub struct ClientSecret {
    /// The clients.
    pub network: Network,
    /// What they share with the server.
    pub secret: Secret,
}

impl SecretText {
    /// The clients and the secret of `CIDR=SECRET`, which `origin` was given. Read where it is used, as every secret.
    pub fn read_client(&self, origin: &str) -> Result<ClientSecret, Diagnostic> {
        let octets = self.0.expose();
        let split = octets.iter().position(|octet| *octet == b'=');
        let (network, secret) = split
            .and_then(|at| Some((octets.get(..at)?, octets.get(at + 1..)?)))
            .ok_or_else(|| words::bad_client(origin, None))?;
        let network = String::from_utf8_lossy(network);
        Ok(ClientSecret {
            network: network
                .parse()
                .map_err(|_| words::bad_client(origin, Some(&network)))?,
            secret: SecretText(Secret::new(secret)).read(origin)?,
        })
    }
}

/// A point in time: RFC 3339, or without a zone in UTC.
pub fn instant(text: &str) -> Result<Time, String> {
    let timestamp = text.parse::<Timestamp>().or_else(|_| {
        text.parse::<DateTime>()
            .and_then(|local| local.to_zoned(TimeZone::UTC))
            .map(|zoned| zoned.timestamp())
    });
    let timestamp = timestamp.map_err(|_| "a time such as 2026-01-31T12:00:00Z".to_owned())?;
    u64::try_from(timestamp.as_nanosecond())
        .map(Time)
        .map_err(|_| "a time after 1970".into())
}

/// A password or an answer to a challenge: the characters as they are, none of them special; it may be empty.
pub fn password(text: &str) -> Result<SecretText, std::convert::Infallible> {
    Ok(SecretText(Secret::new(text.as_bytes())))
}

impl SecretText {
    /// The secret that is written so: `0x…` is hexadecimal, everything else is itself. `origin` says where it is from.
    pub fn read(&self, origin: &str) -> Result<Secret, Diagnostic> {
        let why = match self.0.expose() {
            [] => words::EMPTY_SECRET,
            [b'0', b'x', digits @ ..] => match std::str::from_utf8(digits).map(hex::decode) {
                Ok(Ok(octets)) if !octets.is_empty() => return Ok(Secret::new(octets)),
                _ => words::SECRET_NOT_HEX,
            },
            octets => return Ok(Secret::new(octets)),
        };
        Err(words::bad_secret(origin, why))
    }
}

/// HOST, checked where it is used.
pub fn host(text: &str) -> Result<Host, String> {
    if text.is_empty() {
        Err("a host has a name".into())
    } else {
        Ok(Host(text.into()))
    }
}

/// `500ms`, `1s`, `2m`, `1h`, or a number of seconds.
pub fn duration(text: &str) -> Result<Duration, String> {
    let digits = text
        .find(|character: char| !matches!(character, '0'..='9' | '.'))
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let scale = match unit.trim() {
        "us" | "µs" => 1e-6,
        "ms" => 1e-3,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err(format!("`{unit}` is no unit of time: ms, s, m or h")),
    };
    let number = f64::from_str(number)
        .map_err(|_| "a number of seconds, or a number with ms, s, m or h".to_owned())?;
    Duration::try_from_secs_f64(number * scale).map_err(|_| "too long".into())
}

/// A factor of at least 1.
pub fn factor(text: &str) -> Result<f64, String> {
    number(text, |value| value >= 1.0, "a number of at least 1")
}

/// A part, 0 to 1.
pub fn part(text: &str) -> Result<f64, String> {
    number(text, |value| (0.0..=1.0).contains(&value), "a number from 0 to 1")
}

/// Requests a second, more than none.
pub fn rate(text: &str) -> Result<f64, String> {
    number(
        text,
        |value| value > 0.0 && value <= 10_000_000.0,
        "a number above 0",
    )
}

/// Sixteen octets in hexadecimal.
pub fn authenticator(text: &str) -> Result<Authenticator, String> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    let octets = hex::decode(digits).map_err(|_| "32 hexadecimal digits".to_owned())?;
    let length = octets.len();
    Authenticator::try_from(octets).map_err(|_| format!("an authenticator has 16 octets, these are {length}"))
}

/// An address of this machine, with or without a port.
pub fn bind(text: &str) -> Result<Bind, String> {
    text.parse().map_err(|_| {
        "an IP address of this machine, with :PORT if it matters; IPv6 with a port as [ADDR]:PORT".into()
    })
}

/// A packet's Code by name or number.
pub fn code(text: &str) -> Result<Code, String> {
    Code::named(text).ok_or_else(|| "a name such as Access-Request, or a number from 0 to 255".into())
}

/// Any octets in hexadecimal.
pub fn octets(text: &str) -> Result<Octets, String> {
    let digits: String = text
        .strip_prefix("0x")
        .unwrap_or(text)
        .split_whitespace()
        .collect();
    hex::decode(&digits)
        .map(Octets)
        .map_err(|_| "an even number of hexadecimal digits".into())
}

/// The SHA-256 of a certificate, as openssl prints it or without colons.
pub fn fingerprint(text: &str) -> Result<Fingerprint, String> {
    let digits: String = text.chars().filter(|character| *character != ':').collect();
    hex::decode(&digits)
        .ok()
        .and_then(|octets| <[u8; 32]>::try_from(octets).ok())
        .map(Fingerprint)
        .ok_or_else(|| {
            "64 hexadecimal digits, with colons or without; `openssl x509 -fingerprint -sha256`".into()
        })
}

/// A pre-shared key with its identity. RFC 9813 §4.1 wants 16 octets at least.
pub fn psk(text: &str) -> Result<Psk, String> {
    let (identity, digits) = text
        .rsplit_once(':')
        .filter(|(identity, _)| !identity.is_empty())
        .ok_or("an identity, a colon, and the key in hexadecimal")?;
    // The key is never quoted back.
    let key = hex::decode(digits.strip_prefix("0x").unwrap_or(digits))
        .map_err(|_| "after the last colon, an even number of hexadecimal digits must follow")?;
    if key.len() < 16 {
        return Err(format!(
            "a key has 16 octets at least (RFC 9813), this one {}",
            key.len()
        ));
    }
    Ok(Psk {
        identity: identity.to_owned(),
        key: Secret::new(key),
    })
}

/// Versions of TLS.
pub fn tls_versions(text: &str) -> Result<TlsVersions, String> {
    text.parse()
        .map_err(|()| "1.2, 1.3, or a range such as 1.2..1.3; older versions are not spoken".into())
}

/// Versions of RADIUS.
pub fn radius_versions(text: &str) -> Result<RadiusVersions, String> {
    text.parse().map_err(|()| "1.0, 1.1, 1.0,1.1, or none".into())
}

fn number(text: &str, fits: impl Fn(f64) -> bool, wanted: &str) -> Result<f64, String> {
    f64::from_str(text)
        .ok()
        .filter(|value| fits(*value))
        .ok_or_else(|| wanted.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units_or_are_seconds() {
        for (text, milliseconds) in [
            ("500ms", 500),
            ("1s", 1000),
            ("2m", 120_000),
            ("0.25", 250),
            ("1.5s", 1500),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
        assert!(duration("5 parsecs").is_err() && duration("").is_err() && duration("ms").is_err());
    }

    #[test]
    fn secrets_are_text_or_hexadecimal() {
        let read = |text: &str| {
            let secret = secret(text).unwrap().read("here");
            secret.map(|secret| secret.expose().to_vec())
        };
        assert_eq!(read("testing123"), Ok(b"testing123".to_vec()));
        assert_eq!(read("0x00ff"), Ok(vec![0, 0xff]));
        for bad in ["0x0hush", "0x", ""] {
            assert!(!read(bad).unwrap_err().text().contains("hush"));
        }
    }
}
