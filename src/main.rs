//! The `radius` binary; everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    radius::cli::main()
}
