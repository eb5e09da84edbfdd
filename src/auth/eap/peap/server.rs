//! PEAP as the server.

use std::sync::Arc;

use super::binding::Binding;
use super::peer::LABEL;
use super::tlv::Extensions;
use super::{KIND, restore, strip};
use crate::auth::eap::build::inner_size;
use crate::auth::eap::packet::{EapCode, EapPacket, EapType, encode};
use crate::auth::eap::server::{Done, Server, ServerEvent, ServerMethod, ServerSettings, ServerStep, Why};
use crate::auth::eap::tls::{Progress, ServerSide, ServerTls};
use crate::auth::server::{Refused, Users};
use crate::auth::{Broken, Dice, Inner, Method, MethodFault, Note, roll};
use crate::codec::Secret;

/// The server's side.
pub(in crate::auth::eap) struct PeapServer {
    side: ServerSide,
    inner: Server,
    phase: Phase,
    binding: Option<Binding>,
    notes: Vec<Note>,
}

/// Where the conversation inside stands.
enum Phase {
    /// The handshake goes on.
    Handshake,
    /// The end of the handshake was sent; the peer's acknowledgement opens the inside.
    Opening,
    /// The method inside runs.
    Method,
    /// We said how it went; the peer's word is due.
    Result(Result<Box<Done>, Box<Why>>),
    /// TLS failed, and the peer was told.
    Failed(Broken),
}

impl PeapServer {
    /// `fragment` is the longest EAP packet to send, in octets.
    pub(in crate::auth::eap) fn new(
        tls: Arc<ServerTls>,
        settings: Arc<ServerSettings>,
        users: Arc<dyn Users>,
        fragment: usize,
    ) -> PeapServer {
        PeapServer {
            side: ServerSide::new(KIND, tls, false, fragment),
            inner: Server::new(settings, users, Some(KIND), inner_size(fragment)),
            phase: Phase::Handshake,
            binding: None,
            notes: Vec::new(),
        }
    }

    fn open(&mut self, outer: u8, plain: &[u8], dice: &mut dyn Dice) -> ServerStep {
        match std::mem::replace(&mut self.phase, Phase::Method) {
            Phase::Handshake => {
                self.side.note_facts();
                self.notes.extend(self.side.notes());
                // TLS 1.2 ends the handshake with our Finished, which the peer acknowledges first.
                match (self.side.is_tls13(), self.side.resumed_user()) {
                    (false, None) => match self.side.rest() {
                        Some(data) => {
                            self.phase = Phase::Opening;
                            ServerStep::Request(data)
                        }
                        None => self.identity(outer, dice),
                    },
                    (_, Some((user, method))) => self.resumed(outer, user, method, dice),
                    (true, None) => self.identity(outer, dice),
                }
            }
            Phase::Opening => self.identity(outer, dice),
            Phase::Method => self.method(outer, plain, dice),
            Phase::Result(outcome) => self.result(outer, plain, outcome),
            Phase::Failed(why) => ServerStep::broken(why),
        }
    }

    fn identity(&mut self, outer: u8, dice: &mut dyn Dice) -> ServerStep {
        self.inner.lend_identifier(outer.wrapping_add(1));
        let packet = self.inner.start(dice);
        self.seal(&packet)
    }

    fn resumed(&mut self, outer: u8, user: Vec<u8>, method: Method, dice: &mut dyn Dice) -> ServerStep {
        let done = Done {
            inner_user: Some(user),
            ..Done::of(method)
        };
        self.finish(outer, Ok(Box::new(done)), false, dice)
    }

    fn method(&mut self, outer: u8, plain: &[u8], dice: &mut dyn Dice) -> ServerStep {
        let packet = match restore(plain, EapCode::RESPONSE, self.inner.identifier()) {
            Some(packet) => packet,
            None => return ServerStep::broken(MethodFault::Length { says: 0, want: 1 }.of(KIND)),
        };
        self.note(false, &packet);
        self.inner.lend_identifier(outer.wrapping_add(1));
        match self.inner.receive(&packet, dice) {
            ServerEvent::Send(packet) | ServerEvent::Invalid(_, packet) => self.seal(&packet),
            ServerEvent::Accept(_, done) => {
                let method = Method::all()
                    .find(|method| method.outer() == Some(KIND) && method.inner_eap() == Some(done.method))
                    .unwrap_or(done.method);
                let inner_user = self.inner.identity().map(<[u8]>::to_vec);
                let done = Done {
                    inner_user,
                    method,
                    ..*done
                };
                self.finish(outer, Ok(Box::new(done)), true, dice)
            }
            ServerEvent::Reject(_, why) => self.finish(outer, Err(Box::new(why)), true, dice),
        }
    }

