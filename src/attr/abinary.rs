//! Ascend's binary filters (Ascend-Data-Filter, Ascend-Call-Filter), as octets and as text:
//! `ip in drop tcp dstport > 1023`.
//!
//! ```text
//! kind forward direction fill | src(4 or 16) dst srcbits dstbits proto est. sport(2) dport(2) scmp dcmp | zeros
//!                             | offset(2) length(2) more(2) mask(6) value(6) !=  | zeros               generic
//!                             | net(4) node(6) socket(2), twice, scmp dcmp       | zeros                   ipx
//! ```

use std::fmt::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use super::value::ValueFault;
use crate::codec::{Reader, Short, hex};

const GENERIC: u8 = 0;
const IP: u8 = 1;
const IPX: u8 = 2;
const IPV6: u8 = 3;
const KINDS: &[(&str, u8)] = &[("generic", GENERIC), ("ip", IP), ("ipx", IPX), ("ipv6", IPV6)];
const COMPARISONS: &[(&str, u8)] = &[("<", 1), ("=", 2), (">", 3), ("!=", 4)];
const PROTOCOLS: &[(&str, u8)] = &[("icmp", 1), ("tcp", 6), ("udp", 17), ("ospf", 89)];
const PORTS: &[(&str, u16)] = &[
    ("ftp-data", 20),
    ("ftp", 21),
    ("telnet", 23),
    ("smtp", 25),
    ("nameserver", 42),
    ("domain", 53),
    ("tftp", 69),
    ("gopher", 70),
    ("finger", 79),
    ("www", 80),
    ("kerberos", 88),
    ("hostname", 101),
    ("nntp", 119),
    ("ntp", 123),
    ("exec", 512),
    ("login", 513),
    ("cmd", 514),
    ("talk", 517),
];

/// The part of a filter's text that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FilterError {
    /// Its place in the text, in octets; empty at the end where a word is missing.
    pub(super) at: Range<usize>,
}

/// How many octets a filter of this kind has.
fn length(kind: u8) -> Option<usize> {
    match kind {
        GENERIC | IP | IPX => Some(32),
        IPV6 => Some(48),
        _ => None,
    }
}

/// Whether the octets can be a filter.
pub(super) fn check(octets: &[u8]) -> Result<(), ValueFault> {
    let kind = octets.first().copied().unwrap_or(u8::MAX);
    match length(kind) {
        None => Err(ValueFault::FilterKind(kind)),
        Some(expected) if expected != octets.len() => Err(ValueFault::Length {
            expected,
            found: octets.len(),
        }),
        Some(_) => Ok(()),
    }
}

/// The filter as text; `None` when its octets say what the text cannot.
pub(super) fn text(octets: &[u8]) -> Option<String> {
    let text = written(octets).ok().flatten()?;
    (parse(&text).as_deref() == Ok(octets)).then_some(text)
}

fn written(octets: &[u8]) -> Result<Option<String>, Short> {
    let mut reader = Reader::new(octets, 0);
    let [kind, forward, direction, _] = *reader.take_array::<4>()?;
    let Some((name, _)) = KINDS.iter().find(|(_, number)| *number == kind) else {
        return Ok(None);
    };
    let direction = if direction == 0 { "out" } else { "in" };
    let action = if forward == 0 { "drop" } else { "forward" };
    let mut text = format!("{name} {direction} {action}");
    match kind {
        GENERIC => write_generic(&mut reader, &mut text)?,
        IPX => write_ipx(&mut reader, &mut text)?,
        _ => write_ip(&mut reader, kind == IPV6, &mut text)?,
    }
    Ok(Some(text))
}

/// Writing to a `String` cannot fail.
macro_rules! append {
    ($($argument:tt)*) => {
        let _ = write!($($argument)*);
    };
}

