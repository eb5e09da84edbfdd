//! A conversation with EAP over RADIUS (RFC 3579), as the server: one for each State.
//!
//! The responder keeps a session under the State of its last Challenge, and gives it the next request with that State. A
//! request without State, or with one that nobody has, begins another.

use std::sync::Arc;

use super::packet::{EapError, EapType, join, split};
use super::server::{Done, Server, ServerEvent, ServerSettings, Why};
use crate::auth::server::{Users, key_fields};
use crate::auth::{Dice, EAP_KEY_NAME, Field, Hiding, Note, roll};
use crate::codec::{AttributeType, Packet};

const FRAMED_MTU: AttributeType = AttributeType(12);

/// Fragments below this many octets help nobody (RFC 2865 §5.12 has 64 for a Framed-MTU).
const MIN_FRAGMENT: usize = 64;

/// What Framed-MTU has that an EAP packet has not, in octets: the header of EAPOL (RFC 3579 §2.4).
const LINK: usize = 4;

/// Invalid EAP Packet (Ignored) (RFC 3579 §2.6.3, RFC 5176 §3.5).
const INVALID_EAP_PACKET: u32 = 202;

/// A conversation.
pub struct Session {
    server: Server,
    state: Vec<u8>,
    user: Vec<u8>,
}

/// What to answer.
#[derive(Clone, Debug)]
pub enum Answer {
    /// An Access-Challenge with these attributes; keep the session under its [`Session::state`].
    Challenge {
        /// EAP-Message and State, and Error-Cause where the request was invalid.
        fields: Vec<Field>,
        /// What was wrong with the request.
        invalid: Option<EapError>,
    },
    /// An Access-Accept with these attributes.
    Accept {
        /// EAP-Message, and the keys where the method makes some.
        fields: Vec<Field>,
        /// Who got in, and how.
        done: Box<Done>,
    },
    /// An Access-Reject with these attributes.
    Reject {
        /// EAP-Message.
        fields: Vec<Field>,
        /// Why.
        why: Why,
    },
}

impl Session {
    /// A session for the first request of a conversation.
    pub fn new(settings: Arc<ServerSettings>, users: Arc<dyn Users>, request: &Packet<'_>) -> Session {
        let mtu = request
            .first(FRAMED_MTU)
            .and_then(|mtu| Some(u32::from_be_bytes(mtu.value().try_into().ok()?)))
            .and_then(|mtu| usize::try_from(mtu).ok())
            .map_or(usize::MAX, |mtu| mtu.saturating_sub(LINK));
        let fragment = settings.fragment.min(mtu).max(MIN_FRAGMENT);
        let user = request.first(AttributeType::USER_NAME);
        Session {
            server: Server::new(settings, users, None, fragment),
            state: Vec::new(),
            user: user.map_or(&[][..], |user| user.value()).to_vec(),
        }
    }

    /// The State of the last Challenge; nothing before the first.
    pub fn state(&self) -> &[u8] {
        &self.state
    }

    /// The User-Name of the first request.
    pub fn user(&self) -> &[u8] {
        &self.user
    }

    /// The method that runs, or ran.
    pub fn kind(&self) -> Option<EapType> {
        self.server.kind()
    }

    /// The name that was said inside a tunnel, where there is one.
    pub fn inner_user(&self) -> Option<&[u8]> {
        self.server.inner_user()
    }

    /// What was seen since the last call.
    pub fn notes(&mut self) -> Vec<Note> {
        self.server.notes()
    }

    /// Takes a request with EAP-Message, which was found authentic.
    pub fn receive(
        &mut self,
        request: &Packet<'_>,
        hiding: Option<&Hiding<'_>>,
        dice: &mut dyn Dice,
    ) -> Answer {
        let octets = join(request).unwrap_or_default();
        // EAP-Start: whoever sends it wants to be asked who it is (RFC 3579 §2.1).
        let event = match octets.is_empty() {
            true => ServerEvent::Send(self.server.start(dice)),
            false => self.server.receive(&octets, dice),
        };
        match event {
            ServerEvent::Send(packet) => self.challenge(&packet, None, dice),
            ServerEvent::Invalid(error, packet) => self.challenge(&packet, Some(error), dice),
            ServerEvent::Accept(packet, done) => {
                let mut fields = messages(&packet);
                if let Some(keys) = &done.keys {
                    fields.extend(key_fields(keys, hiding, dice));
                    if request.first(EAP_KEY_NAME).is_some() && !keys.session_id.is_empty() {
                        fields.push((EAP_KEY_NAME, keys.session_id.clone()));
                    }
                }
                Answer::Accept { fields, done }
            }
            ServerEvent::Reject(packet, why) => Answer::Reject {
                fields: messages(&packet),
                why,
            },
        }
    }

    fn challenge(&mut self, packet: &[u8], invalid: Option<EapError>, dice: &mut dyn Dice) -> Answer {
        self.state = roll::<16>(dice).to_vec();
        let mut fields = messages(packet);
        fields.push((AttributeType::STATE, self.state.clone()));
        if invalid.is_some() {
            fields.push((
                AttributeType::ERROR_CAUSE,
                INVALID_EAP_PACKET.to_be_bytes().to_vec(),
            ));
        }
        Answer::Challenge { fields, invalid }
    }
}

fn messages(packet: &[u8]) -> Vec<Field> {
    split(packet)
        .map(|value| (AttributeType::EAP_MESSAGE, value.to_vec()))
        .collect()
}
