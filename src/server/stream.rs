//! Connections, plain (RFC 6613) or over TLS (RFC 6614, RFC 9765): one task each, all on one thread. A client's
//! requests come one after the other, and their replies leave as they are ready, in any order.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsStream;
use tokio_rustls::rustls::pki_types::CertificateDer;

use super::desk::{Desk, Then, unix};
use super::down::{Distrusted, Down};
use super::event::{Event, Handled, Parting, Sink};
use super::journal::Entry;
use super::post::Way;
use super::security::{carrier, identify};
use super::tally::Tally;
use super::{Listening, Shared};
use crate::codec::frame::Frames;
use crate::codec::{Code, Packet};
use crate::exchange::{Transport, Version};
use crate::net::tls::Handshake;
use crate::net::{Call, Cause, SocketError, TcpListener, clock};
use crate::responder::clients::Client;
use crate::responder::{Arrival, Carrier, Did};

/// What connections may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamLimits {
    /// The most connections at once.
    pub connections: usize,
    /// How long nothing may come before a connection is closed.
    pub idle: Duration,
    /// How long a client may take for its first packet, and for the rest of one that it began.
    pub first: Duration,
    /// How long a client may not read its replies.
    pub stalled: Duration,
    /// How long a handshake of TLS or DTLS may take.
    pub handshake: Duration,
    /// The most handshakes at once.
    pub handshakes: usize,
}

impl Default for StreamLimits {
    fn default() -> StreamLimits {
        StreamLimits {
            connections: 1024,
            idle: Duration::from_secs(900),
            first: Duration::from_secs(30),
            stalled: Duration::from_secs(30),
            handshake: Duration::from_secs(10),
            handshakes: 128,
        }
    }
}

/// Where the server stands in ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
pub(super) enum Phase {
    /// Not at all.
    Serving,
    /// Nothing more is read.
    Deaf,
    /// What was asked is answered.
    Over,
}

/// Replies that wait for one connection.
const WAITING: usize = 1024;
/// Octets read at once.
const CHUNK: usize = 16 * 1024;
/// How long the goodbye of a connection may take.
const GOODBYE: Duration = Duration::from_secs(1);

/// Serves all connections of all listeners until the server has ended.
pub(super) async fn serve(
    shared: Arc<Shared>,
    listeners: Vec<(TcpListener, Arc<Listening>)>,
    phase: watch::Receiver<Phase>,
) {
    let (tally, mut tasks) = (shared.tally(), JoinSet::new());
    for (listener, listening) in listeners {
        let (shared, tally, phase) = (Arc::clone(&shared), Arc::clone(&tally), phase.clone());
        tasks.spawn(accept(shared, tally, listener, listening, phase));
    }
    while tasks.join_next().await.is_some() {}
}

/// Accepts clients until the server ends.
async fn accept(
    shared: Arc<Shared>,
    tally: Arc<Tally>,
    listener: TcpListener,
    listening: Arc<Listening>,
    mut phase: watch::Receiver<Phase>,
) {
    let mut sink = shared.sinks.sink();
    let (open, half_open) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let secured = listening.transport == Transport::Tls;
    let mut tasks = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = phase.wait_for(|phase| *phase > Phase::Serving) => break,
            Some(_) = tasks.join_next(), if !tasks.is_empty() => continue,
        };
        let (stream, source) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Most likely too many open files: others must end first.
                sink.event(&Event::Deaf(&error));
                sink.flush();
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let settings = shared.responder.settings();
        let known = match secured {
            true => settings.clients.expects(source.ip()),
            false => settings.clients.find(source.ip()).is_some(),
        };
        let limits = shared.streams;
        let refusal = match known {
            false => Some(Parting::UnknownClient),
            true if open.load(Ordering::Relaxed) >= limits.connections => Some(Parting::TooMany),
            true if secured && half_open.load(Ordering::Relaxed) >= limits.handshakes => {
                Some(Parting::TooManyHandshakes)
            }
            true => None,
        };
        if let Some(why) = refusal {
            sink.event(&Event::Disconnected {
                source,
                listening: &listening,
                why,
            });
            sink.flush();
            continue;
        }
        open.fetch_add(1, Ordering::Relaxed);
        let connection = Connection {
            desk: Desk::new(&shared, Arc::clone(&tally)),
            sink: shared.sinks.sink(),
            shared: Arc::clone(&shared),
            listening: Arc::clone(&listening),
            source,
            phase: phase.clone(),
            client: None,
            carrier: Carrier::Stream,
            handshake: None,
            shown: Vec::new(),
        };
        let (open, half_open) = (Arc::clone(&open), Arc::clone(&half_open));
        // Counted before the task runs: several clients may be accepted before any of them is looked at.
        half_open.fetch_add(usize::from(secured), Ordering::Relaxed);
        tasks.spawn(async move {
            if secured {
                let shaken = connection.shake(stream).await;
                half_open.fetch_sub(1, Ordering::Relaxed);
                if let Some((connection, stream)) = shaken {
                    connection.serve(stream).await;
                }
            } else {
                connection.serve(stream).await;
            }
            open.fetch_sub(1, Ordering::Relaxed);
        });
    }
    while tasks.join_next().await.is_some() {}
}

