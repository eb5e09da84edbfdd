//! Running a plan: the client driver, with a printer for a sink.

use std::future::Future;
use std::path::Path;
use std::str::FromStr;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use tokio::runtime::Runtime;

use super::files;
use super::options::{ClientArgs, Format};
use super::plan::{Plan, Show};
use crate::auth::Method;
use crate::auth::certificate::chain_to_pem;
use crate::client::{self, Answers, Job, Number, Pace, Run};
use crate::codec::Secret;
use crate::codec::v11::Token;
use crate::exchange::{Transport, Version};
use crate::net::Peer;
use crate::net::clock;
use crate::net::dice::Dice;
use crate::outcome::{Event, Expectation, Outcome, Sink, Totals, Verdict};
use crate::report::conversation::{self, Seen, checked, see};
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::human::{self, Direction, Octets};
use crate::report::output::Output;
use crate::report::summary::summary;
use crate::report::view::Lens;
use crate::report::{eap, json, words};

/// A run that takes longer than this shows how far it is.
const BAR_AFTER: Duration = Duration::from_millis(500);

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
        && output.verbose() > 0
        && let Some(warning) = words::exposure(method)
    {
        output.diagnose(&warning);
    }
    let mut printer = Printer::new(plan, output, total);
    runtime.block_on(drive(
        plan.pace.clone(),
        &mut printer,
        plan.may_ask,
        &mut jobs,
        interrupted(),
    ));
    printer.finish(total)
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
    runtime.block_on(drive(pace, &mut printer, false, &mut jobs, interrupted()));
    Ok(printer.finish(count))
}

/// Has the conversations, and tells the sink of them.
pub async fn drive(
    pace: Pace,
    sink: &mut dyn Sink,
    may_ask: bool,
    jobs: &mut dyn Iterator<Item = Job>,
    stop: impl Future<Output = ()>,
) {
    let mut answers = Terminal { may_ask };
    let run = Run {
        pace,
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
        let built = job.build(number, &authenticator, &mut || dice.salt());
        let octets = built.map_err(|error| words::build_error(&error))?;
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

/// Prints what happens.
struct Printer<'p> {
    plan: &'p [Vec<Expectation>],
    lens: Lens<'p>,
    show: Show,
    method: Option<Method>,
    /// Where the server's certificates are to be written, once.
    save_chain: Option<&'p Path>,
    /// Whether the TLS session of the time before is to be resumed.
    resume: bool,
    /// Whether it was said that nobody checks certificates.
    warned: bool,
    output: &'p mut Output,
    totals: Totals,
    started: Instant,
    bar: Option<ProgressBar>,
    total: u64,
    exit: Exit,
    interrupted: bool,
}

impl<'p> Printer<'p> {
    fn new(plan: &'p Plan, output: &'p mut Output, total: u64) -> Printer<'p> {
        Printer {
            plan: &plan.expectations,
            lens: Lens {
                dictionary: &plan.dictionary,
                secrets: plan.show.secrets,
                octets: plan.show.hex,
            },
            show: plan.show,
            method: plan.method,
            save_chain: plan.save_chain.as_deref(),
            resume: plan.resume,
            warned: false,
            output,
            totals: Totals::default(),
            started: clock::now(),
            bar: None,
            total,
            exit: Exit::Success,
            interrupted: false,
        }
    }

    /// The summary, if there is something to sum up, and the exit code of the worst conversation.
    fn finish(mut self, total: u64) -> Exit {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        if total > 1 && self.show.format != Format::None {
            let text = summary(&self.totals, self.started.elapsed());
            if self.show.format == Format::Human && !self.output.quiet() {
                self.output.print(&text);
            } else {
                self.output.remark(&text);
            }
        }
        self.exit
    }

    fn finished(&mut self, outcome: &Outcome) {
        if self.output.is_closed() && outcome.verdict() == Verdict::Interrupted {
            // It ended because the reader of the output has gone away, which is no failure.
            return;
        }
        let template = usize::try_from(outcome.index).unwrap_or(0) % self.plan.len().max(1);
        let expected = self.plan.get(template).map(Vec::as_slice).unwrap_or_default();
        self.login(outcome);
        let seen = see(outcome, &self.lens, self.method.map(Method::as_str), expected);
        // Where nothing was expected, a failure is counted as what it is.
        self.totals.count(outcome, seen.met || expected.is_empty());
        self.exit = self.exit.max(exit(outcome, &seen));
        self.interrupted |= outcome.verdict() == Verdict::Interrupted;
        match self.show.format {
            Format::Human => self.print_human(outcome, &seen),
            Format::Json => self.output.print(&json::pretty(&seen.exchange)),
            Format::Ndjson => self.output.print(&json::line(&seen.exchange)),
            Format::None => {}
        }
        if self.total == 1 || self.show.trace {
            self.output.flush();
        }
        self.progress();
    }

    /// What is told of a login in every format, beside the result.
    fn login(&mut self, outcome: &Outcome) {
        let Some(facts) = &outcome.login else { return };
        if self.output.verbose() > 0 {
            self.output.remark(&eap::rounds(outcome, facts));
        }
        let chain = match (facts.tls(), facts.distrust()) {
            (Some(tls), _) => &tls.chain,
            (None, Some(fault)) => &fault.chain,
            (None, None) => return,
        };
        if let Some(path) = self.save_chain.take()
            && let Err(error) = std::fs::write(path, chain_to_pem(chain))
        {
            self.exit = self.exit.max(Exit::Local);
            self.output.diagnose(&words::cannot_write(path, &error));
        }
        let Some(tls) = facts.tls() else { return };
        if !tls.checked && !self.warned {
            self.warned = true;
            self.output.diagnose(
                &Diagnostic::warning("unchecked", "nobody checks the server's certificates: anybody could have answered")
                    .hint("--eap-ca FILE says whom to trust; --eap-fingerprint SHA256 takes this one certificate and no other"),
            );
            if self.output.verbose() == 0 {
                self.output.remark(&eap::chain_text(&eap::chain(chain)));
            }
        }
        if self.resume && outcome.index > 0 && !tls.resumed {
            self.output.diagnose(&Diagnostic::warning(
                "resumption",
                "the server did not resume the TLS session: it made a full handshake",
            ));
        }
    }

    fn print_human(&mut self, outcome: &Outcome, seen: &Seen) {
        let octets = Octets {
            hex: self.show.hex && !self.show.trace,
            annotate: self.show.annotate && !self.show.trace,
        };
        self.output.print(&human::result(&seen.exchange, octets));
        if outcome.rounds.len() < 2 || self.total == 1 {
            for warning in &seen.warnings {
                self.output.diagnose(warning);
            }
        }
        let silence_expected = seen.met && outcome.answer().is_none();
        match &seen.error {
            Some(_) if seen.met && outcome.answer().is_some() => {}
            Some(_) if silence_expected => self.output.print("no reply, as expected\n"),
            Some(error)
                if self.total == 1
                    || self.output.verbose() > 0
                    || self.totals.conversations <= MOST_ERRORS =>
            {
                self.output.diagnose(error);
            }
            _ => {}
        }
        for unmet in &seen.exchange.unmet {
            self.output.diagnose(&words::unmet(unmet, &seen.exchange));
        }
    }

    /// Shows how far a long run is, to a person only.
    fn progress(&mut self) {
        if self.total < 2 || self.show.trace || !self.output.is_watched() {
            return;
        }
        if self.bar.is_none() && self.started.elapsed() > BAR_AFTER && self.total != u64::MAX {
            let bar = ProgressBar::new(self.total);
            if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} {per_sec} {eta}") {
                bar.set_style(style);
            }
            self.bar = Some(bar);
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.totals.conversations);
        }
    }

    fn trace(
        &mut self,
        direction: Direction,
        transport: Option<Transport>,
        peer: String,
        packet: Option<crate::report::view::Packet>,
    ) {
        let peer = match transport {
            Some(transport) if transport != Transport::Udp => format!("{peer} ({transport})"),
            _ => peer,
        };
        if let Some(packet) = packet {
            self.output.trace(
                &human::packet(direction, &peer, &packet, self.show.annotate),
                self.show.format == Format::Human,
            );
        }
    }
}

