//! A broken dictionary is explained: each fault has its kind and its place, and one does not hide another.

use proptest::prelude::*;

use super::super::{Block, Dictionary, Fault, FaultKind, LoadOptions, Memory, Type, WarningKind, Word};

fn faults_in(files: &Memory) -> Vec<Fault> {
    Dictionary::empty()
        .check("dictionary", files, LoadOptions::default())
        .faults
}

/// The faults of `text`: line, column, the words meant, and what is wrong.
fn faults(text: &str) -> Vec<(u32, u32, String, FaultKind)> {
    faults_in(&Memory::with("dictionary", text))
        .into_iter()
        .map(|fault| {
            let place = fault.place;
            let start = place.column.saturating_sub(1) as usize;
            let word = place
                .text
                .get(start..start + place.octets as usize)
                .unwrap_or("?")
                .to_owned();
            (place.line, place.column, word, fault.kind)
        })
        .collect()
}

/// The only fault of `text`.
fn fault(text: &str) -> (u32, u32, String, FaultKind) {
    let mut found = faults(text);
    assert_eq!(found.len(), 1, "{found:#?}");
    found.remove(0)
}

fn kind(text: &str) -> FaultKind {
    fault(text).3
}

#[test]
fn unknown_words_come_with_what_was_meant() {
    assert_eq!(
        fault("# fine\n  ATRIBUTE User-Name 1 string"),
        (
            2,
            3,
            "ATRIBUTE".to_owned(),
            FaultKind::UnknownKeyword {
                near: Some("ATTRIBUTE")
            }
        )
    );
    assert_eq!(
        fault("ATTRIBUTE User-Name 1 strnig"),
        (
            1,
            23,
            "strnig".to_owned(),
            FaultKind::UnknownType { near: Some("string") }
        )
    );
    assert_eq!(
        fault("ATTRIBUTE User-Name 1 string has_tag,encrpyt=1"),
        (
            1,
            38,
            "encrpyt=1".to_owned(),
            FaultKind::UnknownFlag {
                near: Some("encrypt".to_owned())
            }
        )
    );
    assert_eq!(
        fault("ATTRIBUTE Service-Type 6 integer\nVALUE Servcie-Type Login 1"),
        (
            2,
            7,
            "Servcie-Type".to_owned(),
            FaultKind::UnknownAttribute {
                near: Some("Service-Type".to_owned())
            }
        )
    );
    assert_eq!(
        fault("VENDOR Cisco 9\nBEGIN-VENDOR Cicso\nATTRIBUTE X 1 string\nVALUE X Y 1\nEND-VENDOR Cicso"),
        (
            2,
            14,
            "Cicso".to_owned(),
            FaultKind::UnknownVendor {
                near: Some("Cisco".to_owned())
            }
        )
    );
    assert_eq!(kind("NONSENSE here"), FaultKind::UnknownKeyword { near: None });
    assert_eq!(
        kind("VENDOR Cisco 9\nATTRIBUTE X 1 string Cicso"),
        FaultKind::UnknownFlag {
            near: Some("Cisco".to_owned())
        }
    );
}

#[test]
fn missing_and_surplus_words_are_shown_where_they_should_or_should_not_be() {
    assert_eq!(
        fault("ATTRIBUTE X 1"),
        (1, 14, String::new(), FaultKind::MissingWord(Word::Type))
    );
    assert_eq!(kind("ATTRIBUTE X"), FaultKind::MissingWord(Word::Number));
    assert_eq!(kind("ATTRIBUTE"), FaultKind::MissingWord(Word::Name));
    assert_eq!(kind("VENDOR Cisco"), FaultKind::MissingWord(Word::Number));
    assert_eq!(kind("$INCLUDE"), FaultKind::MissingWord(Word::File));
    assert_eq!(
        fault("ATTRIBUTE X 1 integer\nVALUE X Y 1 surplus"),
        (2, 13, "surplus".to_owned(), FaultKind::SurplusWord)
    );
}

