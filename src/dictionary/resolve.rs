//! From any spelling of an attribute to its place.

use std::ops::Range;

use super::entry::Entry;
use super::key::Key;
use super::kind::Type;
use super::layers::Dictionary;
use super::oid::{Oid, decimal};

/// What a spelling stands for.
#[derive(Clone, Copy, Debug)]
pub struct Resolved<'d> {
    /// The numbers; empty for an attribute that has none (`DEFINE`).
    pub oid: Oid,
    /// The entry, when the dictionary has one there.
    pub entry: Option<Entry<'d>>,
    /// Whether the value is to be taken as octets: behind `raw.`, and when there is no entry.
    pub raw: bool,
}

/// Why a spelling stands for nothing; the offending part of it by octets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolveError {
    /// The part of the spelling that is wrong.
    pub at: Range<usize>,
    /// What is wrong with it.
    pub kind: ResolveErrorKind,
}

/// What is wrong with a spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResolveErrorKind {
    /// No attribute has this name; near ones: `suggest(part, Near::Attributes)`.
    UnknownName,
    /// The entry at this key has no child with this name.
    UnknownChild(Key),
    /// No vendor has this name; near ones: `suggest(part, Near::Vendors)`.
    UnknownVendor,
    /// Empty, or an empty part.
    Empty,
    /// A number that does not fit 32 bits.
    BadNumber,
    /// More numbers than [`Oid::DEPTH`].
    TooDeep,
}

/// A part of the spelling, and where it starts.
#[derive(Clone, Copy)]
struct Part<'s> {
    text: &'s str,
    at: usize,
}

impl<'s> Part<'s> {
    fn error(self, kind: ResolveErrorKind) -> ResolveError {
        ResolveError {
            at: self.at..self.at + self.text.len(),
            kind,
        }
    }

    /// What follows `prefix`, in any case.
    fn after(self, prefix: &str) -> Option<Part<'s>> {
        let head = self.text.get(..prefix.len())?;
        head.eq_ignore_ascii_case(prefix).then(|| self.skip(prefix.len()))
    }

    fn skip(self, octets: usize) -> Part<'s> {
        Part {
            text: &self.text[octets..],
            at: self.at + octets,
        }
    }

    /// The part before the first dot, and what follows the dot.
    fn split(self) -> (Part<'s>, Option<Part<'s>>) {
        match self.text.find('.') {
            Some(dot) => (
                Part {
                    text: &self.text[..dot],
                    at: self.at,
                },
                Some(self.skip(dot + 1)),
            ),
            None => (self, None),
        }
    }

    fn is_digits(self) -> bool {
        !self.text.is_empty() && self.text.bytes().all(|octet| octet.is_ascii_digit())
    }
}

/// A place in the tree that a walk has reached.
#[derive(Clone, Copy)]
struct Place<'d> {
    oid: Oid,
    key: Key,
    entry: Option<Entry<'d>>,
}

