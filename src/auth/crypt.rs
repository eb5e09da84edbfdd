//! Passwords hashed as crypt(3) does it: the traditional DES, `$1$` (MD5), `$5$` and `$6$` (SHA-2), `$2…$` (bcrypt).
//!
//! Checks a password against a hash; makes no hashes to store.

use super::digest::{equal, md5};
use crate::codec::Secret;

/// Why a text is no hash that can be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CryptError {
    /// No scheme begins so, or none that is known here (`$y$`, `$7$`, `_`).
    UnknownScheme,
    /// The salt or the hash has characters or a length that the scheme does not have.
    Malformed,
}

/// A hash, made ready for checking.
#[derive(Clone, PartialEq, Eq)]
pub struct Crypted {
    scheme: Scheme,
    text: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Des,
    Md5,
    Sha256,
    Sha512,
    Bcrypt,
}

impl std::fmt::Debug for Crypted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<hidden>")
    }
}

/// The 64 characters in which crypt(3) writes numbers.
const CHARACTERS: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const DES_LENGTH: usize = 13;
/// Rounds of SHA-crypt where the text says nothing, and the fewest and most that it may say.
const ROUNDS: u32 = 5000;
const FEWEST_ROUNDS: u32 = 1000;
const MOST_ROUNDS: u32 = 999_999_999;

impl Crypted {
    /// Takes a hash as it stands in a file.
    pub fn parse(text: &str) -> Result<Crypted, CryptError> {
        let scheme = if let Some(rest) = text.strip_prefix('$') {
            match rest.split_once('$').map(|(scheme, _)| scheme) {
                Some("1") => Scheme::Md5,
                Some("5") => Scheme::Sha256,
                Some("6") => Scheme::Sha512,
                Some("2a" | "2b" | "2x" | "2y") => Scheme::Bcrypt,
                _ => return Err(CryptError::UnknownScheme),
            }
        } else if text.len() == DES_LENGTH && text.bytes().all(|octet| value(octet).is_some()) {
            Scheme::Des
        } else {
            return Err(CryptError::UnknownScheme);
        };
        let crypted = Crypted {
            scheme,
            text: text.to_owned(),
        };
        match scheme {
            Scheme::Des => Ok(crypted),
            Scheme::Bcrypt if text.len() == 60 => Ok(crypted),
            Scheme::Bcrypt => Err(CryptError::Malformed),
            Scheme::Md5 | Scheme::Sha256 | Scheme::Sha512 => {
                let length = match scheme {
                    Scheme::Md5 => 22,
                    Scheme::Sha256 => 43,
                    _ => 86,
                };
                let (_, _, hash) = crypted.fields().ok_or(CryptError::Malformed)?;
                if hash.len() != length || !hash.bytes().all(|octet| value(octet).is_some()) {
                    return Err(CryptError::Malformed);
                }
                Ok(crypted)
            }
        }
    }

    /// Whether this is the hash of the password. Takes as long as the scheme wants it to.
    pub fn check(&self, password: &Secret) -> bool {
        let password = password.expose();
        match self.scheme {
            Scheme::Des => {
                let salt = self.text.as_bytes().first_chunk::<2>();
                salt.is_some_and(|salt| equal(des::crypt(password, salt).as_bytes(), self.text.as_bytes()))
            }
            Scheme::Bcrypt => bcrypt::verify(password, &self.text).unwrap_or(false),
            Scheme::Md5 | Scheme::Sha256 | Scheme::Sha512 => {
                let Some((rounds, salt, hash)) = self.fields() else {
                    return false;
                };
                let made = match self.scheme {
                    Scheme::Md5 => md5_crypt(password, salt.as_bytes()),
                    _ => self.sha_crypt(password, salt.as_bytes(), rounds),
                };
                equal(made.as_bytes(), hash.as_bytes())
            }
        }
    }

