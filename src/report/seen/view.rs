//! The contract of `radius trace --json`: one object for each packet, and for what else there is to tell.

use serde::Serialize;

use super::{Lens, milliseconds, push_time};
use crate::codec::seal::AuthenticatorCheck;
use crate::exchange::Version;
use crate::report::conversation::finding;
use crate::report::view::{self, Finding};
use crate::report::words;
use crate::trace::capture::Time;
use crate::trace::link::{self, Link, Number};
use crate::trace::observe::Observed;
use crate::trace::packets;

/// A packet that was seen.
#[derive(Debug, Serialize)]
pub struct Packet {
    /// The frame that completed it, from 1.
    pub number: u64,
    /// When, in RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Where it goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<String>,
    /// Over what.
    pub transport: &'static str,
    /// The conversation it belongs to.
    pub conversation: u64,
    /// `request`, `reply`, or `malformed` where there is no header.
    pub kind: &'static str,
    /// Which transmission of a request it is, where it is not the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transmission: Option<u32>,
    /// The frame of the request: of the first transmission, or that this replies to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<u64>,
    /// From the first transmission of the request to this reply, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rtt_ms: Option<f64>,
    /// Which reply to the request this is, where it is not the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeat: Option<u32>,
    /// It came after its request was given up.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
    /// How many octets the capture cut off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<usize>,
    /// The packet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packet: Option<view::Packet>,
    /// The EAP packet in it, and the TLS in that, by their names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eap: Option<String>,
    /// The octets of what has no header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub octets: Option<String>,
    /// What the standards have against it, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub findings: Option<Vec<Finding>>,
}

/// A request without a reply.
#[derive(Debug, Serialize)]
pub struct Unanswered {
    /// The frame of its first transmission.
    pub number: u64,
    /// When it was first sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Who asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Who was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<String>,
    /// Over what.
    pub transport: &'static str,
    /// The conversation it belongs to.
    pub conversation: u64,
    /// Always `unanswered`.
    pub kind: &'static str,
    /// Its Code.
    pub code: String,
    /// Its Identifier; RADIUS/1.1 has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u8>,
    /// Its Token, in RADIUS/1.1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// How often it was sent.
    pub transmissions: u32,
}

/// Something that could not be read.
#[derive(Debug, Serialize)]
pub struct Trouble {
    /// The frame.
    pub number: u64,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Between whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Between whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<String>,
    /// Always `trouble`.
    pub kind: &'static str,
    /// What it is, in one word or two.
    pub trouble: &'static str,
    /// What it is, for people.
    pub message: String,
}

pub(super) fn time(time: Time) -> Option<String> {
    (time.0 > 0).then(|| {
        let mut text = String::new();
        push_time(&mut text, time);
        text
    })
}

/// What a packet is among the others.
pub(super) fn kind(observed: &Observed<'_>) -> &'static str {
    match observed.link {
        Some(Link::Request { .. }) => "request",
        Some(Link::Reply { .. } | Link::Orphan) => "reply",
        None => "malformed",
    }
}

/// What a check of the Authenticator field found, in one word.
pub(super) fn authenticator_check(check: AuthenticatorCheck) -> Option<&'static str> {
    match check {
        AuthenticatorCheck::Right => Some("right"),
        AuthenticatorCheck::Wrong => Some("wrong"),
        AuthenticatorCheck::Unverifiable => None,
    }
}

impl Packet {
    /// What `observed` is to be seen of; its findings too, if `lint` says so.
    pub fn new(observed: &Observed<'_>, lens: &Lens<'_>, lint: bool) -> Packet {
        let sighting = &observed.sighting;
        let placed = sighting.is_placed();
        let mut view = Packet {
            number: sighting.number,
            time: time(sighting.time),
            source: placed.then(|| sighting.source.to_string()),
            destination: placed.then(|| sighting.destination.to_string()),
            transport: sighting.transport.name(),
            conversation: observed.conversation,
            kind: kind(observed),
            transmission: None,
            request: None,
            rtt_ms: None,
            repeat: None,
            late: false,
            missing: Some(sighting.missing).filter(|missing| *missing > 0),
            packet: None,
            eap: observed.eap.as_ref().map(words::eap),
            octets: None,
            findings: lint.then(|| observed.findings().iter().map(finding).collect()),
        };
        match observed.link {
            Some(Link::Request {
                transmission, first, ..
            }) => {
                view.transmission = Some(transmission).filter(|transmission| *transmission > 1);
                view.request = first.map(|(number, _)| number);
            }
            Some(Link::Reply {
                request,
                since_first,
                repeat,
                late,
                ..
            }) => {
                view.request = Some(request);
                view.rtt_ms = Some(milliseconds(since_first)).filter(|_| sighting.time.is_known());
                view.repeat = Some(repeat).filter(|repeat| *repeat > 1);
                view.late = late;
            }
            _ => {}
        }
        match &observed.packet {
            Ok(packet) => {
                let mut packet = match sighting.version {
                    Version::V1_0 => lens.tree(packet, observed.tree()),
                    Version::V1_1 => lens.clear_tree(packet, observed.tree()),
                };
                // What the EAP packet is stands beside the packet here, where conversations are followed.
                packet.eap = None;
                if let Some(seals) = observed.seals() {
                    packet.authenticator_check = authenticator_check(seals.authenticator);
                    packet.message_authenticator =
                        Some(view::message_authenticator(seals.message_authenticator));
                }
                view.packet = Some(packet);
            }
            Err(_) => view.octets = Some(crate::codec::hex::encode(sighting.octets)),
        }
        view
    }
}

impl From<&link::Unanswered> for Unanswered {
    fn from(request: &link::Unanswered) -> Unanswered {
        Unanswered {
            number: request.number,
            time: time(request.first),
            source: request.is_placed().then(|| request.client.to_string()),
            destination: request.is_placed().then(|| request.server.to_string()),
            transport: request.transport.name(),
            conversation: request.conversation,
            kind: "unanswered",
            code: request.code.to_string(),
            id: match request.request {
                Number::Identifier(identifier) => Some(identifier),
                Number::Token(_) => None,
            },
            token: match request.request {
                Number::Identifier(_) => None,
                Number::Token(token) => Some(token.to_string()),
            },
            transmissions: request.transmissions,
        }
    }
}

impl From<&packets::Trouble> for Trouble {
    fn from(trouble: &packets::Trouble) -> Trouble {
        Trouble {
            number: trouble.number,
            time: time(trouble.time),
            source: trouble.between.map(|(source, _)| source.to_string()),
            destination: trouble.between.map(|(_, destination)| destination.to_string()),
            kind: "trouble",
            trouble: words::trouble_kind(&trouble.kind),
            message: words::trouble(&trouble.kind),
        }
    }
}
