//! Faults on purpose: what a network or a broken server does to a client, asked for and repeatable.
//!
//! Every request has a number; the seed and the number alone decide what happens to it, so that the same requests in
//! the same order meet the same faults. A fault may be limited to a user, to clients, to the nth request.
//! Knows octets and dice of its own; no socket, no clock.

use std::net::IpAddr;
use std::time::Duration;

use crate::codec::seal::{fill_authenticator, seal_reply};
use crate::codec::{AttributeType, Authenticator, Packet, Secret};

use super::clients::Network;
use super::reply::Answers;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request is lost.
    Drop,
    /// The reply is late by this.
    Delay(Duration),
    /// The reply comes this many times more.
    Duplicate(u8),
    /// The reply is held back by this, so that later ones overtake it.
    Reorder(Duration),
    /// The reply has another Identifier.
    WrongIdentifier,
    /// One bit of the Response Authenticator is wrong.
    WrongAuthenticator,
    /// The reply has no Message-Authenticator.
    NoMessageAuthenticator,
    /// One bit of the Message-Authenticator is wrong, and the Response Authenticator right over it.
    WrongMessageAuthenticator,
    /// The reply ends early: its last octets are missing, Length says that they are there.
    Truncate,
    /// Octets follow that Length counts, but no attribute holds.
    Overlong,
    /// The reply comes from another port.
    OtherPort,
    /// An Access-Request is rejected whatever it says.
    Reject,
}

impl Kind {
    /// What it is called where it is asked for, and where it is shown.
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Drop => "drop",
            Kind::Delay(_) => "delay",
            Kind::Duplicate(_) => "duplicate",
            Kind::Reorder(_) => "reorder",
            Kind::WrongIdentifier => "wrong-id",
            Kind::WrongAuthenticator => "wrong-authenticator",
            Kind::NoMessageAuthenticator => "no-ma",
            Kind::WrongMessageAuthenticator => "wrong-ma",
            Kind::Truncate => "truncate",
            Kind::Overlong => "overlong",
            Kind::OtherPort => "other-port",
            Kind::Reject => "reject",
        }
    }
}

/// A fault, how often, and to whom.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// What goes wrong.
    pub kind: Kind,
    /// How often, of those it could happen to: 0 never, 1 always.
    pub rate: f64,
    /// Only requests of this User-Name.
    pub user: Option<Vec<u8>>,
    /// Only requests from here.
    pub client: Option<Network>,
    /// Only these requests.
    pub nth: Option<Nth>,
}

/// Which requests, counted from 1 over all that could be meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nth {
    /// One alone.
    Only(u64),
    /// Every one whose number this divides.
    Every(u64),
    /// The first ones.
    First(u64),
}

impl Fault {
    /// A fault that always happens, to everybody.
    pub fn always(kind: Kind) -> Fault {
        Fault {
            kind,
            rate: 1.0,
            user: None,
            client: None,
            nth: None,
        }
    }
}

/// All faults asked for, and how many requests each could have happened to.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    seed: u64,
    faults: Vec<(Fault, u64)>,
    requests: u64,
}

/// What happens to one request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mishaps {
    kinds: Vec<Kind>,
    dice: u64,
}

/// One datagram that leaves, right or wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sending {
    /// The octets.
    pub octets: Vec<u8>,
    /// How long it is held back.
    pub after: Duration,
    /// Whether it leaves from another port than the one that was asked.
    pub other_port: bool,
}

impl Faults {
    /// Faults that this seed repeats.
    pub fn new(seed: u64, faults: Vec<Fault>) -> Faults {
        Faults {
            seed,
            faults: faults.into_iter().map(|fault| (fault, 0)).collect(),
            requests: 0,
        }
    }

    /// Whether nothing can go wrong.
    pub fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }

    /// What happens to the next request.
    pub fn next(&mut self, user: &[u8], client: IpAddr) -> Mishaps {
        self.requests += 1;
        let mut mishaps = Mishaps {
            kinds: Vec::new(),
            dice: roll(self.seed ^ roll(self.requests)),
        };
        let mut dice = mishaps.dice;
        for (fault, count) in &mut self.faults {
            dice = roll(dice);
            let meant = fault.user.as_deref().is_none_or(|name| name == user)
                && fault.client.is_none_or(|network| network.contains(client));
            if !meant {
                continue;
            }
            *count += 1;
            let nth = match fault.nth {
                None => true,
                Some(Nth::Only(only)) => *count == only,
                Some(Nth::Every(every)) => every > 0 && count.is_multiple_of(every),
                Some(Nth::First(first)) => *count <= first,
            };
            // 53 bits are what a double holds, so that 0 never and 1 always happens.
            if nth && ((dice >> 11) as f64) < fault.rate * (1_u64 << 53) as f64 {
                mishaps.kinds.push(fault.kind);
            }
        }
        mishaps
    }
}

