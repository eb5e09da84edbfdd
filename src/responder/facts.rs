//! What happened to a request, for whoever writes it down. Plain data without words.

use std::net::SocketAddr;

use super::clients::Client;
use super::coa::ErrorCause;
use super::faults::Kind;
use super::receive::Discard;
use super::states::Unknown;
use crate::auth::eap::packet::{EapError, EapType};
use crate::auth::eap::server as eap;
use crate::auth::server::Refused;
use crate::auth::{Method, Note};
use crate::codec::Code;
use crate::codec::v11::Token;

/// One request and what became of it.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// What kind of packet it says it is; not when it is too short to say.
    pub code: Option<Code>,
    /// Its Identifier; RADIUS/1.1 has none.
    pub identifier: Option<u8>,
    /// Its Token; only RADIUS/1.1 has one.
    pub token: Option<Token>,
    /// Who asked, if that is known.
    pub client: Option<&'a Client>,
    /// User-Name.
    pub user: Option<&'a [u8]>,
    /// Whether it is an Access-Request without Message-Authenticator, over a transport that protects nothing: open to
    /// CVE-2024-3596.
    pub unprotected: bool,
    /// What went wrong with it on purpose.
    pub mishaps: Vec<Kind>,
    /// What became of it.
    pub did: Did,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Did {
    /// A reply was made.
    Replied(Code, Why),
    /// It had been answered before, and the identical reply goes again (RFC 5080 §2.2.2).
    Resent(Code),
    /// No reply.
    Discarded(Discard),
    /// The reply waits until the record is stored.
    Recording,
    /// The reply waits for another server.
    Forwarding,
}

/// Why the reply is what it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// Everybody is accepted.
    AcceptAll,
    /// Everybody is rejected.
    RejectAll,
    /// The credentials were right.
    Proven {
        /// How they were given.
        method: Method,
        /// Where the entry stands that says so; `None` for users given otherwise.
        entry: Option<Entry>,
    },
    /// The users file decides without a look at credentials.
    AuthType(Option<Entry>),
    /// The credentials were not right, or there were none.
    Refused {
        /// How.
        refused: Refused,
        /// How they were given.
        method: Method,
    },
    /// Two kinds of credentials that exclude each other (RFC 2865 §4.1).
    TwoCredentials,
    /// Authorize-Only without State (RFC 5080 §2.1.1).
    NoState,
    /// The State stands for nothing.
    State(Unknown),
    /// EAP, which this server does not speak.
    EapUnsupported,
    /// An EAP conversation goes on.
    EapRound {
        /// The method that runs; none before one was begun.
        kind: Option<EapType>,
        /// What was wrong with the packet that came: the last one is asked for again.
        invalid: Option<EapError>,
        /// What was seen in this round.
        notes: Box<[Note]>,
    },
    /// An EAP conversation ended well.
    EapProven {
        /// How the user got in.
        method: Method,
        /// The name inside the tunnel, where there was one.
        inner: Option<Vec<u8>>,
        /// Where the entry stands that knows the user.
        entry: Option<Entry>,
        /// What was seen in this round.
        notes: Box<[Note]>,
    },
    /// An EAP conversation ended otherwise.
    EapRefused {
        /// Why.
        why: Box<eap::Why>,
        /// The method that ran; none where none was begun.
        kind: Option<EapType>,
        /// The name inside the tunnel, where one was heard.
        inner: Option<Vec<u8>>,
        /// What was seen in this round.
        notes: Box<[Note]>,
    },
    /// A second factor is asked for.
    SecondFactor,
    /// The second factor was right.
    SecondFactorRight,
    /// The second factor was wrong.
    SecondFactorWrong,
    /// The account has ended.
    Expired,
    /// The user is online as often as allowed.
    SimultaneousUse {
        /// How often.
        most: u32,
    },
    /// A value that had to be filled in is none of its attribute's.
    ReplyItem {
        /// The attribute.
        name: String,
    },
    /// The record was stored.
    Recorded,
    /// Records are not kept.
    NotKept,
    /// We are here (RFC 5997).
    Alive,
    /// Sessions were changed or ended.
    Sessions {
        /// How many.
        count: usize,
    },
    /// A request cannot be honoured.
    Cause(ErrorCause),
    /// Another server said so.
    Upstream(SocketAddr),
    /// A fault that was asked for.
    Fault,
}

impl Why {
    /// What was seen in a round of EAP.
    pub fn notes(&self) -> &[Note] {
        match self {
            Why::EapRound { notes, .. } | Why::EapProven { notes, .. } | Why::EapRefused { notes, .. } => {
                notes
            }
            _ => &[],
        }
    }
}

/// Where an entry of a users file stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The file's path as it was opened.
    pub file: std::sync::Arc<str>,
    /// The line, from 1.
    pub line: u32,
}
