//! How TLS goes through EAP packets (RFC 5216 §3.1, and the same in TTLS and PEAP): flags, fragments, and what has been
//! acknowledged.
//!
//! ```text
//!   Flags(1): L = 0x80, M = 0x40, S = 0x20, version in the low three bits
//!   TLS Message Length(4), where L is set: octets of the whole, before it was cut
//!   TLS data (rest)
//! ```
//!
//! Each fragment but the last has M, and is answered by a packet without data. Whoever sends empty packets in between
//! says nothing else.

use crate::auth::MethodFault;
use crate::codec::Reader;

const LENGTH: u8 = 0x80;
const MORE: u8 = 0x40;
const START: u8 = 0x20;
const VERSION: u8 = 0x07;

/// The longest message that is put together, in octets: four times what any chain needs, and no peer can make us hold
/// more.
pub const MAX_MESSAGE: usize = 64 * 1024;

/// What a fragment adds to its data, in octets: EAP header, Type, Flags, and the length of the whole.
const OVERHEAD: usize = 5 + 1 + 4;

/// The data of one packet, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fragment<'a> {
    /// The Flags octet.
    pub flags: u8,
    /// How many octets the whole message has, where it is said.
    pub total: Option<u32>,
    /// Some of them.
    pub data: &'a [u8],
}

impl<'a> Fragment<'a> {
    /// Reads what follows the Type octet.
    pub fn parse(data: &'a [u8]) -> Result<Fragment<'a>, MethodFault> {
        let mut reader = Reader::new(data, 0);
        let flags = reader.u8()?;
        let total = match flags & LENGTH != 0 {
            true => Some(reader.u32()?),
            false => None,
        };
        let data = reader.rest();
        Ok(Fragment { flags, total, data })
    }

    /// Whether it begins the method.
    pub fn is_start(&self) -> bool {
        self.flags & START != 0
    }

    /// Whether others follow.
    pub fn has_more(&self) -> bool {
        self.flags & MORE != 0
    }

    /// The version of the method.
    pub fn version(&self) -> u8 {
        self.flags & VERSION
    }
}

/// Why a fragment does not fit to those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FragmentFault {
    /// The whole message would be longer than [`MAX_MESSAGE`].
    TooLong {
        /// How long it says it is, or has become.
        length: usize,
    },
    /// More octets came than the whole was said to have.
    BeyondTotal {
        /// How many were said.
        total: usize,
        /// How many came.
        received: usize,
    },
    /// The last fragment came, and octets are missing.
    BelowTotal {
        /// How many were said.
        total: usize,
        /// How many came.
        received: usize,
    },
    /// Others should follow a fragment without data.
    Empty,
    /// Data came where an acknowledgement was due.
    NotAcknowledged,
    /// The method began a second time.
    SecondStart,
}

/// What a packet brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrived {
    /// The method begins.
    Start,
    /// A fragment with others to follow: answer with [`Carrier::acknowledgement`].
    Part,
    /// Our fragment was acknowledged: send this, the next.
    Next(Vec<u8>),
    /// A whole message; empty where the peer had nothing to say.
    Message(Vec<u8>),
}

/// Cuts what goes out and joins what comes in.
#[derive(Debug)]
pub struct Carrier {
    version: u8,
    /// Octets of data in one packet.
    room: usize,
    incoming: Vec<u8>,
    total: Option<usize>,
    outgoing: Vec<u8>,
    sent: usize,
    started: bool,
}

impl Carrier {
    /// `size` is the longest EAP packet to send, in octets; `version` goes into the flags.
    pub fn new(size: usize, version: u8) -> Carrier {
        Carrier {
            version: version & VERSION,
            room: size.saturating_sub(OVERHEAD).max(1),
            incoming: Vec::new(),
            total: None,
            outgoing: Vec::new(),
            sent: 0,
            started: false,
        }
    }

    /// The data that begins the method; for a server.
    pub fn start(&self) -> Vec<u8> {
        vec![START | self.version]
    }

    /// The data that says nothing: it acknowledges a fragment, or asks for more.
    pub fn acknowledgement(&self) -> Vec<u8> {
        vec![self.version]
    }

    /// Takes the data of a packet.
    pub fn receive(&mut self, data: &[u8]) -> Result<Arrived, MethodFault> {
        let fragment = Fragment::parse(data)?;
        self.take(&fragment).map_err(MethodFault::Fragment)
    }

    fn take(&mut self, fragment: &Fragment<'_>) -> Result<Arrived, FragmentFault> {
        if fragment.is_start() {
            return match std::mem::replace(&mut self.started, true) {
                true => Err(FragmentFault::SecondStart),
                false => Ok(Arrived::Start),
            };
        }
        if self.sent < self.outgoing.len() {
            return match fragment.data.is_empty() && !fragment.has_more() {
                true => Ok(Arrived::Next(self.next())),
                false => Err(FragmentFault::NotAcknowledged),
            };
        }
        self.join(fragment)
    }

