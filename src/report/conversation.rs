//! From an outcome to its view: packets decoded, judged against the standards and against what was expected.

use std::net::SocketAddr;

use super::diagnostic::{Diagnostic, Exit};
use super::eap;
use super::view::{self, Error, Exchange, Finding, Ignored, Lens, Packet, Round, Unmet};
use super::words;
use crate::attr::{self, Opener, Tree};
use crate::auth::Note;
use crate::codec::seal::{AuthenticatorCheck, hiding_authenticator};
use crate::codec::{AttributeType, Authenticator, Code, Packet as Octets, Secret};
use crate::exchange::{Transport, Version};
use crate::lint::{self, Context, Role, Severity};
use crate::outcome::{self, Answer, Dropped, Expectation, Outcome};

/// A conversation as it is seen, and what is to be said of it besides.
#[derive(Debug)]
pub struct Seen {
    /// The view.
    pub exchange: Exchange,
    /// Whether everything was as expected; where nothing was expected, whether it went well.
    pub met: bool,
    /// Why there is no reply that counts.
    pub error: Option<Diagnostic>,
    /// What the standards have against the reply, for people.
    pub warnings: Vec<Diagnostic>,
}

/// Looks at an outcome. `method` is the method of authentication; `expected` is what the answer must be.
pub fn see(
    outcome: &Outcome,
    lens: &Lens<'_>,
    method: Option<&'static str>,
    expected: &[Expectation],
) -> Seen {
    let verdict = outcome.verdict();
    let answer = outcome.answer();
    let packet = answer.and_then(|answer| Octets::parse(&answer.octets).ok());
    let tree = tree(outcome, packet.as_ref(), lens);
    let unmet = unmet(outcome, &tree, lens, expected);
    let judged = expected.iter().any(Expectation::is_of_verdict);
    let met = unmet.is_empty() && (judged || verdict.is_success());
    let findings = match (&packet, answer) {
        (Some(packet), Some(answer)) => judge(outcome, packet, answer, &tree),
        _ => Vec::new(),
    };
    let error = words::ended(outcome);
    let reply = packet.map(|packet| reply(lens, &packet, &tree, answer, outcome.version()));
    let exchange = Exchange {
        unmet,
        findings: findings.iter().map(finding).collect(),
        error: error.as_ref().map(Error::from),
        ..exchange(outcome, lens, method, reply)
    };
    let mut warnings: Vec<Diagnostic> = findings
        .iter()
        .filter(|finding| finding.rule.severity >= Severity::Warning && !is_told(outcome, finding))
        .map(warning)
        .collect();
    if let Some(login) = &outcome.login {
        warnings.extend(eap::warnings(login, is_eap(outcome)));
    }
    Seen {
        exchange,
        met,
        error,
        warnings,
    }
}

/// Whether the login's own warnings, which are of every round, say it already.
fn is_told(outcome: &Outcome, finding: &lint::Finding) -> bool {
    let notes = outcome.login.iter().flat_map(|login| &login.notes);
    let mut notes = notes.map(|(_, note)| note);
    match finding.rule.id {
        "eap-code-mismatch" => notes.any(|note| matches!(note, Note::Contradiction(_))),
        "eap-reply-message" => notes.any(|note| *note == Note::ReplyMessageBesideEap),
        _ => false,
    }
}

/// The attributes of the reply that counts; none where there is no reply.
fn tree<'p>(outcome: &Outcome, reply: Option<&Octets<'p>>, lens: &Lens<'p>) -> Tree<'p> {
    match (reply, outcome.answer()) {
        (Some(packet), Some(_)) if outcome.version() == Version::V1_1 => {
            attr::decode_clear(packet, lens.dictionary)
        }
        (Some(packet), Some(answer)) => {
            let opener = Opener {
                secret: &outcome.secret,
                authenticator: answer.reply.request_authenticator,
            };
            attr::decode(packet, lens.dictionary, Some(&opener))
        }
        _ => Tree::default(),
    }
}

