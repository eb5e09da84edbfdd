//! What a conversation is to do: where to, with which secret, and what to say in each round.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;

use super::voice::{Dialogue, Speechless, Voices};
use crate::attr::{BuildError, BuildOptions, Draft};
use crate::auth::Hiding;
use crate::codec::{AttributeType, Authenticator, Builder, Code, Packet, Secret, seal};
use crate::exchange::{Demands, Number, Policy, Renewal, Transport};
use crate::net::dice::Dice;
use crate::net::{Bind, tls};

/// The most rounds that a conversation may take.
pub const MAX_ROUNDS: u32 = 50;

/// One conversation to be had.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its place in the run, from 0.
    pub index: u64,
    /// The name that its request file gives it.
    pub name: Option<String>,
    /// The addresses of the server, to be tried in this order.
    pub addresses: Arc<[SocketAddr]>,
    /// Over what.
    pub transport: Transport,
    /// What secures it, for TLS and DTLS.
    pub security: Option<Arc<tls::Client>>,
    /// Where to send from.
    pub source: Bind,
    /// The secret shared with the server.
    pub secret: Arc<Secret>,
    /// The requests' Code.
    pub code: Code,
    /// A fixed Identifier for the first round.
    pub identifier: Option<u8>,
    /// A fixed Request Authenticator for the first round.
    pub authenticator: Option<Authenticator>,
    /// How packets are built.
    pub options: BuildOptions,
    /// In what ways the packet is to be wrong.
    pub wrong: Wrong,
    /// How requests are retransmitted.
    pub policy: Policy,
    /// What replies must have.
    pub demands: Demands,
    /// Whether a retransmission is a new packet.
    pub renewal: Renewal,
    /// What to say.
    pub script: Script,
}

/// Ways in which a packet is made wrong on purpose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wrong {
    /// The packet is these octets, whatever they are.
    pub raw: Option<Vec<u8>>,
    /// Octets behind the attributes.
    pub append: Option<Vec<u8>>,
    /// What Length says.
    pub length: Option<u16>,
    /// The Message-Authenticator is spoilt.
    pub message_authenticator: bool,
    /// A Request Authenticator that is a digest is spoilt.
    pub authenticator: bool,
}

/// The requests of a conversation.
#[derive(Clone, Debug, Default)]
pub struct Script {
    draft: Draft,
    responses: VecDeque<Secret>,
    voices: Option<Voices>,
}

/// What a conversation does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It is over.
    Done,
    /// It goes on with another request.
    Again,
    /// Somebody must answer the challenge; [`Script::respond`] takes the answer.
    Ask {
        /// What the server says, if it is text; the lines of several Reply-Messages joined (RFC 2865 §5.18).
        prompt: String,
        /// Whether the answer may be shown while it is typed (Prompt, RFC 2869 §5.10).
        echo: bool,
    },
}

/// Prompt (RFC 2869 §5.10).
const PROMPT: AttributeType = AttributeType(76);

impl Script {
    /// A conversation that begins with these attributes, and answers challenges with `responses` one after the other.
    pub fn new(draft: Draft, responses: impl IntoIterator<Item = Secret>) -> Script {
        Script {
            draft,
            responses: responses.into_iter().collect(),
            voices: None,
        }
    }

    /// With somebody who finds the words of every round; the attributes go along in each.
    pub fn spoken(self, voices: Voices) -> Script {
        Script {
            voices: Some(voices),
            ..self
        }
    }

    /// Who finds the words.
    pub(super) fn voices(&self) -> Option<&Voices> {
        self.voices.as_ref()
    }

    /// The next answer to a question of the server.
    pub(super) fn next_response(&mut self) -> Option<Secret> {
        self.responses.pop_front()
    }

    /// The attributes of the next request.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// The attributes of the next request, to be changed.
    pub fn draft_mut(&mut self) -> &mut Draft {
        &mut self.draft
    }

    /// What Acct-Delay-Time says, in seconds; 0 without one.
    pub(super) fn delay(&self) -> u32 {
        let value = self.draft.value(AttributeType::ACCT_DELAY_TIME);
        value
            .and_then(<[u8]>::first_chunk)
            .map_or(0, |octets| u32::from_be_bytes(*octets))
    }

    /// Takes a reply.
    pub fn reply(&mut self, packet: &Packet<'_>) -> Result<Turn, BuildError> {
        if packet.code() != Code::ACCESS_CHALLENGE {
            return Ok(Turn::Done);
        }
        self.echo_state(packet)?;
        if let Some(response) = self.responses.pop_front() {
            self.respond(response)?;
            return Ok(Turn::Again);
        }
        let lines: Vec<String> = packet
            .all(AttributeType::REPLY_MESSAGE)
            .map(|message| String::from_utf8_lossy(message.value()).into_owned())
            .collect();
        Ok(Turn::Ask {
            prompt: lines.join("\n"),
            echo: may_echo(packet),
        })
    }

    /// Answers the challenge: the answer stands where the password stood (RFC 2865 §4.4).
    pub fn respond(&mut self, response: Secret) -> Result<(), BuildError> {
        self.draft.remove(AttributeType::CHAP_PASSWORD);
        self.draft.remove(AttributeType::CHAP_CHALLENGE);
        self.draft.remove(AttributeType::USER_PASSWORD);
        self.draft.push_password(&response)
    }

    /// The State of the challenge goes back unmodified, and no other with it (RFC 2865 §5.24).
    fn echo_state(&mut self, packet: &Packet<'_>) -> Result<(), BuildError> {
        self.draft.remove(AttributeType::STATE);
        match packet.first(AttributeType::STATE) {
            Some(state) => self.draft.push(AttributeType::STATE, state.value()),
            None => Ok(()),
        }
    }
}

