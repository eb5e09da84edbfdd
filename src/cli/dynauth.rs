//! `radius coa` and `radius disconnect`: dynamic authorization (RFC 5176).

use super::options::ClientArgs;
use super::plan::{self, Purpose};
use super::run;
use crate::codec::Code;
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::output::Output;

/// Arguments of `radius coa`.
#[derive(Debug, clap::Args)]
pub struct CoaArgs {
    #[command(flatten)]
    client: ClientArgs,
    #[command(flatten)]
    session: SessionArgs,
}

/// Arguments of `radius disconnect`.
#[derive(Debug, clap::Args)]
pub struct DisconnectArgs {
    #[command(flatten)]
    client: ClientArgs,
    #[command(flatten)]
    session: SessionArgs,
}

/// Which session is meant.
#[derive(Debug, clap::Args)]
struct SessionArgs {
    /// Whose session: User-Name
    #[arg(short, long, value_name = "NAME")]
    user: Option<String>,
    /// Which session: Acct-Session-Id
    #[arg(long, value_name = "ID")]
    session_id: Option<String>,
}

/// Runs `radius coa`.
pub fn run_coa(args: CoaArgs, output: &mut Output) -> Result<Exit, Diagnostic> {
    run_either(args.client, args.session, Code::COA_REQUEST, output)
}

/// Runs `radius disconnect`.
pub fn run_disconnect(args: DisconnectArgs, output: &mut Output) -> Result<Exit, Diagnostic> {
    run_either(args.client, args.session, Code::DISCONNECT_REQUEST, output)
}

fn run_either(
    client: ClientArgs,
    session: SessionArgs,
    code: Code,
    output: &mut Output,
) -> Result<Exit, Diagnostic> {
    let purpose = Purpose::new(code).with_session(session.user, session.session_id);
    let make = |client, output: &mut Output| plan::make(client, purpose, output);
    run::command(client, output, make, run::client)
}
