//! `radius auth`: Access-Request until Accept or Reject.

use std::path::PathBuf;

use clap::ValueHint;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::eap::EapArgs;
use super::methods;
use super::options::ClientArgs;
use super::plan::{self, Login, Purpose};
use super::run;
use super::values::{self, SecretText};
use crate::auth::{MacSpelling, Method, UnknownMethod, UnknownSpelling};
use crate::codec::Code;
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::output::Output;

/// Arguments of `radius auth`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    client: ClientArgs,
    /// Who wants in: User-Name
    #[arg(short, long, value_name = "NAME")]
    user: Option<String>,
    /// The password. Others can read it in the process list: a file or RADIUS_PASSWORD is better; on a terminal it is
    /// asked for. With --file and no --user, `-p N` is --parallel N, as elsewhere
    #[arg(short, long, value_name = "PASSWORD", value_parser = values::password, allow_hyphen_values = true)]
    password: Option<SecretText>,
    /// The file whose first line is the password
    #[arg(long, value_name = "FILE", conflicts_with = "password", value_hint = ValueHint::FilePath)]
    password_file: Option<PathBuf>,
    /// How the user proves who it is
    #[arg(short, long, value_name = "METHOD", default_value = "pap", value_parser = method())]
    method: Method,
    /// How `mab` spells the address, for User-Name and password; as it is given otherwise
    #[arg(long, value_name = "SPELLING", value_parser = spelling())]
    mac_format: Option<MacSpelling>,
    /// Answer an Access-Challenge with this; repeatable, one a round. On a terminal it is asked for
    #[arg(long, value_name = "TEXT", value_parser = values::password, allow_hyphen_values = true)]
    response: Vec<SecretText>,
    /// The password to set where the server says that the old one has expired (MS-CHAP). Others can read it in the
    /// process list: a file is better
    #[arg(long, value_name = "PASSWORD", value_parser = values::password, allow_hyphen_values = true)]
    new_password: Option<SecretText>,
    /// The file whose first line is the password to set
    #[arg(long, value_name = "FILE", conflicts_with = "new_password", value_hint = ValueHint::FilePath)]
    new_password_file: Option<PathBuf>,
    /// List the EAP methods that the server speaks for this name, one line a method; nobody logs in
    #[arg(long, conflicts_with_all = ["method", "files", "count", "dry_run"], requires = "user")]
    eap_methods: bool,
    #[command(flatten)]
    eap: EapArgs,
}

/// The methods by their names, each with a word on what it is.
fn method() -> impl TypedValueParser<Value = Method> {
    let named = |method: Method| PossibleValue::new(method.as_str()).help(about(method));
    PossibleValuesParser::new(Method::all().map(named))
        .try_map(|text| text.parse().map_err(|UnknownMethod| "no such method"))
}

/// The spellings of a MAC address by their names, each with an example.
fn spelling() -> impl TypedValueParser<Value = MacSpelling> {
    const EXAMPLE: [u8; 6] = [0x0a, 0x1b, 0x2c, 0x3d, 0x4e, 0x5f];
    let named = |(spelling, name): &(MacSpelling, &'static str)| {
        PossibleValue::new(*name).help(spelling.write(&EXAMPLE))
    };
    PossibleValuesParser::new(MacSpelling::all().iter().map(named))
        .try_map(|text| text.parse().map_err(|UnknownSpelling| "no such spelling"))
}

fn about(method: Method) -> &'static str {
    match method {
        Method::Pap => "User-Password, hidden with the shared secret (RFC 2865 §5.2)",
        Method::Chap => "CHAP-Password over a random challenge (RFC 2865 §2.2)",
        Method::Mschap => "MS-CHAP (RFC 2433)",
        Method::Mschapv2 => "MS-CHAPv2, with the server's proof (RFC 2759)",
        Method::Mab => "The user is a MAC address, and its own password",
        Method::None => "No proof at all, or what --attr and --file bring",
        Method::EapMd5 => "EAP with a hash of the password (RFC 3748 §5.4)",
        Method::EapGtc => "EAP with the password in clear (RFC 3748 §5.6)",
        Method::EapMschapv2 => "EAP with MS-CHAPv2",
        Method::EapTls => "EAP with certificates on both sides (RFC 5216, RFC 9190)",
        Method::EapPwd => "EAP with a password that nobody can guess offline (RFC 5931)",
        Method::TtlsPap => "PAP in a TLS tunnel (RFC 5281)",
        Method::TtlsChap => "CHAP in a TLS tunnel",
        Method::TtlsMschap => "MS-CHAP in a TLS tunnel",
        Method::TtlsMschapv2 => "MS-CHAPv2 in a TLS tunnel",
        Method::TtlsEapMd5 => "EAP-MD5 in a TTLS tunnel",
        Method::TtlsEapGtc => "EAP-GTC in a TTLS tunnel",
        Method::TtlsEapMschapv2 => "EAP-MSCHAPv2 in a TTLS tunnel",
        Method::TtlsEapTls => "EAP-TLS in a TTLS tunnel",
        Method::PeapMschapv2 => "EAP-MSCHAPv2 in a PEAP tunnel: what most networks with passwords use",
        Method::PeapGtc => "EAP-GTC in a PEAP tunnel",
        Method::PeapMd5 => "EAP-MD5 in a PEAP tunnel",
        Method::PeapTls => "EAP-TLS in a PEAP tunnel",
    }
}

/// Runs `radius auth`.
pub fn run(mut args: Args, output: &mut Output) -> Result<Exit, Diagnostic> {
    if args.user.is_none() && !args.client.request.files.is_empty() {
        take_parallel(&mut args);
    }
    let listed = args.user.clone().filter(|_| args.eap_methods);
    if args.eap_methods {
        args.method = Method::None;
    }
    let login = Login {
        user: args.user,
        password: args.password.map(|password| password.0),
        password_file: args.password_file,
        method: args.method,
        new_password: args.new_password.map(|password| password.0),
        new_password_file: args.new_password_file,
        mac_format: args.mac_format,
        eap: args.eap,
        responses: args.response.into_iter().map(|response| response.0).collect(),
    };
    let purpose = Purpose::new(Code::ACCESS_REQUEST).with_login(login);
    let make = |client, output: &mut Output| plan::make(client, purpose, output);
    run::command(args.client, output, make, |plan, output| match listed {
        Some(identity) => methods::run(plan, &identity, output),
        None => run::client(plan, output),
    })
}

/// With requests from a file and no user, `-p 64` can only mean what it means everywhere else.
fn take_parallel(args: &mut Args) {
    let number = args
        .password
        .as_ref()
        .and_then(|text| std::str::from_utf8(text.0.expose()).ok()?.parse().ok());
    if let Some(number @ 1..=65_536) = number {
        args.client.volume.parallel = number;
        args.password = None;
    }
}
