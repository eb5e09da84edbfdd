//! What a decision costs without a socket: a PAP request from octets to the octets of its reply.
//!
//! `cargo bench --bench responder`. Beside it what hashing alone costs, which is most of it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use divan::{Bencher, black_box};
use radius::codec::seal::{check_request, seal_reply, seal_request};
use radius::codec::{AttributeType, Builder, Code, Packet, Secret, hide};
use radius::dictionary::Dictionary;
use radius::responder::clients::Client;
use radius::responder::{Arrival, Carrier, Deed, Moment, Responder, Role, Settings};

const SECRET: &str = "testing123";

fn main() {
    divan::main();
}

fn request(turn: u64, secret: &Secret) -> Vec<u8> {
    let mut authenticator = [0; 16];
    authenticator[..8].copy_from_slice(&turn.to_be_bytes());
    let hidden = hide::hide_password(b"hello", secret, &authenticator).expect("five octets fit");
    let mut builder = Builder::new(Code::ACCESS_REQUEST, turn as u8, &authenticator);
    builder.raw(&[80, 18]).raw(&[0; 16]);
    for (kind, value) in [
        (AttributeType::USER_NAME, b"alice".as_slice()),
        (AttributeType::USER_PASSWORD, &hidden),
    ] {
        builder.attribute(kind, value).expect("these are short");
    }
    let mut octets = builder.finish();
    seal_request(&mut octets, secret);
    octets
}

fn responder() -> Responder {
    let mut settings = Settings::new(Arc::new(Dictionary::builtin()));
    let network = "127.0.0.0/8".parse().expect("this is a network");
    settings.clients.add(Client::new(network, Secret::new(SECRET)));
    settings.policy.users.add(b"alice", b"hello");
    Responder::new(settings)
}

#[divan::bench]
fn answer_a_pap_request(bencher: Bencher<'_, '_>) {
    let (responder, secret) = (responder(), Secret::new(SECRET));
    let requests: Vec<Vec<u8>> = (0..4096).map(|turn| request(turn, &secret)).collect();
    let source = SocketAddr::from(([127, 0, 0, 1], 4000));
    let (settings, now, mut turn) = (responder.settings(), Instant::now(), 0);
    let mut dice = |octets: &mut [u8]| octets.fill(7);
    bencher.bench_local(|| {
        turn += 1;
        let arrival = Arrival {
            source,
            listener: 0,
            role: Role::Auth,
            carrier: Carrier::Datagram,
            client: None,
            octets: &requests[turn % requests.len()],
        };
        let mut moment = Moment {
            now,
            unix: 1_700_000_000,
            dice: &mut dice,
        };
        let outcome = responder.receive(&settings, &arrival, &mut moment);
        assert!(matches!(outcome.deed, Deed::Send(_)));
        black_box(outcome.deed);
    });
}

#[divan::bench]
fn answer_a_duplicate(bencher: Bencher<'_, '_>) {
    let (responder, secret) = (responder(), Secret::new(SECRET));
    let octets = request(1, &secret);
    let (settings, now) = (responder.settings(), Instant::now());
    let mut dice = |octets: &mut [u8]| octets.fill(7);
    bencher.bench_local(|| {
        let arrival = Arrival {
            source: SocketAddr::from(([127, 0, 0, 1], 4000)),
            listener: 0,
            role: Role::Auth,
            carrier: Carrier::Datagram,
            client: None,
            octets: &octets,
        };
        let mut moment = Moment {
            now,
            unix: 1_700_000_000,
            dice: &mut dice,
        };
        black_box(responder.receive(&settings, &arrival, &mut moment).deed);
    });
}

#[divan::bench]
fn the_hashing_alone(bencher: Bencher<'_, '_>) {
    let secret = Secret::new(SECRET);
    let request = request(1, &secret);
    let packet = Packet::parse(&request).expect("it has a header");
    let password = packet.first(AttributeType::USER_PASSWORD).expect("it has one");
    let mut reply = Builder::new(Code::ACCESS_ACCEPT, 1, packet.authenticator());
    reply.raw(&[80, 18]).raw(&[0; 16]);
    let mut reply = reply.finish();
    bencher.bench_local(|| {
        black_box(check_request(&packet, &secret));
        let opened = hide::reveal_password(password.value(), &secret, packet.authenticator());
        seal_reply(&mut reply, packet.authenticator(), &secret);
        black_box(opened)
    });
}
