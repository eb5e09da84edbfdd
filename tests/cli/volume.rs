//! Many requests: repeated, in parallel, at a rate; and the summary that accounts for all of them.

use std::collections::HashSet;

use radius::codec::Code;
use snapbox::str;

use crate::server::Server;
use crate::transcript::radius;

#[test]
fn the_summary_accounts_for_every_request() {
    let server = Server::udp(|request| match request.index {
        0 => request.yes().send(),
        1 => request.reply(Code::ACCESS_REJECT).send(),
        // Answered at the second attempt.
        2 => Vec::new(),
        3 => request.yes().send(),
        _ => Vec::new(),
    });
    radius(["auth", "-u", "alice", "-p", "x", "-c", "4"])
        .args(["-t", "300ms", "-r", "1", "--backoff", "1", "--jitter", "0"])
        .ask(&server)
        .run()
        .is(str![[r#"
Access-Accept from 127.0.0.1:PORT in # ms
Access-Reject from 127.0.0.1:PORT in # ms
Access-Accept from 127.0.0.1:PORT in # ms after 2 attempts
4 sent = 3 answered + 1 lost; 2 retransmissions, 0 bad replies
2 succeeded, 1 refused in # s, # replies/s
latency min # ms, median # ms, p99 # ms, max # ms
--- stderr
error: no reply from 127.0.0.1:PORT after 2 attempts in # s
hint: a server ignores a client that it does not know; check that this address is one of its clients
hint: a server ignores a request whose shared secret differs; its log then speaks of an invalid Message-Authenticator or Request Authenticator
--- exit 3

"#]]);
}

#[test]
fn more_than_256_requests_are_in_flight_over_several_sockets() {
    // Nothing is answered until all are there.
    let mut waiting = Vec::new();
    let server = Server::udp(move |request| {
        waiting.push(request.from);
        if waiting.len() < 300 {
            Vec::new()
        } else {
            request.yes().send()
        }
    });
    radius([
        "auth",
        "-u",
        "alice",
        "-p",
        "x",
        "-c",
        "300",
        "--parallel",
        "300",
        "-q",
    ])
    .args(["-t", "500ms", "-r", "9", "--backoff", "1"])
    .ask(&server)
    .run()
    .exits(0);
    let requests = server.requests();
    let sockets: HashSet<_> = requests.iter().map(|request| request.from).collect();
    assert_eq!(sockets.len(), 2);
    let packets: HashSet<_> = requests
        .iter()
        .map(|request| (request.from, request.octets[1]))
        .collect();
    assert_eq!(packets.len(), 300, "each has an Identifier of its own");
}

#[test]
fn a_count_repeats_every_packet_of_a_file() {
    let server = Server::yes();
    radius(["auth", "-f", "r", "-c", "3", "-q"])
        .file("r", "User-Name = one\n\nUser-Name = two\n")
        .ask(&server)
        .run()
        .exits(0);
    let names: Vec<String> = server.requests().iter().map(|request| request.text(1)).collect();
    assert_eq!(names, ["one", "two", "one", "two", "one", "two"]);
    let authenticators: HashSet<Vec<u8>> = server
        .requests()
        .iter()
        .map(|request| request.octets[4..20].to_vec())
        .collect();
    assert_eq!(authenticators.len(), 6);
}

#[test]
fn a_rate_sends_as_many_as_asked() {
    let server = Server::yes();
    radius([
        "auth", "-u", "alice", "-p", "x", "-c", "10", "--rate", "500", "-o", "ndjson",
    ])
    .ask(&server)
    .run()
    .exits(0)
    .has("10 sent = 10 answered + 0 lost");
    assert_eq!(server.requests().len(), 10);
}

#[test]
fn p_is_parallel_everywhere_but_in_auth_with_a_user() {
    let server = Server::yes();
    radius(["send", "-p", "2", "-c", "4", "-q", "-a", "User-Name = a"])
        .ask(&server)
        .run()
        .exits(0);
    assert_eq!(server.requests().len(), 4);
}

#[test]
fn a_fixed_identifier_is_used_one_request_after_the_other() {
    let server = Server::yes();
    radius(["auth", "-u", "alice", "-p", "x", "-c", "3", "--id", "9", "-q"])
        .ask(&server)
        .run()
        .exits(0);
    assert!(server.requests().iter().all(|request| request.octets[1] == 9));
    assert_eq!(server.requests().len(), 3);
}
