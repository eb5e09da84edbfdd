//! Ways back to whoever asked, and the box in which a thread gathers what leaves.

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::Arc;

use tokio::sync::mpsc;

use crate::net::batch::{MOST, Outbox};
use crate::net::tls::Handshake;
use crate::net::{Call, SocketError};

/// The way back to whoever asked.
#[derive(Clone, Debug)]
pub(super) enum Way {
    /// A datagram.
    Datagram {
        socket: Arc<UdpSocket>,
        to: SocketAddr,
        /// The address of ours that was asked, where the socket has several.
        from: Option<IpAddr>,
    },
    /// The task that owns the connection, and what its handshake came to.
    Stream(mpsc::Sender<Arc<[u8]>>, Option<Arc<Handshake>>),
    /// The task that owns the associations of a listener, the client, and what the handshake came to.
    Association {
        listener: mpsc::Sender<(SocketAddr, Arc<[u8]>)>,
        to: SocketAddr,
        handshake: Arc<Handshake>,
    },
}

impl Way {
    /// What the handshake came to, over TLS and DTLS.
    pub(super) fn handshake(&self) -> Option<&Handshake> {
        match self {
            Way::Stream(_, handshake) => handshake.as_deref(),
            Way::Association { handshake, .. } => Some(handshake),
            Way::Datagram { .. } => None,
        }
    }
}

/// Gathers datagrams for one socket at a time and sends them together.
pub(super) struct Post {
    outbox: Outbox,
    socket: Option<Arc<UdpSocket>>,
    gathered: usize,
}

impl Post {
    pub(super) fn new() -> Post {
        Post {
            outbox: Outbox::new(true),
            socket: None,
            gathered: 0,
        }
    }

    /// Puts octets on their way; datagrams leave with [`Post::flush`] at the latest.
    pub(super) fn put(&mut self, way: &Way, octets: Arc<[u8]>, other_port: bool) -> Result<(), SocketError> {
        match way {
            // A client that does not read has its connection closed by the task that owns it.
            Way::Stream(task, _) => {
                let _ = task.try_send(octets);
                Ok(())
            }
            // A client that sends again gets its reply again.
            Way::Association { listener, to, .. } => {
                let _ = listener.try_send((*to, octets));
                Ok(())
            }
            Way::Datagram { socket, to, from } if other_port => {
                let ours = from.or_else(|| socket.local_addr().ok().map(|local| local.ip()));
                from_elsewhere(&octets, *to, ours)
            }
            Way::Datagram { socket, to, from } => {
                let mut sent = Ok(());
                let same = self
                    .socket
                    .as_ref()
                    .is_some_and(|current| Arc::ptr_eq(current, socket));
                if !same || self.gathered >= MOST {
                    sent = self.flush();
                    self.socket = Some(Arc::clone(socket));
                }
                self.outbox.push(octets, *to, *from);
                self.gathered += 1;
                sent
            }
        }
    }

    /// Sends what was gathered.
    pub(super) fn flush(&mut self) -> Result<(), SocketError> {
        self.gathered = 0;
        match &self.socket {
            Some(socket) if !self.outbox.is_empty() => self.outbox.send(socket),
            _ => Ok(()),
        }
    }
}

/// Sends from another port than the one that was asked: a fault on purpose.
fn from_elsewhere(octets: &[u8], to: SocketAddr, ours: Option<IpAddr>) -> Result<(), SocketError> {
    let any = match to {
        SocketAddr::V4(_) => IpAddr::from([0; 4]),
        SocketAddr::V6(_) => IpAddr::from([0; 16]),
    };
    let from = SocketAddr::new(ours.unwrap_or(any), 0);
    let failed = |error| SocketError::new(Call::Send, to, &error);
    let socket = UdpSocket::bind(from).map_err(failed)?;
    socket.send_to(octets, to).map_err(failed)?;
    Ok(())
}
