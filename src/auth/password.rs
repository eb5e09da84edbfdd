//! What a server keeps of a password: the password itself, or one of its hashes as FreeRADIUS's users files and
//! LDAP directories write them.
//!
//! Which method can be checked against what: User-Password against all; CHAP against the password alone (RFC 2865
//! §5.3); MS-CHAP against the password or its NT hash (RFC 2759 §8.3).

use std::fmt;

use super::crypt::{CryptError, Crypted};
use super::digest::{equal, md5, sha1, sha224, sha256, sha384, sha512};
use super::mschap::NtHash;
use crate::codec::{Secret, hex};

/// What is kept of a password.
#[derive(Clone, PartialEq, Eq)]
pub enum Stored {
    /// The password.
    Cleartext(Secret),
    /// MD4 of it in UTF-16.
    Nt(NtHash),
    /// As crypt(3) hashes it.
    Crypt(Crypted),
    /// A digest of the password and a salt, which is empty for the plain ones.
    Digest {
        /// Which.
        digest: Digest,
        /// The digest itself.
        value: Vec<u8>,
        /// What is hashed after the password.
        salt: Vec<u8>,
    },
}

/// A digest that is used for passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // The names are the digests' own.
pub enum Digest {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// How a password is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// In clear.
    Cleartext,
    /// NT hash, in hexadecimal or base64.
    Nt,
    /// As crypt(3) hashes it.
    Crypt,
    /// A digest in hexadecimal or base64.
    Plain(Digest),
    /// A digest and its salt in hexadecimal or base64.
    Salted(Digest),
    /// SHA-2 of whatever length the value has.
    Sha2,
    /// `{scheme}` and the value.
    WithHeader,
}

/// Why a text is no stored password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredError {
    /// Neither hexadecimal nor base64 nor the octets themselves.
    Encoding,
    /// The digest has another length.
    Length {
        /// How many octets it has.
        expected: usize,
        /// How many were found.
        found: usize,
    },
    /// The hash of crypt(3) cannot be checked.
    Crypt(CryptError),
    /// No `{scheme}`, or one that is unknown.
    Header,
}

/// The names of attributes that hold passwords, FreeRADIUS 3's and 4's.
const NAMES: &[(&str, Form)] = &[
    ("Cleartext-Password", Form::Cleartext),
    ("Password.Cleartext", Form::Cleartext),
    ("User-Password", Form::Cleartext),
    ("NT-Password", Form::Nt),
    ("Password.NT", Form::Nt),
    ("Crypt-Password", Form::Crypt),
    ("Password.Crypt", Form::Crypt),
    ("MD5-Password", Form::Plain(Digest::Md5)),
    ("Password.MD5", Form::Plain(Digest::Md5)),
    ("SMD5-Password", Form::Salted(Digest::Md5)),
    ("Password.SMD5", Form::Salted(Digest::Md5)),
    ("SHA-Password", Form::Plain(Digest::Sha1)),
    ("SHA1-Password", Form::Plain(Digest::Sha1)),
    ("Password.SHA1", Form::Plain(Digest::Sha1)),
    ("SSHA-Password", Form::Salted(Digest::Sha1)),
    ("SSHA1-Password", Form::Salted(Digest::Sha1)),
    ("Password.SSHA1", Form::Salted(Digest::Sha1)),
    ("SHA2-Password", Form::Sha2),
    ("Password.SHA2", Form::Sha2),
    ("SHA2-224-Password", Form::Plain(Digest::Sha224)),
    ("SHA2-256-Password", Form::Plain(Digest::Sha256)),
    ("SHA2-384-Password", Form::Plain(Digest::Sha384)),
    ("SHA2-512-Password", Form::Plain(Digest::Sha512)),
    ("SHA224-Password", Form::Plain(Digest::Sha224)),
    ("SHA256-Password", Form::Plain(Digest::Sha256)),
    ("SHA384-Password", Form::Plain(Digest::Sha384)),
    ("SHA512-Password", Form::Plain(Digest::Sha512)),
    ("Password.SHA2-224", Form::Plain(Digest::Sha224)),
    ("Password.SHA2-256", Form::Plain(Digest::Sha256)),
    ("Password.SHA2-384", Form::Plain(Digest::Sha384)),
    ("Password.SHA2-512", Form::Plain(Digest::Sha512)),
    ("SSHA2-224-Password", Form::Salted(Digest::Sha224)),
    ("SSHA2-256-Password", Form::Salted(Digest::Sha256)),
    ("SSHA2-384-Password", Form::Salted(Digest::Sha384)),
    ("SSHA2-512-Password", Form::Salted(Digest::Sha512)),
    ("SSHA224-Password", Form::Salted(Digest::Sha224)),
    ("SSHA256-Password", Form::Salted(Digest::Sha256)),
    ("SSHA384-Password", Form::Salted(Digest::Sha384)),
    ("SSHA512-Password", Form::Salted(Digest::Sha512)),
    ("Password.SSHA2-224", Form::Salted(Digest::Sha224)),
    ("Password.SSHA2-256", Form::Salted(Digest::Sha256)),
    ("Password.SSHA2-384", Form::Salted(Digest::Sha384)),
    ("Password.SSHA2-512", Form::Salted(Digest::Sha512)),
    ("Password-With-Header", Form::WithHeader),
    ("Password.With-Header", Form::WithHeader),
];

