//! Words for what secures connections: why one failed, which side refused, and what to change.

use std::fmt::Write as _;
use std::path::Path;

use super::quoted;
use crate::net::Peer;
use crate::net::tls::{Alert, Certificate, Distrust, Failure, Handshake, PemError, SettingsError, Trusted};
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::view::milliseconds;

/// Why there is no secured connection to `at`, or no longer one.
pub fn tls_failure(failure: &Failure, at: &str) -> Diagnostic {
    let (kind, exit) = match failure {
        Failure::Untrusted { .. } => ("certificate", Exit::Untrusted),
        Failure::Refused(_) => ("tls-alert", Exit::Broken),
        Failure::NoRadiusVersion { .. } => ("radius-version", Exit::Broken),
        _ => ("tls", Exit::Broken),
    };
    let message = match failure {
        Failure::Refused(alert) => format!("{at} refused the TLS connection: {}", alert_words(*alert)),
        Failure::Untrusted { why, chain } => {
            format!(
                "the certificate of {at} is not trusted: {}",
                distrust(why, chain.first())
            )
        }
        Failure::NoCertificate => format!("{at} showed no certificate"),
        Failure::NotTls => format!("{at} does not speak TLS: what it sent is something else"),
        Failure::NoVersion => format!("{at} speaks no version of TLS that was offered"),
        Failure::NoCipher => format!("{at} and this side have no cipher suite in common"),
        Failure::NoRadiusVersion { answered: Some(name) } => {
            format!(
                "{at} chose {}, which this side does not take",
                quoted(super::printable(name))
            )
        }
        Failure::NoRadiusVersion { answered: None } => {
            format!("{at} did not agree to RADIUS/1.1 (RFC 9765), and nothing else was offered")
        }
        Failure::Other(words) => format!("the TLS connection with {at} failed: {words}"),
    };
    let diagnostic = Diagnostic::error(kind, exit, message);
    match failure {
        Failure::Refused(alert) => match alert_hint(*alert) {
            Some(hint) => diagnostic.hint(hint),
            None => diagnostic,
        },
        Failure::Untrusted { why, chain } => hints(diagnostic, why, chain),
        Failure::NotTls => diagnostic.hint("check the port: RADIUS/TLS has 2083, RADIUS over plain TCP another one"),
        Failure::NoVersion => diagnostic.hint("offer more with --tls 1.2..1.3; older versions are not spoken here"),
        Failure::NoCipher => diagnostic.hint(
            "this side speaks AES-GCM and ChaCha20-Poly1305 with ECDHE, and neither CBC nor RSA key exchange; a server \
             certificate with a key that those need helps too",
        ),
        Failure::NoRadiusVersion { .. } => diagnostic.hint("--radius-version 1.0,1.1 takes both"),
        Failure::Other(_) | Failure::NoCertificate => diagnostic,
    }
}

/// An alert by its name and its meaning.
pub(super) fn alert_words(alert: Alert) -> String {
    let meaning = match alert.0 {
        40 => "the two sides have nothing in common that both want",
        41 => "it wants a certificate, and there was none",
        42 => "our certificate is damaged or its signature is wrong",
        43 => "our certificate is of a kind that it does not take",
        44 => "our certificate has been revoked",
        45 => "our certificate has expired",
        46 => "our certificate did not please it",
        48 => "it does not know the CA that signed our certificate",
        49 => "our certificate is good, but this client may not come in",
        51 => "a signature or a pre-shared key is wrong",
        70 => "it speaks no version of TLS that was offered",
        71 => "what was offered is too weak for it",
        80 => "it failed inside",
        112 => "it does not know the server name",
        115 => "it does not know the identity of the pre-shared key",
        116 => "it wants a certificate, and there was none",
        120 => "it speaks no version of RADIUS that was offered",
        _ => "it gave no other reason",
    };
    match alert.name() {
        Some(name) => format!("alert {name} ({}), {meaning}", alert.0),
        None => format!("alert {}, {meaning}", alert.0),
    }
}

