use super::*;
use proptest::prelude::*;

fn one(text: &str) -> Pair<'_> {
    let mut pairs = parse_pairs(text).unwrap();
    assert_eq!(pairs.len(), 1, "{text}");
    pairs.remove(0)
}

fn fault(text: &str) -> (TextErrorKind, &str) {
    let error = parse_pairs(text).unwrap_err();
    (error.kind, &text[error.span])
}

fn quoted(text: &[u8]) -> LiteralKind<'_> {
    LiteralKind::Quoted(Cow::Borrowed(text))
}

#[test]
fn every_operator_is_read_with_and_without_blanks() {
    for (text, operator) in OPERATORS {
        if matches!(operator, Operator::Present | Operator::Absent) {
            assert_eq!(one(&format!("Class {text}")).value.kind, LiteralKind::Nothing);
            assert_eq!(one(&format!("Class {text} ANY")).operator, *operator);
            continue;
        }
        for pair in [format!("Class {text} 7"), format!("Class{text}7")] {
            let pair = one(&pair);
            assert_eq!((pair.name.text, pair.operator), ("Class", *operator));
            assert_eq!(pair.value.kind, LiteralKind::Bare("7"));
        }
    }
}

#[test]
fn pairs_are_parted_by_commas_and_lines() {
    let text = "User-Name=bob,NAS-Port = 5, # five\n\tClass = 0x00 # zero\r\n\n# nothing\nState = 'a,b'";
    let names: Vec<_> = parse_pairs(text)
        .unwrap()
        .iter()
        .map(|pair| pair.name.text.to_owned())
        .collect();
    assert_eq!(names, ["User-Name", "NAS-Port", "Class", "State"]);
}

#[test]
fn a_bare_word_holds_everything_but_blanks_and_commas() {
    for word in [
        "shell:priv-lvl=15",
        "a#b",
        "2001:db8::/32",
        "{x",
        "O'Neill",
        "päß",
        "%{User-Name}",
        "50%d",
    ] {
        let text = format!("Reply-Message = {word}");
        if !word.starts_with('{') {
            assert_eq!(one(&text).value.kind, LiteralKind::Bare(word));
        }
    }
}

#[test]
fn escapes_in_double_quotes_say_octets() {
    assert_eq!(
        one(r#"A = "\t\n\r\"\\\101\x41\377 %d %{x}""#).value.kind,
        quoted(b"\t\n\r\"\\AA\xff %d %{x}")
    );
    assert_eq!(one(r#"A = "plain""#).value.kind, quoted(b"plain"));
    assert_eq!(fault(r#"A = "DOMAIN\user""#), (TextErrorKind::BadEscape, r"\u"));
    assert_eq!(fault(r#"A = "\400""#), (TextErrorKind::BadEscape, r"\4"));
}

#[test]
fn single_quotes_keep_backslashes() {
    assert_eq!(one(r"A = 'a\tb\101'").value.kind, quoted(br"a\tb\101"));
    assert_eq!(one(r"A = 'it\'s \\'").value.kind, quoted(br"it's \"));
}

#[test]
fn tags_stand_behind_the_name() {
    let pair = one("Tunnel-Type:3 = VLAN");
    assert_eq!((pair.name.text, pair.tag), ("Tunnel-Type", Some((3, 12..13))));
    assert_eq!(one("Tunnel-Type:=VLAN").operator, Operator::Assign);
    assert_eq!(one("Tunnel-Type:1:=VLAN").operator, Operator::Assign);
    assert_eq!(fault("Tunnel-Type:32 = VLAN"), (TextErrorKind::BadTag, "32"));
    assert_eq!(
        fault("request:User-Name = a"),
        (TextErrorKind::BadTag, "User-Name")
    );
}

#[test]
fn groups_nest_and_span_lines() {
    let LiteralKind::Group(pairs) = one("A = {\n B = 1, # one\n C = { D = \"x\" }\n}").value.kind else {
        panic!("no group");
    };
    assert_eq!(pairs.len(), 2);
    assert!(matches!(&pairs[1].value.kind, LiteralKind::Group(inner) if inner[0].name.text == "D"));
    assert!(matches!(one("A = { 1, 2, }").value.kind, LiteralKind::List(values) if values.len() == 2));
    assert!(matches!(one("A = {10.0.0.1/8}").value.kind, LiteralKind::List(values) if values.len() == 1));
    assert!(matches!(one("A = { ::1, fe80::1 }").value.kind, LiteralKind::List(values) if values.len() == 2));
    assert_eq!(one("A = { }").value.kind, LiteralKind::Group(Vec::new()));
    assert_eq!(fault("A = { B = 1"), (TextErrorKind::OpenGroup, "{"));
    assert_eq!(
        fault(&format!("A = {}", "{ A = ".repeat(20))).0,
        TextErrorKind::TooDeep
    );
}

#[test]
fn a_cast_stands_before_the_value() {
    let LiteralKind::Cast(kind, value) = one("raw.250 = (ipv4addr) 192.0.2.1").value.kind else {
        panic!("no cast");
    };
    assert_eq!(
        (kind.text, value.kind),
        ("ipv4addr", LiteralKind::Bare("192.0.2.1"))
    );
    assert_eq!(one("A = (what)ever").value.kind, LiteralKind::Bare("(what)ever"));
}

#[test]
fn a_pattern_may_stand_between_slashes() {
    assert_eq!(one(r"A =~ /^a\/b$/").value.kind, quoted(b"^a/b$"));
    assert_eq!(one("A !~ /x/i,").value.kind, quoted(b"(?i)x"));
}

#[test]
fn what_cannot_be_read_is_pointed_at() {
    assert_eq!(fault("Filter-Id = two words"), (TextErrorKind::Trailing, "words"));
    assert_eq!(fault("A = `echo hi`"), (TextErrorKind::Backquote, "`echo"));
    assert_eq!(fault("A = \"open"), (TextErrorKind::OpenQuote, "\""));
    assert_eq!(fault("A"), (TextErrorKind::NoOperator, ""));
    assert_eq!(fault("A ~ 1"), (TextErrorKind::NoOperator, "~"));
    assert_eq!(fault("A = "), (TextErrorKind::NoValue, ""));
    assert_eq!(fault("= 1"), (TextErrorKind::NoName, "="));
    assert_eq!(fault("A = 1,, B = 2"), (TextErrorKind::NoName, ","));
    assert_eq!(fault("A = \"x\"y, B = 1"), (TextErrorKind::Trailing, "y"));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_with_a_place_inside(text in "[ -~\n\t\r\u{e9}]{0,60}") {
        if let Err(error) = parse_pairs(&text) {
            prop_assert!(text.get(error.span).is_some());
        }
    }
}
