//! Which packets are wanted.

use super::capture::Time;
use super::filter::Filter;
use super::observe::Observed;

/// What is asked of packets. By default all are wanted.
#[derive(Default)]
pub struct Selection {
    /// What they must be.
    pub filter: Option<Filter>,
    /// How many of them.
    pub first: Option<u64>,
    /// Not before this time.
    pub from: Option<Time>,
    /// Not after this time.
    pub until: Option<Time>,
    /// Only of this conversation.
    pub conversation: Option<u64>,
}

impl Selection {
    pub(super) fn is_in_time(&self, time: Time) -> bool {
        self.from.is_none_or(|from| time >= from) && !self.is_over(time)
    }

    /// Whether nothing that comes now or later is wanted. Captures are in order of time, near enough.
    pub(super) fn is_over(&self, time: Time) -> bool {
        const DISORDER: u64 = 1_000_000_000;
        self.until.is_some_and(|until| time.since(until) > DISORDER)
    }

    pub(super) fn is_enough(&self, count: u64) -> bool {
        self.first.is_some_and(|first| count >= first)
    }

    pub(super) fn wants(&self, observed: &Observed<'_>) -> bool {
        let time = observed.sighting.time;
        // What nobody knows the time of is in no range.
        let timed = time.is_known() || self.from.is_none() && self.until.is_none();
        timed
            && self.from.is_none_or(|from| time >= from)
            && self.until.is_none_or(|until| time <= until)
            && self
                .conversation
                .is_none_or(|conversation| conversation == observed.conversation)
            && self.filter.as_ref().is_none_or(|filter| filter.matches(observed))
    }
}
