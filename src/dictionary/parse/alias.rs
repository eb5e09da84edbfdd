//! Aliases: other names for what has one.

use super::super::fault::{WarningKind, Word};
use super::super::key::Key;
use super::super::row::{AliasRow, mark};
use super::super::table::IS_ALIAS;
use super::finish::Deferred;
use super::{Line, Parser};

impl Parser<'_> {
    /// `ALIAS name reference`
    pub(super) fn alias(&mut self, line: &Line<'_>) {
        let Some(name) = self.need(line, 1, Word::Name) else {
            return;
        };
        let Some(reference) = self.need(line, 2, Word::Reference) else {
            return;
        };
        self.no_more(line, 3);
        self.unwind(line);
        if !self.is_name(line, name) {
            return;
        }
        let scope = self.top_frame().space;
        match self.refer(scope, reference) {
            Some(target) => self.add_alias(line, scope, name, target),
            None => self.defer(line, Deferred::Alias),
        }
    }

    /// Makes `target` found by `name` in `scope`. At the top that is how FreeRADIUS 4 keeps the names of
    /// FreeRADIUS 3, so the first such name is what the entry is called in the whole dictionary.
    pub(super) fn add_alias(&mut self, line: &Line<'_>, scope: Key, name: &str, target: Key) {
        if let Some(index) = self.model.find_name_index(scope, name) {
            let (key, file, number) = match index & IS_ALIAS {
                0 => {
                    let row = &self.model.entries[index as usize];
                    (row.key, row.file, row.line)
                }
                _ => {
                    let row = &self.model.aliases[(index & !IS_ALIAS) as usize];
                    (row.target, row.file, row.line)
                }
            };
            if key == target.0 {
                return;
            }
            let oid = self
                .node(Key(key))
                .map(|node| self.oid(&node))
                .unwrap_or_default();
            let origin = self.origin(file, number);
            self.warn(line, 1, WarningKind::DuplicateName { oid, origin });
        }
        let found = self.model.find(target);
        if let Some(index) = found.filter(|_| scope == Key::ROOT) {
            let row = self.model.entries[index as usize];
            if row.flags & mark::MADE != 0 {
                return self.rename(line, index, name);
            }
        }
        let text = self.model.intern(name);
        self.model.alias(AliasRow {
            scope: scope.0,
            target: target.0,
            text,
            name_len: name.len() as u8,
            file: line.file,
            line: line.number,
        });
    }

    /// Gives an entry, whose whole name was made up, the one that an alias says; the made-up one stays an alias.
    fn rename(&mut self, line: &Line<'_>, index: u32, name: &str) {
        let row = self.model.entries[index as usize];
        let (former, local) = (
            self.model.name(&row).to_owned(),
            self.model.local_name(&row).to_owned(),
        );
        let text = self.model.intern(name);
        self.model.intern(&local);
        let entry = &mut self.model.entries[index as usize];
        (entry.text, entry.name_len, entry.local_start) = (text, name.len() as u8, name.len() as u8);
        entry.flags = entry.flags & !mark::MADE | mark::FLAT;
        self.model.name_entry(Key::ROOT, index);
        if !former.eq_ignore_ascii_case(name) && self.model.find_name(Key::ROOT, &former).is_none() {
            let text = self.model.intern(&former);
            self.model.alias(AliasRow {
                scope: Key::ROOT.0,
                target: row.key,
                text,
                name_len: former.len() as u8,
                file: line.file,
                line: line.number,
            });
        }
    }
}
