use super::*;
use crate::codec::{Secret, seal};
use crate::dictionary::Dictionary;
use crate::exchange::{Transport, Version};
use crate::lint::Severity;
use crate::report::json;
use crate::report::view::Lens;
use crate::trace::capture::{Frame, Time};
use crate::trace::driver::{Event, Observer, Settings, Sink};
use crate::trace::layers::LinkType;
use crate::trace::observe::Observed;
use crate::trace::packets::Sighting;
use crate::trace::secrets::Secrets;
use crate::trace::select::Selection;
use crate::trace::tls::keylog::KeyLog;
use proptest::prelude::*;
use std::sync::Arc;

/// Hands every packet to a function.
struct Look<'l>(&'l mut dyn FnMut(&Observed<'_>));

impl Sink for Look<'_> {
    fn event(&mut self, event: &Event<'_, '_>) -> bool {
        if let Event::Packet(observed) = event {
            (self.0)(observed);
        }
        true
    }
}

/// An observer that knows the secret and lints.
fn observer(dictionary: &Dictionary) -> Observer<'_> {
    let mut secrets = Secrets::default();
    secrets.add(None, Arc::new(Secret::new("testing123")));
    let settings = Settings {
        ports: vec![4000],
        keylog: KeyLog::default(),
        secrets,
        timeout: 1_000_000_000,
        selection: Selection::default(),
        lint: true,
    };
    Observer::new(settings, dictionary)
}

