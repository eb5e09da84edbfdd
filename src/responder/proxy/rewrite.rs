//! What a proxy changes in a packet that passes: nothing but what hangs on secrets, Identifiers and authenticators
//! (RFC 2865 §2.3). Attributes that nobody knows pass as they are (RFC 6929 §2.8).

use crate::attr::{Attribute, decode};
use crate::auth::{Dice, roll};
use crate::codec::seal::{hiding_authenticator, seal_request};
use crate::codec::{AttributeType, Authenticator, Builder, Code, Packet, Secret, hide};
use crate::dictionary::{Dictionary, Encrypt};

/// One side of the proxy: what hides values there.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub(super) secret: &'a Secret,
    pub(super) authenticator: Authenticator,
}

/// A request as another server gets it.
pub(super) struct Rewritten {
    pub(super) octets: Vec<u8>,
    pub(super) authenticator: Authenticator,
}

/// The request would not fit a packet any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong;

/// The client's request for a server with this secret: Identifier and authenticator of its own, Message-Authenticator
/// first, values hidden anew, and a Proxy-State of ours after all others.
pub(super) fn request(
    packet: &Packet<'_>,
    from: &Secret,
    to: &Secret,
    identifier: u8,
    proxy_state: &[u8],
    dictionary: &Dictionary,
    dice: &mut dyn Dice,
) -> Result<Rewritten, TooLong> {
    let code = packet.code();
    let authenticator: Authenticator = roll(dice);
    let theirs = Side {
        secret: from,
        authenticator: hiding_authenticator(code, packet.authenticator()),
    };
    let ours = Side {
        secret: to,
        authenticator: hiding_authenticator(code, &authenticator),
    };
    let octets = rehidden(packet, theirs, ours, dictionary, dice);
    let passing = Packet::parse(&octets).map_err(|_| TooLong)?;
    let mut builder = Builder::new(code, identifier, &authenticator);
    let sealed = packet.first(AttributeType::MESSAGE_AUTHENTICATOR).is_some();
    if (sealed || code == Code::ACCESS_REQUEST) && builder.message_authenticator().is_err() {
        return Err(TooLong);
    }
    for attribute in passing.attributes().map_while(Result::ok) {
        if attribute.number() != AttributeType::MESSAGE_AUTHENTICATOR {
            builder.raw(attribute.octets());
        }
    }
    // Without a challenge of its own, CHAP answers the authenticator, which changes here (RFC 2865 §5.40).
    let chap = packet.first(AttributeType::CHAP_PASSWORD).is_some();
    if chap && packet.first(AttributeType::CHAP_CHALLENGE).is_none() {
        builder
            .attribute(AttributeType::CHAP_CHALLENGE, packet.authenticator())
            .map_err(|_| TooLong)?;
    }
    builder
        .attribute(AttributeType::PROXY_STATE, proxy_state)
        .map_err(|_| TooLong)?;
    if builder.length() > crate::codec::MAX_LENGTH {
        return Err(TooLong);
    }
    let mut octets = builder.finish();
    seal_request(&mut octets, to);
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
    from: Side<'_>,
    to: Side<'_>,
    dictionary: &Dictionary,
    dice: &mut dyn Dice,
) -> Vec<u8> {
    let octets = rehidden(packet, from, to, dictionary, dice);
    let Ok(passing) = Packet::parse(&octets) else {
        return Vec::new();
    };
    let mut left = Vec::new();
    for attribute in passing.attributes().map_while(Result::ok) {
        if !matches!(
            attribute.number(),
            AttributeType::MESSAGE_AUTHENTICATOR | AttributeType::PROXY_STATE
        ) {
            left.extend_from_slice(attribute.octets());
        }
    }
    left
}

/// The packet with all that one side hides hidden as the other side does.
fn rehidden(
    packet: &Packet<'_>,
    from: Side<'_>,
    to: Side<'_>,
    dictionary: &Dictionary,
    dice: &mut dyn Dice,
) -> Vec<u8> {
    let mut octets = packet.octets().to_vec();
    let tree = decode(packet, dictionary, None);
    let mut salts = u16::from_be_bytes(roll(dice));
    rehide(&tree.attributes, &mut octets, from, to, &mut salts);
    octets
}

fn rehide(attributes: &[Attribute<'_>], octets: &mut [u8], from: Side<'_>, to: Side<'_>, salts: &mut u16) {
    for attribute in attributes {
        rehide(attribute.children(), octets, from, to, salts);
        let Some(how) = attribute.hidden else { continue };
        let tagged = attribute.entry.is_some_and(|entry| entry.flags().has_tag);
        let skip = usize::from(tagged && how == Encrypt::TunnelPassword);
        let length = attribute.octets.len();
        let start = attribute.span.end.saturating_sub(length) + skip;
        let Some(place) = octets.get_mut(start..attribute.span.end) else {
            continue;
        };
        *salts = salts.wrapping_add(1);
        // What cannot be opened, or has another length afterwards, passes as it is: whoever sent it may know why.
        if let Some(value) = translated(place, how, *salts, from, to)
            && value.len() == place.len()
        {
            place.copy_from_slice(&value);
        }
    }
}

fn translated(hidden: &[u8], how: Encrypt, salt: u16, from: Side<'_>, to: Side<'_>) -> Option<Vec<u8>> {
    match how {
        Encrypt::UserPassword => {
            let mut plain = hide::reveal_password(hidden, from.secret, &from.authenticator).ok()?;
            // Zeros at the end count where the value has a fixed length, as MS-CHAP-MPPE-Keys has.
            plain.resize(hidden.len(), 0);
            hide::hide_password(&plain, to.secret, &to.authenticator).ok()
        }
        Encrypt::TunnelPassword => {
            let plain = hide::reveal_salted(hidden, from.secret, &from.authenticator).ok()?;
            hide::hide_salted(&plain, salt, to.secret, &to.authenticator).ok()
        }
        Encrypt::AscendSecret => {
            let plain = hide::reveal_ascend(hidden, from.secret, &from.authenticator).ok()?;
            let value = hide::hide_ascend(&plain, to.secret, &to.authenticator).ok()?;
            Some(value.to_vec())
        }
    }
}
