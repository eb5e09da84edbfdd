//! When to send again, and when to stop (RFC 5080 §2.2.1).

use std::time::Duration;

use super::Transport;

/// Longer than anybody waits; keeps every sum of an instant and a wait within what the clock can say.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// How a request is retransmitted. The names in brackets are those of RFC 5080 §2.2.1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Policy {
    /// The wait after the first transmission (IRT).
    pub initial: Duration,
    /// What each wait is multiplied with to make the next; 2 in the RFC.
    pub backoff: f64,
    /// How far a wait strays at random, as a share of the one it is made from; 0.1 in the RFC, 0 for none.
    pub jitter: f64,
    /// The longest wait (MRT), before its jitter; zero for no limit. Never shortens the first wait.
    pub max_wait: Duration,
    /// How many times the request is sent again; the first transmission is not counted (MRC). `None` for no limit.
    pub retries: Option<u32>,
    /// How long after the first transmission the exchange ends, whatever else holds (MRD). `None` for no limit.
    pub max_total: Option<Duration>,
}

impl Policy {
    /// For a person at a terminal: first wait of 1 s, three retransmissions, about 15 s in all.
    pub const INTERACTIVE: Policy = Policy {
        initial: Duration::from_secs(1),
        backoff: 2.0,
        jitter: 0.1,
        max_wait: Duration::from_secs(16),
        retries: Some(3),
        max_total: None,
    };

    /// The values that RFC 5080 §2.2.1 recommends: IRT 2 s, MRT 16 s, MRC 5, MRD 30 s.
    pub const RFC_5080: Policy = Policy {
        initial: Duration::from_secs(2),
        backoff: 2.0,
        jitter: 0.1,
        max_wait: Duration::from_secs(16),
        retries: Some(5),
        max_total: Some(Duration::from_secs(30)),
    };

    /// The same wait after each transmission.
    pub const fn fixed(interval: Duration, retries: u32) -> Policy {
        Policy {
            initial: interval,
            backoff: 1.0,
            jitter: 0.0,
            max_wait: Duration::ZERO,
            retries: Some(retries),
            max_total: None,
        }
    }

    /// One transmission and one wait, as a stream wants it (RFC 6613 §2.6.1).
    pub const fn stream(timeout: Duration) -> Policy {
        Policy::fixed(timeout, 0)
    }

    /// The policy for a stream of someone who would have waited through this one: one transmission, and all of the
    /// patience at once. A server that delays its rejects answers late on every transport.
    pub fn on_stream(&self) -> Policy {
        Policy::stream(self.patience().unwrap_or(LONGEST))
    }

    /// The policy as this transport wants it.
    pub fn over(&self, transport: Transport) -> Policy {
        if transport.is_stream() {
            self.on_stream()
        } else {
            *self
        }
    }

    /// How long the exchange lasts when nothing comes, jitter aside; `None` if for ever. Waits beyond the
    /// hundredth count as that one.
    pub fn patience(&self) -> Option<Duration> {
        const DISTINCT: u32 = 100;
        let waits = self.retries.map(|retries| {
            let mut schedule = Schedule::new(*self);
            let (mut total, mut last) = (Duration::ZERO, Duration::ZERO);
            for _ in 0..=retries.min(DISTINCT) {
                last = schedule.wait(0.0);
                total = total.saturating_add(last);
            }
            let rest = last.saturating_mul(retries.saturating_sub(DISTINCT));
            total.saturating_add(rest).min(LONGEST)
        });
        match (waits, self.max_total) {
            (Some(waits), Some(total)) => Some(waits.min(total)),
            (waits, total) => waits.or(total),
        }
    }
}

impl Default for Policy {
    fn default() -> Policy {
        Policy::INTERACTIVE
    }
}

/// The waits of one exchange, one after the other.
#[derive(Clone, Debug)]
pub struct Schedule {
    policy: Policy,
    /// The wait before, in seconds (RTprev).
    previous: Option<f64>,
    sent: u32,
}

impl Schedule {
    /// Nothing has been sent yet.
    pub fn new(policy: Policy) -> Schedule {
        Schedule {
            policy,
            previous: None,
            sent: 0,
        }
    }

    /// What the schedule was made from.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// How many transmissions there were.
    pub fn sent(&self) -> u32 {
        self.sent
    }

    /// Whether another transmission is allowed by the count.
    pub fn may_send(&self) -> bool {
        match self.policy.retries {
            Some(retries) => self.sent <= retries,
            None => true,
        }
    }

