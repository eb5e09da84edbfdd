//! MEANING: what the octets of attributes say, and which octets a text means.
//!
//! Stands on [`codec`](crate::codec) (octets) and [`dictionary`](crate::dictionary) (names), and joins them in both
//! directions: [`decode`] makes a [`Tree`] of whatever a packet holds and keeps what is malformed as it came;
//! [`Draft`] takes `NAME = VALUE` pairs and builds packets. What prints as an attribute parses as one.
//!
//! Judges nothing beyond single values (that is `lint`'s business), does no IO, looks at no clock and throws no
//! dice: host names, salts and authenticators are arguments.

mod abinary;
mod control;
mod decode;
mod draft;
mod encode;
#[cfg(test)]
mod every;
mod expression;
mod file;
mod grammar;
#[cfg(test)]
mod testing;
mod text;
mod time;
mod value;

pub use control::{Control, control};
pub use decode::{Attribute, Name, Opener, Tree, decode, decode_attributes, decode_clear};
pub use draft::{BuildError, BuildOptions, Draft, Hidden, Part, Placement};
pub use encode::{EncodeError, EncodeErrorKind, Names, NoNames};
pub use expression::{Expression, Mismatch};
pub use file::{FileFault, FileFaultKind, FilePacket, Line, parse_file};
pub use grammar::{Literal, LiteralKind, Operator, Pair, TextError, TextErrorKind, Word, parse_pairs};
pub use value::{Inside, Sealed, Value, ValueFault};
