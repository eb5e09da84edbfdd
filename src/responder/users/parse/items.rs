//! What one item of an entry means: a check, something set for the server, or a part of the reply.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::Reader;
use crate::attr::{Draft, EncodeErrorKind, Expression, Literal, LiteralKind, NoNames, Operator, Pair};
use crate::auth::Method;
use crate::auth::eap::packet::EapType;
use crate::auth::password::{Form, Stored};
use crate::codec::{Code, hex};
use crate::responder::users::check::{AuthType, Check, Control};
use crate::responder::users::entry::{Item, ItemValue};
use crate::responder::users::expand::Template;
use crate::responder::users::fault::{FaultKind, Misplaced};

/// What FreeRADIUS can check and a test server does not.
const UNSUPPORTED: &[&str] = &[
    "Login-Time",
    "Current-Time",
    "Group",
    "Group-Name",
    "Unix-Group",
    "LDAP-Group",
    "SQL-Group",
    "Connect-Rate",
    "Exec-Program",
    "Exec-Program-Wait",
    "Autz-Type",
    "Post-Auth-Type",
    "Session-Type",
    "Acct-Type",
];

impl Reader<'_> {
    pub(super) fn check(&self, pair: &Pair<'_>) -> Result<Condition, Misfit> {
        if let Some(form) = Form::of_attribute(pair.name.text) {
            // `User-Password == "x"` is how the oldest files set a password.
            let old =
                pair.operator == Operator::Equal && pair.name.text.eq_ignore_ascii_case("User-Password");
            if !sets(pair.operator) && !old {
                return Err((None, FaultKind::Operator(Misplaced::ComparesControl)));
            }
            let octets = octets(&pair.value).ok_or((None, FaultKind::Number))?;
            let stored = Stored::parse(form, &octets)
                .map_err(|error| (Some(pair.value.span.clone()), FaultKind::Password(error)))?;
            return Ok(Condition::Control(Control::Password(stored)));
        }
        if let Some(control) = self.control(pair)? {
            return Ok(Condition::Control(control));
        }
        if let Some(check) = own_check(pair)? {
            return Ok(Condition::Check(check));
        }
        if UNSUPPORTED
            .iter()
            .any(|name| name.eq_ignore_ascii_case(pair.name.text))
        {
            return Err((Some(pair.name.span.clone()), FaultKind::Unsupported));
        }
        match pair.operator {
            Operator::Set => Err((None, FaultKind::Operator(Misplaced::SetsInCheck))),
            Operator::Assign | Operator::Append => {
                self.resolve(pair)?;
                // A password in a form that is not known: the user could never log in.
                if pair.name.text.to_ascii_lowercase().ends_with("-password") {
                    return Err((Some(pair.name.span.clone()), FaultKind::Unsupported));
                }
                Ok(Condition::Control(Control::Nothing))
            }
            _ => Expression::compile(pair, self.dictionary, &NoNames)
                .map(|expression| Condition::Check(Check::Attribute(expression)))
                .map_err(|error| {
                    let (name, kind) = (error.name, error.kind);
                    (Some(error.span), FaultKind::Pair { name, kind })
                }),
        }
    }

    /// What an item says to the server, if it does.
    fn control(&self, pair: &Pair<'_>) -> Result<Option<Control>, Misfit> {
        let name = pair.name.text.to_ascii_lowercase();
        let control = match name.as_str() {
            "auth-type" => match text(&pair.value).to_ascii_lowercase().as_str() {
                "accept" => Control::AuthType(AuthType::Accept),
                "reject" => Control::AuthType(AuthType::Reject),
                // What the request carries says how it is checked.
                "local" | "pap" | "chap" | "ms-chap" | "mschap" | "eap" => Control::Nothing,
                _ => return Err((Some(pair.value.span.clone()), FaultKind::AuthType)),
            },
            "simultaneous-use" => Control::SimultaneousUse(number(&pair.value)?),
            "expiration" => Control::Expiration(date(&pair.value)?),
            "eap-type" => {
                let methods = methods(&text(&pair.value));
                Control::Methods(methods.ok_or((Some(pair.value.span.clone()), FaultKind::AuthType))?)
            }
            "proxy-to-realm" => Control::ProxyTo(text(&pair.value).into_owned()),
            _ => return Ok(None),
        };
        if sets(pair.operator) || pair.operator == Operator::Equal {
            Ok(Some(control))
        } else {
            Err((None, FaultKind::Operator(Misplaced::ComparesControl)))
        }
    }

    /// A reply item; only values in double quotes are filled in.
    pub(super) fn reply_item(&self, pair: &Pair<'_>, double: bool) -> Result<Item, Misfit> {
        if !sets(pair.operator) {
            return Err((None, FaultKind::Operator(Misplaced::ComparesReply)));
        }
        let oid = self.resolve(pair)?;
        let tag = pair.tag.as_ref().map(|(tag, _)| *tag);
        let template = if double { self.template(&pair.value)? } else { None };
        let value = match template {
            Some(template) if !template.is_fixed() => {
                ItemValue::Template(pair.name.text.to_owned(), template)
            }
            template => {
                let mut draft = Draft::new();
                let plain = Pair {
                    operator: Operator::Set,
                    value: Literal {
                        kind: match template {
                            Some(template) => LiteralKind::Quoted(Cow::Owned(template.fixed())),
                            None => pair.value.kind.clone(),
                        },
                        span: pair.value.span.clone(),
                    },
                    ..pair.clone()
                };
                match draft.push_pair(&plain, self.dictionary, &NoNames) {
                    Ok(None) => ItemValue::Ready(draft.parts().to_vec()),
                    // What steers a client says nothing to a server.
                    Ok(Some(_)) => {
                        let name = pair.name.text.to_owned();
                        let kind = EncodeErrorKind::Internal;
                        return Err((Some(pair.name.span.clone()), FaultKind::Pair { name, kind }));
                    }
                    Err(error) => {
                        let (name, kind) = (error.name, error.kind);
                        return Err((Some(error.span), FaultKind::Pair { name, kind }));
                    }
                }
            }
        };
        Ok(Item {
            oid,
            tag,
            operator: pair.operator,
            value,
        })
    }

    /// The template in a text in quotes; nothing for other values.
    fn template(&self, value: &Literal<'_>) -> Result<Option<Template>, Misfit> {
        match &value.kind {
            LiteralKind::Quoted(text) if text.contains(&b'%') => Template::parse(text, self.dictionary)
                .map(Some)
                .map_err(|_| (Some(value.span.clone()), FaultKind::Expansion)),
            _ => Ok(None),
        }
    }

    fn resolve(&self, pair: &Pair<'_>) -> Result<crate::dictionary::Oid, Misfit> {
        self.dictionary
            .resolve(pair.name.text)
            .map(|resolved| resolved.oid)
            .map_err(|error| {
                let start = pair.name.span.start;
                let span = start + error.at.start..start + error.at.end;
                let name = pair.name.text.to_owned();
                let kind = EncodeErrorKind::Name(error);
                (Some(span), FaultKind::Pair { name, kind })
            })
    }
}

