//! What may be looked at: the checks that a request passes before anybody decides about it.
//!
//! The order is fixed, and the first failure wins (RFC 2865 §3, RFC 3579 §3.2, RFC 5080 §2.2.2, RFC 5997 §4.1):
//!
//! ```text
//! 1 a header came         2 the source is a client     3 the Code is served here   4 Length is possible
//! 5 padding is cut off    6 the attributes fill it     7 Message-Authenticator's form, and where it must be
//! 8 required by the client's settings                  9 Message-Authenticator     10 Request Authenticator
//! ```
//!
//! A request that fails gets no reply and changes nothing. Knows clients and packets; no state, no clock.

use std::sync::Arc;

use crate::codec::seal::{AuthenticatorCheck, MessageAuthenticatorCheck, check_request};
use crate::codec::{Attribute, AttributeType, Code, Malformation, Packet};

use super::clients::Client;

/// Which requests a listener serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Access-Request and Status-Server.
    Auth,
    /// Accounting-Request and Status-Server.
    Acct,
    /// CoA-Request and Disconnect-Request.
    Coa,
    /// All of them, as on the one port of RADIUS over TLS (RFC 6614 §2.1).
    Any,
}

impl Role {
    /// Whether requests with this Code are served.
    pub fn serves(self, code: Code) -> bool {
        match code {
            Code::ACCESS_REQUEST => matches!(self, Role::Auth | Role::Any),
            Code::ACCOUNTING_REQUEST => matches!(self, Role::Acct | Role::Any),
            Code::STATUS_SERVER => self != Role::Coa,
            Code::COA_REQUEST | Code::DISCONNECT_REQUEST => matches!(self, Role::Coa | Role::Any),
            _ => false,
        }
    }
}

/// How requests come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Carrier {
    /// Each in its own datagram, unprotected.
    Datagram,
    /// One after the other on a connection, unprotected (RFC 6613).
    Stream,
    /// On a connection that is protected by TLS, so that nobody asks for a Message-Authenticator.
    Secured,
    /// Each in its own record of DTLS.
    SecuredDatagram,
    /// On a connection with RADIUS/1.1: a Token in the place of Identifier and Authenticator, nothing hidden and
    /// nothing sealed (RFC 9765).
    Clear,
}

impl Carrier {
    /// Whether packets come one after the other, so that none is lost and none is sent twice (RFC 6613 §2.6.1).
    pub fn is_stream(self) -> bool {
        matches!(self, Carrier::Stream | Carrier::Secured | Carrier::Clear)
    }

    /// Whether TLS or DTLS protects it.
    pub fn is_protected(self) -> bool {
        matches!(self, Carrier::Secured | Carrier::SecuredDatagram | Carrier::Clear)
    }

    /// Whether nothing is hidden and nothing is sealed on it.
    pub fn is_clear(self) -> bool {
        self == Carrier::Clear
    }
}

/// What is asked of every packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest Length, in octets.
    pub length: usize,
    /// The most attributes in one packet. No rule of the protocol: a guard.
    pub attributes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            length: crate::codec::MAX_LENGTH,
            attributes: 200,
        }
    }
}

/// A request that passed every check.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The packet without padding.
    pub packet: Packet<'a>,
    /// Who asks.
    pub client: &'a Arc<Client>,
    /// Whether it had a Message-Authenticator, which then was right.
    pub sealed: bool,
    /// Whether it came in RADIUS/1.1, with nothing hidden and nothing sealed.
    pub clear: bool,
}

impl<'a> Request<'a> {
    /// The value of the first attribute of a type.
    pub fn value(&self, number: AttributeType) -> Option<&'a [u8]> {
        self.packet.first(number).map(|attribute| attribute.value())
    }

    /// Whether there is an attribute of a type.
    pub fn has(&self, number: AttributeType) -> bool {
        self.packet.first(number).is_some()
    }

    /// The attributes. All can be reached: they fill the packet.
    pub fn attributes(&self) -> impl Iterator<Item = Attribute<'a>> + use<'a> {
        self.packet.attributes().map_while(Result::ok)
    }
}

/// Why a request gets no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discard {
    /// Fewer octets than a header has.
    TooShort {
        /// How many came.
        received: usize,
    },
    /// No client has this source address.
    UnknownClient,
    /// This listener does not serve the Code.
    NotServed {
        /// The Code.
        code: Code,
        /// What is served.
        role: Role,
    },
    /// The octets are no packet.
    Malformed(Malformation),
    /// More attributes than the guard allows.
    TooManyAttributes {
        /// How many are allowed.
        max: usize,
    },
    /// A Message-Authenticator must be there.
    NoMessageAuthenticator(Because),
    /// The Message-Authenticator is wrong: the secrets differ, or the packet was changed.
    WrongMessageAuthenticator,
    /// The Request Authenticator is wrong: the secrets differ, or the packet was changed.
    WrongAuthenticator,
    /// The same request is being worked on (RFC 5080 §2.2.2).
    InFlight,
    /// The Event-Timestamp of a dynamic authorization request is too far from now (RFC 5176 §2.3), in seconds.
    Stale {
        /// How far, in seconds; negative when it lies ahead.
        age: i64,
    },
    /// No Event-Timestamp where one is required (RFC 5176 §2.3).
    NoTimestamp,
    /// The record could not be stored (RFC 2866 §2).
    NotRecorded,
    /// The proxy has too many requests under way.
    ProxyFull,
    /// It has been passed on by this proxy before.
    ProxyLoop,
    /// No other server answered in time.
    UpstreamSilent,
    /// What passes between RADIUS/1.0 and RADIUS/1.1 cannot be hidden, or opened, for the other side.
    Untranslatable,
    /// The reply would not fit a packet.
    ReplyTooLong {
        /// How many octets it would have.
        length: usize,
    },
    /// A fault that was asked for swallowed it.
    Dropped,
}

