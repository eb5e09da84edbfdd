//! The cookies of DTLS (RFC 6347 §4.2.1): nothing is remembered of a client before it has shown that it is where it
//! says. The first ClientHello is answered from itself alone; the second has the cookie, and begins an association.
//!
//! The library makes a cookie of its own for each association, from its random source. Ours gives it the cookie that
//! the client has ([`Loaded`]), and the first ClientHello is told to it as it must have been.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rtc_crypto::{CryptoError, RTCCrypto, RTCCryptoProvider, RTCRandom};
use sha2::{Digest, Sha256};

/// How long the library's cookies are.
const LENGTH: usize = 20;

/// Lets in who shows a cookie.
pub(super) struct Door {
    key: [u8; 32],
}

/// What somebody who is not yet in wants.
pub(super) enum Knock {
    /// To be sent this, and no more.
    Verify(Vec<u8>),
    /// To come in.
    Enter(Hello),
    /// Nothing that can be understood.
    Nothing,
}

/// A ClientHello with its cookie.
pub(super) struct Hello {
    pub(super) random: [u8; 32],
    pub(super) cookie: [u8; LENGTH],
    /// The datagram that it must have begun with.
    pub(super) first: Vec<u8>,
}

/// The fields of a datagram that begins with a whole ClientHello.
struct Fields<'a> {
    sequence: [u8; 6],
    random: [u8; 32],
    /// Before the cookie's length.
    before: &'a [u8],
    cookie: &'a [u8],
    /// Behind the cookie.
    behind: &'a [u8],
}

impl<'a> Fields<'a> {
    fn of(datagram: &'a [u8]) -> Option<Fields<'a>> {
        // Handshake, version, epoch 0, sequence number, length (RFC 6347 §4.1).
        let (record, rest) = datagram.split_first_chunk::<13>()?;
        let [22, 254, _, 0, 0, s0, s1, s2, s3, s4, s5, high, low] = *record else {
            return None;
        };
        let rest = rest.get(..usize::from(u16::from_be_bytes([high, low])))?;
        // ClientHello, length, message number, and the place of the fragment (§4.2.2).
        let (head, body) = rest.split_first_chunk::<12>()?;
        let [1, l0, l1, l2, _, _, 0, 0, 0, f0, f1, f2] = *head else {
            return None;
        };
        let length = u32::from_be_bytes([0, l0, l1, l2]) as usize;
        if [l0, l1, l2] != [f0, f1, f2] || body.len() != length {
            return None;
        }
        // Version, random, session, cookie (§4.2.1).
        let random = *body.get(2..)?.first_chunk::<32>()?;
        let session = usize::from(*body.get(34)?);
        let (before, rest) = body.split_at_checked(35 + session)?;
        let (length, rest) = rest.split_first()?;
        let (cookie, behind) = rest.split_at_checked(usize::from(*length))?;
        Some(Fields {
            sequence: [s0, s1, s2, s3, s4, s5],
            random,
            before,
            cookie,
            behind,
        })
    }

    /// The ClientHello without cookie that went before this one.
    fn first(&self) -> Vec<u8> {
        let body = [self.before, &[0], self.behind].concat();
        let [_, _, a, b, c, d, e, f] = {
            let [a, b, c, d, e, f] = self.sequence;
            let number = u64::from_be_bytes([0, 0, a, b, c, d, e, f]);
            number.checked_sub(1).unwrap_or(1).to_be_bytes()
        };
        let mut out = vec![22, 254, 253, 0, 0, a, b, c, d, e, f];
        out.extend(length16(body.len() + 12));
        out.extend(message(1, &body));
        out
    }
}

fn length16(length: usize) -> [u8; 2] {
    // No datagram is longer.
    u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes()
}

/// A handshake message with the number 0, in one fragment.
fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let [high, low] = length16(body.len());
    let mut out = vec![kind, 0, high, low, 0, 0, 0, 0, 0, 0, high, low];
    out.extend_from_slice(body);
    out
}

impl Door {
    /// Its key makes the cookies, and must be random.
    pub(super) fn new(key: [u8; 32]) -> Door {
        Door { key }
    }

