//! RADIUS/DTLS, the server's side: associations by the clients' addresses, without socket and clock.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use rtc_dtls::cipher_suite::CipherSuiteId;
use rtc_dtls::config::{ClientAuthType, ConfigBuilder, HandshakeConfig};
use rtc_dtls::crypto::Certificate as OwnCertificate;
use rtc_dtls::endpoint::{Endpoint, EndpointEvent};
use rtc_shared::TransportProtocol;
use rtc_shared::error::Error as LibraryError;
use tokio_rustls::rustls::pki_types::CertificateDer;

use super::cookie::{Door, Hello, Knock, Loaded, random_of};
use super::{DISTRUSTED, FLIGHT, Psk, broken, clear_alert, own};
use crate::exchange::Version;
use crate::net::tls::{
    Alert, Certificate, Clients, Failure, Handshake, Identity, Screen, SettingsError, TlsVersion, Trusted,
    unix_time,
};
use crate::net::{Call, Cause, SocketError};

/// Takes clients over DTLS.
pub struct Acceptor {
    identity: OwnCertificate,
    screen: Option<Arc<Screen>>,
    psks: Arc<[Psk]>,
    door: Door,
    /// What an unknown identity is told to have, so that it looks like a wrong key (RFC 9813 §6).
    decoy: [u8; 32],
}

impl std::fmt::Debug for Acceptor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Acceptor").finish_non_exhaustive()
    }
}

/// What a datagram of somebody who has no association comes to.
pub enum Entry {
    /// This is sent back, and nothing remembered.
    Reply(Vec<u8>),
    /// An association begins.
    Begun(Box<Association>),
    /// Nothing.
    Ignored,
}

/// What an association has to tell.
#[derive(Debug)]
pub enum Happening {
    /// The handshake is done.
    Shaken(Arc<Handshake>),
    /// One packet.
    Packet(BytesMut),
    /// The client said goodbye.
    Closed,
}

/// One client's association.
pub struct Association {
    endpoint: Endpoint,
    peer: SocketAddr,
    random: [u8; 32],
    began: Instant,
    handshake: Option<Arc<Handshake>>,
    screen: Option<Arc<Screen>>,
    refused: Option<Alert>,
    outbox: VecDeque<BytesMut>,
}

impl Acceptor {
    /// A server that shows `identity`; `key` is random, and so is the half of it that makes cookies.
    pub fn new(
        identity: &Identity,
        clients: Clients,
        psks: Vec<Psk>,
        key: [u8; 64],
    ) -> Result<Acceptor, SettingsError> {
        let (cookies, decoy) = key.split_at(32);
        let half = |octets: &[u8]| octets.try_into().unwrap_or([0; 32]);
        Ok(Acceptor {
            identity: own(identity)?,
            screen: Screen::new(clients)?.map(Arc::new),
            psks: psks.into(),
            door: Door::new(half(cookies)),
            decoy: half(decoy),
        })
    }

    /// Takes a datagram of somebody who has no association, or who may want another one.
    pub fn enter(&self, now: Instant, local: SocketAddr, peer: SocketAddr, datagram: &[u8]) -> Entry {
        match self.door.knock(peer, datagram) {
            Knock::Nothing => Entry::Ignored,
            Knock::Verify(octets) => Entry::Reply(octets),
            Knock::Enter(hello) => match self.begin(now, local, peer, hello, datagram) {
                Ok(association) => Entry::Begun(Box::new(association)),
                Err(_) => Entry::Ignored,
            },
        }
    }

    fn begin(
        &self,
        now: Instant,
        local: SocketAddr,
        peer: SocketAddr,
        hello: Hello,
        datagram: &[u8],
    ) -> Result<Association, LibraryError> {
        let config = self.config(hello.cookie)?;
        let mut endpoint = Endpoint::new(local, TransportProtocol::UDP, Some(config));
        // What it says to the first has been said already.
        endpoint.read(now, peer, None, BytesMut::from(hello.first.as_slice()))?;
        while endpoint.poll_transmit().is_some() {}
        let mut association = Association {
            endpoint,
            peer,
            random: hello.random,
            began: now,
            handshake: None,
            screen: self.screen.clone(),
            refused: None,
            outbox: VecDeque::new(),
        };
        // A handshake cannot be over here, and a failure has queued its alert.
        let _ = association
            .endpoint
            .read(now, peer, None, BytesMut::from(datagram));
        association.collect();
        Ok(association)
    }

