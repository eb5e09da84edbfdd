//! Writes frames as pcapng, with times in nanoseconds.

use std::io::{self, Write};
use std::net::IpAddr;

use super::Frame;
use crate::codec::Packet;
use crate::trace::layers::{LinkType, UDP};
use crate::trace::packets::{PORTS, Sighting};

/// A pcapng file being written. Every link type that occurs becomes an interface of its own.
pub struct Writer<W> {
    sink: W,
    interfaces: Vec<LinkType>,
    block: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Begins a file.
    pub fn new(sink: W) -> io::Result<Writer<W>> {
        let mut writer = Writer {
            sink,
            interfaces: Vec::new(),
            block: Vec::with_capacity(4096),
        };
        // Byte-order magic, version 1.0, a section of unknown length.
        let mut body = Vec::new();
        body.extend(0x1a2b_3c4du32.to_le_bytes());
        body.extend([1, 0, 0, 0]);
        body.extend(u64::MAX.to_le_bytes());
        body.extend(option(
            4,
            concat!("radius ", env!("CARGO_PKG_VERSION")).as_bytes(),
        ));
        body.extend([0; 4]);
        writer.write_block(0x0a0d_0d0a, &[&body])?;
        Ok(writer)
    }

    /// Appends a frame.
    pub fn frame(&mut self, frame: &Frame<'_>) -> io::Result<()> {
        let known = self.interfaces.iter().position(|link| *link == frame.link);
        let interface = match known {
            Some(interface) => interface,
            None => self.add_interface(frame.link)?,
        };
        let interface = u32::try_from(interface).unwrap_or(0);
        let captured = length(frame.octets.len())?;
        let whole = length(frame.length.max(frame.octets.len()))?;
        let time = frame.time.0.to_le_bytes();
        let (low, high) = time.split_at(4);
        let head = [
            &interface.to_le_bytes()[..],
            high,
            low,
            &captured.to_le_bytes(),
            &whole.to_le_bytes(),
        ]
        .concat();
        self.write_block(6, &[&head, frame.octets])
    }

    /// Appends a packet in a frame of its own: raw IP and UDP, whatever carried it. IP has no room for a packet of more
    /// than 65,507 octets, and none is that long.
    pub fn packet(&mut self, sighting: &Sighting<'_>) -> io::Result<()> {
        let octets = envelope(sighting)?;
        self.frame(&Frame {
            time: sighting.time,
            link: LinkType::RAW,
            octets: &octets,
            length: octets.len() + sighting.missing,
        })
    }

    /// Writes out what is buffered and gives the sink back.
    pub fn finish(mut self) -> io::Result<W> {
        self.sink.flush()?;
        Ok(self.sink)
    }

    fn add_interface(&mut self, link: LinkType) -> io::Result<usize> {
        let number = u16::try_from(link.0).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
        let mut body = Vec::new();
        body.extend(number.to_le_bytes());
        body.extend([0; 6]);
        // Times count nanoseconds.
        body.extend(option(9, &[9]));
        body.extend([0; 4]);
        self.write_block(1, &[&body])?;
        self.interfaces.push(link);
        Ok(self.interfaces.len() - 1)
    }

    fn write_block(&mut self, kind: u32, body: &[&[u8]]) -> io::Result<()> {
        let length: usize = body.iter().map(|part| part.len()).sum();
        let total = self::length(length.next_multiple_of(4) + 12)?.to_le_bytes();
        self.block.clear();
        self.block.extend(kind.to_le_bytes());
        self.block.extend(total);
        for part in body {
            self.block.extend_from_slice(part);
        }
        self.block.resize(8 + length.next_multiple_of(4), 0);
        self.block.extend(total);
        self.sink.write_all(&self.block)
    }
}

/// IP and UDP headers around a packet. No UDP checksum, which IPv4 allows (RFC 768) and IPv6 for such uses too
/// (RFC 6935).
fn envelope(sighting: &Sighting<'_>) -> io::Result<Vec<u8>> {
    const UDP_HEADER: usize = 8;
    let payload = UDP_HEADER + sighting.octets.len() + sighting.missing;
    let short =
        |length: usize| u16::try_from(length).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput));
    let mut octets = Vec::with_capacity(48 + sighting.octets.len());
    match (sighting.source.ip(), sighting.destination.ip()) {
        (IpAddr::V4(source), IpAddr::V4(destination)) => {
            octets.extend([0x45, 0]);
            octets.extend(short(20 + payload)?.to_be_bytes());
            octets.extend([0, 0, 0x40, 0, 64, UDP, 0, 0]);
            octets.extend(source.octets());
            octets.extend(destination.octets());
            let checksum = checksum(&octets);
            if let Some(place) = octets.get_mut(10..12) {
                place.copy_from_slice(&checksum.to_be_bytes());
            }
        }
        (source, destination) => {
            octets.extend([0x60, 0, 0, 0]);
            octets.extend(short(payload)?.to_be_bytes());
            octets.extend([UDP, 64]);
            for address in [source, destination] {
                octets.extend(match address {
                    IpAddr::V4(address) => address.to_ipv6_mapped().octets(),
                    IpAddr::V6(address) => address.octets(),
                });
            }
        }
    }
    let (source, destination) = ports(sighting);
    octets.extend(source.to_be_bytes());
    octets.extend(destination.to_be_bytes());
    octets.extend(short(payload)?.to_be_bytes());
    octets.extend([0, 0]);
    octets.extend_from_slice(sighting.octets);
    Ok(octets)
}

/// The ports of source and destination. Where nobody knows them, the server's is the one by which readers know RADIUS.
fn ports(sighting: &Sighting<'_>) -> (u16, u16) {
    if sighting.is_placed() {
        return (sighting.source.port(), sighting.destination.port());
    }
    match Packet::parse(sighting.octets) {
        Ok(packet) if packet.code().is_reply() => (PORTS[0], 0),
        _ => (0, PORTS[0]),
    }
}

/// The Internet checksum (RFC 1071) of an even number of octets.
fn checksum(octets: &[u8]) -> u16 {
    let (words, _) = octets.as_chunks::<2>();
    let mut sum: u32 = words
        .iter()
        .map(|word| u32::from(u16::from_be_bytes(*word)))
        .sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !u16::try_from(sum).unwrap_or(0)
}

fn length(length: usize) -> io::Result<u32> {
    u32::try_from(length).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))
}

/// An option of a block: number, length, value, padding.
fn option(number: u16, value: &[u8]) -> Vec<u8> {
    let mut octets = number.to_le_bytes().to_vec();
    octets.extend(u16::try_from(value.len()).unwrap_or(0).to_le_bytes());
    octets.extend_from_slice(value);
    octets.resize(octets.len().next_multiple_of(4), 0);
    octets
}
