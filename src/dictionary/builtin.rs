//! The dictionaries inside the executable, packed by `build.rs` from `dictionaries/`.

use std::borrow::Cow;

use super::layers::Dictionary;
use super::table::Layer;

/// The rows and hash tables of the embedded layer.
static ROWS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/dictionary.rows"));
/// Its names; checked to be UTF-8 when compiled.
static TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/dictionary.text"));

impl Dictionary {
    /// What ships with the program. Costs next to nothing: the tables are used where they lie.
    pub fn builtin() -> Dictionary {
        Dictionary::on(Layer::new(Cow::Borrowed(ROWS), Cow::Borrowed(TEXT)))
    }
}
