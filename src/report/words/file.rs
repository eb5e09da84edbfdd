//! Words for files that cannot be read or written.

use std::io;
use std::path::Path;

use super::quoted;
use crate::report::diagnostic::{Diagnostic, Exit};

/// A file that cannot be read.
pub fn cannot_read(path: &Path, error: &io::Error) -> Diagnostic {
    let message = format!("cannot read {}: {}", quoted(path.display()), system(error));
    let diagnostic = Diagnostic::error("file", Exit::Usage, message);
    match error.kind() {
        io::ErrorKind::NotFound => diagnostic.hint("check the name and the directory it is relative to"),
        io::ErrorKind::PermissionDenied => diagnostic.hint("this user may not read it"),
        _ => diagnostic,
    }
}

/// A file or directory that cannot be written.
pub fn cannot_write(path: &Path, error: &io::Error) -> Diagnostic {
    let message = format!("cannot write {}: {}", quoted(path.display()), system(error));
    Diagnostic::error("file", Exit::Local, message)
}

/// A file that is not text.
pub fn not_text(path: &Path, line: usize, column: usize) -> Diagnostic {
    let message = format!("{}:{line}:{column}: an octet that is not UTF-8", path.display());
    Diagnostic::error("file", Exit::Usage, message).hint("the file must be text in UTF-8")
}

/// The system's words without its number, which helps nobody.
pub(super) fn system(error: &io::Error) -> String {
    let text = error.to_string();
    let end = text.find(" (os error").unwrap_or(text.len());
    let mut text: String = text.chars().take(end).collect();
    if let Some(first) = text.get_mut(0..1) {
        first.make_ascii_lowercase();
    }
    text
}

/// What a kind of error is called, where no more is known of it.
pub(super) fn system_kind(kind: io::ErrorKind) -> String {
    match kind {
        io::ErrorKind::NotFound => "no such file or directory".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::IsADirectory => "is a directory".into(),
        other => other.to_string(),
    }
}

/// A file that should hold packets and holds none.
pub fn no_packets(origin: &str) -> Diagnostic {
    Diagnostic::error(
        "empty-file",
        Exit::Usage,
        format!("{} holds no packet", quoted(origin)),
    )
    .hint("a packet is one or more lines NAME = VALUE; a blank line parts two packets")
}

/// A file of expectations that does not go with its file of requests.
pub fn unequal(requests: &Path, packets: usize, expectations: &Path, blocks: usize) -> Diagnostic {
    let message = format!(
        "{} has {packets} packets and {} has {blocks} expectations",
        quoted(requests.display()),
        quoted(expectations.display())
    );
    Diagnostic::error("expectations", Exit::Usage, message)
        .hint("each packet needs one block, in the same order")
}

/// A packet without a destination where HOST is `-`.
pub fn no_destination(origin: Option<&(std::path::PathBuf, usize)>) -> Diagnostic {
    let which = match origin {
        Some((path, index)) => format!("packet {} of {}", index + 1, quoted(path.display())),
        None => "the packet".to_owned(),
    };
    Diagnostic::error(
        "no-destination",
        Exit::Usage,
        format!("HOST is `-`, and {which} does not say where it goes"),
    )
    .hint("give it Packet-Dst-IP-Address and Packet-Dst-Port")
}

/// A prompt that failed.
pub fn cannot_ask(what: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::error(
        "prompt",
        Exit::Usage,
        format!("cannot ask for {what}: {}", system(error)),
    )
}

/// Why a text is no secret. The text itself is never part of it.
pub const EMPTY_SECRET: &str = "a secret has at least one octet";
/// The same.
pub const SECRET_NOT_HEX: &str = "after 0x stands an even number of hexadecimal digits";

/// A text that is no shared secret.
pub fn bad_secret(origin: &str, why: &str) -> Diagnostic {
    let message = format!("the shared secret in {} is none: {why}", quoted(origin));
    Diagnostic::error("secret", Exit::Usage, message)
}
