//! What is wrong with a dictionary's text, and where.

use super::kind::Type;

/// A stretch of one line of a dictionary file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file's path as it was opened.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The first octet of the stretch within the line, from 1.
    pub column: u32,
    /// How many octets the stretch has.
    pub octets: u32,
    /// The line itself, without its end; what is not UTF-8 is replaced.
    pub text: String,
}

/// Something that keeps a dictionary from being loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What.
    pub kind: FaultKind,
}

/// Something odd that loads nevertheless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Where.
    pub place: Place,
    /// What.
    pub kind: WarningKind,
}

/// What keeps a dictionary from being loaded. `near` is the known word that was probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The first word of the line is no keyword.
    UnknownKeyword {
        /// What was probably meant.
        near: Option<&'static str>,
    },
    /// No such type.
    UnknownType {
        /// What was probably meant.
        near: Option<&'static str>,
    },
    /// A number was expected.
    BadNumber,
    /// A VALUE does not fit the type of its attribute.
    ValueOutOfRange {
        /// The type of the attribute.
        kind: Type,
        /// The largest number it holds.
        max: u64,
    },
}

/// What is odd, but loads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WarningKind {
    /// The number has another name already; the later one wins.
    DuplicateNumber {
        /// The name it had.
        former: String,
    },
}
