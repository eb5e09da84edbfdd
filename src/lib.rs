//! The architecture page comes with the layers.
pub mod auth;
pub mod codec;
pub mod dictionary;
