//! EAP-TTLS as the server.

use std::sync::Arc;

use super::avp::{Avp, parse};
use super::peer::{add, divide};
use super::{LABEL, challenge};
use crate::auth::eap::build::inner_size;
use crate::auth::eap::packet::{EapPacket, EapType};
use crate::auth::eap::server::{Done, Server, ServerEvent, ServerMethod, ServerSettings, ServerStep, Why};
use crate::auth::eap::tls::{Progress, ServerSide, ServerTls};
use crate::auth::mschap::attributes::{ResponseV1, ResponseV2, VENDOR, identified, number};
use crate::auth::mschap::message::Success;
use crate::auth::mschap::{Challenges, check_v1, lm_hash};
use crate::auth::server::{Account, Known, Refused, Users};
use crate::auth::{Broken, Dice, Inner, Method, MethodFault, Note, digest};
use crate::codec::hide::chap_check;
use crate::codec::{AttributeType, Secret};

const KIND: EapType = EapType::TTLS;

/// The server's side.
pub(in crate::auth::eap) struct TtlsServer {
    side: ServerSide,
    settings: Arc<ServerSettings>,
    users: Arc<dyn Users>,
    fragment: usize,
    opened: bool,
    /// The User-Name in the tunnel.
    user: Option<Vec<u8>>,
    inner: Option<Box<Server>>,
    /// What the peer's acknowledgement ends the method with.
    ending: Option<Result<Box<Done>, Broken>>,
    notes: Vec<Note>,
}

/// The attributes that were found, by what they are.
#[derive(Default)]
struct Found<'a> {
    user: Option<&'a [u8]>,
    password: Option<&'a [u8]>,
    chap: Option<&'a [u8]>,
    chap_challenge: Option<&'a [u8]>,
    mschap_challenge: Option<&'a [u8]>,
    mschap: Option<&'a [u8]>,
    mschapv2: Option<&'a [u8]>,
    eap: Vec<u8>,
}

