//! Near names for wrong ones, and search. Knows no grammar.

use super::entry::{Entry, Vendor};
use super::key::Key;
use super::layers::Dictionary;

/// How many names a suggestion has at most.
const MOST: usize = 4;

/// Among what near names are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Near {
    /// All attributes.
    Attributes,
    /// The named values of the attribute at this key.
    Values(Key),
    /// All vendors.
    Vendors,
}

/// Something found by [`Dictionary::search`].
#[derive(Clone, Copy, Debug)]
pub enum Hit<'d> {
    /// An attribute whose name matches.
    Attribute(Entry<'d>),
    /// A vendor whose name matches.
    Vendor(Vendor<'d>),
    /// A named value of an attribute that matches.
    Value(Entry<'d>, &'d str, u64),
}

impl Dictionary {
    /// Known names that `wrong` is a misspelling of, or else those it is a part of; the best first, at most four.
    pub fn suggest(&self, wrong: &str, among: Near) -> Vec<&str> {
        let mut best = Best::new(wrong, MOST);
        match among {
            Near::Attributes => {
                for entry in self.attributes() {
                    best.offer(entry.name(), rarity(&entry));
                }
            }
            Near::Values(key) => {
                for value in self.entry(key).into_iter().flat_map(|entry| entry.all_values()) {
                    best.offer(value.name, 0);
                }
            }
            Near::Vendors => {
                for vendor in self.vendors() {
                    best.offer(vendor.name(), 0);
                }
            }
        }
        best.into_names()
    }

    /// Attributes, vendors and values in whose names all of the words occur, in any case; the best first.
    pub fn search(&self, words: &str) -> Vec<Hit<'_>> {
        let words: Vec<String> = words.split_whitespace().map(str::to_ascii_lowercase).collect();
        if words.is_empty() {
            return Vec::new();
        }
        let mut hits = Vec::new();
        for vendor in self.vendors() {
            if let Some(rank) = rank(vendor.name(), &words) {
                hits.push((rank, vendor.name(), Hit::Vendor(vendor)));
            }
        }
        for entry in self.attributes() {
            let own = rank(entry.name(), &words);
            if let Some(rank) = own {
                hits.push((rank + 1, entry.name(), Hit::Attribute(entry)));
            }
            if entry.values_key() != entry.key() && self.entry(entry.values_key()).is_some() {
                continue;
            }
            for (name, number) in entry.values() {
                // A value is found by its own name, or by words of which some are its attribute's.
                let mine = words.iter().any(|word| contains(name, word));
                let all = words
                    .iter()
                    .all(|word| contains(name, word) || contains(entry.name(), word));
                if mine && all && (own.is_none() || words.len() > 1) {
                    let rank = rank(name, &words).unwrap_or(40) + 2;
                    hits.push((rank, name, Hit::Value(entry, name, number)));
                }
            }
        }
        hits.sort_by_key(|(rank, name, _)| (*rank, name.len()));
        hits.into_iter().map(|(_, _, hit)| hit).collect()
    }
}

fn contains(name: &str, word: &str) -> bool {
    name.as_bytes()
        .windows(word.len())
        .any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

/// How well all words match `name`, 0 the best.
fn rank(name: &str, words: &[String]) -> Option<u32> {
    let mut sum = 0;
    for word in words {
        sum += if name.eq_ignore_ascii_case(word) {
            0
        } else if name.len() >= word.len()
            && name.as_bytes()[..word.len()].eq_ignore_ascii_case(word.as_bytes())
        {
            4
        } else if name
            .split(['-', '_', '.', '/'])
            .any(|part| part.eq_ignore_ascii_case(word))
        {
            8
        } else if contains(name, word) {
            16
        } else {
            return None;
        };
    }
    Some(sum)
}

/// The candidate that differs least from `word`, when that is little.
pub(crate) fn nearest<'n>(word: &str, candidates: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let most = most_edits(word);
    candidates
        .filter_map(|name| Some((edits(word, name, most)?, name)))
        .min_by_key(|(edits, name)| (*edits, name.len().abs_diff(word.len())))
        .map(|(_, name)| name)
}

/// How seldom an attribute is meant: the RFCs' are meant more often than vendors', and those than internal ones.
fn rarity(entry: &Entry<'_>) -> u8 {
    if entry.flags().internal || entry.flags().computed || entry.oid().is_empty() {
        return 2;
    }
    u8::from(entry.vendor().is_some())
}

