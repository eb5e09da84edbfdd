//! A job on its way: what has become of it so far.

use std::time::SystemTime;

use super::Job;
use super::routes::RouteId;
use crate::codec::Code;
use crate::exchange::Exchange;
use crate::net::SocketError;
use crate::outcome::{Answer, Failure, Outcome, Round, Route, Stray, Verdict};

/// A job on its way.
pub(super) struct Active {
    pub(super) job: Job,
    pub(super) index: u64,
    pub(super) way: RouteId,
    /// The way of the last packet.
    pub(super) route: Option<Route>,
    /// How many replies there were.
    pub(super) round: u32,
    pub(super) rounds: Vec<Round>,
    pub(super) strays: Vec<Stray>,
    pub(super) unreachable: Vec<SocketError>,
}

impl Active {
    pub(super) fn new(job: Job, index: u64, way: RouteId) -> Active {
        Active {
            job,
            index,
            way,
            route: None,
            round: 0,
            rounds: Vec::with_capacity(1),
            strays: Vec::new(),
            unreachable: Vec::new(),
        }
    }

    /// The Identifier that the next request must have, if it must have one.
    pub(super) fn wanted(&self) -> Option<u8> {
        self.job.conversation.identifier().or_else(|| {
            #[allow(clippy::cast_possible_truncation)] // Identifiers go round.
            self.job
                .identifier
                .map(|first| first.wrapping_add(self.round as u8))
        })
    }

    /// Whether another address may be tried: there is one, and no server has the conversation yet.
    pub(super) fn may_try_another(&self) -> bool {
        self.round == 0 && self.unreachable.len() < self.job.target.addresses.len()
    }

    /// Writes down a request that is over. One that was never sent leaves no trace.
    pub(super) fn note(&mut self, exchange: Exchange, unsent: u32, wall: SystemTime, reply: Option<Answer>) {
        let attempts = exchange.attempts().saturating_sub(unsent);
        let Some(sent) = exchange.first_sent().filter(|_| attempts > 0) else {
            return;
        };
        self.rounds.push(Round {
            request: exchange.into_request(),
            sent,
            sent_wall: wall,
            attempts,
            reply,
        });
    }

    /// What it came to, with a reply.
    pub(super) fn answered(self, code: Code) -> Outcome {
        let request = self.rounds.last().and_then(|round| round.request.first());
        let verdict = Verdict::of(Code(request.copied().unwrap_or(0)), code);
        self.outcome(verdict, None)
    }

    /// What it came to, without one.
    pub(super) fn failed(self, failure: Failure) -> Outcome {
        let verdict = Verdict::without_reply(&failure, &self.strays);
        self.outcome(verdict, Some(failure))
    }

    fn outcome(self, verdict: Verdict, failure: Option<Failure>) -> Outcome {
        let mut outcome = Outcome {
            index: self.index,
            name: self.job.name,
            host: self.job.target.host.clone(),
            route: self.route,
            secret: self.job.secret,
            rounds: self.rounds,
            strays: self.strays,
            unreachable: self.unreachable,
            verdict,
            failure,
            mismatches: None,
        };
        outcome.mismatches = self.job.judge.map(|judge| judge.mismatches(&outcome));
        outcome
    }
}
