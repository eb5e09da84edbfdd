//! Many datagrams a system call: what a UDP listener receives and sends under load.
//!
//! [`Inbox`] and [`Outbox`] keep their buffers. A socket bound to all addresses tells to which of them each datagram
//! was sent, and replies leave from that one, as clients require (RFC 2865 §3).

use std::io::{IoSlice, IoSliceMut};
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::os::fd::AsRawFd;
use std::sync::Arc;

use nix::errno::Errno;
use nix::libc;
use nix::sys::socket::{
    ControlMessage, ControlMessageOwned, MsgFlags, MultiHeaders, SockaddrIn, SockaddrIn6, SockaddrLike,
    SockaddrStorage, recvmmsg, sendmmsg,
};

use super::{Call, SocketError};

/// The most datagrams a system call.
pub const MOST: usize = 64;
/// Asked for when the last call brought few: headers that are not needed cost time too.
const FEWEST: usize = 8;
/// Octets kept of one datagram: the longest packet and some of its padding.
const ROOM: usize = 4096 + 64;

/// Where datagrams arrive.
pub struct Inbox {
    buffers: Vec<u8>,
    headers: MultiHeaders<SockaddrStorage>,
    arrived: Vec<Arrived>,
    wanted: usize,
}

/// What is known of a datagram beside its octets.
#[derive(Clone, Copy, Debug)]
pub struct Arrived {
    /// How many octets there are.
    pub length: usize,
    /// From where it came.
    pub source: SocketAddr,
    /// To which of our addresses it was sent, where the socket has several.
    pub local: Option<IpAddr>,
}

impl Inbox {
    /// Room for a batch; `many` if the socket is bound to all addresses.
    pub fn new(many: bool) -> Inbox {
        Inbox {
            buffers: vec![0; MOST * ROOM],
            headers: MultiHeaders::preallocate(MOST, many.then(space)),
            arrived: Vec::with_capacity(MOST),
            wanted: FEWEST,
        }
    }

    /// Receives what is there. Waits for the first datagram as long as the socket's read timeout says, and not at all
    /// if `wait` is false; none in time is no error.
    pub fn receive(&mut self, socket: &UdpSocket, wait: bool) -> Result<usize, SocketError> {
        self.arrived.clear();
        let flags = if wait {
            MsgFlags::MSG_WAITFORONE
        } else {
            MsgFlags::MSG_DONTWAIT
        };
        let mut slices: Vec<[IoSliceMut<'_>; 1]> = self
            .buffers
            .chunks_exact_mut(ROOM)
            .take(self.wanted)
            .map(|buffer| [IoSliceMut::new(buffer)])
            .collect();
        let received = match recvmmsg(
            socket.as_raw_fd(),
            &mut self.headers,
            slices.iter_mut(),
            flags,
            None,
        ) {
            Ok(received) => received,
            Err(Errno::EAGAIN | Errno::EINTR) => return Ok(0),
            Err(error) => return Err(SocketError::new(Call::Receive, None, &error.into())),
        };
        for message in received {
            let local = message.cmsgs().ok().and_then(|mut all| all.find_map(local));
            // An unconnected UDP socket always says from where; what does not is skipped by its length.
            let (length, source) = match message.address.as_ref().and_then(socket_address) {
                Some(source) => (message.bytes, source),
                None => (0, SocketAddr::from(([0, 0, 0, 0], 0))),
            };
            self.arrived.push(Arrived {
                length,
                source,
                local,
            });
        }
        let count = self.arrived.len();
        self.wanted = (count * 2).clamp(FEWEST, MOST);
        Ok(count)
    }

    /// The datagrams received last.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], Arrived)> {
        self.buffers
            .chunks_exact(ROOM)
            .zip(&self.arrived)
            .filter_map(|(buffer, arrived)| Some((buffer.get(..arrived.length)?, *arrived)))
    }
}

/// What leaves together.
pub struct Outbox {
    letters: Vec<Letter>,
    plain: MultiHeaders<SockaddrStorage>,
    /// With room to say from which address.
    addressed: Option<MultiHeaders<SockaddrStorage>>,
}

