//! Octets without offsets: plain digits, separated ones, arrays and strings of programming languages.

use std::ops::Range;

use super::{HexFault, Line, Run, Shape, Slip, is_exactly_a_packet};

/// The packets of a text that is no dump.
pub(super) fn read(text: &str, lines: &[Line<'_>]) -> Result<Vec<Run>, Slip> {
    if text.contains(['"', '\'']) || text.contains("\\x") {
        return strings(text);
    }
    for (open, close) in [('{', '}'), ('[', ']')] {
        if text.contains(open) {
            return arrays(text, open, close);
        }
    }
    let mut runs = Vec::new();
    for block in lines.split(|line| line.text.trim().is_empty()) {
        runs.extend(self::block(block)?);
    }
    Ok(runs)
}

/// Lines that belong together: one packet, or one on each line where every line is exactly one.
fn block(lines: &[Line<'_>]) -> Result<Vec<Run>, Slip> {
    let lines: Vec<Line<'_>> = lines
        .iter()
        .filter(|line| !line.text.trim_start().starts_with('#'))
        .copied()
        .collect();
    let Some(first) = lines.first() else {
        return Ok(Vec::new());
    };
    let each: Result<Vec<Run>, Slip> = lines
        .iter()
        .map(|line| digits(line.text, line.start).map(|digits| digits.run(Shape::Separated)))
        .map(|run| run.and_then(|run| run))
        .collect();
    if let Ok(each) = each
        && each.iter().all(|run| is_exactly_a_packet(&run.octets))
    {
        return Ok(each);
    }
    let mut all = Digits {
        start: first.start,
        ..Digits::default()
    };
    for line in &lines {
        let more = digits(line.text, line.start)?;
        // A word that goes on in the next line: digits wrapped without regard to pairs.
        all.join(more);
    }
    if all.words.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![all.run(Shape::Separated)?])
}

/// Words of digits and where each stands.
#[derive(Default)]
struct Digits {
    start: usize,
    words: Vec<(String, Range<usize>)>,
}

impl Digits {
    fn join(&mut self, more: Digits) {
        let wrapped = self.words.len() == 1 && more.words.len() == 1;
        match self.words.last_mut() {
            Some((word, span)) if wrapped => {
                for (text, more) in more.words {
                    word.push_str(&text);
                    span.end = more.end;
                }
            }
            _ => self.words.extend(more.words),
        }
    }

    fn run(self, separated: Shape) -> Result<Run, Slip> {
        let shape = if self.words.len() == 1 {
            Shape::Plain
        } else {
            separated
        };
        let mut octets = Vec::new();
        for (word, span) in &self.words {
            let more = crate::codec::hex::decode(word).map_err(|_| Slip {
                shape,
                span: span.clone(),
                fault: HexFault::OddDigits { digits: word.len() },
            })?;
            octets.extend(more);
        }
        Ok(Run {
            octets,
            shape,
            start: self.start,
        })
    }
}

/// The words of hexadecimal digits in a text that holds nothing else but separators.
fn digits(text: &str, start: usize) -> Result<Digits, Slip> {
    let mut found = Digits {
        start,
        ..Digits::default()
    };
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let at = text.len() - rest.len();
        if let Some(after) = rest.strip_prefix("0x").or_else(|| rest.strip_prefix("0X")) {
            rest = after;
            continue;
        }
        let length = rest.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(rest.len());
        if length > 0 {
            let (word, after) = rest.split_at(length);
            found
                .words
                .push((word.to_owned(), start + at..start + at + length));
            rest = after;
        } else if first.is_whitespace() || ":,-.;_|".contains(first) {
            rest = rest.get(first.len_utf8()..).unwrap_or("");
        } else {
            return Err(Slip {
                shape: Shape::Separated,
                span: start + at..start + at + first.len_utf8(),
                fault: HexFault::NotADigit { found: first },
            });
        }
    }
    Ok(found)
}

