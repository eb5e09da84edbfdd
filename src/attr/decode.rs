//! From octets to a tree of attributes that keeps what is malformed.
//!
//! Borrows from the packet wherever it can: only what was split, hidden or nested is copied.

mod hidden;
mod nested;
mod scalar;
mod stretch;
#[cfg(test)]
mod tests;
pub(super) mod vendor;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use self::scalar::{Shape, scalar};
use self::stretch::{Segment, Stretch};
use super::value::{Value, ValueFault};
use crate::codec::{self, AttributeError, AttributeType, Attributes, Authenticator, Packet, Secret};
use crate::dictionary::{Dictionary, Encrypt, Entry, Flags, Key, Oid, Type};

/// The largest tag (RFC 2868 §3.1).
pub(super) const MAX_TAG: u8 = 0x1f;

/// One attribute with its meaning. Vendor-Specific and the extended attributes do not appear as containers: what
/// they hold stands in their place (`26.9.1`, `241.26.9.1`), unless they are malformed.
#[derive(Clone, Debug)]
pub struct Attribute<'a> {
    /// All its numbers.
    pub oid: Oid,
    /// What the dictionary knows of it.
    pub entry: Option<Entry<'a>>,
    /// Its tag (RFC 2868 §3.1); `Some(0)` only where a text is preceded by a zero octet.
    pub tag: Option<u8>,
    /// What it says.
    pub value: Value<'a>,
    /// The octets of the value, tag included, as they stand on the wire, fragments joined.
    pub octets: Cow<'a, [u8]>,
    /// Where it stands in the packet, headers included. The spans of the top level tile the packet's attributes:
    /// the first of several in one Vendor-Specific begins with the outer header. For nested ones, of themselves.
    pub span: Range<usize>,
    /// How the secret hides it.
    pub hidden: Option<Encrypt>,
    /// Whether it is not to be shown: it is hidden on the wire, or the dictionary says so.
    pub secret: bool,
}

/// Displays as the dictionary's name, or as `Attr-26.9.250`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name<'a> {
    /// The dictionary's.
    Known(&'a str),
    /// The numbers.
    Number(Oid),
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Name::Known(name) => f.pad(name),
            Name::Number(oid) => write!(f, "Attr-{oid}"),
        }
    }
}

impl PartialEq for Attribute<'_> {
    /// Equal in meaning: wherever they stand.
    fn eq(&self, other: &Self) -> bool {
        self.oid == other.oid
            && self.tag == other.tag
            && self.value == other.value
            && self.octets == other.octets
    }
}

impl<'a> Attribute<'a> {
    /// What it is called.
    pub fn name(&self) -> Name<'a> {
        match self.entry {
            Some(entry) => Name::Known(entry.name()),
            None => Name::Number(self.oid),
        }
    }

    /// The data type that the dictionary gives it; octets where it is unknown.
    pub fn kind(&self) -> Type {
        self.entry.map_or(Type::Octets, |entry| entry.kind())
    }

    /// The nested attributes, if it has any.
    pub fn children(&self) -> &[Attribute<'a>] {
        match &self.value {
            Value::Group(children) => children,
            _ => &[],
        }
    }
}

/// What a packet holds.
#[derive(Clone, Debug, Default)]
pub struct Tree<'a> {
    /// The attributes in the order of the wire; up to the fault if there is one.
    pub attributes: Vec<Attribute<'a>>,
    /// Where and why the attributes break off.
    pub fault: Option<AttributeError>,
}

/// What opens hidden values.
#[derive(Clone, Copy, Debug)]
pub struct Opener<'a> {
    /// The shared secret.
    pub secret: &'a Secret,
    /// The authenticator they were hidden with: see [`hiding_authenticator`](crate::codec::seal::hiding_authenticator);
    /// in a reply the one of the request.
    pub authenticator: Authenticator,
}

/// What the packet's attributes say.
pub fn decode<'a>(packet: &Packet<'a>, dictionary: &'a Dictionary, opener: Option<&Opener<'_>>) -> Tree<'a> {
    decode_attributes(packet.attributes(), dictionary, opener)
}

/// What attributes say, wherever they stand.
pub fn decode_attributes<'a>(
    walk: Attributes<'a>,
    dictionary: &'a Dictionary,
    opener: Option<&Opener<'_>>,
) -> Tree<'a> {
    let decoder = Decoder {
        dictionary,
        opener,
        clear: false,
    };
    decoder.all(walk)
}

/// What the attributes of a packet of RADIUS/1.1 say, where nothing is hidden (RFC 9765 §5.1).
pub fn decode_clear<'a>(packet: &Packet<'a>, dictionary: &'a Dictionary) -> Tree<'a> {
    let decoder = Decoder {
        dictionary,
        opener: None,
        clear: true,
    };
    decoder.all(packet.attributes())
}

