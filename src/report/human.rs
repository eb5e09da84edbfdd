//! The views as text for people.

use std::fmt::Write as _;

use super::hexdump;
use super::theme::{BAD, FAINT, GOOD, NAME, SENT, WARNING, paint};
use super::view::{Attribute, Exchange, Packet};

/// Which way a packet went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From here.
    Sent,
    /// To here.
    Received,
}

/// What to show of octets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Octets {
    /// All of them, sixteen a line.
    pub hex: bool,
    /// Each attribute's beside its meaning.
    pub annotate: bool,
}

const MESSAGE_AUTHENTICATOR: &str = "80";

/// The result of a conversation: the reply's Code, who sent it and how long it took, and its attributes.
pub fn result(exchange: &Exchange, octets: Octets) -> String {
    let mut out = String::new();
    let Some(reply) = &exchange.reply else { return out };
    let style = match exchange.verdict {
        "accept" | "ack" | "response" => GOOD,
        "reject" | "nak" | "protocol-error" => BAD,
        _ => WARNING,
    };
    let _ = write!(out, "{}", paint(style, &reply.code));
    if let Some(server) = &exchange.server {
        let _ = write!(out, " from {server}");
    }
    if let Some(rtt) = exchange.rtt_ms {
        let _ = write!(out, " in {rtt:.3} ms");
    }
    if exchange.attempts > 1 && exchange.rounds.is_empty() {
        let _ = write!(out, " after {} attempts", exchange.attempts);
    }
    if let Some(name) = &exchange.name {
        let _ = write!(out, " ({name})");
    }
    out.push('\n');
    // The seal of the envelope is no part of the letter; traces and JSON have it.
    let answer = reply
        .attributes
        .iter()
        .filter(|attribute| attribute.oid != MESSAGE_AUTHENTICATOR);
    attributes(&mut out, "  ", answer);
    for (what, packet) in [("request", exchange.request.as_ref()), ("reply", Some(reply))] {
        if let Some(packet) = packet {
            all_octets(&mut out, packet, octets, what);
        }
    }
    out
}

/// What the server asked on a connection of ours, and what was answered.
pub fn asked(exchange: &Exchange, octets: Octets) -> String {
    let mut out = String::new();
    let (Some(request), Some(reply)) = (&exchange.request, &exchange.reply) else {
        return out;
    };
    let style = if exchange.verdict == "ack" { GOOD } else { BAD };
    let server = exchange.server.as_deref().unwrap_or_default();
    let _ = writeln!(
        out,
        "{} from {server}, answered with {}",
        request.code,
        paint(style, &reply.code)
    );
    attributes(
        &mut out,
        "  ",
        request
            .attributes
            .iter()
            .filter(|attribute| attribute.oid != MESSAGE_AUTHENTICATOR),
    );
    for (what, packet) in [("request", request), ("reply", reply)] {
        all_octets(&mut out, packet, octets, what);
    }
    out
}

/// A packet as a trace shows it: what it is, its attributes, its octets.
pub fn packet(direction: Direction, peer: &str, packet: &Packet, annotate: bool) -> String {
    let mut out = String::new();
    let (arrow, style, preposition) = match direction {
        Direction::Sent => ("→", SENT, "to"),
        Direction::Received => ("←", GOOD, "from"),
    };
    let _ = writeln!(
        out,
        "{} {} {} len={} {preposition} {peer}",
        paint(style, arrow),
        paint(style, &packet.code),
        number(packet),
        packet.length
    );
    body(
        &mut out,
        packet,
        Octets {
            hex: !annotate,
            annotate,
        },
    );
    out
}

/// A packet that nobody sent: from a dry run, or from a text.
pub fn lone_packet(packet: &Packet, octets: Octets) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} {} len={}",
        paint(SENT, &packet.code),
        number(packet),
        packet.length
    );
    body(&mut out, packet, octets);
    out
}

/// By what the packet is known: `id=5`, or `token=01020304`.
fn number(packet: &Packet) -> String {
    match (packet.id, &packet.token) {
        (_, Some(token)) => format!("token={token}"),
        (id, None) => format!("id={}", id.unwrap_or_default()),
    }
}

/// Only the attributes, one a line, as `-a` and `-f` take them.
pub fn only_attributes(packet: &Packet) -> String {
    let mut out = String::new();
    attributes(&mut out, "", &packet.attributes);
    out
}

