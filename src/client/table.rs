//! The exchanges of one link, by Identifier or by Token, whichever its version of RADIUS has.

use std::net::SocketAddr;
use std::time::Instant;

use crate::codec::v11::Token;
use crate::exchange::{Arrival, Due, Exchange, Exhausted, Flow, TokenFlow, Version};
use crate::net::dice::Dice;

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
pub(super) enum Table {
    Identifiers(Box<Flow>),
    Tokens(TokenFlow),
}

impl Table {
    pub(super) fn new(version: Version, peer: SocketAddr, dice: &mut Dice) -> Table {
        match version {
            Version::V1_0 => Table::Identifiers(Box::new(Flow::new(peer, dice.octet()))),
            Version::V1_1 => {
                let [a, b, c, d, ..] = dice.authenticator();
                Table::Tokens(TokenFlow::new(peer, u32::from_be_bytes([a, b, c, d])))
            }
        }
    }

    pub(super) fn version(&self) -> Version {
        match self {
            Table::Identifiers(_) => Version::V1_0,
            Table::Tokens(_) => Version::V1_1,
        }
    }

    pub(super) fn peer(&self) -> SocketAddr {
        match self {
            Table::Identifiers(flow) => flow.peer(),
            Table::Tokens(flow) => flow.peer(),
        }
    }

    /// A number for a request that is about to be built; `wanted` is a fixed Identifier.
    pub(super) fn reserve(&mut self, wanted: Option<u8>) -> Result<Number, Exhausted> {
        match self {
            Table::Identifiers(flow) => flow.reserve(wanted).map(Number::Identifier),
            Table::Tokens(flow) => Ok(Number::Token(flow.reserve())),
        }
    }

    /// Gives back a number for which no request could be built. Tokens are not used up.
    pub(super) fn release(&mut self, number: Number) {
        if let (Table::Identifiers(flow), Number::Identifier(identifier)) = (self, number) {
            flow.release(identifier);
        }
    }

    /// Takes over an exchange; whether its number was free.
    pub(super) fn insert(&mut self, exchange: Exchange, now: Instant) -> bool {
        match self {
            Table::Identifiers(flow) => flow.insert(exchange, now).is_ok(),
            Table::Tokens(flow) => flow.insert(exchange, now).is_ok(),
        }
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        match self {
            Table::Identifiers(flow) => flow.deadline(),
            Table::Tokens(flow) => flow.deadline(),
        }
    }

    pub(super) fn poll(&mut self, now: Instant, dice: f64) -> Option<Due<'_>> {
        match self {
            Table::Identifiers(flow) => flow.poll(now, dice),
            Table::Tokens(flow) => flow.poll(now, dice),
        }
    }

    pub(super) fn receive(&mut self, now: Instant, from: SocketAddr, octets: &[u8]) -> Arrival {
        match self {
            Table::Identifiers(flow) => flow.receive(now, from, octets),
            Table::Tokens(flow) => flow.receive(now, from, octets),
        }
    }

    /// Takes the exchange that a packet with this header belongs to out of the table.
    pub(super) fn cancel(&mut self, header: &[u8]) -> Option<Box<Exchange>> {
        match self {
            Table::Identifiers(flow) => flow.cancel(*header.get(1)?),
            Table::Tokens(flow) => flow.cancel(token(header)?),
        }
    }

    #[expect(clippy::vec_box, reason = "as the tables give them: they held them boxed")]
    pub(super) fn cancel_all(&mut self) -> Vec<Box<Exchange>> {
        match self {
            Table::Identifiers(flow) => flow.cancel_all(),
            Table::Tokens(flow) => flow.cancel_all(),
        }
    }

    /// The exchange that a reply with this header would belong to.
    pub(super) fn asked(&self, header: &[u8]) -> Option<&Exchange> {
        match self {
            Table::Identifiers(flow) => flow.exchange(header.get(1).copied()?),
            Table::Tokens(flow) => flow.exchange(token(header)?),
        }
    }

    /// The table whose requests may be built anew (RFC 2866 §5.2); on streams, nothing is sent twice.
    pub(super) fn identifiers(&mut self) -> Option<&mut Flow> {
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
