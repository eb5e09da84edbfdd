//! Which connection leads to the NAS of a session: dynamic authorization goes down a connection that the NAS made
//! (draft-ietf-radext-reverse-coa), since a firewall or an address translator lets nothing else through to it.
//!
//! What a NAS named in its requests is remembered with the connection on which they came: the attributes that name NAS
//! and session. A CoA-Request or Disconnect-Request goes to the NAS that named all that it names, last of all. A NAS
//! that lost that connection and made another one is found there, by who it is.
//!
//! Memory is bounded; knows no socket and no clock.

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;

use super::sessions::{StatusType, names_nas, names_session};
use super::{Deed, Did, Pending, Responder, lock};
use crate::codec::{Attribute, AttributeType, Code, Packet};
use crate::responder::Moment;
use crate::responder::coa::ErrorCause;
use crate::responder::facts::Why;
use crate::responder::reply::Items;

/// The number of a connection; never used twice.
pub type LinkId = u64;

/// The most requests whose names are remembered.
const MOST: usize = 20_000;

/// The connections, and what was named on them.
#[derive(Debug, Default)]
pub struct Reverse {
    links: BTreeMap<LinkId, Who>,
    contexts: VecDeque<Context>,
}

/// Who made a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// What the client is called.
    pub name: String,
    /// Its address.
    pub source: IpAddr,
}

/// What one request named.
#[derive(Debug, PartialEq, Eq)]
struct Context {
    link: LinkId,
    who: Who,
    names: Vec<(AttributeType, Vec<u8>)>,
}

/// The attributes of a packet that name a NAS or a session.
fn names<'a>(packet: &Packet<'a>) -> impl Iterator<Item = Attribute<'a>> {
    let named =
        |attribute: &Attribute<'_>| names_nas(attribute.number()) || names_session(attribute.number());
    packet.attributes().map_while(Result::ok).filter(named)
}

impl Reverse {
    /// A client connected.
    pub fn connected(&mut self, link: LinkId, who: Who) {
        self.links.insert(link, who);
    }

    /// A connection is gone. What was named on it may still lead to another one.
    pub fn disconnected(&mut self, link: LinkId) {
        self.links.remove(&link);
    }

    /// Takes note of a request that came on a connection, found authentic.
    pub fn note(&mut self, link: LinkId, packet: &Packet<'_>) {
        let Some(who) = self.links.get(&link) else { return };
        if !matches!(packet.code(), Code::ACCESS_REQUEST | Code::ACCOUNTING_REQUEST) {
            return;
        }
        let context = Context {
            link,
            who: who.clone(),
            names: names(packet)
                .map(|attribute| (attribute.number(), attribute.value().to_vec()))
                .collect(),
        };
        if StatusType::of(packet) == Some(StatusType::Stop) {
            self.end(&context);
        } else if self.contexts.back() != Some(&context) {
            self.contexts.push_back(context);
        }
        while self.contexts.len() > MOST {
            self.contexts.pop_front();
        }
    }

    /// Forgets the session that a Stop names.
    fn end(&mut self, stop: &Context) {
        let session = |context: &Context| {
            let mut named = context.names.iter();
            named
                .find(|(number, _)| *number == AttributeType::ACCT_SESSION_ID)
                .map(|(_, value)| value.clone())
        };
        let ended = session(stop);
        self.contexts
            .retain(|context| context.who != stop.who || ended.is_none() || session(context) != ended);
    }

    /// The connection that leads to the NAS which named all that this request names; none where it names no session.
    pub fn find(&self, packet: &Packet<'_>) -> Option<LinkId> {
        if !names(packet).any(|attribute| names_session(attribute.number())) {
            return None;
        }
        let named_all = |context: &&Context| {
            names(packet).all(|asked| {
                let mut named = context.names.iter();
                named.any(|(number, value)| (*number, value.as_slice()) == (asked.number(), asked.value()))
            })
        };
        self.contexts
            .iter()
            .rev()
            .filter(named_all)
            .find_map(|context| self.way(context))
    }

    /// The connection on which it was named, or the newest one of the same client.
    fn way(&self, context: &Context) -> Option<LinkId> {
        if self.links.contains_key(&context.link) {
            return Some(context.link);
        }
        let mut same = self.links.iter().rev().filter(|(_, who)| **who == context.who);
        same.next().map(|(link, _)| *link)
    }
}

impl Responder {
    /// A client made a connection on which it may be asked.
    pub fn connected(&self, link: LinkId, who: Who) {
        lock(&self.reverse).connected(link, who);
    }

    /// That connection is gone.
    pub fn disconnected(&self, link: LinkId) {
        lock(&self.reverse).disconnected(link);
    }

    /// A request came on that connection, and was found authentic.
    pub fn noted(&self, link: LinkId, packet: &Packet<'_>) {
        lock(&self.reverse).note(link, packet);
    }

