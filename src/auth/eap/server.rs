//! The server's side of an EAP conversation (RFC 3748 §2, RFC 4137 §5): Identity, the choice of a method, Nak, and the
//! verdict.
//!
//! ```text
//!   ─▶ Response/Identity     choose the first method that the account may use      ◀─ Request/Type
//!   ─▶ Response/Nak          choose another that the peer wants                     ◀─ Request/Type
//!   ─▶ Response/Type         ask the method                                         ◀─ Request/Type, Success, Failure
//! ```

use std::sync::Arc;

use super::build::server_method;
use super::packet::{EapCode, EapError, EapPacket, EapType, encode, verdict};
use super::tls::ServerTls;
use crate::auth::server::{Account, Refused, Users};
use crate::auth::{Broken, Dice, Keys, Method, Note, roll};
use crate::codec::Secret;

/// How often an invalid packet may come before the conversation ends (RFC 3579 §2.2).
const MAX_INVALID: u8 = 5;

/// How many packets a peer may send in a conversation: no login takes as many, however small its fragments.
const MAX_ROUNDS: u32 = 500;

/// What a server speaks; one for all conversations.
pub struct ServerSettings {
    /// The methods it runs, the one to propose first at the front.
    pub methods: Vec<Method>,
    /// Its certificate and its TLS; without it no method runs that needs TLS.
    pub tls: Option<Arc<ServerTls>>,
    /// The longest EAP packet it sends, in octets, where the request's Framed-MTU says no less.
    pub fragment: usize,
    /// What it calls itself in MS-CHAPv2 and EAP-pwd.
    pub name: String,
    /// What EAP-GTC shows the user.
    pub prompt: String,
}

/// One method, as the server runs it.
pub trait ServerMethod: Send {
    /// The Type of its packets.
    fn kind(&self) -> EapType;

    /// The data of its first Request.
    fn start(&mut self, dice: &mut dyn Dice) -> Vec<u8>;

    /// Takes a Response of this Type.
    fn response(&mut self, response: &EapPacket<'_>, dice: &mut dyn Dice) -> ServerStep;

    /// The name that was said inside the method's tunnel, where one was.
    fn inner_user(&self) -> Option<&[u8]> {
        None
    }

    /// What was seen since the last call.
    fn notes(&mut self) -> Vec<Note> {
        Vec::new()
    }
}

/// What a method does with a Response.
#[derive(Clone, Debug)]
pub enum ServerStep {
    /// The data of its next Request.
    Request(Vec<u8>),
    /// The peer is in.
    Done(Box<Done>),
    /// The peer is not in.
    Refused(Refused),
    /// The conversation cannot go on.
    Broken(Box<Broken>),
}

impl ServerStep {
    pub(super) fn done(done: Done) -> ServerStep {
        ServerStep::Done(Box::new(done))
    }

    pub(super) fn broken(why: Broken) -> ServerStep {
        ServerStep::Broken(Box::new(why))
    }
}

/// A login that was right.
#[derive(Clone, Debug)]
pub struct Done {
    /// The name inside the tunnel, where there was one.
    pub inner_user: Option<Vec<u8>>,
    /// How the user got in.
    pub method: Method,
    /// What was derived.
    pub keys: Option<Keys>,
    /// The password to keep from now on.
    pub new_password: Option<Secret>,
}

impl Done {
    /// A login with a method that derives nothing.
    pub(super) fn of(method: Method) -> Done {
        Done {
            inner_user: None,
            method,
            keys: None,
            new_password: None,
        }
    }
}

/// What the server does after a packet from the peer.
#[derive(Clone, Debug)]
pub enum ServerEvent {
    /// Send this Request.
    Send(Vec<u8>),
    /// Send this Success: the peer is in.
    Accept(Vec<u8>, Box<Done>),
    /// Send this Failure: the peer is not in.
    Reject(Vec<u8>, Why),
    /// The packet was invalid; send the last Request again (RFC 3579 §2.2).
    Invalid(EapError, Vec<u8>),
}

/// Why a peer is not in.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// The login was wrong.
    Refused(Refused),
    /// The peer wants methods that this server or this account does not run.
    NotAgreed(Vec<EapType>),
    /// The conversation went wrong.
    Broken(Box<Broken>),
    /// Too many invalid packets.
    Invalid(EapError),
}

