//! The clocks. Nothing else in this crate asks the system for the time.

use std::time::{Instant, SystemTime};

/// The monotonic clock, by which waits and round trips are measured.
pub fn now() -> Instant {
    Instant::now()
}

/// The wall clock, for timestamps.
pub fn wall() -> SystemTime {
    SystemTime::now()
}
