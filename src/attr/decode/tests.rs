//! Octets and text, both ways, and what cannot be decoded.

mod malformed;
mod modern;

use super::super::testing::{both_ways, dictionary, encoded, load, packet, printed, with_tree};
use super::*;
use crate::attr::{Sealed, ValueFault};
use crate::codec::hex;

#[test]
fn plain_values_of_every_type_go_both_ways() {
    let dictionary = dictionary();
    for (text, octets) in [
        ("User-Name = \"bob\"", "0105626f62"),
        ("Chargeable-User-Identity = 0x", "5902"),
        ("NAS-IP-Address = 192.0.2.1", "0406c0000201"),
        ("NAS-Port = 16", "050600000010"),
        ("Service-Type = Framed-User", "060600000002"),
        ("Service-Type = 99", "060600000063"),
        ("Service-Type = \"Odd,Name\"", "060600000003"),
        ("Service-Type = 4", "060600000004"),
        ("Class = 0x616263", "1905616263"),
        ("Event-Timestamp = 2026-11-22T12:00:00Z", "37066b02d940"),
        ("Egress-VLANID = tagged-100", "380631000064"),
        ("Egress-VLANID = 1", "380600000001"),
        (
            "NAS-IPv6-Address = 2001:db8::1",
            "5f1220010db8000000000000000000000001",
        ),
        (
            "Framed-Interface-Id = 0001:0002:00ab:ffff",
            "600a0001000200abffff",
        ),
        ("Framed-IPv6-Prefix = 2001:db8::/32", "6108002020010db8"),
        ("Framed-IPv6-Prefix = ::/0", "61040000"),
        ("PMIP6-Home-IPv4-HoA = 10.0.0.0/8", "9b0800080a000000"),
        ("Test-Ether = 00:11:22:aa:bb:cc", "d20800112 2aabbcc"),
        ("Test-Byte = 255", "d303ff"),
        ("Test-Short = 65535", "d404ffff"),
        ("Test-Integer64 = 18446744073709551615", "d50affffffffffffffff"),
        ("Test-Signed = -2", "d606fffffffe"),
        ("Test-Combo-IP = 192.0.2.1", "d706c0000201"),
        ("Test-Combo-IP = ::1", "d71200000000000000000000000000000001"),
        ("Test-Fixed = 0x01020304", "d80601020304"),
        ("Test-Bool = yes", "d90301"),
        ("Test-Float = 1.5", "da063fc00000"),
        ("Test-Delta = 150cs", "db0600000096"),
        ("Test-Array = { 1, 2, 3 }", "dc08000100020003"),
        ("Test-Array = 7", "dc040007"),
        ("Test-Combo-Prefix = 10.0.0.0/8", "de0800080a000000"),
        ("Response-Length = 5", "f1070300000005"),
        ("SAML-Assertion = \"x\"", "f505010078"),
        ("Attr-200 = 0x0102", "c8040102"),
        ("Attr-26.9.250 = 0x6869", "1a0a00000009fa046869"),
        ("Attr-26.99999.1 = 0x01", "1a090001869f010301"),
        ("Attr-241.99 = 0x01", "f1046301"),
        ("Attr-245.99 = 0x01", "f505630001"),
    ] {
        both_ways(dictionary, text, octets);
    }
}

#[test]
fn every_vendor_format_goes_both_ways() {
    let dictionary = dictionary();
    for (text, octets) in [
        ("Cisco-AVPair = \"foo\"", "1a0b000000090105666f6f"),
        ("USR-Event-Id = 1234", "1a0e000001ad0000bfbe000004d2"),
        ("Lucent-Max-Shared-Users = 1", "1a0d000012ee00020700000001"),
        ("SN-VPN-Name = \"foo\"", "1a0d00001fe400020007666f6f"),
        (
            "WiMAX-Capability = { WiMAX-Release = \"1.0\" }",
            "1a0e000060b50108000105312e30",
        ),
        (
            "WiMAX-Capability = { WiMAX-Release = \"1.0\", WiMAX-Accounting-Capabilities = 1 }",
            "1a11000060b5010b000105312e30020301",
        ),
        (
            "WiMAX-PFDv2 = { WiMAX-PFDv2-Classifier = { WiMAX-PFDv2-Classifier-Src-Spec = { \
             WiMAX-PFDv2-Src-IP-Address = 127.0.0.1, WiMAX-PFDv2-Src-Port = 2112 } } }",
            "1a17000060b51c11000b0e050c01067f00000104040840",
        ),
        ("Tunnel-Private-Group-Id:1 = \"foo\"", "510601666f6f"),
        ("Tunnel-Private-Group-Id:0 = \"foo\"", "510600666f6f"),
        ("Tunnel-Private-Group-Id = \"foo\"", "5105666f6f"),
        ("Tunnel-Type:1 = VLAN", "40060100000d"),
        ("Tunnel-Type = VLAN", "40060000000d"),
        (
            "ERX-Service-Activate:1 = \"UNPOLICED\"",
            "1a120000130a410c01554e504f4c49434544",
        ),
        (
            "NAS-Filter-Rule = { \"hello\", \"bob\" }",
            "5c0b68656c6c6f00626f62",
        ),
        (
            "Digest-Attributes = { Digest-Attr-Realm = \"biloxi.com\", Digest-Attr-User-Name = \"bob\" }",
            "cf13010c62696c6f78692e636f6d0a05626f62",
        ),
        (
            "Ascend-Data-Filter = \"ip in drop tcp dstport > 1023\"",
            "1a2800000211f22201000100000000000000000000000600000003ff000300000000000000000000",
        ),
        ("Attr-241.26.6527.38 = 0xabcdef", "f10b1a0000197f26abcdef"),
        (
            "Test-Struct = { Test-Struct-Wide = 1, Test-Struct-Narrow = 4 }",
            "f109f8000000010004",
        ),
    ] {
        both_ways(dictionary, text, octets);
    }
}

