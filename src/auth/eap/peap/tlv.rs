//! Extensions (EAP type 33, MS-PEAP §2.2.8): what PEAP says after the method inside.
//!
//! ```text
//!   Type(2): mandatory = 0x8000, reserved = 0x4000, number   Length(2, of the value)   value
//!   3 Result: 1 success, 2 failure
//!   12 Crypto-Binding: Reserved(1) Version(1) Received Version(1) Sub-Type(1): 0 request, 1 response   Nonce(32) MAC(20)
//! ```

use crate::auth::MethodFault;
use crate::codec::Reader;

const RESULT: u16 = 3;
const NAK: u16 = 4;
const CRYPTO_BINDING: u16 = 12;
const MANDATORY: u16 = 0x8000;
const NUMBER: u16 = 0x3fff;

const SUCCESS: u16 = 1;

/// Octets of a Crypto-Binding with its header: what its MAC is computed over.
pub const BINDING: usize = 60;

/// Crypto-Binding: proof that who made the tunnel also ran what is inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CryptoBinding {
    /// Whether the peer answers, else the server asks.
    pub response: bool,
    /// Random octets.
    pub nonce: [u8; 32],
    /// The proof.
    pub mac: [u8; 20],
}

impl CryptoBinding {
    /// Header and value.
    pub fn encode(&self) -> [u8; BINDING] {
        let mut octets = [0; BINDING];
        let parts = [0, 12, 0, 56, 0, 0, 0, u8::from(self.response)];
        let parts = parts.iter().chain(&self.nonce).chain(&self.mac);
        octets.iter_mut().zip(parts).for_each(|(to, from)| *to = *from);
        octets
    }
}

/// What Extensions say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extensions {
    /// How it went, where it is said.
    pub success: Option<bool>,
    /// The binding, where there is one.
    pub binding: Option<CryptoBinding>,
    /// A number that the other side does not know.
    pub refused: Option<u16>,
}

impl Extensions {
    /// The data after the Type octet.
    pub fn encode(&self) -> Vec<u8> {
        let mut octets = Vec::new();
        if let Some(success) = self.success {
            octets.extend((MANDATORY | RESULT).to_be_bytes());
            octets.extend([0, 2]);
            octets.extend([0, if success { 1 } else { 2 }]);
        }
        if let Some(binding) = &self.binding {
            octets.extend(binding.encode());
        }
        octets
    }

    /// Reads the data after the Type octet. What is not known is skipped, unless it must be known.
    pub fn parse(data: &[u8]) -> Result<Extensions, MethodFault> {
        let mut reader = Reader::new(data, 0);
        let mut found = Extensions::default();
        while !reader.is_empty() {
            let kind = reader.u16()?;
            let length = usize::from(reader.u16()?);
            let mut value = reader.sub(length)?;
            match kind & NUMBER {
                RESULT => {
                    found.success = Some(value.u16()? == SUCCESS);
                    value.finish()?;
                }
                NAK => {
                    value.u32()?;
                    found.refused = Some(value.u16()?);
                }
                CRYPTO_BINDING => {
                    value.take(3)?;
                    let response = value.u8()? == 1;
                    let (nonce, mac) = (*value.take_array()?, *value.take_array()?);
                    value.finish()?;
                    found.binding = Some(CryptoBinding { response, nonce, mac });
                }
                code if kind & MANDATORY != 0 => {
                    return Err(MethodFault::Mandatory {
                        code: code.into(),
                        vendor: 0,
                    });
                }
                _ => {}
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_result_is_six_octets() {
        let extensions = Extensions {
            success: Some(true),
            ..Extensions::default()
        };
        assert_eq!(extensions.encode(), [0x80, 3, 0, 2, 0, 1]);
        assert_eq!(Extensions::parse(&extensions.encode()), Ok(extensions));
    }

    proptest! {
        #[test]
        fn extensions_read_as_they_were_written(success: Option<bool>, response: bool, nonce: [u8; 32], mac: [u8; 20]) {
            let binding = Some(CryptoBinding { response, nonce, mac });
            let extensions = Extensions { success, binding, refused: None };
            prop_assert_eq!(Extensions::parse(&extensions.encode()), Ok(extensions));
        }

        #[test]
        fn any_octets_are_read_without_a_panic(octets: Vec<u8>) {
            let _ = Extensions::parse(&octets);
        }
    }
}
