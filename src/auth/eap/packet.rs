//! EAP packets (RFC 3748 §4): a view over what came, and the making of new ones.
//!
//! ```text
//!  0        1        2                 4        5
//! +--------+--------+-----------------+--------+---- … ----+
//! |  Code  | Ident. |     Length      |  Type  |   Data    |   Type and Data in Request and Response only
//! +--------+--------+-----------------+--------+---- … ----+
//! ```

use crate::codec::{AttributeType, MAX_VALUE, Packet, Reader};

/// Octets of Code, Identifier and Length.
pub const HEADER: usize = 4;

/// The Code of an EAP packet (RFC 3748 §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EapCode(pub u8);

impl EapCode {
    /// From the server, wants an answer.
    pub const REQUEST: EapCode = EapCode(1);
    /// From the peer, answers a Request.
    pub const RESPONSE: EapCode = EapCode(2);
    /// The server lets the peer in.
    pub const SUCCESS: EapCode = EapCode(3);
    /// The server does not let the peer in.
    pub const FAILURE: EapCode = EapCode(4);

    /// The RFC's name; none for an unassigned number.
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::REQUEST => "Request",
            Self::RESPONSE => "Response",
            Self::SUCCESS => "Success",
            Self::FAILURE => "Failure",
            EapCode(5) => "Initiate",
            EapCode(6) => "Finish",
            _ => return None,
        })
    }
}

/// The Type of a Request or Response: what follows, or which method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EapType(pub u8);

/// IANA's names of methods, as people write them.
const TYPES: &[(u8, &str)] = &[
    (1, "Identity"),
    (2, "Notification"),
    (3, "Nak"),
    (4, "MD5"),
    (5, "OTP"),
    (6, "GTC"),
    (9, "RSA-PKA"),
    (13, "TLS"),
    (17, "LEAP"),
    (18, "SIM"),
    (19, "SRP-SHA1"),
    (21, "TTLS"),
    (23, "AKA"),
    (25, "PEAP"),
    (26, "MSCHAPv2"),
    (29, "MSCHAPv2-Cisco"),
    (32, "POTP"),
    (33, "TLV"),
    (38, "TNC"),
    (43, "FAST"),
    (46, "PAX"),
    (47, "PSK"),
    (48, "SAKE"),
    (49, "IKEv2"),
    (50, "AKA'"),
    (51, "GPSK"),
    (52, "PWD"),
    (53, "EKE"),
    (55, "TEAP"),
    (56, "NOOB"),
    (254, "Expanded"),
    (255, "Experimental"),
];

#[allow(missing_docs, reason = "the names are IANA's")]
impl EapType {
    pub const IDENTITY: EapType = EapType(1);
    pub const NOTIFICATION: EapType = EapType(2);
    pub const NAK: EapType = EapType(3);
    pub const MD5: EapType = EapType(4);
    pub const GTC: EapType = EapType(6);
    pub const TLS: EapType = EapType(13);
    pub const TTLS: EapType = EapType(21);
    pub const PEAP: EapType = EapType(25);
    pub const MSCHAPV2: EapType = EapType(26);
    pub const TLV: EapType = EapType(33);
    pub const PWD: EapType = EapType(52);
    pub const EXPANDED: EapType = EapType(254);

    /// IANA's name; none for a number that it has not.
    pub fn name(self) -> Option<&'static str> {
        TYPES
            .iter()
            .find(|(number, _)| *number == self.0)
            .map(|(_, name)| *name)
    }

    /// Whether it names a method, so that a Nak may ask for it (RFC 3748 §5.3).
    pub fn is_method(self) -> bool {
        self.0 >= 4
    }

    /// Every method that has a name, by number.
    pub fn methods() -> impl Iterator<Item = EapType> {
        TYPES
            .iter()
            .map(|(number, _)| EapType(*number))
            .filter(|kind| kind.is_method() && kind.0 < 254 && *kind != EapType::TLV)
    }
}

/// A view over one EAP packet whose header was found sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EapPacket<'a> {
    octets: &'a [u8],
    padding: &'a [u8],
}

/// Why octets are not an EAP packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EapError {
    /// Fewer octets than a header.
    TooShort {
        /// How many there are.
        length: usize,
    },
    /// Length says less than a header has.
    LengthBelowHeader {
        /// What it says.
        length: usize,
    },
    /// Length says more than there is.
    LengthBeyondOctets {
        /// What it says.
        length: usize,
        /// How many octets there are.
        available: usize,
    },
    /// A Request or Response that ends before its Type.
    NoType {
        /// Which of the two.
        code: EapCode,
    },
}

impl<'a> EapPacket<'a> {
    /// A view over a packet; octets after Length are padding (RFC 3748 §4.1).
    pub fn parse(octets: &'a [u8]) -> Result<EapPacket<'a>, EapError> {
        let available = octets.len();
        let header = octets
            .first_chunk::<HEADER>()
            .ok_or(EapError::TooShort { length: available })?;
        let code = EapCode(header[0]);
        let length = usize::from(u16::from_be_bytes([header[2], header[3]]));
        if length < HEADER {
            return Err(EapError::LengthBelowHeader { length });
        }
        let (octets, padding) = octets
            .split_at_checked(length)
            .ok_or(EapError::LengthBeyondOctets { length, available })?;
        if matches!(code, EapCode::REQUEST | EapCode::RESPONSE) && length == HEADER {
            return Err(EapError::NoType { code });
        }
        Ok(EapPacket { octets, padding })
    }

    /// What kind of packet it is.
    pub fn code(&self) -> EapCode {
        EapCode(self.octets.first().copied().unwrap_or(0))
    }

    /// Pairs a Response with its Request.
    pub fn identifier(&self) -> u8 {
        self.octets.get(1).copied().unwrap_or(0)
    }

    /// The whole packet without padding.
    pub fn octets(&self) -> &'a [u8] {
        self.octets
    }