    /// Counts a transmission and says how long to wait after it. `dice` is a fresh random number from -1 to 1,
    /// which the policy's jitter scales.
    ///
    /// ```text
    /// RT = IRT + RAND*IRT                 the first
    /// RT = 2*RTprev + RAND*RTprev         each one after it
    /// RT = MRT + RAND*MRT                 where that is more than MRT
    /// ```
    pub fn wait(&mut self, dice: f64) -> Duration {
        let Policy {
            initial,
            backoff,
            jitter,
            max_wait,
            ..
        } = self.policy;
        self.sent = self.sent.saturating_add(1);
        let random = jitter * dice.clamp(-1.0, 1.0);
        let first = initial.as_secs_f64();
        let next = match self.previous {
            None => first + random * first,
            Some(previous) => {
                let next = backoff * previous + random * previous;
                let most = max_wait.max(initial).as_secs_f64();
                if !max_wait.is_zero() && next > most {
                    most + random * most
                } else {
                    next
                }
            }
        };
        // Also takes what is not a number to zero.
        let next = next.min(LONGEST.as_secs_f64()).max(0.0);
        self.previous = Some(next);
        Duration::try_from_secs_f64(next).unwrap_or(LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::{RngExt, SeedableRng, rngs::SmallRng};

    const SECOND: Duration = Duration::from_secs(1);

    fn waits(policy: Policy, count: usize) -> Vec<f64> {
        let mut schedule = Schedule::new(policy);
        (0..count).map(|_| schedule.wait(0.0).as_secs_f64()).collect()
    }

    #[test]
    fn waits_double_until_the_longest_one() {
        assert_eq!(waits(Policy::RFC_5080, 6), [2.0, 4.0, 8.0, 16.0, 16.0, 16.0]);
        assert_eq!(waits(Policy::INTERACTIVE, 4), [1.0, 2.0, 4.0, 8.0]);
        assert_eq!(waits(Policy::fixed(SECOND, 2), 3), [1.0, 1.0, 1.0]);
    }

    #[test]
    fn a_first_wait_beyond_the_longest_one_is_kept() {
        let policy = Policy {
            initial: 30 * SECOND,
            ..Policy::INTERACTIVE
        };
        assert_eq!(waits(policy, 3), [30.0, 30.0, 30.0]);
    }

    #[test]
    fn ten_thousand_schedules_keep_the_bounds_of_rfc_5080() {
        let mut dice = SmallRng::seed_from_u64(5080);
        let mut firsts = Vec::new();
        for _ in 0..10_000 {
            let mut schedule = Schedule::new(Policy::RFC_5080);
            let mut wait = || schedule.wait(dice.random_range(-1.0..=1.0)).as_secs_f64();
            let (first, second, third, fourth, fifth) = (wait(), wait(), wait(), wait(), wait());
            assert!((1.8..=2.2).contains(&first), "{first}");
            for (before, after) in [(first, second), (second, third)] {
                let ratio = after / before;
                assert!((1.9 - 1e-6..=2.1 + 1e-6).contains(&ratio), "{ratio}");
            }
            assert!((14.4..=17.6).contains(&fifth), "{fourth} {fifth}");
            firsts.push(first);
        }
        let least = firsts.iter().copied().fold(f64::MAX, f64::min);
        let most = firsts.iter().copied().fold(f64::MIN, f64::max);
        assert!(most - least > 0.39, "clients do not stay in step");
    }

    #[test]
    fn patience_is_the_sum_of_the_waits_or_the_limit() {
        assert_eq!(Policy::INTERACTIVE.patience(), Some(15 * SECOND));
        assert_eq!(Policy::RFC_5080.patience(), Some(30 * SECOND));
        let endless = Policy {
            retries: None,
            ..Policy::INTERACTIVE
        };
        assert_eq!(endless.patience(), None);
        let stream = Policy::INTERACTIVE.on_stream();
        assert_eq!((stream.retries, stream.initial), (Some(0), 15 * SECOND));
        assert_eq!(Policy::fixed(SECOND, 999).patience(), Some(1000 * SECOND));
        assert_eq!(Policy::fixed(SECOND, u32::MAX).patience(), Some(LONGEST));
    }

    proptest! {
        #[test]
        fn no_policy_makes_a_wait_that_the_clock_cannot_hold(
            initial in any::<u32>(), backoff in any::<f64>(), jitter in any::<f64>(), dice in any::<f64>(),
        ) {
            let policy = Policy {
                initial: Duration::from_secs(initial.into()), backoff, jitter,
                max_wait: Duration::ZERO, retries: None, max_total: None,
            };
            let mut schedule = Schedule::new(policy);
            for _ in 0..100 {
                prop_assert!(schedule.wait(dice) <= LONGEST);
            }
        }
    }
}
