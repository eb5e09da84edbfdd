//! Numbers with names beside them. A number that has no name keeps its number: it prints as `Code-77` and goes
//! back on the wire as 77.

use std::fmt;

/// A packet's Code, the first octet (RFC 2865 §3, RFC 2866 §3, RFC 5176 §2.3, RFC 5997 §3; IANA "RADIUS Packet
/// Type Codes").
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(pub u8);

/// Every assigned Code with its registered name.
const CODES: &[(u8, &str)] = &[
    (1, "Access-Request"),
    (2, "Access-Accept"),
    (3, "Access-Reject"),
    (4, "Accounting-Request"),
    (5, "Accounting-Response"),
    (6, "Accounting-Status"),
    (7, "Password-Request"),
    (8, "Password-Ack"),
    (9, "Password-Reject"),
    (10, "Accounting-Message"),
    (11, "Access-Challenge"),
    (12, "Status-Server"),
    (13, "Status-Client"),
    (21, "Resource-Free-Request"),
    (22, "Resource-Free-Response"),
    (23, "Resource-Query-Request"),
    (24, "Resource-Query-Response"),
    (25, "Alternate-Resource-Reclaim-Request"),
    (26, "NAS-Reboot-Request"),
    (27, "NAS-Reboot-Response"),
    (29, "Next-Passcode"),
    (30, "New-Pin"),
    (31, "Terminate-Session"),
    (32, "Password-Expired"),
    (33, "Event-Request"),
    (34, "Event-Response"),
    (40, "Disconnect-Request"),
    (41, "Disconnect-ACK"),
    (42, "Disconnect-NAK"),
    (43, "CoA-Request"),
    (44, "CoA-ACK"),
    (45, "CoA-NAK"),
    (50, "IP-Address-Allocate"),
    (51, "IP-Address-Release"),
    (52, "Protocol-Error"),
];

#[allow(missing_docs)] // The constants are the registered names.
impl Code {
    pub const ACCESS_REQUEST: Code = Code(1);
    pub const ACCESS_ACCEPT: Code = Code(2);
    pub const ACCESS_REJECT: Code = Code(3);
    pub const ACCOUNTING_REQUEST: Code = Code(4);
    pub const ACCOUNTING_RESPONSE: Code = Code(5);
    pub const ACCESS_CHALLENGE: Code = Code(11);
    pub const STATUS_SERVER: Code = Code(12);
    pub const DISCONNECT_REQUEST: Code = Code(40);
    pub const DISCONNECT_ACK: Code = Code(41);
    pub const DISCONNECT_NAK: Code = Code(42);
    pub const COA_REQUEST: Code = Code(43);
    pub const COA_ACK: Code = Code(44);
    pub const COA_NAK: Code = Code(45);
    pub const PROTOCOL_ERROR: Code = Code(52);
}

