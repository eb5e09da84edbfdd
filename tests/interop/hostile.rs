//! The client against servers that mean no good: they stall, dribble, lie about lengths, hang up in the middle, or
//! flood. It ends within its limits, says what happened, and takes no more memory than for a good one.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::radsec::shared;

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        a_server_that_stalls_in_the_handshake_is_left needs [Openssl],
        whatever_a_server_does_on_a_stream_the_client_ends_and_says_why needs [Openssl],
        floods_of_what_nobody_asked_for_take_no_memory needs [Openssl],
    ]
}

/// Longer than any of these may take with a patience of one second, on a busy machine.
const LIMIT: Duration = Duration::from_secs(10);

/// How a run of the client ended.
struct Ended {
    code: Option<i32>,
    stderr: String,
    took: Duration,
    /// The most memory that it ever had, in kilobytes.
    peak: u64,
}

/// A login with one second of patience.
fn log_in(url: &str) -> Ended {
    let ca = shared("ca.pem");
    let mut arguments = vec!["auth", url, "-u", "alice", "-p", "hello", "-t", "1s", "-r", "0"];
    if url.starts_with("tls") || url.starts_with("dtls") {
        arguments.extend(["--ca", &ca]);
    } else {
        arguments.extend(["-s", "testing123"]);
    }
    let begun = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_radius"))
        .args(&arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program under test is there");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let code = loop {
        if let Some(ended) = child.try_wait().expect("it is our child") {
            break ended.code();
        }
        if begun.elapsed() > LIMIT {
            let _ = child.kill();
            break None;
        }
        peak = peak.max(high_water(&fs::read_to_string(&status).unwrap_or_default()));
        thread::sleep(Duration::from_millis(5));
    };
    let mut stderr = String::new();
    if let Some(mut pipe) = child.stderr.take() {
        let _ = pipe.read_to_string(&mut stderr);
    }
    let _ = child.wait();
    Ended {
        code,
        stderr,
        took: begun.elapsed(),
        peak,
    }
}

fn high_water(status: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn ended(what: &str, ended: &Ended, code: i32, words: &str) {
    assert_eq!(
        ended.code,
        Some(code),
        "{what}, after {:?}: {}",
        ended.took,
        ended.stderr
    );
    assert!(ended.stderr.contains(words), "{what}: {}", ended.stderr);
}

/// Something that reads and writes.
trait Stream: Read + Write {}

impl<S: Read + Write> Stream for S {}

/// A server that does this with each connection, once it has a request; before TLS with `raw`.
fn server(secured: bool, raw: bool, serve: fn(&mut dyn Stream, u8)) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("it is bound");
    let config = secured.then(|| {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_file_iter(shared("server.pem"))
            .expect("a file")
            .collect();
        let key = PrivateKeyDer::from_pem_file(shared("server.key")).expect("a key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions");
        let config = builder
            .with_no_client_auth()
            .with_single_cert(chain.expect("certificates"), key);
        Arc::new(config.expect("a good certificate"))
    });
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = stream;
            if raw {
                serve(&mut stream, 0);
                continue;
            }
            match &config {
                None => behave(&mut stream, serve),
                Some(config) => {
                    let connection = ServerConnection::new(Arc::clone(config)).expect("a connection");
                    behave(&mut StreamOwned::new(connection, stream), serve);
                }
            }
        }
    });
    address
}

fn behave(stream: &mut dyn Stream, serve: fn(&mut dyn Stream, u8)) {
    let mut request = [0; 4096];
    if let Ok(length @ 2..) = stream.read(&mut request) {
        serve(stream, request[..length][1]);
    }
}

/// An octet every tenth of a second, until nobody takes them.
fn dribble(stream: &mut dyn Stream, octets: &[u8]) {
    for octet in octets {
        if stream.write_all(&[*octet]).and_then(|()| stream.flush()).is_err() {
            return;
        }
        thread::sleep(Duration::from_millis(100));
    }
}

