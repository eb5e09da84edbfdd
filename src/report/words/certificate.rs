//! Words for certificates and keys that cannot be used.

use std::path::Path;

use super::quoted;
use crate::auth::certificate::{IdentityError, ThrowawayError};
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
