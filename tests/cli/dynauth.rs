//! `radius coa` and `radius disconnect`.

use radius::codec::Code;
use snapbox::str;

use crate::server::Server;
use crate::transcript::radius;

#[test]
fn a_coa_is_acknowledged() {
    let server = Server::yes();
    radius([
        "coa",
        "-u",
        "alice",
        "--session-id",
        "s1",
        "-a",
        "Session-Timeout = 60",
    ])
    .ask(&server)
    .run()
    .is(str![[r#"
CoA-ACK from 127.0.0.1:PORT in # ms
--- exit 0

"#]]);
    let request = server.request();
    assert_eq!(
        (request.octets[0], request.text(1), request.text(44)),
        (43, "alice".into(), "s1".into())
    );
    assert!(
        request.value(55).is_some(),
        "Event-Timestamp against replay (RFC 5176 §6.3)"
    );
}

#[test]
fn a_disconnect_is_acknowledged() {
    let server = Server::yes();
    radius(["disconnect", "--session-id", "s1"])
        .ask(&server)
        .run()
        .is(str![[r#"
Disconnect-ACK from 127.0.0.1:PORT in # ms
--- exit 0

"#]]);
    assert_eq!(server.request().octets[0], 40);
}

#[test]
fn a_nak_exits_1_and_its_error_cause_is_explained() {
    let server = Server::udp(|request| request.reply(Code::COA_NAK).with(101, [0, 0, 1, 0xf7]).send());
    radius(["coa", "-u", "zed"]).ask(&server).run().is(str![[r#"
CoA-NAK from 127.0.0.1:PORT in # ms
  Error-Cause = Session-Context-Not-Found  # the NAS has no session that matches the attributes
--- exit 1

"#]]);
    let server = Server::udp(|request| {
        request
            .reply(Code::DISCONNECT_NAK)
            .with(101, [0, 0, 1, 0x93])
            .send()
    });
    radius(["disconnect", "-u", "zed"])
        .ask(&server)
        .run()
        .is(str![[r#"
Disconnect-NAK from 127.0.0.1:PORT in # ms
  Error-Cause = NAS-Identification-Mismatch  # the request names another NAS: NAS-IP-Address, NAS-Identifier or NAS-IPv6-Address does not match
--- exit 1

"#]]);
}

#[test]
fn an_error_cause_that_nobody_knows_is_a_number() {
    let server = Server::udp(|request| request.reply(Code::COA_NAK).with(101, [0, 0, 3, 0xe7]).send());
    radius(["coa", "-u", "zed"]).ask(&server).run().is(str![[r#"
CoA-NAK from 127.0.0.1:PORT in # ms
  Error-Cause = 999
--- exit 1

"#]]);
}
