//! Which reply belongs to which request, and what became of those without one.
//!
//! A request is known by client, server, transport and Identifier until it is forgotten: answered ones a while after
//! their reply, so that retransmissions and duplicates are recognised, others when their client must have given up.
//! Time is the capture's. What is remembered is bounded in number and octets, whatever the capture's length.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::net::SocketAddr;

use super::capture::Time;
use super::memory::{Mixer, digest};
use super::packets::Sighting;
use crate::codec::v11::Token;
use crate::codec::{Authenticator, Code, Packet};
use crate::exchange::{Transport, Version};

/// The most requests that are remembered.
const MAX_REQUESTS: usize = 16_384;
/// The most octets of requests that are remembered.
const MAX_OCTETS: usize = 8 << 20;
/// A request that was sent this long ago may still be answered, so that its Identifier is not free.
const OUTSTANDING: u64 = 5_000_000_000;

/// Joins replies to requests.
pub struct Linker {
    requests: HashMap<Key, Request, BuildHasherDefault<Mixer>>,
    /// When each request is to be looked at again.
    queue: VecDeque<(Time, Key, u64)>,
    octets: usize,
    serial: u64,
    timeout: u64,
    /// Buffers that can be used again.
    spare: Vec<Vec<u8>>,
}

/// What a request is known by (RFC 2865 §3).
#[derive(Clone, Copy, PartialEq, Eq)]
struct Key {
    /// Of all the rest, worked out once: a request is looked up several times.
    hash: u64,
    client: SocketAddr,
    server: SocketAddr,
    transport: Transport,
    number: Number,
}

impl Key {
    fn new(client: SocketAddr, server: SocketAddr, transport: Transport, number: Number) -> Key {
        Key {
            hash: digest((client, server, transport, number), &[]),
            client,
            server,
            transport,
            number,
        }
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

/// The number by which a reply finds its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Number {
    /// The Identifier.
    Identifier(u8),
    /// The Token, in RADIUS/1.1 (RFC 9765 §4.2.1).
    Token(Token),
}

impl Number {
    /// The number of a packet.
    pub fn of(packet: &Packet<'_>, version: Version) -> Number {
        match version {
            Version::V1_0 => Number::Identifier(packet.identifier()),
            Version::V1_1 => Number::Token(Token::of(packet)),
        }
    }
}

/// A request that is remembered.
#[derive(Debug)]
pub struct Request {
    serial: u64,
    /// The frame of its first transmission.
    pub number: u64,
    /// When it was first sent.
    pub first: Time,
    /// When it was last sent.
    pub last: Time,
    /// How often it was sent.
    pub transmissions: u32,
    /// Its octets.
    pub octets: Vec<u8>,
    /// The number that its conversation was given.
    pub conversation: u64,
    /// Whether somebody wants to know what becomes of it.
    pub(super) wanted: bool,
    answer: Option<Answer>,
    given_up: bool,
}

#[derive(Debug)]
struct Answer {
    digest: u64,
    count: u32,
}

impl Request {
    /// Its Code.
    pub fn code(&self) -> Code {
        Code(self.octets.first().copied().unwrap_or(0))
    }

    /// Its view; none where it is shorter than a header.
    pub fn packet(&self) -> Option<Packet<'_>> {
        Packet::parse(&self.octets).ok()
    }

    /// Its Request Authenticator.
    pub fn authenticator(&self) -> Option<&Authenticator> {
        self.packet().map(|packet| packet.authenticator())
    }
}

/// What a packet is to those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// A request.
    Request {
        /// Which transmission it is; the first is 1.
        transmission: u32,
        /// The frame of the first transmission, and how long ago it was, in nanoseconds.
        first: Option<(u64, u64)>,
        /// It took the Identifier of another request that may still be answered.
        reuses: bool,
    },
    /// A reply to a request that was seen.
    Reply {
        /// The frame of the request's first transmission.
        request: u64,
        /// From the request's first transmission, in nanoseconds.
        since_first: u64,
        /// From its last transmission, in nanoseconds.
        since_last: u64,
        /// How often the request was sent before.
        transmissions: u32,
        /// Which reply to this request it is; the first is 1.
        repeat: u32,
        /// It says something else than the reply before it.
        differs: bool,
        /// It came after the request was given up.
        late: bool,
    },
    /// A reply to a request that was not seen.
    Orphan,
}

