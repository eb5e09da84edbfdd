//! RADIUS/DTLS (RFC 7360), the client's side here and the server's below: each packet is a record of its own, in a datagram of its own.
//!
//! The library keeps the state and sees no socket: datagrams go in and out of it here. It speaks DTLS 1.2 and no
//! ALPN, so that RADIUS/1.1 cannot be agreed on over it.

mod accept;
mod cookie;

pub use accept::{Acceptor, Association, Entry, Happening};

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::BytesMut;
use rtc_dtls::cipher_suite::CipherSuiteId;
use rtc_dtls::config::{ConfigBuilder, HandshakeConfig};
use rtc_dtls::crypto::Certificate as OwnCertificate;
use rtc_dtls::endpoint::{Endpoint, EndpointEvent};
use rtc_shared::TransportProtocol;
use rtc_shared::error::Error as LibraryError;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::tls::{
    Alert, Certificate, Client, Failure, Handshake, Identity, SettingsError, TlsVersion, Trusted, unix_time,
};
use super::{Bind, Call, Cause, LONGEST, SocketError, UdpLink, UdpOptions, clock};
use crate::exchange::Version;

/// How long the first flight of the handshake is waited for before it is sent again (RFC 6347 §4.2.4.1).
const FLIGHT: Duration = Duration::from_secs(1);

/// A pre-shared key (RFC 9813).
#[derive(Clone, Debug)]
pub struct Psk {
    /// By what the server knows the key.
    pub identity: String,
    /// The key.
    pub key: crate::codec::Secret,
}

/// An association over DTLS.
pub struct DtlsLink {
    udp: UdpLink,
    endpoint: Endpoint,
    handshake: Arc<Handshake>,
    /// Datagrams that the socket has not yet taken.
    outbox: VecDeque<BytesMut>,
    inbox: VecDeque<BytesMut>,
    buffer: Box<[u8]>,
    /// Why nothing more will come.
    ended: Option<SocketError>,
}

impl fmt::Debug for DtlsLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DtlsLink")
            .field("udp", &self.udp)
            .field("handshake", &self.handshake)
            .finish_non_exhaustive()
    }
}

impl DtlsLink {
    /// Shakes hands with one address; it has `patience` for it.
    pub async fn connect(
        client: &Client,
        peer: SocketAddr,
        bind: Bind,
        patience: Duration,
    ) -> Result<DtlsLink, SocketError> {
        let options = UdpOptions {
            bind,
            ..UdpOptions::default()
        };
        let config = config(client).map_err(|error| broken(peer, &error))?;
        let udp = UdpLink::open(peer, &options)?;
        let began = clock::now();
        let mut shaking = Shaking {
            endpoint: Endpoint::new(udp.local(), TransportProtocol::UDP, None),
            udp,
            peer,
            buffer: vec![0; LONGEST].into_boxed_slice(),
            refused: None,
        };
        let shaken = tokio::time::timeout(patience, shaking.run(config)).await;
        let inbox = match shaken {
            Ok(Ok(inbox)) => inbox,
            Ok(Err(error)) => return Err(explained(error, client)),
            Err(_) => return Err(SocketError::found(Call::Handshake, peer, Cause::TimedOut)),
        };
        let handshake = facts(&shaking.endpoint, client, peer, began.elapsed());
        Ok(DtlsLink {
            udp: shaking.udp,
            endpoint: shaking.endpoint,
            handshake: Arc::new(handshake),
            outbox: VecDeque::new(),
            inbox,
            buffer: shaking.buffer,
            ended: None,
        })
    }

    /// What the handshake came to.
    pub fn handshake(&self) -> &Arc<Handshake> {
        &self.handshake
    }

    /// Our address.
    pub fn local(&self) -> SocketAddr {
        self.udp.local()
    }

    /// The peer's address.
    pub fn peer(&self) -> SocketAddr {
        self.udp.peer()
    }

    /// Sends one packet in a record of its own; each call makes a new record, also for the same packet (RFC 7360
    /// §4.1).
    pub fn poll_send(&mut self, cx: &mut Context<'_>, octets: &[u8]) -> Poll<Result<(), SocketError>> {
        ready!(self.poll_flush(cx))?;
        let peer = self.peer();
        if let Some(ended) = &self.ended {
            return Poll::Ready(Err(ended.clone()));
        }
        let written = self.endpoint.write(clock::now(), peer, octets);
        if let Err(error) = written {
            return Poll::Ready(Err(broken(peer, &error)));
        }
        self.collect();
        // What the socket does not take now goes with the next call; the record is made.
        match self.poll_flush(cx) {
            Poll::Ready(flushed) => Poll::Ready(flushed),
            Poll::Pending => Poll::Ready(Ok(())),
        }
    }

