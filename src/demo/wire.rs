//! A client that sends octets as they are, as often as it is told to.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::time::timeout;

use crate::net::LONGEST;

/// How long a reply may take: over loopback, from a server in the same process.
const PATIENCE: Duration = Duration::from_secs(5);

/// Sends the octets from one port, waits for a reply, and sends them again, until there are `count` replies.
///
/// # Errors
///
/// When the system gives no port, or a reply does not come.
pub async fn ask(server: SocketAddr, octets: &[u8], count: usize) -> io::Result<Vec<Vec<u8>>> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    socket.connect(server).await?;
    let mut replies = Vec::with_capacity(count);
    let mut buffer = vec![0; LONGEST];
    for _ in 0..count {
        socket.send(octets).await?;
        let received = timeout(PATIENCE, socket.recv(&mut buffer)).await;
        let length = received.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        replies.push(buffer.get(..length).unwrap_or(&[]).to_vec());
    }
    Ok(replies)
}
