//! EAP-TTLS as the peer.

use std::sync::Arc;

use super::avp::{Avp, parse};
use super::{LABEL, challenge};
use crate::auth::eap::packet::{EapCode, EapPacket, EapType, encode};
use crate::auth::eap::peer::{Peer, PeerMethod, PeerReply, PeerStep, Standing};
use crate::auth::eap::tls::{ClientSide, ClientTls, Progress};
use crate::auth::mschap::attributes::{ResponseV1, ResponseV2, VENDOR, number};
use crate::auth::mschap::message::{Refusal, Success};
use crate::auth::mschap::{Challenges, NtHash, challenge_response};
use crate::auth::{Broken, Dice, Inner, Keys, MethodFault, Note, Unfit, roll};
use crate::codec::hide::chap_response;
use crate::codec::{AttributeType, Secret};

const KIND: EapType = EapType::TTLS;

/// What runs inside.
pub(in crate::auth::eap) enum TtlsInner {
    Pap,
    Chap,
    Mschap,
    Mschapv2,
    Eap(Box<Peer>),
}

/// What an MS-CHAPv2 proof is checked with.
struct Sent {
    hash: NtHash,
    authenticator: [u8; 16],
    peer: [u8; 16],
    nt: [u8; 24],
}

/// The peer's side.
pub(in crate::auth::eap) struct TtlsPeer {
    side: ClientSide,
    inner: TtlsInner,
    user: Vec<u8>,
    password: Secret,
    sent: Option<Sent>,
    begun: bool,
    standing: Standing,
    keys: Option<Keys>,
    notes: Vec<Note>,
}

impl TtlsPeer {
    /// `size` is the longest EAP packet to send, in octets.
    pub(in crate::auth::eap) fn new(
        settings: Arc<ClientTls>,
        inner: TtlsInner,
        user: Vec<u8>,
        password: Secret,
        size: usize,
    ) -> TtlsPeer {
        TtlsPeer {
            side: ClientSide::new(KIND, settings, user.clone(), size),
            inner,
            user,
            password,
            sent: None,
            begun: false,
            standing: Standing::Unfinished,
            keys: None,
            notes: Vec::new(),
        }
    }

    fn satisfied(&mut self) {
        self.standing = Standing::Satisfied {
            server_proved: self.side.is_checked(),
            admitted: false,
        };
    }

    fn hash(&self) -> Result<NtHash, Broken> {
        NtHash::of(&self.password).map_err(|error| Broken::Unfit(Unfit::PasswordNotText(error)))
    }

    fn derive<const N: usize>(&self) -> Result<zeroize::Zeroizing<[u8; N]>, Broken> {
        let tunnel = self.side.open().ok_or(Broken::TooEarly { kind: Some(KIND) })?;
        challenge(tunnel).map_err(Broken::Tls)
    }

    /// The first attributes that go through the tunnel.
    fn begin(&mut self, dice: &mut dyn Dice) -> Result<Vec<u8>, Broken> {
        self.begun = true;
        let mut octets = Vec::new();
        if !matches!(self.inner, TtlsInner::Eap(_)) {
            add(&mut octets, 0, AttributeType::USER_NAME.0, &self.user);
        }
        match &mut self.inner {
            TtlsInner::Pap => {
                let mut password = self.password.expose().to_vec();
                password.resize(password.len().next_multiple_of(16).max(16), 0);
                add(&mut octets, 0, AttributeType::USER_PASSWORD.0, &password);
                self.satisfied();
            }
            TtlsInner::Chap => {
                let (challenge, identifier) = divide::<17, 16>(&*self.derive()?);
                let mut value = vec![identifier];
                value.extend(chap_response(identifier, &self.password, &challenge));
                add(&mut octets, 0, AttributeType::CHAP_PASSWORD.0, &value);
                add(&mut octets, 0, AttributeType::CHAP_CHALLENGE.0, &challenge);
                self.satisfied();
            }
            TtlsInner::Mschap => {
                let (challenge, identifier) = divide::<9, 8>(&*self.derive()?);
                let response = ResponseV1 {
                    identifier,
                    lm: [0; 24],
                    nt: challenge_response(&challenge, self.hash()?.expose()),
                    uses_nt: true,
                };
                add(&mut octets, VENDOR, number::MS_CHAP_CHALLENGE, &challenge);
                add(&mut octets, VENDOR, number::MS_CHAP_RESPONSE, &response.encode());
                self.satisfied();
            }
            TtlsInner::Mschapv2 => self.mschapv2(&mut octets, dice)?,
            TtlsInner::Eap(peer) => {
                let packet = encode(EapCode::RESPONSE, 0, EapType::IDENTITY, peer.identity());
                let packet = packet.ok_or(Broken::Unfit(Unfit::NameTooLong {
                    length: self.user.len(),
                }))?;
                add(&mut octets, 0, AttributeType::EAP_MESSAGE.0, &packet);
            }
        }
        Ok(octets)
    }