    fn config(&self, cookie: [u8; 20]) -> Result<Arc<HandshakeConfig>, LibraryError> {
        let provider =
            rtc_crypto::default_provider().map_err(|error| LibraryError::Crypto(error.to_string()))?;
        let mut builder = ConfigBuilder::default()
            .with_crypto_provider(Arc::new(Loaded::new(provider, cookie)))
            .with_flight_interval(FLIGHT)
            .with_certificates(vec![self.identity.clone()])
            .with_insecure_skip_verify(true);
        if !self.psks.is_empty() {
            let (psks, decoy) = (Arc::clone(&self.psks), self.decoy);
            builder = builder
                .with_psk(Some(Arc::new(move |identity: &[u8]| {
                    let known = psks.iter().find(|psk| psk.identity.as_bytes() == identity);
                    Ok(known.map_or_else(|| decoy.to_vec(), |psk| psk.key.expose().to_vec()))
                })))
                .with_cipher_suites(vec![
                    CipherSuiteId::Tls_Ecdhe_Ecdsa_With_Aes_128_Gcm_Sha256,
                    CipherSuiteId::Tls_Ecdhe_Rsa_With_Aes_128_Gcm_Sha256,
                    CipherSuiteId::Tls_Psk_With_Aes_128_Gcm_Sha256,
                    CipherSuiteId::Tls_Psk_With_Aes_128_Ccm,
                    CipherSuiteId::Tls_Psk_With_Aes_128_Ccm_8,
                ]);
        }
        if let Some(screen) = &self.screen {
            let screen = Arc::clone(screen);
            builder = builder
                .with_client_auth(ClientAuthType::RequireAnyClientCert)
                .with_verify_peer_certificate(Some(Arc::new(move |chain: &[Vec<u8>], _: &[_]| {
                    let chain: Vec<CertificateDer<'_>> =
                        chain.iter().map(|der| der.as_slice().into()).collect();
                    let judged = match chain.split_first() {
                        Some((own, others)) => screen.judge(own, others, unix_time()).is_ok(),
                        None => false,
                    };
                    judged
                        .then_some(())
                        .ok_or_else(|| LibraryError::Other(DISTRUSTED.to_owned()))
                })));
        }
        builder.build(false, None).map(Arc::new)
    }
}

impl Association {
    /// When it began.
    pub fn began(&self) -> Instant {
        self.began
    }

    /// What the handshake came to, once it is done.
    pub fn handshake(&self) -> Option<&Arc<Handshake>> {
        self.handshake.as_ref()
    }

    /// Whether a datagram begins another association: a ClientHello that did not begin this one (RFC 6347 §4.2.8).
    pub fn is_other(&self, datagram: &[u8]) -> bool {
        random_of(datagram).is_some_and(|random| random != self.random)
    }

    /// Takes a datagram.
    ///
    /// # Errors
    ///
    /// The handshake failed, or the client ended with an alert. What is to be sent is still to be sent.
    pub fn receive(&mut self, now: Instant, datagram: &[u8]) -> Result<Vec<Happening>, SocketError> {
        if self.handshake.is_none()
            && let Some(alert) = clear_alert(datagram)
        {
            self.refused = Some(alert);
        }
        let read = self.endpoint.read(now, self.peer, None, BytesMut::from(datagram));
        self.collect();
        let events = match read {
            Ok(events) => events,
            Err(error) if self.handshake.is_none() => return Err(self.failed(&error)),
            Err(LibraryError::ErrAlertFatalOrClose) => {
                return Err(SocketError::found(Call::Receive, self.peer, Cause::Closed));
            }
            // A record that is none is dropped, as forged ones must be (RFC 6347 §4.1.2.7).
            Err(_) => return Ok(Vec::new()),
        };
        let mut happenings = Vec::new();
        for event in events {
            match event {
                EndpointEvent::HandshakeComplete => {
                    let handshake = Arc::new(self.facts(now));
                    self.handshake = Some(Arc::clone(&handshake));
                    happenings.push(Happening::Shaken(handshake));
                }
                EndpointEvent::ApplicationData(packet) => happenings.push(Happening::Packet(packet)),
                EndpointEvent::PeerClosed => happenings.push(Happening::Closed),
                _ => {}
            }
        }
        Ok(happenings)
    }

