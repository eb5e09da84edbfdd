//! What a method derives beside a verdict (RFC 5247), and the comparison with what the server sent.
//!
//! ```text
//!   MSK ── first half ──▶ MS-MPPE-Recv-Key     second half ──▶ MS-MPPE-Send-Key     (RFC 2548 §2.4.2, §2.4.3)
//!   Session-Id ──▶ EAP-Key-Name                                                      (RFC 4072, RFC 7268 §2.4)
//! ```

use std::fmt;

use zeroize::Zeroizing;

use super::digest::equal;
use super::mschap::attributes::{find, number};
use super::mschap::mppe;
use super::{Hiding, Opened};
use crate::codec::{AttributeType, Packet};

/// Keys of one login. Debug shows none of them.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys {
    /// The Master Session Key.
    pub msk: Zeroizing<[u8; 64]>,
    /// The Extended Master Session Key, where the method has one.
    pub emsk: Option<Zeroizing<[u8; 64]>>,
    /// The Session-Id: public, and unlike any other's. Empty where the method has none.
    pub session_id: Vec<u8>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<hidden>")
    }
}

impl Keys {
    /// Keys out of 128 octets of key material: MSK, then EMSK.
    pub fn from_material(material: &[u8; 128], session_id: Vec<u8>) -> Keys {
        let (halves, _) = material.as_chunks::<64>();
        let half = |at: usize| Zeroizing::new(halves.get(at).copied().unwrap_or([0; 64]));
        Keys {
            msk: half(0),
            emsk: Some(half(1)),
            session_id,
        }
    }

    /// Keys of MS-CHAPv2: receive key and send key of 16 octets each, then zeros (RFC 3079, as EAP uses it).
    pub fn from_mppe(keys: &mppe::Keys) -> Keys {
        let mut msk = Zeroizing::new([0; 64]);
        let parts = keys.recv.iter().chain(keys.send.iter());
        msk.iter_mut().zip(parts).for_each(|(to, from)| *to = *from);
        Keys {
            msk,
            emsk: None,
            session_id: Vec::new(),
        }
    }

    /// MS-MPPE-Recv-Key and MS-MPPE-Send-Key, 32 octets each, as a server sends them.
    pub fn mppe(&self) -> [&[u8]; 2] {
        let (recv, send) = self.msk.split_at(32);
        [recv, send]
    }
}

/// What comparing keys with an Access-Accept found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyCheck {
    /// The method makes no keys and the server sent none.
    None,
    /// The server sent the keys that we derived.
    Match,
    /// It sent others.
    Mismatch,
    /// We derived keys, and it sent none.
    Missing,
    /// It sent keys, and the method makes none.
    Unexpected,
    /// It sent something that cannot be opened: the shared secret may differ.
    Unreadable,
}

/// Compares the keys in an Access-Accept with ours. Keys of any length are compared with as many octets of the MSK,
/// since MS-CHAPv2 sends 16 and the rest 32.
pub fn check(accept: &Packet<'_>, hiding: Option<&Hiding<'_>>, ours: Option<&Keys>) -> KeyCheck {
    let find = |wanted| match find(accept, wanted) {
        Some(value) => match super::open(value, hiding) {
            Some(key) if !key.is_empty() => Ok(Some(key)),
            _ => Err(KeyCheck::Unreadable),
        },
        None => Ok(None),
    };
    let (recv, send): (Option<Opened>, Option<Opened>) =
        match (find(number::MS_MPPE_RECV_KEY), find(number::MS_MPPE_SEND_KEY)) {
            (Ok(recv), Ok(send)) => (recv, send),
            _ => return KeyCheck::Unreadable,
        };
    match (recv, send, ours) {
        (None, None, None) => KeyCheck::None,
        (None, None, Some(_)) => KeyCheck::Missing,
        (Some(_), _, None) | (_, Some(_), None) => KeyCheck::Unexpected,
        (Some(recv), Some(send), Some(ours)) => {
            let (first, rest) = ours.msk.split_at(recv.len().min(64));
            let second = rest.get(..send.len()).unwrap_or(&[]);
            // Both are compared whatever the first says.
            match equal(first, &recv) & equal(second, &send) {
                true => KeyCheck::Match,
                false => KeyCheck::Mismatch,
            }
        }
        _ => KeyCheck::Mismatch,
    }
}

/// What EAP-Key-Name in an Access-Accept said of our Session-Id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyNameCheck {
    /// It was not sent, or there is nothing to compare it with.
    None,
    /// It is the Session-Id.
    Match,
    /// It is another.
    Mismatch,
}

/// Compares EAP-Key-Name (102) with our Session-Id.
pub fn check_name(accept: &Packet<'_>, ours: Option<&Keys>) -> KeyNameCheck {
    let sent = accept.first(EAP_KEY_NAME).map(|attribute| attribute.value());
    match (sent, ours) {
        (Some(sent), Some(ours)) if !sent.is_empty() && !ours.session_id.is_empty() => {
            match sent == ours.session_id {
                true => KeyNameCheck::Match,
                false => KeyNameCheck::Mismatch,
            }
        }
        _ => KeyNameCheck::None,
    }
}

/// EAP-Key-Name (RFC 4072 §2.7): asked for empty, answered with the Session-Id.
pub const EAP_KEY_NAME: AttributeType = AttributeType(102);
