//! What was counted. Each thread counts for itself, anybody may look.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use crate::codec::Code;
use crate::responder::{Did, Discard, Facts};

/// The upper bounds of the classes in which latencies are counted, in microseconds; what is longer is in one more.
pub const LATENCIES: [u64; 12] = [
    10, 25, 50, 100, 250, 500, 1_000, 5_000, 25_000, 100_000, 1_000_000, 5_000_000,
];

/// The counters of one thread.
pub(super) struct Tally {
    requests: [AtomicU64; 256],
    replies: [AtomicU64; 256],
    discards: [(AtomicU64, OnceLock<Discard>); Discard::KINDS],
    resent: AtomicU64,
    unprotected: AtomicU64,
    mishaps: AtomicU64,
    latencies: [AtomicU64; LATENCIES.len() + 1],
    latency_sum: AtomicU64,
}

/// What was counted, over all threads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Requests that came, by Code; those too short to have one are under 0.
    pub requests: Vec<(Code, u64)>,
    /// Replies that were made, by Code.
    pub replies: Vec<(Code, u64)>,
    /// Requests that got no answer, by reason: an example, and how many.
    pub discards: Vec<(Discard, u64)>,
    /// Replies that were sent again.
    pub resent: u64,
    /// Access-Requests without Message-Authenticator.
    pub unprotected: u64,
    /// Requests that a fault on purpose befell.
    pub mishaps: u64,
    /// How many decisions took at most as long as [`LATENCIES`] says; the last class has no bound.
    pub latencies: Vec<u64>,
    /// How long all decisions took together.
    pub latency: Duration,
}

impl Default for Tally {
    fn default() -> Tally {
        let zero = || AtomicU64::new(0);
        Tally {
            requests: std::array::from_fn(|_| zero()),
            replies: std::array::from_fn(|_| zero()),
            discards: std::array::from_fn(|_| (zero(), OnceLock::new())),
            resent: zero(),
            unprotected: zero(),
            mishaps: zero(),
            latencies: std::array::from_fn(|_| zero()),
            latency_sum: zero(),
        }
    }
}

/// Counters have one writer: nothing is lost by not locking.
fn more(counter: &AtomicU64, by: u64) {
    counter.store(counter.load(Relaxed) + by, Relaxed);
}

impl Tally {
    /// A request came and was decided about.
    pub(super) fn handled(&self, facts: &Facts<'_>, took: Duration) {
        let code = facts.code.map_or(0, |code| code.0);
        more(&self.requests[usize::from(code)], 1);
        more(&self.unprotected, u64::from(facts.unprotected));
        more(&self.mishaps, u64::from(!facts.mishaps.is_empty()));
        self.settled(&facts.did, took);
    }

    /// A request that had to wait was decided about.
    pub(super) fn settled(&self, did: &Did, took: Duration) {
        match did {
            Did::Replied(code, _) => more(&self.replies[usize::from(code.0)], 1),
            Did::Resent(code) => {
                more(&self.replies[usize::from(code.0)], 1);
                more(&self.resent, 1);
            }
            Did::Discarded(discard) => {
                if let Some((count, example)) = self.discards.get(discard.kind()) {
                    more(count, 1);
                    example.get_or_init(|| *discard);
                }
            }
            Did::Recording | Did::Forwarding => return,
        }
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let class = LATENCIES.partition_point(|bound| *bound < micros);
        more(&self.latencies[class], 1);
        more(
            &self.latency_sum,
            u64::try_from(took.as_nanos()).unwrap_or(u64::MAX),
        );
    }
}

impl Totals {
    /// The sum over threads.
    pub(super) fn of<'t>(tallies: impl IntoIterator<Item = &'t Tally>) -> Totals {
        let (mut requests, mut replies) = ([0; 256], [0; 256]);
        let mut discards = [(None, 0); Discard::KINDS];
        let mut totals = Totals {
            latencies: vec![0; LATENCIES.len() + 1],
            ..Totals::default()
        };
        let add = |sums: &mut [u64], counters: &[AtomicU64]| {
            for (sum, counter) in sums.iter_mut().zip(counters) {
                *sum += counter.load(Relaxed);
            }
        };
        for tally in tallies {
            add(&mut requests, &tally.requests);
            add(&mut replies, &tally.replies);
            add(&mut totals.latencies, &tally.latencies);
            for ((example, sum), (counter, seen)) in discards.iter_mut().zip(&tally.discards) {
                *sum += counter.load(Relaxed);
                *example = example.or_else(|| seen.get().copied());
            }
            totals.resent += tally.resent.load(Relaxed);
            totals.unprotected += tally.unprotected.load(Relaxed);
            totals.mishaps += tally.mishaps.load(Relaxed);
            totals.latency += Duration::from_nanos(tally.latency_sum.load(Relaxed));
        }
        let by_code = |sums: [u64; 256]| {
            (0..=255)
                .map(Code)
                .zip(sums)
                .filter(|(_, sum)| *sum > 0)
                .collect()
        };
        totals.requests = by_code(requests);
        totals.replies = by_code(replies);
        totals.discards = discards
            .into_iter()
            .filter_map(|(example, sum)| Some((example?, sum)))
            .collect();
        totals
    }

    /// How many requests came.
    pub fn all_requests(&self) -> u64 {
        self.requests.iter().map(|(_, count)| count).sum()
    }

    /// How many replies were made or sent again.
    pub fn all_replies(&self) -> u64 {
        self.replies.iter().map(|(_, count)| count).sum()
    }

    /// How many requests got no answer.
    pub fn all_discards(&self) -> u64 {
        self.discards.iter().map(|(_, count)| count).sum()
    }
}
