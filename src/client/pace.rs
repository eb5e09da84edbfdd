//! How fast requests are started.

use std::time::{Duration, Instant};

/// How fast requests are started.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// How many may be in flight at once; at least one is.
    pub parallel: usize,
    /// How many are started in a second; `None` for as many as there is room for.
    pub rate: Option<f64>,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace {
            parallel: 1,
            rate: None,
        }
    }
}

/// When the next request may start. Each has its instant from the beginning of the run on, so that a delay is caught
/// up with and the rate holds over the whole.
#[derive(Clone, Debug)]
pub(super) struct Schedule {
    pace: Pace,
    start: Instant,
    started: u64,
}

impl Schedule {
    pub(super) fn new(pace: Pace, start: Instant) -> Schedule {
        Schedule {
            pace,
            start,
            started: 0,
        }
    }

    /// Whether there is room for another one beside those in flight.
    pub(super) fn has_room(&self, in_flight: usize) -> bool {
        in_flight < self.pace.parallel.max(1)
    }

    /// The instant of the next request.
    pub(super) fn next(&self) -> Instant {
        let Some(rate) = self.pace.rate.filter(|rate| *rate > 0.0) else {
            return self.start;
        };
        #[allow(clippy::cast_precision_loss)] // Exact up to 2^53 requests.
        let after = Duration::try_from_secs_f64(self.started as f64 / rate);
        after
            .ok()
            .and_then(|after| self.start.checked_add(after))
            // Less than one in as long as the clock can say: never again.
            .unwrap_or(self.start + Duration::from_secs(365 * 24 * 60 * 60))
    }

    /// Counts one.
    pub(super) fn count(&mut self) {
        self.started += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_request_has_its_instant_and_a_delay_is_caught_up_with() {
        let start = Instant::now();
        let mut schedule = Schedule::new(
            Pace {
                parallel: 2,
                rate: Some(1000.0),
            },
            start,
        );
        for milliseconds in 0..5000 {
            assert_eq!(schedule.next(), start + Duration::from_millis(milliseconds));
            schedule.count();
        }
        assert!(schedule.has_room(1) && !schedule.has_room(2));
    }

    #[test]
    fn without_a_rate_there_is_no_waiting() {
        let start = Instant::now();
        let mut schedule = Schedule::new(Pace::default(), start);
        schedule.count();
        assert_eq!(schedule.next(), start);
        assert!(schedule.has_room(0) && !schedule.has_room(1));
    }
}
