//! Many datagrams a system call, for those who send and receive more than a person does (`bench`, `serve`).
//!
//! On Linux recvmmsg and sendmmsg; elsewhere the same face, one datagram a call. Works on std's sockets, blocking or
//! not; beside tokio, keep a clone of the socket for readiness.

use std::io;
use std::net::{SocketAddr, UdpSocket};

use super::{Call, SocketError};

/// The most datagrams in one call; more gain nothing.
pub const BATCH: usize = 64;

/// A datagram that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Datagram<'a> {
    /// Its octets.
    pub octets: &'a [u8],
    /// Where it came from.
    pub from: SocketAddr,
    /// Whether it had more octets than there was room for.
    pub cut: bool,
}

/// Room for [`BATCH`] datagrams that come.
#[derive(Debug)]
pub struct Inbox {
    octets: Box<[u8]>,
    longest: usize,
    arrivals: Vec<Arrival>,
    #[cfg(target_os = "linux")]
    headers: linux::Headers,
}

#[derive(Clone, Copy, Debug)]
struct Arrival {
    length: usize,
    from: SocketAddr,
    cut: bool,
}

/// Datagrams that wait to be sent, together.
#[derive(Debug)]
pub struct Outbox {
    octets: Vec<u8>,
    /// Where each ends and where it goes; nowhere in particular on a connected socket.
    items: Vec<(usize, Option<SocketAddr>)>,
    sent: usize,
    #[cfg(target_os = "linux")]
    headers: linux::Headers,
}

impl Inbox {
    /// Room for datagrams of at most `longest` octets each.
    pub fn new(longest: usize) -> Inbox {
        Inbox {
            octets: vec![0; BATCH * longest.max(1)].into_boxed_slice(),
            longest: longest.max(1),
            arrivals: Vec::with_capacity(BATCH),
            #[cfg(target_os = "linux")]
            headers: linux::Headers::new(),
        }
    }

    /// Takes what is there, and forgets what was taken before; says how many datagrams it is. A blocking socket waits
    /// for the first; from a non-blocking one, none is an answer.
    pub fn receive(&mut self, socket: &UdpSocket) -> Result<usize, SocketError> {
        self.arrivals.clear();
        match self.fill(socket) {
            Ok(()) => Ok(self.arrivals.len()),
            Err(error) if is_nothing(&error) => Ok(0),
            Err(error) => Err(SocketError::new(Call::Receive, socket.peer_addr().ok(), &error)),
        }
    }

    /// What was taken.
    pub fn datagrams(&self) -> impl Iterator<Item = Datagram<'_>> {
        self.octets
            .chunks_exact(self.longest)
            .zip(&self.arrivals)
            .map(|(octets, arrival)| Datagram {
                octets: octets.get(..arrival.length).unwrap_or(octets),
                from: arrival.from,
                cut: arrival.cut,
            })
    }

    #[cfg(not(target_os = "linux"))]
    fn fill(&mut self, socket: &UdpSocket) -> io::Result<()> {
        // One at a time, and only one: a second call may block.
        let (length, from) = socket.recv_from(&mut self.octets[..self.longest])?;
        self.arrivals.push(Arrival {
            length,
            from,
            cut: false,
        });
        Ok(())
    }
}

impl Outbox {
    /// Nothing to send.
    pub fn new() -> Outbox {
        Outbox {
            octets: Vec::new(),
            items: Vec::with_capacity(BATCH),
            sent: 0,
            #[cfg(target_os = "linux")]
            headers: linux::Headers::new(),
        }
    }

