//! Millions of packets that began well: changed, cut, joined, half of them sealed again with the right secret. None
//! may end the server, grow its memory, or keep it from answering whoever asks properly.
//!
//! `RADIUS_MUTATIONS=10000000 cargo test --release --test serve mutated` takes some minutes; without the variable a
//! short run is made.

use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use radius::codec::seal::{check_reply, seal_request};
use radius::codec::{Code, Packet, Secret};
use radius::dictionary::Dictionary;
use radius::exchange::Transport;
use radius::report::records::JsonLines;
use radius::report::serving::object;
use radius::report::view::Lens;
use radius::responder::coa::Manner;
use radius::responder::{Arrival, Carrier, Deed, Departure, Did, Moment, Responder, Role};
use radius::server::{Handled, Listening, Record, Records};

use crate::client::{SECRET, pap, request};
use crate::order::responder;

/// Numbers that look thrown, and are the same in every run.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 16) as usize % limit.max(1)
    }
}

/// Requests of every kind.
fn seeds() -> Vec<Vec<u8>> {
    let eap: &[u8] = &[2, 1, 0, 10, 1, b'a', b'l', b'i', b'c', b'e'];
    let mut seeds = vec![
        pap("alice", "hello", 1, &[1; 16]),
        pap(
            "alice@example.org",
            "a password of more than sixteen octets",
            2,
            &[2; 16],
        ),
        request(Code::STATUS_SERVER, 3, &[3; 16], true, &[(4, &[192, 168, 1, 1])]),
    ];
    let access: [&[(u8, &[u8])]; 6] = [
        &[(1, b"alice"), (3, &[7; 17]), (60, &[9; 16])],
        &[
            (1, b"alice"),
            (26, &[[0, 0, 1, 55, 11, 18].as_slice(), &[5; 16]].concat()),
            (26, &[[0, 0, 1, 55, 25, 52, 0, 0].as_slice(), &[6; 48]].concat()),
        ],
        &[
            (1, b"alice"),
            (26, &[[0, 0, 1, 55, 11, 10].as_slice(), &[5; 8]].concat()),
            (26, &[[0, 0, 1, 55, 1, 52, 0, 1].as_slice(), &[6; 48]].concat()),
        ],
        &[(1, b"alice"), (79, eap), (24, b"state")],
        &[
            (1, b"alice"),
            (6, &[0, 0, 0, 17]),
            (24, b"state"),
            (33, b"proxy one"),
            (33, b"proxy two"),
        ],
        &[
            (1, b"alice"),
            (241, &[26, 0, 0, 0, 9, 1, 2, 3]),
            (245, &[26, 0x80, 0, 0, 0, 9, 1, 2]),
            (245, &[26, 0, 3, 4]),
            (98, &[0; 18]),
        ],
    ];
    for (turn, attributes) in (10..).zip(access) {
        seeds.push(request(Code::ACCESS_REQUEST, turn, &[turn; 16], true, attributes));
    }
    let accounting: [&[(u8, &[u8])]; 3] = [
        &[
            (40, &[0, 0, 0, 1]),
            (44, b"s1"),
            (1, b"alice"),
            (4, &[10, 0, 0, 1]),
            (25, b"class"),
        ],
        &[
            (40, &[0, 0, 0, 2]),
            (44, b"s1"),
            (42, &[0, 0, 1, 0]),
            (46, &[0, 0, 0, 9]),
            (55, &[0x65, 0x53, 0xf1, 0]),
        ],
        &[(40, &[0, 0, 0, 7]), (44, b"on"), (32, b"nas")],
    ];
    for (turn, attributes) in (20..).zip(accounting) {
        seeds.push(request(
            Code::ACCOUNTING_REQUEST,
            turn,
            &[0; 16],
            false,
            attributes,
        ));
    }
    let dynamic: [&[(u8, &[u8])]; 3] = [
        &[(1, b"alice"), (44, b"s1"), (55, &[0x65, 0x53, 0xf1, 0])],
        &[(1, b"alice"), (6, &[0, 0, 0, 17]), (24, b"state")],
        &[
            (4, &[10, 0, 0, 1]),
            (11, b"slow"),
            (33, b"p"),
            (97, &[0, 64, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0]),
        ],
    ];
    for (turn, attributes) in (30..).zip(dynamic) {
        for code in [Code::COA_REQUEST, Code::DISCONNECT_REQUEST] {
            seeds.push(request(code, turn, &[0; 16], turn % 2 == 0, attributes));
        }
    }
    seeds
}

/// A seed with some things done to it.
fn mutate(seeds: &[Vec<u8>], dice: &mut Dice, secret: &Secret) -> Vec<u8> {
    let mut octets = seeds[dice.below(seeds.len())].clone();
    for _ in 0..=dice.below(4) {
        let at = dice.below(octets.len());
        match dice.below(8) {
            0 => octets[at] ^= 1 << dice.below(8),
            1 => octets[at] = dice.next() as u8,
            2 => octets[at] = [0, 1, 2, 3, 255][dice.below(5)],
            3 => octets.truncate(at + 1),
            4 => octets.insert(at, dice.next() as u8),
            5 => {
                let end = (at + dice.below(40)).min(octets.len());
                let part = octets[at..end].to_vec();
                octets.extend(part);
            }
            6 => {
                let other = &seeds[dice.below(seeds.len())];
                octets.extend(&other[dice.below(other.len())..]);
            }
            _ => {
                let end = (at + dice.below(30)).min(octets.len());
                octets.drain(at..end);
            }
        }
        if octets.is_empty() {
            octets.push(0);
        }
    }
    if dice.below(2) == 0 && octets.len() >= 20 {
        // Who has the secret can say such things too.
        let length = u16::try_from(octets.len()).unwrap_or(u16::MAX);
        octets[2..4].copy_from_slice(&length.to_be_bytes());
        octets[0] = [1, 4, 12, 40, 43][usize::from(octets[0]) % 5];
        seal_request(&mut octets, secret);
    }
    octets
}

