//! Who may log in, and what they get: FreeRADIUS's users file.
//!
//! ```text
//!  bob  NAS-Port < 10, Cleartext-Password := "hello"     check items: all must match; := and += always do
//!       Framed-IP-Address = 10.0.0.7,                    reply items: = if there is none yet, := instead, += also
//!       Reply-Message = "Hello, %{User-Name}",
//!       Fall-Through = Yes                               then the next entry that matches counts too
//!
//!  DEFAULT  Service-Type == Framed-User                  DEFAULT, DEFAULT1, …: any user
//!       Framed-Protocol = PPP
//!
//!  $INCLUDE others
//! ```
//!
//! The entries of a user and the DEFAULTs are asked in the order of the file; the first one that matches ends the
//! search unless it falls through. Reads files through an opener, and knows neither clock nor network.

mod check;
mod entry;
mod expand;
mod fault;
mod parse;
#[cfg(test)]
mod tests;

use std::cell::OnceCell;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use crate::attr::{Opener, Tree, decode, decode_clear};
use crate::auth::Method;
use crate::codec::{AttributeType, Packet};
use crate::dictionary::Dictionary;

pub use check::AuthType;
pub use entry::{Found, Source};
pub use fault::{Fault, FaultKind, Misplaced};

use entry::Entry;

/// All entries; a clone shares them.
#[derive(Clone, Debug, Default)]
pub struct Users(Arc<Entries>);

#[derive(Clone, Debug, Default)]
struct Entries {
    entries: Vec<Entry>,
    /// The entries of a name, in the order of the file.
    named: HashMap<Box<[u8]>, Vec<usize>>,
    /// The entries for any user, in the order of the file.
    defaults: Vec<usize>,
}

/// Who asks, and for what.
pub struct Asked<'a> {
    /// The request.
    pub packet: Packet<'a>,
    /// The names of its attributes.
    pub dictionary: &'a Dictionary,
    /// What opens its hidden attributes.
    pub opener: Option<Opener<'a>>,
    /// From where it came.
    pub source: IpAddr,
    /// The name of the client.
    pub client: &'a str,
    /// The time, in seconds since 1970.
    pub unix: u64,
    /// Whether nothing in it is hidden, as in RADIUS/1.1.
    clear: bool,
    tree: OnceCell<Tree<'a>>,
}

impl<'a> Asked<'a> {
    /// What is asked; attributes are decoded when an entry wants to know one.
    pub fn new(
        packet: Packet<'a>,
        dictionary: &'a Dictionary,
        opener: Option<Opener<'a>>,
        source: IpAddr,
        client: &'a str,
        unix: u64,
    ) -> Asked<'a> {
        Asked {
            packet,
            dictionary,
            opener,
            source,
            client,
            unix,
            clear: false,
            tree: OnceCell::new(),
        }
    }

    /// The same, where nothing is hidden (RFC 9765 §5.1).
    pub fn in_clear(self, clear: bool) -> Asked<'a> {
        Asked { clear, ..self }
    }

    /// User-Name, empty where there is none.
    pub fn name(&self) -> &'a [u8] {
        self.packet
            .first(AttributeType::USER_NAME)
            .map_or(&[], |attribute| attribute.value())
    }

    /// User-Name before and after its last `@` (RFC 7542 §2.2).
    pub fn stripped(&self) -> (&'a [u8], &'a [u8]) {
        let name = self.name();
        match name.iter().rposition(|octet| *octet == b'@') {
            Some(at) => (&name[..at], name.get(at + 1..).unwrap_or(&[])),
            None => (name, &[]),
        }
    }

    /// The attributes.
    pub fn tree(&self) -> &Tree<'a> {
        self.tree.get_or_init(|| match self.clear {
            true => decode_clear(&self.packet, self.dictionary),
            false => decode(&self.packet, self.dictionary, self.opener.as_ref()),
        })
    }
}

impl Users {
    /// Nobody.
    pub fn new() -> Users {
        Users::default()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.entries.is_empty()
    }

    /// Adds a user with a password and nothing else.
    pub fn add(&mut self, name: &[u8], password: &[u8]) {
        self.add_with(name, password, &[]);
    }

    /// Adds a user with a password and the methods that may be used; any where none is said.
    pub fn add_with(&mut self, name: &[u8], password: &[u8], methods: &[Method]) {
        self.push(Some(name), Entry::with_password(password, methods));
    }

    /// The entries that count for a request, joined; nothing if none does.
    pub fn find<'u>(&'u self, asked: &Asked<'_>) -> Option<Found<'u>> {
        let all = &*self.0;
        let own = all.named.get(asked.name()).map_or(&[][..], Vec::as_slice);
        let mut found: Option<Found<'u>> = None;
        for at in merged(own, &all.defaults) {
            let Some(entry) = all.entries.get(at).filter(|entry| entry.matches(asked)) else {
                continue;
            };
            match &mut found {
                Some(found) => found.join(entry, asked),
                None => found = Some(Found::first(entry, asked)),
            }
            if !entry.falls_through {
                break;
            }
        }
        found
    }

    fn push(&mut self, name: Option<&[u8]>, entry: Entry) {
        let all = Arc::make_mut(&mut self.0);
        let at = all.entries.len();
        all.entries.push(entry);
        match name {
            Some(name) => all.named.entry(name.into()).or_default().push(at),
            None => all.defaults.push(at),
        }
    }
}

/// Two ascending lists as one.
fn merged<'a>(mut left: &'a [usize], mut right: &'a [usize]) -> impl Iterator<Item = usize> + 'a {
    std::iter::from_fn(move || {
        let side = match (left.first(), right.first()) {
            (Some(a), Some(b)) if a < b => &mut left,
            (_, Some(_)) => &mut right,
            _ => &mut left,
        };
        let (first, rest) = side.split_first()?;
        *side = rest;
        Some(*first)
    })
}
