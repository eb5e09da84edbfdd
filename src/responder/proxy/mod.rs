//! A proxy: what other servers hear, how often, and what becomes of their answers (RFC 2865 §2.3).
//!
//! ```text
//!  forward ─▶ Send to a server that is up ─▶ its reply ─▶ Answer for the client
//!               │ no reply in time: Send again, the same octets (RFC 5080 §2.2.2)
//!               │ none after the last: the next server of the pool, with another Identifier and authenticator
//!               ▼ none left: GaveUp
//!  a server that answers nothing is down: it hears Status-Server (RFC 5997) until it answers, or long enough
//! ```
//!
//! What the client sends twice never comes here: that is absorbed before. A request that has been here already, by its
//! Proxy-State, goes in a loop and is refused. Knows no socket and no clock; `T` is what the driver wants back.

mod hidden;
mod rewrite;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::auth::{Dice, roll};
use crate::codec::seal::seal_request;
use crate::codec::seal::{AuthenticatorCheck, MessageAuthenticatorCheck, check_reply};
use crate::codec::{AttributeType, Authenticator, Builder, Code, Packet, Secret};
use crate::dictionary::Dictionary;

use super::reply::Items;

use hidden::Passage;
use rewrite::{Side, Stuck};

pub use rewrite::Towards;

/// Another server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upstream {
    /// Where it hears us.
    pub address: SocketAddr,
    /// The secret shared with it.
    pub secret: Secret,
}

/// The servers that answer for a realm, the one to be asked first in front.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pool {
    /// For Access-Requests.
    pub auth: Vec<Upstream>,
    /// For Accounting-Requests.
    pub acct: Vec<Upstream>,
}

/// How long to wait for other servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For the first reply; each wait after that is twice as long.
    pub first: Duration,
    /// How often a server is asked while there is another one left to ask.
    pub attempts: u32,
    /// How often the last one is asked: it may be slow, and nobody else will answer.
    pub last: u32,
    /// How often a server that is down hears Status-Server.
    pub probe: Duration,
    /// After how long a server that is down is tried again without having answered.
    pub revive: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            first: Duration::from_secs(1),
            attempts: 2,
            last: 5,
            probe: Duration::from_secs(6),
            revive: Duration::from_secs(60),
        }
    }
}

impl Patience {
    /// How often the server of this request is asked.
    fn attempts<T>(&self, flight: &Flight<T>) -> u32 {
        match &flight.client {
            Some(client) if client.left.is_empty() => self.last,
            _ => self.attempts,
        }
    }
}

/// Which of our sockets, counted from 0: each has 256 Identifiers for each server.
pub type Flow = u16;

/// What the driver is to do or to know.
#[derive(Debug)]
pub enum Step<T> {
    /// Send this to a server.
    Send {
        /// From which socket.
        flow: Flow,
        /// To where.
        to: SocketAddr,
        /// The octets.
        octets: Arc<[u8]>,
    },
    /// A server answered: this is for the client.
    Answer {
        /// What the driver wanted back.
        back: T,
        /// Which server it was.
        server: SocketAddr,
        /// The reply's Code.
        code: Code,
        /// The reply's attributes.
        items: Items,
    },
    /// No server answered.
    GaveUp(T),
    /// A server answered, and its answer cannot be carried to the client: see [`Refusal::Untranslatable`].
    Untranslatable(T),
    /// A server does not answer any more.
    Down(SocketAddr),
    /// A server answers again.
    Up(SocketAddr),
}

/// Why a request is not passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It has been here before.
    Loop,
    /// There is no such pool, or no server in it for this Code.
    NoServer,
    /// All Identifiers are in use.
    Full,
    /// It would not fit a packet with what a proxy adds.
    TooLong,
    /// It comes in one version of RADIUS and leaves in another, and what one hides cannot be made what the other has.
    Untranslatable,
}

