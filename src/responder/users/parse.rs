//! From the text of a users file to its entries. Every fault of every file is found in one run.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::Users;
use super::check::{AuthType, Check, Control};
use super::entry::{Entry, Item, ItemValue, Source};
use super::expand::Template;
use super::fault::{Fault, FaultKind, Misplaced};
use crate::attr::{
    Draft, EncodeErrorKind, Expression, Literal, LiteralKind, NoNames, Operator, Pair, parse_pairs,
};
use crate::auth::Method;
use crate::auth::eap::packet::EapType;
use crate::auth::password::{Form, Stored};
use crate::codec::{Code, hex};
use crate::dictionary::{Dictionary, Files, Place};

/// Files that include files: as deep as anybody nests them.
const DEPTH: usize = 16;

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

impl Users {
    /// Reads the file at `path` and all that it includes, and adds their entries to those that are there.
    ///
    /// # Errors
    ///
    /// Every fault of every file; nothing is added then.
    pub fn load(&mut self, path: &str, files: &dyn Files, dictionary: &Dictionary) -> Result<(), Vec<Fault>> {
        let mut reader = Reader {
            files,
            dictionary,
            users: self.clone(),
            faults: Vec::new(),
            open: Vec::new(),
        };
        let start = Place {
            file: path.to_owned(),
            line: 0,
            column: 0,
            octets: 0,
            text: String::new(),
        };
        reader.file(path, start);
        if reader.faults.is_empty() {
            *self = reader.users;
            Ok(())
        } else {
            Err(reader.faults)
        }
    }
}

struct Reader<'a> {
    files: &'a dyn Files,
    dictionary: &'a Dictionary,
    users: Users,
    faults: Vec<Fault>,
    /// The files that are being read, the outermost first.
    open: Vec<String>,
}

/// One line of a file.
#[derive(Clone, Copy)]
struct Line<'t> {
    file: &'t str,
    number: u32,
    text: &'t str,
}

/// An entry whose reply items are not over yet.
struct Draught {
    name: Option<Vec<u8>>,
    source: Source,
    checks: Vec<Check>,
    controls: Vec<Control>,
    reply: Vec<Item>,
    falls_through: bool,
    /// Whether the line before ended in a comma, or was the first.
    more: bool,
}

impl Line<'_> {
    fn fault(&self, span: Range<usize>, kind: FaultKind) -> Fault {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Fault {
            place: Place {
                file: self.file.to_owned(),
                line: self.number,
                column: count(span.start + 1),
                octets: count(span.len().max(1)),
                text: self.text.to_owned(),
            },
            kind,
        }
    }
}

