use super::*;
use crate::attr;
use crate::codec::seal::{AuthenticatorCheck, MessageAuthenticatorCheck};
use crate::codec::{Authenticator, hex};
use proptest::prelude::*;

const MA: &str = "5012000102030405060708090a0b0c0d0e0f";
/// User-Name, User-Password, NAS-IP-Address, NAS-Port.
const PAP: &str = "0107616c696365 0212a1a2a3a4a5a6a7a8a9aaabacadaeafb0 0406c0a8010a 050600000001";
/// Acct-Status-Type = Start, Acct-Session-Id, NAS-Identifier.
const START: &str = "280600000001 2c0461 62 20036e";
const RANDOM: Authenticator = *b"0S8.kd,w9x1yQz\x07\x90";

/// A packet of this Code with these attributes, and a Length that fits.
fn packet(code: u8, attributes: &str) -> Vec<u8> {
    let attributes = hex::decode(&attributes.replace(' ', "")).unwrap();
    let mut octets = vec![code, 1];
    octets.extend(u16::try_from(20 + attributes.len()).unwrap().to_be_bytes());
    octets.extend(RANDOM);
    octets.extend(attributes);
    octets
}

fn ids(octets: &[u8], context: &Context<'_>) -> Vec<&'static str> {
    let packet = Packet::parse(octets).unwrap();
    lint(&packet, None, context)
        .iter()
        .map(|finding| finding.rule.id)
        .collect()
}

/// What a test gives to a rule: a packet, and what is around it.
struct Case {
    octets: Vec<u8>,
    context: fn() -> Context<'static>,
    request: Option<Vec<u8>>,
}

fn alone(octets: Vec<u8>) -> Case {
    Case {
        octets,
        context: Context::default,
        request: None,
    }
}

fn with(context: fn() -> Context<'static>, octets: Vec<u8>) -> Case {
    Case {
        octets,
        context,
        request: None,
    }
}

fn answering(request: Vec<u8>, octets: Vec<u8>) -> Case {
    Case {
        octets,
        context: Context::default,
        request: Some(request),
    }
}

fn secured() -> Context<'static> {
    Context {
        secured: true,
        ..Context::default()
    }
}

fn version_1_1() -> Context<'static> {
    Context {
        version_1_1: true,
        ..secured()
    }
}

fn server() -> Context<'static> {
    Context {
        role: Role::Server,
        ..Context::default()
    }
}

fn sealed(
    authenticator: AuthenticatorCheck,
    message_authenticator: MessageAuthenticatorCheck,
) -> Context<'static> {
    Context {
        seals: Some(Seals {
            authenticator,
            message_authenticator,
        }),
        ..Context::default()
    }
}

fn right() -> Context<'static> {
    sealed(AuthenticatorCheck::Right, MessageAuthenticatorCheck::Right)
}

fn long(count: usize) -> Vec<u8> {
    packet(1, &format!("{MA}{PAP}{}", "1a0600000901".repeat(count)))
}

fn patched(mut octets: Vec<u8>, at: usize, with: &[u8]) -> Vec<u8> {
    octets[at..at + with.len()].copy_from_slice(with);
    octets
}

fn after(mut octets: Vec<u8>, more: &[u8]) -> Vec<u8> {
    octets.extend(more);
    octets
}