/// The server, for one conversation.
pub struct Server {
    settings: Arc<ServerSettings>,
    users: Arc<dyn Users>,
    /// The tunnel that this conversation runs in.
    tunnel: Option<EapType>,
    fragment: usize,
    identity: Option<Vec<u8>>,
    method: Option<Box<dyn ServerMethod>>,
    /// Types that the peer may still ask for by Nak; empty once a method was answered.
    candidates: Vec<EapType>,
    identifier: u8,
    /// The Identifier of the next Request, where PEAP lends its own.
    lent: Option<u8>,
    last: Vec<u8>,
    rounds: u32,
    invalid: u8,
    notes: Vec<Note>,
}

impl Server {
    /// A conversation outside of any tunnel (`tunnel` is none) or in one. `fragment` is the longest EAP packet to
    /// send, in octets.
    pub fn new(
        settings: Arc<ServerSettings>,
        users: Arc<dyn Users>,
        tunnel: Option<EapType>,
        fragment: usize,
    ) -> Server {
        Server {
            settings,
            users,
            tunnel,
            fragment,
            identity: None,
            method: None,
            candidates: Vec::new(),
            identifier: 0,
            lent: None,
            last: Vec::new(),
            rounds: 0,
            invalid: 0,
            notes: Vec::new(),
        }
    }

    /// Asks for the identity.
    pub fn start(&mut self, dice: &mut dyn Dice) -> Vec<u8> {
        [self.identifier] = roll(dice);
        self.send(EapType::IDENTITY, &[])
    }

    /// The identity, once the peer has said it.
    pub fn identity(&self) -> Option<&[u8]> {
        self.identity.as_deref()
    }

    /// The method that runs, or ran.
    pub fn kind(&self) -> Option<EapType> {
        self.method.as_ref().map(|method| method.kind())
    }

    /// The name that was said inside a tunnel, where there is one.
    pub fn inner_user(&self) -> Option<&[u8]> {
        self.method.as_ref()?.inner_user()
    }

    /// The Identifier of the last Request.
    pub(super) fn identifier(&self) -> u8 {
        self.identifier
    }

    /// Sets the Identifier of the next Request: headers inside PEAP are not sent, so that both sides must take those
    /// outside.
    pub(super) fn lend_identifier(&mut self, identifier: u8) {
        self.lent = Some(identifier);
    }

    /// What was seen since the last call.
    pub fn notes(&mut self) -> Vec<Note> {
        let mut notes = std::mem::take(&mut self.notes);
        notes.extend(self.method.iter_mut().flat_map(|method| method.notes()));
        notes
    }

    /// Takes a packet from the peer.
    pub fn receive(&mut self, octets: &[u8], dice: &mut dyn Dice) -> ServerEvent {
        self.rounds += 1;
        if self.rounds > MAX_ROUNDS {
            return self.broken(Broken::TooManyRounds { limit: MAX_ROUNDS });
        }
        let response = match EapPacket::parse(octets) {
            Ok(packet) => packet,
            Err(error) => return self.invalid(error),
        };
        if response.code() != EapCode::RESPONSE {
            return self.broken(Broken::EapCode(response.code()));
        }
        match response.kind() {
            Some(EapType::IDENTITY) if self.identity.is_none() => self.identified(&response, dice),
            Some(EapType::NAK) if !self.candidates.is_empty() => self.nak(&response, dice),
            Some(kind) => self.answered(kind, &response, dice),
            None => self.broken(Broken::EapCode(response.code())),
        }
    }

    fn identified(&mut self, response: &EapPacket<'_>, dice: &mut dyn Dice) -> ServerEvent {
        // What follows a NUL are options for somebody else (RFC 3748 §5.1).
        let identity = response.data().split(|octet| *octet == 0).next().unwrap_or(&[]);
        self.identity = Some(identity.to_vec());
        self.identifier = response.identifier();
        let account = self.users.account(identity);
        for method in self.allowed(account.as_ref()) {
            if let Some(kind) = method.outer()
                && !self.candidates.contains(&kind)
            {
                self.candidates.push(kind);
            }
        }
        match self.candidates.first().copied() {
            Some(kind) => self.begin(kind, account, dice),
            None => self.refuse(Why::Refused(Refused::MethodNotAllowed)),
        }
    }

