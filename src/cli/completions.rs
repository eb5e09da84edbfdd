//! `radius completions`: what a shell needs to complete this command line.

use clap::ValueEnum;
use clap_complete::Shell;

use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::output::Output;

/// Arguments of `radius completions`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell
    #[arg(value_enum, required_unless_present = "dir")]
    shell: Option<Shell>,
    /// Write the completions of every shell into this directory instead, under the names that packagers use
    #[arg(long, value_name = "DIR", conflicts_with = "shell")]
    dir: Option<std::path::PathBuf>,
}

/// Prints, or writes, the completions.
pub fn run(args: &Args, output: &mut Output) -> Result<Exit, Diagnostic> {
    let mut command = super::command();
    if let Some(dir) = &args.dir {
        for shell in Shell::value_variants() {
            clap_complete::generate_to(*shell, &mut command, "radius", dir)
                .map_err(|error| crate::report::words::cannot_write(dir, &error))?;
        }
    }
    if let Some(shell) = args.shell {
        let mut text = Vec::new();
        clap_complete::generate(shell, &mut command, "radius", &mut text);
        output.print(&String::from_utf8_lossy(&text));
    }
    Ok(Exit::Success)
}