/// For each rule that one packet can break: a packet that breaks it, and one much like it that does not.
fn cases() -> Vec<(&'static Rule, Case, Case)> {
    let pap = || packet(1, &format!("{MA}{PAP}"));
    let eap_identity = "4f0a0201000801616c69";
    let ask_eap = || packet(1, &format!("{MA}0105616c69{eap_identity}0406c0a8010a"));
    let proxied = || packet(1, &format!("{MA}{PAP}21036121 0362"));
    vec![
        (
            &LENGTH_BELOW_HEADER,
            alone(patched(pap(), 2, &[0, 19])),
            alone(pap()),
        ),
        (
            &LENGTH_BEYOND_OCTETS,
            alone(patched(pap(), 2, &[1, 0])),
            alone(pap()),
        ),
        (&LENGTH_ABOVE_MAXIMUM, alone(long(700)), alone(long(100))),
        (&PADDING, alone(after(pap(), &[0])), alone(pap())),
        (
            &ATTRIBUTE_CUT,
            alone(packet(1, &format!("{MA}{PAP}01"))),
            alone(pap()),
        ),
        (
            &ATTRIBUTE_LENGTH,
            alone(packet(1, &format!("{MA}{PAP}0101"))),
            alone(pap()),
        ),
        (
            &ATTRIBUTE_OVERRUN,
            alone(packet(1, &format!("{MA}{PAP}010461"))),
            alone(pap()),
        ),
        (
            &TYPE_ZERO,
            alone(packet(1, &format!("{MA}{PAP}000361"))),
            alone(pap()),
        ),
        (&CODE_UNASSIGNED, alone(packet(77, "")), alone(packet(250, ""))),
        (
            &CODE_ILLEGAL_REPLY,
            answering(pap(), packet(5, MA)),
            answering(pap(), packet(2, MA)),
        ),
        (
            &ATTRIBUTE_EMPTY,
            alone(packet(1, &format!("{MA}{PAP}1202"))),
            alone(packet(1, &format!("{MA}{PAP}5902"))),
        ),
        (&TOO_MANY_ATTRIBUTES, alone(long(200)), alone(long(190))),
        (&IP_FRAGMENTS, alone(long(240)), alone(long(200))),
        (
            &SECRET_DIFFERS,
            with(
                || sealed(AuthenticatorCheck::Wrong, MessageAuthenticatorCheck::Wrong),
                packet(2, MA),
            ),
            with(right, packet(2, MA)),
        ),
        (
            &AUTHENTICATOR_WRONG,
            with(
                || sealed(AuthenticatorCheck::Wrong, MessageAuthenticatorCheck::Absent),
                packet(2, ""),
            ),
            with(right, packet(2, MA)),
        ),
        (
            &AUTHENTICATOR_NOT_RANDOM,
            alone(patched(pap(), 4, &[0; 16])),
            alone(pap()),
        ),
        (
            &MESSAGE_AUTHENTICATOR_WRONG,
            with(
                || sealed(AuthenticatorCheck::Unverifiable, MessageAuthenticatorCheck::Wrong),
                pap(),
            ),
            with(right, pap()),
        ),
        (
            &MESSAGE_AUTHENTICATOR_LENGTH,
            alone(packet(1, &format!("{PAP}500400 01"))),
            alone(pap()),
        ),
        (
            &MESSAGE_AUTHENTICATOR_TWICE,
            alone(packet(1, &format!("{MA}{PAP}{MA}"))),
            alone(pap()),
        ),
        (
            &MESSAGE_AUTHENTICATOR_LEGACY,
            with(
                || {
                    sealed(
                        AuthenticatorCheck::Right,
                        MessageAuthenticatorCheck::LegacyZeroVector,
                    )
                },
                packet(5, MA),
            ),
            with(right, packet(5, MA)),
        ),
        (
            &MESSAGE_AUTHENTICATOR_USELESS,
            with(version_1_1, pap()),
            with(version_1_1, packet(1, PAP)),
        ),
        (
            &BLASTRADIUS_REQUEST,
            alone(packet(1, PAP)),
            with(secured, packet(1, PAP)),
        ),
        (&BLASTRADIUS_REPLY, alone(packet(2, "")), alone(packet(2, MA))),
        (
            &MESSAGE_AUTHENTICATOR_NOT_FIRST,
            alone(packet(1, &format!("{PAP}{MA}"))),
            alone(pap()),
        ),
        (
            &EAP_WITHOUT_MESSAGE_AUTHENTICATOR,
            alone(packet(1, eap_identity)),
            alone(packet(1, &format!("{MA}{eap_identity}"))),
        ),
        (
            &STATUS_SERVER_WITHOUT_MESSAGE_AUTHENTICATOR,
            alone(packet(12, "")),
            alone(packet(12, MA)),
        ),
        (
            &DYNAMIC_WITHOUT_MESSAGE_AUTHENTICATOR,
            alone(packet(43, "")),
            alone(packet(43, MA)),
        ),
        (
            &PROXY_STATE_UNPROTECTED,
            alone(packet(1, &format!("{PAP}21036 1"))),
            alone(packet(1, &format!("{MA}{PAP}210361"))),
        ),
        (
            &PROXY_STATE_FROM_CLIENT,
            with(server, proxied()),
            alone(proxied()),
        ),
        (
            &PROXY_STATE_CHANGED,
            answering(proxied(), packet(2, &format!("{MA}210362 210361"))),
            answering(proxied(), packet(2, &format!("{MA}210361 210362"))),
        ),
        (&UNPROTECTED_TRANSPORT, alone(pap()), with(secured, pap())),
        (
            &UNPROTECTED_BEYOND_SITE,
            with(
                || Context {
                    addresses: Some((IpAddr::from([192, 0, 2, 1]), IpAddr::from([10, 0, 0, 1]))),
                    ..Context::default()
                },
                pap(),
            ),
            with(
                || Context {
                    addresses: Some((IpAddr::from([192, 168, 2, 1]), "fe80::1".parse().unwrap())),
                    ..Context::default()
                },
                pap(),
            ),
        ),
        (&USER_NAME_MISSING, alone(packet(1, MA)), alone(pap())),
        (&NAS_MISSING, alone(packet(1, MA)), alone(pap())),
        (&NAS_PORT_MISSING, alone(packet(1, MA)), alone(pap())),
        (
            &CREDENTIALS_MISSING,
            alone(packet(1, "0107616c696365")),
            alone(pap()),
        ),
        (
            &PASSWORD_AND_CHAP,
            alone(packet(1, &format!("{MA}{PAP}0313{}", "07".repeat(17)))),
            alone(pap()),
        ),
        (
            &PASSWORD_WITH_EAP,
            alone(packet(1, &format!("{MA}{PAP}{eap_identity}"))),
            alone(ask_eap()),
        ),
        (
            &USER_PASSWORD_LENGTH,
            alone(packet(1, "0207616c696365")),
            with(version_1_1, packet(1, "0207616c696365")),
        ),
        (
            &CHAP_PASSWORD_LENGTH,
            alone(packet(1, "0307616c696365")),
            alone(packet(1, &format!("0313{}", "07".repeat(17)))),
        ),
        (
            &CHAP_CHALLENGE_MISSING,
            with(version_1_1, packet(1, &format!("0313{}", "07".repeat(17)))),
            alone(packet(1, &format!("0313{}", "07".repeat(17)))),
        ),
        (
            &MSCHAP_UNPROTECTED,
            alone(packet(1, "1a09000001371903 00")),
            alone(packet(1, "1a09000001371a03 00")),
        ),
        (
            &AUTHORIZE_ONLY_WITHOUT_STATE,
            alone(packet(1, "060600000011")),
            alone(packet(1, "060600000011 180361")),
        ),
        (
            &STATE_CHANGED,
            answering(packet(43, "180361"), packet(44, "180362")),
            answering(packet(43, "180361"), packet(44, "180361")),
        ),
        (
            &FORBIDDEN_IN_ACCESS,
            alone(packet(3, "060600000001")),
            alone(packet(2, "060600000001")),
        ),
        (
            &REPEATED_IN_ACCESS,
            alone(packet(2, "060600000001 060600000001")),
            alone(packet(2, "190361 190361")),
        ),
        (
            &EAP_CODE_MISMATCH,
            answering(ask_eap(), packet(2, &format!("{MA}4f0604010004"))),
            answering(ask_eap(), packet(2, &format!("{MA}4f0603010004"))),
        ),
        (
            &EAP_DIRECTION,
            alone(packet(11, &format!("{MA}4f0702010005 01"))),
            alone(packet(11, &format!("{MA}4f0701010005 01"))),
        ),
        (
            &EAP_LENGTH,
            alone(packet(1, &format!("{MA}4f0702010006 01"))),
            alone(packet(1, &format!("{MA}4f0702010005 01"))),
        ),
        (
            &EAP_SCATTERED,
            alone(packet(1, &format!("{MA}4f0402 01 0103614f05000501"))),
            alone(packet(1, &format!("{MA}4f040201 4f05000501 010361"))),
        ),
        (
            &EAP_REPLY_MESSAGE,
            alone(packet(3, &format!("{MA}4f0604010004 120361"))),
            alone(packet(3, &format!("{MA}120361"))),
        ),
        (
            &ACCT_STATUS_TYPE_MISSING,
            alone(packet(4, "")),
            alone(packet(4, START)),
        ),
        (
            &ACCT_SESSION_ID_MISSING,
            alone(packet(4, "")),
            alone(packet(4, START)),
        ),
        (
            &ACCT_TERMINATE_CAUSE,
            alone(packet(4, &format!("{START}310600000001"))),
            alone(packet(4, "280600000002 310600000001")),
        ),
        (
            &ACCT_FRAMED_IP_ADDRESS,
            alone(packet(4, "0806fffffffe")),
            alone(packet(4, "08060a000001")),
        ),
        (
            &ACCT_INTERIM_INTERVAL,
            alone(packet(2, "55060000001e")),
            alone(packet(2, "55060000003c")),
        ),
        (
            &FORBIDDEN_IN_ACCOUNTING,
            alone(packet(4, "180361")),
            alone(packet(4, START)),
        ),
        (
            &REPEATED_IN_ACCOUNTING,
            alone(packet(4, &format!("{START}2c0361"))),
            alone(packet(4, START)),
        ),
        (
            &SESSION_UNNAMED,
            alone(packet(40, MA)),
            alone(packet(40, "2c0361")),
        ),
        (
            &EVENT_TIMESTAMP_MISSING,
            alone(packet(40, MA)),
            alone(packet(40, "370600000001")),
        ),
        (
            &AUTHORIZE_ONLY_ACK,
            answering(packet(43, "060600000011"), packet(44, "")),
            answering(packet(43, "060600000011"), packet(45, "65060000 01fb")),
        ),
        (
            &ERROR_CAUSE_MISSING,
            alone(packet(42, "")),
            alone(packet(42, "6506000001f7")),
        ),
        (
            &ERROR_CAUSE_MISPLACED,
            alone(packet(41, "6506000001f7")),
            alone(packet(41, "6506000000c9")),
        ),
        (
            &FORBIDDEN_IN_DYNAMIC,
            alone(packet(40, "060600000001")),
            alone(packet(43, "060600000001")),
        ),
        (
            &REPEATED_IN_DYNAMIC,
            alone(packet(43, "2c0361 2c0361")),
            alone(packet(43, "2c0361")),
        ),
        (
            &STATUS_SERVER_CREDENTIALS,
            alone(packet(12, &format!("{MA}2c0361"))),
            alone(packet(12, &format!("{MA}20036e"))),
        ),
        (
            &VENDOR_HIGH_OCTET,
            alone(packet(2, "1a090100000901 03 61")),
            alone(packet(2, "1a09000000090103 61")),
        ),
        (
            &FRAGMENT_SHORT,
            alone(packet(2, "f5060180 6161 f5060100 6161")),
            alone(packet(2, "f5060100 6161")),
        ),
    ]
}

