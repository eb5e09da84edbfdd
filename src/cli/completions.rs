//! `radius completions`: what a shell needs to complete this command line.

use clap::ValueEnum;
use clap_complete::{Generator, Shell};

use super::complete;
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::output::Output;

/// Arguments of `radius completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// The shell
    #[arg(value_enum, required_unless_present = "dir")]
    shell: Option<Shell>,
    /// Write the completions of every shell into this directory instead, under the names that packagers use
    #[arg(long, value_name = "DIR", conflicts_with = "shell", value_hint = clap::ValueHint::DirPath)]
    dir: Option<std::path::PathBuf>,
}

const AFTER_HELP: &str = "\
Switch them on:
  bash        source <(radius completions bash)       in ~/.bashrc
  zsh         source <(radius completions zsh)        in ~/.zshrc, after compinit
  fish        radius completions fish | source        in ~/.config/fish/config.fish
  elvish      eval (radius completions elvish | slurp)
  powershell  radius completions powershell | Out-String | Invoke-Expression

The shell then asks this program, so that names of attributes and of their values complete too, from the
dictionaries that -D and RADIUS_DICT load:
  radius send -a Serv<Tab>                Service-Type=
  radius send -a Service-Type=Fra<Tab>    Service-Type=Framed-User
  radius send -e 'Error-Cause == Mis<Tab> and so on, in quotes too; dict lookup, values, list --vendor as well";

/// Prints, or writes, the completions.
pub fn run(args: &Args, output: &mut Output) -> Result<Exit, Diagnostic> {
    if let Some(dir) = &args.dir {
        for shell in Shell::value_variants() {
            let path = dir.join(shell.file_name("radius"));
            std::fs::write(&path, complete::registration(*shell))
                .map_err(|error| crate::report::words::cannot_write(&path, &error))?;
        }
    }
    if let Some(shell) = args.shell {
        output.print_plain(&complete::registration(shell));
    }
    Ok(Exit::Success)
}
