//! Associations over DTLS (RFC 7360): one task for each listener, a table of clients that is bounded, and packets in
//! records of their own. A client has no place in the table before it has come back with its cookie.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::UdpSocket;
use tokio::sync::{mpsc, watch};

use super::desk::{Desk, Then};
use super::event::{Event, Handled, Parting, Sink};
use super::post::Way;
use super::security::{Security, carrier, identify};
use super::stream::Phase;
use super::{Listening, Shared};
use crate::codec::Code;
use crate::net::dtls::{Association, Entry, Happening};
use crate::net::tls::Handshake;
use crate::net::{Call, SocketError, clock};
use crate::responder::clients::Client;
use crate::responder::{Arrival, Did};

/// Replies that wait for one listener.
const WAITING: usize = 16 * 1024;
/// The longest datagram.
const LONGEST: usize = 65_535;
/// How often the table is looked through for what has waited too long.
const ROUND: Duration = Duration::from_millis(500);

/// One client.
struct Session {
    association: Box<Association>,
    /// Who it is, once the handshake told.
    who: Option<(Arc<Client>, Arc<Handshake>)>,
    last: Instant,
}

/// One listener at work.
struct Driver {
    shared: Arc<Shared>,
    listening: Listening,
    desk: Desk,
    sink: Box<dyn Sink>,
    socket: UdpSocket,
    sessions: HashMap<SocketAddr, Session>,
    replies: mpsc::Sender<(SocketAddr, Arc<[u8]>)>,
}

/// Serves one listener until the server has ended.
pub(super) async fn serve(
    shared: Arc<Shared>,
    socket: UdpSocket,
    listening: Listening,
    mut phase: watch::Receiver<Phase>,
) {
    let (sender, mut waiting) = mpsc::channel(WAITING);
    let mut driver = Driver {
        desk: Desk::new(&shared, shared.tally()),
        sink: shared.sinks.sink(),
        shared,
        listening,
        socket,
        sessions: HashMap::new(),
        replies: sender,
    };
    let mut buffer = vec![0; LONGEST];
    let mut round = tokio::time::interval(ROUND);
    let mut reading = true;
    loop {
        tokio::select! {
            received = driver.socket.recv_from(&mut buffer), if reading => match received {
                Ok((length, peer)) => {
                    driver.datagram(peer, buffer.get(..length).unwrap_or(&[])).await;
                }
                // An ICMP refusal of what was sent before: its client is gone, and times out.
                Err(_) => tokio::task::yield_now().await,
            },
            Some((peer, octets)) = waiting.recv() => driver.reply(peer, &octets).await,
            _ = round.tick() => driver.look_through().await,
            changed = phase.changed() => {
                reading = false;
                if changed.is_err() || *phase.borrow_and_update() == Phase::Over {
                    while let Ok((peer, octets)) = waiting.try_recv() {
                        driver.reply(peer, &octets).await;
                    }
                    return driver.end().await;
                }
            }
        }
        driver.sink.flush();
    }
}

impl Driver {
    /// Takes a datagram.
    async fn datagram(&mut self, peer: SocketAddr, datagram: &[u8]) {
        let known = self.sessions.get(&peer);
        if known.is_none_or(|session| session.association.is_other(datagram)) {
            return self.enter(peer, datagram).await;
        }
        let now = clock::now();
        let Some(session) = self.sessions.get_mut(&peer) else {
            return;
        };
        let received = session.association.receive(now, datagram);
        // What only is told of the handshake does not keep a session alive.
        if session.who.is_some() && received.as_ref().is_ok_and(|happenings| !happenings.is_empty()) {
            session.last = now;
        }
        self.transmit(peer).await;
        match received {
            Ok(happenings) => {
                for happening in happenings {
                    match happening {
                        Happening::Shaken(handshake) => self.shaken(peer, handshake).await,
                        Happening::Packet(packet) => self.packet(peer, &packet).await,
                        Happening::Closed => self.remove(peer, Parting::ByClient),
                    }
                }
            }
            Err(error)
                if self
                    .sessions
                    .get(&peer)
                    .is_some_and(|session| session.who.is_none()) =>
            {
                self.sessions.remove(&peer);
                self.unshaken(peer, &error);
            }
            Err(error) => self.remove(peer, Parting::Failed(error)),
        }
    }

    /// Somebody who has no association, or wants another one.
    async fn enter(&mut self, peer: SocketAddr, datagram: &[u8]) {
        let security = self.shared.security();
        let Some(acceptor) = &security.dtls else { return };
        // Who is no client gets no answer at all.
        let settings = self.shared.responder.settings();
        if !settings.clients.expects(peer.ip()) {
            return;
        }
        match acceptor.enter(clock::now(), self.listening.address, peer, datagram) {
            Entry::Ignored => {}
            Entry::Reply(octets) => {
                let _ = self.socket.send_to(&octets, peer).await;
            }
            Entry::Begun(association) => {
                if let Some(why) = self.full(peer) {
                    return self.parted(peer, why);
                }
                // It has shown its cookie: what there was before is over (RFC 6347 §4.2.8).
                self.remove(peer, Parting::Replaced);
                let session = Session {
                    association,
                    who: None,
                    last: clock::now(),
                };
                self.sessions.insert(peer, session);
                self.transmit(peer).await;
            }
        }
    }

