//! A proxy in front of the demonstration's server: a whole `radius serve` that decides nothing itself.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use super::SECRET;
use crate::codec::Secret;
use crate::dictionary::Dictionary;
use crate::exchange::Transport;
use crate::responder::clients::{Client, Network};
use crate::responder::proxy::{Pool, Upstream};
use crate::responder::route::Realm;
use crate::responder::{Role, Settings};
use crate::server::{Config, Listen, Security, Server, Silent, StartError, StreamLimits, Upstreams};

/// The secret of the proxy's own clients: another one than the server's.
pub const RELAY_SECRET: &str = "of the visited network";

/// A running proxy; it ends when this is dropped.
pub struct Relay(Server);

impl Relay {
    /// Passes everything on to this server.
    ///
    /// # Errors
    ///
    /// When the system gives no port.
    pub fn start(to: SocketAddr) -> Result<Relay, StartError> {
        let mut settings = Settings::new(Arc::new(Dictionary::builtin()));
        settings.clients.add(Client::new(
            Network::new(Ipv4Addr::LOCALHOST.into(), 8),
            Secret::new(RELAY_SECRET),
        ));
        settings.routes.add(Realm::All, 0);
        let pool = Pool {
            auth: vec![Upstream {
                address: to,
                secret: Secret::new(SECRET),
            }],
            acct: Vec::new(),
        };
        let config = Config {
            settings,
            listen: vec![Listen {
                transport: Transport::Udp,
                address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
                role: Role::Auth,
            }],
            threads: 1,
            security: Security::default(),
            log: None,
            streams: StreamLimits::default(),
            upstreams: Upstreams {
                pools: vec![pool],
                ..Upstreams::default()
            },
        };
        Server::start(config, Arc::new(Silent)).map(Relay)
    }

    /// Where its clients ask.
    pub fn address(&self) -> Option<SocketAddr> {
        self.0.address(Transport::Udp, Role::Auth)
    }
}
