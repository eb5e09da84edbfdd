//! A tap: stands between clients and a server, hands every packet on as it is, and shows it.
//!
//! ```text
//! client ──▶ listener ─┬▶ relay of this client ──▶ link to the server
//!                      └── each packet to the observer, both ways
//! ```
//!
//! Each client has a link of its own, so that the server's replies find back; transports may differ on both sides.
//! Octets are not changed, so that both sides must share a secret.

mod listen;
mod near;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use self::listen::Listener;
use self::near::Near;
use super::capture::Time;
use super::driver::{Observer, Sink};
use super::packets::Sighting;
use crate::exchange::{Transport, Version};
use crate::net::{Bind, LONGEST, SocketError, connect, dtls, tls};

/// How long a connection to the server, or a client's handshake, may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often requests without a reply are looked for.
const TICK: Duration = Duration::from_millis(500);
/// Packets that may wait to be shown.
const WAITING: usize = 1024;

/// Where to stand.
#[derive(Clone, Copy, Debug)]
pub struct Stand {
    /// What clients come over.
    pub listen: Transport,
    /// Where they come to.
    pub address: SocketAddr,
    /// What the server is reached over.
    pub forward: Transport,
    /// Where it is.
    pub server: SocketAddr,
}

/// What secures both sides.
#[derive(Debug, Default)]
pub struct Security {
    /// Takes clients over TLS.
    pub tls: Option<tls::Acceptor>,
    /// Takes clients over DTLS.
    pub dtls: Option<dtls::Acceptor>,
    /// Asks the server in RADIUS/1.0.
    pub server: Option<Arc<tls::Client>>,
    /// Asks the server in RADIUS/1.1, for clients that speak it: octets are not changed.
    pub server_1_1: Option<Arc<tls::Client>>,
}

impl Security {
    /// What asks the server for a client that speaks this version.
    fn server(&self, version: Version) -> Option<&tls::Client> {
        match version {
            Version::V1_0 => self.server.as_deref(),
            Version::V1_1 => self.server_1_1.as_deref(),
        }
    }
}

/// What relays tell.
enum Told {
    /// A packet passed.
    Passed {
        time: Time,
        source: SocketAddr,
        destination: SocketAddr,
        transport: Transport,
        version: Version,
        octets: Vec<u8>,
    },
    /// A socket failed; the others go on.
    Failed(SocketError),
}

/// What all relays of a listener share.
struct Ground {
    stand: Stand,
    security: Arc<Security>,
    telling: mpsc::Sender<Told>,
}

impl Ground {
    /// Tells what happened; nobody listens where the tap has ended.
    async fn tell(&self, told: Told) {
        let _ = self.telling.send(told).await;
    }
}

/// A tap that listens, on one address or several.
pub struct Tap {
    listeners: Vec<(Stand, Listener)>,
    security: Arc<Security>,
}

impl Tap {
    /// Listens; must be called inside a runtime.
    pub async fn open(stands: &[Stand], security: Security) -> Result<Tap, SocketError> {
        let mut listeners = Vec::new();
        for stand in stands {
            listeners.push((*stand, Listener::open(stand.listen, stand.address).await?));
        }
        Ok(Tap {
            listeners,
            security: Arc::new(security),
        })
    }

    /// Where it listens, and where it forwards to.
    pub fn stands(&self) -> impl Iterator<Item = Stand> + '_ {
        self.listeners.iter().map(|(stand, listener)| Stand {
            address: listener.address(stand.address),
            ..*stand
        })
    }

    /// Relays and observes until `stop` is ready or the sink has had enough.
    pub async fn run(self, observer: &mut Observer<'_>, sink: &mut dyn Sink, stop: impl Future<Output = ()>) {
        let (telling, mut told) = mpsc::channel(WAITING);
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut listening = JoinSet::new();
        for (stand, listener) in self.listeners {
            let security = match stand.listen {
                Transport::Tls | Transport::Dtls => Arc::clone(&self.security),
                // Only what asks the server.
                Transport::Udp | Transport::Tcp => Arc::new(Security {
                    server: self.security.server.clone(),
                    ..Security::default()
                }),
            };
            let ground = Ground {
                stand,
                security,
                telling: telling.clone(),
            };
            listening.spawn(listener.run(Arc::new(ground)));
        }
        drop(telling);
        let mut number = 0;
        tokio::pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => break,
                _ = tick.tick() => observer.tick(now(), sink),
                Some(told) = told.recv() => match told {
                    Told::Passed { time, source, destination, transport, version, octets } => {
                        number += 1;
                        let sighting = Sighting { number, time, source, destination, transport, version, octets: &octets, missing: 0, masked: false };
                        if !observer.packet(sighting, sink) {
                            break;
                        }
                    }
                    Told::Failed(error) => sink.failed(&error),
                },
            }
            sink.pause();
        }
        observer.finish(sink);
        sink.pause();
    }
}

/// Carries packets between one client and the server until either goes away.
async fn relay(ground: &Ground, mut near: Near, client: SocketAddr) {
    let (stand, version) = (ground.stand, near.version());
    let security = ground.security.server(version);
    let far = connect(stand.forward, stand.server, Bind::default(), PATIENCE, security).await;
    let mut far = match far {
        Ok(far) => far,
        Err(error) => {
            ground.tell(Told::Failed(error)).await;
            return near.finish().await;
        }
    };
    let (mut asked, mut answered) = (vec![0; LONGEST], vec![0; LONGEST]);
    loop {
        let (octets, source, destination) = tokio::select! {
            received = near.receive(&mut asked) => match received {
                Ok(Some(length)) => (asked.get(..length).unwrap_or(&[]), client, stand.server),
                Ok(None) => break,
                Err(error) => {
                    ground.tell(Told::Failed(error)).await;
                    break;
                }
            },
            received = far.receive(&mut answered) => match received {
                Ok(length) => (answered.get(..length).unwrap_or(&[]), stand.server, client),
                Err(error) => {
                    ground.tell(Told::Failed(error)).await;
                    // A datagram that was refused says nothing of the next one.
                    if stand.forward == Transport::Udp { continue } else { break }
                }
            },
        };
        let passed = Told::Passed {
            time: now(),
            source,
            destination,
            transport: stand.listen,
            version,
            octets: octets.to_vec(),
        };
        let sent = match source == client {
            true => far.send(octets).await,
            false => near.send(octets).await,
        };
        ground.tell(passed).await;
        if let Err(error) = sent {
            ground.tell(Told::Failed(error)).await;
        }
        if ground.telling.is_closed() {
            break;
        }
    }
    far.finish().await;
    near.finish().await;
}

fn now() -> Time {
    let since_epoch = UNIX_EPOCH.elapsed().unwrap_or_default();
    Time(u64::try_from(since_epoch.as_nanos()).unwrap_or(u64::MAX))
}