#[test]
fn several_attributes_in_one_vendor_specific_are_all_seen() {
    let octets = "1a2c0000002b0106000000003c203135352e342e31322e3130302030303a30303a30303a30303a30303a3030";
    assert_eq!(
        printed(dictionary(), octets),
        "3Com-User-Access-Level = 0\n3Com-Ip-Host-Addr = \"155.4.12.100 00:00:00:00:00:00\""
    );
    // Their spans tile the packet.
    with_tree(dictionary(), &hex::decode(octets).unwrap(), |tree| {
        let spans: Vec<_> = tree
            .attributes
            .iter()
            .map(|attribute| attribute.span.clone())
            .collect();
        assert_eq!(spans, [20..32, 32..64]);
    });
}

#[test]
fn hidden_values_are_opened_and_hidden_again() {
    let dictionary = dictionary();
    assert_eq!(
        printed(
            dictionary,
            "45150 19dc5c469233a1657b35c97823c97ec6b7ef1"
                .replace(' ', "")
                .as_str()
        ),
        "Tunnel-Password:1 = \"bar\""
    );
    both_ways(
        dictionary,
        "User-Password = \"bob\"",
        "0212f4816bca74fd7a1a104607240014828b",
    );
    both_ways(
        dictionary,
        "Ascend-Send-Secret = \"foo\"",
        "1a1800000211d612ce8dbb09a0cdc29ccaf1bdcb2541f770",
    );
    both_ways(
        dictionary,
        "Tunnel-Password = \"foo\"",
        "4515 00 800131c26b220a1a2538cf27b06bb2ba15f3",
    );
    assert_eq!(
        printed(dictionary, "1a1a0000130a3a14962ae3cfd7914334981eae38b732f78c599c"),
        "ERX-LI-Action = 0"
    );
    for text in [
        "MS-MPPE-Send-Key = 0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "WiMAX-MSK = 0x0102",
        "Test-Hidden-Number = 7",
        "User-Password = \"\"",
        "Tunnel-Password:31 = \"longer than one block of sixteen octets\"",
    ] {
        assert_eq!(printed(dictionary, &encoded(dictionary, text).unwrap()), text);
    }
}

#[test]
fn what_is_hidden_stays_hidden_without_a_secret_and_when_asked_to() {
    let dictionary = dictionary();
    let octets = hex::decode("0212f4816bca74fd7a1a104607240014828b").unwrap();
    let packet = packet(&octets);
    let tree = decode(&Packet::parse(&packet).unwrap(), dictionary, None);
    let [password] = &tree.attributes[..] else {
        panic!()
    };
    assert_eq!(password.value, Value::Sealed(Sealed::NoSecret));
    assert!(password.secret);
    assert_eq!(password.pair(false).to_string(), "User-Password = <hidden>");
    assert_eq!(
        password.pair(true).to_string(),
        "Attr-2 = 0xf4816bca74fd7a1a104607240014828b"
    );
    with_tree(dictionary, &octets, |tree| {
        assert_eq!(
            tree.attributes[0].pair(false).to_string(),
            "User-Password = <hidden>"
        );
    });
    with_tree(dictionary, &hex::decode("df0361").unwrap(), |tree| {
        assert_eq!(
            tree.attributes[0].pair(false).to_string(),
            "Test-Secret = <hidden>"
        );
        assert_eq!(tree.attributes[0].pair(true).to_string(), "Test-Secret = \"a\"");
    });
}

