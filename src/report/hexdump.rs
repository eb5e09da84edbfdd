//! Octets as a person reads them: sixteen a line, with their offset and their characters.

use std::fmt::Write as _;
use std::ops::Range;

const A_LINE: usize = 16;

/// Appends `octets` to `out`, each line behind `indent`:
/// `0000  01 05 00 27 de 0f 04 ab  de 12 7b 09 3c 5e 45 6b  ...'......{.<^Ek`.
///
/// Octets in one of the `masked` ranges print as `**`, their characters as `*`.
pub fn dump(out: &mut String, indent: &str, octets: &[u8], masked: &[Range<usize>]) {
    let hidden = |at: usize| masked.iter().any(|range| range.contains(&at));
    for (row, line) in octets.chunks(A_LINE).enumerate() {
        let offset = row * A_LINE;
        let _ = write!(out, "{indent}{offset:04x}  ");
        for column in 0..A_LINE {
            match line.get(column) {
                Some(_) if hidden(offset + column) => out.push_str("** "),
                Some(octet) => {
                    let _ = write!(out, "{octet:02x} ");
                }
                None => out.push_str("   "),
            }
            if column == A_LINE / 2 - 1 {
                out.push(' ');
            }
        }
        out.push(' ');
        out.extend(line.iter().enumerate().map(|(column, octet)| match *octet {
            _ if hidden(offset + column) => '*',
            printable @ b' '..=b'~' => char::from(printable),
            _ => '.',
        }));
        out.push('\n');
    }
}

/// Octets in a row, `01 05 00 27`, masked ones as `**`; `start` is where they stand in what `masked` counts.
pub fn row(octets: &[u8], start: usize, masked: &[Range<usize>]) -> String {
    let mut text = String::with_capacity(octets.len() * 3);
    for (index, octet) in octets.iter().enumerate() {
        if index > 0 {
            text.push(' ');
        }
        if masked.iter().any(|range| range.contains(&(start + index))) {
            text.push_str("**");
        } else {
            let _ = write!(text, "{octet:02x}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_hold_sixteen_octets_and_their_characters() {
        let octets = crate::codec::hex::decode(
            "01050027de0f04abde127b093c5e456b9f51ed810107616c6963650406c0a8010a060600000001",
        )
        .unwrap();
        let mut out = String::new();
        dump(&mut out, "  ", &octets, &[]);
        assert_eq!(
            out,
            "  0000  01 05 00 27 de 0f 04 ab  de 12 7b 09 3c 5e 45 6b  ...'......{.<^Ek\n\
             \x20 0010  9f 51 ed 81 01 07 61 6c  69 63 65 04 06 c0 a8 01  .Q....alice.....\n\
             \x20 0020  0a 06 06 00 00 00 01                              .......\n"
        );
    }

    #[test]
    fn masked_octets_show_neither_digits_nor_characters() {
        let mut out = String::new();
        dump(&mut out, "", b"abcd", std::slice::from_ref(&(1..3)));
        assert_eq!(
            out.trim_end(),
            format!("0000  61 ** ** 64 {}a**d", " ".repeat(38))
        );
        assert_eq!(row(b"bcd", 1, std::slice::from_ref(&(1..3))), "** ** 64");
    }
}
