//! What every thread that takes requests does with them: ask the responder, and see to it that its word is carried out.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use super::Shared;
use super::event::{Event, Handled, Sink};
use super::journal::Entry;
use super::post::{Post, Way};
use super::tally::Tally;
use crate::net::{clock, dice::Dice};
use crate::responder::coa::ErrorCause;
use crate::responder::reverse::LinkId;
use crate::responder::{Arrival, Deed, Departure, Did, Discard, Moment, Outcome, Pending, Settings};

/// One thread's place of work.
pub(super) struct Desk {
    shared: Arc<Shared>,
    pub(super) tally: Arc<Tally>,
    dice: Dice,
    /// What leaves for the request at hand.
    replies: Vec<Departure>,
}

/// What is to be done at once on the thread that took the request.
pub(super) enum Then {
    /// Nothing more.
    Done,
    /// The connection is to be closed.
    Close,
}

impl Desk {
    /// A desk that counts with counters which no other thread writes.
    pub(super) fn new(shared: &Arc<Shared>, tally: Arc<Tally>) -> Desk {
        Desk {
            shared: Arc::clone(shared),
            tally,
            dice: Dice::new(),
            replies: Vec::new(),
        }
    }

    /// Asks the responder.
    pub(super) fn receive<'a>(
        &mut self,
        settings: &'a Settings,
        arrival: &Arrival<'a>,
        now: Instant,
        wall: SystemTime,
    ) -> Outcome<'a> {
        let dice = &mut self.dice;
        let mut roll = |octets: &mut [u8]| dice.fill(octets);
        let mut moment = Moment {
            now,
            unix: unix(wall),
            dice: &mut roll,
        };
        self.shared.responder.receive(settings, arrival, &mut moment)
    }

    /// Carries out what the responder says: what leaves at once is given to `send`, all else goes to the threads that
    /// it concerns. What could not be passed on changes what became of the request.
    pub(super) fn dispatch(
        &mut self,
        outcome: &mut Outcome<'_>,
        way: impl Fn() -> Way,
        now: Instant,
        mut send: impl FnMut(&Departure),
    ) -> Then {
        self.replies.clear();
        match std::mem::replace(&mut outcome.deed, Deed::Nothing) {
            Deed::Nothing => {}
            Deed::Close => return Then::Close,
            Deed::Send(departure) => self.replies.push(departure),
            Deed::SendAll(departures) => self.replies.extend(departures),
            Deed::Record(pending) => {
                if let Err(did) = self.record(pending, way()) {
                    outcome.facts.did = did;
                }
                return Then::Done;
            }
            Deed::Down(link, pending) => match self.down(link, pending, way(), now) {
                Ok(()) => return Then::Done,
                Err((did, deed)) => {
                    outcome.facts.did = did;
                    if let Deed::Send(departure) = deed {
                        self.replies.push(departure);
                    }
                }
            },
            Deed::Forward(pending) => match self.forward(pending, way()) {
                Ok(()) => return Then::Done,
                Err((did, deed)) => {
                    outcome.facts.did = did;
                    if let Deed::Send(departure) = deed {
                        self.replies.push(departure);
                    }
                }
            },
        }
        for departure in &self.replies {
            if departure.after.is_zero() && !departure.other_port {
                send(departure);
            } else {
                self.shared.later.hold(now, way(), departure.clone());
            }
        }
        Then::Done
    }

    /// What leaves for the request at hand.
    pub(super) fn replies(&self) -> &[Departure] {
        &self.replies
    }

    fn record(&self, pending: Box<Pending>, way: Way) -> Result<(), Did> {
        let entry = Entry {
            pending,
            way,
            at: clock::wall(),
        };
        match &self.shared.journal {
            Some(journal) => journal
                .put(entry)
                .map_err(|entry| self.shared.responder.unrecorded(&entry.pending)),
            None => Err(self.shared.responder.unrecorded(&entry.pending)),
        }
    }

    fn forward(&self, pending: Box<Pending>, way: Way) -> Result<(), (Did, Deed)> {
        let entry = Entry {
            pending,
            way,
            at: clock::wall(),
        };
        self.shared.upstream.put(entry).map_err(|entry| {
            self.shared
                .responder
                .unanswered(&entry.pending, Discard::ProxyFull)
        })
    }

    fn down(
        &mut self,
        link: LinkId,
        pending: Box<Pending>,
        way: Way,
        now: Instant,
    ) -> Result<(), (Did, Deed)> {
        let entry = Entry {
            pending,
            way,
            at: clock::wall(),
        };
        let dice = &mut self.dice;
        let mut roll = |octets: &mut [u8]| dice.fill(octets);
        self.shared.downs.put(link, entry).map_err(|entry| {
            let mut moment = Moment {
                now,
                unix: unix(entry.at),
                dice: &mut roll,
            };
            let cause = ErrorCause::REQUEST_NOT_ROUTABLE;
            self.shared
                .responder
                .unreached(&entry.pending, cause, &mut moment)
        })
    }

    /// Settles a request that had to wait: `ask` has the responder's word.
    pub(super) fn settle(
        &mut self,
        entry: &Entry,
        post: &mut Post,
        sink: &mut dyn Sink,
        ask: impl FnOnce(&Shared, &Pending, &mut Moment<'_>) -> (Did, Deed),
    ) {
        let (now, wall) = (clock::now(), clock::wall());
        let dice = &mut self.dice;
        let mut roll = |octets: &mut [u8]| dice.fill(octets);
        let mut moment = Moment {
            now,
            unix: unix(wall),
            dice: &mut roll,
        };
        let (did, deed) = ask(&self.shared, &entry.pending, &mut moment);
        self.replies.clear();
        match deed {
            Deed::Send(departure) => self.replies.push(departure),
            Deed::SendAll(departures) => self.replies.extend(departures),
            _ => {}
        }
        for departure in &self.replies {
            if !departure.after.is_zero() {
                self.shared.later.hold(now, entry.way.clone(), departure.clone());
            } else if let Err(error) =
                post.put(&entry.way, Arc::clone(&departure.octets), departure.other_port)
            {
                sink.event(&Event::NotSent(&error));
            }
        }
        let facts = entry.pending.facts(did);
        let took = now.saturating_duration_since(entry.pending.since);
        self.tally.settled(&facts.did, took);
        self.report(entry, &facts, took, sink);
    }

    fn report(
        &self,
        entry: &Entry,
        facts: &crate::responder::Facts<'_>,
        took: Duration,
        sink: &mut dyn Sink,
    ) {
        let Some(listening) = self.shared.listening(entry.pending.listener) else {
            return;
        };
        sink.event(&Event::Handled(&Handled {
            at: entry.at,
            source: entry.pending.source,
            listening,
            handshake: entry.way.handshake(),
            octets: &entry.pending.octets,
            facts,
            replies: &self.replies,
            took,
        }));
    }
}

/// Seconds since 1970.
pub(super) fn unix(wall: SystemTime) -> u64 {
    wall.duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
