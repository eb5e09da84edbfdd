//! The newer capture format (draft-ietf-opsawg-pcapng): blocks, each with its type and its length at both ends.
//!
//! ```text
//! type 4   total length 4   body…   total length 4
//! ```

use std::io::Read;

use super::window::Window;
use super::{CaptureError, CaptureErrorKind, Frame, Item, MAX_RECORD, Time, io_error};
use crate::codec::{Reader, Short};
use crate::trace::layers::LinkType;

/// The type of a Section Header Block, the same in both byte orders.
pub(super) const SECTION: [u8; 4] = [0x0a, 0x0d, 0x0d, 0x0a];
const SECTION_HEADER: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const ENHANCED_PACKET: u32 = 6;
const DECRYPTION_SECRETS: u32 = 10;
/// "TLSK", the type of secrets that SSLKEYLOGFILE holds.
const TLS_KEY_LOG: u32 = 0x544c_534b;
const BYTE_ORDER_MAGIC: u32 = 0x1a2b_3c4d;

/// Where secrets begin in their block: behind its type and length, theirs, and their length.
const SECRETS_AT: usize = 16;
const MAX_INTERFACES: usize = 1 << 16;

/// What the blocks so far say about those to come.
#[derive(Default)]
pub(super) struct Section {
    big_endian: bool,
    interfaces: Vec<Interface>,
    last: Time,
}

#[derive(Clone, Copy)]
struct Interface {
    link: LinkType,
    snaplen: usize,
    resolution: Resolution,
    /// Seconds to be added to every time.
    offset: i64,
}

/// How long a tick of an interface's clock is.
#[derive(Clone, Copy)]
enum Resolution {
    /// This many make a second.
    Decimal(u64),
    /// Two to the power of this many make a second.
    Binary(u32),
}

/// What a block holds.
enum Body {
    Packet(Found),
    /// So many octets of TLS secrets, from [`SECRETS_AT`].
    TlsSecrets(usize),
}

/// A packet's place in its block.
struct Found {
    time: Time,
    link: LinkType,
    start: usize,
    captured: usize,
    length: usize,
}

impl Found {
    fn frame(self, octets: &[u8]) -> Frame<'_> {
        Frame {
            time: self.time,
            link: self.link,
            octets,
            length: self.length.max(octets.len()),
        }
    }
}

impl Section {
    /// How many octets the next block has, as far as what is buffered tells.
    pub(super) fn next_length(&self, buffered: &[u8]) -> usize {
        let total = match buffered {
            // A section may change the byte order: its header is short anyway.
            [0x0a, 0x0d, 0x0d, 0x0a, ..] => 0,
            [_, _, _, _, l0, l1, l2, l3, ..] => self.number([*l0, *l1, *l2, *l3]) as usize,
            _ => 0,
        };
        total.clamp(12, MAX_RECORD)
    }

