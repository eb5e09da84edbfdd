//! One round over UDP: replies, silence, refusals, many sockets, and the end of a run.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use super::server::{accept, nobody, reply, sealed, udp};
use super::*;
use crate::exchange::{GaveUp, Ignored};
use crate::net::Cause;

#[tokio::test]
async fn a_request_is_sent_answered_and_finished() {
    let server = udp(|request, _| accept(request)).await;
    let told = run_all(vec![job(Transport::Udp, &[server])], 1).await;
    assert_eq!(told.events, ["sent 1", "received", "finished 0"]);
    assert_eq!(told.verdicts(), [Verdict::Accept]);
    assert_eq!((told.totals.succeeded, told.totals.retransmissions), (1, 0));
    let octets = &told.outcomes[0].rounds[0].request;
    let request = Packet::parse(octets).unwrap();
    assert_eq!(octets[20], AttributeType::MESSAGE_AUTHENTICATOR.0, "comes first");
    assert_eq!(request.first(AttributeType::USER_NAME).unwrap().value(), b"alice");
}

#[tokio::test]
async fn silence_is_a_timeout_after_every_try() {
    let server = udp(|_, _| vec![]).await;
    let silent = Job {
        policy: Policy::fixed(SHORT, 2),
        ..job(Transport::Udp, &[server])
    };
    let told = run_all(vec![silent], 1).await;
    assert_eq!(told.events, ["sent 1", "sent 2", "sent 3", "finished 0"]);
    let outcome = &told.outcomes[0];
    assert_eq!((outcome.verdict(), outcome.attempts()), (Verdict::Timeout, 3));
    assert_eq!(outcome.ended, Ended::GaveUp(GaveUp::Retries));
    let totals = told.totals;
    assert_eq!((totals.sent, totals.lost, totals.retransmissions), (1, 1, 2));
}

#[tokio::test]
async fn another_secret_is_told_from_silence() {
    let serve = |request: &[u8], _| vec![sealed(Code::ACCESS_ACCEPT, request, &[], &Secret::new("other"))];
    let job = Job {
        policy: Policy::fixed(SHORT * 20, 1),
        ..job(Transport::Udp, &[udp(serve).await])
    };
    let told = run_all(vec![job], 1).await;
    assert_eq!(told.verdicts(), [Verdict::Untrusted]);
    assert!(
        told.outcomes[0]
            .ignored
            .iter()
            .all(|dropped| dropped.why.is_untrusted())
    );
}

#[tokio::test]
async fn a_refusal_is_reported_at_once() {
    let dead = nobody().await;
    let jobs = (0..3).map(|_| job(Transport::Udp, &[dead])).collect();
    let told = run_all(jobs, 1).await;
    assert_eq!(told.verdicts(), [Verdict::Unreachable; 3]);
    let Ended::Failed(error) = &told.outcomes[2].ended else {
        panic!()
    };
    assert_eq!((error.cause.clone(), error.address), (Cause::Refused, Some(dead)));
    assert_eq!((told.totals.sent, told.totals.lost), (3, 3));
}

#[tokio::test]
async fn the_next_address_is_tried_where_one_refuses_and_kept() {
    let dead = nobody().await;
    let alive = udp(|request, _| accept(request)).await;
    let jobs = (0..3).map(|_| job(Transport::Udp, &[dead, alive])).collect();
    let told = run_all(jobs, 1).await;
    assert_eq!(told.verdicts(), [Verdict::Accept; 3]);
    assert!(told.outcomes.iter().all(|outcome| outcome.server == alive));
    let sent = told.events.iter().filter(|event| *event == "sent 1").count();
    assert_eq!(sent, 4, "only the first request goes to the address that refuses");
}

#[tokio::test]
async fn an_address_of_another_family_than_ours_is_passed_over() {
    let alive = udp(|request, _| accept(request)).await;
    let bound = Job {
        source: "127.0.0.1".parse().unwrap(),
        ..job(Transport::Udp, &["[::1]:9".parse().unwrap(), alive])
    };
    let told = run_all(vec![bound], 1).await;
    assert_eq!(told.verdicts(), [Verdict::Accept]);
    let lost = Job {
        source: "127.0.0.1".parse().unwrap(),
        ..job(Transport::Udp, &["[::1]:9".parse().unwrap()])
    };
    let told = run_all(vec![lost], 1).await;
    assert_eq!((told.verdicts(), told.totals.unsent), (vec![Verdict::Failed], 1));
}

