//! Packets as JSON, one a line, without a view in between where the packet is of the common kind.

use super::repeated::{Ends, Seconds, Texts};
use super::view::{Packet, Trouble, Unanswered, authenticator_check, kind};
use super::{Lens, is_plain, push_ipv4, push_milliseconds, push_nanoseconds, push_number, push_second};
use crate::attr::{Attribute, Value};
use crate::codec::hex;
use crate::exchange::Version;
use crate::report::conversation::finding as finding_view;
use crate::report::json;
use crate::report::view::HIDDEN;
use crate::report::words;
use crate::trace::link::{self, Link};
use crate::trace::observe::Observed;
use crate::trace::packets;

/// Writes one JSON object a line.
pub struct Ndjson<'d> {
    lens: Lens<'d>,
    lint: bool,
    pretty: bool,
    seconds: Seconds,
    ends: Ends,
    /// The beginnings of attributes, and numbers with their names.
    texts: Texts,
}

impl<'d> Ndjson<'d> {
    /// With findings where `lint` says so; laid out over several lines where `pretty` does.
    pub fn new(lens: Lens<'d>, lint: bool, pretty: bool) -> Ndjson<'d> {
        Ndjson {
            lens,
            lint,
            pretty,
            seconds: Seconds::default(),
            ends: Ends::default(),
            texts: Texts::default(),
        }
    }

    /// A packet.
    pub fn packet(&mut self, out: &mut String, observed: &Observed<'_>) {
        if self.pretty || self.lens.octets || !self.is_common(observed) {
            return self.view(out, &Packet::new(observed, &self.lens, self.lint));
        }
        out.push('{');
        self.envelope(out, observed);
        if let Ok(packet) = &observed.packet {
            out.push_str(",\"packet\":{\"code\":");
            match packet.code().name() {
                Some(name) => push_text(out, name),
                None => push_text(out, &packet.code().to_string()),
            }
            field(out, "code_number", u64::from(packet.code().0));
            field(out, "id", u64::from(packet.identifier()));
            field(out, "length", packet.length() as u64);
            out.push_str(",\"authenticator\":\"");
            hex::push(out, packet.authenticator());
            out.push('"');
            if let Some(seals) = observed.seals() {
                if let Some(check) = authenticator_check(seals.authenticator) {
                    word(out, "authenticator_check", check);
                }
                let check = crate::report::view::message_authenticator(seals.message_authenticator);
                word(out, "message_authenticator", check);
            }
            out.push_str(",\"attributes\":[");
            for (at, attribute) in observed.tree().attributes.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                self.attribute(out, attribute);
            }
            out.push_str("]}");
        }
        if let Some(eap) = &observed.eap {
            out.push_str(",\"eap\":");
            push_text(out, &words::eap(eap));
        }
        if self.lint {
            out.push_str(",\"findings\":[");
            for (at, finding) in observed.findings().iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                push_json(out, &finding_view(finding));
            }
            out.push(']');
        }
        out.push_str("}\n");
    }

    /// A request without a reply.
    pub fn unanswered(&self, out: &mut String, request: &link::Unanswered) {
        self.view(out, &Unanswered::from(request));
    }

    /// Something that could not be read.
    pub fn trouble(&self, out: &mut String, trouble: &packets::Trouble) {
        self.view(out, &Trouble::from(trouble));
    }

    fn view(&self, out: &mut String, view: &impl serde::Serialize) {
        out.push_str(&match self.pretty {
            true => json::pretty(view),
            false => json::line(view),
        });
    }

    /// Whether the packet is one that is written without a view.
    fn is_common(&self, observed: &Observed<'_>) -> bool {
        observed.is_well_formed() && observed.sighting.version == Version::V1_0
    }

    fn envelope(&mut self, out: &mut String, observed: &Observed<'_>) {
        let sighting = &observed.sighting;
        out.push_str("\"number\":");
        push_number(out, sighting.number);
        if sighting.time.is_known() {
            out.push_str(",\"time\":\"");
            self.seconds.push(out, sighting.time, push_second);
            push_nanoseconds(out, sighting.time);
            out.push('"');
        }
        if sighting.is_placed() {
            out.push_str(",\"source\":\"");
            self.ends.push(out, sighting.source);
            out.push_str("\",\"destination\":\"");
            self.ends.push(out, sighting.destination);
            out.push('"');
        }
        word(out, "transport", sighting.transport.name());
        field(out, "conversation", observed.conversation);
        word(out, "kind", kind(observed));
        match observed.link {
            Some(Link::Request {
                transmission, first, ..
            }) => {
                if transmission > 1 {
                    field(out, "transmission", u64::from(transmission));
                }
                if let Some((number, _)) = first {
                    field(out, "request", number);
                }
            }
            Some(Link::Reply {
                request,
                since_first,
                repeat,
                late,
                ..
            }) => {
                field(out, "request", request);
                if sighting.time.is_known() {
                    out.push_str(",\"rtt_ms\":");
                    push_milliseconds(out, since_first);
                }
                if repeat > 1 {
                    field(out, "repeat", u64::from(repeat));
                }
                if late {
                    out.push_str(",\"late\":true");
                }
            }
            _ => {}
        }
        if sighting.missing > 0 {
            field(out, "missing", sighting.missing as u64);
        }
    }

    fn attribute(&mut self, out: &mut String, attribute: &Attribute<'_>) {
        let shown = self.lens.secrets || !attribute.secret;
        let common = matches!(
            attribute.value,
            Value::Text(_) | Value::Octets(_) | Value::Unsigned(_) | Value::Ipv4(_)
        );
        let (Some(entry), true) = (attribute.entry, common || !shown && !is_odd(&attribute.value)) else {
            return push_json(out, &self.lens.attribute(attribute));
        };
        self.texts.attribute(out, attribute.oid, |out| {
            out.push_str("{\"name\":");
            push_text(out, entry.name());
            out.push_str(",\"oid\":\"");
            for (at, part) in attribute.oid.parts().iter().enumerate() {
                if at > 0 {
                    out.push('.');
                }
                push_number(out, u64::from(*part));
            }
            out.push_str("\",\"type\":");
            push_text(out, entry.kind().name());
        });
        if let Some(tag) = attribute.tag {
            field(out, "tag", u64::from(tag));
        }
        out.push_str(",\"value\":");
        match &attribute.value {
            _ if !shown => push_text(out, HIDDEN),
            Value::Text(text) => push_text(out, text),
            Value::Unsigned(number) => match entry.value_name(*number) {
                None => push_number(out, *number),
                Some(name) => self.texts.number(out, (entry.key(), *number), |out| {
                    push_number(out, *number);
                    out.push_str(",\"value_name\":");
                    push_text(out, name);
                }),
            },
            Value::Octets(octets) => {
                out.push_str("\"0x");
                hex::push(out, octets);
                out.push('"');
            }
            Value::Ipv4(address) => {
                out.push('"');
                push_ipv4(out, address.octets());
                out.push('"');
            }
            // No other kind comes here: it is not common.
            _ => out.push_str("null"),
        }
        out.push('}');
    }
}

/// Whether something is to be said about a value even when it is hidden.
fn is_odd(value: &Value<'_>) -> bool {
    matches!(
        value,
        Value::Sealed(_) | Value::Malformed(_) | Value::NotUtf8(_) | Value::Group(_)
    )
}

fn field(out: &mut String, name: &str, number: u64) {
    out.push_str(",\"");
    out.push_str(name);
    out.push_str("\":");
    push_number(out, number);
}

/// A field whose value is a word of this program: nothing in it is special.
fn word(out: &mut String, name: &str, word: &str) {
    out.push_str(",\"");
    out.push_str(name);
    out.push_str("\":\"");
    out.push_str(word);
    out.push('"');
}

/// A string; most need no escapes.
fn push_text(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        push_json(out, &text);
    }
}

fn push_json(out: &mut String, value: &impl serde::Serialize) {
    let line = json::line(value);
    out.push_str(line.trim_end_matches('\n'));
}
