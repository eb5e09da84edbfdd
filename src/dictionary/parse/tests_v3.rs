//! FreeRADIUS 3's grammar, and the dialects before it.

use super::super::{Dictionary, Encrypt, Key, LoadOptions, Memory, Type, VendorFormat, WarningKind};

fn dictionary(text: &str) -> Dictionary {
    warned(text).0
}

fn warned(text: &str) -> (Dictionary, Vec<WarningKind>) {
    let mut dictionary = Dictionary::empty();
    match dictionary.load(
        "dictionary",
        &Memory::with("dictionary", text),
        LoadOptions::default(),
    ) {
        Ok(warnings) => {
            // Whatever a test reads is also written, and read again.
            super::super::export::tests::assert_round_trip(&dictionary);
            (
                dictionary,
                warnings.into_iter().map(|warning| warning.kind).collect(),
            )
        }
        Err(faults) => panic!("{faults:#?}"),
    }
}

fn oid(dictionary: &Dictionary, name: &str) -> String {
    dictionary
        .named(name)
        .unwrap_or_else(|| panic!("no {name}"))
        .oid()
        .to_string()
}

#[test]
fn attributes_have_numbers_types_and_flags() {
    let dictionary = dictionary(
        "# a comment
ATTRIBUTE\tUser-Name\t\t1\tString\t# in any case
attribute Tunnel-Password 0x45 string has_tag,encrypt=2
ATTRIBUTE Tunnel-Type 64 integer has_tag=1
ATTRIBUTE EAP-Message 79 octets concat
ATTRIBUTE ARAP-Password 70 octets[16]
ATTRIBUTE Send-Secret 214 string encrypt=3
ATTRIBUTE Own 3000 string virtual
ATTRIBUTE Hidden 3001 string secret
ATTRIBUTE Many 200 ipaddr array\r
",
    );
    let flags = |name| dictionary.named(name).unwrap().flags();
    assert_eq!(dictionary.named("user-name").unwrap().kind(), Type::String);
    assert_eq!(oid(&dictionary, "Tunnel-Password"), "69");
    assert!(flags("Tunnel-Password").has_tag && flags("Tunnel-Type").has_tag);
    assert_eq!(flags("Tunnel-Password").encrypt, Some(Encrypt::TunnelPassword));
    assert_eq!(flags("Send-Secret").encrypt, Some(Encrypt::AscendSecret));
    assert!(flags("EAP-Message").concat && flags("Many").array && flags("Hidden").secret);
    assert_eq!(dictionary.named("ARAP-Password").unwrap().octets(), Some(16));
    // A Type is one octet, so what is above 255 never is in a packet.
    assert!(flags("Own").computed && flags("Own").internal && flags("Hidden").internal);
    assert!(!flags("Many").internal);
    assert_eq!(dictionary.named("User-Name").unwrap().source().line, 2);
}

#[test]
fn every_type_has_its_spellings() {
    let lines: String = Type::spellings()
        .iter()
        .filter(|(name, _)| !["bit", "vsa", "vendor"].contains(name))
        .enumerate()
        .map(|(number, (name, _))| format!("ATTRIBUTE A-{name} {} {name}\n", number + 100))
        .collect();
    let dictionary = dictionary(&lines);
    for (name, kind) in Type::spellings()
        .iter()
        .filter(|(name, _)| !["bit", "vsa", "vendor"].contains(name))
    {
        assert_eq!(
            dictionary.named(&format!("a-{name}")).unwrap().kind(),
            *kind,
            "{name}"
        );
    }
}

