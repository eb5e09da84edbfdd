//! UDP: one connected socket for each flow. Connected, so that the system reports an ICMP refusal at once and takes
//! replies only from where the request went (RFC 2865 §3, RFC 5080 §2.2.1).

use std::fmt;
use std::future::Future;
use std::io::{self, Read};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::ops::Deref;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use socket2::{Domain, Protocol, SockAddr, SockRef, Socket, Type};
use tokio::io::{Interest, ReadBuf};
use tokio::net::UdpSocket;

use super::{Call, Cause, SocketError};

/// From where a socket sends: `ADDR`, `ADDR:PORT`, `[V6]:PORT` or `:PORT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Bind {
    /// Our address; without one, the system chooses.
    pub address: Option<IpAddr>,
    /// Our port; 0 for any.
    pub port: u16,
}

/// A text that is no [`Bind`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BindError {
    /// The text.
    pub text: String,
}

impl FromStr for Bind {
    type Err = BindError;

    fn from_str(text: &str) -> Result<Bind, BindError> {
        let bare = text
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .unwrap_or(text);
        if let Ok(address) = bare.parse() {
            return Ok(Bind {
                address: Some(address),
                port: 0,
            });
        }
        if let Ok(address) = text.parse::<SocketAddr>() {
            return Ok(Bind {
                address: Some(address.ip()),
                port: address.port(),
            });
        }
        let port = text
            .strip_prefix(':')
            .or_else(|| text.strip_prefix("*:"))
            .and_then(|port| port.parse().ok());
        match port {
            Some(port) => Ok(Bind { address: None, port }),
            None => Err(BindError {
                text: text.to_owned(),
            }),
        }
    }
}

impl Bind {
    /// Our address towards `peer`; it may be of the other family.
    pub(super) fn towards(self, peer: SocketAddr) -> SocketAddr {
        let any: IpAddr = match peer {
            SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        SocketAddr::new(self.address.unwrap_or(any), self.port)
    }

    /// Whether anything is asked for at all.
    pub(super) fn is_any(self) -> bool {
        self == Bind::default()
    }
}

/// How a UDP socket is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct UdpOptions {
    /// From where it sends.
    pub bind: Bind,
    /// How many octets the system keeps for us until we read them (SO_RCVBUF); the system's default if `None`. The
    /// system may give less.
    pub receive_buffer: Option<usize>,
    /// How many octets it keeps until they are sent (SO_SNDBUF).
    pub send_buffer: Option<usize>,
}

impl UdpOptions {
    /// A connected socket in non-blocking mode, for those who drive it without tokio.
    pub fn open(&self, peer: SocketAddr) -> Result<std::net::UdpSocket, SocketError> {
        let opening = |error: io::Error| SocketError::new(Call::Open, peer, &error);
        let socket =
            Socket::new(Domain::for_address(peer), Type::DGRAM, Some(Protocol::UDP)).map_err(opening)?;
        socket.set_nonblocking(true).map_err(opening)?;
        if let Some(octets) = self.receive_buffer {
            socket.set_recv_buffer_size(octets).map_err(opening)?;
        }
        if let Some(octets) = self.send_buffer {
            socket.set_send_buffer_size(octets).map_err(opening)?;
        }
        bind(&socket, self.bind, peer)?;
        socket
            .connect(&SockAddr::from(peer))
            .map_err(|error| SocketError::new(Call::Connect, peer, &error))?;
        Ok(socket.into())
    }
}

/// Gives a socket the address that was asked for, if one was.
pub(super) fn bind(socket: &Socket, wanted: Bind, peer: SocketAddr) -> Result<(), SocketError> {
    if wanted.is_any() {
        return Ok(());
    }
    let ours = wanted.towards(peer);
    if ours.is_ipv4() != peer.is_ipv4() {
        return Err(SocketError::found(Call::Bind, ours, Cause::OtherFamily));
    }
    socket
        .bind(&SockAddr::from(ours))
        .map_err(|error| SocketError::new(Call::Bind, ours, &error))
}

/// A connected UDP socket.
pub struct UdpLink {
    socket: Arc<UdpSocket>,
    /// Ready when the system has an error for us. An ICMP refusal makes a socket neither readable nor writable, so
    /// that waiting for a datagram alone would never learn of it.
    trouble: Trouble,
    /// An error that was met while there may have been datagrams to receive; told after these.
    met: Option<SocketError>,
    local: SocketAddr,
    peer: SocketAddr,
}

type Trouble = Pin<Box<dyn Future<Output = ()> + Send>>;

impl UdpLink {
    /// Opens a socket that talks to `peer` and nobody else. Nothing is sent.
    pub fn open(peer: SocketAddr, options: &UdpOptions) -> Result<UdpLink, SocketError> {
        let opening = |error: io::Error| SocketError::new(Call::Open, peer, &error);
        let socket = UdpSocket::from_std(options.open(peer)?).map_err(opening)?;
        let local = socket.local_addr().map_err(opening)?;
        let socket = Arc::new(socket);
        Ok(UdpLink {
            trouble: trouble(&socket),
            met: None,
            socket,
            local,
            peer,
        })
    }

