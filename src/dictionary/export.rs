//! A dictionary as text that FreeRADIUS's grammar reads, and that loads to an equal dictionary.
//!
//! What came from FreeRADIUS 3's grammar is written in it; what only FreeRADIUS 4 can say stands in blocks of
//! `BEGIN PROTOCOL RADIUS 1`. Layers become one; what a newer layer hides by number is left out. Other
//! protocols' attributes are not written.

use std::collections::HashSet;
use std::fmt::{self, Write};

use super::entry::{Entry, NamedValue, Vendor};
use super::flag::{LengthPrefix, Precision, VendorFormat};
use super::key::Key;
use super::kind::Type;
use super::layers::Dictionary;
use super::row::mark;

impl Dictionary {
    /// All vendors, attributes, values and aliases of RADIUS as dictionary text.
    pub fn export(&self) -> String {
        let mut text = String::new();
        let mut writer = Writer {
            dictionary: self,
            out: &mut text,
            section: Section::Plain,
            told: HashSet::new(),
        };
        // Writing to a string cannot fail.
        let _ = writer.all();
        text
    }
}

/// In which grammar, and where, the next line stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section<'d> {
    /// FreeRADIUS 3, outside of a vendor's block.
    Plain,
    /// FreeRADIUS 3, in a vendor's block.
    Vendor(&'d str, Key),
    /// FreeRADIUS 4, in the block of the protocol.
    Protocol,
}

struct Writer<'d, 'o> {
    dictionary: &'d Dictionary,
    out: &'o mut String,
    section: Section<'d>,
    /// Whose values were written: two attributes of one number share them.
    told: HashSet<Key>,
}

