//! Somebody between two honest machines, who begins to change what one of them hears.

use radius::auth::eap::packet::{EapPacket, HEADER};
use radius::auth::eap::server::ServerEvent;

use super::honest::{Alice, SIZE, any_method, server as honest_server};
use crate::mutate::Mutator;

/// How many packets the machine under trial hears at most; it may end it before.
const ROUNDS: usize = 60;

/// Tries the server.
pub fn server(mutator: &mut Mutator, heard: &mut Vec<Vec<u8>>) {
    let method = any_method(mutator);
    let mut alice = Alice::new(method, mutator.below(2) == 0);
    let mut server = honest_server(mutator.below(4) == 0);
    let begins = mutator.below(12);
    let mut dice = mutator.dice();
    let mut says = alice.says(&mut dice).unwrap();
    for round in 0..ROUNDS {
        if round >= begins {
            says = changed(mutator, &says, heard);
        }
        heard.push(says.clone());
        let answer = match server.receive(&says, &mut dice) {
            ServerEvent::Send(octets) | ServerEvent::Invalid(_, octets) => octets,
            ServerEvent::Accept(..) | ServerEvent::Reject(..) => return,
        };
        let _ = server.notes();
        assert!(answer.len() <= SIZE, "{} octets", answer.len());
        // Where she has enough of it, whoever is in between goes on alone.
        says = match alice.hears(&answer, &mut dice) {
            true => alice.says(&mut dice).unwrap(),
            false => respond(&says, answer.get(1).copied().unwrap_or(0)),
        };
    }
}

/// Tries the peer.
pub fn peer(mutator: &mut Mutator, heard: &mut Vec<Vec<u8>>) {
    let method = any_method(mutator);
    let mut alice = Alice::new(method, mutator.below(2) == 0);
    let mut server = honest_server(mutator.below(4) == 0);
    let begins = mutator.below(12);
    let mut dice = mutator.dice();
    let mut request = vec![1, 0, 0, 5, 1];
    for round in 0..ROUNDS {
        let Some(says) = alice.says(&mut dice) else { return };
        assert!(says.len() <= SIZE, "{} octets", says.len());
        match server.receive(&says, &mut dice) {
            ServerEvent::Send(octets) | ServerEvent::Invalid(_, octets) => request = octets,
            // The server has enough of it; whoever is in between goes on alone.
            ServerEvent::Accept(..) | ServerEvent::Reject(..) if round < begins => return,
            ServerEvent::Accept(..) | ServerEvent::Reject(..) => {}
        }
        if round >= begins {
            request = changed(mutator, &request, heard);
        }
        heard.push(request.clone());
        if !alice.hears(&request, &mut dice) {
            return;
        }
    }
}

/// The same packet with another Identifier.
fn respond(packet: &[u8], identifier: u8) -> Vec<u8> {
    let mut packet = packet.to_vec();
    if let Some(slot) = packet.get_mut(1) {
        *slot = identifier;
    }
    packet
}

/// A packet as nobody would send it who speaks the protocol.
fn changed(mutator: &mut Mutator, packet: &[u8], heard: &[Vec<u8>]) -> Vec<u8> {
    let (code, identifier, kind) = match EapPacket::parse(packet) {
        Ok(packet) => (
            packet.code().0,
            packet.identifier(),
            packet.kind().map_or(1, |kind| kind.0),
        ),
        Err(_) => (1 + mutator.below(2) as u8, 0, 1),
    };
    match mutator.below(12) {
        // Left as it is: what is wrong comes later.
        0 | 1 => packet.to_vec(),
        2 => mutator.input(&[packet.to_vec()], &[]),
        // The same under a sound header.
        3 | 4 => {
            let changed = mutator.input(&[packet.to_vec()], &[]);
            framed(code, identifier, kind, changed.get(HEADER + 1..).unwrap_or(&[]))
        }
        5 => {
            let other = [1, 2, 3, 4, 6, 13, 21, 25, 26, 33, 52, 254][mutator.below(12)];
            let data = packet.get(HEADER + 1..).unwrap_or(&[]);
            framed(code, identifier, other, data)
        }
        // A claim of how long it will be.
        6 => {
            let total: u32 = [0, 1, 600, 65_535, 65_536, 65_537, u32::MAX][mutator.below(7)];
            let mut data = vec![[0x80, 0xc0, 0xe0][mutator.below(3)]];
            data.extend(total.to_be_bytes());
            data.extend(mutator.octets(400));
            framed(code, identifier, kind, &data)
        }
        // Always more to come.
        7 => {
            let mut data = vec![0x40];
            data.extend(mutator.octets(3000));
            framed(code, identifier, kind, &data)
        }
        // Records of TLS with anything inside.
        8 => {
            let body = mutator.octets(300);
            let mut data = vec![
                0,
                [20, 21, 22, 23, 24][mutator.below(5)],
                3,
                mutator.below(5) as u8,
            ];
            data.extend((body.len() as u16).to_be_bytes());
            data.extend(body);
            framed(code, identifier, kind, &data)
        }
        // What was said before.
        9 => match heard.len() {
            0 => Vec::new(),
            count => respond(&heard[mutator.below(count)], identifier),
        },
        // A Length that lies.
        10 => {
            let mut packet = packet.to_vec();
            if let Some(length) = packet.get_mut(2..4) {
                let lie: u16 = [0, 3, 4, 5, 6, 0xffff][mutator.below(6)];
                length.copy_from_slice(&lie.to_be_bytes());
            }
            packet
        }
        _ => [
            vec![3, identifier, 0, 4],
            vec![4, identifier, 0, 4],
            vec![code, identifier, 0, 4],
            framed(code, identifier, kind, &[]),
            vec![9, identifier, 0, 5, kind],
        ][mutator.below(5)]
        .clone(),
    }
}

fn framed(code: u8, identifier: u8, kind: u8, data: &[u8]) -> Vec<u8> {
    let length = (HEADER + 1 + data.len()) as u16;
    let mut packet = vec![code, identifier];
    packet.extend(length.to_be_bytes());
    packet.push(kind);
    packet.extend(data);
    packet
}
