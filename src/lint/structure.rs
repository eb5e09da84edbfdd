//! The packet's form, and how it travels.

use std::net::IpAddr;

use super::{CODE, Facts, Rule, Subject, number, rules, span};
use crate::codec::{AttributeError, AttributeType, Code, HEADER_LENGTH, Malformation};

/// What FreeRADIUS takes at most, unless told otherwise (`max_attributes`).
const MANY: usize = 200;
/// The longest UDP payload in an Ethernet frame over IPv4: 1500 octets less IP and UDP headers.
const ONE_FRAME: usize = 1472;

pub(super) fn judge(subject: &mut Subject<'_, '_>) {
    for malformation in subject.packet.malformations(subject.context.max) {
        let start = malformation.offset();
        subject.note(
            rule(malformation),
            start..start + width(malformation),
            Facts::Malformation(malformation),
        );
    }
    let (code, length) = (subject.code, subject.packet.octets().len());
    if code.name().is_none() && !matches!(code, Code(250..=253)) {
        subject.missing(&rules::CODE_UNASSIGNED);
    }
    let padding = subject.packet.padding().len();
    if padding > 0 {
        subject.note(&rules::PADDING, length..length + padding, Facts::Length(padding));
    }
    if subject.counts.all > MANY {
        let count = subject.counts.all;
        subject.note(
            &rules::TOO_MANY_ATTRIBUTES,
            HEADER_LENGTH..length,
            Facts::Length(count),
        );
    }
    if subject.context.datagrams && length > ONE_FRAME {
        subject.note(&rules::IP_FRAGMENTS, ONE_FRAME..length, Facts::Length(length));
    }
    if let Some(request) = &subject.context.request {
        let asked = request.code();
        let allowed = asked.replies();
        if !allowed.is_empty() && !allowed.contains(&code) {
            subject.note(&rules::CODE_ILLEGAL_REPLY, CODE, Facts::Request(asked));
        }
    }
    empty_attributes(subject);
    transport(subject);
}

fn empty_attributes(subject: &mut Subject<'_, '_>) {
    // RFC 3579 §2.1 (EAP-Start), RFC 4372 §2.1 and RFC 7268 §2.2 give an empty value a meaning.
    const MAY_BE_EMPTY: [AttributeType; 3] = [
        AttributeType::EAP_MESSAGE,
        number::CHARGEABLE_USER_IDENTITY,
        number::EAP_KEY_NAME,
    ];
    let packet = subject.packet;
    for attribute in packet.attributes().map_while(Result::ok) {
        let number = attribute.number();
        if attribute.value().is_empty() && !MAY_BE_EMPTY.contains(&number) {
            subject.note(
                &rules::ATTRIBUTE_EMPTY,
                span(&attribute),
                Facts::Attribute(number),
            );
        }
    }
}

fn transport(subject: &mut Subject<'_, '_>) {
    if subject.context.secured {
        return;
    }
    subject.missing(&rules::UNPROTECTED_TRANSPORT);
    if let Some((source, destination)) = subject.context.addresses
        && !(is_of_the_site(source) && is_of_the_site(destination))
    {
        subject.missing(&rules::UNPROTECTED_BEYOND_SITE);
    }
}

/// Whether an address is one that no packet from outside can have.
fn is_of_the_site(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            // RFC 6598: 100.64.0.0/10 is shared among the customers of a provider, and not the Internet's.
            let shared = matches!(address.octets(), [100, 64..=127, ..]);
            address.is_private() || address.is_loopback() || address.is_link_local() || shared
        }
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => is_of_the_site(address.into()),
            None => address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local(),
        },
    }
}

fn rule(malformation: Malformation) -> &'static Rule {
    match malformation {
        Malformation::LengthBelowHeader { .. } => &rules::LENGTH_BELOW_HEADER,
        Malformation::LengthBeyondOctets { .. } => &rules::LENGTH_BEYOND_OCTETS,
        Malformation::LengthAboveMaximum { .. } => &rules::LENGTH_ABOVE_MAXIMUM,
        Malformation::Attribute(AttributeError::Cut { .. }) => &rules::ATTRIBUTE_CUT,
        Malformation::Attribute(AttributeError::LengthBelowTwo { .. }) => &rules::ATTRIBUTE_LENGTH,
        Malformation::Attribute(AttributeError::Overrun { .. }) => &rules::ATTRIBUTE_OVERRUN,
        Malformation::TypeZero { .. } => &rules::TYPE_ZERO,
        Malformation::MessageAuthenticatorLength { .. } => &rules::MESSAGE_AUTHENTICATOR_LENGTH,
        Malformation::SecondMessageAuthenticator { .. } => &rules::MESSAGE_AUTHENTICATOR_TWICE,
    }
}

/// How many octets show the fault.
fn width(malformation: Malformation) -> usize {
    match malformation {
        Malformation::Attribute(AttributeError::Cut { .. }) => 1,
        Malformation::Attribute(AttributeError::Overrun { left, .. }) => left,
        Malformation::MessageAuthenticatorLength { length, .. } => length,
        _ => 2,
    }
}
