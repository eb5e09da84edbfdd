//! Everything that a server can be told. The same options stand on the command line and in `serve.toml`: where both
//! speak, the command line counts, and lists are joined.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueHint;
use serde::{Deserialize, Deserializer};

use super::security::SecurityOptions;
use super::{fault, listen, upstream};
use crate::auth::eap::tls::Versions;
use crate::auth::{Method, UnknownMethod};
use crate::cli::values::{self, SecretText};
use crate::codec::Secret;
use crate::report::diagnostic::{Diagnostic, Excerpt, Exit};
use crate::responder::clients::Network;
use crate::responder::coa::{ErrorCause, Manner};
use crate::responder::faults::{Fault, Kind};

/// What the command line says.
#[derive(Clone, Debug, clap::Args)]
pub struct ServeArgs {
    /// Listen here; repeatable: udp://ADDR:PORT, tcp://, tls:// or dtls://, `*` for all addresses,
    /// ?role=auth|acct|coa|any where the port does not say it [default: the standard ports of loopback, UDP and TCP]
    #[arg(short, long, value_name = "URL", value_parser = listen_text, help_heading = "Listeners and clients")]
    pub listen: Vec<String>,
    /// The secret of every client; 0x… is hexadecimal [default: testing123 on loopback]
    #[arg(short, long, value_name = "SECRET", value_parser = values::secret, help_heading = "Listeners and clients")]
    pub secret: Option<SecretText>,
    /// The file whose first line is the secret of every client
    #[arg(long, value_name = "FILE", conflicts_with = "secret", value_hint = ValueHint::FilePath, help_heading = "Listeners and clients")]
    pub secret_file: Option<PathBuf>,
    /// A client and its secret; repeatable, the longest prefix counts
    #[arg(long = "client", value_name = "CIDR=SECRET", value_parser = client, help_heading = "Listeners and clients")]
    pub clients: Vec<ClientText>,
    /// Discard Access-Requests without Message-Authenticator (CVE-2024-3596); a warning otherwise
    #[arg(long, help_heading = "Listeners and clients")]
    pub require_message_authenticator: bool,
    /// Discard Access-Requests with Proxy-State, but without Message-Authenticator
    #[arg(long, help_heading = "Listeners and clients")]
    pub limit_proxy_state: bool,
    /// A user and the password; repeatable [default: alice:wonderland where nothing else decides]
    #[arg(long = "user", value_name = "NAME:PASSWORD", value_parser = user, help_heading = "Decisions")]
    pub users: Vec<UserText>,
    /// A users file in FreeRADIUS's format; repeatable
    #[arg(long = "users", value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Decisions")]
    pub users_files: Vec<PathBuf>,
    /// An attribute of every Access-Accept; repeatable
    #[arg(long = "reply", value_name = "NAME = VALUE", help_heading = "Decisions")]
    pub reply: Vec<String>,
    /// Accept everybody
    #[arg(long, conflicts_with = "reject_all", help_heading = "Decisions")]
    pub accept_all: bool,
    /// Reject everybody
    #[arg(long, help_heading = "Decisions")]
    pub reject_all: bool,
    /// Ask for a second factor after a right password; CODE is the answer that is accepted [default CODE: 123456]
    #[arg(long, value_name = "CODE", num_args = 0..=1, default_missing_value = "123456", require_equals = true,
          value_parser = values::password, help_heading = "Decisions")]
    pub challenge: Option<SecretText>,
    /// What the user is asked for then
    #[arg(long, value_name = "TEXT", help_heading = "Decisions")]
    pub challenge_prompt: Option<String>,
    /// How long an Access-Reject is held back, so that passwords cannot be guessed fast [default: 1s]
    #[arg(long, value_name = "TIME", value_parser = values::duration, help_heading = "Decisions")]
    pub reject_delay: Option<Duration>,
    /// The server's certificate for EAP, with its chain, in PEM [default: one made at the start, by a CA of its own]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "EAP")]
    pub cert: Option<PathBuf>,
    /// Its private key, in PEM [default: in the same file]
    #[arg(long, value_name = "FILE", requires = "cert", value_hint = ValueHint::FilePath, help_heading = "EAP")]
    pub key: Option<PathBuf>,
    /// The CAs of clients' certificates, in PEM
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "EAP")]
    pub ca: Option<PathBuf>,
    /// Write the certificate of the CA made at the start here, for clients to trust
    #[arg(long, value_name = "FILE", conflicts_with = "cert", value_hint = ValueHint::FilePath, help_heading = "EAP")]
    pub write_ca: Option<PathBuf>,
    /// Write a client's certificate and key, signed by the CA made at the start, here: for eap-tls and its like, and for
    /// tls:// and dtls://, whose clients then need one
    #[arg(long, value_name = "FILE", conflicts_with = "cert", value_hint = ValueHint::FilePath, help_heading = "EAP")]
    pub write_client: Option<PathBuf>,
    /// A method to speak, and no other; repeatable, the first is proposed first. Users may be limited further by their
    /// EAP-Type [default: all of them]
    #[arg(long = "eap-method", value_name = "METHOD", value_parser = eap_method, help_heading = "EAP")]
    pub eap_methods: Vec<Method>,
    /// The TLS versions to agree on: 1.2, 1.3, or 1.2..1.3 [default: 1.2..1.3]
    #[arg(long, value_name = "VERSIONS", value_parser = crate::cli::eap::versions, help_heading = "EAP")]
    pub eap_tls: Option<Versions>,
    /// The longest EAP packet to send, in octets, where Framed-MTU says no less [default: 1020]
    #[arg(long, value_name = "OCTETS", value_parser = clap::value_parser!(u16).range(64..=4000), help_heading = "EAP")]
    pub eap_fragment_size: Option<u16>,
    /// How CoA-Request and Disconnect-Request are answered: auto (by the sessions that accounting began; NAK 406
    /// before it said anything), sessions, ack, nak, or nak=CAUSE [default: auto]
    #[arg(long, value_name = "HOW", value_parser = manner, help_heading = "Decisions")]
    pub coa: Option<Manner>,
    /// Send a CoA-Request or Disconnect-Request that is about a session down the connection, tcp:// or tls://, on which
    /// its NAS named that session, and give the answer back; others are answered as --coa says
    #[arg(long, help_heading = "Decisions")]
    pub reverse_coa: bool,
    /// Pass requests on to HOST, all or those of a realm; repeatable, several servers of a realm are asked one after the
    /// other. Port is that for authentication; accounting goes to the next [default: 1812]
    #[arg(long, value_name = "[REALM=]HOST[:PORT]", value_parser = upstream::check, help_heading = "Proxy")]
    pub proxy_to: Vec<String>,
    /// The secret shared with them [default: the one of the clients]
    #[arg(long, value_name = "SECRET", value_parser = values::secret, help_heading = "Proxy")]
    pub proxy_secret: Option<SecretText>,
    /// Store accounting records in this file, each synced before it is acknowledged; SIGHUP opens it anew
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Accounting")]
    pub acct_log: Option<PathBuf>,
    /// How records are written: json (one object a line) or detail (FreeRADIUS's format) [default: json]
    #[arg(long, value_name = "FORMAT", value_enum, help_heading = "Accounting")]
    pub acct_format: Option<RecordFormat>,
    /// How long replies are remembered for duplicates [default: 30s]
    #[arg(long, value_name = "TIME", value_parser = values::duration, help_heading = "Limits")]
    pub duplicate_lifetime: Option<Duration>,
    /// How many requests are remembered for duplicates [default: 32768]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    pub duplicate_entries: Option<usize>,
    /// How many connections there may be at once [default: 1024]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    pub max_connections: Option<usize>,
    /// How long a connection may be idle [default: 15m]
    #[arg(long, value_name = "TIME", value_parser = values::duration, help_heading = "Limits")]
    pub idle_timeout: Option<Duration>,
    #[command(flatten)]
    pub tls: SecurityOptions,
    /// Threads for each UDP address [default: one for each processor]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    pub threads: Option<usize>,
    /// Lose this part of the requests: 0.1 or 10%
    #[arg(long, value_name = "RATE", value_parser = fault::rate, help_heading = "Faults on purpose")]
    pub drop: Option<f64>,
    /// Hold every reply back
    #[arg(long, value_name = "TIME", value_parser = values::duration, help_heading = "Faults on purpose")]
    pub delay: Option<Duration>,
    /// Spoil the Response Authenticator of this part of the replies
    #[arg(long, value_name = "RATE", value_parser = fault::rate, help_heading = "Faults on purpose")]
    pub corrupt: Option<f64>,
    /// Any fault, by rule; repeatable: drop, delay=TIME, duplicate[=N], reorder[=TIME], wrong-id, wrong-authenticator,
    /// no-ma, wrong-ma, truncate, overlong, other-port, reject; then ,rate=10% ,user=NAME ,client=CIDR ,nth=N ,every=N
    /// ,first=N
    #[arg(long = "fault", value_name = "FAULT", value_parser = fault::parse, help_heading = "Faults on purpose")]
    pub faults: Vec<Fault>,
    /// What the faults are thrown with: the same seed and the same requests meet the same faults [default: 0]
    #[arg(long, value_name = "N", help_heading = "Faults on purpose")]
    pub seed: Option<u64>,
    /// Serve counters in Prometheus's text format here, over HTTP
    #[arg(long, value_name = "ADDR:PORT", help_heading = "Seen")]
    pub metrics: Option<std::net::SocketAddr>,
    /// All of this from a file; SIGHUP reads it anew
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Seen")]
    pub config: Option<PathBuf>,
}

