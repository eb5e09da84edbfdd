//! What a run of conversations prints: results as they come, warnings once, a bar while it takes long, a summary.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use super::options::Format;
use super::plan::{Plan, Show};
use crate::auth::Method;
use crate::auth::certificate::chain_to_pem;
use crate::exchange::{Transport, Version};
use crate::net::clock;
use crate::outcome::{Event, Expectation, Outcome, Sink, Totals, Verdict};
use crate::report::conversation::{self, Asked, Seen, checked, see};
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::human::{self, Direction, Octets};
use crate::report::output::Output;
use crate::report::summary::summary;
use crate::report::view::Lens;
use crate::report::{eap, json, words};

/// A run that takes longer than this shows how far it is.
const BAR_AFTER: Duration = Duration::from_millis(500);

/// Prints what happens.
pub(super) struct Printer<'p> {
    plan: &'p [Vec<Expectation>],
    lens: Lens<'p>,
    show: Show,
    method: Option<Method>,
    /// Where the server's certificates are to be written, once.
    save_chain: Option<&'p Path>,
    /// Whether the TLS session of the time before is to be resumed.
    resume: bool,
    /// Whether connections stay open, so that their loss matters.
    stays: bool,
    /// The warnings that were given, and how often each came again without being repeated.
    warned: BTreeMap<&'static str, (Diagnostic, u64)>,
    /// How many failures were told, and how many only counted.
    told: u64,
    untold: u64,
    output: &'p mut Output,
    totals: Totals,
    started: Instant,
    bar: Option<ProgressBar>,
    total: u64,
    exit: Exit,
}

