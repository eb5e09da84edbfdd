//! Octets that must not be seen: shared secrets and passwords.

use std::fmt;
use std::sync::OnceLock;

use zeroize::Zeroizing;

use super::digest::Keyed;

/// A shared secret or a password. Neither Debug nor any output prints it, and it is wiped when dropped.
pub struct Secret {
    octets: Zeroizing<Vec<u8>>,
    keyed: OnceLock<Box<Keyed>>,
}

impl Secret {
    /// Takes the octets over.
    pub fn new(octets: impl Into<Vec<u8>>) -> Secret {
        Secret {
            octets: Zeroizing::new(octets.into()),
            keyed: OnceLock::new(),
        }
    }

    /// The octets themselves, for those who hash, hide or send them.
    pub fn expose(&self) -> &[u8] {
        &self.octets
    }

    /// How many octets it has.
    pub fn len(&self) -> usize {
        self.octets.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.octets.is_empty()
    }

    /// The hash states that depend on this secret alone, made once.
    pub(super) fn keyed(&self) -> &Keyed {
        self.keyed.get_or_init(|| Box::new(Keyed::new(&self.octets)))
    }
}

impl Clone for Secret {
    fn clone(&self) -> Secret {
        Secret::new(self.octets.to_vec())
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Secret) -> bool {
        super::digest::equal(&self.octets, &other.octets)
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<hidden>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_print() {
        assert_eq!(format!("{:?}", Secret::new("testing123")), "<hidden>");
    }
}