impl Mishaps {
    /// Whether nothing goes wrong.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// What goes wrong, in the order in which it was asked for.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// Whether the request is lost.
    pub fn drops(&self) -> bool {
        self.kinds.contains(&Kind::Drop)
    }

    /// Whether an Access-Request is rejected.
    pub fn rejects(&self) -> bool {
        self.kinds.contains(&Kind::Reject)
    }

    /// What leaves instead of a good reply.
    pub fn spoil(&self, reply: &[u8], answers: &Answers<'_>) -> Vec<Sending> {
        let (request, secret) = (answers.request.authenticator(), answers.secret);
        // RADIUS/1.1 has no seals: what would spoil them spoils nothing, and the Token takes the Identifier's part.
        let seal = |octets: &mut Vec<u8>| {
            if !answers.clear {
                seal_reply(octets, request, secret);
            }
        };
        let (mut octets, mut after, mut copies, mut other_port) = (reply.to_vec(), Duration::ZERO, 0, false);
        for kind in &self.kinds {
            match kind {
                Kind::Drop | Kind::Reject => {}
                Kind::Delay(time) | Kind::Reorder(time) => after += *time,
                Kind::Duplicate(more) => copies += usize::from(*more),
                Kind::OtherPort => other_port = true,
                Kind::WrongIdentifier => {
                    // A right seal over the wrong Identifier: only the match fails.
                    let at = if answers.clear { 7 } else { 1 };
                    if let Some(number) = octets.get_mut(at) {
                        *number = number.wrapping_add(1);
                    }
                    seal(&mut octets);
                }
                Kind::WrongAuthenticator | Kind::NoMessageAuthenticator | Kind::WrongMessageAuthenticator
                    if answers.clear => {}
                Kind::WrongAuthenticator => flip(&mut octets, 4 + self.dice as usize % 16),
                Kind::NoMessageAuthenticator => {
                    octets = without_message_authenticator(&octets);
                    seal(&mut octets);
                }
                Kind::WrongMessageAuthenticator => {
                    spoil_message_authenticator(&mut octets, request, secret, self.dice as usize % 16);
                }
                Kind::Truncate => {
                    let cut = 1 + self.dice as usize % octets.len().saturating_sub(1).max(1);
                    octets.truncate(octets.len() - cut.min(octets.len() - 1));
                }
                Kind::Overlong => {
                    // A cut attribute: Length counts three octets more, which say that they are forty.
                    octets.extend_from_slice(&[18, 40, 0]);
                    let length = u16::try_from(octets.len()).unwrap_or(u16::MAX);
                    if let Some(field) = octets.get_mut(2..4) {
                        field.copy_from_slice(&length.to_be_bytes());
                    }
                    seal(&mut octets);
                }
            }
        }
        let sending = Sending {
            octets,
            after,
            other_port,
        };
        vec![sending; 1 + copies]
    }
}

