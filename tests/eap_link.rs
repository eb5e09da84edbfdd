//! Whole logins over a virtual link with a virtual clock: packets are lost, doubled, overtake each other, and are
//! spoilt on their way; the machines are those of the client and of the server.
#![allow(clippy::unwrap_used, missing_docs)]

mod papers;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use radius::auth::eap::build::{Credentials, login};
use radius::auth::eap::login::EapOptions;
use radius::auth::eap::server::ServerSettings;
use radius::auth::eap::tls::{ClientTls, Versions};
use radius::auth::{Hiding, KeyCheck, Login, Method, Next, PlainOptions};
use radius::codec::{AttributeType, Builder, Code, Packet, Secret, seal};
use radius::dictionary::Dictionary;
use radius::exchange::{Exchange, Policy, Receipt, Step};
use radius::responder::clients::Client;
use radius::responder::policy::Eap;
use radius::responder::{Arrival, Carrier, Deed, Moment, Responder, Role, Settings};

use crate::papers::{Authority, methods};

const SECRET: &str = "testing123";

/// Numbers that look random, and are the same each time.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn fill(&mut self, octets: &mut [u8]) {
        octets.fill_with(|| self.next() as u8);
    }
}

/// What the link does to a datagram, in percent.
#[derive(Clone, Copy)]
struct Weather {
    lost: u64,
    doubled: u64,
    spoilt: u64,
}

struct Papers {
    client: Arc<ClientTls>,
    server: Arc<ServerSettings>,
}

static PAPERS: LazyLock<Papers> = LazyLock::new(|| {
    let authority = Authority::new();
    Papers {
        client: authority.alice(Versions::Both, false),
        server: authority.settings(methods(), 300),
    }
});

/// When a packet lands, its number, whether it goes to the server, and its octets; the earliest first.
type Flight = Reverse<(Duration, u64, bool, Vec<u8>)>;

/// A client and a server with a link between them.
struct World {
    responder: Responder,
    dice: Dice,
    weather: Weather,
    start: Instant,
    now: Duration,
    /// When it arrives, in which order it was sent, whether at the server, and what.
    flying: BinaryHeap<Flight>,
    sent: u64,
    identifier: u8,
}

/// How a login ended.
enum End {
    Over(Next),
    GaveUp,
}

impl World {
    fn new(seed: u64, weather: Weather) -> World {
        let mut settings = Settings::new(Arc::new(Dictionary::builtin()));
        let network = "192.0.2.0/24".parse().unwrap();
        settings.clients.add(Client::new(network, Secret::new(SECRET)));
        settings.policy.users.add(b"alice", b"wonderland");
        settings.policy.eap = Some(Eap(Arc::clone(&PAPERS.server)));
        World {
            responder: Responder::new(settings),
            dice: Dice(seed),
            weather,
            start: Instant::now(),
            now: Duration::ZERO,
            flying: BinaryHeap::new(),
            sent: 0,
            identifier: 0,
        }
    }

    fn at(&self) -> Instant {
        self.start + self.now
    }

    /// Gives a datagram to the link.
    fn post(&mut self, to_server: bool, octets: &[u8]) {
        if self.dice.below(100) < self.weather.lost {
            return;
        }
        let copies = 1 + u64::from(self.dice.below(100) < self.weather.doubled);
        for _ in 0..copies {
            // Up to 40 ms: whatever is sent shortly after may arrive before.
            let arrives = self.now + Duration::from_micros(200 + self.dice.below(40_000));
            self.sent += 1;
            let event = (arrives, self.sent, to_server, octets.to_vec());
            self.flying.push(Reverse(event));
        }
    }

    fn serve(&mut self, octets: &[u8]) {
        let settings = self.responder.settings();
        let arrival = Arrival {
            source: SocketAddr::from(([192, 0, 2, 1], 4000)),
            listener: 0,
            role: Role::Auth,
            carrier: Carrier::Datagram,
            client: None,
            octets,
        };
        let now = self.at();
        let dice = &mut self.dice;
        let mut fill = |octets: &mut [u8]| dice.fill(octets);
        let mut moment = Moment {
            now,
            unix: 1_700_000_000,
            dice: &mut fill,
        };
        let deed = self.responder.receive(&settings, &arrival, &mut moment).deed;
        if let Deed::Send(departure) = deed {
            self.post(false, &departure.octets);
        }
    }

    /// A sealed request with what the login says, spoilt now and then before it is sealed.
    fn request(&mut self, login: &mut dyn Login, secret: &Secret) -> Vec<u8> {
        let mut authenticator = [0; 16];
        self.dice.fill(&mut authenticator);
        let hiding = Hiding {
            secret,
            authenticator: &authenticator,
        };
        let dice = &mut self.dice;
        let fields = login.request(Some(&hiding), &mut |octets: &mut [u8]| dice.fill(octets));
        self.identifier = self.identifier.wrapping_add(1);
        let mut builder = Builder::new(Code::ACCESS_REQUEST, self.identifier, &authenticator);
        builder.message_authenticator().unwrap();
        for (number, mut value) in fields.unwrap() {
            self.spoil(number, &mut value);
            builder.attribute(number, &value).unwrap();
        }
        let mut octets = builder.finish();
        seal::seal_request(&mut octets, secret);
        octets
    }

