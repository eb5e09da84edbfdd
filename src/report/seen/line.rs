//! Packets as lines for people: one for each, and its attributes and octets where they are asked for.

use std::fmt::{Display, Write as _};

use anstyle::Style;

use super::repeated::{Ends, Seconds, Texts};
use super::view::authenticator_check;
use super::{Lens, is_plain, milliseconds, push_clock, push_date, push_ipv4, push_number, push_padded};
use crate::attr::{Attribute, Name, Value};
use crate::codec::seal::{MessageAuthenticatorCheck, Seals};
use crate::codec::{AttributeType, Code, hex};
use crate::exchange::Version;
use crate::lint::Severity;
use crate::report::human::{self, Octets};
use crate::report::theme::{BAD, FAINT, GOOD, NAME, SENT, WARNING};
use crate::report::view::HIDDEN;
use crate::report::words;
use crate::trace::capture::Time;
use crate::trace::link::{Link, Number, Unanswered};
use crate::trace::observe::Observed;
use crate::trace::packets::{Sighting, Trouble};

const SECOND: u64 = 1_000_000_000;

/// Writes packets as lines.
pub struct Lines<'d> {
    /// How they are looked at.
    pub lens: Lens<'d>,
    /// 0: one line. 1: the attributes too. 2: the Authenticator and what the checks found.
    pub verbose: u8,
    /// The octets, if they are to be shown.
    pub octets: Octets,
    /// The least severity of findings that are shown; none if there is none.
    pub lint: Option<Severity>,
    /// Whether to colour.
    pub colour: bool,
    day: u64,
    seconds: Seconds,
    ends: Ends,
    /// How numbers with names are written.
    texts: Texts,
}

