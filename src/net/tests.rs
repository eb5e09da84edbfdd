//! Links over loopback.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::AsyncWriteExt;

use super::*;
use crate::codec::MAX_LENGTH;
use crate::codec::frame::FrameError;

const LONG: Duration = Duration::from_secs(60);

fn packet(identifier: u8, length: u16) -> Vec<u8> {
    let mut octets = vec![identifier; usize::from(length)];
    octets[2..4].copy_from_slice(&length.to_be_bytes());
    octets
}

fn any() -> SocketAddr {
    "127.0.0.1:0".parse().unwrap()
}

async fn received(link: &mut Link) -> Result<Vec<u8>, SocketError> {
    let mut buffer = vec![0; LONGEST];
    let length = link.receive(&mut buffer).await?;
    buffer.truncate(length);
    Ok(buffer)
}

/// A TCP link and the server's end of it.
async fn connected() -> (Link, tokio::net::TcpStream) {
    let listener = TcpListener::bind(any()).unwrap();
    let link = TcpLink::connect(listener.local(), Bind::default(), LONG, MAX_LENGTH);
    let (link, accepted) = tokio::join!(link, listener.accept());
    (Link::Tcp(Box::new(link.unwrap())), accepted.unwrap().0)
}

#[tokio::test]
async fn udp_carries_datagrams_both_ways_and_knows_its_addresses() {
    let server = tokio::net::UdpSocket::bind(any()).await.unwrap();
    let peer = server.local_addr().unwrap();
    let mut link = Link::Udp(UdpLink::open(peer, &UdpOptions::default()).unwrap());
    link.send(&packet(1, 20)).await.unwrap();
    let mut buffer = [0; 100];
    let (length, from) = server.recv_from(&mut buffer).await.unwrap();
    assert_eq!((length, from, link.peer()), (20, link.local(), peer));
    server.send_to(&packet(2, 4096), from).await.unwrap();
    assert_eq!(received(&mut link).await.unwrap(), packet(2, 4096));
}

#[tokio::test]
async fn a_closed_udp_port_is_a_refusal_at_once() {
    let server = tokio::net::UdpSocket::bind(any()).await.unwrap();
    let peer = server.local_addr().unwrap();
    drop(server);
    let mut link = Link::Udp(UdpLink::open(peer, &UdpOptions::default()).unwrap());
    link.send(&packet(1, 20)).await.unwrap();
    let error = received(&mut link).await.unwrap_err();
    assert!(error.is_remote());
    assert_eq!((error.cause, error.address), (Cause::Refused, Some(peer)));
}

#[tokio::test]
async fn replies_that_came_before_a_refusal_are_told_before_it() {
    let server = tokio::net::UdpSocket::bind(any()).await.unwrap();
    let peer = server.local_addr().unwrap();
    let mut link = Link::Udp(UdpLink::open(peer, &UdpOptions::default()).unwrap());
    server.send_to(&packet(1, 20), link.local()).await.unwrap();
    server.send_to(&packet(2, 20), link.local()).await.unwrap();
    drop(server);
    for _ in 0..3 {
        link.send(&packet(3, 20)).await.unwrap();
    }
    assert_eq!(received(&mut link).await.unwrap(), packet(1, 20));
    assert_eq!(received(&mut link).await.unwrap(), packet(2, 20));
    assert_eq!(received(&mut link).await.unwrap_err().cause, Cause::Refused);
}

#[tokio::test]
async fn udp_takes_datagrams_from_its_peer_only() {
    let server = tokio::net::UdpSocket::bind(any()).await.unwrap();
    let stranger = tokio::net::UdpSocket::bind(any()).await.unwrap();
    let mut link = Link::Udp(UdpLink::open(server.local_addr().unwrap(), &UdpOptions::default()).unwrap());
    stranger.send_to(&packet(1, 20), link.local()).await.unwrap();
    server.send_to(&packet(2, 20), link.local()).await.unwrap();
    assert_eq!(received(&mut link).await.unwrap()[0], 2);
}

#[tokio::test]
async fn what_bind_asks_for_is_given_or_refused_with_its_reason() {
    let server = tokio::net::UdpSocket::bind(any()).await.unwrap();
    let peer = server.local_addr().unwrap();
    let options = |text: &str| UdpOptions {
        bind: text.parse().unwrap(),
        receive_buffer: Some(100_000),
        send_buffer: Some(100_000),
    };
    let link = UdpLink::open(peer, &options("127.0.0.1")).unwrap();
    assert_eq!(link.local().ip(), peer.ip());
    let taken = UdpLink::open(peer, &options(&link.local().to_string())).unwrap_err();
    assert_eq!((taken.call, taken.cause), (Call::Bind, Cause::AddressInUse));
    let foreign = UdpLink::open(peer, &options("192.0.2.1")).unwrap_err();
    assert_eq!(
        (foreign.call, foreign.cause),
        (Call::Bind, Cause::AddressNotAvailable)
    );
    let family = UdpLink::open(peer, &options("::1")).unwrap_err();
    assert_eq!((family.call, family.cause), (Call::Bind, Cause::OtherFamily));
}

