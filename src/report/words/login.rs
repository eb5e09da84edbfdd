//! Words for logins: why one was refused, why it broke, what the user gave that does not fit.

use super::eap::eap_code;
use super::printable;
use crate::auth::certificate::Reason;
use crate::auth::eap::login::{Carried, Contradiction};
use crate::auth::eap::packet::{EapError, EapType};
use crate::auth::eap::tls::fragment::FragmentFault;
use crate::auth::eap::tls::{SettingsError, TlsFault};
use crate::auth::mschap::change::NewPasswordError;
use crate::auth::mschap::message::{ErrorCode, Refusal};
use crate::auth::{
    Broken, Exposure, KeyCheck, KeyNameCheck, Method, MethodFault, Need, Note, Progress, Rejection, Unfit,
};
use crate::outcome::{LoginEnd, LoginFacts};
use crate::report::diagnostic::{Diagnostic, Exit};

/// The name of an EAP type.
pub fn eap_type(kind: EapType) -> String {
    match kind.name() {
        Some(name) => name.to_owned(),
        None => format!("Type-{}", kind.0),
    }
}

pub(super) fn eap_types(kinds: &[EapType]) -> String {
    let all: Vec<String> = kinds.iter().copied().map(eap_type).collect();
    all.join(", ")
}

/// What went wrong with a login, where something did.
pub fn login_end(facts: &LoginFacts) -> Option<Diagnostic> {
    match facts.end.as_ref()? {
        LoginEnd::Rejected(rejection) => rejected(rejection, &facts.progress, &not_agreed(facts)),
        LoginEnd::Broken(why) => Some(broken(why)),
        LoginEnd::Accepted(accepted) => match accepted.key_check {
            KeyCheck::Mismatch => Some(
                Diagnostic::error(
                    "keys",
                    Exit::Broken,
                    "the server accepts, but its MS-MPPE keys are not those that this login derived",
                )
                .hint("an access point would let nothing through; somebody between client and server changes the keys, or the server derives them wrongly"),
            ),
            KeyCheck::Unreadable => Some(
                Diagnostic::error(
                    "keys",
                    Exit::Broken,
                    "the server accepts, but its MS-MPPE keys cannot be opened with the shared secret",
                )
                .hint("a proxy on the way may have hidden them with another secret"),
            ),
            _ => None,
        },
        LoginEnd::Speaks { .. } | LoginEnd::Refuses { .. } => None,
    }
}

/// What the server proposed, outside or in a tunnel, and we did not run, where nothing was agreed on after that.
fn not_agreed(facts: &LoginFacts) -> Vec<EapType> {
    let mut proposals = Vec::new();
    for (_, note) in &facts.notes {
        match note {
            Note::Nak { proposed, .. } => proposals.push(*proposed),
            Note::Method(_) => proposals.clear(),
            _ => {}
        }
    }
    proposals
}

/// Why the server said no, where it said more than that.
fn rejected(rejection: &Rejection, progress: &Progress, not_agreed: &[EapType]) -> Option<Diagnostic> {
    let error = |kind, message: String| Diagnostic::error(kind, Exit::No, message);
    if let Some(refusal) = &rejection.refusal {
        return Some(refused(refusal));
    }
    if !not_agreed.is_empty() {
        let what = format!(
            "no method was agreed on: the server proposes {}",
            eap_types(not_agreed)
        );
        return Some(
            error("method-not-offered", what)
                .hint("--eap-methods lists what the server speaks for this identity"),
        );
    }
    if rejection.after_success {
        let what = "the method was through, and the server rejects nevertheless: its policy says no, not the password";
        return Some(error("policy", what.to_owned()).hint("look in the server's log for this user"));
    }
    progress.method.map(|kind| {
        error(
            "rejected",
            format!("the server ended {} with a reject", eap_type(kind)),
        )
        .hint(match kind {
            EapType::TLS => {
                "the server does not trust our certificate, or its owner may not in; the server's log knows which"
            }
            _ => "a wrong password, an unknown user, or a method that the user may not use; the server's log knows which",
        })
    })
}