/// What a `serve.toml` says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Options {
    /// Where to listen.
    #[serde(deserialize_with = "listen_texts")]
    pub listen: Vec<String>,
    /// The secret of every client.
    #[serde(deserialize_with = "secret")]
    pub secret: Option<SecretText>,
    /// The file whose first line it is.
    pub secret_file: Option<PathBuf>,
    /// Clients with secrets of their own.
    #[serde(rename = "client")]
    pub clients: Vec<ClientText>,
    /// For every client that does not say otherwise.
    pub require_message_authenticator: bool,
    /// For every client that does not say otherwise.
    pub limit_proxy_state: bool,
    /// Users.
    #[serde(rename = "user")]
    pub users: Vec<UserText>,
    /// Users files.
    #[serde(rename = "users")]
    pub users_files: Vec<PathBuf>,
    /// Attributes of every Access-Accept.
    pub reply: Vec<String>,
    /// Accept everybody.
    pub accept_all: bool,
    /// Reject everybody.
    pub reject_all: bool,
    /// A second factor.
    pub challenge: Option<ChallengeText>,
    /// How long an Access-Reject is held back.
    pub reject_delay: Option<Time>,
    /// The server's certificate for EAP.
    pub cert: Option<PathBuf>,
    /// Its private key.
    pub key: Option<PathBuf>,
    /// The CAs of clients' certificates.
    pub ca: Option<PathBuf>,
    /// Where the certificate of the CA made at the start is written.
    pub write_ca: Option<PathBuf>,
    /// Where a client's certificate and key are written.
    pub write_client: Option<PathBuf>,
    /// The methods to speak.
    #[serde(rename = "eap-method", deserialize_with = "eap_methods")]
    pub eap_methods: Vec<Method>,
    /// The TLS versions to agree on.
    #[serde(deserialize_with = "eap_versions")]
    pub eap_tls: Option<Versions>,
    /// The longest EAP packet to send.
    pub eap_fragment_size: Option<u16>,
    /// What secures TLS and DTLS.
    pub tls: SecurityOptions,
    /// How dynamic authorization is answered.
    #[serde(deserialize_with = "manner_text")]
    pub coa: Option<Manner>,
    /// Whether dynamic authorization goes down the connections of those whom it is about.
    pub reverse_coa: bool,
    /// Where requests are passed on to.
    pub proxy_to: Vec<String>,
    /// The secret shared with these servers.
    #[serde(deserialize_with = "secret")]
    pub proxy_secret: Option<SecretText>,
    /// Where records are stored.
    pub acct_log: Option<PathBuf>,
    /// How they are written.
    pub acct_format: Option<RecordFormat>,
    /// How long replies are remembered.
    pub duplicate_lifetime: Option<Time>,
    /// How many requests are remembered.
    pub duplicate_entries: Option<usize>,
    /// How many connections there may be.
    pub max_connections: Option<usize>,
    /// How long a connection may be idle.
    pub idle_timeout: Option<Time>,
    /// Threads for each UDP address.
    pub threads: Option<usize>,
    /// Which part of the requests is lost.
    #[serde(deserialize_with = "rate_text")]
    pub drop: Option<f64>,
    /// How long every reply is held back.
    pub delay: Option<Time>,
    /// Which part of the replies has its Response Authenticator spoilt.
    #[serde(deserialize_with = "rate_text")]
    pub corrupt: Option<f64>,
    /// Faults on purpose.
    #[serde(rename = "fault", deserialize_with = "fault_texts")]
    pub faults: Vec<Fault>,
    /// What the faults are thrown with.
    pub seed: Option<u64>,
    /// Where counters are served.
    pub metrics: Option<std::net::SocketAddr>,
    /// More dictionaries.
    pub dict: Vec<PathBuf>,
}

