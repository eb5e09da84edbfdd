//! From frames to RADIUS packets: through IP and its fragments, UDP, and TCP streams.
//!
//! A packet on a port of RADIUS is taken as it is, malformed or not. On any other port it is taken when it cannot
//! well be anything else: its Code is assigned, its Length is that of the datagram, and its attributes fill it.

mod streams;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::net::SocketAddr;

use self::streams::Streams;
use super::capture::{Frame, Time};
use super::fragments::{Fragments, Put};
use super::layers::{self, IpPacket, LinkType, Unread};
use super::segments::Segment;
use super::tls::Locked;
use super::tls::keylog::KeyLog;
use crate::codec::frame::FrameError;
use crate::codec::{MAX_LENGTH, Packet};
use crate::exchange::{Transport, Version};

/// The ports of RADIUS: authentication and accounting, new and old numbers, dynamic authorization (and Cisco's), TLS.
pub const PORTS: [u16; 7] = [1812, 1813, 1645, 1646, 3799, 1700, 2083];

/// A packet that was seen on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting<'a> {
    /// The number of the frame that completed it; the first is 1.
    pub number: u64,
    /// When that was; 0 where nobody said.
    pub time: Time,
    /// Where it comes from; the unspecified address where nobody said.
    pub source: SocketAddr,
    /// Where it goes.
    pub destination: SocketAddr,
    /// What carries it.
    pub transport: Transport,
    /// Which version of RADIUS it is.
    pub version: Version,
    /// Its octets.
    pub octets: &'a [u8],
    /// How many octets the capture cut off.
    pub missing: usize,
    /// Whether some octets are not known and stand as zeros.
    pub masked: bool,
}

impl Sighting<'_> {
    /// Whether it is known between whom it travels: hexadecimal text does not say.
    pub fn is_placed(&self) -> bool {
        !self.source.ip().is_unspecified()
    }
}

/// What frames turn out to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen<'a> {
    /// A packet.
    Packet(Sighting<'a>),
    /// Something that could not be read.
    Trouble(Trouble),
}

/// Something that could not be read, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The frame's number; the first is 1.
    pub number: u64,
    /// When it was captured.
    pub time: Time,
    /// Between whom, where that is known: source, then destination.
    pub between: Option<(SocketAddr, SocketAddr)>,
    /// What it is.
    pub kind: TroubleKind,
}

/// What could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// Frames of a link type that is not known; said once for each.
    LinkType(LinkType),
    /// Two fragments contradict each other.
    Overlap,
    /// Fragments that make more than an IP packet can be.
    TooLong,
    /// Octets of a stream that were not captured.
    Gap(u64),
    /// A stream on which no packet begins where one should.
    Border(FrameError),
    /// Octets of a stream that were passed over until a packet began.
    Skipped(usize),
    /// A stream that ended inside a packet; how many octets of it there are.
    CutStream(usize),
    /// TLS or DTLS that cannot be opened; said once for each connection.
    Encrypted(Locked),
}

/// What was counted on the way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All frames.
    pub frames: u64,
    /// Packets.
    pub packets: u64,
    /// Frames that carry something else than RADIUS.
    pub others: u64,
    /// Frames whose headers cannot be read.
    pub unread: u64,
}

/// Turns frames into packets.
pub struct Packets {
    ports: Vec<u16>,
    fragments: Fragments,
    streams: Streams,
    said: HashSet<Said>,
    counts: Counts,
}

/// What is said only once.
#[derive(PartialEq, Eq, Hash)]
enum Said {
    LinkType(LinkType),
    Encrypted(SocketAddr, SocketAddr),
}

/// Where a sighting belongs, before its octets are known.
#[derive(Clone, Copy)]
struct Place {
    number: u64,
    time: Time,
    source: SocketAddr,
    destination: SocketAddr,
}

impl Place {
    fn packet<'a>(
        &self,
        transport: Transport,
        version: Version,
        octets: &'a [u8],
        missing: usize,
    ) -> Seen<'a> {
        Seen::Packet(Sighting {
            number: self.number,
            time: self.time,
            source: self.source,
            destination: self.destination,
            transport,
            version,
            octets,
            missing,
            masked: false,
        })
    }

    fn trouble(&self, kind: TroubleKind) -> Seen<'static> {
        Seen::Trouble(Trouble {
            number: self.number,
            time: self.time,
            between: Some((self.source, self.destination)),
            kind,
        })
    }
}

impl Packets {
    /// Takes packets on [`PORTS`] and on these ports, whatever they look like; what `keylog` has the secrets of is
    /// opened.
    pub fn new(more_ports: &[u16], keylog: KeyLog) -> Packets {
        Packets {
            ports: PORTS.iter().chain(more_ports).copied().collect(),
            fragments: Fragments::default(),
            streams: Streams::new(keylog),
            said: HashSet::new(),
            counts: Counts::default(),
        }
    }

    /// What was counted so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// How many IP packets could not be put together from their fragments.
    pub fn incomplete(&self) -> u64 {
        self.fragments.incomplete()
    }

