//! A server in the foreground: its lines, its signals, its end.

use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::eap::Made;
use super::options::ServeArgs;
use super::plan::{self, Fixed, Plan};
use crate::cli::options::DictionaryArgs;
use crate::dictionary::Dictionary;
use crate::net::{Cause, SocketError, clock};
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::metrics::{MEDIA_TYPE, Snapshot, exposition};
use crate::report::output::Output;
use crate::report::serving::{self, Writer};
use crate::report::view::Lens;
use crate::report::words;
use crate::server::{Config, Event, Handled, Listen, Listening, Server, Sink, StartError};

/// How requests are shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct Show {
    /// As objects.
    pub json: bool,
    /// With their packets.
    pub trace: bool,
    /// Each attribute's octets beside its meaning.
    pub annotate: bool,
    /// With passwords and keys.
    pub secrets: bool,
    /// Not at all.
    pub quiet: bool,
    /// Connections too.
    pub verbose: bool,
}

/// Where all threads write: whole lines at a time.
struct Page {
    stdout: Mutex<anstream::AutoStream<io::Stdout>>,
    colour: bool,
    show: Show,
    dictionary: Arc<Dictionary>,
    log: Option<std::path::PathBuf>,
}

/// One thread's lines.
struct Lines {
    page: Arc<Page>,
    writer: Writer,
    text: String,
}

/// What the configuration is made from, at the start and again.
struct Sources<'a> {
    args: &'a ServeArgs,
    names: &'a DictionaryArgs,
    made: Made,
}

impl Sources<'_> {
    async fn plan(&mut self, output: &mut Output) -> Result<Plan, Diagnostic> {
        plan::make(self.args, self.names, &mut self.made, output).await
    }
}

/// Starts the server and serves until a signal ends it.
pub fn serve(
    args: &ServeArgs,
    names: &DictionaryArgs,
    show: Show,
    output: &mut Output,
) -> Result<Exit, Diagnostic> {
    let runtime = crate::cli::run::runtime()?;
    let mut sources = Sources {
        args,
        names,
        made: Made::default(),
    };
    let plan = runtime.block_on(sources.plan(output))?;
    let metrics = match plan.fixed.metrics {
        Some(address) => Some(runtime.block_on(listen_metrics(address))?),
        None => None,
    };
    let fixed = plan.fixed.clone();
    let (told, log) = (plan.told, fixed.log.clone().map(|(path, _)| path));
    let choice = anstream::AutoStream::choice(&io::stdout());
    let page = Arc::new(Page {
        colour: choice != anstream::ColorChoice::Never
            && (io::stdout().is_terminal() || choice == anstream::ColorChoice::AlwaysAnsi),
        stdout: Mutex::new(anstream::AutoStream::auto(io::stdout())),
        show,
        dictionary: Arc::clone(&plan.settings.dictionary),
        log,
    });
    let server = start(plan, &page).map_err(|error| words::start_error(&error))?;
    if !show.json {
        greet(&server, told, &fixed, metrics.as_ref(), output);
    }
    runtime.block_on(attend(&server, &mut sources, &fixed, metrics, show, output))?;
    let ran = server.started().elapsed();
    let totals = server.stop();
    if show.json {
        output.print(&serving::totals_object(&totals, ran));
    } else {
        output.print(&serving::totals(&totals, ran));
    }
    Ok(Exit::Success)
}

/// Starts, without the listeners that may be missing if this machine has not their addresses.
fn start(plan: Plan, page: &Arc<Page>) -> Result<Server, StartError> {
    let mut listen: Vec<Listen> = Vec::new();
    for wanted in &plan.fixed.listen {
        if !wanted.optional || is_ours(wanted.listen.address) {
            listen.push(wanted.listen);
        }
    }
    let page = Arc::clone(page);
    let sinks = move || -> Box<dyn Sink> {
        Box::new(Lines {
            writer: Writer::new(page.colour),
            page: Arc::clone(&page),
            text: String::new(),
        })
    };
    let config = Config {
        settings: plan.settings,
        listen,
        threads: plan.fixed.threads,
        log: plan.log,
        streams: plan.fixed.streams,
        upstreams: plan.upstreams,
        security: plan.security,
    };
    Server::start(config, Arc::new(sinks))
}

/// Whether this machine has the address at all.
fn is_ours(address: SocketAddr) -> bool {
    std::net::UdpSocket::bind(SocketAddr::new(address.ip(), 0)).is_ok()
}

