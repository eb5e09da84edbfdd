//! What a dictionary has to offer for what is typed. Knows no shell.

use crate::dictionary::{Dictionary, Entry};

/// Something that could stand in the place of what is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The whole of it, with what was typed before.
    pub text: String,
    /// What it is, in a few words.
    pub about: String,
}

/// `NAME = VALUE`, several of them joined by commas, nested in braces (`--attr`).
pub fn pairs(dictionary: &Dictionary, typed: &str) -> Vec<Candidate> {
    let (start, inside) = last_pair(typed);
    pair(dictionary, typed, start, &inside)
}

/// A verdict, or `NAME OP VALUE` (`--expect`).
pub fn expectation(dictionary: &Dictionary, typed: &str) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = VERDICTS
        .iter()
        .filter(|(word, _)| starts(word, typed))
        .map(|(word, about)| Candidate {
            text: (*word).to_owned(),
            about: (*about).to_owned(),
        })
        .collect();
    found.extend(pairs(dictionary, typed));
    found
}

/// What `--expect` knows beside attributes.
const VERDICTS: &[(&str, &str)] = &[
    ("accept", "Access-Accept"),
    ("reject", "Access-Reject"),
    ("challenge", "Access-Challenge"),
    ("ack", "CoA-ACK or Disconnect-ACK"),
    ("nak", "CoA-NAK or Disconnect-NAK"),
    ("response", "Accounting-Response"),
    ("none", "no answer"),
];

/// Conditions joined by words (`--filter`).
pub fn filter(dictionary: &Dictionary, typed: &str) -> Vec<Candidate> {
    let folded = typed.to_ascii_lowercase();
    let start = [" and ", " or ", "not ", "("]
        .iter()
        .filter_map(|joint| folded.rfind(joint).map(|at| at + joint.len()))
        .max()
        .unwrap_or(0);
    pair(dictionary, typed, start, &[])
}

/// An attribute's name.
pub fn attribute(dictionary: &Dictionary, typed: &str) -> Vec<Candidate> {
    names(dictionary, typed, &[])
}

/// The name of an attribute that has named values.
pub fn attribute_with_values(dictionary: &Dictionary, typed: &str) -> Vec<Candidate> {
    let mut found = names(dictionary, typed, &[]);
    found.retain(|candidate| {
        let entry = dictionary
            .resolve(&candidate.text)
            .ok()
            .and_then(|found| found.entry);
        entry.is_some_and(|entry| entry.all_values().next().is_some())
    });
    found
}

/// A vendor's name.
pub fn vendor(dictionary: &Dictionary, typed: &str) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = dictionary
        .vendors()
        .filter(|vendor| starts(vendor.name(), typed))
        .map(|vendor| Candidate {
            text: vendor.name().to_owned(),
            about: vendor.pen().to_string(),
        })
        .collect();
    tidy(&mut found);
    found
}

/// Where the pair at the end of `typed` starts, and the names before the braces around it.
fn last_pair(typed: &str) -> (usize, Vec<&str>) {
    let (mut start, mut inside) = (0, Vec::new());
    let (mut quoted, mut escaped) = (false, false);
    for (at, octet) in typed.bytes().enumerate() {
        match octet {
            _ if escaped => escaped = false,
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' => {
                inside.push(name(&typed[start..at]));
                start = at + 1;
            }
            b'}' => {
                inside.pop();
                start = at + 1;
            }
            b',' | b'\n' => start = at + 1,
            _ => {}
        }
    }
    (start, inside)
}

/// The name that a pair begins with, without its tag.
fn name(pair: &str) -> &str {
    let pair = pair.trim_start();
    let end = pair
        .find(|character: char| !is_of_name(character))
        .unwrap_or(pair.len());
    &pair[..end]
}

fn is_of_name(character: char) -> bool {
    character.is_alphanumeric() || "-_./&@".contains(character)
}

