//! Authenticators: how a packet shows that its sender knows the shared secret.
//!
//! | packet | Authenticator field | Message-Authenticator is over |
//! |---|---|---|
//! | Access-Request, Status-Server | random (RFC 2865 §3, RFC 5997 §3) | the packet as it is |
//! | Accounting-, CoA-, Disconnect-Request | MD5 with zeros in the field (RFC 2866 §3, RFC 5176 §2.3) | zeros in the field |
//! | every reply | MD5 with the request's authenticator in the field | the same |
//!
//! Message-Authenticator is HMAC-MD5 over the whole packet with its own value as zeros (RFC 3579 §3.2). It is made
//! first, since the digest in the field covers it.

use super::digest::{equal, md5};
use super::{AttributeType, Authenticator, Code, HEADER_LENGTH, Packet, Secret};

const ZEROS: Authenticator = [0; 16];

/// What a check of the Authenticator field found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthenticatorCheck {
    /// It is the digest that the secret makes.
    Right,
    /// It is not: the secret differs, or the packet was changed.
    Wrong,
    /// There is nothing to check: it is random, or no standard says how it is made.
    Unverifiable,
}

/// What a check of the Message-Authenticator found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageAuthenticatorCheck {
    /// The packet has none.
    Absent,
    /// It is the digest that the secret makes.
    Right,
    /// It is right only when computed with zeros in the Authenticator field, as FreeRADIUS 3 does in replies to
    /// accounting and to dynamic authorization; RFC 3579 §3.2 wants the request's authenticator there.
    LegacyZeroVector,
    /// It is wrong: the secret differs, or the packet was changed.
    Wrong,
    /// It does not have 16 octets, or there are several.
    Malformed,
    /// The reply's request is not known.
    Unverifiable,
}

/// Both checks of one packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seals {
    /// The Authenticator field.
    pub authenticator: AuthenticatorCheck,
    /// The Message-Authenticator.
    pub message_authenticator: MessageAuthenticatorCheck,
}

impl Seals {
    /// Whether nothing that was checked was wrong.
    pub fn hold(&self) -> bool {
        self.authenticator != AuthenticatorCheck::Wrong
            && !matches!(
                self.message_authenticator,
                MessageAuthenticatorCheck::Wrong | MessageAuthenticatorCheck::Malformed
            )
    }

    /// Whether they can only be as they are with the right secret: something was right, and nothing was wrong.
    pub fn prove(&self) -> bool {
        let right = self.authenticator == AuthenticatorCheck::Right
            || matches!(
                self.message_authenticator,
                MessageAuthenticatorCheck::Right | MessageAuthenticatorCheck::LegacyZeroVector
            );
        right && self.hold()
    }
}

/// Seals a request in place: fills in its Message-Authenticator if it has one, then its Request Authenticator if
/// that is a digest. A random Request Authenticator is the caller's and stays as it is.
pub fn seal_request(octets: &mut [u8], secret: &Secret) {
    let digest = Packet::parse(octets).is_ok_and(|packet| packet.code().has_digest_authenticator());
    if digest {
        seal(octets, &ZEROS, secret);
    } else {
        fill_message_authenticator(octets, None, secret);
    }
}

/// Seals a reply in place: fills in its Message-Authenticator if it has one, then the Response Authenticator.
pub fn seal_reply(octets: &mut [u8], request: &Authenticator, secret: &Secret) {
    seal(octets, request, secret);
}

/// Checks a request on its own.
pub fn check_request(packet: &Packet<'_>, secret: &Secret) -> Seals {
    if packet.code().has_digest_authenticator() {
        check(packet, &ZEROS, secret)
    } else {
        Seals {
            authenticator: AuthenticatorCheck::Unverifiable,
            message_authenticator: check_message_authenticator(packet, packet.authenticator(), secret),
        }
    }
}

/// Checks a reply against its request's authenticator.
pub fn check_reply(packet: &Packet<'_>, request: &Authenticator, secret: &Secret) -> Seals {
    let mut seals = check(packet, request, secret);
    if seals.message_authenticator == MessageAuthenticatorCheck::Wrong
        && check_message_authenticator(packet, &ZEROS, secret) == MessageAuthenticatorCheck::Right
    {
        seals.message_authenticator = MessageAuthenticatorCheck::LegacyZeroVector;
    }
    seals
}

