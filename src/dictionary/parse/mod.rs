//! From the text of dictionary files to a layer.
//!
//! One pass over the lines of all files; what refers to something that comes later waits until the end. Every
//! fault is collected with its place; when there is one, there is no layer. Reads FreeRADIUS 3's grammar and
//! FreeRADIUS 4's, and the dialects that came before them (Livingston, Cistron, pyrad, layeh, Radiator).
//!
//! The two grammars share their lines; what differs is whose names are unique. In FreeRADIUS 3 a name is
//! unique in the whole dictionary; in FreeRADIUS 4 among its siblings. A file is read as FreeRADIUS 4's inside
//! of a protocol's block, or when it has a line that only FreeRADIUS 4 knows.

mod alias;
mod attribute;
mod block;
mod copy;
mod finish;
mod flags;
mod include;
mod known;
mod member;
mod name;
mod nameless;
mod protocol;
mod refer;
#[cfg(test)]
mod tests_faults;
#[cfg(test)]
mod tests_v3;
#[cfg(test)]
mod tests_v4;
mod value;
mod vendor;

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use super::fault::{Fault, FaultKind, Origin, Place, Warning, WarningKind, Word};
use super::files::Files;
use super::key::Key;
use super::kind::Type;
use super::layers::Dictionary;
use super::lex::{Span, Words};
use super::model::Model;
use super::pack::pack;
use super::row::EntryRow;
use super::suggest::nearest;
use super::table::Layer;
use block::Frame;
use finish::Later;
use include::is_modern_line;

/// How to load.
#[derive(Clone, Debug, Default)]
pub struct LoadOptions {
    /// The directory that `$INCLUDE` may not leave; by default the one of the file that is loaded.
    pub dict_root: Option<String>,
}

/// What a look through dictionary files found.
#[derive(Clone, Debug, Default)]
pub struct Review {
    /// What keeps them from being loaded.
    pub faults: Vec<Fault>,
    /// What is odd.
    pub warnings: Vec<Warning>,
    /// The files that were read, in order.
    pub files: Vec<String>,
    /// How many attributes they define, members and children included.
    pub attributes: usize,
    /// How many named values.
    pub values: usize,
    /// How many vendors.
    pub vendors: usize,
}

impl Dictionary {
    /// Reads the file at `path` and all it includes, and lays them over what is known already.
    ///
    /// # Errors
    ///
    /// Every fault of every file; nothing is added then.
    pub fn load(
        &mut self,
        path: &str,
        files: &dyn Files,
        options: LoadOptions,
    ) -> Result<Vec<Warning>, Vec<Fault>> {
        let parser = Parser::read(self, path, files, &options);
        if !parser.faults.is_empty() {
            return Err(parser.faults);
        }
        let (rows, text) = pack(parser.model);
        let warnings = parser.warnings;
        self.push(Layer::new(rows.into(), text.into()));
        Ok(warnings)
    }

    /// Looks through the file at `path` and all it includes, on top of what is known already, and adds nothing.
    pub fn check(&self, path: &str, files: &dyn Files, options: LoadOptions) -> Review {
        let parser = Parser::read(self, path, files, &options);
        let model = &parser.model;
        let vendors = model
            .entries
            .iter()
            .filter(|row| row.parent == Key::VENDORS.0)
            .count();
        let spaces = model
            .entries
            .iter()
            .filter(|row| row.kind == Type::Vendor as u8)
            .count();
        let implied = super::row::mark::IMPLIED | super::row::mark::SET;
        let others = model
            .entries
            .iter()
            .filter(|row| row.kind != Type::Vendor as u8 && row.flags & implied != 0)
            .count();
        Review {
            files: parser.read,
            attributes: model.entries.len() - spaces - others,
            values: model.values.len(),
            vendors,
            faults: parser.faults,
            warnings: parser.warnings,
        }
    }
}

/// The blobs of the layer that the file at `path` and all it includes make: what `build.rs` writes.
#[allow(dead_code)] // Used by build.rs only.
pub(crate) fn compile(path: &str, files: &dyn Files) -> Result<(Vec<u8>, String), Vec<Fault>> {
    let (nothing, options) = (Dictionary::empty(), LoadOptions::default());
    let parser = Parser::read(&nothing, path, files, &options);
    if parser.faults.is_empty() {
        Ok(pack(parser.model))
    } else {
        Err(parser.faults)
    }
}

/// A line that is being read, or that waits.
#[derive(Clone, Copy)]
struct Line<'t> {
    text: &'t str,
    words: Words,
    number: u32,
    file: u16,
}

