//! Somebody who speaks TLS as one should, and says anything through it.

use std::io::{Read as _, Write as _};
use std::sync::Arc;

use radius::auth::eap::packet::{EapCode, EapPacket, EapType, encode};
use radius::auth::eap::server::ServerEvent;
use radius::auth::eap::tls::fragment::{Arrived, Carrier};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, Connection, RootCertStore, ServerConfig, ServerConnection};

use super::honest::{Alice, SIZE, methods, papers, server as honest_server};
use crate::mutate::Mutator;

/// How many packets the machine under trial hears at most.
const ROUNDS: usize = 60;

/// What is said inside of TTLS: attributes; inside of PEAP: packets without their header, mostly.
const INSIDE: [&str; 22] = [
    "00000001 4000000d 616c696365 000000 00000002 40000018 776f6e6465726c616e64000000000000",
    "00000001 4000000d 616c696365 000000 00000003 40000019 0100112233445566778899aabbccddeeff000000 0000003c 40000018 00112233445566778899aabbccddeeff",
    "0000000b c000001c 00000137 00112233445566778899aabbccddeeff 00000019 c000003e 00000137 01000011223344556677",
    "0000001a c000000c 00000137 00000002 c0000010 00000137 0145303d36",
    "0000004f 40000012 0201000a01616c696365 0000",
    "0000004f 40000016 010200160410000102030405060708090a0b0c0d0e0f 0000",
    "0000004f 4000000e 01020006 0d20 0000",
    "00000012 00000010 57656c636f6d6521",
    "00",
    "01",
    "01616c696365",
    "0101000501",
    "0410000102030405060708090a0b0c0d0e0f",
    "0650617373776f72643a20",
    "0d20",
    "0d00160303000502000001",
    "1a0102001a10 5b5d7c7d7b3f2f3e3c2c602132262628 7365727665",
    "1a0202003f31 00112233445566778899aabbccddeeff 0000000000000000 00112233445566778899aabbccddeeff0011223344556677 00 616c696365",
    "1a0302002e533d41394432363436354638353936323530463544333645313843414142383741303246323937463930204d3d4f4b",
    "1a040200 453d36343820523d3120433d3030303130323033303430353036303730383039306130623063306430653066 20563d33204d3d",
    "01 07 000b 21 800300020001",
    "02 07 0047 21 800300020001 000c0038 00000001 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff 0011223344556677889900112233445566778899",
];

/// One end of a tunnel that is none of ours.
struct Stranger {
    connection: Connection,
    carrier: Carrier,
    kind: EapType,
}

impl Stranger {
    fn new(connection: Connection, mutator: &mut Mutator) -> Stranger {
        let kind = [EapType::TTLS, EapType::PEAP, EapType::TLS][mutator.below(3)];
        Stranger {
            connection,
            carrier: Carrier::new(SIZE, 0),
            kind,
        }
    }

    /// The data of the next packet after this one; `None` where TLS is through with it.
    fn next(&mut self, data: &[u8], mutator: &mut Mutator) -> Option<Vec<u8>> {
        match self.carrier.receive(data).ok()? {
            Arrived::Start => {}
            Arrived::Part => return Some(self.carrier.acknowledgement()),
            Arrived::Next(data) => return Some(data),
            Arrived::Message(message) => {
                let mut rest = message.as_slice();
                while !rest.is_empty() {
                    self.connection.read_tls(&mut rest).ok()?;
                    self.connection.process_new_packets().ok()?;
                }
                let mut plain = [0; 4096];
                while matches!(self.connection.reader().read(&mut plain), Ok(1..)) {}
            }
        }
        Some(self.turn(mutator))
    }

    /// Says what TLS has to say, and once the tunnel is open, something through it.
    fn turn(&mut self, mutator: &mut Mutator) -> Vec<u8> {
        if !self.connection.is_handshaking() && mutator.below(6) != 0 {
            let seeds = INSIDE.map(crate::hexadecimal);
            let plain = match mutator.below(10) {
                0..5 => seeds[mutator.below(seeds.len())].clone(),
                5..9 => mutator.input(&seeds, &[]),
                _ => mutator.octets(2000),
            };
            self.connection.writer().write_all(&plain).unwrap();
        }
        let mut flight = Vec::new();
        while self.connection.wants_write() {
            self.connection.write_tls(&mut flight).unwrap();
        }
        self.carrier.send(flight)
    }
}

fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn version(mutator: &mut Mutator) -> &'static rustls::SupportedProtocolVersion {
    match mutator.below(2) {
        0 => &rustls::version::TLS12,
        _ => &rustls::version::TLS13,
    }
}

/// Tries the server.
pub fn server(mutator: &mut Mutator, heard: &mut Vec<Vec<u8>>) {
    let mut roots = RootCertStore::empty();
    roots.add(papers().ca.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[version(mutator)])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("radius.example.org").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stranger = Stranger::new(connection.into(), mutator);
    let mut server = honest_server(mutator.below(4) == 0);
    let mut dice = mutator.dice();
    let mut says = encode(EapCode::RESPONSE, 0, EapType::IDENTITY, b"alice").unwrap();
    for _ in 0..ROUNDS {
        heard.push(says.clone());
        let answer = match server.receive(&says, &mut dice) {
            ServerEvent::Send(octets) => octets,
            _ => break,
        };
        let _ = server.notes();
        let request = EapPacket::parse(&answer).unwrap();
        let identifier = request.identifier();
        let response = |kind, data: &[u8]| encode(EapCode::RESPONSE, identifier, kind, data).unwrap();
        says = match request.kind() {
            Some(kind) if kind == stranger.kind => match stranger.next(request.data(), mutator) {
                Some(data) => response(kind, &data),
                None => break,
            },
            _ => response(EapType::NAK, &[stranger.kind.0]),
        };
    }
}

/// Tries the peer.
pub fn peer(mutator: &mut Mutator, heard: &mut Vec<Vec<u8>>) {
    let identity = &papers().server;
    let config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS12, &rustls::version::TLS13])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(identity.chain.clone(), identity.key.clone_key())
        .unwrap();
    let connection = ServerConnection::new(Arc::new(config)).unwrap();
    let mut stranger = Stranger::new(connection.into(), mutator);
    let fitting: Vec<_> = methods()
        .filter(|method| method.outer() == Some(stranger.kind))
        .collect();
    let mut alice = Alice::new(fitting[mutator.below(fitting.len())], mutator.below(2) == 0);
    let mut dice = mutator.dice();
    // Her identity is no news.
    alice.says(&mut dice);
    let mut data = stranger.carrier.start();
    for round in 0..ROUNDS {
        let request = encode(EapCode::REQUEST, round as u8, stranger.kind, &data).unwrap();
        heard.push(request.clone());
        if !alice.hears(&request, &mut dice) {
            return;
        }
        let Some(says) = alice.says(&mut dice) else { return };
        let response = EapPacket::parse(&says).unwrap();
        match stranger.next(response.data(), mutator) {
            Some(next) => data = next,
            None => return,
        }
    }
}
