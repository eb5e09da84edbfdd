//! What becomes of each kind of datagram.

use std::time::Instant;

use super::*;
use crate::codec::seal::{AuthenticatorCheck, MessageAuthenticatorCheck};
use crate::codec::{AttributeError, Malformation, TooShort};

const MA: (AttributeType, &[u8]) = (AttributeType::MESSAGE_AUTHENTICATOR, &[0; 16]);

/// An exchange that has been sent once, and when.
fn sent(code: Code, demands: Demands) -> (Exchange, Vec<u8>, Instant) {
    let octets = request(code, 7, [9; 16], 1);
    let mut exchange =
        Exchange::new(octets.clone(), secret(), server(), Policy::fixed(SECOND, 2)).with_demands(demands);
    let now = Instant::now();
    assert_eq!(exchange.poll(now, 0.0), Step::Send(&octets));
    (exchange, octets, now)
}

fn why(exchange: &Exchange, now: Instant, octets: &[u8]) -> Ignored {
    match exchange.receive(now, server(), octets) {
        Receipt::Ignored(why) => why,
        Receipt::Reply(reply) => panic!("{reply:?}"),
    }
}

#[test]
fn a_good_reply_ends_the_exchange_with_its_round_trip() {
    let (exchange, octets, now) = sent(Code::ACCESS_REQUEST, Demands::default());
    let reply = reply(Code::ACCESS_ACCEPT, &octets, &secret());
    let Receipt::Reply(found) = exchange.receive(now + SECOND / 2, server(), &reply) else {
        panic!()
    };
    assert_eq!(
        (found.code, found.rtt, found.attempts),
        (Code::ACCESS_ACCEPT, SECOND / 2, 1)
    );
    assert_eq!(found.seals.authenticator, AuthenticatorCheck::Right);
    assert_eq!(
        found.seals.message_authenticator,
        MessageAuthenticatorCheck::Right
    );
    assert_eq!(found.request_authenticator, [9; 16]);
}

#[test]
fn a_reply_from_elsewhere_is_ignored() {
    let (exchange, octets, now) = sent(Code::ACCESS_REQUEST, Demands::default());
    let reply = reply(Code::ACCESS_ACCEPT, &octets, &secret());
    for elsewhere in ["192.0.2.2:1812", "192.0.2.1:1813"] {
        let from = elsewhere.parse().unwrap();
        let expected = Ignored::WrongSource {
            expected: server(),
            from,
        };
        assert_eq!(exchange.receive(now, from, &reply), Receipt::Ignored(expected));
    }
}

#[test]
fn a_reply_with_another_identifier_is_ignored() {
    let (exchange, octets, now) = sent(Code::ACCESS_REQUEST, Demands::default());
    let mut reply = reply(Code::ACCESS_ACCEPT, &octets, &secret());
    reply[1] = 8;
    assert_eq!(
        why(&exchange, now, &reply),
        Ignored::UnknownIdentifier { identifier: 8 }
    );
}

#[test]
fn a_malformed_reply_is_ignored_with_all_that_is_wrong() {
    let (exchange, octets, now) = sent(Code::ACCESS_REQUEST, Demands::default());
    let good = reply(Code::ACCESS_ACCEPT, &octets, &secret());
    assert_eq!(
        why(&exchange, now, &good[..19]),
        Ignored::TooShort(TooShort { received: 19 })
    );
    let mut zero = good.clone();
    zero[21] = 0;
    let fault = AttributeError::LengthBelowTwo {
        offset: 20,
        length: 0,
    };
    assert_eq!(
        why(&exchange, now, &zero),
        Ignored::Malformed(vec![Malformation::Attribute(fault)])
    );
    let Ignored::Malformed(cut) = why(&exchange, now, &good[..30]) else {
        panic!()
    };
    assert!(matches!(cut[..], [Malformation::LengthBeyondOctets { .. }, ..]));
}

#[test]
fn padding_after_length_is_no_fault() {
    let (exchange, octets, now) = sent(Code::ACCESS_REQUEST, Demands::default());
    let mut reply = reply(Code::ACCESS_ACCEPT, &octets, &secret());
    reply.extend([0; 9]);
    assert!(matches!(
        exchange.receive(now, server(), &reply),
        Receipt::Reply(_)
    ));
}

#[test]
fn a_reply_sealed_with_another_secret_is_ignored() {
    let (exchange, octets, now) = sent(Code::ACCESS_REQUEST, Demands::default());
    let other = Secret::new("other");
    let sealed = reply(Code::ACCESS_ACCEPT, &octets, &other);
    let Ignored::WrongMessageAuthenticator { seals } = why(&exchange, now, &sealed) else {
        panic!()
    };
    assert_eq!(seals.authenticator, AuthenticatorCheck::Wrong);
    let bare = reply_with(Code::ACCESS_REJECT, &octets, &other, &[]);
    assert!(matches!(
        why(&exchange, now, &bare),
        Ignored::WrongAuthenticator { .. }
    ));
}

#[test]
fn a_missing_message_authenticator_is_named_before_anything_is_verified() {
    let demands = Demands {
        message_authenticator: true,
        ..Demands::default()
    };
    let (exchange, octets, now) = sent(Code::ACCESS_REQUEST, demands);
    let bare = reply_with(Code::ACCESS_ACCEPT, &octets, &Secret::new("other"), &[]);
    let because = Demand::Asked;
    assert_eq!(
        why(&exchange, now, &bare),
        Ignored::MissingMessageAuthenticator { because }
    );
    // Only Access-Requests are in danger.
    let (exchange, octets, now) = sent(Code::ACCOUNTING_REQUEST, demands);
    let bare = reply_with(Code::ACCOUNTING_RESPONSE, &octets, &secret(), &[]);
    assert!(matches!(
        exchange.receive(now, server(), &bare),
        Receipt::Reply(_)
    ));
}

