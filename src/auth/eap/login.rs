//! A login with EAP over RADIUS (RFC 3579), as the client: the access point and the peer behind it in one.
//!
//! ```text
//!   Access-Request    EAP-Response/Identity (or EAP-Start, empty)       ─▶
//!   Access-Challenge  EAP-Request, State                                ◀─
//!   Access-Request    EAP-Response, State                               ─▶    … as often as the method wants
//!   Access-Accept     EAP-Success, MS-MPPE keys                         ◀─    or Access-Reject, EAP-Failure
//! ```
//!
//! The RADIUS code decides, whatever the EAP packet in it says (RFC 3579 §2.6.3): where they differ, that is noted.

use super::packet::{EapCode, EapPacket, EapType, encode, join, split};
use super::peer::{Peer, PeerStep, Standing};
use crate::auth::mschap::attributes::{find, number};
use crate::auth::mschap::message::Refusal;
use crate::auth::{
    Accepted, Broken, Dice, EAP_KEY_NAME, Field, Hiding, Login, Next, Note, Progress, Rejection, Unfit,
    check_key_name, check_keys, name_field, reply_message, roll,
};
use crate::codec::{AttributeType, Code, Packet, Secret};

const FRAMED_MTU: AttributeType = AttributeType(12);

/// How a login is carried.
#[derive(Clone, Debug)]
pub struct EapOptions {
    /// How many Access-Requests may be sent before it is given up.
    pub rounds: u32,
    /// Framed-MTU, in octets: how long an EAP packet of the server may be (RFC 3579 §2.4). None sends none.
    pub framed_mtu: Option<u16>,
    /// Begin with EAP-Start, so that the server asks for the identity (RFC 3579 §2.1).
    pub start: bool,
    /// Ask for EAP-Key-Name.
    pub key_name: bool,
}

impl Default for EapOptions {
    fn default() -> EapOptions {
        EapOptions {
            rounds: 100,
            framed_mtu: Some(1400),
            start: false,
            key_name: false,
        }
    }
}

/// What a reply carries of EAP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Carried {
    /// No EAP-Message.
    Nothing,
    /// An empty one: EAP-Start, which only a client sends.
    Start,
    /// A packet of this code.
    Packet(EapCode),
    /// Octets that are no EAP packet.
    Garbage,
}

/// A RADIUS code and an EAP packet that do not belong together (RFC 3579 §2.6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Contradiction {
    /// The code of the reply.
    pub code: Code,
    /// What it carries.
    pub carried: Carried,
}

impl Contradiction {
    /// Looks whether a reply contradicts itself.
    pub fn find(code: Code, eap: Option<&[u8]>) -> Option<Contradiction> {
        let carried = match eap {
            None => Carried::Nothing,
            Some([]) => Carried::Start,
            Some(octets) => match EapPacket::parse(octets) {
                Ok(packet) => Carried::Packet(packet.code()),
                Err(_) => Carried::Garbage,
            },
        };
        let wanted = match code {
            Code::ACCESS_ACCEPT => EapCode::SUCCESS,
            Code::ACCESS_REJECT => EapCode::FAILURE,
            Code::ACCESS_CHALLENGE => EapCode::REQUEST,
            _ => return None,
        };
        (carried != Carried::Packet(wanted)).then_some(Contradiction { code, carried })
    }
}

/// A login with EAP.
pub struct EapLogin {
    peer: Peer,
    options: EapOptions,
    rounds: u32,
    /// The EAP packet of the next request.
    next: Vec<u8>,
    state: Option<Vec<u8>>,
    answer: Option<Secret>,
    /// What went wrong while the user's answer was processed, told with the next reply.
    broken: Option<Broken>,
    notes: Vec<Note>,
}

impl EapLogin {
    /// A login of a peer; its identity is the User-Name of every request.
    pub fn new(peer: Peer, options: EapOptions) -> EapLogin {
        EapLogin {
            peer,
            options,
            rounds: 0,
            next: Vec::new(),
            state: None,
            answer: None,
            broken: None,
            notes: Vec::new(),
        }
    }

    fn first(&mut self, dice: &mut dyn Dice) -> Result<(), Unfit> {
        if !self.options.start {
            let [identifier] = roll(dice);
            let identity = self.peer.identity();
            self.next = encode(EapCode::RESPONSE, identifier, EapType::IDENTITY, identity).ok_or(
                Unfit::NameTooLong {
                    length: identity.len(),
                },
            )?;
        }
        Ok(())
    }

    fn challenged(&mut self, challenge: &Packet<'_>, eap: Option<&[u8]>, dice: &mut dyn Dice) -> Next {
        let octets = match eap {
            None | Some([]) => return broken(Broken::NoEap(challenge.code())),
            Some(octets) => octets,
        };
        if self.rounds >= self.options.rounds {
            let limit = self.options.rounds;
            return broken(Broken::TooManyRounds { limit });
        }
        // State belongs to this challenge alone (RFC 2865 §5.24).
        self.state = challenge
            .first(AttributeType::STATE)
            .map(|state| state.value().to_vec());
        match self.peer.receive(octets, dice) {
            Ok(PeerStep::Send(octets)) => {
                self.next = octets;
                Next::Again
            }
            Ok(PeerStep::Ask(prompt)) => Next::Ask { prompt },
            Ok(PeerStep::Success) => broken(Broken::EapCode(EapCode::SUCCESS)),
            Ok(PeerStep::Failure) => match self.peer.standing() {
                Standing::Broken(why) => Next::Broken(why),
                _ => broken(Broken::EapCode(EapCode::FAILURE)),
            },
            Err(why) => broken(why),
        }
    }

