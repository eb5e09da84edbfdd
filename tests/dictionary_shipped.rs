//! What ships says the same as FreeRADIUS's own dictionaries wherever both know a name, a number or a value; where it
//! does not, `tests/dictionaries/exceptions.txt` says why.
//!
//! Skips, and says so (with `--nocapture`), where they are not installed (package freeradius-common).

#![allow(clippy::unwrap_used, clippy::print_stdout)] // Tests may.

use std::collections::{BTreeMap, BTreeSet};

use radius::dictionary::{Dictionary, Disk, Entry, LoadOptions};

const FREERADIUS: &str = "/usr/share/freeradius/dictionary";

/// FreeRADIUS 3's dictionaries, where they are installed.
fn freeradius() -> Option<Dictionary> {
    if !std::path::Path::new(FREERADIUS).exists() {
        println!("SKIPPED: {FREERADIUS} is not installed (apt install freeradius-common)");
        return None;
    }
    let mut dictionary = Dictionary::empty();
    let loaded = dictionary.load(FREERADIUS, &Disk, LoadOptions::default());
    assert!(loaded.is_ok(), "{loaded:?}");
    Some(dictionary)
}

/// What is different on purpose, and why.
fn exceptions() -> BTreeMap<String, String> {
    let text = include_str!("dictionaries/exceptions.txt");
    let lines = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let (what, why) = line
                .split_once(": ")
                .unwrap_or_else(|| panic!("no reason: {line}"));
            (what.to_owned(), why.to_owned())
        })
        .collect()
}

/// The comparison: what differs, and which exceptions said so beforehand.
#[derive(Default)]
struct Comparison {
    exceptions: BTreeMap<String, String>,
    used: BTreeSet<String>,
    differences: Vec<String>,
    attributes: usize,
    values: usize,
}

impl Comparison {
    fn differ(&mut self, what: &str, text: &str) {
        let is_for = |key: &&String| match key.strip_suffix('*') {
            Some(start) => what.starts_with(start),
            None => **key == what,
        };
        match self.exceptions.keys().find(is_for) {
            Some(key) => {
                self.used.insert(key.clone());
            }
            None => self.differences.push(format!("{what}: {text}")),
        }
    }

    fn attributes(&mut self, ours: &Dictionary, theirs: &Dictionary) {
        for their in theirs.attributes() {
            // What FreeRADIUS keeps for itself stands on no wire.
            let flags = their.flags();
            let oid = their.oid();
            if flags.internal || flags.computed || oid.parts().first().is_some_and(|first| *first > 255) {
                continue;
            }
            self.attributes += 1;
            let Some(our) = ours.named(their.name()) else {
                let text = match ours.entry(their.key()) {
                    Some(our) => format!("{oid} is called {} here", our.name()),
                    None => format!("{oid} is missing"),
                };
                self.differ(their.name(), &text);
                continue;
            };
            if said(&our) != said(&their) {
                self.differ(
                    their.name(),
                    &format!("{} here, {} there", said(&our), said(&their)),
                );
            }
            for (value, number) in their.values() {
                self.values += 1;
                let text = match our.value_number(value) {
                    Some(known) if known == number => continue,
                    Some(known) => format!("{known} here, {number} there"),
                    None => format!("{number} is missing"),
                };
                self.differ(&format!("{}={value}", their.name()), &text);
            }
        }
    }

    fn vendors(&mut self, ours: &Dictionary, theirs: &Dictionary) {
        for vendor in theirs.vendors() {
            let text = match ours.vendor(vendor.pen()) {
                None => format!("{} is missing", vendor.pen()),
                Some(our) if our.format() != vendor.format() => {
                    format!("format {} here, {} there", our.format(), vendor.format())
                }
                Some(_) if ours.vendor_named(vendor.name()).map(|our| our.pen()) != Some(vendor.pen()) => {
                    "the name is not known".to_owned()
                }
                Some(_) => continue,
            };
            self.differ(vendor.name(), &text);
        }
    }
}

/// What a dictionary says of an attribute that changes octets.
fn said(entry: &Entry<'_>) -> String {
    let flags = entry.flags();
    format!(
        "{} {}{} tag {} hidden {:?} concat {} array {}",
        entry.oid(),
        entry.kind(),
        entry.octets().map(|len| format!("[{len}]")).unwrap_or_default(),
        flags.has_tag,
        flags.encrypt,
        flags.concat,
        flags.array
    )
}

