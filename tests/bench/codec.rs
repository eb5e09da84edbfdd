//! What a packet costs: to look at, to understand, to print, to make.
//!
//! `cargo bench --bench codec`. The floor: a packet of ten attributes, values and dictionary look-ups included, is
//! decoded in less than 0.7 µs.

use divan::{Bencher, black_box};
use radius::attr::{self, BuildOptions, Draft, NoNames, Opener, decode, parse_pairs};
use radius::codec::{Code, Packet, Secret};
use radius::dictionary::{Dictionary, Disk, LoadOptions};

fn main() {
    divan::main();
}

const TEN: &str = r#"User-Name = "alice@example.org", NAS-IP-Address = 192.0.2.1, NAS-Port = 17,
    Service-Type = Framed-User, Framed-Protocol = PPP, Called-Station-Id = "00-11-22-33-44-55:wifi",
    Calling-Station-Id = "66-77-88-99-aa-bb", NAS-Identifier = "ap-17.example.org", NAS-Port-Type = Wireless-802.11,
    Cisco-AVPair = "ssid=wifi""#;

/// What ships; FreeRADIUS's where nothing ships.
fn dictionary() -> Dictionary {
    let mut dictionary = Dictionary::builtin();
    if dictionary.named("Cisco-AVPair").is_none() {
        let path = "/usr/share/freeradius/dictionary";
        if dictionary.load(path, &Disk, LoadOptions::default()).is_err() {
            panic!("{path} is needed where no dictionary is embedded");
        }
    }
    dictionary
}

fn draft(dictionary: &Dictionary, text: &str) -> Draft {
    let mut draft = Draft::new();
    for pair in parse_pairs(text).expect("the text above is a list of pairs") {
        draft
            .push_pair(&pair, dictionary, &NoNames)
            .expect("the dictionary knows the attributes above");
    }
    draft
}

fn packet(draft: &Draft) -> Vec<u8> {
    let options = BuildOptions {
        message_authenticator: attr::Placement::AsGiven,
        ..BuildOptions::default()
    };
    draft
        .build(
            Code::ACCESS_REQUEST,
            1,
            &[7; 16],
            &Secret::new("secret"),
            &mut || 1,
            &options,
        )
        .expect("the attributes fit")
}

#[divan::bench]
fn walk_ten_attributes(bencher: Bencher<'_, '_>) {
    let octets = packet(&draft(&dictionary(), TEN));
    bencher.bench(|| {
        let packet = Packet::parse(black_box(&octets)).expect("a packet");
        packet
            .attributes()
            .flatten()
            .map(|attribute| attribute.value().len())
            .sum::<usize>()
    });
}

#[divan::bench]
fn decode_ten_attributes(bencher: Bencher<'_, '_>) {
    let dictionary = dictionary();
    let octets = packet(&draft(&dictionary, TEN));
    bencher.bench(|| {
        let packet = Packet::parse(black_box(&octets)).expect("a packet");
        decode(&packet, &dictionary, None)
    });
}

#[divan::bench]
fn decode_and_open_a_password(bencher: Bencher<'_, '_>) {
    let dictionary = dictionary();
    let octets = packet(&draft(&dictionary, "User-Name = bob, User-Password = hello"));
    let secret = Secret::new("secret");
    let opener = Opener {
        secret: &secret,
        authenticator: [7; 16],
    };
    bencher.bench(|| {
        let packet = Packet::parse(black_box(&octets)).expect("a packet");
        decode(&packet, &dictionary, Some(&opener))
    });
}

#[divan::bench]
fn decode_and_print_ten_attributes(bencher: Bencher<'_, '_>) {
    use std::fmt::Write as _;
    let dictionary = dictionary();
    let octets = packet(&draft(&dictionary, TEN));
    let mut text = String::new();
    bencher.bench_local(|| {
        text.clear();
        let packet = Packet::parse(black_box(&octets)).expect("a packet");
        for attribute in &decode(&packet, &dictionary, None).attributes {
            writeln!(text, "{}", attribute.pair(false)).expect("a String takes everything");
        }
        text.len()
    });
}

#[divan::bench]
fn parse_and_encode_ten_attributes(bencher: Bencher<'_, '_>) {
    let dictionary = dictionary();
    bencher.bench(|| draft(&dictionary, black_box(TEN)));
}

#[divan::bench]
fn build_a_request_with_a_password(bencher: Bencher<'_, '_>) {
    let dictionary = dictionary();
    let draft = draft(
        &dictionary,
        "User-Name = bob, User-Password = hello, NAS-IP-Address = 192.0.2.1",
    );
    let secret = Secret::new("secret");
    let options = BuildOptions::default();
    bencher.bench(|| {
        draft.build(
            Code::ACCESS_REQUEST,
            1,
            black_box(&[7; 16]),
            &secret,
            &mut || 1,
            &options,
        )
    });
}
