//! DRIVER: a responder on sockets.
//!
//! ```text
//!   UDP socket ─ thread ─┐                    ┌─▶ reply, at once, with all others of the batch
//!   UDP socket ─ thread ─┤                    ├─▶ later     one thread: replies that are held back
//!        (as many as there are processors)    │
//!                        ├─ desk ─ responder ─┼─▶ journal   one thread: write, sync, then the replies
//!   TCP connection ─ task┤                    └─▶ upstream  one thread: other servers, then their replies
//!   TCP connection ─ task┘ (all on one thread, with TLS and DTLS)
//! ```
//!
//! [`Server::start`] opens everything or nothing; [`Server::stop`] answers what was asked, stores what is to be
//! stored, and counts up. Knows sockets, threads and the clock; what RADIUS means is the responder's business, words
//! are `report`'s.

mod datagrams;
mod desk;
mod down;
mod event;
mod gathering;
mod journal;
mod later;
mod post;
mod security;
mod stream;
mod tally;
#[cfg(test)]
mod tests;
mod udp;
mod upstream;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::Instant;

use tokio::sync::watch;

use crate::exchange::Transport;
use crate::net::{Call, SocketError, TcpListener, UdpListener, clock};
use crate::responder::{Responder, Role, Settings};

pub use event::{Event, Handled, Parting, Silent, Sink, Sinks};
pub use journal::{Record, Records, Stored};
pub use security::Security;
pub use stream::StreamLimits;
pub use tally::{LATENCIES, Totals};
pub use upstream::Upstreams;

use down::Downs;
use gathering::Gathering;
use journal::{Journal, Log};
use later::Later;
use stream::Phase;
use tally::Tally;
use upstream::Upstream;

/// What a server is made of.
pub struct Config {
    /// What is decided, and how.
    pub settings: Settings,
    /// Where requests are awaited.
    pub listen: Vec<Listen>,
    /// How many threads serve each UDP address. Faults on purpose are repeatable with one alone.
    pub threads: usize,
    /// Where records are stored, and how they are written; not at all without.
    pub log: Option<(PathBuf, Arc<dyn Records>)>,
    /// What connections may take.
    pub streams: StreamLimits,
    /// The servers that answer what is passed on.
    pub upstreams: Upstreams,
    /// What secures TLS and DTLS.
    pub security: Security,
}

/// An address at which requests are awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listen {
    /// Over what they come.
    pub transport: Transport,
    /// Where; port 0 is any.
    pub address: SocketAddr,
    /// Which they are.
    pub role: Role,
}

/// A listener that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listening {
    /// Its number, from 0, in the order of the configuration.
    pub number: u16,
    /// Over what requests come.
    pub transport: Transport,
    /// Where it listens.
    pub address: SocketAddr,
    /// Which requests it serves.
    pub role: Role,
}

/// Why a server cannot start. Nothing is open then.
#[derive(Debug)]
pub enum StartError {
    /// A listener cannot be opened.
    Listen(SocketError),
    /// The accounting log cannot be opened.
    Log(PathBuf, io::Error),
    /// The system gives no threads or no event queue.
    System(io::Error),
}

/// What all threads share.
struct Shared {
    responder: Responder,
    sinks: Arc<dyn Sinks>,
    tallies: Mutex<Vec<Arc<Tally>>>,
    listening: Vec<Listening>,
    later: Later,
    journal: Option<Journal>,
    upstream: Upstream,
    downs: Downs,
    streams: StreamLimits,
    security: RwLock<Arc<Security>>,
    /// Counts how often settings or security were replaced.
    reloads: watch::Sender<u64>,
    stopping: AtomicBool,
}

/// A server that runs.
pub struct Server {
    shared: Arc<Shared>,
    started: Instant,
    workers: Vec<JoinHandle<()>>,
    later: Option<JoinHandle<()>>,
    journal: Option<JoinHandle<()>>,
    upstream: Option<JoinHandle<()>>,
    streams: Option<JoinHandle<()>>,
    phase: watch::Sender<Phase>,
}

