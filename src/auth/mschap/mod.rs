//! MS-CHAP version 1 (RFC 2433) and 2 (RFC 2759): hashes, responses and the server's proof. Both sides compute the
//! same; who compares what is said at each function.
//!
//! ```text
//!   password ──UTF-16LE, MD4──▶ NtHash ──MD4──▶ hash of the hash
//!   version 1:  Challenge(8) ──DES, 3 keys of NtHash──▶ NT-Response(24)
//!   version 2:  SHA-1(Peer-Challenge(16) Authenticator-Challenge(16) User-Name)[..8] ──DES──▶ NT-Response(24)
//!               SHA-1(SHA-1(hash of the hash, NT-Response, magic), that challenge, pad) ──▶ `S=` and 40 hex digits
//! ```
//!
//! How RADIUS carries it is in [`attributes`] (RFC 2548); texts that it carries are in [`message`]; keys in
//! [`mppe`]; a changed password in [`change`].

pub mod attributes;
pub mod change;
pub mod message;
pub mod mppe;

use std::fmt;

use zeroize::Zeroizing;

use super::digest::{des_encrypt, equal, md4, sha1};
use crate::codec::Secret;

/// Octets of a challenge of version 1.
pub const CHALLENGE_V1: usize = 8;
/// Octets of either challenge of version 2.
pub const CHALLENGE_V2: usize = 16;
/// Octets of an NT-Response or an LM-Response.
pub const RESPONSE: usize = 24;

/// The password is not UTF-8, so that there is no way to say it in the UTF-16 that MS-CHAP hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotText {
    /// Where the first octet stands that is not UTF-8.
    pub offset: usize,
}

/// MD4 of a password in UTF-16LE (RFC 2759 §8.3): as good as the password itself, and kept like one.
#[derive(Clone, PartialEq, Eq)]
pub struct NtHash(Zeroizing<[u8; 16]>);

impl NtHash {
    /// Hashes a password, which must be UTF-8.
    pub fn of(password: &Secret) -> Result<NtHash, NotText> {
        let octets = utf16(password)?;
        Ok(NtHash(Zeroizing::new(md4(&[&octets]))))
    }

    /// Takes a hash that is known already, as in a server's NT-Password.
    pub fn new(octets: [u8; 16]) -> NtHash {
        NtHash(Zeroizing::new(octets))
    }

    /// The octets, for those who hash or encrypt with them.
    pub fn expose(&self) -> &[u8; 16] {
        &self.0
    }

    /// MD4 of the hash (RFC 2759 §8.4).
    pub fn hashed(&self) -> NtHash {
        NtHash(Zeroizing::new(md4(&[self.expose()])))
    }
}

impl fmt::Debug for NtHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<hidden>")
    }
}

/// A password as MS-CHAP hashes and encrypts it: UTF-16, low octet first.
fn utf16(password: &Secret) -> Result<Zeroizing<Vec<u8>>, NotText> {
    let text = std::str::from_utf8(password.expose()).map_err(|error| NotText {
        offset: error.valid_up_to(),
    })?;
    let mut octets = Zeroizing::new(Vec::with_capacity(text.len() * 2));
    octets.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    Ok(octets)
}

/// The LAN Manager hash (RFC 2433 §A.3): fourteen characters in upper case, each half a DES key over a fixed text.
/// What is beyond ASCII is taken as it stands, since the OEM code page is not known here.
pub fn lm_hash(password: &Secret) -> [u8; 16] {
    let mut halves = [[0_u8; 7]; 2];
    halves
        .as_flattened_mut()
        .iter_mut()
        .zip(password.expose())
        .for_each(|(to, from)| *to = from.to_ascii_uppercase());
    let mut octets = [0; 16];
    for (to, key) in octets.as_chunks_mut::<8>().0.iter_mut().zip(&halves) {
        *to = des_encrypt(key, b"KGS!@#$%");
    }
    octets
}

/// DES of the challenge under three keys cut from a hash and five zeros (RFC 2433 §A.5, RFC 2759 §8.5): the
/// NT-Response of version 1, the LM-Response with an LM hash.
pub fn challenge_response(challenge: &[u8; 8], hash: &[u8; 16]) -> [u8; RESPONSE] {
    let mut keys = Zeroizing::new([[0_u8; 7]; 3]);
    keys.as_flattened_mut()
        .iter_mut()
        .zip(hash)
        .for_each(|(to, from)| *to = *from);
    let mut octets = [0; RESPONSE];
    for (to, key) in octets.as_chunks_mut::<8>().0.iter_mut().zip(keys.iter()) {
        *to = des_encrypt(key, challenge);
    }
    octets
}

/// Whether a response of version 1 answers the challenge; for a server.
pub fn check_v1(challenge: &[u8; CHALLENGE_V1], hash: &NtHash, response: &[u8; RESPONSE]) -> bool {
    equal(&challenge_response(challenge, hash.expose()), response)
}

/// What both sides of version 2 know of one login, but for the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Challenges<'a> {
    /// The server's challenge: MS-CHAP-Challenge in RADIUS.
    pub authenticator: &'a [u8; CHALLENGE_V2],
    /// The client's challenge: a field of MS-CHAP2-Response.
    pub peer: &'a [u8; CHALLENGE_V2],
    /// The user's name; a domain and backslash before it is not hashed.
    pub user: &'a [u8],
}

impl Challenges<'_> {
    /// Eight octets that stand for both challenges and the name (RFC 2759 §8.2).
    pub fn hash(&self) -> [u8; 8] {
        let octets = sha1(&[self.peer, self.authenticator, without_domain(self.user)]);
        octets.first_chunk().copied().unwrap_or_default()
    }

    /// The NT-Response of a client (RFC 2759 §8.1).
    pub fn response(&self, hash: &NtHash) -> [u8; RESPONSE] {
        challenge_response(&self.hash(), hash.expose())
    }

    /// Whether a response is the right one; for a server.
    pub fn check(&self, hash: &NtHash, response: &[u8; RESPONSE]) -> bool {
        equal(&self.response(hash), response)
    }

    /// What only a server that knows the password can say (RFC 2759 §8.7): the client must check it.
    pub fn proof(&self, hash: &NtHash, response: &[u8; RESPONSE]) -> [u8; 20] {
        let digest = sha1(&[
            hash.hashed().expose(),
            response,
            b"Magic server to client signing constant",
        ]);
        sha1(&[
            &digest,
            &self.hash(),
            b"Pad to make it do more than one iteration",
        ])
    }

    /// Whether the server's proof holds (RFC 2759 §8.8); for a client.
    pub fn check_proof(&self, hash: &NtHash, response: &[u8; RESPONSE], proof: &[u8; 20]) -> bool {
        equal(&self.proof(hash, response), proof)
    }
}

/// The name that is hashed: what follows `DOMAIN\` (RFC 2759 §4).
pub fn without_domain(user: &[u8]) -> &[u8] {
    user.iter()
        .position(|octet| *octet == b'\\')
        .and_then(|at| user.get(at + 1..))
        .unwrap_or(user)
}

#[cfg(test)]
mod tests;
