//! Values made of inner attributes: TLVs (RFC 6929 §2.3), structs and unions, repeated values.

use super::super::value::{Value, ValueFault};
use super::scalar::{scalar, unsigned};
use super::stretch::Stretch;
use super::{Attribute, Decoder, Known};
use crate::codec::vendor::{Layout, SubAttributes};
use crate::dictionary::{Entry, LengthPrefix, Oid, Type};

/// What is left of a struct while its members are read.
struct Cursor<'a, 'b> {
    stretch: Stretch<'a, 'b>,
    /// Octets read.
    at: usize,
    /// Bits read of the octet at `at`.
    bits: usize,
}

impl<'a, 'b> Cursor<'a, 'b> {
    fn left(&self) -> usize {
        self.stretch.len() - self.at
    }

    fn take(&mut self, count: usize) -> Result<Stretch<'a, 'b>, ValueFault> {
        if self.bits != 0 || count > self.left() {
            return Err(ValueFault::StructCut { at: self.at });
        }
        self.at += count;
        Ok(self.stretch.part(self.at - count..self.at))
    }

    /// The next `count` bits as a number, most significant first, and the octets they lie in.
    fn take_bits(&mut self, count: usize) -> Result<(u64, Stretch<'a, 'b>), ValueFault> {
        let end = self.bits + count;
        let octets = self.stretch.part(self.at..self.at + end.div_ceil(8));
        if octets.len() < end.div_ceil(8) || count > 64 {
            return Err(ValueFault::StructCut { at: self.at });
        }
        let number = (self.bits..end).fold(0, |number: u64, bit| {
            let octet = octets.get().get(bit / 8).copied().unwrap_or(0);
            number << 1 | u64::from(octet >> (7 - bit % 8) & 1)
        });
        self.at += end / 8;
        self.bits = end % 8;
        Ok((number, octets))
    }
}

