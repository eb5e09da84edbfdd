//! Definitions: ATTRIBUTE, MEMBER, STRUCT, DEFINE, ENUM, VENDORATTR.

use super::super::fault::{FaultKind, WarningKind, Word};
use super::super::key::Key;
use super::super::kind::{LengthPrefix, Type, VendorFormat};
use super::super::lex::{self, number, number32};
use super::super::oid::Oid;
use super::super::table::{EntryRow, IS_ALIAS, mark};
use super::flags::Shape;
use super::{Line, Node, Parser};

/// What RFC 2865 §5.26 and RFC 6929 §3 and §4 define, for dictionaries that name children of these but not them.
const WELL_KNOWN: &[(&[u32], &str, Type)] = &[
    (&[26], "Vendor-Specific", Type::Vsa),
    (&[241], "Extended-Attribute-1", Type::Extended),
    (&[242], "Extended-Attribute-2", Type::Extended),
    (&[243], "Extended-Attribute-3", Type::Extended),
    (&[244], "Extended-Attribute-4", Type::Extended),
    (&[245], "Extended-Attribute-5", Type::LongExtended),
    (&[246], "Extended-Attribute-6", Type::LongExtended),
    (&[241, 26], "Extended-Vendor-Specific-1", Type::Evs),
    (&[242, 26], "Extended-Vendor-Specific-2", Type::Evs),
    (&[243, 26], "Extended-Vendor-Specific-3", Type::Evs),
    (&[244, 26], "Extended-Vendor-Specific-4", Type::Evs),
    (&[245, 26], "Extended-Vendor-Specific-5", Type::Evs),
    (&[246, 26], "Extended-Vendor-Specific-6", Type::Evs),
];

/// The octets that names are made of; others cannot be written in attribute text.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut octet = 0;
    while octet < 256 {
        plain[octet] = (octet as u8).is_ascii_alphanumeric();
        octet += 1;
    }
    plain[b'.' as usize] = true;
    plain[b'_' as usize] = true;
    plain[b'/' as usize] = true;
    plain[b'-' as usize] = true;
    plain[b':' as usize] = true;
    plain[b'+' as usize] = true;
    plain
};

/// Where a definition stands.
#[derive(Clone, Copy)]
pub(super) struct Site {
    pub(super) parent: Key,
    pub(super) number: u32,
    /// What is at the parent.
    pub(super) above: Option<Node>,
}

