//! Dynamic authorization: what a NAS says to a CoA-Request or a Disconnect-Request (RFC 5176 §3).
//!
//! ```text
//!  Event-Timestamp too far from now ─ no answer          no attribute that names a session ─ NAK 402
//!  an attribute the NAS does not know ─ NAK 401           another NAS is named ─ NAK 403
//!  Authorize-Only: NAK 507 with Service-Type, never ACK   no session matches ─ NAK 503
//!  otherwise ACK, for all sessions that match, or for none
//! ```
//!
//! Knows sessions and packets; what a NAS supports is an argument, and so is the time.

use crate::codec::{Attribute, AttributeType, Code, Packet};

use super::receive::Discard;
use super::sessions::{SessionId, Sessions, names_nas, names_session};

/// How dynamic authorization is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Manner {
    /// By the session table once accounting has said anything; NAK 406 before.
    #[default]
    Auto,
    /// By the session table.
    Sessions,
    /// Always ACK.
    Ack,
    /// Always NAK, with this Error-Cause.
    Nak(ErrorCause),
}

/// What is asked of a request beside its authenticity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// How far Event-Timestamp may be from now, in seconds, in both directions.
    pub window: u64,
    /// Whether a request must have one.
    pub required: bool,
}

impl Default for Freshness {
    fn default() -> Freshness {
        Freshness {
            window: 300,
            required: false,
        }
    }
}

/// An Error-Cause (RFC 5176 §3.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ErrorCause(pub u32);

#[allow(missing_docs)] // The constants are the registered names.
impl ErrorCause {
    pub const UNSUPPORTED_ATTRIBUTE: ErrorCause = ErrorCause(401);
    pub const MISSING_ATTRIBUTE: ErrorCause = ErrorCause(402);
    pub const NAS_IDENTIFICATION_MISMATCH: ErrorCause = ErrorCause(403);
    pub const INVALID_REQUEST: ErrorCause = ErrorCause(404);
    pub const UNSUPPORTED_SERVICE: ErrorCause = ErrorCause(405);
    pub const UNSUPPORTED_EXTENSION: ErrorCause = ErrorCause(406);
    pub const INVALID_ATTRIBUTE_VALUE: ErrorCause = ErrorCause(407);
    pub const ADMINISTRATIVELY_PROHIBITED: ErrorCause = ErrorCause(501);
    pub const REQUEST_NOT_ROUTABLE: ErrorCause = ErrorCause(502);
    pub const SESSION_CONTEXT_NOT_FOUND: ErrorCause = ErrorCause(503);
    pub const OTHER_PROXY_PROCESSING_ERROR: ErrorCause = ErrorCause(505);
    pub const RESOURCES_UNAVAILABLE: ErrorCause = ErrorCause(506);
    pub const REQUEST_INITIATED: ErrorCause = ErrorCause(507);
    pub const MISSING_MESSAGE_AUTHENTICATOR: ErrorCause = ErrorCause(510);
    pub const RESPONSE_TOO_BIG: ErrorCause = ErrorCause(601);

    /// What names call it and numbers say: the registered name, in any case, or the number.
    pub fn named(text: &str) -> Option<ErrorCause> {
        NAMES
            .iter()
            .find(|(_, name)| name.eq_ignore_ascii_case(text))
            .map(|(number, _)| ErrorCause(*number))
            .or_else(|| text.parse().ok().map(ErrorCause))
    }

    /// The registered name.
    pub fn name(self) -> Option<&'static str> {
        NAMES
            .iter()
            .find(|(number, _)| *number == self.0)
            .map(|(_, name)| *name)
    }
}

/// The registered values of Error-Cause (RFC 5176 §3.6, RFC 5580 §4.5, RFC 7930 §4).
const NAMES: &[(u32, &str)] = &[
    (201, "Residual-Context-Removed"),
    (202, "Invalid-EAP-Packet"),
    (401, "Unsupported-Attribute"),
    (402, "Missing-Attribute"),
    (403, "NAS-Identification-Mismatch"),
    (404, "Invalid-Request"),
    (405, "Unsupported-Service"),
    (406, "Unsupported-Extension"),
    (407, "Invalid-Attribute-Value"),
    (501, "Administratively-Prohibited"),
    (502, "Request-Not-Routable"),
    (503, "Session-Context-Not-Found"),
    (504, "Session-Context-Not-Removable"),
    (505, "Other-Proxy-Processing-Error"),
    (506, "Resources-Unavailable"),
    (507, "Request-Initiated"),
    (508, "Multiple-Session-Selection-Unsupported"),
    (509, "Location-Info-Required"),
    (510, "Missing-Message-Authenticator"),
    (601, "Response-Too-Big"),
];

/// The answer to a dynamic authorization request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It was done, for these sessions.
    Ack(Vec<SessionId>),
    /// It was not done, and nothing was changed.
    Nak {
        /// Why.
        cause: ErrorCause,
        /// Whether Service-Type = Authorize-Only goes with it (RFC 5176 §3.2).
        authorize_only: bool,
    },
}

