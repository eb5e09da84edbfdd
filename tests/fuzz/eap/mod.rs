//! EAP: its parsers, and the machines of both sides, with octets that nobody would send outside and inside of tunnels.
//!
//! A machine that is tried talks to the honest one of the other side, until somebody in between begins to change what
//! it hears; or it talks to somebody who speaks TLS as one should and says anything through it.

mod between;
mod honest;
mod tunnel;

use std::panic::{AssertUnwindSafe, catch_unwind};

use radius::auth::eap::packet::EapPacket;
use radius::auth::eap::peap::tlv::Extensions;
use radius::auth::eap::tls::fragment::{Carrier, Fragment, MAX_MESSAGE};
use radius::auth::eap::tls::records::records;
use radius::auth::eap::ttls::avp;

use crate::mutate::Mutator;
use crate::{budget, fuzz};

/// The most octets that a conversation may hold on to at any time: TLS of both ends, and a few messages of 64 KiB.
const MOST_OCTETS: u64 = 3 << 20;

/// Runs conversations, as often as the environment says. Each notes what the machine under trial was given; of one
/// that panics, takes too long or grows too large, that is printed.
fn converse(name: &str, usual: u64, act: impl Fn(&mut Mutator, &mut Vec<Vec<u8>>)) {
    let (runs, first) = budget(usual);
    // What is made once and kept is nobody's fault.
    honest::papers();
    for run in 0..runs {
        let mut heard = Vec::new();
        let mut outcome = Ok(());
        let started = std::time::Instant::now();
        let memory = allocation_counter::measure(|| {
            let mut mutator = Mutator::new(first << 32 | run);
            outcome = catch_unwind(AssertUnwindSafe(|| act(&mut mutator, &mut heard)));
        });
        let long = started.elapsed().as_secs() >= 20;
        let large = memory.bytes_max > MOST_OCTETS;
        assert!(
            outcome.is_ok() && !long && !large,
            "{name}: run {run} of seed {first}, {} octets at most, {:?}; it heard\n{}",
            memory.bytes_max,
            started.elapsed(),
            heard
                .iter()
                .map(|octets| radius::codec::hex::encode(octets))
                .collect::<Vec<_>>()
                .join("\n")
        );
    }
    eprintln!("{name}: {runs} runs");
}

#[test]
fn eap_packets() {
    let seeds = [
        "0201000a01616c696365",
        "010200160410000102030405060708090a0b0c0d0e0f",
        "02030006031a",
        "0104000d0650617373776f7264",
        "010500061520",
        "0206001015c0000000051603010005010000",
        "0107001319800000000516030300070200000300",
        "020800451a0208003e31",
        "0109000bfe00000900000004",
        "010a00263401000000130101aabbccdd00616c696365",
        "80030002000180 0c 0038 00000000 0000000000000000000000000000000000000000000000000000000000000000",
        "00000001400000 0d616c69636500 0000 0000000240000018 77 00000000000000000000000000000000",
        "0000001ac000001c00000137 0102030405060708090a0b0c0d0e0f10",
    ];
    let seeds: Vec<Vec<u8>> = seeds.iter().map(|text| crate::hexadecimal(text)).collect();
    fuzz("eap packets", 20_000, &seeds, &[], |input| {
        if let Ok(packet) = EapPacket::parse(input) {
            assert_eq!(packet.octets().len() + packet.padding().len(), input.len());
            let _ = (packet.kind(), packet.data(), packet.expanded());
        }
        let _ = (Fragment::parse(input), Extensions::parse(input), records(input));
        for read in avp::parse(input).iter().flatten() {
            // What was read is written and read again.
            let mut octets = Vec::new();
            read.encode(&mut octets);
            assert_eq!(avp::parse(&octets).as_deref(), Ok(&[*read][..]));
        }
        let mut carrier = Carrier::new(100, 0);
        let mut held = 0;
        for data in input.chunks(9) {
            held += data.len();
            match carrier.receive(data) {
                Ok(_) => assert!(held <= MAX_MESSAGE),
                Err(_) => break,
            }
        }
    });
}

#[test]
fn eap_server_with_a_peer_that_is_changed_on_the_way() {
    converse("eap server", 400, between::server);
}

#[test]
fn eap_peer_with_a_server_that_is_changed_on_the_way() {
    converse("eap peer", 400, between::peer);
}

#[test]
fn eap_server_with_a_peer_that_says_anything_inside() {
    converse("eap server, inside", 300, tunnel::server);
}

#[test]
fn eap_peer_with_a_server_that_says_anything_inside() {
    converse("eap peer, inside", 300, tunnel::peer);
}