    /// Our address.
    pub fn local(&self) -> SocketAddr {
        self.local
    }

    /// The peer's address.
    pub fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Sends one datagram. A refusal that the system reports here is of an earlier datagram; it is told by
    /// [`UdpLink::poll_receive`], after the replies that came before it.
    pub fn poll_send(&mut self, cx: &mut Context<'_>, octets: &[u8]) -> Poll<Result<(), SocketError>> {
        let mut error = match ready!(self.poll_send_once(cx, octets)) {
            Ok(_) => return Poll::Ready(Ok(())),
            Err(error) => error,
        };
        if error.is_remote() {
            self.met = Some(error);
            // The report is taken, and the way is free again; should another one have come, it is enough to know.
            error = match ready!(self.poll_send_once(cx, octets)) {
                Ok(_) => return Poll::Ready(Ok(())),
                Err(error) => error,
            };
        }
        Poll::Ready(Err(error))
    }

    fn poll_send_once(&self, cx: &mut Context<'_>, octets: &[u8]) -> Poll<Result<usize, SocketError>> {
        // Most often there is room, and then the runtime need not be asked.
        let sent = match self.socket.try_send(octets) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                ready!(self.socket.poll_send(cx, octets))
            }
            sent => sent,
        };
        Poll::Ready(sent.map_err(|error| SocketError::new(Call::Send, self.peer, &error)))
    }

    /// Receives one datagram into `buffer`, which should hold the longest there is, and says how long it is. An error
    /// is told after all datagrams that came before it.
    pub fn poll_receive(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<Result<usize, SocketError>> {
        loop {
            let mut filled = ReadBuf::new(&mut *buffer);
            let error = match self.socket.poll_recv(cx, &mut filled) {
                Poll::Ready(Ok(())) => return Poll::Ready(Ok(filled.filled().len())),
                Poll::Ready(Err(error)) => error,
                Poll::Pending => match self.met.take() {
                    None => ready!(self.poll_trouble(cx)),
                    Some(met) => {
                        return Poll::Ready(match self.take_waiting(buffer) {
                            Some(length) => {
                                self.met = Some(met);
                                Ok(length)
                            }
                            None => Err(met),
                        });
                    }
                },
            };
            // The system tells its error first, whatever waits behind it.
            self.met = Some(SocketError::new(Call::Receive, self.peer, &error));
        }
    }

    /// A datagram that waits in the socket, though the runtime may not have heard of it yet. Further errors are taken
    /// on the way; what they say is known.
    fn take_waiting(&self, buffer: &mut [u8]) -> Option<usize> {
        let socket = SockRef::from(&*self.socket);
        loop {
            match socket.deref().read(buffer) {
                Ok(length) => return Some(length),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return None,
                // Taken with the call: each was caused by a datagram that was sent, so that there is an end to them.
                Err(_) => {}
            }
        }
    }

    /// The error that the system has for us.
    fn poll_trouble(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        loop {
            ready!(self.trouble.as_mut().poll(cx));
            self.trouble = trouble(&self.socket);
            let told = self
                .socket
                .try_io(Interest::ERROR, || match self.socket.take_error()? {
                    Some(error) => Ok(error),
                    // Told before, by another call.
                    None => Err(io::ErrorKind::WouldBlock.into()),
                });
            match told {
                Ok(error) => return Poll::Ready(error),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(error),
            }
        }
    }
}

fn trouble(socket: &Arc<UdpSocket>) -> Trouble {
    let socket = Arc::clone(socket);
    Box::pin(async move {
        // That waiting itself fails is trouble, too; the socket knows which.
        let _ = socket.ready(Interest::ERROR).await;
    })
}

impl fmt::Debug for UdpLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UdpLink")
            .field("local", &self.local)
            .field("peer", &self.peer)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_bind_is_understood() {
        let bind = |address: &str, port| Bind {
            address: address.parse().ok(),
            port,
        };
        for (text, expected) in [
            ("192.0.2.1", bind("192.0.2.1", 0)),
            ("192.0.2.1:99", bind("192.0.2.1", 99)),
            ("::1", bind("::1", 0)),
            ("[::1]", bind("::1", 0)),
            ("[::1]:99", bind("::1", 99)),
            (":99", bind("", 99)),
            ("*:99", bind("", 99)),
        ] {
            assert_eq!(text.parse(), Ok(expected), "{text}");
        }
        for text in ["", "host", "1.2.3", "1.2.3.4:x", ":70000"] {
            assert!(text.parse::<Bind>().is_err(), "{text}");
        }
    }
}
