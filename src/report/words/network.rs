//! Words for the facts of `net`: hosts, names, sockets.

use std::net::SocketAddr;

use super::quoted;
use crate::codec::frame::FrameError;
use crate::net::{Call, Cause, Family, Host, PeerError, ResolveError, SocketError, Unresolved};
use crate::report::diagnostic::{Diagnostic, Exit};

const HOST_FORMS: &str =
    "a host is name, name:port, 192.0.2.1:1812, [2001:db8::1]:1812, or a URL such as tcp://host:port";

/// A HOST that is none.
pub fn peer_error(text: &str, error: &PeerError) -> Diagnostic {
    let what = match error {
        PeerError::NoHost => "there is no host".into(),
        PeerError::UnknownScheme { scheme } => format!("{} is no transport", quoted(scheme)),
        PeerError::BadPort { port } => format!("{} is no port from 1 to 65535", quoted(port)),
        PeerError::Bracket => "a bracket is missing".into(),
        PeerError::BadAddress { address } => format!("{} is no IPv6 address", quoted(address)),
        PeerError::NoScope => "an interface must follow the %".into(),
        PeerError::BadName { name, character } => {
            format!(
                "{} has {} in it, which no host name has",
                quoted(name),
                quoted(character)
            )
        }
        PeerError::Trailing { rest } => format!("nothing may follow host and port, {} does", quoted(rest)),
    };
    Diagnostic::error(
        "host",
        Exit::Usage,
        format!("{} is no host: {what}", quoted(text)),
    )
    .hint(HOST_FORMS)
}

/// A host without an address.
pub fn resolve_error(error: &ResolveError) -> Diagnostic {
    let host = match &error.host {
        Host::Name(name) => name.clone(),
        Host::Address(address) => address.to_string(),
        Host::Scoped(address, scope) => format!("{address}%{scope}"),
    };
    match &error.why {
        Unresolved::Family { wanted, others } => {
            let others: Vec<String> = others.iter().map(ToString::to_string).collect();
            let family = if *wanted == Family::V6 { "IPv6" } else { "IPv4" };
            Diagnostic::error(
                "resolve",
                Exit::NoReply,
                format!("{} has no {family} address", quoted(host)),
            )
            .hint(format!(
                "it has {}; leave -4 and -6 out to use what there is",
                others.join(", ")
            ))
        }
        Unresolved::Resolver { system, .. } => Diagnostic::error(
            "resolve",
            Exit::NoReply,
            format!("cannot resolve {}: {system}", quoted(host)),
        )
        .hint("check the spelling and this machine's name servers, or give an address"),
    }
}

/// A call to the system that failed.
pub fn socket_error(error: &SocketError) -> Diagnostic {
    let at = match error.address {
        None => "the server".to_owned(),
        // Any port would do.
        Some(address) if address.port() == 0 => address.ip().to_string(),
        Some(address) => address.to_string(),
    };
    if let Cause::Tls(failure) = &error.cause {
        return super::tls_failure(failure, &at);
    }
    let kind = kind(&error.cause);
    let exit = if error.is_violation() {
        Exit::Broken
    } else if error.is_remote() {
        Exit::NoReply
    } else {
        Exit::Local
    };
    let diagnostic = Diagnostic::error(kind, exit, message(error, &at));
    match hint(error) {
        Some(hint) => diagnostic.hint(hint),
        None => diagnostic,
    }
}

/// What kind of failure it is, for scripts.
fn kind(cause: &Cause) -> &'static str {
    match cause {
        Cause::Refused => "refused",
        Cause::HostUnreachable | Cause::NetworkUnreachable => "unreachable",
        Cause::Permission => "permission",
        Cause::AddressInUse => "address-in-use",
        Cause::AddressNotAvailable | Cause::OtherFamily => "address-not-available",
        Cause::MessageTooLong => "message-too-long",
        Cause::TimedOut => "timeout",
        Cause::Reset | Cause::Closed | Cause::ClosedInPacket { .. } => "closed",
        Cause::Silent => "silent",
        Cause::Distrusted => "distrusted",
        Cause::Frame(_) => "framing",
        Cause::Tls(_) => "tls",
        Cause::TooManyOpenFiles | Cause::NoBuffers => "resources",
        Cause::Other(_) => "network",
    }
}