    /// Changes an EAP-Message as nobody would who speaks the protocol.
    fn spoil(&mut self, number: AttributeType, value: &mut Vec<u8>) {
        if number != AttributeType::EAP_MESSAGE || self.dice.below(100) >= self.weather.spoilt {
            return;
        }
        let at = self.dice.below(value.len().max(1) as u64) as usize;
        match self.dice.below(5) {
            0 => value.truncate(at),
            1 => value.extend([0xff; 3].iter().take(253_usize.saturating_sub(value.len()))),
            // The header: Code, Identifier, Length, Type, Flags, and the length of what follows.
            2 => {
                let at = self.dice.below(10) as usize;
                if let Some(octet) = value.get_mut(at) {
                    *octet = self.dice.next() as u8;
                }
            }
            3 => value.clear(),
            _ => {
                if let Some(octet) = value.get_mut(at) {
                    *octet ^= 1 << self.dice.below(8);
                }
            }
        }
    }

    /// A reply as it would be with a spoilt EAP-Message, sealed anew.
    fn spoil_reply(&mut self, octets: &[u8], request: &[u8; 16], secret: &Secret) -> Vec<u8> {
        let packet = Packet::parse(octets).unwrap();
        let mut builder = Builder::new(packet.code(), packet.identifier(), packet.authenticator());
        builder.message_authenticator().unwrap();
        for attribute in packet.attributes().map_while(Result::ok) {
            if attribute.number() != AttributeType::MESSAGE_AUTHENTICATOR {
                let mut value = attribute.value().to_vec();
                self.spoil(attribute.number(), &mut value);
                builder.attribute(attribute.number(), &value).unwrap();
            }
        }
        let mut octets = builder.finish();
        seal::seal_reply(&mut octets, request, secret);
        octets
    }

    /// One exchange: until its reply, or until the client gives up.
    fn exchange(&mut self, octets: Vec<u8>, secret: &Arc<Secret>) -> Option<Vec<u8>> {
        let server = SocketAddr::from(([192, 0, 2, 254], 1812));
        let mut exchange = Exchange::new(octets, Arc::clone(secret), server, Policy::default());
        loop {
            let due = match exchange.poll(self.at(), 0.0) {
                Step::Send(octets) => {
                    let octets = octets.to_vec();
                    self.post(true, &octets);
                    continue;
                }
                Step::Wait(until) => until.duration_since(self.start),
                Step::GiveUp(_) => return None,
                Step::Renew { .. } => panic!("a login is never renewed"),
            };
            match self.flying.peek() {
                Some(Reverse((arrives, ..))) if *arrives <= due => {
                    let Some(Reverse((arrives, _, to_server, octets))) = self.flying.pop() else {
                        continue;
                    };
                    self.now = self.now.max(arrives);
                    if to_server {
                        self.serve(&octets);
                    } else if let Receipt::Reply(_) = exchange.receive(self.at(), server, &octets) {
                        return Some(octets);
                    }
                }
                _ => self.now = due,
            }
        }
    }

    fn log_in(&mut self, method: Method) -> End {
        let credentials = Credentials {
            user: b"alice".to_vec(),
            anonymous: Some(b"anonymous@example.org".to_vec()),
            password: Secret::new("wonderland"),
            new_password: None,
            tls: Some(Arc::clone(&PAPERS.client)),
            fragment: 300,
        };
        let mut login = login(
            method,
            &credentials,
            PlainOptions::default(),
            EapOptions::default(),
        )
        .unwrap();
        let secret = Arc::new(Secret::new(SECRET));
        loop {
            let request = self.request(login.as_mut(), &secret);
            let authenticator: [u8; 16] = request[4..20].try_into().unwrap();
            let Some(reply) = self.exchange(request, &secret) else {
                return End::GaveUp;
            };
            let reply = match self.weather.spoilt {
                0 => reply,
                _ => self.spoil_reply(&reply, &authenticator, &secret),
            };
            let reply = Packet::parse(&reply).unwrap();
            let hiding = Hiding {
                secret: &secret,
                authenticator: &authenticator,
            };
            let dice = &mut self.dice;
            let next = login.reply(&reply, Some(&hiding), &mut |octets: &mut [u8]| dice.fill(octets));
            login.notes();
            match next {
                Next::Again => {}
                Next::Ask { .. } => login.answer(Secret::new("wonderland")),
                over => return End::Over(over),
            }
        }
    }
}

