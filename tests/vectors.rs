//! Vectors of RFC 6929 §9 and of FreeRADIUS's unit tests, both ways with the dictionaries that ship; and what pyrad2,
//! the library this tool grew out of, got wrong.

#![allow(clippy::unwrap_used)] // Tests may.

use radius::attr::{BuildOptions, Draft, NoNames, Opener, Placement, decode, parse_pairs};
use radius::codec::{Code, Packet, Secret};
use radius::dictionary::{Dictionary, LoadOptions, Memory};

const AUTHENTICATOR: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

fn octets(hex: &str) -> Vec<u8> {
    let digits: Vec<char> = hex.chars().filter(char::is_ascii_hexdigit).collect();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap())
        .collect()
}

/// The attributes as text, joined by commas.
fn printed(dictionary: &Dictionary, attributes: &[u8]) -> String {
    let mut packet = vec![2, 7];
    packet.extend(u16::try_from(20 + attributes.len()).unwrap().to_be_bytes());
    packet.extend(AUTHENTICATOR);
    packet.extend(attributes);
    let secret = Secret::new("testing123");
    let opener = Opener {
        secret: &secret,
        authenticator: AUTHENTICATOR,
    };
    let packet = Packet::parse(&packet).unwrap();
    let tree = decode(&packet, dictionary, Some(&opener));
    let texts: Vec<String> = tree
        .attributes
        .iter()
        .map(|attribute| attribute.pair(true).to_string())
        .collect();
    texts.join(", ")
}

/// The octets of the attributes that a text says.
fn encoded(dictionary: &Dictionary, text: &str) -> Vec<u8> {
    let mut draft = Draft::new();
    for pair in parse_pairs(text).unwrap() {
        draft
            .push_pair(&pair, dictionary, &NoNames)
            .unwrap_or_else(|error| panic!("{text}: {error:?}"));
    }
    let options = BuildOptions {
        max: 4096,
        message_authenticator: Placement::AsGiven,
    };
    let secret = Secret::new("testing123");
    let built = draft.build(
        Code::ACCESS_ACCEPT,
        7,
        &AUTHENTICATOR,
        &secret,
        &mut || 0x8001,
        &options,
    );
    built.unwrap().split_off(20)
}

#[test]
fn the_vectors_of_rfc_6929_come_back_octet_for_octet() {
    let data = format!("{}ab{}{}", "aa".repeat(125), "bb".repeat(125), "cc".repeat(15));
    let long = format!("f5ff0480{}f5130400{}", &data[..502], &data[502..]);
    let vendor = format!("f5ff1a800000000106{}f5181a00{}", &data[..492], &data[492..]);
    let text = "ATTRIBUTE E 241 extended\nATTRIBUTE L 245 long-extended\nATTRIBUTE V 241.26 evs\nATTRIBUTE W 245.26 evs\n\
                ATTRIBUTE One 241.1 tlv\nATTRIBUTE N1 241.1.1 tlv\nATTRIBUTE N2 241.1.1.2 tlv\n\
                ATTRIBUTE N3 241.1.1.2.3 tlv\nATTRIBUTE N4 241.1.1.2.3.4 tlv\nATTRIBUTE N5 241.1.1.2.3.4.5 octets\n\
                ATTRIBUTE LOne 245.1 tlv\nATTRIBUTE M1 245.1.1 tlv\nATTRIBUTE M2 245.1.1.2 tlv\n\
                ATTRIBUTE M3 245.1.1.2.3 tlv\nATTRIBUTE M4 245.1.1.2.3.4 tlv\nATTRIBUTE M5 245.1.1.2.3.4.5 octets\n";
    let mut nested = Dictionary::empty();
    nested
        .load("nested", &Memory::with("nested", text), LoadOptions::default())
        .unwrap();
    for vector in [
        "f10601626f62",
        "f1070201042345",
        "f10b020104234502046789",
        "f10d020104234503060104abcd",
        "f1120201042345030b0104abcd0205666f6f",
        "f10f01010c020a030804060504cdef",
        "f10c1a000000010474657374",
        "f10e1a0000000105030674657374",
        "f5070100626f62",
        "f508020001042345",
        "f50c02000104234502046789",
        "f50e02000104234503060104abcd",
        "f513020001042345030b0104abcd0205666f6f",
        "f5100100010c020a030804060504cdef",
        "f50d1a00000000010474657374",
        "f50f1a000000000105030674657374",
        &long,
        &vendor,
    ] {
        for dictionary in [&Dictionary::builtin(), &Dictionary::empty(), &nested] {
            let text = printed(dictionary, &octets(vector));
            assert_eq!(encoded(dictionary, &text), octets(vector), "{text}");
        }
    }
    for deep in [
        "f10f01010c020a030804060504cdef",
        "f5100100010c020a030804060504cdef",
    ] {
        let text = printed(&nested, &octets(deep));
        assert!(
            text.ends_with(" = { N5 = 0xcdef } } } } }") || text.ends_with(" = { M5 = 0xcdef } } } } }"),
            "{text}"
        );
    }
}

