//! A conversation as a ladder: the client at the left, the server at the right, time downwards. Eighty columns.

use std::fmt::Write as _;

use super::seen::{clock_text, date_text, milliseconds};
use super::theme::{BAD, FAINT, GOOD, HEADING, SENT, WARNING, paint};
use super::words;
use crate::codec::Code;
use crate::trace::flow::{Flow, Mark, Step};

/// From one side of the ladder to the other, in columns.
const RUNG: usize = 52;
/// Time at the left, in columns.
const MARGIN: usize = 16;

/// Draws one conversation.
pub fn ladder(flow: &Flow) -> String {
    let mut out = String::new();
    let user = flow
        .user
        .as_deref()
        .map(|user| format!(", {}", user.escape_ascii()));
    let title = format!("conversation {}{}", flow.conversation, user.unwrap_or_default());
    let _ = write!(out, "{}", paint(HEADING, title));
    let first = flow.steps.first().map(|step| step.time).unwrap_or_default();
    if first.0 > 0 {
        let _ = write!(out, "  {} {}Z", date_text(first), clock_text(first));
    }
    let (client, server) = (flow.client.to_string(), flow.server.to_string());
    let gap = (RUNG + 2).saturating_sub(client.len() + server.len()).max(1);
    let _ = writeln!(out, "\n{:MARGIN$}{client}{:gap$}{server}", "", "");
    let mut last = first;
    for step in &flow.steps {
        let since = match step.time.since(last) {
            0 => String::new(),
            since => format!("+{} ms", short(since)),
        };
        let _ = writeln!(
            out,
            "{:>width$} {} {} #{}",
            since,
            paint(FAINT, "│"),
            rung(step),
            step.number,
            width = MARGIN - 1
        );
        last = step.time;
    }
    if flow.more > 0 {
        let _ = writeln!(out, "{:MARGIN$}… {} more packets", "", flow.more);
    }
    out.push('\n');
    out
}

/// One arrow with its words, from side to side.
fn rung(step: &Step) -> String {
    let mut label = match step.mark {
        Mark::Unanswered(1) => "no reply".to_owned(),
        Mark::Unanswered(transmissions) => format!("no reply to {transmissions} transmissions"),
        _ => format!("{} id={}", step.code, step.identifier),
    };
    if let Some(inside) = words::step_inside(step) {
        let _ = write!(label, " {inside}");
    }
    let note = match step.mark {
        Mark::None | Mark::Unanswered(_) => String::new(),
        Mark::Retransmission(which) => format!(" (transmission {which})"),
        Mark::Duplicate(which) => format!(" (reply {which})"),
        Mark::Late => " (late)".to_owned(),
        Mark::Orphan => " (request not seen)".to_owned(),
    };
    label.push_str(&note);
    let room = RUNG - 4;
    if label.chars().count() > room {
        label = label.chars().take(room - 1).chain(['…']).collect();
    }
    let line = match step.mark {
        Mark::Retransmission(_) | Mark::Duplicate(_) => "╌",
        _ => "─",
    };
    let shaft = line.repeat(RUNG - 3 - label.chars().count());
    let style = match (step.mark, step.code) {
        (Mark::Unanswered(_), _) => BAD,
        (Mark::Retransmission(_) | Mark::Duplicate(_) | Mark::Late | Mark::Orphan, _) => WARNING,
        (_, Code::ACCESS_ACCEPT | Code::ACCOUNTING_RESPONSE | Code::COA_ACK | Code::DISCONNECT_ACK) => GOOD,
        (_, Code::ACCESS_REJECT | Code::COA_NAK | Code::DISCONNECT_NAK | Code::PROTOCOL_ERROR) => BAD,
        _ => SENT,
    };
    let label = paint(style, label);
    let edge = paint(FAINT, "│");
    match (step.mark, step.forth) {
        (Mark::Unanswered(_), _) => format!("{label} {}✗ {edge}", "╌".repeat(RUNG - 4 - plain(&label))),
        (_, true) => format!("{label} {shaft}▶ {edge}"),
        (_, false) => format!("◀{shaft} {label} {edge}"),
    }
}

/// How many columns a painted text takes.
fn plain(text: &str) -> usize {
    anstream::adapter::strip_str(text).to_string().chars().count()
}

fn short(nanoseconds: u64) -> String {
    let value = milliseconds(nanoseconds);
    if value >= 1000.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.3}")
    }
}
