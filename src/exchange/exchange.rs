//! One request in flight, from its first transmission to its reply or its end.
//!
//! ```text
//!   new ──poll──▶ Send ─▶ Wait ─▶ Send (the same octets) ─▶ Wait … ─▶ GiveUp
//!                          │        └ Renew, where the delay is told (RFC 2866 §5.2): renew() ─▶ Send (new octets)
//!                          └──receive──▶ Reply │ Ignored, and Wait as before
//! ```

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Demand, Demands, Ignored, Policy, Receipt, Reply, Schedule, Version};
use crate::codec::seal::{self, AuthenticatorCheck, MessageAuthenticatorCheck, Seals};
use crate::codec::v11::Token;
use crate::codec::{AttributeType, Authenticator, Code, Malformation, Packet, Secret};

/// One request in flight.
#[derive(Debug)]
pub struct Exchange {
    request: Vec<u8>,
    identity: Identity,
    /// What the request was before it was renewed; a reply to any of these is a reply.
    earlier: Vec<Identity>,
    secret: Arc<Secret>,
    peer: SocketAddr,
    demands: Demands,
    renewal: Renewal,
    version: Version,
    tag: u64,
    schedule: Schedule,
    sent: Option<Sent>,
    phase: Phase,
}

/// By what a reply is matched to its request.
#[derive(Clone, Copy, Debug)]
struct Identity {
    identifier: u8,
    authenticator: Authenticator,
}

#[derive(Clone, Copy, Debug)]
struct Sent {
    first: Instant,
    last: Instant,
    /// The delay, in whole seconds, that the octets sent last tell.
    delay: u64,
}

#[derive(Clone, Copy, Debug)]
enum Phase {
    /// To be sent now.
    Ready,
    /// Nothing to do before this.
    Waiting(Instant),
    /// Renewed for this delay, to be sent now.
    Renewed(u64),
}

/// What a retransmission is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Renewal {
    /// The same octets again (RFC 2865 §2.5, RFC 5080 §2.2.2).
    #[default]
    Never,
    /// A new packet whenever the delay since the first transmission, in whole seconds, has changed, since
    /// Acct-Delay-Time tells it: new Identifier, new authenticator (RFC 2866 §5.2).
    DelayTime,
}

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// Send these octets; the transmission is counted.
    Send(&'a [u8]),
    /// Build the request anew with this delay, in whole seconds, and hand it to [`Exchange::renew`]; or call
    /// [`Exchange::keep`], and poll again.
    Renew {
        /// Since the first transmission.
        delay: Duration,
    },
    /// Nothing before this instant.
    Wait(Instant),
    /// The exchange has failed.
    GiveUp(GaveUp),
}

/// Which limit ended an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GaveUp {
    /// All transmissions were made and waited for (MRC).
    Retries,
    /// The time was up (MRD).
    TotalTime,
}

impl Exchange {
    /// A request that is ready to be sent, sealed. Any octets will do: what has no Identifier or no authenticator
    /// is treated as having zeros there.
    pub fn new(request: Vec<u8>, secret: Arc<Secret>, peer: SocketAddr, policy: Policy) -> Exchange {
        Exchange {
            identity: Identity::of(&request),
            request,
            earlier: Vec::new(),
            secret,
            peer,
            demands: Demands::default(),
            renewal: Renewal::default(),
            version: Version::default(),
            tag: 0,
            schedule: Schedule::new(policy),
            sent: None,
            phase: Phase::Ready,
        }
    }

    /// What the reply must have.
    pub fn with_demands(self, demands: Demands) -> Exchange {
        Exchange { demands, ..self }
    }

    /// What a retransmission is.
    pub fn with_renewal(self, renewal: Renewal) -> Exchange {
        Exchange { renewal, ..self }
    }

    /// The version of RADIUS that the request and its reply are in.
    pub fn over(self, version: Version) -> Exchange {
        Exchange { version, ..self }
    }

    /// The owner's number for this request; nothing here looks at it.
    pub fn with_tag(self, tag: u64) -> Exchange {
        Exchange { tag, ..self }
    }

    /// The owner's number.
    pub fn tag(&self) -> u64 {
        self.tag
    }

    /// The octets that were, or will be, sent last.
    pub fn request(&self) -> &[u8] {
        &self.request
    }

    /// The octets, for those who keep them.
    pub fn into_request(self) -> Vec<u8> {
        self.request
    }

    /// The Identifier that the request has now.
    pub fn identifier(&self) -> u8 {
        self.identity.identifier
    }

    /// The version of RADIUS.
    pub fn version(&self) -> Version {
        self.version
    }

