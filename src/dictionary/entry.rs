//! Views of what a dictionary knows: cheap to copy, borrowed from the tables.

use std::fmt;

use super::flag::{Flags, VendorFormat};
use super::key::Key;
use super::kind::Type;
use super::layers::Dictionary;
use super::oid::Oid;
use super::row::{ENTRY, EntryRow, ExtraRow, field, mark};
use super::table::Layer;

/// One node of the tree: an attribute, a TLV's or struct's child, or a vendor's space.
#[derive(Clone, Copy)]
pub struct Entry<'d> {
    dictionary: &'d Dictionary,
    layer: &'d Layer,
    /// The packed row, read where something is asked of it: an entry is copied often.
    octets: &'d [u8; ENTRY],
}

/// A file and a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Source<'d> {
    /// The path as it was opened; for embedded dictionaries relative to `dictionaries/`.
    pub file: &'d str,
    /// From 1.
    pub line: u32,
}

/// What `ref=` says: where the children of a group are described.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference<'d> {
    /// The reference as it was written, `@DHCPv6` for example.
    pub text: &'d str,
    /// The entry or protocol meant, when it is in this dictionary: its children are at this key.
    pub key: Option<Key>,
}

impl<'d> Entry<'d> {
    #[inline]
    pub(crate) fn new(dictionary: &'d Dictionary, layer: &'d Layer, index: u32) -> Entry<'d> {
        Entry {
            dictionary,
            layer,
            octets: layer.entry_octets(index),
        }
    }

    /// The name in FreeRADIUS 3's manner, unique in the whole dictionary: `Cisco-AVPair`.
    #[inline]
    pub fn name(&self) -> &'d str {
        let row = self.octets;
        self.layer
            .text(field::text(row), usize::from(field::name_len(row)))
    }

    /// The name among its siblings, as FreeRADIUS 4 has it: `AVPair`; the same as [`Entry::name`] in v3
    /// dictionaries.
    pub fn local_name(&self) -> &'d str {
        self.layer.local_name(&self.row())
    }

    /// The last number of the path; of a struct's member its place, from 1.
    #[inline]
    pub fn number(&self) -> u32 {
        field::number(self.octets)
    }

    /// Where the entry stands.
    #[inline]
    pub fn key(&self) -> Key {
        Key(field::key(self.octets))
    }

    /// All numbers of the path; empty for what has none (`DEFINE`).
    pub fn oid(&self) -> Oid {
        let mut reversed = [0; Oid::DEPTH];
        let mut depth = 0;
        let mut row = self.row();
        loop {
            let Some(slot) = reversed.get_mut(depth) else {
                return Oid::ROOT;
            };
            *slot = row.number;
            depth += 1;
            if row.parent == Key::ROOT.0 {
                break;
            }
            match self.dictionary.entry(Key(row.parent)) {
                Some(above) => row = above.row(),
                None => return Oid::ROOT,
            }
        }
        reversed[..depth].reverse();
        Oid::new(&reversed[..depth]).unwrap_or_default()
    }

    /// The data type.
    #[inline]
    pub fn kind(&self) -> Type {
        Type::from_octet(field::kind(self.octets))
    }

    /// How many octets a value has, when that is fixed: by the type, as in `octets[16]`, or by `subtype=`.
    #[inline]
    pub fn octets(&self) -> Option<usize> {
        match (self.kind(), self.subtype()) {
            (Type::Bit, _) => None,
            (_, Some(subtype)) => subtype.octets(),
            (kind, None) if field::length(self.octets) == 0 => kind.octets(),
            _ => Some(usize::from(field::length(self.octets))),
        }
    }

    /// How many bits a `bit[n]` member has.
    pub fn bits(&self) -> Option<u32> {
        (self.kind() == Type::Bit).then_some(u32::from(self.row().length))
    }

    /// The number that carries a date or a span of time, when it is not the type's own (`subtype=uint16`).
    #[inline]
    pub fn subtype(&self) -> Option<Type> {
        self.extra()
            .and_then(|extra| (extra.subtype != 0).then(|| Type::from_octet(extra.subtype)))
    }

    /// What the dictionary says beside the type.
    #[inline]
    pub fn flags(&self) -> Flags {
        if self.kind() == Type::Vendor {
            Flags::default()
        } else {
            Flags::from_bits(field::flags(self.octets))
        }
    }

    /// The vendor whose space the entry is in.
    pub fn vendor(&self) -> Option<Vendor<'d>> {
        let mut above = self.parent();
        while let Some(entry) = above {
            if let Some(vendor) = Vendor::of(entry) {
                return Some(vendor);
            }
            above = entry.parent();
        }
        None
    }

    /// The entry above; `None` for top-level attributes.
    pub fn parent(&self) -> Option<Entry<'d>> {
        self.dictionary.entry(Key(self.row().parent))
    }

    /// The key above.
    pub fn parent_key(&self) -> Key {
        Key(self.row().parent)
    }

    /// The children, in the order of definition, oldest layer first; a struct's members so are in their order.
    pub fn children(&self) -> impl Iterator<Item = Entry<'d>> + use<'d> {
        children(self.dictionary, self.key())
    }

    /// The path of names, `Vendor-Specific.Cisco.AVPair`; made when displayed.
    pub fn path(&self) -> Path<'d> {
        Path(*self)
    }

    /// The name of value `number`; a negative number as its two's complement.
    pub fn value_name(&self, number: u64) -> Option<&'d str> {
        let owner = self.values_key();
        self.dictionary.layers().find_map(|layer| {
            let row = layer.value(layer.find_number(owner, number)?);
            Some(layer.text(row.text, usize::from(row.name_len)))
        })
    }

    /// The number of the value that is named so, in any case; a negative number as its two's complement.
    pub fn value_number(&self, name: &str) -> Option<u64> {
        let (_, row) = self.value_row(name)?;
        (row.data_len == 0).then_some(row.number)
    }

    /// The text of a named value that is no number (`VALUE Foo Bar 2001:db8::1`).
    pub fn value_text(&self, name: &str) -> Option<&'d str> {
        let (layer, row) = self.value_row(name)?;
        (row.data_len > 0).then(|| layer.text(row.text + u32::from(row.name_len), usize::from(row.data_len)))
    }

    /// Every named value that is a number, in the order of definition, oldest layer first.
    pub fn values(&self) -> impl Iterator<Item = (&'d str, u64)> + use<'d> {
        self.all_values()
            .filter_map(|value| value.text.is_none().then_some((value.name, value.number)))
    }

    /// Every named value, in the order of definition, oldest layer first.
    pub fn all_values(&self) -> impl Iterator<Item = NamedValue<'d>> + use<'d> {
        let owner = self.values_key();
        let dictionary = self.dictionary;
        let own = *self;
        dictionary.layers_up().flat_map(move |layer| {
            let mut next = layer.chain(owner).map_or(0, |chain| chain.value);
            std::iter::from_fn(move || {
                let index = next.checked_sub(1)?;
                let row = layer.value(index);
                next = row.next;
                let name = layer.text(row.text, usize::from(row.name_len));
                let text = layer.text(row.text + u32::from(row.name_len), usize::from(row.data_len));
                Some((layer, index, row, name, text))
            })
            .filter(move |(layer, index, _, name, _)| {
                // What a newer layer says of the name counts.
                own.value_place(name)
                    .is_some_and(|(found, at)| std::ptr::eq(found, *layer) && at == *index)
            })
            .map(move |(layer, _, row, name, text)| NamedValue {
                name,
                number: row.number,
                text: (row.data_len > 0).then_some(text),
                source: Source {
                    file: layer.file(row.file),
                    line: row.line,
                },
            })
        })
    }

    /// Where the entry was defined.
    pub fn source(&self) -> Source<'d> {
        Source {
            file: self.layer.file(self.row().file),
            line: self.row().line,
        }
    }

    /// Other names for the same entry.
    pub fn aliases(&self) -> impl Iterator<Item = &'d str> + use<'d> {
        let (target, name, local) = (self.key(), self.name(), self.local_name());
        self.dictionary
            .alias_rows()
            .filter(move |(row, ..)| row.target == target.0)
            .map(|(_, alias, _)| alias)
            .filter(move |alias| !alias.eq_ignore_ascii_case(name) && !alias.eq_ignore_ascii_case(local))
    }

    /// What `ref=` says.
    pub fn reference(&self) -> Option<Reference<'d>> {
        let extra = self.extra().filter(|extra| extra.text_len > 0)?;
        Some(Reference {
            text: self.layer.text(extra.text, usize::from(extra.text_len)),
            key: (extra.reference != 0).then_some(Key(extra.reference)),
        })
    }

    /// The member that chooses this union's branch (`key=Field`), or that this `STRUCT` belongs to.
    pub fn key_field(&self) -> Option<Entry<'d>> {
        let extra = self.extra().filter(|extra| extra.chooser != 0)?;
        self.dictionary.entry(Key(extra.chooser))
    }

    /// The key at which the named values are: the entry's own, unless `enum=` or `VALUE-ALIAS` says otherwise.
    pub fn values_key(&self) -> Key {
        match self.extra() {
            Some(extra) if extra.values != 0 => Key(extra.values),
            _ => self.key(),
        }
    }

    /// Whether no line defines the entry: it is there because one of its children is.
    pub fn is_implied(&self) -> bool {
        self.marked(mark::IMPLIED)
    }

    pub(crate) fn marked(&self, marks: u32) -> bool {
        field::flags(self.octets) & marks != 0
    }

    #[inline]
    pub(crate) fn row(&self) -> EntryRow {
        EntryRow::read(self.octets)
    }

    #[inline]
    pub(crate) fn extra(&self) -> Option<ExtraRow> {
        match field::extra(self.octets) {
            0 => None,
            _ => self.layer.extra(&self.row()),
        }
    }

    /// Whether both are views of the same row.
    pub(crate) fn is_row(&self, other: &Entry<'_>) -> bool {
        std::ptr::eq(self.octets, other.octets)
    }

    fn value_place(&self, name: &str) -> Option<(&'d Layer, u32)> {
        let owner = self.values_key();
        self.dictionary
            .layers()
            .find_map(|layer| Some((layer, layer.find_label(owner, name)?)))
    }

    fn value_row(&self, name: &str) -> Option<(&'d Layer, super::row::ValueRow)> {
        let (layer, index) = self.value_place(name)?;
        Some((layer, layer.value(index)))
    }
}

