//! PEAP as the peer.

use std::sync::Arc;

use super::binding::Binding;
use super::tlv::Extensions;
use super::{KIND, restore, strip};
use crate::auth::eap::packet::{EapCode, EapPacket, EapType, encode};
use crate::auth::eap::peer::{Peer, PeerMethod, PeerReply, PeerStep, Standing};
use crate::auth::eap::tls::{ClientSide, ClientTls, Progress};
use crate::auth::{Broken, Dice, Inner, Keys, MethodFault, Note};
use crate::codec::Secret;

/// The label of the keys under TLS 1.2.
pub(super) const LABEL: &[u8] = b"client EAP encryption";

/// The peer's side.
pub(in crate::auth::eap) struct PeapPeer {
    side: ClientSide,
    inner: Peer,
    standing: Standing,
    /// The keys of the tunnel, and of the whole once they are bound.
    keys: Option<Keys>,
    notes: Vec<Note>,
}

impl PeapPeer {
    /// `user` keeps sessions apart; `size` is the longest EAP packet to send, in octets.
    pub(in crate::auth::eap) fn new(
        settings: Arc<ClientTls>,
        inner: Peer,
        user: Vec<u8>,
        size: usize,
    ) -> PeapPeer {
        PeapPeer {
            side: ClientSide::new(KIND, settings, user, size),
            inner,
            standing: Standing::Unfinished,
            keys: None,
            notes: Vec::new(),
        }
    }

    fn opened(&mut self, identifier: u8, plain: &[u8], dice: &mut dyn Dice) -> Result<PeerReply, Broken> {
        if plain.is_empty() {
            return Ok(PeerReply::Respond(self.side.acknowledgement()));
        }
        // After a resumption the server may skip what is inside, and says so with one octet (RFC 9427 §2.1).
        if plain == [0] && self.side.is_resumed() {
            self.satisfied();
            return Ok(PeerReply::Respond(self.side.acknowledgement()));
        }
        let packet = restore(plain, EapCode::REQUEST, identifier).ok_or(
            MethodFault::Length {
                says: plain.len(),
                want: 1,
            }
            .of(KIND),
        )?;
        self.note(false, &packet);
        let request = EapPacket::parse(&packet).map_err(Broken::Eap)?;
        if request.kind() == Some(EapType::TLV) {
            return self.extensions(&request);
        }
        let step = self.inner.receive(&packet, dice)?;
        Ok(self.step(step))
    }

    fn step(&mut self, step: PeerStep) -> PeerReply {
        match step {
            PeerStep::Send(packet) => self.seal(&packet),
            PeerStep::Ask(prompt) => PeerReply::Ask(prompt),
            PeerStep::Success | PeerStep::Failure => PeerReply::Respond(self.side.acknowledgement()),
        }
    }

    /// The last exchange: the server says how it went, we say whether we agree.
    fn extensions(&mut self, request: &EapPacket<'_>) -> Result<PeerReply, Broken> {
        let said = Extensions::parse(request.data()).map_err(|fault| fault.of(KIND))?;
        let inner = self.inner.standing();
        let method_ran = self.inner.kind().is_some();
        let agreed = match (&inner, method_ran) {
            (Standing::Satisfied { .. }, _) => true,
            // Nothing needs to run inside a session that was resumed.
            (_, false) => self.side.is_resumed(),
            _ => false,
        };
        let mut answer = Extensions {
            success: Some(said.success != Some(false) && agreed),
            ..Extensions::default()
        };
        if let (Some(binding), Some(tunnel)) = (&said.binding, &self.keys) {
            let (inner, open) = (self.inner.keys(), self.side.open());
            let other = open.and_then(|tunnel| tunnel.hostapd_keys());
            let ours = [Some(tunnel), other.as_ref()]
                .into_iter()
                .flatten()
                .map(|keys| Binding::new(keys, inner.as_ref(), method_ran))
                .find(|ours| ours.check(binding, false))
                .ok_or(Broken::Binding)?;
            answer.binding = Some(ours.seal(true, binding.nonce));
            self.keys = Some(ours.keys(tunnel));
            self.notes.push(Note::CryptoBinding);
        }
        match (said.success, agreed, inner) {
            (Some(true), true, inner) => {
                self.standing = match inner {
                    Standing::Satisfied { server_proved, .. } => Standing::Satisfied {
                        server_proved: server_proved || self.side.is_checked(),
                        admitted: true,
                    },
                    _ => Standing::Satisfied {
                        server_proved: self.side.is_checked(),
                        admitted: true,
                    },
                }
            }
            (Some(false), _, Standing::Refused(refusal)) => self.standing = Standing::Refused(refusal),
            (Some(false), ..) => self.standing = Standing::Refused(None),
            _ => {}
        }
        let data = answer.encode();
        let packet = encode(EapCode::RESPONSE, request.identifier(), EapType::TLV, &data);
        Ok(self.seal(&packet.unwrap_or_default()))
    }

    fn satisfied(&mut self) {
        self.standing = Standing::Satisfied {
            server_proved: self.side.is_checked(),
            admitted: true,
        };
    }

    fn seal(&mut self, packet: &[u8]) -> PeerReply {
        self.note(true, packet);
        PeerReply::Respond(self.side.seal(strip(packet)))
    }

    fn note(&mut self, sent: bool, packet: &[u8]) {
        let packet = Inner::Eap(Secret::new(packet));
        self.notes.push(Note::Inner { sent, packet });
    }
}

impl PeerMethod for PeapPeer {
    fn kind(&self) -> EapType {
        KIND
    }

    fn request(&mut self, request: &EapPacket<'_>, dice: &mut dyn Dice) -> Result<PeerReply, Broken> {
        let progress = self.side.receive(request.data())?;
        self.notes.extend(self.side.notes());
        if let (Some(tunnel), None) = (self.side.open(), &self.keys) {
            self.keys = Some(tunnel.keys(KIND, LABEL).map_err(Broken::Tls)?);
        }
        match progress {
            Progress::Send(data) => Ok(PeerReply::Respond(data)),
            Progress::Open(plain) => self.opened(request.identifier(), &plain, dice),
            Progress::Failed(data, fault) => {
                self.standing = Standing::Broken(Box::new(Broken::Tls(fault)));
                Ok(PeerReply::Respond(data))
            }
        }
    }

    fn answer(&mut self, text: Secret, dice: &mut dyn Dice) -> Result<PeerReply, Broken> {
        let step = self.inner.answer(text, dice)?;
        Ok(self.step(step))
    }

    fn standing(&self) -> Standing {
        match (&self.standing, self.inner.standing()) {
            // The server may end it without the last exchange, but not well.
            (Standing::Unfinished, Standing::Refused(refusal)) => Standing::Refused(refusal),
            (standing, _) => standing.clone(),
        }
    }

    fn keys(&self) -> Option<Keys> {
        self.keys.clone()
    }

    fn notes(&mut self) -> Vec<Note> {
        let mut notes = std::mem::take(&mut self.notes);
        notes.extend(self.side.notes());
        notes.extend(self.inner.notes());
        notes
    }
}
