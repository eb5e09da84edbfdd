//! Requests from files, and dry runs.

use std::net::{IpAddr, Ipv4Addr};

use snapbox::str;

use crate::server::Server;
use crate::transcript::radius;

#[test]
fn a_dry_run_prints_the_exact_octets_and_sends_nothing() {
    let server = Server::yes();
    radius(["auth", "-u", "alice", "-p", "wonderland", "-n"])
        .fixed()
        .ask(&server)
        .run()
        .is(str![[r#"
Access-Request id=5 len=71
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
--- exit 0

"#]]);
    assert!(server.requests().is_empty());
}

#[test]
fn a_dry_run_as_json_is_the_packet_with_its_octets() {
    let run = || radius(["auth", "-u", "alice", "-p", "wonderland", "-n", "--json"]).fixed();
    let json = run().args(["127.0.0.1"]).run().exits(0).one_json();
    assert_eq!(json["code"], "Access-Request");
    assert_eq!(json["attributes"][2]["value"], "<hidden>");
    assert!(json["octets"].as_str().unwrap().contains("0212********"));
    let json = run().args(["--show-secrets", "127.0.0.1"]).run().one_json();
    assert_eq!(json["attributes"][2]["value"], "wonderland");
    assert!(!json["octets"].as_str().unwrap().contains('*'));
}

#[test]
fn a_dry_run_is_what_would_be_sent() {
    let server = Server::yes();
    let run = || radius(["auth", "-u", "alice", "-p", "wonderland"]).fixed();
    run().ask(&server).run().exits(0);
    let json = run()
        .args(["-n", "--json", "--show-secrets", "127.0.0.1"])
        .run()
        .one_json();
    assert_eq!(
        json["octets"],
        radius::codec::hex::encode(&server.request().octets)
    );
}

#[test]
fn a_dry_run_has_the_first_words_of_every_method() {
    for (method, name, octets) in [
        ("mschapv2", "MS-CHAP2-Response", 50),
        ("mschap", "MS-CHAP-Response", 50),
        ("eap-md5", "EAP-Message", 10),
        ("peap-mschapv2", "EAP-Message", 10),
    ] {
        let json = radius([
            "auth",
            "-u",
            "alice",
            "-p",
            "wonderland",
            "-n",
            "--json",
            "-m",
            method,
        ])
        .args(["127.0.0.1"])
        .run()
        .exits(0)
        .one_json();
        // Some stand inside Microsoft's Vendor-Specific.
        let outer = json["attributes"].as_array().unwrap();
        let inner = outer
            .iter()
            .filter_map(|attribute| attribute["attributes"].as_array());
        let mut all = outer.iter().chain(inner.flatten());
        let value = all.clone().find(|attribute| attribute["name"] == name);
        let value = value.unwrap_or_else(|| panic!("{method}: {json:#}"))["value"].as_str();
        assert_eq!(value.map(str::len), Some(2 + 2 * octets), "{method}: {json:#}");
        assert!(all.any(|attribute| attribute["name"] == "User-Name"), "{method}");
    }
    let mab = radius([
        "auth",
        "-u",
        "00:11:22:33:44:55",
        "-m",
        "mab",
        "-n",
        "--mac-format",
        "plain",
    ])
    .args(["127.0.0.1"])
    .run();
    assert!(
        mab.text().contains("User-Name = \"001122334455\""),
        "{}",
        mab.text()
    );
}

#[test]
fn a_file_has_several_packets_with_blank_lines_between() {
    let server = Server::yes();
    radius(["auth", "-f", "-", "-o", "ndjson"])
        .stdin("User-Name = one\nUser-Password = x\n\n\n# a comment\nUser-Name = two\nUser-Password = x\n")
        .ask(&server)
        .run()
        .exits(0);
    let names: Vec<String> = server.requests().iter().map(|request| request.text(1)).collect();
    assert_eq!(names, ["one", "two"]);
}

#[test]
fn crlf_and_lines_of_blanks_separate_and_indented_comments_do_no_harm() {
    let server = Server::yes();
    radius(["auth", "-f", "r"])
        .file(
            "r",
            "User-Name = one\r\nUser-Password = x\r\n\r\nUser-Name = two\n   # indented\n\tUser-Password = x # behind\n \t \
             \n# first line\n  User-Name = three,\n  User-Password = x,\n",
        )
        .ask(&server)
        .run()
        .exits(0);
    let seen: Vec<(String, Option<String>)> = server
        .requests()
        .iter()
        .map(|request| (request.text(1), request.password()))
        .collect();
    let x = Some("x".to_owned());
    assert_eq!(
        seen,
        [
            ("one".into(), x.clone()),
            ("two".into(), x.clone()),
            ("three".into(), x)
        ]
    );
}

#[test]
fn attributes_of_the_command_line_are_added_to_every_packet_of_a_file() {
    let server = Server::yes();
    radius(["auth", "-f", "r", "-a", "NAS-Port = 7"])
        .file("r", "User-Name = one\n\nUser-Name = two\n")
        .ask(&server)
        .run()
        .exits(0);
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.value(5).unwrap() == [0, 0, 0, 7])
    );
}

#[test]
fn every_packet_of_a_file_may_say_its_code_its_port_and_its_name() {
    let [auth, acct] = [Server::yes(), Server::yes()];
    let text = format!(
        "Packet-Type = Access-Request\nUser-Name = a\nUser-Password = x\nRadclient-Test-Name = \"the login\"\n\n\
         Packet-Type = Accounting-Request\nAcct-Status-Type = Start\nAcct-Session-Id = s1\n\
         Packet-Dst-IP-Address = 127.0.0.1\nPacket-Dst-Port = {}\n",
        acct.address.port()
    );
    radius(["send", "-f", "r"])
        .file("r", text)
        .with_port(acct.address.port(), "ACCT")
        .ask(&auth)
        .run()
        .is(str![[r#"
Access-Accept from 127.0.0.1:PORT in # ms (the login)
Accounting-Response from 127.0.0.1:ACCT in # ms
2 sent = 2 answered + 0 lost; 0 retransmissions, 0 bad replies
2 succeeded, 0 refused in # s, # replies/s
latency min # ms, median # ms, p99 # ms, max # ms
--- exit 0

"#]]);
    assert_eq!(auth.request().octets[0], 1);
    assert_eq!(acct.request().octets[0], 4);
}

#[test]
fn host_may_be_a_dash_where_every_packet_says_where_it_goes() {
    let server = Server::yes();
    let text = format!(
        "User-Name = a\nUser-Password = x\nPacket-Dst-IP-Address = 127.0.0.1\nPacket-Dst-Port = {}\n",
        server.address.port()
    );
    radius(["auth", "-f", "r", "-"]).file("r", text).run().exits(0);
    assert_eq!(server.requests().len(), 1);
    radius(["auth", "-f", "r", "-"])
        .file("r", "User-Name = a\n\nUser-Name = b\n")
        .run()
        .is(str![[r#"
--- stderr
error: HOST is `-`, and packet 1 of `r` does not say where it goes
hint: give it Packet-Dst-IP-Address and Packet-Dst-Port
--- exit 2

"#]]);
}

#[test]
fn every_packet_of_a_file_may_say_where_it_comes_from() {
    let server = Server::yes();
    let text = "User-Name = a\nPacket-Src-IP-Address = 127.0.0.2\n\nUser-Name = b\nPacket-Src-IP-Address = 127.0.0.3\n\n\
                User-Name = c\n";
    radius(["auth", "-f", "r"])
        .file("r", text)
        .ask(&server)
        .run()
        .exits(0);
    let from: Vec<IpAddr> = server
        .requests()
        .iter()
        .map(|request| request.from.ip())
        .collect();
    let expected =
        [[127, 0, 0, 2], [127, 0, 0, 3], [127, 0, 0, 1]].map(|octets| IpAddr::V4(Ipv4Addr::from(octets)));
    assert_eq!(from, expected);
}

#[test]
fn an_authenticator_of_a_packet_is_used() {
    let server = Server::yes();
    radius(["auth", "-f", "r"])
        .file(
            "r",
            "User-Name = a\nPacket-Authentication-Vector = 0x000102030405060708090a0b0c0d0e0f\n",
        )
        .ask(&server)
        .run()
        .exits(0);
    assert_eq!(server.request().octets[4..20], *(0..16).collect::<Vec<u8>>());
}

#[test]
fn files_are_sent_in_the_order_they_are_given_in() {
    let server = Server::yes();
    radius(["auth", "-f", "b", "-f", "a", "-f", "b"])
        .file("a", "User-Name = from-a\n")
        .file("b", "User-Name = from-b\n")
        .ask(&server)
        .run()
        .exits(0);
    let names: Vec<String> = server.requests().iter().map(|request| request.text(1)).collect();
    assert_eq!(names, ["from-b", "from-a", "from-b"]);
}

#[test]
fn a_fault_in_a_file_is_shown_with_its_place_before_anything_is_sent() {
    let server = Server::yes();
    let run = |text: &str| {
        radius(["auth", "-f", "requests"])
            .file("requests", text)
            .ask(&server)
            .run()
    };
    run("User-Name = alice\nUser-Password = x\n\n# the second\nUser-Nmae = bob\n").is(str![[r#"
--- stderr
error: unknown attribute `User-Nmae`
 --> requests:5:1
  |
5 | User-Nmae = bob
  | ^^^^^^^^^
hint: did you mean `User-Name`?
--- exit 2

"#]]);
    run("User-Name = alice\nService-Type = Framed-Usr\n").is(str![[r#"
--- stderr
error: `Framed-Usr` is no value of `Service-Type`
 --> requests:2:16
  |
2 | Service-Type = Framed-Usr
  |                ^^^^^^^^^^
hint: did you mean `Framed-User`?
--- exit 2

"#]]);
    run("User-Name = alice\nReply-Message = \"open\n").is(str![[r#"
--- stderr
error: the quote is not closed
 --> requests:2:17
  |
2 | Reply-Message = "open
  |                 ^
--- exit 2

"#]]);
    run("User-Name = alice\nNAS-Port = 99999999999\n").is(str![[r#"
--- stderr
error: `99999999999` is out of range for `NAS-Port`: 0 to 4294967295
 --> requests:2:12
  |
2 | NAS-Port = 99999999999
  |            ^^^^^^^^^^^
--- exit 2

"#]]);
    run("User-Name alice\n").is(str![[r#"
--- stderr
error: an operator must follow the name
 --> requests:1:11
  |
1 | User-Name alice
  |           ^^^^^
hint: the form is NAME = VALUE, such as User-Name = "bob"
--- exit 2

"#]]);
    run("# only a comment\n").is(str![[r#"
--- stderr
error: `requests` holds no packet
hint: a packet is one or more lines NAME = VALUE; a blank line parts two packets
--- exit 2

"#]]);
    assert!(server.requests().is_empty());
}

#[test]
fn a_fault_in_a_file_of_expectations_is_shown_with_its_place() {
    let server = Server::yes();
    radius(["auth", "-f", "requests:expect"])
        .file("requests", "User-Name = alice\n")
        .file(
            "expect",
            "# what must come\nPacket-Type == Access-Accept\nReply-Massage == x\n",
        )
        .ask(&server)
        .run()
        .is(str![[r#"
--- stderr
error: unknown attribute `Reply-Massage`
 --> expect:3:1
  |
3 | Reply-Massage == x
  | ^^^^^^^^^^^^^
hint: did you mean `Reply-Message`?
--- exit 2

"#]]);
}

#[test]
fn a_file_that_cannot_be_read_exits_2() {
    radius(["auth", "-f", "missing", "127.0.0.1"]).run().is(str![[r#"
--- stderr
error: cannot read `missing`: no such file or directory
hint: check the name and the directory it is relative to
--- exit 2

"#]]);
    radius(["auth", "-f", ".", "127.0.0.1"]).run().is(str![[r#"
--- stderr
error: cannot read `.`: is a directory
--- exit 2

"#]]);
    radius(["auth", "-f", "latin", "127.0.0.1"])
        .file("latin", b"User-Name = alice\nReply-Message = \"\xe9\"\n")
        .run()
        .is(str![[r#"
--- stderr
error: latin:2:18: an octet that is not UTF-8
hint: the file must be text in UTF-8
--- exit 2

"#]]);
}

#[test]
fn a_fault_on_the_command_line_is_shown_with_a_caret() {
    let run = |text: &str| radius(["auth", "-u", "alice", "-p", "x", "-a", text, "127.0.0.1"]).run();
    run("User-Nmae = bob").is(str![[r#"
--- stderr
error: unknown attribute `User-Nmae`
 --> --attr:1:1
  |
1 | User-Nmae = bob
  | ^^^^^^^^^
hint: did you mean `User-Name`?
--- exit 2

"#]]);
    run("Service-Type = Framed-Usr").is(str![[r#"
--- stderr
error: `Framed-Usr` is no value of `Service-Type`
 --> --attr:1:16
  |
1 | Service-Type = Framed-Usr
  |                ^^^^^^^^^^
hint: did you mean `Framed-User`?
--- exit 2

"#]]);
    run("NAS-Port = 4294967296").is(str![[r#"
--- stderr
error: `4294967296` is out of range for `NAS-Port`: 0 to 4294967295
 --> --attr:1:12
  |
1 | NAS-Port = 4294967296
  |            ^^^^^^^^^^
--- exit 2

"#]]);
    run("Framed-IP-Address = 300.1.1.1").is(str![[r#"
--- stderr
error: `300.1.1.1` is no value for `Framed-IP-Address`, which is of type ipaddr
 --> --attr:1:21
  |
1 | Framed-IP-Address = 300.1.1.1
  |                     ^^^^^^^^^
--- exit 2

"#]]);
    run("Class = 0xabc").is(str![[r#"
--- stderr
error: `Class` has an odd number of hexadecimal digits, 3
 --> --attr:1:9
  |
1 | Class = 0xabc
  |         ^^^^^
--- exit 2

"#]]);
    run("Filter-Id = two words").is(str![[r#"
--- stderr
error: the value ends before this
 --> --attr:1:17
  |
1 | Filter-Id = two words
  |                 ^^^^^
hint: a value with blanks needs quotes; a comma parts two attributes
--- exit 2

"#]]);
    run(&format!("Filter-Id = \"{}\"", "x".repeat(300)))
        .exits(2)
        .has("the value of `Filter-Id` has 300 octets, and 253 are the most");
}

#[test]
fn a_packet_that_is_too_large_is_refused_before_anything_is_sent() {
    let server = Server::yes();
    let mut run = radius(["auth", "-u", "alice", "-p", "x"]);
    let attribute = format!("Cisco-AVPair = \"{}\"", "x".repeat(200));
    for _ in 0..20 {
        run = run.args(["-a", attribute.as_str()]);
    }
    run.ask(&server).run().is(str![[r#"
--- stderr
error: the packet would have 4231 octets, and 4096 are the most (RFC 2865 §3)
hint: leave attributes out, or send them in several packets
--- exit 2

"#]]);
    assert!(server.requests().is_empty());
}

#[test]
fn more_names_come_from_a_dictionary_of_ones_own() {
    let server = Server::yes();
    radius(["auth", "-D", "mine", "-a", "My-Word = \"hi\""])
        .file(
            "mine",
            "VENDOR Mine 64999\nBEGIN-VENDOR Mine\nATTRIBUTE My-Word 1 string\nEND-VENDOR Mine\n",
        )
        .args(["-m", "none"])
        .ask(&server)
        .run()
        .exits(0);
    assert_eq!(
        server.request().value(26).unwrap(),
        [0, 0, 0xfd, 0xe7, 1, 4, b'h', b'i']
    );
    radius(["auth", "-D", "mine", "127.0.0.1"])
        .file("mine", "ATTRIBUTE My-Word 1 strnig\n")
        .run()
        .is(str![[r#"
--- stderr
error: `strnig` is no data type
 --> mine:1:21
  |
1 | ATTRIBUTE My-Word 1 strnig
  |                     ^^^^^^
hint: did you mean `string`?
--- exit 2

"#]]);
}