    /// Rounds, salt and hash of `$1$`, `$5$` and `$6$`.
    fn fields(&self) -> Option<(u32, &str, &str)> {
        let (_, mut rest) = self.text.get(1..)?.split_once('$')?;
        let mut rounds = ROUNDS;
        if let Some(after) = rest.strip_prefix("rounds=") {
            let (number, after) = after.split_once('$')?;
            rounds = number.parse::<u32>().ok()?.clamp(FEWEST_ROUNDS, MOST_ROUNDS);
            rest = after;
        }
        let (salt, hash) = rest.split_once('$')?;
        Some((rounds, salt, hash))
    }

    fn sha_crypt(&self, password: &[u8], salt: &[u8], rounds: u32) -> String {
        let Ok(params) = sha_crypt::Params::new(rounds) else {
            return String::new();
        };
        if self.scheme == Scheme::Sha256 {
            shuffled(&sha_crypt::sha256_crypt(password, salt, params))
        } else {
            shuffled(&sha_crypt::sha512_crypt(password, salt, params))
        }
    }
}

/// What a character counts.
fn value(octet: u8) -> Option<u8> {
    let at = CHARACTERS.iter().position(|character| *character == octet)?;
    u8::try_from(at).ok()
}

/// The lowest 6 × `count` bits as characters, the lowest first.
fn push(text: &mut String, mut bits: u32, count: usize) {
    for _ in 0..count {
        text.push(char::from(CHARACTERS[(bits & 63) as usize]));
        bits >>= 6;
    }
}

/// A digest in the order of octets that SHA-crypt writes: one of each third at a time, the thirds changing places
/// with every turn; what is left over comes last.
fn shuffled(digest: &[u8]) -> String {
    let (mut text, third) = (String::new(), digest.len() / 3);
    let at = |place: usize| u32::from(digest.get(place).copied().unwrap_or(0));
    let (mut a, mut b, mut c) = (0, third, 2 * third);
    for _ in 0..third {
        push(&mut text, at(a) << 16 | at(b) << 8 | at(c), 4);
        (a, b, c) = if third == 10 {
            (c + 1, a + 1, b + 1)
        } else {
            (b + 1, c + 1, a + 1)
        };
    }
    if third == 10 {
        push(&mut text, at(31) << 8 | at(30), 3);
    } else {
        push(&mut text, at(63), 2);
    }
    text
}

/// The `$1$` scheme: a thousand rounds of MD5.
fn md5_crypt(password: &[u8], salt: &[u8]) -> String {
    let salt = salt.get(..8).unwrap_or(salt);
    let inner = md5(&[password, salt, password]);
    let mut first: Vec<u8> = [password, b"$1$", salt].concat();
    first.extend(inner.iter().cycle().take(password.len()));
    let mut bits = password.len();
    while bits > 0 {
        // A zero for each bit that is set, the first character of the password for each that is not.
        first.push(if bits & 1 == 1 {
            0
        } else {
            password.first().copied().unwrap_or(0)
        });
        bits >>= 1;
    }
    let mut digest = md5(&[&first]);
    for round in 0..1000 {
        let (odd, empty): (bool, &[u8]) = (round % 2 == 1, &[]);
        digest = md5(&[
            if odd { password } else { &digest },
            if round % 3 > 0 { salt } else { empty },
            if round % 7 > 0 { password } else { empty },
            if odd { &digest } else { password },
        ]);
    }
    let mut text = String::new();
    let at = |place: usize| u32::from(digest[place]);
    for (a, b, c) in [(0, 6, 12), (1, 7, 13), (2, 8, 14), (3, 9, 15), (4, 10, 5)] {
        push(&mut text, at(a) << 16 | at(b) << 8 | at(c), 4);
    }
    push(&mut text, at(11), 2);
    text
}

/// The traditional scheme: 25 rounds of DES with bits of the expansion exchanged as the salt says, over zeros.
mod des {
    use super::{push, value};

