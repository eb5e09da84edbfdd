//! Requests that were seen before: a client that hears nothing sends the same octets again, and must get the same
//! octets back without anything being done twice (RFC 5080 §2.2.2).
//!
//! ```text
//!  same client, port, listener, Code, Identifier │ same octets │ then
//!  no                                            │             │ new: worked on
//!  yes                                           │ no          │ new: the client gave the old one up
//!  yes, no reply yet (or it is held back)        │ yes         │ in flight: dropped
//!  yes, reply sent                               │ yes         │ the identical reply again
//! ```
//!
//! A new request has another authenticator (RFC 2865 §3). A client that answers a challenge under the authenticator
//! of its first request breaks that rule; its octets are others, so that it is heard rather than told the same
//! challenge for ever.
//!
//! Every step takes a time that does not grow with the table. Memory is bounded by a number of entries and a number
//! of octets: beyond either the oldest are forgotten, answered ones first. Only requests that proved the shared
//! secret, or that no secret protects, may come here: see [`super::receive`].

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::codec::{Authenticator, Code, Packet};

/// What makes two requests candidates for being the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    address: [u8; 16],
    port: u16,
    listener: u16,
    code: u8,
    identifier: u8,
}

impl Key {
    /// The key of a request that came from `source` to the listener with this number.
    pub fn new(source: SocketAddr, listener: u16, code: Code, identifier: u8) -> Key {
        let address = match source.ip() {
            IpAddr::V4(address) => address.to_ipv6_mapped(),
            IpAddr::V6(address) => address,
        };
        Key {
            address: address.octets(),
            port: source.port(),
            listener,
            code: code.0,
            identifier,
        }
    }

    /// A number that spreads keys over tables.
    pub fn spread(&self) -> usize {
        usize::from(self.identifier) ^ usize::from(self.port)
    }
}

/// What tells a request from others with its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Print {
    authenticator: Authenticator,
    /// Of all octets.
    digest: u64,
}

impl Print {
    /// What tells this request from others.
    pub fn of(request: &Packet<'_>) -> Print {
        let mut digest = DefaultHasher::new();
        digest.write(request.octets());
        Print {
            authenticator: *request.authenticator(),
            digest: digest.finish(),
        }
    }
}

/// How long and how much to remember.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// How long a reply is kept after it was sent: 5 to 30 seconds say the standards; not at all for zero.
    pub lifetime: Duration,
    /// How long a request may be worked on before it is forgotten.
    pub patience: Duration,
    /// The most requests remembered.
    pub entries: usize,
    /// The most octets of replies remembered.
    pub octets: usize,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds {
            lifetime: Duration::from_secs(30),
            patience: Duration::from_secs(60),
            entries: 32_768,
            octets: 4 << 20,
        }
    }
}

/// What the table knows of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Nothing: it is to be worked on, and [`Duplicates::answer`]ed or [`Duplicates::forget`]ten with this ticket.
    New(Ticket),
    /// It is being worked on, or its reply is held back.
    InFlight,
    /// This reply was sent.
    Answered(Arc<[u8]>),
}

/// Finds an entry again, and only as long as it is the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ticket {
    at: u32,
    turn: u32,
}

/// The table.
#[derive(Debug)]
pub struct Duplicates {
    bounds: Bounds,
    places: HashMap<Key, u32>,
    entries: Vec<Entry>,
    free: Vec<u32>,
    /// Being worked on, in the order in which they came.
    working: List,
    /// Answered, in the order of their replies.
    answered: List,
    octets: usize,
}

#[derive(Debug)]
struct Entry {
    key: Key,
    print: Print,
    reply: Option<Arc<[u8]>>,
    /// When it came; once answered: when its reply leaves.
    since: Instant,
    turn: u32,
    before: u32,
    after: u32,
}

/// A chain through the entries.
#[derive(Clone, Copy, Debug)]
struct List {
    first: u32,
    last: u32,
}

const NONE: u32 = u32::MAX;

impl Duplicates {
    /// A table that remembers nothing yet.
    pub fn new(bounds: Bounds) -> Duplicates {
        let empty = List {
            first: NONE,
            last: NONE,
        };
        Duplicates {
            bounds,
            places: HashMap::new(),
            entries: Vec::new(),
            free: Vec::new(),
            working: empty,
            answered: empty,
            octets: 0,
        }
    }

    /// Changes how long and how much is remembered; what is too much is forgotten with the next request.
    pub fn set_bounds(&mut self, bounds: Bounds) {
        self.bounds = bounds;
    }

    /// How many requests are remembered.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// How many octets of replies are remembered.
    pub fn octets(&self) -> usize {
        self.octets
    }