    /// Says how it went inside.
    fn finish(
        &mut self,
        outer: u8,
        outcome: Result<Box<Done>, Box<Why>>,
        method_ran: bool,
        dice: &mut dyn Dice,
    ) -> ServerStep {
        let mut extensions = Extensions {
            success: Some(outcome.is_ok()),
            ..Extensions::default()
        };
        if let (Ok(done), Some(tunnel)) = (&outcome, self.side.open()) {
            let tunnel = match tunnel.keys(KIND, LABEL) {
                Ok(keys) => keys,
                Err(fault) => return ServerStep::broken(Broken::Tls(fault)),
            };
            let binding = Binding::new(&tunnel, done.keys.as_ref(), method_ran);
            extensions.binding = Some(binding.seal(false, roll(dice)));
            self.binding = Some(binding);
        }
        self.phase = Phase::Result(outcome);
        let data = extensions.encode();
        let packet = encode(EapCode::REQUEST, outer.wrapping_add(1), EapType::TLV, &data);
        self.seal(&packet.unwrap_or_default())
    }

    /// The peer's word on how it went.
    fn result(&mut self, outer: u8, plain: &[u8], outcome: Result<Box<Done>, Box<Why>>) -> ServerStep {
        let done = match outcome.map_err(|why| *why) {
            Ok(done) => done,
            Err(Why::Refused(why)) => return ServerStep::Refused(why),
            Err(Why::NotAgreed(_)) => return ServerStep::Refused(Refused::MethodNotAllowed),
            Err(Why::Broken(why)) => return ServerStep::Broken(why),
            Err(Why::Invalid(error)) => return ServerStep::broken(Broken::Eap(error)),
        };
        let packet = restore(plain, EapCode::RESPONSE, outer).unwrap_or_default();
        self.note(false, &packet);
        let said = match EapPacket::parse(&packet) {
            Ok(packet) if packet.kind() == Some(EapType::TLV) => Extensions::parse(packet.data()),
            Ok(packet) => {
                let number = packet.kind().map_or(0, |kind| kind.0);
                Err(MethodFault::Operation { number })
            }
            Err(error) => return ServerStep::broken(Broken::Eap(error)),
        };
        let said = match said {
            Ok(said) => said,
            Err(fault) => return ServerStep::broken(fault.of(KIND)),
        };
        let bound = match (&said.binding, &self.binding) {
            (Some(theirs), Some(ours)) => ours.check(theirs, true),
            // A peer may leave it out; its keys are those of the tunnel then.
            _ => true,
        };
        if said.success != Some(true) || !bound {
            return ServerStep::broken(Broken::Binding);
        }
        let keys = match self.side.open().map(|tunnel| tunnel.keys(KIND, LABEL)) {
            Some(Ok(keys)) => keys,
            Some(Err(fault)) => return ServerStep::broken(Broken::Tls(fault)),
            None => return ServerStep::broken(Broken::TooEarly { kind: Some(KIND) }),
        };
        let keys = match (&said.binding, &self.binding) {
            (Some(_), Some(binding)) => binding.keys(&keys),
            _ => keys,
        };
        self.side
            .remember(done.inner_user.clone().unwrap_or_default(), done.method);
        ServerStep::done(Done {
            keys: Some(keys),
            ..*done
        })
    }

    fn seal(&mut self, packet: &[u8]) -> ServerStep {
        self.note(true, packet);
        ServerStep::Request(self.side.seal(strip(packet)))
    }

    fn note(&mut self, sent: bool, packet: &[u8]) {
        let packet = Inner::Eap(Secret::new(packet));
        self.notes.push(Note::Inner { sent, packet });
    }
}

impl ServerMethod for PeapServer {
    fn kind(&self) -> EapType {
        KIND
    }

    fn start(&mut self, _dice: &mut dyn Dice) -> Vec<u8> {
        self.side.start()
    }

    fn response(&mut self, response: &EapPacket<'_>, dice: &mut dyn Dice) -> ServerStep {
        if let Phase::Failed(why) = &self.phase {
            return ServerStep::broken(why.clone());
        }
        let progress = self.side.receive(response.data());
        self.notes.extend(self.side.notes());
        match progress {
            Ok(Progress::Send(data)) => ServerStep::Request(data),
            Ok(Progress::Open(plain)) => self.open(response.identifier(), &plain, dice),
            Ok(Progress::Failed(data, fault)) => {
                self.phase = Phase::Failed(Broken::Tls(fault));
                ServerStep::Request(data)
            }
            Err(why) => ServerStep::broken(why),
        }
    }

    fn inner_user(&self) -> Option<&[u8]> {
        self.inner.identity()
    }

    fn notes(&mut self) -> Vec<Note> {
        let mut notes = std::mem::take(&mut self.notes);
        notes.extend(self.side.notes());
        notes.extend(self.inner.notes());
        notes
    }
}
