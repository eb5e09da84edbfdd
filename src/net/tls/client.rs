//! The client's side of RADIUS/TLS.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::Resumption;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{CipherSuite, ClientConfig, CommonState, Error, HandshakeKind, InconsistentKeys};

use super::trust::{self, Verifier};
use super::{
    Certificate, Failure, Handshake, Identity, RadiusVersions, SettingsError, TlsVersion, TlsVersions, Trust,
    Trusted, key_log, provider,
};
use crate::codec::MAX_LENGTH;
use crate::exchange::Version;
use crate::net::dtls::Psk;
use crate::net::{Bind, Call, Cause, SocketError, StreamLink, clock, connect_tcp};

/// How to reach servers over TLS and DTLS.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// Whom to trust.
    pub trust: Trust,
    /// What to show.
    pub identity: Option<Identity>,
    /// A key in the place of certificates, for DTLS alone: the library of TLS has none.
    pub psk: Option<Psk>,
    /// The name that the server's certificate must speak for: a DNS name or an address.
    pub name: String,
    /// Versions of TLS.
    pub tls: TlsVersions,
    /// Versions of RADIUS.
    pub radius: RadiusVersions,
}

impl ClientSettings {
    /// The version of RADIUS that a packet is in when no server has been asked: 1.1 where nothing else is offered.
    pub fn least(&self) -> Version {
        match self.radius {
            RadiusVersions::V1_1 => Version::V1_1,
            _ => Version::V1_0,
        }
    }
}

/// A client of one server.
#[derive(Debug)]
pub struct Client {
    config: Arc<ClientConfig>,
    verifier: Arc<Verifier>,
    name: ServerName<'static>,
    settings: ClientSettings,
}

/// A connection over TLS.
#[derive(Debug)]
pub struct TlsLink {
    stream: StreamLink<tokio_rustls::TlsStream<TcpStream>>,
    handshake: Arc<Handshake>,
}

impl Client {
    /// A client with these settings.
    pub fn new(settings: ClientSettings) -> Result<Client, SettingsError> {
        let name = ServerName::try_from(settings.name.clone())
            .map_err(|_| SettingsError::Name(settings.name.clone()))?;
        let verifier = Arc::new(Verifier::new(settings.trust.clone())?);
        let builder = ClientConfig::builder_with_provider(provider())
            .with_protocol_versions(&settings.tls.supported())
            .map_err(|error| SettingsError::Other(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&verifier) as _);
        let mut config = match settings.identity.clone() {
            Some(identity) => builder
                .with_client_auth_cert(identity.chain, identity.key)
                .map_err(|error| own_key(&error))?,
            None => builder.with_no_client_auth(),
        };
        config.alpn_protocols = settings.radius.protocols(settings.tls);
        config.key_log = key_log();
        config.resumption = Resumption::in_memory_sessions(64);
        Ok(Client {
            config: Arc::new(config),
            verifier,
            name,
            settings,
        })
    }

    /// Whether DTLS can be spoken with these settings; its library takes fewer kinds of keys.
    pub fn check_dtls(&self) -> Result<(), SettingsError> {
        crate::net::dtls::check(self)
    }

    /// What it was made from.
    pub fn settings(&self) -> &ClientSettings {
        &self.settings
    }

    /// Asks of servers what the settings want.
    pub(crate) fn verifier(&self) -> &Arc<Verifier> {
        &self.verifier
    }

    /// The name that the server is asked for.
    pub(crate) fn name(&self) -> &ServerName<'static> {
        &self.name
    }

    /// Connects to one address; TCP and the handshake together have `patience`.
    pub async fn connect(
        &self,
        peer: SocketAddr,
        bind: Bind,
        patience: Duration,
    ) -> Result<TlsLink, SocketError> {
        let began = clock::now();
        let tcp = connect_tcp(peer, bind, patience).await?;
        let local = tcp
            .local_addr()
            .map_err(|error| SocketError::new(Call::Connect, peer, &error))?;
        let connect = began.elapsed();
        let connector = TlsConnector::from(Arc::clone(&self.config));
        let shaking = connector.connect(self.name.clone(), tcp);
        let stream = match tokio::time::timeout(patience.saturating_sub(connect), shaking).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return Err(failed(peer, &error, Some(&self.verifier))),
            Err(_) => return Err(SocketError::found(Call::Handshake, peer, Cause::TimedOut)),
        };
        let facts = Facts {
            trusted: self.verifier.reason(),
            identified: self.settings.identity.is_some(),
            name: self.settings.name.clone(),
            connect,
            handshake: began.elapsed() - connect,
        };
        let handshake = facts.of(stream.get_ref().1, self.settings.radius, peer)?;
        Ok(TlsLink::new(stream.into(), local, peer, handshake))
    }
}

