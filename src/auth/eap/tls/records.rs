//! What TLS records say of themselves: for those who want to show a handshake as it goes by. Nothing is decrypted, and
//! nothing is judged.
//!
//! ```text
//!   record:     Content-Type(1) Version(2) Length(2) fragment
//!   handshake:  Type(1) Length(3) body, in a record of type 22 that is not encrypted
//!   alert:      Level(1) Description(1), in a record of type 21 that is not encrypted
//! ```

use crate::codec::Reader;

/// The type of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContentType(pub u8);

impl ContentType {
    /// The RFC's name.
    pub fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            20 => "ChangeCipherSpec",
            21 => "Alert",
            22 => "Handshake",
            23 => "ApplicationData",
            _ => return None,
        })
    }
}

/// The type of a handshake message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HandshakeType(pub u8);

impl HandshakeType {
    /// The RFC's name.
    pub fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            0 => "HelloRequest",
            1 => "ClientHello",
            2 => "ServerHello",
            4 => "NewSessionTicket",
            8 => "EncryptedExtensions",
            11 => "Certificate",
            12 => "ServerKeyExchange",
            13 => "CertificateRequest",
            14 => "ServerHelloDone",
            15 => "CertificateVerify",
            16 => "ClientKeyExchange",
            20 => "Finished",
            22 => "CertificateStatus",
            _ => return None,
        })
    }
}

/// What a record holds that can be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Handshake messages in clear, each with its length in octets.
    Handshake(Vec<(HandshakeType, usize)>),
    /// An alert in clear.
    Alert {
        /// Whether it ends the connection.
        fatal: bool,
        /// What it says.
        description: rustls::AlertDescription,
    },
    /// Whatever else: encrypted, most often.
    Opaque,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its type.
    pub kind: ContentType,
    /// The version in its header, which says little (RFC 8446 §5.1).
    pub version: u16,
    /// How many octets it says it has.
    pub length: usize,
    /// How many of them are here; the rest is in the fragments that follow.
    pub available: usize,
    /// What can be seen of it.
    pub content: Content,
}

/// The records at the start of `octets`, which begin where a record begins: a whole flight, or the first fragment of
/// one. The last may be cut.
pub fn records(octets: &[u8]) -> Vec<Record> {
    let mut reader = Reader::new(octets, 0);
    let mut records = Vec::new();
    let mut encrypted = false;
    while let (Ok(kind), Ok(version), Ok(length)) = (reader.u8(), reader.u16(), reader.u16()) {
        let length = usize::from(length);
        let available = length.min(reader.left());
        let body = reader.take(available).unwrap_or(&[]);
        let kind = ContentType(kind);
        records.push(Record {
            kind,
            version,
            length,
            available,
            content: if encrypted {
                Content::Opaque
            } else {
                content(kind, body, length)
            },
        });
        // What follows a ChangeCipherSpec of TLS 1.2 is encrypted; that of TLS 1.3 has only ApplicationData after it.
        encrypted |= kind == ContentType(20);
    }
    records
}

fn content(kind: ContentType, body: &[u8], length: usize) -> Content {
    let mut reader = Reader::new(body, 0);
    match kind.0 {
        21 if length == 2 => match body {
            [level, description] => Content::Alert {
                fatal: *level == 2,
                description: (*description).into(),
            },
            _ => Content::Opaque,
        },
        22 => {
            let mut messages = Vec::new();
            while let (Ok(kind), Ok([a, b, c])) = (reader.u8(), reader.take_array::<3>()) {
                let says = u32::from_be_bytes([0, *a, *b, *c]) as usize;
                messages.push((HandshakeType(kind), says));
                let _ = reader.take(says.min(reader.left()));
            }
            Content::Handshake(messages)
        }
        _ => Content::Opaque,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_cut_flight_shows_what_is_there() {
        // ServerHello of 4 octets, then a Certificate that goes on in the next fragment.
        let octets = [
            22, 3, 3, 0, 8, 2, 0, 0, 4, 9, 9, 9, 9, 22, 3, 3, 1, 0, 11, 0, 0, 252, 7, 7,
        ];
        let found = records(&octets);
        assert_eq!(found[0].content, Content::Handshake(vec![(HandshakeType(2), 4)]));
        assert_eq!((found[1].length, found[1].available), (256, 6));
        assert_eq!(
            found[1].content,
            Content::Handshake(vec![(HandshakeType(11), 252)])
        );
    }

    #[test]
    fn an_alert_in_clear_says_what_it_is() {
        let found = records(&[21, 3, 3, 0, 2, 2, 70]);
        assert_eq!(
            found[0].content,
            Content::Alert {
                fatal: true,
                description: rustls::AlertDescription::ProtocolVersion
            }
        );
    }

    #[test]
    fn a_finished_of_tls_1_2_is_not_taken_for_a_message() {
        let found = records(&[20, 3, 3, 0, 1, 1, 22, 3, 3, 0, 4, 0xaa, 0xbb, 0xcc, 0xdd]);
        assert_eq!(found[1].content, Content::Opaque);
    }

    proptest! {
        #[test]
        fn any_octets_are_shown_without_a_panic(octets: Vec<u8>) {
            let _ = records(&octets);
        }
    }
}
