//! Every exit code and every message of a conversation that fails.

use std::net::UdpSocket;

use radius::codec::Code;
use snapbox::str;

use crate::server::{Answer, Server};
use crate::transcript::{Run, radius};

/// An address of the loopback network on which nobody listens.
const ALONE: &str = "127.99.0.1";

/// The request of most tests here.
fn alice() -> Run {
    radius(["auth", "-u", "alice", "-p", "wonderland"])
}

#[test]
fn a_reply_with_a_bad_authenticator_exits_4_and_names_the_secret() {
    let server = Server::udp(|request| request.yes().unsealed().secret("another").send());
    alice().hasty().ask(&server).run().is(str![[r#"
--- stderr
error: a reply from 127.0.0.1:PORT failed its Response Authenticator check
hint: the shared secrets differ
--- exit 4

"#]]);
}

#[test]
fn a_reply_with_a_bad_message_authenticator_exits_4_and_names_the_secret() {
    let server = Server::udp(|request| request.yes().secret("another").send());
    alice().hasty().ask(&server).run().is(str![[r#"
--- stderr
error: a reply from 127.0.0.1:PORT failed its Message-Authenticator check
hint: the shared secrets differ
--- exit 4

"#]]);
}

#[test]
fn silence_exits_3_and_names_address_and_secret_as_likely_causes() {
    let server = Server::silent();
    alice().hasty().ask(&server).run().is(str![[r#"
--- stderr
error: no reply from 127.0.0.1:PORT after 2 attempts in # s
hint: a server ignores a client that it does not know; check that this address is one of its clients
hint: a server ignores a request whose shared secret differs; its log then speaks of an invalid Message-Authenticator or Request Authenticator
--- exit 3

"#]]);
    assert_eq!(server.requests().len(), 2);
    assert_eq!(
        server.requests()[0].octets,
        server.requests()[1].octets,
        "a retransmission is the same packet"
    );
}

#[test]
fn silence_of_a_nas_names_the_secret_of_dynamic_authorization() {
    let server = Server::silent();
    radius(["disconnect", "-u", "alice"])
        .hasty()
        .ask(&server)
        .run()
        .is(str![[r#"
--- stderr
error: no reply from 127.0.0.1:PORT after 2 attempts in # s
hint: a server ignores a client that it does not know; check that this address is one of its clients
hint: a NAS ignores a request whose shared secret differs; the secret of dynamic authorization may be another one than for authentication
--- exit 3

"#]]);
}

#[test]
fn silence_as_json_is_an_object_with_kind_message_and_hint() {
    let server = Server::silent();
    let transcript = alice().hasty().args(["--json"]).ask(&server).run();
    let json = transcript.exits(3).one_json();
    assert_eq!(json["verdict"], "timeout");
    assert_eq!(json["error"]["kind"], "timeout");
    assert_eq!(json["attempts"], 2);
    assert!(json["error"]["hint"].is_string() && json.get("reply").is_none());
}

#[test]
fn a_closed_port_is_reported_at_once() {
    // No other test has sockets on this address, so that nobody else gets the port.
    let socket = UdpSocket::bind((ALONE, 0)).unwrap();
    let port = socket.local_addr().unwrap().port();
    drop(socket);
    // The policy would wait for hours.
    alice()
        .args(["-t", "1h", "-r", "9", &format!("{ALONE}:{port}")])
        .with_port(port, "PORT")
        .run()
        .is(str![[r#"
--- stderr
error: 127.99.0.1:PORT refused: nobody listens on that port
hint: check that the server runs and that PORT is its port
--- exit 3

"#]]);
}

#[test]
fn a_closed_tcp_port_is_reported_at_once() {
    let listener = std::net::TcpListener::bind((ALONE, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    alice()
        .args(["-t", "1h", "-r", "9", &format!("tcp://{ALONE}:{port}")])
        .with_port(port, "PORT")
        .run()
        .is(str![[r#"
--- stderr
error: 127.99.0.1:PORT refused: nobody listens on that port
hint: check that the server runs and that PORT is its port
--- exit 3

"#]]);
}

#[test]
fn a_name_that_cannot_be_resolved_exits_3() {
    alice().args(["no-such-host.invalid"]).run().is(str![[r#"
--- stderr
error: cannot resolve `no-such-host.invalid`: Name or service not known
hint: check the spelling and this machine's name servers, or give an address
--- exit 3

"#]]);
}

#[test]
fn a_name_that_cannot_be_resolved_is_an_object_in_json() {
    let json = alice()
        .args(["--json", "no-such-host.invalid"])
        .run()
        .exits(3)
        .one_json();
    assert_eq!(json["verdict"], "unreachable");
    assert_eq!(json["error"]["kind"], "resolve");
    assert_eq!(json["attempts"], 0);
}

#[test]
fn a_host_that_is_none_exits_2() {
    for host in ["http://example.org", "127.0.0.1:99999", "[::1", "a b"] {
        alice().args([host]).run().exits(2).has("is no host");
    }
    alice().args(["127.0.0.1:99999"]).run().is(str![[r#"
--- stderr
error: `127.0.0.1:99999` is no host: `99999` is no port from 1 to 65535
hint: a host is name, name:port, 192.0.2.1:1812, [2001:db8::1]:1812, or a URL such as tcp://host:port
--- exit 2

"#]]);
}

#[test]
fn tls_without_anyone_to_trust_says_so() {
    alice().args(["tls://127.0.0.1"]).run().is(str![[r#"
--- stderr
error: nothing says which server to trust on tls://
hint: give the CA that signed its certificate with --ca FILE; no CA of this system is trusted for RADIUS
hint: or pin the certificate with --fingerprint SHA256; --insecure takes any, and shows its fingerprint with -v
--- exit 2

"#]]);
}

#[test]
fn a_tcp_connection_that_closes_within_a_packet_exits_5() {
    let server = Server::tcp(|request| {
        let octets = request.yes().octets();
        vec![Answer::Octets(octets[..10].to_vec()), Answer::Close]
    });
    alice().ask(&server).run().is(str![[r#"
--- stderr
error: 127.0.0.1:PORT closed the connection in the middle of a packet, after 10 octets of it
--- exit 5

"#]]);
}

#[test]
fn a_tcp_connection_that_closes_without_a_reply_exits_3() {
    let server = Server::tcp(|_| vec![Answer::Close]);
    alice().ask(&server).run().is(str![[r#"
--- stderr
error: 127.0.0.1:PORT closed the connection
hint: a server closes the connection of a client that it does not know, or whose secret differs
--- exit 3

"#]]);
}

#[test]
fn a_tcp_stream_that_loses_its_frames_exits_5() {
    let server = Server::tcp(|_| vec![Answer::Octets(vec![2, 0, 0, 3, 0])]);
    alice().ask(&server).run().is(str![[r#"
--- stderr
error: 127.0.0.1:PORT sent a packet whose Length is 3, less than a header has; the stream is lost
--- exit 5

"#]]);
}

#[test]
fn a_malformed_reply_exits_5_and_says_where() {
    let server = Server::udp(|request| {
        let mut octets = request.yes().with(18, "cut").octets();
        let at = octets.len() - 4;
        octets[at] = 99;
        vec![Answer::Octets(octets)]
    });
    alice().hasty().ask(&server).run().is(str![[r#"
--- stderr
error: a reply from 127.0.0.1:PORT is malformed: the attribute at offset 38 has length 99, but 5 octets are left (RFC 2865 §5)
--- exit 5

"#]]);
}

#[test]
fn a_code_that_answers_no_access_request_exits_5() {
    let server = Server::udp(|request| request.reply(Code::COA_ACK).send());
    alice().hasty().ask(&server).run().is(str![[r#"
--- stderr
error: a reply from 127.0.0.1:PORT is CoA-ACK, which does not answer Access-Request
--- exit 5

"#]]);
}

#[test]
fn a_reply_without_message_authenticator_is_taken_with_a_warning() {
    let server = Server::udp(|request| request.yes().unsealed().send());
    alice().ask(&server).run().is(str![[r#"
Access-Accept from 127.0.0.1:PORT in # ms
--- stderr
warning: an answer without Message-Authenticator can be forged (CVE-2024-3596)
hint: the server is open to BlastRADIUS; FreeRADIUS from 3.2.5 on is not. --require-message-authenticator refuses such replies
--- exit 0

"#]]);
}

#[test]
fn a_reply_without_message_authenticator_is_refused_where_it_is_required() {
    let server = Server::udp(|request| request.yes().unsealed().send());
    alice()
        .hasty()
        .args(["--require-message-authenticator"])
        .ask(&server)
        .run()
        .is(str![[r#"
--- stderr
error: a reply from 127.0.0.1:PORT has no Message-Authenticator, which is required here
hint: the server is open to CVE-2024-3596 (BlastRADIUS); update it, FreeRADIUS to 3.2.5 or later
--- exit 4

"#]]);
}

#[test]
fn a_reply_with_a_proxy_state_that_was_not_sent_is_refused() {
    let server = Server::udp(|request| request.yes().unsealed().with(33, "forged").send());
    alice().hasty().ask(&server).run().is(str![[r#"
--- stderr
error: a reply from 127.0.0.1:PORT has no Message-Authenticator, and carries a Proxy-State that was not sent: so does a forgery after CVE-2024-3596 (BlastRADIUS)
--- exit 4

"#]]);
}

#[test]
fn a_legacy_message_authenticator_is_accepted_and_named() {
    let server = Server::udp(|request| {
        // FreeRADIUS 3 computes it over zeros in replies to accounting.
        let mut octets = request.yes().octets();
        let secret = radius::codec::Secret::new(crate::server::SECRET);
        octets[22..38].fill(0);
        octets[4..20].fill(0);
        let value = hmac(&secret, &octets);
        octets[22..38].copy_from_slice(&value);
        octets[4..20].copy_from_slice(request.packet().authenticator());
        let digest = md5(&[&octets, crate::server::SECRET.as_bytes()]);
        octets[4..20].copy_from_slice(&digest);
        vec![Answer::Octets(octets)]
    });
    radius(["acct", "--trace", "-v"])
        .args([
            "-a",
            "NAS-Identifier = nas, Event-Timestamp = 1700000000",
            "--session-id",
            "s1",
            "--id",
            "5",
        ])
        .ask(&server)
        .run()
        .is(str![[r#"
→ Accounting-Request id=5 len=41 to 127.0.0.1:PORT
  authenticator: 1975f3cdff64dc3df16ed2f2d96767b7
  attributes:
    Acct-Status-Type = Start
    Acct-Session-Id = "s1"
    NAS-Identifier = "nas"
    Event-Timestamp = 2023-11-14T22:13:20Z
  raw:
    0000  04 05 00 29 19 75 f3 cd  ff 64 dc 3d f1 6e d2 f2  ...).u...d.=.n..
    0010  d9 67 67 b7 28 06 00 00  00 01 2c 04 73 31 20 05  .gg.(.....,.s1 .
    0020  6e 61 73 37 06 65 53 f1  00                       nas7.eS..
← Accounting-Response id=5 len=38 from 127.0.0.1:PORT
  authenticator: f787d14d5f827f10901a7e5760edbdb5 (right)
  message-authenticator: legacy-zero-vector
  attributes:
    Message-Authenticator = 0xc0a8afaa508a6124bff4570310ac6f61
  raw:
    0000  05 05 00 26 f7 87 d1 4d  5f 82 7f 10 90 1a 7e 57  ...&...M_.....~W
    0010  60 ed bd b5 50 12 c0 a8  af aa 50 8a 61 24 bf f4  `...P.....P.a$..
    0020  57 03 10 ac 6f 61                                 W...oa
Accounting-Response from 127.0.0.1:PORT in # ms
--- stderr
warning: the Message-Authenticator was made over zeros where the request's Authenticator belongs (RFC 3579 §3.2)
--- exit 0

"#]]);
}

fn md5(parts: &[&[u8]]) -> [u8; 16] {
    use md5::{Digest, Md5};
    let mut digest = Md5::new();
    parts.iter().for_each(|part| digest.update(part));
    digest.finalize().into()
}

fn hmac(secret: &radius::codec::Secret, octets: &[u8]) -> [u8; 16] {
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<md5::Md5>::new_from_slice(secret.expose()).unwrap();
    mac.update(octets);
    mac.finalize().into_bytes().into()
}

#[test]
fn a_late_and_a_double_reply_are_counted_and_not_taken() {
    let mut first = None;
    let server = Server::udp(move |request| match request.index {
        0 => {
            first = Some(request.yes().octets());
            Vec::new()
        }
        _ => {
            let octets = request.reply(Code::ACCESS_REJECT).octets();
            vec![
                Answer::Octets(first.take().unwrap()),
                Answer::Octets(octets.clone()),
            ]
        }
    });
    alice()
        .args(["-c", "2", "-v", "-t", "300ms", "-r", "0", "--jitter", "0"])
        .ask(&server)
        .run()
        .is(str![[r#"
Access-Reject from 127.0.0.1:PORT in # ms
2 sent = 1 answered + 1 lost; 0 retransmissions, 1 bad replies
0 succeeded, 1 refused in # s, # replies/s
latency min # ms, median # ms, p99 # ms, max # ms
--- stderr
warning: pap protects the password with the shared secret alone; keep it inside a trusted network, or in a tunnel
error: no reply from 127.0.0.1:PORT after 1 attempt in # s
hint: a server ignores a client that it does not know; check that this address is one of its clients
hint: a server ignores a request whose shared secret differs; its log then speaks of an invalid Message-Authenticator or Request Authenticator
warning: ignored what came from 127.0.0.1:PORT: it came # ms after its request was first sent, too late
--- exit 3

"#]]);
}

#[test]
fn an_address_that_this_machine_lacks_exits_6() {
    let server = Server::silent();
    alice()
        .args(["--bind", "192.0.2.77"])
        .ask(&server)
        .run()
        .is(str![[r#"
--- stderr
error: cannot send from 192.0.2.77: this machine does not have that address
hint: `ip address` shows the addresses of this machine
--- exit 6

"#]]);
}

#[test]
fn a_disk_that_is_full_exits_6() {
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else {
        return;
    };
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_radius"))
        .args([
            "auth",
            "-u",
            "alice",
            "-p",
            "x",
            "-s",
            "s",
            "--dry-run",
            "127.0.0.1",
        ])
        .stdout(full)
        .stderr(std::process::Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(status.status.code(), Some(6));
    assert!(String::from_utf8_lossy(&status.stderr).starts_with("error: cannot write to standard output"));
}

#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    let server = Server::yes();
    let transcript = radius(["auth", "-u", "alice", "-p", "x", "-c", "100000", "-o", "ndjson"])
        .ask(&server)
        .until("accept", |_, stdout| drop(stdout));
    assert_eq!(transcript.stderr, "");
    transcript.exits(0);
}

#[test]
fn ctrl_c_prints_the_summary_so_far() {
    let server = Server::udp(|request| {
        if request.index < 2 {
            request.yes().send()
        } else {
            Vec::new()
        }
    });
    alice()
        .args(["-c", "100", "-t", "1h", "--id", "7"])
        .ask(&server)
        .interrupted_when(|| server.requests().len() > 2)
        .is(str![[r#"
Access-Accept from 127.0.0.1:PORT in # ms
Access-Accept from 127.0.0.1:PORT in # ms
3 sent = 2 answered + 1 lost; 0 retransmissions, 0 bad replies
2 succeeded, 0 refused in # s, # replies/s
latency min # ms, median # ms, p99 # ms, max # ms
--- stderr
error: no reply from 127.0.0.1:PORT until Ctrl-C
--- exit 3

"#]]);
}

#[test]
fn ctrl_c_of_a_single_request_says_that_nothing_came() {
    let server = Server::silent();
    alice()
        .args(["-t", "1h"])
        .ask(&server)
        .interrupted_when(|| !server.requests().is_empty())
        .is(str![[r#"
--- stderr
error: no reply from 127.0.0.1:PORT until Ctrl-C
--- exit 3

"#]]);
}
