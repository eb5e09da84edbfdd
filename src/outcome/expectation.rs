//! What an answer must be, and what was found instead.

use crate::attr::{Attribute, Expression, Tree};
use crate::codec::{AttributeType, Code};
use crate::dictionary::Oid;

use super::Verdict;

/// One expectation.
#[derive(Clone, Debug)]
pub enum Expectation {
    /// The verdict, by the words of the command line.
    Verdict(Verdict),
    /// The reply's Code.
    Code(Code),
    /// No reply at all.
    Silence,
    /// Something of the attributes; the text is as it was written.
    Attribute {
        /// What is asked.
        expression: Expression,
        /// How it was written.
        text: String,
    },
    /// No attribute but those that another expectation names; authenticators and Proxy-State do not count.
    Nothing,
}

/// An expectation that was not met.
#[derive(Clone, Debug)]
pub struct Unmet<'e, 't, 'a> {
    /// What was expected.
    pub expected: &'e Expectation,
    /// The attributes that were found where others were expected; none where there are none.
    pub found: Vec<&'t Attribute<'a>>,
}

impl Expectation {
    /// The expectations of `all` that this verdict, this Code and these attributes do not meet.
    pub fn unmet<'e, 't, 'a>(
        all: &'e [Expectation],
        verdict: Verdict,
        code: Option<Code>,
        tree: &'t Tree<'a>,
    ) -> Vec<Unmet<'e, 't, 'a>> {
        all.iter()
            .filter_map(|expected| expected.failure(all, verdict, code, tree))
            .collect()
    }

    /// Whether it says something of the verdict, so that no other verdict is success.
    pub fn is_of_verdict(&self) -> bool {
        matches!(
            self,
            Expectation::Verdict(_) | Expectation::Code(_) | Expectation::Silence
        )
    }

    fn failure<'e, 't, 'a>(
        &'e self,
        all: &[Expectation],
        verdict: Verdict,
        code: Option<Code>,
        tree: &'t Tree<'a>,
    ) -> Option<Unmet<'e, 't, 'a>> {
        let none = |met: bool| {
            (!met).then(|| Unmet {
                expected: self,
                found: Vec::new(),
            })
        };
        match self {
            Expectation::Verdict(expected) => none(verdict == *expected),
            Expectation::Code(expected) => none(code == Some(*expected)),
            Expectation::Silence => none(verdict == Verdict::Timeout),
            Expectation::Attribute { expression, .. } => expression.check(tree).err().map(|mismatch| Unmet {
                expected: self,
                found: mismatch.found,
            }),
            Expectation::Nothing => {
                let named: Vec<Oid> = all.iter().filter_map(Expectation::oid).collect();
                let found: Vec<_> = tree
                    .attributes
                    .iter()
                    .filter(|found| !is_named(found, &named))
                    .collect();
                (!found.is_empty()).then_some(Unmet {
                    expected: self,
                    found,
                })
            }
        }
    }

    fn oid(&self) -> Option<Oid> {
        match self {
            Expectation::Attribute { expression, .. } => Some(expression.oid()),
            _ => None,
        }
    }
}

/// Whether an expectation names the attribute, or it belongs to the exchange and not to the answer.
fn is_named(attribute: &Attribute<'_>, named: &[Oid]) -> bool {
    let belongs = [AttributeType::MESSAGE_AUTHENTICATOR, AttributeType::PROXY_STATE]
        .iter()
        .any(|number| attribute.oid.parts() == [u32::from(number.0)]);
    belongs || named.contains(&attribute.oid)
}
