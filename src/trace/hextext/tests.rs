use super::*;
use proptest::prelude::*;

/// An Access-Request of 39 octets whose characters look like octets here and there.
const PACKET: &str = "01050027de0f04abde127b093c5e456b9f51ed810107616c6963650406c0a8010a06060000000 1";

fn packet() -> Vec<u8> {
    crate::codec::hex::decode(&PACKET.replace(' ', "")).unwrap()
}

fn octets(text: &str) -> Vec<Vec<u8>> {
    read(text)
        .unwrap()
        .into_iter()
        .map(|found| found.octets)
        .collect()
}

/// `octets` with `between` after each but the last.
fn joined(before: &str, between: &str) -> String {
    let each: Vec<String> = packet()
        .iter()
        .map(|octet| format!("{before}{octet:02x}"))
        .collect();
    each.join(between)
}

fn assert_reads(text: &str, wanted: Shape) {
    let found = read(text).unwrap_or_else(|error| panic!("{error:?} in\n{text}"));
    assert_eq!(found.len(), 1, "{text}");
    assert_eq!((&found[0].octets, found[0].shape), (&packet(), wanted), "{text}");
}

#[test]
fn digits_are_read_plain_wrapped_and_separated() {
    let plain = joined("", "");
    assert_reads(&plain, Shape::Plain);
    assert_reads(&joined("", "\n"), Shape::Plain);
    assert_reads(&format!("\n  {}  \n\n", plain.to_uppercase()), Shape::Plain);
    assert_reads(&format!("{}\n{}\n", &plain[..60], &plain[60..]), Shape::Plain);
    assert_reads(&format!("{}\n{}\n", &plain[..33], &plain[33..]), Shape::Plain);
    assert_reads(&format!("# from the log\n0x{plain}"), Shape::Plain);
    for between in [" ", ":", ", ", "-", ".", " : ", ";"] {
        assert_reads(&joined("", between), Shape::Separated);
    }
    assert_reads(&joined("0x", " "), Shape::Separated);
    assert_reads(&joined("0x", ","), Shape::Separated);
    assert_reads(&format!("{} {}", &plain[..8], &plain[8..]), Shape::Separated);
}

#[test]
fn strings_and_arrays_of_programming_languages_are_read() {
    let escapes = joined("\\x", "");
    assert_reads(&escapes, Shape::Escapes);
    assert_reads(&joined("\\x", " "), Shape::Escapes);
    assert_reads(&format!("packet = b\"{escapes}\""), Shape::Escapes);
    assert_reads(
        &format!("\"{}\" \\\n\"{}\"", &escapes[..64], &escapes[64..]),
        Shape::Escapes,
    );
    // Python writes what can be printed as it is.
    let python = "b\"\\x01\\x05\\x00'\\xde\\x0f\\x04\\xab\\xde\\x12{\\t<^Ek\\x9fQ\\xed\\x81\\x01\\x07alice\\x04\\x06\\xc0\\xa8\\x01\\n\\x06\\x06\\x00\\x00\\x00\\x01\"";
    assert_reads(python, Shape::Escapes);
    assert_reads(&python[2..python.len() - 1], Shape::Escapes);
    assert_reads(&format!("\"{}\"", joined("", "")), Shape::Plain);
    assert_reads(
        &format!(
            "/* Frame (81 bytes) */\nstatic const unsigned char pkt1[39] = {{\n{} /* end */\n}};\n",
            joined("0x", ", ")
        ),
        Shape::Array,
    );
    assert_reads(&format!("[{}]", joined("", ",")), Shape::Array);
    let decimal: Vec<String> = packet().iter().map(u8::to_string).collect();
    assert_reads(&format!("&[{}]", decimal.join(", ")), Shape::Array);
    assert_reads(&format!("[]byte{{{}}}", decimal.join(", ")), Shape::Array);
}

/// A dump in the style of each tool: how it prints an offset, groups octets and sets the characters off.
fn dump(
    octets: &[u8],
    offset: fn(usize) -> String,
    group: usize,
    half: bool,
    characters: [&str; 2],
) -> String {
    let mut text = String::new();
    for (index, line) in octets.chunks(16).enumerate() {
        let mut body = String::new();
        for (at, octet) in line.iter().enumerate() {
            if at > 0 && at % group == 0 {
                body.push(' ');
            }
            if half && at == 8 {
                body.push(' ');
            }
            body.push_str(&format!("{octet:02x}"));
        }
        let width = 16 * 2 + (15 / group) + usize::from(half);
        let printable: String = line
            .iter()
            .map(|octet| {
                if (32..127).contains(octet) {
                    char::from(*octet)
                } else {
                    '.'
                }
            })
            .collect();
        text.push_str(&offset(index * 16));
        if characters[0].is_empty() {
            text.push_str(&body);
        } else {
            text.push_str(&format!(
                "{body:width$}{}{printable}{}",
                characters[0], characters[1]
            ));
        }
        text.push('\n');
    }
    text
}

