//! What a proxy changes in a packet that passes: nothing but what hangs on secrets, Identifiers and authenticators
//! (RFC 2865 §2.3). Attributes that nobody knows pass as they are (RFC 6929 §2.8). Where one side speaks RADIUS/1.1,
//! what the other hides stands in clear there (RFC 9765 §5.1, §6).

use crate::attr::{Attribute, decode, decode_clear};
use crate::auth::{Dice, roll};
use crate::codec::seal::{hiding_authenticator, seal_request};
use crate::codec::v11::{self, Token};
use crate::codec::{AttributeType, Authenticator, Builder, Code, HEADER_LENGTH, Packet, Secret};
use crate::dictionary::Dictionary;

use super::hidden::{Passage, edits};

/// One side of the proxy: what hides values there.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub(super) secret: &'a Secret,
    pub(super) authenticator: Authenticator,
}

impl<'a> Side<'a> {
    /// The side on which a request has this Code and this authenticator; none in RADIUS/1.1, where nothing is hidden.
    pub(super) fn of(
        secret: Option<&'a Secret>,
        code: Code,
        authenticator: &Authenticator,
    ) -> Option<Side<'a>> {
        secret.map(|secret| Side {
            secret,
            authenticator: hiding_authenticator(code, authenticator),
        })
    }
}

/// Where a request goes on to, and by what it is known there.
#[derive(Clone, Copy, Debug)]
pub enum Towards<'a> {
    /// A peer that speaks RADIUS/1.0.
    Identifier(u8, &'a Secret),
    /// One that speaks RADIUS/1.1.
    Token(Token),
}

impl<'a> Towards<'a> {
    fn secret(self) -> Option<&'a Secret> {
        match self {
            Towards::Identifier(_, secret) => Some(secret),
            Towards::Token(_) => None,
        }
    }
}

/// A request as another server gets it.
pub(super) struct Rewritten {
    pub(super) octets: Vec<u8>,
    pub(super) authenticator: Authenticator,
}

/// Why a packet cannot pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stuck {
    /// It would not fit a packet any more.
    TooLong,
    /// Something in it is hidden on one side and in clear on the other, and cannot be made so.
    Untranslatable,
}

/// The client's request for another server: Identifier and authenticator of its own, or a Token; where it has seals,
/// Message-Authenticator first; values hidden anew, and a Proxy-State of ours, if there is one, after all others.
/// `from` is none where it came in RADIUS/1.1.
pub(super) fn request(
    packet: &Packet<'_>,
    from: Option<&Secret>,
    towards: Towards<'_>,
    proxy_state: Option<&[u8]>,
    dictionary: &Dictionary,
    dice: &mut dyn Dice,
) -> Result<Rewritten, Stuck> {
    let code = packet.code();
    let (mut builder, authenticator) = match towards {
        Towards::Token(token) => (v11::builder(code, token), token.field()),
        Towards::Identifier(identifier, _) => {
            let authenticator: Authenticator = roll(dice);
            (Builder::new(code, identifier, &authenticator), authenticator)
        }
    };
    let passage = Passage {
        from: Side::of(from, code, packet.authenticator()),
        to: Side::of(towards.secret(), code, &authenticator),
    };
    let octets = carried(packet, passage, dictionary, dice)?;
    let passing = Packet::parse(&octets).map_err(|_| Stuck::TooLong)?;
    let sealed = packet.first(AttributeType::MESSAGE_AUTHENTICATOR).is_some() || code == Code::ACCESS_REQUEST;
    if sealed && towards.secret().is_some() && builder.message_authenticator().is_err() {
        return Err(Stuck::TooLong);
    }
    for attribute in passing.attributes().map_while(Result::ok) {
        if attribute.number() != AttributeType::MESSAGE_AUTHENTICATOR {
            builder.raw(attribute.octets());
        }
    }
    // Without a challenge of its own, CHAP answers the authenticator, which changes here (RFC 2865 §5.40). A Token is
    // nobody's challenge (RFC 9765 §5.1.2).
    let chap = from.is_some() && packet.first(AttributeType::CHAP_PASSWORD).is_some();
    if chap && packet.first(AttributeType::CHAP_CHALLENGE).is_none() {
        builder
            .attribute(AttributeType::CHAP_CHALLENGE, packet.authenticator())
            .map_err(|_| Stuck::TooLong)?;
    }
    if let Some(proxy_state) = proxy_state {
        builder
            .attribute(AttributeType::PROXY_STATE, proxy_state)
            .map_err(|_| Stuck::TooLong)?;
    }
    if builder.length() > crate::codec::MAX_LENGTH {
        return Err(Stuck::TooLong);
    }
    let mut octets = builder.finish();
    if let Some(secret) = towards.secret() {
        seal_request(&mut octets, secret);
    }
    let authenticator = Packet::parse(&octets).map_or(authenticator, |packet| *packet.authenticator());
    Ok(Rewritten {
        octets,
        authenticator,
    })
}

/// The attributes of a server's reply as the client gets them: hidden anew, without Message-Authenticator and
/// Proxy-State, which the reply to the client has of its own.
pub(super) fn reply(
    packet: &Packet<'_>,
    passage: Passage<'_>,
    dictionary: &Dictionary,
    dice: &mut dyn Dice,
) -> Result<Vec<u8>, Stuck> {
    let octets = carried(packet, passage, dictionary, dice)?;
    let passing = Packet::parse(&octets).map_err(|_| Stuck::TooLong)?;
    let mut left = Vec::new();
    for attribute in passing.attributes().map_while(Result::ok) {
        if !matches!(
            attribute.number(),
            AttributeType::MESSAGE_AUTHENTICATOR | AttributeType::PROXY_STATE
        ) {
            left.extend_from_slice(attribute.octets());
        }
    }
    Ok(left)
}

/// The packet with all that one side hides as the other side has it. Its seals are void.
fn carried(
    packet: &Packet<'_>,
    passage: Passage<'_>,
    dictionary: &Dictionary,
    dice: &mut dyn Dice,
) -> Result<Vec<u8>, Stuck> {
    let mut octets = packet.octets().to_vec();
    let tree = match passage.from {
        Some(_) => decode(packet, dictionary, None),
        None => decode_clear(packet, dictionary),
    };
    let mut salts = u16::from_be_bytes(roll(dice));
    let mut all = Vec::new();
    let attributes: &[Attribute<'_>] = &tree.attributes;
    edits(packet, attributes, passage, dictionary, &mut salts, &mut all)?;
    // From the last to the first: what stands before an edit stays where it is.
    for edit in all.iter().rev() {
        edit.apply(&mut octets)?;
    }
    let length = u16::try_from(octets.len()).map_err(|_| Stuck::TooLong)?;
    if let Some(field) = octets
        .get_mut(2..4)
        .filter(|_| usize::from(length) >= HEADER_LENGTH)
    {
        field.copy_from_slice(&length.to_be_bytes());
    }
    Ok(octets)
}
