//! Logins without EAP, as the client: PAP, CHAP (RFC 2865 §5.2, §5.3), MS-CHAP of both versions (RFC 2548 §2), a MAC
//! address in place of a user (`mab`), and a name alone (`none`).
//!
//! ```text
//!   Access-Request  ─▶            credentials
//!   Access-Challenge ◀─           State, Reply-Message: ask the user, answer in User-Password (RFC 2865 §4.4)
//!   Access-Reject   ◀─ E=648      MS-CHAP only, with a new password at hand: another request carries it (RFC 2759 §7)
//!   Access-Accept   ◀─ S=…        MS-CHAPv2 only: the server's proof, which must hold
//! ```

use super::mschap::attributes::{ResponseV1, ResponseV2, find, number, vendor_value};
use super::mschap::change::{self, ChangeV2};
use super::mschap::message::{ErrorCode, Refusal, Success};
use super::mschap::{Challenges, NtHash, challenge_response, mppe};
use super::{
    Accepted, Broken, Dice, Field, Hiding, KeyCheck, KeyNameCheck, Keys, Login, MacSpelling, Method, Next,
    Note, Progress, Rejection, Unfit, check_keys, digest, mac, name_field, password_field, reply_message,
    roll,
};
use crate::codec::hide::{chap_response, reveal_password};
use crate::codec::{AttributeType, Code, Packet, Secret};

const CALLING_STATION_ID: AttributeType = AttributeType(31);
/// Call-Check: the value of Service-Type for a call that has no user yet (RFC 2865 §5.6).
const CALL_CHECK: u32 = 10;

/// What may be fixed that is random or usual otherwise.
#[derive(Clone, Debug, Default)]
pub struct PlainOptions {
    /// The CHAP Identifier.
    pub chap_identifier: Option<u8>,
    /// The challenge of CHAP, of MS-CHAPv1 (8 octets) or of MS-CHAPv2 (16 octets).
    pub challenge: Option<Vec<u8>>,
    /// How `mab` spells the address; as given if none.
    pub mac_spelling: Option<MacSpelling>,
    /// The password to set when the server says that the old one has expired.
    pub new_password: Option<Secret>,
}

/// A login without EAP.
pub struct Plain {
    method: Method,
    user: Vec<u8>,
    password: Secret,
    options: PlainOptions,
    state: Option<Vec<u8>>,
    answer: Option<Secret>,
    /// What the next request has to set a new password with.
    change: Option<Refusal>,
    sent: Option<SentV2>,
    /// The hash behind an MS-CHAPv1 response, which MS-CHAP-MPPE-Keys is compared with.
    sent_v1: Option<NtHash>,
    rounds: u32,
    notes: Vec<Note>,
}

/// What is kept of an MS-CHAPv2 response until the proof comes.
struct SentV2 {
    hash: NtHash,
    authenticator: [u8; 16],
    response: ResponseV2,
}

impl Plain {
    /// A login with one of the methods that are not EAP; `password` is not looked at by `none`, and where it is empty
    /// `mab` takes the name for it.
    pub fn new(method: Method, user: impl Into<Vec<u8>>, password: Secret, options: PlainOptions) -> Plain {
        Plain {
            method,
            user: user.into(),
            password,
            options,
            state: None,
            answer: None,
            change: None,
            sent: None,
            sent_v1: None,
            rounds: 0,
            notes: Vec::new(),
        }
    }

    fn chap(&self, dice: &mut dyn Dice) -> Vec<Field> {
        let [rolled] = roll(dice);
        let identifier = self.options.chap_identifier.unwrap_or(rolled);
        let challenge = match &self.options.challenge {
            Some(challenge) => challenge.clone(),
            None => roll::<16>(dice).to_vec(),
        };
        let mut value = vec![identifier];
        value.extend(chap_response(identifier, &self.password, &challenge));
        vec![
            (AttributeType::CHAP_PASSWORD, value),
            (AttributeType::CHAP_CHALLENGE, challenge),
        ]
    }

    fn challenge<const N: usize>(&self, dice: &mut dyn Dice) -> Result<[u8; N], Unfit> {
        match (
            self.change
                .as_ref()
                .and_then(|refusal| refusal.challenge.as_ref()),
            &self.options.challenge,
        ) {
            (Some(challenge), _) | (None, Some(challenge)) => {
                challenge
                    .as_slice()
                    .try_into()
                    .map_err(|_| Unfit::ChallengeLength {
                        length: challenge.len(),
                        want: N,
                    })
            }
            (None, None) => Ok(roll(dice)),
        }
    }

