//! The one loop of the client.

use std::collections::HashMap;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::job::{Job, MAX_ROUNDS, Turn};
use super::links::{Links, Way};
use super::pace::Pace;
use super::table::Number;
use crate::codec::{AttributeType, Packet, Secret};
use crate::exchange::{Arrival, Due, Exchange, Reply, Version};
use crate::net::dice::Dice;
use crate::net::tls::Handshake;
use crate::net::{SocketError, clock};
use crate::outcome::{Answer, Dropped, Ended, Event, Outcome, Round, Sink};

/// Who answers a challenge that the script has no answer to.
pub trait Answers {
    /// The answer to what the server says, or `None` to leave the challenge unanswered. `echo` says whether it may be
    /// shown while it is typed.
    fn answer(&mut self, prompt: &str, echo: bool) -> Option<Secret>;
}

/// Answers nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoAnswers;

impl Answers for NoAnswers {
    fn answer(&mut self, _prompt: &str, _echo: bool) -> Option<Secret> {
        None
    }
}

/// The most that a run may spend on one connection's handshake when its policy sets no limit.
const LONGEST_CONNECT: Duration = Duration::from_secs(30);

/// A run of conversations.
pub struct Run<'r> {
    /// How fast they start.
    pub pace: Pace,
    /// Who answers challenges.
    pub answers: &'r mut dyn Answers,
    /// Who is told.
    pub sink: &'r mut dyn Sink,
    /// Randomness for Identifiers, authenticators, salts and jitter.
    pub dice: Dice,
}

/// Has all the conversations, until they are over or `stop` is ready; then those that go on end as interrupted.
pub async fn run(run: Run<'_>, jobs: &mut dyn Iterator<Item = Job>, stop: impl Future<Output = ()>) {
    let links = Links::new();
    let mut driver = Driver {
        run,
        links,
        talks: HashMap::new(),
        next: 0,
        wanted: true,
        failed: Vec::new(),
    };
    driver.drive(jobs, stop).await;
}

struct Driver<'r> {
    run: Run<'r>,
    links: Links,
    talks: HashMap<u64, Talk>,
    next: u64,
    /// Whether the sink wants more.
    wanted: bool,
    /// Conversations whose link failed while something else was going on; their next address is still to be tried.
    failed: Vec<(Box<Talk>, SocketError)>,
}

/// A conversation that is going on.
struct Talk {
    job: Job,
    address: usize,
    began: Instant,
    rounds: Vec<Round>,
    ignored: Vec<Dropped>,
    handshake: Option<Arc<Handshake>>,
}

