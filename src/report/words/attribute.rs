//! Words for the facts of `attr`: values that are none, and texts that say no attribute.

use super::{did_you_mean, octets, quoted};
use crate::attr::{EncodeError, EncodeErrorKind, Sealed, TextError, TextErrorKind, ValueFault};
use crate::codec::hex::HexError;
use crate::codec::hide::RevealError;
use crate::dictionary::{Dictionary, Near, ResolveErrorKind};
use crate::report::diagnostic::{Diagnostic, Excerpt, Exit};

/// Why octets are no value of their attribute's type.
pub fn value_fault(fault: &ValueFault) -> String {
    match *fault {
        ValueFault::Empty => "no octets, and at least one is needed".into(),
        ValueFault::Length { expected, found } => format!("{}, and the type has {expected}", octets(found)),
        ValueFault::LengthRange { min, max, found } => {
            format!("{}, and the type has {min} to {max}", octets(found))
        }
        ValueFault::PrefixLength { bits, max } => {
            format!("a prefix of {bits} bits, and the address has {max}")
        }
        ValueFault::PrefixCut { needed, found } => {
            format!("the prefix needs {}, and {found} are there", octets(needed))
        }
        ValueFault::Tag(tag) => format!("the first octet, {tag:#04x}, is no tag (RFC 2868 §3.1)"),
        ValueFault::NotBool(octet) => format!("{octet} is neither 0 nor 1"),
        ValueFault::Inner { at, length, left } => {
            format!(
                "the inner attribute at octet {at} has length {length}, and {} left",
                octets(left)
            )
        }
        ValueFault::Vendor(number) => format!("the vendor's number {number:#010x} has more than 24 bits"),
        ValueFault::FragmentMissing => "more was announced, and the next fragment is missing".into(),
        ValueFault::StructCut { at } => format!("cut within the member that begins at octet {at}"),
        ValueFault::StructTrailing { at } => {
            format!("octets are left after the last member, from octet {at} on")
        }
        ValueFault::Branch(key) => format!("no branch belongs to the key {key}"),
        ValueFault::TooDeep => "attributes nested too deep".into(),
        ValueFault::Hidden(error) => reveal_error(&error),
        ValueFault::FilterKind(kind) => format!("{kind} is no kind of filter"),
    }
}

/// Why a hidden value stays hidden; nothing where only the secret is missing.
pub fn sealed(sealed: &Sealed) -> Option<String> {
    match sealed {
        Sealed::NoSecret => None,
        Sealed::Reveal(error) => Some(reveal_error(error)),
        Sealed::Inside(_) => {
            Some("the secret opens it to nothing that makes sense: the secrets differ".into())
        }
    }
}

fn reveal_error(error: &RevealError) -> String {
    match *error {
        RevealError::NotBlocks { length } => {
            format!(
                "{} of cipher text, which is no number of whole blocks of 16",
                octets(length)
            )
        }
        RevealError::NoSalt => "the salt is missing".into(),
        RevealError::LengthInside { length, available } => format!(
            "the length inside says {length}, and {available} octets are there: the secrets differ, or it was cut"
        ),
    }
}

