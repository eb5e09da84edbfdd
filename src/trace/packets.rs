//! From frames to RADIUS packets: through IP and its fragments, UDP, and TCP streams.
//!
//! A packet on a port of RADIUS is taken as it is, malformed or not. On any other port it is taken when it cannot
//! well be anything else: its Code is assigned, its Length is that of the datagram, and its attributes fill it.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;

use super::capture::{Frame, Time};
use super::fragments::{Fragments, Put};
use super::layers::{self, IpPacket, LinkType, Unread};
use super::segments::{Piece, Segment, Segments};
use crate::codec::frame::{FrameError, Frames};
use crate::codec::{HEADER_LENGTH, MAX_LENGTH, Packet};
use crate::exchange::Transport;

/// The ports of RADIUS: authentication and accounting, new and old numbers, dynamic authorization (and Cisco's), TLS.
pub const PORTS: [u16; 7] = [1812, 1813, 1645, 1646, 3799, 1700, 2083];
/// The longest packet on a stream, in octets: all that Length can say (RFC 7930).
const MAX_ON_STREAM: usize = 65_535;
/// The most directions of connections that are followed at a time.
const MAX_STREAMS: usize = 256;

/// A packet that was seen on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting<'a> {
    /// The number of the frame that completed it; the first is 1.
    pub number: u64,
    /// When that was.
    pub time: Time,
    /// Where it comes from.
    pub source: SocketAddr,
    /// Where it goes.
    pub destination: SocketAddr,
    /// What carries it.
    pub transport: Transport,
    /// Its octets.
    pub octets: &'a [u8],
    /// How many octets the capture cut off.
    pub missing: usize,
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
    /// TLS or DTLS whose keys are not known; said once for each connection.
    Encrypted,
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
    streams: HashMap<Direction, Stream>,
    said: HashSet<Said>,
    counts: Counts,
}

type Direction = (SocketAddr, SocketAddr);

/// What is said only once.
#[derive(PartialEq, Eq, Hash)]
enum Said {
    LinkType(LinkType),
    Encrypted(SocketAddr, SocketAddr),
}

/// One direction of a TCP connection.
struct Stream {
    segments: Segments,
    reader: StreamReader,
    last: Time,
}

struct StreamReader {
    content: Content,
    frames: Frames,
    skipped: usize,
}

