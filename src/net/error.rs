//! What a call to the system failed of, as data.

use std::io;
use std::net::SocketAddr;

use super::tls::Failure;
use crate::codec::frame::FrameError;

/// A call that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocketError {
    /// Which call.
    pub call: Call,
    /// About which address: the peer's, or for [`Call::Bind`] and [`Call::Listen`] our own.
    pub address: Option<SocketAddr>,
    /// Why.
    pub cause: Cause,
    /// The system's own number for it (errno), if it gave one.
    pub os: Option<i32>,
}

/// What was asked of the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// To make a socket.
    Open,
    /// To give it our address.
    Bind,
    /// To reach the peer.
    Connect,
    /// To wait for connections.
    Listen,
    /// To take a connection.
    Accept,
    /// To agree on keys, and on who is who.
    Handshake,
    /// To send.
    Send,
    /// To receive.
    Receive,
}

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Nobody listens there (ECONNREFUSED, for UDP by ICMP port unreachable).
    Refused,
    /// The host cannot be reached (EHOSTUNREACH).
    HostUnreachable,
    /// Its network cannot be reached (ENETUNREACH).
    NetworkUnreachable,
    /// Not permitted: a privileged port, or a packet filter (EACCES, EPERM).
    Permission,
    /// Another socket has this address (EADDRINUSE).
    AddressInUse,
    /// This machine does not have this address, or no port is left for it (EADDRNOTAVAIL).
    AddressNotAvailable,
    /// Our address and the peer's are not of the same family.
    OtherFamily,
    /// The datagram is longer than the system can send (EMSGSIZE).
    MessageTooLong,
    /// Neither answer nor refusal came in time.
    TimedOut,
    /// The peer cut the connection (ECONNRESET, EPIPE).
    Reset,
    /// The peer ended the connection between two packets.
    Closed,
    /// The peer ended the connection within a packet.
    ClosedInPacket {
        /// How many octets of it had come.
        received: usize,
    },
    /// Nothing came for too long, not even an answer to Status-Server (RFC 3539 §3.4).
    Silent,
    /// The peer asked something that cannot be trusted: malformed, or with a wrong authenticator (RFC 6613 §2.6.4).
    Distrusted,
    /// What came on the stream is no packet, and no packet can be found after it (RFC 6613 §2.6.4).
    Frame(FrameError),
    /// There is no secured connection, or no longer one.
    Tls(Box<Failure>),
    /// The process may open no more files (EMFILE, ENFILE).
    TooManyOpenFiles,
    /// The system has no memory for it (ENOBUFS, ENOMEM).
    NoBuffers,
    /// Anything else.
    Other(io::ErrorKind),
}

impl SocketError {
    /// What `call` failed of.
    pub fn new(call: Call, address: impl Into<Option<SocketAddr>>, error: &io::Error) -> SocketError {
        SocketError {
            call,
            address: address.into(),
            cause: Cause::of(error),
            os: error.raw_os_error(),
        }
    }

    /// A failure that no system call reported.
    pub fn found(call: Call, address: impl Into<Option<SocketAddr>>, cause: Cause) -> SocketError {
        SocketError {
            call,
            address: address.into(),
            cause,
            os: None,
        }
    }

    /// Whether the peer broke the rules of a stream, or off its handshake: it ended within a packet, or sent what is
    /// none, or would not agree on keys.
    pub fn is_violation(&self) -> bool {
        let handshake = self.call == Call::Handshake && matches!(self.cause, Cause::Closed | Cause::Reset);
        let tls = matches!(self.cause, Cause::Tls(_)) && !self.is_untrusted();
        handshake
            || tls
            || matches!(
                self.cause,
                Cause::ClosedInPacket { .. } | Cause::Frame(_) | Cause::Distrusted
            )
    }

    /// Whether the peer is not who it should be, so that nothing was said to it.
    pub fn is_untrusted(&self) -> bool {
        matches!(&self.cause, Cause::Tls(failure) if matches!(**failure, Failure::Untrusted { .. }))
    }

    /// Whether another address of the peer may do better.
    pub fn is_of_address(&self) -> bool {
        self.is_remote() || self.cause == Cause::OtherFamily
    }

    /// Whether the fault is with the peer or the way to it, not with this machine.
    pub fn is_remote(&self) -> bool {
        matches!(
            self.cause,
            Cause::Refused
                | Cause::HostUnreachable
                | Cause::NetworkUnreachable
                | Cause::TimedOut
                | Cause::Reset
                | Cause::Closed
                | Cause::ClosedInPacket { .. }
                | Cause::Silent
                | Cause::Distrusted
                | Cause::Frame(_)
                | Cause::Tls(_)
        )
    }
}

impl From<Failure> for Cause {
    fn from(failure: Failure) -> Cause {
        Cause::Tls(Box::new(failure))
    }
}

impl Cause {
    fn of(error: &io::Error) -> Cause {
        use io::ErrorKind as Kind;
        if let Some(failure) = Failure::of(error) {
            return failure.into();
        }
        match error.kind() {
            Kind::ConnectionRefused => Cause::Refused,
            Kind::HostUnreachable => Cause::HostUnreachable,
            Kind::NetworkUnreachable | Kind::NetworkDown => Cause::NetworkUnreachable,
            Kind::PermissionDenied => Cause::Permission,
            Kind::AddrInUse => Cause::AddressInUse,
            Kind::AddrNotAvailable => Cause::AddressNotAvailable,
            Kind::TimedOut => Cause::TimedOut,
            Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe => Cause::Reset,
            Kind::OutOfMemory => Cause::NoBuffers,
            kind => Cause::of_number(error.raw_os_error(), kind),
        }
    }

    /// The causes for which the standard library has no stable name.
    #[cfg(target_os = "linux")]
    fn of_number(number: Option<i32>, kind: io::ErrorKind) -> Cause {
        use nix::errno::Errno;
        match number.map(Errno::from_raw) {
            Some(Errno::EMSGSIZE) => Cause::MessageTooLong,
            Some(Errno::EMFILE | Errno::ENFILE) => Cause::TooManyOpenFiles,
            Some(Errno::ENOBUFS) => Cause::NoBuffers,
            _ => Cause::Other(kind),
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn of_number(_: Option<i32>, kind: io::ErrorKind) -> Cause {
        Cause::Other(kind)
    }
}
