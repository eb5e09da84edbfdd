//! The one place where offsets and bounds are counted while octets are read.

/// A cursor over octets that never reads beyond them and always knows its offset in the whole.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    octets: &'a [u8],
    offset: usize,
}

/// More octets were asked for than are left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Short {
    /// Where the read began, counted from the start of the whole.
    pub offset: usize,
    /// How many octets were needed.
    pub needed: usize,
    /// How many there were.
    pub left: usize,
}

/// Octets were left over where everything should have been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trailing {
    /// Where the left-over octets begin, counted from the start of the whole.
    pub offset: usize,
    /// How many there are.
    pub left: usize,
}

impl<'a> Reader<'a> {
    /// A reader over `octets`, which begin at `offset` of the whole.
    pub fn new(octets: &'a [u8], offset: usize) -> Self {
        Reader { octets, offset }
    }

    /// Where the next octet stands, counted from the start of the whole.
    #[inline]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// How many octets are left.
    #[inline]
    pub fn left(&self) -> usize {
        self.octets.len()
    }

    /// Whether everything has been read.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.octets.is_empty()
    }

    /// The next `count` octets.
    #[inline]
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Short> {
        match self.octets.split_at_checked(count) {
            Some((taken, rest)) => {
                self.octets = rest;
                self.offset += count;
                Ok(taken)
            }
            None => Err(Short {
                offset: self.offset,
                needed: count,
                left: self.left(),
            }),
        }
    }

    /// The next `N` octets as an array.
    #[inline]
    pub fn take_array<const N: usize>(&mut self) -> Result<&'a [u8; N], Short> {
        match self.octets.split_first_chunk::<N>() {
            Some((taken, rest)) => {
                self.octets = rest;
                self.offset += N;
                Ok(taken)
            }
            None => Err(Short {
                offset: self.offset,
                needed: N,
                left: self.left(),
            }),
        }
    }

    /// The next octet.
    #[inline]
    pub fn u8(&mut self) -> Result<u8, Short> {
        self.take_array::<1>().map(|[octet]| *octet)
    }

    /// The next two octets, a number in network order.
    #[inline]
    pub fn u16(&mut self) -> Result<u16, Short> {
        self.take_array().map(|octets| u16::from_be_bytes(*octets))
    }

    /// The next four octets, a number in network order.
    #[inline]
    pub fn u32(&mut self) -> Result<u32, Short> {
        self.take_array().map(|octets| u32::from_be_bytes(*octets))
    }

    /// A reader over just the next `count` octets.
    #[inline]
    pub fn sub(&mut self, count: usize) -> Result<Reader<'a>, Short> {
        let offset = self.offset;
        self.take(count).map(|octets| Reader { octets, offset })
    }

    /// All the octets that are left; the reader is empty afterwards.
    #[inline]
    pub fn rest(&mut self) -> &'a [u8] {
        let rest = self.octets;
        self.offset += rest.len();
        self.octets = &[];
        rest
    }

    /// Ends the reading: an error if anything is left.
    pub fn finish(self) -> Result<(), Trailing> {
        match self.left() {
            0 => Ok(()),
            left => Err(Trailing {
                offset: self.offset,
                left,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_beyond_the_end_says_where_and_how_much() {
        let mut reader = Reader::new(&[1, 2, 3], 20);
        assert_eq!(reader.u16(), Ok(0x0102));
        assert_eq!(
            reader.u32(),
            Err(Short {
                offset: 22,
                needed: 4,
                left: 1
            })
        );
        assert_eq!(reader.finish(), Err(Trailing { offset: 22, left: 1 }));
    }

    #[test]
    fn a_part_knows_its_offset_in_the_whole() {
        let mut reader = Reader::new(&[1, 2, 3, 4], 0);
        reader.u8().unwrap();
        let mut part = reader.sub(2).unwrap();
        assert_eq!((part.offset(), part.rest(), part.offset()), (1, &[2, 3][..], 3));
        assert_eq!((reader.offset(), reader.left()), (3, 1));
    }
}
