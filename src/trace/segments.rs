//! Puts a TCP stream together from its segments (RFC 9293 §3.10.7.4), one direction at a time.
//!
//! Segments may come in any order, twice, or overlapping; what the capture missed is a gap that is said and stepped
//! over. Knows no packet.

use std::collections::BTreeMap;

/// The most octets that wait for a hole to be filled.
const MAX_WAITING: usize = 256 * 1024;
/// The most segments that wait for a hole to be filled.
const MAX_SEGMENTS: usize = 64;

/// A TCP segment, as far as this needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Segment<'a> {
    pub(super) source: u16,
    pub(super) destination: u16,
    pub(super) sequence: u32,
    /// What it acknowledges, if it does.
    pub(super) acknowledges: Option<u32>,
    pub(super) begins: bool,
    pub(super) ends: bool,
    pub(super) resets: bool,
    pub(super) octets: &'a [u8],
    /// How many octets of its own the capture cut off.
    pub(super) missing: usize,
}

impl<'a> Segment<'a> {
    /// Reads the payload of an IP packet, of which `missing` octets were cut off.
    pub(super) fn read(payload: &'a [u8], missing: usize) -> Option<Segment<'a>> {
        let [s0, s1, d0, d1, q0, q1, q2, q3, a0, a1, a2, a3, offset, flags, ..] =
            *payload.first_chunk::<20>()?;
        let header = usize::from(offset >> 4) * 4;
        if header < 20 {
            return None;
        }
        // A header that was cut leaves no octets; how many it had is not known then.
        let octets = payload.get(header..).unwrap_or(&[]);
        Some(Segment {
            source: u16::from_be_bytes([s0, s1]),
            destination: u16::from_be_bytes([d0, d1]),
            sequence: u32::from_be_bytes([q0, q1, q2, q3]),
            acknowledges: (flags & 0x10 != 0).then(|| u32::from_be_bytes([a0, a1, a2, a3])),
            ends: flags & 1 != 0,
            begins: flags & 2 != 0,
            resets: flags & 4 != 0,
            octets,
            missing,
        })
    }
}

/// One direction of a connection.
#[derive(Debug, Default)]
pub(super) struct Segments {
    /// The sequence number that comes next; unknown until the first segment.
    next: Option<u32>,
    /// Segments behind a hole, by their distance from `next` when `base` was it.
    waiting: BTreeMap<u64, Vec<u8>>,
    /// How many octets have passed, counted from the first: sequence numbers wrap, this does not.
    passed: u64,
    octets: usize,
}

/// A piece of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// The octets that come next.
    Octets(&'a [u8]),
    /// So many octets were not captured.
    Gap(u64),
}

impl Segments {
    /// Takes a segment and hands on what can be read now.
    pub(super) fn put(&mut self, segment: &Segment<'_>, take: &mut dyn FnMut(Piece<'_>)) {
        // SYN counts as one octet of the sequence (RFC 9293 §3.4).
        let sequence = segment.sequence.wrapping_add(u32::from(segment.begins));
        if segment.begins || self.next.is_none() {
            *self = Segments {
                next: Some(sequence),
                ..Segments::default()
            };
        }
        let Some(next) = self.next else { return };
        let distance = i64::from(sequence.wrapping_sub(next).cast_signed());
        let (octets, at) = match u64::try_from(distance) {
            Ok(ahead) => (segment.octets, self.passed + ahead),
            Err(_) => {
                // It begins before what has been read: only what is new counts.
                let known = usize::try_from(distance.unsigned_abs()).unwrap_or(usize::MAX);
                (segment.octets.get(known..).unwrap_or(&[]), self.passed)
            }
        };
        if !octets.is_empty() {
            if at == self.passed {
                self.pass(octets, take);
            } else {
                self.wait(at, octets);
            }
        }
        if segment.missing > 0 && at <= self.passed {
            self.skip(segment.missing as u64, take);
        }
        self.drain(take);
        while self.octets > MAX_WAITING || self.waiting.len() > MAX_SEGMENTS {
            self.give_up(take);
        }
    }