/// What a Refusal of MS-CHAP says.
fn refused(refusal: &Refusal) -> Diagnostic {
    let (kind, meaning, hint) = match refusal.code {
        ErrorCode::AUTHENTICATION_FAILURE => ("wrong-password", "unknown user or wrong password", None),
        ErrorCode::PASSWD_EXPIRED => (
            "password-expired",
            "the password has expired",
            Some("--new-password sets another"),
        ),
        ErrorCode::ACCT_DISABLED => ("account-disabled", "the account is disabled", None),
        ErrorCode::RESTRICTED_LOGON_HOURS => ("logon-hours", "the account may not log in at this hour", None),
        ErrorCode::NO_DIALIN_PERMISSION => ("no-permission", "the account may not log in this way", None),
        ErrorCode::CHANGING_PASSWORD => (
            "password-change",
            "the new password was refused",
            Some("the server's rules for passwords may not be met"),
        ),
        _ => ("refused", "refused", None),
    };
    let name = match refusal.code.name() {
        Some(name) => format!(" {name}"),
        None => String::new(),
    };
    let mut message = format!("{meaning} (MS-CHAP error E={}{name}", refusal.code.0);
    if refusal.retry {
        message.push_str(", another try is allowed");
    }
    message.push(')');
    if let Some(text) = &refusal.message {
        message.push_str(&format!(": {}", printable(text)));
    }
    let diagnostic = Diagnostic::error(kind, Exit::No, message);
    match hint {
        Some(hint) => diagnostic.hint(hint),
        None => diagnostic,
    }
}

/// Why a conversation cannot go on, or cannot be trusted.
fn broken(why: &Broken) -> Diagnostic {
    let error = |kind, message: String| Diagnostic::error(kind, Exit::Broken, message);
    match why {
        Broken::Tls(fault) => tls(fault),
        Broken::Unfit(why) => unfit(why),
        Broken::WrongProof => Diagnostic::error(
            "wrong-proof",
            Exit::Broken,
            "the server does not know this password: its proof is wrong",
        )
        .hint("the password is wrong, or this is not the server that it was meant for"),
        Broken::NoProof => Diagnostic::error(
            "no-proof",
            Exit::Broken,
            "the server accepts without a proof that it knows the password (RFC 2759 §5)",
        )
        .hint("anybody could have answered so; do not trust it with this password"),
        Broken::Binding => error(
            "binding",
            "the crypto-binding does not hold: tunnel and inner login do not belong together".to_owned(),
        )
        .hint("somebody may sit between the tunnel and the server"),
        Broken::Code(code) => error(
            "protocol",
            format!("the server answers with {code}, which no login gets"),
        ),
        Broken::TooManyRounds { limit } => {
            error("rounds", format!("after {limit} rounds no end is in sight"))
        }
        Broken::NoEap(code) => error("no-eap", format!("{code} carries no EAP-Message"))
            .hint("the server does not speak EAP for this user; try --method pap"),
        Broken::Eap(fault) => error(
            "eap",
            format!("what the server sent is no EAP packet: {}", eap_error(fault)),
        ),
        Broken::EapCode(code) => error(
            "eap",
            format!("EAP {} has no place in an Access-Challenge", eap_code(*code)),
        ),
        Broken::Method { kind, fault } => {
            error("eap", format!("EAP-{}: {}", eap_type(*kind), method_fault(fault)))
        }
        Broken::TooEarly { kind: Some(kind) } => error(
            "too-early",
            format!("the server accepts before EAP-{} is through", eap_type(*kind)),
        ),
        Broken::TooEarly { kind: None } => error(
            "too-early",
            "the server accepts before any EAP method began".to_owned(),
        ),
    }
}

pub(super) fn eap_error(fault: &EapError) -> String {
    match fault {
        EapError::TooShort { length } => format!("{length} octets, and a header has 4"),
        EapError::LengthBelowHeader { length } => format!("Length says {length}, and a header has 4"),
        EapError::LengthBeyondOctets { length, available } => {
            format!("Length says {length}, and there are {available} octets")
        }
        EapError::NoType { .. } => "it ends before its Type".to_owned(),
    }
}

