//! Counts over everything that passed: what there was, what was lost, why it was refused, and how long it took.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use super::capture::Time;
use super::driver::Event;
use super::histogram::Histogram;
use super::link::{Link, Unanswered};
use super::observe::Observed;
use crate::attr::Value;
use crate::codec::{AttributeType, Code};

/// The most pairs of client and server that are counted apart.
const MAX_PAIRS: usize = 1024;
/// The most reasons that are counted apart.
const MAX_REASONS: usize = 64;
/// The longest reason, in characters.
const MAX_REASON: usize = 60;

/// What was counted.
#[derive(Clone, Debug, Default)]
pub struct Stats {
    /// When the first packet was seen, and the last.
    pub span: Option<(Time, Time)>,
    /// By Code.
    pub codes: BTreeMap<u8, OfCode>,
    /// All of them.
    pub totals: Totals,
    /// By client, and the server that it asked.
    pub pairs: BTreeMap<(IpAddr, SocketAddr), Totals>,
    /// Why requests were refused: the reply's Code and its own words, and how often.
    pub reasons: BTreeMap<(u8, Reason), u64>,
    /// The second in which most packets passed, and how many.
    pub busiest: Option<(Time, u64)>,
    second: Option<(u64, u64)>,
}

/// Packets of one Code.
#[derive(Clone, Debug, Default)]
pub struct OfCode {
    /// How many, retransmissions among them.
    pub packets: u64,
    /// Their octets.
    pub octets: u64,
    /// Retransmissions of requests, repeats of replies.
    pub repeated: u64,
    /// From the request's first transmission to the first such reply.
    pub latency: Histogram,
}

/// Requests and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Requests, each once.
    pub requests: u64,
    /// Requests that were answered.
    pub answered: u64,
    /// Requests without a reply.
    pub lost: u64,
    /// Transmissions beside the first.
    pub retransmitted: u64,
    /// Replies beside the first.
    pub duplicates: u64,
    /// Replies whose request was given up.
    pub late: u64,
    /// Replies whose request was not seen.
    pub orphans: u64,
    /// Packets that are malformed.
    pub malformed: u64,
    /// Packets whose seals are wrong.
    pub unauthentic: u64,
}

/// Why a request was refused.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Error-Cause (RFC 5176 §3.5).
    ErrorCause(u32),
    /// What the reply says to the user.
    Text(String),
    /// The reply does not say why.
    NotGiven,
    /// One more reason than are counted apart.
    Other,
}

impl Stats {
    /// Takes what the observer tells.
    pub fn take(&mut self, event: &Event<'_, '_>) {
        match event {
            Event::Packet(observed) => self.packet(observed),
            Event::Unanswered(request) => self.unanswered(request),
            Event::Trouble(_) => {}
        }
    }

    fn packet(&mut self, observed: &Observed<'_>) {
        let sighting = &observed.sighting;
        let timed = sighting.time.is_known();
        if timed {
            self.clock(sighting.time);
        }
        let Ok(packet) = &observed.packet else {
            self.totals.malformed += 1;
            return;
        };
        let mut counted = Totals {
            malformed: u64::from(sighting.missing == 0 && !observed.is_well_formed()),
            unauthentic: u64::from(observed.seals().is_some_and(|seals| !seals.hold())),
            ..Totals::default()
        };
        let of_code = self.codes.entry(packet.code().0).or_default();
        of_code.packets += 1;
        of_code.octets += (sighting.octets.len() + sighting.missing) as u64;
        match observed.link {
            Some(Link::Request { transmission: 1, .. }) => counted.requests = 1,
            Some(Link::Request { .. }) => {
                counted.retransmitted = 1;
                of_code.repeated += 1;
            }
            Some(Link::Reply {
                repeat: 1,
                since_first,
                late,
                ..
            }) => {
                // A late reply belongs to a request that has been counted as lost.
                counted.answered = u64::from(!late);
                counted.late = u64::from(late);
                if timed {
                    of_code.latency.add(since_first);
                }
                self.reason(observed, packet.code());
            }
            Some(Link::Reply { .. }) => {
                counted.duplicates = 1;
                of_code.repeated += 1;
            }
            Some(Link::Orphan) => counted.orphans = 1,
            None => {}
        }
        let pair = match observed.is_reply() {
            true => (sighting.destination.ip(), sighting.source),
            false => (sighting.source.ip(), sighting.destination),
        };
        self.count(sighting.is_placed().then_some(pair), counted);
    }

