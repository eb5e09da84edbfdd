//! JUDGEMENT: what the standards forbid, and where in the packet it happened.
//!
//! One table of [`RULES`]; [`lint`] holds a packet against those that one packet can break. Rules about several
//! packets (a State that nobody gave, an Identifier used twice) are in the same table and found by whoever sees
//! several packets. Knows octets and meaning; does no IO and finds no words but the table's.

mod access;
mod accounting;
mod dynamic;
mod eap;
mod occurrence;
mod rules;
mod seals;
mod structure;
#[cfg(test)]
mod tests;
mod values;

use std::net::IpAddr;
use std::ops::Range;

use crate::attr::{Tree, ValueFault};
use crate::codec::seal::Seals;
use crate::codec::{Attribute, AttributeType, Code, MAX_LENGTH, Malformation, Packet};
use crate::dictionary::Oid;

pub use rules::*;

/// One thing that a standard asks for.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name for people, scripts and `--filter`.
    pub id: &'static str,
    /// What is wrong when it is broken, in one line.
    pub title: &'static str,
    /// Where it is written.
    pub source: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Who breaks it.
    pub party: Party,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is violated that matters in practice.
    Info,
    /// Something that should not be, and that many receivers tolerate.
    Warning,
    /// Something that a receiver must refuse, or that a standard forbids outright.
    Error,
}

/// Whose fault a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Party {
    /// The one who asks: a NAS, a proxy, or what changes a session.
    Client,
    /// The one who answers.
    Server,
    /// Whoever sent this packet.
    Sender,
    /// Whoever set both up.
    Either,
}

/// A broken rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// The octets of the packet that break it; the Code where something is missing.
    pub span: Range<usize>,
    /// What there is instead.
    pub facts: Facts,
}

/// The data of a finding.
#[derive(Clone, Debug, PartialEq)]
pub enum Facts {
    /// The rule says it all.
    None,
    /// What is wrong with the packet's form.
    Malformation(Malformation),
    /// The attribute it is about.
    Attribute(AttributeType),
    /// How often an attribute stands in the packet, where once is allowed.
    Count(AttributeType, usize),
    /// A length in octets, or another count, as it was found.
    Length(usize),
    /// The request's Code, to which this is no reply.
    Request(Code),
    /// The value of an attribute.
    Number(AttributeType, u32),
    /// What the EAP packet is: its Code, or nothing where there is none.
    Eap(Option<u8>),
    /// The attribute whose value is malformed, and how.
    Value(Oid, ValueFault),
    /// The attribute, by all its numbers.
    Oid(Oid),
}

/// Who looks at the packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Role {
    /// The client that asked.
    Client,
    /// The server that was asked.
    Server,
    /// Somebody who saw it pass.
    #[default]
    Observer,
}

/// What is known around a packet.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Who looks.
    pub role: Role,
    /// Whether TLS or DTLS protects the transport.
    pub secured: bool,
    /// Whether the packet is RADIUS/1.1 (RFC 9765), which has neither Authenticator nor hidden attributes.
    pub version_1_1: bool,
    /// Whether each packet travels in a datagram of its own.
    pub datagrams: bool,
    /// The longest packet allowed, in octets.
    pub max: usize,
    /// The request, where the packet is a reply and its request is known.
    pub request: Option<Packet<'a>>,
    /// What the secret says, where there is one.
    pub seals: Option<Seals>,
    /// Between which addresses it travels.
    pub addresses: Option<(IpAddr, IpAddr)>,
    /// Whether the octets of what is secret are not known and stand as zeros.
    pub masked: bool,
}

impl Default for Context<'_> {
    /// An observer's, over plain UDP, of one packet without a secret.
    fn default() -> Self {
        Context {
            role: Role::Observer,
            secured: false,
            version_1_1: false,
            datagrams: true,
            max: MAX_LENGTH,
            request: None,
            seals: None,
            addresses: None,
            masked: false,
        }
    }
}

