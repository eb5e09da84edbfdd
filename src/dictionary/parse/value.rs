//! Named values: VALUE and VALUE-ALIAS.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::super::fault::{FaultKind, Word};
use super::super::key::Key;
use super::super::kind::Type;
use super::super::lex::number;
use super::super::row::{ValueRow, mark};
use super::finish::Deferred;
use super::{Line, Node, Parser};

/// What the third word of a VALUE is.
#[derive(Clone, Copy)]
enum Data<'t> {
    Number(u64),
    Text(&'t str),
}

impl Parser<'_> {
    /// `VALUE attribute name data`
    pub(super) fn value(&mut self, line: &Line<'_>) {
        let Some(owner) = self.need(line, 1, Word::Attribute) else {
            return;
        };
        if self.need(line, 2, Word::Name).is_none() || self.need(line, 3, Word::Data).is_none() {
            return;
        }
        self.no_more(line, 4);
        let node = match self.recent {
            Some(recent) if self.is_called(&recent, owner) => Some(recent),
            _ => self.attribute_by_name(owner),
        };
        match node {
            Some(node) => {
                self.recent = Some(node);
                self.value_of(line, node);
            }
            // FreeRADIUS 3 drops the values of this one, which named a server's own configuration.
            None if owner.eq_ignore_ascii_case("Server-Config") => {}
            None => self.defer(line, Deferred::Value),
        }
    }

    fn is_called(&self, node: &Node, name: &str) -> bool {
        // Whole names only: a path or an alias is looked up.
        node.index.is_some()
            && (self.model.local_name(&node.row).eq_ignore_ascii_case(name)
                || self.model.name(&node.row).eq_ignore_ascii_case(name))
    }

    /// Adds the value that the line gives to `node`.
    pub(super) fn value_of(&mut self, line: &Line<'_>, node: Node) {
        let (Some(name), Some(word)) = (line.word(2), line.word(3)) else {
            return;
        };
        if name.len() > usize::from(u8::MAX) {
            return self.fault(line, 2, FaultKind::NameTooLong);
        }
        // With enum= the value is one of the set's, and of its type.
        let owner = self
            .node(node.values)
            .filter(|owner| !owner.kind().is_container());
        let Some(data) = self.data(line, &owner.unwrap_or(node), word) else {
            return;
        };
        let (number, text) = match data {
            Data::Number(number) => (number, ""),
            Data::Text(text) => (0, text),
        };
        if text.len() > usize::from(u8::MAX) {
            return self.fault(line, 3, FaultKind::NameTooLong);
        }
        if let Some(index) = self.model.find_label(node.values, name) {
            let former = self.model.values[index as usize];
            if former.number != number || self.model.data(&former) != text {
                let origin = self.origin(former.file, former.line);
                self.fault(
                    line,
                    2,
                    FaultKind::DuplicateValue {
                        number: former.number,
                        origin,
                    },
                );
            }
            return;
        }
        self.add_value(line, node.values, name, number, text);
    }

    pub(super) fn add_value(&mut self, line: &Line<'_>, owner: Key, name: &str, number: u64, data: &str) {
        let text = self.model.intern(name);
        self.model.intern(data);
        let row = ValueRow {
            owner: owner.0,
            number,
            text,
            name_len: name.len() as u8,
            data_len: data.len() as u8,
            file: line.file,
            line: line.number,
            next: 0,
        };
        self.model.value(row, self.late);
    }

    /// What `word` is as a value of the attribute, or a fault.
    fn data<'t>(&mut self, line: &Line<'t>, node: &Node, word: &'t str) -> Option<Data<'t>> {
        let kind = node.kind();
        if kind.is_container() {
            self.fault(line, 1, FaultKind::ValueNotAllowed(kind));
            return None;
        }
        let max = match kind {
            Type::Bit => Some(u64::MAX >> (64 - node.row.length.clamp(1, 64))),
            Type::Date => None,
            kind => kind.max(),
        };
        if let (Some(number), Some(max)) = (number(word), max) {
            if number > max {
                self.fault(line, 3, FaultKind::ValueOutOfRange { kind, max });
                return None;
            }
            return Some(Data::Number(number));
        }
        let modern = node.row.flags & mark::LOCAL != 0;
        let found = match kind {
            Type::Int8 | Type::Int16 | Type::Int32 | Type::Int64 => return self.signed(line, kind, word),
            // FreeRADIUS 3 names numbers of attributes that are octets (CableLabs).
            Type::Octets | Type::String if !modern => match number(word) {
                Some(number) => Some(Data::Number(number)),
                None => Some(Data::Text(word)),
            },
            Type::Octets | Type::String | Type::Abinary | Type::AttributeRef => Some(Data::Text(word)),
            Type::Date | Type::TimeDelta => match number(word) {
                Some(number) => Some(Data::Number(number)),
                None => Some(Data::Text(word)),
            },
            Type::Bool => match word.to_ascii_lowercase().as_str() {
                "yes" | "true" => Some(Data::Number(1)),
                "no" | "false" => Some(Data::Number(0)),
                _ => None,
            },
            Type::Ipaddr => word
                .parse::<Ipv4Addr>()
                .ok()
                .map(|address| Data::Number(u64::from(u32::from(address)))),
            Type::Ether => hex_groups(word, 6, 2).map(Data::Number),
            Type::Ifid => hex_groups(word, 4, 4).map(Data::Number),
            Type::Ipv6addr => word.parse::<Ipv6Addr>().ok().map(|_| Data::Text(word)),
            Type::ComboIp => word.parse::<IpAddr>().ok().map(|_| Data::Text(word)),
            Type::Ipv4prefix => is_prefix::<Ipv4Addr>(word, 32).then_some(Data::Text(word)),
            Type::Ipv6prefix => is_prefix::<Ipv6Addr>(word, 128).then_some(Data::Text(word)),
            Type::ComboPrefix => (is_prefix::<Ipv4Addr>(word, 32) || is_prefix::<Ipv6Addr>(word, 128))
                .then_some(Data::Text(word)),
            Type::Float32 | Type::Float64 => word.parse::<f64>().ok().map(|_| Data::Text(word)),
            _ => None,
        };
        if found.is_none() {
            self.fault(line, 3, FaultKind::BadValue(kind));
        }
        found
    }

    fn signed<'t>(&mut self, line: &Line<'_>, kind: Type, word: &str) -> Option<Data<'t>> {
        let bits = kind.octets().unwrap_or(8) as u32 * 8;
        let max = u64::MAX >> (65 - bits);
        let (negative, digits) = match word.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, word),
        };
        let Some(number) = number(digits) else {
            self.fault(line, 3, FaultKind::BadValue(kind));
            return None;
        };
        // The two's complement reaches one further down than up.
        if number > max + u64::from(negative) {
            self.fault(line, 3, FaultKind::ValueOutOfRange { kind, max });
            return None;
        }
        Some(Data::Number(if negative {
            number.wrapping_neg()
        } else {
            number
        }))
    }

    /// `VALUE-ALIAS attribute other`: the attribute's values are those of the other.
    pub(super) fn value_alias(&mut self, line: &Line<'_>) {
        let Some(owner) = self.need(line, 1, Word::Attribute) else {
            return;
        };
        let Some(other) = self.need(line, 2, Word::Attribute) else {
            return;
        };
        self.no_more(line, 3);
        match (self.attribute_by_name(owner), self.attribute_by_name(other)) {
            (Some(owner), Some(other)) => self.share_values(line, owner, other),
            _ => self.defer(line, Deferred::ValueAlias),
        }
    }

    /// Makes the attribute use the values of the other.
    pub(super) fn share_values(&mut self, line: &Line<'_>, owner: Node, other: Node) {
        for (word, kind) in [(1, owner.kind()), (2, other.kind())] {
            if kind.is_container() {
                return self.fault(line, word, FaultKind::ValueNotAllowed(kind));
            }
        }
        let index = owner.index.unwrap_or_else(|| self.copy_up(&owner));
        self.model.extra(index).values = other.values.0;
        self.recent = None;
    }
}

/// Groups of hexadecimal digits between colons or dashes, as one number.
fn hex_groups(word: &str, groups: usize, digits: usize) -> Option<u64> {
    let parts = word.split([':', '-']);
    let mut count = 0;
    let mut sum = 0;
    for part in parts {
        if part.is_empty() || part.len() > digits || !part.bytes().all(|octet| octet.is_ascii_hexdigit()) {
            return None;
        }
        sum = sum << (digits * 4) | u64::from_str_radix(part, 16).ok()?;
        count += 1;
        if count > groups {
            return None;
        }
    }
    (count == groups).then_some(sum)
}

fn is_prefix<A: std::str::FromStr>(word: &str, bits: u64) -> bool {
    let (address, length) = word.split_once('/').unwrap_or((word, "0"));
    address.parse::<A>().is_ok() && number(length).is_some_and(|length| length <= bits)
}
