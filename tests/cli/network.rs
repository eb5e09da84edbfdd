//! Where requests go and come from.

use std::net::{Ipv4Addr, Ipv6Addr};

use snapbox::str;

use crate::server::Server;
use crate::transcript::radius;

#[test]
fn ipv6_is_asked_in_brackets() {
    let Ok(server) = Server::udp_on(Ipv6Addr::LOCALHOST.into(), |request| request.yes().send()) else {
        return;
    };
    radius(["auth", "-u", "alice", "-p", "x"])
        .ask(&server)
        .run()
        .is(str![[r#"
Access-Accept from [::1]:PORT in # ms
--- exit 0

"#]]);
    radius(["auth", "-u", "alice", "-p", "x", "-4"])
        .ask(&server)
        .run()
        .exits(3);
}

#[test]
fn bare_ipv6_has_the_default_port() {
    if std::net::UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)).is_err() {
        return;
    }
    let json = radius([
        "auth", "-u", "alice", "-p", "x", "--json", "-t", "10ms", "-r", "0", "::1",
    ])
    .run()
    .one_json();
    assert_eq!(json["server"], "[::1]:1812");
}

#[test]
fn a_bound_address_is_where_requests_come_from() {
    let server = Server::yes();
    radius(["auth", "-u", "alice", "-p", "x", "--bind", "127.0.0.9"])
        .ask(&server)
        .run()
        .exits(0);
    assert_eq!(server.request().from.ip(), Ipv4Addr::new(127, 0, 0, 9));
}

#[test]
fn a_name_stands_for_its_addresses() {
    let server = Server::yes();
    let host = format!("localhost:{}", server.address.port());
    radius(["auth", "-u", "alice", "-p", "x", "-4", &host])
        .run()
        .exits(0);
    // If ::1 is the first of them and nobody listens there, the next one is asked.
    radius(["auth", "-u", "alice", "-p", "x", &host]).run().exits(0);
}

#[test]
fn tcp_carries_several_requests_over_one_connection() {
    let server = Server::tcp(|request| request.yes().send());
    radius(["auth", "-u", "alice", "-p", "x", "-c", "5", "--parallel", "3"])
        .ask(&server)
        .run()
        .is(str![[r#"
Access-Accept from 127.0.0.1:PORT in # ms
Access-Accept from 127.0.0.1:PORT in # ms
Access-Accept from 127.0.0.1:PORT in # ms
Access-Accept from 127.0.0.1:PORT in # ms
Access-Accept from 127.0.0.1:PORT in # ms
5 sent = 5 answered + 0 lost; 0 retransmissions, 0 bad replies
5 succeeded, 0 refused in # s, # replies/s
latency min # ms, median # ms, p99 # ms, max # ms
--- exit 0

"#]]);
    let requests = server.requests();
    assert_eq!(requests.len(), 5);
    assert!(requests.iter().all(|request| request.from == requests[0].from));
}

#[test]
fn udp_is_the_transport_of_a_plain_host_and_has_a_url() {
    let server = Server::yes();
    let host = format!("udp://{}", server.address);
    let json = radius(["auth", "-u", "alice", "-p", "x", "--json", &host])
        .run()
        .exits(0)
        .one_json();
    assert_eq!(json["transport"], "udp");
}