/// The children of `parent`, in the order of definition, oldest layer first.
pub(crate) fn children(dictionary: &Dictionary, parent: Key) -> impl Iterator<Item = Entry<'_>> {
    dictionary
        .layers_up()
        .flat_map(move |layer| {
            let mut next = layer.chain(parent).map_or(0, |chain| chain.child);
            std::iter::from_fn(move || {
                let entry = Entry::new(dictionary, layer, next.checked_sub(1)?);
                next = entry.row().next;
                Some(entry)
            })
        })
        .filter(move |entry| {
            dictionary
                .entry(entry.key())
                .is_some_and(|found| found.is_row(entry))
        })
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Entry({} {} {})", self.name(), self.oid(), self.kind())
    }
}

/// A named value of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedValue<'d> {
    /// The name.
    pub name: &'d str,
    /// The number; 0 when the value is a text.
    pub number: u64,
    /// The value as the dictionary writes it, when its type is no number.
    pub text: Option<&'d str>,
    /// Where it was defined.
    pub source: Source<'d>,
}

/// Displays as the path of names, each without what it repeats of the name above.
#[derive(Clone, Copy)]
pub struct Path<'d>(Entry<'d>);

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut name = self.0.local_name();
        if let Some(above) = self.0.parent() {
            write!(f, "{}.", Path(above))?;
            let vendor = self.0.vendor();
            let prefixes = [Some(above.name()), vendor.map(|vendor| vendor.name())];
            for prefix in prefixes.into_iter().flatten() {
                let rest = without(name, prefix);
                let reaches = |rest: &&str| {
                    self.0
                        .dictionary
                        .child_named(above.key(), rest)
                        .is_some_and(|found| found.is_row(&self.0))
                };
                if let Some(rest) = rest.filter(reaches) {
                    name = rest;
                    break;
                }
            }
        }
        f.write_str(name)
    }
}