/// What there is to know before the first request.
fn greet(
    server: &Server,
    told: plan::Told,
    fixed: &Fixed,
    metrics: Option<&tokio::net::TcpListener>,
    output: &mut Output,
) {
    let mut text = String::new();
    for listening in server.listening() {
        text.push_str(&format!("listening on {}\n", serving::listener(listening)));
    }
    if told.clients {
        text.push_str(&format!("clients: loopback, with the secret {}\n", plan::SECRET));
    }
    if told.user {
        let (user, password) = plan::USER;
        text.push_str(&format!("user: {user}, with the password {password}\n"));
    }
    if told.anyone {
        text.push_str("tls clients: anyone, with or without a certificate; --tls-ca has them show one\n");
    }
    if let Some((path, _)) = &fixed.log {
        text.push_str(&format!("accounting records: {}\n", path.display()));
    }
    if let Some(Ok(address)) = metrics.map(tokio::net::TcpListener::local_addr) {
        text.push_str(&format!("counters: http://{address}/metrics\n"));
    }
    output.print(&text);
    output.flush();
}

/// Waits for signals, and answers who asks for counters, until the server shall end.
#[cfg(unix)]
async fn attend(
    server: &Server,
    sources: &mut Sources<'_>,
    fixed: &Fixed,
    metrics: Option<tokio::net::TcpListener>,
    show: Show,
    output: &mut Output,
) -> Result<(), Diagnostic> {
    use tokio::signal::unix::{SignalKind, signal};
    let on = |kind| {
        signal(kind).map_err(|error| {
            let what = format!("this machine gives no signals: {error}");
            Diagnostic::error("signals", Exit::Local, what)
        })
    };
    let (mut interrupt, mut terminate) = (on(SignalKind::interrupt())?, on(SignalKind::terminate())?);
    let (mut hangup, mut user) = (on(SignalKind::hangup())?, on(SignalKind::user_defined1())?);
    loop {
        tokio::select! {
            _ = interrupt.recv() => return Ok(()),
            _ = terminate.recv() => return Ok(()),
            _ = hangup.recv() => reload(server, sources, fixed, output).await,
            _ = user.recv() => {
                let (totals, ran) = (server.totals(), server.started().elapsed());
                output.print(&if show.json {
                    serving::totals_object(&totals, ran)
                } else {
                    serving::totals(&totals, ran)
                });
                output.flush();
            }
            asked = accept(metrics.as_ref()) => {
                if let Some(mut stream) = asked {
                    let snapshot = Snapshot {
                        totals: server.totals(),
                        sessions: server.sessions(),
                        uptime: server.started().elapsed().as_secs_f64(),
                    };
                    // Whoever asks slowly keeps nobody waiting, and is left alone after a while.
                    tokio::spawn(async move {
                        let _ = tokio::time::timeout(PATIENCE, answer(&mut stream, snapshot)).await;
                    });
                }
            }
        }
    }
}

/// How long an HTTP client may take.
const PATIENCE: Duration = Duration::from_secs(2);

#[cfg(not(unix))]
async fn attend(
    _server: &Server,
    _sources: &mut Sources<'_>,
    _fixed: &Fixed,
    _metrics: Option<tokio::net::TcpListener>,
    _show: Show,
    _output: &mut Output,
) -> Result<(), Diagnostic> {
    let _ = tokio::signal::ctrl_c().await;
    Ok(())
}

/// Reads the configuration and all its files anew; a bad one is told, and the one in force stays.
async fn reload(server: &Server, sources: &mut Sources<'_>, fixed: &Fixed, output: &mut Output) {
    server.reopen_log();
    match sources.plan(output).await {
        Ok(plan) => {
            let other = plan.fixed.differences(fixed);
            if !other.is_empty() {
                let what = format!("other than at the start, and not in force: {}", other.join(", "));
                output.diagnose(&Diagnostic::warning("reload", what).hint(
                    "these come into force with the next start; all else of the new configuration does now",
                ));
            }
            server.set_upstreams(plan.upstreams);
            server.set_security(plan.security);
            server.reload(plan.settings);
            output.remark("reloaded\n");
        }
        Err(fault) => {
            output.diagnose(&fault);
            output.remark("the new configuration is not in force; the old one stays\n");
        }
    }
}

async fn listen_metrics(address: SocketAddr) -> Result<tokio::net::TcpListener, Diagnostic> {
    tokio::net::TcpListener::bind(address).await.map_err(|error| {
        use crate::net::{Call, SocketError};
        let error = SocketError::new(Call::Listen, address, &error);
        let mut diagnostic = words::socket_error(&error);
        diagnostic.exit = Exit::Local;
        if error.cause == Cause::AddressInUse {
            diagnostic.kind = "address-in-use";
        }
        diagnostic
    })
}

