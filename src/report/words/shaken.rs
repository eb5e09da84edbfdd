//! Words of a server for the handshakes of its clients: what was agreed on, and why one did not come in.

use std::fmt::Write as _;

use super::quoted;
use super::tls::{agreed, day, days, names, validity};
use crate::net::tls::{Alert, Certificate, Distrust, Failure, Handshake};
use crate::net::{Cause, SocketError};
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::view::milliseconds;

/// A client that came in, for `-v`.
pub fn shaken(handshake: &Handshake, source: &str) -> String {
    let version = handshake.version.name();
    let mut out = format!("{source} connected: {version} {}", agreed(handshake));
    let _ = writeln!(
        out,
        ", shaken hands in {:.3} ms",
        milliseconds(handshake.handshake)
    );
    if !handshake.name.is_empty() {
        let _ = writeln!(
            out,
            "  it asked for {}",
            quoted(super::printable(&handshake.name))
        );
    }
    match (handshake.chain.as_slice(), &handshake.psk) {
        ([], Some(identity)) => {
            let _ = writeln!(out, "  pre-shared key of {}", quoted(super::printable(identity)));
        }
        ([], None) => out.push_str("  no certificate\n"),
        (chain, _) => {
            for certificate in chain {
                let _ = writeln!(
                    out,
                    "  certificate {} ({}), from {}, {} until {}",
                    super::printable(&certificate.subject),
                    names(certificate),
                    super::printable(&certificate.issuer),
                    certificate.key,
                    validity(certificate)
                );
            }
        }
    }
    out
}

/// Why a client did not come in.
pub fn unshaken(error: &SocketError) -> Diagnostic {
    let failure = match &error.cause {
        Cause::Tls(failure) => failure,
        Cause::TimedOut => {
            let what = "its handshake took too long";
            return Diagnostic::error("timeout", Exit::Broken, what);
        }
        Cause::Closed | Cause::Reset => {
            let what = "it went away during the handshake";
            return Diagnostic::error("closed", Exit::Broken, what)
                .hint("a client that does not like our certificate may do this instead of saying so");
        }
        _ => return super::socket_error(error),
    };
    let (kind, what, hint) = words(failure);
    let diagnostic = Diagnostic::error(kind, Exit::Broken, what);
    match hint {
        Some(hint) => diagnostic.hint(hint),
        None => diagnostic,
    }
}

type Words = (&'static str, String, Option<&'static str>);

fn words(failure: &Failure) -> Words {
    match failure {
        Failure::Refused(alert) => {
            let name = alert.name().map_or_else(|| alert.0.to_string(), str::to_owned);
            let what = format!(
                "the client refused: alert {name} ({}), {}",
                alert.0,
                meaning(*alert)
            );
            ("tls-alert", what, hint(*alert))
        }
        Failure::Untrusted { why, chain } => {
            let what = format!("its certificate is not trusted: {}", distrust(why, chain.first()));
            ("certificate", what, None)
        }
        Failure::NoCertificate => (
            "no-certificate",
            "it showed no certificate, and one is wanted".into(),
            Some("the client needs a certificate of the CA in --tls-ca, with its key"),
        ),
        Failure::NotTls => (
            "tls",
            "what it sent is not TLS".into(),
            Some("RADIUS without TLS has other ports"),
        ),
        Failure::NoVersion => (
            "tls",
            "it offers no version of TLS that is taken here".into(),
            Some("--tls says which are"),
        ),
        Failure::NoCipher => ("tls", "it offers no cipher suite that is taken here".into(), None),
        Failure::NoRadiusVersion { answered: None } => (
            "radius-version",
            "it offers no version of RADIUS that is taken here (ALPN, RFC 9765)".into(),
            Some("--radius-version says which are"),
        ),
        Failure::NoRadiusVersion { answered: Some(name) } => (
            "radius-version",
            format!("{} is not taken here", quoted(super::printable(name))),
            Some("--radius-version says what is"),
        ),
        Failure::Other(words) => ("tls", format!("the handshake failed: {words}"), None),
    }
}

/// What a client means with an alert.
fn meaning(alert: Alert) -> &'static str {
    match alert.0 {
        40 => "the two sides have nothing in common that both want",
        42 | 43 | 46 => "our certificate does not please it",
        44 => "our certificate has been revoked",
        45 => "our certificate has expired",
        48 => "it does not know the CA that signed our certificate",
        49 => "our certificate is good, and may not be used for this",
        51 => "a signature or a pre-shared key is wrong",
        70 => "it speaks no version of TLS that is spoken here",
        71 => "what was chosen is too weak for it",
        120 => "it speaks no version of RADIUS that is spoken here",
        _ => "it gave no other reason",
    }
}

fn hint(alert: Alert) -> Option<&'static str> {
    match alert.0 {
        48 => Some("give the client the CA of our certificate; --write-ca writes the one made at the start"),
        42 | 46 => Some("the client may want another name in our certificate than it has, or another CA"),
        _ => None,
    }
}

/// Why a client's certificate is not trusted, as the end of a sentence.
pub(super) fn distrust(why: &Distrust, own: Option<&Certificate>) -> String {
    match (why, own) {
        (Distrust::Expired, Some(own)) => {
            format!(
                "it expired on {}, {} ago",
                day(own.not_after),
                days(-own.days_left)
            )
        }
        (Distrust::Expired, None) => "it has expired".into(),
        (Distrust::NotYetValid, Some(own)) => format!("it is not valid before {}", day(own.not_before)),
        (Distrust::NotYetValid, None) => "it is not valid yet".into(),
        (Distrust::UnknownIssuer, Some(own)) if own.is_self_issued() => {
            "it is self-signed, and --tls-ca does not have it".into()
        }
        (Distrust::UnknownIssuer, Some(own)) => {
            let issuer = quoted(super::printable(&own.issuer));
            format!("{issuer} signed it, and --tls-ca does not have that CA")
        }
        (Distrust::UnknownIssuer, None) => "no CA of --tls-ca signed it".into(),
        (Distrust::SelfSigned, _) => "it is self-signed, and --tls-ca does not have it".into(),
        (Distrust::WrongUse, _) => {
            "it may not be used for a client (Extended Key Usage lacks clientAuth)".into()
        }
        (Distrust::Revoked, _) => "it has been revoked".into(),
        (Distrust::NoRevocationStatus, _) => "no list of --tls-crl is from its CA".into(),
        (Distrust::StaleRevocationList, _) => "the list of --tls-crl is older than it may be".into(),
        (Distrust::BadSignature, _) => "a signature is wrong, or a key too weak".into(),
        (Distrust::NoClient, Some(own)) => format!("no client is known by it ({})", names(own)),
        (Distrust::NoClient, None) => "no client is known by it".into(),
        (Distrust::IsAuthority, _) => "it is the certificate of a CA".into(),
        (Distrust::UnsupportedSignature, _) => {
            "it is signed in a way that is not trusted, such as with SHA-1".into()
        }
        (Distrust::Other(words), _) => words.clone(),
        (Distrust::WrongName { .. } | Distrust::WrongRealm { .. } | Distrust::WrongFingerprint { .. }, _) => {
            "it is for another name".into()
        }
        (Distrust::Malformed, _) => "it cannot be read".into(),
    }
}
