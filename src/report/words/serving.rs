//! Words for what a server does with requests, and for what keeps it from serving.

use std::path::Path;

use super::{attribute::text_error, eap, malformation, quoted, socket_error};
use crate::attr::{EncodeError, TextError};
use crate::auth::crypt::CryptError;
use crate::auth::password::StoredError;
use crate::auth::server::Refused;
use crate::dictionary::{Dictionary, Place};
use crate::report::diagnostic::{Diagnostic, Excerpt, Exit};
use crate::responder::receive::Because;
use crate::responder::states::Unknown;
use crate::responder::users::{Fault, FaultKind, Misplaced};
use crate::responder::{Did, Discard, Role, Why};
use crate::server::{Parting, StartError};

/// Which requests a listener serves.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Auth => "auth",
        Role::Acct => "acct",
        Role::Coa => "coa",
        Role::Any => "any",
    }
}

/// Why a request got no answer, in one or two words.
pub fn discard_kind(discard: &Discard) -> &'static str {
    match discard {
        Discard::TooShort { .. } => "too-short",
        Discard::UnknownClient => "unknown-client",
        Discard::NotServed { .. } => "not-served",
        Discard::Malformed(_) => "malformed",
        Discard::TooManyAttributes { .. } => "too-many-attributes",
        Discard::NoMessageAuthenticator(_) => "no-message-authenticator",
        Discard::WrongMessageAuthenticator => "wrong-message-authenticator",
        Discard::WrongAuthenticator => "wrong-authenticator",
        Discard::InFlight => "duplicate-in-flight",
        Discard::Stale { .. } => "stale",
        Discard::NoTimestamp => "no-timestamp",
        Discard::NotRecorded => "not-recorded",
        Discard::ProxyFull => "proxy-full",
        Discard::ProxyLoop => "proxy-loop",
        Discard::UpstreamSilent => "upstream-silent",
        Discard::Untranslatable => "untranslatable",
        Discard::ReplyTooLong { .. } => "reply-too-long",
        Discard::Dropped => "dropped-on-purpose",
    }
}

/// Why a request got no answer.
pub fn discard(discard: &Discard) -> String {
    match discard {
        Discard::TooShort { received } => format!("{received} octets are no packet"),
        Discard::UnknownClient => "no client has this address".into(),
        Discard::NotServed { role: served, .. } => {
            format!("not served by this listener ({})", role(*served))
        }
        Discard::Malformed(fault) => format!("malformed: {}", malformation(fault)),
        Discard::TooManyAttributes { max } => format!("more than {max} attributes"),
        Discard::NoMessageAuthenticator(because) => match because {
            Because::EapMessage => "EAP-Message without Message-Authenticator (RFC 3579 §3.2)".into(),
            Because::StatusServer => "Status-Server without Message-Authenticator (RFC 5997 §4.1)".into(),
            Because::Required => "no Message-Authenticator, and this client must send one".into(),
            Because::ProxyState => {
                "Proxy-State without Message-Authenticator, which this client may not send".into()
            }
        },
        Discard::WrongMessageAuthenticator => {
            "wrong Message-Authenticator: the shared secrets differ, or the packet was changed".into()
        }
        Discard::WrongAuthenticator => {
            "wrong Request Authenticator: the shared secrets differ, or the packet was changed".into()
        }
        Discard::InFlight => "a duplicate, and its answer is still on its way".into(),
        Discard::Stale { age } => format!("Event-Timestamp is {age} s from now (RFC 5176 §2.3)"),
        Discard::NoTimestamp => "no Event-Timestamp, which is required".into(),
        Discard::NotRecorded => "the record could not be stored".into(),
        Discard::ProxyFull => "too many requests wait for other servers".into(),
        Discard::ProxyLoop => "it was passed on by this proxy before: it goes in a loop".into(),
        Discard::UpstreamSilent => "no other server answered".into(),
        Discard::Untranslatable => {
            "it passes between RADIUS/1.0 and RADIUS/1.1, and something in it cannot be hidden or opened for that".into()
        }
        Discard::ReplyTooLong { length } => format!("the reply would have {length} octets"),
        Discard::Dropped => "dropped on purpose".into(),
    }
}

