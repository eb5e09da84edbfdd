//! One request that passed every check, done as its Code asks.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Arrival, Deed, Departure, Pending, Responder, SHARDS, Settings, depart};
use crate::auth::{Dice, roll};
use crate::codec::{Attribute, AttributeType, Code, Packet};
use crate::dictionary::{Dictionary, Key as Name};
use crate::responder::coa::{Answer, ErrorCause};
use crate::responder::duplicates::{Key, Print, Seen, Ticket};
use crate::responder::facts::{Did, Why};
use crate::responder::faults::Mishaps;
use crate::responder::policy::{Context, Verdict};
use crate::responder::receive::{Carrier, Discard, Request, Role};
use crate::responder::reply::{Answers, Items, assemble, protocol_error};
use crate::responder::{Moment, coa, lock};

/// One request that passed every check.
pub(super) struct Job<'j, 'a> {
    pub responder: &'j Responder,
    pub settings: &'a Settings,
    pub arrival: &'j Arrival<'a>,
    pub request: Request<'a>,
    pub ticket: Option<(usize, Ticket)>,
    pub mishaps: Mishaps,
}

impl Job<'_, '_> {
    /// Does what the request asks for.
    pub fn run(&mut self, user: &[u8], moment: &mut Moment<'_>) -> (Did, Deed) {
        let packet = self.request.packet;
        if !self.settings.faults.1.is_empty() {
            self.mishaps = lock(&self.responder.faults).next(user, self.arrival.source.ip());
            if self.mishaps.drops() {
                return (Did::Discarded(Discard::Dropped), Deed::Nothing);
            }
        }
        let dynamic = matches!(packet.code(), Code::COA_REQUEST | Code::DISCONNECT_REQUEST);
        if dynamic && let Err(discard) = coa::check_freshness(&packet, moment.unix, self.settings.freshness) {
            return (Did::Discarded(discard), Deed::Nothing);
        }
        // A connection loses nothing: nobody sends twice on it (RFC 6613 §2.6.1).
        if !self.arrival.carrier.is_stream() {
            match self.seen(moment.now) {
                Seen::New(_) => {}
                Seen::InFlight => return (Did::Discarded(Discard::InFlight), Deed::Nothing),
                Seen::Answered(reply) => {
                    let code = Code(reply.first().copied().unwrap_or(0));
                    let deed = depart(reply, Duration::ZERO, &self.mishaps, &self.answers(&packet));
                    return (Did::Resent(code), deed);
                }
            }
        }
        match packet.code() {
            Code::ACCESS_REQUEST => self.access(moment),
            Code::ACCOUNTING_REQUEST => self.accounting(moment),
            Code::STATUS_SERVER => {
                let code = match self.arrival.role {
                    Role::Acct => Code::ACCOUNTING_RESPONSE,
                    _ => Code::ACCESS_ACCEPT,
                };
                self.reply(code, &Items::new(), Why::Alive, moment)
            }
            _ => self.dynamic(moment),
        }
    }

    fn seen(&mut self, now: Instant) -> Seen {
        let packet = &self.request.packet;
        let key = Key::new(
            self.arrival.source,
            self.arrival.listener,
            packet.code(),
            packet.identifier(),
        );
        let shard = key.spread() % SHARDS;
        let seen = match self.responder.duplicates.get(shard) {
            Some(table) => lock(table).see(now, key, Print::of(packet)),
            None => Seen::InFlight,
        };
        if let Seen::New(ticket) = seen {
            self.ticket = Some((shard, ticket));
        }
        seen
    }

