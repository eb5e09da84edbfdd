//! What a login with PEAP-MSCHAPv2 takes: `radius auth` beside eapol_test, in the same run, at FreeRADIUS and at
//! `radius serve`.
//!
//! `cargo bench --bench logins`, on a machine with freeradius, eapol_test and openssl (Debian's packages).
//!
//! - one login: the whole process, from its start to its end, and the start alone (`--version`, `-v`), medians of 20;
//! - many: 2000 logins of one `radius auth --parallel 64`, and eapol_test in eight processes side by side for five
//!   seconds. That it starts a process for each login is what it costs whoever has nothing else.
#![allow(clippy::print_stdout)] // Its result is what it prints.

#[path = "../peer/mod.rs"]
mod peer;

use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use peer::{Certificates, EapolTest, FreeRadius, Network, SECRET, Served, Settings, TlsVersion, Tool};

const ONE: usize = 20;
const MANY: &str = "2000";
const PROCESSES: usize = 8;
const SECONDS: u64 = 5;

fn main() {
    // `cargo bench` passes `--bench`; a filter that does not name us means others.
    let filter = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'));
    if filter.is_some_and(|filter| !"logins".contains(&filter)) {
        return;
    }
    let freeradius = FreeRadius::start_with(&Settings {
        debug: false,
        ..Settings::default()
    });
    let [cert, key] = ["server.pem", "server.key"].map(file);
    let ours = Served::start(
        &[
            "-s",
            SECRET,
            "--user",
            "alice:hello",
            "--cert",
            &cert,
            "--key",
            &key,
        ],
        &[],
    );
    println!(
        "start alone: radius {:.1} ms, eapol_test {:.1} ms",
        median(|| start(env!("CARGO_BIN_EXE_radius").as_ref(), "--version")),
        median(|| start(&Tool::EapolTest.path(), "-v")),
    );
    for (name, address) in [
        ("freeradius", freeradius.auth),
        ("radius serve", ours.address("udp auth")),
    ] {
        println!(
            "{name:<12} one login: radius {:.1} ms, eapol_test {:.1} ms",
            median(|| log_in(address, "1")),
            median(|| eapol_test(address)),
        );
        let began = Instant::now();
        log_in(address, MANY);
        let ours = 2000.0 / began.elapsed().as_secs_f64();
        let theirs = side_by_side(address);
        println!(
            "{name:<12} many: radius {ours:.0} logins/s, {PROCESSES} x eapol_test {theirs:.0} logins/s, {:.1} times as many",
            ours / theirs
        );
    }
}

fn file(name: &str) -> String {
    Certificates::shared().path(name).display().to_string()
}

/// The median of some runs, in milliseconds.
fn median(mut run: impl FnMut() -> Duration) -> f64 {
    run();
    let mut all: Vec<Duration> = (0..ONE).map(|_| run()).collect();
    all.sort();
    all[ONE / 2].as_secs_f64() * 1e3
}

fn start(program: &std::path::Path, argument: &str) -> Duration {
    let began = Instant::now();
    let ended = Command::new(program)
        .arg(argument)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(ended.is_ok(), "{}", program.display());
    began.elapsed()
}

/// So many logins of ours.
fn log_in(address: SocketAddr, count: &str) -> Duration {
    let (ca, address) = (file("ca.pem"), address.to_string());
    let mut command = Command::new(env!("CARGO_BIN_EXE_radius"));
    command.args(["auth", &address, "-s", SECRET, "-u", "alice", "-p", "hello"]);
    command.args(["-m", "peap-mschapv2", "--eap-ca", &ca]);
    command.args([
        "--anonymous-identity",
        "anonymous",
        "-c",
        count,
        "--parallel",
        "64",
    ]);
    command.args(["-o", "none", "-q"]).stderr(Stdio::null());
    let began = Instant::now();
    let ended = command
        .status()
        .expect("the program is built before its benchmarks");
    assert!(ended.success(), "a login failed: {ended}");
    began.elapsed()
}

fn network() -> Network {
    Network::tunnel("PEAP", TlsVersion::V1_3, "auth=MSCHAPV2", "alice", "hello")
}

fn eapol_test(address: SocketAddr) -> Duration {
    let verdict = EapolTest::new(address).log_in(&network());
    assert!(verdict.succeeded(), "{}", verdict.finished.stdout);
    verdict.finished.took
}

/// Logins a second of eapol_test in several processes, one after the other in each of as many threads.
fn side_by_side(address: SocketAddr) -> f64 {
    let began = Instant::now();
    let count: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..PROCESSES)
            .map(|_| {
                scope.spawn(move || {
                    let mut count = 0;
                    while began.elapsed() < Duration::from_secs(SECONDS) {
                        eapol_test(address);
                        count += 1;
                    }
                    count
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or(0)).sum()
    });
    count as f64 / began.elapsed().as_secs_f64()
}
