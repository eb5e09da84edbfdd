//! From options to a server's configuration. Files are read here and nowhere else, so that a reload does the same.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::config::Options;
use super::eap::{self, Made};
use super::listen::{self, Wanted};
use super::options::ServeArgs;
use super::security;
use super::written::RecordFormat;
use crate::attr::{Draft, NoNames, parse_pairs};
use crate::cli::options::DictionaryArgs;
use crate::cli::{dictionaries, files};
use crate::codec::Secret;
use crate::dictionary::{Dictionary, Disk};
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::output::Output;
use crate::report::records::{Detail, JsonLines};
use crate::report::words;
use crate::responder::Settings;
use crate::responder::clients::{Client, Clients, Network};
use crate::responder::policy::{Challenge, Mode, Policy};
use crate::responder::reply::Items;
use crate::responder::users::Users;
use crate::server::{Records, Security, StreamLimits, Upstreams};

/// The secret, the user and the password that are there when nothing is said.
pub const SECRET: &str = "testing123";
/// The user that is there when nothing is said.
pub const USER: (&str, &str) = ("alice", "wonderland");
const REJECT_DELAY: Duration = Duration::from_secs(1);
const PROMPT: &str = "Enter your code";
const CHALLENGE_LIFETIME: Duration = Duration::from_secs(60);
/// How many faults of a users file are told beside the last.
const MOST_FAULTS: usize = 20;

/// A server, ready to start.
pub struct Plan {
    /// What is decided, and how.
    pub settings: Settings,
    /// What a running server cannot change any more.
    pub fixed: Fixed,
    /// Where records are stored, and how they are written.
    pub log: Option<(PathBuf, Arc<dyn Records>)>,
    /// The servers that answer what is passed on.
    pub upstreams: Upstreams,
    /// What secures TLS and DTLS.
    pub security: Security,
    /// What stands at the start for whoever looks.
    pub told: Told,
}

/// What a running server cannot change any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// Where requests are awaited.
    pub listen: Vec<Wanted>,
    /// Threads for each UDP address.
    pub threads: usize,
    /// Where records are stored, and how they are written.
    pub log: Option<(PathBuf, RecordFormat)>,
    /// What connections may take.
    pub streams: StreamLimits,
    /// Where counters are served.
    pub metrics: Option<std::net::SocketAddr>,
}

impl Fixed {
    /// The options that say other things than `running`.
    pub fn differences(&self, running: &Fixed) -> Vec<&'static str> {
        [
            ("listen", self.listen != running.listen),
            ("threads", self.threads != running.threads),
            ("acct-log", self.log != running.log),
            (
                "max-connections",
                self.streams.connections != running.streams.connections,
            ),
            ("idle-timeout", self.streams.idle != running.streams.idle),
            ("metrics", self.metrics != running.metrics),
        ]
        .into_iter()
        .filter_map(|(name, differs)| differs.then_some(name))
        .collect()
    }
}

/// What was taken because nothing was said.
#[derive(Clone, Copy, Debug, Default)]
pub struct Told {
    /// The clients and their secret.
    pub clients: bool,
    /// The user and the password.
    pub user: bool,
    /// That clients over TLS and DTLS need no certificate.
    pub anyone: bool,
}

/// Reads everything that the options name.
pub async fn make(
    args: &ServeArgs,
    names: &DictionaryArgs,
    made: &mut Made,
    output: &mut Output,
) -> Result<Plan, Diagnostic> {
    let options = match &args.config {
        Some(path) => Options::read(path)?,
        None => Options::default(),
    }
    .with(args);
    let mut names = names.clone();
    names.dictionaries.splice(0..0, options.dict.iter().cloned());
    let dictionary = Arc::new(dictionaries::load(&names, output)?);
    let (mut clients, default_clients) = clients(&options)?;
    let (policy, default_user) = policy(&options, &dictionary, output)?;
    let listen = listeners(&options.listen)?;
    options.tls.add_holders(&mut clients);
    let (security, anyone) = security::plan(&options, &listen, &clients, made)?;
    let mut settings = Settings::new(Arc::clone(&dictionary));
    settings.clients = clients;
    settings.policy = policy;
    settings.policy.eap = Some(eap::plan(&options, made)?);
    settings.reject_delay = options.reject_delay.map_or(REJECT_DELAY, |time| time.0);
    settings.manner = options.coa.unwrap_or_default();
    settings.reverse = options.reverse_coa;
    if let Some(lifetime) = options.duplicate_lifetime {
        settings.duplicates.lifetime = lifetime.0;
    }
    if let Some(entries) = options.duplicate_entries {
        settings.duplicates.entries = entries;
    }
    settings.faults = (options.seed.unwrap_or(0), options.faults.clone());
    let upstreams = super::upstream::plan(&options, &mut settings.routes).await?;
    let mut streams = StreamLimits::default();
    if let Some(connections) = options.max_connections {
        streams.connections = connections;
    }
    if let Some(idle) = options.idle_timeout {
        streams.idle = idle.0;
    }
    options.tls.limit(&mut streams);
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    // Requests must be counted one by one for faults to be repeatable.
    let threads = if options.faults.is_empty() { processors } else { 1 };
    let format = options.acct_format.unwrap_or(RecordFormat::Json);
    let log = options.acct_log.clone().map(|path| (path, format));
    Ok(Plan {
        settings,
        log: log.clone().map(|(path, format)| {
            let records: Arc<dyn Records> = match format {
                RecordFormat::Detail => Arc::new(Detail { dictionary }),
                RecordFormat::Json => Arc::new(JsonLines { dictionary }),
            };
            (path, records)
        }),
        fixed: Fixed {
            listen,
            threads: options.threads.unwrap_or(threads).max(1),
            log,
            streams,
            metrics: options.metrics,
        },
        upstreams,
        security,
        told: Told {
            clients: default_clients,
            user: default_user && !super::upstream::passes_all_on(&options),
            anyone,
        },
    })
}

