//! Which packets are meant: tests joined by `and`, `or`, `not` and brackets.
//!
//! ```text
//! code == Access-Reject and src == 10.0.0.0/8
//! User-Name =~ "^host/" and not (rtt < 100ms or late)
//! finding >= warning || verdict == wrong
//! ```
//!
//! A test is a field of the packet or of how it was seen, an attribute by its dictionary name with the operators of
//! expectations, or a single word that says what the packet is.

mod parse;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::ops::Range;

use super::link::{Link, Number};
use super::observe::Observed;
use crate::attr::{EncodeError, Expression, Operator, TextError};
use crate::codec::Code;
use crate::codec::seal::{AuthenticatorCheck, MessageAuthenticatorCheck};
use crate::exchange::Transport;
use crate::lint::{Rule, Severity};
use crate::responder::clients::Network;

/// A filter, ready to be asked.
#[derive(Debug)]
pub struct Filter {
    root: Node,
}

#[derive(Debug)]
enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    Test(Test),
}

/// One question.
#[derive(Debug)]
enum Test {
    Number(NumberField, Operator, u64),
    Code(Operator, Code),
    Address(Side, Operator, Network),
    Endpoint(Side, Operator, SocketAddr),
    Port(Side, Operator, u16),
    Transport(Operator, Transport),
    Verdict(Operator, Verdict),
    Rule(Operator, &'static Rule),
    Severity(Operator, Severity),
    Is(Flag),
    Attribute(Box<Expression>),
}

/// Which end of a packet's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Source,
    Destination,
    Either,
}

/// What is a number about a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NumberField {
    Identifier,
    Length,
    /// The frame's number.
    Number,
    Conversation,
    /// From the request's first transmission to this reply, in nanoseconds.
    RoundTrip,
}

/// What the secret says of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything that could be checked is right, and something could.
    Right,
    /// Something is wrong.
    Wrong,
    /// Nothing could be checked.
    Unverifiable,
}

/// What a packet can be, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flag {
    Request,
    Reply,
    Retransmission,
    Duplicate,
    Late,
    Orphan,
    Malformed,
}

/// Why a text is no filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// The part of the text that is wrong, in bytes.
    pub span: Range<usize>,
    /// What is wrong with it.
    pub kind: FilterErrorKind,
}

/// What is wrong with a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilterErrorKind {
    /// A test was expected.
    NoTest,
    /// An operator was expected after a field's name.
    NoOperator,
    /// A value was expected after an operator.
    NoValue,
    /// A bracket is not closed, or closes nothing.
    Bracket,
    /// A quote is not closed.
    Quote,
    /// Neither `and` nor `or` stands between two tests.
    NotJoined,
    /// Brackets and `not` are nested too deep.
    TooDeep,
    /// This operator asks nothing of this field.
    Operator,
    /// The value is not what the field can be.
    Value {
        /// The field's name.
        field: &'static str,
    },
    /// The attribute's test is no `NAME OP VALUE`.
    Text(TextError),
    /// The attribute's name or value means nothing.
    Attribute(EncodeError),
}

impl Filter {
    /// Whether this packet is meant.
    pub fn matches(&self, observed: &Observed<'_>) -> bool {
        self.root.matches(observed)
    }

    /// Whether it asks what the standards have against a packet.
    pub fn asks_for_findings(&self) -> bool {
        self.root.asks_for_findings()
    }
}

impl Node {
    fn matches(&self, observed: &Observed<'_>) -> bool {
        match self {
            Node::All(nodes) => nodes.iter().all(|node| node.matches(observed)),
            Node::Any(nodes) => nodes.iter().any(|node| node.matches(observed)),
            Node::Not(node) => !node.matches(observed),
            Node::Test(test) => test.matches(observed),
        }
    }

    fn asks_for_findings(&self) -> bool {
        match self {
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().any(Node::asks_for_findings),
            Node::Not(node) => node.asks_for_findings(),
            Node::Test(test) => matches!(test, Test::Rule(..) | Test::Severity(..)),
        }
    }
}

