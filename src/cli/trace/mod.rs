//! `radius trace`: packets from whatever holds them, decoded, checked, linked and judged.

mod capture;
#[cfg(target_os = "linux")]
mod live;
mod printer;
mod progress;
mod records;
mod tap;
mod text;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::ValueHint;

use super::dictionaries;
use super::files;
use super::options::{DictionaryArgs, Format};
use super::plan;
use super::values::{self, SecretText};
use crate::codec::Secret;
use crate::dictionary::Dictionary;
use crate::lint::Severity;
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::output::Output;
use crate::report::seen::Column;
use crate::report::words;
use crate::trace::capture::{self as files_of_frames, Time};
use crate::trace::driver::Settings;
use crate::trace::filter::Filter;
use crate::trace::secrets::Secrets;
use crate::trace::select::Selection;
use crate::trace::tls::keylog::KeyLog;

/// Arguments of `radius trace`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A capture (pcap, pcapng, also compressed), or a text with packets in hexadecimal: plain, spaced, 0x…, xxd,
    /// hexdump, tcpdump -x, Wireshark's; `-` or nothing is standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: Option<PathBuf>,
    /// The packet itself, in hexadecimal; without a value, print the octets of every packet
    #[arg(long, value_name = "HEX", num_args = 0..=1)]
    hex: Option<Option<String>>,
    /// Watch this interface, or `any`, until Ctrl-C (Linux, as root or with CAP_NET_RAW)
    #[arg(short, long, value_name = "IFACE", conflicts_with_all = ["file", "attributes"])]
    interface: Option<String>,
    /// The octets are attributes, without a packet around them
    #[arg(long)]
    attributes: bool,
    #[command(flatten)]
    secrets: SecretsArgs,
    #[command(flatten)]
    select: SelectArgs,
    #[command(flatten)]
    print: PrintArgs,
    #[command(flatten)]
    tap: tap::TapArgs,
    #[command(flatten)]
    dictionary: DictionaryArgs,
}

/// Which secrets may be right.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Secret")]
struct SecretsArgs {
    /// A shared secret: checks the authenticators and opens what is hidden; of several the right one is found
    #[arg(short, long = "secret", value_name = "SECRET", value_parser = values::secret)]
    secrets: Vec<SecretText>,
    /// The file whose first line is the shared secret
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    secret_file: Option<PathBuf>,
    /// The shared secret of the clients in a network
    #[arg(long = "client", value_name = "CIDR=SECRET", value_parser = values::secret)]
    clients: Vec<SecretText>,
    /// The log of TLS secrets that a client or server wrote (SSLKEYLOGFILE): opens RADIUS over TLS 1.2 and 1.3
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    keylog: Option<PathBuf>,
    /// Print passwords and keys in clear; otherwise they are <hidden>
    #[arg(long)]
    show_secrets: bool,
}

/// Which packets of a capture are wanted.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Selection")]
struct SelectArgs {
    /// Only packets like these: `code == Access-Reject and src == 10.0.0.0/8`, `User-Name =~ "^host/"`, `rtt > 100ms`,
    /// `retransmission or late`, `finding >= warning`, with and, or, not and brackets
    #[arg(long, value_name = "EXPR")]
    filter: Option<String>,
    /// Only the first N of them
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    first: Option<u64>,
    /// Not before this time: RFC 3339 (2026-01-31T12:00:00Z), or without a zone in UTC
    #[arg(long, value_name = "TIME", value_parser = values::instant)]
    from: Option<Time>,
    /// Not after this time
    #[arg(long, value_name = "TIME", value_parser = values::instant)]
    until: Option<Time>,
    /// Only the packets of one conversation, by the number that --flow and JSON give it
    #[arg(long, value_name = "N")]
    conversation: Option<u64>,
    /// One more port that carries RADIUS; on others only what cannot be anything else is taken
    #[arg(long = "port", value_name = "PORT")]
    ports: Vec<u16>,
    /// How long a reply is waited for, in the capture's time
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = values::duration)]
    timeout: Duration,
}

/// How packets are printed.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Output")]
struct PrintArgs {
    /// Print each attribute's octets beside its meaning
    #[arg(long)]
    annotate: bool,
    /// What the standards have against the packets; exit 1 when there is any of --fail-on
    #[arg(long)]
    lint: bool,
    /// The least severity that --lint fails on, and prints
    #[arg(long, value_name = "SEVERITY", value_enum, default_value_t = FailOn::Warning)]
    fail_on: FailOn,
    /// Comma-separated values: number, time, src, dst, transport, conversation, code, id, token, length, rtt,
    /// request, verdict, findings, or attributes, in this order
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', conflicts_with_all = ["flow", "stats", "output", "json"])]
    csv: Vec<String>,
    /// Each conversation as a ladder of arrows
    #[arg(long, conflicts_with_all = ["stats", "output", "json"])]
    flow: bool,
    /// Counts, losses and latencies instead of packets
    #[arg(long)]
    stats: bool,
    /// Write the packets as pcapng
    #[arg(short, long = "write", value_name = "FILE", value_hint = ValueHint::FilePath)]
    write: Option<PathBuf>,
    /// Print requests as `radius send -f` reads them
    #[arg(long, conflicts_with_all = ["csv", "flow", "stats", "output", "json"])]
    replay_text: bool,
    /// How packets are printed: json is laid out to be read, ndjson is one line a packet
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t = Format::Human)]
    output: Format,
    /// The same as --output json
    #[arg(long, conflicts_with = "output")]
    json: bool,
}