#[test]
fn the_vectors_of_freeradius_come_back_octet_for_octet() {
    let dictionary = Dictionary::builtin();
    for (vector, text) in [
        ("0105626f62", "User-Name = \"bob\""),
        ("5902", "Chargeable-User-Identity = 0x"),
        ("1a0b000000090105666f6f", "Cisco-AVPair = \"foo\""),
        ("1a0d000012ee00020700000001", "Lucent-Max-Shared-Users = 1"),
        ("1a0d00001fe400020007666f6f", "SN-VPN-Name = \"foo\""),
        (
            "1a0e000060b50108000105312e30",
            "WiMAX-Capability = { WiMAX-Release = \"1.0\" }",
        ),
        (
            "1a11000060b5010b000105312e30020301",
            "WiMAX-Capability = { WiMAX-Release = \"1.0\", WiMAX-Accounting-Capabilities = IP-Session-Based }",
        ),
        ("510601666f6f", "Tunnel-Private-Group-Id:1 = \"foo\""),
        (
            "1a120000130a410c01554e504f4c49434544",
            "ERX-Service-Activate:1 = \"UNPOLICED\"",
        ),
        ("6108002020010db8", "Framed-IPv6-Prefix = 2001:db8::/32"),
        ("61040000", "Framed-IPv6-Prefix = ::/0"),
        ("380631000064", "Egress-VLANID = tagged-100"),
        ("f10b1a0000197f26abcdef", "Attr-241.26.6527.38 = 0xabcdef"),
    ] {
        assert_eq!(printed(&dictionary, &octets(vector)), text);
        assert_eq!(encoded(&dictionary, text), octets(vector), "{text}");
    }
    for vector in [
        "1a0e000001ad0000bfbe000004d2",
        "1a17000060b51c11000b0e050c01067f00000104040840",
        "5c0b68656c6c6f00626f62",
        "cf13010c62696c6f78692e636f6d0a05626f62",
        "1a2800000211f22201000100000000000000000000000600000003ff000300000000000000000000",
    ] {
        let text = printed(&dictionary, &octets(vector));
        assert!(!text.contains("Attr-"), "{text}");
        assert_eq!(encoded(&dictionary, &text), octets(vector), "{text}");
    }
    // WiMAX goes on in the next attribute; several attributes share one Vendor-Specific: the values are the same.
    assert_eq!(
        printed(
            &dictionary,
            &octets("1a0e000060b50108800105312e30 1a0c000060b5010600020300")
        ),
        "WiMAX-Capability = { WiMAX-Release = \"1.0\", WiMAX-Accounting-Capabilities = No-Accounting }"
    );
    let shared = "1a2c0000002b0106000000003c203135352e342e31322e3130302030303a30303a30303a30303a30303a3030";
    assert_eq!(
        printed(&dictionary, &octets(shared)),
        "3Com-User-Access-Level = 3Com-Visitor, 3Com-Ip-Host-Addr = \"155.4.12.100 00:00:00:00:00:00\""
    );
    // EAP-Message is split without being told to be.
    let eap = format!("EAP-Message = 0x{}", "ab".repeat(301));
    let split = encoded(&dictionary, &eap);
    assert_eq!(
        (&split[..2], &split[255..257], split.len()),
        (&[79, 255][..], &[79, 50][..], 305)
    );
    assert_eq!(printed(&dictionary, &split), eap);
}

/// W2: it chains the blocks of a salted value on plaintext, so that only 15 octets come out right.
#[test]
fn pyrad2_w2_salted_values_longer_than_a_block_are_opened() {
    let dictionary = Dictionary::builtin();
    for text in [
        "MS-MPPE-Send-Key = 0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "Tunnel-Password:1 = \"a password of more than fifteen octets\"",
    ] {
        assert_eq!(printed(&dictionary, &encoded(&dictionary, text)), text);
    }
    // Not only our own: a vector of FreeRADIUS's.
    let foreign = octets("4515 00 800131c26b220a1a2538cf27b06bb2ba15f3");
    assert_eq!(
        printed(&dictionary, &foreign),
        "Tunnel-Password:0 = \"foo\"".replace(":0", "")
    );
}

