//! Which versions of TLS and of RADIUS are offered.

use std::str::FromStr;

use tokio_rustls::rustls::{self, ProtocolVersion, SupportedProtocolVersion};

use crate::exchange::Version;

/// A version of TLS or DTLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TlsVersion {
    /// TLS 1.2 (RFC 5246).
    V1_2,
    /// TLS 1.3 (RFC 8446).
    V1_3,
    /// DTLS 1.2 (RFC 6347).
    Dtls1_2,
}

impl TlsVersion {
    /// The name that people and machines read.
    pub fn name(self) -> &'static str {
        match self {
            TlsVersion::V1_2 => "TLS 1.2",
            TlsVersion::V1_3 => "TLS 1.3",
            TlsVersion::Dtls1_2 => "DTLS 1.2",
        }
    }

    pub(super) fn of(version: Option<ProtocolVersion>) -> TlsVersion {
        match version {
            Some(ProtocolVersion::TLSv1_2) => TlsVersion::V1_2,
            // rustls speaks 1.2 and 1.3, and nothing else.
            _ => TlsVersion::V1_3,
        }
    }
}

/// The versions of TLS that are offered: from the least to the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TlsVersions {
    /// The least.
    pub min: TlsVersion,
    /// The greatest.
    pub max: TlsVersion,
}

impl Default for TlsVersions {
    fn default() -> Self {
        TlsVersions {
            min: TlsVersion::V1_2,
            max: TlsVersion::V1_3,
        }
    }
}

impl TlsVersions {
    pub(super) fn supported(self) -> Vec<&'static SupportedProtocolVersion> {
        let all = [
            (TlsVersion::V1_3, &rustls::version::TLS13),
            (TlsVersion::V1_2, &rustls::version::TLS12),
        ];
        all.iter()
            .filter(|(version, _)| (self.min..=self.max).contains(version))
            .map(|(_, supported)| *supported)
            .collect()
    }
}

/// `1.2`, `1.3`, `1.2..1.3`, `1.2..` or `..1.3`.
impl FromStr for TlsVersions {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let one = |text: &str, default| match text {
            "" => Ok(default),
            "1.2" => Ok(TlsVersion::V1_2),
            "1.3" => Ok(TlsVersion::V1_3),
            _ => Err(()),
        };
        let (min, max) = match text.split_once("..") {
            Some((min, max)) => (one(min, TlsVersion::V1_2)?, one(max, TlsVersion::V1_3)?),
            None if text.is_empty() => return Err(()),
            None => (one(text, TlsVersion::V1_2)?, one(text, TlsVersion::V1_2)?),
        };
        if min <= max {
            Ok(TlsVersions { min, max })
        } else {
            Err(())
        }
    }
}

/// The versions of RADIUS that are offered in ALPN (RFC 9765 §3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RadiusVersions {
    /// ALPN is not used: RADIUS/1.0 as RFC 6614 has it.
    Unset,
    /// `radius/1.0` only.
    V1_0,
    /// `radius/1.1` only.
    V1_1,
    /// Both, 1.1 first.
    Both,
}

impl RadiusVersions {
    /// The protocol names offered, best first. RADIUS/1.1 needs TLS 1.3 (RFC 9765 §3.1).
    pub fn protocols(self, tls: TlsVersions) -> Vec<Vec<u8>> {
        let newest = tls.max >= TlsVersion::V1_3;
        let names: &[&[u8]] = match self {
            RadiusVersions::Unset => &[],
            RadiusVersions::V1_0 => &[b"radius/1.0"],
            RadiusVersions::V1_1 => &[b"radius/1.1"],
            RadiusVersions::Both if newest => &[b"radius/1.1", b"radius/1.0"],
            RadiusVersions::Both => &[b"radius/1.0"],
        };
        names.iter().map(|name| name.to_vec()).collect()
    }

    /// What the handshake agreed on; `None` where that is not allowed (RFC 9765 §3.3.3): 1.1 demanded and not
    /// agreed on, or agreed on below TLS 1.3.
    pub fn agreed(self, protocol: Option<&[u8]>, tls: TlsVersion) -> Option<Version> {
        match protocol {
            Some(b"radius/1.1") => (tls >= TlsVersion::V1_3).then_some(Version::V1_1),
            Some(b"radius/1.0") => Some(Version::V1_0),
            _ => (self != RadiusVersions::V1_1).then_some(Version::V1_0),
        }
    }
}

/// `none`, `1.0`, `1.1` or `1.0,1.1`, in either order.
impl FromStr for RadiusVersions {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "none" => Ok(RadiusVersions::Unset),
            "1.0" => Ok(RadiusVersions::V1_0),
            "1.1" => Ok(RadiusVersions::V1_1),
            "1.0,1.1" | "1.1,1.0" => Ok(RadiusVersions::Both),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_tls_are_read() {
        use TlsVersion::{V1_2, V1_3};
        for (text, expected) in [
            ("1.2..1.3", Some((V1_2, V1_3))),
            ("1.3", Some((V1_3, V1_3))),
            ("1.2", Some((V1_2, V1_2))),
            ("1.3..", Some((V1_3, V1_3))),
            ("..1.2", Some((V1_2, V1_2))),
            ("1.3..1.2", None),
            ("1.1", None),
            ("", None),
        ] {
            let read = text
                .parse::<TlsVersions>()
                .ok()
                .map(|range| (range.min, range.max));
            assert_eq!(read, expected, "{text}");
        }
    }

    #[test]
    fn what_is_agreed_on_follows_rfc_9765() {
        use RadiusVersions::{Both, Unset, V1_0, V1_1};
        let tls = TlsVersion::V1_3;
        for versions in [Unset, V1_0, Both] {
            assert_eq!(versions.agreed(None, tls), Some(Version::V1_0), "{versions:?}");
        }
        assert_eq!(
            V1_1.agreed(None, tls),
            None,
            "a client that wants 1.1 only closes"
        );
        assert_eq!(Both.agreed(Some(b"radius/1.1"), tls), Some(Version::V1_1));
        assert_eq!(Both.agreed(Some(b"radius/1.0"), tls), Some(Version::V1_0));
        assert_eq!(Both.agreed(Some(b"radius/1.1"), TlsVersion::V1_2), None);
    }
}
