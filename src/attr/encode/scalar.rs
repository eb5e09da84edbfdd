//! Values without inner attributes, from their text.

use std::borrow::Cow;

use super::{EncodeErrorKind, Encoder, address, hex_digits, vlan};
use crate::attr::grammar::{Literal, LiteralKind};
use crate::attr::{abinary, time};
use crate::codec::hex;
use crate::dictionary::{Entry, Precision, Type};

/// What matters for the octets of a value.
#[derive(Clone, Copy)]
pub(super) struct Shape<'d> {
    pub(super) kind: Type,
    pub(super) entry: Option<Entry<'d>>,
    pub(super) fixed: Option<usize>,
    pub(super) precision: Precision,
    pub(super) may_be_empty: bool,
    /// The largest number, where that is less than the type's.
    pub(super) max: Option<u64>,
}

impl<'d> Shape<'d> {
    /// Any value of this type.
    pub(super) fn of(kind: Type) -> Shape<'d> {
        Shape {
            kind,
            entry: None,
            fixed: None,
            precision: Precision::Seconds,
            may_be_empty: false,
            max: None,
        }
    }

    /// A value of this attribute.
    pub(super) fn entry(entry: Entry<'d>, may_be_empty: bool) -> Shape<'d> {
        Shape {
            kind: entry.kind(),
            entry: Some(entry),
            fixed: entry.octets(),
            precision: entry.flags().precision,
            may_be_empty,
            max: None,
        }
    }

    fn width(&self) -> usize {
        self.fixed.or(self.kind.octets()).unwrap_or(8)
    }
}

/// A number in decimal or, after `0x`, in hexadecimal digits.
pub(in crate::attr) fn parse_number(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let number = match hex_digits(digits) {
        Some(digits) if digits.bytes().all(|octet| octet.is_ascii_hexdigit()) => {
            i128::from_str_radix(digits, 16).ok()?
        }
        None if digits.bytes().all(|octet| octet.is_ascii_digit()) => digits.parse().ok()?,
        _ => return None,
    };
    Some(if negative { -number } else { number })
}

impl<'d> Encoder<'d> {
    /// The octets of a value.
    pub(super) fn scalar(
        &self,
        shape: &Shape<'d>,
        literal: &Literal<'_>,
    ) -> Result<Vec<u8>, EncodeErrorKind> {
        let octets: Cow<'_, [u8]> = match &literal.kind {
            LiteralKind::Bare(text) => Cow::Borrowed(text.as_bytes()),
            LiteralKind::Quoted(octets) => Cow::Borrowed(octets),
            LiteralKind::Group(_) | LiteralKind::List(_) => return Err(EncodeErrorKind::NotAGroup),
            LiteralKind::Cast(..) | LiteralKind::Nothing => return Err(EncodeErrorKind::NotA(shape.kind)),
        };
        let value = match shape.kind {
            Type::String => octets.to_vec(),
            kind if is_text(kind) => {
                let text = std::str::from_utf8(&octets).map_err(|_| EncodeErrorKind::NotA(kind))?;
                // A dictionary may name values that are no numbers: `VALUE Foo Local 127.0.0.1`.
                let named = shape.entry.and_then(|entry| entry.value_text(text));
                self.parse(shape, named.unwrap_or(text))?
            }
            _ => octets_of(shape, &octets)?,
        };
        match shape.fixed.or(shape.kind.octets()) {
            Some(expected) if expected != value.len() && shape.kind != Type::AttributeRef => {
                Err(EncodeErrorKind::Length {
                    expected,
                    found: value.len(),
                })
            }
            _ if value.is_empty() && !shape.may_be_empty => Err(EncodeErrorKind::Empty),
            _ => Ok(value),
        }
    }

    fn parse(&self, shape: &Shape<'d>, text: &str) -> Result<Vec<u8>, EncodeErrorKind> {
        let kind = shape.kind;
        let wrong = EncodeErrorKind::NotA(kind);
        if text.is_empty() {
            return Err(EncodeErrorKind::Empty);
        }
        match kind {
            Type::Ipaddr => address::ipv4(text, self.names).map(|address| address.octets().to_vec()),
            Type::Ipv6addr => address::ipv6(text, self.names).map(|address| address.octets().to_vec()),
            Type::ComboIp => address::either(text, self.names),
            Type::Ipv4prefix => address::ipv4_prefix(text),
            Type::Ipv6prefix => address::ipv6_prefix(text, false),
            Type::ComboPrefix if text.contains(':') => address::ipv6_prefix(text, true),
            Type::ComboPrefix => address::ipv4_prefix(text),
            Type::Ifid => groups::<4>(text, ':', 4)
                .map(|groups| groups.iter().flat_map(|group| group.to_be_bytes()).collect())
                .or_else(|| hex_octets(text, 8))
                .ok_or(wrong),
            Type::Ether => ether(text).ok_or(wrong),
            Type::Bool => match text.to_ascii_lowercase().as_str() {
                "yes" | "true" | "1" => Ok(vec![1]),
                "no" | "false" | "0" => Ok(vec![0]),
                _ => Err(wrong),
            },
            Type::Float32 => text
                .parse::<f32>()
                .map(|number| number.to_be_bytes().to_vec())
                .map_err(|_| wrong),
            Type::Float64 => text
                .parse::<f64>()
                .map(|number| number.to_be_bytes().to_vec())
                .map_err(|_| wrong),
            Type::Date => {
                let ticks = time::parse_date(text, shape.precision).ok_or(wrong)?;
                unsigned(ticks, shape)
            }
            Type::TimeDelta => {
                let ticks = time::parse_duration(text, shape.precision).ok_or(wrong)?;
                signed(ticks, shape)
            }
            Type::Int8 | Type::Int16 | Type::Int32 | Type::Int64 => signed(self.number(shape, text)?, shape),
            Type::AttributeRef => {
                let number = match parse_number(text) {
                    Some(number) => number,
                    None => i128::from(self.dictionary.named(text).ok_or(wrong)?.number()),
                };
                let width = shape.fixed.unwrap_or(1);
                unsigned(
                    number,
                    &Shape {
                        fixed: Some(width),
                        ..*shape
                    },
                )
            }
            Type::Abinary => match hex_digits(text) {
                Some(digits) => hex::decode(digits).map_err(EncodeErrorKind::Hex),
                None => abinary::parse(text).map_err(|_| wrong),
            },
            _ => unsigned(self.number(shape, text)?, shape),
        }
    }

    /// A number, or the name of one.
    fn number(&self, shape: &Shape<'d>, text: &str) -> Result<i128, EncodeErrorKind> {
        if let Some(number) = parse_number(text) {
            return Ok(number);
        }
        // FreeRADIUS 4 prints names with colons before them.
        let name = text.strip_prefix("::").unwrap_or(text);
        let Some(entry) = shape.entry else {
            return Err(EncodeErrorKind::NotA(shape.kind));
        };
        let vlan = || match entry.oid().parts() {
            [vlan::EGRESS_VLANID] => vlan::number(name),
            _ => None,
        };
        match entry.value_number(name).or_else(vlan) {
            Some(number) => Ok(i128::from(number)),
            None if entry.values().next().is_some() => {
                Err(EncodeErrorKind::UnknownValueName { key: entry.key() })
            }
            None => Err(EncodeErrorKind::NotA(shape.kind)),
        }
    }
}

