//! RADIUS on a stream (RFC 6613): a connection carries whole packets one after another, many requests in flight.
//!
//! [`StreamLink`] works on any stream of octets, so that TLS differs only in how the connection is made.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpSocket, TcpStream};

use super::{Bind, Call, Cause, SocketError};
use crate::codec::frame::Frames;

/// RADIUS over plain TCP.
pub type TcpLink = StreamLink<TcpStream>;

/// How many octets are read at once.
const CHUNK: usize = 16 * 1024;

/// A stream that carries packets.
#[derive(Debug)]
pub struct StreamLink<S> {
    stream: S,
    local: SocketAddr,
    peer: SocketAddr,
    frames: Frames,
    chunk: Box<[u8]>,
    /// Octets that the stream has not yet taken, and how many of the first piece it has.
    unsent: VecDeque<Vec<u8>>,
    taken: usize,
    /// Why nothing more can be sent.
    broken: Option<SocketError>,
    /// Whether the stream has taken octets that it may not have passed on, as TLS does.
    unflushed: bool,
    /// Why nothing more will come.
    ended: Option<SocketError>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> StreamLink<S> {
    /// Packets of at most `max` octets (4096, or what was agreed on: RFC 7930) over a stream that is connected.
    pub fn new(stream: S, local: SocketAddr, peer: SocketAddr, max: usize) -> StreamLink<S> {
        StreamLink {
            stream,
            local,
            peer,
            frames: Frames::new(max),
            chunk: vec![0; CHUNK].into_boxed_slice(),
            unsent: VecDeque::new(),
            taken: 0,
            broken: None,
            unflushed: false,
            ended: None,
        }
    }

    /// Our address.
    pub fn local(&self) -> SocketAddr {
        self.local
    }

    /// The peer's address.
    pub fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// The stream itself, for what it knows besides.
    pub fn stream(&self) -> &S {
        &self.stream
    }

    /// Sends one packet with one write. Never waits: what the stream does not take now goes with the next
    /// [`StreamLink::poll_receive`], in order. Never fails: a stream that takes nothing more may still have replies
    /// to give, so the failure is told after these, when receiving.
    pub fn send(&mut self, octets: &[u8], cx: &mut Context<'_>) {
        let taken = if self.unsent.is_empty() && self.broken.is_none() {
            match Pin::new(&mut self.stream).poll_write(cx, octets) {
                Poll::Ready(Ok(taken)) => {
                    self.unflushed = Pin::new(&mut self.stream).poll_flush(cx).is_pending();
                    taken
                }
                Poll::Ready(Err(error)) => {
                    self.broken = Some(self.failed(Call::Send, &error));
                    0
                }
                Poll::Pending => 0,
            }
        } else {
            0
        };
        if taken < octets.len() {
            if self.unsent.is_empty() {
                self.taken = taken;
            }
            self.unsent.push_back(octets.to_vec());
        }
    }

    /// How many packets wait for the stream to take them.
    pub fn unsent(&self) -> usize {
        self.unsent.len()
    }

    /// Hands the stream what it has not yet taken.
    pub fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), SocketError>> {
        if let Some(broken) = &self.broken {
            return Poll::Ready(Err(broken.clone()));
        }
        let flushed = ready!(self.poll_write_all(cx));
        self.unflushed = false;
        Poll::Ready(flushed.map_err(|error| {
            let broken = self.failed(Call::Send, &error);
            self.broken = Some(broken.clone());
            broken
        }))
    }

