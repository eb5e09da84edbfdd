//! The requests of a plan: from files, from `-a`, or from nothing but the command itself.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Purpose;
use super::server::Place;
use crate::attr::{
    BuildOptions, Control, Draft, FileFaultKind, Line, Names, Pair, Placement, TextError, parse_file,
    parse_pairs,
};
use crate::cli::files;
use crate::cli::options::{ClientArgs, RequestArgs};
use crate::client::{Job, Script, Voices};
use crate::codec::{Authenticator, Code, MAX_LENGTH, Secret};
use crate::dictionary::Dictionary;
use crate::exchange::{Demands, Policy, Renewal};
use crate::report::diagnostic::Diagnostic;
use crate::report::words;

/// One request as it was asked for.
#[derive(Debug, Default)]
pub struct Request {
    /// Its attributes.
    pub draft: Draft,
    /// Its Code, where it is not the command's.
    pub code: Option<Code>,
    /// The Code of the reply that it names.
    pub reply: Option<Code>,
    /// Where it goes, where it does not go to HOST.
    pub destination: (Option<IpAddr>, Option<u16>),
    /// From where, where `--bind` does not say it.
    pub source: (Option<IpAddr>, Option<u16>),
    /// Its Request Authenticator.
    pub authenticator: Option<Authenticator>,
    /// Its name.
    pub name: Option<String>,
    /// A password that is no attribute yet.
    pub password: Option<Secret>,
    /// Whether the password is to be proved with MS-CHAP.
    pub mschap: bool,
    /// Who finds the words of every round, where a method does.
    pub voices: Option<Voices>,
    /// Whether it is to have no Message-Authenticator.
    pub unsealed: bool,
    /// The file that it is from, and which of the file's packets it is, from 0.
    pub origin: Option<(PathBuf, usize)>,
}

/// The names that this machine resolves.
pub struct SystemNames;

impl Names for SystemNames {
    fn ipv4(&self, host: &str) -> Option<Ipv4Addr> {
        lookup(host).find_map(|address| match address {
            IpAddr::V4(address) => Some(address),
            IpAddr::V6(_) => None,
        })
    }

    fn ipv6(&self, host: &str) -> Option<Ipv6Addr> {
        lookup(host).find_map(|address| match address {
            IpAddr::V6(address) => Some(address),
            IpAddr::V4(_) => None,
        })
    }
}

fn lookup(host: &str) -> impl Iterator<Item = IpAddr> {
    (host, 0)
        .to_socket_addrs()
        .into_iter()
        .flatten()
        .map(|address| address.ip())
}

/// `FILE[:EXPECT]`: the first path, and the second. A file whose name has a colon is itself.
pub fn split(argument: &str) -> (PathBuf, Option<PathBuf>) {
    match argument.rsplit_once(':') {
        Some((file, expect)) if !file.is_empty() && !expect.is_empty() && !Path::new(argument).exists() => {
            (file.into(), Some(expect.into()))
        }
        _ => (argument.into(), None),
    }
}

/// All requests: those of the files, in their order, or the one that the command line describes. What `-a` says is
/// added to each.
pub fn read(
    args: &RequestArgs,
    purpose: &Purpose,
    dictionary: &Dictionary,
) -> Result<Vec<Request>, Diagnostic> {
    let mut requests = Vec::new();
    for argument in &args.files {
        let (path, _) = split(argument);
        read_file(&path, dictionary, &mut requests)?;
    }
    if args.files.is_empty() {
        requests.push(Request::default());
    }
    for request in &mut requests {
        for text in &args.attributes {
            request.add_text(text, dictionary)?;
        }
    }
    let _ = purpose;
    Ok(requests)
}

fn read_file(path: &Path, dictionary: &Dictionary, requests: &mut Vec<Request>) -> Result<(), Diagnostic> {
    let text = files::read_text(path)?;
    let origin = path.display().to_string();
    let packets = parse(&text, &origin)?;
    if packets.is_empty() {
        return Err(words::no_packets(&origin));
    }
    for (index, packet) in packets.into_iter().enumerate() {
        let mut request = Request {
            origin: Some((path.to_owned(), index)),
            ..Request::default()
        };
        for pair in &packet.pairs {
            request
                .add(pair, dictionary)
                .map_err(|error| at_line(&text, &origin, error, dictionary))?;
        }
        requests.push(request);
    }
    Ok(())
}

/// The packets of a file in radclient's format, or the first thing that is wrong with it.
pub fn parse<'t>(text: &'t str, origin: &str) -> Result<Vec<crate::attr::FilePacket<'t>>, Diagnostic> {
    parse_file(text).map_err(|faults| match faults.first() {
        Some(fault) => {
            let line = Line::at(text, fault.span.start);
            let FileFaultKind::Text(kind) = fault.kind;
            let span = within(&fault.span, &line);
            words::text_error(&TextError { span, kind }, origin, Some(line.number), line.text)
        }
        None => words::no_packets(origin),
    })
}

