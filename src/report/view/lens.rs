//! From packets and attributes to their views: what is hidden, and how values are written.

use std::ops::Range;
use std::time::Duration;

use serde_json::{Number, Value as Json};

use super::{Attribute, HIDDEN, Packet};
use crate::attr;
use crate::attr::{Opener, Tree, Value};
use crate::codec::seal::{MessageAuthenticatorCheck, hiding_authenticator};
use crate::codec::v11::Token;
use crate::codec::{Authenticator, Packet as Octets, Secret, hex};
use crate::dictionary::Dictionary;
use crate::report::{eap, words};

/// How packets are looked at.
#[derive(Clone, Copy)]
pub struct Lens<'d> {
    /// Names for numbers.
    pub dictionary: &'d Dictionary,
    /// Whether passwords and keys are shown.
    pub secrets: bool,
    /// Whether the octets belong to the view.
    pub octets: bool,
}

impl Lens<'_> {
    /// A packet as it is seen. `secret` and, for a reply, the authenticator of its request open what is hidden.
    pub fn packet(
        &self,
        packet: &Octets<'_>,
        secret: Option<&Secret>,
        request: Option<&Authenticator>,
    ) -> Packet {
        let authenticator = match request {
            Some(request) => *request,
            None => hiding_authenticator(packet.code(), packet.authenticator()),
        };
        let opener = secret.map(|secret| Opener {
            secret,
            authenticator,
        });
        let tree = attr::decode(packet, self.dictionary, opener.as_ref());
        self.tree(packet, &tree)
    }

    /// A packet of RADIUS/1.1 as it is seen: a Token, and everything in clear.
    pub fn clear(&self, packet: &Octets<'_>) -> Packet {
        self.clear_tree(packet, &attr::decode_clear(packet, self.dictionary))
    }

    /// A packet of RADIUS/1.1 whose attributes have been decoded.
    pub fn clear_tree(&self, packet: &Octets<'_>, tree: &Tree<'_>) -> Packet {
        Packet {
            id: None,
            token: Some(Token::of(packet).to_string()),
            authenticator: None,
            ..self.tree(packet, tree)
        }
    }

    /// A packet whose attributes have been decoded.
    pub fn tree(&self, packet: &Octets<'_>, tree: &Tree<'_>) -> Packet {
        let raw = packet.octets().to_vec();
        let masked = if self.secrets { Vec::new() } else { masks(tree) };
        Packet {
            code: packet.code().to_string(),
            code_number: packet.code().0,
            id: Some(packet.identifier()),
            token: None,
            length: packet.length(),
            authenticator: Some(hex::encode(packet.authenticator())),
            authenticator_check: None,
            message_authenticator: None,
            attributes: tree
                .attributes
                .iter()
                .map(|attribute| self.attribute(attribute))
                .collect(),
            eap: eap::line(packet),
            malformed: packet
                .malformations(crate::codec::MAX_LENGTH)
                .iter()
                .map(words::malformation)
                .collect(),
            padding: (!packet.padding().is_empty()).then(|| format!("0x{}", hex::encode(packet.padding()))),
            octets: self.octets.then(|| masked_hex(&raw, &masked)),
            raw,
            masked,
        }
    }

    /// An attribute as it is seen.
    pub(in crate::report) fn attribute(&self, attribute: &attr::Attribute<'_>) -> Attribute {
        let children = match &attribute.value {
            Value::Group(children) => Some(children.iter().map(|child| self.attribute(child)).collect()),
            _ => None,
        };
        let shown = self.secrets || !attribute.secret;
        Attribute {
            name: attribute.name().to_string(),
            oid: attribute.oid.to_string(),
            kind: attribute.kind().to_string(),
            tag: attribute.tag,
            value: match children {
                Some(_) => None,
                None if !shown => Some(Json::from(HIDDEN)),
                None => Some(json(attribute)),
            },
            value_name: value_name(attribute).filter(|_| shown),
            malformed: malformed(attribute),
            attributes: children,
            text: attribute.pair(self.secrets).to_string(),
            meaning: meaning(attribute),
            span: attribute.span.clone(),
        }
    }
}