fn write_ip(reader: &mut Reader<'_>, v6: bool, text: &mut String) -> Result<(), Short> {
    let mut address = || -> Result<Option<String>, Short> {
        Ok(if v6 {
            let address = Ipv6Addr::from(*reader.take_array::<16>()?);
            (!address.is_unspecified()).then(|| address.to_string())
        } else {
            let address = Ipv4Addr::from(*reader.take_array::<4>()?);
            (!address.is_unspecified()).then(|| address.to_string())
        })
    };
    let (source, destination) = (address()?, address()?);
    let [source_bits, destination_bits, protocol, established] = *reader.take_array::<4>()?;
    let (source_port, destination_port) = (reader.u16()?, reader.u16()?);
    let [source_compare, destination_compare] = *reader.take_array::<2>()?;
    if let Some(source) = source {
        append!(text, " srcip {source}/{source_bits}");
    }
    if let Some(destination) = destination {
        append!(text, " dstip {destination}/{destination_bits}");
    }
    match PROTOCOLS.iter().find(|(_, number)| *number == protocol) {
        Some((name, _)) => append_word(text, name),
        None => append_word(text, &protocol.to_string()),
    }
    if let Some(sign) = sign(source_compare) {
        append!(text, " srcport {sign} {source_port}");
    }
    if let Some(sign) = sign(destination_compare) {
        append!(text, " dstport {sign} {destination_port}");
    }
    if established != 0 {
        append_word(text, "est");
    }
    Ok(())
}

fn write_generic(reader: &mut Reader<'_>, text: &mut String) -> Result<(), Short> {
    let (offset, length, more) = (reader.u16()?, usize::from(reader.u16()?), reader.u16()?);
    let (mask, value) = (reader.take_array::<6>()?, reader.take_array::<6>()?);
    let differs = reader.u8()? != 0;
    append!(
        text,
        " {offset} {} {} {}",
        hex::encode(mask.get(..length).unwrap_or(mask)),
        hex::encode(value.get(..length).unwrap_or(value)),
        if differs { "!=" } else { "==" },
    );
    if more != 0 {
        append_word(text, "more");
    }
    Ok(())
}

fn write_ipx(reader: &mut Reader<'_>, text: &mut String) -> Result<(), Short> {
    let mut end = || -> Result<(u32, String, u16), Short> {
        Ok((reader.u32()?, hex::encode(reader.take(6)?), reader.u16()?))
    };
    let ends = [("src", end()?), ("dst", end()?)];
    for (name, (net, node, socket)) in ends {
        let compare = reader.u8()?;
        if net == 0 && node == "000000000000" && compare == 0 {
            continue;
        }
        append!(text, " {name}ipxnet 0x{net:08x} {name}ipxnode 0x{node}");
        if let Some(sign) = sign(compare) {
            append!(text, " {name}ipxsoc {sign} 0x{socket:04x}");
        }
    }
    Ok(())
}

fn append_word(text: &mut String, word: &str) {
    text.push(' ');
    text.push_str(word);
}

fn sign(compare: u8) -> Option<&'static str> {
    COMPARISONS
        .iter()
        .find(|(_, number)| *number == compare)
        .map(|(sign, _)| *sign)
}

/// The words of a filter's text with their places.
struct Words<'t> {
    text: &'t str,
    at: usize,
    last: Range<usize>,
}

impl<'t> Words<'t> {
    fn peek(&self) -> Option<(&'t str, Range<usize>)> {
        let rest = self.text.get(self.at..)?;
        let start = self.at + (rest.len() - rest.trim_start().len());
        let word = self.text.get(start..)?.split_whitespace().next()?;
        Some((word, start..start + word.len()))
    }

    fn next(&mut self) -> Result<&'t str, FilterError> {
        let (word, at) = self.peek().ok_or(FilterError {
            at: self.text.len()..self.text.len(),
        })?;
        self.at = at.end;
        self.last = at;
        Ok(word)
    }

    /// Takes the next word if it is this one.
    fn take(&mut self, wanted: &str) -> bool {
        self.peek()
            .is_some_and(|(word, _)| word.eq_ignore_ascii_case(wanted))
            && self.next().is_ok()
    }

    /// What the next word says, by `read`.
    fn read<T>(&mut self, read: impl FnOnce(&str) -> Option<T>) -> Result<T, FilterError> {
        let word = self.next()?;
        read(word).ok_or_else(|| self.wrong())
    }

    /// The word just read is wrong.
    fn wrong(&self) -> FilterError {
        FilterError {
            at: self.last.clone(),
        }
    }
}

