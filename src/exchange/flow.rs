//! One socket's or connection's table of outstanding exchanges, all with one peer.
//!
//! It also remembers the last request that had each Identifier after it is over, so that a reply that comes too
//! late, or twice, is known for what it is.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::deadlines::Deadlines;
use super::exchange::same_address;
use super::{Exchange, Exhausted, GaveUp, Identifiers, Ignored, Receipt, Reply, Step};
use crate::codec::seal;
use crate::codec::{Authenticator, Packet, Secret};

/// The outstanding exchanges of one socket.
#[derive(Debug)]
pub struct Flow {
    peer: SocketAddr,
    identifiers: Identifiers,
    slots: Vec<Slot>,
    deadlines: Deadlines,
    outstanding: usize,
}

/// What one Identifier stands for.
#[derive(Debug, Default)]
struct Slot {
    now: Holder,
    before: Option<Past>,
}

#[derive(Debug, Default)]
enum Holder {
    #[default]
    Nobody,
    Exchange(Box<Exchange>),
    /// The exchange was renewed and has this Identifier now.
    Moved(u8),
}

/// A request that is over.
#[derive(Debug)]
struct Past {
    tag: u64,
    authenticator: Authenticator,
    secret: Arc<Secret>,
    first_sent: Instant,
    answered: bool,
}

/// What is to be done for one of the exchanges.
#[derive(Debug)]
pub enum Due<'a> {
    /// Send [`Exchange::request`]; the transmission is counted.
    Send(&'a Exchange),
    /// Build the request anew and call [`Flow::renew`] with it, or [`Flow::keep`].
    Renew {
        /// Whose time has come.
        exchange: &'a Exchange,
        /// Since the first transmission, in whole seconds.
        delay: Duration,
    },
    /// The exchange has failed and is no longer in the table.
    GaveUp {
        /// What failed.
        exchange: Box<Exchange>,
        /// Which limit was reached.
        why: GaveUp,
    },
}

/// What a datagram was.
#[derive(Debug)]
pub enum Arrival {
    /// A reply; its exchange is over and no longer in the table.
    Reply {
        /// What was answered.
        exchange: Box<Exchange>,
        /// With what.
        reply: Reply,
    },
    /// Not a reply.
    Ignored {
        /// The tag of the exchange, present or past, that has the Identifier.
        request: Option<u64>,
        /// Why not.
        why: Ignored,
    },
}

/// The exchange could not be inserted, since its Identifier belongs to another one that is outstanding.
#[derive(Debug)]
pub struct Taken(pub Box<Exchange>);

impl Flow {
    /// A table for a socket that talks to `peer`. `start` is a random number: the first Identifier.
    pub fn new(peer: SocketAddr, start: u8) -> Flow {
        Flow {
            peer,
            identifiers: Identifiers::new(start),
            slots: (0..=u8::MAX).map(|_| Slot::default()).collect(),
            deadlines: Deadlines::new(),
            outstanding: 0,
        }
    }

    /// With whom these exchanges are.
    pub fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// How many exchanges are outstanding.
    pub fn outstanding(&self) -> usize {
        self.outstanding
    }

    /// How many Identifiers are free.
    pub fn free(&self) -> usize {
        self.identifiers.free()
    }

    /// Whether [`Flow::reserve`] would succeed.
    pub fn has_free(&self, wanted: Option<u8>) -> bool {
        match wanted {
            Some(wanted) => !self.identifiers.is_taken(wanted),
            None => self.identifiers.free() > 0,
        }
    }

    /// Takes an Identifier for a request that is about to be built: the one that is wanted, or any.
    pub fn reserve(&mut self, wanted: Option<u8>) -> Result<u8, Exhausted> {
        match wanted {
            Some(wanted) => self.identifiers.take_fixed(wanted),
            None => self.identifiers.take(),
        }
    }

    /// Gives back an Identifier for which no request could be built.
    pub fn release(&mut self, identifier: u8) {
        if matches!(self.slot(identifier).now, Holder::Nobody) {
            self.identifiers.release(identifier);
        }
    }

