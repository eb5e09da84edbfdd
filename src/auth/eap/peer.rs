//! The peer's side of an EAP conversation (RFC 3748 §4, RFC 4137 §4): Identity, Notification, Nak, and the method that
//! was agreed on.

use super::packet::{EapCode, EapPacket, EapType, encode};
use crate::auth::mschap::message::Refusal;
use crate::auth::{Broken, Dice, Keys, MethodFault, Note};
use crate::codec::Secret;

/// One method, as the peer runs it.
pub trait PeerMethod: Send {
    /// The Type of its packets.
    fn kind(&self) -> EapType;

    /// Takes a Request of this Type.
    fn request(&mut self, request: &EapPacket<'_>, dice: &mut dyn Dice) -> Result<PeerReply, Broken>;

    /// Takes what the user said to [`PeerReply::Ask`].
    fn answer(&mut self, text: Secret, dice: &mut dyn Dice) -> Result<PeerReply, Broken>;

    /// What an end of the conversation would mean now.
    fn standing(&self) -> Standing;

    /// What was derived; only once [`Standing::Satisfied`].
    fn keys(&self) -> Option<Keys> {
        None
    }

    /// What was seen since the last call.
    fn notes(&mut self) -> Vec<Note> {
        Vec::new()
    }
}

/// What a method does with a Request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeerReply {
    /// The data of its Response.
    Respond(Vec<u8>),
    /// The user must be asked first.
    Ask(String),
}

/// How far a method has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Standing {
    /// A success would come too early.
    Unfinished,
    /// It has done its part.
    Satisfied {
        /// Whether the server proved that it knows the password, or has the certificate that was asked for.
        server_proved: bool,
        /// Whether it has let us know that our part was right: a rejection now is not about the password.
        admitted: bool,
    },
    /// The server said no inside the method.
    Refused(Option<Box<Refusal>>),
    /// It found something that makes a success worthless.
    Broken(Box<Broken>),
}

/// What to do after a packet from the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeerStep {
    /// Send this EAP packet.
    Send(Vec<u8>),
    /// Ask the user, then call [`Peer::answer`].
    Ask(String),
    /// The server says that we are in. Whether it may is for [`Peer::standing`].
    Success,
    /// The server says that we are not in.
    Failure,
}

/// The peer.
pub struct Peer {
    identity: Vec<u8>,
    methods: Vec<Box<dyn PeerMethod>>,
    active: Option<usize>,
    /// The last Request and what was answered, for a Request that comes again (RFC 3748 §4.1).
    last: Option<(Vec<u8>, Vec<u8>)>,
    /// The Request that waits for the user.
    asked: Option<Vec<u8>>,
    not_agreed: Vec<EapType>,
    notes: Vec<Note>,
}

