//! FreeRADIUS 3's dictionaries, as Debian installs them, are read whole and without a fault.
//!
//! Skips, and says so (with `--nocapture`), where they are not installed (package freeradius-common).

#![allow(clippy::unwrap_used, clippy::print_stdout)] // Tests may.

use radius::dictionary::{Dictionary, Disk, Encrypt, Fault, LoadOptions, Near, Type};

const DIRECTORY: &str = "/usr/share/freeradius";

fn installed() -> bool {
    let there = std::path::Path::new(DIRECTORY).join("dictionary").exists();
    if !there {
        println!("SKIPPED: {DIRECTORY}/dictionary is not installed (apt install freeradius-common)");
    }
    there
}

fn list(faults: &[Fault]) -> String {
    faults
        .iter()
        .take(20)
        .map(|fault| {
            let place = &fault.place;
            format!(
                "{}:{}:{}: {:?}\n    {}\n",
                place.file, place.line, place.column, fault.kind, place.text
            )
        })
        .collect()
}

fn load(name: &str) -> Dictionary {
    let mut dictionary = Dictionary::empty();
    let path = format!("{DIRECTORY}/{name}");
    match dictionary.load(&path, &Disk, LoadOptions::default()) {
        Ok(_) => dictionary,
        Err(faults) => panic!("{path} has faults:\n{}", list(&faults)),
    }
}

#[test]
fn the_whole_directory_loads_without_a_fault() {
    if !installed() {
        return;
    }
    let review = Dictionary::empty().check(&format!("{DIRECTORY}/dictionary"), &Disk, LoadOptions::default());
    assert!(review.faults.is_empty(), "{}", list(&review.faults));
    // What a count of the lines says, less the values that stand there twice.
    assert_eq!(review.files.len(), 225);
    assert_eq!(review.attributes, 7_468);
    assert_eq!(review.values, 7_974);
    assert_eq!(review.vendors, 186);
}

#[test]
fn every_file_loads_by_itself_or_after_the_one_it_needs() {
    if !installed() {
        return;
    }
    let mut names: Vec<String> = std::fs::read_dir(DIRECTORY)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("dictionary"))
        .collect();
    names.sort();
    let whole = load("dictionary");
    let (mut lines, mut alone) = (0, 0);
    for name in &names {
        let path = format!("{DIRECTORY}/{name}");
        let text = std::fs::read_to_string(&path).unwrap();
        lines += text.lines().filter(|line| line.starts_with("ATTRIBUTE")).count();
        if Dictionary::empty()
            .check(&path, &Disk, LoadOptions::default())
            .faults
            .is_empty()
        {
            alone += 1;
            continue;
        }
        // VALUEs of another file's attribute, and vendors of another file.
        let review = whole.check(&path, &Disk, LoadOptions::default());
        assert!(review.faults.is_empty(), "{}", list(&review.faults));
    }
    assert_eq!(lines, 8_604);
    assert!(alone > 200, "{alone} of {}", names.len());
    for name in ["dhcp", "freedhcp", "motorola.illegal", "rfc5090", "vqp"] {
        load(&format!("dictionary.{name}"));
    }
}

#[test]
fn every_attribute_is_found_again_by_name_and_by_number() {
    if !installed() {
        return;
    }
    let dictionary = load("dictionary");
    let mut seen = 0;
    for entry in dictionary.attributes() {
        let (name, oid) = (entry.name(), entry.oid());
        let named = dictionary
            .named(name)
            .unwrap_or_else(|| panic!("{name} is not found"));
        assert_eq!(named.name(), name);
        assert_eq!(named.oid(), oid, "{name}");
        // Where a number has two names, the later one is what it is called.
        let numbered = dictionary
            .entry(oid.key())
            .unwrap_or_else(|| panic!("{oid} is not found"));
        assert_eq!(numbered.oid(), oid);
        for spelling in [
            name.to_ascii_uppercase(),
            oid.to_string(),
            entry.path().to_string(),
        ] {
            let resolved = dictionary
                .resolve(&spelling)
                .unwrap_or_else(|error| panic!("{spelling}: {error:?}"));
            assert_eq!(resolved.oid, oid, "{spelling}");
        }
        if let Some(vendor) = entry.vendor() {
            assert_eq!(
                dictionary.vendor_named(vendor.name()).unwrap().pen(),
                vendor.pen()
            );
        }
        for (value, number) in entry.values() {
            assert_eq!(entry.value_number(value), Some(number), "{name} {value}");
            assert!(entry.value_name(number).is_some(), "{name} {number}");
        }
        seen += 1;
    }
    assert!(seen > 7_000);
}

