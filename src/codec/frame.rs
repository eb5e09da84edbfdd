//! Packets on a byte stream: each begins where the one before ended, and only Length says where that is (RFC 6613
//! §2.6, RFC 6614 §2.4).

use super::HEADER_LENGTH;

/// Octets from a stream, on their way to become packets. Holds at most one packet and what came with its end.
#[derive(Debug)]
pub struct Frames {
    buffer: Vec<u8>,
    start: usize,
    max: usize,
}

/// A Length that no packet has: the border of the next packet is lost and the connection must be closed (RFC 6613
/// §2.6.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// Length is less than a header.
    LengthBelowHeader {
        /// What Length says.
        length: usize,
    },
    /// Length is more than was agreed on.
    LengthAboveMaximum {
        /// What Length says.
        length: usize,
        /// What is allowed.
        max: usize,
    },
}

impl Frames {
    /// A stream on which packets have at most `max` octets.
    pub fn new(max: usize) -> Frames {
        Frames {
            buffer: Vec::new(),
            start: 0,
            max,
        }
    }

    /// Takes octets as they came.
    pub fn push(&mut self, octets: &[u8]) {
        self.buffer.drain(..self.start);
        self.start = 0;
        self.buffer.extend_from_slice(octets);
    }

    /// The next whole packet, if it is there.
    pub fn next_packet(&mut self) -> Result<Option<&[u8]>, FrameError> {
        let waiting = self.buffer.get(self.start..).unwrap_or(&[]);
        let Some([_, _, high, low]) = waiting.first_chunk() else {
            return Ok(None);
        };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        if length < HEADER_LENGTH {
            return Err(FrameError::LengthBelowHeader { length });
        }
        if length > self.max {
            return Err(FrameError::LengthAboveMaximum {
                length,
                max: self.max,
            });
        }
        if waiting.len() < length {
            return Ok(None);
        }
        let start = self.start;
        self.start += length;
        Ok(self.buffer.get(start..self.start))
    }

    /// How many octets wait for the rest of their packet; not zero at the end of a stream means that a packet was
    /// cut.
    pub fn waiting(&self) -> usize {
        self.buffer.len() - self.start
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn packet(length: u16) -> Vec<u8> {
        let mut octets = vec![7; usize::from(length)];
        octets[2..4].copy_from_slice(&length.to_be_bytes());
        octets
    }

    proptest! {
        #[test]
        fn packets_come_out_whole_however_the_stream_is_cut(
            lengths in prop::collection::vec(20u16..300, 1..20),
            cuts in prop::collection::vec(1usize..100, 1..50),
        ) {
            let packets: Vec<Vec<u8>> = lengths.iter().map(|length| packet(*length)).collect();
            let stream = packets.concat();
            let (mut frames, mut found, mut rest) = (Frames::new(4096), Vec::new(), &stream[..]);
            for cut in cuts.iter().cycle() {
                let (now, later) = rest.split_at((*cut).min(rest.len()));
                frames.push(now);
                while let Some(packet) = frames.next_packet().unwrap() {
                    found.push(packet.to_vec());
                }
                rest = later;
                if rest.is_empty() { break }
            }
            prop_assert_eq!(found, packets);
            prop_assert_eq!(frames.waiting(), 0);
        }
    }

    #[test]
    fn a_length_that_no_packet_has_ends_the_stream() {
        let mut frames = Frames::new(4096);
        frames.push(&[1, 1, 0, 19, 0]);
        assert_eq!(
            frames.next_packet(),
            Err(FrameError::LengthBelowHeader { length: 19 })
        );
        let mut frames = Frames::new(4096);
        frames.push(&[1, 1, 0xff, 0xff]);
        assert_eq!(
            frames.next_packet(),
            Err(FrameError::LengthAboveMaximum {
                length: 65_535,
                max: 4096
            })
        );
    }
}
