//! How many logins a second one TLS connection carries: `radius auth` against `radius serve`, and against pyrad2's
//! server where that is installed, in the same run.
//!
//! `cargo bench --bench radsec`, on a machine with openssl (it makes the certificates). RADIUS/1.0 has 256 requests in
//! flight, which are all the Identifiers of a connection; RADIUS/1.1 has 4,096. Client and server share the processors
//! of this machine, so that both are measured. `RADSEC_LOGINS` says how many logins a row has; RADIUS_PYRAD2_PYTHON says
//! where pyrad2 is, as for the tests.

#![allow(clippy::print_stdout)] // Its result is what it prints.

#[path = "../peer/mod.rs"]
mod peer;

use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use peer::{Certificates, Finished, Pyrad2, Tool};

/// Logins of a row.
const LOGINS: u32 = 200_000;
/// What pyrad2's authors measured, client and server together, at best: logins a second.
const PYRAD2: [(&str, u32, f64); 2] = [("1.0", 256, 3_600.0), ("1.1", 4_096, 5_400.0)];

fn main() {
    let filter = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'));
    if filter.is_some_and(|filter| !"radsec".contains(&filter)) {
        return;
    }
    let logins = std::env::var("RADSEC_LOGINS")
        .ok()
        .and_then(|count| count.parse().ok());
    let logins: u32 = logins.unwrap_or(LOGINS);
    let server = Ours::start();
    println!(
        "{:<8} {:<12} {:>9} {:>12}",
        "server", "version", "in flight", "logins/s"
    );
    for (version, parallel, theirs) in PYRAD2 {
        let rate = measure(server.address, version, parallel, logins);
        println!(
            "{:<8} RADIUS/{version:<5} {parallel:>9} {rate:>12.0}   {:.1} times pyrad2's {theirs:.0}",
            "radius",
            rate / theirs
        );
    }
    if !peer::missing(&[Tool::Pyrad2]).is_empty() {
        println!("pyrad2 is not installed: its server is left out");
        return;
    }
    for (version, parallel, _) in PYRAD2 {
        let server = Pyrad2::start(version);
        let rate = measure(server.tls, version, parallel, logins.min(10_000));
        println!("{:<8} RADIUS/{version:<5} {parallel:>9} {rate:>12.0}", "pyrad2");
    }
}

/// A file of the shared certificates.
fn file(name: &str) -> String {
    Certificates::shared().path(name).display().to_string()
}

/// `radius serve`, with nothing to print.
struct Ours {
    child: Child,
    address: SocketAddr,
}

impl Ours {
    fn start() -> Ours {
        let address = SocketAddr::from(([127, 0, 0, 1], peer::free_port()));
        let child = Command::new(env!("CARGO_BIN_EXE_radius"))
            .args([
                "serve",
                "-q",
                "--user",
                "alice:hello",
                "-l",
                &format!("tls://{address}"),
            ])
            .args(["--tls-ca", &file("ca.pem")])
            .args([
                "--tls-cert",
                &file("server.pem"),
                "--tls-key",
                &file("server.key"),
            ])
            .stdout(Stdio::null())
            .spawn()
            .expect("the program is built before its benchmarks");
        let started = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(
                started.elapsed() < Duration::from_secs(10),
                "radius serve does not listen"
            );
            std::thread::sleep(Duration::from_millis(10));
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

/// Logins a second, the start of the program and its handshake included.
fn measure(server: SocketAddr, version: &str, parallel: u32, logins: u32) -> f64 {
    // The first, which is not counted, warms what there is to be warmed.
    log_in(server, version, parallel, logins.min(5_000));
    let finished = log_in(server, version, parallel, logins);
    f64::from(logins) / finished.took.as_secs_f64()
}

fn log_in(server: SocketAddr, version: &str, parallel: u32, logins: u32) -> Finished {
    let mut command = Command::new(env!("CARGO_BIN_EXE_radius"));
    command
        .args([
            "auth",
            &format!("tls://{server}"),
            "-u",
            "alice",
            "-p",
            "hello",
            "-o",
            "none",
            "-v",
        ])
        .args(["--radius-version", version, "-t", "30s"])
        .args(["--parallel", &parallel.to_string(), "-c", &logins.to_string()])
        .args([
            "--ca",
            &file("ca.pem"),
            "--cert",
            &file("client.pem"),
            "--key",
            &file("client.key"),
        ]);
    let finished = peer::run(&mut command, b"", Duration::from_secs(600));
    assert_eq!(finished.code(), 0, "{}", finished.stderr);
    let connections = finished.stderr.matches("shaken hands").count();
    assert_eq!(connections, 1, "all of it goes over one connection");
    finished
}
