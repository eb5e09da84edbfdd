//! The loop itself.

mod end;
mod start;

use std::collections::{HashMap, VecDeque};
use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime};

use tokio::task::JoinHandle;
use tokio::time::{Sleep, sleep_until};

use crate::client::active::Active;
use crate::client::lane::{News, Open, State};
use crate::client::pace::Schedule;
use crate::client::routes::{LaneId, Routes};
use crate::client::{Answers, Job, Pace, Question};
use crate::codec::Secret;
use crate::exchange::Due;
use crate::net::dice::Dice;
use crate::net::{LONGEST, SocketError, clock};
use crate::outcome::{Event, Failure, Sink, Totals};

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

    fn wall(&self, at: Option<Instant>) -> SystemTime {
        at.map_or(self.start_wall, |at| wall(self.start, self.start_wall, at))
    }
}

/// An instant by the wall clock, which is asked once a run, so that its leaps make no difference.
fn wall(start: Instant, start_wall: SystemTime, at: Instant) -> SystemTime {
    start_wall + at.saturating_duration_since(start)
}
