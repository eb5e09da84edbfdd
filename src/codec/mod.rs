//! OCTETS: what stands on the wire, and nothing else.
//!
//! This layer reads and writes RADIUS packets (RFC 2865 §3 and its family), makes and checks their
//! authenticators, and hides and reveals what a shared secret protects. It knows no dictionary, does no IO,
//! looks at no clock and throws no dice: whatever is random is an argument.
//!
//! A [`Packet`] is a view: it promises safe access to whatever came and judges nothing. Whether a packet is
//! well formed is asked with [`Packet::malformations`]; whether it is authentic, with [`seal`].

mod builder;
mod digest;
pub mod frame;
pub mod hex;
pub mod hide;
mod number;
mod packet;
mod reader;
pub mod seal;
mod secret;
#[cfg(test)]
mod tests;
pub mod v11;
pub mod vendor;

pub use builder::{BuildError, Builder};
pub use number::{AttributeType, Code};
pub use packet::{Attribute, AttributeError, Attributes, Malformation, Packet, TooShort};
pub use reader::{Reader, Short, Trailing};
pub use secret::Secret;

/// Octets of the packet header: Code, Identifier, Length, Authenticator (RFC 2865 §3).
pub const HEADER_LENGTH: usize = 20;
/// The longest packet over UDP, in octets (RFC 2865 §3).
pub const MAX_LENGTH: usize = 4096;
/// The longest value of one attribute, in octets: 255 less Type and Length (RFC 2865 §5).
pub const MAX_VALUE: usize = 253;

/// The 16 octets at offset 4 of every packet: Request or Response Authenticator (RFC 2865 §3).
pub type Authenticator = [u8; 16];