#[test]
fn vendors_have_formats_and_blocks() {
    let dictionary = dictionary(
        "VENDOR USR 429
VENDOR Lucent 4846
VENDOR Starent 8164
VENDOR WiMAX 24757 format=1,1,c
VENDOR Wide 99999 format=2,2
VENDOR Plain 5
BEGIN-VENDOR Plain
ATTRIBUTE Plain-Zero 0 octets
ATTRIBUTE Plain-Tlv 1 tlv
ATTRIBUTE Plain-Sub 1.1 string
BEGIN-TLV Plain-Tlv
ATTRIBUTE Plain-Other 2 tlv
BEGIN-TLV Plain-Other
ATTRIBUTE Plain-Deep 3 integer
END-TLV Plain-Other
END-TLV Plain-Tlv
END-VENDOR Plain
BEGIN-VENDOR USR
ATTRIBUTE USR-Big 0x9801 integer
END-VENDOR USR
",
    );
    let format = |name| dictionary.vendor_named(name).unwrap().format();
    assert_eq!(
        format("usr"),
        VendorFormat {
            type_octets: 4,
            length_octets: 0,
            continuation: false
        }
    );
    assert_eq!(
        format("Lucent"),
        VendorFormat {
            type_octets: 2,
            length_octets: 1,
            continuation: false
        }
    );
    assert_eq!(
        format("Starent"),
        VendorFormat {
            type_octets: 2,
            length_octets: 2,
            continuation: false
        }
    );
    assert_eq!(
        format("WiMAX"),
        VendorFormat {
            type_octets: 1,
            length_octets: 1,
            continuation: true
        }
    );
    assert_eq!(format("Wide").to_string(), "2,2");
    assert_eq!(format("Plain"), VendorFormat::RECOMMENDED);
    assert_eq!(oid(&dictionary, "Plain-Zero"), "26.5.0");
    assert_eq!(oid(&dictionary, "Plain-Sub"), "26.5.1.1");
    assert_eq!(oid(&dictionary, "Plain-Deep"), "26.5.1.2.3");
    assert_eq!(oid(&dictionary, "USR-Big"), "26.429.38913");
    // Vendor-Specific itself was not defined, but is there.
    let vsa = dictionary.child(Key::ROOT, 26).unwrap();
    assert_eq!((vsa.kind(), vsa.is_implied()), (Type::Vsa, true));
    assert_eq!(dictionary.vendor(5).unwrap().key(), vsa.key().child(5));
    assert_eq!(
        dictionary.named("Plain-Deep").unwrap().path().to_string(),
        "Vendor-Specific.Plain.Tlv.Other.Deep"
    );
    assert_eq!(
        dictionary
            .resolve("Vendor-Specific.Plain.Tlv.Other.Deep")
            .unwrap()
            .oid
            .to_string(),
        "26.5.1.2.3"
    );
}

#[test]
fn paths_of_numbers_reach_vendors_and_extended_attributes() {
    let dictionary = dictionary(
        "VENDOR Example 32473
ATTRIBUTE Example-One 26.32473.1 string
ATTRIBUTE Frag-Status 241.1 integer
ATTRIBUTE Example-Extended 241.26.32473.2 integer
ATTRIBUTE Example-Long 245.26.32473.3 tlv
ATTRIBUTE Example-Long-Sub 245.26.32473.3.1 string
BEGIN-VENDOR Example format=Extended-Vendor-Specific-5
ATTRIBUTE Example-Anonce 4 octets
END-VENDOR Example
",
    );
    assert_eq!(oid(&dictionary, "Example-Long-Sub"), "245.26.32473.3.1");
    assert_eq!(oid(&dictionary, "Example-Anonce"), "245.26.32473.4");
    assert_eq!(
        dictionary
            .named("Example-Anonce")
            .unwrap()
            .vendor()
            .unwrap()
            .name(),
        "Example"
    );
    assert_eq!(
        dictionary.named("Extended-Attribute-1").unwrap().kind(),
        Type::Extended
    );
    assert_eq!(
        dictionary.named("Extended-Vendor-Specific-5").unwrap().kind(),
        Type::Evs
    );
}

#[test]
fn vendor_specific_holds_vendors_whatever_its_type_is_called() {
    let dictionary = dictionary(
        "ATTRIBUTE Vendor-Specific 26 octets\nVENDOR A 1\nBEGIN-VENDOR A\nATTRIBUTE B 1 byte\nEND-VENDOR A",
    );
    assert_eq!(dictionary.named("Vendor-Specific").unwrap().kind(), Type::Vsa);
    assert_eq!(oid(&dictionary, "B"), "26.1.1");
}

#[test]
fn values_may_stand_before_their_attribute_and_have_odd_names() {
    let dictionary = dictionary(
        "VALUE Service-Type Login-User 1
VALUE Service-Type Login 1
ATTRIBUTE Service-Type 6 integer
VALUE service-type T1,T1-E1/PRI-Call+x.1 0xFFFFFFFF
VALUE Service-Type Login-User 1
ATTRIBUTE Event 7 octets
VALUE Event Started 1
ATTRIBUTE Small 8 byte
VALUE-ALIAS Small Service-Type
VALUE Server-Config Whatever 5
",
    );
    let service = dictionary.named("Service-Type").unwrap();
    // Those that stand before their attribute take no number from one another.
    assert_eq!(service.value_name(1), Some("Login-User"));
    assert_eq!(service.value_number("LOGIN"), Some(1));
    assert_eq!(service.value_number("T1,T1-E1/PRI-Call+x.1"), Some(0xffff_ffff));
    assert_eq!(service.values().count(), 3);
    assert_eq!(dictionary.named("Event").unwrap().value_name(1), Some("Started"));
    assert_eq!(
        dictionary.named("Small").unwrap().value_name(1),
        Some("Login-User")
    );
}

