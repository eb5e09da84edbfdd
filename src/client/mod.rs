//! The client driver: exchanges over sockets, as many at once as asked for, every event told to a sink.
//!
//! One task owns everything but the waiting: each socket has a small task that forwards what it receives. The loop
//! starts what the pace allows, sends what is due, and waits for whichever comes first: octets, a deadline, the pace,
//! or the word to stop.

mod care;
mod driver;
mod job;
mod links;
mod pace;
mod reverse;
#[cfg(test)]
mod tests;
mod voice;

pub use crate::exchange::Number;
pub use care::{Care, Stay};
pub use driver::{Answers, NoAnswers, Run, run};
pub use job::{Job, MAX_ROUNDS, Script, Turn, Wrong};
pub use pace::Pace;
pub use voice::{Speechless, Voice, Voices};