    fn access(&mut self, moment: &mut Moment<'_>) -> (Did, Deed) {
        if self.mishaps.rejects() {
            return self.reject(Items::new(), Why::Fault, moment);
        }
        let user = self.request.value(AttributeType::USER_NAME).unwrap_or(&[]);
        if let Some(pool) = self.settings.routes.find(user) {
            return self.forward(pool, moment);
        }
        let context = Context {
            dictionary: &self.settings.dictionary,
            states: &self.responder.states,
            sessions: &self.responder.sessions,
        };
        let verdict = self
            .settings
            .policy
            .decide(&self.request, self.arrival.source.ip(), &context, moment);
        let Verdict {
            code,
            why,
            items,
            fields,
        } = verdict;
        if fields.is_empty() && code != Code::ACCESS_REJECT {
            return self.reply(code, &items, why, moment);
        }
        let mut all = Items::new();
        for (number, value) in &fields {
            if let Err(too_long) = all.push(*number, value) {
                let length = too_long.length;
                return self.give_up(Discard::ReplyTooLong { length });
            }
        }
        all.extend(&items);
        if code == Code::ACCESS_REJECT {
            self.reject(all, why, moment)
        } else {
            self.reply(code, &all, why, moment)
        }
    }

    fn reject(&mut self, items: Items, why: Why, moment: &mut Moment<'_>) -> (Did, Deed) {
        let delay = jittered(self.settings.reject_delay, moment.dice);
        self.reply_after(Code::ACCESS_REJECT, &items, why, delay, moment)
    }

    fn accounting(&mut self, moment: &mut Moment<'_>) -> (Did, Deed) {
        let (source, packet) = (self.arrival.source.ip(), self.request.packet);
        lock(&self.responder.sessions).account(source, &packet);
        let user = self.request.value(AttributeType::USER_NAME).unwrap_or(&[]);
        if let Some(pool) = self.settings.routes.find(user) {
            return self.forward(pool, moment);
        }
        if self.settings.record {
            return (
                Did::Recording,
                Deed::Record(Box::new(self.pending(0, moment.now))),
            );
        }
        self.reply(Code::ACCOUNTING_RESPONSE, &Items::new(), Why::NotKept, moment)
    }

    fn dynamic(&mut self, moment: &mut Moment<'_>) -> (Did, Deed) {
        let packet = self.request.packet;
        if self.settings.reverse
            && let Some(link) = lock(&self.responder.reverse).find(&packet)
        {
            let pending = Box::new(self.pending(0, moment.now));
            return (Did::Forwarding, Deed::Down(link, pending));
        }
        let dictionary = &self.settings.dictionary;
        let known = |attribute: &Attribute<'_>| is_known(dictionary, attribute);
        let mut sessions = lock(&self.responder.sessions);
        let answer = coa::decide(&packet, &sessions, self.settings.manner, &known);
        let disconnect = packet.code() == Code::DISCONNECT_REQUEST;
        let mut items = Items::new();
        let (ack, nak) = if disconnect {
            (Code::DISCONNECT_ACK, Code::DISCONNECT_NAK)
        } else {
            (Code::COA_ACK, Code::COA_NAK)
        };
        let (code, why) = match answer {
            Answer::Ack(matched) => {
                if disconnect {
                    for id in &matched {
                        sessions.end(*id);
                    }
                }
                (ack, Why::Sessions { count: matched.len() })
            }
            Answer::Nak {
                cause,
                authorize_only,
            } => {
                let service = authorize_only.then_some((AttributeType::SERVICE_TYPE, coa::AUTHORIZE_ONLY));
                let cause_item = (AttributeType::ERROR_CAUSE, cause.0.to_be_bytes());
                for (number, value) in service.into_iter().chain([cause_item]) {
                    // Four octets always fit.
                    let _ = items.push(number, &value);
                }
                (nak, Why::Cause(cause))
            }
        };
        drop(sessions);
        // State goes back as it came (RFC 5176 §3.3).
        for state in packet.all(AttributeType::STATE) {
            let _ = items.push(AttributeType::STATE, state.value());
        }
        self.reply(code, &items, why, moment)
    }

    fn forward(&mut self, pool: usize, moment: &mut Moment<'_>) -> (Did, Deed) {
        (
            Did::Forwarding,
            Deed::Forward(Box::new(self.pending(pool, moment.now))),
        )
    }

