//! The one file of this layer that names hash crates: MD5, HMAC-MD5, and comparison in constant time.

use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use subtle::ConstantTimeEq;

/// The hash states that depend on a secret alone. To start from them instead of from the secret saves a third of
/// every keyed digest.
pub(super) struct Keyed {
    hmac: Hmac<Md5>,
    prefix: Md5,
}

impl Keyed {
    pub(super) fn new(secret: &[u8]) -> Keyed {
        Keyed {
            hmac: Hmac::new_from_slice(secret).expect("HMAC takes a key of any length"),
            prefix: Md5::new_with_prefix(secret),
        }
    }

    /// HMAC-MD5 of the parts, keyed with the secret (RFC 2104).
    pub(super) fn hmac(&self, parts: &[&[u8]]) -> [u8; 16] {
        let mut hmac = self.hmac.clone();
        for part in parts {
            hmac.update(part);
        }
        hmac.finalize().into_bytes().into()
    }

    /// MD5 of the secret followed by the parts.
    pub(super) fn prefixed(&self, parts: &[&[u8]]) -> [u8; 16] {
        let mut hash = self.prefix.clone();
        for part in parts {
            hash.update(part);
        }
        hash.finalize().into()
    }
}

/// MD5 of the parts, one after the other.
pub(super) fn md5(parts: &[&[u8]]) -> [u8; 16] {
    let mut hash = Md5::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

/// Whether two strings of octets are equal, in a time that does not tell where they differ.
pub(super) fn equal(a: &[u8], b: &[u8]) -> bool {
    // Digests, nearly always: one comparison instead of sixteen.
    match (<[u8; 16]>::try_from(a), <[u8; 16]>::try_from(b)) {
        (Ok(a), Ok(b)) => u128::from_ne_bytes(a).ct_eq(&u128::from_ne_bytes(b)).into(),
        _ => a.ct_eq(b).into(),
    }
}
