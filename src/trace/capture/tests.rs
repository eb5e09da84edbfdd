use super::*;
use proptest::prelude::*;
use std::io::Write as _;

/// A frame without its borrow.
#[derive(Debug, PartialEq, Eq, Clone)]
struct Owned {
    time: u64,
    link: u32,
    octets: Vec<u8>,
    length: usize,
}

fn owned(time: u64, octets: &[u8], length: usize) -> Owned {
    Owned {
        time,
        link: 1,
        octets: octets.to_vec(),
        length,
    }
}

/// Gives a few octets at a time, as a pipe may.
struct Trickle(io::Cursor<Vec<u8>>);

impl Read for Trickle {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = into.len().min(7);
        self.0.read(&mut into[..count])
    }
}

/// All frames of a file, and the error that ends it if one does.
fn read(file: Vec<u8>) -> (Vec<Owned>, Option<CaptureErrorKind>) {
    let mut capture = match Capture::open(Box::new(Trickle(io::Cursor::new(file)))) {
        Ok(capture) => capture,
        Err(error) => return (Vec::new(), Some(error.kind)),
    };
    let mut frames = Vec::new();
    loop {
        match capture.next_item() {
            Ok(Some(Item::TlsSecrets(_) | Item::Waiting)) => {}
            Ok(Some(Item::Frame(frame))) => frames.push(Owned {
                time: frame.time.0,
                link: frame.link.0,
                octets: frame.octets.to_vec(),
                length: frame.length,
            }),
            Ok(None) => return (frames, None),
            Err(error) => return (frames, Some(error.kind)),
        }
    }
}

fn pcap(number: fn(u32) -> [u8; 4], magic: u32, records: &[(u32, u32, &[u8], u32)]) -> Vec<u8> {
    let mut file = Vec::new();
    for word in [magic, 0x0004_0002, 0, 0, 65_535, 1] {
        file.extend(number(word));
    }
    for (seconds, fraction, octets, length) in records {
        for word in [*seconds, *fraction, u32::try_from(octets.len()).unwrap(), *length] {
            file.extend(number(word));
        }
        file.extend_from_slice(octets);
    }
    file
}

fn wanted() -> Vec<Owned> {
    vec![
        owned(1_000_002_000, b"abc", 3),
        owned(2_000_000_000, b"", 0),
        owned(3_999_999_000, b"defgh", 60),
    ]
}

