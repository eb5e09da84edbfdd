//! The exchanges of one link, by Identifier or by Token, whichever its version of RADIUS has.

use std::net::SocketAddr;
use std::time::Instant;

use super::{Arrival, Due, Exchange, Exhausted, Flow, TokenFlow, Version};
use crate::codec::v11::Token;

/// By what a request is known while it is outstanding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// RADIUS/1.0.
    Identifier(u8),
    /// RADIUS/1.1.
    Token(Token),
}

/// The exchanges of one link.
#[derive(Debug)]
pub enum Table {
    /// In RADIUS/1.0.
    Identifiers(Box<Flow>),
    /// In RADIUS/1.1.
    Tokens(TokenFlow),
}

impl Table {
    /// None yet, with `peer`. `start` is random: the first Token, or in its low octet the first Identifier.
    pub fn new(version: Version, peer: SocketAddr, start: u32) -> Table {
        match version {
            Version::V1_0 => Table::Identifiers(Box::new(Flow::new(peer, start.to_be_bytes()[3]))),
            Version::V1_1 => Table::Tokens(TokenFlow::new(peer, start)),
        }
    }

    /// The version of RADIUS.
    pub fn version(&self) -> Version {
        match self {
            Table::Identifiers(_) => Version::V1_0,
            Table::Tokens(_) => Version::V1_1,
        }
    }

    /// With whom.
    pub fn peer(&self) -> SocketAddr {
        match self {
            Table::Identifiers(flow) => flow.peer(),
            Table::Tokens(flow) => flow.peer(),
        }
    }

    /// A number for a request that is about to be built; `wanted` is a fixed Identifier.
    pub fn reserve(&mut self, wanted: Option<u8>) -> Result<Number, Exhausted> {
        match self {
            Table::Identifiers(flow) => flow.reserve(wanted).map(Number::Identifier),
            Table::Tokens(flow) => Ok(Number::Token(flow.reserve())),
        }
    }

    /// Gives back a number for which no request could be built. Tokens are not used up.
    pub fn release(&mut self, number: Number) {
        if let (Table::Identifiers(flow), Number::Identifier(identifier)) = (self, number) {
            flow.release(identifier);
        }
    }

    /// Takes over an exchange; whether its number was free.
    pub fn insert(&mut self, exchange: Exchange, now: Instant) -> bool {
        match self {
            Table::Identifiers(flow) => flow.insert(exchange, now).is_ok(),
            Table::Tokens(flow) => flow.insert(exchange, now).is_ok(),
        }
    }

    /// When [`Table::poll`] has something to say next.
    pub fn deadline(&self) -> Option<Instant> {
        match self {
            Table::Identifiers(flow) => flow.deadline(),
            Table::Tokens(flow) => flow.deadline(),
        }
    }

    /// What is to be done now, one thing at a time. `dice` is a fresh random number from -1 to 1.
    pub fn poll(&mut self, now: Instant, dice: f64) -> Option<Due<'_>> {
        match self {
            Table::Identifiers(flow) => flow.poll(now, dice),
            Table::Tokens(flow) => flow.poll(now, dice),
        }
    }

    /// Judges a packet. Only a reply changes anything here.
    pub fn receive(&mut self, now: Instant, from: SocketAddr, octets: &[u8]) -> Arrival {
        match self {
            Table::Identifiers(flow) => flow.receive(now, from, octets),
            Table::Tokens(flow) => flow.receive(now, from, octets),
        }
    }

    /// Takes the exchange that a packet with this header belongs to out of the table.
    pub fn cancel(&mut self, header: &[u8]) -> Option<Box<Exchange>> {
        match self {
            Table::Identifiers(flow) => flow.cancel(*header.get(1)?),
            Table::Tokens(flow) => flow.cancel(token(header)?),
        }
    }

    /// Takes every exchange out of the table.
    pub fn cancel_all(&mut self) -> Vec<Box<Exchange>> {
        match self {
            Table::Identifiers(flow) => flow.cancel_all(),
            Table::Tokens(flow) => flow.cancel_all(),
        }
    }

    /// The exchange that a reply with this header would belong to.
    pub fn asked(&self, header: &[u8]) -> Option<&Exchange> {
        match self {
            Table::Identifiers(flow) => flow.exchange(header.get(1).copied()?),
            Table::Tokens(flow) => flow.exchange(token(header)?),
        }
    }

    /// The table whose requests may be built anew (RFC 2866 §5.2); on streams, nothing is sent twice.
    pub fn identifiers(&mut self) -> Option<&mut Flow> {
        match self {
            Table::Identifiers(flow) => Some(flow),
            Table::Tokens(_) => None,
        }
    }
}

/// Where a header of RADIUS/1.1 has its Token (RFC 9765 §4.1).
fn token(header: &[u8]) -> Option<Token> {
    let field: [u8; 4] = header.get(4..8)?.try_into().ok()?;
    Some(Token(u32::from_be_bytes(field)))
}