impl<'a> Decoder<'a, '_> {
    /// The attributes inside a TLV or a group whose children `entry` describes.
    pub(super) fn tlv(&self, entry: Option<Entry<'a>>, oid: Oid, stretch: Stretch<'a, '_>) -> Value<'a> {
        if stretch.is_empty() {
            return Value::Malformed(ValueFault::Empty);
        }
        let mut children = Vec::with_capacity(stretch.len() / 8 + 1);
        for inner in SubAttributes::new(stretch.get(), Layout::TLV) {
            let inner = match inner {
                Ok(inner) if !inner.value.is_empty() => inner,
                Ok(inner) => {
                    return Value::Malformed(ValueFault::Inner {
                        at: inner.at,
                        length: 2,
                        left: stretch.len() - inner.at,
                    });
                }
                Err(error) => {
                    return Value::Malformed(ValueFault::Inner {
                        at: error.at,
                        length: error.length,
                        left: error.left,
                    });
                }
            };
            let Some(oid) = oid.child(inner.number) else {
                return Value::Malformed(ValueFault::TooDeep);
            };
            let end = inner.value_at + inner.value.len();
            let child = entry.and_then(|entry| self.child(entry, inner.number));
            let span = stretch.part(inner.at..end).span();
            children.push(self.attribute(child, oid, stretch.part(inner.value_at..end), span));
        }
        Value::Group(children)
    }

    /// The members of a struct, all of whose octets they must take.
    pub(super) fn structure(&self, entry: Entry<'a>, oid: Oid, stretch: Stretch<'a, '_>) -> Value<'a> {
        let mut cursor = Cursor {
            stretch,
            at: 0,
            bits: 0,
        };
        match self.members(entry, oid, &mut cursor) {
            Ok(_) if stretch.is_empty() => Value::Malformed(ValueFault::Empty),
            Ok(_) if cursor.bits != 0 => Value::Malformed(ValueFault::StructCut { at: cursor.at }),
            Ok(_) if cursor.left() > 0 => Value::Malformed(ValueFault::StructTrailing { at: cursor.at }),
            Ok(members) => Value::Group(members),
            Err(fault) => Value::Malformed(fault),
        }
    }

    /// Reads members until they or the octets are over: a struct may end early between two members.
    fn members(
        &self,
        entry: Entry<'a>,
        oid: Oid,
        cursor: &mut Cursor<'a, '_>,
    ) -> Result<Vec<Attribute<'a>>, ValueFault> {
        let mut members: Vec<Attribute<'a>> = Vec::new();
        for member in entry.children() {
            if cursor.left() == 0 {
                return Ok(members);
            }
            let oid = oid.child(member.number()).ok_or(ValueFault::TooDeep)?;
            let attribute = self.member(member, oid, cursor, &members)?;
            members.push(attribute);
        }
        // A struct may go on as its key member says: `STRUCT` of FreeRADIUS 4's dictionaries.
        let more = members.iter().rev().find_map(|member| {
            let key = member.entry.filter(|entry| entry.flags().key)?;
            let Value::Unsigned(number) = member.value else {
                return None;
            };
            let number = u32::try_from(number).ok()?;
            Some((self.child(key, number)?, member.oid.child(number)?))
        });
        if let Some((branch, oid)) = more
            && cursor.left() > 0
            && cursor.bits == 0
        {
            let rest = cursor.take(cursor.left())?;
            members.push(self.attribute(Some(branch), oid, rest, rest.span()));
        }
        Ok(members)
    }

    fn member(
        &self,
        member: Entry<'a>,
        oid: Oid,
        cursor: &mut Cursor<'a, '_>,
        before: &[Attribute<'a>],
    ) -> Result<Attribute<'a>, ValueFault> {
        let (kind, flags) = (member.kind(), member.flags());
        if kind == Type::Bit {
            let (number, octets) = cursor.take_bits(member.bits().unwrap_or(1) as usize)?;
            let mut attribute = self.attribute(None, oid, octets, octets.span());
            attribute.entry = Some(member);
            attribute.value = Value::Unsigned(number);
            return Ok(attribute);
        }
        let octets = match (flags.length, member.octets()) {
            _ if flags.array => cursor.take(cursor.left())?,
            (Some(prefix), _) => prefixed(prefix, flags.offset, cursor)?,
            (None, Some(octets)) => cursor.take(octets)?,
            (None, None) => cursor.take(cursor.left())?,
        };
        if kind == Type::Union {
            return self.union(member, oid, octets, before);
        }
        Ok(self.attribute(Some(member), oid, octets, octets.span()))
    }

    /// A union: the branch that the value of its key member chooses.
    fn union(
        &self,
        union: Entry<'a>,
        oid: Oid,
        octets: Stretch<'a, '_>,
        before: &[Attribute<'a>],
    ) -> Result<Attribute<'a>, ValueFault> {
        let key = union.key_field().map(|field| field.number());
        let chosen = before
            .iter()
            .find(|member| member.oid.last() == key)
            .and_then(|member| match member.value {
                Value::Unsigned(number) => Some(number),
                _ => None,
            });
        let branch = chosen
            .and_then(|number| u32::try_from(number).ok())
            .and_then(|number| Some((self.child(union, number)?, oid.child(number)?)));
        let mut attribute = self.attribute(None, oid, octets, octets.span());
        attribute.entry = Some(union);
        attribute.value = match branch {
            Some((branch, oid)) => {
                Value::Group(vec![self.attribute(Some(branch), oid, octets, octets.span())])
            }
            None => Value::Malformed(ValueFault::Branch(chosen.unwrap_or(0))),
        };
        Ok(attribute)
    }

    /// A value that repeats until its end.
    pub(super) fn repeated(&self, entry: Entry<'a>, oid: Oid, stretch: Stretch<'a, '_>) -> Value<'a> {
        let mut cursor = Cursor {
            stretch,
            at: 0,
            bits: 0,
        };
        let mut values = Vec::new();
        while cursor.left() > 0 {
            match self.element(entry, oid, &mut cursor) {
                Ok(Value::Malformed(fault)) | Err(fault) => return Value::Malformed(fault),
                Ok(value) => values.push(value),
            }
        }
        match values.len() {
            0 => Value::Malformed(ValueFault::Empty),
            1 => values.remove(0),
            _ => Value::Array(values),
        }
    }

    fn element(
        &self,
        entry: Entry<'a>,
        oid: Oid,
        cursor: &mut Cursor<'a, '_>,
    ) -> Result<Value<'a>, ValueFault> {
        let (kind, flags) = (entry.kind(), entry.flags());
        let at = cursor.at;
        let octets = match (flags.length, entry.octets()) {
            (Some(prefix), _) => prefixed(prefix, flags.offset, cursor)?,
            (None, Some(octets)) => cursor.take(octets)?,
            (None, None) if kind == Type::Struct => {
                let members = self.members(entry, oid, cursor)?;
                return if cursor.at == at {
                    Err(ValueFault::StructTrailing { at })
                } else {
                    Ok(Value::Group(members))
                };
            }
            (None, None) => cursor.take(cursor.left())?,
        };
        Ok(match kind {
            Type::Struct => self.structure(entry, oid, octets),
            Type::Tlv | Type::Group => self.tlv(Some(entry), oid, octets),
            _ => scalar(Known::of(entry).shape(true), octets),
        })
    }
}

/// Octets with their length before them.
fn prefixed<'a, 'b>(
    prefix: LengthPrefix,
    offset: u8,
    cursor: &mut Cursor<'a, 'b>,
) -> Result<Stretch<'a, 'b>, ValueFault> {
    let at = cursor.at;
    let length = unsigned(cursor.take(prefix as usize)?.get()).unwrap_or(0);
    let length = i64::try_from(length).unwrap_or(i64::MAX) - i64::from(offset);
    usize::try_from(length)
        .map_err(|_| ValueFault::StructCut { at })
        .and_then(|length| cursor.take(length))
        .map_err(|_| ValueFault::StructCut { at })
}
