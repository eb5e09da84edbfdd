//! Across versions and against the current: requests of RADIUS/1.1 proxied to a server of RADIUS/1.0, and dynamic
//! authorization down the connection that a NAS made. Both ends are `radius` itself; others speak neither.

use std::thread;

use libtest_mimic::Trial;

use super::radsec::shared;
use crate::peer::{Finished, Served, radius};

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        a_request_of_radius_1_1_reaches_a_server_of_radius_1_0 needs [Openssl],
        dynamic_authorization_goes_down_the_connection_of_the_nas needs [Openssl],
        a_nas_that_refuses_is_heard_and_one_that_left_is_not_asked needs [Openssl],
        a_nas_that_stays_in_vain_says_so needs [Openssl],
    ]
}

const TLS: &str = "tls://127.0.0.1:0";
const COA: &str = "udp://127.0.0.1:0?role=coa";

fn served(listen: &[&str], more: &[&str]) -> Served {
    let (ca, cert, key) = (shared("ca.pem"), shared("server.pem"), shared("server.key"));
    let own = ["--tls-ca", &ca, "--tls-cert", &cert, "--tls-key", &key];
    let user = ["-v", "--user", "alice:hello", "--reject-delay", "0"];
    Served::on(listen, &[&user[..], &own[..], more].concat(), &[])
}

/// Logs in with the shared client's certificate.
fn log_in(server: &Served, password: &str, more: &[&str]) -> Finished {
    let (ca, cert, key) = (shared("ca.pem"), shared("client.pem"), shared("client.key"));
    let url = format!("tls://{}", server.address("tls any"));
    let ours = [
        "auth", &url, "-u", "alice", "-p", password, "--ca", &ca, "--cert", &cert, "--key", &key,
    ];
    radius(&[&ours[..], more].concat())
}

fn a_request_of_radius_1_1_reaches_a_server_of_radius_1_0() {
    let home = Served::start(&["-v", "--user", "alice:hello", "--reject-delay", "0"], &[]);
    let address = home.address("udp auth").to_string();
    let front = served(&[TLS], &["--proxy-to", &address]);
    for method in ["pap", "chap", "mschapv2", "eap-mschapv2", "peap-mschapv2"] {
        for (password, code) in [("hello", 0), ("wrong", 1)] {
            // The keys of the last ones are compared with our own: they were opened and put in clear on the way.
            let finished = log_in(&front, password, &["-m", method, "--radius-version", "1.1"]);
            assert_eq!(
                finished.code(),
                code,
                "{method} {password}: {}\n{}\n{}\n{}",
                finished.stdout,
                finished.stderr,
                front.log(),
                home.log()
            );
        }
    }
    let log = front.log();
    assert!(log.contains("RADIUS/1.1] Access-Request token="), "{log}");
}