/// The least severity that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum FailOn {
    Info,
    Warning,
    Error,
}

impl FailOn {
    fn severity(self) -> Severity {
        match self {
            FailOn::Info => Severity::Info,
            FailOn::Warning => Severity::Warning,
            FailOn::Error => Severity::Error,
        }
    }
}

impl PrintArgs {
    fn format(&self) -> Format {
        if self.json { Format::Json } else { self.output }
    }
}

impl Args {
    /// Whether the octets are to be printed.
    fn wants_octets(&self) -> bool {
        match &self.hex {
            None => false,
            Some(hex) => hex.as_deref().is_none_or(is_a_file),
        }
    }

    /// Whether packets of a text are to be linked, selected and judged as those of a capture.
    fn looks_closer(&self) -> bool {
        let (select, print) = (&self.select, &self.print);
        let timed = select.from.is_some() || select.until.is_some();
        let selects = select.filter.is_some() || select.first.is_some() || select.conversation.is_some();
        let prints = print.lint || !print.csv.is_empty() || print.flow || print.stats;
        !self.attributes && (timed || selects || prints || print.write.is_some() || print.replay_text)
    }

    /// How packets are looked at.
    fn settings(&self, secrets: Secrets, dictionary: &Dictionary) -> Result<Settings, Diagnostic> {
        let selection = self.select.selection(dictionary)?;
        Ok(Settings {
            ports: self.select.ports.clone(),
            keylog: self.secrets.keylog()?,
            secrets,
            timeout: u64::try_from(self.select.timeout.as_nanos()).unwrap_or(u64::MAX),
            lint: self.print.lint
                || self
                    .print
                    .csv
                    .iter()
                    .any(|column| Column::asks_for_findings(column))
                || selection.filter.as_ref().is_some_and(Filter::asks_for_findings),
            selection,
        })
    }

    /// The packet of `--hex`, if it has one.
    fn digits(&self) -> Option<&str> {
        self.hex.as_ref()?.as_deref().filter(|text| !is_a_file(text))
    }

    /// The file to read; `--hex FILE` means what `FILE --hex` does.
    fn path(&self) -> &Path {
        let behind = self
            .hex
            .as_ref()
            .and_then(|hex| hex.as_deref())
            .filter(|text| is_a_file(text));
        match (&self.file, behind) {
            (Some(file), _) => file,
            (None, Some(file)) => Path::new(file),
            (None, None) => Path::new("-"),
        }
    }
}

/// Whether the value of `--hex` was meant as FILE: it is no digits, and there is such a file.
fn is_a_file(text: &str) -> bool {
    text == "-" || text.contains(|c: char| !c.is_ascii_hexdigit()) && Path::new(text).is_file()
}

/// What there is to read.
enum Input {
    /// A capture, and what to call it.
    Capture(Box<dyn Read + Send>, String),
    /// JSON that this program printed, and what to call it.
    Records(Box<dyn Read + Send>, String),
    /// Text, and what to call it.
    Text(String, String),
}

/// Runs `radius trace`.
pub fn run(args: Args, output: &mut Output) -> Result<Exit, Diagnostic> {
    let dictionary = dictionaries::load(&args.dictionary, output)?;
    let secrets = args.secrets.read()?;
    if let Some(name) = &args.interface {
        args.tap.unused()?;
        let secrets = args.secrets.candidates(secrets)?;
        return watch(&args, &dictionary, secrets, name, output);
    }
    if let Some(forward) = &args.tap.forward {
        let secrets = args.secrets.candidates(secrets)?;
        return tap::run(&args, &dictionary, secrets, forward, output);
    }
    args.tap.unused()?;
    let input = input(&args, output)?;
    let candidates = args.secrets.candidates(secrets.clone())?;
    match input {
        Input::Text(text, origin) if args.looks_closer() => {
            text::observe(&args, &dictionary, candidates, &text, &origin, output)
        }
        Input::Text(text, origin) => {
            let secrets = args.secrets.all(secrets)?;
            text::run(&args, &dictionary, &secrets, &text, &origin, output)
        }
        Input::Records(source, origin) => {
            records::run(&args, &dictionary, candidates, source, &origin, output)
        }
        Input::Capture(source, origin) => {
            capture::run(&args, &dictionary, candidates, source, &origin, output)
        }
    }
}

