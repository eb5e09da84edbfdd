//! From text to a filter.
//!
//! ```text
//! any  = all { ("or" | "||") all }
//! all  = one { ("and" | "&&") one }
//! one  = ("not" | "!") one | "(" any ")" | test
//! test = FIELD OP VALUE | NAME OP VALUE | NAME ("=*" | "!*") | WORD
//! ```

use std::net::SocketAddr;
use std::ops::Range;

use super::{Filter, FilterError, FilterErrorKind, Flag, Node, NumberField, Side, Test, Verdict};
use crate::attr::{Expression, NoNames, Operator, parse_pairs};
use crate::codec::Code;
use crate::dictionary::Dictionary;
use crate::exchange::Transport;
use crate::lint::{self, Severity};
use crate::responder::clients::Network;

const MAX_DEPTH: usize = 64;

/// Operators, the longer ones first.
const OPERATORS: [(&str, Operator); 10] = [
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("=~", Operator::Matches),
    ("!~", Operator::MatchesNot),
    ("=*", Operator::Present),
    ("!*", Operator::Absent),
    ("<", Operator::Less),
    (">", Operator::Greater),
];
/// `=` asks as `==` does.
const PLAIN_EQUAL: &str = "=";

const FLAGS: [(&str, Flag); 7] = [
    ("request", Flag::Request),
    ("reply", Flag::Reply),
    ("retransmission", Flag::Retransmission),
    ("duplicate", Flag::Duplicate),
    ("late", Flag::Late),
    ("orphan", Flag::Orphan),
    ("malformed", Flag::Malformed),
];

/// The fields of a packet, and of how it was seen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Code,
    Number(NumberField),
    Address(Side),
    Port(Side),
    Transport,
    Verdict,
    Finding,
}

const FIELDS: [(&str, Field); 15] = [
    ("code", Field::Code),
    ("id", Field::Number(NumberField::Identifier)),
    ("length", Field::Number(NumberField::Length)),
    ("number", Field::Number(NumberField::Number)),
    ("conversation", Field::Number(NumberField::Conversation)),
    ("rtt", Field::Number(NumberField::RoundTrip)),
    ("src", Field::Address(Side::Source)),
    ("dst", Field::Address(Side::Destination)),
    ("host", Field::Address(Side::Either)),
    ("sport", Field::Port(Side::Source)),
    ("dport", Field::Port(Side::Destination)),
    ("port", Field::Port(Side::Either)),
    ("transport", Field::Transport),
    ("verdict", Field::Verdict),
    ("finding", Field::Finding),
];