    /// Sends one packet in a record of its own.
    pub fn send(&mut self, now: Instant, octets: &[u8]) {
        // It fails where the association has just ended: then nobody waits for it.
        let _ = self.endpoint.write(now, self.peer, octets);
        self.collect();
    }

    /// When a part of the handshake is to be sent again.
    pub fn due(&self) -> Option<Instant> {
        self.endpoint.poll_timeout(&self.peer)
    }

    /// Sends again what is due.
    pub fn poll(&mut self, now: Instant) -> Result<(), SocketError> {
        let polled = self.endpoint.handle_timeout(self.peer, now);
        self.collect();
        polled.map_err(|error| self.failed(&error))
    }

    /// Says goodbye (close_notify).
    pub fn close(&mut self, now: Instant) {
        self.endpoint.stop(now, self.peer);
        self.collect();
    }

    /// The next datagram to be sent.
    pub fn transmit(&mut self) -> Option<BytesMut> {
        self.outbox.pop_front()
    }

    fn collect(&mut self) {
        while let Some(datagram) = self.endpoint.poll_transmit() {
            self.outbox.push_back(datagram.message);
        }
    }

    fn failed(&self, error: &LibraryError) -> SocketError {
        let failure = match (self.refused, error) {
            (Some(alert), _) => Failure::Refused(alert),
            (None, LibraryError::ErrClientCertificateRequired) => Failure::NoCertificate,
            (
                None,
                LibraryError::ErrCipherSuiteNoIntersection
                | LibraryError::ErrNoSupportedEllipticCurves
                | LibraryError::ErrServerRequiredButNoClientEms,
            ) => Failure::NoCipher,
            (None, LibraryError::ErrUnsupportedProtocolVersion) => Failure::NoVersion,
            _ => {
                let error = broken(self.peer, error);
                return match &self.screen {
                    Some(screen) => screen.explained(error),
                    None => error,
                };
            }
        };
        SocketError::found(Call::Handshake, self.peer, failure.into())
    }

    fn facts(&self, now: Instant) -> Handshake {
        let state = self.endpoint.get_connection_state(self.peer);
        let unix = i64::try_from(unix_time().as_secs()).unwrap_or(i64::MAX);
        let chain = state
            .map(|state| state.peer_certificates.as_slice())
            .unwrap_or_default();
        let psk = state
            .filter(|state| state.is_cipher_suite_psk())
            .map(|state| String::from_utf8_lossy(&state.identity_hint).into_owned());
        let trusted = match (&psk, &self.screen) {
            (Some(_), _) => Trusted::Psk,
            (None, Some(_)) => Trusted::Authority,
            (None, None) => Trusted::Unchecked,
        };
        Handshake {
            version: TlsVersion::Dtls1_2,
            cipher: state
                .and_then(|state| state.cipher_suite())
                .map(|suite| suite.id().to_string())
                .unwrap_or_default(),
            group: None,
            alpn: None,
            radius: Version::V1_0,
            name: String::new(),
            chain: chain
                .iter()
                .filter_map(|der| Certificate::read(der, unix))
                .collect(),
            trusted,
            psk,
            identified: true,
            resumed: false,
            connect: Duration::ZERO,
            handshake: now.saturating_duration_since(self.began),
        }
    }
}
