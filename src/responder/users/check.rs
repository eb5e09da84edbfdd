//! What a request is asked before an entry counts, and what an entry says to the server instead of to the client.

use std::cmp::Ordering;
use std::sync::Arc;

use super::Asked;
use crate::attr::{Expression, Operator};
use crate::auth::Method;
use crate::auth::password::Stored;
use crate::codec::Code;
use crate::responder::clients::Network;

/// What is decided without a look at credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthType {
    /// Accept.
    Accept,
    /// Reject.
    Reject,
}

/// A condition.
#[derive(Clone, Debug)]
pub(super) enum Check {
    /// An attribute of the request.
    Attribute(Expression),
    /// The kind of packet.
    PacketType(Operator, Code),
    /// The address from which the request came.
    Source(Operator, Network),
    /// The name of the client.
    Client(Operator, Vec<u8>),
    /// The part of User-Name after the last `@`.
    Realm(Operator, Vec<u8>),
    /// The part of User-Name before the last `@`.
    StrippedUserName(Operator, Vec<u8>),
    /// The beginning of User-Name.
    Prefix(Operator, Vec<u8>),
    /// The end of User-Name.
    Suffix(Operator, Vec<u8>),
    /// What FreeRADIUS knows from other files (`hints`, `huntgroups`), which are not read here: no request has it.
    Unset(Operator),
}

/// What an entry says to the server.
#[derive(Clone, Debug)]
pub(super) enum Control {
    Password(Stored),
    AuthType(AuthType),
    /// The methods that the user may use.
    Methods(Arc<[Method]>),
    /// Pass the request on to the servers of this realm.
    ProxyTo(String),
    SimultaneousUse(u32),
    /// Seconds since 1970.
    Expiration(u64),
    /// Always matches and changes nothing: a protocol attribute set for the server's own use.
    Nothing,
}

impl Check {
    pub(super) fn holds(&self, asked: &Asked<'_>) -> bool {
        match self {
            Check::Attribute(expression) => expression.check(asked.tree()).is_ok(),
            Check::PacketType(operator, code) => compare(*operator, &asked.packet.code().0, &code.0),
            Check::Source(operator, network) => match operator {
                Operator::NotEqual => !network.contains(asked.source),
                _ => network.contains(asked.source),
            },
            Check::Client(operator, name) => compare(*operator, asked.client.as_bytes(), name),
            Check::Realm(operator, realm) => {
                // Realms are domain names: their case does not count (RFC 7542 §2.4).
                let own = asked.stripped().1.to_ascii_lowercase();
                compare(*operator, &own, &realm.to_ascii_lowercase())
            }
            Check::StrippedUserName(operator, name) => compare(*operator, asked.stripped().0, name),
            Check::Prefix(operator, prefix) => {
                asked.name().starts_with(prefix) != (*operator == Operator::NotEqual)
            }
            Check::Unset(operator) => *operator == Operator::Absent,
            Check::Suffix(operator, suffix) => {
                asked.name().ends_with(suffix) != (*operator == Operator::NotEqual)
            }
        }
    }
}

/// Whether `left` stands to `right` as the operator says; operators that do not compare ask for presence.
fn compare<T: Ord + ?Sized>(operator: Operator, left: &T, right: &T) -> bool {
    let order = left.cmp(right);
    match operator {
        Operator::Equal => order == Ordering::Equal,
        Operator::NotEqual => order != Ordering::Equal,
        Operator::Less => order == Ordering::Less,
        Operator::LessOrEqual => order != Ordering::Greater,
        Operator::Greater => order == Ordering::Greater,
        Operator::GreaterOrEqual => order != Ordering::Less,
        Operator::Absent => false,
        _ => true,
    }
}
