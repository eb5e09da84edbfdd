//! Servers of a few lines. What they answer is a function of the request.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};

use crate::codec::frame::Frames;
use crate::codec::seal::seal_reply;
use crate::codec::{AttributeType, Builder, Code, Packet, Secret};

/// A reply with these attributes and a Message-Authenticator, sealed.
pub(super) fn reply(code: Code, request: &[u8], attributes: &[(AttributeType, &[u8])]) -> Vec<u8> {
    sealed(code, request, attributes, &Secret::new("testing123"))
}

pub(super) fn sealed(
    code: Code,
    request: &[u8],
    attributes: &[(AttributeType, &[u8])],
    secret: &Secret,
) -> Vec<u8> {
    let request = Packet::parse(request).unwrap();
    let mut builder = Builder::new(code, request.identifier(), request.authenticator());
    builder.message_authenticator().unwrap();
    for (number, value) in attributes {
        builder.attribute(*number, value).unwrap();
    }
    let mut octets = builder.finish();
    seal_reply(&mut octets, request.authenticator(), secret);
    octets
}

pub(super) fn accept(request: &[u8]) -> Vec<Vec<u8>> {
    vec![reply(Code::ACCESS_ACCEPT, request, &[])]
}

/// Answers each datagram with what `serve` makes of it, for as long as the runtime lives.
pub(super) async fn udp(
    mut serve: impl FnMut(&[u8], SocketAddr) -> Vec<Vec<u8>> + Send + 'static,
) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut buffer = vec![0; 65_535];
        loop {
            let (length, from) = socket.recv_from(&mut buffer).await.unwrap();
            for reply in serve(&buffer[..length], from) {
                socket.send_to(&reply, from).await.unwrap();
            }
        }
    });
    address
}

/// An address where nobody listens.
pub(super) async fn nobody() -> SocketAddr {
    UdpSocket::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
}

/// What to do after a packet on a stream.
pub(super) enum After {
    Stay,
    Close,
}

/// How many connections a server has taken.
#[derive(Clone, Default)]
pub(super) struct Connections(Arc<AtomicUsize>);

impl Connections {
    pub(super) fn get(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// Takes connections and answers each packet.
pub(super) async fn tcp(
    serve: impl FnMut(&[u8]) -> (Vec<Vec<u8>>, After) + Send + Clone + 'static,
) -> (SocketAddr, Connections) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Connections::default();
    let counted = connections.clone();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            counted.0.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(converse(stream, serve.clone()));
        }
    });
    (address, connections)
}

async fn converse(mut stream: TcpStream, mut serve: impl FnMut(&[u8]) -> (Vec<Vec<u8>>, After)) {
    let mut frames = Frames::new(4096);
    let mut buffer = vec![0; 65_535];
    loop {
        let length = stream.read(&mut buffer).await.unwrap_or(0);
        if length == 0 {
            return;
        }
        frames.push(&buffer[..length]);
        while let Some(packet) = frames.next_packet().unwrap() {
            let (replies, after) = serve(packet);
            for reply in replies {
                stream.write_all(&reply).await.unwrap();
            }
            if matches!(after, After::Close) {
                return;
            }
        }
    }
}