    /// The other side has received everything before `sequence`: what is missing there will not come any more.
    pub(super) fn acknowledged(&mut self, sequence: u32, take: &mut dyn FnMut(Piece<'_>)) {
        let Some(next) = self.next else { return };
        let distance = i64::from(sequence.wrapping_sub(next).cast_signed());
        let Ok(ahead) = u64::try_from(distance) else {
            return;
        };
        while self
            .waiting
            .first_key_value()
            .is_some_and(|(at, _)| *at < self.passed + ahead)
        {
            self.give_up(take);
        }
    }

    /// Hands on everything that waits: nothing more comes.
    pub(super) fn finish(&mut self, take: &mut dyn FnMut(Piece<'_>)) {
        while !self.waiting.is_empty() {
            self.give_up(take);
        }
    }

    fn pass(&mut self, octets: &[u8], take: &mut dyn FnMut(Piece<'_>)) {
        take(Piece::Octets(octets));
        self.advance(octets.len() as u64);
    }

    fn skip(&mut self, octets: u64, take: &mut dyn FnMut(Piece<'_>)) {
        take(Piece::Gap(octets));
        self.advance(octets);
    }

    fn advance(&mut self, octets: u64) {
        self.passed += octets;
        // The lower half is what a sequence number holds.
        let step = u32::try_from(octets & 0xffff_ffff).unwrap_or(0);
        self.next = self.next.map(|next| next.wrapping_add(step));
    }

    fn wait(&mut self, at: u64, octets: &[u8]) {
        let longer = self
            .waiting
            .get(&at)
            .is_none_or(|waiting| waiting.len() < octets.len());
        if longer {
            self.octets += octets.len();
            if let Some(replaced) = self.waiting.insert(at, octets.to_vec()) {
                self.octets -= replaced.len();
            }
        }
    }

    /// Hands on what waited and has no hole before it any more.
    fn drain(&mut self, take: &mut dyn FnMut(Piece<'_>)) {
        while let Some(entry) = self.waiting.first_entry() {
            if *entry.key() > self.passed {
                return;
            }
            let (at, octets) = entry.remove_entry();
            self.octets -= octets.len();
            let known = usize::try_from(self.passed - at).unwrap_or(usize::MAX);
            if let Some(new) = octets.get(known..).filter(|new| !new.is_empty()) {
                self.pass(new, take);
            }
        }
    }

    /// Steps over the first hole.
    fn give_up(&mut self, take: &mut dyn FnMut(Piece<'_>)) {
        if let Some((at, _)) = self.waiting.first_key_value() {
            let hole = at.saturating_sub(self.passed);
            if hole > 0 {
                self.skip(hole, take);
            }
            self.drain(take);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn segment(sequence: u32, octets: &[u8]) -> Segment<'_> {
        Segment {
            source: 1,
            destination: 2,
            sequence,
            acknowledges: None,
            begins: false,
            ends: false,
            resets: false,
            octets,
            missing: 0,
        }
    }

    fn collect(into: &mut Vec<String>) -> impl FnMut(Piece<'_>) {
        |piece| {
            into.push(match piece {
                Piece::Octets(octets) => String::from_utf8_lossy(octets).into_owned(),
                Piece::Gap(octets) => format!("<{octets}>"),
            });
        }
    }

    #[test]
    fn segments_are_read_in_order_however_they_come() {
        let (mut segments, mut found) = (Segments::default(), Vec::new());
        let start = u32::MAX - 3;
        for (at, octets) in [(0, "ab"), (4, "ef"), (2, "cd"), (0, "ab"), (3, "defgh"), (8, "i")] {
            segments.put(
                &segment(start.wrapping_add(at), octets.as_bytes()),
                &mut collect(&mut found),
            );
        }
        assert_eq!(found.concat(), "abcdefghi");
    }

    #[test]
    fn a_hole_that_was_acknowledged_is_a_gap() {
        let (mut segments, mut found) = (Segments::default(), Vec::new());
        segments.put(&segment(100, b"ab"), &mut collect(&mut found));
        segments.put(&segment(105, b"fg"), &mut collect(&mut found));
        segments.acknowledged(102, &mut collect(&mut found));
        assert_eq!(found, ["ab"]);
        segments.acknowledged(107, &mut collect(&mut found));
        assert_eq!(found, ["ab", "<3>", "fg"]);
        segments.put(&segment(110, b"k"), &mut collect(&mut found));
        segments.finish(&mut collect(&mut found));
        assert_eq!(found, ["ab", "<3>", "fg", "<3>", "k"]);
    }

    #[test]
    fn what_the_capture_cut_off_is_a_gap() {
        let (mut segments, mut found) = (Segments::default(), Vec::new());
        let cut = Segment {
            missing: 4,
            ..segment(100, b"ab")
        };
        segments.put(&cut, &mut collect(&mut found));
        segments.put(&segment(106, b"g"), &mut collect(&mut found));
        assert_eq!(found, ["ab", "<4>", "g"]);
    }

    proptest! {
        #[test]
        fn any_order_gives_the_same_stream(
            cuts in prop::collection::vec(1usize..20, 1..30),
            start: u32,
            order in prop::collection::vec(any::<prop::sample::Index>(), 0..60),
        ) {
            let whole: Vec<u8> = (0..cuts.iter().sum::<usize>()).map(|at| at as u8).collect();
            let mut parts = Vec::new();
            let mut at = 0;
            for cut in &cuts {
                parts.push((at, &whole[at..at + cut]));
                at += cut;
            }
            let mut segments = Segments { next: Some(start), ..Segments::default() };
            let mut read = Vec::new();
            let mut take = |piece: Piece<'_>| match piece {
                Piece::Octets(octets) => read.extend_from_slice(octets),
                Piece::Gap(_) => panic!("no gap here"),
            };
            // Any of them in any order and repeatedly, then all in order: those before may not hurt.
            let few: Vec<_> = order.iter().map(|index| *index.get(&parts)).collect();
            for (at, octets) in few.iter().chain(&parts) {
                segments.put(&segment(start.wrapping_add(*at as u32), octets), &mut take);
            }
            prop_assert_eq!(read, whole);
        }

        #[test]
        fn no_segment_makes_it_panic(
            segments in prop::collection::vec((any::<u32>(), prop::collection::vec(any::<u8>(), 0..40), any::<Option<u32>>()), 0..40),
        ) {
            let mut stream = Segments::default();
            for (sequence, octets, acknowledged) in &segments {
                stream.put(&segment(*sequence, octets), &mut |_| {});
                if let Some(sequence) = acknowledged { stream.acknowledged(*sequence, &mut |_| {}) }
            }
            stream.finish(&mut |_| {});
        }
    }
}
