//! Words for what is wrong with a dictionary's text.

use super::file::system_kind;
use super::quoted;
use crate::dictionary::{Block, Fault, FaultKind, Place, Warning, WarningKind, Word};
use crate::report::diagnostic::{Diagnostic, Excerpt, Exit};

/// A fault, with its line and a caret.
pub fn dictionary_fault(fault: &Fault) -> Diagnostic {
    let at = match fault.place.line {
        0 => quoted(&fault.place.file),
        _ => written(&fault.place),
    };
    let (kind, message, hint) = what(&fault.kind, &at);
    let mut diagnostic = Diagnostic::error(kind, Exit::Usage, message);
    if fault.place.line > 0 {
        diagnostic = diagnostic.excerpt(excerpt(&fault.place));
    }
    match hint {
        Some(hint) => diagnostic.hint(hint),
        None => diagnostic,
    }
}

/// Something odd, with its line and a caret.
pub fn dictionary_warning(warning: &Warning) -> Diagnostic {
    let at = written(&warning.place);
    let (kind, message) = match &warning.kind {
        WarningKind::DuplicateNumber { former, origin } => (
            "duplicate-number",
            format!(
                "{at} has the number of {} ({}:{}); the later name is printed",
                quoted(former),
                origin.file,
                origin.line
            ),
        ),
        WarningKind::DuplicateName { oid, origin } => (
            "duplicate-name",
            format!(
                "{at} was {oid} before ({}:{}); the later number counts",
                origin.file, origin.line
            ),
        ),
        WarningKind::Redefined { origin } => (
            "redefined",
            format!(
                "{at} was defined otherwise at {}:{}; the later one counts",
                origin.file, origin.line
            ),
        ),
        WarningKind::DuplicateVendor { former, origin } => (
            "duplicate-vendor",
            format!(
                "{at} has the number of {} ({}:{})",
                quoted(former),
                origin.file,
                origin.line
            ),
        ),
        WarningKind::Shadows { oid } => (
            "shadows",
            format!("{at} hides another attribute of that name, {oid}"),
        ),
        WarningKind::ValueWithoutAttribute => (
            "value-without-attribute",
            format!("{at} names no attribute that is defined anywhere; the VALUE is skipped"),
        ),
        WarningKind::IncludedTwice => (
            "included-twice",
            format!("{at} was included before and is skipped"),
        ),
        WarningKind::NotUtf8 => (
            "not-utf8",
            format!("{} holds octets that are not UTF-8", warning.place.file),
        ),
        WarningKind::OddName => (
            "odd-name",
            format!("{at} cannot be written as an attribute's name in all places"),
        ),
    };
    let diagnostic = Diagnostic::warning(kind, message);
    // What is odd about a whole file has no line.
    if warning.place.line == 0 {
        return diagnostic;
    }
    diagnostic.excerpt(excerpt(&warning.place))
}

/// Whether a quoted word begins as a number.
fn is_numbered(at: &str) -> bool {
    at.trim_start_matches('`')
        .starts_with(|first: char| first.is_ascii_digit())
}

fn excerpt(place: &Place) -> Excerpt {
    let start = (place.column as usize).saturating_sub(1);
    Excerpt {
        origin: place.file.clone(),
        line: Some(place.line as usize),
        text: place.text.clone(),
        span: start..start + place.octets as usize,
        label: String::new(),
    }
}

/// The part of the line that is at fault, quoted.
fn written(place: &Place) -> String {
    let start = (place.column as usize).saturating_sub(1);
    quoted(
        place
            .text
            .get(start..start + place.octets as usize)
            .unwrap_or(&place.text),
    )
}

fn meant(near: Option<&str>) -> Option<String> {
    near.map(|near| format!("did you mean `{near}`?"))
}