impl Driver<'_> {
    async fn drive(&mut self, jobs: &mut dyn Iterator<Item = Job>, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        let mut more = true;
        while self.wanted {
            while more && self.run.pace.allows(self.talks.len(), clock::now()) && self.wanted {
                match jobs.next() {
                    Some(job) => {
                        self.run.pace.start(clock::now());
                        self.open(job).await;
                    }
                    None => more = false,
                }
            }
            self.send_due().await;
            if self.talks.is_empty() && !more {
                return self.links.finish().await;
            }
            // What was due may have ended a conversation, and the next one need not wait for anything.
            if more && self.run.pace.allows(self.talks.len(), clock::now()) {
                continue;
            }
            let pace = if more { self.run.pace.next() } else { None };
            let wake = [self.links.deadline(), pace].into_iter().flatten().min();
            tokio::select! {
                biased;
                () = &mut stop => break,
                (link, received) = self.links.receive() => self.take(link, received).await,
                () = sleep_until(wake) => {}
            }
        }
        self.interrupt();
        self.links.finish().await;
    }

    async fn open(&mut self, job: Job) {
        let talk = Talk {
            job,
            address: 0,
            began: clock::now(),
            rounds: Vec::new(),
            ignored: Vec::new(),
            handshake: None,
        };
        self.begin(Box::new(talk)).await;
    }

    /// Starts the next round of a conversation, on the first address that works.
    async fn begin(&mut self, mut talk: Box<Talk>) {
        loop {
            match self.launch(talk).await {
                Ok(()) => break,
                Err((given_back, error)) => match next_address(given_back, error) {
                    Ok(again) => talk = again,
                    Err((talk, error)) => {
                        self.finish(talk, Ended::Failed(error));
                        break;
                    }
                },
            }
        }
    }

    /// Builds the request and hands it to a flow.
    async fn launch(&mut self, mut talk: Box<Talk>) -> Result<(), (Box<Talk>, SocketError)> {
        let job = &talk.job;
        let Some(server) = job.addresses.get(talk.address).copied() else {
            return Ok(());
        };
        let way = Way {
            transport: job.transport,
            server,
            source: job.source,
        };
        let raw = job.wrong.raw.as_ref().and_then(|raw| raw.get(1).copied());
        let patience = job
            .policy
            .patience()
            .unwrap_or(LONGEST_CONNECT)
            .min(LONGEST_CONNECT);
        let reserved = self
            .links
            .reserve(
                way,
                job.security.as_deref(),
                raw.or(job.identifier),
                patience,
                &mut self.run.dice,
            )
            .await;
        let (link, number) = match reserved {
            Ok(reserved) => reserved,
            Err(error) => return Err((talk, error)),
        };
        if let Some(open) = self.links.at(link) {
            talk.handshake = open.handshake().cloned();
            if let Some(handshake) = open.news() {
                let event = Event::Connected {
                    peer: server,
                    handshake: &handshake,
                };
                self.wanted &= self.run.sink.event(&event);
            }
        }
        let job = &talk.job;
        let version = self
            .links
            .at(link)
            .map_or(Version::V1_0, |open| open.flow.version());
        let authenticator = job.authenticator.unwrap_or_else(|| self.run.dice.authenticator());
        let dice = &mut self.run.dice;
        let octets = match job.build(number, &authenticator, &mut || dice.salt()) {
            Ok(octets) => octets,
            Err(error) => {
                if let Some(open) = self.links.at(link) {
                    open.flow.release(number);
                }
                self.finish(talk, Ended::Unbuildable(error));
                return Ok(());
            }
        };
        let tag = self.next;
        self.next += 1;
        let policy = if job.transport.is_stream() {
            job.policy.on_stream()
        } else {
            job.policy
        };
        let exchange = Exchange::new(octets, Arc::clone(&job.secret), server, policy)
            .with_demands(job.demands)
            .with_renewal(job.renewal)
            .over(version)
            .with_tag(tag);
        self.talks.insert(tag, *talk);
        if let Some(open) = self.links.at(link) {
            // The number has just been reserved on this link, so that it cannot be taken; octets that were given as
            // they are may have any Token, and then wait for the one that has it.
            open.flow.insert(exchange, clock::now());
        }
        Ok(())
    }

    /// Sends what is due on every link, and ends what has waited long enough.
    async fn send_due(&mut self) {
        let now = clock::now();
        for index in self.links.due(now) {
            while let Some(work) = self.poll(index, now) {
                self.perform(index, work).await;
            }
        }
        while let Some((talk, error)) = self.failed.pop() {
            match next_address(talk, error) {
                Ok(talk) => self.begin(talk).await,
                Err((talk, error)) => self.finish(talk, Ended::Failed(error)),
            }
        }
    }

    /// What is due on a link, taken out of the flow's hands.
    fn poll(&mut self, index: usize, now: Instant) -> Option<Work> {
        let dice = self.run.dice.jitter();
        let link = self.links.at(index)?;
        if link.flow.deadline().is_none_or(|at| at > now) {
            return None;
        }
        Some(match link.flow.poll(now, dice) {
            None => Work::Nothing,
            Some(Due::Send(exchange)) => Work::Send {
                tag: exchange.tag(),
                octets: exchange.request().to_vec(),
                attempt: exchange.attempts(),
            },
            Some(Due::Renew { exchange, delay }) => Work::Renew {
                tag: exchange.tag(),
                identifier: exchange.identifier(),
                delay,
            },
            Some(Due::GaveUp { exchange, why }) => Work::Over {
                exchange,
                ended: Ended::GaveUp(why),
            },
        })
    }

    async fn perform(&mut self, index: usize, work: Work) {
        match work {
            Work::Nothing => {}
            Work::Send { tag, octets, attempt } => self.send(index, tag, &octets, attempt).await,
            Work::Renew {
                tag,
                identifier,
                delay,
            } => self.renew(index, tag, identifier, delay),
            Work::Over { exchange, ended } => {
                if let Some(mut talk) = self.talks.remove(&exchange.tag()) {
                    talk.rounds.push(round(*exchange, None));
                    self.finish(Box::new(talk), ended);
                }
            }
        }
    }

    async fn send(&mut self, index: usize, tag: u64, octets: &[u8], attempt: u32) {
        let sent = match self.links.at(index) {
            Some(link) => link.send(octets).await,
            None => return,
        };
        if let Some(talk) = self.talks.get(&tag) {
            let event = Event::Sent {
                packet: octets,
                peer: talk.server(),
                transport: talk.job.transport,
                version: talk.version(),
                secret: &talk.job.secret,
                attempt,
            };
            self.wanted &= self.run.sink.event(&event);
        }
        if let Err(error) = sent {
            self.break_link(index, &error);
        }
    }

    /// A retransmission of accounting tells a longer delay and is a new packet (RFC 2866 §5.2). Where there is no
    /// Identifier left for it, the old octets go out again.
    fn renew(&mut self, index: usize, tag: u64, identifier: u8, delay: Duration) {
        let now = clock::now();
        let (Some(flow), Some(talk)) = (
            self.links.at(index).and_then(|link| link.flow.identifiers()),
            self.talks.get_mut(&tag),
        ) else {
            return;
        };
        let seconds = u32::try_from(delay.as_secs()).unwrap_or(u32::MAX);
        let set = talk
            .job
            .script
            .draft_mut()
            .set(AttributeType::ACCT_DELAY_TIME, &seconds.to_be_bytes());
        let fresh = flow.reserve(None).ok();
        let dice = &mut self.run.dice;
        let built = match (set, fresh) {
            (Ok(()), Some(fresh)) => {
                let number = Number::Identifier(fresh);
                talk.job.build(number, &[0; 16], &mut || dice.salt()).ok()
            }
            _ => None,
        };
        match (built, fresh) {
            (Some(octets), Some(_)) => flow.renew(identifier, octets, now),
            (None, Some(fresh)) => {
                flow.release(fresh);
                flow.keep(identifier, now);
            }
            _ => flow.keep(identifier, now),
        }
    }

    async fn take(&mut self, index: usize, received: Result<Vec<u8>, SocketError>) {
        let octets = match received {
            Ok(octets) => octets,
            Err(error) => return self.break_link(index, &error),
        };
        let Some(link) = self.links.at(index) else { return };
        let from = link.flow.peer();
        match link.flow.receive(clock::now(), from, &octets) {
            Arrival::Reply { exchange, reply } => {
                self.links.proved(index);
                self.answer(*exchange, reply, octets).await;
            }
            Arrival::Ignored { request, why } => {
                let dropped = Dropped { octets, from, why };
                let known = link.flow.asked(&dropped.octets);
                let event = Event::Ignored {
                    dropped: &dropped,
                    version: link.flow.version(),
                    request: known.map(|exchange| (exchange.secret().as_ref(), exchange.authenticator())),
                };
                self.wanted &= self.run.sink.event(&event);
                if let Some(talk) = request.and_then(|tag| self.talks.get_mut(&tag)) {
                    talk.ignored.push(dropped);
                }
            }
        }
    }

    /// Takes a reply: the conversation is over, or goes on.
    async fn answer(&mut self, exchange: Exchange, reply: Reply, octets: Vec<u8>) {
        let Some(mut talk) = self.talks.remove(&exchange.tag()) else {
            return;
        };
        let event = Event::Received {
            packet: &octets,
            peer: talk.server(),
            version: exchange.version(),
            secret: &talk.job.secret,
            reply: &reply,
        };
        self.wanted &= self.run.sink.event(&event);
        talk.rounds.push(round(
            exchange,
            Some(Answer {
                octets: octets.clone(),
                reply,
            }),
        ));
        let mut talk = Box::new(talk);
        let turn = Packet::parse(&octets).map_or(Ok(Turn::Done), |packet| talk.job.script.reply(&packet));
        let turn = match turn {
            Ok(Turn::Ask { prompt, echo }) => match self.run.answers.answer(&prompt, echo) {
                Some(response) => talk.job.script.respond(response).map(|()| Turn::Again),
                None => return self.finish(talk, Ended::Unanswered),
            },
            turn => turn,
        };
        match turn {
            Ok(Turn::Again) if talk.rounds.len() >= MAX_ROUNDS as usize => {
                self.finish(talk, Ended::TooManyRounds(MAX_ROUNDS));
            }
            Ok(Turn::Again) => self.begin(talk).await,
            Ok(_) => self.finish(talk, Ended::Answered),
            Err(error) => self.finish(talk, Ended::Unbuildable(error)),
        }
    }

    /// A link is gone: its conversations try the next address, or fail.
    fn break_link(&mut self, index: usize, error: &SocketError) {
        self.links.close(index);
        let Some(link) = self.links.at(index) else { return };
        for exchange in link.flow.cancel_all() {
            if let Some(mut talk) = self.talks.remove(&exchange.tag()) {
                talk.rounds.push(round(*exchange, None));
                self.failed.push((Box::new(talk), error.clone()));
            }
        }
    }

    /// Ends everything that goes on.
    fn interrupt(&mut self) {
        for index in 0..self.links.count() {
            let Some(link) = self.links.at(index) else {
                continue;
            };
            for exchange in link.flow.cancel_all() {
                if let Some(mut talk) = self.talks.remove(&exchange.tag()) {
                    talk.rounds.push(round(*exchange, None));
                    self.finish(Box::new(talk), Ended::Interrupted);
                }
            }
        }
    }

    fn finish(&mut self, talk: Box<Talk>, ended: Ended) {
        let outcome = Outcome {
            index: talk.job.index,
            server: talk.server(),
            transport: talk.job.transport,
            name: talk.job.name,
            secret: talk.job.secret,
            rounds: talk.rounds,
            ignored: talk.ignored,
            handshake: talk.handshake,
            waited: clock::now().saturating_duration_since(talk.began),
            ended,
        };
        self.wanted &= self.run.sink.event(&Event::Finished(&outcome));
    }
}