fn of<T: Copy>(table: &[(&str, T)], word: &str) -> Option<T> {
    table
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(word))
        .map(|(_, number)| *number)
}

/// The octets of a filter's text.
pub(super) fn parse(text: &str) -> Result<Vec<u8>, FilterError> {
    let mut words = Words {
        text,
        at: 0,
        last: 0..0,
    };
    let kind = words.read(|word| of(KINDS, word))?;
    let direction = words.read(|word| of(&[("in", 1), ("out", 0)], word))?;
    let forward = words.read(|word| of(&[("forward", 1), ("drop", 0)], word))?;
    let mut octets = vec![kind, forward, direction, 0];
    match kind {
        GENERIC => read_generic(&mut words, &mut octets)?,
        IPX => read_ipx(&mut words, &mut octets)?,
        _ => read_ip(&mut words, kind == IPV6, &mut octets)?,
    }
    if words.peek().is_some() {
        words.next()?;
        return Err(words.wrong());
    }
    octets.resize(length(kind).unwrap_or(octets.len()), 0);
    Ok(octets)
}

fn read_ip(words: &mut Words<'_>, v6: bool, octets: &mut Vec<u8>) -> Result<(), FilterError> {
    let width = if v6 { 16 } else { 4 };
    // Source and destination: address, bits, port, comparison.
    let (mut addresses, mut bits) = ([vec![0; width], vec![0; width]], [0u8; 2]);
    let (mut ports, mut compares) = ([0u16; 2], [0u8; 2]);
    let (mut protocol, mut established) = (None, 0);
    while words.peek().is_some() {
        if words.take("est") {
            established = 1;
        } else if let Some(end) = ["srcip", "dstip"].iter().position(|name| words.take(name)) {
            (addresses[end], bits[end]) = words.read(|word| read_address(word, v6))?;
        } else if let Some(end) = ["srcport", "dstport"].iter().position(|name| words.take(name)) {
            compares[end] = words.read(|word| of(COMPARISONS, word))?;
            ports[end] = words.read(|word| of(PORTS, word).or_else(|| word.parse().ok()))?;
        } else if protocol.is_none() {
            protocol = Some(words.read(|word| of(PROTOCOLS, word).or_else(|| word.parse().ok()))?);
        } else {
            words.next()?;
            return Err(words.wrong());
        }
    }
    octets.extend(addresses.concat());
    octets.extend([bits[0], bits[1], protocol.unwrap_or(0), established]);
    octets.extend(ports.map(u16::to_be_bytes).concat());
    octets.extend(compares);
    Ok(())
}

/// An address with its bits; all of them where none are said.
fn read_address(word: &str, v6: bool) -> Option<(Vec<u8>, u8)> {
    let (address, bits) = word
        .split_once('/')
        .map_or((word, None), |(address, bits)| (address, Some(bits)));
    let (octets, max) = if v6 {
        (address.parse::<Ipv6Addr>().ok()?.octets().to_vec(), 128)
    } else {
        (address.parse::<Ipv4Addr>().ok()?.octets().to_vec(), 32)
    };
    let bits = bits.map_or(Some(max), |bits| bits.parse().ok())?;
    (bits <= max).then_some((octets, bits))
}