impl Code {
    /// The registered name, if the number has one.
    pub fn name(self) -> Option<&'static str> {
        CODES
            .iter()
            .find(|(number, _)| *number == self.0)
            .map(|(_, name)| *name)
    }

    /// The Code that a name, `Code-77` or a plain number says; names in any case.
    pub fn named(text: &str) -> Option<Code> {
        let number = text
            .get(..5)
            .filter(|head| head.eq_ignore_ascii_case("code-"))
            .map_or(text, |_| &text[5..]);
        CODES
            .iter()
            .find(|(_, name)| name.eq_ignore_ascii_case(text))
            .map(|(number, _)| Code(*number))
            .or_else(|| number.parse().ok().map(Code))
    }

    /// Every assigned Code with its name, in the order of the numbers.
    pub fn assigned() -> impl Iterator<Item = (Code, &'static str)> {
        CODES.iter().map(|(number, name)| (Code(*number), *name))
    }

    /// The replies that RADIUS allows to this request; empty where the standards define none.
    pub fn replies(self) -> &'static [Code] {
        match self {
            Code::ACCESS_REQUEST => &[
                Code::ACCESS_ACCEPT,
                Code::ACCESS_REJECT,
                Code::ACCESS_CHALLENGE,
                Code::PROTOCOL_ERROR,
            ],
            Code::ACCOUNTING_REQUEST => &[Code::ACCOUNTING_RESPONSE, Code::PROTOCOL_ERROR],
            // RFC 5997 §3: the reply's Code follows the port; a refusal may be an Access-Reject.
            Code::STATUS_SERVER => &[
                Code::ACCESS_ACCEPT,
                Code::ACCOUNTING_RESPONSE,
                Code::ACCESS_REJECT,
                Code::PROTOCOL_ERROR,
            ],
            Code::DISCONNECT_REQUEST => &[Code::DISCONNECT_ACK, Code::DISCONNECT_NAK, Code::PROTOCOL_ERROR],
            Code::COA_REQUEST => &[Code::COA_ACK, Code::COA_NAK, Code::PROTOCOL_ERROR],
            _ => &[],
        }
    }

    /// Whether a packet with this Code is a reply, so that its authenticator depends on a request.
    pub fn is_reply(self) -> bool {
        matches!(
            self,
            Code::ACCESS_ACCEPT
                | Code::ACCESS_REJECT
                | Code::ACCOUNTING_RESPONSE
                | Code::ACCESS_CHALLENGE
                | Code::DISCONNECT_ACK
                | Code::DISCONNECT_NAK
                | Code::COA_ACK
                | Code::COA_NAK
                | Code::PROTOCOL_ERROR
        )
    }

    /// Whether the Request Authenticator is a digest over the packet (RFC 2866 §3, RFC 5176 §2.3) and not random.
    pub fn has_digest_authenticator(self) -> bool {
        matches!(
            self,
            Code::ACCOUNTING_REQUEST | Code::DISCONNECT_REQUEST | Code::COA_REQUEST
        )
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.pad(name),
            None => write!(f, "Code-{}", self.0),
        }
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// An attribute's Type, the first octet of every attribute (RFC 2865 §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AttributeType(pub u8);

#[allow(missing_docs)] // The constants are the registered names of the attributes that the protocol itself acts on.
impl AttributeType {
    pub const USER_NAME: AttributeType = AttributeType(1);
    pub const USER_PASSWORD: AttributeType = AttributeType(2);
    pub const CHAP_PASSWORD: AttributeType = AttributeType(3);
    pub const NAS_IP_ADDRESS: AttributeType = AttributeType(4);
    pub const SERVICE_TYPE: AttributeType = AttributeType(6);
    pub const REPLY_MESSAGE: AttributeType = AttributeType(18);
    pub const STATE: AttributeType = AttributeType(24);
    pub const CLASS: AttributeType = AttributeType(25);
    pub const VENDOR_SPECIFIC: AttributeType = AttributeType(26);
    pub const NAS_IDENTIFIER: AttributeType = AttributeType(32);
    pub const PROXY_STATE: AttributeType = AttributeType(33);
    pub const ACCT_STATUS_TYPE: AttributeType = AttributeType(40);
    pub const ACCT_DELAY_TIME: AttributeType = AttributeType(41);
    pub const ACCT_SESSION_ID: AttributeType = AttributeType(44);
    pub const EVENT_TIMESTAMP: AttributeType = AttributeType(55);
    pub const CHAP_CHALLENGE: AttributeType = AttributeType(60);
    pub const TUNNEL_PASSWORD: AttributeType = AttributeType(69);
    pub const EAP_MESSAGE: AttributeType = AttributeType(79);
    pub const MESSAGE_AUTHENTICATOR: AttributeType = AttributeType(80);
    pub const NAS_FILTER_RULE: AttributeType = AttributeType(92);
    pub const NAS_IPV6_ADDRESS: AttributeType = AttributeType(95);
    pub const ERROR_CAUSE: AttributeType = AttributeType(101);
}
