//! What has no number: attributes of a server itself, and named values that others share.

use super::super::fault::{FaultKind, WarningKind, Word};
use super::super::flag::Flags;
use super::super::key::Key;
use super::super::kind::Type;
use super::super::row::{EntryRow, mark};
use super::flags::Shape;
use super::{Line, Parser};

impl Parser<'_> {
    /// `DEFINE name type [flags]`: an attribute without a number.
    pub(super) fn define(&mut self, line: &Line<'_>) {
        let Some(name) = self.need(line, 1, Word::Name) else {
            return;
        };
        let Some(word) = self.need(line, 2, Word::Type) else {
            return;
        };
        self.no_more(line, 4);
        self.unwind(line);
        let Some(mut shape) = self.shape(line, 2, word) else {
            return;
        };
        if let Some(word) = line.word(3) {
            self.flags(line, 3, word, &mut shape, None);
        }
        if matches!(shape.kind, Type::Vsa | Type::Vendor) {
            return self.fault(line, 2, FaultKind::NotAContainer(shape.kind));
        }
        let space = self.top_frame().space;
        if self.node(space).is_some_and(|node| node.kind() == Type::Struct) {
            return self.fault(line, 0, FaultKind::AttributeInsideStruct);
        }
        let Some(index) = self.nameless(line, name, Key::DEFINED, &shape) else {
            return;
        };
        let node = self.node_at(index);
        if node.kind() == Type::Struct && !self.manual {
            self.push(line, None, node.key);
        } else {
            self.recent = Some(node);
            self.relative = (node.kind() == Type::Tlv).then_some(node.key);
        }
    }

    /// `ENUM name type`: named values that attributes can share.
    pub(super) fn set(&mut self, line: &Line<'_>) {
        let Some(name) = self.need(line, 1, Word::Name) else {
            return;
        };
        let Some(word) = self.need(line, 2, Word::Type) else {
            return;
        };
        self.no_more(line, 3);
        self.unwind(line);
        let Some(shape) = self.shape(line, 2, word) else {
            return;
        };
        if shape.kind.is_container() {
            return self.fault(line, 2, FaultKind::ValueNotAllowed(shape.kind));
        }
        let Some(index) = self.nameless(line, name, Key::ENUMS, &shape) else {
            return;
        };
        self.model.entries[index as usize].flags |= mark::SET;
        self.recent = Some(self.node_at(index));
    }

    /// Adds what has no number; it is found by name from what is open.
    pub(super) fn nameless(
        &mut self,
        line: &Line<'_>,
        name: &str,
        space: Key,
        shape: &Shape<'_>,
    ) -> Option<u32> {
        if !self.is_name(line, name) {
            return None;
        }
        let scope = self.top_frame().space;
        // The number only keeps it apart from its like; the same name is the same in every layer.
        let number = (scope.name(name.as_bytes()) >> 32) as u32;
        if let Some(index) = self.model.find(space.child(number)) {
            let former = self.model.entries[index as usize];
            let origin = self.origin(former.file, former.line);
            self.warn(line, 1, WarningKind::Redefined { origin });
        }
        let above = self.node(scope);
        let foreign = self.top_frame().root != Key::ROOT;
        let mut row = EntryRow {
            key: space.child(number).0,
            parent: space.0,
            number,
            name_len: name.len() as u8,
            local_len: name.len() as u8,
            kind: shape.kind as u8,
            length: shape.length,
            file: line.file,
            line: line.number,
            flags: Flags {
                internal: true,
                ..shape.flags
            }
            .to_bits()
                | mark::LOCAL
                | if foreign { mark::FOREIGN } else { 0 },
            ..EntryRow::default()
        };
        self.whole_name_into(&mut row, name, above, foreign);
        let whole = self.model.name(&row).to_owned();
        let taken = self
            .model
            .find_name(Key::ROOT, &whole)
            .is_some_and(|other| other.0 != row.key);
        if space == Key::DEFINED && !foreign && !taken {
            row.flags |= mark::FLAT;
        }
        let index = self.model.add(row);
        if let Some(subtype) = shape.subtype {
            self.model.extra(index).subtype = subtype as u8;
        }
        if space == Key::ENUMS || foreign || scope != Key::ROOT {
            self.add_alias(line, scope, name, Key(row.key));
        }
        self.defer_references(line, index, scope, shape);
        Some(index)
    }
}
