//! tshark: what Wireshark's dissector makes of a datagram. Writes the capture it reads; knows IP and UDP headers,
//! and no RADIUS.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use super::Tool;
use super::process::{Scratch, run};

/// UDP datagrams on their way into a capture file.
#[derive(Clone, Debug, Default)]
pub struct Capture {
    packets: Vec<Vec<u8>>,
    ports: BTreeSet<u16>,
}

impl Capture {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a datagram; it is dated a millisecond after the one before.
    ///
    /// # Panics
    /// When one address is IPv4 and the other IPv6, or the datagram is longer than IP allows.
    #[must_use]
    pub fn datagram(mut self, from: SocketAddr, to: SocketAddr, octets: &[u8]) -> Self {
        self.ports.extend([from.port(), to.port()]);
        let length = u16::try_from(octets.len() + 8).expect("a datagram is shorter than 64 KB");
        let mut packet = ip_header(from.ip(), to.ip(), length);
        packet.extend(from.port().to_be_bytes());
        packet.extend(to.port().to_be_bytes());
        packet.extend(length.to_be_bytes());
        // No checksum: over IPv4 that is allowed, and tshark does not look.
        packet.extend([0, 0]);
        packet.extend(octets);
        self.packets.push(packet);
        self
    }

    /// The capture as a pcap file: microseconds, link type 101 (raw IP).
    pub fn to_pcap(&self) -> Vec<u8> {
        let mut file = Vec::new();
        for word in [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 101] {
            file.extend(word.to_le_bytes());
        }
        for (index, packet) in (0_u32..).zip(&self.packets) {
            let length = u32::try_from(packet.len()).expect("a packet is shorter than 64 KB");
            for word in [1_600_000_000 + index / 1000, index % 1000 * 1000, length, length] {
                file.extend(word.to_le_bytes());
            }
            file.extend(packet);
        }
        file
    }

    /// Has tshark dissect every datagram as RADIUS, with this secret.
    ///
    /// # Panics
    /// When tshark fails.
    pub fn decode(&self, secret: &str) -> Vec<Decoded> {
        let scratch = Scratch::new("tshark");
        let file = scratch.path().join("capture.pcap");
        std::fs::write(&file, self.to_pcap()).expect("the scratch directory is ours");
        decode_file(&file, &self.ports, secret)
    }
}

impl Capture {
    /// What tshark writes of the attributes of every datagram, a line each: `t=User-Name(1) l=5 val=bob`.
    ///
    /// # Panics
    /// When tshark fails.
    pub fn attribute_lines(&self, secret: &str) -> Vec<Vec<String>> {
        let scratch = Scratch::new("tshark");
        let file = scratch.path().join("capture.pcap");
        std::fs::write(&file, self.to_pcap()).expect("the scratch directory is ours");
        let mut command = Command::new(Tool::Tshark.path());
        command
            .args(["-n", "-V", "-O", "radius", "-r"])
            .arg(file)
            .args(["-o", &format!("radius.shared_secret:{secret}")])
            .env("TZ", "UTC")
            .env("WIRESHARK_CONFIG_DIR", env!("CARGO_TARGET_TMPDIR"));
        let finished = run(&mut command, b"", Duration::from_secs(60));
        assert!(finished.status.success(), "tshark: {}", finished.stderr);
        let mut frames = Vec::new();
        for line in finished.stdout.lines() {
            if line.starts_with("Frame ") {
                frames.push(Vec::new());
            } else if let Some((_, rest)) = line.split_once(": t=")
                && let Some(frame) = frames.last_mut()
            {
                frame.push(format!("t={rest}"));
            }
        }
        frames
    }
}

/// An IP header in front of `length` octets of UDP.
fn ip_header(from: IpAddr, to: IpAddr, length: u16) -> Vec<u8> {
    let mut header = Vec::new();
    match (from, to) {
        (IpAddr::V4(from), IpAddr::V4(to)) => {
            header.extend([0x45, 0]);
            header.extend((length + 20).to_be_bytes());
            header.extend([0, 0, 0, 0, 64, 17, 0, 0]);
            header.extend(from.octets());
            header.extend(to.octets());
        }
        (IpAddr::V6(from), IpAddr::V6(to)) => {
            header.extend([0x60, 0, 0, 0]);
            header.extend(length.to_be_bytes());
            header.extend([17, 64]);
            header.extend(from.octets());
            header.extend(to.octets());
        }
        _ => panic!("from {from} to {to}: one is IPv4, the other IPv6"),
    }
    header
}

