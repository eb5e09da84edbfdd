//! Our own JSON as input: what `trace`, the client commands and `serve` print, one object after the other. A packet is
//! taken from its `octets`, which they print with `--hex`; where octets are masked, they count as zeros and nothing that
//! covers them is checked.

use std::io::{BufReader, Read};
use std::net::{Ipv4Addr, SocketAddr};

use serde_json::Value;

use super::Args;
use super::printer::Printer;
use crate::cli::values;
use crate::codec::hex;
use crate::dictionary::Dictionary;
use crate::exchange::{Transport, Version};
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::output::Output;
use crate::report::words;
use crate::trace::capture::Time;
use crate::trace::driver::{Observer, Sink};
use crate::trace::packets::{Counts, Sighting};
use crate::trace::secrets::Secrets;

/// What a masked octet looks like.
const MASK: &str = "**";
/// Who sent a packet where that is not said.
const NOBODY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);

/// Reads objects to the end and prints what is wanted of the packets in them.
pub(super) fn run(
    args: &Args,
    dictionary: &Dictionary,
    secrets: Secrets,
    source: Box<dyn Read + Send>,
    origin: &str,
    output: &mut Output,
) -> Result<Exit, Diagnostic> {
    let mut observer = Observer::new(args.settings(secrets, dictionary)?, dictionary);
    let mut printer = Printer::new(args, dictionary, output)?;
    let mut counts = Counts::default();
    let mut without = 0;
    let mut ended = Ok(());
    let objects = serde_json::Deserializer::from_reader(BufReader::new(source)).into_iter::<Value>();
    'objects: for object in objects {
        let object = match object {
            Ok(object) => object,
            Err(error) => {
                ended = Err(words::not_json(origin, error.line(), error.column()));
                break;
            }
        };
        counts.frames += 1;
        for place in places(&object) {
            let found = match place.read() {
                Ok(Some(found)) => found,
                Ok(None) => {
                    without += 1;
                    continue;
                }
                Err(text) => {
                    ended = Err(words::bad_record(origin, counts.frames, text));
                    break 'objects;
                }
            };
            if found.masked && (args.secrets.show_secrets || args.print.write.is_some()) {
                ended = Err(words::masked_record(origin, counts.frames));
                break 'objects;
            }
            counts.packets += 1;
            if !observer.packet(place.sighting(&found, counts.packets), &mut printer) {
                break 'objects;
            }
        }
        // It may be a pipe, and somebody wants to see what has come.
        printer.pause();
    }
    observer.finish(&mut printer);
    let (exit, found) = printer.finish(&counts)?;
    ended?;
    if without > 0 {
        output.diagnose(&words::no_octets(origin, without));
    }
    if found || exit != Exit::Success {
        return Ok(exit);
    }
    if without == 0 {
        output.diagnose(&words::nothing_recorded(
            origin,
            counts.packets,
            args.select.filter.is_some(),
        ));
    }
    Ok(Exit::No)
}

/// A packet in an object, and what stands around it.
struct Place<'v> {
    packet: &'v Value,
    time: Time,
    /// Source, then destination.
    ends: (SocketAddr, SocketAddr),
    transport: Transport,
    /// Its number where it was seen first.
    number: Option<u64>,
}

/// All packets of an object, in the order in which they passed.
fn places(object: &Value) -> Vec<Place<'_>> {
    let text = |name: &str| object[name].as_str();
    // `udp://127.0.0.1:1812?role=auth`, where a server listens.
    let listener = text("listener").and_then(|url| url.split_once("://"));
    let transport = text("transport").or(listener.map(|(scheme, _)| scheme));
    let address = |text: &str| text.split('?').next()?.parse::<SocketAddr>().ok();
    let source = text("source").and_then(address);
    let destination = text("destination").or(listener.map(|(_, rest)| rest));
    // A client prints whom it asked, and not what its own address was.
    let forth = match (source, destination.and_then(address)) {
        (Some(source), Some(destination)) => (source, destination),
        _ => (NOBODY, NOBODY),
    };
    let back = (forth.1, forth.0);
    let time = text("time").and_then(|time| values::instant(time).ok());
    let mut found = Vec::new();
    // A server prints when a request came, and how long it thought.
    let answered = time.map(|time| {
        let latency = object["latency_ms"].as_f64().unwrap_or(0.0);
        Time(time.0 + (latency.max(0.0) * 1e6) as u64)
    });
    let place = |packet, ends| Place {
        packet,
        time: if ends == back { answered } else { time }.unwrap_or_default(),
        ends,
        transport: transport.and_then(Transport::named).unwrap_or_default(),
        number: object["number"].as_u64(),
    };
    if object["code_number"].is_u64() && object["attributes"].is_array() {
        found.push(place(object, forth));
    }
    found.push(place(&object["packet"], forth));
    let rounds = object["rounds"].as_array().map(Vec::as_slice).unwrap_or_default();
    for round in rounds.iter().chain([object]) {
        found.push(place(&round["request"], forth));
        found.push(place(&round["reply"], back));
    }
    let replies = object["replies"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    found.extend(replies.iter().map(|reply| place(reply, back)));
    found.retain(|place| place.packet.is_object());
    found
}

/// A packet's octets.
struct Found {
    octets: Vec<u8>,
    masked: bool,
    version: Version,
}

impl Place<'_> {
    /// The packet; nothing where its octets are not there, and the text of octets that are none.
    fn read(&self) -> Result<Option<Found>, &str> {
        let Some(text) = self.packet["octets"].as_str() else {
            return Ok(None);
        };
        let digits = text.trim_start_matches("0x");
        let masked = digits.contains(MASK);
        let octets = hex::decode(&digits.replace(MASK, "00")).map_err(|_| text)?;
        Ok(Some(Found {
            octets,
            masked,
            version: match self.packet["token"].is_string() {
                true => Version::V1_1,
                false => Version::V1_0,
            },
        }))
    }

    fn sighting<'f>(&self, found: &'f Found, number: u64) -> Sighting<'f> {
        Sighting {
            number: self.number.unwrap_or(number),
            time: self.time,
            source: self.ends.0,
            destination: self.ends.1,
            transport: self.transport,
            version: found.version,
            octets: &found.octets,
            missing: 0,
            masked: found.masked,
        }
    }
}
