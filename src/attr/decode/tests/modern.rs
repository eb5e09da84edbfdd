//! What only FreeRADIUS 4's dictionaries can say, as octets and back.

use super::super::super::encode::EncodeErrorKind;
use super::super::super::testing::{both_ways, encoded, load, printed};
use crate::dictionary::Dictionary;

fn dictionary() -> Dictionary {
    load(include_str!("../../testing/dictionary.modern"))
}

#[test]
fn every_construct_of_version_4_goes_both_ways() {
    let dictionary = dictionary();
    for (text, octets) in [
        // A keyword in lower case.
        ("User-Name = \"bob\"", "0105626f62"),
        ("Tunnel-Type:1 = VLAN", "40060100000d"),
        // enum= of another attribute, and of an ENUM.
        ("Original-Packet-Code = Access-Accept", "f1070400000002"),
        ("Switch = Yes", "c80301"),
        // Numbers with leading dots.
        ("IP-Port-Range = { Type = 2 }", "f10906010600000002"),
        ("IP-Port-Range = { Inner = { Deep = 7 } }", "f1090603060104 0007"),
        // Types that RFC 8044 lacks.
        ("Delay = 2000cs", "c906000007d0"),
        ("Flag = yes", "ca0301"),
        ("Small = -3", "cc03fd"),
        ("Real = 1.5", "cd063fc00000"),
        ("Any-IP = 10.0.0.1", "cf060a000001"),
        ("Any-IP = ::1", "cf1200000000000000000000000000000001"),
        ("Any-Prefix = 10.0.0.0/8", "d00800080a000000"),
        ("Fixed-Text = \"abcd\"", "d10661626364"),
        ("Many = { 1, 2, 3 }", "d308000100020003"),
        ("Stamp = 2026-01-31T12:00:00.5Z", "d60a0000019c13ec9ff4"),
        // A group of another protocol stays octets (RFC 9445 §3.2).
        ("DHCPv4-Options = 0x3501", "f50604003501"),
        // Vendors: by the name that an alias gives, another format, in an extended attribute.
        ("Old-AVPair = \"x\"", "1a09 0000270f 010378"),
        ("Wide-Thing = 5", "1a0e 0000270e 012c0008 00000005"),
        ("FreeRADIUS-Anonce = 0xabcd", "f50b1a00 00002c50 01 abcd"),
        ("FreeRADIUS-Sub = { Leaf = \"z\" }", "f50c1a00 00002c50 02 01037a"),
        // Structs: bits, unions, lengths before values, arrays, what goes on behind a key.
        (
            "Acme-Location = { Kind = 0, Data = { Cell = { High = 1, Low = 564 } } }",
            "1a0b 0000270f 1605 00 1234",
        ),
        (
            "Acme-Location = { Kind = 1, Data = { Area = { Code = 5 } } }",
            "1a0d 0000270f 1607 01 00000005",
        ),
        (
            "Acme-Location = { Kind = 2, Data = { Other = 0xff } }",
            "1a0a 0000270f 1604 02 ff",
        ),
        (
            "Acme-Prefixed = { Name = \"ab\", Blob = 0x0102, Numbers = { 1, 2 } }",
            "1a13 0000270f 170d 026162 00020102 00010002",
        ),
        (
            "Acme-Keyed = { Select = Web, Network = 0x0a0b0c, Web = { Port = 80, Host = 1.2.3.4 } }",
            "1a12 0000270f 180c 05 0a0b0c 0050 01020304",
        ),
        (
            "Acme-Keyed = { Select = 6, Network = 0x0a0b0c }",
            "1a0c 0000270f 1806 06 0a0b0c",
        ),
        (
            "Acme-Offset = { Body = 0x010203, Tail = 4 }",
            "1a0d 0000270f 1c07 04010203 04",
        ),
        // BEGIN of a TLV, a name that is a keyword, and clones.
        ("Acme-Tree = { One = First }", "1a0e 0000270f 1908 010600000001"),
        ("Acme-Tree = { Vendor = \"t\" }", "1a0b 0000270f 1905 020374"),
        ("Acme-Copy = { One = First }", "1a0e 0000270f 1a08 010600000001"),
        (
            "Acme-Copied = { Kind = 1, Data = { Area = { Code = 5 } } }",
            "1a0d 0000270f 1b07 01 00000005",
        ),
    ] {
        both_ways(&dictionary, text, octets);
    }
}

#[test]
fn the_spellings_of_version_4_are_read() {
    let dictionary = dictionary();
    for (text, octets) in [
        ("Old-AVPair = \"x\"", "1a090000270f010378"),
        ("Vendor-Specific.Acme.AVPair = \"x\"", "1a090000270f010378"),
        (
            "Vendor-Specific = { Acme = { AVPair = \"x\" } }",
            "1a090000270f010378",
        ),
        (
            "Extended-Attribute-1.IP-Port-Range.Type = 2",
            "f10906010600000002",
        ),
        ("Which = User-Name", "d40301"),
        ("Delay = 20s", "c906000007d0"),
        (
            "Acme-Prefixed = { Name = \"ab\", Blob = 0x0102, Numbers = 1, Numbers = 2 }",
            "1a130000270f170d0261620002010200010002",
        ),
        (
            "Acme-Keyed = { Select = 5, Network = 0x0a0b0c, Select.Web = { Port = 80, Host = 1.2.3.4 } }",
            "1a120000270f180c050a0b0c005001020304",
        ),
        (
            "Vendor-Specific.Acme.Location = { Kind = 0, Data.Cell.High = 1, Data.Cell.Low = 564 }",
            "1a0b0000270f1605001234",
        ),
    ] {
        assert_eq!(encoded(&dictionary, text).as_deref(), Ok(octets), "{text}");
    }
    // What a server keeps for itself has no octets.
    for text in [
        "Scratch = \"x\"",
        "Request-Count = 1",
        "Packet-Type = Access-Accept",
    ] {
        let error = encoded(&dictionary, text);
        let kept = matches!(error, Err(EncodeErrorKind::Internal)) || error == Ok(String::new());
        assert!(kept, "{text}: {error:?}");
    }
}

#[test]
fn a_key_that_nothing_knows_leaves_octets() {
    let dictionary = dictionary();
    let octets = "1a0b0000270f160509aabb";
    let text = printed(&dictionary, octets);
    assert_eq!(text, "Acme-Location = { Kind = 9, Attr-26.9999.22.2 = 0xaabb }");
    both_ways(&dictionary, &text, octets);
}
