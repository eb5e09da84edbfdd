//! EAP-pwd as the server.

use zeroize::Zeroizing;

use super::KIND;
use super::group::{Commit, Point, Private, confirm, keys, password_element};
use super::messages::{Arrived, COMMIT, CONFIRM, Carrier, ID, Identification, Prep, read_confirm};
use crate::auth::eap::packet::{EapPacket, EapType};
use crate::auth::eap::server::{Done, ServerMethod, ServerStep};
use crate::auth::server::{Account, Known, Refused};
use crate::auth::{Dice, Method, MethodFault, digest, roll};

/// The server's side.
pub(in crate::auth::eap) struct PwdServer {
    account: Option<Account>,
    name: Vec<u8>,
    token: [u8; 4],
    carrier: Carrier,
    state: State,
}

enum State {
    /// The peer's ID is due.
    Id,
    /// The peer's Commit is due.
    Commit(Box<(Point, Private)>),
    /// The peer's Confirm is due.
    Confirm {
        shared: Zeroizing<[u8; 32]>,
        ours: Box<Commit>,
        theirs: Box<Commit>,
    },
    /// Nothing more is due.
    Ended,
}

enum End {
    Fault(MethodFault),
    Refused(Refused),
}

impl From<MethodFault> for End {
    fn from(fault: MethodFault) -> End {
        End::Fault(fault)
    }
}

impl PwdServer {
    /// `size` is the longest EAP packet to send, in octets.
    pub(in crate::auth::eap) fn new(account: Option<Account>, name: &str, size: usize) -> PwdServer {
        PwdServer {
            account,
            name: name.as_bytes().to_vec(),
            token: [0; 4],
            carrier: Carrier::new(size),
            state: State::Id,
        }
    }

    /// The password as it is hashed, and how it was prepared.
    fn prepared(&self) -> Result<(Zeroizing<Vec<u8>>, Prep), Refused> {
        match self.account.as_ref().map(|account| &account.password) {
            None => Err(Refused::UnknownUser),
            Some(Known::Clear(password)) => Ok((Zeroizing::new(password.expose().to_vec()), Prep::NONE)),
            Some(Known::Nt(hash)) => {
                let hashed = Zeroizing::new(hash.hashed().expose().to_vec());
                Ok((hashed, Prep::NT_HASH))
            }
            Some(Known::Hashed(_) | Known::Any | Known::Nothing) => Err(Refused::PasswordNotKnown),
        }
    }

    fn identified(&mut self, payload: &[u8], dice: &mut dyn Dice) -> Result<Vec<u8>, End> {
        let theirs = Identification::parse(payload)?;
        if theirs.token != self.token {
            return Err(MethodFault::NotInGroup.into());
        }
        let (password, _) = self.prepared().map_err(End::Refused)?;
        let element = password_element(&password, &self.token, &theirs.name, &self.name);
        let element = element.ok_or(MethodFault::NotInGroup)?;
        let private = Private::new(&element, dice);
        let commit = private.commit;
        self.state = State::Commit(Box::new((element, private)));
        Ok(self.carrier.send(COMMIT, commit.encode()))
    }

    fn committed(&mut self, payload: &[u8], kept: &(Point, Private)) -> Result<Vec<u8>, End> {
        let theirs = Commit::read(payload)?;
        let (element, private) = kept;
        let shared = private.shared(element, &theirs)?;
        let ours = private.commit;
        let proof = confirm(&shared, &ours, &theirs);
        self.state = State::Confirm {
            shared,
            ours: Box::new(ours),
            theirs: Box::new(theirs),
        };
        Ok(self.carrier.send(CONFIRM, proof.to_vec()))
    }

    fn message(&mut self, exchange: u8, payload: &[u8], dice: &mut dyn Dice) -> Result<ServerStep, End> {
        match (exchange, std::mem::replace(&mut self.state, State::Ended)) {
            (ID, State::Id) => self.identified(payload, dice).map(ServerStep::Request),
            (COMMIT, State::Commit(kept)) => self.committed(payload, &kept).map(ServerStep::Request),
            (CONFIRM, State::Confirm { shared, ours, theirs }) => {
                let proof = read_confirm(payload)?;
                if !digest::equal(&proof, &confirm(&shared, &theirs, &ours)) {
                    return Err(End::Refused(Refused::WrongPassword));
                }
                let own = confirm(&shared, &ours, &theirs);
                Ok(ServerStep::done(Done {
                    keys: Some(keys(&shared, (&theirs, &proof), (&ours, &own))),
                    ..Done::of(Method::EapPwd)
                }))
            }
            (number, _) => Err(MethodFault::Operation { number }.into()),
        }
    }
}

impl ServerMethod for PwdServer {
    fn kind(&self) -> EapType {
        KIND
    }

    fn start(&mut self, dice: &mut dyn Dice) -> Vec<u8> {
        self.token = roll(dice);
        let prep = self.prepared().map_or(Prep::NONE, |(_, prep)| prep);
        let id = Identification {
            token: self.token,
            prep,
            name: self.name.clone(),
        };
        self.carrier.send(ID, id.encode())
    }

    fn response(&mut self, response: &EapPacket<'_>, dice: &mut dyn Dice) -> ServerStep {
        let outcome = match self.carrier.receive(response.data()) {
            Ok(Arrived::Answer(data)) => return ServerStep::Request(data),
            Ok(Arrived::Message(exchange, payload)) => self.message(exchange, &payload, dice),
            Err(fault) => Err(End::Fault(fault)),
        };
        match outcome {
            Ok(step) => step,
            Err(End::Refused(why)) => ServerStep::Refused(why),
            Err(End::Fault(fault)) => ServerStep::broken(fault.of(KIND)),
        }
    }
}
