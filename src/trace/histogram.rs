//! How often each latency occurred, in a fixed number of counters: exact at the ends, within 3 % in between.

/// Counters for each power of two.
const STEPS: usize = 32;
const STEP_BITS: u32 = STEPS.trailing_zeros();

/// Latencies in nanoseconds.
#[derive(Clone, Debug)]
pub struct Histogram {
    counts: Vec<u32>,
    total: u64,
    least: u64,
    most: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Histogram {
            counts: Vec::new(),
            total: 0,
            least: u64::MAX,
            most: 0,
        }
    }
}

impl Histogram {
    /// Counts one.
    pub fn add(&mut self, value: u64) {
        let index = index(value);
        if self.counts.len() <= index {
            self.counts.resize(index + 1, 0);
        }
        if let Some(count) = self.counts.get_mut(index) {
            *count = count.saturating_add(1);
        }
        self.total += 1;
        self.least = self.least.min(value);
        self.most = self.most.max(value);
    }

    /// How many there are.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The least; 0 where there are none.
    pub fn least(&self) -> u64 {
        self.least.min(self.most)
    }

    /// The most.
    pub fn most(&self) -> u64 {
        self.most
    }

    /// The value that this part (0 to 1) of them does not exceed.
    pub fn percentile(&self, part: f64) -> u64 {
        let wanted = ((self.total as f64 * part).ceil() as u64).clamp(1, self.total.max(1));
        if wanted >= self.total {
            return self.most;
        }
        let mut seen = 0;
        for (index, count) in self.counts.iter().enumerate() {
            seen += u64::from(*count);
            if seen >= wanted {
                return upper(index).clamp(self.least(), self.most);
            }
        }
        self.most
    }

    /// How many there are in each power of two from the least to the most: its lower border, and the count.
    pub fn octaves(&self) -> Vec<(u64, u64)> {
        let mut octaves: Vec<(u64, u64)> = Vec::new();
        for (index, count) in self.counts.iter().enumerate() {
            let border = match lower(index) {
                0 => 0,
                lower => 1 << lower.ilog2(),
            };
            let last = octaves.last().map(|(border, _)| *border);
            match octaves.last_mut() {
                Some((_, sum)) if last == Some(border) => *sum += u64::from(*count),
                _ => octaves.push((border, u64::from(*count))),
            }
        }
        let first = octaves.iter().position(|(_, count)| *count > 0);
        octaves.split_off(first.unwrap_or(octaves.len()))
    }
}

/// The counter of a value: below 32 each has its own, above there are 32 for each power of two.
fn index(value: u64) -> usize {
    let magnitude = value.checked_ilog2().unwrap_or(0);
    if magnitude < STEP_BITS {
        return usize::try_from(value).unwrap_or(0);
    }
    let shift = magnitude - STEP_BITS;
    let step = usize::try_from(value >> shift).unwrap_or(0) - STEPS;
    STEPS * (1 + shift as usize) + step
}

/// The least value of a counter.
fn lower(index: usize) -> u64 {
    match index.checked_sub(STEPS) {
        None => index as u64,
        Some(above) => ((STEPS + above % STEPS) as u64) << (above / STEPS),
    }
}

/// The most value of a counter.
fn upper(index: usize) -> u64 {
    lower(index + 1) - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn percentiles_of_a_thousand_are_near_what_they_should_be() {
        let mut histogram = Histogram::default();
        assert_eq!(
            (histogram.percentile(0.5), histogram.least(), histogram.most()),
            (0, 0, 0)
        );
        for value in 1..=1000u64 {
            histogram.add(value * 1000);
        }
        assert_eq!(
            (histogram.least(), histogram.most(), histogram.total()),
            (1000, 1_000_000, 1000)
        );
        for (part, exact) in [(0.5, 500_000), (0.9, 900_000), (0.99, 990_000), (0.999, 999_000)] {
            let found = histogram.percentile(part);
            assert!(found >= exact && found <= exact * 104 / 100, "{part}: {found}");
        }
        assert_eq!(histogram.percentile(1.0), 1_000_000);
        let octaves = histogram.octaves();
        assert_eq!(octaves.iter().map(|(_, count)| count).sum::<u64>(), 1000);
        assert_eq!(octaves.first().map(|(border, _)| *border), Some(512));
    }

    proptest! {
        #[test]
        fn every_value_is_within_its_counter(value: u64) {
            let value = value >> 1;
            let index = index(value);
            prop_assert!(lower(index) <= value && value <= upper(index));
        }
    }
}
