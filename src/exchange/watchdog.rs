//! Whether a connection still carries anything: the watchdog of RFC 3539 §3.4, as RFC 6613 §2.6.5 and RFC 6614 ask for
//! it. Status-Server (RFC 5997) is the watchdog request.
//!
//! ```text
//!            nothing heard for Tw            for Tw more             for Tw more
//!  Okay ────────────────────────▶ Ask  ───────────────▶ Suspect ───────────────▶ Down
//!    ▲                             │ pending                │
//!    └────── its answer ───────────┘                        │
//!    └────── anything at all ───────────────────────────────┘
//! ```
//!
//! Whatever comes sets the timer again, so that a connection that is in use is never asked. That one request has no
//! answer says nothing: servers drop requests. Who opens a connection again, and when, is its owner's business.

use std::time::{Duration, Instant};

/// Watches one connection.
#[derive(Clone, Debug)]
pub struct Watchdog {
    interval: Duration,
    /// The last time anything was heard, or the timer went off.
    since: Instant,
    /// The interval and its jitter, this time.
    wait: Duration,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Okay,
    /// The watchdog request was sent and not answered.
    Pending,
    Suspect,
    Down,
}

/// What is to be done when the timer goes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// Send Status-Server.
    Ask,
    /// Nothing new is to be sent here: whoever has another connection uses that.
    Suspect,
    /// Close it.
    Down,
}

impl Watchdog {
    /// Tw, as RFC 3539 §3.4.1 begins with it.
    pub const INTERVAL: Duration = Duration::from_secs(30);
    /// By how much Tw strays at the most; a fifth of it where that is less.
    const JITTER: Duration = Duration::from_secs(2);

    /// For a connection that was just opened. `dice` is a fresh random number from -1 to 1.
    pub fn new(interval: Duration, now: Instant, dice: f64) -> Watchdog {
        Watchdog {
            interval,
            since: now,
            wait: jittered(interval, dice),
            state: State::Okay,
        }
    }

    /// When [`Watchdog::poll`] has something to say, unless something is heard before; never for one that is down.
    pub fn due(&self) -> Option<Instant> {
        (self.state != State::Down).then(|| self.since + self.wait)
    }

    /// Whether nothing new is to be sent.
    pub fn is_suspect(&self) -> bool {
        matches!(self.state, State::Suspect | State::Down)
    }

    /// Something came, whatever it was.
    pub fn heard(&mut self, now: Instant) {
        self.since = now;
        if self.state == State::Suspect {
            self.state = State::Okay;
        }
    }

    /// The watchdog request was answered.
    pub fn answered(&mut self, now: Instant) {
        self.heard(now);
        if self.state == State::Pending {
            self.state = State::Okay;
        }
    }

    /// What is to be done now; `None` until it is due. `dice` is a fresh random number from -1 to 1.
    pub fn poll(&mut self, now: Instant, dice: f64) -> Option<Alarm> {
        if self.due().is_none_or(|due| now < due) {
            return None;
        }
        self.since = now;
        self.wait = jittered(self.interval, dice);
        let (state, alarm) = match self.state {
            State::Okay => (State::Pending, Alarm::Ask),
            State::Pending => (State::Suspect, Alarm::Suspect),
            State::Suspect | State::Down => (State::Down, Alarm::Down),
        };
        self.state = state;
        Some(alarm)
    }
}

fn jittered(interval: Duration, dice: f64) -> Duration {
    let stray = Watchdog::JITTER.min(interval / 5).mul_f64(dice.abs().min(1.0));
    if dice < 0.0 {
        interval - stray
    } else {
        interval + stray
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TW: Duration = Watchdog::INTERVAL;

    /// A connection on a clock of its own.
    struct World {
        dog: Watchdog,
        now: Instant,
    }

    impl World {
        fn new() -> World {
            let now = Instant::now();
            World {
                dog: Watchdog::new(TW, now, 0.0),
                now,
            }
        }

        /// What the watchdog says when this much time has gone.
        fn after(&mut self, seconds: u64) -> Option<Alarm> {
            self.now += Duration::from_secs(seconds);
            self.dog.poll(self.now, 0.0)
        }
    }

    #[test]
    fn a_silent_connection_is_asked_then_suspected_then_down_and_then_left_alone() {
        let mut world = World::new();
        assert_eq!(world.after(29), None);
        assert_eq!(world.after(1), Some(Alarm::Ask));
        assert!(!world.dog.is_suspect());
        assert_eq!(world.after(29), None);
        assert_eq!(world.after(1), Some(Alarm::Suspect));
        assert!(world.dog.is_suspect());
        assert_eq!(world.after(30), Some(Alarm::Down));
        assert_eq!((world.after(30), world.dog.due()), (None, None));
    }

    #[test]
    fn a_connection_in_use_is_never_asked() {
        let mut world = World::new();
        for _ in 0..100 {
            assert_eq!(world.after(29), None);
            world.dog.heard(world.now);
        }
    }

    #[test]
    fn an_answer_makes_it_good_and_the_next_silence_is_asked_again() {
        let mut world = World::new();
        for _ in 0..3 {
            assert_eq!(world.after(30), Some(Alarm::Ask));
            world.now += Duration::from_secs(3);
            world.dog.answered(world.now);
        }
        assert_eq!(world.after(29), None);
    }

    #[test]
    fn what_comes_to_a_suspect_connection_brings_it_back() {
        let mut world = World::new();
        world.after(30);
        assert_eq!(world.after(30), Some(Alarm::Suspect));
        world.dog.heard(world.now);
        assert!(!world.dog.is_suspect());
        assert_eq!(world.after(30), Some(Alarm::Ask));
    }

    #[test]
    fn other_packets_put_off_the_alarm_but_do_not_answer_the_question() {
        let mut world = World::new();
        assert_eq!(world.after(30), Some(Alarm::Ask));
        world.now += Duration::from_secs(20);
        world.dog.heard(world.now);
        assert_eq!(world.after(29), None);
        // It was asked, answers other things, and not that (RFC 3539 §3.4.1).
        assert_eq!(world.after(1), Some(Alarm::Suspect));
    }

    proptest! {
        #[test]
        fn the_timer_strays_by_two_seconds_at_the_most(dice in -1.0..1.0_f64, seconds in 1..120_u64) {
            let (now, interval) = (Instant::now(), Duration::from_secs(seconds));
            let due = Watchdog::new(interval, now, dice).due().unwrap();
            let stray = Duration::from_secs(2).min(interval / 5);
            prop_assert!(due >= now + interval - stray && due <= now + interval + stray);
        }

        #[test]
        fn three_intervals_of_silence_close_any_connection(dice in prop::collection::vec(-1.0..1.0_f64, 3)) {
            let now = Instant::now();
            let mut dog = Watchdog::new(TW, now, dice[0]);
            let mut alarms = Vec::new();
            for dice in dice {
                let due = dog.due().unwrap();
                alarms.extend(dog.poll(due, dice));
            }
            prop_assert_eq!(alarms, [Alarm::Ask, Alarm::Suspect, Alarm::Down]);
        }
    }
}