pub(super) fn method_fault(fault: &MethodFault) -> String {
    match fault {
        MethodFault::Short { offset, needed, left } => {
            format!("at octet {offset} of its data {needed} octets are needed, and {left} are left")
        }
        MethodFault::Trailing { offset, left } => format!("{left} octets follow its end at octet {offset}"),
        MethodFault::Length { says, want } => format!("a length says {says}, and should say {want}"),
        MethodFault::Operation { number } => format!("operation {number} has no place here"),
        MethodFault::Success(_) => "the server's proof cannot be read".to_owned(),
        MethodFault::Fragment(fault) => fragment(*fault),
        MethodFault::NotSpoken { number } => format!("the server wants {number}, which is not spoken here"),
        MethodFault::NotInGroup => "an element is not in the group (RFC 5931 §2.8.5.2)".to_owned(),
        MethodFault::Mandatory { code, vendor: 0 } => {
            format!("attribute {code} must be understood, and is not known here (RFC 5281 §10.1)")
        }
        MethodFault::Mandatory { code, vendor } => format!(
            "attribute {code} of vendor {vendor} must be understood, and is not known here (RFC 5281 §10.1)"
        ),
    }
}

fn fragment(fault: FragmentFault) -> String {
    match fault {
        FragmentFault::TooLong { length } => {
            format!("a message of {length} octets is longer than is taken here")
        }
        FragmentFault::BeyondTotal { total, received } => {
            format!("{received} octets came, and the whole was to have {total}")
        }
        FragmentFault::BelowTotal { total, received } => {
            format!("the last fragment came, and {received} of {total} octets are here")
        }
        FragmentFault::Empty => "a fragment without data says that others follow".to_owned(),
        FragmentFault::NotAcknowledged => "data came where an acknowledgement was due".to_owned(),
        FragmentFault::SecondStart => "the method began a second time".to_owned(),
    }
}

/// Why TLS failed.
fn tls(fault: &TlsFault) -> Diagnostic {
    let error = |message: String| Diagnostic::error("tls", Exit::Broken, message);
    match fault {
        TlsFault::Certificate(fault) => {
            let message = format!(
                "the server's certificate is not trusted: {} (reason {})",
                reason(fault.reason),
                fault.reason.number()
            );
            let diagnostic = Diagnostic::error(reason_kind(fault.reason), Exit::Untrusted, message);
            match reason_hint(fault.reason) {
                Some(hint) => diagnostic.hint(hint),
                None => diagnostic,
            }
        }
        TlsFault::AlertReceived(alert) => {
            let diagnostic = error(format!("the server ended TLS with the alert {alert:?}"));
            match alert_hint(*alert) {
                Some(hint) => diagnostic.hint(hint),
                None => diagnostic,
            }
        }
        TlsFault::Refused(why) => error(format!("TLS failed: {why}")),
        TlsFault::Garbage => error("what came through TLS is no TLS record".to_owned()),
        TlsFault::Nothing => error("an empty packet came where the handshake should have gone on".to_owned()),
        TlsFault::Unexpected { length } => error(format!(
            "{length} octets came through the tunnel that have no place there"
        )),
    }
}

fn alert_hint(alert: rustls::AlertDescription) -> Option<&'static str> {
    use rustls::AlertDescription as Alert;
    Some(match alert {
        Alert::ProtocolVersion => "the server does not speak this TLS version; --eap-tls 1.2 or 1.3 chooses",
        Alert::HandshakeFailure => "no cipher suite or group in common",
        Alert::UnknownCA => "the server does not trust the CA of our certificate",
        Alert::CertificateExpired => "our certificate has expired",
        Alert::CertificateRevoked => "our certificate was revoked",
        Alert::CertificateRequired => "the server wants a certificate: --eap-cert and --eap-key",
        Alert::BadCertificate | Alert::CertificateUnknown | Alert::UnsupportedCertificate => {
            "the server does not take our certificate"
        }
        Alert::AccessDenied => "our certificate is good, but its owner may not log in",
        _ => return None,
    })
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

fn reason_hint(reason: Reason) -> Option<&'static str> {
    Some(match reason {
        Reason::Untrusted => {
            "-v shows the chain; --save-server-chain keeps it, to be looked at and trusted if it is the right one"
        }
        Reason::NotYetValid | Reason::Expired => "check this machine's clock too",
        Reason::DomainSuffixMismatch | Reason::DomainMismatch => "-v shows the names that it has",
        _ => return None,
    })
}

