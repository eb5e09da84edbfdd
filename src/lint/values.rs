//! Values: what the dictionary says they should be, and what hides them.

use super::{Facts, Subject, rules, span};
use crate::attr::{Attribute, Sealed, Tree, Value};
use crate::codec::{AttributeType, HEADER_LENGTH};
use crate::dictionary::{Encrypt, Oid};

/// Long extended attributes (RFC 6929 §2.2), and their flag that more follows.
const LONG_EXTENDED: [u8; 2] = [245, 246];
const MORE: u8 = 0x80;

pub(super) fn judge(subject: &mut Subject<'_, '_>, tree: Option<&Tree<'_>>) {
    vendors(subject);
    fragments(subject);
    let Some(tree) = tree else { return };
    let mut salts: Vec<[u8; 2]> = Vec::new();
    for attribute in &tree.attributes {
        value(subject, attribute);
        if attribute.hidden == Some(Encrypt::TunnelPassword) {
            salt(subject, attribute, &mut salts);
        }
    }
}

fn vendors(subject: &mut Subject<'_, '_>) {
    let packet = subject.packet;
    for attribute in packet.all(AttributeType::VENDOR_SPECIFIC) {
        if attribute.value().first().is_some_and(|high| *high != 0) {
            subject.note(&rules::VENDOR_HIGH_OCTET, span(&attribute), Facts::None);
        }
    }
}

fn fragments(subject: &mut Subject<'_, '_>) {
    let packet = subject.packet;
    for number in LONG_EXTENDED.map(AttributeType) {
        if !subject.has(number) {
            continue;
        }
        for attribute in packet.all(number) {
            let more = attribute.value().get(1).is_some_and(|flags| flags & MORE != 0);
            if more && attribute.octets().len() != 255 {
                subject.note(&rules::FRAGMENT_SHORT, span(&attribute), Facts::Attribute(number));
            }
        }
    }
}

fn value(subject: &mut Subject<'_, '_>, attribute: &Attribute<'_>) {
    let place = attribute.span.clone();
    match &attribute.value {
        // An empty attribute is reported as such.
        Value::Malformed(_) if attribute.octets.is_empty() => {}
        Value::Malformed(fault) => {
            subject.note(
                &rules::VALUE_MALFORMED,
                place,
                Facts::Value(attribute.oid, *fault),
            );
        }
        Value::NotUtf8(octets) if has_text_behind_ident(attribute.oid, octets) => {}
        Value::NotUtf8(_) => subject.note(&rules::TEXT_NOT_UTF8, place, Facts::Oid(attribute.oid)),
        Value::Sealed(Sealed::Reveal(_) | Sealed::Inside(_)) => {
            subject.note(&rules::HIDDEN_UNREADABLE, place, Facts::Oid(attribute.oid));
        }
        Value::Group(children) => {
            for child in children {
                value(subject, child);
            }
        }
        _ => {}
    }
}

/// Dictionaries call MS-CHAP-Error and MS-CHAP2-Success text, but an Ident stands before it (RFC 2548 §2.1.5, §2.3.3),
/// which may be any octet.
fn has_text_behind_ident(oid: Oid, octets: &[u8]) -> bool {
    let text = octets.get(1..).unwrap_or(&[]);
    matches!(oid.parts(), [26, 311, 2 | 26]) && std::str::from_utf8(text).is_ok()
}

/// RFC 2868 §3.5: a salt's first bit is set, and no two in a packet are the same.
fn salt(subject: &mut Subject<'_, '_>, attribute: &Attribute<'_>, seen: &mut Vec<[u8; 2]>) {
    let context = subject.context;
    if context.version_1_1 || context.masked || attribute.span.start < HEADER_LENGTH {
        return;
    }
    // A hidden value that can have a tag always has one (RFC 2868 §3.5).
    let tagged = usize::from(attribute.entry.is_some_and(|entry| entry.flags().has_tag));
    let Some(salt) = attribute
        .octets
        .get(tagged..)
        .and_then(|octets| octets.first_chunk::<2>())
    else {
        return;
    };
    if salt[0] & 0x80 == 0 {
        subject.note(
            &rules::SALT_HIGH_BIT,
            attribute.span.clone(),
            Facts::Oid(attribute.oid),
        );
    }
    if seen.contains(salt) {
        subject.note(
            &rules::SALT_REPEATED,
            attribute.span.clone(),
            Facts::Oid(attribute.oid),
        );
    }
    seen.push(*salt);
}