    fn mschap(&mut self, dice: &mut dyn Dice) -> Result<Vec<Field>, Unfit> {
        let challenge: [u8; 8] = self.challenge(dice)?;
        let [identifier] = roll(dice);
        let old = NtHash::of(&self.password).map_err(Unfit::PasswordNotText)?;
        let mut fields = vec![microsoft(number::MS_CHAP_CHALLENGE, &challenge)?];
        match self.new_password() {
            None => {
                let response = ResponseV1 {
                    identifier,
                    lm: [0; 24],
                    nt: challenge_response(&challenge, old.expose()),
                    uses_nt: true,
                };
                fields.push(microsoft(number::MS_CHAP_RESPONSE, &response.encode())?);
                self.sent_v1 = Some(old);
            }
            Some(new) => {
                let hash = change_fields(identifier, &new, &old, dice, &mut fields)?;
                let nt = challenge_response(&challenge, hash.expose());
                let value = change::encode_v1(identifier, &change::encrypt_hash(&old, &hash), &nt);
                fields.push(microsoft(number::MS_CHAP_CPW_2, &value)?);
                self.sent_v1 = Some(hash);
            }
        }
        Ok(fields)
    }

    fn mschapv2(&mut self, dice: &mut dyn Dice) -> Result<Vec<Field>, Unfit> {
        let authenticator: [u8; 16] = self.challenge(dice)?;
        let (peer_challenge, [identifier]) = (roll(dice), roll(dice));
        let old = NtHash::of(&self.password).map_err(Unfit::PasswordNotText)?;
        let new_password = self.new_password();
        let challenges = Challenges {
            authenticator: &authenticator,
            peer: &peer_challenge,
            user: &self.user,
        };
        let mut fields = vec![microsoft(number::MS_CHAP_CHALLENGE, &authenticator)?];
        let response = |hash: &NtHash| ResponseV2 {
            identifier,
            flags: 0,
            peer_challenge,
            nt: challenges.response(hash),
        };
        let (hash, response) = match new_password {
            None => {
                let response = response(&old);
                fields.push(microsoft(number::MS_CHAP2_RESPONSE, &response.encode())?);
                (old, response)
            }
            Some(new) => {
                let hash = change_fields(identifier, &new, &old, dice, &mut fields)?;
                let response = response(&hash);
                let change = ChangeV2 {
                    encrypted_hash: change::encrypt_hash(&old, &hash),
                    response,
                };
                fields.push(microsoft(number::MS_CHAP2_CPW, &change.encode())?);
                (hash, response)
            }
        };
        self.sent = Some(SentV2 {
            hash,
            authenticator,
            response,
        });
        Ok(fields)
    }

    /// The password to set with the request that is being made.
    fn new_password(&mut self) -> Option<Secret> {
        self.change.take()?;
        self.notes.push(Note::NewPasswordSent);
        self.options.new_password.clone()
    }

    fn mab(&self, hiding: Option<&Hiding<'_>>) -> Result<Vec<Field>, Unfit> {
        let address = mac::parse(&self.user).ok_or(Unfit::NotMac)?;
        let name = match self.options.mac_spelling {
            Some(spelling) => spelling.write(&address).into_bytes(),
            None => self.user.clone(),
        };
        let password = match self.password.is_empty() {
            true => Secret::new(name.clone()),
            false => self.password.clone(),
        };
        Ok(vec![
            name_field(&name)?,
            password_field(&password, hiding)?,
            (AttributeType::SERVICE_TYPE, CALL_CHECK.to_be_bytes().to_vec()),
            (
                CALLING_STATION_ID,
                MacSpelling::Hyphens.write(&address).into_bytes(),
            ),
        ])
    }

    fn accepted(&mut self, accept: &Packet<'_>, hiding: Option<&Hiding<'_>>) -> Next {
        let keys = match self.sent.take() {
            Some(sent) => match self.proved(accept, &sent) {
                Ok(keys) => Some(keys),
                Err(broken) => return Next::Broken(Box::new(broken)),
            },
            None => None,
        };
        let v1 = self
            .sent_v1
            .take()
            .and_then(|hash| check_v1(accept, hiding, &hash));
        let key_check = match v1.unwrap_or(check_keys(accept, hiding, keys.as_ref())) {
            // A server may be told to send no MPPE keys, and PAP users may be sent some.
            KeyCheck::Missing | KeyCheck::Unexpected => KeyCheck::None,
            check => check,
        };
        Next::Accepted(Box::new(Accepted {
            server_proved: keys.is_some(),
            keys,
            key_check,
            key_name: KeyNameCheck::None,
            rounds: self.rounds,
        }))
    }

    fn proved(&self, accept: &Packet<'_>, sent: &SentV2) -> Result<Keys, Broken> {
        let (_, text) = find(accept, number::MS_CHAP2_SUCCESS)
            .and_then(|value| value.split_first())
            .ok_or(Broken::NoProof)?;
        let success = Success::parse(text).map_err(|_| Broken::NoProof)?;
        let challenges = Challenges {
            authenticator: &sent.authenticator,
            peer: &sent.response.peer_challenge,
            user: &self.user,
        };
        match challenges.check_proof(&sent.hash, &sent.response.nt, &success.proof) {
            true => Ok(Keys::from_mppe(&mppe::keys(&sent.hash, &sent.response.nt))),
            false => Err(Broken::WrongProof),
        }
    }

