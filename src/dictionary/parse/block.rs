//! Blocks: protocols, vendors, TLVs, structs, and what is open at a line.

use super::super::fault::{Block, Fault, FaultKind, Place, WarningKind, Word};
use super::super::key::Key;
use super::super::kind::{Type, VendorFormat};
use super::super::lex::{Span, number32};
use super::super::table::{EntryRow, mark};
use super::{Line, Node, Parser};

/// What is open.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// What kind of BEGIN opened it; `None` for the top, and for a struct that opened itself.
    pub(super) block: Option<Block>,
    /// What definitions are children of.
    pub(super) space: Key,
    /// The top of the protocol.
    pub(super) root: Key,
    /// Whether names are unique among siblings only.
    pub(super) modern: bool,
    /// How many members the struct has.
    pub(super) members: u32,
    /// How many bits its last members have that do not fill an octet yet.
    pub(super) bits: u32,
    /// How many octets its members have; `None` when that varies.
    pub(super) octets: Option<u32>,
    /// The line that opened it.
    line: u32,
    span: Span,
}

impl Frame {
    pub(super) fn top() -> Frame {
        Frame {
            block: None,
            space: Key::ROOT,
            root: Key::ROOT,
            modern: false,
            members: 0,
            bits: 0,
            octets: Some(0),
            line: 0,
            span: Span::default(),
        }
    }

    /// Whether it opened itself, and closes as soon as something does not belong to it.
    fn is_automatic(&self) -> bool {
        self.block.is_none() && self.line > 0
    }
}

