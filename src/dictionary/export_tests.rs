//! What is exported loads to an equal dictionary.

use proptest::prelude::*;

use super::super::{Dictionary, Disk, LoadOptions, Memory};

/// Everything a dictionary says, line by line, without where it says so.
pub(crate) fn facts(dictionary: &Dictionary) -> Vec<String> {
    let mut facts = Vec::new();
    for vendor in dictionary.vendors() {
        facts.push(format!(
            "vendor {} {} {}",
            vendor.name(),
            vendor.pen(),
            vendor.format()
        ));
    }
    for entry in dictionary
        .all()
        .filter(|entry| !entry.marked(super::mark::FOREIGN | super::mark::IMPLIED))
    {
        let mut aliases: Vec<_> = entry.aliases().collect();
        aliases.sort_unstable();
        facts.push(format!(
            "{:?} {} {} {} {:?} {:?} {:?} {:?} values {:?} key {:?} ref {:?} also {aliases:?}",
            entry.key(),
            entry.oid(),
            entry.name(),
            entry.local_name(),
            entry.kind(),
            entry.row().length,
            entry.flags(),
            entry.subtype(),
            entry.values_key(),
            entry.key_field().map(|field| field.key()),
            entry.reference().and_then(|reference| reference.key),
        ));
        for value in entry.all_values() {
            facts.push(format!(
                "{:?} value {} {} {:?}",
                entry.key(),
                value.name,
                value.number,
                value.text
            ));
        }
    }
    facts.sort_unstable();
    facts.dedup();
    facts
}

pub(crate) fn assert_round_trip(dictionary: &Dictionary) {
    let text = dictionary.export();
    let mut again = Dictionary::empty();
    if let Err(faults) = again.load(
        "export",
        &Memory::with("export", text.as_str()),
        LoadOptions::default(),
    ) {
        panic!("{faults:#?}\n{text}");
    }
    let (before, after) = (facts(dictionary), facts(&again));
    let lost: Vec<_> = before
        .iter()
        .filter(|fact| after.binary_search(fact).is_err())
        .collect();
    let new: Vec<_> = after
        .iter()
        .filter(|fact| before.binary_search(fact).is_err())
        .collect();
    assert!(
        lost.is_empty() && new.is_empty(),
        "lost {lost:#?}\nnew {new:#?}\n{text:.20000}"
    );
}

#[test]
fn what_ships_is_exported_and_read_again() {
    assert_round_trip(&Dictionary::builtin());
}

#[test]
fn freeradius_dictionaries_are_exported_and_read_again() {
    let mut dictionary = Dictionary::empty();
    let path = "/usr/share/freeradius/dictionary";
    if dictionary.load(path, &Disk, LoadOptions::default()).is_err() {
        println!("SKIPPED: {path} is not installed");
        return;
    }
    assert_round_trip(&dictionary);
}

/// What the property below has found.
#[test]
fn what_is_easily_mixed_up_is_exported_and_read_again() {
    for text in [
        // A name that something without a number has, given to it once more in another place.
        "VENDOR V 9\nENUM V-A integer\nBEGIN-VENDOR V\nALIAS V-A V-A\nEND-VENDOR V\n",
        // An alias that has the name a vendor's attribute would otherwise be given.
        "VENDOR V 9\nDEFINE A integer\nALIAS V-A A\nBEGIN-VENDOR V\nATTRIBUTE A 1 string\nEND-VENDOR V\n",
        "VENDOR V 9\nATTRIBUTE B 1 integer\nALIAS V-A B\nBEGIN-VENDOR V\nATTRIBUTE A 1 string\nEND-VENDOR V\n",
        "VENDOR V 9\nVENDOR W 10\nBEGIN PROTOCOL RADIUS 1\nATTRIBUTE A 26.9.1 string\nALIAS W-A 26.9.1\n\
         BEGIN-VENDOR W\nENUM A integer\nEND-VENDOR W\nEND PROTOCOL\n",
        // A value of a set, by the name of an attribute that shares it; and a set whose name an attribute has too.
        "BEGIN PROTOCOL RADIUS 1\nVALUE V-A One 3\nATTRIBUTE V-A 1 date enum=@.C\nDEFINE C integer\nEND PROTOCOL\n",
        "VENDOR V 9\nBEGIN PROTOCOL RADIUS 1\nENUM A integer\nALIAS B A\nEND PROTOCOL\nBEGIN-VENDOR V\n\
         ATTRIBUTE A 1 string\nEND-VENDOR V\n",
        "VENDOR V 9\nDEFINE C string\nBEGIN-VENDOR V\nALIAS C C\nEND-VENDOR V\n",
    ] {
        let mut dictionary = Dictionary::empty();
        let loaded = dictionary.load("any", &Memory::with("any", text), LoadOptions::default());
        assert!(loaded.is_ok(), "{text}: {loaded:?}");
        assert_round_trip(&dictionary);
    }
}

