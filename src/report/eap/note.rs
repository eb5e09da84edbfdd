//! What a login saw on its way, a line each.

use super::packet::{describe, named};
use super::{TlsFacts, agreed};
use crate::auth::eap::packet::EapPacket;
use crate::auth::eap::ttls::avp::{self, Avp};
use crate::auth::{Inner, Note};
use crate::report::view::HIDDEN;
use crate::report::words::{self, printable};

/// What was seen, in a line; passwords too, where `secrets` are shown. None where there is nothing to be said.
pub fn note(note: &Note, secrets: bool) -> Option<String> {
    Some(match note {
        Note::Text(text) => format!("the server says: {}", printable(text)),
        // The packets say it.
        Note::Method(_) => return None,
        Note::Nak { proposed, wanted } => {
            let wanted: Vec<String> = wanted.iter().copied().map(words::eap_type).collect();
            format!(
                "the server proposed {}; asked for {} instead",
                words::eap_type(*proposed),
                wanted.join(", ")
            )
        }
        Note::Contradiction(found) => words::contradiction(found),
        Note::ReplyMessageBesideEap => "Reply-Message beside EAP-Message".to_owned(),
        Note::Tls(facts) => handshake(facts),
        Note::Flight {
            kind,
            sent,
            length,
            records,
        } => format!(
            "EAP-{} {} {} in several packets, {length} octets",
            words::eap_type(*kind),
            arrow(*sent),
            named(records)
        ),
        Note::Inner { sent, packet } => {
            let what = match packet {
                Inner::Eap(octets) => eap(octets.expose(), secrets),
                Inner::Attributes(octets) => attributes(octets.expose(), secrets),
            };
            format!("in the tunnel {} {what}", arrow(*sent))
        }
        Note::Refused(refusal) => format!("the server refuses: {refusal}"),
        Note::NewPasswordSent => "the password has expired; the new one was sent".to_owned(),
        Note::NotCommitted => "the success is not protected inside TLS".to_owned(),
        Note::CryptoBinding => "the crypto-binding holds".to_owned(),
    })
}

fn arrow(sent: bool) -> &'static str {
    if sent { "→" } else { "←" }
}

fn handshake(facts: &TlsFacts) -> String {
    let facts = agreed(facts);
    format!(
        "TLS {} with {}{}{}{}",
        facts.version.unwrap_or_default(),
        facts.cipher.unwrap_or_default(),
        facts.group.map_or_else(String::new, |group| format!(", {group}")),
        if facts.resumed { ", resumed" } else { "" },
        if facts.checked {
            ""
        } else {
            ", certificates not checked"
        },
    )
}

/// An EAP packet that came through a tunnel.
fn eap(octets: &[u8], secrets: bool) -> String {
    match EapPacket::parse(octets) {
        Ok(packet) => describe(&packet, secrets),
        Err(fault) => format!("what is no EAP packet: {}", words::eap_error(&fault)),
    }
}

/// TTLS's attributes by name; of their values only those that are no secret, unless secrets are shown.
fn attributes(octets: &[u8], secrets: bool) -> String {
    // A session that was resumed needs nothing inside, said with one octet (RFC 9427 §2.1).
    if octets == [0] {
        return "the end: nothing is asked inside a session that was resumed".to_owned();
    }
    let Ok(avps) = avp::parse(octets) else {
        return format!("{} octets that are no TTLS attributes", octets.len());
    };
    let named: Vec<String> = avps.iter().map(|avp| attribute(avp, secrets)).collect();
    named.join(", ")
}

fn attribute(avp: &Avp<'_>, secrets: bool) -> String {
    /// Microsoft (RFC 2548).
    const MICROSOFT: u32 = 311;
    let text = |octets: &[u8]| format!("\"{}\"", printable(&String::from_utf8_lossy(octets)));
    match (avp.vendor, avp.code) {
        (0, 1) => format!("User-Name = {}", text(avp.data)),
        (0, 2) if secrets => {
            // Zeros hide its length (RFC 5281 §11.2.5).
            let end = avp.data.iter().rposition(|octet| *octet != 0);
            let password = avp.data.get(..end.map_or(0, |last| last + 1)).unwrap_or(avp.data);
            format!("User-Password = {}", text(password))
        }
        (0, 2) => format!("User-Password = {HIDDEN}"),
        (0, 3) => "CHAP-Password".to_owned(),
        (0, 18) => format!("Reply-Message = {}", text(avp.data)),
        (0, 60) => "CHAP-Challenge".to_owned(),
        (0, 79) => eap(avp.data, secrets),
        (MICROSOFT, 1) => "MS-CHAP-Response".to_owned(),
        (MICROSOFT, 2) => format!("MS-CHAP-Error = {}", text(avp.data.get(1..).unwrap_or(&[]))),
        (MICROSOFT, 11) => "MS-CHAP-Challenge".to_owned(),
        (MICROSOFT, 25) => "MS-CHAP2-Response".to_owned(),
        (MICROSOFT, 26) => "MS-CHAP2-Success".to_owned(),
        (0, code) => format!("Attr-{code}"),
        (vendor, code) => format!("Attr-26.{vendor}.{code}"),
    }
}
