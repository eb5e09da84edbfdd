//! EAP-MSCHAPv2 (draft-kamath-pppext-eap-mschapv2): MS-CHAPv2 with its own small header.
//!
//! ```text
//!   OpCode(1) MS-CHAPv2-ID(1) MS-Length(2, of all of this) body
//!   1 Challenge  ◀─  16, challenge(16), name            2 Response        ─▶  49, MS-CHAPv2 response(49), name
//!   3 Success    ◀─  S=… M=…                            3 Success         ─▶  (the OpCode alone)
//!   4 Failure    ◀─  E=… R=… C=… V=3 M=…                4 Failure         ─▶  (the OpCode alone)
//!                                                       7 Change-Password ─▶  block(516) hash(16) response(48) flags(2)
//! ```

use super::packet::{EapPacket, EapType};
use super::peer::{PeerMethod, PeerReply, Standing};
use super::server::{Done, ServerMethod, ServerStep};
use crate::auth::mschap::change::{self, BLOCK};
use crate::auth::mschap::message::{ErrorCode, Refusal, Success};
use crate::auth::mschap::{Challenges, NtHash, mppe};
use crate::auth::server::{Account, Refused};
use crate::auth::{Broken, Dice, Keys, Method, MethodFault, Note, Unfit, roll};
use crate::codec::{Reader, Secret};

const CHALLENGE: u8 = 1;
const RESPONSE: u8 = 2;
const SUCCESS: u8 = 3;
const FAILURE: u8 = 4;
const CHANGE_PASSWORD: u8 = 7;

const KIND: EapType = EapType::MSCHAPV2;

fn encode(operation: u8, identifier: u8, body: &[&[u8]]) -> Vec<u8> {
    let length = 4 + body.iter().map(|part| part.len()).sum::<usize>();
    let mut data = vec![operation, identifier];
    data.extend((length as u16).to_be_bytes());
    body.iter().for_each(|part| data.extend_from_slice(part));
    data
}

/// OpCode, MS-CHAPv2-ID and body. MS-Length says nothing that EAP's Length does not, and some servers get it wrong: it
/// is not looked at.
fn parse(data: &[u8]) -> Result<(u8, u8, Reader<'_>), MethodFault> {
    let mut reader = Reader::new(data, 0);
    let operation = reader.u8()?;
    // The answers to Success and Failure are the OpCode alone.
    let identifier = if reader.is_empty() { 0 } else { reader.u8()? };
    if !reader.is_empty() {
        reader.u16()?;
    }
    Ok((operation, identifier, reader))
}

/// The peer's side.
pub(super) struct Mschapv2Peer {
    user: Vec<u8>,
    password: Secret,
    new_password: Option<Secret>,
    /// The server's challenge, until the next.
    challenge: [u8; 16],
    sent: Option<(NtHash, [u8; 16], [u8; 24])>,
    standing: Standing,
    keys: Option<Keys>,
    notes: Vec<Note>,
}

impl Mschapv2Peer {
    pub(super) fn new(user: Vec<u8>, password: Secret, new_password: Option<Secret>) -> Mschapv2Peer {
        Mschapv2Peer {
            user,
            password,
            new_password,
            challenge: [0; 16],
            sent: None,
            standing: Standing::Unfinished,
            keys: None,
            notes: Vec::new(),
        }
    }

    fn hash(password: &Secret) -> Result<NtHash, Broken> {
        NtHash::of(password).map_err(|error| Broken::Unfit(Unfit::PasswordNotText(error)))
    }

    /// The NT-Response to the server's challenge, kept until the proof comes; with our challenge before it.
    fn response(&mut self, hash: NtHash, dice: &mut dyn Dice) -> ([u8; 16], [u8; 24]) {
        let peer = roll(dice);
        let nt = Challenges {
            authenticator: &self.challenge,
            peer: &peer,
            user: &self.user,
        }
        .response(&hash);
        self.sent = Some((hash, peer, nt));
        (peer, nt)
    }

    fn challenged(
        &mut self,
        identifier: u8,
        mut body: Reader<'_>,
        dice: &mut dyn Dice,
    ) -> Result<Vec<u8>, Broken> {
        let size = body.u8().map_err(|short| MethodFault::from(short).of(KIND))?;
        if size != 16 {
            return Err(MethodFault::Length {
                says: size.into(),
                want: 16,
            }
            .of(KIND));
        }
        self.challenge = *body
            .take_array()
            .map_err(|short| MethodFault::from(short).of(KIND))?;
        let hash = Self::hash(&self.password)?;
        let (peer, nt) = self.response(hash, dice);
        self.standing = Standing::Unfinished;
        let body: [&[u8]; 6] = [&[49], &peer, &[0; 8], &nt, &[0], &self.user];
        Ok(encode(RESPONSE, identifier, &body))
    }

