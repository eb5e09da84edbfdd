//! The packed form of one layer, and probing it.
//!
//! Two blobs: little-endian rows and hash tables that hold offsets only, and all text in one string. What
//! `build.rs` wrote and what a load at run time makes are the same octets, so both are used where they lie.
//! Knows rows, not what they mean.

use std::borrow::Cow;

use super::key::Key;
use super::row::{
    ALIAS, AliasRow, CHAIN, ChainRow, ENTRY, EXTRA, EntryRow, ExtraRow, FILE, VALUE, ValueRow, mark, u32_at,
    u64_at,
};

/// The sections of the blob, in the order of the header's offsets.
#[derive(Clone, Copy)]
pub(crate) enum Section {
    Entries,
    Values,
    Aliases,
    Extras,
    Chains,
    Files,
    KeySlots,
    NameSlots,
    NumberSlots,
    LabelSlots,
    ChainSlots,
    End,
}

/// Offsets in the header: one for each [`Section`].
pub(crate) const SECTIONS: usize = Section::End as usize + 1;
/// Octets of the header.
pub(crate) const HEADER: usize = SECTIONS * 4;

/// In a name's slot: the index is that of an alias.
pub(crate) const IS_ALIAS: u32 = 1 << 31;

/// One layer.
#[derive(Clone)]
pub(crate) struct Layer {
    rows: Cow<'static, [u8]>,
    text: Cow<'static, str>,
    sections: [u32; SECTIONS],
}

impl Layer {
    /// The layer in these two blobs, which [`super::pack::pack`] wrote.
    pub(crate) fn new(rows: Cow<'static, [u8]>, text: Cow<'static, str>) -> Layer {
        let mut sections = [0; SECTIONS];
        for (index, section) in sections.iter_mut().enumerate() {
            *section = u32_at(&rows, index * 4);
        }
        Layer { rows, text, sections }
    }

    /// How many octets it takes.
    pub(crate) fn memory(&self) -> usize {
        self.rows.len() + self.text.len()
    }

    #[inline]
    fn start(&self, section: Section) -> usize {
        self.sections[section as usize] as usize
    }

    #[inline]
    fn row(&self, section: Section, size: usize, index: u32) -> &[u8] {
        let from = self.start(section) + index as usize * size;
        &self.rows[from..from + size]
    }

    fn count(&self, section: Section, size: usize) -> u32 {
        ((self.sections[section as usize + 1] - self.sections[section as usize]) as usize / size) as u32
    }

    pub(crate) fn entries(&self) -> u32 {
        self.count(Section::Entries, ENTRY)
    }

    pub(crate) fn aliases(&self) -> u32 {
        self.count(Section::Aliases, ALIAS)
    }

    /// The row as it lies.
    #[inline]
    pub(crate) fn entry_octets(&self, index: u32) -> &[u8; ENTRY] {
        const NOTHING: &[u8; ENTRY] = &[0; ENTRY];
        // A row always has that many octets.
        self.row(Section::Entries, ENTRY, index)
            .first_chunk()
            .unwrap_or(NOTHING)
    }

    #[inline]
    pub(crate) fn entry_key(&self, index: u32) -> u64 {
        u64_at(self.row(Section::Entries, ENTRY, index), 0)
    }

    pub(crate) fn value(&self, index: u32) -> ValueRow {
        ValueRow::read(self.row(Section::Values, VALUE, index))
    }

    pub(crate) fn alias(&self, index: u32) -> AliasRow {
        AliasRow::read(self.row(Section::Aliases, ALIAS, index))
    }

    /// The extra row of an entry that says it has one.
    pub(crate) fn extra(&self, entry: &EntryRow) -> Option<ExtraRow> {
        let index = entry.extra.checked_sub(1)?;
        Some(ExtraRow::read(self.row(Section::Extras, EXTRA, index)))
    }

    /// The path of the file with this number.
    pub(crate) fn file(&self, index: u16) -> &str {
        if u32::from(index) >= self.count(Section::Files, FILE) {
            return "";
        }
        let row = self.row(Section::Files, FILE, u32::from(index));
        self.text(u32_at(row, 0), u32_at(row, 4) as usize)
    }

