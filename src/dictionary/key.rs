//! Where an entry stands: a path of numbers, folded into 64 bits.
//!
//! A key says nothing about the layer that holds the entry, so a user's file can add a child under an
//! embedded parent without either table knowing of the other. Knows no entry and no name.

/// The hash of a path of numbers: `ROOT`, then one `child` a step.
///
/// Two paths never share a key in practice; the tables compare all 64 bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(pub(crate) u64);

impl Key {
    /// The top of the tree: its children are the attribute Types of a packet (RFC 2865 §5).
    pub const ROOT: Key = Key(0x5241_4449_5553_2132);
    /// Vendor-Specific, 26: its children are the vendors.
    pub const VENDORS: Key = Key::ROOT.child(26);
    /// The space of named value sets that belong to no attribute (`ENUM`); no packet ever holds it.
    pub const ENUMS: Key = Key(0x454e_554d_5345_5453);
    /// The space of attributes without a number of their own (`DEFINE`); no packet ever holds it.
    pub const DEFINED: Key = Key(0x4445_4649_4e45_4421);

    /// The key of child `number`.
    #[inline]
    pub const fn child(self, number: u32) -> Key {
        let mut x = self.0 ^ (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        x ^= x >> 32;
        x = x.wrapping_mul(0xd6e8_feb8_6659_fd93);
        x ^= x >> 29;
        x = x.wrapping_mul(0xd6e8_feb8_6659_fd93);
        Key(x ^ (x >> 32))
    }

    /// The slot seed of value `number` of the attribute at this key.
    #[inline]
    pub(crate) const fn value(self, number: u64) -> u64 {
        let mut x = self.0.rotate_left(17) ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        x ^= x >> 31;
        x = x.wrapping_mul(0xd6e8_feb8_6659_fd93);
        x ^ (x >> 32)
    }

    /// The slot seed of `name` in this scope; names that differ in ASCII case alone have the same seed.
    #[inline]
    pub(crate) fn name(self, name: &[u8]) -> u64 {
        const LOWER: u64 = 0x2020_2020_2020_2020;
        const MIX: u64 = 0xff51_afd7_ed55_8ccd;
        let mut x = self.0 ^ (name.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut chunks = name.chunks_exact(8);
        for chunk in &mut chunks {
            let mut word = [0; 8];
            word.copy_from_slice(chunk);
            x = (x ^ (u64::from_le_bytes(word) | LOWER)).wrapping_mul(MIX);
            x ^= x >> 32;
        }
        let tail = chunks.remainder();
        let mut word = [0; 8];
        word[..tail.len()].copy_from_slice(tail);
        x = (x ^ (u64::from_le_bytes(word) | LOWER)).wrapping_mul(MIX);
        x ^= x >> 32;
        x = x.wrapping_mul(MIX);
        x ^ (x >> 29)
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({:016x})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_case_of_a_name_does_not_change_its_seed() {
        for name in ["User-Name", "Cisco-AVPair", "x", "3Com-User-Access-Level", ""] {
            assert_eq!(
                Key::ROOT.name(name.as_bytes()),
                Key::ROOT.name(name.to_ascii_uppercase().as_bytes())
            );
        }
    }

    #[test]
    fn paths_do_not_meet() {
        let mut seen = std::collections::HashSet::new();
        for first in 0..300 {
            assert!(seen.insert(Key::ROOT.child(first)));
            for second in 0..300 {
                assert!(seen.insert(Key::ROOT.child(first).child(second)));
            }
        }
    }
}
