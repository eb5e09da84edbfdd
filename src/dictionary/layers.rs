//! The stack of layers, and looking things up in it.

use super::entry::{Entry, Vendor};
use super::key::Key;
use super::kind::Type;
use super::row::{AliasRow, mark};
use super::table::{Layer, Named};

/// Names, numbers and types, from the embedded dictionaries and from the user's.
#[derive(Clone, Default)]
pub struct Dictionary {
    base: Option<Layer>,
    /// Oldest first.
    loaded: Vec<Layer>,
}

impl Dictionary {
    /// A dictionary that knows nothing.
    pub fn empty() -> Dictionary {
        Dictionary::default()
    }

    /// A dictionary that stands on `layer`.
    pub(crate) fn on(layer: Layer) -> Dictionary {
        Dictionary {
            base: Some(layer),
            loaded: Vec::new(),
        }
    }

    /// Lays `layer` over what is known.
    pub(crate) fn push(&mut self, layer: Layer) {
        self.loaded.push(layer);
    }

    /// The layers, newest first.
    #[inline]
    pub(crate) fn layers(&self) -> impl Iterator<Item = &Layer> {
        self.loaded.iter().rev().chain(self.base.as_ref())
    }

    /// The layers, oldest first.
    pub(crate) fn layers_up(&self) -> impl Iterator<Item = &Layer> {
        self.base.iter().chain(self.loaded.iter())
    }

    /// Child `number` of the entry at `parent`.
    #[inline]
    pub fn child(&self, parent: Key, number: u32) -> Option<Entry<'_>> {
        self.entry(parent.child(number))
    }

    /// The entry at `key`.
    #[inline]
    pub fn entry(&self, key: Key) -> Option<Entry<'_>> {
        // Looked up for every attribute of every packet: written out, since most dictionaries are one layer.
        for layer in self.loaded.iter().rev() {
            if let Some(index) = layer.find(key) {
                return Some(Entry::new(self, layer, index));
            }
        }
        let layer = self.base.as_ref()?;
        layer.find(key).map(|index| Entry::new(self, layer, index))
    }

    /// The vendor with this Private Enterprise Number.
    pub fn vendor(&self, pen: u32) -> Option<Vendor<'_>> {
        self.child(Key::VENDORS, pen).and_then(Vendor::of)
    }

    /// The vendor that is named so, in any case.
    pub fn vendor_named(&self, name: &str) -> Option<Vendor<'_>> {
        self.scoped(Key::VENDORS, name).and_then(Vendor::of)
    }

    /// The attribute with this whole name or alias, in any case.
    pub fn named(&self, name: &str) -> Option<Entry<'_>> {
        self.scoped(Key::ROOT, name)
            .filter(|entry| !entry.marked(mark::SET))
    }

    /// What has this name in this very scope.
    pub(crate) fn scoped(&self, scope: Key, name: &str) -> Option<Entry<'_>> {
        for layer in self.layers() {
            match layer.find_name(scope, name) {
                Some(Named::Entry(index)) => return Some(Entry::new(self, layer, index)),
                Some(Named::Alias(target)) => return self.entry(target),
                None => {}
            }
        }
        None
    }

    /// The child of `parent` with this name, in any case: its local name (`AVPair`), its whole name
    /// (`Cisco-AVPair`), or the whole name without the parent's (`AVPair` in a v3 dictionary).
    pub fn child_named(&self, parent: Key, name: &str) -> Option<Entry<'_>> {
        if let Some(found) = self.scoped(parent, name) {
            return Some(found);
        }
        let is_child = |found: &Entry<'_>| found.parent_key() == parent;
        if let Some(found) = self.named(name).filter(is_child) {
            return Some(found);
        }
        let above = self.entry(parent)?;
        // FreeRADIUS 4 calls it so in each of 241 to 246, FreeRADIUS 3 Extended-Vendor-Specific-1 to 6.
        if matches!(above.kind(), Type::Extended | Type::LongExtended)
            && name.eq_ignore_ascii_case("Vendor-Specific")
        {
            return self.child(parent, 26);
        }
        let prefixes = [Some(above.name()), above.vendor().map(|vendor| vendor.name())];
        let mut joined = [0; 256];
        prefixes.into_iter().flatten().find_map(|prefix| {
            let whole = join(&mut joined, prefix, name)?;
            self.named(whole).filter(is_child)
        })
    }

    /// Every attribute, member and child of RADIUS, oldest layer first; no vendors.
    pub fn attributes(&self) -> impl Iterator<Item = Entry<'_>> {
        self.all()
            .filter(|entry| entry.kind() != Type::Vendor && !entry.marked(mark::FOREIGN | mark::SET))
    }

    /// Every vendor, oldest layer first.
    pub fn vendors(&self) -> impl Iterator<Item = Vendor<'_>> {
        self.all()
            .filter(|entry| entry.parent_key() == Key::VENDORS)
            .filter_map(Vendor::of)
    }

    /// Every row that can be reached, by its key or by its name.
    pub(crate) fn all(&self) -> impl Iterator<Item = Entry<'_>> {
        self.layers_up()
            .flat_map(move |layer| (0..layer.entries()).map(move |index| Entry::new(self, layer, index)))
            .filter(move |entry| {
                self.entry(entry.key()).is_some_and(|found| found.is_row(entry))
                    || (entry.marked(mark::FLAT)
                        && self.named(entry.name()).is_some_and(|found| found.is_row(entry)))
            })
    }

    /// Every alias that still is one: its row, its name, and the file it stands in.
    pub(crate) fn alias_rows(&self) -> impl Iterator<Item = (AliasRow, &str, &str)> {
        self.layers_up().flat_map(|layer| {
            (0..layer.aliases()).map(move |index| {
                let row = layer.alias(index);
                (
                    row,
                    layer.text(row.text, usize::from(row.name_len)),
                    layer.file(row.file),
                )
            })
        })
    }

    /// How many octets of memory the tables take, embedded ones included.
    pub fn memory(&self) -> usize {
        self.layers().map(Layer::memory).sum()
    }
}

/// `prefix-name` in `buffer`; `None` when it does not fit, as no name is that long.
fn join<'b>(buffer: &'b mut [u8; 256], prefix: &str, name: &str) -> Option<&'b str> {
    let len = prefix.len() + 1 + name.len();
    let whole = buffer.get_mut(..len)?;
    whole[..prefix.len()].copy_from_slice(prefix.as_bytes());
    whole[prefix.len()] = b'-';
    whole[prefix.len() + 1..].copy_from_slice(name.as_bytes());
    std::str::from_utf8(whole).ok()
}
