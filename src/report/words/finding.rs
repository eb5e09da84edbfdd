//! Words for the facts of `lint`.

use std::ops::Range;

use super::quoted;
use crate::codec::AttributeType;
use crate::dictionary::{Dictionary, Key};
use crate::lint::{Facts, Finding};

/// What is wrong, in one line: the rule's words, and what there is instead.
pub fn finding(finding: &Finding) -> String {
    let title = finding.rule.title;
    match &finding.facts {
        Facts::None => title.to_owned(),
        Facts::Malformation(malformation) => super::malformation(malformation),
        Facts::Attribute(number) => match attribute(*number) {
            name if title.contains(&name) => title.to_owned(),
            name => format!("{title}: {name}"),
        },
        Facts::Count(number, count) => format!("{title}: {} stands {count} times", attribute(*number)),
        Facts::Length(length) => format!("{title}: {length}"),
        Facts::Request(code) => format!("{title}: {code}"),
        Facts::Number(number, value) => format!("{title}: {} = {value}", attribute(*number)),
        Facts::Eap(Some(code)) => format!("{title}: EAP Code {code}"),
        Facts::Eap(None) => format!("{title}: no EAP packet"),
        Facts::Value(oid, fault) => format!("{}: {}", name(oid.parts()), super::value_fault(fault)),
        Facts::Oid(oid) => format!("{title}: {}", quoted(name(oid.parts()))),
    }
}

/// Which octets it is about, counted from 0: `octet 0`, `octets 20-37`.
pub fn span(octets: &Range<usize>) -> String {
    match octets.len() {
        0 | 1 => format!("octet {}", octets.start),
        _ => format!("octets {}-{}", octets.start, octets.end - 1),
    }
}

/// The attribute's name from the dictionary that is always there.
pub(super) fn attribute(number: AttributeType) -> String {
    name(&[u32::from(number.0)])
}

/// The same for one that stands in others.
fn name(oid: &[u32]) -> String {
    let dictionary = Dictionary::builtin();
    let (parent, number) = match *oid {
        [number] => (Some(Key::ROOT), number),
        [26, vendor, number] => (dictionary.vendor(vendor).map(|vendor| vendor.key()), number),
        _ => (None, 0),
    };
    match parent.and_then(|parent| dictionary.child(parent, number)) {
        Some(entry) => entry.name().to_owned(),
        None => {
            let parts: Vec<String> = oid.iter().map(u32::to_string).collect();
            format!("Attr-{}", parts.join("."))
        }
    }
}
