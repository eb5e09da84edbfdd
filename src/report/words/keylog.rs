//! Words for logged TLS secrets: why a log cannot be read, and why a connection is not opened.

use std::path::Path;

use super::quoted;
use crate::codec::hex;
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::trace::tls::keylog::{KeyLogErrorKind, Unreadable};
use crate::trace::tls::{Locked, Suite};

/// Why TLS is not opened.
pub(super) fn locked(locked: &Locked) -> String {
    match locked {
        Locked::NoKeyLog => "encrypted: --keylog opens it".to_owned(),
        Locked::NoSecret(random) => format!(
            "encrypted: --keylog has no secret for this connection, whose client random is {}",
            hex::encode(random)
        ),
        Locked::NoHandshake => {
            "encrypted: the capture lacks the Hellos of this connection, without which no secret is found"
                .to_owned()
        }
        Locked::Version(version @ 0x0300..0x0303) => format!(
            "encrypted with {}, which --keylog does not open: only TLS 1.2 and 1.3",
            match version {
                0x0300 => "SSL 3.0",
                0x0301 => "TLS 1.0",
                _ => "TLS 1.1",
            }
        ),
        Locked::Version(version) => {
            format!("encrypted with version {version:04x} of TLS, which --keylog does not open")
        }
        Locked::Suite(suite) => format!(
            "encrypted with the cipher suite {}, which --keylog does not open: only AES-GCM and ChaCha20-Poly1305",
            suite_name(*suite)
        ),
        Locked::Record => "the secret of --keylog does not open a record of this connection".to_owned(),
        Locked::Dtls => "encrypted with DTLS, which --keylog does not open".to_owned(),
    }
}

/// A cipher suite by its IANA name, where it is a common one.
fn suite_name(suite: Suite) -> String {
    let known = match suite.0 {
        0x002f => "TLS_RSA_WITH_AES_128_CBC_SHA",
        0x0035 => "TLS_RSA_WITH_AES_256_CBC_SHA",
        0x003c => "TLS_RSA_WITH_AES_128_CBC_SHA256",
        0x003d => "TLS_RSA_WITH_AES_256_CBC_SHA256",
        0x000a => "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
        0xc009 => "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
        0xc00a => "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
        0xc013 => "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
        0xc014 => "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
        0xc023 => "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
        0xc024 => "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
        0xc027 => "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
        0xc028 => "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
        0x1304 => "TLS_AES_128_CCM_SHA256",
        0x1305 => "TLS_AES_128_CCM_8_SHA256",
        0xc0ac => "TLS_ECDHE_ECDSA_WITH_AES_128_CCM",
        0xc0ad => "TLS_ECDHE_ECDSA_WITH_AES_256_CCM",
        other => return format!("{other:04x}"),
    };
    known.to_owned()
}

/// Why a log of TLS secrets cannot be read.
pub fn keylog_error(error: &Unreadable, path: &Path) -> Diagnostic {
    let fault = match error {
        Unreadable::Io(error) => return super::cannot_read(path, error),
        Unreadable::Line(fault) => fault,
    };
    let what = match fault.kind {
        KeyLogErrorKind::Shape => "it is not a label, a client random and a secret",
        KeyLogErrorKind::ClientRandom => "the client random is not 64 hexadecimal digits",
        KeyLogErrorKind::Secret => "the secret has not the hexadecimal digits that its label asks for",
    };
    let message = format!("{}, line {}: {what}", quoted(path.display()), fault.line);
    Diagnostic::error("keylog", Exit::Usage, message)
        .hint("--keylog takes what programs write to the file that SSLKEYLOGFILE names")
}
