//! Words for captures: what could not be read, and filters that mean nothing.

use std::io;
use std::path::Path;

use super::{did_you_mean, quoted};
use crate::auth::eap::packet::EapType;
use crate::auth::eap::tls::records::{Content, Record};
use crate::codec::frame::FrameError;
use crate::dictionary::{Dictionary, Near};
use crate::lint::{RULES, Severity};
#[cfg(target_os = "linux")]
use crate::net::{Cause, interface::WatchError};
use crate::report::diagnostic::{Diagnostic, Excerpt, Exit};
use crate::trace::capture::{CaptureError, CaptureErrorKind};
use crate::trace::eap::{Eap, Inside};
use crate::trace::filter::{FilterError, FilterErrorKind};
use crate::trace::flow::Step;
use crate::trace::link::Number;
use crate::trace::packets::{Counts, TroubleKind};

/// How much a finding matters, in one word.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// Why a capture cannot be read, or no further.
pub fn capture_error(error: &CaptureError, origin: &str) -> Diagnostic {
    let at = error.offset;
    match &error.kind {
        CaptureErrorKind::Empty => {
            Diagnostic::error("empty-capture", Exit::Usage, format!("{origin} is empty"))
        }
        CaptureErrorKind::NotACapture(magic) => Diagnostic::error(
            "not-a-capture",
            Exit::Usage,
            format!(
                "{origin} is no capture: it begins with {}",
                crate::codec::hex::encode(magic)
            ),
        )
        .hint("pcap and pcapng are read, plain or compressed with gzip or zstd"),
        CaptureErrorKind::Cut => Diagnostic::warning(
            "cut-capture",
            format!("{origin} ends in the middle of a packet, at octet {at}; everything before it was read"),
        ),
        CaptureErrorKind::BadLength(length) => Diagnostic::error(
            "damaged-capture",
            Exit::Usage,
            format!("{origin} is damaged at octet {at}: a record cannot have {length} octets"),
        ),
        CaptureErrorKind::NoInterface(interface) => Diagnostic::error(
            "damaged-capture",
            Exit::Usage,
            format!("{origin} is damaged at octet {at}: it does not describe interface {interface}"),
        ),
        CaptureErrorKind::Io(error) => unreadable(origin, at, error),
    }
}

fn unreadable(origin: &str, at: u64, error: &io::Error) -> Diagnostic {
    if at == 0 {
        super::cannot_read(Path::new(origin), error)
    } else {
        Diagnostic::error(
            "damaged-capture",
            Exit::Usage,
            format!("cannot read {origin} beyond octet {at}: {error}"),
        )
    }
}

/// What could not be read in frames, in one word or two.
pub fn trouble_kind(kind: &TroubleKind) -> &'static str {
    match kind {
        TroubleKind::LinkType(_) => "link-type",
        TroubleKind::Overlap => "overlapping-fragments",
        TroubleKind::TooLong => "fragments-too-long",
        TroubleKind::Gap(_) => "gap",
        TroubleKind::Border(_) => "lost-border",
        TroubleKind::Skipped(_) => "skipped",
        TroubleKind::CutStream(_) => "cut-stream",
        TroubleKind::Encrypted(_) => "encrypted",
    }
}

/// What a packet is known by: `id=5`, or `token=01020304`.
pub fn known_by(number: Number) -> String {
    match number {
        Number::Identifier(identifier) => format!("id={identifier}"),
        Number::Token(token) => format!("token={token}"),
    }
}

/// What could not be read in frames.
pub fn trouble(kind: &TroubleKind) -> String {
    match kind {
        TroubleKind::LinkType(link) => format!("frames of link type {} cannot be read", link.0),
        TroubleKind::Overlap => "IP fragments contradict each other".to_owned(),
        TroubleKind::TooLong => "IP fragments make more than a packet can be".to_owned(),
        TroubleKind::Gap(octets) => format!("{octets} octets of the stream were not captured"),
        TroubleKind::Border(FrameError::LengthBelowHeader { length }) => {
            format!("no packet begins here: Length is {length}")
        }
        TroubleKind::Border(FrameError::LengthAboveMaximum { length, max }) => {
            format!("no packet begins here: Length is {length}, and {max} is allowed")
        }
        TroubleKind::Skipped(octets) => format!("{octets} octets passed over until a packet began"),
        TroubleKind::CutStream(octets) => {
            format!("the stream ends inside a packet, of which there are {octets} octets")
        }
        TroubleKind::Encrypted(locked) => super::keylog::locked(locked),
    }
}

