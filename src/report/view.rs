//! What is printed, before it is decided how: plain structs that serde writes as JSON and `human` writes as text.
//! Their shape is the contract of `--json`; `schema.json` beside this file describes it and a test holds both
//! together.

use std::ops::Range;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Number, Value as Json};

use super::diagnostic::Diagnostic;
use super::eap::{self, Eap};
use super::words;
use crate::attr::{self, Opener, Tree, Value};
use crate::codec::seal::{MessageAuthenticatorCheck, hiding_authenticator};
use crate::codec::v11::Token;
use crate::codec::{Authenticator, Packet as Octets, Secret, hex};
use crate::dictionary::Dictionary;
use crate::net::tls::{self, Handshake};

/// What stands in the place of a value that is not to be seen.
pub const HIDDEN: &str = "<hidden>";

/// One conversation.
#[derive(Debug, Serialize)]
pub struct Exchange {
    /// What it comes to, in one word.
    pub verdict: &'static str,
    /// The name that the request file gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Who was asked: address and port.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// Over what.
    pub transport: &'static str,
    /// Whether the server asked, on a connection of this side's, and this side answered.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub reverse: bool,
    /// The method of authentication, for an Access-Request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<&'static str>,
    /// From the first transmission of the last request to its reply, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rtt_ms: Option<f64>,
    /// How many packets were sent.
    pub attempts: u32,
    /// What the handshake came to, over TLS and DTLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
    /// The last request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<Packet>,
    /// Its reply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<Packet>,
    /// The rounds before the last one, where challenges were answered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rounds: Vec<Round>,
    /// What came and was no reply.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<Ignored>,
    /// The expectations that were not met.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unmet: Vec<Unmet>,
    /// What the standards have against the packets.
    pub findings: Vec<Finding>,
    /// What the login says of it, with a method of EAP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eap: Option<Eap>,
    /// Why there is no reply to speak of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Error>,
}

/// A handshake.
#[derive(Debug, Serialize)]
pub struct Tls {
    /// `TLS 1.3`.
    pub version: &'static str,
    /// The cipher suite by its IANA name.
    pub cipher: String,
    /// The group of the key exchange.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// What was agreed on in ALPN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alpn: Option<String>,
    /// The version of RADIUS: `1.0` or `1.1`.
    pub radius_version: &'static str,
    /// The name that the server was asked for.
    pub server_name: String,
    /// Why the server is trusted: `ca`, `fingerprint`, `psk` or `unchecked`.
    pub trusted: &'static str,
    /// The identity of the pre-shared key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub psk_identity: Option<String>,
    /// Whether this side has a certificate to show.
    pub client_certificate: bool,
    /// Whether an earlier session was resumed.
    pub resumed: bool,
    /// The time that TCP took to connect, in milliseconds.
    pub connect_ms: f64,
    /// The time that the handshake took, in milliseconds.
    pub handshake_ms: f64,
    /// The server's certificates, its own first.
    pub chain: Vec<Certificate>,
}

/// A certificate.
#[derive(Debug, Serialize)]
pub struct Certificate {
    /// Whose it is.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// The names it speaks for.
    pub names: Vec<String>,
    /// From when it is valid, in RFC 3339.
    pub not_before: String,
    /// Until when it is valid.
    pub not_after: String,
    /// Whole days until then.
    pub days_left: i64,
    /// The kind of its key, and its size in bits.
    pub key: String,
    /// The SHA-256 of all of it, 64 hexadecimal digits.
    pub fingerprint: String,
}

impl From<&Handshake> for Tls {
    fn from(handshake: &Handshake) -> Tls {
        Tls {
            version: handshake.version.name(),
            cipher: handshake.cipher.clone(),
            group: handshake.group.clone(),
            alpn: handshake.alpn.clone(),
            radius_version: handshake.radius.name(),
            server_name: handshake.name.clone(),
            trusted: words::trusted_word(handshake.trusted),
            psk_identity: handshake.psk.clone(),
            client_certificate: handshake.identified,
            resumed: handshake.resumed,
            connect_ms: milliseconds(handshake.connect),
            handshake_ms: milliseconds(handshake.handshake),
            chain: handshake.chain.iter().map(Certificate::from).collect(),
        }
    }
}

