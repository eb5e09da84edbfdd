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
    alice().ask(&server()).run().is(str![[r#"
Access-Accept from 127.0.0.1:PORT in # ms
  Service-Type = Framed-User
  Framed-IP-Address = 10.0.0.7
  Framed-IPv6-Prefix = 2001:db8:7::/64
  Class = 0x0102ff
  Tunnel-Type:1 = VLAN
  Tunnel-Private-Group-Id:1 = "42"
  Cisco-AVPair = "shell:priv-lvl=15"
  Cisco-Account-Info = "hi"
  Attr-27 = 0x010203  # 3 octets, and the type has 4
  Attr-26.99999.1 = 0x0a0b0c
  Reply-Message = "tab\there é"
--- stderr
warning: Session-Timeout: 3 octets, and the type has 4 (RFC 8044 §3)
--- exit 0

"#]]);
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
        parsed.exits(0).one_json()["attributes"].as_array().unwrap()[..],
        asked.one_json()["reply"]["attributes"].as_array().unwrap()[1..]
    );
}

#[test]
fn with_the_octets() {
    alice().args(["--hex"]).ask(&server()).run().is(str![[r#"
Access-Accept from 127.0.0.1:PORT in # ms
  Service-Type = Framed-User
  Framed-IP-Address = 10.0.0.7
  Framed-IPv6-Prefix = 2001:db8:7::/64
  Class = 0x0102ff
  Tunnel-Type:1 = VLAN
  Tunnel-Private-Group-Id:1 = "42"
  Cisco-AVPair = "shell:priv-lvl=15"
  Cisco-Account-Info = "hi"
  Attr-27 = 0x010203  # 3 octets, and the type has 4
  Attr-26.99999.1 = 0x0a0b0c
  Reply-Message = "tab\there é"
  request:
    0000  01 05 00 47 00 01 02 03  04 05 06 07 08 09 0a 0b  ...G............
    0010  0c 0d 0e 0f 50 12 75 10  d7 d7 64 8b 3f b1 13 f2  ....P.u...d.?...
    0020  08 7f a0 b4 b4 2c 01 07  61 6c 69 63 65 02 12 **  .....,..alice..*
    0030  ** ** ** ** ** ** ** **  ** ** ** ** ** ** ** 20  *************** 
    0040  08 72 61 64 69 75 73                              .radius
  reply:
    0000  02 05 00 8e 07 d5 e0 e5  6e 7c 7f bd 69 8f 4b 6a  ........n|..i.Kj
    0010  17 fa 2a 56 50 12 96 52  52 03 0e 6c b9 2b 93 f3  ..*VP..RR..l.+..
    0020  b6 49 b7 55 f0 80 06 06  00 00 00 02 08 06 0a 00  .I.U............
    0030  00 07 61 0c 00 40 20 01  0d b8 00 07 00 00 19 05  ..a..@ .........
    0040  01 02 ff 40 06 01 00 00  0d 51 05 01 34 32 1a 19  ...@.....Q..42..
    0050  00 00 00 09 01 13 73 68  65 6c 6c 3a 70 72 69 76  ......shell:priv
    0060  2d 6c 76 6c 3d 31 35 1a  0a 00 00 00 09 fa 04 68  -lvl=15........h
    0070  69 1b 05 01 02 03 1a 0b  00 01 86 9f 01 05 0a 0b  i...............
    0080  0c 12 0d 74 61 62 09 68  65 72 65 20 c3 a9        ...tab.here ..
--- stderr
warning: Session-Timeout: 3 octets, and the type has 4 (RFC 8044 §3)
--- exit 0

"#]]);
}

#[test]
fn with_each_attributes_octets() {
    alice().args(["--annotate"]).ask(&server()).run().is(str![[r#"
Access-Accept from 127.0.0.1:PORT in # ms
  Service-Type = Framed-User
  Framed-IP-Address = 10.0.0.7
  Framed-IPv6-Prefix = 2001:db8:7::/64
  Class = 0x0102ff
  Tunnel-Type:1 = VLAN
  Tunnel-Private-Group-Id:1 = "42"
  Cisco-AVPair = "shell:priv-lvl=15"
  Cisco-Account-Info = "hi"
  Attr-27 = 0x010203  # 3 octets, and the type has 4
  Attr-26.99999.1 = 0x0a0b0c
  Reply-Message = "tab\there é"
  request:
    0000  01                        Access-Request
    0001  05                        Identifier 5
    0002  00 47                     Length 71
    0004  00 01 02 03 04 05 06 07   Authenticator
    000c  08 09 0a 0b 0c 0d 0e 0f
    0014  50 12 75 10 d7 d7 64 8b   Message-Authenticator = 0x7510d7d7648b3fb113f2087fa0b4b42c
    001c  3f b1 13 f2 08 7f a0 b4
    0024  b4 2c
    0026  01 07 61 6c 69 63 65      User-Name = "alice"
    002d  02 12 ** ** ** ** ** **   User-Password = <hidden>
    0035  ** ** ** ** ** ** ** **
    003d  ** **
    003f  20 08 72 61 64 69 75 73   NAS-Identifier = "radius"
  reply:
    0000  02                        Access-Accept
    0001  05                        Identifier 5
    0002  00 8e                     Length 142
    0004  07 d5 e0 e5 6e 7c 7f bd   Authenticator
    000c  69 8f 4b 6a 17 fa 2a 56
    0014  50 12 96 52 52 03 0e 6c   Message-Authenticator = 0x965252030e6cb92b93f3b649b755f080
    001c  b9 2b 93 f3 b6 49 b7 55
    0024  f0 80
    0026  06 06 00 00 00 02         Service-Type = Framed-User
    002c  08 06 0a 00 00 07         Framed-IP-Address = 10.0.0.7
    0032  61 0c 00 40 20 01 0d b8   Framed-IPv6-Prefix = 2001:db8:7::/64
    003a  00 07 00 00
    003e  19 05 01 02 ff            Class = 0x0102ff
    0043  40 06 01 00 00 0d         Tunnel-Type:1 = VLAN
    0049  51 05 01 34 32            Tunnel-Private-Group-Id:1 = "42"
    004e  1a 19 00 00 00 09 01 13   Cisco-AVPair = "shell:priv-lvl=15"
    0056  73 68 65 6c 6c 3a 70 72
    005e  69 76 2d 6c 76 6c 3d 31
    0066  35
    0067  1a 0a 00 00 00 09 fa 04   Cisco-Account-Info = "hi"
    006f  68 69
    0071  1b 05 01 02 03            Attr-27 = 0x010203
    0076  1a 0b 00 01 86 9f 01 05   Attr-26.99999.1 = 0x0a0b0c
    007e  0a 0b 0c
    0081  12 0d 74 61 62 09 68 65   Reply-Message = "tab\there é"
    0089  72 65 20 c3 a9
--- stderr
warning: Session-Timeout: 3 octets, and the type has 4 (RFC 8044 §3)
--- exit 0

"#]]);
}

#[test]
fn as_json() {
    alice().args(["--json"]).ask(&server()).run().is(str![[r#"
{
  "verdict": "accept",
  "server": "127.0.0.1:PORT",
  "transport": "udp",
  "method": "pap",
  "rtt_ms": #,
  "attempts": 1,
  "request": {
    "code": "Access-Request",
    "code_number": 1,
    "id": 5,
    "length": 71,
    "authenticator": "000102030405060708090a0b0c0d0e0f",
    "attributes": [
      {
        "name": "Message-Authenticator",
        "oid": "80",
        "type": "octets",
        "value": "0x7510d7d7648b3fb113f2087fa0b4b42c"
      },
      {
        "name": "User-Name",
        "oid": "1",
        "type": "string",
        "value": "alice"
      },
      {
        "name": "User-Password",
        "oid": "2",
        "type": "string",
        "value": "<hidden>"
      },
      {
        "name": "NAS-Identifier",
        "oid": "32",
        "type": "string",
        "value": "radius"
      }
    ]
  },
  "reply": {
    "code": "Access-Accept",
    "code_number": 2,
    "id": 5,
    "length": 142,
    "authenticator": "07d5e0e56e7c7fbd698f4b6a17fa2a56",
    "authenticator_check": "right",
    "message_authenticator": "right",
    "attributes": [
      {
        "name": "Message-Authenticator",
        "oid": "80",
        "type": "octets",
        "value": "0x965252030e6cb92b93f3b649b755f080"
      },
      {
        "name": "Service-Type",
        "oid": "6",
        "type": "integer",
        "value": 2,
        "value_name": "Framed-User"
      },
      {
        "name": "Framed-IP-Address",
        "oid": "8",
        "type": "ipaddr",
        "value": "10.0.0.7"
      },
      {
        "name": "Framed-IPv6-Prefix",
        "oid": "97",
        "type": "ipv6prefix",
        "value": "2001:db8:7::/64"
      },
      {
        "name": "Class",
        "oid": "25",
        "type": "octets",
        "value": "0x0102ff"
      },
      {
        "name": "Tunnel-Type",
        "oid": "64",
        "type": "integer",
        "tag": 1,
        "value": 13,
        "value_name": "VLAN"
      },
      {
        "name": "Tunnel-Private-Group-Id",
        "oid": "81",
        "type": "string",
        "tag": 1,
        "value": "42"
      },
      {
        "name": "Cisco-AVPair",
        "oid": "26.9.1",
        "type": "string",
        "value": "shell:priv-lvl=15"
      },
      {
        "name": "Cisco-Account-Info",
        "oid": "26.9.250",
        "type": "string",
        "value": "hi"
      },
      {
        "name": "Session-Timeout",
        "oid": "27",
        "type": "integer",
        "value": "0x010203",
        "malformed": "3 octets, and the type has 4"
      },
      {
        "name": "Attr-26.99999.1",
        "oid": "26.99999.1",
        "type": "octets",
        "value": "0x0a0b0c"
      },
      {
        "name": "Reply-Message",
        "oid": "18",
        "type": "string",
        "value": "tab\there é"
      }
    ]
  },
  "findings": [
    {
      "rule": "unprotected-transport",
      "severity": "info",
      "message": "not protected by TLS or DTLS: names and accounting can be read on the way",
      "reference": "RFC 6614 §1",
      "octets": [
        0,
        0
      ]
    },
    {
      "rule": "value-malformed",
      "severity": "warning",
      "message": "Session-Timeout: 3 octets, and the type has 4",
      "reference": "RFC 8044 §3",
      "octets": [
        113,
        117
      ]
    }
  ]
}
--- exit 0

"#]]);
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
    let run = |arguments: &[&str]| {
        let run = arguments
            .iter()
            .fold(alice().args(["-n"]), |run, argument| run.args([*argument]));
        run.args(["127.0.0.1"]).run().stdout
    };
    assert_eq!(run(&["-o", "json"]), run(&["--json"]));
}

#[test]
fn a_trace_shows_every_packet_both_ways_and_then_the_result() {
    alice().args(["--trace"]).ask(&server()).run().is(str![[r#"
→ Access-Request id=5 len=71 to 127.0.0.1:PORT
  authenticator: 000102030405060708090a0b0c0d0e0f
  attributes:
    Message-Authenticator = 0x7510d7d7648b3fb113f2087fa0b4b42c
    User-Name = "alice"
    User-Password = <hidden>
    NAS-Identifier = "radius"
  raw:
    0000  01 05 00 47 00 01 02 03  04 05 06 07 08 09 0a 0b  ...G............
    0010  0c 0d 0e 0f 50 12 75 10  d7 d7 64 8b 3f b1 13 f2  ....P.u...d.?...
    0020  08 7f a0 b4 b4 2c 01 07  61 6c 69 63 65 02 12 **  .....,..alice..*
    0030  ** ** ** ** ** ** ** **  ** ** ** ** ** ** ** 20  *************** 
    0040  08 72 61 64 69 75 73                              .radius
← Access-Accept id=5 len=142 from 127.0.0.1:PORT
  authenticator: 07d5e0e56e7c7fbd698f4b6a17fa2a56 (right)
  message-authenticator: right
  attributes:
    Message-Authenticator = 0x965252030e6cb92b93f3b649b755f080
    Service-Type = Framed-User
    Framed-IP-Address = 10.0.0.7
    Framed-IPv6-Prefix = 2001:db8:7::/64
    Class = 0x0102ff
    Tunnel-Type:1 = VLAN
    Tunnel-Private-Group-Id:1 = "42"
    Cisco-AVPair = "shell:priv-lvl=15"
    Cisco-Account-Info = "hi"
    Attr-27 = 0x010203  # 3 octets, and the type has 4
    Attr-26.99999.1 = 0x0a0b0c
    Reply-Message = "tab\there é"
  raw:
    0000  02 05 00 8e 07 d5 e0 e5  6e 7c 7f bd 69 8f 4b 6a  ........n|..i.Kj
    0010  17 fa 2a 56 50 12 96 52  52 03 0e 6c b9 2b 93 f3  ..*VP..RR..l.+..
    0020  b6 49 b7 55 f0 80 06 06  00 00 00 02 08 06 0a 00  .I.U............
    0030  00 07 61 0c 00 40 20 01  0d b8 00 07 00 00 19 05  ..a..@ .........
    0040  01 02 ff 40 06 01 00 00  0d 51 05 01 34 32 1a 19  ...@.....Q..42..
    0050  00 00 00 09 01 13 73 68  65 6c 6c 3a 70 72 69 76  ......shell:priv
    0060  2d 6c 76 6c 3d 31 35 1a  0a 00 00 00 09 fa 04 68  -lvl=15........h
    0070  69 1b 05 01 02 03 1a 0b  00 01 86 9f 01 05 0a 0b  i...............
    0080  0c 12 0d 74 61 62 09 68  65 72 65 20 c3 a9        ...tab.here ..
Access-Accept from 127.0.0.1:PORT in # ms
  Service-Type = Framed-User
  Framed-IP-Address = 10.0.0.7
  Framed-IPv6-Prefix = 2001:db8:7::/64
  Class = 0x0102ff
  Tunnel-Type:1 = VLAN
  Tunnel-Private-Group-Id:1 = "42"
  Cisco-AVPair = "shell:priv-lvl=15"
  Cisco-Account-Info = "hi"
  Attr-27 = 0x010203  # 3 octets, and the type has 4
  Attr-26.99999.1 = 0x0a0b0c
  Reply-Message = "tab\there é"
--- stderr
warning: Session-Timeout: 3 octets, and the type has 4 (RFC 8044 §3)
--- exit 0

"#]]);
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
    alice().args(["--trace"]).ask(&server).run().is(str![[r#"
→ Access-Request id=5 len=71 to 127.0.0.1:PORT
  authenticator: 000102030405060708090a0b0c0d0e0f
  attributes:
    Message-Authenticator = 0x7510d7d7648b3fb113f2087fa0b4b42c
    User-Name = "alice"
    User-Password = <hidden>
    NAS-Identifier = "radius"
  raw:
    0000  01 05 00 47 00 01 02 03  04 05 06 07 08 09 0a 0b  ...G............
    0010  0c 0d 0e 0f 50 12 75 10  d7 d7 64 8b 3f b1 13 f2  ....P.u...d.?...
    0020  08 7f a0 b4 b4 2c 01 07  61 6c 69 63 65 02 12 **  .....,..alice..*
    0030  ** ** ** ** ** ** ** **  ** ** ** ** ** ** ** 20  *************** 
    0040  08 72 61 64 69 75 73                              .radius
← Access-Accept id=5 len=38 from 127.0.0.1:PORT
  authenticator: 42e980f902f25b5c24d16293e3599937
  attributes:
    Message-Authenticator = 0x0682315146f34e460ad11c9a3f63cb7f
  raw:
    0000  02 05 00 26 42 e9 80 f9  02 f2 5b 5c 24 d1 62 93  ...&B.....[\$.b.
    0010  e3 59 99 37 50 12 06 82  31 51 46 f3 4e 46 0a d1  .Y.7P...1QF.NF..
    0020  1c 9a 3f 63 cb 7f                                 ..?c..
← Access-Accept id=99 len=38 from 127.0.0.1:PORT
  authenticator: 15477d7b7952229aaf0b387c1b587f11
  attributes:
    Message-Authenticator = 0xd5abd4fc9163a9af565faa37a47abadd
  raw:
    0000  02 63 00 26 15 47 7d 7b  79 52 22 9a af 0b 38 7c  .c.&.G}{yR"...8|
    0010  1b 58 7f 11 50 12 d5 ab  d4 fc 91 63 a9 af 56 5f  .X..P......c..V_
    0020  aa 37 a4 7a ba dd                                 .7.z..
← Access-Accept id=5 len=38 from 127.0.0.1:PORT
  authenticator: 965b6ba6d6fc77ab26c10bb1835854ec (right)
  message-authenticator: right
  attributes:
    Message-Authenticator = 0x883bd3463cdccf9364cc781a2178e9ef
  raw:
    0000  02 05 00 26 96 5b 6b a6  d6 fc 77 ab 26 c1 0b b1  ...&.[k...w.&...
    0010  83 58 54 ec 50 12 88 3b  d3 46 3c dc cf 93 64 cc  .XT.P..;.F<...d.
    0020  78 1a 21 78 e9 ef                                 x.!x..
Access-Accept from 127.0.0.1:PORT in # ms
--- stderr
warning: ignored what came from 127.0.0.1:PORT: it failed its Message-Authenticator check
warning: ignored what came from 127.0.0.1:PORT: it has Identifier 99, and no request with it is outstanding
warning: ignored what came from 127.0.0.1:PORT: it has 3 octets, and a packet has at least 20 (RFC 2865 §3)
--- exit 0

"#]]);
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
    radius(["--help"]).run().is(str![[r#"
The command-line RADIUS test tool: ask a server, see every octet, know why it failed

Usage: radius [OPTIONS] <COMMAND>

Commands:
  auth         May this user in? Access-Request until Accept or Reject
  acct         Accounting: one record, or a whole session
  coa          Change a session's authorization: CoA-Request (RFC 5176)
  disconnect   End a session: Disconnect-Request (RFC 5176)
  status       Is the server up, and how is it? Status-Server (RFC 5997)
  send         Send any packet: from a file, from attributes, or raw octets
  serve        A test server: auth, acct, CoA, Status-Server, with faults on purpose
  trace        See every octet: captures, interfaces, pipes and hexadecimal text, decoded, checked
               and opened
  dict         What the dictionaries know: lookup, search, list, vendors, values, check, export
  demo         A server and a client in one process: whole exchanges, every packet shown
  completions  Print the completions of a shell
  man          Write the manual pages into a directory
  help         Print this message or the help of the given subcommand(s)

Options:
      --color <WHEN>  When to use colours; NO_COLOR is honoured too [default: auto] [possible
                      values: auto, always, never]
  -v, --verbose...    Say more
  -q, --quiet         Print results only in the exit code; errors still go to standard error
  -h, --help          Print help
  -V, --version       Print version

Examples:
  radius auth -u alice -s secret 192.0.2.1          ask for the password, then the server
  radius auth -u alice --secret-file s --json HOST  one JSON object, for scripts
  radius acct --session -u alice HOST               Start, Interim-Updates, Stop
  radius status --watch 5s HOST                     is it up?
  radius send -f requests.txt HOST                  requests in radclient's format
  radius trace --hex 0105… -s secret                what do these octets say?
  radius demo                                       a server and a client, every octet shown

Exit codes: 0 yes · 1 the server said no · 2 usage · 3 no reply
            4 untrusted reply · 5 broken conversation · 6 local failure
--- exit 0

"#]]);
    let transcript = radius(["auth", "--help"]).run();
    transcript.exits(0).has("Usage: radius auth [OPTIONS] <HOST>");
    radius(["auth"]).run().exits(2);
    radius(["no-such-command"]).run().exits(2);
}