#[test]
fn every_rule_has_a_packet_that_breaks_it_and_one_that_does_not() {
    for (rule, breaks, keeps) in cases() {
        for (case, wanted) in [(breaks, true), (keeps, false)] {
            let request = case
                .request
                .as_deref()
                .map(|octets| Packet::parse(octets).unwrap());
            let context = Context {
                request,
                ..(case.context)()
            };
            let found = ids(&case.octets, &context);
            assert_eq!(
                found.contains(&rule.id),
                wanted,
                "{}: {found:?} in {}",
                rule.id,
                hex::encode(&case.octets)
            );
        }
    }
}

#[test]
fn the_rules_without_a_case_are_those_of_values_and_of_conversations() {
    let mut others: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    let with_cases = cases();
    others.retain(|id| !with_cases.iter().any(|(rule, _, _)| rule.id == *id));
    assert_eq!(
        others,
        [
            "authenticator-repeated",
            "state-invented",
            "class-changed",
            "acct-session-order",
            "value-malformed",
            "text-not-utf8",
            "hidden-unreadable",
            "salt-repeated",
            "salt-high-bit",
            "identifier-reused",
            "duplicate-reply-differs",
            "reply-late",
        ]
    );
}

#[test]
fn ids_are_unique_and_lead_to_their_rules() {
    for rule in RULES {
        assert_eq!(named(rule.id), Some(*rule));
        assert!(
            rule.id
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        );
    }
    assert_eq!(named("nothing"), None);
}

