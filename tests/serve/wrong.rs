//! Mistakes that a server before us (pyrad2 3.x) makes, each with what is right instead. Their numbers are those of
//! the list of its faults that this project keeps.

use std::net::UdpSocket;
use std::time::Duration;

use radius::codec::seal::{MessageAuthenticatorCheck, check_reply};
use radius::codec::{AttributeType, Code, Packet, Secret};
use radius::responder::coa::Manner;
use radius::responder::policy::Challenge;
use radius::responder::{Did, Role};

use crate::client::{SECRET, ask, pap, request};
use crate::order::{responder, say};
use crate::peer::Served;

const CLIENT: [u8; 4] = [192, 0, 2, 1];

/// W6: CoA and Disconnect replies with Message-Authenticator were made so that no client can verify them.
#[test]
fn replies_to_dynamic_authorization_have_a_message_authenticator_that_verifies() {
    for (manner, code, reply) in [
        (Manner::Ack, Code::COA_REQUEST, Code::COA_ACK),
        (Manner::Auto, Code::COA_REQUEST, Code::COA_NAK),
        (Manner::Ack, Code::DISCONNECT_REQUEST, Code::DISCONNECT_ACK),
        (Manner::Auto, Code::DISCONNECT_REQUEST, Code::DISCONNECT_NAK),
    ] {
        let responder = responder(|settings| settings.manner = manner);
        let asked = request(code, 1, &[0; 16], true, &[(1, b"alice"), (44, b"s1")]);
        let (did, replies) = say(&responder, CLIENT, Role::Coa, &asked);
        assert!(matches!(did, Did::Replied(code, _) if code == reply), "{did:?}");
        let asked = Packet::parse(&asked).unwrap();
        let seals = check_reply(
            &Packet::parse(&replies[0]).unwrap(),
            asked.authenticator(),
            &Secret::new(SECRET),
        );
        // With the Request Authenticator in its place (RFC 5176 §3.4), as for every other reply.
        assert_eq!(seals.message_authenticator, MessageAuthenticatorCheck::Right);
        assert!(seals.hold());
    }
}

/// W7: Proxy-State was never echoed.
#[test]
fn proxy_state_comes_back_whole_and_in_order_in_every_reply() {
    let responder = responder(|settings| {
        settings.manner = Manner::Ack;
        settings.policy.challenge = Some(Challenge {
            prompt: "Code".into(),
            code: Secret::new("1"),
            lifetime: Duration::from_secs(60),
        });
    });
    let states: [(u8, &[u8]); 3] = [(33, b"second to last"), (33, &[0, 255]), (33, b"")];
    let with = |attributes: &[(u8, &'static [u8])]| -> Vec<(u8, &'static [u8])> {
        let mut all = vec![states[0], states[1]];
        all.extend_from_slice(attributes);
        all.push(states[2]);
        all
    };
    let requests = [
        (
            Role::Auth,
            request(Code::ACCESS_REQUEST, 1, &[1; 16], true, &with(&[(1, b"alice")])),
            Code::ACCESS_REJECT,
        ),
        (
            Role::Auth,
            request(
                Code::ACCESS_REQUEST,
                2,
                &[2; 16],
                true,
                &with(&[(1, b"alice"), (3, chap())]),
            ),
            Code::ACCESS_CHALLENGE,
        ),
        (
            Role::Auth,
            request(Code::STATUS_SERVER, 3, &[3; 16], true, &with(&[])),
            Code::ACCESS_ACCEPT,
        ),
        (
            Role::Acct,
            request(
                Code::ACCOUNTING_REQUEST,
                4,
                &[0; 16],
                false,
                &with(&[(40, &[0, 0, 0, 1]), (44, b"s")]),
            ),
            Code::ACCOUNTING_RESPONSE,
        ),
        (
            Role::Coa,
            request(Code::COA_REQUEST, 5, &[0; 16], false, &with(&[(1, b"alice")])),
            Code::COA_ACK,
        ),
        (
            Role::Coa,
            request(
                Code::DISCONNECT_REQUEST,
                6,
                &[0; 16],
                false,
                &with(&[(1, b"alice")]),
            ),
            Code::DISCONNECT_ACK,
        ),
    ];
    for (role, octets, code) in requests {
        let (did, replies) = say(&responder, CLIENT, role, &octets);
        let reply = Packet::parse(&replies[0]).unwrap();
        assert_eq!(reply.code(), code, "{did:?}");
        let echoed: Vec<&[u8]> = reply
            .all(AttributeType::PROXY_STATE)
            .map(|state| state.value())
            .collect();
        assert_eq!(echoed, states.map(|(_, value)| value), "{code}");
    }
}

/// CHAP of `hello` over the authenticator of request 2 (RFC 1994 §4.1).
fn chap() -> &'static [u8] {
    use md5::{Digest, Md5};
    static VALUE: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    VALUE.get_or_init(|| {
        let digest = Md5::digest([[9].as_slice(), b"hello", &[2; 16]].concat());
        [[9].as_slice(), &digest].concat()
    })
}