impl<'t> Line<'t> {
    fn word(&self, index: usize) -> Option<&'t str> {
        self.words.get(self.text, index)
    }
}

/// An entry, of this layer or of those below.
#[derive(Clone, Copy)]
struct Node {
    key: Key,
    row: EntryRow,
    /// Whose values it has.
    values: Key,
    /// Its index, when it is in this layer.
    index: Option<u32>,
}

impl Node {
    fn kind(&self) -> Type {
        Type::from_octet(self.row.kind)
    }
}

struct Parser<'p> {
    below: &'p Dictionary,
    files: &'p dyn Files,
    options: &'p LoadOptions,
    /// The directory that includes may not leave, from the top of the file system.
    root: String,
    model: Model,
    faults: Vec<Fault>,
    warnings: Vec<Warning>,
    /// The files that are open, outermost first.
    open: Vec<String>,
    /// The files that were read, in order.
    read: Vec<String>,
    /// The same, and for which space.
    seen: HashSet<(String, Key)>,
    frames: Vec<Frame>,
    /// How many frames were open when each file started: an END may not close those.
    floors: Vec<usize>,
    /// Which number at the top of a protocol is its Vendor-Specific, where that is not 26.
    vsa: Vec<(Key, u32)>,
    /// The TLV that numbers with a leading dot are children of.
    relative: Option<Key>,
    /// The attribute that was defined or given a value last.
    recent: Option<Node>,
    /// Whether the value at hand stood before its attribute.
    late: bool,
    /// `FLAGS internal`, until the end of the file.
    internal: bool,
    /// `FLAGS !auto_begin`, until the end of the file.
    manual: bool,
    /// Protocols by folded name: number and space.
    protocols: HashMap<String, (u32, Key)>,
    later: Vec<Later>,
    /// How many near names were looked for.
    guesses: Cell<u32>,
    /// A line of FreeRADIUS 4 stood in a file that was taken for FreeRADIUS 3's.
    mistaken: bool,
    /// Each file is looked through for such lines first.
    careful: bool,
}

impl<'p> Parser<'p> {
    /// Reads the file at `path` and all it includes.
    ///
    /// Hardly any file is FreeRADIUS 4's without being in a protocol's block, so files are only looked through
    /// for its lines when one was met.
    fn read(below: &'p Dictionary, path: &str, files: &'p dyn Files, options: &'p LoadOptions) -> Parser<'p> {
        let mut parser = Parser::new(below, files, options);
        parser.top(path);
        if parser.mistaken {
            parser = Parser::new(below, files, options);
            parser.careful = true;
            parser.top(path);
        }
        parser
    }

    fn new(below: &'p Dictionary, files: &'p dyn Files, options: &'p LoadOptions) -> Parser<'p> {
        Parser {
            below,
            files,
            options,
            root: String::new(),
            model: Model::default(),
            faults: Vec::new(),
            warnings: Vec::new(),
            open: Vec::new(),
            read: Vec::new(),
            seen: HashSet::new(),
            frames: vec![Frame::top()],
            floors: Vec::new(),
            vsa: Vec::new(),
            relative: None,
            recent: None,
            late: false,
            internal: false,
            manual: false,
            protocols: HashMap::from([("radius".to_owned(), (1, Key::ROOT))]),
            later: Vec::new(),
            guesses: Cell::new(0),
            mistaken: false,
            careful: false,
        }
    }

    /// One line with at least one word.
    fn line(&mut self, line: &Line<'_>) {
        let Some(keyword) = line.word(0) else { return };
        if !self.careful && !self.top_frame().modern && is_modern_line(line.text, &line.words) {
            self.mistaken = true;
        }
        if self.mistaken {
            return;
        }
        let Some(action) = action_of(keyword) else {
            let near = nearest(keyword, KEYWORDS.iter().map(|(name, _)| *name));
            self.fault(line, 0, FaultKind::UnknownKeyword { near });
            return;
        };
        action(self, line);
    }

    /// Word `index`, or a fault that says what is missing.
    fn need<'t>(&mut self, line: &Line<'t>, index: usize, word: Word) -> Option<&'t str> {
        let found = line.word(index);
        if found.is_none() {
            self.fault(line, index, FaultKind::MissingWord(word));
        }
        found
    }

    /// A fault when there are more than `most` words.
    fn no_more(&mut self, line: &Line<'_>, most: usize) {
        if line.words.len() > most {
            self.fault(line, most, FaultKind::SurplusWord);
        }
    }