/// The packets in the brackets of a text; what stands outside of them declares variables.
fn arrays(text: &str, open: char, close: char) -> Result<Vec<Run>, Slip> {
    let text = &without_comments(text);
    let mut runs = Vec::new();
    let mut at = 0;
    while let Some(begin) = text
        .get(at..)
        .and_then(|rest| rest.find(open))
        .map(|found| at + found)
    {
        let inner = begin + 1;
        let rest = text.get(inner..).unwrap_or("");
        let (end, nested) = match rest.find([open, close]) {
            Some(end) => (
                inner + end,
                rest.get(end..).is_some_and(|rest| rest.starts_with(open)),
            ),
            None => {
                return Err(Slip {
                    shape: Shape::Array,
                    span: begin..inner,
                    fault: HexFault::Quote,
                });
            }
        };
        at = if nested { end } else { end + 1 };
        let content = text.get(inner..end).unwrap_or("");
        if !nested && !content.trim().is_empty() {
            runs.push(array(content, inner)?);
        }
    }
    Ok(runs)
}

/// The text with blanks in place of comments, so that every place stays what it is.
fn without_comments(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let length = if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with("//") || rest.starts_with('#') {
            rest.find('\n').unwrap_or(rest.len())
        } else {
            let first = rest.chars().next().map_or(1, char::len_utf8);
            clean.push_str(rest.get(..first).unwrap_or(""));
            rest = rest.get(first..).unwrap_or("");
            continue;
        };
        let (comment, after) = rest.split_at(length);
        clean.extend(
            comment
                .bytes()
                .map(|octet| if octet == b'\n' { '\n' } else { ' ' }),
        );
        rest = after;
    }
    clean
}

/// The elements of one array. Numbers without `0x` are hexadecimal where one has a letter or all have two digits,
/// decimal otherwise.
fn array(content: &str, start: usize) -> Result<Run, Slip> {
    if !content.contains(',') {
        return digits(content, start)?.run(Shape::Array);
    }
    let mut elements = Vec::new();
    let mut at = 0;
    for piece in content.split(',') {
        let element = piece.trim();
        if !element.is_empty() {
            let begin = start + at + (piece.len() - piece.trim_start().len());
            let number = element
                .strip_suffix("u8")
                .unwrap_or(element)
                .trim_end_matches('_');
            elements.push((number, begin..begin + element.len()));
        }
        at += piece.len() + 1;
    }
    let prefixed = elements.iter().any(|(number, _)| prefix(number).is_some());
    let hexadecimal = !prefixed
        && (elements
            .iter()
            .any(|(number, _)| number.contains(|c: char| c.is_ascii_alphabetic()))
            || elements.iter().all(|(number, _)| number.len() == 2));
    let mut octets = Vec::with_capacity(elements.len());
    for (number, span) in elements {
        let octet = match prefix(number) {
            Some(digits) => u8::from_str_radix(digits, 16),
            None if hexadecimal => u8::from_str_radix(number, 16),
            None => number.parse(),
        };
        octets.push(octet.map_err(|_| Slip {
            shape: Shape::Array,
            span,
            fault: HexFault::NotAnOctet,
        })?);
    }
    Ok(Run {
        octets,
        shape: Shape::Array,
        start,
    })
}

fn prefix(number: &str) -> Option<&str> {
    number.strip_prefix("0x").or_else(|| number.strip_prefix("0X"))
}

/// The packets in the quoted strings of a text, or the text itself where nothing is quoted. Strings with nothing
/// but blanks, `\` or `+` between them are one.
fn strings(text: &str) -> Result<Vec<Run>, Slip> {
    let first_escape = text.find('\\').unwrap_or(text.len());
    let quoted = text.find(['"', '\'']).is_some_and(|quote| quote < first_escape);
    if !quoted {
        return Ok(vec![bare(text)?]);
    }
    let mut runs: Vec<Run> = Vec::new();
    let mut at = 0;
    let mut last_end = None;
    while let Some(begin) = text
        .get(at..)
        .and_then(|rest| rest.find(['"', '\'']))
        .map(|found| at + found)
    {
        let between = last_end.and_then(|end: usize| text.get(end..begin));
        let goes_on = between.is_some_and(|between| {
            between
                .trim_matches(|c: char| c.is_whitespace() || "\\+b".contains(c))
                .is_empty()
                && between.matches('\n').count() < 2
        });
        let mark = text
            .get(begin..)
            .and_then(|rest| rest.chars().next())
            .unwrap_or('"');
        let (content, end) = quoted_text(text, begin, mark)?;
        last_end = Some(end);
        at = end;
        let run = if content.contains('\\') || text.get(..begin).is_some_and(|before| before.ends_with('b')) {
            Run {
                octets: unescape(content, begin + 1, false)?,
                shape: Shape::Escapes,
                start: begin,
            }
        } else {
            digits(content, begin + 1)?.run(Shape::Separated)?
        };
        match runs.last_mut() {
            Some(last) if goes_on => last.octets.extend(run.octets),
            _ => runs.push(run),
        }
    }
    runs.retain(|run| !run.octets.is_empty());
    Ok(runs)
}

