//! Reading pairs, character by character.

use std::borrow::Cow;
use std::ops::Range;

use super::{Literal, LiteralKind, OPERATORS, Operator, Pair, TextError, TextErrorKind, Word};
use crate::attr::decode::MAX_TAG;
use crate::dictionary::Type;

/// Braces inside braces, at most: TLVs go no deeper.
const MAX_DEPTH: usize = 16;
/// A reader of pairs that knows where it is.
pub(in crate::attr) struct Parser<'t> {
    text: &'t str,
    at: usize,
    /// How many braces are open.
    depth: usize,
}

impl<'t> Parser<'t> {
    /// A reader of all of `text`, but for a byte order mark.
    pub(in crate::attr) fn new(text: &'t str) -> Parser<'t> {
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Parser { text, at, depth: 0 }
    }

    pub(in crate::attr) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    pub(in crate::attr) fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn error<T>(&self, start: usize, end: usize, kind: TextErrorKind) -> Result<T, TextError> {
        Err(TextError {
            span: start..end.max(start),
            kind,
        })
    }

    /// Where the word that begins here ends.
    fn word_end(&self) -> usize {
        let rest = self.rest();
        let length = rest.find([' ', '\t', '\r', '\n', ',']).unwrap_or(rest.len());
        self.at + length.max(rest.chars().next().map_or(0, char::len_utf8))
    }

    fn line_end(&self) -> usize {
        let rest = self.rest();
        self.at + rest.find('\n').unwrap_or(rest.len())
    }

    /// Skips blanks; a comment too.
    pub(in crate::attr) fn skip_blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t', '\r']).len();
        if self.peek() == Some('#') {
            self.at = self.line_end();
        }
    }

    /// Skips blanks, comments and ends of lines.
    pub(super) fn skip_lines(&mut self) {
        loop {
            self.skip_blanks();
            if self.peek() != Some('\n') {
                return;
            }
            self.at += 1;
        }
    }

    /// Goes back to where an error was found, outside of all braces.
    pub(in crate::attr) fn recover(&mut self, at: usize) {
        self.at = at;
        self.depth = 0;
    }

    /// Goes to the start of the next line.
    pub(in crate::attr) fn next_line(&mut self) {
        self.at = (self.line_end() + 1).min(self.text.len());
    }

    /// Reads pairs up to the end of the line; that stays.
    pub(in crate::attr) fn line(&mut self, pairs: &mut Vec<Pair<'t>>) -> Result<(), TextError> {
        loop {
            pairs.push(self.pair()?);
            if !self.separator()? {
                return Ok(());
            }
            self.skip_blanks();
            if matches!(self.peek(), None | Some('\n')) {
                return Ok(());
            }
        }
    }

    /// What may follow a value: a comma (true), or the end of the line or group (false), which stays.
    fn separator(&mut self) -> Result<bool, TextError> {
        self.skip_blanks();
        match self.peek() {
            Some(',') => {
                self.at += 1;
                Ok(true)
            }
            None | Some('\n') => Ok(false),
            Some('}') if self.depth > 0 => Ok(false),
            _ => {
                let rest = self.text.get(self.at..self.line_end()).unwrap_or("");
                let end = self.at + rest.find(',').unwrap_or(rest.trim_end().len());
                self.error(self.at, end, TextErrorKind::Trailing)
            }
        }
    }

