//! Reading what the command line points at: files, standard input, and prompts on the terminal.

use std::fs;
use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;

use crate::codec::Secret;
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::words;

/// Everything in a file, or on standard input where the name is `-`.
pub fn read(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    let octets = if path == Path::new("-") {
        let mut octets = Vec::new();
        io::stdin().lock().read_to_end(&mut octets).map(|_| octets)
    } else {
        fs::read(path)
    };
    octets.map_err(|error| words::cannot_read(path, &error))
}

/// Writes a file that only its owner may read, in the place of one that is there.
pub fn write_private(path: &Path, octets: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(octets)
}

/// The text in a file, which must be UTF-8.
pub fn read_text(path: &Path) -> Result<String, Diagnostic> {
    text(path, read(path)?)
}

/// Octets that were read from a file as text, which must be UTF-8.
pub fn text(path: &Path, octets: Vec<u8>) -> Result<String, Diagnostic> {
    String::from_utf8(octets).map_err(|error| {
        let valid = error
            .as_bytes()
            .get(..error.utf8_error().valid_up_to())
            .unwrap_or(&[]);
        let line = valid.iter().filter(|octet| **octet == b'\n').count() + 1;
        let column = valid.iter().rev().take_while(|octet| **octet != b'\n').count() + 1;
        words::not_text(path, line, column)
    })
}

/// The first line of a file as a secret; blanks and control characters at its end do not belong to it.
pub fn read_secret(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    let octets = read(path)?;
    let line = octets.split(|octet| *octet == b'\n').next().unwrap_or(&[]);
    let length = line
        .iter()
        .rposition(|octet| *octet > b' ')
        .map_or(0, |last| last + 1);
    match line.get(..length) {
        Some(secret) if !secret.is_empty() => Ok(secret.to_vec()),
        _ => Err(Diagnostic::error(
            "secret",
            Exit::Usage,
            format!("the first line of `{}` is empty", path.display()),
        )),
    }
}

/// Asks on the terminal without echo; `None` where there is no terminal to ask on.
pub fn ask(prompt: &str) -> Option<io::Result<Secret>> {
    if !io::stdin().is_terminal() {
        return None;
    }
    let mut stderr = io::stderr();
    let asked = write!(stderr, "{prompt}").and_then(|()| stderr.flush());
    Some(
        asked
            .and_then(|()| rpassword::read_password())
            .map(|text| Secret::new(text.into_bytes())),
    )
}

/// Asks somebody who is there; `None` where nobody is, or the asking fails.
pub fn ask_on_terminal(prompt: &str, echo: bool) -> Option<Secret> {
    if !echo {
        return ask(prompt).and_then(Result::ok);
    }
    if !io::stdin().is_terminal() {
        return None;
    }
    let mut stderr = io::stderr();
    write!(stderr, "{prompt}").and_then(|()| stderr.flush()).ok()?;
    let mut line = String::new();
    io::stdin().read_line(&mut line).ok()?;
    Some(Secret::new(line.trim_end_matches(['\r', '\n']).as_bytes()))
}
