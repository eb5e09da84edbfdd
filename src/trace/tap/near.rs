//! The client's side of a relay: one client, whatever it comes over.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};

use super::PATIENCE;
use crate::exchange::Version;
use crate::net::dtls::{Association, Happening};
use crate::net::{Call, Cause, Link, SocketError, clock};

/// How long a client over UDP may be silent before its link is closed.
const SILENCE: Duration = Duration::from_secs(120);

/// One client.
pub(super) enum Near {
    /// Over UDP.
    Udp(Datagrams),
    /// Over DTLS, on the same socket as others.
    Dtls(Box<Dtls>),
    /// Over a connection of its own: TCP or TLS.
    Connection(Box<Link>),
}

/// The datagrams of one client.
pub(super) struct Datagrams {
    pub socket: Arc<UdpSocket>,
    pub client: SocketAddr,
    pub inbox: mpsc::Receiver<Vec<u8>>,
}

/// An association, and the packets that came on it.
pub(super) struct Dtls {
    datagrams: Datagrams,
    association: Association,
    packets: VecDeque<BytesMut>,
    closed: bool,
}

impl Near {
    /// The version of RADIUS that it speaks.
    pub fn version(&self) -> Version {
        match self {
            Near::Udp(_) | Near::Dtls(_) => Version::V1_0,
            Near::Connection(link) => link.version(),
        }
    }

    /// The next packet; none when the client has gone. What has been received is not lost when nobody waits on.
    pub async fn receive(&mut self, buffer: &mut [u8]) -> Result<Option<usize>, SocketError> {
        match self {
            Near::Udp(datagrams) => Ok(datagrams.next().await.and_then(|octets| put(buffer, &octets))),
            Near::Dtls(dtls) => Ok(dtls.next().await?.and_then(|octets| put(buffer, &octets))),
            Near::Connection(link) => match link.receive(buffer).await {
                Ok(length) => Ok(Some(length)),
                Err(error) if matches!(error.cause, Cause::Closed | Cause::Reset) => Ok(None),
                Err(error) => Err(error),
            },
        }
    }

    /// Sends one packet.
    pub async fn send(&mut self, octets: &[u8]) -> Result<(), SocketError> {
        match self {
            Near::Udp(datagrams) => {
                let sent = datagrams.socket.send_to(octets, datagrams.client).await;
                sent.map(|_| ())
                    .map_err(|error| SocketError::new(Call::Send, datagrams.client, &error))
            }
            Near::Dtls(dtls) => {
                dtls.association.send(clock::now(), octets);
                dtls.transmit();
                Ok(())
            }
            Near::Connection(link) => link.send(octets).await,
        }
    }

    /// Says goodbye where there is a word for it.
    pub async fn finish(&mut self) {
        match self {
            Near::Udp(_) => {}
            Near::Dtls(dtls) => {
                dtls.association.close(clock::now());
                dtls.transmit();
            }
            Near::Connection(link) => link.finish().await,
        }
    }
}

/// Copies what came to where it is wanted.
fn put(buffer: &mut [u8], octets: &[u8]) -> Option<usize> {
    buffer.get_mut(..octets.len())?.copy_from_slice(octets);
    Some(octets.len())
}

impl Datagrams {
    /// The next datagram; none after a long silence.
    async fn next(&mut self) -> Option<Vec<u8>> {
        timeout(SILENCE, self.inbox.recv()).await.ok()?
    }
}

impl Dtls {
    /// An association that has begun, led through its handshake.
    pub async fn shake(datagrams: Datagrams, association: Association) -> Result<Dtls, SocketError> {
        let client = datagrams.client;
        let mut dtls = Dtls {
            datagrams,
            association,
            packets: VecDeque::new(),
            closed: false,
        };
        let late = |_| SocketError::found(Call::Handshake, client, Cause::TimedOut);
        timeout(PATIENCE, dtls.shaken()).await.map_err(late)??;
        Ok(dtls)
    }

    async fn shaken(&mut self) -> Result<(), SocketError> {
        self.transmit();
        while self.association.handshake().is_none() && !self.closed {
            let due = self
                .association
                .due()
                .map_or_else(|| Instant::now() + PATIENCE, Instant::from_std);
            tokio::select! {
                datagram = self.datagrams.inbox.recv() => match datagram {
                    Some(datagram) => self.take(&datagram)?,
                    None => break,
                },
                () = sleep_until(due) => {
                    let polled = self.association.poll(clock::now());
                    self.transmit();
                    polled?;
                }
            }
        }
        Ok(())
    }

    /// The next packet.
    async fn next(&mut self) -> Result<Option<BytesMut>, SocketError> {
        loop {
            if let Some(packet) = self.packets.pop_front() {
                return Ok(Some(packet));
            }
            if self.closed {
                return Ok(None);
            }
            match self.datagrams.next().await {
                Some(datagram) => self.take(&datagram)?,
                None => return Ok(None),
            }
        }
    }

    fn take(&mut self, datagram: &[u8]) -> Result<(), SocketError> {
        // The client begins anew: its next ClientHello finds nobody here and gets an association of its own.
        if self.association.is_other(datagram) {
            self.closed = true;
            return Ok(());
        }
        let received = self.association.receive(clock::now(), datagram);
        self.transmit();
        match received {
            Ok(happenings) => {
                for happening in happenings {
                    match happening {
                        Happening::Shaken(_) => {}
                        Happening::Packet(packet) => self.packets.push_back(packet),
                        Happening::Closed => self.closed = true,
                    }
                }
                Ok(())
            }
            Err(error) if error.cause == Cause::Closed => {
                self.closed = true;
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Sends what the association has to say. What the socket has no room for is lost, as on the way; DTLS says it again.
    fn transmit(&mut self) {
        while let Some(datagram) = self.association.transmit() {
            let _ = self
                .datagrams
                .socket
                .try_send_to(&datagram, self.datagrams.client);
        }
    }
}
