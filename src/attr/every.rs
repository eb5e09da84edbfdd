//! A random valid value of every attribute of every dictionary at hand: it encodes, decodes to itself, prints, and
//! parses from its print to the same octets; tags, hiding, fragments and nesting included.

use super::decode::value_of;
use super::testing::{dictionary, draft, octets, with_tree};
use super::{Attribute, Value};
use crate::dictionary::{Dictionary, Disk, Entry, LoadOptions, Oid, Type};

/// Dice that fall the same way in every run (Marsaglia's xorshift).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 16) % end
    }

    fn octets(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next() as u8).collect()
    }
}

/// Octets that are a value of the entry.
fn octets_of(entry: Entry<'_>, dice: &mut Dice, longest: u64) -> Vec<u8> {
    let bits = |dice: &mut Dice, max: u64| dice.below(max + 1) as u8;
    match entry.kind() {
        Type::String if entry.octets().is_none() => {
            let letters: Vec<char> = " aZ0%\"'\\\n\t\0,#{}=é漢\u{202e}".chars().collect();
            let count = dice.below(longest / 3) + 1;
            let text: String = (0..count)
                .map(|_| letters[dice.below(letters.len() as u64) as usize])
                .collect();
            if dice.below(4) == 0 {
                dice.octets(count as usize)
            } else {
                text.into_bytes()
            }
        }
        Type::Ipv4prefix => {
            let bits = bits(dice, 32);
            let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
            let mut octets = vec![0, bits];
            octets.extend((dice.next() as u32 & mask).to_be_bytes());
            octets
        }
        Type::Ipv6prefix => {
            let bits = bits(dice, 128);
            let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
            let whole = u128::from(dice.next()) << 64 | u128::from(dice.next());
            let mut octets = vec![0, bits];
            octets.extend(&(whole & mask).to_be_bytes()[..usize::from(bits).div_ceil(8)]);
            octets
        }
        Type::ComboIp => {
            let count = if dice.below(2) == 0 { 4 } else { 16 };
            dice.octets(count)
        }
        Type::ComboPrefix => vec![0, 8, 10, 0, 0, 0],
        Type::Bool => vec![bits(dice, 1)],
        Type::Float32 => (dice.next() as i32 as f32).to_be_bytes().to_vec(),
        Type::Float64 => (dice.next() as i64 as f64).to_be_bytes().to_vec(),
        Type::Abinary => super::abinary::parse("ip out forward dstip 192.0.2.0/24 udp srcport = 53").unwrap(),
        _ => match entry.octets() {
            Some(count) => {
                let mut octets = dice.octets(count);
                // Small numbers are the ones that have names.
                if dice.below(2) == 0 {
                    let last = octets.len() - 1;
                    octets[..last].fill(0);
                }
                octets
            }
            None => {
                let count = dice.below(longest) + 1;
                dice.octets(count as usize)
            }
        },
    }
}

/// The entry with a random value; `None` for what is a mere space, or cannot be told from its octets.
fn random<'d>(entry: Entry<'d>, dice: &mut Dice, longest: u64) -> Option<Attribute<'d>> {
    let flags = entry.flags();
    let has_tag = flags.has_tag && flags.encrypt.is_none();
    let mut tag = flags.has_tag.then(|| dice.below(32) as u8);
    let value = match entry.kind() {
        Type::Vsa | Type::Vendor | Type::Extended | Type::LongExtended | Type::Evs | Type::Group => {
            return None;
        }
        Type::Tlv | Type::Struct => {
            let all: Vec<Entry<'_>> = entry.children().collect();
            let every = entry.kind() == Type::Struct;
            let mut children = Vec::new();
            for child in all {
                if every || children.is_empty() || dice.below(3) == 0 {
                    children.extend(random(child, dice, longest / 3));
                }
                if !every && children.len() > 2 {
                    break;
                }
            }
            if children.is_empty() || every && children.len() < entry.children().count() {
                return None;
            }
            let chosen = children.iter().find_map(|child: &Attribute<'_>| {
                let key = child.entry?.key_field()?;
                Some((key.key(), child.children().first()?.oid.last()?))
            });
            if let Some((key, branch)) = chosen {
                for child in &mut children {
                    if child.entry.is_some_and(|entry| entry.key() == key) {
                        child.value = Value::Unsigned(u64::from(branch));
                    }
                }
            }
            Value::Group(children)
        }
        Type::Union => {
            let branch = entry.children().next()?;
            Value::Group(vec![random(branch, dice, longest)?])
        }
        Type::Bit => Value::Unsigned(dice.below(1 << entry.bits().unwrap_or(1).min(16))),
        Type::Uint32 if flags.has_tag => Value::Unsigned(dice.below(0x100_0000)),
        _ => {
            let longest = if flags.encrypt == Some(crate::dictionary::Encrypt::AscendSecret) {
                16
            } else {
                longest
            };
            let mut octets = octets_of(entry, dice, longest.max(3));
            if flags.encrypt.is_some() && entry.octets().is_none() {
                // Zeros at the end of a hidden value are padding.
                octets.truncate(16.max(octets.len().min(100)));
                octets.truncate(longest as usize);
                while octets.pop_if(|last| *last == 0).is_some() {}
                octets.push(b'!');
                octets.truncate(longest as usize);
                if octets.last() == Some(&0) {
                    octets.pop();
                }
            }
            value_of(entry, &octets)
        }
    };
    if matches!(value, Value::Unsigned(_)) || !has_tag {
        // There, no tag and the tag 0 are the same on the wire.
        tag = tag.filter(|tag| *tag != 0);
    } else if let Value::Text(text) = &value
        && text.bytes().next().is_some_and(|first| first > 0x1f)
        && tag == Some(0)
    {
        tag = None;
    }
    Some(Attribute {
        oid: entry.oid(),
        entry: Some(entry),
        tag,
        value,
        octets: Vec::new().into(),
        span: 0..0,
        hidden: flags.encrypt,
        secret: false,
    })
}

