//! What `radius trace` reads, damaged at random: capture files, hexadecimal text, filters, logs of TLS secrets. Whatever
//! comes, nothing panics, and all that is found can be printed in every form.
//!
//! `RADIUS_MUTATIONS=1000000 cargo test --release --test mutation_trace` for long runs; `RADIUS_SEED` repeats one.

#![allow(clippy::unwrap_used)]

use std::io::Cursor;
use std::sync::Arc;

use radius::codec::{AttributeType, Builder, Code, Secret, hex, seal};
use radius::dictionary::Dictionary;
use radius::lint::Severity;
use radius::report::seen::{Csv, Lines, Ndjson, replay};
use radius::report::view::Lens;
use radius::trace::capture::Capture;
use radius::trace::driver::{Event, Observer, Settings, Sink};
use radius::trace::filter::Filter;
use radius::trace::flow::Flows;
use radius::trace::hextext;
use radius::trace::secrets::Secrets;
use radius::trace::select::Selection;
use radius::trace::stats::Stats;
use radius::trace::tls::keylog::KeyLog;

/// How many inputs a test tries.
fn count() -> u64 {
    let wanted = std::env::var("RADIUS_MUTATIONS").ok();
    wanted.and_then(|text| text.parse().ok()).unwrap_or(1500)
}

/// SplitMix64: enough to damage things with.
struct Dice(u64);

impl Dice {
    fn thrown() -> Dice {
        let seed = std::env::var("RADIUS_SEED").ok();
        Dice(seed.and_then(|text| text.parse().ok()).unwrap_or(1))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }

    /// Changes, cuts, repeats or moves a part.
    fn damage(&mut self, octets: &mut Vec<u8>) {
        for _ in 0..=self.below(6) {
            if octets.is_empty() {
                return;
            }
            let at = self.below(octets.len());
            let end = (at + 1 + self.below(40)).min(octets.len());
            match self.below(7) {
                0 => octets[at] ^= 1 << self.below(8),
                1 => octets[at] = self.next() as u8,
                2 => octets[at] = [0, 1, 0x7f, 0x80, 0xff][self.below(5)],
                3 => octets.truncate(at),
                4 => drop(octets.drain(at..end)),
                5 => {
                    let part = octets[at..end].to_vec();
                    let to = self.below(octets.len());
                    octets.splice(to..to, part);
                }
                _ => octets[at..end].reverse(),
            }
        }
    }
}

fn packet(code: u8, identifier: u8) -> Vec<u8> {
    let mut builder = Builder::new(Code(code), identifier, &[7; 16]);
    let values: [(u8, &[u8]); 9] = [
        (80, &[0; 16]),
        (1, b"alice"),
        (2, &[9; 16]),
        (26, b"\0\0\0\x09\x01\x0bssid=wifi"),
        (24, b"state"),
        (44, b"session"),
        (79, b"\x02\x01\x00\x0a\x01alice"),
        (241, b"\x01\x05abc"),
        (97, b"\0\x40\x20\x01\x0d\xb8\0\0\0\0"),
    ];
    for (kind, value) in values {
        builder.attribute(AttributeType(kind), value).unwrap();
    }
    let mut octets = builder.finish();
    seal::seal_request(&mut octets, &Secret::new("testing123"));
    octets
}

fn ip(forth: bool, protocol: u8, fragment: u16, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(20 + payload.len()).unwrap().to_be_bytes();
    let fragment = fragment.to_be_bytes();
    let mut octets = vec![
        0x45,
        0,
        length[0],
        length[1],
        0,
        1,
        fragment[0],
        fragment[1],
        64,
        protocol,
        0,
        0,
    ];
    let ends = [[10, 0, 0, 1], [10, 0, 0, 2]];
    octets.extend(if forth {
        ends.concat()
    } else {
        [ends[1], ends[0]].concat()
    });
    octets.extend(payload);
    octets
}

fn ports(forth: bool) -> Vec<u8> {
    let (client, server) = (4000u16.to_be_bytes(), 1812u16.to_be_bytes());
    if forth {
        [client, server].concat()
    } else {
        [server, client].concat()
    }
}

fn udp(forth: bool, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(8 + payload.len()).unwrap().to_be_bytes();
    [&ports(forth)[..], &length, &[0, 0], payload].concat()
}

fn tcp(forth: bool, sequence: u32, flags: u8, payload: &[u8]) -> Vec<u8> {
    let header = [
        &ports(forth)[..],
        &sequence.to_be_bytes(),
        &[0, 0, 0, 0, 0x50, flags, 0, 0, 0, 0, 0, 0],
    ];
    ip(forth, 6, 0, &[&header.concat()[..], payload].concat())
}