    /// What the account may use in this place: methods without a tunnel around them, as the tunnel sees them.
    fn allowed(&self, account: Option<&Account>) -> Vec<Method> {
        let allowed = |method: &&Method| account.is_none_or(|account| account.allows(**method));
        let methods = self.settings.methods.iter().filter(allowed);
        match self.tunnel {
            None => methods
                .filter(|method| !method.uses_tls() || self.settings.tls.is_some())
                .copied()
                .collect(),
            Some(tunnel) => methods
                .filter(|method| method.outer() == Some(tunnel))
                .filter_map(|method| method.inner_eap())
                .collect(),
        }
    }

    fn nak(&mut self, response: &EapPacket<'_>, dice: &mut dyn Dice) -> ServerEvent {
        let wanted: Vec<EapType> = response.data().iter().map(|kind| EapType(*kind)).collect();
        let proposed = self.method.as_ref().map(|method| method.kind());
        self.notes.push(Note::Nak {
            proposed: proposed.unwrap_or(EapType(0)),
            wanted: wanted.clone(),
        });
        let ours = |kind: &&EapType| self.candidates.contains(kind) && Some(**kind) != proposed;
        match wanted.iter().find(ours).copied() {
            Some(kind) => {
                self.candidates.retain(|other| Some(*other) != proposed);
                let account = self.identity.as_deref().and_then(|name| self.users.account(name));
                self.begin(kind, account, dice)
            }
            None => self.refuse(Why::NotAgreed(wanted)),
        }
    }

    fn begin(&mut self, kind: EapType, account: Option<Account>, dice: &mut dyn Dice) -> ServerEvent {
        let identity = self.identity.clone().unwrap_or_default();
        let (settings, users) = (&self.settings, &self.users);
        let Some(mut method) = server_method(kind, settings, users, account, identity, self.fragment) else {
            return self.refuse(Why::Refused(Refused::MethodNotAllowed));
        };
        let data = method.start(dice);
        self.notes.push(Note::Method(kind));
        self.method = Some(method);
        ServerEvent::Send(self.send(kind, &data))
    }

    fn answered(&mut self, kind: EapType, response: &EapPacket<'_>, dice: &mut dyn Dice) -> ServerEvent {
        let Some(method) = self.method.as_mut().filter(|method| method.kind() == kind) else {
            let number = kind.0;
            return self.broken(crate::auth::MethodFault::Operation { number }.of(EapType::NAK));
        };
        if response.identifier() != self.identifier {
            // An answer to an earlier Request: the driver repeats the last one.
            return ServerEvent::Send(self.last.clone());
        }
        self.candidates.clear();
        match method.response(response, dice) {
            ServerStep::Request(data) => ServerEvent::Send(self.send(kind, &data)),
            ServerStep::Done(done) => {
                ServerEvent::Accept(verdict(EapCode::SUCCESS, self.identifier).to_vec(), done)
            }
            ServerStep::Refused(why) => self.refuse(Why::Refused(why)),
            ServerStep::Broken(why) => self.refuse(Why::Broken(why)),
        }
    }

    fn send(&mut self, kind: EapType, data: &[u8]) -> Vec<u8> {
        self.identifier = self.lent.take().unwrap_or(self.identifier.wrapping_add(1));
        // Methods fragment what they send, far below what Length can say.
        self.last = encode(EapCode::REQUEST, self.identifier, kind, data).unwrap_or_default();
        self.last.clone()
    }

    fn invalid(&mut self, error: EapError) -> ServerEvent {
        self.invalid += 1;
        match self.invalid > MAX_INVALID || self.last.is_empty() {
            true => self.refuse(Why::Invalid(error)),
            false => ServerEvent::Invalid(error, self.last.clone()),
        }
    }

    fn broken(&mut self, why: Broken) -> ServerEvent {
        self.refuse(Why::Broken(Box::new(why)))
    }

    fn refuse(&mut self, why: Why) -> ServerEvent {
        ServerEvent::Reject(verdict(EapCode::FAILURE, self.identifier).to_vec(), why)
    }
}