/// What a check of the Message-Authenticator found, in one word.
pub fn message_authenticator(check: MessageAuthenticatorCheck) -> &'static str {
    match check {
        MessageAuthenticatorCheck::Absent => "absent",
        MessageAuthenticatorCheck::Right => "right",
        MessageAuthenticatorCheck::LegacyZeroVector => "legacy-zero-vector",
        MessageAuthenticatorCheck::Wrong => "wrong",
        MessageAuthenticatorCheck::Malformed => "malformed",
        MessageAuthenticatorCheck::Unverifiable => "unverifiable",
    }
}

/// A duration in milliseconds, to the microsecond.
pub fn milliseconds(duration: Duration) -> f64 {
    let microseconds = (duration.as_nanos() + 500) / 1000;
    microseconds as f64 / 1e3
}

/// The parts of the packet that are not to be seen: the values of secret attributes, whole.
fn masks(tree: &Tree<'_>) -> Vec<Range<usize>> {
    let mut masked = Vec::new();
    collect_masks(&tree.attributes, &mut masked);
    masked
}

fn collect_masks(attributes: &[attr::Attribute<'_>], masked: &mut Vec<Range<usize>>) {
    for attribute in attributes {
        if attribute.secret {
            let length = attribute.octets.len().min(attribute.span.len());
            masked.push(attribute.span.end - length..attribute.span.end);
        }
        collect_masks(attribute.children(), masked);
    }
}

fn masked_hex(octets: &[u8], masked: &[Range<usize>]) -> String {
    let hidden = |at: usize| masked.iter().any(|range| range.contains(&at));
    let mut text = String::with_capacity(octets.len() * 2);
    for (at, octet) in octets.iter().enumerate() {
        if hidden(at) {
            text.push_str("**")
        } else {
            hex::push(&mut text, &[*octet])
        }
    }
    text
}

/// A value as JSON: numbers as numbers, octets as `0x…`, everything else as the text that `-a` takes.
fn json(attribute: &attr::Attribute<'_>) -> Json {
    match &attribute.value {
        Value::Text(text) => Json::from(text.as_ref()),
        Value::Unsigned(number) => Json::from(*number),
        Value::Signed(number) => Json::from(*number),
        Value::Bool(yes) => Json::from(*yes),
        Value::Float(number) => {
            Number::from_f64(*number).map_or_else(|| Json::from(number.to_string()), Json::Number)
        }
        Value::Octets(octets) | Value::NotUtf8(octets) => Json::from(format!("0x{}", hex::encode(octets))),
        Value::Sealed(_) | Value::Malformed(_) => Json::from(format!("0x{}", hex::encode(&attribute.octets))),
        _ => Json::from(attribute.value_text(true).to_string().trim_matches('"')),
    }
}

fn value_name(attribute: &attr::Attribute<'_>) -> Option<String> {
    match (&attribute.value, attribute.entry) {
        (Value::Unsigned(number), Some(entry)) => entry.value_name(*number).map(str::to_owned),
        _ => None,
    }
}

/// Error-Cause (RFC 5176 §3.5) has a meaning that its name does not tell.
fn meaning(attribute: &attr::Attribute<'_>) -> Option<&'static str> {
    match (attribute.oid.parts(), &attribute.value) {
        ([101], Value::Unsigned(cause)) => words::error_cause(u32::try_from(*cause).ok()?),
        _ => None,
    }
}

fn malformed(attribute: &attr::Attribute<'_>) -> Option<String> {
    match &attribute.value {
        Value::Malformed(fault) => Some(words::value_fault(fault)),
        Value::Sealed(sealed) => words::sealed(sealed),
        Value::NotUtf8(_) => Some("not UTF-8".into()),
        _ => None,
    }
}
