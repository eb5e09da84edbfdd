//! Access-Requests: who asks, for whom, and with which credentials.

use super::{Facts, Subject, number, rules, span};
use crate::codec::{AttributeType, Code};

/// Service-Type = Authorize-Only (RFC 5176 §3.2).
pub(super) const AUTHORIZE_ONLY: u32 = 17;
/// Microsoft's number, and its attributes that answer a challenge (RFC 2548 §2).
const MICROSOFT: [u8; 4] = [0, 0, 1, 55];
const MS_CHAP_RESPONSES: [u8; 2] = [1, 25];

pub(super) fn judge(subject: &mut Subject<'_, '_>) {
    if subject.code != Code::ACCESS_REQUEST {
        return;
    }
    if !subject.has(AttributeType::USER_NAME) {
        subject.missing(&rules::USER_NAME_MISSING);
    }
    nas(subject);
    if !subject.has(number::NAS_PORT) && !subject.has(number::NAS_PORT_TYPE) {
        subject.missing(&rules::NAS_PORT_MISSING);
    }
    credentials(subject);
    lengths(subject);
    if subject.number(AttributeType::SERVICE_TYPE) == Some(AUTHORIZE_ONLY)
        && !subject.has(AttributeType::STATE)
    {
        subject.blame(&rules::AUTHORIZE_ONLY_WITHOUT_STATE, AttributeType::SERVICE_TYPE);
    }
}

/// RFC 2865 §4.1, RFC 2866 §4.1, RFC 3162 §2.1: a request names its NAS.
pub(super) fn nas(subject: &mut Subject<'_, '_>) {
    let named = subject.has(AttributeType::NAS_IP_ADDRESS)
        || subject.has(AttributeType::NAS_IDENTIFIER)
        || subject.has(AttributeType::NAS_IPV6_ADDRESS);
    if !named {
        subject.missing(&rules::NAS_MISSING);
    }
}

fn credentials(subject: &mut Subject<'_, '_>) {
    let password = subject.has(AttributeType::USER_PASSWORD);
    let chap = subject.has(AttributeType::CHAP_PASSWORD);
    let eap = subject.has(AttributeType::EAP_MESSAGE);
    let mschap = mschap(subject);
    let others = [
        AttributeType::STATE,
        number::ARAP_PASSWORD,
        number::DIGEST_RESPONSE,
    ];
    let any = password || chap || eap || mschap || others.iter().any(|number| subject.has(*number));
    if !any {
        subject.missing(&rules::CREDENTIALS_MISSING);
    }
    if password && chap {
        subject.blame(&rules::PASSWORD_AND_CHAP, AttributeType::CHAP_PASSWORD);
    }
    if eap {
        let beside = if password {
            AttributeType::USER_PASSWORD
        } else {
            AttributeType::CHAP_PASSWORD
        };
        subject.blame(&rules::PASSWORD_WITH_EAP, beside);
    }
    if chap && subject.context.version_1_1 && !subject.has(AttributeType::CHAP_CHALLENGE) {
        subject.blame(&rules::CHAP_CHALLENGE_MISSING, AttributeType::CHAP_PASSWORD);
    }
}

/// Whether MS-CHAP answers a challenge here; notes it where anybody can read the answer.
fn mschap(subject: &mut Subject<'_, '_>) -> bool {
    let response = subject
        .packet
        .all(AttributeType::VENDOR_SPECIFIC)
        .find(|attribute| {
            matches!(attribute.value().split_first_chunk::<4>(), Some((vendor, [number, ..]))
            if *vendor == MICROSOFT && MS_CHAP_RESPONSES.contains(number))
        });
    match response {
        Some(attribute) if !subject.context.secured => subject.note(
            &rules::MSCHAP_UNPROTECTED,
            span(&attribute),
            Facts::Attribute(AttributeType::VENDOR_SPECIFIC),
        ),
        _ => {}
    }
    response.is_some()
}

fn lengths(subject: &mut Subject<'_, '_>) {
    let hidden = !subject.context.version_1_1;
    if let Some(password) = subject.first(AttributeType::USER_PASSWORD).filter(|_| hidden) {
        let length = password.value().len();
        if !(16..=128).contains(&length) || length % 16 != 0 {
            subject.note(
                &rules::USER_PASSWORD_LENGTH,
                span(&password),
                Facts::Length(length),
            );
        }
    }
    if let Some(chap) = subject.first(AttributeType::CHAP_PASSWORD) {
        let length = chap.value().len();
        if length != 17 {
            subject.note(&rules::CHAP_PASSWORD_LENGTH, span(&chap), Facts::Length(length));
        }
    }
}
