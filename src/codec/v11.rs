//! RADIUS/1.1 (RFC 9765 §4): the header has a Token where Identifier and Authenticator were, and nothing is sealed or
//! hidden, since TLS does both.
//!
//! ```text
//!    0       1       2       3
//!   | Code  | 0     | Length        |
//!   | Token                         |
//!   | 12 octets of zeros            |
//! ```
//!
//! Code and Length stand where they always did, so that a [`Packet`] views both versions.

use super::{AttributeType, Authenticator, Builder, Code, Packet};

/// By what a reply finds its request; only the sender knows more of it (RFC 9765 §4.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Token(pub u32);

impl Token {
    /// The Token of a packet.
    pub fn of(packet: &Packet<'_>) -> Token {
        let field = packet.authenticator();
        Token(u32::from_be_bytes([field[0], field[1], field[2], field[3]]))
    }

    /// The 16 octets that stand in the Authenticator's place: the Token, and Reserved-2.
    pub fn field(self) -> Authenticator {
        let mut field = [0; 16];
        field[..4].copy_from_slice(&self.0.to_be_bytes());
        field
    }

    /// The next one.
    pub fn next(self) -> Token {
        Token(self.0.wrapping_add(1))
    }
}

/// Eight hexadecimal digits.
impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

/// A packet without attributes.
pub fn builder(code: Code, token: Token) -> Builder {
    Builder::new(code, 0, &token.field())
}

/// Whether an attribute has no meaning in RADIUS/1.1, so that it is not sent, and ignored when it comes (RFC 9765
/// §5.2, §5.3): Message-Authenticator.
pub fn is_void(number: AttributeType) -> bool {
    number == AttributeType::MESSAGE_AUTHENTICATOR
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::hex;

    #[test]
    fn a_packet_carries_its_token_and_no_identifier() {
        let mut builder = builder(Code::ACCESS_REQUEST, Token(0x0102_0304));
        builder.attribute(AttributeType::USER_NAME, b"nemo").unwrap();
        builder
            .attribute(AttributeType::USER_PASSWORD, b"arctangent")
            .unwrap();
        let octets = builder.finish();
        assert_eq!(
            hex::encode(&octets),
            "010000260102030400000000000000000000000001066e656d6f020c61726374616e67656e74"
        );
        let packet = Packet::parse(&octets).unwrap();
        assert_eq!(Token::of(&packet), Token(0x0102_0304));
        assert!(packet.is_well_formed());
    }

    #[test]
    fn tokens_go_round() {
        assert_eq!(Token(u32::MAX).next(), Token(0));
    }
}
