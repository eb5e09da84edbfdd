//! Replies, put together by the book: Message-Authenticator first (the answer to CVE-2024-3596), what was decided,
//! the request's Proxy-State at the end, all of it and in its order (RFC 2865 §5.33).

use crate::attr::{BuildOptions, Draft, Part, Placement};
use crate::auth::{Dice, roll};
use crate::codec::seal::{hiding_authenticator, seal_reply};
use crate::codec::v11::{self, Token};
use crate::codec::{AttributeType, Attributes, Builder, Code, MAX_VALUE, Packet, Secret};

use super::coa::ErrorCause;

/// Attributes for a reply: octets that go as they are, and values that the secret hides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Items {
    octets: Vec<u8>,
    hidden: Vec<Part>,
}

/// What a reply answers.
#[derive(Clone, Copy, Debug)]
pub struct Answers<'a> {
    /// The request.
    pub request: &'a Packet<'a>,
    /// Whether it had a Message-Authenticator.
    pub sealed: bool,
    /// The secret shared with whoever asked.
    pub secret: &'a Secret,
    /// The longest reply that may be sent, in octets.
    pub max: usize,
    /// Whether it answers in RADIUS/1.1: nothing hidden, nothing sealed.
    pub clear: bool,
}

/// A Message-Authenticator that sealing fills in.
const NO_MESSAGE_AUTHENTICATOR: [u8; 18] = {
    let mut octets = [0; 18];
    octets[0] = AttributeType::MESSAGE_AUTHENTICATOR.0;
    octets[1] = 18;
    octets
};

/// The reply would be longer than a packet may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// How many octets it would have.
    pub length: usize,
    /// How many it may have.
    pub max: usize,
}

/// A value that no attribute holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValueTooLong {
    /// How many octets it has.
    pub length: usize,
}

impl Items {
    /// No attributes.
    pub fn new() -> Items {
        Items::default()
    }

