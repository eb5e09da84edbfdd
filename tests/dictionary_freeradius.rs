//! FreeRADIUS 3's dictionaries, as Debian installs them, are read whole and without a fault.
//!
//! Skips, and says so, where they are not installed (package freeradius-common).

use radius::dictionary::{Dictionary, Disk, Fault, LoadOptions};

const DIRECTORY: &str = "/usr/share/freeradius";

fn installed() -> bool {
    let there = std::path::Path::new(DIRECTORY).join("dictionary").exists();
    if !there {
        eprintln!("SKIPPED: {DIRECTORY}/dictionary is not installed (apt install freeradius-common)");
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
    for warning in &review.warnings {
        println!("{}:{} {:?}", warning.place.file, warning.place.line, warning.kind);
    }
    println!(
        "{} files, {} attributes, {} values, {} vendors",
        review.files.len(),
        review.attributes,
        review.values,
        review.vendors
    );
    assert!(review.attributes > 7_500 && review.values > 9_000 && review.vendors > 180);
}
