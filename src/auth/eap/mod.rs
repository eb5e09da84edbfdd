//! EAP (RFC 3748) over RADIUS (RFC 3579): the conversation, and the methods that it carries.
//!
//! ```text
//!   Login  ── RADIUS ──▶  login::EapLogin ─▶ peer::Peer ─▶ dyn PeerMethod   { md5, gtc, mschapv2, tls, ttls, peap, pwd }
//!                                                            └ ttls, peap: a Peer again, inside the tunnel
//!   server ── RADIUS ──▶  session::Session ─▶ server::Server ─▶ dyn ServerMethod   { the same }
//! ```
//!
//! Peer is RFC 3748's word for who wants in; the other side is its EAP server.

pub mod build;
pub mod enumerate;
mod gtc;
pub mod login;
mod md5;
mod mschapv2;
pub mod packet;
pub mod peap;
pub mod peer;
mod pwd;
pub mod server;
pub mod session;
#[cfg(test)]
mod tests;
pub mod tls;
pub mod ttls;
