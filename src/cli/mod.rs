//! THIN: the command line. One file a subcommand: its arguments, the plan that they make, and the run.
//!
//! A plan is complete before anything happens: environment, files and prompts are read while it is made, and an
//! error until then means that nothing was sent.

mod acct;
mod auth;
mod complete;
mod completions;
mod connection;
mod demo;
mod dict;
mod dictionaries;
mod dynauth;
mod eap;
mod files;
mod man;
mod methods;
mod options;
mod plan;
mod printer;
mod run;
mod send;
mod serve;
mod status;
mod trace;
mod values;

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::report::diagnostic::Exit;
use crate::report::output::Output;
use crate::report::theme;

const AFTER_HELP: &str = "\
Examples:
  radius auth -u alice -s secret 192.0.2.1          ask for the password, then the server
  radius auth -u alice --secret-file s --json HOST  one JSON object, for scripts
  radius acct --session -u alice HOST               Start, Interim-Updates, Stop
  radius status --watch 5s HOST                     is it up?
  radius send -f requests.txt HOST                  requests in radclient's format
  radius trace --hex 0105… -s secret                what do these octets say?
  radius demo                                       a server and a client, every octet shown

Exit codes: 0 yes · 1 the server said no · 2 usage · 3 no reply
            4 untrusted reply · 5 broken conversation · 6 local failure";

/// The command-line RADIUS test tool: ask a server, see every octet, know why it failed
#[derive(Debug, Parser)]
#[command(name = "radius", version, after_help = AFTER_HELP, styles = styles(), max_term_width = 110)]
#[command(
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
struct Cli {
    #[command(flatten)]
    global: GlobalArgs,
    #[command(subcommand)]
    command: Command,
}

