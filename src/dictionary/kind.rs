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

/// Every type with its spelling: the first one of a type is what [`Type`] prints.
const SPELLINGS: &[(&str, Type)] = &[
    ("string", Type::String),
    ("text", Type::String),
    ("octets", Type::Octets),
    ("ipaddr", Type::Ipaddr),
    ("ipv4addr", Type::Ipaddr),
    ("ipv6addr", Type::Ipv6addr),
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
    ("byte", Type::Uint8),
    ("uint8", Type::Uint8),
    ("short", Type::Uint16),
    ("uint16", Type::Uint16),
    ("integer", Type::Uint32),
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
    ("date", Type::Date),
    ("time_delta", Type::TimeDelta),
    ("abinary", Type::Abinary),
    ("bit", Type::Bit),
    ("tlv", Type::Tlv),
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

/// How a value is hidden on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Encrypt {
    /// `encrypt=1`, as User-Password (RFC 2865 §5.2).
    UserPassword = 1,
    /// `encrypt=2`, as Tunnel-Password: salted (RFC 2868 §3.5).
    TunnelPassword = 2,
    /// `encrypt=3`, Ascend's secret of 16 octets.
    AscendSecret = 3,
}

/// The unit of a date or a span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
pub enum Precision {
    /// Whole seconds.
    #[default]
    Seconds = 0,
    /// 1/10 s.
    Deciseconds,
    /// 1/100 s.
    Centiseconds,
    /// 1/1000 s.
    Milliseconds,
    /// 1/10^6 s.
    Microseconds,
    /// 1/10^9 s.
    Nanoseconds,
    /// 60 s.
    Minutes,
    /// 3,600 s.
    Hours,
    /// 86,400 s.
    Days,
    /// 7 days.
    Weeks,
}

/// The size of a length that stands before a value inside a struct (`length=uint8`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum LengthPrefix {
    /// One octet.
    Uint8 = 1,
    /// Two octets.
    Uint16 = 2,
}

/// How a vendor writes its attributes inside Vendor-Specific (`format=t,l[,c]`; RFC 2865 §5.26 recommends 1,1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VendorFormat {
    /// Octets of the vendor's Type: 1, 2 or 4.
    pub type_octets: u8,
    /// Octets of the vendor's Length: 0 (one attribute fills the rest), 1 or 2.
    pub length_octets: u8,
    /// Whether a continuation octet follows (WiMAX).
    pub continuation: bool,
}

impl VendorFormat {
    /// One octet each, no continuation: what RFC 2865 §5.26 recommends.
    pub const RECOMMENDED: VendorFormat = VendorFormat {
        type_octets: 1,
        length_octets: 1,
        continuation: false,
    };
}

impl Default for VendorFormat {
    fn default() -> Self {
        VendorFormat::RECOMMENDED
    }
}

impl fmt::Display for VendorFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{},{}{}",
            self.type_octets,
            self.length_octets,
            if self.continuation { ",c" } else { "" }
        )
    }
}

/// What a dictionary says of an attribute beside its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Flags {
    /// The value starts with a tag (RFC 2868 §3).
    pub has_tag: bool,
    /// The value is hidden.
    pub encrypt: Option<Encrypt>,
    /// The value is split over several attributes of the same Type (RFC 8044 §3.6).
    pub concat: bool,
    /// The value repeats until the end of the attribute.
    pub array: bool,
    /// Never on the wire: a server's own bookkeeping.
    pub internal: bool,
    /// Computed when asked for (FreeRADIUS 3's `virtual`), never on the wire.
    pub computed: bool,
    /// Not to be shown.
    pub secret: bool,
    /// A counter that only grows.
    pub counter: bool,
    /// A struct member that chooses what follows it.
    pub key: bool,
    /// Children are not to be nested when printed (FreeRADIUS 4's `flat`).
    pub flat: bool,
    /// The value comes from the peer unchecked (FreeRADIUS 4's `unsafe`).
    pub unchecked: bool,
    /// A length before the value, inside a struct.
    pub length: Option<LengthPrefix>,
    /// By how much that length exceeds the octets that follow it.
    pub offset: u8,
    /// The unit of a date or a span of time.
    pub precision: Precision,
}

/// The words of [`Precision`], as `precision=` spells them; the first of each is what is printed.
const PRECISIONS: &[(&str, Precision)] = &[
    ("seconds", Precision::Seconds),
    ("s", Precision::Seconds),
    ("deciseconds", Precision::Deciseconds),
    ("ds", Precision::Deciseconds),
    ("centiseconds", Precision::Centiseconds),
    ("cs", Precision::Centiseconds),
    ("milliseconds", Precision::Milliseconds),
    ("ms", Precision::Milliseconds),
    ("microseconds", Precision::Microseconds),
    ("us", Precision::Microseconds),
    ("nanoseconds", Precision::Nanoseconds),
    ("ns", Precision::Nanoseconds),
    ("minutes", Precision::Minutes),
    ("hours", Precision::Hours),
    ("days", Precision::Days),
    ("weeks", Precision::Weeks),
];

impl Precision {
    /// The unit that is spelt so, in any case.
    pub fn spelt(text: &str) -> Option<Precision> {
        PRECISIONS
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(text))
            .map(|(_, unit)| *unit)
    }

    /// Every spelling.
    pub fn spellings() -> impl Iterator<Item = &'static str> {
        PRECISIONS.iter().map(|(name, _)| *name)
    }

    /// The long spelling.
    pub fn name(self) -> &'static str {
        PRECISIONS
            .iter()
            .find(|(_, unit)| *unit == self)
            .map_or("seconds", |(name, _)| name)
    }
}

