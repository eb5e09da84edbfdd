//! One round over UDP: replies, silence, refusals, many sockets, and the end of a run.

use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::Mutex;

use super::server::{accept, nobody, reply, sealed, udp};
use super::*;
use crate::exchange::{GaveUp, Ignored};
use crate::net::Cause;
use crate::outcome::Class;

#[tokio::test]
async fn a_request_is_sent_answered_and_finished() {
    let target = target(Transport::Udp, &[udp(|request, _| accept(request)).await]);
    let (totals, told) = run_all(vec![job(&target)], Pace::default()).await;
    assert_eq!(told.events, ["sent 0.1", "received 0", "finished 0"]);
    assert_eq!(told.verdicts(), [Verdict::Accept]);
    assert_eq!((totals.accepted, totals.retransmissions), (1, 0));
    assert_eq!(totals.worst, Some(Class::Success));
    let octets = &told.outcomes[0].requests[0];
    let request = Packet::parse(octets).unwrap();
    assert_eq!(octets[20], AttributeType::MESSAGE_AUTHENTICATOR.0, "comes first");
    assert_eq!(request.first(AttributeType::USER_NAME).unwrap().value(), b"alice");
}

#[tokio::test]
async fn silence_is_a_timeout_after_every_try() {
    let target = target(Transport::Udp, &[udp(|_, _| vec![]).await]);
    let silent = Job {
        policy: Policy::fixed(SHORT, 2),
        ..job(&target)
    };
    let (totals, told) = run_all(vec![silent], Pace::default()).await;
    assert_eq!(told.events, ["sent 0.1", "sent 0.2", "sent 0.3", "finished 0"]);
    let outcome = &told.outcomes[0];
    assert_eq!((outcome.verdict, outcome.attempts), (Verdict::Timeout, 3));
    assert!(matches!(
        outcome.failure,
        Some(Failure::NoReply {
            limit: GaveUp::Retries,
            attempts: 3,
            ..
        })
    ));
    assert_eq!((totals.sent, totals.lost, totals.retransmissions), (1, 1, 2));
    assert_eq!(totals.worst, Some(Class::NoReply));
}

#[tokio::test]
async fn another_secret_is_told_from_silence() {
    let serve = |request: &[u8], _| vec![sealed(Code::ACCESS_ACCEPT, request, &[], &Secret::new("other"))];
    let target = target(Transport::Udp, &[udp(serve).await]);
    let job = Job {
        policy: Policy::fixed(SHORT * 20, 1),
        ..job(&target)
    };
    let (totals, told) = run_all(vec![job], Pace::default()).await;
    assert_eq!(told.verdicts(), [Verdict::Untrusted]);
    assert!(told.outcomes[0].strays >= 1);
    assert_eq!(totals.bad_replies.untrusted, totals.bad_replies.total());
    assert_eq!(totals.worst, Some(Class::Untrusted));
}

#[tokio::test]
async fn a_refusal_is_reported_at_once() {
    let target = target(Transport::Udp, &[nobody().await]);
    let jobs = (0..3).map(|_| job(&target)).collect();
    let (totals, told) = run_all(jobs, Pace::default()).await;
    assert_eq!(told.verdicts(), [Verdict::Unreachable; 3]);
    let Some(Failure::Socket(error)) = &told.outcomes[2].failure else {
        panic!()
    };
    assert_eq!(
        (error.cause, error.address),
        (Cause::Refused, Some(target.addresses[0]))
    );
    assert_eq!((totals.sent, totals.lost, totals.failed), (3, 3, 3));
}

#[tokio::test]
async fn the_next_address_is_tried_where_one_refuses_and_kept() {
    let dead = nobody().await;
    let alive = udp(|request, _| accept(request)).await;
    let target = target(Transport::Udp, &[dead, alive]);
    let (totals, told) = run_all(vec![job(&target), job(&target)], Pace::default()).await;
    assert_eq!(told.verdicts(), [Verdict::Accept; 2]);
    assert_eq!(told.events[..3], ["sent 0.1", "unreachable Refused", "sent 0.1"]);
    assert_eq!(
        (told.outcomes[0].unreachable, told.outcomes[1].unreachable),
        (1, 0)
    );
    assert_eq!((totals.sent, totals.answered, totals.lost), (3, 2, 1));
}

