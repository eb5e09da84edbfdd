//! What a server counted, in the text format that Prometheus and OpenMetrics read.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, NoLabelSet, text};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

use super::words;
use crate::server::{LATENCIES, Totals};

/// The media type of [`exposition`].
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What a server is asked for beside its totals.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// What was counted.
    pub totals: Totals,
    /// How many sessions accounting says there are.
    pub sessions: usize,
    /// How long the server has run, in seconds.
    pub uptime: f64,
}

/// All metrics as text.
pub fn exposition(snapshot: Snapshot) -> String {
    let mut registry = Registry::default();
    registry.register_collector(Box::new(Counts(snapshot)));
    let mut out = String::new();
    // Writing to a string fails only where an encoder says so; there is nothing to encode that it could refuse.
    if text::encode(&mut out, &registry).is_err() {
        out.clear();
    }
    out
}

#[derive(Debug)]
struct Counts(Snapshot);

impl Collector for Counts {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let totals = &self.0.totals;
        let mut family = |name: &str, help: &str, label: &str, counts: Vec<(String, u64)>| {
            let kind = prometheus_client::metrics::MetricType::Counter;
            let mut metric = encoder.encode_descriptor(name, help, None, kind)?;
            for (value, count) in counts {
                let labels = [(label, value.as_str())];
                ConstCounter::new(count).encode(metric.encode_family(&labels)?)?;
            }
            Ok::<(), fmt::Error>(())
        };
        let by_code = |counts: &[(crate::codec::Code, u64)]| {
            counts
                .iter()
                .map(|(code, count)| (code.to_string(), *count))
                .collect()
        };
        family(
            "radius_requests",
            "Requests that came, by Code",
            "code",
            by_code(&totals.requests),
        )?;
        family(
            "radius_replies",
            "Replies that were made, by Code",
            "code",
            by_code(&totals.replies),
        )?;
        let discards = totals
            .discards
            .iter()
            .map(|(discard, count)| (words::discard_kind(discard).to_owned(), *count))
            .collect();
        family(
            "radius_discarded",
            "Requests without an answer, by reason",
            "reason",
            discards,
        )?;
        for (name, help, count) in [
            (
                "radius_duplicates_answered",
                "Identical replies sent again",
                totals.resent,
            ),
            (
                "radius_unprotected_requests",
                "Access-Requests without Message-Authenticator",
                totals.unprotected,
            ),
            (
                "radius_faults",
                "Requests that a fault on purpose befell",
                totals.mishaps,
            ),
        ] {
            let counter = ConstCounter::new(count);
            let metric = encoder.encode_descriptor(name, help, None, counter.metric_type())?;
            counter.encode(metric)?;
        }
        let sessions = ConstGauge::new(i64::try_from(self.0.sessions).unwrap_or(i64::MAX));
        let help = "Sessions that accounting says there are";
        let metric = encoder.encode_descriptor("radius_sessions", help, None, sessions.metric_type())?;
        sessions.encode(metric)?;
        let uptime = ConstGauge::new(self.0.uptime);
        let help = "Seconds since the server started";
        let metric = encoder.encode_descriptor("radius_uptime_seconds", help, None, uptime.metric_type())?;
        uptime.encode(metric)?;
        latencies(&mut encoder, totals)
    }
}

fn latencies(encoder: &mut DescriptorEncoder<'_>, totals: &Totals) -> Result<(), fmt::Error> {
    let kind = prometheus_client::metrics::MetricType::Histogram;
    let help = "Seconds from a request's arrival to the decision about it";
    let mut metric = encoder.encode_descriptor("radius_latency_seconds", help, None, kind)?;
    let bounds = LATENCIES.iter().map(|micros| *micros as f64 / 1e6);
    let buckets: Vec<(f64, u64)> = bounds
        .chain([f64::INFINITY])
        .zip(totals.latencies.iter().copied())
        .collect();
    let count = totals.latencies.iter().sum();
    metric.encode_histogram::<NoLabelSet>(totals.latency.as_secs_f64(), count, &buckets, None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Code;
    use crate::responder::Discard;
    use std::time::Duration;

    #[test]
    fn what_was_counted_is_said_in_prometheus_own_words() {
        let mut latencies = vec![0; LATENCIES.len() + 1];
        latencies[1] = 2;
        let text = exposition(Snapshot {
            totals: Totals {
                requests: vec![(Code::ACCESS_REQUEST, 3)],
                replies: vec![(Code::ACCESS_ACCEPT, 2)],
                discards: vec![(Discard::UnknownClient, 1)],
                resent: 1,
                latencies,
                latency: Duration::from_micros(40),
                ..Totals::default()
            },
            sessions: 4,
            uptime: 1.5,
        });
        for line in [
            "# TYPE radius_requests counter",
            "radius_requests_total{code=\"Access-Request\"} 3",
            "radius_replies_total{code=\"Access-Accept\"} 2",
            "radius_discarded_total{reason=\"unknown-client\"} 1",
            "radius_duplicates_answered_total 1",
            "radius_sessions 4",
            "radius_uptime_seconds 1.5",
            "radius_latency_seconds_bucket{le=\"0.000025\"} 2",
            "radius_latency_seconds_bucket{le=\"+Inf\"} 2",
            "radius_latency_seconds_count 2",
            "# EOF",
        ] {
            assert!(
                text.lines().any(|found| found == line),
                "{line} is not in\n{text}"
            );
        }
    }
}
