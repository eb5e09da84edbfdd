//! Views of what a dictionary knows: cheap to copy, borrowed from the tables.

use std::marker::PhantomData;

use super::key::Key;
use super::kind::{Flags, Type, VendorFormat};
use super::layers::Dictionary;
use super::oid::Oid;

/// One node of the tree: an attribute, a TLV's or struct's child, or a vendor's space.
#[derive(Clone, Copy)]
pub struct Entry<'d> {
    dictionary: PhantomData<&'d Dictionary>,
}

/// A file and a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Source<'d> {
    /// The path as it was opened; for embedded dictionaries relative to `dictionaries/`.
    pub file: &'d str,
    /// From 1.
    pub line: u32,
}

/// What `ref=` says: where the children of a group or TLV are described.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference<'d> {
    /// The reference as it was written, `@DHCPv6` for example.
    pub text: &'d str,
    /// The entry meant, when it is in this dictionary.
    pub key: Option<Key>,
}

impl<'d> Entry<'d> {
    /// The name in FreeRADIUS 3's manner, unique in the whole dictionary: `Cisco-AVPair`.
    pub fn name(&self) -> &'d str {
        ""
    }
    /// The name among its siblings, as FreeRADIUS 4 has it: `AVPair`; the same as [`Entry::name`] in v3 dictionaries.
    pub fn local_name(&self) -> &'d str {
        ""
    }
    /// The last number of the path.
    pub fn number(&self) -> u32 {
        0
    }
    /// Where the entry stands.
    pub fn key(&self) -> Key {
        Key::ROOT
    }
    /// All numbers of the path.
    pub fn oid(&self) -> Oid {
        Oid::ROOT
    }
    /// The data type.
    pub fn kind(&self) -> Type {
        Type::Octets
    }
    /// How many octets a value has, when that is fixed (by the type or as in `octets[16]`).
    pub fn octets(&self) -> Option<usize> {
        None
    }
    /// How many bits a `bit[n]` member has.
    pub fn bits(&self) -> Option<u32> {
        None
    }
    /// What the dictionary says beside the type.
    pub fn flags(&self) -> Flags {
        Flags::default()
    }
    /// The vendor whose space the entry is in.
    pub fn vendor(&self) -> Option<Vendor<'d>> {
        None
    }
    /// The entry above; `None` for top-level attributes.
    pub fn parent(&self) -> Option<Entry<'d>> {
        None
    }
    /// The key above.
    pub fn parent_key(&self) -> Key {
        Key::ROOT
    }
    /// The children, in the order of definition (members of a struct: of their numbers).
    pub fn children(&self) -> impl Iterator<Item = Entry<'d>> + use<'d> {
        std::iter::empty()
    }
    /// The path of names, `Vendor-Specific.Cisco.AVPair`; made when displayed.
    pub fn path(&self) -> Path<'d> {
        Path(*self)
    }
    /// The name of value `number`.
    pub fn value_name(&self, number: u64) -> Option<&'d str> {
        let _ = number;
        None
    }
    /// The number of the value that is named so, in any case.
    pub fn value_number(&self, name: &str) -> Option<u64> {
        let _ = name;
        None
    }
    /// The text of a named value whose attribute is no number (`VALUE Foo Local 127.0.0.1`).
    pub fn value_text(&self, name: &str) -> Option<&'d str> {
        let _ = name;
        None
    }
    /// Every named value with its number, in the order of definition, oldest layer first.
    pub fn values(&self) -> impl Iterator<Item = (&'d str, u64)> + use<'d> {
        std::iter::empty()
    }
    /// Where the entry was defined.
    pub fn source(&self) -> Source<'d> {
        Source { file: "", line: 0 }
    }
    /// Other names for the same entry.
    pub fn aliases(&self) -> impl Iterator<Item = &'d str> + use<'d> {
        std::iter::empty()
    }
    /// What `ref=` says.
    pub fn reference(&self) -> Option<Reference<'d>> {
        None
    }
    /// The member of the enclosing struct that chooses this union's (or struct's) branch: `key=Field`.
    pub fn key_field(&self) -> Option<Entry<'d>> {
        None
    }
}

impl std::fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Entry({} {} {})", self.name(), self.oid(), self.kind())
    }
}

/// Displays as the path of names.
#[derive(Clone, Copy)]
pub struct Path<'d>(Entry<'d>);

impl std::fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.name())
    }
}

/// A vendor: a name, a Private Enterprise Number, and how its attributes are written.
#[derive(Clone, Copy)]
pub struct Vendor<'d> {
    entry: Entry<'d>,
}

impl<'d> Vendor<'d> {
    /// The name: `Cisco`.
    pub fn name(&self) -> &'d str {
        self.entry.name()
    }
    /// The Private Enterprise Number.
    pub fn pen(&self) -> u32 {
        self.entry.number()
    }
    /// How its attributes are written inside Vendor-Specific.
    pub fn format(&self) -> VendorFormat {
        VendorFormat::RECOMMENDED
    }
    /// The key of its space under Vendor-Specific.
    pub fn key(&self) -> Key {
        self.entry.key()
    }
    /// The space under Vendor-Specific as an entry.
    pub fn entry(&self) -> Entry<'d> {
        self.entry
    }
}

impl std::fmt::Debug for Vendor<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vendor({} {})", self.name(), self.pen())
    }
}
