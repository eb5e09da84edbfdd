use super::super::capture::{Frame, Time};
use super::super::driver::{Event, Observer, Settings, Sink};
use super::super::layers::LinkType;
use super::super::secrets::Secrets;
use super::super::select::Selection;
use super::super::tls::keylog::KeyLog;
use super::*;
use crate::codec::{Secret, seal};
use crate::dictionary::Dictionary;
use proptest::prelude::*;
use std::sync::Arc;

fn dictionary() -> Dictionary {
    Dictionary::builtin()
}

fn packet(code: u8, identifier: u8, attributes: &[u8]) -> Vec<u8> {
    let mut octets = vec![code, identifier, 0, u8::try_from(20 + attributes.len()).unwrap()];
    octets.extend([identifier; 16]);
    octets.extend_from_slice(attributes);
    octets
}

fn frame(forth: bool, payload: &[u8]) -> Vec<u8> {
    let ends: [[u8; 4]; 2] = [[10, 0, 0, 1], [192, 0, 2, 2]];
    let ports: [[u8; 2]; 2] = [4000u16.to_be_bytes(), 1812u16.to_be_bytes()];
    let (from, to) = if forth { (0, 1) } else { (1, 0) };
    let total = u8::try_from(28 + payload.len()).unwrap();
    let mut octets = vec![0x45, 0, 0, total, 0, 1, 0, 0, 64, 17, 0, 0];
    octets.extend(ends[from]);
    octets.extend(ends[to]);
    octets.extend(ports[from]);
    octets.extend(ports[to]);
    octets.extend([0, total - 20, 0, 0]);
    octets.extend_from_slice(payload);
    octets
}

struct Numbers(Vec<u64>);

impl Sink for Numbers {
    fn event(&mut self, event: &Event<'_, '_>) -> bool {
        if let Event::Packet(observed) = event {
            self.0.push(observed.sighting.number);
        }
        true
    }
}

/// 1: alice asks. 2: she asks again. 3: she is accepted, 250 ms after 1. 4: a reply to nothing. 5: three octets.
fn numbers(filter: &str) -> Vec<u64> {
    let dictionary = dictionary();
    let filter = Filter::parse(filter, &dictionary).unwrap_or_else(|error| panic!("{filter}: {error:?}"));
    let secret = Arc::new(Secret::new("testing123"));
    let mut secrets = Secrets::default();
    secrets.add(None, secret.clone());
    let request = packet(1, 7, b"\x01\x07alice\x06\x06\x00\x00\x00\x01");
    let mut accept = packet(2, 7, b"\x12\x04hi");
    seal::seal_reply(&mut accept, &[7; 16], &secret);
    let frames = [
        (0, frame(true, &request)),
        (100, frame(true, &request)),
        (250, frame(false, &accept)),
        (300, frame(false, &packet(3, 9, b""))),
        (400, frame(true, b"\x01\x07\x00")),
    ];
    let settings = Settings {
        ports: Vec::new(),
        keylog: KeyLog::default(),
        secrets,
        timeout: 30_000_000_000,
        selection: Selection {
            filter: Some(filter),
            ..Selection::default()
        },
        lint: true,
    };
    let mut observer = Observer::new(settings, &dictionary);
    let mut sink = Numbers(Vec::new());
    for (at, octets) in &frames {
        let frame = Frame {
            time: Time(at * 1_000_000),
            link: LinkType::RAW,
            octets,
            length: octets.len(),
        };
        observer.frame(&frame, &mut sink);
    }
    observer.finish(&mut sink);
    sink.0
}

