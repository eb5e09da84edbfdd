use super::super::testing::{Localhost, dictionary, draft, octets, with_tree};
use super::super::{EncodeErrorKind, parse_pairs};
use super::*;
use crate::dictionary::Type;

const REPLY: &str = "User-Name = bob, Service-Type = Framed-User, Framed-IP-Address = 10.1.2.3, NAS-Port = 100, \
    Reply-Message = \"Hello, Bob\", Class = 0x0102, Tunnel-Type:1 = VLAN, Tunnel-Private-Group-Id:1 = \"42\", \
    Cisco-AVPair = \"a=1\", Cisco-AVPair = \"b=2\", WiMAX-Release = \"1.0\", Test-Signed = -5, \
    Test-Array = { 1, 2 }, Attr-200 = 0xabcd, raw.NAS-IP-Address = 0x01, NAS-IPv6-Address = 2001:db8::7";

fn compile(text: &str) -> Result<Expression, EncodeErrorKind> {
    let pairs = parse_pairs(text).unwrap();
    Expression::compile(&pairs[0], dictionary(), &Localhost).map_err(|error| error.kind)
}

/// Whether it holds, and how many were found otherwise.
fn ask(text: &str) -> Result<(), usize> {
    let octets = octets(&draft(dictionary(), REPLY).unwrap());
    let expression = compile(text).unwrap();
    with_tree(dictionary(), &octets, |tree| {
        expression.check(tree).map_err(|mismatch| mismatch.found.len())
    })
}

#[test]
fn an_expectation_that_is_met_holds() {
    for text in [
        "User-Name == bob",
        "User-Name = \"bob\"",
        "User-Name != eve",
        "Service-Type == Framed-User",
        "Service-Type == 2",
        "Service-Type =~ /^framed/i",
        "NAS-Port > 99",
        "NAS-Port >= 0x64",
        "NAS-Port < 101",
        "NAS-Port <= 100",
        "Test-Signed < 0",
        "Framed-IP-Address == 10.1.2.3",
        "Framed-IP-Address == 10.0.0.0/8",
        "Framed-IP-Address < 10.1.2.0/24",
        "Framed-IP-Address != 192.0.2.0/24",
        "Framed-IP-Address > 10.1.2.2",
        "NAS-IPv6-Address == 2001:db8::/32",
        "Reply-Message =~ \"^Hello.*Bob$\"",
        "Reply-Message !~ Goodbye",
        "Class == 0x0102",
        "Class =* ANY",
        "Class =*",
        "State !* ANY",
        "Tunnel-Type:1 == VLAN",
        "Tunnel-Type == VLAN",
        "Tunnel-Private-Group-Id:1 == 42",
        "Cisco-AVPair == \"b=2\"",
        "Vendor-Specific.Cisco.AVPair =~ ^a=",
        "WiMAX-Release == \"1.0\"",
        "WiMAX-Capability =* ANY",
        "Test-Array == 2",
        "Attr-200 == 0xabcd",
        "raw.NAS-IP-Address == 0x01",
    ] {
        assert_eq!(ask(text), Ok(()), "{text}");
    }
}

#[test]
fn an_expectation_that_is_not_met_says_what_there_is() {
    for (text, found) in [
        ("User-Name == eve", 1),
        ("NAS-Port > 100", 1),
        ("State == 0x01", 0),
        ("State =* ANY", 0),
        ("Class !* ANY", 1),
        ("Cisco-AVPair == \"c=3\"", 2),
        ("Tunnel-Type:2 == VLAN", 0),
        ("Framed-IP-Address == 192.0.2.0/24", 1),
        ("WiMAX-Release == \"2.0\"", 1),
        ("Reply-Message =~ Goodbye", 1),
        ("Reply-Message !~ Hello", 1),
        // What is malformed is nothing that could be compared.
        ("NAS-IP-Address != 192.0.2.1", 1),
    ] {
        assert_eq!(ask(text), Err(found), "{text}");
    }
}

#[test]
fn an_expectation_that_means_nothing_is_refused() {
    assert_eq!(
        compile("User-Name =~ \"(\"").unwrap_err(),
        EncodeErrorKind::Pattern
    );
    assert_eq!(
        compile("NAS-Port == five").unwrap_err(),
        EncodeErrorKind::NotA(Type::Uint32)
    );
    assert_eq!(
        compile("WiMAX-Capability == \"1.0\"").unwrap_err(),
        EncodeErrorKind::Group
    );
    assert!(matches!(
        compile("No-Such == 1").unwrap_err(),
        EncodeErrorKind::Name(_)
    ));
}
