//! Accounting-Requests (RFC 2866), and what an Access-Accept says about them.

use super::{Facts, Subject, access, number, rules, span};
use crate::codec::{AttributeType, Code};

const STOP: u32 = 2;
/// What the NAS is to choose, or to ask the user for (RFC 2865 §5.8).
const SPECIAL_ADDRESSES: [u32; 2] = [0xffff_ffff, 0xffff_fffe];

pub(super) fn judge(subject: &mut Subject<'_, '_>) {
    if subject.code == Code::ACCESS_ACCEPT
        && let Some(seconds) = subject.number(number::ACCT_INTERIM_INTERVAL)
        && seconds < 60
    {
        blame_number(
            subject,
            &rules::ACCT_INTERIM_INTERVAL,
            number::ACCT_INTERIM_INTERVAL,
            seconds,
        );
    }
    if subject.code != Code::ACCOUNTING_REQUEST {
        return;
    }
    access::nas(subject);
    if !subject.has(AttributeType::ACCT_STATUS_TYPE) {
        subject.missing(&rules::ACCT_STATUS_TYPE_MISSING);
    }
    if !subject.has(AttributeType::ACCT_SESSION_ID) {
        subject.missing(&rules::ACCT_SESSION_ID_MISSING);
    }
    let status = subject.number(AttributeType::ACCT_STATUS_TYPE);
    if status.is_some_and(|status| status != STOP) {
        subject.blame(&rules::ACCT_TERMINATE_CAUSE, number::ACCT_TERMINATE_CAUSE);
    }
    if let Some(address) = subject.number(number::FRAMED_IP_ADDRESS)
        && SPECIAL_ADDRESSES.contains(&address)
    {
        blame_number(
            subject,
            &rules::ACCT_FRAMED_IP_ADDRESS,
            number::FRAMED_IP_ADDRESS,
            address,
        );
    }
}

/// Notes that the number an attribute holds breaks the rule.
pub(super) fn blame_number(
    subject: &mut Subject<'_, '_>,
    rule: &'static super::Rule,
    number: AttributeType,
    value: u32,
) {
    if let Some(attribute) = subject.first(number) {
        subject.note(rule, span(&attribute), Facts::Number(number, value));
    }
}
