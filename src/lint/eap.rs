//! EAP inside RADIUS (RFC 3579): whether both say the same.

use super::{CODE, Facts, Subject, rules, span};
use crate::codec::{AttributeType, Code};

const EAP_REQUEST: u8 = 1;
const EAP_RESPONSE: u8 = 2;
const EAP_SUCCESS: u8 = 3;
const EAP_FAILURE: u8 = 4;

pub(super) fn judge(subject: &mut Subject<'_, '_>) {
    let packet = subject.packet;
    let eap: Vec<u8> = packet
        .all(AttributeType::EAP_MESSAGE)
        .flat_map(|attribute| attribute.value().iter().copied())
        .collect();
    let present = subject.has(AttributeType::EAP_MESSAGE);
    let code = eap.first().copied();
    if present {
        form(subject, &eap);
        if subject.code.is_reply() && subject.has(AttributeType::REPLY_MESSAGE) {
            subject.blame(&rules::EAP_REPLY_MESSAGE, AttributeType::REPLY_MESSAGE);
        }
    }
    let asked_with_eap = subject
        .context
        .request
        .is_some_and(|request| request.first(AttributeType::EAP_MESSAGE).is_some());
    if !present && !asked_with_eap {
        return;
    }
    // RFC 3579 §2.6.3: what each reply should carry. Neither nothing nor an EAP-Start answers anything.
    let agrees = match subject.code {
        Code::ACCESS_ACCEPT => code == Some(EAP_SUCCESS),
        Code::ACCESS_REJECT => code == Some(EAP_FAILURE),
        Code::ACCESS_CHALLENGE => !matches!(code, None | Some(EAP_SUCCESS | EAP_FAILURE)),
        _ => true,
    };
    let place = subject
        .first(AttributeType::EAP_MESSAGE)
        .map_or(CODE, |attribute| span(&attribute));
    if !agrees {
        subject.note(&rules::EAP_CODE_MISMATCH, place, Facts::Eap(code));
        return;
    }
    // Requests come from the server, responses from the client.
    let wrong_way = match subject.code {
        Code::ACCESS_REQUEST => !matches!(code, None | Some(EAP_RESPONSE)),
        Code::ACCESS_CHALLENGE => code != Some(EAP_REQUEST),
        _ => false,
    };
    if wrong_way {
        subject.note(&rules::EAP_DIRECTION, place, Facts::Eap(code));
    }
}

/// The pieces follow one another, and hold what the EAP packet's Length says.
fn form(subject: &mut Subject<'_, '_>, eap: &[u8]) {
    let packet = subject.packet;
    let mut ended = None;
    for attribute in packet.all(AttributeType::EAP_MESSAGE) {
        if ended.is_some_and(|end| end != attribute.offset()) {
            subject.note(&rules::EAP_SCATTERED, span(&attribute), Facts::None);
            break;
        }
        ended = Some(span(&attribute).end);
    }
    if let Some([_, _, high, low]) = eap.first_chunk() {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        // More octets than Length are padding of the link (RFC 3748 §4); fewer cannot be read.
        if length > eap.len() || length < 4 {
            let place = subject
                .first(AttributeType::EAP_MESSAGE)
                .map_or(CODE, |attribute| span(&attribute));
            subject.note(&rules::EAP_LENGTH, place, Facts::Length(length));
        }
    } else if !eap.is_empty() {
        subject.blame(&rules::EAP_LENGTH, AttributeType::EAP_MESSAGE);
    }
}
