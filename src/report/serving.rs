//! What a server did, as a line for people or an object for scripts.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use anstyle::Style;
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use super::diagnostic::Diagnostic;
use super::human::{self, Direction};
use super::theme::{BAD, FAINT, GOOD, WARNING};
use super::view::{Certificate, Lens, Packet, milliseconds};
use super::{eap, json, words};
use crate::codec::{Code, Packet as Octets, hex};
use crate::exchange::Version;
use crate::net::tls::Handshake;
use crate::responder::faults::Kind;
use crate::responder::{Did, Discard, Facts, Why};
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

/// Writes requests down, one after the other.
pub struct Writer {
    colour: bool,
    /// The second of the last line, and how it is written.
    second: i64,
    clock: String,
}

impl Writer {
    /// With colours or without.
    pub fn new(colour: bool) -> Writer {
        Writer {
            colour,
            second: i64::MIN,
            clock: String::new(),
        }
    }

    /// A line for people. Nothing for what is not decided yet.
    pub fn line(&mut self, out: &mut String, handled: &Handled<'_>) {
        let facts = handled.facts;
        if matches!(facts.did, Did::Recording | Did::Forwarding) {
            return;
        }
        self.time(out, handled.at);
        self.who(out, handled);
        match facts.code {
            Some(code) => {
                let _ = write!(out, " {code}");
            }
            None => out.push_str(" no packet"),
        }
        if let Some(identifier) = facts.identifier {
            let _ = write!(out, " id={identifier}");
        }
        if let Some(token) = facts.token {
            let _ = write!(out, " token={token}");
        }
        if let Some(user) = facts.user {
            out.push(' ');
            out.push_str(&name(user));
        }
        out.push_str(" → ");
        let (style, what) = outcome(&facts.did);
        self.paint(out, style, &what);
        let why = explanation(facts);
        if !why.is_empty() {
            let _ = write!(out, " ({why})");
        }
        if !facts.mishaps.is_empty() {
            let kinds: Vec<&str> = facts.mishaps.iter().map(Kind::name).collect();
            let _ = write!(out, " [fault: {}]", kinds.join(", "));
        }
        let _ = writeln!(out, " {:.3} ms", milliseconds(handled.took));
    }

    /// The packets of a request, as a trace shows them.
    pub fn trace(&mut self, out: &mut String, handled: &Handled<'_>, lens: &Lens<'_>, annotate: bool) {
        let settled = !matches!(handled.facts.did, Did::Recording | Did::Forwarding);
        let late = !handled.replies.is_empty()
            && matches!(
                handled.facts.did,
                Did::Replied(_, Why::Recorded | Why::Upstream(_))
            );
        let peer = handled.source.to_string();
        if !late {
            match request(handled, lens) {
                Some(view) => out.push_str(&human::packet(Direction::Received, &peer, &view, annotate)),
                None => super::hexdump::dump(out, "    ", handled.octets, &[]),
            }
        }
        if let Did::Replied(_, why) = &handled.facts.did {
            let seen = why
                .notes()
                .iter()
                .filter_map(|note| eap::note(note, lens.secrets));
            seen.for_each(|text| out.push_str(&format!("  {text}\n")));
        }
        if settled {
            for view in replies(handled, lens) {
                out.push_str(&human::packet(Direction::Sent, &peer, &view, annotate));
            }
        }
    }

    fn time(&mut self, out: &mut String, at: SystemTime) {
        let since = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let second = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
        if second != self.second {
            self.second = second;
            let stamp = Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
            self.clock = stamp
                .to_zoned(TimeZone::system())
                .strftime("%H:%M:%S")
                .to_string();
        }
        let _ = write!(out, "{}.{:03} ", self.clock, since.subsec_millis());
    }

    fn who(&self, out: &mut String, handled: &Handled<'_>) {
        let _ = write!(out, "{}", handled.source);
        match handled.facts.client {
            Some(client) if client.name != client.network.to_string() => {
                let _ = write!(out, " {}", client.name);
            }
            _ => {}
        }
        if let Some(handshake) = handled.handshake {
            let version = handshake.version.name();
            let _ = write!(out, " [{version}, RADIUS/{}]", handshake.radius.name());
        }
    }

    /// A line for a client whose handshake failed.
    pub fn unshaken(&mut self, out: &mut String, source: SocketAddr, why: &Diagnostic, at: SystemTime) {
        self.time(out, at);
        let _ = write!(out, "{source} → ");
        self.paint(out, BAD, "refused");
        let _ = writeln!(out, " ({})", why.message);
        for hint in &why.hints {
            let _ = writeln!(out, "  hint: {hint}");
        }
    }

