//! FreeRADIUS 4's grammar: each construct works, not merely parses.

use super::super::{Dictionary, Encrypt, Entry, Key, LengthPrefix, LoadOptions, Memory, Precision, Type};

/// The dictionary in `text`, on top of nothing.
fn dictionary(text: &str) -> Dictionary {
    let mut dictionary = Dictionary::empty();
    if let Err(faults) = dictionary.load(
        "dictionary",
        &Memory::with("dictionary", text),
        LoadOptions::default(),
    ) {
        panic!("{faults:#?}");
    }
    // Whatever a test reads is also written, and read again.
    super::super::export::tests::assert_round_trip(&dictionary);
    dictionary
}

/// The dictionary in `text`, inside of a RADIUS block that has what every one has.
fn radius(text: &str) -> Dictionary {
    dictionary(&format!(
        "BEGIN PROTOCOL RADIUS 1 verify=lib
ATTRIBUTE User-Name 1 string
ATTRIBUTE User-Password 2 string encrypt=User-Password
ATTRIBUTE Packet-Type 1024 uint32 internal
VALUE Packet-Type Access-Request 1
VALUE Packet-Type Access-Accept 2
ATTRIBUTE Vendor-Specific 26 vsa
ATTRIBUTE Extended-Attribute-1 241 tlv extended
ATTRIBUTE Vendor-Specific 241.26 vsa
ATTRIBUTE Extended-Attribute-5 245 tlv long_extended
ATTRIBUTE Vendor-Specific 245.26 vsa
VENDOR Cisco 9
VENDOR Example 32473
{text}
END-PROTOCOL RADIUS
"
    ))
}

fn at<'d>(dictionary: &'d Dictionary, oid: &str) -> Entry<'d> {
    dictionary
        .entry(oid.parse::<super::super::Oid>().unwrap().key())
        .unwrap_or_else(|| panic!("nothing at {oid}"))
}

#[test]
fn names_are_unique_among_siblings_and_made_unique_for_the_whole_dictionary() {
    let dictionary = radius(
        "BEGIN-VENDOR Cisco
ATTRIBUTE AVPair 1 string
ATTRIBUTE User-Name 2 string
END-VENDOR Cisco
BEGIN-VENDOR Example
ATTRIBUTE AVPair 7 string
ATTRIBUTE Example-Own 8 string
END-VENDOR Example",
    );
    let pair = at(&dictionary, "26.9.1");
    assert_eq!((pair.name(), pair.local_name()), ("Cisco-AVPair", "AVPair"));
    assert_eq!(pair.path().to_string(), "Vendor-Specific.Cisco.AVPair");
    assert_eq!(
        dictionary.named("cisco-avpair").unwrap().oid().to_string(),
        "26.9.1"
    );
    assert_eq!(
        dictionary.named("Example-AVPair").unwrap().oid().to_string(),
        "26.32473.7"
    );
    assert_eq!(
        dictionary.named("Example-Own").unwrap().oid().to_string(),
        "26.32473.8"
    );
    assert_eq!(dictionary.named("User-Name").unwrap().oid().to_string(), "1");
    assert!(dictionary.named("AVPair").is_none());
    for spelling in [
        "Vendor-Specific.Cisco.AVPair",
        "Cisco-AVPair",
        "26.9.1",
        ".Vendor-Specific.cisco.avpair",
    ] {
        assert_eq!(
            dictionary.resolve(spelling).unwrap().oid.to_string(),
            "26.9.1",
            "{spelling}"
        );
    }
    assert_eq!(at(&dictionary, "241").kind(), Type::Extended);
    assert_eq!(at(&dictionary, "245").kind(), Type::LongExtended);
    assert_eq!(at(&dictionary, "241.26").kind(), Type::Evs);
    assert_eq!(
        dictionary.named("User-Password").unwrap().flags().encrypt,
        Some(Encrypt::UserPassword)
    );
}

