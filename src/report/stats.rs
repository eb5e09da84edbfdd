//! The statistics of a capture: tables for people, one object for scripts.

use std::fmt::Write as _;

use serde::Serialize;

use super::seen::{milliseconds, time_text};
use super::theme::{BAD, FAINT, GOOD, HEADING, paint};
use super::words;
use crate::codec::Code;
use crate::trace::capture::Time;
use crate::trace::histogram::Histogram;
use crate::trace::packets::Counts;
use crate::trace::stats::{OfCode, Reason, Stats as Facts, Totals};

/// How wide a histogram's longest bar is, in characters.
const BAR: usize = 40;

/// Everything that was counted.
#[derive(Debug, Serialize)]
pub struct Stats {
    /// Frames of the capture.
    pub frames: u64,
    /// Packets of RADIUS that are counted here.
    pub packets: u64,
    /// When the first of them was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// When the last of them was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The time between, in seconds.
    pub seconds: f64,
    /// The second in which most packets passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub busiest: Option<Busiest>,
    /// All requests and replies.
    #[serde(flatten)]
    pub totals: Requests,
    /// By Code, in the order of the numbers.
    pub codes: Vec<Row>,
    /// Why requests were refused, the most frequent reason first.
    pub refusals: Vec<Refusal>,
    /// By client and server.
    pub pairs: Vec<Pair>,
}

/// The busiest second.
#[derive(Debug, Serialize)]
pub struct Busiest {
    /// When it began.
    pub time: String,
    /// How many packets passed in it.
    pub packets: u64,
}

/// Requests and what became of them.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Requests {
    /// Requests, each once.
    pub requests: u64,
    /// Those that were answered.
    pub answered: u64,
    /// Those without a reply.
    pub lost: u64,
    /// Transmissions beside the first.
    pub retransmitted: u64,
    /// Replies beside the first.
    pub duplicates: u64,
    /// Replies whose request was given up.
    pub late: u64,
    /// Replies whose request was not seen.
    pub orphans: u64,
    /// Packets that are malformed.
    pub malformed: u64,
    /// Packets whose seals are wrong.
    pub unauthentic: u64,
}

/// Packets of one Code.
#[derive(Debug, Serialize)]
pub struct Row {
    /// The Code's name.
    pub code: String,
    /// The Code.
    pub code_number: u8,
    /// How many packets.
    pub packets: u64,
    /// Their octets.
    pub octets: u64,
    /// Retransmissions of requests, repeats of replies.
    pub repeated: u64,
    /// How long such replies took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency: Option<Latency>,
}

/// Latencies in milliseconds.
#[derive(Debug, Serialize)]
pub struct Latency {
    /// How many were measured.
    pub count: u64,
    /// The least.
    pub min: f64,
    /// Half of them took no longer.
    pub p50: f64,
    /// 90 % of them took no longer.
    pub p90: f64,
    /// 99 % of them took no longer.
    pub p99: f64,
    /// 99.9 % of them took no longer.
    pub p999: f64,
    /// The most.
    pub max: f64,
    /// How many took at least so many milliseconds, and less than twice as many.
    pub histogram: Vec<Bar>,
}

/// One bar of a histogram.
#[derive(Debug, Serialize)]
pub struct Bar {
    /// From how many milliseconds on.
    pub from_ms: f64,
    /// How many.
    pub count: u64,
}

/// Why requests were refused.
#[derive(Debug, Serialize)]
pub struct Refusal {
    /// The reply's Code.
    pub code: String,
    /// What the reply says.
    pub reason: String,
    /// How often.
    pub count: u64,
}

/// A client and a server that it asked.
#[derive(Debug, Serialize)]
pub struct Pair {
    /// The client's address.
    pub client: String,
    /// The server's address and port.
    pub server: String,
    /// Its requests.
    #[serde(flatten)]
    pub totals: Requests,
}

impl From<&Totals> for Requests {
    fn from(totals: &Totals) -> Requests {
        Requests {
            requests: totals.requests,
            answered: totals.answered,
            lost: totals.lost,
            retransmitted: totals.retransmitted,
            duplicates: totals.duplicates,
            late: totals.late,
            orphans: totals.orphans,
            malformed: totals.malformed,
            unauthentic: totals.unauthentic,
        }
    }
}

