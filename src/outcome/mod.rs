//! FACTS: what happened, as plain data without words. Drivers make them, `report` words them.

mod expectation;
mod login;
mod totals;

pub use expectation::{Expectation, Unmet};
pub use login::{LoginEnd, LoginFacts};
pub use totals::Totals;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::attr::BuildError;
use crate::auth::{Note, Unfit};
use crate::codec::{Authenticator, Code, Packet, Secret};
use crate::exchange::{GaveUp, Ignored, Reply, Transport, Version};
use crate::net::SocketError;
use crate::net::tls::Handshake;

/// One conversation from its first request to its end: a single exchange, or several where a challenge was answered.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Its place in the run, from 0.
    pub index: u64,
    /// The name that its request file gives it.
    pub name: Option<String>,
    /// The server that was asked last.
    pub server: SocketAddr,
    /// Over what.
    pub transport: Transport,
    /// The secret shared with the server.
    pub secret: Arc<Secret>,
    /// The exchanges in their order; the last is the one that counts.
    pub rounds: Vec<Round>,
    /// What came and was not a reply.
    pub ignored: Vec<Dropped>,
    /// What the handshake of its connection came to, over TLS and DTLS.
    pub handshake: Option<Arc<Handshake>>,
    /// From its beginning to its end.
    pub waited: Duration,
    /// How it ended.
    pub ended: Ended,
    /// What the login says of it, where a method of authentication led it.
    pub login: Option<Box<LoginFacts>>,
}

/// One request and what answered it.
#[derive(Clone, Debug)]
pub struct Round {
    /// The request's octets, as they were sent last.
    pub request: Vec<u8>,
    /// How often they were sent; 0 if never.
    pub attempts: u32,
    /// The reply, if one came that could be trusted.
    pub answer: Option<Answer>,
}

/// A reply that was taken.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The octets as they came.
    pub octets: Vec<u8>,
    /// What the exchange says of them.
    pub reply: Reply,
}

/// Octets that came and were not taken for a reply.
#[derive(Clone, Debug)]
pub struct Dropped {
    /// The octets as they came.
    pub octets: Vec<u8>,
    /// From where.
    pub from: SocketAddr,
    /// Why not.
    pub why: Ignored,
}

/// How a conversation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// With a reply.
    Answered,
    /// With nobody to answer the challenge that came.
    Unanswered,
    /// With more challenges than a conversation may have.
    TooManyRounds(u32),
    /// Without a reply, after all the waiting that was allowed.
    GaveUp(GaveUp),
    /// By a failure of the network or of this machine.
    Failed(SocketError),
    /// Before it began: the packet could not be built.
    Unbuildable(BuildError),
    /// Before its next request: what the user gave does not fit the method.
    Unfit(Unfit),
    /// By whoever ran it.
    Interrupted,
}

/// What a conversation comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// Accounting-Response, or a reply to Status-Server.
    Response,
    /// Protocol-Error (RFC 7930 §4).
    ProtocolError,
    /// A reply with any other Code.
    Other(Code),
    /// No reply.
    Timeout,
    /// Replies, but none that can be trusted.
    Untrusted,
    /// Nobody listens there, or there is no way there.
    Unreachable,
    /// The peer broke the protocol.
    Broken,
    /// This machine failed.
    Failed,
    /// Whoever ran it ended it.
    Interrupted,
}

impl Outcome {
    /// The version of RADIUS that was spoken.
    pub fn version(&self) -> Version {
        self.handshake
            .as_ref()
            .map_or(Version::V1_0, |handshake| handshake.radius)
    }

    /// The exchange that counts.
    pub fn last(&self) -> Option<&Round> {
        self.rounds.last()
    }

    /// The reply that counts.
    pub fn answer(&self) -> Option<&Answer> {
        self.last().and_then(|round| round.answer.as_ref())
    }

    /// How often anything was sent, over all rounds.
    pub fn attempts(&self) -> u32 {
        self.rounds.iter().map(|round| round.attempts).sum()
    }

    /// The time from the first transmission of the last request to its reply.
    pub fn rtt(&self) -> Option<Duration> {
        self.answer().map(|answer| answer.reply.rtt)
    }

    /// What it comes to.
    pub fn verdict(&self) -> Verdict {
        match &self.ended {
            Ended::Answered
                if self
                    .login
                    .as_ref()
                    .is_some_and(|login| login.distrust().is_some()) =>
            {
                Verdict::Untrusted
            }
            Ended::Answered if self.login.as_ref().is_some_and(|login| login.is_broken()) => Verdict::Broken,
            Ended::Answered | Ended::Unanswered | Ended::TooManyRounds(_) => self.verdict_of_reply(),
            Ended::GaveUp(_) if self.ignored.iter().any(|dropped| dropped.why.is_untrusted()) => {
                Verdict::Untrusted
            }
            Ended::GaveUp(_) if self.ignored.iter().any(|dropped| dropped.why.is_violation()) => {
                Verdict::Broken
            }
            Ended::GaveUp(_) => Verdict::Timeout,
            Ended::Failed(error) if error.is_untrusted() => Verdict::Untrusted,
            Ended::Failed(error) if error.is_violation() => Verdict::Broken,
            Ended::Failed(error) if error.is_remote() => Verdict::Unreachable,
            Ended::Failed(_) | Ended::Unbuildable(_) | Ended::Unfit(_) => Verdict::Failed,
            Ended::Interrupted => Verdict::Interrupted,
        }
    }

