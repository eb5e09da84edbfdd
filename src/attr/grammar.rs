//! The grammar of `NAME OP VALUE` lists, FreeRADIUS 3's and 4's spellings of it. Knows no attribute.
//!
//! ```text
//! list    := pair { (',' | newline) pair } [',']
//! pair    := name [':' tag] op value          op: = := += == != < <= > >= =~ !~ =* !*
//! value   := bare | '"' … '"' | "'" … "'" | '{' list '}' | '{' value {',' value} '}' | '(' type ')' value
//! ```

mod parser;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

pub(super) use self::parser::{Parser, parse_tag};

/// A stretch of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word<'t> {
    /// The characters.
    pub text: &'t str,
    /// Where they stand, in octets of the whole text.
    pub span: Range<usize>,
}

/// One `NAME OP VALUE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair<'t> {
    /// The name, without the tag.
    pub name: Word<'t>,
    /// The tag after the name (`Tunnel-Type:1`), with its place.
    pub tag: Option<(u8, Range<usize>)>,
    /// The operator.
    pub operator: Operator,
    /// Where it stands.
    pub operator_span: Range<usize>,
    /// The value.
    pub value: Literal<'t>,
}

impl Pair<'_> {
    /// Where the whole pair stands.
    pub fn span(&self) -> Range<usize> {
        self.name.span.start..self.value.span.end
    }
}

/// What stands between name and value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `=`
    Set,
    /// `:=`
    Assign,
    /// `+=`
    Append,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `=~`
    Matches,
    /// `!~`
    MatchesNot,
    /// `=*`
    Present,
    /// `!*`
    Absent,
}

/// A value as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal<'t> {
    /// How it is written.
    pub kind: LiteralKind<'t>,
    /// Where it stands.
    pub span: Range<usize>,
}

/// How a value is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiteralKind<'t> {
    /// Nothing (after `=*` and `!*` only).
    Nothing,
    /// A bare word, hexadecimal ones included.
    Bare(&'t str),
    /// In quotes, escapes resolved; they may say any octet.
    Quoted(Cow<'t, [u8]>),
    /// `{ NAME = VALUE, … }`.
    Group(Vec<Pair<'t>>),
    /// `{ VALUE, … }`.
    List(Vec<Literal<'t>>),
    /// `(type) VALUE`.
    Cast(Word<'t>, Box<Literal<'t>>),
}

/// Why a text is no list of pairs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextError {
    /// The octets of the text that are wrong.
    pub span: Range<usize>,
    /// What is wrong with them.
    pub kind: TextErrorKind,
}

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextErrorKind {
    /// A name was expected.
    NoName,
    /// An operator was expected.
    NoOperator,
    /// A value was expected.
    NoValue,
    /// The value is over, and neither a comma nor the end of the line follows.
    Trailing,
    /// A quote is not closed.
    OpenQuote,
    /// A brace or parenthesis is not closed.
    OpenGroup,
    /// A backslash that means nothing.
    BadEscape,
    /// A tag that is no number from 0 to 31.
    BadTag,
    /// Backquotes: nothing is ever executed.
    Backquote,
    /// Braces nested too deep.
    TooDeep,
}

/// Every operator, the longer ones first.
const OPERATORS: &[(&str, Operator)] = &[
    (":=", Operator::Assign),
    ("+=", Operator::Append),
    ("==", Operator::Equal),
    ("=~", Operator::Matches),
    ("=*", Operator::Present),
    ("!=", Operator::NotEqual),
    ("!~", Operator::MatchesNot),
    ("!*", Operator::Absent),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("=", Operator::Set),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

impl Operator {
    /// How it is written.
    pub fn text(self) -> &'static str {
        OPERATORS
            .iter()
            .find(|(_, operator)| *operator == self)
            .map_or("", |(text, _)| text)
    }

    /// Whether it gives an attribute a value; `==` does too, since files for radclient say it so.
    pub fn assigns(self) -> bool {
        matches!(
            self,
            Operator::Set | Operator::Assign | Operator::Append | Operator::Equal
        )
    }
}

/// The pairs in `text`: parted by commas or ends of line, a comma at the end allowed; `#` begins a comment, at the
/// start of a line or after a blank.
///
/// # Errors
///
/// The first thing that cannot be read.
pub fn parse_pairs(text: &str) -> Result<Vec<Pair<'_>>, TextError> {
    let mut parser = Parser::new(text);
    let mut pairs = Vec::new();
    loop {
        parser.skip_lines();
        if parser.is_at_end() {
            return Ok(pairs);
        }
        parser.line(&mut pairs)?;
    }
}