impl Stats {
    /// The view of what was counted.
    pub fn new(facts: &Facts, counts: &Counts) -> Stats {
        let (from, until) = facts.span.unwrap_or_default();
        let text = |time: Time| facts.span.map(|_| time_text(time));
        let mut refusals: Vec<Refusal> = facts.reasons.iter().map(refusal).collect();
        refusals.sort_by_key(|refusal| std::cmp::Reverse(refusal.count));
        Stats {
            frames: counts.frames,
            packets: facts.codes.values().map(|code| code.packets).sum(),
            from: text(from),
            until: text(until),
            seconds: (until.since(from) / 1000) as f64 / 1e6,
            busiest: facts.busiest.map(|(time, packets)| Busiest {
                time: time_text(time),
                packets,
            }),
            totals: Requests::from(&facts.totals),
            codes: facts.codes.iter().map(row).collect(),
            refusals,
            pairs: facts
                .pairs
                .iter()
                .map(|((client, server), totals)| Pair {
                    client: client.to_string(),
                    server: server.to_string(),
                    totals: Requests::from(totals),
                })
                .collect(),
        }
    }

    /// Tables for people, no line wider than 80 columns.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let _ = write!(out, "{} packets in {} frames", self.packets, self.frames);
        if let (Some(from), Some(until)) = (&self.from, &self.until) {
            let second = |time: &String| time.get(..19).unwrap_or(time).to_owned();
            let _ = write!(
                out,
                "\n{}Z to {}Z, {:.3} s",
                second(from),
                second(until),
                self.seconds
            );
        }
        out.push('\n');
        if let Some(busiest) = &self.busiest {
            let second = busiest.time.get(..19).unwrap_or(&busiest.time);
            let _ = writeln!(out, "busiest second {second}Z: {} packets", busiest.packets);
        }
        self.write_totals(&mut out);
        self.write_codes(&mut out);
        self.write_refusals(&mut out);
        self.write_latencies(&mut out);
        self.write_pairs(&mut out);
        out
    }

    fn write_totals(&self, out: &mut String) {
        let totals = &self.totals;
        let count = |count: u64, what: &str, bad: bool| {
            let text = format!("{count} {what}");
            match (count, bad) {
                (0, _) | (_, false) => text,
                _ => paint(BAD, text),
            }
        };
        let open = totals.requests.saturating_sub(totals.answered + totals.lost);
        let _ = write!(
            out,
            "\n{} requests = {} + {}",
            totals.requests,
            paint(GOOD, format_args!("{} answered", totals.answered)),
            count(totals.lost, "lost", true)
        );
        if open > 0 {
            let _ = write!(out, " + {open} open");
        }
        let _ = writeln!(
            out,
            "\n{}, {}, {}, {}\n{}, {}",
            count(totals.retransmitted, "retransmissions", false),
            count(totals.duplicates, "duplicate replies", false),
            count(totals.late, "late replies", true),
            count(totals.orphans, "replies without a request", true),
            count(totals.malformed, "malformed", true),
            count(totals.unauthentic, "with wrong seals", true),
        );
    }

    fn write_codes(&self, out: &mut String) {
        heading(
            out,
            &format!(
                "{:<28}{:>12}{:>14}{:>12}",
                "code", "packets", "octets", "repeated"
            ),
        );
        for row in &self.codes {
            let _ = writeln!(
                out,
                "{:<28}{:>12}{:>14}{:>12}",
                row.code, row.packets, row.octets, row.repeated
            );
        }
    }

    fn write_refusals(&self, out: &mut String) {
        if self.refusals.is_empty() {
            return;
        }
        heading(out, &format!("{:<20}{:>8}  reason", "refused", "count"));
        for refusal in &self.refusals {
            let reason = words::printable(&refusal.reason);
            let _ = writeln!(out, "{:<20}{:>8}  {reason}", refusal.code, refusal.count);
        }
    }

    fn write_latencies(&self, out: &mut String) {
        let measured = || {
            self.codes
                .iter()
                .filter_map(|row| row.latency.as_ref().map(|latency| (row, latency)))
        };
        if measured().next().is_none() {
            return;
        }
        let columns = ["min", "p50", "p90", "p99", "p99.9", "max"];
        let names: String = columns.iter().map(|name| format!("{name:>9}")).collect();
        heading(out, &format!("{:<22}{names}", "latency in ms"));
        for (row, latency) in measured() {
            let values = [
                latency.min,
                latency.p50,
                latency.p90,
                latency.p99,
                latency.p999,
                latency.max,
            ];
            let values: String = values
                .iter()
                .map(|value| format!("{:>9}", short(*value)))
                .collect();
            let _ = writeln!(out, "{:<22}{values}", row.code);
        }
        for (row, latency) in measured() {
            heading(out, &format!("{}, ms and more", row.code));
            let most = latency.histogram.iter().map(|bar| bar.count).max().unwrap_or(1);
            for bar in &latency.histogram {
                let _ = writeln!(
                    out,
                    "{:>10} {}{:<BAR$} {}",
                    short(bar.from_ms),
                    paint(FAINT, "│"),
                    drawn(bar.count, most),
                    bar.count
                );
            }
        }
    }

    fn write_pairs(&self, out: &mut String) {
        if self.pairs.is_empty() {
            return;
        }
        let names = format!(
            "{:<17}{:<23}{:>10}{:>10}{:>9}{:>9}",
            "client", "server", "requests", "answered", "lost", "sent +"
        );
        heading(out, &names);
        for pair in &self.pairs {
            let totals = &pair.totals;
            let _ = writeln!(
                out,
                "{:<16} {:<22} {:>10}{:>10}{:>9}{:>9}",
                pair.client, pair.server, totals.requests, totals.answered, totals.lost, totals.retransmitted
            );
        }
    }
}

