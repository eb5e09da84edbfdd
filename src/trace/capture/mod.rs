//! Frames out of capture files: pcap and pcapng, plain or compressed, from a file or a pipe.
//!
//! A frame is borrowed from one buffer that is read into and used again, so that memory does not grow with the
//! file. What is damaged is said with its place; everything before it is read. Knows no link layer.

mod compressed;
mod pcap;
mod pcapng;
#[cfg(test)]
mod tests;
mod window;
mod writer;

use std::io::{self, Read};

use self::window::Window;
use super::layers::LinkType;

pub use writer::Writer;

/// A point in time: nanoseconds since 1970 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time(pub u64);

impl Time {
    /// Whether anybody said when it was.
    pub fn is_known(self) -> bool {
        self.0 > 0
    }

    /// The nanoseconds from `earlier` until this; 0 where the capture's clock went back.
    pub fn since(self, earlier: Time) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// One captured frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// When it was captured.
    pub time: Time,
    /// How its octets begin.
    pub link: LinkType,
    /// The octets, as far as they were captured.
    pub octets: &'a [u8],
    /// How many octets it had on the wire.
    pub length: usize,
}

/// What a capture holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item<'a> {
    /// A frame.
    Frame(Frame<'a>),
    /// Secrets of TLS connections in the frames that follow (pcapng's Decryption Secrets Block), in SSLKEYLOGFILE's
    /// format.
    TlsSecrets(&'a [u8]),
    /// What has come so far ends here, and reading on may take its time. Said before every such wait.
    Waiting,
}

/// Why frames cannot be read, or no further.
#[derive(Debug)]
pub struct CaptureError {
    /// Where in the file (after decompression) the trouble begins, in octets.
    pub offset: u64,
    /// What it is.
    pub kind: CaptureErrorKind,
}

/// What is wrong with a capture.
#[derive(Debug)]
pub enum CaptureErrorKind {
    /// There is nothing in it.
    Empty,
    /// It begins like no capture format that is known; its first octets.
    NotACapture([u8; 4]),
    /// It ends in the middle of something.
    Cut,
    /// A record or block whose length cannot be; that length in octets.
    BadLength(u64),
    /// A packet of an interface that the file does not describe; the interface's number.
    NoInterface(u32),
    /// It cannot be read or decompressed.
    Io(io::Error),
}

/// The longest record or block that is read, in octets: far above what any link carries.
const MAX_RECORD: usize = 1 << 24;

/// A capture being read.
pub struct Capture {
    window: Window<Box<dyn Read + Send>>,
    format: Format,
}

enum Format {
    Pcap(pcap::Header),
    Pcapng(pcapng::Section),
}

impl Capture {
    /// Looks at how a source begins; gzip and zstd are seen through.
    pub fn open(source: Box<dyn Read + Send>) -> Result<Capture, CaptureError> {
        let mut window = Window::new(compressed::open(source).map_err(io_error(0))?);
        let Some(magic) = window.chunk::<4>().map_err(io_error(0))? else {
            let kind = match window.buffered().is_empty() {
                true => CaptureErrorKind::Empty,
                false => CaptureErrorKind::Cut,
            };
            return Err(CaptureError { offset: 0, kind });
        };
        let format = match magic {
            pcapng::SECTION => Format::Pcapng(pcapng::Section::default()),
            magic => match pcap::Header::read(magic, &mut window)? {
                Some(header) => Format::Pcap(header),
                None => {
                    return Err(CaptureError {
                        offset: 0,
                        kind: CaptureErrorKind::NotACapture(magic),
                    });
                }
            },
        };
        Ok(Capture { window, format })
    }

    /// The next frame, or what is between frames; `None` at the end. After an error nothing more can be read.
    pub fn next_item(&mut self) -> Result<Option<Item<'_>>, CaptureError> {
        if let Some(offset) = self.window.cut() {
            return Err(CaptureError {
                offset,
                kind: CaptureErrorKind::Cut,
            });
        }
        match &mut self.format {
            Format::Pcap(header) => {
                if self.window.must_wait(header.next_length(self.window.buffered())) {
                    return Ok(Some(Item::Waiting));
                }
                Ok(header.next_frame(&mut self.window)?.map(Item::Frame))
            }
            Format::Pcapng(section) => {
                if self.window.must_wait(section.next_length(self.window.buffered())) {
                    return Ok(Some(Item::Waiting));
                }
                section.next_item(&mut self.window)
            }
        }
    }
}

/// Whether a file begins like a capture, plain or compressed: what is not, is text.
pub fn is_capture(beginning: &[u8]) -> bool {
    beginning.first_chunk::<4>().is_some_and(|magic| {
        *magic == pcapng::SECTION || pcap::Header::is_magic(*magic) || compressed::is_compressed(beginning)
    })
}

fn io_error(offset: u64) -> impl Fn(io::Error) -> CaptureError {
    move |error| CaptureError {
        offset,
        kind: CaptureErrorKind::Io(error),
    }
}