#[test]
fn numbers_with_a_leading_dot_are_children_of_the_last_tlv_without_one() {
    let dictionary = radius(
        "BEGIN-VENDOR Example
ATTRIBUTE Outer 1 tlv
ATTRIBUTE First .1 string
ATTRIBUTE Inner .2 tlv
ATTRIBUTE Deep .2.1 integer
ATTRIBUTE Third .3 byte
ATTRIBUTE Full 1.4 tlv
ATTRIBUTE Below .1 short
VALUE Below Two 2
END-VENDOR Example",
    );
    for (oid, name) in [
        ("26.32473.1.1", "Example-Outer-First"),
        ("26.32473.1.2.1", "Example-Outer-Inner-Deep"),
        ("26.32473.1.3", "Example-Outer-Third"),
        ("26.32473.1.4.1", "Example-Outer-Full-Below"),
    ] {
        assert_eq!(at(&dictionary, oid).name(), name);
        assert_eq!(dictionary.named(name).unwrap().oid().to_string(), oid);
    }
    assert_eq!(at(&dictionary, "26.32473.1.4.1").value_number("two"), Some(2));
    assert_eq!(
        dictionary
            .resolve("Vendor-Specific.Example.Outer.Inner.Deep")
            .unwrap()
            .oid
            .to_string(),
        "26.32473.1.2.1"
    );
}

#[test]
fn members_follow_their_struct_and_structs_their_key() {
    let dictionary = radius(
        "BEGIN-VENDOR Example
ATTRIBUTE Location 22 struct
MEMBER Type uint8 key
MEMBER PLMN-ID octets[3]
STRUCT CGI Type 0
MEMBER LAC uint16
MEMBER CAI uint16
STRUCT SAI Type 1
MEMBER LAC uint16
MEMBER SAC uint16
VALUE SAC Nowhere 65535
ATTRIBUTE After 23 octets[2]
END-VENDOR Example",
    );
    let location = at(&dictionary, "26.32473.22");
    assert_eq!(location.kind(), Type::Struct);
    let members: Vec<_> = location
        .children()
        .map(|member| (member.number(), member.local_name()))
        .collect();
    assert_eq!(members, [(1, "Type"), (2, "PLMN-ID")]);
    let key = at(&dictionary, "26.32473.22.1");
    assert!(key.flags().key);
    assert_eq!(at(&dictionary, "26.32473.22.2").octets(), Some(3));
    let branch = dictionary.child(key.key(), 1).unwrap();
    assert_eq!((branch.local_name(), branch.kind()), ("SAI", Type::Struct));
    assert_eq!(branch.key_field().unwrap().key(), key.key());
    let members: Vec<_> = branch.children().map(|member| member.local_name()).collect();
    assert_eq!(members, ["LAC", "SAC"]);
    assert_eq!(
        dictionary.child(branch.key(), 2).unwrap().value_name(65535),
        Some("Nowhere")
    );
    // The STRUCT's name is also the name of the key's value.
    assert_eq!(key.value_name(0), Some("CGI"));
    assert_eq!(at(&dictionary, "26.32473.23").octets(), Some(2));
}

#[test]
fn bits_fill_octets_and_lengths_stand_before_values() {
    let dictionary = radius(
        "BEGIN-VENDOR Example
ATTRIBUTE Packed 1 struct[5]
MEMBER Spare bit[4]
MEMBER Flag bit[1]
MEMBER Kind bit[3]
VALUE Kind Big 7
MEMBER Address ipaddr
ATTRIBUTE Prefixed 2 struct
MEMBER Name string length=uint8
MEMBER Body octets length=uint16
ATTRIBUTE Group 3 struct length=uint16,offset=2
MEMBER Code uint16
MEMBER Rest tlv
ATTRIBUTE Sub .1 string
ATTRIBUTE Sub2 .2 string
END-VENDOR Example",
    );
    assert_eq!(at(&dictionary, "26.32473.1").octets(), Some(5));
    let kind = at(&dictionary, "26.32473.1.3");
    assert_eq!(
        (kind.kind(), kind.bits(), kind.octets()),
        (Type::Bit, Some(3), None)
    );
    assert_eq!(kind.value_number("Big"), Some(7));
    assert_eq!(
        at(&dictionary, "26.32473.2.1").flags().length,
        Some(LengthPrefix::Uint8)
    );
    assert_eq!(
        at(&dictionary, "26.32473.2.2").flags().length,
        Some(LengthPrefix::Uint16)
    );
    let group = at(&dictionary, "26.32473.3");
    assert_eq!(
        (group.flags().length, group.flags().offset),
        (Some(LengthPrefix::Uint16), 2)
    );
    assert_eq!(at(&dictionary, "26.32473.3.2.2").local_name(), "Sub2");
}

