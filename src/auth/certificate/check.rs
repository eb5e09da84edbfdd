//! Whether a server's certificates are to be trusted, by the rules of EAP peers rather than of browsers: a private CA,
//! a name that may be a suffix, a common name where there is no other.

use std::fmt;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, ServerName, TrustAnchor, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, OtherError, SignatureScheme};
use webpki::{
    CertRevocationList, EndEntityCert, KeyUsage, OwnedCertRevocationList, RevocationCheckDepth,
    RevocationOptionsBuilder, UnknownStatusPolicy, anchor_from_trusted_cert,
};

use super::{CertificateFacts, KeyKind, fingerprint};
use crate::auth::eap::tls::SettingsError;

/// RSA keys of fewer bits are refused.
const MIN_RSA_BITS: usize = 2048;

/// Whom to trust.
#[derive(Clone, Debug, Default)]
pub enum Trust {
    /// Whoever answers: the chain is shown and not checked.
    #[default]
    Unchecked,
    /// These CAs, or these very certificates.
    Anchors(Vec<CertificateDer<'static>>),
}

/// Which name the server's certificate must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameRule {
    /// This, or one that ends in a dot and this.
    Suffix(String),
    /// This and no other.
    Exact(String),
}

impl NameRule {
    /// Whether a name of a certificate fits; upper and lower case are the same.
    pub fn fits(&self, name: &str) -> bool {
        match self {
            NameRule::Exact(wanted) => name.eq_ignore_ascii_case(wanted),
            NameRule::Suffix(wanted) => {
                let tail = name.len().checked_sub(wanted.len());
                tail.is_some_and(|at| {
                    name.get(at..)
                        .is_some_and(|tail| tail.eq_ignore_ascii_case(wanted))
                        && (at == 0 || name.as_bytes().get(at - 1) == Some(&b'.'))
                })
            }
        }
    }
}

/// How a server's certificates are checked.
#[derive(Clone, Debug, Default)]
pub struct ServerCheckOptions {
    /// Whom to trust.
    pub trust: Trust,
    /// The name that the certificate must have; any if none.
    pub name: Option<NameRule>,
    /// SHA-256 of the one certificate to take. It is taken then whoever signed it, and no other is.
    pub pin: Option<[u8; 32]>,
    /// Certificates that their CAs took back.
    pub revocation_lists: Vec<CertificateRevocationListDer<'static>>,
}

/// Why certificates are not trusted, in the words of those who have always asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// No CA that we trust signed it.
    Untrusted,
    /// Its CA took it back.
    Revoked,
    /// It is not valid yet.
    NotYetValid,
    /// It is not valid any more.
    Expired,
    /// The name is another, and only the whole name was to do.
    DomainMismatch,
    /// No name ends as it should.
    DomainSuffixMismatch,
    /// Its key is too short.
    ShortKey,
    /// It is not the one that was pinned.
    PinMismatch,
    /// It is not for servers, a CA's, malformed, or signed in a way that nobody should use.
    Bad,
    /// The revocation list is older than it says it may be.
    StaleRevocationList,
}

impl Reason {
    /// The number that eapol_test prints in `CTRL-EVENT-EAP-TLS-CERT-ERROR reason=`.
    pub fn number(self) -> u8 {
        match self {
            Reason::Untrusted | Reason::PinMismatch => 1,
            Reason::Revoked => 2,
            Reason::NotYetValid => 3,
            Reason::Expired => 4,
            Reason::Bad | Reason::StaleRevocationList => 7,
            Reason::DomainSuffixMismatch => 9,
            Reason::DomainMismatch => 10,
            Reason::ShortKey => 11,
        }
    }
}

/// Certificates that are not trusted, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct ChainFault {
    /// Why.
    pub reason: Reason,
    /// The certificates, the server's first.
    pub chain: Vec<CertificateDer<'static>>,
}

// The trait is what lets it through rustls; whoever shows it takes the facts.
impl fmt::Display for ChainFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.reason)
    }
}

impl std::error::Error for ChainFault {}

/// The check, as rustls asks for it.
pub struct ServerCheck {
    options: ServerCheckOptions,
    anchors: Vec<TrustAnchor<'static>>,
    revocation_lists: Vec<CertRevocationList<'static>>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl fmt::Debug for ServerCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.options.fmt(f)
    }
}

