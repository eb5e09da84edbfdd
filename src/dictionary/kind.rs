//! What an attribute's octets mean: its type and its flags.
//!
//! The union of RFC 8044's data types and of those that FreeRADIUS's dictionaries name. Knows the spellings
//! of both major versions, and no attribute.

use std::fmt;

/// The data type of an attribute (RFC 8044 §3, and what dictionaries add).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Type {
    /// UTF-8 text (RFC 8044 §3.4); with a fixed length as `string[n]`.
    String = 1,
    /// Any octets (RFC 8044 §3.5); with a fixed length as `octets[n]`.
    Octets,
    /// IPv4 address, 4 octets (RFC 8044 §3.8).
    Ipaddr,
    /// IPv6 address, 16 octets (RFC 8044 §3.9).
    Ipv6addr,
    /// Reserved, length, 4 octets (RFC 8044 §3.11).
    Ipv4prefix,
    /// Reserved, length, 0 to 16 octets (RFC 8044 §3.10).
    Ipv6prefix,
    /// IPv4 or IPv6 address, told apart by length.
    ComboIp,
    /// IPv4 or IPv6 prefix.
    ComboPrefix,
    /// Interface identifier, 8 octets (RFC 8044 §3.7).
    Ifid,
    /// MAC address, 6 octets.
    Ether,
    /// One octet, 0 or 1.
    Bool,
    /// Unsigned, 1 octet (`byte`).
    Uint8,
    /// Unsigned, 2 octets (`short`).
    Uint16,
    /// Unsigned, 4 octets (`integer`; RFC 8044 §3.1 and §3.2).
    Uint32,
    /// Unsigned, 8 octets (`integer64`; RFC 8044 §3.12).
    Uint64,
    /// Signed, 1 octet.
    Int8,
    /// Signed, 2 octets.
    Int16,
    /// Signed, 4 octets (`signed`).
    Int32,
    /// Signed, 8 octets.
    Int64,
    /// IEEE 754, 4 octets.
    Float32,
    /// IEEE 754, 8 octets.
    Float64,
    /// A count of octets, 8 octets, unsigned.
    Size,
    /// Seconds since 1970 (RFC 8044 §3.3) unless `precision=` says otherwise.
    Date,
    /// A span of time; seconds unless `precision=` says otherwise.
    TimeDelta,
    /// Ascend's binary filters.
    Abinary,
    /// `bit[n]`: part of a struct's octet.
    Bit,
    /// Nested attributes of one octet Type and one octet Length (RFC 8044 §3.13).
    Tlv,
    /// Members one after the other, without headers.
    Struct,
    /// One of several layouts, chosen by a key member of the enclosing struct.
    Union,
    /// Attributes of another (or of this) dictionary; see `ref=`.
    Group,
    /// Vendor-Specific (RFC 8044 §3.14): its children are vendors.
    Vsa,
    /// The space of one vendor's attributes.
    Vendor,
    /// Extended-Type (RFC 8044 §3.15, RFC 6929 §2.1).
    Extended,
    /// Extended-Type and flags (RFC 8044 §3.16, RFC 6929 §2.2).
    LongExtended,
    /// Extended-Vendor-Specific (RFC 8044 §3.17): its children are vendors.
    Evs,
    /// The number of another attribute.
    AttributeRef,
}

/// Every type with its spelling, the frequent ones first; the first one of a type is what [`Type`] prints.
const SPELLINGS: &[(&str, Type)] = &[
    ("string", Type::String),
    ("integer", Type::Uint32),
    ("octets", Type::Octets),
    ("ipaddr", Type::Ipaddr),
    ("byte", Type::Uint8),
    ("short", Type::Uint16),
    ("date", Type::Date),
    ("tlv", Type::Tlv),
    ("ipv6addr", Type::Ipv6addr),
    ("text", Type::String),
    ("ipv4addr", Type::Ipaddr),
    ("ipv4prefix", Type::Ipv4prefix),
    ("cidr", Type::Ipv4prefix),
    ("ipv6prefix", Type::Ipv6prefix),
    ("combo-ip", Type::ComboIp),
    ("combo-ip-addr", Type::ComboIp),
    ("combo-prefix", Type::ComboPrefix),
    ("combo-ip-prefix", Type::ComboPrefix),
    ("ifid", Type::Ifid),
    ("ether", Type::Ether),
    ("ethernet", Type::Ether),
    ("bool", Type::Bool),
    ("uint8", Type::Uint8),
    ("uint16", Type::Uint16),
    ("uint32", Type::Uint32),
    ("integer64", Type::Uint64),
    ("uint64", Type::Uint64),
    ("int8", Type::Int8),
    ("int16", Type::Int16),
    ("signed", Type::Int32),
    ("int32", Type::Int32),
    ("int64", Type::Int64),
    ("float32", Type::Float32),
    ("float64", Type::Float64),
    ("decimal", Type::Float64),
    ("size", Type::Size),
    ("time_delta", Type::TimeDelta),
    ("abinary", Type::Abinary),
    ("bit", Type::Bit),
    ("struct", Type::Struct),
    ("union", Type::Union),
    ("group", Type::Group),
    ("vsa", Type::Vsa),
    ("vendor", Type::Vendor),
    ("extended", Type::Extended),
    ("long-extended", Type::LongExtended),
    ("evs", Type::Evs),
    ("attribute", Type::AttributeRef),
];

