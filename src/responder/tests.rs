//! The whole machine, without a socket or a sleep.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::clients::{Client, Clients};
use super::coa::Manner;
use super::faults::{Fault, Kind, Nth};
use super::policy::{Challenge, Mode};
use super::*;
use crate::auth::Method;
use crate::auth::mschap::attributes::{ResponseV2, number, vendor_attributes, vendor_value};
use crate::auth::mschap::{Challenges, NtHash};
use crate::auth::server::Refused;
use crate::codec::seal::{AuthenticatorCheck, MessageAuthenticatorCheck, check_reply, seal_request};
use crate::codec::v11::{self, Token};
use crate::codec::{AttributeType, Builder, Code, Packet, Secret, hide};
use crate::dictionary::Dictionary;

const KEY: &str = "testing123";

struct World {
    responder: Responder,
    now: Instant,
    dice: u8,
}

impl World {
    fn new(change: impl FnOnce(&mut Settings)) -> World {
        let mut settings = Settings::new(Arc::new(Dictionary::builtin()));
        settings.clients = Clients::new();
        settings
            .clients
            .add(Client::new("192.0.2.0/24".parse().unwrap(), Secret::new(KEY)));
        settings.policy.users.add(b"alice", b"wonderland");
        change(&mut settings);
        World {
            responder: Responder::new(settings),
            now: Instant::now(),
            dice: 0,
        }
    }