fn body(out: &mut String, packet: &Packet, octets: Octets) {
    let check = match packet.authenticator_check {
        Some(check) => format!(" ({check})"),
        None => String::new(),
    };
    if let Some(authenticator) = &packet.authenticator {
        let _ = writeln!(out, "  authenticator: {authenticator}{check}");
    }
    if let Some(check) = packet.message_authenticator {
        let _ = writeln!(out, "  message-authenticator: {check}");
    }
    if !packet.attributes.is_empty() {
        out.push_str("  attributes:\n");
        attributes(out, "    ", &packet.attributes);
    }
    if let Some(eap) = &packet.eap {
        let _ = writeln!(out, "  eap: {eap}");
    }
    for malformed in &packet.malformed {
        let _ = writeln!(out, "  {}: {malformed}", paint(BAD, "malformed"));
    }
    if let Some(padding) = &packet.padding {
        let _ = writeln!(
            out,
            "  padding: {padding}, behind what Length counts (RFC 2865 §3)"
        );
    }
    all_octets(
        out,
        packet,
        octets,
        if octets.annotate { "octets" } else { "raw" },
    );
}

/// The octets in the form that is asked for, under a heading.
pub(super) fn all_octets(out: &mut String, packet: &Packet, octets: Octets, heading: &str) {
    if !octets.annotate && !octets.hex {
        return;
    }
    let _ = writeln!(out, "  {heading}:");
    if octets.annotate {
        annotated(out, packet);
    } else {
        hexdump::dump(out, "    ", &packet.raw, &packet.masked);
    }
}

/// The attributes, nested ones in the place of what holds them.
fn attributes<'a>(out: &mut String, indent: &str, all: impl IntoIterator<Item = &'a Attribute>) {
    for attribute in all {
        match &attribute.attributes {
            Some(nested) => group(out, indent, nested),
            None => {
                let (name, value) = attribute.text.split_once(" = ").unwrap_or((&attribute.text, ""));
                let _ = write!(out, "{indent}{} = {value}", paint(NAME, name));
                if let Some(why) = &attribute.malformed {
                    let _ = write!(out, "  {}", paint(WARNING, format_args!("# {why}")));
                }
                if let Some(meaning) = attribute.meaning {
                    let _ = write!(out, "  {}", paint(FAINT, format_args!("# {meaning}")));
                }
                out.push('\n');
            }
        }
    }
}

/// What is nested; apart, so that [`attributes`] need not be made for a type that holds itself.
fn group(out: &mut String, indent: &str, nested: &[Attribute]) {
    attributes(out, indent, nested);
}

/// How many octets an annotated line shows.
const A_LINE: usize = 8;

/// Header fields and attributes with their octets at the left and what they say at the right.
fn annotated(out: &mut String, packet: &Packet) {
    let length = (2..4, format!("Length {}", packet.length));
    let header = match (packet.id, &packet.token) {
        (_, Some(token)) => vec![
            (0..1, packet.code.clone()),
            (1..2, "Reserved-1".to_owned()),
            length,
            (4..8, format!("Token {token}")),
            (8..20, "Reserved-2".to_owned()),
        ],
        (id, None) => vec![
            (0..1, packet.code.clone()),
            (1..2, format!("Identifier {}", id.unwrap_or_default())),
            length,
            (4..20, "Authenticator".to_owned()),
        ],
    };
    for (range, meaning) in header {
        line(out, packet, range, 0, &meaning);
    }
    for attribute in &packet.attributes {
        annotate(out, packet, attribute, 0);
    }
}

fn annotate(out: &mut String, packet: &Packet, attribute: &Attribute, depth: usize) {
    match &attribute.attributes {
        Some(nested) => {
            // What holds others shows its own header; the others show the rest.
            let inside = nested
                .first()
                .map_or(attribute.span.end, |first| first.span.start);
            let end = inside.clamp(attribute.span.start, attribute.span.end);
            line(out, packet, attribute.span.start..end, depth, &attribute.name);
            for nested in nested {
                annotate(out, packet, nested, depth + 1);
            }
        }
        None => line(out, packet, attribute.span.clone(), depth, &attribute.text),
    }
}

fn line(out: &mut String, packet: &Packet, range: std::ops::Range<usize>, depth: usize, meaning: &str) {
    let octets = packet.raw.get(range.clone()).unwrap_or(&[]);
    for (row, chunk) in octets.chunks(A_LINE).enumerate() {
        let offset = range.start + row * A_LINE;
        let digits = hexdump::row(chunk, offset, &packet.masked);
        let _ = write!(
            out,
            "    {}  {digits:<24}",
            paint(FAINT, format_args!("{offset:04x}"))
        );
        if row == 0 {
            let _ = write!(out, "  {:indent$}{meaning}", "", indent = depth * 2);
        }
        while out.ends_with(' ') {
            out.pop();
        }
        out.push('\n');
    }
}
