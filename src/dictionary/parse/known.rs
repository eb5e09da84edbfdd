//! The entries that every RADIUS packet can have, whether a dictionary defines them or only their children.

use super::super::key::Key;
use super::super::kind::Type;
use super::super::lex::path;
use super::super::oid::Oid;
use super::super::row::{EntryRow, mark};
use super::{Line, Parser};

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

impl Parser<'_> {
    /// Adds the entry at `key` when nothing is there and it is one that every RADIUS packet can have.
    pub(super) fn ensure_well_known(&mut self, line: &Line<'_>, key: Key) {
        if self.node(key).is_none()
            && let Some(known) = self.well_known(key)
        {
            self.add_well_known(line, known);
        }
    }

    pub(super) fn well_known(&self, key: Key) -> Option<Oid> {
        WELL_KNOWN
            .iter()
            .filter_map(|(path, ..)| Oid::new(path))
            .find(|oid| oid.key() == key)
    }

    /// The Extended-Vendor-Specific that FreeRADIUS 3 or 4 calls so, or that has these numbers, whatever the
    /// dictionary does.
    pub(super) fn well_known_named(&mut self, line: &Line<'_>, reference: &str) -> Option<Key> {
        let reference = reference.trim_start_matches('.');
        let named = |path: &[u32], name: &str| {
            let above = format!("Extended-Attribute-{}", path.first().unwrap_or(&241) - 240);
            let below = reference
                .split_once('.')
                .filter(|(head, _)| head.eq_ignore_ascii_case(&above));
            let own = below.map_or(reference, |(_, own)| own);
            name.eq_ignore_ascii_case(own) || (below.is_some() && own.eq_ignore_ascii_case("Vendor-Specific"))
        };
        let numbers = path(reference);
        let (path, ..) = WELL_KNOWN.iter().find(|(path, name, kind)| {
            *kind == Type::Evs && (numbers.is_some_and(|oid| oid.parts() == *path) || named(path, name))
        })?;
        let oid = Oid::new(path)?;
        self.ensure_well_known(line, oid.parent()?.key());
        self.ensure_well_known(line, oid.key());
        Some(oid.key())
    }

    pub(super) fn add_well_known(&mut self, line: &Line<'_>, oid: Oid) {
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
