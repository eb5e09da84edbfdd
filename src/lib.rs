//! `radius`: the command-line RADIUS test tool. The program is the product; this library is its inside, for tests,
//! benchmarks and fuzz targets. Its interface may change with every release.
//!
//! # Layers
//!
//! | module | holds | may use |
//! |---|---|---|
//! | [`codec`] | octets: packets, authenticators, hiding, framing | |
//! | [`dictionary`] | names: which number is which attribute | |
//! | [`attr`] | meaning: octets to values and back, `NAME = VALUE` text | codec dictionary |
//! | [`lint`] | judgement: what the standards say of a packet | codec dictionary attr |
//! | [`auth`] | methods of authentication, client and server side | codec dictionary attr |
//! | [`exchange`] | a client's state: retransmission, Identifiers, matching | codec |
//! | [`responder`] | a server's state: duplicates, users, policy | codec dictionary attr lint auth |
//! | [`net`] | sockets, clock, randomness | codec exchange |
//! | [`outcome`] | facts: events, verdicts, totals | codec dictionary attr lint auth exchange responder net |
//! | [`client`] | drives exchanges over sockets | codec dictionary attr lint auth exchange outcome net |
//! | [`server`] | drives a responder over listeners | codec dictionary attr lint auth exchange responder outcome net |
//! | [`trace`] | captures and hex text to packets | codec dictionary attr lint auth exchange responder outcome net |
//! | [`demo`] | a server and a client in one process | codec dictionary attr auth exchange responder outcome net client server |
//! | [`report`] | words: all that people and machines read | codec dictionary attr lint auth exchange responder outcome net client server trace demo |
//! | [`cli`] | the command line: arguments become a plan, a plan runs | everything |
//!
//! `tests/architecture.rs` reads this table and fails on a `use crate::` that it does not allow. Layers above `net`
//! in the table do no IO, look at no clock and throw no dice: instants and random octets are arguments. Crates keep
//! to their layer too: clap in `cli`, serde in `report` and `cli`, hashes in `codec::digest` and `auth`, tokio in
//! `net` and the drivers.
//!
//! # The life of a request
//!
//! ```text
//! argv ─ cli: Args ─ plan() ─▶ Plan          environment, files and prompts are read here and nowhere else
//!   ─ attr: text to Draft ─▶ codec: Builder, seal ─▶ octets ─▶ exchange
//!   client loop: poll(now) → Send | Wait | GiveUp        datagram → receive() → Reply | Ignored(why)
//! reply ─ codec: Packet ─ attr: decode ─▶ tree ─ lint ─▶ findings ─ expectations ─▶ Verdict
//!   ─ report: view ─▶ text for people | JSON ─▶ exit code
//! ```
//!
//! Facts travel as types: an error is an enum with numbers and offsets in the layer that found it, and becomes
//! words, a hint and an exit code in `report::diagnostic`.

pub mod attr;
pub mod auth;
pub mod cli;
pub mod client;
pub mod codec;
pub mod demo;
pub mod dictionary;
pub mod exchange;
pub mod lint;
pub mod net;
pub mod outcome;
pub mod report;
pub mod responder;
pub mod server;
pub mod trace;
