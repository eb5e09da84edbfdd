//! `radius auth --eap-methods`: which methods a server speaks for an identity, one line a method.

use serde::Serialize;

use super::options::Format;
use super::plan::Plan;
use super::run;
use crate::auth::eap::enumerate::Probe;
use crate::auth::eap::packet::EapType;
use crate::client::{Job, Script, Voice, Voices};
use crate::outcome::{Event, LoginEnd, Outcome, Sink};
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::output::Output;
use crate::report::{json, words};

/// One method as an object of `--json`.
#[derive(Serialize)]
struct Line {
    method: String,
    number: u8,
    spoken: bool,
    first: bool,
}

/// Asks for every method that has a name, each in a conversation of its own.
pub fn run(plan: Plan, identity: &str, output: &mut Output) -> Result<Exit, Diagnostic> {
    let Some(job) = plan.jobs.first() else {
        return Ok(Exit::No);
    };
    let kinds: Vec<EapType> = EapType::methods().collect();
    let mut jobs = kinds.iter().enumerate().map(|(index, kind)| {
        let (identity, kind) = (identity.to_owned(), *kind);
        let draft = job.script.draft().clone();
        let voice = move || Ok(Voice::Probe(Box::new(Probe::new(identity.as_bytes(), kind))));
        Job {
            index: index as u64,
            script: Script::new(draft, []).spoken(Voices::new(voice)),
            ..job.clone()
        }
    });
    let mut list = List {
        kinds: &kinds,
        format: plan.show.format,
        output,
        exit: Exit::No,
    };
    let runtime = run::runtime()?;
    runtime.block_on(run::drive(
        (plan.pace.clone(), plan.care),
        &mut list,
        false,
        &mut jobs,
        run::interrupted(),
    ));
    Ok(list.exit)
}

struct List<'l> {
    kinds: &'l [EapType],
    format: Format,
    output: &'l mut Output,
    exit: Exit,
}

impl List<'_> {
    /// Shows what was found; whether to go on.
    fn finished(&mut self, outcome: &Outcome) -> bool {
        let index = usize::try_from(outcome.index).unwrap_or(usize::MAX);
        let Some(kind) = self.kinds.get(index).copied() else {
            return false;
        };
        match outcome.login.as_ref().and_then(|login| login.end.as_ref()) {
            Some(LoginEnd::Speaks { first }) => {
                self.exit = Exit::Success;
                self.show(kind, true, *first);
            }
            Some(LoginEnd::Refuses { .. }) => self.show(kind, false, false),
            // What is wrong with one question is wrong with the others.
            _ => {
                if let Some(error) = words::ended(outcome) {
                    self.exit = error.exit;
                    self.output.diagnose(&error);
                }
                return false;
            }
        }
        true
    }

    fn show(&mut self, kind: EapType, spoken: bool, first: bool) {
        let line = Line {
            method: words::eap_type(kind),
            number: kind.0,
            spoken,
            first,
        };
        let text = match self.format {
            Format::Human => {
                let answer = match (spoken, first) {
                    (true, true) => "yes, proposed first",
                    (true, false) => "yes",
                    (false, _) => "no",
                };
                format!("{:<14} {:>3}  {answer}\n", line.method, line.number)
            }
            Format::Json => json::pretty(&line),
            Format::Ndjson => json::line(&line),
            Format::None => return,
        };
        self.output.print(&text);
        self.output.flush();
    }
}

impl Sink for List<'_> {
    fn event(&mut self, event: &Event<'_>) -> bool {
        match event {
            Event::Finished(outcome) => self.finished(outcome),
            _ => !self.output.is_closed(),
        }
    }
}