#[tokio::test]
async fn a_datagram_that_is_too_long_is_our_own_fault() {
    let server = tokio::net::UdpSocket::bind(any()).await.unwrap();
    let mut link = Link::Udp(UdpLink::open(server.local_addr().unwrap(), &UdpOptions::default()).unwrap());
    let error = link.send(&vec![0; 65_535]).await.unwrap_err();
    assert_eq!(error.cause, Cause::MessageTooLong);
    assert!(!error.is_remote());
}

#[tokio::test]
async fn tcp_gives_packets_whole_however_they_come() {
    let (mut link, mut server) = connected().await;
    let stream = [packet(1, 20), packet(2, 4096), packet(3, 21)].concat();
    for piece in stream.chunks(7) {
        server.write_all(piece).await.unwrap();
        tokio::task::yield_now().await;
    }
    for (identifier, length) in [(1, 20), (2, 4096), (3, 21)] {
        assert_eq!(received(&mut link).await.unwrap(), packet(identifier, length));
    }
}

#[tokio::test]
async fn tcp_keeps_what_the_stream_does_not_take_and_sends_it_in_order() {
    use tokio::io::AsyncReadExt;
    let (mut link, mut server) = connected().await;
    let count = 5000u32;
    let sending = async {
        // More than any socket buffers: the peer does not read yet.
        for number in 0..count {
            let mut octets = packet(0, 4096);
            octets[4..8].copy_from_slice(&number.to_be_bytes());
            link.send(&octets).await.unwrap();
        }
        let Link::Tcp(stream) = &link else { panic!() };
        assert!(stream.unsent() > 0);
        received(&mut link).await
    };
    let reading = async {
        let mut buffer = vec![0; 4096];
        for number in 0..count {
            server.read_exact(&mut buffer).await.unwrap();
            assert_eq!(buffer[4..8], number.to_be_bytes());
        }
        server.write_all(&packet(9, 20)).await.unwrap();
    };
    let (reply, ()) = tokio::join!(sending, reading);
    assert_eq!(reply.unwrap(), packet(9, 20));
}

#[tokio::test]
async fn the_end_of_a_stream_is_told_after_the_packets_before_it() {
    let (mut link, mut server) = connected().await;
    server.write_all(&packet(1, 20)).await.unwrap();
    drop(server);
    assert_eq!(received(&mut link).await.unwrap(), packet(1, 20));
    assert_eq!(received(&mut link).await.unwrap_err().cause, Cause::Closed);
    // And stays told.
    assert_eq!(received(&mut link).await.unwrap_err().cause, Cause::Closed);
}

#[tokio::test]
async fn an_end_within_a_packet_says_how_much_came() {
    let (mut link, mut server) = connected().await;
    server.write_all(&packet(1, 40)[..25]).await.unwrap();
    drop(server);
    let cause = received(&mut link).await.unwrap_err().cause;
    assert_eq!(cause, Cause::ClosedInPacket { received: 25 });
}

#[tokio::test]
async fn a_length_that_no_packet_has_ends_the_stream() {
    let (mut link, mut server) = connected().await;
    server.write_all(&[2, 1, 0, 4]).await.unwrap();
    let cause = received(&mut link).await.unwrap_err().cause;
    assert_eq!(cause, Cause::Frame(FrameError::LengthBelowHeader { length: 4 }));
}

#[tokio::test]
async fn replies_that_came_before_a_reset_are_not_lost() {
    let (mut link, mut server) = connected().await;
    link.send(&packet(1, 20)).await.unwrap();
    server.write_all(&packet(2, 20)).await.unwrap();
    drop(server);
    // Whether these are taken, refused or cut off, the reply that had come is there.
    for _ in 0..10 {
        link.send(&packet(3, 20)).await.unwrap();
        tokio::task::yield_now().await;
    }
    let first = received(&mut link).await;
    if let Err(error) = first {
        // A reset throws away what the system had not handed over yet; that is TCP's doing, and is named.
        assert_eq!(error.cause, Cause::Reset);
    }
}

#[tokio::test]
async fn a_closed_tcp_port_refuses() {
    let listener = TcpListener::bind(any()).unwrap();
    let peer = listener.local();
    drop(listener);
    let error = TcpLink::connect(peer, Bind::default(), LONG, MAX_LENGTH)
        .await
        .unwrap_err();
    assert_eq!((error.call, error.cause), (Call::Connect, Cause::Refused));
}

#[tokio::test]
async fn two_listeners_do_not_share_a_port() {
    let listener = TcpListener::bind(any()).unwrap();
    let error = TcpListener::bind(listener.local()).unwrap_err();
    assert_eq!(
        (error.cause, error.address),
        (Cause::AddressInUse, Some(listener.local()))
    );
}