/// Whether the answer to a challenge may be shown while it is typed.
pub(super) fn may_echo(packet: &Packet<'_>) -> bool {
    packet
        .first(PROMPT)
        .is_some_and(|prompt| prompt.value() == [0, 0, 0, 1])
}

impl Job {
    /// The Identifier that the request of a round must have: what is fixed is fixed for the first, and later rounds
    /// take those after it, since a new request needs a new one (RFC 2865 §3).
    pub(super) fn identifier_of(&self, round: usize) -> Option<u8> {
        match &self.wrong.raw {
            Some(raw) => Some(raw.get(1).copied().unwrap_or(0)),
            // Identifiers go round.
            None => self
                .identifier
                .map(|first| first.wrapping_add((round % 256) as u8)),
        }
    }

    /// The octets of the request that begins it.
    ///
    /// # Errors
    ///
    /// What the user gave does not fit the method, or into a packet.
    pub fn first(
        &self,
        number: Number,
        authenticator: &Authenticator,
        dice: &mut Dice,
    ) -> Result<Vec<u8>, Speechless> {
        self.request(&mut None, number, authenticator, dice)
    }

    /// The octets of its next request. Who finds the words is called when the first are wanted.
    pub(super) fn request(
        &self,
        dialogue: &mut Option<Box<Dialogue>>,
        number: Number,
        authenticator: &Authenticator,
        dice: &mut Dice,
    ) -> Result<Vec<u8>, Speechless> {
        let Some(voices) = self.script.voices() else {
            return Ok(self.build(number, authenticator, &mut || dice.salt())?);
        };
        let dialogue = match dialogue {
            Some(dialogue) => dialogue,
            None => {
                let voice = voices.make().map_err(Speechless::Unfit)?;
                dialogue.insert(Box::new(Dialogue::new(voice)))
            }
        };
        let hiding = Hiding {
            secret: &self.secret,
            authenticator,
        };
        // RADIUS/1.1, which alone has Tokens, hides nothing (RFC 9765 §5.1).
        let hiding = Some(&hiding).filter(|_| matches!(number, Number::Identifier(_)));
        let draft = dialogue.request(self.script.draft(), hiding, dice)?;
        Ok(self.build_with(&draft, number, authenticator, &mut || dice.salt())?)
    }

    /// The octets of its next request, as the script has it.
    pub fn build(
        &self,
        number: Number,
        authenticator: &Authenticator,
        salts: &mut dyn FnMut() -> u16,
    ) -> Result<Vec<u8>, BuildError> {
        self.build_with(self.script.draft(), number, authenticator, salts)
    }

    /// The octets of a request with these attributes.
    pub(super) fn build_with(
        &self,
        draft: &Draft,
        number: Number,
        authenticator: &Authenticator,
        salts: &mut dyn FnMut() -> u16,
    ) -> Result<Vec<u8>, BuildError> {
        if let Some(raw) = &self.wrong.raw {
            return Ok(raw.clone());
        }
        let identifier = match number {
            Number::Identifier(identifier) => identifier,
            Number::Token(token) => {
                let octets = draft.build_clear(self.code, token, authenticator, &self.options)?;
                return Ok(self.wrong.spoil_clear(octets));
            }
        };
        let octets = draft.build(
            self.code,
            identifier,
            authenticator,
            &self.secret,
            salts,
            &self.options,
        )?;
        Ok(self.wrong.spoil(octets, &self.secret))
    }
}

impl Wrong {
    /// Makes a good packet wrong. What does not change what the seals cover is done last, so that a packet is wrong
    /// in the way that was asked for and in no other.
    fn spoil(&self, mut octets: Vec<u8>, secret: &Secret) -> Vec<u8> {
        if self.append.is_some() || self.length.is_some() {
            octets = self.reshape(&octets, secret).unwrap_or(octets);
        }
        if self.message_authenticator {
            spoil_message_authenticator(&mut octets);
        }
        if self.authenticator
            && let Some(octet) = octets.get_mut(4)
        {
            *octet ^= 0xff;
        }
        octets
    }

    /// Makes a good packet of RADIUS/1.1 wrong; it has no seals to be spoilt.
    fn spoil_clear(&self, octets: Vec<u8>) -> Vec<u8> {
        self.reshaped(&octets).unwrap_or(octets)
    }

    /// The packet again with other octets or another Length, sealed over what it then is.
    fn reshape(&self, octets: &[u8], secret: &Secret) -> Option<Vec<u8>> {
        let mut octets = self.reshaped(octets)?;
        seal::seal_request(&mut octets, secret);
        Some(octets)
    }

    fn reshaped(&self, octets: &[u8]) -> Option<Vec<u8>> {
        let packet = Packet::parse(octets).ok()?;
        let mut builder = Builder::new(packet.code(), packet.identifier(), packet.authenticator());
        builder.raw(packet.body());
        builder.raw(self.append.as_deref().unwrap_or(&[]));
        if let Some(length) = self.length {
            builder.set_length(length);
        }
        Some(builder.finish())
    }
}

fn spoil_message_authenticator(octets: &mut [u8]) {
    let found = Packet::parse(octets)
        .ok()
        .and_then(|packet| packet.first(AttributeType::MESSAGE_AUTHENTICATOR))
        .map(|attribute| attribute.offset() + 2);
    if let Some(octet) = found.and_then(|at| octets.get_mut(at)) {
        *octet ^= 0xff;
    }
}
