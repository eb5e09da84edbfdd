//! What is answered to a request that comes down a connection of ours (draft-ietf-radext-reverse-coa): the client is
//! the NAS then.

use crate::codec::seal::{AuthenticatorCheck, MessageAuthenticatorCheck, check_request, seal_reply};
use crate::codec::v11::{self, Token};
use crate::codec::{AttributeType, Builder, Code, MAX_LENGTH, Packet, Secret};
use crate::exchange::Version;

/// Unsupported-Service and Unsupported-Extension (RFC 5176 §3.6).
const UNSUPPORTED_SERVICE: u32 = 405;
const UNSUPPORTED_EXTENSION: u32 = 406;
/// Service-Type Authorize-Only (RFC 5176 §3.2).
const AUTHORIZE_ONLY: [u8; 4] = [0, 0, 0, 17];

/// What the client makes of such requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// They are honoured.
    Honour,
    /// They are refused, with this Error-Cause.
    Refuse(u32),
    /// Nobody expects any.
    Unwanted,
}

/// The request cannot be trusted: its connection is to be closed (RFC 6613 §2.6.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Distrusted;

/// Whether octets that came are a request and not a reply.
pub(super) fn is_request(octets: &[u8]) -> bool {
    matches!(
        crate::outcome::code(octets),
        Code::COA_REQUEST | Code::DISCONNECT_REQUEST
    )
}

/// The octets of the answer.
pub(super) fn answer(
    octets: &[u8],
    version: Version,
    secret: &Secret,
    manner: Manner,
) -> Result<Vec<u8>, Distrusted> {
    let packet = Packet::parse(octets).map_err(|_| Distrusted)?;
    if version == Version::V1_0 {
        if !packet.malformations(MAX_LENGTH).is_empty() {
            return Err(Distrusted);
        }
        let seals = check_request(&packet, secret);
        let sealed = matches!(
            seals.message_authenticator,
            MessageAuthenticatorCheck::Absent | MessageAuthenticatorCheck::Right
        );
        if !sealed || seals.authenticator != AuthenticatorCheck::Right {
            return Err(Distrusted);
        }
    } else if packet.attributes().any(|attribute| attribute.is_err()) {
        return Err(Distrusted);
    }
    let (code, cause) = decide(&packet, manner);
    let mut builder = match version {
        Version::V1_0 => Builder::new(code, packet.identifier(), packet.authenticator()),
        Version::V1_1 => v11::builder(code, Token::of(&packet)),
    };
    let sealed = packet.first(AttributeType::MESSAGE_AUTHENTICATOR).is_some() || code == Code::PROTOCOL_ERROR;
    if version == Version::V1_0 && sealed {
        // Eighteen octets always fit.
        let _ = builder.message_authenticator();
    }
    if let Some(cause) = cause {
        let _ = builder.attribute(AttributeType::ERROR_CAUSE, &cause.to_be_bytes());
    }
    // Both go back as they came (RFC 5176 §3.1, §3.3).
    for number in [AttributeType::STATE, AttributeType::PROXY_STATE] {
        for attribute in packet.all(number) {
            builder.raw(attribute.octets());
        }
    }
    let mut answer = builder.finish();
    if version == Version::V1_0 {
        seal_reply(&mut answer, packet.authenticator(), secret);
    }
    Ok(answer)
}