    fn mschapv2(&mut self, octets: &mut Vec<u8>, dice: &mut dyn Dice) -> Result<(), Broken> {
        let (authenticator, identifier) = divide::<17, 16>(&*self.derive()?);
        let (hash, peer) = (self.hash()?, roll(dice));
        let challenges = Challenges {
            authenticator: &authenticator,
            peer: &peer,
            user: &self.user,
        };
        let response = ResponseV2 {
            identifier,
            flags: 0,
            peer_challenge: peer,
            nt: challenges.response(&hash),
        };
        add(octets, VENDOR, number::MS_CHAP_CHALLENGE, &authenticator);
        add(octets, VENDOR, number::MS_CHAP2_RESPONSE, &response.encode());
        self.sent = Some(Sent {
            hash,
            authenticator,
            peer,
            nt: response.nt,
        });
        Ok(())
    }

    /// What came through the tunnel.
    fn opened(&mut self, plain: &[u8], dice: &mut dyn Dice) -> Result<PeerReply, Broken> {
        if plain.is_empty() && !self.begun {
            let octets = self.begin(dice)?;
            return Ok(self.seal(&octets));
        }
        // After a resumption the server may skip what is inside, and says so with one octet (RFC 9427 §2.1).
        if plain == [0] && self.side.is_resumed() {
            self.satisfied();
            return Ok(self.acknowledge());
        }
        self.note(false, plain);
        let avps = parse(plain).map_err(|fault| fault.of(KIND))?;
        let mut eap = Vec::new();
        for avp in &avps {
            match (avp.vendor, u8::try_from(avp.code)) {
                (0, Ok(79)) => eap.extend_from_slice(avp.data),
                (0, Ok(18)) => self
                    .notes
                    .push(Note::Text(String::from_utf8_lossy(avp.data).into_owned())),
                (VENDOR, Ok(number::MS_CHAP2_SUCCESS)) => self.proved(avp.data)?,
                (VENDOR, Ok(number::MS_CHAP_ERROR)) => self.refused(avp.data),
                (vendor, _) if avp.mandatory => {
                    return Err(MethodFault::Mandatory {
                        code: avp.code,
                        vendor,
                    }
                    .of(KIND));
                }
                _ => {}
            }
        }
        if eap.is_empty() {
            return Ok(self.acknowledge());
        }
        match &mut self.inner {
            TtlsInner::Eap(peer) => {
                let step = peer.receive(&eap, dice)?;
                Ok(self.step(step))
            }
            _ => Err(MethodFault::Operation { number: 79 }.of(KIND)),
        }
    }

    fn step(&mut self, step: PeerStep) -> PeerReply {
        match step {
            PeerStep::Send(packet) => {
                let mut octets = Vec::new();
                add(&mut octets, 0, AttributeType::EAP_MESSAGE.0, &packet);
                self.seal(&octets)
            }
            PeerStep::Ask(prompt) => PeerReply::Ask(prompt),
            PeerStep::Success | PeerStep::Failure => self.acknowledge(),
        }
    }

