//! A conversation as a ladder: the client at the left, the server at the right, time downwards. Eighty columns.

use std::fmt::Write as _;

use super::fold::wrapped;
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
    let user = flow.user.as_deref().map(|user| format!(", {}", shortened(user)));
    let title = format!("conversation {}{}", flow.conversation, user.unwrap_or_default());
    let _ = write!(out, "{}", paint(HEADING, title));
    let first = flow.steps.first().map(|step| step.time).unwrap_or_default();
    if first.is_known() {
        let _ = write!(out, "  {} {}Z", date_text(first), clock_text(first));
    }
    out.push('\n');
    out.push_str(&match flow.ends {
        Some((client, server)) => ends(&client.to_string(), &server.to_string()),
        None => ends("client", "server"),
    });
    let mut last = first;
    for step in &flow.steps {
        let since = match step.time.since(last) {
            0 => String::new(),
            since => format!("+{} ms", short(since)),
        };
        let rung = Rung::of(step);
        let _ = writeln!(
            out,
            "{:>width$} {} {} #{}",
            since,
            paint(FAINT, "│"),
            rung.drawn(step),
            step.number,
            width = MARGIN - 1
        );
        for line in &rung.below {
            let edge = paint(FAINT, "│");
            let _ = writeln!(
                out,
                "{:MARGIN$}{edge}   {line:<width$} {edge}",
                "",
                width = RUNG - 3
            );
        }
        last = step.time;
    }
    if flow.more > 0 {
        let _ = writeln!(out, "{:MARGIN$}… {} more packets", "", flow.more);
    }
    out.push('\n');
    out
}

/// Who is at which side: on one line where both fit, else the server on a line of its own.
fn ends(client: &str, server: &str) -> String {
    const WIDTH: usize = RUNG + 2;
    match WIDTH.checked_sub(client.len() + server.len()) {
        Some(gap) if gap > 0 => format!("{:MARGIN$}{client}{:gap$}{server}\n", "", ""),
        _ => format!("{:MARGIN$}{client}\n{:MARGIN$}{server:>WIDTH$}\n", "", ""),
    }
}

/// The user in a title, which is to stay on its line.
fn shortened(user: &[u8]) -> String {
    const MOST: usize = 24;
    let text = user.escape_ascii().to_string();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(&text)),
        None => text,
    }
}

/// One arrow: the words on it, and those that do not fit.
struct Rung {
    label: String,
    below: Vec<String>,
}

impl Rung {
    fn of(step: &Step) -> Rung {
        let mut label = match step.mark {
            Mark::Unanswered(1) => "no reply".to_owned(),
            Mark::Unanswered(transmissions) => format!("no reply to {transmissions} transmissions"),
            _ => format!("{} {}", step.code, words::known_by(step.request)),
        };
        let note = match step.mark {
            Mark::None | Mark::Unanswered(_) => String::new(),
            Mark::Retransmission(which) => format!(" (transmission {which})"),
            Mark::Duplicate(which) => format!(" (reply {which})"),
            Mark::Late => " (late)".to_owned(),
            Mark::Orphan => " (request not seen)".to_owned(),
        };
        label.push_str(&note);
        let mut below = Vec::new();
        if let Some(inside) = words::step_inside(step) {
            if label.chars().count() + 1 + inside.chars().count() <= RUNG - 6 {
                let _ = write!(label, " {inside}");
            } else {
                below = wrapped(&inside, RUNG - 4);
            }
        }
        Rung { label, below }
    }

