//! Conversations that need no method: a draft that is sent as it is and answers challenges (RFC 2865 §4.4), and
//! octets that are sent as they are.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{Conversation, Next, Question, Turn};
use crate::attr::{BuildError, BuildOptions, Draft};
use crate::codec::{AttributeType, Code, Packet, Secret};
use crate::outcome::Answer;

/// Whether an answer may be seen while it is typed (RFC 2869 §5.10).
const PROMPT: AttributeType = AttributeType(76);
const ECHO: [u8; 4] = [0, 0, 0, 1];

/// A draft that is built for each round.
#[derive(Clone, Debug)]
pub struct Plain {
    code: Code,
    draft: Arc<Draft>,
    options: BuildOptions,
    /// Answers that are known before they are asked for.
    responses: VecDeque<Secret>,
    /// What Acct-Delay-Time says at first.
    delay: u32,
    challenge: Option<Challenge>,
}

/// What the last Access-Challenge leaves for the next request.
#[derive(Clone, Debug, Default)]
struct Challenge {
    state: Option<Vec<u8>>,
    response: Option<Secret>,
}

impl Plain {
    /// Sends this draft with this Code.
    pub fn new(code: Code, draft: Arc<Draft>, options: BuildOptions) -> Plain {
        let delay = draft.value(AttributeType::ACCT_DELAY_TIME);
        Plain {
            code,
            delay: delay
                .and_then(<[u8]>::first_chunk)
                .map_or(0, |octets| u32::from_be_bytes(*octets)),
            draft,
            options,
            responses: VecDeque::new(),
            challenge: None,
        }
    }

    /// Answers challenges with these, one after the other, before anybody is asked.
    pub fn with_responses(mut self, responses: impl IntoIterator<Item = Secret>) -> Plain {
        self.responses = responses.into_iter().collect();
        self
    }

    /// The draft for a round that is not just the draft.
    fn altered(&self, turn: &Turn<'_>) -> Result<Option<Draft>, BuildError> {
        let delay = u32::try_from(turn.delay.as_secs()).unwrap_or(u32::MAX);
        if delay == 0 && self.challenge.is_none() {
            return Ok(None);
        }
        let mut draft = Draft::clone(&self.draft);
        if delay > 0 {
            let told = self.delay.saturating_add(delay);
            draft.set(AttributeType::ACCT_DELAY_TIME, &told.to_be_bytes())?;
        }
        if let Some(Challenge { state, response }) = &self.challenge {
            // One State at most, and only what the server gave (RFC 2865 §5.24).
            draft.remove(AttributeType::STATE);
            for credentials in [
                AttributeType::USER_PASSWORD,
                AttributeType::CHAP_PASSWORD,
                AttributeType::CHAP_CHALLENGE,
            ] {
                draft.remove(credentials);
            }
            if let Some(response) = response {
                draft.push_password(response)?;
            }
            if let Some(state) = state {
                draft.push(AttributeType::STATE, state)?;
            }
        }
        Ok(Some(draft))
    }
}

impl Conversation for Plain {
    fn request(&mut self, turn: Turn<'_>) -> Result<Vec<u8>, BuildError> {
        let altered = self.altered(&turn)?;
        let draft = altered.as_ref().unwrap_or(&self.draft);
        let dice = turn.dice;
        draft.build(
            self.code,
            turn.identifier,
            &turn.authenticator,
            turn.secret,
            &mut || dice.salt(),
            &self.options,
        )
    }

    fn reply(&mut self, reply: &Packet<'_>, _: &Answer, _: &Secret) -> Next {
        // EAP is a method's business; nobody could type an answer to it.
        let eap = reply.first(AttributeType::EAP_MESSAGE).is_some();
        if reply.code() != Code::ACCESS_CHALLENGE || eap {
            return Next::Done;
        }
        let state = reply.first(AttributeType::STATE);
        let response = self.responses.pop_front();
        let known = response.is_some();
        self.challenge = Some(Challenge {
            state: state.map(|state| state.value().to_vec()),
            response,
        });
        if known {
            return Next::Again;
        }
        let messages: Vec<&[u8]> = reply
            .all(AttributeType::REPLY_MESSAGE)
            .map(|message| message.value())
            .collect();
        Next::Ask(Question {
            text: messages.join(&b'\n'),
            echo: reply.first(PROMPT).is_some_and(|prompt| prompt.value() == ECHO),
        })
    }

    fn answer(&mut self, answer: Secret) {
        self.challenge.get_or_insert_default().response = Some(answer);
    }
}

/// Octets that are sent as they are, right or wrong.
#[derive(Clone, Debug)]
pub struct Raw {
    octets: Vec<u8>,
}

impl Raw {
    /// Sends these.
    pub fn new(octets: Vec<u8>) -> Raw {
        Raw { octets }
    }
}

impl Conversation for Raw {
    fn request(&mut self, _: Turn<'_>) -> Result<Vec<u8>, BuildError> {
        Ok(self.octets.clone())
    }

    fn reply(&mut self, _: &Packet<'_>, _: &Answer, _: &Secret) -> Next {
        Next::Done
    }

    fn identifier(&self) -> Option<u8> {
        Some(self.octets.get(1).copied().unwrap_or(0))
    }
}