#[test]
fn the_branches_of_a_union_are_its_children_by_the_key() {
    let dictionary = radius(
        "BEGIN-VENDOR Example
ATTRIBUTE User-Location-Info 22 struct
MEMBER Type uint8 key
MEMBER Data union key=Type
END-VENDOR Example
BEGIN Vendor-Specific.Example.User-Location-Info.Data
ATTRIBUTE CGI 0 struct
MEMBER LAC uint16
ATTRIBUTE TAI 128 struct
MEMBER TAC uint16
ATTRIBUTE Plain 200 ipaddr
END Vendor-Specific.Example.User-Location-Info.Data",
    );
    let data = at(&dictionary, "26.32473.22.2");
    assert_eq!(data.kind(), Type::Union);
    assert_eq!(data.key_field().unwrap().local_name(), "Type");
    let branches: Vec<_> = data
        .children()
        .map(|branch| (branch.number(), branch.local_name()))
        .collect();
    assert_eq!(branches, [(0, "CGI"), (128, "TAI"), (200, "Plain")]);
    assert_eq!(at(&dictionary, "26.32473.22.2.128.1").local_name(), "TAC");
    let found = dictionary
        .resolve("Vendor-Specific.Example.User-Location-Info.Data.TAI.TAC")
        .unwrap();
    assert_eq!(found.oid.to_string(), "26.32473.22.2.128.1");
}

#[test]
fn aliases_give_version_3_names_before_and_after_what_they_name() {
    let dictionary = radius(
        "ALIAS Ex-Thing 26.32473.5
BEGIN-VENDOR Example
ATTRIBUTE Thing 5 string
ATTRIBUTE Other 6 string
END-VENDOR Example
ALIAS Ex-Other Vendor-Specific.Example.Other
ALIAS Example-Other 26.32473.6
ALIAS User-Login User-Name",
    );
    let thing = at(&dictionary, "26.32473.5");
    assert_eq!((thing.name(), thing.local_name()), ("Ex-Thing", "Thing"));
    assert_eq!(dictionary.named("Example-Thing").unwrap().oid(), thing.oid());
    assert_eq!(dictionary.named("ex-other").unwrap().name(), "Ex-Other");
    assert_eq!(dictionary.named("Example-Other").unwrap().name(), "Ex-Other");
    assert_eq!(
        at(&dictionary, "26.32473.6").aliases().collect::<Vec<_>>(),
        ["Example-Other"]
    );
    let login = dictionary.named("User-Login").unwrap();
    assert_eq!(
        (login.name(), login.aliases().collect::<Vec<_>>()),
        ("User-Name", vec!["User-Login"])
    );
}

#[test]
fn named_sets_and_other_attributes_values_are_shared() {
    let dictionary = radius(
        "ENUM Colour uint32
VALUE Colour Red 1
VALUE Colour Green 2
ATTRIBUTE Original-Packet-Code 241.4 integer enum=@.Packet-Type
ATTRIBUTE Same .26.0 string
BEGIN-VENDOR Example
ATTRIBUTE Paint 1 uint32 enum=Colour
ATTRIBUTE Copy 2 auto enum=.Paint
END-VENDOR Example"
            .replace("ATTRIBUTE Same .26.0 string\n", "")
            .as_str(),
    );
    assert!(dictionary.named("Colour").is_none(), "a set is no attribute");
    let code = at(&dictionary, "241.4");
    assert_eq!(code.value_name(2), Some("Access-Accept"));
    let paint = at(&dictionary, "26.32473.1");
    assert_eq!(paint.value_number("green"), Some(2));
    assert_eq!(paint.values().collect::<Vec<_>>(), [("Red", 1), ("Green", 2)]);
    let copy = at(&dictionary, "26.32473.2");
    assert_eq!((copy.kind(), copy.value_name(1)), (Type::Uint32, Some("Red")));
    assert!(dictionary.attributes().all(|entry| entry.name() != "Colour"));
}