/// What the library does not know of a handshake.
pub(super) struct Facts {
    pub(super) trusted: Trusted,
    pub(super) identified: bool,
    pub(super) name: String,
    pub(super) connect: Duration,
    pub(super) handshake: Duration,
}

impl Facts {
    /// All facts together; an error where the version of RADIUS is none that this side takes.
    pub(super) fn of(
        self,
        state: &CommonState,
        versions: RadiusVersions,
        peer: SocketAddr,
    ) -> Result<Handshake, SocketError> {
        let version = TlsVersion::of(state.protocol_version());
        let alpn = state.alpn_protocol();
        let answered = alpn.map(|name| String::from_utf8_lossy(name).into_owned());
        let Some(radius) = versions.agreed(alpn, version) else {
            let failure = Failure::NoRadiusVersion { answered };
            return Err(SocketError::found(Call::Handshake, peer, failure.into()));
        };
        let now = i64::try_from(trust::now().as_secs()).unwrap_or(i64::MAX);
        let chain = state.peer_certificates().unwrap_or_default();
        Ok(Handshake {
            version,
            cipher: cipher(state),
            group: state
                .negotiated_key_exchange_group()
                .map(|group| format!("{:?}", group.name())),
            alpn: answered,
            radius,
            name: self.name,
            chain: chain
                .iter()
                .filter_map(|der| Certificate::read(der, now))
                .collect(),
            trusted: self.trusted,
            psk: None,
            identified: self.identified,
            resumed: state.handshake_kind() == Some(HandshakeKind::Resumed),
            connect: self.connect,
            handshake: self.handshake,
        })
    }
}

fn cipher(state: &CommonState) -> String {
    let suite = state.negotiated_cipher_suite();
    suite.map_or_else(String::new, |suite| suite_name(suite.suite()))
}

/// A cipher suite's IANA name; the library writes those of TLS 1.3 with a number more.
pub fn suite_name(suite: CipherSuite) -> String {
    let name = format!("{suite:?}");
    match name.strip_prefix("TLS13_") {
        Some(rest) => format!("TLS_{rest}"),
        None => name,
    }
}

/// An error of the handshake as a fact: TLS refused, or the connection went away beneath it.
pub(super) fn failed(peer: SocketAddr, error: &io::Error, verifier: Option<&Verifier>) -> SocketError {
    match Failure::of(error) {
        Some(failure) => {
            let failure = match verifier {
                Some(verifier) => verifier.explain(failure),
                None => failure,
            };
            SocketError::found(Call::Handshake, peer, failure.into())
        }
        None if error.kind() == io::ErrorKind::UnexpectedEof => {
            SocketError::found(Call::Handshake, peer, Cause::Closed)
        }
        None => SocketError::new(Call::Handshake, peer, error),
    }
}

pub(super) fn own_key(error: &Error) -> SettingsError {
    match error {
        Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => SettingsError::KeyOfAnother,
        Error::General(_) => SettingsError::Key,
        other => SettingsError::Other(other.to_string()),
    }
}

impl TlsLink {
    pub(super) fn new(
        stream: tokio_rustls::TlsStream<TcpStream>,
        local: SocketAddr,
        peer: SocketAddr,
        handshake: Handshake,
    ) -> TlsLink {
        TlsLink {
            stream: StreamLink::new(stream, local, peer, MAX_LENGTH),
            handshake: Arc::new(handshake),
        }
    }

    /// What the handshake came to.
    pub fn handshake(&self) -> &Arc<Handshake> {
        &self.handshake
    }

    /// The version of RADIUS that was agreed on.
    pub fn version(&self) -> Version {
        self.handshake.radius
    }

    /// Our address.
    pub fn local(&self) -> SocketAddr {
        self.stream.local()
    }

    /// The peer's address.
    pub fn peer(&self) -> SocketAddr {
        self.stream.peer()
    }

    /// Sends one packet in a record of its own; see [`StreamLink::send`].
    pub fn send(&mut self, octets: &[u8], cx: &mut Context<'_>) {
        self.stream.send(octets, cx);
    }

    /// The next whole packet; see [`StreamLink::poll_receive`].
    pub fn poll_receive(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<Result<usize, SocketError>> {
        self.stream.poll_receive(cx, buffer)
    }

    /// Tells the peer that nothing more will be sent (close_notify), after all that was.
    pub async fn finish(&mut self) -> Result<(), SocketError> {
        self.stream.finish().await
    }
}
