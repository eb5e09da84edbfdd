//! What became of a datagram: the reply that was waited for, or the reason why it is not.

use std::net::SocketAddr;
use std::time::Duration;

use crate::codec::seal::Seals;
use crate::codec::v11::Token;
use crate::codec::{Authenticator, Code, MAX_LENGTH, Malformation, TooShort};

/// What a reply must have besides what every reply must.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demands {
    /// A reply to an Access-Request without Message-Authenticator is refused. Ignored where the transport itself
    /// protects the packet.
    pub message_authenticator: bool,
    /// The longest Length accepted, in octets: 4096, or what was agreed on with Response-Length (RFC 7930).
    pub max_length: usize,
}

impl Default for Demands {
    fn default() -> Demands {
        Demands {
            message_authenticator: false,
            max_length: MAX_LENGTH,
        }
    }
}

/// What receiving a datagram came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// The reply; the exchange is over.
    Reply(Reply),
    /// Not the reply; the exchange goes on as if nothing had come (RFC 2865 §3, RFC 5080 §2.2.1).
    Ignored(Ignored),
}

/// A reply that passed every check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Its Code.
    pub code: Code,
    /// What its authenticators proved.
    pub seals: Seals,
    /// The authenticator of the request that it answers, which also hides its attributes.
    pub request_authenticator: Authenticator,
    /// From the first transmission of the request to this reply.
    pub rtt: Duration,
    /// From the last transmission, which need not be the one that was answered.
    pub since_last: Duration,
    /// How often the request had been sent.
    pub attempts: u32,
}

/// Why a datagram is not the reply, in the order in which it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ignored {
    /// It came from elsewhere than the request went to (RFC 2865 §3).
    WrongSource {
        /// Where the request went.
        expected: SocketAddr,
        /// Where this came from.
        from: SocketAddr,
    },
    /// No request with this Identifier was ever outstanding here.
    UnknownIdentifier {
        /// The Identifier.
        identifier: u8,
    },
    /// No request with this Token is outstanding here (RADIUS/1.1).
    UnknownToken {
        /// The Token.
        token: Token,
    },
    /// It answers a request that was given up (RFC 5080 §2.2.1).
    Late {
        /// From the first transmission of that request to this.
        after: Duration,
        /// What its authenticators prove.
        seals: Seals,
    },
    /// It answers a request that had been answered.
    Duplicate {
        /// From the first transmission of that request to this.
        after: Duration,
        /// What its authenticators prove.
        seals: Seals,
    },
    /// Fewer octets than a header.
    TooShort(TooShort),
    /// RFC 2865 §3 and §5 have it discarded.
    Malformed(Vec<Malformation>),
    /// It has no Message-Authenticator and needs one.
    MissingMessageAuthenticator {
        /// Who says so.
        because: Demand,
    },
    /// It has no Message-Authenticator, but a Proxy-State that was not sent: what a forgery looks like that makes a
    /// reject an accept (CVE-2024-3596).
    ProxyStateNotSent,
    /// Its Message-Authenticator is wrong (RFC 3579 §3.2).
    WrongMessageAuthenticator {
        /// Both checks: where both fail, the secret differs; where one holds, the packet was changed.
        seals: Seals,
    },
    /// Its Response Authenticator is wrong (RFC 2865 §3).
    WrongAuthenticator {
        /// Both checks.
        seals: Seals,
    },
    /// No standard has this Code answer the request.
    IllegalCode {
        /// The request's Code.
        request: Code,
        /// The Code of what came.
        reply: Code,
    },
}

/// Why a reply needs a Message-Authenticator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// It was asked for with [`Demands::message_authenticator`].
    Asked,
    /// It carries EAP-Message (RFC 3579 §3.2).
    EapMessage,
}

impl Ignored {
    /// Whether this is an answer to a request that could not be trusted, rather than one that came at the wrong
    /// time or by mistake.
    pub fn is_untrusted(&self) -> bool {
        matches!(
            self,
            Ignored::MissingMessageAuthenticator { .. }
                | Ignored::ProxyStateNotSent
                | Ignored::WrongMessageAuthenticator { .. }
                | Ignored::WrongAuthenticator { .. }
        )
    }

    /// Whether the peer broke the protocol: what came is no packet, or no reply to such a request.
    pub fn is_violation(&self) -> bool {
        matches!(
            self,
            Ignored::TooShort(_) | Ignored::Malformed(_) | Ignored::IllegalCode { .. }
        )
    }
}
