//! Who may ask, and with which secret: networks to secrets, the longest prefix first (RFC 2865 §3: the secret is
//! chosen by the source address of the datagram, never by anything inside it).
//!
//! Knows addresses and secrets; opens no socket and resolves no name.

use std::collections::HashMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;
use std::sync::Arc;

use crate::codec::Secret;

/// An address and how many of its leading bits count.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

/// Why a text is no [`Network`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkError {
    /// What stands before the slash is no IPv4 or IPv6 address.
    BadAddress,
    /// What stands after the slash is no number.
    BadPrefix,
    /// The prefix is longer than the address.
    PrefixTooLong {
        /// What it says.
        prefix: u32,
        /// What the address has, in bits.
        max: u8,
    },
}

impl Network {
    /// The network of `prefix` bits around `address`; bits beyond the prefix are cleared, a prefix that is too long
    /// counts as the whole address.
    pub fn new(address: IpAddr, prefix: u8) -> Network {
        let prefix = prefix.min(width(address));
        Network {
            address: mask(address, prefix),
            prefix,
        }
    }

    /// The network that holds this address alone.
    pub fn host(address: IpAddr) -> Network {
        Network::new(address, width(address))
    }

    /// Whether `address` is in this network. An IPv4 address mapped into IPv6 counts as the IPv4 address.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        width(address) == width(self.address) && mask(address, self.prefix) == self.address
    }

    /// The lowest address.
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// How many bits count.
    pub fn prefix(&self) -> u8 {
        self.prefix
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    /// `192.0.2.0/24`, `2001:db8::/32`, or an address alone. Bits beyond the prefix do not count, so that
    /// `127.0.0.1/8` is what it is everywhere else.
    fn from_str(text: &str) -> Result<Network, NetworkError> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse()
            .map_err(|_| NetworkError::BadAddress)?;
        let max = width(address);
        let prefix = match prefix {
            None => max,
            Some(prefix) if !prefix.is_empty() && prefix.bytes().all(|b| b.is_ascii_digit()) => {
                let prefix: u32 = prefix.parse().map_err(|_| NetworkError::BadPrefix)?;
                u8::try_from(prefix)
                    .ok()
                    .filter(|prefix| *prefix <= max)
                    .ok_or(NetworkError::PrefixTooLong { prefix, max })?
            }
            Some(_) => return Err(NetworkError::BadPrefix),
        };
        Ok(Network::new(address, prefix))
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.address)?;
        if self.prefix < width(self.address) {
            write!(f, "/{}", self.prefix)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// One who may ask.
#[derive(Clone, Debug)]
pub struct Client {
    /// What it is called in the log.
    pub name: String,
    /// From where it asks.
    pub network: Network,
    /// The secret shared with it.
    pub secret: Secret,
    /// Whether an Access-Request without Message-Authenticator is discarded (CVE-2024-3596).
    pub require_message_authenticator: bool,
    /// Whether an Access-Request with Proxy-State, but without Message-Authenticator, is discarded.
    pub limit_proxy_state: bool,
}

impl Client {
    /// A client that is named like its network and of which nothing more than the secret is asked.
    pub fn new(network: Network, secret: Secret) -> Client {
        Client {
            name: network.to_string(),
            network,
            secret,
            require_message_authenticator: false,
            limit_proxy_state: false,
        }
    }
}

/// One who may ask over TLS and DTLS, known by a certificate.
#[derive(Clone, Debug)]
pub struct Holder {
    /// Who it is.
    pub client: Arc<Client>,
    /// From where it asks; from everywhere if it is empty.
    pub networks: Vec<Network>,
    /// What its certificate has: one of these.
    pub marks: Vec<Mark>,
}

/// What a certificate is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A Subject Alternative Name with its kind: `DNS:nas.example.org`, `IP:192.0.2.1`.
    Name(String),
    /// Its SHA-256.
    Fingerprint([u8; 32]),
}

impl Holder {
    fn has(&self, names: &[String], fingerprint: Option<&[u8; 32]>) -> bool {
        self.marks.iter().any(|mark| match mark {
            Mark::Name(wanted) => names.iter().any(|name| name.eq_ignore_ascii_case(wanted)),
            Mark::Fingerprint(wanted) => fingerprint == Some(wanted),
        })
    }

    fn is_from(&self, address: IpAddr) -> bool {
        self.networks.is_empty() || self.networks.iter().any(|network| network.contains(address))
    }
}

/// All who may ask.
#[derive(Clone, Debug, Default)]
pub struct Clients {
    /// One table for each prefix length, the longest first.
    tables: Vec<(u8, HashMap<IpAddr, Arc<Client>>)>,
    /// Those with certificates.
    holders: Vec<Holder>,
}

impl Clients {
    /// Nobody.
    pub fn new() -> Clients {
        Clients::default()
    }

    /// Adds a client; one with the same network is replaced and returned.
    pub fn add(&mut self, client: Client) -> Option<Arc<Client>> {
        let (address, prefix) = (client.network.address, client.network.prefix);
        // IPv4 and IPv6 share a table where their prefixes are equally long: the addresses keep them apart.
        let at = match self.tables.binary_search_by(|(other, _)| prefix.cmp(other)) {
            Ok(at) => at,
            Err(at) => {
                self.tables.insert(at, (prefix, HashMap::new()));
                at
            }
        };
        self.tables[at].1.insert(address, Arc::new(client))
    }

