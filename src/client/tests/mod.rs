//! The client against servers of a few lines, over loopback.

mod rounds;
mod server;
mod tcp;
mod udp;

use std::future::pending;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::attr::{BuildOptions, Draft};
use crate::codec::{AttributeType, Code, Packet};
use crate::net::dice::Dice;
use crate::outcome::{Event, Failure, Totals, Verdict};

/// Longer than any test takes: what ends earlier did not wait.
const LONG: Duration = Duration::from_secs(600);
/// Short enough to wait for.
const SHORT: Duration = Duration::from_millis(5);

fn secret() -> Arc<Secret> {
    Arc::new(Secret::new("testing123"))
}

fn draft() -> Arc<Draft> {
    let mut draft = Draft::new();
    draft.push(AttributeType::USER_NAME, b"alice").unwrap();
    draft.push_password(&Secret::new("wonderland")).unwrap();
    Arc::new(draft)
}

fn target(transport: Transport, addresses: &[SocketAddr]) -> Arc<Target> {
    Arc::new(Target {
        connect_timeout: LONG,
        ..Target::new("server", transport, addresses.to_vec())
    })
}

/// An Access-Request that is sent once and waited for as long as it takes.
fn job(target: &Arc<Target>) -> Job {
    let plain = Plain::new(Code::ACCESS_REQUEST, draft(), BuildOptions::default());
    Job {
        policy: Policy::fixed(LONG, 0),
        ..Job::new(Arc::clone(target), secret(), Box::new(plain))
    }
}

/// What a run told, in words that a test can compare.
#[derive(Debug, Default)]
struct Told {
    events: Vec<String>,
    outcomes: Vec<Told1>,
}

/// What one request came to.
#[derive(Debug)]
struct Told1 {
    index: u64,
    verdict: Verdict,
    failure: Option<Failure>,
    rounds: usize,
    attempts: u32,
    strays: usize,
    unreachable: usize,
    requests: Vec<Vec<u8>>,
    replies: Vec<Vec<u8>>,
}

async fn run_all(jobs: Vec<Job>, pace: Pace) -> (Totals, Told) {
    run_with(jobs, pace, Arc::new(NoAnswers), pending()).await
}

async fn run_with(
    jobs: Vec<Job>,
    pace: Pace,
    answers: Arc<dyn Answers>,
    stop: impl Future<Output = ()>,
) -> (Totals, Told) {
    let mut told = Told::default();
    let mut sink = |event: &Event<'_>| {
        told.take(event);
        Ok(())
    };
    let totals = run(jobs, pace, Dice::seeded(1), answers, &mut sink, stop)
        .await
        .unwrap();
    assert_eq!(totals.sent, totals.answered + totals.lost);
    assert_eq!(totals.requests, told.outcomes.len() as u64);
    assert_eq!(totals.latencies.count(), totals.answered);
    (totals, told)
}

impl Told {
    fn take(&mut self, event: &Event<'_>) {
        self.events.push(match event {
            Event::Connected { .. } => "connected".to_owned(),
            Event::Unreachable { error, .. } => format!("unreachable {:?}", error.cause),
            Event::Sent { request, attempt, .. } => format!("sent {request}.{attempt}"),
            Event::Received { request, .. } => format!("received {request}"),
            Event::Ignored { request, .. } => format!("ignored {request:?}"),
            Event::Finished(outcome) => format!("finished {}", outcome.index),
        });
        if let Event::Finished(outcome) = event {
            self.outcomes.push(Told1 {
                index: outcome.index,
                verdict: outcome.verdict,
                failure: outcome.failure.clone(),
                rounds: outcome.rounds.len(),
                attempts: outcome.attempts(),
                strays: outcome.strays.len(),
                unreachable: outcome.unreachable.len(),
                requests: outcome.rounds.iter().map(|round| round.request.clone()).collect(),
                replies: outcome
                    .rounds
                    .iter()
                    .filter_map(|round| Some(round.reply.as_ref()?.octets.clone()))
                    .collect(),
            });
        }
    }

    fn verdicts(&self) -> Vec<Verdict> {
        self.outcomes.iter().map(|outcome| outcome.verdict).collect()
    }
}
