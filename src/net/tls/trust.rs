//! Whether a server is the one that was meant: its chain, its names, its fingerprint.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::{CertificateDer, CertificateRevocationListDer, ServerName, UnixTime};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_rustls::rustls::{
    CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme, client,
};

use super::{Certificate, Distrust, Failure, Fingerprint, SettingsError, Trusted, provider};

/// Whom to trust. No CA is trusted that nobody named (the system's are for the Web, not for RADIUS).
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// The CAs; also certificates of servers that are trusted by themselves.
    pub authorities: Vec<CertificateDer<'static>>,
    /// What is revoked. Where there are lists, one must speak of the CA of the server's certificate.
    pub revocations: Vec<CertificateRevocationListDer<'static>>,
    /// The server's certificate must be one of these. Without CAs that is enough.
    pub fingerprints: Vec<Fingerprint>,
    /// The realm that the certificate must speak for (RFC 7585 §2.2), in the place of the server's name.
    pub realm: Option<String>,
    /// Whoever it is will do.
    pub anyone: bool,
}

impl Trust {
    /// Whether it names anybody at all.
    pub fn is_empty(&self) -> bool {
        self.authorities.is_empty() && self.fingerprints.is_empty() && !self.anyone
    }

    /// Why a server that passed is trusted.
    pub fn reason(&self) -> Trusted {
        if self.anyone {
            Trusted::Unchecked
        } else if self.authorities.is_empty() {
            Trusted::Fingerprint
        } else {
            Trusted::Authority
        }
    }
}

/// Asks of a server what [`Trust`] wants.
#[derive(Debug)]
pub(crate) struct Verifier {
    trust: Trust,
    webpki: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
    /// What the last handshake was shown, and why it was not believed.
    last: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    chain: Vec<Certificate>,
    why: Option<Distrust>,
}

/// An answer for the library, which makes it the alert for the peer, and the reason for us.
type Judged = Result<(), (CertificateError, Distrust)>;

impl Verifier {
    /// For connections that want this.
    pub(crate) fn new(trust: Trust) -> Result<Verifier, SettingsError> {
        let provider = provider();
        let webpki = match trust.authorities.as_slice() {
            [] => None,
            authorities => Some(webpki(authorities, &trust.revocations, &provider)?),
        };
        Ok(Verifier {
            trust,
            webpki,
            provider,
            last: Mutex::default(),
        })
    }

    /// Why a server that passed is trusted.
    pub(crate) fn reason(&self) -> Trusted {
        self.trust.reason()
    }

    /// A failure with what this verifier saw of it.
    pub(crate) fn explain(&self, failure: Failure) -> Failure {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = std::mem::take(&mut *last);
        match (failure, seen.why) {
            (Failure::Untrusted { .. }, Some(why)) => Failure::Untrusted {
                why,
                chain: seen.chain,
            },
            (Failure::Untrusted { why, .. }, None) => Failure::Untrusted {
                why,
                chain: seen.chain,
            },
            (failure, _) => failure,
        }
    }

