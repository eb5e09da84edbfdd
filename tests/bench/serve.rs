//! What one answered PAP request costs a server, in processor time: `radius serve` beside FreeRADIUS, in the same run
//! and under the same load.
//!
//! `cargo bench --bench serve`, on a machine with freeradius and radclient (Debian's packages). Two loads:
//!
//! - radclient with 64 requests in flight, as people have it;
//! - batches: sockets of our own that send and receive 64 datagrams a system call, as a busy network has them.
//!
//! The processor time is what the kernel charged to the server's process, system calls included; the resident memory
//! is looked at after the load. Ratios are what holds from machine to machine.
#![allow(clippy::print_stdout)] // Its result is what it prints.

#[path = "../peer/mod.rs"]
mod peer;

use std::fs;
use std::io::Write;
use std::net::{SocketAddr, UdpSocket};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use radius::codec::seal::seal_request;
use radius::codec::{AttributeType, Builder, Code, Secret, hide};
use radius::net::batch::{Inbox, Outbox};

const SECRET: &str = "testing123";
const SECONDS: u64 = 3;
/// Sockets of the batched load, and requests in flight on each.
const SOCKETS: usize = 8;
const WINDOW: usize = 64;

fn main() {
    // `cargo bench` passes `--bench`; a filter that does not name us means others.
    let filter = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'));
    if filter.is_some_and(|filter| !"serve".contains(&filter)) {
        return;
    }
    let ours = Ours::start();
    let freeradius = peer::FreeRadius::start_with(&peer::Settings {
        debug: false,
        ..peer::Settings::default()
    });
    println!(
        "{:<12} {:<10} {:>10} {:>12} {:>8} {:>9}",
        "load", "server", "replies/s", "CPU/reply", "cores", "resident"
    );
    for (load, run) in [("radclient", radclient as Load), ("batched", batched as Load)] {
        let mut costs = Vec::new();
        for (name, pid, address) in [
            ("freeradius", freeradius.pid(), freeradius.auth),
            ("radius", ours.child.id(), ours.address),
        ] {
            run(address, Duration::from_millis(300));
            let (before, begun) = (processor_time(pid), Instant::now());
            let replies = run(address, Duration::from_secs(SECONDS));
            let (used, took) = (processor_time(pid) - before, begun.elapsed());
            let cost = used.as_secs_f64() * 1e6 / replies.max(1) as f64;
            costs.push(cost);
            println!(
                "{load:<12} {name:<10} {:>10.0} {cost:>9.2} us {:>8.2} {:>6} KB",
                replies as f64 / took.as_secs_f64(),
                used.as_secs_f64() / took.as_secs_f64(),
                resident(pid)
            );
        }
        println!("{load:<12} {:.1} times less", costs[0] / costs[1]);
    }
}

type Load = fn(SocketAddr, Duration) -> u64;

/// `radius serve`, with nothing to print.
struct Ours {
    child: Child,
    address: SocketAddr,
}

impl Ours {
    fn start() -> Ours {
        let address = SocketAddr::from(([127, 0, 0, 1], peer::free_port()));
        let listen = format!("udp://{address}?role=auth");
        let child = Command::new(env!("CARGO_BIN_EXE_radius"))
            .args([
                "serve",
                "-q",
                "-s",
                SECRET,
                "--user",
                "alice:hello",
                "-l",
                &listen,
            ])
            .stdout(Stdio::null())
            .spawn()
            .expect("the program is built before its benchmarks");
        let started = Instant::now();
        while batched(address, Duration::from_millis(50)) == 0 {
            assert!(
                started.elapsed() < Duration::from_secs(10),
                "radius serve does not answer"
            );
        }
        Ours { child, address }
    }
}

