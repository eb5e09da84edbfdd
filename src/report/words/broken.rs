//! Words for logins that broke: what the server sent that does not fit, and why TLS failed.

use super::certificate::{reason, reason_hint, reason_kind};
use super::eap::eap_code;
use super::login::{eap_type, unfit};
use crate::auth::eap::login::{Carried, Contradiction};
use crate::auth::eap::packet::EapError;
use crate::auth::eap::tls::TlsFault;
use crate::auth::eap::tls::fragment::FragmentFault;
use crate::auth::{Broken, MethodFault};
use crate::report::diagnostic::{Diagnostic, Exit};

/// Why a conversation cannot go on, or cannot be trusted.
pub(super) fn broken(why: &Broken) -> Diagnostic {
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
                .hint("--eap-rounds allows more; small fragments need many")
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

/// Why octets are no EAP packet.
pub fn eap_error(fault: &EapError) -> String {
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
