//! PEAP's crypto-binding (MS-PEAP §3.1.5.5): keys of the tunnel and of the method inside, mixed.
//!
//! ```text
//!   TK          = the first 60 octets of the tunnel's key material
//!   IPMK | CMK  = PRF+(TK[..40], "Inner Methods Compound Keys" | ISK, 60)      without a method inside, TK itself
//!   MAC         = HMAC-SHA-1(CMK, the Crypto-Binding with a MAC of zeros | 25)
//!   MSK         = PRF+(IPMK, "Session Key Generating Function" | 0, 128)[..64]
//!   PRF+        = T1 | T2 | …, Tn = HMAC-SHA-1(K, Tn-1 | S | n | 0 | 0)
//! ```

use zeroize::Zeroizing;

use super::KIND;
use super::tlv::CryptoBinding;
use crate::auth::Keys;
use crate::auth::digest::{equal, hmac_sha1};

/// What both sides compute once the method inside is through.
pub(super) struct Binding {
    ipmk: Zeroizing<[u8; 40]>,
    cmk: Zeroizing<[u8; 20]>,
}

fn prf_plus<const N: usize>(key: &[u8], seed: &[&[u8]]) -> Zeroizing<[u8; N]> {
    let mut octets = Zeroizing::new([0; N]);
    let mut last: Vec<u8> = Vec::new();
    for (count, chunk) in (1_u8..).zip(octets.chunks_mut(20)) {
        let mut parts = vec![last.as_slice()];
        parts.extend(seed);
        let end = [count, 0, 0];
        parts.push(&end);
        let block = hmac_sha1(key, &parts);
        chunk.iter_mut().zip(block).for_each(|(to, from)| *to = from);
        last = block.to_vec();
    }
    octets
}

impl Binding {
    /// `inner` are the keys of the method inside, if it has any. `method_ran` is false where a session was resumed and
    /// nothing ran inside.
    pub(super) fn new(tunnel: &Keys, inner: Option<&Keys>, method_ran: bool) -> Binding {
        let tk = tunnel.msk.first_chunk::<60>().unwrap_or(&[0; 60]);
        let (start, _) = tk.split_at(40);
        let both: Zeroizing<[u8; 60]> = match method_ran {
            true => {
                // A method without keys counts as zeros.
                let isk = inner.map_or(&[0; 32][..], |keys| keys.msk.get(..32).unwrap_or(&[]));
                prf_plus(start, &[b"Inner Methods Compound Keys", isk])
            }
            false => Zeroizing::new(*tk),
        };
        Binding {
            ipmk: Zeroizing::new(both.first_chunk().copied().unwrap_or([0; 40])),
            cmk: Zeroizing::new(both.last_chunk().copied().unwrap_or([0; 20])),
        }
    }

    fn mac(&self, binding: &CryptoBinding) -> [u8; 20] {
        let blank = CryptoBinding {
            mac: [0; 20],
            ..*binding
        };
        hmac_sha1(&*self.cmk, &[&blank.encode(), &[KIND.0]])
    }

    /// The Crypto-Binding to send.
    pub(super) fn seal(&self, response: bool, nonce: [u8; 32]) -> CryptoBinding {
        let blank = CryptoBinding {
            response,
            nonce,
            mac: [0; 20],
        };
        CryptoBinding {
            mac: self.mac(&blank),
            ..blank
        }
    }

    /// Whether one that came is right, and is the kind that was due.
    pub(super) fn check(&self, binding: &CryptoBinding, response: bool) -> bool {
        binding.response == response && equal(&self.mac(binding), &binding.mac)
    }

    /// The keys of the whole, once both sides are bound.
    pub(super) fn keys(&self, tunnel: &Keys) -> Keys {
        let material: Zeroizing<[u8; 128]> =
            prf_plus(&*self.ipmk, &[b"Session Key Generating Function", &[0]]);
        Keys {
            emsk: None,
            ..Keys::from_material(&material, tunnel.session_id.clone())
        }
    }
}
