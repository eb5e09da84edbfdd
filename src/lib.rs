//! The architecture page comes with the layers.
pub mod codec;
pub mod dictionary;
pub mod trace;