#[test]
fn numbers_are_checked() {
    for bad in ["x1", "1.x", "-1", "4294967296", "0x", "26..1"] {
        assert_eq!(
            fault(&format!("ATTRIBUTE X {bad} string")),
            (1, 13, bad.to_owned(), FaultKind::BadNumber)
        );
    }
    assert_eq!(kind("VENDOR A nine"), FaultKind::BadNumber);
    assert_eq!(
        kind("ATTRIBUTE X 1.2.3.4.5.6.7.8.9.10.11.12.13 string"),
        FaultKind::BadNumber
    );
    let small = "VENDOR A 1\nBEGIN-VENDOR A\nATTRIBUTE B 256 string\nEND-VENDOR A";
    assert_eq!(kind(small), FaultKind::NumberOutOfRange { max: 255 });
    assert!(faults(&small.replace("A 1", "A 1 format=2,1")).is_empty());
    assert_eq!(
        kind("ATTRIBUTE T 1 tlv\nATTRIBUTE C 1.256 string"),
        FaultKind::NumberOutOfRange { max: 255 }
    );
    assert_eq!(
        fault("ATTRIBUTE A 2.1 string"),
        (
            1,
            13,
            "2.1".to_owned(),
            FaultKind::UnknownParent {
                oid: "2".parse().unwrap()
            }
        )
    );
    assert_eq!(
        kind("ATTRIBUTE A 26.5.1 string"),
        FaultKind::UnknownVendor { near: None }
    );
    assert_eq!(
        kind("ATTRIBUTE A 1 string\nATTRIBUTE B 1.1 string"),
        FaultKind::NotAContainer(Type::String)
    );
    assert_eq!(kind("ATTRIBUTE B .1 string"), FaultKind::NoRelativeParent);
}

#[test]
fn types_and_flags_are_checked() {
    for bad in ["octets[0]", "octets[", "octets[x]", "string[65536]", "bit"] {
        assert_eq!(
            kind(&format!("ATTRIBUTE A 1 {bad}")),
            FaultKind::BadTypeLength,
            "{bad}"
        );
    }
    assert_eq!(
        kind("ATTRIBUTE A 1 integer[4]"),
        FaultKind::LengthNotAllowed(Type::Uint32)
    );
    assert_eq!(
        kind("ATTRIBUTE A 1 string encrypt"),
        FaultKind::FlagNeedsValue("encrypt")
    );
    assert_eq!(
        fault("ATTRIBUTE A 1 string has_tag,encrypt=4"),
        (1, 38, "4".to_owned(), FaultKind::BadFlagValue("encrypt"))
    );
    assert_eq!(
        kind("ATTRIBUTE A 1 string has_tag=2"),
        FaultKind::BadFlagValue("has_tag")
    );
    assert_eq!(
        kind("ATTRIBUTE A 1 tlv has_tag"),
        FaultKind::FlagNotAllowed {
            flag: "has_tag",
            kind: Type::Tlv
        }
    );
    assert_eq!(
        kind("ATTRIBUTE A 1 integer precision=seconds"),
        FaultKind::FlagNotAllowed {
            flag: "precision",
            kind: Type::Uint32
        }
    );
    assert_eq!(
        kind("ATTRIBUTE A 1 date precision=fortnights"),
        FaultKind::BadFlagValue("precision")
    );
    assert_eq!(kind("ATTRIBUTE Attr-1 1 string"), FaultKind::ReservedName);
    assert_eq!(
        kind(&format!("ATTRIBUTE {} 1 string", "x".repeat(256))),
        FaultKind::NameTooLong
    );
    assert_eq!(kind("VENDOR A 1 format=3,1"), FaultKind::BadFormat);
    assert_eq!(kind("VENDOR A 1 format=2,1,c"), FaultKind::BadFormat);
    assert_eq!(kind("VENDOR A 1 fromat=1,1"), FaultKind::BadFormat);
}

#[test]
fn what_is_defined_twice_says_where_it_was_first() {
    let (line, column, word, kind) = fault("ATTRIBUTE A 1 string\n\nATTRIBUTE a 2 string");
    assert_eq!((line, column, word.as_str()), (3, 11, "a"));
    let FaultKind::DuplicateName { oid, origin } = kind else {
        panic!("{kind:?}")
    };
    assert_eq!(
        (oid.to_string(), origin.line, origin.file.as_str()),
        ("1".to_owned(), 1, "dictionary")
    );
    let (line, _, word, kind) = fault("ATTRIBUTE A 1 integer\nVALUE A One 1\nVALUE A one 2");
    assert_eq!((line, word.as_str()), (3, "one"));
    assert!(
        matches!(kind, FaultKind::DuplicateValue { number: 1, .. }),
        "{kind:?}"
    );
    assert!(matches!(
        self::kind("VENDOR A 1\nVENDOR A 2"),
        FaultKind::DuplicateVendor { pen: 1, .. }
    ));
}

