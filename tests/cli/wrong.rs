//! `radius send`: any packet, wrong ones included.

use snapbox::str;

use crate::server::{Answer, Server};
use crate::transcript::radius;

#[test]
fn any_code_can_be_sent_and_any_reply_is_shown() {
    let server = Server::udp(|request| {
        request
            .reply(radius::codec::Code(100))
            .unsealed()
            .with(18, "what?")
            .send()
    });
    radius(["send", "--code", "99", "-a", "User-Name = x"])
        .ask(&server)
        .run()
        .is(str![[r#"
Code-100 from 127.0.0.1:PORT in # ms
  Reply-Message = "what?"
--- stderr
warning: the Code is not assigned, so that receivers discard the packet (RFC 2865 §3)
--- exit 0

"#]]);
    assert_eq!(server.request().octets[0], 99);
}

#[test]
fn raw_octets_go_out_as_they_are() {
    let raw = "0109002300000000000000000000000000000000 0105616c69 0606000000 0105";
    let server = Server::udp(|request| request.yes().send());
    radius(["send", "--raw", raw]).ask(&server).run().exits(0);
    assert_eq!(
        radius::codec::hex::encode(&server.request().octets),
        raw.replace(' ', "")
    );
    radius(["send", "--raw", "ffff", "-n", "127.0.0.1"])
        .run()
        .is(str![[r#"
0000  ff ff                                             ..
--- exit 0

"#]]);
}

#[test]
fn a_packet_can_be_wrong_in_every_way_that_is_asked_for() {
    let dry = |arguments: &[&str]| {
        let mut run = radius(["send", "-n", "--json", "-a", "User-Name = alice"]).fixed();
        for argument in arguments {
            run = run.args([*argument]);
        }
        run.args(["127.0.0.1"]).run().exits(0).one_json()
    };
    let good = dry(&[]);
    assert_eq!(good["length"], 45);
    let longer = dry(&["--length", "99"]);
    assert_eq!(longer["length"], 99);
    assert!(
        longer["malformed"][0]
            .as_str()
            .unwrap()
            .contains("Length says 99")
    );
    let appended = dry(&["--append", "01ff"]);
    assert_eq!(appended["length"], 47);
    assert!(
        appended["malformed"][0]
            .as_str()
            .unwrap()
            .contains("has length 255")
    );
    let spoilt = dry(&["--bad-message-authenticator"]);
    assert_ne!(spoilt["attributes"][0], good["attributes"][0]);
    assert_eq!(spoilt["attributes"][1], good["attributes"][1]);
    let acct = dry(&["--code", "Accounting-Request"]);
    let spoilt = dry(&["--code", "Accounting-Request", "--bad-authenticator"]);
    assert_ne!(spoilt["authenticator"], acct["authenticator"]);
}

#[test]
fn a_server_that_sees_through_a_wrong_packet_is_silent() {
    let server = Server::udp(|request| {
        let seals = radius::codec::seal::check_request(
            &request.packet(),
            &radius::codec::Secret::new(crate::server::SECRET),
        );
        if seals.hold() {
            vec![Answer::Octets(request.yes().octets())]
        } else {
            Vec::new()
        }
    });
    radius(["send", "-a", "User-Name = a"])
        .ask(&server)
        .run()
        .exits(0);
    radius(["send", "-a", "User-Name = a", "--bad-message-authenticator"])
        .hasty()
        .ask(&server)
        .run()
        .exits(3);
    radius([
        "send",
        "-a",
        "User-Name = a",
        "--code",
        "4",
        "--bad-authenticator",
    ])
    .hasty()
    .ask(&server)
    .run()
    .exits(3);
    radius(["send", "-a", "User-Name = a", "--append", "ff06"])
        .hasty()
        .ask(&server)
        .run()
        .exits(0);
}
