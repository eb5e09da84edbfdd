//! Words for hexadecimal text that is none.

use crate::report::diagnostic::{Diagnostic, Excerpt, Exit};
use crate::trace::hextext::{HexFault, HexTextError, Shape};

/// What the text looked like, and what is wrong with it where.
pub fn hex_text_error(error: &HexTextError, origin: &str, text: &str) -> Diagnostic {
    let what = match error.fault {
        HexFault::Empty => "there are no octets in it".to_owned(),
        HexFault::NotADigit { found } => format!("`{found}` is no hexadecimal digit"),
        HexFault::OddDigits { digits } => format!("an odd number of digits, {digits}"),
        HexFault::NotAnOctet => "this is no octet".to_owned(),
        HexFault::Offset { expected, found } => {
            format!(
                "the line says that it begins at {found:#06x}, and the line before ends at {expected:#06x}"
            )
        }
        HexFault::Repeat => "`*` repeats nothing here".to_owned(),
        HexFault::Escape => "this escape means nothing".to_owned(),
        HexFault::Quote => "the quote is not closed".to_owned(),
    };
    let message = format!("cannot read the packet as {}: {what}", shape(error.shape));
    let line = text.lines().nth(error.line.saturating_sub(1)).unwrap_or("");
    let start: usize = text
        .split_inclusive('\n')
        .take(error.line.saturating_sub(1))
        .map(str::len)
        .sum();
    let span = error.span.start.saturating_sub(start)..error.span.end.saturating_sub(start);
    Diagnostic::error("hex", Exit::Usage, message)
        .excerpt(Excerpt { origin: origin.into(), line: Some(error.line), text: line.into(), span, label: String::new() })
        .hint("known shapes: plain digits, octets with blanks or colons, 0x…, xxd, hexdump -C, tcpdump -x, Wireshark's")
}

/// A range of times, where there are none.
pub fn text_without_times() -> Diagnostic {
    let message = "--from and --until select by time, and hexadecimal text says none";
    Diagnostic::error("usage", Exit::Usage, message)
}

fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Plain => "plain hexadecimal digits",
        Shape::Separated => "hexadecimal octets",
        Shape::Escapes => "a string of \\x escapes",
        Shape::Array => "an array of octets",
        Shape::Xxd => "an xxd dump",
        Shape::Hexdump => "a hexdump -C dump",
        Shape::Words => "a dump of 16-bit words",
        Shape::Tcpdump => "a tcpdump -x dump",
        Shape::Offsets => "a dump with offsets",
    }
}