fn heading(out: &mut String, text: &str) {
    let _ = writeln!(out, "\n{}", paint(HEADING, text.trim_end()));
}

/// A bar as long as its part of the longest, in eighths of a character; never nothing for something.
fn drawn(count: u64, most: u64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (count as f64 / most.max(1) as f64 * (BAR * 8) as f64).round() as usize;
    let eighths = if count > 0 { eighths.max(1) } else { 0 };
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

/// A number of milliseconds in at most eight characters.
fn short(value: f64) -> String {
    match value {
        value if value >= 100_000.0 => format!("{value:.0}"),
        value if value >= 1000.0 => format!("{value:.1}"),
        value => format!("{value:.3}"),
    }
}

fn row((number, of_code): (&u8, &OfCode)) -> Row {
    Row {
        code: Code(*number).to_string(),
        code_number: *number,
        packets: of_code.packets,
        octets: of_code.octets,
        repeated: of_code.repeated,
        latency: (of_code.latency.total() > 0).then(|| latency(&of_code.latency)),
    }
}

fn latency(histogram: &Histogram) -> Latency {
    let part = |part: f64| milliseconds(histogram.percentile(part));
    Latency {
        count: histogram.total(),
        min: milliseconds(histogram.least()),
        p50: part(0.5),
        p90: part(0.9),
        p99: part(0.99),
        p999: part(0.999),
        max: milliseconds(histogram.most()),
        histogram: histogram
            .octaves()
            .into_iter()
            .map(|(from, count)| Bar {
                from_ms: milliseconds(from),
                count,
            })
            .collect(),
    }
}

fn refusal(((code, reason), count): (&(u8, Reason), &u64)) -> Refusal {
    Refusal {
        code: Code(*code).to_string(),
        reason: match reason {
            Reason::ErrorCause(cause) => match words::error_cause(*cause) {
                Some(meaning) => format!("Error-Cause {cause}: {meaning}"),
                None => format!("Error-Cause {cause}"),
            },
            Reason::Text(text) => text.clone(),
            Reason::NotGiven => "(not given)".to_owned(),
            Reason::Other => "(others)".to_owned(),
        },
        count: *count,
    }
}
