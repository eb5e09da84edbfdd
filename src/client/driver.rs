//! The one loop of the client.

use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::job::{Job, MAX_ROUNDS, Turn, may_echo};
use super::links::{Links, Way};
use super::pace::Pace;
use super::voice::{Dialogue, Speechless, Wish};
use crate::attr::BuildError;
use crate::auth::Hiding;
use crate::codec::{AttributeType, Authenticator, Packet, Secret};
use crate::exchange::{Arrival, Due, Exchange, GaveUp, Reply};
use crate::net::dice::Dice;
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
    let mut stop = std::pin::pin!(stop);
    let mut driver = Driver {
        run,
        links,
        stop: stop.as_mut(),
        stopped: false,
        parked: VecDeque::new(),
        freed: false,
        talks: HashMap::new(),
        next: 0,
        wanted: true,
        failed: Vec::new(),
    };
    driver.drive(jobs).await;
}

struct Driver<'d, 'r> {
    run: Run<'r>,
    links: Links,
    stop: Pin<&'d mut (dyn Future<Output = ()> + 'd)>,
    /// Whether `stop` was ready; it is not asked again.
    stopped: bool,
    /// Conversations for which there is no socket at the moment.
    parked: VecDeque<Box<Talk>>,
    /// Whether something ended since they were last tried.
    freed: bool,
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
    /// How many addresses failed it.
    failures: usize,
    /// What Acct-Delay-Time says before anything is tried.
    delay: u32,
    began: Instant,
    rounds: Vec<Round>,
    ignored: Vec<Dropped>,
    /// Who finds the words, where the script does not have them.
    dialogue: Option<Box<Dialogue>>,
}

impl Driver<'_, '_> {
    async fn drive(&mut self, jobs: &mut dyn Iterator<Item = Job>) {
        let mut more = true;
        while self.goes_on() {
            self.unpark().await;
            while more && self.goes_on() && self.may_start() {
                match jobs.next() {
                    Some(job) => {
                        self.run.pace.start(clock::now());
                        self.open(job).await;
                    }
                    None => more = false,
                }
            }
            self.send_due().await;
            if self.running() == 0 && !more {
                return;
            }
            // What was due may have ended a conversation, and the next one need not wait for anything.
            if !self.goes_on() || (more && self.may_start()) {
                continue;
            }
            let pace = if more {
                self.run.pace.next(self.running())
            } else {
                None
            };
            let wake = [self.links.deadline(), pace].into_iter().flatten().min();
            tokio::select! {
                biased;
                () = self.stop.as_mut() => self.stopped = true,
                (link, received) = self.links.receive() => self.take(link, received).await,
                () = sleep_until(wake) => {}
            }
        }
        self.interrupt();
    }

    fn goes_on(&self) -> bool {
        self.wanted && !self.stopped
    }

    fn running(&self) -> usize {
        self.talks.len() + self.parked.len() + self.failed.len()
    }

    fn may_start(&self) -> bool {
        self.run.pace.allows(self.running(), clock::now())
    }

    /// Tries again those for which there was no socket, until there is none again.
    async fn unpark(&mut self) {
        if !std::mem::take(&mut self.freed) {
            return;
        }
        for _ in 0..self.parked.len() {
            let Some(talk) = self.parked.pop_front() else {
                return;
            };
            let left = self.parked.len();
            self.begin(talk).await;
            if self.parked.len() > left {
                // It keeps its turn.
                self.parked.rotate_right(1);
                return;
            }
        }
    }

    async fn open(&mut self, job: Job) {
        let talk = Talk {
            delay: job.script.delay(),
            address: self.links.first_address(&job),
            job,
            failures: 0,
            began: clock::now(),
            rounds: Vec::new(),
            ignored: Vec::new(),
            dialogue: None,
        };
        self.begin(Box::new(talk)).await;
    }

