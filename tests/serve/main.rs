//! `radius serve` under what nobody wishes for: killed while it writes, a full disk, floods, packets that no client
//! sends, new settings while requests come. Its tests with other people's clients are in `tests/interop`.

#![allow(clippy::unwrap_used)]

#[path = "../peer/mod.rs"]
mod peer;

mod accounting;
mod client;
mod flood;
mod mutated;
mod order;
mod reload;
mod wrong;