/// What the user gave that does not fit the method.
pub fn unfit(why: &Unfit) -> Diagnostic {
    let error = |kind, message: String| Diagnostic::error(kind, Exit::Usage, message);
    match why {
        Unfit::PasswordTooLong(long) => error(
            "password",
            format!(
                "the password has {} octets, and {} are the most",
                long.length, long.max
            ),
        ),
        Unfit::PasswordNotText(fault) => error(
            "password",
            format!(
                "MS-CHAP needs a password in UTF-8, and octet {} is not",
                fault.offset
            ),
        ),
        Unfit::NewPassword(NewPasswordError::NotText(fault)) => error(
            "password",
            format!(
                "the new password must be UTF-8, and octet {} is not",
                fault.offset
            ),
        ),
        Unfit::NewPassword(NewPasswordError::TooLong { length, max }) => error(
            "password",
            format!("the new password has {length} octets in UTF-16, and {max} are the most"),
        ),
        Unfit::NameTooLong { length } => error(
            "value-too-long",
            format!("the name has {length} octets, and 253 are the most"),
        ),
        Unfit::NotMac => error("mac", "`mab` needs a MAC address for a name".to_owned())
            .hint("0011.2233.4455, 00:11:22:33:44:55, 00-11-22-33-44-55 or 001122334455"),
        Unfit::ValueTooLong { length } => error(
            "value-too-long",
            format!("a value of {length} octets does not fit into its attribute"),
        ),
        Unfit::Missing(Need::Password) => error("no-password", "this method needs a password".to_owned()),
        Unfit::Missing(Need::ClientCertificate) => error(
            "no-certificate",
            "this method needs a certificate and its key".to_owned(),
        )
        .hint("--eap-cert FILE and --eap-key FILE; a PKCS#12 file is both"),
        Unfit::Missing(Need::Tls) => error("tls", "this method needs TLS".to_owned()),
    }
}

/// Why TLS cannot be set up.
pub fn settings_error(error: &SettingsError) -> Diagnostic {
    let message = match error {
        SettingsError::Identity(why) => format!("certificate and key cannot be used together: {why}"),
        SettingsError::Anchors(why) => format!("a certificate of a CA cannot be used: {why}"),
        SettingsError::RevocationLists => "a revocation list cannot be used".to_owned(),
        SettingsError::Tls(why) => format!("TLS cannot be configured so: {why}"),
    };
    Diagnostic::error("tls", Exit::Usage, message)
}

/// What a method leaves open to whoever reads along.
pub fn exposure(method: Method) -> Option<Diagnostic> {
    let what = match method.exposure() {
        Exposure::Sealed => return None,
        Exposure::Guessable => {
            "lets whoever reads along guess the password, many times a second; keep it inside a trusted network, or in a tunnel"
        }
        Exposure::Password => {
            "protects the password with the shared secret alone; keep it inside a trusted network, or in a tunnel"
        }
        Exposure::Nothing => "proves nothing: whoever knows the name is let in",
    };
    Some(Diagnostic::warning("exposure", format!("{method} {what}")))
}

/// How the keys of an Access-Accept compare, in a word.
pub fn key_check(check: KeyCheck) -> &'static str {
    match check {
        KeyCheck::None => "none",
        KeyCheck::Match => "match",
        KeyCheck::Mismatch => "mismatch",
        KeyCheck::Missing => "missing",
        KeyCheck::Unexpected => "unexpected",
        KeyCheck::Unreadable => "unreadable",
    }
}

/// How EAP-Key-Name compares, in a word.
pub fn key_name(check: KeyNameCheck) -> &'static str {
    match check {
        KeyNameCheck::None => "none",
        KeyNameCheck::Match => "match",
        KeyNameCheck::Mismatch => "mismatch",
    }
}

/// A RADIUS code and an EAP packet that do not belong together.
pub fn contradiction(found: &Contradiction) -> String {
    let carried = match found.carried {
        Carried::Nothing => "no EAP packet".to_owned(),
        Carried::Start => "an empty EAP-Message".to_owned(),
        Carried::Packet(code) => format!("EAP {}", eap_code(code)),
        Carried::Garbage => "what is no EAP packet".to_owned(),
    };
    format!(
        "{} carries {carried} (RFC 3579 §2.6.3); the RADIUS code counts",
        found.code
    )
}

/// Where a login stood when the server fell silent.
pub fn stood(progress: &Progress) -> Option<String> {
    let method = match progress.method {
        Some(kind) => format!("in EAP-{}", eap_type(kind)),
        None if progress.eap_octets > 0 => "before a method was agreed on".to_owned(),
        None => return None,
    };
    Some(format!(
        "the server fell silent {method}, in round {}; the last request carried {} octets of EAP",
        progress.rounds, progress.eap_octets
    ))
}