impl<'d> Writer<'d, '_> {
    fn all(&mut self) -> fmt::Result {
        for vendor in self.dictionary.vendors() {
            self.vendor(vendor)?;
        }
        for entry in self.dictionary.all() {
            let skipped = mark::IMPLIED | mark::FOREIGN;
            let is_member = entry.parent().is_some_and(|above| above.kind() == Type::Struct);
            let is_nameless = [Key::DEFINED, Key::ENUMS].contains(&entry.parent_key());
            if entry.kind() == Type::Vendor || entry.marked(skipped) || is_member {
                continue;
            }
            if is_nameless {
                self.nameless(entry)?;
            } else if !self.is_below_nameless(entry) {
                self.definition(entry)?;
            }
        }
        self.aliases()?;
        self.enter(Section::Plain)
    }

    fn vendor(&mut self, vendor: Vendor<'_>) -> fmt::Result {
        let format = vendor.format();
        // Numbers that are known to be different need to be told so.
        let usual = VendorFormat::known(vendor.pen()).is_none();
        write!(self.out, "VENDOR\t{}\t{}", vendor.name(), vendor.pen())?;
        if format != VendorFormat::RECOMMENDED || !usual {
            write!(self.out, "\tformat={format}")?;
        }
        self.out.write_char('\n')
    }

    /// Leaves the block that is open, and opens the one that is needed.
    fn enter(&mut self, section: Section<'d>) -> fmt::Result {
        if self.section == section {
            return Ok(());
        }
        match self.section {
            Section::Plain => {}
            Section::Vendor(name, _) => writeln!(self.out, "END-VENDOR\t{name}")?,
            Section::Protocol => self.out.write_str("END PROTOCOL RADIUS\n")?,
        }
        match section {
            Section::Plain => {}
            Section::Vendor(name, _) => writeln!(self.out, "BEGIN-VENDOR\t{name}")?,
            // Structs are opened by name here, so that their members stand together.
            Section::Protocol => self
                .out
                .write_str("BEGIN PROTOCOL RADIUS 1\nFLAGS !auto_begin\n")?,
        }
        self.section = section;
        Ok(())
    }

    /// An attribute with a number, and what belongs to it.
    fn definition(&mut self, entry: Entry<'d>) -> fmt::Result {
        let above = entry.parent();
        if above.is_some_and(|above| !above.kind().is_container()) {
            return self.keyed_struct(entry);
        }
        let oid = entry.oid();
        let found = self.dictionary.named(entry.name());
        let is_found = found.is_some_and(|found| found.key() == entry.key());
        let local = entry.marked(mark::LOCAL) || !is_found;
        match (
            oid.parts(),
            self.dictionary
                .vendor(oid.parts().get(1).copied().unwrap_or_default()),
        ) {
            _ if local => {
                self.enter(Section::Protocol)?;
                self.alias_in_the_way(entry)?;
            }
            ([26, _, _, ..], Some(vendor)) => self.enter(Section::Vendor(vendor.name(), vendor.key()))?,
            _ => self.enter(Section::Plain)?,
        }
        let parts = match self.section {
            Section::Vendor(..) => &oid.parts()[2..],
            _ => oid.parts(),
        };
        let number = parts.iter().map(u32::to_string).collect::<Vec<_>>().join(".");
        let name = if local { entry.local_name() } else { entry.name() };
        write!(self.out, "ATTRIBUTE\t{name}\t{number}\t")?;
        self.shape(entry)?;
        self.members(entry)?;
        self.values(entry)
    }

    /// The alias that has the name this entry would otherwise be given: it has to come first here too.
    fn alias_in_the_way(&mut self, entry: Entry<'d>) -> fmt::Result {
        let (name, local) = (entry.name(), entry.local_name());
        let Some(above) = name.strip_suffix(local).and_then(|above| above.strip_suffix('.')) else {
            return Ok(());
        };
        if !entry.marked(mark::MADE) {
            return Ok(());
        }
        let usual = format!("{above}-{local}");
        let target = match self.dictionary.named(&usual) {
            // An alias gave it its name.
            Some(found) if found.row().local_start == found.row().name_len => Some(found.key()),
            Some(found) if found.name().eq_ignore_ascii_case(&usual) => None,
            found => found.map(|found| found.key()),
        };
        match target.filter(|target| *target != entry.key()) {
            Some(target) => writeln!(self.out, "ALIAS\t{usual}\t@.{}", self.reference(target)),
            None => Ok(()),
        }
    }

    /// `STRUCT name key value`, with its members.
    fn keyed_struct(&mut self, entry: Entry<'d>) -> fmt::Result {
        self.enter(Section::Protocol)?;
        let key = self.reference(entry.parent_key());
        write!(
            self.out,
            "STRUCT\t{}\t{key}\t{}",
            entry.local_name(),
            entry.number()
        )?;
        let flags = self.flags(entry);
        if !flags.is_empty() {
            write!(self.out, "\t{flags}")?;
        }
        self.out.write_char('\n')?;
        // A STRUCT is open at once.
        let members: Vec<_> = entry.children().collect();
        self.member_lines(&members)
    }

    /// The members of a struct, in a block of its own.
    fn members(&mut self, entry: Entry<'d>) -> fmt::Result {
        let members: Vec<_> = entry.children().collect();
        // Of two attributes of one number the later one has the members.
        let is_current = self
            .dictionary
            .entry(entry.key())
            .is_some_and(|current| current.is_row(&entry));
        if entry.kind() != Type::Struct || members.is_empty() || !is_current {
            return Ok(());
        }
        let was = self.section;
        self.enter(Section::Protocol)?;
        writeln!(self.out, "BEGIN\t{}", self.reference(entry.key()))?;
        self.member_lines(&members)?;
        self.out.write_str("END\n")?;
        for member in &members {
            self.members(*member)?;
        }
        self.enter(was)
    }

    fn member_lines(&mut self, members: &[Entry<'d>]) -> fmt::Result {
        for member in members {
            write!(self.out, "MEMBER\t{}\t", member.local_name())?;
            self.shape(*member)?;
        }
        for member in members {
            self.values(*member)?;
        }
        Ok(())
    }

    /// `DEFINE` and `ENUM`, where their name counts, and what is below them.
    fn nameless(&mut self, entry: Entry<'d>) -> fmt::Result {
        self.enter(Section::Protocol)?;
        self.alias_in_the_way(entry)?;
        let scope = self.scope(entry);
        let end = match scope.and_then(|scope| self.dictionary.entry(scope)) {
            Some(space) if space.kind() == Type::Vendor => {
                let parent = space.parent_key();
                write!(self.out, "BEGIN-VENDOR\t{}", space.local_name())?;
                if parent != Key::VENDORS {
                    write!(self.out, "\tparent={}", self.reference(parent))?;
                }
                self.out.write_char('\n')?;
                format!("END-VENDOR\t{}\n", space.local_name())
            }
            Some(space) => {
                writeln!(self.out, "BEGIN\t{}", self.reference(space.key()))?;
                "END\n".to_owned()
            }
            None => String::new(),
        };
        let keyword = if entry.marked(mark::SET) { "ENUM" } else { "DEFINE" };
        write!(self.out, "{keyword}\t{}\t", entry.local_name())?;
        self.shape(entry)?;
        self.below(entry, "")?;
        self.values(entry)?;
        self.out.write_str(&end)?;
        // By its name, which a later attribute may take.
        let names = self.dictionary.alias_rows();
        for (_, name, _) in
            names.filter(|(row, name, _)| is_alias_of_nameless(row.scope, row.target, name, entry))
        {
            writeln!(self.out, "ALIAS\t{name}\t@.{}", self.reference(entry.key()))?;
        }
        let mut deep = vec![entry];
        while let Some(entry) = deep.pop() {
            self.members(entry)?;
            if entry.kind() != Type::Struct {
                deep.extend(entry.children());
            }
        }
        Ok(())
    }

    /// What is below a TLV that has no number, by numbers from it.
    fn below(&mut self, entry: Entry<'d>, path: &str) -> fmt::Result {
        if entry.kind() == Type::Struct {
            return Ok(());
        }
        let children: Vec<_> = entry.children().collect();
        for child in &children {
            let path = format!("{path}.{}", child.number());
            write!(self.out, "ATTRIBUTE\t{}\t{path}\t", child.local_name())?;
            self.shape(*child)?;
            self.below(*child, &path)?;
        }
        for child in &children {
            self.values(*child)?;
        }
        Ok(())
    }

    fn is_below_nameless(&self, entry: Entry<'_>) -> bool {
        entry.oid().is_empty()
    }

    /// The space in which the name of something nameless counts; `None` for the top.
    fn scope(&self, entry: Entry<'_>) -> Option<Key> {
        self.dictionary.alias_rows().find_map(|(row, name, _)| {
            let mine = row.target == entry.key().0 && gave_number(row.scope, name, entry);
            (mine && row.scope != Key::ROOT.0).then_some(Key(row.scope))
        })
    }

    /// The type, the flags, and the end of the line.
    fn shape(&mut self, entry: Entry<'d>) -> fmt::Result {
        let modern = self.section == Section::Protocol;
        let kind = match entry.kind() {
            Type::Abinary if modern => "octets",
            Type::Extended | Type::LongExtended if modern => "tlv",
            Type::Evs if modern => "vsa",
            kind => kind.name(),
        };
        self.out.write_str(kind)?;
        if entry.row().length > 0 {
            write!(self.out, "[{}]", entry.row().length)?;
        }
        let flags = self.flags(entry);
        if !flags.is_empty() {
            write!(self.out, "\t{flags}")?;
        }
        self.out.write_char('\n')
    }

    fn flags(&self, entry: Entry<'d>) -> String {
        let modern = self.section == Section::Protocol;
        let flags = entry.flags();
        let implied = entry.parent_key() == Key::ROOT && entry.number() > 255;
        let nameless = [Key::DEFINED, Key::ENUMS].contains(&entry.parent_key());
        let mut words: Vec<String> = Vec::new();
        let mut say = |is: bool, word: &str| {
            if is {
                words.push(word.to_owned());
            }
        };
        say(modern && entry.kind() == Type::Abinary, "abinary");
        say(modern && entry.kind() == Type::Extended, "extended");
        say(modern && entry.kind() == Type::LongExtended, "long_extended");
        say(flags.has_tag, "has_tag");
        say(flags.concat, "concat");
        say(flags.array, "array");
        say(flags.internal && !implied && !nameless, "internal");
        say(flags.computed, "virtual");
        say(flags.secret, "secret");
        say(flags.counter, "counter");
        say(flags.key, "key");
        say(flags.flat, "flat");
        say(flags.unchecked, "unsafe");
        if let Some(method) = flags.encrypt {
            words.push(if modern {
                format!("encrypt={}", method.name())
            } else {
                format!("encrypt={}", method.number())
            });
        }
        match flags.length {
            Some(LengthPrefix::Uint8) => words.push("length=uint8".to_owned()),
            Some(LengthPrefix::Uint16) => words.push("length=uint16".to_owned()),
            None => {}
        }
        if flags.offset > 0 {
            words.push(format!("offset={}", flags.offset));
        }
        if flags.precision != Precision::Seconds {
            words.push(format!("precision={}", flags.precision.name()));
        }
        if let Some(subtype) = entry.subtype() {
            words.push(format!("subtype={}", modern_name(subtype)));
        }
        if self.shares_values(entry) && !entry.marked(mark::SET) {
            words.push(format!("enum=@.{}", self.reference(entry.values_key())));
        }
        if let Some(reference) = entry.reference() {
            words.push(match reference.key.filter(|key| self.is_radius(*key)) {
                Some(key) => format!("ref=@.{}", self.reference(key)),
                None => format!("ref={}", reference.text),
            });
        }
        if let Some(key) = entry.key_field().filter(|key| key.key() != entry.parent_key()) {
            words.push(format!("key={}", key.local_name()));
        }
        words.join(",")
    }

    fn shares_values(&self, entry: Entry<'_>) -> bool {
        entry.values_key() != entry.key() && self.dictionary.entry(entry.values_key()).is_some()
    }

    fn is_radius(&self, key: Key) -> bool {
        self.dictionary
            .entry(key)
            .is_some_and(|entry| !entry.marked(mark::FOREIGN))
    }

    /// How the entry at `key` is referred to from the top: by its numbers, or by a name where it has none.
    fn reference(&self, key: Key) -> String {
        let Some(entry) = self.dictionary.entry(key) else {
            return String::new();
        };
        let oid = entry.oid();
        if !oid.is_empty() {
            return oid.to_string();
        }
        if [Key::DEFINED, Key::ENUMS].contains(&entry.parent_key()) {
            return match self.scope(entry) {
                Some(scope) => format!("{}.{}", self.reference(scope), entry.local_name()),
                None => entry.local_name().to_owned(),
            };
        }
        format!("{}.{}", self.reference(entry.parent_key()), entry.number())
    }

    /// The values that are the entry's own.
    fn values(&mut self, entry: Entry<'d>) -> fmt::Result {
        let owner = entry.values_key();
        let is_own = owner == entry.key() || self.dictionary.entry(owner).is_none();
        if !is_own || !self.told.insert(owner) {
            return Ok(());
        }
        let values: Vec<_> = entry.all_values().collect();
        if values.is_empty() {
            return Ok(());
        }
        let plain = self.section != Section::Protocol;
        let owner = if plain {
            entry.name().to_owned()
        } else {
            self.reference(entry.key())
        };
        for value in values {
            self.value(&owner, entry.kind(), &value)?;
        }
        Ok(())
    }

    fn value(&mut self, owner: &str, kind: Type, value: &NamedValue<'_>) -> fmt::Result {
        write!(self.out, "VALUE\t{owner}\t{}\t", value.name)?;
        match value.text {
            Some(text) => writeln!(self.out, "{text}"),
            None if kind.is_signed() => writeln!(self.out, "{}", value.number.cast_signed()),
            None => writeln!(self.out, "{}", value.number),
        }
    }

    /// The names beside the names: first those that entries are called by.
    fn aliases(&mut self) -> fmt::Result {
        for entry in self.dictionary.all() {
            if entry.marked(mark::SET) && self.shares_values(entry) {
                // An ENUM takes no flags.
                self.enter(Section::Protocol)?;
                let (own, other) = (self.reference(entry.key()), self.reference(entry.values_key()));
                writeln!(self.out, "VALUE-ALIAS\t{own}\t{other}")?;
            }
            // A name that an alias gave stands before the local one, not around it.
            let own = entry.marked(mark::LOCAL) && !entry.marked(mark::MADE | mark::FOREIGN | mark::SET);
            if own && entry.row().local_start == entry.row().name_len {
                self.enter(Section::Protocol)?;
                writeln!(
                    self.out,
                    "ALIAS\t{}\t@.{}",
                    entry.name(),
                    self.reference(entry.key())
                )?;
            }
        }
        let rows: Vec<_> = self.dictionary.alias_rows().collect();
        for (row, name, _) in rows {
            let Some(target) = self.dictionary.entry(Key(row.target)) else {
                continue;
            };
            let nameless = [Key::DEFINED, Key::ENUMS].contains(&target.parent_key());
            let same = target.name().eq_ignore_ascii_case(name) && row.scope == Key::ROOT.0;
            let scope_of = nameless
                && (gave_number(row.scope, name, target)
                    || is_alias_of_nameless(row.scope, row.target, name, target));
            if scope_of || same || target.marked(mark::FOREIGN) {
                continue;
            }
            self.enter(Section::Protocol)?;
            let reference = self.reference(target.key());
            match self.dictionary.entry(Key(row.scope)) {
                Some(space) if space.kind() == Type::Vendor => {
                    let (vendor, parent) = (space.local_name(), self.reference(space.parent_key()));
                    writeln!(self.out, "BEGIN-VENDOR\t{vendor}\tparent={parent}")?;
                    writeln!(self.out, "ALIAS\t{name}\t@.{reference}\nEND-VENDOR\t{vendor}")?;
                }
                Some(space) => {
                    writeln!(self.out, "BEGIN\t{}", self.reference(space.key()))?;
                    writeln!(self.out, "ALIAS\t{name}\t@.{reference}\nEND")?;
                }
                None => writeln!(self.out, "ALIAS\t{name}\t@.{reference}")?,
            }
        }
        Ok(())
    }
}

/// Whether something nameless was defined as `name` in the space `scope`, and not merely given that name there later:
/// its number is made of both.
fn gave_number(scope: u64, name: &str, entry: Entry<'_>) -> bool {
    name.eq_ignore_ascii_case(entry.local_name())
        && (Key(scope).name(name.as_bytes()) >> 32) as u32 == entry.number()
}

/// Whether an alias at the top is one of something nameless, other than the name it was defined by.
fn is_alias_of_nameless(scope: u64, target: u64, name: &str, entry: Entry<'_>) -> bool {
    scope == Key::ROOT.0 && target == entry.key().0 && !gave_number(scope, name, entry)
}

/// The spelling FreeRADIUS 4 wants for a number's type.
fn modern_name(kind: Type) -> &'static str {
    match kind {
        Type::Uint16 => "uint16",
        Type::Uint32 => "uint32",
        Type::Uint64 => "uint64",
        Type::Int32 => "int32",
        kind => kind.name(),
    }
}

#[cfg(test)]
#[path = "export_tests.rs"]
pub(crate) mod tests;
