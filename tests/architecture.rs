//! The arrows between the layers: every `use crate::…` in `src` must be allowed by the table in `src/lib.rs`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What each layer may use, read from the table on the architecture page.
fn allowed() -> BTreeMap<String, Vec<String>> {
    let page = include_str!("../src/lib.rs");
    let rows = page.lines().filter_map(|line| line.strip_prefix("//! | [`"));
    rows.map(|row| {
        let (layer, rest) = row.split_once("`]").expect("a row begins with its layer");
        let last = rest
            .trim_end_matches('|')
            .rsplit('|')
            .next()
            .expect("a row has columns");
        (
            layer.to_owned(),
            last.split_whitespace().map(str::to_owned).collect(),
        )
    })
    .collect()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("src can be read") {
        let path = entry.expect("src can be read").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The layers that a line of code names behind `crate::`, `{…}` lists included.
fn named(line: &str) -> Vec<String> {
    let mut layers = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        let rest = &line[at + "crate::".len()..];
        let list = rest
            .strip_prefix('{')
            .map_or(rest, |list| list.split('}').next().unwrap_or(list));
        let names: Vec<&str> = if rest.starts_with('{') {
            list.split(',').collect()
        } else {
            vec![list]
        };
        layers.extend(names.iter().map(|name| {
            name.trim()
                .chars()
                .take_while(|character| character.is_alphanumeric() || *character == '_')
                .collect()
        }));
    }
    layers
}

#[test]
fn every_arrow_between_layers_is_in_the_table() {
    let allowed = allowed();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&source, &mut files);
    let mut wrong = Vec::new();
    for file in files {
        let relative = file.strip_prefix(&source).expect("it was found there");
        let layer = relative
            .iter()
            .next()
            .expect("a file has a name")
            .to_string_lossy();
        let layer = layer.trim_end_matches(".rs");
        if matches!(layer, "lib" | "main") {
            continue;
        }
        let Some(may) = allowed.get(layer) else {
            wrong.push(format!("src/lib.rs: no row for the layer `{layer}`"));
            continue;
        };
        let text = fs::read_to_string(&file).expect("it is text");
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for target in named(code) {
                let fine = target == layer
                    || may.contains(&target)
                    || may.iter().any(|allowed| allowed == "everything")
                    || !allowed.contains_key(&target);
                if !fine {
                    wrong.push(format!(
                        "src/{}:{}: {layer} uses {target}",
                        relative.display(),
                        number + 1
                    ));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "arrows that src/lib.rs does not allow:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn the_table_has_the_layers() {
    let allowed = allowed();
    assert!(
        allowed.contains_key("codec") && allowed.contains_key("cli"),
        "{allowed:?}"
    );
    assert!(allowed["codec"].is_empty() && allowed["dictionary"].is_empty());
}

#[test]
fn lists_in_braces_are_read() {
    assert_eq!(named("use crate::{codec::Packet, net};"), ["codec", "net"]);
    assert_eq!(named("    let x = crate::attr::decode(a);"), ["attr"]);
}
