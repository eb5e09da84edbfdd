//! Over TCP: one connection for many, its loss, and what is different on a stream.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::server::{After, accept, nobody, sealed, tcp};
use super::*;
use crate::net::Cause;

#[tokio::test]
async fn many_requests_share_a_connection() {
    let (address, _server) = tcp(|request| (accept(request), After::Stay)).await;
    let target = target(Transport::Tcp, &[address]);
    let jobs = (0..500).map(|_| job(&target)).collect();
    let pace = Pace {
        parallel: 64,
        rate: None,
    };
    let (totals, told) = run_all(jobs, pace).await;
    assert_eq!(
        (totals.accepted, totals.lost, totals.retransmissions),
        (500, 0, 0)
    );
    assert_eq!(
        told.events.iter().filter(|event| *event == "connected").count(),
        1
    );
}

#[tokio::test]
async fn more_than_256_in_flight_take_more_connections() {
    let (address, _server) = tcp(|request| (accept(request), After::Stay)).await;
    let target = target(Transport::Tcp, &[address]);
    let jobs = (0..600).map(|_| job(&target)).collect();
    let pace = Pace {
        parallel: 600,
        rate: None,
    };
    let (totals, told) = run_all(jobs, pace).await;
    assert_eq!(totals.accepted, 600);
    assert!(told.events.iter().filter(|event| *event == "connected").count() > 1);
}

#[tokio::test]
async fn a_refused_connection_leads_to_the_next_address() {
    let (alive, _server) = tcp(|request| (accept(request), After::Stay)).await;
    let target = target(Transport::Tcp, &[nobody().await, alive]);
    let (totals, told) = run_all(vec![job(&target), job(&target)], Pace::default()).await;
    assert_eq!(told.verdicts(), [Verdict::Accept; 2]);
    let expected = [
        "unreachable Refused",
        "connected",
        "sent 0.1",
        "received 0",
        "finished 0",
    ];
    assert_eq!(told.events[..5], expected);
    assert_eq!((totals.sent, totals.lost), (2, 0));
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_unreachable() {
    let target = target(Transport::Tcp, &[nobody().await]);
    let (totals, told) = run_all(vec![job(&target)], Pace::default()).await;
    assert_eq!(told.verdicts(), [Verdict::Unreachable]);
    assert_eq!((totals.unsent, totals.sent), (1, 0));
}

#[tokio::test]
async fn a_connection_that_the_server_closes_fails_what_was_in_it() {
    let (address, _server) = tcp(|_| (vec![], After::Close)).await;
    let target = target(Transport::Tcp, &[address]);
    let (_, told) = run_all(vec![job(&target)], Pace::default()).await;
    assert_eq!(told.verdicts(), [Verdict::Unreachable]);
    let Some(Failure::Socket(error)) = &told.outcomes[0].failure else {
        panic!()
    };
    assert!(matches!(error.cause, Cause::Closed | Cause::Reset));
}

#[tokio::test]
async fn a_server_that_closes_after_each_reply_is_connected_to_again() {
    let (address, _server) = tcp(|request| (accept(request), After::Close)).await;
    let target = target(Transport::Tcp, &[address]);
    let count = AtomicUsize::new(0);
    for _ in 0..3 {
        let (totals, _) = run_all(vec![job(&target)], Pace::default()).await;
        count.fetch_add(totals.accepted as usize, Ordering::Relaxed);
    }
    assert_eq!(count.into_inner(), 3);
}

#[tokio::test]
async fn a_bad_reply_on_a_stream_is_the_end_of_its_request_and_of_no_other() {
    let serve = |request: &[u8]| {
        let name = Packet::parse(request).unwrap().first(AttributeType::CLASS);
        let secret = if name.is_some() { "other" } else { "testing123" };
        let reply = sealed(Code::ACCESS_ACCEPT, request, &[], &Secret::new(secret));
        (vec![reply], After::Stay)
    };
    let (address, _server) = tcp(serve).await;
    let target = target(Transport::Tcp, &[address]);
    let mut marked = Draft::clone(&draft());
    marked.push(AttributeType::CLASS, b"bad").unwrap();
    let plain = Plain::new(Code::ACCESS_REQUEST, Arc::new(marked), BuildOptions::default());
    let bad = Job {
        conversation: Box::new(plain),
        ..job(&target)
    };
    let (totals, told) = run_all(vec![bad, job(&target)], Pace::default()).await;
    assert_eq!(told.verdicts(), [Verdict::Untrusted, Verdict::Accept]);
    assert_eq!(told.outcomes[0].failure, Some(Failure::BadReply));
    assert_eq!(totals.bad_replies.untrusted, 1);
}
