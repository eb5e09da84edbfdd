//! Connections beside their conversations: the watchdog's questions, what the server asks on them, and staying.

use std::time::Instant;

use super::{Driver, LONGEST_CONNECT};
use crate::attr::{BuildError, BuildOptions, Draft, Placement};
use crate::client::care::Stay;
use crate::client::reverse::{Distrusted, Manner, answer};
use crate::codec::Code;
use crate::exchange::{Alarm, Exchange, Number, Policy};
use crate::net::{Call, Cause, SocketError, clock};
use crate::outcome::{Ended, Event};

/// The tag of the watchdog's exchanges; conversations count from 0.
pub(super) const WATCHDOG: u64 = u64::MAX;

/// Where a run stands in staying.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Staying {
    /// Until when, once all conversations are over.
    until: Option<Instant>,
    /// How many requests came down.
    asked: u64,
}

impl Driver<'_, '_> {
    /// Does what the watchdog of a link says.
    pub(super) fn watch(&mut self, index: usize, now: Instant) {
        let dice = self.run.dice.jitter();
        let Some(link) = self.links.at(index) else { return };
        match link.alarm(now, dice) {
            Some(Alarm::Ask) => self.ask_status(index, now),
            Some(Alarm::Down) => {
                let peer = link.flow.peer();
                let silent = SocketError::found(Call::Receive, peer, Cause::Silent);
                self.break_link(index, &silent);
            }
            // The link says itself that it takes nothing new.
            Some(Alarm::Suspect) | None => {}
        }
    }

    /// Puts a Status-Server among what is due on a link. Where all Identifiers are waiting for their replies, nothing
    /// more can be asked, and silence is answer enough.
    fn ask_status(&mut self, index: usize, now: Instant) {
        let Some(link) = self.links.at(index) else { return };
        let (version, peer, transport) = (link.flow.version(), link.flow.peer(), link.transport());
        let secret = std::sync::Arc::clone(&link.secret);
        let Ok(number) = link.flow.reserve(None) else {
            return;
        };
        let authenticator = self.run.dice.authenticator();
        // Eighteen octets always fit.
        let Ok(octets) = status(number, &authenticator, &secret) else {
            return;
        };
        let policy = match transport.is_stream() {
            // The watchdog has patience of its own.
            true => Policy::stream(LONGEST_CONNECT),
            false => Policy::RFC_5080,
        };
        let exchange = Exchange::new(octets, secret, peer, policy)
            .over(version)
            .with_tag(WATCHDOG);
        if let Some(link) = self.links.at(index) {
            link.flow.insert(exchange, now);
        }
    }

    /// Answers what the server asks on a connection of ours.
    pub(super) async fn asked(&mut self, index: usize, octets: &[u8]) {
        let stay = self.run.care.stay;
        let Some(link) = self.links.at(index) else { return };
        let (version, peer) = (link.flow.version(), link.flow.peer());
        let secret = std::sync::Arc::clone(&link.secret);
        let manner = match stay {
            None => Manner::Unwanted,
            Some(Stay { refuse: None, .. }) => Manner::Honour,
            Some(Stay {
                refuse: Some(cause), ..
            }) => Manner::Refuse(cause),
        };
        let Ok(answer) = answer(octets, version, &secret, manner) else {
            let Distrusted = Distrusted;
            let error = SocketError::found(Call::Receive, peer, Cause::Distrusted);
            return self.break_link(index, &error);
        };
        let event = Event::Asked {
            request: octets,
            answer: &answer,
            peer,
            transport: link.transport(),
            version,
            secret: &secret,
        };
        self.wanted &= self.run.sink.event(&event);
        let sent = match self.links.at(index) {
            Some(link) => link.send(&answer).await,
            None => Ok(()),
        };
        match sent {
            Ok(()) => self.staying.asked += 1,
            Err(error) => self.break_link(index, &error),
        }
    }

    /// Whether connections are to stay open now that all is said; opens one anew where the last was lost.
    pub(super) async fn stays(&mut self) -> bool {
        let Some(stay) = self.run.care.stay else {
            return false;
        };
        let now = clock::now();
        let until = *self.staying.until.get_or_insert(now + stay.time);
        if now >= until || stay.count.is_some_and(|count| self.staying.asked >= count) {
            return false;
        }
        if self.links.connections() == 0 {
            let reopened = tokio::select! {
                biased;
                () = self.stop.as_mut() => {
                    self.stopped = true;
                    return false;
                }
                reopened = self.links.reopen(LONGEST_CONNECT.min(until - now), &mut self.run.dice) => reopened,
            };
            match reopened {
                // Nothing was ever connected.
                None => return false,
                Some(Ok(index)) => self.tell_handshake(index),
                Some(Err(error)) => self.lost(&error),
            }
        }
        true
    }

    /// When staying ends by itself.
    pub(super) fn stays_until(&self) -> Option<Instant> {
        self.staying.until
    }

    /// Tells that fewer requests came down than there should have, if so.
    pub(super) fn left(&mut self) {
        if let Some(stay) = self.run.care.stay {
            let event = Event::Stayed {
                asked: self.staying.asked,
                wanted: stay.count,
            };
            self.wanted &= self.run.sink.event(&event);
        }
    }

    /// Tells of the handshake of a link, once.
    pub(super) fn tell_handshake(&mut self, index: usize) {
        let Some(link) = self.links.at(index) else { return };
        let peer = link.flow.peer();
        if let Some(handshake) = link.news() {
            let event = Event::Connected {
                peer,
                handshake: &handshake,
            };
            self.wanted &= self.run.sink.event(&event);
        }
    }

    /// Tells that a connection was lost on which nobody waited for anything.
    pub(super) fn lost(&mut self, error: &SocketError) {
        self.wanted &= self.run.sink.event(&Event::Lost(error));
    }

    /// Ends a conversation, or nothing where the watchdog asked.
    pub(super) fn over(&mut self, exchange: Exchange, ended: Ended) {
        if let Some(mut talk) = self.talks.remove(&exchange.tag()) {
            talk.rounds.push(super::talk::round(exchange, None));
            self.finish(Box::new(talk), ended);
        }
    }
}

/// The octets of a Status-Server (RFC 5997 §3).
fn status(
    number: Number,
    authenticator: &crate::codec::Authenticator,
    secret: &crate::codec::Secret,
) -> Result<Vec<u8>, BuildError> {
    let options = BuildOptions {
        message_authenticator: Placement::First,
        ..BuildOptions::default()
    };
    let draft = Draft::new();
    match number {
        Number::Token(token) => draft.build_clear(Code::STATUS_SERVER, token, authenticator, &options),
        Number::Identifier(identifier) => {
            let code = Code::STATUS_SERVER;
            draft.build(code, identifier, authenticator, secret, &mut || 0, &options)
        }
    }
}
