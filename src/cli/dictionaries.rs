//! The dictionaries that a command works with: what is built in, and what `-D` adds on top.

use std::path::{Path, PathBuf};

use super::options::DictionaryArgs;
use crate::dictionary::{Dictionary, Disk, LoadOptions};
use crate::report::diagnostic::Diagnostic;
use crate::report::output::Output;
use crate::report::words;

/// Loads them; warnings are told where `-v` asks for them.
pub fn load(args: &DictionaryArgs, output: &mut Output) -> Result<Dictionary, Diagnostic> {
    let mut dictionary = if args.no_builtin_dict {
        Dictionary::empty()
    } else {
        Dictionary::builtin()
    };
    for path in &args.dictionaries {
        let file = top_file(path);
        let loaded = dictionary.load(&file.to_string_lossy(), &Disk, options(args));
        let warnings = loaded.map_err(|mut faults| {
            // The first fault ends the command; the others are told before it.
            let first = if faults.is_empty() {
                None
            } else {
                Some(faults.remove(0))
            };
            for fault in faults.iter().rev().take(MOST_FAULTS) {
                output.diagnose(&words::dictionary_fault(fault));
            }
            first.map_or_else(
                || words::no_packets(&file.display().to_string()),
                |fault| words::dictionary_fault(&fault),
            )
        })?;
        if output.verbose() > 0 {
            for warning in &warnings {
                output.diagnose(&words::dictionary_warning(warning));
            }
        }
    }
    Ok(dictionary)
}

/// What of them loads, without a word about the rest: while a line is typed there is no place for it.
pub fn load_what_can_be(args: &DictionaryArgs) -> Dictionary {
    let mut dictionary = if args.no_builtin_dict {
        Dictionary::empty()
    } else {
        Dictionary::builtin()
    };
    for path in &args.dictionaries {
        // One with faults leaves the dictionary as it was.
        let _ = dictionary.load(&top_file(path).to_string_lossy(), &Disk, options(args));
    }
    dictionary
}

fn options(args: &DictionaryArgs) -> LoadOptions {
    LoadOptions {
        dict_root: args.dict_root.clone(),
    }
}

/// How many faults are told beside the first.
const MOST_FAULTS: usize = 20;

/// A directory stands for the file `dictionary` in it.
pub fn top_file(path: &Path) -> PathBuf {
    if path.is_dir() {
        path.join("dictionary")
    } else {
        path.to_owned()
    }
}
