//! Who is online, as accounting tells it: a session begins with a Start or an Interim-Update and ends with its Stop,
//! or with its NAS (RFC 2866 §5.1). Dynamic authorization finds sessions here (RFC 5176 §3).
//!
//! Keeps the attributes that identify a session as they came, compares octets, and knows no dictionary. Memory is
//! bounded: beyond the most sessions allowed the oldest are forgotten.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

use crate::codec::{AttributeType, Attributes, Packet};

/// What an Accounting-Request reports (RFC 2866 §5.1, RFC 2867 §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatusType {
    /// 1: a session begins.
    Start,
    /// 2: a session ends.
    Stop,
    /// 3: a session goes on.
    Interim,
    /// 7: the NAS begins to account, so that it has no sessions.
    On,
    /// 8: the NAS will account no more.
    Off,
    /// Any other number.
    Other(u32),
}

impl StatusType {
    /// What the packet's Acct-Status-Type says, if it has one of four octets.
    pub fn of(packet: &Packet<'_>) -> Option<StatusType> {
        let value = packet.first(AttributeType::ACCT_STATUS_TYPE)?.value();
        Some(match u32::from_be_bytes(value.try_into().ok()?) {
            1 => StatusType::Start,
            2 => StatusType::Stop,
            3 => StatusType::Interim,
            7 => StatusType::On,
            8 => StatusType::Off,
            other => StatusType::Other(other),
        })
    }
}

/// The attributes that name a NAS (RFC 5176 §3).
const NAS: &[u8] = &[4, 32, 95];
/// The attributes that name a session (RFC 5176 §3, RFC 4372).
const SESSION: &[u8] = &[1, 5, 8, 30, 31, 44, 50, 87, 89, 96, 97];

/// Whether attributes of this type name a NAS.
pub fn names_nas(number: AttributeType) -> bool {
    NAS.contains(&number.0)
}

/// Whether attributes of this type name a session.
pub fn names_session(number: AttributeType) -> bool {
    SESSION.contains(&number.0)
}

/// The number of a session in the table, never used twice.
pub type SessionId = u64;

/// One who is online.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// From where accounting came.
    pub client: IpAddr,
    /// The attributes that name NAS and session, and its Class, as they came.
    pub attributes: Vec<u8>,
}

impl Session {
    /// Whether one of the session's attributes has this type and value.
    pub fn has(&self, number: AttributeType, value: &[u8]) -> bool {
        self.values(number).any(|own| own == value)
    }

    /// The values of the attributes of a type.
    pub fn values(&self, number: AttributeType) -> impl Iterator<Item = &[u8]> {
        Attributes::new(&self.attributes, 0)
            .map_while(Result::ok)
            .filter(move |attribute| attribute.number() == number)
            .map(|attribute| attribute.value())
    }
}

/// All who are online.
#[derive(Debug)]
pub struct Sessions {
    table: BTreeMap<SessionId, Session>,
    by_session: HashMap<(IpAddr, Vec<u8>), SessionId>,
    by_user: HashMap<Vec<u8>, usize>,
    next: SessionId,
    max: usize,
    seen: bool,
}

impl Sessions {
    /// A table of at most `max` sessions.
    pub fn new(max: usize) -> Sessions {
        Sessions {
            table: BTreeMap::new(),
            by_session: HashMap::new(),
            by_user: HashMap::new(),
            next: 0,
            max: max.max(1),
            seen: false,
        }
    }

    /// Takes note of an Accounting-Request from `client`.
    pub fn account(&mut self, client: IpAddr, packet: &Packet<'_>) {
        let Some(status) = StatusType::of(packet) else {
            return;
        };
        self.seen = true;
        match status {
            StatusType::Start | StatusType::Interim => self.begin(client, packet),
            StatusType::Stop => {
                if let Some(session) = packet.first(AttributeType::ACCT_SESSION_ID)
                    && let Some(id) = self.by_session.get(&(client, session.value().to_vec()))
                {
                    self.end(*id);
                }
            }
            StatusType::On | StatusType::Off => self.end_all(client, packet),
            StatusType::Other(_) => {}
        }
    }

    /// How many are online.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether nobody is.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Whether accounting ever said anything.
    pub fn fed(&self) -> bool {
        self.seen
    }

    /// How many sessions a user has.
    pub fn of_user(&self, name: &[u8]) -> usize {
        self.by_user.get(name).copied().unwrap_or(0)
    }

    /// Every session with its number, the oldest first.
    pub fn iter(&self) -> impl Iterator<Item = (SessionId, &Session)> {
        self.table.iter().map(|(id, session)| (*id, session))
    }

