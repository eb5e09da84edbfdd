//! UDP sockets that wait for requests: one for each thread that serves, all with the same address, so that the system
//! spreads the clients over them.

use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::time::Duration;

use socket2::{Domain, Protocol, SockAddr, Socket, Type};

use super::{Call, SocketError};

/// Octets that the system should keep for us until we read them: some ten thousand requests.
const RECEIVE_BUFFER: usize = 4 << 20;
/// How long a thread waits for a datagram before it looks whether it shall stop.
const PATIENCE: Duration = Duration::from_millis(100);

/// Sockets that share an address.
#[derive(Debug)]
pub struct UdpListener {
    sockets: Vec<UdpSocket>,
    local: SocketAddr,
}

impl UdpListener {
    /// Binds `count` sockets to `address`; port 0 is any. An IPv6 address takes no IPv4 clients.
    ///
    /// # Errors
    ///
    /// Another process has the address, or this one may not have it. Where the system cannot share an address, there
    /// is one socket.
    pub fn bind(address: SocketAddr, count: usize) -> Result<UdpListener, SocketError> {
        // The first is bound alone: whoever has the address already keeps it, and port 0 finds a free one.
        let first = open(address, false)?;
        let listening = |error: io::Error| SocketError::new(Call::Listen, address, &error);
        let local = first.local_addr().map_err(listening)?;
        let mut listener = UdpListener {
            sockets: Vec::with_capacity(count),
            local,
        };
        #[cfg(target_os = "linux")]
        if count > 1 && socket2::SockRef::from(&first).set_reuse_port(true).is_ok() {
            for _ in 1..count {
                match open(local, true) {
                    Ok(socket) => listener.sockets.push(socket),
                    Err(_) => break,
                }
            }
        }
        listener.sockets.insert(0, first);
        Ok(listener)
    }

    /// Where they listen.
    pub fn local(&self) -> SocketAddr {
        self.local
    }

    /// Whether they are bound to all addresses of this machine.
    pub fn is_wildcard(&self) -> bool {
        self.local.ip().is_unspecified()
    }

    /// The sockets. Reading waits a short time for a datagram and then reports none.
    pub fn sockets(&self) -> &[UdpSocket] {
        &self.sockets
    }

    /// The sockets, for threads to own.
    pub fn into_sockets(self) -> Vec<UdpSocket> {
        self.sockets
    }
}

fn open(address: SocketAddr, share: bool) -> Result<UdpSocket, SocketError> {
    let opening = |error: io::Error| SocketError::new(Call::Open, address, &error);
    let socket =
        Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP)).map_err(opening)?;
    if address.is_ipv6() {
        socket.set_only_v6(true).map_err(opening)?;
    }
    // The system may give less; that is no reason not to serve.
    let _ = socket.set_recv_buffer_size(RECEIVE_BUFFER);
    #[cfg(target_os = "linux")]
    {
        if share {
            socket.set_reuse_port(true).map_err(opening)?;
        }
        if address.ip().is_unspecified() {
            tell_address(&socket, address.ip()).map_err(opening)?;
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = share;
    socket
        .bind(&SockAddr::from(address))
        .map_err(|error| SocketError::new(Call::Bind, address, &error))?;
    let socket = UdpSocket::from(socket);
    socket.set_read_timeout(Some(PATIENCE)).map_err(opening)?;
    Ok(socket)
}

/// Has the system say to which address each datagram was sent.
#[cfg(target_os = "linux")]
fn tell_address(socket: &Socket, address: IpAddr) -> io::Result<()> {
    use nix::sys::socket::{setsockopt, sockopt};
    match address {
        IpAddr::V4(_) => setsockopt(socket, sockopt::Ipv4PacketInfo, &true)?,
        IpAddr::V6(_) => setsockopt(socket, sockopt::Ipv6RecvPacketInfo, &true)?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::Cause;

    #[test]
    fn several_sockets_share_a_port_and_nobody_else_gets_it() {
        let listener = UdpListener::bind("127.0.0.1:0".parse().unwrap(), 3).unwrap();
        #[cfg(target_os = "linux")]
        assert_eq!(listener.sockets().len(), 3);
        for count in [1, 2] {
            let error = UdpListener::bind(listener.local(), count).unwrap_err();
            assert_eq!((error.call, error.cause), (Call::Bind, Cause::AddressInUse));
        }
    }
}
