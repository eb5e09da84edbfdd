//! The loop itself.

use std::collections::{HashMap, VecDeque};
use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime};

use tokio::task::JoinHandle;
use tokio::time::{Sleep, sleep_until};

use super::active::Active;
use super::lane::{News, Open, State};
use super::pace::Schedule;
use super::routes::{LaneId, Routes};
use super::{Answers, Job, Next, Pace, Question, Turn};
use crate::codec::{Packet, Secret};
use crate::exchange::{Arrival, Due, Exchange, Ignored, Renewal, Reply, Taken};
use crate::net::dice::Dice;
use crate::net::{LONGEST, SocketError, clock};
use crate::outcome::{Answer, Event, Failure, Outcome, Sink, Stray, Totals};

/// How many requests are started before replies are looked at again.
const BURST: usize = 64;

/// Makes every request of `jobs` at this pace, and tells `sink` all that happens. Ends when each has come to
/// something, or early when `stop` is ready: then those in flight come to [`Failure::Interrupted`]. An error is the
/// sink's.
pub async fn run(
    jobs: impl IntoIterator<Item = Job>,
    pace: Pace,
    dice: Dice,
    answers: Arc<dyn Answers>,
    sink: &mut dyn Sink,
    stop: impl Future<Output = ()>,
) -> io::Result<Totals> {
    let start = clock::now();
    let mut driver = Driver {
        routes: Routes::default(),
        actives: HashMap::new(),
        parked: VecDeque::new(),
        asks: VecDeque::new(),
        asking: None,
        answers,
        dice,
        sink,
        totals: Totals::default(),
        schedule: Schedule::new(pace, start),
        begun: 0,
        freed: false,
        start,
        start_wall: clock::wall(),
        buffer: vec![0; LONGEST].into_boxed_slice(),
    };
    driver.run(&mut jobs.into_iter(), stop).await?;
    driver.totals.elapsed = clock::now().saturating_duration_since(start);
    Ok(driver.totals)
}

struct Driver<'a> {
    routes: Routes,
    /// All requests that have not come to anything yet, by their index.
    actives: HashMap<u64, Active>,
    /// Those for which there is no lane at the moment.
    parked: VecDeque<u64>,
    /// Those that wait for somebody's answer.
    asks: VecDeque<(u64, LaneId, Question)>,
    /// The one that somebody is asked about.
    asking: Option<(u64, LaneId, JoinHandle<Option<Secret>>)>,
    answers: Arc<dyn Answers>,
    dice: Dice,
    sink: &'a mut dyn Sink,
    totals: Totals,
    schedule: Schedule,
    begun: u64,
    /// Whether an Identifier became free since those that wait for one were last tried.
    freed: bool,
    start: Instant,
    start_wall: SystemTime,
    buffer: Box<[u8]>,
}

/// What ended a wait.
enum Happened {
    Stop,
    Time,
    News(LaneId, News),
    Answered(Option<Secret>),
}

