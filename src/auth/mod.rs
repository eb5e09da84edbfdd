//! METHODS: every way to log in, as state machines that take octets and give octets and facts.
//!
//! Each method has a client and a server side. None of them does IO, reads a clock or throws dice: random octets
//! come from a [`Dice`] argument, time is an argument. Words for people are made elsewhere.

pub mod crypt;
mod digest;
pub mod mschap;
pub mod password;

/// Where random octets come from; a closure that fills a slice is one.
pub trait Dice {
    /// Fills all of `octets`.
    fn fill(&mut self, octets: &mut [u8]);
}

impl<F: FnMut(&mut [u8])> Dice for F {
    fn fill(&mut self, octets: &mut [u8]) {
        self(octets);
    }
}

/// An array of random octets.
pub fn roll<const N: usize>(dice: &mut dyn Dice) -> [u8; N] {
    let mut octets = [0; N];
    dice.fill(&mut octets);
    octets
}
