//! Accounting records as they stand in a log: one JSON object a line, or FreeRADIUS's detail format.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::SystemTime;

use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

use super::serving::timestamp;
use super::view::{Attribute, Lens};
use crate::codec::hex;
use crate::dictionary::Dictionary;
use crate::server::{Record, Records, Stored};

/// One JSON object a line.
pub struct JsonLines {
    /// The names of attributes.
    pub dictionary: Arc<Dictionary>,
}

/// FreeRADIUS's detail format: a line with the time, a line for each attribute, an empty line.
pub struct Detail {
    /// The names of attributes.
    pub dictionary: Arc<Dictionary>,
}

#[derive(Serialize)]
struct Line<'a> {
    time: String,
    client: &'a str,
    source: String,
    code: String,
    id: u8,
    authenticator: String,
    attributes: Vec<Attribute>,
}

/// What of a line tells its request from others.
#[derive(Deserialize)]
struct Told {
    source: SocketAddr,
    id: u8,
    authenticator: String,
}

impl Records for JsonLines {
    fn write(&self, record: &Record<'_>, out: &mut Vec<u8>) {
        let lens = lens(&self.dictionary);
        let line = Line {
            time: timestamp(record.at),
            client: record.client,
            source: record.source.to_string(),
            code: record.packet.code().to_string(),
            id: record.packet.identifier(),
            authenticator: hex::encode(record.packet.authenticator()),
            attributes: lens.packet(&record.packet, None, None).attributes,
        };
        out.extend_from_slice(super::json::line(&line).as_bytes());
    }

    fn whole(&self, tail: &[u8]) -> usize {
        tail.iter()
            .rposition(|octet| *octet == b'\n')
            .map_or(0, |at| at + 1)
    }

    fn stored(&self, tail: &[u8]) -> Vec<Stored> {
        tail.split(|octet| *octet == b'\n')
            .filter_map(|line| {
                let told: Told = serde_json::from_slice(line).ok()?;
                stored(told.source, told.id, &told.authenticator)
            })
            .collect()
    }
}

impl Records for Detail {
    fn write(&self, record: &Record<'_>, out: &mut Vec<u8>) {
        let lens = lens(&self.dictionary);
        let since = record
            .at
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        let stamp = Timestamp::try_from(record.at).unwrap_or(Timestamp::UNIX_EPOCH);
        let local = stamp.to_zoned(TimeZone::system());
        let mut text = String::new();
        let _ = writeln!(text, "{}", local.strftime("%a %b %e %H:%M:%S %Y"));
        for attribute in lens.packet(&record.packet, None, None).attributes {
            match date(&attribute) {
                Some(date) => {
                    let _ = writeln!(text, "\t{} = \"{date}\"", attribute.name);
                }
                None => {
                    let _ = writeln!(text, "\t{}", attribute.text);
                }
            }
        }
        // What FreeRADIUS adds, and what finds the request again.
        let _ = writeln!(text, "\tPacket-Src-IP-Address = {}", record.source.ip());
        let _ = writeln!(text, "\tPacket-Src-Port = {}", record.source.port());
        let _ = writeln!(text, "\tPacket-Id = {}", record.packet.identifier());
        let authenticator = hex::encode(record.packet.authenticator());
        let _ = writeln!(text, "\tPacket-Authentication-Vector = 0x{authenticator}");
        let _ = writeln!(text, "\tTimestamp = {}\n", since.as_secs());
        out.extend_from_slice(text.as_bytes());
    }

    fn whole(&self, tail: &[u8]) -> usize {
        tail.windows(2)
            .rposition(|two| two == b"\n\n")
            .map_or(0, |at| at + 2)
    }

    fn stored(&self, tail: &[u8]) -> Vec<Stored> {
        let text = String::from_utf8_lossy(tail);
        text.split("\n\n")
            .filter_map(|record| {
                let field = |name: &str| {
                    record.lines().rev().find_map(|line| {
                        line.trim_start()
                            .strip_prefix(name)?
                            .strip_prefix(" = ")
                            .map(str::trim)
                    })
                };
                let address = field("Packet-Src-IP-Address")?.parse().ok()?;
                let port = field("Packet-Src-Port")?.parse().ok()?;
                let id = field("Packet-Id")?.parse().ok()?;
                let authenticator = field("Packet-Authentication-Vector")?.strip_prefix("0x")?;
                stored(SocketAddr::new(address, port), id, authenticator)
            })
            .collect()
    }
}

