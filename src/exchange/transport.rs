//! The transports of RADIUS, and what each asks of a client. Knows no socket.

use std::fmt;

/// How packets reach the peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Transport {
    /// RADIUS/UDP (RFC 2865).
    #[default]
    Udp,
    /// RADIUS/TCP (RFC 6613).
    Tcp,
    /// RADIUS/TLS, also called RadSec (RFC 6614).
    Tls,
    /// RADIUS/DTLS (RFC 7360).
    Dtls,
}

impl Transport {
    /// Whether packets follow one another on a reliable stream, on which a client never retransmits (RFC 6613
    /// §2.6.1).
    pub fn is_stream(self) -> bool {
        matches!(self, Transport::Tcp | Transport::Tls)
    }

    /// Whether the transport itself protects what it carries.
    pub fn is_secured(self) -> bool {
        matches!(self, Transport::Tls | Transport::Dtls)
    }

    /// The secret that the transport fixes for the authenticators (RFC 6614 §2.3, RFC 7360 §2.1), if it does.
    pub fn fixed_secret(self) -> Option<&'static str> {
        match self {
            Transport::Udp | Transport::Tcp => None,
            Transport::Tls => Some("radsec"),
            Transport::Dtls => Some("radius/dtls"),
        }
    }

    /// The word that stands in a URL.
    pub fn name(self) -> &'static str {
        match self {
            Transport::Udp => "udp",
            Transport::Tcp => "tcp",
            Transport::Tls => "tls",
            Transport::Dtls => "dtls",
        }
    }

    /// The transport that the scheme of a URL names, in any case; `radsec` is another name of `tls`.
    pub fn named(scheme: &str) -> Option<Transport> {
        const SCHEMES: [(&str, Transport); 5] = [
            ("udp", Transport::Udp),
            ("tcp", Transport::Tcp),
            ("tls", Transport::Tls),
            ("radsec", Transport::Tls),
            ("dtls", Transport::Dtls),
        ];
        SCHEMES
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(scheme))
            .map(|(_, transport)| *transport)
    }
}

/// The version of RADIUS that a connection carries; agreed on in TLS, and 1.0 everywhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Version {
    /// RADIUS as RFC 2865 has it: Identifier and Authenticator.
    #[default]
    V1_0,
    /// RADIUS/1.1 (RFC 9765): a Token in their place, and no MD5.
    V1_1,
}

impl Version {
    /// `1.0` or `1.1`.
    pub fn name(self) -> &'static str {
        match self {
            Version::V1_0 => "1.0",
            Version::V1_1 => "1.1",
        }
    }
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
