//! EAP-GTC (RFC 3748 §5.6): the server shows a text, the user types one. The password goes in clear.

use super::packet::{EapPacket, EapType};
use super::peer::{PeerMethod, PeerReply, Standing};
use super::server::{Done, ServerMethod, ServerStep};
use crate::auth::server::{Account, Refused};
use crate::auth::{Broken, Dice, Method};
use crate::codec::Secret;

/// The peer's side: the password answers the first text, the user any other.
pub(super) struct GtcPeer {
    password: Option<Secret>,
    answered: bool,
}

impl GtcPeer {
    pub(super) fn new(password: Secret) -> GtcPeer {
        GtcPeer {
            password: Some(password).filter(|password| !password.is_empty()),
            answered: false,
        }
    }

    fn respond(&mut self, text: &Secret) -> PeerReply {
        self.answered = true;
        PeerReply::Respond(text.expose().to_vec())
    }
}

impl PeerMethod for GtcPeer {
    fn kind(&self) -> EapType {
        EapType::GTC
    }

    fn request(&mut self, request: &EapPacket<'_>, _dice: &mut dyn Dice) -> Result<PeerReply, Broken> {
        Ok(match self.password.take() {
            Some(password) => self.respond(&password),
            None => PeerReply::Ask(String::from_utf8_lossy(request.data()).into_owned()),
        })
    }

    fn answer(&mut self, text: Secret, _dice: &mut dyn Dice) -> Result<PeerReply, Broken> {
        Ok(self.respond(&text))
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
pub(super) struct GtcServer {
    account: Option<Account>,
    prompt: String,
}

impl GtcServer {
    pub(super) fn new(account: Option<Account>, prompt: impl Into<String>) -> GtcServer {
        GtcServer {
            account,
            prompt: prompt.into(),
        }
    }
}

impl ServerMethod for GtcServer {
    fn kind(&self) -> EapType {
        EapType::GTC
    }

    fn start(&mut self, _dice: &mut dyn Dice) -> Vec<u8> {
        self.prompt.clone().into_bytes()
    }

    fn response(&mut self, response: &EapPacket<'_>, _dice: &mut dyn Dice) -> ServerStep {
        match &self.account {
            None => ServerStep::Refused(Refused::UnknownUser),
            Some(account) if !account.password.is(response.data()) => {
                ServerStep::Refused(Refused::WrongPassword)
            }
            Some(account) if account.expired => ServerStep::Refused(Refused::Expired),
            Some(_) => ServerStep::done(Done::of(Method::EapGtc)),
        }
    }
}
