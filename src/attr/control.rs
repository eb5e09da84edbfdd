//! Pairs that steer the sender and never stand on the wire: radclient's `Packet-Type`, `Packet-Dst-IP-Address` and
//! their like. They need no dictionary.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::encode::{EncodeError, EncodeErrorKind, Names};
use super::grammar::{LiteralKind, Operator, Pair};
use crate::codec::{Authenticator, Code, Secret, hex};
use crate::dictionary::Type;

/// What a pair says to the sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Control {
    /// `Packet-Type`: the Code to send.
    PacketType(Code),
    /// `Response-Packet-Type`: the Code expected.
    ResponsePacketType(Code),
    /// `Packet-Dst-IP-Address`, `Packet-Dst-IPv6-Address`, `Net.Dst.IP`.
    DestinationAddress(IpAddr),
    /// `Packet-Dst-Port`, `Net.Dst.Port`.
    DestinationPort(u16),
    /// `Packet-Src-IP-Address`, `Packet-Src-IPv6-Address`, `Net.Src.IP`.
    SourceAddress(IpAddr),
    /// `Packet-Src-Port`, `Net.Src.Port`.
    SourcePort(u16),
    /// `Packet-Authentication-Vector`, `Request-Authenticator`.
    Authenticator(Authenticator),
    /// `Radclient-Test-Name`.
    TestName(String),
    /// `Radclient-CoA-Filename`.
    CoaFile(String),
    /// `Radclient-CoA-Filter`.
    CoaFilter(String),
    /// `Cleartext-Password`, `Password.Cleartext`.
    CleartextPassword(Secret),
    /// `MS-CHAP-Password`: answer a challenge with MS-CHAP.
    MsChapPassword(Secret),
    /// `Message-Authenticator !* ANY`: send none.
    NoMessageAuthenticator,
}

/// The names, in lower case, with what they control.
const NAMES: &[(&str, Kind)] = &[
    ("packet-type", Kind::PacketType),
    ("response-packet-type", Kind::ResponsePacketType),
    ("packet-dst-ip-address", Kind::Destination(Family::V4)),
    ("packet-dst-ipv6-address", Kind::Destination(Family::V6)),
    ("net.dst.ip", Kind::Destination(Family::Either)),
    ("packet-dst-port", Kind::DestinationPort),
    ("net.dst.port", Kind::DestinationPort),
    ("packet-src-ip-address", Kind::Source(Family::V4)),
    ("packet-src-ipv6-address", Kind::Source(Family::V6)),
    ("net.src.ip", Kind::Source(Family::Either)),
    ("packet-src-port", Kind::SourcePort),
    ("net.src.port", Kind::SourcePort),
    ("packet-authentication-vector", Kind::Authenticator),
    ("request-authenticator", Kind::Authenticator),
    ("radclient-test-name", Kind::TestName),
    ("radclient-coa-filename", Kind::CoaFile),
    ("radclient-coa-filter", Kind::CoaFilter),
    ("cleartext-password", Kind::CleartextPassword),
    ("password.cleartext", Kind::CleartextPassword),
    ("ms-chap-password", Kind::MsChapPassword),
    ("vendor-specific.microsoft.chap-password", Kind::MsChapPassword),
];

#[derive(Clone, Copy)]
enum Kind {
    PacketType,
    ResponsePacketType,
    Destination(Family),
    DestinationPort,
    Source(Family),
    SourcePort,
    Authenticator,
    TestName,
    CoaFile,
    CoaFilter,
    CleartextPassword,
    MsChapPassword,
}

#[derive(Clone, Copy)]
enum Family {
    V4,
    V6,
    Either,
}

/// What the pair says to the sender; `None` when it is an attribute.
///
/// # Errors
///
/// Values that the name cannot have.
pub fn control(pair: &Pair<'_>, names: &dyn Names) -> Result<Option<Control>, EncodeError> {
    let name = pair.name.text.trim_start_matches('&').to_ascii_lowercase();
    if name == "message-authenticator" && pair.operator == Operator::Absent {
        return Ok(Some(Control::NoMessageAuthenticator));
    }
    let Some((_, kind)) = NAMES.iter().find(|(known, _)| *known == name) else {
        return Ok(None);
    };
    let fail = |span: &std::ops::Range<usize>, kind| EncodeError {
        span: span.clone(),
        name: pair.name.text.to_owned(),
        kind,
    };
    if !pair.operator.assigns() {
        return Err(fail(&pair.name.span, EncodeErrorKind::Comparison));
    }
    if let Some((_, span)) = &pair.tag {
        return Err(fail(span, EncodeErrorKind::Untagged));
    }
    let octets = match &pair.value.kind {
        LiteralKind::Bare(text) => text.as_bytes(),
        LiteralKind::Quoted(octets) => octets,
        _ => return Err(fail(&pair.value.span, EncodeErrorKind::NotAGroup)),
    };
    read(*kind, octets, names)
        .map(Some)
        .map_err(|kind| fail(&pair.value.span, kind))
}

fn read(kind: Kind, octets: &[u8], names: &dyn Names) -> Result<Control, EncodeErrorKind> {
    let text = || std::str::from_utf8(octets).map_err(|_| EncodeErrorKind::NotA(Type::String));
    let code = || {
        let text = text()?;
        Code::named(text.strip_prefix("::").unwrap_or(text)).ok_or(EncodeErrorKind::Code)
    };
    let port = || {
        text()?.parse().map_err(|_| EncodeErrorKind::OutOfRange {
            min: 0,
            max: i128::from(u16::MAX),
        })
    };
    Ok(match kind {
        Kind::PacketType => Control::PacketType(code()?),
        Kind::ResponsePacketType => Control::ResponsePacketType(code()?),
        Kind::Destination(family) => Control::DestinationAddress(address(text()?, family, names)?),
        Kind::Source(family) => Control::SourceAddress(address(text()?, family, names)?),
        Kind::DestinationPort => Control::DestinationPort(port()?),
        Kind::SourcePort => Control::SourcePort(port()?),
        Kind::Authenticator => Control::Authenticator(authenticator(text()?)?),
        Kind::TestName => Control::TestName(text()?.to_owned()),
        Kind::CoaFile => Control::CoaFile(text()?.to_owned()),
        Kind::CoaFilter => Control::CoaFilter(text()?.to_owned()),
        Kind::CleartextPassword => Control::CleartextPassword(Secret::new(octets)),
        Kind::MsChapPassword => Control::MsChapPassword(Secret::new(octets)),
    })
}

fn address(text: &str, family: Family, names: &dyn Names) -> Result<IpAddr, EncodeErrorKind> {
    let v4 = || {
        text.parse::<Ipv4Addr>()
            .ok()
            .or_else(|| names.ipv4(text))
            .map(IpAddr::V4)
    };
    let v6 = || {
        text.parse::<Ipv6Addr>()
            .ok()
            .or_else(|| names.ipv6(text))
            .map(IpAddr::V6)
    };
    match family {
        Family::V4 => v4(),
        Family::V6 => v6(),
        Family::Either => text.parse().ok().or_else(v4).or_else(v6),
    }
    .ok_or(EncodeErrorKind::Host)
}

fn authenticator(text: &str) -> Result<Authenticator, EncodeErrorKind> {
    let octets = hex::decode(text.strip_prefix("0x").unwrap_or(text)).map_err(EncodeErrorKind::Hex)?;
    let found = octets.len();
    octets
        .try_into()
        .map_err(|_| EncodeErrorKind::Length { expected: 16, found })
}