    /// Looks a request up, and remembers it if it is new.
    pub fn see(&mut self, now: Instant, key: Key, print: Print) -> Seen {
        self.expire(now);
        if let Some(at) = self.places.get(&key).copied() {
            let entry = &self.entries[at as usize];
            if entry.print == print {
                return match &entry.reply {
                    Some(reply) if entry.since <= now => Seen::Answered(Arc::clone(reply)),
                    _ => Seen::InFlight,
                };
            }
            self.remove(at);
        }
        while self.places.len() >= self.bounds.entries.max(1) {
            self.evict();
        }
        let at = self.insert(Entry {
            key,
            print,
            reply: None,
            since: now,
            turn: 0,
            before: NONE,
            after: NONE,
        });
        Seen::New(Ticket {
            at,
            turn: self.entries[at as usize].turn,
        })
    }

    /// Remembers the reply to a request, which leaves at `when`. Does nothing if the request was forgotten meanwhile.
    pub fn answer(&mut self, ticket: Ticket, when: Instant, reply: &Arc<[u8]>) {
        if !self.holds(ticket) {
            return;
        }
        if self.bounds.lifetime.is_zero() {
            self.remove(ticket.at);
            return;
        }
        self.unlink(ticket.at);
        let entry = &mut self.entries[ticket.at as usize];
        let former = entry.reply.replace(Arc::clone(reply));
        entry.since = when;
        self.octets = self.octets + reply.len() - former.map_or(0, |former| former.len());
        self.link(ticket.at);
        while self.octets > self.bounds.octets && self.answered.first != NONE {
            self.remove(self.answered.first);
        }
    }

    /// Forgets a request that gets no reply, so that the next one like it is worked on.
    pub fn forget(&mut self, ticket: Ticket) {
        if self.holds(ticket) {
            self.remove(ticket.at);
        }
    }

    fn holds(&self, ticket: Ticket) -> bool {
        let entry = self.entries.get(ticket.at as usize);
        entry
            .is_some_and(|entry| entry.turn == ticket.turn && self.places.get(&entry.key) == Some(&ticket.at))
    }

    /// Forgets what is too old. What is removed was inserted once, so that the cost is constant in the mean.
    fn expire(&mut self, now: Instant) {
        for (list, age) in [
            (self.answered, self.bounds.lifetime),
            (self.working, self.bounds.patience),
        ] {
            let mut at = list.first;
            while let Some(entry) = self.entries.get(at as usize) {
                if now.saturating_duration_since(entry.since) < age {
                    break;
                }
                let after = entry.after;
                self.remove(at);
                at = after;
            }
        }
    }

    /// Forgets one entry: the one answered first, or else the one that came first.
    fn evict(&mut self) {
        let at = if self.answered.first == NONE {
            self.working.first
        } else {
            self.answered.first
        };
        self.remove(at);
    }

    fn insert(&mut self, entry: Entry) -> u32 {
        let at = match self.free.pop() {
            Some(at) => {
                let turn = self.entries[at as usize].turn.wrapping_add(1);
                self.entries[at as usize] = Entry { turn, ..entry };
                at
            }
            None => {
                self.entries.push(entry);
                u32::try_from(self.entries.len() - 1).unwrap_or(NONE)
            }
        };
        self.places.insert(self.entries[at as usize].key, at);
        self.link(at);
        at
    }

    fn remove(&mut self, at: u32) {
        self.unlink(at);
        let Some(entry) = self.entries.get_mut(at as usize) else {
            return;
        };
        self.octets -= entry.reply.take().map_or(0, |reply| reply.len());
        self.places.remove(&entry.key);
        self.free.push(at);
    }

    /// Appends to the chain that the entry belongs to.
    fn link(&mut self, at: u32) {
        let list = if self.entries[at as usize].reply.is_some() {
            &mut self.answered
        } else {
            &mut self.working
        };
        let last = std::mem::replace(&mut list.last, at);
        if last == NONE {
            list.first = at;
        } else {
            self.entries[last as usize].after = at;
        }
        let entry = &mut self.entries[at as usize];
        (entry.before, entry.after) = (last, NONE);
    }

    /// Takes out of the chain that the entry belongs to.
    fn unlink(&mut self, at: u32) {
        let Some(entry) = self.entries.get(at as usize) else {
            return;
        };
        let (before, after) = (entry.before, entry.after);
        let list = if entry.reply.is_some() {
            &mut self.answered
        } else {
            &mut self.working
        };
        match self.entries.get_mut(before as usize) {
            Some(entry) => entry.after = after,
            None => list.first = after,
        }
        match self.entries.get_mut(after as usize) {
            Some(entry) => entry.before = before,
            None => list.last = before,
        }
    }
}

#[cfg(test)]
mod tests;
