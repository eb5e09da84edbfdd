//! Expectations: `NAME OP VALUE`, asked of a decoded packet.

use std::cmp::Ordering;
use std::net::IpAddr;

use regex_lite::Regex;

use super::decode::{Attribute, Tree, value_of};
use super::encode::{EncodeError, EncodeErrorKind, Encoder, Names, Operand};
use super::grammar::{LiteralKind, Operator, Pair};
use super::value::Value;
use crate::dictionary::{Dictionary, Oid};

/// An expectation, made ready for asking.
#[derive(Clone, Debug)]
pub struct Expression {
    oid: Oid,
    tag: Option<u8>,
    operator: Operator,
    right: Right,
}

/// What an attribute is compared with.
#[derive(Clone, Debug)]
enum Right {
    Nothing,
    Value(Value<'static>),
    Octets(Vec<u8>),
    Network(IpAddr, u8),
    Pattern(Regex),
}

/// What was found instead of what was expected.
#[derive(Clone, Debug)]
pub struct Mismatch<'t, 'a> {
    /// All attributes of that name; empty when there is none.
    pub found: Vec<&'t Attribute<'a>>,
}

impl Expression {
    /// The expectation that the pair says; `=`, `:=` and `+=` ask as `==` does.
    ///
    /// # Errors
    ///
    /// Names, values and patterns that mean nothing.
    pub fn compile(
        pair: &Pair<'_>,
        dictionary: &Dictionary,
        names: &dyn Names,
    ) -> Result<Expression, EncodeError> {
        let operator = match pair.operator {
            Operator::Set | Operator::Assign | Operator::Append => Operator::Equal,
            operator => operator,
        };
        let encoder = Encoder { dictionary, names };
        let pattern = matches!(operator, Operator::Matches | Operator::MatchesNot);
        let presence = matches!(operator, Operator::Present | Operator::Absent);
        let (oid, tag, operand) = encoder.operand(pair, !pattern && !presence)?;
        let right = match operand {
            _ if presence => Right::Nothing,
            _ if pattern => Right::Pattern(regex(pair)?),
            Operand::Octets(octets) => Right::Octets(octets),
            Operand::Network(address, bits) => Right::Network(address, bits),
            Operand::Of(entry, octets) => Right::Value(value_of(entry, &octets)),
            Operand::Nothing => Right::Nothing,
        };
        Ok(Expression {
            oid,
            tag,
            operator,
            right,
        })
    }

    /// The numbers of the attribute it asks about.
    pub fn oid(&self) -> Oid {
        self.oid
    }

    /// How it compares.
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// Whether the packet is as expected: any attribute of the name may satisfy it, nested ones too; `!=` and `!~`
    /// speak of all of them, so that none may be what is excluded.
    ///
    /// # Errors
    ///
    /// What there is instead.
    pub fn check<'t, 'a>(&self, tree: &'t Tree<'a>) -> Result<(), Mismatch<'t, 'a>> {
        let mut found = Vec::new();
        self.collect(&tree.attributes, &mut found);
        let met = match self.operator {
            Operator::Absent => found.is_empty(),
            _ if self.excludes() => !found.is_empty() && found.iter().all(|attribute| self.holds(attribute)),
            _ => found.iter().any(|attribute| self.holds(attribute)),
        };
        if met { Ok(()) } else { Err(Mismatch { found }) }
    }

    /// Whether this one attribute is of the name and as expected.
    pub fn matches(&self, attribute: &Attribute<'_>) -> bool {
        self.is_about(attribute) && self.operator != Operator::Absent && self.holds(attribute)
    }

    /// What the parentheses of a pattern (`=~`) matched, the whole match first; nothing for other expressions, and
    /// where it does not match.
    pub fn captures(&self, tree: &Tree<'_>) -> Option<Vec<String>> {
        let (Operator::Matches, Right::Pattern(pattern)) = (self.operator, &self.right) else {
            return None;
        };
        let mut found = Vec::new();
        self.collect(&tree.attributes, &mut found);
        let parts = |text: &str| {
            let captures = pattern.captures(text)?;
            let part = |part: Option<regex_lite::Match<'_>>| {
                part.map_or_else(String::new, |part| part.as_str().to_owned())
            };
            Some(captures.iter().map(part).collect())
        };
        found.iter().find_map(|attribute| match &attribute.value {
            Value::Text(text) => parts(text),
            Value::Sealed(_) => None,
            _ => parts(&attribute.value_text(true).to_string()),
        })
    }

    /// Whether it says what no value may be.
    fn excludes(&self) -> bool {
        matches!(self.operator, Operator::NotEqual | Operator::MatchesNot)
    }

    fn is_about(&self, attribute: &Attribute<'_>) -> bool {
        attribute.oid == self.oid && (self.tag.is_none() || self.tag == attribute.tag)
    }