    /// What somebody at `peer` wants who is not yet in.
    pub(super) fn knock(&self, peer: SocketAddr, datagram: &[u8]) -> Knock {
        let Some(fields) = Fields::of(datagram) else {
            return Knock::Nothing;
        };
        let cookie = self.cookie(peer, &fields);
        if fields.cookie == cookie {
            return Knock::Enter(Hello {
                random: fields.random,
                cookie,
                first: fields.first(),
            });
        }
        // HelloVerifyRequest says DTLS 1.0 whatever is spoken, and has the number of the record that it answers.
        let mut body = vec![254, 255, 20];
        body.extend(cookie);
        let mut out = vec![22, 254, 255, 0, 0];
        out.extend(fields.sequence);
        out.extend(length16(body.len() + 12));
        out.extend(message(3, &body));
        Knock::Verify(out)
    }

    fn cookie(&self, peer: SocketAddr, fields: &Fields<'_>) -> [u8; LENGTH] {
        let mut hash = Sha256::new();
        hash.update(self.key);
        hash.update(peer.to_string());
        hash.update(fields.random);
        hash.update(self.key);
        let digest: [u8; 32] = hash.finalize().into();
        digest.first_chunk().copied().unwrap_or([0; LENGTH])
    }
}

/// The random that a datagram's ClientHello has, if it has one.
pub(super) fn random_of(datagram: &[u8]) -> Option<[u8; 32]> {
    Fields::of(datagram).map(|fields| fields.random)
}

/// The library's cryptography, whose random source gives one cookie before it gives random octets.
pub(super) struct Loaded {
    inner: Arc<dyn RTCCryptoProvider>,
    random: Source,
}

struct Source {
    inner: Arc<dyn RTCCryptoProvider>,
    cookie: [u8; LENGTH],
    spent: AtomicBool,
}

impl Loaded {
    pub(super) fn new(inner: Arc<dyn RTCCryptoProvider>, cookie: [u8; LENGTH]) -> Loaded {
        Loaded {
            random: Source {
                inner: Arc::clone(&inner),
                cookie,
                spent: AtomicBool::new(false),
            },
            inner,
        }
    }
}

impl RTCCryptoProvider for Loaded {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    fn crypto(&self) -> &dyn RTCCrypto {
        self.inner.crypto()
    }

    fn random(&self) -> &dyn RTCRandom {
        &self.random
    }
}

impl RTCRandom for Source {
    fn fill(&self, output: &mut [u8]) -> Result<(), CryptoError> {
        if output.len() == LENGTH && !self.spent.swap(true, Ordering::Relaxed) {
            output.copy_from_slice(&self.cookie);
            return Ok(());
        }
        self.inner.random().fill(output)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn peer(port: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    /// A ClientHello as a client sends it.
    fn hello(cookie: &[u8], number: u8) -> Vec<u8> {
        let mut body = vec![254, 253];
        body.extend([7; 32]);
        body.push(0);
        body.push(u8::try_from(cookie.len()).unwrap());
        body.extend(cookie);
        body.extend([0, 2, 0xc0, 0x2b, 1, 0]);
        let mut message = super::message(1, &body);
        message[5] = number;
        let mut out = vec![22, 254, 255, 0, 0, 0, 0, 0, 0, 0, number];
        out.extend(length16(message.len()));
        out.extend(message);
        out
    }

    #[test]
    fn who_comes_back_with_the_cookie_is_let_in_and_nobody_else() {
        let door = Door::new([1; 32]);
        let Knock::Verify(verify) = door.knock(peer(4000), &hello(&[], 0)) else {
            panic!("no HelloVerifyRequest");
        };
        let cookie = &verify[verify.len() - LENGTH..];
        let Knock::Enter(entered) = door.knock(peer(4000), &hello(cookie, 1)) else {
            panic!("not let in");
        };
        assert_eq!(entered.random, [7; 32]);
        // The first one is as it was, but for the version of its record.
        assert_eq!(entered.first[13..], hello(&[], 0)[13..]);
        assert!(matches!(
            door.knock(peer(4001), &hello(cookie, 1)),
            Knock::Verify(_)
        ));
        let other = Door::new([2; 32]);
        assert!(matches!(
            other.knock(peer(4000), &hello(cookie, 1)),
            Knock::Verify(_)
        ));
    }

    proptest! {
        #[test]
        fn no_octets_make_it_panic(octets in prop::collection::vec(any::<u8>(), 0..200), cut in 0usize..80) {
            let door = Door::new([1; 32]);
            let _ = door.knock(peer(1), &octets);
            let mut whole = hello(&[9; 20], 1);
            whole.truncate(cut);
            let _ = door.knock(peer(1), &whole);
            prop_assert!(random_of(&whole).is_none() || cut >= hello(&[9; 20], 1).len());
        }
    }
}
