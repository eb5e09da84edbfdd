//! Values without inner attributes (RFC 8044 §3, and the types that dictionaries add).

use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::super::abinary;
use super::super::value::{Value, ValueFault};
use super::stretch::Stretch;
use crate::dictionary::{Precision, Type};

/// What the dictionary says of a value that matters for its octets.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub(super) kind: Type,
    /// A fixed length that the dictionary gives (`octets[16]`).
    pub(super) fixed: Option<usize>,
    pub(super) precision: Precision,
    /// Whether a value without octets is good: RFC 4372 §2.2 and RFC 3579 §2.1 have such.
    pub(super) may_be_empty: bool,
}

/// What the octets say as a value of this shape.
pub(super) fn scalar<'a>(shape: Shape, stretch: Stretch<'a, '_>) -> Value<'a> {
    let octets = stretch.get();
    if octets.is_empty() {
        return match shape.kind {
            Type::String if shape.may_be_empty => Value::Text(Cow::Borrowed("")),
            _ if shape.may_be_empty => Value::Octets(Cow::Borrowed(&[])),
            _ => Value::Malformed(ValueFault::Empty),
        };
    }
    if let Some(expected) = shape.fixed.or_else(|| shape.kind.octets())
        && expected != octets.len()
    {
        return Value::Malformed(ValueFault::Length {
            expected,
            found: octets.len(),
        });
    }
    match shape.kind {
        Type::String => text(stretch),
        Type::Ipaddr | Type::Ipv6addr | Type::ComboIp => address(octets),
        Type::Ipv4prefix => ipv4_prefix(octets),
        Type::Ipv6prefix => ipv6_prefix(octets),
        Type::ComboPrefix => match octets {
            [_, bits, _, _, _, _] if *bits <= 32 => ipv4_prefix(octets),
            _ => ipv6_prefix(octets),
        },
        Type::Ifid => array(octets, Value::Ifid),
        Type::Ether => array(octets, Value::Ether),
        Type::Bool => match octets {
            [0] => Value::Bool(false),
            [1] => Value::Bool(true),
            [other, ..] => Value::Malformed(ValueFault::NotBool(*other)),
            [] => Value::Malformed(ValueFault::Empty),
        },
        Type::Uint8
        | Type::Uint16
        | Type::Uint32
        | Type::Uint64
        | Type::Size
        | Type::AttributeRef
        | Type::Bit => unsigned(octets).map_or_else(too_wide(octets), Value::Unsigned),
        Type::Int8 | Type::Int16 | Type::Int32 | Type::Int64 => {
            signed(octets).map_or_else(too_wide(octets), Value::Signed)
        }
        Type::Float32 => array(octets, |four| Value::Float(f64::from(f32::from_be_bytes(four)))),
        Type::Float64 => array(octets, |eight| Value::Float(f64::from_be_bytes(eight))),
        Type::Date => unsigned(octets).map_or_else(too_wide(octets), |ticks| Value::Date {
            ticks,
            precision: shape.precision,
        }),
        Type::TimeDelta => signed(octets).map_or_else(too_wide(octets), |ticks| Value::Duration {
            ticks,
            precision: shape.precision,
        }),
        Type::Abinary => match abinary::check(octets) {
            Ok(()) => Value::Filter(stretch.keep()),
            Err(fault) => Value::Malformed(fault),
        },
        _ => Value::Octets(stretch.keep()),
    }
}

/// Text, when it is UTF-8.
pub(super) fn text<'a>(stretch: Stretch<'a, '_>) -> Value<'a> {
    match stretch.keep() {
        Cow::Borrowed(octets) => match std::str::from_utf8(octets) {
            Ok(text) => Value::Text(Cow::Borrowed(text)),
            Err(_) => Value::NotUtf8(Cow::Borrowed(octets)),
        },
        Cow::Owned(octets) => match String::from_utf8(octets) {
            Ok(text) => Value::Text(Cow::Owned(text)),
            Err(error) => Value::NotUtf8(Cow::Owned(error.into_bytes())),
        },
    }
}

