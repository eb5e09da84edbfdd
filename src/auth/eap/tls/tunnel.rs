//! One TLS connection over memory: flights in, flights out, keys exported (RFC 5216 §2.3, RFC 9190 §2.3, RFC 9427).

use std::io::{Read as _, Write as _};
use std::sync::Arc;

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{
    ClientConfig, ClientConnection, Connection, HandshakeKind, ProtocolVersion, ServerConfig,
    ServerConnection,
};
use zeroize::Zeroizing;

use super::{TlsFacts, TlsFault};
use crate::auth::Keys;
use crate::auth::eap::packet::EapType;

/// How much of a flight stands before the random in ClientHello and ServerHello: record header, handshake header,
/// version.
const BEFORE_RANDOM: usize = 5 + 4 + 2;

/// A TLS connection that is fed by hand.
pub(in crate::auth::eap) struct Tunnel {
    connection: Connection,
    /// The randoms of client and server hello, which TLS 1.2 builds a Session-Id of; read from the flights, since
    /// rustls does not tell them.
    randoms: [Option<[u8; 32]>; 2],
    plain: Zeroizing<Vec<u8>>,
}

impl Tunnel {
    /// A client; `user` keeps one user's sessions apart from another's.
    pub(super) fn client(config: Arc<ClientConfig>, name: ServerName<'static>) -> Result<Tunnel, TlsFault> {
        let connection = ClientConnection::new(config, name).map_err(TlsFault::of)?;
        Ok(Tunnel::new(connection.into()))
    }

    pub(super) fn server(config: Arc<ServerConfig>) -> Result<Tunnel, TlsFault> {
        let connection = ServerConnection::new(config).map_err(TlsFault::of)?;
        Ok(Tunnel::new(connection.into()))
    }

    fn new(connection: Connection) -> Tunnel {
        Tunnel {
            connection,
            randoms: [None; 2],
            plain: Zeroizing::new(Vec::new()),
        }
    }

    /// Takes a flight. After an error there may be an alert to send.
    pub(super) fn receive(&mut self, flight: &[u8]) -> Result<(), TlsFault> {
        self.note_random(flight, 1);
        let mut rest = flight;
        while !rest.is_empty() {
            let before = rest.len();
            self.connection
                .read_tls(&mut rest)
                .map_err(|_| TlsFault::Garbage)?;
            self.connection.process_new_packets().map_err(TlsFault::of)?;
            self.drain();
            if rest.len() == before {
                return Err(TlsFault::Garbage);
            }
        }
        Ok(())
    }

    fn drain(&mut self) {
        let mut chunk = Zeroizing::new([0; 4096]);
        while let Ok(count @ 1..) = self.connection.reader().read(chunk.as_mut_slice()) {
            self.plain.extend_from_slice(chunk.get(..count).unwrap_or(&[]));
        }
    }

    /// What came in clear since the last call.
    pub(super) fn read(&mut self) -> Zeroizing<Vec<u8>> {
        std::mem::take(&mut self.plain)
    }

    /// Encrypts; the octets go out with the next flight.
    pub(super) fn write(&mut self, plain: &[u8]) {
        // Writing into memory does not fail; the buffer's limit is above what any inner packet has.
        let _ = self.connection.writer().write_all(plain);
    }

    /// What is to be sent; may be nothing.
    pub(super) fn flight(&mut self) -> Vec<u8> {
        let mut octets = Vec::new();
        while self.connection.wants_write() {
            if self.connection.write_tls(&mut octets).is_err() {
                break;
            }
        }
        self.note_random(&octets, 0);
        octets
    }

    pub(super) fn is_handshaking(&self) -> bool {
        self.connection.is_handshaking()
    }

    pub(super) fn is_resumed(&self) -> bool {
        self.connection.handshake_kind() == Some(HandshakeKind::Resumed)
    }

    pub(super) fn is_tls13(&self) -> bool {
        self.connection.protocol_version() == Some(ProtocolVersion::TLSv1_3)
    }

    /// The first flight of either side begins with its hello, in clear: slot 0 is ours, slot 1 theirs.
    fn note_random(&mut self, flight: &[u8], slot: usize) {
        if let Some(random @ None) = self.randoms.get_mut(slot)
            && let (Some(22), Some(1 | 2)) = (flight.first(), flight.get(5))
        {
            *random = flight
                .get(BEFORE_RANDOM..)
                .and_then(|rest| rest.first_chunk())
                .copied();
        }
    }

    /// The Session-Id of TLS 1.2: type, client random, server random (RFC 5216 §2.3).
    fn session_id_12(&self, kind: EapType) -> Vec<u8> {
        let [ours, theirs] = self.randoms;
        let (client, server) = match &self.connection {
            Connection::Client(_) => (ours, theirs),
            Connection::Server(_) => (theirs, ours),
        };
        match (client, server) {
            (Some(client), Some(server)) => [&[kind.0][..], &client, &server].concat(),
            _ => Vec::new(),
        }
    }

    /// MSK, EMSK and Session-Id of a method: `label` is that of TLS 1.2, TLS 1.3 has one for all.
    pub(in crate::auth::eap) fn keys(&self, kind: EapType, label: &[u8]) -> Result<Keys, TlsFault> {
        let material: Zeroizing<[u8; 128]>;
        let session_id;
        if self.is_tls13() {
            let context = [kind.0];
            // The length goes into the derivation: 128 octets at once, never two halves.
            material = self.export(b"EXPORTER_EAP_TLS_Key_Material", Some(&context))?;
            let method_id: Zeroizing<[u8; 64]> =
                self.export(b"EXPORTER_EAP_TLS_Method-Id", Some(&context))?;
            session_id = [&context[..], method_id.as_slice()].concat();
        } else {
            material = self.export(label, None)?;
            session_id = self.session_id_12(kind);
        }
        Ok(Keys::from_material(&material, session_id))
    }

    /// The keys of PEAP's crypto-binding as hostapd (2.10, at least) derives them under TLS 1.3: as short as an MSK, and
    /// the length goes into the derivation. They come of the same secrets, and prove as much. None under TLS 1.2, where
    /// both are the same.
    pub(in crate::auth::eap) fn hostapd_keys(&self) -> Option<Keys> {
        if !self.is_tls13() {
            return None;
        }
        Some(Keys {
            msk: self
                .export(b"EXPORTER_EAP_TLS_Key_Material", Some(&[EapType::PEAP.0]))
                .ok()?,
            emsk: None,
            session_id: Vec::new(),
        })
    }

    /// Key material of any other label. A context that is empty is another than none.
    pub(in crate::auth::eap) fn export<const N: usize>(
        &self,
        label: &[u8],
        context: Option<&[u8]>,
    ) -> Result<Zeroizing<[u8; N]>, TlsFault> {
        self.connection
            .export_keying_material([0; N], label, context)
            .map(Zeroizing::new)
            .map_err(TlsFault::of)
    }

    /// What was negotiated; `checked` is whether the chain of the other side was.
    pub(super) fn facts(&self, checked: bool) -> TlsFacts {
        let suite = self.connection.negotiated_cipher_suite();
        let chain = self.connection.peer_certificates().unwrap_or(&[]);
        TlsFacts {
            version: self.connection.protocol_version(),
            cipher: suite.map(|suite| suite.suite()),
            group: self
                .connection
                .negotiated_key_exchange_group()
                .map(|group| group.name()),
            resumed: self.is_resumed(),
            chain: chain.iter().cloned().map(CertificateDer::into_owned).collect(),
            checked,
        }
    }
}
