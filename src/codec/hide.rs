//! What a shared secret hides: User-Password (RFC 2865 §5.2), the salted form of Tunnel-Password and the MS-MPPE
//! keys (RFC 2868 §3.5, RFC 2548 §2.4.2), Ascend's secrets, and the CHAP response (RFC 2865 §5.3).
//!
//! All of them need an authenticator: the packet's own in an Access-Request, the request's in a reply, and sixteen
//! zeros in packets whose authenticator is a digest over themselves.

use super::digest::md5;
use super::{Authenticator, Secret};

const BLOCK: usize = 16;

/// The longest password that User-Password holds, in octets (RFC 2865 §5.2).
pub const MAX_PASSWORD: usize = 128;
/// The longest data that the salted form holds, in octets: 240 of cipher text in an attribute of 253, less the
/// length octet.
pub const MAX_SALTED: usize = 239;

/// The data is longer than the hidden form can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// How many octets there are.
    pub length: usize,
    /// How many there may be.
    pub max: usize,
}

/// Why a hidden value cannot be opened, whatever the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevealError {
    /// The cipher text is empty or not made of whole blocks of 16 octets.
    NotBlocks {
        /// How many octets of cipher text there are.
        length: usize,
    },
    /// The salt is missing.
    NoSalt,
    /// The length octet inside says more than there is: the secret differs, or the value was cut.
    LengthInside {
        /// What the length octet says.
        length: usize,
        /// How many octets follow it.
        available: usize,
    },
}

/// Hides a password for User-Password: padded with zeros to whole blocks, at least one.
pub fn hide_password(
    password: &[u8],
    secret: &Secret,
    authenticator: &Authenticator,
) -> Result<Vec<u8>, TooLong> {
    if password.len() > MAX_PASSWORD {
        return Err(TooLong {
            length: password.len(),
            max: MAX_PASSWORD,
        });
    }
    let mut octets = password.to_vec();
    octets.resize(password.len().next_multiple_of(BLOCK).max(BLOCK), 0);
    encrypt(&mut octets, secret, &[authenticator]);
    Ok(octets)
}

/// Opens a User-Password; the zeros at its end are padding, so that a password cannot end in one.
pub fn reveal_password(
    hidden: &[u8],
    secret: &Secret,
    authenticator: &Authenticator,
) -> Result<Vec<u8>, RevealError> {
    let mut octets = decrypt(hidden, secret, &[authenticator])?;
    let length = octets
        .iter()
        .rposition(|octet| *octet != 0)
        .map_or(0, |last| last + 1);
    octets.truncate(length);
    Ok(octets)
}

/// Hides data behind a salt: salt, then length, data and zeros to whole blocks, encrypted. The salt's first bit is
/// set here, as RFC 2868 §3.5 wants; it must differ between the attributes of one packet.
pub fn hide_salted(
    data: &[u8],
    salt: u16,
    secret: &Secret,
    authenticator: &Authenticator,
) -> Result<Vec<u8>, TooLong> {
    let too_long = TooLong {
        length: data.len(),
        max: MAX_SALTED,
    };
    let length = u8::try_from(data.len())
        .ok()
        .filter(|_| data.len() <= MAX_SALTED)
        .ok_or(too_long)?;
    let salt = (salt | 0x8000).to_be_bytes();
    let mut cipher = Vec::with_capacity(data.len() + 1 + BLOCK);
    cipher.push(length);
    cipher.extend_from_slice(data);
    cipher.resize(cipher.len().next_multiple_of(BLOCK), 0);
    encrypt(&mut cipher, secret, &[authenticator, &salt]);
    let mut octets = salt.to_vec();
    octets.append(&mut cipher);
    Ok(octets)
}

