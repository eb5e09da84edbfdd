//! Authenticators and Message-Authenticators, BlastRADIUS (CVE-2024-3596), and the Proxy-State that it needs.

use super::{CODE, Facts, Role, Subject, rules};
use crate::codec::seal::{AuthenticatorCheck, MessageAuthenticatorCheck};
use crate::codec::{Attribute, AttributeType, Code, HEADER_LENGTH};

const AUTHENTICATOR: std::ops::Range<usize> = 4..HEADER_LENGTH;

pub(super) fn judge(subject: &mut Subject<'_, '_>) {
    proxy_state(subject);
    if subject.context.version_1_1 {
        subject.blame(
            &rules::MESSAGE_AUTHENTICATOR_USELESS,
            AttributeType::MESSAGE_AUTHENTICATOR,
        );
        return;
    }
    checked(subject);
    predictable(subject);
    if subject.has(AttributeType::MESSAGE_AUTHENTICATOR) {
        placed(subject);
    } else {
        absent(subject);
    }
}

/// What the secret says of both seals.
fn checked(subject: &mut Subject<'_, '_>) {
    let Some(seals) = subject.context.seals else {
        return;
    };
    let wrong = seals.authenticator == AuthenticatorCheck::Wrong;
    match seals.message_authenticator {
        MessageAuthenticatorCheck::Wrong if wrong => {
            subject.note(&rules::SECRET_DIFFERS, AUTHENTICATOR, Facts::None);
            return;
        }
        MessageAuthenticatorCheck::Wrong => subject.blame(
            &rules::MESSAGE_AUTHENTICATOR_WRONG,
            AttributeType::MESSAGE_AUTHENTICATOR,
        ),
        MessageAuthenticatorCheck::LegacyZeroVector => subject.blame(
            &rules::MESSAGE_AUTHENTICATOR_LEGACY,
            AttributeType::MESSAGE_AUTHENTICATOR,
        ),
        _ => {}
    }
    if wrong {
        subject.note(&rules::AUTHENTICATOR_WRONG, AUTHENTICATOR, Facts::None);
    }
}

/// A Request Authenticator that repeats one octet, or counts (RFC 2865 §3 wants it unpredictable).
fn predictable(subject: &mut Subject<'_, '_>) {
    if !matches!(subject.code, Code::ACCESS_REQUEST | Code::STATUS_SERVER) {
        return;
    }
    let authenticator = subject.packet.authenticator();
    let step = authenticator[1].wrapping_sub(authenticator[0]);
    let even = authenticator
        .windows(2)
        .all(|pair| matches!(pair, [a, b] if b.wrapping_sub(*a) == step));
    if even {
        subject.note(&rules::AUTHENTICATOR_NOT_RANDOM, AUTHENTICATOR, Facts::None);
    }
}

fn placed(subject: &mut Subject<'_, '_>) {
    let first = subject.packet.attributes().next().and_then(Result::ok);
    let is_first = first.is_some_and(|first| first.number() == AttributeType::MESSAGE_AUTHENTICATOR);
    let matters = matches!(
        subject.code,
        Code::ACCESS_REQUEST | Code::ACCESS_ACCEPT | Code::ACCESS_REJECT | Code::ACCESS_CHALLENGE
    );
    if matters && !is_first && !subject.context.secured {
        subject.blame(
            &rules::MESSAGE_AUTHENTICATOR_NOT_FIRST,
            AttributeType::MESSAGE_AUTHENTICATOR,
        );
    }
}

fn absent(subject: &mut Subject<'_, '_>) {
    if subject.has(AttributeType::EAP_MESSAGE) {
        subject.blame(
            &rules::EAP_WITHOUT_MESSAGE_AUTHENTICATOR,
            AttributeType::EAP_MESSAGE,
        );
    }
    let open = !subject.context.secured;
    match subject.code {
        Code::ACCESS_REQUEST if open => {
            subject.missing(&rules::BLASTRADIUS_REQUEST);
            subject.blame(&rules::PROXY_STATE_UNPROTECTED, AttributeType::PROXY_STATE);
        }
        Code::ACCESS_ACCEPT | Code::ACCESS_REJECT | Code::ACCESS_CHALLENGE if open => {
            subject.missing(&rules::BLASTRADIUS_REPLY);
        }
        Code::STATUS_SERVER => subject.missing(&rules::STATUS_SERVER_WITHOUT_MESSAGE_AUTHENTICATOR),
        Code::COA_REQUEST | Code::DISCONNECT_REQUEST if open => {
            subject.missing(&rules::DYNAMIC_WITHOUT_MESSAGE_AUTHENTICATOR);
        }
        _ => {}
    }
}

fn proxy_state(subject: &mut Subject<'_, '_>) {
    let packet = subject.packet;
    if subject.code == Code::ACCESS_REQUEST
        && subject.context.role == Role::Server
        && !subject.context.secured
    {
        subject.blame(&rules::PROXY_STATE_FROM_CLIENT, AttributeType::PROXY_STATE);
    }
    let Some(request) = &subject.context.request else {
        return;
    };
    let value = |attribute: Attribute<'_>| attribute.value().to_vec();
    let sent = request.all(AttributeType::PROXY_STATE).map(value);
    let given_back = packet.all(AttributeType::PROXY_STATE).map(value);
    if subject.code.is_reply() && !sent.eq(given_back) {
        let place = subject
            .first(AttributeType::PROXY_STATE)
            .map_or(CODE, |attribute| super::span(&attribute));
        let count = packet.all(AttributeType::PROXY_STATE).count();
        subject.note(
            &rules::PROXY_STATE_CHANGED,
            place,
            Facts::Count(AttributeType::PROXY_STATE, count),
        );
    }
}
