//! What is told while it happens.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::SystemTime;

use super::Outcome;
use crate::codec::seal::Seals;
use crate::codec::{Authenticator, Secret};
use crate::exchange::{Ignored, Transport};
use crate::net::SocketError;

/// The way of a packet, seen from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// Over what.
    pub transport: Transport,
    /// Our address.
    pub local: SocketAddr,
    /// The peer's.
    pub peer: SocketAddr,
}

/// Something that happened.
#[derive(Debug)]
pub enum Event<'a> {
    /// A connection stands.
    Connected {
        /// Between whom.
        route: Route,
    },
    /// An address cannot be reached, or a connection was lost.
    Unreachable {
        /// Over what.
        transport: Transport,
        /// Why.
        error: &'a SocketError,
    },
    /// A request was sent.
    Sent {
        /// The request's place in the run, from 0.
        request: u64,
        /// Which transmission this is, from 1.
        attempt: u32,
        /// When.
        at: SystemTime,
        /// Which way.
        route: Route,
        /// The packet.
        octets: &'a [u8],
        /// With what it was sealed, for those who reveal what it hides.
        secret: &'a Arc<Secret>,
    },
    /// A reply came and passed the checks.
    Received {
        /// The place of the request that it answers.
        request: u64,
        /// When.
        at: SystemTime,
        /// Which way.
        route: Route,
        /// The packet.
        octets: &'a [u8],
        /// What its authenticators proved.
        seals: Seals,
        /// The authenticator of its request, with which its attributes are hidden.
        request_authenticator: &'a Authenticator,
        /// With what it was checked.
        secret: &'a Arc<Secret>,
    },
    /// Something came that is no reply.
    Ignored {
        /// The place of the request whose Identifier it has, if one has it.
        request: Option<u64>,
        /// When.
        at: SystemTime,
        /// Which way.
        route: Route,
        /// What came.
        octets: &'a [u8],
        /// Why it is no reply.
        why: &'a Ignored,
    },
    /// A request has come to something.
    Finished(&'a Outcome),
}

/// Who is told. An error ends the run.
pub trait Sink {
    /// Takes notice.
    fn event(&mut self, event: &Event<'_>) -> io::Result<()>;
}

impl<F: FnMut(&Event<'_>) -> io::Result<()>> Sink for F {
    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        self(event)
    }
}

/// Nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Sink for Silent {
    fn event(&mut self, _: &Event<'_>) -> io::Result<()> {
        Ok(())
    }
}
