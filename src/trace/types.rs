//! Which attributes a packet has, found in one walk: most that are asked for are absent.

use crate::codec::{Attribute, AttributeType, Packet};

/// The set of a packet's attribute types.
pub(super) struct Types<'a> {
    packet: Packet<'a>,
    words: [u64; 4],
}

impl<'a> Types<'a> {
    pub(super) fn of(packet: Packet<'a>) -> Types<'a> {
        let mut words = [0; 4];
        for attribute in packet.attributes().map_while(Result::ok) {
            let number = attribute.number().0;
            words[usize::from(number >> 6)] |= 1 << (number & 63);
        }
        Types { packet, words }
    }

    /// The packet itself.
    pub(super) fn packet(&self) -> &Packet<'a> {
        &self.packet
    }

    /// The first attribute of a type.
    pub(super) fn first(&self, wanted: AttributeType) -> Option<Attribute<'a>> {
        let present = self.words[usize::from(wanted.0 >> 6)] & 1 << (wanted.0 & 63) != 0;
        present.then(|| self.packet.first(wanted)).flatten()
    }
}
