//! One request through the whole server: checked, compared with those before, decided about, answered.
//!
//! ```text
//!  octets ─ receive ─ faults ─ duplicates ─┬ Access-Request ───── policy ──────────┬─▶ Send
//!             │          │          │      ├ Accounting-Request ─ sessions ─ Record ┤ (after the record is stored)
//!             ▼          ▼          ▼      ├ CoA, Disconnect ──── coa ──────────────┤
//!          discard    discard   the same   ├ Status-Server ─────────────────────────┘
//!                               reply      └ another server's ─── Forward             (after that server has said)
//! ```
//!
//! All of it may be called from several threads. No IO, no clock, no dice: see [`Moment`].

mod job;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use self::job::Job;
use super::clients::{Client, Clients};
use super::coa::{ErrorCause, Freshness, Manner};
use super::duplicates::{Bounds, Duplicates, Ticket};
use super::facts::{Did, Facts, Why};
use super::faults::{Fault, Faults, Mishaps};
use super::policy::{Policy, Step};
use super::receive::{Carrier, Discard, Limits, Role, receive};
use super::reply::{Answers, Items, assemble, protocol_error};
use super::reverse::{LinkId, Reverse};
use super::route::Routes;
use super::sessions::Sessions;
use super::states::States;
use super::{Moment, lock};
use crate::codec::v11::Token;
use crate::codec::{AttributeType, Code, Packet};
use crate::dictionary::Dictionary;

/// Everything that a configuration says. Replaced as a whole.
#[derive(Clone)]
pub struct Settings {
    /// Who may ask.
    pub clients: Clients,
    /// What is asked of every packet.
    pub limits: Limits,
    /// How Access-Requests are decided about.
    pub policy: Policy,
    /// How long an Access-Reject is held back, so that passwords cannot be guessed fast.
    pub reject_delay: Duration,
    /// What is remembered of requests.
    pub duplicates: Bounds,
    /// How dynamic authorization is answered.
    pub manner: Manner,
    /// Whether dynamic authorization goes down the connections of those whom it is about.
    pub reverse: bool,
    /// How young dynamic authorization requests must be.
    pub freshness: Freshness,
    /// Whether Accounting-Requests are to be recorded before they are answered.
    pub record: bool,
    /// Which requests other servers answer.
    pub routes: Routes,
    /// What goes wrong on purpose, and the seed that repeats it.
    pub faults: (u64, Vec<Fault>),
    /// The names of attributes.
    pub dictionary: Arc<Dictionary>,
}

/// What arrives at a listener.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// From where.
    pub source: SocketAddr,
    /// The number of the listener.
    pub listener: u16,
    /// What the listener serves.
    pub role: Role,
    /// How it came.
    pub carrier: Carrier,
    /// Who asks, where the connection tells; otherwise the source does.
    pub client: Option<&'a Arc<Client>>,
    /// The octets.
    pub octets: &'a [u8],
}

/// What became of an arrival, and what is to be done.
#[derive(Debug)]
pub struct Outcome<'a> {
    /// For whoever writes it down.
    pub facts: Facts<'a>,
    /// For the driver.
    pub deed: Deed,
}

/// What the driver is to do.
#[derive(Debug)]
pub enum Deed {
    /// Nothing.
    Nothing,
    /// Close the connection on which it came.
    Close,
    /// Send this.
    Send(Departure),
    /// Send these.
    SendAll(Vec<Departure>),
    /// Store the record, then say [`Responder::recorded`] or [`Responder::unrecorded`].
    Record(Box<Pending>),
    /// Ask another server, then say [`Responder::answered`] or [`Responder::unanswered`].
    Forward(Box<Pending>),
    /// Ask the NAS at the other end of this connection, then say [`Responder::answered`] or [`Responder::unreached`].
    Down(LinkId, Box<Pending>),
}

/// A datagram that leaves for whoever asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    /// The octets.
    pub octets: Arc<[u8]>,
    /// How long it is held back.
    pub after: Duration,
    /// Whether it leaves from another port than the one that was asked.
    pub other_port: bool,
}