fn message(error: &SocketError, at: &str) -> String {
    match &error.cause {
        Cause::Refused => format!("{at} refused: nobody listens on that port"),
        Cause::HostUnreachable => format!("there is no way to {at}: the host is unreachable"),
        Cause::NetworkUnreachable => format!("there is no way to {at}: its network is unreachable"),
        Cause::TimedOut if error.call == Call::Handshake => {
            format!("{at} took the connection, but did not finish the handshake in time")
        }
        Cause::Closed | Cause::Reset if error.call == Call::Handshake => {
            format!("{at} closed the connection during the handshake, without a reason")
        }
        Cause::Tls(_) => format!("the TLS connection with {at} failed"),
        Cause::TimedOut => format!("{at} did not answer the connection in time"),
        Cause::Reset => format!("{at} cut the connection"),
        Cause::Closed => format!("{at} closed the connection"),
        Cause::ClosedInPacket { received } => {
            format!("{at} closed the connection in the middle of a packet, after {received} octets of it")
        }
        Cause::Silent => {
            format!("{at} is silent: not even Status-Server is answered on the connection; it was closed")
        }
        Cause::Distrusted => {
            format!(
                "{at} sent a request that is malformed or has a wrong authenticator; the connection was closed"
            )
        }
        Cause::Frame(FrameError::LengthBelowHeader { length }) => {
            format!("{at} sent a packet whose Length is {length}, less than a header has; the stream is lost")
        }
        Cause::Frame(FrameError::LengthAboveMaximum { length, max }) => {
            format!("{at} sent a packet whose Length is {length}, more than {max}; the stream is lost")
        }
        Cause::Permission => format!("{} {at}: not permitted", doing(error.call)),
        Cause::AddressInUse => format!("{} {at}: the address is in use", doing(error.call)),
        Cause::AddressNotAvailable => {
            format!(
                "{} {at}: this machine does not have that address",
                doing(error.call)
            )
        }
        Cause::OtherFamily => format!(
            "{} {at}: the server's address is not of that family",
            doing(error.call)
        ),
        Cause::MessageTooLong => format!(
            "{} {at}: the packet is too long for the network",
            doing(error.call)
        ),
        Cause::TooManyOpenFiles => format!("{} {at}: too many open files", doing(error.call)),
        Cause::NoBuffers => format!("{} {at}: the system has no memory for it", doing(error.call)),
        Cause::Other(kind) => match error.os {
            Some(number) => {
                let system = std::io::Error::from_raw_os_error(number);
                format!("{} {at}: {}", doing(error.call), super::file::system(&system))
            }
            None => format!("{} {at}: {kind}", doing(error.call)),
        },
    }
}

fn doing(call: Call) -> &'static str {
    match call {
        Call::Open => "cannot open a socket for",
        Call::Bind => "cannot send from",
        Call::Connect => "cannot connect to",
        Call::Listen => "cannot listen on",
        Call::Accept => "cannot accept a connection on",
        Call::Handshake => "cannot shake hands with",
        Call::Send => "cannot send to",
        Call::Receive => "cannot receive from",
    }
}

fn hint(error: &SocketError) -> Option<String> {
    Some(match (&error.cause, error.call) {
        (Cause::Refused, _) => {
            let port = error.address.as_ref().map_or(0, SocketAddr::port);
            format!("check that the server runs and that {port} is its port")
        }
        (Cause::AddressInUse, _) => {
            "another program has that port; `ss -lunp` and `ss -ltnp` show which".into()
        }
        (Cause::AddressNotAvailable, _) => "`ip address` shows the addresses of this machine".into(),
        (Cause::Permission, Call::Bind | Call::Listen) => {
            "ports below 1024 need root or the capability CAP_NET_BIND_SERVICE".into()
        }
        (Cause::TooManyOpenFiles, _) => "raise the limit with `ulimit -n`, or lower --parallel".into(),
        (Cause::Closed | Cause::Reset | Cause::TimedOut, Call::Handshake) => {
            "check that this port speaks TLS; a server may also close on a client whose address it does not know".into()
        }
        (Cause::Closed | Cause::Reset, _) => {
            "a server closes the connection of a client that it does not know, or whose secret differs".into()
        }
        (Cause::TimedOut | Cause::HostUnreachable | Cause::NetworkUnreachable, _) => {
            "check address, routes and firewalls".into()
        }
        _ => return None,
    })
}

/// A port of our own that the system does not give.
pub fn no_port(error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(
        "port",
        Exit::Local,
        format!("this machine gives no port: {}", super::file::system(error)),
    )
}