struct Letter {
    octets: Arc<[u8]>,
    to: SockaddrStorage,
    from: Option<IpAddr>,
}

impl Outbox {
    /// Room for a batch; `many` if the socket is bound to all addresses.
    pub fn new(many: bool) -> Outbox {
        Outbox {
            letters: Vec::with_capacity(MOST),
            plain: MultiHeaders::preallocate(MOST, None),
            addressed: many.then(|| MultiHeaders::preallocate(MOST, Some(space()))),
        }
    }

    /// Puts a datagram in; `from` is the address of ours that it leaves from, where the socket has several.
    pub fn push(&mut self, octets: Arc<[u8]>, to: SocketAddr, from: Option<IpAddr>) {
        self.letters.push(Letter {
            octets,
            to: SockaddrStorage::from(to),
            from,
        });
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }

    /// Sends everything. A datagram that cannot be sent is skipped, and the others go all the same.
    ///
    /// # Errors
    ///
    /// What the first one that could not be sent failed of.
    pub fn send(&mut self, socket: &UdpSocket) -> Result<(), SocketError> {
        let (mut first, mut at) = (Ok(()), 0);
        while let Some(rest) = self.letters.get(at..).filter(|rest| !rest.is_empty()) {
            // One call can say one address of ours; those that leave from it go together.
            let from = rest.first().and_then(|letter| letter.from);
            let count = rest
                .iter()
                .take(MOST)
                .take_while(|letter| letter.from == from)
                .count();
            let together = rest.get(..count).unwrap_or(rest);
            let headers = match (&mut self.addressed, from) {
                (Some(addressed), Some(_)) => addressed,
                _ => &mut self.plain,
            };
            match send(socket, headers, together, from) {
                Ok(sent) => at += sent.max(1),
                Err(error) => {
                    let to = together.first().and_then(|letter| socket_address(&letter.to));
                    if first.is_ok() {
                        first = Err(SocketError::new(Call::Send, to, &error.into()));
                    }
                    at += 1;
                }
            }
        }
        self.letters.clear();
        first
    }
}

