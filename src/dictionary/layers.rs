//! The stack of layers, and looking things up in it.

use super::entry::{Entry, Vendor};
use super::fault::{Fault, Warning};
use super::files::Files;
use super::key::Key;

/// Names, numbers and types, from the embedded dictionaries and from the user's.
#[derive(Clone, Default)]
pub struct Dictionary {}

/// How to load.
#[derive(Clone, Debug, Default)]
pub struct LoadOptions {
    /// The directory that `$INCLUDE` may not leave; by default the one of the file that is loaded.
    pub dict_root: Option<String>,
}

/// Among what near names are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Near {
    /// All attributes.
    Attributes,
    /// The named values of one attribute.
    Values(Key),
    /// All vendors.
    Vendors,
}

/// Something found by [`Dictionary::search`].
#[derive(Clone, Copy, Debug)]
pub enum Hit<'d> {
    /// An attribute whose name matches.
    Attribute(Entry<'d>),
    /// A vendor whose name matches.
    Vendor(Vendor<'d>),
    /// A named value that matches.
    Value(Entry<'d>, &'d str, u64),
}

impl Dictionary {
    /// A dictionary that knows nothing.
    pub fn empty() -> Dictionary {
        Dictionary {}
    }

    /// Reads the file at `path` and all it includes, and lays them over what is known already.
    ///
    /// # Errors
    ///
    /// Every fault of every file; nothing is added then.
    pub fn load(
        &mut self,
        path: &str,
        files: &dyn Files,
        options: LoadOptions,
    ) -> Result<Vec<Warning>, Vec<Fault>> {
        let _ = (path, files, options);
        Ok(Vec::new())
    }

    /// Child `number` of the entry at `parent`.
    #[inline]
    pub fn child(&self, parent: Key, number: u32) -> Option<Entry<'_>> {
        self.entry(parent.child(number))
    }

    /// The entry at `key`.
    #[inline]
    pub fn entry(&self, key: Key) -> Option<Entry<'_>> {
        let _ = key;
        None
    }

    /// The vendor with this Private Enterprise Number.
    pub fn vendor(&self, pen: u32) -> Option<Vendor<'_>> {
        let _ = pen;
        None
    }

    /// The vendor that is named so, in any case.
    pub fn vendor_named(&self, name: &str) -> Option<Vendor<'_>> {
        let _ = name;
        None
    }

    /// The attribute with this name or alias, in any case.
    pub fn named(&self, name: &str) -> Option<Entry<'_>> {
        let _ = name;
        None
    }

    /// The child of `parent` with this name, in any case.
    pub fn child_named(&self, parent: Key, name: &str) -> Option<Entry<'_>> {
        let _ = (parent, name);
        None
    }

    /// Known names near to `wrong`, the best first, at most five.
    pub fn suggest(&self, wrong: &str, among: Near) -> Vec<&str> {
        let _ = (wrong, among);
        Vec::new()
    }

    /// Attributes, vendors and values in whose names all of the words occur, the best first.
    pub fn search(&self, words: &str) -> Vec<Hit<'_>> {
        let _ = words;
        Vec::new()
    }

    /// Every attribute, member and child, oldest layer first; no vendors.
    pub fn attributes(&self) -> impl Iterator<Item = Entry<'_>> {
        std::iter::empty()
    }

    /// Every vendor, oldest layer first.
    pub fn vendors(&self) -> impl Iterator<Item = Vendor<'_>> {
        std::iter::empty()
    }

    /// How many octets of memory the tables take, embedded ones included.
    pub fn memory(&self) -> usize {
        0
    }
}
