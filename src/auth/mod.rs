//! METHODS: every way to log in, as state machines that take octets and give octets and facts.
//!
//! Each method has a client and a server side. None of them does IO, reads a clock or throws dice: random octets
//! come from a [`Dice`] argument, time is an argument. Words for people are made elsewhere.

pub mod crypt;
mod digest;
mod method;
pub mod mschap;
pub mod password;
mod plain;
pub mod server;
pub use method::{Exposure, Method, UnknownMethod};

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

/// An attribute to be added to a packet: its type and its value as it goes on the wire, hidden already.
pub type Field = (crate::codec::AttributeType, Vec<u8>);

/// What hidden attributes are hidden with.
#[derive(Clone, Copy, Debug)]
pub struct Hiding<'a> {
    /// The shared secret.
    pub secret: &'a crate::codec::Secret,
    /// The Request Authenticator of the Access-Request, for its reply too.
    pub authenticator: &'a crate::codec::Authenticator,
}