/// The schemes of a password with a header, as LDAP directories write them.
const SCHEMES: &[(&str, Form)] = &[
    ("clear", Form::Cleartext),
    ("cleartext", Form::Cleartext),
    ("nt", Form::Nt),
    ("nthash", Form::Nt),
    ("x-nthash", Form::Nt),
    ("ns-mta-md5", Form::Plain(Digest::Md5)),
    ("crypt", Form::Crypt),
    ("md5", Form::Plain(Digest::Md5)),
    ("base64_md5", Form::Plain(Digest::Md5)),
    ("smd5", Form::Salted(Digest::Md5)),
    ("sha", Form::Plain(Digest::Sha1)),
    ("ssha", Form::Salted(Digest::Sha1)),
    ("sha2", Form::Sha2),
    ("sha224", Form::Plain(Digest::Sha224)),
    ("sha256", Form::Plain(Digest::Sha256)),
    ("sha384", Form::Plain(Digest::Sha384)),
    ("sha512", Form::Plain(Digest::Sha512)),
    ("ssha224", Form::Salted(Digest::Sha224)),
    ("ssha256", Form::Salted(Digest::Sha256)),
    ("ssha384", Form::Salted(Digest::Sha384)),
    ("ssha512", Form::Salted(Digest::Sha512)),
];

impl Form {
    /// How the attribute of this name, in any case, writes a password; nothing for other attributes.
    pub fn of_attribute(name: &str) -> Option<Form> {
        NAMES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, form)| *form)
    }

    /// Every name of an attribute that holds a password.
    pub fn attributes() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }
}

impl Digest {
    /// How many octets it has.
    pub fn length(self) -> usize {
        match self {
            Digest::Md5 => 16,
            Digest::Sha1 => 20,
            Digest::Sha224 => 28,
            Digest::Sha256 => 32,
            Digest::Sha384 => 48,
            Digest::Sha512 => 64,
        }
    }

    fn of(self, parts: &[&[u8]]) -> Vec<u8> {
        match self {
            Digest::Md5 => md5(parts).to_vec(),
            Digest::Sha1 => sha1(parts).to_vec(),
            Digest::Sha224 => sha224(parts).to_vec(),
            Digest::Sha256 => sha256(parts).to_vec(),
            Digest::Sha384 => sha384(parts).to_vec(),
            Digest::Sha512 => sha512(parts).to_vec(),
        }
    }
}

