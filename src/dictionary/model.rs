//! A layer while it is made: rows and hash tables that still grow.
//!
//! The parser adds what lines say; `pack` writes the result down. Nothing is sorted and no name has an
//! allocation of its own.

use super::key::Key;
use super::row::{AliasRow, ChainRow, EntryRow, ExtraRow, ValueRow, mark};
use super::table::IS_ALIAS;

/// The rows of a layer that is being made, and how to find them.
#[derive(Default)]
pub(crate) struct Model {
    pub(crate) text: String,
    pub(crate) entries: Vec<EntryRow>,
    pub(crate) values: Vec<ValueRow>,
    pub(crate) aliases: Vec<AliasRow>,
    pub(crate) extras: Vec<ExtraRow>,
    pub(crate) chains: Vec<ChainRow>,
    /// Index + 1 of the last child and the last value of each chain.
    tails: Vec<(u32, u32)>,
    pub(crate) files: Vec<(u32, u32)>,
    pub(crate) keys: Index,
    pub(crate) names: Index,
    pub(crate) numbers: Index,
    pub(crate) labels: Index,
    pub(crate) starts: Index,
    /// The chain that was used last: neighbours in a file are mostly siblings.
    recent: Option<(u64, u32)>,
}

impl Model {
    /// Puts `text` into the heap and says where.
    pub(crate) fn intern(&mut self, text: &str) -> u32 {
        let at = self.text.len() as u32;
        self.text.push_str(text);
        at
    }

    pub(crate) fn name(&self, row: &EntryRow) -> &str {
        &self.text[row.text as usize..][..usize::from(row.name_len)]
    }

    pub(crate) fn local_name(&self, row: &EntryRow) -> &str {
        &self.text[row.text as usize + usize::from(row.local_start)..][..usize::from(row.local_len)]
    }

    pub(crate) fn label(&self, row: &ValueRow) -> &str {
        &self.text[row.text as usize..][..usize::from(row.name_len)]
    }

    /// The data text of a value that is no number.
    pub(crate) fn data(&self, row: &ValueRow) -> &str {
        &self.text[row.text as usize + usize::from(row.name_len)..][..usize::from(row.data_len)]
    }

    /// Adds a file and says its number.
    pub(crate) fn file(&mut self, path: &str) -> u16 {
        let at = self.intern(path);
        self.files.push((at, path.len() as u32));
        u16::try_from(self.files.len() - 1).unwrap_or(u16::MAX)
    }

    /// The entry at `key`.
    pub(crate) fn find(&self, key: Key) -> Option<u32> {
        self.keys
            .find(key.0, |index| self.entries[index as usize].key == key.0)
    }

    /// The entry that is named so at the top, or the target of the alias.
    pub(crate) fn find_name(&self, scope: Key, name: &str) -> Option<Key> {
        self.find_name_index(scope, name).map(|index| {
            if index & IS_ALIAS != 0 {
                Key(self.aliases[(index & !IS_ALIAS) as usize].target)
            } else {
                Key(self.entries[index as usize].key)
            }
        })
    }

    /// As [`Model::find_name`], but the index of the entry, or of the alias and [`IS_ALIAS`].
    pub(crate) fn find_name_index(&self, scope: Key, name: &str) -> Option<u32> {
        self.names.find(scope.name(name.as_bytes()), |index| {
            self.is_named(index, scope, name)
        })
    }

    fn is_named(&self, index: u32, scope: Key, name: &str) -> bool {
        if index & IS_ALIAS != 0 {
            let row = &self.aliases[(index & !IS_ALIAS) as usize];
            return row.scope == scope.0
                && self.text[row.text as usize..][..usize::from(row.name_len)].eq_ignore_ascii_case(name);
        }
        let row = &self.entries[index as usize];
        if scope == Key::ROOT {
            row.flags & mark::FLAT != 0 && self.name(row).eq_ignore_ascii_case(name)
        } else {
            row.parent == scope.0 && self.local_name(row).eq_ignore_ascii_case(name)
        }
    }

