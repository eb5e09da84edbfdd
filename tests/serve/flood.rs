//! A flood over a real socket: memory stays as it is, and who has the secret is answered.

use std::fs;
use std::net::UdpSocket;
use std::time::{Duration, Instant};

use radius::codec::Code;

use crate::client::{ask, pap, request};
use crate::peer::Served;

/// How much memory the process has, in kilobytes.
fn resident(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Sends what `packet` makes, from many ports, for this long.
fn flood(server: &Served, time: Duration, mut packet: impl FnMut(u64) -> Vec<u8>) -> u64 {
    let address = server.address("udp auth");
    let sockets: Vec<UdpSocket> = (0..64).map(|_| UdpSocket::bind("127.0.0.1:0").unwrap()).collect();
    let (begun, mut count) = (Instant::now(), 0);
    while begun.elapsed() < time {
        for socket in &sockets {
            // What the system cannot take is no flood of ours.
            let _ = socket.send_to(&packet(count), address);
            count += 1;
        }
    }
    count
}

#[test]
fn a_flood_leaves_the_memory_as_it_is_and_the_server_answering() {
    let server = Served::start(&["-s", "testing123", "--user", "alice:hello"], &[]);
    let probe = |turn: u8| {
        let begun = Instant::now();
        let octets = pap("alice", "hello", turn, &[turn; 16]);
        while begun.elapsed() < Duration::from_secs(20) {
            if let Some(reply) = ask(server.address("udp auth"), &octets, Duration::from_millis(500)) {
                return reply[0];
            }
        }
        0
    };
    assert_eq!(probe(1), 2);
    let unique = |count: u64| {
        let mut authenticator = [0; 16];
        authenticator[..8].copy_from_slice(&count.to_be_bytes());
        authenticator
    };
    // As many good requests as the table of duplicates takes, and some more, so that it is full from here on.
    let good = |count: u64| {
        let name = format!("user{count}");
        pap(&name, "wrong", count as u8, &unique(count))
    };
    flood(&server, Duration::from_millis(1500), good);
    assert_eq!(probe(2), 2);
    let before = resident(server.pid());
    let sent = flood(&server, Duration::from_millis(1500), |count| match count % 4 {
        0 => good(count),
        1 => vec![1; (count % 4096) as usize],
        2 => {
            let mut octets = good(count);
            let at = count as usize % octets.len();
            octets[at] ^= 1;
            octets
        }
        _ => request(Code::STATUS_SERVER, count as u8, &unique(count), true, &[]),
    });
    assert_eq!(probe(3), 2);
    let after = resident(server.pid());
    assert!(sent > 1000, "no flood: {sent}");
    // In an unoptimised build, after so short a time; what it would be after a leak is far beyond.
    assert!(
        after < before + 8 * 1024,
        "{before} KB before {sent} packets, {after} KB after"
    );
}
