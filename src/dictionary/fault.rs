//! What is wrong with a dictionary's text, and where. Facts; the words for them are found elsewhere.

use std::io;

use super::kind::Type;
use super::oid::Oid;

/// A stretch of one line of a dictionary file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file's path as it was opened.
    pub file: String,
    /// The line, from 1; 0 when the whole file is meant.
    pub line: u32,
    /// The first octet of the stretch within the line, from 1.
    pub column: u32,
    /// How many octets the stretch has; 0 for what is missing there.
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

/// Where something was defined before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file's path as it was opened.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

/// What a word of a line is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// A name that is being defined.
    Name,
    /// A number.
    Number,
    /// A data type.
    Type,
    /// An attribute's name.
    Attribute,
    /// The number or text of a named value.
    Data,
    /// A vendor's name.
    Vendor,
    /// A protocol's name.
    Protocol,
    /// A path of a file.
    File,
    /// A reference to an attribute.
    Reference,
    /// Flags.
    Flags,
}

/// What kind of block a BEGIN opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// `BEGIN-PROTOCOL`, `BEGIN PROTOCOL`.
    Protocol,
    /// `BEGIN-VENDOR`.
    Vendor,
    /// `BEGIN-TLV`, `BEGIN`.
    Attribute,
}

/// What keeps a dictionary from being loaded. `near` is the known word that was probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The file cannot be read.
    CannotRead(io::ErrorKind),
    /// An included file cannot be read.
    MissingInclude {
        /// The path that was tried.
        path: String,
        /// Why not.
        error: io::ErrorKind,
    },
    /// The file includes itself, or one that includes it.
    IncludeCycle {
        /// The files, from the one included again to the one that includes it.
        path: Vec<String>,
    },
    /// The included file is not below the directory that is allowed.
    IncludeOutside {
        /// The path.
        path: String,
        /// The directory.
        root: String,
    },
    /// More files than a layer can number, or more that include one another than can be open.
    TooManyFiles,
    /// The first word of the line is no keyword.
    UnknownKeyword {
        /// What was probably meant.
        near: Option<&'static str>,
    },
    /// The line ends before this word.
    MissingWord(Word),
    /// The line has words after its last one.
    SurplusWord,
    /// No such type.
    UnknownType {
        /// What was probably meant.
        near: Option<&'static str>,
    },
    /// The `[n]` after a type is no length it can have.
    BadTypeLength,
    /// The type takes no `[n]`.
    LengthNotAllowed(Type),
    /// A `bit[n]` outside of a struct.
    BitOutsideStruct,
    /// No such flag, and no vendor of that name.
    UnknownFlag {
        /// What was probably meant.
        near: Option<String>,
    },
    /// The flag needs `=` and a value.
    FlagNeedsValue(&'static str),
    /// The flag's value is none it can have.
    BadFlagValue(&'static str),
    /// The flag makes no sense with the type.
    FlagNotAllowed {
        /// The flag.
        flag: &'static str,
        /// The type.
        kind: Type,
    },
    /// A number was expected, of at most 32 bits.
    BadNumber,
    /// The number does not fit the place: a Type of one octet for example.
    NumberOutOfRange {
        /// The largest that does.
        max: u32,
    },
    /// More numbers than [`Oid::DEPTH`].
    TooDeep,
    /// The name has more than 255 octets.
    NameTooLong,
    /// The name is reserved for attributes that have none (`Attr-…`).
    ReservedName,
    /// The name is taken by an entry with another number.
    DuplicateName {
        /// The numbers it has.
        oid: Oid,
        /// Where it was defined.
        origin: Origin,
    },
    /// The name is taken by a value with another number.
    DuplicateValue {
        /// The number it has.
        number: u64,
        /// Where it was defined.
        origin: Origin,
    },
    /// The name is taken by a vendor with another number.
    DuplicateVendor {
        /// The number it has.
        pen: u32,
        /// Where it was defined.
        origin: Origin,
    },
    /// The number is taken by a struct that has members.
    DuplicateStruct {
        /// Where it was defined.
        origin: Origin,
    },
    /// No attribute of that name.
    UnknownAttribute {
        /// What was probably meant.
        near: Option<String>,
    },
    /// No vendor of that name or number.
    UnknownVendor {
        /// What was probably meant.
        near: Option<String>,
    },
    /// No protocol of that name.
    UnknownProtocol,
    /// The reference leads nowhere.
    UnknownReference,
    /// Nothing is defined at the numbers above.
    UnknownParent {
        /// Where nothing is.
        oid: Oid,
    },
    /// The entry above has no children.
    NotAContainer(Type),
    /// The data is no value of the type.
    BadValue(Type),
    /// The number does not fit the type.
    ValueOutOfRange {
        /// The type.
        kind: Type,
        /// The largest number it holds.
        max: u64,
    },
    /// The type has no values of its own.
    ValueNotAllowed(Type),
    /// A MEMBER outside of a struct.
    MemberOutsideStruct,
    /// An ATTRIBUTE inside of a struct, where only MEMBER may stand.
    AttributeInsideStruct,
    /// A number that starts with a dot, and no TLV before it.
    NoRelativeParent,
    /// The member that is to choose the STRUCT or union has no `key` flag.
    NotAKey,
    /// The bits before do not end with an octet.
    BitsOpen {
        /// How many bits are left over.
        bits: u32,
    },
    /// The members do not fill `struct[n]`.
    StructSize {
        /// What was promised.
        octets: u32,
        /// What the members have.
        members: u32,
    },
    /// The `format=` of a vendor is none.
    BadFormat,
    /// A vendor's block inside of another, or a protocol's inside of another.
    NestedBlock(Block),
    /// An END without its BEGIN in the same file.
    EndWithoutBegin(Block),
    /// An END of something else than what was begun last.
    EndMismatch {
        /// What was begun, by name.
        open: String,
    },
    /// A BEGIN without its END in the same file.
    BeginWithoutEnd(Block),
    /// A protocol's name or number that has another number or name.
    ProtocolConflict,
    /// A `clone=` of itself, or of what holds it.
    CloneLoop,
    /// A `clone=` of another type.
    CloneType {
        /// The type of the source.
        source: Type,
    },
}

/// What is odd, but loads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WarningKind {
    /// The number has another name already; the later one is printed.
    DuplicateNumber {
        /// The name it had.
        former: String,
        /// Where that was.
        origin: Origin,
    },
    /// The name had another number; the later one counts (FreeRADIUS 4, or the same number elsewhere).
    DuplicateName {
        /// The numbers it had.
        oid: Oid,
        /// Where that was.
        origin: Origin,
    },
    /// The same name and number, but not the same type and flags; the later one counts.
    Redefined {
        /// Where it was defined before.
        origin: Origin,
    },
    /// The Private Enterprise Number has another vendor's name already.
    DuplicateVendor {
        /// The name it had.
        former: String,
        /// Where that was.
        origin: Origin,
    },
    /// The name is that of another attribute in a dictionary below, which is now hidden.
    Shadows {
        /// The numbers it has there.
        oid: Oid,
    },
    /// A VALUE whose attribute the vendor's dictionary leaves out; the value is dropped.
    ValueWithoutAttribute,
    /// The file is included a second time, and skipped.
    IncludedTwice,
    /// The file holds octets that are not UTF-8.
    NotUtf8,
    /// The name has characters that attribute text cannot have, or looks like a number.
    OddName,
}