impl Dictionary {
    /// The attribute meant by `spelling`: a name (`Cisco-AVPair`), a path of names and numbers
    /// (`Vendor-Specific.Cisco.AVPair`, `26.9.1`, `1`), or a name for what has none (`Attr-26.9.1`,
    /// `Vendor-9-Attr-1`, `Cisco-Attr-1`); each also behind `raw.`, `&` or a dot.
    ///
    /// # Errors
    ///
    /// Names that nothing has and numbers that are none; an unknown number is no error.
    pub fn resolve(&self, spelling: &str) -> Result<Resolved<'_>, ResolveError> {
        let mut part = Part {
            text: spelling,
            at: 0,
        };
        part = part.after("&").unwrap_or(part);
        part = part.after(".").unwrap_or(part);
        let raw = part.after("raw.").filter(|_| self.named(part.text).is_none());
        part = raw.unwrap_or(part);
        if part.text.is_empty() {
            return Err(part.error(ResolveErrorKind::Empty));
        }
        let place = self.place(part)?;
        Ok(Resolved {
            oid: place.oid,
            entry: place.entry,
            raw: raw.is_some() || place.entry.is_none(),
        })
    }

    fn place<'s>(&self, part: Part<'s>) -> Result<Place<'_>, ResolveError> {
        if let Some(entry) = self.named(part.text) {
            return Ok(self.at(entry));
        }
        if let Some(numbers) = part.after("Attr-").filter(|rest| rest.split().0.is_digits()) {
            return self.walk(
                Place {
                    oid: Oid::ROOT,
                    key: Key::ROOT,
                    entry: None,
                },
                numbers,
            );
        }
        if let Some(place) = self.nameless(part)? {
            return Ok(place);
        }
        let (first, rest) = part.split();
        let top = Place {
            oid: Oid::ROOT,
            key: Key::ROOT,
            entry: None,
        };
        if first.is_digits() || self.named(first.text).is_some() {
            return self.walk(top, part);
        }
        if let (Some(vendor), Some(rest)) = (self.vendor_named(first.text), rest) {
            return self.walk(self.at(vendor.entry()), rest);
        }
        // `Cisco-AVPair`, when the dictionary calls the vendor's attribute AVPair only.
        for (dash, _) in part.text.match_indices('-') {
            let found = self
                .vendor_named(&part.text[..dash])
                .and_then(|vendor| self.child_named(vendor.key(), &part.text[dash + 1..]));
            if let Some(entry) = found {
                return Ok(self.at(entry));
            }
        }
        Err(first.error(if first.text.is_empty() {
            ResolveErrorKind::Empty
        } else {
            ResolveErrorKind::UnknownName
        }))
    }

    /// `Vendor-9-Attr-1`, `Cisco-Attr-1`: as servers print what has no name.
    fn nameless<'s>(&self, part: Part<'s>) -> Result<Option<Place<'_>>, ResolveError> {
        let folded = |at: &usize| {
            part.text
                .get(*at..*at + 6)
                .is_some_and(|text| text.eq_ignore_ascii_case("-Attr-"))
        };
        let Some(at) = part.text.match_indices('-').map(|(at, _)| at).find(folded) else {
            return Ok(None);
        };
        let (vendor, numbers) = (
            Part {
                text: &part.text[..at],
                at: part.at,
            },
            part.skip(at + 6),
        );
        if !numbers.split().0.is_digits() {
            return Ok(None);
        }
        let space = match vendor.after("Vendor-").filter(|pen| pen.is_digits()) {
            Some(pen) => {
                let pen = decimal(pen.text).ok_or_else(|| pen.error(ResolveErrorKind::BadNumber))?;
                let oid = Oid::new(&[26, pen]).unwrap_or_default();
                Place {
                    oid,
                    key: oid.key(),
                    entry: self.entry(oid.key()),
                }
            }
            None => match self.vendor_named(vendor.text) {
                Some(found) => self.at(found.entry()),
                None => return Err(vendor.error(ResolveErrorKind::UnknownVendor)),
            },
        };
        self.walk(space, numbers).map(Some)
    }

    /// From `place` along names and numbers.
    fn walk<'d>(&'d self, mut place: Place<'d>, part: Part<'_>) -> Result<Place<'d>, ResolveError> {
        let mut rest = Some(part);
        while let Some(part) = rest {
            // A name may itself hold dots, as `802.1X` does: the longest one that is known counts.
            if let Some((entry, after)) = self.longest_name(place.key, part) {
                (place, rest) = (self.at(entry), after);
                continue;
            }
            let (step, after) = part.split();
            rest = after;
            if step.text.is_empty() {
                return Err(step.error(ResolveErrorKind::Empty));
            }
            if !step.is_digits() {
                return Err(step.error(match place.key {
                    Key::ROOT => ResolveErrorKind::UnknownName,
                    _ if self.is_vendors(place) => ResolveErrorKind::UnknownVendor,
                    key => ResolveErrorKind::UnknownChild(key),
                }));
            }
            let number = decimal(step.text).ok_or_else(|| step.error(ResolveErrorKind::BadNumber))?;
            let key = place.key.child(number);
            let oid = place
                .oid
                .child(number)
                .ok_or_else(|| step.error(ResolveErrorKind::TooDeep))?;
            place = Place {
                oid,
                key,
                entry: self.entry(key),
            };
        }
        Ok(place)
    }

    /// The child of `scope` with the longest name that `part` starts with, and what follows it.
    fn longest_name<'d, 's>(&'d self, scope: Key, part: Part<'s>) -> Option<(Entry<'d>, Option<Part<'s>>)> {
        let child = |name: &str| match scope {
            Key::ROOT => self.named(name),
            scope => self.child_named(scope, name),
        };
        if part
            .text
            .bytes()
            .all(|octet| octet.is_ascii_digit() || octet == b'.')
        {
            return None;
        }
        if let Some(entry) = child(part.text) {
            return Some((entry, None));
        }
        part.text
            .rmatch_indices('.')
            .find_map(|(dot, _)| Some((child(&part.text[..dot])?, Some(part.skip(dot + 1)))))
    }

    fn is_vendors(&self, place: Place<'_>) -> bool {
        place.key == Key::VENDORS || place.entry.is_some_and(|entry| entry.kind() == Type::Evs)
    }

    fn at<'d>(&'d self, entry: Entry<'d>) -> Place<'d> {
        Place {
            oid: entry.oid(),
            key: entry.key(),
            entry: Some(entry),
        }
    }
}