impl Shared {
    /// Counters for another thread.
    fn tally(&self) -> Arc<Tally> {
        let tally = Arc::new(Tally::default());
        self.tallies
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Arc::clone(&tally));
        tally
    }

    /// What secures the next connections.
    fn security(&self) -> Arc<Security> {
        Arc::clone(&self.security.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn listening(&self, number: u16) -> Option<&Listening> {
        self.listening.get(usize::from(number))
    }
}

/// The sockets of one listener.
enum Open {
    Udp(UdpListener),
    Tcp(TcpListener),
    Dtls(tokio::net::UdpSocket, SocketAddr),
}

impl Server {
    /// Opens everything, then serves on threads of its own until it is stopped or dropped.
    ///
    /// # Errors
    ///
    /// What cannot be opened.
    pub fn start(mut config: Config, sinks: Arc<dyn Sinks>) -> Result<Server, StartError> {
        let log = config
            .log
            .map(|(path, records)| Log::open(&path, records).map_err(|error| StartError::Log(path, error)))
            .transpose()?;
        config.settings.record = log.is_some();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(StartError::System)?;
        let mut opened = Vec::new();
        let mut listening = Vec::new();
        for (number, listen) in (0..).zip(&config.listen) {
            let open = Open::new(listen, config.threads, &runtime).map_err(StartError::Listen)?;
            listening.push(Listening {
                number,
                transport: listen.transport,
                address: open.address(),
                role: listen.role,
            });
            opened.push(open);
        }
        let (journal, orders) = Journal::new();
        let (upstream, errands) = Upstream::new();
        let shared = Arc::new(Shared {
            responder: Responder::new(config.settings),
            sinks,
            tallies: Mutex::default(),
            listening,
            later: Later::default(),
            journal: log.is_some().then_some(journal),
            upstream,
            downs: Downs::default(),
            streams: config.streams,
            security: RwLock::new(Arc::new(config.security)),
            reloads: watch::Sender::new(0),
            stopping: AtomicBool::new(false),
        });
        let mut server = Server {
            started: clock::now(),
            workers: Vec::new(),
            later: None,
            journal: None,
            upstream: None,
            streams: None,
            phase: watch::Sender::new(Phase::Serving),
            shared,
        };
        let log = log.map(|log| (log, orders));
        let upstreams = (config.upstreams, errands);
        let spawned = server.spawn(opened, runtime, log, upstreams);
        match spawned {
            Ok(()) => Ok(server),
            Err(error) => {
                server.end();
                Err(StartError::System(error))
            }
        }
    }

    fn spawn(
        &mut self,
        opened: Vec<Open>,
        runtime: tokio::runtime::Runtime,
        log: Option<(Log, journal::Orders)>,
        (upstreams, errands): (Upstreams, upstream::Orders),
    ) -> io::Result<()> {
        let shared = Arc::clone(&self.shared);
        self.later = Some(thread("later", move || {
            shared.later.run(&mut *shared.sinks.sink());
        })?);
        if let Some((log, orders)) = log {
            let shared = Arc::clone(&self.shared);
            self.journal = Some(thread("journal", move || {
                let mut sink = shared.sinks.sink();
                if log.torn > 0 {
                    sink.event(&Event::Torn { octets: log.torn });
                }
                journal::run(&shared, log, &orders, &mut *sink);
            })?);
        }
        let shared = Arc::clone(&self.shared);
        let own = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        self.upstream = Some(thread("upstream", move || {
            own.block_on(upstream::run(shared, upstreams, errands));
        })?);
        let (mut listeners, mut sockets) = (Vec::new(), Vec::new());
        for (open, listening) in opened.into_iter().zip(self.shared.listening.clone()) {
            match open {
                Open::Udp(listener) => {
                    let gathering = Arc::new(Gathering::default());
                    for socket in listener.into_sockets() {
                        let (shared, gathering) = (Arc::clone(&self.shared), Arc::clone(&gathering));
                        self.workers.push(thread("udp", move || {
                            let mut sink = shared.sinks.sink();
                            udp::serve(&shared, &listening, socket, &gathering, &mut *sink);
                        })?);
                    }
                }
                Open::Tcp(listener) => listeners.push((listener, Arc::new(listening))),
                Open::Dtls(socket, _) => sockets.push((socket, listening)),
            }
        }
        if !listeners.is_empty() || !sockets.is_empty() {
            let (shared, phase) = (Arc::clone(&self.shared), self.phase.subscribe());
            self.streams = Some(thread("tcp", move || {
                runtime.block_on(async {
                    let mut associations = tokio::task::JoinSet::new();
                    for (socket, listening) in sockets {
                        let (shared, phase) = (Arc::clone(&shared), phase.clone());
                        associations.spawn(datagrams::serve(shared, socket, listening, phase));
                    }
                    stream::serve(shared, listeners, phase).await;
                    while associations.join_next().await.is_some() {}
                });
            })?);
        }
        Ok(())
    }

    /// The open listeners, with the ports that the system chose.
    pub fn listening(&self) -> &[Listening] {
        &self.shared.listening
    }

    /// The address of the first listener with this transport that serves this role.
    pub fn address(&self, transport: Transport, role: Role) -> Option<SocketAddr> {
        self.shared
            .listening
            .iter()
            .find(|listening| listening.transport == transport && listening.role == role)
            .map(|listening| listening.address)
    }

    /// Puts other settings in force; no request is dropped, and nothing is forgotten. Listeners and the log stay.
    pub fn reload(&self, mut settings: Settings) {
        settings.record = self.shared.journal.is_some();
        self.shared.responder.reload(settings);
        self.shared.reloads.send_modify(|count| *count += 1);
    }

    /// Has the next connections secured otherwise. Those that are open over TLS go on if their clients would be taken
    /// now, and are closed if not; those over DTLS stay as they are.
    pub fn set_security(&self, security: Security) {
        let mut slot = self
            .shared
            .security
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *slot = Arc::new(security);
        drop(slot);
        self.shared.reloads.send_modify(|count| *count += 1);
    }

    /// Puts other servers in force for what is passed on.
    pub fn set_upstreams(&self, upstreams: Upstreams) {
        self.shared.upstream.set_pools(upstreams.pools);
    }

    /// Opens the accounting log anew, under its name.
    pub fn reopen_log(&self) {
        if let Some(journal) = &self.shared.journal {
            journal.reopen();
        }
    }

    /// What was counted so far.
    pub fn totals(&self) -> Totals {
        let tallies = self.shared.tallies.lock().unwrap_or_else(PoisonError::into_inner);
        Totals::of(tallies.iter().map(Arc::as_ref))
    }

    /// How many sessions accounting says there are.
    pub fn sessions(&self) -> usize {
        self.shared.responder.sessions()
    }

    /// When it started.
    pub fn started(&self) -> Instant {
        self.started
    }

    /// Ends: what waits in the sockets is answered, what is to be stored is stored, what is held back leaves at once.
    pub fn stop(mut self) -> Totals {
        self.end();
        self.totals()
    }

    fn end(&mut self) {
        self.shared.stopping.store(true, Ordering::Relaxed);
        self.phase.send_replace(Phase::Deaf);
        // A thread that panicked has nothing more to say; the others still have.
        for worker in self.workers.drain(..) {
            let _ = worker.join();
        }
        if let (Some(journal), Some(thread)) = (&self.shared.journal, self.journal.take()) {
            journal.end();
            let _ = thread.join();
        }
        if let Some(thread) = self.upstream.take() {
            self.shared.upstream.end();
            let _ = thread.join();
        }
        self.shared.later.end();
        if let Some(thread) = self.later.take() {
            let _ = thread.join();
        }
        self.phase.send_replace(Phase::Over);
        if let Some(thread) = self.streams.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

impl Open {
    fn new(listen: &Listen, threads: usize, runtime: &tokio::runtime::Runtime) -> Result<Open, SocketError> {
        match listen.transport {
            Transport::Tcp | Transport::Tls => {
                let _guard = runtime.enter();
                TcpListener::bind(listen.address).map(Open::Tcp)
            }
            Transport::Udp => UdpListener::bind(listen.address, threads.max(1)).map(Open::Udp),
            Transport::Dtls => {
                let _guard = runtime.enter();
                let listener = UdpListener::bind(listen.address, 1)?;
                let local = listener.local();
                let opening = |error| SocketError::new(Call::Open, local, &error);
                let Some(socket) = listener.into_sockets().into_iter().next() else {
                    return Err(opening(io::ErrorKind::NotFound.into()));
                };
                socket.set_nonblocking(true).map_err(opening)?;
                let socket = tokio::net::UdpSocket::from_std(socket).map_err(opening)?;
                Ok(Open::Dtls(socket, local))
            }
        }
    }

    fn address(&self) -> SocketAddr {
        match self {
            Open::Udp(listener) => listener.local(),
            Open::Tcp(listener) => listener.local(),
            Open::Dtls(_, local) => *local,
        }
    }
}

fn thread(name: &str, run: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name(name.to_owned()).spawn(run)
}