/// The text with stars for the octets of every value that belongs to a password, a secret or a key by its name: an
/// error must not show them, whatever is wrong and however little of the text can be understood.
fn masked(text: &str) -> String {
    const SECRET: [&str; 4] = ["password", "secret", "-key", "-keys"];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(is_operator) {
        let (head, tail) = rest.split_at(at);
        let name = head
            .rsplit([',', '\n', '{'])
            .next()
            .unwrap_or(head)
            .trim()
            .to_ascii_lowercase();
        let name = name.split(':').next().unwrap_or_default().trim_end();
        let value = tail
            .trim_start_matches(is_operator)
            .trim_start_matches([' ', '\t']);
        let length = value_length(value);
        out.push_str(head);
        out.push_str(&tail[..tail.len() - value.len()]);
        let (value, after) = value.split_at(length);
        if SECRET.iter().any(|word| name.ends_with(word)) {
            out.push_str(&"*".repeat(value.len()));
        } else {
            out.push_str(value);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

fn is_operator(character: char) -> bool {
    matches!(character, '=' | '<' | '>' | '!' | '~')
}

/// How many octets at the beginning of `text` are one value, as far as can be told: to the closing quote, or to the
/// next comma or line.
fn value_length(text: &str) -> usize {
    let quote = text
        .chars()
        .next()
        .filter(|first| matches!(first, '"' | '\'' | '`'));
    let Some(quote) = quote else {
        return text.find([',', '\n']).unwrap_or(text.len());
    };
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == quote => return at + character.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// Where a text stands: a file with lines, or an option of the command line.
fn excerpt(
    origin: &str,
    line: Option<usize>,
    text: &str,
    span: std::ops::Range<usize>,
    label: &str,
) -> Excerpt {
    Excerpt {
        origin: origin.into(),
        line,
        text: masked(text),
        span,
        label: label.into(),
    }
}

/// A text that is no list of pairs. `span` of the error counts within `text`.
pub fn text_error(error: &TextError, origin: &str, line: Option<usize>, text: &str) -> Diagnostic {
    let (message, hint) = match error.kind {
        TextErrorKind::NoName => ("an attribute's name must stand here", None),
        TextErrorKind::NoOperator => (
            "an operator must follow the name",
            Some("the form is NAME = VALUE, such as User-Name = \"bob\""),
        ),
        TextErrorKind::NoValue => ("a value must follow the operator", None),
        TextErrorKind::Trailing => (
            "the value ends before this",
            Some("a value with blanks needs quotes; a comma parts two attributes"),
        ),
        TextErrorKind::OpenQuote => ("the quote is not closed", None),
        TextErrorKind::OpenGroup => ("the bracket is not closed", None),
        TextErrorKind::BadEscape => (
            "this escape means nothing",
            Some("known are \\n \\r \\t \\\\ \\\" \\' \\xHH and \\OOO (octal); write \\\\ for a backslash"),
        ),
        TextErrorKind::BadTag => ("a tag is a number from 0 to 31 (RFC 2868 §3.1)", None),
        TextErrorKind::Backquote => (
            "commands between backquotes are never run",
            Some("quote the text with \""),
        ),
        TextErrorKind::TooDeep => ("nested too deep", None),
    };
    let diagnostic = Diagnostic::error("attribute-syntax", Exit::Usage, message).excerpt(excerpt(
        origin,
        line,
        text,
        error.span.clone(),
        "",
    ));
    match hint {
        Some(hint) => diagnostic.hint(hint),
        None => diagnostic,
    }
}

/// A pair that cannot be put into a packet or asked for. `span` of the error counts within `text`.
pub fn pair_error(
    error: &EncodeError,
    dictionary: &Dictionary,
    origin: &str,
    line: Option<usize>,
    text: &str,
) -> Diagnostic {
    let hidden = masked(text);
    let written = hidden
        .get(error.span.clone())
        .unwrap_or("")
        .trim_matches(['"', '\'']);
    let (kind, message) = encode_error(error, written);
    let diagnostic = Diagnostic::error(kind, Exit::Usage, message).excerpt(excerpt(
        origin,
        line,
        text,
        error.span.clone(),
        "",
    ));
    hinted(diagnostic, error, written, dictionary)
}

/// What is wrong with a pair: for scripts, and for people.
pub fn encode_error(error: &EncodeError, written: &str) -> (&'static str, String) {
    let name = quoted(&error.name);
    match &error.kind {
        EncodeErrorKind::Name(why) => match why.kind {
            ResolveErrorKind::UnknownVendor => {
                ("unknown-vendor", format!("unknown vendor {}", quoted(written)))
            }
            ResolveErrorKind::BadNumber | ResolveErrorKind::TooDeep | ResolveErrorKind::Empty => {
                ("bad-oid", format!("{name} is no attribute's number"))
            }
            _ => ("unknown-attribute", format!("unknown attribute {name}")),
        },
        EncodeErrorKind::Internal => (
            "internal-attribute",
            format!("{name} is a server-internal attribute and never stands on the wire"),
        ),
        EncodeErrorKind::Comparison => (
            "operator",
            format!("{name} is to be sent, and this operator compares; use ="),
        ),
        EncodeErrorKind::Untagged => ("tag", format!("{name} takes no tag")),
        EncodeErrorKind::UnknownValueName { .. } => (
            "unknown-value",
            format!("{} is no value of {name}", quoted(written)),
        ),
        EncodeErrorKind::OutOfRange { min, max } => (
            "out-of-range",
            format!("{} is out of range for {name}: {min} to {max}", quoted(written)),
        ),
        EncodeErrorKind::NotA(kind) => (
            "bad-value",
            format!(
                "{} is no value for {name}, which is of type {kind}",
                quoted(written)
            ),
        ),
        EncodeErrorKind::Hex(HexError::OddDigits { digits }) => (
            "bad-hex",
            format!("{name} has an odd number of hexadecimal digits, {digits}"),
        ),
        EncodeErrorKind::Hex(HexError::NotADigit { found, .. }) => (
            "bad-hex",
            format!("{} in the value of {name} is no hexadecimal digit", quoted(found)),
        ),
        EncodeErrorKind::HexOnly => ("bad-value", format!("{name} takes octets only, written 0x…")),
        EncodeErrorKind::Mask => (
            "bad-value",
            format!(
                "{} does not fit {name}: the address family or the mask",
                quoted(written)
            ),
        ),
        EncodeErrorKind::Host => (
            "bad-address",
            format!(
                "{} is neither an address nor a host that is known",
                quoted(written)
            ),
        ),
        EncodeErrorKind::Empty => (
            "empty-value",
            format!("{name} cannot be empty: RFC 2865 §5 wants at least one octet"),
        ),
        EncodeErrorKind::TooLong { length, max } => (
            "value-too-long",
            format!("the value of {name} has {length} octets, and {max} are the most"),
        ),
        EncodeErrorKind::Length { expected, found } => (
            "bad-length",
            format!(
                "the value of {name} has {}, and {expected} are needed",
                octets(*found)
            ),
        ),
        EncodeErrorKind::NotAGroup => ("bad-value", format!("{name} holds no other attributes")),
        EncodeErrorKind::Group => ("bad-value", format!("{name} is no group of attributes")),
        EncodeErrorKind::NotAChild => ("bad-value", format!("{name} does not stand inside that group")),
        EncodeErrorKind::Unencodable => ("bad-oid", format!("{name} has no place on the wire")),
        EncodeErrorKind::Twice => ("bad-value", format!("{name} is given twice")),
        EncodeErrorKind::Code => ("unknown-code", format!("{} is no packet's Code", quoted(written))),
        EncodeErrorKind::Pattern => (
            "bad-pattern",
            format!("{} cannot be used as a regular expression", quoted(written)),
        ),
    }
}

/// With what was probably meant.
fn hinted(diagnostic: Diagnostic, error: &EncodeError, written: &str, dictionary: &Dictionary) -> Diagnostic {
    match &error.kind {
        EncodeErrorKind::Name(why) => match why.kind {
            ResolveErrorKind::UnknownVendor => {
                did_you_mean(diagnostic, &dictionary.suggest(written, Near::Vendors))
            }
            ResolveErrorKind::UnknownName | ResolveErrorKind::UnknownChild(_) => {
                let near = dictionary.suggest(&error.name, Near::Attributes);
                let diagnostic = did_you_mean(diagnostic, &near);
                if near.is_empty() {
                    diagnostic
                        .hint("-D FILE adds a dictionary; an attribute without a name is Attr-26.9.1 = 0x…")
                } else {
                    diagnostic
                }
            }
            _ => diagnostic.hint("numbers are written 26.9.1 or Attr-26.9.1"),
        },
        EncodeErrorKind::UnknownValueName { key } => {
            let near = dictionary.suggest(written, Near::Values(*key));
            if near.is_empty() {
                diagnostic.hint("a number may stand there too")
            } else {
                did_you_mean(diagnostic, &near)
            }
        }
        EncodeErrorKind::Empty => {
            diagnostic.hint("leave the attribute out, or send it empty with raw.NAME = 0x")
        }
        EncodeErrorKind::Internal => diagnostic.hint("it steers a server and is not sent; leave it out"),
        _ => diagnostic,
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn secrets_in_a_text_are_stars_and_all_else_stays_in_its_place() {
        for (text, expected) in [
            ("User-Password = hush", "User-Password = ****"),
            (
                "User-Name=a,User-Password=\"hu,sh\",NAS-Port=x",
                "User-Name=a,User-Password=*******,NAS-Port=x",
            ),
            (
                "Tunnel-Password:1 := 'hu\\'sh' x",
                "Tunnel-Password:1 := ******** x",
            ),
            ("MS-MPPE-Send-Key = 0x6875", "MS-MPPE-Send-Key = ******"),
            ("cleartext-password = h\u{e9}", "cleartext-password = ***"),
            ("User-Password = \"open", "User-Password = *****"),
            ("User-Nmae = bob # comment", "User-Nmae = bob # comment"),
            ("Service-Type", "Service-Type"),
            ("User-Password", "User-Password"),
        ] {
            assert_eq!(masked(text), expected);
            assert_eq!(masked(text).len(), text.len());
        }
    }
}