    fn drawn(&self, step: &Step) -> String {
        let line = match step.mark {
            Mark::Retransmission(_) | Mark::Duplicate(_) | Mark::Unanswered(_) => "╌",
            _ => "─",
        };
        let shaft = line.repeat((RUNG - 3).saturating_sub(self.label.chars().count()));
        let style = match (step.mark, step.code) {
            (Mark::Unanswered(_), _) => BAD,
            (Mark::Retransmission(_) | Mark::Duplicate(_) | Mark::Late | Mark::Orphan, _) => WARNING,
            (_, Code::ACCESS_ACCEPT | Code::ACCOUNTING_RESPONSE | Code::COA_ACK | Code::DISCONNECT_ACK) => {
                GOOD
            }
            (_, Code::ACCESS_REJECT | Code::COA_NAK | Code::DISCONNECT_NAK | Code::PROTOCOL_ERROR) => BAD,
            _ => SENT,
        };
        let label = paint(style, &self.label);
        let edge = paint(FAINT, "│");
        match (step.mark, step.forth) {
            (Mark::Unanswered(_), _) => format!("{label} {shaft}✗ {edge}"),
            (_, true) => format!("{label} {shaft}▶ {edge}"),
            (_, false) => format!("◀{shaft} {label} {edge}"),
        }
    }
}

fn short(nanoseconds: u64) -> String {
    let value = milliseconds(nanoseconds);
    if value >= 1000.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.3}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::capture::Time;

    fn step(number: u64, at: u64, forth: bool, code: u8, mark: Mark) -> Step {
        Step {
            number,
            time: Time(1_700_000_000_000_000_000 + at * 1_000_000),
            forth,
            code: Code(code),
            request: crate::trace::link::Number::Identifier(7),
            mark,
            eap: None,
            status: None,
        }
    }

    fn plain(flow: &Flow) -> String {
        anstream::adapter::strip_str(&ladder(flow)).to_string()
    }

    #[test]
    fn a_ladder_has_the_client_at_the_left_and_fits_into_eighty_columns() {
        let flow = Flow {
            conversation: 3,
            ends: Some(("10.0.0.1:4000".parse().unwrap(), "10.0.0.2:1812".parse().unwrap())),
            user: Some(b"alice".to_vec()),
            steps: vec![
                step(1, 0, true, 1, Mark::None),
                step(2, 2000, true, 1, Mark::Retransmission(2)),
                step(3, 2001, false, 2, Mark::None),
                step(4, 2002, false, 2, Mark::Duplicate(2)),
                step(5, 2003, true, 4, Mark::None),
                step(5, 2003, true, 4, Mark::Unanswered(3)),
            ],
            more: 0,
        };
        let drawn = plain(&flow);
        assert_eq!(
            drawn,
            "\
conversation 3, alice  2023-11-14 22:13:20.000000Z
                10.0.0.1:4000                            10.0.0.2:1812
                │ Access-Request id=7 ──────────────────────────────▶ │ #1
       +2000 ms │ Access-Request id=7 (transmission 2) ╌╌╌╌╌╌╌╌╌╌╌╌╌▶ │ #2
      +1.000 ms │ ◀─────────────────────────────── Access-Accept id=7 │ #3
      +1.000 ms │ ◀╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ Access-Accept id=7 (reply 2) │ #4
      +1.000 ms │ Accounting-Request id=7 ──────────────────────────▶ │ #5
                │ no reply to 3 transmissions ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌✗ │ #5

"
        );
        assert!(drawn.lines().all(|line| line.chars().count() <= 80));
    }

    #[test]
    fn long_names_and_addresses_fit_into_eighty_columns_too() {
        use crate::auth::eap::packet::{EapCode, EapType};
        use crate::trace::eap::{Eap, Inside};

        let flow = Flow {
            conversation: 123_456,
            ends: Some((
                "[2001:db8:1111:2222:3333:4444:5555:6666]:40000".parse().unwrap(),
                "[2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff]:18120".parse().unwrap(),
            )),
            user: Some(vec![b'a'; 200]),
            steps: vec![Step {
                eap: Some(Eap {
                    code: EapCode::RESPONSE,
                    identifier: 1,
                    kind: Some(EapType::IDENTITY),
                    inside: Inside::Identity(vec![b'a'; 200]),
                }),
                ..step(1, 0, true, 1, Mark::None)
            }],
            more: 7,
        };
        let drawn = plain(&flow);
        assert!(drawn.lines().all(|line| line.chars().count() <= 80), "{drawn}");
        // All of the identity is there, in the lines below its arrow.
        assert!(drawn.matches('a').count() >= 224, "{drawn}");
    }
}
