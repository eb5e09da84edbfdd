//! Everything that a server can be told on the command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::ValueHint;

use super::security::SecurityOptions;
use super::written::{self, ClientText, RecordFormat, UserText};
use super::{fault, upstream};
use crate::auth::Method;
use crate::auth::eap::tls::Versions;
use crate::cli::values::{self, SecretText};
use crate::responder::coa::Manner;
use crate::responder::faults::Fault;

/// What the command line says.
#[derive(Clone, Debug, clap::Args)]
pub struct ServeArgs {
    /// Listen here; repeatable: udp://ADDR:PORT, tcp://, tls:// or dtls://, `*` for all addresses,
    /// ?role=auth|acct|coa|any where the port does not say it [default: the standard ports of loopback, UDP and TCP]
    #[arg(short, long, value_name = "URL", value_parser = written::listen_text, help_heading = "Listeners and clients")]
    pub listen: Vec<String>,
    /// The secret of every client; 0x… is hexadecimal [default: testing123 on loopback]
    #[arg(short, long, value_name = "SECRET", value_parser = values::secret, help_heading = "Listeners and clients")]
    pub secret: Option<SecretText>,
    /// The file whose first line is the secret of every client
    #[arg(long, value_name = "FILE", conflicts_with = "secret", value_hint = ValueHint::FilePath, help_heading = "Listeners and clients")]
    pub secret_file: Option<PathBuf>,
    /// A client and its secret; repeatable, the longest prefix counts
    #[arg(long = "client", value_name = "CIDR=SECRET", value_parser = written::client, help_heading = "Listeners and clients")]
    pub clients: Vec<ClientText>,
    /// Discard Access-Requests without Message-Authenticator (CVE-2024-3596); a warning otherwise
    #[arg(long, help_heading = "Listeners and clients")]
    pub require_message_authenticator: bool,
    /// Discard Access-Requests with Proxy-State, but without Message-Authenticator
    #[arg(long, help_heading = "Listeners and clients")]
    pub limit_proxy_state: bool,
    /// A user and the password; repeatable [default: alice:wonderland where nothing else decides]
    #[arg(long = "user", value_name = "NAME:PASSWORD", value_parser = written::user, help_heading = "Decisions")]
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
    #[arg(long = "eap-method", value_name = "METHOD", value_parser = written::eap_method, help_heading = "EAP")]
    pub eap_methods: Vec<Method>,
    /// The TLS versions to agree on: 1.2, 1.3, or 1.2..1.3 [default: 1.2..1.3]
    #[arg(long, value_name = "VERSIONS", value_parser = crate::cli::eap::versions, help_heading = "EAP")]
    pub eap_tls: Option<Versions>,
    /// The longest EAP packet to send, in octets, where Framed-MTU says no less [default: 1020]
    #[arg(long, value_name = "OCTETS", value_parser = clap::value_parser!(u16).range(64..=4000), help_heading = "EAP")]
    pub eap_fragment_size: Option<u16>,
    /// How CoA-Request and Disconnect-Request are answered: auto (by the sessions that accounting began; NAK 406
    /// before it said anything), sessions, ack, nak, or nak=CAUSE [default: auto]
    #[arg(long, value_name = "HOW", value_parser = written::manner, help_heading = "Decisions")]
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
