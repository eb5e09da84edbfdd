//! The names of the methods, as the command line spells them.

use std::str::FromStr;

use super::eap::packet::EapType;

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

    /// The EAP type that it runs under; none for a method without EAP.
    pub fn outer(self) -> Option<EapType> {
        Some(match self {
            Self::Pap | Self::Chap | Self::Mschap | Self::Mschapv2 | Self::Mab | Self::None => return None,
            Self::EapMd5 => EapType::MD5,
            Self::EapGtc => EapType::GTC,
            Self::EapMschapv2 => EapType::MSCHAPV2,
            Self::EapTls => EapType::TLS,
            Self::EapPwd => EapType::PWD,
            Self::TtlsPap
            | Self::TtlsChap
            | Self::TtlsMschap
            | Self::TtlsMschapv2
            | Self::TtlsEapMd5
            | Self::TtlsEapGtc
            | Self::TtlsEapMschapv2
            | Self::TtlsEapTls => EapType::TTLS,
            Self::PeapMschapv2 | Self::PeapGtc | Self::PeapMd5 | Self::PeapTls => EapType::PEAP,
        })
    }

    /// The EAP method inside a tunnel: one without a tunnel around it. None where there is no tunnel, or something
    /// else than EAP inside.
    pub fn inner_eap(self) -> Option<Method> {
        Some(match self {
            Self::TtlsEapMd5 | Self::PeapMd5 => Self::EapMd5,
            Self::TtlsEapGtc | Self::PeapGtc => Self::EapGtc,
            Self::TtlsEapMschapv2 | Self::PeapMschapv2 => Self::EapMschapv2,
            Self::TtlsEapTls | Self::PeapTls => Self::EapTls,
            _ => return None,
        })
    }

    /// Whether a TLS handshake is part of it.
    pub fn uses_tls(self) -> bool {
        matches!(self.outer(), Some(EapType::TLS | EapType::TTLS | EapType::PEAP))
    }

    /// Whether the user shows a certificate in place of a password.
    pub fn uses_client_certificate(self) -> bool {
        self == Self::EapTls || self.inner_eap() == Some(Self::EapTls)
    }

    /// Whether a password is asked for.
    pub fn uses_password(self) -> bool {
        !matches!(self, Self::Mab | Self::None) && !self.uses_client_certificate()
    }

    /// Whether both sides end with keys, so that an Access-Accept should carry MS-MPPE keys.
    pub fn makes_keys(self) -> bool {
        self.uses_tls()
            || matches!(
                self,
                Self::Mschap | Self::Mschapv2 | Self::EapMschapv2 | Self::EapPwd
            )
    }

    /// What it leaves open outside of TLS (RADIUS over TLS or DTLS, a tunnel of its own).
    pub fn exposure(self) -> Exposure {
        match self {
            Self::Pap | Self::EapGtc => Exposure::Password,
            Self::Chap | Self::Mschap | Self::Mschapv2 | Self::EapMd5 | Self::EapMschapv2 => {
                Exposure::Guessable
            }
            Self::Mab | Self::None => Exposure::Nothing,
            _ => Exposure::Sealed,
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for method in Method::all() {
            assert_eq!(method.as_str().parse(), Ok(method));
        }
        assert_eq!("eap-magic".parse::<Method>(), Err(UnknownMethod));
    }

    #[test]
    fn what_runs_inside_a_tunnel_is_no_tunnel() {
        for inner in Method::all().filter_map(Method::inner_eap) {
            assert_eq!(inner.inner_eap(), None);
            assert!(inner.outer().is_some());
        }
    }
}
