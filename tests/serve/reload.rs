//! New settings and new files while requests come.

use std::collections::BTreeSet;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use crate::client::{Client, SECRET, ask, pap};
use crate::peer::Served;

#[test]
fn settings_and_logs_change_under_load_and_no_request_is_lost() {
    const ROUNDS: usize = 10;
    let config = |password: &str| {
        format!(
            "secret = \"{SECRET}\"\nacct-log = \"acct.json\"\n[[user]]\nname = \"bob\"\npassword = \"{password}\"\n"
        )
    };
    let mut server = Served::start(&["--config", "serve.toml"], &[("serve.toml", &config("p"))]);
    let directory = server.directory().to_owned();
    let mut client = Client::new("r", server.address("udp acct"));
    for round in 0..ROUNDS {
        fs::write(directory.join("serve.toml"), config(&format!("p{round}"))).unwrap();
        fs::rename(
            directory.join("acct.json"),
            directory.join(format!("acct.{round}.json")),
        )
        .unwrap();
        let begun = Instant::now();
        server.signal("HUP");
        while begun.elapsed() < Duration::from_millis(100) || !directory.join("acct.json").exists() {
            client.turn(16, Duration::from_secs(3600));
            assert!(begun.elapsed() < Duration::from_secs(20), "no new log");
            thread::sleep(Duration::from_micros(100));
        }
    }
    let begun = Instant::now();
    while client.waiting() > 0 {
        client.turn(0, Duration::from_secs(3600));
        assert!(begun.elapsed() < Duration::from_secs(20), "a request was lost");
    }
    let last = format!("p{}", ROUNDS - 1);
    let accept = |password: &str| {
        let request = pap("bob", password, 1, &[7; 16]);
        ask(server.address("udp auth"), &request, Duration::from_secs(10)).unwrap()[0]
    };
    assert_eq!(accept(&last), 2);
    server.wait_for("reloaded");
    let mut stored = BTreeSet::new();
    let mut logs: Vec<String> = (0..ROUNDS).map(|round| format!("acct.{round}.json")).collect();
    logs.push("acct.json".to_owned());
    for log in logs {
        let text = fs::read_to_string(directory.join(log)).unwrap();
        for line in text.lines() {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            let new = stored.insert(record["attributes"][1]["value"].as_str().unwrap().to_owned());
            assert!(new, "stored twice: {line}");
        }
    }
    assert_eq!(stored, client.reported.iter().cloned().collect());
    assert_eq!(client.again, 0);
}