    #[inline]
    pub(crate) fn text(&self, start: u32, len: usize) -> &str {
        &self.text[start as usize..start as usize + len]
    }

    pub(crate) fn local_name(&self, row: &EntryRow) -> &str {
        self.text(row.text + u32::from(row.local_start), usize::from(row.local_len))
    }

    /// The first index in the hash table of `section` at which `matches`.
    #[inline]
    fn probe(&self, section: Section, hash: u64, mut matches: impl FnMut(u32) -> bool) -> Option<u32> {
        let start = self.start(section);
        let slots = (self.sections[section as usize + 1] as usize - start) / 4;
        let mask = slots.wrapping_sub(1);
        let mut slot = hash as u32 as usize & mask;
        for _ in 0..slots {
            let index = u32_at(&self.rows, start + slot * 4);
            if index == 0 {
                return None;
            }
            if matches(index - 1) {
                return Some(index - 1);
            }
            slot = (slot + 1) & mask;
        }
        None
    }

    /// The entry at `key`.
    #[inline]
    pub(crate) fn find(&self, key: Key) -> Option<u32> {
        self.probe(Section::KeySlots, key.0, |index| self.entry_key(index) == key.0)
    }

    /// The entry or alias that is named so in `scope`; at the root by whole names, elsewhere by local ones.
    pub(crate) fn find_name(&self, scope: Key, name: &str) -> Option<Named> {
        if name.len() > usize::from(u8::MAX) {
            return None;
        }
        let found = self.probe(Section::NameSlots, scope.name(name.as_bytes()), |index| {
            if index & IS_ALIAS != 0 {
                let row = self.alias(index & !IS_ALIAS);
                return row.scope == scope.0
                    && self
                        .text(row.text, usize::from(row.name_len))
                        .eq_ignore_ascii_case(name);
            }
            // Most rows that are passed differ in their length already.
            let row = self.row(Section::Entries, ENTRY, index);
            let text = u32_at(row, 20);
            if scope == Key::ROOT {
                usize::from(row[24]) == name.len()
                    && u32_at(row, 28) & mark::FLAT != 0
                    && self.text(text, name.len()).eq_ignore_ascii_case(name)
            } else {
                usize::from(row[26]) == name.len()
                    && u64_at(row, 8) == scope.0
                    && self
                        .text(text + u32::from(row[25]), name.len())
                        .eq_ignore_ascii_case(name)
            }
        })?;
        Some(if found & IS_ALIAS != 0 {
            Named::Alias(Key(self.alias(found & !IS_ALIAS).target))
        } else {
            Named::Entry(found)
        })
    }

    /// The value with this number.
    pub(crate) fn find_number(&self, owner: Key, number: u64) -> Option<u32> {
        self.probe(Section::NumberSlots, owner.value(number), |index| {
            let row = self.row(Section::Values, VALUE, index);
            u64_at(row, 0) == owner.0 && u64_at(row, 8) == number
        })
    }

    /// The value with this name.
    pub(crate) fn find_label(&self, owner: Key, name: &str) -> Option<u32> {
        self.probe(Section::LabelSlots, owner.name(name.as_bytes()), |index| {
            let row = self.value(index);
            row.owner == owner.0
                && self
                    .text(row.text, usize::from(row.name_len))
                    .eq_ignore_ascii_case(name)
        })
    }

    /// The lists that start at `key`.
    pub(crate) fn chain(&self, key: Key) -> Option<ChainRow> {
        let read = |index| ChainRow::read(self.row(Section::Chains, CHAIN, index));
        self.probe(Section::ChainSlots, key.0, |index| read(index).key == key.0)
            .map(read)
    }
}

/// What a name leads to.
#[derive(Clone, Copy)]
pub(crate) enum Named {
    /// An entry of the same layer.
    Entry(u32),
    /// The entry at this key, in whatever layer.
    Alias(Key),
}