/// Authorize-Only, a value of Service-Type (RFC 5176 §3.2).
pub const AUTHORIZE_ONLY: [u8; 4] = [0, 0, 0, 17];

/// Whether the request is as young as it has to be; `unix` is the time in seconds since 1970.
///
/// # Errors
///
/// The reason for which it is discarded (RFC 5176 §2.3).
pub fn check_freshness(packet: &Packet<'_>, unix: u64, freshness: Freshness) -> Result<(), Discard> {
    let stamp = packet
        .first(AttributeType::EVENT_TIMESTAMP)
        .and_then(|attribute| attribute.value().try_into().ok())
        .map(u32::from_be_bytes);
    let Some(stamp) = stamp else {
        return if freshness.required {
            Err(Discard::NoTimestamp)
        } else {
            Ok(())
        };
    };
    let age = i64::try_from(unix).unwrap_or(i64::MAX) - i64::from(stamp);
    if age.unsigned_abs() > freshness.window {
        return Err(Discard::Stale { age });
    }
    Ok(())
}

/// Decides about a request; `known` tells whether the NAS knows an attribute that changes something.
pub fn decide(
    packet: &Packet<'_>,
    sessions: &Sessions,
    manner: Manner,
    known: &dyn Fn(&Attribute<'_>) -> bool,
) -> Answer {
    match manner {
        Manner::Ack => Answer::Ack(Vec::new()),
        Manner::Nak(cause) => nak(cause),
        Manner::Auto if !sessions.fed() => nak(ErrorCause::UNSUPPORTED_EXTENSION),
        Manner::Auto | Manner::Sessions => by_sessions(packet, sessions, known),
    }
}

fn nak(cause: ErrorCause) -> Answer {
    Answer::Nak {
        cause,
        authorize_only: false,
    }
}

fn by_sessions(packet: &Packet<'_>, sessions: &Sessions, known: &dyn Fn(&Attribute<'_>) -> bool) -> Answer {
    let attributes = || packet.attributes().map_while(Result::ok);
    let authorize_only = attributes().any(|attribute| {
        attribute.number() == AttributeType::SERVICE_TYPE && attribute.value() == AUTHORIZE_ONLY
    });
    if let Some(cause) = unfit(packet, authorize_only, known) {
        return nak(cause);
    }
    let named = |attribute: &Attribute<'_>, names: fn(AttributeType) -> bool| names(attribute.number());
    if !attributes().any(|attribute| named(&attribute, names_session)) {
        return nak(ErrorCause::MISSING_ATTRIBUTE);
    }
    let (mut nas_matched, mut matched) = (false, Vec::new());
    for (id, session) in sessions.iter() {
        let all = |names| {
            attributes()
                .filter(|attribute| named(attribute, names))
                .all(|attribute| session.has(attribute.number(), attribute.value()))
        };
        if all(names_nas) {
            nas_matched = true;
            if all(names_session) {
                matched.push(id);
            }
        }
    }
    let names_any_nas = attributes().any(|attribute| named(&attribute, names_nas));
    if matched.is_empty() && names_any_nas && !nas_matched && !sessions.is_empty() {
        return nak(ErrorCause::NAS_IDENTIFICATION_MISMATCH);
    }
    if matched.is_empty() {
        return nak(ErrorCause::SESSION_CONTEXT_NOT_FOUND);
    }
    if authorize_only {
        // The NAS asks by an Access-Request of its own; an ACK is forbidden (RFC 5176 §3.2).
        return Answer::Nak {
            cause: ErrorCause::REQUEST_INITIATED,
            authorize_only: true,
        };
    }
    Answer::Ack(matched)
}

/// Why the request cannot be honoured whatever the session, if it cannot.
fn unfit(
    packet: &Packet<'_>,
    authorize_only: bool,
    known: &dyn Fn(&Attribute<'_>) -> bool,
) -> Option<ErrorCause> {
    let disconnect = packet.code() == Code::DISCONNECT_REQUEST;
    if authorize_only && packet.first(AttributeType::STATE).is_none() {
        return Some(ErrorCause::MISSING_ATTRIBUTE);
    }
    if disconnect && packet.first(AttributeType::SERVICE_TYPE).is_some() {
        return Some(ErrorCause::UNSUPPORTED_SERVICE);
    }
    let fits = |attribute: &Attribute<'_>| {
        let number = attribute.number();
        if names_nas(number) || names_session(number) || always_allowed(number) {
            return true;
        }
        let changes_nothing = disconnect || authorize_only;
        match number {
            AttributeType::SERVICE_TYPE => true,
            // A reason to show, and why the session ends (RFC 5176 §3.6).
            AttributeType::REPLY_MESSAGE | AttributeType(49) if disconnect => true,
            _ => !changes_nothing && known(attribute),
        }
    };
    let all_fit = packet
        .attributes()
        .map_while(Result::ok)
        .all(|attribute| fits(&attribute));
    (!all_fit).then_some(ErrorCause::UNSUPPORTED_ATTRIBUTE)
}

