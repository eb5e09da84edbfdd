//! Listeners: who comes gets a relay.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpStream, UdpSocket};
use tokio::sync::mpsc;

use super::near::{Datagrams, Dtls, Near};
use super::{Ground, PATIENCE, Told, WAITING, relay};
use crate::exchange::Transport;
use crate::net::dtls::Entry;
use crate::net::{Call, LONGEST, Link, SocketError, StreamLink, TcpListener, clock};

/// The most clients over UDP at a time.
const MOST: usize = 4096;

/// A socket that clients come to.
pub(super) enum Listener {
    /// UDP and DTLS.
    Datagrams(Arc<UdpSocket>),
    /// TCP and TLS.
    Streams(TcpListener),
}

impl Listener {
    pub async fn open(transport: Transport, address: SocketAddr) -> Result<Listener, SocketError> {
        if transport.is_stream() {
            return TcpListener::bind(address).map(Listener::Streams);
        }
        let socket = UdpSocket::bind(address)
            .await
            .map_err(|error| SocketError::new(Call::Bind, address, &error))?;
        Ok(Listener::Datagrams(Arc::new(socket)))
    }

    /// Where it listens; `asked` is where it was to.
    pub fn address(&self, asked: SocketAddr) -> SocketAddr {
        match self {
            Listener::Datagrams(socket) => socket.local_addr().unwrap_or(asked),
            Listener::Streams(listener) => listener.local(),
        }
    }

    /// Takes clients and gives each a relay.
    pub async fn run(self, ground: Arc<Ground>) {
        match self {
            Listener::Datagrams(socket) => datagrams(&ground, &socket).await,
            Listener::Streams(listener) => streams(&ground, &listener).await,
        }
    }
}

async fn streams(ground: &Arc<Ground>, listener: &TcpListener) {
    loop {
        match listener.accept().await {
            Ok((stream, client)) => {
                let ground = Arc::clone(ground);
                tokio::spawn(async move {
                    match connected(&ground, stream, client).await {
                        Ok(link) => relay(&ground, Near::Connection(Box::new(link)), client).await,
                        Err(error) => ground.tell(Told::Failed(error)).await,
                    }
                });
            }
            Err(error) => {
                // Out of descriptors, most likely: others will end.
                ground.tell(Told::Failed(error)).await;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// A client's connection, secured where it is to be.
async fn connected(ground: &Ground, stream: TcpStream, client: SocketAddr) -> Result<Link, SocketError> {
    if let Some(acceptor) = &ground.security.tls {
        let link = acceptor.accept(stream, client, PATIENCE).await?;
        return Ok(Link::Tls(Box::new(link)));
    }
    let local = stream.local_addr().unwrap_or(ground.stand.address);
    let link = StreamLink::new(stream, local, client, LONGEST);
    Ok(Link::Tcp(Box::new(link)))
}

async fn datagrams(ground: &Arc<Ground>, socket: &Arc<UdpSocket>) {
    let mut clients: HashMap<SocketAddr, mpsc::Sender<Vec<u8>>> = HashMap::new();
    let mut buffer = vec![0; LONGEST];
    loop {
        // What a client's host refuses to take is reported here, and means nothing to the others.
        let Ok((length, client)) = socket.recv_from(&mut buffer).await else {
            continue;
        };
        let mut octets = buffer.get(..length).unwrap_or(&[]).to_vec();
        if clients.len() >= MOST {
            clients.retain(|_, inbox| !inbox.is_closed());
        }
        if let Some(inbox) = clients.get(&client) {
            match inbox.try_send(octets) {
                Err(mpsc::error::TrySendError::Closed(back)) => octets = back,
                // A client that floods loses packets, as it would without us.
                _ => continue,
            }
        }
        let (sender, inbox) = mpsc::channel(WAITING);
        let datagrams = Datagrams {
            socket: Arc::clone(socket),
            client,
            inbox,
        };
        if begin(ground, datagrams, &sender, octets).await {
            clients.insert(client, sender);
        }
    }
}

/// Begins a relay for a client that has none; whether there is one now.
async fn begin(
    ground: &Arc<Ground>,
    datagrams: Datagrams,
    sender: &mpsc::Sender<Vec<u8>>,
    octets: Vec<u8>,
) -> bool {
    let (ground, client) = (Arc::clone(ground), datagrams.client);
    let Some(acceptor) = &ground.security.dtls else {
        // There is room: nothing is in it yet.
        let _ = sender.try_send(octets);
        tokio::spawn(async move { relay(&ground, Near::Udp(datagrams), client).await });
        return true;
    };
    match acceptor.enter(clock::now(), ground.stand.address, client, &octets) {
        Entry::Ignored => false,
        Entry::Reply(cookie) => {
            let _ = datagrams.socket.send_to(&cookie, client).await;
            false
        }
        Entry::Begun(association) => {
            tokio::spawn(async move {
                match Dtls::shake(datagrams, *association).await {
                    Ok(dtls) => relay(&ground, Near::Dtls(Box::new(dtls)), client).await,
                    Err(error) => ground.tell(Told::Failed(error)).await,
                }
            });
            true
        }
    }
}