#[tokio::test]
async fn an_address_of_another_family_than_ours_is_passed_over() {
    let alive = udp(|request, _| accept(request)).await;
    let mut bound = Target::new("server", Transport::Udp, vec!["[::1]:9".parse().unwrap(), alive]);
    bound.socket.bind = "127.0.0.1".parse().unwrap();
    let (_, told) = run_all(vec![job(&Arc::new(bound.clone()))], Pace::default()).await;
    assert_eq!(told.verdicts(), [Verdict::Accept]);
    assert_eq!(told.outcomes[0].unreachable, 1);
    bound.addresses.pop();
    let (totals, told) = run_all(vec![job(&Arc::new(bound))], Pace::default()).await;
    assert_eq!((told.verdicts(), totals.unsent), (vec![Verdict::Failed], 1));
}

#[tokio::test]
async fn more_than_256_in_flight_take_more_sockets() {
    const COUNT: usize = 1000;
    let socket = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    socket2::SockRef::from(&socket)
        .set_recv_buffer_size(4 << 20)
        .unwrap();
    let target = target(Transport::Udp, &[socket.local_addr().unwrap()]);
    let server = tokio::spawn(async move {
        let (mut waiting, mut buffer) = (Vec::new(), vec![0; 4096]);
        let mut identifiers: HashMap<SocketAddr, HashSet<u8>> = HashMap::new();
        while waiting.len() < COUNT {
            let (length, from) = socket.recv_from(&mut buffer).await.unwrap();
            assert!(
                identifiers.entry(from).or_default().insert(buffer[1]),
                "used twice"
            );
            waiting.push((buffer[..length].to_vec(), from));
        }
        for (request, from) in &waiting {
            socket.send_to(&accept(request)[0], *from).await.unwrap();
        }
        identifiers.len()
    });
    let jobs = (0..COUNT).map(|_| Job {
        policy: Policy::fixed(LONG, 0),
        ..job(&target)
    });
    let pace = Pace {
        parallel: COUNT,
        rate: None,
    };
    let (totals, _) = run_all(jobs.collect(), pace).await;
    assert_eq!((totals.accepted, totals.lost), (COUNT as u64, 0));
    assert_eq!(server.await.unwrap(), 4);
}

