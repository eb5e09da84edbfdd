//! TCP connections: their streams put together, opened where they carry TLS, and cut into packets.

use std::collections::HashMap;
use std::net::SocketAddr;

use super::{Place, Seen, TroubleKind};
use crate::codec::frame::Frames;
use crate::codec::{HEADER_LENGTH, Packet};
use crate::exchange::{Transport, Version};
use crate::trace::capture::Time;
use crate::trace::segments::{Piece, Segment, Segments};
use crate::trace::tls::keylog::KeyLog;
use crate::trace::tls::{self, Clear, Connection};

/// The longest packet on a stream, in octets: all that Length can say (RFC 7930).
const MAX_ON_STREAM: usize = 65_535;
/// The most directions of connections that are followed at a time.
const MAX_STREAMS: usize = 256;

type Direction = (SocketAddr, SocketAddr);

/// All connections.
pub(super) struct Streams {
    directions: HashMap<Direction, Stream>,
    tls: Tls,
}

/// Connections that carry TLS, by both ends, the lower first.
struct Tls {
    connections: HashMap<Direction, Connection>,
    log: KeyLog,
}

/// One direction of a connection.
struct Stream {
    segments: Segments,
    content: Content,
    last: Time,
}

/// What a stream carries.
enum Content {
    /// Nothing was seen of it yet.
    Unknown,
    /// Packets, or something else.
    Clear(Reader),
    /// TLS, and what that carries.
    Tls(Reader),
}

/// Cuts octets into packets.
struct Reader {
    transport: Transport,
    version: Version,
    state: State,
    frames: Frames,
    skipped: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing was seen yet.
    Unknown,
    /// The border of the next packet is known.
    Packets,
    /// The border of the next packet is lost.
    Lost,
    /// No packets.
    Other,
}

/// Where things are told.
struct Told<'t> {
    place: Place,
    /// Whether one of the ports is one of RADIUS.
    known: bool,
    take: &'t mut dyn FnMut(Seen<'_>),
    /// How many packets there were.
    count: u64,
}

impl Told<'_> {
    fn trouble(&mut self, kind: TroubleKind) {
        (self.take)(self.place.trouble(kind));
    }
}

impl Streams {
    pub(super) fn new(log: KeyLog) -> Streams {
        Streams {
            directions: HashMap::new(),
            tls: Tls {
                connections: HashMap::new(),
                log,
            },
        }
    }

    pub(super) fn add_secrets(&mut self, text: &[u8]) {
        self.tls.log.add(text);
    }