/// A request without a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unanswered {
    /// The frame of its first transmission.
    pub number: u64,
    /// When it was first sent.
    pub first: Time,
    /// When it was last sent.
    pub last: Time,
    /// How often it was sent.
    pub transmissions: u32,
    /// Its Code.
    pub code: Code,
    /// Its Identifier or Token.
    pub request: Number,
    /// Who asked.
    pub client: SocketAddr,
    /// Who was asked.
    pub server: SocketAddr,
    /// Over what.
    pub transport: Transport,
    /// The number that its conversation was given.
    pub conversation: u64,
    pub(super) wanted: bool,
}

impl Unanswered {
    /// Whether it is known who asked whom.
    pub fn is_placed(&self) -> bool {
        !self.client.ip().is_unspecified()
    }
}

/// Whether a packet is a reply: by its Code, or where the standards know no reply to it, because it has the
/// Identifier of a request that went the other way.
enum Way {
    Request(Key),
    Reply(Key),
}

impl Linker {
    /// A request is given up when no reply has come `timeout` nanoseconds after its last transmission.
    pub fn new(timeout: u64) -> Linker {
        Linker {
            requests: HashMap::default(),
            queue: VecDeque::new(),
            octets: 0,
            serial: 0,
            timeout,
            spare: Vec::new(),
        }
    }

    /// Takes a packet. `unanswered` is told of requests that are given up now, or whose Identifier this one takes;
    /// what is handed back is what the packet is, and the request it is or belongs to.
    pub fn take(
        &mut self,
        sighting: &Sighting<'_>,
        packet: &Packet<'_>,
        unanswered: &mut dyn FnMut(Unanswered),
    ) -> (Link, Option<&mut Request>) {
        self.expire(sighting.time, unanswered);
        match self.way(sighting, packet) {
            Way::Reply(key) => self.reply(key, sighting),
            Way::Request(key) => self.request(key, sighting, unanswered),
        }
    }

    /// Tells of every request that has no reply: nothing more comes.
    pub fn finish(&mut self, unanswered: &mut dyn FnMut(Unanswered)) {
        let mut left: Vec<Unanswered> = self
            .requests
            .iter()
            .filter(|(_, request)| request.answer.is_none() && !request.given_up)
            .map(|(key, request)| request.unanswered(key))
            .collect();
        left.sort_by_key(|request| request.number);
        left.into_iter().for_each(unanswered);
        self.requests.clear();
        self.queue.clear();
    }

    fn way(&self, sighting: &Sighting<'_>, packet: &Packet<'_>) -> Way {
        let number = Number::of(packet, sighting.version);
        let key = |client, server| Key::new(client, server, sighting.transport, number);
        let back = || key(sighting.destination, sighting.source);
        let code = packet.code();
        let unknown = !code.is_reply() && code.replies().is_empty();
        if code.is_reply() || unknown && self.requests.contains_key(&back()) {
            Way::Reply(back())
        } else {
            Way::Request(key(sighting.source, sighting.destination))
        }
    }

    fn reply(&mut self, key: Key, sighting: &Sighting<'_>) -> (Link, Option<&mut Request>) {
        let Some(request) = self.requests.get_mut(&key) else {
            return (Link::Orphan, None);
        };
        let digest = digest((), sighting.octets);
        let (repeat, differs) = match &mut request.answer {
            Some(answer) => {
                answer.count += 1;
                (answer.count, answer.digest != digest)
            }
            answer @ None => {
                *answer = Some(Answer { digest, count: 1 });
                (1, false)
            }
        };
        let link = Link::Reply {
            request: request.number,
            since_first: sighting.time.since(request.first),
            since_last: sighting.time.since(request.last),
            transmissions: request.transmissions,
            repeat,
            differs,
            late: request.given_up,
        };
        (link, Some(request))
    }

