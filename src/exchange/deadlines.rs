//! Which of a flow's exchanges is due next: a binary heap in which every Identifier knows its place, so that an
//! answered exchange leaves nothing behind.

use std::time::Instant;

/// No place in the heap.
const ABSENT: u16 = u16::MAX;

/// At most one instant for each of the 256 Identifiers. Of equal instants, the one that was set first comes first.
#[derive(Clone, Debug)]
pub(super) struct Deadlines {
    heap: Vec<Entry>,
    places: [u16; 256],
    count: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    at: Instant,
    order: u64,
    identifier: u8,
}

impl Deadlines {
    pub(super) fn new() -> Deadlines {
        Deadlines {
            heap: Vec::new(),
            places: [ABSENT; 256],
            count: 0,
        }
    }

    /// The earliest instant and whose it is.
    pub(super) fn first(&self) -> Option<(Instant, u8)> {
        self.heap.first().map(|entry| (entry.at, entry.identifier))
    }

    /// Sets or moves the instant of an Identifier.
    pub(super) fn set(&mut self, identifier: u8, at: Instant) {
        self.remove(identifier);
        self.count += 1;
        let place = self.heap.len();
        self.heap.push(Entry {
            at,
            order: self.count,
            identifier,
        });
        self.note(place);
        self.rise(place);
    }

    /// Forgets the instant of an Identifier, if it has one.
    pub(super) fn remove(&mut self, identifier: u8) {
        let place = self.places[usize::from(identifier)];
        if place == ABSENT {
            return;
        }
        let place = usize::from(place);
        self.heap.swap_remove(place);
        self.places[usize::from(identifier)] = ABSENT;
        if place < self.heap.len() {
            self.note(place);
            self.sink(place);
            self.rise(place);
        }
    }

    fn rise(&mut self, mut place: usize) {
        while place > 0 {
            let parent = (place - 1) / 2;
            if self.heap[parent] <= self.heap[place] {
                return;
            }
            self.swap(place, parent);
            place = parent;
        }
    }

    fn sink(&mut self, mut place: usize) {
        loop {
            let children = [2 * place + 1, 2 * place + 2];
            let least = children
                .into_iter()
                .filter(|child| *child < self.heap.len())
                .min_by_key(|child| self.heap[*child]);
            match least {
                Some(child) if self.heap[child] < self.heap[place] => {
                    self.swap(place, child);
                    place = child;
                }
                _ => return,
            }
        }
    }

    fn swap(&mut self, one: usize, other: usize) {
        self.heap.swap(one, other);
        self.note(one);
        self.note(other);
    }

    /// Writes down where the entry at `place` stands. There are at most 256 entries, so a place fits.
    fn note(&mut self, place: usize) {
        let identifier = self.heap[place].identifier;
        self.places[usize::from(identifier)] = u16::try_from(place).unwrap_or(ABSENT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;
    use std::time::Duration;

    proptest! {
        #[test]
        fn the_first_is_always_the_earliest(
            steps in prop::collection::vec((any::<u8>(), prop::option::of(0u64..50)), 0..2000),
        ) {
            let start = Instant::now();
            let (mut deadlines, mut model) = (Deadlines::new(), BTreeMap::new());
            for (order, (identifier, at)) in steps.into_iter().enumerate() {
                match at {
                    Some(at) => {
                        let at = start + Duration::from_millis(at);
                        deadlines.set(identifier, at);
                        model.insert(identifier, (at, order));
                    }
                    None => {
                        deadlines.remove(identifier);
                        model.remove(&identifier);
                    }
                }
                let first = model.iter().min_by_key(|(_, key)| **key).map(|(identifier, (at, _))| (*at, *identifier));
                prop_assert_eq!(deadlines.first(), first);
            }
        }
    }
}