impl<'p> Printer<'p> {
    pub(super) fn new(plan: &'p Plan, output: &'p mut Output, total: u64) -> Printer<'p> {
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
            stays: plan.care.stay.is_some(),
            warned: BTreeMap::new(),
            told: 0,
            untold: 0,
            output,
            totals: Totals::default(),
            started: clock::now(),
            bar: None,
            total,
            exit: Exit::Success,
        }
    }

    /// The summary, if there is something to sum up, and the exit code of the worst conversation.
    pub(super) fn finish(mut self, total: u64) -> Exit {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        for (first, more) in std::mem::take(&mut self.warned).into_values() {
            if more > 0 {
                let message = format!("{more} more times: {}", first.message);
                self.output.diagnose(&Diagnostic::warning(first.kind, message));
            }
        }
        if self.untold > 0 {
            let message = format!("{} more failures, which -v tells one by one", self.untold);
            self.output.diagnose(&Diagnostic::warning("failures", message));
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
        match self.bar.take() {
            // Lines go above the bar, not through it.
            Some(bar) if self.is_telling(outcome) => {
                bar.suspend(|| {
                    self.tell(outcome);
                    self.output.flush();
                });
                self.bar = Some(bar);
            }
            bar => {
                self.bar = bar;
                self.tell(outcome);
            }
        }
        self.progress();
    }

    /// Whether anything about it will be seen on the terminal that shows the bar.
    fn is_telling(&self, outcome: &Outcome) -> bool {
        self.output.is_terminal() || self.output.verbose() > 0 || outcome.verdict() != Verdict::Accept
    }

    fn tell(&mut self, outcome: &Outcome) {
        let template = usize::try_from(outcome.index).unwrap_or(0) % self.plan.len().max(1);
        let expected = self.plan.get(template).map(Vec::as_slice).unwrap_or_default();
        self.login(outcome);
        let seen = see(outcome, &self.lens, self.method.map(Method::as_str), expected);
        // Where nothing was expected, a failure is counted as what it is.
        self.totals.count(outcome, seen.met || expected.is_empty());
        if self.total == u64::MAX && outcome.verdict() == Verdict::Interrupted {
            // A watch ends by Ctrl-C, whatever it was about to hear.
            return;
        }
        self.exit = self.exit.max(exit(outcome, &seen));
        match self.show.format {
            Format::Human => self.print_human(outcome, &seen),
            Format::Json => self.output.print(&json::pretty(&seen.exchange)),
            Format::Ndjson => self.output.print(&json::line(&seen.exchange)),
            Format::None => {}
        }
        if self.total == 1 || self.show.trace {
            self.output.flush();
        }
    }

    /// A warning; of many of a kind, the first, unless every one is asked for.
    fn warn(&mut self, warning: &Diagnostic) {
        if self.total > 1 && self.output.verbose() == 0 {
            if let Some((_, more)) = self.warned.get_mut(warning.kind) {
                *more += 1;
                return;
            }
            self.warned.insert(warning.kind, (warning.clone(), 0));
        }
        self.output.diagnose(warning);
    }

    /// A failure; of many, the first ones.
    fn fail(&mut self, error: &Diagnostic) {
        if self.total > 1 && self.output.verbose() == 0 && self.told == MOST_ERRORS {
            self.untold += 1;
        } else {
            self.told += 1;
            self.output.diagnose(error);
        }
    }

    /// What is told of a login in every format, beside the result.
    fn login(&mut self, outcome: &Outcome) {
        let Some(facts) = &outcome.login else { return };
        if self.output.verbose() > 0 {
            self.output
                .remark(&eap::rounds(outcome, facts, self.lens.secrets));
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
        if !tls.checked {
            let first = !self.warned.contains_key(UNCHECKED);
            self.warn(
                &Diagnostic::warning(UNCHECKED, "nobody checks the server's certificates: anybody could have answered")
                    .hint("--eap-ca FILE says whom to trust; --eap-fingerprint SHA256 takes this one certificate and no other"),
            );
            if self.output.verbose() == 0 && first {
                self.output.remark(&eap::chain_text(chain));
            }
        }
        if self.resume && outcome.index > 0 && !tls.resumed {
            self.warn(
                &Diagnostic::warning("resumption", "the TLS session was not resumed: a full handshake was made")
                    .hint("the server does not resume, or gave no ticket the time before; each ticket is used once (RFC 8446 §C.4)"),
            );
        }
    }

    fn print_human(&mut self, outcome: &Outcome, seen: &Seen) {
        let octets = self.octets();
        self.output.print(&human::result(&seen.exchange, octets));
        for warning in &seen.warnings {
            self.warn(warning);
        }
        let silence_expected = seen.met && outcome.answer().is_none();
        match &seen.error {
            Some(_) if seen.met && outcome.answer().is_some() => {}
            Some(_) if silence_expected => self.output.print("no reply, as expected\n"),
            Some(error) => self.fail(error),
            None => {}
        }
        for unmet in &seen.exchange.unmet {
            self.output.diagnose(&words::unmet(unmet, &seen.exchange));
        }
    }

    /// What the server asked, and what it was told.
    fn asked(&mut self, asked: &Asked<'_>) {
        let exchange = asked.see(&self.lens);
        if self.show.trace {
            let peer = asked.peer.to_string();
            let shown = asked.see(&self.lens);
            self.trace(
                Direction::Received,
                Some(asked.transport),
                peer.clone(),
                shown.request,
            );
            self.trace(Direction::Sent, Some(asked.transport), peer, shown.reply);
        }
        let octets = self.octets();
        match self.show.format {
            Format::Human => self.output.print(&human::asked(&exchange, octets)),
            Format::Json => self.output.print(&json::pretty(&exchange)),
            Format::Ndjson => self.output.print(&json::line(&exchange)),
            Format::None => {}
        }
        self.output.flush();
    }

    /// The time for what the server may ask is over.
    fn stayed(&mut self, asked: u64, wanted: Option<u64>) {
        match wanted.filter(|wanted| asked < *wanted) {
            Some(wanted) => {
                self.exit = self.exit.max(Exit::No);
                let were = if wanted == 1 {
                    "request was"
                } else {
                    "requests were"
                };
                let what = format!("{wanted} {were} to come down the connection, and {asked} came");
                self.output.diagnose(&Diagnostic::error("stay", Exit::No, what));
            }
            None if asked == 0 => self.output.remark("no request came down the connection\n"),
            None => {}
        }
    }

    fn octets(&self) -> Octets {
        Octets {
            hex: self.show.hex && !self.show.trace,
            annotate: self.show.annotate && !self.show.trace,
        }
    }

    /// Shows how far a long run is, to a person only.
    fn progress(&mut self) {
        if self.total < 2 || self.show.trace || !self.output.is_watched() {
            return;
        }
        if self.bar.is_none() && self.started.elapsed() > BAR_AFTER && self.total != u64::MAX {
            let bar = ProgressBar::new(self.total);
            if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len}, {rate}/s, {eta} left") {
                let rate = |state: &ProgressState, out: &mut dyn std::fmt::Write| {
                    // A bar that cannot be written shows less.
                    let _ = write!(out, "{:.0}", state.per_sec());
                };
                bar.set_style(style.with_key("rate", rate));
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

/// The kind of the warning that certificates are not checked.
const UNCHECKED: &str = "unchecked";

impl Sink for Printer<'_> {
    fn event(&mut self, event: &Event<'_>) -> bool {
        match event {
            Event::Connected { peer, handshake } if self.show.handshakes || self.output.verbose() > 0 => {
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
            Event::Noted(seen) if self.show.trace => {
                if let Some(text) = eap::note(seen, self.lens.secrets) {
                    let human = self.show.format == Format::Human;
                    self.output.trace(&format!("  {text}\n"), human);
                }
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
            Event::MovedOn { from, to, cause } => self.warn(&words::moved_on(*from, *to, *cause)),
            Event::Asked {
                request,
                answer,
                peer,
                transport,
                version,
                secret,
            } => self.asked(&Asked {
                request,
                answer,
                peer: *peer,
                transport: *transport,
                version: *version,
                secret,
            }),
            Event::Lost(error) if self.stays || self.show.trace || self.output.verbose() > 0 => {
                let lost = words::socket_error(error);
                self.output
                    .diagnose(&Diagnostic::warning(lost.kind, lost.message));
            }
            Event::Stayed { asked, wanted } => self.stayed(*asked, *wanted),
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
