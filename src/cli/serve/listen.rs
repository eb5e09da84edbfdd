//! Where a server listens, as it is written: `udp://0.0.0.0:1812?role=auth`, `[::]:1812`, `tcp://:1812`, `127.0.0.1`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::exchange::Transport;
use crate::responder::Role;
use crate::server::Listen;

/// The standard ports without TLS, and what is served there.
const PORTS: [(u16, Role); 3] = [(1812, Role::Auth), (1813, Role::Acct), (3799, Role::Coa)];

/// The standard port of TLS and DTLS.
const SECURED: u16 = 2083;

/// One address to listen on, and whether the server goes without if this machine does not have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The listener.
    pub listen: Listen,
    /// Whether it may be missing: where no address was given, IPv6 is taken if it is there.
    pub optional: bool,
}

/// The standard ports of loopback, UDP and TCP.
pub fn standard() -> Vec<Wanted> {
    let loopback: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    let mut all = Vec::new();
    for transport in [Transport::Udp, Transport::Tcp] {
        for address in loopback {
            all.extend(PORTS.map(|(port, role)| wanted(transport, address, port, role, address.is_ipv6())));
        }
    }
    all
}

/// The listeners that a text asks for: several where it leaves address or port open.
pub fn parse(text: &str) -> Result<Vec<Wanted>, String> {
    let (transport, rest) = match text.split_once("://") {
        Some((scheme, rest)) => {
            let known = Transport::named(scheme).ok_or_else(|| {
                format!("`{scheme}://` is not served; udp://, tcp://, tls:// and dtls:// are")
            })?;
            (known, rest)
        }
        None => (Transport::Udp, text),
    };
    let (place, role) = match rest.split_once('?') {
        Some((place, query)) => {
            let role = query
                .strip_prefix("role=")
                .ok_or("after `?` stands role=auth, role=acct, role=coa or role=any")?;
            (place, Some(self::role(role)?))
        }
        None => (rest, None),
    };
    let (addresses, port) = place_of(place.trim_end_matches('/'))?;
    let ports: Vec<(u16, Role)> = match (port, role) {
        (Some(port), Some(role)) => vec![(port, role)],
        // One port for everything (RFC 6614 §2.1, RFC 7360 §2.1).
        (port, role) if transport.is_secured() => vec![(port.unwrap_or(SECURED), role.unwrap_or(Role::Any))],
        (Some(port), None) => vec![(port, role_of_port(port))],
        (None, Some(Role::Any)) | (None, None) => PORTS.to_vec(),
        (None, Some(role)) => PORTS
            .iter()
            .copied()
            .filter(|(_, served)| *served == role)
            .collect(),
    };
    let mut all = Vec::new();
    for (address, optional) in addresses {
        for (port, role) in &ports {
            all.push(wanted(transport, address, *port, *role, optional));
        }
    }
    Ok(all)
}

fn wanted(transport: Transport, address: IpAddr, port: u16, role: Role, optional: bool) -> Wanted {
    Wanted {
        listen: Listen {
            transport,
            address: SocketAddr::new(address, port),
            role,
        },
        optional,
    }
}

/// The addresses, each with whether it may be missing, and the port if there is one.
type Place = (Vec<(IpAddr, bool)>, Option<u16>);

fn place_of(text: &str) -> Result<Place, String> {
    let any = || {
        vec![
            (Ipv4Addr::UNSPECIFIED.into(), false),
            (Ipv6Addr::UNSPECIFIED.into(), true),
        ]
    };
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Ok((vec![(address.ip(), false)], Some(address.port())));
    }
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = bare.parse::<IpAddr>() {
        return Ok((vec![(address, false)], None));
    }
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) => {
            let port = port.parse::<u16>().map_err(|_| format!("`{port}` is no port"))?;
            (host, Some(port))
        }
        None => (text, None),
    };
    match host {
        "" | "*" => Ok((any(), port)),
        "localhost" => {
            let loopback = vec![
                (Ipv4Addr::LOCALHOST.into(), false),
                (Ipv6Addr::LOCALHOST.into(), true),
            ];
            Ok((loopback, port))
        }
        _ => Err(format!(
            "`{host}` is no address of this machine: give an IP address, or `*` for all"
        )),
    }
}

fn role(text: &str) -> Result<Role, String> {
    match text {
        "auth" => Ok(Role::Auth),
        "acct" => Ok(Role::Acct),
        "coa" => Ok(Role::Coa),
        "any" => Ok(Role::Any),
        _ => Err(format!("`{text}` is no role: auth, acct, coa or any")),
    }
}

/// What is served at a port where nothing is said: the standard ports, today's and yesterday's, have their role.
fn role_of_port(port: u16) -> Role {
    match port {
        1812 | 1645 => Role::Auth,
        1813 | 1646 => Role::Acct,
        3799 | 1700 => Role::Coa,
        _ => Role::Any,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        parse(text)
            .unwrap()
            .iter()
            .map(|wanted| {
                let listen = wanted.listen;
                format!(
                    "{} {} {:?}{}",
                    listen.transport.name(),
                    listen.address,
                    listen.role,
                    if wanted.optional { "?" } else { "" }
                )
            })
            .collect()
    }

    #[test]
    fn every_spelling_is_understood() {
        assert_eq!(texts("udp://0.0.0.0:1812"), ["udp 0.0.0.0:1812 Auth"]);
        assert_eq!(texts("tcp://[::1]:5000"), ["tcp [::1]:5000 Any"]);
        assert_eq!(texts("127.0.0.1:0?role=coa"), ["udp 127.0.0.1:0 Coa"]);
        assert_eq!(texts("::1?role=acct"), ["udp [::1]:1813 Acct"]);
        assert_eq!(texts(":1645"), ["udp 0.0.0.0:1645 Auth", "udp [::]:1645 Auth?"]);
        assert_eq!(
            texts("localhost:1813"),
            ["udp 127.0.0.1:1813 Acct", "udp [::1]:1813 Acct?"]
        );
        assert_eq!(
            texts("192.0.2.1"),
            [
                "udp 192.0.2.1:1812 Auth",
                "udp 192.0.2.1:1813 Acct",
                "udp 192.0.2.1:3799 Coa"
            ]
        );
        assert_eq!(texts("tls://127.0.0.1"), ["tls 127.0.0.1:2083 Any"]);
        assert_eq!(texts("dtls://[::1]:1812?role=auth"), ["dtls [::1]:1812 Auth"]);
        assert_eq!(texts("radsec://127.0.0.1:1812"), ["tls 127.0.0.1:1812 Any"]);
        assert_eq!(standard().len(), 12);
    }

    #[test]
    fn what_is_no_listener_says_why() {
        for text in [
            "http://x",
            "host:1812",
            "1.2.3.4:99999",
            "1.2.3.4?role=x",
            "1.2.3.4?x",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
