//! What is generated from the tree of commands and committed: completions and manual pages.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::transcript::radius;

fn files(directory: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    entries
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// Compares the committed files with those that the program writes now.
fn fresh(name: &str, arguments: &[&str]) {
    let directory = tempfile::tempdir().unwrap();
    let mut run = radius([]);
    for argument in arguments {
        run = run.args([*argument]);
    }
    run.args([directory.path().to_str().unwrap()]).run().exits(0);
    let written = files(directory.path());
    let committed = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(name));
    let stale: BTreeSet<&String> = written
        .keys()
        .chain(committed.keys())
        .filter(|file| written.get(*file) != committed.get(*file))
        .collect();
    assert!(
        stale.is_empty(),
        "{stale:?} in {name}/ are not what the program writes; write them anew with\n  rm -r {name} && mkdir {name} && cargo run -- {} {name}",
        arguments.join(" ")
    );
}

#[test]
fn the_completions_are_fresh() {
    fresh("completions", &["completions", "--dir"]);
}

#[test]
fn the_manual_pages_are_fresh() {
    fresh("man", &["man"]);
}

#[test]
fn a_shell_gets_its_completions() {
    for (shell, text) in [
        ("bash", "_radius()"),
        ("zsh", "#compdef radius"),
        ("fish", "complete --command radius"),
    ] {
        let transcript = radius(["completions", shell]).run();
        transcript.exits(0);
        assert!(transcript.stdout.contains(text), "{shell}");
    }
}
