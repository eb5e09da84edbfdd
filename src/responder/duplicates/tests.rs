use super::*;
use proptest::prelude::*;

fn key(port: u16, identifier: u8) -> Key {
    let source = SocketAddr::new("192.0.2.1".parse().unwrap(), port);
    Key::new(source, 0, Code::ACCESS_REQUEST, identifier)
}

fn print(authenticator: u8) -> Print {
    Print {
        authenticator: [authenticator; 16],
        digest: 7,
    }
}

fn bounds(entries: usize, octets: usize) -> Bounds {
    Bounds {
        lifetime: Duration::from_secs(5),
        patience: Duration::from_secs(60),
        entries,
        octets,
    }
}

fn new(seen: Seen) -> Ticket {
    match seen {
        Seen::New(ticket) => ticket,
        other => panic!("{other:?}"),
    }
}

fn reply(octet: u8) -> Arc<[u8]> {
    vec![octet; 20].into()
}

#[test]
fn a_duplicate_is_dropped_in_flight_and_answered_with_the_same_octets_later() {
    let (now, mut table) = (Instant::now(), Duplicates::new(bounds(10, 1000)));
    let ticket = new(table.see(now, key(1, 1), print(1)));
    assert_eq!(table.see(now, key(1, 1), print(1)), Seen::InFlight);
    table.answer(ticket, now, &reply(9));
    for seconds in 0..5 {
        let later = now + Duration::from_secs(seconds);
        assert_eq!(table.see(later, key(1, 1), print(1)), Seen::Answered(reply(9)));
    }
    new(table.see(now + Duration::from_secs(5), key(1, 1), print(1)));
}

#[test]
fn a_reply_that_is_held_back_is_in_flight_until_it_leaves() {
    let (now, mut table) = (Instant::now(), Duplicates::new(bounds(10, 1000)));
    let ticket = new(table.see(now, key(1, 1), print(1)));
    let due = now + Duration::from_secs(1);
    table.answer(ticket, due, &reply(9));
    assert_eq!(table.see(now, key(1, 1), print(1)), Seen::InFlight);
    assert_eq!(table.see(due, key(1, 1), print(1)), Seen::Answered(reply(9)));
}

#[test]
fn other_octets_under_the_same_authenticator_are_a_new_request() {
    let (mut table, now) = (Duplicates::new(bounds(10, 1000)), Instant::now());
    let packet = |octets: &'static [u8; 22]| Print::of(&Packet::parse(octets).unwrap());
    let first = packet(b"\x01\x07\x00\x16aaaaaaaaaaaaaaaa\x18\x02");
    let second = packet(b"\x01\x07\x00\x16aaaaaaaaaaaaaaaa\x19\x02");
    new(table.see(now, key(1, 7), first));
    new(table.see(now, key(1, 7), second));
    assert_eq!(table.see(now, key(1, 7), second), Seen::InFlight);
}

#[test]
fn a_new_authenticator_on_the_same_identifier_is_a_new_request() {
    let (now, mut table) = (Instant::now(), Duplicates::new(bounds(10, 1000)));
    let old = new(table.see(now, key(1, 1), print(1)));
    let young = new(table.see(now, key(1, 1), print(2)));
    table.answer(old, now, &reply(1));
    assert_eq!(table.see(now, key(1, 1), print(2)), Seen::InFlight);
    table.answer(young, now, &reply(2));
    assert_eq!(table.see(now, key(1, 1), print(2)), Seen::Answered(reply(2)));
    assert_eq!(table.len(), 1);
}

#[test]
fn port_listener_code_and_identifier_tell_requests_apart() {
    let (now, mut table) = (Instant::now(), Duplicates::new(bounds(10, 1000)));
    let source = SocketAddr::new("192.0.2.1".parse().unwrap(), 1);
    let other = SocketAddr::new("192.0.2.2".parse().unwrap(), 1);
    for key in [
        key(1, 1),
        key(2, 1),
        key(1, 2),
        Key::new(source, 1, Code::ACCESS_REQUEST, 1),
        Key::new(source, 0, Code::ACCOUNTING_REQUEST, 1),
        Key::new(other, 0, Code::ACCESS_REQUEST, 1),
    ] {
        new(table.see(now, key, print(1)));
    }
}

#[test]
fn what_gets_no_reply_is_worked_on_again() {
    let (now, mut table) = (Instant::now(), Duplicates::new(bounds(10, 1000)));
    let ticket = new(table.see(now, key(1, 1), print(1)));
    table.forget(ticket);
    let again = new(table.see(now, key(1, 1), print(1)));
    table.forget(ticket);
    assert_eq!(table.see(now, key(1, 1), print(1)), Seen::InFlight);
    table.answer(again, now, &reply(1));
}

#[test]
fn what_is_worked_on_too_long_is_forgotten() {
    let (now, mut table) = (Instant::now(), Duplicates::new(bounds(10, 1000)));
    new(table.see(now, key(1, 1), print(1)));
    new(table.see(now + Duration::from_secs(60), key(1, 1), print(1)));
}

#[test]
fn answered_requests_make_room_before_those_in_flight() {
    let (now, mut table) = (Instant::now(), Duplicates::new(bounds(2, 1000)));
    new(table.see(now, key(1, 1), print(1)));
    let answered = new(table.see(now, key(1, 2), print(1)));
    table.answer(answered, now, &reply(1));
    new(table.see(now, key(1, 3), print(1)));
    assert_eq!(table.see(now, key(1, 1), print(1)), Seen::InFlight);
    assert_eq!(table.len(), 2);
}

proptest! {
    #[test]
    fn no_flood_makes_the_table_larger_than_its_bounds(
        steps in prop::collection::vec((0u16..40, 0u8..4, 0u8..3, 0u16..300, 0u64..3), 1..400)
    ) {
        let (mut now, mut table) = (Instant::now(), Duplicates::new(bounds(16, 1000)));
        let mut model: HashMap<Key, (u8, Option<Vec<u8>>)> = HashMap::new();
        for (port, identifier, authenticator, length, seconds) in steps {
            now += Duration::from_secs(seconds);
            match table.see(now, key(port, identifier), print(authenticator)) {
                Seen::New(ticket) => {
                    let octets = vec![authenticator; usize::from(length)];
                    model.insert(key(port, identifier), (authenticator, None));
                    if length % 3 > 0 {
                        table.answer(ticket, now, &octets.clone().into());
                        model.insert(key(port, identifier), (authenticator, Some(octets)));
                    }
                }
                // What is remembered is what was last said.
                Seen::InFlight => {
                    prop_assert_eq!(&model[&key(port, identifier)], &(authenticator, None));
                }
                Seen::Answered(octets) => {
                    let was = (authenticator, Some(octets.to_vec()));
                    prop_assert_eq!(&model[&key(port, identifier)], &was);
                }
            }
            prop_assert!(table.len() <= 16);
            prop_assert!(table.entries.len() <= 17);
            prop_assert!(table.octets() <= 1000);
            let held: usize = table.entries.iter().filter_map(|entry| entry.reply.as_ref()).map(|r| r.len()).sum();
            prop_assert_eq!(held, table.octets());
        }
    }
}
