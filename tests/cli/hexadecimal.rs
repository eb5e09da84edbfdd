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
    trace(["--hex", REQUEST]).run().is(str![]);
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
        .is(str![]);
}

#[test]
fn a_reply_behind_its_request_is_checked() {
    let text = format!("{REQUEST}\n\n{REPLY}\n");
    trace(["-s", "xyzzy5461"]).stdin(text.clone()).run().is(str![]);
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
            dump(&|offset, octets| format!("{offset:08x}  {}  |{}|", octets.join(" "), text(octets))),
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
    .is(str![]);
    trace(["--attributes", "--hex", "01050000"]).run().is(str![]);
    trace(["--attributes", "--json", "--hex", "0105616c69060600000002"])
        .run()
        .is(str![]);
}

#[test]
fn a_malformed_packet_is_shown_as_far_as_it_goes() {
    trace(["--hex", &REQUEST.replace("05060000", "05070000")])
        .run()
        .is(str![]);
    trace(["--hex", &format!("{REQUEST}ffff")]).run().is(str![]);
    trace(["--hex", &REQUEST.replacen("0038", "0040", 1)])
        .run()
        .exits(1)
        .has("Length says 64, but only 56 octets came");
    trace(["--hex", "0100"]).run().is(str![]);
}

#[test]
fn text_that_is_no_hexadecimal_is_shown_with_a_caret() {
    trace(["--hex", "01000g"]).run().is(str![]);
    trace(["--hex", "010"]).run().is(str![]);
    trace([]).stdin("").run().is(str![]);
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
    trace(["--annotate", "--hex", REQUEST]).run().is(str![]);
}
