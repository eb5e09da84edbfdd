//! What there is to know about a packet that was seen: its place among the others, what the secret says, what it
//! holds and what the standards have against it. The costly parts are worked out when they are asked for.

use std::cell::OnceCell;
use std::sync::Arc;

use super::eap::Eap;
use super::link::{Link, Request};
use super::packets::Sighting;
use super::secrets::Judged;
use crate::attr::{self, Opener, Tree};
use crate::codec::seal::{Seals, hiding_authenticator};
use crate::codec::{AttributeType, Packet, Secret, TooShort};
use crate::dictionary::Dictionary;
use crate::exchange::Version;
use crate::lint::{self, Context, Facts, Finding, Rule};

/// A packet that was seen, and everything about it.
pub struct Observed<'a> {
    /// Where and when.
    pub sighting: Sighting<'a>,
    /// The packet; an error where there are fewer octets than a header has.
    pub packet: Result<Packet<'a>, TooShort>,
    /// What it is to those before it; nothing where it is too short to tell.
    pub link: Option<Link>,
    /// The number of the conversation it belongs to.
    pub conversation: u64,
    /// The EAP packet in it, if there is one.
    pub eap: Option<Eap>,
    /// The request that it answers.
    pub request: Option<&'a Request>,
    pub(super) judged: Option<Judged>,
    pub(super) noted: Vec<&'static Rule>,
    pub(super) dictionary: &'a Dictionary,
    well_formed: OnceCell<bool>,
    tree: OnceCell<Tree<'a>>,
    findings: OnceCell<Vec<Finding>>,
}

impl<'a> Observed<'a> {
    pub(super) fn new(sighting: Sighting<'a>, dictionary: &'a Dictionary) -> Observed<'a> {
        Observed {
            sighting,
            packet: Packet::parse(sighting.octets),
            link: None,
            conversation: 0,
            eap: None,
            request: None,
            judged: None,
            noted: Vec::new(),
            dictionary,
            well_formed: OnceCell::new(),
            tree: OnceCell::new(),
            findings: OnceCell::new(),
        }
    }

    /// What the secret says of its seals, where there is a secret.
    pub fn seals(&self) -> Option<Seals> {
        self.judged.as_ref().map(|judged| judged.seals)
    }

    /// The secret, where one is known.
    pub fn secret(&self) -> Option<&Arc<Secret>> {
        self.judged.as_ref().map(|judged| &judged.secret)
    }

    /// Whether there is a packet, and nothing in its form makes a receiver discard it.
    pub fn is_well_formed(&self) -> bool {
        *self
            .well_formed
            .get_or_init(|| self.packet.is_ok_and(|packet| packet.is_well_formed()))
    }

    /// Whether it is a reply.
    pub fn is_reply(&self) -> bool {
        matches!(self.link, Some(Link::Reply { .. } | Link::Orphan))
    }

    /// The dictionary that its attributes are read with.
    pub fn dictionary(&self) -> &'a Dictionary {
        self.dictionary
    }

    /// What it holds, opened with the secret.
    pub fn tree(&self) -> &Tree<'a> {
        self.tree.get_or_init(|| {
            let Ok(packet) = &self.packet else {
                return Tree::default();
            };
            match self.sighting.version {
                Version::V1_0 => attr::decode(packet, self.dictionary, self.opener(packet).as_ref()),
                Version::V1_1 => attr::decode_clear(packet, self.dictionary),
            }
        })
    }

    fn opener(&self, packet: &Packet<'_>) -> Option<Opener<'_>> {
        let secret = self.secret()?;
        let authenticator = if self.is_reply() {
            let request = self.request?;
            hiding_authenticator(request.code(), request.authenticator()?)
        } else {
            hiding_authenticator(packet.code(), packet.authenticator())
        };
        Some(Opener {
            secret,
            authenticator,
        })
    }

    /// What the standards have against it, in the order of the octets.
    pub fn findings(&self) -> &[Finding] {
        self.findings.get_or_init(|| {
            let Ok(packet) = &self.packet else {
                return Vec::new();
            };
            let sighting = &self.sighting;
            let context = Context {
                version_1_1: sighting.version == Version::V1_1,
                secured: sighting.transport.is_secured(),
                datagrams: !sighting.transport.is_stream(),
                request: self.request.and_then(Request::packet),
                seals: self.seals(),
                addresses: Some((sighting.source.ip(), sighting.destination.ip()))
                    .filter(|_| sighting.is_placed()),
                masked: sighting.masked,
                ..Context::default()
            };
            let mut findings: Vec<Finding> = self.noted.iter().map(|rule| noted(rule, packet)).collect();
            findings.extend(lint::lint(packet, Some(self.tree()), &context));
            findings.sort_by_key(|finding| finding.span.start);
            findings
        })
    }
}

/// A finding about several packets, and the octets of this one that show it.
fn noted(rule: &'static Rule, packet: &Packet<'_>) -> Finding {
    let shown = if *rule == lint::STATE_INVENTED {
        packet.first(AttributeType::STATE)
    } else if *rule == lint::ACCT_SESSION_ORDER {
        packet.first(AttributeType::ACCT_STATUS_TYPE)
    } else {
        None
    };
    let span = match shown {
        Some(attribute) => attribute.offset()..attribute.offset() + attribute.octets().len(),
        None if *rule == lint::IDENTIFIER_REUSED => 1..2,
        None if *rule == lint::AUTHENTICATOR_REPEATED => 4..20,
        None => 0..1,
    };
    Finding {
        rule,
        span,
        facts: Facts::None,
    }
}