fn alert_hint(alert: Alert) -> Option<&'static str> {
    Some(match alert.0 {
        40 => {
            "a server that wants a client certificate says this too: give it with --cert and --key; otherwise compare \
             versions and ciphers with those of the server's log"
        }
        42 | 43 | 46 => {
            "look at the certificate in --cert with `openssl x509 -text`: it needs the use clientAuth, a chain up to \
             the server's CA, and a name or address that the server expects"
        }
        44 | 45 => "give a newer certificate with --cert and --key",
        48 => {
            "give a certificate whose CA the server trusts with --cert, with the CAs between in the same file"
        }
        49 => {
            "the server compares the certificate's names with its list of clients, or with the source address"
        }
        51 => "check that --key belongs to --cert",
        70 => "offer other versions with --tls",
        112 => "--server-name says which name is asked for",
        41 | 116 => "give one with --cert FILE and --key FILE",
        120 => "--radius-version says what is offered",
        _ => return None,
    })
}

/// Why a certificate is not trusted, as the end of a sentence.
fn distrust(why: &Distrust, leaf: Option<&Certificate>) -> String {
    let name = |text: &str| quoted(super::printable(text));
    match why {
        Distrust::Expired => match leaf {
            Some(leaf) => format!(
                "it expired on {}, {} ago",
                day(leaf.not_after),
                days(-leaf.days_left)
            ),
            None => "it has expired".into(),
        },
        Distrust::NotYetValid => match leaf {
            Some(leaf) => format!("it is not valid before {}", day(leaf.not_before)),
            None => "it is not valid yet".into(),
        },
        Distrust::UnknownIssuer => match leaf {
            Some(leaf) => format!("{} signed it, and --ca does not have that CA", name(&leaf.issuer)),
            None => "no CA of --ca signed it".into(),
        },
        Distrust::SelfSigned => "it is self-signed, and --ca does not have it".into(),
        Distrust::WrongName { wanted } => match leaf.map(|leaf| leaf.names.as_slice()) {
            None | Some([]) => format!(
                "it has no Subject Alternative Name, so that it is not for {}; a common name does not count (RFC 9525)",
                name(wanted)
            ),
            Some(names) => format!("it is for {}, not for {}", list(names), name(wanted)),
        },
        Distrust::WrongRealm { wanted } => format!("it has no NAIRealm {} (RFC 7585)", name(wanted)),
        Distrust::WrongUse => "it may not be used for a server (Extended Key Usage lacks serverAuth)".into(),
        Distrust::Revoked => "it has been revoked".into(),
        Distrust::NoRevocationStatus => "no list of --crl is from its CA".into(),
        Distrust::StaleRevocationList => "the list of --crl is older than it may be".into(),
        Distrust::BadSignature => match leaf {
            Some(leaf) => format!(
                "a signature is wrong, or a key too weak (its own is {})",
                leaf.key
            ),
            None => "a signature is wrong, or a key too weak".into(),
        },
        Distrust::WrongFingerprint { found } => {
            format!("its fingerprint is {found}, which is not the pinned one")
        }
        Distrust::IsAuthority => "it is the certificate of a CA, not of a server".into(),
        Distrust::UnsupportedSignature => {
            "it is signed in a way that is not trusted, such as with SHA-1".into()
        }
        Distrust::NoClient => "it is nobody's who may come in here".into(),
        Distrust::Malformed => "it cannot be read".into(),
        Distrust::Other(words) => words.clone(),
    }
}

fn hints(diagnostic: Diagnostic, why: &Distrust, chain: &[Certificate]) -> Diagnostic {
    let diagnostic = match why {
        Distrust::Expired | Distrust::NotYetValid => {
            diagnostic.hint("renew the server's certificate; if it is good, check this machine's clock")
        }
        Distrust::UnknownIssuer if chain.len() < 2 => diagnostic.hint(
            "the server sent its own certificate alone: give the CA that signed it with --ca, or have the server send \
             those between",
        ),
        Distrust::UnknownIssuer => diagnostic.hint("give the CA at the top of the server's chain with --ca"),
        Distrust::SelfSigned => diagnostic.hint("give the certificate itself with --ca, or pin it with --fingerprint"),
        Distrust::WrongName { .. } => {
            diagnostic.hint("connect by a name that the certificate has, or say which with --server-name")
        }
        Distrust::BadSignature => diagnostic.hint("RSA keys need at least 2048 bits"),
        _ => diagnostic,
    };
    match chain.first() {
        Some(leaf) if !matches!(why, Distrust::WrongFingerprint { .. } | Distrust::Expired) => diagnostic
            .hint(format!(
                "if it is the one you mean, pin it: --fingerprint {}",
                leaf.fingerprint
            )),
        _ => diagnostic,
    }
}