    fn collect<'t, 'a>(&self, attributes: &'t [Attribute<'a>], found: &mut Vec<&'t Attribute<'a>>) {
        for attribute in attributes {
            if self.is_about(attribute) {
                found.push(attribute);
            } else if self.oid.parts().starts_with(attribute.oid.parts()) {
                self.collect(attribute.children(), found);
            }
        }
    }

    /// Whether an attribute of the name is as expected.
    fn holds(&self, attribute: &Attribute<'_>) -> bool {
        match &attribute.value {
            Value::Array(values) if self.excludes() => {
                values.iter().all(|value| self.compare(attribute, value))
            }
            Value::Array(values) => values.iter().any(|value| self.compare(attribute, value)),
            value => self.compare(attribute, value),
        }
    }

    fn compare(&self, attribute: &Attribute<'_>, left: &Value<'_>) -> bool {
        match &self.right {
            Right::Nothing => true,
            Right::Octets(octets) => self.ordered(Some(attribute.octets.as_ref().cmp(octets))),
            Right::Value(right) => self.ordered(order(left, right)),
            Right::Network(network, bits) => {
                let inside = match left {
                    Value::Ipv4(address) => is_inside(IpAddr::V4(*address), *network, *bits),
                    Value::Ipv6(address) => is_inside(IpAddr::V6(*address), *network, *bits),
                    _ => return false,
                };
                match self.operator {
                    Operator::NotEqual | Operator::Greater | Operator::GreaterOrEqual => !inside,
                    _ => inside,
                }
            }
            Right::Pattern(pattern) => {
                let found = match left {
                    Value::Text(text) => pattern.is_match(text),
                    Value::Sealed(_) => return false,
                    _ => pattern.is_match(&attribute.value_text(true).to_string()),
                };
                found == (self.operator == Operator::Matches)
            }
        }
    }

    fn ordered(&self, order: Option<Ordering>) -> bool {
        match (self.operator, order) {
            (_, None) => false,
            (Operator::Equal, Some(order)) => order.is_eq(),
            (Operator::NotEqual, Some(order)) => order.is_ne(),
            (Operator::Less, Some(order)) => order.is_lt(),
            (Operator::LessOrEqual, Some(order)) => order.is_le(),
            (Operator::Greater, Some(order)) => order.is_gt(),
            (Operator::GreaterOrEqual, Some(order)) => order.is_ge(),
            _ => false,
        }
    }
}

fn regex(pair: &Pair<'_>) -> Result<Regex, EncodeError> {
    let text = match &pair.value.kind {
        LiteralKind::Bare(text) => Some(*text),
        LiteralKind::Quoted(octets) => std::str::from_utf8(octets).ok(),
        _ => None,
    };
    text.and_then(|text| Regex::new(text).ok())
        .ok_or_else(|| EncodeError {
            span: pair.value.span.clone(),
            name: pair.name.text.to_owned(),
            kind: EncodeErrorKind::Pattern,
        })
}

/// How two values of one attribute stand to each other: numbers by size, all else by octets. Values that cannot be
/// compared (hidden, malformed) satisfy nothing.
fn order(left: &Value<'_>, right: &Value<'_>) -> Option<Ordering> {
    Some(match (left, right) {
        (Value::Text(left), Value::Text(right)) => left.cmp(right),
        (Value::NotUtf8(left), Value::NotUtf8(right)) => left.cmp(right),
        (Value::Text(left), Value::NotUtf8(right)) => left.as_bytes().cmp(right),
        (Value::NotUtf8(left), Value::Text(right)) => left.as_ref().cmp(right.as_bytes()),
        (Value::Octets(left), Value::Octets(right)) | (Value::Filter(left), Value::Filter(right)) => {
            left.cmp(right)
        }
        (Value::Unsigned(left), Value::Unsigned(right)) => left.cmp(right),
        (Value::Signed(left), Value::Signed(right)) => left.cmp(right),
        (Value::Float(left), Value::Float(right)) => left.partial_cmp(right)?,
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::Date { ticks: left, .. }, Value::Date { ticks: right, .. }) => left.cmp(right),
        (Value::Duration { ticks: left, .. }, Value::Duration { ticks: right, .. }) => left.cmp(right),
        (Value::Ipv4(left), Value::Ipv4(right)) => left.cmp(right),
        (Value::Ipv6(left), Value::Ipv6(right)) => left.cmp(right),
        (Value::Ipv4Prefix(left, bits), Value::Ipv4Prefix(right, others)) => {
            (left, bits).cmp(&(right, others))
        }
        (Value::Ipv6Prefix(left, bits), Value::Ipv6Prefix(right, others)) => {
            (left, bits).cmp(&(right, others))
        }
        (Value::Ifid(left), Value::Ifid(right)) => left.cmp(right),
        (Value::Ether(left), Value::Ether(right)) => left.cmp(right),
        // Of either family: not equal, and in no order.
        (Value::Ipv4(_) | Value::Ipv6(_), Value::Ipv4(_) | Value::Ipv6(_)) => Ordering::Less,
        _ => return None,
    })
}

fn is_inside(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    let (bits, address, network) = match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => (
            96 + u32::from(bits),
            u128::from(address.to_bits()),
            u128::from(network.to_bits()),
        ),
        (IpAddr::V6(address), IpAddr::V6(network)) => (u32::from(bits), address.to_bits(), network.to_bits()),
        _ => return false,
    };
    (address ^ network).checked_shr(128 - bits.min(128)).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests;