/// The value that `octets` are for this entry, tag and hiding left aside.
pub(super) fn value_of(entry: Entry<'_>, octets: &[u8]) -> Value<'static> {
    scalar(Known::of(entry).shape(true), Stretch::revealed(octets, &(0..0)))
}

/// An entry, and what is asked of it for every attribute.
#[derive(Clone, Copy)]
struct Known<'a> {
    entry: Entry<'a>,
    kind: Type,
    flags: Flags,
}

impl<'a> Known<'a> {
    fn of(entry: Entry<'a>) -> Known<'a> {
        Known {
            entry,
            kind: entry.kind(),
            flags: entry.flags(),
        }
    }

    fn shape(&self, may_be_empty: bool) -> Shape {
        Shape {
            kind: self.kind,
            fixed: self.entry.octets(),
            precision: self.flags.precision,
            may_be_empty,
        }
    }
}

struct Decoder<'a, 'o> {
    dictionary: &'a Dictionary,
    opener: Option<&'o Opener<'o>>,
    /// Whether what is hidden elsewhere stands in clear.
    clear: bool,
}

impl<'a> Decoder<'a, '_> {
    fn all(&self, mut walk: Attributes<'a>) -> Tree<'a> {
        // Eight octets are a short attribute; too small a guess costs a copy, too large a one nothing.
        let mut attributes = Vec::with_capacity(walk.rest().len() / 8 + 1);
        let fault = loop {
            match walk.next() {
                None => break None,
                Some(Err(fault)) => break Some(fault),
                Some(Ok(attribute)) => self.top(attribute, &mut walk, &mut attributes),
            }
        };
        Tree { attributes, fault }
    }

    /// Appends what one attribute of the packet holds; the walk moves on where several belong together.
    fn top(&self, outer: codec::Attribute<'a>, walk: &mut Attributes<'a>, out: &mut Vec<Attribute<'a>>) {
        let number = outer.number();
        let entry = self.dictionary.child(Key::ROOT, u32::from(number.0));
        let known = entry.map(Known::of);
        match (number.0, known.map(|known| known.kind)) {
            (26, None | Some(Type::Vsa)) => return self.vendor_specific(outer, entry, walk, out),
            (241..=244, None) | (_, Some(Type::Extended)) => {
                return self.extended(outer, entry, false, walk, out);
            }
            (245..=246, None) | (_, Some(Type::LongExtended)) => {
                return self.extended(outer, entry, true, walk, out);
            }
            _ => {}
        }
        let oid = Oid::ROOT.child(u32::from(number.0)).unwrap_or(Oid::ROOT);
        let start = outer.offset();
        let first = Stretch::of(outer.value(), start + 2);
        let span = start..start + outer.octets().len();
        let splits = number == AttributeType::EAP_MESSAGE
            || number == AttributeType::NAS_FILTER_RULE
            || known.is_some_and(|known| known.flags.concat);
        if !splits {
            return out.push(self.known(known, oid, first, span));
        }
        let (mut octets, mut segments) = (
            Vec::new(),
            vec![Segment {
                from: 0,
                at: start + 2,
            }],
        );
        let mut end = span.end;
        let mut ahead = walk.clone();
        while let Some(Ok(next)) = ahead.next()
            && next.number() == number
        {
            if octets.is_empty() {
                octets.extend_from_slice(outer.value());
            }
            segments.push(Segment {
                from: octets.len(),
                at: next.offset() + 2,
            });
            octets.extend_from_slice(next.value());
            end = next.offset() + next.octets().len();
            *walk = ahead.clone();
        }
        let whole = match segments.len() {
            1 => first,
            _ => Stretch::joined(&octets, &segments),
        };
        out.push(self.known(known, oid, whole, start..end));
    }

    /// An attribute of the packet that stays as it is.
    fn raw(&self, outer: &codec::Attribute<'a>, entry: Option<Entry<'a>>, value: Value<'a>) -> Attribute<'a> {
        Attribute {
            oid: Oid::ROOT.child(u32::from(outer.number().0)).unwrap_or(Oid::ROOT),
            entry,
            tag: None,
            value,
            octets: Cow::Borrowed(outer.value()),
            span: outer.offset()..outer.offset() + outer.octets().len(),
            hidden: None,
            secret: false,
        }
    }

    /// The attribute with this value.
    #[inline]
    fn attribute(
        &self,
        entry: Option<Entry<'a>>,
        oid: Oid,
        stretch: Stretch<'a, '_>,
        span: Range<usize>,
    ) -> Attribute<'a> {
        self.known(entry.map(Known::of), oid, stretch, span)
    }

    /// The same for an entry that was looked at already.
    #[inline]
    fn known(
        &self,
        known: Option<Known<'a>>,
        oid: Oid,
        stretch: Stretch<'a, '_>,
        span: Range<usize>,
    ) -> Attribute<'a> {
        let octets = stretch.keep();
        // The value first: an attribute is large, and is built where it stays.
        let (tag, value) = match known {
            Some(known) => self.meaning(&known, oid, stretch, &span),
            None => (None, Value::Octets(octets.clone())),
        };
        let flags = known.map(|known| known.flags).unwrap_or_default();
        Attribute {
            oid,
            entry: known.map(|known| known.entry),
            tag,
            value,
            octets,
            span,
            hidden: flags.encrypt,
            secret: flags.secret || flags.encrypt.is_some(),
        }
    }

