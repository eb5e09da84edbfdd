//! From a pair to octets: what a literal means for an attribute's type.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use crate::codec::hex::HexError;
use crate::dictionary::{Key, ResolveError, Type};

/// Finds the address of a host: a value `NAS-IP-Address = localhost` asks for it.
pub trait Names {
    /// An IPv4 address of the host.
    fn ipv4(&self, host: &str) -> Option<Ipv4Addr>;
    /// An IPv6 address of the host.
    fn ipv6(&self, host: &str) -> Option<Ipv6Addr>;
}

/// Knows no host.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoNames;

impl Names for NoNames {
    fn ipv4(&self, _host: &str) -> Option<Ipv4Addr> {
        None
    }
    fn ipv6(&self, _host: &str) -> Option<Ipv6Addr> {
        None
    }
}

/// Why a pair cannot be put into a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeError {
    /// The octets of the text that are wrong.
    pub span: Range<usize>,
    /// The attribute's name as it was written.
    pub name: String,
    /// What is wrong.
    pub kind: EncodeErrorKind,
}

/// What is wrong with a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EncodeErrorKind {
    /// The name stands for nothing.
    Name(ResolveError),
    /// A server's own attribute, which never stands on the wire.
    Internal,
    /// The operator compares, and a request has nothing to compare with.
    Comparison,
    /// A tag on an attribute that has none.
    Untagged,
    /// A tag of more than 0x1f (RFC 2868 §3.1).
    TagTooLarge(u32),
    /// No value of this name; near ones: `suggest(text, Near::Values(key))`.
    UnknownValueName {
        /// The attribute.
        key: Key,
    },
    /// The number is out of the type's range.
    OutOfRange {
        /// The smallest allowed.
        min: i128,
        /// The largest allowed.
        max: i128,
    },
    /// The text is no value of this type.
    NotA(Type),
    /// The text is no hexadecimal number.
    Hex(HexError),
    /// This attribute takes octets in hexadecimal only (`0x…`).
    HexOnly,
    /// An address, but of the wrong family, or with a mask where none is allowed.
    Mask,
    /// Neither an address nor the name of a host that is known.
    Host,
    /// Empty, where RFC 2865 §5 wants at least one octet.
    Empty,
    /// More octets than fit.
    TooLong {
        /// How many octets the value has.
        length: usize,
        /// How many fit.
        max: usize,
    },
    /// The type has a fixed number of octets.
    Length {
        /// How many it has.
        expected: usize,
        /// How many were given.
        found: usize,
    },
    /// Braces around what has no nested attributes.
    NotAGroup,
    /// A group where a plain value is needed.
    Group,
    /// This attribute does not stand inside that group.
    NotAChild,
    /// The numbers cannot be put on the wire (a Type above 255, for example).
    Unencodable,
    /// A number of 24 bits is all that a tagged attribute holds (RFC 2868 §3.1).
    Tagged24,
    /// Two answers to where Message-Authenticator stands.
    MessageAuthenticator,
}
