//! How a user spells the other side: `host`, `host:port`, `[::1]:port`, `::1`, `fe80::1%eth0`, `tls://host:port`.
//! Pure text; nothing is looked up here.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use crate::exchange::Transport;

/// Whom to talk to, and over what.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Peer {
    /// The URL's scheme; UDP without one.
    pub transport: Transport,
    /// The host.
    pub host: Host,
    /// The port, where one is written; what is the default depends on the command.
    pub port: Option<u16>,
}

/// A host, by name or by address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// A name that the resolver knows.
    Name(String),
    /// An address.
    Address(IpAddr),
    /// A link-local address and the interface where it means something, by name or number (RFC 4007 §11).
    Scoped(Ipv6Addr, String),
}

/// Why a text is no peer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeerError {
    /// There is no host.
    NoHost,
    /// Before `://` stands no transport that we know.
    UnknownScheme {
        /// What stands there.
        scheme: String,
    },
    /// After the last colon stands no port from 1 to 65535.
    BadPort {
        /// What stands there.
        port: String,
    },
    /// `[` without `]`, or the other way round.
    Bracket,
    /// Between brackets, or with more than one colon, but no IPv6 address.
    BadAddress {
        /// What stands there.
        address: String,
    },
    /// After `%` stands no interface.
    NoScope,
    /// A host name with a character that no name has.
    BadName {
        /// The name.
        name: String,
        /// The character.
        character: char,
    },
    /// After the host and port stands something else, such as a path.
    Trailing {
        /// What stands there.
        rest: String,
    },
}

impl FromStr for Peer {
    type Err = PeerError;

    fn from_str(text: &str) -> Result<Peer, PeerError> {
        let (transport, rest) = match text.split_once("://") {
            Some((scheme, rest)) => {
                let transport = Transport::named(scheme).ok_or_else(|| PeerError::UnknownScheme {
                    scheme: scheme.to_owned(),
                })?;
                // A URL may end in a slash, and in nothing else.
                let rest = rest.strip_suffix('/').unwrap_or(rest);
                (transport, rest)
            }
            None => (Transport::Udp, text),
        };
        if let Some(at) = rest.find(['/', '?', '#']) {
            return Err(PeerError::Trailing {
                rest: rest[at..].to_owned(),
            });
        }
        let (host, port) = split(rest)?;
        Ok(Peer {
            transport,
            host,
            port,
        })
    }
}

/// Host and port of what stands after the scheme.
fn split(text: &str) -> Result<(Host, Option<u16>), PeerError> {
    if let Some(inner) = text.strip_prefix('[') {
        let (address, after) = inner.split_once(']').ok_or(PeerError::Bracket)?;
        let host = v6(address)?;
        return match after.strip_prefix(':') {
            Some(number) => Ok((host, Some(port(number)?))),
            None if after.is_empty() => Ok((host, None)),
            None => Err(PeerError::Trailing {
                rest: after.to_owned(),
            }),
        };
    }
    if text.contains(']') {
        return Err(PeerError::Bracket);
    }
    // Two colons are an address without brackets, which has no port: `::1`.
    match text.split_once(':') {
        Some((_, rest)) if rest.contains(':') => Ok((v6(text)?, None)),
        Some((host, number)) => Ok((name(host)?, Some(port(number)?))),
        None => Ok((name(text)?, None)),
    }
}

fn v6(text: &str) -> Result<Host, PeerError> {
    let (address, scope) = match text.split_once('%') {
        Some((_, "")) => return Err(PeerError::NoScope),
        Some((address, scope)) => (address, Some(scope)),
        None => (text, None),
    };
    let parsed: Ipv6Addr = address.parse().map_err(|_| PeerError::BadAddress {
        address: text.to_owned(),
    })?;
    Ok(match scope {
        Some(scope) => Host::Scoped(parsed, scope.to_owned()),
        None => Host::Address(IpAddr::V6(parsed)),
    })
}

fn name(text: &str) -> Result<Host, PeerError> {
    if text.is_empty() {
        return Err(PeerError::NoHost);
    }
    if let Ok(address) = text.parse() {
        return Ok(Host::Address(IpAddr::V4(address)));
    }
    let odd = |character: &char| {
        character.is_whitespace() || character.is_control() || "%@\\\"'<>|=,;".contains(*character)
    };
    match text.chars().find(odd) {
        Some(character) => Err(PeerError::BadName {
            name: text.to_owned(),
            character,
        }),
        None => Ok(Host::Name(text.to_owned())),
    }
}

fn port(text: &str) -> Result<u16, PeerError> {
    text.parse()
        .ok()
        .filter(|port| *port != 0 && text.bytes().all(|octet| octet.is_ascii_digit()))
        .ok_or_else(|| PeerError::BadPort {
            port: text.to_owned(),
        })
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Host::Name(name) => f.write_str(name),
            Host::Address(address) => write!(f, "{address}"),
            Host::Scoped(address, scope) => write!(f, "{address}%{scope}"),
        }
    }
}

