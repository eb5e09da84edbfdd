//! The grammar of attributes, `NAME = VALUE`, in the spellings that scripts in the field write: those of FreeRADIUS 3
//! and of FreeRADIUS 4, and what must be an error rather than something else on the wire.

use crate::transcript::{Transcript, radius};

/// A dry run with one `-a`; a Code that gets no Message-Authenticator, so that only the attributes are there.
fn dry(text: &str) -> Transcript {
    radius([
        "send",
        "--code",
        "99",
        "-n",
        "--json",
        "--show-secrets",
        "-a",
        text,
        "127.0.0.1",
    ])
    .run()
}

/// The attributes' octets in hexadecimal.
fn octets(text: &str) -> String {
    let transcript = dry(text);
    assert_eq!(transcript.code, Some(0), "{text}:\n{}", transcript.stderr);
    transcript.one_json()["octets"].as_str().unwrap()[40..].to_owned()
}

#[test]
fn what_scripts_write_is_understood() {
    let bob = "0105626f62";
    for (text, expected) in [
        ("User-Name = \"bob\"", bob),
        ("User-Name = bob", bob),
        ("User-Name = 'bob'", bob),
        ("User-Name=bob", bob),
        ("User-Name=\"bob\"", bob),
        ("user-name = bob", bob),
        ("USER-NAME = bob", bob),
        ("&User-Name = bob", bob),
        ("User-Name := bob", bob),
        ("User-Name += bob", bob),
        ("User-Name == bob", bob),
        ("NAS-Port = 1, NAS-Port = 2", "050600000001050600000002"),
        ("NAS-Port=1,NAS-Port=2,", "050600000001050600000002"),
        ("NAS-Port += 1, NAS-Port := 2", "050600000001050600000002"),
        ("Acct-Status-Type = start", "280600000001"),
        ("Acct-Status-Type = Interim-Update", "280600000003"),
        ("Service-Type = 99", "060600000063"),
        ("Service-Type = 0x00000002", "060600000002"),
        ("Service-Type = Framed-User", "060600000002"),
        ("NAS-Port = 0x10", "050600000010"),
        ("NAS-Port = 4294967295", "0506ffffffff"),
        ("Framed-IP-Address = 192.0.2.1", "0806c0000201"),
        ("Framed-IP-Address = 0xc0000201", "0806c0000201"),
        ("NAS-IP-Address = localhost", "04067f000001"),
        ("Filter-Id = \"a\\tb\\n\\r\\\"\\\\\\101\"", "0b0a6109620a0d225c41"),
        (
            "Filter-Id = \"100%\\t%d %{User-Name}\"",
            "0b16313030250925642025 7b557365722d4e616d657d",
        ),
        ("Filter-Id = \"two words\"", "0b0b74776f20776f726473"),
        ("Filter-Id = \"a # b, c\"", "0b0a612023 20622c2063"),
        ("Filter-Id = \"é\"", "0b04c3a9"),
        ("Class = abc", "1905616263"),
        ("Class = 0x0102ff", "19050102ff"),
        ("Class = 0x0102FF", "19050102ff"),
        ("Event-Timestamp = 1700000000", "37066553f100"),
        ("Event-Timestamp = \"Nov 14 2023 22:13:20 UTC\"", "37066553f100"),
        ("Event-Timestamp = 2023-11-14T22:13:20Z", "37066553f100"),
        ("Framed-IPv6-Prefix = 2001:db8::/32", "6108002020010db8"),
        (
            "Framed-IPv6-Prefix = 2001:db8::1",
            "6114008020010db8000000000000000000000001",
        ),
        (
            "Framed-IPv6-Prefix = 2001:db8::1/128",
            "6114008020010db8000000000000000000000001",
        ),
        ("NAS-IPv6-Address = ::1", "5f1200000000000000000000000000000001"),
        ("Framed-Interface-Id = 0:0:0:7", "600a0000000000000007"),
        ("Tunnel-Type:3 = VLAN", "40060300000d"),
        ("Tunnel-Type = VLAN", "40060000000d"),
        ("Tunnel-Private-Group-Id:1 = \"42\"", "5105013432"),
        ("Tag-1 = { Tunnel-Type = VLAN }", "40060100000d"),
        ("Attr-245 = 0x0102", "f5040102"),
        ("Attr-1 = 0x626f62", bob),
        ("Attr-26.9.1 = 0x6869", "1a0a00000009 01046869"),
        ("26.9.1 = 0x6869", "1a0a00000009 01046869"),
        ("Vendor-9-Attr-1 = 0x6869", "1a0a00000009 01046869"),
        ("raw.245 = 0x0102", "f5040102"),
        ("raw.26.9.1 = 0x6869", "1a0a00000009 01046869"),
        ("raw.Framed-IP-Address = 0x01", "080301"),
        ("raw.User-Name = 0x", "0102"),
        ("Cisco-AVPair = \"x\"", "1a0900000009 010378"),
        ("Vendor-Specific.Cisco.AVPair = \"x\"", "1a0900000009 010378"),
        (
            "Vendor-Specific.Cisco = { AVPair = \"x\" }",
            "1a0900000009 010378",
        ),
        ("Attr-26.9.250 = 0x6869", "1a0a00000009 fa046869"),
        ("Attr-241.1 = 0x01", "f1040101"),
        ("Extended-Attribute-1.Frag-Status = 1", "f10701 00000001"),
        ("Vendor-Specific = 0x000000090103 78", "1a0900000009 010378"),
    ] {
        let text = text.replace("0x000000090103 78", "0x00000009010378");
        assert_eq!(octets(&text), expected.replace(' ', ""), "{text}");
    }
}

