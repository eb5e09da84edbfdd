//! From a pair to octets: where an attribute stands, and what a literal means for its type.
//!
//! Refuses what it cannot say exactly: nothing is cut, wrapped or left out.

mod address;
mod fault;
mod nested;
mod place;
mod scalar;
pub(super) mod vlan;

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

pub use self::fault::{EncodeError, EncodeErrorKind};
pub(super) use self::nested::{Leaf, hexadecimal, hole};
pub(super) use self::scalar::parse_number;

use super::grammar::{Literal, LiteralKind, Pair, parse_tag};
use crate::codec::Secret;
use crate::codec::vendor::Envelope;
use crate::dictionary::{Dictionary, Encrypt, Entry, Oid, Type};

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

/// Octets with places in them that the secret fills when the packet is built.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Plain {
    pub(super) octets: Vec<u8>,
    pub(super) holes: Vec<Hole>,
}

/// A place that the secret fills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hole {
    pub(super) at: usize,
    pub(super) length: usize,
    pub(super) plain: Secret,
    pub(super) how: Encrypt,
}

impl Plain {
    pub(super) fn octets(octets: Vec<u8>) -> Plain {
        Plain {
            octets,
            holes: Vec::new(),
        }
    }

    /// Appends another, its holes moved along.
    fn append(&mut self, other: Plain) {
        let start = self.octets.len();
        self.octets.extend(other.octets);
        self.holes.extend(other.holes.into_iter().map(|hole| Hole {
            at: hole.at + start,
            ..hole
        }));
    }
}

/// What a pair says, ready for a draft.
pub(super) struct Encoded {
    /// The attribute itself; for inner attributes the outermost one.
    pub(super) oid: Oid,
    pub(super) envelope: Envelope,
    /// The numbers from the attribute inwards; empty when the value is its own.
    pub(super) path: Vec<u32>,
    pub(super) value: Plain,
}

/// What an expectation compares with.
pub(super) enum Operand<'d> {
    /// Nothing: it asks for presence.
    Nothing,
    /// The octets on the wire.
    Octets(Vec<u8>),
    /// All addresses of a network.
    Network(std::net::IpAddr, u8),
    /// A value of this attribute.
    Of(Entry<'d>, Vec<u8>),
}

/// What turns pairs into octets.
#[derive(Clone, Copy)]
pub(super) struct Encoder<'d> {
    pub(super) dictionary: &'d Dictionary,
    pub(super) names: &'d dyn Names,
}

/// The attribute that a name means.
#[derive(Clone, Copy)]
struct Target<'d> {
    oid: Oid,
    /// `None` where the value is octets as they stand on the wire.
    entry: Option<Entry<'d>>,
    /// Whether `raw.` stands before the name of something that is known.
    spelt_raw: bool,
}

/// A container: its path, and what is known of it.
type Parent<'d> = (Oid, Option<Entry<'d>>);

/// Makes an error about the whole pair's name.
fn about(pair: &Pair<'_>, span: &Range<usize>, kind: EncodeErrorKind) -> EncodeError {
    EncodeError {
        span: span.clone(),
        name: pair.name.text.to_owned(),
        kind,
    }
}

impl<'d> Encoder<'d> {
    /// Appends what the pair says; `parent` is the container in whose braces it stands, and `tag` the one that the
    /// braces give.
    pub(super) fn pair(
        &self,
        pair: &Pair<'_>,
        parent: Option<Oid>,
        tag: Option<u8>,
        out: &mut Vec<Encoded>,
    ) -> Result<(), EncodeError> {
        if !pair.operator.assigns() {
            return Err(about(pair, &pair.operator_span, EncodeErrorKind::Comparison));
        }
        if let (LiteralKind::Group(inner), Some(tag)) = (&pair.value.kind, tag_group(pair.name.text)) {
            // FreeRADIUS 4 puts the attributes of one tunnel in braces.
            return inner
                .iter()
                .try_for_each(|inner| self.pair(inner, parent, Some(tag), out));
        }
        let target = self.target(pair, parent.map(|oid| (oid, self.dictionary.entry(oid.key()))))?;
        if let LiteralKind::Group(inner) = &pair.value.kind
            && !target.spelt_raw
            && self.is_space(target.oid)
        {
            return inner
                .iter()
                .try_for_each(|inner| self.pair(inner, Some(target.oid), tag, out));
        }
        let value = self.target_value(pair, &target, tag)?;
        let (attribute, envelope, prefix) = self
            .envelope(target.oid)
            .map_err(|kind| about(pair, &pair.name.span, kind))?;
        let mut path = target.oid.parts().to_vec();
        path.drain(..attribute.len().min(path.len()));
        let mut whole = Plain::octets(prefix);
        whole.append(value);
        out.push(Encoded {
            oid: attribute,
            envelope,
            path,
            value: whole,
        });
        Ok(())
    }

