//! What the tests of this layer share: a dictionary with one attribute of every kind, and short ways to octets and
//! back.

use std::io;
use std::sync::OnceLock;

use super::draft::{BuildOptions, Draft, Placement};
use super::encode::{EncodeError, EncodeErrorKind, Names};
use super::{Opener, Tree, decode, parse_pairs};
use crate::codec::{Code, Packet, Secret, hex};
use crate::dictionary::{Dictionary, Files, LoadOptions};

/// The text of one file, whatever its name.
struct Text(&'static str);

impl Files for Text {
    fn read(&self, _path: &str) -> io::Result<Vec<u8>> {
        Ok(self.0.as_bytes().to_vec())
    }
    fn list(&self, _directory: &str) -> io::Result<Vec<String>> {
        Ok(Vec::new())
    }
}

/// The dictionary that `text` is.
pub(super) fn load(text: &'static str) -> Dictionary {
    let mut dictionary = Dictionary::empty();
    add(&mut dictionary, text);
    dictionary
}

fn add(dictionary: &mut Dictionary, text: &'static str) {
    if let Err(faults) = dictionary.load("dictionary", &Text(text), LoadOptions::default()) {
        panic!("{faults:#?}");
    }
}

/// A dictionary with an attribute of every kind.
pub(super) fn dictionary() -> &'static Dictionary {
    static DICTIONARY: OnceLock<Dictionary> = OnceLock::new();
    DICTIONARY.get_or_init(|| {
        let mut dictionary = load(include_str!("testing/dictionary"));
        add(&mut dictionary, include_str!("testing/dictionary.v4"));
        dictionary
    })
}

/// Knows `localhost` alone.
pub(super) struct Localhost;

impl Names for Localhost {
    fn ipv4(&self, host: &str) -> Option<std::net::Ipv4Addr> {
        (host == "localhost").then_some(std::net::Ipv4Addr::LOCALHOST)
    }
    fn ipv6(&self, host: &str) -> Option<std::net::Ipv6Addr> {
        (host == "localhost").then_some(std::net::Ipv6Addr::LOCALHOST)
    }
}

pub(super) const SECRET: &str = "testing123";
pub(super) const AUTHENTICATOR: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const SALT: u16 = 0x8001;

/// The draft that a text says.
pub(super) fn draft(dictionary: &Dictionary, text: &str) -> Result<Draft, EncodeError> {
    let mut draft = Draft::new();
    let pairs = parse_pairs(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    for pair in &pairs {
        draft.push_pair(pair, dictionary, &Localhost)?;
    }
    Ok(draft)
}

/// The octets of a draft's attributes.
pub(super) fn octets(draft: &Draft) -> Vec<u8> {
    let options = BuildOptions {
        max: 65_535,
        message_authenticator: Placement::AsGiven,
    };
    let secret = Secret::new(SECRET);
    let mut packet = draft
        .build(
            Code::ACCESS_REQUEST,
            7,
            &AUTHENTICATOR,
            &secret,
            &mut || SALT,
            &options,
        )
        .unwrap();
    packet.split_off(20)
}

/// The octets, in hexadecimal, of the attributes that a text says.
pub(super) fn encoded(dictionary: &Dictionary, text: &str) -> Result<String, EncodeErrorKind> {
    draft(dictionary, text)
        .map(|draft| hex::encode(&octets(&draft)))
        .map_err(|error| error.kind)
}

/// A packet with these attributes.
pub(super) fn packet(attributes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(20 + attributes.len()).unwrap();
    let mut packet = vec![1, 7];
    packet.extend(length.to_be_bytes());
    packet.extend(AUTHENTICATOR);
    packet.extend(attributes);
    packet
}

/// Decodes attributes, with the secret, and hands the tree on.
pub(super) fn with_tree<T>(
    dictionary: &Dictionary,
    attributes: &[u8],
    look: impl FnOnce(&Tree<'_>) -> T,
) -> T {
    let packet = packet(attributes);
    let secret = Secret::new(SECRET);
    let opener = Opener {
        secret: &secret,
        authenticator: AUTHENTICATOR,
    };
    look(&decode(
        &Packet::parse(&packet).unwrap(),
        dictionary,
        Some(&opener),
    ))
}

/// The attributes in hexadecimal octets as text, one a line.
pub(super) fn printed(dictionary: &Dictionary, octets: &str) -> String {
    let octets = hex::decode(&octets.replace(' ', "")).unwrap();
    with_tree(dictionary, &octets, |tree| {
        let lines: Vec<String> = tree
            .attributes
            .iter()
            .map(|attribute| attribute.pair(true).to_string())
            .collect();
        lines.join("\n")
    })
}

/// That `text` is these octets, and that they print as it.
#[track_caller]
pub(super) fn both_ways(dictionary: &Dictionary, text: &str, octets: &str) {
    let octets = octets.replace(' ', "");
    assert_eq!(printed(dictionary, &octets), text);
    assert_eq!(
        encoded(dictionary, text).as_deref(),
        Ok(octets.as_str()),
        "{text}"
    );
}