/// W4: it never reads a tag.
#[test]
fn pyrad2_w4_tags_are_decoded() {
    let dictionary = Dictionary::builtin();
    assert_eq!(
        printed(&dictionary, &octets("40060100000d 5105013432")),
        "Tunnel-Type:1 = VLAN, Tunnel-Private-Group-Id:1 = \"42\""
    );
    let text = "Tunnel-Password:2 = \"x\"";
    assert_eq!(printed(&dictionary, &encoded(&dictionary, text)), text);
}

/// W5: it takes an attribute of 250 octets out of four.
#[test]
fn pyrad2_w5_an_attribute_that_overruns_is_a_fault() {
    let packet = octets("01070018 00000000000000000000000000000000 01fa6162");
    let parsed = Packet::parse(&packet).unwrap();
    let dictionary = Dictionary::builtin();
    let tree = decode(&parsed, &dictionary, None);
    assert!(tree.attributes.is_empty());
    assert!(tree.fault.is_some());
}

/// W9: it leaves the continuation octet of a WiMAX TLV out.
#[test]
fn pyrad2_w9_wimax_tlvs_have_their_continuation_octet() {
    let text = "WiMAX-Release = \"1.0\"";
    let expected = octets("1a0e000060b50108000105312e30");
    assert_eq!(encoded(&Dictionary::builtin(), text), expected);
}

/// W10: it stops at `format=Extended-Vendor-Specific-5` and `String`, and takes TLVs' children for attributes.
#[test]
fn pyrad2_w10_the_grammar_of_freeradius_is_read() {
    let text = "ATTRIBUTE Extended-Attribute-5 245 long-extended\nATTRIBUTE Extended-Vendor-Specific-5 245.26 evs\n\
                VENDOR Acme 9999\nBEGIN-VENDOR Acme format=Extended-Vendor-Specific-5\nATTRIBUTE Acme-Far 1 String\n\
                END-VENDOR Acme\nBEGIN-VENDOR Acme\nATTRIBUTE Acme-Tree 5 tlv\nBEGIN-TLV Acme-Tree\n\
                ATTRIBUTE Acme-Leaf 5 integer\nEND-TLV Acme-Tree\nEND-VENDOR Acme\n";
    let mut dictionary = Dictionary::empty();
    let files = Memory::with("acme", text);
    dictionary.load("acme", &files, LoadOptions::default()).unwrap();
    let oid = |name: &str| dictionary.named(name).unwrap().oid().to_string();
    assert_eq!(oid("Acme-Far"), "245.26.9999.1");
    assert_eq!(oid("Acme-Tree"), "26.9999.5");
    assert_eq!(oid("Acme-Leaf"), "26.9999.5.5");
    // And a word that is none is said, not passed over.
    let wrong = Memory::with("wrong", "BEGIN-TVL Acme-Tree\n");
    assert_eq!(
        Dictionary::empty()
            .load("wrong", &wrong, LoadOptions::default())
            .unwrap_err()
            .len(),
        1
    );
}

/// W14: it shows text that is not UTF-8 as hexadecimal digits, which a text of such digits looks like too.
#[test]
fn pyrad2_w14_text_that_is_not_utf_8_looks_like_no_other() {
    let dictionary = Dictionary::builtin();
    let broken = octets("0104 fffe");
    let digits = octets("0106 66666665");
    let (broken_text, digits_text) = (printed(&dictionary, &broken), printed(&dictionary, &digits));
    assert_eq!(digits_text, "User-Name = \"fffe\"");
    assert_ne!(broken_text, digits_text);
    assert_eq!(encoded(&dictionary, &broken_text), broken);
    assert_eq!(encoded(&dictionary, &digits_text), digits);
}

/// W15: it counts characters, and fails on octets later.
#[test]
fn pyrad2_w15_text_is_measured_in_octets() {
    let dictionary = Dictionary::builtin();
    let text = format!("Reply-Message = \"{}\"", "é".repeat(200));
    let pairs = parse_pairs(&text).unwrap();
    assert!(Draft::new().push_pair(&pairs[0], &dictionary, &NoNames).is_err());
    let text = format!("Reply-Message = \"{}\"", "é".repeat(126));
    assert_eq!(printed(&dictionary, &encoded(&dictionary, &text)), text);
}