impl Parser<'_> {
    /// `ATTRIBUTE name number type [flags] [vendor]`
    pub(super) fn attribute(&mut self, line: &Line<'_>) {
        let Some(name) = self.need(line, 1, Word::Name) else {
            return;
        };
        let Some(digits) = self.need(line, 2, Word::Number) else {
            return;
        };
        let Some(word) = self.need(line, 3, Word::Type) else {
            return;
        };
        self.no_more(line, 6);
        let shape = self.shape(line, 3, word);
        let mut shape_or_octets = shape.unwrap_or(Shape::of(Type::Octets));
        let mut vendor = None;
        for index in 4..line.words.len().min(6) {
            if let Some(word) = line.word(index) {
                self.flags(line, index, word, &mut shape_or_octets, Some(&mut vendor));
            }
        }
        let Some(site) = self.site(line, digits, vendor) else {
            return;
        };
        // A line with a wrong type still takes its number and name, so that what follows is not blamed for it.
        let Some(index) = self.define_at(line, name, site, &shape_or_octets) else {
            return;
        };
        if shape.is_none() {
            return;
        }
        let node = self.node_at(index);
        let opens_itself = node.kind() == Type::Struct && !self.manual && self.top_frame().modern;
        if opens_itself && shape_or_octets.clone.is_none() {
            self.push(line, None, node.key);
        } else {
            self.recent = Some(node);
            if node.kind() == Type::Tlv && !digits.starts_with('.') {
                self.relative = Some(node.key);
            }
        }
    }

    /// Where `digits` are: `N`, `N.N`, each from what is open, or `.N` from the last TLV.
    fn site(&mut self, line: &Line<'_>, digits: &str, vendor: Option<Node>) -> Option<Site> {
        let relative = digits.strip_prefix('.');
        let path = match relative {
            Some(rest) => lex::path(rest),
            None => match number32(digits) {
                Some(number) => Oid::new(&[number]),
                None => lex::path(digits),
            },
        };
        let Some(path) = path.filter(|path| !path.is_empty()) else {
            self.fault(line, 2, FaultKind::BadNumber);
            return None;
        };
        let mut parent = match (relative, vendor) {
            (Some(_), _) => match self.relative {
                Some(parent) => parent,
                None => {
                    self.fault(line, 2, FaultKind::NoRelativeParent);
                    return None;
                }
            },
            (None, Some(vendor)) => {
                self.unwind(line);
                self.ensure_well_known(line, self.vendors());
                vendor.key
            }
            (None, None) => {
                self.unwind(line);
                self.top_frame().space
            }
        };
        let (number, above) = path.parts().split_last()?;
        for (depth, step) in above.iter().enumerate() {
            parent = self.step(
                line,
                parent,
                *step,
                Oid::new(&path.parts()[..=depth]).unwrap_or_default(),
            )?;
        }
        let root = self.top_frame().root;
        let mut above = self.node(parent);
        if let Some(node) = above {
            if node.kind() == Type::Struct {
                self.fault(line, 0, FaultKind::AttributeInsideStruct);
                return None;
            }
            if !node.kind().is_container() && parent != root {
                self.fault(line, 2, FaultKind::NotAContainer(node.kind()));
                return None;
            }
        } else if parent != Key::ROOT
            && let Some(space) = self.well_known(parent)
        {
            self.add_well_known(line, space);
            above = self.node(parent);
        }
        Some(Site {
            parent,
            number: *number,
            above,
        })
    }

    /// One step of a path on the way to a definition: what is there, or what is known to be there.
    fn step(&mut self, line: &Line<'_>, parent: Key, number: u32, oid: Oid) -> Option<Key> {
        let key = parent.child(number);
        if self.node(key).is_some() {
            return Some(key);
        }
        if let Some(known) = self.well_known(key) {
            self.add_well_known(line, known);
            return Some(key);
        }
        let above = self.node(parent);
        if above.is_some_and(|above| matches!(above.kind(), Type::Vsa | Type::Evs)) {
            // A vendor of Vendor-Specific also has a space in each Extended-Vendor-Specific.
            let Some(vendor) = self.node(Key::VENDORS.child(number)) else {
                self.fault(line, 2, FaultKind::UnknownVendor { near: None });
                return None;
            };
            let name = self.local_name(&vendor);
            let format = VendorFormat::from_bits(vendor.row.flags);
            self.add_vendor(line, parent, &name, number, format, mark::IMPLIED);
            return Some(key);
        }
        self.fault(line, 2, FaultKind::UnknownParent { oid });
        None
    }

    /// Adds what a line defines; its index, unless it may not be there.
    pub(super) fn define_at(
        &mut self,
        line: &Line<'_>,
        name: &str,
        site: Site,
        shape: &Shape<'_>,
    ) -> Option<u32> {
        if !self.is_name(line, name) {
            return None;
        }
        let root = self.top_frame().root;
        let (key, above) = (site.parent.child(site.number), site.above);
        // Nothing is deep at the top, and a vendor three numbers at most.
        let may_be_deep = above.is_some_and(|above| above.kind() != Type::Vendor);
        if may_be_deep && self.is_too_deep(site.parent) {
            self.fault(line, 2, FaultKind::TooDeep);
            return None;
        }
        let mut shape = *shape;
        shape.flags.internal |= self.internal;
        if shape.kind == Type::Bit && above.is_none_or(|above| above.kind() != Type::Struct) {
            self.fault(line, 0, FaultKind::BitOutsideStruct);
            return None;
        }
        // However a dictionary calls it, 26 holds vendors (RFC 2865 §5.26), as does a vsa in an extended one.
        if key == Key::VENDORS {
            shape.kind = Type::Vsa;
        }
        if shape.kind == Type::Vsa
            && above.is_some_and(|above| matches!(above.kind(), Type::Extended | Type::LongExtended))
        {
            shape.kind = Type::Evs;
        }
        if shape.kind == Type::Vsa && site.parent == root && key != Key::VENDORS {
            self.vsa.push((root, site.number));
        }
        // A packet's Type is one octet (RFC 2865 §5).
        shape.flags.internal |= root == Key::ROOT && site.parent == Key::ROOT && site.number > 255;
        if !shape.flags.internal && !shape.flags.computed {
            self.check_number(line, site.number, above)?;
        }
        self.check_duplicates(line, name, key, above, &shape)?;
        let index = self.add_entry(line, name, site, key, above, &shape);
        self.defer_references(line, index, site.parent, &shape);
        Some(index)
    }

    /// A fault when the parent has no room for the number.
    fn check_number(&mut self, line: &Line<'_>, number: u32, above: Option<Node>) -> Option<()> {
        let max = match above.map(|above| (above.kind(), above.row.flags)) {
            Some((Type::Vendor, flags)) => match VendorFormat::from_bits(flags).type_octets {
                1 => 0xff,
                2 => 0xffff,
                _ => u32::MAX,
            },
            Some((Type::Tlv | Type::Extended | Type::LongExtended, flags)) if flags & mark::FOREIGN == 0 => {
                0xff
            }
            _ => u32::MAX,
        };
        if number > max {
            self.fault(line, 2, FaultKind::NumberOutOfRange { max });
            return None;
        }
        Some(())
    }

    /// Whether `name` can be one.
    pub(super) fn is_name(&mut self, line: &Line<'_>, name: &str) -> bool {
        if name.len() > usize::from(u8::MAX) {
            self.fault(line, 1, FaultKind::NameTooLong);
            return false;
        }
        if name
            .get(..5)
            .is_some_and(|head| head.eq_ignore_ascii_case("Attr-"))
        {
            self.fault(line, 1, FaultKind::ReservedName);
            return false;
        }
        let like_a_number = name.as_bytes()[0].is_ascii_digit() && lex::path(name).is_some();
        if like_a_number || !name.bytes().all(|octet| PLAIN[usize::from(octet)]) {
            self.warn(line, 1, WarningKind::OddName);
        }
        true
    }

    /// Compares with what has the name or the number already. `None` when the definition may not be.
    fn check_duplicates(
        &mut self,
        line: &Line<'_>,
        name: &str,
        key: Key,
        above: Option<Node>,
        shape: &Shape<'_>,
    ) -> Option<()> {
        let modern = self.top_frame().modern;
        let scope = match above {
            Some(above) if modern => above.key,
            _ => self.top_frame().root,
        };
        if let Some(index) = self
            .model
            .find_name_index(scope, name)
            .filter(|index| index & IS_ALIAS == 0)
        {
            let node = self.node_at(index);
            let origin = self.origin(node.row.file, node.row.line);
            let made_up = scope == Key::ROOT && node.row.flags & mark::MADE != 0;
            if node.key != key && !made_up {
                let oid = self.oid(&node);
                // FreeRADIUS 3 compares the last number only; FreeRADIUS 4 goes on with the later one.
                if modern || node.row.number == self.last_number(line) {
                    self.warn(line, 1, WarningKind::DuplicateName { oid, origin });
                } else {
                    self.fault(line, 1, FaultKind::DuplicateName { oid, origin });
                    return None;
                }
            }
        } else if let Some(entry) = self.below.scoped(scope, name)
            && entry.key() != key
        {
            self.warn(line, 1, WarningKind::Shadows { oid: entry.oid() });
        }
        if let Some(index) = self.model.find(key) {
            let node = self.node_at(index);
            if node.row.flags & mark::IMPLIED == 0 {
                let origin = self.origin(node.row.file, node.row.line);
                let former = self.local_name(&node);
                if !former.eq_ignore_ascii_case(name) {
                    self.warn(line, 1, WarningKind::DuplicateNumber { former, origin });
                } else if node.kind() != shape.kind || node.row.length != shape.length {
                    self.warn(line, 1, WarningKind::Redefined { origin });
                }
            }
        }
        Some(())
    }

    fn last_number(&self, line: &Line<'_>) -> u32 {
        let digits = line.word(2).unwrap_or_default();
        let last = digits.rsplit('.').next().unwrap_or_default();
        number32(last).unwrap_or(u32::MAX)
    }

    fn add_entry(
        &mut self,
        line: &Line<'_>,
        name: &str,
        site: Site,
        key: Key,
        above: Option<Node>,
        shape: &Shape<'_>,
    ) -> u32 {
        let foreign = self.top_frame().root != Key::ROOT;
        let local = self.top_frame().modern || above.is_some_and(|above| above.kind() == Type::Struct);
        let mut marks = if foreign { mark::FOREIGN } else { 0 };
        let mut row = EntryRow {
            key: key.0,
            parent: site.parent.0,
            number: site.number,
            name_len: name.len() as u8,
            local_len: name.len() as u8,
            kind: shape.kind as u8,
            length: shape.length,
            file: line.file,
            line: line.number,
            ..EntryRow::default()
        };
        if local {
            marks |= mark::LOCAL;
            self.whole_name_into(&mut row, name, above, foreign);
        } else {
            row.text = self.model.intern(name);
        }
        if !foreign && row.name_len > 0 {
            let taken = local && {
                let whole = self.model.name(&row).to_owned();
                self.model
                    .find_name(Key::ROOT, &whole)
                    .is_some_and(|other| other != key)
            };
            marks |= if taken { 0 } else { mark::FLAT };
        }
        row.flags |= shape.flags.to_bits() | marks;
        let values = self.values_beside(key, &row);
        let index = self.model.add(row);
        if values != 0 {
            self.model.extra(index).values = values;
        }
        if let Some(subtype) = shape.subtype {
            self.model.extra(index).subtype = subtype as u8;
        }
        index
    }

    /// Whose values the entry of `row` has when `key` was taken before: two attributes of one number share theirs,
    /// as in FreeRADIUS 3, but not those of another type. 0 for the key's own.
    fn values_beside(&self, key: Key, row: &EntryRow) -> u64 {
        let Some(index) = self.model.find(key) else {
            return 0;
        };
        let other = self.node_at(index);
        let name = self.model.name(row);
        if other.row.flags & mark::IMPLIED != 0 {
            return 0;
        }
        if other.row.kind == row.kind || self.model.name(&other.row).eq_ignore_ascii_case(name) {
            return if other.values == key { 0 } else { other.values.0 };
        }
        key.name(name.as_bytes())
    }

    /// The name that a FreeRADIUS 4 entry has in the whole dictionary: `Cisco-AVPair` for Cisco's `AVPair`.
    pub(super) fn whole_name_into(
        &mut self,
        row: &mut EntryRow,
        name: &str,
        above: Option<Node>,
        foreign: bool,
    ) {
        let prefix = match above {
            _ if foreign => None,
            Some(above) => match above.kind() {
                Type::Extended | Type::LongExtended | Type::Vsa | Type::Evs => None,
                Type::Vendor => Some((self.local_name(&above), '-')),
                _ => Some((self.whole_name(&above), '-')),
            },
            None => None,
        };
        let vendor = above.and_then(|above| self.vendor_above(above));
        let has = |prefix: &str| {
            name.get(..prefix.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(prefix))
                && name[prefix.len()..].starts_with('-')
        };
        let Some((prefix, by)) =
            prefix.filter(|(prefix, _)| !has(prefix) && !vendor.is_some_and(|v| has(&v)))
        else {
            row.text = self.model.intern(name);
            return;
        };
        let mut whole = format!("{prefix}{by}{name}");
        let key = Key(row.key);
        if self
            .model
            .find_name(Key::ROOT, &whole)
            .is_some_and(|other| other != key)
        {
            whole = format!(
                "{}.{name}",
                above.map_or(String::new(), |above| self.whole_name(&above))
            );
        }
        match u8::try_from(whole.len()) {
            Ok(len) => {
                row.text = self.model.intern(&whole);
                row.name_len = len;
                row.local_start = len - row.local_len;
                row.flags |= mark::MADE;
            }
            // Too long for a whole name: the local one has to do.
            Err(_) => row.text = self.model.intern(name),
        }
    }

    /// The name of the vendor whose space `node` is, or is in.
    fn vendor_above(&self, mut node: Node) -> Option<String> {
        for _ in 0..Oid::DEPTH {
            if node.kind() == Type::Vendor {
                return Some(self.local_name(&node));
            }
            node = self.node(Key(node.row.parent))?;
        }
        None
    }

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
        if !super::super::kind::Flags::from_bits(chooser.row.flags).key {
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
        shape.flags.internal = true;
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
        let Some(mut shape) = self.shape(line, 2, word) else {
            return;
        };
        if shape.kind.is_container() {
            return self.fault(line, 2, FaultKind::ValueNotAllowed(shape.kind));
        }
        shape.flags.internal = true;
        let Some(index) = self.nameless(line, name, Key::ENUMS, &shape) else {
            return;
        };
        self.model.entries[index as usize].flags |= mark::SET;
        self.recent = Some(self.node_at(index));
    }

    /// Adds what has no number; it is found by name from what is open.
    fn nameless(&mut self, line: &Line<'_>, name: &str, space: Key, shape: &Shape<'_>) -> Option<u32> {
        if !self.is_name(line, name) {
            return None;
        }
        let scope = self.top_frame().space;
        // The number only keeps it apart from its like; the same name is the same in every layer.
        let number = (scope.name(name.as_bytes()) >> 32) as u32;
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
            flags: shape.flags.to_bits() | mark::LOCAL | if foreign { mark::FOREIGN } else { 0 },
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

    /// `VENDORATTR number name number type [flags]` (Radiator)
    pub(super) fn vendor_attribute(&mut self, line: &Line<'_>) {
        let Some(pen) = self.need(line, 1, Word::Vendor) else {
            return;
        };
        let Some(name) = self.need(line, 2, Word::Name) else {
            return;
        };
        let Some(digits) = self.need(line, 3, Word::Number) else {
            return;
        };
        let Some(word) = self.need(line, 4, Word::Type) else {
            return;
        };
        self.no_more(line, 6);
        let Some(pen) = number32(pen) else {
            return self.fault(line, 1, FaultKind::BadNumber);
        };
        let Some(own) = number32(digits) else {
            return self.fault(line, 3, FaultKind::BadNumber);
        };
        let Some(mut shape) = self.shape(line, 4, word) else {
            return;
        };
        if let Some(word) = line.word(5) {
            self.flags(line, 5, word, &mut shape, None);
        }
        self.unwind(line);
        let vendors = self.vendors();
        self.ensure_well_known(line, vendors);
        let vendor = self.node(vendors.child(pen)).unwrap_or_else(|| {
            self.add_vendor(
                line,
                vendors,
                &format!("Vendor-{pen}"),
                pen,
                VendorFormat::default(),
                mark::IMPLIED,
            )
        });
        let site = Site {
            parent: vendor.key,
            number: own,
            above: Some(vendor),
        };
        if let Some(index) = self.define_at(line, name, site, &shape) {
            self.recent = Some(self.node_at(index));
        }
    }

    /// Adds the entry at `key` when nothing is there and it is one that every RADIUS packet can have.
    pub(super) fn ensure_well_known(&mut self, line: &Line<'_>, key: Key) {
        if self.node(key).is_none()
            && let Some(known) = self.well_known(key)
        {
            self.add_well_known(line, known);
        }
    }

    fn well_known(&self, key: Key) -> Option<Oid> {
        WELL_KNOWN
            .iter()
            .filter_map(|(path, ..)| Oid::new(path))
            .find(|oid| oid.key() == key)
    }

    /// The Extended-Vendor-Specific that FreeRADIUS 3 calls so, whatever the dictionary does.
    pub(super) fn well_known_named(&mut self, line: &Line<'_>, name: &str) -> Option<Key> {
        let (path, ..) = WELL_KNOWN
            .iter()
            .find(|(_, known, kind)| *kind == Type::Evs && known.eq_ignore_ascii_case(name))?;
        let oid = Oid::new(path)?;
        self.ensure_well_known(line, oid.parent()?.key());
        self.ensure_well_known(line, oid.key());
        Some(oid.key())
    }

    fn add_well_known(&mut self, line: &Line<'_>, oid: Oid) {
        let Some((path, name, kind)) = WELL_KNOWN.iter().find(|(path, ..)| *path == oid.parts()) else {
            return;
        };
        let (Some((number, above)), name_len) = (path.split_last(), name.len() as u8) else {
            return;
        };
        let parent = Oid::new(above).unwrap_or_default();
        let text = self.model.intern(name);
        self.model.add(EntryRow {
            key: oid.key().0,
            parent: parent.key().0,
            number: *number,
            text,
            name_len,
            local_len: name_len,
            kind: *kind as u8,
            flags: mark::FLAT | mark::IMPLIED,
            file: line.file,
            line: line.number,
            ..EntryRow::default()
        });
    }
}