/// The best names for a word, kept while candidates pass.
pub(crate) struct Best<'w, 'n> {
    word: &'w str,
    limit: usize,
    names: Vec<(Rank, &'n str)>,
}

/// How well a name matches, the least the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    likeness: Likeness,
    rarity: u8,
    length: usize,
}

/// In what way a name is like a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    /// So many letters differ.
    Misspelt(u32),
    /// It begins or ends with the word, at a hyphen.
    Within,
    /// The word stands in it, at a hyphen; or at its beginning.
    Inside,
    /// So many letters differ between the word and what follows a hyphen.
    TailMisspelt(u32),
}

impl<'w, 'n> Best<'w, 'n> {
    pub(crate) fn new(word: &'w str, limit: usize) -> Best<'w, 'n> {
        Best {
            word,
            limit,
            names: Vec::with_capacity(limit + 1),
        }
    }

    pub(crate) fn offer(&mut self, name: &'n str, rarity: u8) {
        let Some(likeness) = self.likeness(name) else {
            return;
        };
        let rank = Rank {
            likeness,
            rarity,
            length: name.len(),
        };
        let same = |(_, known): &(Rank, &str)| known.eq_ignore_ascii_case(name);
        if self.names.iter().any(same) {
            return;
        }
        let at = self.names.partition_point(|(known, _)| *known <= rank);
        if at < self.limit {
            self.names.insert(at, (rank, name));
            self.names.truncate(self.limit);
        }
    }

    /// The names; where one is nearly the word, without those that are much further away.
    pub(crate) fn into_names(self) -> Vec<&'n str> {
        let furthest = match self.names.first() {
            Some((rank, _)) => match rank.likeness {
                Likeness::Misspelt(edits) => Likeness::Misspelt(edits + 1),
                Likeness::TailMisspelt(edits) => Likeness::TailMisspelt(edits),
                Likeness::Within | Likeness::Inside => Likeness::Inside,
            },
            None => Likeness::Inside,
        };
        let near = |(rank, _): &(Rank, &str)| rank.likeness <= furthest;
        self.names
            .into_iter()
            .filter(near)
            .map(|(_, name)| name)
            .collect()
    }

    fn likeness(&self, name: &str) -> Option<Likeness> {
        let word = self.word;
        if let Some(edits) = edits(word, name, most_edits(word)) {
            return Some(Likeness::Misspelt(edits));
        }
        if word.len() < 3 {
            return None;
        }
        if let Some(within) = within(word, name) {
            return Some(within);
        }
        // The end of a vendor's attribute, misspelt: `AVPiar` for `Cisco-AVPair`.
        name.match_indices('-')
            .filter_map(|(at, _)| edits(word, &name[at + 1..], most_edits(word)))
            .min()
            .map(Likeness::TailMisspelt)
    }
}

/// Whether `word` stands in `name` from one hyphen on, hyphens in them aside.
fn within(word: &str, name: &str) -> Option<Likeness> {
    let is_joint = |octet: u8| matches!(octet, b'-' | b'_' | b'.' | b'/');
    let mut best = None;
    let mut at_joint = true;
    for (start, octet) in name.bytes().enumerate() {
        if is_joint(octet) {
            at_joint = true;
            continue;
        }
        if std::mem::take(&mut at_joint) {
            let mut rest = name.as_bytes()[start..].iter().copied().enumerate();
            let mut end = start;
            let found = word.bytes().filter(|octet| !is_joint(*octet)).all(|wanted| {
                let next = rest.by_ref().find(|(_, octet)| !is_joint(*octet));
                next.is_some_and(|(at, octet)| {
                    end = start + at + 1;
                    octet.eq_ignore_ascii_case(&wanted)
                })
            });
            if found {
                let whole = name.as_bytes().get(end).is_none_or(|octet| is_joint(*octet));
                let edge = start == 0 || end == name.len();
                let likeness = if whole && edge {
                    Likeness::Within
                } else if whole || start == 0 {
                    Likeness::Inside
                } else {
                    continue;
                };
                best = best.into_iter().chain([likeness]).min();
            }
        }
    }
    best
}

