//! What looking at a capture costs, beside radsniff and tshark: processor time of whole runs, in one go.
//!
//! `cargo bench --bench trace`: 40,000 packets, requests and replies of 170 octets, every one with its secret checked.
//! The floors: a sixth of what `radsniff -x` takes for text with every attribute, a hundredth of what `tshark -T json`
//! takes for ndjson. `RADIUS_BENCH_KEEP=FILE` keeps the capture.

#![allow(clippy::print_stdout, reason = "a benchmark prints what it measures")]

use std::process::{Command, Stdio};

use radius::codec::{AttributeType, Builder, Code, Secret, hide, seal};

const SECRET: &str = "testing123";
const PAIRS: u32 = 20_000;
const LENGTH: usize = 170;

fn main() {
    let directory = tempfile::tempdir().expect("there is room for a capture");
    let capture = directory.path().join("capture.pcap");
    std::fs::write(&capture, pcap()).expect("there is room for a capture");
    if let Some(kept) = std::env::var_os("RADIUS_BENCH_KEEP") {
        std::fs::copy(&capture, kept).expect("it can be kept");
    }
    let ours = env!("CARGO_BIN_EXE_radius");
    let file = capture.to_str().expect("the path is text");
    let text = measure("radius trace -v", 20, ours, &["trace", "-v", "-s", SECRET, file]);
    let lines = measure("radius trace", 20, ours, &["trace", "-s", SECRET, file]);
    let ndjson = measure(
        "radius trace -o ndjson",
        20,
        ours,
        &["trace", "-o", "ndjson", "-s", SECRET, file],
    );
    measure(
        "radius trace --stats",
        20,
        ours,
        &["trace", "--stats", "-s", SECRET, file],
    );
    measure(
        "radius trace --lint",
        20,
        ours,
        &["trace", "--lint", "-s", SECRET, file],
    );
    let sniffed = measure("radsniff -x", 3, "radsniff", &["-x", "-s", SECRET, "-I", file]);
    let shark = measure("tshark -T json", 1, "tshark", &["-n", "-T", "json", "-r", file]);
    ratio("text with attributes beside radsniff -x", sniffed, text, 6.0);
    ratio("one-liners beside radsniff -x", sniffed, lines, 6.0);
    ratio("ndjson beside tshark -T json", shark, ndjson, 100.0);
}

/// The processor time of a run, in milliseconds, the average of several; nothing where the program is missing.
fn measure(name: &str, runs: u32, program: &str, arguments: &[&str]) -> Option<f64> {
    // bash knows the processor time of its children to the millisecond.
    let script = format!(
        "TIMEFORMAT='%U %S'; time for run in $(seq {runs}); do \"$@\" >/dev/null 2>&1 || test $? -lt 126 || exit; done"
    );
    let found = Command::new(program)
        .arg("--help")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if found.is_err() {
        println!("{name:<28} is not installed");
        return None;
    }
    let timed = Command::new("bash")
        .args(["-c", &script, "bash", program])
        .args(arguments)
        .output()
        .expect("there is bash");
    let said = String::from_utf8_lossy(&timed.stderr);
    let seconds: f64 = said
        .split_whitespace()
        .filter_map(|word| word.parse::<f64>().ok())
        .sum();
    let each = seconds * 1000.0 / f64::from(runs);
    println!("{name:<28} {each:>10.1} ms");
    Some(each)
}

fn ratio(what: &str, theirs: Option<f64>, ours: Option<f64>, floor: f64) {
    if let (Some(theirs), Some(ours)) = (theirs, ours) {
        println!("{what:<42} {:>7.1} times less (floor {floor})", theirs / ours);
    }
}

