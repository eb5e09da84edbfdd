//! Captures: one pass, to whatever prints.

use std::io::Read;

use super::Args;
use crate::cli::options::Format;
use crate::dictionary::Dictionary;
use crate::lint::Severity;
use crate::report::diagnostic::{Diagnostic, Exit, Severity as Weight};
use crate::report::human::Octets;
use crate::report::output::Output;
use crate::report::seen::{Column, Csv, Lines, Ndjson};
use crate::report::view::Lens;
use crate::report::words;
use crate::trace::capture::Capture;
use crate::trace::driver::{Event, Observer, Settings, Sink};
use crate::trace::observe::Observed;
use crate::trace::secrets::Secrets;

/// How much is gathered before it is printed, in octets.
const CHUNK: usize = 64 * 1024;

/// Reads a capture and prints what is wanted of it.
pub(super) fn run(
    args: &Args,
    dictionary: &Dictionary,
    secrets: Secrets,
    source: Box<dyn Read + Send>,
    origin: &str,
    output: &mut Output,
) -> Result<Exit, Diagnostic> {
    let mut capture = Capture::open(source).map_err(|error| words::capture_error(&error, origin))?;
    let settings = Settings {
        ports: args.select.ports.clone(),
        secrets,
        timeout: u64::try_from(args.select.timeout.as_nanos()).unwrap_or(u64::MAX),
        selection: args.select.selection(dictionary)?,
    };
    let mut printer = Printer {
        form: Form::new(args, dictionary, output)?,
        fail_on: args.print.lint.then(|| args.print.fail_on.severity()),
        out: String::with_capacity(2 * CHUNK),
        output,
        exit: Exit::Success,
        found: false,
    };
    if let Form::Csv(csv) = &printer.form {
        csv.header(&mut printer.out);
    }
    let mut observer = Observer::new(settings, dictionary);
    let ended = observer.read(&mut capture, &mut printer);
    printer.flush();
    let Printer { exit, found, .. } = printer;
    match ended.map_err(|error| words::capture_error(&error, origin)) {
        Err(diagnostic) if diagnostic.severity == Weight::Error => return Err(diagnostic),
        Err(diagnostic) => output.diagnose(&diagnostic),
        Ok(()) => {}
    }
    if !found && exit == Exit::Success {
        let counts = observer.counts();
        output.diagnose(&words::nothing_found(&counts, args.select.filter.is_some()));
        return Ok(Exit::No);
    }
    Ok(exit)
}

/// What packets are printed as.
enum Form<'d> {
    Lines(Lines<'d>),
    Json(Ndjson<'d>),
    Csv(Csv<'d>),
    Nothing,
}

impl<'d> Form<'d> {
    fn new(args: &Args, dictionary: &'d Dictionary, output: &Output) -> Result<Form<'d>, Diagnostic> {
        let octets = args.wants_octets();
        let lens = Lens {
            dictionary,
            secrets: args.secrets.show_secrets,
            octets,
        };
        if !args.print.csv.is_empty() {
            let columns = args.print.csv.iter().map(|name| {
                Column::named(name, dictionary).map_err(|error| words::column_error(&error, name, dictionary))
            });
            return Ok(Form::Csv(Csv::new(columns.collect::<Result<_, _>>()?, lens)));
        }
        Ok(match args.print.format() {
            Format::Human => {
                let mut lines = Lines::new(Lens {
                    octets: false,
                    ..lens
                });
                lines.verbose = output.verbose();
                lines.octets = Octets {
                    hex: octets,
                    annotate: args.print.annotate,
                };
                lines.lint = args.print.lint.then(|| args.print.fail_on.severity());
                lines.colour = output.is_coloured();
                Form::Lines(lines)
            }
            Format::Json => Form::Json(Ndjson::new(lens, args.print.lint, true)),
            Format::Ndjson => Form::Json(Ndjson::new(lens, args.print.lint, false)),
            Format::None => Form::Nothing,
        })
    }
}

/// Prints what the observer tells, and keeps the exit code.
struct Printer<'d, 'o> {
    form: Form<'d>,
    /// The least severity of a finding that is a failure.
    fail_on: Option<Severity>,
    out: String,
    output: &'o mut Output,
    exit: Exit,
    found: bool,
}

impl Printer<'_, '_> {
    fn flush(&mut self) {
        self.output.print_plain(&self.out);
        self.out.clear();
    }

    /// Whether a packet is well formed, authentic as far as can be said, and has no finding that counts.
    fn judge(&mut self, observed: &Observed<'_>) {
        let cut = observed.sighting.missing > 0;
        let well_formed = cut || observed.packet.is_ok_and(|packet| packet.is_well_formed());
        let authentic = observed.seals().is_none_or(|seals| seals.hold());
        let lints = self.fail_on.is_none_or(|least| {
            observed
                .findings()
                .iter()
                .all(|finding| finding.rule.severity < least)
        });
        if !(well_formed && authentic && lints) {
            self.exit = Exit::No;
        }
    }
}

impl Sink for Printer<'_, '_> {
    fn event(&mut self, event: &Event<'_, '_>) -> bool {
        let out = &mut self.out;
        match event {
            Event::Packet(observed) => {
                self.found = true;
                match &mut self.form {
                    Form::Lines(lines) => lines.packet(out, observed),
                    Form::Json(json) => json.packet(out, observed),
                    Form::Csv(csv) => csv.packet(out, observed),
                    Form::Nothing => {}
                }
                self.judge(observed);
            }
            Event::Unanswered(request) => match &mut self.form {
                Form::Lines(lines) => lines.unanswered(out, request),
                Form::Json(json) => json.unanswered(out, request),
                Form::Csv(_) | Form::Nothing => {}
            },
            Event::Trouble(trouble) => match &mut self.form {
                Form::Lines(lines) => lines.trouble(out, trouble),
                Form::Json(json) => json.trouble(out, trouble),
                Form::Csv(_) | Form::Nothing => {}
            },
        }
        if self.out.len() >= CHUNK {
            self.flush();
        }
        !self.output.is_closed()
    }
}
