//! Words for our own JSON as input.

use super::quoted;
use crate::report::diagnostic::{Diagnostic, Exit};

const WITH_OCTETS: &str = "--hex adds the octets of packets to JSON, and --trace to that of serve";

/// Text that began like JSON and is none.
pub fn not_json(origin: &str, line: usize, column: usize) -> Diagnostic {
    let message = format!("{origin}, line {line}, column {column}: this is no JSON");
    Diagnostic::error("not-json", Exit::Usage, message)
}

/// Octets in JSON that are none.
pub fn bad_record(origin: &str, number: u64, text: &str) -> Diagnostic {
    let shown: String = text.chars().take(40).collect();
    let message = format!("{origin}, object {number}: {} is not hexadecimal", quoted(shown));
    Diagnostic::error("bad-octets", Exit::Usage, message)
}

/// Masked octets where they would have to be known.
pub fn masked_record(origin: &str, number: u64) -> Diagnostic {
    let message = format!(
        "{origin}, object {number}: some of its octets are masked, so that nobody can show or write them"
    );
    Diagnostic::error("masked-octets", Exit::Usage, message)
        .hint("what printed it shows all octets with --show-secrets")
}

/// Packets without their octets.
pub fn no_octets(origin: &str, count: u64) -> Diagnostic {
    let what = if count == 1 { "one packet" } else { "packets" };
    let how_many = if count == 1 {
        String::new()
    } else {
        format!("{count} ")
    };
    Diagnostic::warning(
        "no-octets",
        format!("{how_many}{what} of {origin} came without octets and could not be read"),
    )
    .hint(WITH_OCTETS)
}

/// Nothing was printed.
pub fn nothing_recorded(origin: &str, packets: u64, filtered: bool) -> Diagnostic {
    let message = match packets {
        0 => format!("there is no packet in {origin}"),
        _ if filtered => format!("none of {packets} packets is what the filter asks for"),
        _ => format!("none of {packets} packets is wanted"),
    };
    Diagnostic::warning("nothing-found", message)
}