impl Filter {
    /// The filter that a text says; attributes by the dictionary's names.
    pub fn parse(text: &str, dictionary: &Dictionary) -> Result<Filter, FilterError> {
        let mut parser = Parser {
            text,
            at: 0,
            depth: 0,
            dictionary,
        };
        let root = parser.any()?;
        parser.blanks();
        match parser.rest().chars().next() {
            None => Ok(Filter { root }),
            Some(')') => Err(parser.error_here(1, FilterErrorKind::Bracket)),
            Some(_) => {
                let length = parser.word().len().max(1);
                Err(parser.error_here(length, FilterErrorKind::NotJoined))
            }
        }
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    dictionary: &'t Dictionary,
}

type Parsed<T> = Result<T, FilterError>;

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    /// The name that stands here, without stepping over it.
    fn word(&self) -> &'t str {
        let rest = self.rest();
        let end = rest
            .find(|c: char| c.is_whitespace() || "()=!<>~&|\"'".contains(c))
            .unwrap_or(rest.len());
        rest.get(..end).unwrap_or("")
    }

    fn error(&self, span: Range<usize>, kind: FilterErrorKind) -> FilterError {
        FilterError {
            span: span.start.min(self.text.len())..span.end.min(self.text.len()),
            kind,
        }
    }

    fn error_here(&self, length: usize, kind: FilterErrorKind) -> FilterError {
        self.error(self.at..self.at + length, kind)
    }

    /// Steps over a joining word or its symbol.
    fn joins(&mut self, word: &str, symbol: &str) -> bool {
        self.blanks();
        let length = if self.word().eq_ignore_ascii_case(word) {
            word.len()
        } else if self.rest().starts_with(symbol) {
            symbol.len()
        } else {
            return false;
        };
        self.at += length;
        true
    }

    fn any(&mut self) -> Parsed<Node> {
        let mut nodes = vec![self.all()?];
        while self.joins("or", "||") {
            nodes.push(self.all()?);
        }
        Ok(single(nodes, Node::Any))
    }

    fn all(&mut self) -> Parsed<Node> {
        let mut nodes = vec![self.one()?];
        while self.joins("and", "&&") {
            nodes.push(self.one()?);
        }
        Ok(single(nodes, Node::All))
    }

    fn one(&mut self) -> Parsed<Node> {
        self.blanks();
        let start = self.at;
        if self.depth >= MAX_DEPTH {
            return Err(self.error_here(1, FilterErrorKind::TooDeep));
        }
        self.depth += 1;
        let node = if self.joins("not", "!") {
            Node::Not(Box::new(self.one()?))
        } else if self.rest().starts_with('(') {
            self.at += 1;
            let node = self.any()?;
            self.blanks();
            if !self.rest().starts_with(')') {
                let kind = match self.rest().is_empty() {
                    true => FilterErrorKind::Bracket,
                    false => FilterErrorKind::NotJoined,
                };
                let span = match kind {
                    FilterErrorKind::Bracket => start..start + 1,
                    _ => self.at..self.at + self.word().len().max(1),
                };
                return Err(self.error(span, kind));
            }
            self.at += 1;
            node
        } else {
            Node::Test(self.test()?)
        };
        self.depth -= 1;
        Ok(node)
    }

    fn test(&mut self) -> Parsed<Test> {
        let start = self.at;
        let name = self.word();
        if name.is_empty() {
            let length = self.rest().chars().next().map_or(0, char::len_utf8);
            return Err(self.error_here(length, FilterErrorKind::NoTest));
        }
        self.at += name.len();
        let field = FIELDS
            .iter()
            .find(|(field, _)| field.eq_ignore_ascii_case(name))
            .copied();
        let Some(operator) = self.operator() else {
            let span = start..start + name.len();
            if let Some((_, flag)) = FLAGS.iter().find(|(flag, _)| flag.eq_ignore_ascii_case(name)) {
                return Ok(Test::Is(*flag));
            }
            return match field {
                Some((_, Field::Finding)) => Ok(Test::Severity(Operator::GreaterOrEqual, Severity::Info)),
                // An attribute alone asks whether there is one, if there is such an attribute at all.
                None if self.dictionary.named(name).is_some() => self.attribute(span, Some("=*")),
                _ => Err(self.error(span, FilterErrorKind::NoOperator)),
            };
        };
        let presence = matches!(operator, Operator::Present | Operator::Absent);
        let value = match presence {
            true => self.at..self.at,
            false => self.value()?,
        };
        match field {
            Some((name, field)) => self.field(name, field, operator, value),
            None => self.attribute(start..value.end.max(self.at), None),
        }
    }

    fn operator(&mut self) -> Option<Operator> {
        let before = self.at;
        self.blanks();
        let rest = self.rest();
        for (text, operator) in OPERATORS {
            if rest.starts_with(text) {
                self.at += text.len();
                return Some(operator);
            }
        }
        if rest.starts_with(PLAIN_EQUAL) {
            self.at += PLAIN_EQUAL.len();
            return Some(Operator::Equal);
        }
        self.at = before;
        None
    }

    /// Where the value that follows stands, quotes included.
    fn value(&mut self) -> Parsed<Range<usize>> {
        self.blanks();
        let start = self.at;
        let rest = self.rest();
        let length = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let mut escaped = false;
                let end = rest.char_indices().skip(1).find(|(_, character)| {
                    let ends = !escaped && *character == quote;
                    escaped = !escaped && *character == '\\';
                    ends
                });
                match end {
                    Some((end, _)) => end + 1,
                    None => return Err(self.error_here(1, FilterErrorKind::Quote)),
                }
            }
            // Braces hold groups and lists, with blanks in them.
            Some('{') => rest.find('}').map_or(rest.len(), |end| end + 1),
            _ => rest
                .find(|c: char| c.is_whitespace() || c == '(' || c == ')')
                .unwrap_or(rest.len()),
        };
        if length == 0 {
            return Err(self.error_here(0, FilterErrorKind::NoValue));
        }
        self.at += length;
        Ok(start..self.at)
    }

    fn attribute(&self, span: Range<usize>, suffix: Option<&str>) -> Parsed<Test> {
        let written = self.text.get(span.clone()).unwrap_or("");
        let whole = match suffix {
            Some(suffix) => format!("{written} {suffix}"),
            None => written.to_owned(),
        };
        let place = |inner: &Range<usize>| {
            let end = (span.start + inner.end).min(span.end);
            (span.start + inner.start).min(end)..end
        };
        let pairs = parse_pairs(&whole).map_err(|error| {
            let span = place(&error.span);
            self.error(span, FilterErrorKind::Text(error))
        })?;
        let Some(pair) = pairs.first() else {
            return Err(self.error(span, FilterErrorKind::NoTest));
        };
        let expression = Expression::compile(pair, self.dictionary, &NoNames).map_err(|error| {
            let span = place(&error.span);
            self.error(span, FilterErrorKind::Attribute(error))
        })?;
        Ok(Test::Attribute(Box::new(expression)))
    }

    fn field(
        &self,
        name: &'static str,
        field: Field,
        operator: Operator,
        span: Range<usize>,
    ) -> Parsed<Test> {
        let written = self.text.get(span.clone()).unwrap_or("");
        let value = written
            .strip_prefix(['"', '\''])
            .and_then(|inner| inner.strip_suffix(['"', '\'']))
            .unwrap_or(written);
        let ordered = matches!(
            operator,
            Operator::Equal
                | Operator::NotEqual
                | Operator::Less
                | Operator::LessOrEqual
                | Operator::Greater
                | Operator::GreaterOrEqual
        );
        let equality = matches!(operator, Operator::Equal | Operator::NotEqual);
        let allowed = match field {
            Field::Number(_) | Field::Port(_) | Field::Code => ordered,
            Field::Finding => equality || ordered && severity(value).is_some(),
            Field::Address(_) | Field::Transport | Field::Verdict => equality,
        };
        if !allowed {
            return Err(self.error(span, FilterErrorKind::Operator));
        }
        let test = match field {
            Field::Code => Code::named(value).map(|code| Test::Code(operator, code)),
            Field::Number(NumberField::RoundTrip) => {
                duration(value).map(|time| Test::Number(NumberField::RoundTrip, operator, time))
            }
            Field::Number(number) => value
                .parse()
                .ok()
                .map(|wanted| Test::Number(number, operator, wanted)),
            Field::Address(side) => address(side, operator, value),
            Field::Port(side) => value.parse().ok().map(|port| Test::Port(side, operator, port)),
            Field::Transport => Transport::named(value).map(|transport| Test::Transport(operator, transport)),
            Field::Verdict => Verdict::named(value).map(|verdict| Test::Verdict(operator, verdict)),
            Field::Finding => match severity(value) {
                Some(severity) => Some(Test::Severity(operator, severity)),
                None => lint::named(value).map(|rule| Test::Rule(operator, rule)),
            },
        };
        test.ok_or_else(|| self.error(span, FilterErrorKind::Value { field: name }))
    }
}

