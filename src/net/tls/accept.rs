//! The server's side of RADIUS/TLS.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_rustls::rustls::pki_types::{CertificateDer, CertificateRevocationListDer, UnixTime};
use tokio_rustls::rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use tokio_rustls::rustls::server::{ClientHello, VerifierBuilderError, WebPkiClientVerifier};
use tokio_rustls::rustls::{
    CertificateError, CipherSuite, DigitallySignedStruct, DistinguishedName, Error, HandshakeKind,
    ServerConfig, SignatureScheme, client,
};
use tokio_rustls::{LazyConfigAcceptor, TlsStream};

use super::client::{Facts, failed, own_key};
use super::trust::{now, roots};
use super::{
    Certificate, Distrust, Failure, Handshake, Identity, RadiusVersions, SettingsError, TlsLink, TlsVersion,
    TlsVersions, Trusted, key_log, provider,
};
use crate::codec::v11::{self, Token};
use crate::codec::{AttributeType, Code};
use crate::net::{Call, Cause, SocketError, clock};

/// How a server takes clients over TLS.
#[derive(Clone, Debug)]
pub struct ServerSettings {
    /// What it shows.
    pub identity: Identity,
    /// Which clients it takes.
    pub clients: Clients,
    /// Versions of TLS.
    pub tls: TlsVersions,
    /// Versions of RADIUS.
    pub radius: RadiusVersions,
}

/// Which clients a server takes.
#[derive(Clone, Debug)]
pub enum Clients {
    /// Those with a certificate of these CAs that is not on one of the lists.
    Of {
        /// The CAs.
        authorities: Vec<CertificateDer<'static>>,
        /// What is revoked.
        revocations: Vec<CertificateRevocationListDer<'static>>,
        /// Which certificates of these CAs; all without.
        admission: Option<Admission>,
    },
    /// All, with or without a certificate: for tests only.
    Anyone,
}

/// Whether the holder of a certificate is a client at all.
#[derive(Clone)]
pub struct Admission(pub Arc<dyn Fn(&Certificate) -> bool + Send + Sync>);

impl fmt::Debug for Admission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Admission")
    }
}

/// Takes clients over TLS.
#[derive(Clone, Debug)]
pub struct Acceptor {
    config: Arc<ServerConfig>,
    /// For clients that offer nothing newer than TLS 1.2, with which RADIUS/1.1 must not be agreed on (RFC 9765 §3.1).
    older: Arc<ServerConfig>,
    radius: RadiusVersions,
    screen: Option<Arc<Screen>>,
}

impl Acceptor {
    /// With these settings.
    pub fn new(settings: ServerSettings) -> Result<Acceptor, SettingsError> {
        let builder = ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(&settings.tls.supported())
            .map_err(|error| SettingsError::Other(error.to_string()))?;
        let screen = Screen::new(settings.clients)?.map(Arc::new);
        let builder = match &screen {
            None => builder.with_no_client_auth(),
            Some(screen) => builder.with_client_cert_verifier(Arc::clone(screen) as _),
        };
        let mut config = builder
            .with_single_cert(settings.identity.chain, settings.identity.key)
            .map_err(|error| own_key(&error))?;
        config.alpn_protocols = settings.radius.protocols(settings.tls);
        config.key_log = key_log();
        let mut older = config.clone();
        let oldest = TlsVersions {
            max: TlsVersion::V1_2,
            ..settings.tls
        };
        older.alpn_protocols = settings.radius.protocols(oldest);
        Ok(Acceptor {
            config: Arc::new(config),
            older: Arc::new(older),
            radius: settings.radius,
            screen,
        })
    }

    /// Shakes hands with a client that has connected, and gives a link of packets; see [`Acceptor::shake`].
    pub async fn accept(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        patience: Duration,
    ) -> Result<TlsLink, SocketError> {
        let local = stream
            .local_addr()
            .map_err(|error| SocketError::new(Call::Accept, peer, &error))?;
        let (stream, handshake) = self.shake(stream, peer, patience).await?;
        Ok(TlsLink::new(stream, local, peer, handshake))
    }

    /// Shakes hands with a client that has connected; it has `patience` for it. The stream of octets, and what was
    /// agreed on. After an error the connection is closed.
    pub async fn shake(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        patience: Duration,
    ) -> Result<(TlsStream<TcpStream>, Handshake), SocketError> {
        match tokio::time::timeout(patience, self.shaken(stream, peer)).await {
            Ok(shaken) => shaken,
            Err(_) => Err(SocketError::found(Call::Handshake, peer, Cause::TimedOut)),
        }
    }

    async fn shaken(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
    ) -> Result<(TlsStream<TcpStream>, Handshake), SocketError> {
        let began = clock::now();
        let hello = LazyConfigAcceptor::new(Default::default(), stream).await;
        let hello = hello.map_err(|error| failed(peer, &error, None))?;
        let config = match offers_1_3(&hello.client_hello()) {
            true => &self.config,
            false => &self.older,
        };
        let stream = hello.into_stream(Arc::clone(config)).await;
        let mut stream = stream.map_err(|error| {
            let found = failed(peer, &error, None);
            match &self.screen {
                Some(screen) => screen.explained(found),
                None => found,
            }
        })?;
        let state = stream.get_ref().1;
        let facts = Facts {
            trusted: match &self.screen {
                Some(_) => Trusted::Authority,
                None => Trusted::Unchecked,
            },
            identified: true,
            name: state.server_name().unwrap_or_default().to_owned(),
            connect: Duration::ZERO,
            handshake: began.elapsed(),
        };
        let resumed = state.handshake_kind() == Some(HandshakeKind::Resumed);
        match facts.of(state, self.radius, peer) {
            Ok(mut handshake) => {
                handshake.resumed = resumed;
                Ok((stream.into(), handshake))
            }
            Err(error) => {
                // Without ALPN there is no alert that would say it (RFC 9765 §3.3.1).
                let _ = stream.write_all(&no_radius_version()).await;
                let _ = stream.shutdown().await;
                Err(error)
            }
        }
    }
}