fn records(nanoseconds: bool) -> [(u32, u32, &'static [u8], u32); 3] {
    let unit = if nanoseconds { 1000 } else { 1 };
    [
        (1, 2 * unit, b"abc", 3),
        (2, 0, b"", 0),
        (3, 999_999 * unit, b"defgh", 60),
    ]
}

#[test]
fn pcap_is_read_in_both_byte_orders_and_both_units() {
    for number in [u32::to_le_bytes, u32::to_be_bytes] {
        for (magic, nanoseconds) in [(0xa1b2_c3d4, false), (0xa1b2_3c4d, true)] {
            let file = pcap(number, magic, &records(nanoseconds));
            assert!(is_capture(&file));
            let (frames, error) = read(file);
            assert!(error.is_none(), "{error:?}");
            assert_eq!(frames, wanted());
        }
    }
}

/// Blocks of a pcapng file in either byte order.
struct Blocks {
    big_endian: bool,
    file: Vec<u8>,
}

impl Blocks {
    fn new(big_endian: bool) -> Blocks {
        Blocks {
            big_endian,
            file: Vec::new(),
        }
    }

    fn u32(&self, value: u32) -> [u8; 4] {
        if self.big_endian {
            value.to_be_bytes()
        } else {
            value.to_le_bytes()
        }
    }

    fn u16(&self, value: u16) -> [u8; 2] {
        if self.big_endian {
            value.to_be_bytes()
        } else {
            value.to_le_bytes()
        }
    }

    fn block(mut self, kind: u32, body: &[u8]) -> Blocks {
        let mut body = body.to_vec();
        body.resize(body.len().next_multiple_of(4), 0);
        let total = self.u32(u32::try_from(body.len() + 12).unwrap());
        let kind = self.u32(kind);
        self.file.extend([&kind[..], &total, &body, &total].concat());
        self
    }

    fn section(self) -> Blocks {
        let body = [&self.u32(0x1a2b_3c4d)[..], &[0; 12]].concat();
        self.block(0x0a0d_0d0a, &body)
    }

    fn interface(self, options: &[(u16, &[u8])]) -> Blocks {
        let mut body = [&self.u16(1)[..], &[0; 2], &self.u32(65_535)].concat();
        for (code, value) in options {
            body.extend(self.u16(*code));
            body.extend(self.u16(u16::try_from(value.len()).unwrap()));
            body.extend_from_slice(value);
            body.resize(body.len().next_multiple_of(4), 0);
        }
        self.block(1, &body)
    }

    fn packet(self, interface: u32, ticks: u64, octets: &[u8], length: u32) -> Blocks {
        let mut body = self.u32(interface).to_vec();
        body.extend(self.u32((ticks >> 32) as u32));
        body.extend(self.u32(ticks as u32));
        body.extend(self.u32(u32::try_from(octets.len()).unwrap()));
        body.extend(self.u32(length));
        body.extend_from_slice(octets);
        self.block(6, &body)
    }
}

#[test]
fn pcapng_is_read_in_both_byte_orders_with_every_clock() {
    for big_endian in [false, true] {
        let file = Blocks::new(big_endian)
            .section()
            .interface(&[])
            .interface(&[(9, &[9]), (0, &[])])
            .interface(&[(9, &[0x80 | 10])])
            .block(0x0bad, &[1, 2, 3, 4])
            .packet(0, 1_000_002, b"abc", 3)
            .packet(1, 2_000_000_000, b"", 0)
            .packet(2, 1024 * 4, b"x", 1)
            .file;
        let (frames, error) = read(file);
        assert!(error.is_none(), "{error:?}");
        assert_eq!(frames[..2], wanted()[..2]);
        assert_eq!(frames[2], owned(4_000_000_000, b"x", 1));
    }
}

#[test]
fn simple_packets_and_secrets_are_read_and_sections_may_follow_one_another() {
    let blocks = Blocks::new(false).section().interface(&[]);
    let simple = [&blocks.u32(3)[..], b"abc"].concat();
    let secrets = [&blocks.u32(0x544c_534b)[..], &blocks.u32(9), b"CLIENT x "].concat();
    let mut file = blocks
        .packet(0, 7, b"a", 1)
        .block(3, &simple)
        .block(10, &secrets)
        .file;
    file.extend(
        Blocks::new(true)
            .section()
            .interface(&[])
            .packet(0, 8, b"b", 1)
            .file,
    );
    let mut capture = Capture::open(Box::new(io::Cursor::new(file))).unwrap();
    let mut octets = Vec::new();
    while let Some(item) = capture.next_item().unwrap() {
        octets.push(match item {
            Item::Frame(frame) => frame.octets.to_vec(),
            Item::TlsSecrets(text) => text.to_vec(),
            Item::Waiting => continue,
        });
    }
    assert_eq!(octets, [&b"a"[..], b"abc", b"CLIENT x ", b"b"]);
}

#[test]
fn compression_is_seen_through() {
    let file = pcap(u32::to_le_bytes, 0xa1b2_c3d4, &records(false));
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&file).unwrap();
    let (frames, error) = read(gzip.finish().unwrap());
    assert!(error.is_none(), "{error:?}");
    assert_eq!(frames, wanted());
    // Two zstd frames, as `cat a.zst b.zst` makes.
    let (first, second) = file.split_at(30);
    let zstd =
        |octets| ruzstd::encoding::compress_to_vec(octets, ruzstd::encoding::CompressionLevel::Fastest);
    let (frames, error) = read([zstd(first), zstd(second)].concat());
    assert!(error.is_none(), "{error:?}");
    assert_eq!(frames, wanted());
}

