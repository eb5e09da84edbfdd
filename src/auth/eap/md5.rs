//! EAP-MD5 (RFC 3748 §5.4): CHAP in EAP. It makes no keys and proves nothing of the server.
//!
//! ```text
//!   Request:  Value-Size(1) Value(…, the challenge) Name(rest)
//!   Response: Value-Size(1) = 16, Value(16) = MD5(Identifier, password, challenge), Name(rest)
//! ```

use super::packet::{EapPacket, EapType};
use super::peer::{PeerMethod, PeerReply, Standing};
use super::server::{Done, ServerMethod, ServerStep};
use crate::auth::server::{Account, Known, Refused};
use crate::auth::{Broken, Dice, Method, MethodFault, roll};
use crate::codec::hide::{chap_check, chap_response};
use crate::codec::{Reader, Secret};

/// The challenge or response in the data.
fn value<'a>(packet: &EapPacket<'a>) -> Result<&'a [u8], MethodFault> {
    let mut reader = Reader::new(packet.data(), 0);
    let size = usize::from(reader.u8()?);
    Ok(reader.take(size)?)
}

/// The peer's side.
pub(super) struct Md5Peer {
    password: Secret,
    answered: bool,
}

impl Md5Peer {
    pub(super) fn new(password: Secret) -> Md5Peer {
        Md5Peer {
            password,
            answered: false,
        }
    }
}

impl PeerMethod for Md5Peer {
    fn kind(&self) -> EapType {
        EapType::MD5
    }

    fn request(&mut self, request: &EapPacket<'_>, _dice: &mut dyn Dice) -> Result<PeerReply, Broken> {
        let challenge = value(request).map_err(|fault| fault.of(EapType::MD5))?;
        if challenge.is_empty() {
            return Err(MethodFault::Length { says: 0, want: 16 }.of(EapType::MD5));
        }
        let mut data = vec![16];
        data.extend(chap_response(request.identifier(), &self.password, challenge));
        self.answered = true;
        Ok(PeerReply::Respond(data))
    }

    fn answer(&mut self, _text: Secret, _dice: &mut dyn Dice) -> Result<PeerReply, Broken> {
        Err(Broken::TooEarly {
            kind: Some(EapType::MD5),
        })
    }

    fn standing(&self) -> Standing {
        match self.answered {
            true => Standing::Satisfied {
                server_proved: false,
                admitted: false,
            },
            false => Standing::Unfinished,
        }
    }
}

/// The server's side.
pub(super) struct Md5Server {
    account: Option<Account>,
    challenge: [u8; 16],
}

impl Md5Server {
    pub(super) fn new(account: Option<Account>) -> Md5Server {
        Md5Server {
            account,
            challenge: [0; 16],
        }
    }

    fn check(&self, response: &EapPacket<'_>) -> Result<(), Refused> {
        let value = value(response).map_err(|_| Refused::Malformed)?;
        let account = self.account.as_ref().ok_or(Refused::UnknownUser)?;
        let password = match &account.password {
            Known::Any => return Ok(()),
            known => known.clear().ok_or(Refused::PasswordNotKnown)?,
        };
        match chap_check(response.identifier(), password, &self.challenge, value) {
            true => Ok(()),
            false => Err(Refused::WrongPassword),
        }
    }
}

impl ServerMethod for Md5Server {
    fn kind(&self) -> EapType {
        EapType::MD5
    }

    fn start(&mut self, dice: &mut dyn Dice) -> Vec<u8> {
        self.challenge = roll(dice);
        let mut data = vec![16];
        data.extend(self.challenge);
        data
    }

    fn response(&mut self, response: &EapPacket<'_>, _dice: &mut dyn Dice) -> ServerStep {
        match self.check(response) {
            Ok(()) => ServerStep::done(Done::of(Method::EapMd5)),
            Err(why) => ServerStep::Refused(why),
        }
    }
}