struct Connection {
    desk: Desk,
    sink: Box<dyn Sink>,
    shared: Arc<Shared>,
    listening: Arc<Listening>,
    source: SocketAddr,
    phase: watch::Receiver<Phase>,
    /// Who it is, where its certificate told.
    client: Option<Arc<Client>>,
    carrier: Carrier,
    handshake: Option<Arc<Handshake>>,
    /// The certificates that the client showed, its own first.
    shown: Vec<CertificateDer<'static>>,
}

impl Connection {
    /// Shakes hands. A client that fails, or is none, is told about and let go.
    async fn shake(mut self, stream: TcpStream) -> Option<(Connection, TlsStream<TcpStream>)> {
        let security = self.shared.security();
        let limits = self.shared.streams;
        let shaken = match &security.tls {
            Some(acceptor) => acceptor.shake(stream, self.source, limits.handshake),
            None => return None,
        };
        let shaken = tokio::select! {
            shaken = shaken => shaken,
            _ = self.phase.wait_for(|phase| *phase > Phase::Serving) => return None,
        };
        let (mut stream, handshake) = match shaken {
            Ok(shaken) => shaken,
            Err(error) => {
                self.sink.event(&Event::Unshaken {
                    source: self.source,
                    listening: &self.listening,
                    error: &error,
                });
                self.sink.flush();
                return None;
            }
        };
        let settings = self.shared.responder.settings();
        let client = identify(
            &settings.clients,
            self.source.ip(),
            &handshake,
            &security.stream_secret,
        );
        if client.is_none() {
            let _ = tokio::time::timeout(GOODBYE, stream.shutdown()).await;
            self.sink.event(&Event::Disconnected {
                source: self.source,
                listening: &self.listening,
                why: Parting::UnknownClient,
            });
            self.sink.flush();
            return None;
        }
        self.client = client;
        self.carrier = carrier(&handshake);
        let shown = stream.get_ref().1.peer_certificates();
        self.shown = shown.map(<[CertificateDer<'static>]>::to_vec).unwrap_or_default();
        self.handshake = Some(Arc::new(handshake));
        Some((self, stream))
    }

    async fn serve<S: AsyncRead + AsyncWrite + Unpin>(mut self, mut stream: S) {
        let listening = Arc::clone(&self.listening);
        self.sink.event(&Event::Connected {
            source: self.source,
            listening: &listening,
            handshake: self.handshake.as_deref(),
        });
        self.sink.flush();
        let mut down = self.down();
        let why = self.exchange(&mut stream, &mut down).await;
        if let Some(down) = down {
            down.close(&mut self.desk, &mut *self.sink);
        }
        // Over TLS this is close_notify. Nobody who does not read it holds us up.
        let _ = tokio::time::timeout(GOODBYE, stream.shutdown()).await;
        self.sink.event(&Event::Disconnected {
            source: self.source,
            listening: &listening,
            why,
        });
        self.sink.flush();
    }

    /// When the client's certificate expires.
    fn expires(&self) -> Option<Instant> {
        let own = self.handshake.as_ref()?.chain.first()?;
        let left = own.not_after.checked_sub(unix(clock::wall()).try_into().ok()?)?;
        // Valid to the end of that second.
        Some(clock::now() + Duration::from_secs(u64::try_from(left).ok()? + 1))
    }

    /// Whether the client would be taken now, as it was when it came: its certificate may have expired or been
    /// revoked, and its like may be clients no more.
    fn looked_at_again(&mut self) -> Result<(), Parting> {
        let Some(handshake) = self.handshake.clone() else {
            return Ok(());
        };
        let security = self.shared.security();
        if let (Some(acceptor), Some(own)) = (&security.tls, handshake.chain.first()) {
            let vouched = acceptor.vouches(&self.shown);
            vouched.map_err(|why| Parting::Untrusted(why, Box::new(own.clone())))?;
        }
        let settings = self.shared.responder.settings();
        let (source, secret) = (self.source.ip(), &security.stream_secret);
        self.client = identify(&settings.clients, source, &handshake, secret);
        match self.client {
            Some(_) => Ok(()),
            None => Err(Parting::UnknownClient),
        }
    }

    /// The way down to the client, where it may be asked something.
    fn down(&self) -> Option<Down> {
        let settings = self.shared.responder.settings();
        let by_address = || settings.clients.find(self.source.ip());
        let client = self
            .client
            .as_ref()
            .or_else(by_address)
            .filter(|_| settings.reverse)?;
        let version = match self.carrier.is_clear() {
            true => Version::V1_1,
            false => Version::V1_0,
        };
        Some(Down::open(
            &self.shared,
            self.source,
            (&client.name, &client.secret),
            version,
        ))
    }

    async fn exchange<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        stream: &mut S,
        down: &mut Option<Down>,
    ) -> Parting {
        let (sender, mut waiting) = mpsc::channel(WAITING);
        let way = Way::Stream(sender, self.handshake.clone());
        let max = self.shared.responder.settings().limits.length;
        let (mut frames, mut chunk) = (Frames::new(max), vec![0; CHUNK]);
        let (mut reading, mut first) = (true, true);
        let mut reloads = self.shared.reloads.subscribe();
        let mut expiry = std::pin::pin!(until(self.expires()));
        loop {
            let limits = self.shared.streams;
            let patience = if first || frames.waiting() > 0 {
                limits.first.min(limits.idle)
            } else {
                limits.idle
            };
            let mut leaving = Vec::new();
            let due = down.as_ref().and_then(Down::due);
            tokio::select! {
                read = stream.read(&mut chunk), if reading => match read {
                    Ok(0) => return self.gone(frames.waiting()),
                    Ok(count) => {
                        first = false;
                        frames.push(chunk.get(..count).unwrap_or(&[]));
                        if let Err(why) = self.packets(&mut frames, &way, down.as_mut(), &mut leaving) {
                            let _ = self.write(stream, leaving).await;
                            return why;
                        }
                    }
                    // TLS that ends without close_notify. What came before came whole: packets say their length.
                    Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                        return self.gone(frames.waiting());
                    }
                    Err(error) => return self.failed(Call::Receive, &error),
                },
                Some(octets) = waiting.recv() => leaving.push(octets),
                Some(entry) = asked(down.as_mut()) => {
                    if let Some(down) = down.as_mut() {
                        down.ask(entry, &mut self.desk, &mut *self.sink);
                    }
                }
                () = until(due) => {}
                () = &mut expiry => {
                    if let Err(why) = self.looked_at_again() {
                        return why;
                    }
                    expiry.set(until(None));
                }
                Ok(()) = reloads.changed() => {
                    if let Err(why) = self.looked_at_again() {
                        return why;
                    }
                }
                () = tokio::time::sleep(patience), if reading => return Parting::Idle,
                phase = self.phase.changed() => {
                    reading = false;
                    let over = *self.phase.borrow_and_update() == Phase::Over;
                    if phase.is_err() || over {
                        while let Ok(octets) = waiting.try_recv() {
                            leaving.push(octets);
                        }
                        let _ = self.write(stream, leaving).await;
                        return Parting::Stopping;
                    }
                }
            }
            while let Ok(octets) = waiting.try_recv() {
                leaving.push(octets);
            }
            if let Some(down) = down.as_mut() {
                leaving.extend(down.poll(&mut self.desk, &mut *self.sink));
            }
            if let Err(why) = self.write(stream, leaving).await {
                return why;
            }
        }
    }

