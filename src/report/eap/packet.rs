//! An EAP packet in one line: its method, its flags, the TLS records and handshake messages by name.

use std::fmt::Write as _;

use crate::auth::eap::packet::{EapCode, EapPacket, EapType, join};
use crate::auth::eap::peap::tlv::Extensions;
use crate::auth::eap::tls::fragment::Fragment;
use crate::auth::eap::tls::records::{Content, Record, records};
use crate::codec::Packet as Octets;
use crate::report::view::HIDDEN;
use crate::report::words::{self, printable};

/// The EAP packet that a RADIUS packet carries, in one line; none where it carries none.
pub fn line(packet: &Octets<'_>) -> Option<String> {
    let octets = join(packet)?;
    if octets.is_empty() {
        return Some("EAP-Start".to_owned());
    }
    Some(match EapPacket::parse(&octets) {
        Ok(packet) => describe(&packet, false),
        Err(_) => format!("{} octets that are no EAP packet", octets.len()),
    })
}

/// A packet; `secrets` are passwords that it may carry in clear.
pub(super) fn describe(packet: &EapPacket<'_>, secrets: bool) -> String {
    let code = packet.code();
    let name = code
        .name()
        .map_or_else(|| format!("Code-{}", code.0), str::to_owned);
    let mut out = format!(
        "EAP {name} id={} len={}",
        packet.identifier(),
        packet.octets().len()
    );
    let Some(kind) = packet.kind() else { return out };
    let _ = write!(out, " {}", words::eap_type(kind));
    match kind {
        EapType::IDENTITY if code == EapCode::RESPONSE => {
            let name = String::from_utf8_lossy(packet.data());
            let _ = write!(out, " \"{}\"", printable(&name));
        }
        EapType::NAK => {
            let wanted = packet
                .data()
                .iter()
                .map(|number| words::eap_type(EapType(*number)));
            let _ = write!(out, " wants {}", wanted.collect::<Vec<_>>().join(", "));
        }
        EapType::TLS | EapType::TTLS | EapType::PEAP => tls_data(&mut out, packet.data()),
        _ => {
            if let Some(said) = method_data(kind, code, packet.data(), secrets) {
                let _ = write!(out, " {said}");
            }
        }
    }
    out
}

/// What a packet of a method without TLS is for.
fn method_data(kind: EapType, code: EapCode, data: &[u8], secrets: bool) -> Option<String> {
    let request = code == EapCode::REQUEST;
    let text = || format!("\"{}\"", printable(&String::from_utf8_lossy(data)));
    Some(match kind {
        EapType::NOTIFICATION if request => text(),
        EapType::MD5 => if request { "Challenge" } else { "Response" }.to_owned(),
        EapType::GTC if request || secrets => text(),
        EapType::GTC => HIDDEN.to_owned(),
        // draft-kamath-pppext-eap-mschapv2 §2
        EapType::MSCHAPV2 => match data.first()? {
            1 => "Challenge".to_owned(),
            2 => "Response".to_owned(),
            3 => "Success".to_owned(),
            4 => "Failure".to_owned(),
            7 => "Change-Password".to_owned(),
            other => format!("OpCode-{other}"),
        },
        EapType::PWD => password_exchange(data)?,
        EapType::TLV => extensions(data),
        _ => return None,
    })
}

/// An exchange of EAP-pwd (RFC 5931 §3.1).
fn password_exchange(data: &[u8]) -> Option<String> {
    let first = data.first()?;
    let name = match first & 0x3f {
        1 => "ID".to_owned(),
        2 => "Commit".to_owned(),
        3 => "Confirm".to_owned(),
        other => format!("Exchange-{other}"),
    };
    let more = if first & 0x40 != 0 { " more" } else { "" };
    Some(format!("{name}{more}"))
}

/// PEAP's last words.
fn extensions(data: &[u8]) -> String {
    let Ok(said) = Extensions::parse(data) else {
        return "that cannot be read".to_owned();
    };
    let result = said.success.map(|success| match success {
        true => "Result success".to_owned(),
        false => "Result failure".to_owned(),
    });
    let binding = said.binding.map(|_| "Crypto-Binding".to_owned());
    let refused = said.refused.map(|number| format!("Nak of {number}"));
    let all: Vec<String> = [result, binding, refused].into_iter().flatten().collect();
    all.join(", ")
}

/// What a packet of TLS, TTLS or PEAP carries: its flags, and the records by name.
fn tls_data(out: &mut String, data: &[u8]) {
    let Ok(fragment) = Fragment::parse(data) else {
        return;
    };
    if fragment.is_start() {
        out.push_str(" start");
    }
    if let Some(total) = fragment.total {
        let _ = write!(out, " total={total}");
    }
    if fragment.has_more() {
        out.push_str(" more");
    }
    match fragment.data {
        [] if fragment.is_start() => {}
        [] => out.push_str(" acknowledgement"),
        // What does not begin like a record goes on with one that began in an earlier fragment.
        [20..=23, 3, 0..=4, ..] => {
            let _ = write!(out, ": {}", named(&records(fragment.data)));
        }
        data => {
            let _ = write!(out, ": {} more octets of TLS", data.len());
        }
    }
}

/// Records by name.
pub(super) fn named(records: &[Record]) -> String {
    let all: Vec<String> = records.iter().map(record).collect();
    all.join(", ")
}

fn record(record: &Record) -> String {
    let kind = record
        .kind
        .name()
        .map_or_else(|| format!("Type-{}", record.kind.0), str::to_owned);
    match &record.content {
        Content::Handshake(messages) => {
            let named = messages.iter().map(|(kind, length)| match kind.name() {
                Some(name) => format!("{name}({length})"),
                None => format!("Handshake-{}({length})", kind.0),
            });
            named.collect::<Vec<_>>().join(", ")
        }
        Content::Alert { fatal, description } => {
            let level = if *fatal { "fatal" } else { "warning" };
            format!("Alert {level} {description:?}")
        }
        Content::Opaque => format!("{kind}({})", record.length),
    }
}
