//! EAP-pwd as the peer.

use zeroize::Zeroizing;

use super::KIND;
use super::group::{Commit, Point, Private, confirm, keys, password_element};
use super::messages::{Arrived, COMMIT, CONFIRM, Carrier, ID, Identification, Prep, read_confirm};
use crate::auth::eap::packet::{EapPacket, EapType};
use crate::auth::eap::peer::{PeerMethod, PeerReply, Standing};
use crate::auth::mschap::NtHash;
use crate::auth::{Broken, Dice, Keys, MethodFault, Unfit, digest};
use crate::codec::Secret;

/// The peer's side.
pub(in crate::auth::eap) struct PwdPeer {
    user: Vec<u8>,
    password: Secret,
    carrier: Carrier,
    element: Option<Point>,
    agreed: Option<Agreed>,
    keys: Option<Keys>,
}

/// What Confirm is made of.
struct Agreed {
    shared: Zeroizing<[u8; 32]>,
    ours: Commit,
    theirs: Commit,
}

impl PwdPeer {
    /// `size` is the longest EAP packet to send, in octets.
    pub(in crate::auth::eap) fn new(user: Vec<u8>, password: Secret, size: usize) -> PwdPeer {
        PwdPeer {
            user,
            password,
            carrier: Carrier::new(size),
            element: None,
            agreed: None,
            keys: None,
        }
    }

    fn identified(&mut self, payload: &[u8]) -> Result<Vec<u8>, Broken> {
        let theirs = Identification::parse(payload).map_err(|fault| fault.of(KIND))?;
        let password = match theirs.prep {
            Prep::NONE => Zeroizing::new(self.password.expose().to_vec()),
            Prep::NT_HASH => {
                let hash = NtHash::of(&self.password)
                    .map_err(|error| Broken::Unfit(Unfit::PasswordNotText(error)))?;
                Zeroizing::new(hash.hashed().expose().to_vec())
            }
            Prep(number) => {
                return Err(MethodFault::NotSpoken {
                    number: number.into(),
                }
                .of(KIND));
            }
        };
        let element = password_element(&password, &theirs.token, &self.user, &theirs.name);
        self.element = Some(element.ok_or(MethodFault::NotInGroup.of(KIND))?);
        let ours = Identification {
            name: self.user.clone(),
            ..theirs
        };
        Ok(self.carrier.send(ID, ours.encode()))
    }

    fn committed(&mut self, payload: &[u8], dice: &mut dyn Dice) -> Result<Vec<u8>, Broken> {
        let theirs = Commit::read(payload).map_err(|fault| fault.of(KIND))?;
        let element = self.element.take().ok_or(Broken::TooEarly { kind: Some(KIND) })?;
        let private = Private::new(&element, dice);
        let shared = private
            .shared(&element, &theirs)
            .map_err(|fault| fault.of(KIND))?;
        let ours = private.commit;
        self.agreed = Some(Agreed { shared, ours, theirs });
        Ok(self.carrier.send(COMMIT, ours.encode()))
    }

    fn confirmed(&mut self, payload: &[u8]) -> Result<Vec<u8>, Broken> {
        let theirs = read_confirm(payload).map_err(|fault| fault.of(KIND))?;
        let agreed = self.agreed.take().ok_or(Broken::TooEarly { kind: Some(KIND) })?;
        if !digest::equal(&theirs, &confirm(&agreed.shared, &agreed.theirs, &agreed.ours)) {
            return Err(Broken::WrongProof);
        }
        let ours = confirm(&agreed.shared, &agreed.ours, &agreed.theirs);
        self.keys = Some(keys(
            &agreed.shared,
            (&agreed.ours, &ours),
            (&agreed.theirs, &theirs),
        ));
        Ok(self.carrier.send(CONFIRM, ours.to_vec()))
    }
}

impl PeerMethod for PwdPeer {
    fn kind(&self) -> EapType {
        KIND
    }

    fn request(&mut self, request: &EapPacket<'_>, dice: &mut dyn Dice) -> Result<PeerReply, Broken> {
        let arrived = self
            .carrier
            .receive(request.data())
            .map_err(|fault| fault.of(KIND))?;
        match arrived {
            Arrived::Answer(data) => Ok(data),
            Arrived::Message(ID, payload) => self.identified(&payload),
            Arrived::Message(COMMIT, payload) => self.committed(&payload, dice),
            Arrived::Message(CONFIRM, payload) => self.confirmed(&payload),
            Arrived::Message(number, _) => Err(MethodFault::Operation { number }.of(KIND)),
        }
        .map(PeerReply::Respond)
    }

    fn answer(&mut self, _text: Secret, _dice: &mut dyn Dice) -> Result<PeerReply, Broken> {
        Err(Broken::TooEarly { kind: Some(KIND) })
    }

    fn standing(&self) -> Standing {
        match self.keys {
            Some(_) => Standing::Satisfied {
                server_proved: true,
                admitted: false,
            },
            None => Standing::Unfinished,
        }
    }

    fn keys(&self) -> Option<Keys> {
        self.keys.clone()
    }
}