#[test]
fn a_good_request_has_nothing_worse_than_information() {
    let octets = packet(1, &format!("{MA}{PAP}"));
    let found = lint(&Packet::parse(&octets).unwrap(), None, &Context::default());
    assert!(
        found
            .iter()
            .all(|finding| finding.rule.severity == Severity::Info),
        "{found:?}"
    );
}

#[test]
fn findings_come_in_the_order_of_the_octets_and_within_them() {
    let octets = packet(1, "180361 010361 180362 120200");
    let found = lint(&Packet::parse(&octets).unwrap(), None, &Context::default());
    assert!(
        found
            .windows(2)
            .all(|pair| pair[0].span.start <= pair[1].span.start)
    );
    assert!(found.iter().all(|finding| finding.span.end <= octets.len()));
}

fn attribute(number: u32, octets: &[u8], value: attr::Value<'static>) -> attr::Attribute<'static> {
    attr::Attribute {
        oid: Oid::ROOT.child(number).unwrap(),
        entry: None,
        tag: None,
        value,
        octets: octets.to_vec().into(),
        span: 20..20 + octets.len() + 2,
        hidden: None,
        secret: false,
    }
}

fn ids_of_tree(attributes: Vec<attr::Attribute<'static>>) -> Vec<&'static str> {
    let octets = packet(2, MA);
    let tree = Tree {
        attributes,
        fault: None,
    };
    let context = Context {
        secured: true,
        ..Context::default()
    };
    lint(&Packet::parse(&octets).unwrap(), Some(&tree), &context)
        .iter()
        .map(|finding| finding.rule.id)
        .collect()
}

#[test]
fn values_are_judged_where_the_tree_keeps_them() {
    use attr::{Inside, Sealed, Value};
    let malformed = Value::Malformed(ValueFault::Length {
        expected: 4,
        found: 3,
    });
    assert_eq!(
        ids_of_tree(vec![attribute(6, &[1, 2, 3], malformed.clone())]),
        ["value-malformed"]
    );
    let group = Value::Group(vec![attribute(1, &[1, 2, 3], malformed)]);
    assert_eq!(
        ids_of_tree(vec![attribute(241, &[1], group)]),
        ["value-malformed"]
    );
    let empty = Value::Malformed(ValueFault::Empty);
    assert_eq!(ids_of_tree(vec![attribute(18, &[], empty)]), [""; 0]);
    let latin = Value::NotUtf8(vec![0xe9].into());
    assert_eq!(
        ids_of_tree(vec![attribute(18, &[0xe9], latin)]),
        ["text-not-utf8"]
    );
    let error = |octets: &'static [u8]| attr::Attribute {
        oid: Oid::new(&[26, 311, 2]).unwrap(),
        ..attribute(26, octets, Value::NotUtf8(octets.into()))
    };
    assert_eq!(ids_of_tree(vec![error(b"\xf0E=691 R=1")]), [""; 0]);
    assert_eq!(ids_of_tree(vec![error(b"\xf0E=\xff")]), ["text-not-utf8"]);
    let inside = Value::Sealed(Sealed::Inside(Inside { length: 3 }));
    assert_eq!(
        ids_of_tree(vec![attribute(2, &[0; 16], inside)]),
        ["hidden-unreadable"]
    );
    assert_eq!(
        ids_of_tree(vec![attribute(2, &[0; 16], Value::Sealed(Sealed::NoSecret))]),
        [""; 0]
    );
}

#[test]
fn salts_are_set_apart() {
    use crate::dictionary::Encrypt;
    use attr::{Sealed, Value};
    let salted = |first: u8| attr::Attribute {
        hidden: Some(Encrypt::TunnelPassword),
        ..attribute(69, &[first, 1, 0, 0], Value::Sealed(Sealed::NoSecret))
    };
    assert_eq!(ids_of_tree(vec![salted(0x80), salted(0x81)]), [""; 0]);
    assert_eq!(ids_of_tree(vec![salted(0x80), salted(0x80)]), ["salt-repeated"]);
    assert_eq!(ids_of_tree(vec![salted(0x01)]), ["salt-high-bit"]);
}

proptest! {
    #[test]
    fn no_octets_make_it_panic(octets in prop::collection::vec(any::<u8>(), 20..200), code in 0u8..60) {
        let mut octets = octets;
        octets[0] = code;
        let length = octets.len();
        if octets[1] & 1 == 0 {
            octets[2..4].copy_from_slice(&u16::try_from(length).unwrap().to_be_bytes());
        }
        let packet = Packet::parse(&octets).unwrap();
        for finding in lint(&packet, None, &Context::default()) {
            prop_assert!(finding.span.start <= length);
        }
    }
}
