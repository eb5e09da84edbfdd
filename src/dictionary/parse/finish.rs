//! What can only be settled when all lines are read: references to what came later, clones, aliases.

use std::collections::HashSet;

use super::super::fault::{FaultKind, WarningKind, Word};
use super::super::key::Key;
use super::super::kind::{Flags, Type};
use super::super::lex::{Span, Words};
use super::super::oid::Oid;
use super::super::table::{AliasRow, EntryRow, ExtraRow, IS_ALIAS, mark};
use super::flags::Shape;
use super::{Line, Node, Parser};

/// The most entries that clones may make: more is a dictionary that doubles itself on purpose.
const MOST_CLONED: usize = 100_000;

/// A line that waits, and where it stood.
pub(super) struct Later {
    text: String,
    words: Words,
    number: u32,
    file: u16,
    /// The spaces that were open, innermost first.
    scopes: Vec<Key>,
    modern: bool,
    what: Deferred,
}

/// What waits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Deferred {
    Value,
    ValueAlias,
    Alias,
    /// `clone=` of the entry with this index.
    Clone(u32, Span, bool),
    /// `enum=`.
    Values(u32, Span, bool),
    /// `ref=`.
    Reference(u32, Span),
    /// `key=`.
    Chooser(u32, Span),
}

impl Deferred {
    /// In what order they are settled: an alias may name a cloned child, a value an alias.
    fn rank(self) -> u8 {
        match self {
            Deferred::Chooser(..) => 0,
            Deferred::Clone(..) => 1,
            Deferred::Alias => 2,
            Deferred::Values(..) => 3,
            Deferred::Reference(..) => 4,
            Deferred::ValueAlias => 5,
            Deferred::Value => 6,
        }
    }
}

impl Later {
    fn line(&self) -> Line<'_> {
        Line {
            text: &self.text,
            words: self.words,
            number: self.number,
            file: self.file,
        }
    }

    /// The reference that `span` marks.
    fn reference(&self, span: Span) -> &str {
        self.text
            .get(span.start as usize..(span.start + span.len) as usize)
            .unwrap_or_default()
    }

    /// Where the definition stood.
    fn from(&self) -> Key {
        self.scopes.first().copied().unwrap_or(Key::ROOT)
    }
}

