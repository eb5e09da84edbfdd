//! The summary of a run of several requests: every packet accounted for.

use std::fmt::Write as _;
use std::time::Duration;

use super::theme::{BAD, GOOD, paint};
use super::view::milliseconds;
use crate::outcome::Totals;

/// The lines that end a run of several requests.
pub fn summary(totals: &Totals, elapsed: Duration) -> String {
    let mut out = String::new();
    let lost = if totals.lost == 0 {
        paint(GOOD, "0 lost")
    } else {
        paint(BAD, format_args!("{} lost", totals.lost))
    };
    let _ = writeln!(
        out,
        "{} sent = {} answered + {lost}; {} retransmissions, {} bad replies",
        totals.sent, totals.answered, totals.retransmissions, totals.bad_replies
    );
    let _ = write!(out, "{} succeeded, {} refused", totals.succeeded, totals.refused);
    if totals.unmet > 0 {
        let _ = write!(
            out,
            ", {}",
            paint(BAD, format_args!("{} not as expected", totals.unmet))
        );
    }
    if totals.unsent > 0 {
        let _ = write!(
            out,
            ", {}",
            paint(BAD, format_args!("{} never sent", totals.unsent))
        );
    }
    let seconds = elapsed.as_secs_f64();
    let rate = if seconds > 0.0 {
        totals.answered as f64 / seconds
    } else {
        0.0
    };
    // A slow watch has less than one a second.
    let decimals = usize::from(rate < 10.0);
    let _ = writeln!(out, " in {seconds:.3} s, {rate:.decimals$} replies/s");
    if let Some([least, median, most_of_all, most]) = totals.latency() {
        let _ = writeln!(
            out,
            "latency min {:.3} ms, median {:.3} ms, p99 {:.3} ms, max {:.3} ms",
            milliseconds(least),
            milliseconds(median),
            milliseconds(most_of_all),
            milliseconds(most)
        );
    }
    out
}