/// Where within the line, if not the whole pair, and what is wrong.
type Misfit = (Option<Range<usize>>, FaultKind);

pub(super) enum Condition {
    Check(Check),
    Control(Control),
}

/// A check that FreeRADIUS computes: no attribute of the request.
fn own_check(pair: &Pair<'_>) -> Result<Option<Check>, Misfit> {
    let operator = pair.operator;
    let octets = || text(&pair.value).into_owned().into_bytes();
    let check = match pair.name.text.to_ascii_lowercase().as_str() {
        "packet-type" => {
            let code = Code::named(&text(&pair.value));
            Check::PacketType(
                operator,
                code.ok_or((Some(pair.value.span.clone()), FaultKind::Number))?,
            )
        }
        "packet-src-ip-address" | "packet-src-ipv6-address" | "client-ip-address" => {
            let network = text(&pair.value)
                .parse()
                .map_err(|_| (Some(pair.value.span.clone()), FaultKind::Network))?;
            Check::Source(operator, network)
        }
        "client-shortname" => Check::Client(operator, octets()),
        "realm" => Check::Realm(operator, octets()),
        "stripped-user-name" => Check::StrippedUserName(operator, octets()),
        "prefix" => Check::Prefix(operator, octets()),
        "suffix" => Check::Suffix(operator, octets()),
        "hint" | "huntgroup-name" => Check::Unset(operator),
        _ => return Ok(None),
    };
    match operator {
        Operator::Set | Operator::Assign | Operator::Append => {
            Err((None, FaultKind::Operator(Misplaced::SetsInCheck)))
        }
        _ => Ok(Some(check)),
    }
}