    /// Takes a frame and hands on what it completes.
    pub fn frame(&mut self, frame: &Frame<'_>, take: &mut dyn FnMut(Seen<'_>)) {
        self.counts.frames += 1;
        let number = self.counts.frames;
        let before = self.counts.packets;
        let packet = match layers::network(frame.link, frame.octets) {
            Ok(packet) => packet,
            Err(Unread::NotIp(_)) => return self.counts.others += 1,
            Err(Unread::LinkType(link)) => {
                self.counts.unread += 1;
                if self.said.insert(Said::LinkType(link)) {
                    take(Seen::Trouble(Trouble {
                        number,
                        time: frame.time,
                        between: None,
                        kind: TroubleKind::LinkType(link),
                    }));
                }
                return;
            }
            Err(Unread::Cut(_) | Unread::Bad(_)) => return self.counts.unread += 1,
        };
        match packet.fragment {
            None => self.transport(frame.time, &packet, take),
            Some(fragment) if packet.missing == 0 => {
                // The buffer of whole packets is taken out while it is read, so that the rest can be used.
                let mut fragments = std::mem::take(&mut self.fragments);
                let kind = match fragments.put(frame.time, &packet, fragment) {
                    Put::Waits => None,
                    Put::Whole(payload) => {
                        let whole = IpPacket {
                            fragment: None,
                            payload,
                            ..packet
                        };
                        self.transport(frame.time, &whole, take);
                        None
                    }
                    Put::Overlaps => Some(TroubleKind::Overlap),
                    Put::TooLong => Some(TroubleKind::TooLong),
                };
                self.fragments = fragments;
                if let Some(kind) = kind {
                    let place = Place {
                        number,
                        time: frame.time,
                        source: SocketAddr::new(packet.source, 0),
                        destination: SocketAddr::new(packet.destination, 0),
                    };
                    take(place.trouble(kind));
                }
                return;
            }
            Some(_) => return self.counts.unread += 1,
        }
        if self.counts.packets == before {
            self.counts.others += 1;
        }
    }

    /// Hands on what still waits in streams: nothing more comes.
    pub fn finish(&mut self, take: &mut dyn FnMut(Seen<'_>)) {
        let number = self.counts.frames;
        self.counts.packets += self.streams.finish(number, take);
    }

    /// Takes secrets of TLS connections that the capture brought with it.
    pub fn add_secrets(&mut self, text: &[u8]) {
        self.streams.add_secrets(text);
    }

    fn is_known(&self, source: u16, destination: u16) -> bool {
        self.ports.contains(&destination) || self.ports.contains(&source)
    }

    fn transport(&mut self, time: Time, packet: &IpPacket<'_>, take: &mut dyn FnMut(Seen<'_>)) {
        match packet.protocol {
            layers::UDP => self.datagram(time, packet, take),
            layers::TCP => self.segment(time, packet, take),
            _ => {}
        }
    }

    fn datagram(&mut self, time: Time, packet: &IpPacket<'_>, take: &mut dyn FnMut(Seen<'_>)) {
        let Ok(datagram) = layers::udp(packet.payload, packet.missing) else {
            self.counts.unread += 1;
            return;
        };
        let octets = datagram.payload;
        let known = self.is_known(datagram.source, datagram.destination);
        if !known && !can_only_be_radius(octets, datagram.missing) {
            return;
        }
        let place = Place {
            number: self.counts.frames,
            time,
            source: SocketAddr::new(packet.source, datagram.source),
            destination: SocketAddr::new(packet.destination, datagram.destination),
        };
        // DTLS records: content type, then version 254.253 or 254.255 (RFC 6347 §4.1).
        if matches!(octets, [20..=25, 254, 253 | 255, ..]) {
            return self.encrypted(&place, take);
        }
        self.counts.packets += 1;
        take(place.packet(Transport::Udp, Version::V1_0, octets, datagram.missing));
    }

    fn encrypted(&mut self, place: &Place, take: &mut dyn FnMut(Seen<'_>)) {
        const MAX_SAID: usize = 4096;
        let (low, high) = match place.source <= place.destination {
            true => (place.source, place.destination),
            false => (place.destination, place.source),
        };
        if self.said.len() < MAX_SAID && self.said.insert(Said::Encrypted(low, high)) {
            take(place.trouble(TroubleKind::Encrypted(Locked::Dtls)));
        }
    }

    fn segment(&mut self, time: Time, packet: &IpPacket<'_>, take: &mut dyn FnMut(Seen<'_>)) {
        let Some(segment) = Segment::read(packet.payload, packet.missing) else {
            self.counts.unread += 1;
            return;
        };
        let place = Place {
            number: self.counts.frames,
            time,
            source: SocketAddr::new(packet.source, segment.source),
            destination: SocketAddr::new(packet.destination, segment.destination),
        };
        let known = self.is_known(segment.source, segment.destination);
        self.counts.packets += self.streams.segment(&place, known, &segment, take);
    }
}

/// Whether a datagram cannot well be anything else than RADIUS.
fn can_only_be_radius(octets: &[u8], missing: usize) -> bool {
    let Ok(packet) = Packet::parse(octets) else {
        return false;
    };
    packet.length() == octets.len() + missing
        && packet.length() <= MAX_LENGTH
        && packet.code().name().is_some()
        && (missing > 0 || packet.attributes().all(|attribute| attribute.is_ok()))
}
