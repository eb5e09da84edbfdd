//! One socket or connection, and the exchanges that go through it.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use super::Target;
use crate::exchange::{Flow, Transport};
use crate::net::{Call, Cause, Link, SocketError, TcpLink, UdpLink};
use crate::outcome::Route;

/// The most exchanges that one lane carries: one for each Identifier.
pub(super) const CAPACITY: usize = 256;

type Opening = Pin<Box<dyn Future<Output = Result<Link, SocketError>>>>;

/// A socket or connection to one address of a target.
pub(super) struct Lane {
    pub(super) state: State,
    /// Which of the target's addresses it is for.
    pub(super) address: usize,
    /// Tags of the requests that wait until it stands.
    pub(super) waiting: VecDeque<u64>,
    /// Whether anything came that could be trusted.
    pub(super) answered: bool,
}

pub(super) enum State {
    Opening(Opening),
    Open(Box<Open>),
}

pub(super) struct Open {
    pub(super) link: Link,
    pub(super) flow: Flow,
}

/// What a lane has to say.
pub(super) enum News {
    Opened(Result<Link, SocketError>),
    /// That many octets are in the buffer.
    Packet(usize),
    Failed(SocketError),
}

impl Lane {
    /// Opens a lane to the target's address number `address`. UDP is open at once, or fails at once.
    pub(super) fn open(target: &Target, address: usize, start: u8) -> Result<Lane, SocketError> {
        // The caller counts addresses; the first one stands in where it is mistaken.
        let peer = *target
            .addresses
            .get(address)
            .or(target.addresses.first())
            .expect("a target has at least one address");
        let state = match target.transport {
            Transport::Udp => State::open(Link::Udp(UdpLink::open(peer, &target.socket)?), start),
            Transport::Tcp => {
                let (bind, timeout, max) = (target.socket.bind, target.connect_timeout, target.max_length);
                State::Opening(Box::pin(async move {
                    let link = TcpLink::connect(peer, bind, timeout, max).await?;
                    Ok(Link::Tcp(Box::new(link)))
                }))
            }
            Transport::Tls | Transport::Dtls => {
                return Err(SocketError::found(Call::Open, peer, Cause::Unsupported));
            }
        };
        Ok(Lane {
            state,
            address,
            waiting: VecDeque::new(),
            answered: false,
        })
    }

    /// Whether another request, with this Identifier if one is wanted, can go through.
    pub(super) fn has_room(&self, wanted: Option<u8>) -> bool {
        match &self.state {
            State::Opening(_) => match wanted {
                Some(_) => self.waiting.is_empty(),
                None => self.waiting.len() < CAPACITY,
            },
            State::Open(open) => open.flow.has_free(wanted),
        }
    }

    /// How many requests are in it.
    pub(super) fn load(&self) -> usize {
        match &self.state {
            State::Opening(_) => self.waiting.len(),
            State::Open(open) => open.flow.outstanding(),
        }
    }

    /// When it has to be looked at, though nothing came.
    pub(super) fn deadline(&self) -> Option<Instant> {
        match &self.state {
            State::Opening(_) => None,
            State::Open(open) => open.flow.deadline(),
        }
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<News> {
        match &mut self.state {
            State::Opening(opening) => opening.as_mut().poll(cx).map(News::Opened),
            State::Open(open) => open.link.poll_receive(cx, buffer).map(|received| match received {
                Ok(length) => News::Packet(length),
                Err(error) => News::Failed(error),
            }),
        }
    }
}

impl State {
    pub(super) fn open(link: Link, start: u8) -> State {
        let flow = Flow::new(link.peer(), start);
        State::Open(Box::new(Open { link, flow }))
    }
}

impl Open {
    pub(super) fn route(&self) -> Route {
        Route {
            transport: self.link.transport(),
            local: self.link.local(),
            peer: self.link.peer(),
        }
    }
}
