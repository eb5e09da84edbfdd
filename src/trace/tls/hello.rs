//! The handshake messages that say how a connection is protected: both Hellos and EncryptedExtensions (RFC 5246 §7.4.1,
//! RFC 8446 §4.1, §4.3.1). Everything else in a handshake is passed over.

use super::keylog::ClientRandom;
use super::keys::Suite;
use crate::codec::{Reader, Short};

pub(super) const CLIENT_HELLO: u8 = 1;
pub(super) const SERVER_HELLO: u8 = 2;
pub(super) const ENCRYPTED_EXTENSIONS: u8 = 8;
pub(super) const FINISHED: u8 = 20;
pub(super) const KEY_UPDATE: u8 = 24;

const ALPN: u16 = 16;
const EARLY_DATA: u16 = 42;
const SUPPORTED_VERSIONS: u16 = 43;

/// The versions of TLS that are opened.
pub(super) const TLS_1_2: u16 = 0x0303;
pub(super) const TLS_1_3: u16 = 0x0304;

/// The random of a ServerHello that is a HelloRetryRequest (RFC 8446 §4.1.3): SHA-256 of that word.
const HELLO_RETRY_REQUEST: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2,
    0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

/// What a ServerHello decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ServerHello {
    pub(super) random: [u8; 32],
    pub(super) version: u16,
    pub(super) suite: Suite,
    /// The application protocol, where it stands here (TLS 1.2).
    pub(super) protocol: Option<Vec<u8>>,
}

/// What a ClientHello says that matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ClientHello {
    pub(super) random: ClientRandom,
    /// Whether application data follows before the server has answered (RFC 8446 §4.2.10).
    pub(super) early_data: bool,
}

/// What a ClientHello says.
pub(super) fn client_hello(body: &[u8]) -> Option<ClientHello> {
    let mut reader = Reader::new(body, 0);
    reader.take(2).ok()?;
    let random = *reader.take_array().ok()?;
    let mut early_data = false;
    let _ = beyond_the_lists(&mut reader)
        .and_then(|()| extensions(&mut reader, &mut |kind, _| early_data |= kind == EARLY_DATA));
    Some(ClientHello { random, early_data })
}

/// Steps over the session, the cipher suites and the compression methods.
fn beyond_the_lists(reader: &mut Reader<'_>) -> Result<(), Short> {
    let session = usize::from(reader.u8()?);
    reader.take(session)?;
    let suites = usize::from(reader.u16()?);
    reader.take(suites)?;
    let methods = usize::from(reader.u8()?);
    reader.take(methods).map(|_| ())
}

/// What a ServerHello says; nothing where it asks for another ClientHello.
pub(super) fn server_hello(body: &[u8]) -> Option<ServerHello> {
    let mut reader = Reader::new(body, 0);
    let mut version = reader.u16().ok()?;
    let random = *reader.take_array().ok()?;
    if random == HELLO_RETRY_REQUEST {
        return None;
    }
    let session = usize::from(reader.u8().ok()?);
    reader.take(session).ok()?;
    let suite = Suite(reader.u16().ok()?);
    reader.take(1).ok()?;
    let mut protocol = None;
    // Without extensions there is nothing after this in TLS 1.2.
    let _ = extensions(&mut reader, &mut |kind, value| match (kind, value) {
        (SUPPORTED_VERSIONS, [high, low]) => version = u16::from_be_bytes([*high, *low]),
        (ALPN, value) => protocol = first_protocol(value),
        _ => {}
    });
    Some(ServerHello {
        random,
        version,
        suite,
        protocol,
    })
}

/// The application protocol that EncryptedExtensions name.
pub(super) fn encrypted_extensions(body: &[u8]) -> Option<Vec<u8>> {
    let mut protocol = None;
    let _ = extensions(&mut Reader::new(body, 0), &mut |kind, value| {
        if kind == ALPN {
            protocol = first_protocol(value);
        }
    });
    protocol
}

fn extensions(reader: &mut Reader<'_>, take: &mut dyn FnMut(u16, &[u8])) -> Result<(), Short> {
    let length = usize::from(reader.u16()?);
    let mut list = reader.sub(length)?;
    while !list.is_empty() {
        let kind = list.u16()?;
        let length = usize::from(list.u16()?);
        take(kind, list.take(length)?);
    }
    Ok(())
}

/// The one name in a server's list of protocols (RFC 7301 §3.1).
fn first_protocol(value: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader::new(value, 0);
    reader.take(2).ok()?;
    let length = usize::from(reader.u8().ok()?);
    reader.take(length).ok().map(<[u8]>::to_vec)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_hello_of_tls_1_3_hides_its_version_in_an_extension() {
        let mut body = vec![3, 3];
        body.extend([7; 32]);
        body.extend([0, 0x13, 0x02, 0]);
        body.extend([0, 6, 0, 43, 0, 2, 3, 4]);
        let hello = server_hello(&body).unwrap();
        assert_eq!((hello.version, hello.suite), (TLS_1_3, Suite(0x1302)));
        body[2..34].copy_from_slice(&HELLO_RETRY_REQUEST);
        assert_eq!(server_hello(&body), None);
    }

    #[test]
    fn the_protocol_is_found_where_tls_1_2_says_it() {
        let mut body = vec![3, 3];
        body.extend([7; 32]);
        body.extend([2, 1, 1, 0xc0, 0x2f, 0]);
        body.extend([0, 17, 0, 16, 0, 13, 0, 11, 10]);
        body.extend(b"radius/1.1");
        let hello = server_hello(&body).unwrap();
        assert_eq!(hello.version, TLS_1_2);
        assert_eq!(hello.protocol.as_deref(), Some(&b"radius/1.1"[..]));
    }
}