/// How many edits a word of this length may be away: more would make another word of it.
fn most_edits(word: &str) -> u32 {
    match word.len() {
        0..=2 => 0,
        3..=5 => 1,
        6..=10 => 2,
        11..=20 => 3,
        _ => 4,
    }
}

/// The longest names that are compared letter by letter.
const LONGEST: usize = 64;

/// Insertions, deletions, replacements and swaps of neighbours between `a` and `b`, case aside; `None` when there
/// are more than `most`.
fn edits(a: &str, b: &str, most: u32) -> Option<u32> {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > most as usize || b.len() > LONGEST || a.len() > LONGEST {
        return None;
    }
    let mut before = [0_u32; LONGEST + 1];
    let mut above = [0_u32; LONGEST + 1];
    let mut row = [0_u32; LONGEST + 1];
    for (at, cell) in above.iter_mut().enumerate().take(b.len() + 1) {
        *cell = at as u32;
    }
    for i in 1..=a.len() {
        row[0] = i as u32;
        let mut least = row[0];
        for j in 1..=b.len() {
            let same = a[i - 1].eq_ignore_ascii_case(&b[j - 1]);
            let mut cell = (above[j] + 1)
                .min(row[j - 1] + 1)
                .min(above[j - 1] + u32::from(!same));
            let swapped = i > 1
                && j > 1
                && a[i - 1].eq_ignore_ascii_case(&b[j - 2])
                && a[i - 2].eq_ignore_ascii_case(&b[j - 1]);
            if swapped {
                cell = cell.min(before[j - 2] + 1);
            }
            row[j] = cell;
            least = least.min(cell);
        }
        if least > most {
            return None;
        }
        (before, above) = (above, row);
    }
    Some(above[b.len()]).filter(|edits| *edits <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_count_swaps_once_and_ignore_case() {
        assert_eq!(edits("User-Nmae", "user-name", 3), Some(1));
        assert_eq!(edits("abc", "abc", 0), Some(0));
        assert_eq!(edits("abc", "abd", 0), None);
        assert_eq!(edits("kitten", "sitting", 3), Some(3));
    }

    #[test]
    fn the_nearest_word_is_found_or_none() {
        let words = ["ATTRIBUTE", "VALUE", "VENDOR"];
        assert_eq!(nearest("ATRIBUTE", words.into_iter()), Some("ATTRIBUTE"));
        assert_eq!(nearest("VALEU", words.into_iter()), Some("VALUE"));
        assert_eq!(nearest("nonsense", words.into_iter()), None);
    }

    #[test]
    fn parts_of_names_are_near() {
        let mut best = Best::new("avpair", 5);
        for name in ["Cisco-AVPair", "User-Name", "Unisphere-AVPair-Long"] {
            best.offer(name, 0);
        }
        assert_eq!(best.into_names(), ["Cisco-AVPair", "Unisphere-AVPair-Long"]);
    }

    fn suggested(wrong: &str) -> Vec<String> {
        let dictionary = Dictionary::builtin();
        let names = dictionary.suggest(wrong, Near::Attributes);
        names.into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn a_misspelling_gets_what_was_meant_and_little_else() {
        assert_eq!(suggested("User-Nmae"), ["User-Name"]);
        assert_eq!(suggested("NAS-IP-Adress"), ["NAS-IP-Address"]);
        assert_eq!(suggested("Cisco-AVPiar"), ["Cisco-AVPair"]);
        assert_eq!(suggested("xyzzy"), Vec::<String>::new());
        assert_eq!(suggested("Foo"), Vec::<String>::new());
    }

    #[test]
    fn a_part_gets_names_that_hold_it_and_the_rfcs_first() {
        assert!(suggested("password").contains(&"User-Password".to_owned()));
        assert_eq!(suggested("NASIP")[0], "NAS-IP-Address");
        assert!(suggested("mppe").iter().all(|name| name.contains("MPPE")));
        for part in ["Framed", "vlan", "ssid", "cisco", "Port", "session-id"] {
            let names = suggested(part);
            assert!(!names.is_empty() && names.len() <= 4, "{part}: {names:?}");
            let holds = |name: &String| name.to_ascii_lowercase().contains(&part.to_ascii_lowercase());
            assert!(names.iter().all(holds), "{part}: {names:?}");
        }
    }
}