/// How much memory this process has, in kilobytes.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// A server without sockets, and how it is asked.
struct World {
    responder: Responder,
    records: JsonLines,
    secret: Secret,
    now: Instant,
    written: Vec<u8>,
}

impl World {
    /// What becomes of octets. Whatever is answered is sealed for them.
    fn say(&mut self, octets: &[u8], port: u16, turn: u64) -> Did {
        let settings = self.responder.settings();
        let mut dice = |octets: &mut [u8]| octets.fill(turn as u8);
        let mut moment = Moment {
            now: self.now,
            unix: 1_700_000_000,
            dice: &mut dice,
        };
        let source = SocketAddr::from(([192, 0, 2, 1], port));
        let carrier = match turn % 7 {
            0 => Carrier::Stream,
            _ => Carrier::Datagram,
        };
        let arrival = Arrival {
            source,
            listener: 0,
            role: Role::Any,
            carrier,
            client: None,
            octets,
        };
        let mut outcome = self.responder.receive(&settings, &arrival, &mut moment);
        let mut replies: Vec<Departure> = Vec::new();
        match std::mem::replace(&mut outcome.deed, Deed::Nothing) {
            Deed::Send(departure) => replies.push(departure),
            Deed::SendAll(departures) => replies.extend(departures),
            Deed::Record(pending) => {
                self.written.clear();
                let packet = pending.packet().unwrap();
                let record = Record {
                    at: SystemTime::UNIX_EPOCH,
                    source,
                    client: &pending.client.name,
                    packet,
                };
                self.records.write(&record, &mut self.written);
                assert_eq!(self.records.whole(&self.written), self.written.len());
                let (did, deed) = self.responder.recorded(&pending, &mut moment);
                outcome.facts.did = did;
                if let Deed::Send(departure) = deed {
                    replies.push(departure);
                }
            }
            Deed::Nothing | Deed::Close | Deed::Forward(_) | Deed::Down(..) => {}
        }
        for reply in &replies {
            let request = Packet::parse(octets).unwrap();
            let reply = Packet::parse(&reply.octets).unwrap();
            assert!(check_reply(&reply, request.authenticator(), &self.secret).hold());
        }
        if turn.is_multiple_of(16) {
            self.show(octets, source, &outcome.facts, &replies);
        }
        outcome.facts.did
    }

    fn show(
        &self,
        octets: &[u8],
        source: SocketAddr,
        facts: &radius::responder::Facts<'_>,
        replies: &[Departure],
    ) {
        let lens = Lens {
            dictionary: &self.records.dictionary,
            secrets: true,
            octets: true,
        };
        let handled = Handled {
            at: SystemTime::UNIX_EPOCH,
            source,
            listening: &Listening {
                number: 0,
                transport: Transport::Udp,
                address: SocketAddr::from(([127, 0, 0, 1], 1812)),
                role: Role::Any,
            },
            handshake: None,
            octets,
            facts,
            replies,
            took: Duration::ZERO,
        };
        let line = object(&handled, Some(&lens)).unwrap();
        assert!(serde_json::from_str::<serde_json::Value>(&line).is_ok(), "{line}");
    }
}

#[test]
#[allow(clippy::print_stderr)] // A long run says what it was.
fn mutated_packets_leave_the_server_alive_its_memory_flat_and_its_clients_answered() {
    let count: u64 = std::env::var("RADIUS_MUTATIONS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(100_000);
    let seeds = seeds();
    let mut world = World {
        responder: responder(|settings| {
            settings.record = true;
            settings.manner = Manner::Auto;
            settings.dictionary = Arc::new(Dictionary::builtin());
        }),
        records: JsonLines {
            dictionary: Arc::new(Dictionary::builtin()),
        },
        secret: Secret::new(SECRET),
        now: Instant::now(),
        written: Vec::new(),
    };
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let (mut answered, mut settled, mut flat) = (0_u64, 0, 0);
    for turn in 0..count {
        let octets = mutate(&seeds, &mut dice, &world.secret);
        let port = 1024 + dice.below(60_000) as u16;
        if !matches!(world.say(&octets, port, turn), Did::Discarded(_)) {
            answered += 1;
        }
        // Some seconds for a thousand packets, so that what is remembered is forgotten too.
        world.now += Duration::from_millis(2);
        if turn.is_multiple_of(1000) {
            let mut authenticator = [0x77; 16];
            authenticator[..8].copy_from_slice(&turn.to_be_bytes());
            let good = pap("alice", "hello", turn as u8, &authenticator);
            let did = world.say(&good, 1000, 1);
            assert!(
                matches!(did, Did::Replied(Code::ACCESS_ACCEPT, _)),
                "after {turn}: {did:?}"
            );
        }
        assert!(world.responder.remembered() <= 32_768);
        // Every table has been full by then: twenty thousand sessions are the most that is remembered.
        if turn == count / 2 {
            settled = resident();
        }
        if turn > count / 2 && turn.is_multiple_of(count / 10) {
            flat = resident();
        }
    }
    eprintln!(
        "{count} mutated packets, {answered} of them answered; {settled} KB in the middle, {flat} KB at the end"
    );
    assert!(
        answered > count / 20,
        "mutations went no further than the door: {answered}"
    );
    if count >= 1_000_000 {
        assert!(
            flat < settled + 4096,
            "{settled} KB in the middle, {flat} KB at the end"
        );
    }
}
