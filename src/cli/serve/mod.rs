//! `radius serve`: a test server that answers by the book, breaks the book when told to, and shows everything.

mod config;
pub(super) mod eap;
mod fault;
pub(super) mod listen;
mod options;
mod plan;
mod run;
pub(super) mod security;
mod upstream;
mod written;

use self::options::ServeArgs;
use super::options::DictionaryArgs;
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::output::Output;

/// Arguments of `radius serve`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    serve: ServeArgs,
    #[command(flatten)]
    dictionary: DictionaryArgs,
    /// One JSON object a request instead of a line
    #[arg(long, help_heading = "Seen")]
    json: bool,
    /// Print every packet, both ways, with its octets
    #[arg(long, env = "RADIUS_TRACE", value_parser = clap::builder::FalseyValueParser::new(), action = clap::ArgAction::SetTrue, help_heading = "Seen")]
    trace: bool,
    /// Print each attribute's octets beside its meaning
    #[arg(long, requires = "trace", help_heading = "Seen")]
    annotate: bool,
    /// Print passwords and keys in clear; otherwise they are <hidden>
    #[arg(long, help_heading = "Seen")]
    show_secrets: bool,
}

/// Runs `radius serve`.
pub fn run(args: Args, output: &mut Output) -> Result<Exit, Diagnostic> {
    let show = run::Show {
        json: args.json,
        trace: args.trace,
        annotate: args.annotate,
        secrets: args.show_secrets,
        quiet: output.quiet(),
        verbose: output.verbose() > 0,
    };
    run::serve(&args.serve, &args.dictionary, show, output)
}
