//! What `radius trace` prints packets as, and what it ends with.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use super::Args;
use crate::cli::options::Format;
use crate::dictionary::Dictionary;
use crate::lint::Severity;
use crate::net::{Call, Cause, SocketError};
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::human::Octets;
use crate::report::output::Output;
use crate::report::seen::{Column, Csv, Lines, Ndjson, replay};
use crate::report::view::Lens;
use crate::report::{flow, json, stats, words};
use crate::trace::capture::Writer;
use crate::trace::driver::{Event, Sink};
use crate::trace::flow::Flows;
use crate::trace::observe::Observed;
use crate::trace::packets::Counts;
use crate::trace::stats::Stats;

/// How much is gathered before it is printed, in octets.
const CHUNK: usize = 64 * 1024;

/// What packets are printed as.
enum Form<'d> {
    Lines(Lines<'d>),
    Json(Ndjson<'d>),
    Csv(Csv<'d>),
    Replay(Lens<'d>),
    Flow(Flows),
    Stats(Box<Stats>),
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
                Column::named(name, dictionary).map_err(|_| words::column_error(name, dictionary))
            });
            return Ok(Form::Csv(Csv::new(columns.collect::<Result<_, _>>()?, lens)));
        }
        if args.print.stats {
            return Ok(Form::Stats(Box::default()));
        }
        if args.print.flow {
            return Ok(Form::Flow(Flows::default()));
        }
        if args.print.replay_text {
            return Ok(Form::Replay(lens));
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
pub(super) struct Printer<'d, 'o> {
    form: Form<'d>,
    format: Format,
    /// The least severity of a finding that is a failure.
    fail_on: Option<Severity>,
    out: String,
    output: &'o mut Output,
    exit: Exit,
    found: bool,
    /// Where wanted packets are written to.
    writer: Option<(FrameWriter, PathBuf)>,
    /// Why they cannot be written.
    failed: Option<Diagnostic>,
    /// The last failure of a socket that was told.
    told: Option<(Call, Cause)>,
}

type FrameWriter = Writer<BufWriter<File>>;

/// The file of `-w`, begun.
fn writer(args: &Args) -> Result<Option<(FrameWriter, PathBuf)>, Diagnostic> {
    let Some(path) = &args.print.write else {
        return Ok(None);
    };
    let begun = File::create(path).and_then(|file| Writer::new(BufWriter::new(file)));
    let writer = begun.map_err(|error| words::cannot_write(path, &error))?;
    Ok(Some((writer, path.clone())))
}

impl<'d, 'o> Printer<'d, 'o> {
    /// As the arguments ask; files are begun.
    pub(super) fn new(
        args: &Args,
        dictionary: &'d Dictionary,
        output: &'o mut Output,
    ) -> Result<Printer<'d, 'o>, Diagnostic> {
        let mut printer = Printer {
            form: Form::new(args, dictionary, output)?,
            format: args.print.format(),
            fail_on: args.print.lint.then(|| args.print.fail_on.severity()),
            out: String::with_capacity(2 * CHUNK),
            output,
            exit: Exit::Success,
            found: false,
            writer: writer(args)?,
            failed: None,
            told: None,
        };
        if let Form::Csv(csv) = &printer.form {
            csv.header(&mut printer.out);
        }
        Ok(printer)
    }

    /// Prints what the end lets one say and finishes files; what to end with, and whether anything was found.
    pub(super) fn finish(mut self, counts: &Counts) -> Result<(Exit, bool), Diagnostic> {
        self.conclude(counts);
        self.flush();
        if let Some(diagnostic) = self.failed {
            return Err(diagnostic);
        }
        if let Some((writer, path)) = self.writer {
            writer
                .finish()
                .map_err(|error| words::cannot_write(&path, &error))?;
        }
        Ok((self.exit, self.found))
    }

    /// Prints what only the end of a capture lets one say.
    fn conclude(&mut self, counts: &Counts) {
        match std::mem::replace(&mut self.form, Form::Nothing) {
            Form::Flow(flows) => {
                for flow in flows.finish() {
                    self.out.push_str(&flow::ladder(&flow));
                    if self.out.len() >= CHUNK {
                        self.flush();
                    }
                }
            }
            Form::Stats(stats) => {
                let view = stats::Stats::new(&stats, counts);
                self.out.push_str(&match self.format {
                    Format::Human => view.text(),
                    Format::Json => json::pretty(&view),
                    Format::Ndjson => json::line(&view),
                    Format::None => String::new(),
                });
            }
            _ => {}
        }
    }

    /// Writes the frame that the packet came in, or one that is made for it where it came in several.
    fn write(&mut self, observed: &Observed<'_>) {
        if let Some((writer, path)) = &mut self.writer
            && let Err(error) = writer.packet(&observed.sighting)
        {
            self.failed = Some(words::cannot_write(path, &error));
        }
    }

    fn flush(&mut self) {
        match self.form {
            // Drawn with styles, which the output takes off where nobody sees them.
            Form::Flow(_) | Form::Stats(_) | Form::Nothing => self.output.print(&self.out),
            _ => self.output.print_plain(&self.out),
        }
        self.out.clear();
    }

    /// Whether a packet is well formed, authentic as far as can be said, and has no finding that counts.
    fn judge(&mut self, observed: &Observed<'_>) {
        let cut = observed.sighting.missing > 0;
        let well_formed = cut || observed.is_well_formed();
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
        match &mut self.form {
            Form::Flow(flows) => {
                if let Some(flow) = flows.take(event) {
                    self.out.push_str(&flow::ladder(&flow));
                }
            }
            Form::Stats(stats) => stats.take(event),
            _ => {}
        }
        let out = &mut self.out;
        match event {
            Event::Packet(observed) => {
                self.found = true;
                match &mut self.form {
                    Form::Lines(lines) => lines.packet(out, observed),
                    Form::Json(json) => json.packet(out, observed),
                    Form::Csv(csv) => csv.packet(out, observed),
                    Form::Replay(lens) => replay(out, observed, lens.secrets),
                    Form::Flow(_) | Form::Stats(_) | Form::Nothing => {}
                }
                self.judge(observed);
                self.write(observed);
            }
            Event::Unanswered(request) => match &mut self.form {
                Form::Lines(lines) => lines.unanswered(out, request),
                Form::Json(json) => json.unanswered(out, request),
                _ => {}
            },
            Event::Trouble(trouble) => match &mut self.form {
                Form::Lines(lines) => lines.trouble(out, trouble),
                Form::Json(json) => json.trouble(out, trouble),
                _ => {}
            },
        }
        if self.out.len() >= CHUNK {
            self.flush();
        }
        !self.output.is_closed() && self.failed.is_none()
    }

    fn failed(&mut self, error: &SocketError) {
        // One that refuses refuses every client: once is enough.
        let failure = Some((error.call, error.cause.clone()));
        if self.told != failure {
            self.told = failure;
            self.flush();
            self.output.diagnose(&words::socket_error(error));
        }
    }

    fn pause(&mut self) {
        self.flush();
        self.output.flush();
    }
}
