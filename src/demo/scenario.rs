//! What the demonstration shows: one exchange a scenario.

use crate::auth::Method;
use crate::codec::Code;
use crate::outcome::Verdict;

/// One exchange to be shown.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it shows, in one line.
    pub story: &'static str,
    /// The request's Code.
    pub code: Code,
    /// The request's attributes.
    pub attributes: &'static str,
    /// What it must come to.
    pub verdict: Verdict,
    /// How alice proves who she is, where the attributes do not say it.
    pub method: Option<Method>,
}

/// One packet each way, in the order in which they are shown.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "auth",
        story: "alice logs in with her password, hidden by the shared secret (RFC 2865)",
        code: Code::ACCESS_REQUEST,
        attributes: "User-Name = alice, User-Password = wonderland, NAS-IP-Address = 192.168.1.10, \
                     Service-Type = Login-User",
        verdict: Verdict::Accept,
        method: None,
    },
    Scenario {
        name: "acct",
        story: "the NAS reports that her session begins (RFC 2866)",
        code: Code::ACCOUNTING_REQUEST,
        attributes: "Acct-Status-Type = Start, Acct-Session-Id = 6f1c0a01, User-Name = alice, \
                     NAS-IP-Address = 192.168.1.10",
        verdict: Verdict::Response,
        method: None,
    },
    Scenario {
        name: "coa",
        story: "the server changes what her session may do (RFC 5176)",
        code: Code::COA_REQUEST,
        attributes: "User-Name = alice, Acct-Session-Id = 6f1c0a01, Filter-Id = slow",
        verdict: Verdict::Ack,
        method: None,
    },
    Scenario {
        name: "disconnect",
        story: "the server ends her session (RFC 5176)",
        code: Code::DISCONNECT_REQUEST,
        attributes: "User-Name = alice, Acct-Session-Id = 6f1c0a01",
        verdict: Verdict::Ack,
        method: None,
    },
    Scenario {
        name: "status",
        story: "is the server up? (RFC 5997)",
        code: Code::STATUS_SERVER,
        attributes: "NAS-IP-Address = 192.168.1.10",
        verdict: Verdict::Response,
        method: None,
    },
];

/// Other ways to prove a password, in the order in which they are shown.
pub const PROOFS: &[Scenario] = &[
    Scenario {
        name: "chap",
        story: "a hash over a challenge instead of the password (RFC 2865 §5.3)",
        code: Code::ACCESS_REQUEST,
        attributes: "User-Name = alice, NAS-IP-Address = 192.168.1.10, CHAP-Password = wonderland",
        verdict: Verdict::Accept,
        method: None,
    },
    Scenario {
        name: "mschapv2",
        story: "the server proves in return that it knows the password, and gives keys (RFC 2759, RFC 2548)",
        code: Code::ACCESS_REQUEST,
        attributes: "NAS-IP-Address = 192.168.1.10",
        verdict: Verdict::Accept,
        method: Some(Method::Mschapv2),
    },
];