    /// Takes a session out.
    pub fn end(&mut self, id: SessionId) -> Option<Session> {
        let session = self.table.remove(&id)?;
        for key in session.values(AttributeType::ACCT_SESSION_ID) {
            self.by_session.remove(&(session.client, key.to_vec()));
        }
        if let Some(user) = session.values(AttributeType::USER_NAME).next()
            && let Some(count) = self.by_user.get_mut(user)
        {
            *count -= 1;
            if *count == 0 {
                self.by_user.remove(user);
            }
        }
        Some(session)
    }

    fn begin(&mut self, client: IpAddr, packet: &Packet<'_>) {
        let Some(key) = packet.first(AttributeType::ACCT_SESSION_ID) else {
            return;
        };
        let key = (client, key.value().to_vec());
        if let Some(former) = self.by_session.get(&key) {
            self.end(*former);
        }
        while self.table.len() >= self.max {
            let Some(oldest) = self.table.keys().next().copied() else {
                break;
            };
            self.end(oldest);
        }
        let mut attributes = Vec::new();
        let mut session_id = false;
        for attribute in packet.attributes().map_while(Result::ok) {
            let number = attribute.number();
            // Only the first Acct-Session-Id names the session: RFC 2866 §5.5 allows one.
            let first = number != AttributeType::ACCT_SESSION_ID || !std::mem::replace(&mut session_id, true);
            if first && (names_nas(number) || names_session(number) || number == AttributeType::CLASS) {
                attributes.extend_from_slice(attribute.octets());
            }
        }
        let session = Session { client, attributes };
        if let Some(user) = session.values(AttributeType::USER_NAME).next() {
            *self.by_user.entry(user.to_vec()).or_default() += 1;
        }
        self.by_session.insert(key, self.next);
        self.table.insert(self.next, session);
        self.next += 1;
    }

    /// Ends all sessions of the NAS that the packet names, or of `client` where it names none.
    fn end_all(&mut self, client: IpAddr, packet: &Packet<'_>) {
        let named = || {
            packet
                .attributes()
                .map_while(Result::ok)
                .filter(|attribute| names_nas(attribute.number()))
        };
        let ended: Vec<SessionId> = self
            .iter()
            .filter(|(_, session)| session.client == client)
            .filter(|(_, session)| {
                named().all(|attribute| session.has(attribute.number(), attribute.value()))
            })
            .map(|(id, _)| id)
            .collect();
        for id in ended {
            self.end(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{Builder, Code};

    fn accounting(status: u8, session: &str, user: &str, nas: &str) -> Vec<u8> {
        let mut builder = Builder::new(Code::ACCOUNTING_REQUEST, 1, &[0; 16]);
        builder
            .attribute(AttributeType::ACCT_STATUS_TYPE, &[0, 0, 0, status])
            .unwrap();
        for (number, value) in [(44, session), (1, user), (32, nas)] {
            if !value.is_empty() {
                builder
                    .attribute(AttributeType(number), value.as_bytes())
                    .unwrap();
            }
        }
        builder.finish()
    }

    fn feed(sessions: &mut Sessions, status: u8, session: &str, user: &str, nas: &str) {
        let octets = accounting(status, session, user, nas);
        sessions.account([192, 0, 2, 1].into(), &Packet::parse(&octets).unwrap());
    }

    #[test]
    fn a_session_begins_goes_on_and_ends_once() {
        let mut sessions = Sessions::new(10);
        assert!(!sessions.fed());
        feed(&mut sessions, 1, "a", "bob", "nas");
        feed(&mut sessions, 3, "a", "bob", "nas");
        assert_eq!((sessions.len(), sessions.of_user(b"bob")), (1, 1));
        feed(&mut sessions, 2, "a", "bob", "nas");
        feed(&mut sessions, 2, "a", "bob", "nas");
        assert_eq!((sessions.len(), sessions.of_user(b"bob")), (0, 0));
        assert!(sessions.fed());
    }

    #[test]
    fn a_nas_that_starts_anew_has_no_sessions() {
        let mut sessions = Sessions::new(10);
        feed(&mut sessions, 1, "a", "bob", "one");
        feed(&mut sessions, 1, "b", "bob", "two");
        feed(&mut sessions, 7, "", "", "one");
        assert_eq!((sessions.len(), sessions.of_user(b"bob")), (1, 1));
        feed(&mut sessions, 8, "", "", "");
        assert!(sessions.is_empty());
    }

    #[test]
    fn the_oldest_sessions_make_room() {
        let mut sessions = Sessions::new(3);
        for number in 0..20 {
            feed(&mut sessions, 1, &format!("s{number}"), "bob", "nas");
        }
        let left: Vec<&[u8]> = sessions
            .iter()
            .flat_map(|(_, session)| session.values(AttributeType::ACCT_SESSION_ID))
            .collect();
        assert_eq!(left, [b"s17", b"s18", b"s19"]);
        assert_eq!(sessions.by_session.len(), 3);
        assert_eq!(sessions.of_user(b"bob"), 3);
    }
}
