//! What the answer must be: `--expect`, `--expect-exactly`, and files of expectations.

use radius::codec::Code;
use snapbox::str;

use crate::server::Server;
use crate::transcript::{Run, radius};

/// A server whose accept has something of everything.
fn server() -> Server {
    Server::udp(|request| {
        let reply = request.yes().with(6, [0, 0, 0, 2]).with(8, [10, 0, 0, 7]);
        reply
            .with(18, "Hello")
            .with(18, "World")
            .with(27, [0, 0, 0x0e, 0x10])
            .send()
    })
}

fn expecting(server: &Server, expectation: &str) -> Run {
    radius(["auth", "-u", "alice", "-p", "wonderland", "-e", expectation]).ask(server)
}

#[test]
fn every_operator_says_yes_and_no() {
    let server = server();
    for (expectation, code) in [
        ("accept", 0),
        ("reject", 1),
        ("challenge", 1),
        ("ack", 1),
        ("nak", 1),
        ("response", 1),
        ("none", 1),
        ("Packet-Type == Access-Accept", 0),
        ("Packet-Type == Access-Reject", 1),
        ("Service-Type == Framed-User", 0),
        ("Service-Type == 2", 0),
        ("Service-Type == Login-User", 1),
        ("Service-Type = Framed-User", 0),
        ("Service-Type != Login-User", 0),
        ("Service-Type != Framed-User", 1),
        ("Session-Timeout < 3601", 0),
        ("Session-Timeout < 3600", 1),
        ("Session-Timeout <= 3600", 0),
        ("Session-Timeout <= 3599", 1),
        ("Session-Timeout > 3599", 0),
        ("Session-Timeout > 3600", 1),
        ("Session-Timeout >= 3600", 0),
        ("Session-Timeout >= 3601", 1),
        ("Reply-Message =~ \"^Wor\"", 0),
        ("Reply-Message =~ \"^wor\"", 1),
        ("Reply-Message !~ \"Moon\"", 0),
        ("Reply-Message !~ \"World\"", 1),
        ("Class !* ANY", 0),
        ("Reply-Message !* ANY", 1),
        ("Reply-Message =* ANY", 0),
        ("Class =* ANY", 1),
        ("Framed-IP-Address == 10.0.0.7", 0),
        ("Framed-IP-Address == 10.0.0.8", 1),
        ("Service-Type == 2, Session-Timeout > 10", 0),
        ("Service-Type == 2, Session-Timeout > 10000", 1),
    ] {
        let transcript = expecting(&server, expectation).run();
        assert_eq!(
            transcript.code,
            Some(code),
            "{expectation}:\n{}",
            transcript.text()
        );
    }
}

