//! Fuzz targets: whatever text or octets arrive, nothing panics, hangs or grows without bound.
//!
//! `cargo test --test fuzz` gives each target a few thousand mutations; `RADIUS_FUZZ_RUNS=1000000` as many as are
//! wanted, and `RADIUS_FUZZ_SEED` another series. What fails is printed, with the seed of its run.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    missing_docs,
    reason = "a test program"
)]

mod eap;
mod mutate;
#[path = "../papers/mod.rs"]
mod papers;

use std::net::{Ipv4Addr, Ipv6Addr};
use std::panic::{AssertUnwindSafe, catch_unwind};

use radius::attr::{BuildOptions, Draft, Expression, Opener, Placement, decode, parse_file, parse_pairs};
use radius::codec::{Code, Packet, Secret};
use radius::dictionary::{Dictionary, LoadOptions, Memory, Near};

use crate::mutate::Mutator;

const DICTIONARIES: &[&str] = &[
    include_str!("../../src/attr/testing/dictionary"),
    include_str!("../../src/attr/testing/dictionary.v4"),
    include_str!("../../src/attr/testing/dictionary.modern"),
    include_str!("../../dictionaries/dictionary.rfc6929"),
    include_str!("../../dictionaries/dictionary.freeradius.evs5"),
    include_str!("../../dictionaries/dictionary.telrad"),
    "VENDORATTR 9 X 1 string\nATTRIBUTE Y 2 integer Cisco\nVALUE-ALIAS Y X\n$INCLUDE a\n$INCLUDE- b/*\nBEGIN-TLV Y\n",
    "PROTOCOL DHCPv4 2\nBEGIN-PROTOCOL DHCPv4\nATTRIBUTE A 1 tlv clone=@.B\nEND-PROTOCOL DHCPv4\n",
];

/// Words that mutations put in.
const WORDS: &[&str] = &[
    "ATTRIBUTE",
    "VALUE",
    "VENDOR",
    "BEGIN-VENDOR",
    "END-VENDOR",
    "BEGIN",
    "END",
    "STRUCT",
    "MEMBER",
    "ENUM",
    "ALIAS",
    "DEFINE",
    "FLAGS",
    "$INCLUDE",
    "BEGIN-TLV",
    "END-TLV",
    "PROTOCOL",
    "tlv",
    "struct",
    "union",
    "bit[3]",
    "octets[4]",
    "clone=.A",
    "ref=@.A",
    "enum=A",
    "key",
    "key=A",
    "array",
    "length=uint16",
    "offset=255",
    "has_tag",
    "encrypt=2",
    "format=4,0",
    "format=1,1,c",
    "parent=.B",
    "241.26.9.1",
    ".1.1.1",
    "0xffffffff",
    "4294967296",
    "-1",
    "@X",
    "...A",
];

/// How many runs, and the number of the first: what the environment says, or as many as is usual.
fn budget(usual: u64) -> (u64, u64) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let runs = number("RADIUS_FUZZ_RUNS").unwrap_or(usual);
    (runs, number("RADIUS_FUZZ_SEED").unwrap_or(1))
}

/// Runs a target on mutations of its seeds, as often as the environment says.
fn fuzz(name: &str, usual: u64, seeds: &[Vec<u8>], words: &[&str], target: impl Fn(&[u8])) {
    let (runs, first) = budget(usual);
    for run in 0..runs {
        let mut mutator = Mutator::new(first << 32 | run);
        let input = mutator.input(seeds, words);
        let started = std::time::Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| target(&input)));
        let long = started.elapsed().as_secs() >= 20;
        assert!(
            outcome.is_ok() && !long,
            "{name}: run {run} of seed {first}{}\n{:?}\n{input:02x?}",
            if long { " took too long" } else { "" },
            String::from_utf8_lossy(&input)
        );
    }
    eprintln!("{name}: {runs} runs");
}

struct Nobody;

impl radius::attr::Names for Nobody {
    fn ipv4(&self, _: &str) -> Option<Ipv4Addr> {
        None
    }
    fn ipv6(&self, _: &str) -> Option<Ipv6Addr> {
        None
    }
}