    fn poll_write_all(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(packet) = self.unsent.front() {
            let rest = packet.get(self.taken..).unwrap_or(&[]);
            if rest.is_empty() {
                self.unsent.pop_front();
                self.taken = 0;
                continue;
            }
            match ready!(Pin::new(&mut self.stream).poll_write(cx, rest))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                taken => self.taken += taken,
            }
        }
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    /// The next whole packet, copied into `buffer`, which should hold the longest there is; says how long it is.
    /// The end of the stream is an error, told after the packets that came before it. Sends what is unsent, too.
    pub fn poll_receive(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<Result<usize, SocketError>> {
        if !self.unsent.is_empty() || self.unflushed {
            // A failure is kept, and told when there is nothing more to receive.
            let _ = self.poll_flush(cx);
        }
        loop {
            let peer = self.peer;
            match self.frames.next_packet() {
                Ok(Some(packet)) => return Poll::Ready(copy(packet, buffer, peer)),
                Ok(None) => {}
                Err(fault) => {
                    let error = SocketError::found(Call::Receive, peer, Cause::Frame(fault));
                    return Poll::Ready(Err(error));
                }
            }
            if let Some(ended) = &self.ended {
                return Poll::Ready(Err(ended.clone()));
            }
            let mut filled = ReadBuf::new(&mut self.chunk);
            let read = match (
                Pin::new(&mut self.stream).poll_read(cx, &mut filled),
                &self.broken,
            ) {
                (Poll::Ready(read), _) => read,
                (Poll::Pending, Some(broken)) => return Poll::Ready(Err(broken.clone())),
                (Poll::Pending, None) => return Poll::Pending,
            };
            match read {
                Ok(()) if filled.filled().is_empty() => self.ended = Some(self.end()),
                Ok(()) => self.frames.push(filled.filled()),
                // TLS without close_notify: what came before it came whole, since packets say their length.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => self.ended = Some(self.end()),
                Err(error) => self.ended = Some(SocketError::new(Call::Receive, peer, &error)),
            }
        }
    }

    /// What the end of the stream means.
    fn end(&self) -> SocketError {
        let cause = match self.frames.waiting() {
            0 => Cause::Closed,
            received => Cause::ClosedInPacket { received },
        };
        SocketError::found(Call::Receive, self.peer, cause)
    }

    /// Tells the peer that nothing more will be sent, after all that was.
    pub async fn finish(&mut self) -> Result<(), SocketError> {
        std::future::poll_fn(|cx| self.poll_flush(cx)).await?;
        let ended = std::future::poll_fn(|cx| Pin::new(&mut self.stream).poll_shutdown(cx)).await;
        ended.map_err(|error| self.failed(Call::Send, &error))
    }

    fn failed(&self, call: Call, error: &io::Error) -> SocketError {
        SocketError::new(call, self.peer, error)
    }
}

/// A packet that does not fit where the caller wants it is never cut.
fn copy(packet: &[u8], buffer: &mut [u8], peer: SocketAddr) -> Result<usize, SocketError> {
    match buffer.get_mut(..packet.len()) {
        Some(place) => {
            place.copy_from_slice(packet);
            Ok(packet.len())
        }
        None => Err(SocketError::found(Call::Receive, peer, Cause::MessageTooLong)),
    }
}

/// Connects to one address within `timeout`.
pub async fn connect_tcp(peer: SocketAddr, bind: Bind, timeout: Duration) -> Result<TcpStream, SocketError> {
    let opening = |error: io::Error| SocketError::new(Call::Open, peer, &error);
    let socket = match peer {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    }
    .map_err(opening)?;
    if !bind.is_any() {
        let ours = bind.towards(peer);
        if ours.is_ipv4() != peer.is_ipv4() {
            return Err(SocketError::found(Call::Bind, ours, Cause::OtherFamily));
        }
        // A fixed port is soon bound again by the next run, while the last connection still lingers.
        socket.set_reuseaddr(true).map_err(opening)?;
        socket
            .bind(ours)
            .map_err(|error| SocketError::new(Call::Bind, ours, &error))?;
    }
    let stream = match tokio::time::timeout(timeout, socket.connect(peer)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return Err(SocketError::new(Call::Connect, peer, &error)),
        Err(_) => return Err(SocketError::found(Call::Connect, peer, Cause::TimedOut)),
    };
    // Requests are small and answers are waited for (RFC 6613 leaves it open; every implementation does it).
    stream.set_nodelay(true).map_err(opening)?;
    Ok(stream)
}

impl TcpLink {
    /// Connects to one address within `timeout`, for packets of at most `max` octets.
    pub async fn connect(
        peer: SocketAddr,
        bind: Bind,
        timeout: Duration,
        max: usize,
    ) -> Result<TcpLink, SocketError> {
        let stream = connect_tcp(peer, bind, timeout).await?;
        let local = stream
            .local_addr()
            .map_err(|error| SocketError::new(Call::Connect, peer, &error))?;
        Ok(StreamLink::new(stream, local, peer, max))
    }
}

/// Waits for RADIUS clients on a TCP port.
#[derive(Debug)]
pub struct TcpListener {
    listener: tokio::net::TcpListener,
    local: SocketAddr,
}

impl TcpListener {
    /// Listens on `address`; port 0 is any. An IPv6 address takes no IPv4 clients.
    pub fn bind(address: SocketAddr) -> Result<TcpListener, SocketError> {
        let listening = |error: io::Error| SocketError::new(Call::Listen, address, &error);
        let socket = match address {
            SocketAddr::V4(_) => TcpSocket::new_v4(),
            SocketAddr::V6(_) => TcpSocket::new_v6(),
        }
        .map_err(listening)?;
        socket.set_reuseaddr(true).map_err(listening)?;
        if address.is_ipv6() {
            SockRef::from(&socket).set_only_v6(true).map_err(listening)?;
        }
        socket
            .bind(address)
            .map_err(|error| SocketError::new(Call::Bind, address, &error))?;
        let listener = socket.listen(1024).map_err(listening)?;
        let local = listener.local_addr().map_err(listening)?;
        Ok(TcpListener { listener, local })
    }

    /// Where it listens.
    pub fn local(&self) -> SocketAddr {
        self.local
    }

    /// The next client's stream and address.
    pub async fn accept(&self) -> Result<(TcpStream, SocketAddr), SocketError> {
        let accepting = |error: io::Error| SocketError::new(Call::Accept, self.local, &error);
        let (stream, peer) = self.listener.accept().await.map_err(accepting)?;
        stream.set_nodelay(true).map_err(accepting)?;
        Ok((stream, peer))
    }
}