/// How many failures of a run of many are told one by one without `-v`.
const MOST_ERRORS: u64 = 10;

impl Sink for Printer<'_> {
    fn event(&mut self, event: &Event<'_>) -> bool {
        match event {
            Event::Connected { peer, handshake } if self.show.trace || self.output.verbose() > 0 => {
                let text = words::handshake(handshake, &peer.to_string());
                self.output.remark(&text);
            }
            Event::Sent {
                packet,
                peer,
                transport,
                version,
                secret,
                ..
            } if self.show.trace => {
                let view = conversation::request(&self.lens, packet, secret, *version);
                self.trace(Direction::Sent, Some(*transport), peer.to_string(), view);
            }
            Event::Received {
                packet,
                peer,
                version,
                secret,
                reply,
            } if self.show.trace => {
                let request = Some((*secret, &reply.request_authenticator));
                let mut view = conversation::received(&self.lens, packet, request, *version);
                if let Some(view) = view.as_mut().filter(|_| *version == Version::V1_0) {
                    checked(view, &reply.seals);
                }
                self.trace(Direction::Received, None, peer.to_string(), view);
            }
            Event::Ignored {
                dropped,
                version,
                request,
            } => {
                self.totals.ignore();
                if self.show.trace {
                    let view = conversation::received(&self.lens, &dropped.octets, *request, *version);
                    self.trace(Direction::Received, None, dropped.from.to_string(), view);
                }
                if self.show.trace || self.output.verbose() > 0 {
                    let what = format!(
                        "ignored what came from {}: it {}",
                        dropped.from,
                        words::ignored(&dropped.why)
                    );
                    self.output
                        .diagnose(&Diagnostic::warning(words::ignored_kind(&dropped.why), what));
                }
            }
            Event::Finished(outcome) => self.finished(outcome),
            _ => {}
        }
        !self.output.is_closed()
    }
}

/// The exit code of one conversation.
fn exit(outcome: &Outcome, seen: &Seen) -> Exit {
    match (&seen.error, outcome.verdict()) {
        _ if seen.met => Exit::Success,
        (Some(error), _) => error.exit,
        (None, Verdict::Interrupted) => Exit::NoReply,
        _ => Exit::No,
    }
}
