use super::*;

const SECOND: u64 = 1_000_000_000;

struct Run {
    linker: Linker,
    number: u64,
    unanswered: Vec<u64>,
}

impl Run {
    fn new() -> Run {
        Run {
            linker: Linker::new(30 * SECOND),
            number: 0,
            unanswered: Vec::new(),
        }
    }

    fn packet(&mut self, at: u64, code: u8, identifier: u8, fill: u8) -> Link {
        let client: SocketAddr = "10.0.0.1:4000".parse().unwrap();
        let server: SocketAddr = "10.0.0.2:1812".parse().unwrap();
        let mut octets = vec![code, identifier, 0, 20];
        octets.extend([fill; 16]);
        let (source, destination) = match Code(code).is_reply() || code == 8 {
            true => (server, client),
            false => (client, server),
        };
        self.number += 1;
        let sighting = Sighting {
            number: self.number,
            time: Time(at * SECOND / 1000),
            source,
            destination,
            transport: Transport::Udp,
            version: Version::V1_0,
            octets: &octets,
            missing: 0,
            masked: false,
        };
        let unanswered = &mut self.unanswered;
        let packet = Packet::parse(&octets).unwrap();
        self.linker
            .take(&sighting, &packet, &mut |request| unanswered.push(request.number))
            .0
    }
}

fn first() -> Link {
    Link::Request {
        transmission: 1,
        first: None,
        reuses: false,
    }
}

#[test]
fn a_reply_finds_its_request_and_a_retransmission_its_first() {
    let mut run = Run::new();
    assert_eq!(run.packet(0, 1, 7, 1), first());
    let second = Link::Request {
        transmission: 2,
        first: Some((1, 2 * SECOND)),
        reuses: false,
    };
    assert_eq!(run.packet(2000, 1, 7, 1), second);
    let reply = |since_last, repeat, differs| Link::Reply {
        request: 1,
        since_first: 2 * SECOND + since_last,
        since_last,
        transmissions: 2,
        repeat,
        differs,
        late: false,
    };
    assert_eq!(run.packet(2001, 2, 7, 1), reply(1_000_000, 1, false));
    assert_eq!(run.packet(2002, 2, 7, 1), reply(2_000_000, 2, false));
    assert_eq!(run.packet(2003, 2, 7, 2), reply(3_000_000, 3, true));
    assert_eq!(run.packet(2004, 2, 8, 1), Link::Orphan);
    assert_eq!(run.unanswered, [0; 0]);
}

#[test]
fn codes_without_a_standard_are_told_apart_by_direction() {
    let mut run = Run::new();
    assert_eq!(run.packet(0, 7, 7, 1), first());
    assert!(matches!(run.packet(1, 8, 7, 1), Link::Reply { request: 1, .. }));
}

#[test]
fn an_identifier_in_use_is_noted() {
    let mut run = Run::new();
    run.packet(0, 1, 7, 1);
    let reuse = Link::Request {
        transmission: 1,
        first: None,
        reuses: true,
    };
    assert_eq!(run.packet(1000, 1, 7, 2), reuse);
    assert_eq!(run.unanswered, [1]);
    // After the answer, or long after the last transmission, the Identifier is free.
    run.packet(1001, 2, 7, 1);
    assert_eq!(run.packet(1002, 1, 7, 3), first());
    assert_eq!(run.packet(9002, 1, 7, 4), first());
    assert_eq!(run.unanswered, [1, 4]);
}

#[test]
fn what_is_not_answered_is_told_once_and_a_late_reply_is_late() {
    let mut run = Run::new();
    run.packet(0, 1, 7, 1);
    run.packet(20_000, 1, 7, 1);
    run.packet(40_000, 1, 8, 1);
    assert_eq!(run.unanswered, [0; 0]);
    run.packet(50_000, 1, 9, 1);
    assert_eq!(run.unanswered, [1]);
    assert!(matches!(
        run.packet(51_000, 2, 7, 1),
        Link::Reply { late: true, .. }
    ));
    run.packet(52_000, 2, 8, 1);
    let unanswered = &mut run.unanswered;
    run.linker.finish(&mut |request| unanswered.push(request.number));
    assert_eq!(run.unanswered, [1, 4]);
}

#[test]
fn what_is_remembered_is_bounded() {
    let mut linker = Linker::new(30 * SECOND);
    let mut count = 0u64;
    for port in 0..20_000u16 {
        let mut octets = vec![1, 1, 3, 0xe8];
        octets.resize(1000, 0);
        let sighting = Sighting {
            number: 1,
            time: Time(1),
            source: SocketAddr::from(([10, 0, 0, 1], port)),
            destination: SocketAddr::from(([10, 0, 0, 2], 1812)),
            transport: Transport::Udp,
            version: Version::V1_0,
            octets: &octets,
            missing: 0,
            masked: false,
        };
        let packet = Packet::parse(&octets).unwrap();
        linker.take(&sighting, &packet, &mut |_| count += 1);
        assert!(linker.requests.len() <= MAX_REQUESTS && linker.octets <= MAX_OCTETS);
    }
    assert_eq!(count + linker.requests.len() as u64, 20_000);
}