impl Stored {
    /// Takes a password as it is written; `octets` may be binary (`0x…` in a users file).
    pub fn parse(form: Form, octets: &[u8]) -> Result<Stored, StoredError> {
        match form {
            Form::Cleartext => Ok(Stored::Cleartext(Secret::new(octets))),
            Form::Crypt => {
                let text = std::str::from_utf8(octets).map_err(|_| StoredError::Encoding)?;
                Crypted::parse(text)
                    .map(Stored::Crypt)
                    .map_err(StoredError::Crypt)
            }
            Form::Nt => {
                let value = decode(octets, 16, false)?;
                let found = value.len();
                let hash = value
                    .try_into()
                    .map_err(|_| StoredError::Length { expected: 16, found })?;
                Ok(Stored::Nt(NtHash::new(hash)))
            }
            Form::Plain(digest) => Stored::digest(digest, decode(octets, digest.length(), false)?, false),
            Form::Salted(digest) => Stored::digest(digest, decode(octets, digest.length(), true)?, true),
            Form::Sha2 => [Digest::Sha224, Digest::Sha256, Digest::Sha384, Digest::Sha512]
                .into_iter()
                .find_map(|digest| Stored::parse(Form::Plain(digest), octets).ok())
                .ok_or(StoredError::Encoding),
            Form::WithHeader => {
                let close = octets.iter().position(|octet| *octet == b'}');
                let scheme = close
                    .and_then(|close| octets.get(1..close))
                    .filter(|_| octets.first() == Some(&b'{'))
                    .and_then(|scheme| std::str::from_utf8(scheme).ok())
                    .ok_or(StoredError::Header)?;
                let form = SCHEMES
                    .iter()
                    .find(|(known, _)| known.eq_ignore_ascii_case(scheme))
                    .map(|(_, form)| *form)
                    .ok_or(StoredError::Header)?;
                Stored::parse(form, octets.get(scheme.len() + 2..).unwrap_or(&[]))
            }
        }
    }

    /// Whether this is what was kept of `password`.
    pub fn check(&self, password: &Secret) -> bool {
        match self {
            Stored::Cleartext(own) => own == password,
            Stored::Nt(hash) => NtHash::of(password).is_ok_and(|made| equal(made.expose(), hash.expose())),
            Stored::Crypt(crypted) => crypted.check(password),
            Stored::Digest { digest, value, salt } => equal(&digest.of(&[password.expose(), salt]), value),
        }
    }

    /// The password itself, where it was kept.
    pub fn cleartext(&self) -> Option<&Secret> {
        match self {
            Stored::Cleartext(password) => Some(password),
            _ => None,
        }
    }

    /// The NT hash, where it was kept or can be made.
    pub fn nt_hash(&self) -> Option<NtHash> {
        match self {
            Stored::Nt(hash) => Some(hash.clone()),
            Stored::Cleartext(password) => NtHash::of(password).ok(),
            _ => None,
        }
    }

    fn digest(digest: Digest, mut value: Vec<u8>, salted: bool) -> Result<Stored, StoredError> {
        let (expected, found) = (digest.length(), value.len());
        if found < expected || (found > expected) != salted {
            return Err(StoredError::Length { expected, found });
        }
        let salt = value.split_off(expected);
        Ok(Stored::Digest { digest, value, salt })
    }
}

impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<hidden>")
    }
}

/// The octets that a text means: hexadecimal, base64, or themselves where their number is right. `more` is for a
/// salt that follows the `length` octets.
fn decode(octets: &[u8], length: usize, more: bool) -> Result<Vec<u8>, StoredError> {
    let fits = |found: usize| if more { found > length } else { found == length };
    if fits(octets.len()) && std::str::from_utf8(octets).is_err() {
        return Ok(octets.to_vec());
    }
    let text = std::str::from_utf8(octets).map_err(|_| StoredError::Encoding)?;
    let decoded = hex::decode(text.trim_start_matches("0x"))
        .ok()
        .or_else(|| base64(text))
        .ok_or(StoredError::Encoding)?;
    if fits(decoded.len()) {
        return Ok(decoded);
    }
    if !more && fits(octets.len()) {
        return Ok(octets.to_vec());
    }
    Err(StoredError::Length {
        expected: length,
        found: decoded.len(),
    })
}