/// What every subcommand understands.
#[derive(Debug, clap::Args)]
struct GlobalArgs {
    /// When to use colours; NO_COLOR is honoured too
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    color: Color,
    /// Say more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// Print results only in the exit code; errors still go to standard error
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug)]
enum Command {
    Auth(Box<auth::Args>),
    Acct(acct::Args),
    Coa(dynauth::CoaArgs),
    Disconnect(dynauth::DisconnectArgs),
    Status(status::Args),
    Send(send::Args),
    Serve(Box<serve::Args>),
    Trace(trace::Args),
    Dict(dict::Args),
    Demo(demo::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// The subcommands: what they are called, what they are about, and how their arguments are made.
const COMMANDS: [(&str, &str, Maker); 12] = [
    (
        "auth",
        "May this user in? Access-Request until Accept or Reject",
        arguments::<auth::Args>,
    ),
    (
        "acct",
        "Accounting: one record, or a whole session",
        parallel::<acct::Args>,
    ),
    (
        "coa",
        "Change a session's authorization: CoA-Request (RFC 5176)",
        parallel::<dynauth::CoaArgs>,
    ),
    (
        "disconnect",
        "End a session: Disconnect-Request (RFC 5176)",
        parallel::<dynauth::DisconnectArgs>,
    ),
    (
        "status",
        "Is the server up, and how is it? Status-Server (RFC 5997)",
        parallel::<status::Args>,
    ),
    (
        "send",
        "Send any packet: from a file, from attributes, or raw octets",
        parallel::<send::Args>,
    ),
    (
        "serve",
        "A test server: auth, acct, CoA, Status-Server, with faults on purpose",
        arguments::<serve::Args>,
    ),
    (
        "trace",
        "See every octet: captures, interfaces, pipes and hexadecimal text, decoded, checked and opened",
        arguments::<trace::Args>,
    ),
    (
        "dict",
        "What the dictionaries know: lookup, search, list, vendors, values, check, export",
        arguments::<dict::Args>,
    ),
    (
        "demo",
        "A server and a client in one process: whole exchanges, every packet shown",
        arguments::<demo::Args>,
    ),
    (
        "completions",
        "Print the completions of a shell",
        arguments::<completions::Args>,
    ),
    (
        "man",
        "Write the manual pages into a directory",
        arguments::<man::Args>,
    ),
];

/// Makes the arguments of a subcommand.
type Maker = fn(clap::Command) -> clap::Command;

/// Written out rather than derived: the arguments of a subcommand are made when it is the one that is called, so that
/// none starts the slower for what the others understand.
impl Subcommand for Command {
    fn augment_subcommands(command: clap::Command) -> clap::Command {
        let later = COMMANDS.map(|(name, about, make)| clap::Command::new(name).about(about).defer(make));
        command.subcommands(later)
    }

    fn augment_subcommands_for_update(command: clap::Command) -> clap::Command {
        Command::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        Command::augment_subcommands(clap::Command::default())
            .find_subcommand(name)
            .is_some()
    }
}

impl FromArgMatches for Command {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Command, clap::Error> {
        Command::from_arg_matches_mut(&mut matches.clone())
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Command, clap::Error> {
        let Some((name, mut matches)) = matches.remove_subcommand() else {
            return Err(clap::Error::new(ErrorKind::MissingSubcommand));
        };
        let command = match name.as_str() {
            "auth" => Command::Auth(Box::new(taken(&mut matches)?)),
            "acct" => Command::Acct(taken(&mut matches)?),
            "coa" => Command::Coa(taken(&mut matches)?),
            "disconnect" => Command::Disconnect(taken(&mut matches)?),
            "status" => Command::Status(taken(&mut matches)?),
            "send" => Command::Send(taken(&mut matches)?),
            "serve" => Command::Serve(Box::new(taken(&mut matches)?)),
            "trace" => Command::Trace(taken(&mut matches)?),
            "dict" => Command::Dict(taken(&mut matches)?),
            "demo" => Command::Demo(taken(&mut matches)?),
            "completions" => Command::Completions(taken(&mut matches)?),
            "man" => Command::Man(taken(&mut matches)?),
            _ => return Err(clap::Error::new(ErrorKind::InvalidSubcommand)),
        };
        kept(matches);
        Ok(command)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Command::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The arguments of a subcommand, taken out of what was parsed rather than copied.
fn taken<A: FromArgMatches>(matches: &mut ArgMatches) -> Result<A, clap::Error> {
    A::from_arg_matches_mut(matches)
}

/// Leaves a tree to the end of the process: it is made once, and taking it apart piece by piece would be a tenth of
/// what a start takes.
fn kept<T>(tree: T) {
    std::mem::forget(tree);
}

/// The arguments `A`; what the command is about stays as it was said.
fn arguments<A: clap::Args>(command: clap::Command) -> clap::Command {
    let about = command.get_about().cloned();
    A::augment_args(command)
        .about(about.unwrap_or_default())
        .long_about(None)
}

/// The same where `-p` is the number of requests in flight, as everywhere but in `auth`, where it is the password.
fn parallel<A: clap::Args>(command: clap::Command) -> clap::Command {
    arguments::<A>(command).mut_arg("parallel", |arg| arg.short('p'))
}

/// The tree of commands that everything else is made from: parser, help, completions, manual pages.
fn command() -> clap::Command {
    Cli::command()
}

/// The same with every argument made, for whoever changes them.
fn whole_command() -> clap::Command {
    COMMANDS.into_iter().fold(command(), |tree, (name, about, make)| {
        tree.mut_subcommand(name, |_| make(clap::Command::new(name).about(about)))
    })
}

/// Parses the arguments of this process, runs what they say, and ends with an exit code of the contract.
pub fn main() -> ExitCode {
    if complete::answer(whole_command) {
        return ExitCode::SUCCESS;
    }
    let cli = match parse() {
        Ok(cli) => cli,
        Err(error) => {
            let error = with_habit(error);
            // Help and version are results; all else is usage. A closed pipe is nobody's fault.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() {
                Exit::Usage as u8
            } else {
                Exit::Success as u8
            });
        }
    };
    match cli.global.color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::AlwaysAnsi.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
    let mut output = Output::new(cli.global.verbose, cli.global.quiet);
    let exit = match cli.command {
        Command::Auth(args) => auth::run(*args, &mut output),
        Command::Acct(args) => acct::run(args, &mut output),
        Command::Coa(args) => dynauth::run_coa(args, &mut output),
        Command::Disconnect(args) => dynauth::run_disconnect(args, &mut output),
        Command::Status(args) => status::run(args, &mut output),
        Command::Send(args) => send::run(args, &mut output),
        Command::Serve(args) => serve::run(*args, &mut output),
        Command::Trace(args) => trace::run(args, &mut output),
        Command::Dict(args) => dict::run(args, &mut output),
        Command::Demo(args) => demo::run(args, &mut output),
        Command::Completions(args) => completions::run(&args, &mut output),
        Command::Man(args) => man::run(&args, &mut output),
    };
    ExitCode::from(output.finish(exit) as u8)
}

/// What the arguments of this process say.
fn parse() -> Result<Cli, clap::Error> {
    let mut tree = command();
    let mut matches = tree.try_get_matches_from_mut(std::env::args_os())?;
    let cli = Cli::from_arg_matches_mut(&mut matches)?;
    kept((tree, matches));
    Ok(cli)
}

/// Adds a tip for radclient's `HOST auth SECRET`, which hands will write for years to come.
fn with_habit(mut error: clap::Error) -> clap::Error {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidArg) else {
        return error;
    };
    let tip = match word.as_str() {
        "auth" | "acct" | "coa" | "disconnect" | "status" => {
            format!(
                "radclient's `HOST {word} SECRET` is here `radius {word} -s SECRET HOST`, or `radius send` with `-s SECRET` and Packet-Type in the file"
            )
        }
        "auto" => {
            "radclient's `auto` goes without saying here: Packet-Type in the file says the code".to_owned()
        }
        _ => return error,
    };
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    error
}

/// The colours of help, the same as those of all other output.
fn styles() -> clap::builder::Styles {
    clap::builder::Styles::styled()
        .header(theme::HEADING)
        .usage(theme::HEADING)
        .literal(theme::GOOD)
        .placeholder(theme::NAME)
        .error(theme::BAD)
        .invalid(theme::WARNING)
        .valid(theme::GOOD)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_tree_of_commands_is_sound() {
        super::command().debug_assert();
    }
}
