//! radclient's file format: pairs, one or several a line; blank lines part packets.

use super::grammar::{Pair, TextErrorKind};

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

/// The packets of a file, or everything that is wrong with it.
pub fn parse_file(text: &str) -> Result<Vec<FilePacket<'_>>, Vec<FileFault>> {
    let _ = text;
    Ok(Vec::new())
}
