//! How requests begin: a lane for each, its octets, and another try for those that found no room.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::Driver;
use crate::client::active::Active;
use crate::client::lane::State;
use crate::client::routes::LaneId;
use crate::client::{Job, Turn};
use crate::exchange::{Exchange, Renewal, Taken};
use crate::net::clock;
use crate::net::dice::Dice;
use crate::outcome::{Event, Failure};

impl Driver<'_> {
    pub(super) fn begin(&mut self, job: Job) -> io::Result<()> {
        let way = self.routes.to(&job.target);
        let active = Active::new(job, self.begun, way);
        self.begun += 1;
        self.place(active)
    }

    /// Finds a lane for the next request of a conversation.
    pub(super) fn place(&mut self, mut active: Active) -> io::Result<()> {
        loop {
            let start = self.dice.octet();
            let unplaced = match self.routes.place(active.way, active.wanted(), start) {
                Ok(lane) => return self.launch(lane, active),
                Err(unplaced) => unplaced,
            };
            if unplaced.error.is_of_address() {
                self.sink.event(&Event::Unreachable {
                    transport: active.job.target.transport,
                    error: &unplaced.error,
                })?;
                self.routes.leave(active.way, unplaced.address);
                active.unreachable.push(unplaced.error.clone());
                if active.may_try_another() {
                    continue;
                }
            } else if self.routes.is_busy(active.way) {
                self.park(active);
                return Ok(());
            }
            return self.finish(active.failed(Failure::Socket(unplaced.error)));
        }
    }

    /// Puts a request aside until an Identifier is free for it.
    pub(super) fn park(&mut self, active: Active) {
        self.parked.push_back(active.index);
        self.actives.insert(active.index, active);
    }

    /// Tries again to place those that were put aside, as long as that goes.
    pub(super) fn unpark(&mut self) -> io::Result<()> {
        if !std::mem::take(&mut self.freed) {
            return Ok(());
        }
        for _ in 0..self.parked.len() {
            let Some(active) = self
                .parked
                .pop_front()
                .and_then(|index| self.actives.remove(&index))
            else {
                continue;
            };
            let before = self.parked.len();
            self.place(active)?;
            if self.parked.len() > before {
                // No room yet; it keeps its turn.
                self.parked.rotate_right(1);
                break;
            }
        }
        Ok(())
    }

    /// Builds the next request of a conversation and hands it to the lane; it is sent by [`Driver::drive`].
    pub(super) fn launch(&mut self, id: LaneId, mut active: Active) -> io::Result<()> {
        let Some(open) = self.routes.open(id) else {
            if let Some(lane) = self.routes.lane(id) {
                lane.waiting.push_back(active.index);
            }
            self.actives.insert(active.index, active);
            return Ok(());
        };
        let wanted = active.wanted();
        let Ok(identifier) = open.flow.reserve(wanted) else {
            // The lane had room when it was chosen; should that ever fail, the request waits for its turn.
            self.park(active);
            return Ok(());
        };
        let octets = match build(&mut active, identifier, Duration::ZERO, &mut self.dice) {
            Ok(octets) => octets,
            Err(failure) => {
                open.flow.release(identifier);
                return self.finish(active.failed(failure));
            }
        };
        let job = &active.job;
        let peer = open.link.peer();
        let policy = job.policy.over(job.target.transport);
        let renewal = match wanted {
            Some(_) => Renewal::Never,
            None => job.renewal,
        };
        let exchange = Exchange::new(octets, Arc::clone(&job.secret), peer, policy)
            .with_demands(job.demands)
            .with_renewal(renewal)
            .with_tag(active.index);
        let actual = exchange.identifier();
        if actual != identifier {
            open.flow.release(identifier);
        }
        match open.flow.insert(exchange, clock::now()) {
            Ok(()) => {
                active.route = Some(open.route());
                self.actives.insert(active.index, active);
                Ok(())
            }
            Err(Taken(_)) => self.finish(active.failed(Failure::IdentifierInUse { identifier: actual })),
        }
    }

    /// A connection stands: everything that waited for it goes out.
    pub(super) fn opened(&mut self, id: LaneId, state: State) -> io::Result<()> {
        let Some(lane) = self.routes.lane(id) else {
            return Ok(());
        };
        lane.state = state;
        let waiting = std::mem::take(&mut lane.waiting);
        if let Some(open) = self.routes.open(id) {
            let route = open.route();
            self.sink.event(&Event::Connected { route })?;
        }
        for index in waiting {
            if let Some(active) = self.actives.remove(&index) {
                self.launch(id, active)?;
            }
        }
        Ok(())
    }

    /// Builds a request anew that tells how long it has been tried (RFC 2866 §5.2). Where no Identifier is free for
    /// it, the old one is sent again, which is as good.
    pub(super) fn renew(&mut self, id: LaneId, identifier: u8, delay: Duration) -> io::Result<()> {
        let Some(open) = self.routes.open(id) else {
            return Ok(());
        };
        let tag = open.flow.exchange(identifier).map(Exchange::tag);
        let active = tag.and_then(|tag| self.actives.get_mut(&tag));
        let (Some(active), Ok(fresh)) = (active, open.flow.reserve(None)) else {
            open.flow.keep(identifier, clock::now());
            return Ok(());
        };
        match build(active, fresh, delay, &mut self.dice) {
            Ok(octets) if octets.get(1) == Some(&fresh) => {
                open.flow.renew(identifier, octets, clock::now());
                Ok(())
            }
            Ok(_) => {
                open.flow.release(fresh);
                open.flow.keep(identifier, clock::now());
                Ok(())
            }
            Err(failure) => {
                open.flow.release(fresh);
                match open.flow.cancel(identifier) {
                    Some(exchange) => self.give_up(*exchange, 0, failure),
                    None => Ok(()),
                }
            }
        }
    }

    /// The next round: by the lane of the last one, so that the server sees one client.
    pub(super) fn go_on(&mut self, id: LaneId, active: Active) -> io::Result<()> {
        if self.routes.leads(id, active.way, active.wanted()) {
            self.launch(id, active)
        } else {
            self.place(active)
        }
    }
}

/// The octets of the next request.
fn build(active: &mut Active, identifier: u8, delay: Duration, dice: &mut Dice) -> Result<Vec<u8>, Failure> {
    let given = active.job.authenticator.filter(|_| active.round == 0);
    let authenticator = given.unwrap_or_else(|| dice.authenticator());
    let turn = Turn {
        round: active.round,
        identifier,
        authenticator,
        secret: &active.job.secret,
        delay,
        dice,
    };
    active.job.conversation.request(turn).map_err(Failure::Build)
}
