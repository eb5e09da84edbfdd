//! MAC addresses as user names: the spellings that access switches use for MAC authentication bypass.

use std::str::FromStr;

/// How a MAC address is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MacSpelling {
    /// `0a1b2c3d4e5f`
    Plain,
    /// `0A1B2C3D4E5F`
    Upper,
    /// `0A-1B-2C-3D-4E-5F`, as RFC 3580 §3.20 has it
    Hyphens,
    /// `0a-1b-2c-3d-4e-5f`
    LowerHyphens,
    /// `0a:1b:2c:3d:4e:5f`
    Colons,
    /// `0a1b.2c3d.4e5f`
    Dots,
}

const NAMES: &[(MacSpelling, &str)] = &[
    (MacSpelling::Plain, "plain"),
    (MacSpelling::Upper, "upper"),
    (MacSpelling::Hyphens, "hyphens"),
    (MacSpelling::LowerHyphens, "lower-hyphens"),
    (MacSpelling::Colons, "colons"),
    (MacSpelling::Dots, "dots"),
];

/// A text that names no spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownSpelling;

impl FromStr for MacSpelling {
    type Err = UnknownSpelling;

    fn from_str(text: &str) -> Result<MacSpelling, UnknownSpelling> {
        NAMES
            .iter()
            .find(|(_, name)| *name == text)
            .map(|(spelling, _)| *spelling)
            .ok_or(UnknownSpelling)
    }
}

impl MacSpelling {
    /// Every spelling with its name.
    pub fn all() -> &'static [(MacSpelling, &'static str)] {
        NAMES
    }

    /// The address in this spelling.
    pub fn write(self, mac: &[u8; 6]) -> String {
        let lower: Vec<String> = mac.iter().map(|octet| format!("{octet:02x}")).collect();
        match self {
            Self::Plain => lower.concat(),
            Self::Upper => lower.concat().to_ascii_uppercase(),
            Self::Hyphens => lower.join("-").to_ascii_uppercase(),
            Self::LowerHyphens => lower.join("-"),
            Self::Colons => lower.join(":"),
            Self::Dots => lower
                .chunks(2)
                .map(<[String]>::concat)
                .collect::<Vec<_>>()
                .join("."),
        }
    }
}

/// Reads an address in any spelling: twelve hex digits with `-`, `:` or `.` between them, or nothing.
pub(super) fn parse(text: &[u8]) -> Option<[u8; 6]> {
    let digits: Vec<u8> = text
        .iter()
        .copied()
        .filter(|octet| !matches!(octet, b'-' | b':' | b'.'))
        .collect();
    let digits: &[u8; 12] = digits.as_slice().try_into().ok()?;
    let mut mac = [0; 6];
    for (octet, pair) in mac.iter_mut().zip(digits.as_chunks::<2>().0) {
        let text = std::str::from_utf8(pair).ok()?;
        // from_str_radix would take a sign.
        *octet = u8::from_str_radix(text, 16).ok().filter(|_| pair[0] != b'+')?;
    }
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_reads_back() {
        let mac = [0x0a, 0x1b, 0x2c, 0x3d, 0x4e, 0x5f];
        let texts: Vec<_> = NAMES.iter().map(|(spelling, _)| spelling.write(&mac)).collect();
        assert_eq!(
            texts,
            [
                "0a1b2c3d4e5f",
                "0A1B2C3D4E5F",
                "0A-1B-2C-3D-4E-5F",
                "0a-1b-2c-3d-4e-5f",
                "0a:1b:2c:3d:4e:5f",
                "0a1b.2c3d.4e5f"
            ]
        );
        assert!(texts.iter().all(|text| parse(text.as_bytes()) == Some(mac)));
        assert_eq!(parse(b"0a1b2c3d4e5"), None);
        assert_eq!(parse(b"+a1b2c3d4e5f"), None);
        assert_eq!(parse(b"alice"), None);
    }
}
