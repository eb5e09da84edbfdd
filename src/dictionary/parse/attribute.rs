//! Definitions: ATTRIBUTE, MEMBER, STRUCT, DEFINE, ENUM, VENDORATTR.

use super::super::fault::{FaultKind, WarningKind, Word};
use super::super::flag::{Flags, VendorFormat};
use super::super::key::Key;
use super::super::kind::Type;
use super::super::lex::{self, number32};
use super::super::oid::Oid;
use super::super::row::{EntryRow, mark};
use super::super::table::IS_ALIAS;
use super::flags::Shape;
use super::{Line, Node, Parser};

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
        // A server's own attributes, outside of any protocol, have numbers of their own, which are no Types.
        if self.internal && site.parent == Key::ROOT && site.number <= 255 && self.top_frame().block.is_none()
        {
            return self.nameless(line, name, Key::DEFINED, shape);
        }
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
        // What is below something internal is in no packet either.
        shape.flags.internal |= above
            .is_some_and(|above| above.kind() != Type::Vendor && Flags::from_bits(above.row.flags).internal);
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
        let taken = self.model.find_name_index(scope, name);
        if let Some(index) = taken.filter(|index| index & IS_ALIAS != 0)
            && scope != Key::ROOT
        {
            // A DEFINE, an ENUM or an ALIAS beside it.
            let row = self.model.aliases[(index & !IS_ALIAS) as usize];
            let oid = self.node(Key(row.target)).map(|node| self.oid(&node));
            if row.target != key.0 {
                let origin = self.origin(row.file, row.line);
                let oid = oid.unwrap_or_default();
                self.warn(line, 1, WarningKind::DuplicateName { oid, origin });
            }
        }
        if let Some(index) = taken.filter(|index| index & IS_ALIAS == 0) {
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
                // Members of two structs would mix.
                if node.kind() == Type::Struct && self.children_of(key) > 0 {
                    self.fault(line, 2, FaultKind::DuplicateStruct { origin });
                    return None;
                }
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
                0,
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
}
