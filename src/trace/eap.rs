//! The EAP packet inside a packet (RFC 3579 §3.1), and the TLS inside that, put together from its fragments (RFC 5216
//! §2.1.5): by name, nothing is decrypted.

use super::memory::Memory;
use super::types::Types;
use crate::auth::eap::packet::{EapCode, EapError, EapPacket, EapType, join};
use crate::auth::eap::tls::fragment::{Fragment, MAX_MESSAGE};
use crate::auth::eap::tls::records::{Record, records};
use crate::codec::AttributeType;

/// The most TLS messages in the making.
const MOST: usize = 64;

/// An EAP packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Eap {
    /// Its Code.
    pub code: EapCode,
    /// Its Identifier.
    pub identifier: u8,
    /// Its Type, in a Request or Response.
    pub kind: Option<EapType>,
    /// What can be seen inside.
    pub inside: Inside,
}

/// What can be seen inside an EAP packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inside {
    /// Nothing that has a name.
    Nothing,
    /// An EAP-Start: no packet at all (RFC 3579 §2.1).
    Start,
    /// Octets that are no EAP packet.
    Broken(EapError),
    /// Who the peer says it is.
    Identity(Vec<u8>),
    /// The methods that the peer would rather have.
    Wishes(Vec<EapType>),
    /// The server begins TLS.
    TlsStart,
    /// Nothing, so that the other side sends its next fragment, or the handshake goes on.
    TlsAcknowledgement,
    /// A part of a TLS message that goes on: how many octets.
    TlsFragment(usize),
    /// A whole TLS message.
    Tls(Vec<Record>),
}

/// TLS messages in the making, by conversation and direction.
pub(super) struct Assembly {
    pending: Memory<(u64, bool), Vec<u8>>,
}

impl Assembly {
    pub(super) fn new() -> Assembly {
        Assembly {
            pending: Memory::new(MOST),
        }
    }

    /// Looks into a packet that has EAP-Message. `fresh` packets are not repetitions of one before.
    pub(super) fn look(
        &mut self,
        packet: &Types<'_>,
        conversation: u64,
        forth: bool,
        fresh: bool,
    ) -> Option<Eap> {
        packet.first(AttributeType::EAP_MESSAGE)?;
        let octets = join(packet.packet()).unwrap_or_default();
        let parsed = match EapPacket::parse(&octets) {
            Ok(parsed) => parsed,
            Err(fault) => {
                return Some(Eap {
                    code: EapCode(octets.first().copied().unwrap_or(0)),
                    identifier: octets.get(1).copied().unwrap_or(0),
                    kind: None,
                    inside: match octets.is_empty() {
                        true => Inside::Start,
                        false => Inside::Broken(fault),
                    },
                });
            }
        };
        let inside = match parsed.kind() {
            Some(EapType::IDENTITY) if parsed.code() == EapCode::RESPONSE => {
                Inside::Identity(parsed.data().to_vec())
            }
            Some(EapType::NAK) => Inside::Wishes(parsed.data().iter().map(|kind| EapType(*kind)).collect()),
            Some(EapType::TLS | EapType::TTLS | EapType::PEAP) => {
                self.tls(parsed.data(), (conversation, forth), fresh)
            }
            _ => Inside::Nothing,
        };
        Some(Eap {
            code: parsed.code(),
            identifier: parsed.identifier(),
            kind: parsed.kind(),
            inside,
        })
    }

    fn tls(&mut self, data: &[u8], key: (u64, bool), fresh: bool) -> Inside {
        let Ok(fragment) = Fragment::parse(data) else {
            return Inside::Nothing;
        };
        let length = fragment.data.len();
        if fragment.is_start() {
            return Inside::TlsStart;
        }
        if length == 0 {
            return Inside::TlsAcknowledgement;
        }
        let before = self.pending.get_mut(&key);
        if fragment.has_more() {
            match before {
                Some(pending) if fresh && pending.len() + length <= MAX_MESSAGE => {
                    pending.extend_from_slice(fragment.data);
                }
                Some(_) => {}
                None => self.pending.put(key, fragment.data.to_vec()),
            }
            return Inside::TlsFragment(length);
        }
        match before {
            Some(pending) => {
                let mut whole = std::mem::take(pending);
                whole.extend_from_slice(fragment.data);
                Inside::Tls(records(&whole))
            }
            None => Inside::Tls(records(fragment.data)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Packet;

    fn look(assembly: &mut Assembly, eap: &[u8]) -> Inside {
        let mut octets = vec![1, 1];
        let pieces: Vec<u8> = match eap.is_empty() {
            true => vec![79, 2],
            false => eap
                .chunks(253)
                .flat_map(|piece| [vec![79, u8::try_from(piece.len() + 2).unwrap()], piece.to_vec()].concat())
                .collect(),
        };
        octets.extend(u16::try_from(20 + pieces.len()).unwrap().to_be_bytes());
        octets.extend([0; 16]);
        octets.extend(pieces);
        let types = Types::of(Packet::parse(&octets).unwrap());
        assembly.look(&types, 1, true, true).unwrap().inside
    }

    fn eap(kind: u8, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(5 + data.len()).unwrap().to_be_bytes();
        [&[2, 7, length[0], length[1], kind], data].concat()
    }

    #[test]
    fn what_is_inside_is_named() {
        let mut assembly = Assembly::new();
        assert_eq!(look(&mut assembly, b""), Inside::Start);
        assert_eq!(
            look(&mut assembly, &eap(1, b"alice")),
            Inside::Identity(b"alice".to_vec())
        );
        assert_eq!(
            look(&mut assembly, &eap(3, &[25, 21])),
            Inside::Wishes(vec![EapType::PEAP, EapType::TTLS])
        );
        assert_eq!(look(&mut assembly, &eap(13, &[0x20])), Inside::TlsStart);
        assert_eq!(look(&mut assembly, &eap(13, &[0])), Inside::TlsAcknowledgement);
        assert!(matches!(look(&mut assembly, &[1, 2, 3]), Inside::Broken(_)));
        assert_eq!(look(&mut assembly, &eap(4, &[16])), Inside::Nothing);
    }

    #[test]
    fn a_handshake_in_fragments_is_put_together() {
        let mut assembly = Assembly::new();
        let hello = [&[22, 3, 1, 0x02, 0x00, 1, 0, 1, 0xfc][..], &[7; 508]].concat();
        let first = [&[0x40][..], &hello[..300]].concat();
        assert_eq!(look(&mut assembly, &eap(25, &first)), Inside::TlsFragment(300));
        let Inside::Tls(records) = look(&mut assembly, &eap(25, &[&[0][..], &hello[300..]].concat())) else {
            panic!("no TLS message");
        };
        assert_eq!((records.len(), records[0].available), (1, 512));
    }
}