    fn succeeded(&mut self, text: &[u8]) -> Result<Vec<u8>, Broken> {
        let (hash, peer, nt) = self.sent.take().ok_or(Broken::TooEarly { kind: Some(KIND) })?;
        let success = Success::parse(text).map_err(|error| MethodFault::Success(error).of(KIND))?;
        let challenges = Challenges {
            authenticator: &self.challenge,
            peer: &peer,
            user: &self.user,
        };
        if !challenges.check_proof(&hash, &nt, &success.proof) {
            return Err(Broken::WrongProof);
        }
        self.keys = Some(Keys::from_mppe(&mppe::keys(&hash, &nt)));
        self.standing = Standing::Satisfied {
            server_proved: true,
            admitted: true,
        };
        self.notes.extend(success.message.map(Note::Text));
        Ok(vec![SUCCESS])
    }

    fn failed(&mut self, identifier: u8, text: &[u8], dice: &mut dyn Dice) -> Result<Vec<u8>, Broken> {
        let Ok(refusal) = Refusal::parse(text) else {
            // Whatever it says: no is no.
            self.notes
                .push(Note::Text(String::from_utf8_lossy(text).into_owned()));
            self.standing = Standing::Refused(None);
            return Ok(vec![FAILURE]);
        };
        self.notes.push(Note::Refused(refusal.clone()));
        if refusal.code == ErrorCode::PASSWD_EXPIRED
            && let Some(new) = self.new_password.take()
        {
            return self.change(identifier, &refusal, &new, dice);
        }
        self.standing = Standing::Refused(Some(Box::new(refusal)));
        Ok(vec![FAILURE])
    }

    fn change(
        &mut self,
        identifier: u8,
        refusal: &Refusal,
        new: &Secret,
        dice: &mut dyn Dice,
    ) -> Result<Vec<u8>, Broken> {
        if let Some(challenge) = &refusal.challenge {
            self.challenge = challenge.as_slice().try_into().map_err(|_| {
                MethodFault::Length {
                    says: challenge.len(),
                    want: 16,
                }
                .of(KIND)
            })?;
        }
        let (old, hash) = (Self::hash(&self.password)?, Self::hash(new)?);
        let block = change::encrypt_password(new, &old, dice)
            .map_err(|error| Broken::Unfit(Unfit::NewPassword(error)))?;
        let encrypted = change::encrypt_hash(&old, &hash);
        let (peer, nt) = self.response(hash, dice);
        self.notes.push(Note::NewPasswordSent);
        let body: [&[u8]; 6] = [block.as_slice(), &encrypted, &peer, &[0; 8], &nt, &[0; 2]];
        Ok(encode(CHANGE_PASSWORD, identifier.wrapping_add(1), &body))
    }
}

impl PeerMethod for Mschapv2Peer {
    fn kind(&self) -> EapType {
        KIND
    }

    fn request(&mut self, request: &EapPacket<'_>, dice: &mut dyn Dice) -> Result<PeerReply, Broken> {
        let (operation, identifier, mut body) = parse(request.data()).map_err(|fault| fault.of(KIND))?;
        match operation {
            CHALLENGE => self.challenged(identifier, body, dice),
            SUCCESS => self.succeeded(body.rest()),
            FAILURE => self.failed(identifier, body.rest(), dice),
            number => Err(MethodFault::Operation { number }.of(KIND)),
        }
        .map(PeerReply::Respond)
    }

    fn answer(&mut self, _text: Secret, _dice: &mut dyn Dice) -> Result<PeerReply, Broken> {
        Err(Broken::TooEarly { kind: Some(KIND) })
    }

    fn standing(&self) -> Standing {
        self.standing.clone()
    }

    fn keys(&self) -> Option<Keys> {
        self.keys.clone()
    }

    fn notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.notes)
    }
}

/// The server's side.
pub(super) struct Mschapv2Server {
    account: Option<Account>,
    user: Vec<u8>,
    name: String,
    challenge: [u8; 16],
    identifier: u8,
    /// What the peer's acknowledgement ends the method with.
    verdict: Option<Result<Box<Done>, Refused>>,
}

impl Mschapv2Server {
    pub(super) fn new(account: Option<Account>, user: Vec<u8>, name: impl Into<String>) -> Mschapv2Server {
        Mschapv2Server {
            account,
            user,
            name: name.into(),
            challenge: [0; 16],
            identifier: 0,
            verdict: None,
        }
    }

