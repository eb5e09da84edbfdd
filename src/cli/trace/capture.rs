//! Captures: one pass, to whatever prints.

use std::io::Read;

use super::Args;
use super::printer::Printer;
use crate::dictionary::Dictionary;
use crate::report::diagnostic::{Diagnostic, Exit, Severity};
use crate::report::output::Output;
use crate::report::words;
use crate::trace::capture::Capture;
use crate::trace::driver::Observer;
use crate::trace::secrets::Secrets;

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
    let mut observer = Observer::new(args.settings(secrets, dictionary)?, dictionary);
    let mut printer = Printer::new(args, dictionary, output)?;
    let ended = observer.read(&mut capture, &mut printer);
    let (exit, found) = printer.finish(&observer.counts())?;
    match ended.map_err(|error| words::capture_error(&error, origin)) {
        Err(diagnostic) if diagnostic.severity == Severity::Error => return Err(diagnostic),
        Err(diagnostic) => output.diagnose(&diagnostic),
        Ok(()) => {}
    }
    for diagnostic in words::damage(&observer.counts(), observer.incomplete()) {
        output.diagnose(&diagnostic);
    }
    if !found && exit == Exit::Success {
        let counts = observer.counts();
        output.diagnose(&words::nothing_found(&counts, args.select.filter.is_some()));
        return Ok(Exit::No);
    }
    Ok(exit)
}