#[test]
fn a_wrong_secret_is_told_from_a_malformed_value() {
    let dictionary = dictionary();
    let hidden = hex::decode(&encoded(dictionary, "Test-Hidden-Number = 7").unwrap()).unwrap();
    let packet = packet(&hidden);
    let secret = Secret::new("wrong");
    let opener = Opener {
        secret: &secret,
        authenticator: super::super::testing::AUTHENTICATOR,
    };
    let tree = decode(&Packet::parse(&packet).unwrap(), dictionary, Some(&opener));
    assert!(matches!(
        tree.attributes[0].value,
        Value::Sealed(Sealed::Reveal(_) | Sealed::Inside(_))
    ));
    with_tree(dictionary, &[2, 5, 1, 2, 3], |tree| {
        assert!(matches!(
            tree.attributes[0].value,
            Value::Malformed(ValueFault::Hidden(_))
        ));
    });
}

/// RFC 6929 §9: types as its examples have them.
const EXTENDED: &str = "
ATTRIBUTE A1 241 extended
ATTRIBUTE A5 245 long-extended
ATTRIBUTE Text 241.1 string
ATTRIBUTE Nest 241.2 tlv
ATTRIBUTE N1 241.2.1 short
ATTRIBUTE N2 241.2.2 short
ATTRIBUTE N3 241.2.3 tlv
ATTRIBUTE N31 241.2.3.1 octets
ATTRIBUTE N32 241.2.3.2 string
ATTRIBUTE Deep 241.3 tlv
ATTRIBUTE D1 241.3.1 tlv
ATTRIBUTE D2 241.3.1.2 tlv
ATTRIBUTE D3 241.3.1.2.3 tlv
ATTRIBUTE D4 241.3.1.2.3.4 tlv
ATTRIBUTE D5 241.3.1.2.3.4.5 octets
ATTRIBUTE E 241.26 evs
ATTRIBUTE LText 245.1 string
ATTRIBUTE LNest 245.2 tlv
ATTRIBUTE L1 245.2.1 short
ATTRIBUTE L2 245.2.2 short
ATTRIBUTE L3 245.2.3 tlv
ATTRIBUTE L31 245.2.3.1 octets
ATTRIBUTE L32 245.2.3.2 string
ATTRIBUTE L 245.4 octets
ATTRIBUTE LE 245.26 evs
VENDOR One 1
BEGIN-VENDOR One format=Extended-Vendor-Specific-1
ATTRIBUTE One-Text 4 string
ATTRIBUTE One-Nest 5 tlv
ATTRIBUTE One-N3 5.3 string
END-VENDOR One
BEGIN-VENDOR One format=Extended-Vendor-Specific-5
ATTRIBUTE One-LText 4 string
ATTRIBUTE One-LNest 5 tlv
ATTRIBUTE One-L3 5.3 string
ATTRIBUTE One-L 6 octets
END-VENDOR One
";

#[test]
fn the_examples_of_rfc_6929_go_both_ways() {
    let dictionary = load(EXTENDED);
    for (text, octets) in [
        ("Text = \"bob\"", "f10601626f62"),
        ("Nest = { N1 = 9029 }", "f1070201042345"),
        ("Nest = { N1 = 9029, N2 = 26505 }", "f10b020104234502046789"),
        (
            "Nest = { N1 = 9029, N3 = { N31 = 0xabcd } }",
            "f10d020104234503060104abcd",
        ),
        (
            "Nest = { N1 = 9029, N3 = { N31 = 0xabcd, N32 = \"foo\" } }",
            "f1120201042345030b0104abcd0205666f6f",
        ),
        (
            "Deep = { D1 = { D2 = { D3 = { D4 = { D5 = 0xcdef } } } } }",
            "f10f03010c020a030804060504cdef",
        ),
        ("One-Text = \"test\"", "f10c1a000000010474657374"),
        ("One-Nest = { One-N3 = \"test\" }", "f10e1a0000000105030674657374"),
        ("LText = \"bob\"", "f5070100626f62"),
        ("LNest = { L1 = 9029 }", "f508020001042345"),
        ("LNest = { L1 = 9029, L2 = 26505 }", "f50c02000104234502046789"),
        (
            "LNest = { L1 = 9029, L3 = { L31 = 0xabcd } }",
            "f50e02000104234503060104abcd",
        ),
        (
            "LNest = { L1 = 9029, L3 = { L31 = 0xabcd, L32 = \"foo\" } }",
            "f513020001042345030b0104abcd0205666f6f",
        ),
        ("One-LText = \"test\"", "f50d1a00000000010474657374"),
        (
            "One-LNest = { One-L3 = \"test\" }",
            "f50f1a000000000105030674657374",
        ),
    ] {
        both_ways(&dictionary, text, octets);
    }
    let data = format!("{}ab{}{}", "aa".repeat(125), "bb".repeat(125), "cc".repeat(15));
    both_ways(
        &dictionary,
        &format!("L = 0x{data}"),
        &format!("f5ff0480{}f5130400{}", &data[..502], &data[502..]),
    );
    both_ways(
        &dictionary,
        &format!("One-L = 0x{data}"),
        &format!("f5ff1a800000000106{}f5181a00{}", &data[..492], &data[492..]),
    );
    // The same octets without a dictionary, by their numbers.
    let nothing = Dictionary::empty();
    both_ways(
        &nothing,
        "Attr-241.26.1.4 = 0x74657374",
        "f10c1a000000010474657374",
    );
    both_ways(
        &nothing,
        &format!("Attr-245.26.1.6 = 0x{data}"),
        &format!("f5ff1a800000000106{}f5181a00{}", &data[..492], &data[492..]),
    );
}

