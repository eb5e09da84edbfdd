//! `radius status`: Status-Server (RFC 5997), once or again and again.

use std::time::Duration;

use super::options::ClientArgs;
use super::plan::{self, Purpose};
use super::run;
use super::values;
use crate::codec::Code;
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::output::Output;

/// Arguments of `radius status`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    client: ClientArgs,
    /// Ask on the accounting port, 1813
    #[arg(long)]
    acct: bool,
    /// Ask again after this time, until --count is reached or Ctrl-C
    #[arg(long, value_name = "TIME", value_parser = values::duration)]
    watch: Option<Duration>,
    /// Ask for FreeRADIUS's statistics too; shown when the server gives them
    #[arg(long)]
    stats: bool,
}

/// Runs `radius status`.
pub fn run(args: Args, output: &mut Output) -> Result<Exit, Diagnostic> {
    let purpose = Purpose::new(Code::STATUS_SERVER).with_status(args.acct, args.stats);
    let make = |client, output: &mut Output| plan::make(client, purpose, output);
    run::command(args.client, output, make, |plan, output| match args.watch {
        Some(interval) => run::watch(plan, interval, output),
        None => run::client(plan, output),
    })
}
