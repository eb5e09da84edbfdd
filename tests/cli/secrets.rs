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
        .is(str![[r#"
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
← Access-Accept id=5 len=101 from 127.0.0.1:PORT
  authenticator: 0beeba43d87c32e1b75a4114b8bdf25b (right)
  message-authenticator: right
  attributes:
    Message-Authenticator = 0x050582a17366f14c45f5393ae25fd2b3
    Tunnel-Password:1 = <hidden>
    MS-MPPE-Send-Key = <hidden>
  raw:
    0000  02 05 00 65 0b ee ba 43  d8 7c 32 e1 b7 5a 41 14  ...e...C.|2..ZA.
    0010  b8 bd f2 5b 50 12 05 05  82 a1 73 66 f1 4c 45 f5  ...[P.....sf.LE.
    0020  39 3a e2 5f d2 b3 45 15  ** ** ** ** ** ** ** **  9:._..E.********
    0030  ** ** ** ** ** ** ** **  ** ** ** 1a 2a 00 00 01  ***********.*...
    0040  37 10 24 ** ** ** ** **  ** ** ** ** ** ** ** **  7.$*************
    0050  ** ** ** ** ** ** ** **  ** ** ** ** ** ** ** **  ****************
    0060  ** ** ** ** **                                    *****
Access-Accept from 127.0.0.1:PORT in # ms
  Tunnel-Password:1 = <hidden>
  MS-MPPE-Send-Key = <hidden>
--- exit 0

"#]]);
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
    .is(str![[r#"
→ Access-Request id=5 len=71 to 127.0.0.1:PORT
  authenticator: 000102030405060708090a0b0c0d0e0f
  attributes:
    Message-Authenticator = 0x7510d7d7648b3fb113f2087fa0b4b42c
    User-Name = "alice"
    User-Password = "wonderland"
    NAS-Identifier = "radius"
  raw:
    0000  01 05 00 47 00 01 02 03  04 05 06 07 08 09 0a 0b  ...G............
    0010  0c 0d 0e 0f 50 12 75 10  d7 d7 64 8b 3f b1 13 f2  ....P.u...d.?...
    0020  08 7f a0 b4 b4 2c 01 07  61 6c 69 63 65 02 12 e1  .....,..alice...
    0030  81 67 ae 11 8f 16 7b 7e  22 07 24 00 14 82 8b 20  .g....{~".$.... 
    0040  08 72 61 64 69 75 73                              .radius
← Access-Accept id=5 len=101 from 127.0.0.1:PORT
  authenticator: 0beeba43d87c32e1b75a4114b8bdf25b (right)
  message-authenticator: right
  attributes:
    Message-Authenticator = 0x050582a17366f14c45f5393ae25fd2b3
    Tunnel-Password:1 = "tunnel secret"
    MS-MPPE-Send-Key = 0xa7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7
  raw:
    0000  02 05 00 65 0b ee ba 43  d8 7c 32 e1 b7 5a 41 14  ...e...C.|2..ZA.
    0010  b8 bd f2 5b 50 12 05 05  82 a1 73 66 f1 4c 45 f5  ...[P.....sf.LE.
    0020  39 3a e2 5f d2 b3 45 15  01 80 01 3f d0 71 23 64  9:._..E....?.q#d
    0030  7f 49 18 bc 42 d3 19 d7  ce 15 f3 1a 2a 00 00 01  .I..B.......*...
    0040  37 10 24 80 02 07 ec 99  99 4b bc 3b 15 95 47 54  7.$......K.;..GT
    0050  1c 57 54 95 a3 45 ec 5d  a2 8f 23 a1 bc 17 3d 68  .WT..E.]..#...=h
    0060  d2 5f 01 3b 5d                                    ._.;]
Access-Accept from 127.0.0.1:PORT in # ms
  Tunnel-Password:1 = "tunnel secret"
  MS-MPPE-Send-Key = 0xa7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7
--- exit 0

"#]]);
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
        .is(str![[r#"
--- stderr
error: there is no shared secret
hint: give it with --secret-file FILE, in RADIUS_SECRET, or with -s SECRET
--- exit 2

"#]]);
    radius(["auth", "-u", "alice", "127.0.0.1"]).run().is(str![[r#"
--- stderr
error: there is no password
hint: give it with --password-file FILE, in RADIUS_PASSWORD, or with -p PASSWORD; --method none sends none
--- exit 2

"#]]);
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
        .is(str![[r#"
--- stderr
error: the shared secret in `--secret` is none: after 0x stands an even number of hexadecimal digits
--- exit 2

"#]]);
    radius(["auth", "-u", "a", "-p", "x", "127.0.0.1"])
        .env("RADIUS_SECRET", "0xhush")
        .run()
        .is(str![[r#"
--- stderr
error: the shared secret in `RADIUS_SECRET` is none: after 0x stands an even number of hexadecimal digits
--- exit 2

"#]]);
    radius(["auth", "-u", "a", "-p", "x", "--secret-file", "s", "127.0.0.1"])
        .file("s", "0xhush")
        .run()
        .is(str![[r#"
--- stderr
error: the shared secret in `s` is none: after 0x stands an even number of hexadecimal digits
--- exit 2

"#]]);
    radius(["auth", "-u", "a", "-p", "x", "--secret-file", "s", "127.0.0.1"])
        .file("s", "\n")
        .run()
        .is(str![[r#"
--- stderr
error: the first line of `s` is empty
--- exit 2

"#]]);
}

#[test]
fn a_password_that_cannot_be_sent_is_not_echoed() {
    let long = "hush".repeat(40);
    let transcript = radius(["auth", "-u", "a", "-p", &long, "127.0.0.1"]).run();
    transcript.exits(2).lacks("hush");
    let transcript = radius(["auth", "-a", &format!("User-Password = {long}"), "127.0.0.1"]).run();
    transcript.is(str![[r#"
--- stderr
error: the value of `User-Password` has 160 octets, and 128 are the most
 --> --attr:1:17
  |
1 | ... = ****************************************************************************************************************************************************************
  |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
--- exit 2

"#]]);
}