/// Why a Message-Authenticator must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// The request carries an EAP-Message (RFC 3579 §3.2).
    EapMessage,
    /// It is a Status-Server (RFC 5997 §4.1).
    StatusServer,
    /// The client's settings require one in every Access-Request.
    Required,
    /// It carries a Proxy-State, and the client's settings allow none without.
    ProxyState,
}

impl Discard {
    /// How many reasons there are, whatever their details.
    pub const KINDS: usize = 18;

    /// The number of the reason, less than [`Discard::KINDS`].
    pub fn kind(&self) -> usize {
        match self {
            Discard::TooShort { .. } => 0,
            Discard::UnknownClient => 1,
            Discard::NotServed { .. } => 2,
            Discard::Malformed(_) => 3,
            Discard::TooManyAttributes { .. } => 4,
            Discard::NoMessageAuthenticator(_) => 5,
            Discard::WrongMessageAuthenticator => 6,
            Discard::WrongAuthenticator => 7,
            Discard::InFlight => 8,
            Discard::Stale { .. } => 9,
            Discard::NoTimestamp => 10,
            Discard::NotRecorded => 11,
            Discard::ProxyFull => 12,
            Discard::UpstreamSilent => 13,
            Discard::ReplyTooLong { .. } => 14,
            Discard::Dropped => 15,
            Discard::ProxyLoop => 16,
            Discard::Untranslatable => 17,
        }
    }

    /// Whether a connection on which this came must be closed: its octets cannot be trusted any more (RFC 6613
    /// §2.6.4).
    pub fn closes(&self) -> bool {
        matches!(
            self,
            Discard::TooShort { .. }
                | Discard::UnknownClient
                | Discard::Malformed(_)
                | Discard::TooManyAttributes { .. }
                | Discard::NoMessageAuthenticator(_)
                | Discard::WrongMessageAuthenticator
                | Discard::WrongAuthenticator
        )
    }
}

/// Passes octets through all checks.
///
/// # Errors
///
/// The first check that fails. On a connection a Code that is not served fails last, since its sender may have an
/// answer that says so ([`super::reply::protocol_error`]).
pub fn receive<'a>(
    octets: &'a [u8],
    client: Option<&'a Arc<Client>>,
    role: Role,
    carrier: Carrier,
    limits: Limits,
) -> Result<Request<'a>, Discard> {
    let packet = Packet::parse(octets).map_err(|short| Discard::TooShort {
        received: short.received,
    })?;
    let client = client.ok_or(Discard::UnknownClient)?;
    let code = packet.code();
    let not_served = Discard::NotServed { code, role };
    if carrier == Carrier::Datagram && !role.serves(code) {
        return Err(not_served);
    }
    if let Some(fault) = packet.malformations(limits.length).into_iter().next() {
        return Err(Discard::Malformed(fault));
    }
    let packet = Packet::parse(packet.octets()).map_err(|short| Discard::TooShort {
        received: short.received,
    })?;
    let shape = Shape::of(&packet);
    if shape.attributes > limits.attributes {
        return Err(Discard::TooManyAttributes {
            max: limits.attributes,
        });
    }
    if !shape.message_authenticator
        && let Some(because) = shape.requires(code, client, carrier)
    {
        return Err(Discard::NoMessageAuthenticator(because));
    }
    // RADIUS/1.1 has no seals; a Message-Authenticator that comes all the same is ignored (RFC 9765 §5.2).
    if !carrier.is_clear() {
        let seals = check_request(&packet, &client.secret);
        match seals.message_authenticator {
            MessageAuthenticatorCheck::Absent | MessageAuthenticatorCheck::Right => {}
            _ => return Err(Discard::WrongMessageAuthenticator),
        }
        if seals.authenticator == AuthenticatorCheck::Wrong {
            return Err(Discard::WrongAuthenticator);
        }
    }
    if !role.serves(code) {
        return Err(not_served);
    }
    Ok(Request {
        packet,
        client,
        sealed: shape.message_authenticator && !carrier.is_clear(),
        clear: carrier.is_clear(),
    })
}

/// What one walk over the attributes tells.
#[derive(Default)]
struct Shape {
    attributes: usize,
    message_authenticator: bool,
    eap_message: bool,
    proxy_state: bool,
}

impl Shape {
    fn of(packet: &Packet<'_>) -> Shape {
        let mut shape = Shape::default();
        for attribute in packet.attributes().map_while(Result::ok) {
            shape.attributes += 1;
            match attribute.number() {
                AttributeType::MESSAGE_AUTHENTICATOR => shape.message_authenticator = true,
                AttributeType::EAP_MESSAGE => shape.eap_message = true,
                AttributeType::PROXY_STATE => shape.proxy_state = true,
                _ => {}
            }
        }
        shape
    }

    /// Why this packet may not be without Message-Authenticator, if it may not.
    fn requires(&self, code: Code, client: &Client, carrier: Carrier) -> Option<Because> {
        if carrier.is_clear() {
            return None;
        }
        if code == Code::STATUS_SERVER {
            return Some(Because::StatusServer);
        }
        if code != Code::ACCESS_REQUEST {
            return None;
        }
        if self.eap_message {
            return Some(Because::EapMessage);
        }
        if carrier.is_protected() {
            return None;
        }
        if client.require_message_authenticator {
            return Some(Because::Required);
        }
        (client.limit_proxy_state && self.proxy_state).then_some(Because::ProxyState)
    }
}

#[cfg(test)]
mod tests;
