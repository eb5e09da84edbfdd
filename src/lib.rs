//! The architecture page comes with the layers.
pub mod attr;
pub mod client;
pub mod codec;
pub mod dictionary;
pub mod exchange;
pub mod net;
pub mod outcome;