#[test]
fn what_cannot_be_sent_as_written_is_an_error_that_says_why() {
    for (text, why) in [
        ("Filter-Id = two words", "the value ends before this"),
        (
            "Filter-Id = `echo hi`",
            "commands between backquotes are never run",
        ),
        (
            "Service-Type = Bogus-User",
            "`Bogus-User` is no value of `Service-Type`",
        ),
        (
            "NAS-Port = 99999999999",
            "`99999999999` is out of range for `NAS-Port`: 0 to 4294967295",
        ),
        ("NAS-Port = -1", "`-1` is out of range for `NAS-Port`"),
        ("NAS-Port = 1h", "`1h` is no value"),
        (
            "NAS-IP-Address = 300.1.1.1",
            "`300.1.1.1` is no value for `NAS-IP-Address`, which is of type ipaddr",
        ),
        ("Class = 0xabc", "odd number of hexadecimal digits, 3"),
        ("Class = 0xabxx", "no hexadecimal digit"),
        ("Filter-Id = \"\"", "`Filter-Id` cannot be empty"),
        ("NAS-Port:1 = 5", "`NAS-Port` takes no tag"),
        ("Tunnel-Type:32 = VLAN", "a tag is a number from 0 to 31"),
        (
            "Framed-IPv6-Prefix = 2001:db8::/129",
            "is out of range for `Framed-IPv6-Prefix`: 0 to 128",
        ),
        ("Filter-Id = \"\\q\"", "this escape means nothing"),
        ("Filter-Id = \"open", "the quote is not closed"),
        ("= 1", "an attribute's name must stand here"),
        ("User-Name", "an operator must follow the name"),
        ("User-Name =", "a value must follow the operator"),
        ("No-Such-Attr = 1", "unknown attribute `No-Such-Attr`"),
        ("Attr-256 = 0x01", ""),
    ] {
        let transcript = dry(text);
        assert_eq!(transcript.code, Some(2), "{text}:\n{}", transcript.text());
        assert!(
            transcript.stderr.contains(why) && transcript.one_json()["verdict"] == "failed",
            "{text}:\n{}",
            transcript.text()
        );
        assert!(
            transcript.stderr.contains('^'),
            "no caret for {text}:\n{}",
            transcript.text()
        );
    }
}

#[test]
fn radclients_words_for_the_code_are_answered_with_ours() {
    let transcript = radius(["send", "127.0.0.1", "auth", "testing123"]).run();
    assert!(
        transcript.stderr.contains("`radius auth -s SECRET HOST`"),
        "{}",
        transcript.text()
    );
    transcript.exits(2);
    let transcript = radius(["send", "127.0.0.1", "other"]).run();
    assert!(!transcript.stderr.contains("radclient"), "{}", transcript.text());
}