    fn accepted(&mut self, accept: &Packet<'_>, hiding: Option<&Hiding<'_>>) -> Next {
        let server_proved = match self.peer.standing() {
            Standing::Satisfied {
                server_proved,
                admitted,
            } => {
                if self.peer.kind() == Some(EapType::TLS) && !admitted {
                    self.notes.push(Note::NotCommitted);
                }
                server_proved
            }
            Standing::Broken(why) => return Next::Broken(why),
            Standing::Unfinished | Standing::Refused(_) => {
                let kind = self.peer.kind();
                return broken(Broken::TooEarly { kind });
            }
        };
        let keys = self.peer.keys();
        Next::Accepted(Box::new(Accepted {
            key_check: check_keys(accept, hiding, keys.as_ref()),
            key_name: check_key_name(accept, keys.as_ref()),
            keys,
            server_proved,
            rounds: self.rounds,
        }))
    }

    fn rejected(&mut self, reject: &Packet<'_>) -> Next {
        let mut rejection = Rejection {
            rounds: self.rounds,
            ..Rejection::default()
        };
        match self.peer.standing() {
            Standing::Broken(why) => return Next::Broken(why),
            Standing::Refused(refusal) => rejection.refusal = refusal.map(|refusal| *refusal),
            // Some servers say why beside EAP, as they would without it (RFC 2548 §2.1.5).
            Standing::Unfinished if self.peer.kind() == Some(EapType::MSCHAPV2) => {
                let error = find(reject, number::MS_CHAP_ERROR).and_then(|value| value.get(1..));
                rejection.refusal = error.and_then(|text| Refusal::parse(text).ok());
            }
            Standing::Satisfied { admitted, .. } => rejection.after_success = admitted,
            Standing::Unfinished if self.peer.kind().is_none() => {
                rejection.not_agreed = self.peer.not_agreed().to_vec();
            }
            Standing::Unfinished => {}
        }
        Next::Rejected(Box::new(rejection))
    }
}

fn broken(why: Broken) -> Next {
    Next::Broken(Box::new(why))
}

impl Login for EapLogin {
    fn request(&mut self, _hiding: Option<&Hiding<'_>>, dice: &mut dyn Dice) -> Result<Vec<Field>, Unfit> {
        if self.rounds == 0 {
            self.first(dice)?;
        }
        if let Some(text) = self.answer.take() {
            match self.peer.answer(text, dice) {
                Ok(PeerStep::Send(octets)) => self.next = octets,
                Ok(_) => {}
                Err(Broken::Unfit(unfit)) => return Err(unfit),
                Err(why) => self.broken = Some(why),
            }
        }
        self.rounds += 1;
        let mut fields = vec![name_field(self.peer.identity())?];
        if let Some(mtu) = self.options.framed_mtu {
            fields.push((FRAMED_MTU, u32::from(mtu).to_be_bytes().to_vec()));
        }
        if self.options.key_name {
            // One octet of zero rather than none: an empty attribute is invalid to many (RFC 4072 §2.7).
            fields.push((EAP_KEY_NAME, vec![0]));
        }
        fields.extend(self.state.take().map(|state| (AttributeType::STATE, state)));
        let messages = split(&self.next).map(|value| (AttributeType::EAP_MESSAGE, value.to_vec()));
        fields.extend(messages);
        Ok(fields)
    }

    fn reply(&mut self, reply: &Packet<'_>, hiding: Option<&Hiding<'_>>, dice: &mut dyn Dice) -> Next {
        if let Some(why) = self.broken.take() {
            return broken(why);
        }
        let eap = join(reply);
        if let Some(found) = Contradiction::find(reply.code(), eap.as_deref()) {
            self.notes.push(Note::Contradiction(found));
        }
        if let Some(text) = reply_message(reply) {
            self.notes.push(Note::Text(text));
            if eap.is_some() {
                self.notes.push(Note::ReplyMessageBesideEap);
            }
        }
        match reply.code() {
            Code::ACCESS_CHALLENGE => self.challenged(reply, eap.as_deref(), dice),
            Code::ACCESS_ACCEPT => self.accepted(reply, hiding),
            Code::ACCESS_REJECT => self.rejected(reply),
            code => broken(Broken::Code(code)),
        }
    }

    fn answer(&mut self, text: Secret) {
        self.answer = Some(text);
    }

    fn notes(&mut self) -> Vec<Note> {
        let mut notes = std::mem::take(&mut self.notes);
        notes.extend(self.peer.notes());
        notes
    }

    fn progress(&self) -> Progress {
        Progress {
            rounds: self.rounds,
            method: self.peer.kind(),
            eap_octets: self.next.len(),
        }
    }
}