/// Puts every attribute of a dictionary through, `rounds` times; how many there were.
fn every(dictionary: &Dictionary, rounds: u64) -> usize {
    let mut count = 0;
    let mut dice = Dice(0x5eed);
    for entry in dictionary.attributes() {
        let internal = entry.flags().internal || entry.flags().computed;
        let above = |kind: Type| {
            let mut entry = entry;
            std::iter::from_fn(|| {
                entry = entry.parent()?;
                Some(entry)
            })
            .any(|above| above.kind() == kind)
        };
        // Of two names for one number, the newer one prints.
        let former = dictionary.entry(entry.key()).map(|found| found.name()) != Some(entry.name());
        if former || internal || entry.oid().is_empty() || entry.oid().parts()[0] > 255 {
            continue;
        }
        // Members of structs stand in their struct. These three are made anew for every packet, or joined.
        if above(Type::Struct) || above(Type::Union) || matches!(entry.oid().parts(), [3 | 80 | 92]) {
            continue;
        }
        for _ in 0..rounds {
            let Some(attribute) = random(entry, &mut dice, 90) else {
                break;
            };
            count += 1;
            one(dictionary, &attribute);
        }
    }
    count
}

fn one(dictionary: &Dictionary, attribute: &Attribute<'_>) {
    let text = attribute.pair(true).to_string();
    assert!(!attribute.is_raw(), "{text}");
    let first = match draft(dictionary, &text) {
        Ok(draft) => octets(&draft),
        Err(error) => panic!("{text}: {error:?}"),
    };
    let again = with_tree(dictionary, &first, |tree| {
        assert_eq!(tree.attributes.len(), 1, "{text}");
        assert!(tree.fault.is_none());
        tree.attributes[0].pair(true).to_string()
    });
    let above = attribute.entry.and_then(|entry| entry.parent());
    if above.is_some_and(|above| above.kind() == Type::Tlv) {
        // An inner attribute came back inside its container.
        assert!(again.contains('{'), "{text}\n{again}");
    } else {
        assert_eq!(again, text);
    }
    let second = octets(&draft(dictionary, &again).unwrap());
    assert_eq!(second, first, "{text}\n{again}");
}

#[test]
fn every_attribute_of_the_tests_goes_both_ways() {
    assert!(every(dictionary(), 50) > 2_500);
}

#[test]
fn every_embedded_attribute_goes_both_ways() {
    let dictionary = Dictionary::builtin();
    assert!(every(&dictionary, 1) > 5_000);
}

/// Skips, and says so, where FreeRADIUS's dictionaries are not installed (package freeradius-common).
#[test]
fn every_attribute_of_freeradius_goes_both_ways() {
    let path = "/usr/share/freeradius/dictionary";
    if !std::path::Path::new(path).exists() {
        eprintln!("SKIPPED: {path} is not installed (apt install freeradius-common)");
        return;
    }
    let mut dictionary = Dictionary::empty();
    assert!(dictionary.load(path, &Disk, LoadOptions::default()).is_ok());
    assert!(every(&dictionary, 1) > 6_500);
}

#[test]
fn an_oid_is_enough_where_a_name_is_missing() {
    let nothing = Dictionary::empty();
    for oid in ["200", "26.9.1", "241.1", "241.26.9.1", "245.4", "245.26.9.1"] {
        let oid: Oid = oid.parse().unwrap();
        let text = format!("Attr-{oid} = 0x0102");
        let octets = octets(&draft(&nothing, &text).unwrap());
        with_tree(&nothing, &octets, |tree| {
            assert_eq!(tree.attributes[0].oid, oid);
            assert_eq!(tree.attributes[0].pair(true).to_string(), text);
        });
    }
}
