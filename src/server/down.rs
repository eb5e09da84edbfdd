//! Requests that go down a connection which a client made, to the client itself: dynamic authorization in reverse
//! (draft-ietf-radext-reverse-coa). The task that owns the connection owns what is under way on it.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{self, Receiver, Sender};

use super::Shared;
use super::desk::Desk;
use super::event::{Event, Sink};
use super::journal::Entry;
use super::post::Post;
use crate::codec::{Code, Packet, Secret};
use crate::exchange::{Arrival, Due, Exchange, Number, Policy, Table, Version};
use crate::net::clock;
use crate::net::dice::Dice;
use crate::responder::coa::ErrorCause;
use crate::responder::proxy::{Refusal, Towards, pass_down, pass_up};
use crate::responder::reverse::{LinkId, Who};
use crate::responder::{Deed, Did, Moment, Pending};

/// Requests that wait for one connection.
const WAITING: usize = 256;
/// How long a client may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The connections on which clients may be asked.
#[derive(Default)]
pub(super) struct Downs {
    next: AtomicU64,
    open: Mutex<HashMap<LinkId, Sender<Entry>>>,
}

impl Downs {
    fn open(&self) -> (LinkId, Receiver<Entry>) {
        let (sender, receiver) = mpsc::channel(WAITING);
        let link = self.next.fetch_add(1, Ordering::Relaxed);
        self.lock().insert(link, sender);
        (link, receiver)
    }