/// One node as it is, several under `join`.
fn single(mut nodes: Vec<Node>, join: fn(Vec<Node>) -> Node) -> Node {
    match nodes.len() {
        1 => nodes.pop().unwrap_or(Node::All(Vec::new())),
        _ => join(nodes),
    }
}

fn severity(value: &str) -> Option<Severity> {
    Some(match value {
        "info" => Severity::Info,
        "warning" => Severity::Warning,
        "error" => Severity::Error,
        _ => return None,
    })
}

/// An address, a network, or an address with a port.
fn address(side: Side, operator: Operator, value: &str) -> Option<Test> {
    if let Ok(network) = value.parse::<Network>() {
        return Some(Test::Address(side, operator, network));
    }
    let endpoint: SocketAddr = value.parse().ok()?;
    Some(Test::Endpoint(side, operator, endpoint))
}

/// A span of time in nanoseconds: `100ms`, `1.5s`, `20us`; without a unit, milliseconds as in JSON.
fn duration(value: &str) -> Option<u64> {
    let digits = value
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(value.len());
    let (number, unit) = value.split_at(digits);
    let scale = match unit {
        "ns" => 1.0,
        "us" | "µs" => 1e3,
        "ms" | "" => 1e6,
        "s" => 1e9,
        "m" => 60e9,
        _ => return None,
    };
    let nanoseconds = number.parse::<f64>().ok()? * scale;
    // Beyond what 64 bits hold, a conversion saturates.
    (nanoseconds.is_finite()).then_some(nanoseconds.round() as u64)
}
