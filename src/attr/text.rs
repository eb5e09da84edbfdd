//! Attributes as text that parses back to the same octets.
//!
//! `NAME = VALUE`, a tag as `NAME:1`. What has no name, or no value of its type, stands as octets behind its
//! numbers: `Attr-26.9.250 = 0x6869`. What is valid in several forms (host bits in a prefix, a prefix longer than
//! it must be) prints what it means, and parses to the shortest form.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use super::abinary;
use super::decode::{Attribute, Name};
use super::encode::{parse_number, vlan};
use super::time;
use super::value::Value;
use crate::codec::hex;
use crate::dictionary::{Entry, Type};

impl<'a> Attribute<'a> {
    /// Displays as `NAME = VALUE`; what is secret as `<hidden>` unless `secrets` are to be shown.
    pub fn pair(&self, secrets: bool) -> PairText<'_, 'a> {
        PairText {
            attribute: self,
            name: self.name(),
            secrets,
        }
    }

    /// Displays as it stands in the braces of what holds it: with the name that it has there.
    fn inner(&self, secrets: bool) -> PairText<'_, 'a> {
        PairText {
            attribute: self,
            name: self
                .entry
                .map_or(self.name(), |entry| Name::Known(entry.local_name())),
            secrets,
        }
    }

    /// Displays as the value alone, in the spelling that stands after the `=`.
    pub fn value_text(&self, secrets: bool) -> ValueText<'_, 'a> {
        ValueText {
            attribute: self,
            secrets,
        }
    }

    /// Whether it prints as octets behind its numbers: nothing better would parse back.
    pub fn is_raw(&self) -> bool {
        let Some(entry) = self.entry else { return true };
        match &self.value {
            Value::Malformed(_) | Value::Sealed(_) => true,
            Value::Octets(_) => entry.kind().is_container() && entry.kind() != Type::Group,
            Value::Group(members) => entry.kind() == Type::Struct && is_cut(entry, members),
            Value::Array(values) => values.iter().any(|value| match value {
                Value::Group(members) => is_cut(entry, members),
                _ => false,
            }),
            _ => false,
        }
    }

    /// The dictionary's name for its number, if that has one.
    pub fn value_name(&self) -> Option<Cow<'a, str>> {
        value_name(self.entry?, &self.value)
    }
}

/// Whether a struct lacks members that would be written as zeros.
fn is_cut(entry: Entry<'_>, members: &[Attribute<'_>]) -> bool {
    entry.children().any(|member| {
        let fixed = member.kind() == Type::Bit || member.octets().is_some();
        let prefixed = member.flags().length.is_some();
        (fixed || prefixed)
            && members
                .iter()
                .all(|given| given.entry.map(|entry| entry.key()) != Some(member.key()))
    })
}

fn value_name<'a>(entry: Entry<'a>, value: &Value<'_>) -> Option<Cow<'a, str>> {
    match *value {
        Value::Unsigned(number) => match entry.value_name(number) {
            Some(name) => Some(Cow::Borrowed(name)),
            None if entry.oid().parts() == [vlan::EGRESS_VLANID] => vlan::text(number).map(Cow::Owned),
            None => None,
        },
        Value::Signed(number) => entry.value_name(u64::try_from(number).ok()?).map(Cow::Borrowed),
        _ => None,
    }
}

/// Displays as `NAME = VALUE`.
#[derive(Clone, Copy, Debug)]
pub struct PairText<'t, 'a> {
    attribute: &'t Attribute<'a>,
    name: Name<'a>,
    secrets: bool,
}

/// Displays as the value.
#[derive(Clone, Copy, Debug)]
pub struct ValueText<'t, 'a> {
    attribute: &'t Attribute<'a>,
    secrets: bool,
}

impl fmt::Display for PairText<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attribute = self.attribute;
        if attribute.is_raw() && (self.secrets || !attribute.secret) {
            write!(f, "Attr-{}", attribute.oid)?;
        } else {
            write!(f, "{}", self.name)?;
            if let Some(tag) = attribute.tag {
                write!(f, ":{tag}")?;
            }
        }
        write!(f, " = {}", attribute.value_text(self.secrets))
    }
}

impl fmt::Display for ValueText<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attribute = self.attribute;
        if attribute.secret && !self.secrets {
            return f.write_str("<hidden>");
        }
        match attribute.entry {
            Some(entry) if !attribute.is_raw() => write_value(f, entry, &attribute.value, self.secrets),
            _ => write_hex(f, &attribute.octets),
        }
    }
}

