//! What falls due: transmissions, retransmissions, packets built anew, and conversations that have waited long enough.

use std::time::{Duration, Instant};

use super::Driver;
use super::talk::{Talk, round};
use crate::codec::AttributeType;
use crate::exchange::{Due, Exchange, Number};
use crate::net::{SocketError, clock};
use crate::outcome::{Ended, Event, Round};

/// Something that is due.
pub(super) enum Work {
    Nothing,
    Send {
        tag: u64,
        octets: Vec<u8>,
        attempt: u32,
    },
    Renew {
        tag: u64,
        identifier: u8,
        delay: Duration,
    },
    Over {
        exchange: Box<Exchange>,
        ended: Ended,
    },
}

impl Driver<'_, '_> {
    /// Sends what is due on every link, and ends what has waited long enough.
    pub(super) async fn send_due(&mut self) {
        let now = clock::now();
        for index in self.links.due(now) {
            self.watch(index, now);
            while let Some(work) = self.poll(index, now) {
                self.perform(index, work).await;
            }
        }
        while let Some((mut talk, error)) = self.failed.pop() {
            if self.next_address(&mut talk, &error) {
                self.begin(talk).await;
            } else {
                self.finish(talk, Ended::Failed(error));
            }
        }
    }

    /// What is due on a link, taken out of the flow's hands.
    fn poll(&mut self, index: usize, now: Instant) -> Option<Work> {
        let dice = self.run.dice.jitter();
        let link = self.links.at(index)?;
        if link.flow.deadline().is_none_or(|at| at > now) {
            return None;
        }
        Some(match link.flow.poll(now, dice) {
            None => Work::Nothing,
            Some(Due::Send(exchange)) => Work::Send {
                tag: exchange.tag(),
                octets: exchange.request().to_vec(),
                attempt: exchange.attempts(),
            },
            Some(Due::Renew { exchange, delay }) => Work::Renew {
                tag: exchange.tag(),
                identifier: exchange.identifier(),
                delay,
            },
            Some(Due::GaveUp { exchange, why }) => Work::Over {
                exchange,
                ended: Ended::GaveUp(why),
            },
        })
    }

    async fn perform(&mut self, index: usize, work: Work) {
        match work {
            Work::Nothing => {}
            Work::Send { tag, octets, attempt } => self.send(index, tag, &octets, attempt).await,
            Work::Renew {
                tag,
                identifier,
                delay,
            } => self.renew(index, tag, identifier, delay),
            Work::Over { exchange, ended } => self.over(*exchange, ended),
        }
    }

    async fn send(&mut self, index: usize, tag: u64, octets: &[u8], attempt: u32) {
        let sent = match self.links.at(index) {
            Some(link) => link.send(octets).await,
            None => return,
        };
        if let Err(error) = sent {
            return self.unsent(index, octets, error);
        }
        let Some(link) = self.links.at(index) else { return };
        let talk = self.talks.get(&tag);
        let event = Event::Sent {
            packet: octets,
            peer: link.flow.peer(),
            transport: link.transport(),
            version: link.flow.version(),
            secret: talk.map_or(&link.secret, |talk| &talk.job.secret),
            attempt,
        };
        self.wanted &= self.run.sink.event(&event);
    }

    /// A packet could not be sent. A fault of the peer's is about packets before this one and ends the link; a fault
    /// of this machine ends the conversation alone, and this transmission does not count.
    fn unsent(&mut self, index: usize, octets: &[u8], error: SocketError) {
        if error.is_remote() {
            return self.break_link(index, &error);
        }
        let Some((exchange, mut talk)) = self.cancel(index, octets) else {
            return;
        };
        let round = round(exchange, None);
        let attempts = round.attempts.saturating_sub(1);
        talk.rounds.push(Round { attempts, ..round });
        self.finish(talk, Ended::Failed(error));
    }

    /// Takes the exchange that has a packet's number, and its conversation, out of everything.
    pub(super) fn cancel(&mut self, index: usize, octets: &[u8]) -> Option<(Exchange, Box<Talk>)> {
        let exchange = self.links.at(index)?.flow.cancel(octets)?;
        let talk = self.talks.remove(&exchange.tag())?;
        Some((*exchange, Box::new(talk)))
    }

    /// A retransmission of accounting tells a longer delay and is a new packet (RFC 2866 §5.2). Where there is no
    /// Identifier left for it, the old octets go out again.
    fn renew(&mut self, index: usize, tag: u64, identifier: u8, delay: Duration) {
        let now = clock::now();
        let (Some(flow), Some(talk)) = (
            self.links.at(index).and_then(|link| link.flow.identifiers()),
            self.talks.get_mut(&tag),
        ) else {
            return;
        };
        let tried = u32::try_from(delay.as_secs()).unwrap_or(u32::MAX);
        let seconds = talk.delay.saturating_add(tried);
        let set = talk
            .job
            .script
            .draft_mut()
            .set(AttributeType::ACCT_DELAY_TIME, &seconds.to_be_bytes());
        let fresh = flow.reserve(None).ok();
        let dice = &mut self.run.dice;
        let built = match (set, fresh) {
            (Ok(()), Some(fresh)) => {
                let number = Number::Identifier(fresh);
                talk.job.build(number, &[0; 16], &mut || dice.salt()).ok()
            }
            _ => None,
        };
        match (built, fresh) {
            (Some(octets), Some(_)) => flow.renew(identifier, octets, now),
            (None, Some(fresh)) => {
                flow.release(fresh);
                flow.keep(identifier, now);
            }
            _ => flow.keep(identifier, now),
        }
    }
}