    fn unanswered(&mut self, request: &Unanswered) {
        let lost = Totals {
            lost: 1,
            ..Totals::default()
        };
        let pair = (request.client.ip(), request.server);
        self.count(request.is_placed().then_some(pair), lost);
    }

    fn count(&mut self, pair: Option<(IpAddr, SocketAddr)>, counted: Totals) {
        self.totals.add(&counted);
        let Some(pair) = pair else { return };
        if self.pairs.len() < MAX_PAIRS || self.pairs.contains_key(&pair) {
            self.pairs.entry(pair).or_default().add(&counted);
        }
    }

    fn clock(&mut self, time: Time) {
        const SECOND: u64 = 1_000_000_000;
        self.span = Some(match self.span {
            Some((first, last)) => (first.min(time), last.max(time)),
            None => (time, time),
        });
        let second = time.0 / SECOND;
        let count = match self.second {
            Some((current, count)) if current == second => count + 1,
            _ => 1,
        };
        self.second = Some((second, count));
        if self.busiest.is_none_or(|(_, most)| count > most) {
            self.busiest = Some((Time(second * SECOND), count));
        }
    }

    fn reason(&mut self, observed: &Observed<'_>, code: Code) {
        let refused = matches!(
            code,
            Code::ACCESS_REJECT | Code::COA_NAK | Code::DISCONNECT_NAK | Code::PROTOCOL_ERROR
        );
        if !refused {
            return;
        }
        let key = (code.0, reason(observed));
        let key = match self.reasons.len() < MAX_REASONS || self.reasons.contains_key(&key) {
            true => key,
            false => (code.0, Reason::Other),
        };
        *self.reasons.entry(key).or_default() += 1;
    }
}

impl Totals {
    fn add(&mut self, more: &Totals) {
        self.requests += more.requests;
        self.answered += more.answered;
        self.lost += more.lost;
        self.retransmitted += more.retransmitted;
        self.duplicates += more.duplicates;
        self.late += more.late;
        self.orphans += more.orphans;
        self.malformed += more.malformed;
        self.unauthentic += more.unauthentic;
    }
}

/// What a refusal says of itself: Error-Cause, MS-CHAP-Error, Reply-Message.
fn reason(observed: &Observed<'_>) -> Reason {
    const MS_CHAP_ERROR: [u32; 3] = [26, 311, 2];
    let Ok(packet) = &observed.packet else {
        return Reason::NotGiven;
    };
    let cause = packet.first(AttributeType::ERROR_CAUSE);
    if let Some(cause) = cause.and_then(|cause| cause.value().first_chunk().copied()) {
        return Reason::ErrorCause(u32::from_be_bytes(cause));
    }
    let mschap = observed.tree().attributes.iter().find_map(|attribute| {
        let text = match &attribute.value {
            Value::Text(text) => text.as_bytes(),
            Value::Octets(octets) | Value::NotUtf8(octets) => octets,
            _ => return None,
        };
        // The first octet is the MS-CHAP Identifier, C= a challenge: what differs every time is no reason.
        (attribute.oid.parts() == MS_CHAP_ERROR).then(|| text.get(1..).unwrap_or(&[]))
    });
    let text = match mschap {
        Some(error) => error.split(|octet| *octet == b' ').next().unwrap_or(&[]),
        None => match packet.first(AttributeType::REPLY_MESSAGE) {
            Some(message) => message.value(),
            None => return Reason::NotGiven,
        },
    };
    let text = String::from_utf8_lossy(text);
    Reason::Text(text.trim().chars().take(MAX_REASON).collect())
}