    fn paint(&self, out: &mut String, style: Style, text: &str) {
        if self.colour {
            let _ = write!(out, "{style}{text}{style:#}");
        } else {
            out.push_str(text);
        }
    }
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

/// A listener as it is given: `udp://127.0.0.1:1812?role=auth`.
pub fn listener(listening: &Listening) -> String {
    format!(
        "{}://{}?role={}",
        listening.transport.name(),
        listening.address,
        words::role(listening.role)
    )
}

/// RFC 3339 in UTC, to the microsecond.
pub fn timestamp(at: SystemTime) -> String {
    let stamp = Timestamp::try_from(at).unwrap_or(Timestamp::UNIX_EPOCH);
    let stamp = stamp.round(jiff::Unit::Microsecond).unwrap_or(stamp);
    stamp.to_string()
}

/// A name as it can stand in a line.
fn name(octets: &[u8]) -> String {
    match std::str::from_utf8(octets) {
        Ok(text) => words::printable(text).replace('\n', "\\n"),
        Err(_) => format!("0x{}", hex::encode(octets)),
    }
}

/// What became of a request, and how that looks.
fn outcome(did: &Did) -> (Style, String) {
    let style = |code: Code| match code {
        Code::ACCESS_ACCEPT | Code::ACCOUNTING_RESPONSE | Code::COA_ACK | Code::DISCONNECT_ACK => GOOD,
        Code::ACCESS_CHALLENGE => WARNING,
        _ => BAD,
    };
    match did {
        Did::Replied(code, _) => (style(*code), code.to_string()),
        Did::Resent(code) => (FAINT, format!("{code} again")),
        Did::Discarded(Discard::InFlight) => (FAINT, "no reply yet".into()),
        Did::Discarded(_) => (WARNING, "discarded".into()),
        Did::Recording | Did::Forwarding => (FAINT, String::new()),
    }
}

fn explanation(facts: &Facts<'_>) -> String {
    match &facts.did {
        Did::Replied(_, why) => words::why(why),
        Did::Resent(_) => "a duplicate: the identical reply".into(),
        Did::Discarded(discard) => words::discard(discard),
        Did::Recording | Did::Forwarding => String::new(),
    }
}

/// Whether it came in RADIUS/1.1.
fn is_clear(handled: &Handled<'_>) -> bool {
    handled
        .handshake
        .is_some_and(|handshake| handshake.radius == Version::V1_1)
}

fn request(handled: &Handled<'_>, lens: &Lens<'_>) -> Option<Packet> {
    let packet = Octets::parse(handled.octets).ok()?;
    if is_clear(handled) {
        return Some(lens.clear(&packet));
    }
    let secret = handled.facts.client.map(|client| &client.secret);
    Some(lens.packet(&packet, secret, None))
}

fn replies(handled: &Handled<'_>, lens: &Lens<'_>) -> Vec<Packet> {
    let secret = handled.facts.client.map(|client| &client.secret);
    let request = Octets::parse(handled.octets).ok();
    handled
        .replies
        .iter()
        .filter_map(|departure| {
            let packet = Octets::parse(&departure.octets).ok()?;
            if is_clear(handled) {
                return Some(lens.clear(&packet));
            }
            Some(lens.packet(&packet, secret, request.map(|request| request.authenticator())))
        })
        .collect()
}

/// What was counted, for people.
pub fn totals(totals: &Totals, ran: Duration) -> String {
    let mut out = String::new();
    let list = |counts: &[(Code, u64)]| {
        let parts: Vec<String> = counts
            .iter()
            .map(|(code, count)| format!("{count} {code}"))
            .collect();
        parts.join(", ")
    };
    let _ = writeln!(
        out,
        "{} requests in {:.1} s{}{}",
        totals.all_requests(),
        ran.as_secs_f64(),
        if totals.requests.is_empty() { "" } else { ": " },
        list(&totals.requests)
    );
    if !totals.replies.is_empty() {
        let _ = writeln!(out, "{} replies: {}", totals.all_replies(), list(&totals.replies));
    }
    if totals.resent > 0 {
        let _ = writeln!(
            out,
            "{} duplicates answered with the identical reply",
            totals.resent
        );
    }
    if !totals.discards.is_empty() {
        let parts: Vec<String> = totals
            .discards
            .iter()
            .map(|(discard, count)| format!("{count} {}", words::discard_kind(discard)))
            .collect();
        let _ = writeln!(out, "{} discarded: {}", totals.all_discards(), parts.join(", "));
    }
    if totals.unprotected > 0 {
        let _ = writeln!(
            out,
            "{} Access-Requests without Message-Authenticator (CVE-2024-3596)",
            totals.unprotected
        );
    }
    if totals.mishaps > 0 {
        let _ = writeln!(out, "{} faults on purpose", totals.mishaps);
    }
    out
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