/// Names for a pair that has none yet, values for one that has a name and an operator.
fn pair(dictionary: &Dictionary, typed: &str, start: usize, inside: &[&str]) -> Vec<Candidate> {
    let rest = &typed[start..];
    let start = start + rest.len() - rest.trim_start().len();
    let name = name(rest);
    let after = &typed[start + name.len()..];
    if after.is_empty() {
        let mut found = names(dictionary, name, inside);
        for candidate in &mut found {
            candidate.text = format!("{}{}=", &typed[..start], candidate.text);
        }
        return found;
    }
    let Some(value) = value(after) else {
        return Vec::new();
    };
    let Some(entry) = find(dictionary, name, inside) else {
        return Vec::new();
    };
    let before = &typed[..typed.len() - value.len()];
    let mut found: Vec<Candidate> = entry
        .all_values()
        .filter(|known| starts(known.name, value))
        .map(|known| {
            let word = if known
                .name
                .bytes()
                .all(|octet| octet.is_ascii_alphanumeric() || b"-_./+:@".contains(&octet))
            {
                known.name.to_owned()
            } else {
                format!("\"{}\"", known.name)
            };
            Candidate {
                text: format!("{before}{word}"),
                about: known.text.map_or_else(|| known.number.to_string(), str::to_owned),
            }
        })
        .collect();
    tidy(&mut found);
    found
}

/// The beginning of a value behind a tag, an operator and blanks; nothing where there is no operator yet.
fn value(after: &str) -> Option<&str> {
    let after = match after.strip_prefix(':') {
        Some(tag) => tag.trim_start_matches(|character: char| character.is_ascii_digit()),
        None => after,
    };
    let after = after.trim_start();
    let value = after.trim_start_matches([':', '=', '+', '!', '<', '>', '~']);
    (value.len() < after.len()).then(|| value.trim_start())
}

/// The entry of a name that stands inside the braces of others.
fn find<'d>(dictionary: &'d Dictionary, name: &str, inside: &[&str]) -> Option<Entry<'d>> {
    let above = inside
        .split_last()
        .and_then(|(last, around)| find(dictionary, last, around));
    above
        .and_then(|above| dictionary.child_named(above.key(), name))
        .or_else(|| dictionary.resolve(name).ok()?.entry)
}

/// Names that begin with what is typed: of what stands in the braces' attribute, of a path's last part, or of all.
fn names(dictionary: &Dictionary, typed: &str, inside: &[&str]) -> Vec<Candidate> {
    let above = inside
        .split_last()
        .and_then(|(last, around)| find(dictionary, last, around));
    let mut found = Vec::new();
    if let Some(above) = above {
        found.extend(
            above
                .children()
                .flat_map(|child| [(child.local_name(), child), (short(&child), child)])
                .filter(|(name, _)| starts(name, typed))
                .map(|(name, child)| of(name, &child)),
        );
    }
    if found.is_empty() {
        found.extend(
            dictionary
                .attributes()
                .filter(|entry| starts(entry.name(), typed))
                .map(|entry| of(entry.name(), &entry)),
        );
    }
    if found.is_empty()
        && let Some((path, last)) = typed.rsplit_once('.')
    {
        let above = dictionary.resolve(path).ok().and_then(|found| found.entry);
        found.extend(
            above
                .into_iter()
                .flat_map(|above| above.children())
                .filter(|child| starts(short(child), last))
                .map(|child| of(&format!("{path}.{}", short(&child)), &child)),
        );
    }
    tidy(&mut found);
    found
}

/// The name below its vendor's: `AVPair`.
fn short<'d>(entry: &Entry<'d>) -> &'d str {
    let (name, vendor) = (entry.local_name(), entry.vendor());
    let head = vendor.map_or("", |vendor| vendor.name());
    let rest = name.get(head.len()..).filter(|_| starts(name, head));
    rest.and_then(|rest| rest.strip_prefix('-')).unwrap_or(name)
}

fn of(name: &str, entry: &Entry<'_>) -> Candidate {
    let oid = entry.oid().to_string();
    Candidate {
        text: name.to_owned(),
        about: if oid.is_empty() {
            entry.kind().to_string()
        } else {
            format!("{} {oid}", entry.kind())
        },
    }
}

/// In the order of the alphabet, each once.
fn tidy(found: &mut Vec<Candidate>) {
    found.sort_by(|a, b| a.text.cmp(&b.text));
    found.dedup_by(|a, b| a.text == b.text);
}

fn starts(name: &str, typed: &str) -> bool {
    name.as_bytes()
        .get(..typed.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(typed.as_bytes()))
}
