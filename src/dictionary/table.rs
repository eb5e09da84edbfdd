//! The packed form of one layer, and probing it.
//!
//! Two blobs: little-endian rows and hash tables that hold offsets only, and all text in one string. What
//! `build.rs` wrote and what a load at run time makes are the same octets, so both are used where they lie.
//! Knows rows, not what they mean.

use std::borrow::Cow;

use super::key::Key;

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

/// Octets of a row of each kind.
pub(crate) const ENTRY: usize = 48;
pub(crate) const VALUE: usize = 32;
pub(crate) const ALIAS: usize = 28;
pub(crate) const EXTRA: usize = 36;
pub(crate) const CHAIN: usize = 16;
pub(crate) const FILE: usize = 8;

/// Row flags above those of [`super::kind::Flags`].
pub(crate) mod mark {
    /// Belongs to another protocol than RADIUS.
    pub(crate) const FOREIGN: u32 = 1 << 18;
    /// A named value set, no attribute.
    pub(crate) const SET: u32 = 1 << 19;
    /// Not defined by any line, but implied by one (Vendor-Specific, when only a vendor was defined).
    pub(crate) const IMPLIED: u32 = 1 << 20;
    /// Its local name counts among its siblings only (FreeRADIUS 4).
    pub(crate) const LOCAL: u32 = 1 << 21;
    /// Is found by its whole name at the top, wherever it stands.
    pub(crate) const FLAT: u32 = 1 << 22;
    /// Its whole name was made from its parent's and its own.
    pub(crate) const MADE: u32 = 1 << 23;
}

/// In a name's slot: the index is that of an alias.
pub(crate) const IS_ALIAS: u32 = 1 << 31;

/// One layer.
#[derive(Clone)]
pub(crate) struct Layer {
    rows: Cow<'static, [u8]>,
    text: Cow<'static, str>,
    sections: [u32; SECTIONS],
}

/// A row of the entry section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct EntryRow {
    pub(crate) key: u64,
    pub(crate) parent: u64,
    pub(crate) number: u32,
    /// Where the name starts in the text.
    pub(crate) text: u32,
    pub(crate) name_len: u8,
    /// Where the local name starts, counted from the name's start.
    pub(crate) local_start: u8,
    pub(crate) local_len: u8,
    pub(crate) kind: u8,
    pub(crate) flags: u32,
    /// Fixed octets, or bits of a `bit[n]`; 0 when neither.
    pub(crate) length: u16,
    pub(crate) file: u16,
    pub(crate) line: u32,
    /// The next child of the same parent in this layer, index + 1.
    pub(crate) next: u32,
    /// Index + 1 of the extra row.
    pub(crate) extra: u32,
}

/// A row of the value section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ValueRow {
    /// The key of the attribute (or set) the value belongs to.
    pub(crate) owner: u64,
    pub(crate) number: u64,
    pub(crate) text: u32,
    pub(crate) name_len: u8,
    /// Octets of data text after the name, for values that are no number.
    pub(crate) data_len: u8,
    pub(crate) file: u16,
    pub(crate) line: u32,
    /// The next value of the same owner in this layer, index + 1.
    pub(crate) next: u32,
}

/// A row of the alias section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct AliasRow {
    pub(crate) scope: u64,
    pub(crate) target: u64,
    pub(crate) text: u32,
    pub(crate) name_len: u8,
    pub(crate) file: u16,
    pub(crate) line: u32,
}

/// What few entries have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ExtraRow {
    /// Whose values it has; 0 for its own.
    pub(crate) values: u64,
    /// Where `ref=` leads; 0 when that is not known.
    pub(crate) reference: u64,
    /// The key member that chooses its branch; 0 for none.
    pub(crate) chooser: u64,
    /// The text of `ref=`.
    pub(crate) text: u32,
    pub(crate) text_len: u16,
    /// `subtype=`, as a type's discriminant.
    pub(crate) subtype: u8,
}

/// The lists that start at a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ChainRow {
    pub(crate) key: u64,
    /// Index + 1.
    pub(crate) child: u32,
    /// Index + 1.
    pub(crate) value: u32,
}

/// `N` octets of `rows` at `at`. Rows are written by [`super::pack`] alone, so offsets are right.
#[inline]
fn at<const N: usize>(rows: &[u8], at: usize) -> [u8; N] {
    let mut octets = [0; N];
    octets.copy_from_slice(&rows[at..at + N]);
    octets
}

#[inline]
fn u64_at(rows: &[u8], offset: usize) -> u64 {
    u64::from_le_bytes(at(rows, offset))
}

