//! One connection's table of outstanding exchanges of RADIUS/1.1 (RFC 9765): a Token finds each, so that thousands
//! may be in flight. Nothing is retransmitted, since the version is only spoken on streams here.

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;
use std::time::Instant;

use super::exchange::same_address;
use super::{Arrival, Due, Exchange, Ignored, Receipt, Step, Taken};
use crate::codec::Packet;
use crate::codec::v11::Token;

/// The outstanding exchanges of one connection.
#[derive(Debug)]
pub struct TokenFlow {
    peer: SocketAddr,
    next: Token,
    exchanges: HashMap<Token, Box<Exchange>>,
    /// When each has something to do; one entry an exchange.
    deadlines: BTreeSet<(Instant, Token)>,
}

impl TokenFlow {
    /// A table for a connection with `peer`. `start` is a random number: the first Token.
    pub fn new(peer: SocketAddr, start: u32) -> TokenFlow {
        TokenFlow {
            peer,
            next: Token(start),
            exchanges: HashMap::new(),
            deadlines: BTreeSet::new(),
        }
    }

    /// With whom these exchanges are.
    pub fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// How many exchanges are outstanding.
    pub fn outstanding(&self) -> usize {
        self.exchanges.len()
    }

    /// A Token for a request that is about to be built: one more than the last, but none that is still in use.
    pub fn reserve(&mut self) -> Token {
        while self.exchanges.contains_key(&self.next) {
            self.next = self.next.next();
        }
        let token = self.next;
        self.next = token.next();
        token
    }

    /// Takes over an exchange, due at once.
    pub fn insert(&mut self, exchange: Exchange, now: Instant) -> Result<(), Taken> {
        let token = exchange.token();
        let exchange = Box::new(exchange);
        if self.exchanges.contains_key(&token) {
            return Err(Taken(exchange));
        }
        self.deadlines.insert((exchange.due().unwrap_or(now), token));
        self.exchanges.insert(token, exchange);
        Ok(())
    }

