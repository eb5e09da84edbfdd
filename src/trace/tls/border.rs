//! TLS records on a byte stream (RFC 5246 §6.2, RFC 8446 §5.1): where each begins and ends. Opens nothing.

/// Type, version, length.
pub(super) const HEADER: usize = 5;
/// The longest fragment, in octets: what TLS 1.2 lets a cipher add.
const MAX_FRAGMENT: usize = (1 << 14) + 2048;

/// The types of records.
pub(super) const CHANGE_CIPHER_SPEC: u8 = 20;
pub(super) const HANDSHAKE: u8 = 22;
pub(super) const APPLICATION_DATA: u8 = 23;

/// A whole record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record<'a> {
    pub(super) header: [u8; HEADER],
    pub(super) fragment: &'a [u8],
}

impl Record<'_> {
    pub(super) fn kind(&self) -> u8 {
        self.header[0]
    }
}

/// One direction of a connection, on its way to become records.
#[derive(Default)]
pub(super) struct Border {
    buffer: Vec<u8>,
    start: usize,
    /// How many octets belong to a record that lacks some.
    damaged: usize,
    /// The border of the next record is not known.
    lost: bool,
}

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next<'a> {
    Record(Record<'a>),
    /// No record begins where one should.
    NotTls,
    /// Its rest has not come yet.
    Wait,
}

/// Whether a record can begin so.
pub(in crate::trace) fn begins_a_record(octets: &[u8]) -> bool {
    match octets {
        [CHANGE_CIPHER_SPEC..=APPLICATION_DATA, 3, 0..=4, high, low, ..] => {
            (1..=MAX_FRAGMENT).contains(&usize::from(u16::from_be_bytes([*high, *low])))
        }
        _ => false,
    }
}

impl Border {
    /// Takes octets as they came.
    pub(super) fn push(&mut self, octets: &[u8]) {
        self.buffer.drain(..self.start.min(self.buffer.len()));
        self.start = 0;
        if self.lost {
            if !begins_a_record(octets) {
                return;
            }
            self.lost = false;
        }
        let rest = self.damaged.min(octets.len());
        self.damaged -= rest;
        self.buffer.extend_from_slice(octets.get(rest..).unwrap_or(&[]));
    }

    /// So many octets were not captured. How many records lack some or all of theirs: nothing where that is not known,
    /// and a record is looked for at the start of what comes next.
    pub(super) fn gap(&mut self, octets: u64) -> Option<u64> {
        let waiting = self.buffer.get(self.start..).unwrap_or(&[]);
        let whole = match waiting {
            [_, _, _, high, low, ..] => HEADER + usize::from(u16::from_be_bytes([*high, *low])),
            _ => 0,
        };
        let have = waiting.len() as u64;
        self.buffer.clear();
        self.start = 0;
        let left = (whole as u64).checked_sub(have + octets);
        match left.and_then(|left| usize::try_from(left).ok()) {
            Some(left) if !self.lost && self.damaged == 0 && whole > 0 => {
                self.damaged = left;
                Some(1)
            }
            _ => {
                self.damaged = 0;
                self.lost = true;
                None
            }
        }
    }

    pub(super) fn next(&mut self) -> Next<'_> {
        let waiting = self.buffer.get(self.start..).unwrap_or(&[]);
        if waiting.len() >= HEADER && !begins_a_record(waiting) {
            self.lost = true;
            self.start = self.buffer.len();
            return Next::NotTls;
        }
        let Some((header, rest)) = waiting.split_first_chunk::<HEADER>() else {
            return Next::Wait;
        };
        let length = usize::from(u16::from_be_bytes([header[3], header[4]]));
        match rest.get(..length) {
            Some(fragment) => {
                self.start += HEADER + length;
                Next::Record(Record {
                    header: *header,
                    fragment,
                })
            }
            None => Next::Wait,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(border: &mut Border) -> Vec<u8> {
        let mut kinds = Vec::new();
        while let Next::Record(record) = border.next() {
            kinds.push(record.kind());
        }
        kinds
    }

    #[test]
    fn records_come_out_whole_however_the_stream_is_cut() {
        let mut border = Border::default();
        border.push(&[22, 3, 1, 0]);
        assert_eq!(border.next(), Next::Wait);
        border.push(&[2, 7, 7, 23, 3, 3, 0, 1, 9, 20, 3]);
        assert_eq!(kinds(&mut border), [22, 23]);
        border.push(&[3, 0, 1, 1]);
        assert_eq!(kinds(&mut border), [20]);
    }

    #[test]
    fn a_gap_inside_of_one_record_costs_only_that() {
        let mut border = Border::default();
        border.push(&[23, 3, 3, 0, 9, 1, 2]);
        assert_eq!(border.gap(4), Some(1));
        border.push(&[7, 8, 9, 21, 3, 3, 0, 1, 1]);
        assert_eq!(kinds(&mut border), [21]);
    }

    #[test]
    fn after_a_longer_gap_a_record_is_looked_for() {
        let mut border = Border::default();
        border.push(&[23, 3, 3, 0, 9, 1, 2]);
        assert_eq!(border.gap(8), None);
        border.push(&[1, 2, 3]);
        border.push(&[23, 3, 3, 0, 1, 1]);
        assert_eq!(kinds(&mut border), [23]);
        border.push(&[1, 2, 3, 4, 5]);
        assert_eq!(border.next(), Next::NotTls);
    }
}