    fn answered(&mut self, mut body: Reader<'_>, dice: &mut dyn Dice) -> Result<ServerStep, MethodFault> {
        let size = body.u8()?;
        if size != 49 {
            return Err(MethodFault::Length {
                says: size.into(),
                want: 49,
            });
        }
        let peer = *body.take_array()?;
        body.take(8)?;
        let nt = *body.take_array()?;
        body.u8()?;
        // The name that follows is what the peer hashed; the identity may have a realm that this name has not.
        let user = Some(body.rest())
            .filter(|name| !name.is_empty())
            .unwrap_or(&self.user)
            .to_vec();
        let hash = match self.account.as_ref().map(|account| account.password.nt_hash()) {
            None => return Ok(self.refuse(Refused::UnknownUser, ErrorCode::AUTHENTICATION_FAILURE, dice)),
            Some(None) => {
                return Ok(self.refuse(Refused::PasswordNotKnown, ErrorCode::AUTHENTICATION_FAILURE, dice));
            }
            Some(Some(hash)) => hash,
        };
        let step = self.prove(&user, &hash, &peer, &nt, None, dice);
        let expired = self.account.as_ref().is_some_and(|account| account.expired);
        match &self.verdict {
            Some(Ok(_)) if expired => Ok(self.refuse(Refused::Expired, ErrorCode::PASSWD_EXPIRED, dice)),
            _ => Ok(step),
        }
    }

    fn changed(&mut self, mut body: Reader<'_>, dice: &mut dyn Dice) -> Result<ServerStep, MethodFault> {
        let block: &[u8; BLOCK] = body.take_array()?;
        let encrypted = body.take_array()?;
        let peer = *body.take_array()?;
        body.take(8)?;
        let nt = *body.take_array()?;
        let old = self
            .account
            .as_ref()
            .and_then(|account| account.password.nt_hash());
        let opened = old.and_then(|old| {
            let new = change::decrypt_password(block, &old)?;
            let hash = NtHash::of(&new).ok()?;
            change::check_hash(encrypted, &old, &hash).then_some((new, hash))
        });
        let user = self.user.clone();
        Ok(match opened {
            Some((new, hash)) => self.prove(&user, &hash, &peer, &nt, Some(new), dice),
            None => self.refuse(Refused::BadNewPassword, ErrorCode::CHANGING_PASSWORD, dice),
        })
    }

    fn prove(
        &mut self,
        user: &[u8],
        hash: &NtHash,
        peer: &[u8; 16],
        nt: &[u8; 24],
        new_password: Option<Secret>,
        dice: &mut dyn Dice,
    ) -> ServerStep {
        let challenges = Challenges {
            authenticator: &self.challenge,
            peer,
            user,
        };
        if !challenges.check(hash, nt) {
            return self.refuse(Refused::WrongPassword, ErrorCode::AUTHENTICATION_FAILURE, dice);
        }
        let text = Success {
            proof: challenges.proof(hash, nt),
            message: Some("OK".to_owned()),
        };
        self.verdict = Some(Ok(Box::new(Done {
            keys: Some(Keys::from_mppe(&mppe::keys(hash, nt))),
            new_password,
            ..Done::of(Method::EapMschapv2)
        })));
        ServerStep::Request(encode(SUCCESS, self.identifier, &[text.to_string().as_bytes()]))
    }

    fn refuse(&mut self, why: Refused, code: ErrorCode, dice: &mut dyn Dice) -> ServerStep {
        self.verdict = Some(Err(why));
        self.challenge = roll(dice);
        let refusal = Refusal {
            code,
            retry: why == Refused::Expired,
            challenge: Some(self.challenge.to_vec()),
            version: Some(3),
            message: None,
        };
        ServerStep::Request(encode(
            FAILURE,
            self.identifier,
            &[refusal.to_string().as_bytes()],
        ))
    }
}

impl ServerMethod for Mschapv2Server {
    fn kind(&self) -> EapType {
        KIND
    }

    fn start(&mut self, dice: &mut dyn Dice) -> Vec<u8> {
        self.challenge = roll(dice);
        [self.identifier] = roll(dice);
        encode(
            CHALLENGE,
            self.identifier,
            &[&[16], &self.challenge, self.name.as_bytes()],
        )
    }

    fn response(&mut self, response: &EapPacket<'_>, dice: &mut dyn Dice) -> ServerStep {
        let (operation, _, body) = match parse(response.data()) {
            Ok(parts) => parts,
            Err(fault) => return ServerStep::broken(fault.of(KIND)),
        };
        let step = match (operation, self.verdict.take()) {
            (RESPONSE, None) => self.answered(body, dice),
            (CHANGE_PASSWORD, Some(Err(Refused::Expired))) => self.changed(body, dice),
            (SUCCESS, Some(Ok(done))) => Ok(ServerStep::Done(done)),
            (_, Some(Err(why))) => Ok(ServerStep::Refused(why)),
            (number, _) => Err(MethodFault::Operation { number }),
        };
        step.unwrap_or_else(|fault| ServerStep::broken(fault.of(KIND)))
    }
}
