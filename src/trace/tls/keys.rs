//! Keys of TLS records: how they follow from logged secrets in TLS 1.2 (RFC 5246 §6.3, §8.1) and TLS 1.3 (RFC 8446
//! §7.3), and how a record is opened with them. AEAD cipher suites only.

use ring::{aead, hkdf, hmac};

use super::border::Record;

/// A cipher suite, by its number (IANA's TLS Cipher Suites).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suite(pub u16);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Cipher {
    Aes128Gcm,
    Aes256Gcm,
    ChaCha20Poly1305,
}

impl Suite {
    /// Its cipher, if it is one that is opened here.
    fn cipher(self) -> Option<Cipher> {
        Some(match self.0 {
            // TLS 1.3 (RFC 8446 §B.4).
            0x1301 => Cipher::Aes128Gcm,
            0x1302 => Cipher::Aes256Gcm,
            0x1303 => Cipher::ChaCha20Poly1305,
            // TLS 1.2: RFC 5288, RFC 5289, RFC 5487, RFC 8442; an even number is AES-128, the odd one after it AES-256.
            0x009c..=0x00ad | 0xc02b..=0xc032 | 0xd001 | 0xd002 => match (self.0 >> 8, self.0 & 1) {
                (0xc0, 1) | (0xd0, 1) | (0x00, 0) => Cipher::Aes128Gcm,
                _ => Cipher::Aes256Gcm,
            },
            // RFC 7905.
            0xcca8..=0xccae => Cipher::ChaCha20Poly1305,
            _ => return None,
        })
    }

    /// Whether its records can be opened.
    pub(super) fn is_known(self) -> bool {
        self.cipher().is_some()
    }

    fn has_sha384(self) -> bool {
        self.cipher() == Some(Cipher::Aes256Gcm)
    }
}

/// What opens the records of one direction.
pub(super) struct Keys {
    key: aead::LessSafeKey,
    nonce: Nonce,
    /// Whether the type of a record is inside of it (TLS 1.3).
    inner_type: bool,
}

/// How the nonce of a record is made.
enum Nonce {
    /// Four octets that are fixed, eight that begin the record (RFC 5288 §3).
    Explicit([u8; 4]),
    /// Twelve octets, the last eight mixed with the sequence number (RFC 7905 §2, RFC 8446 §5.3).
    Counted([u8; 12]),
}

/// The length of an AEAD tag, in octets.
const TAG: usize = 16;

impl Cipher {
    fn key(self, octets: &[u8]) -> Option<aead::LessSafeKey> {
        let key = aead::UnboundKey::new(self.algorithm(), octets).ok()?;
        Some(aead::LessSafeKey::new(key))
    }

    fn algorithm(self) -> &'static aead::Algorithm {
        match self {
            Cipher::Aes128Gcm => &aead::AES_128_GCM,
            Cipher::Aes256Gcm => &aead::AES_256_GCM,
            Cipher::ChaCha20Poly1305 => &aead::CHACHA20_POLY1305,
        }
    }
}

impl Keys {
    /// The keys of TLS 1.2 for what the client writes, and for what the server does.
    pub(super) fn of_master(
        suite: Suite,
        master: &[u8],
        client_random: &[u8],
        server_random: &[u8],
    ) -> Option<[Keys; 2]> {
        let cipher = suite.cipher()?;
        let length = cipher.algorithm().key_len();
        let fixed = match cipher {
            Cipher::ChaCha20Poly1305 => 12,
            _ => 4,
        };
        let seed = [b"key expansion", server_random, client_random].concat();
        let block = prf(suite, master, &seed, 2 * (length + fixed));
        let (keys, nonces) = block.split_at_checked(2 * length)?;
        let side = |which: usize| {
            let key = cipher.key(keys.chunks_exact(length).nth(which)?)?;
            let fixed = nonces.chunks_exact(fixed).nth(which)?;
            let nonce = match <[u8; 4]>::try_from(fixed) {
                Ok(salt) => Nonce::Explicit(salt),
                Err(_) => Nonce::Counted(fixed.try_into().ok()?),
            };
            Some(Keys {
                key,
                nonce,
                inner_type: false,
            })
        };
        Some([side(0)?, side(1)?])
    }

    /// The keys of TLS 1.3 that a traffic secret makes.
    pub(super) fn of_secret(suite: Suite, secret: &[u8]) -> Option<Keys> {
        let cipher = suite.cipher()?;
        let key = expand(suite, secret, b"key", cipher.algorithm().key_len())?;
        let nonce = expand(suite, secret, b"iv", 12)?;
        Some(Keys {
            key: cipher.key(&key)?,
            nonce: Nonce::Counted(nonce.try_into().ok()?),
            inner_type: true,
        })
    }

    /// Whether the type of a record is inside of it, as TLS 1.3 has it.
    pub(super) fn hide_the_type(&self) -> bool {
        self.inner_type
    }