/// How accounting records are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordFormat {
    /// One JSON object a line
    Json,
    /// FreeRADIUS's detail format
    Detail,
}

/// A client as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ClientText {
    /// From where it asks.
    #[serde(deserialize_with = "network_text")]
    pub network: Network,
    /// Its secret.
    #[serde(deserialize_with = "own_secret")]
    pub secret: SecretText,
    /// What it is called.
    pub name: Option<String>,
    /// Whether it must send Message-Authenticator.
    pub require_message_authenticator: Option<bool>,
    /// Whether Proxy-State needs one.
    pub limit_proxy_state: Option<bool>,
}

/// A user as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserText {
    /// The name.
    pub name: String,
    /// The password.
    #[serde(deserialize_with = "password")]
    pub password: SecretText,
    /// The methods that may be used; any where there are none.
    #[serde(default, deserialize_with = "methods")]
    pub methods: Vec<Method>,
}

/// A second factor as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChallengeText {
    /// The answer that is accepted.
    #[serde(deserialize_with = "password")]
    pub code: SecretText,
    /// What the user is asked.
    pub prompt: Option<String>,
}

/// A time as it is written: `500ms`, `1s`, or a number of seconds.
#[derive(Clone, Copy, Debug)]
pub struct Time(pub Duration);

