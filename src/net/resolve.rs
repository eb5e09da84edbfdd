//! From a peer to the addresses that it has.

use std::net::{IpAddr, SocketAddr, SocketAddrV6};

use super::{Host, Peer};

/// Which addresses are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Family {
    /// All.
    #[default]
    Any,
    /// IPv4 only.
    V4,
    /// IPv6 only.
    V6,
}

impl Family {
    /// Whether an address is of this family.
    pub fn has(self, address: IpAddr) -> bool {
        match self {
            Family::Any => true,
            Family::V4 => address.is_ipv4(),
            Family::V6 => address.is_ipv6(),
        }
    }
}

/// A host that has no address for us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolveError {
    /// The host as it was written.
    pub host: Host,
    /// Why it has none.
    pub why: Unresolved,
}

/// Why a host has no address for us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unresolved {
    /// It has addresses, but none of the family that was asked for.
    Family {
        /// What was asked for.
        wanted: Family,
        /// What it has.
        others: Vec<IpAddr>,
    },
    /// The resolver found nothing, or failed. It says which only in the system's words.
    Resolver {
        /// Those words, such as `Name or service not known`.
        system: String,
        /// The system's own number, where the resolver failed on a system call (errno).
        os: Option<i32>,
    },
}

/// All addresses of a peer, in the resolver's order, each once. `port` is taken where the peer names none. An
/// address needs no resolver and answers at once.
pub async fn resolve(peer: &Peer, port: u16, family: Family) -> Result<Vec<SocketAddr>, ResolveError> {
    let port = peer.port.unwrap_or(port);
    let fail = |why| ResolveError {
        host: peer.host.clone(),
        why,
    };
    let all = match &peer.host {
        Host::Address(address) => vec![SocketAddr::new(*address, port)],
        Host::Scoped(address, scope) => match scope.parse() {
            Ok(number) => vec![SocketAddrV6::new(*address, port, 0, number).into()],
            // Only the system knows the interface that has this name.
            Err(_) => look_up(&peer.host.to_string(), port).await.map_err(fail)?,
        },
        Host::Name(name) => look_up(name, port).await.map_err(fail)?,
    };
    let mut wanted: Vec<SocketAddr> = Vec::with_capacity(all.len());
    for address in all.iter().filter(|address| family.has(address.ip())) {
        if !wanted.contains(address) {
            wanted.push(*address);
        }
    }
    if wanted.is_empty() {
        let others = all.iter().map(SocketAddr::ip).collect();
        return Err(fail(Unresolved::Family {
            wanted: family,
            others,
        }));
    }
    Ok(wanted)
}

async fn look_up(name: &str, port: u16) -> Result<Vec<SocketAddr>, Unresolved> {
    // What the standard library puts before the resolver's words.
    const PREFIX: &str = "failed to lookup address information: ";
    match tokio::net::lookup_host((name, port)).await {
        Ok(found) => Ok(found.collect()),
        Err(error) => {
            let text = error.to_string();
            Err(Unresolved::Resolver {
                system: text.strip_prefix(PREFIX).unwrap_or(&text).to_owned(),
                os: error.raw_os_error(),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn all(text: &str, family: Family) -> Result<Vec<SocketAddr>, Unresolved> {
        let peer: Peer = text.parse().unwrap();
        resolve(&peer, 1812, family).await.map_err(|error| error.why)
    }

    #[tokio::test]
    async fn addresses_need_no_resolver() {
        let resolved = all("192.0.2.1", Family::Any).await;
        assert_eq!(resolved, Ok(vec!["192.0.2.1:1812".parse().unwrap()]));
        let resolved = all("[fe80::1%3]:99", Family::V6).await;
        assert_eq!(resolved, Ok(vec!["[fe80::1%3]:99".parse().unwrap()]));
    }

    #[tokio::test]
    async fn an_address_of_the_other_family_is_named() {
        let expected = Unresolved::Family {
            wanted: Family::V4,
            others: vec!["::1".parse().unwrap()],
        };
        assert_eq!(all("::1", Family::V4).await, Err(expected));
    }

    #[tokio::test]
    async fn localhost_has_an_address_and_a_name_that_cannot_be_has_none() {
        assert!(!all("localhost", Family::Any).await.unwrap().is_empty());
        // A label of 64 characters, which no resolver need be asked for.
        let missing = all(&"a".repeat(64), Family::Any).await;
        assert!(matches!(missing, Err(Unresolved::Resolver { .. })), "{missing:?}");
    }
}
