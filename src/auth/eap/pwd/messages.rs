//! The messages of EAP-pwd (RFC 5931 §3): fragments, and what an ID exchange says.

use super::group::{Commit, NUMBER, SUITE};
use crate::auth::MethodFault;
use crate::auth::eap::tls::fragment::FragmentFault;
use crate::codec::Reader;

const LENGTH: u8 = 0x80;
const MORE: u8 = 0x40;
const EXCHANGE: u8 = 0x3f;

pub(super) const ID: u8 = 1;
pub(super) const COMMIT: u8 = 2;
pub(super) const CONFIRM: u8 = 3;

/// The longest message that is put together, in octets: more than any group's Commit.
const MAX_MESSAGE: usize = 4096;

/// What a packet brought.
pub(super) enum Arrived {
    /// A fragment with others to follow, or an acknowledgement of ours: answer with this data.
    Answer(Vec<u8>),
    /// A whole message: its exchange and its payload.
    Message(u8, Vec<u8>),
}

/// Cuts what goes out and joins what comes in.
pub(super) struct Carrier {
    room: usize,
    incoming: Vec<u8>,
    outgoing: Vec<u8>,
    exchange: u8,
    sent: usize,
}

impl Carrier {
    /// `size` is the longest EAP packet to send, in octets.
    pub(super) fn new(size: usize) -> Carrier {
        Carrier {
            room: size.saturating_sub(5 + 1 + 2).max(1),
            incoming: Vec::new(),
            outgoing: Vec::new(),
            exchange: 0,
            sent: 0,
        }
    }

    pub(super) fn receive(&mut self, data: &[u8]) -> Result<Arrived, MethodFault> {
        let mut reader = Reader::new(data, 0);
        let flags = reader.u8()?;
        let exchange = flags & EXCHANGE;
        if flags & LENGTH != 0 {
            let length = usize::from(reader.u16()?);
            if length > MAX_MESSAGE {
                return Err(MethodFault::Fragment(FragmentFault::TooLong { length }));
            }
        }
        let part = reader.rest();
        if self.sent < self.outgoing.len() {
            return match part.is_empty() && exchange == self.exchange {
                true => Ok(Arrived::Answer(self.next())),
                false => Err(MethodFault::Fragment(FragmentFault::NotAcknowledged)),
            };
        }
        let length = self.incoming.len() + part.len();
        if length > MAX_MESSAGE {
            return Err(MethodFault::Fragment(FragmentFault::TooLong { length }));
        }
        self.incoming.extend_from_slice(part);
        match flags & MORE != 0 {
            true if part.is_empty() => Err(MethodFault::Fragment(FragmentFault::Empty)),
            true => Ok(Arrived::Answer(vec![exchange])),
            false => Ok(Arrived::Message(exchange, std::mem::take(&mut self.incoming))),
        }
    }

    pub(super) fn send(&mut self, exchange: u8, payload: Vec<u8>) -> Vec<u8> {
        self.outgoing = payload;
        self.exchange = exchange;
        self.sent = 0;
        self.next()
    }

    fn next(&mut self) -> Vec<u8> {
        let rest = self.outgoing.get(self.sent..).unwrap_or(&[]);
        let part = rest.get(..self.room).unwrap_or(rest);
        let more = part.len() < rest.len();
        let first = more && self.sent == 0;
        let flags = if more { MORE } else { 0 } | if first { LENGTH } else { 0 };
        let mut data = vec![flags | self.exchange];
        if first {
            // No payload of ours comes near 65,535 octets.
            data.extend((self.outgoing.len() as u16).to_be_bytes());
        }
        data.extend_from_slice(part);
        self.sent += part.len();
        data
    }
}

/// How a password is prepared before it is hashed (RFC 5931 §2.8.3, RFC 8146).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Prep(pub(super) u8);

impl Prep {
    pub(super) const NONE: Prep = Prep(0);
    pub(super) const NT_HASH: Prep = Prep(1);
}

/// What an ID exchange says.
pub(super) struct Identification {
    pub(super) token: [u8; 4],
    pub(super) prep: Prep,
    pub(super) name: Vec<u8>,
}

impl Identification {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut octets = SUITE.to_vec();
        octets.extend(self.token);
        octets.push(self.prep.0);
        octets.extend_from_slice(&self.name);
        octets
    }

    pub(super) fn parse(payload: &[u8]) -> Result<Identification, MethodFault> {
        let mut reader = Reader::new(payload, 0);
        let group = reader.u16()?;
        let functions = reader.u16()?;
        if group != NUMBER {
            return Err(MethodFault::NotSpoken { number: group.into() });
        }
        if functions != 0x0101 {
            return Err(MethodFault::NotSpoken {
                number: functions.into(),
            });
        }
        Ok(Identification {
            token: *reader.take_array()?,
            prep: Prep(reader.u8()?),
            name: reader.rest().to_vec(),
        })
    }
}

impl Commit {
    pub(super) fn encode(&self) -> Vec<u8> {
        [self.element.as_slice(), &self.scalar].concat()
    }

    pub(super) fn read(payload: &[u8]) -> Result<Commit, MethodFault> {
        let mut reader = Reader::new(payload, 0);
        let (element, scalar) = (*reader.take_array()?, *reader.take_array()?);
        reader.finish()?;
        Ok(Commit { element, scalar })
    }
}

/// The 32 octets of a Confirm.
pub(super) fn read_confirm(payload: &[u8]) -> Result<[u8; 32], MethodFault> {
    let mut reader = Reader::new(payload, 0);
    let confirm = *reader.take_array()?;
    reader.finish()?;
    Ok(confirm)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_is_cut_is_joined(payload in proptest::collection::vec(any::<u8>(), 0..500), size in 0_usize..200) {
            let (mut from, mut to) = (Carrier::new(size), Carrier::new(100));
            let mut data = from.send(COMMIT, payload.clone());
            loop {
                match to.receive(&data).unwrap() {
                    Arrived::Message(exchange, joined) => {
                        prop_assert_eq!((exchange, joined), (COMMIT, payload));
                        break;
                    }
                    Arrived::Answer(answer) => match from.receive(&answer).unwrap() {
                        Arrived::Answer(next) => data = next,
                        Arrived::Message(..) => prop_assert!(false),
                    },
                }
            }
        }

        #[test]
        fn any_octets_are_taken_without_a_panic(packets: Vec<Vec<u8>>) {
            let mut carrier = Carrier::new(20);
            for data in packets {
                let _ = carrier.receive(&data);
            }
        }

        #[test]
        fn any_payload_is_read_without_a_panic(payload: Vec<u8>) {
            let _ = Identification::parse(&payload);
            let _ = Commit::read(&payload);
            let _ = read_confirm(&payload);
        }
    }
}
