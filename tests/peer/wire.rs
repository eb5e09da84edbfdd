//! A wire between a client and a server over TCP: carries both ways, and remembers what passed, as a capture that no
//! privilege is needed for.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// A port that leads to a server.
pub struct Wire {
    /// Where clients come to.
    pub address: SocketAddr,
    passed: Arc<Mutex<Vec<Passed>>>,
}

/// Octets of one side of a connection.
#[derive(Clone, Debug)]
pub struct Passed {
    /// Which connection; the first is 0.
    pub connection: u16,
    /// Whether they went to the server.
    pub forth: bool,
    /// What they are.
    pub octets: Vec<u8>,
}

/// What a capture has in the place of the real ends.
pub const CLIENT: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
/// The server's.
pub const SERVER: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 2);

impl Wire {
    /// In front of a server.
    ///
    /// # Panics
    /// When there is no port.
    pub fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a port");
        let address = listener.local_addr().expect("it has an address");
        let passed = Arc::new(Mutex::new(Vec::new()));
        let log = passed.clone();
        thread::spawn(move || {
            for (connection, near) in (0..).zip(listener.incoming().flatten()) {
                let Ok(far) = TcpStream::connect(server) else {
                    continue;
                };
                for (from, to, forth) in [(&near, &far, true), (&far, &near, false)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    let log = log.clone();
                    thread::spawn(move || carry(from, to, connection, forth, &log));
                }
            }
        });
        Self { address, passed }
    }

    /// What has passed so far.
    pub fn passed(&self) -> Vec<Passed> {
        self.passed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Writes what has passed as a capture, in which the server's port is `port`.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn write(&self, file: &Path, port: u16) {
        std::fs::write(file, to_pcap(&self.passed(), port)).expect("the scratch directory is ours");
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, connection: u16, forth: bool, log: &Mutex<Vec<Passed>>) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let count = from.read(&mut buffer).unwrap_or(0);
        // Noted before it is handed on, so that no answer stands before its question.
        let octets = buffer[..count].to_vec();
        if count > 0 {
            log.lock().unwrap_or_else(PoisonError::into_inner).push(Passed {
                connection,
                forth,
                octets,
            });
        }
        if count == 0 || to.write_all(&buffer[..count]).is_err() {
            let _ = to.shutdown(Shutdown::Write);
            return;
        }
    }
}

const SYN: u8 = 2;
const PSH: u8 = 8;
const ACK: u8 = 16;
const FIN: u8 = 1;

/// Connections as a pcap file: microseconds, link type 101 (raw IP), segments of at most 1000 octets.
pub fn to_pcap(passed: &[Passed], port: u16) -> Vec<u8> {
    let mut file = Vec::new();
    for word in [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 101] {
        file.extend(word.to_le_bytes());
    }
    let mut ends: Vec<(u16, [u32; 2])> = Vec::new();
    let mut frames = Vec::new();
    for Passed {
        connection,
        forth,
        octets,
    } in passed
    {
        let known = ends.iter().position(|(known, _)| known == connection);
        let at = known.unwrap_or_else(|| {
            frames.push(segment(*connection, port, true, [1000, 0], SYN, b""));
            frames.push(segment(*connection, port, false, [5000, 1001], SYN | ACK, b""));
            ends.push((*connection, [1001, 5001]));
            ends.len() - 1
        });
        let sent = &mut ends[at].1;
        let (own, other) = if *forth { (0, 1) } else { (1, 0) };
        for part in octets.chunks(1000) {
            let numbers = [sent[own], sent[other]];
            frames.push(segment(*connection, port, *forth, numbers, PSH | ACK, part));
            sent[own] += u32::try_from(part.len()).unwrap();
        }
    }
    for (connection, [client, server]) in ends {
        frames.push(segment(connection, port, true, [client, server], FIN | ACK, b""));
        frames.push(segment(
            connection,
            port,
            false,
            [server, client + 1],
            FIN | ACK,
            b"",
        ));
    }
    for (index, frame) in (0_u32..).zip(&frames) {
        let length = u32::try_from(frame.len()).unwrap();
        for word in [1_600_000_000 + index / 1000, index % 1000 * 1000, length, length] {
            file.extend(word.to_le_bytes());
        }
        file.extend(frame);
    }
    file
}

fn segment(connection: u16, port: u16, forth: bool, numbers: [u32; 2], flags: u8, octets: &[u8]) -> Vec<u8> {
    let client = (CLIENT, 40_000 + connection);
    let (from, to) = match forth {
        true => (client, (SERVER, port)),
        false => ((SERVER, port), client),
    };
    let mut frame = vec![0x45, 0];
    frame.extend(u16::try_from(40 + octets.len()).unwrap().to_be_bytes());
    frame.extend([0, 0, 0x40, 0, 64, 6, 0, 0]);
    frame.extend(from.0.octets());
    frame.extend(to.0.octets());
    frame.extend(from.1.to_be_bytes());
    frame.extend(to.1.to_be_bytes());
    frame.extend(numbers[0].to_be_bytes());
    frame.extend(numbers[1].to_be_bytes());
    frame.extend([0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
    frame.extend(octets);
    frame
}