#[cfg(target_os = "linux")]
use live::run as watch;

/// Elsewhere there is no packet socket.
#[cfg(not(target_os = "linux"))]
fn watch(_: &Args, _: &Dictionary, _: Secrets, name: &str, _: &mut Output) -> Result<Exit, Diagnostic> {
    Err(words::cannot_watch(name))
}

/// Opens what the arguments name: captures are known by how they begin, all else is text.
fn input(args: &Args, output: &Output) -> Result<Input, Diagnostic> {
    if let Some(hex) = args.digits() {
        return match &args.file {
            None => Ok(Input::Text(hex.to_owned(), "--hex".to_owned())),
            Some(_) => Err(Diagnostic::error(
                "usage",
                Exit::Usage,
                "--hex takes the packet itself, and there is a file too",
            )
            .hint("to print the octets of a file's packets, put --hex last: radius trace FILE --hex")),
        };
    }
    let path = args.path();
    let (mut source, origin): (Box<dyn Read + Send>, _) = if path == Path::new("-") {
        (Box::new(io::stdin()), "standard input".to_owned())
    } else {
        let file = File::open(path).map_err(|error| words::cannot_read(path, &error))?;
        (progress::watched(file, output), path.display().to_string())
    };
    let mut beginning = Vec::new();
    (&mut source)
        .take(4)
        .read_to_end(&mut beginning)
        .map_err(|error| words::cannot_read(path, &error))?;
    let is_capture = files_of_frames::is_capture(&beginning);
    let is_json = !is_capture
        && is_json(&mut beginning, &mut source).map_err(|error| words::cannot_read(path, &error))?;
    let mut whole = io::Cursor::new(beginning).chain(source);
    if is_capture {
        return Ok(Input::Capture(Box::new(whole), origin));
    }
    if is_json {
        return Ok(Input::Records(Box::new(whole), origin));
    }
    let mut octets = Vec::new();
    whole
        .read_to_end(&mut octets)
        .map_err(|error| words::cannot_read(path, &error))?;
    Ok(Input::Text(files::text(path, octets)?, origin))
}

/// Whether a text is an object of JSON: after the first brace stands a name in quotes. More is read where that is
/// needed to tell.
fn is_json(beginning: &mut Vec<u8>, source: &mut dyn Read) -> io::Result<bool> {
    const FAR: usize = 4096;
    loop {
        let mut dense = beginning.iter().filter(|octet| !octet.is_ascii_whitespace());
        match (dense.next(), dense.next()) {
            (Some(b'{'), Some(next)) => return Ok(*next == b'"'),
            (None | Some(b'{'), None) if beginning.len() < FAR => {}
            _ => return Ok(false),
        }
        let mut more = Vec::new();
        if source.take(1).read_to_end(&mut more)? == 0 {
            return Ok(false);
        }
        beginning.append(&mut more);
    }
}

impl SecretsArgs {
    /// The secrets for all clients.
    fn read(&self) -> Result<Vec<Arc<Secret>>, Diagnostic> {
        let mut secrets = Vec::new();
        for secret in &self.secrets {
            secrets.push(Arc::new(secret.read("--secret")?));
        }
        if let Some(path) = &self.secret_file {
            secrets.push(Arc::new(plan::secret_from_file(path)?));
        }
        Ok(secrets)
    }

    /// The log of TLS secrets; an empty one where none is named.
    fn keylog(&self) -> Result<KeyLog, Diagnostic> {
        let Some(path) = &self.keylog else {
            return Ok(KeyLog::default());
        };
        let file = File::open(path).map_err(|error| words::cannot_read(path, &error))?;
        KeyLog::open(Box::new(file)).map_err(|error| words::keylog_error(&error, path))
    }

    /// All secrets, for packets of which nobody can say where they come from.
    fn all(&self, mut secrets: Vec<Arc<Secret>>) -> Result<Vec<Arc<Secret>>, Diagnostic> {
        for client in &self.clients {
            secrets.push(Arc::new(client.read_client("--client")?.secret));
        }
        Ok(secrets)
    }

    /// All secrets, and whom they are for.
    fn candidates(&self, secrets: Vec<Arc<Secret>>) -> Result<Secrets, Diagnostic> {
        let mut candidates = Secrets::default();
        for client in &self.clients {
            let client = client.read_client("--client")?;
            candidates.add(Some(client.network), Arc::new(client.secret));
        }
        for secret in secrets {
            candidates.add(None, secret);
        }
        Ok(candidates)
    }
}

impl SelectArgs {
    fn selection(&self, dictionary: &Dictionary) -> Result<Selection, Diagnostic> {
        let filter = self.filter.as_deref().map(|text| {
            Filter::parse(text, dictionary).map_err(|error| words::filter_error(&error, text, dictionary))
        });
        Ok(Selection {
            filter: filter.transpose()?,
            first: self.first,
            from: self.from,
            until: self.until,
            conversation: self.conversation,
        })
    }
}
