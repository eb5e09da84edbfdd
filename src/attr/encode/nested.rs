//! Values with a tag, hidden values, repeated values, and values made of inner attributes.

use super::scalar::Shape;
use super::{EncodeError, EncodeErrorKind, Encoder, Hole, Plain, about, hex_digits};
use crate::attr::decode::{MAX_TAG, is_nesting_group};
use crate::attr::grammar::{Literal, LiteralKind, Pair};
use crate::codec::hide::{MAX_PASSWORD, MAX_SALTED};
use crate::codec::vendor::write_tlv;
use crate::codec::{Secret, hex};
use crate::dictionary::{Encrypt, Entry, LengthPrefix, Oid, Type};

const BLOCK: usize = 16;

/// An inner attribute: where it stands below its container, and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::attr) struct Leaf {
    pub(in crate::attr) path: Vec<u32>,
    pub(in crate::attr) value: Plain,
}

impl<'d> Encoder<'d> {
    /// The octets of an attribute's value, tag and all.
    pub(super) fn entry_value(
        &self,
        pair: &Pair<'_>,
        entry: Entry<'d>,
        oid: Oid,
        tag: Option<u8>,
        literal: &Literal<'_>,
    ) -> Result<Plain, EncodeError> {
        let flags = entry.flags();
        let fail = |kind| about(pair, &literal.span, kind);
        if let Some(how) = flags.encrypt {
            // A hidden value without octets still has octets on the wire.
            let plain = self.scalar(&Shape::entry(entry, true), literal).map_err(fail)?;
            let mut value = Plain::default();
            if flags.has_tag {
                value.octets.push(tag.unwrap_or(0));
            }
            value.append(hole(plain, how).map_err(fail)?);
            return Ok(value);
        }
        if flags.has_tag && entry.kind() == Type::Uint32 {
            let shape = Shape {
                max: Some(0x00ff_ffff),
                ..Shape::entry(entry, false)
            };
            let mut octets = self.scalar(&shape, literal).map_err(fail)?;
            if let Some(first) = octets.first_mut() {
                *first = tag.unwrap_or(0);
            }
            return Ok(Plain::octets(octets));
        }
        let value = self.own_value(pair, entry, oid, literal)?;
        if !flags.has_tag {
            return Ok(value);
        }
        // RFC 2868 §3.3: a text whose first octet could be a tag needs one before it.
        let tag = tag.or(value.octets.first().filter(|first| **first <= MAX_TAG).map(|_| 0));
        let mut tagged = Plain::octets(tag.into_iter().collect());
        tagged.append(value);
        Ok(tagged)
    }

    /// The value without tag and hiding.
    fn own_value(
        &self,
        pair: &Pair<'_>,
        entry: Entry<'d>,
        oid: Oid,
        literal: &Literal<'_>,
    ) -> Result<Plain, EncodeError> {
        let fail = |kind| about(pair, &literal.span, kind);
        let rules = oid.parts() == [92];
        match &literal.kind {
            LiteralKind::Group(inner) => self.group(pair, entry, oid, inner),
            LiteralKind::Cast(kind, inner) => self.cast_value(pair, kind.text, inner),
            LiteralKind::List(values) if rules => {
                let mut octets = Vec::new();
                for (at, value) in values.iter().enumerate() {
                    if at > 0 {
                        octets.push(0);
                    }
                    octets.extend(self.scalar(&Shape::entry(entry, true), value).map_err(fail)?);
                }
                Ok(Plain::octets(octets))
            }
            LiteralKind::List(values) if entry.flags().array => {
                let mut all = Plain::default();
                for value in values {
                    all.append(self.element(pair, entry, oid, value)?);
                }
                Ok(all)
            }
            LiteralKind::List(_) => Err(fail(EncodeErrorKind::NotAGroup)),
            _ if entry.flags().array => self.element(pair, entry, oid, literal),
            _ => {
                // RFC 4372 §2.2 and RFC 3579 §2.1: these two say something when they are empty.
                let may_be_empty = matches!(oid.parts(), [79 | 89]);
                self.scalar(&Shape::entry(entry, may_be_empty), literal)
                    .map(Plain::octets)
                    .map_err(fail)
            }
        }
    }

