//! Facts of the lower layers in words: one function a kind of fact, one file a layer.

mod attribute;
mod exchange;
mod file;
mod network;
mod packet;

pub use attribute::{encode_error, pair_error, sealed, text_error, value_fault};
pub use exchange::{ended, error_cause, expectation, ignored, ignored_kind, verdict};
pub use file::{cannot_read, cannot_write, not_text};
pub use network::{peer_error, resolve_error, socket_error};
pub use packet::{build_error, malformation, too_short};

use super::diagnostic::Diagnostic;

/// `text` between backquotes, as names are quoted in messages.
fn quoted(text: impl std::fmt::Display) -> String {
    format!("`{text}`")
}

/// The hint that goes with near names.
fn did_you_mean(diagnostic: Diagnostic, near: &[&str]) -> Diagnostic {
    match near {
        [] => diagnostic,
        [one] => diagnostic.hint(format!("did you mean `{one}`?")),
        [first, rest @ ..] => {
            let others: Vec<String> = rest.iter().take(4).map(quoted).collect();
            diagnostic.hint(format!("did you mean `{first}`, or {}?", others.join(", ")))
        }
    }
}

/// `1 octet`, `2 octets`.
fn octets(count: usize) -> String {
    if count == 1 {
        "1 octet".into()
    } else {
        format!("{count} octets")
    }
}
