//! The texts of MS-CHAP: the server's proof `S=… M=…` (RFC 2759 §5) and its refusal `E=… R=… C=… V=… M=…`
//! (RFC 2759 §6, RFC 2433 §6).

use std::fmt;

use crate::codec::hex;

/// What a server says when the password was right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Success {
    /// Its proof that it knows the password too: 20 octets, in hex on the wire.
    pub proof: [u8; 20],
    /// A text for the user, if any.
    pub message: Option<String>,
}

/// Why a text is not a [`Success`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SuccessError {
    /// It does not begin with `S=`.
    NoProof,
    /// `S=` is not followed by forty hex digits.
    BadProof,
}

impl Success {
    /// Reads the text; digits of either case are taken.
    pub fn parse(text: &[u8]) -> Result<Success, SuccessError> {
        let text = text.trim_ascii_start();
        let rest = text.strip_prefix(b"S=").ok_or(SuccessError::NoProof)?;
        let (digits, rest) = rest.split_at_checked(40).ok_or(SuccessError::BadProof)?;
        let digits = std::str::from_utf8(digits).map_err(|_| SuccessError::BadProof)?;
        let octets = hex::decode(digits).map_err(|_| SuccessError::BadProof)?;
        let proof = octets.try_into().map_err(|_| SuccessError::BadProof)?;
        let message = rest
            .trim_ascii_start()
            .strip_prefix(b"M=")
            .map(|text| String::from_utf8_lossy(text).into_owned());
        Ok(Success { proof, message })
    }
}

/// The text as it goes on the wire, digits in upper case.
impl fmt::Display for Success {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "S={}", hex::encode(&self.proof).to_ascii_uppercase())?;
        match &self.message {
            Some(message) => write!(f, " M={message}"),
            None => Ok(()),
        }
    }
}

/// The number that says why a login failed (RFC 2759 §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ErrorCode(pub u32);

impl ErrorCode {
    /// Not at this hour.
    pub const RESTRICTED_LOGON_HOURS: ErrorCode = ErrorCode(646);
    /// The account is disabled.
    pub const ACCT_DISABLED: ErrorCode = ErrorCode(647);
    /// The password has expired: a change of it may follow.
    pub const PASSWD_EXPIRED: ErrorCode = ErrorCode(648);
    /// The account may not dial in.
    pub const NO_DIALIN_PERMISSION: ErrorCode = ErrorCode(649);
    /// Unknown user or wrong password.
    pub const AUTHENTICATION_FAILURE: ErrorCode = ErrorCode(691);
    /// The new password was refused.
    pub const CHANGING_PASSWORD: ErrorCode = ErrorCode(709);

    /// The RFC's name for it, without `ERROR_`; none for a number it does not have.
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::RESTRICTED_LOGON_HOURS => "RESTRICTED_LOGON_HOURS",
            Self::ACCT_DISABLED => "ACCT_DISABLED",
            Self::PASSWD_EXPIRED => "PASSWD_EXPIRED",
            Self::NO_DIALIN_PERMISSION => "NO_DIALIN_PERMISSION",
            Self::AUTHENTICATION_FAILURE => "AUTHENTICATION_FAILURE",
            Self::CHANGING_PASSWORD => "CHANGING_PASSWORD",
            _ => return None,
        })
    }
}

/// What a server says when a login failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub code: ErrorCode,
    /// Whether the client may try again at once, with [`Refusal::challenge`].
    pub retry: bool,
    /// The challenge for another try: 8 octets (version 1) or 16 (version 2).
    pub challenge: Option<Vec<u8>>,
    /// Which version of the change-password packet the server takes: 2 with MS-CHAPv1, 3 with MS-CHAPv2.
    pub version: Option<u32>,
    /// A text for the user, if any.
    pub message: Option<String>,
}

/// Why a text is not a [`Refusal`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefusalError {
    /// No `E=` and number.
    NoCode,
    /// A field has a value that it cannot have.
    BadField {
        /// The letter before the `=`.
        field: char,
    },
}

impl Refusal {
    /// A refusal without a second try, of a wrong password or an unknown user.
    pub fn wrong(version: u32) -> Refusal {
        Refusal {
            code: ErrorCode::AUTHENTICATION_FAILURE,
            retry: false,
            challenge: None,
            version: Some(version),
            message: None,
        }
    }

    /// Reads the text. Fields may stand in any order but for `M=`, which takes all that follows; servers leave
    /// out any but `E=`.
    pub fn parse(text: &[u8]) -> Result<Refusal, RefusalError> {
        let text = String::from_utf8_lossy(text);
        let mut refusal = Refusal::wrong(0);
        let mut code = None;
        refusal.version = None;
        let mut rest = text.trim_start();
        while let Some((field, after)) = rest.split_once('=') {
            if field == "M" {
                refusal.message = Some(after.to_owned());
                break;
            }
            let (value, after) = after.split_once(' ').unwrap_or((after, ""));
            let bad = |field| RefusalError::BadField { field };
            // Real servers end the text with NULs or line ends.
            let value = value.trim_end_matches(['\0', '\r', '\n']);
            match field {
                "E" => code = Some(value.parse().map_err(|_| bad('E'))?),
                "R" => refusal.retry = value.parse::<u32>().map_err(|_| bad('R'))? == 1,
                "C" => refusal.challenge = Some(hex::decode(value).map_err(|_| bad('C'))?),
                "V" => refusal.version = Some(value.parse().map_err(|_| bad('V'))?),
                _ => {}
            }
            rest = after.trim_start();
        }
        refusal.code = ErrorCode(code.ok_or(RefusalError::NoCode)?);
        Ok(refusal)
    }
}

/// The text as it goes on the wire.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "E={} R={}", self.code.0, u8::from(self.retry))?;
        if let Some(challenge) = &self.challenge {
            write!(f, " C={}", hex::encode(challenge).to_ascii_uppercase())?;
        }
        if let Some(version) = self.version {
            write!(f, " V={version}")?;
        }
        match &self.message {
            Some(message) => write!(f, " M={message}"),
            None => Ok(()),
        }
    }
}
