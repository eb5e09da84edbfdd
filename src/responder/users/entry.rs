//! One entry of a users file, and several joined into one answer.

use std::borrow::Cow;
use std::sync::Arc;

use super::Asked;
use super::check::{AuthType, Check, Control};
use super::expand::Template;
use crate::attr::{Draft, EncodeError, Literal, LiteralKind, NoNames, Operator, Pair, Part, Word};
use crate::auth::Method;
use crate::auth::password::Stored;
use crate::auth::server::{Account, Known};
use crate::codec::Secret;
use crate::dictionary::Oid;
use crate::responder::reply::Items;

/// Where an entry stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The file's path as it was opened.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: u32,
}

#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Where it stands; not for users that were given otherwise.
    pub(super) source: Option<Source>,
    pub(super) checks: Vec<Check>,
    pub(super) controls: Vec<Control>,
    pub(super) reply: Vec<Item>,
    pub(super) falls_through: bool,
    /// What the entry says when it counts alone: most do.
    ready: Ready,
}

/// What is known of an entry before anybody asks.
#[derive(Clone, Debug, Default)]
struct Ready {
    account: Option<Arc<Account>>,
    /// Not when a value has to be filled in.
    items: Option<Arc<Items>>,
}

/// A reply item.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) oid: Oid,
    pub(super) tag: Option<u8>,
    pub(super) operator: Operator,
    pub(super) value: ItemValue,
}

#[derive(Clone, Debug)]
pub(super) enum ItemValue {
    /// Encoded already.
    Ready(Vec<Part>),
    /// To be filled in: the attribute's name as it was written, and the text.
    Template(String, Template),
}

/// An item's numbers and tag, and what it puts into the reply.
type Joined = (Oid, Option<u8>, Vec<Part>);

/// What the entries that match say.
#[derive(Clone, Debug)]
pub struct Found<'u> {
    /// Where the first of them stands.
    pub source: Option<&'u Source>,
    /// What the user must know.
    pub account: Option<Arc<Account>>,
    /// What is decided without a look at credentials.
    pub auth_type: Option<AuthType>,
    /// To where the request is to be passed on.
    pub proxy_to: Option<&'u str>,
    /// How many sessions the user may have.
    pub simultaneous_use: Option<u32>,
    /// When the account ends, in seconds since 1970.
    pub expiration: Option<u64>,
    /// The values of reply items that turned out to be none.
    pub misfits: Vec<EncodeError>,
    items: Arc<Items>,
    /// The items one by one, once entries have to be joined.
    joined: Option<Vec<Joined>>,
    first: &'u Entry,
}

impl Entry {
    pub(super) fn new(
        source: Option<Source>,
        checks: Vec<Check>,
        controls: Vec<Control>,
        reply: Vec<Item>,
        falls_through: bool,
    ) -> Entry {
        let account = account(&controls);
        let fixed = |item: &Item| matches!(item.value, ItemValue::Ready(_));
        let items = reply.iter().all(fixed).then(|| {
            let mut joined = Vec::new();
            for item in &reply {
                if let ItemValue::Ready(parts) = &item.value {
                    join(&mut joined, 0, item, Cow::Borrowed(parts));
                }
            }
            Arc::new(collect(&joined))
        });
        Entry {
            source,
            checks,
            controls,
            reply,
            falls_through,
            ready: Ready { account, items },
        }
    }

    pub(super) fn with_password(password: &[u8], methods: &[Method]) -> Entry {
        let mut controls = vec![Control::Password(Stored::Cleartext(Secret::new(password)))];
        if !methods.is_empty() {
            controls.push(Control::Methods(methods.into()));
        }
        Entry::new(None, Vec::new(), controls, Vec::new(), false)
    }

    pub(super) fn matches(&self, asked: &Asked<'_>) -> bool {
        self.checks.iter().all(|check| check.holds(asked))
    }

    /// What the last pattern of its check items matched, as `%{0}`, `%{1}` and so on say it.
    fn captures(&self, asked: &Asked<'_>) -> Vec<String> {
        let patterns = self.checks.iter().rev().filter_map(|check| match check {
            Check::Attribute(expression) => expression.captures(asked.tree()),
            _ => None,
        });
        patterns.take(1).flatten().collect()
    }
}