fn a_server_that_stalls_in_the_handshake_is_left() {
    let silent = server(true, true, |_, _| thread::sleep(LIMIT));
    let stalled = log_in(&format!("tls://{silent}"));
    ended("silent", &stalled, 3, "did not finish the handshake in time");
    let slow = server(true, true, |stream, _| {
        // A record of a ServerHello, as far as one can see.
        dribble(
            stream,
            &[&[22, 3, 3, 0, 200, 2, 0, 0, 196, 3, 3][..], &[7; 190]].concat(),
        );
    });
    let stalled = log_in(&format!("tls://{slow}"));
    ended(
        "an octet at a time",
        &stalled,
        3,
        "did not finish the handshake in time",
    );
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    let address = socket.local_addr().expect("it is bound");
    let stalled = log_in(&format!("dtls://{address}"));
    ended("silent over DTLS", &stalled, 3, "in time");
}

fn whatever_a_server_does_on_a_stream_the_client_ends_and_says_why() {
    type Row = (&'static str, fn(&mut dyn Stream, u8), i32, &'static str);
    let rows: [Row; 6] = [
        ("silence", |_, _| thread::sleep(LIMIT), 3, "no reply"),
        (
            "an octet at a time",
            |stream, identifier| dribble(stream, &[&[2, identifier, 16, 0][..], &[7; 200]].concat()),
            3,
            "no reply",
        ),
        (
            "a Length of 65,535",
            |stream, identifier| {
                let _ = stream.write_all(&[2, identifier, 0xff, 0xff]);
                let _ = stream.flush();
                thread::sleep(LIMIT);
            },
            5,
            "Length is 65535",
        ),
        (
            "a Length below the header",
            |stream, identifier| {
                let _ = stream.write_all(&[2, identifier, 0, 19]);
                let _ = stream.flush();
                thread::sleep(LIMIT);
            },
            5,
            "Length is 19",
        ),
        (
            "hanging up in the middle",
            |stream, identifier| {
                let _ = stream.write_all(&[2, identifier, 0, 40, 7, 7, 7]);
                let _ = stream.flush();
            },
            5,
            "in the middle of a packet",
        ),
        ("hanging up", |_, _| {}, 3, "closed the connection"),
    ];
    for secured in [false, true] {
        let scheme = if secured { "tls" } else { "tcp" };
        for (what, serve, code, words) in rows {
            let address = server(secured, false, serve);
            let run = log_in(&format!("{scheme}://{address}"));
            ended(&format!("{what} over {scheme}"), &run, code, words);
        }
    }
}

/// Access-Accepts of 4,096 octets that nobody asked for, until nobody takes them.
fn flood(stream: &mut dyn Stream, identifier: u8) {
    let mut reply = vec![7; 4096];
    reply[..4].copy_from_slice(&[2, identifier.wrapping_add(1), 16, 0]);
    while stream.write_all(&reply).is_ok() {}
}

fn floods_of_what_nobody_asked_for_take_no_memory() {
    for scheme in ["tcp", "tls"] {
        let quiet = server(scheme == "tls", false, |_, _| thread::sleep(LIMIT));
        let usual = log_in(&format!("{scheme}://{quiet}"));
        let address = server(scheme == "tls", false, flood);
        let flooded = log_in(&format!("{scheme}://{address}"));
        ended(scheme, &flooded, 3, "no reply");
        assert!(
            usual.peak > 0 && flooded.peak < usual.peak + 16_384,
            "{} became {} kB",
            usual.peak,
            flooded.peak
        );
    }
    // Over UDP, what has the right Identifier and another secret is kept as the reason; not all of it.
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    let address = socket.local_addr().expect("it is bound");
    thread::spawn(move || {
        let mut request = [0; 4096];
        while let Ok((_, from)) = socket.recv_from(&mut request) {
            let mut reply = vec![0; 4096];
            reply[..4].copy_from_slice(&[2, request[1], 16, 0]);
            for at in (20..4096).step_by(4) {
                reply[at..at + 4].copy_from_slice(&[18, 4, b'h', b'i']);
            }
            let begun = Instant::now();
            while begun.elapsed() < Duration::from_secs(2) {
                let _ = socket.send_to(&reply, from);
            }
        }
    });
    let flooded = log_in(&format!("udp://{address}"));
    ended("udp", &flooded, 4, "failed its Response Authenticator check");
    assert!(flooded.peak < 65_536, "{} kB", flooded.peak);
}
