//! Over TCP: one connection for many, its loss, and what is different on a stream.

use super::server::{After, accept, nobody, sealed, tcp};
use super::*;
use crate::net::Cause;

#[tokio::test]
async fn many_requests_share_connections() {
    let (address, connections) = tcp(|request| (accept(request), After::Stay)).await;
    let jobs = |count| (0..count).map(|_| job(Transport::Tcp, &[address])).collect();
    let told = run_all(jobs(500), 64).await;
    assert_eq!(
        (told.count(Verdict::Accept), told.totals.retransmissions),
        (500, 0)
    );
    assert_eq!(connections.get(), 1);
    let told = run_all(jobs(600), 600).await;
    assert_eq!(told.count(Verdict::Accept), 600);
}

#[tokio::test]
async fn a_refused_connection_leads_to_the_next_address() {
    let (alive, _) = tcp(|request| (accept(request), After::Stay)).await;
    let dead = nobody().await;
    let jobs = vec![
        job(Transport::Tcp, &[dead, alive]),
        job(Transport::Tcp, &[dead, alive]),
    ];
    let told = run_all(jobs, 1).await;
    assert_eq!(told.verdicts(), [Verdict::Accept; 2]);
    assert_eq!((told.totals.sent, told.totals.lost), (2, 0));
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_unreachable() {
    let told = run_all(vec![job(Transport::Tcp, &[nobody().await])], 1).await;
    assert_eq!(told.verdicts(), [Verdict::Unreachable]);
    assert_eq!((told.totals.unsent, told.totals.sent), (1, 0));
}

#[tokio::test]
async fn a_connection_that_the_server_closes_fails_what_was_in_it() {
    let (address, _) = tcp(|_| (vec![], After::Close)).await;
    let told = run_all(vec![job(Transport::Tcp, &[address])], 1).await;
    assert_eq!(told.verdicts(), [Verdict::Unreachable]);
    let Ended::Failed(error) = &told.outcomes[0].ended else {
        panic!()
    };
    assert!(matches!(error.cause, Cause::Closed | Cause::Reset));
}

#[tokio::test]
async fn a_bad_reply_on_a_stream_is_the_end_of_its_request_and_of_no_other() {
    let serve = |request: &[u8]| {
        let mark = Packet::parse(request).unwrap().first(AttributeType::CLASS);
        let secret = if mark.is_some() { "other" } else { "testing123" };
        let reply = sealed(Code::ACCESS_ACCEPT, request, &[], &Secret::new(secret));
        (vec![reply], After::Stay)
    };
    let (address, connections) = tcp(serve).await;
    let mut marked = draft();
    marked.push(AttributeType::CLASS, b"bad").unwrap();
    let bad = Job {
        script: Script::new(marked, []),
        ..job(Transport::Tcp, &[address])
    };
    let told = run_all(vec![bad, job(Transport::Tcp, &[address])], 1).await;
    assert_eq!(told.verdicts(), [Verdict::Untrusted, Verdict::Accept]);
    assert_eq!(connections.get(), 1);
}
