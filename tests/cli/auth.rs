//! `radius auth`: yes, no, and the challenges between.

use radius::auth::mschap::attributes::{every, number};
use radius::codec::{Code, hex};
use snapbox::str;

use crate::server::{Answer, Server};
use crate::transcript::radius;

#[test]
fn an_accept_is_printed_with_its_attributes() {
    let server = Server::udp(|request| {
        assert_eq!(request.password().as_deref(), Some("wonderland"));
        let reply = request.yes();
        reply
            .with(6, [0, 0, 0, 2])
            .with(8, [10, 0, 0, 7])
            .with(18, "Welcome, \"Alice\"\n")
            .send()
    });
    radius(["auth", "-u", "alice", "-p", "wonderland"])
        .ask(&server)
        .run()
        .is(str![[r#"
Access-Accept from 127.0.0.1:PORT in # ms
  Service-Type = Framed-User
  Framed-IP-Address = 10.0.0.7
  Reply-Message = "Welcome, \"Alice\"\n"
--- exit 0

"#]]);
    let request = server.request();
    assert_eq!(
        request.numbers(),
        [80, 1, 2, 32],
        "Message-Authenticator stands first"
    );
}

#[test]
fn a_reject_exits_1() {
    let server = Server::udp(|request| request.reply(Code::ACCESS_REJECT).with(18, "no such user").send());
    radius(["auth", "-u", "nobody", "-p", "x"])
        .ask(&server)
        .run()
        .is(str![[r#"
Access-Reject from 127.0.0.1:PORT in # ms
  Reply-Message = "no such user"
--- exit 1

"#]]);
}

#[test]
fn chap_answers_the_request_authenticator() {
    let server = Server::yes();
    radius(["auth", "-m", "chap", "-u", "alice", "-p", "wonderland"])
        .ask(&server)
        .run()
        .is(str![[r#"
Access-Accept from 127.0.0.1:PORT in # ms
--- exit 0

"#]]);
    let request = server.request();
    let chap = request.value(3).unwrap();
    let challenge = request
        .value(60)
        .unwrap_or_else(|| request.packet().authenticator().to_vec());
    let password = radius::codec::Secret::new("wonderland");
    assert!(radius::codec::hide::chap_check(
        chap[0],
        &password,
        &challenge,
        &chap[1..]
    ));
    assert_eq!(request.value(2), None);
}

#[test]
fn a_challenge_that_is_given_is_the_one_that_is_answered() {
    let challenges = [
        ("mschap", "0x0102030405060708"),
        ("mschapv2", "0x0102030405060708090a0b0c0d0e0f10"),
    ];
    for (method, challenge) in challenges {
        let server = Server::yes();
        radius(["auth", "-u", "alice", "-p", "wonderland", "-m", method])
            .args(["-a", &format!("MS-CHAP-Challenge = {challenge}")])
            .ask(&server)
            .run();
        let request = server.request();
        let packet = request.packet();
        let sent: Vec<_> = every(&packet, number::MS_CHAP_CHALLENGE).collect();
        assert_eq!(sent, [hex::decode(&challenge[2..]).unwrap()], "{method}");
    }
    radius([
        "auth",
        "-u",
        "alice",
        "-p",
        "wonderland",
        "-m",
        "mschapv2",
        "127.0.0.1",
    ])
    .args(["-a", "MS-CHAP-Challenge = 0x0102030405060708"])
    .run()
    .is(str![[r#"
--- stderr
error: the challenge has 8 octets, and this method's has 16
--- exit 2

"#]]);
}

#[test]
fn a_method_that_is_open_to_who_reads_along_is_warned_of_unless_nobody_can() {
    let server = Server::yes();
    let host = server.host();
    let (_, port) = host.rsplit_once(':').unwrap();
    let warned = |host: &str, method: &str| {
        let run = radius([
            "auth",
            "-u",
            "alice",
            "-p",
            "wonderland",
            "-t",
            "100ms",
            "-r",
            "0",
        ])
        .args(["-m", method, &format!("{host}:{port}")])
        .run();
        run.stderr.contains("inside a trusted network")
    };
    for method in [
        "pap",
        "chap",
        "mschap",
        "mschapv2",
        "eap-md5",
        "eap-gtc",
        "eap-mschapv2",
    ] {
        // This address is delivered on this machine, and looks like another.
        assert!(warned("0.0.0.0", method), "{method}");
    }
    assert!(!warned("0.0.0.0", "eap-pwd"));
    assert!(!warned("127.0.0.1", "pap"));
}

#[test]
fn the_method_none_proves_nothing() {
    let server = Server::yes();
    radius([
        "auth",
        "-m",
        "none",
        "-u",
        "alice",
        "-a",
        "Calling-Station-Id = 00-11-22-33-44-55",
    ])
    .ask(&server)
    .run()
    .exits(0);
    assert_eq!(server.request().numbers(), [80, 1, 31, 32]);
}

#[test]
fn an_empty_password_is_one() {
    let server = Server::yes();
    radius(["auth", "-u", "alice", "-p", ""])
        .ask(&server)
        .run()
        .exits(0);
    assert_eq!(server.request().password().as_deref(), Some(""));
}

/// Asks for a code, then for another one, then says yes to both.
fn two_challenges() -> Server {
    Server::udp(|request| match request.index {
        0 => {
            let reply = request.reply(Code::ACCESS_CHALLENGE);
            reply.with(18, "Enter the code").with(24, "first state").send()
        }
        1 => {
            assert_eq!(request.text(24), "first state");
            assert_eq!(request.password().as_deref(), Some("123456"));
            let reply = request.reply(Code::ACCESS_CHALLENGE);
            reply.with(18, "Once more").with(24, "second state").send()
        }
        _ => {
            assert_eq!(request.text(24), "second state");
            assert_eq!(request.password().as_deref(), Some("654321"));
            request.yes().send()
        }
    })
}

#[test]
fn challenges_are_answered_round_by_round_and_state_goes_back() {
    let server = two_challenges();
    radius([
        "auth",
        "-u",
        "alice",
        "-p",
        "wonderland",
        "--response",
        "123456",
        "--response",
        "654321",
    ])
    .ask(&server)
    .run()
    .is(str![[r#"
Access-Accept from 127.0.0.1:PORT in # ms
--- exit 0

"#]]);
    let identifiers: Vec<u8> = server
        .requests()
        .iter()
        .map(|request| request.octets[1])
        .collect();
    assert_eq!(identifiers.len(), 3);
    assert!(identifiers[0] != identifiers[1] && identifiers[1] != identifiers[2]);
    assert!(server.requests().iter().all(|request| request.text(1) == "alice"));
}

#[test]
fn the_rounds_of_challenges_are_in_the_json() {
    let server = two_challenges();
    let transcript = radius(["auth", "-u", "alice", "-p", "wonderland", "--json"])
        .args(["--response", "123456", "--response", "654321"])
        .ask(&server)
        .run();
    let json = transcript.one_json();
    assert_eq!(json["verdict"], "accept");
    assert_eq!(json["attempts"], 3);
    assert_eq!(json["rounds"].as_array().unwrap().len(), 2);
    assert_eq!(json["rounds"][0]["reply"]["code"], "Access-Challenge");
    transcript.lacks("123456").lacks("654321").lacks("wonderland");
}

#[test]
fn a_challenge_that_nobody_answers_exits_1_and_says_how_to_answer() {
    let server = Server::udp(|request| {
        let reply = request.reply(Code::ACCESS_CHALLENGE);
        reply.with(18, "Enter the code").with(24, [1, 2, 3]).send()
    });
    radius(["auth", "-u", "alice", "-p", "wonderland"])
        .ask(&server)
        .run()
        .is(str![[r#"
Access-Challenge from 127.0.0.1:PORT in # ms
  Reply-Message = "Enter the code"
  State = 0x010203
--- stderr
error: 127.0.0.1:PORT asks for more, and there is no answer
hint: --response answers it; on a terminal the answer is asked for
--- exit 1

"#]]);
}

#[test]
fn a_server_that_challenges_for_ever_ends_the_conversation_with_5() {
    let server = Server::udp(|request| request.reply(Code::ACCESS_CHALLENGE).with(24, [1]).send());
    let mut run = radius(["auth", "-u", "alice", "-p", "wonderland"]);
    for _ in 0..60 {
        run = run.args(["--response", "x"]);
    }
    run.ask(&server).run().is(str![[r#"
Access-Challenge from 127.0.0.1:PORT in # ms
  State = 0x01
--- stderr
error: 127.0.0.1:PORT sent 50 challenges and no end is in sight
--- exit 5

"#]]);
}

#[test]
fn a_reply_from_a_wrong_port_is_not_taken() {
    let server = Server::udp(|request| {
        let octets = request.yes().with(18, "from another port").octets();
        vec![
            Answer::FromElsewhere(octets),
            Answer::Octets(request.reply(Code::ACCESS_REJECT).octets()),
        ]
    });
    radius(["auth", "-u", "alice", "-p", "wonderland"])
        .ask(&server)
        .run()
        .is(str![[r#"
Access-Reject from 127.0.0.1:PORT in # ms
--- exit 1

"#]]);
}

#[test]
fn the_cleartext_password_of_a_request_is_the_password_and_not_sent() {
    let server = Server::yes();
    radius(["auth", "-a", "User-Name = alice, Cleartext-Password = wonderland"])
        .ask(&server)
        .run()
        .exits(0);
    assert_eq!(server.request().password().as_deref(), Some("wonderland"));
}

#[test]
fn p_is_parallel_where_requests_come_from_a_file_without_user() {
    let server = Server::yes();
    radius(["auth", "-p", "64", "-f", "requests"])
        .file("requests", "User-Name = alice\nUser-Password = wonderland\n")
        .ask(&server)
        .run()
        .exits(0);
    assert_eq!(server.request().password().as_deref(), Some("wonderland"));
}
