//! Looking something up in a dictionary allocates nothing, in the embedded tables and in loaded ones.

#![allow(clippy::unwrap_used)] // Tests may.

use std::hint::black_box;

use radius::dictionary::{Dictionary, Key, LoadOptions, Memory};

fn allocations<T>(look: impl Fn() -> T) -> u64 {
    // Once before: what is made once and kept is not what a look-up costs.
    black_box(look());
    let counted = allocation_counter::measure(|| {
        black_box(look());
    });
    counted.count_total
}

#[test]
fn a_lookup_allocates_nothing() {
    let mut loaded = Dictionary::builtin();
    let text = "VENDOR Acme 9999\nBEGIN-VENDOR Acme\nATTRIBUTE Acme-Thing 1 integer\nVALUE Acme-Thing One 1\nEND-VENDOR Acme\n";
    loaded
        .load("acme", &Memory::with("acme", text), LoadOptions::default())
        .unwrap();
    for dictionary in [&Dictionary::builtin(), &loaded] {
        assert_eq!(allocations(|| dictionary.named("cisco-avpair")), 0);
        assert_eq!(allocations(|| dictionary.named("nobody")), 0);
        assert_eq!(allocations(|| dictionary.child(Key::VENDORS.child(9), 1)), 0);
        assert_eq!(allocations(|| dictionary.vendor(311)), 0);
        assert_eq!(allocations(|| dictionary.vendor_named("Microsoft")), 0);
        for spelling in [
            "26.9.1",
            "241.4",
            "Attr-26.9.1",
            "Vendor-Specific.Cisco.AVPair",
            "raw.26.9.1",
            "Nobody-At-All",
        ] {
            assert_eq!(allocations(|| dictionary.resolve(spelling)), 0, "{spelling}");
        }
        let service = dictionary.named("Service-Type").unwrap();
        assert_eq!(allocations(|| service.value_name(2)), 0);
        assert_eq!(allocations(|| service.value_number("framed-user")), 0);
        assert_eq!(allocations(|| service.values().count()), 0);
    }
    let thing = loaded.named("Acme-Thing").unwrap();
    assert_eq!(allocations(|| thing.value_name(1)), 0);
}

#[test]
fn the_embedded_dictionaries_are_there_at_once() {
    assert_eq!(allocations(Dictionary::builtin), 0);
}
