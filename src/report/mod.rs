//! WORDS: the one place that formats for people or machines.
//!
//! A [`view`] is what the outputs have in common: serde writes it as JSON, and `human` prints the same structs.
//! `diagnostic` turns any layer's error into message, hint and exit code.

pub mod conversation;
pub mod diagnostic;
pub mod eap;
pub mod flow;
mod fold;
pub mod hexdump;
pub mod human;
pub mod json;
pub mod metrics;
pub mod names;
pub mod output;
pub mod records;
pub mod seen;
pub mod serving;
pub mod stats;
pub mod summary;
pub mod table;
pub mod theme;
pub mod view;
pub mod words;
