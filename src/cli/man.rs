//! `radius man`: the manual pages, made from the tree of commands.

use std::path::PathBuf;

use clap::ValueHint;

use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::output::Output;
use crate::report::words;

/// Arguments of `radius man`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The directory that the pages are written into; it must exist
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    dir: PathBuf,
}

/// Writes radius.1 and a page for every subcommand.
pub fn run(args: &Args, _output: &mut Output) -> Result<Exit, Diagnostic> {
    clap_mangen::generate_to(super::command(), &args.dir)
        .map(|()| Exit::Success)
        .map_err(|error| words::cannot_write(&args.dir, &error))
}
