//! `radius trace` in its first form: packets from hexadecimal text, decoded, checked and opened.

use super::dictionaries;
use super::files;
use super::options::{DictionaryArgs, Format};
use super::values::{self, SecretText};
use crate::attr::{self, Opener};
use crate::codec::seal::{Seals, check_reply, check_request, hiding_authenticator};
use crate::codec::{Authenticator, Packet, Secret};
use crate::report::conversation::checked;
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::human::{self, Octets};
use crate::report::output::Output;
use crate::report::view::Lens;
use crate::report::{json, words};
use crate::trace::hextext::{self, HexPacket};

/// Arguments of `radius trace`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A file with packets in hexadecimal: plain, spaced, 0x…, xxd, hexdump, tcpdump -x, Wireshark's; `-` or nothing
    /// is standard input
    #[arg(value_name = "FILE", conflicts_with = "hex")]
    file: Option<std::path::PathBuf>,
    /// The packet itself, in hexadecimal
    #[arg(long, value_name = "HEX", allow_hyphen_values = true)]
    hex: Option<String>,
    /// The shared secret: checks the authenticators and opens what is hidden
    #[arg(short, long, value_name = "SECRET", value_parser = values::secret)]
    secret: Option<SecretText>,
    /// The file whose first line is the shared secret
    #[arg(long, value_name = "FILE", conflicts_with = "secret")]
    secret_file: Option<std::path::PathBuf>,
    /// The octets are attributes, without a packet around them
    #[arg(long)]
    attributes: bool,
    /// Print passwords and keys in clear; otherwise they are <hidden>
    #[arg(long)]
    show_secrets: bool,
    /// Print each attribute's octets beside its meaning
    #[arg(long)]
    annotate: bool,
    /// How packets are printed
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t = Format::Human)]
    output: Format,
    /// The same as --output json
    #[arg(long, conflicts_with = "output")]
    json: bool,
    #[command(flatten)]
    dictionary: DictionaryArgs,
}

/// Runs `radius trace`.
pub fn run(args: Args, output: &mut Output) -> Result<Exit, Diagnostic> {
    let dictionary = dictionaries::load(&args.dictionary, output)?;
    let secret = match (&args.secret, &args.secret_file) {
        (Some(secret), _) => Some(secret.0.clone()),
        (None, Some(path)) => Some(Secret::new(files::read_secret(path)?)),
        (None, None) => None,
    };
    let (text, origin) = match (&args.hex, &args.file) {
        (Some(hex), _) => (hex.clone(), "--hex".to_owned()),
        (None, Some(path)) => (files::read_text(path)?, path.display().to_string()),
        (None, None) => (files::read_text("-".as_ref())?, "standard input".to_owned()),
    };
    let packets = hextext::read(&text).map_err(|error| words::hex_text_error(&error, &origin, &text))?;
    let lens = Lens {
        dictionary: &dictionary,
        secrets: args.show_secrets,
        octets: false,
    };
    let mut exit = Exit::Success;
    let mut requests: Vec<(u8, Authenticator)> = Vec::new();
    for packet in &packets {
        let well = if args.attributes {
            print_attributes(packet, &lens, &args, output)
        } else {
            print_packet(packet, &lens, &args, secret.as_ref(), &mut requests, output)?
        };
        if !well {
            exit = Exit::No;
        }
    }
    Ok(exit)
}

/// Decodes attributes that stand alone; whether they are well formed.
fn print_attributes(packet: &HexPacket, lens: &Lens<'_>, args: &Args, output: &mut Output) -> bool {
    // Attributes mean the same in every packet; this one only carries them.
    let mut whole = vec![1, 0, 0, 0];
    whole.extend([0; 16]);
    whole.extend_from_slice(&packet.octets);
    let length = u16::try_from(whole.len()).unwrap_or(u16::MAX).to_be_bytes();
    whole[2..4].copy_from_slice(&length);
    let Ok(view) = Packet::parse(&whole) else {
        return false;
    };
    let tree = attr::decode(&view, lens.dictionary, None);
    let seen = lens.tree(&view, &tree);
    match args.format() {
        Format::Human => output.print(&human::only_attributes(&seen)),
        Format::Json => output.print(&json::pretty(&seen.attributes)),
        Format::Ndjson => output.print(&json::line(&seen.attributes)),
        Format::None => {}
    }
    if let Some(fault) = &tree.fault {
        output.diagnose(&Diagnostic::warning(
            "malformed",
            words::attribute_error_in_list(fault),
        ));
    }
    tree.fault.is_none()
}

/// Decodes, checks and prints one packet; whether it is well formed and, where there is a secret, authentic.
fn print_packet(
    packet: &HexPacket,
    lens: &Lens<'_>,
    args: &Args,
    secret: Option<&Secret>,
    requests: &mut Vec<(u8, Authenticator)>,
    output: &mut Output,
) -> Result<bool, Diagnostic> {
    let view = Packet::parse(&packet.octets).map_err(|short| {
        Diagnostic::error("too-short", Exit::No, words::too_short(&short))
            .hint("--attributes decodes attributes without a packet around them")
    })?;
    // A reply is checked against the latest request with its Identifier that the text holds.
    let request = requests
        .iter()
        .rev()
        .find(|(identifier, _)| *identifier == view.identifier());
    let request = request
        .map(|(_, authenticator)| *authenticator)
        .filter(|_| view.code().is_reply());
    let seals = secret.and_then(|secret| check(&view, request.as_ref(), secret));
    let hiding = match request {
        Some(request) => Some(request),
        None if view.code().is_reply() => None,
        None => Some(hiding_authenticator(view.code(), view.authenticator())),
    };
    let opener = match (secret, hiding) {
        (Some(secret), Some(authenticator)) => Some(Opener {
            secret,
            authenticator,
        }),
        _ => None,
    };
    let tree = attr::decode(&view, lens.dictionary, opener.as_ref());
    let mut seen = lens.tree(&view, &tree);
    if let Some(seals) = &seals {
        checked(&mut seen, seals);
    }
    match args.format() {
        Format::Human => {
            let octets = Octets {
                hex: !args.annotate,
                annotate: args.annotate,
            };
            output.print(&human::lone_packet(&seen, octets));
        }
        Format::Json => output.print(&json::pretty(&seen)),
        Format::Ndjson => output.print(&json::line(&seen)),
        Format::None => {}
    }
    if !view.code().is_reply() {
        requests.push((view.identifier(), *view.authenticator()));
    }
    Ok(view.is_well_formed() && seals.is_none_or(|seals| seals.hold()))
}

fn check(packet: &Packet<'_>, request: Option<&Authenticator>, secret: &Secret) -> Option<Seals> {
    match (packet.code().is_reply(), request) {
        (true, Some(request)) => Some(check_reply(packet, request, secret)),
        (true, None) => None,
        (false, _) => Some(check_request(packet, secret)),
    }
}

impl Args {
    fn format(&self) -> Format {
        if self.json { Format::Json } else { self.output }
    }
}