impl Options {
    /// Reads `serve.toml`; paths in it are relative to its directory.
    pub fn read(path: &Path) -> Result<Options, Diagnostic> {
        let text = crate::cli::files::read_text(path)?;
        let mut options: Options = toml::from_str(&text).map_err(|error| fault_of(path, &text, &error))?;
        let directory = path.parent().unwrap_or(Path::new(""));
        let single = options.secret_file.iter_mut().chain(&mut options.acct_log);
        let single = single.chain(&mut options.cert).chain(&mut options.key);
        let single = single.chain(&mut options.ca).chain(&mut options.write_ca);
        let single = single.chain(&mut options.write_client);
        for relative in single.chain(&mut options.users_files).chain(&mut options.dict) {
            *relative = directory.join(&*relative);
        }
        options.tls.within(directory);
        Ok(options)
    }

    /// What both say together.
    pub fn with(mut self, args: &ServeArgs) -> Options {
        self.listen.extend_from_slice(&args.listen);
        if args.secret.is_some() || args.secret_file.is_some() {
            self.secret.clone_from(&args.secret);
            self.secret_file.clone_from(&args.secret_file);
        }
        self.clients.extend_from_slice(&args.clients);
        self.require_message_authenticator |= args.require_message_authenticator;
        self.limit_proxy_state |= args.limit_proxy_state;
        self.users.extend_from_slice(&args.users);
        self.users_files.extend_from_slice(&args.users_files);
        self.reply.extend_from_slice(&args.reply);
        if args.accept_all || args.reject_all {
            (self.accept_all, self.reject_all) = (args.accept_all, args.reject_all);
        }
        if let Some(code) = &args.challenge {
            let prompt = self.challenge.take().and_then(|challenge| challenge.prompt);
            let code = code.clone();
            self.challenge = Some(ChallengeText { code, prompt });
        }
        if let (Some(challenge), Some(prompt)) = (&mut self.challenge, &args.challenge_prompt) {
            challenge.prompt = Some(prompt.clone());
        }
        let time = |own: Option<Duration>, other: Option<Time>| own.map(Time).or(other);
        self.reject_delay = time(args.reject_delay, self.reject_delay);
        self.duplicate_lifetime = time(args.duplicate_lifetime, self.duplicate_lifetime);
        self.idle_timeout = time(args.idle_timeout, self.idle_timeout);
        self.proxy_to.extend_from_slice(&args.proxy_to);
        self.proxy_secret = args.proxy_secret.clone().or(self.proxy_secret);
        self.coa = args.coa.or(self.coa);
        self.reverse_coa |= args.reverse_coa;
        self.cert = args.cert.clone().or(self.cert);
        self.key = args.key.clone().or(self.key);
        self.ca = args.ca.clone().or(self.ca);
        self.tls = self.tls.with(&args.tls);
        self.write_ca = args.write_ca.clone().or(self.write_ca);
        self.write_client = args.write_client.clone().or(self.write_client);
        if !args.eap_methods.is_empty() {
            self.eap_methods.clone_from(&args.eap_methods);
        }
        self.eap_tls = args.eap_tls.or(self.eap_tls);
        self.eap_fragment_size = args.eap_fragment_size.or(self.eap_fragment_size);
        self.acct_log = args.acct_log.clone().or(self.acct_log);
        self.acct_format = args.acct_format.or(self.acct_format);
        self.duplicate_entries = args.duplicate_entries.or(self.duplicate_entries);
        self.max_connections = args.max_connections.or(self.max_connections);
        self.threads = args.threads.or(self.threads);
        self.metrics = args.metrics.or(self.metrics);
        self.seed = args.seed.or(self.seed);
        let rated = |kind, rate| Fault {
            rate,
            ..Fault::always(kind)
        };
        let (drop, corrupt) = (args.drop.or(self.drop), args.corrupt.or(self.corrupt));
        self.faults.extend(drop.map(|rate| rated(Kind::Drop, rate)));
        let delay = time(args.delay, self.delay);
        self.faults
            .extend(delay.map(|time| Fault::always(Kind::Delay(time.0))));
        self.faults
            .extend(corrupt.map(|rate| rated(Kind::WrongAuthenticator, rate)));
        self.faults.extend_from_slice(&args.faults);
        self
    }
}