#[tokio::test]
async fn one_port_for_more_than_256_means_taking_turns() {
    let server = udp(|request, _| accept(request)).await;
    let port = nobody().await.port();
    let mut bound = Target::new("server", Transport::Udp, vec![server]);
    bound.socket.bind = format!(":{port}").parse().unwrap();
    let target = Arc::new(bound);
    let jobs = (0..600).map(|_| Job {
        policy: Policy::fixed(SHORT * 40, 20),
        ..job(&target)
    });
    let pace = Pace {
        parallel: 600,
        rate: None,
    };
    let (totals, _) = run_all(jobs.collect(), pace).await;
    assert_eq!((totals.accepted, totals.failed), (600, 0));
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
    let target = target(Transport::Udp, &[udp(serve).await]);
    let jobs = (0..3).map(|_| Job {
        identifier: Some(77),
        authenticator: Some([7; 16]),
        ..job(&target)
    });
    let pace = Pace {
        parallel: 3,
        rate: None,
    };
    let (totals, told) = run_all(jobs.collect(), pace).await;
    assert_eq!(totals.accepted, 3);
    assert!(
        told.outcomes
            .iter()
            .all(|outcome| outcome.requests[0][4..20] == [7; 16])
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
    let target = target(Transport::Udp, &[udp(serve).await]);
    let (totals, told) = run_all(vec![job(&target)], Pace::default()).await;
    assert_eq!(told.verdicts(), [Verdict::Reject]);
    let expected = [
        "sent 0.1",
        "ignored Some(0)",
        "ignored None",
        "ignored Some(0)",
        "ignored Some(0)",
        "received 0",
        "finished 0",
    ];
    assert_eq!(told.events, expected);
    assert_eq!(told.outcomes[0].strays, 3);
    let bad = totals.bad_replies;
    assert_eq!(
        (bad.malformed, bad.unexpected, bad.untrusted, bad.total()),
        (2, 1, 1, 4)
    );
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
    let target = target(Transport::Udp, &[udp(serve).await]);
    let jobs = (0..1000).map(|_| job(&target)).collect();
    let pace = Pace {
        parallel: 40,
        rate: None,
    };
    let stop = async { stop.await.unwrap() };
    let (totals, told) = run_with(jobs, pace, Arc::new(NoAnswers), stop).await;
    assert!(totals.interrupted && totals.answered <= 19);
    assert_eq!(totals.failed, totals.lost);
    let rest = &told.outcomes[told.outcomes.len() - totals.lost as usize..];
    assert!(
        rest.iter()
            .all(|outcome| outcome.failure == Some(Failure::Interrupted))
    );
    assert!(rest.is_sorted_by_key(|outcome| outcome.index));
}

#[tokio::test]
async fn a_sink_that_fails_ends_the_run() {
    let target = target(Transport::Udp, &[udp(|request, _| accept(request)).await]);
    let mut sink = |_: &Event<'_>| Err(io::ErrorKind::BrokenPipe.into());
    let jobs = vec![job(&target)];
    let ended = run(
        jobs,
        Pace::default(),
        Dice::new(),
        Arc::new(NoAnswers),
        &mut sink,
        pending(),
    )
    .await;
    assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
}

#[tokio::test]
async fn a_packet_that_cannot_be_built_is_our_fault_and_stops_nothing() {
    let target = target(Transport::Udp, &[udp(|request, _| accept(request)).await]);
    let options = BuildOptions {
        max: 30,
        ..BuildOptions::default()
    };
    let plain = Plain::new(Code::ACCESS_REQUEST, draft(), options);
    let bad = Job {
        conversation: Box::new(plain),
        ..job(&target)
    };
    let (totals, told) = run_all(vec![bad, job(&target)], Pace::default()).await;
    assert_eq!(told.verdicts(), [Verdict::Failed, Verdict::Accept]);
    assert!(matches!(told.outcomes[0].failure, Some(Failure::Build(_))));
    assert_eq!((totals.unsent, totals.sent, totals.answered), (1, 1, 1));
}

#[tokio::test]
async fn raw_octets_are_sent_as_they_are() {
    let serve = |request: &[u8], _| vec![reply(Code::ACCESS_ACCEPT, request, &[])];
    let target = target(Transport::Udp, &[udp(serve).await]);
    let mut octets = vec![1, 200, 0, 99];
    octets.extend([3; 16]);
    let raw = Job {
        conversation: Box::new(Raw::new(octets.clone())),
        ..job(&target)
    };
    let (_, told) = run_all(vec![raw], Pace::default()).await;
    assert_eq!(told.verdicts(), [Verdict::Accept]);
    assert_eq!(told.outcomes[0].requests, [octets]);
}

#[tokio::test]
async fn a_datagram_that_is_too_long_fails_alone_and_counts_as_unsent() {
    let target = target(Transport::Udp, &[udp(|request, _| accept(request)).await]);
    let raw = Job {
        conversation: Box::new(Raw::new(vec![1; 65_535])),
        ..job(&target)
    };
    let (totals, told) = run_all(vec![raw, job(&target)], Pace::default()).await;
    assert_eq!(told.verdicts(), [Verdict::Failed, Verdict::Accept]);
    let Some(Failure::Socket(error)) = &told.outcomes[0].failure else {
        panic!()
    };
    assert_eq!(error.cause, Cause::MessageTooLong);
    assert_eq!((totals.unsent, totals.sent, totals.lost), (1, 1, 0));
}

#[tokio::test]
async fn a_late_reply_is_told_though_its_request_is_over() {
    let mut held: Option<Vec<u8>> = None;
    let serve = move |request: &[u8], _| match held.take() {
        None => {
            held = Some(reply(Code::ACCESS_ACCEPT, request, &[]));
            vec![]
        }
        Some(late) => vec![late, reply(Code::ACCESS_ACCEPT, request, &[])],
    };
    let target = target(Transport::Udp, &[udp(serve).await]);
    let late = Job {
        policy: Policy::fixed(SHORT, 0),
        ..job(&target)
    };
    let mut whys = Vec::new();
    let mut sink = |event: &Event<'_>| {
        if let Event::Ignored { request, why, .. } = event {
            whys.push((*request, (*why).clone()));
        }
        Ok(())
    };
    let jobs = vec![late, job(&target)];
    let totals = run(
        jobs,
        Pace::default(),
        Dice::new(),
        Arc::new(NoAnswers),
        &mut sink,
        pending(),
    )
    .await
    .unwrap();
    assert_eq!(
        (totals.accepted, totals.failed, totals.bad_replies.late),
        (1, 1, 1)
    );
    assert!(matches!(whys[..], [(Some(0), Ignored::Late { .. })]));
}