/// The authenticator with which the hidden attributes of a request are hidden: its own, or zeros where that is a
/// digest over the packet.
pub fn hiding_authenticator(code: Code, authenticator: &Authenticator) -> Authenticator {
    if code.has_digest_authenticator() {
        ZEROS
    } else {
        *authenticator
    }
}

fn seal(octets: &mut [u8], vector: &Authenticator, secret: &Secret) {
    fill_message_authenticator(octets, Some(vector), secret);
    fill_authenticator(octets, vector, secret);
}

/// Fills in the Authenticator field alone, computed with `vector` in its place (for a reply: the request's
/// authenticator), and leaves the Message-Authenticator as it stands, right or wrong.
pub fn fill_authenticator(octets: &mut [u8], vector: &Authenticator, secret: &Secret) {
    let Ok(packet) = Packet::parse(octets) else { return };
    let digest = digest(&packet, vector, secret);
    if let Some(field) = octets.get_mut(4..HEADER_LENGTH) {
        field.copy_from_slice(&digest);
    }
}

/// Writes the Message-Authenticator's value, computed with `vector` in the Authenticator field, or with what
/// stands there.
fn fill_message_authenticator(octets: &mut [u8], vector: Option<&Authenticator>, secret: &Secret) {
    let Ok(packet) = Packet::parse(octets) else { return };
    let Some(attribute) = packet.first(AttributeType::MESSAGE_AUTHENTICATOR) else {
        return;
    };
    if attribute.value().len() != 16 {
        return;
    }
    let at = attribute.offset() + 2;
    let value = message_authenticator(&packet, vector.unwrap_or(packet.authenticator()), at, secret);
    if let Some(place) = octets.get_mut(at..at + 16) {
        place.copy_from_slice(&value);
    }
}

fn check(packet: &Packet<'_>, vector: &Authenticator, secret: &Secret) -> Seals {
    let right = equal(&digest(packet, vector, secret), packet.authenticator());
    Seals {
        authenticator: if right {
            AuthenticatorCheck::Right
        } else {
            AuthenticatorCheck::Wrong
        },
        message_authenticator: check_message_authenticator(packet, vector, secret),
    }
}

fn check_message_authenticator(
    packet: &Packet<'_>,
    vector: &Authenticator,
    secret: &Secret,
) -> MessageAuthenticatorCheck {
    let mut all = packet.all(AttributeType::MESSAGE_AUTHENTICATOR);
    match (all.next(), all.next()) {
        (None, _) => MessageAuthenticatorCheck::Absent,
        (Some(only), None) if only.value().len() == 16 => {
            let value = message_authenticator(packet, vector, only.offset() + 2, secret);
            if equal(&value, only.value()) {
                MessageAuthenticatorCheck::Right
            } else {
                MessageAuthenticatorCheck::Wrong
            }
        }
        _ => MessageAuthenticatorCheck::Malformed,
    }
}

/// HMAC-MD5 over the packet with `vector` in the Authenticator field and zeros in the 16 octets at `at`.
fn message_authenticator(
    packet: &Packet<'_>,
    vector: &Authenticator,
    at: usize,
    secret: &Secret,
) -> [u8; 16] {
    let octets = packet.octets();
    secret.keyed().hmac(&[
        octets.get(..4).unwrap_or(&[]),
        vector,
        octets.get(HEADER_LENGTH..at).unwrap_or(&[]),
        &ZEROS,
        octets.get(at + 16..).unwrap_or(&[]),
    ])
}

/// MD5 over the packet with `vector` in the Authenticator field, and the secret.
fn digest(packet: &Packet<'_>, vector: &Authenticator, secret: &Secret) -> [u8; 16] {
    let octets = packet.octets();
    md5(&[
        octets.get(..4).unwrap_or(&[]),
        vector,
        packet.body(),
        secret.expose(),
    ])
}
