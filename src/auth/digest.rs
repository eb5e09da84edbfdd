//! The one file of this layer that names hash and cipher crates. MD4, DES and RC4 are here because MS-CHAP is made
//! of them, not because anybody should use them.

use des::Des;
use des::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit as _};
use hmac::{Hmac, Mac};
use md4::Md4;
use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq;

fn hash<D: Digest>(parts: &[&[u8]]) -> sha1::digest::Output<D> {
    let mut hash = D::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize()
}

/// MD4 of the parts, one after the other.
pub(super) fn md4(parts: &[&[u8]]) -> [u8; 16] {
    hash::<Md4>(parts).into()
}

/// MD5 of the parts, one after the other.
pub(super) fn md5(parts: &[&[u8]]) -> [u8; 16] {
    hash::<Md5>(parts).into()
}

/// SHA-1 of the parts, one after the other.
pub(super) fn sha1(parts: &[&[u8]]) -> [u8; 20] {
    hash::<Sha1>(parts).into()
}

/// SHA-256 of the parts, one after the other.
pub(super) fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    hash::<Sha256>(parts).into()
}

/// SHA-224 of the parts, one after the other.
pub(super) fn sha224(parts: &[&[u8]]) -> [u8; 28] {
    hash::<Sha224>(parts).into()
}

/// SHA-384 of the parts, one after the other.
pub(super) fn sha384(parts: &[&[u8]]) -> [u8; 48] {
    hash::<Sha384>(parts).into()
}

/// SHA-512 of the parts, one after the other.
pub(super) fn sha512(parts: &[&[u8]]) -> [u8; 64] {
    hash::<Sha512>(parts).into()
}

/// HMAC-SHA-1 of the parts under a key of any length (RFC 2104).
pub(super) fn hmac_sha1(key: &[u8], parts: &[&[u8]]) -> [u8; 20] {
    let mut hmac = Hmac::<Sha1>::new_from_slice(key).expect("HMAC takes a key of any length");
    parts.iter().for_each(|part| hmac.update(part));
    hmac.finalize().into_bytes().into()
}

/// HMAC-SHA-256 of the parts under a key of any length (RFC 2104).
pub(super) fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut hmac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    parts.iter().for_each(|part| hmac.update(part));
    hmac.finalize().into_bytes().into()
}

/// DES of one block under 56 bits of key (RFC 2759 §8.6).
pub(super) fn des_encrypt(key: &[u8; 7], block: &[u8; 8]) -> [u8; 8] {
    let mut octets = (*block).into();
    Des::new(&spread(key).into()).encrypt_block(&mut octets);
    octets.into()
}

/// The inverse of [`des_encrypt`].
pub(super) fn des_decrypt(key: &[u8; 7], block: &[u8; 8]) -> [u8; 8] {
    let mut octets = (*block).into();
    Des::new(&spread(key).into()).decrypt_block(&mut octets);
    octets.into()
}

/// 56 bits of key as DES takes them: seven bits an octet, with odd parity in the last, which DES ignores.
pub(super) fn spread(key: &[u8; 7]) -> [u8; 8] {
    let mut bits = key
        .iter()
        .fold(0_u64, |bits, octet| bits << 8 | u64::from(*octet));
    let mut octets = [0_u8; 8];
    for octet in octets.iter_mut().rev() {
        let seven = ((bits & 0x7f) as u8) << 1;
        *octet = seven | u8::from(seven.count_ones().is_multiple_of(2));
        bits >>= 7;
    }
    octets
}

/// RC4 over the octets in place; the same again undoes it. An empty key changes nothing.
pub(super) fn rc4(key: &[u8], octets: &mut [u8]) {
    if key.is_empty() {
        return;
    }
    let mut state: [u8; 256] = std::array::from_fn(|index| index as u8);
    let mut j = 0_u8;
    for (i, key) in (0..=255_u8).zip(key.iter().cycle()) {
        j = j.wrapping_add(state[usize::from(i)]).wrapping_add(*key);
        state.swap(usize::from(i), usize::from(j));
    }
    let (mut i, mut j) = (0_u8, 0_u8);
    for octet in octets {
        i = i.wrapping_add(1);
        j = j.wrapping_add(state[usize::from(i)]);
        state.swap(usize::from(i), usize::from(j));
        let at = state[usize::from(i)].wrapping_add(state[usize::from(j)]);
        *octet ^= state[usize::from(at)];
    }
}

/// Whether two strings of octets are equal, in a time that does not tell where they differ.
pub(super) fn equal(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::hex;

    #[test]
    fn rc4_gives_the_octets_of_rfc_3079() {
        // §3.5: session keys of 40, 56 and 128 bits over "test message".
        for (key, cipher) in [
            ("d1269ec49fa62e3e", "929137917e5803d668d75898"),
            // The RFC prints the last octet as 58; the erratum has b8.
            ("d15c00c49fa62e3e", "3f106833fa448da842bc57b8"),
            ("405cb2247a7956e6e211007ae27b22d4", "81848317df68846272fb5abe"),
        ] {
            let mut octets = b"test message".to_vec();
            rc4(&hex::decode(key).unwrap(), &mut octets);
            assert_eq!(hex::encode(&octets), cipher);
        }
    }

    #[test]
    fn a_des_key_is_spread_with_odd_parity() {
        // RFC 2759 §9.3, password MyPw: octets 0..7 and 7..14 of its NT hash.
        assert_eq!(
            hex::encode(&spread(&[0xfc, 0x15, 0x6a, 0xf7, 0xed, 0xcd, 0x6c])),
            "fd0b5b5e7f6e34d9"
        );
        assert_eq!(
            hex::encode(&spread(&[0x0e, 0xdd, 0xe3, 0x33, 0x7d, 0x42, 0x7f])),
            "0e6e796737ea08fe"
        );
    }

    #[test]
    fn what_des_encrypts_it_decrypts() {
        let key = [1, 2, 3, 4, 5, 6, 7];
        assert_eq!(des_decrypt(&key, &des_encrypt(&key, b"12345678")), *b"12345678");
    }
}