impl Drop for Ours {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks with radclient, 64 in flight, until the time is over; how many answers came. What it repeats it sends one after
/// the other, whatever `-p` says: to have 64 in flight it must be given 64 requests.
fn radclient(server: SocketAddr, time: Duration) -> u64 {
    const REQUESTS: u64 = 64;
    const COUNT: u64 = 300;
    let text: String = (0..REQUESTS)
        .map(|port| format!("User-Name = \"alice\", User-Password = \"hello\", NAS-Port = {port}\n\n"))
        .collect();
    let (begun, mut replies) = (Instant::now(), 0);
    while begun.elapsed() < time {
        let mut child = Command::new("radclient")
            .args(["-q", "-p", "64", "-c", &COUNT.to_string(), "-r", "1"])
            .args([&server.to_string(), "auth", SECRET])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("radclient is installed");
        let stdin = child.stdin.as_mut().expect("it was asked for");
        stdin.write_all(text.as_bytes()).expect("radclient reads");
        let ended = child.wait().expect("radclient ends");
        assert!(ended.success(), "radclient: {ended}");
        replies += REQUESTS * COUNT;
        if time < Duration::from_secs(1) {
            break;
        }
    }
    replies
}

/// Asks in batches, each request with an authenticator of its own, until the time is over; how many answers came.
fn batched(server: SocketAddr, time: Duration) -> u64 {
    let secret = Secret::new(SECRET);
    let mut flows: Vec<Flow> = (0..SOCKETS)
        .map(|number| Flow::new(server, number, &secret))
        .collect();
    let begun = Instant::now();
    for flow in &mut flows {
        flow.send(WINDOW);
    }
    let mut replies = 0;
    while begun.elapsed() < time {
        for flow in &mut flows {
            replies += flow.turn();
        }
    }
    replies
}

struct Flow {
    socket: UdpSocket,
    server: SocketAddr,
    inbox: Inbox,
    outbox: Outbox,
    requests: Vec<Arc<[u8]>>,
    next: usize,
    idle: u32,
}

impl Flow {
    fn new(server: SocketAddr, number: usize, secret: &Secret) -> Flow {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("loopback has ports");
        Flow {
            socket,
            server,
            inbox: Inbox::new(false),
            outbox: Outbox::new(false),
            requests: (0..2048).map(|turn| request(turn, number, secret)).collect(),
            next: 0,
            idle: 0,
        }
    }

    fn send(&mut self, count: usize) {
        for _ in 0..count {
            let request = &self.requests[self.next % self.requests.len()];
            self.outbox.push(Arc::clone(request), self.server, None);
            self.next += 1;
        }
        self.outbox
            .send(&self.socket)
            .expect("loopback takes what it can");
    }

    /// Takes what came, and asks as much anew; how much it was.
    fn turn(&mut self) -> u64 {
        let count = self
            .inbox
            .receive(&self.socket, false)
            .expect("the socket is open");
        self.idle = if count == 0 { self.idle + 1 } else { 0 };
        if self.idle > 100_000 {
            // Something was lost: the window is opened again.
            self.idle = 0;
            self.send(WINDOW);
        }
        if count > 0 {
            self.send(count);
        }
        count as u64
    }
}

fn request(turn: usize, number: usize, secret: &Secret) -> Arc<[u8]> {
    let mut authenticator = [0; 16];
    authenticator[..8].copy_from_slice(&(turn as u64).to_be_bytes());
    authenticator[8..].copy_from_slice(&(number as u64 + begun()).to_be_bytes());
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
    octets.into()
}

/// A number that differs from run to run, so that no request is a duplicate of one in the run before.
fn begun() -> u64 {
    std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .map_or(0, |since| since.as_nanos() as u64 & !0xff)
}

/// What the kernel charged to the process and its threads.
fn processor_time(pid: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("the server runs");
    let after_name = stat.rsplit_once(')').expect("its name is in parentheses").1;
    let ticks: u64 = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(|ticks| ticks.parse::<u64>().expect("these are numbers"))
        .sum();
    Duration::from_millis(ticks * 10)
}

/// How much memory the process has, in kilobytes.
fn resident(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("the server runs");
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
        .unwrap_or(0)
}
