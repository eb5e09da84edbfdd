//! `radius acct`: one accounting record, or a whole session (RFC 2866).

use std::time::Duration;

use clap::ValueEnum;

use super::options::ClientArgs;
use super::plan::{self, Accounting, Purpose};
use super::run;
use super::values;
use crate::codec::Code;
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::output::Output;

/// Arguments of `radius acct`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    client: ClientArgs,
    /// What is reported; without it, start, unless --attr or --file say Acct-Status-Type
    #[arg(long = "type", value_name = "TYPE", value_enum)]
    kind: Option<RecordType>,
    /// Acct-Session-Id; a random one otherwise
    #[arg(long, value_name = "ID")]
    session_id: Option<String>,
    /// Whose session it is: User-Name
    #[arg(short, long, value_name = "NAME")]
    user: Option<String>,
    /// A whole session: Start, Interim-Updates, Stop
    #[arg(long, conflicts_with_all = ["kind", "files", "dry_run"])]
    session: bool,
    /// The time between the records of --session
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = values::duration, requires = "session")]
    interval: Duration,
    /// How many Interim-Updates --session sends
    #[arg(long, value_name = "N", default_value_t = 2, requires = "session")]
    updates: u32,
}

/// Acct-Status-Type (RFC 2866 §5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RecordType {
    /// A session begins
    Start,
    /// A session ended
    Stop,
    /// A session goes on (Interim-Update)
    #[value(alias = "interim-update", alias = "alive")]
    Interim,
    /// The NAS has started (Accounting-On)
    #[value(alias = "accounting-on")]
    On,
    /// The NAS is about to stop (Accounting-Off)
    #[value(alias = "accounting-off")]
    Off,
}

impl RecordType {
    /// The value of Acct-Status-Type.
    pub fn number(self) -> u32 {
        match self {
            RecordType::Start => 1,
            RecordType::Stop => 2,
            RecordType::Interim => 3,
            RecordType::On => 7,
            RecordType::Off => 8,
        }
    }
}

/// Runs `radius acct`.
pub fn run(args: Args, output: &mut Output) -> Result<Exit, Diagnostic> {
    let accounting = Accounting {
        kind: args.kind,
        session_id: args.session_id,
        user: args.user,
    };
    let session = args.session.then_some((args.interval, args.updates));
    let purpose = Purpose::new(Code::ACCOUNTING_REQUEST).with_accounting(accounting);
    let make = |client, output: &mut Output| match session {
        Some((interval, updates)) => plan::make_session(client, purpose, interval, updates, output),
        None => plan::make(client, purpose, output),
    };
    run::command(args.client, output, make, run::client)
}
