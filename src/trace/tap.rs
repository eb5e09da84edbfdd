//! A tap: stands between clients and a server, hands every packet on as it is, and shows it.
//!
//! ```text
//! client ──▶ listener ─┬▶ relay of this client ──▶ link to the server
//!                      └── each packet to the observer, both ways
//! ```
//!
//! Each client has a link of its own, so that the server's replies find back; transports may differ on both sides.
//! Octets are not changed, so that both sides must share a secret.

use std::collections::HashMap;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use tokio::net::{TcpStream, UdpSocket};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::capture::Time;
use super::driver::{Observer, Sink};
use super::packets::Sighting;
use crate::exchange::{Transport, Version};
use crate::net::{Bind, Call, LONGEST, SocketError, StreamLink, TcpListener, connect};

/// How long a client over UDP may be silent before its link is closed.
const SILENCE: Duration = Duration::from_secs(120);
/// How long a connection to the server may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often requests without a reply are looked for.
const TICK: Duration = Duration::from_millis(500);
/// Packets that may wait to be shown.
const WAITING: usize = 1024;
/// The most clients over UDP at a time.
const MOST: usize = 4096;

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

/// What relays tell.
enum Told {
    /// A packet passed.
    Passed {
        time: Time,
        source: SocketAddr,
        destination: SocketAddr,
        transport: Transport,
        octets: Vec<u8>,
    },
    /// A socket failed; the others go on.
    Failed(SocketError),
}

type Telling = mpsc::Sender<Told>;

/// The client's side of a relay.
enum Near {
    Udp {
        socket: Arc<UdpSocket>,
        client: SocketAddr,
        inbox: mpsc::Receiver<Vec<u8>>,
    },
    Stream(Box<StreamLink<TcpStream>>),
}

/// A tap that listens, on one address or several.
pub struct Tap {
    listeners: Vec<(Stand, Listener)>,
}

enum Listener {
    Udp(Arc<UdpSocket>),
    Tcp(TcpListener),
}

impl Tap {
    /// Listens; must be called inside a runtime. Only UDP and TCP can be listened to.
    pub async fn open(stands: &[Stand]) -> Result<Tap, SocketError> {
        let mut listeners = Vec::new();
        for stand in stands {
            let listener = if stand.listen.is_stream() {
                Listener::Tcp(TcpListener::bind(stand.address)?)
            } else {
                let socket = UdpSocket::bind(stand.address)
                    .await
                    .map_err(|error| SocketError::new(Call::Bind, stand.address, &error))?;
                Listener::Udp(Arc::new(socket))
            };
            listeners.push((*stand, listener));
        }
        Ok(Tap { listeners })
    }

    /// Where it listens, and where it forwards to.
    pub fn stands(&self) -> impl Iterator<Item = Stand> + '_ {
        self.listeners.iter().map(|(stand, listener)| Stand {
            address: match listener {
                Listener::Udp(socket) => socket.local_addr().unwrap_or(stand.address),
                Listener::Tcp(listener) => listener.local(),
            },
            ..*stand
        })
    }

    /// Relays and observes until `stop` is ready or the sink has had enough. `failed` is told of sockets that fail.
    pub async fn run(
        self,
        observer: &mut Observer<'_>,
        sink: &mut dyn Sink,
        failed: &mut dyn FnMut(&SocketError),
        stop: impl Future<Output = ()>,
    ) {
        let (telling, mut told) = mpsc::channel(WAITING);
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut listening = JoinSet::new();
        for (stand, listener) in self.listeners {
            listening.spawn(listen(stand, listener, telling.clone()));
        }
        drop(telling);
        let mut number = 0;
        tokio::pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => break,
                _ = tick.tick() => observer.tick(now(), sink),
                Some(told) = told.recv() => match told {
                    Told::Passed { time, source, destination, transport, octets } => {
                        number += 1;
                        let sighting = Sighting { number, time, source, destination, transport, version: Version::V1_0, octets: &octets, missing: 0, masked: false };
                        if !observer.packet(sighting, sink) {
                            break;
                        }
                    }
                    Told::Failed(error) => failed(&error),
                },
            }
            sink.pause();
        }
        observer.finish(sink);
        sink.pause();
    }
}