#[test]
fn clones_have_the_children_of_their_source() {
    let dictionary = radius(
        "BEGIN-VENDOR Example
ATTRIBUTE Late 3 tlv clone=.Early
ATTRIBUTE Early 1 tlv
ATTRIBUTE Name .1 string
ATTRIBUTE Level .2 byte
VALUE Level High 9
ATTRIBUTE Inner .3 tlv
ATTRIBUTE Leaf .3.1 integer
ATTRIBUTE Version-2 2 tlv
ATTRIBUTE Own .9 string
ATTRIBUTE Sub .10 auto clone=...Example.Early.Inner
ATTRIBUTE Chain 4 struct
MEMBER Kind uint8 key
MEMBER Data union key=Kind
ATTRIBUTE Chained 5 struct clone=.Chain
END-VENDOR Example",
    );
    assert_eq!(at(&dictionary, "26.32473.3.1").name(), "Example-Late-Name");
    let level = at(&dictionary, "26.32473.3.2");
    assert_eq!((level.kind(), level.value_name(9)), (Type::Uint8, Some("High")));
    assert_eq!(at(&dictionary, "26.32473.3.3.1").local_name(), "Leaf");
    assert_eq!(at(&dictionary, "26.32473.2.10").kind(), Type::Tlv);
    assert_eq!(at(&dictionary, "26.32473.2.10.1").local_name(), "Leaf");
    assert_eq!(at(&dictionary, "26.32473.2.9").local_name(), "Own");
    assert_eq!(
        at(&dictionary, "26.32473.5.2")
            .key_field()
            .unwrap()
            .oid()
            .to_string(),
        "26.32473.5.1"
    );
}

#[test]
fn references_to_other_protocols_are_kept_and_followed_when_known() {
    let mut dictionary = Dictionary::empty();
    let files = Memory::with(
        "dictionary",
        "PROTOCOL DHCPv4 2
BEGIN PROTOCOL RADIUS 1
ATTRIBUTE User-Name 1 string
ATTRIBUTE DHCPv4-Options 245 group ref=@DHCPv4
ATTRIBUTE DHCPv6-Options 246 group ref=@DHCPv6
END PROTOCOL RADIUS
$INCLUDE dhcp",
    )
    .and(
        "dhcp",
        "BEGIN-PROTOCOL DHCPv4
ATTRIBUTE Subnet-Mask 1 ipaddr
ATTRIBUTE Wide 70000 tlv
ATTRIBUTE Far .300 string
END-PROTOCOL DHCPv4",
    );
    dictionary
        .load("dictionary", &files, LoadOptions::default())
        .unwrap();
    let reference = dictionary.named("DHCPv4-Options").unwrap().reference().unwrap();
    assert_eq!(reference.text, "@DHCPv4");
    let mask = dictionary.child(reference.key.unwrap(), 1).unwrap();
    assert_eq!(mask.local_name(), "Subnet-Mask");
    let unknown = dictionary.named("DHCPv6-Options").unwrap().reference().unwrap();
    assert_eq!((unknown.text, unknown.key), ("@DHCPv6", None));
    // What belongs to another protocol is nothing in RADIUS.
    assert_eq!(dictionary.child(Key::ROOT, 1).unwrap().name(), "User-Name");
    assert!(dictionary.named("Subnet-Mask").is_none());
    assert!(
        dictionary
            .attributes()
            .all(|entry| entry.local_name() != "Subnet-Mask")
    );
}

#[test]
fn vendors_stand_in_extended_attributes_too() {
    let dictionary = radius(
        "BEGIN-VENDOR Example parent=.Extended-Attribute-5.Vendor-Specific
ATTRIBUTE Anonce 1 octets
END-VENDOR Example
BEGIN-VENDOR Example parent=Extended-Attribute-1.Vendor-Specific
ATTRIBUTE Anonce 1 octets
END VENDOR Example",
    );
    let anonce = at(&dictionary, "245.26.32473.1");
    assert_eq!(anonce.vendor().unwrap().pen(), 32473);
    assert_eq!(
        anonce.path().to_string(),
        "Extended-Attribute-5.Vendor-Specific.Example.Anonce"
    );
    assert_eq!(at(&dictionary, "241.26.32473.1").local_name(), "Anonce");
    for entry in [anonce, at(&dictionary, "241.26.32473.1")] {
        assert_eq!(dictionary.resolve(entry.name()).unwrap().oid, entry.oid());
        assert_eq!(
            dictionary.resolve(&entry.path().to_string()).unwrap().oid,
            entry.oid()
        );
    }
    assert_eq!(
        dictionary
            .vendors()
            .filter(|vendor| vendor.pen() == 32473)
            .count(),
        1
    );
}