#[test]
fn what_is_no_capture_is_said() {
    assert!(matches!(read(Vec::new()).1, Some(CaptureErrorKind::Empty)));
    assert!(matches!(read(vec![1, 2]).1, Some(CaptureErrorKind::Cut)));
    assert!(matches!(
        read(b"hello".to_vec()).1,
        Some(CaptureErrorKind::NotACapture([b'h', b'e', b'l', b'l']))
    ));
    assert!(!is_capture(b"0105"));
    let wild = pcap(u32::to_le_bytes, 0xa1b2_c3d4, &[]);
    let wild = [&wild[..], &[0; 8], &[255; 8]].concat();
    assert!(matches!(
        read(wild).1,
        Some(CaptureErrorKind::BadLength(0xffff_ffff))
    ));
    let file = Blocks::new(false).section().packet(3, 7, b"a", 1).file;
    assert!(matches!(read(file).1, Some(CaptureErrorKind::NoInterface(3))));
}

#[test]
fn what_is_written_is_read_back() {
    let mut writer = Writer::new(Vec::new()).unwrap();
    for frame in wanted() {
        writer
            .frame(&Frame {
                time: Time(frame.time),
                link: LinkType(frame.link),
                octets: &frame.octets,
                length: frame.length,
            })
            .unwrap();
    }
    let (frames, error) = read(writer.finish().unwrap());
    assert!(error.is_none(), "{error:?}");
    assert_eq!(frames, wanted());
}

proptest! {
    #[test]
    fn a_file_that_is_cut_anywhere_is_read_up_to_there(cut in 0usize..400, ng: bool) {
        let file = match ng {
            false => pcap(u32::to_be_bytes, 0xa1b2_c3d4, &records(false)),
            true => Blocks::new(true).section().interface(&[])
                .packet(0, 1_000_002, b"abc", 3).packet(0, 2_000_000, b"", 0).packet(0, 3_999_999, b"defgh", 60).file,
        };
        let cut = cut.min(file.len());
        let (frames, error) = read(file[..cut].to_vec());
        prop_assert!(frames.len() <= 3);
        for (frame, wanted) in frames.iter().zip(wanted()) {
            prop_assert_eq!((frame.time, frame.length), (wanted.time, wanted.length));
            prop_assert!(wanted.octets.starts_with(&frame.octets));
        }
        let whole = frames.iter().zip(wanted()).filter(|(frame, wanted)| *frame == wanted).count();
        // A cut between two records cannot be seen; any other is said.
        let at_border = match ng {
            false => [24, 43, 59, 80].contains(&cut),
            true => error.is_none(),
        };
        prop_assert_eq!(error.is_none(), at_border && cut > 0, "{} {:?}", cut, error);
        if error.is_none() { prop_assert_eq!(whole, frames.len()) }
    }

    #[test]
    fn no_file_makes_it_panic(tail in prop::collection::vec(any::<u8>(), 0..200), kind in 0..5) {
        let head = match kind {
            0 => pcap(u32::to_le_bytes, 0xa1b2_c3d4, &[]),
            1 => pcap(u32::to_be_bytes, 0xa1b2_3c4d, &[]),
            2 => Blocks::new(false).section().interface(&[]).file,
            3 => Blocks::new(true).section().file,
            _ => vec![0x28, 0xb5, 0x2f, 0xfd],
        };
        let _ = read([head, tail].concat());
    }

    #[test]
    fn no_block_makes_it_panic(kind in prop::sample::select(vec![1u32, 2, 3, 6, 10]), body in prop::collection::vec(any::<u8>(), 0..60)) {
        let _ = read(Blocks::new(false).section().interface(&[]).block(kind, &body).file);
    }
}
