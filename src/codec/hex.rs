//! Octets as hexadecimal digits, both ways.

/// Why a text is not octets in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HexError {
    /// A character that is no hexadecimal digit.
    NotADigit {
        /// The character's place in the text, in bytes.
        at: usize,
        /// The character.
        found: char,
    },
    /// A digit stands alone where octets have two.
    OddDigits {
        /// How many digits there are.
        digits: usize,
    },
}

/// The octets that a run of hexadecimal digits says; nothing between the digits.
pub fn decode(text: &str) -> Result<Vec<u8>, HexError> {
    if let Some((at, found)) = text
        .char_indices()
        .find(|(_, character)| !character.is_ascii_hexdigit())
    {
        return Err(HexError::NotADigit { at, found });
    }
    if !text.len().is_multiple_of(2) {
        return Err(HexError::OddDigits { digits: text.len() });
    }
    Ok(text
        .as_bytes()
        .chunks_exact(2)
        .map(|pair| digit(pair[0]) << 4 | digit(pair[1]))
        .collect())
}

/// The octets as lower-case digits, two an octet.
pub fn encode(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len() * 2);
    push(&mut text, octets);
    text
}

/// Appends the octets' digits to `text`.
pub fn push(text: &mut String, octets: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    const PIECE: usize = 32;
    for piece in octets.chunks(PIECE) {
        let mut digits = [0; 2 * PIECE];
        for (pair, octet) in digits.as_chunks_mut().0.iter_mut().zip(piece) {
            *pair = [DIGITS[usize::from(octet >> 4)], DIGITS[usize::from(octet & 15)]];
        }
        let digits = digits.get(..2 * piece.len()).unwrap_or(&[]);
        // Digits are ASCII; a piece at a time is many times faster than a character at a time.
        text.push_str(std::str::from_utf8(digits).unwrap_or(""));
    }
}

/// The value of a character that is known to be a hexadecimal digit.
fn digit(character: u8) -> u8 {
    match character {
        b'0'..=b'9' => character - b'0',
        b'a'..=b'f' => character - b'a' + 10,
        _ => character.wrapping_sub(b'A').wrapping_add(10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_in_either_case_are_octets() {
        assert_eq!(decode("00fFa5"), Ok(vec![0, 0xff, 0xa5]));
        assert_eq!(encode(&[0, 0xff, 0xa5]), "00ffa5");
    }

    #[test]
    fn a_lone_digit_and_a_strange_character_are_refused() {
        assert_eq!(decode("123"), Err(HexError::OddDigits { digits: 3 }));
        assert_eq!(decode("12g4"), Err(HexError::NotADigit { at: 2, found: 'g' }));
    }
}
