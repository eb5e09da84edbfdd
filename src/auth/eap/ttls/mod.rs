//! EAP-TTLS version 0 (RFC 5281; over TLS 1.3, RFC 9427): a tunnel with Diameter's attributes in it, so that anything
//! can log in through it that RADIUS knows, EAP too.
//!
//! ```text
//!   peer, in the tunnel                                                     server
//!   PAP       User-Name, User-Password (padded, in clear)               ─▶
//!   CHAP      User-Name, CHAP-Challenge, CHAP-Password                  ─▶
//!   MSCHAP    User-Name, MS-CHAP-Challenge, MS-CHAP-Response            ─▶
//!   MSCHAPv2  User-Name, MS-CHAP-Challenge, MS-CHAP2-Response           ─▶   ◀─ MS-CHAP2-Success; acknowledged
//!   EAP       EAP-Message: Response/Identity                            ─▶   ◀─ EAP-Message: Request …
//! ```
//!
//! Challenges are not sent but derived by both sides (RFC 5281 §11.1): a server that takes any other has lost what
//! binds the login to the tunnel.

pub mod avp;
mod peer;
mod server;

pub(super) use peer::{TtlsInner, TtlsPeer};
pub(super) use server::TtlsServer;

use zeroize::Zeroizing;

use super::tls::TlsFault;
use super::tls::Tunnel;

/// The label of the keys under TLS 1.2 (RFC 5281 §8).
const LABEL: &[u8] = b"ttls keying material";

/// `N` octets that both sides derive: a challenge, and an identifier in its last (RFC 5281 §11.1).
fn challenge<const N: usize>(tunnel: &Tunnel) -> Result<Zeroizing<[u8; N]>, TlsFault> {
    tunnel.export(b"ttls challenge", None)
}
