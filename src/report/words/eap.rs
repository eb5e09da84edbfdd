//! Words for conversations with EAP, as a server tells of them.

use super::broken::{eap_error, method_fault};
use super::login::{eap_type, eap_types, unfit};
use super::serving::refused;
use crate::auth::Broken;
use crate::auth::eap::packet::{EapCode, EapError, EapType};
use crate::auth::eap::server::Why;
use crate::auth::eap::tls::TlsFault;

/// A conversation that goes on.
pub fn round(kind: Option<EapType>, invalid: Option<&EapError>) -> String {
    let what = method(kind);
    match invalid {
        None => format!("{what} goes on"),
        Some(error) => format!("{what}: no EAP packet: {}; asked for again", eap_error(error)),
    }
}

/// Why a conversation ended without a login.
pub fn refusal(why: &Why, kind: Option<EapType>, inner: Option<&[u8]>) -> String {
    let who = match inner {
        Some(inner) => format!(" as {}", super::printable(&String::from_utf8_lossy(inner))),
        None => String::new(),
    };
    let what = match why {
        Why::Refused(why) => refused(*why).to_owned(),
        Why::NotAgreed(wanted) if wanted.iter().all(|kind| kind.0 == 0) => {
            "no method agreed on; the client wants none of ours".to_owned()
        }
        Why::NotAgreed(wanted) => format!("no method agreed on; the client wants {}", eap_types(wanted)),
        Why::Broken(why) => broken(why),
        Why::Invalid(error) => format!("too many invalid packets, the last: {}", eap_error(error)),
    };
    format!("{}{who}: {what}", method(kind))
}

fn method(kind: Option<EapType>) -> String {
    match kind {
        Some(kind) => format!("EAP-{}", eap_type(kind)),
        None => "EAP".to_owned(),
    }
}

/// What the client did that ended it.
fn broken(why: &Broken) -> String {
    match why {
        Broken::Tls(fault) => tls(fault),
        Broken::Eap(error) => format!("no EAP packet: {}", eap_error(error)),
        Broken::EapCode(code) => format!("EAP {} has no place in an Access-Request", eap_code(*code)),
        Broken::Method { kind, fault } if *kind == EapType::NAK => {
            format!("an answer out of place: {}", method_fault(fault))
        }
        Broken::Method { fault, .. } => method_fault(fault),
        Broken::TooEarly { .. } => "the client went ahead before its turn".to_owned(),
        Broken::Binding => {
            "the crypto-binding does not hold: tunnel and inner login do not belong together".to_owned()
        }
        Broken::WrongProof | Broken::NoProof => "the client's proof is wrong".to_owned(),
        Broken::Unfit(why) => unfit(why).message,
        Broken::Code(code) | Broken::NoEap(code) => format!("{code} without EAP"),
        Broken::TooManyRounds { limit } => format!("no end after {limit} rounds"),
    }
}

fn tls(fault: &TlsFault) -> String {
    match fault {
        TlsFault::AlertReceived(alert) => {
            use rustls::AlertDescription as Alert;
            let meaning = match alert {
                Alert::UnknownCA => ": it does not trust the CA of our certificate",
                Alert::BadCertificate | Alert::CertificateUnknown | Alert::AccessDenied => {
                    ": it does not take our certificate"
                }
                Alert::CertificateExpired => ": our certificate has expired for it",
                Alert::CertificateRevoked => ": our certificate was revoked",
                Alert::ProtocolVersion => ": it wants another TLS version",
                _ => "",
            };
            format!("the client ended TLS with the alert {alert:?}{meaning}")
        }
        TlsFault::Certificate(_) => "the certificate is not trusted".to_owned(),
        TlsFault::Refused(why) => format!("TLS failed: {why}"),
        TlsFault::Garbage => "what came is no TLS record".to_owned(),
        TlsFault::Nothing => "an empty packet came where the handshake should have gone on".to_owned(),
        TlsFault::Unexpected { length } => {
            format!("{length} octets came through the tunnel that have no place there")
        }
    }
}

/// The name of an EAP code.
pub(super) fn eap_code(code: EapCode) -> String {
    code.name()
        .map_or_else(|| format!("Code-{}", code.0), str::to_owned)
}