impl<'a> Found<'a> {
    fn sort(avps: &[Avp<'a>]) -> Result<Found<'a>, MethodFault> {
        let mut found = Found::default();
        for avp in avps {
            let slot = match (avp.vendor, avp.code) {
                (0, 1) => &mut found.user,
                (0, 2) => &mut found.password,
                (0, 3) => &mut found.chap,
                (0, 60) => &mut found.chap_challenge,
                (0, 79) => {
                    found.eap.extend_from_slice(avp.data);
                    continue;
                }
                (VENDOR, 11) => &mut found.mschap_challenge,
                (VENDOR, 1) => &mut found.mschap,
                (VENDOR, 25) => &mut found.mschapv2,
                (vendor, code) if avp.mandatory => return Err(MethodFault::Mandatory { code, vendor }),
                _ => continue,
            };
            *slot = Some(avp.data);
        }
        Ok(found)
    }

    fn method(&self) -> Option<Method> {
        if self.mschapv2.is_some() {
            Some(Method::TtlsMschapv2)
        } else if self.mschap.is_some() {
            Some(Method::TtlsMschap)
        } else if self.chap.is_some() {
            Some(Method::TtlsChap)
        } else {
            self.password.map(|_| Method::TtlsPap)
        }
    }
}

impl TtlsServer {
    /// `fragment` is the longest EAP packet to send, in octets.
    pub(in crate::auth::eap) fn new(
        tls: Arc<ServerTls>,
        settings: Arc<ServerSettings>,
        users: Arc<dyn Users>,
        fragment: usize,
    ) -> TtlsServer {
        TtlsServer {
            side: ServerSide::new(KIND, tls, false, fragment),
            settings,
            users,
            fragment,
            opened: false,
            user: None,
            inner: None,
            ending: None,
            notes: Vec::new(),
        }
    }

    fn open(&mut self, plain: &[u8], dice: &mut dyn Dice) -> ServerStep {
        if !std::mem::replace(&mut self.opened, true) {
            self.side.note_facts();
            self.notes.extend(self.side.notes());
            if plain.is_empty() {
                return self.first();
            }
        }
        match (plain.is_empty(), self.ending.take()) {
            (true, Some(Ok(done))) => self.done(*done),
            (true, Some(Err(why))) => ServerStep::broken(why),
            // The peer has the turn, and may take several packets to say something.
            (true, None) => ServerStep::Request(self.side.seal(&[])),
            (false, _) => self.attributes(plain, dice),
        }
    }

    /// The handshake is through and nothing has come yet.
    fn first(&mut self) -> ServerStep {
        match self.side.resumed_user() {
            Some((user, method)) => {
                let done = Done {
                    inner_user: Some(user),
                    ..Done::of(method)
                };
                if !self.side.is_tls13() {
                    return self.done(done);
                }
                // Nothing more is asked inside: said with one octet (RFC 9427 §2.1).
                self.ending = Some(Ok(Box::new(done)));
                ServerStep::Request(self.side.seal(&[0]))
            }
            None => ServerStep::Request(self.side.seal(&[])),
        }
    }

    fn attributes(&mut self, plain: &[u8], dice: &mut dyn Dice) -> ServerStep {
        self.note(false, plain);
        let found = parse(plain).and_then(|avps| Found::sort(&avps));
        let found = match found {
            Ok(found) => found,
            Err(fault) => return ServerStep::broken(fault.of(KIND)),
        };
        if !found.eap.is_empty() {
            return self.eap(&found.eap, dice);
        }
        match self.check(&found) {
            Ok(step) => step,
            Err(why) => ServerStep::Refused(why),
        }
    }

    fn check(&mut self, found: &Found<'_>) -> Result<ServerStep, Refused> {
        let method = found.method().ok_or(Refused::NoCredentials)?;
        let user = found.user.ok_or(Refused::NoCredentials)?;
        self.user = Some(user.to_vec());
        let account = self.users.account(user).ok_or(Refused::UnknownUser)?;
        if !account.allows(method) || !self.settings.methods.contains(&method) {
            return Err(Refused::MethodNotAllowed);
        }
        let done = Done {
            inner_user: Some(user.to_vec()),
            ..Done::of(method)
        };
        let right = match method {
            Method::TtlsPap => found.password.is_some_and(|password| {
                account.password.is(password) || account.password.is(unpadded(password))
            }),
            Method::TtlsChap => self.chap(found, &account)?,
            Method::TtlsMschap => self.mschap(found, &account)?,
            _ => return self.mschapv2(found, user, &account, done),
        };
        match (right, account.expired) {
            (true, false) => Ok(self.done(done)),
            (true, true) => Err(Refused::Expired),
            (false, _) => Err(Refused::WrongPassword),
        }
    }

    fn derived<const N: usize, const M: usize>(&self, sent: Option<&[u8]>) -> Result<([u8; M], u8), Refused> {
        let tunnel = self.side.open().ok_or(Refused::Malformed)?;
        let derived = challenge::<N>(tunnel).map_err(|_| Refused::Malformed)?;
        let (challenge, identifier) = divide(&derived);
        // It must be the one that the tunnel gives (RFC 5281 §11.2.2): any other could be a recording.
        match sent.is_some_and(|sent| digest::equal(sent, &challenge)) {
            true => Ok((challenge, identifier)),
            false => Err(Refused::Malformed),
        }
    }

    fn chap(&self, found: &Found<'_>, account: &Account) -> Result<bool, Refused> {
        let (challenge, _) = self.derived::<17, 16>(found.chap_challenge)?;
        if account.password == Known::Any {
            return Ok(true);
        }
        let password = account.password.clear().ok_or(Refused::PasswordNotKnown)?;
        let (identifier, response) = found
            .chap
            .and_then(|chap| chap.split_first())
            .ok_or(Refused::Malformed)?;
        Ok(chap_check(*identifier, password, &challenge, response))
    }

    fn mschap(&self, found: &Found<'_>, account: &Account) -> Result<bool, Refused> {
        let (challenge, _) = self.derived::<9, 8>(found.mschap_challenge)?;
        let response = ResponseV1::parse(found.mschap.unwrap_or(&[])).map_err(|_| Refused::Malformed)?;
        let hash = account.password.nt_hash().ok_or(Refused::PasswordNotKnown)?;
        match (response.uses_nt, account.password.clear()) {
            (true, _) => Ok(check_v1(&challenge, &hash, &response.nt)),
            (false, Some(password)) => {
                let lm = crate::auth::mschap::NtHash::new(lm_hash(password));
                Ok(check_v1(&challenge, &lm, &response.lm))
            }
            (false, None) => Err(Refused::PasswordNotKnown),
        }
    }

    fn mschapv2(
        &mut self,
        found: &Found<'_>,
        user: &[u8],
        account: &Account,
        done: Done,
    ) -> Result<ServerStep, Refused> {
        let (authenticator, _) = self.derived::<17, 16>(found.mschap_challenge)?;
        let response = ResponseV2::parse(found.mschapv2.unwrap_or(&[])).map_err(|_| Refused::Malformed)?;
        let hash = account.password.nt_hash().ok_or(Refused::PasswordNotKnown)?;
        let challenges = Challenges {
            authenticator: &authenticator,
            peer: &response.peer_challenge,
            user,
        };
        if !challenges.check(&hash, &response.nt) {
            return Err(Refused::WrongPassword);
        }
        if account.expired {
            return Err(Refused::Expired);
        }
        let success = Success {
            proof: challenges.proof(&hash, &response.nt),
            message: None,
        };
        let mut octets = Vec::new();
        let text = identified(response.identifier, &success.to_string());
        add(&mut octets, VENDOR, number::MS_CHAP2_SUCCESS, &text);
        self.ending = Some(Ok(Box::new(done)));
        Ok(self.seal(&octets))
    }

    fn eap(&mut self, packet: &[u8], dice: &mut dyn Dice) -> ServerStep {
        let inner = self.inner.get_or_insert_with(|| {
            let (settings, users) = (Arc::clone(&self.settings), Arc::clone(&self.users));
            Box::new(Server::new(
                settings,
                users,
                Some(KIND),
                inner_size(self.fragment),
            ))
        });
        match inner.receive(packet, dice) {
            ServerEvent::Send(packet) | ServerEvent::Invalid(_, packet) => {
                let mut octets = Vec::new();
                add(&mut octets, 0, AttributeType::EAP_MESSAGE.0, &packet);
                self.seal(&octets)
            }
            ServerEvent::Accept(_, done) => {
                let user = done.inner_user.or_else(|| inner.identity().map(<[u8]>::to_vec));
                let method = Method::all()
                    .find(|method| method.outer() == Some(KIND) && method.inner_eap() == Some(done.method))
                    .unwrap_or(done.method);
                self.done(Done {
                    inner_user: user,
                    method,
                    keys: None,
                    new_password: done.new_password,
                })
            }
            ServerEvent::Reject(_, why) => match why {
                Why::Refused(why) => ServerStep::Refused(why),
                Why::NotAgreed(_) => ServerStep::Refused(Refused::MethodNotAllowed),
                Why::Broken(why) => ServerStep::Broken(why),
                Why::Invalid(error) => ServerStep::broken(Broken::Eap(error)),
            },
        }
    }

    fn done(&mut self, done: Done) -> ServerStep {
        let keys = match self.side.open().map(|tunnel| tunnel.keys(KIND, LABEL)) {
            Some(Ok(keys)) => keys,
            Some(Err(fault)) => return ServerStep::broken(Broken::Tls(fault)),
            None => return ServerStep::broken(Broken::TooEarly { kind: Some(KIND) }),
        };
        self.side
            .remember(done.inner_user.clone().unwrap_or_default(), done.method);
        ServerStep::done(Done {
            keys: Some(keys),
            ..done
        })
    }

    fn seal(&mut self, octets: &[u8]) -> ServerStep {
        self.note(true, octets);
        ServerStep::Request(self.side.seal(octets))
    }

    fn note(&mut self, sent: bool, octets: &[u8]) {
        let packet = Inner::Attributes(Secret::new(octets));
        self.notes.push(Note::Inner { sent, packet });
    }
}

impl ServerMethod for TtlsServer {
    fn kind(&self) -> EapType {
        KIND
    }

    fn start(&mut self, _dice: &mut dyn Dice) -> Vec<u8> {
        self.side.start()
    }

    fn response(&mut self, response: &EapPacket<'_>, dice: &mut dyn Dice) -> ServerStep {
        if let Some(Err(why)) = &self.ending {
            return ServerStep::broken(why.clone());
        }
        let progress = self.side.receive(response.data());
        self.notes.extend(self.side.notes());
        match progress {
            Ok(Progress::Send(data)) => ServerStep::Request(data),
            Ok(Progress::Open(plain)) => self.open(&plain, dice),
            Ok(Progress::Failed(data, fault)) => {
                self.ending = Some(Err(Broken::Tls(fault)));
                ServerStep::Request(data)
            }
            Err(why) => ServerStep::broken(why),
        }
    }

    fn inner_user(&self) -> Option<&[u8]> {
        let inner = self.inner.as_ref().and_then(|inner| inner.identity());
        inner.or(self.user.as_deref())
    }

    fn notes(&mut self) -> Vec<Note> {
        let mut notes = std::mem::take(&mut self.notes);
        notes.extend(self.side.notes());
        notes.extend(self.inner.iter_mut().flat_map(|inner| inner.notes()));
        notes
    }
}

/// A password without the zeros that hide its length (RFC 5281 §11.2.5).
fn unpadded(password: &[u8]) -> &[u8] {
    let end = password
        .iter()
        .rposition(|octet| *octet != 0)
        .map_or(0, |last| last + 1);
    password.get(..end).unwrap_or(password)
}
