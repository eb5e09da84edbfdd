//! The client against servers of a few lines, over loopback.

mod rounds;
mod server;
mod stay;
mod tcp;
mod udp;

use std::future::pending;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::attr::{BuildOptions, Draft};
use crate::codec::{AttributeType, Code, Packet, Secret};
use crate::exchange::{Demands, Policy, Renewal, Transport};
use crate::net::Bind;
use crate::net::dice::Dice;
use crate::outcome::{Ended, Event, Outcome, Sink, Totals, Verdict};

/// Longer than any test takes: what ends earlier did not wait.
const LONG: Duration = Duration::from_secs(600);
/// Short enough to wait for.
const SHORT: Duration = Duration::from_millis(5);

fn secret() -> Arc<Secret> {
    Arc::new(Secret::new("testing123"))
}

fn draft() -> Draft {
    let mut draft = Draft::new();
    draft.push(AttributeType::USER_NAME, b"alice").unwrap();
    draft.push_password(&Secret::new("wonderland")).unwrap();
    draft
}

/// An Access-Request that is sent once and waited for as long as it takes.
fn job(transport: Transport, addresses: &[SocketAddr]) -> Job {
    Job {
        index: 0,
        name: None,
        addresses: addresses.into(),
        transport,
        security: None,
        source: Bind::default(),
        secret: secret(),
        code: Code::ACCESS_REQUEST,
        identifier: None,
        authenticator: None,
        options: BuildOptions::default(),
        wrong: Wrong::default(),
        policy: Policy::fixed(LONG, 0),
        demands: Demands::default(),
        renewal: Renewal::default(),
        script: Script::new(draft(), []),
    }
}

/// What a run told.
#[derive(Debug, Default)]
struct Told {
    /// The events, in words that a test can compare.
    events: Vec<String>,
    outcomes: Vec<Outcome>,
    totals: Totals,
    /// The questions that were asked.
    asked: Vec<(String, bool)>,
    /// Told to end the run at the first event.
    unwilling: bool,
}

async fn run_all(jobs: Vec<Job>, parallel: usize) -> Told {
    run_until(jobs, parallel, &mut [], pending()).await
}

async fn run_with(care: Care, jobs: Vec<Job>) -> Told {
    run_cared(care, jobs, 1, &mut [], pending()).await
}

async fn run_until(
    jobs: Vec<Job>,
    parallel: usize,
    answers: &mut [&'static str],
    stop: impl Future<Output = ()>,
) -> Told {
    run_cared(Care::default(), jobs, parallel, answers, stop).await
}

async fn run_cared(
    care: Care,
    jobs: Vec<Job>,
    parallel: usize,
    answers: &mut [&'static str],
    stop: impl Future<Output = ()>,
) -> Told {
    let mut told = Told::default();
    let mut people = People {
        answers: answers.to_vec(),
        asked: Vec::new(),
    };
    let mut jobs = jobs.into_iter().zip(0..).map(|(job, index)| Job { index, ..job });
    let this = Run {
        pace: Pace::new(parallel, None),
        care,
        answers: &mut people,
        sink: &mut told,
        dice: Dice::seeded(1),
    };
    run(this, &mut jobs, stop).await;
    told.asked = people.asked;
    assert_eq!(told.totals.sent, told.totals.answered + told.totals.lost);
    told
}

struct People {
    answers: Vec<&'static str>,
    asked: Vec<(String, bool)>,
}

impl Answers for People {
    fn answer(&mut self, prompt: &str, echo: bool) -> Option<Secret> {
        self.asked.push((prompt.to_owned(), echo));
        (!self.answers.is_empty()).then(|| Secret::new(self.answers.remove(0)))
    }
}

impl Sink for Told {
    fn event(&mut self, event: &Event<'_>) -> bool {
        self.events.push(match event {
            Event::Connected { .. } => "connected".to_owned(),
            Event::Sent { attempt, .. } => format!("sent {attempt}"),
            Event::Received { .. } => "received".to_owned(),
            Event::Noted(_) => "noted".to_owned(),
            Event::Ignored { .. } => "ignored".to_owned(),
            Event::MovedOn { cause, .. } => format!("moved on {}", cause.unwrap_or_default()),
            Event::Asked { answer, .. } => format!("asked, answered {}", answer[0]),
            Event::Lost(_) => "lost".to_owned(),
            Event::Stayed { asked, .. } => format!("stayed for {asked}"),
            Event::Finished(outcome) => format!("finished {}", outcome.index),
        });
        if let Event::Finished(outcome) = event {
            self.totals.count(outcome, true);
            self.outcomes.push(Outcome::clone(outcome));
        }
        !self.unwilling
    }
}

impl Told {
    fn verdicts(&self) -> Vec<Verdict> {
        self.outcomes.iter().map(Outcome::verdict).collect()
    }

    fn count(&self, verdict: Verdict) -> usize {
        self.verdicts().iter().filter(|found| **found == verdict).count()
    }
}