/// A NAS that logs alice in and stays; what it printed when it was over.
fn stays(server: &mut Served, more: &[&'static str]) -> thread::JoinHandle<Finished> {
    let (ca, cert, key) = (shared("ca.pem"), shared("client.pem"), shared("client.key"));
    let url = format!("tls://{}", server.address("tls any"));
    let more = more.to_vec();
    let nas = thread::spawn(move || {
        let ours = [
            "auth",
            &url,
            "-u",
            "alice",
            "-p",
            "hello",
            "--ca",
            &ca,
            "--cert",
            &cert,
            "--key",
            &key,
            "--show-secrets",
            "--watchdog",
            "1s",
        ];
        radius(&[&ours[..], &more].concat())
    });
    server.wait_for("Access-Accept");
    nas
}

fn ask(server: &Served, command: &str, more: &[&str]) -> Finished {
    let address = server.address("udp coa").to_string();
    radius(&[&[command, &address, "-s", "testing123", "-u", "alice"], more].concat())
}

fn dynamic_authorization_goes_down_the_connection_of_the_nas() {
    for version in ["1.0", "1.1"] {
        let mut server = served(&[TLS, COA], &["--reverse-coa"]);
        let nas = stays(
            &mut server,
            &["--stay", "15s", "--stay-count", "3", "--radius-version", version],
        );
        let hidden = ["-a", "Filter-Id = \"slow\", Tunnel-Password:1 = \"through\""];
        for (command, more, answer) in [
            ("coa", &hidden[..], "CoA-ACK"),
            ("disconnect", &[], "Disconnect-ACK"),
            // Whoever asks sees nothing of the hop behind, and gets back what is his.
            ("coa", &["-a", "Proxy-State = 0x6d696e65"], "CoA-ACK"),
        ] {
            let asked = ask(&server, command, more);
            assert_eq!(
                asked.code(),
                0,
                "{}\n{}\n{}",
                asked.stdout,
                asked.stderr,
                server.log()
            );
            assert!(asked.stdout.starts_with(answer), "{}", asked.stdout);
            assert_eq!(
                asked.stdout.contains("Proxy-State = 0x6d696e65"),
                more.iter().any(|text| text.starts_with("Proxy")),
                "{}",
                asked.stdout
            );
        }
        let nas = nas.join().expect("it does not panic");
        let (out, peer) = (&nas.stdout, server.address("tls any"));
        assert_eq!(nas.code(), 0, "{out}\n{}", nas.stderr);
        for line in [
            format!("CoA-Request from {peer}, answered with CoA-ACK"),
            format!("Disconnect-Request from {peer}, answered with Disconnect-ACK"),
            "Filter-Id = \"slow\"".to_owned(),
            "Tunnel-Password:1 = \"through\"".to_owned(),
        ] {
            assert!(out.contains(&line), "{line}: {out}\n{}", nas.stderr);
        }
    }
}

fn a_nas_that_refuses_is_heard_and_one_that_left_is_not_asked() {
    let mut server = served(&[TLS, COA], &["--reverse-coa"]);
    let nas = stays(
        &mut server,
        &[
            "--stay",
            "15s",
            "--stay-count",
            "1",
            "--stay-nak",
            "Session-Context-Not-Removable",
            "--json",
        ],
    );
    let asked = ask(&server, "disconnect", &[]);
    assert_eq!(asked.code(), 1, "{}\n{}", asked.stdout, asked.stderr);
    assert!(
        asked
            .stdout
            .contains("Error-Cause = Session-Context-Not-Removable"),
        "{}",
        asked.stdout
    );
    let nas = nas.join().expect("it does not panic");
    assert_eq!(nas.code(), 0, "{}", nas.stderr);
    assert!(nas.stdout.contains("\"reverse\": true"), "{}", nas.stdout);
    assert!(nas.stdout.contains("\"verdict\": \"nak\""), "{}", nas.stdout);
    server.wait_for("closed by the client");
    // Now nobody is there to be asked, and the server answers for itself: accounting has told it of no session.
    let asked = ask(&server, "coa", &[]);
    assert_eq!(asked.code(), 1, "{}\n{}", asked.stdout, asked.stderr);
    assert!(
        asked.stdout.contains("Error-Cause = Unsupported-Extension"),
        "{}",
        asked.stdout
    );
}

fn a_nas_that_stays_in_vain_says_so() {
    let mut server = served(&[TLS, COA], &[]);
    let nas = stays(&mut server, &["--stay", "3s", "--stay-count", "1", "--trace"]);
    // Without --reverse-coa, nothing goes down.
    assert_eq!(ask(&server, "coa", &[]).code(), 1);
    let nas = nas.join().expect("it does not panic");
    assert_eq!(nas.code(), 1, "{}\n{}", nas.stdout, nas.stderr);
    assert!(
        nas.stderr.contains("1 request was to come down"),
        "{}",
        nas.stderr
    );
    // While it waited, it asked whether the server is there.
    let trace = format!("{}{}", nas.stdout, nas.stderr);
    assert!(trace.contains("→ Status-Server"), "{trace}");
    assert!(server.log().contains("Status-Server"), "{}", server.log());
}