/// A secured transport, and nobody to trust.
pub fn nobody_trusted(peer: &Peer) -> Diagnostic {
    Diagnostic::error(
        "nobody-trusted",
        Exit::Usage,
        format!("nothing says which server to trust on {}://", peer.transport),
    )
    .hint("give the CA that signed its certificate with --ca FILE; no CA of this system is trusted for RADIUS")
    .hint("or pin the certificate with --fingerprint SHA256; --insecure takes any, and shows its fingerprint with -v")
}

/// A connection to whoever answers.
pub fn insecure(peer: &Peer) -> Diagnostic {
    Diagnostic::warning(
        "insecure",
        format!(
            "--insecure: whoever answers as {} is believed, and can read passwords and forge replies",
            peer.host
        ),
    )
}

/// TLS with a pre-shared key.
pub fn no_psk_over_tls() -> Diagnostic {
    Diagnostic::error(
        "psk",
        Exit::Usage,
        "pre-shared keys are not spoken over TLS: its library (rustls) has no external ones",
    )
    .hint("dtls:// speaks them; over tls://, use certificates")
}

/// RADIUS/1.1 over DTLS.
pub fn no_alpn_over_dtls() -> Diagnostic {
    Diagnostic::error(
        "radius-version",
        Exit::Usage,
        "RADIUS/1.1 is not spoken over DTLS: it has to be agreed on with ALPN, which the library of DTLS does not have",
    )
    .hint("tls:// speaks it")
}

/// DTLS 1.3.
pub fn no_dtls_1_3() -> Diagnostic {
    Diagnostic::error("tls-version", Exit::Usage, "DTLS is spoken in version 1.2 only")
        .hint("--tls 1.2 says so")
}

/// RADIUS/1.1 below TLS 1.3.
pub fn radius_1_1_needs_tls_1_3() -> Diagnostic {
    Diagnostic::error(
        "radius-version",
        Exit::Usage,
        "RADIUS/1.1 needs TLS 1.3 (RFC 9765 §3.1), and --tls leaves it out",
    )
}

/// An option of TLS where there is none.
pub fn option_without_tls(option: &str) -> Diagnostic {
    Diagnostic::error(
        "option",
        Exit::Usage,
        format!("{option} is for TLS and DTLS, and HOST is neither"),
    )
    .hint("write tls://HOST or dtls://HOST")
}

/// An option about TLS where nothing is tapped.
pub fn option_without_tap(option: &str) -> Diagnostic {
    let message = format!("{option} is about the way to --forward, and nothing is tapped");
    Diagnostic::error("option", Exit::Usage, message).hint("a tap has --listen URL and --forward URL")
}

/// An option about clients over TLS where none can come.
pub fn option_without_secured_clients(option: &str) -> Diagnostic {
    let message = format!("{option} is for clients over TLS and DTLS, and --listen takes none");
    Diagnostic::error("option", Exit::Usage, message).hint("write --listen tls://… or dtls://…")
}

/// RADIUS/1.1 through a tap of which one side has no TLS.
pub fn radius_1_1_needs_tls_twice() -> Diagnostic {
    let message = "a tap changes no octets, and RADIUS/1.1 is for TLS alone (RFC 9765 §3)";
    Diagnostic::error("no-alpn", Exit::Usage, message).hint("--listen and --forward must both be tls://")
}

/// Settings that no connection can be made with; `file` is where the fault is.
pub fn secured_settings_error(error: &SettingsError, file: Option<&Path>) -> Diagnostic {
    let file = file.map_or_else(|| "the file".to_owned(), |path| quoted(path.display()));
    let usage = |message: String| Diagnostic::error("tls-settings", Exit::Usage, message);
    match error {
        SettingsError::Pem(PemError::Missing) => usage(format!("{file} holds nothing of the kind that is wanted"))
            .hint("--ca and --cert want BEGIN CERTIFICATE, --key a BEGIN PRIVATE KEY, --crl a BEGIN X509 CRL"),
        SettingsError::Pem(PemError::NotText) => usage(format!("{file} is no PEM text"))
            .hint("DER becomes PEM with `openssl x509 -inform der`, PKCS#12 with `openssl pkcs12 -nodes`"),
        SettingsError::Pem(PemError::Encrypted) => usage(format!("the key in {file} is encrypted"))
            .hint("decrypt it: `openssl pkey -in KEY -out NEW`, and keep the result readable by you alone"),
        SettingsError::Pem(PemError::Broken) => usage(format!("{file} is damaged: its base64 cannot be read")),
        SettingsError::Authority => usage(format!("{file} holds a certificate that cannot be read as a CA's")),
        SettingsError::RevocationList => usage(format!("{file} holds a revocation list that cannot be read")),
        SettingsError::KeyOfAnother => usage(format!("the key in {file} does not belong to the certificate"))
            .hint("`openssl x509 -noout -pubkey -in CERT` and `openssl pkey -pubout -in KEY` must print the same"),
        SettingsError::Key => usage(format!("the key in {file} is of a kind that cannot be used"))
            .hint("RSA from 2048 bits, ECDSA P-256 and P-384, and Ed25519 can"),
        SettingsError::Name(name) => usage(format!("{} is no name of a server", quoted(name)))
            .hint("--server-name wants a DNS name or an address"),
        SettingsError::Other(words) => usage(words.clone()),
    }
}

