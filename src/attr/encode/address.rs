//! Addresses and prefixes as FreeRADIUS lets them be written: `127` and `127.0`, `*`, `/32` behind an address, a
//! prefix without its length.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{EncodeErrorKind, Names, hex_digits};
use crate::attr::grammar::{Literal, LiteralKind};
use crate::dictionary::Type;

/// Whether a text can be the name of a host: it has a letter, or something else that no address has.
fn is_host(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().any(|octet| octet.is_ascii_alphabetic())
        && text
            .chars()
            .all(|character| character.is_alphanumeric() || matches!(character, '-' | '.' | '_'))
}

/// Takes a mask of all bits away; any other is refused.
fn without_mask(text: &str, bits: &str) -> Result<String, EncodeErrorKind> {
    match text.split_once('/') {
        Some((address, mask)) if mask == bits => Ok(address.to_owned()),
        Some(_) => Err(EncodeErrorKind::Mask),
        None => Ok(text.to_owned()),
    }
}

/// One IPv4 address.
pub(super) fn ipv4(text: &str, names: &dyn Names) -> Result<Ipv4Addr, EncodeErrorKind> {
    let text = without_mask(text, "32")?;
    match plain_ipv4(&text) {
        Some(address) => Ok(address),
        None if is_host(&text) => names.ipv4(&text).ok_or(EncodeErrorKind::Host),
        None => Err(EncodeErrorKind::NotA(Type::Ipaddr)),
    }
}

fn plain_ipv4(text: &str) -> Option<Ipv4Addr> {
    if text == "*" {
        return Some(Ipv4Addr::UNSPECIFIED);
    }
    if let Some(digits) = hex_digits(text) {
        let number = (digits.len() <= 8).then(|| u32::from_str_radix(digits, 16).ok())??;
        return Some(Ipv4Addr::from_bits(number));
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit());
    if digits(text) {
        return text.parse().ok().map(Ipv4Addr::from_bits);
    }
    dotted(text)
}

/// Two to four numbers; what is missing at the end is zero.
fn dotted(text: &str) -> Option<Ipv4Addr> {
    let mut octets = [0; 4];
    let mut parts = text.split('.');
    for octet in &mut octets {
        let Some(part) = parts.next() else { break };
        let digits = !part.is_empty() && part.bytes().all(|octet| octet.is_ascii_digit());
        *octet = digits.then(|| part.parse().ok())??;
    }
    (parts.next().is_none()).then(|| Ipv4Addr::from(octets))
}

/// One IPv6 address.
pub(super) fn ipv6(text: &str, names: &dyn Names) -> Result<Ipv6Addr, EncodeErrorKind> {
    let text = without_mask(text, "128")?;
    match plain_ipv6(&text) {
        Some(address) => Ok(address),
        None if is_host(&text) && !text.contains(':') => names.ipv6(&text).ok_or(EncodeErrorKind::Host),
        None => Err(EncodeErrorKind::NotA(Type::Ipv6addr)),
    }
}

fn plain_ipv6(text: &str) -> Option<Ipv6Addr> {
    match (text, hex_digits(text)) {
        ("*", _) => Some(Ipv6Addr::UNSPECIFIED),
        (_, Some(digits)) if digits.len() == 32 => {
            u128::from_str_radix(digits, 16).ok().map(Ipv6Addr::from_bits)
        }
        _ => text.parse().ok(),
    }
}

/// An address of either family.
pub(super) fn either(text: &str, names: &dyn Names) -> Result<Vec<u8>, EncodeErrorKind> {
    match (plain_ipv4(text), plain_ipv6(text)) {
        (Some(address), _) => Ok(address.octets().to_vec()),
        (_, Some(address)) => Ok(address.octets().to_vec()),
        _ if text.contains(':') => ipv6(text, names).map(|address| address.octets().to_vec()),
        _ => ipv4(text, names)
            .map(|address| address.octets().to_vec())
            .or_else(|error| match (&error, is_host(text)) {
                (EncodeErrorKind::Host, true) => ipv6(text, names).map(|address| address.octets().to_vec()),
                (EncodeErrorKind::NotA(_), _) => Err(EncodeErrorKind::NotA(Type::ComboIp)),
                _ => Err(error),
            }),
    }
}

/// The network that a literal says where a single address could stand: `10.0.0.0/8`.
pub(super) fn network(kind: Type, literal: &Literal<'_>) -> Option<(IpAddr, u8)> {
    let text = match &literal.kind {
        LiteralKind::Bare(text) => *text,
        LiteralKind::Quoted(octets) => std::str::from_utf8(octets).ok()?,
        _ => return None,
    };
    let (address, bits) = text.split_once('/')?;
    let bits: u8 = bits.parse().ok()?;
    let v4 = matches!(kind, Type::Ipaddr | Type::ComboIp);
    let v6 = matches!(kind, Type::Ipv6addr | Type::ComboIp);
    match dotted(address) {
        Some(address) if v4 && bits <= 32 => Some((IpAddr::V4(address), bits)),
        None if v6 && bits <= 128 => Some((IpAddr::V6(address.parse().ok()?), bits)),
        _ => None,
    }
}

