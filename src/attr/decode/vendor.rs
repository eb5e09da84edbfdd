//! What stands inside Vendor-Specific (RFC 2865 §5.26) and the extended attributes (RFC 6929), fragments joined.

use std::ops::Range;

use super::super::value::{Value, ValueFault};
use super::stretch::{Segment, Stretch};
use super::{Attribute, Decoder};
use crate::codec::vendor::{EXTENDED_VENDOR, Layout, MORE, SubAttribute, SubAttributes};
use crate::codec::{self, AttributeType, Attributes};
use crate::dictionary::{Entry, Key, Oid, VendorFormat};

/// A Private Enterprise Number has 24 bits on the wire (RFC 2865 §5.26: "the high-order octet is 0").
const MAX_VENDOR: u32 = 0x00ff_ffff;

/// The layout that a dictionary's `format=` says.
pub(in crate::attr) fn layout(format: VendorFormat) -> Layout {
    Layout {
        type_octets: format.type_octets,
        length_octets: format.length_octets,
        continuation: format.continuation,
    }
}

/// The path with these numbers; five at most.
fn path(parts: &[u32]) -> Oid {
    Oid::new(parts).unwrap_or(Oid::ROOT)
}

/// Where attribute `of` stands.
fn span(of: &codec::Attribute<'_>) -> Range<usize> {
    of.offset()..of.offset() + of.octets().len()
}

/// The fragments of a value as they are collected.
#[derive(Default)]
struct Fragments {
    octets: Vec<u8>,
    segments: Vec<Segment>,
}

impl Fragments {
    fn push(&mut self, piece: &[u8], at: usize) {
        self.segments.push(Segment {
            from: self.octets.len(),
            at,
        });
        self.octets.extend_from_slice(piece);
    }

    fn stretch<'a>(&self) -> Stretch<'a, '_> {
        Stretch::joined(&self.octets, &self.segments)
    }
}