/// The one method of this name, or all that begin with this EAP method; any but these are then not allowed.
fn methods(name: &str) -> Option<Arc<[Method]>> {
    // `EAP-Type := MSCHAPv2` is the EAP method, not the one without EAP that has this name here.
    if let Ok(method) = name.to_ascii_lowercase().parse::<Method>()
        && method.outer().is_some()
    {
        return Some([method].into());
    }
    let wanted = match name.to_ascii_lowercase().as_str() {
        "md5" | "md5-challenge" => EapType::MD5,
        "gtc" | "generic-token-card" => EapType::GTC,
        "mschapv2" | "ms-chap-v2" | "mschap-v2" => EapType::MSCHAPV2,
        "tls" => EapType::TLS,
        "ttls" => EapType::TTLS,
        "peap" => EapType::PEAP,
        "pwd" => EapType::PWD,
        _ => return None,
    };
    Some(
        Method::all()
            .filter(|method| method.outer() == Some(wanted))
            .collect(),
    )
}

fn sets(operator: Operator) -> bool {
    matches!(operator, Operator::Set | Operator::Assign | Operator::Append)
}

/// The octets that a value means where no type says more: hexadecimal, or the characters themselves.
fn octets(value: &Literal<'_>) -> Option<Vec<u8>> {
    match &value.kind {
        LiteralKind::Bare(text) => Some(match text.strip_prefix("0x").map(hex::decode) {
            Some(Ok(octets)) => octets,
            _ => text.as_bytes().to_vec(),
        }),
        LiteralKind::Quoted(octets) => Some(octets.to_vec()),
        _ => None,
    }
}

fn text<'v>(value: &'v Literal<'_>) -> Cow<'v, str> {
    match &value.kind {
        LiteralKind::Bare(text) => Cow::Borrowed(text),
        LiteralKind::Quoted(octets) => String::from_utf8_lossy(octets),
        _ => Cow::Borrowed(""),
    }
}

fn number(value: &Literal<'_>) -> Result<u32, Misfit> {
    text(value)
        .parse()
        .map_err(|_| (Some(value.span.clone()), FaultKind::Number))
}

pub(super) fn truth(value: &Literal<'_>) -> Option<bool> {
    match text(value).to_ascii_lowercase().as_str() {
        "yes" | "1" | "true" => Some(true),
        "no" | "0" | "false" => Some(false),
        _ => None,
    }
}

/// `Jan 1 2030`, `1 Jan 2030`, `2030-01-01`, each also with a time of the day; in UTC.
fn date(value: &Literal<'_>) -> Result<u64, Misfit> {
    const FORMS: &[&str] = &["%b %d %Y", "%d %b %Y", "%Y-%m-%d"];
    let text = text(value);
    let bad = || (Some(value.span.clone()), FaultKind::Date);
    let day = FORMS
        .iter()
        .find_map(|form| jiff::civil::Date::strptime(form, text.as_ref()).ok())
        .map(|date| date.to_datetime(jiff::civil::Time::midnight()));
    let timed = || {
        FORMS.iter().find_map(|form| {
            let form = format!("{form} %H:%M:%S");
            jiff::civil::DateTime::strptime(form, text.replace('T', " ").as_str()).ok()
        })
    };
    let stamp = day
        .or_else(timed)
        .and_then(|civil| civil.to_zoned(jiff::tz::TimeZone::UTC).ok());
    let seconds = stamp.ok_or_else(bad)?.timestamp().as_second();
    u64::try_from(seconds).map_err(|_| bad())
}
