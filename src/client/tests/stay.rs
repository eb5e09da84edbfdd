//! Connections beside their conversations: watched, lost, opened again, and asked on by the server.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::server::{After, accept, reply, tcp};
use super::*;
use crate::codec::Builder;
use crate::codec::seal::seal_request;
use crate::net::Cause;

/// Long enough for a busy machine to answer in.
const WATCH: Duration = Duration::from_millis(300);

/// Watched closely, and open until a request has come down.
fn until_asked(refuse: Option<u32>) -> Care {
    Care {
        watchdog: Some(WATCH),
        stay: Some(Stay {
            time: LONG,
            count: Some(1),
            refuse,
        }),
    }
}

fn coa(secret: &str) -> Vec<u8> {
    let mut builder = Builder::new(Code::COA_REQUEST, 200, &[0; 16]);
    builder.attribute(AttributeType::USER_NAME, b"alice").unwrap();
    let mut octets = builder.finish();
    seal_request(&mut octets, &Secret::new(secret));
    octets
}

fn is_status(request: &[u8]) -> bool {
    request[0] == Code::STATUS_SERVER.0
}

#[tokio::test]
async fn an_idle_connection_is_asked_whether_it_lives_and_what_comes_down_is_answered() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let serve = move |request: &[u8]| {
        let mut replies = accept(request);
        if is_status(request) && counted.fetch_add(1, Ordering::SeqCst) == 2 {
            replies.push(coa("testing123"));
        }
        (replies, After::Stay)
    };
    let (address, connections) = tcp(serve).await;
    let told = run_with(until_asked(None), vec![job(Transport::Tcp, &[address])]).await;
    assert_eq!(told.verdicts(), [Verdict::Accept]);
    let sent = told.events.iter().filter(|event| *event == "sent 1").count();
    assert_eq!(sent, 4, "the login, and three questions: {:?}", told.events);
    let ack = format!("asked, answered {}", Code::COA_ACK.0);
    assert_eq!(
        told.events[told.events.len() - 2..],
        [ack, "stayed for 1".to_owned()]
    );
    // A question of the watchdog is no conversation.
    assert_eq!((told.totals.conversations, connections.get()), (1, 1));
}

#[tokio::test]
async fn a_connection_that_falls_silent_is_closed_and_opened_again() {
    let second = Arc::new(AtomicUsize::new(0));
    let serve = move |request: &[u8]| {
        let replies = match is_status(request) {
            false => accept(request),
            // Nobody answers on the first connection; the second one is asked on.
            true if second.fetch_add(1, Ordering::SeqCst) == 0 => vec![],
            true => vec![coa("testing123")],
        };
        (replies, After::Stay)
    };
    let (address, connections) = tcp(serve).await;
    let told = run_with(until_asked(Some(503)), vec![job(Transport::Tcp, &[address])]).await;
    assert_eq!((told.verdicts(), connections.get()), (vec![Verdict::Accept], 2));
    assert!(told.events.contains(&"lost".to_owned()), "{:?}", told.events);
    let nak = format!("asked, answered {}", Code::COA_NAK.0);
    assert!(told.events.contains(&nak), "{:?}", told.events);
}

#[tokio::test]
async fn a_request_on_a_connection_that_falls_silent_fails_and_a_slow_one_does_not() {
    let watched = Care {
        watchdog: Some(WATCH),
        ..Care::default()
    };
    let (silent, _) = tcp(|_| (vec![], After::Stay)).await;
    let told = run_with(watched, vec![job(Transport::Tcp, &[silent])]).await;
    assert_eq!(told.verdicts(), [Verdict::Unreachable]);
    let Ended::Failed(error) = &told.outcomes[0].ended else {
        panic!()
    };
    assert_eq!(error.cause, Cause::Silent);
    // One that answers Status-Server may think as long as it likes.
    let mut waiting: Option<Vec<u8>> = None;
    let mut asked = 0;
    let serve = move |request: &[u8]| {
        if !is_status(request) {
            waiting = Some(request.to_vec());
            return (vec![], After::Stay);
        }
        asked += 1;
        let mut replies = vec![reply(Code::ACCESS_ACCEPT, request, &[])];
        if asked == 3
            && let Some(request) = &waiting
        {
            replies.push(reply(Code::ACCESS_REJECT, request, &[]));
        }
        (replies, After::Stay)
    };
    let (slow, _) = tcp(serve).await;
    let told = run_with(watched, vec![job(Transport::Tcp, &[slow])]).await;
    assert_eq!(told.verdicts(), [Verdict::Reject]);
}

#[tokio::test]
async fn what_comes_down_and_cannot_be_trusted_ends_the_connection_and_what_nobody_wants_is_refused() {
    let serve = |secret: &'static str| {
        move |request: &[u8]| match request[0] == Code::ACCESS_REQUEST.0 {
            true => (vec![coa(secret)], After::Stay),
            // The answer to it.
            false => (vec![], After::Close),
        }
    };
    let (address, _) = tcp(serve("other")).await;
    let told = run_all(vec![job(Transport::Tcp, &[address])], 1).await;
    assert_eq!(told.verdicts(), [Verdict::Broken]);
    let (address, _) = tcp(serve("testing123")).await;
    let told = run_all(vec![job(Transport::Tcp, &[address])], 1).await;
    let refused = format!("asked, answered {}", Code::PROTOCOL_ERROR.0);
    assert!(told.events.contains(&refused), "{:?}", told.events);
}