/// A request whose reply has to wait.
#[derive(Debug)]
pub struct Pending {
    /// The request, padding cut off.
    pub octets: Vec<u8>,
    /// From where it came.
    pub source: SocketAddr,
    /// The number of the listener to which it came.
    pub listener: u16,
    /// Who asked.
    pub client: Arc<Client>,
    /// When it came.
    pub since: Instant,
    /// To which servers it goes; of no meaning for a record.
    pub pool: usize,
    sealed: bool,
    stream: bool,
    max: usize,
    clear: bool,
    ticket: Option<(usize, Ticket)>,
    mishaps: Mishaps,
}

/// The server.
pub struct Responder {
    settings: RwLock<Arc<Settings>>,
    duplicates: Vec<Mutex<Duplicates>>,
    sessions: Mutex<Sessions>,
    states: Mutex<States<Step>>,
    faults: Mutex<Faults>,
    pub(super) reverse: Mutex<Reverse>,
}

/// Tables of duplicates, so that threads seldom meet.
const SHARDS: usize = 8;
/// The most sessions and conversations remembered.
const SESSIONS: usize = 20_000;
const CONVERSATIONS: usize = 10_000;

impl Settings {
    /// Settings under which nobody may ask and nobody may log in.
    pub fn new(dictionary: Arc<Dictionary>) -> Settings {
        Settings {
            clients: Clients::new(),
            limits: Limits::default(),
            policy: Policy::default(),
            reject_delay: Duration::ZERO,
            duplicates: Bounds::default(),
            manner: Manner::default(),
            reverse: false,
            freshness: Freshness::default(),
            record: false,
            routes: Routes::default(),
            faults: (0, Vec::new()),
            dictionary,
        }
    }
}

impl Responder {
    /// A server that has seen nothing yet.
    pub fn new(settings: Settings) -> Responder {
        let bounds = shard(settings.duplicates);
        Responder {
            duplicates: (0..SHARDS).map(|_| Mutex::new(Duplicates::new(bounds))).collect(),
            sessions: Mutex::new(Sessions::new(SESSIONS)),
            states: Mutex::new(States::new(CONVERSATIONS)),
            reverse: Mutex::default(),
            faults: Mutex::new(Faults::new(settings.faults.0, settings.faults.1.clone())),
            settings: RwLock::new(Arc::new(settings)),
        }
    }

    /// The settings now in force; for as many requests as come at once.
    pub fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts other settings in force. What is under way is not disturbed, and nothing is forgotten.
    pub fn reload(&self, settings: Settings) {
        for table in &self.duplicates {
            lock(table).set_bounds(shard(settings.duplicates));
        }
        let mut slot = self.settings.write().unwrap_or_else(PoisonError::into_inner);
        if slot.faults != settings.faults {
            *lock(&self.faults) = Faults::new(settings.faults.0, settings.faults.1.clone());
        }
        *slot = Arc::new(settings);
    }

    /// How many sessions accounting says there are.
    pub fn sessions(&self) -> usize {
        lock(&self.sessions).len()
    }

    /// How many requests are remembered.
    pub fn remembered(&self) -> usize {
        self.duplicates.iter().map(|table| lock(table).len()).sum()
    }

