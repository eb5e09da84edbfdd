//! Words for the facts of `exchange` and `outcome`: how a conversation went.

use std::net::SocketAddr;
use std::time::Duration;

use super::login::{login_end, stood, unfit};
use super::packet::{build_error, malformation};
use super::{octets, socket_error};
use crate::codec::{AttributeType, Code, Packet};
use crate::exchange::{Demand, Ignored};
use crate::outcome::{Dropped, Ended, Expectation, LoginFacts, Outcome, Verdict};
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::view::{Exchange, Unmet};

/// The verdict in one word.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Accept => "accept",
        Verdict::Reject => "reject",
        Verdict::Challenge => "challenge",
        Verdict::Ack => "ack",
        Verdict::Nak => "nak",
        Verdict::Response => "response",
        Verdict::ProtocolError => "protocol-error",
        Verdict::Other(_) => "other",
        Verdict::Timeout => "timeout",
        Verdict::Untrusted => "untrusted",
        Verdict::Unreachable => "unreachable",
        Verdict::Broken => "broken",
        Verdict::Failed => "failed",
        Verdict::Interrupted => "interrupted",
    }
}

/// What kind of datagram was ignored, for scripts.
pub fn ignored_kind(why: &Ignored) -> &'static str {
    match why {
        Ignored::WrongSource { .. } => "wrong-source",
        Ignored::UnknownIdentifier { .. } => "unknown-identifier",
        Ignored::UnknownToken { .. } => "unknown-token",
        Ignored::Late { .. } => "late",
        Ignored::Duplicate { .. } => "duplicate",
        Ignored::TooShort(_) => "too-short",
        Ignored::Malformed(_) => "malformed",
        Ignored::MissingMessageAuthenticator { .. } => "missing-message-authenticator",
        Ignored::ProxyStateNotSent => "proxy-state-not-sent",
        Ignored::WrongMessageAuthenticator { .. } => "wrong-message-authenticator",
        Ignored::WrongAuthenticator { .. } => "wrong-authenticator",
        Ignored::IllegalCode { .. } => "illegal-code",
    }
}

/// Why a datagram was ignored, as the end of a sentence that begins with the datagram.
pub fn ignored(why: &Ignored) -> String {
    match why {
        Ignored::WrongSource { expected, from } => {
            format!("came from {from}, and the request went to {expected} (RFC 2865 §3)")
        }
        Ignored::UnknownToken { token } => {
            format!("has Token {token}, and no request with it is outstanding")
        }
        Ignored::UnknownIdentifier { identifier } => {
            format!("has Identifier {identifier}, and no request with it is outstanding")
        }
        Ignored::Late { after, .. } => {
            format!(
                "came {} after its request was first sent, too late",
                seconds(*after)
            )
        }
        Ignored::Duplicate { .. } => "answers a request that was answered before".into(),
        Ignored::TooShort(short) => format!(
            "has {}, and a packet has at least 20 (RFC 2865 §3)",
            octets(short.received)
        ),
        Ignored::Malformed(all) => {
            let all: Vec<String> = all.iter().map(malformation).collect();
            format!("is malformed: {}", all.join("; "))
        }
        Ignored::MissingMessageAuthenticator {
            because: Demand::Asked,
        } => "has no Message-Authenticator, which is required here".into(),
        Ignored::MissingMessageAuthenticator {
            because: Demand::EapMessage,
        } => "carries EAP and has no Message-Authenticator (RFC 3579 §3.2)".into(),
        Ignored::ProxyStateNotSent => {
            "has no Message-Authenticator, and carries a Proxy-State that was not sent: so \
                                       does a forgery after CVE-2024-3596 (BlastRADIUS)"
                .into()
        }
        Ignored::WrongMessageAuthenticator { .. } => "failed its Message-Authenticator check".into(),
        Ignored::WrongAuthenticator { .. } => "failed its Response Authenticator check".into(),
        Ignored::IllegalCode { request, reply } => format!("is {reply}, which does not answer {request}"),
    }
}

