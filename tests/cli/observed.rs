//! `radius trace`: packets from a text, or from our own JSON, looked at as those of a capture: linked, selected, judged
//! and written in every form.

use snapbox::str;

use crate::server::Server;
use crate::transcript::{Run, radius};

/// The Access-Request and the Access-Accept of RFC 2865 §7.1; the secret is xyzzy5461.
const TEXT: &str = "\
010000380f403f9473978057bd83d5cb98f4227a01066e656d6f02120dbe708d93d413ce3196e43f782a0aee0406c0a80110050600000003

0200002686fe220e7624ba2a1005f6bf9b55e0b20606000000010f06000000000e06c0a80103
";

fn trace<const N: usize>(arguments: [&str; N]) -> Run {
    radius(["trace", "-s", "xyzzy5461"])
        .without_secret()
        .args(arguments)
}

fn text<const N: usize>(arguments: [&str; N]) -> Run {
    trace(arguments).stdin(TEXT)
}

/// What a login prints as JSON, octets and all.
fn login<const N: usize>(arguments: [&str; N]) -> String {
    radius(["auth", "-u", "alice", "-p", "wonderland", "--hex"])
        .fixed()
        .args(arguments)
        .ask(&Server::yes())
        .run()
        .stdout
}

fn recorded<const N: usize>(arguments: [&str; N]) -> Run {
    radius(["trace", "-s", crate::server::SECRET])
        .without_secret()
        .args(arguments)
}

