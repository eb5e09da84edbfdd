//! Other servers: one thread that passes requests on and brings answers back.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{self, Receiver, Sender};

use super::Shared;
use super::desk::Desk;
use super::event::{Event, Sink};
use super::journal::Entry;
use super::post::Post;
use crate::net::{Call, SocketError, clock, dice::Dice};
use crate::responder::Discard;
use crate::responder::proxy::{Errand, FLOWS, Flow, Patience, Pool, Proxy, Refusal, Step};

/// The most requests that wait to be passed on.
const WAITING: usize = 16_384;
/// The longest packet.
const LONGEST: usize = 4096;
/// How long those are waited for that are under way when the server ends.
const PARTING: Duration = Duration::from_secs(3);
/// Nothing is due: look again then.
const IDLE: Duration = Duration::from_secs(60);

/// Where requests go that other servers answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upstreams {
    /// The servers, by the numbers that the routes have.
    pub pools: Vec<Pool>,
    /// How long they are waited for.
    pub patience: Patience,
}

/// The thread, as others see it.
pub(super) struct Upstream {
    sender: Sender<Order>,
}

enum Order {
    Forward(Entry),
    Pools(Vec<Pool>),
    End,
}

/// What the thread is told.
pub(super) struct Orders(Receiver<Order>);

impl Upstream {
    pub(super) fn new() -> (Upstream, Orders) {
        let (sender, receiver) = mpsc::channel(WAITING);
        (Upstream { sender }, Orders(receiver))
    }

    /// Has a request passed on; gives it back if too many wait.
    pub(super) fn put(&self, entry: Entry) -> Result<(), Box<Entry>> {
        match self.sender.try_send(Order::Forward(entry)) {
            Err(TrySendError::Full(Order::Forward(entry)) | TrySendError::Closed(Order::Forward(entry))) => {
                Err(Box::new(entry))
            }
            _ => Ok(()),
        }
    }

    /// Puts other servers in force.
    pub(super) fn set_pools(&self, pools: Vec<Pool>) {
        let _ = self.sender.try_send(Order::Pools(pools));
    }

    /// Has the thread end, once other servers have answered what is under way, or have had a while to.
    pub(super) fn end(&self) {
        let _ = self.sender.try_send(Order::End);
    }
}

/// What other servers sent.
struct Arrived {
    flow: Flow,
    from: SocketAddr,
    octets: Vec<u8>,
}

/// The thread's state.
struct Driver {
    desk: Desk,
    dice: Dice,
    proxy: Proxy<Entry>,
    post: Post,
    sink: Box<dyn Sink>,
    /// The sockets of each flow, for IPv4 and IPv6, opened when they are needed.
    sockets: Vec<[Option<Arc<UdpSocket>>; 2]>,
    arrived: Sender<Arrived>,
}

/// The thread.
pub(super) async fn run(shared: Arc<Shared>, upstreams: Upstreams, mut orders: Orders) {
    let (sender, mut arrivals) = mpsc::channel(1024);
    let mut dice = Dice::new();
    let dictionary = Arc::clone(&shared.responder.settings().dictionary);
    let mut roll = |octets: &mut [u8]| dice.fill(octets);
    let proxy = Proxy::new(upstreams.pools, upstreams.patience, dictionary, &mut roll);
    let mut driver = Driver {
        desk: Desk::new(&shared, shared.tally()),
        dice,
        proxy,
        post: Post::new(),
        sink: shared.sinks.sink(),
        sockets: (0..FLOWS).map(|_| [None, None]).collect(),
        arrived: sender,
    };
    let mut end = None;
    while end.is_none_or(|end| clock::now() < end && !driver.proxy.is_empty()) {
        let due = driver.proxy.due().unwrap_or_else(|| clock::now() + IDLE);
        let due = end.map_or(due, |end| due.min(end));
        let mut steps = Vec::new();
        tokio::select! {
            order = orders.0.recv(), if end.is_none() => match order {
                Some(Order::Forward(entry)) => driver.forward(entry, &mut steps),
                Some(Order::Pools(pools)) => driver.proxy.set_pools(pools),
                Some(Order::End) | None => end = Some(clock::now() + PARTING),
            },
            Some(arrived) = arrivals.recv() => driver.receive(&arrived, &mut steps),
            () = tokio::time::sleep_until(due.into()) => driver.poll(&mut steps),
        }
        for step in steps {
            driver.take(step).await;
        }
        if let Err(error) = driver.post.flush() {
            driver.sink.event(&Event::NotSent(&error));
        }
        driver.sink.flush();
    }
}

