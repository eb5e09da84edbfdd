//! What becomes of connections beside the conversations on them.

use std::time::Duration;

use crate::exchange::Watchdog;

/// How connections are looked after.
#[derive(Clone, Copy, Debug)]
pub struct Care {
    /// After how long without a word from the server it is asked whether it is there (RFC 3539 §3.4); never without.
    pub watchdog: Option<Duration>,
    /// Whether they stay open when all is said.
    pub stay: Option<Stay>,
}

/// Connections that stay open after the last conversation, for what the server asks on them: CoA-Requests and
/// Disconnect-Requests in reverse (draft-ietf-radext-reverse-coa).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay {
    /// How long.
    pub time: Duration,
    /// After how many requests they need not any longer.
    pub count: Option<u64>,
    /// The Error-Cause with which requests are refused; without one, they are honoured.
    pub refuse: Option<u32>,
}

/// A connection is watched as RFC 3539 says, and none stays.
impl Default for Care {
    fn default() -> Care {
        Care {
            watchdog: Some(Watchdog::INTERVAL),
            stay: None,
        }
    }
}
