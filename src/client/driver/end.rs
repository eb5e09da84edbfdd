//! What comes back, and how requests end: replies, what is none, lost lanes, questions, the end of the run.

use std::io;
use std::sync::Arc;

use super::{Driver, wall};
use crate::client::Next;
use crate::client::active::Active;
use crate::client::lane::State;
use crate::client::routes::LaneId;
use crate::codec::{Packet, Secret};
use crate::exchange::{Arrival, Exchange, Ignored, Reply};
use crate::net::{SocketError, clock};
use crate::outcome::{Answer, Event, Failure, Outcome, Stray};

impl Driver<'_> {
    /// Takes what came: `length` octets in the buffer.
    pub(super) fn receive(&mut self, id: LaneId, length: usize) -> io::Result<()> {
        let Some(open) = self.routes.open(id) else {
            return Ok(());
        };
        let (now, route) = (clock::now(), open.route());
        let octets = self.buffer.get(..length).unwrap_or(&self.buffer);
        let at = wall(self.start, self.start_wall, now);
        match open.flow.receive(now, route.peer, octets) {
            Arrival::Reply { exchange, reply } => {
                if let Some(lane) = self.routes.lane(id) {
                    lane.answered = true;
                }
                self.sink.event(&Event::Received {
                    request: exchange.tag(),
                    at,
                    route,
                    octets,
                    seals: reply.seals,
                    request_authenticator: &reply.request_authenticator,
                    secret: exchange.secret(),
                })?;
                self.reply(id, *exchange, reply, length)
            }
            Arrival::Ignored { request, why } => {
                self.sink.event(&Event::Ignored {
                    request,
                    at,
                    route,
                    octets,
                    why: &why,
                })?;
                self.totals.bad_replies.record(&why);
                self.ignored(id, request, why, length)
            }
        }
    }

    /// Goes on with a conversation after a reply.
    pub(super) fn reply(
        &mut self,
        id: LaneId,
        exchange: Exchange,
        reply: Reply,
        length: usize,
    ) -> io::Result<()> {
        let Some(mut active) = self.actives.remove(&exchange.tag()) else {
            return Ok(());
        };
        if reply.attempts == 1 {
            self.schedule.answered(reply.rtt);
        }
        let octets = self.buffer.get(..length).unwrap_or(&self.buffer);
        let answer = Answer {
            octets: octets.to_vec(),
            seals: reply.seals,
            request_authenticator: reply.request_authenticator,
            rtt: reply.rtt,
            since_last: reply.since_last,
        };
        let next = match Packet::parse(octets) {
            Ok(packet) => active
                .job
                .conversation
                .reply(&packet, &answer, &active.job.secret),
            // A reply has a header; there is nothing to go on with where it has not.
            Err(_) => Next::Done,
        };
        let sent = self.wall(exchange.first_sent());
        active.note(exchange, 0, sent, Some(answer));
        active.round += 1;
        let limit = active.job.max_rounds;
        match next {
            Next::Done => self.finish(active.answered(reply.code)),
            Next::Failed => self.finish(active.failed(Failure::Method)),
            Next::Again | Next::Ask(_) if active.round >= limit => {
                self.finish(active.failed(Failure::TooManyRounds { limit }))
            }
            Next::Again => self.go_on(id, active),
            Next::Ask(question) => {
                self.asks.push_back((active.index, id, question));
                self.actives.insert(active.index, active);
                Ok(())
            }
        }
    }

    /// Keeps a packet that was no reply. On a stream nothing better will come, so that a bad answer is the end.
    pub(super) fn ignored(
        &mut self,
        id: LaneId,
        request: Option<u64>,
        why: Ignored,
        length: usize,
    ) -> io::Result<()> {
        let octets = self.buffer.get(..length).unwrap_or(&self.buffer);
        let Some(active) = request.and_then(|index| self.actives.get_mut(&index)) else {
            return Ok(());
        };
        let last = why.is_untrusted() || why.is_violation();
        active.strays.push(Stray {
            octets: octets.to_vec(),
            why,
        });
        if !last || !active.job.target.transport.is_stream() {
            return Ok(());
        }
        let identifier = octets.get(1).copied();
        let open = self.routes.open(id);
        match open
            .zip(identifier)
            .and_then(|(open, identifier)| open.flow.cancel(identifier))
        {
            Some(exchange) => self.give_up(*exchange, 0, Failure::BadReply),
            None => Ok(()),
        }
    }

    /// A lane is lost with all that was in it. What another address can still answer goes there.
    pub(super) fn fail(&mut self, id: LaneId, error: &SocketError) -> io::Result<()> {
        let Some((way, mut lane)) = self.routes.close(id) else {
            return Ok(());
        };
        let exchanges = match &mut lane.state {
            State::Open(open) => open.flow.cancel_all(),
            State::Opening(_) => Vec::new(),
        };
        let used = lane.answered && exchanges.is_empty();
        let mut lost: Vec<u64> = lane.waiting.into_iter().collect();
        for exchange in exchanges {
            let (tag, sent) = (exchange.tag(), self.wall(exchange.first_sent()));
            if let Some(active) = self.actives.get_mut(&tag) {
                active.note(*exchange, 0, sent, None);
                lost.push(tag);
            }
        }
        lost.sort_unstable();
        let transport = lost
            .first()
            .and_then(|index| self.actives.get(index))
            .map(|active| active.job.target.transport);
        if let Some(transport) = transport {
            self.sink.event(&Event::Unreachable { transport, error })?;
        }
        if !used && error.is_of_address() {
            self.routes.leave(way, lane.address);
        }
        for index in lost {
            let Some(mut active) = self.actives.remove(&index) else {
                continue;
            };
            if !error.is_of_address() && self.routes.is_busy(way) {
                // No connection more, but those that there are go on.
                self.park(active);
                continue;
            }
            active.unreachable.push(error.clone());
            if error.is_of_address() && !lane.answered && active.may_try_another() {
                self.place(active)?;
            } else {
                self.finish(active.failed(Failure::Socket(error.clone())))?;
            }
        }
        Ok(())
    }

    /// Asks the next question, if nobody is being asked.
    pub(super) fn ask(&mut self) {
        if self.asking.is_some() {
            return;
        }
        if let Some((index, lane, question)) = self.asks.pop_front() {
            let answers = Arc::clone(&self.answers);
            let handle = tokio::task::spawn_blocking(move || answers.answer(&question));
            self.asking = Some((index, lane, handle));
        }
    }

    pub(super) fn answered(&mut self, answer: Option<Secret>) -> io::Result<()> {
        let Some((index, lane, _)) = self.asking.take() else {
            return Ok(());
        };
        let Some(mut active) = self.actives.remove(&index) else {
            return Ok(());
        };
        match answer {
            Some(answer) => {
                active.job.conversation.answer(answer);
                self.go_on(lane, active)
            }
            None => self.finish(active.failed(Failure::NoAnswer)),
        }
    }

    /// Ends the run: everything that has not come to anything is given up.
    pub(super) fn interrupt(&mut self, more: bool) -> io::Result<()> {
        self.totals.interrupted = more || !self.actives.is_empty();
        for id in self.routes.ids() {
            let Some((_, mut lane)) = self.routes.close(id) else {
                continue;
            };
            let State::Open(open) = &mut lane.state else {
                continue;
            };
            for exchange in open.flow.cancel_all() {
                let sent = self.wall(exchange.first_sent());
                if let Some(active) = self.actives.get_mut(&exchange.tag()) {
                    active.note(*exchange, 0, sent, None);
                }
            }
        }
        let mut rest: Vec<Active> = self.actives.drain().map(|(_, active)| active).collect();
        rest.sort_unstable_by_key(|active| active.index);
        for active in rest {
            self.finish(active.failed(Failure::Interrupted))?;
        }
        Ok(())
    }

    /// Ends a request that has no reply. `unsent` of its transmissions were counted but not made.
    pub(super) fn give_up(&mut self, exchange: Exchange, unsent: u32, failure: Failure) -> io::Result<()> {
        let sent = self.wall(exchange.first_sent());
        let Some(mut active) = self.actives.remove(&exchange.tag()) else {
            return Ok(());
        };
        active.note(exchange, unsent, sent, None);
        self.finish(active.failed(failure))
    }

    pub(super) fn finish(&mut self, outcome: Outcome) -> io::Result<()> {
        self.freed = true;
        self.totals.record(&outcome);
        self.sink.event(&Event::Finished(&outcome))
    }
}