type What = (&'static str, String, Option<String>);

fn what(kind: &FaultKind, at: &str) -> What {
    use FaultKind::*;
    match kind {
        CannotRead(_)
        | MissingInclude { .. }
        | IncludeCycle { .. }
        | IncludeOutside { .. }
        | TooManyFiles => files(kind, at),
        DuplicateName { .. }
        | DuplicateValue { .. }
        | DuplicateVendor { .. }
        | DuplicateStruct { .. }
        | ProtocolConflict => taken(kind, at),
        UnknownKeyword { near } => ("unknown-keyword", format!("{at} is no keyword"), meant(*near)),
        UnknownType { near } => ("unknown-type", format!("{at} is no data type"), meant(*near)),
        UnknownFlag { near } => (
            "unknown-flag",
            format!("{at} is no flag and no vendor"),
            meant(near.as_deref()),
        ),
        UnknownAttribute { near } => (
            "unknown-attribute",
            format!("no attribute is named {at}"),
            meant(near.as_deref()),
        ),
        UnknownVendor { .. } if is_numbered(at) => (
            "unknown-vendor",
            format!("{at} is in the space of a vendor that no VENDOR line names"),
            None,
        ),
        UnknownVendor { near } => (
            "unknown-vendor",
            format!("no vendor is named {at}"),
            meant(near.as_deref()),
        ),
        UnknownProtocol => ("unknown-protocol", format!("no protocol is named {at}"), None),
        UnknownReference => ("unknown-reference", format!("{at} leads nowhere"), None),
        UnknownParent { oid } => (
            "unknown-parent",
            format!("{at} stands under {oid}, and nothing is defined there"),
            None,
        ),
        MissingWord(word) => (
            "missing-word",
            format!("the line ends where {} must stand", word_name(*word)),
            None,
        ),
        SurplusWord => ("surplus-word", format!("{at} is one word too many"), None),
        BadTypeLength => ("bad-type", format!("{at} is no length of this type"), None),
        LengthNotAllowed(kind) => ("bad-type", format!("the type {kind} takes no length"), None),
        BitOutsideStruct => ("bad-type", "bit[n] stands only in a struct".into(), None),
        FlagNeedsValue(flag) => (
            "bad-flag",
            format!("the flag {flag} needs a value: {flag}=…"),
            None,
        ),
        BadFlagValue(flag) => ("bad-flag", format!("{at} is no value of the flag {flag}"), None),
        FlagNotAllowed { flag, kind } => (
            "bad-flag",
            format!("the flag {flag} makes no sense with the type {kind}"),
            None,
        ),
        BadNumber if at.trim_matches('`').bytes().all(|octet| octet.is_ascii_digit()) => {
            ("out-of-range", format!("{at} is more than {}", u32::MAX), None)
        }
        BadNumber => (
            "bad-number",
            format!("{at} is no number"),
            Some("numbers are decimal, 0x…, or 26.9.1".into()),
        ),
        NumberOutOfRange { max } => ("out-of-range", format!("{at} is more than {max}"), None),
        TooDeep => (
            "too-deep",
            format!("{at} is nested deeper than can be followed"),
            None,
        ),
        NameTooLong => ("name-too-long", "the name has more than 255 octets".into(), None),
        ReservedName => (
            "reserved-name",
            format!("{at}: names that begin so are for attributes without one"),
            None,
        ),
        NotAContainer(kind) => (
            "not-a-container",
            format!("{at} is of type {kind} and holds nothing"),
            None,
        ),
        BadValue(kind) => ("bad-value", format!("{at} is no value of type {kind}"), None),
        ValueOutOfRange { kind, max } => (
            "out-of-range",
            format!("{at} does not fit the type {kind}: at most {max}"),
            None,
        ),
        ValueNotAllowed(kind) => (
            "bad-value",
            format!("an attribute of type {kind} has no named values"),
            None,
        ),
        _ => blocks(kind, at),
    }
}

fn blocks(kind: &FaultKind, at: &str) -> What {
    use FaultKind::*;
    let message = match kind {
        MemberOutsideStruct => "MEMBER stands only in a struct".into(),
        AttributeInsideStruct => "a struct holds MEMBERs, not ATTRIBUTEs".into(),
        NoRelativeParent => format!("{at} begins with a dot, and no TLV stands before it"),
        NotAKey => format!("{at} needs a member with the flag key to choose by"),
        BitsOpen { bits } => format!("{bits} bits are left over before this: bit members end with an octet"),
        StructSize { octets, members } => {
            format!("the struct promises {octets} octets, its members have {members}")
        }
        BadFormat => format!("{at} is no format: type and length octets, such as format=1,1 or 2,2 or 1,1,c"),
        NestedBlock(block) => format!("a block of {} inside another", block_name(*block)),
        EndWithoutBegin(block) => format!(
            "this ends a block of {} that nothing began in this file",
            block_name(*block)
        ),
        EndMismatch { open } => format!("this ends {at}, and {} is open", quoted(open)),
        BeginWithoutEnd(block) => format!(
            "this begins a block of {} that nothing ends in this file",
            block_name(*block)
        ),
        CloneLoop => format!("{at} would be a clone of itself"),
        CloneType { source } => format!("{at} is of type {source}, which is not the type of its clone"),
        other => format!("{at}: {other:?}"),
    };
    ("structure", message, None)
}

fn files(kind: &FaultKind, at: &str) -> What {
    match kind {
        FaultKind::CannotRead(error) => (
            "file",
            format!("cannot read the dictionary {at}: {}", system_kind(*error)),
            None,
        ),
        FaultKind::MissingInclude { path, error } => (
            "missing-include",
            format!("cannot include {}: {}", quoted(path), system_kind(*error)),
            Some("$INCLUDE- goes on where there is no such file".into()),
        ),
        FaultKind::IncludeCycle { path } => (
            "include-cycle",
            format!("the files include one another: {}", path.join(" → ")),
            None,
        ),
        FaultKind::IncludeOutside { path, root } => (
            "include-outside",
            format!("{} is outside of {}", quoted(path), quoted(root)),
            Some("--dict-root DIR allows more".into()),
        ),
        _ => (
            "too-many-files",
            "more files than a dictionary may have".into(),
            None,
        ),
    }
}

fn taken(kind: &FaultKind, at: &str) -> What {
    let (message, origin) = match kind {
        FaultKind::DuplicateName { oid, origin } => (format!("{at} is {oid} already"), Some(origin)),
        FaultKind::DuplicateValue { number, origin } => (format!("{at} is {number} already"), Some(origin)),
        FaultKind::DuplicateVendor { pen, origin } => {
            (format!("the vendor {at} is {pen} already"), Some(origin))
        }
        FaultKind::DuplicateStruct { origin } => {
            (format!("{at} is a struct with members already"), Some(origin))
        }
        _ => (format!("the protocol {at} has another number or name"), None),
    };
    (
        "duplicate",
        message,
        origin.map(|origin| format!("it was defined at {}:{}", origin.file, origin.line)),
    )
}

fn word_name(word: Word) -> &'static str {
    match word {
        Word::Name => "a name",
        Word::Number => "a number",
        Word::Type => "a data type",
        Word::Attribute => "an attribute's name",
        Word::Data => "a value",
        Word::Vendor => "a vendor's name",
        Word::Protocol => "a protocol's name",
        Word::File => "a file's name",
        Word::Reference => "a reference",
        Word::Flags => "flags",
    }
}

