//! The server side of the logins without EAP: what an Access-Request carries, and whether it is right for an account.

use std::sync::Arc;

use super::mschap::attributes::{ResponseV1, ResponseV2, every, find, identified, number};
use super::mschap::change::{self, ChangeV2};
use super::mschap::message::{Refusal, Success};
use super::mschap::{Challenges, NtHash, challenge_response, mppe};
use super::password::Stored;
use super::plain::microsoft;
use super::{Dice, Field, Hiding, Keys, Method, digest, roll};
use crate::codec::hide::{chap_check, hide_password, hide_salted, reveal_password};
use crate::codec::{AttributeType, Packet, Secret};

/// Where accounts are looked up.
pub trait Users: Send + Sync {
    /// The account of a name, as it stands in User-Name, in an EAP identity, or in a tunnel.
    fn account(&self, name: &[u8]) -> Option<Account>;
}

impl<F: Fn(&[u8]) -> Option<Account> + Send + Sync> Users for F {
    fn account(&self, name: &[u8]) -> Option<Account> {
        self(name)
    }
}

/// What a server knows of a user.
#[derive(Clone, Debug)]
pub struct Account {
    /// What the user must know.
    pub password: Known,
    /// The methods that the user may use; any if none are said.
    pub methods: Option<Arc<[Method]>>,
    /// Whether the password has expired: right or not, it only serves to set a new one (MS-CHAP).
    pub expired: bool,
}

impl Account {
    /// An account with a password, open to every method.
    pub fn with_password(password: impl Into<Vec<u8>>) -> Account {
        Account {
            password: Known::Clear(Secret::new(password)),
            methods: None,
            expired: false,
        }
    }

    /// Whether the user may use a method.
    pub fn allows(&self, method: Method) -> bool {
        self.methods
            .as_ref()
            .is_none_or(|methods| methods.contains(&method))
    }
}

/// What is known of a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// The password itself.
    Clear(Secret),
    /// Its NT hash, which is enough for PAP and MS-CHAP.
    Nt(NtHash),
    /// One of its other hashes, which is enough for PAP.
    Hashed(Stored),
    /// Any password is right, where the method can tell without knowing it.
    Any,
    /// There is none: the user logs in with a certificate, or not at all.
    Nothing,
}

impl Known {
    /// The NT hash, where it can be had.
    pub fn nt_hash(&self) -> Option<NtHash> {
        match self {
            Known::Clear(password) => NtHash::of(password).ok(),
            Known::Nt(hash) => Some(hash.clone()),
            Known::Hashed(_) | Known::Any | Known::Nothing => None,
        }
    }

    /// The password itself, where it is known.
    pub fn clear(&self) -> Option<&Secret> {
        match self {
            Known::Clear(password) => Some(password),
            _ => None,
        }
    }

    /// Whether a password that came in clear is the right one.
    pub fn is(&self, password: &[u8]) -> bool {
        match self {
            Known::Clear(known) => digest::equal(known.expose(), password),
            Known::Nt(known) => NtHash::of(&Secret::new(password)).is_ok_and(|hash| hash == *known),
            Known::Hashed(stored) => stored.check(&Secret::new(password)),
            Known::Any => true,
            Known::Nothing => false,
        }
    }
}

/// What a server made of a login, with or without EAP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refused {
    /// Nobody has this name.
    UnknownUser,
    /// The name is known, the password is another.
    WrongPassword,
    /// The password was right, but has expired.
    Expired,
    /// The new password that should replace an expired one cannot be read.
    BadNewPassword,
    /// The user may not use this method, or the server does not run it.
    MethodNotAllowed,
    /// The method needs to know the password otherwise than this server does.
    PasswordNotKnown,
    /// There is nothing in the request to log in with.
    NoCredentials,
    /// CHAP-Password came without CHAP-Challenge where there is no Request Authenticator to stand in for it.
    NoChapChallenge,
    /// The credentials in the request have the wrong shape.
    Malformed,
}

/// A login that was right.
#[derive(Clone, Debug)]
pub struct Granted {
    /// What the Access-Accept must carry for the method.
    pub fields: Vec<Field>,
    /// The password to keep from now on.
    pub new_password: Option<Secret>,
}

/// A login that was wrong.
#[derive(Clone, Debug)]
pub struct Denied {
    /// Why.
    pub why: Refused,
    /// What the Access-Reject must carry for the method.
    pub fields: Vec<Field>,
}

impl From<Refused> for Denied {
    fn from(why: Refused) -> Denied {
        Denied {
            why,
            fields: Vec::new(),
        }
    }
}