impl Driver {
    fn forward(&mut self, entry: Entry, steps: &mut Vec<Step<Entry>>) {
        let octets = entry.pending.octets.clone();
        let Ok(packet) = crate::codec::Packet::parse(&octets) else {
            return;
        };
        let (client, pool) = (Arc::clone(&entry.pending.client), entry.pending.pool);
        let errand = Errand {
            packet,
            secret: Some(&client.secret).filter(|_| !entry.pending.is_clear()),
            pool,
        };
        let dice = &mut self.dice;
        let mut roll = |octets: &mut [u8]| dice.fill(octets);
        if let Err((entry, refusal)) = self.proxy.forward(clock::now(), &errand, entry, &mut roll, steps) {
            let discard = match refusal {
                Refusal::Loop => Discard::ProxyLoop,
                Refusal::Full => Discard::ProxyFull,
                Refusal::NoServer => Discard::UpstreamSilent,
                Refusal::Untranslatable => Discard::Untranslatable,
                Refusal::TooLong => Discard::ReplyTooLong { length: octets.len() },
            };
            self.give_up(&entry, discard);
        }
    }

    fn receive(&mut self, arrived: &Arrived, steps: &mut Vec<Step<Entry>>) {
        let dice = &mut self.dice;
        let mut roll = |octets: &mut [u8]| dice.fill(octets);
        let now = clock::now();
        self.proxy
            .receive(now, arrived.flow, arrived.from, &arrived.octets, &mut roll, steps);
    }

    fn poll(&mut self, steps: &mut Vec<Step<Entry>>) {
        let dice = &mut self.dice;
        let mut roll = |octets: &mut [u8]| dice.fill(octets);
        self.proxy.poll(clock::now(), &mut roll, steps);
    }

    async fn take(&mut self, step: Step<Entry>) {
        match step {
            Step::Send { flow, to, octets } => {
                if let Err(error) = self.send(flow, to, &octets).await {
                    self.sink.event(&Event::NotSent(&error));
                }
            }
            Step::Answer {
                back,
                server,
                code,
                items,
            } => {
                self.desk.settle(
                    &back,
                    &mut self.post,
                    &mut *self.sink,
                    |shared, pending, moment| {
                        shared.responder.answered(pending, (server, code), &items, moment)
                    },
                );
            }
            Step::Untranslatable(entry) => self.give_up(&entry, Discard::Untranslatable),
            Step::GaveUp(entry) => self.give_up(&entry, Discard::UpstreamSilent),
            Step::Down(server) => self.sink.event(&Event::UpstreamDown(server)),
            Step::Up(server) => self.sink.event(&Event::UpstreamUp(server)),
        }
    }

    fn give_up(&mut self, entry: &Entry, discard: Discard) {
        self.desk
            .settle(entry, &mut self.post, &mut *self.sink, |shared, pending, _| {
                shared.responder.unanswered(pending, discard)
            });
    }

    async fn send(&mut self, flow: Flow, to: SocketAddr, octets: &[u8]) -> Result<(), SocketError> {
        let socket = self.socket(flow, to).await?;
        match socket.send_to(octets, to).await {
            Ok(_) => Ok(()),
            Err(error) => Err(SocketError::new(Call::Send, to, &error)),
        }
    }

    async fn socket(&mut self, flow: Flow, to: SocketAddr) -> Result<Arc<UdpSocket>, SocketError> {
        let opening = |error| SocketError::new(Call::Open, to, &error);
        let family = usize::from(to.is_ipv6());
        let known = self.sockets.get_mut(usize::from(flow));
        let Some(place) = known.and_then(|both| both.get_mut(family)) else {
            return Err(opening(std::io::ErrorKind::NotFound.into()));
        };
        if let Some(socket) = place {
            return Ok(Arc::clone(socket));
        }
        let any: IpAddr = if to.is_ipv6() {
            [0_u16; 8].into()
        } else {
            [0; 4].into()
        };
        let socket = Arc::new(UdpSocket::bind(SocketAddr::new(any, 0)).await.map_err(opening)?);
        *place = Some(Arc::clone(&socket));
        let (reader, arrived) = (Arc::clone(&socket), self.arrived.clone());
        tokio::spawn(async move {
            let mut buffer = vec![0; LONGEST];
            loop {
                // An ICMP refusal is told with the next read: the server's silence says the same.
                let Ok((length, from)) = reader.recv_from(&mut buffer).await else {
                    continue;
                };
                let octets = buffer.get(..length).unwrap_or(&[]).to_vec();
                if arrived.send(Arrived { flow, from, octets }).await.is_err() {
                    return;
                }
            }
        });
        Ok(socket)
    }
}