    fn say<T>(&mut self, role: Role, octets: &[u8], look: impl FnOnce(Outcome<'_>) -> T) -> T {
        self.say_over(role, Carrier::Datagram, octets, look)
    }

    fn say_over<T>(
        &mut self,
        role: Role,
        carrier: Carrier,
        octets: &[u8],
        look: impl FnOnce(Outcome<'_>) -> T,
    ) -> T {
        self.dice += 1;
        let fill = self.dice;
        let mut dice = |octets: &mut [u8]| octets.fill(fill);
        let mut moment = Moment {
            now: self.now,
            unix: 1_700_000_000,
            dice: &mut dice,
        };
        let settings = self.responder.settings();
        let arrival = Arrival {
            source: SocketAddr::from(([192, 0, 2, 1], 4000)),
            listener: 0,
            role,
            carrier,
            client: None,
            octets,
        };
        look(self.responder.receive(&settings, &arrival, &mut moment))
    }

    /// The reply that leaves at once, and why.
    fn reply(&mut self, role: Role, octets: &[u8]) -> (Vec<u8>, Did) {
        self.say(role, octets, |outcome| {
            let did = outcome.facts.did.clone();
            match outcome.deed {
                Deed::Send(departure) => {
                    let reply = departure.octets.to_vec();
                    checked(octets, &reply);
                    (reply, did)
                }
                other => panic!("{did:?} {other:?}"),
            }
        })
    }

    fn code(&mut self, octets: &[u8]) -> Code {
        Code(self.reply(Role::Any, octets).0[0])
    }

    fn did(&mut self, octets: &[u8]) -> Did {
        self.say(Role::Any, octets, |outcome| outcome.facts.did)
    }
}

/// Fails unless the reply is sealed for its request.
fn checked(request: &[u8], reply: &[u8]) {
    let request = Packet::parse(request).unwrap();
    let seals = check_reply(
        &Packet::parse(reply).unwrap(),
        request.authenticator(),
        &Secret::new(KEY),
    );
    assert_eq!(seals.authenticator, AuthenticatorCheck::Right);
    if request.code() == Code::ACCESS_REQUEST {
        assert_eq!(seals.message_authenticator, MessageAuthenticatorCheck::Right);
    }
}

fn request(code: Code, identifier: u8, attributes: &[(u8, &[u8])]) -> Vec<u8> {
    let mut builder = Builder::new(code, identifier, &[identifier; 16]);
    if code != Code::ACCOUNTING_REQUEST {
        builder.message_authenticator().unwrap();
    }
    for (number, value) in attributes {
        builder.attribute(AttributeType(*number), value).unwrap();
    }
    let mut octets = builder.finish();
    seal_request(&mut octets, &Secret::new(KEY));
    octets
}

fn pap(identifier: u8, user: &str, password: &str, more: &[(u8, &[u8])]) -> Vec<u8> {
    let hidden = hide::hide_password(password.as_bytes(), &Secret::new(KEY), &[identifier; 16]).unwrap();
    let mut attributes: Vec<(u8, &[u8])> = vec![(1, user.as_bytes()), (2, &hidden)];
    attributes.extend_from_slice(more);
    request(Code::ACCESS_REQUEST, identifier, &attributes)
}

fn value(packet: &[u8], number: u8) -> Option<Vec<u8>> {
    let packet = Packet::parse(packet).unwrap();
    packet
        .first(AttributeType(number))
        .map(|attribute| attribute.value().to_vec())
}

#[test]
fn a_right_password_is_accepted_and_a_wrong_one_is_not() {
    let mut world = World::new(|_| {});
    assert_eq!(
        world.code(&pap(1, "alice", "wonderland", &[])),
        Code::ACCESS_ACCEPT
    );
    assert_eq!(
        world.code(&pap(2, "alice", "Wonderland", &[])),
        Code::ACCESS_REJECT
    );
    assert_eq!(world.code(&pap(3, "eve", "wonderland", &[])), Code::ACCESS_REJECT);
    let nothing = request(Code::ACCESS_REQUEST, 4, &[(1, b"alice")]);
    assert_eq!(world.code(&nothing), Code::ACCESS_REJECT);
    let both = pap(5, "alice", "wonderland", &[(3, &[0; 17])]);
    let (_, did) = world.reply(Role::Any, &both);
    assert_eq!(did, Did::Replied(Code::ACCESS_REJECT, Why::TwoCredentials));
}

#[test]
fn chap_is_checked_with_and_without_a_challenge_of_its_own() {
    let mut world = World::new(|_| {});
    let secret = Secret::new("wonderland");
    let with = |challenge: &[u8]| [&[7_u8][..], &hide::chap_response(7, &secret, challenge)].concat();
    let own = request(
        Code::ACCESS_REQUEST,
        1,
        &[(1, b"alice"), (3, &with(b"challenge")), (60, b"challenge")],
    );
    let authenticator = request(Code::ACCESS_REQUEST, 2, &[(1, b"alice"), (3, &with(&[2; 16]))]);
    let wrong = request(Code::ACCESS_REQUEST, 3, &[(1, b"alice"), (3, &with(&[2; 16]))]);
    assert_eq!(world.code(&own), Code::ACCESS_ACCEPT);
    assert_eq!(world.code(&authenticator), Code::ACCESS_ACCEPT);
    assert_eq!(world.code(&wrong), Code::ACCESS_REJECT);
}

#[test]
fn chap_needs_a_challenge_of_its_own_where_there_is_no_authenticator() {
    let mut world = World::new(|_| {});
    let token = Token(0x0102_0304);
    let mut ask = |challenge: Option<&[u8]>, answered: &[u8]| {
        let mut builder = v11::builder(Code::ACCESS_REQUEST, token);
        let secret = Secret::new("wonderland");
        let response = [&[7_u8][..], &hide::chap_response(7, &secret, answered)].concat();
        builder.attribute(AttributeType::USER_NAME, b"alice").unwrap();
        builder
            .attribute(AttributeType::CHAP_PASSWORD, &response)
            .unwrap();
        if let Some(challenge) = challenge {
            builder
                .attribute(AttributeType::CHAP_CHALLENGE, challenge)
                .unwrap();
        }
        world.say_over(Role::Any, Carrier::Clear, &builder.finish(), |outcome| {
            outcome.facts.did
        })
    };
    let accepted = ask(Some(b"challenge"), b"challenge");
    assert!(
        matches!(accepted, Did::Replied(Code::ACCESS_ACCEPT, _)),
        "{accepted:?}"
    );
    // Not even the right answer to the Token and its zeros will do.
    let refused = Why::Refused {
        refused: Refused::NoChapChallenge,
        method: Method::Chap,
    };
    assert_eq!(
        ask(None, &token.field()),
        Did::Replied(Code::ACCESS_REJECT, refused)
    );
}

#[test]
fn mschapv2_is_answered_with_proof_and_keys() {
    let mut world = World::new(|_| {});
    let hash = NtHash::of(&Secret::new("wonderland")).unwrap();
    let challenges = Challenges {
        authenticator: &[1; 16],
        peer: &[2; 16],
        user: b"alice",
    };
    let response = ResponseV2 {
        identifier: 9,
        flags: 0,
        peer_challenge: [2; 16],
        nt: challenges.response(&hash),
    };
    let octets = request(
        Code::ACCESS_REQUEST,
        1,
        &[
            (1, b"alice"),
            (26, &vendor_value(number::MS_CHAP_CHALLENGE, &[1; 16]).unwrap()),
            (
                26,
                &vendor_value(number::MS_CHAP2_RESPONSE, &response.encode()).unwrap(),
            ),
        ],
    );
    let (reply, _) = world.reply(Role::Auth, &octets);
    let packet = Packet::parse(&reply).unwrap();
    assert_eq!(packet.code(), Code::ACCESS_ACCEPT);
    let found: Vec<u8> = packet
        .all(AttributeType::VENDOR_SPECIFIC)
        .flat_map(|attribute| vendor_attributes(attribute.value()))
        .map(|(number, _)| number)
        .collect();
    for wanted in [
        number::MS_CHAP2_SUCCESS,
        number::MS_MPPE_RECV_KEY,
        number::MS_MPPE_SEND_KEY,
    ] {
        assert!(found.contains(&wanted), "{found:?}");
    }
}

#[test]
fn a_duplicate_gets_the_identical_reply_and_nothing_is_done_twice() {
    let challenge = Challenge {
        prompt: "code".to_owned(),
        code: Secret::new("123456"),
        lifetime: Duration::from_secs(60),
    };
    let mut world = World::new(|settings| settings.policy.challenge = Some(challenge));
    let first = pap(1, "alice", "wonderland", &[]);
    let (challenge, did) = world.reply(Role::Auth, &first);
    assert_eq!(did, Did::Replied(Code::ACCESS_CHALLENGE, Why::SecondFactor));
    let (again, did) = world.reply(Role::Auth, &first);
    assert_eq!(
        (again, did),
        (challenge.clone(), Did::Resent(Code::ACCESS_CHALLENGE))
    );
    // A State serves once, so that only the cache can accept the duplicate of its answer.
    let state = value(&challenge, 24).unwrap();
    let answer = pap(2, "alice", "123456", &[(24, &state)]);
    let (accept, did) = world.reply(Role::Auth, &answer);
    assert_eq!(did, Did::Replied(Code::ACCESS_ACCEPT, Why::SecondFactorRight));
    assert_eq!(world.reply(Role::Auth, &answer).0, accept);
    let replay = pap(3, "alice", "123456", &[(24, &state)]);
    assert_eq!(
        world.reply(Role::Auth, &replay).1,
        Did::Replied(Code::ACCESS_REJECT, Why::State(states::Unknown::NeverIssued))
    );
}

#[test]
fn a_packet_that_fails_a_check_does_not_touch_what_is_remembered() {
    let mut world = World::new(|_| {});
    let good = pap(1, "alice", "wonderland", &[]);
    let (reply, _) = world.reply(Role::Auth, &good);
    let mut bad = good.clone();
    let last = bad.len() - 1;
    bad[last] ^= 1;
    assert_eq!(
        world.did(&bad),
        Did::Discarded(Discard::WrongMessageAuthenticator)
    );
    assert_eq!(
        world.reply(Role::Any, &good),
        (reply, Did::Resent(Code::ACCESS_ACCEPT))
    );
    assert_eq!(world.responder.remembered(), 1);
}

#[test]
fn a_rejection_is_held_back_and_its_duplicates_are_dropped_meanwhile() {
    let mut world = World::new(|settings| settings.reject_delay = Duration::from_secs(1));
    let octets = pap(1, "alice", "wrong", &[]);
    let after = world.say(Role::Auth, &octets, |outcome| match outcome.deed {
        Deed::Send(departure) => departure.after,
        other => panic!("{other:?}"),
    });
    assert!((Duration::from_secs(1)..Duration::from_millis(1101)).contains(&after));
    assert_eq!(world.did(&octets), Did::Discarded(Discard::InFlight));
    world.now += after;
    assert_eq!(world.did(&octets), Did::Resent(Code::ACCESS_REJECT));
}

#[test]
fn status_server_is_answered_by_role_before_any_policy() {
    let mut world = World::new(|settings| settings.policy.mode = Mode::RejectAll);
    let octets = request(Code::STATUS_SERVER, 1, &[]);
    assert_eq!(world.reply(Role::Auth, &octets).0[0], 2);
    let octets = request(Code::STATUS_SERVER, 2, &[]);
    let (reply, _) = world.reply(Role::Acct, &octets);
    assert_eq!((reply[0], reply[20]), (5, 80));
}

#[test]
fn accounting_waits_for_its_record_and_is_never_acknowledged_without() {
    let mut world = World::new(|settings| settings.record = true);
    let start = request(
        Code::ACCOUNTING_REQUEST,
        1,
        &[(40, &[0, 0, 0, 1]), (44, b"s1"), (1, b"alice"), (33, b"ps")],
    );
    let pending = |world: &mut World| {
        world.say(Role::Acct, &start, |outcome| match outcome.deed {
            Deed::Record(pending) => pending,
            other => panic!("{other:?}"),
        })
    };
    let first = pending(&mut world);
    assert_eq!(world.did(&start), Did::Discarded(Discard::InFlight));
    assert_eq!(
        world.responder.unrecorded(&first),
        Did::Discarded(Discard::NotRecorded)
    );
    let second = pending(&mut world);
    let mut dice = |octets: &mut [u8]| octets.fill(0);
    let mut moment = Moment {
        now: world.now,
        unix: 0,
        dice: &mut dice,
    };
    let (did, deed) = world.responder.recorded(&second, &mut moment);
    assert_eq!(did, Did::Replied(Code::ACCOUNTING_RESPONSE, Why::Recorded));
    let Deed::Send(departure) = deed else {
        panic!("{deed:?}")
    };
    checked(&start, &departure.octets);
    assert_eq!(value(&departure.octets, 33).unwrap(), b"ps");
    assert_eq!(
        world.reply(Role::Acct, &start),
        (departure.octets.to_vec(), Did::Resent(Code::ACCOUNTING_RESPONSE))
    );
    assert_eq!(world.responder.sessions(), 1);
}

#[test]
fn a_disconnect_ends_the_session_that_accounting_began() {
    let mut world = World::new(|_| {});
    let disconnect = |identifier, session: &[u8]| {
        request(
            Code::DISCONNECT_REQUEST,
            identifier,
            &[(1, b"alice"), (44, session), (33, b"ps"), (24, b"st")],
        )
    };
    let (nak, _) = world.reply(Role::Coa, &disconnect(1, b"s1"));
    assert_eq!((nak[0], value(&nak, 101).unwrap()), (42, vec![0, 0, 1, 150]));
    let start = request(
        Code::ACCOUNTING_REQUEST,
        2,
        &[(40, &[0, 0, 0, 1]), (44, b"s1"), (1, b"alice")],
    );
    assert_eq!(world.code(&start), Code::ACCOUNTING_RESPONSE);
    let (nak, _) = world.reply(Role::Coa, &disconnect(3, b"s2"));
    assert_eq!((nak[0], value(&nak, 101).unwrap()), (42, vec![0, 0, 1, 247]));
    let (ack, _) = world.reply(Role::Coa, &disconnect(4, b"s1"));
    assert_eq!(ack[0], 41);
    assert_eq!(
        (value(&ack, 33), value(&ack, 24)),
        (Some(b"ps".to_vec()), Some(b"st".to_vec()))
    );
    assert_eq!(world.responder.sessions(), 0);
}

#[test]
fn an_attribute_that_nobody_knows_is_ignored_or_refused_by_kind() {
    let mut world = World::new(|settings| settings.manner = Manner::Sessions);
    let start = request(
        Code::ACCOUNTING_REQUEST,
        1,
        &[(40, &[0, 0, 0, 1]), (44, b"s1"), (1, b"alice"), (192, b"?")],
    );
    assert_eq!(world.code(&start), Code::ACCOUNTING_RESPONSE);
    assert_eq!(
        world.code(&pap(2, "alice", "wonderland", &[(192, b"?")])),
        Code::ACCESS_ACCEPT
    );
    let ask = |identifier, number| {
        request(
            Code::COA_REQUEST,
            identifier,
            &[(1, b"alice"), (44, b"s1"), (number, b"x")],
        )
    };
    let (nak, _) = world.reply(Role::Coa, &ask(3, 192));
    assert_eq!(value(&nak, 101).unwrap(), [0, 0, 1, 145]);
    assert_eq!(world.reply(Role::Coa, &ask(4, 11)).0[0], 44);
}

#[test]
fn what_nobody_serves_is_discarded_on_udp_and_refused_on_a_connection() {
    let mut world = World::new(|_| {});
    let octets = request(Code(6), 1, &[]);
    let discard = Discard::NotServed {
        code: Code(6),
        role: Role::Any,
    };
    assert_eq!(world.did(&octets), Did::Discarded(discard));
    let say = |world: &mut World, octets: &[u8]| {
        world.say_over(Role::Any, Carrier::Stream, octets, |outcome| match outcome.deed {
            Deed::Send(departure) => departure.octets.to_vec(),
            Deed::Close => vec![1],
            Deed::Nothing => vec![],
            other => panic!("{other:?}"),
        })
    };
    let error = say(&mut world, &octets);
    checked(&octets, &error);
    assert_eq!(error[0], 52);
    assert_eq!(value(&error, 241).unwrap(), [4, 0, 0, 0, 6]);
    assert_eq!(value(&error, 101).unwrap(), [0, 0, 1, 150]);
    // A reply where requests are expected: no answer. Octets that are no packet: the end.
    assert_eq!(say(&mut world, &request(Code::ACCESS_ACCEPT, 1, &[])), [0_u8; 0]);
    assert_eq!(say(&mut world, &[1; 10]), [1]);
}

#[test]
fn faults_happen_to_replies_and_their_duplicates_one_by_one() {
    let first = Fault {
        nth: Some(Nth::Only(1)),
        ..Fault::always(Kind::WrongAuthenticator)
    };
    let third = Fault {
        nth: Some(Nth::Only(3)),
        ..Fault::always(Kind::Drop)
    };
    let mut world = World::new(|settings| settings.faults = (7, vec![first, third]));
    let octets = pap(1, "alice", "wonderland", &[]);
    let spoilt = world.say(Role::Auth, &octets, |outcome| match outcome.deed {
        Deed::SendAll(departures) => departures,
        other => panic!("{other:?}"),
    });
    let packet = Packet::parse(&spoilt[0].octets).unwrap();
    assert_eq!(
        check_reply(&packet, &[1; 16], &Secret::new(KEY)).authenticator,
        AuthenticatorCheck::Wrong
    );
    assert_eq!(
        world.reply(Role::Auth, &octets).1,
        Did::Resent(Code::ACCESS_ACCEPT)
    );
    assert_eq!(world.did(&octets), Did::Discarded(Discard::Dropped));
}

#[test]
fn other_settings_come_into_force_and_nothing_is_forgotten() {
    let mut world = World::new(|_| {});
    let octets = pap(1, "alice", "wonderland", &[]);
    let (reply, _) = world.reply(Role::Auth, &octets);
    let mut settings = (*world.responder.settings()).clone();
    settings.policy.mode = Mode::RejectAll;
    world.responder.reload(settings);
    assert_eq!(world.reply(Role::Auth, &octets).0, reply);
    assert_eq!(
        world.code(&pap(2, "alice", "wonderland", &[])),
        Code::ACCESS_REJECT
    );
}

#[test]
fn a_reply_that_is_too_long_is_no_reply_on_udp() {
    let mut world = World::new(|settings| {
        for _ in 0..20 {
            let item = settings
                .policy
                .accept
                .push(AttributeType::REPLY_MESSAGE, &[b'x'; 253]);
            item.unwrap();
        }
    });
    let octets = pap(1, "alice", "wonderland", &[]);
    let too_long = Discard::ReplyTooLong {
        length: 38 + 20 * 255,
    };
    assert_eq!(world.did(&octets), Did::Discarded(too_long));
    // On a connection the client is told, unless it takes longer packets (RFC 7930 §4).
    let code = |world: &mut World, octets: &[u8]| {
        world.say_over(Role::Auth, Carrier::Stream, octets, |outcome| {
            match outcome.deed {
                Deed::Send(departure) => departure.octets[0],
                other => panic!("{other:?}"),
            }
        })
    };
    assert_eq!(code(&mut world, &octets), 52);
    let more = pap(1, "alice", "wonderland", &[(241, &[3, 0, 0, 0xff, 0xff])]);
    assert_eq!(code(&mut world, &more), 2);
}
