//! Puts IP packets together from their fragments (RFC 791 §3.2, RFC 8200 §4.5).
//!
//! What waits is bounded in number, octets and time, so that a capture with lost fragments cannot fill the memory.

use std::collections::HashMap;
use std::net::IpAddr;

use super::capture::Time;
use super::layers::{Fragment, IpPacket};

/// How long the rest of a packet is waited for (RFC 8200 §4.5 says 60 seconds).
const PATIENCE: u64 = 60_000_000_000;
/// The most packets in the making.
const MAX_PACKETS: usize = 64;
/// No IP packet has more octets of payload.
const MAX_LENGTH: usize = 65_535;

/// IP packets in the making.
#[derive(Default)]
pub(super) struct Fragments {
    pending: HashMap<Key, Pending>,
    whole: Vec<u8>,
    /// How many packets were given up.
    given_up: u64,
}

/// What all fragments of one packet have in common.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    source: IpAddr,
    destination: IpAddr,
    protocol: u8,
    identification: u32,
}

struct Pending {
    since: Time,
    /// Where each part begins, and its octets; in order, without overlaps.
    parts: Vec<(usize, Vec<u8>)>,
    /// Known once the last part came.
    length: Option<usize>,
}

/// What became of a fragment.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Put<'a> {
    /// It waits for others.
    Waits,
    /// It was the last one: the payload of the whole packet.
    Whole(&'a [u8]),
    /// It contradicts one that came before; the packet is given up (RFC 5722).
    Overlaps,
    /// It reaches beyond what an IP packet can be.
    TooLong,
}

impl Fragments {
    /// Takes a fragment.
    pub(super) fn put(&mut self, time: Time, packet: &IpPacket<'_>, fragment: Fragment) -> Put<'_> {
        let key = Key {
            source: packet.source,
            destination: packet.destination,
            protocol: packet.protocol,
            identification: fragment.identification,
        };
        if fragment.offset + packet.payload.len() > MAX_LENGTH {
            return Put::TooLong;
        }
        self.make_room(time);
        let pending = self.pending.entry(key).or_insert(Pending {
            since: time,
            parts: Vec::new(),
            length: None,
        });
        if !pending.put(fragment, packet.payload) {
            self.pending.remove(&key);
            self.given_up += 1;
            return Put::Overlaps;
        }
        if !pending.is_whole() {
            return Put::Waits;
        }
        self.whole.clear();
        if let Some(pending) = self.pending.remove(&key) {
            for (_, part) in &pending.parts {
                self.whole.extend_from_slice(part);
            }
        }
        Put::Whole(&self.whole)
    }

    /// How many packets were given up or still wait.
    pub(super) fn incomplete(&self) -> u64 {
        self.given_up + self.pending.len() as u64
    }

    fn make_room(&mut self, now: Time) {
        let before = self.pending.len();
        self.pending
            .retain(|_, pending| now.since(pending.since) < PATIENCE);
        self.given_up += (before - self.pending.len()) as u64;
        if self.pending.len() < MAX_PACKETS {
            return;
        }
        let oldest = self
            .pending
            .iter()
            .min_by_key(|(_, pending)| pending.since)
            .map(|(key, _)| *key);
        if let Some(key) = oldest {
            self.pending.remove(&key);
            self.given_up += 1;
        }
    }
}

impl Pending {
    /// Adds a part; `false` where it overlaps one that says something else.
    fn put(&mut self, fragment: Fragment, octets: &[u8]) -> bool {
        let (start, end) = (fragment.offset, fragment.offset + octets.len());
        if !fragment.more {
            if self.length.is_some_and(|length| length != end) {
                return false;
            }
            self.length = Some(end);
        }
        let at = self.parts.partition_point(|(offset, _)| *offset < start);
        if self
            .parts
            .get(at)
            .is_some_and(|(offset, part)| *offset == start && part == octets)
        {
            return true;
        }
        let before = at.checked_sub(1).and_then(|before| self.parts.get(before));
        let overlaps_before = before.is_some_and(|(offset, part)| offset + part.len() > start);
        let overlaps_after = self.parts.get(at).is_some_and(|(offset, _)| *offset < end);
        let beyond = self.length.is_some_and(|length| end > length);
        if overlaps_before || overlaps_after || beyond {
            return false;
        }
        if !octets.is_empty() {
            self.parts.insert(at, (start, octets.to_vec()));
        }
        true
    }

    fn is_whole(&self) -> bool {
        let mut end = 0;
        for (offset, part) in &self.parts {
            if *offset != end {
                return false;
            }
            end += part.len();
        }
        self.length == Some(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn put<'f>(fragments: &'f mut Fragments, id: u32, offset: usize, octets: &[u8], more: bool) -> Put<'f> {
        let fragment = Fragment {
            identification: id,
            offset,
            more,
        };
        let packet = IpPacket {
            source: [10, 0, 0, 1].into(),
            destination: [10, 0, 0, 2].into(),
            protocol: 17,
            fragment: Some(fragment),
            payload: octets,
            missing: 0,
        };
        fragments.put(Time(u64::from(id)), &packet, fragment)
    }

    #[test]
    fn fragments_in_any_order_become_the_packet() {
        let mut fragments = Fragments::default();
        assert_eq!(put(&mut fragments, 1, 16, b"ij", false), Put::Waits);
        assert_eq!(put(&mut fragments, 1, 0, b"abcdefgh", true), Put::Waits);
        assert_eq!(put(&mut fragments, 1, 0, b"abcdefgh", true), Put::Waits);
        assert_eq!(put(&mut fragments, 2, 8, b"ABCDEFGH", true), Put::Waits);
        assert_eq!(
            put(&mut fragments, 1, 8, b"ABCDEFGH", true),
            Put::Whole(b"abcdefghABCDEFGHij")
        );
        assert_eq!(fragments.incomplete(), 1);
    }

    #[test]
    fn fragments_that_contradict_each_other_are_given_up() {
        let mut fragments = Fragments::default();
        assert_eq!(put(&mut fragments, 1, 0, b"abcdefgh", true), Put::Waits);
        assert_eq!(put(&mut fragments, 1, 0, b"abcdefgX", true), Put::Overlaps);
        assert_eq!(put(&mut fragments, 2, 8, b"a", false), Put::Waits);
        assert_eq!(put(&mut fragments, 2, 8, b"abcdefgh", true), Put::Overlaps);
        assert_eq!(put(&mut fragments, 3, 65_528, b"abcdefgh", false), Put::TooLong);
        assert_eq!(fragments.incomplete(), 2);
    }

    #[test]
    fn what_waits_is_bounded() {
        let mut fragments = Fragments::default();
        for id in 0..1000 {
            put(&mut fragments, id, 0, b"abcdefgh", true);
            assert!(fragments.pending.len() <= MAX_PACKETS);
        }
        assert_eq!(fragments.incomplete(), 1000);
    }

    proptest! {
        #[test]
        fn any_order_gives_the_same_packet(order in Just((0..9usize).collect::<Vec<_>>()).prop_shuffle(), last in 1usize..8) {
            let whole: Vec<u8> = (0..64 + last).map(|octet| octet as u8).collect();
            let mut fragments = Fragments::default();
            let mut result = None;
            for index in order {
                let part = &whole[index * 8..(index * 8 + 8).min(whole.len())];
                if let Put::Whole(octets) = put(&mut fragments, 7, index * 8, part, index < 8) {
                    result = Some(octets.to_vec());
                }
            }
            prop_assert_eq!(result, Some(whole));
        }
    }
}