    /// The client with the longest prefix that holds `address`.
    pub fn find(&self, address: IpAddr) -> Option<&Arc<Client>> {
        let address = address.to_canonical();
        self.tables
            .iter()
            .filter(|(prefix, _)| *prefix <= width(address))
            .find_map(|(prefix, table)| table.get(&mask(address, *prefix)))
    }

    /// Adds one who is known by a certificate. From then on nobody else may ask over TLS and DTLS.
    pub fn add_holder(&mut self, holder: Holder) {
        self.holders.push(holder);
    }

    /// Who asks from `address` with a certificate that has these names and this SHA-256: the first of those known by
    /// certificates, or where nobody is, whoever the address belongs to.
    pub fn holder(
        &self,
        address: IpAddr,
        names: &[String],
        fingerprint: Option<&[u8; 32]>,
    ) -> Option<&Arc<Client>> {
        if self.holders.is_empty() {
            return self.find(address);
        }
        let fits = |holder: &&Holder| holder.is_from(address) && holder.has(names, fingerprint);
        self.holders.iter().find(fits).map(|holder| &holder.client)
    }

    /// Whether a certificate belongs to anybody, wherever they ask from.
    pub fn knows(&self, names: &[String], fingerprint: Option<&[u8; 32]>) -> bool {
        self.holders.is_empty() || self.holders.iter().any(|holder| holder.has(names, fingerprint))
    }

    /// Whether anybody at `address` may ask over TLS and DTLS.
    pub fn expects(&self, address: IpAddr) -> bool {
        match self.holders.as_slice() {
            [] => self.find(address).is_some(),
            holders => holders.iter().any(|holder| holder.is_from(address)),
        }
    }

    /// Every client, longer prefixes first.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Client>> {
        self.tables.iter().flat_map(|(_, table)| table.values())
    }

    /// Whether nobody may ask.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn mask(address: IpAddr, prefix: u8) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let bits = u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() & bits))
        }
        IpAddr::V6(address) => {
            let bits = u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & bits))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clients(networks: &[&str]) -> Clients {
        let mut clients = Clients::new();
        for network in networks {
            clients.add(Client::new(network.parse().unwrap(), Secret::new(*network)));
        }
        clients
    }

    fn found(clients: &Clients, address: &str) -> Option<String> {
        clients
            .find(address.parse().unwrap())
            .map(|client| client.name.clone())
    }

    #[test]
    fn the_longest_prefix_wins_whatever_the_order() {
        for order in [
            ["0.0.0.0/0", "192.0.2.0/24", "192.0.2.7"],
            ["192.0.2.7", "192.0.2.0/24", "0.0.0.0/0"],
        ] {
            let clients = clients(&order);
            assert_eq!(found(&clients, "192.0.2.7").unwrap(), "192.0.2.7");
            assert_eq!(found(&clients, "192.0.2.8").unwrap(), "192.0.2.0/24");
            assert_eq!(found(&clients, "198.51.100.1").unwrap(), "0.0.0.0/0");
            assert_eq!(found(&clients, "2001:db8::1"), None);
        }
    }

    #[test]
    fn networks_of_ipv6_hold_no_ipv4_and_the_other_way_round() {
        let clients = clients(&["::/0", "2001:db8::/32", "::1"]);
        assert_eq!(found(&clients, "2001:db8:1::1").unwrap(), "2001:db8::/32");
        assert_eq!(found(&clients, "::1").unwrap(), "::1");
        assert_eq!(found(&clients, "fe80::1").unwrap(), "::/0");
        assert_eq!(found(&clients, "127.0.0.1"), None);
    }

    #[test]
    fn an_ipv4_address_that_came_over_an_ipv6_socket_is_an_ipv4_address() {
        let clients = clients(&["127.0.0.0/8"]);
        assert_eq!(found(&clients, "::ffff:127.0.0.1").unwrap(), "127.0.0.0/8");
    }

    #[test]
    fn what_is_no_network_says_why() {
        let error = |text: &str| text.parse::<Network>().unwrap_err();
        assert_eq!(error("localhost"), NetworkError::BadAddress);
        assert_eq!(error("10.0.0.0/"), NetworkError::BadPrefix);
        assert_eq!(error("10.0.0.0/+8"), NetworkError::BadPrefix);
        assert_eq!(
            error("10.0.0.0/33"),
            NetworkError::PrefixTooLong { prefix: 33, max: 32 }
        );
    }

    #[test]
    fn bits_beyond_the_prefix_do_not_count() {
        assert_eq!(
            "127.0.0.1/8".parse::<Network>().unwrap().to_string(),
            "127.0.0.0/8"
        );
    }

    #[test]
    fn a_network_prints_as_it_was_read() {
        for text in [
            "10.0.0.0/8",
            "192.0.2.1",
            "::/0",
            "2001:db8::/32",
            "::1",
            "0.0.0.0/0",
        ] {
            assert_eq!(text.parse::<Network>().unwrap().to_string(), text);
        }
    }
}