    fn join(&mut self, fragment: &Fragment<'_>) -> Result<Arrived, FragmentFault> {
        // Only the first length counts; some senders repeat it.
        if let (true, Some(total)) = (self.incoming.is_empty(), fragment.total) {
            let total = usize::try_from(total).unwrap_or(usize::MAX);
            if total > MAX_MESSAGE {
                return Err(FragmentFault::TooLong { length: total });
            }
            self.total = Some(total);
        }
        let received = self.incoming.len() + fragment.data.len();
        if received > MAX_MESSAGE {
            return Err(FragmentFault::TooLong { length: received });
        }
        if let Some(total) = self.total.filter(|total| received > *total) {
            return Err(FragmentFault::BeyondTotal { total, received });
        }
        if fragment.has_more() && fragment.data.is_empty() {
            return Err(FragmentFault::Empty);
        }
        self.incoming.extend_from_slice(fragment.data);
        if fragment.has_more() {
            return Ok(Arrived::Part);
        }
        match self.total.take() {
            Some(total) if received < total => Err(FragmentFault::BelowTotal { total, received }),
            _ => Ok(Arrived::Message(std::mem::take(&mut self.incoming))),
        }
    }

    /// Whether a message goes out in one packet.
    pub fn is_one_packet(&self, message: &[u8]) -> bool {
        message.len() <= self.room
    }

    /// Sends a message: gives the data of its first packet. The others follow as it is acknowledged.
    pub fn send(&mut self, message: Vec<u8>) -> Vec<u8> {
        self.outgoing = message;
        self.sent = 0;
        self.next()
    }

    fn next(&mut self) -> Vec<u8> {
        let rest = self.outgoing.get(self.sent..).unwrap_or(&[]);
        let part = rest.get(..self.room).unwrap_or(rest);
        let more = part.len() < rest.len();
        let mut data = Vec::with_capacity(5 + part.len());
        // The length stands in the first of several fragments, and nowhere else (RFC 9190 §2.4).
        let length = (more && self.sent == 0).then_some(self.outgoing.len());
        let flags = if more { MORE } else { 0 } | if length.is_some() { LENGTH } else { 0 };
        data.push(flags | self.version);
        if let Some(length) = length.and_then(|length| u32::try_from(length).ok()) {
            data.extend(length.to_be_bytes());
        }
        data.extend_from_slice(part);
        self.sent += part.len();
        data
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_message_that_fits_has_neither_length_nor_more() {
        let mut carrier = Carrier::new(100, 0);
        assert_eq!(carrier.send(vec![1, 2, 3]), [0, 1, 2, 3]);
    }

    #[test]
    fn a_claim_of_more_than_64_kib_is_refused_at_once() {
        let mut carrier = Carrier::new(100, 0);
        assert_eq!(
            carrier.receive(&[LENGTH | MORE, 0xff, 0xff, 0xff, 0xff, 1]),
            Err(MethodFault::Fragment(FragmentFault::TooLong {
                length: 0xffff_ffff
            }))
        );
    }

    #[test]
    fn endless_fragments_end() {
        let mut carrier = Carrier::new(100, 0);
        let mut data = vec![MORE];
        data.extend([0; 1000]);
        let fault = (0..100).find_map(|_| carrier.receive(&data).err());
        assert!(matches!(
            fault,
            Some(MethodFault::Fragment(FragmentFault::TooLong { .. }))
        ));
    }

    #[test]
    fn fragments_that_do_not_fit_are_told_apart() {
        let fault = |packets: &[&[u8]]| {
            let mut carrier = Carrier::new(100, 0);
            packets.iter().find_map(|data| carrier.receive(data).err())
        };
        assert_eq!(
            fault(&[&[LENGTH, 0, 0, 0, 2, 1, 2, 3]]),
            Some(MethodFault::Fragment(FragmentFault::BeyondTotal {
                total: 2,
                received: 3
            }))
        );
        assert_eq!(
            fault(&[&[LENGTH | MORE, 0, 0, 0, 9, 1], &[0, 2]]),
            Some(MethodFault::Fragment(FragmentFault::BelowTotal {
                total: 9,
                received: 2
            }))
        );
        assert_eq!(
            fault(&[&[START], &[START]]),
            Some(MethodFault::Fragment(FragmentFault::SecondStart))
        );
        assert_eq!(
            fault(&[&[MORE]]),
            Some(MethodFault::Fragment(FragmentFault::Empty))
        );
        assert!(matches!(
            fault(&[&[LENGTH, 0, 0]]),
            Some(MethodFault::Short { .. })
        ));
        assert!(matches!(fault(&[&[]]), Some(MethodFault::Short { .. })));
    }

    proptest! {
        #[test]
        fn whatever_is_cut_is_joined(message: Vec<u8>, size in 0_usize..300) {
            let (mut from, mut to) = (Carrier::new(size, 1), Carrier::new(100, 0));
            let mut data = from.send(message.clone());
            for _ in 0..=message.len() {
                prop_assert!(data.len() + 5 <= size.max(11));
                match to.receive(&data) {
                    Ok(Arrived::Part) => match from.receive(&to.acknowledgement()) {
                        Ok(Arrived::Next(next)) => data = next,
                        other => prop_assert!(false, "{other:?}"),
                    },
                    Ok(Arrived::Message(joined)) => {
                        prop_assert_eq!(joined, message);
                        return Ok(());
                    }
                    other => prop_assert!(false, "{other:?}"),
                }
            }
            prop_assert!(false, "never ended");
        }

        #[test]
        fn any_octets_are_taken_without_a_panic(packets: Vec<Vec<u8>>) {
            let mut carrier = Carrier::new(20, 0);
            let _ = carrier.send(vec![7; 30]);
            for data in packets {
                let _ = carrier.receive(&data);
                prop_assert!(carrier.incoming.len() <= MAX_MESSAGE);
            }
        }
    }
}