    /// Tag and value of an attribute that the dictionary knows.
    fn meaning(
        &self,
        known: &Known<'a>,
        oid: Oid,
        stretch: Stretch<'a, '_>,
        span: &Range<usize>,
    ) -> (Option<u8>, Value<'a>) {
        if let Some(how) = known.flags.encrypt {
            return self.hidden(known, oid, how, stretch, span);
        }
        let (tag, stretch) = match known.flags.has_tag {
            false => (None, stretch),
            true => match untag(known.kind, stretch) {
                Ok(untagged) => untagged,
                Err(meaning) => return meaning,
            },
        };
        let value = if known.flags.array {
            self.repeated(known.entry, oid, stretch)
        } else {
            self.value(known, oid, stretch)
        };
        (tag, value)
    }

    /// What the octets say as a value of this entry.
    fn value(&self, known: &Known<'a>, oid: Oid, stretch: Stretch<'a, '_>) -> Value<'a> {
        let entry = known.entry;
        match known.kind {
            Type::Tlv => self.tlv(Some(entry), oid, stretch),
            Type::Group if is_nesting_group(self.dictionary, entry) => self.tlv(Some(entry), oid, stretch),
            Type::Struct => self.structure(entry, oid, stretch),
            Type::String if oid.parts() == [92] => filter_rules(stretch),
            _ => {
                // RFC 4372 §2.2 and RFC 3579 §2.1: these two say something when they are empty.
                let may_be_empty = matches!(oid.parts(), [79 | 89]);
                scalar(known.shape(may_be_empty), stretch)
            }
        }
    }

    /// Child `number` of an entry, or of the one that describes its children.
    fn child(&self, entry: Entry<'a>, number: u32) -> Option<Entry<'a>> {
        self.dictionary.child(entry.key(), number).or_else(|| {
            let key = entry.reference()?.key?;
            self.dictionary.child(key, number)
        })
    }
}

/// A tag, and what follows it.
type Tagged<'a, 'b> = (Option<u8>, Stretch<'a, 'b>);

/// The tag of a tagged attribute and what follows it (RFC 2868 §3.1 and §3.3); or tag and value, when that is a
/// number, which has its tag in the place of its first octet.
fn untag<'a, 'b>(kind: Type, stretch: Stretch<'a, 'b>) -> Result<Tagged<'a, 'b>, (Option<u8>, Value<'a>)> {
    match (kind, stretch.get()) {
        (Type::Uint32, [tag, _, _, _]) if *tag > MAX_TAG => {
            Err((None, Value::Malformed(ValueFault::Tag(*tag))))
        }
        (Type::Uint32, [tag, a, b, c]) => {
            let number = u32::from_be_bytes([0, *a, *b, *c]);
            Err((
                Some(*tag).filter(|tag| *tag != 0),
                Value::Unsigned(u64::from(number)),
            ))
        }
        (Type::Uint32, _) => Ok((None, stretch)),
        (_, [tag, ..]) if *tag <= MAX_TAG => Ok((Some(*tag), stretch.after(1))),
        _ => Ok((None, stretch)),
    }
}

/// Whether a group holds attributes in RADIUS's own form. Others hold another protocol's: DHCPv4-Options and
/// DHCPv6-Options (RFC 9445 §3), whose octets stay octets.
pub(super) fn is_nesting_group(dictionary: &Dictionary, entry: Entry<'_>) -> bool {
    entry.kind() == Type::Group
        && entry
            .reference()
            .and_then(|reference| dictionary.entry(reference.key?))
            .is_some_and(|described| !described.oid().is_empty())
}

/// The rules of NAS-Filter-Rule, which zeros part wherever the attributes are cut (RFC 4849 §2).
fn filter_rules<'a>(stretch: Stretch<'a, '_>) -> Value<'a> {
    let octets = stretch.get();
    if octets.is_empty() {
        return Value::Malformed(ValueFault::Empty);
    }
    if !octets.contains(&0) {
        return scalar::text(stretch);
    }
    let mut rules = Vec::new();
    let mut start = 0;
    for rule in octets.split(|octet| *octet == 0) {
        rules.push(scalar::text(stretch.part(start..start + rule.len())));
        start += rule.len() + 1;
    }
    Value::Array(rules)
}