#[test]
fn of_several_names_of_a_value_the_last_is_printed() {
    let dictionary = dictionary(
        "ATTRIBUTE Acct-Status-Type 40 integer\nVALUE Acct-Status-Type Alive 3\nVALUE Acct-Status-Type Interim-Update 3",
    );
    let status = dictionary.named("Acct-Status-Type").unwrap();
    assert_eq!(status.value_name(3), Some("Interim-Update"));
    assert_eq!(status.value_number("alive"), Some(3));
}

#[test]
fn the_later_name_of_a_number_counts_and_both_are_found() {
    let (dictionary, warnings) =
        warned("ATTRIBUTE Old 11 string\nATTRIBUTE New 11 integer\nATTRIBUTE New 11 integer\n");
    assert!(
        matches!(&warnings[..], [WarningKind::DuplicateNumber { former, .. }] if former == "Old"),
        "{warnings:?}"
    );
    assert_eq!(dictionary.child(Key::ROOT, 11).unwrap().name(), "New");
    assert_eq!(oid(&dictionary, "Old"), "11");
    assert_eq!(dictionary.named("Old").unwrap().kind(), Type::String);
    assert_eq!(dictionary.attributes().count(), 2);
}

#[test]
fn livingston_names_the_vendor_after_the_type() {
    let dictionary = dictionary(
        "VENDOR Livingston 307
ATTRIBUTE LE-Terminate-Detail 2 string Livingston
ATTRIBUTE LE-Advice-of-Charge 3 string encrypt=1 Livingston
VALUE LE-Terminate-Detail Any 1
",
    );
    assert_eq!(oid(&dictionary, "LE-Terminate-Detail"), "26.307.2");
    assert_eq!(oid(&dictionary, "LE-Advice-of-Charge"), "26.307.3");
    assert_eq!(
        dictionary.named("LE-Advice-of-Charge").unwrap().flags().encrypt,
        Some(Encrypt::UserPassword)
    );
}

#[test]
fn pyrad_and_radiator_are_read() {
    let dictionary = dictionary(
        "VENDOR Simplon 16
BEGIN-VENDOR Simplon parent=Extended-Vendor-Specific-1
ATTRIBUTE Simplon-Extended 1 text
END-VENDOR Simplon
BEGIN-VENDOR Simplon
ATTRIBUTE Simplon-Tlv 3 tlv
ATTRIBUTE Simplon-Tlv-String 3.1 string
END-VENDOR Simplon
VENDORATTR 9048 OSC-AVPAIR 1 string
VENDORATTR 16 Simplon-Other 0x04 integer
VALUE Simplon-Other Yes 1
",
    );
    assert_eq!(oid(&dictionary, "Simplon-Extended"), "241.26.16.1");
    assert_eq!(oid(&dictionary, "Simplon-Tlv-String"), "26.16.3.1");
    assert_eq!(oid(&dictionary, "OSC-AVPAIR"), "26.9048.1");
    assert_eq!(oid(&dictionary, "Simplon-Other"), "26.16.4");
    assert_eq!(dictionary.vendor(9048).unwrap().name(), "Vendor-9048");
}

#[test]
fn a_user_adds_to_what_is_known_and_the_newest_wins() {
    let mut dictionary = dictionary(
        "VENDOR Cisco 9
BEGIN-VENDOR Cisco
ATTRIBUTE Cisco-AVPair 1 string
ATTRIBUTE Cisco-Tlv 7 tlv
END-VENDOR Cisco
ATTRIBUTE Service-Type 6 integer
VALUE Service-Type Login 1
",
    );
    let more = "BEGIN-VENDOR Cisco
ATTRIBUTE Cisco-New 200 string
BEGIN-TLV Cisco-Tlv
ATTRIBUTE Cisco-Sub 1 string
END-TLV Cisco-Tlv
END-VENDOR Cisco
VALUE Service-Type My-Own 77
VALUE Service-Type Sign-In 1
ATTRIBUTE Other-Port 26.9.2 integer
VALUE-ALIAS Other-Port Service-Type
ATTRIBUTE Cisco-AVPair 5 string
";
    let warnings = dictionary
        .load("mine", &Memory::with("mine", more), LoadOptions::default())
        .unwrap();
    assert!(matches!(&warnings[..], [warning] if matches!(warning.kind, WarningKind::Shadows { .. })));
    assert_eq!(oid(&dictionary, "Cisco-New"), "26.9.200");
    assert_eq!(oid(&dictionary, "Cisco-Sub"), "26.9.7.1");
    assert_eq!(oid(&dictionary, "Cisco-AVPair"), "5");
    assert_eq!(
        dictionary
            .entry("26.9.1".parse::<super::super::Oid>().unwrap().key())
            .unwrap()
            .name(),
        "Cisco-AVPair"
    );
    let service = dictionary.named("Service-Type").unwrap();
    assert_eq!(service.value_number("login"), Some(1));
    assert_eq!(service.value_number("my-own"), Some(77));
    assert_eq!(service.value_name(1), Some("Sign-In"));
    assert_eq!(
        service.values().collect::<Vec<_>>(),
        [("Login", 1), ("My-Own", 77), ("Sign-In", 1)]
    );
    assert_eq!(
        dictionary.named("Other-Port").unwrap().value_name(77),
        Some("My-Own")
    );
    let names: Vec<_> = dictionary
        .vendor_named("cisco")
        .unwrap()
        .entry()
        .children()
        .map(|e| e.name())
        .collect();
    assert_eq!(names, ["Cisco-AVPair", "Cisco-Tlv", "Cisco-New", "Other-Port"]);
    assert_eq!(
        dictionary.named("Cisco-New").unwrap().vendor().unwrap().name(),
        "Cisco"
    );
}