/// A handshake, for people: what was agreed on, and who is there.
pub fn handshake(handshake: &Handshake, peer: &str) -> String {
    let mut out = String::new();
    let version = handshake.version.name();
    let _ = write!(out, "{version} with {peer}: {}", agreed(handshake));
    let _ = write!(
        out,
        "; connected in {:.3} ms, shaken hands in {:.3} ms\n  asked for {}, {}; {}\n",
        milliseconds(handshake.connect),
        milliseconds(handshake.handshake),
        quoted(&handshake.name),
        trusted(handshake.trusted),
        if handshake.identified {
            "with a certificate of our own"
        } else {
            "without a certificate of our own"
        },
    );
    out.extend(handshake.chain.iter().map(certificate));
    out
}

/// What both sides agreed on beside the version of TLS.
pub(super) fn agreed(handshake: &Handshake) -> String {
    let mut out = handshake.cipher.clone();
    if let Some(group) = &handshake.group {
        let _ = write!(out, ", {group}");
    }
    let _ = write!(out, ", RADIUS/{}", handshake.radius.name());
    match &handshake.alpn {
        Some(alpn) => {
            let _ = write!(out, " (ALPN {})", super::printable(alpn));
        }
        None => out.push_str(" (no ALPN)"),
    }
    if handshake.resumed {
        out.push_str(", resumed");
    }
    out
}

/// A certificate, for people, in lines.
pub fn certificate(certificate: &Certificate) -> String {
    format!(
        "  certificate {} for {}\n    signed by {}; {}, valid from {} until {}\n    SHA-256 {}\n",
        super::printable(&certificate.subject),
        names(certificate),
        super::printable(&certificate.issuer),
        certificate.key,
        day(certificate.not_before),
        validity(certificate),
        certificate.fingerprint,
    )
}

pub(super) fn names(certificate: &Certificate) -> String {
    match certificate.names.as_slice() {
        [] => "no name".to_owned(),
        names => list(names),
    }
}

/// The last day, and how far it is.
pub(super) fn validity(certificate: &Certificate) -> String {
    let day = day(certificate.not_after);
    match certificate.days_left {
        left if left < 0 => format!("{day}, expired {} ago", days(-left)),
        left => format!("{day}, {} left", days(left)),
    }
}

fn trusted(trusted: Trusted) -> &'static str {
    match trusted {
        Trusted::Authority => "trusted by its CA",
        Trusted::Fingerprint => "trusted by its fingerprint",
        Trusted::Psk => "trusted by its pre-shared key",
        Trusted::Unchecked => "not checked",
    }
}

/// The same in one word, for machines.
pub fn trusted_word(reason: Trusted) -> &'static str {
    match reason {
        Trusted::Authority => "ca",
        Trusted::Fingerprint => "fingerprint",
        Trusted::Psk => "psk",
        Trusted::Unchecked => "unchecked",
    }
}

pub(super) fn list(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| super::printable(name)).collect();
    names.join(", ")
}

pub(super) fn days(count: i64) -> String {
    match count {
        1 => "1 day".into(),
        count => format!("{count} days"),
    }
}

/// A day in the calendar of RFC 3339.
pub(super) fn day(seconds: i64) -> String {
    instant(seconds).chars().take(10).collect()
}

/// An instant as RFC 3339 writes it.
pub fn instant(seconds: i64) -> String {
    match jiff::Timestamp::from_second(seconds) {
        Ok(timestamp) => timestamp.to_string(),
        Err(_) => format!("second {seconds}"),
    }
}