/// Why a reply is what it is.
pub fn why(why: &Why) -> String {
    let at = |entry: &Option<crate::responder::facts::Entry>| {
        entry
            .as_ref()
            .map_or_else(String::new, |entry| format!(", {}:{}", entry.file, entry.line))
    };
    match why {
        Why::AcceptAll => "all are accepted".into(),
        Why::RejectAll => "all are rejected".into(),
        Why::Proven { method, entry } => format!("{}{}", method.as_str(), at(entry)),
        Why::AuthType(entry) => format!("Auth-Type{}", at(entry)),
        Why::Refused { refused, method } => {
            format!("{}: {}", method.as_str(), self::refused(*refused))
        }
        Why::TwoCredentials => "both User-Password and CHAP-Password (RFC 2865 §4.1)".into(),
        Why::NoState => "Authorize-Only without State (RFC 5080 §2.1.1)".into(),
        Why::State(Unknown::NeverIssued) => "this State was never given out, or is used up".into(),
        Why::State(Unknown::Expired) => "this State has expired".into(),
        Why::State(Unknown::OtherClient) => "this State was given to another client".into(),
        Why::EapUnsupported => "EAP is not served".into(),
        Why::EapRound { kind, invalid, .. } => eap::round(*kind, invalid.as_ref()),
        Why::EapProven {
            method, inner, entry, ..
        } => match inner {
            Some(inner) => {
                let inner = super::printable(&String::from_utf8_lossy(inner));
                format!("{} as {inner}{}", method.as_str(), at(entry))
            }
            None => format!("{}{}", method.as_str(), at(entry)),
        },
        Why::EapRefused { why, kind, inner, .. } => eap::refusal(why, *kind, inner.as_deref()),
        Why::SecondFactor => "asks for the second factor".into(),
        Why::SecondFactorRight => "right second factor".into(),
        Why::SecondFactorWrong => "wrong second factor".into(),
        Why::Expired => "the account has expired".into(),
        Why::SimultaneousUse { most } => format!("online {most} times already"),
        Why::ReplyItem { name } => format!("{} cannot have the value filled in", quoted(name)),
        Why::Recorded => "recorded".into(),
        Why::NotKept => "records are not kept".into(),
        Why::Alive => "alive".into(),
        Why::Sessions { count: 1 } => "1 session".into(),
        Why::Sessions { count } => format!("{count} sessions"),
        Why::Cause(cause) => match cause.name() {
            Some(name) => format!("{} {name}", cause.0),
            None => format!("Error-Cause {}", cause.0),
        },
        Why::Upstream(server) => format!("from {server}"),
        Why::Fault => "on purpose".into(),
    }
}

/// What became of a request, in one word.
pub fn decision(did: &Did) -> &'static str {
    use crate::codec::Code;
    match did {
        Did::Replied(code, _) => match *code {
            Code::ACCESS_ACCEPT => "accept",
            Code::ACCESS_REJECT => "reject",
            Code::ACCESS_CHALLENGE => "challenge",
            Code::ACCOUNTING_RESPONSE => "response",
            Code::COA_ACK | Code::DISCONNECT_ACK => "ack",
            Code::COA_NAK | Code::DISCONNECT_NAK => "nak",
            Code::PROTOCOL_ERROR => "protocol-error",
            _ => "reply",
        },
        Did::Resent(_) => "resent",
        Did::Discarded(_) => "discard",
        Did::Recording => "recording",
        Did::Forwarding => "forwarding",
    }
}

