//! One value: what the octets of an attribute say once its type is known.

use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::Attribute;
use crate::codec::hide::RevealError;
use crate::dictionary::Precision;

/// What an attribute's octets say.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Text in UTF-8 (RFC 8044 §3.4).
    Text(Cow<'a, str>),
    /// What should be text but is not UTF-8.
    NotUtf8(Cow<'a, [u8]>),
    /// Any octets (RFC 8044 §3.5).
    Octets(Cow<'a, [u8]>),
    /// An unsigned number of any width; `Entry::value_name` may know its name.
    Unsigned(u64),
    /// A signed number of any width.
    Signed(i64),
    /// An IEEE 754 number of either width.
    Float(f64),
    /// Yes or no.
    Bool(bool),
    /// Ticks since 1970 in UTC.
    Date {
        /// How many.
        ticks: u64,
        /// How long one is.
        precision: Precision,
    },
    /// A span of time in ticks.
    Duration {
        /// How many.
        ticks: i64,
        /// How long one is.
        precision: Precision,
    },
    /// An IPv4 address.
    Ipv4(Ipv4Addr),
    /// An IPv6 address.
    Ipv6(Ipv6Addr),
    /// An IPv4 prefix, host bits cleared, and its length in bits.
    Ipv4Prefix(Ipv4Addr, u8),
    /// An IPv6 prefix, host bits cleared, and its length in bits.
    Ipv6Prefix(Ipv6Addr, u8),
    /// An interface identifier (RFC 8044 §3.7).
    Ifid([u8; 8]),
    /// A MAC address.
    Ether([u8; 6]),
    /// An Ascend filter in its binary form.
    Filter(Cow<'a, [u8]>),
    /// Nested attributes: of a TLV, the members of a struct, the branch of a union.
    Group(Vec<Attribute<'a>>),
    /// The elements of an attribute whose value repeats.
    Array(Vec<Value<'a>>),
    /// Hidden by the shared secret, and not opened.
    Sealed(Sealed),
    /// Octets that are no value of the attribute's type; they stand in [`Attribute::octets`].
    Malformed(ValueFault),
}

/// Why a hidden value was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealed {
    /// No secret was given.
    NoSecret,
    /// The secret does not open it.
    Reveal(RevealError),
    /// The secret opens it, but what comes out is no value of the type: most likely the wrong secret.
    Inside(Inside),
}

/// What came out of a hidden value that is no value of its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inside {
    /// How many octets came out.
    pub length: usize,
}

/// Why octets are no value of their attribute's type. Such a value keeps its octets, and the packet around it
/// stays good (RFC 6929 §2.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueFault {
    /// No octets where the type needs at least one.
    Empty,
    /// The type always has `expected` octets.
    Length {
        /// How many octets the type has.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// The type has between `min` and `max` octets.
    LengthRange {
        /// The fewest.
        min: usize,
        /// The most.
        max: usize,
        /// How many there are.
        found: usize,
    },
    /// A prefix length of more bits than the address has.
    PrefixLength {
        /// What the octet says.
        bits: u8,
        /// The most it may say.
        max: u8,
    },
    /// Fewer octets than the prefix length needs.
    PrefixCut {
        /// How many octets the prefix length needs.
        needed: usize,
        /// How many there are.
        found: usize,
    },
    /// The first octet of a tagged number is no tag (RFC 2868 §3.1: 0 to 0x1f).
    Tag(u8),
    /// A boolean that is neither 0 nor 1.
    NotBool(u8),
    /// The inner attributes do not fill the value exactly.
    Inner {
        /// Where the inner attribute that does not fit begins, counted from the start of the value.
        at: usize,
        /// What its length says.
        length: usize,
        /// How many octets are left there.
        left: usize,
    },
    /// A vendor's number of more than 24 bits.
    Vendor(u32),
    /// The announced next fragment is missing.
    FragmentMissing,
    /// The members of a struct end inside one of them.
    StructCut {
        /// Where the member that is cut begins, counted from the start of the value.
        at: usize,
    },
    /// A struct whose members are all read has octets left.
    StructTrailing {
        /// Where they begin, counted from the start of the value.
        at: usize,
    },
    /// No branch of the union belongs to this key.
    Branch(u64),
    /// Attributes nested deeper than can be followed.
    TooDeep,
    /// The length cannot be that of a hidden value, whatever the secret.
    Hidden(RevealError),
    /// An Ascend filter of an unknown kind.
    FilterKind(u8),
}