/// An offset's text, octets a group, whether there is a gap after eight, what is around the characters.
type Style = (fn(usize) -> String, usize, bool, [&'static str; 2], Shape);

const STYLES: [Style; 9] = [
    (|at| format!("{at:08x}: "), 2, false, ["  ", ""], Shape::Xxd),
    (|at| format!("{at:08x}: "), 1, false, ["  ", ""], Shape::Xxd),
    (|at| format!("{at:08x}  "), 1, true, ["  |", "|"], Shape::Hexdump),
    (
        |at| format!("\t0x{at:04x}:  "),
        2,
        false,
        ["  ", ""],
        Shape::Tcpdump,
    ),
    (
        |at| format!("\t0x{at:04x}:  "),
        2,
        false,
        ["", ""],
        Shape::Tcpdump,
    ),
    (|at| format!("{at:04x}   "), 1, false, ["   ", ""], Shape::Offsets),
    (
        |at| format!("    {at:04x}  "),
        1,
        true,
        ["  ", ""],
        Shape::Offsets,
    ),
    (|at| format!("{at:07o} "), 1, false, ["", ""], Shape::Offsets),
    (|at| format!("{at:08}: "), 2, false, ["  ", ""], Shape::Xxd),
];

#[test]
fn dumps_of_every_tool_are_read() {
    for (offset, group, half, characters, wanted) in STYLES {
        let text = dump(&packet(), offset, group, half, characters);
        assert_reads(&text, wanted);
        // What stands before and after is not part of it; a second dump begins at 0 again.
        let two = format!(
            "12:00:00.000001 IP 127.0.0.1.4000 > 127.0.0.1.1812: RADIUS, length: 39\n{text}{text}\nend\n"
        );
        assert_eq!(octets(&two), [packet(), packet()], "{two}");
    }
}

#[test]
fn the_end_that_hexdump_prints_bounds_the_last_line() {
    let text = dump(&packet(), |at| format!("{at:08x}  "), 1, true, ["  |", "|"]);
    assert_reads(&format!("{text}00000027\n"), Shape::Hexdump);
    let octal = dump(&packet(), |at| format!("{at:07o} "), 1, false, ["", ""]);
    assert_reads(&format!("{octal}0000047\n"), Shape::Offsets);
}

#[test]
fn words_with_the_lower_octet_first_are_turned_round() {
    let mut text = String::new();
    for (index, line) in packet().chunks(16).enumerate() {
        text.push_str(&format!("{:07x}", index * 16));
        for pair in line.chunks(2) {
            text.push_str(&format!(" {:02x}{:02x}", pair.get(1).unwrap_or(&0), pair[0]));
        }
        text.push('\n');
    }
    text.push_str("0000027\n");
    assert_reads(&text, Shape::Words);
}

#[test]
fn a_star_repeats_the_line_before() {
    let zeros = "00 ".repeat(16);
    let text = format!("00000000  {zeros}\n*\n00000030  01\n00000031\n");
    let mut wanted = vec![0; 48];
    wanted.push(1);
    assert_eq!(octets(&text), [wanted]);
    let endless = format!("00000000  {zeros}\n*\n");
    let error = read(&endless).unwrap_err();
    assert_eq!((error.fault, error.line, error.column), (HexFault::Repeat, 2, 1));
}

#[test]
fn characters_that_look_like_octets_are_not_octets() {
    // Eight octets whose characters are `ab cd ef`, on the only line of the dump and on the last of two.
    let one = "0000  61 62 20 63 64 20 65 66   ab cd ef\n";
    assert_eq!(octets(one), [b"ab cd ef".to_vec()]);
    let two = format!(
        "0000  {}  {}\n0010  61 62                                            ab\n",
        "41 ".repeat(16).trim(),
        "A".repeat(16)
    );
    assert_eq!(octets(&two)[0].len(), 18);
}

#[test]
fn several_packets_are_separated_by_an_empty_line_or_stand_one_on_a_line() {
    let plain = joined("", "");
    assert_eq!(octets(&format!("{plain}\n{plain}\n")), [packet(), packet()]);
    assert_eq!(octets("0105\n\n\n01 06\n"), [vec![1, 5], vec![1, 6]]);
    let found = read(&format!("# first\n{plain}\n\n# second\n{plain}\n")).unwrap();
    assert_eq!(found.iter().map(|packet| packet.line).collect::<Vec<_>>(), [2, 5]);
    assert_eq!(
        octets(&format!("[\"{plain}\", \"{plain}\"]")),
        [packet(), packet()]
    );
    assert_eq!(
        octets("char a[] = { 0x01, 0x02 };\nchar b[] = { 0x03 };"),
        [vec![1, 2], vec![3]]
    );
}

#[test]
fn the_frame_around_a_packet_is_taken_off_and_its_addresses_kept() {
    let mut ip =
        crate::codec::hex::decode("4500004300010000401100007f0000017f0000010fa00714002f0000").unwrap();
    ip.extend(packet());
    let mut ethernet = vec![0; 12];
    ethernet.extend([8, 0]);
    ethernet.extend(&ip);
    for frame in [ip, ethernet] {
        let text = dump(&frame, |at| format!("\t0x{at:04x}:  "), 2, false, ["  ", ""]);
        let found = read(&text).unwrap().remove(0);
        assert_eq!(found.octets, packet());
        let envelope = found.envelope.unwrap();
        assert_eq!(
            envelope.source,
            "127.0.0.1:4000".parse::<std::net::SocketAddr>().unwrap()
        );
        assert_eq!(
            envelope.destination,
            "127.0.0.1:1812".parse::<std::net::SocketAddr>().unwrap()
        );
    }
}

#[test]
fn an_error_names_the_shape_and_the_place() {
    for (text, shape, line, column, fault) in [
        ("", Shape::Plain, 1, 1, HexFault::Empty),
        ("# nothing\n\n", Shape::Plain, 1, 1, HexFault::Empty),
        (
            "01 05\n00 2g",
            Shape::Separated,
            2,
            5,
            HexFault::NotADigit { found: 'g' },
        ),
        (
            "01 05 002",
            Shape::Separated,
            1,
            7,
            HexFault::OddDigits { digits: 3 },
        ),
        ("01050", Shape::Plain, 1, 1, HexFault::OddDigits { digits: 5 }),
        ("é1", Shape::Separated, 1, 1, HexFault::NotADigit { found: 'é' }),
        ("{ 0x01, 0x105 }", Shape::Array, 1, 9, HexFault::NotAnOctet),
        ("[1, 5, 300]", Shape::Array, 1, 8, HexFault::NotAnOctet),
        ("{ 0x01, 0x05", Shape::Array, 1, 1, HexFault::Quote),
        ("\"\\x01\\x0\"", Shape::Escapes, 1, 6, HexFault::Escape),
        ("\"\\x01", Shape::Escapes, 1, 1, HexFault::Quote),
        (
            "0000  01 02 0z 04",
            Shape::Offsets,
            1,
            14,
            HexFault::NotADigit { found: 'z' },
        ),
        (
            "0000  01 02 03 04\n0005  06",
            Shape::Offsets,
            2,
            1,
            HexFault::Offset {
                expected: 4,
                found: 5,
            },
        ),
        (
            "0000  01 02 03 04\n0003  06",
            Shape::Offsets,
            2,
            1,
            HexFault::Offset {
                expected: 4,
                found: 3,
            },
        ),
    ] {
        let error = read(text).unwrap_err();
        assert_eq!(
            (error.shape, error.line, error.column, error.fault),
            (shape, line, column, fault),
            "{text:?}"
        );
        assert!(text.get(error.span).is_some());
    }
}

proptest! {
    #[test]
    fn what_any_tool_prints_is_read_back(
        octets in prop::collection::vec(prop_oneof![any::<u8>(), 0x20u8..0x80, prop::sample::select(b"0123456789abcdef ".to_vec())], 1..80),
        style in 0..STYLES.len(),
    ) {
        let (offset, group, half, characters, _) = STYLES[style];
        let text = dump(&octets, offset, group, half, characters);
        let lines: Vec<Line<'_>> = lines(&text).collect();
        let runs = match dump::rows(&lines) {
            Some(rows) => dump::read(&rows).ok().unwrap(),
            None => panic!("no dump: {text}"),
        };
        prop_assert_eq!(runs.len(), 1);
        prop_assert_eq!(&runs[0].octets, &octets, "{}", text);
    }

    #[test]
    fn no_text_makes_it_panic(text in "[0-9a-fx \\\\\"'{}\\[\\],:*|\n#/é]{0,80}") {
        let _ = read(&text);
    }
}
