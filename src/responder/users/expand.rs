//! `%{User-Name}` and its like: text with the values of a request's attributes in it.

use super::Asked;
use crate::attr::Value;
use crate::dictionary::{Dictionary, Oid};

/// A text, made ready for filling in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Octets(Vec<u8>),
    /// The value of an attribute, or else what follows `:-`.
    Attribute {
        oid: Oid,
        which: Which,
        otherwise: Option<Template>,
    },
    /// The part of User-Name before the last `@`.
    StrippedUserName,
    /// The part of User-Name after the last `@`.
    Realm,
    /// The address from which the request came.
    Source,
    /// The name of the client.
    Client,
    /// What the nth parentheses of the entry's pattern matched; 0 is all of it.
    Capture(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    Nth(usize),
    Count,
    All,
}

/// An expansion that cannot be read, or is none that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadExpansion;

/// Templates in templates: as deep as anybody writes them.
const DEPTH: usize = 8;

impl Template {
    /// Reads a text whose escapes are resolved. `%%` is a percent sign, and so is one before anything but a letter.
    pub(super) fn parse(text: &[u8], dictionary: &Dictionary) -> Result<Template, BadExpansion> {
        Template::parse_at(text, dictionary, 0)
    }

    fn parse_at(text: &[u8], dictionary: &Dictionary, depth: usize) -> Result<Template, BadExpansion> {
        if depth > DEPTH {
            return Err(BadExpansion);
        }
        let (mut pieces, mut octets, mut rest) = (Vec::new(), Vec::new(), text);
        while let Some((first, after)) = rest.split_first() {
            match (first, after.first()) {
                (b'%', Some(b'%')) => {
                    octets.push(b'%');
                    rest = after.get(1..).unwrap_or(&[]);
                }
                (b'%', Some(b'{')) => {
                    let inside = after.get(1..).unwrap_or(&[]);
                    let end = closing(inside).ok_or(BadExpansion)?;
                    if !octets.is_empty() {
                        pieces.push(Piece::Octets(std::mem::take(&mut octets)));
                    }
                    let (inside, beyond) = inside.split_at(end);
                    pieces.extend(piece(inside, dictionary, depth)?);
                    rest = beyond.get(1..).unwrap_or(&[]);
                }
                (b'%', Some(letter)) if letter.is_ascii_alphabetic() => {
                    if !octets.is_empty() {
                        pieces.push(Piece::Octets(std::mem::take(&mut octets)));
                    }
                    let name = long_name(*letter).ok_or(BadExpansion)?;
                    pieces.extend(piece(name.as_bytes(), dictionary, depth)?);
                    rest = after.get(1..).unwrap_or(&[]);
                }
                (octet, _) => {
                    octets.push(*octet);
                    rest = after;
                }
            }
        }
        if !octets.is_empty() {
            pieces.push(Piece::Octets(octets));
        }
        Ok(Template { pieces })
    }

    /// Whether there is anything to fill in.
    pub(super) fn is_fixed(&self) -> bool {
        self.pieces.iter().all(|piece| matches!(piece, Piece::Octets(_)))
    }

    /// The text where nothing is to be filled in.
    pub(super) fn fixed(&self) -> Vec<u8> {
        let octets = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Octets(octets) => Some(octets.as_slice()),
            _ => None,
        });
        octets.collect::<Vec<&[u8]>>().concat()
    }

    /// The text, filled in.
    pub(super) fn expand(&self, asked: &Asked<'_>, captures: &[String]) -> Vec<u8> {
        let mut octets = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Octets(own) => octets.extend_from_slice(own),
                Piece::StrippedUserName => octets.extend_from_slice(asked.stripped().0),
                Piece::Realm => octets.extend_from_slice(asked.stripped().1),
                Piece::Source => octets.extend_from_slice(asked.source.to_string().as_bytes()),
                Piece::Capture(number) => {
                    let part = captures.get(*number).map_or("", String::as_str);
                    octets.extend_from_slice(part.as_bytes());
                }
                Piece::Client => octets.extend_from_slice(asked.client.as_bytes()),
                Piece::Attribute {
                    oid,
                    which,
                    otherwise,
                } => {
                    let value = attribute(asked, *oid, *which);
                    match (value, otherwise) {
                        (Some(value), _) => octets.extend_from_slice(&value),
                        (None, Some(otherwise)) => {
                            octets.extend_from_slice(&otherwise.expand(asked, captures))
                        }
                        (None, None) => {}
                    }
                }
            }
        }
        octets
    }
}