#[tokio::test]
async fn more_than_256_in_flight_take_more_sockets() {
    const COUNT: usize = 1000;
    let socket = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    socket2::SockRef::from(&socket)
        .set_recv_buffer_size(4 << 20)
        .unwrap();
    let address = socket.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut waiting, mut buffer) = (Vec::new(), vec![0; 4096]);
        let mut identifiers: HashMap<SocketAddr, HashSet<u8>> = HashMap::new();
        while waiting.len() < COUNT {
            let (length, from) = socket.recv_from(&mut buffer).await.unwrap();
            if identifiers.entry(from).or_default().insert(buffer[1]) {
                waiting.push((buffer[..length].to_vec(), from));
            }
        }
        for (request, from) in &waiting {
            socket.send_to(&accept(request)[0], *from).await.unwrap();
        }
        // The socket stays, since requests that were sent again may still be on their way.
        (identifiers.len(), socket)
    });
    let jobs = (0..COUNT).map(|_| Job {
        policy: Policy::fixed(SHORT * 40, 50),
        ..job(Transport::Udp, &[address])
    });
    let told = run_all(jobs.collect(), COUNT).await;
    assert_eq!((told.count(Verdict::Accept), told.totals.lost), (COUNT, 0));
    assert_eq!(server.await.unwrap().0, 4);
}

#[tokio::test]
async fn one_port_for_more_than_256_means_taking_turns() {
    let server = udp(|request, _| accept(request)).await;
    let port = nobody().await.port();
    let jobs = (0..600).map(|_| Job {
        policy: Policy::fixed(SHORT * 40, 20),
        source: format!(":{port}").parse().unwrap(),
        ..job(Transport::Udp, &[server])
    });
    let told = run_all(jobs.collect(), 600).await;
    assert_eq!(told.count(Verdict::Accept), 600);
}

#[tokio::test]
async fn a_fixed_identifier_is_used_by_every_request() {
    let sources = Arc::new(Mutex::new(HashSet::new()));
    let seen = Arc::clone(&sources);
    let serve = move |request: &[u8], from: SocketAddr| {
        assert_eq!(request[1], 77);
        seen.lock().unwrap().insert(from);
        accept(request)
    };
    let server = udp(serve).await;
    let jobs = (0..3).map(|_| Job {
        identifier: Some(77),
        authenticator: Some([7; 16]),
        ..job(Transport::Udp, &[server])
    });
    let told = run_all(jobs.collect(), 3).await;
    assert_eq!(told.count(Verdict::Accept), 3);
    assert!(
        told.outcomes
            .iter()
            .all(|outcome| outcome.rounds[0].request[4..20] == [7; 16])
    );
    assert_eq!(
        sources.lock().unwrap().len(),
        3,
        "three in flight need three sockets"
    );
}

#[tokio::test]
async fn what_is_no_reply_is_told_and_kept() {
    let serve = |request: &[u8], _| {
        let good = reply(Code::ACCESS_REJECT, request, &[]);
        let mut unknown = good.clone();
        unknown[1] ^= 1;
        let mut wrong = good.clone();
        wrong[5] ^= 1;
        vec![
            vec![1, request[1], 0],
            unknown,
            wrong,
            reply(Code::COA_ACK, request, &[]),
            good,
        ]
    };
    let told = run_all(vec![job(Transport::Udp, &[udp(serve).await])], 1).await;
    assert_eq!(told.verdicts(), [Verdict::Reject]);
    let expected = [
        "sent 1",
        "ignored",
        "ignored",
        "ignored",
        "ignored",
        "received",
        "finished 0",
    ];
    assert_eq!(told.events, expected);
    let whys: Vec<&Ignored> = told.outcomes[0]
        .ignored
        .iter()
        .map(|dropped| &dropped.why)
        .collect();
    assert!(matches!(
        whys[..],
        [
            Ignored::TooShort(_),
            Ignored::WrongAuthenticator { .. } | Ignored::WrongMessageAuthenticator { .. },
            Ignored::IllegalCode { .. }
        ]
    ));
}

