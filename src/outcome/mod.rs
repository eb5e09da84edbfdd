//! FACTS: what happened, as plain data without words. Drivers make them, `report` finds the words.
//!
//! An [`Event`] is told while things happen, an [`Outcome`] is what one request came to, [`Totals`] is what all of
//! them came to.

mod event;
mod latency;
mod totals;
mod verdict;

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

pub use event::{Event, Route, Silent, Sink};
pub use latency::Latencies;
pub use totals::{BadReplies, Totals};
pub use verdict::{Class, Failure, Verdict};

use crate::codec::seal::Seals;
use crate::codec::{Authenticator, Code, Packet, Secret};
use crate::exchange::Ignored;
use crate::net::SocketError;

/// What one request came to, with all the rounds that it took.
#[derive(Debug)]
pub struct Outcome {
    /// Its place among the requests of the run, from 0.
    pub index: u64,
    /// The name that its file gave it.
    pub name: Option<String>,
    /// The host as the user wrote it.
    pub host: Arc<str>,
    /// The way that the last packet went; `None` where nothing was sent.
    pub route: Option<Route>,
    /// The shared secret.
    pub secret: Arc<Secret>,
    /// Request and reply of each round, in their order; one, unless the server challenged. Empty where nothing was
    /// sent.
    pub rounds: Vec<Round>,
    /// Replies that were none, in the order in which they came.
    pub strays: Vec<Stray>,
    /// Addresses that could not be reached before the one that was used, or all of them.
    pub unreachable: Vec<SocketError>,
    /// What it came to.
    pub verdict: Verdict,
    /// Why there is no reply, where there is none, or why the conversation did not go on.
    pub failure: Option<Failure>,
    /// The expectations that are not met; `None` where there are no expectations.
    pub mismatches: Option<Vec<Mismatch>>,
}

/// One request packet and what answered it.
#[derive(Clone, Debug)]
pub struct Round {
    /// The octets that were sent, those of the last transmission.
    pub request: Vec<u8>,
    /// When they were sent first.
    pub sent: Instant,
    /// The same by the wall clock.
    pub sent_wall: SystemTime,
    /// How often the request was sent.
    pub attempts: u32,
    /// What answered it.
    pub reply: Option<Answer>,
}

/// A reply that passed the checks.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its octets, padding included.
    pub octets: Vec<u8>,
    /// What its authenticators proved.
    pub seals: Seals,
    /// The authenticator of the request that it answers, with which its attributes are hidden.
    pub request_authenticator: Authenticator,
    /// From the first transmission of the request to the reply.
    pub rtt: Duration,
    /// From the last transmission.
    pub since_last: Duration,
}

/// A packet that was no reply.
#[derive(Clone, Debug)]
pub struct Stray {
    /// Its octets.
    pub octets: Vec<u8>,
    /// Why not.
    pub why: Ignored,
}

/// An expectation that is not met. Which one and by what is found by asking again: the reply is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// The verdict or the reply's Code is another one.
    Verdict {
        /// The place of the expectation in its list.
        expectation: usize,
    },
    /// No attribute is as expected.
    Attribute {
        /// The place of the expectation in its list.
        expectation: usize,
    },
    /// No expectation speaks of this attribute, and all of them had to be named.
    Unexpected {
        /// Where it begins in the reply.
        offset: usize,
    },
}

impl Outcome {
    /// The last round.
    pub fn last(&self) -> Option<&Round> {
        self.rounds.last()
    }

    /// The octets of the last request.
    pub fn request(&self) -> Option<&[u8]> {
        self.last().map(|round| &round.request[..])
    }

    /// The reply of the last round.
    pub fn reply(&self) -> Option<&Answer> {
        self.last()?.reply.as_ref()
    }

    /// The Code of the last round's reply.
    pub fn reply_code(&self) -> Option<Code> {
        Some(Packet::parse(&self.reply()?.octets).ok()?.code())
    }

    /// From the first transmission of the last request to its reply.
    pub fn rtt(&self) -> Option<Duration> {
        self.reply().map(|reply| reply.rtt)
    }

    /// How often packets were sent, retransmissions included, in all rounds.
    pub fn attempts(&self) -> u32 {
        self.rounds
            .iter()
            .fold(0, |total: u32, round| total.saturating_add(round.attempts))
    }

    /// How many of these were retransmissions.
    pub fn retransmissions(&self) -> u32 {
        self.rounds.iter().fold(0, |total: u32, round| {
            total.saturating_add(round.attempts.saturating_sub(1))
        })
    }

    /// The class of what it came to, expectations considered: an expectation that is met makes a success of it,
    /// one that is not met a refusal.
    pub fn class(&self) -> Class {
        match &self.mismatches {
            None => self.verdict.class(),
            Some(none) if none.is_empty() => Class::Success,
            Some(_) => self.verdict.class().max(Class::Refused),
        }
    }
}
