//! The names of the methods, as the command line spells them.

use std::str::FromStr;

/// A way to log in; the names after the dash in a tunnel's are what runs inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is named by Method::as_str")]
pub enum Method {
    Pap,
    Chap,
    Mschap,
    Mschapv2,
    Mab,
    None,
    EapMd5,
    EapGtc,
    EapMschapv2,
    EapTls,
    EapPwd,
    TtlsPap,
    TtlsChap,
    TtlsMschap,
    TtlsMschapv2,
    TtlsEapMd5,
    TtlsEapGtc,
    TtlsEapMschapv2,
    TtlsEapTls,
    PeapMschapv2,
    PeapGtc,
    PeapMd5,
    PeapTls,
}

/// What a method leaves open to whoever reads along between client and server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposure {
    /// Nothing that helps to guess the password.
    Sealed,
    /// A hash that tells a guessed password from a wrong one, at many guesses a second.
    Guessable,
    /// The password itself, protected by the shared secret alone.
    Password,
    /// There is no password: a name is enough.
    Nothing,
}

/// Every method with its spelling, in the order in which help lists them.
const NAMES: &[(Method, &str)] = &[
    (Method::Pap, "pap"),
    (Method::Chap, "chap"),
    (Method::Mschap, "mschap"),
    (Method::Mschapv2, "mschapv2"),
    (Method::Mab, "mab"),
    (Method::None, "none"),
    (Method::EapMd5, "eap-md5"),
    (Method::EapGtc, "eap-gtc"),
    (Method::EapMschapv2, "eap-mschapv2"),
    (Method::EapTls, "eap-tls"),
    (Method::EapPwd, "eap-pwd"),
    (Method::TtlsPap, "ttls-pap"),
    (Method::TtlsChap, "ttls-chap"),
    (Method::TtlsMschap, "ttls-mschap"),
    (Method::TtlsMschapv2, "ttls-mschapv2"),
    (Method::TtlsEapMd5, "ttls-eap-md5"),
    (Method::TtlsEapGtc, "ttls-eap-gtc"),
    (Method::TtlsEapMschapv2, "ttls-eap-mschapv2"),
    (Method::TtlsEapTls, "ttls-eap-tls"),
    (Method::PeapMschapv2, "peap-mschapv2"),
    (Method::PeapGtc, "peap-gtc"),
    (Method::PeapMd5, "peap-md5"),
    (Method::PeapTls, "peap-tls"),
];

impl Method {
    /// Every method, in the order in which help lists them.
    pub fn all() -> impl Iterator<Item = Method> {
        NAMES.iter().map(|(method, _)| *method)
    }

    /// Its name on the command line.
    pub fn as_str(self) -> &'static str {
        NAMES
            .iter()
            .find(|(method, _)| *method == self)
            .map_or("", |(_, name)| name)
    }
}

impl std::fmt::Display for Method {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownMethod;

impl FromStr for Method {
    type Err = UnknownMethod;

    fn from_str(text: &str) -> Result<Method, UnknownMethod> {
        NAMES
            .iter()
            .find(|(_, name)| name.eq_ignore_ascii_case(text))
            .map(|(method, _)| *method)
            .ok_or(UnknownMethod)
    }
}