#[test]
fn values_are_checked_against_their_type() {
    for (kind_word, data, max) in [
        ("byte", "256", 255),
        ("short", "0x10000", 65_535),
        ("integer", "4294967296", u64::from(u32::MAX)),
    ] {
        let (line, column, word, kind) = fault(&format!("ATTRIBUTE A 1 {kind_word}\nVALUE A B {data}"));
        assert_eq!((line, column, word.as_str()), (2, 11, data));
        assert!(
            matches!(kind, FaultKind::ValueOutOfRange { max: found, .. } if found == max),
            "{kind:?}"
        );
    }
    assert_eq!(
        kind("ATTRIBUTE A 1 int8\nVALUE A B -129"),
        FaultKind::ValueOutOfRange {
            kind: Type::Int8,
            max: 127
        }
    );
    assert!(faults("ATTRIBUTE A 1 int8\nVALUE A B -128\nVALUE A C 127").is_empty());
    assert_eq!(
        kind("ATTRIBUTE A 1 integer\nVALUE A B many"),
        FaultKind::BadValue(Type::Uint32)
    );
    assert_eq!(
        kind("ATTRIBUTE A 1 ipaddr\nVALUE A B 1.2.3"),
        FaultKind::BadValue(Type::Ipaddr)
    );
    assert_eq!(
        kind("ATTRIBUTE A 1 tlv\nVALUE A B 1"),
        FaultKind::ValueNotAllowed(Type::Tlv)
    );
    assert_eq!(
        kind("VALUE Nothing-At-All B 1"),
        FaultKind::UnknownAttribute { near: None }
    );
}

/// Found by fuzzing: the place lay beyond the line.
#[test]
fn a_parent_that_is_cut_off_is_shown_at_the_end_of_the_line() {
    let found = faults("VENDOR V 9\nBEGIN-VENDOR V parent\nEND-VENDOR V\n");
    let (line, column, ..) = &found[0];
    assert_eq!((*line, *column), (2, 22));
}

#[test]
fn blocks_are_balanced_in_each_file() {
    assert_eq!(
        fault("VENDOR A 1\nBEGIN-VENDOR A\nATTRIBUTE B 1 string"),
        (2, 14, "A".to_owned(), FaultKind::BeginWithoutEnd(Block::Vendor))
    );
    assert_eq!(
        fault("VENDOR A 1\nEND-VENDOR A"),
        (
            2,
            1,
            "END-VENDOR".to_owned(),
            FaultKind::EndWithoutBegin(Block::Vendor)
        )
    );
    let crossed = "VENDOR A 1\nVENDOR B 2\nBEGIN-VENDOR A\nEND-VENDOR B\nEND-VENDOR A";
    assert_eq!(
        fault(crossed),
        (
            4,
            12,
            "B".to_owned(),
            FaultKind::EndMismatch { open: "A".to_owned() }
        )
    );
    let nested = "VENDOR A 1\nVENDOR B 2\nBEGIN-VENDOR A\nBEGIN-VENDOR B\nEND-VENDOR B\nEND-VENDOR A";
    assert_eq!(kind(nested), FaultKind::NestedBlock(Block::Vendor));
    assert_eq!(
        kind("ATTRIBUTE T 1 tlv\nBEGIN-TLV T\nATTRIBUTE C 1 string"),
        FaultKind::BeginWithoutEnd(Block::Attribute)
    );
    assert_eq!(
        kind("ATTRIBUTE T 1 string\nBEGIN-TLV T\nEND-TLV T"),
        FaultKind::NotAContainer(Type::String)
    );
    assert_eq!(
        kind("ATTRIBUTE T 1 tlv\nBEGIN-TLV U\nATTRIBUTE C 1 string\nEND-TLV U"),
        FaultKind::UnknownAttribute { near: None }
    );
    // The file that is included may not close what the other one opened.
    let files = Memory::with(
        "dictionary",
        "VENDOR A 1\nBEGIN-VENDOR A\n$INCLUDE part\nEND-VENDOR A",
    )
    .and("part", "ATTRIBUTE B 1 string\nEND-VENDOR A");
    let found = faults_in(&files);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((found[0].place.file.as_str(), found[0].place.line), ("part", 2));
    assert_eq!(found[0].kind, FaultKind::EndWithoutBegin(Block::Vendor));
    assert_eq!(
        kind("BEGIN PROTOCOL RADIUS 1"),
        FaultKind::BeginWithoutEnd(Block::Protocol)
    );
    assert_eq!(
        kind("BEGIN-PROTOCOL Nothing\nEND PROTOCOL"),
        FaultKind::UnknownProtocol
    );
    assert_eq!(kind("PROTOCOL RADIUS 2"), FaultKind::ProtocolConflict);
}