    /// The Token that the request has in RADIUS/1.1.
    pub fn token(&self) -> Token {
        let field = self.request.get(4..8).and_then(<[u8]>::first_chunk);
        Token(u32::from_be_bytes(field.copied().unwrap_or_default()))
    }

    /// Every Identifier that the request had before it was renewed.
    pub fn earlier_identifiers(&self) -> impl Iterator<Item = u8> + '_ {
        self.earlier.iter().map(|identity| identity.identifier)
    }

    /// Every Identifier and authenticator that the request has or had.
    pub(super) fn identities(&self) -> impl Iterator<Item = (u8, Authenticator)> + '_ {
        std::iter::once(&self.identity)
            .chain(&self.earlier)
            .map(|identity| (identity.identifier, identity.authenticator))
    }

    /// The authenticator that the request has now.
    pub fn authenticator(&self) -> &Authenticator {
        &self.identity.authenticator
    }

    /// With what replies are checked.
    pub fn secret(&self) -> &Arc<Secret> {
        &self.secret
    }

    /// Where the request goes.
    pub fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// How often the request was sent.
    pub fn attempts(&self) -> u32 {
        self.schedule.sent()
    }

    /// When the request was sent first.
    pub fn first_sent(&self) -> Option<Instant> {
        self.sent.map(|sent| sent.first)
    }

    /// When [`Exchange::poll`] has something to say; `None` for at once.
    pub fn due(&self) -> Option<Instant> {
        match self.phase {
            Phase::Waiting(until) => Some(until),
            Phase::Ready | Phase::Renewed(_) => None,
        }
    }

    /// What is to be done now. `dice` is a fresh random number from -1 to 1.
    pub fn poll(&mut self, now: Instant, dice: f64) -> Step<'_> {
        let delay = match self.phase {
            Phase::Waiting(until) if now < until => return Step::Wait(until),
            Phase::Waiting(_) => {
                if self.ended(now) {
                    return Step::GiveUp(GaveUp::TotalTime);
                }
                if !self.schedule.may_send() {
                    return Step::GiveUp(GaveUp::Retries);
                }
                let (told, delay) = (self.sent.map_or(0, |sent| sent.delay), self.delay(now));
                if self.renewal == Renewal::DelayTime && delay != told {
                    return Step::Renew {
                        delay: Duration::from_secs(delay),
                    };
                }
                told
            }
            Phase::Ready => self.sent.map_or(0, |sent| sent.delay),
            Phase::Renewed(delay) => delay,
        };
        let first = self.sent.map_or(now, |sent| sent.first);
        self.sent = Some(Sent {
            first,
            last: now,
            delay,
        });
        let until = now + self.schedule.wait(dice);
        self.phase = Phase::Waiting(self.end().map_or(until, |end| end.min(until)));
        Step::Send(&self.request)
    }

    /// Replaces the request after [`Step::Renew`]: other octets, with another Identifier and authenticator. A reply
    /// to what was sent before still counts.
    pub fn renew(&mut self, request: Vec<u8>, now: Instant) {
        self.earlier.push(self.identity);
        self.identity = Identity::of(&request);
        self.request = request;
        self.phase = Phase::Renewed(self.delay(now));
    }

    /// Answers [`Step::Renew`] with the request as it is: it is sent once more.
    pub fn keep(&mut self) {
        self.phase = Phase::Ready;
    }

    /// Judges a datagram. An ignored one leaves everything as it was; after a reply the exchange is over.
    pub fn receive(&self, now: Instant, from: SocketAddr, octets: &[u8]) -> Receipt {
        match self.judge(now, from, octets) {
            Ok(reply) => Receipt::Reply(reply),
            Err(ignored) => Receipt::Ignored(ignored),
        }
    }

    /// What the authenticators of any packet prove about its being a reply to this request.
    pub fn seals(&self, packet: &Packet<'_>) -> Seals {
        let identity = self.identity(packet.identifier()).unwrap_or(&self.identity);
        seal::check_reply(packet, &identity.authenticator, &self.secret)
    }

    fn judge(&self, now: Instant, from: SocketAddr, octets: &[u8]) -> Result<Reply, Ignored> {
        if !same_address(from, self.peer) {
            return Err(Ignored::WrongSource {
                expected: self.peer,
                from,
            });
        }
        let packet = Packet::parse(octets).map_err(Ignored::TooShort)?;
        if self.version == Version::V1_1 {
            return self.judge_by_token(now, &packet);
        }
        let identifier = packet.identifier();
        let identity = self
            .identity(identifier)
            .ok_or(Ignored::UnknownIdentifier { identifier })?;
        let malformations = packet.malformations(self.demands.max_length);
        if !malformations.is_empty() {
            return Err(Ignored::Malformed(malformations));
        }
        self.demand(&packet)?;
        let seals = seal::check_reply(&packet, &identity.authenticator, &self.secret);
        match seals.message_authenticator {
            MessageAuthenticatorCheck::Wrong | MessageAuthenticatorCheck::Malformed => {
                return Err(Ignored::WrongMessageAuthenticator { seals });
            }
            _ => {}
        }
        if seals.authenticator == AuthenticatorCheck::Wrong {
            return Err(Ignored::WrongAuthenticator { seals });
        }
        self.reply(now, &packet, seals, identity.authenticator)
    }

    /// Over RADIUS/1.1, the Token is all that matches a reply, and TLS all that protects it (RFC 9765 §4.2).
    fn judge_by_token(&self, now: Instant, packet: &Packet<'_>) -> Result<Reply, Ignored> {
        let token = Token::of(packet);
        if token != self.token() {
            return Err(Ignored::UnknownToken { token });
        }
        let mut malformations = packet.malformations(self.demands.max_length);
        // What is void there cannot be wrong there.
        malformations.retain(|malformation| {
            !matches!(
                malformation,
                Malformation::MessageAuthenticatorLength { .. }
                    | Malformation::SecondMessageAuthenticator { .. }
            )
        });
        if !malformations.is_empty() {
            return Err(Ignored::Malformed(malformations));
        }
        let seals = Seals {
            authenticator: AuthenticatorCheck::Unverifiable,
            message_authenticator: MessageAuthenticatorCheck::Absent,
        };
        self.reply(now, packet, seals, token.field())
    }

    /// The last question: whether the Code answers the request.
    fn reply(
        &self,
        now: Instant,
        packet: &Packet<'_>,
        seals: Seals,
        request_authenticator: Authenticator,
    ) -> Result<Reply, Ignored> {
        let (code, legal) = (packet.code(), self.code().replies());
        if !legal.is_empty() && !legal.contains(&code) {
            return Err(Ignored::IllegalCode {
                request: self.code(),
                reply: code,
            });
        }
        let (first, last) = self.sent.map_or((now, now), |sent| (sent.first, sent.last));
        Ok(Reply {
            code,
            seals,
            request_authenticator,
            rtt: now.saturating_duration_since(first),
            since_last: now.saturating_duration_since(last),
            attempts: self.attempts(),
        })
    }

    /// Asks for the Message-Authenticator before it is verified, so that its absence is named as what it is.
    fn demand(&self, packet: &Packet<'_>) -> Result<(), Ignored> {
        if packet.first(AttributeType::MESSAGE_AUTHENTICATOR).is_some() {
            return Ok(());
        }
        let access = self.code() == Code::ACCESS_REQUEST;
        if access && self.demands.message_authenticator {
            return Err(Ignored::MissingMessageAuthenticator {
                because: Demand::Asked,
            });
        }
        if packet.first(AttributeType::EAP_MESSAGE).is_some() {
            return Err(Ignored::MissingMessageAuthenticator {
                because: Demand::EapMessage,
            });
        }
        if access && packet.first(AttributeType::PROXY_STATE).is_some() && !self.sent_proxy_state() {
            return Err(Ignored::ProxyStateNotSent);
        }
        Ok(())
    }

    fn sent_proxy_state(&self) -> bool {
        Packet::parse(&self.request).is_ok_and(|request| request.first(AttributeType::PROXY_STATE).is_some())
    }

    fn code(&self) -> Code {
        Code(self.request.first().copied().unwrap_or(0))
    }

    fn identity(&self, identifier: u8) -> Option<&Identity> {
        std::iter::once(&self.identity)
            .chain(&self.earlier)
            .find(|identity| identity.identifier == identifier)
    }

    /// Whole seconds since the first transmission, as Acct-Delay-Time counts them.
    fn delay(&self, now: Instant) -> u64 {
        self.sent
            .map_or(0, |sent| now.saturating_duration_since(sent.first).as_secs())
    }

    fn end(&self) -> Option<Instant> {
        let total = self.schedule.policy().max_total?;
        self.sent?.first.checked_add(total)
    }

    fn ended(&self, now: Instant) -> bool {
        self.end().is_some_and(|end| now >= end)
    }
}

impl Identity {
    fn of(request: &[u8]) -> Identity {
        let authenticator = request.get(4..).and_then(<[u8]>::first_chunk).copied();
        Identity {
            identifier: request.get(1).copied().unwrap_or(0),
            authenticator: authenticator.unwrap_or_default(),
        }
    }
}

/// Whether two socket addresses are the same place: a scope or flow label that one of them leaves out is no
/// difference.
pub(super) fn same_address(one: SocketAddr, other: SocketAddr) -> bool {
    one.ip() == other.ip() && one.port() == other.port()
}