#[test]
fn every_field_and_every_word_can_be_asked() {
    for (filter, wanted) in [
        ("code == Access-Request", &[1, 2][..]),
        ("code = 2", &[3]),
        ("code != Access-Request", &[3, 4]),
        ("code >= 3", &[4]),
        ("id == 7", &[1, 2, 3]),
        ("length < 20", &[5]),
        ("number <= 2", &[1, 2]),
        ("conversation == 1", &[1, 2, 3]),
        ("rtt == 250ms", &[3]),
        ("rtt > 0.2s", &[3]),
        ("rtt < 250", &[]),
        ("src == 10.0.0.0/8", &[1, 2, 5]),
        ("dst == 10.0.0.1", &[3, 4]),
        ("host == 10.0.0.1:4000", &[1, 2, 3, 4, 5]),
        ("src != 10.0.0.1", &[3, 4]),
        ("dport == 1812", &[1, 2, 5]),
        ("sport < 2000", &[3, 4]),
        ("port != 1812", &[]),
        ("transport == udp", &[1, 2, 3, 4, 5]),
        ("verdict == right", &[3]),
        ("verdict == unverifiable", &[1, 2, 4]),
        ("finding == blastradius-reply", &[3, 4]),
        ("finding >= error", &[]),
        ("finding", &[1, 2, 3, 4]),
        ("request", &[1, 2]),
        ("reply", &[3, 4]),
        ("retransmission", &[2]),
        ("orphan", &[4]),
        ("malformed", &[5]),
        ("User-Name == alice", &[1, 2]),
        ("User-Name == \"alice\"", &[1, 2]),
        ("User-Name =~ '^al'", &[1, 2]),
        ("User-Name", &[1, 2]),
        ("User-Name !* and reply", &[3, 4]),
        ("Reply-Message =*", &[3]),
        ("Service-Type == Login-User", &[1, 2]),
    ] {
        assert_eq!(numbers(filter), wanted, "{filter}");
    }
}

#[test]
fn tests_are_joined() {
    for (filter, wanted) in [
        ("request and not retransmission", &[1][..]),
        ("request && !retransmission", &[1]),
        ("orphan or retransmission", &[2, 4]),
        ("orphan || reply && id == 7", &[3, 4]),
        ("(orphan or reply) and id == 7", &[3]),
        ("not (request or reply)", &[5]),
        ("NOT (request OR reply)", &[5]),
        ("((id==7))and(request)", &[1, 2]),
    ] {
        assert_eq!(numbers(filter), wanted, "{filter}");
    }
}

#[test]
fn an_error_says_where() {
    let dictionary = dictionary();
    for (text, wrong, kind) in [
        ("", "", FilterErrorKind::NoTest),
        ("code ==", "", FilterErrorKind::NoValue),
        ("code", "code", FilterErrorKind::NoOperator),
        (
            "code == Nonsense",
            "Nonsense",
            FilterErrorKind::Value { field: "code" },
        ),
        ("src < 10.0.0.1", "10.0.0.1", FilterErrorKind::Operator),
        ("id == 7 id == 8", "id", FilterErrorKind::NotJoined),
        ("(id == 7", "(", FilterErrorKind::Bracket),
        ("(id == 7 id", "id", FilterErrorKind::NotJoined),
        ("id == 7)", ")", FilterErrorKind::Bracket),
        ("User-Name == \"x", "\"", FilterErrorKind::Quote),
        ("id == 7 and", "", FilterErrorKind::NoTest),
        ("id == 7 and == 8", "=", FilterErrorKind::NoTest),
        ("frobnicate", "frobnicate", FilterErrorKind::NoOperator),
        (
            "finding == no-such-rule",
            "no-such-rule",
            FilterErrorKind::Value { field: "finding" },
        ),
    ] {
        let error = Filter::parse(text, &dictionary).unwrap_err();
        assert_eq!((&text[error.span.clone()], &error.kind), (wrong, &kind), "{text}");
    }
    let error = Filter::parse("reply and Nonsense == 3", &dictionary).unwrap_err();
    assert!(matches!(error.kind, FilterErrorKind::Attribute(_)));
    assert_eq!(error.span, 10..18);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(code|id|src|User-Name|not|and|or|==|<|=~|[ ()!&|\"'{}é]|[a-z0-9.:/-]{1,5}){0,14}") {
        if let Err(error) = Filter::parse(&text, &dictionary()) {
            prop_assert!(text.get(error.span).is_some());
        }
    }
}