/// Where the brace closes that was open before `text`.
fn closing(text: &[u8]) -> Option<usize> {
    let mut open = 0_usize;
    text.iter().position(|octet| match octet {
        b'{' => {
            open += 1;
            false
        }
        b'}' if open == 0 => true,
        b'}' => {
            open -= 1;
            false
        }
        _ => false,
    })
}

/// What stands between the braces: `NAME`, `NAME:-default`, or `%{…}:-default`.
fn piece(inside: &[u8], dictionary: &Dictionary, depth: usize) -> Result<Vec<Piece>, BadExpansion> {
    let split = |text: &[u8]| text.windows(2).position(|two| two == b":-");
    if inside.first() == Some(&b'%') {
        // `%{%{A}:-B}`: the default belongs to the inner one.
        let end = 2 + inside.get(2..).and_then(closing).ok_or(BadExpansion)?;
        let (inner, after) = inside.split_at(end + 1);
        let otherwise = after.strip_prefix(b":-").ok_or(BadExpansion)?;
        let mut template = Template::parse_at(inner, dictionary, depth + 1)?;
        if let [Piece::Attribute { otherwise: place, .. }] = template.pieces.as_mut_slice() {
            *place = Some(Template::parse_at(otherwise, dictionary, depth + 1)?);
            return Ok(template.pieces);
        }
        return Err(BadExpansion);
    }
    let (name, otherwise) = match split(inside) {
        Some(at) => (&inside[..at], inside.get(at + 2..)),
        None => (inside, None),
    };
    let otherwise = otherwise
        .map(|text| Template::parse_at(text, dictionary, depth + 1))
        .transpose()?;
    let name = std::str::from_utf8(name).map_err(|_| BadExpansion)?;
    let name = name.strip_prefix("request:").unwrap_or(name);
    let (name, which) = match name.split_once('[') {
        Some((name, "#]")) => (name, Which::Count),
        Some((name, "*]")) => (name, Which::All),
        Some((name, index)) => {
            let index = index
                .strip_suffix(']')
                .and_then(|index| index.parse().ok())
                .ok_or(BadExpansion)?;
            (name, Which::Nth(index))
        }
        None => (name, Which::Nth(0)),
    };
    if let Ok(number) = name.parse() {
        return Ok(vec![Piece::Capture(number)]);
    }
    let own = match name.to_ascii_lowercase().as_str() {
        "stripped-user-name" => Some(Piece::StrippedUserName),
        "realm" => Some(Piece::Realm),
        "packet-src-ip-address" | "packet-src-ipv6-address" | "client-ip-address" => Some(Piece::Source),
        "client-shortname" => Some(Piece::Client),
        _ => None,
    };
    Ok(vec![match own {
        Some(own) => own,
        None => Piece::Attribute {
            oid: dictionary.resolve(name).map_err(|_| BadExpansion)?.oid,
            which,
            otherwise,
        },
    }])
}

/// What FreeRADIUS's expansions of one letter stand for, those of them that are an attribute of the request.
fn long_name(letter: u8) -> Option<&'static str> {
    Some(match letter {
        b'a' => "Framed-Protocol",
        b'c' => "Callback-Number",
        b'f' => "Framed-IP-Address",
        b'i' => "Calling-Station-Id",
        b'n' => "NAS-IP-Address",
        b'p' => "NAS-Port",
        b's' => "Connect-Info",
        b'u' => "User-Name",
        b'C' => "Client-Shortname",
        b'M' => "Framed-MTU",
        b'U' => "Stripped-User-Name",
        _ => return None,
    })
}

fn attribute(asked: &Asked<'_>, oid: Oid, which: Which) -> Option<Vec<u8>> {
    let mut found = asked
        .tree()
        .attributes
        .iter()
        .filter(|attribute| attribute.oid == oid);
    let text = |attribute: &crate::attr::Attribute<'_>| match &attribute.value {
        Value::Text(text) => text.as_bytes().to_vec(),
        Value::NotUtf8(octets) => octets.to_vec(),
        _ => attribute
            .value_text(false)
            .to_string()
            .trim_matches('"')
            .as_bytes()
            .to_vec(),
    };
    match which {
        Which::Nth(index) => found.nth(index).map(text),
        Which::Count => Some(found.count().to_string().into_bytes()),
        Which::All => {
            let all: Vec<Vec<u8>> = found.map(text).collect();
            (!all.is_empty()).then(|| all.join(&b'\n'))
        }
    }
}