    /// Has a request sent down a connection; gives it back if that is gone, or too many wait for it.
    pub(super) fn put(&self, link: LinkId, entry: Entry) -> Result<(), Box<Entry>> {
        let Some(sender) = self.lock().get(&link).cloned() else {
            return Err(Box::new(entry));
        };
        sender.try_send(entry).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(entry) | mpsc::error::TrySendError::Closed(entry) => {
                Box::new(entry)
            }
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<LinkId, Sender<Entry>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What came on the connection and looks like a reply cannot be trusted.
pub(super) struct Distrusted;

/// One connection, as a way to the client.
pub(super) struct Down {
    shared: Arc<Shared>,
    link: LinkId,
    orders: Receiver<Entry>,
    peer: SocketAddr,
    secret: Arc<Secret>,
    table: Table,
    entries: HashMap<u64, Entry>,
    asked: u64,
    dice: Dice,
}

impl Down {
    /// The way to a client that has just connected.
    pub(super) fn open(
        shared: &Arc<Shared>,
        peer: SocketAddr,
        (name, secret): (&str, &Secret),
        version: Version,
    ) -> Down {
        let (link, orders) = shared.downs.open();
        let who = Who {
            name: name.to_owned(),
            source: peer.ip(),
        };
        shared.responder.connected(link, who);
        let mut dice = Dice::new();
        let [a, b, c, d, ..] = dice.authenticator();
        Down {
            shared: Arc::clone(shared),
            link,
            orders,
            peer,
            secret: Arc::new(secret.clone()),
            table: Table::new(version, peer, u32::from_be_bytes([a, b, c, d])),
            entries: HashMap::new(),
            asked: 0,
            dice,
        }
    }

    /// Takes note of what the client asked, found authentic.
    pub(super) fn note(&self, octets: &[u8]) {
        if let Ok(packet) = Packet::parse(octets) {
            self.shared.responder.noted(self.link, &packet);
        }
    }

    /// The next request that is to go down; nothing ever comes where nothing may.
    pub(super) async fn next(&mut self) -> Option<Entry> {
        self.orders.recv().await
    }

    /// When [`Down::poll`] has something to do.
    pub(super) fn due(&self) -> Option<Instant> {
        self.table.deadline()
    }

    /// Takes over a request; its octets leave with the next [`Down::poll`].
    pub(super) fn ask(&mut self, entry: Entry, desk: &mut Desk, sink: &mut dyn Sink) {
        let Ok(number) = self.table.reserve(None) else {
            return refuse(&entry, ErrorCause::RESOURCES_UNAVAILABLE, desk, sink);
        };
        match self.carried(&entry, number) {
            Ok(octets) => {
                let exchange = Exchange::new(
                    octets,
                    Arc::clone(&self.secret),
                    self.peer,
                    Policy::stream(PATIENCE),
                )
                .over(self.table.version())
                .with_tag(self.asked);
                self.table.insert(exchange, clock::now());
                self.entries.insert(self.asked, entry);
                self.asked += 1;
            }
            Err(_) => {
                self.table.release(number);
                refuse(&entry, ErrorCause::OTHER_PROXY_PROCESSING_ERROR, desk, sink);
            }
        }
    }

    fn carried(&mut self, entry: &Entry, number: Number) -> Result<Vec<u8>, Refusal> {
        let pending = &entry.pending;
        let packet = pending.packet().ok_or(Refusal::TooLong)?;
        let from = Some(&pending.client.secret).filter(|_| !pending.is_clear());
        let towards = match number {
            Number::Identifier(identifier) => Towards::Identifier(identifier, &self.secret),
            Number::Token(token) => Towards::Token(token),
        };
        let dictionary = Arc::clone(&self.shared.responder.settings().dictionary);
        let dice = &mut self.dice;
        let mut roll = |octets: &mut [u8]| dice.fill(octets);
        pass_down(&packet, from, towards, &dictionary, &mut roll)
    }

    /// Does what is due: the octets that leave now.
    pub(super) fn poll(&mut self, desk: &mut Desk, sink: &mut dyn Sink) -> Vec<Arc<[u8]>> {
        let mut leaving = Vec::new();
        let now = clock::now();
        while self.table.deadline().is_some_and(|due| due <= now) {
            match self.table.poll(now, 0.0) {
                Some(Due::Send(exchange)) => leaving.push(exchange.request().into()),
                Some(Due::GaveUp { exchange, .. }) => {
                    if let Some(entry) = self.entries.remove(&exchange.tag()) {
                        refuse(&entry, ErrorCause::OTHER_PROXY_PROCESSING_ERROR, desk, sink);
                    }
                }
                Some(Due::Renew { .. }) | None => {}
            }
        }
        leaving
    }

    /// Takes a reply of the client's. One that answers nothing is let pass.
    pub(super) fn receive(
        &mut self,
        octets: &[u8],
        desk: &mut Desk,
        sink: &mut dyn Sink,
    ) -> Result<(), Distrusted> {
        let (exchange, reply) = match self.table.receive(clock::now(), self.peer, octets) {
            Arrival::Reply { exchange, reply } => (exchange, reply),
            Arrival::Ignored { why, .. } if why.is_untrusted() || why.is_violation() => {
                return Err(Distrusted);
            }
            Arrival::Ignored { .. } => return Ok(()),
        };
        let (Some(entry), Ok(packet)) = (self.entries.remove(&exchange.tag()), Packet::parse(octets)) else {
            return Ok(());
        };
        let (code, peer) = (packet.code(), self.peer);
        if code == Code::PROTOCOL_ERROR {
            // From hop to hop only (RFC 7930 §3): for whoever asked, the client cannot be asked so.
            refuse(&entry, ErrorCause::UNSUPPORTED_EXTENSION, desk, sink);
            return Ok(());
        }
        let items = {
            let pending = &entry.pending;
            let asked = pending
                .packet()
                .map(|packet| (packet.code(), *packet.authenticator()));
            let (request, authenticator) = asked.unwrap_or((Code(0), [0; 16]));
            let clear = self.table.version() == Version::V1_1;
            let ends = (
                (
                    Some(&*self.secret).filter(|_| !clear),
                    &reply.request_authenticator,
                ),
                (
                    Some(&pending.client.secret).filter(|_| !pending.is_clear()),
                    &authenticator,
                ),
            );
            let dictionary = Arc::clone(&self.shared.responder.settings().dictionary);
            let dice = &mut self.dice;
            let mut roll = |octets: &mut [u8]| dice.fill(octets);
            pass_up(&packet, request, ends, &dictionary, &mut roll)
        };
        let Ok(items) = items else {
            refuse(&entry, ErrorCause::OTHER_PROXY_PROCESSING_ERROR, desk, sink);
            return Ok(());
        };
        settle(&entry, desk, sink, |shared, pending, moment| {
            shared.responder.answered(pending, (peer, code), &items, moment)
        });
        Ok(())
    }

    /// The connection ends: nobody can be asked on it any more, and who waits is told so.
    pub(super) fn close(mut self, desk: &mut Desk, sink: &mut dyn Sink) {
        self.shared.downs.lock().remove(&self.link);
        self.shared.responder.disconnected(self.link);
        let waiting: Vec<Entry> = self.entries.drain().map(|(_, entry)| entry).collect();
        for entry in waiting {
            refuse(&entry, ErrorCause::REQUEST_NOT_ROUTABLE, desk, sink);
        }
        while let Ok(entry) = self.orders.try_recv() {
            refuse(&entry, ErrorCause::REQUEST_NOT_ROUTABLE, desk, sink);
        }
    }
}

fn refuse(entry: &Entry, cause: ErrorCause, desk: &mut Desk, sink: &mut dyn Sink) {
    settle(entry, desk, sink, |shared, pending, moment| {
        shared.responder.unreached(pending, cause, moment)
    });
}

/// Has whoever asked told what the responder says. What gathers datagrams may not go from thread to thread, as the
/// task of a connection may.
fn settle(
    entry: &Entry,
    desk: &mut Desk,
    sink: &mut dyn Sink,
    ask: impl FnOnce(&Shared, &Pending, &mut Moment<'_>) -> (Did, Deed),
) {
    let mut post = Post::new();
    desk.settle(entry, &mut post, sink, ask);
    if let Err(error) = post.flush() {
        sink.event(&Event::NotSent(&error));
    }
    sink.flush();
}
