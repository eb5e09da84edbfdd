//! The options that client commands share, as the command line spells them.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum, ValueHint};

use super::connection::ConnectionArgs;
use super::values::{self, Host, SecretText};
use crate::codec::Authenticator;
use crate::net::dtls::Psk;
use crate::net::tls::{Fingerprint, RadiusVersions, TlsVersions};
use crate::net::{Bind, Family};

/// Everything that `auth`, `acct`, `coa`, `disconnect`, `status` and `send` have in common.
#[derive(Debug, Args)]
pub struct ClientArgs {
    /// The server: name, name:port, [v6]:port, or udp://…, tcp://…, tls://… or dtls://…; `-` where every packet of a file says its own
    #[arg(value_name = "HOST", value_parser = values::host)]
    pub host: Host,
    #[command(flatten)]
    pub secret: SecretArgs,
    #[command(flatten)]
    pub request: RequestArgs,
    #[command(flatten)]
    pub retry: RetryArgs,
    #[command(flatten)]
    pub volume: VolumeArgs,
    #[command(flatten)]
    pub link: LinkArgs,
    #[command(flatten)]
    pub connection: ConnectionArgs,
    #[command(flatten)]
    pub tls: TlsArgs,
    #[command(flatten)]
    pub dictionary: DictionaryArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Where the shared secret comes from.
#[derive(Debug, Args)]
#[command(next_help_heading = "Secret")]
pub struct SecretArgs {
    /// The shared secret; 0x… is hexadecimal. Others can read it in the process list: a file or RADIUS_SECRET is
    /// better; on a terminal it is asked for
    #[arg(short, long, value_name = "SECRET", value_parser = values::secret)]
    pub secret: Option<SecretText>,
    /// The file whose first line is the shared secret
    #[arg(long, value_name = "FILE", conflicts_with = "secret", value_hint = ValueHint::FilePath)]
    pub secret_file: Option<PathBuf>,
}

/// What is asked, and what the answer must be.
#[derive(Debug, Args)]
#[command(next_help_heading = "Request")]
pub struct RequestArgs {
    /// An attribute, `NAME = VALUE`; repeatable, in order; several may be joined by commas
    #[arg(short, long = "attr", value_name = "NAME = VALUE", allow_hyphen_values = true)]
    pub attributes: Vec<String>,
    /// Requests from a file: packets of NAME = VALUE lines with a blank line between, # comments; `-` is stdin. After
    /// a colon, a file with what each answer must hold
    #[arg(short, long = "file", value_name = "FILE[:EXPECT]", value_hint = ValueHint::FilePath)]
    pub files: Vec<String>,
    /// What the answer must be: accept, reject, challenge, ack, nak, response, none, or NAME OP VALUE with OP one of
    /// == != < <= > >= =~ !~ =* (present) !* (absent); repeatable
    #[arg(short, long = "expect", value_name = "EXPR", allow_hyphen_values = true)]
    pub expectations: Vec<String>,
    /// The answer may hold no attribute that no expectation names
    #[arg(long, requires = "expectations")]
    pub expect_exactly: bool,
    /// Refuse (exit 4) an Access reply without a Message-Authenticator
    #[arg(long)]
    pub require_message_authenticator: bool,
    /// Send Access-Requests without a Message-Authenticator, as clients did before CVE-2024-3596
    #[arg(long)]
    pub no_message_authenticator: bool,
    /// The Identifier of every request, 0 to 255
    #[arg(long, value_name = "N")]
    pub id: Option<u8>,
    /// The Request Authenticator of every Access-Request and Status-Server, 32 hexadecimal digits
    #[arg(long, value_name = "HEX", value_parser = values::authenticator)]
    pub authenticator: Option<Authenticator>,
    /// Build the packet and print it; send nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
}

/// Retransmission (RFC 5080 §2.2.1).
#[derive(Debug, Args)]
#[command(next_help_heading = "Retransmission")]
pub struct RetryArgs {
    /// How long the first wait is: 500ms, 1s, 2m, or seconds
    #[arg(short, long, value_name = "TIME", default_value = "1s", value_parser = values::duration)]
    pub timeout: Duration,
    /// How often a request is sent again; the first time is not counted
    #[arg(short, long, value_name = "N", default_value_t = 3)]
    pub retries: u32,
    /// By what each wait is longer than the one before; 1 for a fixed interval
    #[arg(long, value_name = "FACTOR", default_value = "2", value_parser = values::factor)]
    pub backoff: f64,
    /// By what part each wait varies at random, 0 to 1
    #[arg(long, value_name = "PART", default_value = "0.1", value_parser = values::part)]
    pub jitter: f64,
    /// The longest wait
    #[arg(long, value_name = "TIME", default_value = "16s", value_parser = values::duration)]
    pub max_wait: Duration,
}

/// How many requests, and how fast.
#[derive(Debug, Args)]
#[command(next_help_heading = "Volume")]
pub struct VolumeArgs {
    /// Send each request N times
    #[arg(short, long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    pub count: u64,
    /// Keep N requests in flight
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=65_536))]
    pub parallel: u32,
    /// Send N requests a second
    #[arg(long, value_name = "N", value_parser = values::rate)]
    pub rate: Option<f64>,
}