fn listeners(texts: &[String]) -> Result<Vec<Wanted>, Diagnostic> {
    if texts.is_empty() {
        return Ok(listen::standard());
    }
    let mut all: Vec<Wanted> = Vec::new();
    for text in texts {
        let wanted = listen::parse(text).map_err(|what| Diagnostic::error("listen", Exit::Usage, what))?;
        all.extend(wanted);
    }
    Ok(all)
}

/// The clients, and whether they are those that are there when nothing is said.
fn clients(options: &Options) -> Result<(Clients, bool), Diagnostic> {
    let secret = match (&options.secret, &options.secret_file) {
        (Some(secret), _) => Some(secret.read("--secret")?),
        (None, Some(path)) => Some(Secret::new(files::read_secret(path)?)),
        (None, None) => None,
    };
    let mut clients = Clients::new();
    let mut add = |network: Network, secret: Secret, name: Option<&String>, require, limit| {
        let mut client = Client::new(network, secret);
        if let Some(name) = name {
            client.name.clone_from(name);
        }
        client.require_message_authenticator = require;
        client.limit_proxy_state = limit;
        clients.add(client);
    };
    let (require, limit) = (options.require_message_authenticator, options.limit_proxy_state);
    let default = secret.is_none() && options.clients.is_empty();
    let everywhere: &[&str] = match (&secret, default) {
        (Some(_), _) => &["0.0.0.0/0", "::/0"],
        (None, true) => &["127.0.0.0/8", "::1"],
        (None, false) => &[],
    };
    let secret = secret.unwrap_or_else(|| Secret::new(SECRET));
    for network in everywhere {
        if let Ok(network) = network.parse() {
            add(network, secret.clone(), None, require, limit);
        }
    }
    for client in &options.clients {
        add(
            client.network,
            client.secret.0.clone(),
            client.name.as_ref(),
            client.require_message_authenticator.unwrap_or(require),
            client.limit_proxy_state.unwrap_or(limit),
        );
    }
    Ok((clients, default))
}

/// The policy, and whether its user is the one that is there when nothing is said.
fn policy(
    options: &Options,
    dictionary: &Dictionary,
    output: &mut Output,
) -> Result<(Policy, bool), Diagnostic> {
    let mut users = Users::new();
    for user in &options.users {
        users.add_with(user.name.as_bytes(), user.password.0.expose(), &user.methods);
    }
    for path in &options.users_files {
        load_users(&mut users, path, dictionary, output)?;
    }
    let mode = match (options.accept_all, options.reject_all) {
        (true, _) => Mode::AcceptAll,
        (_, true) => Mode::RejectAll,
        _ => Mode::Users,
    };
    let default = users.is_empty() && options.users_files.is_empty() && mode == Mode::Users;
    if default {
        users.add(USER.0.as_bytes(), USER.1.as_bytes());
    }
    let challenge = options.challenge.as_ref().map(|challenge| Challenge {
        prompt: challenge.prompt.clone().unwrap_or_else(|| PROMPT.to_owned()),
        code: challenge.code.0.clone(),
        lifetime: CHALLENGE_LIFETIME,
    });
    let policy = Policy {
        eap: None,
        mode,
        users,
        challenge,
        accept: reply_items(&options.reply, dictionary)?,
    };
    Ok((policy, default))
}

fn load_users(
    users: &mut Users,
    path: &Path,
    dictionary: &Dictionary,
    output: &mut Output,
) -> Result<(), Diagnostic> {
    let loaded = users.load(&path.to_string_lossy(), &Disk, dictionary);
    loaded.map_err(|mut faults| {
        let last = faults.pop();
        for fault in faults.iter().take(MOST_FAULTS) {
            output.diagnose(&words::users_fault(fault, dictionary));
        }
        match last {
            Some(fault) => words::users_fault(&fault, dictionary),
            None => Diagnostic::error("users-file", Exit::Usage, "the users file cannot be read"),
        }
    })
}

fn reply_items(texts: &[String], dictionary: &Dictionary) -> Result<Items, Diagnostic> {
    let mut items = Items::new();
    for text in texts {
        let pairs = parse_pairs(text).map_err(|error| words::text_error(&error, "--reply", None, text))?;
        for pair in &pairs {
            let mut draft = Draft::new();
            draft
                .push_pair(pair, dictionary, &NoNames)
                .map_err(|error| words::pair_error(&error, dictionary, "--reply", None, text))?;
            for part in draft.parts() {
                items.push_part(part);
            }
        }
    }
    Ok(items)
}
