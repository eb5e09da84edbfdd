//! The parts of a draft: what needs the secret waits for it.

use super::BuildError;
use crate::attr::encode::{EncodeError, EncodeErrorKind, Plain, hexadecimal};
use crate::attr::grammar::{LiteralKind, Pair};
use crate::codec::vendor::{Envelope, Overflow};
use crate::codec::{AttributeType, Attributes, Authenticator, Secret, hide};
use crate::dictionary::{Dictionary, Encrypt};

/// One attribute of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Whole attributes, headers included; several of one Type where a value is split.
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
    pub(super) envelope: Envelope,
    pub(super) value: Plain,
}

impl Hidden {
    /// What is to be hidden; the first of several.
    pub fn plain(&self) -> Option<&Secret> {
        self.value.holes.first().map(|hole| &hole.plain)
    }

    /// Appends the whole attribute.
    pub(super) fn write(
        &self,
        secret: &Secret,
        authenticator: &Authenticator,
        salts: &mut dyn FnMut() -> u16,
        out: &mut Vec<u8>,
    ) -> Result<(), Overflow> {
        let mut octets = self.value.octets.clone();
        for hole in &self.value.holes {
            let plain = hole.plain.expose();
            let hidden = match hole.how {
                Encrypt::UserPassword => hide::hide_password(plain, secret, authenticator),
                Encrypt::TunnelPassword => hide::hide_salted(plain, salts(), secret, authenticator),
                Encrypt::AscendSecret => {
                    hide::hide_ascend(plain, secret, authenticator).map(|octets| octets.to_vec())
                }
            };
            // Lengths were checked when the hole was made.
            if let (Ok(hidden), Some(place)) = (hidden, octets.get_mut(hole.at..hole.at + hole.length))
                && hidden.len() == place.len()
            {
                place.copy_from_slice(&hidden);
            }
        }
        self.envelope.write(&octets, out)
    }
}

impl Part {
    /// The Type of the attribute in the packet.
    pub fn number(&self) -> AttributeType {
        match self {
            Part::Octets(octets) => AttributeType(octets.first().copied().unwrap_or(0)),
            Part::Hidden(hidden) => hidden.envelope.number(),
            Part::Chap { .. } => AttributeType::CHAP_PASSWORD,
            Part::MessageAuthenticator => AttributeType::MESSAGE_AUTHENTICATOR,
        }
    }

    /// The value of the first attribute it holds, where no secret is needed for that.
    pub fn value(&self) -> Option<&[u8]> {
        match self {
            Part::Octets(octets) => {
                let attribute = Attributes::new(octets, 0).next()?.ok()?;
                Some(attribute.value())
            }
            _ => None,
        }
    }
}

pub(super) fn too_long(number: AttributeType, overflow: Overflow) -> BuildError {
    BuildError::ValueTooLong {
        number,
        length: overflow.length,
        max: overflow.max,
    }
}

pub(super) fn plain_part(number: AttributeType, value: &[u8]) -> Result<Part, BuildError> {
    let envelope = match number {
        AttributeType::EAP_MESSAGE => Envelope::Concat(number),
        _ => Envelope::Plain(number),
    };
    let mut octets = Vec::with_capacity(value.len() + 2);
    envelope
        .write(value, &mut octets)
        .map_err(|overflow| too_long(number, overflow))?;
    Ok(Part::Octets(octets))
}

pub(super) fn part(envelope: Envelope, value: Plain) -> Result<Part, EncodeErrorKind> {
    let mut octets = Vec::with_capacity(value.octets.len() + 16);
    envelope.write(&value.octets, &mut octets)?;
    Ok(if value.holes.is_empty() {
        Part::Octets(octets)
    } else {
        Part::Hidden(Hidden { envelope, value })
    })
}

/// The parts that are made when the packet is built, from their pairs: CHAP-Password with a text, and
/// Message-Authenticator with any value.
pub(super) fn special(pair: &Pair<'_>, dictionary: &Dictionary) -> Result<Option<Part>, EncodeError> {
    let Ok(resolved) = dictionary.resolve(pair.name.text) else {
        return Ok(None);
    };
    if resolved.raw || !pair.operator.assigns() || pair.tag.is_some() {
        return Ok(None);
    }
    let fail = |kind| EncodeError {
        span: pair.value.span.clone(),
        name: pair.name.text.to_owned(),
        kind,
    };
    match (resolved.oid.parts(), &pair.value.kind) {
        ([80], LiteralKind::Bare(_) | LiteralKind::Quoted(_)) => Ok(Some(Part::MessageAuthenticator)),
        ([3], LiteralKind::Bare(_) | LiteralKind::Quoted(_)) => match hexadecimal(&pair.value) {
            // Octets are sent as they are: Identifier and response.
            Some(Ok(octets)) if octets.len() == 17 => Ok(None),
            Some(Ok(octets)) => Err(fail(EncodeErrorKind::Length {
                expected: 17,
                found: octets.len(),
            })),
            Some(Err(error)) => Err(fail(EncodeErrorKind::Hex(error))),
            None => {
                let password = match &pair.value.kind {
                    LiteralKind::Bare(text) => Secret::new(text.as_bytes()),
                    LiteralKind::Quoted(octets) => Secret::new(&**octets),
                    _ => return Ok(None),
                };
                Ok(Some(Part::Chap {
                    identifier: None,
                    password,
                }))
            }
        },
        _ => Ok(None),
    }
}