    /// Starts the next round of a conversation, on the first address that works.
    async fn begin(&mut self, mut talk: Box<Talk>) {
        loop {
            match self.launch(talk).await {
                Ok(()) => break,
                Err((given_back, NotLaunched::Stopped)) => {
                    self.stopped = true;
                    return self.finish(given_back, Ended::Interrupted);
                }
                Err((given_back, NotLaunched::Failed(error))) => {
                    talk = given_back;
                    let way = Way::of(&talk.job, talk.server());
                    if self.next_address(&mut talk, &error) {
                        continue;
                    }
                    if !error.is_of_address() && self.links.is_busy(way) {
                        // No socket more, but those that there are go on and will have room.
                        self.parked.push_back(talk);
                    } else {
                        self.finish(talk, Ended::Failed(error));
                    }
                    return;
                }
            }
        }
    }

    /// Builds the request and hands it to a flow.
    async fn launch(&mut self, mut talk: Box<Talk>) -> Result<(), (Box<Talk>, NotLaunched)> {
        let job = &talk.job;
        let Some(server) = job.addresses.get(talk.address).copied() else {
            return Ok(());
        };
        let way = Way::of(job, server);
        let round = talk.answered();
        let wanted = job.identifier_of(round);
        let patience = job
            .policy
            .patience()
            .unwrap_or(LONGEST_CONNECT)
            .min(LONGEST_CONNECT);
        let reserved = tokio::select! {
            biased;
            () = self.stop.as_mut() => return Err((talk, NotLaunched::Stopped)),
            reserved = self.links.reserve(way, wanted, patience, &mut self.run.dice) => reserved,
        };
        let (link, identifier) = match reserved {
            Ok(reserved) => reserved,
            Err(error) => return Err((talk, NotLaunched::Failed(error))),
        };
        let fixed = job.authenticator.filter(|_| round == 0);
        let authenticator = fixed.unwrap_or_else(|| self.run.dice.authenticator());
        let dice = &mut self.run.dice;
        let octets = match talk.request(identifier, &authenticator, dice) {
            Ok(octets) => octets,
            Err(why) => {
                if let Some(open) = self.links.at(link) {
                    open.flow.release(identifier);
                }
                self.finish(talk, ended(why));
                return Ok(());
            }
        };
        let job = &talk.job;
        let tag = self.next;
        self.next += 1;
        let policy = job.policy.over(job.transport);
        let exchange = Exchange::new(octets, Arc::clone(&job.secret), server, policy)
            .with_demands(job.demands)
            .with_renewal(job.renewal)
            .with_tag(tag);
        self.talks.insert(tag, *talk);
        if let Some(open) = self.links.at(link) {
            // The Identifier has just been reserved on this flow, so that it cannot be taken.
            let _ = open.flow.insert(exchange, clock::now());
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
        while let Some((mut talk, error)) = self.failed.pop() {
            if self.next_address(&mut talk, &error) {
                self.begin(talk).await;
            } else {
                self.finish(talk, Ended::Failed(error));
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
        if let Err(error) = sent {
            return self.unsent(index, octets, error);
        }
        if let Some(talk) = self.talks.get(&tag) {
            let event = Event::Sent {
                packet: octets,
                peer: talk.server(),
                transport: talk.job.transport,
                secret: &talk.job.secret,
                attempt,
            };
            self.wanted &= self.run.sink.event(&event);
        }
    }

    /// A packet could not be sent. A fault of the peer's is about packets before this one and ends the link; a fault
    /// of this machine ends the conversation alone, and this transmission does not count.
    fn unsent(&mut self, index: usize, octets: &[u8], error: SocketError) {
        if error.is_remote() {
            return self.break_link(index, &error);
        }
        let Some((exchange, mut talk)) = self.cancel(index, octets) else {
            return;
        };
        let round = round(exchange, None);
        let attempts = round.attempts.saturating_sub(1);
        talk.rounds.push(Round { attempts, ..round });
        self.finish(talk, Ended::Failed(error));
    }

    /// Takes the exchange that has a packet's Identifier, and its conversation, out of everything.
    fn cancel(&mut self, index: usize, octets: &[u8]) -> Option<(Exchange, Box<Talk>)> {
        let identifier = octets.get(1).copied().unwrap_or(0);
        let exchange = self.links.at(index)?.flow.cancel(identifier)?;
        let talk = self.talks.remove(&exchange.tag())?;
        Some((*exchange, Box::new(talk)))
    }

    /// A retransmission of accounting tells a longer delay and is a new packet (RFC 2866 §5.2). Where there is no
    /// Identifier left for it, the old octets go out again.
    fn renew(&mut self, index: usize, tag: u64, identifier: u8, delay: Duration) {
        let now = clock::now();
        let (Some(link), Some(talk)) = (self.links.at(index), self.talks.get_mut(&tag)) else {
            return;
        };
        let tried = u32::try_from(delay.as_secs()).unwrap_or(u32::MAX);
        let seconds = talk.delay.saturating_add(tried);
        let set = talk
            .job
            .script
            .draft_mut()
            .set(AttributeType::ACCT_DELAY_TIME, &seconds.to_be_bytes());
        let fresh = link.flow.reserve(None).ok();
        let dice = &mut self.run.dice;
        let built = match (set, fresh) {
            (Ok(()), Some(fresh)) => talk.job.build(fresh, &[0; 16], &mut || dice.salt()).ok(),
            _ => None,
        };
        match (built, fresh) {
            (Some(octets), Some(_)) => link.flow.renew(identifier, octets, now),
            (None, Some(fresh)) => {
                link.flow.release(fresh);
                link.flow.keep(identifier, now);
            }
            _ => link.flow.keep(identifier, now),
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
            Arrival::Reply { exchange, reply } => self.answer(*exchange, reply, octets).await,
            Arrival::Ignored { request, why } => {
                let dropped = Dropped {
                    octets: octets.clone(),
                    from,
                    why,
                };
                let identifier = dropped.octets.get(1).copied().unwrap_or(0);
                let known = link.flow.exchange(identifier);
                let event = Event::Ignored {
                    dropped: &dropped,
                    request: known.map(|exchange| (exchange.secret().as_ref(), exchange.authenticator())),
                };
                self.wanted &= self.run.sink.event(&event);
                let Some(talk) = request.and_then(|tag| self.talks.get_mut(&tag)) else {
                    return;
                };
                let bad = dropped.why.is_untrusted() || dropped.why.is_violation();
                let last = bad && talk.job.transport.is_stream();
                talk.ignored.push(dropped);
                if last {
                    self.give_up(index, &octets);
                }
            }
        }
    }

    /// A stream carries one reply to a request; where that is bad, no better one will come.
    fn give_up(&mut self, index: usize, octets: &[u8]) {
        if let Some((exchange, mut talk)) = self.cancel(index, octets) {
            talk.rounds.push(round(exchange, None));
            self.finish(talk, Ended::GaveUp(GaveUp::Retries));
        }
    }

    /// Takes a reply: the conversation is over, or goes on.
    async fn answer(&mut self, exchange: Exchange, reply: Reply, octets: Vec<u8>) {
        let Some(mut talk) = self.talks.remove(&exchange.tag()) else {
            return;
        };
        if reply.attempts == 1 {
            self.run.pace.answered(reply.rtt);
        }
        let event = Event::Received {
            packet: &octets,
            peer: talk.server(),
            secret: &talk.job.secret,
            reply: &reply,
        };
        self.wanted &= self.run.sink.event(&event);
        let request_authenticator = reply.request_authenticator;
        talk.rounds.push(round(
            exchange,
            Some(Answer {
                octets: octets.clone(),
                reply,
            }),
        ));
        let mut talk = Box::new(talk);
        let turn = Packet::parse(&octets).map_or(Ok(Turn::Done), |packet| {
            talk.reply(&packet, &request_authenticator, &mut self.run.dice)
        });
        let turn = match turn {
            Ok(Turn::Ask { prompt, echo }) => match self.run.answers.answer(&prompt, echo) {
                Some(response) => talk.respond(response).map(|()| Turn::Again),
                None => return self.finish(talk, Ended::Unanswered),
            },
            turn => turn,
        };
        match turn {
            // A login counts its own rounds, and knows how many it may need.
            Ok(Turn::Again) if talk.dialogue.is_none() && talk.rounds.len() >= MAX_ROUNDS as usize => {
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

    /// The conversation with its next address, if the failure is of this address and there is another one to try.
    /// Only a first round moves: State means nothing to another server.
    fn next_address(&mut self, talk: &mut Talk, error: &SocketError) -> bool {
        if !error.is_of_address() {
            return false;
        }
        self.links.mark(Way::of(&talk.job, talk.server()));
        let count = talk.job.addresses.len();
        talk.failures += 1;
        if talk.answered() > 0 || talk.failures >= count {
            return false;
        }
        talk.address = (talk.address + 1) % count;
        talk.dialogue = None;
        talk.rounds.clear();
        true
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
        while let Some(talk) = self.parked.pop_front() {
            self.finish(talk, Ended::Interrupted);
        }
    }

    fn finish(&mut self, talk: Box<Talk>, ended: Ended) {
        self.freed = true;
        let outcome = Outcome {
            index: talk.job.index,
            server: talk.server(),
            transport: talk.job.transport,
            name: talk.job.name,
            secret: talk.job.secret,
            rounds: talk.rounds,
            ignored: talk.ignored,
            waited: clock::now().saturating_duration_since(talk.began),
            ended,
            login: talk.dialogue.map(|dialogue| Box::new(dialogue.facts)),
        };
        self.wanted &= self.run.sink.event(&Event::Finished(&outcome));
    }
}

/// Why a request was not handed to a flow.
enum NotLaunched {
    Failed(SocketError),
    Stopped,
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
    /// How many of its requests were answered: the number of its round, from 0.
    fn answered(&self) -> usize {
        self.rounds.iter().filter(|round| round.answer.is_some()).count()
    }

    /// The octets of the next request.
    fn request(
        &mut self,
        identifier: u8,
        authenticator: &Authenticator,
        dice: &mut Dice,
    ) -> Result<Vec<u8>, Speechless> {
        if self.dialogue.is_none()
            && let Some(voices) = self.job.script.voices()
        {
            let voice = voices.make().map_err(Speechless::Unfit)?;
            self.dialogue = Some(Box::new(Dialogue::new(voice)));
        }
        let Some(dialogue) = &mut self.dialogue else {
            return Ok(self.job.build(identifier, authenticator, &mut || dice.salt())?);
        };
        let hiding = Hiding {
            secret: &self.job.secret,
            authenticator,
        };
        let draft = dialogue.request(self.job.script.draft(), &hiding, dice)?;
        let built = self
            .job
            .build_with(&draft, identifier, authenticator, &mut || dice.salt());
        Ok(built?)
    }

    /// Takes a reply.
    fn reply(
        &mut self,
        packet: &Packet<'_>,
        request: &Authenticator,
        dice: &mut Dice,
    ) -> Result<Turn, BuildError> {
        let Some(dialogue) = &mut self.dialogue else {
            return self.job.script.reply(packet);
        };
        let hiding = Hiding {
            secret: &self.job.secret,
            authenticator: request,
        };
        Ok(match dialogue.reply(packet, &hiding, dice) {
            Wish::Over => Turn::Done,
            Wish::Again => Turn::Again,
            Wish::Ask(prompt) => match self.job.script.next_response() {
                Some(response) => {
                    dialogue.answer(response);
                    Turn::Again
                }
                None => Turn::Ask {
                    prompt,
                    echo: may_echo(packet),
                },
            },
        })
    }

    /// Answers what the server asked.
    fn respond(&mut self, response: Secret) -> Result<(), BuildError> {
        match &mut self.dialogue {
            Some(dialogue) => {
                dialogue.answer(response);
                Ok(())
            }
            None => self.job.script.respond(response),
        }
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

fn ended(why: Speechless) -> Ended {
    match why {
        Speechless::Unfit(unfit) => Ended::Unfit(unfit),
        Speechless::Build(error) => Ended::Unbuildable(error),
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
