//! Secrets and passwords: where they come from, and where they are never seen.

use snapbox::str;

use crate::server::{SECRET, Server};
use crate::transcript::radius;

/// A server that answers with everything that is to be hidden.
fn server() -> Server {
    Server::udp(|request| {
        let reply = request.yes().salted(69, &[1], b"tunnel secret");
        // MS-MPPE-Send-Key of Microsoft (311).
        reply.salted(26, &[0, 0, 1, 0x37, 16, 0], &[0xa7; 16]).send()
    })
}

#[test]
fn passwords_and_keys_are_hidden_in_every_view() {
    let server = server();
    for view in ["--trace", "--hex", "--annotate", "--json", "-v"] {
        let transcript = radius(["auth", "-u", "alice", "-p", "wonderland", view])
            .fixed()
            .ask(&server)
            .run();
        transcript
            .exits(0)
            .lacks("wonderland")
            .lacks("tunnel secret")
            .lacks("a7a7a7")
            .lacks(SECRET);
        assert!(transcript.stdout.contains("<hidden>"), "{view}");
        let request = server.requests().last().unwrap().clone();
        // Hidden octets could be opened by whoever knows the secret; they are masked too.
        let cipher = radius::codec::hex::encode(&request.value(2).unwrap());
        transcript.lacks(&cipher);
    }
    radius(["auth", "-u", "alice", "-p", "wonderland", "--trace"])
        .fixed()
        .ask(&server)
        .run()
        .is(str![]);
}

#[test]
fn show_secrets_shows_them() {
    let server = server();
    radius([
        "auth",
        "-u",
        "alice",
        "-p",
        "wonderland",
        "--show-secrets",
        "--trace",
    ])
    .fixed()
    .ask(&server)
    .run()
    .is(str![]);
}

#[test]
fn chap_and_its_challenge_show_no_password() {
    let server = Server::yes();
    let transcript = radius(["auth", "-m", "chap", "-u", "alice", "-p", "wonderland", "--trace"])
        .fixed()
        .ask(&server)
        .run();
    transcript
        .exits(0)
        .lacks("wonderland")
        .lacks("776f6e6465726c616e64");
}

#[test]
fn the_shared_secret_comes_from_option_file_or_environment() {
    let server = Server::udp(|request| {
        assert_eq!(request.password().as_deref(), Some("wonderland"));
        request.yes().send()
    });
    let run = || {
        radius(["auth", "-u", "alice", "-p", "wonderland", "-q"])
            .without_secret()
            .ask(&server)
    };
    run().args(["-s", SECRET]).run().exits(0);
    run().args(["-s", "0x74657374696e67313233"]).run().exits(0);
    run()
        .args(["--secret-file", "s"])
        .file("s", "testing123\nanother line\n")
        .run()
        .exits(0);
    run()
        .args(["--secret-file", "s"])
        .file("s", "testing123 \r\n")
        .run()
        .exits(0);
    run().env("RADIUS_SECRET", SECRET).run().exits(0);
    run()
        .env("RADIUS_SECRET", "0x74657374696e67313233")
        .run()
        .exits(0);
}

#[test]
fn the_password_comes_from_file_or_environment() {
    let server = Server::udp(|request| {
        assert_eq!(request.password().as_deref(), Some("wonderland"));
        request.yes().send()
    });
    let run = || radius(["auth", "-u", "alice", "-q"]).ask(&server);
    run()
        .args(["--password-file", "p"])
        .file("p", "wonderland\n")
        .run()
        .exits(0);
    run().env("RADIUS_PASSWORD", "wonderland").run().exits(0);
}

#[test]
fn without_a_terminal_a_missing_secret_or_password_exits_2_and_says_where_it_may_come_from() {
    radius(["auth", "-u", "alice", "-p", "x", "127.0.0.1"])
        .without_secret()
        .run()
        .is(str![]);
    radius(["auth", "-u", "alice", "127.0.0.1"]).run().is(str![]);
}

#[test]
fn secrets_are_never_echoed_in_errors() {
    for arguments in [
        [
            "auth",
            "-u",
            "a",
            "-p",
            "hush-password",
            "-s",
            "0xhush",
            "127.0.0.1",
        ],
        [
            "auth",
            "-u",
            "a",
            "-p",
            "hush-password",
            "-s",
            "hush",
            "--no-such-option",
        ],
        [
            "auth",
            "-u",
            "a",
            "-p",
            "hush-password",
            "-s",
            "hush",
            "no-host.invalid",
        ],
        ["auth", "-u", "a", "-p", "hush-password", "-s", "", "127.0.0.1"],
    ] {
        let transcript = radius(arguments).run();
        transcript.lacks("hush");
        assert!(matches!(transcript.code, Some(2 | 3)), "{}", transcript.text());
    }
    radius(["auth", "-u", "a", "-p", "x", "-s", "0xhush", "127.0.0.1"])
        .run()
        .is(str![]);
    radius(["auth", "-u", "a", "-p", "x", "127.0.0.1"])
        .env("RADIUS_SECRET", "0xhush")
        .run()
        .is(str![]);
    radius(["auth", "-u", "a", "-p", "x", "--secret-file", "s", "127.0.0.1"])
        .file("s", "0xhush")
        .run()
        .is(str![]);
    radius(["auth", "-u", "a", "-p", "x", "--secret-file", "s", "127.0.0.1"])
        .file("s", "\n")
        .run()
        .is(str![]);
}

#[test]
fn a_password_that_cannot_be_sent_is_not_echoed() {
    let long = "hush".repeat(40);
    let transcript = radius(["auth", "-u", "a", "-p", &long, "127.0.0.1"]).run();
    transcript.exits(2).lacks("hush");
    let transcript = radius(["auth", "-a", &format!("User-Password = {long}"), "127.0.0.1"]).run();
    transcript.is(str![]);
}