    /// Takes a segment; how many packets it completes.
    pub(super) fn segment(
        &mut self,
        place: &Place,
        known: bool,
        segment: &Segment<'_>,
        take: &mut dyn FnMut(Seen<'_>),
    ) -> u64 {
        let forth = (place.source, place.destination);
        let back = (place.destination, place.source);
        let mut told = Told {
            place: *place,
            known,
            take,
            count: 0,
        };
        if let Some(sequence) = segment.acknowledges
            && let Some(Stream {
                segments, content, ..
            }) = self.directions.get_mut(&back)
        {
            told.place = Place {
                source: place.destination,
                destination: place.source,
                ..*place
            };
            segments.acknowledged(sequence, &mut |piece| {
                content.piece(piece, &mut self.tls, &mut told)
            });
            told.place = *place;
        }
        if segment.octets.is_empty() && !segment.begins && !segment.ends && !segment.resets {
            return told.count;
        }
        if !self.directions.contains_key(&forth) {
            self.make_room(place.time);
        }
        let stream = self
            .directions
            .entry(forth)
            .or_insert_with(|| Stream::new(place.time));
        stream.last = place.time;
        if segment.begins {
            stream.content = Content::Unknown;
            if segment.acknowledges.is_none() {
                self.tls.connections.remove(&ends(forth));
            }
        }
        let Stream {
            segments, content, ..
        } = stream;
        segments.put(segment, &mut |piece| {
            content.piece(piece, &mut self.tls, &mut told)
        });
        if (segment.ends || segment.resets)
            && let Some(stream) = self.directions.remove(&forth)
        {
            stream.finish(&mut self.tls, &mut told);
            if !self.directions.contains_key(&back) {
                self.tls.connections.remove(&ends(forth));
            }
        }
        told.count
    }

    /// Hands on what still waits: nothing more comes. How many packets that were.
    pub(super) fn finish(&mut self, number: u64, take: &mut dyn FnMut(Seen<'_>)) -> u64 {
        let mut count = 0;
        let mut streams: Vec<_> = std::mem::take(&mut self.directions).into_iter().collect();
        streams.sort_by_key(|(direction, stream)| (stream.last, *direction));
        for ((source, destination), stream) in streams {
            let mut told = Told {
                place: Place {
                    number,
                    time: stream.last,
                    source,
                    destination,
                },
                known: false,
                take: &mut *take,
                count: 0,
            };
            stream.finish(&mut self.tls, &mut told);
            count += told.count;
        }
        count
    }

    /// Forgets the connection that was silent for the longest time, if there are too many.
    fn make_room(&mut self, now: Time) {
        const SILENCE: u64 = 3_600_000_000_000;
        if self.directions.len() < MAX_STREAMS {
            return;
        }
        self.directions
            .retain(|_, stream| now.since(stream.last) < SILENCE && !stream.content.is_other());
        if self.directions.len() >= MAX_STREAMS {
            let oldest = self.directions.iter().min_by_key(|(_, stream)| stream.last);
            if let Some(direction) = oldest.map(|(direction, _)| *direction) {
                self.directions.remove(&direction);
            }
        }
        let directions = &self.directions;
        self.tls.connections.retain(|(low, high), _| {
            directions.contains_key(&(*low, *high)) || directions.contains_key(&(*high, *low))
        });
    }
}

/// Both ends of a connection, the lower first.
fn ends((source, destination): Direction) -> Direction {
    (source.min(destination), source.max(destination))
}

impl Stream {
    fn new(time: Time) -> Stream {
        Stream {
            segments: Segments::default(),
            content: Content::Unknown,
            last: time,
        }
    }

    /// Reads what waits and says what is left over.
    fn finish(self, tls: &mut Tls, told: &mut Told<'_>) {
        let Stream {
            mut segments,
            mut content,
            ..
        } = self;
        segments.finish(&mut |piece| content.piece(piece, tls, told));
        if let Content::Clear(mut reader) | Content::Tls(mut reader) = content {
            if reader.state == State::Packets && reader.frames.waiting() > 0 {
                told.trouble(TroubleKind::CutStream(reader.frames.waiting()));
            }
            reader.say_skipped(told);
        }
    }
}

impl Content {
    fn is_other(&self) -> bool {
        matches!(self, Content::Clear(reader) | Content::Tls(reader) if reader.state == State::Other)
    }

    /// Takes a piece of the stream.
    fn piece(&mut self, piece: Piece<'_>, tls: &mut Tls, told: &mut Told<'_>) {
        if let (Content::Unknown, Piece::Octets(octets)) = (&*self, piece) {
            *self = match tls::begins_a_record(octets) {
                true => Content::Tls(Reader::new(Transport::Tls)),
                false => Content::Clear(Reader::new(Transport::Tcp)),
            };
        }
        match (self, piece) {
            (Content::Unknown, _) => {}
            (Content::Clear(reader), Piece::Octets(octets)) => reader.octets(octets, told),
            (Content::Clear(reader), Piece::Gap(octets)) => reader.gap(octets, told),
            (Content::Tls(reader), piece) => tls.piece(piece, reader, told),
        }
    }
}

impl Tls {
    fn piece(&mut self, piece: Piece<'_>, reader: &mut Reader, told: &mut Told<'_>) {
        let direction = (told.place.source, told.place.destination);
        let side = usize::from(direction.0 > direction.1);
        let connection = self.connections.entry(ends(direction)).or_default();
        let mut clear = |connection: &Connection, clear: Clear<'_>| match clear {
            Clear::Octets(octets) => {
                reader.version = version(connection.protocol(), octets);
                reader.octets(octets, told);
            }
            // What is lost cannot be told from the padding and the seal around it.
            Clear::Closed(_) => reader.lose(),
            Clear::Locked(locked) if told.known => told.trouble(TroubleKind::Encrypted(locked)),
            Clear::Locked(_) => {}
        };
        match piece {
            Piece::Octets(octets) => connection.put(side, octets, &mut self.log, &mut clear),
            Piece::Gap(octets) => {
                connection.gap(side, octets, &mut clear);
                if told.known {
                    told.trouble(TroubleKind::Gap(octets));
                }
            }
        }
    }
}

impl Reader {
    fn new(transport: Transport) -> Reader {
        Reader {
            transport,
            version: Version::V1_0,
            state: State::Unknown,
            frames: Frames::new(MAX_ON_STREAM),
            skipped: 0,
        }
    }

    /// Octets of the stream were not captured.
    fn gap(&mut self, octets: u64, told: &mut Told<'_>) {
        if matches!(self.state, State::Packets | State::Lost) {
            told.trouble(TroubleKind::Gap(octets));
            self.lose();
        }
    }

    fn octets(&mut self, octets: &[u8], told: &mut Told<'_>) {
        let begins = begins_a_packet(octets);
        self.state = match self.state {
            State::Unknown if begins || told.known => State::Packets,
            State::Unknown => State::Other,
            State::Lost if begins => {
                self.say_skipped(told);
                State::Packets
            }
            state => state,
        };
        match self.state {
            State::Packets => self.read(octets, told),
            State::Lost => self.skipped += octets.len(),
            State::Unknown | State::Other => {}
        }
    }

    fn read(&mut self, octets: &[u8], told: &mut Told<'_>) {
        self.frames.push(octets);
        loop {
            match self.frames.next_packet() {
                Ok(Some(packet)) => {
                    told.count += 1;
                    (told.take)(told.place.packet(self.transport, self.version, packet, 0));
                }
                Ok(None) => return,
                Err(error) => {
                    told.trouble(TroubleKind::Border(error));
                    return self.lose();
                }
            }
        }
    }

    /// The border of the next packet is lost, and with it what waits for its rest.
    fn lose(&mut self) {
        if matches!(self.state, State::Packets | State::Lost) {
            self.skipped += self.frames.waiting();
            self.frames = Frames::new(MAX_ON_STREAM);
            self.state = State::Lost;
        }
    }

    fn say_skipped(&mut self, told: &mut Told<'_>) {
        let skipped = std::mem::take(&mut self.skipped);
        if skipped > 0 {
            told.trouble(TroubleKind::Skipped(skipped));
        }
    }
}

/// The version of RADIUS that both sides agreed on (RFC 9765 §3). Where that was not seen, octets that are zero in every
/// packet of RADIUS/1.1, and random in others, say it: Reserved-1, and Reserved-2 behind the Token.
fn version(protocol: Option<&[u8]>, octets: &[u8]) -> Version {
    let is_new = match protocol {
        Some(protocol) => protocol == b"radius/1.1",
        None => octets.get(1) == Some(&0) && octets.get(8..20) == Some(&[0; 12]),
    };
    if is_new { Version::V1_1 } else { Version::V1_0 }
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
