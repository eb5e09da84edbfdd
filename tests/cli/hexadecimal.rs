//! `radius trace`: packets from hexadecimal text.

use snapbox::str;

use crate::transcript::{Run, radius};

/// The Access-Request and the Access-Accept of RFC 2865 §7.1; the secret is xyzzy5461.
const REQUEST: &str = "010000380f403f9473978057bd83d5cb98f4227a01066e656d6f02120dbe708d93d413ce3196e43f782a0aee0406c0a80110050600000003";
const REPLY: &str = "0200002686fe220e7624ba2a1005f6bf9b55e0b20606000000010f06000000000e06c0a80103";

fn trace<const N: usize>(arguments: [&str; N]) -> Run {
    radius(["trace"]).without_secret().args(arguments)
}

/// The octets in lines of sixteen.
fn lines() -> Vec<(usize, Vec<String>)> {
    let octets: Vec<String> = REQUEST
        .as_bytes()
        .chunks(2)
        .map(|pair| String::from_utf8(pair.to_vec()).unwrap())
        .collect();
    octets
        .chunks(16)
        .enumerate()
        .map(|(index, chunk)| (index * 16, chunk.to_vec()))
        .collect()
}

#[test]
fn a_packet_is_decoded() {
    trace(["--hex", REQUEST]).run().is(str![[r#"
Access-Request id=0 len=56
  authenticator: 0f403f9473978057bd83d5cb98f4227a
  attributes:
    User-Name = "nemo"
    User-Password = <hidden>
    NAS-IP-Address = 192.168.1.16
    NAS-Port = 3
  raw:
    0000  01 00 00 38 0f 40 3f 94  73 97 80 57 bd 83 d5 cb  ...8.@?.s..W....
    0010  98 f4 22 7a 01 06 6e 65  6d 6f 02 12 ** ** ** **  .."z..nemo..****
    0020  ** ** ** ** ** ** ** **  ** ** ** ** 04 06 c0 a8  ************....
    0030  01 10 05 06 00 00 00 03                           ........
--- exit 0

"#]]);
}

#[test]
fn a_secret_checks_and_opens() {
    trace(["--hex", REQUEST, "-s", "xyzzy5461"])
        .run()
        .exits(0)
        .lacks("arctangent")
        .has("<hidden>");
    trace(["--hex", REQUEST, "-s", "xyzzy5461", "--show-secrets"])
        .run()
        .is(str![[r#"
Access-Request id=0 len=56
  authenticator: 0f403f9473978057bd83d5cb98f4227a
  message-authenticator: absent
  attributes:
    User-Name = "nemo"
    User-Password = "arctangent"
    NAS-IP-Address = 192.168.1.16
    NAS-Port = 3
  raw:
    0000  01 00 00 38 0f 40 3f 94  73 97 80 57 bd 83 d5 cb  ...8.@?.s..W....
    0010  98 f4 22 7a 01 06 6e 65  6d 6f 02 12 0d be 70 8d  .."z..nemo....p.
    0020  93 d4 13 ce 31 96 e4 3f  78 2a 0a ee 04 06 c0 a8  ....1..?x*......
    0030  01 10 05 06 00 00 00 03                           ........
--- exit 0

"#]]);
}

#[test]
fn a_reply_behind_its_request_is_checked() {
    let text = format!("{REQUEST}\n\n{REPLY}\n");
    trace(["-s", "xyzzy5461"]).stdin(text.clone()).run().is(str![[r#"
Access-Request id=0 len=56
  authenticator: 0f403f9473978057bd83d5cb98f4227a
  message-authenticator: absent
  attributes:
    User-Name = "nemo"
    User-Password = <hidden>
    NAS-IP-Address = 192.168.1.16
    NAS-Port = 3
  raw:
    0000  01 00 00 38 0f 40 3f 94  73 97 80 57 bd 83 d5 cb  ...8.@?.s..W....
    0010  98 f4 22 7a 01 06 6e 65  6d 6f 02 12 ** ** ** **  .."z..nemo..****
    0020  ** ** ** ** ** ** ** **  ** ** ** ** 04 06 c0 a8  ************....
    0030  01 10 05 06 00 00 00 03                           ........
Access-Accept id=0 len=38
  authenticator: 86fe220e7624ba2a1005f6bf9b55e0b2 (right)
  message-authenticator: absent
  attributes:
    Service-Type = Login-User
    Login-Service = Telnet
    Login-IP-Host = 192.168.1.3
  raw:
    0000  02 00 00 26 86 fe 22 0e  76 24 ba 2a 10 05 f6 bf  ...&..".v$.*....
    0010  9b 55 e0 b2 06 06 00 00  00 01 0f 06 00 00 00 00  .U..............
    0020  0e 06 c0 a8 01 03                                 ......
--- exit 0

"#]]);
    trace(["-s", "another"]).stdin(text).run().exits(1).has("(wrong)");
}

#[test]
fn every_shape_of_hexadecimal_text_is_read() {
    let expected = trace(["--hex", REQUEST]).run().stdout;
    let spaced: Vec<String> = lines().into_iter().flat_map(|(_, octets)| octets).collect();
    let text = |octets: &[String]| -> String {
        let octet = |text: &String| u8::from_str_radix(text, 16).unwrap();
        let printable = |octet: u8| {
            if (32..127).contains(&octet) {
                char::from(octet)
            } else {
                '.'
            }
        };
        octets.iter().map(|text| printable(octet(text))).collect()
    };
    let words = |octets: &[String]| {
        octets
            .chunks(2)
            .map(|pair| pair.concat())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let dump = |line: &dyn Fn(usize, &[String]) -> String| {
        lines()
            .iter()
            .map(|(offset, octets)| line(*offset, octets))
            .collect::<Vec<_>>()
            .join("\n")
    };
    for (shape, text) in [
        ("plain", REQUEST.to_owned()),
        ("upper case", REQUEST.to_uppercase()),
        ("0x", format!("0x{REQUEST}")),
        ("spaced", spaced.join(" ")),
        ("colons", spaced.join(":")),
        (
            "spaced 0x",
            spaced
                .iter()
                .map(|octet| format!("0x{octet}"))
                .collect::<Vec<_>>()
                .join(", "),
        ),
        (
            "escapes",
            spaced
                .iter()
                .map(|octet| format!("\\x{octet}"))
                .collect::<String>(),
        ),
        (
            "xxd",
            dump(&|offset, octets| format!("{offset:08x}: {:<39}  {}", words(octets), text(octets))),
        ),
        (
            "hexdump -C",
            dump(&|offset, octets| {
                format!(
                    "{offset:08x}  {:<23}  {:<23}  |{}|",
                    octets[..8.min(octets.len())].join(" "),
                    octets[8.min(octets.len())..].join(" "),
                    text(octets)
                )
            }),
        ),
        (
            "tcpdump -x",
            dump(&|offset, octets| format!("\t0x{offset:04x}:  {}", words(octets))),
        ),
        (
            "Wireshark",
            dump(&|offset, octets| format!("{offset:04x}  {}", octets.join(" "))),
        ),
        (
            "Wireshark with text",
            dump(&|offset, octets| format!("{offset:04x}   {:<47}   {}", octets.join(" "), text(octets))),
        ),
    ] {
        let transcript = trace([]).stdin(text.clone()).run();
        assert_eq!(
            transcript.stdout, expected,
            "{shape}:\n{text}\n{}",
            transcript.stderr
        );
        let transcript = trace(["file"]).file("file", &text).run();
        assert_eq!(transcript.stdout, expected, "{shape} from a file");
        let transcript = trace(["--hex", &text]).run();
        assert_eq!(transcript.stdout, expected, "{shape} on the command line");
    }
}

#[test]
fn what_a_trace_prints_can_be_traced() {
    let printed = trace(["--hex", REPLY]).run().stdout;
    let raw: String = printed
        .lines()
        .skip_while(|line| !line.contains("raw:"))
        .skip(1)
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(trace([]).stdin(raw).run().stdout, printed);
}

#[test]
fn attributes_stand_alone() {
    trace([
        "--attributes",
        "--hex",
        "0105616c69060600000002 1a0c000000090106 68656c6c",
    ])
    .run()
    .is(str![[r#"
User-Name = "ali"
Service-Type = Framed-User
Cisco-AVPair = "hell"
--- exit 0

"#]]);
    trace(["--attributes", "--hex", "01050000"]).run().is(str![[r#"
--- stderr
warning: the attribute at offset 0 has length 5, but 4 octets are left (RFC 2865 §5)
--- exit 1

"#]]);
    trace(["--attributes", "--json", "--hex", "0105616c69060600000002"])
        .run()
        .is(str![[r#"
[
  {
    "name": "User-Name",
    "oid": "1",
    "type": "string",
    "value": "ali"
  },
  {
    "name": "Service-Type",
    "oid": "6",
    "type": "integer",
    "value": 2,
    "value_name": "Framed-User"
  }
]
--- exit 0

"#]]);
}

#[test]
fn a_malformed_packet_is_shown_as_far_as_it_goes() {
    trace(["--hex", &REQUEST.replace("05060000", "05070000")])
        .run()
        .is(str![[r#"
Access-Request id=0 len=56
  authenticator: 0f403f9473978057bd83d5cb98f4227a
  attributes:
    User-Name = "nemo"
    User-Password = <hidden>
    NAS-IP-Address = 192.168.1.16
  malformed: the attribute at offset 50 has length 7, but 6 octets are left (RFC 2865 §5)
  raw:
    0000  01 00 00 38 0f 40 3f 94  73 97 80 57 bd 83 d5 cb  ...8.@?.s..W....
    0010  98 f4 22 7a 01 06 6e 65  6d 6f 02 12 ** ** ** **  .."z..nemo..****
    0020  ** ** ** ** ** ** ** **  ** ** ** ** 04 06 c0 a8  ************....
    0030  01 10 05 07 00 00 00 03                           ........
--- exit 1

"#]]);
    trace(["--hex", &format!("{REQUEST}ffff")]).run().is(str![[r#"
Access-Request id=0 len=56
  authenticator: 0f403f9473978057bd83d5cb98f4227a
  attributes:
    User-Name = "nemo"
    User-Password = <hidden>
    NAS-IP-Address = 192.168.1.16
    NAS-Port = 3
  padding: 0xffff, behind what Length counts (RFC 2865 §3)
  raw:
    0000  01 00 00 38 0f 40 3f 94  73 97 80 57 bd 83 d5 cb  ...8.@?.s..W....
    0010  98 f4 22 7a 01 06 6e 65  6d 6f 02 12 ** ** ** **  .."z..nemo..****
    0020  ** ** ** ** ** ** ** **  ** ** ** ** 04 06 c0 a8  ************....
    0030  01 10 05 06 00 00 00 03                           ........
--- exit 0

"#]]);
    trace(["--hex", &REQUEST.replacen("0038", "0040", 1)])
        .run()
        .exits(1)
        .has("Length says 64, but only 56 octets came");
    trace(["--hex", "0100"]).run().is(str![[r#"
--- stderr
error: 2 octets came; a packet has at least 20 (RFC 2865 §3)
hint: --attributes decodes attributes without a packet around them
--- exit 1

"#]]);
}

#[test]
fn text_that_is_no_hexadecimal_is_shown_with_a_caret() {
    trace(["--hex", "01000g"]).run().is(str![[r#"
--- stderr
error: cannot read the packet as hexadecimal octets: `g` is no hexadecimal digit
 --> --hex:1:6
  |
1 | 01000g
  |      ^
hint: known shapes: plain digits, octets with blanks or colons, 0x…, xxd, hexdump -C, tcpdump -x, Wireshark's
--- exit 2

"#]]);
    trace(["--hex", "010"]).run().is(str![[r#"
--- stderr
error: cannot read the packet as plain hexadecimal digits: an odd number of digits, 3
 --> --hex:1:1
  |
1 | 010
  | ^^^
hint: known shapes: plain digits, octets with blanks or colons, 0x…, xxd, hexdump -C, tcpdump -x, Wireshark's
--- exit 2

"#]]);
    trace([]).stdin("").run().is(str![[r#"
--- stderr
error: cannot read the packet as plain hexadecimal digits: there are no octets in it
 --> standard input:1:1
  |
1 |
  | ^
hint: known shapes: plain digits, octets with blanks or colons, 0x…, xxd, hexdump -C, tcpdump -x, Wireshark's
--- exit 2

"#]]);
    trace(["missing"]).run().exits(2);
}

#[test]
fn a_packet_is_printed_as_json() {
    let json = trace(["--json", "--hex", REQUEST, "-s", "xyzzy5461"])
        .run()
        .exits(0)
        .one_json();
    assert_eq!(json["attributes"][0]["value"], "nemo");
    assert_eq!(json["attributes"][1]["value"], "<hidden>");
    assert_eq!(json["attributes"][3]["value"], 3);
}

#[test]
fn each_attributes_octets_stand_beside_its_meaning() {
    trace(["--annotate", "--hex", REQUEST]).run().is(str![[r#"
Access-Request id=0 len=56
  authenticator: 0f403f9473978057bd83d5cb98f4227a
  attributes:
    User-Name = "nemo"
    User-Password = <hidden>
    NAS-IP-Address = 192.168.1.16
    NAS-Port = 3
  octets:
    0000  01                        Access-Request
    0001  00                        Identifier 0
    0002  00 38                     Length 56
    0004  0f 40 3f 94 73 97 80 57   Authenticator
    000c  bd 83 d5 cb 98 f4 22 7a
    0014  01 06 6e 65 6d 6f         User-Name = "nemo"
    001a  02 12 ** ** ** ** ** **   User-Password = <hidden>
    0022  ** ** ** ** ** ** ** **
    002a  ** **
    002c  04 06 c0 a8 01 10         NAS-IP-Address = 192.168.1.16
    0032  05 06 00 00 00 03         NAS-Port = 3
--- exit 0

"#]]);
}