#[test]
fn a_text_is_linted() {
    text(["--lint"]).run().is(str![[r#"
1 Access-Request id=0 len=56 nemo
  warning blastradius-request: an Access-Request without Message-Authenticator lets an attacker forge its answer (CVE-2024-3596, octet 0)
2 Access-Accept id=0 len=38 #1
  warning blastradius-reply: an answer without Message-Authenticator can be forged (CVE-2024-3596, octet 0)
--- exit 1

"#]]);
    text(["--lint", "--fail-on", "error"]).run().is(str![[r#"
1 Access-Request id=0 len=56 nemo
2 Access-Accept id=0 len=38 #1
--- exit 0

"#]]);
}

#[test]
fn packets_of_a_text_are_selected() {
    text(["--filter", "code == Access-Accept and verdict == right"])
        .run()
        .is(str![[r#"
2 Access-Accept id=0 len=38 #1
--- exit 0

"#]]);
    text(["--first", "1"]).run().is(str![[r#"
1 Access-Request id=0 len=56 nemo
--- exit 0

"#]]);
    text(["--filter", "code == Access-Reject"]).run().is(str![[r#"
--- stderr
warning: none of 2 packets is what the filter asks for
--- exit 1

"#]]);
    text(["--filter", "code == "]).run().is(str![[r#"
--- stderr
error: a value is missing
 --> --filter:1:9
  |
1 | code == 
  |         ^
--- exit 2

"#]]);
    text(["--until", "2026-01-01T00:00:00Z"]).run().is(str![[r#"
--- stderr
error: --from and --until select by time, and hexadecimal text says none
--- exit 2

"#]]);
}

#[test]
fn columns_come_in_the_order_that_was_asked_for() {
    text([
        "--csv",
        "id, code,User-Name,time,src,rtt,request,verdict,Findings,User-Password",
    ])
    .run()
    .is(str![[r#"
id,code,User-Name,time,src,rtt,request,verdict,Findings,User-Password
0,Access-Request,nemo,,,,,unverifiable,unprotected-transport blastradius-request,<hidden>
0,Access-Accept,,,,,1,right,unprotected-transport blastradius-reply,
--- exit 0

"#]]);
    text(["--csv", "code,User-Nmae"]).run().is(str![[r#"
--- stderr
error: `User-Nmae` is neither a field nor an attribute
hint: did you mean `User-Name`?
--- exit 2

"#]]);
}

#[test]
fn a_text_has_a_ladder_and_statistics_without_times_and_addresses() {
    text(["--flow"]).run().is(str![[r#"
conversation 1, nemo
                client                                          server
                │ Access-Request id=0 ──────────────────────────────▶ │ #1
                │ ◀─────────────────────────────── Access-Accept id=0 │ #2

--- exit 0

"#]]);
    text(["--stats"]).run().is(str![[r#"
2 packets in 2 frames

1 requests = 1 answered + 0 lost
0 retransmissions, 0 duplicate replies, 0 late replies, 0 replies without a request
0 malformed, 0 with wrong seals

code                             packets        octets    repeated
Access-Request                         1            56           0
Access-Accept                          1            38           0
--- exit 0

"#]]);
}

#[test]
fn a_text_is_written_as_a_capture() {
    let directory = tempfile::tempdir().unwrap();
    let capture = directory.path().join("a.pcapng");
    let path = capture.to_str().unwrap();
    let printed = text(["-w", path]).run();
    printed.is(str![[r#"
1 Access-Request id=0 len=56 nemo
2 Access-Accept id=0 len=38 #1
--- exit 0

"#]]);
    assert_eq!(trace([path]).run().stdout, printed.stdout);
    trace([path, "-o", "ndjson"])
        .run()
        .exits(0)
        .has("\"authenticator_check\":\"right\"");
    text(["-w", "/dev/full"]).run().is(str![[r#"
1 Access-Request id=0 len=56 nemo
2 Access-Accept id=0 len=38 #1
--- stderr
error: cannot write `/dev/full`: no space left on device
--- exit 6

"#]]);
}

#[test]
fn a_text_is_replayed() {
    text(["--replay-text"]).run().is(str![[r##"
# packet 1
Packet-Type = Access-Request
User-Name = "nemo"
# User-Password is not shown: --show-secrets does
NAS-IP-Address = 192.168.1.16
NAS-Port = 3

--- exit 0

"##]]);
    let requests = text(["--replay-text", "--show-secrets"]).run();
    requests.is(str![[r##"
# packet 1
Packet-Type = Access-Request
User-Name = "nemo"
User-Password = "arctangent"
NAS-IP-Address = 192.168.1.16
NAS-Port = 3

--- exit 0

"##]]);
    let server = Server::yes();
    radius(["send", "-f", "-"])
        .stdin(requests.stdout.clone())
        .ask(&server)
        .run()
        .exits(0);
    assert_eq!(server.request().text(1), "nemo");
    assert_eq!(server.request().password().unwrap(), "arctangent");
}

#[test]
fn what_a_client_recorded_is_traced() {
    let record = login(["-o", "ndjson"]);
    recorded([]).stdin(record.clone()).run().is(str![[r#"
1 Access-Request id=5 len=71 alice
2 Access-Accept id=5 len=38 #1
--- exit 0

"#]]);
    let pretty = login(["--json"]);
    recorded(["--stats"]).stdin(pretty).run().is(str![[r#"
2 packets in 1 frames

1 requests = 1 answered + 0 lost
0 retransmissions, 0 duplicate replies, 0 late replies, 0 replies without a request
0 malformed, 0 with wrong seals

code                             packets        octets    repeated
Access-Request                         1            71           0
Access-Accept                          1            38           0
--- exit 0

"#]]);
    recorded(["--csv", "number,code,User-Name,User-Password,verdict"])
        .stdin(record.clone())
        .run()
        .is(str![[r#"
number,code,User-Name,User-Password,verdict
1,Access-Request,alice,<hidden>,
2,Access-Accept,,,right
--- exit 0

"#]]);
    // The password is masked there, and nothing can be said of what it covers.
    recorded(["--lint", "--fail-on", "info"])
        .stdin(record.clone())
        .run()
        .is(str![[r#"
1 Access-Request id=5 len=71 alice
  info unprotected-transport: not protected by TLS or DTLS: names and accounting can be read on the way (RFC 6614 §1, octet 0)
  info nas-port-missing: neither NAS-Port nor NAS-Port-Type (RFC 2865 §4.1, octet 0)
  warning authenticator-not-random: the Request Authenticator can be guessed (RFC 2865 §3, octets 4-19)
2 Access-Accept id=5 len=38 #1
  info unprotected-transport: not protected by TLS or DTLS: names and accounting can be read on the way (RFC 6614 §1, octet 0)
--- exit 1

"#]]);
    recorded(["--show-secrets", "-v"])
        .stdin(record)
        .run()
        .is(str![[r#"
--- stderr
error: standard input, object 1: some of its octets are masked, so that nobody can show or write them
hint: what printed it shows all octets with --show-secrets
--- exit 2

"#]]);
}

#[test]
fn what_was_recorded_with_its_secrets_is_opened_and_judged() {
    let record = login(["-o", "ndjson", "--show-secrets"]);
    recorded(["--show-secrets", "-v"])
        .stdin(record.clone())
        .run()
        .is(str![[r#"
1 Access-Request id=5 len=71 alice
  Message-Authenticator = 0x7510d7d7648b3fb113f2087fa0b4b42c
  User-Name = "alice"
  User-Password = "wonderland"
  NAS-Identifier = "radius"
2 Access-Accept id=5 len=38 #1
  Message-Authenticator = 0x883bd3463cdccf9364cc781a2178e9ef
--- exit 0

"#]]);
    recorded(["-o", "ndjson"])
        .stdin(record.clone())
        .run()
        .has("\"message_authenticator\":\"right\"");
    trace([]).stdin(record).run().is(str![[r#"
1 Access-Request id=5 len=71 alice, Message-Authenticator wrong
2 Access-Accept id=5 len=38 #1, secret differs
--- exit 1

"#]]);
}

#[test]
fn records_without_octets_and_text_that_is_no_json_are_told() {
    let record = radius(["auth", "-u", "alice", "-p", "wonderland", "-o", "ndjson"])
        .ask(&Server::yes())
        .run()
        .stdout;
    recorded([]).stdin(record.clone()).run().is(str![[r#"
--- stderr
warning: 2 packets of standard input came without octets and could not be read
hint: --hex adds the octets of packets to JSON, and --trace to that of serve
--- exit 1

"#]]);
    recorded([])
        .stdin(format!("{record}{{\"packet\""))
        .run()
        .has("this is no JSON")
        .exits(2);
    recorded([])
        .stdin("{\"packet\":{\"octets\":\"01zz\"}}")
        .run()
        .is(str![[r#"
--- stderr
error: standard input, object 1: `01zz` is not hexadecimal
--- exit 2

"#]]);
    recorded([]).stdin("{\"started\":true}\n").run().is(str![[r#"
--- stderr
warning: there is no packet in standard input
--- exit 1

"#]]);
}

#[test]
fn what_trace_prints_as_json_can_be_traced_again() {
    let lines = text(["-o", "ndjson", "--lint", "--show-secrets", "--hex"])
        .run()
        .stdout;
    let again = trace(["-o", "ndjson", "--lint", "--show-secrets", "--hex"])
        .stdin(lines.clone())
        .run()
        .stdout;
    assert_eq!(again, lines);
}

/// A capture in microseconds of frames of raw IP.
fn capture(frames: &[Vec<u8>]) -> Vec<u8> {
    let mut file = Vec::new();
    for word in [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 101] {
        file.extend(word.to_le_bytes());
    }
    for frame in frames {
        let length = u32::try_from(frame.len()).unwrap();
        for word in [1_600_000_000, 0, length, length] {
            file.extend(word.to_le_bytes());
        }
        file.extend(frame);
    }
    file
}

/// A frame of IPv4 with this payload; `fragment` is the field of flags and offset.
fn frame(fragment: u16, payload: &[u8]) -> Vec<u8> {
    let mut octets = vec![0x45, 0];
    octets.extend(u16::try_from(20 + payload.len()).unwrap().to_be_bytes());
    octets.extend([0, 7]);
    octets.extend(fragment.to_be_bytes());
    octets.extend([64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
    octets.extend(payload);
    octets
}

#[test]
fn what_was_not_read_of_a_capture_is_said_at_the_end() {
    let mut datagram = vec![0x9c, 0x40, 0x07, 0x14, 0, 28, 0, 0, 1, 9, 0, 20];
    datagram.extend([7; 16]);
    // The first fragment of two, a whole packet, a frame that is cut in its header, and one that is no IP at all.
    let frames = [
        frame(0x2000, &datagram[..24]),
        frame(0, &datagram),
        vec![0x45, 0, 0],
        vec![0; 40],
    ];
    let traced = trace(["a.pcap"]).file("a.pcap", capture(&frames)).run();
    traced.is(str![[r#"
# 2020-09-13 UTC
2 12:26:40.000000 10.0.0.1:40000 → 10.0.0.2:1812 Access-Request id=9 len=20
2 12:26:40.000000 10.0.0.1:40000 ✗ 10.0.0.2:1812 Access-Request id=9 no reply
--- stderr
warning: 2 of 4 frames could not be read
hint: their headers are cut off, contradict themselves, or are of a link type that is not known
warning: one IP packet lacks some of its fragments
--- exit 0

"#]]);
    let cut = capture(&frames);
    trace(["a.pcap"])
        .file("a.pcap", &cut[..cut.len() - 10])
        .run()
        .is(str![[r#"
# 2020-09-13 UTC
2 12:26:40.000000 10.0.0.1:40000 → 10.0.0.2:1812 Access-Request id=9 len=20
2 12:26:40.000000 10.0.0.1:40000 ✗ 10.0.0.2:1812 Access-Request id=9 no reply
--- stderr
warning: a.pcap ends in the middle of a packet, at octet 167; everything before it was read
warning: 2 of 4 frames could not be read
hint: their headers are cut off, contradict themselves, or are of a link type that is not known
warning: one IP packet lacks some of its fragments
--- exit 0

"#]]);
}

#[test]
fn what_a_tap_cannot_do_is_said_before_it_listens() {
    let tap = |more: &[&str]| {
        let mut run = radius(["trace", "--listen", "udp://127.0.0.1:0"]);
        for argument in more {
            run = run.args([*argument]);
        }
        run.run()
    };
    tap(&["--forward", "tls://127.0.0.1"]).is(str![[r#"
--- stderr
error: nothing says which server to trust on tls://
hint: give the CA that signed its certificate with --ca FILE; no CA of this system is trusted for RADIUS
hint: or pin the certificate with --fingerprint SHA256; --insecure takes any, and shows its fingerprint with -v
--- exit 2

"#]]);
    tap(&["--forward", "udp://127.0.0.1", "--insecure"]).is(str![[r#"
--- stderr
error: --insecure is for TLS and DTLS, and HOST is neither
hint: write tls://HOST or dtls://HOST
--- exit 2

"#]]);
    tap(&[
        "--forward",
        "tls://127.0.0.1",
        "--insecure",
        "--radius-version",
        "1.1",
    ])
    .is(str![[r#"
--- stderr
error: a tap changes no octets, and RADIUS/1.1 is for TLS alone (RFC 9765 §3)
hint: --listen and --forward must both be tls://
--- exit 2

"#]]);
    tap(&["--forward", "udp://127.0.0.1", "--listen-ca", "ca.pem"]).is(str![[r#"
--- stderr
error: --listen-ca is for clients over TLS and DTLS, and --listen takes none
hint: write --listen tls://… or dtls://…
--- exit 2

"#]]);
    text(["--insecure"]).run().is(str![[r#"
--- stderr
error: --insecure is about the way to --forward, and nothing is tapped
hint: a tap has --listen URL and --forward URL
--- exit 2

"#]]);
}