/// `name` without `prefix-` at its start, in any case.
fn without<'n>(name: &'n str, prefix: &str) -> Option<&'n str> {
    let head = name.get(..prefix.len())?;
    let rest = name.get(prefix.len()..)?.strip_prefix('-')?;
    (head.eq_ignore_ascii_case(prefix) && !rest.is_empty()).then_some(rest)
}

/// A vendor: a name, a Private Enterprise Number, and how its attributes are written.
#[derive(Clone, Copy)]
pub struct Vendor<'d> {
    entry: Entry<'d>,
}

impl<'d> Vendor<'d> {
    /// The vendor whose space `entry` is.
    pub fn of(entry: Entry<'d>) -> Option<Vendor<'d>> {
        (entry.kind() == Type::Vendor).then_some(Vendor { entry })
    }

    /// The name: `Cisco`.
    pub fn name(&self) -> &'d str {
        self.entry.local_name()
    }

    /// The Private Enterprise Number.
    pub fn pen(&self) -> u32 {
        self.entry.number()
    }

    /// How its attributes are written inside Vendor-Specific.
    pub fn format(&self) -> VendorFormat {
        VendorFormat::from_bits(self.entry.row().flags)
    }

    /// The key of its space.
    pub fn key(&self) -> Key {
        self.entry.key()
    }

    /// The space as an entry.
    pub fn entry(&self) -> Entry<'d> {
        self.entry
    }
}

impl fmt::Debug for Vendor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vendor({} {})", self.name(), self.pen())
    }
}