impl<'d> Lines<'d> {
    /// One line a packet.
    pub fn new(lens: Lens<'d>) -> Lines<'d> {
        Lines {
            lens,
            verbose: 0,
            octets: Octets::default(),
            lint: None,
            colour: false,
            day: 0,
            seconds: Seconds::default(),
            ends: Ends::default(),
            texts: Texts::default(),
        }
    }

    /// A packet.
    pub fn packet(&mut self, out: &mut String, observed: &Observed<'_>) {
        let sighting = &observed.sighting;
        self.date(out, sighting.time);
        self.place(out, sighting, observed.is_reply());
        match &observed.packet {
            Ok(packet) => {
                let style = style(packet.code());
                match packet.code().name() {
                    Some(name) => self.paint(out, style, name),
                    None => self.paint(out, style, packet.code()),
                }
                match Number::of(packet, sighting.version) {
                    Number::Identifier(identifier) => {
                        out.push_str(" id=");
                        push_number(out, u64::from(identifier));
                    }
                    token @ Number::Token(_) => {
                        let _ = write!(out, " {}", words::known_by(token));
                    }
                }
                out.push_str(" len=");
                push_number(out, packet.length() as u64);
                if !observed.is_reply()
                    && let Some(user) = packet.first(AttributeType::USER_NAME)
                {
                    out.push(' ');
                    push_printable(out, user.value());
                }
            }
            Err(short) => self.paint(out, BAD, words::too_short(short)),
        }
        self.link(out, observed);
        if let Some(eap) = &observed.eap {
            self.note(out, FAINT, words::eap(eap));
        }
        if let Some(seals) = observed.seals() {
            self.seals(out, seals);
        }
        if sighting.missing > 0 {
            self.note(
                out,
                WARNING,
                format_args!("{} octets not captured", sighting.missing),
            );
        }
        if sighting.missing == 0 && observed.packet.is_ok() && !observed.is_well_formed() {
            self.note(out, BAD, "malformed");
        }
        out.push('\n');
        self.details(out, observed);
    }

    /// A request without a reply.
    pub fn unanswered(&mut self, out: &mut String, request: &Unanswered) {
        self.date(out, request.last);
        push_number(out, request.number);
        out.push(' ');
        self.clock(out, request.first);
        if request.is_placed() {
            self.ends.push(out, request.client);
            self.paint(out, BAD, " ✗ ");
            self.ends.push(out, request.server);
            out.push(' ');
        }
        let _ = write!(out, "{} {} ", request.code, words::known_by(request.request));
        self.paint(out, BAD, "no reply");
        if request.transmissions > 1 {
            let _ = write!(out, " to {} transmissions", request.transmissions);
        }
        out.push('\n');
    }

    /// Something that could not be read.
    pub fn trouble(&mut self, out: &mut String, trouble: &Trouble) {
        self.date(out, trouble.time);
        push_number(out, trouble.number);
        out.push(' ');
        self.clock(out, trouble.time);
        if let Some((source, destination)) = trouble.between {
            self.ends.push(out, source);
            out.push_str(" → ");
            self.ends.push(out, destination);
            out.push(' ');
        }
        self.paint(out, WARNING, words::trouble(&trouble.kind));
        out.push('\n');
    }

    /// A line of its own when another day begins.
    fn date(&mut self, out: &mut String, time: Time) {
        let day = time.0 / SECOND / 86_400;
        if day != self.day && time.is_known() {
            self.day = day;
            let mut text = String::from("# ");
            push_date(&mut text, day);
            text.push_str(" UTC");
            self.paint(out, FAINT, text);
            out.push('\n');
        }
    }

    /// Number, time, and both ends: the client always at the left.
    fn place(&mut self, out: &mut String, sighting: &Sighting<'_>, reply: bool) {
        push_number(out, sighting.number);
        out.push(' ');
        self.clock(out, sighting.time);
        if !sighting.is_placed() {
            return;
        }
        let (left, arrow, right) = match reply {
            false => (sighting.source, " → ", sighting.destination),
            true => (sighting.destination, " ← ", sighting.source),
        };
        self.ends.push(out, left);
        out.push_str(arrow);
        self.ends.push(out, right);
        out.push(' ');
    }

    fn clock(&mut self, out: &mut String, time: Time) {
        if time.is_known() {
            self.seconds.push(out, time, |out, second| {
                push_clock(out, second % 86_400);
                out.push('.');
            });
            push_padded::<6>(out, time.0 % SECOND / 1000);
            out.push(' ');
        }
    }

    /// What the packet is to those before it.
    fn link(&self, out: &mut String, observed: &Observed<'_>) {
        match observed.link {
            Some(Link::Request {
                transmission,
                first: Some((first, since)),
                ..
            }) => self.note(
                out,
                WARNING,
                format_args!(
                    "transmission {transmission} of #{first} after {:.3} ms",
                    milliseconds(since)
                ),
            ),
            Some(Link::Request { reuses: true, .. }) => {
                self.note(out, WARNING, "Identifier still in use");
            }
            Some(Link::Reply {
                request,
                since_first,
                repeat,
                differs,
                late,
                ..
            }) => {
                out.push_str(" #");
                push_number(out, request);
                if observed.sighting.time.is_known() {
                    // Milliseconds with three places, without the slow way round over floating point.
                    let microseconds = (since_first + 500) / 1000;
                    out.push_str(" +");
                    push_number(out, microseconds / 1000);
                    out.push('.');
                    push_padded::<3>(out, microseconds % 1000);
                    out.push_str(" ms");
                }
                match (repeat, differs) {
                    (1, _) => {}
                    (_, false) => self.note(out, WARNING, format_args!("reply {repeat}, the same")),
                    (_, true) => self.note(out, BAD, format_args!("reply {repeat}, a different one")),
                }
                if late {
                    self.note(out, WARNING, "late");
                }
            }
            Some(Link::Orphan) => self.note(out, WARNING, "request not seen"),
            _ => {}
        }
    }

    /// What is wrong with the seals; nothing where all is right.
    fn seals(&self, out: &mut String, seals: Seals) {
        use crate::codec::seal::AuthenticatorCheck::Wrong;
        let authenticator = seals.authenticator == Wrong;
        match seals.message_authenticator {
            MessageAuthenticatorCheck::Wrong if authenticator => {
                self.note(out, BAD, "secret differs");
                return;
            }
            MessageAuthenticatorCheck::Wrong => self.note(out, BAD, "Message-Authenticator wrong"),
            MessageAuthenticatorCheck::Malformed => self.note(out, BAD, "Message-Authenticator malformed"),
            MessageAuthenticatorCheck::LegacyZeroVector => {
                self.note(out, WARNING, "Message-Authenticator over zeros");
            }
            _ => {}
        }
        if authenticator {
            self.note(out, BAD, "Authenticator wrong");
        }
    }

    fn details(&mut self, out: &mut String, observed: &Observed<'_>) {
        if let Ok(packet) = &observed.packet {
            if self.verbose > 1 && observed.sighting.version == Version::V1_0 {
                out.push_str("  Authenticator ");
                hex::push(out, packet.authenticator());
                if let Some(seals) = observed.seals() {
                    let check = authenticator_check(seals.authenticator).unwrap_or("not checked");
                    let message = crate::report::view::message_authenticator(seals.message_authenticator);
                    let _ = write!(out, " ({check}), Message-Authenticator {message}");
                }
                out.push('\n');
            }
            if self.verbose > 0 {
                let tree = observed.tree();
                for attribute in &tree.attributes {
                    self.attribute(out, attribute);
                }
                for malformation in packet.malformations(crate::codec::MAX_LENGTH) {
                    out.push_str("  ");
                    self.paint(out, BAD, words::malformation(&malformation));
                    out.push('\n');
                }
            }
            if self.octets.hex || self.octets.annotate {
                let view = match observed.sighting.version {
                    Version::V1_0 => self.lens.tree(packet, observed.tree()),
                    Version::V1_1 => self.lens.clear_tree(packet, observed.tree()),
                };
                let heading = if self.octets.annotate { "octets" } else { "raw" };
                human::all_octets(out, &view, self.octets, heading);
            }
        }
        let Some(least) = self.lint else { return };
        for finding in observed.findings() {
            let severity = finding.rule.severity;
            if severity < least {
                continue;
            }
            let style = match severity {
                Severity::Error => BAD,
                Severity::Warning => WARNING,
                Severity::Info => FAINT,
            };
            out.push_str("  ");
            self.paint(out, style, words::severity(severity));
            let _ = writeln!(
                out,
                " {}: {} ({}, {})",
                finding.rule.id,
                words::finding(finding),
                finding.rule.source,
                words::span(&finding.span)
            );
        }
    }

    /// `NAME = VALUE`, as [`Attribute::pair`] has it; nested ones in the place of what holds them.
    fn attribute(&mut self, out: &mut String, attribute: &Attribute<'_>) {
        if let Value::Group(children) = &attribute.value
            && (self.lens.secrets || !attribute.secret)
        {
            for child in children {
                self.attribute(out, child);
            }
            return;
        }
        out.push_str("  ");
        if self.colour || !self.push_common(out, attribute) {
            let pair = attribute.pair(self.lens.secrets).to_string();
            let (name, value) = pair.split_once(" = ").unwrap_or((&pair, ""));
            self.paint(out, NAME, name);
            out.push_str(" = ");
            out.push_str(value);
        }
        let why = match &attribute.value {
            Value::Malformed(fault) => Some(words::value_fault(fault)),
            Value::Sealed(sealed) => words::sealed(sealed),
            _ => None,
        };
        if let Some(why) = why {
            self.paint(out, WARNING, format_args!("  # {why}"));
        }
        out.push('\n');
    }

    /// The attributes of the common kinds, straight into the buffer; `false` where this is none.
    fn push_common(&mut self, out: &mut String, attribute: &Attribute<'_>) -> bool {
        let Name::Known(name) = attribute.name() else {
            return false;
        };
        let shown = self.lens.secrets || !attribute.secret;
        if attribute.is_raw() {
            return false;
        }
        if !shown {
            let plain =
                attribute.tag.is_none() && matches!(attribute.value, Value::Text(_) | Value::Octets(_));
            if plain {
                out.push_str(name);
                out.push_str(" = ");
                out.push_str(HIDDEN);
            }
            return plain;
        }
        let value = match &attribute.value {
            Value::Text(text) if is_plain(text) => Some(text),
            Value::Octets(_) | Value::Ipv4(_) | Value::Unsigned(_) => None,
            _ => return false,
        };
        out.push_str(name);
        if let Some(tag) = attribute.tag {
            out.push(':');
            push_number(out, u64::from(tag));
        }
        out.push_str(" = ");
        match (&attribute.value, value) {
            (_, Some(text)) => {
                out.push('"');
                out.push_str(text);
                out.push('"');
            }
            (Value::Octets(octets), _) => {
                out.push_str("0x");
                hex::push(out, octets);
            }
            (Value::Ipv4(address), _) => push_ipv4(out, address.octets()),
            (Value::Unsigned(number), _) => self.push_unsigned(out, attribute, *number),
            _ => {}
        }
        true
    }

    /// A number, by its name if it has one.
    fn push_unsigned(&mut self, out: &mut String, attribute: &Attribute<'_>, number: u64) {
        match attribute.entry.filter(|_| attribute.value_name().is_some()) {
            None => push_number(out, number),
            Some(entry) => self.texts.number(out, (entry.key(), number), |out| {
                let _ = write!(out, "{}", attribute.value_text(true));
            }),
        }
    }

    fn note(&self, out: &mut String, style: Style, text: impl Display) {
        out.push_str(", ");
        self.paint(out, style, text);
    }

    fn paint(&self, out: &mut String, style: Style, text: impl Display) {
        let _ = match self.colour {
            true => write!(out, "{style}{text}{style:#}"),
            false => write!(out, "{text}"),
        };
    }
}

/// What a peer calls itself, with everything that a terminal may not see as escapes.
fn push_printable(out: &mut String, octets: &[u8]) {
    match std::str::from_utf8(octets) {
        Ok(text) if is_plain(text) => out.push_str(text),
        _ => {
            let _ = write!(out, "{}", octets.escape_ascii());
        }
    }
}

fn style(code: Code) -> Style {
    match code {
        Code::ACCESS_ACCEPT | Code::ACCOUNTING_RESPONSE | Code::COA_ACK | Code::DISCONNECT_ACK => GOOD,
        Code::ACCESS_REJECT | Code::COA_NAK | Code::DISCONNECT_NAK | Code::PROTOCOL_ERROR => BAD,
        Code::ACCESS_CHALLENGE => WARNING,
        _ => SENT,
    }
}
