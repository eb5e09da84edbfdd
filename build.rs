//! Packs the dictionaries under `dictionaries/` into the tables that the program carries.
//!
//! The parser is the one the program itself has, so what ships is read by the rules a user's files are read by.

// The program uses more of these files than packing does.
#![allow(dead_code, unreachable_pub, missing_docs)]

#[path = "src/dictionary/entry.rs"]
mod entry;
#[path = "src/dictionary/fault.rs"]
mod fault;
#[path = "src/dictionary/files.rs"]
mod files;
#[path = "src/dictionary/flag.rs"]
mod flag;
#[path = "src/dictionary/key.rs"]
mod key;
#[path = "src/dictionary/kind.rs"]
mod kind;
#[path = "src/dictionary/layers.rs"]
mod layers;
#[path = "src/dictionary/lex.rs"]
mod lex;
#[path = "src/dictionary/model.rs"]
mod model;
#[path = "src/dictionary/oid.rs"]
mod oid;
#[path = "src/dictionary/pack.rs"]
mod pack;
#[path = "src/dictionary/parse/mod.rs"]
mod parse;
#[path = "src/dictionary/row.rs"]
mod row;
#[path = "src/dictionary/suggest.rs"]
mod suggest;
#[path = "src/dictionary/table.rs"]
mod table;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

/// Where the sources are, under the package.
const SOURCES: &str = "dictionaries";

/// Files below one directory, named as they lie there.
struct Below(PathBuf);

impl files::Files for Below {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        fs::read(self.0.join(path))
    }

    fn list(&self, directory: &str) -> io::Result<Vec<String>> {
        fs::read_dir(self.0.join(directory))?
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect()
    }
}

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed={SOURCES}");
    println!("cargo::rerun-if-changed=src/dictionary");
    println!("cargo::rerun-if-changed=build.rs");
    let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    match parse::compile("dictionary", &Below(package.join(SOURCES))) {
        Ok((rows, text)) => match write(&out, &rows, &text) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                println!("cargo::error=cannot write the packed dictionaries: {error}");
                ExitCode::FAILURE
            }
        },
        Err(faults) => {
            for fault::Fault { place, kind } in faults {
                let fault::Place {
                    file,
                    line,
                    column,
                    text,
                    ..
                } = place;
                println!(
                    "cargo::error={SOURCES}/{file}:{line}:{column}: {kind:?} in `{}`",
                    text.trim()
                );
            }
            ExitCode::FAILURE
        }
    }
}

fn write(out: &Path, rows: &[u8], text: &str) -> io::Result<()> {
    fs::write(out.join("dictionary.rows"), rows)?;
    fs::write(out.join("dictionary.text"), text)
}
