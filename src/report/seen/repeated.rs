//! What is written again and again: rendered once, and copied from then on. A capture has millions of packets, but
//! few attributes, few addresses, and many packets in a second.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::net::SocketAddr;

use super::{SECOND, push_endpoint};
use crate::dictionary::{Key, Oid};
use crate::trace::capture::Time;
use crate::trace::memory::Mixer;

/// The most texts of a kind that are remembered.
const MOST: usize = 4096;
/// The ends of a conversation.
const ENDS: usize = 2;

/// Texts about attributes, by which attribute it is.
#[derive(Default)]
pub(super) struct Texts {
    /// Those of the packet's own attributes, by number.
    top: Vec<Option<Box<str>>>,
    /// Those of others, and of numbers that have names.
    others: HashMap<(Key, u64), Box<str>, BuildHasherDefault<Mixer>>,
}

impl Texts {
    /// Appends the text about an attribute; `make` says it the first time.
    pub(super) fn attribute(&mut self, out: &mut String, oid: Oid, make: impl FnOnce(&mut String)) {
        let [number] = *oid.parts() else {
            let key = oid.parts().iter().fold(Key::ROOT, |key, part| key.child(*part));
            return self.other(out, (key, 0), make);
        };
        let at = number as usize;
        if let Some(Some(text)) = self.top.get(at) {
            return out.push_str(text);
        }
        let text = made(out, make);
        if at < MOST {
            if self.top.len() <= at {
                self.top.resize_with(at + 1, || None);
            }
            if let Some(place) = self.top.get_mut(at) {
                *place = Some(text);
            }
        }
    }

    /// Appends the text about a number as a value of the attribute at `key`; `make` says it the first time.
    pub(super) fn number(
        &mut self,
        out: &mut String,
        (key, number): (Key, u64),
        make: impl FnOnce(&mut String),
    ) {
        // Beside the texts about the attributes themselves.
        self.other(out, (key, number.wrapping_add(1)), make);
    }

    fn other(&mut self, out: &mut String, key: (Key, u64), make: impl FnOnce(&mut String)) {
        if let Some(text) = self.others.get(&key) {
            return out.push_str(text);
        }
        let text = made(out, make);
        if self.others.len() < MOST {
            self.others.insert(key, text);
        }
    }
}

/// Appends a text that is made now, and keeps it.
fn made(out: &mut String, make: impl FnOnce(&mut String)) -> Box<str> {
    let start = out.len();
    make(out);
    out.get(start..).unwrap_or_default().into()
}

/// The second that packets come in, as text.
#[derive(Default)]
pub(super) struct Seconds {
    last: Option<u64>,
    text: String,
}

impl Seconds {
    /// Appends the second that a time is in; `make` says it, always in the same form, where it is another than before.
    pub(super) fn push(&mut self, out: &mut String, time: Time, make: fn(&mut String, u64)) {
        let second = time.0 / SECOND;
        if self.last != Some(second) {
            self.last = Some(second);
            self.text.clear();
            make(&mut self.text, second);
        }
        out.push_str(&self.text);
    }
}

/// The ends that packets go between, as text.
#[derive(Default)]
pub(super) struct Ends {
    known: [Option<(SocketAddr, String)>; ENDS],
    oldest: usize,
}

impl Ends {
    /// Appends an address and a port.
    pub(super) fn push(&mut self, out: &mut String, end: SocketAddr) {
        if let Some((_, text)) = self.known.iter().flatten().find(|(known, _)| *known == end) {
            return out.push_str(text);
        }
        let start = out.len();
        push_endpoint(out, end);
        let text = out.get(start..).unwrap_or_default().to_owned();
        if let Some(place) = self.known.get_mut(self.oldest) {
            *place = Some((end, text));
        }
        self.oldest = (self.oldest + 1) % ENDS;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_made_once_for_each_attribute_and_each_number() {
        let mut texts = Texts::default();
        let mut out = String::new();
        let (user, vendor) = (Oid::new(&[1]).unwrap(), Oid::new(&[26, 9, 1]).unwrap());
        for _ in 0..2 {
            let mut made = false;
            for (oid, text) in [(user, "user "), (vendor, "vendor ")] {
                texts.attribute(&mut out, oid, |out| {
                    made = true;
                    out.push_str(text);
                });
            }
            texts.number(&mut out, (Key::ROOT.child(1), 0), |out| out.push_str("zero "));
            texts.number(&mut out, (Key::ROOT.child(1), 1), |out| out.push_str("one "));
            out.push_str(if made { "made; " } else { "copied" });
        }
        assert_eq!(out, "user vendor zero one made; user vendor zero one copied");
    }

    #[test]
    fn times_and_ends_are_those_of_now() {
        let (mut seconds, mut ends, mut out) = (Seconds::default(), Ends::default(), String::new());
        for time in [0, 999_999_999, SECOND, 0] {
            seconds.push(&mut out, Time(time), |out, second| {
                out.push_str(if second == 0 { "zero " } else { "one " });
            });
        }
        assert_eq!(out, "zero zero one zero ");
        out.clear();
        for end in ["10.0.0.1:1", "[::1]:2", "10.0.0.1:1", "10.0.0.3:3", "10.0.0.1:1"] {
            ends.push(&mut out, end.parse().unwrap());
            out.push(' ');
        }
        assert_eq!(out, "10.0.0.1:1 [::1]:2 10.0.0.1:1 10.0.0.3:3 10.0.0.1:1 ");
    }
}
