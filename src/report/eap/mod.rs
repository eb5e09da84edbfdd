//! EAP as it is seen: a packet in one line, a login round by round, and the facts of a login as an object.

mod note;
mod packet;

use std::fmt::Write as _;
use std::time::UNIX_EPOCH;

use rustls::pki_types::CertificateDer;
use serde::Serialize;

pub use note::note;
pub use packet::line;

use super::diagnostic::Diagnostic;
use super::view::{Certificate, HIDDEN};
use super::words;
use crate::auth::eap::tls::TlsFacts;
use crate::auth::{KeyCheck, KeyNameCheck, Keys, Note};
use crate::codec::{Packet as Octets, hex};
use crate::net::clock;
use crate::net::tls::{self, suite_name};
use crate::outcome::{LoginEnd, LoginFacts, Outcome};

/// The facts of a login with EAP.
#[derive(Debug, Serialize)]
pub struct Eap {
    /// How it ended: `accepted`, `rejected`, `broken`, `unfinished`.
    pub outcome: &'static str,
    /// How many Access-Requests were made.
    pub rounds: u32,
    /// The EAP method that the server began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// How the server's MS-MPPE keys compare with ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys: Option<&'static str>,
    /// How EAP-Key-Name compares with our Session-Id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_name: Option<&'static str>,
    /// Whether the server proved that it knows the password, or holds a certificate that was checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_proved: Option<bool>,
    /// The Master Session Key; `<hidden>` where secrets are not shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub msk: Option<String>,
    /// The Extended Master Session Key, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emsk: Option<String>,
    /// The Session-Id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// What the handshake agreed on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
    /// The certificates that were not trusted, the server's first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused_chain: Vec<Certificate>,
    /// What was seen on the way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// What a handshake agreed on.
#[derive(Debug, Serialize)]
pub struct Tls {
    /// `1.2` or `1.3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// IANA's name of the cipher suite.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cipher: Option<String>,
    /// The group of the key exchange.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Whether an earlier session was resumed.
    pub resumed: bool,
    /// Whether the certificates were checked against anything.
    pub checked: bool,
    /// The server's certificates, its own first.
    pub chain: Vec<Certificate>,
}

/// The facts of a login as an object.
pub fn view(facts: &LoginFacts, secrets: bool) -> Eap {
    let accepted = match &facts.end {
        Some(LoginEnd::Accepted(accepted)) => Some(accepted),
        _ => None,
    };
    let keys: Option<&Keys> = accepted.and_then(|accepted| accepted.keys.as_ref());
    let shown = |octets: &[u8]| match secrets {
        true => format!("0x{}", hex::encode(octets)),
        false => HIDDEN.to_owned(),
    };
    Eap {
        outcome: match &facts.end {
            Some(LoginEnd::Accepted(_)) if facts.is_broken() => "broken",
            Some(LoginEnd::Accepted(_)) => "accepted",
            Some(LoginEnd::Rejected(_)) => "rejected",
            Some(LoginEnd::Broken(_)) => "broken",
            _ => "unfinished",
        },
        rounds: facts.progress.rounds,
        method: facts.progress.method.map(words::eap_type),
        keys: accepted.map(|accepted| words::key_check(accepted.key_check)),
        key_name: accepted
            .filter(|accepted| accepted.key_name != KeyNameCheck::None)
            .map(|accepted| words::key_name(accepted.key_name)),
        server_proved: accepted.map(|accepted| accepted.server_proved),
        msk: keys.map(|keys| shown(&keys.msk[..])),
        emsk: keys
            .and_then(|keys| keys.emsk.as_ref())
            .map(|emsk| shown(&emsk[..])),
        session_id: keys
            .filter(|keys| !keys.session_id.is_empty())
            .map(|keys| format!("0x{}", hex::encode(&keys.session_id))),
        tls: facts.tls().map(agreed),
        refused_chain: facts
            .distrust()
            .map_or_else(Vec::new, |fault| chain(&fault.chain)),
        notes: facts
            .notes
            .iter()
            .filter_map(|(_, seen)| note(seen, secrets))
            .collect(),
    }
}

fn agreed(facts: &TlsFacts) -> Tls {
    Tls {
        version: facts.version.map(|version| match version {
            rustls::ProtocolVersion::TLSv1_2 => "1.2".to_owned(),
            rustls::ProtocolVersion::TLSv1_3 => "1.3".to_owned(),
            other => format!("{other:?}"),
        }),
        cipher: facts.cipher.map(suite_name),
        group: facts.group.map(|group| format!("{group:?}")),
        resumed: facts.resumed,
        checked: facts.checked,
        chain: chain(&facts.chain),
    }
}

/// What certificates say; what is none is left out.
fn read(chain: &[CertificateDer<'_>]) -> impl Iterator<Item = tls::Certificate> {
    let since = clock::wall().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
    chain
        .iter()
        .filter_map(move |octets| tls::Certificate::read(octets, now))
}

fn chain(chain: &[CertificateDer<'_>]) -> Vec<Certificate> {
    read(chain).map(|facts| Certificate::from(&facts)).collect()
}

/// The certificates for people.
pub fn chain_text(chain: &[CertificateDer<'_>]) -> String {
    read(chain).map(|facts| words::certificate(&facts)).collect()
}

/// What of a login is worth a warning.
pub fn warnings(facts: &LoginFacts, makes_keys: bool) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    for (_, note) in &facts.notes {
        let what = match note {
            Note::Contradiction(found) => words::contradiction(found),
            Note::ReplyMessageBesideEap => {
                "the server sends Reply-Message beside EAP-Message, which it must not (RFC 3579 §2.6.5)"
                    .to_owned()
            }
            Note::NotCommitted => {
                "the server did not protect its success inside TLS (RFC 9190 §2.1.1)".to_owned()
            }
            _ => continue,
        };
        all.push(Diagnostic::warning("eap", what));
    }
    if let Some(LoginEnd::Accepted(accepted)) = &facts.end {
        if accepted.key_check == KeyCheck::Missing && makes_keys {
            let what = "the server accepts without MS-MPPE keys: no access point could encrypt";
            all.push(Diagnostic::warning("keys", what));
        }
        if accepted.key_name == KeyNameCheck::Mismatch {
            let what = "EAP-Key-Name is not the Session-Id of this login (RFC 7268 §2.4)";
            all.push(Diagnostic::warning("keys", what));
        }
    }
    all
}

/// A login round by round: what was asked, what was answered, what was seen; passwords too, where `secrets` are shown.
pub fn rounds(outcome: &Outcome, facts: &LoginFacts, secrets: bool) -> String {
    let mut out = String::new();
    for (index, round) in outcome.rounds.iter().enumerate() {
        let number = index as u32 + 1;
        let said = |octets: &[u8]| {
            let packet = Octets::parse(octets).ok()?;
            Some(match line(&packet) {
                Some(eap) => format!("{}: {eap}", packet.code()),
                None => packet.code().to_string(),
            })
        };
        if let Some(said) = said(&round.request) {
            let _ = write!(out, "  {number:>2} → {said}");
        }
        match round.answer.as_ref().and_then(|answer| said(&answer.octets)) {
            Some(said) => {
                let _ = writeln!(out, "\n     ← {said}");
            }
            None => out.push_str("\n     (no reply)\n"),
        }
        for (_, seen) in facts.notes.iter().filter(|(at, _)| *at == number) {
            if let Some(text) = note(seen, secrets) {
                let _ = writeln!(out, "     {text}");
            }
        }
    }
    if let Some(tls) = facts.tls() {
        out.push_str(&chain_text(&tls.chain));
    } else if let Some(fault) = facts.distrust() {
        out.push_str(&chain_text(&fault.chain));
    }
    if let Some(LoginEnd::Accepted(accepted)) = &facts.end {
        let _ = writeln!(out, "  keys: {}", words::key_check(accepted.key_check));
    }
    out
}
