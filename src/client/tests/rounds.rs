//! Access-Challenge: State echoed, answers given or asked for, and an end to it.

use std::sync::Mutex;

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

/// Gives these answers and remembers the questions.
#[derive(Default)]
struct Script {
    answers: Mutex<Vec<&'static str>>,
    asked: Mutex<Vec<Question>>,
}

impl Answers for Script {
    fn answer(&self, question: &Question) -> Option<Secret> {
        self.asked.lock().unwrap().push(question.clone());
        let mut answers = self.answers.lock().unwrap();
        (!answers.is_empty()).then(|| Secret::new(answers.remove(0)))
    }
}

async fn challenged(
    responses: &[&str],
    answers: &[&'static str],
    max_rounds: u32,
) -> (Totals, Told, Vec<Question>) {
    let target = target(Transport::Udp, &[udp(challenger()).await]);
    let plain = Plain::new(Code::ACCESS_REQUEST, draft(), BuildOptions::default())
        .with_responses(responses.iter().map(|text| Secret::new(*text)));
    let job = Job {
        conversation: Box::new(plain),
        max_rounds,
        ..job(&target)
    };
    let script = Arc::new(Script {
        answers: Mutex::new(answers.to_vec()),
        ..Script::default()
    });
    let (totals, told) = run_with(vec![job], Pace::default(), script.clone(), pending()).await;
    let asked = std::mem::take(&mut *script.asked.lock().unwrap());
    (totals, told, asked)
}

#[tokio::test]
async fn a_response_that_is_known_answers_without_asking() {
    let (totals, told, asked) = challenged(&["42"], &[], 10).await;
    assert_eq!(told.verdicts(), [Verdict::Accept]);
    assert_eq!((told.outcomes[0].rounds, asked.len()), (2, 0));
    assert_eq!((totals.requests, totals.sent, totals.answered), (1, 2, 2));
    let requests = &told.outcomes[0].requests;
    assert_ne!(requests[0][1], requests[1][1], "a new Identifier");
    assert_ne!(requests[0][4..20], requests[1][4..20], "a new authenticator");
    assert_eq!(told.outcomes[0].replies.len(), 2);
}

#[tokio::test]
async fn a_person_is_asked_what_the_server_asks_until_it_is_content() {
    let (_, told, asked) = challenged(&["1"], &["2", "3", "42"], 10).await;
    assert_eq!(told.verdicts(), [Verdict::Accept]);
    assert_eq!(told.outcomes[0].rounds, 5);
    let question = Question {
        text: b"How many?\nSay".to_vec(),
        echo: false,
    };
    assert_eq!(asked, vec![question; 3]);
}

#[tokio::test]
async fn a_challenge_that_nobody_answers_is_the_answer() {
    let (totals, told, asked) = challenged(&[], &[], 10).await;
    assert_eq!(told.verdicts(), [Verdict::Challenge]);
    assert_eq!(told.outcomes[0].failure, Some(Failure::NoAnswer));
    assert_eq!((asked.len(), totals.challenged, totals.lost), (1, 1, 0));
}

#[tokio::test]
async fn rounds_come_to_an_end() {
    let (_, told, _) = challenged(&["1", "2", "3", "4"], &[], 3).await;
    assert_eq!(told.verdicts(), [Verdict::Broken]);
    assert_eq!(
        told.outcomes[0].failure,
        Some(Failure::TooManyRounds { limit: 3 })
    );
    assert_eq!(told.outcomes[0].rounds, 3);
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
    let target = target(Transport::Udp, &[udp(serve).await]);
    let mut draft = Draft::new();
    draft.push(AttributeType::ACCT_DELAY_TIME, &[0, 0, 0, 5]).unwrap();
    let plain = Plain::new(Code::ACCOUNTING_REQUEST, Arc::new(draft), BuildOptions::default());
    let job = Job {
        conversation: Box::new(plain),
        renewal: Renewal::DelayTime,
        policy: Policy::fixed(Duration::from_secs(1), 3),
        ..job(&target)
    };
    let (_, told) = run_all(vec![job], Pace::default()).await;
    assert_eq!(told.verdicts(), [Verdict::Response]);
    let request = Packet::parse(&told.outcomes[0].requests[0]).unwrap();
    let told = request.first(AttributeType::ACCT_DELAY_TIME).unwrap().value();
    assert!(told >= &[0, 0, 0, 6][..], "{told:?}");
}