/// Base64 (RFC 4648 §4), padding optional.
fn base64(text: &str) -> Option<Vec<u8>> {
    let (mut octets, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for character in text.trim_end_matches('=').bytes() {
        let six = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            octets.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    Some(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(name: &str, text: &str) -> Result<Stored, StoredError> {
        Stored::parse(Form::of_attribute(name).unwrap(), text.as_bytes())
    }

    #[test]
    fn every_form_of_a_password_is_checked() {
        for (name, text) in [
            ("Cleartext-Password", "hello"),
            ("cleartext-password", "hello"),
            ("NT-Password", "066DDFD4EF0E9CD7C256FE77191EF43C"),
            ("NT-Password", "Bm3f1O8OnNfCVv53GR70PA=="),
            ("Crypt-Password", "abl0JrMf6tlhw"),
            ("MD5-Password", "5d41402abc4b2a76b9719d911017c592"),
            ("MD5-Password", "XUFAKrxLKna5cZ2REBfFkg=="),
            ("SHA-Password", "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"),
            (
                "SHA2-Password",
                "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
            ),
            ("Password-With-Header", "{sha}qvTGHdzF6KLavt4PO0gs2a6pQ00="),
            (
                "Password-With-Header",
                "{CRYPT}$1$abcdefgh$rwnEbRiN0agqVgZBovWNQ/",
            ),
            ("Password-With-Header", "{clear}hello"),
        ] {
            let stored = stored(name, text).unwrap_or_else(|error| panic!("{name} {text}: {error:?}"));
            assert!(stored.check(&Secret::new("hello")), "{name} {text}");
            assert!(!stored.check(&Secret::new("hellO")), "{name} {text}");
        }
    }

    #[test]
    fn a_salt_is_hashed_after_the_password() {
        for (digest, name) in [
            (Digest::Md5, "SMD5-Password"),
            (Digest::Sha1, "SSHA-Password"),
            (Digest::Sha256, "SSHA2-256-Password"),
            (Digest::Sha512, "SSHA2-512-Password"),
        ] {
            let mut octets = digest.of(&[b"hello", b"salt"]);
            octets.extend(b"salt");
            let stored = stored(name, &hex::encode(&octets)).unwrap();
            assert!(stored.check(&Secret::new("hello")));
            assert!(!stored.check(&Secret::new("hellosalt")));
        }
    }

    #[test]
    fn a_text_that_is_no_hash_says_why() {
        assert_eq!(
            stored("NT-Password", "abcd"),
            Err(StoredError::Length {
                expected: 16,
                found: 2
            })
        );
        assert_eq!(
            stored("SSHA-Password", "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"),
            Err(StoredError::Length {
                expected: 20,
                found: 20
            })
        );
        assert_eq!(stored("Password-With-Header", "hello"), Err(StoredError::Header));
        assert_eq!(
            stored("Password-With-Header", "{rot13}uryyb"),
            Err(StoredError::Header)
        );
        assert_eq!(
            stored("Crypt-Password", "$y$x$y$z"),
            Err(StoredError::Crypt(CryptError::UnknownScheme))
        );
    }

    #[test]
    fn only_what_was_kept_can_serve_a_challenge() {
        let clear = stored("Cleartext-Password", "hello").unwrap();
        let nt = stored("NT-Password", "066DDFD4EF0E9CD7C256FE77191EF43C").unwrap();
        let md5 = stored("MD5-Password", "5d41402abc4b2a76b9719d911017c592").unwrap();
        assert_eq!(clear.nt_hash(), nt.nt_hash());
        assert!(clear.cleartext().is_some() && nt.cleartext().is_none());
        assert!(md5.nt_hash().is_none());
    }
}
