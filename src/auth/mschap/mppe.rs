//! Keys for MPPE (RFC 3079), as RADIUS carries them: MS-MPPE-Recv-Key and MS-MPPE-Send-Key after MS-CHAPv2
//! (RFC 2548 §2.4.2, §2.4.3), MS-CHAP-MPPE-Keys after MS-CHAPv1 (§2.4.1).
//!
//! RADIUS names the direction as the NAS sees it: Send-Key is for what goes from the NAS to the user.

use zeroize::Zeroizing;

use super::{NtHash, RESPONSE, lm_hash};
use crate::auth::digest::sha1;
use crate::codec::Secret;

/// The 128-bit start keys after MS-CHAPv2, directions as the NAS sees them.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys {
    /// MS-MPPE-Recv-Key: the user's send key.
    pub recv: Zeroizing<[u8; 16]>,
    /// MS-MPPE-Send-Key: the user's receive key.
    pub send: Zeroizing<[u8; 16]>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<hidden>")
    }
}

const CLIENT_SENDS: &[u8] =
    b"On the client side, this is the send key; on the server side, it is the receive key.";
const CLIENT_RECEIVES: &[u8] =
    b"On the client side, this is the receive key; on the server side, it is the send key.";

/// The start keys of a login (RFC 3079 §3.3, §3.4).
pub fn keys(hash: &NtHash, response: &[u8; RESPONSE]) -> Keys {
    let master = master(hash, response);
    Keys {
        recv: start(&master, CLIENT_SENDS),
        send: start(&master, CLIENT_RECEIVES),
    }
}

/// The master key, from the hash of the hash and the NT-Response (RFC 3079 §3.4).
fn master(hash: &NtHash, response: &[u8; RESPONSE]) -> Zeroizing<[u8; 16]> {
    head(sha1(&[
        hash.hashed().expose(),
        response,
        b"This is the MPPE Master Key",
    ]))
}

fn start(master: &[u8; 16], magic: &[u8]) -> Zeroizing<[u8; 16]> {
    head(sha1(&[master, &[0; 40], magic, &[0xf2; 40]]))
}

fn head(digest: [u8; 20]) -> Zeroizing<[u8; 16]> {
    Zeroizing::new(digest.first_chunk().copied().unwrap_or_default())
}

/// What MS-CHAP-MPPE-Keys holds after MS-CHAPv1, before it is hidden like a User-Password: the first eight octets
/// of the LM hash, the hash of the NT hash, eight zeros (RFC 2548 §2.4.1).
pub fn keys_v1(lm: &[u8; 16], hash: &NtHash) -> Zeroizing<[u8; 32]> {
    let mut octets = Zeroizing::new([0; 32]);
    let hashed = hash.hashed();
    let parts = lm.iter().take(8).chain(hashed.expose()).copied();
    octets.iter_mut().zip(parts).for_each(|(to, from)| *to = from);
    octets
}

/// [`keys_v1`] of a password; an account without a usable LM hash (over 14 characters) has zeros there.
pub fn keys_v1_of(password: &Secret, hash: &NtHash) -> Zeroizing<[u8; 32]> {
    let lm = if password.len() > 14 {
        [0; 16]
    } else {
        lm_hash(password)
    };
    keys_v1(&lm, hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::hex;

    #[test]
    fn the_keys_of_rfc_3079_come_out() {
        let hash = NtHash::of(&Secret::new("clientPass")).unwrap();
        let response: [u8; 24] = hex::decode("82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df")
            .unwrap()
            .try_into()
            .unwrap();
        assert_eq!(
            hex::encode(&*master(&hash, &response)),
            "fdece3717a8c838cb388e527ae3cdd31"
        );
        let keys = keys(&hash, &response);
        // §3.5 prints the server's send key.
        assert_eq!(hex::encode(&*keys.send), "8b7cdc149b993a1ba118cb153f56dccb");
        assert_eq!(hex::encode(&*keys.recv), "d5f0e9521e3ea9589645e86051c82226");
    }

    #[test]
    fn the_keys_of_version_1_come_out() {
        let password = Secret::new("bob");
        let keys = keys_v1_of(&password, &NtHash::of(&password).unwrap());
        assert_eq!(
            hex::encode(&*keys),
            "4318b176c3d8e3de9a936faf344359a0f1e3c9b5585b9f1f0000000000000000"
        );
    }
}