    /// Takes over an exchange, due at once. Its Identifier has been reserved, or is free.
    pub fn insert(&mut self, exchange: Exchange, now: Instant) -> Result<(), Taken> {
        let identifier = exchange.identifier();
        let exchange = Box::new(exchange);
        if !matches!(self.slot(identifier).now, Holder::Nobody) {
            return Err(Taken(exchange));
        }
        if !self.identifiers.is_taken(identifier) && self.identifiers.take_fixed(identifier).is_err() {
            return Err(Taken(exchange));
        }
        self.deadlines.set(identifier, exchange.due().unwrap_or(now));
        self.slot_mut(identifier).now = Holder::Exchange(exchange);
        self.outstanding += 1;
        Ok(())
    }

    /// When [`Flow::poll`] has something to say next.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadlines.first().map(|(at, _)| at)
    }

    /// What is to be done now, one thing at a time; `None` until [`Flow::deadline`]. `dice` is a fresh random
    /// number from -1 to 1.
    pub fn poll(&mut self, now: Instant, dice: f64) -> Option<Due<'_>> {
        let (at, identifier) = self.deadlines.first()?;
        if now < at {
            return None;
        }
        let Holder::Exchange(exchange) = &mut self.slots[usize::from(identifier)].now else {
            // Only exchanges have deadlines.
            self.deadlines.remove(identifier);
            return None;
        };
        enum Turn {
            Sent,
            Renew(Duration),
            Over(GaveUp),
            Wait(Instant),
        }
        let turn = match exchange.poll(now, dice) {
            Step::Send(_) => Turn::Sent,
            Step::Renew { delay } => Turn::Renew(delay),
            Step::GiveUp(why) => Turn::Over(why),
            Step::Wait(until) => Turn::Wait(until),
        };
        match turn {
            Turn::Over(why) => {
                let exchange = self.finish(identifier, false)?;
                Some(Due::GaveUp { exchange, why })
            }
            Turn::Wait(until) => {
                self.deadlines.set(identifier, until);
                None
            }
            Turn::Sent => {
                let exchange = self.exchange(identifier)?;
                let until = exchange.due().unwrap_or(now);
                self.deadlines.set(identifier, until);
                self.exchange(identifier).map(Due::Send)
            }
            Turn::Renew(delay) => self
                .exchange(identifier)
                .map(|exchange| Due::Renew { exchange, delay }),
        }
    }

    /// Replaces the request of the exchange that has `identifier` by octets with another Identifier, reserved
    /// before; the old one stays taken, since a reply to it still counts. Due at once.
    pub fn renew(&mut self, identifier: u8, request: Vec<u8>, now: Instant) {
        let Holder::Exchange(mut exchange) = std::mem::take(&mut self.slot_mut(identifier).now) else {
            return;
        };
        self.deadlines.remove(identifier);
        exchange.renew(request, now);
        let current = exchange.identifier();
        for earlier in exchange.earlier_identifiers() {
            self.slots[usize::from(earlier)].now = Holder::Moved(current);
        }
        self.deadlines.set(current, now);
        self.slot_mut(current).now = Holder::Exchange(exchange);
    }

    /// Has the exchange that was to be renewed send the same octets again. Due at once.
    pub fn keep(&mut self, identifier: u8, now: Instant) {
        if let Holder::Exchange(exchange) = &mut self.slots[usize::from(identifier)].now {
            exchange.keep();
            self.deadlines.set(identifier, now);
        }
    }

    /// Judges a datagram. Only a reply changes anything here.
    pub fn receive(&mut self, now: Instant, from: SocketAddr, octets: &[u8]) -> Arrival {
        let identifier = octets.get(1).copied();
        let holder = identifier.and_then(|identifier| self.exchange(identifier));
        let (request, why) = match holder {
            Some(exchange) => match exchange.receive(now, from, octets) {
                Receipt::Reply(reply) => {
                    let current = exchange.identifier();
                    // The exchange has just been found there.
                    return match self.finish(current, true) {
                        Some(exchange) => Arrival::Reply { exchange, reply },
                        None => self.ignored(now, from, octets),
                    };
                }
                Receipt::Ignored(why) => (exchange.tag(), why),
            },
            None => return self.ignored(now, from, octets),
        };
        if why.is_untrusted() {
            // It may be a good reply to the request that had the Identifier before.
            let past = self.past(now, octets).filter(|(_, why)| match why {
                Ignored::Late { seals, .. } | Ignored::Duplicate { seals, .. } => seals.hold(),
                _ => false,
            });
            if let Some((request, why)) = past {
                return Arrival::Ignored {
                    request: Some(request),
                    why,
                };
            }
        }
        Arrival::Ignored {
            request: Some(request),
            why,
        }
    }

    /// Takes an exchange out of the table, as one that was given up.
    pub fn cancel(&mut self, identifier: u8) -> Option<Box<Exchange>> {
        let current = self.exchange(identifier)?.identifier();
        self.finish(current, false)
    }

    /// Takes every exchange out of the table, as given up, in the order of their Identifiers.
    pub fn cancel_all(&mut self) -> Vec<Box<Exchange>> {
        (0..=u8::MAX)
            .filter_map(|identifier| self.cancel(identifier))
            .collect()
    }

    /// The outstanding exchange that has, or had before it was renewed, this Identifier.
    pub fn exchange(&self, identifier: u8) -> Option<&Exchange> {
        let holder = match self.slot(identifier).now {
            Holder::Moved(current) => &self.slot(current).now,
            ref holder => holder,
        };
        match holder {
            Holder::Exchange(exchange) => Some(exchange),
            Holder::Nobody | Holder::Moved(_) => None,
        }
    }

    fn slot(&self, identifier: u8) -> &Slot {
        &self.slots[usize::from(identifier)]
    }

    fn slot_mut(&mut self, identifier: u8) -> &mut Slot {
        &mut self.slots[usize::from(identifier)]
    }

    /// Empties the slots of an exchange and remembers what it was.
    fn finish(&mut self, identifier: u8, answered: bool) -> Option<Box<Exchange>> {
        let Holder::Exchange(exchange) = std::mem::take(&mut self.slot_mut(identifier).now) else {
            return None;
        };
        self.deadlines.remove(identifier);
        self.outstanding -= 1;
        for (identifier, authenticator) in exchange.identities() {
            let slot = &mut self.slots[usize::from(identifier)];
            slot.now = Holder::Nobody;
            slot.before = exchange.first_sent().map(|first_sent| Past {
                tag: exchange.tag(),
                authenticator,
                secret: Arc::clone(exchange.secret()),
                first_sent,
                answered,
            });
            self.identifiers.release(identifier);
        }
        Some(exchange)
    }

    /// Judges a datagram for which no exchange waits.
    fn ignored(&self, now: Instant, from: SocketAddr, octets: &[u8]) -> Arrival {
        if !same_address(from, self.peer) {
            return Arrival::Ignored {
                request: None,
                why: Ignored::WrongSource {
                    expected: self.peer,
                    from,
                },
            };
        }
        let (request, why) = match (Packet::parse(octets), self.past(now, octets)) {
            (Err(short), _) => (None, Ignored::TooShort(short)),
            (Ok(_), Some((request, why))) => (Some(request), why),
            (Ok(packet), None) => {
                let identifier = packet.identifier();
                (None, Ignored::UnknownIdentifier { identifier })
            }
        };
        Arrival::Ignored { request, why }
    }

    /// What a datagram is to the request that last had its Identifier and is over.
    fn past(&self, now: Instant, octets: &[u8]) -> Option<(u64, Ignored)> {
        let packet = Packet::parse(octets).ok()?;
        let past = self.slot(packet.identifier()).before.as_ref()?;
        let after = now.saturating_duration_since(past.first_sent);
        let seals = seal::check_reply(&packet, &past.authenticator, &past.secret);
        let why = if past.answered {
            Ignored::Duplicate { after, seals }
        } else {
            Ignored::Late { after, seals }
        };
        Some((past.tag, why))
    }
}
