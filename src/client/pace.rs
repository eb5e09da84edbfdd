//! How fast requests are started.

use std::time::{Duration, Instant};

/// How fast requests are started.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// How many may be in flight at once; at least one is. They are not started all at once, and a server that is
    /// seen to let more than a hundred wait in its queue gets no more before it has answered some: what its socket
    /// cannot hold is lost, and costs a retransmission each.
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

/// How many requests the first instant starts at most, and how many each millisecond after it adds to those that may
/// be in flight.
const FIRST: u64 = 64;
const MORE: u64 = 16;
/// How many requests may wait at the server. Its socket holds some two hundred by default (Linux, small packets).
const QUEUE: f64 = 128.0;
/// Over how many answers the shortest round trip of late is taken.
const LATELY: u32 = 32;

/// When the next request may start. Each has its instant from the beginning of the run on, so that a delay is caught
/// up with and the rate holds over the whole.
#[derive(Clone, Debug)]
pub(super) struct Schedule {
    pace: Pace,
    start: Instant,
    started: u64,
    queue: Queue,
}

/// What round trips tell about the server's queue: one that waits delays every request, so that even the shortest
/// round trip of late is longer than the shortest of all. (One that is slow with some requests does not.)
#[derive(Clone, Debug, Default)]
struct Queue {
    shortest: Option<Duration>,
    /// Of the last whole block of answers, and of the one that is being filled.
    lately: Option<Duration>,
    filling: Option<Duration>,
    answers: u32,
}

impl Queue {
    fn answered(&mut self, rtt: Duration) {
        let shorter = |one: Option<Duration>| Some(one.map_or(rtt, |one| one.min(rtt)));
        self.shortest = shorter(self.shortest);
        self.filling = shorter(self.filling);
        self.answers += 1;
        if self.answers == LATELY {
            self.lately = self.filling.take();
            self.answers = 0;
        }
    }

    /// How many of those in flight wait, as far as one can tell.
    fn length(&self, in_flight: usize) -> f64 {
        let (Some(shortest), Some(lately)) = (self.shortest, self.lately) else {
            return 0.0;
        };
        let working = shortest.as_secs_f64() / lately.as_secs_f64().max(f64::MIN_POSITIVE);
        #[allow(clippy::cast_precision_loss)] // Far from 2^53 in flight.
        let in_flight = in_flight as f64;
        in_flight * (1.0 - working.min(1.0))
    }
}

impl Schedule {
    pub(super) fn new(pace: Pace, start: Instant) -> Schedule {
        Schedule {
            pace,
            start,
            started: 0,
            queue: Queue::default(),
        }
    }

    /// Takes note of the round trip of a request that was sent once.
    pub(super) fn answered(&mut self, rtt: Duration) {
        self.queue.answered(rtt);
    }

    /// The instant from which the next request may start beside those in flight; `None` where there is no room until
    /// one of them is over.
    pub(super) fn next(&self, in_flight: usize) -> Option<Instant> {
        if in_flight >= self.pace.parallel.max(1) || self.queue.length(in_flight) >= QUEUE {
            return None;
        }
        let beyond = (in_flight as u64 + 1).saturating_sub(FIRST);
        let room = self.start + Duration::from_millis(beyond.div_ceil(MORE));
        Some(room.max(self.turn()))
    }

    /// The instant that the rate gives to the next request.
    fn turn(&self) -> Instant {
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
            let turn = start + Duration::from_millis(milliseconds);
            assert_eq!(schedule.next(1), Some(turn));
            schedule.count();
        }
        assert_eq!(schedule.next(2), None);
    }

    #[test]
    fn without_a_rate_there_is_no_waiting() {
        let start = Instant::now();
        let mut schedule = Schedule::new(Pace::default(), start);
        schedule.count();
        assert_eq!(schedule.next(0), Some(start));
        assert_eq!(schedule.next(1), None);
    }

    #[test]
    fn a_thousand_are_not_started_at_once() {
        let start = Instant::now();
        let pace = Pace {
            parallel: 1000,
            rate: None,
        };
        let schedule = Schedule::new(pace, start);
        let after = |milliseconds| Some(start + Duration::from_millis(milliseconds));
        assert_eq!(schedule.next(63), after(0));
        assert_eq!(schedule.next(64), after(1));
        assert_eq!(schedule.next(79), after(1));
        assert_eq!(schedule.next(80), after(2));
        assert_eq!(schedule.next(999), after(59));
        assert_eq!(schedule.next(1000), None);
    }

    #[test]
    fn a_queue_at_the_server_holds_requests_back_and_slowness_does_not() {
        let pace = Pace {
            parallel: 1000,
            rate: None,
        };
        let micros = Duration::from_micros;
        let mut busy = Schedule::new(pace, Instant::now());
        busy.answered(micros(50));
        for waiting in 0..64 {
            busy.answered(micros(4000 + waiting));
        }
        assert!(busy.next(120).is_some() && busy.next(140).is_none());
        // When the queue is gone, so is the limit.
        for _ in 0..64 {
            busy.answered(micros(60));
        }
        assert!(busy.next(700).is_some());
        // Every other request is an Access-Reject, held back on purpose.
        let mut mixed = Schedule::new(pace, Instant::now());
        for _ in 0..64 {
            mixed.answered(micros(50));
            mixed.answered(micros(1_000_000));
        }
        assert!(mixed.next(999).is_some());
    }
}