#[test]
fn what_both_know_is_the_same() {
    let Some(theirs) = freeradius() else { return };
    let ours = Dictionary::builtin();
    let mut comparison = Comparison {
        exceptions: exceptions(),
        ..Comparison::default()
    };
    comparison.attributes(&ours, &theirs);
    comparison.vendors(&ours, &theirs);
    // What our main file leaves out, and FreeRADIUS has too, included or not; both sides of each by themselves.
    for name in LEFT_OUT {
        let ours = alone(&format!("{}/dictionaries/{name}", env!("CARGO_MANIFEST_DIR")));
        let theirs = alone(&FREERADIUS.replace("dictionary", name));
        comparison.attributes(&ours, &theirs);
    }
    let Comparison {
        exceptions,
        used,
        differences,
        attributes,
        values,
    } = comparison;
    assert!(
        differences.is_empty(),
        "{} differences:\n{}",
        differences.len(),
        differences.join("\n")
    );
    let unused: Vec<_> = exceptions.keys().filter(|key| !used.contains(*key)).collect();
    assert!(unused.is_empty(), "no longer exceptions: {unused:?}");
    assert!(
        attributes > 6_500 && values > 7_500,
        "{attributes} attributes, {values} values"
    );
}

/// What one file says, with the attributes of RFC 2865 and RFC 2866 to name values of.
fn alone(path: &str) -> Dictionary {
    let mut dictionary = Dictionary::empty();
    let options = LoadOptions::default;
    if dictionary.load(path, &Disk, options()).is_err() {
        let above = std::path::Path::new(path).parent().unwrap();
        for rfc in ["rfc2865", "rfc2866"] {
            let path = format!("{}/dictionary.{rfc}", above.display());
            assert!(dictionary.load(&path, &Disk, options()).is_ok(), "{path}");
        }
        let loaded = dictionary.load(path, &Disk, options());
        assert!(loaded.is_ok(), "{path}: {loaded:?}");
    }
    dictionary
}

/// Files that our main file leaves out, since they contradict another; each says why.
const LEFT_OUT: &[&str] = &[
    "dictionary.alvarion.wimax.v2_2",
    "dictionary.ascend.illegal",
    "dictionary.motorola.illegal",
    "dictionary.nokia.conflict",
    "dictionary.openser",
    "dictionary.starent.vsa1",
    "dictionary.usr.illegal",
    "dictionary.wimax.alvarion",
    "dictionary.wimax.wichorus",
];

#[test]
fn vendors_that_people_ask_for_are_there() {
    let dictionary = Dictionary::builtin();
    let mut missing = Vec::new();
    for (name, pen, least) in VENDORS {
        let known = dictionary
            .vendor(*pen)
            .map_or(0, |vendor| vendor.entry().children().count());
        if known < *least {
            missing.push(format!("{name} ({pen}): {known} attributes, not {least}"));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Vendor, Private Enterprise Number, and the least number of attributes.
const VENDORS: &[(&str, u32, usize)] = &[
    ("Cisco", 9, 50),
    ("HPE", 11, 20),
    ("Citrix", 66, 7),
    ("D-Link", 171, 5),
    ("Microsoft", 311, 50),
    ("APC", 318, 5),
    ("U.S. Robotics", 429, 200),
    ("Ascend", 529, 200),
    ("Alcatel ESAM", 637, 20),
    ("Dell", 674, 1),
    ("Alcatel-Lucent AAA", 831, 20),
    ("Zyxel", 890, 3),
    ("Brocade", 1588, 2),
    ("Extreme", 1916, 15),
    ("Foundry", 1991, 10),
    ("Huawei", 2011, 100),
    ("Ericsson, Redback", 2352, 100),
    ("Check Point", 2620, 2),
    ("Juniper", 2636, 10),
    ("Cisco VPN3000 and ASA", 3076, 100),
    ("Nomadix", 3309, 15),
    ("F5", 3375, 10),
    ("ZTE", 3902, 20),
    ("Juniper ERX, Unisphere", 4874, 150),
    ("CableLabs", 4491, 50),
    ("Lucent", 4846, 100),
    ("3GPP2", 5535, 50),
    ("BroadSoft", 6431, 100),
    ("Nokia SR", 6527, 100),
    ("Quintum", 6618, 10),
    ("Infoblox", 7779, 1),
    ("Starent", 8164, 200),
    ("SonicWall", 8741, 2),
    ("Colubris", 8744, 2),
    ("3GPP", 10415, 25),
    ("FreeRADIUS", 11344, 50),
    ("TP-Link", 11863, 1),
    ("Fortinet", 12356, 10),
    ("pfSense", 13644, 1),
    ("WISPr", 14122, 10),
    ("Cisco Airespace", 14179, 10),
    ("ChilliSpot", 14559, 10),
    ("Aruba", 14823, 30),
    ("MikroTik", 14988, 20),
    ("Meru", 15983, 1),
    ("Cambium", 17713, 10),
    ("Digium", 22736, 10),
    ("WiMAX", 24757, 50),
    ("Ruckus", 25053, 30),
    ("Terena", 25178, 1),
    ("Palo Alto", 25461, 5),
    ("H3C", 25506, 20),
    ("UKERNA", 25622, 3),
    ("Aerohive", 26928, 3),
    ("Cisco Meraki", 29671, 4),
    ("Arista", 30065, 5),
    ("Wi-Fi Alliance", 40808, 2),
    ("Ubiquiti", 41112, 2),
];