/// What is wrong with the text of a configuration, with its line and a caret.
fn fault_of(path: &Path, text: &str, error: &toml::de::Error) -> Diagnostic {
    let mut message = error.message().to_owned();
    if message.is_empty() {
        message.push_str("this cannot be read");
    }
    let diagnostic = Diagnostic::error("config", Exit::Usage, message.replace('\n', " "));
    let Some(span) = error.span() else {
        return diagnostic.hint(format!("in {}", path.display()));
    };
    let line = crate::attr::Line::at(text, span.start);
    let start = span.start.saturating_sub(line.start).min(line.text.len());
    let end = (start + span.len()).clamp(start, line.text.len());
    diagnostic.excerpt(Excerpt {
        origin: path.display().to_string(),
        line: Some(line.number),
        text: line.text.to_owned(),
        span: start..end,
        label: String::new(),
    })
}

fn listen_text(text: &str) -> Result<String, String> {
    listen::parse(text).map(|_| text.to_owned())
}

/// The octets of a secret: `0x…` is hexadecimal, everything else is itself.
fn shared_secret(text: &str) -> Result<SecretText, String> {
    let written = SecretText(Secret::new(text.as_bytes()));
    written
        .read("the secret")
        .map(SecretText)
        .map_err(|diagnostic| diagnostic.message)
}

