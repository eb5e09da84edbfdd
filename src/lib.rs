//! The architecture page comes with the layers.
pub mod attr;
pub mod auth;
pub mod codec;
pub mod dictionary;
pub mod responder;