/// What a stream carries.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    /// Nothing was seen of it yet.
    Unknown,
    /// Packets; the border of the next is known.
    Packets,
    /// Packets, but the border of the next is lost.
    Lost,
    Tls,
    Other,
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
    fn packet<'a>(&self, transport: Transport, octets: &'a [u8], missing: usize) -> Seen<'a> {
        Seen::Packet(Sighting {
            number: self.number,
            time: self.time,
            source: self.source,
            destination: self.destination,
            transport,
            octets,
            missing,
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
    /// Takes packets on [`PORTS`] and on these ports, whatever they look like.
    pub fn new(more_ports: &[u16]) -> Packets {
        Packets {
            ports: PORTS.iter().chain(more_ports).copied().collect(),
            fragments: Fragments::default(),
            streams: HashMap::new(),
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
        for ((source, destination), stream) in std::mem::take(&mut self.streams) {
            let place = Place {
                number,
                time: stream.last,
                source,
                destination,
            };
            self.counts.packets += stream.finish(&place, take);
        }
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
        take(place.packet(Transport::Udp, octets, datagram.missing));
    }

    fn encrypted(&mut self, place: &Place, take: &mut dyn FnMut(Seen<'_>)) {
        const MAX_SAID: usize = 4096;
        let (low, high) = match place.source <= place.destination {
            true => (place.source, place.destination),
            false => (place.destination, place.source),
        };
        if self.said.len() < MAX_SAID && self.said.insert(Said::Encrypted(low, high)) {
            take(place.trouble(TroubleKind::Encrypted));
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
        let (forth, back) = (
            (place.source, place.destination),
            (place.destination, place.source),
        );
        if let Some(sequence) = segment.acknowledges
            && let Some(Stream { segments, reader, .. }) = self.streams.get_mut(&back)
        {
            let place = Place {
                source: place.destination,
                destination: place.source,
                ..place
            };
            let count = &mut self.counts.packets;
            segments.acknowledged(sequence, &mut |piece| {
                *count += reader.piece(&place, known, piece, take)
            });
        }
        if segment.octets.is_empty() && !segment.begins && !segment.ends && !segment.resets {
            return;
        }
        if !self.streams.contains_key(&forth) {
            self.make_room(time);
        }
        let stream = self.streams.entry(forth).or_insert_with(|| Stream::new(time));
        stream.last = time;
        if segment.begins {
            stream.reader = StreamReader::new();
        }
        let Stream { segments, reader, .. } = &mut *stream;
        let before = reader.content;
        let count = &mut self.counts.packets;
        segments.put(&segment, &mut |piece| {
            *count += reader.piece(&place, known, piece, take)
        });
        let tls = before != Content::Tls && reader.content == Content::Tls;
        if (segment.ends || segment.resets)
            && let Some(stream) = self.streams.remove(&forth)
        {
            self.counts.packets += stream.finish(&place, take);
        }
        if tls {
            self.encrypted(&place, take);
        }
    }

    /// Forgets the connection that was silent for the longest time, if there are too many.
    fn make_room(&mut self, now: Time) {
        const SILENCE: u64 = 3_600_000_000_000;
        if self.streams.len() < MAX_STREAMS {
            return;
        }
        self.streams.retain(|_, stream| {
            now.since(stream.last) < SILENCE && !matches!(stream.reader.content, Content::Other)
        });
        if self.streams.len() >= MAX_STREAMS {
            let oldest = self.streams.iter().min_by_key(|(_, stream)| stream.last);
            if let Some(direction) = oldest.map(|(direction, _)| *direction) {
                self.streams.remove(&direction);
            }
        }
    }
}

impl Stream {
    fn new(time: Time) -> Stream {
        Stream {
            segments: Segments::default(),
            reader: StreamReader::new(),
            last: time,
        }
    }

    /// Reads what waits and says what is left over; how many packets there were.
    fn finish(self, place: &Place, take: &mut dyn FnMut(Seen<'_>)) -> u64 {
        let Stream {
            mut segments,
            mut reader,
            ..
        } = self;
        let mut count = 0;
        segments.finish(&mut |piece| count += reader.piece(place, false, piece, take));
        if reader.content == Content::Packets && reader.frames.waiting() > 0 {
            take(place.trouble(TroubleKind::CutStream(reader.frames.waiting())));
        }
        reader.say_skipped(place, take);
        count
    }
}

impl StreamReader {
    fn new() -> StreamReader {
        StreamReader {
            content: Content::Unknown,
            frames: Frames::new(MAX_ON_STREAM),
            skipped: 0,
        }
    }

    /// Takes a piece of the stream; how many packets it completes.
    fn piece(&mut self, place: &Place, known: bool, piece: Piece<'_>, take: &mut dyn FnMut(Seen<'_>)) -> u64 {
        match piece {
            Piece::Gap(octets) => {
                if matches!(self.content, Content::Packets | Content::Lost) {
                    take(place.trouble(TroubleKind::Gap(octets)));
                    self.lose();
                }
                0
            }
            Piece::Octets(octets) => {
                let begins = begins_a_packet(octets);
                self.content = match self.content {
                    Content::Unknown if matches!(octets, [20..=24, 3, 0..=4, ..]) => Content::Tls,
                    Content::Unknown if begins || known => Content::Packets,
                    Content::Unknown => Content::Other,
                    Content::Lost if begins => {
                        self.say_skipped(place, take);
                        Content::Packets
                    }
                    content => content,
                };
                match self.content {
                    Content::Packets => self.read(place, octets, take),
                    Content::Lost => {
                        self.skipped += octets.len();
                        0
                    }
                    _ => 0,
                }
            }
        }
    }

    fn read(&mut self, place: &Place, octets: &[u8], take: &mut dyn FnMut(Seen<'_>)) -> u64 {
        let mut count = 0;
        self.frames.push(octets);
        loop {
            match self.frames.next_packet() {
                Ok(Some(packet)) => {
                    count += 1;
                    take(place.packet(Transport::Tcp, packet, 0));
                }
                Ok(None) => return count,
                Err(error) => {
                    take(place.trouble(TroubleKind::Border(error)));
                    self.lose();
                    return count;
                }
            }
        }
    }

    /// The border of the next packet is lost, and with it what waits for its rest.
    fn lose(&mut self) {
        self.skipped += self.frames.waiting();
        self.frames = Frames::new(MAX_ON_STREAM);
        self.content = Content::Lost;
    }

    fn say_skipped(&mut self, place: &Place, take: &mut dyn FnMut(Seen<'_>)) {
        let skipped = std::mem::take(&mut self.skipped);
        if skipped > 0 {
            take(place.trouble(TroubleKind::Skipped(skipped)));
        }
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

/// Whether a stretch of a stream begins with a packet's header.
fn begins_a_packet(octets: &[u8]) -> bool {
    Packet::parse(octets).is_ok_and(|packet| {
        let length = packet.length();
        let fits = (HEADER_LENGTH..=MAX_ON_STREAM).contains(&length);
        let tiles = length > octets.len() || packet.attributes().all(|attribute| attribute.is_ok());
        packet.code().name().is_some() && fits && tiles
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CLIENT: ([u8; 4], u16) = ([10, 0, 0, 1], 4000);
    const SERVER: ([u8; 4], u16) = ([10, 0, 0, 2], 1812);

    fn radius(identifier: u8) -> Vec<u8> {
        let mut octets = vec![1, identifier, 0, 27];
        octets.extend([7; 16]);
        octets.extend(b"\x01\x07alice");
        octets
    }

    fn ip(from: ([u8; 4], u16), to: ([u8; 4], u16), protocol: u8, payload: &[u8]) -> Vec<u8> {
        let total = u16::try_from(20 + payload.len()).unwrap().to_be_bytes();
        let mut octets = vec![0x45, 0, total[0], total[1], 0, 1, 0, 0, 64, protocol, 0, 0];
        octets.extend(from.0);
        octets.extend(to.0);
        octets.extend_from_slice(payload);
        octets
    }

    fn udp(from: ([u8; 4], u16), to: ([u8; 4], u16), payload: &[u8]) -> Vec<u8> {
        let mut octets = [from.1.to_be_bytes(), to.1.to_be_bytes()].concat();
        octets.extend(u16::try_from(8 + payload.len()).unwrap().to_be_bytes());
        octets.extend([0, 0]);
        octets.extend_from_slice(payload);
        ip(from, to, layers::UDP, &octets)
    }

    fn tcp(sequence: u32, flags: u8, payload: &[u8]) -> Vec<u8> {
        let mut octets = [CLIENT.1.to_be_bytes(), SERVER.1.to_be_bytes()].concat();
        octets.extend(sequence.to_be_bytes());
        octets.extend([0, 0, 0, 0, 0x50, flags, 0, 0, 0, 0, 0, 0]);
        octets.extend_from_slice(payload);
        ip(CLIENT, SERVER, layers::TCP, &octets)
    }

    /// What the frames hold: Identifiers of packets, and troubles.
    fn read(packets: &mut Packets, frames: &[Vec<u8>]) -> (Vec<u8>, Vec<TroubleKind>) {
        let (mut identifiers, mut troubles) = (Vec::new(), Vec::new());
        let mut take = |seen: Seen<'_>| match seen {
            Seen::Packet(sighting) => identifiers.push(sighting.octets.get(1).copied().unwrap_or(0)),
            Seen::Trouble(trouble) => troubles.push(trouble.kind),
        };
        for octets in frames {
            let frame = Frame {
                time: Time(1),
                link: LinkType::RAW,
                octets,
                length: octets.len(),
            };
            packets.frame(&frame, &mut take);
        }
        packets.finish(&mut take);
        (identifiers, troubles)
    }

    #[test]
    fn packets_on_any_port_are_found_and_others_are_not() {
        let mut packets = Packets::new(&[9000]);
        let elsewhere = (SERVER.0, 4711);
        let frames = [
            udp(CLIENT, SERVER, &radius(1)),
            udp(CLIENT, elsewhere, &radius(2)),
            udp(CLIENT, elsewhere, b"\x01\x03hello, this is no packet"),
            udp(CLIENT, (SERVER.0, 9000), b"\x01\x04"),
            ip(CLIENT, SERVER, 1, b"ping"),
        ];
        assert_eq!(read(&mut packets, &frames), (vec![1, 2, 4], vec![]));
        let counts = packets.counts();
        assert_eq!((counts.frames, counts.packets, counts.others), (5, 3, 2));
    }

    #[test]
    fn a_packet_in_fragments_is_found() {
        let whole = udp(CLIENT, SERVER, &radius(5));
        let payload = &whole[20..];
        let part = |offset: usize, octets: &[u8], more: bool| {
            let mut fragment = ip(CLIENT, SERVER, layers::UDP, octets);
            let field = u16::try_from(offset / 8).unwrap() | if more { 0x2000 } else { 0 };
            fragment[6..8].copy_from_slice(&field.to_be_bytes());
            fragment
        };
        let frames = [part(16, &payload[16..], false), part(0, &payload[..16], true)];
        assert_eq!(read(&mut Packets::new(&[]), &frames), (vec![5], vec![]));
    }

    #[test]
    fn packets_on_a_stream_are_found_across_segments_and_gaps_are_said() {
        let stream: Vec<u8> = (1..=4).flat_map(radius).collect();
        let at = |start: usize, end: usize| tcp(1001 + start as u32, 0, &stream[start..end]);
        let frames = [
            tcp(1000, 2, b""),
            at(40, 81),
            at(0, 40),
            at(81, 108),
            tcp(1109, 1, b""),
        ];
        assert_eq!(read(&mut Packets::new(&[]), &frames), (vec![1, 2, 3, 4], vec![]));
        // The second packet is missing.
        let frames = [tcp(1000, 2, b""), at(0, 27), at(54, 108), tcp(1109, 1, b"")];
        let (found, troubles) = read(&mut Packets::new(&[]), &frames);
        assert_eq!((found, troubles), (vec![1, 3, 4], vec![TroubleKind::Gap(27)]));
        // What does not begin a packet is passed over; the end of the last one is missing.
        let frames = [at(0, 27), at(30, 50), at(54, 90)];
        let (found, troubles) = read(&mut Packets::new(&[]), &frames);
        assert_eq!(found, [1, 3]);
        assert_eq!(
            troubles,
            [
                TroubleKind::Gap(3),
                TroubleKind::Gap(4),
                TroubleKind::Skipped(20),
                TroubleKind::CutStream(9)
            ]
        );
    }

    #[test]
    fn what_is_encrypted_is_said_once() {
        let frames = [
            tcp(1, 2, b""),
            tcp(2, 0, b"\x16\x03\x01\x00\x05hello"),
            tcp(12, 0, b"\x17\x03\x03\x00\x01x"),
            udp(CLIENT, (SERVER.0, 2083), b"\x16\xfe\xfd\x00\x00"),
            udp(CLIENT, (SERVER.0, 2083), b"\x17\xfe\xfd\x00\x00"),
        ];
        let (found, troubles) = read(&mut Packets::new(&[]), &frames);
        assert_eq!((found, troubles), (vec![], vec![TroubleKind::Encrypted; 2]));
    }

    proptest! {
        #[test]
        fn no_frames_make_it_panic(
            frames in prop::collection::vec((0..4, prop::collection::vec(any::<u8>(), 0..60), any::<[u8; 3]>()), 0..30),
        ) {
            let frames: Vec<Vec<u8>> = frames.into_iter().map(|(kind, octets, noise)| match kind {
                0 => octets,
                1 => udp(CLIENT, SERVER, &octets),
                2 => tcp(u32::from(noise[0]), noise[1], &octets),
                _ => {
                    let mut fragment = ip(CLIENT, SERVER, layers::UDP, &octets);
                    fragment[6..8].copy_from_slice(&[noise[0] & 0x20, noise[1] & 15]);
                    fragment
                }
            }).collect();
            read(&mut Packets::new(&[]), &frames);
        }
    }
}