#[test]
fn all_that_is_not_as_expected_is_shown() {
    let server = server();
    expecting(&server, "Service-Type == Login-User")
        .args([
            "-e",
            "reject",
            "-e",
            "Class =* ANY",
            "-e",
            "Session-Timeout > 10",
            "-e",
            "Reply-Message =~ Moon",
        ])
        .run()
        .is(str![[r#"
Access-Accept from 127.0.0.1:PORT in # ms
  Service-Type = Framed-User
  Framed-IP-Address = 10.0.0.7
  Reply-Message = "Hello"
  Reply-Message = "World"
  Session-Timeout = 3600
--- stderr
error: expected Service-Type == Login-User: there is Service-Type = Framed-User
error: expected reject: it is accept
error: expected Class =* ANY: there is no such attribute
error: expected Reply-Message =~ Moon: there is Reply-Message = "Hello", Reply-Message = "World"
--- exit 1

"#]]);
}

#[test]
fn unmet_expectations_are_in_the_json() {
    let server = server();
    let json = expecting(&server, "Service-Type == Login-User")
        .args(["--json"])
        .run()
        .exits(1)
        .one_json();
    assert_eq!(json["verdict"], "accept");
    assert_eq!(json["unmet"][0]["expected"], "Service-Type == Login-User");
    assert_eq!(json["unmet"][0]["found"][0], "Service-Type = Framed-User");
}

#[test]
fn a_reject_that_is_expected_is_success() {
    let server = Server::udp(|request| request.reply(Code::ACCESS_REJECT).send());
    expecting(&server, "reject").run().is(str![[r#"
Access-Reject from 127.0.0.1:PORT in # ms
--- exit 0

"#]]);
    expecting(&server, "accept").run().is(str![[r#"
Access-Reject from 127.0.0.1:PORT in # ms
--- stderr
error: expected accept: it is reject
--- exit 1

"#]]);
}

#[test]
fn silence_that_is_expected_is_success() {
    let server = Server::silent();
    expecting(&server, "none").hasty().run().is(str![[r#"
no reply, as expected
--- exit 0

"#]]);
}

#[test]
fn expectations_are_open_unless_they_are_to_be_exact() {
    let server = Server::udp(|request| request.yes().with(6, [0, 0, 0, 2]).with(18, "Hello").send());
    expecting(&server, "Service-Type == 2").run().exits(0);
    expecting(&server, "Service-Type == 2")
        .args(["--expect-exactly"])
        .run()
        .is(str![[r#"
Access-Accept from 127.0.0.1:PORT in # ms
  Service-Type = Framed-User
  Reply-Message = "Hello"
--- stderr
error: expected no other attribute: there is Reply-Message = "Hello"
--- exit 1

"#]]);
    expecting(&server, "Service-Type == 2")
        .args(["--expect-exactly", "-e", "Reply-Message == Hello"])
        .run()
        .exits(0);
}

#[test]
fn an_expectation_that_cannot_be_read_exits_2() {
    expecting(&server(), "Service-Type").run().is(str![[r#"
--- stderr
error: an operator must follow the name
 --> --expect:1:13
  |
1 | Service-Type
  |             ^
hint: the form is NAME = VALUE, such as User-Name = "bob"
hint: or one of accept, reject, challenge, ack, nak, response, none
--- exit 2

"#]]);
    expecting(&server(), "Service-Tipe == 2").run().exits(2);
    expecting(&server(), "Reply-Message =~ \"(\"").run().is(str![[r#"
--- stderr
error: `(` cannot be used as a regular expression
 --> --expect:1:18
  |
1 | Reply-Message =~ "("
  |                  ^^^
--- exit 2

"#]]);
}

#[test]
fn a_file_of_expectations_goes_with_a_file_of_requests() {
    let server = Server::udp(|request| match request.text(1).as_str() {
        "alice" => request.yes().with(18, "Hello").send(),
        _ => request.reply(Code::ACCESS_REJECT).send(),
    });
    let files = |run: Run| {
        run.file(
            "requests",
            "User-Name = alice\nUser-Password = a\n\nUser-Name = bob\nUser-Password = b\n",
        )
        .file(
            "expect",
            "Packet-Type == Access-Accept\nReply-Message == Hello\n\nPacket-Type == Access-Reject\n",
        )
        .file(
            "wrong",
            "Packet-Type == Access-Accept\nReply-Message == Moon\n\nPacket-Type == Access-Accept\n",
        )
        .file("short", "Packet-Type == Access-Accept\n")
        .ask(&server)
    };
    files(radius(["auth", "-f", "requests:expect"]))
        .run()
        .is(str![[r#"
Access-Accept from 127.0.0.1:PORT in # ms
  Reply-Message = "Hello"
Access-Reject from 127.0.0.1:PORT in # ms
2 sent = 2 answered + 0 lost; 0 retransmissions, 0 bad replies
1 succeeded, 1 refused in # s, # replies/s
latency min # ms, median # ms, p99 # ms, max # ms
--- exit 0

"#]]);
    files(radius(["auth", "-f", "requests:wrong"])).run().is(str![[r#"
Access-Accept from 127.0.0.1:PORT in # ms
  Reply-Message = "Hello"
Access-Reject from 127.0.0.1:PORT in # ms
2 sent = 2 answered + 0 lost; 0 retransmissions, 0 bad replies
1 succeeded, 1 refused, 2 not as expected in # s, # replies/s
latency min # ms, median # ms, p99 # ms, max # ms
--- stderr
error: expected Reply-Message == Moon: there is Reply-Message = "Hello"
error: expected Packet-Type == Access-Accept: it is Access-Reject
--- exit 1

"#]]);
    files(radius(["auth", "-f", "requests:short"])).run().is(str![[r#"
--- stderr
error: `requests` has 2 packets and `short` has 1 expectations
hint: each packet needs one block, in the same order
--- exit 2

"#]]);
}

#[test]
fn response_packet_type_is_an_expectation_of_its_packet() {
    let server = Server::udp(|request| request.reply(Code::ACCESS_REJECT).send());
    let run = |text: &str| radius(["auth", "-f", "r"]).file("r", text).ask(&server).run();
    run("User-Name = bob\nUser-Password = b\nResponse-Packet-Type = Access-Reject\n").exits(0);
    run("User-Name = bob\nUser-Password = b\nResponse-Packet-Type = Access-Accept\n").exits(1);
}
