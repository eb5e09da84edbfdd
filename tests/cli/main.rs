//! Whole commands: the program itself against a server that does as it is told, with what it printed on both streams
//! and its exit code as one snapshot. `SNAPSHOTS=overwrite cargo test --test cli` writes the snapshots anew; read them
//! before they are committed, they are what users read.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    missing_docs,
    reason = "a test program"
)]

mod accounting;
mod auth;
mod completion;
mod defects;
mod demo;
mod dynauth;
mod eap;
mod expectations;
mod failures;
mod formats;
mod generated;
mod grammar;
mod hexadecimal;
mod network;
mod observed;
#[path = "../papers/mod.rs"]
mod papers;
mod requests;
mod schema;
mod secrets;
mod server;
mod status;
mod transcript;
mod volume;
mod wrong;