#[test]
fn attributes_without_a_number_are_internal() {
    let dictionary = radius(
        "DEFINE Request-Count uint64 counter
DEFINE Bag tlv
ATTRIBUTE Item .1 string
BEGIN-VENDOR Example
DEFINE Local-Note string
END-VENDOR Example
FLAGS internal
ATTRIBUTE Own-Thing 200 string
FLAGS !internal
ATTRIBUTE Wire-Thing 201 string",
    );
    let count = dictionary.named("Request-Count").unwrap();
    assert!(count.flags().internal && count.flags().counter);
    assert!(count.oid().is_empty());
    assert_eq!(
        dictionary.resolve("request-count").unwrap().entry.unwrap().name(),
        "Request-Count"
    );
    assert_eq!(dictionary.named("Bag-Item").unwrap().kind(), Type::String);
    assert_eq!(
        dictionary.named("Example-Local-Note").unwrap().local_name(),
        "Local-Note"
    );
    assert!(dictionary.named("Own-Thing").unwrap().flags().internal);
    assert!(!dictionary.named("Wire-Thing").unwrap().flags().internal);
    assert!(dictionary.named("Packet-Type").unwrap().flags().internal);
}

#[test]
fn values_have_the_type_of_their_attribute() {
    let dictionary = radius(
        "ATTRIBUTE Home 200 ipaddr
VALUE Home Local 127.0.0.1
ATTRIBUTE Six 201 ipv6addr
VALUE Six Local ::1
ATTRIBUTE Degrees 202 int16
VALUE Degrees Frost -1
ATTRIBUTE Word 203 string
VALUE Word Greeting hello
ATTRIBUTE Card 204 ether
VALUE Card Broadcast ff:ff:ff:ff:ff:ff
ATTRIBUTE On 205 bool
VALUE On Aye yes
ATTRIBUTE Net 206 ipv4prefix
VALUE Net Ten 10.0.0.0/8
ATTRIBUTE Span 207 time_delta precision=centiseconds
VALUE Span Instant 0
ATTRIBUTE Blob 208 octets
VALUE Blob Two 0x0102
ATTRIBUTE When 209 date subtype=uint64,precision=milliseconds",
    );
    let named = |name| dictionary.named(name).unwrap();
    assert_eq!(named("Home").value_number("local"), Some(0x7f00_0001));
    assert_eq!(named("Six").value_text("Local"), Some("::1"));
    assert_eq!(named("Six").value_number("Local"), None);
    assert_eq!(named("Degrees").value_number("Frost"), Some(u64::MAX));
    assert_eq!(named("Degrees").value_name(u64::MAX), Some("Frost"));
    assert_eq!(named("Word").value_text("greeting"), Some("hello"));
    assert_eq!(named("Card").value_number("Broadcast"), Some(0xffff_ffff_ffff));
    assert_eq!(named("On").value_number("Aye"), Some(1));
    assert_eq!(named("Net").value_text("Ten"), Some("10.0.0.0/8"));
    assert_eq!(named("Span").flags().precision, Precision::Centiseconds);
    assert_eq!(named("Span").value_number("Instant"), Some(0));
    assert_eq!(named("Blob").value_text("Two"), Some("0x0102"));
    let when = named("When");
    assert_eq!((when.octets(), when.subtype()), (Some(8), Some(Type::Uint64)));
    assert_eq!(named("Word").all_values().next().unwrap().text, Some("hello"));
}

