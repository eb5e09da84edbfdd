//! The client's loop: conversations × exchanges × sockets, events to a sink.
//!
//! ```text
//!   jobs ──▶ start, as the pace allows ──▶ a lane (socket and flow) of the job's target, opened when all are full
//!                                           │
//!   Conversation::request ─▶ octets ─▶ Flow ┴─▶ Link          Event::Sent
//!   Conversation::reply ◀──── Reply ◀─ Flow ◀── Link          Event::Received │ Event::Ignored
//!     Done  ─▶ Outcome ─▶ Totals                              Event::Finished
//!     Again ─▶ the next round, on the same lane
//!     Ask   ─▶ Answers, and then the next round
//! ```
//!
//! Knows no command line and no words: what to ask comes as [`Job`]s, what happened goes out as [`Event`]s.

mod active;
mod conversation;
mod driver;
mod lane;
mod pace;
mod plain;
mod routes;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

pub use conversation::{Answers, Conversation, Next, NoAnswers, Question, Turn};
pub use driver::run;
pub use pace::Pace;
pub use plain::{Plain, Raw};

use crate::codec::{Authenticator, MAX_LENGTH, Secret};
use crate::exchange::{Demands, Policy, Renewal, Transport};
use crate::net::UdpOptions;
use crate::outcome::{Mismatch, Outcome};

/// One request to make, with everything that follows from it.
pub struct Job {
    /// The name that its file gave it.
    pub name: Option<String>,
    /// Where it goes.
    pub target: Arc<Target>,
    /// The shared secret.
    pub secret: Arc<Secret>,
    /// When to send again; for streams see [`Policy::over`], which is applied here.
    pub policy: Policy,
    /// What a reply must have.
    pub demands: Demands,
    /// What a retransmission is.
    pub renewal: Renewal,
    /// The Identifier of the first round; later rounds take those that follow. Any if `None`.
    pub identifier: Option<u8>,
    /// The Request Authenticator of the first round, where it is not a digest; random if `None`.
    pub authenticator: Option<Authenticator>,
    /// How many rounds there may be.
    pub max_rounds: u32,
    /// What is said.
    pub conversation: Box<dyn Conversation>,
    /// What is expected of it, if anything.
    pub judge: Option<Arc<dyn Judge>>,
}

impl Job {
    /// A job that does as RADIUS clients do by default.
    pub fn new(target: Arc<Target>, secret: Arc<Secret>, conversation: Box<dyn Conversation>) -> Job {
        Job {
            name: None,
            target,
            secret,
            policy: Policy::default(),
            demands: Demands::default(),
            renewal: Renewal::default(),
            identifier: None,
            authenticator: None,
            // EAP over long certificate chains takes some twenty rounds; more than this is a loop.
            max_rounds: 100,
            conversation,
            judge: None,
        }
    }
}

/// The other side, its name resolved. Jobs that share one share its sockets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// As the user wrote it.
    pub host: Arc<str>,
    /// Over what.
    pub transport: Transport,
    /// Its addresses, in the order in which they are tried; at least one.
    pub addresses: Vec<SocketAddr>,
    /// From where, and with which buffers.
    pub socket: UdpOptions,
    /// How long a connection may take to stand.
    pub connect_timeout: Duration,
    /// The longest packet on a stream, in octets.
    pub max_length: usize,
}

impl Target {
    /// A target with the system's defaults.
    pub fn new(host: &str, transport: Transport, addresses: Vec<SocketAddr>) -> Target {
        Target {
            host: host.into(),
            transport,
            addresses,
            socket: UdpOptions::default(),
            connect_timeout: Duration::from_secs(5),
            max_length: MAX_LENGTH,
        }
    }
}

/// Who knows what was expected.
pub trait Judge {
    /// The expectations that are not met.
    fn mismatches(&self, outcome: &Outcome) -> Vec<Mismatch>;
}