    /// When [`TokenFlow::poll`] has something to say next.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadlines.first().map(|(at, _)| *at)
    }

    /// What is to be done now, one thing at a time; `None` until [`TokenFlow::deadline`]. `dice` is a fresh random
    /// number from -1 to 1.
    pub fn poll(&mut self, now: Instant, dice: f64) -> Option<Due<'_>> {
        let (at, token) = *self.deadlines.first()?;
        if now < at {
            return None;
        }
        self.deadlines.remove(&(at, token));
        let exchange = self.exchanges.get_mut(&token)?;
        let why = match exchange.poll(now, dice) {
            Step::Send(_) => None,
            Step::Wait(until) => {
                self.deadlines.insert((until, token));
                return None;
            }
            // A packet is never built anew on a stream: there, the next wait is its last.
            Step::Renew { .. } => {
                exchange.keep();
                self.deadlines.insert((now, token));
                return None;
            }
            Step::GiveUp(why) => Some(why),
        };
        match why {
            Some(why) => {
                let exchange = self.exchanges.remove(&token)?;
                Some(Due::GaveUp { exchange, why })
            }
            None => {
                let exchange = self.exchanges.get(&token)?;
                self.deadlines.insert((exchange.due().unwrap_or(now), token));
                Some(Due::Send(exchange))
            }
        }
    }

    /// Judges a packet. Only a reply changes anything here.
    pub fn receive(&mut self, now: Instant, from: SocketAddr, octets: &[u8]) -> Arrival {
        let ignored = |why| Arrival::Ignored { request: None, why };
        if !same_address(from, self.peer) {
            return ignored(Ignored::WrongSource {
                expected: self.peer,
                from,
            });
        }
        let token = match Packet::parse(octets) {
            Ok(packet) => Token::of(&packet),
            Err(short) => return ignored(Ignored::TooShort(short)),
        };
        let Some(exchange) = self.exchanges.get(&token) else {
            return ignored(Ignored::UnknownToken { token });
        };
        match exchange.receive(now, from, octets) {
            Receipt::Ignored(why) => Arrival::Ignored {
                request: Some(exchange.tag()),
                why,
            },
            Receipt::Reply(reply) => match self.cancel(token) {
                Some(exchange) => Arrival::Reply { exchange, reply },
                None => ignored(Ignored::UnknownToken { token }),
            },
        }
    }

    /// Takes an exchange out of the table.
    pub fn cancel(&mut self, token: Token) -> Option<Box<Exchange>> {
        let exchange = self.exchanges.remove(&token)?;
        match exchange.due() {
            Some(at) => {
                self.deadlines.remove(&(at, token));
            }
            // It waits for its first transmission since an instant that only the table knows.
            None => self.deadlines.retain(|(_, other)| *other != token),
        }
        Some(exchange)
    }

    /// Takes every exchange out of the table, in the order of their Tokens.
    pub fn cancel_all(&mut self) -> Vec<Box<Exchange>> {
        self.deadlines.clear();
        let mut all: Vec<Box<Exchange>> = self.exchanges.drain().map(|(_, exchange)| exchange).collect();
        all.sort_by_key(|exchange| exchange.token());
        all
    }

    /// The outstanding exchange that has this Token.
    pub fn exchange(&self, token: Token) -> Option<&Exchange> {
        self.exchanges.get(&token).map(|exchange| &**exchange)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::codec::{Code, Secret, v11};
    use crate::exchange::{GaveUp, Policy, Version};

    fn peer() -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], 2083))
    }

    fn exchange(token: Token, tag: u64) -> Exchange {
        let request = v11::builder(Code::ACCESS_REQUEST, token).finish();
        let secret = Arc::new(Secret::new("radsec"));
        Exchange::new(request, secret, peer(), Policy::stream(Duration::from_secs(1)))
            .over(Version::V1_1)
            .with_tag(tag)
    }

    #[test]
    fn thousands_in_flight_each_find_their_reply() {
        let now = Instant::now();
        let mut flow = TokenFlow::new(peer(), u32::MAX - 1000);
        let tokens: Vec<Token> = (0..5000)
            .map(|tag| {
                let token = flow.reserve();
                flow.insert(exchange(token, tag), now).unwrap();
                token
            })
            .collect();
        for _ in 0..5000 {
            assert!(matches!(flow.poll(now, 0.0), Some(Due::Send(_))));
        }
        assert!(flow.poll(now, 0.0).is_none());
        for (tag, token) in tokens.iter().enumerate().rev() {
            let reply = v11::builder(Code::ACCESS_ACCEPT, *token).finish();
            match flow.receive(now, peer(), &reply) {
                Arrival::Reply { exchange, reply } => {
                    assert_eq!((exchange.tag(), reply.code), (tag as u64, Code::ACCESS_ACCEPT));
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((flow.outstanding(), flow.deadline()), (0, None));
    }

    #[test]
    fn a_reply_with_another_token_or_another_kind_of_code_is_ignored() {
        let now = Instant::now();
        let mut flow = TokenFlow::new(peer(), 7);
        let token = flow.reserve();
        flow.insert(exchange(token, 1), now).unwrap();
        let stray = v11::builder(Code::ACCESS_ACCEPT, Token(8)).finish();
        assert!(matches!(
            flow.receive(now, peer(), &stray),
            Arrival::Ignored {
                request: None,
                why: Ignored::UnknownToken { token: Token(8) }
            }
        ));
        let odd = v11::builder(Code::ACCOUNTING_RESPONSE, token).finish();
        assert!(matches!(
            flow.receive(now, peer(), &odd),
            Arrival::Ignored {
                request: Some(1),
                why: Ignored::IllegalCode { .. }
            }
        ));
    }

    #[test]
    fn what_is_not_answered_is_given_up_and_never_sent_again() {
        let now = Instant::now();
        let mut flow = TokenFlow::new(peer(), 7);
        let token = flow.reserve();
        flow.insert(exchange(token, 1), now).unwrap();
        assert!(matches!(flow.poll(now, 0.0), Some(Due::Send(_))));
        let late = now + Duration::from_secs(2);
        assert!(matches!(
            flow.poll(late, 0.0),
            Some(Due::GaveUp {
                why: GaveUp::Retries,
                ..
            })
        ));
        assert_eq!(flow.outstanding(), 0);
    }
}