#[test]
fn a_vendors_file_is_read_as_version_4_by_its_lines_alone() {
    let dictionary = dictionary(
        "VENDOR 3GPP 10415
BEGIN-VENDOR 3GPP
ATTRIBUTE IMSI 1 string
ATTRIBUTE RAT-Type 21 byte
ATTRIBUTE User-Location-Info 22 struct
MEMBER Type uint8 key
STRUCT CGI Type 0
MEMBER LAC uint16
STRUCT SAI Type 1
MEMBER LAC uint16
VALUE RAT-Type UTRAN 1
END-VENDOR 3GPP",
    );
    assert_eq!(
        dictionary.named("3GPP-IMSI").unwrap().oid().to_string(),
        "26.10415.1"
    );
    assert_eq!(
        dictionary.named("3GPP-RAT-Type").unwrap().value_name(1),
        Some("UTRAN")
    );
    assert_eq!(
        dictionary.resolve("3GPP-IMSI").unwrap().oid.to_string(),
        "26.10415.1"
    );
    assert_eq!(
        dictionary
            .resolve("Vendor-Specific.3GPP.IMSI")
            .unwrap()
            .oid
            .to_string(),
        "26.10415.1"
    );
}

#[test]
fn blocks_open_structs_when_they_do_not_open_themselves() {
    let dictionary = radius(
        "FLAGS !auto_begin
BEGIN-VENDOR Example
ATTRIBUTE Outer 1 struct
ATTRIBUTE Next 2 string
END-VENDOR Example
BEGIN Vendor-Specific.Example.Outer
MEMBER First uint8
MEMBER Second struct
MEMBER Third uint8
BEGIN Second
MEMBER Inner uint16
END Second
END",
    );
    let members: Vec<_> = at(&dictionary, "26.32473.1")
        .children()
        .map(|member| member.local_name().to_owned())
        .collect();
    assert_eq!(members, ["First", "Second", "Third"]);
    assert_eq!(at(&dictionary, "26.32473.1.2.1").local_name(), "Inner");
}

#[test]
fn names_that_are_keywords_can_be_begun() {
    let dictionary = radius(
        "ATTRIBUTE Vendor 200 tlv
ATTRIBUTE Protocol 201 tlv
BEGIN Vendor
ATTRIBUTE One 1 string
END Vendor
BEGIN Protocol
ATTRIBUTE One 1 string
END Protocol",
    );
    assert_eq!(at(&dictionary, "200.1").name(), "Vendor-One");
    assert_eq!(at(&dictionary, "201.1").name(), "Protocol-One");
}