/// Takes clients and gives each a relay.
async fn listen(stand: Stand, listener: Listener, telling: Telling) {
    match listener {
        Listener::Udp(socket) => datagrams(stand, socket, telling).await,
        Listener::Tcp(listener) => loop {
            match listener.accept().await {
                Ok((stream, client)) => {
                    let local = stream.local_addr().unwrap_or(stand.address);
                    let link = StreamLink::new(stream, local, client, LONGEST);
                    tokio::spawn(relay(
                        stand,
                        Near::Stream(Box::new(link)),
                        client,
                        telling.clone(),
                    ));
                }
                Err(error) => {
                    // Out of descriptors, most likely: others will end.
                    let _ = telling.send(Told::Failed(error)).await;
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        },
    }
}

async fn datagrams(stand: Stand, socket: Arc<UdpSocket>, telling: Telling) {
    let mut clients: HashMap<SocketAddr, mpsc::Sender<Vec<u8>>> = HashMap::new();
    let mut buffer = vec![0; LONGEST];
    loop {
        // What a client's host refuses to take is reported here, and means nothing to the others.
        let Ok((length, client)) = socket.recv_from(&mut buffer).await else {
            continue;
        };
        let mut octets = buffer.get(..length).unwrap_or(&[]).to_vec();
        if clients.len() >= MOST {
            clients.retain(|_, inbox| !inbox.is_closed());
        }
        if let Some(inbox) = clients.get(&client) {
            match inbox.try_send(octets) {
                Err(mpsc::error::TrySendError::Closed(back)) => octets = back,
                // A client that floods loses packets, as it would without us.
                _ => continue,
            }
        }
        let (sender, inbox) = mpsc::channel(WAITING);
        // There is room: nothing is in it yet.
        let _ = sender.try_send(octets);
        clients.insert(client, sender);
        let near = Near::Udp {
            socket: socket.clone(),
            client,
            inbox,
        };
        tokio::spawn(relay(stand, near, client, telling.clone()));
    }
}

/// Carries packets between one client and the server until either goes away.
async fn relay(stand: Stand, mut near: Near, client: SocketAddr, telling: Telling) {
    let mut far = match connect(stand.forward, stand.server, Bind::default(), PATIENCE, None).await {
        Ok(far) => far,
        Err(error) => {
            let _ = telling.send(Told::Failed(error)).await;
            return;
        }
    };
    let (mut asked, mut answered) = (vec![0; LONGEST], vec![0; LONGEST]);
    loop {
        let (octets, source, destination) = tokio::select! {
            received = near.receive(&mut asked) => match received {
                Some(length) => (asked.get(..length).unwrap_or(&[]), client, stand.server),
                None => return,
            },
            received = far.receive(&mut answered) => match received {
                Ok(length) => (answered.get(..length).unwrap_or(&[]), stand.server, client),
                Err(error) => {
                    let ends = stand.forward.is_stream();
                    let _ = telling.send(Told::Failed(error)).await;
                    // A datagram that was refused says nothing of the next one.
                    if ends { return } else { continue }
                }
            },
        };
        let passed = Told::Passed {
            time: now(),
            source,
            destination,
            transport: stand.listen,
            octets: octets.to_vec(),
        };
        let sent = match source == client {
            true => far.send(octets).await,
            false => near.send(octets).await,
        };
        let told = telling.send(passed).await;
        if let Err(error) = sent {
            let _ = telling.send(Told::Failed(error)).await;
        }
        if told.is_err() {
            return;
        }
    }
}

impl Near {
    /// The next packet of the client; none when it has gone.
    async fn receive(&mut self, buffer: &mut [u8]) -> Option<usize> {
        match self {
            Near::Udp { inbox, .. } => {
                let octets = timeout(SILENCE, inbox.recv()).await.ok()??;
                let length = octets.len().min(buffer.len());
                buffer.get_mut(..length)?.copy_from_slice(octets.get(..length)?);
                Some(length)
            }
            Near::Stream(link) => std::future::poll_fn(|cx| link.poll_receive(cx, buffer))
                .await
                .ok(),
        }
    }

    async fn send(&mut self, octets: &[u8]) -> Result<(), SocketError> {
        match self {
            Near::Udp { socket, client, .. } => socket
                .send_to(octets, *client)
                .await
                .map(|_| ())
                .map_err(|error| SocketError::new(Call::Send, *client, &error)),
            Near::Stream(link) => {
                std::future::poll_fn(|cx| {
                    link.send(octets, cx);
                    std::task::Poll::Ready(())
                })
                .await;
                Ok(())
            }
        }
    }
}

fn now() -> Time {
    let since_epoch = UNIX_EPOCH.elapsed().unwrap_or_default();
    Time(u64::try_from(since_epoch.as_nanos()).unwrap_or(u64::MAX))
}