    /// Adds an entry: under its key, in its parent's chain, and by the names its marks ask for.
    /// An entry with the same key, or with the same name, gives way.
    pub(crate) fn add(&mut self, row: EntryRow) -> u32 {
        let index = self.entries.len() as u32;
        self.entries.push(row);
        let entries = &self.entries;
        self.keys
            .put(row.key, index, |other| entries[other as usize].key == row.key);
        self.append_child(Key(row.parent), index);
        if row.flags & mark::FLAT != 0 {
            self.name_entry(Key::ROOT, index);
        }
        if row.flags & mark::LOCAL != 0 && row.parent != Key::ROOT.0 {
            self.name_entry(Key(row.parent), index);
        }
        index
    }

    /// Makes the entry found by the name it has in `scope`.
    pub(crate) fn name_entry(&mut self, scope: Key, index: u32) {
        let row = self.entries[index as usize];
        let (start, len) = if scope == Key::ROOT {
            (row.text as usize, usize::from(row.name_len))
        } else {
            (
                row.text as usize + usize::from(row.local_start),
                usize::from(row.local_len),
            )
        };
        let mut names = std::mem::take(&mut self.names);
        let name = &self.text[start..start + len];
        names.put(scope.name(name.as_bytes()), index, |other| {
            self.is_named(other, scope, name)
        });
        self.names = names;
    }

    /// Adds an alias; an older name gives way.
    pub(crate) fn alias(&mut self, row: AliasRow) {
        let index = self.aliases.len() as u32 | IS_ALIAS;
        self.aliases.push(row);
        let mut names = std::mem::take(&mut self.names);
        let name = &self.text[row.text as usize..][..usize::from(row.name_len)];
        let scope = Key(row.scope);
        names.put(scope.name(name.as_bytes()), index, |other| {
            self.is_named(other, scope, name)
        });
        self.names = names;
    }

    /// The value with this name.
    pub(crate) fn find_label(&self, owner: Key, name: &str) -> Option<u32> {
        self.labels.find(owner.name(name.as_bytes()), |index| {
            let row = &self.values[index as usize];
            row.owner == owner.0 && self.label(row).eq_ignore_ascii_case(name)
        })
    }

    /// The value with this number.
    pub(crate) fn find_number(&self, owner: Key, number: u64) -> Option<u32> {
        self.numbers.find(owner.value(number), |index| {
            let row = &self.values[index as usize];
            row.owner == owner.0 && row.number == number
        })
    }

    /// Adds a value whose name is new to its owner. Of several names of a number the last is what is printed, as
    /// FreeRADIUS does; but one that had to wait for its attribute (`late`) takes no number from another.
    pub(crate) fn value(&mut self, row: ValueRow, late: bool) {
        let index = self.values.len() as u32;
        let owner = Key(row.owner);
        if row.data_len == 0 && !(late && self.find_number(owner, row.number).is_some()) {
            let values = &self.values;
            let same = |other: u32| {
                let other = &values[other as usize];
                other.owner == row.owner && other.number == row.number
            };
            self.numbers.put(owner.value(row.number), index, same);
        }
        let name = &self.text[row.text as usize..][..usize::from(row.name_len)];
        self.labels.put(owner.name(name.as_bytes()), index, |_| false);
        self.values.push(row);
        let chain = self.chain(owner) as usize;
        match self.tails[chain].1.checked_sub(1) {
            Some(last) => self.values[last as usize].next = index + 1,
            None => self.chains[chain].value = index + 1,
        }
        self.tails[chain].1 = index + 1;
    }

    fn append_child(&mut self, parent: Key, index: u32) {
        let chain = self.chain(parent) as usize;
        match self.tails[chain].0.checked_sub(1) {
            Some(last) => self.entries[last as usize].next = index + 1,
            None => self.chains[chain].child = index + 1,
        }
        self.tails[chain].0 = index + 1;
    }