/// A number in network order, of up to eight octets.
pub(super) fn unsigned(octets: &[u8]) -> Option<u64> {
    match octets {
        [a, b, c, d] => Some(u64::from(u32::from_be_bytes([*a, *b, *c, *d]))),
        _ if octets.len() <= 8 => Some(
            octets
                .iter()
                .fold(0, |number, octet| number << 8 | u64::from(*octet)),
        ),
        _ => None,
    }
}

/// The same in two's complement.
fn signed(octets: &[u8]) -> Option<i64> {
    let unused = 64
        - 8 * u32::try_from(octets.len())
            .ok()
            .filter(|length| (1..=8).contains(length))?;
    unsigned(octets).map(|number| ((number << unused) as i64) >> unused)
}

fn too_wide<'a>(octets: &[u8]) -> impl FnOnce() -> Value<'a> {
    let found = octets.len();
    move || {
        Value::Malformed(ValueFault::LengthRange {
            min: 1,
            max: 8,
            found,
        })
    }
}

fn array<'a, const N: usize>(octets: &[u8], value: impl FnOnce([u8; N]) -> Value<'a>) -> Value<'a> {
    match octets.try_into() {
        Ok(octets) => value(octets),
        Err(_) => Value::Malformed(ValueFault::Length {
            expected: N,
            found: octets.len(),
        }),
    }
}

/// An address of either family, told by its length.
fn address<'a>(octets: &[u8]) -> Value<'a> {
    if let Ok(four) = <[u8; 4]>::try_from(octets) {
        Value::Ipv4(Ipv4Addr::from(four))
    } else if let Ok(sixteen) = <[u8; 16]>::try_from(octets) {
        Value::Ipv6(Ipv6Addr::from(sixteen))
    } else {
        Value::Malformed(ValueFault::LengthRange {
            min: 4,
            max: 16,
            found: octets.len(),
        })
    }
}

/// RFC 8044 §3.11. Host bits are cleared.
fn ipv4_prefix<'a>(octets: &[u8]) -> Value<'a> {
    match octets {
        [_, bits, a, b, c, d] => match u32::MAX.checked_shl(32 - u32::from((*bits).min(32))) {
            _ if *bits > 32 => Value::Malformed(ValueFault::PrefixLength { bits: *bits, max: 32 }),
            mask => Value::Ipv4Prefix(
                Ipv4Addr::from_bits(u32::from_be_bytes([*a, *b, *c, *d]) & mask.unwrap_or(0)),
                *bits,
            ),
        },
        _ => Value::Malformed(ValueFault::Length {
            expected: 6,
            found: octets.len(),
        }),
    }
}

/// RFC 8044 §3.10: as many octets as the prefix needs, or more, up to sixteen. Host bits are cleared.
fn ipv6_prefix<'a>(octets: &[u8]) -> Value<'a> {
    let [_, bits, prefix @ ..] = octets else {
        return Value::Malformed(ValueFault::LengthRange {
            min: 2,
            max: 18,
            found: octets.len(),
        });
    };
    let mut address = [0; 16];
    match address.get_mut(..prefix.len()) {
        _ if *bits > 128 => Value::Malformed(ValueFault::PrefixLength {
            bits: *bits,
            max: 128,
        }),
        None => Value::Malformed(ValueFault::LengthRange {
            min: 2,
            max: 18,
            found: octets.len(),
        }),
        Some(_) if prefix.len() < usize::from(*bits).div_ceil(8) => Value::Malformed(ValueFault::PrefixCut {
            needed: usize::from(*bits).div_ceil(8),
            found: prefix.len(),
        }),
        Some(place) => {
            place.copy_from_slice(prefix);
            let mask = u128::MAX.checked_shl(128 - u32::from(*bits)).unwrap_or(0);
            Value::Ipv6Prefix(Ipv6Addr::from_bits(u128::from_be_bytes(address) & mask), *bits)
        }
    }
}
