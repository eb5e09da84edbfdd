//! What a run comes to: every request accounted for, and how long replies took.

use std::time::Duration;

use super::{Outcome, Verdict};
use crate::codec::Code;

/// The sums of a run. Each request is either answered or lost: `sent == answered + lost`.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// Conversations that ended.
    pub conversations: u64,
    /// Requests that left, retransmissions not counted.
    pub sent: u64,
    /// Requests that a trusted reply answered.
    pub answered: u64,
    /// Requests that none answered.
    pub lost: u64,
    /// Conversations that ended as one hopes: Accept, ACK, response.
    pub succeeded: u64,
    /// Conversations that the server refused: Reject, NAK, Protocol-Error.
    pub refused: u64,
    /// Conversations whose packet could not be built or whose socket failed before anything left.
    pub unsent: u64,
    /// Conversations whose expectations were not all met.
    pub unmet: u64,
    /// Packets that were sent again.
    pub retransmissions: u64,
    /// Datagrams that came and were no reply.
    pub bad_replies: u64,
    /// From the first transmission to the reply, in nanoseconds, one an answered request, in no order.
    latencies: Vec<u64>,
}

impl Totals {
    /// Counts octets that came and were no reply; they need not belong to a conversation that is still known.
    pub fn ignore(&mut self) {
        self.bad_replies += 1;
    }

    /// Counts a conversation; `met` says whether it was as expected.
    pub fn count(&mut self, outcome: &Outcome, met: bool) {
        self.conversations += 1;
        for round in outcome.rounds.iter().filter(|round| round.attempts > 0) {
            self.sent += 1;
            self.retransmissions += u64::from(round.attempts - 1);
            match &round.answer {
                Some(answer) => {
                    self.answered += 1;
                    self.latencies
                        .push(u64::try_from(answer.reply.rtt.as_nanos()).unwrap_or(u64::MAX));
                }
                None => self.lost += 1,
            }
        }
        if outcome.attempts() == 0 {
            self.unsent += 1;
        }
        match outcome.verdict() {
            verdict if verdict.is_success() => self.succeeded += 1,
            Verdict::Reject | Verdict::Nak | Verdict::ProtocolError => self.refused += 1,
            Verdict::Other(Code(_)) | Verdict::Challenge => {}
            _ => {}
        }
        self.unmet += u64::from(!met);
    }

    /// The smallest, the middle, the 99th of a hundred and the largest latency; `None` where nothing was answered.
    pub fn latency(&self) -> Option<[Duration; 4]> {
        let mut sorted = self.latencies.clone();
        sorted.sort_unstable();
        let at = |part: f64| {
            // The nearest rank: the smallest latency that `part` of all do not exceed.
            let rank = (part * sorted.len() as f64).ceil() as usize;
            sorted.get(rank.max(1) - 1).copied().map(Duration::from_nanos)
        };
        Some([at(0.0)?, at(0.5)?, at(0.99)?, at(1.0)?])
    }
}
