//! How long the dictionary takes: to be there, to be asked, and to read FreeRADIUS's whole directory.

use divan::{Bencher, black_box};
use radius::dictionary::{Dictionary, Disk, Key, LoadOptions};

const FREERADIUS: &str = "/usr/share/freeradius/dictionary";

fn main() {
    divan::main();
}

/// FreeRADIUS's dictionaries, or the embedded ones where those are not installed.
fn large() -> Dictionary {
    let mut dictionary = Dictionary::empty();
    if dictionary
        .load(FREERADIUS, &Disk, LoadOptions::default())
        .is_err()
    {
        return Dictionary::builtin();
    }
    dictionary
}

#[divan::bench]
fn builtin() -> Dictionary {
    Dictionary::builtin()
}

#[divan::bench]
fn load_freeradius() -> Option<usize> {
    let mut dictionary = Dictionary::empty();
    dictionary.load(FREERADIUS, &Disk, LoadOptions::default()).ok()?;
    Some(dictionary.memory())
}

#[divan::bench]
fn child(bencher: Bencher<'_, '_>) {
    let dictionary = large();
    let cisco = Key::VENDORS.child(9);
    bencher.bench_local(|| {
        dictionary
            .child(black_box(cisco), black_box(1))
            .map(|entry| entry.kind())
    });
}

#[divan::bench]
fn named(bencher: Bencher<'_, '_>) {
    let dictionary = large();
    bencher.bench_local(|| {
        dictionary
            .named(black_box("Cisco-AVPair"))
            .map(|entry| entry.number())
    });
}

#[divan::bench]
fn resolve_a_path(bencher: Bencher<'_, '_>) {
    let dictionary = large();
    bencher.bench_local(|| {
        dictionary
            .resolve(black_box("Vendor-Specific.Cisco.AVPair"))
            .map(|found| found.oid)
    });
}

#[divan::bench]
fn value_name(bencher: Bencher<'_, '_>) {
    let dictionary = large();
    let Some(entry) = dictionary.named("Service-Type") else {
        return;
    };
    bencher.bench_local(|| entry.value_name(black_box(2)).map(str::len));
}

#[divan::bench]
fn suggest(bencher: Bencher<'_, '_>) {
    let dictionary = large();
    bencher.bench_local(|| {
        dictionary
            .suggest(black_box("Cisco-AVPiar"), radius::dictionary::Near::Attributes)
            .len()
    });
}
