//! The UDP socket that waits for requests, in as many handles as threads serve it: whoever is free takes what comes
//! next. Sockets of their own (`SO_REUSEPORT`) would tie each client's port to one thread, and a NAS or a proxy has one
//! port for all its users.

use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::time::Duration;

use socket2::{Domain, Protocol, SockAddr, Socket, Type};

use super::{Call, SocketError};

/// Octets that the system should keep for us until we read them: some ten thousand requests.
const RECEIVE_BUFFER: usize = 4 << 20;
/// How long a thread waits for a datagram before it looks whether it shall stop.
const PATIENCE: Duration = Duration::from_millis(100);

/// Handles of one socket.
#[derive(Debug)]
pub struct UdpListener {
    sockets: Vec<UdpSocket>,
    local: SocketAddr,
}

impl UdpListener {
    /// Binds a socket to `address`, with `count` handles; port 0 is any. An IPv6 address takes no IPv4 clients.
    ///
    /// # Errors
    ///
    /// Another process has the address, or this one may not have it.
    pub fn bind(address: SocketAddr, count: usize) -> Result<UdpListener, SocketError> {
        let first = open(address)?;
        let listening = |error: io::Error| SocketError::new(Call::Listen, address, &error);
        let local = first.local_addr().map_err(listening)?;
        let mut sockets = Vec::with_capacity(count);
        for _ in 1..count {
            sockets.push(first.try_clone().map_err(listening)?);
        }
        sockets.push(first);
        Ok(UdpListener { sockets, local })
    }

    /// Where it listens.
    pub fn local(&self) -> SocketAddr {
        self.local
    }

    /// Whether it is bound to all addresses of this machine.
    pub fn is_wildcard(&self) -> bool {
        self.local.ip().is_unspecified()
    }

    /// The handles. Reading waits a short time for a datagram and then reports none.
    pub fn sockets(&self) -> &[UdpSocket] {
        &self.sockets
    }

    /// The handles, for threads to own.
    pub fn into_sockets(self) -> Vec<UdpSocket> {
        self.sockets
    }
}

fn open(address: SocketAddr) -> Result<UdpSocket, SocketError> {
    let opening = |error: io::Error| SocketError::new(Call::Open, address, &error);
    let socket =
        Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP)).map_err(opening)?;
    if address.is_ipv6() {
        socket.set_only_v6(true).map_err(opening)?;
    }
    // The system may give less; that is no reason not to serve.
    let _ = socket.set_recv_buffer_size(RECEIVE_BUFFER);
    #[cfg(target_os = "linux")]
    if address.ip().is_unspecified() {
        tell_address(&socket, address.ip()).map_err(opening)?;
    }
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
    fn several_threads_share_a_port_and_nobody_else_gets_it() {
        let listener = UdpListener::bind("127.0.0.1:0".parse().unwrap(), 3).unwrap();
        assert_eq!(listener.sockets().len(), 3);
        for count in [1, 2] {
            let error = UdpListener::bind(listener.local(), count).unwrap_err();
            assert_eq!((error.call, error.cause), (Call::Bind, Cause::AddressInUse));
        }
    }
}
