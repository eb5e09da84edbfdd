//! EAP-pwd (RFC 5931): both sides prove to each other that they know a password, and whoever listens or lies learns
//! nothing to try passwords with. Group 19, the curve P-256.
//!
//! ```text
//!   data: Flags and Exchange(1): L = 0x80, M = 0x40, exchange in the rest   Total-Length(2, with L)   payload
//!   1 ID       ◀─ Group(2) Random Function(1) PRF(1) Token(4) Prep(1) server's name      ─▶ the same, with the peer's name
//!   2 Commit   ◀─ Element(64) Scalar(32)                                                ─▶ the same
//!   3 Confirm  ◀─ Confirm(32)                                                           ─▶ the same
//! ```

mod group;
mod messages;
mod peer;
mod server;

pub(super) use peer::PwdPeer;
pub(super) use server::PwdServer;

use super::packet::EapType;

const KIND: EapType = EapType::PWD;