fn frames() -> Vec<Vec<u8>> {
    let (request, reply) = (packet(1, 1), packet(2, 1));
    let whole = udp(true, &packet(4, 2));
    let stream = [packet(1, 3), packet(12, 4)].concat();
    let hello = [
        &[22, 3, 1, 0, 44, 1, 0, 0, 40, 3, 3][..],
        &[5; 32],
        &[0, 0, 2, 0x13, 1, 1, 0],
    ]
    .concat();
    vec![
        ip(true, 17, 0, &udp(true, &request)),
        ip(true, 17, 0, &udp(true, &request)),
        ip(false, 17, 0, &udp(false, &reply)),
        ip(true, 17, 0x2000, &whole[..64]),
        ip(true, 17, 8, &whole[64..]),
        tcp(true, 100, 2, b""),
        tcp(true, 101, 0, &stream[..50]),
        tcp(true, 200, 0, &stream[99..]),
        tcp(true, 151, 0, &stream[50..99]),
        tcp(false, 900, 0, &hello),
        tcp(false, 900 + hello.len() as u32, 0, b"\x17\x03\x03\0\x05hello"),
        tcp(true, 101 + stream.len() as u32, 1, b""),
    ]
}

fn pcap() -> Vec<u8> {
    let mut file = Vec::new();
    for word in [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 101] {
        file.extend(word.to_le_bytes());
    }
    for (at, frame) in (0u32..).zip(frames()) {
        for word in [1_700_000_000 + at, 0, frame.len() as u32, frame.len() as u32] {
            file.extend(word.to_le_bytes());
        }
        file.extend(frame);
    }
    file
}

fn pcapng() -> Vec<u8> {
    let mut file = Vec::new();
    let mut block = |kind: u32, body: &[u8]| {
        let length = (12 + body.len().next_multiple_of(4)) as u32;
        file.extend(kind.to_le_bytes());
        file.extend(length.to_le_bytes());
        file.extend(body);
        file.resize(file.len().next_multiple_of(4), 0);
        file.extend(length.to_le_bytes());
    };
    block(
        0x0a0d_0d0a,
        &[&0x1a2b_3c4du32.to_le_bytes()[..], &[1, 0, 0, 0], &[0xff; 8]].concat(),
    );
    block(1, &[101, 0, 0, 0, 0, 0, 4, 0, 9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0]);
    let secret = format!("CLIENT_RANDOM {} {}\n", "05".repeat(32), "06".repeat(48));
    block(
        10,
        &[
            &0x544c_534bu32.to_le_bytes()[..],
            &(secret.len() as u32).to_le_bytes(),
            secret.as_bytes(),
        ]
        .concat(),
    );
    for frame in frames() {
        let length = (frame.len() as u32).to_le_bytes();
        block(
            6,
            &[&[0; 4][..], &[0, 0, 1, 0], &[0; 4], &length, &length, &frame].concat(),
        );
    }
    file
}

/// Prints everything in every form.
struct Everything<'d> {
    lines: Lines<'d>,
    json: [Ndjson<'d>; 2],
    csv: Csv<'d>,
    flows: Flows,
    stats: Stats,
    out: String,
}

impl<'d> Everything<'d> {
    fn new(dictionary: &'d Dictionary) -> Everything<'d> {
        let lens = || Lens {
            dictionary,
            secrets: true,
            octets: false,
        };
        let mut lines = Lines::new(lens());
        lines.verbose = 2;
        lines.octets.annotate = true;
        lines.lint = Some(Severity::Info);
        Everything {
            lines,
            json: [true, false].map(|pretty| Ndjson::new(lens(), true, pretty)),
            csv: Csv::new(Vec::new(), lens()),
            flows: Flows::default(),
            stats: Stats::default(),
            out: String::new(),
        }
    }

    fn finish(self) {
        for flow in self.flows.finish() {
            radius::report::flow::ladder(&flow);
        }
    }
}

impl Sink for Everything<'_> {
    fn event(&mut self, event: &Event<'_, '_>) -> bool {
        self.out.clear();
        self.flows.take(event);
        self.stats.take(event);
        for json in &mut self.json {
            match event {
                Event::Packet(observed) => json.packet(&mut self.out, observed),
                Event::Unanswered(request) => json.unanswered(&mut self.out, request),
                Event::Trouble(trouble) => json.trouble(&mut self.out, trouble),
            }
        }
        match event {
            Event::Packet(observed) => {
                self.lines.packet(&mut self.out, observed);
                self.csv.packet(&mut self.out, observed);
                replay(&mut self.out, observed, true);
            }
            Event::Unanswered(request) => self.lines.unanswered(&mut self.out, request),
            Event::Trouble(trouble) => self.lines.trouble(&mut self.out, trouble),
        }
        true
    }
}

fn observer(dictionary: &Dictionary) -> Observer<'_> {
    let mut secrets = Secrets::default();
    secrets.add(None, Arc::new(Secret::new("testing123")));
    let settings = Settings {
        ports: Vec::new(),
        keylog: KeyLog::default(),
        secrets,
        timeout: 1_000_000_000,
        selection: Selection::default(),
        lint: true,
    };
    Observer::new(settings, dictionary)
}