impl Reader<'_> {
    /// Reads a file; `from` is the place that asks for it.
    fn file(&mut self, path: &str, from: Place) {
        let fault = |kind| Fault { place: from, kind };
        if self.open.iter().any(|open| open == path) || self.open.len() >= DEPTH {
            self.faults.push(fault(FaultKind::Cycle));
            return;
        }
        let octets = match self.files.read(path) {
            Ok(octets) => octets,
            Err(error) => {
                self.faults.push(fault(FaultKind::Unreadable(error.kind())));
                return;
            }
        };
        let text = match String::from_utf8(octets) {
            Ok(text) => text,
            Err(error) => {
                self.not_utf8(path, error.as_bytes(), error.utf8_error().valid_up_to());
                return;
            }
        };
        self.open.push(path.to_owned());
        self.lines(path, &text);
        self.open.pop();
    }

    fn not_utf8(&mut self, path: &str, octets: &[u8], at: usize) {
        let before = octets.get(..at).unwrap_or(&[]);
        let start = before
            .iter()
            .rposition(|octet| *octet == b'\n')
            .map_or(0, |newline| newline + 1);
        let rest = octets.get(start..).unwrap_or(&[]);
        let end = rest
            .iter()
            .position(|octet| *octet == b'\n')
            .unwrap_or(rest.len());
        let text = String::from_utf8_lossy(rest.get(..end).unwrap_or(rest));
        let number = before.iter().filter(|octet| **octet == b'\n').count() + 1;
        let line = Line {
            file: path,
            number: u32::try_from(number).unwrap_or(u32::MAX),
            text: &text,
        };
        self.faults
            .push(line.fault(at - start..at - start + 1, FaultKind::NotUtf8));
    }

    fn lines(&mut self, path: &str, text: &str) {
        let file: Arc<str> = path.into();
        let mut draught: Option<Draught> = None;
        for (number, text) in (1..).zip(text.lines()) {
            let line = Line {
                file: path,
                number,
                text,
            };
            let trimmed = text.trim_start();
            if trimmed.is_empty() || trimmed.starts_with('#') {
                continue;
            }
            if trimmed.len() < text.len() {
                match &mut draught {
                    Some(draught) => self.reply_line(line, draught),
                    None => self.faults.push(line.fault(
                        text.len() - trimmed.len()..text.trim_end().len(),
                        FaultKind::NoUser,
                    )),
                }
                continue;
            }
            self.finish(draught.take());
            match text.split_once(char::is_whitespace) {
                Some((word, rest)) if word.eq_ignore_ascii_case("$INCLUDE") => {
                    let target = rest.trim().trim_matches('"');
                    let start = text.len() - rest.trim_start().len();
                    let from = line.fault(start..text.trim_end().len(), FaultKind::Cycle).place;
                    self.file(&beside(path, target), from);
                }
                _ => draught = self.first_line(line, &file),
            }
        }
        self.finish(draught);
    }

    fn finish(&mut self, draught: Option<Draught>) {
        let Some(draught) = draught else { return };
        let entry = Entry::new(
            Some(draught.source),
            draught.checks,
            draught.controls,
            draught.reply,
            draught.falls_through,
        );
        self.users.push(draught.name.as_deref(), entry);
    }

    /// The line with the user's name and the check items.
    fn first_line(&mut self, line: Line<'_>, file: &Arc<str>) -> Option<Draught> {
        let (name, rest) = match name(line.text) {
            Some(split) => split,
            None => {
                self.faults
                    .push(line.fault(0..line.text.len(), FaultKind::OpenName));
                return None;
            }
        };
        let any = name
            .strip_prefix(b"DEFAULT")
            .is_some_and(|number| number.iter().all(u8::is_ascii_digit));
        let mut draught = Draught {
            name: (!any).then_some(name),
            source: Source {
                file: Arc::clone(file),
                line: line.number,
            },
            checks: Vec::new(),
            controls: Vec::new(),
            reply: Vec::new(),
            falls_through: false,
            more: true,
        };
        let Some((pairs, comma)) = self.pairs(line, rest) else {
            return Some(draught);
        };
        let offset = rest;
        for pair in pairs {
            let span = offset + pair.span().start..offset + pair.span().end;
            match self.check(&pair) {
                Ok(Condition::Check(check)) => draught.checks.push(check),
                Ok(Condition::Control(control)) => draught.controls.push(control),
                Err((inner, kind)) => self.faults.push(line.fault(
                    inner.map_or(span, |inner| offset + inner.start..offset + inner.end),
                    kind,
                )),
            }
        }
        if let Some(at) = comma {
            self.faults.push(line.fault(at..at + 1, FaultKind::TrailingComma));
        }
        Some(draught)
    }

    /// A line of reply items.
    fn reply_line(&mut self, line: Line<'_>, draught: &mut Draught) {
        let start = line.text.len() - line.text.trim_start().len();
        if !draught.more {
            self.faults
                .push(line.fault(start..line.text.trim_end().len(), FaultKind::NoComma));
        }
        // After a line that cannot be read the rest of the entry is still looked at.
        draught.more = true;
        let Some((pairs, comma)) = self.pairs(line, start) else {
            return;
        };
        draught.more = comma.is_some();
        let offset = start;
        for pair in pairs {
            if pair.name.text.eq_ignore_ascii_case("Fall-Through") {
                match truth(&pair.value) {
                    Some(truth) => draught.falls_through = truth,
                    None => self.faults.push(line.fault(
                        offset + pair.value.span.start..offset + pair.value.span.end,
                        FaultKind::YesOrNo,
                    )),
                }
                continue;
            }
            let first = offset + pair.value.span.start;
            let double = line.text.as_bytes().get(first) == Some(&b'"');
            match self.reply_item(&pair, double) {
                Ok(item) => draught.reply.push(item),
                Err((inner, kind)) => {
                    let inner = inner.unwrap_or_else(|| pair.span());
                    self.faults
                        .push(line.fault(offset + inner.start..offset + inner.end, kind));
                }
            }
        }
    }

    /// The pairs of a line from `start` on, where their spans begin to count, and where a comma ends the line.
    fn pairs<'t>(&mut self, line: Line<'t>, start: usize) -> Option<(Vec<Pair<'t>>, Option<usize>)> {
        let text = line.text.get(start..).unwrap_or("");
        match parse_pairs(text) {
            Ok(pairs) => {
                let end = pairs.last().map_or(0, |pair| pair.span().end);
                let after = text.get(end..).unwrap_or("");
                let comma = after
                    .trim_start()
                    .starts_with(',')
                    .then(|| start + end + (after.len() - after.trim_start().len()));
                Some((pairs, comma))
            }
            Err(error) => {
                let span = start + error.span.start..start + error.span.end;
                self.faults.push(line.fault(span, FaultKind::Text(error.kind)));
                None
            }
        }
    }

    fn check(&self, pair: &Pair<'_>) -> Result<Condition, Misfit> {
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
    fn reply_item(&self, pair: &Pair<'_>, double: bool) -> Result<Item, Misfit> {
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

enum Condition {
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

fn truth(value: &Literal<'_>) -> Option<bool> {
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

/// The user's name at the start of a line, and where the rest begins.
fn name(text: &str) -> Option<(Vec<u8>, usize)> {
    let quote = text.chars().next().filter(|first| matches!(first, '"' | '\''));
    let Some(quote) = quote else {
        let end = text
            .find(|character: char| character.is_whitespace() || character == ',')
            .unwrap_or(text.len());
        return Some((text.as_bytes()[..end].to_vec(), end));
    };
    let mut name = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => name.push(characters.next()?.1),
            _ if character == quote => return Some((name.into_bytes(), at + 1)),
            _ => name.push(character),
        }
    }
    None
}

/// A path as a file beside `path` writes it.
fn beside(path: &str, target: &str) -> String {
    match path.rsplit_once('/') {
        Some((directory, _)) if !target.starts_with('/') => format!("{directory}/{target}"),
        _ => target.to_owned(),
    }
}