/// A date as FreeRADIUS writes it, which reads no other; nothing for what is no date.
fn date(attribute: &Attribute) -> Option<String> {
    let text = attribute
        .value
        .as_ref()
        .filter(|_| attribute.kind == "date")?
        .as_str()?;
    let stamp: Timestamp = text.parse().ok()?;
    Some(stamp.strftime("%b %e %Y %H:%M:%S UTC").to_string())
}

fn lens(dictionary: &Dictionary) -> Lens<'_> {
    Lens {
        dictionary,
        secrets: false,
        octets: false,
    }
}

fn stored(source: SocketAddr, identifier: u8, authenticator: &str) -> Option<Stored> {
    Some(Stored {
        source,
        identifier,
        authenticator: hex::decode(authenticator).ok()?.try_into().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{AttributeType, Builder, Code, Packet};

    fn both() -> [Box<dyn Records>; 2] {
        let dictionary = Arc::new(Dictionary::builtin());
        [
            Box::new(JsonLines {
                dictionary: Arc::clone(&dictionary),
            }),
            Box::new(Detail { dictionary }),
        ]
    }

    fn write(records: &dyn Records, session: &str, out: &mut Vec<u8>) -> Stored {
        let mut builder = Builder::new(Code::ACCOUNTING_REQUEST, 7, &[9; 16]);
        builder
            .attribute(AttributeType::ACCT_STATUS_TYPE, &[0, 0, 0, 1])
            .unwrap();
        builder
            .attribute(AttributeType::ACCT_SESSION_ID, session.as_bytes())
            .unwrap();
        let octets = builder.finish();
        let record = Record {
            at: SystemTime::UNIX_EPOCH,
            source: "192.0.2.1:4000".parse().unwrap(),
            client: "nas",
            packet: Packet::parse(&octets).unwrap(),
        };
        records.write(&record, out);
        Stored::of(record.source, &record.packet)
    }

    #[test]
    fn a_record_is_found_again_and_one_that_was_cut_is_not() {
        for records in both() {
            let mut log = Vec::new();
            let stored = write(&*records, "one", &mut log);
            let end = log.len();
            assert_eq!(records.whole(&log), end);
            write(&*records, "two", &mut log);
            assert_eq!(records.whole(&log), log.len());
            assert_eq!(records.stored(&log), [stored, stored]);
            for cut in end..log.len() {
                assert_eq!(records.whole(&log[..cut]), end);
            }
            assert_eq!(records.whole(b"no record at all"), 0);
        }
    }

    #[test]
    fn the_detail_format_has_dates_as_freeradius_reads_them() {
        let mut builder = Builder::new(Code::ACCOUNTING_REQUEST, 7, &[9; 16]);
        let event = 1_600_000_000_u32.to_be_bytes();
        builder.attribute(AttributeType::EVENT_TIMESTAMP, &event).unwrap();
        let octets = builder.finish();
        let [_, detail] = both();
        let mut log = Vec::new();
        let record = Record {
            at: SystemTime::UNIX_EPOCH,
            source: "192.0.2.1:4000".parse().unwrap(),
            client: "nas",
            packet: Packet::parse(&octets).unwrap(),
        };
        detail.write(&record, &mut log);
        let text = String::from_utf8(log).unwrap();
        assert!(
            text.contains("\tEvent-Timestamp = \"Sep 13 2020 12:26:40 UTC\"\n"),
            "{text}"
        );
    }

    #[test]
    fn no_value_can_end_its_record() {
        for records in both() {
            let mut log = Vec::new();
            write(&*records, "evil\n\n\"}\nFri", &mut log);
            assert_eq!(records.stored(&log).len(), 1);
            assert_eq!(records.whole(&log[..log.len() - 1]), 0);
        }
    }
}