#[test]
fn a_value_in_fragments_is_joined_before_it_is_read() {
    let dictionary = dictionary();
    assert_eq!(
        printed(
            dictionary,
            "1a0e000060b50108800105312e30 1a0c000060b5010600020300 010378"
        ),
        "WiMAX-Capability = { WiMAX-Release = \"1.0\", WiMAX-Accounting-Capabilities = 0 }\nUser-Name = \"x\""
    );
    let eap = "ab".repeat(301);
    both_ways(
        dictionary,
        &format!("EAP-Message = 0x{eap}"),
        &format!("4fff{}4f32{}", &eap[..506], &eap[506..]),
    );
    // Rules run over the border of attributes.
    assert_eq!(
        printed(dictionary, "5c0568656c5c086c6f00626f62"),
        "NAS-Filter-Rule = { \"hello\", \"bob\" }"
    );
}

#[test]
fn a_long_tlv_is_split_where_its_vendor_goes_on() {
    let dictionary = dictionary();
    let text = format!("WiMAX-Capability = {{ WiMAX-Release = \"{}\" }}", "r".repeat(250));
    let octets = encoded(dictionary, &text).unwrap();
    assert!(octets.starts_with("1aff000060b501f980"));
    assert_eq!(printed(dictionary, &octets), text);
}

#[test]
fn a_struct_shows_the_branch_that_its_key_chooses() {
    let dictionary = dictionary();
    let text = "3GPP-Location = { Location-Type = 0, Location-Data = { CGI = { MCC2 = 6, MCC1 = 2, Area = 4660, \
                Rest = 0xab } } }";
    both_ways(dictionary, text, "1a0d000028af1607 00 62 1234 ab");
    assert_eq!(
        printed(dictionary, "1a0c000028af1606 05 010203"),
        "3GPP-Location = { Location-Type = 5, Attr-26.10415.22.2 = 0x010203 }"
    );
    both_ways(
        dictionary,
        "3GPP-Location = { Location-Type = 5, Attr-26.10415.22.2 = 0x010203 }",
        "1a0c000028af1606 05 010203",
    );
    // Cut inside a member, and between two: neither could be written again but as octets.
    both_ways(dictionary, "Attr-241.248 = 0x000000", "f106f8000000");
    both_ways(dictionary, "Attr-241.248 = 0x00000001", "f107f800000001");
    both_ways(
        dictionary,
        "Attr-241.248 = 0x00000001000405",
        "f10af800000001000405",
    );
}

#[test]
fn text_prints_so_that_no_octet_is_lost() {
    let dictionary = dictionary();
    for (octets, text) in [
        ("0106ff616200", r#"User-Name = "\377ab\000""#),
        ("0109c3a9225c0a0d09", r#"User-Name = "é\"\\\n\r\t""#),
        ("01071b5b324a7f", r#"User-Name = "\033[2J\177""#),
        ("0105e280ae", r#"User-Name = "\342\200\256""#),
        ("010a3a323a2530782564", r#"User-Name = ":2:%0x%d""#),
        ("01063078616", r#""#),
    ] {
        if !text.is_empty() {
            both_ways(dictionary, text, octets);
        }
    }
    both_ways(dictionary, r#"Tunnel-Private-Group-Id = ":2:x""#, "51063a323a78");
    both_ways(dictionary, r#"User-Name = "0x6869""#, "0108307836383639");
}

#[test]
fn nested_spans_point_into_the_packet() {
    let octets = hex::decode("1a0e000060b50108800105312e301a0c000060b5010600020300").unwrap();
    with_tree(dictionary(), &octets, |tree| {
        let capability = &tree.attributes[0];
        assert_eq!(capability.span, 20..46);
        let spans: Vec<_> = capability
            .children()
            .iter()
            .map(|child| child.span.clone())
            .collect();
        assert_eq!(spans, [29..34, 43..46]);
    });
}