    /// Takes what arrived at a listener.
    pub fn receive<'a>(
        &self,
        settings: &'a Settings,
        arrival: &Arrival<'a>,
        moment: &mut Moment<'_>,
    ) -> Outcome<'a> {
        let packet = Packet::parse(arrival.octets).ok();
        let mut facts = Facts {
            code: packet.map(|packet| packet.code()),
            identifier: packet
                .filter(|_| !arrival.carrier.is_clear())
                .map(|packet| packet.identifier()),
            token: packet
                .filter(|_| arrival.carrier.is_clear())
                .map(|packet| Token::of(&packet)),
            client: None,
            user: None,
            unprotected: false,
            mishaps: Vec::new(),
            did: Did::Recording,
        };
        let request = receive(
            arrival.octets,
            arrival.client(&settings.clients),
            arrival.role,
            arrival.carrier,
            settings.limits,
        );
        let request = match request {
            Ok(request) => request,
            Err(discard) => return refuse(settings, arrival, packet, facts, discard),
        };
        facts.client = Some(request.client);
        facts.user = request.value(AttributeType::USER_NAME);
        facts.unprotected = request.packet.code() == Code::ACCESS_REQUEST
            && !request.sealed
            && !arrival.carrier.is_protected();
        let mut job = Job {
            responder: self,
            settings,
            arrival,
            request,
            ticket: None,
            mishaps: Mishaps::default(),
        };
        let (did, deed) = job.run(facts.user.unwrap_or(&[]), moment);
        facts.did = did;
        facts.mishaps = job.mishaps.kinds().to_vec();
        Outcome { facts, deed }
    }

    /// The record of a request is stored: the reply may leave.
    pub fn recorded(&self, pending: &Pending, moment: &mut Moment<'_>) -> (Did, Deed) {
        self.settle(
            pending,
            Code::ACCOUNTING_RESPONSE,
            &Items::new(),
            Why::Recorded,
            moment,
        )
    }

    /// The record of a request could not be stored: no reply, and the next request like it is worked on again
    /// (RFC 2866 §2).
    pub fn unrecorded(&self, pending: &Pending) -> Did {
        self.forget(pending.ticket);
        Did::Discarded(Discard::NotRecorded)
    }

    /// Another server answered: its attributes, hidden for whoever asked, are the reply's.
    pub fn answered(
        &self,
        pending: &Pending,
        (server, code): (SocketAddr, Code),
        items: &Items,
        moment: &mut Moment<'_>,
    ) -> (Did, Deed) {
        self.settle(pending, code, items, Why::Upstream(server), moment)
    }

    /// No other server answered; the next request like it is worked on again. On a connection the client is told so
    /// (RFC 7930 §3), over UDP it hears nothing.
    pub fn unanswered(&self, pending: &Pending, discard: Discard) -> (Did, Deed) {
        self.forget(pending.ticket);
        let Some(packet) = pending.packet().filter(|_| pending.stream) else {
            return (Did::Discarded(discard), Deed::Nothing);
        };
        let cause = match discard {
            Discard::ProxyFull => ErrorCause::RESOURCES_UNAVAILABLE,
            Discard::ReplyTooLong { .. } | Discard::Untranslatable => {
                ErrorCause::OTHER_PROXY_PROCESSING_ERROR
            }
            _ => ErrorCause::REQUEST_NOT_ROUTABLE,
        };
        let octets = protocol_error(&packet, &pending.client.secret, pending.clear, cause);
        let did = Did::Replied(Code::PROTOCOL_ERROR, Why::Cause(cause));
        (did, Deed::Send(Departure::now(octets.into())))
    }

    pub(super) fn settle(
        &self,
        pending: &Pending,
        code: Code,
        items: &Items,
        why: Why,
        moment: &mut Moment<'_>,
    ) -> (Did, Deed) {
        let Ok(packet) = Packet::parse(&pending.octets) else {
            return (Did::Discarded(Discard::TooShort { received: 0 }), Deed::Nothing);
        };
        let answers = Answers {
            request: &packet,
            sealed: pending.sealed,
            secret: &pending.client.secret,
            max: pending.max,
            clear: pending.clear,
        };
        match assemble(&answers, code, items, moment.dice) {
            Ok(octets) => {
                let octets: Arc<[u8]> = octets.into();
                self.remember(pending.ticket, moment.now, &octets);
                let deed = depart(octets, Duration::ZERO, &pending.mishaps, &answers);
                (Did::Replied(code, why), deed)
            }
            Err(too_long) => {
                self.forget(pending.ticket);
                let length = too_long.length;
                (Did::Discarded(Discard::ReplyTooLong { length }), Deed::Nothing)
            }
        }
    }

    fn remember(&self, ticket: Option<(usize, Ticket)>, when: Instant, reply: &Arc<[u8]>) {
        if let Some((shard, ticket)) = ticket
            && let Some(table) = self.duplicates.get(shard)
        {
            lock(table).answer(ticket, when, reply);
        }
    }

    fn forget(&self, ticket: Option<(usize, Ticket)>) {
        if let Some((shard, ticket)) = ticket
            && let Some(table) = self.duplicates.get(shard)
        {
            lock(table).forget(ticket);
        }
    }
}