#[test]
fn logins_go_through_a_link_that_loses_doubles_and_reorders() {
    let weather = Weather {
        lost: 12,
        doubled: 25,
        spoilt: 0,
    };
    let (mut through, mut all) = (0, 0);
    for method in methods() {
        for seed in 0..4 {
            all += 1;
            match World::new(seed, weather).log_in(method) {
                End::Over(Next::Accepted(accepted)) => {
                    through += 1;
                    let keys = if method.makes_keys() {
                        KeyCheck::Match
                    } else {
                        KeyCheck::None
                    };
                    assert_eq!(accepted.key_check, keys, "{method}, seed {seed}");
                }
                End::Over(other) => panic!("{method}, seed {seed}: {other:?}"),
                // Four transmissions in a row may all be lost, but not often.
                End::GaveUp => {}
            }
        }
    }
    assert!(all - through <= all / 10, "{through} of {all} came through");
}

#[test]
fn a_silent_link_ends_a_login_in_time() {
    let weather = Weather {
        lost: 100,
        doubled: 0,
        spoilt: 0,
    };
    let mut world = World::new(1, weather);
    assert!(matches!(world.log_in(Method::PeapMschapv2), End::GaveUp));
    assert!(world.now < Duration::from_secs(60), "{:?}", world.now);
}

#[test]
fn spoilt_packets_end_a_login_and_neither_side() {
    let weather = Weather {
        lost: 0,
        doubled: 5,
        spoilt: 12,
    };
    for method in methods() {
        for seed in 0..40 {
            let mut world = World::new(1000 + seed, weather);
            // However it ends, it ends: within the rounds of a login, without a panic.
            world.log_in(method);
            // And whoever comes next is served as ever.
            world.weather.spoilt = 0;
            world.flying.clear();
            match world.log_in(Method::EapMd5) {
                End::Over(Next::Accepted(_)) => {}
                _ => panic!("{method}, seed {seed}: the next login fails"),
            }
        }
    }
}

#[test]
fn a_client_that_never_ends_its_fragments_is_ended() {
    use radius::auth::eap::packet::{EapCode, EapType, encode, split};
    let mut world = World::new(
        3,
        Weather {
            lost: 0,
            doubled: 0,
            spoilt: 0,
        },
    );
    let secret = Arc::new(Secret::new(SECRET));
    let ask = |world: &mut World, eap: &[u8], state: Option<&[u8]>| {
        world.identifier = world.identifier.wrapping_add(1);
        let mut authenticator = [0; 16];
        world.dice.fill(&mut authenticator);
        let mut builder = Builder::new(Code::ACCESS_REQUEST, world.identifier, &authenticator);
        builder.message_authenticator().unwrap();
        builder.attribute(AttributeType::USER_NAME, b"alice").unwrap();
        for value in split(eap) {
            builder.attribute(AttributeType::EAP_MESSAGE, value).unwrap();
        }
        if let Some(state) = state {
            builder.attribute(AttributeType::STATE, state).unwrap();
        }
        let mut octets = builder.finish();
        seal::seal_request(&mut octets, &secret);
        let reply = world.exchange(octets, &secret).expect("nothing is lost");
        let packet = Packet::parse(&reply).unwrap();
        let state = packet
            .first(AttributeType::STATE)
            .map(|state| state.value().to_vec());
        let eap = packet
            .first(AttributeType::EAP_MESSAGE)
            .map(|eap| eap.value().to_vec());
        (packet.code(), eap.unwrap_or_default(), state)
    };
    let identity = encode(EapCode::RESPONSE, 1, EapType::IDENTITY, b"alice").unwrap();
    let (_, request, state) = ask(&mut world, &identity, None);
    let kind = EapType::PEAP;
    let wish = encode(EapCode::RESPONSE, request[1], EapType::NAK, &[kind.0]).unwrap();
    let (code, mut request, mut state) = ask(&mut world, &wish, state.as_deref());
    assert_eq!(code, Code::ACCESS_CHALLENGE);
    // Three kilobytes at a time, and always more to come.
    let mut data = vec![0x40];
    data.resize(3000, 0x16);
    for round in 0..40 {
        let eap = encode(EapCode::RESPONSE, request[1], kind, &data).unwrap();
        let (code, next, given) = ask(&mut world, &eap, state.as_deref());
        if code == Code::ACCESS_REJECT {
            assert!((15..=25).contains(&round), "after {round} rounds");
            return;
        }
        (request, state) = (next, given);
    }
    panic!("120 kB were taken, and no end");
}

#[test]
fn a_claim_of_64_kilobytes_and_more_is_refused_at_once() {
    use radius::auth::eap::tls::fragment::{Carrier as Fragments, MAX_MESSAGE};
    let mut carrier = Fragments::new(1020, 0);
    let mut claim = vec![0xc0];
    claim.extend(u32::MAX.to_be_bytes());
    claim.extend([0x16; 100]);
    assert!(carrier.receive(&claim).is_err());
    let mut carrier = Fragments::new(1020, 0);
    claim[1..5].copy_from_slice(&(MAX_MESSAGE as u32 + 1).to_be_bytes());
    assert!(carrier.receive(&claim).is_err());
}
