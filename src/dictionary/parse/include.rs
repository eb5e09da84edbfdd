//! Opening files: the top one, and what it includes.

use std::borrow::Cow;

use super::super::fault::{Fault, FaultKind, Place, WarningKind, Word};
use super::super::lex::{Lines, Words};
use super::{Line, Parser};

/// How deep includes may nest.
const MOST_OPEN: usize = 64;

impl Parser<'_> {
    /// Reads the file that the user named, and settles what had to wait.
    pub(super) fn top(&mut self, path: &str) {
        let root = match &self.options.dict_root {
            Some(root) => root.clone(),
            None => directory(path).to_owned(),
        };
        self.root = normal(&self.files.absolute(&root));
        let whole = |kind| Fault {
            place: Place {
                file: path.to_owned(),
                line: 0,
                column: 0,
                octets: 0,
                text: String::new(),
            },
            kind,
        };
        match self.files.read(path) {
            Ok(octets) => {
                self.seen.insert((normal(path), self.frames[0].space));
                self.file(path, &octets);
            }
            Err(error) => self.faults.push(whole(FaultKind::CannotRead(error.kind()))),
        }
        self.finish();
    }

    /// The lines of one file.
    fn file(&mut self, path: &str, octets: &[u8]) {
        let octets = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets);
        let text = match std::str::from_utf8(octets) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => String::from_utf8_lossy(octets),
        };
        let file = self.model.file(path);
        self.read.push(path.to_owned());
        if let Cow::Owned(_) = text {
            let line = Line {
                text: "",
                words: Words::default(),
                number: 0,
                file,
            };
            self.warn(&line, 0, WarningKind::NotUtf8);
        }
        let outer = (self.internal, self.manual);
        let depth = self.frames.len();
        self.floors.push(depth);
        let modern = self.top_frame().modern || (self.careful && is_modern(&text));
        let was_modern = std::mem::replace(&mut self.top_frame_mut().modern, modern);
        self.open.push(normal(path));
        (self.internal, self.manual) = (false, false);

        let mut lines = Lines::of(&text);
        while let Some((text, words, number)) = lines.next_line() {
            self.line(&Line {
                text,
                words,
                number,
                file,
            });
        }

        self.close_frames(depth, file, &text);
        self.top_frame_mut().modern = was_modern;
        self.open.pop();
        (self.internal, self.manual) = outer;
        self.relative = None;
    }

    /// `$INCLUDE file`, `$INCLUDE- file`, also `directory/*` and `${dictdir}/file`.
    pub(super) fn include(&mut self, line: &Line<'_>, required: bool) {
        let Some(word) = self.need(line, 1, Word::File) else {
            return;
        };
        self.no_more(line, 2);
        self.unwind(line);
        let path = self.included_path(line, word);
        let name = path.rsplit('/').next().unwrap_or_default();
        if !name.contains(['*', '?']) {
            self.include_file(line, &path, required);
            return;
        }
        let within = directory(&path);
        let mut names = match self.files.list(within) {
            Ok(names) => names,
            Err(_) if !required => return,
            Err(error) => {
                self.fault(
                    line,
                    1,
                    FaultKind::MissingInclude {
                        path: path.clone(),
                        error: error.kind(),
                    },
                );
                return;
            }
        };
        names.retain(|found| !found.starts_with('.') && is_like(found.as_bytes(), name.as_bytes()));
        names.sort();
        for found in names {
            self.include_file(line, &join(within, &found), false);
        }
    }

    /// Where the file lies that `word` means.
    fn included_path(&self, line: &Line<'_>, word: &str) -> String {
        let Some(below) = word.strip_prefix("${dictdir}/") else {
            return if word.starts_with('/') {
                normal(word)
            } else {
                normal(&join(directory(self.file_path(line.file)), word))
            };
        };
        // ${dictdir} is where FreeRADIUS keeps a directory for each protocol; when one of those was loaded,
        // it is the directory above.
        let own = self.root.rsplit('/').next().unwrap_or_default();
        match below.strip_prefix(own).and_then(|rest| rest.strip_prefix('/')) {
            Some(rest) if self.options.dict_root.is_none() && !own.is_empty() => {
                normal(&join(&self.root, rest))
            }
            _ => normal(&join(&self.root, below)),
        }
    }

    fn include_file(&mut self, line: &Line<'_>, path: &str, required: bool) {
        let whole = normal(&self.files.absolute(path));
        if !is_below(&whole, &self.root) || !self.files.is_within(path, &self.root) {
            let root = self.root.clone();
            self.fault(
                line,
                1,
                FaultKind::IncludeOutside {
                    path: path.to_owned(),
                    root,
                },
            );
            return;
        }
        if let Some(at) = self.open.iter().position(|open| open == path) {
            let path = self.open[at..].to_vec();
            self.fault(line, 1, FaultKind::IncludeCycle { path });
            return;
        }
        if self.model.files.len() >= usize::from(u16::MAX) || self.open.len() >= MOST_OPEN {
            self.fault(line, 1, FaultKind::TooManyFiles);
            return;
        }
        // FreeRADIUS skips a file that it has read; in another block it means something else.
        let space = self.top_frame().space;
        if !self.seen.insert((path.to_owned(), space)) {
            self.warn(line, 1, WarningKind::IncludedTwice);
            return;
        }
        match self.files.read(path) {
            Ok(octets) => self.file(path, &octets),
            Err(_) if !required => {}
            Err(error) => {
                self.fault(
                    line,
                    1,
                    FaultKind::MissingInclude {
                        path: path.to_owned(),
                        error: error.kind(),
                    },
                );
            }
        }
    }
}

