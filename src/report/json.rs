//! The views as JSON.

use serde::Serialize;

/// One object laid out to be read.
pub fn pretty(value: &impl Serialize) -> String {
    line_end(serde_json::to_string_pretty(value))
}

/// One object on one line.
pub fn line(value: &impl Serialize) -> String {
    line_end(serde_json::to_string(value))
}

fn line_end(text: serde_json::Result<String>) -> String {
    // The views hold nothing that JSON cannot say: their keys are strings, and floats that are no numbers are text.
    let mut text = text.expect("a view is always JSON");
    text.push('\n');
    text
}
