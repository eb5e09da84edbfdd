//! `radius status`: is it up?

use snapbox::str;

use crate::server::Server;
use crate::transcript::radius;

#[test]
fn a_server_that_is_up_answers() {
    let server = Server::yes();
    radius(["status"]).ask(&server).run().is(str![[r#"
Access-Accept from 127.0.0.1:PORT in # ms
--- exit 0

"#]]);
    let request = server.request();
    assert_eq!(
        (request.octets[0], request.numbers()),
        (12, vec![80]),
        "RFC 5997 §3"
    );
}

#[test]
fn an_accounting_port_answers_with_accounting_response() {
    let server = Server::udp(|request| request.reply(radius::codec::Code::ACCOUNTING_RESPONSE).send());
    radius(["status", "--acct"]).ask(&server).run().is(str![[r#"
Accounting-Response from 127.0.0.1:PORT in # ms
--- exit 0

"#]]);
}

#[test]
fn the_default_ports_are_those_of_iana() {
    for (arguments, port) in [
        (vec!["status"], 1812),
        (vec!["status", "--acct"], 1813),
        (vec!["acct"], 1813),
        (vec!["coa"], 3799),
    ] {
        let mut run = radius(["-v"]);
        for argument in arguments {
            run = run.args([argument]);
        }
        let transcript = run.args(["--json", "-t", "10ms", "-r", "0", "127.0.0.99"]).run();
        assert_eq!(transcript.one_json()["server"], format!("127.0.0.99:{port}"));
    }
}

#[test]
fn statistics_are_asked_for_and_shown() {
    let server = Server::udp(|request| {
        assert_eq!(
            request.value(26).unwrap(),
            [0, 0, 0x2c, 0x50, 127, 6, 0, 0, 0, 0x1f]
        );
        request
            .yes()
            .with(26, [0, 0, 0x2c, 0x50, 128, 6, 0, 0, 0, 42])
            .send()
    });
    radius(["status", "--stats"]).ask(&server).run().is(str![[r#"
Access-Accept from 127.0.0.1:PORT in # ms
  FreeRADIUS-Total-Access-Requests = 42
--- exit 0

"#]]);
}

#[test]
fn watching_asks_again_as_often_as_the_count_says() {
    let server = Server::yes();
    radius(["status", "--watch", "10ms", "--count", "3"])
        .ask(&server)
        .run()
        .is(str![[r#"
Access-Accept from 127.0.0.1:PORT in # ms
Access-Accept from 127.0.0.1:PORT in # ms
Access-Accept from 127.0.0.1:PORT in # ms
3 sent = 3 answered + 0 lost; 0 retransmissions, 0 bad replies
3 succeeded, 0 refused in # s, # replies/s
latency min # ms, median # ms, p99 # ms, max # ms
--- exit 0

"#]]);
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn watching_without_a_count_ends_with_ctrl_c() {
    let server = Server::yes();
    let transcript = radius(["status", "--watch", "10ms"])
        .ask(&server)
        .interrupted_when(|| server.requests().len() > 3);
    // The last one may still have been on its way.
    transcript.exits(0).has(" sent = ");
}

#[test]
fn a_watch_that_is_ended_while_it_waits_has_not_failed() {
    let server = Server::udp(|request| {
        if request.index == 0 {
            request.yes().send()
        } else {
            Vec::new()
        }
    });
    let transcript = radius(["status", "--watch", "10ms", "-t", "1h"])
        .ask(&server)
        .interrupted_when(|| server.requests().len() > 1);
    assert_eq!(transcript.stderr, "");
    transcript.exits(0).has("2 sent = 1 answered + 1 lost");
}