fn send(
    socket: &UdpSocket,
    headers: &mut MultiHeaders<SockaddrStorage>,
    letters: &[Letter],
    from: Option<IpAddr>,
) -> Result<usize, Errno> {
    let slices: Vec<[IoSlice<'_>; 1]> = letters
        .iter()
        .map(|letter| [IoSlice::new(&letter.octets)])
        .collect();
    let addresses: Vec<Option<SockaddrStorage>> = letters.iter().map(|letter| Some(letter.to)).collect();
    let (flags, socket) = (MsgFlags::empty(), socket.as_raw_fd());
    let sent = match from {
        None => sendmmsg(socket, headers, slices.iter(), &addresses, [], flags)?.count(),
        Some(IpAddr::V4(from)) => {
            let info = libc::in_pktinfo {
                ipi_ifindex: 0,
                ipi_spec_dst: libc::in_addr {
                    s_addr: u32::from_ne_bytes(from.octets()),
                },
                ipi_addr: libc::in_addr { s_addr: 0 },
            };
            let control = [ControlMessage::Ipv4PacketInfo(&info)];
            sendmmsg(socket, headers, slices.iter(), &addresses, control, flags)?.count()
        }
        Some(IpAddr::V6(from)) => {
            let info = libc::in6_pktinfo {
                ipi6_addr: libc::in6_addr {
                    s6_addr: from.octets(),
                },
                ipi6_ifindex: 0,
            };
            let control = [ControlMessage::Ipv6PacketInfo(&info)];
            sendmmsg(socket, headers, slices.iter(), &addresses, control, flags)?.count()
        }
    };
    Ok(sent)
}

/// Room for the control message that says an address, of either family.
fn space() -> Vec<u8> {
    nix::cmsg_space!(libc::in6_pktinfo)
}

fn local(message: ControlMessageOwned) -> Option<IpAddr> {
    match message {
        ControlMessageOwned::Ipv4PacketInfo(info) => {
            Some(IpAddr::from(info.ipi_spec_dst.s_addr.to_ne_bytes()))
        }
        ControlMessageOwned::Ipv6PacketInfo(info) => Some(IpAddr::from(info.ipi6_addr.s6_addr)),
        _ => None,
    }
}

fn socket_address(address: &SockaddrStorage) -> Option<SocketAddr> {
    let family = address.family()?;
    if family == nix::sys::socket::AddressFamily::Inet {
        let address: &SockaddrIn = address.as_sockaddr_in()?;
        Some(SocketAddr::new(IpAddr::V4(address.ip()), address.port()))
    } else {
        let address: &SockaddrIn6 = address.as_sockaddr_in6()?;
        Some(SocketAddr::V6(std::net::SocketAddrV6::from(*address)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::UdpListener;

    fn gather(inbox: &mut Inbox, socket: &UdpSocket, count: usize) -> Vec<(Vec<u8>, Arrived)> {
        let mut all = Vec::new();
        while all.len() < count {
            inbox.receive(socket, true).unwrap();
            all.extend(inbox.iter().map(|(octets, arrived)| (octets.to_vec(), arrived)));
        }
        all
    }

    #[test]
    fn what_leaves_together_arrives_whole_and_in_order() {
        let server = UdpListener::bind("127.0.0.1:0".parse().unwrap(), 1).unwrap();
        let (client, to) = (UdpSocket::bind("127.0.0.1:0").unwrap(), server.local());
        let mut outbox = Outbox::new(false);
        for octet in 0..150_u8 {
            outbox.push(vec![octet; usize::from(octet) + 1].into(), to, None);
        }
        outbox.send(&client).unwrap();
        assert!(outbox.is_empty());
        let all = gather(&mut Inbox::new(false), &server.sockets()[0], 150);
        for (octet, (octets, arrived)) in (0..150_u8).zip(all) {
            assert_eq!(octets, vec![octet; usize::from(octet) + 1]);
            assert_eq!(arrived.source, client.local_addr().unwrap());
        }
    }

    #[test]
    fn a_reply_leaves_from_the_address_that_was_asked() {
        let server = UdpListener::bind("0.0.0.0:0".parse().unwrap(), 1).unwrap();
        let socket = &server.sockets()[0];
        let (mut inbox, mut outbox) = (Inbox::new(true), Outbox::new(true));
        for asked in ["127.0.0.1", "127.0.0.2", "127.0.0.3"] {
            let client = UdpSocket::bind("127.0.0.1:0").unwrap();
            let asked = SocketAddr::new(asked.parse().unwrap(), server.local().port());
            client.send_to(b"ask", asked).unwrap();
            let (octets, arrived) = gather(&mut inbox, socket, 1).remove(0);
            outbox.push(octets.into(), arrived.source, arrived.local);
            outbox.send(socket).unwrap();
            let mut buffer = [0; 10];
            let (length, from) = client.recv_from(&mut buffer).unwrap();
            assert_eq!((length, from), (3, asked));
        }
    }

    #[test]
    fn a_datagram_that_cannot_be_sent_does_not_keep_others_back() {
        let server = UdpSocket::bind("127.0.0.1:0").unwrap();
        let client = UdpSocket::bind("127.0.0.1:0").unwrap();
        let to = server.local_addr().unwrap();
        let mut outbox = Outbox::new(false);
        outbox.push(b"one".to_vec().into(), to, None);
        outbox.push(vec![0; 70_000].into(), to, None);
        outbox.push(b"two".to_vec().into(), to, None);
        let error = outbox.send(&client).unwrap_err();
        assert_eq!(
            (error.call, error.cause),
            (Call::Send, super::super::Cause::MessageTooLong)
        );
        let mut buffer = [0; 10];
        assert_eq!(server.recv(&mut buffer).unwrap(), 3);
        assert_eq!(server.recv(&mut buffer).unwrap(), 3);
        assert_eq!(&buffer[..3], b"two");
    }
}