/// Why a login was refused.
pub fn refused(refused: Refused) -> &'static str {
    match refused {
        Refused::UnknownUser => "unknown user",
        Refused::WrongPassword => "wrong password",
        Refused::Expired => "the password has expired",
        Refused::BadNewPassword => "the new password cannot be read",
        Refused::MethodNotAllowed => "this method is not allowed",
        Refused::PasswordNotKnown => "the password is not kept in a form that this method needs",
        Refused::NoCredentials => "no credentials",
        Refused::Malformed => "malformed credentials",
        Refused::NoChapChallenge => "CHAP without CHAP-Challenge in RADIUS/1.1",
    }
}

/// Why a connection ended.
pub fn parting(parting: &Parting) -> String {
    match parting {
        Parting::ByClient => "closed by the client".into(),
        Parting::UnknownClient => "closed: no client has this address".into(),
        Parting::Distrusted => "closed: what came cannot be trusted".into(),
        Parting::Idle => "closed: idle too long".into(),
        Parting::TooMany => "closed: too many connections".into(),
        Parting::Replaced => "closed: the client began anew".into(),
        Parting::TooManyHandshakes => "closed: too many handshakes at once".into(),
        Parting::Stalled => "closed: the client does not read its replies".into(),
        Parting::Untrusted(why, own) => {
            format!(
                "closed: its certificate is trusted no more: {}",
                super::shaken::distrust(why, Some(own))
            )
        }
        Parting::Stopping => "closed: the server ends".into(),
        Parting::Failed(error) => socket_error(error).message,
    }
}

/// Why a server cannot start.
pub fn start_error(error: &StartError) -> Diagnostic {
    match error {
        StartError::Listen(error) => {
            let mut diagnostic = socket_error(error);
            diagnostic.exit = Exit::Local;
            if let Some(address) = error.address {
                diagnostic.message = diagnostic
                    .message
                    .replace("cannot send from", "cannot listen on")
                    .replace(
                        &format!("{address}: the address"),
                        &format!("{address}: the port"),
                    );
            }
            diagnostic
        }
        StartError::Log(path, error) => log_error(path, error),
        StartError::System(error) => Diagnostic::error(
            "resources",
            Exit::Local,
            format!("this machine gives no thread or event queue: {error}"),
        ),
    }
}

/// An accounting log that cannot be opened or written.
pub fn log_error(path: &Path, error: &std::io::Error) -> Diagnostic {
    let name = quoted(path.display());
    match error.kind() {
        std::io::ErrorKind::ResourceBusy => Diagnostic::error(
            "log-in-use",
            Exit::Local,
            format!("the accounting log {name} is open in another process"),
        )
        .hint("two writers would damage it; give each server a log of its own"),
        std::io::ErrorKind::StorageFull => Diagnostic::error(
            "disk-full",
            Exit::Local,
            format!("the accounting log {name} cannot be written: the disk is full"),
        )
        .hint("Accounting-Requests get no answer until there is room"),
        _ => Diagnostic::error(
            "log",
            Exit::Local,
            format!(
                "the accounting log {name} cannot be written: {}",
                super::file::system(error)
            ),
        ),
    }
}

/// A fault of a users file, with its line and a caret.
pub fn users_fault(fault: &Fault, dictionary: &Dictionary) -> Diagnostic {
    let place = &fault.place;
    let span = span(place);
    let line = usize::try_from(place.line).ok().filter(|line| *line > 0);
    match &fault.kind {
        FaultKind::Text(kind) => {
            let error = TextError { span, kind: *kind };
            text_error(&error, &place.file, line, &place.text)
        }
        FaultKind::Pair { name, kind } => {
            let error = EncodeError {
                span,
                name: name.clone(),
                kind: kind.clone(),
            };
            super::pair_error(&error, dictionary, &place.file, line, &place.text)
        }
        kind => {
            let (message, hint) = users_words(kind, place);
            let mut diagnostic = Diagnostic::error("users-file", Exit::Usage, message);
            if let Some(line) = line {
                diagnostic = diagnostic.excerpt(Excerpt {
                    origin: place.file.clone(),
                    line: Some(line),
                    text: place.text.clone(),
                    span,
                    label: String::new(),
                });
            }
            match hint {
                Some(hint) => diagnostic.hint(hint),
                None => diagnostic,
            }
        }
    }
}