/// A request that is to be passed on.
#[derive(Clone, Copy, Debug)]
pub struct Errand<'a> {
    /// The request, found authentic.
    pub packet: Packet<'a>,
    /// The secret shared with whoever asked; none in RADIUS/1.1, where nothing is hidden (RFC 9765).
    pub secret: Option<&'a Secret>,
    /// The number of the pool.
    pub pool: usize,
}

/// The proxy.
pub struct Proxy<T> {
    pools: Vec<Pool>,
    patience: Patience,
    dictionary: Arc<Dictionary>,
    /// What our Proxy-States begin with: unlike any other proxy's.
    mark: [u8; 8],
    count: u64,
    flights: HashMap<Place, Flight<T>>,
    due: BTreeMap<(Instant, u64), Place>,
    health: HashMap<SocketAddr, Health>,
    /// The Identifier that is tried next, for each server.
    next: HashMap<SocketAddr, u32>,
}

/// Where a reply is expected: at which socket, from which server, with which Identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Place {
    flow: Flow,
    server: SocketAddr,
    identifier: u8,
}

struct Flight<T> {
    octets: Arc<[u8]>,
    authenticator: Authenticator,
    secret: Secret,
    attempts: u32,
    wait: Duration,
    since: Instant,
    due: (Instant, u64),
    /// The client's request; nothing for a probe of ours.
    client: Option<ClientSide<T>>,
}

struct ClientSide<T> {
    request: Vec<u8>,
    secret: Option<Secret>,
    back: T,
    /// The servers that are still to be tried.
    left: Vec<Upstream>,
}

/// How a server is.
#[derive(Default)]
struct Health {
    /// When it answered last.
    heard: Option<Instant>,
    /// Since when it is down.
    down: Option<Instant>,
}

/// Sockets for one address family; with more requests under way a server is busy enough.
pub const FLOWS: Flow = 8;
const IDENTIFIERS: u32 = FLOWS as u32 * 256;

impl<T> Proxy<T> {
    /// A proxy that has passed nothing on yet.
    pub fn new(
        pools: Vec<Pool>,
        patience: Patience,
        dictionary: Arc<Dictionary>,
        dice: &mut dyn Dice,
    ) -> Proxy<T> {
        Proxy {
            pools,
            patience,
            dictionary,
            mark: roll(dice),
            count: 0,
            flights: HashMap::new(),
            due: BTreeMap::new(),
            health: HashMap::new(),
            next: HashMap::new(),
        }
    }

    /// Puts other pools in force; what is under way is not disturbed.
    pub fn set_pools(&mut self, pools: Vec<Pool>) {
        self.pools = pools;
    }