    fn proved(&mut self, value: &[u8]) -> Result<(), Broken> {
        let sent = self.sent.take().ok_or(Broken::TooEarly { kind: Some(KIND) })?;
        let text = value.get(1..).unwrap_or(&[]);
        let success = Success::parse(text).map_err(|error| MethodFault::Success(error).of(KIND))?;
        let challenges = Challenges {
            authenticator: &sent.authenticator,
            peer: &sent.peer,
            user: &self.user,
        };
        if !challenges.check_proof(&sent.hash, &sent.nt, &success.proof) {
            return Err(Broken::WrongProof);
        }
        self.standing = Standing::Satisfied {
            server_proved: true,
            admitted: true,
        };
        Ok(())
    }

    fn refused(&mut self, value: &[u8]) {
        let refusal = Refusal::parse(value.get(1..).unwrap_or(&[]));
        self.notes.push(match &refusal {
            Ok(refusal) => Note::Refused(refusal.clone()),
            // hostapd writes what it likes: no is no.
            Err(_) => Note::Text(String::from_utf8_lossy(value).into_owned()),
        });
        self.standing = Standing::Refused(refusal.ok().map(Box::new));
    }

    fn seal(&mut self, octets: &[u8]) -> PeerReply {
        self.note(true, octets);
        PeerReply::Respond(self.side.seal(octets))
    }

    fn acknowledge(&self) -> PeerReply {
        PeerReply::Respond(self.side.acknowledgement())
    }

    fn note(&mut self, sent: bool, octets: &[u8]) {
        let packet = Inner::Attributes(Secret::new(octets));
        self.notes.push(Note::Inner { sent, packet });
    }
}

impl PeerMethod for TtlsPeer {
    fn kind(&self) -> EapType {
        KIND
    }

    fn request(&mut self, request: &EapPacket<'_>, dice: &mut dyn Dice) -> Result<PeerReply, Broken> {
        let progress = self.side.receive(request.data())?;
        self.notes.extend(self.side.notes());
        if let (Some(tunnel), None) = (self.side.open(), &self.keys) {
            self.keys = Some(tunnel.keys(KIND, LABEL).map_err(Broken::Tls)?);
            if self.side.is_resumed() {
                // Whether the server skips what is inside is for it to say.
                self.satisfied();
            }
        }
        match progress {
            Progress::Send(data) => Ok(PeerReply::Respond(data)),
            Progress::Open(plain) => self.opened(&plain, dice),
            Progress::Failed(data, fault) => {
                self.standing = Standing::Broken(Box::new(Broken::Tls(fault)));
                Ok(PeerReply::Respond(data))
            }
        }
    }

    fn answer(&mut self, text: Secret, dice: &mut dyn Dice) -> Result<PeerReply, Broken> {
        match &mut self.inner {
            TtlsInner::Eap(peer) => {
                let step = peer.answer(text, dice)?;
                Ok(self.step(step))
            }
            _ => Err(Broken::TooEarly { kind: Some(KIND) }),
        }
    }

    fn standing(&self) -> Standing {
        match (&self.standing, &self.inner) {
            // A method inside that makes no proof of the server leaves it to the tunnel.
            (Standing::Unfinished, TtlsInner::Eap(peer)) => match peer.standing() {
                Standing::Satisfied {
                    server_proved,
                    admitted,
                } => Standing::Satisfied {
                    server_proved: server_proved || self.side.is_checked(),
                    admitted,
                },
                other => other,
            },
            (standing, _) => standing.clone(),
        }
    }

    fn keys(&self) -> Option<Keys> {
        self.keys.clone()
    }

    fn notes(&mut self) -> Vec<Note> {
        let mut notes = std::mem::take(&mut self.notes);
        notes.extend(self.side.notes());
        if let TtlsInner::Eap(peer) = &mut self.inner {
            notes.extend(peer.notes());
        }
        notes
    }
}

/// Appends an attribute that the server must know.
pub(super) fn add(octets: &mut Vec<u8>, vendor: u32, number: u8, data: &[u8]) {
    Avp {
        code: number.into(),
        vendor,
        mandatory: true,
        data,
    }
    .encode(octets);
}

/// A challenge and the identifier after it.
pub(super) fn divide<const N: usize, const M: usize>(derived: &[u8; N]) -> ([u8; M], u8) {
    const { assert!(N == M + 1) };
    let challenge = derived.first_chunk().copied().unwrap_or([0; M]);
    (challenge, derived.last().copied().unwrap_or(0))
}
