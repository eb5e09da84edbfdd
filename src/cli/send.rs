//! `radius send`: any packet, right or wrong.

use super::options::ClientArgs;
use super::plan::{self, Purpose};
use super::run;
use super::values::{self, Octets};
use crate::client::Wrong;
use crate::codec::Code;
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::output::Output;

/// Arguments of `radius send`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    client: ClientArgs,
    /// The packet's Code: a name such as Access-Request, or a number 0 to 255; Packet-Type in a file goes before it
    #[arg(long, value_name = "CODE", value_parser = values::code, default_value = "Access-Request")]
    code: Code,
    /// A whole packet in hexadecimal, sent as it is: nothing is added, computed or mended
    #[arg(long, value_name = "HEX", value_parser = values::octets, conflicts_with_all = ["files", "attributes", "id", "authenticator"])]
    raw: Option<Octets>,
    /// Octets in hexadecimal to put behind the attributes, whatever they are
    #[arg(long, value_name = "HEX", value_parser = values::octets, conflicts_with = "raw")]
    append: Option<Octets>,
    /// What the Length field says, whatever the length is
    #[arg(long, value_name = "N", conflicts_with = "raw")]
    length: Option<u16>,
    /// Spoil the Message-Authenticator
    #[arg(long, conflicts_with = "raw")]
    bad_message_authenticator: bool,
    /// Spoil the Request Authenticator of packets where it is a digest
    #[arg(long, conflicts_with = "raw")]
    bad_authenticator: bool,
}

/// Runs `radius send`.
pub fn run(args: Args, output: &mut Output) -> Result<Exit, Diagnostic> {
    let wrong = Wrong {
        raw: args.raw.map(|octets| octets.0),
        append: args.append.map(|octets| octets.0),
        length: args.length,
        message_authenticator: args.bad_message_authenticator,
        authenticator: args.bad_authenticator,
    };
    let purpose = Purpose::new(args.code).with_wrong(wrong);
    let make = |client, output: &mut Output| plan::make(client, purpose, output);
    run::command(args.client, output, make, run::client)
}
