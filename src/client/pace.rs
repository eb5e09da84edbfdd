//! How fast conversations start: how many at once, and how many a second.

use std::time::{Duration, Instant};

/// How many conversations the first instant starts at most, and how many each millisecond after it adds to those that
/// may go on.
const FIRST: u64 = 64;
const MORE: u64 = 16;
/// How many requests may wait at the server. Its socket holds some two hundred by default (Linux, small packets); what
/// it cannot hold is lost, and costs a retransmission each.
const QUEUE: f64 = 128.0;
/// Over how many answers the shortest round trip of late is taken.
const LATELY: u32 = 32;

/// When the next conversation may start. They are not started all at once, and a server that is seen to let more than
/// a hundred requests wait in its queue gets no more before it has answered some.
#[derive(Clone, Debug)]
pub struct Pace {
    parallel: usize,
    interval: Option<Duration>,
    started: u64,
    first: Option<Instant>,
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

impl Pace {
    /// At most `parallel` at once, and at most `rate` a second where there is one.
    pub fn new(parallel: usize, rate: Option<f64>) -> Pace {
        let interval = rate.map(|rate| Duration::from_secs_f64(1.0 / rate));
        Pace {
            parallel,
            interval,
            started: 0,
            first: None,
            queue: Queue::default(),
        }
    }

    /// Whether another may start now, with `running` going on.
    pub fn allows(&self, running: usize, now: Instant) -> bool {
        self.has_room(running) && self.next(running).is_none_or(|next| now >= next)
    }

    /// When another may start beside `running`, if it must wait for an instant and not for one of these to end.
    /// Starts are due at fixed times after the first, so that one that was late does not make all later ones late.
    pub fn next(&self, running: usize) -> Option<Instant> {
        let first = self.first.filter(|_| self.has_room(running))?;
        let beyond = (running as u64 + 1).saturating_sub(FIRST);
        let room = first + Duration::from_millis(beyond.div_ceil(MORE));
        let turn = self
            .interval
            .map(|interval| first + interval.mul_f64(self.started as f64));
        turn.max(Some(room))
    }

    fn has_room(&self, running: usize) -> bool {
        running < self.parallel && self.queue.length(running) < QUEUE
    }

    /// Takes note of the round trip of a request that was sent once.
    pub fn answered(&mut self, rtt: Duration) {
        self.queue.answered(rtt);
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
        assert_eq!(pace.next(4), Some(now + Duration::from_millis(400)));
    }

    #[test]
    fn no_more_than_asked_run_at_once() {
        let pace = Pace::new(2, None);
        assert!(pace.allows(1, Instant::now()) && !pace.allows(2, Instant::now()));
    }

    #[test]
    fn a_thousand_are_not_started_at_once() {
        let now = Instant::now();
        let mut pace = Pace::new(1000, None);
        pace.start(now);
        let after = |milliseconds| Some(now + Duration::from_millis(milliseconds));
        assert_eq!(pace.next(63), after(0));
        assert_eq!(pace.next(64), after(1));
        assert_eq!(pace.next(79), after(1));
        assert_eq!(pace.next(80), after(2));
        assert_eq!(pace.next(999), after(59));
        assert_eq!(pace.next(1000), None);
    }

    #[test]
    fn a_queue_at_the_server_holds_requests_back_and_slowness_does_not() {
        let later = Instant::now() + Duration::from_secs(60);
        let micros = Duration::from_micros;
        let mut busy = Pace::new(1000, None);
        busy.answered(micros(50));
        for waiting in 0..64 {
            busy.answered(micros(4000 + waiting));
        }
        assert!(busy.allows(120, later) && !busy.allows(140, later));
        // When the queue is gone, so is the limit.
        for _ in 0..64 {
            busy.answered(micros(60));
        }
        assert!(busy.allows(700, later));
        // Every other request is an Access-Reject, held back on purpose.
        let mut mixed = Pace::new(1000, None);
        for _ in 0..64 {
            mixed.answered(micros(50));
            mixed.answered(micros(1_000_000));
        }
        assert!(mixed.allows(999, later));
    }
}
