//! NAMES: which number is which attribute, of which type, with which named values.
//!
//! A [`Dictionary`] is a stack of packed layers: at the bottom what ships inside the program, above it each
//! dictionary that a user loads. The newest layer that knows a number or a name wins. Looking up allocates
//! nothing; the embedded layer is used as it lies in the executable, without a pass over it.
//!
//! Numbers form a tree of [`Entry`]s under [`Key::ROOT`]: attributes are the children of the root, vendors the
//! children of 26 and of 241.26 to 246.26, a vendor's attributes the children of the vendor, TLVs and struct
//! members the children of their attribute (members count from 1). The branches of a union are its children by
//! the value of the union's key member; a `STRUCT` is the child of its key member, by value.
//!
//! Knows no packet and no octet of a value: meaning is `attr`'s business.

mod builtin;
mod entry;
mod export;
mod fault;
mod files;
mod flag;
mod key;
mod kind;
mod layers;
mod lex;
mod model;
mod oid;
mod pack;
mod parse;
mod resolve;
mod row;
mod suggest;
mod table;

pub use entry::{Entry, NamedValue, Path, Reference, Source, Vendor};
pub use fault::{Block, Fault, FaultKind, Origin, Place, Warning, WarningKind, Word};
pub use files::{Disk, Files, Memory};
pub use flag::{Encrypt, Flags, LengthPrefix, Precision, VendorFormat};
pub use key::Key;
pub use kind::Type;
pub use layers::Dictionary;
pub use oid::{Oid, OidError};
pub use parse::{LoadOptions, Review};
pub use resolve::{ResolveError, ResolveErrorKind, Resolved};
pub use suggest::{Hit, Near};