/// Something that is due.
enum Work {
    Nothing,
    Send {
        tag: u64,
        octets: Vec<u8>,
        attempt: u32,
    },
    Renew {
        tag: u64,
        identifier: u8,
        delay: Duration,
    },
    Over {
        exchange: Box<Exchange>,
        ended: Ended,
    },
}

impl Talk {
    /// The version of RADIUS that its link carries.
    fn version(&self) -> Version {
        self.handshake
            .as_ref()
            .map_or(Version::V1_0, |handshake| handshake.radius)
    }

    /// The server that is asked now; before the first address is known to be one, nobody.
    fn server(&self) -> SocketAddr {
        let unspecified = SocketAddr::from(([0, 0, 0, 0], 0));
        self.job
            .addresses
            .get(self.address)
            .copied()
            .unwrap_or(unspecified)
    }
}

/// The conversation with its next address, if the failure is the peer's and there is another address to try. Only a
/// first round moves: State means nothing to another server.
fn next_address(mut talk: Box<Talk>, error: SocketError) -> Result<Box<Talk>, (Box<Talk>, SocketError)> {
    let first_round = talk.rounds.iter().all(|round| round.answer.is_none());
    if error.is_remote() && first_round && talk.address + 1 < talk.job.addresses.len() {
        talk.address += 1;
        talk.rounds.clear();
        Ok(talk)
    } else {
        Err((talk, error))
    }
}

fn round(exchange: Exchange, answer: Option<Answer>) -> Round {
    Round {
        attempts: exchange.attempts(),
        request: exchange.into_request(),
        answer,
    }
}

async fn sleep_until(wake: Option<Instant>) {
    match wake {
        Some(wake) => tokio::time::sleep_until(wake.into()).await,
        None => std::future::pending().await,
    }
}
