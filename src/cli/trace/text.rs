//! Packets from hexadecimal text, decoded, checked and opened.

use std::sync::Arc;

use super::Args;
use super::printer::Printer;
use crate::attr::{self, Opener};
use crate::cli::options::Format;
use crate::codec::seal::{Seals, check_reply, check_request, hiding_authenticator};
use crate::codec::{Authenticator, Packet, Secret};
use crate::dictionary::Dictionary;
use crate::report::conversation::checked;
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::human::{self, Octets};
use crate::report::output::Output;
use crate::report::view::Lens;
use crate::report::{json, words};
use crate::trace::driver::Observer;
use crate::trace::hextext::{self, HexPacket};
use crate::trace::packets::Counts;
use crate::trace::secrets::Secrets;

/// Decodes and prints the packets of a text.
pub(super) fn run(
    args: &Args,
    dictionary: &Dictionary,
    secrets: &[Arc<Secret>],
    text: &str,
    origin: &str,
    output: &mut Output,
) -> Result<Exit, Diagnostic> {
    let packets = hextext::read(text).map_err(|error| words::hex_text_error(&error, origin, text))?;
    let lens = Lens {
        dictionary,
        secrets: args.secrets.show_secrets,
        octets: false,
    };
    let mut exit = Exit::Success;
    let mut requests: Vec<(u8, Authenticator)> = Vec::new();
    for packet in &packets {
        let well = if args.attributes {
            print_attributes(packet, &lens, args, output)
        } else {
            print_packet(packet, &lens, args, secrets, &mut requests, output)?
        };
        if !well {
            exit = Exit::No;
        }
    }
    Ok(exit)
}

/// Looks at the packets of a text as at those of a capture.
pub(super) fn observe(
    args: &Args,
    dictionary: &Dictionary,
    secrets: Secrets,
    text: &str,
    origin: &str,
    output: &mut Output,
) -> Result<Exit, Diagnostic> {
    if args.select.from.is_some() || args.select.until.is_some() {
        return Err(words::text_without_times());
    }
    let packets = hextext::read(text).map_err(|error| words::hex_text_error(&error, origin, text))?;
    let mut observer = Observer::new(args.settings(secrets, dictionary)?, dictionary);
    let mut printer = Printer::new(args, dictionary, output)?;
    for (number, packet) in (1..).zip(&packets) {
        if !observer.text(number, packet, &mut printer) {
            break;
        }
    }
    observer.finish(&mut printer);
    let counts = Counts {
        frames: packets.len() as u64,
        packets: packets.len() as u64,
        ..Counts::default()
    };
    let (exit, found) = printer.finish(&counts)?;
    if !found && exit == Exit::Success {
        output.diagnose(&words::nothing_found(&counts, args.select.filter.is_some()));
        return Ok(Exit::No);
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
    match args.print.format() {
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
    secrets: &[Arc<Secret>],
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
    // The one that proves right, or the first.
    let checked_with =
        |secret: &&Arc<Secret>| check(&view, request.as_ref(), secret).is_some_and(|seals| seals.prove());
    let secret = secrets.iter().find(checked_with).or(secrets.first());
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
    match args.print.format() {
        Format::Human => {
            let octets = Octets {
                hex: !args.print.annotate,
                annotate: args.print.annotate,
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
