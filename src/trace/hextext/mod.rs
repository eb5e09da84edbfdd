//! Packets in text: hexadecimal in any shape that people paste.
//!
//! | shape | looks like |
//! |---|---|
//! | plain | `0105002701…`, on one line or wrapped, "copy as hex stream", `xxd -p` |
//! | separated | `01 05 00 27`, `01:05:00:27`, `01-05`, `01,05`, `0x01 0x05`, `0x01050027` |
//! | escapes | `\x01\x05\x00'`, in quotes of C, Python or Rust or without |
//! | array | `{ 0x01, 0x05 }`, `[1, 5, 0, 39]`, with whatever declaration stands before |
//! | dumps | `xxd`, `hexdump -C`, `hexdump`, `od`, `tcpdump -x` and `-X`, Wireshark's, and this program's own |
//!
//! Several packets are separated by an empty line, begin again at offset 0, or stand one on a line. Where a packet
//! is inside a captured frame (Ethernet, IP, UDP), it is taken out and the addresses are kept. Lines that begin
//! with `#` are comments.

mod dump;
mod list;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::ops::Range;

use super::layers::{self, LinkType};
use crate::codec::{Code, HEADER_LENGTH, Packet};

/// How the octets were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Digits without anything between them.
    Plain,
    /// Octets with spaces, colons, commas, dashes or `0x` between them.
    Separated,
    /// A string with `\x01`.
    Escapes,
    /// The elements of an array in some programming language.
    Array,
    /// `00000000: 0105 0027`, as xxd prints.
    Xxd,
    /// `00000000  01 05  |..|`, as `hexdump -C` prints.
    Hexdump,
    /// `0000000 0501 2700`: words of two octets, the lower first, as hexdump and `od -x` print.
    Words,
    /// `0x0000:  4500 0043`, as `tcpdump -x` prints.
    Tcpdump,
    /// `0000  01 05`, as Wireshark, `od -t x1` and this program print.
    Offsets,
}

/// One packet found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HexPacket {
    /// The octets, without what carried them.
    pub octets: Vec<u8>,
    /// How they were written.
    pub shape: Shape,
    /// The line where they begin; the first is 1.
    pub line: usize,
    /// Where the packet went, if it stood inside an IP packet.
    pub envelope: Option<Envelope>,
}

/// The addresses of the UDP datagram that carried a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Where it comes from.
    pub source: SocketAddr,
    /// Where it goes.
    pub destination: SocketAddr,
}

/// Why a text is not octets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HexTextError {
    /// What the text looked like.
    pub shape: Shape,
    /// The line of the fault; the first is 1.
    pub line: usize,
    /// The column of the fault in characters; the first is 1.
    pub column: usize,
    /// The fault's place in the whole text, in bytes.
    pub span: Range<usize>,
    /// What is wrong there.
    pub fault: HexFault,
}

/// What is wrong with a text of octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HexFault {
    /// There are no octets in it.
    Empty,
    /// A character that is no hexadecimal digit and separates nothing.
    NotADigit {
        /// The character.
        found: char,
    },
    /// An odd number of digits where octets have two.
    OddDigits {
        /// How many digits there are.
        digits: usize,
    },
    /// A number that is none, or more than an octet holds.
    NotAnOctet,
    /// A line of a dump says that it begins somewhere else than where the line before ends.
    Offset {
        /// Where the line before ends, in octets.
        expected: usize,
        /// Where the line says that it begins, in octets.
        found: usize,
    },
    /// A `*`, which repeats a line up to the next offset, without a line before or an offset after.
    Repeat,
    /// A backslash with something behind it that means nothing.
    Escape,
    /// A quote that is not closed.
    Quote,
}

/// The packets in a text; at least one. Nothing is skipped but comments, declarations around arrays, the
/// characters beside a dump and lines between dumps.
pub fn read(text: &str) -> Result<Vec<HexPacket>, HexTextError> {
    let lines: Vec<Line<'_>> = lines(text).collect();
    let found = match dump::rows(&lines) {
        Some(rows) => dump::read(&rows),
        None => list::read(text, &lines),
    };
    let runs = found.map_err(|slip| slip.locate(text))?;
    if runs.is_empty() {
        let slip = Slip {
            shape: Shape::Plain,
            span: 0..text.len(),
            fault: HexFault::Empty,
        };
        return Err(slip.locate(text));
    }
    Ok(runs.into_iter().map(|run| run.unwrap_frame(text)).collect())
}

/// One line of the text and where it stands.
#[derive(Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    start: usize,
}

fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |whole| {
        let line = Line {
            text: whole.trim_end_matches(['\n', '\r']),
            start,
        };
        start += whole.len();
        line
    })
}

/// Octets that belong together, before anything is taken off them.
struct Run {
    octets: Vec<u8>,
    shape: Shape,
    start: usize,
}

/// A fault before its line and column are counted.
struct Slip {
    shape: Shape,
    span: Range<usize>,
    fault: HexFault,
}

impl Slip {
    fn locate(self, text: &str) -> HexTextError {
        let before = text.get(..self.span.start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        HexTextError {
            shape: self.shape,
            line: line_number(text, self.span.start),
            column: before.get(line_start..).unwrap_or("").chars().count() + 1,
            span: self.span,
            fault: self.fault,
        }
    }
}

fn line_number(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|octet| *octet == b'\n').count() + 1
}

impl Run {
    /// Takes the packet out of the frame that carries it, unless the octets are a packet by themselves.
    fn unwrap_frame(self, text: &str) -> HexPacket {
        let line = line_number(text, self.start);
        let whole = HexPacket {
            octets: self.octets,
            shape: self.shape,
            line,
            envelope: None,
        };
        if is_exactly_a_packet(&whole.octets)
            && Packet::parse(&whole.octets).is_ok_and(|p| p.code().name().is_some())
        {
            return whole;
        }
        let links = [
            LinkType::RAW,
            LinkType::ETHERNET,
            LinkType::NULL,
            LinkType::LINUX_SLL,
            LinkType::LINUX_SLL2,
        ];
        match links.into_iter().find_map(|link| inside(link, &whole.octets)) {
            Some((octets, envelope)) => HexPacket {
                octets,
                envelope: Some(envelope),
                ..whole
            },
            None => whole,
        }
    }
}

/// The packet in a frame of this type: only where every header, and the packet's Length, fit what there is.
fn inside(link: LinkType, frame: &[u8]) -> Option<(Vec<u8>, Envelope)> {
    let ip = layers::network(link, frame).ok()?;
    if ip.protocol != layers::UDP || ip.fragment.is_some() {
        return None;
    }
    let datagram = layers::udp(ip.payload, ip.missing).ok()?;
    let packet = Packet::parse(datagram.payload).ok()?;
    let whole =
        packet.length() >= HEADER_LENGTH && packet.length() <= datagram.payload.len() + datagram.missing;
    let envelope = Envelope {
        source: SocketAddr::new(ip.source, datagram.source),
        destination: SocketAddr::new(ip.destination, datagram.destination),
    };
    whole.then(|| (datagram.payload.to_vec(), envelope))
}

/// Whether Length says as many octets as there are.
fn is_exactly_a_packet(octets: &[u8]) -> bool {
    Packet::parse(octets).is_ok_and(|packet| packet.length() == octets.len() && packet.code() != Code(0))
}
