//! A thread that answers on one UDP socket: many requests in with one system call, their replies out with another.

use std::net::UdpSocket;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::desk::Desk;
use super::event::{Event, Handled, Sink};
use super::gathering::Gathering;
use super::post::Way;
use super::{Listening, Shared};
use crate::net::batch::{Inbox, Outbox};
use crate::net::clock;
use crate::responder::{Arrival, Carrier};

/// How long a reply may wait for others to leave with it: no more than a few of those take that are quickly made, and
/// less than a step of a TLS handshake.
const TOGETHER: Duration = Duration::from_micros(250);

/// Serves until the server stops and nothing more waits in the socket.
pub(super) fn serve(
    shared: &Arc<Shared>,
    listening: &Listening,
    socket: UdpSocket,
    gathering: &Gathering,
    sink: &mut dyn Sink,
) {
    let mut gatherer = gathering.gatherer();
    let many = listening.address.ip().is_unspecified();
    let (mut inbox, mut outbox) = (Inbox::new(many), Outbox::new(many));
    let socket = Arc::new(socket);
    let mut desk = Desk::new(shared, shared.tally());
    loop {
        let stopping = shared.stopping.load(Ordering::Relaxed);
        let turn = gatherer.turn();
        let received = inbox.receive(&socket, !stopping);
        drop(turn);
        let came = match received {
            Ok(0) if stopping => return,
            Ok(came) => came,
            Err(error) => {
                sink.event(&Event::Deaf(&error));
                sink.flush();
                return;
            }
        };
        let settings = shared.responder.settings();
        let (wall, mut started) = (clock::wall(), clock::now());
        let mut sent = started;
        for (octets, arrived) in inbox.iter() {
            let arrival = Arrival {
                source: arrived.source,
                listener: listening.number,
                role: listening.role,
                carrier: Carrier::Datagram,
                client: None,
                octets,
            };
            let mut outcome = desk.receive(&settings, &arrival, started, wall);
            let way = || Way::Datagram {
                socket: Arc::clone(&socket),
                to: arrived.source,
                from: arrived.local,
            };
            desk.dispatch(&mut outcome, way, started, |departure| {
                outbox.push(Arc::clone(&departure.octets), arrived.source, arrived.local);
            });
            let now = clock::now();
            let handled = Handled {
                at: wall,
                source: arrived.source,
                listening,
                handshake: None,
                octets,
                facts: &outcome.facts,
                replies: desk.replies(),
                took: now - started,
            };
            desk.tally.handled(&outcome.facts, handled.took);
            sink.event(&Event::Handled(&handled));
            started = now;
            if now - sent >= TOGETHER {
                send(&mut outbox, &socket, sink);
                sent = now;
            }
        }
        send(&mut outbox, &socket, sink);
        sink.flush();
        gatherer.took(came);
    }
}

fn send(outbox: &mut Outbox, socket: &UdpSocket, sink: &mut dyn Sink) {
    if let Err(error) = outbox.send(socket) {
        sink.event(&Event::NotSent(&error));
    }
}
