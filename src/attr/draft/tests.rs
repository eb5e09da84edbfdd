//! What radclient's users write, and what stands on the wire then.

use proptest::prelude::*;

use super::super::testing::{AUTHENTICATOR, SECRET, dictionary, draft, encoded, octets};
use super::super::{Control, EncodeErrorKind as Kind, NoNames, parse_pairs};
use super::*;
use crate::codec::hex::HexError;
use crate::codec::{Code, MAX_LENGTH, Packet, hex, seal};
use crate::dictionary::{Key, ResolveErrorKind, Type};

fn error(text: &str) -> (Kind, &str) {
    let error = draft(dictionary(), text).expect_err(text);
    (error.kind, &text[error.span])
}

/// Every spelling that FreeRADIUS 3 or 4 takes, and what we make of it.
#[test]
fn what_scripts_in_the_field_write_is_understood() {
    let bob = "0105626f62";
    for (text, octets) in [
        ("User-Name = \"bob\"", bob),
        ("User-Name = bob", bob),
        ("User-Name = 'bob'", bob),
        ("User-Name=bob", bob),
        ("user-name = bob", bob),
        ("&User-Name = bob", bob),
        ("User-Name := bob", bob),
        ("User-Name += bob", bob),
        ("User-Name == bob", bob),
        ("NAS-Port=1", "050600000001"),
        ("NAS-Port = 1, NAS-Port = 2,", "050600000001050600000002"),
        ("NAS-Port += 1\nNAS-Port := 2", "050600000001050600000002"),
        ("Acct-Status-Type = start", "280600000001"),
        ("Acct-Status-Type = ::Start", "280600000001"),
        (r#"User-Name = "\t\n\r\"\\\101""#, "0108090a0d225c41"),
        (
            r#"User-Name = "%d\t%{User-Name}""#,
            "0111256409257b557365722d4e616d657d",
        ),
        (r"User-Name = 'a\tb\101'", "010a615c74625c313031"),
        ("Service-Type = 99", "060600000063"),
        ("Service-Type = 0x00000002", "060600000002"),
        ("Service-Type = Framed-User", "060600000002"),
        ("NAS-IP-Address = localhost", "04067f000001"),
        (
            "NAS-IPv6-Address = localhost",
            "5f1200000000000000000000000000000001",
        ),
        ("Framed-IP-Address = 0xc0000201", "0806c0000201"),
        ("Framed-IP-Address = 127", "08060000007f"),
        ("Framed-IP-Address = *", "080600000000"),
        ("NAS-Port = 0x10", "050600000010"),
        ("Filter-Id = 0x666f6f", "0b0a3078363636663666"),
        ("Class = abc", "1905616263"),
        ("Class = 0xabcd", "1904abcd"),
        ("Event-Timestamp = 1700000000", "37066553f100"),
        ("Event-Timestamp = \"Nov 22 2026 12:00:00 UTC\"", "37066b02d940"),
        (
            "Framed-IPv6-Prefix = 2001:db8::1",
            "6114008020010db8000000000000000000000001",
        ),
        ("Tunnel-Type:3 = VLAN", "40060300000d"),
        ("Tunnel-Private-Group-Id = :2:abc", "510602616263"),
        ("Tunnel-Private-Group-Id = \":2:abc\"", "51083a323a616263"),
        (
            "Tag-1 = { Tunnel-Type = VLAN, Tunnel-Private-Group-Id = \"7\" }",
            "40060100000d51040137",
        ),
        ("Attr-200 = 0x0102", "c8040102"),
        ("Attr-26.9.1 = 0x78", "1a0900000009010378"),
        ("Vendor-9-Attr-1 = 0x78", "1a0900000009010378"),
        ("Cisco-Attr-1 = 0x78", "1a0900000009010378"),
        ("raw.200 = 0x0102", "c8040102"),
        ("raw.26.9.1 = 0x78", "1a0900000009010378"),
        ("raw.26.6809.1.2 = 0xabcdef", "1a0d00001a9901070205abcdef"),
        ("raw.Framed-IP-Address = 0x01", "080301"),
        ("raw.250 = (ipv4addr) 192.0.2.1", "fa06c0000201"),
        ("26.9.1 = 0x78", "1a0900000009010378"),
        ("26.9.1 = \"x\"", "1a0900000009010378"),
        ("Vendor-Specific.Cisco.AVPair = \"x\"", "1a0900000009010378"),
        (
            "Vendor-Specific.Cisco = { AVPair = \"a\", AVPair = \"b\" }",
            "1a09000000090103611a0900000009010362",
        ),
        (
            "Vendor-Specific = { Cisco = { AVPair = \"a\" } }",
            "1a0900000009010361",
        ),
        ("Cisco-AVPair = \"x\"", "1a0900000009010378"),
        (
            "Cisco-AVPair = shell:priv-lvl=15",
            "1a190000000901137368656c6c3a707269762d6c766c3d3135",
        ),
        ("Response-Length = 5", "f1070300000005"),
        ("Attr-241.1 = 0x01", "f1040101"),
        ("Extended-Attribute-1.Frag-Status = 1", "f1070100000001"),
        ("Extended-Attribute-1 = { Frag-Status = 1 }", "f1070100000001"),
        (
            "WiMAX-Capability = { WiMAX-Release = \"1.0\" }",
            "1a0e000060b50108000105312e30",
        ),
        (
            "WiMAX-Capability = { Release = \"1.0\" }",
            "1a0e000060b50108000105312e30",
        ),
        (
            "Vendor-Specific.WiMAX.Capability = { Release = \"1.0\" }",
            "1a0e000060b50108000105312e30",
        ),
        (
            "Vendor-Specific.WiMAX.Capability.Release = \"1.0\"",
            "1a0e000060b50108000105312e30",
        ),
        ("WiMAX-Release = \"1.0\"", "1a0e000060b50108000105312e30"),
        (
            "WiMAX-Release = \"1.0\", WiMAX-Accounting-Capabilities = 1",
            "1a11000060b5010b000105312e30020301",
        ),
        (
            "WiMAX-PFDv2-Src-IP-Address = 127.0.0.1, WiMAX-PFDv2-Src-Port = 2112",
            "1a17000060b51c11000b0e050c01067f00000104040840",
        ),
        (
            "WiMAX-Release = \"1.0\", NAS-Port = 1, WiMAX-Accounting-Capabilities = 1",
            "1a0e000060b50108000105312e300506000000011a0c000060b5010600020301",
        ),
        ("Vendor-Specific = 0x00000009", "1a0600000009"),
        ("Attr-26 = 0x00000009", "1a0600000009"),
        ("Attr-26.9 = 0x0103", "1a08000000090103"),
        ("Attr-245 = 0x0180ff", "f5050180ff"),
        ("User-Name = \"päß\"", "010770c3a4c39f"),
        ("Filter-Id = \"a#b\" # comment", "0b05612362"),
        ("Chargeable-User-Identity = \"\"", "5902"),
        ("EAP-Message = 0x", "4f02"),
        ("raw.Filter-Id = 0x", "0b02"),
        (
            "NAS-Filter-Rule = \"hello\", NAS-Filter-Rule = \"bob\"",
            "5c0b68656c6c6f00626f62",
        ),
        ("Test-Array = { 1, 2 }", "dc0600010002"),
        ("Test-Bool = true", "d90301"),
        ("Test-Ether = 0011.22aa.bbcc", "d208001122aabbcc"),
        ("Test-Combo-IP = localhost", "d7067f000001"),
        ("Test-Delta = 1.5s", "db0600000096"),
        ("Egress-VLANID = 822083684", "380631000064"),
        (
            "3GPP-Location = { Location-Type = 1, Location-Data = { SAI = { Code = 5 } } }",
            "1a0d000028af16070100000005",
        ),
        ("Test-Struct = { Test-Struct-Narrow = 4 }", "f109f8000000000004"),
    ] {
        assert_eq!(encoded(dictionary(), text).as_deref(), Ok(octets), "{text}");
    }
}

#[test]
fn what_cannot_be_said_exactly_is_refused_with_its_place() {
    let range = |min, max| Kind::OutOfRange { min, max };
    let u32max = i128::from(u32::MAX);
    let long = |length, max| Kind::TooLong { length, max };
    let key = Key::ROOT.child(6);
    let a300 = "a".repeat(300);
    let filter = format!("Filter-Id = \"{a300}\"");
    let cisco = format!("Cisco-AVPair = \"{a300}\"");
    let password = format!("User-Password = \"{}\"", "p".repeat(129));
    for (text, kind, at) in [
        (
            "Service-Type = Bogus-User",
            Kind::UnknownValueName { key },
            "Bogus-User",
        ),
        ("NAS-Port = 99999999999", range(0, u32max), "99999999999"),
        ("NAS-Port = -1", range(0, u32max), "-1"),
        ("NAS-Port = five", Kind::NotA(Type::Uint32), "five"),
        ("NAS-Port = \"\"", Kind::Empty, "\"\""),
        ("Test-Byte = 256", range(0, 255), "256"),
        (
            "Test-Signed = -2147483649",
            range(-(1 << 31), (1 << 31) - 1),
            "-2147483649",
        ),
        (
            "NAS-IP-Address = 300.1.1.1",
            Kind::NotA(Type::Ipaddr),
            "300.1.1.1",
        ),
        ("NAS-IP-Address = no.such.host", Kind::Host, "no.such.host"),
        ("NAS-IP-Address = 10.0.0.0/8", Kind::Mask, "10.0.0.0/8"),
        (
            "NAS-IPv6-Address = 192.0.2.1",
            Kind::NotA(Type::Ipv6addr),
            "192.0.2.1",
        ),
        (
            "Class = 0xabc",
            Kind::Hex(HexError::OddDigits { digits: 3 }),
            "0xabc",
        ),
        (
            "Class = 0xag",
            Kind::Hex(HexError::NotADigit { at: 1, found: 'g' }),
            "0xag",
        ),
        ("Filter-Id = \"\"", Kind::Empty, "\"\""),
        ("Class = 0x", Kind::Empty, "0x"),
        (filter.as_str(), long(300, 253), &filter[12..]),
        (cisco.as_str(), long(300, 247), &cisco[15..]),
        (password.as_str(), long(129, 128), &password[16..]),
        (
            "Test-Fixed = 0x01",
            Kind::Length {
                expected: 4,
                found: 1,
            },
            "0x01",
        ),
        ("NAS-Port:1 = 5", Kind::Untagged, "1"),
        ("Tag-1 = { NAS-Port = 5 }", Kind::Untagged, "NAS-Port"),
        ("Tunnel-Type = 0x1000000", range(0, 0xff_ffff), "0x1000000"),
        ("Attr-200 = abc", Kind::HexOnly, "abc"),
        ("Attr-200 = \"0x01\"", Kind::HexOnly, "\"0x01\""),
        ("Attr-26.9.256 = 0x01", Kind::Unencodable, "Attr-26.9.256"),
        ("Attr-300 = 0x01", Kind::Unencodable, "Attr-300"),
        ("Server-Only = x", Kind::Internal, "Server-Only"),
        ("NAS-Port > 5", Kind::Comparison, ">"),
        ("NAS-Port =* ANY", Kind::Comparison, "=*"),
        ("NAS-Port = { X = 1 }", Kind::NotAGroup, "{ X = 1 }"),
        ("NAS-Port = { 1, 2 }", Kind::NotAGroup, "{ 1, 2 }"),
        ("WiMAX-Capability = \"1.0\"", Kind::Group, "\"1.0\""),
        (
            "WiMAX-Capability = { User-Name = \"a\" }",
            Kind::NotAChild,
            "User-Name",
        ),
        (
            "Vendor-Specific.Cisco = { User-Name = \"a\" }",
            Kind::NotAChild,
            "User-Name",
        ),
        (
            "Test-Struct = { Test-Struct-Wide = 1, Test-Struct-Wide = 2 }",
            Kind::Twice,
            "{ Test-Struct-Wide = 1, Test-Struct-Wide = 2 }",
        ),
        (
            "CHAP-Password = 0x0102",
            Kind::Length {
                expected: 17,
                found: 2,
            },
            "0x0102",
        ),
        ("Event-Timestamp = yesterday", Kind::NotA(Type::Date), "yesterday"),
        (
            "Event-Timestamp = 1969-12-31T23:59:59Z",
            range(0, u32max),
            "1969-12-31T23:59:59Z",
        ),
        ("Framed-IPv6-Prefix = ::/129", range(0, 128), "::/129"),
        (
            "Ascend-Data-Filter = \"ip sideways drop\"",
            Kind::NotA(Type::Abinary),
            "\"ip sideways drop\"",
        ),
        ("Packet-Type = No-Such", Kind::Code, "No-Such"),
    ] {
        assert_eq!(error(text), (kind, at), "{text}");
    }
    let (kind, at) = error("No-Such-Attr = 1");
    assert!(matches!(kind, Kind::Name(error) if error.kind == ResolveErrorKind::UnknownName));
    assert_eq!(at, "No-Such-Attr");
}

#[test]
fn a_pair_that_is_refused_leaves_the_draft_as_it_was() {
    let mut draft = draft(dictionary(), "WiMAX-Release = \"1.0\"").unwrap();
    let before = draft.clone();
    let text = format!(
        "Vendor-Specific.Cisco = {{ AVPair = \"a\", AVPair = \"{}\" }}",
        "b".repeat(250)
    );
    let pairs = parse_pairs(&text).unwrap();
    assert!(draft.push_pair(&pairs[0], dictionary(), &NoNames).is_err());
    assert_eq!(draft, before);
}

#[test]
fn pairs_for_the_sender_never_stand_on_the_wire() {
    let mut draft = Draft::new();
    let mut said = Vec::new();
    let text = "Packet-Type = CoA-Request, packet-type = 77, Response-Packet-Type = Access-Reject,
        Packet-Dst-IP-Address = 192.0.2.1, Packet-Dst-Port = 3799, Packet-Src-IPv6-Address = ::1, Net.Src.Port = 1024,
        Request-Authenticator = 0x000102030405060708090a0b0c0d0e0f, Radclient-Test-Name = \"one\",
        Password.Cleartext = hello, MS-CHAP-Password = hello, Message-Authenticator !* ANY";
    for pair in parse_pairs(text).unwrap() {
        said.extend(draft.push_pair(&pair, &Dictionary::empty(), &NoNames).unwrap());
    }
    assert!(draft.is_empty());
    assert_eq!(
        said,
        [
            Control::PacketType(Code::COA_REQUEST),
            Control::PacketType(Code(77)),
            Control::ResponsePacketType(Code::ACCESS_REJECT),
            Control::DestinationAddress("192.0.2.1".parse().unwrap()),
            Control::DestinationPort(3799),
            Control::SourceAddress("::1".parse().unwrap()),
            Control::SourcePort(1024),
            Control::Authenticator(AUTHENTICATOR),
            Control::TestName("one".to_owned()),
            Control::CleartextPassword(Secret::new("hello")),
            Control::MsChapPassword(Secret::new("hello")),
            Control::NoMessageAuthenticator,
        ]
    );
}

fn build(draft: &Draft, placement: Placement) -> Vec<u8> {
    let options = BuildOptions {
        max: MAX_LENGTH,
        message_authenticator: placement,
    };
    let secret = Secret::new(SECRET);
    draft
        .build(
            Code::ACCESS_REQUEST,
            7,
            &AUTHENTICATOR,
            &secret,
            &mut || 1,
            &options,
        )
        .unwrap()
}

fn types(packet: &[u8]) -> Vec<u8> {
    let packet = Packet::parse(packet).unwrap();
    packet
        .attributes()
        .map(|attribute| attribute.unwrap().number().0)
        .collect()
}

#[test]
fn message_authenticator_stands_first_or_where_it_is_put() {
    let plain = draft(dictionary(), "User-Name = bob, NAS-Port = 1").unwrap();
    assert_eq!(types(&build(&plain, Placement::First)), [80, 1, 5]);
    assert_eq!(types(&build(&plain, Placement::AsGiven)), [1, 5]);
    let placed = draft(
        dictionary(),
        "User-Name = bob, Message-Authenticator = 0x00, NAS-Port = 1",
    )
    .unwrap();
    assert_eq!(types(&build(&placed, Placement::First)), [1, 80, 5]);
    assert_eq!(types(&build(&placed, Placement::AsGiven)), [1, 80, 5]);
    assert_eq!(types(&build(&placed, Placement::None)), [1, 5]);
    let packet = build(&placed, Placement::First);
    let seals = seal::check_request(&Packet::parse(&packet).unwrap(), &Secret::new(SECRET));
    assert_eq!(
        seals.message_authenticator,
        seal::MessageAuthenticatorCheck::Right
    );
}

#[test]
fn chap_answers_the_challenge_of_the_draft_or_the_authenticator() {
    let secret = Secret::new("hello");
    let packet = build(
        &draft(dictionary(), "CHAP-Password = hello").unwrap(),
        Placement::AsGiven,
    );
    assert_eq!(packet[20..23], [3, 19, 7]);
    assert_eq!(packet[23..39], hide::chap_response(7, &secret, &AUTHENTICATOR));
    let packet = build(
        &draft(
            dictionary(),
            "CHAP-Password = \"hello\", CHAP-Challenge = 0x0102030405060708",
        )
        .unwrap(),
        Placement::AsGiven,
    );
    assert_eq!(
        packet[23..39],
        hide::chap_response(7, &secret, &[1, 2, 3, 4, 5, 6, 7, 8])
    );
    let raw = format!("CHAP-Password = 0x{}", "11".repeat(17));
    assert_eq!(
        encoded(dictionary(), &raw).unwrap(),
        format!("0313{}", "11".repeat(17))
    );
}

#[test]
fn every_hidden_attribute_gets_a_salt_of_its_own() {
    let mut draft = draft(dictionary(), "Tunnel-Password:1 = a, Tunnel-Password:2 = b").unwrap();
    draft.push_password(&Secret::new("hello")).unwrap();
    let mut salt = 0;
    let secret = Secret::new(SECRET);
    let mut salts = || {
        salt += 1;
        salt
    };
    let options = BuildOptions::default();
    let packet = draft
        .build_reply(
            Code::ACCESS_ACCEPT,
            7,
            &AUTHENTICATOR,
            &secret,
            &mut salts,
            &options,
        )
        .unwrap();
    let reply = Packet::parse(&packet).unwrap();
    assert!(seal::check_reply(&reply, &AUTHENTICATOR, &secret).hold());
    let salts: Vec<_> = reply
        .all(AttributeType::TUNNEL_PASSWORD)
        .map(|attribute| attribute.value()[..3].to_vec())
        .collect();
    assert_eq!(salts, [[1, 0x80, 1], [2, 0x80, 2]]);
}

#[test]
fn a_packet_that_grows_too_long_is_refused_and_not_cut() {
    let text = vec![format!("Cisco-AVPair = \"{}\"", "x".repeat(200)); 30].join("\n");
    let draft = draft(dictionary(), &text).unwrap();
    let secret = Secret::new(SECRET);
    let options = BuildOptions::default();
    let length = 20 + 18 + 30 * 208;
    assert_eq!(
        draft.build(
            Code::ACCESS_REQUEST,
            1,
            &AUTHENTICATOR,
            &secret,
            &mut || 1,
            &options
        ),
        Err(BuildError::PacketTooLong { length, max: 4096 })
    );
}

#[test]
fn attributes_are_looked_at_replaced_and_taken_out_by_type() {
    let mut draft = draft(dictionary(), "User-Name = bob, State = 0x01, State = 0x02").unwrap();
    assert!(draft.has(AttributeType::STATE));
    assert_eq!(draft.value(AttributeType::STATE), Some(&[1][..]));
    draft.set(AttributeType::USER_NAME, b"eve").unwrap();
    draft.set(AttributeType::PROXY_STATE, b"p").unwrap();
    assert_eq!(draft.remove(AttributeType::STATE), 2);
    assert_eq!(hex::encode(&octets(&draft)), "0105657665210370");
    assert!(matches!(
        draft.push(AttributeType::CLASS, &[0; 254]),
        Err(BuildError::ValueTooLong {
            length: 254,
            max: 253,
            ..
        })
    ));
    draft.push(AttributeType::EAP_MESSAGE, &[0; 300]).unwrap();
    assert_eq!(types(&build(&draft, Placement::AsGiven)), [1, 33, 79, 79]);
}

proptest! {
    #[test]
    fn any_text_is_sent_or_refused_with_a_place_inside(
        name in prop::sample::select(vec![
            "User-Name", "User-Password", "NAS-Port", "Service-Type", "Framed-IP-Address", "Framed-IPv6-Prefix",
            "Event-Timestamp", "Test-Delta", "Test-Ether", "Ascend-Data-Filter", "Tunnel-Type:1", "Attr-200", "26.9.1",
            "raw.26.24757.1.1", "WiMAX-Capability", "Vendor-Specific", "3GPP-Location", "Framed-Interface-Id", "Tag-1",
        ]),
        value in "[ -~\u{e9}\n]{0,40}|[0-9a-fx:./-]{0,20}|\\{[ -~]{0,30}\\}",
    ) {
        let text = format!("{name} = {value}");
        let Ok(pairs) = parse_pairs(&text) else { return Ok(()) };
        let mut draft = Draft::new();
        for pair in &pairs {
            if let Err(error) = draft.push_pair(pair, dictionary(), &NoNames) {
                prop_assert!(text.get(error.span).is_some());
            }
        }
        octets(&draft);
    }
}

/// pyrad2 counts characters and fails later (its defect W15).
#[test]
fn a_text_is_measured_in_octets() {
    let text = format!("Filter-Id = \"{}\"", "é".repeat(200));
    assert_eq!(
        error(&text).0,
        Kind::TooLong {
            length: 400,
            max: 253
        }
    );
    let text = format!("Filter-Id = \"{}\"", "é".repeat(126));
    assert_eq!(encoded(dictionary(), &text).unwrap().len(), 2 * (2 + 252));
}
