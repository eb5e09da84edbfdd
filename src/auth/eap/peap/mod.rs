//! PEAP version 0 (MS-PEAP; over TLS 1.3, RFC 9427): a tunnel with EAP inside, and a last exchange in it that says how
//! it went.
//!
//! ```text
//!   server, in the tunnel                                peer
//!   Identity                          ◀▶                 inner identity
//!   MSCHAPv2, GTC, MD5 or TLS         ◀▶                 its answers
//!   Extensions: Result, Crypto-Binding ─▶  ◀─            Extensions: Result, Crypto-Binding
//! ```
//!
//! Packets inside go without their EAP header, but for Extensions (type 33). Some servers keep it on the first
//! Identity too; either is taken. The Identifier of such a packet is that of the packet outside.

mod binding;
mod peer;
mod server;
pub mod tlv;

pub(super) use peer::PeapPeer;
pub(super) use server::PeapServer;

use super::packet::{EapCode, EapPacket, EapType, HEADER, encode};

const KIND: EapType = EapType::PEAP;

/// A packet inside, with its header put back where it went without. None where there is not even a type.
fn restore(plain: &[u8], code: EapCode, identifier: u8) -> Option<Vec<u8>> {
    if let Ok(packet) = EapPacket::parse(plain)
        && packet.padding().is_empty()
        && has_header(&packet, code)
    {
        return Some(plain.to_vec());
    }
    let (kind, data) = plain.split_first()?;
    encode(code, identifier, EapType(*kind), data)
}

/// Whether what looks like a header is one: where it stands on Extensions, on Identity, or is all there is.
fn has_header(packet: &EapPacket<'_>, code: EapCode) -> bool {
    match packet.kind() {
        Some(kind) => {
            packet.code() == code
                && (kind == EapType::TLV || (kind == EapType::IDENTITY && code == EapCode::REQUEST))
        }
        None => matches!(packet.code(), EapCode::SUCCESS | EapCode::FAILURE),
    }
}

/// A packet as it goes through the tunnel.
fn strip(packet: &[u8]) -> &[u8] {
    match EapPacket::parse(packet).ok().and_then(|packet| packet.kind()) {
        Some(EapType::TLV) | None => packet,
        Some(_) => packet.get(HEADER..).unwrap_or(&[]),
    }
}
