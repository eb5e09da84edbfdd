//! Why a login ended otherwise than it should: facts, which the report layer finds words for.

use super::eap::packet::{EapCode, EapError, EapType};
use super::mschap::NotText;
use super::mschap::change::NewPasswordError;
use super::mschap::message::{Refusal, SuccessError};
use crate::codec::Code;
use crate::codec::hide::TooLong;

/// Why an Access-Request cannot be made from what the user gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The password is longer than User-Password holds.
    PasswordTooLong(TooLong),
    /// MS-CHAP needs a password that is UTF-8.
    PasswordNotText(NotText),
    /// The new password cannot be sent.
    NewPassword(NewPasswordError),
    /// The name is longer than an attribute, in octets.
    NameTooLong {
        /// How long it is.
        length: usize,
    },
    /// The name is no MAC address, and `mab` needs one.
    NotMac,
    /// The State that the server gave, or another value to be echoed, does not fit.
    ValueTooLong {
        /// How many octets it has.
        length: usize,
    },
    /// The challenge is none of the method's.
    ChallengeLength {
        /// How many octets it has.
        length: usize,
        /// How many it must have.
        want: usize,
    },
    /// The method wants something that was not given.
    Missing(Need),
}

/// What a method may want.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Need {
    /// A password.
    Password,
    /// A certificate and its key.
    ClientCertificate,
    /// Settings for TLS.
    Tls,
}

/// Why a server says no.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejection {
    /// The MS-CHAP-Error, or the Failure of EAP-MSCHAPv2, that came with it.
    pub refusal: Option<Refusal>,
    /// The EAP types that the server proposed and we do not run, where none was agreed.
    pub not_agreed: Vec<EapType>,
    /// The method had proved both sides to each other before the refusal: it is policy that said no.
    pub after_success: bool,
    /// How many rounds had been answered.
    pub rounds: u32,
}

/// Why a conversation cannot go on, or cannot be trusted.
#[derive(Clone, Debug, PartialEq)]
pub enum Broken {
    /// A reply of a code that no Access-Request gets.
    Code(Code),
    /// The server went on for more rounds than were allowed.
    TooManyRounds {
        /// How many were allowed.
        limit: u32,
    },
    /// A Challenge carries no EAP-Message, or an empty one.
    NoEap(Code),
    /// What came is not an EAP packet.
    Eap(EapError),
    /// An EAP packet of a code that a server never sends.
    EapCode(EapCode),
    /// The data of a method's packet has the wrong shape.
    Method {
        /// Whose data.
        kind: EapType,
        /// What is wrong.
        fault: MethodFault,
    },
    /// An Access-Accept (or a Success inside a tunnel) came before the method was through.
    TooEarly {
        /// The method; none if it had not begun.
        kind: Option<EapType>,
    },
    /// The server did not prove that it knows the password (RFC 2759 §8.8).
    NoProof,
    /// Its proof is wrong.
    WrongProof,
    /// The handshake or the tunnel failed.
    Tls(super::eap::tls::TlsFault),
    /// PEAP's or EAP-pwd's check of one side by the other failed.
    Binding,
    /// Something that the method needs cannot be made.
    Unfit(Unfit),
}

/// What is wrong with the data of a method's packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MethodFault {
    /// It ends too early, at this octet of the data.
    Short {
        /// Where.
        offset: usize,
        /// How many octets were needed.
        needed: usize,
        /// How many there were.
        left: usize,
    },
    /// Something follows where it should have ended.
    Trailing {
        /// Where.
        offset: usize,
        /// How many octets follow.
        left: usize,
    },
    /// A length inside says something that it cannot.
    Length {
        /// What it says.
        says: usize,
        /// What it should say.
        want: usize,
    },
    /// An operation that has no place here.
    Operation {
        /// Its number.
        number: u8,
    },
    /// The proof's text cannot be read.
    Success(SuccessError),
    /// A fragment that does not fit to those before it.
    Fragment(super::eap::tls::fragment::FragmentFault),
    /// The peer proposes something that is not spoken here: a group, a function, a version.
    NotSpoken {
        /// What it proposes.
        number: u32,
    },
    /// A number that is not a point of the group, or a scalar out of its range (RFC 5931 §2.8.5.2).
    NotInGroup,
    /// An attribute that the receiver must understand and does not (RFC 5281 §10.1).
    Mandatory {
        /// Its number.
        code: u32,
        /// Its vendor, 0 for none.
        vendor: u32,
    },
}

impl From<crate::codec::Short> for MethodFault {
    fn from(short: crate::codec::Short) -> Self {
        Self::Short {
            offset: short.offset,
            needed: short.needed,
            left: short.left,
        }
    }
}

impl From<crate::codec::Trailing> for MethodFault {
    fn from(trailing: crate::codec::Trailing) -> Self {
        Self::Trailing {
            offset: trailing.offset,
            left: trailing.left,
        }
    }
}

impl MethodFault {
    /// The fault, told with the method whose data has it.
    pub fn of(self, kind: EapType) -> Broken {
        Broken::Method { kind, fault: self }
    }
}
