//! What is said in one conversation: the client's half of an authentication, an accounting record, a probe.

use crate::attr::BuildError;
use crate::codec::{Authenticator, Packet, Secret};
use crate::net::dice::Dice;
use crate::outcome::Answer;
use std::time::Duration;

/// What the driver gives for one request.
#[derive(Debug)]
pub struct Turn<'a> {
    /// Which round this is, from 0.
    pub round: u32,
    /// The Identifier to use.
    pub identifier: u8,
    /// The Request Authenticator to use, where it is not a digest over the packet.
    pub authenticator: Authenticator,
    /// The shared secret.
    pub secret: &'a Secret,
    /// How long this round's request has been tried, in whole seconds: what Acct-Delay-Time tells. Zero but where
    /// [`Renewal::DelayTime`](crate::exchange::Renewal::DelayTime) has it built again.
    pub delay: Duration,
    /// For salts and challenges.
    pub dice: &'a mut Dice,
}

/// What follows a reply.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing: the reply is the answer.
    Done,
    /// Another request.
    Again,
    /// Another request, once somebody has answered this.
    Ask(Question),
    /// Nothing: the conversation failed.
    Failed,
}

/// What the server asks of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The text of all Reply-Messages, as octets, each on a line of its own (RFC 2865 §5.18).
    pub text: Vec<u8>,
    /// Whether the answer may be seen while it is typed (Prompt, RFC 2869 §5.10).
    pub echo: bool,
}

/// One conversation, from its first request to its last reply.
pub trait Conversation {
    /// The sealed octets of the next request. Called again for the same round when the request is renewed, or when
    /// another address is tried.
    fn request(&mut self, turn: Turn<'_>) -> Result<Vec<u8>, BuildError>;

    /// Takes a reply that passed the checks.
    fn reply(&mut self, reply: &Packet<'_>, answer: &Answer, secret: &Secret) -> Next;

    /// Takes the answer to a [`Next::Ask`]. The next round follows.
    fn answer(&mut self, answer: Secret) {
        let _ = answer;
    }

    /// The only Identifier that [`Conversation::request`] will use, where the octets are given.
    fn identifier(&self) -> Option<u8> {
        None
    }
}

/// Who answers questions. Called on a thread of its own, one question at a time.
pub trait Answers: Send + Sync {
    /// The answer, or `None` where nobody has one.
    fn answer(&self, question: &Question) -> Option<Secret>;
}

/// Nobody answers.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoAnswers;

impl Answers for NoAnswers {
    fn answer(&self, _: &Question) -> Option<Secret> {
        None
    }
}
