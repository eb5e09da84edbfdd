//! A table that forgets the oldest, so that it never grows beyond its bound.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// At most a fixed number of values; the one that was put in first goes first.
pub(super) struct Memory<K, V> {
    values: HashMap<K, V, BuildHasherDefault<Mixer>>,
    order: VecDeque<K>,
    most: usize,
}

impl<K: Copy + Eq + Hash, V> Memory<K, V> {
    /// A table of at most `most` values.
    pub(super) fn new(most: usize) -> Memory<K, V> {
        Memory {
            values: HashMap::default(),
            order: VecDeque::new(),
            most,
        }
    }

    pub(super) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.values.get_mut(key)
    }

    /// Puts a value in, in place of one with this key.
    pub(super) fn put(&mut self, key: K, value: V) {
        if self.values.insert(key, value).is_some() {
            return;
        }
        self.order.push_back(key);
        if self.order.len() > self.most
            && let Some(oldest) = self.order.pop_front()
        {
            self.values.remove(&oldest);
        }
    }
}

/// A fast hash for tables whose keys come from captures of bounded size; not for keys that an attacker can send in
/// unbounded numbers.
#[derive(Default)]
pub(crate) struct Mixer(u64);

const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

impl Mixer {
    fn add(&mut self, word: u64) {
        // Adding keeps leading zeros from vanishing.
        self.0 = (self.0.rotate_left(26) ^ word)
            .wrapping_add(MIX)
            .wrapping_mul(MIX);
        self.0 ^= self.0 >> 29;
    }
}

impl Hasher for Mixer {
    fn write(&mut self, octets: &[u8]) {
        let (words, rest) = octets.as_chunks::<8>();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        for (place, octet) in last.iter_mut().zip(rest) {
            *place = *octet;
        }
        if !rest.is_empty() {
            self.add(u64::from_le_bytes(last) ^ (rest.len() as u64) << 56);
        }
    }

    fn write_u8(&mut self, word: u8) {
        self.add(u64::from(word));
    }

    fn write_u16(&mut self, word: u16) {
        self.add(u64::from(word));
    }

    fn write_u32(&mut self, word: u32) {
        self.add(u64::from(word));
    }

    fn write_u64(&mut self, word: u64) {
        self.add(word);
    }

    fn write_usize(&mut self, word: usize) {
        self.add(word as u64);
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}

/// The hash of some octets and what they belong to.
pub(super) fn digest(of: impl Hash, octets: &[u8]) -> u64 {
    let mut mixer = Mixer::default();
    of.hash(&mut mixer);
    mixer.write(octets);
    mixer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_forgotten() {
        let mut memory = Memory::new(2);
        for key in [1, 2, 2, 3] {
            memory.put(key, key);
        }
        assert_eq!(memory.get_mut(&1), None);
        assert_eq!(memory.get_mut(&2), Some(&mut 2));
        assert_eq!(memory.get_mut(&3), Some(&mut 3));
    }

    #[test]
    fn different_octets_have_different_digests() {
        let mut seen = std::collections::HashSet::new();
        for length in 0..40 {
            for place in 0..length {
                let mut octets = vec![0; length];
                octets[place] = 1;
                assert!(seen.insert(digest((), &octets)));
            }
        }
    }
}