fn decide(packet: &Packet<'_>, manner: Manner) -> (Code, Option<u32>) {
    let (ack, nak) = match packet.code() {
        Code::DISCONNECT_REQUEST => (Code::DISCONNECT_ACK, Code::DISCONNECT_NAK),
        _ => (Code::COA_ACK, Code::COA_NAK),
    };
    let service = packet.first(AttributeType::SERVICE_TYPE);
    let authorize_only = service.is_some_and(|service| service.value() == AUTHORIZE_ONLY);
    match manner {
        Manner::Unwanted => (Code::PROTOCOL_ERROR, Some(UNSUPPORTED_EXTENSION)),
        Manner::Refuse(cause) => (nak, Some(cause)),
        // An ACK is forbidden, and nobody here sends the Access-Request that it asks for.
        Manner::Honour if authorize_only => (nak, Some(UNSUPPORTED_SERVICE)),
        Manner::Honour => (ack, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::seal::{check_reply, seal_request};

    fn secret() -> Secret {
        Secret::new("radsec")
    }

    fn request(code: Code, sealed: bool, attributes: &[(u8, &[u8])]) -> Vec<u8> {
        let mut builder = Builder::new(code, 9, &[0; 16]);
        if sealed {
            builder.message_authenticator().unwrap();
        }
        for (number, value) in attributes {
            builder.attribute(AttributeType(*number), value).unwrap();
        }
        let mut octets = builder.finish();
        seal_request(&mut octets, &secret());
        octets
    }

    fn cause(octets: &[u8]) -> Option<Vec<u8>> {
        let packet = Packet::parse(octets).unwrap();
        let cause = packet.first(AttributeType::ERROR_CAUSE);
        cause.map(|cause| cause.value().to_vec())
    }

    #[test]
    fn requests_are_honoured_refused_or_unwanted_and_their_states_come_back() {
        let (coa, disconnect) = (Code::COA_REQUEST, Code::DISCONNECT_REQUEST);
        let table = [
            (coa, Manner::Honour, Code::COA_ACK, None),
            (disconnect, Manner::Honour, Code::DISCONNECT_ACK, None),
            (coa, Manner::Refuse(503), Code::COA_NAK, Some(503_u32)),
            (disconnect, Manner::Refuse(504), Code::DISCONNECT_NAK, Some(504)),
            (coa, Manner::Unwanted, Code::PROTOCOL_ERROR, Some(406)),
        ];
        for (code, manner, expected, why) in table {
            for sealed in [true, false] {
                let asked = request(
                    code,
                    sealed,
                    &[(1, b"alice"), (33, b"one"), (33, b"two"), (24, b"s")],
                );
                let answered = answer(&asked, Version::V1_0, &secret(), manner).unwrap();
                let (asked, reply) = (Packet::parse(&asked).unwrap(), Packet::parse(&answered).unwrap());
                assert!(check_reply(&reply, asked.authenticator(), &secret()).hold());
                assert_eq!((reply.code(), reply.identifier()), (expected, 9));
                assert_eq!(cause(&answered), why.map(|why| why.to_be_bytes().to_vec()));
                let states: Vec<&[u8]> = reply
                    .all(AttributeType::PROXY_STATE)
                    .map(|state| state.value())
                    .collect();
                assert_eq!(states, [b"one", b"two"]);
                assert!(reply.first(AttributeType::STATE).is_some());
            }
        }
    }

    #[test]
    fn what_only_a_real_nas_can_do_is_refused() {
        let asked = request(Code::COA_REQUEST, true, &[(6, &AUTHORIZE_ONLY), (24, b"s")]);
        let answered = answer(&asked, Version::V1_0, &secret(), Manner::Honour).unwrap();
        assert_eq!(answered[0], Code::COA_NAK.0);
        assert_eq!(cause(&answered), Some(405_u32.to_be_bytes().to_vec()));
    }

    #[test]
    fn what_cannot_be_trusted_is_not_answered() {
        let mut asked = request(Code::COA_REQUEST, true, &[(1, b"alice")]);
        let other = answer(&asked, Version::V1_0, &Secret::new("other"), Manner::Honour);
        assert_eq!(other, Err(Distrusted));
        if let Some(last) = asked.last_mut() {
            *last ^= 1;
        }
        let changed = answer(&asked, Version::V1_0, &secret(), Manner::Honour);
        assert_eq!(changed, Err(Distrusted));
    }

    #[test]
    fn in_radius_1_1_the_token_comes_back_and_nothing_is_sealed() {
        let mut builder = v11::builder(Code::COA_REQUEST, Token(0x0a0b_0c0d));
        builder.attribute(AttributeType::USER_NAME, b"alice").unwrap();
        let answered = answer(&builder.finish(), Version::V1_1, &secret(), Manner::Honour).unwrap();
        let reply = Packet::parse(&answered).unwrap();
        assert_eq!(
            (reply.code(), Token::of(&reply)),
            (Code::COA_ACK, Token(0x0a0b_0c0d))
        );
        assert_eq!(answered.len(), 20);
    }
}