    fn pair(&mut self) -> Result<Pair<'t>, TextError> {
        let name = self.name();
        if name.text.is_empty() {
            return self.error(self.at, self.word_end(), TextErrorKind::NoName);
        }
        let tag = self.tag()?;
        self.skip_blanks();
        let Some((text, operator)) = OPERATORS.iter().find(|(text, _)| self.rest().starts_with(text)) else {
            let end = if self.is_at_end() {
                self.at
            } else {
                self.word_end()
            };
            return self.error(self.at, end, TextErrorKind::NoOperator);
        };
        let operator_span = self.at..self.at + text.len();
        self.at = operator_span.end;
        let after = self.at;
        self.skip_blanks();
        let operator = *operator;
        let value = if self.is_over() {
            if !matches!(operator, Operator::Present | Operator::Absent) {
                return self.error(self.at, self.at, TextErrorKind::NoValue);
            }
            Literal {
                kind: LiteralKind::Nothing,
                span: after..after,
            }
        } else if matches!(operator, Operator::Matches | Operator::MatchesNot) && self.peek() == Some('/') {
            self.pattern()?
        } else {
            self.literal()?
        };
        Ok(Pair {
            name,
            tag,
            operator,
            operator_span,
            value,
        })
    }

    /// Whether there is no value here.
    fn is_over(&self) -> bool {
        match self.peek() {
            None | Some('\n' | ',') => true,
            Some('}') => self.depth > 0,
            _ => false,
        }
    }

    fn name(&mut self) -> Word<'t> {
        let rest = self.rest();
        let length = rest
            .char_indices()
            .find(|(at, character)| match character {
                '-' | '_' | '.' | '/' | '&' | '@' => false,
                '+' => rest[at + 1..].starts_with('='),
                _ => character.is_ascii() && !character.is_ascii_alphanumeric(),
            })
            .map_or(rest.len(), |(at, _)| at);
        let span = self.at..self.at + length;
        self.at = span.end;
        Word {
            text: rest.get(..length).unwrap_or(""),
            span,
        }
    }

    /// The tag after a name: `:1`.
    fn tag(&mut self) -> Result<Option<(u8, Range<usize>)>, TextError> {
        let Some(rest) = self
            .rest()
            .strip_prefix(':')
            .filter(|rest| !rest.starts_with('='))
        else {
            return Ok(None);
        };
        let start = self.at + 1;
        let length = rest
            .find(|character: char| {
                !character.is_ascii_alphanumeric() && character != '-' && character != '*'
            })
            .unwrap_or(rest.len());
        let span = start..start + length;
        match rest.get(..length).and_then(parse_tag) {
            Some(tag) => {
                self.at = span.end;
                Ok(Some((tag, span)))
            }
            None => self.error(span.start, span.end, TextErrorKind::BadTag),
        }
    }

    fn literal(&mut self) -> Result<Literal<'t>, TextError> {
        let start = self.at;
        let kind = match self.peek() {
            Some('"') => LiteralKind::Quoted(self.double_quoted()?),
            Some('\'') => LiteralKind::Quoted(self.single_quoted()?),
            Some('`') => return self.error(start, self.word_end(), TextErrorKind::Backquote),
            Some('{') => self.braces()?,
            _ => match self.cast() {
                Some(kind) => {
                    self.skip_blanks();
                    if self.is_over() {
                        return self.error(self.at, self.at, TextErrorKind::NoValue);
                    }
                    LiteralKind::Cast(kind, Box::new(self.literal()?))
                }
                None => LiteralKind::Bare(self.bare()),
            },
        };
        Ok(Literal {
            kind,
            span: start..self.at,
        })
    }

    fn bare(&mut self) -> &'t str {
        let rest = self.rest();
        let grouped = self.depth > 0;
        let length = rest
            .find(|character| {
                matches!(character, ' ' | '\t' | '\r' | '\n' | ',') || grouped && character == '}'
            })
            .unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or("")
    }

    /// `(type)`, when it names a type.
    fn cast(&mut self) -> Option<Word<'t>> {
        let inner = self.rest().strip_prefix('(')?;
        let text = inner.get(..inner.find(')')?)?;
        Type::spelt(text.trim())?;
        let start = self.at + 1;
        self.at = start + text.len() + 1;
        Some(Word {
            text: text.trim(),
            span: start..start + text.len(),
        })
    }

    /// `/pattern/`, `/pattern/i`.
    fn pattern(&mut self) -> Result<Literal<'t>, TextError> {
        let start = self.at;
        let body = self.text.get(start + 1..self.line_end()).unwrap_or("");
        let mut escaped = false;
        let length = body.find(|character| {
            let end = character == '/' && !escaped;
            escaped = character == '\\' && !escaped;
            end
        });
        let Some(length) = length else {
            return self.error(start, start + 1, TextErrorKind::OpenQuote);
        };
        self.at = start + 1 + length + 1;
        let pattern = body.get(..length).unwrap_or("").replace("\\/", "/");
        let pattern = if self.peek() == Some('i') {
            self.at += 1;
            format!("(?i){pattern}")
        } else {
            pattern
        };
        Ok(Literal {
            kind: LiteralKind::Quoted(Cow::Owned(pattern.into_bytes())),
            span: start..self.at,
        })
    }

    /// Single quotes: everything stands for itself but `\'` and `\\`, as in FreeRADIUS 4 and in a shell.
    fn single_quoted(&mut self) -> Result<Cow<'t, [u8]>, TextError> {
        self.quoted('\'', |rest| match rest.as_bytes().first() {
            Some(octet @ (b'\'' | b'\\')) => Some((*octet, 1)),
            _ => Some((b'\\', 0)),
        })
    }

    /// Double quotes: `\t \n \r \" \' \\ \` and octets as `\101` or `\x41`.
    fn double_quoted(&mut self) -> Result<Cow<'t, [u8]>, TextError> {
        self.quoted('"', |rest| {
            Some(match *rest.as_bytes().first()? {
                b't' => (b'\t', 1),
                b'n' => (b'\n', 1),
                b'r' => (b'\r', 1),
                octet @ (b'"' | b'\'' | b'\\' | b'`') => (octet, 1),
                b'x' => (u8::from_str_radix(digits(rest, 1..3)?, 16).ok()?, 3),
                _ => (u8::from_str_radix(digits(rest, 0..3)?, 8).ok()?, 3),
            })
        })
    }

    /// Text between two `quote`s. `escape` says which octet the text after a backslash stands for, and how many of
    /// its octets that takes.
    fn quoted(
        &mut self,
        quote: char,
        escape: impl Fn(&str) -> Option<(u8, usize)>,
    ) -> Result<Cow<'t, [u8]>, TextError> {
        let start = self.at;
        let body = start + 1;
        let mut octets = Vec::new();
        let mut plain = body;
        self.at = body;
        let text = self.text.as_bytes();
        let piece = |from: usize, to: usize| text.get(from..to).unwrap_or(&[]);
        loop {
            match self.peek() {
                None | Some('\n') => return self.error(start, start + 1, TextErrorKind::OpenQuote),
                Some('\\') => {
                    octets.extend_from_slice(piece(plain, self.at));
                    let Some((octet, length)) = escape(self.text.get(self.at + 1..).unwrap_or("")) else {
                        let next = self.rest().chars().nth(1).map_or(0, char::len_utf8);
                        return self.error(self.at, self.at + 1 + next, TextErrorKind::BadEscape);
                    };
                    octets.push(octet);
                    self.at += 1 + length;
                    plain = self.at;
                }
                Some(character) if character == quote => {
                    let last = piece(plain, self.at);
                    self.at += 1;
                    if plain == body {
                        return Ok(Cow::Borrowed(last));
                    }
                    octets.extend_from_slice(last);
                    return Ok(Cow::Owned(octets));
                }
                Some(character) => self.at += character.len_utf8(),
            }
        }
    }

    /// `{ NAME = VALUE, … }` or `{ VALUE, … }`: the first item decides.
    fn braces(&mut self) -> Result<LiteralKind<'t>, TextError> {
        let open = self.at;
        if self.depth >= MAX_DEPTH {
            return self.error(open, open + 1, TextErrorKind::TooDeep);
        }
        self.depth += 1;
        self.at += 1;
        self.skip_lines();
        let kind = if self.is_value_next() {
            let mut values = Vec::new();
            self.items(open, |parser| {
                values.push(parser.literal()?);
                Ok(())
            })?;
            LiteralKind::List(values)
        } else {
            let mut pairs = Vec::new();
            self.items(open, |parser| {
                pairs.push(parser.pair()?);
                Ok(())
            })?;
            LiteralKind::Group(pairs)
        };
        self.depth -= 1;
        Ok(kind)
    }

    /// Whether a value stands here and not a name with its operator.
    fn is_value_next(&self) -> bool {
        match self.peek() {
            None | Some('}') => return false,
            Some('"' | '\'' | '{' | '(') => return true,
            _ => {}
        }
        let mut ahead = Parser { ..*self };
        ahead.name();
        if ahead.peek() == Some(':') && !ahead.rest().starts_with(":=") {
            // A tag, or a colon of an address.
            if ahead.tag().is_err() {
                return true;
            }
        }
        ahead.skip_blanks();
        !OPERATORS.iter().any(|(text, _)| ahead.rest().starts_with(text))
    }

    fn items(
        &mut self,
        open: usize,
        mut item: impl FnMut(&mut Self) -> Result<(), TextError>,
    ) -> Result<(), TextError> {
        loop {
            self.skip_lines();
            match self.peek() {
                Some('}') => {
                    self.at += 1;
                    return Ok(());
                }
                None => return self.error(open, open + 1, TextErrorKind::OpenGroup),
                Some(_) => {
                    item(self)?;
                    self.separator()?;
                }
            }
        }
    }
}

/// A tag (RFC 2868 §3.1).
pub(in crate::attr) fn parse_tag(text: &str) -> Option<u8> {
    if text.is_empty() || !text.bytes().all(|octet| octet.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|tag| *tag <= MAX_TAG)
}

/// Digits without a sign, which `from_str_radix` would take.
fn digits(text: &str, range: Range<usize>) -> Option<&str> {
    text.get(range)
        .filter(|digits| digits.bytes().all(|octet| octet.is_ascii_hexdigit()))
}