/// W8: a client answered challenges under the Identifier and authenticator of its first request, the table of
/// duplicates took them for that request, and both went round for ever.
#[test]
fn an_answer_to_a_challenge_is_no_duplicate_of_the_first_request() {
    let responder = responder(|settings| {
        settings.policy.challenge = Some(Challenge {
            prompt: "Code".into(),
            code: Secret::new("424242"),
            lifetime: Duration::from_secs(60),
        });
    });
    let first = pap("alice", "hello", 7, &[7; 16]);
    let (did, replies) = say(&responder, CLIENT, Role::Auth, &first);
    assert!(matches!(did, Did::Replied(Code::ACCESS_CHALLENGE, _)), "{did:?}");
    // Sent again, it is a duplicate and gets the same challenge.
    assert_eq!(say(&responder, CLIENT, Role::Auth, &first).1, replies);
    let challenge = Packet::parse(&replies[0]).unwrap();
    let state = challenge.first(AttributeType::STATE).unwrap().value().to_vec();
    let hidden = radius::codec::hide::hide_password(b"424242", &Secret::new(SECRET), &[7; 16]).unwrap();
    // The broken client: Identifier and authenticator as before.
    let answer = request(
        Code::ACCESS_REQUEST,
        7,
        &[7; 16],
        true,
        &[(1, b"alice"), (2, &hidden), (24, &state)],
    );
    let (did, replies) = say(&responder, CLIENT, Role::Auth, &answer);
    assert!(matches!(did, Did::Replied(Code::ACCESS_ACCEPT, _)), "{did:?}");
    // Its duplicate is one again, and no second login: the State is used up.
    assert_eq!(
        say(&responder, CLIENT, Role::Auth, &answer),
        (Did::Resent(Code::ACCESS_ACCEPT), replies)
    );
}

/// W11: one authenticated packet with a value that does not fit its type ended the server when it was printed.
#[test]
fn values_that_do_not_fit_their_types_are_shown_and_stored_and_end_nothing() {
    let server = Served::start(
        &[
            "-s",
            SECRET,
            "--user",
            "alice:hello",
            "--trace",
            "--annotate",
            "--acct-log",
            "acct.json",
        ],
        &[],
    );
    let odd: [(u8, &[u8]); 6] = [
        (4, &[1, 2, 3, 4, 5]),
        (6, &[1]),
        (18, &[0xff, 0xfe]),
        (26, &[0, 0, 0, 9, 1]),
        (97, &[0]),
        (241, &[26]),
    ];
    let patience = Duration::from_secs(10);
    for (turn, attribute) in (1..).zip(odd) {
        let attributes = [(1, b"alice".as_slice()), attribute];
        let access = request(Code::ACCESS_REQUEST, turn, &[turn; 16], true, &attributes);
        let reply = ask(server.address("udp auth"), &access, patience).unwrap();
        assert_eq!(Code(reply[0]), Code::ACCESS_REJECT);
        let attributes = [(40, [0, 0, 0, 1].as_slice()), (44, b"s"), attribute];
        let accounting = request(Code::ACCOUNTING_REQUEST, turn, &[0; 16], false, &attributes);
        let reply = ask(server.address("udp acct"), &accounting, patience).unwrap();
        assert_eq!(Code(reply[0]), Code::ACCOUNTING_RESPONSE);
    }
    let good = pap("alice", "hello", 99, &[99; 16]);
    let reply = ask(server.address("udp auth"), &good, patience).unwrap();
    assert_eq!(Code(reply[0]), Code::ACCESS_ACCEPT);
    let records = std::fs::read_to_string(server.directory().join("acct.json")).unwrap();
    assert_eq!(records.lines().count(), odd.len());
}

/// W13: a packet with octets behind its Length was refused.
#[test]
fn padding_behind_length_is_ignored_over_a_socket_too() {
    let server = Served::start(&["-s", SECRET, "--user", "alice:hello"], &[]);
    let mut octets = pap("alice", "hello", 1, &[1; 16]);
    octets.extend([0xee; 100]);
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    socket.send_to(&octets, server.address("udp auth")).unwrap();
    let mut buffer = [0; 4096];
    let length = socket.recv(&mut buffer).unwrap();
    let reply = Packet::parse(&buffer[..length]).unwrap();
    assert_eq!(reply.code(), Code::ACCESS_ACCEPT);
    assert!(check_reply(&reply, &[1; 16], &Secret::new(SECRET)).hold());
}