impl Test {
    fn matches(&self, observed: &Observed<'_>) -> bool {
        match self {
            Test::Number(field, operator, wanted) => field
                .of(observed)
                .is_some_and(|found| compare(*operator, &found, wanted)),
            Test::Code(operator, code) => observed
                .packet
                .is_ok_and(|packet| compare(*operator, &packet.code(), code)),
            Test::Address(side, operator, network) => {
                side.asks(*operator, observed, |end| network.contains(end.ip()))
            }
            Test::Endpoint(side, operator, wanted) => side.asks(*operator, observed, |end| end == *wanted),
            Test::Port(side, operator, wanted) => match operator {
                Operator::Equal | Operator::NotEqual => {
                    side.asks(*operator, observed, |end| end.port() == *wanted)
                }
                _ => side.asks(Operator::Equal, observed, |end| {
                    compare(*operator, &end.port(), wanted)
                }),
            },
            Test::Transport(operator, wanted) => compare(*operator, &observed.sighting.transport, wanted),
            Test::Verdict(operator, wanted) => match Verdict::of(observed) {
                Some(found) => (found == *wanted) == (*operator == Operator::Equal),
                None => false,
            },
            Test::Rule(operator, rule) => {
                let broken = observed.findings().iter().any(|finding| finding.rule == *rule);
                broken == (*operator == Operator::Equal)
            }
            Test::Severity(operator, wanted) => observed
                .findings()
                .iter()
                .any(|finding| compare(*operator, &finding.rule.severity, wanted)),
            Test::Is(flag) => flag.is(observed),
            Test::Attribute(expression) => expression.check(observed.tree()).is_ok(),
        }
    }
}

fn compare<T: Ord>(operator: Operator, left: &T, right: &T) -> bool {
    match operator {
        Operator::NotEqual => left != right,
        Operator::Less => left < right,
        Operator::LessOrEqual => left <= right,
        Operator::Greater => left > right,
        Operator::GreaterOrEqual => left >= right,
        _ => left == right,
    }
}

impl NumberField {
    fn of(self, observed: &Observed<'_>) -> Option<u64> {
        match self {
            NumberField::Identifier => match Number::of(&observed.packet.ok()?, observed.sighting.version) {
                Number::Identifier(identifier) => Some(u64::from(identifier)),
                Number::Token(_) => None,
            },
            NumberField::Length => Some((observed.sighting.octets.len() + observed.sighting.missing) as u64),
            NumberField::Number => Some(observed.sighting.number),
            NumberField::Conversation => Some(observed.conversation),
            NumberField::RoundTrip => match observed.link {
                Some(Link::Reply { since_first, .. }) => Some(since_first),
                _ => None,
            },
        }
    }
}

impl Side {
    /// Whether an end on this side is as asked; `!=` wants none that is.
    fn asks(self, operator: Operator, observed: &Observed<'_>, holds: impl Fn(SocketAddr) -> bool) -> bool {
        let (source, destination) = (observed.sighting.source, observed.sighting.destination);
        let any = match self {
            Side::Source => holds(source),
            Side::Destination => holds(destination),
            Side::Either => holds(source) || holds(destination),
        };
        any != (operator == Operator::NotEqual)
    }
}

impl Verdict {
    const ALL: [Verdict; 3] = [Verdict::Right, Verdict::Wrong, Verdict::Unverifiable];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Right => "right",
            Verdict::Wrong => "wrong",
            Verdict::Unverifiable => "unverifiable",
        }
    }

    fn named(name: &str) -> Option<Verdict> {
        Verdict::ALL.into_iter().find(|verdict| verdict.name() == name)
    }

    /// What is known of a packet; nothing where there is no secret for it.
    pub fn of(observed: &Observed<'_>) -> Option<Verdict> {
        let seals = observed.seals()?;
        let checked = seals.authenticator == AuthenticatorCheck::Right
            || matches!(
                seals.message_authenticator,
                MessageAuthenticatorCheck::Right | MessageAuthenticatorCheck::LegacyZeroVector
            );
        Some(match seals.hold() {
            false => Verdict::Wrong,
            true if checked => Verdict::Right,
            true => Verdict::Unverifiable,
        })
    }
}

impl Flag {
    fn is(self, observed: &Observed<'_>) -> bool {
        match (self, observed.link) {
            (Flag::Request, Some(Link::Request { .. })) => true,
            (Flag::Reply, Some(Link::Reply { .. } | Link::Orphan)) => true,
            (Flag::Retransmission, Some(Link::Request { transmission, .. })) => transmission > 1,
            (Flag::Duplicate, Some(Link::Reply { repeat, .. })) => repeat > 1,
            (Flag::Late, Some(Link::Reply { late, .. })) => late,
            (Flag::Orphan, Some(Link::Orphan)) => true,
            (Flag::Malformed, _) => !observed.is_well_formed(),
            _ => false,
        }
    }
}