    pub(super) fn next_item<'w, R: Read>(
        &mut self,
        window: &'w mut Window<R>,
    ) -> Result<Option<Item<'w>>, CaptureError> {
        loop {
            let offset = window.offset();
            let wrong = |kind| CaptureError { offset, kind };
            let Some((kind, total)) = self.block(window)? else {
                return Ok(None);
            };
            let readable = matches!(
                kind,
                SECTION_HEADER | INTERFACE | PACKET | SIMPLE_PACKET | ENHANCED_PACKET | DECRYPTION_SECRETS
            );
            if !readable || total > MAX_RECORD {
                if matches!(kind, PACKET | SIMPLE_PACKET | ENHANCED_PACKET) {
                    return Err(wrong(CaptureErrorKind::BadLength(total as u64)));
                }
                if !window.skip(total).map_err(io_error(offset))? {
                    return Err(wrong(CaptureErrorKind::Cut));
                }
                continue;
            }
            let whole = window.fill(total).map_err(io_error(offset))?;
            let body = window
                .buffered()
                .get(8..total.saturating_sub(4))
                .or_else(|| window.buffered().get(8..))
                .unwrap_or(&[]);
            let found = self.body(kind, body).map_err(|fault| match fault {
                Fault::Short if whole => wrong(CaptureErrorKind::BadLength(total as u64)),
                Fault::Short => wrong(CaptureErrorKind::Cut),
                Fault::NoInterface(interface) => wrong(CaptureErrorKind::NoInterface(interface)),
            })?;
            let Some(found) = found else {
                if !whole {
                    return Err(wrong(CaptureErrorKind::Cut));
                }
                window.take(total, 0, 0);
                continue;
            };
            let found = match found {
                Body::Packet(found) => found,
                Body::TlsSecrets(length) => {
                    let rest = total.saturating_sub(SECRETS_AT + length);
                    return Ok(Some(Item::TlsSecrets(window.take(SECRETS_AT, length, rest))));
                }
            };
            let start = 8 + found.start;
            let end = start + found.captured;
            if !whole {
                // The last packet of a cut file is given as far as it goes.
                window.note_cut(offset);
            } else if end + 4 > total {
                return Err(wrong(CaptureErrorKind::BadLength(found.captured as u64)));
            }
            let octets = window.take(start, found.captured, total.saturating_sub(end));
            return Ok(Some(Item::Frame(found.frame(octets))));
        }
    }

    /// Type and length of the next block; `None` at the end.
    fn block<R: Read>(&mut self, window: &mut Window<R>) -> Result<Option<(u32, usize)>, CaptureError> {
        let offset = window.offset();
        let wrong = |kind| CaptureError { offset, kind };
        if !window.fill(12).map_err(io_error(offset))? {
            return match window.buffered().is_empty() {
                true => Ok(None),
                false => Err(wrong(CaptureErrorKind::Cut)),
            };
        }
        let Some([t0, t1, t2, t3, l0, l1, l2, l3, m0, m1, m2, m3]) = window.buffered().first_chunk::<12>()
        else {
            return Err(wrong(CaptureErrorKind::Cut));
        };
        let kind = [*t0, *t1, *t2, *t3];
        if kind == SECTION {
            // A section has its own byte order and its own interfaces.
            self.big_endian = u32::from_be_bytes([*m0, *m1, *m2, *m3]) == BYTE_ORDER_MAGIC;
            self.interfaces.clear();
        }
        let total = self.number([*l0, *l1, *l2, *l3]);
        if total < 12 || !total.is_multiple_of(4) {
            return Err(wrong(CaptureErrorKind::BadLength(u64::from(total))));
        }
        Ok(Some((self.number(kind), total as usize)))
    }

    fn number(&self, octets: [u8; 4]) -> u32 {
        if self.big_endian {
            u32::from_be_bytes(octets)
        } else {
            u32::from_le_bytes(octets)
        }
    }

    fn short(&self, octets: [u8; 2]) -> u16 {
        if self.big_endian {
            u16::from_be_bytes(octets)
        } else {
            u16::from_le_bytes(octets)
        }
    }

    /// What a block's body says; the packet, if it holds one.
    fn body(&mut self, kind: u32, body: &[u8]) -> Result<Option<Body>, Fault> {
        let mut reader = Reader::new(body, 0);
        match kind {
            INTERFACE => {
                let interface = self.interface(&mut reader)?;
                if self.interfaces.len() < MAX_INTERFACES {
                    self.interfaces.push(interface);
                }
                Ok(None)
            }
            DECRYPTION_SECRETS => {
                let secrets = self.number(*reader.take_array()?);
                let length = self.number(*reader.take_array()?) as usize;
                reader.take(length)?;
                Ok((secrets == TLS_KEY_LOG).then_some(Body::TlsSecrets(length)))
            }
            ENHANCED_PACKET | PACKET => self.packet(kind, reader).map(|found| Some(Body::Packet(found))),
            SIMPLE_PACKET => {
                let interface = self.interfaces.first().copied().ok_or(Fault::NoInterface(0))?;
                let length = self.number(*reader.take_array()?) as usize;
                Ok(Some(Body::Packet(Found {
                    // It has no time of its own.
                    time: self.last,
                    link: interface.link,
                    start: 4,
                    captured: length.min(interface.snaplen).min(reader.left()),
                    length,
                })))
            }
            _ => Ok(None),
        }
    }

    /// An Enhanced Packet Block, or the older Packet Block, which counts drops beside a shorter interface number.
    fn packet(&mut self, kind: u32, mut reader: Reader<'_>) -> Result<Found, Fault> {
        let id: [u8; 4] = *reader.take_array()?;
        let id = match kind {
            PACKET => u32::from(self.short([id[0], id[1]])),
            _ => self.number(id),
        };
        let interface = *self.interfaces.get(id as usize).ok_or(Fault::NoInterface(id))?;
        let high = self.number(*reader.take_array()?);
        let low = self.number(*reader.take_array()?);
        let captured = self.number(*reader.take_array()?) as usize;
        let length = self.number(*reader.take_array()?) as usize;
        let time = interface.time(u64::from(high) << 32 | u64::from(low));
        self.last = time;
        Ok(Found {
            time,
            link: interface.link,
            start: 20,
            captured,
            length,
        })
    }

    fn interface(&self, reader: &mut Reader<'_>) -> Result<Interface, Fault> {
        let link = self.short(*reader.take_array()?);
        reader.take(2)?;
        let snaplen = match self.number(*reader.take_array()?) as usize {
            0 => usize::MAX,
            snaplen => snaplen,
        };
        let mut interface = Interface {
            link: LinkType(u32::from(link)),
            snaplen,
            resolution: Resolution::Decimal(1_000_000),
            offset: 0,
        };
        while reader.left() >= 4 {
            let code = self.short(*reader.take_array()?);
            let length = usize::from(self.short(*reader.take_array()?));
            let value = reader.take(length)?;
            let padding = length.next_multiple_of(4) - length;
            reader.take(padding.min(reader.left()))?;
            match (code, value) {
                (0, _) => break,
                (9, [exponent]) if exponent & 0x80 != 0 => {
                    interface.resolution = Resolution::Binary(u32::from(exponent & 0x7f).min(63));
                }
                (9, [exponent]) => {
                    interface.resolution = Resolution::Decimal(10u64.pow(u32::from(*exponent).min(19)));
                }
                (14, value) => {
                    if let Ok(octets) = <[u8; 8]>::try_from(value) {
                        interface.offset = match self.big_endian {
                            true => i64::from_be_bytes(octets),
                            false => i64::from_le_bytes(octets),
                        };
                    }
                }
                _ => {}
            }
        }
        Ok(interface)
    }
}

impl Interface {
    fn time(&self, ticks: u64) -> Time {
        const SECOND: u64 = 1_000_000_000;
        let nanoseconds = match self.resolution {
            Resolution::Decimal(unit) if unit <= SECOND => u128::from(ticks) * u128::from(SECOND / unit),
            Resolution::Decimal(unit) => u128::from(ticks) * u128::from(SECOND) / u128::from(unit),
            Resolution::Binary(bits) => (u128::from(ticks) * u128::from(SECOND)) >> bits,
        };
        let nanoseconds = i128::try_from(nanoseconds).unwrap_or(i128::MAX);
        let shifted = nanoseconds.saturating_add(i128::from(self.offset) * i128::from(SECOND));
        Time(u64::try_from(shifted.max(0)).unwrap_or(u64::MAX))
    }
}

/// Why a block's body cannot be read.
enum Fault {
    Short,
    NoInterface(u32),
}

impl From<Short> for Fault {
    fn from(_: Short) -> Fault {
        Fault::Short
    }
}
