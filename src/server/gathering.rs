//! When it pays to let a moment pass before requests are taken, as network cards do: to be woken for each of many
//! costs a server more than to answer it.
//!
//! Nobody knows how many requests are under way but by waiting for them. So now and then, while requests come one
//! after the other, one moment is let pass; where it brings many, that is kept up as long as it does. A client that
//! waits for each reply before it asks again meets such a moment ever more seldom.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use crate::responder::lock;

/// The moment. The system makes half as much again of it.
const MOMENT: Duration = Duration::from_micros(100);
/// Where so many came, others wait already.
const MANY: usize = 32;

/// It pays while a moment brings this many, on average.
const ENOUGH: u32 = 7 * ONE / 2;
/// What is supposed of a moment that is let pass to see what it brings: so much that several have to bring too few.
const HOPE: u32 = 9 * ONE / 2;
/// One request, as averages are counted.
const ONE: u32 = 256;
/// A moment counts an eighth of the average.
const SHARE: u32 = 8;
/// How many times requests are taken before a moment is let pass to see what it brings: at first, and at most.
const FIRST: u32 = 64;
const LAST: u32 = 8192;

/// What the threads of a listener know together.
#[derive(Debug, Default)]
pub(super) struct Gathering {
    /// How many requests a moment brings on average, in parts of [`ONE`]; 0 while none is let pass.
    average: AtomicU32,
    /// Whose turn it is to let a moment pass: the others would take what gathers meanwhile.
    turn: Mutex<()>,
}

/// One thread's part in it.
#[derive(Debug)]
pub(super) struct Gatherer<'g> {
    together: &'g Gathering,
    /// How long to wait before requests are taken, where it pays.
    moment: Duration,
    /// Whether a moment passed before what came last.
    waited: bool,
    /// How many times requests were taken since a moment was let pass.
    taken: u32,
    /// How often they are to be taken before the next.
    patience: u32,
}

impl Gathering {
    /// The part of one more thread.
    pub(super) fn gatherer(&self) -> Gatherer<'_> {
        Gatherer {
            together: self,
            moment: MOMENT,
            waited: false,
            taken: 0,
            patience: FIRST,
        }
    }

    // Threads may overwrite what others say: it is an average all the same.
    fn average(&self) -> u32 {
        self.average.load(Ordering::Relaxed)
    }

    fn set(&self, average: u32) {
        self.average.store(average, Ordering::Relaxed);
    }
}

impl<'g> Gatherer<'g> {
    /// Lets a moment pass where that pays; to be held while requests are taken.
    pub(super) fn turn(&self) -> Option<MutexGuard<'g, ()>> {
        let turn = self.waited.then(|| lock(&self.together.turn))?;
        if !self.moment.is_zero() {
            std::thread::sleep(self.moment);
        }
        Some(turn)
    }

    /// Decides, after `came` requests came, about what comes next.
    pub(super) fn took(&mut self, came: usize) {
        self.waits(came);
        self.moment = if came < MANY { MOMENT } else { Duration::ZERO };
    }

    /// Whether to let a moment pass before the next requests are taken, after `came` of them came.
    fn waits(&mut self, came: usize) -> bool {
        let average = self.together.average();
        if average == 0 {
            self.waited = false;
            self.taken += u32::from(came > 0);
            if self.taken < self.patience {
                return false;
            }
            self.together.set(HOPE);
        } else if self.waited {
            let came = u32::try_from(came).unwrap_or(u32::MAX).min(64);
            let average = average - average / SHARE + came * ONE / SHARE;
            if average < ENOUGH {
                self.together.set(0);
                self.patience = (self.patience * 2).min(LAST);
                (self.waited, self.taken) = (false, 0);
                return false;
            }
            self.together.set(average);
            if came * ONE >= ENOUGH {
                self.patience = FIRST;
            }
        }
        (self.waited, self.taken) = (true, 0);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of the next `times` receipts of so many requests have a moment before them.
    fn moments(gatherer: &mut Gatherer<'_>, times: u32, came: usize) -> u32 {
        (0..times).map(|_| u32::from(gatherer.waits(came))).sum()
    }

    #[test]
    fn a_client_that_waits_for_each_reply_meets_a_moment_ever_more_seldom() {
        let gathering = Gathering::default();
        let mut one = gathering.gatherer();
        assert_eq!(moments(&mut one, FIRST - 1, 1), 0);
        let (early, late) = (moments(&mut one, 10_000, 1), moments(&mut one, 100_000, 1));
        assert!((1..50).contains(&early), "{early}");
        assert!(late < 100, "{late}");
    }

    #[test]
    fn what_comes_in_numbers_is_waited_for_as_long_as_it_does() {
        let gathering = Gathering::default();
        let mut one = gathering.gatherer();
        moments(&mut one, FIRST, 1);
        assert_eq!(moments(&mut one, 1000, 12), 1000);
        // Then nothing more comes at once.
        assert!(moments(&mut one, 1000, 1) < 60);
        assert_eq!(moments(&mut one, 10, 1), 0);
    }

    #[test]
    fn threads_wait_together() {
        let gathering = Gathering::default();
        let (mut one, mut other) = (gathering.gatherer(), gathering.gatherer());
        assert!(!other.waits(1));
        moments(&mut one, FIRST, 1);
        assert!(other.waits(1));
        // One of them finds nothing, since the other has taken it.
        for _ in 0..100 {
            assert!(one.waits(8));
            assert!(other.waits(1));
        }
    }

    #[test]
    fn nothing_is_waited_for_while_nothing_comes() {
        let gathering = Gathering::default();
        assert_eq!(moments(&mut gathering.gatherer(), 100_000, 0), 0);
    }
}
