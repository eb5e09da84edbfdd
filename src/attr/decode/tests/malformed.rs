//! What is malformed keeps its octets, says why, and spoils nothing around it.

use proptest::prelude::*;

use super::super::super::testing::{both_ways, dictionary, draft, octets, packet, with_tree};
use super::super::*;
use crate::attr::ValueFault;
use crate::codec::hex;

#[test]
fn a_missing_fragment_spoils_its_own_attribute_only() {
    let dictionary = dictionary();
    for (octets, text) in [
        (
            "1a0e000060b50108800105312e30 010378",
            "Attr-26 = 0x000060b50108800105312e30\nUser-Name = \"x\"",
        ),
        ("f506048000aa 010378", "Attr-245 = 0x048000aa\nUser-Name = \"x\""),
        (
            "f506048000aa f5060500bbbb",
            "Attr-245 = 0x048000aa\nAttr-245.5 = 0xbbbb",
        ),
    ] {
        both_ways(dictionary, text, octets);
    }
}

#[test]
fn malformed_values_keep_their_octets_and_say_why() {
    let dictionary = dictionary();
    for (octets, text, fault) in [
        (
            "04040102",
            "Attr-4 = 0x0102",
            ValueFault::Length {
                expected: 4,
                found: 2,
            },
        ),
        ("0102", "Attr-1 = 0x", ValueFault::Empty),
        (
            "610300",
            "Attr-97 = 0x00",
            ValueFault::LengthRange {
                min: 2,
                max: 18,
                found: 1,
            },
        ),
        (
            "61040081",
            "Attr-97 = 0x0081",
            ValueFault::PrefixLength { bits: 129, max: 128 },
        ),
        (
            "6105002020",
            "Attr-97 = 0x002020",
            ValueFault::PrefixCut { needed: 4, found: 1 },
        ),
        (
            "9b0800210a000000",
            "Attr-155 = 0x00210a000000",
            ValueFault::PrefixLength { bits: 33, max: 32 },
        ),
        ("400620000001", "Attr-64 = 0x20000001", ValueFault::Tag(0x20)),
        ("d90302", "Attr-217 = 0x02", ValueFault::NotBool(2)),
        (
            "1a0a000000090100ffff",
            "Attr-26 = 0x000000090100ffff",
            ValueFault::Inner {
                at: 4,
                length: 0,
                left: 4,
            },
        ),
        (
            "1a08000000090109",
            "Attr-26 = 0x000000090109",
            ValueFault::Inner {
                at: 4,
                length: 9,
                left: 2,
            },
        ),
        (
            "1a0400ff",
            "Attr-26 = 0x00ff",
            ValueFault::Inner {
                at: 0,
                length: 4,
                left: 2,
            },
        ),
        (
            "1a0901000009010378",
            "Attr-26 = 0x01000009010378",
            ValueFault::Vendor(0x0100_0009),
        ),
        (
            "cf050109 61",
            "Attr-207 = 0x010961",
            ValueFault::Inner {
                at: 0,
                length: 9,
                left: 3,
            },
        ),
        (
            "cf040102",
            "Attr-207 = 0x0102",
            ValueFault::Inner {
                at: 0,
                length: 2,
                left: 2,
            },
        ),
        (
            "f10301",
            "Attr-241 = 0x01",
            ValueFault::LengthRange {
                min: 2,
                max: 253,
                found: 1,
            },
        ),
        (
            "f1081a0000000105",
            "Attr-241.26 = 0x0000000105",
            ValueFault::Inner {
                at: 0,
                length: 6,
                left: 5,
            },
        ),
        (
            "02051122 33",
            "Attr-2 = 0x112233",
            ValueFault::Hidden(crate::codec::hide::RevealError::NotBlocks { length: 3 }),
        ),
    ] {
        both_ways(dictionary, text, octets);
        let octets = hex::decode(&octets.replace(' ', "")).unwrap();
        with_tree(dictionary, &octets, |tree| {
            assert_eq!(tree.attributes[0].value, Value::Malformed(fault), "{text}");
        });
    }
}

#[test]
fn a_malformed_inner_value_spoils_nothing_around_it() {
    both_ways(
        dictionary(),
        "WiMAX-Capability = { Attr-26.24757.1.2 = 0x0102, WiMAX-Release = \"1.0\" }",
        "1a12000060b5010c00020401020105312e30",
    );
}

#[test]
fn an_unknown_vendor_is_read_as_the_rfc_recommends_or_not_at_all() {
    let dictionary = dictionary();
    both_ways(dictionary, "Attr-26.99999.1 = 0x01", "1a090001869f010301");
    both_ways(dictionary, "Attr-26 = 0x0001869f0109", "1a080001869f0109");
    with_tree(dictionary, &hex::decode("1a080001869f0109").unwrap(), |tree| {
        assert!(matches!(tree.attributes[0].value, Value::Octets(_)));
    });
}

#[test]
fn attributes_that_break_off_give_what_came_before() {
    with_tree(
        dictionary(),
        &hex::decode("0105626f62 0409".replace(' ', "").as_str()).unwrap(),
        |tree| {
            assert_eq!(tree.attributes.len(), 1);
            assert!(matches!(
                tree.fault,
                Some(AttributeError::Overrun { offset: 25, .. })
            ));
        },
    );
}

proptest! {
    #[test]
    fn any_octets_decode_and_malformed_ones_come_back_as_they_were(
        mut attributes in prop::collection::vec(
            (prop::sample::select(vec![1u8, 2, 4, 6, 26, 64, 69, 79, 81, 92, 97, 155, 207, 210, 215, 217, 220, 241, 245]),
             prop::collection::vec(any::<u8>(), 0..40)),
            0..8),
        vendor in prop::sample::select(vec![9u32, 43, 429, 529, 4846, 4874, 8164, 10415, 24757, 99]),
    ) {
        for (number, value) in &mut attributes {
            if *number == 26 && value.len() > 4 {
                value[..4].copy_from_slice(&vendor.to_be_bytes());
            }
        }
        let whole: Vec<u8> = attributes
            .iter()
            .flat_map(|(number, value)| {
                [&[*number, value.len() as u8 + 2][..], value].concat()
            })
            .collect();
        with_tree(dictionary(), &whole, |tree| {
            let mut end = 20;
            for attribute in &tree.attributes {
                prop_assert_eq!(attribute.span.start, end);
                end = attribute.span.end;
                let text = attribute.pair(true).to_string();
                let draft = draft(dictionary(), &text);
                prop_assert!(draft.is_ok(), "{}: {:?}", text, draft);
                if !attribute.is_raw() {
                    continue;
                }
                let again = octets(&draft.unwrap());
                if attribute.oid.len() == 1 {
                    prop_assert_eq!(&again, &packet(&whole)[attribute.span.clone()], "{}", text);
                }
                // What stood beside others in one attribute, or in odd fragments, gets one of its own.
                with_tree(dictionary(), &again, |tree| {
                    prop_assert_eq!(tree.attributes.len(), 1);
                    prop_assert_eq!(&tree.attributes[0].oid, &attribute.oid);
                    prop_assert_eq!(&tree.attributes[0].octets, &attribute.octets);
                    Ok(())
                })?;
            }
            prop_assert_eq!(end, 20 + whole.len());
            Ok(())
        })?;
    }
}