/// Why a conversation has no reply that counts; `None` where it has one.
pub fn ended(outcome: &Outcome) -> Option<Diagnostic> {
    let server = outcome.server;
    Some(match &outcome.ended {
        Ended::Answered if outcome.verdict() == Verdict::ProtocolError => refusal(outcome),
        Ended::Answered => return outcome.login.as_ref().and_then(|login| login_end(login)),
        Ended::Unanswered => {
            let hint = "--response answers it; on a terminal the answer is asked for";
            Diagnostic::error(
                "challenge",
                Exit::No,
                format!("{server} asks for more, and there is no answer"),
            )
            .hint(hint)
        }
        Ended::TooManyRounds(rounds) => Diagnostic::error(
            "rounds",
            Exit::Broken,
            format!("{server} sent {rounds} challenges and no end is in sight"),
        ),
        Ended::Interrupted => Diagnostic::error(
            "interrupted",
            Exit::NoReply,
            format!("no reply from {server} until Ctrl-C"),
        ),
        Ended::Unbuildable(error) => build_error(error),
        Ended::Unfit(why) => unfit(why),
        Ended::Failed(error) => socket_error(error),
        Ended::GaveUp(_) => silence(outcome),
    })
}

/// The server answered that it cannot process the request (RFC 7930 §3).
fn refusal(outcome: &Outcome) -> Diagnostic {
    let server = outcome.server;
    let answer = outcome
        .answer()
        .and_then(|answer| Packet::parse(&answer.octets).ok());
    let cause = answer
        .and_then(|packet| packet.first(AttributeType::ERROR_CAUSE))
        .and_then(|cause| cause.value().try_into().ok().map(u32::from_be_bytes));
    let message = format!("{server} cannot process the request: {}", because(cause));
    let diagnostic = Diagnostic::error("protocol-error", Exit::No, message);
    match cause {
        Some(406) => diagnostic.hint("another port, or another server, serves such requests"),
        Some(502) => diagnostic.hint("the realm in User-Name says where a proxy sends a request"),
        _ => diagnostic,
    }
}

/// That another server is asked, since one cannot process the request.
pub fn moved_on(from: SocketAddr, to: SocketAddr, cause: Option<u32>) -> Diagnostic {
    let message = format!(
        "{from} cannot process the request: {}; asking {to}",
        because(cause)
    );
    Diagnostic::warning("protocol-error", message)
}

/// What a Protocol-Error gives as its reason; the same numbers mean something else in the answer of a NAS.
fn because(cause: Option<u32>) -> String {
    let Some(cause) = cause else {
        return "it does not say why".to_owned();
    };
    let meaning = match cause {
        406 => "it does not serve this kind of request here",
        502 => "it does not reach a server that could",
        505 => "it is a proxy, and something went wrong there",
        506 => "it has no resources for it now",
        other => match error_cause(other) {
            Some(meaning) => meaning,
            None => return format!("Error-Cause {other}"),
        },
    };
    format!("{meaning} (Error-Cause {cause})")
}

/// No reply, or none that counts: what came instead says most of why.
fn silence(outcome: &Outcome) -> Diagnostic {
    let server = outcome.server;
    let bad = outcome.ignored.iter().find(|dropped| dropped.why.is_untrusted());
    if let Some(dropped) = bad {
        return untrusted(outcome, dropped);
    }
    if let Some(dropped) = outcome.ignored.iter().find(|dropped| dropped.why.is_violation()) {
        let message = format!("a reply from {server} {}", ignored(&dropped.why));
        return Diagnostic::error(ignored_kind(&dropped.why), Exit::Broken, message);
    }
    let attempts = outcome.attempts();
    let waited = if attempts == 1 {
        "1 attempt".to_owned()
    } else {
        format!("{attempts} attempts")
    };
    let request = outcome
        .last()
        .map_or(Code(0), |round| crate::outcome::code(&round.request));
    let message = format!(
        "no reply from {server} after {waited} in {}",
        seconds(outcome.waited)
    );
    let diagnostic = Diagnostic::error("timeout", Exit::NoReply, message);
    if let Some(login) = outcome.login.as_ref().filter(|_| outcome.rounds.len() > 1) {
        return mid_login(diagnostic, login);
    }
    let diagnostic = diagnostic.hint(
        "a server ignores a client that it does not know; check that this address is one of its clients",
    );
    match request {
        Code::ACCESS_REQUEST | Code::STATUS_SERVER | Code::ACCOUNTING_REQUEST => diagnostic.hint(
            "a server ignores a request whose shared secret differs; its log then speaks of an invalid \
             Message-Authenticator or Request Authenticator",
        ),
        Code::COA_REQUEST | Code::DISCONNECT_REQUEST => diagnostic.hint(
            "a NAS ignores a request whose shared secret differs; the secret of dynamic authorization may be another \
             one than for authentication",
        ),
        _ => diagnostic,
    }
}