impl ServerCheck {
    /// Prepares the check.
    pub fn new(options: ServerCheckOptions, provider: &CryptoProvider) -> Result<ServerCheck, SettingsError> {
        let mut anchors = Vec::new();
        if let Trust::Anchors(certificates) = &options.trust {
            for certificate in certificates {
                let anchor = anchor_from_trusted_cert(certificate).map_err(|_| {
                    SettingsError::Anchors(rustls::Error::InvalidCertificate(CertificateError::BadEncoding))
                })?;
                anchors.push(anchor.to_owned());
            }
        }
        let revocation_lists = options
            .revocation_lists
            .iter()
            .map(|list| OwnedCertRevocationList::from_der(list).map(CertRevocationList::from))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| SettingsError::RevocationLists)?;
        Ok(ServerCheck {
            options,
            anchors,
            revocation_lists,
            algorithms: provider.signature_verification_algorithms,
        })
    }

    /// Whether there is anything to check against.
    pub fn is_checked(&self) -> bool {
        self.options.pin.is_some() || matches!(self.options.trust, Trust::Anchors(_))
    }

    /// Judges a chain, the server's certificate first.
    pub fn judge(&self, chain: &[CertificateDer<'_>], now: UnixTime) -> Result<(), Reason> {
        let (leaf, rest) = chain.split_first().ok_or(Reason::Bad)?;
        if let Some(pin) = &self.options.pin {
            return match fingerprint(leaf) == *pin {
                true => self.names(leaf),
                false => Err(Reason::PinMismatch),
            };
        }
        if let Trust::Anchors(trusted) = &self.options.trust {
            let facts = CertificateFacts::of(leaf).ok_or(Reason::Bad)?;
            // A short key is told as such, where the chain check would say only that it does not know it.
            if matches!(facts.key, (KeyKind::Rsa, bits) if bits < MIN_RSA_BITS) {
                return Err(Reason::ShortKey);
            }
            match trusted.iter().any(|trusted| **trusted == **leaf) {
                true => validity(&facts, now)?,
                false => self.path(leaf, rest, now)?,
            }
        }
        self.names(leaf)
    }

    fn names(&self, leaf: &CertificateDer<'_>) -> Result<(), Reason> {
        let Some(rule) = &self.options.name else {
            return Ok(());
        };
        let facts = CertificateFacts::of(leaf).ok_or(Reason::Bad)?;
        match (facts.host_names().iter().any(|name| rule.fits(name)), rule) {
            (true, _) => Ok(()),
            (false, NameRule::Exact(_)) => Err(Reason::DomainMismatch),
            (false, NameRule::Suffix(_)) => Err(Reason::DomainSuffixMismatch),
        }
    }

    fn path(
        &self,
        leaf: &CertificateDer<'_>,
        rest: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<(), Reason> {
        let certificate = EndEntityCert::try_from(leaf).map_err(reason)?;
        let lists: Vec<&CertRevocationList<'_>> = self.revocation_lists.iter().collect();
        let revocation = RevocationOptionsBuilder::new(&lists).ok().map(|builder| {
            builder
                .with_depth(RevocationCheckDepth::Chain)
                .with_status_policy(UnknownStatusPolicy::Allow)
                .build()
        });
        let path = certificate.verify_for_usage(
            self.algorithms.all,
            &self.anchors,
            rest,
            now,
            KeyUsage::server_auth(),
            revocation,
            None,
        );
        path.map(drop).map_err(reason)
    }
}

fn validity(facts: &CertificateFacts, now: UnixTime) -> Result<(), Reason> {
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    if now < facts.not_before {
        return Err(Reason::NotYetValid);
    }
    match now > facts.not_after {
        true => Err(Reason::Expired),
        false => Ok(()),
    }
}

fn reason(error: webpki::Error) -> Reason {
    match error {
        webpki::Error::UnknownIssuer | webpki::Error::InvalidSignatureForPublicKey => Reason::Untrusted,
        webpki::Error::CertExpired { .. } => Reason::Expired,
        webpki::Error::CertNotValidYet { .. } => Reason::NotYetValid,
        webpki::Error::CertRevoked => Reason::Revoked,
        webpki::Error::CrlExpired { .. } => Reason::StaleRevocationList,
        _ => Reason::Bad,
    }
}

impl ServerCertVerifier for ServerCheck {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let chain: Vec<CertificateDer<'_>> = std::iter::once(end_entity)
            .chain(intermediates)
            .cloned()
            .collect();
        match self.judge(&chain, now) {
            Ok(()) => Ok(ServerCertVerified::assertion()),
            Err(reason) => {
                let chain = chain.into_iter().map(CertificateDer::into_owned).collect();
                let fault: OtherError = OtherError(Arc::new(ChainFault { reason, chain }));
                Err(CertificateError::Other(fault).into())
            }
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.tolerate(verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.algorithms,
        ))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.tolerate(verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.algorithms,
        ))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let mut schemes = self.algorithms.supported_schemes();
        if !self.is_checked() {
            // Old servers are to be seen, not trusted.
            schemes.push(SignatureScheme::RSA_PKCS1_SHA1);
        }
        schemes
    }
}

impl ServerCheck {
    /// Where nobody is trusted, a certificate that cannot be used for a check at all must not hide the server behind
    /// it; a signature that is plainly wrong is refused in any case.
    fn tolerate(
        &self,
        outcome: Result<HandshakeSignatureValid, rustls::Error>,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        match outcome {
            Err(rustls::Error::InvalidCertificate(CertificateError::BadSignature)) | Ok(_) => outcome,
            Err(_) if !self.is_checked() => Ok(HandshakeSignatureValid::assertion()),
            Err(_) => outcome,
        }
    }
}
