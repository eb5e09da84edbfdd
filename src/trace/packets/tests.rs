//! Frames by hand, and what is found in them.

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
    let mut packets = Packets::new(&[9000], KeyLog::default());
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
    assert_eq!(
        read(&mut Packets::new(&[], KeyLog::default()), &frames),
        (vec![5], vec![])
    );
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
    assert_eq!(
        read(&mut Packets::new(&[], KeyLog::default()), &frames),
        (vec![1, 2, 3, 4], vec![])
    );
    // The second packet is missing.
    let frames = [tcp(1000, 2, b""), at(0, 27), at(54, 108), tcp(1109, 1, b"")];
    let (found, troubles) = read(&mut Packets::new(&[], KeyLog::default()), &frames);
    assert_eq!((found, troubles), (vec![1, 3, 4], vec![TroubleKind::Gap(27)]));
    // What does not begin a packet is passed over; the end of the last one is missing.
    let frames = [at(0, 27), at(30, 50), at(54, 90)];
    let (found, troubles) = read(&mut Packets::new(&[], KeyLog::default()), &frames);
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
    let (found, troubles) = read(&mut Packets::new(&[], KeyLog::default()), &frames);
    assert_eq!(
        (found, troubles),
        (
            vec![],
            vec![
                TroubleKind::Encrypted(Locked::NoKeyLog),
                TroubleKind::Encrypted(Locked::Dtls)
            ]
        )
    );
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
        read(&mut Packets::new(&[], KeyLog::default()), &frames);
    }
}
