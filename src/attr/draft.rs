//! Attributes ready to be built into packets, many times, with other Identifiers, authenticators and secrets.

use super::control::Control;
use super::encode::{EncodeError, Names};
use super::grammar::Pair;
use crate::codec::{AttributeType, Authenticator, Code, Secret};
use crate::dictionary::{Dictionary, Encrypt};

/// The attributes of a packet in the making.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    parts: Vec<Part>,
}

/// One attribute of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Whole attributes, headers included; several where a value is split.
    Octets(Vec<u8>),
    /// One that the secret hides when the packet is built.
    Hidden(Hidden),
    /// CHAP-Password, over the draft's CHAP-Challenge or the authenticator (RFC 2865 §5.3).
    Chap {
        /// The CHAP Identifier; the packet's when `None`.
        identifier: Option<u8>,
        /// The password.
        password: Secret,
    },
    /// Message-Authenticator, in this place.
    MessageAuthenticator,
}

/// An attribute with something in it that the secret hides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    number: AttributeType,
    plain: Secret,
    how: Encrypt,
}

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
}

impl Draft {
    /// A draft without attributes.
    pub fn new() -> Draft {
        Draft::default()
    }

    /// Adds what the pair says, or gives back what it says to the sender.
    pub fn push_pair(
        &mut self,
        pair: &Pair<'_>,
        dictionary: &Dictionary,
        names: &dyn Names,
    ) -> Result<Option<Control>, EncodeError> {
        let _ = (pair, dictionary, names);
        Ok(None)
    }

    /// Adds an attribute with this value; EAP-Message is split where it is too long for one (RFC 3579 §3.1).
    pub fn push(&mut self, number: AttributeType, value: &[u8]) -> Result<(), BuildError> {
        let _ = (number, value);
        Ok(())
    }

    /// Adds User-Password, hidden when built (RFC 2865 §5.2).
    pub fn push_password(&mut self, password: Secret) -> Result<(), BuildError> {
        let _ = password;
        Ok(())
    }

    /// Adds CHAP-Password, answered when built (RFC 2865 §5.3).
    pub fn push_chap(&mut self, identifier: Option<u8>, password: Secret) {
        self.parts.push(Part::Chap { identifier, password });
    }

    /// Adds any part.
    pub fn push_part(&mut self, part: Part) {
        self.parts.push(part);
    }

    /// The parts in their order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Whether nothing has been added.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Whether there is an attribute of this Type.
    pub fn has(&self, number: AttributeType) -> bool {
        let _ = number;
        false
    }

    /// The value of the first attribute of this Type that is not hidden.
    pub fn value(&self, number: AttributeType) -> Option<&[u8]> {
        let _ = number;
        None
    }

    /// Gives the first attribute of this Type another value, or adds it.
    pub fn set(&mut self, number: AttributeType, value: &[u8]) -> Result<(), BuildError> {
        let _ = (number, value);
        Ok(())
    }

    /// Takes all attributes of this Type out; how many there were.
    pub fn remove(&mut self, number: AttributeType) -> usize {
        let _ = number;
        0
    }

    /// The octets of a sealed request. `authenticator` is the random one where the Code has such; `salts` gives
    /// numbers that do not repeat.
    pub fn build(
        &self,
        code: Code,
        identifier: u8,
        authenticator: &Authenticator,
        secret: &Secret,
        salts: &mut dyn FnMut() -> u16,
        options: &BuildOptions,
    ) -> Result<Vec<u8>, BuildError> {
        let _ = (code, identifier, authenticator, secret, salts, options);
        Ok(Vec::new())
    }

    /// The octets of a sealed reply to the request with this authenticator.
    pub fn build_reply(
        &self,
        code: Code,
        identifier: u8,
        request: &Authenticator,
        secret: &Secret,
        salts: &mut dyn FnMut() -> u16,
        options: &BuildOptions,
    ) -> Result<Vec<u8>, BuildError> {
        let _ = (code, identifier, request, secret, salts, options);
        Ok(Vec::new())
    }
}
