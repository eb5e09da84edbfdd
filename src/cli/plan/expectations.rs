//! What answers must be: from `-e`, from expectation files, from the requests themselves.

use std::path::Path;

use super::requests::{self, Request, SystemNames, at_line};
use crate::attr::{EncodeError, Expression, LiteralKind, Pair, parse_pairs};
use crate::cli::files;
use crate::cli::options::RequestArgs;
use crate::codec::Code;
use crate::dictionary::Dictionary;
use crate::outcome::{Expectation, Verdict};
use crate::report::diagnostic::Diagnostic;
use crate::report::words;

/// The expectations of every request, in the order of the requests.
pub fn all(
    args: &RequestArgs,
    requests: &[Request],
    dictionary: &Dictionary,
) -> Result<Vec<Vec<Expectation>>, Diagnostic> {
    let mut common = Vec::new();
    for text in &args.expectations {
        common.append(&mut parse(text, dictionary)?);
    }
    let mut all: Vec<Vec<Expectation>> = requests
        .iter()
        .map(|request| {
            request
                .reply
                .map(Expectation::Code)
                .into_iter()
                .chain(common.iter().cloned())
                .collect()
        })
        .collect();
    let mut first = 0;
    for argument in &args.files {
        let (path, expect) = requests::split(argument);
        let of_file = requests
            .iter()
            .skip(first)
            .take_while(|request| is_of(request, &path))
            .enumerate();
        let count = of_file
            .take_while(|(index, request)| *index == place(request))
            .count();
        if let Some(expect) = expect {
            let blocks = read(&expect, dictionary)?;
            if blocks.len() != count {
                return Err(words::unequal(&path, count, &expect, blocks.len()));
            }
            for (expected, block) in all.iter_mut().skip(first).zip(blocks) {
                expected.extend(block);
            }
        }
        first += count;
    }
    if args.expect_exactly {
        all.iter_mut()
            .for_each(|expected| expected.push(Expectation::Nothing));
    }
    Ok(all)
}

fn is_of(request: &Request, path: &Path) -> bool {
    request.origin.as_ref().is_some_and(|(origin, _)| origin == path)
}

fn place(request: &Request) -> usize {
    request.origin.as_ref().map_or(0, |(_, place)| *place)
}

/// One `-e`: a word, or pairs.
fn parse(text: &str, dictionary: &Dictionary) -> Result<Vec<Expectation>, Diagnostic> {
    let word = match text.trim().to_ascii_lowercase().as_str() {
        "accept" => Some(Expectation::Verdict(Verdict::Accept)),
        "reject" => Some(Expectation::Verdict(Verdict::Reject)),
        "challenge" => Some(Expectation::Verdict(Verdict::Challenge)),
        "ack" => Some(Expectation::Verdict(Verdict::Ack)),
        "nak" => Some(Expectation::Verdict(Verdict::Nak)),
        "response" => Some(Expectation::Verdict(Verdict::Response)),
        "none" => Some(Expectation::Silence),
        _ => None,
    };
    if let Some(word) = word {
        return Ok(vec![word]);
    }
    let pairs = parse_pairs(text).map_err(|error| {
        words::text_error(&error, "--expect", None, text)
            .hint("or one of accept, reject, challenge, ack, nak, response, none")
    })?;
    pairs
        .iter()
        .map(|pair| {
            compile(pair, text, dictionary)
                .map_err(|error| words::pair_error(&error, dictionary, "--expect", None, text))
        })
        .collect()
}

/// The blocks of an expectation file.
fn read(path: &Path, dictionary: &Dictionary) -> Result<Vec<Vec<Expectation>>, Diagnostic> {
    let text = files::read_text(path)?;
    let origin = path.display().to_string();
    let packets = requests::parse(&text, &origin)?;
    packets
        .iter()
        .map(|packet| {
            let compiled = packet.pairs.iter().map(|pair| {
                compile(pair, &text, dictionary).map_err(|error| at_line(&text, &origin, error, dictionary))
            });
            compiled.collect()
        })
        .collect()
}

/// One pair; `Packet-Type` speaks of the reply's Code.
fn compile(pair: &Pair<'_>, text: &str, dictionary: &Dictionary) -> Result<Expectation, EncodeError> {
    let is_code = ["Packet-Type", "Response-Packet-Type"]
        .iter()
        .any(|name| pair.name.text.eq_ignore_ascii_case(name));
    if is_code && let Some(code) = named_code(pair) {
        return Ok(Expectation::Code(code));
    }
    let expression = Expression::compile(pair, dictionary, &SystemNames)?;
    let text = text.get(pair.span()).unwrap_or_default().trim().to_owned();
    Ok(Expectation::Attribute { expression, text })
}

fn named_code(pair: &Pair<'_>) -> Option<Code> {
    match &pair.value.kind {
        LiteralKind::Bare(word) => Code::named(word),
        LiteralKind::Quoted(octets) => std::str::from_utf8(octets).ok().and_then(Code::named),
        _ => None,
    }
}