/// Whether a line of `text` is one that only FreeRADIUS 4 knows.
fn is_modern(text: &str) -> bool {
    let mut lines = Lines::of(text);
    while let Some((line, words, _)) = lines.next_line() {
        if is_modern_line(line, &words) {
            return true;
        }
    }
    false
}

/// Whether a line is one that only FreeRADIUS 4 knows, and that its files have outside of a protocol's block.
pub(super) fn is_modern_line(line: &str, words: &Words) -> bool {
    let keyword = words.get(line, 0).unwrap_or_default();
    let is = |name: &str| keyword.eq_ignore_ascii_case(name);
    match keyword.as_bytes().first().map(u8::to_ascii_uppercase) {
        Some(b'A') if is("ATTRIBUTE") => words.get(line, 2).is_some_and(|number| number.starts_with('.')),
        Some(b'B') if is("BEGIN") => !words
            .get(line, 1)
            .is_some_and(|word| word.eq_ignore_ascii_case("PROTOCOL")),
        Some(b'A') => is("ALIAS"),
        Some(b'D') => is("DEFINE"),
        Some(b'E') => is("ENUM"),
        Some(b'F') => is("FLAGS"),
        Some(b'M') => is("MEMBER"),
        Some(b'S') => is("STRUCT"),
        _ => false,
    }
}

/// The directory of the file at `path`; empty for a bare name.
pub(super) fn directory(path: &str) -> &str {
    match path.rfind('/') {
        Some(0) => "/",
        Some(end) => &path[..end],
        None => "",
    }
}

fn join(directory: &str, name: &str) -> String {
    match directory {
        "" => name.to_owned(),
        "/" => format!("/{name}"),
        _ => format!("{directory}/{name}"),
    }
}

/// `path` without `.`, and without `..` where something is before it.
fn normal(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if rooted { format!("/{joined}") } else { joined }
}

/// Whether `name` matches `pattern`, in which `*` is any run and `?` any octet.
fn is_like(name: &[u8], pattern: &[u8]) -> bool {
    let (mut at, mut seen) = (0, 0);
    // Where the last `*` stands, and up to where it has run.
    let mut star: Option<(usize, usize)> = None;
    while at < name.len() {
        match pattern.get(seen) {
            Some(b'*') => {
                star = Some((seen, at));
                seen += 1;
            }
            Some(octet) if *octet == b'?' || *octet == name[at] => {
                seen += 1;
                at += 1;
            }
            _ => match star {
                Some((from, run)) => {
                    star = Some((from, run + 1));
                    seen = from + 1;
                    at = run + 1;
                }
                None => return false,
            },
        }
    }
    pattern[seen..].iter().all(|octet| *octet == b'*')
}

/// Whether `path` is below `root`; both without detours.
fn is_below(path: &str, root: &str) -> bool {
    match root {
        "" => !path.starts_with('/') && path != ".." && !path.starts_with("../"),
        "/" => path.starts_with('/'),
        root => path.strip_prefix(root).is_some_and(|rest| rest.starts_with('/')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lose_their_detours() {
        assert_eq!(normal("a/./b//../c"), "a/c");
        assert_eq!(normal("../a/../../b"), "../../b");
        assert_eq!(normal("/../a"), "/a");
        assert_eq!(directory("a/b"), "a");
        assert_eq!(directory("/b"), "/");
        assert_eq!(directory("b"), "");
    }

    #[test]
    fn patterns_match_names() {
        assert!(is_like(b"dictionary.x", b"*"));
        assert!(is_like(b"dictionary.x", b"dict*.?"));
        assert!(!is_like(b"dictionary.xy", b"dict*.?"));
    }
}