impl Parser<'_> {
    /// The innermost frame; there always is one.
    pub(super) fn top_frame(&self) -> &Frame {
        // The outermost frame is never popped.
        &self.frames[self.frames.len() - 1]
    }

    pub(super) fn top_frame_mut(&mut self) -> &mut Frame {
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    /// Opens a frame inside of the innermost one.
    pub(super) fn push(&mut self, line: &Line<'_>, block: Option<Block>, space: Key) {
        let above = self.top_frame();
        let frame = Frame {
            block,
            space,
            root: above.root,
            modern: above.modern,
            members: 0,
            bits: 0,
            octets: Some(0),
            line: line.number,
            span: line.words.span(1),
        };
        self.frames.push(frame);
        self.recent = None;
        self.relative = None;
    }

    /// Closes the structs that opened themselves.
    pub(super) fn unwind(&mut self, line: &Line<'_>) {
        while self.frames.len() > 1 && self.top_frame().is_automatic() {
            self.close_struct(line);
            self.frames.pop();
        }
    }

    /// Checks that the members of the innermost struct end with an octet, and fill it when its size is fixed.
    pub(super) fn close_struct(&mut self, line: &Line<'_>) {
        let frame = self.top_frame();
        let (bits, octets, space) = (frame.bits, frame.octets, frame.space);
        if bits != 0 {
            self.fault(line, 0, FaultKind::BitsOpen { bits });
            return;
        }
        let Some(node) = self.node(space) else { return };
        if let (Type::Struct, promised @ 1.., Some(members)) = (node.kind(), node.row.length, octets)
            && u32::from(promised) != members
        {
            self.fault(
                line,
                0,
                FaultKind::StructSize {
                    octets: u32::from(promised),
                    members,
                },
            );
        }
    }

    /// At the end of a file: closes what opened itself, and reports what it left open.
    pub(super) fn close_frames(&mut self, depth: usize, file: u16, text: &str) {
        while self.frames.len() > depth.max(1) {
            let Some(frame) = self.frames.last().cloned() else {
                return;
            };
            let open = text
                .lines()
                .nth(frame.line.saturating_sub(1) as usize)
                .unwrap_or_default();
            let line = Line {
                text: open,
                words: super::super::lex::Words::of(open),
                number: frame.line,
                file,
            };
            if let Some(block) = frame.block {
                let place = Place {
                    file: self.file_path(file).to_owned(),
                    line: frame.line,
                    column: frame.span.start + 1,
                    octets: frame.span.len,
                    text: open.to_owned(),
                };
                self.faults.push(Fault {
                    place,
                    kind: FaultKind::BeginWithoutEnd(block),
                });
            } else {
                self.close_struct(&line);
            }
            self.frames.pop();
        }
    }

    /// How deep the frames of the file that is being read start: what is below belongs to the one that includes it.
    fn floor(&self, line: &Line<'_>) -> usize {
        self.floors.get(usize::from(line.file)).copied().unwrap_or(1)
    }

    /// Pops the innermost frame of this kind; a fault when the file has none open, or another is inside of it.
    fn pop(&mut self, line: &Line<'_>, word: usize, block: Block, space: Option<Key>) {
        self.unwind(line);
        self.recent = None;
        self.relative = None;
        let floor = self.floor(line);
        if self.frames.len() <= floor || self.top_frame().block.is_none() {
            self.fault(line, 0, FaultKind::EndWithoutBegin(block));
            return;
        }
        let frame = self.top_frame().clone();
        let matches = frame.block == Some(block) && space.is_none_or(|space| space == frame.space);
        if !matches {
            let open = self.frame_name(&frame);
            self.fault(line, word, FaultKind::EndMismatch { open });
            // What was probably meant is further out: go on from there, so that one slip is one fault.
            let meant = self.frames[floor..].iter().rposition(|frame| {
                frame.block == Some(block) && space.is_none_or(|space| space == frame.space)
            });
            if let Some(at) = meant {
                self.frames.truncate(floor + at);
            }
            return;
        }
        if frame.block == Some(Block::Attribute) {
            self.close_struct(line);
        }
        self.frames.pop();
    }

    fn frame_name(&self, frame: &Frame) -> String {
        match self.node(frame.space) {
            Some(node) => self.local_name(&node),
            None => self
                .protocols
                .iter()
                .find(|(_, (_, space))| *space == frame.space)
                .map_or(String::new(), |(name, _)| name.clone()),
        }
    }

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
        self.check_vendor(line, vendors.child(pen), name, pen);
        self.add_vendor(line, vendors, name, pen, format.unwrap_or_default(), 0);
    }

    fn check_vendor(&mut self, line: &Line<'_>, key: Key, name: &str, pen: u32) {
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
        let _ = pen;
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
            start: span.start + flag.len() as u32 + 1,
            len: reference.len() as u32,
        };
        let found = if flag.eq_ignore_ascii_case("format") || flag.eq_ignore_ascii_case("parent") {
            let from = self.top_frame().space;
            self.well_known_named(line, reference)
                .or_else(|| self.refer(from, reference))
        } else {
            let near = super::nearest(flag, ["format", "parent"].into_iter()).map(str::to_owned);
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

    /// `BEGIN-TLV name`, `BEGIN reference`: definitions are children of that attribute.
    pub(super) fn begin_attribute(&mut self, line: &Line<'_>, word: usize) {
        let Some(name) = self.need(line, word, Word::Attribute) else {
            return;
        };
        self.no_more(line, word + 1);
        self.unwind(line);
        let Some(node) = self.attribute_by_name(name) else {
            let near = self.near_attribute(name);
            self.fault(line, word, FaultKind::UnknownAttribute { near });
            return self.push(
                line,
                Some(Block::Attribute),
                Key(Key::ENUMS.name(name.as_bytes())),
            );
        };
        let is_open = matches!(node.kind(), Type::Tlv | Type::Struct | Type::Union | Type::Group);
        if !is_open && !matches!(node.kind(), Type::Extended | Type::LongExtended) {
            self.fault(line, word, FaultKind::NotAContainer(node.kind()));
        }
        let members = self.children_of(node.key);
        self.push(line, Some(Block::Attribute), node.key);
        if node.kind() == Type::Struct {
            let octets = if members == 0 { Some(0) } else { None };
            let frame = self.top_frame_mut();
            (frame.members, frame.octets) = (members, octets);
        }
    }

    /// `END-TLV name`, `END [reference]`.
    pub(super) fn end_attribute(&mut self, line: &Line<'_>, word: usize) {
        self.no_more(line, word + 1);
        self.unwind(line);
        let Some(name) = line.word(word) else {
            return self.pop(line, 0, Block::Attribute, None);
        };
        let open = self.top_frame();
        let unknown = open.block == Some(Block::Attribute) && self.node(open.space).is_none();
        // The name counts from where BEGIN stood: outside of what it opened.
        let inner = if self.frames.len() > 1 {
            self.frames.pop()
        } else {
            None
        };
        let meant = self.attribute_by_name(name).map(|node| node.key);
        self.frames.extend(inner);
        match meant {
            Some(key) => self.pop(line, word, Block::Attribute, Some(key)),
            None if unknown => self.pop(line, word, Block::Attribute, None),
            None => {
                let open = self.frame_name(&self.top_frame().clone());
                self.fault(line, word, FaultKind::EndMismatch { open });
            }
        }
    }

    /// `BEGIN PROTOCOL name number [flags]`, else `BEGIN reference`.
    pub(super) fn begin(&mut self, line: &Line<'_>) {
        let is_protocol = line
            .word(1)
            .is_some_and(|word| word.eq_ignore_ascii_case("PROTOCOL"));
        if is_protocol && line.words.len() > 2 {
            if self.protocol(line, 2) {
                self.begin_protocol(line, 2);
            }
            return;
        }
        self.begin_attribute(line, 1);
    }

    /// `END PROTOCOL [name]`, `END VENDOR name`, else `END [reference]`.
    pub(super) fn end(&mut self, line: &Line<'_>) {
        let open = self.frames.iter().rev().find_map(|frame| frame.block);
        match line.word(1) {
            Some(word) if word.eq_ignore_ascii_case("PROTOCOL") && open == Some(Block::Protocol) => {
                self.end_protocol(line, 2);
            }
            Some(word) if word.eq_ignore_ascii_case("VENDOR") && line.words.len() > 2 => {
                self.end_vendor(line, 2);
            }
            _ => self.end_attribute(line, 1),
        }
    }

    /// `PROTOCOL name number [flags]`; `word` is where the name stands. Whether it is a protocol.
    pub(super) fn protocol(&mut self, line: &Line<'_>, word: usize) -> bool {
        let Some(name) = self.need(line, word, Word::Protocol) else {
            return false;
        };
        let Some(digits) = self.need(line, word + 1, Word::Number) else {
            return false;
        };
        self.no_more(line, word + 3);
        let Some(number) = number32(digits).filter(|number| *number > 0) else {
            self.fault(line, word + 1, FaultKind::BadNumber);
            return false;
        };
        if let Some(flag) = line.word(word + 2) {
            let known = flag.split_once('=').is_some_and(|(flag, value)| {
                ["verify", "format"]
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(flag))
                    && !value.is_empty()
            });
            if !known {
                let near = super::nearest(flag, ["verify=lib", "format="].into_iter()).map(str::to_owned);
                self.fault(line, word + 2, FaultKind::UnknownFlag { near });
            }
        }
        let folded = name.to_ascii_lowercase();
        let other = self
            .protocols
            .iter()
            .find(|(known, (other, _))| (**known == folded) != (*other == number));
        if other.is_some() {
            self.fault(line, word, FaultKind::ProtocolConflict);
            return false;
        }
        let space = Key(Key::ROOT.name(folded.as_bytes()));
        self.protocols.entry(folded).or_insert((number, space));
        true
    }

    /// `BEGIN-PROTOCOL name`; `word` is where the name stands.
    pub(super) fn begin_protocol(&mut self, line: &Line<'_>, word: usize) {
        self.unwind(line);
        let Some(name) = self.need(line, word, Word::Protocol) else {
            return;
        };
        if self
            .frames
            .iter()
            .any(|frame| frame.block == Some(Block::Protocol))
        {
            self.fault(line, 0, FaultKind::NestedBlock(Block::Protocol));
        }
        let Some((_, space)) = self.protocols.get(&name.to_ascii_lowercase()).copied() else {
            self.fault(line, word, FaultKind::UnknownProtocol);
            return self.push(line, Some(Block::Protocol), Key(Key::ENUMS.name(name.as_bytes())));
        };
        self.push(line, Some(Block::Protocol), space);
        let frame = self.top_frame_mut();
        frame.root = space;
        frame.modern = true;
    }

    /// `END-PROTOCOL name`, `END PROTOCOL [name]`.
    pub(super) fn end_protocol(&mut self, line: &Line<'_>, word: usize) {
        self.no_more(line, word + 1);
        let space = match line.word(word) {
            None => None,
            Some(name) => match self.protocols.get(&name.to_ascii_lowercase()) {
                Some((_, space)) => Some(*space),
                None => return self.fault(line, word, FaultKind::UnknownProtocol),
            },
        };
        self.pop(line, word, Block::Protocol, space);
    }

    /// `FLAGS [!]internal`, `FLAGS [!]auto_begin`: until the end of the file.
    pub(super) fn file_flags(&mut self, line: &Line<'_>) {
        let Some(word) = self.need(line, 1, Word::Flags) else {
            return;
        };
        self.no_more(line, 2);
        let (flag, set) = match word.strip_prefix('!') {
            Some(flag) => (flag, false),
            None => (word, true),
        };
        if flag.eq_ignore_ascii_case("internal") {
            self.internal = set;
        } else if flag.eq_ignore_ascii_case("auto_begin") {
            self.manual = !set;
        } else {
            let near = super::nearest(flag, ["internal", "auto_begin"].into_iter()).map(str::to_owned);
            self.fault(line, 1, FaultKind::UnknownFlag { near });
        }
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