    /// One element of a value that repeats.
    fn element(
        &self,
        pair: &Pair<'_>,
        entry: Entry<'d>,
        oid: Oid,
        literal: &Literal<'_>,
    ) -> Result<Plain, EncodeError> {
        let value = match &literal.kind {
            LiteralKind::Group(inner) => self.group(pair, entry, oid, inner)?,
            _ => self
                .scalar(&Shape::entry(entry, true), literal)
                .map(Plain::octets)
                .map_err(|kind| about(pair, &literal.span, kind))?,
        };
        match entry.flags().length {
            Some(prefix) => prefixed(prefix, entry.flags().offset, value),
            None => Ok(value),
        }
        .map_err(|kind| about(pair, &literal.span, kind))
    }

    /// What stands in the braces of a TLV, struct or union.
    fn group(
        &self,
        pair: &Pair<'_>,
        entry: Entry<'d>,
        oid: Oid,
        inner: &[Pair<'_>],
    ) -> Result<Plain, EncodeError> {
        let holds = matches!(entry.kind(), Type::Tlv | Type::Struct | Type::Union)
            || is_nesting_group(self.dictionary, entry);
        if !holds {
            return Err(about(pair, &pair.value.span, EncodeErrorKind::NotAGroup));
        }
        let mut leaves = Vec::new();
        for inner in inner {
            if !inner.operator.assigns() {
                return Err(about(inner, &inner.operator_span, EncodeErrorKind::Comparison));
            }
            let target = self.target(inner, Some((oid, Some(entry))))?;
            let path = target.oid.parts().get(oid.len()..).unwrap_or(&[]).to_vec();
            let value = self.target_value(inner, &target, None)?;
            leaves.push(Leaf { path, value });
        }
        self.assemble(Some(entry), &leaves)
            .map_err(|kind| about(pair, &pair.value.span, kind))
    }

    /// Puts inner attributes together as their container wants them; those that share a way go into one.
    pub(in crate::attr) fn assemble(
        &self,
        parent: Option<Entry<'d>>,
        leaves: &[Leaf],
    ) -> Result<Plain, EncodeErrorKind> {
        let mut children: Vec<(u32, Plain, bool)> = Vec::new();
        let mut rest = leaves;
        while let [first, ..] = rest {
            let (number, depth) = match first.path.as_slice() {
                [] => return Err(EncodeErrorKind::NotAChild),
                [number, deeper @ ..] => (*number, deeper.len()),
            };
            if depth == 0 {
                children.push((number, first.value.clone(), false));
                rest = rest.get(1..).unwrap_or(&[]);
                continue;
            }
            let together = rest
                .iter()
                .take_while(|leaf| leaf.path.len() > 1 && leaf.path.first() == Some(&number))
                .count();
            let (mine, others) = rest.split_at(together);
            let inner: Vec<Leaf> = mine
                .iter()
                .map(|leaf| Leaf {
                    path: leaf.path.get(1..).unwrap_or(&[]).to_vec(),
                    value: leaf.value.clone(),
                })
                .collect();
            let entry = parent.and_then(|parent| self.dictionary.child(parent.key(), number));
            children.push((number, self.assemble(entry, &inner)?, true));
            rest = others;
        }
        match parent.map(|parent| (parent, parent.kind())) {
            Some((parent, Type::Struct)) => structure(parent, children),
            // The union's branch, or the struct that goes on behind a key: the value is the container's own.
            Some((_, kind)) if kind == Type::Union || !kind.is_container() => match children.len() {
                1 => Ok(children.remove(0).1),
                _ => Err(EncodeErrorKind::Twice),
            },
            _ => tlvs(children),
        }
    }
}

/// TLVs one after the other.
fn tlvs(children: Vec<(u32, Plain, bool)>) -> Result<Plain, EncodeErrorKind> {
    let mut all = Plain::default();
    for (number, value, _) in children {
        let number = u8::try_from(number).map_err(|_| EncodeErrorKind::Unencodable)?;
        let mut octets = Vec::new();
        write_tlv(number, &value.octets, &mut octets)?;
        octets.truncate(octets.len() - value.octets.len());
        all.append(Plain::octets(octets));
        all.append(value);
    }
    if all.octets.is_empty() {
        return Err(EncodeErrorKind::Empty);
    }
    Ok(all)
}

/// The members of a struct in their order; those of fixed length that are not given are zeros.
fn structure(parent: Entry<'_>, children: Vec<(u32, Plain, bool)>) -> Result<Plain, EncodeErrorKind> {
    let (behind, mut given): (Vec<_>, Vec<_>) = children.into_iter().partition(|(number, _, deeper)| {
        let kind = parent.children().find(|member| member.number() == *number);
        // A way through a member that is no container leads to the struct that goes on behind it.
        *deeper && kind.is_some_and(|member| !member.kind().is_container())
    });
    let mut all = Plain::default();
    let (mut bits, mut held) = (0u32, 0u64);
    for member in parent.children() {
        let at = given.iter().position(|(number, ..)| *number == member.number());
        let mut value = at.map(|at| given.remove(at).1);
        // An array may be given element by element, as FreeRADIUS prints it.
        while let Some(value) = value.as_mut().filter(|_| member.flags().array)
            && let Some(next) = given.iter().position(|(number, ..)| *number == member.number())
        {
            value.append(given.remove(next).1);
        }
        if given.iter().any(|(number, ..)| *number == member.number()) {
            return Err(EncodeErrorKind::Twice);
        }
        let flags = member.flags();
        if member.kind() == Type::Bit {
            let width = member.bits().unwrap_or(1).min(64);
            let number = value.map_or(0, |value| number_of(&value.octets));
            for bit in (0..width).rev() {
                held = held << 1 | (number >> bit & 1);
                bits += 1;
                if bits == 8 {
                    all.octets.push(held as u8);
                    (bits, held) = (0, 0);
                }
            }
            continue;
        }
        let fixed = member.octets();
        let value = match (value, fixed) {
            (Some(value), _) => value,
            (None, Some(fixed)) if !flags.array => Plain::octets(vec![0; fixed]),
            (None, _) => Plain::default(),
        };
        all.append(match flags.length {
            Some(prefix) if !flags.array => prefixed(prefix, flags.offset, value)?,
            _ => value,
        });
    }
    match given.first() {
        Some(_) => Err(EncodeErrorKind::NotAChild),
        None => {
            behind.into_iter().for_each(|(_, value, _)| all.append(value));
            Ok(all)
        }
    }
}

fn number_of(octets: &[u8]) -> u64 {
    octets
        .iter()
        .fold(0, |number, octet| number << 8 | u64::from(*octet))
}

/// A value behind its length.
fn prefixed(prefix: LengthPrefix, offset: u8, value: Plain) -> Result<Plain, EncodeErrorKind> {
    let length = value.octets.len() as i128 + i128::from(offset);
    let max = match prefix {
        LengthPrefix::Uint8 => i128::from(u8::MAX),
        LengthPrefix::Uint16 => i128::from(u16::MAX),
    };
    if length < 0 || length > max {
        return Err(EncodeErrorKind::TooLong {
            length: value.octets.len(),
            max: usize::try_from(max - i128::from(offset)).unwrap_or(0),
        });
    }
    let octets = length.to_be_bytes();
    let mut all = Plain::octets(
        octets
            .get(octets.len() - prefix as usize..)
            .unwrap_or(&[])
            .to_vec(),
    );
    all.append(value);
    Ok(all)
}

/// A place for what the secret makes of `plain`.
pub(in crate::attr) fn hole(plain: Vec<u8>, how: Encrypt) -> Result<Plain, EncodeErrorKind> {
    let max = match how {
        Encrypt::UserPassword => MAX_PASSWORD,
        Encrypt::TunnelPassword => MAX_SALTED,
        Encrypt::AscendSecret => BLOCK,
    };
    if plain.len() > max {
        return Err(EncodeErrorKind::TooLong {
            length: plain.len(),
            max,
        });
    }
    let length = match how {
        Encrypt::UserPassword => plain.len().next_multiple_of(BLOCK).max(BLOCK),
        Encrypt::TunnelPassword => 2 + (plain.len() + 1).next_multiple_of(BLOCK),
        Encrypt::AscendSecret => BLOCK,
    };
    Ok(Plain {
        octets: vec![0; length],
        holes: vec![Hole {
            at: 0,
            length,
            plain: Secret::new(plain),
            how,
        }],
    })
}

/// Whether a literal is octets in hexadecimal, and which.
pub(in crate::attr) fn hexadecimal(literal: &Literal<'_>) -> Option<Result<Vec<u8>, hex::HexError>> {
    match literal.kind {
        LiteralKind::Bare(text) => Some(hex::decode(hex_digits(text)?)),
        _ => None,
    }
}