#[test]
fn includes_take_patterns_and_the_dictionary_directory() {
    let files = Memory::with(
        "radius/dictionary",
        "BEGIN PROTOCOL RADIUS 1
$INCLUDE parts/*
$INCLUDE ${dictdir}/radius/more
$INCLUDE ${dictdir}/again
$INCLUDE- missing
END-PROTOCOL RADIUS",
    )
    .and("radius/parts/a", "ATTRIBUTE First 1 string")
    .and("radius/parts/b", "ATTRIBUTE Second 2 string")
    .and("radius/parts/.hidden", "nonsense here")
    .and("radius/more", "ATTRIBUTE Third 3 string")
    .and("radius/again", "ATTRIBUTE Fourth 4 string");
    let mut dictionary = Dictionary::empty();
    dictionary
        .load("radius/dictionary", &files, LoadOptions::default())
        .unwrap();
    let names: Vec<_> = dictionary
        .attributes()
        .map(|entry| entry.name().to_owned())
        .collect();
    assert_eq!(names, ["First", "Second", "Third", "Fourth"]);
    assert_eq!(
        dictionary.named("Second").unwrap().source().file,
        "radius/parts/b"
    );
}

#[test]
fn a_later_layer_adds_to_what_lies_below_it() {
    let mut dictionary = radius(
        "BEGIN-VENDOR Example
ATTRIBUTE Outer 1 tlv
ATTRIBUTE First .1 byte
VALUE First One 1
END-VENDOR Example",
    );
    let text = "BEGIN PROTOCOL RADIUS 1
BEGIN-VENDOR Example
ATTRIBUTE Outer 1 tlv
ATTRIBUTE Second .2 string
VALUE Outer.First Two 2
ATTRIBUTE Copy 2 tlv clone=.Outer
END-VENDOR Example
END PROTOCOL RADIUS
";
    dictionary
        .load("more", &Memory::with("more", text), LoadOptions::default())
        .unwrap();
    let outer = at(&dictionary, "26.32473.1");
    let children: Vec<_> = outer.children().map(|child| child.local_name()).collect();
    assert_eq!(children, ["First", "Second"]);
    let first = at(&dictionary, "26.32473.1.1");
    assert_eq!(first.values().collect::<Vec<_>>(), [("One", 1), ("Two", 2)]);
    let copy: Vec<_> = at(&dictionary, "26.32473.2")
        .children()
        .map(|child| child.local_name())
        .collect();
    assert_eq!(copy, ["First", "Second"]);
    assert_eq!(at(&dictionary, "26.32473.2.1").value_name(2), Some("Two"));
}

#[test]
fn keywords_and_types_are_read_in_any_case() {
    let dictionary = radius("Attribute Lower 200 STRING Secret\nvalue Lower Word 5");
    assert!(dictionary.named("Lower").unwrap().flags().secret);
}

#[test]
fn a_tree_of_counters_hangs_below_a_name_without_a_number() {
    let dictionary = radius(
        "DEFINE mib tlv internal
BEGIN mib
ATTRIBUTE tree 67 tlv
ATTRIBUTE branch 67.1 tlv
ATTRIBUTE twig 67.1.300 tlv
ATTRIBUTE since .1 time_delta precision=centiseconds
ATTRIBUTE requests .2 uint32 counter
ALIAS twig .tree.branch.twig
END mib",
    );
    let requests = dictionary.named("mib-tree-branch-twig-requests").unwrap();
    assert!(requests.flags().counter && requests.flags().internal);
    let mib = dictionary.named("mib").unwrap().key();
    assert_eq!(
        dictionary.child_named(mib, "twig").unwrap().name(),
        "mib-tree-branch-twig"
    );
}

#[test]
fn older_spellings_of_version_4_are_read() {
    let dictionary = dictionary(
        "PROTOCOL RADIUS 1
BEGIN-PROTOCOL RADIUS
ATTRIBUTE Extended-Attribute-5 245 tlv long-extended
ATTRIBUTE Extended-Vendor-Specific-5 245.26 vsa
ATTRIBUTE DHCPv4-Options 245.4 group ref=..DHCPv4
VENDOR Example 32473
BEGIN-VENDOR Example parent=.Extended-Attribute-5.Extended-Vendor-Specific-5
ATTRIBUTE 802_1X-Anonce 1 octets[32]
END-VENDOR Example
END-PROTOCOL RADIUS",
    );
    assert_eq!(at(&dictionary, "245").kind(), Type::LongExtended);
    assert_eq!(at(&dictionary, "245.26").kind(), Type::Evs);
    assert_eq!(at(&dictionary, "245.26.32473.1").name(), "Example-802_1X-Anonce");
    assert_eq!(at(&dictionary, "245.4").reference().unwrap().text, "..DHCPv4");
}

#[test]
fn a_vendors_file_may_name_an_extended_attribute_that_it_does_not_define() {
    for parent in [
        ".Extended-Attribute-5.Vendor-Specific",
        "Extended-Attribute-5.Extended-Vendor-Specific-5",
        "Extended-Vendor-Specific-5",
        "245.26",
    ] {
        let dictionary = dictionary(&format!(
            "FLAGS !internal\nVENDOR Example 32473\nBEGIN-VENDOR Example parent={parent}\nATTRIBUTE A 1 octets\nEND-VENDOR Example"
        ));
        assert_eq!(at(&dictionary, "245.26.32473.1").local_name(), "A", "{parent}");
    }
}

#[test]
fn flags_of_other_protocols_are_theirs() {
    let text = "PROTOCOL DHCPv6 3\nBEGIN-PROTOCOL DHCPv6\nATTRIBUTE A 1 string dns_label,partial\nEND-PROTOCOL DHCPv6";
    assert!(dictionary(text).attributes().next().is_none());
}

#[test]
fn a_servers_own_attributes_take_no_type_of_a_packet() {
    let dictionary = dictionary(
        "FLAGS internal\nATTRIBUTE Root 1 group\nATTRIBUTE Request-Thing 2 integer\nVALUE Request-Thing One 1",
    );
    assert!(dictionary.child(Key::ROOT, 1).is_none());
    assert_eq!(
        dictionary.named("Request-Thing").unwrap().value_number("One"),
        Some(1)
    );
}
