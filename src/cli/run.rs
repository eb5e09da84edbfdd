//! Running a plan: the client driver, with a printer for a sink.

use std::future::Future;
use std::str::FromStr;
use std::time::Duration;

use tokio::runtime::Runtime;

use super::files;
use super::options::{ClientArgs, Format};
use super::plan::Plan;
use super::printer::Printer;
use crate::client::{self, Answers, Care, Job, Number, Pace, Run, Speechless};
use crate::codec::Secret;
use crate::codec::v11::Token;
use crate::exchange::{Transport, Version};
use crate::net::Peer;
use crate::net::dice::Dice;
use crate::outcome::Sink;
use crate::report::conversation;
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::human::{self, Octets};
use crate::report::output::Output;
use crate::report::view::Lens;
use crate::report::{json, words};

/// The runtime of a command: one thread is enough for one client.
pub fn runtime() -> Result<Runtime, Diagnostic> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Diagnostic::error(
                "runtime",
                Exit::Local,
                format!("this machine gives no event queue: {error}"),
            )
        })
}

/// Makes the plan of a command and runs it. Where no plan comes about, scripts are told so in the form that they asked
/// for, besides the words for people.
pub fn command(
    args: ClientArgs,
    output: &mut Output,
    make: impl FnOnce(ClientArgs, &mut Output) -> Result<Plan, Diagnostic>,
    run: impl FnOnce(Plan, &mut Output) -> Result<Exit, Diagnostic>,
) -> Result<Exit, Diagnostic> {
    let format = args.output.format();
    let transport = Peer::from_str(&args.host.0).map_or(Transport::Udp, |peer| peer.transport);
    let done = make(args, output).and_then(|plan| run(plan, output));
    if let Err(why) = &done {
        let exchange = conversation::unbegun(transport, why);
        match format {
            Format::Json => output.print(&json::pretty(&exchange)),
            Format::Ndjson => output.print(&json::line(&exchange)),
            Format::Human | Format::None => {}
        }
    }
    done
}

/// Has all conversations of the plan, and ends with what they come to.
pub fn client(plan: Plan, output: &mut Output) -> Result<Exit, Diagnostic> {
    if plan.dry_run {
        return dry_run(&plan, output);
    }
    let runtime = runtime()?;
    Ok(perform(&plan, &runtime, output))
}

/// Has all conversations of the plan on a runtime on which others may be at work too.
pub fn perform(plan: &Plan, runtime: &Runtime, output: &mut Output) -> Exit {
    let total = plan.jobs.len() as u64 * plan.count;
    let mut jobs = repeated(&plan.jobs, plan.count);
    if let Some(method) = plan.method
        && (output.verbose() > 0 || leaves_this_machine(&plan.jobs))
        // Nobody reads along inside TLS.
        && !plan.jobs.iter().all(|job| job.transport.is_secured())
        && let Some(warning) = words::exposure(method)
    {
        output.diagnose(&warning);
    }
    let mut printer = Printer::new(plan, output, total);
    runtime.block_on(drive(
        (plan.pace.clone(), plan.care),
        &mut printer,
        plan.may_ask,
        &mut jobs,
        interrupted(),
    ));
    printer.finish(total)
}

/// Whether anybody could read along: on the loopback interface there is nobody.
fn leaves_this_machine(jobs: &[Job]) -> bool {
    let mut addresses = jobs.iter().flat_map(|job| job.addresses.iter());
    addresses.any(|address| !address.ip().to_canonical().is_loopback())
}

/// Has the first conversation of the plan again and again, `interval` apart, as often as the plan's count says, or,
/// if that is once, until Ctrl-C.
pub fn watch(plan: Plan, interval: Duration, output: &mut Output) -> Result<Exit, Diagnostic> {
    let runtime = runtime()?;
    let count = if plan.count > 1 { plan.count } else { u64::MAX };
    let mut jobs = repeated(&plan.jobs, count);
    let pace = Pace::new(
        plan.jobs.len().max(1),
        Some(1.0 / interval.as_secs_f64().max(1e-6)),
    );
    let mut printer = Printer::new(&plan, output, count);
    runtime.block_on(drive(
        (pace, plan.care),
        &mut printer,
        false,
        &mut jobs,
        interrupted(),
    ));
    Ok(printer.finish(count))
}

/// Has the conversations, and tells the sink of them.
pub async fn drive(
    (pace, care): (Pace, Care),
    sink: &mut dyn Sink,
    may_ask: bool,
    jobs: &mut dyn Iterator<Item = Job>,
    stop: impl Future<Output = ()>,
) {
    let mut answers = Terminal { may_ask };
    let run = Run {
        pace,
        care,
        answers: &mut answers,
        sink,
        dice: Dice::new(),
    };
    client::run(run, jobs, stop).await;
}

/// The conversations of all passes, each pass in the order of the plan.
fn repeated(jobs: &[Job], count: u64) -> impl Iterator<Item = Job> + '_ {
    let all = (0..count).flat_map(move |_| jobs.iter());
    all.enumerate().map(|(index, job)| Job {
        index: index as u64,
        ..job.clone()
    })
}

/// Ready when the user wants to stop, by Ctrl-C or by SIGTERM.
pub async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    // Without signals the run ends by itself or not at all.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Builds the packets and prints them; sends nothing.
fn dry_run(plan: &Plan, output: &mut Output) -> Result<Exit, Diagnostic> {
    let mut dice = Dice::new();
    let lens = Lens {
        dictionary: &plan.dictionary,
        secrets: plan.show.secrets,
        octets: true,
    };
    for job in &plan.jobs {
        let identifier = job.identifier.unwrap_or_else(|| dice.octet());
        let authenticator = job.authenticator.unwrap_or_else(|| dice.authenticator());
        let version = job
            .security
            .as_ref()
            .map_or(Version::V1_0, |client| client.settings().least());
        let number = match version {
            Version::V1_0 => Number::Identifier(identifier),
            Version::V1_1 => Number::Token(Token(1)),
        };
        let built = job.first(number, &authenticator, &mut dice);
        let octets = built.map_err(|why| match why {
            Speechless::Unfit(unfit) => words::unfit(&unfit),
            Speechless::Build(error) => words::build_error(&error),
        })?;
        let Some(packet) = conversation::request(&lens, &octets, &job.secret, version) else {
            // Raw octets that are no packet are sent as they are, and shown as they are.
            let mut text = String::new();
            crate::report::hexdump::dump(&mut text, "", &octets, &[]);
            output.print(&text);
            continue;
        };
        output.print(&match plan.show.format {
            Format::Human => {
                let octets = Octets {
                    hex: !plan.show.annotate,
                    annotate: plan.show.annotate,
                };
                human::lone_packet(&packet, octets)
            }
            Format::Json => json::pretty(&packet),
            Format::Ndjson => json::line(&packet),
            Format::None => String::new(),
        });
    }
    Ok(Exit::Success)
}

/// Answers challenges from the terminal.
struct Terminal {
    may_ask: bool,
}

impl Answers for Terminal {
    fn answer(&mut self, prompt: &str, echo: bool) -> Option<Secret> {
        if !self.may_ask {
            return None;
        }
        let prompt = prompt.trim_end();
        let prompt = if prompt.is_empty() {
            "Answer".to_owned()
        } else {
            words::printable(prompt)
        };
        files::ask_on_terminal(&format!("{prompt}: "), echo)
    }
}