/// Requests and replies in turn, 250 µs apart, from many clients to one server, over Ethernet.
fn pcap() -> Vec<u8> {
    let secret = Secret::new(SECRET);
    let mut file = Vec::new();
    for word in [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 1] {
        file.extend(word.to_le_bytes());
    }
    for number in 0..PAIRS {
        let request = request(number, &secret);
        let reply = reply(number, &request, &secret);
        let port = u16::try_from(30_000 + number / 256).expect("there are enough ports");
        for (which, forth, packet) in [(0, true, &request), (1, false, &reply)] {
            let frame = frame(port, forth, packet);
            let at = 2 * number + which;
            let length = u32::try_from(frame.len()).expect("a frame is short");
            for word in [1_700_000_000 + at / 4000, at % 4000 * 250, length, length] {
                file.extend(word.to_le_bytes());
            }
            file.extend(frame);
        }
    }
    file
}

fn request(number: u32, secret: &Secret) -> Vec<u8> {
    let authenticator = u128::from(number)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
        .to_be_bytes();
    let identifier = (number % 256) as u8;
    let mut builder = Builder::new(Code::ACCESS_REQUEST, identifier, &authenticator);
    let hidden = hide::hide_password(b"wonderland", secret, &authenticator).expect("a short password");
    let values: [(u8, &[u8]); 10] = [
        (80, &[0; 16]),
        (1, &format!("user{number:05}@example.org").into_bytes()),
        (2, &hidden),
        (4, &[192, 0, 2, 1]),
        (5, &number.to_be_bytes()),
        (6, &[0, 0, 0, 2]),
        (61, &[0, 0, 0, 19]),
        (30, b"00-11-22-33-44-55:wifi"),
        (31, b"66-77-88-99-aa-bb"),
        (32, b"ap-17"),
    ];
    finish(&mut builder, &values);
    let mut packet = builder.finish();
    seal::seal_request(&mut packet, secret);
    packet
}

fn reply(number: u32, request: &[u8], secret: &Secret) -> Vec<u8> {
    let authenticator: [u8; 16] = request[4..20].try_into().expect("a header has them");
    let mut builder = Builder::new(Code::ACCESS_ACCEPT, (number % 256) as u8, &authenticator);
    let values: [(u8, &[u8]); 7] = [
        (80, &[0; 16]),
        (6, &[0, 0, 0, 2]),
        (8, &[10, 0, (number >> 8) as u8, number as u8]),
        (27, &3600u32.to_be_bytes()),
        (11, b"staff"),
        (25, &format!("class-{number:08}").into_bytes()),
        (18, b"Welcome to the network of example.org"),
    ];
    finish(&mut builder, &values);
    let mut packet = builder.finish();
    seal::seal_reply(&mut packet, &authenticator, secret);
    packet
}

/// Adds the values, and one of text that makes 170 octets of it.
fn finish(builder: &mut Builder, values: &[(u8, &[u8])]) {
    let mut length = 20;
    for (kind, value) in values {
        builder
            .attribute(AttributeType(*kind), value)
            .expect("a short value");
        length += 2 + value.len();
    }
    let text = vec![b'x'; LENGTH - length - 2];
    // Connect-Info.
    builder
        .attribute(AttributeType(77), &text)
        .expect("a short value");
}

fn frame(port: u16, forth: bool, packet: &[u8]) -> Vec<u8> {
    let (client, server) = (([10, 0, 0, 1], port), ([10, 0, 0, 2], 1812));
    let (from, to) = if forth { (client, server) } else { (server, client) };
    let udp = u16::try_from(packet.len() + 8).expect("a packet is short");
    let mut frame = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0];
    frame.extend((udp + 20).to_be_bytes());
    frame.extend([0, 0, 0x40, 0, 64, 17, 0, 0]);
    frame.extend(from.0);
    frame.extend(to.0);
    // The header's checksum: radsniff looks at it.
    let sum: u32 = frame[14..34]
        .chunks(2)
        .map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]])))
        .sum();
    let folded = (sum & 0xffff) + (sum >> 16);
    let checksum = !u16::try_from(folded & 0xffff).expect("it is folded");
    frame[24..26].copy_from_slice(&checksum.to_be_bytes());
    frame.extend(from.1.to_be_bytes());
    frame.extend(to.1.to_be_bytes());
    frame.extend(udp.to_be_bytes());
    frame.extend([0, 0]);
    frame.extend(packet);
    frame
}