/// A server that answered before and does so no more is there, and knows the secret.
fn mid_login(diagnostic: Diagnostic, login: &LoginFacts) -> Diagnostic {
    let diagnostic = match stood(&login.progress) {
        Some(where_it_stood) => diagnostic.hint(where_it_stood),
        None => diagnostic,
    };
    match login.progress.eap_octets {
        // What fits into a datagram without being cut gets through everywhere.
        0..1200 => diagnostic.hint("the server may be waiting for something else: its log knows for what"),
        _ => diagnostic
            .hint("long packets may be lost on the way (MTU); --eap-fragment-size 1000 sends shorter ones"),
    }
}

/// Replies came, but none that can be trusted.
fn untrusted(outcome: &Outcome, dropped: &Dropped) -> Diagnostic {
    let message = format!("a reply from {} {}", outcome.server, ignored(&dropped.why));
    let diagnostic = Diagnostic::error(ignored_kind(&dropped.why), Exit::Untrusted, message);
    match dropped.why {
        Ignored::WrongAuthenticator { .. } | Ignored::WrongMessageAuthenticator { .. } => {
            diagnostic.hint("the shared secrets differ")
        }
        Ignored::MissingMessageAuthenticator { .. } => diagnostic.hint(
            "the server is open to CVE-2024-3596 (BlastRADIUS); update it, FreeRADIUS to 3.2.5 or later",
        ),
        _ => diagnostic,
    }
}

/// What was expected, as it is written.
pub fn expectation(expected: &Expectation) -> String {
    match expected {
        Expectation::Verdict(expected) => verdict(*expected).to_owned(),
        Expectation::Code(code) => format!("Packet-Type == {code}"),
        Expectation::Silence => "none".into(),
        Expectation::Attribute { text, .. } => text.clone(),
        Expectation::Nothing => "no other attribute".into(),
    }
}

/// An expectation that was not met, and what there is instead.
pub fn unmet(unmet: &Unmet, exchange: &Exchange) -> Diagnostic {
    let instead = match unmet.found.as_slice() {
        [] => match &exchange.reply {
            None => "there is no reply".to_owned(),
            Some(reply) if unmet.expected.starts_with("Packet-Type ") => format!("it is {}", reply.code),
            Some(_) if unmet.expected.contains(' ') => "there is no such attribute".to_owned(),
            Some(_) => format!("it is {}", exchange.verdict),
        },
        found => format!("there is {}", found.join(", ")),
    };
    Diagnostic::error(
        "expectation",
        Exit::No,
        format!("expected {}: {instead}", unmet.expected),
    )
}

/// What a value of Error-Cause means for whoever asked (RFC 5176 §3.5).
pub fn error_cause(cause: u32) -> Option<&'static str> {
    Some(match cause {
        201 => "the session is gone, and what was left of it has been removed",
        202 => "the server could not read the EAP packet that it was sent",
        401 => "the request holds an attribute that the NAS does not support there",
        402 => "the request lacks an attribute that the NAS needs",
        403 => {
            "the request names another NAS: NAS-IP-Address, NAS-Identifier or NAS-IPv6-Address does not match"
        }
        404 => "something else in the request is wrong",
        405 => "the NAS does not support the Service-Type",
        406 => "the NAS does not support this kind of request",
        407 => "an attribute has a value that the NAS cannot use",
        501 => "the NAS is configured not to honour such requests",
        502 => "a proxy does not know the way to the NAS",
        503 => "the NAS has no session that matches the attributes",
        504 => "the session exists, but cannot be removed",
        505 => "a proxy on the way could not process the request",
        506 => "the NAS has no resources for it now; it may work later",
        507 => "the NAS will ask for authorization itself: it sends an Access-Request (Authorize-Only)",
        508 => "several sessions match, and the NAS changes one at a time; name the session more closely",
        509 => "the NAS needs location information (RFC 5580)",
        510 => "the request had no Message-Authenticator, and the server requires one",
        601 => "the response is larger than this side said that it takes (RFC 7930)",
        _ => return None,
    })
}

/// `0.412 s`, `15.0 s`.
fn seconds(duration: Duration) -> String {
    if duration < Duration::from_secs(1) {
        format!("{:.0} ms", duration.as_secs_f64() * 1e3)
    } else {
        format!("{:.1} s", duration.as_secs_f64())
    }
}