/// Which method without EAP an Access-Request uses; a MAC address is told from PAP by Service-Type Call-Check.
pub fn method_of(request: &Packet<'_>) -> Method {
    let has = |number| request.first(number).is_some();
    let microsoft = |wanted| find(request, wanted).is_some();
    if microsoft(number::MS_CHAP2_RESPONSE) || microsoft(number::MS_CHAP2_CPW) {
        Method::Mschapv2
    } else if microsoft(number::MS_CHAP_RESPONSE) {
        Method::Mschap
    } else if has(AttributeType::CHAP_PASSWORD) {
        Method::Chap
    } else if has(AttributeType::USER_PASSWORD) {
        let service = request.first(AttributeType::SERVICE_TYPE);
        match service.map(|service| service.value()) {
            Some([0, 0, 0, 10]) => Method::Mab,
            _ => Method::Pap,
        }
    } else {
        Method::None
    }
}

/// Whether an Access-Request without EAP-Message logs `account` in. `request` was found authentic.
pub fn check(
    request: &Packet<'_>,
    hiding: Option<&Hiding<'_>>,
    account: Option<&Account>,
    dice: &mut dyn Dice,
) -> Result<Granted, Denied> {
    let account = account.ok_or(Refused::UnknownUser)?;
    let method = method_of(request);
    if !account.allows(method) {
        return Err(Refused::MethodNotAllowed.into());
    }
    let check = Check {
        request,
        hiding,
        account,
    };
    let fields = match method {
        Method::Pap | Method::Mab => check.pap(),
        Method::Chap => check.chap(),
        Method::Mschap => check.mschap(),
        Method::Mschapv2 => return check.mschapv2(dice),
        _ if account.password == Known::Any => Ok(Vec::new()),
        _ => Err(Refused::NoCredentials.into()),
    }?;
    Ok(Granted {
        fields,
        new_password: None,
    })
}

struct Check<'a> {
    request: &'a Packet<'a>,
    hiding: Option<&'a Hiding<'a>>,
    account: &'a Account,
}

