//! No acknowledged record is ever lost, whatever happens to the server or its disk.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::{Client, SECRET, ask, start};
use crate::peer::free_port;

const PATIENCE: Duration = Duration::from_secs(20);

/// A server that writes its log and says what is wrong into files of its directory.
fn serve(directory: &Path, address: SocketAddr) -> Child {
    let errors = OpenOptions::new()
        .create(true)
        .append(true)
        .open(directory.join("errors"))
        .unwrap();
    Command::new(env!("CARGO_BIN_EXE_radius"))
        .args(["serve", "-q", "-s", SECRET, "--acct-log", "acct.json", "-l"])
        .arg(format!("udp://{address}?role=acct"))
        .current_dir(directory)
        .stdout(Stdio::null())
        .stderr(errors)
        .spawn()
        .unwrap()
}

/// How often each session stands in the log. Fails on a line that is no whole record.
fn sessions(log: &Path) -> BTreeMap<String, usize> {
    let text = fs::read_to_string(log).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'), "a cut record");
    let mut found = BTreeMap::new();
    for line in text.lines() {
        let record: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        let attributes = record["attributes"].as_array().unwrap();
        let session = attributes
            .iter()
            .find(|attribute| attribute["name"] == "Acct-Session-Id")
            .unwrap();
        *found
            .entry(session["value"].as_str().unwrap().to_owned())
            .or_default() += 1;
    }
    found
}

/// Numbers that look thrown, and are the same in every run.
struct Dice(u64);

impl Dice {
    fn next(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

#[test]
fn killed_a_hundred_times_under_load_the_log_has_every_acknowledged_record_once() {
    const KILLS: usize = 100;
    const WINDOW: usize = 24;
    let directory = tempfile::tempdir().unwrap();
    let log = directory.path().join("acct.json");
    let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let mut clients: Vec<Client> = (0..3)
        .map(|number| Client::new(&format!("c{number}"), address))
        .collect();
    let mut dice = Dice(0x5eed_1234_5678_9abc);
    let mut torn = 0;
    for kill in 0..KILLS {
        let mut server = serve(directory.path(), address);
        let before: usize = clients.iter().map(|client| client.acknowledged.len()).sum();
        let begun = Instant::now();
        let mut alive = None;
        let lives = Duration::from_micros(dice.next(40_000));
        while alive.is_none_or(|since: Instant| since.elapsed() < lives) {
            for client in &mut clients {
                client.turn(WINDOW, Duration::from_millis(50));
            }
            let now: usize = clients.iter().map(|client| client.acknowledged.len()).sum();
            if alive.is_none() && now > before {
                alive = Some(Instant::now());
            }
            assert!(begun.elapsed() < PATIENCE, "the server does not answer");
            thread::sleep(Duration::from_micros(200));
        }
        server.kill().unwrap();
        server.wait().unwrap();
        for client in &mut clients {
            client.take();
        }
        // A machine that loses power leaves less than it was told to write.
        if kill % 4 == 0 {
            let cut = br#"{"time":"2026-01-01T00:00:00Z","client":"c","source":"127.0.0.1:1","code":"Acc"#;
            let mut file = OpenOptions::new().append(true).open(&log).unwrap();
            file.write_all(&cut[..1 + dice.next(cut.len() as u64 - 1) as usize])
                .unwrap();
            torn += 1;
        }
    }
    // What was still under way is asked for until it is answered.
    let mut server = serve(directory.path(), address);
    let begun = Instant::now();
    while clients.iter().any(|client| client.waiting() > 0) {
        for client in &mut clients {
            client.turn(0, Duration::from_millis(50));
        }
        assert!(begun.elapsed() < PATIENCE, "not all is answered");
        thread::sleep(Duration::from_millis(1));
    }
    server.kill().unwrap();
    server.wait().unwrap();
    let found = sessions(&log);
    for session in clients.iter().flat_map(|client| &client.acknowledged) {
        assert!(
            found.contains_key(session),
            "{session} was acknowledged and is not stored"
        );
    }
    let twice: Vec<_> = found.iter().filter(|(_, count)| **count != 1).collect();
    assert!(twice.is_empty(), "stored more than once: {twice:?}");
    let reported: usize = clients.iter().map(|client| client.reported.len()).sum();
    assert_eq!(found.len(), reported);
    assert!(reported > KILLS * 3, "there was no load: {reported} records");
    let errors = fs::read_to_string(directory.path().join("errors")).unwrap();
    let told = errors.matches("ended in a record that was cut").count();
    // A kill may cut a record too.
    assert!(told >= torn, "{told} of {torn}: {errors}");
}

#[test]
fn a_full_disk_means_no_answer_and_a_clear_message() {
    let directory = tempfile::tempdir().unwrap();
    let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
    // A file may grow no further, which fails as a full disk does: in the middle of a record.
    let mut server = Command::new("/bin/sh")
        .arg("-c")
        .arg("trap '' XFSZ; ulimit -f 4; exec \"$@\"")
        .arg("sh")
        .arg(env!("CARGO_BIN_EXE_radius"))
        .args(["serve", "-q", "-s", SECRET, "--acct-log", "acct.json", "-l"])
        .arg(format!("udp://{address}?role=acct"))
        .current_dir(directory.path())
        .stdout(Stdio::null())
        .stderr(File::create(directory.path().join("errors")).unwrap())
        .spawn()
        .unwrap();
    let mut acknowledged = Vec::new();
    let mut silent = 0;
    for number in 0..40_u8 {
        let (session, begun) = (format!("s{number}"), Instant::now());
        let octets = start(&session, number);
        loop {
            if ask(address, &octets, Duration::from_millis(300)).is_some() {
                acknowledged.push(session);
                break;
            }
            if !acknowledged.is_empty() {
                silent += 1;
                break;
            }
            assert!(begun.elapsed() < PATIENCE, "the server does not start");
        }
        if silent == 3 {
            break;
        }
    }
    server.kill().unwrap();
    server.wait().unwrap();
    assert_eq!(silent, 3, "the disk never filled");
    let found = sessions(&directory.path().join("acct.json"));
    let stored: Vec<&String> = found.keys().collect();
    acknowledged.sort();
    assert_eq!(stored, acknowledged.iter().collect::<Vec<_>>());
    let errors = fs::read_to_string(directory.path().join("errors")).unwrap();
    assert!(
        errors.contains("the accounting log `acct.json` cannot be written"),
        "{errors}"
    );
    assert_eq!(
        errors.matches("cannot be written").count(),
        1,
        "told once: {errors}"
    );
}
