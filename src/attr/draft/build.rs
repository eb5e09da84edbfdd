//! From a draft to the octets of a sealed packet.

use super::Draft;
use super::part::{Part, too_long};
use crate::codec::{AttributeType, Authenticator, Builder, Code, HEADER_LENGTH, Secret, hide, seal};

/// Where Message-Authenticator stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Placement {
    /// First, unless the draft places it.
    #[default]
    First,
    /// Where the draft places it; none if it does not.
    AsGiven,
    /// Nowhere, even if the draft places it.
    None,
}

/// How to build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuildOptions {
    /// The longest packet, in octets.
    pub max: usize,
    /// Where Message-Authenticator stands.
    pub message_authenticator: Placement,
}

impl Default for BuildOptions {
    fn default() -> Self {
        BuildOptions {
            max: crate::codec::MAX_LENGTH,
            message_authenticator: Placement::First,
        }
    }
}

/// Why a packet cannot be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuildError {
    /// It would be longer than it may be.
    PacketTooLong {
        /// How many octets it would have.
        length: usize,
        /// How many it may have.
        max: usize,
    },
    /// A value is longer than an attribute holds.
    ValueTooLong {
        /// The attribute's Type.
        number: AttributeType,
        /// How many octets the value has.
        length: usize,
        /// How many fit.
        max: usize,
    },
    /// RADIUS/1.1 has no hidden values, and this one stands within a nested attribute, whose Length is made for it.
    NestedInClear {
        /// The Type of the outermost attribute.
        number: AttributeType,
    },
}

/// How a built packet is sealed.
enum Seal<'a> {
    Request(&'a Authenticator),
    Reply(&'a Authenticator),
}

impl Draft {
    /// The octets of a sealed request. `authenticator` is the random one where the Code has such; `salts` gives
    /// numbers that do not repeat within the packet.
    ///
    /// # Errors
    ///
    /// More octets than the options allow.
    pub fn build(
        &self,
        code: Code,
        identifier: u8,
        authenticator: &Authenticator,
        secret: &Secret,
        salts: &mut dyn FnMut() -> u16,
        options: &BuildOptions,
    ) -> Result<Vec<u8>, BuildError> {
        self.sealed(
            code,
            identifier,
            &Seal::Request(authenticator),
            secret,
            salts,
            options,
        )
    }

    /// The octets of a sealed reply to the request with this authenticator.
    ///
    /// # Errors
    ///
    /// More octets than the options allow.
    pub fn build_reply(
        &self,
        code: Code,
        identifier: u8,
        request: &Authenticator,
        secret: &Secret,
        salts: &mut dyn FnMut() -> u16,
        options: &BuildOptions,
    ) -> Result<Vec<u8>, BuildError> {
        self.sealed(code, identifier, &Seal::Reply(request), secret, salts, options)
    }

    fn sealed(
        &self,
        code: Code,
        identifier: u8,
        how: &Seal<'_>,
        secret: &Secret,
        salts: &mut dyn FnMut() -> u16,
        options: &BuildOptions,
    ) -> Result<Vec<u8>, BuildError> {
        let (authenticator, hiding) = match how {
            Seal::Request(own) => (**own, seal::hiding_authenticator(code, own)),
            // In a reply the request's authenticator hides, whatever kind it is (RFC 2868 §3.5).
            Seal::Reply(request) => (**request, **request),
        };
        let mut octets = self.attributes(identifier, &hiding, secret, salts, options)?;
        let length = HEADER_LENGTH + octets.len();
        if length > options.max {
            return Err(BuildError::PacketTooLong {
                length,
                max: options.max,
            });
        }
        let mut builder = Builder::new(code, identifier, &authenticator);
        builder.raw(&octets);
        octets = builder.finish();
        match how {
            Seal::Request(_) => seal::seal_request(&mut octets, secret),
            Seal::Reply(request) => seal::seal_reply(&mut octets, request, secret),
        }
        Ok(octets)
    }

    /// The octets of all attributes.
    fn attributes(
        &self,
        identifier: u8,
        authenticator: &Authenticator,
        secret: &Secret,
        salts: &mut dyn FnMut() -> u16,
        options: &BuildOptions,
    ) -> Result<Vec<u8>, BuildError> {
        const SEAL: [u8; 18] = {
            let mut attribute = [0; 18];
            attribute[0] = AttributeType::MESSAGE_AUTHENTICATOR.0;
            attribute[1] = 18;
            attribute
        };
        let mut octets = Vec::with_capacity(256);
        let placement = options.message_authenticator;
        if placement == Placement::First && !self.has(AttributeType::MESSAGE_AUTHENTICATOR) {
            octets.extend_from_slice(&SEAL);
        }
        for part in &self.parts {
            match part {
                Part::Octets(whole) => octets.extend_from_slice(whole),
                Part::Hidden(hidden) => hidden
                    .write(secret, authenticator, salts, &mut octets)
                    .map_err(|overflow| too_long(part.number(), overflow))?,
                Part::Chap {
                    identifier: own,
                    password,
                } => {
                    let identifier = own.unwrap_or(identifier);
                    let challenge = self.value(AttributeType::CHAP_CHALLENGE).unwrap_or(authenticator);
                    let response = hide::chap_response(identifier, password, challenge);
                    octets.extend_from_slice(&[AttributeType::CHAP_PASSWORD.0, 19, identifier]);
                    octets.extend_from_slice(&response);
                }
                Part::MessageAuthenticator if placement == Placement::None => {}
                Part::MessageAuthenticator => octets.extend_from_slice(&SEAL),
            }
        }
        Ok(octets)
    }
}
