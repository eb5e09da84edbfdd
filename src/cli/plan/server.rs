//! Where requests go: HOST, and what single packets say instead.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use super::Purpose;
use super::requests::Request;
use super::security::Security;
use crate::cli::options::LinkArgs;
use crate::codec::Code;
use crate::exchange::Transport;
use crate::net::tls::Client;
use crate::net::{self, Bind, Family, Host, Peer};
use crate::report::diagnostic::Diagnostic;
use crate::report::words;

/// HOST.
#[derive(Debug)]
pub enum Server {
    /// A host.
    Peer(Peer),
    /// `-`: every packet says its own.
    Packets,
}

/// Where one request goes, and from where.
#[derive(Debug)]
pub struct Place {
    /// The addresses, to be tried in this order.
    pub addresses: Arc<[SocketAddr]>,
    /// Over what.
    pub transport: Transport,
    /// What secures it.
    pub security: Option<Arc<Client>>,
    /// From where.
    pub source: Bind,
}

impl Server {
    /// What HOST says.
    pub fn parse(text: &str) -> Result<Server, Diagnostic> {
        if text == "-" {
            return Ok(Server::Packets);
        }
        let peer: Peer = text.parse().map_err(|error| words::peer_error(text, &error))?;
        Ok(Server::Peer(peer))
    }

    /// The host, where HOST names one.
    pub fn peer(&self) -> Option<&Peer> {
        match self {
            Server::Peer(peer) => Some(peer),
            Server::Packets => None,
        }
    }

    /// The secret that the transport fixes.
    pub fn fixed_secret(&self) -> Option<&'static str> {
        match self {
            Server::Peer(peer) => peer.transport.fixed_secret(),
            Server::Packets => None,
        }
    }
}

/// What is found once for each host.
type Known = (Arc<[SocketAddr]>, Option<Arc<Client>>);

/// Finds addresses, each name once.
pub struct Resolver<'p> {
    server: &'p Server,
    bind: Bind,
    family: Family,
    purpose: &'p Purpose,
    security: Option<Security>,
    known: HashMap<(Peer, u16), Known>,
}

impl<'p> Resolver<'p> {
    /// For the requests of one run.
    pub fn new(
        server: &'p Server,
        link: &LinkArgs,
        security: Option<Security>,
        purpose: &'p Purpose,
    ) -> Resolver<'p> {
        Resolver {
            server,
            bind: link.bind.unwrap_or_default(),
            family: link.family(),
            purpose,
            security,
            known: HashMap::new(),
        }
    }

    /// Where this request goes.
    pub fn place(&mut self, request: &Request) -> Result<Place, Diagnostic> {
        let peer = self.peer(request)?;
        let code = request.code.unwrap_or(self.purpose.code);
        let port = request
            .destination
            .1
            .or(peer.port)
            .unwrap_or(self.default_port(code, peer.transport));
        let transport = peer.transport;
        let (addresses, security) = match self.known.get(&(peer.clone(), port)) {
            Some(known) => known.clone(),
            None => {
                let client = match &self.security {
                    Some(security) => Some(security.client(&peer)?),
                    None => None,
                };
                let fresh = (self.resolve(&peer, port)?.into(), client);
                self.known.insert((peer, port), fresh.clone());
                fresh
            }
        };
        let source = Bind {
            address: request.source.0.or(self.bind.address),
            port: request.source.1.unwrap_or(self.bind.port),
        };
        Ok(Place {
            addresses,
            transport,
            security,
            source,
        })
    }

    /// HOST, unless the packet names another.
    fn peer(&self, request: &Request) -> Result<Peer, Diagnostic> {
        let own = request
            .destination
            .0
            .map(|address: IpAddr| Host::Address(address));
        match (self.server, own) {
            (Server::Peer(peer), None) => Ok(peer.clone()),
            // The port of HOST is not the port of another host.
            (Server::Peer(peer), Some(host)) => Ok(Peer {
                transport: peer.transport,
                host,
                port: peer.port,
            }),
            (Server::Packets, Some(host)) => Ok(Peer {
                transport: Transport::Udp,
                host,
                port: None,
            }),
            (Server::Packets, None) => Err(words::no_destination(request.origin.as_ref())),
        }
    }

    fn resolve(&self, peer: &Peer, port: u16) -> Result<Vec<SocketAddr>, Diagnostic> {
        let peer = Peer {
            port: Some(port),
            ..peer.clone()
        };
        let found = match peer.host {
            // An address needs no runtime to become itself.
            Host::Address(address) if self.family.has(address) => Ok(vec![SocketAddr::new(address, port)]),
            _ => crate::cli::run::runtime()?.block_on(net::resolve(&peer, port, self.family)),
        };
        found.map_err(|error| words::resolve_error(&error))
    }

    /// The port that IANA gives to packets of this Code over this transport.
    fn default_port(&self, code: Code, transport: Transport) -> u16 {
        match code {
            _ if transport.is_secured() => 2083,
            Code::COA_REQUEST | Code::DISCONNECT_REQUEST => 3799,
            Code::ACCOUNTING_REQUEST => 1813,
            _ if self.purpose.accounting_port => 1813,
            _ => 1812,
        }
    }
}
