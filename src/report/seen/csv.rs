//! Packets as comma-separated values (RFC 4180): a header, then one row a packet, the columns in the order asked.

use super::{Lens, milliseconds, push_endpoint, push_number, push_time};
use crate::attr::{Attribute, Value};
use crate::dictionary::{Dictionary, Oid, ResolveError};
use crate::exchange::Version;
use crate::trace::filter::Verdict;
use crate::trace::link::{Link, Number};
use crate::trace::observe::Observed;

/// What a column shows.
#[derive(Clone, Debug)]
pub struct Column {
    title: String,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Number,
    Time,
    Source,
    Destination,
    Transport,
    Conversation,
    Code,
    Identifier,
    Token,
    Length,
    RoundTrip,
    Request,
    Verdict,
    Findings,
    Attribute(Oid),
}

const FIELDS: [(&str, What); 14] = [
    ("number", What::Number),
    ("time", What::Time),
    ("src", What::Source),
    ("dst", What::Destination),
    ("transport", What::Transport),
    ("conversation", What::Conversation),
    ("code", What::Code),
    ("id", What::Identifier),
    ("token", What::Token),
    ("length", What::Length),
    ("rtt", What::RoundTrip),
    ("request", What::Request),
    ("verdict", What::Verdict),
    ("findings", What::Findings),
];

impl Column {
    /// Whether the column of this name shows what the standards have against a packet.
    pub fn asks_for_findings(name: &str) -> bool {
        name.trim().eq_ignore_ascii_case("findings")
    }

    /// The column of this name: a field of the packet, or an attribute.
    ///
    /// # Errors
    ///
    /// A name that is neither.
    pub fn named(name: &str, dictionary: &Dictionary) -> Result<Column, ResolveError> {
        let name = name.trim();
        let field = FIELDS.iter().find(|(field, _)| field.eq_ignore_ascii_case(name));
        let what = match field {
            Some((_, what)) => *what,
            None => What::Attribute(dictionary.resolve(name)?.oid),
        };
        Ok(Column {
            title: name.to_owned(),
            what,
        })
    }
}

/// Writes rows.
pub struct Csv<'d> {
    columns: Vec<Column>,
    lens: Lens<'d>,
}

impl<'d> Csv<'d> {
    /// With these columns.
    pub fn new(columns: Vec<Column>, lens: Lens<'d>) -> Csv<'d> {
        Csv { columns, lens }
    }

    /// The names of the columns.
    pub fn header(&self, out: &mut String) {
        for (at, column) in self.columns.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            push_field(out, &column.title);
        }
        out.push_str("\r\n");
    }

    /// A packet.
    pub fn packet(&self, out: &mut String, observed: &Observed<'_>) {
        let mut field = String::new();
        for (at, column) in self.columns.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            field.clear();
            self.value(&mut field, column.what, observed);
            push_field(out, &field);
        }
        out.push_str("\r\n");
    }

    fn value(&self, out: &mut String, what: What, observed: &Observed<'_>) {
        let sighting = &observed.sighting;
        let placed = sighting.is_placed();
        match what {
            What::Number => push_number(out, sighting.number),
            What::Time if sighting.time.is_known() => push_time(out, sighting.time),
            What::Source if placed => push_endpoint(out, sighting.source),
            What::Destination if placed => push_endpoint(out, sighting.destination),
            What::Transport => out.push_str(sighting.transport.name()),
            What::Conversation => push_number(out, observed.conversation),
            What::Code => {
                if let Ok(packet) = &observed.packet {
                    out.push_str(&packet.code().to_string());
                }
            }
            What::Identifier => {
                if let Ok(packet) = &observed.packet
                    && sighting.version == Version::V1_0
                {
                    push_number(out, u64::from(packet.identifier()));
                }
            }
            What::Token => {
                if let Ok(packet) = &observed.packet
                    && let Number::Token(token) = Number::of(packet, sighting.version)
                {
                    out.push_str(&token.to_string());
                }
            }
            What::Length => push_number(out, (sighting.octets.len() + sighting.missing) as u64),
            What::RoundTrip => {
                if let Some(Link::Reply { since_first, .. }) = observed.link
                    && sighting.time.is_known()
                {
                    out.push_str(&milliseconds(since_first).to_string());
                }
            }
            What::Request => match observed.link {
                Some(Link::Reply { request, .. }) => push_number(out, request),
                Some(Link::Request {
                    first: Some((number, _)),
                    ..
                }) => push_number(out, number),
                _ => {}
            },
            What::Verdict => {
                if let Some(verdict) = Verdict::of(observed) {
                    out.push_str(verdict.name());
                }
            }
            What::Findings => {
                for (at, finding) in observed.findings().iter().enumerate() {
                    if at > 0 {
                        out.push(' ');
                    }
                    out.push_str(finding.rule.id);
                }
            }
            What::Attribute(oid) => self.attributes(out, oid, &observed.tree().attributes),
            What::Time | What::Source | What::Destination => {}
        }
    }

    /// All values of an attribute, with semicolons between them; text without its quotes.
    fn attributes(&self, out: &mut String, oid: Oid, attributes: &[Attribute<'_>]) {
        for attribute in attributes {
            if attribute.oid == oid {
                if !out.is_empty() {
                    out.push(';');
                }
                match &attribute.value {
                    Value::Text(text) if self.lens.secrets || !attribute.secret => out.push_str(text),
                    _ => out.push_str(&attribute.value_text(self.lens.secrets).to_string()),
                }
            } else {
                self.attributes(out, oid, attribute.children());
            }
        }
    }
}

/// A field, in quotes where it must be.
fn push_field(out: &mut String, field: &str) {
    if field.contains(['"', ',', '\r', '\n']) {
        out.push('"');
        out.push_str(&field.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(field);
    }
}