impl Peer {
    /// A peer that calls itself `identity` and runs these methods, the best first.
    pub fn new(identity: impl Into<Vec<u8>>, methods: Vec<Box<dyn PeerMethod>>) -> Peer {
        Peer {
            identity: identity.into(),
            methods,
            active: None,
            last: None,
            asked: None,
            not_agreed: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The name for outside: what a Response/Identity says.
    pub fn identity(&self) -> &[u8] {
        &self.identity
    }

    /// Takes a packet from the server.
    pub fn receive(&mut self, octets: &[u8], dice: &mut dyn Dice) -> Result<PeerStep, Broken> {
        let packet = EapPacket::parse(octets).map_err(Broken::Eap)?;
        match packet.code() {
            EapCode::REQUEST => self.request(&packet, dice),
            EapCode::SUCCESS => Ok(PeerStep::Success),
            EapCode::FAILURE => Ok(PeerStep::Failure),
            code => Err(Broken::EapCode(code)),
        }
    }

    /// Gives the user's answer to the method that asked for it.
    pub fn answer(&mut self, text: Secret, dice: &mut dyn Dice) -> Result<PeerStep, Broken> {
        let octets = self.asked.take().ok_or(Broken::TooEarly { kind: None })?;
        let request = EapPacket::parse(&octets).map_err(Broken::Eap)?;
        let method = self.active.and_then(|at| self.methods.get_mut(at));
        let method = method.ok_or(Broken::TooEarly { kind: None })?;
        let reply = method.answer(text, dice)?;
        self.reply(&request, reply)
    }

    fn request(&mut self, request: &EapPacket<'_>, dice: &mut dyn Dice) -> Result<PeerStep, Broken> {
        if let Some((last, response)) = &self.last
            && last == request.octets()
        {
            return Ok(PeerStep::Send(response.clone()));
        }
        let kind = request.kind().unwrap_or(EapType(0));
        let reply = match kind {
            EapType::IDENTITY => PeerReply::Respond(self.identity.clone()),
            EapType::NOTIFICATION => {
                let text = String::from_utf8_lossy(request.data()).into_owned();
                self.notes.push(Note::Text(text));
                PeerReply::Respond(Vec::new())
            }
            _ => match self.choose(kind) {
                Some(method) => method.request(request, dice)?,
                None => return self.nak(request, kind),
            },
        };
        self.reply(request, reply)
    }

    /// The method that the server wants to run, if it is one of ours; a server may change its mind between methods.
    fn choose(&mut self, kind: EapType) -> Option<&mut Box<dyn PeerMethod>> {
        let at = self.methods.iter().position(|method| method.kind() == kind)?;
        if self.active != Some(at) {
            self.active = Some(at);
            self.notes.push(Note::Method(kind));
        }
        self.methods.get_mut(at)
    }

    /// Asks for our methods instead (RFC 3748 §5.3.1); zero, where there are none.
    fn nak(&mut self, request: &EapPacket<'_>, proposed: EapType) -> Result<PeerStep, Broken> {
        let wanted: Vec<EapType> = self.methods.iter().map(|method| method.kind()).collect();
        // Once a method runs, another has no place here (RFC 3748 §2.1).
        if self.active.is_some() || !proposed.is_method() {
            let number = proposed.0;
            return Err(MethodFault::Operation { number }.of(EapType::NAK));
        }
        let mut data: Vec<u8> = wanted.iter().map(|kind| kind.0).collect();
        if data.is_empty() {
            data.push(0);
        }
        self.not_agreed.push(proposed);
        self.notes.push(Note::Nak { proposed, wanted });
        self.send(request, EapType::NAK, &data)
    }

    fn reply(&mut self, request: &EapPacket<'_>, reply: PeerReply) -> Result<PeerStep, Broken> {
        match reply {
            PeerReply::Respond(data) => self.send(request, request.kind().unwrap_or(EapType(0)), &data),
            PeerReply::Ask(prompt) => {
                self.asked = Some(request.octets().to_vec());
                Ok(PeerStep::Ask(prompt))
            }
        }
    }

    fn send(&mut self, request: &EapPacket<'_>, kind: EapType, data: &[u8]) -> Result<PeerStep, Broken> {
        let octets = encode(EapCode::RESPONSE, request.identifier(), kind, data);
        let octets = octets.ok_or(Broken::Unfit(crate::auth::Unfit::ValueTooLong {
            length: data.len(),
        }))?;
        self.last = Some((request.octets().to_vec(), octets.clone()));
        Ok(PeerStep::Send(octets))
    }

    /// What an end of the conversation would mean now.
    pub fn standing(&self) -> Standing {
        match self.method() {
            Some(method) => method.standing(),
            None => Standing::Unfinished,
        }
    }

    /// The type of the method that runs, or ran.
    pub fn kind(&self) -> Option<EapType> {
        self.method().map(|method| method.kind())
    }

    /// What the method derived.
    pub fn keys(&self) -> Option<Keys> {
        self.method().and_then(|method| method.keys())
    }

    /// What the server proposed and we do not run.
    pub fn not_agreed(&self) -> &[EapType] {
        &self.not_agreed
    }

    /// What was seen since the last call.
    pub fn notes(&mut self) -> Vec<Note> {
        let mut notes = std::mem::take(&mut self.notes);
        notes.extend(self.methods.iter_mut().flat_map(|method| method.notes()));
        notes
    }

    fn method(&self) -> Option<&dyn PeerMethod> {
        self.active
            .and_then(|at| self.methods.get(at))
            .map(|method| &**method)
    }
}