impl Encrypt {
    /// The number FreeRADIUS 3 gives the method (`encrypt=2`).
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The name FreeRADIUS 4 gives the method (`encrypt=Tunnel-Password`).
    pub fn name(self) -> &'static str {
        match self {
            Encrypt::UserPassword => "User-Password",
            Encrypt::TunnelPassword => "Tunnel-Password",
            Encrypt::AscendSecret => "Ascend-Secret",
        }
    }

    /// The method with this number or name.
    pub fn spelt(text: &str) -> Option<Encrypt> {
        [
            Encrypt::UserPassword,
            Encrypt::TunnelPassword,
            Encrypt::AscendSecret,
        ]
        .into_iter()
        .find(|method| method.name().eq_ignore_ascii_case(text) || text == method.number().to_string())
    }
}

type Field = fn(&mut Flags) -> &mut bool;

/// One bit of the packed flags each.
const BITS: &[(u32, Field)] = &[
    (1 << 0, |flags| &mut flags.has_tag),
    (1 << 1, |flags| &mut flags.concat),
    (1 << 2, |flags| &mut flags.array),
    (1 << 3, |flags| &mut flags.internal),
    (1 << 4, |flags| &mut flags.computed),
    (1 << 5, |flags| &mut flags.secret),
    (1 << 6, |flags| &mut flags.counter),
    (1 << 7, |flags| &mut flags.key),
    (1 << 8, |flags| &mut flags.flat),
    (1 << 9, |flags| &mut flags.unchecked),
];

impl Flags {
    /// The packed form: bits 0 to 17 of a row's flags, and 24 to 31 for the offset.
    pub(crate) fn to_bits(mut self) -> u32 {
        let mut bits = 0;
        for (bit, field) in BITS {
            if *field(&mut self) {
                bits |= bit;
            }
        }
        bits |= self.encrypt.map_or(0, |method| u32::from(method as u8)) << 10;
        bits |= self.length.map_or(0, |prefix| u32::from(prefix as u8)) << 12;
        bits |= u32::from(self.precision as u8) << 14;
        bits | u32::from(self.offset) << 24
    }

    /// From the packed form.
    pub(crate) fn from_bits(bits: u32) -> Flags {
        let mut flags = Flags {
            encrypt: match bits >> 10 & 3 {
                1 => Some(Encrypt::UserPassword),
                2 => Some(Encrypt::TunnelPassword),
                3 => Some(Encrypt::AscendSecret),
                _ => None,
            },
            length: match bits >> 12 & 3 {
                1 => Some(LengthPrefix::Uint8),
                2 => Some(LengthPrefix::Uint16),
                _ => None,
            },
            precision: PRECISIONS
                .iter()
                .map(|(_, unit)| *unit)
                .find(|unit| u32::from(*unit as u8) == bits >> 14 & 15)
                .unwrap_or_default(),
            offset: (bits >> 24) as u8,
            ..Flags::default()
        };
        if bits & 0x3ff != 0 {
            for (bit, field) in BITS {
                *field(&mut flags) = bits & bit != 0;
            }
        }
        flags
    }
}

/// Vendors that do not keep to RFC 2865's format: U.S. Robotics, Lucent, Starent.
const KNOWN_FORMATS: &[(u32, VendorFormat)] = &[
    (
        429,
        VendorFormat {
            type_octets: 4,
            length_octets: 0,
            continuation: false,
        },
    ),
    (
        4846,
        VendorFormat {
            type_octets: 2,
            length_octets: 1,
            continuation: false,
        },
    ),
    (
        8164,
        VendorFormat {
            type_octets: 2,
            length_octets: 2,
            continuation: false,
        },
    ),
];

impl VendorFormat {
    /// What FreeRADIUS 3 takes for the format of a vendor whose `VENDOR` line does not say.
    pub(crate) fn known(pen: u32) -> Option<VendorFormat> {
        KNOWN_FORMATS
            .iter()
            .find(|(known, _)| *known == pen)
            .map(|(_, format)| *format)
    }

    /// The packed form: bits 24 to 31 of a vendor's row.
    pub(crate) fn to_bits(self) -> u32 {
        (u32::from(self.type_octets) | u32::from(self.length_octets) << 3 | u32::from(self.continuation) << 5)
            << 24
    }

    /// From the packed form.
    pub(crate) fn from_bits(bits: u32) -> VendorFormat {
        VendorFormat {
            type_octets: (bits >> 24 & 7) as u8,
            length_octets: (bits >> 27 & 3) as u8,
            continuation: bits >> 29 & 1 != 0,
        }
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

    #[test]
    fn flags_survive_packing() {
        for bit in 0..10 {
            let bits = 1 << bit;
            assert_eq!(Flags::from_bits(bits).to_bits(), bits);
        }
        let flags = Flags {
            has_tag: true,
            encrypt: Some(Encrypt::TunnelPassword),
            length: Some(LengthPrefix::Uint16),
            precision: Precision::Weeks,
            offset: 200,
            ..Flags::default()
        };
        assert_eq!(Flags::from_bits(flags.to_bits()), flags);
        let format = VendorFormat {
            type_octets: 4,
            length_octets: 0,
            continuation: false,
        };
        assert_eq!(VendorFormat::from_bits(format.to_bits()), format);
    }
}