/// Whether the type's values are written in characters, and not octet by octet.
fn is_text(kind: Type) -> bool {
    !kind.is_container() && !matches!(kind, Type::String | Type::Octets)
}

/// Octets: in hexadecimal after `0x`, else the characters themselves.
fn octets_of(shape: &Shape<'_>, octets: &[u8]) -> Result<Vec<u8>, EncodeErrorKind> {
    let text = std::str::from_utf8(octets).ok();
    let named = text.and_then(|text| shape.entry?.value_text(text));
    match named.or(text).and_then(hex_digits) {
        Some(digits) => hex::decode(digits).map_err(EncodeErrorKind::Hex),
        None if shape.kind.is_container() => Err(EncodeErrorKind::Group),
        None => Ok(named.map_or(octets, str::as_bytes).to_vec()),
    }
}

fn unsigned(number: i128, shape: &Shape<'_>) -> Result<Vec<u8>, EncodeErrorKind> {
    let width = shape.width();
    let bits = 8 * u32::try_from(width.min(8)).unwrap_or(8);
    let max = shape.max.map_or((1i128 << bits) - 1, i128::from);
    if number < 0 || number > max {
        return Err(EncodeErrorKind::OutOfRange { min: 0, max });
    }
    Ok(low_octets(number, width))
}

fn signed(number: i128, shape: &Shape<'_>) -> Result<Vec<u8>, EncodeErrorKind> {
    let width = shape.width();
    let limit = 1i128 << (8 * u32::try_from(width.min(8)).unwrap_or(8) - 1);
    if number < -limit || number >= limit {
        return Err(EncodeErrorKind::OutOfRange {
            min: -limit,
            max: limit - 1,
        });
    }
    Ok(low_octets(number, width))
}

/// The last `width` octets of a number that fits them.
fn low_octets(number: i128, width: usize) -> Vec<u8> {
    let octets = number.to_be_bytes();
    octets
        .get(octets.len() - width.min(8)..)
        .unwrap_or(&octets)
        .to_vec()
}

/// `N` groups of at most `digits` hexadecimal digits.
fn groups<const N: usize>(text: &str, between: char, digits: usize) -> Option<[u16; N]> {
    let mut numbers = [0; N];
    let mut parts = text.split(between);
    for number in &mut numbers {
        let part = parts.next()?;
        let good = (1..=digits).contains(&part.len()) && part.bytes().all(|octet| octet.is_ascii_hexdigit());
        *number = good.then(|| u16::from_str_radix(part, 16).ok())??;
    }
    parts.next().is_none().then_some(numbers)
}

/// So many octets in hexadecimal, with or without `0x`.
fn hex_octets(text: &str, length: usize) -> Option<Vec<u8>> {
    let octets = hex::decode(hex_digits(text).unwrap_or(text)).ok()?;
    (octets.len() == length).then_some(octets)
}

/// A MAC address: `00:11:22:33:44:55`, with dashes, as `0011.2233.4455` or without anything between.
fn ether(text: &str) -> Option<Vec<u8>> {
    for between in [':', '-'] {
        if let Some(groups) = groups::<6>(text, between, 2) {
            return Some(groups.iter().map(|group| *group as u8).collect());
        }
    }
    if let Some(groups) = groups::<3>(text, '.', 4) {
        return Some(groups.iter().flat_map(|group| group.to_be_bytes()).collect());
    }
    hex_octets(text, 6)
}