/// Every rule that the packet breaks, in the order of the octets. Without a `tree`, values are not judged.
pub fn lint(packet: &Packet<'_>, tree: Option<&Tree<'_>>, context: &Context<'_>) -> Vec<Finding> {
    let mut subject = Subject {
        packet,
        context,
        code: packet.code(),
        counts: Counts::of(packet),
        found: Vec::new(),
    };
    structure::judge(&mut subject);
    seals::judge(&mut subject);
    occurrence::judge(&mut subject);
    access::judge(&mut subject);
    eap::judge(&mut subject);
    accounting::judge(&mut subject);
    dynamic::judge(&mut subject);
    values::judge(&mut subject, tree);
    let mut found = subject.found;
    found.sort_by_key(|finding| finding.span.start);
    found
}

/// A packet under judgement.
struct Subject<'s, 'a> {
    packet: &'s Packet<'a>,
    context: &'s Context<'s>,
    code: Code,
    counts: Counts,
    found: Vec<Finding>,
}

impl<'a> Subject<'_, 'a> {
    /// Notes a broken rule.
    fn note(&mut self, rule: &'static Rule, span: Range<usize>, facts: Facts) {
        self.found.push(Finding { rule, span, facts });
    }

    /// Notes that something is missing: the Code asks for it.
    fn missing(&mut self, rule: &'static Rule) {
        self.note(rule, CODE, Facts::None);
    }

    /// Notes that the first attribute of this Type breaks the rule.
    fn blame(&mut self, rule: &'static Rule, number: AttributeType) {
        if let Some(attribute) = self.packet.first(number) {
            self.note(rule, span(&attribute), Facts::Attribute(number));
        }
    }

    /// Whether the packet has such an attribute.
    fn has(&self, number: AttributeType) -> bool {
        self.counts.of_type(number) > 0
    }

    /// The first attribute of this Type.
    fn first(&self, number: AttributeType) -> Option<Attribute<'a>> {
        // Most attributes are absent; the count saves the walk.
        self.has(number).then(|| self.packet.first(number)).flatten()
    }

    /// The first attribute of this Type as a number of four octets.
    fn number(&self, number: AttributeType) -> Option<u32> {
        let octets: &[u8; 4] = self.first(number)?.value().try_into().ok()?;
        Some(u32::from_be_bytes(*octets))
    }
}

/// The Code octet: where findings point that are about something missing.
const CODE: Range<usize> = 0..1;

fn span(attribute: &Attribute<'_>) -> Range<usize> {
    attribute.offset()..attribute.offset() + attribute.octets().len()
}

/// How often each attribute stands in a packet.
struct Counts {
    by_type: [u16; 256],
    all: usize,
}

impl Counts {
    fn of(packet: &Packet<'_>) -> Counts {
        let mut counts = Counts {
            by_type: [0; 256],
            all: 0,
        };
        for attribute in packet.attributes().map_while(Result::ok) {
            counts.by_type[usize::from(attribute.number().0)] += 1;
            counts.all += 1;
        }
        counts
    }

    fn of_type(&self, number: AttributeType) -> usize {
        usize::from(self.by_type[usize::from(number.0)])
    }
}

/// Attributes that rules are about and that the codec has no name for.
mod number {
    use crate::codec::AttributeType;

    pub(super) const NAS_PORT: AttributeType = AttributeType(5);
    pub(super) const FRAMED_IP_ADDRESS: AttributeType = AttributeType(8);
    pub(super) const CALLED_STATION_ID: AttributeType = AttributeType(30);
    pub(super) const CALLING_STATION_ID: AttributeType = AttributeType(31);
    pub(super) const ACCT_TERMINATE_CAUSE: AttributeType = AttributeType(49);
    pub(super) const ACCT_MULTI_SESSION_ID: AttributeType = AttributeType(50);
    pub(super) const NAS_PORT_TYPE: AttributeType = AttributeType(61);
    pub(super) const ARAP_PASSWORD: AttributeType = AttributeType(70);
    pub(super) const ACCT_INTERIM_INTERVAL: AttributeType = AttributeType(85);
    pub(super) const NAS_PORT_ID: AttributeType = AttributeType(87);
    pub(super) const CHARGEABLE_USER_IDENTITY: AttributeType = AttributeType(89);
    pub(super) const FRAMED_INTERFACE_ID: AttributeType = AttributeType(96);
    pub(super) const FRAMED_IPV6_PREFIX: AttributeType = AttributeType(97);
    pub(super) const EAP_KEY_NAME: AttributeType = AttributeType(102);
    pub(super) const DIGEST_RESPONSE: AttributeType = AttributeType(103);
}