    fn verdict_of_reply(&self) -> Verdict {
        let request = self.last().map_or(Code(0), |round| code(&round.request));
        match self.answer().map(|answer| answer.reply.code) {
            None => Verdict::Timeout,
            Some(Code::ACCESS_ACCEPT | Code::ACCOUNTING_RESPONSE) if request == Code::STATUS_SERVER => {
                Verdict::Response
            }
            Some(Code::ACCESS_ACCEPT) => Verdict::Accept,
            Some(Code::ACCESS_REJECT) => Verdict::Reject,
            Some(Code::ACCESS_CHALLENGE) => Verdict::Challenge,
            Some(Code::COA_ACK | Code::DISCONNECT_ACK) => Verdict::Ack,
            Some(Code::COA_NAK | Code::DISCONNECT_NAK) => Verdict::Nak,
            Some(Code::ACCOUNTING_RESPONSE) => Verdict::Response,
            Some(Code::PROTOCOL_ERROR) => Verdict::ProtocolError,
            // No standard says what answers it, so that whatever does is the response.
            Some(_) if request.replies().is_empty() => Verdict::Response,
            Some(other) => Verdict::Other(other),
        }
    }
}

impl Verdict {
    /// Whether this is what one hopes for when nothing else is expected.
    pub fn is_success(self) -> bool {
        matches!(self, Verdict::Accept | Verdict::Ack | Verdict::Response)
    }

    /// Whether a reply came that can be trusted.
    pub fn is_answered(self) -> bool {
        !matches!(
            self,
            Verdict::Timeout
                | Verdict::Untrusted
                | Verdict::Unreachable
                | Verdict::Broken
                | Verdict::Failed
                | Verdict::Interrupted
        )
    }
}

/// What a driver tells while it works.
#[derive(Debug)]
pub enum Event<'a> {
    /// A secured connection came about.
    Connected {
        /// With whom.
        peer: SocketAddr,
        /// What the handshake came to.
        handshake: &'a Handshake,
    },
    /// A packet left.
    Sent {
        /// The octets.
        packet: &'a [u8],
        /// To where.
        peer: SocketAddr,
        /// Over what.
        transport: Transport,
        /// In which version of RADIUS.
        version: Version,
        /// The secret shared with the peer.
        secret: &'a Secret,
        /// Which transmission of this request it is, from 1.
        attempt: u32,
    },
    /// A reply came and was taken.
    Received {
        /// The octets.
        packet: &'a [u8],
        /// From where.
        peer: SocketAddr,
        /// In which version of RADIUS.
        version: Version,
        /// The secret shared with the peer.
        secret: &'a Secret,
        /// What the exchange says of it.
        reply: &'a Reply,
    },
    /// A login saw something: what a reply brought, or what goes into the next request.
    Noted(&'a Note),
    /// Octets came that are no reply.
    Ignored {
        /// What came, and why not.
        dropped: &'a Dropped,
        /// In which version of RADIUS.
        version: Version,
        /// The secret and the authenticator of the request that they pretend to answer, if it is known.
        request: Option<(&'a Secret, &'a Authenticator)>,
    },
    /// A server answered that it cannot process a request (Protocol-Error), and another one is asked.
    MovedOn {
        /// Who cannot.
        from: SocketAddr,
        /// Who is asked now.
        to: SocketAddr,
        /// Why not: an Error-Cause (RFC 5176 §3.6).
        cause: Option<u32>,
    },
    /// The server asked something on a connection of ours, and was answered.
    Asked {
        /// The octets of its request.
        request: &'a [u8],
        /// The octets of the answer.
        answer: &'a [u8],
        /// Who asked.
        peer: SocketAddr,
        /// Over what.
        transport: Transport,
        /// In which version of RADIUS.
        version: Version,
        /// The secret shared with the peer.
        secret: &'a Secret,
    },
    /// A connection was lost, or could not be opened again, on which no conversation waited for anything.
    Lost(&'a SocketError),
    /// The time for what the server may ask is over.
    Stayed {
        /// How many requests came.
        asked: u64,
        /// How many were to come.
        wanted: Option<u64>,
    },
    /// A conversation is over.
    Finished(&'a Outcome),
}

/// Who wants to be told.
pub trait Sink {
    /// Takes an event; `false` to end the run early.
    fn event(&mut self, event: &Event<'_>) -> bool;
}

/// The Code of a packet's octets; 0, which is never assigned, where there is no header.
pub fn code(octets: &[u8]) -> Code {
    Packet::parse(octets).map_or(Code(0), |packet| packet.code())
}
