//! Dumps: lines with an offset, octets, and perhaps their characters.
//!
//! The characters may look like octets, so they are told apart by what the offsets say: a line has as many octets
//! as lie between its offset and the next one's. On the last line the column where the characters began above
//! decides, or that there are as many characters as octets.

use std::ops::Range;

use super::{HexFault, Line, Run, Shape, Slip};

/// One line of a dump.
pub(super) enum Row<'a> {
    /// An offset, and what follows it.
    Octets(Octets<'a>),
    /// `*`: the line before is repeated up to the next offset.
    Repeat(Line<'a>),
    /// Anything else: it ends the packet.
    Other,
}

/// A line that begins with an offset.
#[derive(Clone, Copy)]
pub(super) struct Octets<'a> {
    line: Line<'a>,
    /// The offset's digits, without `0x`.
    digits: &'a str,
    style: Style,
    /// Where the octets begin in the line, in bytes.
    body: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Tcpdump,
    Colon,
    Plain,
    Words,
}

/// The rows of a text, if it is a dump: its first row is at offset 0 or its offsets have colons, or all its lines
/// are rows, and several.
pub(super) fn rows<'a>(lines: &[Line<'a>]) -> Option<Vec<Row<'a>>> {
    let rows: Vec<Row<'a>> = lines.iter().map(|line| Row::read(*line)).collect();
    let mut with_octets = rows.iter().filter_map(|row| match row {
        Row::Octets(octets) if !octets.body().trim().is_empty() => Some(octets),
        _ => None,
    });
    let first = with_octets.next()?;
    let several = with_octets.next().is_some();
    let only_rows = lines
        .iter()
        .zip(&rows)
        .all(|(line, row)| !matches!(row, Row::Other) || line.text.trim().is_empty());
    let certain = first.is_first() || matches!(first.style, Style::Colon | Style::Tcpdump);
    (certain || several && only_rows).then_some(rows)
}

