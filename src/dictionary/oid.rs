//! The numbers of an attribute, outermost first: `26.9.1`.
//!
//! A small value without a heap, that can be printed, parsed and turned into a key. Knows no names.

use std::fmt;
use std::str::FromStr;

use super::key::Key;

/// A path of numbers, at most [`Oid::DEPTH`] of them; empty is the top of the tree.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Oid {
    parts: [u32; Oid::DEPTH],
    len: u8,
}

/// Why a text is no [`Oid`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OidError {
    /// A part is empty or no number, or does not fit 32 bits; which one, counted from 0.
    BadPart(usize),
    /// More than [`Oid::DEPTH`] parts.
    TooDeep,
}

impl Oid {
    /// The deepest path: an EVS header (three) and nine levels of TLV are more than any packet can hold usefully.
    pub const DEPTH: usize = 12;
    /// The top of the tree.
    pub const ROOT: Oid = Oid {
        parts: [0; Oid::DEPTH],
        len: 0,
    };

    /// The path with these parts; `None` when there are more than [`Oid::DEPTH`].
    pub fn new(parts: &[u32]) -> Option<Oid> {
        let mut oid = Oid::ROOT;
        oid.parts.get_mut(..parts.len())?.copy_from_slice(parts);
        oid.len = parts.len() as u8;
        Some(oid)
    }

    /// The numbers, outermost first.
    pub fn parts(&self) -> &[u32] {
        &self.parts[..usize::from(self.len)]
    }

    /// This path and one more number; `None` when it is as deep as it can be.
    pub fn child(mut self, number: u32) -> Option<Oid> {
        *self.parts.get_mut(usize::from(self.len))? = number;
        self.len += 1;
        Some(self)
    }

    /// The path without its last number; `None` at the top.
    pub fn parent(mut self) -> Option<Oid> {
        self.len = self.len.checked_sub(1)?;
        self.parts[usize::from(self.len)] = 0;
        Some(self)
    }

    /// The last number.
    pub fn last(&self) -> Option<u32> {
        self.parts().last().copied()
    }

    /// How many numbers.
    pub fn len(&self) -> usize {
        usize::from(self.len)
    }

    /// Whether this is the top of the tree.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The key of the entry at this path.
    pub fn key(&self) -> Key {
        self.parts()
            .iter()
            .fold(Key::ROOT, |key, number| key.child(*number))
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, part) in self.parts().iter().enumerate() {
            if at > 0 {
                f.write_str(".")?;
            }
            write!(f, "{part}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Oid({self})")
    }
}

impl FromStr for Oid {
    type Err = OidError;

    /// Decimal numbers parted by dots; no sign, no blank, no leading dot.
    fn from_str(text: &str) -> Result<Oid, OidError> {
        let mut oid = Oid::ROOT;
        for (at, part) in text.split('.').enumerate() {
            let number = decimal(part).ok_or(OidError::BadPart(at))?;
            oid = oid.child(number).ok_or(OidError::TooDeep)?;
        }
        Ok(oid)
    }
}

/// An unsigned decimal number; `str::parse` would also take a plus sign.
pub(crate) fn decimal(text: &str) -> Option<u32> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        text.parse().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_prints_as_it_was_read() {
        for text in ["1", "26.9.1", "241.26.4294967295.0", "1.2.3.4.5.6.7.8.9.10.11.12"] {
            assert_eq!(text.parse::<Oid>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_path_is_refused_with_its_part() {
        assert_eq!("".parse::<Oid>(), Err(OidError::BadPart(0)));
        assert_eq!("26..1".parse::<Oid>(), Err(OidError::BadPart(1)));
        assert_eq!("26.+9".parse::<Oid>(), Err(OidError::BadPart(1)));
        assert_eq!("26.9.4294967296".parse::<Oid>(), Err(OidError::BadPart(2)));
        assert_eq!(
            "1.2.3.4.5.6.7.8.9.10.11.12.13".parse::<Oid>(),
            Err(OidError::TooDeep)
        );
    }

    #[test]
    fn parent_undoes_child() {
        let oid: Oid = "26.9".parse().unwrap();
        assert_eq!(oid.child(1).unwrap().parent(), Some(oid));
        assert_eq!(Oid::ROOT.parent(), None);
        assert_eq!(oid.key(), Key::VENDORS.child(9));
    }
}