/// `CIDR=SECRET`.
fn client(text: &str) -> Result<ClientText, String> {
    let (network, secret) = text
        .split_once('=')
        .ok_or("the form is CIDR=SECRET, such as 192.0.2.0/24=s3cret")?;
    Ok(ClientText {
        network: self::network(network)?,
        secret: shared_secret(secret)?,
        name: None,
        require_message_authenticator: None,
        limit_proxy_state: None,
    })
}

/// `NAME:PASSWORD`; the name ends at the first colon.
fn user(text: &str) -> Result<UserText, String> {
    let (name, password) = text.split_once(':').ok_or("the form is NAME:PASSWORD")?;
    if name.is_empty() {
        return Err("a user has a name".into());
    }
    Ok(UserText {
        name: name.to_owned(),
        password: SecretText(Secret::new(password.as_bytes())),
        methods: Vec::new(),
    })
}

fn eap_method(text: &str) -> Result<Method, String> {
    method(text).and_then(|method| match method.outer() {
        Some(_) => Ok(method),
        None => Err(format!("`{text}` is no method of EAP")),
    })
}

fn method(text: &str) -> Result<Method, String> {
    let unknown = |UnknownMethod| {
        let all: Vec<&str> = Method::all().map(Method::as_str).collect();
        format!("no such method; there are {}", all.join(", "))
    };
    text.parse().map_err(unknown)
}

fn network(text: &str) -> Result<Network, String> {
    use crate::responder::clients::NetworkError;
    text.parse().map_err(|error| match error {
        NetworkError::BadAddress => format!("`{text}` is no IPv4 or IPv6 network"),
        NetworkError::BadPrefix => format!("after the slash of `{text}` stands no number"),
        NetworkError::PrefixTooLong { prefix, max } => {
            format!("a prefix of {prefix} bits is longer than the address, which has {max}")
        }
    })
}

/// `auto`, `sessions`, `ack`, `nak`, `nak=CAUSE`.
fn manner(text: &str) -> Result<Manner, String> {
    match text {
        "auto" => Ok(Manner::Auto),
        "sessions" => Ok(Manner::Sessions),
        "ack" => Ok(Manner::Ack),
        "nak" => Ok(Manner::Nak(ErrorCause::ADMINISTRATIVELY_PROHIBITED)),
        _ => {
            let cause = text
                .strip_prefix("nak=")
                .ok_or("auto, sessions, ack, nak or nak=CAUSE")?;
            ErrorCause::named(cause)
                .map(Manner::Nak)
                .ok_or_else(|| format!("`{cause}` is no Error-Cause by name or number"))
        }
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Text(String),
            Whole(u64),
            Part(f64),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Text(text) => text,
            Written::Whole(seconds) => seconds.to_string(),
            Written::Part(seconds) => seconds.to_string(),
        };
        values::duration(&text)
            .map(Time)
            .map_err(serde::de::Error::custom)
    }
}

/// Reads a text and parses it.
fn text<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse(&text).map_err(serde::de::Error::custom)
}

fn texts<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<T>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    texts
        .iter()
        .map(|text| parse(text).map_err(serde::de::Error::custom))
        .collect()
}

fn listen_texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    texts(deserializer, listen_text)
}

fn fault_texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Fault>, D::Error> {
    texts(deserializer, fault::parse)
}