/// Where requests leave from.
#[derive(Debug, Args)]
#[command(next_help_heading = "Network")]
pub struct LinkArgs {
    /// The local address to send from, with a port if it matters
    #[arg(long, value_name = "ADDR[:PORT]", value_parser = values::bind)]
    pub bind: Option<Bind>,
    /// Use IPv4 only
    #[arg(short = '4', conflicts_with = "ipv6")]
    pub ipv4: bool,
    /// Use IPv6 only
    #[arg(short = '6')]
    pub ipv6: bool,
}

/// What secures tls:// and dtls://.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "TLS and DTLS")]
pub struct TlsArgs {
    /// The CA that signs servers' certificates, in PEM; repeatable. No CA of this system is trusted for RADIUS
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub ca: Vec<PathBuf>,
    /// Our certificate in PEM, with those between it and its CA behind it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub cert: Option<PathBuf>,
    /// The key of --cert in PEM; it may stand in the same file
    #[arg(long, value_name = "FILE", requires = "cert", value_hint = ValueHint::FilePath)]
    pub key: Option<PathBuf>,
    /// What CAs have revoked, in PEM; repeatable
    #[arg(long, value_name = "FILE", requires = "ca", value_hint = ValueHint::FilePath)]
    pub crl: Vec<PathBuf>,
    /// The name or address that the server's certificate must be for, where it is not HOST
    #[arg(long, value_name = "NAME")]
    pub server_name: Option<String>,
    /// The realm that the server's certificate must be for, in the place of its name (NAIRealm, RFC 7585)
    #[arg(long, value_name = "REALM", requires = "ca")]
    pub nai_realm: Option<String>,
    /// The server's certificate must have this SHA-256, colons or not; repeatable. Without --ca that is enough
    #[arg(long, value_name = "SHA256", value_parser = values::fingerprint)]
    pub fingerprint: Vec<Fingerprint>,
    /// A pre-shared key in the place of certificates, over dtls://: the identity, a colon, and the key in hexadecimal
    #[arg(long, value_name = "ID:HEX", value_parser = values::psk, conflicts_with_all = ["ca", "cert", "fingerprint", "insecure"])]
    pub psk: Option<Psk>,
    /// Believe any server, whoever it is
    #[arg(long, conflicts_with_all = ["ca", "fingerprint"])]
    pub insecure: bool,
    /// Versions of TLS: 1.2, 1.3, or a range
    #[arg(long, value_name = "RANGE", default_value = "1.2..1.3", value_parser = values::tls_versions)]
    pub tls: TlsVersions,
    /// Versions of RADIUS to offer (ALPN, RFC 9765): 1.0, 1.1, 1.0,1.1, or none to leave ALPN out
    #[arg(long, value_name = "LIST", default_value = "1.0,1.1", value_parser = values::radius_versions)]
    pub radius_version: RadiusVersions,
}

impl TlsArgs {
    /// The first option that only makes sense where there is TLS.
    pub fn first_given(&self) -> Option<&'static str> {
        let given = [
            (!self.ca.is_empty(), "--ca"),
            (self.cert.is_some(), "--cert"),
            (self.server_name.is_some(), "--server-name"),
            (!self.fingerprint.is_empty(), "--fingerprint"),
            (self.psk.is_some(), "--psk"),
            (self.insecure, "--insecure"),
        ];
        given.iter().find(|(given, _)| *given).map(|(_, option)| *option)
    }
}

/// Names for numbers.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Dictionary")]
pub struct DictionaryArgs {
    /// More names: a dictionary in FreeRADIUS's format, or a directory that holds one named `dictionary`; repeatable
    #[arg(short = 'D', long = "dict", value_name = "FILE|DIR", env = "RADIUS_DICT", value_hint = ValueHint::AnyPath)]
    pub dictionaries: Vec<PathBuf>,
    /// The directory that $INCLUDE may not leave, instead of each dictionary's own
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub dict_root: Option<String>,
    /// Do without the dictionaries that are built in
    #[arg(long)]
    pub no_builtin_dict: bool,
}

/// How results are printed.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// How the result is printed: json is laid out to be read, ndjson is one line an exchange
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t = Format::Human)]
    pub output: Format,
    /// The same as --output json
    #[arg(long, conflicts_with = "output")]
    pub json: bool,
    /// Print every packet, both ways, with its octets
    #[arg(long, env = "RADIUS_TRACE", value_parser = clap::builder::FalseyValueParser::new(), action = clap::ArgAction::SetTrue)]
    pub trace: bool,
    /// Print the octets of request and reply
    #[arg(long)]
    pub hex: bool,
    /// Print each attribute's octets beside its meaning
    #[arg(long)]
    pub annotate: bool,
    /// Print passwords and keys in clear; otherwise they are <hidden>
    #[arg(long)]
    pub show_secrets: bool,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Human,
    /// One JSON object an exchange, laid out to be read
    Json,
    /// One JSON object an exchange, one a line
    Ndjson,
    /// Nothing: the exit code says it
    None,
}

impl OutputArgs {
    /// The format that both spellings together ask for.
    pub fn format(&self) -> Format {
        if self.json { Format::Json } else { self.output }
    }
}

impl LinkArgs {
    /// Which addresses of a name will do.
    pub fn family(&self) -> Family {
        match (self.ipv4, self.ipv6) {
            (true, _) => Family::V4,
            (_, true) => Family::V6,
            _ => Family::Any,
        }
    }
}
