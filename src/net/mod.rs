//! SOCKETS, CLOCK, RANDOMNESS: all that the machine does for us, and nothing that RADIUS means.
//!
//! Octets go in and come out whole: a [`Link`] carries packets and does not read them, but for the Length by which a
//! stream is cut. Errors are typed facts: which call, about which address, and what the system said.

#[cfg(target_os = "linux")]
pub mod batch;
pub mod clock;
pub mod dice;
pub mod dtls;
mod error;
#[cfg(target_os = "linux")]
pub mod interface;
mod link;
mod listener;
mod peer;
mod resolve;
mod tcp;
#[cfg(test)]
mod tests;
pub mod tls;
mod udp;

pub use error::{Call, Cause, SocketError};
pub use link::{LONGEST, Link, connect};
pub use listener::UdpListener;
pub use peer::{Host, Peer, PeerError};
pub use resolve::{Family, ResolveError, Unresolved, resolve};
pub use tcp::{StreamLink, TcpLink, TcpListener, connect_tcp};
pub use udp::{Bind, BindError, UdpLink, UdpOptions};