/// A rate as text, `10%`, or as a number, `0.1`.
fn rate_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Number(f64),
        Text(String),
    }
    let text = match Written::deserialize(deserializer)? {
        Written::Number(number) => number.to_string(),
        Written::Text(text) => text,
    };
    fault::rate(&text).map(Some).map_err(serde::de::Error::custom)
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretText>, D::Error> {
    text(deserializer, shared_secret).map(Some)
}

fn own_secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretText, D::Error> {
    text(deserializer, shared_secret)
}

fn password<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretText, D::Error> {
    text(deserializer, |text| Ok(SecretText(Secret::new(text.as_bytes()))))
}

fn network_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Network, D::Error> {
    text(deserializer, network)
}

fn manner_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Manner>, D::Error> {
    text(deserializer, manner).map(Some)
}

fn eap_versions<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Versions>, D::Error> {
    text(deserializer, crate::cli::eap::versions).map(Some)
}

fn methods<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Method>, D::Error> {
    named(deserializer, method)
}

fn eap_methods<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Method>, D::Error> {
    named(deserializer, eap_method)
}

fn named<'de, D: Deserializer<'de>>(
    deserializer: D,
    parse: fn(&str) -> Result<Method, String>,
) -> Result<Vec<Method>, D::Error> {
    let names = Vec::<String>::deserialize(deserializer)?;
    let parsed: Result<Vec<Method>, String> = names.iter().map(|name| parse(name)).collect();
    parsed.map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Options, String> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("serve.toml");
        std::fs::write(&path, text).unwrap();
        Options::read(&path).map_err(|error| error.text())
    }

    #[test]
    fn a_file_says_all_that_the_command_line_can() {
        let options = read(
            r#"
            listen = ["udp://0.0.0.0:1812", "tcp://[::]:1812?role=any"]
            secret = "0x0102"
            users = ["users"]
            reply = ["Service-Type = Framed-User"]
            reject-delay = "500ms"
            duplicate-lifetime = 5
            coa = "nak=Session-Context-Not-Found"
            acct-log = "acct.json"
            acct-format = "detail"
            fault = ["drop,rate=10%", "reject,nth=3"]
            drop = 0.25
            delay = "20ms"
            corrupt = "5%"
            seed = 7
            metrics = "127.0.0.1:9812"

            [challenge]
            code = "1234"

            [[client]]
            network = "192.0.2.0/24"
            secret = "s"
            name = "lab"
            require-message-authenticator = true

            [[user]]
            name = "bob"
            password = "hello"
            "#,
        )
        .unwrap();
        assert_eq!(options.secret.unwrap().0.expose(), [1, 2]);
        assert_eq!(options.clients[0].name.as_deref(), Some("lab"));
        assert_eq!(options.users[0].name, "bob");
        assert_eq!(options.reject_delay.unwrap().0, Duration::from_millis(500));
        assert_eq!(options.duplicate_lifetime.unwrap().0, Duration::from_secs(5));
        assert_eq!(options.coa, Some(Manner::Nak(ErrorCause(503))));
        assert_eq!((options.drop, options.corrupt), (Some(0.25), Some(0.05)));
        assert_eq!(options.delay.unwrap().0, Duration::from_millis(20));
        assert_eq!(options.faults.len(), 2);
        assert!(options.users_files[0].is_absolute());
    }

    #[test]
    fn a_fault_in_a_file_is_shown_with_its_line() {
        for (text, shown) in [
            ("secret = \"x\"\nscret = \"y\"\n", "serve.toml:2:1"),
            ("listen = [\"http://x\"]\n", "serve.toml:1:10"),
            (
                "[[client]]\nnetwork = \"10.0.0.0/99\"\nsecret = \"x\"\n",
                "serve.toml:2:11",
            ),
            ("reject-delay = \"soon\"\n", "serve.toml:1:16"),
            ("secret = \n", "serve.toml:1:"),
        ] {
            let error = read(text).unwrap_err();
            let error = anstream::adapter::strip_str(&error).to_string();
            assert!(error.contains(shown), "{error}");
        }
    }
}
