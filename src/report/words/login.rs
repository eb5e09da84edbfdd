//! Words for logins: why one was refused, what the user gave that does not fit, what a method leaves open.

use super::broken::broken;
use super::printable;
use crate::auth::eap::packet::EapType;
use crate::auth::eap::tls::SettingsError;
use crate::auth::mschap::change::NewPasswordError;
use crate::auth::mschap::message::{ErrorCode, Refusal};
use crate::auth::{Exposure, KeyCheck, KeyNameCheck, Method, Need, Note, Progress, Rejection, Unfit};
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
            format!("the server ended EAP-{} with a reject", eap_type(kind)),
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
        Unfit::ChallengeLength { length, want } => error(
            "challenge",
            format!("the challenge has {length} octets, and this method's has {want}"),
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

/// Names outside and inside of a tunnel that belong to different realms.
pub fn realms(outer: &str, inner: &str) -> Diagnostic {
    let (outer, inner) = (printable(outer), printable(inner));
    let what = format!("the name outside is of the realm `{outer}`, and the user's of `{inner}`");
    Diagnostic::warning("realm", what)
        .hint("proxies go by the one outside (RFC 7542 §2.4): they ask a server that may not know the user")
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
