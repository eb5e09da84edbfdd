//! How RADIUS carries MS-CHAP: values of Microsoft's vendor-specific attributes (RFC 2548 §2), without the header
//! of the Vendor-Specific attribute around them.

use super::{CHALLENGE_V2, RESPONSE};
use crate::codec::{AttributeType, Packet, Reader, Short, Trailing};

/// Microsoft's number among vendors.
pub const VENDOR: u32 = 311;

/// Types of attributes within the vendor's space.
pub mod number {
    #![allow(missing_docs, reason = "the names are the attributes' own")]
    pub const MS_CHAP_RESPONSE: u8 = 1;
    pub const MS_CHAP_ERROR: u8 = 2;
    pub const MS_CHAP_CPW_2: u8 = 4;
    pub const MS_CHAP_NT_ENC_PW: u8 = 6;
    pub const MS_CHAP_DOMAIN: u8 = 10;
    pub const MS_CHAP_CHALLENGE: u8 = 11;
    pub const MS_CHAP_MPPE_KEYS: u8 = 12;
    pub const MS_MPPE_SEND_KEY: u8 = 16;
    pub const MS_MPPE_RECV_KEY: u8 = 17;
    pub const MS_CHAP2_RESPONSE: u8 = 25;
    pub const MS_CHAP2_SUCCESS: u8 = 26;
    pub const MS_CHAP2_CPW: u8 = 27;
}

/// The value of a Vendor-Specific attribute with one of Microsoft's in it: vendor, type, length, value. `None` when
/// the value is longer than the 247 octets that fit.
pub fn vendor_value(number: u8, value: &[u8]) -> Option<Vec<u8>> {
    let length = u8::try_from(value.len() + 2)
        .ok()
        .filter(|length| *length <= 249)?;
    let mut octets = VENDOR.to_be_bytes().to_vec();
    octets.extend([number, length]);
    octets.extend_from_slice(value);
    Some(octets)
}

/// Microsoft's attributes in the value of a Vendor-Specific attribute: type and value. Nothing for another vendor;
/// the walk ends where a length does not fit.
pub fn vendor_attributes(value: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut reader = Reader::new(value, 0);
    let ours = reader.u32() == Ok(VENDOR);
    std::iter::from_fn(move || {
        if !ours || reader.is_empty() {
            return None;
        }
        let (number, length) = (reader.u8().ok()?, reader.u8().ok()?);
        let value = reader.take(usize::from(length).checked_sub(2)?).ok()?;
        Some((number, value))
    })
}

/// The value of a packet's first attribute of Microsoft's of a type.
pub fn find<'a>(packet: &Packet<'a>, wanted: u8) -> Option<&'a [u8]> {
    every(packet, wanted).next()
}

/// The values of all of them.
pub fn every<'a>(packet: &Packet<'a>, wanted: u8) -> impl Iterator<Item = &'a [u8]> {
    packet
        .all(AttributeType::VENDOR_SPECIFIC)
        .flat_map(|attribute| vendor_attributes(attribute.value()))
        .filter(move |(number, _)| *number == wanted)
        .map(|(_, value)| value)
}

/// Why a value has the wrong shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayoutError {
    /// It ends too early.
    Short(Short),
    /// It goes on where it should have ended.
    Trailing(Trailing),
    /// Its first octet, which tells what follows, is not the one that it must be.
    Code {
        /// What it is.
        code: u8,
    },
}

impl From<Short> for LayoutError {
    fn from(short: Short) -> Self {
        Self::Short(short)
    }
}

impl From<Trailing> for LayoutError {
    fn from(trailing: Trailing) -> Self {
        Self::Trailing(trailing)
    }
}

/// MS-CHAP-Response: what a client of version 1 answers (RFC 2548 §2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResponseV1 {
    /// Pairs the response with an MS-CHAP-Error.
    pub identifier: u8,
    /// The LAN Manager response, zeros where it is not sent.
    pub lm: [u8; RESPONSE],
    /// The NT response, where [`ResponseV1::uses_nt`].
    pub nt: [u8; RESPONSE],
    /// Whether the NT response counts, else the LM response.
    pub uses_nt: bool,
}

impl ResponseV1 {
    /// The value, 50 octets.
    pub fn encode(&self) -> Vec<u8> {
        let mut octets = vec![self.identifier, u8::from(self.uses_nt)];
        octets.extend(self.lm);
        octets.extend(self.nt);
        octets
    }

    /// Reads a value.
    pub fn parse(value: &[u8]) -> Result<ResponseV1, LayoutError> {
        let mut reader = Reader::new(value, 0);
        let identifier = reader.u8()?;
        let uses_nt = reader.u8()? & 1 == 1;
        let (lm, nt) = (*reader.take_array()?, *reader.take_array()?);
        reader.finish()?;
        Ok(ResponseV1 {
            identifier,
            lm,
            nt,
            uses_nt,
        })
    }
}

/// MS-CHAP2-Response: what a client of version 2 answers (RFC 2548 §2.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResponseV2 {
    /// Pairs the response with MS-CHAP2-Success or MS-CHAP-Error.
    pub identifier: u8,
    /// Zero in all that is known.
    pub flags: u8,
    /// The client's challenge.
    pub peer_challenge: [u8; CHALLENGE_V2],
    /// The answer.
    pub nt: [u8; RESPONSE],
}

impl ResponseV2 {
    /// The value, 50 octets.
    pub fn encode(&self) -> Vec<u8> {
        let mut octets = vec![self.identifier, self.flags];
        octets.extend(self.peer_challenge);
        octets.extend([0; 8]);
        octets.extend(self.nt);
        octets
    }

    /// Reads a value.
    pub fn parse(value: &[u8]) -> Result<ResponseV2, LayoutError> {
        let mut reader = Reader::new(value, 0);
        let (identifier, flags) = (reader.u8()?, reader.u8()?);
        let peer_challenge = *reader.take_array()?;
        reader.take(8)?;
        let nt = *reader.take_array()?;
        reader.finish()?;
        Ok(ResponseV2 {
            identifier,
            flags,
            peer_challenge,
            nt,
        })
    }
}

/// The value of an attribute that is an identifier and a text: MS-CHAP-Error, MS-CHAP2-Success, MS-CHAP-Domain.
pub fn identified(identifier: u8, text: &str) -> Vec<u8> {
    let mut octets = vec![identifier];
    octets.extend_from_slice(text.as_bytes());
    octets
}
