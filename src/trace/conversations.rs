//! Which packets belong to one conversation: rounds joined over State (RFC 2865 §5.24), and the records of one
//! session joined over Acct-Session-Id (RFC 2866 §5.5).

use std::net::IpAddr;

use super::capture::Time;
use super::memory::{Memory, digest};
use super::types::Types;
use crate::codec::{AttributeType, Code};

/// The most States and the most sessions that are remembered.
const MOST: usize = 16_384;
/// A State may have been given before the capture began; after this long it would have been used.
const SETTLED: u64 = 60_000_000_000;

const START: [u8; 4] = [0, 0, 0, 1];
const STOP: [u8; 4] = [0, 0, 0, 2];
const INTERIM_UPDATE: [u8; 4] = [0, 0, 0, 3];

/// Numbers conversations.
pub(super) struct Conversations {
    next: u64,
    began: Option<Time>,
    /// The conversation that each State belongs to, by the State and who keeps it.
    states: Memory<u64, u64>,
    /// Sessions, by Acct-Session-Id and client.
    sessions: Memory<u64, Session>,
    /// The Class that a conversation's Access-Accept gave.
    classes: Memory<u64, u64>,
}

/// What is known of a session.
#[derive(Clone, Copy, Default)]
struct Session {
    conversation: u64,
    started: bool,
    stopped: bool,
}

/// What joining a packet to a conversation found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Joined {
    /// The conversation's number; the first is 1.
    pub(super) conversation: u64,
    /// A State that no server was seen to give, though there was time to see it.
    pub(super) invented_state: bool,
    /// A record that does not follow from those before it.
    pub(super) out_of_order: bool,
    /// The Class of the session's Access-Accept is not here.
    pub(super) class_lost: bool,
}

impl Conversations {
    pub(super) fn new() -> Conversations {
        Conversations {
            next: 0,
            began: None,
            states: Memory::new(MOST),
            sessions: Memory::new(MOST),
            classes: Memory::new(MOST),
        }
    }

    /// Joins a request that was not seen before.
    pub(super) fn request(
        &mut self,
        now: Time,
        client: IpAddr,
        server: IpAddr,
        packet: &Types<'_>,
    ) -> Joined {
        let began = *self.began.get_or_insert(now);
        match packet.packet().code() {
            Code::ACCESS_REQUEST => {
                let mut joined = Joined::default();
                let state = packet.first(AttributeType::STATE);
                let known = state
                    .map(|state| digest((client, server), state.value()))
                    .and_then(|key| self.states.get_mut(&key).copied());
                joined.conversation = match known {
                    Some(conversation) => conversation,
                    None => self.number(),
                };
                joined.invented_state = state.is_some() && known.is_none() && now.since(began) > SETTLED;
                if let Some(session) = session_key(client, packet)
                    && self.sessions.get_mut(&session).is_none()
                {
                    let conversation = joined.conversation;
                    self.sessions.put(
                        session,
                        Session {
                            conversation,
                            ..Session::default()
                        },
                    );
                }
                joined
            }
            Code::ACCOUNTING_REQUEST => self.record(client, packet),
            _ => Joined {
                conversation: self.number(),
                ..Joined::default()
            },
        }
    }

    /// Remembers what a reply gives to what comes after it.
    pub(super) fn reply(&mut self, client: IpAddr, server: IpAddr, packet: &Types<'_>, conversation: u64) {
        if matches!(
            packet.packet().code(),
            Code::ACCESS_CHALLENGE | Code::ACCESS_ACCEPT
        ) && let Some(state) = packet.first(AttributeType::STATE)
        {
            self.states
                .put(digest((client, server), state.value()), conversation);
        }
        if packet.packet().code() == Code::ACCESS_ACCEPT
            && let Some(class) = packet.first(AttributeType::CLASS)
        {
            self.classes.put(conversation, digest((), class.value()));
        }
    }

