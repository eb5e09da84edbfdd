//! An interface, until Ctrl-C.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::Args;
use super::printer::Printer;
use crate::cli::run;
use crate::dictionary::Dictionary;
use crate::net::interface::Interface;
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::output::Output;
use crate::report::words;
use crate::trace::driver::Observer;
use crate::trace::live;
use crate::trace::packets::PORTS;
use crate::trace::secrets::Secrets;

/// Watches an interface and prints what is wanted of what passes.
pub(super) fn run(
    args: &Args,
    dictionary: &Dictionary,
    secrets: Secrets,
    name: &str,
    output: &mut Output,
) -> Result<Exit, Diagnostic> {
    let ports: Vec<u16> = PORTS.iter().chain(&args.select.ports).copied().collect();
    let runtime = run::runtime()?;
    let mut observer = Observer::new(args.settings(secrets, dictionary)?, dictionary);
    let interface = Interface::open(name, &ports).map_err(|error| words::watch_error(&error, name))?;
    if output.is_watched() {
        output.remark(&format!("watching {name}; Ctrl-C ends it\n"));
    }
    let mut printer = Printer::new(args, dictionary, output)?;
    let stop = Arc::new(AtomicBool::new(false));
    let asked = stop.clone();
    // Signals are waited for beside the watching, which blocks.
    thread::spawn(move || {
        runtime.block_on(run::interrupted());
        asked.store(true, Ordering::Relaxed);
    });
    let watched = live::watch(interface, &mut observer, &mut printer, &stop);
    let (exit, _) = printer.finish(&observer.counts())?;
    let dropped = watched.map_err(|error| words::socket_error(&error))?;
    for diagnostic in words::damage(&observer.counts(), observer.incomplete()) {
        output.diagnose(&diagnostic);
    }
    if dropped > 0 {
        output.diagnose(&words::dropped(dropped));
    }
    Ok(exit)
}