    fn rejected(&mut self, reject: &Packet<'_>) -> Next {
        let refusal = find(reject, number::MS_CHAP_ERROR)
            .and_then(|value| value.split_first())
            .and_then(|(_, text)| Refusal::parse(text).ok());
        let expired = refusal
            .as_ref()
            .filter(|refusal| refusal.code == ErrorCode::PASSWD_EXPIRED);
        // Once: a server that says so again does not take the new password.
        if let Some(refusal) = expired
            && self.options.new_password.is_some()
            && self.rounds == 1
        {
            self.notes.push(Note::Refused(refusal.clone()));
            self.change = Some(refusal.clone());
            return Next::Again;
        }
        Next::Rejected(Box::new(Rejection {
            refusal,
            rounds: self.rounds,
            ..Rejection::default()
        }))
    }
}

impl Login for Plain {
    fn request(&mut self, hiding: Option<&Hiding<'_>>, dice: &mut dyn Dice) -> Result<Vec<Field>, Unfit> {
        self.rounds += 1;
        if self.method == Method::Mab {
            return self.mab(hiding);
        }
        let mut fields = vec![name_field(&self.user)?];
        match self.answer.take() {
            // The answer stands where the password stood, whatever the method was (RFC 2865 §4.4).
            Some(answer) => fields.push(password_field(&answer, hiding)?),
            None => fields.extend(match self.method {
                Method::Pap => vec![password_field(&self.password, hiding)?],
                Method::Chap => self.chap(dice),
                Method::Mschap => self.mschap(dice)?,
                Method::Mschapv2 => self.mschapv2(dice)?,
                _ => Vec::new(),
            }),
        }
        fields.extend(self.state.take().map(|state| (AttributeType::STATE, state)));
        Ok(fields)
    }

    fn reply(&mut self, reply: &Packet<'_>, hiding: Option<&Hiding<'_>>, _dice: &mut dyn Dice) -> Next {
        match reply.code() {
            Code::ACCESS_ACCEPT => self.accepted(reply, hiding),
            Code::ACCESS_REJECT => self.rejected(reply),
            Code::ACCESS_CHALLENGE => {
                self.state = reply
                    .first(AttributeType::STATE)
                    .map(|state| state.value().to_vec());
                Next::Ask {
                    prompt: reply_message(reply).unwrap_or_default(),
                }
            }
            code => Next::Broken(Box::new(Broken::Code(code))),
        }
    }

    fn answer(&mut self, text: Secret) {
        self.answer = Some(text);
        // The proof belongs to the response, which the answer replaces.
        self.sent = None;
        self.sent_v1 = None;
    }

    fn notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.notes)
    }

    fn progress(&self) -> Progress {
        Progress {
            rounds: self.rounds,
            ..Progress::default()
        }
    }
}

/// The new password in its pieces; gives its hash.
fn change_fields(
    identifier: u8,
    new: &Secret,
    old: &NtHash,
    dice: &mut dyn Dice,
    fields: &mut Vec<Field>,
) -> Result<NtHash, Unfit> {
    let hash = NtHash::of(new).map_err(Unfit::PasswordNotText)?;
    let block = change::encrypt_password(new, old, dice).map_err(Unfit::NewPassword)?;
    for piece in change::pieces(identifier, &block) {
        fields.push(microsoft(number::MS_CHAP_NT_ENC_PW, &piece)?);
    }
    Ok(hash)
}

/// Compares MS-CHAP-MPPE-Keys (RFC 2548 §2.4.1) with what the hash gives; none where they were not sent. Only the NT
/// half counts: servers that do not know the password have no LM half.
fn check_v1(accept: &Packet<'_>, hiding: Option<&Hiding<'_>>, hash: &NtHash) -> Option<KeyCheck> {
    const NT: std::ops::Range<usize> = 8..24;
    let sent = find(accept, number::MS_CHAP_MPPE_KEYS)?;
    let opened = match hiding {
        Some(hiding) => reveal_password(sent, hiding.secret, hiding.authenticator).ok(),
        None => Some(sent.to_vec()),
    };
    let Some(mut opened) = opened.map(zeroize::Zeroizing::new) else {
        return Some(KeyCheck::Unreadable);
    };
    // Revealing a password takes zeros at its end for padding.
    opened.resize(32, 0);
    let ours = mppe::keys_v1(&[0; 16], hash);
    let equal = digest::equal(opened.get(NT).unwrap_or(&[]), ours.get(NT).unwrap_or(&[]));
    Some(if equal {
        KeyCheck::Match
    } else {
        KeyCheck::Mismatch
    })
}

/// One of Microsoft's attributes as it goes on the wire.
pub(super) fn microsoft(number: u8, value: &[u8]) -> Result<Field, Unfit> {
    vendor_value(number, value)
        .map(|value| (AttributeType::VENDOR_SPECIFIC, value))
        .ok_or(Unfit::ValueTooLong { length: value.len() })
}

#[cfg(test)]
mod tests;
