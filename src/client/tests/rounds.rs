//! Access-Challenge: State echoed, answers given or asked for, and an end to it.

use super::server::{accept, reply, udp};
use super::*;
use crate::codec::hide;

const STATE: AttributeType = AttributeType::STATE;

/// Challenges until the response is `42`, with another State each time; nothing but that may come back.
fn challenger() -> impl FnMut(&[u8], SocketAddr) -> Vec<Vec<u8>> + Send + 'static {
    let mut state: Option<[u8; 1]> = None;
    move |request, _| {
        let packet = Packet::parse(request).unwrap();
        let states: Vec<_> = packet.all(STATE).map(|state| state.value().to_vec()).collect();
        assert_eq!(
            states,
            state.iter().map(|state| state.to_vec()).collect::<Vec<_>>()
        );
        let hidden = packet.first(AttributeType::USER_PASSWORD).unwrap();
        let authenticator = packet.authenticator();
        let password = hide::reveal_password(hidden.value(), &secret(), authenticator).unwrap();
        if password.starts_with(b"42") {
            return accept(request);
        }
        let next = [state.map_or(1, |[number]| number + 1)];
        state = Some(next);
        let attributes = [
            (STATE, &next[..]),
            (AttributeType::REPLY_MESSAGE, b"How many?"),
            (AttributeType::REPLY_MESSAGE, b"Say"),
        ];
        vec![reply(Code::ACCESS_CHALLENGE, request, &attributes)]
    }
}

async fn challenged(responses: &[&str], answers: &mut [&'static str]) -> Told {
    let responses = responses.iter().map(|text| Secret::new(*text));
    let job = Job {
        script: Script::new(draft(), responses),
        ..job(Transport::Udp, &[udp(challenger()).await])
    };
    run_until(vec![job], 1, answers, pending()).await
}

#[tokio::test]
async fn a_response_that_is_known_answers_without_asking() {
    let told = challenged(&["42"], &mut []).await;
    assert_eq!(told.verdicts(), [Verdict::Accept]);
    let rounds = &told.outcomes[0].rounds;
    assert_eq!((rounds.len(), told.asked.len()), (2, 0));
    assert_eq!(
        (told.totals.conversations, told.totals.sent, told.totals.answered),
        (1, 2, 2)
    );
    assert_ne!(rounds[0].request[1], rounds[1].request[1], "a new Identifier");
    assert_ne!(
        rounds[0].request[4..20],
        rounds[1].request[4..20],
        "a new authenticator"
    );
}

#[tokio::test]
async fn a_person_is_asked_what_the_server_asks_until_it_is_content() {
    let told = challenged(&["1"], &mut ["2", "3", "42"]).await;
    assert_eq!(told.verdicts(), [Verdict::Accept]);
    assert_eq!(told.outcomes[0].rounds.len(), 5);
    assert_eq!(told.asked, vec![("How many?\nSay".to_owned(), false); 3]);
}

#[tokio::test]
async fn a_challenge_that_nobody_answers_is_the_answer() {
    let told = challenged(&[], &mut []).await;
    assert_eq!(told.verdicts(), [Verdict::Challenge]);
    assert_eq!(told.outcomes[0].ended, Ended::Unanswered);
    assert_eq!((told.asked.len(), told.totals.lost), (1, 0));
}

#[tokio::test]
async fn rounds_come_to_an_end() {
    let told = challenged(&["1"; 60], &mut []).await;
    assert_eq!(told.outcomes[0].ended, Ended::TooManyRounds(MAX_ROUNDS));
    assert_eq!(told.outcomes[0].rounds.len(), MAX_ROUNDS as usize);
}

#[tokio::test]
async fn what_is_fixed_is_fixed_for_the_first_round_only() {
    let job = Job {
        identifier: Some(255),
        authenticator: Some([7; 16]),
        script: Script::new(draft(), [Secret::new("42")]),
        ..job(Transport::Udp, &[udp(challenger()).await])
    };
    let told = run_all(vec![job], 1).await;
    assert_eq!(told.verdicts(), [Verdict::Accept]);
    let rounds = &told.outcomes[0].rounds;
    assert_eq!(
        (rounds[0].request[1], &rounds[0].request[4..20]),
        (255, &[7; 16][..])
    );
    assert_eq!(rounds[1].request[1], 0, "the Identifier after it");
    assert_ne!(rounds[1].request[4..20], [7; 16]);
}

#[tokio::test]
async fn accounting_that_is_tried_again_tells_how_long_it_has_been_tried() {
    let mut count = 0;
    let serve = move |request: &[u8], _| {
        count += 1;
        match count {
            1 => vec![],
            _ => vec![reply(Code::ACCOUNTING_RESPONSE, request, &[])],
        }
    };
    let mut draft = Draft::new();
    draft.push(AttributeType::ACCT_DELAY_TIME, &[0, 0, 0, 5]).unwrap();
    let job = Job {
        code: Code::ACCOUNTING_REQUEST,
        script: Script::new(draft, []),
        renewal: Renewal::DelayTime,
        policy: Policy::fixed(Duration::from_secs(1), 3),
        ..job(Transport::Udp, &[udp(serve).await])
    };
    let told = run_all(vec![job], 1).await;
    assert_eq!(told.verdicts(), [Verdict::Response]);
    let request = Packet::parse(&told.outcomes[0].rounds[0].request).unwrap();
    let value = request.first(AttributeType::ACCT_DELAY_TIME).unwrap().value();
    assert!(value >= &[0, 0, 0, 6][..], "{value:?}");
}

#[tokio::test]
async fn a_protocol_error_leads_to_the_next_address_where_another_server_may_do_better() {
    let refuse = |cause: u32| {
        udp(move |request, _| {
            let cause = cause.to_be_bytes();
            vec![reply(
                Code::PROTOCOL_ERROR,
                request,
                &[(AttributeType::ERROR_CAUSE, &cause)],
            )]
        })
    };
    let alive = udp(|request, _| accept(request)).await;
    for cause in [502, 505, 506] {
        let told = run_all(vec![job(Transport::Udp, &[refuse(cause).await, alive])], 1).await;
        assert_eq!(told.verdicts(), [Verdict::Accept]);
        assert_eq!(told.outcomes[0].server, alive);
        let moved = format!("moved on {cause}");
        assert_eq!(
            told.events,
            ["sent 1", "received", &moved, "sent 1", "received", "finished 0"]
        );
    }
    // What nobody else will do either, and what nobody is left for, is the answer.
    for (cause, servers) in [(406, 2), (502, 1)] {
        let addresses = [refuse(cause).await, alive];
        let told = run_all(vec![job(Transport::Udp, &addresses[..servers])], 1).await;
        assert_eq!(told.verdicts(), [Verdict::ProtocolError]);
        assert_eq!(told.outcomes[0].ended, Ended::Answered);
    }
}
