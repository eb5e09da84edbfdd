//! What a dictionary says of an attribute beside its type, and of a vendor beside its name.

use std::fmt;

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
    #[inline]
    pub(crate) fn from_bits(bits: u32) -> Flags {
        match bits {
            // As most are.
            0 => Flags::default(),
            _ => Flags::of_some_bits(bits),
        }
    }

    fn of_some_bits(bits: u32) -> Flags {
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