/// What may stand in every request: State, Class, Proxy-State, Event-Timestamp, Message-Authenticator.
fn always_allowed(number: AttributeType) -> bool {
    matches!(
        number,
        AttributeType::STATE
            | AttributeType::CLASS
            | AttributeType::PROXY_STATE
            | AttributeType::EVENT_TIMESTAMP
            | AttributeType::MESSAGE_AUTHENTICATOR
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Builder;

    const USER: (u8, &[u8]) = (1, b"bob");
    const SESSION: (u8, &[u8]) = (44, b"s1");
    const NAS: (u8, &[u8]) = (32, b"nas");

    fn packet(code: Code, attributes: &[(u8, &[u8])]) -> Vec<u8> {
        let mut builder = Builder::new(code, 1, &[0; 16]);
        for (number, value) in attributes {
            builder.attribute(AttributeType(*number), value).unwrap();
        }
        builder.finish()
    }

    fn online() -> Sessions {
        let mut sessions = Sessions::new(10);
        for session in [b"s1", b"s2"] {
            let octets = packet(
                Code::ACCOUNTING_REQUEST,
                &[(40, &[0, 0, 0, 1]), USER, (44, session), NAS],
            );
            sessions.account([192, 0, 2, 1].into(), &Packet::parse(&octets).unwrap());
        }
        sessions
    }

    fn ask(code: Code, attributes: &[(u8, &[u8])]) -> Answer {
        let octets = packet(code, attributes);
        let known = |attribute: &Attribute<'_>| attribute.number().0 < 200;
        decide(
            &Packet::parse(&octets).unwrap(),
            &online(),
            Manner::Sessions,
            &known,
        )
    }

    #[test]
    fn every_refusal_has_its_error_cause() {
        let (coa, disconnect) = (Code::COA_REQUEST, Code::DISCONNECT_REQUEST);
        type Row<'r> = (Code, &'r [(u8, &'r [u8])], u32);
        let table: &[Row<'_>] = &[
            (disconnect, &[], 402),
            (disconnect, &[NAS], 402),
            (disconnect, &[USER, (11, b"filter")], 401),
            (disconnect, &[USER, (6, &[0, 0, 0, 2])], 405),
            (disconnect, &[(1, b"alice")], 503),
            (disconnect, &[USER, (44, b"s9")], 503),
            (disconnect, &[USER, (32, b"elsewhere")], 403),
            (coa, &[USER, SESSION, (250, b"?")], 401),
            (coa, &[USER, (6, &AUTHORIZE_ONLY)], 402),
            (coa, &[USER, (6, &AUTHORIZE_ONLY), (24, b"x"), (11, b"f")], 401),
        ];
        for (code, attributes, cause) in table {
            assert_eq!(
                ask(*code, attributes),
                nak(ErrorCause(*cause)),
                "{code} {attributes:?}"
            );
        }
    }

    #[test]
    fn all_sessions_that_match_are_meant() {
        let (coa, disconnect) = (Code::COA_REQUEST, Code::DISCONNECT_REQUEST);
        assert_eq!(ask(disconnect, &[USER, SESSION, NAS]), Answer::Ack(vec![0]));
        assert_eq!(
            ask(disconnect, &[USER, (49, &[0, 0, 0, 6])]),
            Answer::Ack(vec![0, 1])
        );
        assert_eq!(
            ask(coa, &[USER, SESSION, (11, b"filter"), (24, b"state")]),
            Answer::Ack(vec![0])
        );
    }

    #[test]
    fn authorize_only_is_never_acknowledged() {
        assert_eq!(
            ask(Code::COA_REQUEST, &[USER, (6, &AUTHORIZE_ONLY), (24, b"x")]),
            Answer::Nak {
                cause: ErrorCause(507),
                authorize_only: true
            }
        );
    }

    #[test]
    fn before_accounting_said_anything_the_extension_is_unsupported() {
        let octets = packet(Code::DISCONNECT_REQUEST, &[USER]);
        let empty = Sessions::new(1);
        let packet = Packet::parse(&octets).unwrap();
        let known = |_: &Attribute<'_>| true;
        assert_eq!(
            decide(&packet, &empty, Manner::Auto, &known),
            nak(ErrorCause(406))
        );
        assert_eq!(
            decide(&packet, &empty, Manner::Sessions, &known),
            nak(ErrorCause(503))
        );
    }

    #[test]
    fn a_request_from_another_time_is_discarded() {
        let window = Freshness::default();
        let at = |stamp: u32| packet(Code::COA_REQUEST, &[(55, &stamp.to_be_bytes())]);
        let check =
            |octets: &[u8], freshness| check_freshness(&Packet::parse(octets).unwrap(), 1000, freshness);
        assert_eq!(check(&at(700), window), Ok(()));
        assert_eq!(check(&at(1300), window), Ok(()));
        assert_eq!(check(&at(699), window), Err(Discard::Stale { age: 301 }));
        assert_eq!(check(&at(1301), window), Err(Discard::Stale { age: -301 }));
        let without = packet(Code::COA_REQUEST, &[]);
        assert_eq!(check(&without, window), Ok(()));
        let required = Freshness {
            required: true,
            ..window
        };
        assert_eq!(check(&without, required), Err(Discard::NoTimestamp));
    }
}
