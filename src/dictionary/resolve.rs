//! From any spelling of an attribute to its place.

use std::ops::Range;

use super::entry::Entry;
use super::key::Key;
use super::layers::Dictionary;
use super::oid::Oid;

/// What a spelling stands for.
#[derive(Clone, Copy, Debug)]
pub struct Resolved<'d> {
    /// The numbers.
    pub oid: Oid,
    /// The entry, when the dictionary has one there.
    pub entry: Option<Entry<'d>>,
    /// Whether the value is to be taken as octets, whatever the entry's type (`raw.…`, `Attr-…`).
    pub raw: bool,
}

/// Why a spelling stands for nothing; the offending part of it by octets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolveError {
    /// The part of the spelling that is wrong.
    pub at: Range<usize>,
    /// What is wrong with it.
    pub kind: ResolveErrorKind,
}

/// What is wrong with a spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResolveErrorKind {
    /// No attribute has this name; near ones: `suggest(part, Near::Attributes)`.
    UnknownName,
    /// The entry at this key has no child with this name.
    UnknownChild(Key),
    /// No vendor has this name; near ones: `suggest(part, Near::Vendors)`.
    UnknownVendor,
    /// Empty, or an empty part.
    Empty,
    /// A number that does not fit 32 bits.
    BadNumber,
    /// More numbers than [`Oid::DEPTH`].
    TooDeep,
}

impl Dictionary {
    /// The attribute meant by `spelling`: a name (`Cisco-AVPair`), a path of names
    /// (`Vendor-Specific.Cisco.AVPair`), numbers (`26.9.1`, `1`), or a name for what has none
    /// (`Attr-26.9.1`, `Vendor-9-Attr-1`, `Cisco-Attr-1`), each also behind `raw.`, `&` or a dot.
    ///
    /// # Errors
    ///
    /// Names that nothing has and numbers that are none; an unknown number is no error.
    pub fn resolve(&self, spelling: &str) -> Result<Resolved<'_>, ResolveError> {
        Err(ResolveError {
            at: 0..spelling.len(),
            kind: ResolveErrorKind::UnknownName,
        })
    }
}