#[test]
fn what_the_files_say_is_what_the_entries_are() {
    if !installed() {
        return;
    }
    let dictionary = load("dictionary");
    let named = |name: &str| dictionary.named(name).unwrap_or_else(|| panic!("{name}"));

    let password = named("Tunnel-Password");
    assert!(password.flags().has_tag);
    assert_eq!(password.flags().encrypt, Some(Encrypt::TunnelPassword));
    assert!(named("EAP-Message").flags().concat);
    assert_eq!(named("ARAP-Password").octets(), Some(16));
    assert_eq!(named("Juniper-Junosspace-Profile").kind(), Type::String);

    // Vendors that do not keep to RFC 2865's format.
    for (vendor, format) in [
        ("USR", (4, 0, false)),
        ("Lucent", (2, 1, false)),
        ("Starent", (2, 2, false)),
    ] {
        let found = dictionary.vendor_named(vendor).unwrap().format();
        assert_eq!(
            (found.type_octets, found.length_octets, found.continuation),
            format,
            "{vendor}"
        );
    }
    assert!(dictionary.vendor(24757).unwrap().format().continuation);

    // TLVs five numbers deep, an attribute numbered 0, extended and extended-vendor ones.
    assert_eq!(
        named("WiMAX-Source-IPAddress").oid().to_string(),
        "26.24757.28.11.5.1"
    );
    assert_eq!(named("CableLabs-Reserved").oid().to_string(), "26.4491.0");
    assert_eq!(named("Frag-Status").oid().to_string(), "241.1");
    assert_eq!(
        named("FreeRADIUS-802.1X-Anonce").oid().to_string(),
        "245.26.11344.1"
    );
    assert_eq!(
        named("FreeRADIUS-802.1X-Anonce").vendor().unwrap().name(),
        "FreeRADIUS"
    );

    // A value that stands before its attribute, and names of octets' numbers.
    assert_eq!(named("Service-Type").value_number("login-user"), Some(1));
    assert_eq!(
        named("CableLabs-Event-Message").value_name(3),
        Some("Database-Query")
    );
    assert_eq!(named("Framed-Protocol").value_number("Ascend-ARA"), Some(255));
    assert_eq!(named("User-Name").path().to_string(), "User-Name");
    assert_eq!(
        named("Cisco-AVPair").path().to_string(),
        "Vendor-Specific.Cisco.AVPair"
    );
    for spelling in [
        "Vendor-Specific.Cisco.AVPair",
        ".vendor-specific.cisco.avpair",
        "&Cisco-AVPair",
        "26.9.1",
        "Attr-26.9.1",
        "Vendor-9-Attr-1",
        "Cisco-Attr-1",
        "Cisco.AVPair",
        "raw.26.9.1",
        "raw.Cisco-AVPair",
        "Vendor-Specific.9.Cisco-AVPair",
    ] {
        let resolved = dictionary
            .resolve(spelling)
            .unwrap_or_else(|error| panic!("{spelling}: {error:?}"));
        assert_eq!(resolved.entry.unwrap().name(), "Cisco-AVPair", "{spelling}");
        assert_eq!(resolved.raw, spelling.starts_with("raw."), "{spelling}");
    }
    assert_eq!(
        dictionary.suggest("Cisco-AVPiar", Near::Attributes)[0],
        "Cisco-AVPair"
    );
    assert_eq!(dictionary.suggest("Cicso", Near::Vendors)[0], "Cisco");
    let service_type = named("Service-Type").key();
    assert_eq!(
        dictionary.suggest("Framed-Usr", Near::Values(service_type))[0],
        "Framed-User"
    );
}