fn octets_of(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

#[test]
fn dictionary_text() {
    fuzz(
        "dictionary text",
        2_000,
        &octets_of(DICTIONARIES),
        WORDS,
        |input| {
            let files = Memory::with("dictionary", input.to_vec()).and("a", input.to_vec());
            let mut dictionary = Dictionary::empty();
            let review = dictionary.check("dictionary", &files, LoadOptions::default());
            let loaded = dictionary.load("dictionary", &files, LoadOptions::default());
            assert_eq!(loaded.is_ok(), review.faults.is_empty());
            for fault in &review.faults {
                let place = &fault.place;
                assert!(place.column as usize <= place.text.len() + 1, "{place:?}");
            }
            for entry in dictionary.attributes() {
                let _ = (entry.path().to_string(), entry.oid().to_string(), entry.flags());
                assert!(dictionary.named(entry.name()).is_some() || dictionary.entry(entry.key()).is_some());
            }
            let _ = dictionary.suggest("User-Nmae", Near::Attributes);
            let _ = dictionary.search("a");
            let _ = dictionary.export();
        },
    );
}

const TEXTS: &[&str] = &[
    "User-Name = \"bob\", User-Password := hello\nNAS-IP-Address += 127.0.0.1",
    "Tunnel-Type:1 = VLAN, Tunnel-Password:1 = \"x\", Tunnel-Private-Group-Id:1 = \"42\"",
    "Vendor-Specific.Cisco.AVPair = \"a=b\", Attr-26.9.250 = 0x6869, raw.26.24757.1 = 0x0105312e30",
    "WiMAX-Capability = { WiMAX-Release = \"1.0\", WiMAX-Accounting-Capabilities = 0x01 }",
    "Framed-IPv6-Prefix = 2001:db8::/32, Framed-Interface-Id = 1:2:3:4, Event-Timestamp = \"Jan 31 2026 12:00:00 UTC\"",
    "Ascend-Data-Filter = \"ip in drop tcp dstport > 1023\", Egress-VLANID = tagged:100",
    "NAS-Filter-Rule = \"permit in ip from any to any\", EAP-Message = 0x0201000501, Digest-Realm = \"a\\\"b\\001\"",
    "# a comment\n\nService-Type == Framed-User, Reply-Message =~ \"^x.*\", State =* ANY, Class !* ANY",
    "Acct-Delay-Time = -1, Session-Timeout = 4294967296, Framed-IP-Netmask = 255.255.255.0/24",
];

#[test]
fn attribute_text() {
    let dictionary = Dictionary::builtin();
    let secret = Secret::new("testing123");
    let options = BuildOptions {
        max: 4096,
        message_authenticator: Placement::AsGiven,
    };
    fuzz(
        "attribute text",
        5_000,
        &octets_of(TEXTS),
        &["{ ", " }", ":1", "0x", "\"", "=~", "Cisco-AVPair", "::/0"],
        |input| {
            let text = String::from_utf8_lossy(input);
            let _ = parse_file(&text);
            let Ok(pairs) = parse_pairs(&text) else { return };
            let mut draft = Draft::new();
            for pair in &pairs {
                let _ = draft.push_pair(pair, &dictionary, &Nobody);
                let _ = Expression::compile(pair, &dictionary, &Nobody);
            }
            let built = draft.build(
                Code::ACCESS_REQUEST,
                7,
                &[7; 16],
                &secret,
                &mut || 0x8001,
                &options,
            );
            if let Ok(packet) = built {
                shown(&dictionary, &packet, true);
            }
        },
    );
}

/// Decodes a packet and prints it, in every way.
fn shown(dictionary: &Dictionary, octets: &[u8], ours: bool) {
    let Ok(packet) = Packet::parse(octets) else { return };
    let secret = Secret::new("testing123");
    let opener = Opener {
        secret: &secret,
        authenticator: [7; 16],
    };
    for opener in [None, Some(&opener)] {
        let tree = decode(&packet, dictionary, opener);
        for attribute in &tree.attributes {
            let text = attribute.pair(true).to_string();
            let _ = attribute.pair(false).to_string();
            // What prints as an attribute parses as one.
            let pairs = parse_pairs(&text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
            let mut draft = Draft::new();
            for pair in &pairs {
                let pushed = draft.push_pair(pair, dictionary, &Nobody);
                assert!(!ours || opener.is_none() || pushed.is_ok(), "{text}: {pushed:?}");
            }
        }
    }
}

#[test]
fn octets_through_decode_and_print() {
    let mut dictionary = Dictionary::builtin();
    let modern = Memory::with("modern", DICTIONARIES[2]);
    assert!(dictionary.load("modern", &modern, LoadOptions::default()).is_ok());
    let seeds: Vec<Vec<u8>> = PACKETS.iter().map(|text| hexadecimal(text)).collect();
    fuzz("octets", 10_000, &seeds, &[], |input| {
        // Most mutations break the header, which is soon said; as attributes they all reach the decoder.
        shown(&dictionary, input, false);
        let mut packet = vec![1, 7, 0, 0];
        packet.extend([7; 16]);
        packet.extend(input.iter().take(4076));
        let length = u16::try_from(packet.len()).unwrap().to_be_bytes();
        packet[2..4].copy_from_slice(&length);
        shown(&dictionary, &packet, false);
    });
}

fn hexadecimal(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// Attributes of every type and format.
const PACKETS: &[&str] = &[
    "0105626f62 0212 00112233445566778899aabbccddeeff 0406c0a80110 0606 00000001 5902",
    "1a0b000000090105666f6f 1a0e000001ad0000bfbe000004d2 1a0d000012ee00020700000001 1a0d00001fe400020007666f6f",
    "1a0e000060b50108800105312e30 1a0c000060b5010600020300 1a17000060b51c11000b0e050c01067f00000104040840",
    "510601666f6f 40060100000d 4515018001112233445566778899aabbccddeeff0011 1a120000130a410c01554e504f4c49434544",
    "5c0b68656c6c6f00626f62 cf13010c62696c6f78692e636f6d0a05626f62 6108002020010db8 61040000 380631000064",
    "1a2800000211f22201000100000000000000000000000600000003ff000300000000000000000000 f109f8000000010004",
    "f10f01010c020a030804060504cdef f10c1a000000010474657374 f5070100626f62 f50f1a000000000105030674657374",
    "f5100100010c020a030804060504cdef f50b1a0000197f26abcdef f5ff0480 4f0602010006 5012 00000000000000000000000000000000",
    "1a0b0000270f1605001234 1a130000270f170d0261620002010200010002 1a120000270f180c050a0b0c005001020304",
];