impl Driver<'_> {
    async fn run(
        &mut self,
        jobs: &mut impl Iterator<Item = Job>,
        stop: impl Future<Output = ()>,
    ) -> io::Result<()> {
        let mut stop = std::pin::pin!(stop);
        let mut timer = std::pin::pin!(sleep_until(self.start.into()));
        let mut more = true;
        loop {
            let now = clock::now();
            let mut started = 0;
            while more
                && started < BURST
                && self.schedule.next(self.actives.len()).is_some_and(|at| at <= now)
            {
                match jobs.next() {
                    Some(job) => self.begin(job)?,
                    None => more = false,
                }
                self.schedule.count();
                started += 1;
            }
            self.ask();
            self.drive(now).await?;
            if !more && self.actives.is_empty() {
                return Ok(());
            }
            let next = self.schedule.next(self.actives.len()).filter(|_| more);
            let due = self.routes.first_due().map(|(at, _)| at);
            let until = next.into_iter().chain(due).min();
            match self.wait(until, timer.as_mut(), stop.as_mut()).await {
                Happened::Time => {}
                Happened::Stop => return self.interrupt(more),
                Happened::Answered(answer) => self.answered(answer)?,
                Happened::News(lane, News::Opened(Ok(link))) => {
                    let start = self.dice.octet();
                    let opened = State::open(link, start);
                    self.opened(lane, opened)?;
                }
                Happened::News(lane, News::Opened(Err(error)) | News::Failed(error)) => {
                    self.fail(lane, &error)?;
                }
                Happened::News(lane, News::Packet(length)) => self.receive(lane, length)?,
            }
            self.unpark()?;
        }
    }

    /// Waits for the first of: a stop, an answer, news from a lane, the instant.
    async fn wait(
        &mut self,
        until: Option<Instant>,
        mut timer: Pin<&mut Sleep>,
        mut stop: Pin<&mut impl Future<Output = ()>>,
    ) -> Happened {
        let Driver {
            routes,
            asking,
            buffer,
            ..
        } = self;
        poll_fn(|cx| {
            if stop.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Happened::Stop);
            }
            if let Some((_, _, handle)) = asking
                && let Poll::Ready(answer) = Pin::new(handle).poll(cx)
            {
                // Whoever asks and panics has no answer.
                return Poll::Ready(Happened::Answered(answer.unwrap_or(None)));
            }
            if let Poll::Ready((lane, news)) = routes.poll(cx, buffer) {
                return Poll::Ready(Happened::News(lane, news));
            }
            let Some(until) = until else { return Poll::Pending };
            // The timer is moved forward only: where it fires too early, it is set anew.
            if timer.is_elapsed() || timer.deadline() > until.into() {
                if until <= clock::now() {
                    return Poll::Ready(Happened::Time);
                }
                timer.as_mut().reset(until.into());
            }
            timer.as_mut().poll(cx).map(|()| Happened::Time)
        })
        .await
    }

    fn begin(&mut self, job: Job) -> io::Result<()> {
        let way = self.routes.to(&job.target);
        let active = Active::new(job, self.begun, way);
        self.begun += 1;
        self.place(active)
    }

    /// Finds a lane for the next request of a conversation.
    fn place(&mut self, mut active: Active) -> io::Result<()> {
        loop {
            let start = self.dice.octet();
            let unplaced = match self.routes.place(active.way, active.wanted(), start) {
                Ok(lane) => return self.launch(lane, active),
                Err(unplaced) => unplaced,
            };
            if unplaced.error.is_of_address() {
                self.sink.event(&Event::Unreachable {
                    transport: active.job.target.transport,
                    error: &unplaced.error,
                })?;
                self.routes.leave(active.way, unplaced.address);
                active.unreachable.push(unplaced.error.clone());
                if active.may_try_another() {
                    continue;
                }
            } else if self.routes.is_busy(active.way) {
                self.park(active);
                return Ok(());
            }
            return self.finish(active.failed(Failure::Socket(unplaced.error)));
        }
    }

    /// Puts a request aside until an Identifier is free for it.
    fn park(&mut self, active: Active) {
        self.parked.push_back(active.index);
        self.actives.insert(active.index, active);
    }

    /// Tries again to place those that were put aside, as long as that goes.
    fn unpark(&mut self) -> io::Result<()> {
        if !std::mem::take(&mut self.freed) {
            return Ok(());
        }
        for _ in 0..self.parked.len() {
            let Some(active) = self
                .parked
                .pop_front()
                .and_then(|index| self.actives.remove(&index))
            else {
                continue;
            };
            let before = self.parked.len();
            self.place(active)?;
            if self.parked.len() > before {
                // No room yet; it keeps its turn.
                self.parked.rotate_right(1);
                break;
            }
        }
        Ok(())
    }

    /// Builds the next request of a conversation and hands it to the lane; it is sent by [`Driver::drive`].
    fn launch(&mut self, id: LaneId, mut active: Active) -> io::Result<()> {
        let Some(open) = self.routes.open(id) else {
            if let Some(lane) = self.routes.lane(id) {
                lane.waiting.push_back(active.index);
            }
            self.actives.insert(active.index, active);
            return Ok(());
        };
        let wanted = active.wanted();
        let Ok(identifier) = open.flow.reserve(wanted) else {
            // The lane had room when it was chosen; should that ever fail, the request waits for its turn.
            self.park(active);
            return Ok(());
        };
        let octets = match build(&mut active, identifier, Duration::ZERO, &mut self.dice) {
            Ok(octets) => octets,
            Err(failure) => {
                open.flow.release(identifier);
                return self.finish(active.failed(failure));
            }
        };
        let job = &active.job;
        let peer = open.link.peer();
        let policy = job.policy.over(job.target.transport);
        let renewal = match wanted {
            Some(_) => Renewal::Never,
            None => job.renewal,
        };
        let exchange = Exchange::new(octets, Arc::clone(&job.secret), peer, policy)
            .with_demands(job.demands)
            .with_renewal(renewal)
            .with_tag(active.index);
        let actual = exchange.identifier();
        if actual != identifier {
            open.flow.release(identifier);
        }
        match open.flow.insert(exchange, clock::now()) {
            Ok(()) => {
                active.route = Some(open.route());
                self.actives.insert(active.index, active);
                Ok(())
            }
            Err(Taken(_)) => self.finish(active.failed(Failure::IdentifierInUse { identifier: actual })),
        }
    }

    /// A connection stands: everything that waited for it goes out.
    fn opened(&mut self, id: LaneId, state: State) -> io::Result<()> {
        let Some(lane) = self.routes.lane(id) else {
            return Ok(());
        };
        lane.state = state;
        let waiting = std::mem::take(&mut lane.waiting);
        if let Some(open) = self.routes.open(id) {
            let route = open.route();
            self.sink.event(&Event::Connected { route })?;
        }
        for index in waiting {
            if let Some(active) = self.actives.remove(&index) {
                self.launch(id, active)?;
            }
        }
        Ok(())
    }

    /// Does everything that is due: sends, renews, gives up.
    async fn drive(&mut self, now: Instant) -> io::Result<()> {
        while let Some((at, id)) = self.routes.first_due() {
            if at > now.max(clock::now()) {
                break;
            }
            self.drive_lane(id).await?;
        }
        Ok(())
    }

    /// Does everything that is due in one lane.
    async fn drive_lane(&mut self, id: LaneId) -> io::Result<()> {
        while let Some(open) = self.routes.open(id) {
            let route = open.route();
            let Open { link, flow } = open;
            let now = clock::now();
            let (identifier, delay) = match flow.poll(now, self.dice.jitter()) {
                None => return Ok(()),
                Some(Due::Send(exchange)) => {
                    match link.send(exchange.request()).await {
                        Ok(()) => self.sink.event(&Event::Sent {
                            request: exchange.tag(),
                            attempt: exchange.attempts(),
                            at: wall(self.start, self.start_wall, now),
                            route,
                            octets: exchange.request(),
                            secret: exchange.secret(),
                        })?,
                        Err(error) => {
                            let identifier = exchange.identifier();
                            self.unsent(id, identifier, error)?;
                        }
                    }
                    continue;
                }
                Some(Due::GaveUp { exchange, why }) => {
                    let failure = Failure::NoReply {
                        limit: why,
                        attempts: exchange.attempts(),
                        after: exchange
                            .first_sent()
                            .map_or(Duration::ZERO, |first| now.saturating_duration_since(first)),
                    };
                    self.give_up(*exchange, 0, failure)?;
                    continue;
                }
                Some(Due::Renew { exchange, delay }) => (exchange.identifier(), delay),
            };
            self.renew(id, identifier, delay)?;
        }
        Ok(())
    }

    /// Builds a request anew that tells how long it has been tried (RFC 2866 §5.2). Where no Identifier is free for
    /// it, the old one is sent again, which is as good.
    fn renew(&mut self, id: LaneId, identifier: u8, delay: Duration) -> io::Result<()> {
        let Some(open) = self.routes.open(id) else {
            return Ok(());
        };
        let tag = open.flow.exchange(identifier).map(Exchange::tag);
        let active = tag.and_then(|tag| self.actives.get_mut(&tag));
        let (Some(active), Ok(fresh)) = (active, open.flow.reserve(None)) else {
            open.flow.keep(identifier, clock::now());
            return Ok(());
        };
        match build(active, fresh, delay, &mut self.dice) {
            Ok(octets) if octets.get(1) == Some(&fresh) => {
                open.flow.renew(identifier, octets, clock::now());
                Ok(())
            }
            Ok(_) => {
                open.flow.release(fresh);
                open.flow.keep(identifier, clock::now());
                Ok(())
            }
            Err(failure) => {
                open.flow.release(fresh);
                match open.flow.cancel(identifier) {
                    Some(exchange) => self.give_up(*exchange, 0, failure),
                    None => Ok(()),
                }
            }
        }
    }

    /// A packet could not be sent. A fault of the peer's ends the lane, since it is about packets before this one; a
    /// fault of ours ends the request.
    fn unsent(&mut self, id: LaneId, identifier: u8, error: SocketError) -> io::Result<()> {
        if error.is_remote() {
            return self.fail(id, &error);
        }
        let exchange = self.routes.open(id).and_then(|open| open.flow.cancel(identifier));
        match exchange {
            Some(exchange) => self.give_up(*exchange, 1, Failure::Socket(error)),
            None => Ok(()),
        }
    }

    /// Takes what came: `length` octets in the buffer.
    fn receive(&mut self, id: LaneId, length: usize) -> io::Result<()> {
        let Some(open) = self.routes.open(id) else {
            return Ok(());
        };
        let (now, route) = (clock::now(), open.route());
        let octets = self.buffer.get(..length).unwrap_or(&self.buffer);
        let at = wall(self.start, self.start_wall, now);
        match open.flow.receive(now, route.peer, octets) {
            Arrival::Reply { exchange, reply } => {
                if let Some(lane) = self.routes.lane(id) {
                    lane.answered = true;
                }
                self.sink.event(&Event::Received {
                    request: exchange.tag(),
                    at,
                    route,
                    octets,
                    seals: reply.seals,
                    request_authenticator: &reply.request_authenticator,
                    secret: exchange.secret(),
                })?;
                self.reply(id, *exchange, reply, length)
            }
            Arrival::Ignored { request, why } => {
                self.sink.event(&Event::Ignored {
                    request,
                    at,
                    route,
                    octets,
                    why: &why,
                })?;
                self.totals.bad_replies.record(&why);
                self.ignored(id, request, why, length)
            }
        }
    }

    /// Goes on with a conversation after a reply.
    fn reply(&mut self, id: LaneId, exchange: Exchange, reply: Reply, length: usize) -> io::Result<()> {
        let Some(mut active) = self.actives.remove(&exchange.tag()) else {
            return Ok(());
        };
        if reply.attempts == 1 {
            self.schedule.answered(reply.rtt);
        }
        let octets = self.buffer.get(..length).unwrap_or(&self.buffer);
        let answer = Answer {
            octets: octets.to_vec(),
            seals: reply.seals,
            request_authenticator: reply.request_authenticator,
            rtt: reply.rtt,
            since_last: reply.since_last,
        };
        let next = match Packet::parse(octets) {
            Ok(packet) => active
                .job
                .conversation
                .reply(&packet, &answer, &active.job.secret),
            // A reply has a header; there is nothing to go on with where it has not.
            Err(_) => Next::Done,
        };
        let sent = self.wall(exchange.first_sent());
        active.note(exchange, 0, sent, Some(answer));
        active.round += 1;
        let limit = active.job.max_rounds;
        match next {
            Next::Done => self.finish(active.answered(reply.code)),
            Next::Failed => self.finish(active.failed(Failure::Method)),
            Next::Again | Next::Ask(_) if active.round >= limit => {
                self.finish(active.failed(Failure::TooManyRounds { limit }))
            }
            Next::Again => self.go_on(id, active),
            Next::Ask(question) => {
                self.asks.push_back((active.index, id, question));
                self.actives.insert(active.index, active);
                Ok(())
            }
        }
    }

    /// The next round: by the lane of the last one, so that the server sees one client.
    fn go_on(&mut self, id: LaneId, active: Active) -> io::Result<()> {
        if self.routes.leads(id, active.way, active.wanted()) {
            self.launch(id, active)
        } else {
            self.place(active)
        }
    }

    /// Keeps a packet that was no reply. On a stream nothing better will come, so that a bad answer is the end.
    fn ignored(&mut self, id: LaneId, request: Option<u64>, why: Ignored, length: usize) -> io::Result<()> {
        let octets = self.buffer.get(..length).unwrap_or(&self.buffer);
        let Some(active) = request.and_then(|index| self.actives.get_mut(&index)) else {
            return Ok(());
        };
        let last = why.is_untrusted() || why.is_violation();
        active.strays.push(Stray {
            octets: octets.to_vec(),
            why,
        });
        if !last || !active.job.target.transport.is_stream() {
            return Ok(());
        }
        let identifier = octets.get(1).copied();
        let open = self.routes.open(id);
        match open
            .zip(identifier)
            .and_then(|(open, identifier)| open.flow.cancel(identifier))
        {
            Some(exchange) => self.give_up(*exchange, 0, Failure::BadReply),
            None => Ok(()),
        }
    }

    /// A lane is lost with all that was in it. What another address can still answer goes there.
    fn fail(&mut self, id: LaneId, error: &SocketError) -> io::Result<()> {
        let Some((way, mut lane)) = self.routes.close(id) else {
            return Ok(());
        };
        let exchanges = match &mut lane.state {
            State::Open(open) => open.flow.cancel_all(),
            State::Opening(_) => Vec::new(),
        };
        let used = lane.answered && exchanges.is_empty();
        let mut lost: Vec<u64> = lane.waiting.into_iter().collect();
        for exchange in exchanges {
            let (tag, sent) = (exchange.tag(), self.wall(exchange.first_sent()));
            if let Some(active) = self.actives.get_mut(&tag) {
                active.note(*exchange, 0, sent, None);
                lost.push(tag);
            }
        }
        lost.sort_unstable();
        let transport = lost
            .first()
            .and_then(|index| self.actives.get(index))
            .map(|active| active.job.target.transport);
        if let Some(transport) = transport {
            self.sink.event(&Event::Unreachable { transport, error })?;
        }
        if !used && error.is_of_address() {
            self.routes.leave(way, lane.address);
        }
        for index in lost {
            let Some(mut active) = self.actives.remove(&index) else {
                continue;
            };
            if !error.is_of_address() && self.routes.is_busy(way) {
                // No connection more, but those that there are go on.
                self.park(active);
                continue;
            }
            active.unreachable.push(error.clone());
            if error.is_of_address() && !lane.answered && active.may_try_another() {
                self.place(active)?;
            } else {
                self.finish(active.failed(Failure::Socket(error.clone())))?;
            }
        }
        Ok(())
    }

    /// Asks the next question, if nobody is being asked.
    fn ask(&mut self) {
        if self.asking.is_some() {
            return;
        }
        if let Some((index, lane, question)) = self.asks.pop_front() {
            let answers = Arc::clone(&self.answers);
            let handle = tokio::task::spawn_blocking(move || answers.answer(&question));
            self.asking = Some((index, lane, handle));
        }
    }

    fn answered(&mut self, answer: Option<Secret>) -> io::Result<()> {
        let Some((index, lane, _)) = self.asking.take() else {
            return Ok(());
        };
        let Some(mut active) = self.actives.remove(&index) else {
            return Ok(());
        };
        match answer {
            Some(answer) => {
                active.job.conversation.answer(answer);
                self.go_on(lane, active)
            }
            None => self.finish(active.failed(Failure::NoAnswer)),
        }
    }

    /// Ends the run: everything that has not come to anything is given up.
    fn interrupt(&mut self, more: bool) -> io::Result<()> {
        self.totals.interrupted = more || !self.actives.is_empty();
        for id in self.routes.ids() {
            let Some((_, mut lane)) = self.routes.close(id) else {
                continue;
            };
            let State::Open(open) = &mut lane.state else {
                continue;
            };
            for exchange in open.flow.cancel_all() {
                let sent = self.wall(exchange.first_sent());
                if let Some(active) = self.actives.get_mut(&exchange.tag()) {
                    active.note(*exchange, 0, sent, None);
                }
            }
        }
        let mut rest: Vec<Active> = self.actives.drain().map(|(_, active)| active).collect();
        rest.sort_unstable_by_key(|active| active.index);
        for active in rest {
            self.finish(active.failed(Failure::Interrupted))?;
        }
        Ok(())
    }

    /// Ends a request that has no reply. `unsent` of its transmissions were counted but not made.
    fn give_up(&mut self, exchange: Exchange, unsent: u32, failure: Failure) -> io::Result<()> {
        let sent = self.wall(exchange.first_sent());
        let Some(mut active) = self.actives.remove(&exchange.tag()) else {
            return Ok(());
        };
        active.note(exchange, unsent, sent, None);
        self.finish(active.failed(failure))
    }

    fn finish(&mut self, outcome: Outcome) -> io::Result<()> {
        self.freed = true;
        self.totals.record(&outcome);
        self.sink.event(&Event::Finished(&outcome))
    }

    fn wall(&self, at: Option<Instant>) -> SystemTime {
        at.map_or(self.start_wall, |at| wall(self.start, self.start_wall, at))
    }
}

/// An instant by the wall clock, which is asked once a run, so that its leaps make no difference.
fn wall(start: Instant, start_wall: SystemTime, at: Instant) -> SystemTime {
    start_wall + at.saturating_duration_since(start)
}

/// The octets of the next request.
fn build(active: &mut Active, identifier: u8, delay: Duration, dice: &mut Dice) -> Result<Vec<u8>, Failure> {
    let given = active.job.authenticator.filter(|_| active.round == 0);
    let authenticator = given.unwrap_or_else(|| dice.authenticator());
    let turn = Turn {
        round: active.round,
        identifier,
        authenticator,
        secret: &active.job.secret,
        delay,
        dice,
    };
    active.job.conversation.request(turn).map_err(Failure::Build)
}
