//! Dynamic authorization (RFC 5176) and Status-Server (RFC 5997).

use super::access::AUTHORIZE_ONLY;
use super::accounting::blame_number;
use super::{Subject, number, rules};
use crate::codec::{AttributeType, Code};

pub(super) fn judge(subject: &mut Subject<'_, '_>) {
    match subject.code {
        Code::COA_REQUEST | Code::DISCONNECT_REQUEST => request(subject),
        Code::COA_ACK | Code::DISCONNECT_ACK | Code::COA_NAK | Code::DISCONNECT_NAK => reply(subject),
        Code::STATUS_SERVER => status(subject),
        _ => {}
    }
}

fn request(subject: &mut Subject<'_, '_>) {
    // RFC 5176 §3: the attributes that tell one session from another.
    let session = [
        AttributeType::USER_NAME,
        number::NAS_PORT,
        number::FRAMED_IP_ADDRESS,
        number::CALLED_STATION_ID,
        number::CALLING_STATION_ID,
        AttributeType::ACCT_SESSION_ID,
        number::ACCT_MULTI_SESSION_ID,
        number::NAS_PORT_TYPE,
        number::NAS_PORT_ID,
        number::CHARGEABLE_USER_IDENTITY,
        number::FRAMED_INTERFACE_ID,
        number::FRAMED_IPV6_PREFIX,
        // Vendors have their own: Cisco's Audit-Session-Id, for example.
        AttributeType::VENDOR_SPECIFIC,
    ];
    if !session.iter().any(|number| subject.has(*number)) {
        subject.missing(&rules::SESSION_UNNAMED);
    }
    if !subject.has(AttributeType::EVENT_TIMESTAMP) {
        subject.missing(&rules::EVENT_TIMESTAMP_MISSING);
    }
    let authorize_only = subject.number(AttributeType::SERVICE_TYPE) == Some(AUTHORIZE_ONLY);
    if subject.code == Code::COA_REQUEST && authorize_only && !subject.has(AttributeType::STATE) {
        subject.blame(&rules::AUTHORIZE_ONLY_WITHOUT_STATE, AttributeType::SERVICE_TYPE);
    }
}

fn reply(subject: &mut Subject<'_, '_>) {
    let cause = subject.number(AttributeType::ERROR_CAUSE);
    let acknowledged = matches!(subject.code, Code::COA_ACK | Code::DISCONNECT_ACK);
    match cause {
        None if !acknowledged && !subject.has(AttributeType::ERROR_CAUSE) => {
            subject.missing(&rules::ERROR_CAUSE_MISSING);
        }
        // RFC 5176 §3.5: 201 to 299 go with an ACK, 400 to 599 with a NAK.
        Some(cause) if acknowledged != (200..300).contains(&cause) => {
            blame_number(
                subject,
                &rules::ERROR_CAUSE_MISPLACED,
                AttributeType::ERROR_CAUSE,
                cause,
            );
        }
        _ => {}
    }
    let Some(request) = subject.context.request else {
        return;
    };
    let value = |number| request.first(number).map(|attribute| attribute.value());
    if subject.code == Code::COA_ACK
        && value(AttributeType::SERVICE_TYPE) == Some(&AUTHORIZE_ONLY.to_be_bytes()[..])
    {
        subject.missing(&rules::AUTHORIZE_ONLY_ACK);
    }
    let given_back = subject
        .first(AttributeType::STATE)
        .map(|attribute| attribute.value());
    if value(AttributeType::STATE) != given_back {
        match given_back {
            Some(_) => subject.blame(&rules::STATE_CHANGED, AttributeType::STATE),
            None => subject.missing(&rules::STATE_CHANGED),
        }
    }
}

fn status(subject: &mut Subject<'_, '_>) {
    let unwanted = [
        AttributeType::USER_PASSWORD,
        AttributeType::CHAP_PASSWORD,
        AttributeType::EAP_MESSAGE,
        AttributeType::ACCT_SESSION_ID,
        AttributeType::ACCT_STATUS_TYPE,
    ];
    for number in unwanted {
        subject.blame(&rules::STATUS_SERVER_CREDENTIALS, number);
    }
}