#[test]
fn damaged_captures_are_read_as_far_as_they_go() {
    let dictionary = Dictionary::builtin();
    let mut dice = Dice::thrown();
    let whole = [pcap(), pcapng()];
    for round in 0..count() {
        let mut file = whole[(round % 2) as usize].clone();
        if round > 1 {
            dice.damage(&mut file);
        }
        let Ok(mut capture) = Capture::open(Box::new(Cursor::new(file))) else {
            assert!(round > 1, "the whole ones are captures");
            continue;
        };
        let mut observer = observer(&dictionary);
        let mut sink = Everything::new(&dictionary);
        let ended = observer.read(&mut capture, &mut sink);
        sink.finish();
        if round < 2 {
            assert!(ended.is_ok());
            assert_eq!(observer.counts().packets, 6);
        }
    }
}

#[test]
fn damaged_captures_may_end_anywhere() {
    let dictionary = Dictionary::builtin();
    for whole in [pcap(), pcapng()] {
        let mut last = 0;
        for end in 0..whole.len() {
            let Ok(mut capture) = Capture::open(Box::new(Cursor::new(whole[..end].to_vec()))) else {
                continue;
            };
            let mut observer = observer(&dictionary);
            let mut sink = Everything::new(&dictionary);
            let _ = observer.read(&mut capture, &mut sink);
            // A longer part never has fewer frames.
            assert!(observer.counts().frames >= last, "{end}");
            last = observer.counts().frames;
        }
        assert_eq!(last, 12);
    }
}

#[test]
fn damaged_text_is_read_or_refused() {
    let dictionary = Dictionary::builtin();
    let mut dice = Dice::thrown();
    let octets = packet(1, 1);
    let lines: Vec<String> = octets
        .chunks(16)
        .enumerate()
        .map(|(at, line)| {
            let digits: Vec<String> = line.iter().map(|octet| format!("{octet:02x}")).collect();
            format!(
                "{:08x}  {:<47}  |{}|\n",
                at * 16,
                digits.join(" "),
                ".".repeat(line.len())
            )
        })
        .collect();
    let spaced: Vec<String> = octets.iter().map(|octet| format!("0x{octet:02x}")).collect();
    let seeds = [
        hex::encode(&octets),
        lines.concat(),
        lines.concat().replace("  |", "  ").replace('|', ""),
        format!("{{ {} }}", spaced.join(", ")),
        format!(
            "\"{}\"",
            octets
                .iter()
                .map(|octet| format!("\\x{octet:02x}"))
                .collect::<String>()
        ),
    ];
    for round in 0..count() {
        let mut text = seeds[(round % 5) as usize].clone().into_bytes();
        if round > 4 {
            dice.damage(&mut text);
        }
        let text = String::from_utf8_lossy(&text);
        match hextext::read(&text) {
            Ok(packets) => {
                let mut observer = observer(&dictionary);
                let mut sink = Everything::new(&dictionary);
                for packet in &packets {
                    observer.text(1, packet, &mut sink);
                }
                observer.finish(&mut sink);
            }
            Err(error) => {
                assert!(round > 4, "{text}: {error:?}");
                assert!(text.get(error.span.clone()).is_some(), "{text:?}: {error:?}");
            }
        }
    }
}

#[test]
fn damaged_filters_are_refused_with_their_place() {
    let dictionary = Dictionary::builtin();
    let mut dice = Dice::thrown();
    let seeds = [
        "code == Access-Reject and src == 10.0.0.0/8",
        "User-Name =~ \"^host/\" and not (rtt < 100ms or late)",
        "finding >= warning || verdict == wrong && id != 7",
        "!(NAS-IP-Address == 192.0.2.1) or port > 1812 or retransmission",
    ];
    for round in 0..count() {
        let mut text = seeds[(round % 4) as usize].as_bytes().to_vec();
        if round > 3 {
            dice.damage(&mut text);
        }
        let text = String::from_utf8_lossy(&text);
        if let Err(error) = Filter::parse(&text, &dictionary) {
            assert!(round > 3, "{text}: {error:?}");
            assert!(text.get(error.span.clone()).is_some(), "{text:?}: {error:?}");
        }
    }
}

#[test]
fn damaged_logs_of_secrets_are_read_or_refused() {
    let mut dice = Dice::thrown();
    let seed = format!("# log\nCLIENT_RANDOM {} {}\n", "05".repeat(32), "06".repeat(48));
    for round in 0..count() {
        let mut text = seed.clone().into_bytes();
        if round > 0 {
            dice.damage(&mut text);
        }
        let log = KeyLog::open(Box::new(Cursor::new(text)));
        assert!(round > 0 || log.is_ok_and(|log| log.len() == 1));
    }
}