fn one_of(words: &'static str) -> impl Strategy<Value = String> {
    prop::sample::select(words.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
}

const NAMES: &str = "A B C D A-B V-A V-B W-A A.B Same Other";
const TYPES: &str =
    "string octets[3] integer byte int16 ipaddr ether date tlv struct group union ipv6addr abinary";

/// A line that defines or refers, or a struct or TLV with what is in it.
fn line() -> impl Strategy<Value = String> {
    let flags = one_of(
        "secret has_tag encrypt=2 concat array internal key enum=A enum=.B enum=@.C ref=@.A ref=@DHCPv4 clone=A clone=.B \
         precision=ms subtype=uint16 length=uint8 unsafe,flat counter",
    );
    let number =
        one_of("1 2 3 4 5 6 7 200 300 1.1 2.1 3.2 26.9.1 26.9.2 26.9.2.1 241.1 241.26.9.1 .1 .2 .1.1");
    let definition = (one_of(NAMES), number, one_of(TYPES), prop::option::of(flags)).prop_map(
        |(name, number, kind, flags)| {
            format!("ATTRIBUTE {name} {number} {kind} {}\n", flags.unwrap_or_default())
        },
    );
    let member = (
        one_of("K L M N"),
        one_of("uint8 uint16 bit[8] octets string tlv struct"),
        one_of("key array enum=A"),
    )
        .prop_map(|(name, kind, flag)| match flag.as_str() {
            "key" if kind == "uint8" => format!("MEMBER {name} uint8 key\nMEMBER U union key={name}\n"),
            "array" => format!("MEMBER {name} {kind} array\n"),
            _ => format!("MEMBER {name} {kind}\n"),
        });
    let of_struct = (
        one_of(NAMES),
        one_of("11 12 13"),
        prop::collection::vec(member, 0..4),
    )
        .prop_map(|(name, number, members)| {
            format!("ATTRIBUTE {name} {number} struct\n{}", members.concat())
        });
    prop_oneof![
        6 => definition,
        2 => of_struct,
        1 => (one_of(NAMES), one_of("K L U"), one_of("0 1 2")).prop_map(|(n, k, v)| format!("STRUCT {n} {k} {v}\nMEMBER Z uint8\n")),
        2 => (one_of(NAMES), one_of("One Two -3 x"), one_of("1 2 -3 hello ::1 1.2.3.4"))
            .prop_map(|(owner, name, data)| format!("VALUE {owner} {name} {data}\n")),
        1 => (one_of(NAMES), one_of("A .B @.C 26.9.1 26.9.2.1 1 V-A")).prop_map(|(n, r)| format!("ALIAS {n} {r}\n")),
        1 => (one_of(NAMES), one_of("integer string tlv")).prop_map(|(n, t)| format!("DEFINE {n} {t}\n")),
        1 => (one_of(NAMES), one_of("integer byte string")).prop_map(|(n, t)| format!("ENUM {n} {t}\n")),
        1 => (one_of(NAMES), one_of(NAMES)).prop_map(|(n, r)| format!("VALUE-ALIAS {n} {r}\n")),
    ]
}

/// Lines, some of them in blocks.
fn chunk() -> impl Strategy<Value = String> {
    let lines = prop::collection::vec(line(), 1..4)
        .prop_map(|lines| lines.concat())
        .boxed();
    let vendor =
        (one_of("V W"), one_of("none 241 245"), lines.clone()).prop_map(|(vendor, parent, lines)| {
            let parent = if parent == "none" {
                String::new()
            } else {
                format!("parent={parent}.26")
            };
            format!("BEGIN-VENDOR {vendor} {parent}\n{lines}END-VENDOR {vendor}\n")
        });
    let inner = prop_oneof![lines, vendor].boxed();
    prop_oneof![
        inner.clone(),
        prop::collection::vec(inner, 1..3)
            .prop_map(|inner| format!("BEGIN PROTOCOL RADIUS 1\n{}END PROTOCOL\n", inner.concat())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_dictionary_is_exported_and_read_again(chunks in prop::collection::vec(chunk(), 1..12)) {
        let mut text = "VENDOR V 9\nVENDOR W 10\nATTRIBUTE X5 245 long-extended\nATTRIBUTE XV5 245.26 evs\n\
                        ATTRIBUTE X1 241 extended\nATTRIBUTE XV1 241.26 evs\n"
            .to_owned();
        let mut dictionary = Dictionary::empty();
        // Chunks that do not go with those before them, or take a name or number anew, are left out.
        for chunk in chunks {
            let longer = format!("{text}{chunk}");
            let mut next = Dictionary::empty();
            let loaded = next.load("any", &Memory::with("any", longer.as_str()), LoadOptions::default());
            if loaded.is_ok_and(|warnings| warnings.is_empty()) {
                (text, dictionary) = (longer, next);
            }
        }
        assert_round_trip(&dictionary);
    }
}