    fn pending(&mut self, pool: usize, now: Instant) -> Pending {
        Pending {
            octets: self.request.packet.octets().to_vec(),
            source: self.arrival.source,
            listener: self.arrival.listener,
            client: Arc::clone(self.request.client),
            since: now,
            pool,
            sealed: self.request.sealed,
            stream: self.arrival.carrier != Carrier::Datagram,
            max: self.max(),
            clear: self.arrival.carrier.is_clear(),
            ticket: self.ticket.take(),
            mishaps: self.mishaps.clone(),
        }
    }

    fn reply(&mut self, code: Code, items: &Items, why: Why, moment: &mut Moment<'_>) -> (Did, Deed) {
        self.reply_after(code, items, why, Duration::ZERO, moment)
    }

    fn reply_after(
        &mut self,
        code: Code,
        items: &Items,
        why: Why,
        after: Duration,
        moment: &mut Moment<'_>,
    ) -> (Did, Deed) {
        let packet = self.request.packet;
        let answers = self.answers(&packet);
        match assemble(&answers, code, items, moment.dice) {
            Ok(octets) => {
                let octets: Arc<[u8]> = octets.into();
                self.responder.remember(self.ticket, moment.now + after, &octets);
                let deed = depart(octets, after, &self.mishaps, &answers);
                (Did::Replied(code, why), deed)
            }
            Err(too_long) if self.arrival.carrier.is_stream() => {
                // RFC 7930 §4: the client is told that its answer would be too big.
                let cause = ErrorCause::RESPONSE_TOO_BIG;
                let _ = too_long;
                let octets = protocol_error(&packet, answers.secret, answers.clear, cause);
                let did = Did::Replied(Code::PROTOCOL_ERROR, Why::Cause(cause));
                (did, Deed::Send(Departure::now(octets.into())))
            }
            Err(too_long) => {
                let length = too_long.length;
                self.give_up(Discard::ReplyTooLong { length })
            }
        }
    }

    fn answers<'p>(&'p self, packet: &'p Packet<'p>) -> Answers<'p> {
        Answers {
            request: packet,
            sealed: self.request.sealed,
            secret: &self.request.client.secret,
            max: self.max(),
            clear: self.arrival.carrier.is_clear(),
        }
    }

    fn give_up(&mut self, discard: Discard) -> (Did, Deed) {
        self.responder.forget(self.ticket.take());
        (Did::Discarded(discard), Deed::Nothing)
    }

    /// The longest reply that the client takes: on a connection what its Response-Length (241.3) says (RFC 7930 §4).
    fn max(&self) -> usize {
        let usual = crate::codec::MAX_LENGTH;
        if !self.arrival.carrier.is_stream() {
            return usual;
        }
        self.request
            .packet
            .all(AttributeType(241))
            .find_map(|attribute| match attribute.value() {
                [3, length @ ..] => length.try_into().ok().map(u32::from_be_bytes),
                _ => None,
            })
            .map_or(usual, |length| {
                (length as usize).clamp(usual, usize::from(u16::MAX))
            })
    }
}

/// A delay and up to a tenth more.
fn jittered(delay: Duration, dice: &mut dyn Dice) -> Duration {
    if delay.is_zero() {
        return delay;
    }
    let share = u32::from(u16::from_be_bytes(roll(dice)));
    delay + delay / 10 * share / u32::from(u16::MAX)
}

/// Whether the dictionary knows an attribute, or the first one in a Vendor-Specific.
fn is_known(dictionary: &Dictionary, attribute: &Attribute<'_>) -> bool {
    if attribute.number() != AttributeType::VENDOR_SPECIFIC {
        return dictionary
            .child(Name::ROOT, u32::from(attribute.number().0))
            .is_some();
    }
    match attribute.value() {
        [a, b, c, d, number, ..] => {
            let vendor = u32::from_be_bytes([*a, *b, *c, *d]);
            dictionary
                .child(Name::VENDORS.child(vendor), u32::from(*number))
                .is_some()
        }
        _ => false,
    }
}
