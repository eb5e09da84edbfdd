//! Completion while a command line is typed: options and files, and the names that the loaded dictionaries know.
//!
//! A shell's function (`radius.bash`, `_radius`, `radius.fish`) runs this program with `COMPLETE=shell` and what is
//! typed so far; candidates go to stdout, one a line. Without that variable nothing here runs. Quotes are our
//! business and not the engine's: shells hand words over as they are typed.

mod candidates;
mod typed;

use std::ffi::OsString;
use std::io::Write;
use std::sync::Arc;

use clap::{Arg, ArgMatches, Command, FromArgMatches};
use clap_complete::Shell;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{Elvish, EnvCompleter, Powershell};

use self::candidates::Candidate;
use self::typed::{Quote, Typed};
use super::dictionaries;
use super::options::DictionaryArgs;
use crate::dictionary::Dictionary;

/// The variable that asks for completion, as clap's programs have it.
const VARIABLE: &str = "COMPLETE";

const BASH: &str = include_str!("radius.bash");
const ZSH: &str = include_str!("_radius");
const FISH: &str = include_str!("radius.fish");

/// What a shell reads to complete `radius`.
pub fn registration(shell: Shell) -> String {
    let engine: &dyn EnvCompleter = match shell {
        Shell::Bash => return BASH.to_owned(),
        Shell::Zsh => return ZSH.to_owned(),
        Shell::Fish => return FISH.to_owned(),
        Shell::Elvish => &Elvish,
        _ => &Powershell,
    };
    let mut text = Vec::new();
    // Writing to memory does not fail.
    let _ = engine.write_registration(VARIABLE, "radius", "radius", "radius", &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// Answers a shell that asks, and says whether one did.
pub fn answer(command: impl Fn() -> Command) -> bool {
    let Some(shell) = std::env::var_os(VARIABLE).filter(|shell| !shell.is_empty() && shell != "0") else {
        return false;
    };
    let shell = std::path::Path::new(&shell)
        .file_stem()
        .and_then(|name| name.to_str())
        .unwrap_or_default()
        .to_owned();
    let words: Vec<OsString> = std::env::args_os()
        .skip_while(|word| word != "--")
        .skip(1)
        .collect();
    let text = match clap::ValueEnum::from_str(&shell, true) {
        Ok(shell) if words.is_empty() => registration(shell),
        Ok(shell) => complete(shell, words, &command),
        // Another shell than those: it gets no candidates, and its user no noise.
        Err(_) => String::new(),
    };
    // A shell that has gone away wants nothing.
    let _ = std::io::stdout().write_all(text.as_bytes());
    true
}

/// The candidates for what is typed, as `shell` reads them.
fn complete(shell: Shell, words: Vec<OsString>, command: &impl Fn() -> Command) -> String {
    let text = |word: &OsString| word.to_string_lossy().into_owned();
    match shell {
        Shell::Bash => {
            // The piece that Bash will replace, and the line up to the cursor.
            let [piece, line] = words.as_slice() else {
                return String::new();
            };
            let (piece, typed) = (typed::word(&text(piece)), Typed::line(&text(line)));
            let found = candidates(command, typed.words.clone());
            bash(&found, &typed, &piece.text)
        }
        Shell::Zsh | Shell::Fish => {
            let words = words.iter().map(|word| typed::word(&text(word)).text).collect();
            let write = if shell == Shell::Zsh { zsh } else { fish };
            candidates(command, words).iter().map(write).collect()
        }
        Shell::Elvish => with_engine(&Elvish, words, command),
        _ => with_engine(&Powershell, words, command),
    }
}

/// The candidates of a shell whose side of it is the engine's own.
fn with_engine(engine: &dyn EnvCompleter, words: Vec<OsString>, command: &impl Fn() -> Command) -> String {
    let texts: Vec<String> = words
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let mut command = knowing(command(), dictionary(command(), &texts));
    command.build();
    let mut text = Vec::new();
    let here = std::env::current_dir().ok();
    match engine.write_complete(&mut command, words, here.as_deref(), &mut text) {
        Ok(()) => String::from_utf8_lossy(&text).into_owned(),
        Err(_) => String::new(),
    }
}

/// What could stand in the place of the last of the words.
fn candidates(command: &impl Fn() -> Command, words: Vec<String>) -> Vec<Candidate> {
    let mut command_line = knowing(command(), dictionary(command(), &words));
    let at = words.len().saturating_sub(1);
    let words = words.into_iter().map(OsString::from).collect();
    let here = std::env::current_dir().ok();
    let found = clap_complete::engine::complete(&mut command_line, words, at, here.as_deref());
    let found = found.unwrap_or_default();
    found
        .iter()
        .map(|candidate| Candidate {
            text: candidate.get_value().to_string_lossy().into_owned(),
            about: candidate
                .get_help()
                .map(|help| help.to_string().lines().next().unwrap_or_default().to_owned())
                .unwrap_or_default(),
        })
        .collect()
}

/// A candidate as Zsh's function reads it: whether more follows, then what `_describe` takes, which parts the two at
/// the first colon that is not escaped.
fn zsh(candidate: &Candidate) -> String {
    let sign = if candidate.text.ends_with(['=', '/']) {
        '+'
    } else {
        '.'
    };
    let text = candidate.text.replace('\\', "\\\\").replace(':', "\\:");
    match candidate.about.as_str() {
        "" => format!("{sign}{text}\n"),
        about => format!("{sign}{text}:{about}\n"),
    }
}

/// A candidate as Fish reads it.
fn fish(candidate: &Candidate) -> String {
    match candidate.about.as_str() {
        "" => format!("{}\n", candidate.text),
        about => format!("{}\t{about}\n", candidate.text),
    }
}

/// Candidates as Bash reads them: only what comes in the place of `piece`, quoted as the word is.
fn bash(found: &[Candidate], typed: &Typed, piece: &str) -> String {
    let last = typed.words.last().map_or("", String::as_str);
    // Bash begins a new piece after = and : outside of quotes.
    let kept = last.strip_suffix(piece).unwrap_or_default();
    let mut text = String::new();
    for candidate in found {
        let Some(rest) = candidate.text.get(kept.len()..) else {
            continue;
        };
        text.push_str(&typed::quoted(rest, typed.quote));
        text.push('\n');
    }
    if let [only] = found
        && typed.quote != Quote::None
        && only.text.ends_with('=')
    {
        // Readline closes the quotes behind a single candidate, but a value is still to come.
        text.push_str(&typed::quoted(
            only.text.get(kept.len()..).unwrap_or_default(),
            typed.quote,
        ));
        text.push_str("…\n");
    }
    text
}

/// The dictionary that the words load; a faulty one is passed over, since its faults would spoil the line typed.
fn dictionary(command: Command, words: &[String]) -> Arc<Dictionary> {
    let given = words.split_last().map_or(words, |(_, given)| given);
    let parsed = command.ignore_errors(true).try_get_matches_from(given);
    let args = parsed.ok().and_then(|matches| {
        let last = deepest(&matches);
        // Not every subcommand works with names.
        let takes = last.try_contains_id("no_builtin_dict").is_ok();
        takes
            .then(|| DictionaryArgs::from_arg_matches(last).ok())
            .flatten()
    });
    Arc::new(args.map_or_else(Dictionary::builtin, |args| dictionaries::load_what_can_be(&args)))
}

fn deepest(mut matches: &ArgMatches) -> &ArgMatches {
    while let Some((_, below)) = matches.subcommand() {
        matches = below;
    }
    matches
}

/// The tree of commands, with arguments that know the dictionary.
fn knowing(command: Command, dictionary: Arc<Dictionary>) -> Command {
    let path = command.get_name().to_owned();
    let names = Arc::clone(&dictionary);
    command
        .mut_args(move |arg| match completer(&path, &arg) {
            Some(candidates) => {
                let dictionary = Arc::clone(&names);
                arg.add(ArgValueCompleter::new(move |typed: &std::ffi::OsStr| {
                    let typed = typed.to_string_lossy();
                    let found = candidates(&dictionary, &typed);
                    found.into_iter().map(offer).collect()
                }))
            }
            None => arg,
        })
        .mut_subcommands(move |command| knowing(command, Arc::clone(&dictionary)))
}

fn offer(candidate: Candidate) -> CompletionCandidate {
    let about = Some(candidate.about).filter(|about| !about.is_empty());
    CompletionCandidate::new(candidate.text).help(about.map(Into::into))
}

type Completer = fn(&Dictionary, &str) -> Vec<Candidate>;

/// What completes an argument of a subcommand.
fn completer(command: &str, arg: &Arg) -> Option<Completer> {
    Some(match (command, arg.get_id().as_str()) {
        (_, "attributes") => candidates::pairs,
        (_, "expectations") => candidates::expectation,
        ("trace", "filter") => candidates::filter,
        ("lookup", "names") => candidates::attribute,
        ("values", "name") => candidates::attribute_with_values,
        ("list", "vendor") => candidates::vendor,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