fn block_name(block: Block) -> &'static str {
    match block {
        Block::Protocol => "a protocol",
        Block::Vendor => "a vendor",
        Block::Attribute => "an attribute",
    }
}

/// A name that nothing has.
pub fn not_found(what: &str, name: &str, near: &[&str]) -> Diagnostic {
    let message = format!("no {what} is {}", quoted(name));
    let diagnostic = Diagnostic::error("not-found", Exit::No, message);
    if near.is_empty() && what != "name" && !name.starts_with(|first: char| first.is_ascii_digit()) {
        return diagnostic.hint("radius dict search looks for parts of names; -D FILE adds a dictionary");
    }
    super::did_you_mean(diagnostic, near)
}

/// What to know of a number without a name, and how to write it all the same.
pub fn without_a_name(above: Option<&str>, oid: &str) -> String {
    match above {
        Some(above) => {
            format!("{above} has nothing of that number here; Attr-{oid} = 0x… can be sent and is shown")
        }
        None => format!("Attr-{oid} = 0x… can be sent and is shown"),
    }
}

/// A diagnostic about a place in a file, for scripts.
#[derive(Debug, serde::Serialize)]
pub struct Placed {
    severity: &'static str,
    kind: &'static str,
    file: String,
    line: Option<usize>,
    column: usize,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

/// A diagnostic about a place in a file as JSON has it.
pub fn placed(diagnostic: &Diagnostic) -> Placed {
    let excerpt = diagnostic.excerpt.as_ref();
    Placed {
        severity: match diagnostic.severity {
            crate::report::diagnostic::Severity::Error => "error",
            crate::report::diagnostic::Severity::Warning => "warning",
        },
        kind: diagnostic.kind,
        file: excerpt.map(|excerpt| excerpt.origin.clone()).unwrap_or_default(),
        line: excerpt.and_then(|excerpt| excerpt.line),
        column: excerpt.map_or(1, |excerpt| excerpt.span.start + 1),
        message: diagnostic.message.clone(),
        hint: diagnostic.hints.first().cloned(),
    }
}
