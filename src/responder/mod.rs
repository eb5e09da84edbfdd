//! SERVER STATE: what a RADIUS server knows and decides, without IO, clock or dice.
//!
//! A [`Responder`] takes octets with their source and gives back what is to be done: send these octets now or later,
//! store this record, ask that server, or nothing, and why. Time and random octets are arguments ([`Moment`]), so that
//! every decision, delay and fault can be tested without a socket or a sleep.
//!
//! ```text
//!  receive     may this be looked at?       duplicates  was this asked before?      faults   what shall go wrong?
//!  clients     whose secret?                states      which conversation?         sessions who is online?
//!  policy      is this user let in?         users       what does the file say?     coa      what does a NAS say?
//!  reply       how is it put together?      route       who else answers?           proxy    what does that server hear?
//!  reverse     who is at the other end?
//! ```

pub mod clients;
pub mod coa;
pub mod duplicates;
mod eap;
pub mod facts;
pub mod faults;
mod machine;
pub mod policy;
pub mod proxy;
pub mod receive;
pub mod reply;
pub mod reverse;
pub mod route;
pub mod sessions;
pub mod states;
#[cfg(test)]
mod tests;
pub mod users;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::auth::Dice;

pub use facts::{Did, Facts, Why};
pub use machine::{Arrival, Deed, Departure, Outcome, Pending, Responder, Settings};
pub use receive::{Carrier, Discard, Role};

/// What a server without clock and dice must be told with everything that happens.
pub struct Moment<'a> {
    /// The time that only goes forward.
    pub now: Instant,
    /// The time of the day, in seconds since 1970.
    pub unix: u64,
    /// Random octets.
    pub dice: &'a mut dyn Dice,
}

/// Locks a table. One whose holder panicked is still whole: no operation on it leaves it half done.
pub(crate) fn lock<T>(table: &Mutex<T>) -> MutexGuard<'_, T> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}