impl<'a> Decoder<'a, '_> {
    /// Vendor-Specific: appends what is in it; itself when that cannot be told apart.
    pub(super) fn vendor_specific(
        &self,
        outer: codec::Attribute<'a>,
        entry: Option<Entry<'a>>,
        walk: &mut Attributes<'a>,
        out: &mut Vec<Attribute<'a>>,
    ) {
        let Some((pen, inner)) = outer.value().split_first_chunk::<4>() else {
            let fault = ValueFault::Inner {
                at: 0,
                length: 4,
                left: outer.value().len(),
            };
            return out.push(self.raw(&outer, entry, Value::Malformed(fault)));
        };
        let pen = u32::from_be_bytes(*pen);
        if pen > MAX_VENDOR {
            return out.push(self.raw(&outer, entry, Value::Malformed(ValueFault::Vendor(pen))));
        }
        let vendor = self.dictionary.vendor(pen);
        let layout = vendor.map_or(Layout::TLV, |vendor| layout(vendor.format()));
        let before = out.len();
        let fault = match self.sub_attributes(outer, pen, layout, walk, out) {
            Ok(()) if out.len() > before => return,
            Ok(()) => ValueFault::Inner {
                at: 4,
                length: 0,
                left: 0,
            },
            Err(fault) => fault,
        };
        out.truncate(before);
        let known = vendor.is_some() || inner.is_empty();
        out.push(if known {
            self.raw(&outer, entry, Value::Malformed(fault))
        } else {
            // Nobody said that this vendor writes 1,1: its octets are not wrong, only unknown.
            self.raw(&outer, entry, Value::Octets(outer.value().into()))
        });
    }

    fn sub_attributes(
        &self,
        outer: codec::Attribute<'a>,
        pen: u32,
        layout: Layout,
        walk: &mut Attributes<'a>,
        out: &mut Vec<Attribute<'a>>,
    ) -> Result<(), ValueFault> {
        let inner = outer.value().get(4..).unwrap_or(&[]);
        // Octets of the packet before the first inner attribute.
        let base = outer.offset() + 2 + 4;
        let space = Key::VENDORS.child(pen);
        let mut start = outer.offset();
        for sub in SubAttributes::new(inner, layout) {
            let sub = sub.map_err(|error| ValueFault::Inner {
                at: 4 + error.at,
                length: error.length,
                left: error.left,
            })?;
            let oid = path(&[26, pen, sub.number]);
            let child = self.dictionary.child(space, sub.number);
            let end = base + sub.value_at + sub.value.len();
            if sub.more {
                let last = end == outer.offset() + outer.octets().len();
                let joined = last
                    .then(|| self.continued(&sub, base, pen, layout, walk))
                    .flatten()
                    .ok_or(ValueFault::FragmentMissing)?;
                let (fragments, end) = joined;
                out.push(self.attribute(child, oid, fragments.stretch(), start..end));
            } else {
                out.push(self.attribute(
                    child,
                    oid,
                    Stretch::of(sub.value, base + sub.value_at),
                    start..end,
                ));
            }
            start = end;
        }
        Ok(())
    }

    /// The value of `first` and of the attributes that go on with it, and where the last of them ends; the walk
    /// moves behind them. `None`, and the walk stays, when one is missing.
    fn continued(
        &self,
        first: &SubAttribute<'a>,
        base: usize,
        pen: u32,
        layout: Layout,
        walk: &mut Attributes<'a>,
    ) -> Option<(Fragments, usize)> {
        let mut fragments = Fragments::default();
        fragments.push(first.value, base + first.value_at);
        let mut ahead = walk.clone();
        loop {
            let next = ahead.next()?.ok()?;
            let inner = next.value().strip_prefix(&pen.to_be_bytes())?;
            let mut subs = SubAttributes::new(inner, layout);
            let sub = subs.next()?.ok()?;
            if next.number() != AttributeType::VENDOR_SPECIFIC
                || sub.number != first.number
                || subs.next().is_some()
            {
                return None;
            }
            fragments.push(sub.value, next.offset() + 6 + sub.value_at);
            if !sub.more {
                *walk = ahead;
                return Some((fragments, span(&next).end));
            }
        }
    }

    /// An extended attribute (RFC 6929 §2.1), `long` or not (§2.2).
    pub(super) fn extended(
        &self,
        outer: codec::Attribute<'a>,
        entry: Option<Entry<'a>>,
        long: bool,
        walk: &mut Attributes<'a>,
        out: &mut Vec<Attribute<'a>>,
    ) {
        let value = outer.value();
        let header = if long { 2 } else { 1 };
        let Some((head, rest)) = value
            .split_at_checked(header)
            .filter(|(_, rest)| !rest.is_empty())
        else {
            let fault = ValueFault::LengthRange {
                min: header + 1,
                max: codec::MAX_VALUE,
                found: value.len(),
            };
            return out.push(self.raw(&outer, entry, Value::Malformed(fault)));
        };
        let extended = head.first().copied().unwrap_or(0);
        let more = long && head.get(1).is_some_and(|flags| flags & MORE != 0);
        if !more {
            let stretch = Stretch::of(rest, outer.offset() + 2 + header);
            return out.push(self.extension(&outer, extended, stretch, span(&outer)));
        }
        let mut fragments = Fragments::default();
        fragments.push(rest, outer.offset() + 2 + header);
        let mut ahead = walk.clone();
        while let Some(Ok(next)) = ahead.next()
            && next.number() == outer.number()
            && let [again, flags, rest @ ..] = next.value()
            && *again == extended
        {
            fragments.push(rest, next.offset() + 2 + header);
            if flags & MORE == 0 {
                *walk = ahead;
                let span = outer.offset()..span(&next).end;
                return out.push(self.extension(&outer, extended, fragments.stretch(), span));
            }
        }
        out.push(self.raw(&outer, entry, Value::Malformed(ValueFault::FragmentMissing)));
    }

    /// What an extended attribute holds.
    fn extension(
        &self,
        outer: &codec::Attribute<'a>,
        extended: u8,
        value: Stretch<'a, '_>,
        span: Range<usize>,
    ) -> Attribute<'a> {
        let number = u32::from(outer.number().0);
        let key = Key::ROOT.child(number).child(u32::from(extended));
        let oid = path(&[number, u32::from(extended)]);
        let entry = self.dictionary.entry(key);
        if extended != EXTENDED_VENDOR {
            return self.attribute(entry, oid, value, span);
        }
        let fault = match value.get() {
            [a, b, c, d, vendor_type, _, ..] => {
                let pen = u32::from_be_bytes([*a, *b, *c, *d]);
                let vendor_type = u32::from(*vendor_type);
                if pen <= MAX_VENDOR {
                    let entry = self.dictionary.entry(key.child(pen).child(vendor_type));
                    let oid = path(&[number, u32::from(extended), pen, vendor_type]);
                    return self.attribute(entry, oid, value.after(5), span);
                }
                ValueFault::Vendor(pen)
            }
            _ => ValueFault::Inner {
                at: 0,
                length: 6,
                left: value.len(),
            },
        };
        Attribute {
            oid,
            entry,
            tag: None,
            value: Value::Malformed(fault),
            octets: value.keep(),
            span,
            hidden: None,
            secret: false,
        }
    }
}