    /// What the pair's name means, alone or in the braces of a parent.
    fn target(&self, pair: &Pair<'_>, parent: Option<Parent<'d>>) -> Result<Target<'d>, EncodeError> {
        let name = pair.name.text;
        if let Some(target) = parent.and_then(|parent| self.relative(name, parent)) {
            return Ok(target);
        }
        let resolved = self.dictionary.resolve(name).map_err(|error| {
            let start = pair.name.span.start;
            let span = start + error.at.start..start + error.at.end;
            about(pair, &span, EncodeErrorKind::Name(error))
        })?;
        if resolved
            .entry
            .is_some_and(|entry| is_internal(entry, resolved.oid))
        {
            return Err(about(pair, &pair.name.span, EncodeErrorKind::Internal));
        }
        if let Some((parent, _)) = parent
            && (!resolved.oid.parts().starts_with(parent.parts()) || resolved.oid == parent)
        {
            return Err(about(pair, &pair.name.span, EncodeErrorKind::NotAChild));
        }
        let text = resolved.entry.is_some_and(|entry| entry.kind() == Type::String);
        // `Attr-26.9.1 = 0x…` says octets; so does `26.9.1 = 0x…` where the type has no other use for them.
        let by_number = hexadecimal(&pair.value).is_some()
            && (is_numbered(name) || text && name.starts_with(|first: char| first.is_ascii_digit()));
        Ok(Target {
            oid: resolved.oid,
            entry: resolved.entry.filter(|_| !resolved.raw && !by_number),
            spelt_raw: resolved.raw && resolved.entry.is_some(),
        })
    }

    /// The struct that goes on behind one of a struct's keys, by its name alone, and that key.
    fn behind_a_key(&self, above: Entry<'d>, name: &str) -> Option<(Option<Entry<'d>>, Entry<'d>)> {
        let keys = above.children().filter(|member| !member.kind().is_container());
        keys.filter(|_| above.kind() == Type::Struct)
            .find_map(|key| Some((Some(key), self.dictionary.child_named(key.key(), name)?)))
    }

    /// A path of names below the container in whose braces it stands: `Cisco = { AVPair = "a" }` inside
    /// `Vendor-Specific`, or `A.B = 1` inside what holds `A`.
    fn relative(&self, name: &str, (mut oid, mut above): Parent<'d>) -> Option<Target<'d>> {
        for part in name.trim_start_matches(['&', '.']).split('.') {
            let reference = above.and_then(|above| above.reference()?.key);
            let keys = [Some(oid.key()), above.map(|above| above.key()), reference];
            let child = keys
                .into_iter()
                .flatten()
                .find_map(|key| self.dictionary.child_named(key, part));
            let (through, child) = match child {
                Some(child) => (None, child),
                None => self.behind_a_key(above?, part)?,
            };
            if let Some(key) = through {
                oid = oid.child(key.number())?;
            }
            oid = oid.child(child.number())?;
            above = Some(child);
        }
        Some(Target {
            oid,
            entry: above,
            spelt_raw: false,
        })
    }

    /// The value's octets: tagged, hidden, whatever the attribute wants.
    fn target_value(
        &self,
        pair: &Pair<'_>,
        target: &Target<'d>,
        tag: Option<u8>,
    ) -> Result<Plain, EncodeError> {
        let (mut tag_span, mut tag) = match &pair.tag {
            Some((tag, span)) => (span.clone(), Some(*tag)),
            None => (pair.name.span.clone(), tag),
        };
        let entry = target.entry;
        let has_tag = entry.is_some_and(|entry| entry.flags().has_tag);
        let untagged;
        let literal = match value_tag(&pair.value).filter(|_| has_tag && tag.is_none()) {
            Some((inner, literal)) => {
                (tag, tag_span) = (Some(inner), pair.value.span.clone());
                untagged = literal;
                &untagged
            }
            None => &pair.value,
        };
        if tag.is_some() && !has_tag {
            return Err(about(pair, &tag_span, EncodeErrorKind::Untagged));
        }
        match entry {
            Some(entry) => self.entry_value(pair, entry, target.oid, tag, literal),
            None => self.raw_value(pair, literal),
        }
    }

    /// What the right side of an expectation means, the attribute on its left side and its tag. Where no value is
    /// `wanted`, none is read.
    pub(super) fn operand(
        &self,
        pair: &Pair<'_>,
        wanted: bool,
    ) -> Result<(Oid, Option<u8>, Operand<'d>), EncodeError> {
        let target = self.target(pair, None)?;
        let tag = pair.tag.as_ref().map(|(tag, _)| *tag);
        let fail = |kind| about(pair, &pair.value.span, kind);
        let operand = match target.entry {
            _ if !wanted => Operand::Nothing,
            None => Operand::Octets(self.raw_value(pair, &pair.value)?.octets),
            Some(entry) => match (address::network(entry.kind(), &pair.value), entry.kind()) {
                (Some((address, bits)), _) => Operand::Network(address, bits),
                (None, kind) if kind.is_container() => match hexadecimal(&pair.value) {
                    Some(octets) => {
                        Operand::Octets(octets.map_err(|error| fail(EncodeErrorKind::Hex(error)))?)
                    }
                    None => return Err(fail(EncodeErrorKind::Group)),
                },
                (None, _) => {
                    let shape = scalar::Shape::entry(entry, true);
                    Operand::Of(entry, self.scalar(&shape, &pair.value).map_err(fail)?)
                }
            },
        };
        Ok((target.oid, tag, operand))
    }

    /// Octets that stand on the wire as they are.
    fn raw_value(&self, pair: &Pair<'_>, literal: &Literal<'_>) -> Result<Plain, EncodeError> {
        let fail = |kind| about(pair, &literal.span, kind);
        match &literal.kind {
            LiteralKind::Bare(text) => match hex_digits(text) {
                Some(digits) => crate::codec::hex::decode(digits)
                    .map(Plain::octets)
                    .map_err(|error| fail(EncodeErrorKind::Hex(error))),
                None => Err(fail(EncodeErrorKind::HexOnly)),
            },
            LiteralKind::Cast(kind, inner) => self.cast_value(pair, kind.text, inner),
            LiteralKind::Group(_) | LiteralKind::List(_) => Err(fail(EncodeErrorKind::NotAGroup)),
            LiteralKind::Quoted(_) | LiteralKind::Nothing => Err(fail(EncodeErrorKind::HexOnly)),
        }
    }

    fn cast_value(&self, pair: &Pair<'_>, kind: &str, inner: &Literal<'_>) -> Result<Plain, EncodeError> {
        let kind = Type::spelt(kind).unwrap_or(Type::Octets);
        let shape = scalar::Shape::of(kind);
        self.scalar(&shape, inner)
            .map(Plain::octets)
            .map_err(|kind| about(pair, &inner.span, kind))
    }
}