/// An error about a pair of a file, with its line.
pub fn at_line(
    text: &str,
    origin: &str,
    mut error: crate::attr::EncodeError,
    dictionary: &Dictionary,
) -> Diagnostic {
    let line = Line::at(text, error.span.start);
    error.span = within(&error.span, &line);
    words::pair_error(&error, dictionary, origin, Some(line.number), line.text)
}

/// A span of the whole text as a span of its line.
fn within(span: &std::ops::Range<usize>, line: &Line<'_>) -> std::ops::Range<usize> {
    let place = |offset: usize| offset.saturating_sub(line.start).min(line.text.len());
    place(span.start)..place(span.end)
}

impl Request {
    /// Adds the pairs of one `-a`.
    fn add_text(&mut self, text: &str, dictionary: &Dictionary) -> Result<(), Diagnostic> {
        let pairs = parse_pairs(text).map_err(|error| words::text_error(&error, "--attr", None, text))?;
        for pair in &pairs {
            self.add(pair, dictionary)
                .map_err(|error| words::pair_error(&error, dictionary, "--attr", None, text))?;
        }
        Ok(())
    }

    /// Adds one pair: an attribute to send, or a word to the sender.
    fn add(&mut self, pair: &Pair<'_>, dictionary: &Dictionary) -> Result<(), crate::attr::EncodeError> {
        match self.draft.push_pair(pair, dictionary, &SystemNames)? {
            None => {}
            Some(Control::PacketType(code)) => self.code = Some(code),
            Some(Control::ResponsePacketType(code)) => self.reply = Some(code),
            Some(Control::DestinationAddress(address)) => self.destination.0 = Some(address),
            Some(Control::DestinationPort(port)) => self.destination.1 = Some(port),
            Some(Control::SourceAddress(address)) => self.source.0 = Some(address),
            Some(Control::SourcePort(port)) => self.source.1 = Some(port),
            Some(Control::Authenticator(authenticator)) => self.authenticator = Some(authenticator),
            Some(Control::TestName(name)) => self.name = Some(name),
            Some(Control::CleartextPassword(password)) => self.password = Some(password),
            Some(Control::NoMessageAuthenticator) => self.unsealed = true,
            Some(Control::MsChapPassword(password)) => {
                self.password = Some(password);
                self.mschap = true;
            }
            Some(Control::CoaFile(_) | Control::CoaFilter(_)) => {
                return Err(crate::attr::EncodeError {
                    span: pair.name.span.clone(),
                    name: pair.name.text.to_owned(),
                    kind: crate::attr::EncodeErrorKind::Internal,
                });
            }
        }
        Ok(())
    }

    /// The conversation that asks it.
    pub fn job(
        self,
        index: u64,
        place: Place,
        args: &ClientArgs,
        purpose: &Purpose,
        secret: &Arc<Secret>,
        responses: &[Secret],
    ) -> Job {
        let code = self.code.unwrap_or(purpose.code);
        let unsealed = self.unsealed || args.request.no_message_authenticator;
        let retry = &args.retry;
        let policy = Policy {
            initial: retry.timeout,
            backoff: retry.backoff,
            jitter: retry.jitter,
            max_wait: retry.max_wait,
            retries: Some(retry.retries),
            max_total: None,
        };
        let script = Script::new(self.draft.clone(), responses.iter().cloned());
        let script = match self.voices {
            Some(voices) => script.spoken(voices),
            None => script,
        };
        let delay = self.draft.has(crate::codec::AttributeType::ACCT_DELAY_TIME);
        Job {
            index,
            name: self.name,
            addresses: place.addresses,
            transport: place.transport,
            security: place.security,
            source: place.source,
            secret: Arc::clone(secret),
            code,
            identifier: args.request.id,
            authenticator: self.authenticator.or(args.request.authenticator),
            options: BuildOptions {
                max: MAX_LENGTH,
                message_authenticator: placement(code, unsealed),
            },
            wrong: purpose.wrong.clone().unwrap_or_default(),
            policy,
            demands: Demands {
                message_authenticator: args.request.require_message_authenticator,
                ..Demands::default()
            },
            renewal: if delay && code == Code::ACCOUNTING_REQUEST {
                Renewal::DelayTime
            } else {
                Renewal::Never
            },
            script,
        }
    }
}

/// Every Access-Request and Status-Server carries a Message-Authenticator, and carries it first (RFC 5997 §3;
/// CVE-2024-3596); other packets where they are told to.
fn placement(code: Code, unsealed: bool) -> Placement {
    match code {
        _ if unsealed => Placement::None,
        Code::ACCESS_REQUEST | Code::STATUS_SERVER => Placement::First,
        _ => Placement::AsGiven,
    }
}
