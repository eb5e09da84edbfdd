//! Which lane takes the next request: one of its target's that has an Identifier free, or a new one.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use super::Target;
use super::lane::{Lane, News, Open, State};
use crate::net::SocketError;

/// Every target of a run and every lane to it.
#[derive(Default)]
pub(super) struct Routes {
    routes: Vec<Route>,
    lanes: Vec<Option<Placed>>,
    /// The lane that is asked for news first, so that none is starved by those before it.
    cursor: usize,
}

struct Route {
    target: Arc<Target>,
    /// The number of the address that is used.
    current: usize,
    lanes: Vec<LaneId>,
}

struct Placed {
    lane: Lane,
    route: RouteId,
}

/// The number of a lane; used again once it is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LaneId(usize);

/// The number of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RouteId(usize);

impl Routes {
    /// The route to a target. Equal targets have one.
    pub(super) fn to(&mut self, target: &Arc<Target>) -> RouteId {
        let same = |route: &Route| Arc::ptr_eq(&route.target, target) || route.target == *target;
        let place = self.routes.iter().position(same).unwrap_or_else(|| {
            self.routes.push(Route {
                target: Arc::clone(target),
                current: 0,
                lanes: Vec::new(),
            });
            self.routes.len() - 1
        });
        RouteId(place)
    }

    /// A lane with room for a request with this Identifier, or with any. `start` is a random number.
    pub(super) fn place(
        &mut self,
        RouteId(number): RouteId,
        wanted: Option<u8>,
        start: u8,
    ) -> Result<LaneId, Unplaced> {
        let route = &mut self.routes[number];
        let lanes = &self.lanes;
        let room = |id: &LaneId| {
            lanes[id.0]
                .as_ref()
                .is_some_and(|placed| placed.lane.address == route.current && placed.lane.has_room(wanted))
        };
        if let Some(id) = route.lanes.iter().copied().find(room) {
            return Ok(id);
        }
        let lane = Lane::open(&route.target, route.current, start).map_err(|error| Unplaced {
            error,
            address: route.current,
        })?;
        let placed = Some(Placed {
            lane,
            route: RouteId(number),
        });
        let id = match self.lanes.iter().position(Option::is_none) {
            Some(place) => {
                self.lanes[place] = placed;
                LaneId(place)
            }
            None => {
                self.lanes.push(placed);
                LaneId(self.lanes.len() - 1)
            }
        };
        self.routes[number].lanes.push(id);
        Ok(id)
    }

    /// Whether any of the target's lanes is in use, so that waiting for room helps.
    pub(super) fn is_busy(&self, RouteId(number): RouteId) -> bool {
        self.routes[number].lanes.iter().any(|id| {
            let placed = self.lanes[id.0].as_ref();
            placed.is_some_and(|placed| placed.lane.load() > 0)
        })
    }

    /// Leaves an address that cannot be reached for the next one, if nobody has left it yet.
    pub(super) fn leave(&mut self, RouteId(number): RouteId, address: usize) {
        let route = &mut self.routes[number];
        if route.current == address {
            route.current = (address + 1) % route.target.addresses.len().max(1);
        }
    }

    /// Takes a lane away.
    pub(super) fn close(&mut self, id: LaneId) -> Option<(RouteId, Lane)> {
        let placed = self.lanes.get_mut(id.0)?.take()?;
        self.routes[placed.route.0].lanes.retain(|lane| *lane != id);
        Some((placed.route, placed.lane))
    }

    pub(super) fn lane(&mut self, id: LaneId) -> Option<&mut Lane> {
        Some(&mut self.lanes.get_mut(id.0)?.as_mut()?.lane)
    }

    /// The lane, if it is open.
    pub(super) fn open(&mut self, id: LaneId) -> Option<&mut Open> {
        match &mut self.lane(id)?.state {
            State::Open(open) => Some(open),
            State::Opening(_) => None,
        }
    }

    /// Whether the lane still leads there and has room.
    pub(super) fn leads(&self, id: LaneId, route: RouteId, wanted: Option<u8>) -> bool {
        let placed = self.lanes.get(id.0).and_then(Option::as_ref);
        placed.is_some_and(|placed| placed.route == route && placed.lane.has_room(wanted))
    }

    /// Every lane there is.
    pub(super) fn ids(&self) -> Vec<LaneId> {
        (0..self.lanes.len())
            .filter(|place| self.lanes[*place].is_some())
            .map(LaneId)
            .collect()
    }

    /// The lane that is due first, and when.
    pub(super) fn first_due(&self) -> Option<(Instant, LaneId)> {
        let due = |(place, placed): (usize, &Option<Placed>)| {
            Some((placed.as_ref()?.lane.deadline()?, LaneId(place)))
        };
        self.lanes
            .iter()
            .enumerate()
            .filter_map(due)
            .min_by_key(|(at, _)| *at)
    }

    /// The next thing that any lane has to say; a packet is in `buffer`.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<(LaneId, News)> {
        let count = self.lanes.len();
        for step in 0..count {
            let place = (self.cursor + step) % count;
            let Some(placed) = &mut self.lanes[place] else {
                continue;
            };
            if let Poll::Ready(news) = placed.lane.poll(cx, buffer) {
                self.cursor = (place + 1) % count;
                return Poll::Ready((LaneId(place), news));
            }
        }
        Poll::Pending
    }
}

/// No lane has room, and none could be opened.
pub(super) struct Unplaced {
    /// Why not.
    pub(super) error: SocketError,
    /// To which of the target's addresses.
    pub(super) address: usize,
}
