//! How fast conversations start: how many at once, and how many a second.

use std::time::{Duration, Instant};

/// When the next conversation may start.
#[derive(Clone, Debug)]
pub struct Pace {
    parallel: usize,
    interval: Option<Duration>,
    started: u64,
    first: Option<Instant>,
}

impl Pace {
    /// At most `parallel` at once, and at most `rate` a second where there is one.
    pub fn new(parallel: usize, rate: Option<f64>) -> Pace {
        let interval = rate.map(|rate| Duration::from_secs_f64(1.0 / rate));
        Pace {
            parallel,
            interval,
            started: 0,
            first: None,
        }
    }

    /// Whether another may start now, with `running` going on.
    pub fn allows(&self, running: usize, now: Instant) -> bool {
        running < self.parallel && self.next().is_none_or(|next| now >= next)
    }

    /// When the rate allows another. Starts are due at fixed times after the first, so that one that was late does
    /// not make all later ones late.
    pub fn next(&self) -> Option<Instant> {
        let (first, interval) = (self.first?, self.interval?);
        Some(first + interval.mul_f64(self.started as f64))
    }

    /// Counts a start.
    pub fn start(&mut self, now: Instant) {
        self.first.get_or_insert(now);
        self.started += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_start_is_caught_up() {
        let now = Instant::now();
        let mut pace = Pace::new(100, Some(10.0));
        assert!(pace.allows(0, now));
        pace.start(now);
        assert!(!pace.allows(1, now + Duration::from_millis(99)));
        assert!(pace.allows(1, now + Duration::from_millis(350)));
        for _ in 0..3 {
            pace.start(now + Duration::from_millis(350));
        }
        assert!(
            !pace.allows(4, now + Duration::from_millis(350)),
            "four are due by then, and no more"
        );
        assert_eq!(pace.next(), Some(now + Duration::from_millis(400)));
    }

    #[test]
    fn no_more_than_asked_run_at_once() {
        let pace = Pace::new(2, None);
        assert!(pace.allows(1, Instant::now()) && !pace.allows(2, Instant::now()));
    }
}
