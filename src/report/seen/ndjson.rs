//! Packets as JSON, one a line, without a view in between where the packet is of the common kind.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::view::{Packet, Trouble, Unanswered, authenticator_check, kind};
use super::{Lens, is_plain, milliseconds, push_endpoint, push_ipv4, push_number, push_padded, push_time};
use crate::attr::{Attribute, Value};
use crate::codec::hex;
use crate::dictionary::{Entry, Key, Oid};
use crate::exchange::Version;
use crate::report::conversation::finding as finding_view;
use crate::report::json;
use crate::report::view::HIDDEN;
use crate::report::words;
use crate::trace::link::{self, Link};
use crate::trace::memory::Mixer;
use crate::trace::observe::Observed;
use crate::trace::packets;

/// What stands before a value: `,"name":`.
macro_rules! key {
    ($name:literal) => {
        concat!(",\"", $name, "\":")
    };
}

/// Writes one JSON object a line.
pub struct Ndjson<'d> {
    lens: Lens<'d>,
    lint: bool,
    pretty: bool,
    /// What is the same in every attribute of an entry: `{"name":…,"oid":…,"type":…`. By the entry, which may stand
    /// at several paths: the last one is kept.
    heads: HashMap<Key, (Oid, String), BuildHasherDefault<Mixer>>,
}

/// The most entries whose text is remembered.
const MAX_HEADS: usize = 4096;

impl<'d> Ndjson<'d> {
    /// With findings where `lint` says so; laid out over several lines where `pretty` does.
    pub fn new(lens: Lens<'d>, lint: bool, pretty: bool) -> Ndjson<'d> {
        Ndjson {
            lens,
            lint,
            pretty,
            heads: HashMap::default(),
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
            match packet.code().name() {
                Some(name) => word(out, ",\"packet\":{\"code\":", name),
                None => word(out, ",\"packet\":{\"code\":", &packet.code().to_string()),
            }
            field(out, key!("code_number"), u64::from(packet.code().0));
            field(out, key!("id"), u64::from(packet.identifier()));
            field(out, key!("length"), packet.length() as u64);
            out.push_str(",\"authenticator\":\"");
            hex::push(out, packet.authenticator());
            out.push('"');
            if let Some(seals) = observed.seals() {
                if let Some(check) = authenticator_check(seals.authenticator) {
                    word(out, key!("authenticator_check"), check);
                }
                let check = crate::report::view::message_authenticator(seals.message_authenticator);
                word(out, key!("message_authenticator"), check);
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

    fn envelope(&self, out: &mut String, observed: &Observed<'_>) {
        let sighting = &observed.sighting;
        out.push_str("\"number\":");
        push_number(out, sighting.number);
        if sighting.time.is_known() {
            out.push_str(",\"time\":\"");
            push_time(out, sighting.time);
            out.push('"');
        }
        if sighting.is_placed() {
            out.push_str(",\"source\":\"");
            push_endpoint(out, sighting.source);
            out.push_str("\",\"destination\":\"");
            push_endpoint(out, sighting.destination);
            out.push('"');
        }
        word(out, key!("transport"), sighting.transport.name());
        field(out, key!("conversation"), observed.conversation);
        word(out, key!("kind"), kind(observed));
        match observed.link {
            Some(Link::Request {
                transmission, first, ..
            }) => {
                if transmission > 1 {
                    field(out, key!("transmission"), u64::from(transmission));
                }
                if let Some((number, _)) = first {
                    field(out, key!("request"), number);
                }
            }
            Some(Link::Reply {
                request,
                since_first,
                repeat,
                late,
                ..
            }) => {
                field(out, key!("request"), request);
                if sighting.time.is_known() {
                    out.push_str(key!("rtt_ms"));
                    push_milliseconds(out, since_first);
                }
                if repeat > 1 {
                    field(out, key!("repeat"), u64::from(repeat));
                }
                if late {
                    out.push_str(",\"late\":true");
                }
            }
            _ => {}
        }
        if sighting.missing > 0 {
            field(out, key!("missing"), sighting.missing as u64);
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
        self.head(out, attribute, entry);
        if let Some(tag) = attribute.tag {
            field(out, key!("tag"), u64::from(tag));
        }
        out.push_str(key!("value"));
        match &attribute.value {
            _ if !shown => push_text(out, HIDDEN),
            Value::Text(text) => push_text(out, text),
            Value::Unsigned(number) => {
                push_number(out, *number);
                if let Some(name) = entry.value_name(*number) {
                    out.push_str(key!("value_name"));
                    push_text(out, name);
                }
            }
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

    fn head(&mut self, out: &mut String, attribute: &Attribute<'_>, entry: Entry<'_>) {
        match self.heads.get(&entry.key()) {
            Some((oid, head)) if *oid == attribute.oid => out.push_str(head),
            _ => {
                let head = head(attribute, entry);
                out.push_str(&head);
                if self.heads.len() < MAX_HEADS {
                    self.heads.insert(entry.key(), (attribute.oid, head));
                }
            }
        }
    }
}

/// What every attribute of this entry begins with.
fn head(attribute: &Attribute<'_>, entry: Entry<'_>) -> String {
    let mut head = String::from("{\"name\":");
    push_text(&mut head, entry.name());
    word(&mut head, key!("oid"), &attribute.oid.to_string());
    head.push_str(key!("type"));
    push_text(&mut head, attribute.kind().name());
    head
}

/// Whether something is to be said about a value even when it is hidden.
fn is_odd(value: &Value<'_>) -> bool {
    matches!(
        value,
        Value::Sealed(_) | Value::Malformed(_) | Value::NotUtf8(_) | Value::Group(_)
    )
}

/// A number, after its `key`.
#[inline]
fn field(out: &mut String, key: &str, number: u64) {
    out.push_str(key);
    push_number(out, number);
}

/// A word of this program, in which nothing is special, after its `key`.
#[inline]
fn word(out: &mut String, key: &str, word: &str) {
    out.push_str(key);
    out.push('"');
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

/// Milliseconds with as many of three places as are needed, and at least one: what `serde_json` makes of the number.
fn push_milliseconds(out: &mut String, nanoseconds: u64) {
    /// Fifteen digits, that is: more may not be the shortest that mean the number.
    const MAX_EXACT: f64 = 1e12;
    let number = milliseconds(nanoseconds);
    if number > MAX_EXACT {
        return push_json(out, &number);
    }
    let microseconds = (number * 1e3).round() as u64;
    push_number(out, microseconds / 1000);
    out.push('.');
    match microseconds % 1000 {
        tenths if tenths % 100 == 0 => push_number(out, tenths / 100),
        hundredths if hundredths % 10 == 0 => push_padded::<2>(out, hundredths / 10),
        thousandths => push_padded::<3>(out, thousandths),
    }
}

fn push_json(out: &mut String, value: &impl serde::Serialize) {
    let line = json::line(value);
    out.push_str(line.trim_end_matches('\n'));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_are_written_as_serde_writes_them() {
        let mut times: Vec<u64> = (0..20_000).map(|step| step * 250).collect();
        times.extend((0..64).flat_map(|bit| [1 << bit, (1 << bit) + 1_500, u64::MAX >> bit]));
        for nanoseconds in times {
            let mut text = String::new();
            push_milliseconds(&mut text, nanoseconds);
            let mut expected = String::new();
            push_json(&mut expected, &milliseconds(nanoseconds));
            assert_eq!(text, expected, "{nanoseconds} ns");
        }
    }
}
