//! One face for every way to a peer, so that a driver sends and receives packets and need not know how.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use super::dtls::DtlsLink;
use super::tls::{self, Handshake, TlsLink};
use super::{Bind, Call, Cause, SocketError, TcpLink, UdpLink, UdpOptions};
use crate::codec::MAX_LENGTH;
use crate::exchange::{Transport, Version};

/// The longest datagram that IP can carry; a buffer of this size receives anything whole.
pub const LONGEST: usize = 65_535;

/// A way to one peer.
#[derive(Debug)]
pub enum Link {
    /// A connected UDP socket.
    Udp(UdpLink),
    /// A TCP connection.
    Tcp(Box<TcpLink>),
    /// A TCP connection secured by TLS.
    Tls(Box<TlsLink>),
    /// A connected UDP socket secured by DTLS.
    Dtls(Box<DtlsLink>),
}

impl Link {
    /// What it is.
    pub fn transport(&self) -> Transport {
        match self {
            Link::Udp(_) => Transport::Udp,
            Link::Tcp(_) => Transport::Tcp,
            Link::Tls(_) => Transport::Tls,
            Link::Dtls(_) => Transport::Dtls,
        }
    }

    /// The version of RADIUS that it carries.
    pub fn version(&self) -> Version {
        match self {
            Link::Udp(_) | Link::Tcp(_) | Link::Dtls(_) => Version::V1_0,
            Link::Tls(link) => link.version(),
        }
    }

    /// What the handshake came to, where there was one.
    pub fn handshake(&self) -> Option<&Arc<Handshake>> {
        match self {
            Link::Udp(_) | Link::Tcp(_) => None,
            Link::Tls(link) => Some(link.handshake()),
            Link::Dtls(link) => Some(link.handshake()),
        }
    }

    /// Our address.
    pub fn local(&self) -> SocketAddr {
        match self {
            Link::Udp(link) => link.local(),
            Link::Tcp(link) => link.local(),
            Link::Tls(link) => link.local(),
            Link::Dtls(link) => link.local(),
        }
    }

    /// The peer's address; whatever is received comes from there.
    pub fn peer(&self) -> SocketAddr {
        match self {
            Link::Udp(link) => link.peer(),
            Link::Tcp(link) => link.peer(),
            Link::Tls(link) => link.peer(),
            Link::Dtls(link) => link.peer(),
        }
    }

    /// Sends one packet. A stream takes it always and sends it when it can; that it could not is told by
    /// [`Link::poll_receive`].
    pub fn poll_send(&mut self, cx: &mut Context<'_>, octets: &[u8]) -> Poll<Result<(), SocketError>> {
        match self {
            Link::Udp(link) => link.poll_send(cx, octets),
            Link::Dtls(link) => link.poll_send(cx, octets),
            Link::Tcp(link) => {
                link.send(octets, cx);
                Poll::Ready(Ok(()))
            }
            Link::Tls(link) => {
                link.send(octets, cx);
                Poll::Ready(Ok(()))
            }
        }
    }

    /// Receives one packet into `buffer`, best of [`LONGEST`] octets, and says how long it is. Also sends what a
    /// stream has not yet taken.
    pub fn poll_receive(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<Result<usize, SocketError>> {
        match self {
            Link::Udp(link) => link.poll_receive(cx, buffer),
            Link::Tcp(link) => link.poll_receive(cx, buffer),
            Link::Tls(link) => link.poll_receive(cx, buffer),
            Link::Dtls(link) => link.poll_receive(cx, buffer),
        }
    }

    /// Sends one packet.
    pub async fn send(&mut self, octets: &[u8]) -> Result<(), SocketError> {
        poll_fn(|cx| self.poll_send(cx, octets)).await
    }

    /// Receives one packet into `buffer` and says how long it is.
    pub async fn receive(&mut self, buffer: &mut [u8]) -> Result<usize, SocketError> {
        poll_fn(|cx| self.poll_receive(cx, buffer)).await
    }

    /// Says goodbye where the transport has a word for it; what the peer makes of it is its own affair.
    pub async fn finish(&mut self) {
        let _ = match self {
            Link::Udp(_) => Ok(()),
            Link::Tcp(link) => link.finish().await,
            Link::Tls(link) => link.finish().await,
            Link::Dtls(link) => link.finish().await,
        };
    }
}

/// Opens a way to a peer: a socket, or a connection that has `patience` to come about. What secures it is needed by
/// TLS and DTLS.
pub async fn connect(
    transport: Transport,
    peer: SocketAddr,
    bind: Bind,
    patience: Duration,
    security: Option<&tls::Client>,
) -> Result<Link, SocketError> {
    match (transport, security) {
        (Transport::Udp, _) => UdpLink::open(
            peer,
            &UdpOptions {
                bind,
                ..UdpOptions::default()
            },
        )
        .map(Link::Udp),
        (Transport::Tcp, _) => TcpLink::connect(peer, bind, patience, MAX_LENGTH)
            .await
            .map(|link| Link::Tcp(Box::new(link))),
        (Transport::Tls, Some(client)) => {
            let link = client.connect(peer, bind, patience).await?;
            Ok(Link::Tls(Box::new(link)))
        }
        (Transport::Dtls, Some(client)) => {
            let link = DtlsLink::connect(client, peer, bind, patience).await?;
            Ok(Link::Dtls(Box::new(link)))
        }
        (Transport::Tls | Transport::Dtls, None) => Err(SocketError::found(
            Call::Open,
            peer,
            Cause::Other(std::io::ErrorKind::Unsupported),
        )),
    }
}