fn read_generic(words: &mut Words<'_>, octets: &mut Vec<u8>) -> Result<(), FilterError> {
    let six = |word: &str| {
        let octets = hex::decode(word.strip_prefix("0x").unwrap_or(word)).ok()?;
        (octets.len() <= 6).then_some(octets)
    };
    let offset: u16 = words.read(|word| word.parse().ok())?;
    let mut mask = words.read(six)?;
    let mut value = words.read(|word| six(word).filter(|value| value.len() == mask.len()))?;
    let length = mask.len() as u16;
    let differs = words.peek().is_some() && {
        if words.take("!=") {
            true
        } else {
            words.take("==");
            false
        }
    };
    let more = u16::from(words.take("more"));
    mask.resize(6, 0);
    value.resize(6, 0);
    octets.extend([offset, length, more].map(u16::to_be_bytes).concat());
    octets.extend(mask);
    octets.extend(value);
    octets.push(u8::from(differs));
    Ok(())
}

fn read_ipx(words: &mut Words<'_>, octets: &mut Vec<u8>) -> Result<(), FilterError> {
    let number = |word: &str| u64::from_str_radix(word.strip_prefix("0x").unwrap_or(word), 16).ok();
    let mut compares = [0; 2];
    for (compare, name) in compares.iter_mut().zip(["src", "dst"]) {
        let (mut net, mut node, mut socket) = (0u32, 0u64, 0u16);
        if words.take(&format!("{name}ipxnet")) {
            net = words.read(|word| number(word).and_then(|number| number.try_into().ok()))?;
            if words.take(&format!("{name}ipxnode")) {
                node = words.read(|word| number(word).filter(|node| *node < 1 << 48))?;
            }
            if words.take(&format!("{name}ipxsoc")) {
                *compare = words.read(|word| of(COMPARISONS, word))?;
                socket = words.read(|word| number(word).and_then(|number| number.try_into().ok()))?;
            }
        }
        octets.extend(net.to_be_bytes());
        octets.extend(node.to_be_bytes().get(2..).unwrap_or(&[]));
        octets.extend(socket.to_be_bytes());
    }
    octets.extend(compares);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_filter_reads_and_prints_as_its_octets() {
        for (filter, octets) in [
            (
                "ip in drop tcp dstport > 1023",
                "0100010000000000000000000000060000 0003ff000300000000000000000000",
            ),
            (
                "ip out forward srcip 10.0.0.0/8 dstip 192.0.2.1/32 udp srcport = 53 est",
                "010100000a000000c000020108201101003500000200 00000000000000000000",
            ),
            (
                "generic in drop 12 ffff 0800 != more",
                "00000100000c00020001ffff00000000080000000000 01000000000000000000",
            ),
            (
                "ipx out drop srcipxnet 0x0000beef srcipxnode 0x010203040506 srcipxsoc = 0x0451",
                "020000000000beef0102030405060451 000000000000000000000000 0200 0000",
            ),
            (
                "ipv6 in drop dstip 2001:db8::/32 0",
                "03000100 00000000000000000000000000000000 20010db8000000000000000000000000 00200000 00000000 0000 0000",
            ),
        ] {
            let octets = hex::decode(&octets.replace(' ', "")).unwrap();
            assert_eq!(
                parse(filter).map(|octets| hex::encode(&octets)),
                Ok(hex::encode(&octets)),
                "{filter}"
            );
            assert_eq!(text(&octets).as_deref(), Some(filter));
            assert_eq!(check(&octets), Ok(()));
        }
    }

    #[test]
    fn a_word_that_means_nothing_is_pointed_at() {
        assert_eq!(
            parse("ip in drop tcp dstport ~ 5"),
            Err(FilterError { at: 23..24 })
        );
        assert_eq!(parse("ip in"), Err(FilterError { at: 5..5 }));
        assert_eq!(parse("ip in drop tcp udp"), Err(FilterError { at: 15..18 }));
    }

    proptest! {
        #[test]
        fn what_prints_parses_back(mut octets in prop::collection::vec(any::<u8>(), 48), kind in 0u8..4) {
            octets[0] = kind;
            octets.truncate(length(kind).unwrap());
            if let Some(text) = text(&octets) {
                prop_assert_eq!(parse(&text), Ok(octets));
            }
        }
    }
}