    /// Receives one packet into `buffer` and says how long it is.
    pub fn poll_receive(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<Result<usize, SocketError>> {
        if let Poll::Ready(Err(error)) = self.poll_flush(cx) {
            return Poll::Ready(Err(error));
        }
        let peer = self.peer();
        loop {
            if let Some(record) = self.inbox.pop_front() {
                let copied = buffer
                    .get_mut(..record.len())
                    .map(|place| place.copy_from_slice(&record));
                return Poll::Ready(match copied {
                    Some(()) => Ok(record.len()),
                    None => Err(SocketError::found(Call::Receive, peer, Cause::MessageTooLong)),
                });
            }
            if let Some(ended) = &self.ended {
                return Poll::Ready(Err(ended.clone()));
            }
            let length = ready!(self.udp.poll_receive(cx, &mut self.buffer))?;
            let datagram = BytesMut::from(self.buffer.get(..length).unwrap_or(&[]));
            match self.endpoint.read(clock::now(), peer, None, datagram) {
                Ok(events) => self.take(events),
                // A record that is none is dropped, as forged ones must be (RFC 6347 §4.1.2.7); a fatal alert ends.
                Err(LibraryError::ErrAlertFatalOrClose) => {
                    self.ended = Some(SocketError::found(Call::Receive, peer, Cause::Closed));
                }
                Err(_) => {}
            }
            self.collect();
            let _ = self.poll_flush(cx);
        }
    }

    fn take(&mut self, events: Vec<EndpointEvent>) {
        for event in events {
            match event {
                EndpointEvent::ApplicationData(record) => self.inbox.push_back(record),
                EndpointEvent::PeerClosed => {
                    self.ended = Some(SocketError::found(Call::Receive, self.peer(), Cause::Closed));
                }
                _ => {}
            }
        }
    }

    fn collect(&mut self) {
        while let Some(datagram) = self.endpoint.poll_transmit() {
            self.outbox.push_back(datagram.message);
        }
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), SocketError>> {
        while let Some(datagram) = self.outbox.front() {
            let sent = ready!(self.udp.poll_send(cx, datagram));
            self.outbox.pop_front();
            sent?;
        }
        Poll::Ready(Ok(()))
    }

    /// Tells the peer that nothing more will be sent (close_notify).
    pub async fn finish(&mut self) -> Result<(), SocketError> {
        let peer = self.peer();
        self.endpoint.stop(clock::now(), peer);
        self.collect();
        poll_fn(|cx| self.poll_flush(cx)).await
    }
}

/// A handshake that goes on.
struct Shaking {
    endpoint: Endpoint,
    udp: UdpLink,
    peer: SocketAddr,
    buffer: Box<[u8]>,
    /// The alert that the peer sent in clear, as it does before keys are agreed on.
    refused: Option<Alert>,
}

impl Shaking {
    /// Until it is done; what came already, in the same datagrams.
    async fn run(&mut self, config: Arc<HandshakeConfig>) -> Result<VecDeque<BytesMut>, SocketError> {
        let peer = self.peer;
        let connected = self.endpoint.connect(clock::now(), peer, config, None);
        connected.map_err(|error| broken(peer, &error))?;
        let mut inbox = VecDeque::new();
        loop {
            self.send().await?;
            let wake = self.endpoint.poll_timeout(&peer);
            let length = tokio::select! {
                received = poll_fn(|cx| self.udp.poll_receive(cx, &mut self.buffer)) => Some(received?),
                () = sleep_until(wake) => None,
            };
            let Some(length) = length else {
                let handled = self.endpoint.handle_timeout(peer, clock::now());
                handled.map_err(|error| self.failed(&error))?;
                continue;
            };
            let datagram = self.buffer.get(..length).unwrap_or(&[]);
            if let Some(alert) = clear_alert(datagram) {
                self.refused = Some(alert);
            }
            let events = self
                .endpoint
                .read(clock::now(), peer, None, BytesMut::from(datagram));
            let events = match events {
                Ok(events) => events,
                Err(error) => {
                    // The alert that says why goes out before the end.
                    self.send().await?;
                    return Err(self.failed(&error));
                }
            };
            let mut done = false;
            for event in events {
                match event {
                    EndpointEvent::HandshakeComplete => done = true,
                    EndpointEvent::ApplicationData(record) => inbox.push_back(record),
                    EndpointEvent::PeerClosed => {
                        return Err(SocketError::found(Call::Handshake, peer, Cause::Closed));
                    }
                    _ => {}
                }
            }
            if done {
                self.send().await?;
                return Ok(inbox);
            }
        }
    }

