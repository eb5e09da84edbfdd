//! Durations counted in buckets, so that a run of any length takes the same memory: exact least and most, every
//! quantile to within one part in 128.

use std::time::Duration;

/// Buckets for each doubling, as a power of two.
const PRECISION: u32 = 7;
const BUCKETS: usize = ((64 - PRECISION as usize) + 1) << PRECISION;

/// How long things took.
#[derive(Clone, Debug, Default)]
pub struct Latencies {
    /// Empty until something is counted.
    buckets: Vec<u64>,
    count: u64,
    total: u128,
    least: u64,
    most: u64,
}

impl Latencies {
    /// Nothing counted.
    pub fn new() -> Latencies {
        Latencies::default()
    }

    /// Counts one.
    pub fn record(&mut self, duration: Duration) {
        let nanos = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        if self.buckets.is_empty() {
            self.buckets = vec![0; BUCKETS];
        }
        if let Some(bucket) = self.buckets.get_mut(bucket(nanos)) {
            *bucket += 1;
        }
        self.least = if self.count == 0 {
            nanos
        } else {
            self.least.min(nanos)
        };
        self.most = self.most.max(nanos);
        self.count += 1;
        self.total += u128::from(nanos);
    }

    /// Adds what another one counted.
    pub fn merge(&mut self, other: &Latencies) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = other.clone();
            return;
        }
        for (mine, theirs) in self.buckets.iter_mut().zip(&other.buckets) {
            *mine += theirs;
        }
        self.count += other.count;
        self.total += other.total;
        self.least = self.least.min(other.least);
        self.most = self.most.max(other.most);
    }

    /// How many were counted.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The shortest.
    pub fn min(&self) -> Option<Duration> {
        (self.count > 0).then(|| Duration::from_nanos(self.least))
    }

    /// The longest.
    pub fn max(&self) -> Option<Duration> {
        (self.count > 0).then(|| Duration::from_nanos(self.most))
    }

    /// The mean.
    pub fn mean(&self) -> Option<Duration> {
        let mean = self.total.checked_div(u128::from(self.count))?;
        Some(Duration::from_nanos(u64::try_from(mean).unwrap_or(u64::MAX)))
    }

    /// The one in the middle.
    pub fn median(&self) -> Option<Duration> {
        self.quantile(0.5)
    }

    /// The one that this share of all (0 to 1) does not exceed.
    pub fn quantile(&self, share: f64) -> Option<Duration> {
        if self.count == 0 {
            return None;
        }
        #[allow(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss
        )]
        let rank = ((share.clamp(0.0, 1.0) * self.count as f64).ceil() as u64).clamp(1, self.count);
        let mut seen = 0;
        for (index, count) in self.buckets.iter().enumerate() {
            seen += count;
            if seen >= rank {
                let nanos = top(index).clamp(self.least, self.most);
                return Some(Duration::from_nanos(nanos));
            }
        }
        self.max()
    }
}

/// The bucket of a number: small numbers have one each, larger ones share by their first eight bits.
fn bucket(number: u64) -> usize {
    let shift = (64 - PRECISION).saturating_sub(number.leading_zeros() + 1);
    let index = (u64::from(shift) << PRECISION) + (number >> shift);
    usize::try_from(index).unwrap_or(usize::MAX)
}

/// The largest number in a bucket.
fn top(index: usize) -> u64 {
    let index = index as u64;
    let shift = (index >> PRECISION).saturating_sub(1);
    let first = index - (shift << PRECISION);
    (first << shift) + ((1 << shift) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_number_falls_into_a_bucket_that_is_close_to_it(number: u64) {
            let index = bucket(number);
            prop_assert!(index < BUCKETS);
            let top = top(index);
            prop_assert!(top >= number && top - number <= number / 128, "{number} {top}");
        }

        #[test]
        fn quantiles_are_those_of_the_sorted_list(mut numbers in prop::collection::vec(0u64..10_000_000_000, 1..300)) {
            let mut latencies = Latencies::new();
            for number in &numbers {
                latencies.record(Duration::from_nanos(*number));
            }
            numbers.sort_unstable();
            for (share, index) in [(0.0, 0), (0.5, (numbers.len() - 1) / 2), (1.0, numbers.len() - 1)] {
                let (found, exact) = (latencies.quantile(share).unwrap().as_nanos() as u64, numbers[index]);
                prop_assert!(found.abs_diff(exact) <= exact / 128, "{share}: {found} {exact}");
            }
            prop_assert_eq!(latencies.min().unwrap().as_nanos() as u64, numbers[0]);
            prop_assert_eq!(latencies.max().unwrap().as_nanos() as u64, numbers[numbers.len() - 1]);
        }
    }

    #[test]
    fn halves_that_are_merged_are_the_whole() {
        let (mut even, mut odd, mut all) = (Latencies::new(), Latencies::new(), Latencies::new());
        for nanos in 0..1000 {
            let duration = Duration::from_nanos(nanos * 977);
            all.record(duration);
            if nanos % 2 == 0 { &mut even } else { &mut odd }.record(duration);
        }
        even.merge(&odd);
        even.merge(&Latencies::new());
        assert_eq!((even.count(), even.mean()), (1000, all.mean()));
        assert_eq!(even.quantile(0.99), all.quantile(0.99));
        assert_eq!((even.min(), even.max()), (all.min(), all.max()));
        assert_eq!(Latencies::new().median(), None);
    }
}