/// What was expected and is not so.
fn unmet(outcome: &Outcome, tree: &Tree<'_>, lens: &Lens<'_>, expected: &[Expectation]) -> Vec<Unmet> {
    let code = outcome.answer().map(|answer| answer.reply.code);
    let unmet = Expectation::unmet(expected, outcome.verdict(), code, tree);
    let seen = unmet.iter().map(|unmet| Unmet {
        expected: words::expectation(unmet.expected),
        found: unmet
            .found
            .iter()
            .map(|attribute| attribute.pair(lens.secrets).to_string())
            .collect(),
    });
    seen.collect()
}

/// What was said, before it is judged.
fn exchange(
    outcome: &Outcome,
    lens: &Lens<'_>,
    method: Option<&'static str>,
    reply: Option<Packet>,
) -> Exchange {
    let version = outcome.version();
    let (last, earlier) = match outcome.rounds.split_last() {
        Some((last, earlier)) => (Some(last), earlier),
        None => (None, &[][..]),
    };
    let asks = last.is_some_and(|round| outcome::code(&round.request) == Code::ACCESS_REQUEST);
    Exchange {
        verdict: words::verdict(outcome.verdict()),
        name: outcome.name.clone(),
        server: Some(outcome.server.to_string()),
        transport: outcome.transport.name(),
        reverse: false,
        method: method.filter(|_| asks),
        rtt_ms: outcome.rtt().map(view::milliseconds),
        attempts: outcome.attempts(),
        tls: outcome.handshake.as_deref().map(view::Tls::from),
        request: last.and_then(|round| request(lens, &round.request, &outcome.secret, version)),
        reply,
        rounds: earlier
            .iter()
            .filter_map(|round| earlier_round(lens, round, &outcome.secret, version))
            .collect(),
        ignored: outcome
            .ignored
            .iter()
            .map(|dropped| ignored(lens, dropped, version))
            .collect(),
        unmet: Vec::new(),
        findings: Vec::new(),
        eap: outcome
            .login
            .as_ref()
            .filter(|_| is_eap(outcome))
            .map(|login| eap::view(login, lens.secrets)),
        error: None,
    }
}

/// Whether the conversation is one of EAP.
fn is_eap(outcome: &Outcome) -> bool {
    let first = outcome.rounds.first().map(|round| Octets::parse(&round.request));
    matches!(first, Some(Ok(packet)) if packet.first(AttributeType::EAP_MESSAGE).is_some())
}

/// A conversation that never began.
pub fn unbegun(transport: Transport, why: &Diagnostic) -> Exchange {
    let verdict = match why.exit {
        Exit::NoReply => outcome::Verdict::Unreachable,
        _ => outcome::Verdict::Failed,
    };
    Exchange {
        verdict: words::verdict(verdict),
        name: None,
        server: None,
        transport: transport.name(),
        reverse: false,
        tls: None,
        method: None,
        rtt_ms: None,
        attempts: 0,
        request: None,
        reply: None,
        rounds: Vec::new(),
        ignored: Vec::new(),
        unmet: Vec::new(),
        findings: Vec::new(),
        eap: None,
        error: Some(Error::from(why)),
    }
}

/// What the server asked on a connection of ours, and what was answered.
pub struct Asked<'a> {
    /// The octets of the request.
    pub request: &'a [u8],
    /// The octets of the answer.
    pub answer: &'a [u8],
    /// Who asked.
    pub peer: SocketAddr,
    /// Over what.
    pub transport: Transport,
    /// In which version of RADIUS.
    pub version: Version,
    /// The secret shared with the peer.
    pub secret: &'a Secret,
}

impl Asked<'_> {
    /// As it is seen.
    pub fn see(&self, lens: &Lens<'_>) -> Exchange {
        let authenticator = Octets::parse(self.request).map(|packet| *packet.authenticator());
        let hiding = authenticator
            .as_ref()
            .ok()
            .map(|authenticator| (self.secret, authenticator));
        let verdict = match outcome::code(self.answer) {
            Code::COA_ACK | Code::DISCONNECT_ACK => outcome::Verdict::Ack,
            Code::PROTOCOL_ERROR => outcome::Verdict::ProtocolError,
            _ => outcome::Verdict::Nak,
        };
        let unbegun = Exchange {
            error: None,
            reverse: true,
            verdict: words::verdict(verdict),
            ..unbegun(self.transport, &Diagnostic::warning("", ""))
        };
        Exchange {
            server: Some(self.peer.to_string()),
            request: request(lens, self.request, self.secret, self.version),
            reply: received(lens, self.answer, hiding, self.version),
            ..unbegun
        }
    }
}

