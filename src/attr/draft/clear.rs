//! Drafts as packets of RADIUS/1.1 (RFC 9765 §5): nothing hidden, nothing sealed.

use super::part::{plain_part, too_long};
use super::{BuildError, BuildOptions, Draft, Hidden, Part};
use crate::codec::v11::{self, Token};
use crate::codec::{AttributeType, Attributes, Authenticator, Code, HEADER_LENGTH, hide};

impl Draft {
    /// The octets of a request or a reply over RADIUS/1.1. `challenge` is random: CHAP-Challenge, where the draft
    /// has none and CHAP-Password needs one.
    ///
    /// # Errors
    ///
    /// More octets than the options allow, or a hidden value within a nested attribute.
    pub fn build_clear(
        &self,
        code: Code,
        token: Token,
        challenge: &Authenticator,
        options: &BuildOptions,
    ) -> Result<Vec<u8>, BuildError> {
        let mut builder = v11::builder(code, token);
        for part in &self.parts {
            let mut octets = Vec::new();
            match part {
                Part::Octets(whole) if v11::is_void(part.number()) => {
                    // One that was given as octets is as void as any other.
                    debug_assert!(Attributes::new(whole, 0).next().is_some());
                }
                Part::Octets(whole) => octets.extend_from_slice(whole),
                Part::Hidden(hidden) => hidden.write_clear(&mut octets)?,
                Part::Chap { identifier, password } => {
                    let own = self.value(AttributeType::CHAP_CHALLENGE);
                    let challenge: &[u8] = own.unwrap_or(challenge);
                    // There is no Identifier to take: any number will do (RFC 9765 §5.1.2).
                    let identifier = identifier.unwrap_or(challenge.first().copied().unwrap_or(0));
                    octets.extend_from_slice(&[AttributeType::CHAP_PASSWORD.0, 19, identifier]);
                    octets.extend_from_slice(&hide::chap_response(identifier, password, challenge));
                    if own.is_none()
                        && let Part::Octets(attribute) = plain_part(AttributeType::CHAP_CHALLENGE, challenge)?
                    {
                        octets.extend(attribute);
                    }
                }
                Part::MessageAuthenticator => {}
            }
            builder.raw(&octets);
        }
        // A response over the authenticator of a packet that has none would be over nothing.
        let length = builder.length();
        if length > options.max.max(HEADER_LENGTH) {
            return Err(BuildError::PacketTooLong {
                length,
                max: options.max,
            });
        }
        Ok(builder.finish())
    }
}

impl Hidden {
    /// Appends the whole attribute with its value in clear: tag, if there is one, and value (RFC 9765 §5.1).
    fn write_clear(&self, out: &mut Vec<u8>) -> Result<(), BuildError> {
        let number = self.envelope.number();
        let [hole] = self.value.holes.as_slice() else {
            return Err(BuildError::NestedInClear { number });
        };
        // A tag may stand before it; more than that are headers, whose Length would have to change.
        if hole.at > 1 || hole.at + hole.length != self.value.octets.len() {
            return Err(BuildError::NestedInClear { number });
        }
        let mut octets = self.value.octets.get(..hole.at).unwrap_or(&[]).to_vec();
        octets.extend_from_slice(hole.plain.expose());
        self.envelope
            .write(&octets, out)
            .map_err(|overflow| too_long(number, overflow))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{Packet, Secret, hex};

    #[test]
    fn a_password_goes_in_clear_and_nothing_is_sealed() {
        let mut draft = Draft::new();
        draft.push(AttributeType::USER_NAME, b"nemo").unwrap();
        draft.push_password(&Secret::new("arctangent")).unwrap();
        draft.push_part(Part::MessageAuthenticator);
        let octets = draft
            .build_clear(
                Code::ACCESS_REQUEST,
                Token(0x0102_0304),
                &[9; 16],
                &BuildOptions::default(),
            )
            .unwrap();
        assert_eq!(
            hex::encode(&octets),
            "010000260102030400000000000000000000000001066e656d6f020c61726374616e67656e74"
        );
    }

    #[test]
    fn chap_brings_its_challenge() {
        let mut draft = Draft::new();
        draft.push_chap(Some(5), Secret::new("hello"));
        let octets = draft
            .build_clear(Code::ACCESS_REQUEST, Token(1), &[9; 16], &BuildOptions::default())
            .unwrap();
        let packet = Packet::parse(&octets).unwrap();
        let challenge = packet.first(AttributeType::CHAP_CHALLENGE).unwrap();
        assert_eq!(challenge.value(), [9; 16]);
        let response = packet.first(AttributeType::CHAP_PASSWORD).unwrap();
        let expected = hide::chap_response(5, &Secret::new("hello"), &[9; 16]);
        assert_eq!(response.value()[1..], expected);
    }
}
