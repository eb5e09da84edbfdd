//! Copies of entries: clones with all that is below them, and entries of a layer below that are changed here.

use std::collections::HashSet;

use super::super::entry::children;
use super::super::fault::FaultKind;
use super::super::key::Key;
use super::super::row::{EntryRow, ExtraRow, mark};
use super::finish::{Deferred, Later};
use super::{Line, Node, Parser};

/// The most entries that clones may make: more is a dictionary that doubles itself on purpose.
const MOST_CLONED: usize = 100_000;

/// How long a chain of clones of clones may be, when each stands before its source.
const MOST_ROUNDS: u32 = 100;

impl Parser<'_> {
    /// Clones in an order in which each source is whole before it is copied.
    pub(super) fn clone_all(&mut self, mut waiting: Vec<Later>) {
        let mut budget = MOST_CLONED;
        for round in 1.. {
            if waiting.is_empty() {
                return;
            }
            let unfinished = self.unfinished(&waiting);
            let (ready, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|later| match later.what {
                // A source that another clone makes is worth the wait.
                Deferred::Clone(_, span, _) => self
                    .refer(later.from(), later.reference(span))
                    .is_some_and(|source| !unfinished.contains(&source)),
                _ => true,
            });
            waiting = rest;
            if ready.is_empty() || round > MOST_ROUNDS {
                ready
                    .iter()
                    .chain(&waiting)
                    .for_each(|later| self.clone_fault(later));
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

    pub(super) fn clone_fault(&mut self, later: &Later) {
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
        let below: Vec<Key> = children(self.below, source).map(|entry| entry.key()).collect();
        let more = below.into_iter().filter(|key| !own.contains(key));
        for key in more.chain(own.iter().copied()).collect::<Vec<_>>() {
            let Some(node) = self.node(key) else { continue };
            let to = target.child(node.row.number);
            // What the target defines itself stays.
            if self.node(to).is_none() {
                if *budget == 0 || self.is_too_deep(target) {
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
}