impl From<&tls::Certificate> for Certificate {
    fn from(certificate: &tls::Certificate) -> Certificate {
        Certificate {
            subject: certificate.subject.clone(),
            issuer: certificate.issuer.clone(),
            names: certificate.names.clone(),
            not_before: words::instant(certificate.not_before),
            not_after: words::instant(certificate.not_after),
            days_left: certificate.days_left,
            key: certificate.key.clone(),
            fingerprint: hex::encode(&certificate.fingerprint.0),
        }
    }
}

/// An exchange before the last one.
#[derive(Debug, Serialize)]
pub struct Round {
    /// What was asked.
    pub request: Packet,
    /// What was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<Packet>,
}

/// A packet.
#[derive(Debug, Serialize)]
pub struct Packet {
    /// The Code's name, or `Code-77`.
    pub code: String,
    /// The Code.
    pub code_number: u8,
    /// The Identifier; RADIUS/1.1 has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u8>,
    /// The Token of RADIUS/1.1, eight hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// What Length says.
    pub length: usize,
    /// The Authenticator field, 32 hexadecimal digits; RADIUS/1.1 has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authenticator: Option<String>,
    /// What a check of the Authenticator field found, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authenticator_check: Option<&'static str>,
    /// What a check of the Message-Authenticator found, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_authenticator: Option<&'static str>,
    /// What it carries, in the order of the wire.
    pub attributes: Vec<Attribute>,
    /// The EAP packet that it carries, in one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eap: Option<String>,
    /// What makes it malformed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub malformed: Vec<String>,
    /// What came behind the octets that Length counts; it means nothing (RFC 2865 §3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub padding: Option<String>,
    /// All its octets, with `**` for those that are hidden; only where they are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub octets: Option<String>,
    /// The octets themselves, for the hexadecimal views.
    #[serde(skip)]
    pub raw: Vec<u8>,
    /// The parts of them that are not to be seen.
    #[serde(skip)]
    pub masked: Vec<Range<usize>>,
}

/// An attribute.
#[derive(Debug, Serialize)]
pub struct Attribute {
    /// The dictionary's name, or `Attr-26.9.250`.
    pub name: String,
    /// Its numbers, `26.9.1`.
    pub oid: String,
    /// Its data type, in the dictionaries' spelling.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its tag (RFC 2868 §3.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<u8>,
    /// What it says: a number for numbers, `0x…` for octets, text for all else; `<hidden>` where it is not shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Json>,
    /// The name of a number that has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_name: Option<String>,
    /// Why its octets are no value of its type; `value` then has the octets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub malformed: Option<String>,
    /// What is nested in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attributes: Option<Vec<Attribute>>,
    /// As it is written: `NAME = VALUE`.
    #[serde(skip)]
    pub text: String,
    /// What it means for whoever asked.
    #[serde(skip)]
    pub meaning: Option<&'static str>,
    /// Where it stands in the packet.
    #[serde(skip)]
    pub span: Range<usize>,
}

/// Octets that came and were not taken for a reply.
#[derive(Debug, Serialize)]
pub struct Ignored {
    /// Why, in one or two words.
    pub kind: &'static str,
    /// Why, for people.
    pub message: String,
    /// From where.
    pub from: String,
    /// The packet, if it can be taken for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packet: Option<Packet>,
}

/// An expectation that was not met.
#[derive(Debug, Serialize)]
pub struct Unmet {
    /// What was expected, as it was written.
    pub expected: String,
    /// What was found instead.
    pub found: Vec<String>,
}

/// What the standards have against a packet.
#[derive(Debug, Serialize)]
pub struct Finding {
    /// The rule's name.
    pub rule: String,
    /// How bad it is: `info`, `warning` or `error`.
    pub severity: &'static str,
    /// What is wrong, for people.
    pub message: String,
    /// Where the rule stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Which octets of the packet break it, the first and the last; that of the Code where something is missing.
    pub octets: [usize; 2],
}

/// Why something failed.
#[derive(Debug, Serialize)]
pub struct Error {
    /// What kind of failure, in one or two words.
    pub kind: &'static str,
    /// What happened.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl From<&Diagnostic> for Error {
    fn from(diagnostic: &Diagnostic) -> Error {
        Error {
            kind: diagnostic.kind,
            message: diagnostic.message.clone(),
            hint: (!diagnostic.hints.is_empty()).then(|| diagnostic.hints.join("; ")),
        }
    }
}

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
    pub(super) fn attribute(&self, attribute: &attr::Attribute<'_>) -> Attribute {
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
    (duration.as_secs_f64() * 1e6).round() / 1e3
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
