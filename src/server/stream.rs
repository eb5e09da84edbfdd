//! Connections (RFC 6613): one task each, all on one thread. A client's requests come one after the other, and their
//! replies leave as they are ready, in any order.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::desk::{Desk, Then};
use super::event::{Event, Handled, Parting, Sink};
use super::post::Way;
use super::tally::Tally;
use super::{Listening, Shared};
use crate::codec::frame::Frames;
use crate::net::{Call, Cause, SocketError, TcpListener, clock};
use crate::responder::{Arrival, Carrier};

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
}

impl Default for StreamLimits {
    fn default() -> StreamLimits {
        StreamLimits {
            connections: 1024,
            idle: Duration::from_secs(900),
            first: Duration::from_secs(30),
            stalled: Duration::from_secs(30),
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
    let open = Arc::new(AtomicUsize::new(0));
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
        let known = shared.responder.settings().clients.find(source.ip()).is_some();
        let refusal = match known {
            false => Some(Parting::UnknownClient),
            true if open.load(Ordering::Relaxed) >= shared.streams.connections => Some(Parting::TooMany),
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
        };
        let open = Arc::clone(&open);
        tasks.spawn(async move {
            connection.serve(stream).await;
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
}

impl Connection {
    async fn serve(mut self, mut stream: TcpStream) {
        let listening = Arc::clone(&self.listening);
        self.sink.event(&Event::Connected {
            source: self.source,
            listening: &listening,
        });
        self.sink.flush();
        let why = self.exchange(&mut stream).await;
        let _ = stream.shutdown().await;
        self.sink.event(&Event::Disconnected {
            source: self.source,
            listening: &listening,
            why,
        });
        self.sink.flush();
    }

    async fn exchange(&mut self, stream: &mut TcpStream) -> Parting {
        let (sender, mut waiting) = mpsc::channel(WAITING);
        let way = Way::Stream(sender);
        let max = self.shared.responder.settings().limits.length;
        let (mut frames, mut chunk) = (Frames::new(max), vec![0; CHUNK]);
        let (mut reading, mut first) = (true, true);
        loop {
            let limits = self.shared.streams;
            let patience = if first || frames.waiting() > 0 {
                limits.first
            } else {
                limits.idle
            };
            let mut leaving = Vec::new();
            tokio::select! {
                read = stream.read(&mut chunk), if reading => match read {
                    Ok(0) => return self.gone(frames.waiting()),
                    Ok(count) => {
                        first = false;
                        frames.push(chunk.get(..count).unwrap_or(&[]));
                        if let Err(why) = self.packets(&mut frames, &way, &mut leaving) {
                            let _ = self.write(stream, leaving).await;
                            return why;
                        }
                    }
                    Err(error) => return self.failed(Call::Receive, &error),
                },
                Some(octets) = waiting.recv() => leaving.push(octets),
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
            let (now, wall) = (clock::now(), clock::wall());
            let arrival = Arrival {
                source: self.source,
                listener: self.listening.number,
                role: self.listening.role,
                carrier: Carrier::Stream,
                octets,
            };
            let mut outcome = self.desk.receive(&settings, &arrival, now, wall);
            let then = self.desk.dispatch(
                &mut outcome,
                || way.clone(),
                now,
                |departure| leaving.push(Arc::clone(&departure.octets)),
            );
            let took = now.elapsed();
            self.desk.tally.handled(&outcome.facts, took);
            self.sink.event(&Event::Handled(&Handled {
                at: wall,
                source: self.source,
                listening: &self.listening,
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
    async fn write(&mut self, stream: &mut TcpStream, leaving: Vec<Arc<[u8]>>) -> Result<(), Parting> {
        if leaving.is_empty() {
            return Ok(());
        }
        let octets = leaving.concat();
        match tokio::time::timeout(self.shared.streams.stalled, stream.write_all(&octets)).await {
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
