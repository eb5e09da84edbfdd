//! Which methods a server is willing to speak for an identity: asked by Nak, one after the other (RFC 3748 §5.3.1).
//!
//! ```text
//!   Response/Identity ─▶   ◀─ Request of the method that the server likes best
//!   Response/Nak: X   ─▶   ◀─ Request of X: it speaks X; a reject, or anything else: it does not
//! ```
//!
//! Each method takes a conversation of its own, which is left where it stands.

use super::login::Contradiction;
use super::packet::{EapCode, EapPacket, EapType, encode, join, split};
use crate::auth::{Broken, Dice, Field, Unfit, name_field, roll};
use crate::codec::{AttributeType, Code, Packet};

/// One question: does the server speak this method?
pub struct Probe {
    identity: Vec<u8>,
    wanted: EapType,
    next: Option<Vec<u8>>,
    state: Option<Vec<u8>>,
    asked: bool,
}

/// What to do after a reply.
#[derive(Clone, Debug, PartialEq)]
pub enum ProbeStep {
    /// Send another request.
    Again,
    /// The server speaks the method; whether it was the one that it proposed itself.
    Speaks {
        /// Whether nobody had to ask for it.
        first: bool,
    },
    /// It does not, and proposed this instead, if anything.
    Refuses {
        /// Its own proposal, where it made one at all.
        proposed: Option<EapType>,
    },
    /// The reply makes no sense.
    Broken(Box<Broken>),
}

impl Probe {
    /// Asks for `wanted` under an identity.
    pub fn new(identity: impl Into<Vec<u8>>, wanted: EapType) -> Probe {
        Probe {
            identity: identity.into(),
            wanted,
            next: None,
            state: None,
            asked: false,
        }
    }

    /// The attributes of the next Access-Request.
    pub fn request(&mut self, dice: &mut dyn Dice) -> Result<Vec<Field>, Unfit> {
        let packet = match self.next.take() {
            Some(packet) => packet,
            None => {
                let [identifier] = roll(dice);
                let length = self.identity.len();
                encode(EapCode::RESPONSE, identifier, EapType::IDENTITY, &self.identity)
                    .ok_or(Unfit::NameTooLong { length })?
            }
        };
        let mut fields = vec![name_field(&self.identity)?];
        fields.extend(self.state.take().map(|state| (AttributeType::STATE, state)));
        fields.extend(split(&packet).map(|value| (AttributeType::EAP_MESSAGE, value.to_vec())));
        Ok(fields)
    }

    /// What an authentic reply means.
    pub fn reply(&mut self, reply: &Packet<'_>) -> ProbeStep {
        match reply.code() {
            Code::ACCESS_CHALLENGE => {}
            Code::ACCESS_REJECT => return ProbeStep::Refuses { proposed: None },
            code => return ProbeStep::Broken(Box::new(Broken::Code(code))),
        }
        let octets = join(reply).unwrap_or_default();
        if Contradiction::find(reply.code(), Some(&octets)).is_some() {
            return ProbeStep::Broken(Box::new(Broken::NoEap(reply.code())));
        }
        let request = match EapPacket::parse(&octets) {
            Ok(request) => request,
            Err(error) => return ProbeStep::Broken(Box::new(Broken::Eap(error))),
        };
        self.state = reply
            .first(AttributeType::STATE)
            .map(|state| state.value().to_vec());
        let respond = |kind, data: &[u8]| encode(EapCode::RESPONSE, request.identifier(), kind, data);
        match request.kind().unwrap_or(EapType(0)) {
            EapType::IDENTITY => self.next = respond(EapType::IDENTITY, &self.identity),
            EapType::NOTIFICATION => self.next = respond(EapType::NOTIFICATION, &[]),
            kind if kind == self.wanted => return ProbeStep::Speaks { first: !self.asked },
            kind if self.asked => {
                return ProbeStep::Refuses { proposed: Some(kind) };
            }
            _ => {
                self.asked = true;
                self.next = respond(EapType::NAK, &[self.wanted.0]);
            }
        }
        ProbeStep::Again
    }
}
