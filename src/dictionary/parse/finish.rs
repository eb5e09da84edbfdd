//! What can only be settled when all lines are read: references to what came later, clones, aliases.

use super::super::fault::{FaultKind, WarningKind};
use super::super::flag::Flags;
use super::super::key::Key;
use super::super::kind::Type;
use super::super::lex::{Span, Words};
use super::flags::Shape;
use super::{Line, Node, Parser};

/// A line that waits, and where it stood.
pub(super) struct Later {
    text: String,
    words: Words,
    number: u32,
    file: u16,
    /// The spaces that were open, innermost first.
    scopes: Vec<Key>,
    pub(super) modern: bool,
    pub(super) what: Deferred,
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
    pub(super) fn line(&self) -> Line<'_> {
        Line {
            text: &self.text,
            words: self.words,
            number: self.number,
            file: self.file,
        }
    }

    /// The reference that `span` marks.
    pub(super) fn reference(&self, span: Span) -> &str {
        self.text
            .get(span.start as usize..(span.start + span.len) as usize)
            .unwrap_or_default()
    }

    /// Where the definition stood.
    pub(super) fn from(&self) -> Key {
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
                    (Some(owner), Some(other)) => self.share_values(&line, owner, other),
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
                if source.kind().is_container() {
                    return self.fault_at(&line, span, FaultKind::ValueNotAllowed(source.kind()));
                }
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
                let foreign = ["@", ".."]
                    .iter()
                    .any(|mark| later.reference(span).starts_with(mark));
                if found.is_none() && !foreign {
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

    pub(super) fn find_from(&self, later: &Later, name: &str) -> Option<Node> {
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
}