    /// Attributes that are encoded, and hidden, already.
    pub fn encoded(octets: Vec<u8>) -> Items {
        Items {
            octets,
            hidden: Vec::new(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.octets.is_empty() && self.hidden.is_empty()
    }

    /// Adds an attribute.
    pub fn push(&mut self, number: AttributeType, value: &[u8]) -> Result<(), ValueTooLong> {
        let too_long = ValueTooLong { length: value.len() };
        if value.len() > MAX_VALUE {
            return Err(too_long);
        }
        let length = u8::try_from(value.len() + 2).map_err(|_| too_long)?;
        self.octets.extend_from_slice(&[number.0, length]);
        self.octets.extend_from_slice(value);
        Ok(())
    }

    /// Adds a part of a draft.
    pub fn push_part(&mut self, part: &Part) {
        match part {
            Part::Octets(octets) => self.octets.extend_from_slice(octets),
            // A reply is sealed here, and no reply has a CHAP response.
            Part::MessageAuthenticator | Part::Chap { .. } => {}
            Part::Hidden(_) => self.hidden.push(part.clone()),
        }
    }

    /// Adds all of `other`.
    pub fn extend(&mut self, other: &Items) {
        self.octets.extend_from_slice(&other.octets);
        self.hidden.extend_from_slice(&other.hidden);
    }

    /// The octets of those that are encoded already.
    pub fn octets(&self) -> &[u8] {
        &self.octets
    }

    /// Those that an Access-Reject may have: Reply-Message, Error-Cause (RFC 2865 §5.44, RFC 5176 §3.6).
    pub fn for_reject(&self) -> Items {
        self.only(|number| matches!(number, AttributeType::REPLY_MESSAGE | AttributeType::ERROR_CAUSE))
    }

    /// Those that may stand beside EAP-Message: all but Reply-Message (RFC 3579 §2.6.5).
    pub fn beside_eap(&self) -> Items {
        Items {
            hidden: self.hidden.clone(),
            ..self.only(|number| number != AttributeType::REPLY_MESSAGE)
        }
    }

    fn only(&self, wanted: impl Fn(AttributeType) -> bool) -> Items {
        let mut items = Items::new();
        for attribute in Attributes::new(&self.octets, 0).map_while(Result::ok) {
            if wanted(attribute.number()) {
                items.octets.extend_from_slice(attribute.octets());
            }
        }
        items
    }

    /// The octets of the hidden attributes, hidden for the reply to this request.
    fn hide(&self, answers: &Answers<'_>, dice: &mut dyn Dice) -> Result<Vec<u8>, TooLong> {
        let (request, secret) = (answers.request, answers.secret);
        let mut draft = Draft::new();
        for part in &self.hidden {
            draft.push_part(part.clone());
        }
        if answers.clear {
            return self.clear(&draft);
        }
        let mut salts = || u16::from_be_bytes(roll(dice));
        let authenticator = hiding_authenticator(request.code(), request.authenticator());
        let options = BuildOptions {
            message_authenticator: Placement::None,
            ..BuildOptions::default()
        };
        let packet = draft
            .build_reply(
                Code::ACCESS_ACCEPT,
                0,
                &authenticator,
                secret,
                &mut salts,
                &options,
            )
            .map_err(|_| TooLong {
                length: options.max + 1,
                max: options.max,
            })?;
        Ok(packet.get(20..).unwrap_or(&[]).to_vec())
    }

    /// The octets of the same attributes where nothing is hidden (RFC 9765 §5.1).
    fn clear(&self, draft: &Draft) -> Result<Vec<u8>, TooLong> {
        let options = BuildOptions::default();
        let packet = draft
            .build_clear(Code::ACCESS_ACCEPT, Token(0), &[0; 16], &options)
            .map_err(|_| TooLong {
                length: options.max + 1,
                max: options.max,
            })?;
        Ok(packet.get(20..).unwrap_or(&[]).to_vec())
    }
}

/// A sealed reply.
///
/// The replies to Access-Request and Status-Server always have a Message-Authenticator, and so has a Protocol-Error;
/// others have one if their request had. In RADIUS/1.1 none has one: the Token alone says what it answers.
///
/// # Errors
///
/// More octets than may be sent.
pub fn assemble(
    answers: &Answers<'_>,
    code: Code,
    items: &Items,
    dice: &mut dyn Dice,
) -> Result<Vec<u8>, TooLong> {
    let (request, secret) = (answers.request, answers.secret);
    let mut builder = if answers.clear {
        v11::builder(code, Token::of(request))
    } else {
        Builder::new(code, request.identifier(), request.authenticator())
    };
    let always = matches!(request.code(), Code::ACCESS_REQUEST | Code::STATUS_SERVER);
    if !answers.clear && (always || answers.sealed || code == Code::PROTOCOL_ERROR) {
        builder.raw(&NO_MESSAGE_AUTHENTICATOR);
    }
    builder.raw(&items.octets);
    if !items.hidden.is_empty() {
        builder.raw(&items.hide(answers, dice)?);
    }
    for state in request.all(AttributeType::PROXY_STATE) {
        builder.raw(state.octets());
    }
    let (length, max) = (builder.length(), answers.max);
    if length > max {
        return Err(TooLong { length, max });
    }
    let mut octets = builder.finish();
    if !answers.clear {
        seal_reply(&mut octets, request.authenticator(), secret);
    }
    Ok(octets)
}

/// A sealed Protocol-Error (RFC 7930 §3): what was asked, and why there is no other answer.
pub fn protocol_error(request: &Packet<'_>, secret: &Secret, clear: bool, cause: ErrorCause) -> Vec<u8> {
    let mut items = Items::new();
    // Original-Packet-Code, 241.4: an extended attribute with a number of four octets. RADIUS/1.1 has no use for it
    // (RFC 9765 §5.3).
    if !clear {
        items
            .octets
            .extend_from_slice(&[241, 7, 4, 0, 0, 0, request.code().0]);
    }
    items.octets.extend_from_slice(&[AttributeType::ERROR_CAUSE.0, 6]);
    items.octets.extend_from_slice(&cause.0.to_be_bytes());
    let answers = Answers {
        request,
        sealed: true,
        secret,
        max: usize::from(u16::MAX),
        clear,
    };
    // Nothing in it is hidden, so that the dice are not thrown.
    assemble(
        &answers,
        Code::PROTOCOL_ERROR,
        &items,
        &mut |octets: &mut [u8]| {
            octets.fill(0);
        },
    )
    .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::hex;
    use crate::codec::seal::{AuthenticatorCheck, MessageAuthenticatorCheck, check_reply};

    fn secret() -> Secret {
        Secret::new("xyzzy5461")
    }

    fn reply(request: &[u8], sealed: bool, code: Code, items: &Items) -> Vec<u8> {
        try_reply(request, sealed, code, items).unwrap()
    }

    fn try_reply(request: &[u8], sealed: bool, code: Code, items: &Items) -> Result<Vec<u8>, TooLong> {
        let answers = Answers {
            request: &Packet::parse(request).unwrap(),
            sealed,
            secret: &secret(),
            max: 4096,
            clear: false,
        };
        assemble(&answers, code, items, &mut |octets: &mut [u8]| octets.fill(7))
    }

    #[test]
    fn replies_are_those_of_the_derived_vectors() {
        let request = hex::decode(
            "0100004a0f403f9473978057bd83d5cb98f4227a50128f16b45f90d3494989a4f14f4421c61801066e656d6f02120dbe708d93d413ce3196e43f782a0aee0406c0a80110050600000003",
        )
        .unwrap();
        let mut items = Items::new();
        items.push(AttributeType::SERVICE_TYPE, &[0, 0, 0, 1]).unwrap();
        assert_eq!(
            hex::encode(&reply(&request, true, Code::ACCESS_ACCEPT, &items)),
            "0200002c0e28e13bb2ff9188f2b23e4412c2c6c25012385b899f61a9e7c802bb3546c10a2a8b060600000001"
        );
        assert_eq!(
            hex::encode(&protocol_error(
                &Packet::parse(&request).unwrap(),
                &secret(),
                false,
                ErrorCause::MISSING_MESSAGE_AUTHENTICATOR
            )),
            "34000033a7561deb6887ac27673fae432a3fd8d45012dd8036830ee6654f865fdd5fe1c1f83cf10704000000016506000001fe"
        );
    }

    #[test]
    fn proxy_state_comes_back_whole_and_in_its_order() {
        let mut builder = Builder::new(Code::ACCESS_REQUEST, 3, &[4; 16]);
        for value in [b"ps1".as_slice(), b"", b"ps2"] {
            builder.attribute(AttributeType::PROXY_STATE, value).unwrap();
            builder.attribute(AttributeType::USER_NAME, b"between").unwrap();
        }
        let octets = reply(&builder.finish(), false, Code::ACCESS_REJECT, &Items::new());
        let packet = Packet::parse(&octets).unwrap();
        let states: Vec<&[u8]> = packet
            .all(AttributeType::PROXY_STATE)
            .map(|attribute| attribute.value())
            .collect();
        assert_eq!(states, [b"ps1".as_slice(), b"", b"ps2"]);
    }

    #[test]
    fn message_authenticator_is_first_or_mirrored() {
        let check = |code: Code, sealed: bool, answer: Code| {
            let request = Builder::new(code, 3, &[4; 16]).finish();
            let octets = reply(&request, sealed, answer, &Items::new());
            let packet = Packet::parse(&octets).unwrap();
            let seals = check_reply(&packet, &[4; 16], &secret());
            assert_eq!(seals.authenticator, AuthenticatorCheck::Right);
            let first = packet
                .attributes()
                .next()
                .map(|attribute| attribute.unwrap().number());
            match seals.message_authenticator {
                MessageAuthenticatorCheck::Right => {
                    assert_eq!(first, Some(AttributeType::MESSAGE_AUTHENTICATOR));
                    true
                }
                MessageAuthenticatorCheck::Absent => false,
                other => panic!("{other:?}"),
            }
        };
        assert!(check(Code::ACCESS_REQUEST, false, Code::ACCESS_REJECT));
        assert!(check(Code::STATUS_SERVER, true, Code::ACCOUNTING_RESPONSE));
        assert!(check(Code::ACCOUNTING_REQUEST, true, Code::ACCOUNTING_RESPONSE));
        assert!(!check(Code::ACCOUNTING_REQUEST, false, Code::ACCOUNTING_RESPONSE));
        assert!(check(Code::DISCONNECT_REQUEST, true, Code::DISCONNECT_NAK));
        assert!(!check(Code::COA_REQUEST, false, Code::COA_ACK));
    }

    #[test]
    fn a_reply_that_does_not_fit_is_refused_with_its_length() {
        let request = Builder::new(Code::ACCESS_REQUEST, 3, &[4; 16]).finish();
        let mut items = Items::new();
        for _ in 0..17 {
            items.push(AttributeType::REPLY_MESSAGE, &[b'x'; 253]).unwrap();
        }
        assert_eq!(
            try_reply(&request, false, Code::ACCESS_ACCEPT, &items),
            Err(TooLong {
                length: 20 + 18 + 17 * 255,
                max: 4096
            })
        );
        assert_eq!(
            items.push(AttributeType::REPLY_MESSAGE, &[0; 254]),
            Err(ValueTooLong { length: 254 })
        );
    }
}
