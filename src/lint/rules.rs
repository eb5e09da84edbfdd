//! The table of rules: every judgement that this program makes about packets, with where it is written.

use super::{Party, Rule, Severity};

/// Makes one static a rule, and the table of all of them.
macro_rules! rules {
    ($($name:ident $id:literal $severity:ident $party:ident $source:literal $title:literal;)*) => {
        $(
            #[doc = $title]
            pub static $name: Rule = Rule {
                id: $id,
                title: $title,
                source: $source,
                severity: Severity::$severity,
                party: Party::$party,
            };
        )*
        /// Every rule.
        pub static RULES: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    // The packet as such.
    LENGTH_BELOW_HEADER "length-below-header" Error Sender "RFC 2865 §3" "Length is less than the header's 20 octets";
    LENGTH_BEYOND_OCTETS "length-beyond-octets" Error Sender "RFC 2865 §3" "Length says more octets than came";
    LENGTH_ABOVE_MAXIMUM "length-above-maximum" Error Sender "RFC 2865 §3" "Length is more than the transport allows";
    PADDING "padding" Info Sender "RFC 2865 §3" "octets follow after Length and are ignored";
    ATTRIBUTE_CUT "attribute-cut" Error Sender "RFC 2865 §5" "one octet is left where an attribute needs two";
    ATTRIBUTE_LENGTH "attribute-length" Error Sender "RFC 2865 §5" "an attribute's Length is 0 or 1";
    ATTRIBUTE_OVERRUN "attribute-overrun" Error Sender "RFC 2865 §5" "an attribute reaches beyond the packet";
    TYPE_ZERO "type-zero" Error Sender "RFC 2865 §5" "attribute Type 0 is never assigned";
    CODE_UNASSIGNED "code-unassigned" Error Sender "RFC 2865 §3" "the Code is not assigned, so that receivers discard the packet";
    CODE_ILLEGAL_REPLY "code-illegal-reply" Error Server "RFC 2865 §4" "no such reply is allowed to this request";
    ATTRIBUTE_EMPTY "attribute-empty" Warning Sender "RFC 2865 §5" "an attribute without a value is to be left out";
    TOO_MANY_ATTRIBUTES "too-many-attributes" Info Sender "RFC 2865 §5" "more than 200 attributes: FreeRADIUS discards such packets unless told otherwise";
    IP_FRAGMENTS "ip-fragments" Info Sender "RFC 2865 §2.4" "longer than an Ethernet frame: IP fragments it, and firewalls like to drop fragments";

    // Seals.
    SECRET_DIFFERS "secret-differs" Error Sender "RFC 2865 §3" "Authenticator and Message-Authenticator are both wrong: the secrets differ";
    AUTHENTICATOR_WRONG "authenticator-wrong" Error Sender "RFC 2865 §3" "the Authenticator is not what the secret makes";
    AUTHENTICATOR_NOT_RANDOM "authenticator-not-random" Warning Client "RFC 2865 §3" "the Request Authenticator can be guessed";
    AUTHENTICATOR_REPEATED "authenticator-repeated" Error Client "RFC 2865 §3" "a Request Authenticator was used for another request before";
    MESSAGE_AUTHENTICATOR_WRONG "message-authenticator-wrong" Error Sender "RFC 3579 §3.2" "the Message-Authenticator is not what the secret makes";
    MESSAGE_AUTHENTICATOR_LENGTH "message-authenticator-length" Error Sender "RFC 3579 §3.2" "Message-Authenticator is not 18 octets long";
    MESSAGE_AUTHENTICATOR_TWICE "message-authenticator-twice" Error Sender "RFC 3579 §3.3" "more than one Message-Authenticator";
    MESSAGE_AUTHENTICATOR_LEGACY "message-authenticator-legacy" Warning Server "RFC 3579 §3.2" "the Message-Authenticator was made over zeros where the request's Authenticator belongs";
    MESSAGE_AUTHENTICATOR_USELESS "message-authenticator-useless" Warning Sender "RFC 9765 §5.2" "RADIUS/1.1 has no Message-Authenticator";
    BLASTRADIUS_REQUEST "blastradius-request" Warning Client "CVE-2024-3596" "an Access-Request without Message-Authenticator lets an attacker forge its answer";
    BLASTRADIUS_REPLY "blastradius-reply" Warning Server "CVE-2024-3596" "an answer without Message-Authenticator can be forged";
    MESSAGE_AUTHENTICATOR_NOT_FIRST "message-authenticator-not-first" Info Sender "CVE-2024-3596" "Message-Authenticator is not the first attribute";
    EAP_WITHOUT_MESSAGE_AUTHENTICATOR "eap-without-message-authenticator" Error Sender "RFC 3579 §3.1" "EAP-Message without Message-Authenticator";
    STATUS_SERVER_WITHOUT_MESSAGE_AUTHENTICATOR "status-server-without-message-authenticator" Error Client "RFC 5997 §4.1" "Status-Server without Message-Authenticator";
    DYNAMIC_WITHOUT_MESSAGE_AUTHENTICATOR "dynamic-without-message-authenticator" Info Client "RFC 5176 §3.4" "a request for dynamic authorization has no Message-Authenticator";
    PROXY_STATE_UNPROTECTED "proxy-state-unprotected" Warning Client "CVE-2024-3596" "Proxy-State in an Access-Request without Message-Authenticator is what the attack needs";
    PROXY_STATE_FROM_CLIENT "proxy-state-from-client" Info Client "CVE-2024-3596" "Proxy-State in a request that comes from a NAS is a sign of an attack";
    PROXY_STATE_CHANGED "proxy-state-changed" Error Server "RFC 2865 §5.33" "the reply does not give back every Proxy-State of the request, unchanged and in order";
    UNPROTECTED_TRANSPORT "unprotected-transport" Info Either "RFC 6614 §1" "not protected by TLS or DTLS: names and accounting can be read on the way";
    UNPROTECTED_BEYOND_SITE "unprotected-beyond-site" Warning Either "RFC 6614 §1" "unprotected to or from an address that is not private";

    // Access.
    USER_NAME_MISSING "user-name-missing" Info Client "RFC 2865 §4.1" "an Access-Request should have a User-Name";
    NAS_MISSING "nas-missing" Warning Client "RFC 2865 §4.1" "neither NAS-IP-Address nor NAS-IPv6-Address nor NAS-Identifier";
    NAS_PORT_MISSING "nas-port-missing" Info Client "RFC 2865 §4.1" "neither NAS-Port nor NAS-Port-Type";
    CREDENTIALS_MISSING "credentials-missing" Warning Client "RFC 5080 §2.1.1" "an Access-Request without credentials and without State is to be rejected";
    PASSWORD_AND_CHAP "password-and-chap" Error Client "RFC 2865 §4.1" "both User-Password and CHAP-Password";
    PASSWORD_WITH_EAP "password-with-eap" Error Client "RFC 3579 §3.3" "a password beside EAP-Message";
    USER_PASSWORD_LENGTH "user-password-length" Error Client "RFC 2865 §5.2" "a hidden User-Password has 16 to 128 octets, in blocks of 16";
    CHAP_PASSWORD_LENGTH "chap-password-length" Error Client "RFC 2865 §5.3" "CHAP-Password has 17 octets";
    CHAP_CHALLENGE_MISSING "chap-challenge-missing" Error Client "RFC 9765 §5.1" "RADIUS/1.1 has no Authenticator that could be the CHAP challenge";
    MSCHAP_UNPROTECTED "mschap-unprotected" Info Client "RFC 6614 §1" "MS-CHAP outside of TLS is as good as the password in clear";
    AUTHORIZE_ONLY_WITHOUT_STATE "authorize-only-without-state" Error Client "RFC 5176 §3.2" "Service-Type = Authorize-Only without State";
    STATE_INVENTED "state-invented" Warning Client "RFC 5080 §2.1.1" "a State that no server was seen to give";
    STATE_CHANGED "state-changed" Error Either "RFC 2865 §5.24" "State was not given back as it came";
    CLASS_CHANGED "class-changed" Warning Client "RFC 2865 §5.25" "Class of the Access-Accept does not stand in the session's accounting";
    FORBIDDEN_IN_ACCESS "forbidden-in-access" Warning Sender "RFC 2865 §5.44, RFC 2869 §5.19, RFC 3579 §3.3" "this attribute does not belong in this packet";
    REPEATED_IN_ACCESS "repeated-in-access" Warning Sender "RFC 2865 §5.44, RFC 2869 §5.19, RFC 3579 §3.3" "this attribute may stand in this packet only once";

    // EAP.
    EAP_CODE_MISMATCH "eap-code-mismatch" Warning Server "RFC 3579 §2.6.3" "the EAP packet says something else than the RADIUS packet; the NAS goes by the RADIUS packet";
    EAP_DIRECTION "eap-direction" Error Sender "RFC 3579 §2.2" "an EAP packet that goes the wrong way";
    EAP_LENGTH "eap-length" Error Sender "RFC 3579 §3.1" "the EAP packet's Length is not what its EAP-Messages hold";
    EAP_SCATTERED "eap-scattered" Error Sender "RFC 3579 §3.1" "the EAP-Messages of one EAP packet do not follow one another";
    EAP_REPLY_MESSAGE "eap-reply-message" Error Server "RFC 3579 §2.6.5" "Reply-Message beside EAP-Message";

    // Accounting.
    ACCT_STATUS_TYPE_MISSING "acct-status-type-missing" Error Client "RFC 2866 §5.1" "an Accounting-Request without Acct-Status-Type";
    ACCT_SESSION_ID_MISSING "acct-session-id-missing" Error Client "RFC 2866 §5.5" "an Accounting-Request without Acct-Session-Id";
    ACCT_TERMINATE_CAUSE "acct-terminate-cause" Warning Client "RFC 2866 §5.10" "Acct-Terminate-Cause belongs in a Stop";
    ACCT_FRAMED_IP_ADDRESS "acct-framed-ip-address" Error Client "RFC 2866 §4.1" "Framed-IP-Address in accounting is the user's address, not a request for one";
    ACCT_INTERIM_INTERVAL "acct-interim-interval" Warning Server "RFC 2869 §5.16" "Acct-Interim-Interval of less than 60 seconds";
    ACCT_SESSION_ORDER "acct-session-order" Info Client "RFC 2866 §2" "the session's records do not come in the order Start, Interim-Update, Stop";
    FORBIDDEN_IN_ACCOUNTING "forbidden-in-accounting" Warning Sender "RFC 2866 §5.13" "this attribute does not belong in this packet";
    REPEATED_IN_ACCOUNTING "repeated-in-accounting" Warning Sender "RFC 2866 §5.13" "this attribute may stand in this packet only once";

    // Dynamic authorization and Status-Server.
    SESSION_UNNAMED "session-unnamed" Warning Client "RFC 5176 §3" "no attribute says which session is meant";
    EVENT_TIMESTAMP_MISSING "event-timestamp-missing" Info Client "RFC 5176 §6.3" "without Event-Timestamp the request can be replayed";
    AUTHORIZE_ONLY_ACK "authorize-only-ack" Error Server "RFC 5176 §3.2" "a CoA-Request with Authorize-Only is answered by a CoA-NAK with Error-Cause 507";
    ERROR_CAUSE_MISSING "error-cause-missing" Info Server "RFC 5176 §3.5" "a NAK that does not say why";
    ERROR_CAUSE_MISPLACED "error-cause-misplaced" Warning Server "RFC 5176 §3.5" "this Error-Cause does not belong in this reply";
    FORBIDDEN_IN_DYNAMIC "forbidden-in-dynamic" Warning Sender "RFC 5176 §3.6" "this attribute does not belong in this packet";
    REPEATED_IN_DYNAMIC "repeated-in-dynamic" Warning Sender "RFC 5176 §3.6" "this attribute may stand in this packet only once";
    STATUS_SERVER_CREDENTIALS "status-server-credentials" Error Client "RFC 5997 §3" "Status-Server with credentials or accounting";

    // Values.
    VALUE_MALFORMED "value-malformed" Warning Sender "RFC 8044 §3" "the octets are no value of the attribute's type";
    TEXT_NOT_UTF8 "text-not-utf8" Warning Sender "RFC 8044 §3.4" "text that is not UTF-8";
    HIDDEN_UNREADABLE "hidden-unreadable" Warning Sender "RFC 2868 §3.5" "what the secret opens makes no sense: most likely the secrets differ";
    SALT_REPEATED "salt-repeated" Warning Sender "RFC 2868 §3.5" "two hidden values of one packet have the same salt";
    SALT_HIGH_BIT "salt-high-bit" Info Sender "RFC 2868 §3.5" "the salt's first bit is not set";
    VENDOR_HIGH_OCTET "vendor-high-octet" Warning Sender "RFC 2865 §5.26" "the first octet of a Vendor-Id is not zero";
    FRAGMENT_SHORT "fragment-short" Warning Sender "RFC 6929 §2.2" "a fragment that others follow is not 255 octets long";

    // Conversations: found by whoever sees several packets.
    IDENTIFIER_REUSED "identifier-reused" Warning Client "RFC 2865 §3" "the Identifier was used again before the request was answered";
    DUPLICATE_REPLY_DIFFERS "duplicate-reply-differs" Warning Server "RFC 5080 §2.2.2" "a retransmitted request got another reply than before";
    REPLY_LATE "reply-late" Info Server "RFC 5080 §2.2.1" "the reply came after its client had given up";
}

/// The rule with this id.
pub fn named(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id).copied()
}