#[test]
fn includes_are_found_confined_and_finite() {
    let read = |files: Memory| {
        faults_in(&files)
            .into_iter()
            .map(|fault| fault.kind)
            .collect::<Vec<_>>()
    };
    let missing = read(Memory::with("dictionary", "$INCLUDE nowhere"));
    assert_eq!(
        missing,
        [FaultKind::MissingInclude {
            path: "nowhere".to_owned(),
            error: std::io::ErrorKind::NotFound
        }]
    );
    assert!(read(Memory::with("dictionary", "$INCLUDE- nowhere")).is_empty());
    for outside in ["../other", "/etc/passwd", "a/../../other"] {
        let found = read(Memory::with("dictionary", format!("$INCLUDE- {outside}")));
        assert!(
            matches!(&found[..], [FaultKind::IncludeOutside { .. }]),
            "{outside}: {found:?}"
        );
    }
    let cycle = Memory::with("dictionary", "$INCLUDE a")
        .and("a", "$INCLUDE b")
        .and("b", "$INCLUDE ./a");
    let found = read(cycle);
    assert_eq!(
        found,
        [FaultKind::IncludeCycle {
            path: vec!["a".to_owned(), "b".to_owned()]
        }]
    );
    assert!(matches!(
        &read(Memory::with("dictionary", "$INCLUDE dictionary"))[..],
        [FaultKind::IncludeCycle { .. }]
    ));

    let files = Memory::with("sub/dictionary", "$INCLUDE ../other").and("other", "ATTRIBUTE A 1 string");
    let wide = LoadOptions {
        dict_root: Some(String::new()),
    };
    assert!(
        Dictionary::empty()
            .check("sub/dictionary", &files, wide)
            .faults
            .is_empty()
    );

    // A file is read once.
    let twice = Memory::with("dictionary", "$INCLUDE a\n$INCLUDE a").and("a", "ATTRIBUTE A 1 string");
    let review = Dictionary::empty().check("dictionary", &twice, LoadOptions::default());
    assert_eq!(
        review
            .warnings
            .iter()
            .map(|warning| &warning.kind)
            .collect::<Vec<_>>(),
        [&WarningKind::IncludedTwice]
    );
    assert_eq!((review.attributes, review.files.len()), (1, 2));

    let nothing = Dictionary::empty().check("dictionary", &Memory::default(), LoadOptions::default());
    assert_eq!(
        nothing.faults[0].kind,
        FaultKind::CannotRead(std::io::ErrorKind::NotFound)
    );
    assert_eq!(nothing.faults[0].place.line, 0);
}