impl<'u> Found<'u> {
    pub(super) fn first(entry: &'u Entry, asked: &Asked<'_>) -> Found<'u> {
        let mut found = Found {
            source: entry.source.as_ref(),
            account: entry.ready.account.clone(),
            auth_type: None,
            proxy_to: None,
            simultaneous_use: None,
            expiration: None,
            misfits: Vec::new(),
            items: entry.ready.items.clone().unwrap_or_default(),
            joined: None,
            first: entry,
        };
        found.control(entry);
        if entry.ready.items.is_none() {
            found.joined = Some(Vec::new());
            found.add_items(entry, asked);
        }
        found
    }

    /// Another entry counts too.
    pub(super) fn join(&mut self, entry: &'u Entry, asked: &Asked<'_>) {
        if self.account.is_none() {
            self.account.clone_from(&entry.ready.account);
        }
        self.control(entry);
        if entry.reply.is_empty() {
            return;
        }
        if self.joined.is_none() {
            self.joined = Some(Vec::new());
            self.add_items(self.first, asked);
        }
        self.add_items(entry, asked);
    }

    /// The attributes of the reply.
    pub fn items(&self) -> Arc<Items> {
        match &self.joined {
            Some(joined) => Arc::new(collect(joined)),
            None => Arc::clone(&self.items),
        }
    }

    fn control(&mut self, entry: &'u Entry) {
        for control in &entry.controls {
            match control {
                Control::Password(_) | Control::Methods(_) | Control::Nothing => {}
                Control::AuthType(auth_type) => self.auth_type = Some(*auth_type),
                Control::ProxyTo(realm) => self.proxy_to = Some(realm),
                Control::SimultaneousUse(most) => self.simultaneous_use = Some(*most),
                Control::Expiration(unix) => self.expiration = Some(*unix),
            }
        }
    }

    fn add_items(&mut self, entry: &Entry, asked: &Asked<'_>) {
        let Some(joined) = &mut self.joined else { return };
        let captures = entry.captures(asked);
        let mut before = joined.len();
        for item in &entry.reply {
            match item.parts(asked, &captures) {
                Ok(parts) => before = join(joined, before, item, parts),
                Err(misfit) => self.misfits.push(misfit),
            }
        }
    }
}

impl Item {
    /// The encoded attribute, its value filled in.
    fn parts(&self, asked: &Asked<'_>, captures: &[String]) -> Result<Cow<'_, [Part]>, EncodeError> {
        let (name, template) = match &self.value {
            ItemValue::Ready(parts) => return Ok(Cow::Borrowed(parts)),
            ItemValue::Template(name, template) => (name, template),
        };
        let text = template.expand(asked, captures);
        if text.is_empty() {
            // Nothing to say: an attribute without value must not be sent (RFC 2865 §5).
            return Ok(Cow::Borrowed(&[]));
        }
        let pair = Pair {
            name: Word {
                text: name,
                span: 0..name.len(),
            },
            tag: self.tag.map(|tag| (tag, 0..name.len())),
            operator: Operator::Set,
            operator_span: 0..name.len(),
            value: Literal {
                kind: LiteralKind::Quoted(Cow::Owned(text)),
                span: 0..name.len(),
            },
        };
        let mut draft = Draft::new();
        draft.push_pair(&pair, asked.dictionary, &NoNames)?;
        Ok(Cow::Owned(draft.parts().to_vec()))
    }
}

/// Adds an item to those that are there: `=` if there is none of its kind, `:=` in their place, `+=` beside them. Only
/// the first `before` are looked at, which are from the entries before this one; how many of them are left.
fn join(joined: &mut Vec<Joined>, before: usize, item: &Item, parts: Cow<'_, [Part]>) -> usize {
    let same = |(oid, tag, _): &Joined| *oid == item.oid && *tag == item.tag;
    let new = (item.oid, item.tag, parts.into_owned());
    let there = joined.iter().take(before).position(same);
    match (item.operator, there) {
        (Operator::Assign, Some(first)) => {
            let (mut at, mut left) = (0, before);
            joined.retain(|other| {
                let goes = first < at && at < before && same(other);
                left -= usize::from(goes);
                at += 1;
                !goes
            });
            if let Some(place) = joined.get_mut(first) {
                *place = new;
            }
            return left;
        }
        (Operator::Assign | Operator::Append, _) | (_, None) => joined.push(new),
        _ => {}
    }
    before
}

fn collect(joined: &[(Oid, Option<u8>, Vec<Part>)]) -> Items {
    let mut items = Items::new();
    for part in joined.iter().flat_map(|(_, _, parts)| parts) {
        items.push_part(part);
    }
    items
}

/// What the user must know: the password itself where it is there, since every method can be checked against it,
/// then its NT hash, then any other.
fn account(controls: &[Control]) -> Option<Arc<Account>> {
    let passwords = || {
        controls.iter().filter_map(|control| match control {
            Control::Password(stored) => Some(stored),
            _ => None,
        })
    };
    let best = passwords()
        .find(|stored| stored.cleartext().is_some())
        .or_else(|| passwords().find(|stored| stored.nt_hash().is_some()))
        .or_else(|| passwords().next());
    // Each says a method more that the user may use.
    let methods: Vec<Method> = controls
        .iter()
        .filter_map(|control| match control {
            Control::Methods(methods) => Some(&**methods),
            _ => None,
        })
        .flatten()
        .copied()
        .collect();
    if best.is_none() && methods.is_empty() {
        return None;
    }
    Some(Arc::new(Account {
        password: match best {
            Some(Stored::Cleartext(password)) => Known::Clear(password.clone()),
            Some(Stored::Nt(hash)) => Known::Nt(hash.clone()),
            Some(other) => Known::Hashed(other.clone()),
            None => Known::Nothing,
        },
        methods: (!methods.is_empty()).then(|| methods.into()),
        expired: false,
    }))
}
