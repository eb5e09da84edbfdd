//! The driver of `radius trace`: from whatever holds packets (text, a capture, an interface) to packets.
//!
//! Finds no words: what it hands on are packets, where they came from, and facts about what could not be read.

pub mod capture;
mod conversations;
pub mod driver;
pub mod eap;
pub mod filter;
pub mod flow;
mod fragments;
pub mod hextext;
pub mod histogram;
pub mod layers;
pub mod link;
#[cfg(target_os = "linux")]
pub mod live;
pub(crate) mod memory;
pub mod observe;
pub mod packets;
pub mod secrets;
mod segments;
pub mod select;
pub mod stats;
pub mod tap;
pub mod tls;
mod types;