/// What stands between the quote at `begin` and the next one like it, and where that ends.
fn quoted_text(text: &str, begin: usize, mark: char) -> Result<(&str, usize), Slip> {
    let mut escaped = false;
    for (at, character) in text.get(begin + 1..).unwrap_or("").char_indices() {
        if escaped {
            escaped = false;
        } else if character == '\\' {
            escaped = true;
        } else if character == mark {
            let end = begin + 1 + at;
            return Ok((text.get(begin + 1..end).unwrap_or(""), end + 1));
        }
    }
    Err(Slip {
        shape: Shape::Escapes,
        span: begin..begin + 1,
        fault: HexFault::Quote,
    })
}

/// A text with escapes and no quotes: characters stand for themselves, unless there are only escapes and blanks.
fn bare(text: &str) -> Result<Run, Slip> {
    let trimmed = text.trim();
    let start = text.find(trimmed).unwrap_or(0);
    let only_escapes = trimmed
        .split_whitespace()
        .all(|word| word.len().is_multiple_of(4) && word.matches("\\x").count() * 4 == word.len());
    Ok(Run {
        octets: unescape(trimmed, start, only_escapes)?,
        shape: Shape::Escapes,
        start,
    })
}

/// The octets of a string with escapes, as C, Python and Rust write them.
fn unescape(text: &str, start: usize, skip_blanks: bool) -> Result<Vec<u8>, Slip> {
    let mut octets = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let at = start + text.len() - rest.len();
        let slip = |length: usize, fault| Slip {
            shape: Shape::Escapes,
            span: at..at + length,
            fault,
        };
        let after = rest.get(first.len_utf8()..).unwrap_or("");
        if first != '\\' {
            rest = after;
            match u8::try_from(first) {
                Ok(b'\n' | b'\r') => {}
                Ok(octet) if octet.is_ascii_whitespace() && skip_blanks => {}
                Ok(octet) if octet.is_ascii() => octets.push(octet),
                _ => return Err(slip(first.len_utf8(), HexFault::NotADigit { found: first })),
            }
            continue;
        }
        let (octet, length) = escape(after).ok_or_else(|| slip(1, HexFault::Escape))?;
        octets.extend(octet);
        rest = after.get(length..).unwrap_or("");
    }
    Ok(octets)
}

/// The octet that follows a backslash, and how many characters say it; none for a line that goes on.
fn escape(text: &str) -> Option<(Option<u8>, usize)> {
    let first = text.chars().next()?;
    let octet = match first {
        'x' => {
            let digits = text
                .get(1..3)
                .filter(|digits| digits.bytes().all(|d| d.is_ascii_hexdigit()))?;
            return Some((u8::from_str_radix(digits, 16).ok(), 3));
        }
        '0'..='7' => {
            let length = text
                .bytes()
                .take(3)
                .take_while(|digit| matches!(digit, b'0'..=b'7'))
                .count();
            return Some((Some(u8::from_str_radix(text.get(..length)?, 8).ok()?), length));
        }
        '\n' => return Some((None, 1)),
        '\r' => return Some((None, 2)),
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'a' => 7,
        'b' => 8,
        'v' => 11,
        'f' => 12,
        'e' => 27,
        '\\' | '\'' | '"' => u8::try_from(first).ok()?,
        _ => return None,
    };
    Some((Some(octet), 1))
}