impl Type {
    /// Every spelling a dictionary may use, with its type.
    pub fn spellings() -> &'static [(&'static str, Type)] {
        SPELLINGS
    }

    /// The type that is spelt so, in any case; without any `[n]`.
    pub fn spelt(text: &str) -> Option<Type> {
        SPELLINGS
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(text))
            .map(|(_, kind)| *kind)
    }

    /// The name FreeRADIUS 3 gives the type, or FreeRADIUS 4 where only that has it.
    pub fn name(self) -> &'static str {
        SPELLINGS
            .iter()
            .find(|(_, kind)| *kind == self)
            .map_or("octets", |(name, _)| name)
    }

    /// How many octets a value always has; `None` when that varies or the type has children.
    pub fn octets(self) -> Option<usize> {
        Some(match self {
            Type::Bool | Type::Uint8 | Type::Int8 => 1,
            Type::Uint16 | Type::Int16 => 2,
            Type::Ipaddr | Type::Uint32 | Type::Int32 | Type::Float32 | Type::Date | Type::TimeDelta => 4,
            Type::Ether | Type::Ipv4prefix => 6,
            Type::Ifid | Type::Uint64 | Type::Int64 | Type::Float64 | Type::Size => 8,
            Type::Ipv6addr => 16,
            _ => return None,
        })
    }

    /// Whether the type has children in the dictionary.
    pub fn is_container(self) -> bool {
        matches!(
            self,
            Type::Tlv
                | Type::Struct
                | Type::Union
                | Type::Group
                | Type::Vsa
                | Type::Vendor
                | Type::Extended
                | Type::LongExtended
                | Type::Evs
        )
    }

    /// The largest number a value can hold, for types that are unsigned numbers.
    pub fn max(self) -> Option<u64> {
        Some(match self {
            Type::Bool => 1,
            Type::Uint8 => u64::from(u8::MAX),
            Type::Uint16 => u64::from(u16::MAX),
            Type::Uint32 | Type::Date | Type::Ipaddr => u64::from(u32::MAX),
            Type::Uint64 | Type::Size | Type::Ifid => u64::MAX,
            Type::Ether => (1 << 48) - 1,
            _ => return None,
        })
    }

    /// Whether a value is a signed number.
    pub fn is_signed(self) -> bool {
        matches!(self, Type::Int8 | Type::Int16 | Type::Int32 | Type::Int64)
    }

    /// The type with this discriminant, as the packed tables hold it.
    #[inline]
    pub(crate) fn from_octet(octet: u8) -> Type {
        *BY_OCTET
            .get(usize::from(octet).wrapping_sub(1))
            .unwrap_or(&Type::Octets)
    }
}

/// All types in the order of their discriminants, which count from 1.
const BY_OCTET: [Type; 36] = [
    Type::String,
    Type::Octets,
    Type::Ipaddr,
    Type::Ipv6addr,
    Type::Ipv4prefix,
    Type::Ipv6prefix,
    Type::ComboIp,
    Type::ComboPrefix,
    Type::Ifid,
    Type::Ether,
    Type::Bool,
    Type::Uint8,
    Type::Uint16,
    Type::Uint32,
    Type::Uint64,
    Type::Int8,
    Type::Int16,
    Type::Int32,
    Type::Int64,
    Type::Float32,
    Type::Float64,
    Type::Size,
    Type::Date,
    Type::TimeDelta,
    Type::Abinary,
    Type::Bit,
    Type::Tlv,
    Type::Struct,
    Type::Union,
    Type::Group,
    Type::Vsa,
    Type::Vendor,
    Type::Extended,
    Type::LongExtended,
    Type::Evs,
    Type::AttributeRef,
];

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_is_spelt_and_found_again() {
        for (name, kind) in Type::spellings() {
            assert_eq!(Type::spelt(name), Some(*kind));
            assert_eq!(Type::spelt(kind.name()), Some(*kind));
            assert_eq!(Type::from_octet(*kind as u8), *kind);
        }
        assert_eq!(Type::spelt("String"), Some(Type::String));
        assert_eq!(Type::Uint32.to_string(), "integer");
        assert_eq!(Type::spelt("strnig"), None);
    }
}
