//! The one owner of standard output and standard error. Results go to the first, everything else to the second; a
//! reader that goes away ends the printing, not the program.

use std::io::{self, IsTerminal, Write};

use super::diagnostic::{Diagnostic, Exit};

/// Where words leave the program.
#[derive(Debug)]
pub struct Output {
    stdout: io::BufWriter<anstream::AutoStream<io::Stdout>>,
    stderr: anstream::AutoStream<io::Stderr>,
    verbose: u8,
    quiet: bool,
    closed: bool,
    failed: Option<io::Error>,
}

impl Output {
    /// Over this process's streams.
    pub fn new(verbose: u8, quiet: bool) -> Output {
        Output {
            stdout: io::BufWriter::with_capacity(1 << 16, anstream::AutoStream::auto(io::stdout())),
            stderr: anstream::AutoStream::auto(io::stderr()),
            verbose,
            quiet,
            closed: false,
            failed: None,
        }
    }

    /// How often `-v` was given.
    pub fn verbose(&self) -> u8 {
        self.verbose
    }

    /// Whether only the exit code is wanted.
    pub fn quiet(&self) -> bool {
        self.quiet
    }

    /// Whether a person may be looking at standard error.
    pub fn is_watched(&self) -> bool {
        io::stderr().is_terminal() && !self.quiet
    }

    /// Whether results go to a terminal.
    pub fn is_terminal(&self) -> bool {
        io::stdout().is_terminal() && !self.quiet
    }

    /// Whether the reader of standard output has gone away, so that more results help nobody.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// A part of the result.
    pub fn print(&mut self, text: &str) {
        if self.quiet || self.closed {
            return;
        }
        let written = self.stdout.write_all(text.as_bytes());
        self.note(written);
    }

    /// A part of the result that holds styles only where [`Output::is_coloured`] allows them: nothing is looked for in
    /// it, which matters for megabytes.
    pub fn print_plain(&mut self, text: &str) {
        if self.quiet || self.closed || text.is_empty() {
            return;
        }
        // The same stream as the one below the styles, so that the order is kept.
        let written = self
            .stdout
            .flush()
            .and_then(|()| io::stdout().write_all(text.as_bytes()));
        self.note(written);
    }

    /// Whether styles on standard output reach a person.
    pub fn is_coloured(&self) -> bool {
        self.stdout.get_ref().current_choice() != anstream::ColorChoice::Never
    }

    /// Makes what was printed visible now: before a wait, and for whoever reads along.
    pub fn flush(&mut self) {
        let flushed = self.stdout.flush();
        self.note(flushed);
    }

    /// A packet of a trace: part of the result for people, beside the result for scripts.
    pub fn trace(&mut self, text: &str, in_result: bool) {
        if in_result {
            self.print(text);
            self.flush();
        } else {
            self.remark(text);
        }
    }

    /// An error or a warning. Warnings are silent under `-q`.
    pub fn diagnose(&mut self, diagnostic: &Diagnostic) {
        if self.quiet && diagnostic.severity == super::diagnostic::Severity::Warning {
            return;
        }
        self.flush();
        // Nobody can be told that standard error is gone.
        let _ = self.stderr.write_all(diagnostic.folded(self.width()).as_bytes());
    }

    /// How many characters a line of standard error has room for: any number where it is no terminal.
    fn width(&self) -> usize {
        terminal_size::terminal_size_of(io::stderr()).map_or(usize::MAX, |(width, _)| usize::from(width.0))
    }

    /// A remark for whoever watches: progress, a summary. Whoever has gone away has seen enough.
    pub fn remark(&mut self, text: &str) {
        self.flush();
        if !self.quiet && !self.closed {
            let _ = self.stderr.write_all(text.as_bytes());
        }
    }

    /// Ends the printing; what the program ends with, given how its work went.
    pub fn finish(mut self, result: Result<Exit, Diagnostic>) -> Exit {
        let exit = match result {
            Ok(exit) => exit,
            Err(diagnostic) => {
                self.diagnose(&diagnostic);
                diagnostic.exit
            }
        };
        self.flush();
        match self.failed.take() {
            Some(error) => {
                let what = format!("cannot write to standard output: {error}");
                self.diagnose(&Diagnostic::error("output", Exit::Local, what));
                Exit::Local
            }
            None => exit,
        }
    }

    fn note(&mut self, result: io::Result<()>) {
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => self.closed = true,
            Err(error) if self.failed.is_none() => {
                self.closed = true;
                self.failed = Some(error);
            }
            _ => {}
        }
    }
}
