//! Structs: their members, and what a key member chooses.

use super::super::fault::{FaultKind, Word};
use super::super::flag::{Flags, LengthPrefix};
use super::super::kind::Type;
use super::super::lex::number;
use super::attribute::Site;
use super::flags::Shape;
use super::{Line, Parser};

impl Parser<'_> {
    /// `MEMBER name type [flags]`
    pub(super) fn member(&mut self, line: &Line<'_>) {
        let Some(name) = self.need(line, 1, Word::Name) else {
            return;
        };
        let Some(word) = self.need(line, 2, Word::Type) else {
            return;
        };
        self.no_more(line, 4);
        let space = self.top_frame().space;
        let Some(above) = self.node(space).filter(|node| node.kind() == Type::Struct) else {
            // Inside of a block that has its fault already, members have none of their own.
            if self.node(space).is_some() || space == self.top_frame().root {
                self.fault(line, 0, FaultKind::MemberOutsideStruct);
            }
            return;
        };
        let Some(mut shape) = self.shape(line, 2, word) else {
            return;
        };
        if let Some(word) = line.word(3) {
            self.flags(line, 3, word, &mut shape, None);
        }
        let frame = self.top_frame_mut();
        frame.members += 1;
        let number = frame.members;
        let open_bits = frame.bits;
        if shape.kind == Type::Bit {
            frame.bits = (open_bits + u32::from(shape.length)) % 8;
            let whole = (open_bits + u32::from(shape.length)) / 8;
            frame.octets = frame.octets.map(|octets| octets + whole);
        } else {
            frame.bits = 0;
            let own = match (shape.length, shape.subtype, shape.flags.length, shape.flags.array) {
                (_, _, Some(LengthPrefix::Uint8 | LengthPrefix::Uint16), _) | (_, _, _, true) => None,
                (0, Some(subtype), ..) => subtype.octets(),
                (0, None, ..) => shape.kind.octets(),
                (length, ..) => Some(usize::from(length)),
            };
            frame.octets = frame.octets.zip(own).map(|(octets, own)| octets + own as u32);
            if open_bits != 0 {
                self.fault(line, 0, FaultKind::BitsOpen { bits: open_bits });
            }
        }
        let site = Site {
            parent: above.key,
            number,
            above: Some(above),
        };
        let Some(index) = self.define_at(line, name, site, &shape) else {
            return;
        };
        let node = self.node_at(index);
        match node.kind() {
            Type::Struct | Type::Tlv if shape.clone.is_none() && !self.manual => {
                self.push(line, None, node.key);
                if node.kind() == Type::Tlv {
                    self.relative = Some(node.key);
                }
            }
            _ => self.recent = Some(node),
        }
    }

    /// `STRUCT name key value [flags]`: what follows the key member when it has that value.
    pub(super) fn structure(&mut self, line: &Line<'_>) {
        let Some(name) = self.need(line, 1, Word::Name) else {
            return;
        };
        let Some(key) = self.need(line, 2, Word::Attribute) else {
            return;
        };
        let Some(word) = self.need(line, 3, Word::Data) else {
            return;
        };
        self.no_more(line, 5);
        // The key member is one of a struct that is open; structs inside of that one close.
        let found = (1..self.frames.len()).rev().find_map(|at| {
            let frame = &self.frames[at];
            Some((at, self.child_by_name(frame.space, key)?))
        });
        let chooser = match found {
            Some((at, found)) => {
                while self.frames.len() > at + 1 && self.top_frame().block.is_none() {
                    self.close_struct(line);
                    self.frames.pop();
                }
                Some(found)
            }
            None => {
                self.unwind(line);
                self.attribute_by_name(key)
            }
        };
        let Some(chooser) = chooser else {
            let near = self.near_attribute(key);
            return self.fault(line, 2, FaultKind::UnknownAttribute { near });
        };
        if !Flags::from_bits(chooser.row.flags).key {
            return self.fault(line, 2, FaultKind::NotAKey);
        }
        let named = self
            .model
            .find_label(chooser.values, word)
            .map(|index| self.model.values[index as usize].number);
        let Some(value) = number(word).or(named) else {
            return self.fault(line, 3, FaultKind::BadNumber);
        };
        let max = chooser.kind().max().unwrap_or(u64::from(u32::MAX));
        let Some(value) = u32::try_from(value).ok().filter(|value| u64::from(*value) <= max) else {
            return self.fault(
                line,
                3,
                FaultKind::ValueOutOfRange {
                    kind: chooser.kind(),
                    max,
                },
            );
        };
        let mut shape = Shape::of(Type::Struct);
        if let Some(word) = line.word(4) {
            self.flags(line, 4, word, &mut shape, None);
        }
        let site = Site {
            parent: chooser.key,
            number: value,
            above: Some(chooser),
        };
        let Some(index) = self.define_at(line, name, site, &shape) else {
            return;
        };
        self.model.extra(index).chooser = chooser.key.0;
        if self.model.find_label(chooser.values, name).is_none() {
            self.add_value(line, chooser.values, name, u64::from(value), "");
        }
        let space = self.node_at(index).key;
        self.push(line, None, space);
    }
}
