//! Writes frames as pcapng, with times in nanoseconds.

use std::io::{self, Write};

use super::Frame;
use crate::trace::layers::LinkType;

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