/// Opens what [`hide_salted`] hid: salt and cipher text in, data out.
pub fn reveal_salted(
    hidden: &[u8],
    secret: &Secret,
    authenticator: &Authenticator,
) -> Result<Vec<u8>, RevealError> {
    let (salt, cipher) = hidden.split_first_chunk::<2>().ok_or(RevealError::NoSalt)?;
    let octets = decrypt(cipher, secret, &[authenticator, salt])?;
    let (length, data) = octets.split_first().ok_or(RevealError::NotBlocks { length: 0 })?;
    let length = usize::from(*length);
    data.get(..length)
        .map(<[u8]>::to_vec)
        .ok_or(RevealError::LengthInside {
            length,
            available: data.len(),
        })
}

/// Hides what Ascend-Send-Secret and Ascend-Receive-Secret hold: one block, over MD5 of the authenticator and
/// then the secret, the other way round than everywhere else.
pub fn hide_ascend(data: &[u8], secret: &Secret, authenticator: &Authenticator) -> Result<[u8; 16], TooLong> {
    if data.len() > BLOCK {
        return Err(TooLong {
            length: data.len(),
            max: BLOCK,
        });
    }
    let mut octets = md5(&[authenticator, secret.expose()]);
    octets
        .iter_mut()
        .zip(data)
        .for_each(|(octet, plain)| *octet ^= plain);
    Ok(octets)
}

/// Opens what [`hide_ascend`] hid; the zeros at the end are padding.
pub fn reveal_ascend(
    hidden: &[u8],
    secret: &Secret,
    authenticator: &Authenticator,
) -> Result<Vec<u8>, RevealError> {
    let hidden: &[u8; BLOCK] = hidden
        .try_into()
        .map_err(|_| RevealError::NotBlocks { length: hidden.len() })?;
    let mut octets = md5(&[authenticator, secret.expose()]).to_vec();
    octets
        .iter_mut()
        .zip(hidden)
        .for_each(|(octet, cipher)| *octet ^= cipher);
    let length = octets
        .iter()
        .rposition(|octet| *octet != 0)
        .map_or(0, |last| last + 1);
    octets.truncate(length);
    Ok(octets)
}

/// The 16 octets that answer a CHAP challenge: MD5 of Identifier, password and challenge (RFC 1994 §4.1).
pub fn chap_response(identifier: u8, password: &Secret, challenge: &[u8]) -> [u8; 16] {
    md5(&[&[identifier], password.expose(), challenge])
}

/// Whether `response` answers the challenge; takes a time that does not depend on where it differs.
pub fn chap_check(identifier: u8, password: &Secret, challenge: &[u8], response: &[u8]) -> bool {
    super::digest::equal(&chap_response(identifier, password, challenge), response)
}

/// c₁ = p₁ ⊕ MD5(S first…), cᵢ = pᵢ ⊕ MD5(S cᵢ₋₁), in place; `octets` are whole blocks.
fn encrypt(octets: &mut [u8], secret: &Secret, first: &[&[u8]]) {
    let mut before: Option<[u8; BLOCK]> = None;
    for block in octets.chunks_exact_mut(BLOCK) {
        let pad = match &before {
            Some(cipher) => secret.keyed().prefixed(&[cipher]),
            None => secret.keyed().prefixed(first),
        };
        block.iter_mut().zip(pad).for_each(|(octet, pad)| *octet ^= pad);
        before = block.first_chunk().copied();
    }
}

fn decrypt(hidden: &[u8], secret: &Secret, first: &[&[u8]]) -> Result<Vec<u8>, RevealError> {
    if hidden.is_empty() || !hidden.len().is_multiple_of(BLOCK) {
        return Err(RevealError::NotBlocks { length: hidden.len() });
    }
    let mut octets = Vec::with_capacity(hidden.len());
    let mut before: Option<&[u8]> = None;
    for block in hidden.chunks_exact(BLOCK) {
        let pad = match before {
            Some(cipher) => secret.keyed().prefixed(&[cipher]),
            None => secret.keyed().prefixed(first),
        };
        octets.extend(block.iter().zip(pad).map(|(octet, pad)| octet ^ pad));
        before = Some(block);
    }
    Ok(octets)
}