#[inline]
fn u32_at(rows: &[u8], offset: usize) -> u32 {
    u32::from_le_bytes(at(rows, offset))
}

#[inline]
fn u16_at(rows: &[u8], offset: usize) -> u16 {
    u16::from_le_bytes(at(rows, offset))
}

impl EntryRow {
    fn read(rows: &[u8]) -> EntryRow {
        EntryRow {
            key: u64_at(rows, 0),
            parent: u64_at(rows, 8),
            number: u32_at(rows, 16),
            text: u32_at(rows, 20),
            name_len: rows[24],
            local_start: rows[25],
            local_len: rows[26],
            kind: rows[27],
            flags: u32_at(rows, 28),
            length: u16_at(rows, 32),
            file: u16_at(rows, 34),
            line: u32_at(rows, 36),
            next: u32_at(rows, 40),
            extra: u32_at(rows, 44),
        }
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.key.to_le_bytes());
        out.extend_from_slice(&self.parent.to_le_bytes());
        out.extend_from_slice(&self.number.to_le_bytes());
        out.extend_from_slice(&self.text.to_le_bytes());
        out.extend_from_slice(&[self.name_len, self.local_start, self.local_len, self.kind]);
        out.extend_from_slice(&self.flags.to_le_bytes());
        out.extend_from_slice(&self.length.to_le_bytes());
        out.extend_from_slice(&self.file.to_le_bytes());
        out.extend_from_slice(&self.line.to_le_bytes());
        out.extend_from_slice(&self.next.to_le_bytes());
        out.extend_from_slice(&self.extra.to_le_bytes());
    }
}

impl ValueRow {
    fn read(rows: &[u8]) -> ValueRow {
        ValueRow {
            owner: u64_at(rows, 0),
            number: u64_at(rows, 8),
            text: u32_at(rows, 16),
            name_len: rows[20],
            data_len: rows[21],
            file: u16_at(rows, 22),
            line: u32_at(rows, 24),
            next: u32_at(rows, 28),
        }
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.owner.to_le_bytes());
        out.extend_from_slice(&self.number.to_le_bytes());
        out.extend_from_slice(&self.text.to_le_bytes());
        out.extend_from_slice(&[self.name_len, self.data_len]);
        out.extend_from_slice(&self.file.to_le_bytes());
        out.extend_from_slice(&self.line.to_le_bytes());
        out.extend_from_slice(&self.next.to_le_bytes());
    }
}

impl AliasRow {
    fn read(rows: &[u8]) -> AliasRow {
        AliasRow {
            scope: u64_at(rows, 0),
            target: u64_at(rows, 8),
            text: u32_at(rows, 16),
            line: u32_at(rows, 20),
            file: u16_at(rows, 24),
            name_len: rows[26],
        }
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.scope.to_le_bytes());
        out.extend_from_slice(&self.target.to_le_bytes());
        out.extend_from_slice(&self.text.to_le_bytes());
        out.extend_from_slice(&self.line.to_le_bytes());
        out.extend_from_slice(&self.file.to_le_bytes());
        out.extend_from_slice(&[self.name_len, 0]);
    }
}

impl ExtraRow {
    fn read(rows: &[u8]) -> ExtraRow {
        ExtraRow {
            values: u64_at(rows, 0),
            reference: u64_at(rows, 8),
            chooser: u64_at(rows, 16),
            text: u32_at(rows, 24),
            text_len: u16_at(rows, 28),
            subtype: rows[30],
        }
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.values.to_le_bytes());
        out.extend_from_slice(&self.reference.to_le_bytes());
        out.extend_from_slice(&self.chooser.to_le_bytes());
        out.extend_from_slice(&self.text.to_le_bytes());
        out.extend_from_slice(&self.text_len.to_le_bytes());
        out.extend_from_slice(&[self.subtype, 0, 0, 0, 0, 0]);
    }
}

impl ChainRow {
    fn read(rows: &[u8]) -> ChainRow {
        ChainRow {
            key: u64_at(rows, 0),
            child: u32_at(rows, 8),
            value: u32_at(rows, 12),
        }
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.key.to_le_bytes());
        out.extend_from_slice(&self.child.to_le_bytes());
        out.extend_from_slice(&self.value.to_le_bytes());
    }
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

    pub(crate) fn entry(&self, index: u32) -> EntryRow {
        EntryRow::read(self.row(Section::Entries, ENTRY, index))
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

    pub(crate) fn name(&self, row: &EntryRow) -> &str {
        self.text(row.text, usize::from(row.name_len))
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