    /// Takes all whole packets that came.
    fn packets(
        &mut self,
        frames: &mut Frames,
        way: &Way,
        mut down: Option<&mut Down>,
        leaving: &mut Vec<Arc<[u8]>>,
    ) -> Result<(), Parting> {
        let settings = self.shared.responder.settings();
        loop {
            let octets = match frames.next_packet() {
                Ok(Some(octets)) => octets,
                Ok(None) => break,
                Err(error) => {
                    let cause = Cause::Frame(error);
                    return Err(Parting::Failed(SocketError::found(
                        Call::Receive,
                        self.source,
                        cause,
                    )));
                }
            };
            let code = Packet::parse(octets).map(|packet| packet.code());
            if let Some(down) = down.as_mut()
                && code.is_ok_and(Code::is_reply)
            {
                let taken = down.receive(octets, &mut self.desk, &mut *self.sink);
                taken.map_err(|Distrusted| Parting::Distrusted)?;
                continue;
            }
            let (now, wall) = (clock::now(), clock::wall());
            let arrival = Arrival {
                source: self.source,
                listener: self.listening.number,
                role: self.listening.role,
                carrier: self.carrier,
                client: self.client.as_ref(),
                octets,
            };
            let mut outcome = self.desk.receive(&settings, &arrival, now, wall);
            let then = self.desk.dispatch(
                &mut outcome,
                || way.clone(),
                now,
                |departure| leaving.push(Arc::clone(&departure.octets)),
            );
            if let Some(down) = down.as_ref()
                && !matches!(outcome.facts.did, Did::Discarded(_))
            {
                down.note(octets);
            }
            let took = now.elapsed();
            self.desk.tally.handled(&outcome.facts, took);
            self.sink.event(&Event::Handled(&Handled {
                at: wall,
                source: self.source,
                listening: &self.listening,
                handshake: self.handshake.as_deref(),
                octets,
                facts: &outcome.facts,
                replies: self.desk.replies(),
                took,
            }));
            if let Then::Close = then {
                return Err(Parting::Distrusted);
            }
        }
        self.sink.flush();
        Ok(())
    }