    /// What followed the packet.
    pub fn padding(&self) -> &'a [u8] {
        self.padding
    }

    /// The Type of a Request or Response; none in other packets.
    pub fn kind(&self) -> Option<EapType> {
        matches!(self.code(), EapCode::REQUEST | EapCode::RESPONSE)
            .then(|| EapType(self.octets.get(HEADER).copied().unwrap_or(0)))
    }

    /// What follows the Type; nothing where there is no Type.
    pub fn data(&self) -> &'a [u8] {
        match self.kind() {
            Some(_) => self.octets.get(HEADER + 1..).unwrap_or(&[]),
            None => &[],
        }
    }

    /// The vendor and its type in an Expanded packet (RFC 3748 §5.7).
    pub fn expanded(&self) -> Option<(u32, u32)> {
        if self.kind() != Some(EapType::EXPANDED) {
            return None;
        }
        let mut reader = Reader::new(self.data(), HEADER + 1);
        let [a, b, c] = *reader.take_array().ok()?;
        Some((u32::from_be_bytes([0, a, b, c]), reader.u32().ok()?))
    }
}

/// A Request or Response. `None` when the data does not fit into the 65,535 octets that Length can say.
pub fn encode(code: EapCode, identifier: u8, kind: EapType, data: &[u8]) -> Option<Vec<u8>> {
    let length = u16::try_from(HEADER + 1 + data.len()).ok()?.to_be_bytes();
    let mut octets = vec![code.0, identifier, length[0], length[1], kind.0];
    octets.extend_from_slice(data);
    Some(octets)
}

/// A Success or Failure: a header and nothing else (RFC 3748 §4.2).
pub fn verdict(code: EapCode, identifier: u8) -> [u8; HEADER] {
    [code.0, identifier, 0, 4]
}

/// An EAP packet as values of EAP-Message: all full but the last (RFC 3579 §3.1). No octets are EAP-Start: one empty
/// value.
pub fn split(octets: &[u8]) -> impl Iterator<Item = &[u8]> {
    let start: Option<&[u8]> = octets.is_empty().then_some(&[]);
    start.into_iter().chain(octets.chunks(MAX_VALUE))
}

/// The EAP packet that a RADIUS packet carries, in one piece; none where it has no EAP-Message.
pub fn join(packet: &Packet<'_>) -> Option<Vec<u8>> {
    let mut values = packet.all(AttributeType::EAP_MESSAGE).peekable();
    values.peek()?;
    Some(values.flat_map(|attribute| attribute.value()).copied().collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_response_reads_as_it_was_written() {
        let octets = encode(EapCode::RESPONSE, 7, EapType::IDENTITY, b"bob").unwrap();
        let packet = EapPacket::parse(&octets).unwrap();
        assert_eq!(
            (packet.code(), packet.identifier(), packet.kind(), packet.data()),
            (EapCode::RESPONSE, 7, Some(EapType::IDENTITY), &b"bob"[..])
        );
    }

    #[test]
    fn wrong_lengths_are_told_apart() {
        assert_eq!(
            EapPacket::parse(&[1, 2, 0]),
            Err(EapError::TooShort { length: 3 })
        );
        assert_eq!(
            EapPacket::parse(&[1, 2, 0, 3]),
            Err(EapError::LengthBelowHeader { length: 3 })
        );
        assert_eq!(
            EapPacket::parse(&[1, 2, 0xff, 0xff, 1]),
            Err(EapError::LengthBeyondOctets {
                length: 65535,
                available: 5
            })
        );
        assert_eq!(
            EapPacket::parse(&[2, 2, 0, 4]),
            Err(EapError::NoType {
                code: EapCode::RESPONSE
            })
        );
        let padded = EapPacket::parse(&[3, 2, 0, 4, 9, 9]).unwrap();
        assert_eq!((padded.kind(), padded.padding()), (None, &[9, 9][..]));
    }

    #[test]
    fn an_expanded_type_names_vendor_and_type() {
        let octets = encode(EapCode::REQUEST, 1, EapType::EXPANDED, &[0, 0, 9, 0, 0, 0, 4]).unwrap();
        assert_eq!(EapPacket::parse(&octets).unwrap().expanded(), Some((9, 4)));
    }

    #[test]
    fn a_long_packet_is_split_into_full_values() {
        let octets = vec![5; 301];
        let lengths: Vec<_> = split(&octets).map(<[u8]>::len).collect();
        assert_eq!(lengths, [253, 48]);
        assert_eq!(split(&[]).map(<[u8]>::len).collect::<Vec<_>>(), [0]);
    }

    proptest! {
        #[test]
        fn any_octets_are_viewed_without_a_panic(octets: Vec<u8>) {
            if let Ok(packet) = EapPacket::parse(&octets) {
                let _ = (packet.kind(), packet.data(), packet.expanded());
                prop_assert_eq!(packet.octets().len() + packet.padding().len(), octets.len());
            }
        }
    }
}
