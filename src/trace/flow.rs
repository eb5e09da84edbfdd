//! Conversations as wholes: what went which way, and when. Knows no arrows: `report` draws them.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use super::capture::Time;
use super::driver::Event;
use super::eap::Eap;
use super::link::{Link, Number};
use super::observe::Observed;
use crate::codec::{AttributeType, Code};

/// The most conversations that are gathered at a time.
const MAX_OPEN: usize = 1024;
/// The most packets of one conversation that are kept.
const MAX_STEPS: usize = 1024;

/// Gathers conversations.
#[derive(Default)]
pub struct Flows {
    open: BTreeMap<u64, Flow>,
}

/// One conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Its number.
    pub conversation: u64,
    /// Who asked, and who was asked, where that is known.
    pub ends: Option<(SocketAddr, SocketAddr)>,
    /// Whom it is about: the first User-Name, as it stands on the wire.
    pub user: Option<Vec<u8>>,
    /// What happened, in order.
    pub steps: Vec<Step>,
    /// How many more steps there were than are kept.
    pub more: u64,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The frame.
    pub number: u64,
    /// When.
    pub time: Time,
    /// Whether it went to the server.
    pub forth: bool,
    /// What it is.
    pub code: Code,
    /// Its Identifier or Token.
    pub request: Number,
    /// What is special about it.
    pub mark: Mark,
    /// The EAP packet in it, if there is one.
    pub eap: Option<Eap>,
    /// Acct-Status-Type, if there is one.
    pub status: Option<u32>,
}

/// What is special about a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Nothing.
    None,
    /// A later transmission of a request; which one.
    Retransmission(u32),
    /// A reply that came again; which one.
    Duplicate(u32),
    /// A reply whose request had been given up.
    Late,
    /// A reply whose request was not seen.
    Orphan,
    /// The request at this step has no reply: how often it was sent.
    Unanswered(u32),
}

impl Flows {
    /// Takes what the observer tells, and gives back a conversation when there are too many.
    pub fn take(&mut self, event: &Event<'_, '_>) -> Option<Flow> {
        match event {
            Event::Packet(observed) => {
                let step = step(observed)?;
                let sighting = &observed.sighting;
                let ends = match step.forth {
                    true => (sighting.source, sighting.destination),
                    false => (sighting.destination, sighting.source),
                };
                let flow = self.open.entry(observed.conversation).or_insert_with(|| Flow {
                    conversation: observed.conversation,
                    ends: sighting.is_placed().then_some(ends),
                    user: None,
                    steps: Vec::new(),
                    more: 0,
                });
                if flow.user.is_none()
                    && let Ok(packet) = &observed.packet
                {
                    let user = packet.first(AttributeType::USER_NAME);
                    flow.user = user.map(|user| user.value().to_vec());
                }
                flow.push(step);
            }
            Event::Unanswered(request) => {
                if let Some(flow) = self.open.get_mut(&request.conversation) {
                    flow.push(Step {
                        number: request.number,
                        time: request.last,
                        forth: true,
                        code: request.code,
                        request: request.request,
                        mark: Mark::Unanswered(request.transmissions),
                        eap: None,
                        status: None,
                    });
                }
            }
            Event::Trouble(_) => {}
        }
        if self.open.len() > MAX_OPEN {
            return self.open.pop_first().map(|(_, flow)| flow);
        }
        None
    }

    /// The conversations that are left, in their order.
    pub fn finish(self) -> impl Iterator<Item = Flow> {
        self.open.into_values()
    }
}

impl Flow {
    fn push(&mut self, step: Step) {
        if self.steps.len() < MAX_STEPS {
            self.steps.push(step);
        } else {
            self.more += 1;
        }
    }
}

fn step(observed: &Observed<'_>) -> Option<Step> {
    let packet = observed.packet.ok()?;
    let mark = match observed.link? {
        Link::Request { transmission: 1, .. } => Mark::None,
        Link::Request { transmission, .. } => Mark::Retransmission(transmission),
        Link::Reply { late: true, .. } => Mark::Late,
        Link::Reply { repeat: 1, .. } => Mark::None,
        Link::Reply { repeat, .. } => Mark::Duplicate(repeat),
        Link::Orphan => Mark::Orphan,
    };
    let status = packet
        .first(AttributeType::ACCT_STATUS_TYPE)
        .and_then(|status| status.value().first_chunk().copied());
    Some(Step {
        number: observed.sighting.number,
        time: observed.sighting.time,
        forth: !observed.is_reply(),
        code: packet.code(),
        request: Number::of(&packet, observed.sighting.version),
        mark,
        eap: observed.eap.clone(),
        status: status.map(u32::from_be_bytes),
    })
}
