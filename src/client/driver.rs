//! The one loop of the client.

mod replies;
mod talk;
mod watch;
mod work;

use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use self::talk::{Talk, ended, round};
use self::watch::Staying;
use super::care::Care;
use super::job::Job;
use super::links::{Links, Way};
use super::pace::Pace;
use crate::codec::Secret;
use crate::exchange::Exchange;
use crate::net::dice::Dice;
use crate::net::{SocketError, clock};
use crate::outcome::{Ended, Event, Outcome, Sink};

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
    /// What becomes of connections besides.
    pub care: Care,
    /// Who answers challenges.
    pub answers: &'r mut dyn Answers,
    /// Who is told.
    pub sink: &'r mut dyn Sink,
    /// Randomness for Identifiers, authenticators, salts and jitter.
    pub dice: Dice,
}

/// Has all the conversations, until they are over or `stop` is ready; then those that go on end as interrupted.
pub async fn run(run: Run<'_>, jobs: &mut dyn Iterator<Item = Job>, stop: impl Future<Output = ()>) {
    let links = Links::new(run.care.watchdog);
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
        staying: Staying::default(),
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
    staying: Staying,
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
            let over = self.running() == 0 && !more;
            if over && !self.stays().await {
                break;
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
            let stays = self.stays_until().filter(|_| over);
            let wake = [self.links.deadline(), pace, stays].into_iter().flatten().min();
            tokio::select! {
                biased;
                () = self.stop.as_mut() => self.stopped = true,
                (link, received) = self.links.receive() => self.take(link, received).await,
                () = sleep_until(wake) => {}
            }
        }
        self.interrupt();
        self.left();
        self.links.finish().await;
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
            handshake: None,
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
            reserved = self.links.reserve(way, (job.security.as_ref(), &job.secret), wanted, patience, &mut self.run.dice) => reserved,
        };
        let (link, number) = match reserved {
            Ok(reserved) => reserved,
            Err(error) => return Err((talk, NotLaunched::Failed(error))),
        };
        self.greet(link, &mut talk);
        let job = &talk.job;
        let fixed = job.authenticator.filter(|_| round == 0);
        let authenticator = fixed.unwrap_or_else(|| self.run.dice.authenticator());
        let dice = &mut self.run.dice;
        let octets = match talk.request(number, &authenticator, dice) {
            Ok(octets) => octets,
            Err(why) => {
                if let Some(open) = self.links.at(link) {
                    open.flow.release(number);
                }
                self.finish(talk, ended(why));
                return Ok(());
            }
        };
        self.tell_news(&mut talk);
        let job = &talk.job;
        let tag = self.next;
        self.next += 1;
        let policy = job.policy.over(job.transport);
        let exchange = Exchange::new(octets, Arc::clone(&job.secret), server, policy)
            .with_demands(job.demands)
            .with_renewal(job.renewal)
            .over(talk.version())
            .with_tag(tag);
        self.talks.insert(tag, *talk);
        if let Some(open) = self.links.at(link) {
            // The number has just been reserved on this link, so that it cannot be taken; octets that were given as
            // they are may have any Token, and then wait for the one that has it.
            open.flow.insert(exchange, clock::now());
        }
        Ok(())
    }

    /// Notes what the handshake of a link came to, and tells of it where nobody was told yet.
    fn greet(&mut self, link: usize, talk: &mut Talk) {
        let Some(open) = self.links.at(link) else { return };
        talk.handshake = open.handshake().cloned();
        self.tell_handshake(link);
    }

    /// The conversation with its next address, if the failure is of this address and there is another one to try.
    /// Only a first round moves: State means nothing to another server.
    fn next_address(&mut self, talk: &mut Talk, error: &SocketError) -> bool {
        if !error.is_of_address() {
            return false;
        }
        self.links.mark(Way::of(&talk.job, talk.server()));
        talk.answered() == 0 && talk.advance()
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
            handshake: talk.handshake,
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

async fn sleep_until(wake: Option<Instant>) {
    match wake {
        Some(wake) => tokio::time::sleep_until(wake.into()).await,
        None => std::future::pending().await,
    }
}
