//! What a server did, for scripts: one object a request, and one for the totals.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use serde::Serialize;

use super::{explanation, listener, name, replies, request, timestamp};
use crate::codec::Code;
use crate::net::tls::Handshake;
use crate::report::diagnostic::Diagnostic;
use crate::report::view::{Certificate, Lens, Packet, milliseconds};
use crate::report::{json, words};
use crate::responder::faults::Kind;
use crate::responder::{Did, Why};
use crate::server::{Handled, Listening, Totals};

/// One request as an object of `--json`.
#[derive(Debug, Serialize)]
pub struct Request<'a> {
    /// When it came, RFC 3339 in UTC.
    pub time: String,
    /// What the client is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<&'a str>,
    /// From where it came.
    pub source: String,
    /// To which listener.
    pub listener: String,
    /// The Code's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The Code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_number: Option<u8>,
    /// The Identifier; RADIUS/1.1 has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u8>,
    /// The Token, in hexadecimal; only RADIUS/1.1 has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// What the handshake of its connection came to, over TLS and DTLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Protection>,
    /// User-Name; `0x…` where it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The name inside an EAP tunnel, at the end of its conversation; `0x…` where it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inner_user: Option<String>,
    /// What became of it, in one word.
    pub decision: &'static str,
    /// The reply's Code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<String>,
    /// Why, in one or two words; for requests without an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// Why, for people.
    pub why: String,
    /// What went wrong with it on purpose.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<&'static str>,
    /// Whether it is an Access-Request without Message-Authenticator.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unprotected: bool,
    /// From its arrival to the decision, in milliseconds.
    pub latency_ms: f64,
    /// The request; with `--trace`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<Packet>,
    /// What leaves for it; with `--trace`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<Packet>,
}

/// What protects a request.
#[derive(Debug, Serialize)]
pub struct Protection {
    /// `TLS 1.3`.
    pub version: &'static str,
    /// The cipher suite by its IANA name.
    pub cipher: String,
    /// What was agreed on in ALPN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alpn: Option<String>,
    /// The version of RADIUS: `1.0` or `1.1`.
    pub radius_version: &'static str,
    /// Whether an earlier session was resumed.
    pub resumed: bool,
    /// The identity of the pre-shared key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub psk_identity: Option<String>,
    /// The client's certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Certificate>,
}

impl From<&Handshake> for Protection {
    fn from(handshake: &Handshake) -> Protection {
        Protection {
            version: handshake.version.name(),
            cipher: handshake.cipher.clone(),
            alpn: handshake.alpn.clone(),
            radius_version: handshake.radius.name(),
            resumed: handshake.resumed,
            psk_identity: handshake.psk.clone(),
            certificate: handshake.chain.first().map(Certificate::from),
        }
    }
}

/// A client whose handshake failed, as an object on one line.
pub fn unshaken_object(
    source: SocketAddr,
    listening: &Listening,
    why: &Diagnostic,
    at: SystemTime,
) -> String {
    #[derive(Serialize)]
    struct Object<'a> {
        time: String,
        source: String,
        listener: String,
        decision: &'static str,
        reason: &'static str,
        why: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        hint: Option<&'a str>,
    }
    json::line(&Object {
        time: timestamp(at),
        source: source.to_string(),
        listener: listener(listening),
        decision: "refuse-connection",
        reason: why.kind,
        why: &why.message,
        hint: why.hints.first().map(String::as_str),
    })
}

/// What was counted, as an object of `--json`.
#[derive(Debug, Serialize)]
pub struct Counted {
    /// Requests by Code.
    pub requests: serde_json::Map<String, serde_json::Value>,
    /// Replies by Code.
    pub replies: serde_json::Map<String, serde_json::Value>,
    /// Requests without an answer by reason.
    pub discarded: serde_json::Map<String, serde_json::Value>,
    /// Replies sent again.
    pub resent: u64,
    /// Access-Requests without Message-Authenticator.
    pub unprotected: u64,
    /// Requests that a fault on purpose befell.
    pub mishaps: u64,
    /// How long the server ran, in seconds.
    pub seconds: f64,
}

/// An object for scripts, on one line. Nothing for what is not decided yet.
pub fn object(handled: &Handled<'_>, lens: Option<&Lens<'_>>) -> Option<String> {
    let facts = handled.facts;
    if matches!(facts.did, Did::Recording | Did::Forwarding) {
        return None;
    }
    let request = Request {
        time: timestamp(handled.at),
        client: facts.client.map(|client| client.name.as_str()),
        source: handled.source.to_string(),
        listener: listener(handled.listening),
        code: facts.code.map(|code| code.to_string()),
        code_number: facts.code.map(|code| code.0),
        id: facts.identifier,
        token: facts.token.map(|token| token.to_string()),
        tls: handled.handshake.map(Protection::from),
        user: facts.user.map(name),
        inner_user: match &facts.did {
            Did::Replied(_, Why::EapProven { inner, .. } | Why::EapRefused { inner, .. }) => {
                inner.as_deref().map(name)
            }
            _ => None,
        },
        decision: words::decision(&facts.did),
        reply: match &facts.did {
            Did::Replied(code, _) | Did::Resent(code) => Some(code.to_string()),
            _ => None,
        },
        reason: match &facts.did {
            Did::Discarded(discard) => Some(words::discard_kind(discard)),
            _ => None,
        },
        why: explanation(facts),
        faults: facts.mishaps.iter().map(Kind::name).collect(),
        unprotected: facts.unprotected,
        latency_ms: milliseconds(handled.took),
        request: lens.and_then(|lens| self::request(handled, lens)),
        replies: lens.map_or_else(Vec::new, |lens| replies(handled, lens)),
    };
    Some(json::line(&request))
}

/// What was counted, for scripts.
pub fn totals_object(totals: &Totals, ran: Duration) -> String {
    let map = |counts: &[(Code, u64)]| {
        counts
            .iter()
            .map(|(code, count)| (code.to_string(), (*count).into()))
            .collect()
    };
    #[derive(Serialize)]
    struct Object {
        totals: Counted,
    }
    json::line(&Object {
        totals: Counted {
            requests: map(&totals.requests),
            replies: map(&totals.replies),
            discarded: totals
                .discards
                .iter()
                .map(|(discard, count)| (words::discard_kind(discard).to_owned(), (*count).into()))
                .collect(),
            resent: totals.resent,
            unprotected: totals.unprotected,
            mishaps: totals.mishaps,
            seconds: (ran.as_secs_f64() * 1e3).round() / 1e3,
        },
    })
}