/// Splits a prefix into address and bits; all bits where none are said.
fn split(text: &str, max: u8, kind: Type) -> Result<(&str, u8), EncodeErrorKind> {
    let Some((address, bits)) = text.split_once('/') else {
        return Ok((text, max));
    };
    let number: u32 = bits.parse().map_err(|_| EncodeErrorKind::NotA(kind))?;
    match u8::try_from(number) {
        Ok(bits) if bits <= max => Ok((address, bits)),
        _ => Err(EncodeErrorKind::OutOfRange {
            min: 0,
            max: i128::from(max),
        }),
    }
}

/// An IPv4 prefix (RFC 8044 §3.11): host bits become zeros.
pub(super) fn ipv4_prefix(text: &str) -> Result<Vec<u8>, EncodeErrorKind> {
    let kind = Type::Ipv4prefix;
    let (address, bits) = split(text, 32, kind)?;
    // A network may be written short: `10/8`.
    let short = || text.contains('/').then(|| dotted(address)).flatten();
    let address = short()
        .or_else(|| plain_ipv4(address))
        .ok_or(EncodeErrorKind::NotA(kind))?;
    let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
    let mut octets = vec![0, bits];
    octets.extend((address.to_bits() & mask).to_be_bytes());
    Ok(octets)
}

/// An IPv6 prefix (RFC 8044 §3.10) in as few octets as it needs, or in `full`: host bits become zeros.
pub(super) fn ipv6_prefix(text: &str, full: bool) -> Result<Vec<u8>, EncodeErrorKind> {
    let kind = Type::Ipv6prefix;
    let (address, bits) = split(text, 128, kind)?;
    let address = plain_ipv6(address).ok_or(EncodeErrorKind::NotA(kind))?;
    let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
    let prefix = (address.to_bits() & mask).to_be_bytes();
    let length = if full { 16 } else { usize::from(bits).div_ceil(8) };
    let mut octets = vec![0, bits];
    octets.extend_from_slice(prefix.get(..length).unwrap_or(&prefix));
    Ok(octets)
}

#[cfg(test)]
mod tests {
    use super::super::NoNames;
    use super::*;

    #[test]
    fn an_address_is_read_as_freeradius_reads_it() {
        for (text, address) in [
            ("192.0.2.1", Some([192, 0, 2, 1])),
            ("127", Some([0, 0, 0, 127])),
            ("127.0", Some([127, 0, 0, 0])),
            ("*", Some([0; 4])),
            ("0xc0000201", Some([192, 0, 2, 1])),
            ("192.0.2.1/32", Some([192, 0, 2, 1])),
            ("300.1.1.1", None),
            ("1.2.3.4.5", None),
            ("1..2", None),
        ] {
            assert_eq!(ipv4(text, &NoNames).ok(), address.map(Ipv4Addr::from), "{text}");
        }
        assert_eq!(ipv4("192.0.2.1/24", &NoNames), Err(EncodeErrorKind::Mask));
        assert_eq!(ipv4("localhost", &NoNames), Err(EncodeErrorKind::Host));
        assert_eq!(
            ipv4("300.1.1.1", &NoNames),
            Err(EncodeErrorKind::NotA(Type::Ipaddr))
        );
    }

    #[test]
    fn a_prefix_is_written_in_few_octets_and_without_host_bits() {
        assert_eq!(
            ipv6_prefix("2001:db8::/32", false),
            Ok(vec![0, 32, 0x20, 1, 0xd, 0xb8])
        );
        assert_eq!(ipv6_prefix("::/0", false), Ok(vec![0, 0]));
        assert_eq!(ipv6_prefix("2001:db8::1", false).unwrap().len(), 18);
        assert_eq!(ipv6_prefix("ffff::/9", false), Ok(vec![0, 9, 0xff, 0x80]));
        assert_eq!(ipv4_prefix("10/8"), Ok(vec![0, 8, 10, 0, 0, 0]));
        assert_eq!(ipv4_prefix("10.1.2.3/8"), Ok(vec![0, 8, 10, 0, 0, 0]));
        assert_eq!(ipv4_prefix("192.0.2.1"), Ok(vec![0, 32, 192, 0, 2, 1]));
        assert_eq!(
            ipv4_prefix("10.0.0.0/33"),
            Err(EncodeErrorKind::OutOfRange { min: 0, max: 32 })
        );
    }
}
