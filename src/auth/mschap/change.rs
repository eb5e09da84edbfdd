//! A new password for one that has expired: MS-CHAP2-CPW (RFC 2759 §7, RFC 2548 §2.3.4) and MS-CHAP-CPW-2 (RFC 2433
//! §10, RFC 2548 §2.1.6), with the password itself in pieces of MS-CHAP-NT-Enc-PW (RFC 2548 §2.1.8).
//!
//! ```text
//!   block(516) = random octets, new password in UTF-16LE, its length(4, low octet first); RC4 under the old hash
//!   proof(16)  = old hash, DES under two keys of the new hash
//!   response   = the usual response, made with the new password
//! ```

use zeroize::Zeroizing;

use super::attributes::{LayoutError, ResponseV2};
use super::{CHALLENGE_V2, NotText, NtHash, RESPONSE, utf16};
use crate::auth::Dice;
use crate::auth::digest::{des_decrypt, des_encrypt, equal, rc4};
use crate::codec::{Reader, Secret};

/// Octets of the encrypted block.
pub const BLOCK: usize = 516;
/// Octets of it that hold padding and password.
const ROOM: usize = 512;
/// Octets of the block that one MS-CHAP-NT-Enc-PW carries: 253 less vendor, type and length (6), and its own four.
pub const PIECE: usize = 243;

const CODE_V1: u8 = 6;
const CODE_V2: u8 = 7;

/// Why a new password cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewPasswordError {
    /// It is not UTF-8.
    NotText(NotText),
    /// It does not fit into the block.
    TooLong {
        /// How many octets it has in UTF-16.
        length: usize,
        /// How many it may have.
        max: usize,
    },
}

/// The new password under the old one's hash (RFC 2759 §8.9).
pub fn encrypt_password(
    new: &Secret,
    old: &NtHash,
    dice: &mut dyn Dice,
) -> Result<Box<[u8; BLOCK]>, NewPasswordError> {
    let octets = utf16(new).map_err(NewPasswordError::NotText)?;
    let too_long = NewPasswordError::TooLong {
        length: octets.len(),
        max: ROOM,
    };
    let start = ROOM.checked_sub(octets.len()).ok_or(too_long)?;
    let mut block = Box::new([0; BLOCK]);
    let (room, length) = block.split_at_mut(ROOM);
    let (padding, password) = room.split_at_mut(start);
    dice.fill(padding);
    password.copy_from_slice(&octets);
    length.copy_from_slice(&u32::try_from(octets.len()).map_err(|_| too_long)?.to_le_bytes());
    rc4(old.expose(), block.as_mut_slice());
    Ok(block)
}

/// The new password out of a block, for a server; `None` when it does not open with this hash.
pub fn decrypt_password(block: &[u8; BLOCK], old: &NtHash) -> Option<Secret> {
    let mut plain = Zeroizing::new(*block);
    rc4(old.expose(), plain.as_mut_slice());
    let (room, length) = plain.split_first_chunk::<ROOM>()?;
    let length = usize::try_from(u32::from_le_bytes(length.try_into().ok()?)).ok()?;
    let password = room.get(ROOM.checked_sub(length)?..)?;
    let (units, rest) = password.as_chunks::<2>();
    let text: Result<String, _> =
        char::decode_utf16(units.iter().map(|unit| u16::from_le_bytes(*unit))).collect();
    rest.is_empty().then_some(Secret::new(text.ok()?))
}

/// The old hash under the new one (RFC 2759 §8.12, §8.13).
pub fn encrypt_hash(old: &NtHash, new: &NtHash) -> [u8; 16] {
    blocks(old.expose(), new, des_encrypt)
}

/// Whether `encrypted` is the old hash under the new one; for a server, once the block has been opened.
pub fn check_hash(encrypted: &[u8; 16], old: &NtHash, new: &NtHash) -> bool {
    equal(&blocks(encrypted, new, des_decrypt), old.expose())
}

