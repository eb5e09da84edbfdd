//! Blocks: protocols, vendors, TLVs, structs, and what is open at a line.

use super::super::fault::{Block, FaultKind, Word};
use super::super::key::Key;
use super::super::kind::Type;
use super::super::lex::{Span, Words};
use super::{Line, Parser};

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
        let depth = depth.max(1);
        if self.frames.len() <= depth {
            return;
        }
        let lines: Vec<&str> = text.lines().collect();
        while self.frames.len() > depth {
            let frame = self.top_frame();
            let (block, number, span) = (frame.block, frame.line, frame.span);
            let text = lines
                .get(number.saturating_sub(1) as usize)
                .copied()
                .unwrap_or_default();
            let words = Words::of(text);
            let line = Line {
                text,
                words,
                number,
                file,
            };
            match block {
                Some(block) => self.fault_at(&line, span, FaultKind::BeginWithoutEnd(block)),
                None => self.close_struct(&line),
            }
            self.frames.pop();
        }
    }

    /// How deep the frames of the file that is being read start: what is below belongs to the one that includes it.
    pub(super) fn floor(&self, line: &Line<'_>) -> usize {
        self.floors.get(usize::from(line.file)).copied().unwrap_or(1)
    }

    /// Pops the innermost frame of this kind; a fault when the file has none open, or another is inside of it.
    pub(super) fn pop(&mut self, line: &Line<'_>, word: usize, block: Block, space: Option<Key>) {
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

    pub(super) fn frame_name(&self, frame: &Frame) -> String {
        match self.node(frame.space) {
            Some(node) => self.local_name(&node),
            None => self
                .protocols
                .iter()
                .find(|(_, (_, space))| *space == frame.space)
                .map_or(String::new(), |(name, _)| name.clone()),
        }
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
}
