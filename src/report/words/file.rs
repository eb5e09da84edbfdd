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