impl Acceptor {
    /// Whether a client that showed these certificates, its own first, would be taken now.
    ///
    /// # Errors
    ///
    /// Why not.
    pub fn vouches(&self, shown: &[CertificateDer<'static>]) -> Result<(), Distrust> {
        let Some(screen) = &self.screen else {
            return Ok(());
        };
        let (own, others) = shown.split_first().ok_or(Distrust::NoClient)?;
        match screen.inner.verify_client_cert(own, others, now()) {
            Ok(_) if screen.admits(own) => Ok(()),
            Ok(_) => Err(Distrust::NoClient),
            Err(Error::InvalidCertificate(why)) => Err(Distrust::of(&why)),
            Err(other) => Err(Distrust::Other(other.to_string())),
        }
    }
}

/// Whether a client offers TLS 1.3: no other version has its cipher suites.
fn offers_1_3(hello: &ClientHello<'_>) -> bool {
    hello.cipher_suites().iter().any(|suite| {
        matches!(
            suite,
            CipherSuite::TLS13_AES_128_GCM_SHA256
                | CipherSuite::TLS13_AES_256_GCM_SHA384
                | CipherSuite::TLS13_CHACHA20_POLY1305_SHA256
                | CipherSuite::TLS13_AES_128_CCM_SHA256
                | CipherSuite::TLS13_AES_128_CCM_8_SHA256
        )
    })
}

/// What a server says that speaks RADIUS/1.1 alone: a Protocol-Error with Token zero, Unsupported-Extension.
fn no_radius_version() -> Vec<u8> {
    let mut builder = v11::builder(Code::PROTOCOL_ERROR, Token(0));
    // Four octets always fit.
    let _ = builder.attribute(AttributeType::ERROR_CAUSE, &406_u32.to_be_bytes());
    builder.finish()
}

/// Asks of clients what [`Clients`] wants.
pub(crate) struct Screen {
    inner: Arc<dyn ClientCertVerifier>,
    admission: Option<Admission>,
    /// What the last handshake was shown. The library asks and answers within one call, and so does who looks here.
    last: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    chain: Vec<Certificate>,
    /// Whether its CA is right, and it is no client's all the same.
    stranger: bool,
    /// Why it is not trusted, where the library does not carry it.
    why: Option<Distrust>,
}

impl fmt::Debug for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Screen")
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

impl Screen {
    /// `None` where everybody may come.
    pub(crate) fn new(clients: Clients) -> Result<Option<Screen>, SettingsError> {
        let Clients::Of {
            authorities,
            revocations,
            admission,
        } = clients
        else {
            return Ok(None);
        };
        let verifier = WebPkiClientVerifier::builder_with_provider(roots(&authorities)?, provider());
        let verifier = if revocations.is_empty() {
            verifier
        } else {
            verifier
                .with_crls(revocations)
                .only_check_end_entity_revocation()
                .enforce_revocation_expiration()
        };
        let inner = verifier.build().map_err(|error| match error {
            VerifierBuilderError::InvalidCrl(_) => SettingsError::RevocationList,
            other => SettingsError::Other(other.to_string()),
        })?;
        Ok(Some(Screen {
            inner,
            admission,
            last: Mutex::default(),
        }))
    }

    /// Judges a chain, and remembers it.
    pub(crate) fn judge(
        &self,
        own: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        time: UnixTime,
    ) -> Result<(), CertificateError> {
        match self.verify_client_cert(own, others, time) {
            Ok(_) => Ok(()),
            Err(error) => {
                let why = match error {
                    Error::InvalidCertificate(why) => why,
                    _ => CertificateError::BadEncoding,
                };
                let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
                last.why = Some(Distrust::of(&why));
                Err(why)
            }
        }
    }

    /// An error with what this screen saw of it: the certificates, and why they do not do.
    pub(crate) fn explained(&self, found: SocketError) -> SocketError {
        let Cause::Tls(failure) = &found.cause else {
            return found;
        };
        let Failure::Untrusted { why, .. } = failure.as_ref() else {
            return found;
        };
        let seen = self.seen();
        let why = match seen.why {
            _ if seen.stranger => Distrust::NoClient,
            Some(seen) => seen,
            None => why.clone(),
        };
        let chain = seen.chain;
        SocketError {
            cause: Failure::Untrusted { why, chain }.into(),
            ..found
        }
    }

    fn admits(&self, own: &CertificateDer<'_>) -> bool {
        let seconds = i64::try_from(now().as_secs()).unwrap_or(i64::MAX);
        match (&self.admission, Certificate::read(own, seconds)) {
            (Some(admission), Some(own)) => (admission.0)(&own),
            (Some(_), None) => false,
            (None, _) => true,
        }
    }

    fn seen(&self) -> Seen {
        std::mem::take(&mut *self.last.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl ClientCertVerifier for Screen {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.inner.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        time: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let seconds = i64::try_from(now().as_secs()).unwrap_or(i64::MAX);
        let chain: Vec<Certificate> = std::iter::once(end_entity)
            .chain(intermediates)
            .filter_map(|der| Certificate::read(der, seconds))
            .collect();
        let verified = self.inner.verify_client_cert(end_entity, intermediates, time);
        let stranger = verified.is_ok() && !self.admits(end_entity);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Seen {
            chain,
            stranger,
            why: None,
        };
        match stranger {
            // The library makes it the alert access_denied.
            true => Err(CertificateError::ApplicationVerificationFailure.into()),
            false => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<client::danger::HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<client::danger::HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}