    /// The NAS cannot be asked, or did not answer: whoever asked for it is told why (RFC 5176 §3.6).
    pub fn unreached(&self, pending: &Pending, cause: ErrorCause, moment: &mut Moment<'_>) -> (Did, Deed) {
        let nak = match pending.packet().map(|packet| packet.code()) {
            Some(Code::DISCONNECT_REQUEST) => Code::DISCONNECT_NAK,
            _ => Code::COA_NAK,
        };
        let mut items = Items::new();
        // Four octets always fit.
        let _ = items.push(AttributeType::ERROR_CAUSE, &cause.0.to_be_bytes());
        self.settle(pending, nak, &items, Why::Cause(cause), moment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Builder;

    fn packet(code: Code, attributes: &[(u8, &[u8])]) -> Vec<u8> {
        let mut builder = Builder::new(code, 1, &[0; 16]);
        for (number, value) in attributes {
            builder.attribute(AttributeType(*number), value).unwrap();
        }
        builder.finish()
    }

    struct World(Reverse);

    impl World {
        fn new(links: &[(LinkId, &str)]) -> World {
            let mut reverse = Reverse::default();
            for (link, name) in links {
                reverse.connected(*link, who(name));
            }
            World(reverse)
        }

        fn note(&mut self, link: LinkId, code: Code, attributes: &[(u8, &[u8])]) {
            let octets = packet(code, attributes);
            self.0.note(link, &Packet::parse(&octets).unwrap());
        }

        fn find(&self, attributes: &[(u8, &[u8])]) -> Option<LinkId> {
            let octets = packet(Code::COA_REQUEST, attributes);
            self.0.find(&Packet::parse(&octets).unwrap())
        }
    }

    fn who(name: &str) -> Who {
        Who {
            name: name.to_owned(),
            source: [192, 0, 2, 1].into(),
        }
    }

    const ALICE: (u8, &[u8]) = (1, b"alice");
    const NAS: (u8, &[u8]) = (32, b"nas");
    const OTHER: (u8, &[u8]) = (32, b"other");
    const SESSION: (u8, &[u8]) = (44, b"s1");
    const FILTER: (u8, &[u8]) = (11, b"filter");

    #[test]
    fn a_request_goes_to_the_nas_that_named_the_session_last() {
        let mut world = World::new(&[(1, "one"), (2, "two")]);
        world.note(1, Code::ACCESS_REQUEST, &[ALICE, NAS]);
        world.note(2, Code::ACCESS_REQUEST, &[ALICE, OTHER, FILTER]);
        assert_eq!(world.find(&[ALICE]), Some(2));
        assert_eq!(world.find(&[ALICE, NAS, FILTER]), Some(1));
        assert_eq!(world.find(&[ALICE, SESSION]), None);
        assert_eq!(world.find(&[(1, b"bob")]), None);
        // Which session is meant, nobody said.
        assert_eq!(world.find(&[NAS]), None);
        world.note(1, Code::ACCOUNTING_REQUEST, &[ALICE, NAS, SESSION]);
        assert_eq!(world.find(&[ALICE, SESSION]), Some(1));
    }

    #[test]
    fn a_session_that_stopped_is_nobodys() {
        let mut world = World::new(&[(1, "one")]);
        let status = |value: &'static [u8; 4]| (40, &value[..]);
        world.note(
            1,
            Code::ACCOUNTING_REQUEST,
            &[status(&[0, 0, 0, 1]), ALICE, SESSION],
        );
        assert_eq!(world.find(&[SESSION]), Some(1));
        world.note(
            1,
            Code::ACCOUNTING_REQUEST,
            &[status(&[0, 0, 0, 2]), ALICE, SESSION],
        );
        assert_eq!(world.find(&[SESSION]), None);
    }

    #[test]
    fn a_nas_that_came_back_is_found_on_its_new_connection() {
        let mut world = World::new(&[(1, "one"), (2, "two")]);
        world.note(1, Code::ACCESS_REQUEST, &[ALICE]);
        world.0.disconnected(1);
        assert_eq!(world.find(&[ALICE]), None);
        world.0.connected(3, who("one"));
        world.0.connected(4, who("two"));
        assert_eq!(world.find(&[ALICE]), Some(3));
    }

    #[test]
    fn no_flood_of_names_makes_it_larger_than_its_bounds() {
        let mut world = World::new(&[(1, "one")]);
        for number in 0..MOST as u32 + 100 {
            world.note(1, Code::ACCESS_REQUEST, &[(1, &number.to_be_bytes())]);
        }
        assert_eq!(world.0.contexts.len(), MOST);
        assert_eq!(world.find(&[(1, &0_u32.to_be_bytes())]), None);
    }
}