    /// Judges a chain, and remembers what it was.
    pub(crate) fn judge(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<(), CertificateError> {
        let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        let chain: Vec<Certificate> = std::iter::once(end_entity)
            .chain(intermediates)
            .filter_map(|der| Certificate::read(der, seconds))
            .collect();
        let judged = self.ask(end_entity, intermediates, name, now, chain.first());
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let (answer, why) = match judged {
            Ok(()) => (Ok(()), None),
            Err((error, why)) => (Err(error), Some(why)),
        };
        *last = Seen { chain, why };
        answer
    }

    fn ask(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        now: UnixTime,
        read: Option<&Certificate>,
    ) -> Judged {
        if self.trust.anyone {
            return Ok(());
        }
        let found = Fingerprint::of(end_entity);
        if !self.trust.fingerprints.is_empty() && !self.trust.fingerprints.contains(&found) {
            let why = Distrust::WrongFingerprint { found };
            return Err((CertificateError::ApplicationVerificationFailure, why));
        }
        if let Some(webpki) = &self.webpki {
            let chained = if self.trust.authorities.iter().any(|own| own == end_entity) {
                self_trusted(end_entity, name, now, read)
            } else {
                match webpki.verify_server_cert(end_entity, intermediates, name, &[], now) {
                    Ok(_) => Ok(()),
                    Err(Error::InvalidCertificate(error)) => Err(error),
                    Err(error) => {
                        return Err((CertificateError::BadEncoding, Distrust::Other(error.to_string())));
                    }
                }
            };
            self.named(chained, name, read)?;
        }
        match (&self.trust.realm, read) {
            (Some(realm), read) if !read.is_some_and(|read| read.is_for_realm(realm)) => {
                let why = Distrust::WrongRealm {
                    wanted: realm.clone(),
                };
                Err((CertificateError::ApplicationVerificationFailure, why))
            }
            _ => Ok(()),
        }
    }

    /// The library asks for the name last: where a realm is asked for in its place, a wrong name means that all else
    /// was right.
    fn named(
        &self,
        chained: Result<(), CertificateError>,
        name: &ServerName<'_>,
        read: Option<&Certificate>,
    ) -> Judged {
        let Err(error) = chained else { return Ok(()) };
        let why = match Distrust::of(&error) {
            Distrust::WrongName { .. } if self.trust.realm.is_some() => return Ok(()),
            Distrust::WrongName { .. } => Distrust::WrongName {
                wanted: name.to_str().into_owned(),
            },
            Distrust::UnknownIssuer | Distrust::IsAuthority
                if read.is_some_and(Certificate::is_self_issued) =>
            {
                Distrust::SelfSigned
            }
            why => why,
        };
        Err((error, why))
    }
}

/// A certificate that is itself among the trusted ones needs nobody to sign it: time and name are left to be asked.
fn self_trusted(
    end_entity: &CertificateDer<'_>,
    name: &ServerName<'_>,
    now: UnixTime,
    read: Option<&Certificate>,
) -> Result<(), CertificateError> {
    let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    match read {
        Some(read) if read.not_after < seconds => return Err(CertificateError::Expired),
        Some(read) if read.not_before > seconds => return Err(CertificateError::NotValidYet),
        Some(_) => {}
        None => return Err(CertificateError::BadEncoding),
    }
    let named =
        ParsedCertificate::try_from(end_entity).and_then(|parsed| client::verify_server_name(&parsed, name));
    match named {
        Ok(()) => Ok(()),
        Err(Error::InvalidCertificate(error)) => Err(error),
        Err(_) => Err(CertificateError::BadEncoding),
    }
}

/// The store of these authorities.
pub(super) fn roots(authorities: &[CertificateDer<'static>]) -> Result<Arc<RootCertStore>, SettingsError> {
    let mut store = RootCertStore::empty();
    for authority in authorities {
        store
            .add(authority.clone())
            .map_err(|_| SettingsError::Authority)?;
    }
    Ok(Arc::new(store))
}

fn webpki(
    authorities: &[CertificateDer<'static>],
    revocations: &[CertificateRevocationListDer<'static>],
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, SettingsError> {
    let mut builder = WebPkiServerVerifier::builder_with_provider(roots(authorities)?, Arc::clone(provider));
    if !revocations.is_empty() {
        builder = builder
            .with_crls(revocations.iter().cloned())
            .only_check_end_entity_revocation()
            .enforce_revocation_expiration();
    }
    builder.build().map_err(|error| match error {
        client::VerifierBuilderError::InvalidCrl(_) => SettingsError::RevocationList,
        other => SettingsError::Other(other.to_string()),
    })
}

/// Now, for a library that wants it in its own type.
pub(crate) fn now() -> UnixTime {
    UnixTime::since_unix_epoch(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.judge(end_entity, intermediates, server_name, now)?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        if self.trust.anyone {
            return Ok(HandshakeSignatureValid::assertion());
        }
        verify_tls12_signature(
            message,
            cert,
            dss,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        if self.trust.anyone {
            return Ok(HandshakeSignatureValid::assertion());
        }
        verify_tls13_signature(
            message,
            cert,
            dss,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let mut schemes = self
            .provider
            .signature_verification_algorithms
            .supported_schemes();
        if self.trust.anyone {
            schemes.extend([
                SignatureScheme::RSA_PKCS1_SHA1,
                SignatureScheme::ECDSA_SHA1_Legacy,
            ]);
        }
        schemes
    }
}