#[test]
fn structs_are_checked() {
    let block = |text: &str| kind(&format!("BEGIN PROTOCOL RADIUS 1\n{text}\nEND PROTOCOL"));
    assert_eq!(block("MEMBER A uint8"), FaultKind::MemberOutsideStruct);
    assert_eq!(block("ATTRIBUTE A 1 bit[4]"), FaultKind::BitOutsideStruct);
    assert_eq!(
        block("ATTRIBUTE S 1 struct\nMEMBER A bit[4]\nMEMBER B uint8"),
        FaultKind::BitsOpen { bits: 4 }
    );
    assert_eq!(
        block("ATTRIBUTE S 1 struct\nMEMBER A bit[4]"),
        FaultKind::BitsOpen { bits: 4 }
    );
    assert_eq!(
        block("ATTRIBUTE S 1 struct[4]\nMEMBER A uint8\nMEMBER B uint16"),
        FaultKind::StructSize {
            octets: 4,
            members: 3
        }
    );
    assert_eq!(
        block("FLAGS !auto_begin\nATTRIBUTE S 1 struct\nBEGIN S\nATTRIBUTE A 1 uint8\nEND S"),
        FaultKind::AttributeInsideStruct
    );
    assert_eq!(
        block("ATTRIBUTE S 1 struct\nMEMBER A uint8\nSTRUCT B A 1"),
        FaultKind::NotAKey
    );
    assert_eq!(
        block("ATTRIBUTE S 1 struct\nMEMBER A uint8 key\nSTRUCT B A 256"),
        FaultKind::ValueOutOfRange {
            kind: Type::Uint8,
            max: 255
        }
    );
    assert_eq!(
        block("ATTRIBUTE S 1 struct\nMEMBER A uint8\nMEMBER B union key=A"),
        FaultKind::NotAKey
    );
    assert_eq!(
        block("ATTRIBUTE S 1 struct\nMEMBER B union key=A"),
        FaultKind::UnknownReference
    );
}

#[test]
fn references_that_lead_nowhere_or_around_are_faults() {
    let block = |text: &str| kind(&format!("BEGIN PROTOCOL RADIUS 1\n{text}\nEND PROTOCOL"));
    assert_eq!(block("ALIAS A 26.9.1"), FaultKind::UnknownReference);
    assert_eq!(
        block("ATTRIBUTE A 1 integer enum=Nothing"),
        FaultKind::UnknownReference
    );
    assert_eq!(
        block("ATTRIBUTE A 1 tlv clone=Nothing"),
        FaultKind::UnknownReference
    );
    assert_eq!(
        block("ATTRIBUTE A 1 tlv\nATTRIBUTE B .1 tlv clone=A"),
        FaultKind::CloneLoop
    );
    let around =
        faults("BEGIN PROTOCOL RADIUS 1\nATTRIBUTE A 1 tlv clone=B\nATTRIBUTE B 2 tlv clone=A\nEND PROTOCOL");
    assert!(
        around.iter().all(|fault| fault.3 == FaultKind::CloneLoop) && around.len() == 2,
        "{around:?}"
    );
    assert_eq!(
        block("ATTRIBUTE A 1 struct\nMEMBER M uint8\nATTRIBUTE B 2 tlv clone=A"),
        FaultKind::CloneType { source: Type::Struct }
    );
}

#[test]
fn a_dictionary_that_doubles_itself_is_stopped() {
    let mut text = "BEGIN PROTOCOL RADIUS 1\nATTRIBUTE A0 1 tlv\nATTRIBUTE L .1 string\n".to_owned();
    for level in 1..10 {
        text += &format!("ATTRIBUTE A{level} {} tlv\n", level + 1);
        for child in 1..=200 {
            text += &format!("ATTRIBUTE C{child} .{child} tlv clone=@.A{}\n", level - 1);
        }
    }
    text += "END PROTOCOL";
    assert!(faults(&text).iter().any(|fault| fault.3 == FaultKind::CloneLoop));
}

#[test]
fn a_dictionary_that_grows_deeper_and_deeper_is_stopped() {
    let mut text = "BEGIN PROTOCOL RADIUS 1\nATTRIBUTE A0 1 tlv\nATTRIBUTE L .1 tlv\n".to_owned();
    for level in 1..200 {
        text += &format!(
            "ATTRIBUTE A{level} {} tlv\nATTRIBUTE L .1 tlv clone=@.A{}\n",
            level + 1,
            level - 1
        );
    }
    text += "END PROTOCOL";
    assert!(faults(&text).iter().any(|fault| fault.3 == FaultKind::CloneLoop));
    let mut files = Memory::default();
    for level in 0..200 {
        files = files.and(&format!("d{level}"), format!("$INCLUDE d{}", level + 1));
    }
    let files = files.and("dictionary", "$INCLUDE d0");
    assert_eq!(faults_in(&files)[0].kind, FaultKind::TooManyFiles);
}

