//! What is wrong with a users file, and where.

use std::io;

use crate::attr::{EncodeErrorKind, TextErrorKind};
use crate::auth::password::StoredError;
use crate::dictionary::Place;

/// Something that keeps a users file from being read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What.
    pub kind: FaultKind,
}

/// What is wrong. Everything else that a line may have wrong is a fault of its pairs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The pairs cannot be read.
    Text(TextErrorKind),
    /// A pair stands for nothing, or its value is none of its attribute's.
    Pair {
        /// The attribute's name as it was written.
        name: String,
        /// What is wrong.
        kind: EncodeErrorKind,
    },
    /// The name of a user is not closed by the quote that opens it.
    OpenName,
    /// Reply items without a user before them.
    NoUser,
    /// A comma after the last check item: what follows on the next line are reply items.
    TrailingComma,
    /// More reply items, but no comma at the end of the line before.
    NoComma,
    /// An operator that does not belong here.
    Operator(Misplaced),
    /// A password in a form that cannot be read.
    Password(StoredError),
    /// What stands where an Auth-Type is expected.
    AuthType,
    /// What stands where a number is expected.
    Number,
    /// What stands where yes or no is expected.
    YesOrNo,
    /// What stands where a date is expected.
    Date,
    /// What stands where an address or network is expected.
    Network,
    /// An expansion (`%{…}`) that cannot be read, or is none that is known.
    Expansion,
    /// A check that would have to be made at another time of the day, by a database, or by a program: not done here.
    Unsupported,
    /// The file cannot be read.
    Unreadable(io::ErrorKind),
    /// The file is not UTF-8; from this octet of the line on.
    NotUtf8,
    /// The file includes itself, through others or at once.
    Cycle,
}

/// Why an operator does not belong where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misplaced {
    /// `=` checks nothing: `==` is meant.
    SetsInCheck,
    /// It compares what no request holds: `:=` is meant.
    ComparesControl,
    /// Reply items are set, not compared.
    ComparesReply,
}
