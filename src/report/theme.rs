//! Which colour means what. Text is written with these styles throughout; whether colours reach the terminal is
//! decided where the stream is opened.

use anstyle::{AnsiColor, Style};

/// Success: an Accept, an ACK, a response.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
/// Refusal or failure.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// Something to look at.
pub const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// What to do next.
pub const HINT: Style = AnsiColor::Cyan.on_default().bold();
/// What was sent, in a trace.
pub const SENT: Style = AnsiColor::Blue.on_default().bold();
/// Attribute names.
pub const NAME: Style = AnsiColor::Cyan.on_default();
/// What matters less: offsets, octets.
pub const FAINT: Style = Style::new().dimmed();
/// The headings of help.
pub const HEADING: Style = Style::new().bold().underline();

/// `text` in a style, as one piece.
pub fn paint(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}