    /// Why there is no room for another one.
    fn full(&self, peer: SocketAddr) -> Option<Parting> {
        let limits = self.shared.streams;
        let others = self.sessions.iter().filter(|(other, _)| **other != peer);
        let (mut all, mut shaking) = (0, 0);
        for (_, session) in others {
            all += 1;
            shaking += usize::from(session.who.is_none());
        }
        if all >= limits.connections {
            Some(Parting::TooMany)
        } else if shaking >= limits.handshakes {
            Some(Parting::TooManyHandshakes)
        } else {
            None
        }
    }

    async fn shaken(&mut self, peer: SocketAddr, handshake: Arc<Handshake>) {
        let security: Arc<Security> = self.shared.security();
        let settings = self.shared.responder.settings();
        let client = identify(
            &settings.clients,
            peer.ip(),
            &handshake,
            &security.datagram_secret,
        );
        let Some(client) = client else {
            return self.close(peer, Parting::UnknownClient).await;
        };
        self.sink.event(&Event::Connected {
            source: peer,
            listening: &self.listening,
            handshake: Some(&handshake),
        });
        if let Some(session) = self.sessions.get_mut(&peer) {
            session.who = Some((client, handshake));
            session.last = clock::now();
        }
    }

    /// Takes a packet.
    async fn packet(&mut self, peer: SocketAddr, octets: &[u8]) {
        let Some((client, handshake)) = self.sessions.get(&peer).and_then(|session| session.who.clone())
        else {
            return;
        };
        let settings = self.shared.responder.settings();
        let (now, wall) = (clock::now(), clock::wall());
        let arrival = Arrival {
            source: peer,
            listener: self.listening.number,
            role: self.listening.role,
            carrier: carrier(&handshake),
            client: Some(&client),
            octets,
        };
        let mut outcome = self.desk.receive(&settings, &arrival, now, wall);
        let (sender, mut leaving) = (self.replies.clone(), Vec::new());
        let way = || Way::Association {
            listener: sender.clone(),
            to: peer,
            handshake: Arc::clone(&handshake),
        };
        let then = self.desk.dispatch(&mut outcome, way, now, |departure| {
            leaving.push(Arc::clone(&departure.octets));
        });
        let took = now.elapsed();
        self.desk.tally.handled(&outcome.facts, took);
        self.sink.event(&Event::Handled(&Handled {
            at: wall,
            source: peer,
            listening: &self.listening,
            handshake: Some(&handshake),
            octets,
            facts: &outcome.facts,
            replies: self.desk.replies(),
            took,
        }));
        // Where a packet cannot be trusted, nothing of its sender can (RFC 7360 §5.1).
        let closes = matches!(then, Then::Close);
        let refused = matches!(outcome.facts.did, Did::Replied(Code::PROTOCOL_ERROR, _));
        for octets in leaving {
            self.reply(peer, &octets).await;
        }
        if closes && !refused {
            self.close(peer, Parting::Distrusted).await;
        }
    }

    async fn reply(&mut self, peer: SocketAddr, octets: &[u8]) {
        // A client that is gone gets no reply.
        if let Some(session) = self.sessions.get_mut(&peer) {
            session.association.send(clock::now(), octets);
            self.transmit(peer).await;
        }
    }

    async fn transmit(&mut self, peer: SocketAddr) {
        let Some(session) = self.sessions.get_mut(&peer) else {
            return;
        };
        while let Some(datagram) = session.association.transmit() {
            if let Err(error) = self.socket.send_to(&datagram, peer).await {
                let error = SocketError::new(Call::Send, peer, &error);
                self.sink.event(&Event::NotSent(&error));
            }
        }
    }

    /// Sends again what is due, and ends what has waited too long.
    async fn look_through(&mut self) {
        let (now, limits) = (clock::now(), self.shared.streams);
        let peers: Vec<SocketAddr> = self.sessions.keys().copied().collect();
        for peer in peers {
            let Some(session) = self.sessions.get_mut(&peer) else {
                continue;
            };
            if session.who.is_some() {
                if now.saturating_duration_since(session.last) >= limits.idle {
                    self.close(peer, Parting::Idle).await;
                }
                continue;
            }
            if now.saturating_duration_since(session.association.began()) >= limits.handshake {
                self.sessions.remove(&peer);
                let error = SocketError::found(Call::Handshake, peer, crate::net::Cause::TimedOut);
                self.unshaken(peer, &error);
            } else if session.association.due().is_some_and(|due| due <= now) {
                let polled = session.association.poll(now);
                self.transmit(peer).await;
                if let Err(error) = polled {
                    self.sessions.remove(&peer);
                    self.unshaken(peer, &error);
                }
            }
        }
    }

    /// Says goodbye to one client.
    async fn close(&mut self, peer: SocketAddr, why: Parting) {
        if let Some(session) = self.sessions.get_mut(&peer) {
            session.association.close(clock::now());
        }
        self.transmit(peer).await;
        self.remove(peer, why);
    }

    /// Says goodbye to all.
    async fn end(mut self) {
        let peers: Vec<SocketAddr> = self.sessions.keys().copied().collect();
        for peer in peers {
            self.close(peer, Parting::Stopping).await;
        }
        self.sink.flush();
    }

    fn remove(&mut self, peer: SocketAddr, why: Parting) {
        if self.sessions.remove(&peer).is_some() {
            self.parted(peer, why);
        }
    }

    fn parted(&mut self, source: SocketAddr, why: Parting) {
        self.sink.event(&Event::Disconnected {
            source,
            listening: &self.listening,
            why,
        });
    }

    fn unshaken(&mut self, source: SocketAddr, error: &SocketError) {
        self.sink.event(&Event::Unshaken {
            source,
            listening: &self.listening,
            error,
        });
    }
}
