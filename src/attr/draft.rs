//! Attributes ready to be built into packets, many times, with other Identifiers, authenticators and secrets.

use super::control::{Control, control};
use super::encode::{EncodeError, EncodeErrorKind, Encoded, Encoder, Leaf, Names, Plain, hexadecimal, hole};
use super::grammar::{LiteralKind, Pair};
use crate::codec::vendor::{Envelope, Overflow};
use crate::codec::{
    AttributeType, Attributes, Authenticator, Builder, Code, HEADER_LENGTH, Secret, hide, seal,
};
use crate::dictionary::{Dictionary, Encrypt, Oid};

/// The attributes of a packet in the making.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    parts: Vec<Part>,
    open: Option<Open>,
}

/// The last part, when the next inner attribute may still join it: FreeRADIUS 3 writes the inner attributes of a
/// TLV one after the other, without naming the TLV.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Open {
    oid: Oid,
    leaves: Vec<Leaf>,
}

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
    envelope: Envelope,
    value: Plain,
}

impl Hidden {
    /// What is to be hidden; the first of several.
    pub fn plain(&self) -> Option<&Secret> {
        self.value.holes.first().map(|hole| &hole.plain)
    }

    /// Appends the whole attribute.
    fn write(
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
    /// A draft without attributes.
    pub fn new() -> Draft {
        Draft::default()
    }

    /// Adds what the pair says, or gives back what it says to the sender.
    ///
    /// # Errors
    ///
    /// Whatever cannot be said exactly; the draft is as it was.
    pub fn push_pair(
        &mut self,
        pair: &Pair<'_>,
        dictionary: &Dictionary,
        names: &dyn Names,
    ) -> Result<Option<Control>, EncodeError> {
        if let Some(control) = control(pair, names)? {
            return Ok(Some(control));
        }
        if let Some(part) = special(pair, dictionary)? {
            self.push_part(part);
            return Ok(None);
        }
        let encoder = Encoder { dictionary, names };
        let mut all = Vec::new();
        encoder.pair(pair, None, None, &mut all)?;
        let before = self.clone_tail();
        for encoded in all {
            if let Err(kind) = self.push_encoded(&encoder, encoded) {
                self.restore_tail(before);
                return Err(EncodeError {
                    span: pair.value.span.clone(),
                    name: pair.name.text.to_owned(),
                    kind,
                });
            }
        }
        Ok(None)
    }

    /// What is needed to undo pushes: the number of parts, the last part and what is open.
    fn clone_tail(&self) -> (usize, Option<Part>, Option<Open>) {
        (self.parts.len(), self.parts.last().cloned(), self.open.clone())
    }

    fn restore_tail(&mut self, (length, last, open): (usize, Option<Part>, Option<Open>)) {
        self.parts.truncate(length);
        if let (Some(place), Some(last)) = (self.parts.last_mut(), last) {
            *place = last;
        }
        self.open = open;
    }

    fn push_encoded(&mut self, encoder: &Encoder<'_>, encoded: Encoded) -> Result<(), EncodeErrorKind> {
        let Encoded {
            oid,
            envelope,
            path,
            value,
        } = encoded;
        if envelope.number() == AttributeType::NAS_FILTER_RULE && self.join_rule(&value)? {
            return Ok(());
        }
        if path.is_empty() {
            self.open = None;
            self.parts.push(part(envelope, value)?);
            return Ok(());
        }
        let entry = encoder.dictionary.entry(oid.key());
        let leaf = Leaf { path, value };
        if let Some(open) = self.open.as_mut().filter(|open| open.oid == oid) {
            open.leaves.push(leaf.clone());
            match encoder
                .assemble(entry, &open.leaves)
                .and_then(|value| part(envelope, value))
            {
                Ok(joined) => {
                    self.parts.pop();
                    self.parts.push(joined);
                    return Ok(());
                }
                // It does not fit beside the others, or stands there already: it gets an attribute of its own.
                Err(EncodeErrorKind::TooLong { .. } | EncodeErrorKind::Twice) => {}
                Err(kind) => return Err(kind),
            }
        }
        let leaves = vec![leaf];
        let value = encoder.assemble(entry, &leaves)?;
        self.parts.push(part(envelope, value)?);
        self.open = Some(Open { oid, leaves });
        Ok(())
    }

    /// Puts a rule of NAS-Filter-Rule behind the last one: zeros part them, and not the attributes' borders (RFC 4849
    /// §2). False when the last part is none.
    fn join_rule(&mut self, rule: &Plain) -> Result<bool, EncodeErrorKind> {
        let number = AttributeType::NAS_FILTER_RULE;
        let Some(Part::Octets(last)) = self.parts.last_mut().filter(|last| last.number() == number) else {
            return Ok(false);
        };
        let mut rules = Vec::new();
        for attribute in Attributes::new(last, 0).flatten() {
            rules.extend_from_slice(attribute.value());
        }
        rules.push(0);
        rules.extend_from_slice(&rule.octets);
        last.clear();
        Envelope::Concat(number).write(&rules, last)?;
        Ok(true)
    }

    /// Adds an attribute with this value; EAP-Message is split where it is too long for one (RFC 3579 §3.1).
    ///
    /// # Errors
    ///
    /// A value of more than 253 octets for any other Type.
    pub fn push(&mut self, number: AttributeType, value: &[u8]) -> Result<(), BuildError> {
        let part = plain_part(number, value)?;
        self.push_part(part);
        Ok(())
    }

    /// Adds User-Password, hidden when built (RFC 2865 §5.2).
    ///
    /// # Errors
    ///
    /// A password of more than 128 octets.
    pub fn push_password(&mut self, password: &Secret) -> Result<(), BuildError> {
        let number = AttributeType::USER_PASSWORD;
        let value = hole(password.expose().to_vec(), Encrypt::UserPassword).map_err(|_| {
            BuildError::ValueTooLong {
                number,
                length: password.len(),
                max: hide::MAX_PASSWORD,
            }
        })?;
        self.push_part(Part::Hidden(Hidden {
            envelope: Envelope::Plain(number),
            value,
        }));
        Ok(())
    }

    /// Adds CHAP-Password, answered when built (RFC 2865 §5.3).
    pub fn push_chap(&mut self, identifier: Option<u8>, password: Secret) {
        self.push_part(Part::Chap { identifier, password });
    }

    /// Adds any part.
    pub fn push_part(&mut self, part: Part) {
        self.open = None;
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
        self.parts.iter().any(|part| part.number() == number)
    }

    /// The value of the first attribute of this Type that no secret is needed for.
    pub fn value(&self, number: AttributeType) -> Option<&[u8]> {
        self.parts
            .iter()
            .filter(|part| part.number() == number)
            .find_map(Part::value)
    }

    /// Gives the first attribute of this Type another value, or adds it.
    ///
    /// # Errors
    ///
    /// As [`Draft::push`].
    pub fn set(&mut self, number: AttributeType, value: &[u8]) -> Result<(), BuildError> {
        let part = plain_part(number, value)?;
        match self.parts.iter_mut().find(|part| part.number() == number) {
            Some(place) => *place = part,
            None => self.parts.push(part),
        }
        self.open = None;
        Ok(())
    }

    /// Takes all attributes of this Type out; how many there were.
    pub fn remove(&mut self, number: AttributeType) -> usize {
        let before = self.parts.len();
        self.parts.retain(|part| part.number() != number);
        self.open = None;
        before - self.parts.len()
    }

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

fn too_long(number: AttributeType, overflow: Overflow) -> BuildError {
    BuildError::ValueTooLong {
        number,
        length: overflow.length,
        max: overflow.max,
    }
}

fn plain_part(number: AttributeType, value: &[u8]) -> Result<Part, BuildError> {
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

fn part(envelope: Envelope, value: Plain) -> Result<Part, EncodeErrorKind> {
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
fn special(pair: &Pair<'_>, dictionary: &Dictionary) -> Result<Option<Part>, EncodeError> {
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

mod clear;
#[cfg(test)]
mod tests;
