//! Names and values against tshark: what we encode from text, Wireshark's dissector calls by the same name and gives
//! the same value, for an attribute of every type and every vendor's format.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use libtest_mimic::Trial;
use radius::attr::{BuildOptions, Draft, Names, Placement, parse_pairs};
use radius::codec::{Code, Secret};
use radius::dictionary::Dictionary;

use crate::peer::{Capture, SECRET};

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        tshark_gives_the_same_names_and_values needs [Tshark],
        where_tshark_differs_is_known needs [Tshark],
    ]
}

struct Nobody;

impl Names for Nobody {
    fn ipv4(&self, _: &str) -> Option<Ipv4Addr> {
        None
    }
    fn ipv6(&self, _: &str) -> Option<Ipv6Addr> {
        None
    }
}

/// What tshark writes of one attribute.
fn lines(texts: &[&str]) -> Vec<Vec<String>> {
    let dictionary = Dictionary::builtin();
    let (from, to): (SocketAddr, SocketAddr) =
        (([127, 0, 0, 1], 40_000).into(), ([127, 0, 0, 1], 1812).into());
    let mut capture = Capture::new();
    for text in texts {
        let mut draft = Draft::new();
        for pair in parse_pairs(text).expect("the text is ours") {
            draft
                .push_pair(&pair, &dictionary, &Nobody)
                .unwrap_or_else(|error| panic!("{text}: {error:?}"));
        }
        let options = BuildOptions {
            max: 4096,
            message_authenticator: Placement::AsGiven,
        };
        let built = draft.build(
            Code::ACCESS_REQUEST,
            7,
            &[7; 16],
            &Secret::new(SECRET),
            &mut || 0x8001,
            &options,
        );
        let packet = built.unwrap_or_else(|error| panic!("{text}: {error:?}"));
        capture = capture.datagram(from, to, &packet);
    }
    let frames = capture.attribute_lines(SECRET);
    assert_eq!(frames.len(), texts.len());
    frames
}

fn holds(frame: &[String], name: &str, value: &str) -> bool {
    frame
        .iter()
        .any(|line| line.starts_with(&format!("t={name}(")) && line.ends_with(value))
}

fn tshark_gives_the_same_names_and_values() {
    let texts: Vec<&str> = SAME.iter().map(|(text, ..)| *text).collect();
    for (frame, (text, name, value)) in lines(&texts).iter().zip(SAME) {
        assert!(holds(frame, name, value), "{text}: tshark says {frame:#?}");
    }
}

fn where_tshark_differs_is_known() {
    let texts: Vec<&str> = DIFFERENT.iter().map(|(text, ..)| *text).collect();
    for (frame, (text, name, value, why)) in lines(&texts).iter().zip(DIFFERENT) {
        assert!(
            holds(frame, name, value),
            "{text}: no longer different ({why})? tshark says {frame:#?}"
        );
    }
}