/// A request by its octets, opened with the secret.
pub fn request(lens: &Lens<'_>, octets: &[u8], secret: &Secret, version: Version) -> Option<Packet> {
    let packet = Octets::parse(octets).ok()?;
    if version == Version::V1_1 {
        return Some(lens.clear(&packet));
    }
    let authenticator = hiding_authenticator(packet.code(), packet.authenticator());
    Some(lens.packet(&packet, Some(secret), Some(&authenticator)))
}

/// Octets that were taken for a reply or for none, opened with the secret and the request's authenticator.
pub fn received(
    lens: &Lens<'_>,
    octets: &[u8],
    request: Option<(&Secret, &Authenticator)>,
    version: Version,
) -> Option<Packet> {
    let packet = Octets::parse(octets).ok()?;
    if version == Version::V1_1 {
        return Some(lens.clear(&packet));
    }
    Some(lens.packet(
        &packet,
        request.map(|(secret, _)| secret),
        request.map(|(_, authenticator)| authenticator),
    ))
}

fn reply(
    lens: &Lens<'_>,
    packet: &Octets<'_>,
    tree: &Tree<'_>,
    answer: Option<&Answer>,
    version: Version,
) -> Packet {
    if version == Version::V1_1 {
        return lens.clear_tree(packet, tree);
    }
    let mut view = lens.tree(packet, tree);
    if let Some(answer) = answer {
        checked(&mut view, &answer.reply.seals);
    }
    view
}

/// Notes what the checks of the authenticators found.
pub fn checked(view: &mut Packet, seals: &crate::codec::seal::Seals) {
    view.authenticator_check = match seals.authenticator {
        AuthenticatorCheck::Right => Some("right"),
        AuthenticatorCheck::Wrong => Some("wrong"),
        AuthenticatorCheck::Unverifiable => None,
    };
    view.message_authenticator = Some(view::message_authenticator(seals.message_authenticator));
}

fn earlier_round(
    lens: &Lens<'_>,
    round: &outcome::Round,
    secret: &Secret,
    version: Version,
) -> Option<Round> {
    Some(Round {
        request: request(lens, &round.request, secret, version)?,
        reply: round.answer.as_ref().and_then(|answer| {
            received(
                lens,
                &answer.octets,
                Some((secret, &answer.reply.request_authenticator)),
                version,
            )
        }),
    })
}

fn ignored(lens: &Lens<'_>, dropped: &Dropped, version: Version) -> Ignored {
    Ignored {
        kind: words::ignored_kind(&dropped.why),
        message: words::ignored(&dropped.why),
        from: dropped.from.to_string(),
        packet: received(lens, &dropped.octets, None, version),
    }
}

/// What the standards have against the reply.
fn judge(outcome: &Outcome, packet: &Octets<'_>, answer: &Answer, tree: &Tree<'_>) -> Vec<lint::Finding> {
    let request = outcome
        .last()
        .and_then(|round| Octets::parse(&round.request).ok());
    let context = Context {
        role: Role::Client,
        secured: outcome.transport.is_secured(),
        version_1_1: outcome.version() == Version::V1_1,
        datagrams: !outcome.transport.is_stream(),
        request,
        seals: Some(answer.reply.seals),
        ..Context::default()
    };
    lint::lint(packet, Some(tree), &context)
}

/// A finding as it is seen.
pub(super) fn finding(finding: &lint::Finding) -> Finding {
    Finding {
        rule: finding.rule.id.to_owned(),
        severity: words::severity(finding.rule.severity),
        message: words::finding(finding),
        reference: Some(finding.rule.source.to_owned()),
        octets: [
            finding.span.start,
            finding.span.end.max(finding.span.start + 1) - 1,
        ],
    }
}

fn warning(finding: &lint::Finding) -> Diagnostic {
    let message = format!("{} ({})", words::finding(finding), finding.rule.source);
    let diagnostic = Diagnostic::warning(finding.rule.id, message);
    if finding.rule == &lint::BLASTRADIUS_REPLY {
        return diagnostic.hint(
            "the server is open to BlastRADIUS; FreeRADIUS from 3.2.5 on is not. --require-message-authenticator \
             refuses such replies",
        );
    }
    diagnostic
}