    fn fault(&mut self, line: &Line<'_>, word: usize, kind: FaultKind) {
        self.fault_at(line, line.words.span(word), kind);
    }

    fn fault_at(&mut self, line: &Line<'_>, span: Span, kind: FaultKind) {
        let place = self.place(line, span);
        self.faults.push(Fault { place, kind });
    }

    fn warn(&mut self, line: &Line<'_>, word: usize, kind: WarningKind) {
        let place = self.place(line, line.words.span(word));
        self.warnings.push(Warning { place, kind });
    }

    fn place(&self, line: &Line<'_>, span: Span) -> Place {
        Place {
            file: self.file_path(line.file).to_owned(),
            line: line.number,
            column: span.start + 1,
            octets: span.len,
            text: line.text.trim_end_matches('\r').to_owned(),
        }
    }

    fn file_path(&self, file: u16) -> &str {
        match self.model.files.get(usize::from(file)) {
            Some((start, len)) => &self.model.text[*start as usize..][..*len as usize],
            None => "",
        }
    }

    fn origin(&self, file: u16, line: u32) -> Origin {
        Origin {
            file: self.file_path(file).to_owned(),
            line,
        }
    }

    /// The entry at `key`, in this layer or below.
    fn node(&self, key: Key) -> Option<Node> {
        if let Some(index) = self.model.find(key) {
            return Some(self.node_at(index));
        }
        self.below.entry(key).map(|entry| Node {
            key,
            row: entry.row(),
            values: entry.values_key(),
            index: None,
        })
    }

    fn node_at(&self, index: u32) -> Node {
        let row = self.model.entries[index as usize];
        let values = match row.extra {
            0 => 0,
            extra => self.model.extras[extra as usize - 1].values,
        };
        Node {
            key: Key(row.key),
            row,
            values: Key(if values == 0 { row.key } else { values }),
            index: Some(index),
        }
    }

    /// The local name of an entry.
    fn local_name(&self, node: &Node) -> String {
        match node.index {
            Some(_) => self.model.local_name(&node.row).to_owned(),
            None => self
                .below
                .entry(node.key)
                .map_or("", |entry| entry.local_name())
                .to_owned(),
        }
    }

    /// The whole name of an entry.
    fn whole_name(&self, node: &Node) -> String {
        match node.index {
            Some(_) => self.model.name(&node.row).to_owned(),
            None => self
                .below
                .entry(node.key)
                .map_or("", |entry| entry.name())
                .to_owned(),
        }
    }
}

type Action = fn(&mut Parser<'_>, &Line<'_>);

/// Every keyword, in any case; the frequent ones first.
const KEYWORDS: &[(&str, Action)] = &[
    ("VALUE", |parser, line| parser.value(line)),
    ("ATTRIBUTE", |parser, line| parser.attribute(line)),
    ("ALIAS", |parser, line| parser.alias(line)),
    ("MEMBER", |parser, line| parser.member(line)),
    ("STRUCT", |parser, line| parser.structure(line)),
    ("$INCLUDE", |parser, line| parser.include(line, true)),
    ("$INCLUDE-", |parser, line| parser.include(line, false)),
    ("VENDOR", |parser, line| parser.vendor(line)),
    ("BEGIN-VENDOR", |parser, line| parser.begin_vendor(line)),
    ("END-VENDOR", |parser, line| parser.end_vendor(line, 1)),
    ("BEGIN-TLV", |parser, line| parser.begin_attribute(line, 1)),
    ("END-TLV", |parser, line| parser.end_attribute(line, 1)),
    ("BEGIN", |parser, line| parser.begin(line)),
    ("END", |parser, line| parser.end(line)),
    ("PROTOCOL", |parser, line| {
        parser.protocol(line, 1);
    }),
    ("BEGIN-PROTOCOL", |parser, line| parser.begin_protocol(line, 1)),
    ("END-PROTOCOL", |parser, line| parser.end_protocol(line, 1)),
    ("ENUM", |parser, line| parser.set(line)),
    ("DEFINE", |parser, line| parser.define(line)),
    ("FLAGS", |parser, line| parser.file_flags(line)),
    ("VALUE-ALIAS", |parser, line| parser.value_alias(line)),
    ("VENDORATTR", |parser, line| parser.vendor_attribute(line)),
];

fn action_of(word: &str) -> Option<Action> {
    KEYWORDS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(word))
        .map(|(_, action)| *action)
}