    /// The chain that starts at `key`, made when it is not there.
    fn chain(&mut self, key: Key) -> u32 {
        if let Some((recent, chain)) = self.recent
            && recent == key.0
        {
            return chain;
        }
        let chains = &self.chains;
        let found = self
            .starts
            .find(key.0, |index| chains[index as usize].key == key.0);
        let chain = found.unwrap_or_else(|| {
            let index = self.chains.len() as u32;
            self.chains.push(ChainRow {
                key: key.0,
                ..ChainRow::default()
            });
            self.tails.push((0, 0));
            self.starts.put(key.0, index, |_| false);
            index
        });
        self.recent = Some((key.0, chain));
        chain
    }

    /// The children of `parent`, in the order of definition, without those that gave way.
    pub(crate) fn children(&self, parent: Key) -> impl Iterator<Item = u32> + '_ {
        let chain = self
            .starts
            .find(parent.0, |index| self.chains[index as usize].key == parent.0);
        let mut next = chain.map_or(0, |index| self.chains[index as usize].child);
        std::iter::from_fn(move || {
            let index = next.checked_sub(1)?;
            next = self.entries[index as usize].next;
            Some(index)
        })
        .filter(|index| self.find(Key(self.entries[*index as usize].key)) == Some(*index))
    }

    /// The extra row of an entry, made when it has none.
    pub(crate) fn extra(&mut self, index: u32) -> &mut ExtraRow {
        let entry = &mut self.entries[index as usize];
        if entry.extra == 0 {
            self.extras.push(ExtraRow::default());
            entry.extra = self.extras.len() as u32;
        }
        let at = entry.extra as usize - 1;
        &mut self.extras[at]
    }
}

/// A hash table with open addressing: a slot holds the low half of the hash and an index + 1.
#[derive(Default)]
pub(crate) struct Index {
    slots: Vec<(u32, u32)>,
    used: usize,
}

impl Index {
    /// The index with this hash that `matches`.
    pub(crate) fn find(&self, hash: u64, mut matches: impl FnMut(u32) -> bool) -> Option<u32> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut slot = hash as u32 as usize & mask;
        loop {
            let (seen, index) = *self.slots.get(slot)?;
            if index == 0 {
                return None;
            }
            if seen == hash as u32 && matches(index - 1) {
                return Some(index - 1);
            }
            slot = (slot + 1) & mask;
        }
    }

    /// Puts `index` in, in the place of one that `matches`.
    pub(crate) fn put(&mut self, hash: u64, index: u32, mut matches: impl FnMut(u32) -> bool) {
        if self.used * 4 >= self.slots.len() * 3 {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut slot = hash as u32 as usize & mask;
        loop {
            let (seen, other) = self.slots[slot];
            if other == 0 {
                self.used += 1;
                break;
            }
            if seen == hash as u32 && matches(other - 1) {
                break;
            }
            slot = (slot + 1) & mask;
        }
        // An alias keeps its mark: the 1 is added below it.
        self.slots[slot] = (hash as u32, index + 1);
    }

    fn grow(&mut self) {
        let len = (self.slots.len() * 2).max(16);
        let old = std::mem::replace(&mut self.slots, vec![(0, 0); len]);
        for (hash, index) in old.into_iter().filter(|(_, index)| *index != 0) {
            let mut slot = hash as usize & (len - 1);
            while self.slots[slot].1 != 0 {
                slot = (slot + 1) & (len - 1);
            }
            self.slots[slot] = (hash, index);
        }
    }

    /// The indices + 1 by slot, 0 for an empty one: what a packed table holds.
    pub(crate) fn slots(&self) -> impl Iterator<Item = u32> + '_ {
        self.slots.iter().map(|(_, index)| *index)
    }
}
