//! Names: what can be one, and what an entry is called in the whole dictionary.

use super::super::fault::{FaultKind, WarningKind};
use super::super::key::Key;
use super::super::kind::Type;
use super::super::lex;
use super::super::oid::Oid;
use super::super::row::{EntryRow, mark};
use super::{Line, Node, Parser};

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

impl Parser<'_> {
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
    pub(super) fn vendor_above(&self, mut node: Node) -> Option<String> {
        for _ in 0..Oid::DEPTH {
            if node.kind() == Type::Vendor {
                return Some(self.local_name(&node));
            }
            node = self.node(Key(node.row.parent))?;
        }
        None
    }
}
