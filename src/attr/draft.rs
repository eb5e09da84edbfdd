//! Attributes ready to be built into packets, many times, with other Identifiers, authenticators and secrets.

mod build;
mod clear;
mod part;
#[cfg(test)]
mod tests;

pub use self::build::{BuildError, BuildOptions, Placement};
pub use self::part::{Hidden, Part};

use self::part::{part, plain_part, special};
use super::control::{Control, control};
use super::encode::{EncodeError, EncodeErrorKind, Encoded, Encoder, Leaf, Names, Plain, hole};
use super::grammar::Pair;
use crate::codec::vendor::Envelope;
use crate::codec::{AttributeType, Attributes, Secret, hide};
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
        self.retain(|part| part.number() != number);
        before - self.parts.len()
    }

    /// Takes all parts out but these.
    pub fn retain(&mut self, wanted: impl FnMut(&Part) -> bool) {
        self.parts.retain(wanted);
        self.open = None;
    }
}
