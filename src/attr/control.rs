//! Pairs that steer the sender and never stand on the wire: radclient's `Packet-Type`, `Packet-Dst-IP-Address` and
//! their like.

use std::net::IpAddr;

use crate::codec::{Authenticator, Code, Secret};

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