fn write_value(
    f: &mut fmt::Formatter<'_>,
    entry: Entry<'_>,
    value: &Value<'_>,
    secrets: bool,
) -> fmt::Result {
    match value {
        Value::Text(text) => write_quoted(f, text.as_bytes()),
        Value::NotUtf8(octets) => write_quoted(f, octets),
        Value::Octets(octets) => write_hex(f, octets),
        Value::Unsigned(_) | Value::Signed(_) => write_number(f, entry, value),
        Value::Float(number) if entry.kind() == Type::Float32 => write!(f, "{}", *number as f32),
        Value::Float(number) => write!(f, "{number}"),
        Value::Bool(true) => f.write_str("yes"),
        Value::Bool(false) => f.write_str("no"),
        Value::Date { ticks, precision } => time::write_date(f, *ticks, *precision),
        Value::Duration { ticks, precision } => time::write_duration(f, *ticks, *precision),
        Value::Ipv4(address) => write!(f, "{address}"),
        Value::Ipv6(address) => write!(f, "{address}"),
        Value::Ipv4Prefix(address, bits) => write!(f, "{address}/{bits}"),
        Value::Ipv6Prefix(address, bits) => write!(f, "{address}/{bits}"),
        Value::Ifid([a, b, c, d, e, g, h, i]) => {
            write!(f, "{a:02x}{b:02x}:{c:02x}{d:02x}:{e:02x}{g:02x}:{h:02x}{i:02x}")
        }
        Value::Ether([a, b, c, d, e, g]) => {
            write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
        }
        Value::Filter(octets) => match abinary::text(octets) {
            Some(text) => write_quoted(f, text.as_bytes()),
            None => write_hex(f, octets),
        },
        Value::Group(children) => {
            f.write_str("{ ")?;
            for (at, child) in children.iter().enumerate() {
                let comma = if at == 0 { "" } else { ", " };
                write!(f, "{comma}{}", child.inner(secrets))?;
            }
            f.write_str(" }")
        }
        Value::Array(values) => {
            f.write_str("{ ")?;
            for (at, value) in values.iter().enumerate() {
                f.write_str(if at == 0 { "" } else { ", " })?;
                write_value(f, entry, value, secrets)?;
            }
            f.write_str(" }")
        }
        // Raw, and printed as octets before it comes to this.
        Value::Sealed(_) | Value::Malformed(_) => Ok(()),
    }
}

/// The name of a number where that parses back to the number.
fn write_number(f: &mut fmt::Formatter<'_>, entry: Entry<'_>, value: &Value<'_>) -> fmt::Result {
    let number = match *value {
        Value::Unsigned(number) => i128::from(number),
        Value::Signed(number) => i128::from(number),
        _ => 0,
    };
    let name = value_name(entry, value).filter(|name| {
        let known = entry.value_number(name).map(i128::from);
        (known.is_none() || known == Some(number)) && parse_number(name).is_none()
    });
    match name {
        Some(name) if is_bare(&name) => f.write_str(&name),
        Some(name) => write_quoted(f, name.as_bytes()),
        None => write!(f, "{number}"),
    }
}

/// Whether a word reads as itself without quotes.
fn is_bare(word: &str) -> bool {
    word.bytes()
        .all(|octet| octet.is_ascii_alphanumeric() || b"-_./+:@".contains(&octet))
}

/// Octets as a hexadecimal number.
fn write_hex(f: &mut fmt::Formatter<'_>, octets: &[u8]) -> fmt::Result {
    f.write_str("0x")?;
    for piece in octets.chunks(64) {
        f.write_str(&hex::encode(piece))?;
    }
    Ok(())
}

/// Text in double quotes. What is no printable character, or could trick a terminal, stands as octal escapes, which
/// FreeRADIUS reads too.
fn write_quoted(f: &mut fmt::Formatter<'_>, octets: &[u8]) -> fmt::Result {
    f.write_char('"')?;
    for chunk in octets.utf8_chunks() {
        let text = chunk.valid();
        let mut plain = 0;
        for (at, character) in text.char_indices() {
            if !needs_escape(character) {
                continue;
            }
            f.write_str(text.get(plain..at).unwrap_or(""))?;
            plain = at + character.len_utf8();
            match character {
                '"' => f.write_str("\\\"")?,
                '\\' => f.write_str("\\\\")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                _ => write_octal(f, character.encode_utf8(&mut [0; 4]).as_bytes())?,
            }
        }
        f.write_str(text.get(plain..).unwrap_or(""))?;
        write_octal(f, chunk.invalid())?;
    }
    f.write_char('"')
}

fn needs_escape(character: char) -> bool {
    matches!(character, '"' | '\\')
        || character.is_control()
        // Marks that turn the direction of text, and invisible ones.
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn write_octal(f: &mut fmt::Formatter<'_>, octets: &[u8]) -> fmt::Result {
    octets.iter().try_for_each(|octet| write!(f, "\\{octet:03o}"))
}