    async fn send(&mut self) -> Result<(), SocketError> {
        while let Some(datagram) = self.endpoint.poll_transmit() {
            poll_fn(|cx| self.udp.poll_send(cx, &datagram.message)).await?;
        }
        Ok(())
    }

    fn failed(&self, error: &LibraryError) -> SocketError {
        match self.refused {
            Some(alert) => SocketError::found(Call::Handshake, self.peer, Failure::Refused(alert).into()),
            None => broken(self.peer, error),
        }
    }
}

/// The word by which our own verifier stops the library; what it found, it keeps.
const DISTRUSTED: &str = "distrusted";

fn broken(peer: SocketAddr, error: &LibraryError) -> SocketError {
    let failure = match error {
        LibraryError::Other(word) if word == DISTRUSTED => Failure::Untrusted {
            why: super::tls::Distrust::Malformed,
            chain: Vec::new(),
        },
        other => Failure::Other(other.to_string()),
    };
    SocketError::found(Call::Handshake, peer, failure.into())
}

fn explained(error: SocketError, client: &Client) -> SocketError {
    match error.cause {
        Cause::Tls(failure) => SocketError {
            cause: client.verifier().explain(*failure).into(),
            ..error
        },
        _ => error,
    }
}

/// The alert in a datagram of epoch 0: content type 21, version, epoch, sequence number, length, level, description
/// (RFC 6347 §4.1).
fn clear_alert(datagram: &[u8]) -> Option<Alert> {
    match datagram {
        [21, _, _, 0, 0, _, _, _, _, _, _, 0, 2, 2, description, ..] => Some(Alert(*description)),
        _ => None,
    }
}

/// Whether the library can use what the settings have; found before anything is sent.
pub(super) fn check(client: &Client) -> Result<(), SettingsError> {
    match &client.settings().identity {
        Some(identity) => own(identity).map(|_| ()),
        None => Ok(()),
    }
}

fn config(client: &Client) -> Result<Arc<HandshakeConfig>, LibraryError> {
    let settings = client.settings();
    let provider = rtc_crypto::default_provider().map_err(|error| LibraryError::Crypto(error.to_string()))?;
    let mut builder = ConfigBuilder::default()
        .with_crypto_provider(provider)
        .with_flight_interval(FLIGHT)
        .with_server_name(settings.name.clone())
        // Ours is asked instead: it knows fingerprints and realms, and says why it refuses.
        .with_insecure_skip_verify(true);
    if let Some(psk) = &settings.psk {
        let key = psk.key.clone();
        builder = builder
            .with_psk(Some(Arc::new(move |_| Ok(key.expose().to_vec()))))
            .with_psk_identity_hint(Some(psk.identity.clone().into_bytes()))
            .with_cipher_suites(vec![
                CipherSuiteId::Tls_Psk_With_Aes_128_Gcm_Sha256,
                CipherSuiteId::Tls_Psk_With_Aes_128_Ccm,
                CipherSuiteId::Tls_Psk_With_Aes_128_Ccm_8,
            ]);
        return builder.build(true, None).map(Arc::new);
    }
    if let Some(identity) = &settings.identity {
        let own = own(identity).map_err(|_| LibraryError::Crypto("the key cannot be used".to_owned()))?;
        builder = builder.with_certificates(vec![own]);
    }
    let (verifier, name) = (Arc::clone(client.verifier()), client.name().clone());
    builder = builder.with_verify_peer_certificate(Some(Arc::new(move |chain: &[Vec<u8>], _: &[_]| {
        let chain: Vec<CertificateDer<'_>> = chain.iter().map(|der| der.as_slice().into()).collect();
        let judged = match chain.split_first() {
            Some((own, others)) => verifier.judge(own, others, &name, unix_time()).is_ok(),
            None => false,
        };
        judged
            .then_some(())
            .ok_or_else(|| LibraryError::Other(DISTRUSTED.to_owned()))
    })));
    builder.build(true, None).map(Arc::new)
}

/// Our certificate as the library wants it.
fn own(identity: &Identity) -> Result<OwnCertificate, SettingsError> {
    use rtc_crypto::SignatureScheme;
    let provider = rtc_crypto::default_provider().map_err(|error| SettingsError::Other(error.to_string()))?;
    let pkcs8 = pkcs8(&identity.key).ok_or(SettingsError::Key)?;
    let schemes = [
        SignatureScheme::RsaPkcs1Sha256,
        SignatureScheme::EcdsaP256Sha256,
        SignatureScheme::Ed25519,
    ];
    let key = schemes
        .into_iter()
        .find_map(|scheme| provider.crypto().import_signing_key(scheme, &pkcs8).ok())
        .ok_or(SettingsError::Key)?;
    Ok(OwnCertificate::from_signing_key(identity.chain.clone(), key))
}

/// The key as PKCS#8 (RFC 5208 §5): version 0, algorithm, and the key of the older form as octets. Of SEC1 keys, only
/// those on P-256 can be used, whichever curve it says.
fn pkcs8(key: &PrivateKeyDer<'_>) -> Option<Vec<u8>> {
    /// rsaEncryption, with the NULL that belongs to it.
    const RSA: &[u8] = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
    /// id-ecPublicKey on prime256v1.
    const P256: &[u8] =
        b"\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07";
    let (algorithm, inner) = match key {
        PrivateKeyDer::Pkcs8(key) => return Some(key.secret_pkcs8_der().to_vec()),
        PrivateKeyDer::Pkcs1(key) => (RSA, key.secret_pkcs1_der()),
        PrivateKeyDer::Sec1(key) => (P256, key.secret_sec1_der()),
        _ => return None,
    };
    let mut body = vec![0x02, 0x01, 0x00];
    body.extend_from_slice(algorithm);
    body.extend(der(0x04, inner)?);
    der(0x30, &body)
}

/// Tag, length and content; keys have fewer than 65,536 octets.
fn der(tag: u8, content: &[u8]) -> Option<Vec<u8>> {
    let [high, low] = u16::try_from(content.len()).ok()?.to_be_bytes();
    let mut out = vec![tag, 0x82, high, low];
    if high == 0 && low < 0x80 {
        out = vec![tag, low];
    } else if high == 0 {
        out = vec![tag, 0x81, low];
    }
    out.extend_from_slice(content);
    Some(out)
}

fn facts(endpoint: &Endpoint, client: &Client, peer: SocketAddr, took: Duration) -> Handshake {
    let settings = client.settings();
    let state = endpoint.get_connection_state(peer);
    let now = i64::try_from(unix_time().as_secs()).unwrap_or(i64::MAX);
    let chain = state
        .map(|state| state.peer_certificates.as_slice())
        .unwrap_or_default();
    let psk = settings.psk.as_ref().map(|psk| psk.identity.clone());
    Handshake {
        version: TlsVersion::Dtls1_2,
        cipher: state
            .and_then(|state| state.cipher_suite())
            .map(|suite| suite.id().to_string())
            .unwrap_or_default(),
        group: None,
        alpn: None,
        radius: Version::V1_0,
        name: settings.name.clone(),
        chain: chain
            .iter()
            .filter_map(|der| Certificate::read(der, now))
            .collect(),
        trusted: if psk.is_some() {
            Trusted::Psk
        } else {
            client.verifier().reason()
        },
        psk,
        identified: settings.identity.is_some(),
        resumed: false,
        connect: Duration::ZERO,
        handshake: took,
    }
}

async fn sleep_until(wake: Option<Instant>) {
    match wake {
        Some(wake) => tokio::time::sleep_until(wake.into()).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clear_alert_is_read() {
        let alert = b"\x15\xfe\xfd\x00\x00\x00\x00\x00\x00\x00\x03\x00\x02\x02\x28";
        assert_eq!(clear_alert(alert), Some(Alert(40)));
        let encrypted = b"\x15\xfe\xfd\x00\x01\x00\x00\x00\x00\x00\x03\x00\x02\x02\x28";
        assert_eq!(clear_alert(encrypted), None);
    }

    #[test]
    fn lengths_take_the_octets_they_need() {
        assert_eq!(der(4, &[7; 3]).unwrap(), [4, 3, 7, 7, 7]);
        assert_eq!(der(4, &[7; 200]).unwrap()[..3], [4, 0x81, 200]);
        assert_eq!(der(4, &[7; 300]).unwrap()[..4], [4, 0x82, 1, 44]);
    }
}