/// Runs packets through an observer and hands each to `look`.
fn observe(packets: &[(u64, bool, Vec<u8>)], look: &mut dyn FnMut(&Observed<'_>)) {
    let dictionary = Dictionary::builtin();
    let mut observer = observer(&dictionary);
    let mut sink = Look(look);
    for (at, forth, payload) in packets {
        let octets = frame(*forth, payload);
        let frame = Frame {
            time: Time(*at),
            link: LinkType::RAW,
            octets: &octets,
            length: octets.len(),
        };
        observer.frame(&frame, &mut sink);
    }
    observer.finish(&mut sink);
}

fn frame(forth: bool, payload: &[u8]) -> Vec<u8> {
    let ends: [([u8; 4], u16); 2] = [([10, 0, 0, 1], 4000), ([192, 0, 2, 2], 1812)];
    let (from, to) = if forth {
        (ends[0], ends[1])
    } else {
        (ends[1], ends[0])
    };
    let total = u16::try_from(28 + payload.len()).unwrap();
    let mut octets = vec![0x45, 0];
    octets.extend(total.to_be_bytes());
    octets.extend([0, 1, 0, 0, 64, 17, 0, 0]);
    octets.extend(from.0);
    octets.extend(to.0);
    octets.extend(from.1.to_be_bytes());
    octets.extend(to.1.to_be_bytes());
    octets.extend((total - 20).to_be_bytes());
    octets.extend([0, 0]);
    octets.extend_from_slice(payload);
    octets
}

fn packet(code: u8, identifier: u8, attributes: &[u8]) -> Vec<u8> {
    let mut octets = vec![code, identifier];
    octets.extend(u16::try_from(20 + attributes.len()).unwrap().to_be_bytes());
    octets.extend([identifier; 16]);
    octets.extend_from_slice(attributes);
    octets
}

/// An exchange with a retransmission, a duplicate and a late reply.
fn exchange() -> Vec<(u64, bool, Vec<u8>)> {
    const MILLISECOND: u64 = 1_000_000;
    let start = 1_700_000_000_000_000_000;
    let request = packet(
        1,
        7,
        b"\x01\x07al\"ce\x06\x06\x00\x00\x00\x02\x04\x06\x0a\x00\x00\x01",
    );
    let mut accept = packet(
        2,
        7,
        b"\x12\x08Hall\xc3\xb6\x40\x06\x01\x00\x00\x0d\x1a\x0c\x00\x00\x00\x09\x01\x06a=\"b",
    );
    seal::seal_reply(&mut accept, &[7; 16], &Secret::new("testing123"));
    vec![
        (start, true, request.clone()),
        (start + 400 * MILLISECOND, true, request),
        (start + 650 * MILLISECOND, false, accept.clone()),
        (start + 700 * MILLISECOND, false, accept),
        (start + 701 * MILLISECOND, false, packet(3, 9, b"")),
        (start + 702 * MILLISECOND, true, packet(4, 9, b"")),
        (start + 5000 * MILLISECOND, false, packet(5, 9, b"\x12")),
        (start + 5001 * MILLISECOND, true, b"\x01\x09\x00".to_vec()),
    ]
}

#[test]
fn one_line_says_who_what_and_what_is_odd_about_it() {
    let dictionary = Dictionary::builtin();
    let mut lines = Lines::new(Lens {
        dictionary: &dictionary,
        secrets: false,
        octets: false,
    });
    lines.verbose = 1;
    let mut out = String::new();
    observe(&exchange(), &mut |observed| lines.packet(&mut out, observed));
    assert_eq!(
        out,
        "\
# 2023-11-14 UTC
1 22:13:20.000000 10.0.0.1:4000 → 192.0.2.2:1812 Access-Request id=7 len=39 al\\\"ce
  User-Name = \"al\\\"ce\"
  Service-Type = Framed-User
  NAS-IP-Address = 10.0.0.1
2 22:13:20.400000 10.0.0.1:4000 → 192.0.2.2:1812 Access-Request id=7 len=39 al\\\"ce, transmission 2 of #1 after 400.000 ms
  User-Name = \"al\\\"ce\"
  Service-Type = Framed-User
  NAS-IP-Address = 10.0.0.1
3 22:13:20.650000 10.0.0.1:4000 ← 192.0.2.2:1812 Access-Accept id=7 len=46 #1 +650.000 ms
  Reply-Message = \"Hallö\"
  Tunnel-Type:1 = VLAN
  Cisco-AVPair = \"a=\\\"b\"
4 22:13:20.700000 10.0.0.1:4000 ← 192.0.2.2:1812 Access-Accept id=7 len=46 #1 +700.000 ms, reply 2, the same
  Reply-Message = \"Hallö\"
  Tunnel-Type:1 = VLAN
  Cisco-AVPair = \"a=\\\"b\"
5 22:13:20.701000 10.0.0.1:4000 ← 192.0.2.2:1812 Access-Reject id=9 len=20, request not seen
6 22:13:20.702000 10.0.0.1:4000 → 192.0.2.2:1812 Accounting-Request id=9 len=20, Authenticator wrong
7 22:13:25.000000 10.0.0.1:4000 ← 192.0.2.2:1812 Accounting-Response id=9 len=21 #6 +4298.000 ms, late, Authenticator wrong, malformed
  one octet is left at offset 20 where an attribute needs two (RFC 2865 §5)
8 22:13:25.001000 10.0.0.1:4000 → 192.0.2.2:1812 3 octets came; a packet has at least 20 (RFC 2865 §3)
"
    );
}

/// What the fast way writes, and what the views say.
fn both_ways(packets: &[(u64, bool, Vec<u8>)], secrets: bool, lint: bool) -> Vec<(String, String)> {
    let dictionary = Dictionary::builtin();
    let lens = Lens {
        dictionary: &dictionary,
        secrets,
        octets: false,
    };
    let mut ndjson = Ndjson::new(lens, lint, false);
    let mut pairs = Vec::new();
    observe(packets, &mut |observed| {
        let mut fast = String::new();
        ndjson.packet(&mut fast, observed);
        pairs.push((fast, json::line(&Packet::new(observed, &lens, lint))));
    });
    pairs
}

#[test]
fn the_fast_way_to_json_writes_what_the_views_say() {
    for (secrets, lint) in [(false, false), (true, true)] {
        for (fast, view) in both_ways(&exchange(), secrets, lint) {
            assert_eq!(fast, view);
        }
    }
}

#[test]
fn csv_has_the_columns_in_the_order_asked() {
    let dictionary = Dictionary::builtin();
    let names = ["User-Name", "rtt", "code", "Cisco-AVPair", "number"];
    let columns = names.map(|name| Column::named(name, &dictionary).unwrap());
    let lens = Lens {
        dictionary: &dictionary,
        secrets: false,
        octets: false,
    };
    let csv = Csv::new(columns.to_vec(), lens);
    let mut out = String::new();
    csv.header(&mut out);
    let mut rows = 0;
    observe(&exchange(), &mut |observed| {
        rows += 1;
        if rows == 1 || rows == 3 {
            csv.packet(&mut out, observed);
        }
    });
    assert_eq!(
        out,
        "User-Name,rtt,code,Cisco-AVPair,number\r\n\
         \"al\"\"ce\",,Access-Request,,1\r\n\
         ,650,Access-Accept,\"a=\"\"b\",3\r\n"
    );
    assert!(Column::named("Nonsense", &dictionary).is_err());
}

/// A login in RADIUS/1.1, its request twice: a Token in the place of the Identifier, and the password in clear.
fn observe_1_1(look: &mut dyn FnMut(&Observed<'_>)) {
    let dictionary = Dictionary::builtin();
    let mut observer = observer(&dictionary);
    let mut sink = Look(look);
    let packet = |code: u8, attributes: &[u8]| {
        let mut octets = vec![code, 0];
        octets.extend(u16::try_from(20 + attributes.len()).unwrap().to_be_bytes());
        octets.extend([0, 0, 1, 0x2c]);
        octets.extend([0; 12]);
        octets.extend_from_slice(attributes);
        octets
    };
    let request = packet(1, b"\x01\x07alice\x02\x07hello");
    let reply = packet(2, b"\x12\x04hi");
    let ends = [
        "10.0.0.1:4000".parse().unwrap(),
        "192.0.2.2:2083".parse().unwrap(),
    ];
    for (number, forth, octets) in [(1, true, &request), (2, true, &request), (3, false, &reply)] {
        let [source, destination] = if forth { ends } else { [ends[1], ends[0]] };
        let sighting = Sighting {
            number,
            time: Time(1_700_000_000_000_000_000 + number * 1_000_000),
            source,
            destination,
            transport: Transport::Tls,
            version: Version::V1_1,
            octets,
            missing: 0,
            masked: false,
        };
        observer.packet(sighting, &mut sink);
    }
    observer.finish(&mut sink);
}

#[test]
fn a_packet_of_radius_1_1_has_a_token_and_nothing_that_md5_could_judge() {
    let dictionary = Dictionary::builtin();
    let lens = Lens {
        dictionary: &dictionary,
        secrets: true,
        octets: false,
    };
    let mut lines = Lines::new(lens);
    lines.verbose = 1;
    lines.lint = Some(Severity::Error);
    let mut ndjson = Ndjson::new(lens, false, false);
    let columns = ["id", "token", "rtt", "verdict", "User-Password"];
    let columns = columns.map(|name| Column::named(name, &dictionary).unwrap());
    let csv = Csv::new(columns.to_vec(), lens);
    let (mut text, mut json, mut rows) = (String::new(), String::new(), String::new());
    observe_1_1(&mut |observed| {
        lines.packet(&mut text, observed);
        ndjson.packet(&mut json, observed);
        csv.packet(&mut rows, observed);
    });
    assert_eq!(
        text,
        "\
# 2023-11-14 UTC
1 22:13:20.001000 10.0.0.1:4000 → 192.0.2.2:2083 Access-Request token=0000012c len=34 alice
  User-Name = \"alice\"
  User-Password = \"hello\"
2 22:13:20.002000 10.0.0.1:4000 → 192.0.2.2:2083 Access-Request token=0000012c len=34 alice, transmission 2 of #1 after 1.000 ms
  User-Name = \"alice\"
  User-Password = \"hello\"
3 22:13:20.003000 10.0.0.1:4000 ← 192.0.2.2:2083 Access-Accept token=0000012c len=24 #1 +2.000 ms
  Reply-Message = \"hi\"
"
    );
    let first = json.lines().next().unwrap();
    assert_eq!(
        first,
        "{\"number\":1,\"time\":\"2023-11-14T22:13:20.001000000Z\",\"source\":\"10.0.0.1:4000\",\
         \"destination\":\"192.0.2.2:2083\",\"transport\":\"tls\",\"conversation\":1,\"kind\":\"request\",\
         \"packet\":{\"code\":\"Access-Request\",\"code_number\":1,\"token\":\"0000012c\",\"length\":34,\
         \"attributes\":[{\"name\":\"User-Name\",\"oid\":\"1\",\"type\":\"string\",\"value\":\"alice\"},\
         {\"name\":\"User-Password\",\"oid\":\"2\",\"type\":\"string\",\"value\":\"hello\"}]}}"
    );
    assert_eq!(
        rows,
        ",0000012c,,,hello\r\n,0000012c,,,hello\r\n,0000012c,2,,\r\n"
    );
}

#[test]
fn days_are_counted_as_the_calendar_does() {
    for (days, date) in [
        (0, "1970-01-01"),
        (58, "1970-02-28"),
        (59, "1970-03-01"),
        (11_016, "2000-02-29"),
        (19_675, "2023-11-14"),
        (47_540, "2100-02-28"),
        (47_541, "2100-03-01"),
    ] {
        assert_eq!(date_text(Time(days * 86_400 * SECOND)), date);
    }
}

proptest! {
    #[test]
    fn any_attribute_is_written_as_the_views_say(
        attributes in prop::collection::vec((1u8..=255, prop::collection::vec(any::<u8>(), 0..40)), 0..8),
        reply: bool, secrets: bool,
    ) {
        let octets: Vec<u8> = attributes.iter().flat_map(|(number, value)| {
            [vec![*number, u8::try_from(value.len() + 2).unwrap()], value.clone()].concat()
        }).collect();
        let code = if reply { 2 } else { 1 };
        let packets = [(1, true, packet(1, 7, b"")), (2, !reply, packet(code, 7, &octets))];
        for (fast, view) in both_ways(&packets, secrets, false) {
            prop_assert_eq!(fast, view);
        }
        // The same for text: what is pushed is what the attribute prints as.
        let dictionary = Dictionary::builtin();
        let mut lines = Lines::new(Lens { dictionary: &dictionary, secrets, octets: false });
        lines.verbose = 1;
        observe(&packets, &mut |observed| {
            let mut out = String::new();
            lines.packet(&mut out, observed);
            for attribute in &observed.tree().attributes {
                if attribute.children().is_empty() {
                    let pair = format!("  {}", attribute.pair(secrets));
                    assert!(out.contains(&pair), "{pair} in {out}");
                }
            }
        });
    }
}

#[test]
fn numbers_are_written_as_fmt_writes_them() {
    let mut numbers: Vec<u64> = (0..1200).collect();
    numbers.extend((0..64).flat_map(|bit| [1 << bit, (1 << bit) - 1, u64::MAX >> bit]));
    for number in numbers {
        let mut text = String::new();
        super::push_number(&mut text, number);
        text.push(' ');
        super::push_padded::<9>(&mut text, number % 1_000_000_000);
        text.push(' ');
        super::push_padded::<4>(&mut text, number % 10_000);
        text.push(' ');
        super::push_padded::<2>(&mut text, number % 100);
        let (nine, four, two) = (number % 1_000_000_000, number % 10_000, number % 100);
        assert_eq!(text, format!("{number} {nine:09} {four:04} {two:02}"));
    }
}

#[test]
fn milliseconds_are_written_as_serde_writes_them() {
    for nanoseconds in (0..20_000)
        .map(|step| step * 250)
        .chain((0..50).map(|bit| 1 << bit))
    {
        let mut text = String::new();
        super::push_milliseconds(&mut text, nanoseconds);
        text.push('\n');
        let number = super::milliseconds(nanoseconds);
        assert_eq!(text, json::line(&number), "{nanoseconds} ns");
    }
}

#[test]
fn a_text_with_one_odd_octet_anywhere_is_not_plain() {
    for length in 0..40 {
        for place in 0..length {
            for odd in 0..=127_u8 {
                let mut octets = vec![b'~'; length];
                octets[place] = odd;
                let plain = (0x20..0x7f).contains(&odd) && odd != b'"' && odd != b'\\';
                let text = String::from_utf8(octets).unwrap();
                assert_eq!(super::is_plain(&text), plain, "{odd} at {place} of {length}");
            }
        }
        assert!(!super::is_plain(&format!("{}é", "~".repeat(length))));
    }
}
