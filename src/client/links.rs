//! The sockets of a run, each with its flow of exchanges.

use std::collections::{HashMap, HashSet};
use std::future::poll_fn;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use super::Job;
use crate::codec::Secret;
use crate::exchange::{Alarm, Number, Table, Transport, Watchdog};
use crate::net::dice::Dice;
use crate::net::tls::{self, Handshake};
use crate::net::{Bind, LONGEST, Link, SocketError, clock, connect};

/// Where a link leads, and from where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Way {
    pub(super) transport: Transport,
    pub(super) server: SocketAddr,
    pub(super) source: Bind,
}

impl Way {
    pub(super) fn of(job: &Job, server: SocketAddr) -> Way {
        Way {
            transport: job.transport,
            server,
            source: job.source,
        }
    }
}

/// One socket with its exchanges.
#[derive(Debug)]
pub(super) struct OpenLink {
    pub(super) flow: Table,
    /// Gone once it failed.
    socket: Option<Link>,
    way: Way,
    /// What is shared with the peer, for what no conversation asks or answers.
    pub(super) secret: Arc<Secret>,
    security: Option<Arc<tls::Client>>,
    /// Asks whether a connection is alive; sockets that are none need none.
    watchdog: Option<Watchdog>,
    /// Whether its handshake has been told of.
    told: bool,
}

impl OpenLink {
    /// What its handshake came to, while it is open.
    pub(super) fn handshake(&self) -> Option<&Arc<Handshake>> {
        self.socket.as_ref().and_then(Link::handshake)
    }

    /// What its handshake came to, once.
    pub(super) fn news(&mut self) -> Option<Arc<Handshake>> {
        let told = std::mem::replace(&mut self.told, true);
        self.handshake().filter(|_| !told).cloned()
    }

    /// Over what it goes.
    pub(super) fn transport(&self) -> Transport {
        self.way.transport
    }

    /// Whether it has not failed.
    pub(super) fn is_open(&self) -> bool {
        self.socket.is_some()
    }

    /// Something came.
    pub(super) fn heard(&mut self, now: Instant) {
        if let Some(watchdog) = &mut self.watchdog {
            watchdog.heard(now);
        }
    }

    /// The watchdog's question was answered.
    pub(super) fn alive(&mut self, now: Instant) {
        if let Some(watchdog) = &mut self.watchdog {
            watchdog.answered(now);
        }
    }

    /// What the watchdog says now.
    pub(super) fn alarm(&mut self, now: Instant, dice: f64) -> Option<Alarm> {
        self.socket.as_ref()?;
        self.watchdog.as_mut()?.poll(now, dice)
    }

    /// When it has something to do next.
    fn deadline(&self) -> Option<Instant> {
        let watched = self.watchdog.as_ref().filter(|_| self.is_open());
        let watched = watched.and_then(Watchdog::due);
        [self.flow.deadline(), watched].into_iter().flatten().min()
    }

    /// Whether it takes new requests.
    fn is_good(&self) -> bool {
        self.is_open() && !self.watchdog.as_ref().is_some_and(Watchdog::is_suspect)
    }

    /// Sends the octets of one packet.
    pub(super) async fn send(&mut self, octets: &[u8]) -> Result<(), SocketError> {
        match &mut self.socket {
            Some(socket) => socket.send(octets).await,
            None => Ok(()),
        }
    }
}

/// How long all goodbyes of a run may take.
const GOODBYE: Duration = Duration::from_millis(200);

/// How often a connection was lost since it was last of use. The next one is not opened at once, lest a server that
/// has just come up is run over.
#[derive(Clone, Copy, Debug)]
struct BackOff {
    times: u32,
    last: Instant,
}

impl BackOff {
    /// The wait after the first loss; each further one doubles it.
    const FIRST: Duration = Duration::from_millis(500);
    const LONGEST: Duration = Duration::from_secs(60);

