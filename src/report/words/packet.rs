//! Words for the facts of `codec`.

use super::{finding, octets};
use crate::attr::BuildError;
use crate::codec::{AttributeError, Malformation, TooShort};
use crate::report::diagnostic::{Diagnostic, Exit};

/// What is malformed, and where.
pub fn malformation(malformation: &Malformation) -> String {
    match *malformation {
        Malformation::LengthBelowHeader { length } => {
            format!("Length says {length}, less than the header's 20 octets (RFC 2865 §3)")
        }
        Malformation::LengthBeyondOctets { length, received } => {
            format!(
                "Length says {length}, but only {} came (RFC 2865 §3)",
                octets(received)
            )
        }
        Malformation::LengthAboveMaximum { length, max } => {
            format!("Length says {length}, more than the {max} allowed (RFC 2865 §3)")
        }
        Malformation::Attribute(error) => attribute_error(&error),
        Malformation::TypeZero { offset } => {
            format!("an attribute of type 0 at offset {offset}, a type that is never assigned")
        }
        Malformation::MessageAuthenticatorLength { offset, length } => format!(
            "a Message-Authenticator of length {length} at offset {offset}; it is always 18 (RFC 3579 §3.2)"
        ),
        Malformation::SecondMessageAuthenticator { offset, first } => format!(
            "a second Message-Authenticator at offset {offset}, after the one at {first} (RFC 3579 §3.2)"
        ),
    }
}

/// Where and why the attributes break off.
pub fn attribute_error(error: &AttributeError) -> String {
    match *error {
        AttributeError::Cut { offset } => {
            format!("one octet is left at offset {offset} where an attribute needs two (RFC 2865 §5)")
        }
        AttributeError::LengthBelowTwo { offset, length } => {
            format!("the attribute at offset {offset} has length {length}; the smallest is 2 (RFC 2865 §5)")
        }
        AttributeError::Overrun { offset, length, left } => format!(
            "the attribute at offset {offset} has length {length}, but {} left (RFC 2865 §5)",
            if left == 1 {
                "1 octet is".into()
            } else {
                format!("{left} octets are")
            }
        ),
    }
}

/// The same for attributes that stand in no packet: offsets count from the first of them.
pub fn attribute_error_in_list(error: &AttributeError) -> String {
    let less = |offset: usize| offset.saturating_sub(crate::codec::HEADER_LENGTH);
    attribute_error(&match *error {
        AttributeError::Cut { offset } => AttributeError::Cut { offset: less(offset) },
        AttributeError::LengthBelowTwo { offset, length } => AttributeError::LengthBelowTwo {
            offset: less(offset),
            length,
        },
        AttributeError::Overrun { offset, length, left } => AttributeError::Overrun {
            offset: less(offset),
            length,
            left,
        },
    })
}

/// Too few octets for a packet.
pub fn too_short(short: &TooShort) -> String {
    format!(
        "{} came; a packet has at least 20 (RFC 2865 §3)",
        octets(short.received)
    )
}

/// Why a packet cannot be built.
pub fn build_error(error: &BuildError) -> Diagnostic {
    match *error {
        BuildError::PacketTooLong { length, max } => Diagnostic::error(
            "packet-too-long",
            Exit::Usage,
            format!("the packet would have {length} octets, and {max} are the most (RFC 2865 §3)"),
        )
        .hint("leave attributes out, or send them in several packets"),
        BuildError::ValueTooLong { number, length, max } => Diagnostic::error(
            "value-too-long",
            Exit::Usage,
            format!(
                "`{}` would have a value of {length} octets, and {max} are the most",
                finding::attribute(number)
            ),
        ),
        BuildError::NestedInClear { number } => Diagnostic::error(
            "nested-in-clear",
            Exit::Usage,
            format!(
                "`{}` has a hidden value within a nested one, which cannot be sent over RADIUS/1.1",
                finding::attribute(number)
            ),
        )
        .hint("--radius-version 1.0 sends it"),
    }
}
