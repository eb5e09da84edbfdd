//! Why a pair cannot be put into a packet: facts, without words.

use std::ops::Range;

use crate::codec::hex::HexError;
use crate::codec::vendor::Overflow;
use crate::dictionary::{Key, ResolveError, Type};

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
    /// The operator compares or asks, and a packet being made has nothing to compare with.
    Comparison,
    /// A tag on an attribute that has none.
    Untagged,
    /// No value of this name; near ones: `suggest(text, Near::Values(key))`.
    UnknownValueName {
        /// The attribute.
        key: Key,
    },
    /// The number is out of the range that the attribute holds.
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
    /// A mask that leaves more than one address, where a single address is needed.
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
    /// Braces around the value of an attribute that has nothing inside.
    NotAGroup,
    /// A plain value for an attribute that has others inside.
    Group,
    /// This attribute does not stand inside that one.
    NotAChild,
    /// A member of a struct that is given twice.
    Twice,
    /// The numbers cannot be put on the wire: a Type above 255, for example.
    Unencodable,
    /// Neither the name nor the number of a packet's Code.
    Code,
    /// The regular expression cannot be used.
    Pattern,
}

impl From<Overflow> for EncodeErrorKind {
    fn from(overflow: Overflow) -> Self {
        EncodeErrorKind::TooLong {
            length: overflow.length,
            max: overflow.max,
        }
    }
}
