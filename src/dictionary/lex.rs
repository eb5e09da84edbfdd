//! A line's words, and numbers. Knows no keyword.

use super::oid::Oid;

/// The most words of a line that are looked at; no line has more than seven that mean something.
pub(crate) const WORDS: usize = 8;

/// The words of one line, as stretches of it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Words {
    spans: [(u32, u32); WORDS],
    count: usize,
}

/// Where a word stands in its line, in octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) len: u32,
}

/// What an octet does to a word.
const PART: u8 = 0;
const BLANK: u8 = 1;
const END: u8 = 2;

/// Blanks part words; a line's end and `#`, which starts a comment anywhere, end the last one.
const CLASSES: [u8; 256] = {
    let mut classes = [PART; 256];
    classes[b' ' as usize] = BLANK;
    classes[b'\t' as usize] = BLANK;
    classes[b'\r' as usize] = BLANK;
    classes[0x0b] = BLANK;
    classes[0x0c] = BLANK;
    classes[b'\n' as usize] = END;
    classes[b'#' as usize] = END;
    classes
};

/// The lines of a text that have words.
pub(crate) struct Lines<'t> {
    rest: &'t str,
    number: u32,
}

impl<'t> Lines<'t> {
    pub(crate) fn of(text: &'t str) -> Lines<'t> {
        Lines {
            rest: text,
            number: 0,
        }
    }

    /// The next line with words: itself, without its end, its words, and its number from 1.
    pub(crate) fn next_line(&mut self) -> Option<(&'t str, Words, u32)> {
        while !self.rest.is_empty() {
            self.number += 1;
            let (words, seen) = Words::start_of(self.rest);
            // After the words there is a comment at most.
            let end = match self.rest.as_bytes().get(seen) {
                Some(b'#') => self.rest[seen..]
                    .find('\n')
                    .map_or(self.rest.len(), |more| seen + more),
                _ => seen,
            };
            let line = &self.rest[..end];
            self.rest = self.rest.get(end + 1..).unwrap_or_default();
            if words.count > 0 {
                return Some((line, words, self.number));
            }
        }
        None
    }
}

impl Words {
    /// The words of one line: runs of octets between blanks, up to `#`.
    pub(crate) fn of(line: &str) -> Words {
        Words::start_of(line).0
    }

    /// The words before the first line's end or `#`, and where that is.
    fn start_of(text: &str) -> (Words, usize) {
        let octets = text.as_bytes();
        let class = |at: usize| octets.get(at).map_or(END, |octet| CLASSES[usize::from(*octet)]);
        let mut words = Words::default();
        let mut at = 0;
        loop {
            while class(at) == BLANK {
                at += 1;
            }
            if class(at) == END {
                return (words, at);
            }
            let start = at;
            while class(at) == PART {
                at += 1;
            }
            if let Some(span) = words.spans.get_mut(words.count) {
                *span = (start as u32, at as u32);
            }
            words.count += 1;
        }
    }

    /// How many words, of which [`WORDS`] can be had.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// Word `index` of `line`.
    pub(crate) fn get<'l>(&self, line: &'l str, index: usize) -> Option<&'l str> {
        if index >= self.count {
            return None;
        }
        let (start, end) = *self.spans.get(index)?;
        line.get(start as usize..end as usize)
    }

    /// Where word `index` stands; after the last word when there is none.
    pub(crate) fn span(&self, index: usize) -> Span {
        let known = self.count.min(WORDS);
        match self.spans.get(index).filter(|_| index < known) {
            Some((start, end)) => Span {
                start: *start,
                len: end - start,
            },
            None => {
                let end = known.checked_sub(1).map_or(0, |last| self.spans[last].1);
                Span { start: end, len: 0 }
            }
        }
    }
}

/// A number, decimal or hexadecimal after `0x`.
pub(crate) fn number(word: &str) -> Option<u64> {
    let octets = word.as_bytes();
    let (digits, base) = match octets {
        [b'0', b'x' | b'X', digits @ ..] => (digits, 16),
        digits => (digits, 10),
    };
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |sum, octet| {
        let digit = u64::from(char::from(*octet).to_digit(base)?);
        sum.checked_mul(u64::from(base))?.checked_add(digit)
    })
}

/// A number that fits 32 bits.
pub(crate) fn number32(word: &str) -> Option<u32> {
    number(word).and_then(|number| u32::try_from(number).ok())
}

/// Numbers parted by dots.
pub(crate) fn path(word: &str) -> Option<Oid> {
    word.split('.')
        .try_fold(Oid::ROOT, |oid, part| oid.child(number32(part)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_between_blanks_and_before_a_hash() {
        let line = "\tATTRIBUTE  User-Name\t1 string # it's a name";
        let words = Words::of(line);
        assert_eq!(words.len(), 4);
        assert_eq!(words.get(line, 1), Some("User-Name"));
        assert_eq!(words.span(1), Span { start: 12, len: 9 });
        assert_eq!(words.get(line, 4), None);
        assert_eq!(words.span(4), Span { start: 30, len: 0 });
        assert_eq!(Words::of("# nothing").len(), 0);
        assert_eq!(
            Words::of("VALUE A B 1#comment\r").get("VALUE A B 1#comment\r", 3),
            Some("1")
        );
    }

    #[test]
    fn numbers_are_decimal_or_hexadecimal() {
        assert_eq!(number("0x1F"), Some(31));
        assert_eq!(number("010"), Some(10));
        assert_eq!(number("18446744073709551615"), Some(u64::MAX));
        for bad in ["", "0x", "1a", "18446744073709551616", "-1", "+1"] {
            assert_eq!(number(bad), None, "{bad}");
        }
        assert_eq!(path("26.0x9.1"), Oid::new(&[26, 9, 1]));
        assert_eq!(path("26..1"), None);
    }
}
