//! From the text of a users file to its entries. Every fault of every file is found in one run.

mod items;

use std::ops::Range;
use std::sync::Arc;

use self::items::{Condition, truth};
use super::Users;
use super::check::{Check, Control};
use super::entry::{Entry, Item, Source};
use super::fault::{Fault, FaultKind};
use crate::attr::{Pair, parse_pairs};
use crate::dictionary::{Dictionary, Files, Place};

/// Files that include files: as deep as anybody nests them.
const DEPTH: usize = 16;

impl Users {
    /// Reads the file at `path` and all that it includes, and adds their entries to those that are there.
    ///
    /// # Errors
    ///
    /// Every fault of every file; nothing is added then.
    pub fn load(&mut self, path: &str, files: &dyn Files, dictionary: &Dictionary) -> Result<(), Vec<Fault>> {
        let mut reader = Reader {
            files,
            dictionary,
            users: self.clone(),
            faults: Vec::new(),
            open: Vec::new(),
        };
        let start = Place {
            file: path.to_owned(),
            line: 0,
            column: 0,
            octets: 0,
            text: String::new(),
        };
        reader.file(path, start);
        if reader.faults.is_empty() {
            *self = reader.users;
            Ok(())
        } else {
            Err(reader.faults)
        }
    }
}

struct Reader<'a> {
    files: &'a dyn Files,
    dictionary: &'a Dictionary,
    users: Users,
    faults: Vec<Fault>,
    /// The files that are being read, the outermost first.
    open: Vec<String>,
}

/// One line of a file.
#[derive(Clone, Copy)]
struct Line<'t> {
    file: &'t str,
    number: u32,
    text: &'t str,
}

/// An entry whose reply items are not over yet.
struct Draught {
    name: Option<Vec<u8>>,
    source: Source,
    checks: Vec<Check>,
    controls: Vec<Control>,
    reply: Vec<Item>,
    falls_through: bool,
    /// Whether the line before ended in a comma, or was the first.
    more: bool,
}

impl Line<'_> {
    fn fault(&self, span: Range<usize>, kind: FaultKind) -> Fault {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Fault {
            place: Place {
                file: self.file.to_owned(),
                line: self.number,
                column: count(span.start + 1),
                octets: count(span.len().max(1)),
                text: self.text.to_owned(),
            },
            kind,
        }
    }
}

