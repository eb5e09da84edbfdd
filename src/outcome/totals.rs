//! What all requests of a run came to. Every request packet is accounted for: sent = answered + lost.

use std::time::Duration;

use super::{Class, Latencies, Outcome, Verdict};
use crate::exchange::Ignored;

/// The sums of a run.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// Requests that came to something, sent or not; a conversation of many rounds is one.
    pub requests: u64,
    /// Requests of which nothing was sent.
    pub unsent: u64,
    /// Request packets, each counted once however often it was transmitted.
    pub sent: u64,
    /// Request packets that were answered by a reply that passed the checks.
    pub answered: u64,
    /// Request packets that were not.
    pub lost: u64,
    /// Transmissions of request packets beyond their first.
    pub retransmissions: u64,
    /// What came and was no reply.
    pub bad_replies: BadReplies,
    /// Access-Accept.
    pub accepted: u64,
    /// Access-Reject.
    pub rejected: u64,
    /// Access-Challenge that was not answered.
    pub challenged: u64,
    /// CoA-ACK and Disconnect-ACK.
    pub acknowledged: u64,
    /// CoA-NAK and Disconnect-NAK.
    pub refused: u64,
    /// Accounting-Response, and answers to Status-Server.
    pub responded: u64,
    /// Protocol-Error, and replies with a Code of no other count.
    pub other: u64,
    /// Requests that came to no reply, for whatever reason.
    pub failed: u64,
    /// Requests whose expectations were not all met.
    pub mismatched: u64,
    /// Requests of class [`Class::Success`].
    pub succeeded: u64,
    /// The worst class of all.
    pub worst: Option<Class>,
    /// From the first transmission of each request packet that was answered to its reply.
    pub latencies: Latencies,
    /// From the start of the run to its end.
    pub elapsed: Duration,
    /// Whether the run was ended before all requests were sent.
    pub interrupted: bool,
}

/// What came and was no reply, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BadReplies {
    /// After the request had been given up.
    pub late: u64,
    /// After the request had been answered.
    pub duplicate: u64,
    /// Authenticators wrong or missing.
    pub untrusted: u64,
    /// No packet, or with a Code that answers no such request.
    pub malformed: u64,
    /// From elsewhere, or with an Identifier that nobody uses.
    pub unexpected: u64,
}

impl BadReplies {
    /// Counts one.
    pub fn record(&mut self, why: &Ignored) {
        let count = match why {
            Ignored::Late { .. } => &mut self.late,
            Ignored::Duplicate { .. } => &mut self.duplicate,
            Ignored::WrongSource { .. } | Ignored::UnknownIdentifier { .. } => &mut self.unexpected,
            why if why.is_untrusted() => &mut self.untrusted,
            _ => &mut self.malformed,
        };
        *count += 1;
    }

    /// All of them.
    pub fn total(&self) -> u64 {
        self.late + self.duplicate + self.untrusted + self.malformed + self.unexpected
    }
}

impl Totals {
    /// Counts what one request came to. Its strays are counted as they come, see [`BadReplies::record`].
    pub fn record(&mut self, outcome: &Outcome) {
        self.requests += 1;
        self.unsent += u64::from(outcome.rounds.is_empty());
        for round in &outcome.rounds {
            self.sent += 1;
            self.retransmissions += u64::from(round.attempts.saturating_sub(1));
            match &round.reply {
                Some(reply) => {
                    self.answered += 1;
                    self.latencies.record(reply.rtt);
                }
                None => self.lost += 1,
            }
        }
        let count = match outcome.verdict {
            Verdict::Accept => &mut self.accepted,
            Verdict::Reject => &mut self.rejected,
            Verdict::Challenge => &mut self.challenged,
            Verdict::Ack => &mut self.acknowledged,
            Verdict::Nak => &mut self.refused,
            Verdict::Response => &mut self.responded,
            Verdict::ProtocolError | Verdict::Other(_) => &mut self.other,
            Verdict::Timeout
            | Verdict::Unreachable
            | Verdict::Untrusted
            | Verdict::Broken
            | Verdict::Failed
            | Verdict::Interrupted => &mut self.failed,
        };
        *count += 1;
        let class = outcome.class();
        self.mismatched += u64::from(outcome.mismatches.as_ref().is_some_and(|all| !all.is_empty()));
        self.succeeded += u64::from(class == Class::Success);
        self.worst = self.worst.max(Some(class));
    }

    /// Requests answered in a second, over the whole run.
    pub fn rate(&self) -> f64 {
        let seconds = self.elapsed.as_secs_f64();
        #[allow(clippy::cast_precision_loss)] // Nobody answers 2^53 requests.
        let answered = self.answered as f64;
        if seconds > 0.0 { answered / seconds } else { 0.0 }
    }
}
