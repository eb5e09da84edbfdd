//! `serve.toml`: the same options as on the command line. Where both speak, the command line counts, and lists are
//! joined.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use super::options::ServeArgs;
use super::security::SecurityOptions;
use super::written::{self, ChallengeText, ClientText, RecordFormat, Time, UserText};
use crate::auth::Method;
use crate::auth::eap::tls::Versions;
use crate::cli::values::SecretText;
use crate::report::diagnostic::{Diagnostic, Excerpt, Exit};
use crate::responder::coa::Manner;
use crate::responder::faults::{Fault, Kind};

/// What a `serve.toml` says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Options {
    /// Where to listen.
    #[serde(deserialize_with = "written::listen_texts")]
    pub listen: Vec<String>,
    /// The secret of every client.
    #[serde(deserialize_with = "written::secret")]
    pub secret: Option<SecretText>,
    /// The file whose first line it is.
    pub secret_file: Option<PathBuf>,
    /// Clients with secrets of their own.
    #[serde(rename = "client", deserialize_with = "written::clients")]
    pub clients: Vec<ClientText>,
    /// For every client that does not say otherwise.
    pub require_message_authenticator: bool,
    /// For every client that does not say otherwise.
    pub limit_proxy_state: bool,
    /// Users.
    #[serde(rename = "user", deserialize_with = "written::users")]
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
    #[serde(deserialize_with = "written::challenge")]
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
    #[serde(rename = "eap-method", deserialize_with = "written::eap_methods")]
    pub eap_methods: Vec<Method>,
    /// The TLS versions to agree on.
    #[serde(deserialize_with = "written::eap_versions")]
    pub eap_tls: Option<Versions>,
    /// The longest EAP packet to send.
    pub eap_fragment_size: Option<u16>,
    /// What secures TLS and DTLS.
    pub tls: SecurityOptions,
    /// How dynamic authorization is answered.
    #[serde(deserialize_with = "written::manner_text")]
    pub coa: Option<Manner>,
    /// Whether dynamic authorization goes down the connections of those whom it is about.
    pub reverse_coa: bool,
    /// Where requests are passed on to.
    pub proxy_to: Vec<String>,
    /// The secret shared with these servers.
    #[serde(deserialize_with = "written::secret")]
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
    #[serde(deserialize_with = "written::rate_text")]
    pub drop: Option<f64>,
    /// How long every reply is held back.
    pub delay: Option<Time>,
    /// Which part of the replies has its Response Authenticator spoilt.
    #[serde(deserialize_with = "written::rate_text")]
    pub corrupt: Option<f64>,
    /// Faults on purpose.
    #[serde(rename = "fault", deserialize_with = "written::fault_texts")]
    pub faults: Vec<Fault>,
    /// What the faults are thrown with.
    pub seed: Option<u64>,
    /// Where counters are served.
    pub metrics: Option<std::net::SocketAddr>,
    /// More dictionaries.
    pub dict: Vec<PathBuf>,
}

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
        assert_eq!(
            options.coa,
            Some(Manner::Nak(crate::responder::coa::ErrorCause(503)))
        );
        assert_eq!((options.drop, options.corrupt), (Some(0.25), Some(0.05)));
        assert_eq!(options.delay.unwrap().0, Duration::from_millis(20));
        assert_eq!(options.faults.len(), 2);
        assert!(options.users_files[0].is_absolute());
    }

    #[test]
    fn what_has_a_short_form_may_be_written_in_it() {
        let options = read(
            "client = [\"192.0.2.0/24=s\", { network = \"10.0.0.0/8\", secret = \"t\" }]\n\
             user = [\"bob:hel:lo\"]\nchallenge = \"1234\"\n",
        )
        .unwrap();
        assert_eq!(options.clients.len(), 2);
        assert_eq!(options.users[0].name, "bob");
        assert_eq!(options.users[0].password.0.expose(), b"hel:lo");
        assert_eq!(options.challenge.unwrap().code.0.expose(), b"1234");
        for (text, shown) in [
            ("user = [\"bob\"]\n", "the form is NAME:PASSWORD"),
            ("user = [7]\n", "expected NAME:PASSWORD, or a table"),
            (
                "user = [{ name = \"bob\", pass = \"x\" }]\n",
                "unknown field `pass`",
            ),
        ] {
            let error = read(text).unwrap_err();
            assert!(
                error.contains(shown) && error.contains("serve.toml:1:"),
                "{error}"
            );
        }
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
