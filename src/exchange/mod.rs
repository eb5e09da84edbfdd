//! CLIENT STATE: what a RADIUS client remembers between a request and its reply.
//!
//! ```text
//!   owner                        Flow (one socket or connection, one peer)
//!     1  reserve an Identifier ────▶ Identifiers     least recently used free one of 256
//!     2  build and seal octets
//!     3  insert(Exchange) ─────────▶ slot, due at once
//!     4  poll(now, dice) ──────────▶ Send octets │ Renew (build anew, go to 2) │ GaveUp
//!     5  deadline() ───────────────▶ when to poll again
//!     6  receive(now, from, octets)▶ Reply (the exchange is over) │ Ignored (why; nothing changes)
//! ```
//!
//! Retransmission follows RFC 5080 §2.2.1, Identifiers RFC 2865 §3 and RFC 5080, replies are matched by source,
//! Identifier and authenticator. A reply that fails a check leaves every timer as it was: the client goes on as if
//! nothing had come, and the failure is a fact that the owner is told.
//!
//! This layer does no IO, looks at no clock and throws no dice: instants, octets and random numbers are arguments.

mod deadlines;
#[allow(clippy::module_inception)] // The file that holds `Exchange`.
mod exchange;
mod flow;
mod identifiers;
mod receipt;
mod retry;
mod table;
#[cfg(test)]
mod tests;
mod tokens;
mod transport;
mod watchdog;

pub use exchange::{Exchange, GaveUp, Renewal, Step};
pub use flow::{Arrival, Due, Flow, Taken};
pub use identifiers::{Exhausted, Identifiers};
pub use receipt::{Demand, Demands, Ignored, Receipt, Reply};
pub use retry::{Policy, Schedule};
pub use table::{Number, Table};
pub use tokens::TokenFlow;
pub use transport::{Transport, Version};
pub use watchdog::{Alarm, Watchdog};