/// What in a capture could not be read and belongs to no packet.
pub fn damage(counts: &Counts, incomplete: u64) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    if counts.unread > 0 {
        let message = format!("{} of {} frames could not be read", counts.unread, counts.frames);
        diagnostics.push(Diagnostic::warning("unread-frames", message).hint(
            "their headers are cut off, contradict themselves, or are of a link type that is not known",
        ));
    }
    if incomplete > 0 {
        let message = match incomplete {
            1 => "one IP packet lacks some of its fragments".to_owned(),
            count => format!("{count} IP packets lack some of their fragments"),
        };
        diagnostics.push(Diagnostic::warning("lost-fragments", message));
    }
    diagnostics
}

/// Nothing was printed: why, as far as it is known.
pub fn nothing_found(counts: &Counts, filtered: bool) -> Diagnostic {
    let message = match (counts.frames, counts.packets) {
        (0, _) => "the capture holds no frames".to_owned(),
        (frames, 0) => format!("no RADIUS packet in {frames} frames"),
        (_, packets) if filtered => format!("none of {packets} packets is what the filter asks for"),
        (_, packets) => format!("none of {packets} packets is wanted"),
    };
    let diagnostic = Diagnostic::warning("nothing-found", message);
    match (counts.frames > 0, counts.packets) {
        (true, 0) => diagnostic.hint("--port names a port that carries RADIUS"),
        _ => diagnostic,
    }
}

/// Why a column of --csv is none.
pub fn column_error(name: &str, dictionary: &Dictionary) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        "unknown-column",
        Exit::Usage,
        format!("{} is neither a field nor an attribute", quoted(name)),
    );
    did_you_mean(diagnostic, &dictionary.suggest(name, Near::Attributes))
}

/// An EAP packet, and the TLS inside it, by their names.
pub fn eap(eap: &Eap) -> String {
    let code = match eap.code.name() {
        Some(name) => format!("EAP-{name}"),
        None => format!("EAP Code {}", eap.code.0),
    };
    let kind = eap.kind.map(eap_type).unwrap_or_default();
    match &eap.inside {
        Inside::Nothing if kind.is_empty() => code,
        Inside::Nothing => format!("{code} {kind}"),
        Inside::Start => "EAP-Start".to_owned(),
        Inside::Broken(_) => "broken EAP packet".to_owned(),
        Inside::Identity(identity) => format!("{code} {kind} {}", identity.escape_ascii()),
        Inside::Wishes(wishes) => {
            let wishes: Vec<String> = wishes.iter().map(|kind| eap_type(*kind)).collect();
            format!("{code} {kind} for {}", wishes.join(", "))
        }
        Inside::TlsStart => format!("{code} {kind} Start"),
        Inside::TlsAcknowledgement => format!("{code} {kind} without data"),
        Inside::TlsFragment(octets) => format!("{code} {kind} fragment of {}", super::octets(*octets)),
        Inside::Tls(records) => {
            let names: Vec<String> = records.iter().flat_map(record).collect();
            format!("{code} {kind} {}", names.join(", "))
        }
    }
}

fn eap_type(kind: EapType) -> String {
    kind.name()
        .map_or_else(|| format!("Type {}", kind.0), str::to_owned)
}

/// What can be seen of a TLS record.
fn record(record: &Record) -> Vec<String> {
    match &record.content {
        Content::Handshake(messages) if !messages.is_empty() => messages
            .iter()
            .map(|(kind, _)| match kind.name() {
                Some(name) => name.to_owned(),
                // What follows a ChangeCipherSpec is encrypted, its type included.
                None => "encrypted handshake".to_owned(),
            })
            .collect(),
        Content::Alert { fatal, description } => {
            let weight = if *fatal { "fatal" } else { "warning" };
            vec![format!("{weight} Alert {description:?}")]
        }
        _ => match record.kind.name() {
            Some(name) => vec![name.to_owned()],
            None => vec![format!("record of type {}", record.kind.0)],
        },
    }
}

/// What a step of a conversation holds, beside its Code: the kind of record.
pub fn step_inside(step: &Step) -> Option<String> {
    if let Some(inside) = &step.eap {
        return Some(eap(inside));
    }
    let status = match step.status? {
        1 => "Start",
        2 => "Stop",
        3 => "Interim-Update",
        7 => "Accounting-On",
        8 => "Accounting-Off",
        other => return Some(format!("Acct-Status-Type {other}")),
    };
    Some(status.to_owned())
}

