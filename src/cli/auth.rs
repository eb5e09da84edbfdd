//! `radius auth`: Access-Request until Accept or Reject.

use std::path::PathBuf;

use clap::{ValueEnum, ValueHint};

use super::options::ClientArgs;
use super::plan::{self, Login, Purpose};
use super::run;
use super::values::{self, SecretText};
use crate::codec::Code;
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::output::Output;

/// Arguments of `radius auth`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    client: ClientArgs,
    /// Who wants in: User-Name
    #[arg(short, long, value_name = "NAME")]
    user: Option<String>,
    /// The password. Others can read it in the process list: a file or RADIUS_PASSWORD is better; on a terminal it is
    /// asked for. With --file and no --user, `-p N` is --parallel N, as elsewhere
    #[arg(short, long, value_name = "PASSWORD", value_parser = values::password, allow_hyphen_values = true)]
    password: Option<SecretText>,
    /// The file whose first line is the password
    #[arg(long, value_name = "FILE", conflicts_with = "password", value_hint = ValueHint::FilePath)]
    password_file: Option<PathBuf>,
    /// How the user proves who it is
    #[arg(short, long, value_name = "METHOD", value_enum, default_value_t = MethodName::Pap)]
    method: MethodName,
    /// Answer an Access-Challenge with this; repeatable, one a round. On a terminal it is asked for
    #[arg(long, value_name = "TEXT", value_parser = values::password, allow_hyphen_values = true)]
    response: Vec<SecretText>,
}

/// The methods by their names on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MethodName {
    /// User-Password, hidden with the shared secret (RFC 2865 §5.2)
    Pap,
    /// CHAP-Password over a random challenge (RFC 2865 §2.2)
    Chap,
    /// No proof at all, or what --attr and --file bring
    None,
}

impl MethodName {
    /// The name on the command line and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            MethodName::Pap => "pap",
            MethodName::Chap => "chap",
            MethodName::None => "none",
        }
    }
}

/// Runs `radius auth`.
pub fn run(mut args: Args, output: &mut Output) -> Result<Exit, Diagnostic> {
    if args.user.is_none() && !args.client.request.files.is_empty() {
        take_parallel(&mut args);
    }
    let login = Login {
        user: args.user,
        password: args.password.map(|password| password.0),
        password_file: args.password_file,
        method: args.method,
        responses: args.response.into_iter().map(|response| response.0).collect(),
    };
    let purpose = Purpose::new(Code::ACCESS_REQUEST).with_login(login);
    let make = |client, output: &mut Output| plan::make(client, purpose, output);
    run::command(args.client, output, make, run::client)
}

/// With requests from a file and no user, `-p 64` can only mean what it means everywhere else.
fn take_parallel(args: &mut Args) {
    let number = args
        .password
        .as_ref()
        .and_then(|text| std::str::from_utf8(text.0.expose()).ok()?.parse().ok());
    if let Some(number @ 1..=65_536) = number {
        args.client.volume.parallel = number;
        args.password = None;
    }
}