async fn accept(listener: Option<&tokio::net::TcpListener>) -> Option<tokio::net::TcpStream> {
    match listener {
        Some(listener) => listener.accept().await.ok().map(|(stream, _)| stream),
        None => std::future::pending().await,
    }
}

/// One HTTP request and its answer.
async fn answer(stream: &mut tokio::net::TcpStream, snapshot: Snapshot) -> io::Result<()> {
    let mut head = Vec::new();
    let mut chunk = [0; 1024];
    // The request line and its headers end with an empty line; nobody needs more than this.
    while !head.windows(4).any(|four| four == b"\r\n\r\n") && head.len() < 8192 {
        match stream.read(&mut chunk).await? {
            0 => break,
            count => head.extend_from_slice(chunk.get(..count).unwrap_or(&[])),
        }
    }
    let wanted = head.starts_with(b"GET /metrics") || head.starts_with(b"GET / ");
    let (status, body) = if wanted {
        ("200 OK", exposition(snapshot))
    } else {
        ("404 Not Found", "ask for /metrics\n".to_owned())
    };
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        if wanted { MEDIA_TYPE } else { "text/plain" },
        body.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

impl Lines {
    fn handled(&mut self, handled: &Handled<'_>) {
        let show = self.page.show;
        let page = Arc::clone(&self.page);
        let lens = Lens {
            dictionary: &page.dictionary,
            secrets: show.secrets,
            octets: show.trace,
        };
        if show.json {
            let lens = show.trace.then_some(&lens);
            self.text.extend(serving::object(handled, lens));
            return;
        }
        if show.trace {
            self.writer.trace(&mut self.text, handled, &lens, show.annotate);
        }
        self.writer.line(&mut self.text, handled);
    }

    /// A client whose handshake failed.
    fn unshaken(&mut self, source: SocketAddr, listening: &Listening, error: &SocketError) {
        let why = words::unshaken(error);
        if self.page.show.json {
            self.text
                .push_str(&serving::unshaken_object(source, listening, &why, clock::wall()));
        } else {
            self.writer.unshaken(&mut self.text, source, &why, clock::wall());
        }
    }

    /// Something that is no request: for people, beside the result.
    fn remark(&mut self, diagnostic: &Diagnostic) {
        self.flush();
        let mut stderr = anstream::stderr();
        // Nobody can be told that standard error is gone.
        let _ = stderr.write_all(diagnostic.text().as_bytes());
    }
}

impl Sink for Lines {
    fn event(&mut self, event: &Event<'_>) {
        let show = self.page.show;
        match event {
            Event::Handled(handled) if !show.quiet => self.handled(handled),
            Event::NotSent(error) if show.verbose => {
                let mut diagnostic = words::socket_error(error);
                diagnostic.severity = crate::report::diagnostic::Severity::Warning;
                self.remark(&diagnostic);
            }
            Event::Deaf(error) => self.remark(&words::socket_error(error)),
            Event::Connected {
                source, handshake, ..
            } if show.verbose && !show.quiet && !show.json => {
                self.text.push_str(&match handshake {
                    Some(handshake) => words::shaken(handshake, &source.to_string()),
                    None => format!("{source} connected\n"),
                });
            }
            Event::Unshaken {
                source,
                listening,
                error,
            } if !show.quiet => self.unshaken(*source, listening, error),
            Event::Disconnected { source, why, .. } if show.verbose && !show.quiet && !show.json => {
                self.text.push_str(&format!("{source} {}\n", words::parting(why)));
            }
            Event::Torn { octets } => {
                let what = format!(
                    "the accounting log ended in a record that was cut; its {octets} octets were taken out"
                );
                let hint = "it was never acknowledged: its client sends it again";
                self.remark(&Diagnostic::warning("torn-record", what).hint(hint));
            }
            Event::LogFailed(error) => {
                let path = self.page.log.clone().unwrap_or_default();
                self.remark(&words::log_error(&path, error));
            }
            Event::UpstreamDown(server) => {
                self.remark(&Diagnostic::warning(
                    "upstream",
                    format!("{server} does not answer any more"),
                ));
            }
            Event::UpstreamUp(server) => {
                self.remark(&Diagnostic::warning(
                    "upstream",
                    format!("{server} is asked again"),
                ));
            }
            Event::LogWorks => {
                self.remark(&Diagnostic::warning(
                    "log",
                    "the accounting log can be written again",
                ));
            }
            _ => {}
        }
    }

    fn flush(&mut self) {
        if self.text.is_empty() {
            return;
        }
        let mut stdout = self.page.stdout.lock().unwrap_or_else(PoisonError::into_inner);
        // A reader that goes away ends the printing, not the server.
        let _ = stdout.write_all(self.text.as_bytes());
        let _ = stdout.flush();
        self.text.clear();
    }
}
