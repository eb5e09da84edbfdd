//! From names and references in dictionary text to entries.

use super::super::entry::{self, Entry};
use super::super::key::Key;
use super::super::kind::Type;
use super::super::lex::number32;
use super::super::oid::Oid;
use super::super::row::{EntryRow, mark};
use super::super::suggest::{Best, Near};
use super::super::table::IS_ALIAS;
use super::{Node, Parser};

/// How many near names are looked for in one load.
const MOST_GUESSES: u32 = 100;

impl Parser<'_> {
    /// The child of `scope` that has this name there; at the top, whatever has this whole name.
    pub(super) fn child_by_name(&self, scope: Key, name: &str) -> Option<Node> {
        if let Some(node) = self.named(scope, name) {
            return Some(node);
        }
        if scope == Key::ROOT {
            return None;
        }
        // An entry of a v3 dictionary has its whole name only.
        let is_child = |node: &Node| node.row.parent == scope.0;
        if let Some(node) = self.named(Key::ROOT, name).filter(is_child) {
            return Some(node);
        }
        if let Some(entry) = self.below.child_named(scope, name) {
            return Some(node_below(entry));
        }
        let above = self.node(scope)?;
        // FreeRADIUS 4 calls it so in each of 241 to 246, FreeRADIUS 3 Extended-Vendor-Specific-1 to 6.
        let extended = matches!(above.kind(), Type::Extended | Type::LongExtended);
        if extended && name.eq_ignore_ascii_case("Vendor-Specific") {
            return self.node(scope.child(26));
        }
        let whole = format!("{}-{name}", self.whole_name(&above));
        self.named(Key::ROOT, &whole).filter(is_child)
    }

    /// What has this name in this very scope.
    fn named(&self, scope: Key, name: &str) -> Option<Node> {
        match self.model.find_name_index(scope, name) {
            // Not by its key: that may have gone to an entry of another name.
            Some(index) if index & IS_ALIAS == 0 => Some(self.node_at(index)),
            Some(index) => self.node(Key(self.model.aliases[(index & !IS_ALIAS) as usize].target)),
            None => self.below.scoped(scope, name).map(node_below),
        }
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
        found.or_else(|| {
            let mut scopes = scopes.chain([Key::ROOT, Key::ENUMS]);
            scopes.find_map(|scope| self.walk(scope, name.trim_start_matches('.')))
        })
    }

    /// The entry at a path of names and numbers below `from`. A name may itself hold dots (`802.1X`).
    pub(super) fn walk(&self, from: Key, path: &str) -> Option<Node> {
        if path.is_empty() {
            return None;
        }
        if let Some(node) = self.child_by_name(from, path) {
            return Some(node);
        }
        if let Some(number) = number32(path) {
            return self.node(from.child(number));
        }
        // No name is longer than 255 octets, and no path deeper than the tree.
        for (at, _) in path
            .match_indices('.')
            .take_while(|(at, _)| *at <= usize::from(u8::MAX))
        {
            let (head, rest) = (&path[..at], &path[at + 1..]);
            let step = self
                .child_by_name(from, head)
                .map(|node| node.key)
                .or_else(|| number32(head).map(|number| from.child(number)))
                .filter(|step| self.node(*step).is_some());
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
                return self.walk(self.root_of(from), path).map(|node| node.key);
            }
            let (protocol, path) = foreign.split_once('.').unwrap_or((foreign, ""));
            let (_, root) = self.protocols.get(&protocol.to_ascii_lowercase())?;
            return if path.is_empty() {
                Some(*root)
            } else {
                self.walk(*root, path).map(|node| node.key)
            };
        }
        let path = reference.trim_start_matches('.');
        let dots = reference.len() - path.len();
        if dots == 0 {
            return self
                .walk(self.root_of(from), path)
                .or_else(|| self.climb(from, path))
                .map(|node| node.key);
        }
        let mut space = from;
        for _ in 1..dots {
            space = self.node(space).map(|node| Key(node.row.parent))?;
        }
        if path.is_empty() {
            return Some(space);
        }
        let found = self.walk(space, path).or_else(|| self.climb(space, path));
        // Before there was `@`, two dots and a name meant another protocol.
        let protocol = || Some(self.protocols.get(&path.to_ascii_lowercase())?.1);
        found.map(|node| node.key).or_else(protocol)
    }

    /// The path from the nearest space above `from` in which it leads somewhere.
    fn climb(&self, from: Key, path: &str) -> Option<Node> {
        let mut space = from;
        for _ in 0..Oid::DEPTH {
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
            .filter(|node| node.kind() == Type::Vendor)
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

    /// How many children the entry at `key` has.
    pub(super) fn children_of(&self, key: Key) -> u32 {
        let below = entry::children(self.below, key).filter(|entry| self.model.find(entry.key()).is_none());
        (self.model.children(key).count() + below.count()) as u32
    }

    /// Whether one more near name is looked for: that takes its time, and a file that is all wrong needs none.
    fn may_guess(&self) -> bool {
        let guesses = self.guesses.get() + 1;
        self.guesses.set(guesses);
        guesses <= MOST_GUESSES
    }

    /// The known attribute that `name` was probably meant to be.
    pub(super) fn near_attribute(&self, name: &str) -> Option<String> {
        if !self.may_guess() {
            return None;
        }
        let mut best = Best::new(name, 1);
        for row in &self.model.entries {
            if row.kind != Type::Vendor as u8 && row.flags & mark::SET == 0 {
                best.offer(self.model.name(row), 0);
                best.offer(self.model.local_name(row), 0);
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
        if !self.may_guess() {
            return None;
        }
        let mut best = Best::new(name, 1);
        for row in self
            .model
            .entries
            .iter()
            .filter(|row| row.kind == Type::Vendor as u8)
        {
            best.offer(self.model.local_name(row), 0);
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

/// An entry of a layer below.
fn node_below(entry: Entry<'_>) -> Node {
    Node {
        key: entry.key(),
        row: entry.row(),
        values: entry.values_key(),
        index: None,
    }
}
