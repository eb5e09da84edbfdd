//! The classic capture format: a header, then records.
//!
//! ```text
//! magic 4   version 4   zone 4   accuracy 4   snaplen 4   link type 4
//! record: seconds 4   fraction 4   captured length 4   length 4   octets…
//! ```

use std::io::Read;

use super::window::Window;
use super::{CaptureError, CaptureErrorKind, Frame, MAX_RECORD, Time, io_error};
use crate::trace::layers::LinkType;

const MICROSECONDS: u32 = 0xa1b2_c3d4;
const NANOSECONDS: u32 = 0xa1b2_3c4d;
/// Alexey Kuznetzov's variant: records have eight octets more.
const EXTENDED: u32 = 0xa1b2_cd34;

/// What the file's header says.
pub(super) struct Header {
    little_endian: bool,
    /// Nanoseconds in one unit of a record's fraction.
    unit: u64,
    /// Octets of a record's header.
    record: usize,
    link: LinkType,
}

impl Header {
    pub(super) fn is_magic(magic: [u8; 4]) -> bool {
        let known = |magic| matches!(magic, MICROSECONDS | NANOSECONDS | EXTENDED);
        known(u32::from_le_bytes(magic)) || known(u32::from_be_bytes(magic))
    }

    /// Reads the header; `None` where this is no such file.
    pub(super) fn read<R: Read>(
        magic: [u8; 4],
        window: &mut Window<R>,
    ) -> Result<Option<Header>, CaptureError> {
        let little_endian = u32::from_le_bytes(magic) & 0xffff_0000 == MICROSECONDS & 0xffff_0000;
        let variant = number(little_endian, magic);
        let (unit, record) = match variant {
            MICROSECONDS => (1000, 16),
            NANOSECONDS => (1, 16),
            EXTENDED => (1000, 24),
            _ => return Ok(None),
        };
        let Some(header) = window.chunk::<24>().map_err(io_error(0))? else {
            return Err(CaptureError {
                offset: 0,
                kind: CaptureErrorKind::Cut,
            });
        };
        window.take(24, 0, 0);
        let [.., l0, l1, l2, l3] = header;
        Ok(Some(Header {
            little_endian,
            unit,
            record,
            // The upper bits say whether frames end in a checksum.
            link: LinkType(number(little_endian, [l0, l1, l2, l3]) & 0x0fff_ffff),
        }))
    }

    /// How many octets the next record has, as far as what is buffered tells.
    pub(super) fn next_length(&self, buffered: &[u8]) -> usize {
        let captured = match buffered {
            [_, _, _, _, _, _, _, _, c0, c1, c2, c3, ..] => {
                number(self.little_endian, [*c0, *c1, *c2, *c3]) as usize
            }
            _ => 0,
        };
        self.record + captured.min(MAX_RECORD)
    }

    pub(super) fn next_frame<'w, R: Read>(
        &self,
        window: &'w mut Window<R>,
    ) -> Result<Option<Frame<'w>>, CaptureError> {
        let offset = window.offset();
        let wrong = |kind| CaptureError { offset, kind };
        if !window.fill(self.record).map_err(io_error(offset))? {
            return match window.buffered().is_empty() {
                true => Ok(None),
                false => Err(wrong(CaptureErrorKind::Cut)),
            };
        }
        let Some(header) = window.buffered().first_chunk::<16>() else {
            return Err(wrong(CaptureErrorKind::Cut));
        };
        let [s0, s1, s2, s3, f0, f1, f2, f3, c0, c1, c2, c3, l0, l1, l2, l3] = *header;
        let number = |octets| number(self.little_endian, octets);
        let time = u64::from(number([s0, s1, s2, s3])) * 1_000_000_000
            + u64::from(number([f0, f1, f2, f3])) * self.unit;
        let captured = number([c0, c1, c2, c3]) as usize;
        let length = number([l0, l1, l2, l3]) as usize;
        if captured > MAX_RECORD {
            return Err(wrong(CaptureErrorKind::BadLength(captured as u64)));
        }
        let whole = window.fill(self.record + captured).map_err(io_error(offset))?;
        if !whole {
            // The last record of a cut file is given as far as it goes.
            window.note_cut(offset);
        }
        Ok(Some(Frame {
            time: Time(time),
            link: self.link,
            octets: window.take(self.record, captured, 0),
            length: length.max(captured),
        }))
    }
}

fn number(little_endian: bool, octets: [u8; 4]) -> u32 {
    if little_endian {
        u32::from_le_bytes(octets)
    } else {
        u32::from_be_bytes(octets)
    }
}
