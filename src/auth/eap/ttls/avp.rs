//! The attributes inside TTLS (RFC 5281 §10.1).
//!
//! ```text
//!   Code(4) Flags(1): V = 0x80, M = 0x40   Length(3, header included, padding not) Vendor(4, with V) Data   to 4 octets
//! ```

use crate::auth::MethodFault;
use crate::codec::Reader;

const VENDOR: u8 = 0x80;
const MANDATORY: u8 = 0x40;

/// One attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Avp<'a> {
    /// Its number, RADIUS's below 256.
    pub code: u32,
    /// Whose number it is, 0 for nobody's.
    pub vendor: u32,
    /// Whether whoever does not know it must give up.
    pub mandatory: bool,
    /// Its value.
    pub data: &'a [u8],
}

impl Avp<'_> {
    /// Appends it to `octets`, mandatory or not as it says.
    pub fn encode(&self, octets: &mut Vec<u8>) {
        let header = if self.vendor == 0 { 8 } else { 12 };
        let length = (header + self.data.len()) as u32;
        let flags = if self.vendor == 0 { 0 } else { VENDOR } | if self.mandatory { MANDATORY } else { 0 };
        octets.extend(self.code.to_be_bytes());
        octets.extend((u32::from(flags) << 24 | length & 0x00ff_ffff).to_be_bytes());
        if self.vendor != 0 {
            octets.extend(self.vendor.to_be_bytes());
        }
        octets.extend_from_slice(self.data);
        octets.resize(octets.len().next_multiple_of(4), 0);
    }
}

/// Reads the attributes in what came through the tunnel.
pub fn parse(octets: &[u8]) -> Result<Vec<Avp<'_>>, MethodFault> {
    let mut reader = Reader::new(octets, 0);
    let mut avps = Vec::new();
    while !reader.is_empty() {
        let code = reader.u32()?;
        let word = reader.u32()?;
        let flags = (word >> 24) as u8;
        let says = (word & 0x00ff_ffff) as usize;
        let vendor = if flags & VENDOR != 0 { reader.u32()? } else { 0 };
        let header = if flags & VENDOR != 0 { 12 } else { 8 };
        let length = says
            .checked_sub(header)
            .ok_or(MethodFault::Length { says, want: header })?;
        let data = reader.take(length)?;
        // The last may go without its padding.
        let padding = says.next_multiple_of(4) - says;
        reader.take(padding.min(reader.left()))?;
        avps.push(Avp {
            code,
            vendor,
            mandatory: flags & MANDATORY != 0,
            data,
        });
    }
    Ok(avps)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_attribute_has_length_without_padding() {
        let mut octets = Vec::new();
        Avp {
            code: 1,
            vendor: 0,
            mandatory: true,
            data: b"bob",
        }
        .encode(&mut octets);
        assert_eq!(octets, b"\0\0\0\x01\x40\0\0\x0bbob\0");
    }

    #[test]
    fn a_length_below_the_header_is_refused() {
        assert_eq!(
            parse(b"\0\0\0\x01\x40\0\0\x07"),
            Err(MethodFault::Length { says: 7, want: 8 })
        );
    }

    proptest! {
        #[test]
        fn attributes_read_as_they_were_written(parts: Vec<(u32, u32, bool, Vec<u8>)>) {
            let avps: Vec<_> = parts
                .iter()
                .map(|(code, vendor, mandatory, data)| Avp { code: *code, vendor: *vendor, mandatory: *mandatory, data })
                .collect();
            let mut octets = Vec::new();
            avps.iter().for_each(|avp| avp.encode(&mut octets));
            prop_assert_eq!(parse(&octets), Ok(avps));
        }

        #[test]
        fn any_octets_are_read_without_a_panic(octets: Vec<u8>) {
            let _ = parse(&octets);
        }
    }
}
