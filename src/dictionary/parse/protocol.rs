//! Protocols: FreeRADIUS 4 keeps a dictionary for each, and RADIUS is one of them.

use super::super::fault::{Block, FaultKind, Word};
use super::super::key::Key;
use super::super::lex::number32;
use super::{Line, Parser, nearest};

impl Parser<'_> {
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
                let near = nearest(flag, ["verify=lib", "format="].into_iter()).map(str::to_owned);
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
            let near = nearest(flag, ["internal", "auto_begin"].into_iter()).map(str::to_owned);
            self.fault(line, 1, FaultKind::UnknownFlag { near });
        }
    }
}