impl Parser<'_> {
    /// Puts the line aside until all others are read.
    pub(super) fn defer(&mut self, line: &Line<'_>, what: Deferred) {
        let scopes = self.scopes().collect();
        self.defer_from(line, scopes, what);
    }

    fn defer_from(&mut self, line: &Line<'_>, scopes: Vec<Key>, what: Deferred) {
        self.later.push(Later {
            text: line.text.to_owned(),
            words: line.words,
            number: line.number,
            file: line.file,
            scopes,
            modern: self.top_frame().modern,
            what,
        });
    }

    /// Puts the references of a definition aside; they start from `parent`.
    pub(super) fn defer_references(&mut self, line: &Line<'_>, index: u32, parent: Key, shape: &Shape<'_>) {
        let found = [
            shape.chooser.map(|(_, span)| Deferred::Chooser(index, span)),
            shape
                .clone
                .map(|(_, span)| Deferred::Clone(index, span, shape.auto)),
            shape
                .values
                .map(|(_, span)| Deferred::Values(index, span, shape.auto)),
            shape.reference.map(|(_, span)| Deferred::Reference(index, span)),
        ];
        for what in found.into_iter().flatten() {
            let scopes = std::iter::once(parent).chain(self.scopes()).collect();
            self.defer_from(line, scopes, what);
        }
    }

    /// Settles what waits.
    pub(super) fn finish(&mut self) {
        let mut later = std::mem::take(&mut self.later);
        later.sort_by_key(|later| later.what.rank());
        let mut clones: Vec<Later> = Vec::new();
        let mut cloned = false;
        for waiting in later {
            self.top_frame_mut().modern = waiting.modern;
            if matches!(waiting.what, Deferred::Clone(..)) {
                clones.push(waiting);
                continue;
            }
            if !cloned && waiting.what.rank() > 1 {
                cloned = true;
                self.clone_all(std::mem::take(&mut clones));
            }
            self.settle(&waiting);
        }
        self.clone_all(clones);
    }

    fn settle(&mut self, later: &Later) {
        let line = later.line();
        match later.what {
            Deferred::Value => match line.word(1).and_then(|name| self.find_from(later, name)) {
                Some(node) => {
                    self.late = true;
                    self.value_of(&line, node);
                    self.late = false;
                }
                None => self.ownerless(later),
            },
            Deferred::ValueAlias => {
                let owner = line.word(1).and_then(|name| self.find_from(later, name));
                let other = line.word(2).and_then(|name| self.find_from(later, name));
                match (owner, other) {
                    (Some(owner), Some(other)) => self.share_values(owner, other.values),
                    (None, _) => self.unknown(&line, 1),
                    (_, None) => self.unknown(&line, 2),
                }
            }
            Deferred::Alias => {
                let (Some(name), Some(reference)) = (line.word(1), line.word(2)) else {
                    return;
                };
                match self.refer(later.from(), reference) {
                    Some(target) => self.add_alias(&line, later.from(), name, target),
                    None => self.fault(&line, 2, FaultKind::UnknownReference),
                }
            }
            Deferred::Values(index, span, auto) => {
                let found = self.refer(later.from(), later.reference(span)).or_else(|| {
                    let name = later.reference(span);
                    self.find_from(later, name).map(|node| node.key)
                });
                let Some(source) = found.and_then(|key| self.node(key)) else {
                    return self.fault_at(&line, span, FaultKind::UnknownReference);
                };
                if auto {
                    self.model.entries[index as usize].kind = source.row.kind;
                }
                self.model.extra(index).values = source.values.0;
            }
            Deferred::Reference(index, span) => {
                // What another protocol's dictionary describes need not be loaded.
                let found = self.refer(later.from(), later.reference(span));
                let text = self.model.intern(later.reference(span));
                let extra = self.model.extra(index);
                extra.reference = found.map_or(0, |key| key.0);
                (extra.text, extra.text_len) = (text, span.len as u16);
                if found.is_none() && !later.reference(span).starts_with('@') {
                    self.fault_at(&line, span, FaultKind::UnknownReference);
                }
            }
            Deferred::Chooser(index, span) => self.choose(later, index, span),
            Deferred::Clone(..) => {}
        }
    }

    fn choose(&mut self, later: &Later, index: u32, span: Span) {
        let line = later.line();
        let found = self.refer(
            later.from(),
            &format!(".{}", later.reference(span).trim_start_matches('.')),
        );
        let Some(node) = found.and_then(|key| self.node(key)) else {
            return self.fault_at(&line, span, FaultKind::UnknownReference);
        };
        if !Flags::from_bits(node.row.flags).key {
            return self.fault_at(&line, span, FaultKind::NotAKey);
        }
        self.model.extra(index).chooser = node.key.0;
    }

    fn find_from(&self, later: &Later, name: &str) -> Option<Node> {
        self.attribute_from(later.scopes.iter().copied(), name)
    }

    /// A VALUE without its ATTRIBUTE. A vendor's file that leaves out one of its own attributes (FreeRADIUS has
    /// such ones) loads without those values; a name that nothing explains is a fault.
    fn ownerless(&mut self, later: &Later) {
        let line = later.line();
        let name = line.word(1).unwrap_or_default();
        let own = later
            .scopes
            .iter()
            .filter_map(|scope| self.node(*scope))
            .any(|node| {
                let vendor = self.local_name(&node);
                node.kind() == Type::Vendor
                    && name
                        .get(..vendor.len())
                        .is_some_and(|head| head.eq_ignore_ascii_case(&vendor))
                    && name[vendor.len()..].starts_with('-')
            });
        match self.near_attribute(name) {
            None if own => self.warn(&line, 1, WarningKind::ValueWithoutAttribute),
            near => self.fault(&line, 1, FaultKind::UnknownAttribute { near }),
        }
    }

    fn unknown(&mut self, line: &Line<'_>, word: usize) {
        let near = line.word(word).and_then(|name| self.near_attribute(name));
        self.fault(line, word, FaultKind::UnknownAttribute { near });
    }

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

    /// Clones in an order in which each source is whole before it is copied.
    fn clone_all(&mut self, mut waiting: Vec<Later>) {
        let mut budget = MOST_CLONED;
        while !waiting.is_empty() {
            let unfinished = self.unfinished(&waiting);
            let (ready, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|later| match later.what {
                // A source that another clone makes is worth the wait.
                Deferred::Clone(_, span, _) => self
                    .refer(later.from(), later.reference(span))
                    .is_some_and(|source| !unfinished.contains(&source)),
                _ => true,
            });
            waiting = rest;
            if ready.is_empty() {
                waiting.iter().for_each(|later| self.clone_fault(later));
                return;
            }
            for later in &ready {
                self.top_frame_mut().modern = later.modern;
                self.clone_one(later, &mut budget);
            }
        }
    }

    /// What is to be filled by a clone, and all that holds such.
    fn unfinished(&self, waiting: &[Later]) -> HashSet<Key> {
        let mut unfinished = HashSet::new();
        for later in waiting {
            let Deferred::Clone(index, ..) = later.what else {
                continue;
            };
            let mut key = Key(self.model.entries[index as usize].key);
            while unfinished.insert(key) {
                match self.node(key) {
                    Some(node) => key = Key(node.row.parent),
                    None => break,
                }
            }
        }
        unfinished
    }

    fn clone_fault(&mut self, later: &Later) {
        let Deferred::Clone(_, span, _) = later.what else {
            return;
        };
        let known = self.refer(later.from(), later.reference(span)).is_some();
        let kind = if known {
            FaultKind::CloneLoop
        } else {
            FaultKind::UnknownReference
        };
        self.fault_at(&later.line(), span, kind);
    }

    fn clone_one(&mut self, later: &Later, budget: &mut usize) {
        let Deferred::Clone(index, span, auto) = later.what else {
            return;
        };
        let line = later.line();
        let Some(source) = self
            .refer(later.from(), later.reference(span))
            .and_then(|key| self.node(key))
        else {
            return self.clone_fault(later);
        };
        let target = self.node_at(index);
        if self.is_within(target.key, source.key) {
            return self.fault_at(&line, span, FaultKind::CloneLoop);
        }
        if auto {
            let entry = &mut self.model.entries[index as usize];
            (entry.kind, entry.length) = (source.row.kind, source.row.length);
        } else if source.kind() != target.kind() {
            return self.fault_at(
                &line,
                span,
                FaultKind::CloneType {
                    source: source.kind(),
                },
            );
        }
        if !source.kind().is_container() {
            self.model.extra(index).values = source.values.0;
        }
        if !self.copy_children(&line, source.key, target.key, budget) {
            self.fault_at(&line, span, FaultKind::CloneLoop);
        }
    }

    /// Whether `key` is `above`, or below it.
    fn is_within(&self, key: Key, above: Key) -> bool {
        let mut at = key;
        loop {
            if at == above {
                return true;
            }
            match self.node(at) {
                Some(node) => at = Key(node.row.parent),
                None => return false,
            }
        }
    }

    /// Copies what is below `source` to below `target`; not when that is too much.
    fn copy_children(&mut self, line: &Line<'_>, source: Key, target: Key, budget: &mut usize) -> bool {
        let own: Vec<Key> = self
            .model
            .children(source)
            .map(|index| Key(self.model.entries[index as usize].key))
            .collect();
        let below: Vec<Key> = super::super::entry::children(self.below, source)
            .map(|entry| entry.key())
            .collect();
        let more = below.into_iter().filter(|key| !own.contains(key));
        for key in more.chain(own.iter().copied()).collect::<Vec<_>>() {
            let Some(node) = self.node(key) else { continue };
            let to = target.child(node.row.number);
            // What the target defines itself stays.
            if self.node(to).is_none() {
                if *budget == 0 {
                    return false;
                }
                *budget -= 1;
                self.copy(line, &node, source, target);
            }
            if !self.copy_children(line, key, to, budget) {
                return false;
            }
        }
        true
    }

    /// Copies one entry to below `target`; its values stay those of the original.
    fn copy(&mut self, line: &Line<'_>, node: &Node, source: Key, target: Key) {
        let name = self.local_name(node);
        let (extra, reference) = self.extra_of(node);
        let above = self.node(target);
        let foreign = above.is_some_and(|above| above.row.flags & mark::FOREIGN != 0);
        let kept = mark::MADE | mark::FLAT | mark::FOREIGN | mark::IMPLIED;
        let mut row = EntryRow {
            key: target.child(node.row.number).0,
            parent: target.0,
            name_len: name.len() as u8,
            local_start: 0,
            local_len: name.len() as u8,
            flags: node.row.flags & !kept | mark::LOCAL | if foreign { mark::FOREIGN } else { 0 },
            file: line.file,
            line: line.number,
            next: 0,
            extra: 0,
            ..node.row
        };
        self.whole_name_into(&mut row, &name, above, foreign);
        let whole = self.model.name(&row).to_owned();
        if !foreign && self.model.find_name(Key::ROOT, &whole).is_none() {
            row.flags |= mark::FLAT;
        }
        let index = self.model.add(row);
        let text = self.model.intern(&reference);
        let chooser = Key(extra.chooser);
        let chooser = if chooser == source {
            target.0
        } else {
            match self.node(chooser) {
                Some(sibling) if sibling.row.parent == source.0 => target.child(sibling.row.number).0,
                _ => extra.chooser,
            }
        };
        *self.model.extra(index) = ExtraRow {
            values: if node.kind().is_container() {
                0
            } else {
                node.values.0
            },
            chooser,
            text,
            text_len: reference.len() as u16,
            ..extra
        };
    }

    /// The extra row of an entry, and the text of its reference.
    fn extra_of(&self, node: &Node) -> (ExtraRow, String) {
        match node.index {
            Some(_) => match node.row.extra.checked_sub(1) {
                Some(at) => {
                    let extra = self.model.extras[at as usize];
                    let text = &self.model.text[extra.text as usize..][..usize::from(extra.text_len)];
                    (extra, text.to_owned())
                }
                None => (ExtraRow::default(), String::new()),
            },
            None => {
                let entry = self.below.entry(node.key);
                let text = entry
                    .and_then(|entry| entry.reference())
                    .map_or("", |reference| reference.text);
                (
                    entry.and_then(|entry| entry.extra()).unwrap_or_default(),
                    text.to_owned(),
                )
            }
        }
    }

    /// A copy of an entry of a layer below in this one, so that it can be changed; its index.
    pub(super) fn copy_up(&mut self, node: &Node) -> u32 {
        let (extra, reference) = self.extra_of(node);
        let (whole, local) = (self.whole_name(node), self.local_name(node));
        let source = self.below.entry(node.key).map_or("", |entry| entry.source().file);
        let file = self.model.file(source);
        // One file number more, for a file that is not open: nothing ends in it.
        self.floors.push(1);
        let mut row = EntryRow {
            file,
            next: 0,
            extra: 0,
            ..node.row
        };
        row.text = self.model.intern(&whole);
        if usize::from(row.local_start) == whole.len() {
            self.model.intern(&local);
        }
        let index = self.model.add(row);
        let text = self.model.intern(&reference);
        *self.model.extra(index) = ExtraRow {
            text,
            text_len: reference.len() as u16,
            ..extra
        };
        index
    }

    /// The numbers of an entry.
    pub(super) fn oid(&self, node: &Node) -> Oid {
        let mut numbers = Vec::new();
        let mut node = *node;
        while numbers.len() < Oid::DEPTH {
            numbers.push(node.row.number);
            match self.node(Key(node.row.parent)) {
                Some(above) => node = above,
                None => break,
            }
        }
        numbers.reverse();
        Oid::new(&numbers).unwrap_or_default()
    }

    /// Whether an entry below `parent` would be deeper than any path.
    pub(super) fn is_too_deep(&self, parent: Key) -> bool {
        let mut depth = 0;
        let mut at = parent;
        while let Some(node) = self.node(at) {
            depth += 1;
            at = Key(node.row.parent);
        }
        depth >= Oid::DEPTH
    }

    /// The entry at `key`, or a row of nothing.
    pub(super) fn node_at_or_top(&self, key: Key) -> Node {
        self.node(key).unwrap_or(Node {
            key,
            row: EntryRow {
                key: key.0,
                kind: Type::Vendor as u8,
                ..EntryRow::default()
            },
            values: key,
            index: None,
        })
    }
}
