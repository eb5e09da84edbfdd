//! Packets made attribute by attribute. The builder refuses what RFC 2865 forbids; whoever wants a wrong packet
//! says so by calling [`Builder::raw`] or [`Builder::set_length`].

use super::{AttributeType, Authenticator, Code, HEADER_LENGTH, MAX_LENGTH, MAX_VALUE};

/// A packet in the making, not yet sealed (see [`super::seal`]).
#[derive(Clone, Debug)]
pub struct Builder {
    octets: Vec<u8>,
    max: usize,
    length: Option<u16>,
}

/// Why an attribute cannot be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuildError {
    /// The value is longer than [`MAX_VALUE`].
    ValueTooLong {
        /// The attribute's type.
        number: AttributeType,
        /// How many octets the value has.
        length: usize,
    },
    /// The packet would become longer than it may be.
    PacketTooLong {
        /// How many octets it would have.
        length: usize,
        /// How many it may have.
        max: usize,
    },
    /// Type 0 is never assigned.
    TypeZero,
    /// There is a Message-Authenticator already, and a packet may have one (RFC 3579 §3.2).
    SecondMessageAuthenticator,
}

impl Builder {
    /// A packet without attributes. `authenticator` is the random one of an Access-Request or Status-Server; where
    /// it is a digest, sealing writes it and anything may stand here.
    pub fn new(code: Code, identifier: u8, authenticator: &Authenticator) -> Builder {
        let mut octets = Vec::with_capacity(256);
        octets.extend_from_slice(&[code.0, identifier, 0, 0]);
        octets.extend_from_slice(authenticator);
        Builder {
            octets,
            max: MAX_LENGTH,
            length: None,
        }
    }

    /// Allows packets of up to `max` octets, 65,535 at most (RFC 7930 on streams).
    pub fn with_max(mut self, max: u16) -> Builder {
        self.max = usize::from(max);
        self
    }

    /// How many octets the packet has so far.
    pub fn length(&self) -> usize {
        self.octets.len()
    }

    /// Appends an attribute.
    pub fn attribute(&mut self, number: AttributeType, value: &[u8]) -> Result<&mut Builder, BuildError> {
        let total = match u8::try_from(value.len() + 2) {
            Ok(total) => total,
            Err(_) => {
                return Err(BuildError::ValueTooLong {
                    number,
                    length: value.len(),
                });
            }
        };
        debug_assert!(value.len() <= MAX_VALUE);
        if number.0 == 0 {
            return Err(BuildError::TypeZero);
        }
        let length = self.octets.len() + usize::from(total);
        if length > self.max {
            return Err(BuildError::PacketTooLong {
                length,
                max: self.max,
            });
        }
        self.octets.extend_from_slice(&[number.0, total]);
        self.octets.extend_from_slice(value);
        Ok(self)
    }

    /// Appends a Message-Authenticator of zeros, which sealing fills in.
    pub fn message_authenticator(&mut self) -> Result<&mut Builder, BuildError> {
        let attributes =
            super::Attributes::new(self.octets.get(HEADER_LENGTH..).unwrap_or(&[]), HEADER_LENGTH);
        if attributes
            .map_while(Result::ok)
            .any(|attribute| attribute.number() == AttributeType::MESSAGE_AUTHENTICATOR)
        {
            return Err(BuildError::SecondMessageAuthenticator);
        }
        self.attribute(AttributeType::MESSAGE_AUTHENTICATOR, &[0; 16])
    }

    /// Appends any octets where attributes stand, right or wrong, without a look at them.
    pub fn raw(&mut self, octets: &[u8]) -> &mut Builder {
        self.octets.extend_from_slice(octets);
        self
    }

    /// Makes the Length field say this, whatever the length is.
    pub fn set_length(&mut self, length: u16) -> &mut Builder {
        self.length = Some(length);
        self
    }

    /// The octets, Length filled in. A packet that [`Builder::raw`] made longer than 65,535 octets says 65,535.
    pub fn finish(mut self) -> Vec<u8> {
        let length = self
            .length
            .unwrap_or(u16::try_from(self.octets.len()).unwrap_or(u16::MAX));
        if let Some(field) = self.octets.get_mut(2..4) {
            field.copy_from_slice(&length.to_be_bytes());
        }
        self.octets
    }
}