#[tokio::test]
async fn a_stop_accounts_for_everything() {
    let (tell, stop) = tokio::sync::oneshot::channel::<()>();
    let (mut count, mut tell) = (0, Some(tell));
    let serve = move |request: &[u8], _| {
        count += 1;
        if count == 50 {
            tell.take().unwrap().send(()).unwrap();
        }
        if count < 20 { accept(request) } else { vec![] }
    };
    let server = udp(serve).await;
    let jobs = (0..1000).map(|_| job(Transport::Udp, &[server])).collect();
    let stop = async { stop.await.unwrap() };
    let told = run_until(jobs, 40, &mut [], stop).await;
    assert_eq!(told.count(Verdict::Interrupted) as u64, told.totals.lost);
    assert!(told.totals.answered <= 19 && told.totals.sent >= 50);
}

#[tokio::test]
async fn a_sink_that_has_enough_ends_the_run() {
    let server = udp(|_, _| vec![]).await;
    let mut told = Told {
        unwilling: true,
        ..Told::default()
    };
    let this = Run {
        care: Care::default(),
        pace: Pace::new(1, None),
        answers: &mut NoAnswers,
        sink: &mut told,
        dice: Dice::new(),
    };
    run(
        this,
        &mut std::iter::once(job(Transport::Udp, &[server])),
        pending(),
    )
    .await;
    assert_eq!(told.events[0], "sent 1");
}

#[tokio::test]
async fn a_packet_that_cannot_be_built_stops_nothing() {
    let server = udp(|request, _| accept(request)).await;
    let bad = Job {
        options: BuildOptions {
            max: 30,
            ..BuildOptions::default()
        },
        ..job(Transport::Udp, &[server])
    };
    let told = run_all(vec![bad, job(Transport::Udp, &[server])], 1).await;
    assert_eq!(told.verdicts(), [Verdict::Failed, Verdict::Accept]);
    assert!(matches!(told.outcomes[0].ended, Ended::Unbuildable(_)));
    assert_eq!((told.totals.unsent, told.totals.sent), (1, 1));
}

#[tokio::test]
async fn raw_octets_are_sent_as_they_are() {
    let server = udp(|request, _| accept(request)).await;
    let mut octets = vec![1, 200, 0, 99];
    octets.extend([3; 16]);
    let raw = |octets: &[u8]| Job {
        wrong: Wrong {
            raw: Some(octets.to_vec()),
            ..Wrong::default()
        },
        policy: Policy::fixed(SHORT, 0),
        ..job(Transport::Udp, &[server])
    };
    let good = Job {
        policy: Policy::fixed(LONG, 0),
        ..raw(&octets)
    };
    let told = run_all(vec![good], 1).await;
    assert_eq!(told.verdicts(), [Verdict::Accept]);
    assert_eq!(told.outcomes[0].rounds[0].request, octets);
}

#[tokio::test]
async fn octets_without_an_identifier_come_to_an_end_too() {
    let server = udp(|_, _| vec![]).await;
    let raw = || Job {
        wrong: Wrong {
            raw: Some(vec![1]),
            ..Wrong::default()
        },
        policy: Policy::fixed(SHORT, 0),
        ..job(Transport::Udp, &[server])
    };
    let told = run_all(vec![raw(), raw(), raw()], 3).await;
    assert_eq!(told.verdicts(), [Verdict::Timeout; 3]);
}

#[tokio::test]
async fn a_datagram_that_is_too_long_fails_alone() {
    let server = udp(|request, _| accept(request)).await;
    let raw = Job {
        wrong: Wrong {
            raw: Some(vec![1; 65_535]),
            ..Wrong::default()
        },
        ..job(Transport::Udp, &[server])
    };
    let jobs = vec![
        job(Transport::Udp, &[server]),
        raw,
        job(Transport::Udp, &[server]),
    ];
    let told = run_all(jobs, 3).await;
    let Some(failed) = told.outcomes.iter().find(|outcome| outcome.index == 1) else {
        panic!()
    };
    let Ended::Failed(error) = &failed.ended else {
        panic!()
    };
    assert_eq!(error.cause, Cause::MessageTooLong);
    assert_eq!((told.count(Verdict::Failed), told.count(Verdict::Accept)), (1, 2));
    assert_eq!(told.totals.sent, 2, "what the system did not take was not sent");
}