    fn request(
        &mut self,
        key: Key,
        sighting: &Sighting<'_>,
        unanswered: &mut dyn FnMut(Unanswered),
    ) -> (Link, Option<&mut Request>) {
        let mut reuses = false;
        if let Some(known) = self.requests.get_mut(&key) {
            if known.octets == sighting.octets {
                known.transmissions += 1;
                known.last = sighting.time;
                let link = Link::Request {
                    transmission: known.transmissions,
                    first: Some((known.number, sighting.time.since(known.first))),
                    reuses: false,
                };
                // Looked up again, since the borrow would otherwise last to the end.
                return (link, self.requests.get_mut(&key));
            }
            if known.answer.is_none() && !known.given_up {
                reuses = sighting.time.since(known.last) < OUTSTANDING;
                unanswered(known.unanswered(&key));
            }
            self.forget(&key);
        }
        self.serial += 1;
        let mut octets = self.spare.pop().unwrap_or_default();
        octets.clear();
        octets.extend_from_slice(sighting.octets);
        self.octets += octets.len();
        self.queue.push_back((sighting.time, key, self.serial));
        if self.queue.len() > 4 * MAX_REQUESTS {
            // Most belong to requests whose Identifier was used again since.
            let requests = &self.requests;
            self.queue.retain(|(_, key, serial)| {
                requests.get(key).is_some_and(|request| request.serial == *serial)
            });
        }
        let request = Request {
            serial: self.serial,
            number: sighting.number,
            first: sighting.time,
            last: sighting.time,
            transmissions: 1,
            octets,
            conversation: 0,
            wanted: false,
            answer: None,
            given_up: false,
        };
        let link = Link::Request {
            transmission: 1,
            first: None,
            reuses,
        };
        self.requests.insert(key, request);
        while self.requests.len() > MAX_REQUESTS || self.octets > MAX_OCTETS && self.requests.len() > 1 {
            self.drop_oldest(unanswered);
        }
        (link, self.requests.get_mut(&key))
    }

    /// Looks at the requests whose time has come.
    pub(super) fn expire(&mut self, now: Time, unanswered: &mut dyn FnMut(Unanswered)) {
        while let Some((since, key, serial)) = self.queue.front().copied() {
            if now.since(since) < self.timeout {
                return;
            }
            self.queue.pop_front();
            let Some(request) = self
                .requests
                .get_mut(&key)
                .filter(|request| request.serial == serial)
            else {
                continue;
            };
            if request.last > since {
                // It was sent again meanwhile.
                self.queue.push_back((request.last, key, serial));
                continue;
            }
            if request.answer.is_none() && !request.given_up {
                unanswered(request.unanswered(&key));
                // Kept once more as long, to recognise a late reply.
                request.given_up = true;
                self.queue.push_back((now, key, serial));
                continue;
            }
            self.forget(&key);
        }
    }

    fn drop_oldest(&mut self, unanswered: &mut dyn FnMut(Unanswered)) {
        let Some((_, key, serial)) = self.queue.pop_front() else {
            return;
        };
        let Some(request) = self.requests.get(&key).filter(|request| request.serial == serial) else {
            return;
        };
        if request.answer.is_none() && !request.given_up {
            unanswered(request.unanswered(&key));
        }
        self.forget(&key);
    }

    fn forget(&mut self, key: &Key) {
        const MAX_SPARE: usize = 64;
        if let Some(request) = self.requests.remove(key) {
            self.octets -= request.octets.len();
            if self.spare.len() < MAX_SPARE {
                self.spare.push(request.octets);
            }
        }
    }
}

impl Request {
    fn unanswered(&self, key: &Key) -> Unanswered {
        Unanswered {
            number: self.number,
            first: self.first,
            last: self.last,
            transmissions: self.transmissions,
            code: self.code(),
            request: key.number,
            client: key.client,
            server: key.server,
            transport: key.transport,
            conversation: self.conversation,
            wanted: self.wanted,
        }
    }
}

#[cfg(test)]
mod tests;
