//! Why a handshake failed, and why a certificate is not trusted.

use std::io;

use tokio_rustls::rustls::{CertificateError, Error, PeerIncompatible};

use super::{Certificate, Fingerprint, PemError};

/// Why there is no secured connection, or no longer one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The peer refused, and said why.
    Refused(Alert),
    /// The peer's certificate is not to be trusted; this side refused.
    Untrusted {
        /// Why.
        why: Distrust,
        /// The certificates that it showed, its own first.
        chain: Vec<Certificate>,
    },
    /// The peer showed no certificate, and this side wants one.
    NoCertificate,
    /// What came is not TLS.
    NotTls,
    /// Both sides have no version of TLS in common, as this side found.
    NoVersion,
    /// Both sides have no cipher suite, group or signature scheme in common, as this side found.
    NoCipher,
    /// The peer did not agree to a version of RADIUS that this side takes (RFC 9765 §3.3).
    NoRadiusVersion {
        /// What it answered in ALPN.
        answered: Option<String>,
    },
    /// Anything else, in the words of the TLS library.
    Other(String),
}

/// What a peer says when it ends a connection (RFC 8446 §6, RFC 5246 §7.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alert(pub u8);

impl Alert {
    /// The name that the standards give it.
    pub fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            0 => "close_notify",
            10 => "unexpected_message",
            20 => "bad_record_mac",
            22 => "record_overflow",
            40 => "handshake_failure",
            41 => "no_certificate",
            42 => "bad_certificate",
            43 => "unsupported_certificate",
            44 => "certificate_revoked",
            45 => "certificate_expired",
            46 => "certificate_unknown",
            47 => "illegal_parameter",
            48 => "unknown_ca",
            49 => "access_denied",
            50 => "decode_error",
            51 => "decrypt_error",
            70 => "protocol_version",
            71 => "insufficient_security",
            80 => "internal_error",
            86 => "inappropriate_fallback",
            90 => "user_canceled",
            109 => "missing_extension",
            110 => "unsupported_extension",
            112 => "unrecognized_name",
            113 => "bad_certificate_status_response",
            115 => "unknown_psk_identity",
            116 => "certificate_required",
            120 => "no_application_protocol",
            _ => return None,
        })
    }
}

/// Why a certificate is not trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Distrust {
    /// Its time is over.
    Expired,
    /// Its time has not come.
    NotYetValid,
    /// No CA that is trusted has signed it.
    UnknownIssuer,
    /// It has signed itself, and is not trusted for it.
    SelfSigned,
    /// It does not speak for this name; the common name does not count (RFC 9525 §2).
    WrongName {
        /// The name that was asked for.
        wanted: String,
    },
    /// None of its NAIRealms is this one (RFC 7585 §2.2).
    WrongRealm {
        /// The realm that was asked for.
        wanted: String,
    },
    /// It may not be used for this side of a connection (Extended Key Usage).
    WrongUse,
    /// It has been revoked.
    Revoked,
    /// No revocation list that was given speaks of its CA.
    NoRevocationStatus,
    /// The revocation list is older than it may be.
    StaleRevocationList,
    /// A signature is wrong, or its key is too weak to be believed.
    BadSignature,
    /// It is not the one that was pinned.
    WrongFingerprint {
        /// What it is.
        found: Fingerprint,
    },
    /// Its CA is trusted, but no client is known by it.
    NoClient,
    /// It is a certificate of a CA, and no server's.
    IsAuthority,
    /// It is signed in a way that is no longer trusted, such as SHA-1.
    UnsupportedSignature,
    /// It cannot be read.
    Malformed,
    /// Anything else, in the words of the library.
    Other(String),
}

/// Why a connection cannot even be tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingsError {
    /// A file does not hold what it should.
    Pem(PemError),
    /// A certificate of a CA cannot be read.
    Authority,
    /// A revocation list cannot be read.
    RevocationList,
    /// The key is not the certificate's.
    KeyOfAnother,
    /// The key is of a kind that cannot be used.
    Key,
    /// This is no name that a certificate could speak for.
    Name(String),
    /// Anything else, in the words of the library.
    Other(String),
}

impl Failure {
    /// The failure inside an error of a TLS stream, if it is TLS that failed and not the network.
    pub(crate) fn of(error: &io::Error) -> Option<Failure> {
        let inner = error.get_ref()?.downcast_ref::<Error>()?;
        Some(Failure::from_library(inner))
    }

    pub(super) fn from_library(error: &Error) -> Failure {
        match error {
            Error::AlertReceived(alert) => Failure::Refused(Alert(u8::from(*alert))),
            Error::InvalidMessage(_) => Failure::NotTls,
            Error::NoCertificatesPresented => Failure::NoCertificate,
            Error::NoApplicationProtocol => Failure::NoRadiusVersion { answered: None },
            Error::InvalidCertificate(error) => Failure::Untrusted {
                why: Distrust::of(error),
                chain: Vec::new(),
            },
            Error::PeerIncompatible(
                PeerIncompatible::ServerDoesNotSupportTls12Or13
                | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
                | PeerIncompatible::SupportedVersionsExtensionRequired
                | PeerIncompatible::Tls12NotOffered
                | PeerIncompatible::Tls12NotOfferedOrEnabled,
            ) => Failure::NoVersion,
            Error::PeerIncompatible(
                PeerIncompatible::NoCipherSuitesInCommon
                | PeerIncompatible::NoKxGroupsInCommon
                | PeerIncompatible::NoSignatureSchemesInCommon
                | PeerIncompatible::NoEcPointFormatsInCommon,
            ) => Failure::NoCipher,
            other => Failure::Other(other.to_string()),
        }
    }
}

impl Distrust {
    pub(super) fn of(error: &CertificateError) -> Distrust {
        match error {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Distrust::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                Distrust::NotYetValid
            }
            CertificateError::UnknownIssuer => Distrust::UnknownIssuer,
            CertificateError::Revoked => Distrust::Revoked,
            CertificateError::UnknownRevocationStatus => Distrust::NoRevocationStatus,
            CertificateError::ExpiredRevocationList
            | CertificateError::ExpiredRevocationListContext { .. } => Distrust::StaleRevocationList,
            CertificateError::BadSignature => Distrust::BadSignature,
            CertificateError::UnsupportedSignatureAlgorithmContext { .. }
            | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
                Distrust::UnsupportedSignature
            }
            CertificateError::NotValidForName => Distrust::WrongName {
                wanted: String::new(),
            },
            CertificateError::NotValidForNameContext { expected, .. } => Distrust::WrongName {
                wanted: expected.to_str().into_owned(),
            },
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
                Distrust::WrongUse
            }
            CertificateError::BadEncoding => Distrust::Malformed,
            other => match other.to_string() {
                text if text.contains("CaUsedAsEndEntity") => Distrust::IsAuthority,
                text => Distrust::Other(text),
            },
        }
    }
}