impl Reader<'_> {
    /// Reads a file; `from` is the place that asks for it.
    fn file(&mut self, path: &str, from: Place) {
        let fault = |kind| Fault { place: from, kind };
        if self.open.iter().any(|open| open == path) || self.open.len() >= DEPTH {
            self.faults.push(fault(FaultKind::Cycle));
            return;
        }
        let octets = match self.files.read(path) {
            Ok(octets) => octets,
            Err(error) => {
                self.faults.push(fault(FaultKind::Unreadable(error.kind())));
                return;
            }
        };
        let text = match String::from_utf8(octets) {
            Ok(text) => text,
            Err(error) => {
                self.not_utf8(path, error.as_bytes(), error.utf8_error().valid_up_to());
                return;
            }
        };
        self.open.push(path.to_owned());
        self.lines(path, &text);
        self.open.pop();
    }

    fn not_utf8(&mut self, path: &str, octets: &[u8], at: usize) {
        let before = octets.get(..at).unwrap_or(&[]);
        let start = before
            .iter()
            .rposition(|octet| *octet == b'\n')
            .map_or(0, |newline| newline + 1);
        let rest = octets.get(start..).unwrap_or(&[]);
        let end = rest
            .iter()
            .position(|octet| *octet == b'\n')
            .unwrap_or(rest.len());
        let text = String::from_utf8_lossy(rest.get(..end).unwrap_or(rest));
        let number = before.iter().filter(|octet| **octet == b'\n').count() + 1;
        let line = Line {
            file: path,
            number: u32::try_from(number).unwrap_or(u32::MAX),
            text: &text,
        };
        self.faults
            .push(line.fault(at - start..at - start + 1, FaultKind::NotUtf8));
    }

    fn lines(&mut self, path: &str, text: &str) {
        let file: Arc<str> = path.into();
        let mut draught: Option<Draught> = None;
        for (number, text) in (1..).zip(text.lines()) {
            let line = Line {
                file: path,
                number,
                text,
            };
            let trimmed = text.trim_start();
            if trimmed.is_empty() || trimmed.starts_with('#') {
                continue;
            }
            if trimmed.len() < text.len() {
                match &mut draught {
                    Some(draught) => self.reply_line(line, draught),
                    None => self.faults.push(line.fault(
                        text.len() - trimmed.len()..text.trim_end().len(),
                        FaultKind::NoUser,
                    )),
                }
                continue;
            }
            self.finish(draught.take());
            match text.split_once(char::is_whitespace) {
                Some((word, rest)) if word.eq_ignore_ascii_case("$INCLUDE") => {
                    let target = rest.trim().trim_matches('"');
                    let start = text.len() - rest.trim_start().len();
                    let from = line.fault(start..text.trim_end().len(), FaultKind::Cycle).place;
                    self.file(&beside(path, target), from);
                }
                _ => draught = self.first_line(line, &file),
            }
        }
        self.finish(draught);
    }

    fn finish(&mut self, draught: Option<Draught>) {
        let Some(draught) = draught else { return };
        let entry = Entry::new(
            Some(draught.source),
            draught.checks,
            draught.controls,
            draught.reply,
            draught.falls_through,
        );
        self.users.push(draught.name.as_deref(), entry);
    }

    /// The line with the user's name and the check items.
    fn first_line(&mut self, line: Line<'_>, file: &Arc<str>) -> Option<Draught> {
        let (name, rest) = match name(line.text) {
            Some(split) => split,
            None => {
                self.faults
                    .push(line.fault(0..line.text.len(), FaultKind::OpenName));
                return None;
            }
        };
        let any = name
            .strip_prefix(b"DEFAULT")
            .is_some_and(|number| number.iter().all(u8::is_ascii_digit));
        let mut draught = Draught {
            name: (!any).then_some(name),
            source: Source {
                file: Arc::clone(file),
                line: line.number,
            },
            checks: Vec::new(),
            controls: Vec::new(),
            reply: Vec::new(),
            falls_through: false,
            more: true,
        };
        let Some((pairs, comma)) = self.pairs(line, rest) else {
            return Some(draught);
        };
        let offset = rest;
        for pair in pairs {
            let span = offset + pair.span().start..offset + pair.span().end;
            match self.check(&pair) {
                Ok(Condition::Check(check)) => draught.checks.push(check),
                Ok(Condition::Control(control)) => draught.controls.push(control),
                Err((inner, kind)) => self.faults.push(line.fault(
                    inner.map_or(span, |inner| offset + inner.start..offset + inner.end),
                    kind,
                )),
            }
        }
        if let Some(at) = comma {
            self.faults.push(line.fault(at..at + 1, FaultKind::TrailingComma));
        }
        Some(draught)
    }

    /// A line of reply items.
    fn reply_line(&mut self, line: Line<'_>, draught: &mut Draught) {
        let start = line.text.len() - line.text.trim_start().len();
        if !draught.more {
            self.faults
                .push(line.fault(start..line.text.trim_end().len(), FaultKind::NoComma));
        }
        // After a line that cannot be read the rest of the entry is still looked at.
        draught.more = true;
        let Some((pairs, comma)) = self.pairs(line, start) else {
            return;
        };
        draught.more = comma.is_some();
        let offset = start;
        for pair in pairs {
            if pair.name.text.eq_ignore_ascii_case("Fall-Through") {
                match truth(&pair.value) {
                    Some(truth) => draught.falls_through = truth,
                    None => self.faults.push(line.fault(
                        offset + pair.value.span.start..offset + pair.value.span.end,
                        FaultKind::YesOrNo,
                    )),
                }
                continue;
            }
            let first = offset + pair.value.span.start;
            let double = line.text.as_bytes().get(first) == Some(&b'"');
            match self.reply_item(&pair, double) {
                Ok(item) => draught.reply.push(item),
                Err((inner, kind)) => {
                    let inner = inner.unwrap_or_else(|| pair.span());
                    self.faults
                        .push(line.fault(offset + inner.start..offset + inner.end, kind));
                }
            }
        }
    }

    /// The pairs of a line from `start` on, where their spans begin to count, and where a comma ends the line.
    fn pairs<'t>(&mut self, line: Line<'t>, start: usize) -> Option<(Vec<Pair<'t>>, Option<usize>)> {
        let text = line.text.get(start..).unwrap_or("");
        match parse_pairs(text) {
            Ok(pairs) => {
                let end = pairs.last().map_or(0, |pair| pair.span().end);
                let after = text.get(end..).unwrap_or("");
                let comma = after
                    .trim_start()
                    .starts_with(',')
                    .then(|| start + end + (after.len() - after.trim_start().len()));
                Some((pairs, comma))
            }
            Err(error) => {
                let span = start + error.span.start..start + error.span.end;
                self.faults.push(line.fault(span, FaultKind::Text(error.kind)));
                None
            }
        }
    }
}

/// The user's name at the start of a line, and where the rest begins.
fn name(text: &str) -> Option<(Vec<u8>, usize)> {
    let quote = text.chars().next().filter(|first| matches!(first, '"' | '\''));
    let Some(quote) = quote else {
        let end = text
            .find(|character: char| character.is_whitespace() || character == ',')
            .unwrap_or(text.len());
        return Some((text.as_bytes()[..end].to_vec(), end));
    };
    let mut name = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => name.push(characters.next()?.1),
            _ if character == quote => return Some((name.into_bytes(), at + 1)),
            _ => name.push(character),
        }
    }
    None
}

/// A path as a file beside `path` writes it.
fn beside(path: &str, target: &str) -> String {
    match path.rsplit_once('/') {
        Some((directory, _)) if !target.starts_with('/') => format!("{directory}/{target}"),
        _ => target.to_owned(),
    }
}
