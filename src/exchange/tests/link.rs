//! A link that loses, delays, doubles, reorders and spoils what it carries, and a clock that only the test moves.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::{Duration, Instant};

use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};

/// How bad a link is. Shares are from 0 to 1.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Faults {
    pub(super) loss: f64,
    pub(super) double: f64,
    pub(super) spoil: f64,
    /// Each datagram takes from none to this long, so that they overtake one another.
    pub(super) delay: Duration,
}

/// Which way a datagram goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum To {
    Server,
    Client,
}

/// When it arrives, which of those that arrive then it is, where to, and what it is.
type Travelling = (Instant, u64, To, Vec<u8>);

/// Both directions between one client and one server.
pub(super) struct Link {
    faults: Faults,
    pub(super) dice: SmallRng,
    travelling: BinaryHeap<Reverse<Travelling>>,
    count: u64,
    pub(super) spoilt: u64,
}

impl Link {
    pub(super) fn new(faults: Faults, seed: u64) -> Link {
        Link {
            faults,
            dice: SmallRng::seed_from_u64(seed),
            travelling: BinaryHeap::new(),
            count: 0,
            spoilt: 0,
        }
    }

    pub(super) fn send(&mut self, now: Instant, to: To, octets: &[u8]) {
        let copies = 1 + u32::from(self.dice.random_bool(self.faults.double));
        for _ in 0..copies {
            if self.dice.random_bool(self.faults.loss) {
                continue;
            }
            let mut octets = octets.to_vec();
            if self.dice.random_bool(self.faults.spoil) {
                self.spoilt += 1;
                let at = self.dice.random_range(0..octets.len());
                octets[at] ^= self.dice.random_range(1..=255u8);
            }
            let delay = self.faults.delay.mul_f64(self.dice.random_range(0.0..=1.0));
            self.count += 1;
            self.travelling
                .push(Reverse((now + delay, self.count, to, octets)));
        }
    }

    /// When the next datagram arrives.
    pub(super) fn next(&self) -> Option<Instant> {
        self.travelling.peek().map(|Reverse((at, ..))| *at)
    }

    /// The datagram that has arrived by now, if one has.
    pub(super) fn arrived(&mut self, now: Instant) -> Option<(To, Vec<u8>)> {
        if self.next()? > now {
            return None;
        }
        self.travelling
            .pop()
            .map(|Reverse((_, _, to, octets))| (to, octets))
    }

    pub(super) fn jitter(&mut self) -> f64 {
        self.dice.random_range(-1.0..=1.0)
    }
}