/// The octets of each dump among the rows.
pub(super) fn read(rows: &[Row<'_>]) -> Result<Vec<Run>, Slip> {
    let mut runs = Vec::new();
    let mut begin = 0;
    for (index, row) in rows.iter().enumerate() {
        let ends = match row {
            Row::Other => true,
            Row::Octets(octets) => octets.is_first(),
            Row::Repeat(_) => false,
        };
        if ends {
            runs.extend(run(rows.get(begin..index).unwrap_or(&[]))?);
            begin = index;
        }
    }
    runs.extend(run(rows.get(begin..).unwrap_or(&[]))?);
    Ok(runs)
}

impl<'a> Row<'a> {
    fn read(line: Line<'a>) -> Row<'a> {
        if line.text.trim() == "*" {
            return Row::Repeat(line);
        }
        Octets::read(line).map_or(Row::Other, Row::Octets)
    }
}

impl<'a> Octets<'a> {
    fn read(line: Line<'a>) -> Option<Octets<'a>> {
        let trimmed = line.text.trim_start();
        let indent = line.text.len() - trimmed.len();
        let hexadecimal = trimmed.strip_prefix("0x");
        let rest = hexadecimal.unwrap_or(trimmed);
        let length = rest.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(rest.len());
        let (digits, after) = rest.split_at(length);
        let (colon, after) = match after.strip_prefix(':') {
            Some(after) => (true, after),
            None => (false, after),
        };
        if length < 3 || !(after.is_empty() || after.starts_with([' ', '\t'])) {
            return None;
        }
        let first = after.split_whitespace().next().unwrap_or("");
        let style = match (colon, first.len()) {
            (true, _) if hexadecimal.is_some() => Style::Tcpdump,
            (true, _) => Style::Colon,
            (false, 4) if length == 7 => Style::Words,
            (false, 0 | 2) if length >= 4 => Style::Plain,
            _ => return None,
        };
        if !colon && !first.bytes().all(|octet| octet.is_ascii_hexdigit()) {
            return None;
        }
        Some(Octets {
            line,
            digits,
            style,
            body: indent + (trimmed.len() - after.len()),
        })
    }

    fn is_first(&self) -> bool {
        self.digits.bytes().all(|digit| digit == b'0') && !self.body().trim().is_empty()
    }

    fn body(&self) -> &'a str {
        self.line.text.get(self.body..).unwrap_or("")
    }

    fn offset(&self, base: u32) -> Option<usize> {
        usize::from_str_radix(self.digits, base).ok()
    }

    fn shape(&self) -> Shape {
        let beside = self.line.text.trim_end();
        match self.style {
            Style::Tcpdump => Shape::Tcpdump,
            Style::Colon => Shape::Xxd,
            Style::Words => Shape::Words,
            Style::Plain if beside.ends_with('|') => Shape::Hexdump,
            Style::Plain => Shape::Offsets,
        }
    }

    fn slip(&self, within: Range<usize>, fault: HexFault) -> Slip {
        Slip {
            shape: self.shape(),
            span: self.line.start + within.start..self.line.start + within.end,
            fault,
        }
    }

    /// The fault of an offset that is not where the line before ends.
    fn misplaced(&self, expected: usize, found: usize) -> Slip {
        let start = self.line.text.find(self.digits).unwrap_or(0);
        self.slip(
            start..start + self.digits.len(),
            HexFault::Offset { expected, found },
        )
    }

    /// The words of the line from the body on, each with its place in the line and the blanks before it.
    fn words(&self) -> impl Iterator<Item = Word<'a>> + use<'a> {
        let (body, base) = (self.body(), self.body);
        let mut at = 0;
        std::iter::from_fn(move || {
            let rest = body.get(at..)?;
            let gap = rest.len() - rest.trim_start().len();
            let rest = rest.trim_start();
            let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let start = at + gap;
            at = start + length;
            (length > 0).then(|| Word {
                text: rest.get(..length).unwrap_or(""),
                rest,
                start: base + start,
                gap,
            })
        })
    }

    /// How many octets the line has when nothing but itself is looked at, and where they end in the line.
    fn alone(&self) -> (usize, usize) {
        let (mut count, mut end) = (0, self.body);
        for word in self.words() {
            // Within the octets there are gaps of two blanks at most; one more is a blank among the characters.
            let beside = count > 0
                && (word.gap > 2
                    || word.gap == 2
                        && (word.rest.starts_with(['|', '>']) || word.rest.chars().count() == count));
            if beside || !word.is_octets() {
                break;
            }
            count += word.text.len() / 2;
            end = word.start + word.text.len();
        }
        (count, end)
    }

    /// Appends `count` octets; an error where there are fewer, or where more follow at once.
    fn take(
        &self,
        count: usize,
        next: Option<(&Octets<'_>, usize, usize)>,
        into: &mut Vec<u8>,
    ) -> Result<(), Slip> {
        let mut taken = 0;
        for word in self.words() {
            if taken >= count {
                if word.gap < 2 && word.is_octets() {
                    // More octets than the next offset leaves room for.
                    let (next, this, found) = match next {
                        Some(next) => next,
                        None => break,
                    };
                    return Err(next.misplaced(this + self.alone().0, found));
                }
                break;
            }
            self.octets_of(&word, into)?;
            taken += word.text.len() / 2;
        }
        match next {
            Some((next, this, found)) if taken < count => Err(next.misplaced(this + taken, found)),
            _ => Ok(()),
        }
    }

    fn octets_of(&self, word: &Word<'_>, into: &mut Vec<u8>) -> Result<(), Slip> {
        if let Some((at, found)) = word.text.char_indices().find(|(_, c)| !c.is_ascii_hexdigit()) {
            let start = word.start + at;
            return Err(self.slip(start..start + found.len_utf8(), HexFault::NotADigit { found }));
        }
        let octets = crate::codec::hex::decode(word.text).map_err(|_| {
            let digits = word.text.len();
            self.slip(word.start..word.start + digits, HexFault::OddDigits { digits })
        })?;
        match (self.style, octets.as_slice()) {
            (Style::Words, [low, high]) => into.extend([high, low]),
            _ => into.extend(octets),
        }
        Ok(())
    }

    /// The octets of a last line: up to the column where the lines above have characters, or on its own.
    fn take_last(&self, characters: Option<usize>, into: &mut Vec<u8>) -> Result<(), Slip> {
        let (count, end) = self.alone();
        let border = match characters {
            Some(column) => self
                .line
                .text
                .char_indices()
                .nth(column)
                .map_or(self.line.text.len(), |(at, _)| at),
            None => end,
        };
        let mut taken = 0;
        for word in self.words() {
            // Bars around the characters end the octets, wherever somebody's editor has moved them to.
            let barred = word.rest.starts_with('|') && word.rest.trim_end().ends_with('|');
            if characters.is_some() && word.start >= border || barred {
                break;
            }
            if characters.is_none() && taken >= count {
                // What is not set off by two blanks was meant as octets.
                if word.gap < 2 || count == 0 {
                    self.octets_of(&word, into)?;
                }
                break;
            }
            self.octets_of(&word, into)?;
            taken += word.text.len() / 2;
        }
        Ok(())
    }
}

/// A run of characters without blanks.
struct Word<'a> {
    text: &'a str,
    /// From this word to the end of the line.
    rest: &'a str,
    /// Its place in the line, in bytes.
    start: usize,
    /// How many blanks stand before it.
    gap: usize,
}

impl Word<'_> {
    fn is_octets(&self) -> bool {
        self.text.len().is_multiple_of(2) && self.text.bytes().all(|octet| octet.is_ascii_hexdigit())
    }
}

/// The octets of one dump: rows of which the first is the dump's beginning.
fn run(rows: &[Row<'_>]) -> Result<Option<Run>, Slip> {
    let lines: Vec<&Octets<'_>> = rows
        .iter()
        .filter_map(|row| match row {
            Row::Octets(octets) => Some(octets),
            _ => None,
        })
        .collect();
    let Some(first) = lines.first() else {
        return match rows.iter().find_map(|row| match row {
            Row::Repeat(line) => Some(*line),
            _ => None,
        }) {
            Some(line) => Err(repeat(Shape::Hexdump, line)),
            None => Ok(None),
        };
    };
    let base = base(first, lines.get(1).copied());
    let start = offset(first, base)?;
    let mut octets = Vec::new();
    let mut characters = None;
    let mut repeating: Option<Line<'_>> = None;
    let mut before: Vec<u8> = Vec::new();
    let mut rows = rows.iter().peekable();
    while let Some(row) = rows.next() {
        let line = match row {
            Row::Other => continue,
            Row::Repeat(line) => {
                repeating = Some(*line);
                continue;
            }
            Row::Octets(line) => line,
        };
        let here = offset(line, base)?;
        if let Some(star) = repeating.take() {
            fill(&mut octets, &before, here.saturating_sub(start))
                .ok_or_else(|| repeat(line.shape(), star))?;
        }
        if here != start + octets.len() {
            return Err(line.misplaced(start + octets.len(), here));
        }
        let next = match rows.peek() {
            Some(Row::Octets(next)) => Some(*next),
            _ => None,
        };
        let length = octets.len();
        match next {
            Some(next) => {
                let found = offset(&next, base)?;
                line.take(
                    found.saturating_sub(here),
                    Some((&next, here, found)),
                    &mut octets,
                )?;
                octets.truncate(length + found.saturating_sub(here));
            }
            None if matches!(rows.peek(), Some(Row::Repeat(_))) => {
                line.take(line.alone().0, None, &mut octets)?;
            }
            None => line.take_last(characters, &mut octets)?,
        }
        before.clear();
        before.extend_from_slice(octets.get(length..).unwrap_or(&[]));
        characters = characters.or_else(|| line.characters(before.len()));
    }
    match repeating {
        Some(star) => Err(repeat(first.shape(), star)),
        None => Ok(Some(Run {
            octets,
            shape: first.shape(),
            start: first.line.start,
        })),
    }
}

impl Octets<'_> {
    /// The column where this line's `count` octets end, if its characters follow: no octet of a later line stands
    /// beyond it.
    fn characters(&self, count: usize) -> Option<usize> {
        let (mut taken, mut end) = (0, 0);
        for word in self.words() {
            if taken >= count {
                return self.line.text.get(..end).map(|before| before.chars().count());
            }
            taken += word.text.len() / 2;
            end = word.start + word.text.len();
        }
        None
    }
}

fn repeat(shape: Shape, line: Line<'_>) -> Slip {
    Slip {
        shape,
        span: line.start..line.start + line.text.len(),
        fault: HexFault::Repeat,
    }
}

/// Repeats the line before up to `length` octets in all; whole lines only.
fn fill(octets: &mut Vec<u8>, line: &[u8], length: usize) -> Option<()> {
    // No packet is longer; a wild offset must not ask for memory.
    const MOST: usize = 1 << 17;
    let more = length.checked_sub(octets.len()).filter(|_| length <= MOST)?;
    if line.is_empty() || !more.is_multiple_of(line.len()) {
        return None;
    }
    octets.extend(line.iter().copied().cycle().take(more));
    Some(())
}

/// The base of the offsets: the one in which the second is where the first line ends. `od` counts in octal.
fn base(first: &Octets<'_>, second: Option<&Octets<'_>>) -> u32 {
    let count = first.alone().0;
    [16, 8, 10]
        .into_iter()
        .find(|base| {
            let ends = second.and_then(|second| second.offset(*base)?.checked_sub(first.offset(*base)?));
            ends == Some(count)
        })
        .unwrap_or(16)
}

fn offset(line: &Octets<'_>, base: u32) -> Result<usize, Slip> {
    line.offset(base).ok_or_else(|| {
        let start = line.line.text.find(line.digits).unwrap_or(0);
        line.slip(start..start + line.digits.len(), HexFault::NotAnOctet)
    })
}