/// The bounds of one of several tables.
fn shard(bounds: Bounds) -> Bounds {
    Bounds {
        entries: bounds.entries.div_ceil(SHARDS),
        octets: bounds.octets.div_ceil(SHARDS),
        ..bounds
    }
}

/// What becomes of a request that failed a check: nothing, or on a connection its end, or word that the Code is not
/// served.
fn refuse<'a>(
    settings: &'a Settings,
    arrival: &Arrival<'a>,
    packet: Option<Packet<'a>>,
    mut facts: Facts<'a>,
    discard: Discard,
) -> Outcome<'a> {
    facts.client = arrival.client(&settings.clients).map(|client| client.as_ref());
    // What it says of itself: nobody has vouched for it.
    facts.user = packet
        .filter(|packet| packet.is_well_formed())
        .and_then(|packet| packet.first(AttributeType::USER_NAME))
        .map(|attribute| attribute.value());
    facts.did = Did::Discarded(discard);
    let stream = arrival.carrier != Carrier::Datagram;
    let deed = match (discard, packet, facts.client) {
        // A request that nobody serves here; a reply gets no reply (RFC 7930 §3).
        (Discard::NotServed { code, .. }, Some(packet), Some(client)) if stream && !code.is_reply() => {
            let cause = ErrorCause::UNSUPPORTED_EXTENSION;
            facts.did = Did::Replied(Code::PROTOCOL_ERROR, Why::Cause(cause));
            Deed::Send(Departure::now(
                protocol_error(&packet, &client.secret, arrival.carrier.is_clear(), cause).into(),
            ))
        }
        _ if stream && discard.closes() => Deed::Close,
        _ => Deed::Nothing,
    };
    Outcome { facts, deed }
}

impl<'a> Arrival<'a> {
    fn client(&self, clients: &'a Clients) -> Option<&'a Arc<Client>> {
        self.client.or_else(|| clients.find(self.source.ip()))
    }
}

impl Pending {
    /// The request.
    pub fn packet(&self) -> Option<Packet<'_>> {
        Packet::parse(&self.octets).ok()
    }

    /// Whether it came in RADIUS/1.1, with nothing hidden in it.
    pub fn is_clear(&self) -> bool {
        self.clear
    }

    /// What became of it after all.
    pub fn facts(&self, did: Did) -> Facts<'_> {
        let packet = self.packet();
        let user = packet.and_then(|packet| packet.first(AttributeType::USER_NAME));
        Facts {
            code: packet.map(|packet| packet.code()),
            identifier: packet.filter(|_| !self.clear).map(|packet| packet.identifier()),
            token: packet.filter(|_| self.clear).map(|packet| Token::of(&packet)),
            client: Some(&self.client),
            user: user.map(|attribute| attribute.value()),
            unprotected: false,
            mishaps: self.mishaps.kinds().to_vec(),
            did,
        }
    }
}

impl Departure {
    /// A datagram that leaves at once.
    pub fn now(octets: Arc<[u8]>) -> Departure {
        Departure {
            octets,
            after: Duration::ZERO,
            other_port: false,
        }
    }
}

/// The deed that sends a reply, and what mishaps make of it.
fn depart(octets: Arc<[u8]>, after: Duration, mishaps: &Mishaps, answers: &Answers<'_>) -> Deed {
    if mishaps.is_empty() {
        return Deed::Send(Departure {
            octets,
            after,
            other_port: false,
        });
    }
    let spoilt = mishaps.spoil(&octets, answers);
    Deed::SendAll(
        spoilt
            .into_iter()
            .map(|sending| Departure {
                octets: sending.octets.into(),
                after: after + sending.after,
                other_port: sending.other_port,
            })
            .collect(),
    )
}