    /// Writes replies, each whole; many with one call.
    async fn write<S: AsyncWrite + Unpin>(
        &mut self,
        stream: &mut S,
        leaving: Vec<Arc<[u8]>>,
    ) -> Result<(), Parting> {
        if leaving.is_empty() {
            return Ok(());
        }
        let octets = leaving.concat();
        let writing = async {
            stream.write_all(&octets).await?;
            stream.flush().await
        };
        match tokio::time::timeout(self.shared.streams.stalled, writing).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(self.failed(Call::Send, &error)),
            Err(_) => Err(Parting::Stalled),
        }
    }

    fn gone(&self, received: usize) -> Parting {
        if received == 0 {
            return Parting::ByClient;
        }
        let cause = Cause::ClosedInPacket { received };
        Parting::Failed(SocketError::found(Call::Receive, self.source, cause))
    }

    fn failed(&self, call: Call, error: &std::io::Error) -> Parting {
        Parting::Failed(SocketError::new(call, self.source, error))
    }
}

/// The next request that is to go down; never where none may.
async fn asked(down: Option<&mut Down>) -> Option<Entry> {
    match down {
        Some(down) => down.next().await,
        None => std::future::pending().await,
    }
}

async fn until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due.into()).await,
        None => std::future::pending().await,
    }
}
