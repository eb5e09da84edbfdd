//! Which of the 256 Identifiers the next request takes (RFC 2865 §3, RFC 5080 §2.2.1).

use std::collections::VecDeque;

/// The Identifiers of one flow. Free ones are handed out in the order in which they became free, so that a reply
/// that comes late finds its Identifier unused for as long as possible. Requests of all Codes share them, as RFC
/// 5997 §4.2 asks for Status-Server.
#[derive(Clone, Debug)]
pub struct Identifiers {
    free: VecDeque<u8>,
    taken: [bool; 256],
}

/// The Identifier that was wanted, or every one, is in use; another socket has 256 more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exhausted {
    /// The only Identifier that would have done.
    pub wanted: Option<u8>,
}

impl Identifiers {
    /// All free; `start`, a random number, is the first that is handed out.
    pub fn new(start: u8) -> Identifiers {
        Identifiers {
            free: (0..=u8::MAX).map(|step| start.wrapping_add(step)).collect(),
            taken: [false; 256],
        }
    }

    /// The Identifier that has been free for longest.
    pub fn take(&mut self) -> Result<u8, Exhausted> {
        let identifier = self.free.pop_front().ok_or(Exhausted { wanted: None })?;
        self.taken[usize::from(identifier)] = true;
        Ok(identifier)
    }

    /// This Identifier and no other.
    pub fn take_fixed(&mut self, wanted: u8) -> Result<u8, Exhausted> {
        if self.is_taken(wanted) {
            return Err(Exhausted { wanted: Some(wanted) });
        }
        self.free.retain(|free| *free != wanted);
        self.taken[usize::from(wanted)] = true;
        Ok(wanted)
    }

    /// Gives an Identifier back; once is enough.
    pub fn release(&mut self, identifier: u8) {
        if self.is_taken(identifier) {
            self.taken[usize::from(identifier)] = false;
            self.free.push_back(identifier);
        }
    }

    /// How many are free.
    pub fn free(&self) -> usize {
        self.free.len()
    }

    /// Whether an Identifier is in use.
    pub fn is_taken(&self, identifier: u8) -> bool {
        self.taken[usize::from(identifier)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_least_recently_used_identifier_comes_first() {
        let mut identifiers = Identifiers::new(250);
        let first: Vec<u8> = (0..8).map(|_| identifiers.take().unwrap()).collect();
        assert_eq!(first, [250, 251, 252, 253, 254, 255, 0, 1]);
        identifiers.release(252);
        identifiers.release(250);
        let rest: Vec<u8> = std::iter::from_fn(|| identifiers.take().ok()).collect();
        assert_eq!(rest.len(), 250);
        assert_eq!(rest[248..], [252, 250]);
        assert_eq!(identifiers.take(), Err(Exhausted { wanted: None }));
    }

    #[test]
    fn a_fixed_identifier_is_given_once() {
        let mut identifiers = Identifiers::new(0);
        assert_eq!(identifiers.take_fixed(7), Ok(7));
        assert_eq!(identifiers.take_fixed(7), Err(Exhausted { wanted: Some(7) }));
        identifiers.release(7);
        identifiers.release(7);
        assert_eq!(identifiers.free(), 256);
        assert_eq!(identifiers.take_fixed(7), Ok(7));
    }

    proptest! {
        #[test]
        fn no_identifier_is_ever_out_twice(start: u8, steps in prop::collection::vec(any::<(bool, u8)>(), 0..2000)) {
            let mut identifiers = Identifiers::new(start);
            let mut out = Vec::new();
            for (take, which) in steps {
                if take {
                    match identifiers.take() {
                        Ok(identifier) => {
                            prop_assert!(!out.contains(&identifier));
                            out.push(identifier);
                        }
                        Err(_) => prop_assert_eq!(out.len(), 256),
                    }
                } else if !out.is_empty() {
                    identifiers.release(out.swap_remove(usize::from(which) % out.len()));
                }
                prop_assert_eq!(identifiers.free() + out.len(), 256);
            }
        }
    }
}