impl Check<'_> {
    fn pap(&self) -> Result<Vec<Field>, Denied> {
        let hidden = self.request.first(AttributeType::USER_PASSWORD);
        let hidden = hidden.ok_or(Refused::NoCredentials)?.value();
        let password = match self.hiding {
            Some(hiding) => {
                let opened = reveal_password(hidden, hiding.secret, hiding.authenticator);
                Secret::new(opened.map_err(|_| Refused::Malformed)?)
            }
            None => Secret::new(hidden),
        };
        match (self.account.password.is(password.expose()), self.account.expired) {
            (true, false) => Ok(Vec::new()),
            (true, true) => Err(Refused::Expired.into()),
            (false, _) => Err(Refused::WrongPassword.into()),
        }
    }

    fn chap(&self) -> Result<Vec<Field>, Denied> {
        // Without a challenge of its own, the Request Authenticator is the challenge (RFC 2865 §5.3); in RADIUS/1.1,
        // where nothing is hidden, there is none, and a Token challenges nobody (RFC 9765 §5.1.2).
        let challenge = match (self.request.first(AttributeType::CHAP_CHALLENGE), self.hiding) {
            (Some(challenge), _) => challenge.value(),
            (None, Some(_)) => self.request.authenticator(),
            (None, None) => return Err(Refused::NoChapChallenge.into()),
        };
        if self.account.password == Known::Any {
            return Ok(Vec::new());
        }
        let password = self.account.password.clear().ok_or(Refused::PasswordNotKnown)?;
        let value = self.request.first(AttributeType::CHAP_PASSWORD);
        let (identifier, response) = value
            .and_then(|value| value.value().split_first())
            .ok_or(Refused::Malformed)?;
        match chap_check(*identifier, password, challenge, response) {
            true => Ok(Vec::new()),
            false => Err(Refused::WrongPassword.into()),
        }
    }

    fn mschap(&self) -> Result<Vec<Field>, Denied> {
        let value = find(self.request, number::MS_CHAP_RESPONSE).ok_or(Refused::NoCredentials)?;
        let response = ResponseV1::parse(value).map_err(|_| Refused::Malformed)?;
        let challenge = find(self.request, number::MS_CHAP_CHALLENGE).ok_or(Refused::Malformed)?;
        let challenge: &[u8; 8] = challenge.try_into().map_err(|_| Refused::Malformed)?;
        let hash = self.account.password.nt_hash().ok_or(Refused::PasswordNotKnown)?;
        let clear = self.account.password.clear();
        let right = match (response.uses_nt, clear) {
            (true, _) => challenge_response(challenge, hash.expose()) == response.nt,
            (false, Some(password)) => {
                challenge_response(challenge, &super::mschap::lm_hash(password)) == response.lm
            }
            (false, None) => return Err(Refused::PasswordNotKnown.into()),
        };
        if !right {
            return Err(denied(
                Refused::WrongPassword,
                response.identifier,
                Refusal::wrong(2),
            ));
        }
        let Some(hiding) = self.hiding else {
            return Ok(Vec::new());
        };
        let keys = match clear {
            Some(password) => mppe::keys_v1_of(password, &hash),
            None => mppe::keys_v1(&[0; 16], &hash),
        };
        // Three and a half octets of the fourth block are padding, which hiding adds (RFC 2548 §2.4.1).
        let hidden = hide_password(keys.as_slice(), hiding.secret, hiding.authenticator).unwrap_or_default();
        Ok(microsoft(number::MS_CHAP_MPPE_KEYS, &hidden)
            .into_iter()
            .collect())
    }

    fn mschapv2(&self, dice: &mut dyn Dice) -> Result<Granted, Denied> {
        let challenge = find(self.request, number::MS_CHAP_CHALLENGE).ok_or(Refused::Malformed)?;
        let challenge: &[u8; 16] = challenge.try_into().map_err(|_| Refused::Malformed)?;
        let hash = self.account.password.nt_hash().ok_or(Refused::PasswordNotKnown)?;
        if let Some(value) = find(self.request, number::MS_CHAP2_CPW) {
            return self.changed(value, challenge, &hash, dice);
        }
        let value = find(self.request, number::MS_CHAP2_RESPONSE).ok_or(Refused::NoCredentials)?;
        let response = ResponseV2::parse(value).map_err(|_| Refused::Malformed)?;
        let fields = self.proof(challenge, &response, &hash, dice)?;
        if self.account.expired {
            let refusal = Refusal {
                code: super::mschap::message::ErrorCode::PASSWD_EXPIRED,
                retry: true,
                challenge: Some(roll::<16>(dice).to_vec()),
                ..Refusal::wrong(3)
            };
            return Err(denied(Refused::Expired, response.identifier, refusal));
        }
        Ok(Granted {
            fields,
            new_password: None,
        })
    }

    /// A new password in place of an expired one (RFC 2759 §7).
    fn changed(
        &self,
        value: &[u8],
        challenge: &[u8; 16],
        old: &NtHash,
        dice: &mut dyn Dice,
    ) -> Result<Granted, Denied> {
        let change = ChangeV2::parse(value).map_err(|_| Refused::Malformed)?;
        let pieces = every(self.request, number::MS_CHAP_NT_ENC_PW);
        let block = change::join(pieces).map_err(|_| Refused::Malformed)?;
        let new = change::decrypt_password(&block, old).ok_or(Refused::WrongPassword)?;
        let hash = NtHash::of(&new).map_err(|_| Refused::BadNewPassword)?;
        if !change::check_hash(&change.encrypted_hash, old, &hash) {
            return Err(denied(
                Refused::WrongPassword,
                change.response.identifier,
                Refusal::wrong(3),
            ));
        }
        let fields = self.proof(challenge, &change.response, &hash, dice)?;
        Ok(Granted {
            fields,
            new_password: Some(new),
        })
    }

    /// Our proof and the keys, when the response is right.
    fn proof(
        &self,
        authenticator: &[u8; 16],
        response: &ResponseV2,
        hash: &NtHash,
        dice: &mut dyn Dice,
    ) -> Result<Vec<Field>, Denied> {
        let user = self.request.first(AttributeType::USER_NAME);
        let challenges = Challenges {
            authenticator,
            peer: &response.peer_challenge,
            user: user.map_or(&[], |user| user.value()),
        };
        if !challenges.check(hash, &response.nt) {
            return Err(denied(
                Refused::WrongPassword,
                response.identifier,
                Refusal::wrong(3),
            ));
        }
        let success = Success {
            proof: challenges.proof(hash, &response.nt),
            message: None,
        };
        let text = identified(response.identifier, &success.to_string());
        let mut fields: Vec<Field> = microsoft(number::MS_CHAP2_SUCCESS, &text).into_iter().collect();
        let keys = mppe::keys(hash, &response.nt);
        fields.extend(mppe_fields([&*keys.recv, &*keys.send], self.hiding, dice));
        Ok(fields)
    }
}

fn denied(why: Refused, identifier: u8, refusal: Refusal) -> Denied {
    let text = identified(identifier, &refusal.to_string());
    Denied {
        why,
        fields: microsoft(number::MS_CHAP_ERROR, &text).into_iter().collect(),
    }
}

/// MS-MPPE-Recv-Key and MS-MPPE-Send-Key for an Access-Accept, each behind a salt of its own.
pub(super) fn mppe_fields(keys: [&[u8]; 2], hiding: Option<&Hiding<'_>>, dice: &mut dyn Dice) -> Vec<Field> {
    let salt = u16::from_be_bytes(roll(dice));
    let numbers = [
        (number::MS_MPPE_RECV_KEY, salt),
        (number::MS_MPPE_SEND_KEY, salt ^ 1),
    ];
    numbers
        .iter()
        .zip(keys)
        .filter_map(|((number, salt), key)| {
            let value = match hiding {
                Some(hiding) => hide_salted(key, *salt, hiding.secret, hiding.authenticator).ok()?,
                None => key.to_vec(),
            };
            microsoft(*number, &value).ok()
        })
        .collect()
}

/// The fields that carry a method's keys in an Access-Accept.
pub fn key_fields(keys: &Keys, hiding: Option<&Hiding<'_>>, dice: &mut dyn Dice) -> Vec<Field> {
    mppe_fields(keys.mppe(), hiding, dice)
}
