//! The dice. Nothing else in this crate asks for random numbers.

use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

use crate::codec::Authenticator;

/// A source of random numbers: unpredictable, as a Request Authenticator must be (RFC 2865 §3), or seeded for runs
/// that must be repeatable.
#[derive(Debug)]
pub struct Dice(StdRng);

impl Dice {
    /// Unpredictable dice (a stream cipher that the system's randomness keys).
    pub fn new() -> Dice {
        // Panics where the system has no randomness at all; nothing safe could be sent then.
        Dice(rand::make_rng())
    }

    /// The same dice for the same seed.
    pub fn seeded(seed: u64) -> Dice {
        Dice(StdRng::seed_from_u64(seed))
    }

    /// A Request Authenticator.
    pub fn authenticator(&mut self) -> Authenticator {
        self.0.random()
    }

    /// Any octet, such as the first Identifier of a flow.
    pub fn octet(&mut self) -> u8 {
        self.0.random()
    }

    /// A salt for a hidden value (RFC 2868 §3.5).
    pub fn salt(&mut self) -> u16 {
        self.0.random()
    }

    /// A number from -1 to 1, as retransmission wants it (RFC 5080 §2.2.1).
    pub fn jitter(&mut self) -> f64 {
        self.0.random_range(-1.0..=1.0)
    }

    /// Any octets, such as a challenge or a salt.
    pub fn fill(&mut self, octets: &mut [u8]) {
        self.0.fill_bytes(octets);
    }

    /// The generator itself.
    pub fn rng(&mut self) -> &mut impl Rng {
        &mut self.0
    }
}

impl Default for Dice {
    fn default() -> Dice {
        Dice::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_a_run_and_no_seed_does_not() {
        assert_eq!(Dice::seeded(7).authenticator(), Dice::seeded(7).authenticator());
        assert_ne!(Dice::new().authenticator(), Dice::new().authenticator());
        let mut dice = Dice::seeded(1);
        assert!((0..1000).all(|_| (-1.0..=1.0).contains(&dice.jitter())));
    }
}