    /// How many requests are under way.
    pub fn len(&self) -> usize {
        self.flights
            .values()
            .filter(|flight| flight.client.is_some())
            .count()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// When [`Proxy::poll`] has something to do again.
    pub fn due(&self) -> Option<Instant> {
        self.due.keys().next().map(|(due, _)| *due)
    }

    /// Passes a request on.
    ///
    /// # Errors
    ///
    /// Why not, with what the driver wanted back.
    pub fn forward(
        &mut self,
        now: Instant,
        errand: &Errand<'_>,
        back: T,
        dice: &mut dyn Dice,
        steps: &mut Vec<Step<T>>,
    ) -> Result<(), (T, Refusal)> {
        let packet = &errand.packet;
        let ours = |state: &[u8]| state.starts_with(&self.mark);
        if packet
            .all(AttributeType::PROXY_STATE)
            .any(|state| ours(state.value()))
        {
            return Err((back, Refusal::Loop));
        }
        let servers = self.pools.get(errand.pool).map(|pool| match packet.code() {
            Code::ACCOUNTING_REQUEST => pool.acct.clone(),
            _ => pool.auth.clone(),
        });
        let Some(mut left) = servers.filter(|servers| !servers.is_empty()) else {
            return Err((back, Refusal::NoServer));
        };
        // Those that are up first; if all are down, they are tried all the same.
        left.sort_by_key(|server| self.is_down(server.address));
        left.reverse();
        let client = ClientSide {
            request: packet.octets().to_vec(),
            secret: errand.secret.cloned(),
            back,
            left,
        };
        self.launch(now, client, dice, steps)
            .map_err(|(client, refusal)| (client.back, refusal))
    }

    /// Takes what came from a server; nothing happens if nobody waits for it, or if it cannot be trusted.
    pub fn receive(
        &mut self,
        now: Instant,
        flow: Flow,
        from: SocketAddr,
        octets: &[u8],
        dice: &mut dyn Dice,
        steps: &mut Vec<Step<T>>,
    ) {
        let Ok(packet) = Packet::parse(octets) else { return };
        let place = Place {
            flow,
            server: from,
            identifier: packet.identifier(),
        };
        let Some(flight) = self.flights.get(&place) else {
            return;
        };
        if !packet.is_well_formed() {
            return;
        }
        let Ok(packet) = Packet::parse(packet.octets()) else {
            return;
        };
        let seals = check_reply(&packet, &flight.authenticator, &flight.secret);
        let trusted = seals.authenticator == AuthenticatorCheck::Right
            && matches!(
                seals.message_authenticator,
                MessageAuthenticatorCheck::Absent
                    | MessageAuthenticatorCheck::Right
                    | MessageAuthenticatorCheck::LegacyZeroVector
            );
        let request = Packet::parse(&flight.octets).map_or(Code(0), |request| request.code());
        if !trusted || !request.replies().contains(&packet.code()) {
            return;
        }
        let Some(flight) = self.land(place) else { return };
        self.heard(now, from, steps);
        let Some(client) = flight.client else { return };
        if packet.code() == Code::PROTOCOL_ERROR {
            // From hop to hop only (RFC 7930 §3): for the client this server has not answered.
            self.next_server(now, client, dice, steps);
            return;
        }
        let Ok(request) = Packet::parse(&client.request) else {
            return;
        };
        let passage = Passage {
            from: Side::of(Some(&flight.secret), request.code(), &flight.authenticator),
            to: Side::of(client.secret.as_ref(), request.code(), request.authenticator()),
        };
        let step = match rewrite::reply(&packet, passage, &self.dictionary, dice) {
            Ok(octets) => Step::Answer {
                back: client.back,
                server: from,
                code: packet.code(),
                items: Items::encoded(octets),
            },
            Err(_) => Step::Untranslatable(client.back),
        };
        steps.push(step);
    }

    /// Does what is due: sends again, goes on to other servers, gives up, asks servers that are down.
    pub fn poll(&mut self, now: Instant, dice: &mut dyn Dice, steps: &mut Vec<Step<T>>) {
        while let Some((key, place)) = self.due.first_key_value().map(|(key, place)| (*key, *place)) {
            if key.0 > now {
                break;
            }
            let probing = match self.flights.get(&place) {
                Some(flight) => flight.client.is_none(),
                None => {
                    self.due.remove(&key);
                    continue;
                }
            };
            if probing {
                self.land(place);
                self.probe(now, place.server, dice, steps);
            } else {
                self.retry(now, place, dice, steps);
            }
        }
    }

    fn retry(&mut self, now: Instant, place: Place, dice: &mut dyn Dice, steps: &mut Vec<Step<T>>) {
        let again = self
            .flights
            .get(&place)
            .is_some_and(|flight| flight.attempts < self.patience.attempts(flight));
        if !again {
            let Some(flight) = self.land(place) else { return };
            let silent = self
                .health
                .get(&place.server)
                .is_none_or(|health| health.heard.is_none_or(|heard| heard < flight.since));
            if silent {
                self.down(now, place.server, flight.secret.clone(), dice, steps);
            }
            if let Some(client) = flight.client {
                self.next_server(now, client, dice, steps);
            }
            return;
        }
        let number = self.number();
        let Some(flight) = self.flights.get_mut(&place) else {
            return;
        };
        self.due.remove(&flight.due);
        flight.attempts += 1;
        flight.wait = jittered(flight.wait * 2, dice);
        flight.due = (now + flight.wait, number);
        self.due.insert(flight.due, place);
        steps.push(Step::Send {
            flow: place.flow,
            to: place.server,
            octets: Arc::clone(&flight.octets),
        });
    }

    /// Sends the client's request to the next server that is left.
    fn launch(
        &mut self,
        now: Instant,
        mut client: ClientSide<T>,
        dice: &mut dyn Dice,
        steps: &mut Vec<Step<T>>,
    ) -> Result<(), (ClientSide<T>, Refusal)> {
        let mut refusal = Refusal::NoServer;
        while let Some(server) = client.left.pop() {
            let Some(place) = self.place(server.address) else {
                refusal = Refusal::Full;
                continue;
            };
            self.count += 1;
            let mut state = self.mark.to_vec();
            state.extend(self.count.to_be_bytes());
            let rewritten = Packet::parse(&client.request)
                .map_err(|_| Stuck::TooLong)
                .and_then(|packet| {
                    rewrite::request(
                        &packet,
                        client.secret.as_ref(),
                        Towards::Identifier(place.identifier, &server.secret),
                        Some(&state),
                        &self.dictionary,
                        dice,
                    )
                });
            let rewritten = match rewritten {
                Ok(rewritten) => rewritten,
                Err(stuck) => return Err((client, stuck.into())),
            };
            let octets: Arc<[u8]> = rewritten.octets.into();
            let wait = jittered(self.patience.first, dice);
            let due = (now + wait, self.number());
            let flight = Flight {
                octets: Arc::clone(&octets),
                authenticator: rewritten.authenticator,
                secret: server.secret,
                attempts: 1,
                wait,
                since: now,
                due,
                client: Some(client),
            };
            self.due.insert(due, place);
            self.flights.insert(place, flight);
            steps.push(Step::Send {
                flow: place.flow,
                to: place.server,
                octets,
            });
            return Ok(());
        }
        Err((client, refusal))
    }

    fn next_server(
        &mut self,
        now: Instant,
        client: ClientSide<T>,
        dice: &mut dyn Dice,
        steps: &mut Vec<Step<T>>,
    ) {
        if let Err((client, _)) = self.launch(now, client, dice, steps) {
            steps.push(Step::GaveUp(client.back));
        }
    }

    /// A socket and an Identifier that nothing is under way with.
    fn place(&mut self, server: SocketAddr) -> Option<Place> {
        let next = self.next.entry(server).or_default();
        for _ in 0..IDENTIFIERS {
            let number = *next;
            *next = (*next + 1) % IDENTIFIERS;
            let place = Place {
                // Less than FLOWS, and what is left less than 256.
                flow: (number / 256) as Flow,
                server,
                identifier: (number % 256) as u8,
            };
            if !self.flights.contains_key(&place) {
                return Some(place);
            }
        }
        None
    }

    fn land(&mut self, place: Place) -> Option<Flight<T>> {
        let flight = self.flights.remove(&place)?;
        self.due.remove(&flight.due);
        Some(flight)
    }

    fn number(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    fn is_down(&self, server: SocketAddr) -> bool {
        self.health
            .get(&server)
            .is_some_and(|health| health.down.is_some())
    }

    fn heard(&mut self, now: Instant, server: SocketAddr, steps: &mut Vec<Step<T>>) {
        let health = self.health.entry(server).or_default();
        health.heard = Some(now);
        if health.down.take().is_some() {
            steps.push(Step::Up(server));
        }
    }

    fn down(
        &mut self,
        now: Instant,
        server: SocketAddr,
        secret: Secret,
        dice: &mut dyn Dice,
        steps: &mut Vec<Step<T>>,
    ) {
        let health = self.health.entry(server).or_default();
        if health.down.is_none() {
            health.down = Some(now);
            steps.push(Step::Down(server));
            self.ask(now, server, secret, dice, steps);
        }
    }

    /// A probe was not answered: another one, unless the server has been down long enough to be tried again.
    fn probe(&mut self, now: Instant, server: SocketAddr, dice: &mut dyn Dice, steps: &mut Vec<Step<T>>) {
        let Some(since) = self.health.get(&server).and_then(|health| health.down) else {
            return;
        };
        if now.saturating_duration_since(since) >= self.patience.revive {
            // Not every server knows Status-Server.
            if let Some(health) = self.health.get_mut(&server) {
                health.down = None;
            }
            steps.push(Step::Up(server));
            return;
        }
        let known = self
            .pools
            .iter()
            .flat_map(|pool| pool.auth.iter().chain(&pool.acct));
        let secret = known
            .filter(|upstream| upstream.address == server)
            .map(|upstream| upstream.secret.clone())
            .next();
        if let Some(secret) = secret {
            self.ask(now, server, secret, dice, steps);
        }
    }

    /// Sends Status-Server; it stands for no client, and is due when the next one is to be sent.
    fn ask(
        &mut self,
        now: Instant,
        server: SocketAddr,
        secret: Secret,
        dice: &mut dyn Dice,
        steps: &mut Vec<Step<T>>,
    ) {
        let Some(place) = self.place(server) else { return };
        let authenticator: Authenticator = roll(dice);
        let mut builder = Builder::new(Code::STATUS_SERVER, place.identifier, &authenticator);
        if builder.message_authenticator().is_err() {
            return;
        }
        let mut octets = builder.finish();
        seal_request(&mut octets, &secret);
        let octets: Arc<[u8]> = octets.into();
        let wait = jittered(self.patience.probe, dice);
        let due = (now + wait, self.number());
        self.due.insert(due, place);
        let flight = Flight {
            octets: Arc::clone(&octets),
            authenticator,
            secret,
            attempts: 1,
            wait,
            since: now,
            due,
            client: None,
        };
        self.flights.insert(place, flight);
        steps.push(Step::Send {
            flow: place.flow,
            to: server,
            octets,
        });
    }
}

impl From<Stuck> for Refusal {
    fn from(stuck: Stuck) -> Refusal {
        match stuck {
            Stuck::TooLong => Refusal::TooLong,
            Stuck::Untranslatable => Refusal::Untranslatable,
        }
    }
}

/// A request as it goes to whom it is meant for, without Proxy-State of ours: there is no hop after that.
/// `from` is the secret shared with whoever asked; none in RADIUS/1.1.
///
/// # Errors
///
/// Why it cannot.
pub fn pass_down(
    packet: &Packet<'_>,
    from: Option<&Secret>,
    towards: Towards<'_>,
    dictionary: &Dictionary,
    dice: &mut dyn Dice,
) -> Result<Vec<u8>, Refusal> {
    let rewritten = rewrite::request(packet, from, towards, None, dictionary, dice)?;
    Ok(rewritten.octets)
}

/// One end of a way: the secret shared there, none in RADIUS/1.1, and the authenticator of the request.
pub type End<'a> = (Option<&'a Secret>, &'a Authenticator);

/// The attributes of the reply to a request that was passed down, for whoever asked: from one end to the other.
///
/// # Errors
///
/// Why not.
pub fn pass_up(
    reply: &Packet<'_>,
    request: Code,
    (from, to): (End<'_>, End<'_>),
    dictionary: &Dictionary,
    dice: &mut dyn Dice,
) -> Result<Items, Refusal> {
    let passage = Passage {
        from: Side::of(from.0, request, from.1),
        to: Side::of(to.0, request, to.1),
    };
    Ok(Items::encoded(rewrite::reply(reply, passage, dictionary, dice)?))
}

/// A time, up to a tenth longer or shorter (RFC 5080 §2.2.1).
fn jittered(time: Duration, dice: &mut dyn Dice) -> Duration {
    let share = u32::from(u16::from_be_bytes(roll(dice)));
    time - time / 10 + time / 5 * share / u32::from(u16::MAX)
}
