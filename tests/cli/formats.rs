//! How results look: for people, for scripts, with octets.

use snapbox::str;

use crate::server::{Answer, Server};
use crate::transcript::{Run, radius};

/// A reply with types of many kinds.
fn server() -> Server {
    Server::udp(|request| {
        let reply = request.yes().with(6, [0, 0, 0, 2]).with(8, [10, 0, 0, 7]);
        let reply = reply.with(97, [0, 64, 0x20, 1, 0x0d, 0xb8, 0, 7, 0, 0]);
        let reply = reply
            .with(25, [1, 2, 0xff])
            .with(64, [1, 0, 0, 13])
            .with(81, *b"\x0142");
        let reply = reply.with(26, *b"\x00\x00\x00\x09\x01\x13shell:priv-lvl=15");
        // A value that no dictionary knows, one of a wrong length, and a vendor that no dictionary knows.
        let reply = reply
            .with(26, [0, 0, 0, 9, 250, 4, b'h', b'i'])
            .with(27, [1, 2, 3]);
        reply
            .with(26, [0, 1, 0x86, 0x9f, 1, 5, 0x0a, 0x0b, 0x0c])
            .with(18, "tab\there \u{e9}")
            .send()
    })
}

fn alice() -> Run {
    radius(["auth", "-u", "alice", "-p", "wonderland"]).fixed()
}

#[test]
fn for_people() {
    alice().ask(&server()).run().is(str![]);
}

#[test]
fn what_prints_as_an_attribute_parses_as_one() {
    let server = server();
    let printed = alice().ask(&server).run().stdout;
    // A result is a heading and attributes; a line may end with a comment.
    let attributes: String = printed.lines().skip(1).map(|line| format!("{line}\n")).collect();
    let parsed = radius(["send", "--code", "2", "-n", "--json", "-f", "r", "127.0.0.1"])
        .file("r", attributes)
        .run();
    let asked = alice().args(["--json"]).ask(&server).run();
    assert_eq!(
        parsed.exits(0).one_json()["attributes"],
        asked.one_json()["reply"]["attributes"]
    );
}

#[test]
fn with_the_octets() {
    alice().args(["--hex"]).ask(&server()).run().is(str![]);
}

#[test]
fn with_each_attributes_octets() {
    alice().args(["--annotate"]).ask(&server()).run().is(str![]);
}

#[test]
fn as_json() {
    alice().args(["--json"]).ask(&server()).run().is(str![]);
}

#[test]
fn as_json_lines() {
    let server = Server::yes();
    let transcript = radius(["auth", "-u", "alice", "-p", "x", "-c", "2", "-o", "ndjson"])
        .ask(&server)
        .run();
    assert_eq!(transcript.stdout.lines().count(), 2);
    for line in transcript.stdout.lines() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(value["verdict"], "accept");
    }
    assert!(
        transcript.stderr.contains("2 sent = 2 answered + 0 lost"),
        "the summary is no JSON and goes to stderr"
    );
}

#[test]
fn json_and_output_json_are_the_same() {
    let run = |arguments: [&str; 2]| {
        alice()
            .args(["-n"])
            .args(arguments)
            .args(["127.0.0.1"])
            .run()
            .stdout
    };
    assert_eq!(
        run(["-o", "json"]),
        run(["--json", "--no-builtin-dict"]).replace("Attr-1", "User-Name")
    );
}

#[test]
fn a_trace_shows_every_packet_both_ways_and_then_the_result() {
    alice().args(["--trace"]).ask(&server()).run().is(str![]);
}

#[test]
fn the_environment_asks_for_a_trace_too() {
    let server = Server::yes();
    let traced = |value: &str| {
        alice()
            .env("RADIUS_TRACE", value)
            .ask(&server)
            .run()
            .stdout
            .contains('→')
    };
    assert!(traced("1") && traced("yes"));
    assert!(!traced("0") && !traced(""));
}

#[test]
fn a_trace_beside_json_goes_to_stderr() {
    let server = Server::yes();
    let transcript = alice().args(["--trace", "--json"]).ask(&server).run();
    assert_eq!(transcript.one_json()["verdict"], "accept");
    assert!(
        transcript.stderr.contains("→ Access-Request id=5")
            && transcript.stderr.contains("← Access-Accept id=5")
    );
}

#[test]
fn a_trace_shows_what_was_ignored_and_why() {
    let server = Server::udp(|request| {
        vec![
            Answer::Octets(request.yes().secret("another").octets()),
            Answer::Octets(request.yes().identifier(99).octets()),
            Answer::Octets(vec![2, 5, 0]),
            Answer::Octets(request.yes().octets()),
        ]
    });
    alice().args(["--trace"]).ask(&server).run().is(str![]);
}

#[test]
fn quiet_prints_nothing_but_errors() {
    let server = Server::yes();
    let transcript = alice().args(["-q"]).ask(&server).run();
    assert_eq!(
        (
            transcript.stdout.as_str(),
            transcript.stderr.as_str(),
            transcript.code
        ),
        ("", "", Some(0))
    );
    let transcript = alice().args(["-q"]).hasty().ask(&Server::silent()).run();
    assert_eq!(transcript.stdout, "");
    assert!(transcript.stderr.starts_with("error: no reply from"));
}

#[test]
fn none_prints_nothing() {
    let server = Server::yes();
    let transcript = alice().args(["-o", "none", "-c", "2"]).ask(&server).run();
    assert_eq!(
        (
            transcript.stdout.as_str(),
            transcript.stderr.as_str(),
            transcript.code
        ),
        ("", "", Some(0))
    );
}

#[test]
fn colours_are_there_when_asked_for_and_only_then() {
    let server = Server::yes();
    let coloured = |run: Run| run.ask(&server).run().stdout.contains('\u{1b}');
    assert!(!coloured(alice()));
    assert!(coloured(alice().args(["--color", "always"])));
    assert!(!coloured(
        alice().args(["--color", "never"]).env("CLICOLOR_FORCE", "1")
    ));
    assert!(!coloured(alice().env("NO_COLOR", "1")));
}

#[test]
fn what_a_server_says_cannot_steer_the_terminal() {
    let server = Server::udp(|request| request.yes().with(18, "\u{1b}[2J\u{7}\u{9b}31m").send());
    for arguments in [["--color", "always"], ["--color", "never"]] {
        let transcript = alice().args(arguments).args(["--hex"]).ask(&server).run();
        assert!(!transcript.stdout.contains("\u{1b}[2J") && !transcript.stdout.contains(['\u{7}', '\u{9b}']));
    }
}

#[test]
fn help_and_version_are_results() {
    let transcript = radius(["--version"]).run();
    assert_eq!(
        (transcript.stdout.as_str(), transcript.code),
        ("radius 0.1.0\n", Some(0))
    );
    radius(["--help"]).run().is(str![]);
    let transcript = radius(["auth", "--help"]).run();
    transcript.exits(0).has("Usage: radius auth [OPTIONS] <HOST>");
    radius(["auth"]).run().exits(2);
    radius(["no-such-command"]).run().exits(2);
}