    const INITIAL: [u8; 64] = [
        58, 50, 42, 34, 26, 18, 10, 2, 60, 52, 44, 36, 28, 20, 12, 4, 62, 54, 46, 38, 30, 22, 14, 6, 64, 56,
        48, 40, 32, 24, 16, 8, 57, 49, 41, 33, 25, 17, 9, 1, 59, 51, 43, 35, 27, 19, 11, 3, 61, 53, 45, 37,
        29, 21, 13, 5, 63, 55, 47, 39, 31, 23, 15, 7,
    ];
    const FINAL: [u8; 64] = [
        40, 8, 48, 16, 56, 24, 64, 32, 39, 7, 47, 15, 55, 23, 63, 31, 38, 6, 46, 14, 54, 22, 62, 30, 37, 5,
        45, 13, 53, 21, 61, 29, 36, 4, 44, 12, 52, 20, 60, 28, 35, 3, 43, 11, 51, 19, 59, 27, 34, 2, 42, 10,
        50, 18, 58, 26, 33, 1, 41, 9, 49, 17, 57, 25,
    ];
    const EXPANSION: [u8; 48] = [
        32, 1, 2, 3, 4, 5, 4, 5, 6, 7, 8, 9, 8, 9, 10, 11, 12, 13, 12, 13, 14, 15, 16, 17, 16, 17, 18, 19,
        20, 21, 20, 21, 22, 23, 24, 25, 24, 25, 26, 27, 28, 29, 28, 29, 30, 31, 32, 1,
    ];
    const PERMUTATION: [u8; 32] = [
        16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30,
        6, 22, 11, 4, 25,
    ];
    const CHOICE_1: [u8; 56] = [
        57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52,
        44, 36, 63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5,
        28, 20, 12, 4,
    ];
    const CHOICE_2: [u8; 48] = [
        14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52, 31,
        37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
    ];
    const SHIFTS: [u32; 16] = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1];
    const BOXES: [[u8; 64]; 8] = [
        [
            14, 4, 13, 1, 2, 15, 11, 8, 3, 10, 6, 12, 5, 9, 0, 7, 0, 15, 7, 4, 14, 2, 13, 1, 10, 6, 12, 11,
            9, 5, 3, 8, 4, 1, 14, 8, 13, 6, 2, 11, 15, 12, 9, 7, 3, 10, 5, 0, 15, 12, 8, 2, 4, 9, 1, 7, 5,
            11, 3, 14, 10, 0, 6, 13,
        ],
        [
            15, 1, 8, 14, 6, 11, 3, 4, 9, 7, 2, 13, 12, 0, 5, 10, 3, 13, 4, 7, 15, 2, 8, 14, 12, 0, 1, 10, 6,
            9, 11, 5, 0, 14, 7, 11, 10, 4, 13, 1, 5, 8, 12, 6, 9, 3, 2, 15, 13, 8, 10, 1, 3, 15, 4, 2, 11, 6,
            7, 12, 0, 5, 14, 9,
        ],
        [
            10, 0, 9, 14, 6, 3, 15, 5, 1, 13, 12, 7, 11, 4, 2, 8, 13, 7, 0, 9, 3, 4, 6, 10, 2, 8, 5, 14, 12,
            11, 15, 1, 13, 6, 4, 9, 8, 15, 3, 0, 11, 1, 2, 12, 5, 10, 14, 7, 1, 10, 13, 0, 6, 9, 8, 7, 4, 15,
            14, 3, 11, 5, 2, 12,
        ],
        [
            7, 13, 14, 3, 0, 6, 9, 10, 1, 2, 8, 5, 11, 12, 4, 15, 13, 8, 11, 5, 6, 15, 0, 3, 4, 7, 2, 12, 1,
            10, 14, 9, 10, 6, 9, 0, 12, 11, 7, 13, 15, 1, 3, 14, 5, 2, 8, 4, 3, 15, 0, 6, 10, 1, 13, 8, 9, 4,
            5, 11, 12, 7, 2, 14,
        ],
        [
            2, 12, 4, 1, 7, 10, 11, 6, 8, 5, 3, 15, 13, 0, 14, 9, 14, 11, 2, 12, 4, 7, 13, 1, 5, 0, 15, 10,
            3, 9, 8, 6, 4, 2, 1, 11, 10, 13, 7, 8, 15, 9, 12, 5, 6, 3, 0, 14, 11, 8, 12, 7, 1, 14, 2, 13, 6,
            15, 0, 9, 10, 4, 5, 3,
        ],
        [
            12, 1, 10, 15, 9, 2, 6, 8, 0, 13, 3, 4, 14, 7, 5, 11, 10, 15, 4, 2, 7, 12, 9, 5, 6, 1, 13, 14, 0,
            11, 3, 8, 9, 14, 15, 5, 2, 8, 12, 3, 7, 0, 4, 10, 1, 13, 11, 6, 4, 3, 2, 12, 9, 5, 15, 10, 11,
            14, 1, 7, 6, 0, 8, 13,
        ],
        [
            4, 11, 2, 14, 15, 0, 8, 13, 3, 12, 9, 7, 5, 10, 6, 1, 13, 0, 11, 7, 4, 9, 1, 10, 14, 3, 5, 12, 2,
            15, 8, 6, 1, 4, 11, 13, 12, 3, 7, 14, 10, 15, 6, 8, 0, 5, 9, 2, 6, 11, 13, 8, 1, 4, 10, 7, 9, 5,
            0, 15, 14, 2, 3, 12,
        ],
        [
            13, 2, 8, 4, 6, 15, 11, 1, 10, 9, 3, 14, 5, 0, 12, 7, 1, 15, 13, 8, 10, 3, 7, 4, 12, 5, 6, 11, 0,
            14, 9, 2, 7, 11, 4, 1, 9, 12, 14, 2, 0, 6, 10, 13, 15, 3, 5, 8, 2, 1, 14, 7, 4, 10, 8, 13, 15,
            12, 9, 0, 3, 5, 6, 11,
        ],
    ];

    /// The bits of `from`, `width` of them, in the order that the table says, counted from 1 at the highest.
    fn permute(from: u64, width: u32, table: &[u8]) -> u64 {
        table.iter().fold(0, |bits, place| {
            bits << 1 | (from >> (width - u32::from(*place)) & 1)
        })
    }

    fn schedule(password: &[u8]) -> [u64; 16] {
        let key = (0..8).fold(0_u64, |key, at| {
            key << 8 | u64::from(password.get(at).copied().unwrap_or(0) << 1)
        });
        let chosen = permute(key, 64, &CHOICE_1);
        let (mut left, mut right) = (chosen >> 28, chosen & 0x0fff_ffff);
        let rotate = |half: u64, by: u32| (half << by | half >> (28 - by)) & 0x0fff_ffff;
        SHIFTS.map(|by| {
            (left, right) = (rotate(left, by), rotate(right, by));
            permute(left << 28 | right, 56, &CHOICE_2)
        })
    }

    fn round(half: u64, key: u64, salt: u64) -> u64 {
        let expanded = permute(half, 32, &EXPANSION);
        // Each bit of the salt that is set exchanges two bits, 24 apart.
        let exchange = (expanded >> 24 ^ expanded) & salt;
        let mixed = expanded ^ exchange ^ exchange << 24 ^ key;
        let chosen = BOXES.iter().enumerate().fold(0_u64, |chosen, (at, table)| {
            let six = (mixed >> (42 - 6 * at) & 63) as usize;
            let place = (six & 0x20) | (six & 1) << 4 | (six >> 1 & 0x0f);
            chosen << 4 | u64::from(table[place])
        });
        permute(chosen, 32, &PERMUTATION)
    }

    /// The hash as text, the salt first.
    pub(super) fn crypt(password: &[u8], salt: &[u8; 2]) -> String {
        let [low, high] = salt.map(|octet| u64::from(value(octet).unwrap_or(0)));
        let bits = low | high << 6;
        // The lowest bit of the salt belongs to the highest of 24.
        let mask = (0..12).fold(0_u64, |mask, at| mask | (bits >> at & 1) << (23 - at));
        let keys = schedule(password);
        let mut block = 0_u64;
        for _ in 0..25 {
            let start = permute(block, 64, &INITIAL);
            let (mut left, mut right) = (start >> 32, start & 0xffff_ffff);
            for key in keys {
                (left, right) = (right, left ^ round(right, key, mask));
            }
            block = permute(right << 32 | left, 64, &FINAL);
        }
        let mut text: String = salt.iter().copied().map(char::from).collect();
        // Eleven characters of six bits, the highest first; two zeros fill the last.
        let wide = u128::from(block) << 2;
        for at in (0..11).rev() {
            push(&mut text, (wide >> (6 * at) & 63) as u32, 1);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(password: &str, hash: &str) -> bool {
        Crypted::parse(hash).unwrap().check(&Secret::new(password))
    }

    #[test]
    fn hashes_of_crypt_3_and_openssl_are_checked() {
        for (password, hash) in [
            ("hello", "abl0JrMf6tlhw"),
            ("hello world longer than eight", "zzkintsAxIFa."),
            ("", "./Una9Fi.seRo"),
            ("hello", "$1$abcdefgh$rwnEbRiN0agqVgZBovWNQ/"),
            ("hello", "$5$abcdefgh$UUoko/Tf0b.8LrDH6BE28ZvVbc7xd//GfzsD0NKugU7"),
            (
                "hello",
                "$6$abcdefgh$bp46WUxDu2cphMRE0PvVJlqas2imuSq186YS793XKfmqn9XUEL17HECskUTZInaNigNndLLYc7A6yWBmFEFn3/",
            ),
            (
                "hello",
                "$2b$04$abcdefghijklmnopqrstuuwHJMEGjfAzmL1lWmUmlphguIbWfjYey",
            ),
        ] {
            assert!(check(password, hash), "{hash}");
            assert!(!check("Hello", hash), "{hash}");
        }
    }

    #[test]
    fn rounds_may_be_said_in_the_text() {
        for (password, hash) in [
            (
                "Hello world!",
                "$5$rounds=10000$saltstringsaltst$3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA",
            ),
            (
                "a rather long password indeed",
                "$6$rounds=1500$ab$DdiVAuZNG1Gol30Ii/tOD9sAm5DmvLSeTBko4mA.un3uqK0oe2omual5vL/9x.PP2VtNdwb0ASxL.8VBlJQhK0",
            ),
        ] {
            assert!(check(password, hash), "{hash}");
        }
    }

    #[test]
    fn passwords_and_salts_of_any_length_are_hashed() {
        assert!(check("", "$1$abcdefgh$M55TzYaaccxVGbptZWaxX/"));
        assert!(check(
            "a rather long password indeed",
            "$1$ab$1m/r13LQeFXMyWi1FRF8T1"
        ));
        assert!(check("x", "$5$ab$5ydlOaPxAq0VpamGFK.BZgHF7HlR0erJsH.F7VB19f0"));
    }

    #[test]
    fn what_cannot_be_checked_is_refused() {
        let error = |text| Crypted::parse(text).unwrap_err();
        assert_eq!(error("hello"), CryptError::UnknownScheme);
        assert_eq!(error("$y$j9T$abc$def"), CryptError::UnknownScheme);
        assert_eq!(error("$1$abc"), CryptError::Malformed);
        assert_eq!(error("$6$salt$short"), CryptError::Malformed);
        assert_eq!(error("$2b$04$short"), CryptError::Malformed);
    }
}
