//! `radius acct`: one record, and a whole session.

use snapbox::str;

use crate::server::Server;
use crate::transcript::radius;

#[test]
fn a_record_is_acknowledged() {
    let server = Server::yes();
    radius(["acct", "-u", "alice"]).ask(&server).run().is(str![[r#"
Accounting-Response from 127.0.0.1:PORT in # ms
--- exit 0

"#]]);
    let request = server.request();
    assert_eq!(request.octets[0], 4);
    assert_eq!(
        request.value(40).unwrap(),
        [0, 0, 0, 1],
        "Start where nothing else is said"
    );
    assert_eq!(request.text(44).len(), 16, "a random Acct-Session-Id");
    assert!(request.value(32).is_some() && request.value(55).is_some());
}

#[test]
fn every_type_of_record_has_its_acct_status_type() {
    let types = [
        ("start", 1),
        ("stop", 2),
        ("interim", 3),
        ("on", 7),
        ("off", 8),
        ("alive", 3),
    ];
    for (name, number) in types {
        let server = Server::yes();
        radius(["acct", "--type", name, "--session-id", "s1"])
            .ask(&server)
            .run()
            .exits(0);
        let request = server.request();
        assert_eq!(request.value(40).unwrap(), [0, 0, 0, number], "{name}");
        assert_eq!(request.text(44), "s1");
    }
}

#[test]
fn an_attribute_says_more_than_the_option() {
    let server = Server::yes();
    radius(["acct", "-a", "Acct-Status-Type = Stop, Acct-Session-Id = mine"])
        .ask(&server)
        .run()
        .exits(0);
    assert_eq!(server.request().value(40).unwrap(), [0, 0, 0, 2]);
    assert_eq!(server.request().text(44), "mine");
}

#[test]
fn a_session_is_start_updates_and_stop_of_one_acct_session_id() {
    let server = Server::yes();
    radius([
        "acct",
        "--session",
        "--interval",
        "10ms",
        "--updates",
        "2",
        "-u",
        "alice",
        "--session-id",
        "s1",
    ])
    .ask(&server)
    .run()
    .is(str![[r#"
Accounting-Response from 127.0.0.1:PORT in # ms
Accounting-Response from 127.0.0.1:PORT in # ms
Accounting-Response from 127.0.0.1:PORT in # ms
Accounting-Response from 127.0.0.1:PORT in # ms
4 sent = 4 answered + 0 lost; 0 retransmissions, 0 bad replies
4 succeeded, 0 refused in # s, # replies/s
latency min # ms, median # ms, p99 # ms, max # ms
--- exit 0

"#]]);
    let requests = server.requests();
    let types: Vec<u8> = requests
        .iter()
        .map(|request| request.value(40).unwrap()[3])
        .collect();
    assert_eq!(types, [1, 3, 3, 2]);
    assert!(
        requests
            .iter()
            .all(|request| request.text(44) == "s1" && request.text(1) == "alice")
    );
    assert_eq!(requests[0].value(46), None);
    assert!(requests[3].value(46).is_some() && requests[3].value(49).is_some());
}

#[test]
fn a_retransmission_tells_a_longer_delay_and_is_a_new_packet() {
    let server = Server::udp(|request| {
        if request.index == 1 {
            request.yes().send()
        } else {
            Vec::new()
        }
    });
    radius([
        "acct",
        "-a",
        "Acct-Delay-Time = 0",
        "-t",
        "1100ms",
        "--jitter",
        "0",
    ])
    .ask(&server)
    .run()
    .exits(0);
    let requests = server.requests();
    assert_eq!(requests[0].value(41).unwrap(), [0, 0, 0, 0]);
    assert_eq!(requests[1].value(41).unwrap(), [0, 0, 0, 1]);
    assert_ne!(
        requests[0].octets[1], requests[1].octets[1],
        "another Identifier (RFC 2866 §5.2)"
    );
}
