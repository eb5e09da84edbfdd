//! Words for the facts of `lint`.

use super::quoted;
use crate::codec::AttributeType;
use crate::lint::{Facts, Finding};

/// What is wrong, in one line: the rule's words, and what there is instead.
pub fn finding(finding: &Finding) -> String {
    let title = finding.rule.title;
    match &finding.facts {
        Facts::None => title.to_owned(),
        Facts::Malformation(malformation) => super::malformation(malformation),
        Facts::Attribute(number) => format!("{title}: {}", attribute(*number)),
        Facts::Count(number, count) => format!("{title}: {} stands {count} times", attribute(*number)),
        Facts::Length(length) => format!("{title}: {length}"),
        Facts::Request(code) => format!("{title}: {code}"),
        Facts::Number(number, value) => format!("{title}: {} = {value}", attribute(*number)),
        Facts::Eap(Some(code)) => format!("{title}: EAP Code {code}"),
        Facts::Eap(None) => format!("{title}: no EAP packet"),
        Facts::Value(oid, fault) => format!("Attr-{oid}: {}", super::value_fault(fault)),
        Facts::Oid(oid) => format!("{title}: {}", quoted(format_args!("Attr-{oid}"))),
    }
}

/// The attribute's name from the dictionary that is always there.
fn attribute(number: AttributeType) -> String {
    let dictionary = crate::dictionary::Dictionary::builtin();
    match dictionary.child(crate::dictionary::Key::ROOT, u32::from(number.0)) {
        Some(entry) => entry.name().to_owned(),
        None => format!("Attr-{}", number.0),
    }
}
