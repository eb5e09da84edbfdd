//! What a request came to.

use std::time::Duration;

use super::Stray;
use crate::attr::BuildError;
use crate::codec::Code;
use crate::exchange::GaveUp;
use crate::net::{ResolveError, SocketError};

/// What a request came to, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Access-Accept.
    Accept,
    /// Access-Reject.
    Reject,
    /// Access-Challenge that was not answered.
    Challenge,
    /// CoA-ACK or Disconnect-ACK.
    Ack,
    /// CoA-NAK or Disconnect-NAK.
    Nak,
    /// Accounting-Response, or any answer to Status-Server that is no refusal.
    Response,
    /// Protocol-Error (RFC 7930 §4).
    ProtocolError,
    /// A reply with another Code.
    Other(Code),
    /// No reply.
    Timeout,
    /// The peer cannot be reached, refuses, or has closed the connection.
    Unreachable,
    /// Replies, but none that can be trusted.
    Untrusted,
    /// The peer broke the protocol, or the conversation could not go on.
    Broken,
    /// The request could not be made or sent; the fault is on this side.
    Failed,
    /// The run was ended before there was a reply.
    Interrupted,
}

/// What a verdict means to whoever only wants to know whether all is well. The order is that of severity: many
/// outcomes together have the class of the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// All is well.
    Success,
    /// The server said no, or something else than was expected.
    Refused,
    /// The request makes no sense; nothing was sent.
    Usage,
    /// No reply.
    NoReply,
    /// No reply that can be trusted.
    Untrusted,
    /// The conversation broke.
    Broken,
    /// This machine failed.
    Local,
}

/// Why there is no reply, or why the conversation did not go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// None came in time.
    NoReply {
        /// Which limit ended the wait.
        limit: GaveUp,
        /// How often the request was sent.
        attempts: u32,
        /// From the first transmission to the end of the wait.
        after: Duration,
    },
    /// On a stream, where each request has one reply, that reply cannot be trusted or is malformed; it is the last
    /// of the strays.
    BadReply,
    /// The host has no address for us.
    Unresolved(ResolveError),
    /// A socket failed.
    Socket(SocketError),
    /// The request could not be built; nothing of this round was sent.
    Build(BuildError),
    /// The Identifier that was asked for is in use on every socket there can be.
    IdentifierInUse {
        /// Which one.
        identifier: u8,
    },
    /// The server challenges for more rounds than allowed.
    TooManyRounds {
        /// How many are allowed.
        limit: u32,
    },
    /// The server challenged and there is nothing to answer with.
    NoAnswer,
    /// The method that runs in the conversation failed; the conversation itself knows more.
    Method,
    /// The run was ended.
    Interrupted,
}

impl Verdict {
    /// What a trusted reply says.
    pub fn of(request: Code, reply: Code) -> Verdict {
        match (request, reply) {
            // The Code of an answer to Status-Server follows the port (RFC 5997 §3); both say the same.
            (Code::STATUS_SERVER, Code::ACCESS_ACCEPT) => Verdict::Response,
            (_, Code::ACCESS_ACCEPT) => Verdict::Accept,
            (_, Code::ACCESS_REJECT) => Verdict::Reject,
            (_, Code::ACCESS_CHALLENGE) => Verdict::Challenge,
            (_, Code::COA_ACK | Code::DISCONNECT_ACK) => Verdict::Ack,
            (_, Code::COA_NAK | Code::DISCONNECT_NAK) => Verdict::Nak,
            (_, Code::ACCOUNTING_RESPONSE) => Verdict::Response,
            (_, Code::PROTOCOL_ERROR) => Verdict::ProtocolError,
            (_, other) => Verdict::Other(other),
        }
    }

    /// What it means that there is no reply for this reason, and these were no replies.
    pub fn without_reply(failure: &Failure, strays: &[Stray]) -> Verdict {
        match failure {
            Failure::NoReply { .. } | Failure::BadReply => {
                if strays.iter().any(|stray| stray.why.is_untrusted()) {
                    Verdict::Untrusted
                } else if strays.iter().any(|stray| stray.why.is_violation()) {
                    Verdict::Broken
                } else {
                    Verdict::Timeout
                }
            }
            Failure::Unresolved(_) => Verdict::Unreachable,
            Failure::Socket(error) if error.is_remote() => Verdict::Unreachable,
            Failure::Socket(_) | Failure::Build(_) | Failure::IdentifierInUse { .. } => Verdict::Failed,
            Failure::TooManyRounds { .. } | Failure::Method => Verdict::Broken,
            Failure::NoAnswer => Verdict::Challenge,
            Failure::Interrupted => Verdict::Interrupted,
        }
    }

    /// Whether a trusted reply came.
    pub fn is_reply(self) -> bool {
        matches!(
            self,
            Verdict::Accept
                | Verdict::Reject
                | Verdict::Challenge
                | Verdict::Ack
                | Verdict::Nak
                | Verdict::Response
                | Verdict::ProtocolError
                | Verdict::Other(_)
        )
    }

    /// What it means where nothing was expected in particular.
    pub fn class(self) -> Class {
        match self {
            Verdict::Accept | Verdict::Ack | Verdict::Response | Verdict::Other(_) => Class::Success,
            Verdict::Reject | Verdict::Nak | Verdict::Challenge | Verdict::ProtocolError => Class::Refused,
            Verdict::Timeout | Verdict::Unreachable | Verdict::Interrupted => Class::NoReply,
            Verdict::Untrusted => Class::Untrusted,
            Verdict::Broken => Class::Broken,
            Verdict::Failed => Class::Local,
        }
    }
}

impl Class {
    /// The exit code of the process.
    pub fn exit_code(self) -> u8 {
        match self {
            Class::Success => 0,
            Class::Refused => 1,
            Class::Usage => 2,
            Class::NoReply => 3,
            Class::Untrusted => 4,
            Class::Broken => 5,
            Class::Local => 6,
        }
    }
}
