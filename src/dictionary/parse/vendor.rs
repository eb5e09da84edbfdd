//! Vendors: their names and formats, and the blocks of their attributes.

use super::super::fault::{Block, FaultKind, WarningKind, Word};
use super::super::flag::VendorFormat;
use super::super::key::Key;
use super::super::kind::Type;
use super::super::lex::{Span, number32};
use super::super::row::{EntryRow, mark};
use super::{Line, Node, Parser, nearest};

impl Parser<'_> {
    /// `VENDOR name number [format=t,l[,c]]`
    pub(super) fn vendor(&mut self, line: &Line<'_>) {
        self.unwind(line);
        self.recent = None;
        self.relative = None;
        let Some(name) = self.need(line, 1, Word::Name) else {
            return;
        };
        let Some(word) = self.need(line, 2, Word::Number) else {
            return;
        };
        self.no_more(line, 4);
        let Some(pen) = number32(word) else {
            return self.fault(line, 2, FaultKind::BadNumber);
        };
        let modern = self.top_frame().modern;
        let format = match line.word(3) {
            None => VendorFormat::known(pen).filter(|_| !modern),
            Some(word) => match vendor_format(word) {
                Some(format) => Some(format),
                None => return self.fault(line, 3, FaultKind::BadFormat),
            },
        };
        let vendors = self.vendors();
        self.ensure_well_known(line, vendors);
        self.check_vendor(line, vendors.child(pen), name);
        self.add_vendor(line, vendors, name, pen, format.unwrap_or_default(), 0);
    }

    fn check_vendor(&mut self, line: &Line<'_>, key: Key, name: &str) {
        if let Some(former) = self.model.find_name(self.vendors(), name)
            && former != key
            && let Some(node) = self.node(former)
        {
            let origin = self.origin(node.row.file, node.row.line);
            self.fault(
                line,
                1,
                FaultKind::DuplicateVendor {
                    pen: node.row.number,
                    origin,
                },
            );
        } else if let Some(index) = self.model.find(key) {
            let node = self.node_at(index);
            let former = self.local_name(&node);
            if node.row.flags & mark::IMPLIED == 0 && !former.eq_ignore_ascii_case(name) {
                let origin = self.origin(node.row.file, node.row.line);
                self.warn(line, 1, WarningKind::DuplicateVendor { former, origin });
            }
        }
    }

    /// The space of a vendor under `parent`.
    pub(super) fn add_vendor(
        &mut self,
        line: &Line<'_>,
        parent: Key,
        name: &str,
        pen: u32,
        format: VendorFormat,
        marks: u32,
    ) -> Node {
        let Ok(name_len) = u8::try_from(name.len()) else {
            self.fault(line, 1, FaultKind::NameTooLong);
            return self.node_at_or_top(parent);
        };
        let text = self.model.intern(name);
        let foreign = if self.top_frame().root == Key::ROOT {
            0
        } else {
            mark::FOREIGN
        };
        let index = self.model.add(EntryRow {
            key: parent.child(pen).0,
            parent: parent.0,
            number: pen,
            text,
            name_len,
            local_start: 0,
            local_len: name_len,
            kind: Type::Vendor as u8,
            flags: format.to_bits() | mark::LOCAL | marks | foreign,
            length: 0,
            file: line.file,
            line: line.number,
            next: 0,
            extra: 0,
        });
        self.node_at(index)
    }

    /// The space whose children are this protocol's vendors.
    pub(super) fn vendors(&self) -> Key {
        let root = self.top_frame().root;
        let number = self
            .vsa
            .iter()
            .find(|(space, _)| *space == root)
            .map_or(26, |(_, number)| *number);
        root.child(number)
    }

    /// The vendor that is named so; a fault when there is none.
    pub(super) fn vendor_by_name(&mut self, line: &Line<'_>, word: usize, name: &str) -> Option<Node> {
        let vendors = self.vendors();
        let found = self
            .model
            .find_name(vendors, name)
            .or_else(|| self.below.scoped(vendors, name).map(|entry| entry.key()))
            .and_then(|key| self.node(key));
        if found.is_none() {
            let near = self.near_vendor(name);
            self.fault(line, word, FaultKind::UnknownVendor { near });
        }
        found
    }

    /// `BEGIN-VENDOR name [format=Extended-Vendor-Specific-N | parent=reference]`
    pub(super) fn begin_vendor(&mut self, line: &Line<'_>) {
        self.unwind(line);
        let Some(name) = self.need(line, 1, Word::Vendor) else {
            return;
        };
        self.no_more(line, 3);
        if self.frames.iter().any(|frame| frame.block == Some(Block::Vendor)) {
            self.fault(line, 0, FaultKind::NestedBlock(Block::Vendor));
        }
        let Some(vendor) = self.vendor_by_name(line, 1, name) else {
            // Lines inside are read against a space that nothing reaches, so that their own faults show.
            return self.push(line, Some(Block::Vendor), Key(Key::ENUMS.name(name.as_bytes())));
        };
        let parent = match line.word(2) {
            None => Some(self.vendors()),
            Some(word) => self.vendor_parent(line, word),
        };
        let parent = parent.unwrap_or_else(|| self.vendors());
        self.ensure_well_known(line, parent);
        let key = parent.child(vendor.row.number);
        if self.node(key).is_none() {
            let name = self.local_name(&vendor);
            let format = VendorFormat::from_bits(vendor.row.flags);
            self.add_vendor(line, parent, &name, vendor.row.number, format, mark::IMPLIED);
        }
        self.push(line, Some(Block::Vendor), key);
    }

    /// The Extended-Vendor-Specific that `format=` or `parent=` names.
    fn vendor_parent(&mut self, line: &Line<'_>, word: &str) -> Option<Key> {
        let span = line.words.span(2);
        let (flag, reference) = word.split_once('=').unwrap_or((word, ""));
        let at = Span {
            // Without a = the end of the word is where the reference is missing.
            start: span.start + (word.len() - reference.len()) as u32,
            len: reference.len() as u32,
        };
        let found = if flag.eq_ignore_ascii_case("format") || flag.eq_ignore_ascii_case("parent") {
            let from = self.top_frame().space;
            self.well_known_named(line, reference)
                .or_else(|| self.refer(from, reference))
        } else {
            let near = nearest(flag, ["format", "parent"].into_iter()).map(str::to_owned);
            self.fault(line, 2, FaultKind::UnknownFlag { near });
            return None;
        };
        let Some(node) = found.and_then(|key| self.node(key)) else {
            self.fault_at(line, at, FaultKind::UnknownReference);
            return None;
        };
        if !matches!(node.kind(), Type::Evs | Type::Vsa) {
            self.fault_at(line, at, FaultKind::NotAContainer(node.kind()));
            return None;
        }
        Some(node.key)
    }

    /// `END-VENDOR name`, also `END VENDOR name`; `word` is where the name stands.
    pub(super) fn end_vendor(&mut self, line: &Line<'_>, word: usize) {
        let Some(name) = self.need(line, word, Word::Vendor) else {
            return;
        };
        self.no_more(line, word + 1);
        self.unwind(line);
        let open = self.top_frame();
        // The vendor may stand in an Extended-Vendor-Specific, so its name is what counts.
        let space = (open.block == Some(Block::Vendor)).then_some(open.space);
        let same = match space.and_then(|space| self.node(space)) {
            Some(node) => self.local_name(&node).eq_ignore_ascii_case(name),
            // A block of an unknown vendor, which has its fault already.
            None => space.is_some(),
        };
        let meant = self.frames.iter().rev().find_map(|frame| {
            let node = self.node(frame.space)?;
            (frame.block == Some(Block::Vendor) && self.local_name(&node).eq_ignore_ascii_case(name))
                .then_some(frame.space)
        });
        self.pop(
            line,
            word,
            Block::Vendor,
            if same {
                None
            } else {
                Some(meant.unwrap_or(Key::ENUMS))
            },
        );
    }
}

/// `format=t,l[,c]`: the continuation only with 1,1.
fn vendor_format(word: &str) -> Option<VendorFormat> {
    let (flag, format) = word.split_once('=')?;
    if !flag.eq_ignore_ascii_case("format") {
        return None;
    }
    let mut parts = format.split(',');
    let type_octets = number32(parts.next()?).filter(|octets| matches!(octets, 1 | 2 | 4))?;
    let length_octets = number32(parts.next()?).filter(|octets| matches!(octets, 0..=2))?;
    let continuation = match parts.next() {
        None => false,
        Some("c") if (type_octets, length_octets) == (1, 1) => true,
        Some(_) => return None,
    };
    if parts.next().is_some() {
        return None;
    }
    Some(VendorFormat {
        type_octets: type_octets as u8,
        length_octets: length_octets as u8,
        continuation,
    })
}