fn blocks(octets: &[u8; 16], key: &NtHash, des: fn(&[u8; 7], &[u8; 8]) -> [u8; 8]) -> [u8; 16] {
    let keys = key.expose().as_chunks::<7>().0;
    let mut out = [0; 16];
    for ((to, from), key) in out
        .as_chunks_mut::<8>()
        .0
        .iter_mut()
        .zip(octets.as_chunks::<8>().0)
        .zip(keys)
    {
        *to = des(key, from);
    }
    out
}

/// MS-CHAP2-CPW, 68 octets (RFC 2548 §2.3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeV2 {
    /// [`encrypt_hash`] of the old password and the new.
    pub encrypted_hash: [u8; 16],
    /// The usual response, made with the new password; its Flags are not sent.
    pub response: ResponseV2,
}

impl ChangeV2 {
    /// The value.
    pub fn encode(&self) -> Vec<u8> {
        let mut octets = vec![CODE_V2, self.response.identifier];
        octets.extend(self.encrypted_hash);
        octets.extend(self.response.peer_challenge);
        octets.extend([0; 8]);
        octets.extend(self.response.nt);
        octets.extend([0; 2]);
        octets
    }

    /// Reads a value.
    pub fn parse(value: &[u8]) -> Result<ChangeV2, LayoutError> {
        let mut reader = Reader::new(value, 0);
        let code = reader.u8()?;
        if code != CODE_V2 {
            return Err(LayoutError::Code { code });
        }
        let identifier = reader.u8()?;
        let encrypted_hash = *reader.take_array()?;
        let peer_challenge: [u8; CHALLENGE_V2] = *reader.take_array()?;
        reader.take(8)?;
        let nt = *reader.take_array()?;
        reader.u16()?;
        reader.finish()?;
        let response = ResponseV2 {
            identifier,
            flags: 0,
            peer_challenge,
            nt,
        };
        Ok(ChangeV2 {
            encrypted_hash,
            response,
        })
    }
}

/// MS-CHAP-CPW-2 without its LAN Manager half, 84 octets (RFC 2548 §2.1.6).
pub fn encode_v1(identifier: u8, encrypted_hash: &[u8; 16], nt: &[u8; RESPONSE]) -> Vec<u8> {
    let mut octets = vec![CODE_V1, identifier];
    octets.extend(encrypted_hash);
    octets.extend([0; 16 + RESPONSE]);
    octets.extend(nt);
    // Only the NT response counts, and there is no old LM hash.
    octets.extend([0, 1]);
    octets
}

/// The block as values of MS-CHAP-NT-Enc-PW, in their order.
pub fn pieces(identifier: u8, block: &[u8; BLOCK]) -> Vec<Vec<u8>> {
    (1_u16..)
        .zip(block.chunks(PIECE))
        .map(|(sequence, piece)| {
            let mut octets = vec![CODE_V1, identifier];
            octets.extend(sequence.to_be_bytes());
            octets.extend_from_slice(piece);
            octets
        })
        .collect()
}

/// Why pieces do not make a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PiecesError {
    /// One of them has the wrong shape.
    Layout(LayoutError),
    /// Together they have this many octets instead of [`BLOCK`].
    Length {
        /// How many there are.
        length: usize,
    },
}

/// The block out of its pieces, which are put in order by their sequence numbers.
pub fn join<'a>(values: impl IntoIterator<Item = &'a [u8]>) -> Result<Box<[u8; BLOCK]>, PiecesError> {
    let mut pieces = Vec::new();
    for value in values {
        pieces.push(piece(value).map_err(PiecesError::Layout)?);
    }
    pieces.sort_by_key(|(sequence, _)| *sequence);
    let octets: Vec<u8> = pieces.into_iter().flat_map(|(_, piece)| piece).copied().collect();
    let length = octets.len();
    Box::try_from(octets).map_err(|_| PiecesError::Length { length })
}

fn piece(value: &[u8]) -> Result<(u16, &[u8]), LayoutError> {
    let mut reader = Reader::new(value, 0);
    let code = reader.u8()?;
    if code != CODE_V1 {
        return Err(LayoutError::Code { code });
    }
    reader.u8()?;
    Ok((reader.u16()?, reader.rest()))
}
