//! radclient's file format: pairs, one or several a line; blank lines part packets.

use super::grammar::{Pair, Parser, TextErrorKind};

/// The pairs of one packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePacket<'t> {
    /// The line of its first pair, from 1.
    pub line: usize,
    /// The pairs; spans count from the start of the file, see [`Line::at`].
    pub pairs: Vec<Pair<'t>>,
}

/// A place in a text as people name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'t> {
    /// From 1.
    pub number: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The line itself, without its end.
    pub text: &'t str,
    /// The octet of the whole text at which the line begins.
    pub start: usize,
}

impl<'t> Line<'t> {
    /// The line that octet `offset` of `text` is in.
    pub fn at(text: &'t str, offset: usize) -> Line<'t> {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = text.get(..offset).unwrap_or(text);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = text.get(start..).unwrap_or("").lines().next().unwrap_or("");
        Line {
            number: before.matches('\n').count() + 1,
            column: text.get(start..offset).unwrap_or("").chars().count() + 1,
            text: line,
            start,
        }
    }
}

/// Something in a file that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFault {
    /// The octets of the file that are wrong.
    pub span: std::ops::Range<usize>,
    /// What is wrong with them.
    pub kind: FileFaultKind,
}

/// What is wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFaultKind {
    /// A line is no list of pairs.
    Text(TextErrorKind),
}

/// The packets of a file. Lines without anything but blanks part them; lines with nothing but a comment do not.
///
/// # Errors
///
/// Everything that is wrong with the file, a fault a line.
pub fn parse_file(text: &str) -> Result<Vec<FilePacket<'_>>, Vec<FileFault>> {
    let (mut packets, mut faults) = (Vec::new(), Vec::new());
    let mut counted = Counted::default();
    let mut pairs = Vec::new();
    let mut parser = Parser::new(text);

    while !parser.is_at_end() {
        let line = parser.rest().lines().next().unwrap_or("");
        if line.trim().is_empty() {
            end_packet(text, &mut pairs, &mut packets, &mut counted);
        }
        parser.skip_blanks();
        if !line.trim().is_empty()
            && !parser.rest().is_empty()
            && !parser.rest().starts_with('\n')
            && let Err(error) = parser.line(&mut pairs)
        {
            parser.recover(error.span.start);
            faults.push(FileFault {
                span: error.span,
                kind: FileFaultKind::Text(error.kind),
            });
        }
        parser.next_line();
    }
    end_packet(text, &mut pairs, &mut packets, &mut counted);
    if faults.is_empty() {
        Ok(packets)
    } else {
        Err(faults)
    }
}

fn end_packet<'t>(
    text: &'t str,
    pairs: &mut Vec<Pair<'t>>,
    packets: &mut Vec<FilePacket<'t>>,
    counted: &mut Counted,
) {
    if let Some(first) = pairs.first() {
        packets.push(FilePacket {
            line: counted.line_of(text, first.name.span.start),
            pairs: std::mem::take(pairs),
        });
    }
}

/// Lines counted so far; offsets are asked for in their order, so that no line is counted twice.
#[derive(Default)]
struct Counted {
    offset: usize,
    lines: usize,
}

impl Counted {
    fn line_of(&mut self, text: &str, offset: usize) -> usize {
        let between = text.as_bytes().get(self.offset..offset).unwrap_or(&[]);
        self.lines += between.iter().filter(|octet| **octet == b'\n').count();
        self.offset = offset;
        self.lines + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<(usize, Vec<&str>)> {
        parse_file(text)
            .unwrap()
            .into_iter()
            .map(|packet| {
                (
                    packet.line,
                    packet.pairs.into_iter().map(|pair| pair.name.text).collect(),
                )
            })
            .collect()
    }

    #[test]
    fn packets_are_parted_by_lines_without_anything() {
        assert_eq!(
            names("A = 1\nB = 2\n\nC = 3\n"),
            [(1, vec!["A", "B"]), (4, vec!["C"])]
        );
        assert_eq!(
            names("\n\n  \nA = 1\n \t \n\nB = 2"),
            [(4, vec!["A"]), (7, vec!["B"])]
        );
        assert_eq!(names(""), []);
    }

    #[test]
    fn a_file_from_windows_is_read() {
        assert_eq!(
            names("\u{feff}A = 1\r\nB = 2,\r\n\r\nC = 3\r\n"),
            [(1, vec!["A", "B"]), (4, vec!["C"])]
        );
    }

    #[test]
    fn a_comment_ends_neither_packet_nor_file() {
        let text = "# first\nA = 1 # one\n   # indented\nB = 2\n#\n\tC = 3, D = 4,\n";
        assert_eq!(names(text), [(2, vec!["A", "B", "C", "D"])]);
    }

    #[test]
    fn a_group_may_take_lines_of_its_own() {
        assert_eq!(names("A = {\n\n  B = 1\n}\nC = 2\n"), [(1, vec!["A", "C"])]);
    }

    #[test]
    fn a_line_may_be_of_any_length() {
        let text = format!("Class = 0x{}\n", "ab".repeat(20_000));
        assert_eq!(names(&text), [(1, vec!["Class"])]);
    }

    #[test]
    fn every_fault_is_told_with_its_place() {
        let text = "A = 1\nB = two words\n\nC ~ 3\nD = 4\n";
        let faults = parse_file(text).unwrap_err();
        let places: Vec<_> = faults
            .iter()
            .map(|fault| {
                let line = Line::at(text, fault.span.start);
                (line.number, line.column, line.text, &text[fault.span.clone()])
            })
            .collect();
        assert_eq!(places, [(2, 9, "B = two words", "words"), (4, 3, "C ~ 3", "~")]);
    }
}