/// Has tshark dissect a capture, as RADIUS on these ports.
///
/// # Panics
/// When tshark fails.
pub fn decode_file(file: &Path, ports: &BTreeSet<u16>, secret: &str) -> Vec<Decoded> {
    let mut command = Command::new(Tool::Tshark.path());
    command
        .args(["-n", "-T", "json", "--no-duplicate-keys", "-r"])
        .arg(file)
        .args([
            "-o",
            &format!("radius.shared_secret:{secret}"),
            "-o",
            "radius.validate_authenticator:TRUE",
        ])
        // Nobody's own settings.
        .env("WIRESHARK_CONFIG_DIR", env!("CARGO_TARGET_TMPDIR"));
    for port in ports {
        command.args(["-d", &format!("udp.port=={port},radius")]);
    }
    let finished = run(&mut command, b"", Duration::from_secs(60));
    assert!(finished.status.success(), "tshark: {}", finished.stderr);
    let frames: Vec<Value> = serde_json::from_str(&finished.stdout)
        .unwrap_or_else(|error| panic!("tshark's JSON: {error}\n{}", finished.stdout));
    frames
        .iter()
        .map(|frame| Decoded(frame["_source"]["layers"].clone()))
        .collect()
}

/// What the client and the server said inside the first TLS connection of a capture, in order, opened with a log of
/// secrets: whether it came from the client, and the octets.
///
/// # Panics
/// When tshark fails.
pub fn decrypted(file: &Path, keylog: &Path) -> Vec<(bool, Vec<u8>)> {
    let mut command = Command::new(Tool::Tshark.path());
    command
        .args(["-n", "-q", "-r"])
        .arg(file)
        .arg("-o")
        .arg(format!("tls.keylog_file:{}", keylog.display()))
        .args(["-z", "follow,tls,raw,0"])
        .env("WIRESHARK_CONFIG_DIR", env!("CARGO_TARGET_TMPDIR"));
    let finished = run(&mut command, b"", Duration::from_secs(60));
    assert!(finished.status.success(), "tshark: {}", finished.stderr);
    let is_hex = |line: &str| !line.is_empty() && line.bytes().all(|digit| digit.is_ascii_hexdigit());
    finished
        .stdout
        .lines()
        .filter(|line| is_hex(line.trim()))
        .map(|line| {
            let digits = line.trim().as_bytes().chunks(2);
            let octets =
                digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap());
            // The server's lines are indented.
            (!line.starts_with('\t'), octets.collect())
        })
        .collect()
}

/// A datagram as tshark sees it: its layers as JSON.
#[derive(Clone, Debug)]
pub struct Decoded(pub Value);

impl Decoded {
    /// The values of a field (`radius.User_Name`), in order, wherever in the datagram they stand.
    pub fn field(&self, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        walk(&self.0, &mut |key, value| {
            if key == name {
                leaves(value, &mut found);
            }
        });
        found
    }

    /// What tshark finds wrong: malformed marks and the words of its expert; or that this is no RADIUS at all.
    pub fn problems(&self) -> Vec<String> {
        let mut found = Vec::new();
        if self.0.get("radius").is_none() {
            found.push("not dissected as RADIUS".to_owned());
        }
        walk(&self.0, &mut |key, value| {
            if key == "_ws.malformed" || key == "_ws.expert.message" {
                leaves(value, &mut found);
            }
        });
        found
    }

    /// Whether the authenticator is right; known of Accounting-Requests, and of replies whose request is in the
    /// same capture.
    pub fn authenticator_is_valid(&self) -> Option<bool> {
        self.field("radius.authenticator.valid")
            .first()
            .map(|flag| flag == "1")
    }
}

fn walk(value: &Value, visit: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                visit(key, member);
                walk(member, visit);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, visit)),
        _ => {}
    }
}

fn leaves(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| leaves(item, found)),
        _ => {}
    }
}