fn span(place: &Place) -> std::ops::Range<usize> {
    let start = place.column.saturating_sub(1) as usize;
    start..start + place.octets as usize
}

fn users_words(kind: &FaultKind, place: &Place) -> (String, Option<&'static str>) {
    let at = quoted(place.text.get(span(place)).unwrap_or("").trim());
    match kind {
        FaultKind::Text(_) | FaultKind::Pair { .. } => (at, None),
        FaultKind::OpenName => ("the quote around this name is not closed".into(), None),
        FaultKind::NoUser => (
            "reply items, but no user before them".into(),
            Some("a user's name begins its line; reply items are indented"),
        ),
        FaultKind::TrailingComma => (
            "a comma after the last check item".into(),
            Some("all check items stand on the line of the name; what follows indented are reply items"),
        ),
        FaultKind::NoComma => (
            "more reply items, but the line before does not end in a comma".into(),
            Some("put a comma at the end of the line before"),
        ),
        FaultKind::Operator(Misplaced::SetsInCheck) => (
            format!("{at} sets, but check items of requests compare"),
            Some("== compares; := sets what the server itself is told, such as a password"),
        ),
        FaultKind::Operator(Misplaced::ComparesControl) => {
            (format!("{at} compares what no request holds"), Some(":= sets it"))
        }
        FaultKind::Operator(Misplaced::ComparesReply) => (
            format!("{at} compares, but reply items are set"),
            Some("= adds if there is none yet, := replaces, += adds in any case"),
        ),
        FaultKind::Password(error) => (stored_error(error), None),
        FaultKind::AuthType => (
            format!("{at} is nothing that is known here"),
            Some(
                "Auth-Type is Accept, Reject, PAP, CHAP, MS-CHAP or EAP; EAP-Type is MD5, GTC, MSCHAPv2, TLS, TTLS, PEAP or PWD",
            ),
        ),
        FaultKind::Number => (format!("{at} is no number"), None),
        FaultKind::YesOrNo => (format!("{at} is neither Yes nor No"), None),
        FaultKind::Date => (
            format!("{at} is no date"),
            Some("the forms are `Jan 1 2030`, `1 Jan 2030` and `2030-01-01`, with ` 12:00:00` if it matters"),
        ),
        FaultKind::Network => (format!("{at} is no address or network"), None),
        FaultKind::Expansion => (
            format!("{at} holds an expansion that is not known"),
            Some(
                "known are %{NAME}, %{NAME:-otherwise}, %{%{NAME}:-otherwise} and %{NAME[n]} with attributes of the request, %{0} to %{9} after =~, and %u and its like; %% is a percent sign",
            ),
        ),
        FaultKind::Unsupported => (format!("{at} is not checked by this server"), None),
        FaultKind::Unreadable(kind) => (
            format!(
                "cannot read {}: {}",
                if place.line == 0 { quoted(&place.file) } else { at },
                super::file::system_kind(*kind)
            ),
            None,
        ),
        FaultKind::NotUtf8 => ("this is not UTF-8 text".into(), None),
        FaultKind::Cycle => (format!("{at} includes itself"), None),
    }
}

fn stored_error(error: &StoredError) -> String {
    match error {
        StoredError::Encoding => "neither hexadecimal nor base64".into(),
        StoredError::Length { expected, found } => {
            format!("this hash has {expected} octets, these are {found}")
        }
        StoredError::Crypt(CryptError::UnknownScheme) => {
            "this is no hash of crypt(3) that can be checked: DES, $1$, $5$, $6$ and $2b$ are".into()
        }
        StoredError::Crypt(CryptError::Malformed) => "this hash of crypt(3) is cut or damaged".into(),
        StoredError::Header => "a scheme in braces must begin it, such as {ssha}".into(),
    }
}