    /// When the next connection may be opened: not earlier than asked for, and up to a tenth later at random.
    fn until(self, dice: &mut Dice) -> Instant {
        let doubled = Self::FIRST.saturating_mul(1 << self.times.saturating_sub(1).min(7));
        self.last
            + doubled
                .min(Self::LONGEST)
                .mul_f64(1.0 + dice.jitter().abs() / 10.0)
    }
}

/// All links of a run.
#[derive(Debug)]
pub(super) struct Links {
    /// After how long without a word connections are asked; never without.
    watchdog: Option<Duration>,
    open: Vec<OpenLink>,
    ways: HashMap<Way, Vec<usize>>,
    /// The ways whose connection was lost, and has not been of use since.
    lost: HashMap<Way, BackOff>,
    /// Ways that were found to lead nowhere.
    failed: HashSet<Way>,
    /// The link that is asked first for what it received; it moves on, so that no link starves the others.
    turn: usize,
    buffer: Box<[u8]>,
}

impl Links {
    /// None yet.
    pub(super) fn new(watchdog: Option<Duration>) -> Links {
        let buffer = vec![0; LONGEST].into_boxed_slice();
        Links {
            watchdog,
            open: Vec::new(),
            ways: HashMap::new(),
            lost: HashMap::new(),
            failed: HashSet::new(),
            turn: 0,
            buffer,
        }
    }

    /// A link on this way with a free number, or with the one that is wanted, and that Identifier; a new link if
    /// there is none. A connection has `patience` to come about.
    pub(super) async fn reserve(
        &mut self,
        way: Way,
        (security, secret): (Option<&Arc<tls::Client>>, &Arc<Secret>),
        wanted: Option<u8>,
        patience: Duration,
        dice: &mut Dice,
    ) -> Result<(usize, Number), SocketError> {
        // The newest link is the most likely to have room.
        let known = self.ways.get(&way).map(Vec::as_slice).unwrap_or_default();
        for index in known.iter().rev().copied() {
            if let Some(link) = self.open.get_mut(index).filter(|link| link.is_good())
                && let Ok(number) = link.flow.reserve(wanted)
            {
                return Ok((index, number));
            }
        }
        let index = self.connect(way, (security, secret), patience, dice).await?;
        // A fresh table has all numbers.
        let number = self.open.get_mut(index).map(|link| link.flow.reserve(wanted));
        let number = number.and_then(Result::ok);
        Ok((
            index,
            number.unwrap_or(Number::Identifier(wanted.unwrap_or_default())),
        ))
    }

    /// Opens a link, not too soon after the last one on its way was lost; its place.
    async fn connect(
        &mut self,
        way: Way,
        (security, secret): (Option<&Arc<tls::Client>>, &Arc<Secret>),
        patience: Duration,
        dice: &mut Dice,
    ) -> Result<usize, SocketError> {
        if let Some(lost) = self.lost.get(&way) {
            tokio::time::sleep_until(lost.until(dice).min(clock::now() + patience).into()).await;
        }
        let socket = connect(
            way.transport,
            way.server,
            way.source,
            patience,
            security.map(Arc::as_ref),
        )
        .await?;
        let index = self.open.len();
        let [a, b, c, d, ..] = dice.authenticator();
        let connected = self.watchdog.filter(|_| way.transport != Transport::Udp);
        self.open.push(OpenLink {
            flow: Table::new(socket.version(), way.server, u32::from_be_bytes([a, b, c, d])),
            socket: Some(socket),
            way,
            secret: Arc::clone(secret),
            security: security.cloned(),
            watchdog: connected.map(|interval| Watchdog::new(interval, clock::now(), dice.jitter())),
            told: false,
        });
        self.ways.entry(way).or_default().push(index);
        Ok(index)
    }

    /// Opens the connection anew that was lost last; its place.
    pub(super) async fn reopen(
        &mut self,
        patience: Duration,
        dice: &mut Dice,
    ) -> Option<Result<usize, SocketError>> {
        let last = self
            .open
            .last()
            .filter(|link| link.transport() != Transport::Udp)?;
        let (way, secret, security) = (last.way, Arc::clone(&last.secret), last.security.clone());
        let connected = self
            .connect(way, (security.as_ref(), &secret), patience, dice)
            .await;
        if connected.is_err() {
            self.count_loss(way);
        }
        Some(connected)
    }