#[test]
fn all_faults_are_told_at_once() {
    let found =
        faults("ATRIBUTE A 1 string\nATTRIBUTE B x string\nVALUE C D 1\nATTRIBUTE E 5 strng\nVALUE E F 1");
    assert_eq!(
        found.iter().map(|fault| fault.0).collect::<Vec<_>>(),
        [1, 2, 4, 3],
        "{found:#?}"
    );
    let mut dictionary = Dictionary::empty();
    let files = Memory::with("dictionary", "ATTRIBUTE A 1 string\nNONSENSE here");
    assert!(
        dictionary
            .load("dictionary", &files, LoadOptions::default())
            .is_err()
    );
    assert!(
        dictionary.named("A").is_none(),
        "nothing of a broken dictionary is kept"
    );
}

#[test]
fn odd_text_is_warned_of() {
    let warnings = |text: &[u8]| {
        let review = Dictionary::empty().check(
            "dictionary",
            &Memory::with("dictionary", text),
            LoadOptions::default(),
        );
        assert!(review.faults.is_empty(), "{:#?}", review.faults);
        review
            .warnings
            .into_iter()
            .map(|warning| warning.kind)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        warnings(b"# caf\xe9\nATTRIBUTE A 1 string"),
        [WarningKind::NotUtf8]
    );
    assert_eq!(warnings(b"\xef\xbb\xbfATTRIBUTE A 1 string"), []);
    assert_eq!(warnings(b"ATTRIBUTE 1.2 1 string"), [WarningKind::OddName]);
    assert_eq!(warnings(b"ATTRIBUTE A,B 1 string"), [WarningKind::OddName]);
    assert_eq!(
        warnings(
            b"VENDOR FreeDHCP 34673\nBEGIN-VENDOR FreeDHCP\nVALUE FreeDHCP-Opcode A 1\nEND-VENDOR FreeDHCP"
        ),
        [WarningKind::ValueWithoutAttribute]
    );
}

/// Words that mean something, so that random lines reach past the keyword.
fn word() -> impl Strategy<Value = String> {
    let known = prop::sample::select(
        "ATTRIBUTE VALUE VENDOR BEGIN-VENDOR END-VENDOR BEGIN-TLV END-TLV BEGIN END PROTOCOL STRUCT MEMBER ENUM ALIAS \
         DEFINE FLAGS VALUE-ALIAS VENDORATTR $INCLUDE BEGIN-PROTOCOL END-PROTOCOL RADIUS DHCPv4 A B C A-B .A ..B @.A \
         @RADIUS.A 1 2 26 .1 .1.1 26.9.1 241.1 241.26.9.1 245 0xff string octets[3] integer tlv struct union group bit[4] \
         auto vsa extended key key=A clone=A clone=.B enum=A ref=@DHCPv4 has_tag,encrypt=2 internal !auto_begin \
         format=1,1,c parent=Extended-Vendor-Specific-5 length=uint8 dictionary other # * 9 99999999999 é"
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>(),
    );
    prop_oneof![8 => known, 1 => "[ -~]{0,12}", 1 => any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_brings_the_parser_down(
        lines in prop::collection::vec(prop::collection::vec(word(), 1..6), 0..40),
        other in prop::collection::vec(prop::collection::vec(word(), 1..6), 0..10),
    ) {
        let text = |lines: &[Vec<String>]| lines.iter().map(|line| line.join(" ") + "\n").collect::<String>();
        let files = Memory::with("dictionary", text(&lines)).and("other", text(&other));
        let mut dictionary = Dictionary::empty();
        // Lines that are no fault by themselves also pack, and are found again.
        let faults = match dictionary.load("dictionary", &files, LoadOptions::default()) {
            Ok(_) => Vec::new(),
            Err(faults) => faults,
        };
        for fault in &faults {
            let end = (fault.place.column.max(1) - 1 + fault.place.octets) as usize;
            prop_assert!(end <= fault.place.text.len(), "{fault:?}");
        }
        for entry in dictionary.attributes() {
            prop_assert!(dictionary.entry(entry.key()).is_some());
            let _ = (entry.oid(), entry.path().to_string(), entry.children().count(), entry.values().count());
        }
    }

    #[test]
    fn no_octets_bring_the_parser_down(octets in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = Dictionary::empty().check("dictionary", &Memory::with("dictionary", octets), LoadOptions::default());
    }

    #[test]
    fn no_spelling_brings_resolve_down(spelling in "[A-Za-z0-9.&-]{0,40}|.{0,20}") {
        let _ = Dictionary::builtin().resolve(&spelling);
    }
}