    /// Opens a record: its real type and what it says. `None` where these keys do not fit, or not this sequence number.
    pub(super) fn open<'b>(
        &self,
        record: &Record<'_>,
        sequence: u64,
        buffer: &'b mut Vec<u8>,
    ) -> Option<(u8, &'b [u8])> {
        let (nonce, sealed) = match &self.nonce {
            Nonce::Explicit(salt) => {
                let (explicit, sealed) = record.fragment.split_at_checked(8)?;
                let mut nonce = [0; 12];
                nonce[..4].copy_from_slice(salt);
                nonce[4..].copy_from_slice(explicit);
                (nonce, sealed)
            }
            Nonce::Counted(fixed) => {
                let mut nonce = *fixed;
                for (octet, counter) in nonce[4..].iter_mut().zip(sequence.to_be_bytes()) {
                    *octet ^= counter;
                }
                (nonce, record.fragment)
            }
        };
        let length = u16::try_from(sealed.len().checked_sub(TAG)?).ok()?;
        let header = record.header;
        let mut counted = [0; 13];
        let known: &[u8] = if self.inner_type {
            &header
        } else {
            // The sequence number, then the header with the length of the plain text (RFC 5246 §6.2.3.3).
            counted[..8].copy_from_slice(&sequence.to_be_bytes());
            counted[8..11].copy_from_slice(&header[..3]);
            counted[11..].copy_from_slice(&length.to_be_bytes());
            &counted
        };
        buffer.clear();
        buffer.extend_from_slice(sealed);
        let nonce = aead::Nonce::assume_unique_for_key(nonce);
        let clear: &[u8] = self
            .key
            .open_in_place(nonce, aead::Aad::from(known), buffer)
            .ok()?;
        if !self.inner_type {
            return Some((header[0], clear));
        }
        // Zeros pad it, and before them stands its type (RFC 8446 §5.2).
        let end = clear.iter().rposition(|octet| *octet != 0)?;
        Some((*clear.get(end)?, clear.get(..end)?))
    }
}

/// The traffic secret that comes after this one (RFC 8446 §7.2).
pub(super) fn updated(suite: Suite, secret: &[u8]) -> Option<Vec<u8>> {
    expand(suite, secret, b"traffic upd", secret.len())
}

/// P_hash of TLS 1.2 (RFC 5246 §5), with SHA-384 where the suite says so.
fn prf(suite: Suite, secret: &[u8], seed: &[u8], length: usize) -> Vec<u8> {
    let algorithm = match suite.has_sha384() {
        true => hmac::HMAC_SHA384,
        false => hmac::HMAC_SHA256,
    };
    let key = hmac::Key::new(algorithm, secret);
    let mut block = Vec::new();
    let mut a = hmac::sign(&key, seed);
    while block.len() < length {
        let mut context = hmac::Context::with_key(&key);
        context.update(a.as_ref());
        context.update(seed);
        block.extend_from_slice(context.sign().as_ref());
        a = hmac::sign(&key, a.as_ref());
    }
    block.truncate(length);
    block
}

/// HKDF-Expand-Label without a context (RFC 8446 §7.1).
fn expand(suite: Suite, secret: &[u8], label: &[u8], length: usize) -> Option<Vec<u8>> {
    struct Length(usize);
    impl hkdf::KeyType for Length {
        fn len(&self) -> usize {
            self.0
        }
    }
    let algorithm = match suite.has_sha384() {
        true => hkdf::HKDF_SHA384,
        false => hkdf::HKDF_SHA256,
    };
    let whole = u16::try_from(length).ok()?.to_be_bytes();
    let name = [b"tls13 ", label].concat();
    let info = [&whole[..], &[u8::try_from(name.len()).ok()?], &name, &[0]];
    let secret = hkdf::Prk::new_less_safe(algorithm, secret);
    let mut octets = vec![0; length];
    secret
        .expand(&info, Length(length))
        .and_then(|made| made.fill(&mut octets))
        .ok()?;
    Some(octets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::hex;

    /// RFC 8448 §3: the server's handshake traffic secret, and the key and IV that follow from it.
    #[test]
    fn keys_follow_from_a_traffic_secret() {
        let secret = hex::decode("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38").unwrap();
        let suite = Suite(0x1301);
        let key = expand(suite, &secret, b"key", 16).unwrap();
        assert_eq!(hex::encode(&key), "3fce516009c21727d0f2e4e86ee403bc");
        let nonce = expand(suite, &secret, b"iv", 12).unwrap();
        assert_eq!(hex::encode(&nonce), "5d313eb2671276ee13000b30");
    }

    #[test]
    fn suites_have_the_ciphers_that_their_names_say() {
        let cipher = |suite| Suite(suite).cipher();
        for (suite, bits) in [
            (0x009c, 128),
            (0x009d, 256),
            (0x00a8, 128),
            (0x00a9, 256),
            (0xc02b, 128),
            (0xc02c, 256),
            (0xc02f, 128),
            (0xc030, 256),
            (0xd001, 128),
            (0xd002, 256),
        ] {
            let wanted = match bits {
                128 => Cipher::Aes128Gcm,
                _ => Cipher::Aes256Gcm,
            };
            assert!(cipher(suite) == Some(wanted), "{suite:04x}");
        }
        assert!(cipher(0xcca9) == Some(Cipher::ChaCha20Poly1305));
        // CBC is not read.
        assert!(!Suite(0xc013).is_known());
    }
}