impl Host {
    /// The name for which a certificate must speak: without scope or brackets.
    pub fn server_name(&self) -> String {
        match self {
            Host::Scoped(address, _) => address.to_string(),
            host => host.to_string(),
        }
    }
}

/// As it would be typed: `tls://[2001:db8::1]:2083`, the scheme left out for UDP.
impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.transport != Transport::Udp {
            write!(f, "{}://", self.transport)?;
        }
        let v6 = !matches!(self.host, Host::Name(_) | Host::Address(IpAddr::V4(_)));
        match (self.port, v6) {
            (Some(port), true) => write!(f, "[{}]:{port}", self.host),
            (Some(port), false) => write!(f, "{}:{port}", self.host),
            (None, _) => write!(f, "{}", self.host),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn peer(transport: Transport, host: &str, port: Option<u16>) -> Peer {
        let host = match (host.parse(), host.split_once('%')) {
            (Ok(address), _) => Host::Address(address),
            (_, Some((address, scope))) => Host::Scoped(address.parse().unwrap(), scope.to_owned()),
            _ => Host::Name(host.to_owned()),
        };
        Peer {
            transport,
            host,
            port,
        }
    }

    #[test]
    fn every_spelling_of_a_host_is_understood() {
        use Transport::{Dtls, Tcp, Tls, Udp};
        for (text, expected) in [
            ("radius.example.org", peer(Udp, "radius.example.org", None)),
            ("localhost:1645", peer(Udp, "localhost", Some(1645))),
            ("192.0.2.1", peer(Udp, "192.0.2.1", None)),
            ("192.0.2.1:65535", peer(Udp, "192.0.2.1", Some(65535))),
            ("::1", peer(Udp, "::1", None)),
            ("::ffff:192.0.2.1", peer(Udp, "::ffff:192.0.2.1", None)),
            ("2001:db8::5", peer(Udp, "2001:db8::5", None)),
            ("[::1]", peer(Udp, "::1", None)),
            ("[::1]:1812", peer(Udp, "::1", Some(1812))),
            ("fe80::1%eth0", peer(Udp, "fe80::1%eth0", None)),
            ("[fe80::1%eth0]:1812", peer(Udp, "fe80::1%eth0", Some(1812))),
            ("udp://a", peer(Udp, "a", None)),
            ("tcp://a:2", peer(Tcp, "a", Some(2))),
            ("tls://a/", peer(Tls, "a", None)),
            ("RadSec://[::1]:2083/", peer(Tls, "::1", Some(2083))),
            ("dtls://::1", peer(Dtls, "::1", None)),
            ("bücher.example", peer(Udp, "bücher.example", None)),
        ] {
            assert_eq!(text.parse(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_peer_says_why() {
        let bad_port = |port: &str| PeerError::BadPort {
            port: port.to_owned(),
        };
        let bad_address = |address: &str| PeerError::BadAddress {
            address: address.to_owned(),
        };
        for (text, expected) in [
            ("", PeerError::NoHost),
            (":1812", PeerError::NoHost),
            ("tls://", PeerError::NoHost),
            ("a:", bad_port("")),
            ("a:0", bad_port("0")),
            ("a:+1", bad_port("+1")),
            ("a:65536", bad_port("65536")),
            ("a:radius", bad_port("radius")),
            ("[::1", PeerError::Bracket),
            ("::1]", PeerError::Bracket),
            ("[::1]x", PeerError::Trailing { rest: "x".to_owned() }),
            ("[a]:1", bad_address("a")),
            ("a:b:c", bad_address("a:b:c")),
            ("fe80::1%", PeerError::NoScope),
            (
                "https://a",
                PeerError::UnknownScheme {
                    scheme: "https".to_owned(),
                },
            ),
            (
                "tls://a/b",
                PeerError::Trailing {
                    rest: "/b".to_owned(),
                },
            ),
            (
                "a b",
                PeerError::BadName {
                    name: "a b".to_owned(),
                    character: ' ',
                },
            ),
        ] {
            assert_eq!(text.parse::<Peer>(), Err(expected), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_prints_as_a_peer_parses_as_it(
            transport in prop::sample::select(vec![Transport::Udp, Transport::Tcp, Transport::Tls, Transport::Dtls]),
            host in prop_oneof![
                "[a-z][a-z0-9.-]{0,20}".prop_map(Host::Name),
                any::<IpAddr>().prop_map(Host::Address),
                (any::<Ipv6Addr>(), "[a-z0-9]{1,8}").prop_map(|(address, scope)| Host::Scoped(address, scope)),
            ],
            port in prop::option::of(1..=u16::MAX),
        ) {
            let peer = Peer { transport, host, port };
            prop_assert_eq!(peer.to_string().parse(), Ok(peer));
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in any::<String>()) {
            let _ = text.parse::<Peer>();
        }
    }
}