/// SplitMix64: a step of a generator whose numbers stay the same whatever becomes of any library.
fn roll(seed: u64) -> u64 {
    let mut x = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

fn flip(octets: &mut [u8], at: usize) {
    if let Some(octet) = octets.get_mut(at) {
        *octet ^= 1;
    }
}

fn without_message_authenticator(octets: &[u8]) -> Vec<u8> {
    let Ok(packet) = Packet::parse(octets) else {
        return octets.to_vec();
    };
    let mut left = octets.get(..20).unwrap_or(octets).to_vec();
    for attribute in packet.attributes().map_while(Result::ok) {
        if attribute.number() != AttributeType::MESSAGE_AUTHENTICATOR {
            left.extend_from_slice(attribute.octets());
        }
    }
    let length = u16::try_from(left.len()).unwrap_or(u16::MAX);
    if let Some(field) = left.get_mut(2..4) {
        field.copy_from_slice(&length.to_be_bytes());
    }
    left
}

/// Flips a bit of the Message-Authenticator and makes the Response Authenticator right over it.
fn spoil_message_authenticator(octets: &mut [u8], request: &Authenticator, secret: &Secret, bit: usize) {
    let at = Packet::parse(octets)
        .ok()
        .and_then(|packet| packet.first(AttributeType::MESSAGE_AUTHENTICATOR))
        .map(|attribute| attribute.offset());
    let Some(at) = at else { return };
    flip(octets, at + 2 + bit);
    fill_authenticator(octets, request, secret);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::seal::{AuthenticatorCheck, MessageAuthenticatorCheck, check_reply};
    use crate::codec::{Builder, Code};

    const REQUEST: Authenticator = [5; 16];

    fn secret() -> Secret {
        Secret::new("xyzzy5461")
    }

    fn reply() -> Vec<u8> {
        let mut builder = Builder::new(Code::ACCESS_ACCEPT, 7, &[0; 16]);
        builder.message_authenticator().unwrap();
        builder.attribute(AttributeType::REPLY_MESSAGE, b"hello").unwrap();
        let mut octets = builder.finish();
        seal_reply(&mut octets, &REQUEST, &secret());
        octets
    }

    fn spoilt(kind: Kind) -> Vec<Sending> {
        let mut faults = Faults::new(1, vec![Fault::always(kind)]);
        let mishaps = faults.next(b"bob", [192, 0, 2, 1].into());
        let request = Builder::new(Code::ACCESS_REQUEST, 7, &REQUEST).finish();
        let answers = Answers {
            request: &Packet::parse(&request).unwrap(),
            sealed: true,
            secret: &secret(),
            max: 4096,
            clear: false,
        };
        mishaps.spoil(&reply(), &answers)
    }

    fn seals(octets: &[u8]) -> (AuthenticatorCheck, MessageAuthenticatorCheck) {
        let seals = check_reply(&Packet::parse(octets).unwrap(), &REQUEST, &secret());
        (seals.authenticator, seals.message_authenticator)
    }

    #[test]
    fn each_fault_spoils_one_thing_and_nothing_else() {
        use AuthenticatorCheck as A;
        use MessageAuthenticatorCheck as M;
        let one = |kind| {
            let mut sent = spoilt(kind);
            assert_eq!(sent.len(), 1);
            sent.remove(0)
        };
        let octets = |kind| one(kind).octets;
        let wrong_identifier = octets(Kind::WrongIdentifier);
        assert_eq!(
            (wrong_identifier[1], seals(&wrong_identifier)),
            (8, (A::Right, M::Right))
        );
        assert_eq!(seals(&octets(Kind::WrongAuthenticator)), (A::Wrong, M::Right));
        assert_eq!(
            seals(&octets(Kind::NoMessageAuthenticator)),
            (A::Right, M::Absent)
        );
        assert_eq!(
            seals(&octets(Kind::WrongMessageAuthenticator)),
            (A::Right, M::Wrong)
        );
        let cut = octets(Kind::Truncate);
        assert!(cut.len() < reply().len() && reply().starts_with(&cut));
        let long = octets(Kind::Overlong);
        assert_eq!(seals(&long), (A::Right, M::Right));
        assert!(!Packet::parse(&long).unwrap().is_well_formed());
        assert!(one(Kind::OtherPort).other_port);
        assert_eq!(one(Kind::OtherPort).octets, reply());
        let late = Duration::from_millis(300);
        assert_eq!(one(Kind::Delay(late)).after, late);
        assert_eq!(spoilt(Kind::Duplicate(2)).len(), 3);
    }

    #[test]
    fn the_same_seed_repeats_the_same_faults() {
        let run = |seed| {
            let fault = Fault {
                rate: 0.3,
                ..Fault::always(Kind::Drop)
            };
            let mut faults = Faults::new(seed, vec![fault]);
            (0..1000)
                .map(|_| faults.next(b"bob", [192, 0, 2, 1].into()).drops())
                .collect::<Vec<bool>>()
        };
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
        let dropped = run(7).iter().filter(|dropped| **dropped).count();
        assert!((250..350).contains(&dropped), "{dropped}");
    }

    #[test]
    fn a_rule_meets_its_user_its_client_and_its_turn_alone() {
        let fault = Fault {
            user: Some(b"bob".to_vec()),
            client: Some("192.0.2.0/24".parse().unwrap()),
            nth: Some(Nth::Only(2)),
            ..Fault::always(Kind::Reject)
        };
        let mut faults = Faults::new(0, vec![fault]);
        let mut ask = |user: &[u8], client: [u8; 4]| faults.next(user, client.into()).rejects();
        assert!(!ask(b"bob", [192, 0, 2, 1]));
        assert!(!ask(b"eve", [192, 0, 2, 1]));
        assert!(!ask(b"bob", [198, 51, 100, 1]));
        assert!(ask(b"bob", [192, 0, 2, 2]));
        assert!(!ask(b"bob", [192, 0, 2, 2]));
    }

    #[test]
    fn turns_are_counted_one_by_one() {
        let run = |nth| {
            let fault = Fault {
                nth: Some(nth),
                ..Fault::always(Kind::Drop)
            };
            let mut faults = Faults::new(0, vec![fault]);
            (1..=6)
                .filter(|_| faults.next(b"", [192, 0, 2, 1].into()).drops())
                .count()
        };
        assert_eq!(run(Nth::Every(2)), 3);
        assert_eq!(run(Nth::First(2)), 2);
        assert_eq!(run(Nth::Only(9)), 0);
        assert_eq!(run(Nth::Every(0)), 0);
    }

    #[test]
    fn a_rate_of_nothing_never_happens() {
        let fault = Fault {
            rate: 0.0,
            ..Fault::always(Kind::Drop)
        };
        let mut faults = Faults::new(3, vec![fault]);
        assert!((0..1000).all(|_| faults.next(b"", [192, 0, 2, 1].into()).is_empty()));
    }
}