    /// Adds a datagram; `to` is `None` on a connected socket.
    pub fn push(&mut self, octets: &[u8], to: Option<SocketAddr>) {
        self.octets.extend_from_slice(octets);
        self.items.push((self.octets.len(), to));
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.items.len() - self.sent
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a call's worth of datagrams waits.
    pub fn is_full(&self) -> bool {
        self.len() >= BATCH
    }

    /// Sends all that waits, or as much as a non-blocking socket takes; says how many went. After an error, the one
    /// that failed is the first that waits: send again, or [`Outbox::skip`] it.
    pub fn send(&mut self, socket: &UdpSocket) -> Result<usize, SocketError> {
        let before = self.sent;
        while !self.is_empty() {
            match self.flush(socket) {
                Ok(count) => self.sent += count,
                Err(error) if is_nothing(&error) => break,
                Err(error) => {
                    let to = self.items.get(self.sent).and_then(|(_, to)| *to);
                    let address = to.or_else(|| socket.peer_addr().ok());
                    return Err(SocketError::new(Call::Send, address, &error));
                }
            }
        }
        let sent = self.sent - before;
        self.clear_if_done();
        Ok(sent)
    }

    /// Drops the first that waits.
    pub fn skip(&mut self) {
        if !self.is_empty() {
            self.sent += 1;
        }
        self.clear_if_done();
    }

    fn clear_if_done(&mut self) {
        if self.is_empty() {
            self.octets.clear();
            self.items.clear();
            self.sent = 0;
        }
    }

    /// Those that wait.
    fn waiting(&self) -> impl Iterator<Item = (&[u8], Option<SocketAddr>)> {
        let start = match self.sent.checked_sub(1) {
            Some(last) => self.items.get(last).map_or(0, |(end, _)| *end),
            None => 0,
        };
        self.items[self.sent..].iter().scan(start, |start, (end, to)| {
            let octets = self.octets.get(*start..*end).unwrap_or(&[]);
            *start = *end;
            Some((octets, *to))
        })
    }

    #[cfg(not(target_os = "linux"))]
    fn flush(&mut self, socket: &UdpSocket) -> io::Result<usize> {
        for (octets, to) in self.waiting().take(1) {
            match to {
                Some(to) => socket.send_to(octets, to)?,
                None => socket.send(octets)?,
            };
        }
        Ok(1)
    }
}

impl Default for Outbox {
    fn default() -> Outbox {
        Outbox::new()
    }
}

/// Whether a call only says that it would have to wait, or was disturbed.
fn is_nothing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted
    )
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io::{self, IoSlice, IoSliceMut};
    use std::net::{SocketAddr, SocketAddrV4, SocketAddrV6, UdpSocket};
    use std::os::fd::AsRawFd;

    use nix::sys::socket::{MsgFlags, MultiHeaders, SockaddrStorage, recvmmsg, sendmmsg};

    use super::{Arrival, BATCH, Inbox, Outbox};

    /// What the system reads and writes beside the octets.
    pub(super) struct Headers(MultiHeaders<SockaddrStorage>);

    impl Headers {
        pub(super) fn new() -> Headers {
            Headers(MultiHeaders::preallocate(BATCH, None))
        }
    }

    impl std::fmt::Debug for Headers {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("Headers")
        }
    }

    impl Inbox {
        pub(super) fn fill(&mut self, socket: &UdpSocket) -> io::Result<()> {
            let mut slices: Vec<[IoSliceMut<'_>; 1]> = self
                .octets
                .chunks_exact_mut(self.longest)
                .map(|octets| [IoSliceMut::new(octets)])
                .collect();
            // Waits for the first only, and on a non-blocking socket not even for that.
            let flags = MsgFlags::MSG_WAITFORONE;
            let received = recvmmsg(
                socket.as_raw_fd(),
                &mut self.headers.0,
                slices.iter_mut(),
                flags,
                None,
            )?;
            for message in received {
                // UDP gives an address with every datagram.
                let Some(from) = message.address.as_ref().and_then(to_std) else {
                    return Err(io::ErrorKind::InvalidData.into());
                };
                self.arrivals.push(Arrival {
                    length: message.bytes,
                    from,
                    cut: message.flags.contains(MsgFlags::MSG_TRUNC),
                });
            }
            Ok(())
        }
    }

    impl Outbox {
        pub(super) fn flush(&mut self, socket: &UdpSocket) -> io::Result<usize> {
            let mut headers =
                std::mem::replace(&mut self.headers, Headers(MultiHeaders::preallocate(0, None)));
            let mut slices = Vec::with_capacity(BATCH);
            let mut addresses = Vec::with_capacity(BATCH);
            for (octets, to) in self.waiting().take(BATCH) {
                slices.push([IoSlice::new(octets)]);
                addresses.push(to.map(SockaddrStorage::from));
            }
            let sent = sendmmsg(
                socket.as_raw_fd(),
                &mut headers.0,
                slices.iter(),
                &addresses,
                [],
                MsgFlags::empty(),
            )
            .map(Iterator::count);
            self.headers = headers;
            Ok(sent?)
        }
    }

    fn to_std(address: &SockaddrStorage) -> Option<SocketAddr> {
        if let Some(v4) = address.as_sockaddr_in() {
            return Some(SocketAddrV4::from(*v4).into());
        }
        let v6 = address.as_sockaddr_in6()?;
        Some(SocketAddrV6::from(*v6).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(any: &str) -> (UdpSocket, UdpSocket) {
        let (one, other) = (UdpSocket::bind(any).unwrap(), UdpSocket::bind(any).unwrap());
        one.connect(other.local_addr().unwrap()).unwrap();
        (one, other)
    }

    fn take(socket: &UdpSocket, inbox: &mut Inbox, count: usize) -> Vec<(Vec<u8>, SocketAddr, bool)> {
        let mut taken = Vec::new();
        while taken.len() < count {
            inbox.receive(socket).unwrap();
            taken.extend(
                inbox
                    .datagrams()
                    .map(|one| (one.octets.to_vec(), one.from, one.cut)),
            );
        }
        taken
    }

    #[test]
    fn a_hundred_datagrams_go_both_ways_whole_and_in_order() {
        for any in ["127.0.0.1:0", "[::1]:0"] {
            let (client, server) = pair(any);
            let (mut inbox, mut outbox) = (Inbox::new(500), Outbox::new());
            for length in 0..100u8 {
                outbox.push(&vec![length; usize::from(length) * 4], None);
            }
            assert!(outbox.is_full());
            assert_eq!(outbox.send(&client), Ok(100));
            let taken = take(&server, &mut inbox, 100);
            for (length, (octets, from, cut)) in (0..100u8).zip(&taken) {
                assert_eq!(octets, &vec![length; usize::from(length) * 4]);
                assert_eq!((*from, *cut), (client.local_addr().unwrap(), false));
                outbox.push(octets, Some(*from));
            }
            assert_eq!(outbox.send(&server), Ok(100));
            assert_eq!(take(&client, &mut inbox, 100).len(), 100);
        }
    }

    #[test]
    fn nothing_is_an_answer_of_a_non_blocking_socket_and_a_long_datagram_is_called_cut() {
        let (client, server) = pair("127.0.0.1:0");
        let mut inbox = Inbox::new(4);
        client.send(&[1; 5]).unwrap();
        assert_eq!(
            take(&server, &mut inbox, 1),
            [(vec![1; 4], client.local_addr().unwrap(), true)]
        );
        server.set_nonblocking(true).unwrap();
        assert_eq!(inbox.receive(&server), Ok(0));
        assert_eq!(inbox.datagrams().count(), 0);
    }

    #[test]
    fn a_refusal_names_the_peer_and_leaves_the_rest_to_be_sent() {
        let (client, server) = pair("127.0.0.1:0");
        let gone = server.local_addr().unwrap();
        drop(server);
        client.send(&[1]).unwrap();
        let mut outbox = Outbox::new();
        outbox.push(&[2], None);
        outbox.push(&[3; 70_000], None);
        let error = outbox.send(&client).unwrap_err();
        assert_eq!(
            (error.cause, error.address),
            (super::super::Cause::Refused, Some(gone))
        );
        assert_eq!(outbox.len(), 2);
        outbox.skip();
        // The refusal of the first is told once, and then the second cannot be sent at all.
        let error = outbox.send(&client).unwrap_err();
        assert_eq!(error.cause, super::super::Cause::MessageTooLong);
        outbox.skip();
        assert_eq!(outbox.send(&client), Ok(0));
    }
}
