//! What asking costs: `radius` beside radclient, in the same run and against the same FreeRADIUS.
//!
//! `cargo bench --bench client`, on a machine with freeradius and radclient (Debian's packages). One PAP request as a
//! whole process, and a file of 5,000 requests with 64 (radclient also with 256) in flight. Ratios are what holds from
//! machine to machine.

#![allow(clippy::print_stdout)] // Its result is what it prints.

#[path = "../peer/mod.rs"]
mod peer;

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 41;
const REQUESTS: u32 = 5_000;

fn main() {
    let filter = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'));
    if filter.is_some_and(|filter| !"client".contains(&filter)) {
        return;
    }
    let server = peer::FreeRadius::start_with(&peer::Settings {
        debug: false,
        ..peer::Settings::default()
    });
    let folder = tempfile::tempdir().expect("there is room for two files");
    let (one, many) = (folder.path().join("one"), folder.path().join("many"));
    std::fs::write(&one, "User-Name = alice, User-Password = hello\n").expect("there is room for a file");
    let mut text = String::new();
    for port in 0..REQUESTS {
        let _ = writeln!(
            text,
            "User-Name = alice\nUser-Password = hello\nNAS-Port = {port}\n"
        );
    }
    std::fs::write(&many, text).expect("there is room for a file");
    let (one, many) = (one.display().to_string(), many.display().to_string());
    compare(
        "one request, whole process",
        RUNS,
        &ours(server.auth, &one, "1"),
        &[radclient(server.auth, &one, "1")],
    );
    compare(
        "5,000 requests from a file",
        5,
        &ours(server.auth, &many, "64"),
        &[
            radclient(server.auth, &many, "64"),
            radclient(server.auth, &many, "256"),
        ],
    );
}

/// A command line.
type Line = Vec<String>;

fn ours(server: SocketAddr, file: &str, parallel: &str) -> Line {
    let radius = env!("CARGO_BIN_EXE_radius");
    let server = server.to_string();
    line(&[
        radius,
        "send",
        "-q",
        "-s",
        peer::SECRET,
        "-p",
        parallel,
        "-f",
        file,
        &server,
    ])
}

fn radclient(server: SocketAddr, file: &str, parallel: &str) -> Line {
    line(&[
        "radclient",
        "-q",
        "-p",
        parallel,
        "-f",
        file,
        &server.to_string(),
        "auth",
        peer::SECRET,
    ])
}

fn line(words: &[&str]) -> Line {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Runs all lines in turn, `runs` times each, and prints the medians; the best of the others is what ours is held to.
fn compare(what: &str, runs: usize, ours: &Line, others: &[Line]) {
    let lines: Vec<&Line> = std::iter::once(ours).chain(others).collect();
    let mut taken = vec![Vec::new(); lines.len()];
    for _ in 0..=runs {
        for (taken, line) in taken.iter_mut().zip(&lines) {
            taken.push(run(line));
        }
    }
    // The first run of each warms the caches and does not count.
    let medians: Vec<Duration> = taken.iter_mut().map(|taken| median(&mut taken[1..])).collect();
    let best = medians[1..].iter().min().copied().unwrap_or_default();
    println!(
        "{what}: radius {:.2} ms, radclient {:.2} ms at best, {:.1} times faster",
        medians[0].as_secs_f64() * 1e3,
        best.as_secs_f64() * 1e3,
        best.as_secs_f64() / medians[0].as_secs_f64()
    );
}

fn run(line: &Line) -> Duration {
    let begun = Instant::now();
    let mut command = Command::new(&line[0]);
    let status = command
        .args(&line[1..])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(status.expect("the command is installed").success(), "{line:?}");
    begun.elapsed()
}

fn median(taken: &mut [Duration]) -> Duration {
    taken.sort_unstable();
    taken[taken.len() / 2]
}