/// Why an interface cannot be watched.
#[cfg(target_os = "linux")]
pub fn watch_error(error: &WatchError, name: &str) -> Diagnostic {
    match error {
        WatchError::NoInterface(none) => {
            let known = none.known.join(", ");
            Diagnostic::error("interface", Exit::Usage, format!("there is no interface {}", quoted(name)))
                .hint(format!("there are {known}, and any for all of them"))
        }
        WatchError::Socket(error) if error.cause == Cause::Permission => Diagnostic::error(
            "permission",
            Exit::Local,
            format!("not permitted to watch {name}"),
        )
        .hint("sudo setcap cap_net_raw+ep \"$(command -v radius)\" permits it for good; sudo radius trace … for once")
        .hint(format!("or let another program capture: sudo tcpdump -i {name} -U -w - | radius trace -")),
        WatchError::Socket(error) => super::socket_error(error),
    }
}

/// Interfaces cannot be watched on this system.
#[cfg(not(target_os = "linux"))]
pub fn cannot_watch(name: &str) -> Diagnostic {
    Diagnostic::error(
        "unsupported",
        Exit::Local,
        "interfaces can be watched on Linux only",
    )
    .hint(format!(
        "let another program capture: sudo tcpdump -i {name} -U -w - | radius trace -"
    ))
}

/// The kernel had no room for packets.
pub fn dropped(count: u32) -> Diagnostic {
    Diagnostic::warning(
        "dropped",
        format!("{count} packets passed faster than they could be read, and are not counted"),
    )
}

/// Why a text is not CIDR=SECRET; the part before the `=`, if there is one. What is behind it is never repeated.
pub fn bad_client(origin: &str, network: Option<&str>) -> Diagnostic {
    let message = match network {
        None => format!("{origin} takes a network and a secret with `=` between them"),
        Some(network) => format!(
            "{} of {origin} is neither an address nor a network",
            quoted(network)
        ),
    };
    Diagnostic::error("client", Exit::Usage, message).hint("for example 192.0.2.0/24=testing123")
}

/// Why a filter means nothing, with the place.
pub fn filter_error(error: &FilterError, text: &str, dictionary: &Dictionary) -> Diagnostic {
    let written = text.get(error.span.clone()).unwrap_or("");
    let what = match &error.kind {
        FilterErrorKind::NoTest => "a test is missing: NAME OP VALUE, or a word like reply".to_owned(),
        FilterErrorKind::NoOperator => {
            format!(
                "{} is neither a word nor followed by an operator",
                quoted(written)
            )
        }
        FilterErrorKind::NoValue => "a value is missing".to_owned(),
        FilterErrorKind::Bracket if written == ")" => "this bracket closes nothing".to_owned(),
        FilterErrorKind::Bracket => "this bracket is not closed".to_owned(),
        FilterErrorKind::Quote => "this quote is not closed".to_owned(),
        FilterErrorKind::NotJoined => "`and` or `or` is missing".to_owned(),
        FilterErrorKind::TooDeep => "nested too deep".to_owned(),
        FilterErrorKind::Operator => "this operator asks nothing of this field".to_owned(),
        FilterErrorKind::Value { field } => format!("{} is nothing that `{field}` can be", quoted(written)),
        FilterErrorKind::Text(_) => "this is no NAME OP VALUE".to_owned(),
        FilterErrorKind::Attribute(error) => super::encode_error(error, written).1,
    };
    let excerpt = Excerpt {
        origin: "--filter".to_owned(),
        line: None,
        text: text.to_owned(),
        span: error.span.clone(),
        label: String::new(),
    };
    let diagnostic = Diagnostic::error("filter", Exit::Usage, what).excerpt(excerpt);
    match &error.kind {
        FilterErrorKind::NoOperator => {
            let near = dictionary.suggest(written, Near::Attributes);
            did_you_mean(diagnostic, &near)
        }
        FilterErrorKind::Value { field: "finding" } => {
            let ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
            diagnostic.hint(format!("info, warning, error, or a rule: {}", ids.join(", ")))
        }
        FilterErrorKind::Value { field: "verdict" } => diagnostic.hint("right, wrong or unverifiable"),
        _ => diagnostic,
    }
}