/// An attribute as we write it, what tshark calls it, and how the value ends that tshark shows.
const SAME: &[(&str, &str, &str)] = &[
    // text, string, integer, enum, time, addresses, prefixes, ifid (RFC 8044 §3)
    ("User-Name = \"bob\"", "User-Name", "val=bob"),
    (
        "User-Password = \"hello\"",
        "User-Password",
        "val=Decrypted: hello",
    ),
    (
        "CHAP-Password = 0x0100112233445566778899aabbccddeeff",
        "CHAP-Password",
        "val=0100112233445566778899aabbccddeeff",
    ),
    ("NAS-IP-Address = 192.0.2.1", "NAS-IP-Address", "val=192.0.2.1"),
    ("Session-Timeout = 3600", "Session-Timeout", "val=3600"),
    (
        "Acct-Input-Octets = 4294967295",
        "Acct-Input-Octets",
        "val=4294967295",
    ),
    (
        "NAS-Port-Type = Wireless-802.11",
        "NAS-Port-Type",
        "val=Wireless-802.11(19)",
    ),
    (
        "Error-Cause = Missing-Attribute",
        "Error-Cause",
        "val=Missing-Attribute(402)",
    ),
    ("Class = 0x010203", "Class", "val=010203"),
    (
        "Event-Timestamp = \"2026-01-31T12:00:00Z\"",
        "Event-Timestamp",
        "val=Jan 31, 2026 12:00:00.000000000 UTC",
    ),
    (
        "Framed-Interface-Id = 1:2:3:4",
        "Framed-Interface-Id",
        "val=0001000200030004",
    ),
    (
        "Framed-IPv6-Prefix = 2001:db8::/32",
        "Framed-IPv6-Prefix",
        "val=2001:db8::/32",
    ),
    (
        "Delegated-IPv6-Prefix = 2001:db8:1::/48",
        "Delegated-IPv6-Prefix",
        "val=2001:db8:1::/48",
    ),
    (
        "NAS-IPv6-Address = 2001:db8::1",
        "NAS-IPv6-Address",
        "val=2001:db8::1",
    ),
    (
        "MIP6-Feature-Vector = 5",
        "MIP6-Feature-Vector",
        "val=0000000000000005",
    ),
    ("PKM-SAID = 5", "PKM-SAID", "val=5"),
    (
        "NAS-Filter-Rule = \"permit in ip from any to any\"",
        "NAS-Filter-Rule",
        "val=permit in ip from any to any",
    ),
    (
        "Egress-VLANID = tagged-100",
        "Egress-VLANID",
        "val=Tagged, Vlan ID: 100",
    ),
    // tags (RFC 2868 §3)
    ("Tunnel-Type:1 = VLAN", "Tunnel-Type", "Tag=0x01 val=VLAN(13)"),
    (
        "Tunnel-Private-Group-Id:1 = \"42\"",
        "Tunnel-Private-Group-Id",
        "Tag=0x01 val=42",
    ),
    // extended (RFC 6929 §2.1)
    ("Frag-Status = 1", "Frag-Status", "val=Fragmentation-Supported(1)"),
    // vendors: 1,1 · 4,0 · 2,1 · 1,1,c with TLVs · tagged
    ("Cisco-AVPair = \"a=b\"", "Cisco-AVPair", "val=a=b"),
    ("3GPP-RAT-Type = EUTRAN", "3GPP-RAT-Type", "val=EUTRAN(6)"),
    ("Mikrotik-Rate-Limit = \"1M\"", "Mikrotik-Rate-Limit", "val=1M"),
    (
        "Juniper-Local-User-Name = \"x\"",
        "Juniper-Local-User-Name",
        "val=x",
    ),
    ("HP-Egress-VLANID = 5", "HP-Egress-VLANID", "val=5"),
    (
        "USR-Last-Number-Dialed-In-DNIS = \"123\"",
        "USR-Last-Number-Dialed-In-DNIS",
        "val=123",
    ),
    ("Lucent-Fr05-Vci = 5", "Lucent-Fr05-Vci", "val=5"),
    ("WiMAX-Release = \"1.0\"", "WiMAX-Release", ": 1.0"),
    (
        "WiMAX-Capability = { WiMAX-Release = \"1.0\", WiMAX-Accounting-Capabilities = 1 }",
        "WiMAX-Accounting-Capabilities",
        ": IP-Session-Based(1)",
    ),
    (
        "WiMAX-Packet-Flow-Descriptor = { WiMAX-Packet-Data-Flow-Id = 5, WiMAX-Direction = 1 }",
        "WiMAX-Direction",
        ": Uplink(1)",
    ),
    (
        "ERX-Service-Activate:1 = \"UNPOLICED\"",
        "Unisphere-Service-Activate",
        "Tag=0x01 val=UNPOLICED",
    ),
];

/// Where tshark says something else, what it says, and why we do not follow it.
const DIFFERENT: &[(&str, &str, &str, &str)] = &[
    (
        "Service-Type = Framed-User",
        "Service-Type",
        "val=Framed(2)",
        "Wireshark calls the value by its RFC 2865 word",
    ),
    (
        "PMIP6-Home-IPv4-HoA = 10.0.0.0/8",
        "PMIP6-Home-IPv4-HoA",
        "val=00080a000000",
        "Wireshark shows an ipv4prefix as octets",
    ),
    (
        "EAP-Message = 0x0201000501",
        "EAP-Message",
        "Last Segment[1]",
        "Wireshark shows EAP below, and no value",
    ),
    (
        "Tunnel-Password:1 = \"secret\"",
        "Tunnel-Password",
        "val=Encrypted",
        "Wireshark opens no salted value",
    ),
    (
        "Ascend-Send-Secret = \"x\"",
        "Ascend-Send-Secret",
        "val=Encrypted",
        "Wireshark opens no Ascend secret",
    ),
    (
        "Ascend-Data-Filter = \"ip in drop tcp dstport > 1023\"",
        "Ascend-Data-Filter",
        "val=Wrong attribute length 32",
        "Wireshark wants the older filters' 24 octets",
    ),
    (
        "SN-VPN-Name = \"x\"",
        "Unknown-Attribute",
        "val=[wrong length]",
        "Wireshark takes Starent's two-octet types for one-octet ones",
    ),
    (
        "DHCPv4-Options = 0x3501",
        "Unknown-Attribute",
        "val=3501",
        "Wireshark does not know RFC 9445",
    ),
    (
        "Digest-Realm = \"x\"",
        "Unknown-Attribute",
        "val=78",
        "Wireshark does not know RFC 5090",
    ),
    (
        "FreeRADIUS-802.1X-Anonce = 0xabcd",
        "Unknown-Attribute",
        "val=abcd",
        "Wireshark has no names in 245.26",
    ),
];
