//! What arrives: replies, packets that are none, and the ends of links.

use super::Driver;
use super::talk::{Talk, round};
use super::watch::WATCHDOG;
use crate::client::job::{MAX_ROUNDS, Turn};
use crate::client::reverse::is_request;
use crate::codec::{AttributeType, Code, Packet};
use crate::exchange::{Arrival, Exchange, GaveUp, Reply, Transport};
use crate::net::{SocketError, clock};
use crate::outcome::{Answer, Dropped, Ended, Event};

impl Driver<'_, '_> {
    pub(super) async fn take(&mut self, index: usize, received: Result<Vec<u8>, SocketError>) {
        let octets = match received {
            Ok(octets) => octets,
            Err(error) => return self.break_link(index, &error),
        };
        let Some(link) = self.links.at(index) else { return };
        let from = link.flow.peer();
        link.heard(clock::now());
        if link.transport() != Transport::Udp && is_request(&octets) {
            return self.asked(index, &octets).await;
        }
        match link.flow.receive(clock::now(), from, &octets) {
            Arrival::Reply { exchange, reply } => {
                self.links.proved(index);
                if exchange.tag() == WATCHDOG {
                    return self.alive(index, &exchange, &reply, &octets);
                }
                self.answer(*exchange, reply, octets).await;
            }
            Arrival::Ignored { request, why } => {
                let dropped = Dropped {
                    octets: octets.clone(),
                    from,
                    why,
                };
                let known = link.flow.asked(&dropped.octets);
                let event = Event::Ignored {
                    dropped: &dropped,
                    version: link.flow.version(),
                    request: known.map(|exchange| (exchange.secret().as_ref(), exchange.authenticator())),
                };
                self.wanted &= self.run.sink.event(&event);
                let Some(talk) = request.and_then(|tag| self.talks.get_mut(&tag)) else {
                    return;
                };
                let bad = dropped.why.is_untrusted() || dropped.why.is_violation();
                let last = bad && talk.job.transport.is_stream();
                talk.ignore(dropped);
                if last {
                    self.give_up(index, &octets);
                }
            }
        }
    }

    /// A stream carries one reply to a request; where that is bad, no better one will come.
    fn give_up(&mut self, index: usize, octets: &[u8]) {
        if let Some((exchange, mut talk)) = self.cancel(index, octets) {
            talk.rounds.push(round(exchange, None));
            self.finish(talk, Ended::GaveUp(GaveUp::Retries));
        }
    }

    /// The watchdog's question was answered.
    fn alive(&mut self, index: usize, exchange: &Exchange, reply: &Reply, octets: &[u8]) {
        let Some(link) = self.links.at(index) else { return };
        link.alive(clock::now());
        let event = Event::Received {
            packet: octets,
            peer: link.flow.peer(),
            version: exchange.version(),
            secret: exchange.secret(),
            reply,
        };
        self.wanted &= self.run.sink.event(&event);
    }

    /// Takes a reply: the conversation is over, or goes on.
    async fn answer(&mut self, exchange: Exchange, reply: Reply, octets: Vec<u8>) {
        let Some(mut talk) = self.talks.remove(&exchange.tag()) else {
            return;
        };
        // A stream loses nothing, however long the server's queue is.
        if reply.attempts == 1 && !talk.job.transport.is_stream() {
            self.run.pace.answered(reply.rtt);
        }
        let event = Event::Received {
            packet: &octets,
            peer: talk.server(),
            version: exchange.version(),
            secret: &talk.job.secret,
            reply: &reply,
        };
        self.wanted &= self.run.sink.event(&event);
        let request_authenticator = reply.request_authenticator;
        talk.rounds.push(round(
            exchange,
            Some(Answer {
                octets: octets.clone(),
                reply,
            }),
        ));
        let mut talk = Box::new(talk);
        if crate::outcome::code(&octets) == Code::PROTOCOL_ERROR {
            return self.protocol_error(talk, &octets).await;
        }
        let turn = Packet::parse(&octets).map_or(Ok(Turn::Done), |packet| {
            talk.reply(&packet, &request_authenticator, &mut self.run.dice)
        });
        self.tell_news(&mut talk);
        let turn = match turn {
            Ok(Turn::Ask { prompt, echo }) => match self.run.answers.answer(&prompt, echo) {
                Some(response) => talk.respond(response).map(|()| Turn::Again),
                None => return self.finish(talk, Ended::Unanswered),
            },
            turn => turn,
        };
        match turn {
            // A login counts its own rounds, and knows how many it may need.
            Ok(Turn::Again) if talk.dialogue.is_none() && talk.rounds.len() >= MAX_ROUNDS as usize => {
                self.finish(talk, Ended::TooManyRounds(MAX_ROUNDS));
            }
            Ok(Turn::Again) => self.begin(talk).await,
            Ok(_) => self.finish(talk, Ended::Answered),
            Err(error) => self.finish(talk, Ended::Unbuildable(error)),
        }
    }

    /// Tells what the login of a conversation saw.
    pub(super) fn tell_news(&mut self, talk: &mut Talk) {
        for (_, note) in talk.news() {
            self.wanted &= self.run.sink.event(&Event::Noted(note));
        }
    }

    /// The server cannot process the request (RFC 7930 §3). Where another one may be able to, that one is asked; what
    /// was a round of a conversation means nothing to it.
    async fn protocol_error(&mut self, mut talk: Box<Talk>, octets: &[u8]) {
        let cause = error_cause(octets);
        let from = talk.server();
        let first = talk.rounds.len() == 1;
        if !(first && cause.is_some_and(another_may) && talk.advance()) {
            return self.finish(talk, Ended::Answered);
        }
        let event = Event::MovedOn {
            from,
            to: talk.server(),
            cause,
        };
        self.wanted &= self.run.sink.event(&event);
        self.begin(talk).await;
    }

    /// A link is gone: its conversations try the next address, or fail.
    pub(super) fn break_link(&mut self, index: usize, error: &SocketError) {
        let failed = self.failed.len();
        self.links.close(index);
        let Some(link) = self.links.at(index) else { return };
        for exchange in link.flow.cancel_all() {
            if let Some(mut talk) = self.talks.remove(&exchange.tag()) {
                talk.rounds.push(round(*exchange, None));
                self.failed.push((Box::new(talk), error.clone()));
            }
        }
        if self.failed.len() == failed {
            self.lost(error);
        }
    }
}

/// Error-Cause (RFC 5176 §3.6).
fn error_cause(octets: &[u8]) -> Option<u32> {
    let packet = Packet::parse(octets).ok()?;
    let cause = packet.first(AttributeType::ERROR_CAUSE)?;
    cause.value().try_into().ok().map(u32::from_be_bytes)
}

/// Whether another server may process a request that was refused for this: no way to the home server, trouble of the
/// proxy, no resources (RFC 9765 §6.1).
fn another_may(cause: u32) -> bool {
    matches!(cause, 502 | 505 | 506)
}