#[test]
fn search_ranks_whole_names_before_parts() {
    let dictionary = dictionary(
        "VENDOR Cisco 9
BEGIN-VENDOR Cisco
ATTRIBUTE Cisco-AVPair 1 string
END-VENDOR Cisco
ATTRIBUTE Service-Type 6 integer
VALUE Service-Type Cisco-Login 1
",
    );
    let found: Vec<String> = dictionary
        .search("cisco")
        .iter()
        .map(|hit| format!("{hit:?}"))
        .collect();
    assert!(found[0].starts_with("Vendor(Vendor(Cisco"), "{found:?}");
    assert!(found[1].starts_with("Attribute(Entry(Cisco-AVPair"), "{found:?}");
    assert!(found[2].starts_with("Value(Entry(Service-Type"), "{found:?}");
    assert_eq!(dictionary.search("service login").len(), 1);
    assert!(dictionary.search("nothing").is_empty() && dictionary.search(" ").is_empty());
}

#[test]
fn spellings_that_stand_for_nothing_say_which_part() {
    use super::super::ResolveErrorKind as Kind;
    let dictionary = dictionary(
        "VENDOR Cisco 9\nBEGIN-VENDOR Cisco\nATTRIBUTE AVPair 1 string\nEND-VENDOR Cisco\nATTRIBUTE User-Name 1 string\n",
    );
    let error = |spelling: &str| {
        let error = dictionary.resolve(spelling).expect_err(spelling);
        (spelling[error.at.clone()].to_owned(), error.kind)
    };
    assert_eq!(error(""), (String::new(), Kind::Empty));
    assert_eq!(error("User-Nmae"), ("User-Nmae".to_owned(), Kind::UnknownName));
    assert_eq!(
        error("Vendor-Specific.Cicso.AVPair"),
        ("Cicso".to_owned(), Kind::UnknownVendor)
    );
    let cisco = dictionary.vendor(9).unwrap().key();
    assert_eq!(
        error("Vendor-Specific.Cisco.AVPiar"),
        ("AVPiar".to_owned(), Kind::UnknownChild(cisco))
    );
    assert_eq!(error("26..1"), (String::new(), Kind::Empty));
    assert_eq!(
        error("26.9.4294967296"),
        ("4294967296".to_owned(), Kind::BadNumber)
    );
    assert_eq!(
        error("1.2.3.4.5.6.7.8.9.10.11.12.13"),
        ("13".to_owned(), Kind::TooDeep)
    );
    assert_eq!(error("Cicso-Attr-1"), ("Cicso".to_owned(), Kind::UnknownVendor));
    // A number that nothing has is no error; its value is octets.
    for (spelling, oid) in [
        ("99", "99"),
        ("26.77.3", "26.77.3"),
        ("Vendor-77-Attr-3.4", "26.77.3.4"),
        ("Cisco.200", "26.9.200"),
    ] {
        let found = dictionary.resolve(spelling).unwrap();
        assert!(found.raw && found.entry.is_none(), "{spelling}");
        assert_eq!(found.oid.to_string(), oid);
    }
    for spelling in ["raw.User-Name", "&raw.1", "raw.Attr-1"] {
        let found = dictionary.resolve(spelling).unwrap();
        assert!(found.raw && found.entry.is_some(), "{spelling}");
    }
    assert_eq!(
        dictionary.resolve("Cisco-AVPair").unwrap().oid.to_string(),
        "26.9.1"
    );
}