#[test]
fn a_reply_with_eap_needs_a_message_authenticator_whoever_asks() {
    let (exchange, octets, now) = sent(Code::ACCESS_REQUEST, Demands::default());
    let eap = (AttributeType::EAP_MESSAGE, &[3, 1, 0, 4][..]);
    let bare = reply_with(Code::ACCESS_ACCEPT, &octets, &secret(), &[eap]);
    let because = Demand::EapMessage;
    assert_eq!(
        why(&exchange, now, &bare),
        Ignored::MissingMessageAuthenticator { because }
    );
    let sealed = reply_with(Code::ACCESS_ACCEPT, &octets, &secret(), &[MA, eap]);
    assert!(matches!(
        exchange.receive(now, server(), &sealed),
        Receipt::Reply(_)
    ));
}

#[test]
fn a_proxy_state_that_was_not_sent_is_a_sign_of_forgery() {
    let (exchange, octets, now) = sent(Code::ACCESS_REQUEST, Demands::default());
    let proxy_state = (AttributeType::PROXY_STATE, &[1, 2][..]);
    let bare = reply_with(Code::ACCESS_ACCEPT, &octets, &secret(), &[proxy_state]);
    assert_eq!(why(&exchange, now, &bare), Ignored::ProxyStateNotSent);
    let sealed = reply_with(Code::ACCESS_ACCEPT, &octets, &secret(), &[MA, proxy_state]);
    assert!(matches!(
        exchange.receive(now, server(), &sealed),
        Receipt::Reply(_)
    ));
}

#[test]
fn a_code_that_answers_no_such_request_is_ignored() {
    let (exchange, octets, now) = sent(Code::ACCESS_REQUEST, Demands::default());
    let wrong = reply(Code::COA_ACK, &octets, &secret());
    let expected = Ignored::IllegalCode {
        request: Code::ACCESS_REQUEST,
        reply: Code::COA_ACK,
    };
    assert_eq!(why(&exchange, now, &wrong), expected);
    // Where no standard says what answers, anything does.
    let (exchange, octets, now) = sent(Code(50), Demands::default());
    let any = reply(Code(51), &octets, &secret());
    assert!(matches!(exchange.receive(now, server(), &any), Receipt::Reply(_)));
}

#[test]
fn a_bad_reply_leaves_the_timers_as_they_were() {
    let (mut exchange, octets, now) = sent(Code::ACCESS_REQUEST, Demands::default());
    let due = exchange.due();
    let bad = reply(Code::ACCESS_ACCEPT, &octets, &Secret::new("other"));
    why(&exchange, now + SECOND / 2, &bad);
    assert_eq!(exchange.due(), due);
    assert_eq!(exchange.poll(now + SECOND / 2, 0.0), Step::Wait(now + SECOND));
    assert_eq!(exchange.poll(now + SECOND, 0.0), Step::Send(&octets));
}

#[test]
fn retransmissions_are_the_same_octets_and_end() {
    let (mut exchange, octets, now) = sent(Code::ACCESS_REQUEST, Demands::default());
    assert_eq!(exchange.poll(now + SECOND, 0.0), Step::Send(&octets));
    assert_eq!(exchange.poll(now + 2 * SECOND, 0.0), Step::Send(&octets));
    assert_eq!(
        exchange.poll(now + 3 * SECOND, 0.0),
        Step::GiveUp(GaveUp::Retries)
    );
    assert_eq!(exchange.attempts(), 3);
}

#[test]
fn the_total_time_ends_an_exchange_that_may_still_retry() {
    let policy = Policy {
        max_total: Some(5 * SECOND),
        ..Policy::RFC_5080
    };
    let mut exchange = Exchange::new(
        request(Code::ACCESS_REQUEST, 1, [1; 16], 1),
        secret(),
        server(),
        policy,
    );
    let now = Instant::now();
    assert!(matches!(exchange.poll(now, 0.0), Step::Send(_)));
    assert!(matches!(exchange.poll(now + 2 * SECOND, 0.0), Step::Send(_)));
    // The next would be due after 6 s.
    assert_eq!(exchange.poll(now + 3 * SECOND, 0.0), Step::Wait(now + 5 * SECOND));
    assert_eq!(
        exchange.poll(now + 5 * SECOND, 0.0),
        Step::GiveUp(GaveUp::TotalTime)
    );
}

#[test]
fn a_stream_never_retransmits() {
    let policy = Policy::INTERACTIVE.over(Transport::Tcp);
    let mut exchange = Exchange::new(
        request(Code::ACCESS_REQUEST, 1, [1; 16], 1),
        secret(),
        server(),
        policy,
    );
    let now = Instant::now();
    assert!(matches!(exchange.poll(now, 1.0), Step::Send(_)));
    assert_eq!(exchange.poll(now + SECOND, 0.0), Step::Wait(now + 15 * SECOND));
    assert_eq!(
        exchange.poll(now + 15 * SECOND, 0.0),
        Step::GiveUp(GaveUp::Retries)
    );
}

#[test]
fn octets_that_are_no_packet_can_be_sent_and_waited_for() {
    let mut exchange = Exchange::new(vec![1], secret(), server(), Policy::fixed(SECOND, 0));
    assert_eq!(exchange.poll(Instant::now(), 0.0), Step::Send(&[1]));
    assert_eq!(exchange.identifier(), 0);
}
