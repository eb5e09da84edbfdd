//! The server's side of RADIUS/TLS.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio_rustls::rustls::pki_types::{
    CertificateDer, CertificateRevocationListDer, PrivateKeyDer, PrivatePkcs8KeyDer,
};
use tokio_rustls::rustls::server::{VerifierBuilderError, WebPkiClientVerifier};
use tokio_rustls::rustls::{HandshakeKind, ServerConfig};
use tokio_rustls::{TlsAcceptor, TlsStream};

use super::client::{Facts, failed, own_key};
use super::trust::roots;
use super::{
    Handshake, Identity, RadiusVersions, SettingsError, TlsLink, TlsVersions, Trusted, key_log, provider,
};
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
    },
    /// All, with or without a certificate: for tests only.
    Anyone,
}

/// Takes clients over TLS.
#[derive(Clone, Debug)]
pub struct Acceptor {
    config: Arc<ServerConfig>,
    radius: RadiusVersions,
    trusted: Trusted,
}

impl Acceptor {
    /// With these settings.
    pub fn new(settings: ServerSettings) -> Result<Acceptor, SettingsError> {
        let builder = ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(&settings.tls.supported())
            .map_err(|error| SettingsError::Other(error.to_string()))?;
        let (builder, trusted) = match settings.clients {
            Clients::Anyone => (builder.with_no_client_auth(), Trusted::Unchecked),
            Clients::Of {
                authorities,
                revocations,
            } => {
                let verifier = WebPkiClientVerifier::builder_with_provider(roots(&authorities)?, provider());
                let verifier = if revocations.is_empty() {
                    verifier
                } else {
                    verifier
                        .with_crls(revocations)
                        .only_check_end_entity_revocation()
                        .enforce_revocation_expiration()
                };
                let verifier = verifier.build().map_err(|error| match error {
                    VerifierBuilderError::InvalidCrl(_) => SettingsError::RevocationList,
                    other => SettingsError::Other(other.to_string()),
                })?;
                (builder.with_client_cert_verifier(verifier), Trusted::Authority)
            }
        };
        let mut config = builder
            .with_single_cert(settings.identity.chain, settings.identity.key)
            .map_err(|error| own_key(&error))?;
        config.alpn_protocols = settings.radius.protocols(settings.tls);
        config.key_log = key_log();
        Ok(Acceptor {
            config: Arc::new(config),
            radius: settings.radius,
            trusted,
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
        let began = clock::now();
        let shaking = TlsAcceptor::from(Arc::clone(&self.config)).accept(stream);
        let stream = match tokio::time::timeout(patience, shaking).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return Err(failed(peer, &error, None)),
            Err(_) => return Err(SocketError::found(Call::Handshake, peer, Cause::TimedOut)),
        };
        let state = stream.get_ref().1;
        let facts = Facts {
            trusted: self.trusted,
            identified: true,
            name: state.server_name().unwrap_or_default().to_owned(),
            connect: Duration::ZERO,
            handshake: began.elapsed(),
        };
        let resumed = state.handshake_kind() == Some(HandshakeKind::Resumed);
        let mut handshake = facts.of(state, self.radius, peer)?;
        handshake.resumed = resumed;
        Ok((stream.into(), handshake))
    }
}

/// A CA that nobody knows, a server under it for these names, and the CA's certificate in PEM, for clients to trust.
pub fn throwaway(names: Vec<String>) -> Result<(Identity, String), SettingsError> {
    let broken = |error: rcgen::Error| SettingsError::Other(error.to_string());
    let authority_key = rcgen::KeyPair::generate().map_err(broken)?;
    let mut authority = rcgen::CertificateParams::new(Vec::new()).map_err(broken)?;
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    authority
        .distinguished_name
        .push(rcgen::DnType::CommonName, "radius throwaway CA");
    let authority_der = authority.self_signed(&authority_key).map_err(broken)?;
    let issuer = rcgen::Issuer::new(authority, authority_key);
    let key = rcgen::KeyPair::generate().map_err(broken)?;
    let mut server = rcgen::CertificateParams::new(names).map_err(broken)?;
    server.extended_key_usages = vec![
        rcgen::ExtendedKeyUsagePurpose::ServerAuth,
        rcgen::ExtendedKeyUsagePurpose::ClientAuth,
    ];
    server
        .distinguished_name
        .push(rcgen::DnType::CommonName, "radius throwaway server");
    let der = server.signed_by(&key, &issuer).map_err(broken)?;
    let identity = Identity {
        chain: vec![der.der().clone(), authority_der.der().clone()],
        key: PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
    };
    Ok((identity, authority_der.pem()))
}
