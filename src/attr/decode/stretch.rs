//! Octets that know where in the packet they stand, even when they were joined from fragments or revealed.

use std::borrow::Cow;
use std::ops::Range;

/// A stretch of octets: `'a` when they lie in the packet and can be kept, else only `'b`.
#[derive(Clone, Copy)]
pub(super) struct Stretch<'a, 'b> {
    octets: &'b [u8],
    lasting: Option<&'a [u8]>,
    place: Place<'b>,
}

#[derive(Clone, Copy)]
enum Place<'b> {
    /// In one piece at this offset of the packet.
    At(usize),
    /// From this offset of the joined whole on.
    Joined(&'b [Segment], usize),
    /// Revealed by the secret: everything stands where the hidden value stands.
    Inside(usize, usize),
}

/// A fragment of a value that was joined.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    /// Where it begins in the joined whole.
    pub(super) from: usize,
    /// Where it begins in the packet.
    pub(super) at: usize,
}

impl<'a> Stretch<'a, 'a> {
    /// Octets of the packet that begin at offset `at` of it.
    pub(super) fn of(octets: &'a [u8], at: usize) -> Self {
        Stretch {
            octets,
            lasting: Some(octets),
            place: Place::At(at),
        }
    }
}

impl<'a, 'b> Stretch<'a, 'b> {
    /// Octets joined from `segments`.
    pub(super) fn joined(octets: &'b [u8], segments: &'b [Segment]) -> Self {
        Stretch {
            octets,
            lasting: None,
            place: Place::Joined(segments, 0),
        }
    }

    /// Octets that came out of a hidden value that stands at `span`.
    pub(super) fn revealed(octets: &'b [u8], span: &Range<usize>) -> Self {
        Stretch {
            octets,
            lasting: None,
            place: Place::Inside(span.start, span.end),
        }
    }

    pub(super) fn get(&self) -> &'b [u8] {
        self.octets
    }

    pub(super) fn len(&self) -> usize {
        self.octets.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.octets.is_empty()
    }

    /// The octets in a form that outlives the decoder: borrowed from the packet where that is possible.
    pub(super) fn keep(&self) -> Cow<'a, [u8]> {
        match self.lasting {
            Some(octets) => Cow::Borrowed(octets),
            None => Cow::Owned(self.octets.to_vec()),
        }
    }

    /// A part of it; what lies beyond the end is left out.
    pub(super) fn part(&self, range: Range<usize>) -> Stretch<'a, 'b> {
        let end = range.end.min(self.len());
        let range = range.start.min(end)..end;
        Stretch {
            octets: self.octets.get(range.clone()).unwrap_or(&[]),
            lasting: self
                .lasting
                .map(|octets| octets.get(range.clone()).unwrap_or(&[])),
            place: match self.place {
                Place::At(at) => Place::At(at + range.start),
                Place::Joined(segments, from) => Place::Joined(segments, from + range.start),
                inside => inside,
            },
        }
    }

    /// Everything from `start` on.
    pub(super) fn after(&self, start: usize) -> Stretch<'a, 'b> {
        self.part(start..self.len())
    }

    /// Where it stands in the packet; headers of fragments in between included.
    pub(super) fn span(&self) -> Range<usize> {
        match self.place {
            Place::At(at) => at..at + self.len(),
            Place::Inside(start, end) => start..end,
            Place::Joined(segments, from) => {
                let at = |offset: usize| {
                    segments
                        .iter()
                        .rev()
                        .find(|segment| segment.from <= offset)
                        .map_or(0, |segment| segment.at + offset - segment.from)
                };
                match self.len().checked_sub(1) {
                    Some(last) => at(from)..at(from + last) + 1,
                    None => at(from)..at(from),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_joined_value_knows_where_it_stands() {
        let segments = [Segment { from: 0, at: 24 }, Segment { from: 4, at: 33 }];
        let octets = [0, 1, 2, 3, 4, 5];
        let whole = Stretch::joined(&octets, &segments);
        assert_eq!(whole.span(), 24..35);
        assert_eq!(whole.part(2..5).span(), 26..34);
        assert_eq!(whole.after(4).span(), 33..35);
        assert_eq!(whole.after(4).get(), [4, 5]);
        assert_eq!(whole.part(3..99).get(), [3, 4, 5]);
    }
}
