//! What a server reports while it runs, and to whom.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use super::Listening;
use crate::net::SocketError;
use crate::net::tls::{Certificate, Distrust, Handshake};
use crate::responder::{Departure, Facts};

/// Something happened.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A request came, and this became of it.
    Handled(&'a Handled<'a>),
    /// A reply could not be sent.
    NotSent(&'a SocketError),
    /// Nothing can be received any more on this listener.
    Deaf(&'a SocketError),
    /// A client connected.
    Connected {
        /// From where.
        source: SocketAddr,
        /// To which listener.
        listening: &'a Listening,
        /// What the handshake came to, over TLS and DTLS.
        handshake: Option<&'a Handshake>,
    },
    /// A client connected, and its handshake failed.
    Unshaken {
        /// From where.
        source: SocketAddr,
        /// To which listener.
        listening: &'a Listening,
        /// Why.
        error: &'a SocketError,
    },
    /// A connection ended.
    Disconnected {
        /// From where it was.
        source: SocketAddr,
        /// To which listener.
        listening: &'a Listening,
        /// Why.
        why: Parting,
    },
    /// The accounting log ended in a record that was cut, which nobody was told of as stored; it was taken out.
    Torn {
        /// How many octets it had.
        octets: u64,
    },
    /// Records cannot be stored; Accounting-Requests get no answer until they can.
    LogFailed(&'a io::Error),
    /// Records can be stored again.
    LogWorks,
    /// The accounting log was opened anew.
    LogReopened,
    /// An upstream server does not answer any more.
    UpstreamDown(SocketAddr),
    /// An upstream server answers again.
    UpstreamUp(SocketAddr),
}

/// A request and what became of it.
#[derive(Debug)]
pub struct Handled<'a> {
    /// When it came.
    pub at: SystemTime,
    /// From where.
    pub source: SocketAddr,
    /// To which listener.
    pub listening: &'a Listening,
    /// What the handshake of its connection came to, over TLS and DTLS.
    pub handshake: Option<&'a Handshake>,
    /// Its octets as they came.
    pub octets: &'a [u8],
    /// What became of it.
    pub facts: &'a Facts<'a>,
    /// What leaves for it.
    pub replies: &'a [Departure],
    /// From its arrival to the decision.
    pub took: Duration,
}

/// Why a connection ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parting {
    /// The client ended it.
    ByClient,
    /// Nobody there is a client.
    UnknownClient,
    /// What came cannot be trusted any more (RFC 6613 §2.6.4).
    Distrusted,
    /// Nothing came for too long.
    Idle,
    /// There are too many connections.
    TooMany,
    /// The same client began anew.
    Replaced,
    /// Too many clients shake hands.
    TooManyHandshakes,
    /// The client does not read its replies.
    Stalled,
    /// Its certificate, which was good when it came, is good no more: it expired, or the server was told otherwise.
    Untrusted(Distrust, Box<Certificate>),
    /// The server ends.
    Stopping,
    /// The network failed.
    Failed(SocketError),
}

/// Takes events. Every thread of a server has one of its own.
pub trait Sink: Send {
    /// Takes an event.
    fn event(&mut self, event: &Event<'_>);

    /// Nothing more happens for now: what was kept back may be written.
    fn flush(&mut self) {}
}

impl<F: FnMut(&Event<'_>) + Send> Sink for F {
    fn event(&mut self, event: &Event<'_>) {
        self(event);
    }
}

/// Makes sinks.
pub trait Sinks: Send + Sync {
    /// A sink for another thread.
    fn sink(&self) -> Box<dyn Sink>;
}

impl<F: Fn() -> Box<dyn Sink> + Send + Sync> Sinks for F {
    fn sink(&self) -> Box<dyn Sink> {
        self()
    }
}

/// A sink that takes no notice.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Sink for Silent {
    fn event(&mut self, _event: &Event<'_>) {}
}

impl Sinks for Silent {
    fn sink(&self) -> Box<dyn Sink> {
        Box::new(Silent)
    }
}