    /// A number for a packet that belongs to no other.
    pub(super) fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn record(&mut self, client: IpAddr, packet: &Types<'_>) -> Joined {
        let Some(key) = session_key(client, packet) else {
            return Joined {
                conversation: self.number(),
                ..Joined::default()
            };
        };
        let mut session = match self.sessions.get_mut(&key) {
            Some(session) => *session,
            None => Session {
                conversation: self.number(),
                ..Session::default()
            },
        };
        let mut joined = Joined {
            conversation: session.conversation,
            ..Joined::default()
        };
        let status = packet.first(AttributeType::ACCT_STATUS_TYPE);
        match status.and_then(|status| status.value().first_chunk().copied()) {
            Some(START) => {
                joined.out_of_order = session.started || session.stopped;
                session.started = true;
            }
            Some(INTERIM_UPDATE) => joined.out_of_order = session.stopped,
            Some(STOP) => {
                joined.out_of_order = session.stopped;
                session.stopped = true;
            }
            _ => {}
        }
        if let Some(class) = self.classes.get_mut(&session.conversation) {
            joined.class_lost = !packet
                .packet()
                .all(AttributeType::CLASS)
                .any(|attribute| digest((), attribute.value()) == *class);
        }
        self.sessions.put(key, session);
        joined
    }
}

fn session_key(client: IpAddr, packet: &Types<'_>) -> Option<u64> {
    let session = packet.first(AttributeType::ACCT_SESSION_ID)?;
    Some(digest(client, session.value()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{Packet, hex};

    const CLIENT: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));
    const SERVER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 2));

    fn octets(code: u8, attributes: &str) -> Vec<u8> {
        let attributes = hex::decode(attributes).unwrap();
        let mut octets = vec![code, 1, 0, 20 + u8::try_from(attributes.len()).unwrap()];
        octets.extend([0; 16]);
        octets.extend(attributes);
        octets
    }

    fn request(conversations: &mut Conversations, at: u64, code: u8, attributes: &str) -> Joined {
        let octets = octets(code, attributes);
        let now = Time(at * 1_000_000_000);
        conversations.request(now, CLIENT, SERVER, &Types::of(Packet::parse(&octets).unwrap()))
    }

    fn reply(conversations: &mut Conversations, code: u8, attributes: &str, conversation: u64) {
        let octets = octets(code, attributes);
        conversations.reply(
            CLIENT,
            SERVER,
            &Types::of(Packet::parse(&octets).unwrap()),
            conversation,
        );
    }

    #[test]
    fn rounds_are_joined_over_state() {
        let mut all = Conversations::new();
        assert_eq!(request(&mut all, 0, 1, "010361").conversation, 1);
        assert_eq!(request(&mut all, 0, 1, "010362").conversation, 2);
        reply(&mut all, 11, "180373", 1);
        let second = request(&mut all, 1, 1, "180373");
        assert_eq!((second.conversation, second.invented_state), (1, false));
        assert!(!request(&mut all, 2, 1, "180374").invented_state);
        assert!(request(&mut all, 90, 1, "180375").invented_state);
    }

    #[test]
    fn the_records_of_a_session_are_joined_to_its_authentication_and_to_each_other() {
        let mut all = Conversations::new();
        assert_eq!(request(&mut all, 0, 1, "2c0361").conversation, 1);
        reply(&mut all, 2, "190378", 1);
        let start = request(&mut all, 1, 4, "2c0361280600000001190378");
        assert_eq!(
            start,
            Joined {
                conversation: 1,
                ..Joined::default()
            }
        );
        let interim = request(&mut all, 2, 4, "2c0361280600000003");
        assert_eq!((interim.conversation, interim.class_lost), (1, true));
        assert!(!request(&mut all, 3, 4, "2c0361280600000002190378").out_of_order);
        assert!(request(&mut all, 4, 4, "2c0361280600000003190378").out_of_order);
        assert_eq!(request(&mut all, 5, 4, "2c0362280600000001").conversation, 2);
    }
}
