//! From names and references in dictionary text to entries.

use super::super::entry;
use super::super::key::Key;
use super::super::kind::Type;
use super::super::lex::number32;
use super::super::suggest::{Best, Near};
use super::super::table::mark;
use super::{Node, Parser};

impl Parser<'_> {
    /// The child of `scope` that has this name there; at the top, whatever has this whole name.
    pub(super) fn child_by_name(&self, scope: Key, name: &str) -> Option<Key> {
        if let Some(key) = self.model.find_name(scope, name) {
            return Some(key);
        }
        let below = |entry: entry::Entry<'_>| entry.key();
        if let Some(key) = self.below.scoped(scope, name).map(below) {
            return Some(key);
        }
        if scope == Key::ROOT {
            return None;
        }
        // An entry of a v3 dictionary has its whole name only.
        let is_child = |key: &Key| self.node(*key).is_some_and(|node| node.row.parent == scope.0);
        if let Some(key) = self.model.find_name(Key::ROOT, name).filter(is_child) {
            return Some(key);
        }
        if let Some(key) = self.below.child_named(scope, name).map(below) {
            return Some(key);
        }
        let above = self.node(scope)?;
        let whole = format!("{}-{name}", self.whole_name(&above));
        self.model.find_name(Key::ROOT, &whole).filter(is_child)
    }

    /// The attribute that `name` (or a path of names and numbers) means where the parser is: the innermost
    /// space counts first, the whole dictionary last.
    pub(super) fn attribute_by_name(&self, name: &str) -> Option<Node> {
        self.attribute_from(self.scopes(), name)
    }

    /// The spaces that are open, innermost first.
    pub(super) fn scopes(&self) -> impl Iterator<Item = Key> + '_ {
        self.frames.iter().rev().map(|frame| frame.space)
    }

    pub(super) fn attribute_from(&self, scopes: impl Iterator<Item = Key>, name: &str) -> Option<Node> {
        let modern = self.top_frame().modern;
        let mut found = None;
        if !modern && !name.contains('.') {
            // Names of FreeRADIUS 3 are unique in the whole dictionary.
            found = self.child_by_name(Key::ROOT, name);
        }
        let found = found.or_else(|| {
            let mut scopes = scopes.chain([Key::ROOT, Key::ENUMS]);
            scopes.find_map(|scope| self.walk(scope, name.trim_start_matches('.')))
        });
        found.and_then(|key| self.node(key))
    }

    /// The entry at a path of names and numbers below `from`. A name may itself hold dots (`802.1X`).
    fn walk(&self, from: Key, path: &str) -> Option<Key> {
        if path.is_empty() {
            return None;
        }
        if let Some(key) = self.child_by_name(from, path) {
            return Some(key);
        }
        if let Some(number) = number32(path) {
            let key = from.child(number);
            return self.node(key).map(|node| node.key);
        }
        for (at, _) in path.match_indices('.') {
            let (head, rest) = (&path[..at], &path[at + 1..]);
            let step = self
                .child_by_name(from, head)
                .or_else(|| number32(head).map(|number| from.child(number)));
            if let Some(step) = step
                && let Some(found) = self.walk(step, rest)
            {
                return Some(found);
            }
        }
        None
    }

    /// Where a reference leads: `.sibling`, `..up`, `@.top`, `@Protocol.path`, or a path from the top; `from` is
    /// the space in which the reference stands.
    pub(super) fn refer(&self, from: Key, reference: &str) -> Option<Key> {
        if let Some(foreign) = reference.strip_prefix('@') {
            if let Some(path) = foreign.strip_prefix('.') {
                return self.walk(self.root_of(from), path);
            }
            let (protocol, path) = foreign.split_once('.').unwrap_or((foreign, ""));
            let (_, root) = self.protocols.get(&protocol.to_ascii_lowercase())?;
            return if path.is_empty() {
                Some(*root)
            } else {
                self.walk(*root, path)
            };
        }
        let path = reference.trim_start_matches('.');
        let dots = reference.len() - path.len();
        if dots == 0 {
            return self
                .walk(self.root_of(from), path)
                .or_else(|| self.climb(from, path));
        }
        let mut space = from;
        for _ in 1..dots {
            space = self.node(space).map(|node| Key(node.row.parent))?;
        }
        if path.is_empty() {
            return Some(space);
        }
        self.walk(space, path).or_else(|| self.climb(space, path))
    }

    /// The path from the nearest space above `from` in which it leads somewhere.
    fn climb(&self, from: Key, path: &str) -> Option<Key> {
        let mut space = from;
        for _ in 0..super::super::oid::Oid::DEPTH {
            if let Some(found) = self.walk(space, path) {
                return Some(found);
            }
            space = self.node(space).map(|node| Key(node.row.parent))?;
        }
        None
    }

    /// The top of the protocol that `from` belongs to.
    fn root_of(&self, from: Key) -> Key {
        let mut space = from;
        while let Some(node) = self.node(space) {
            space = Key(node.row.parent);
        }
        if space == Key::DEFINED || space == Key::ENUMS {
            Key::ROOT
        } else {
            space
        }
    }

    /// The vendor that is named so, if there is one.
    pub(super) fn quiet_vendor(&self, name: &str) -> Option<Node> {
        self.child_by_name(self.vendors(), name)
            .and_then(|key| self.node(key))
            .filter(|node| node.kind() == Type::Vendor)
    }

    /// How many children the entry at `key` has.
    pub(super) fn children_of(&self, key: Key) -> u32 {
        let below = entry::children(self.below, key).filter(|entry| self.model.find(entry.key()).is_none());
        (self.model.children(key).count() + below.count()) as u32
    }

    /// The known attribute that `name` was probably meant to be.
    pub(super) fn near_attribute(&self, name: &str) -> Option<String> {
        let mut best = Best::new(name, 1);
        for row in &self.model.entries {
            if row.kind != Type::Vendor as u8 && row.flags & mark::SET == 0 {
                best.offer(self.model.name(row));
                best.offer(self.model.local_name(row));
            }
        }
        let own = best.into_names().first().map(|name| (*name).to_owned());
        own.or_else(|| {
            self.below
                .suggest(name, Near::Attributes)
                .first()
                .map(|name| (*name).to_owned())
        })
    }

    /// The known vendor that `name` was probably meant to be.
    pub(super) fn near_vendor(&self, name: &str) -> Option<String> {
        let mut best = Best::new(name, 1);
        for row in self
            .model
            .entries
            .iter()
            .filter(|row| row.kind == Type::Vendor as u8)
        {
            best.offer(self.model.local_name(row));
        }
        let own = best.into_names().first().map(|name| (*name).to_owned());
        own.or_else(|| {
            self.below
                .suggest(name, Near::Vendors)
                .first()
                .map(|name| (*name).to_owned())
        })
    }
}
