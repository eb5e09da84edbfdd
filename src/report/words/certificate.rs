//! Words for certificates and keys that cannot be used.

use std::path::Path;

use super::quoted;
use crate::auth::certificate::{IdentityError, Reason, ThrowawayError};
use crate::report::diagnostic::{Diagnostic, Exit};

/// A file that should hold certificates or a key.
pub fn identity_error(path: &Path, error: &IdentityError) -> Diagnostic {
    let name = quoted(path.display());
    let message = match error {
        IdentityError::Certificates(_) => format!("{name} holds no certificate that can be read"),
        IdentityError::NoKey { found } if found.is_empty() => format!("{name} holds no private key"),
        IdentityError::NoKey { found } => {
            format!("{name} holds no private key, but {}", found.join(", "))
        }
        IdentityError::PasswordNeeded => format!("the private key of {name} is encrypted"),
        IdentityError::WrongPassword => format!("the password does not open the private key of {name}"),
        IdentityError::Encryption { name: Some(way) } => {
            format!("the private key of {name} is encrypted in a way that is not known here: {way}")
        }
        IdentityError::Encryption { name: None } => {
            format!("the private key of {name} is encrypted in a way that is not known here")
        }
        IdentityError::Pkcs12 => format!("{name} is no PKCS#12 file with a key and its certificate"),
    };
    Diagnostic::error("certificate", Exit::Usage, message)
}

/// Certificates that cannot be made.
pub fn throwaway_error(error: &ThrowawayError) -> Diagnostic {
    let message = format!("no throwaway certificate could be made: {}", error.0);
    Diagnostic::error("certificate", Exit::Local, message)
}

/// Why certificates are not trusted.
pub fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Untrusted => "no CA of --eap-ca signed it",
        Reason::Revoked => "its CA has revoked it",
        Reason::NotYetValid => "it is not valid yet",
        Reason::Expired => "it has expired",
        Reason::DomainMismatch => "its name is another",
        Reason::DomainSuffixMismatch => "none of its names ends in --eap-server-name",
        Reason::ShortKey => "its RSA key has fewer than 2048 bits",
        Reason::PinMismatch => "its fingerprint is not --eap-fingerprint",
        Reason::Bad => "it is not a server's certificate, or malformed",
        Reason::StaleRevocationList => "the revocation list is out of date",
    }
}

/// The same in a word or two, for scripts.
pub fn reason_kind(reason: Reason) -> &'static str {
    match reason {
        Reason::Untrusted => "certificate-untrusted",
        Reason::Revoked => "certificate-revoked",
        Reason::NotYetValid => "certificate-not-yet-valid",
        Reason::Expired => "certificate-expired",
        Reason::DomainMismatch | Reason::DomainSuffixMismatch => "certificate-name",
        Reason::ShortKey => "certificate-key",
        Reason::PinMismatch => "certificate-fingerprint",
        Reason::Bad => "certificate-bad",
        Reason::StaleRevocationList => "certificate-crl",
    }
}

pub(super) fn reason_hint(reason: Reason) -> Option<&'static str> {
    Some(match reason {
        Reason::Untrusted => {
            "-v shows the chain; --save-server-chain keeps it, to be looked at and trusted if it is the right one"
        }
        Reason::NotYetValid | Reason::Expired => "check this machine's clock too",
        Reason::DomainSuffixMismatch | Reason::DomainMismatch => "-v shows the names that it has",
        _ => return None,
    })
}
