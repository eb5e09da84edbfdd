//! The sockets of a run, each with its flow of exchanges.

use std::collections::{HashMap, HashSet};
use std::future::poll_fn;
use std::net::SocketAddr;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use super::Job;
use crate::exchange::{Flow, Transport};
use crate::net::dice::Dice;
use crate::net::{Bind, LONGEST, Link, SocketError, connect};

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
    pub(super) flow: Flow,
    /// Gone once it failed.
    socket: Option<Link>,
}

impl OpenLink {
    /// Sends the octets of one packet.
    pub(super) async fn send(&mut self, octets: &[u8]) -> Result<(), SocketError> {
        match &mut self.socket {
            Some(socket) => socket.send(octets).await,
            None => Ok(()),
        }
    }
}

/// All links of a run.
#[derive(Debug)]
pub(super) struct Links {
    open: Vec<OpenLink>,
    ways: HashMap<Way, Vec<usize>>,
    /// Ways that were found to lead nowhere.
    failed: HashSet<Way>,
    /// The link that is asked first for what it received; it moves on, so that no link starves the others.
    turn: usize,
    buffer: Box<[u8]>,
}

impl Links {
    /// None yet.
    pub(super) fn new() -> Links {
        let buffer = vec![0; LONGEST].into_boxed_slice();
        Links {
            open: Vec::new(),
            ways: HashMap::new(),
            failed: HashSet::new(),
            turn: 0,
            buffer,
        }
    }

    /// A link on this way with a free Identifier, or with the one that is wanted, and that Identifier; a new link if
    /// there is none. A connection has `patience` to come about.
    pub(super) async fn reserve(
        &mut self,
        way: Way,
        wanted: Option<u8>,
        patience: Duration,
        dice: &mut Dice,
    ) -> Result<(usize, u8), SocketError> {
        // The newest link is the most likely to have room.
        let known = self.ways.get(&way).map(Vec::as_slice).unwrap_or_default();
        for index in known.iter().rev().copied() {
            if let Some(link) = self.open.get_mut(index).filter(|link| link.socket.is_some())
                && let Ok(identifier) = link.flow.reserve(wanted)
            {
                return Ok((index, identifier));
            }
        }
        let socket = connect(way.transport, way.server, way.source, patience).await?;
        let index = self.open.len();
        let mut flow = Flow::new(way.server, dice.octet());
        // A fresh flow has all 256 Identifiers.
        let identifier = flow.reserve(wanted).unwrap_or_default();
        self.open.push(OpenLink {
            flow,
            socket: Some(socket),
        });
        self.ways.entry(way).or_default().push(index);
        Ok((index, identifier))
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
        }
        for known in self.ways.values_mut() {
            known.retain(|known| *known != index);
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
        let due = |link: &OpenLink| link.flow.deadline().is_some_and(|at| at <= now);
        self.open
            .iter()
            .enumerate()
            .filter(|(_, link)| due(link))
            .map(|(index, _)| index)
            .collect()
    }

    /// When the first link has something to do.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.open.iter().filter_map(|link| link.flow.deadline()).min()
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.open.len()
    }
}