/// Whether the attribute is a server's own and never stands on the wire.
fn is_internal(entry: Entry<'_>, oid: Oid) -> bool {
    let flags = entry.flags();
    flags.internal || flags.computed || oid.is_empty() || matches!(oid.parts(), [number] if *number > 255)
}

/// Whether a name is of the kind that stands for a number: `Attr-26.9.1`, `Vendor-9-Attr-1`, `Cisco-Attr-1`.
fn is_numbered(name: &str) -> bool {
    let name = name.trim_start_matches(['&', '.']).to_ascii_lowercase();
    name.rfind("attr-")
        .filter(|at| *at == 0 || name[..*at].ends_with('-'))
        .is_some_and(|at| name[at + 5..].starts_with(|digit: char| digit.is_ascii_digit()))
}

/// The tag that `Tag-1 = { … }` gives.
fn tag_group(name: &str) -> Option<u8> {
    let name = name.trim_start_matches('&');
    let (head, number) = name.split_at_checked(4)?;
    head.eq_ignore_ascii_case("tag-").then(|| parse_tag(number))?
}

/// The tag inside a bare value, as FreeRADIUS 3 reads it: `:1:VLAN`.
fn value_tag<'t>(literal: &Literal<'t>) -> Option<(u8, Literal<'t>)> {
    let LiteralKind::Bare(text) = literal.kind else {
        return None;
    };
    let (tag, value) = text.strip_prefix(':')?.split_once(':')?;
    let start = literal.span.end - value.len();
    let literal = Literal {
        kind: LiteralKind::Bare(value),
        span: start..literal.span.end,
    };
    Some((parse_tag(tag)?, literal))
}

/// What follows `0x`.
fn hex_digits(text: &str) -> Option<&str> {
    text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))
}