    /// The connections that are open.
    pub(super) fn connections(&self) -> usize {
        let connected = |link: &&OpenLink| link.is_open() && link.transport() != Transport::Udp;
        self.open.iter().filter(connected).count()
    }

    /// The link in this place.
    pub(super) fn at(&mut self, index: usize) -> Option<&mut OpenLink> {
        self.open.get_mut(index)
    }

    /// Which address of a job to try first: one that has not failed yet, so that not every conversation of a run
    /// learns anew that nobody listens at the first.
    pub(super) fn first_address(&self, job: &Job) -> usize {
        let good = |server: &SocketAddr| !self.failed.contains(&Way::of(job, *server));
        job.addresses.iter().position(good).unwrap_or(0)
    }

    /// Remembers that a way leads nowhere.
    pub(super) fn mark(&mut self, way: Way) {
        self.failed.insert(way);
    }

    /// Whether anything is in flight on a way, so that waiting for room there helps.
    pub(super) fn is_busy(&self, way: Way) -> bool {
        let links = self.ways.get(&way).map(Vec::as_slice).unwrap_or_default();
        links
            .iter()
            .filter_map(|index| self.open.get(*index))
            .any(|link| link.flow.deadline().is_some())
    }

    /// Closes a link that failed.
    pub(super) fn close(&mut self, index: usize) {
        if let Some(link) = self.open.get_mut(index) {
            link.socket = None;
            let way = link.way;
            self.count_loss(way);
        }
        for known in self.ways.values_mut() {
            known.retain(|known| *known != index);
        }
    }

    /// Notes that there is no connection on a way, or no longer one.
    fn count_loss(&mut self, way: Way) {
        if way.transport != Transport::Udp {
            let last = clock::now();
            let lost = self.lost.entry(way).or_insert(BackOff { times: 0, last });
            lost.times += 1;
            lost.last = last;
        }
    }

    /// Says goodbye to every peer; none may make us wait for it.
    pub(super) async fn finish(&mut self) {
        let goodbyes = async {
            for link in self.open.iter_mut().filter_map(|link| link.socket.as_mut()) {
                link.finish().await;
            }
        };
        // A peer that takes nothing more is left without a word.
        let _ = tokio::time::timeout(GOODBYE, goodbyes).await;
    }

    /// Notes that a link is of use: its next loss is a first one again.
    pub(super) fn proved(&mut self, index: usize) {
        if let Some(link) = self.open.get(index)
            && !self.lost.is_empty()
        {
            self.lost.remove(&link.way);
        }
    }

    /// The next packet that any link receives, or a link's failure, with the link's place.
    pub(super) async fn receive(&mut self) -> (usize, Result<Vec<u8>, SocketError>) {
        poll_fn(|cx| self.poll_receive(cx)).await
    }

    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<(usize, Result<Vec<u8>, SocketError>)> {
        let count = self.open.len();
        for step in 0..count {
            let index = (self.turn + step) % count;
            let Some(socket) = self.open.get_mut(index).and_then(|link| link.socket.as_mut()) else {
                continue;
            };
            if let Poll::Ready(received) = socket.poll_receive(cx, &mut self.buffer) {
                self.turn = index;
                let octets = received.map(|length| self.buffer.get(..length).unwrap_or(&[]).to_vec());
                return Poll::Ready((index, octets));
            }
        }
        Poll::Pending
    }

    /// The places of the links that have something to do by `now`.
    pub(super) fn due(&self, now: Instant) -> Vec<usize> {
        let due = |link: &OpenLink| link.deadline().is_some_and(|at| at <= now);
        self.open
            .iter()
            .enumerate()
            .filter(|(_, link)| due(link))
            .map(|(index, _)| index)
            .collect()
    }

    /// When the first link has something to do.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.open.iter().filter_map(OpenLink::deadline).min()
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.open.len()
    }
}
