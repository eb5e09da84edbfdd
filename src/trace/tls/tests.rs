//! Real handshakes, of rustls with itself, seen from outside.

use std::io::{Cursor, Read, Write};
use std::sync::{Arc, Mutex};

use super::*;
use crate::codec::hex;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection};

/// What one side logs.
#[derive(Debug, Default)]
struct Log(Mutex<String>);

impl rustls::KeyLog for Log {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        let line = format!("{label} {} {}\n", hex::encode(client_random), hex::encode(secret));
        self.0.lock().unwrap().push_str(&line);
    }
}

/// Octets of a side (0 is the client), in the order in which they passed.
type Passed = Vec<(usize, Vec<u8>)>;

/// A talk in which the client guesses a group that the server does not have, so that it says hello twice.
#[test]
fn a_client_may_say_hello_twice() {
    use rustls::crypto::ring::kx_group::{SECP256R1, X25519};
    let mut talk = talk_with(0x1301, None, [vec![X25519, SECP256R1], vec![SECP256R1]]);
    talk.say(0, "one");
    talk.say(1, "two");
    let (found, _) = seen(&talk.passed, &mut keylog(&talk.logged()), 100);
    assert_eq!(found, ["0one", "1two"]);
}

struct Talk {
    client: ClientConnection,
    server: ServerConnection,
    passed: Passed,
    log: Arc<Log>,
}

fn talk(suite: u16, protocol: Option<&str>) -> Talk {
    let groups = rustls::crypto::ring::ALL_KX_GROUPS;
    talk_with(suite, protocol, [groups.to_vec(), groups.to_vec()])
}

/// With these groups for the key exchange of the client and of the server.
fn talk_with(
    suite: u16,
    protocol: Option<&str>,
    groups: [Vec<&'static dyn rustls::crypto::SupportedKxGroup>; 2],
) -> Talk {
    let [provider, servers] = groups.map(|kx_groups| {
        let suites = rustls::crypto::ring::ALL_CIPHER_SUITES.iter().copied();
        Arc::new(rustls::crypto::CryptoProvider {
            cipher_suites: suites.filter(|known| u16::from(known.suite()) == suite).collect(),
            kx_groups,
            ..rustls::crypto::ring::default_provider()
        })
    });
    let versions: &[&rustls::SupportedProtocolVersion] = match suite >> 8 {
        0x13 => &[&rustls::version::TLS13],
        _ => &[&rustls::version::TLS12],
    };
    let made = rcgen::generate_simple_self_signed(["radius.test".to_owned()]).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let certificate = made.cert.der().clone();
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).unwrap();
    let protocols: Vec<Vec<u8>> = protocol.iter().map(|name| name.as_bytes().to_vec()).collect();
    let log = Arc::new(Log::default());
    let mut client = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    client.key_log = log.clone();
    client.alpn_protocols = protocols.clone();
    let mut server = ServerConfig::builder_with_provider(servers)
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    server.alpn_protocols = protocols;
    let mut talk = Talk {
        client: ClientConnection::new(Arc::new(client), "radius.test".try_into().unwrap()).unwrap(),
        server: ServerConnection::new(Arc::new(server)).unwrap(),
        passed: Vec::new(),
        log,
    };
    while talk.client.is_handshaking() || talk.server.is_handshaking() {
        talk.carry();
    }
    talk
}

impl Talk {
    /// Carries what both have to say to the other.
    fn carry(&mut self) {
        let mut octets = Vec::new();
        self.client.write_tls(&mut octets).unwrap();
        if !octets.is_empty() {
            self.server.read_tls(&mut Cursor::new(&octets)).unwrap();
            self.server.process_new_packets().unwrap();
            self.passed.push((0, std::mem::take(&mut octets)));
        }
        self.server.write_tls(&mut octets).unwrap();
        if !octets.is_empty() {
            self.client.read_tls(&mut Cursor::new(&octets)).unwrap();
            self.client.process_new_packets().unwrap();
            self.passed.push((1, octets));
        }
    }

    fn say(&mut self, side: usize, text: impl AsRef<[u8]>) {
        let text = text.as_ref();
        let mut heard = vec![0; text.len()];
        if side == 0 {
            self.client.writer().write_all(text).unwrap();
            self.carry();
            self.server.reader().read_exact(&mut heard).unwrap();
        } else {
            self.server.writer().write_all(text).unwrap();
            self.carry();
            self.client.reader().read_exact(&mut heard).unwrap();
        }
        assert_eq!(heard, text);
    }

    fn logged(&self) -> String {
        self.log.0.lock().unwrap().clone()
    }
}

/// What is seen of it: the text of both sides, marks where something is closed, and why.
fn seen(passed: &Passed, log: &mut KeyLog, piece: usize) -> (Vec<String>, Connection) {
    let mut connection = Connection::default();
    let mut found: Vec<String> = Vec::new();
    for (side, octets) in passed {
        for part in octets.chunks(piece) {
            connection.put(*side, part, log, &mut |_, clear| {
                found.push(match clear {
                    Clear::Octets(octets) => format!("{side}{}", String::from_utf8_lossy(octets)),
                    Clear::Closed(_) => format!("{side}?"),
                    Clear::Locked(locked) => format!("{locked:?}"),
                });
            });
        }
    }
    (found, connection)
}

fn keylog(text: &str) -> KeyLog {
    KeyLog::open(Box::new(Cursor::new(text.to_owned().into_bytes()))).unwrap()
}

const SUITES: [u16; 6] = [0x1301, 0x1302, 0x1303, 0xc02b, 0xc02c, 0xcca9];

#[test]
fn every_suite_is_opened_however_the_stream_is_cut() {
    for suite in SUITES {
        let mut talk = talk(suite, Some("radius/1.1"));
        for round in 0..3 {
            talk.say(0, format!("ask {round}"));
            talk.say(1, format!("answer {round}"));
        }
        for piece in [1, 7, 100_000] {
            let (found, connection) = seen(&talk.passed, &mut keylog(&talk.logged()), piece);
            assert_eq!(
                found,
                [
                    "0ask 0",
                    "1answer 0",
                    "0ask 1",
                    "1answer 1",
                    "0ask 2",
                    "1answer 2"
                ],
                "{suite:04x}"
            );
            assert_eq!(connection.protocol(), Some(&b"radius/1.1"[..]), "{suite:04x}");
        }
    }
}

#[test]
fn keys_may_change_on_the_way() {
    let mut talk = talk(0x1301, None);
    talk.say(0, "one");
    talk.client.refresh_traffic_keys().unwrap();
    talk.say(0, "two");
    talk.say(1, "three");
    talk.client.refresh_traffic_keys().unwrap();
    talk.client.refresh_traffic_keys().unwrap();
    talk.say(0, "four");
    let (found, connection) = seen(&talk.passed, &mut keylog(&talk.logged()), 5);
    assert_eq!(found, ["0one", "0two", "1three", "0four"]);
    assert_eq!(connection.protocol(), Some(&b""[..]));
}

#[test]
fn the_secrets_of_the_handshake_may_be_missing() {
    let mut talk = talk(0x1301, None);
    talk.say(0, "one");
    talk.say(1, "two");
    let traffic: String = talk
        .logged()
        .lines()
        .filter(|line| line.contains("TRAFFIC_SECRET_0"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let (found, connection) = seen(&talk.passed, &mut keylog(&traffic), 100_000);
    let said: Vec<&String> = found.iter().filter(|text| !text.ends_with('?')).collect();
    assert_eq!(said, ["0one", "1two"]);
    assert_eq!(connection.protocol(), None);
}

#[test]
fn what_cannot_be_opened_is_said_once_with_its_reason() {
    let reason = |passed: &Passed, log: &mut KeyLog| {
        let (found, _) = seen(passed, log, 100_000);
        let said = found.iter().filter(|text| !text.ends_with('?')).cloned();
        said.collect::<Vec<_>>()
    };
    for suite in [0x1301, 0xc02b] {
        let mut talk = talk(suite, None);
        for _ in 0..3 {
            talk.say(0, "one");
            talk.say(1, "two");
        }
        assert_eq!(reason(&talk.passed, &mut KeyLog::default()), ["NoKeyLog"]);
        let [without] = &reason(&talk.passed, &mut keylog("# nothing\n"))[..] else {
            panic!("one reason");
        };
        assert!(without.starts_with("NoSecret("), "{without}");
        let late = talk.passed.split_off(talk.passed.len() - 2);
        assert_eq!(reason(&late, &mut keylog(&talk.logged())), ["NoHandshake"]);
        let digits: Vec<String> = talk
            .logged()
            .lines()
            .map(|line| {
                let (rest, secret) = line.rsplit_once(' ').unwrap();
                format!("{rest} {}\n", "0".repeat(secret.len()))
            })
            .collect();
        assert_eq!(reason(&talk.passed, &mut keylog(&digits.concat())), ["Record"]);
    }
}

#[test]
fn what_comes_behind_a_gap_is_opened_again() {
    for suite in SUITES {
        let mut talk = talk(suite, None);
        let shaken = talk.passed.len();
        for text in ["one", "two", "three", "four"] {
            talk.say(0, text);
        }
        let mut connection = Connection::default();
        let mut log = keylog(&talk.logged());
        let mut found = Vec::new();
        for (at, (side, octets)) in talk.passed.iter().enumerate() {
            let mut take = |_: &Connection, clear: Clear<'_>| match clear {
                Clear::Octets(octets) => found.push(String::from_utf8_lossy(octets).into_owned()),
                Clear::Closed(_) => found.push("?".to_owned()),
                Clear::Locked(locked) => panic!("{locked:?}"),
            };
            let application = talk.passed[shaken..].iter().filter(|(side, _)| *side == 0);
            let texts: Vec<_> = application.map(|(_, octets)| octets).collect();
            if octets == texts[0] {
                // All of the first, and the beginning of the second.
                connection.gap(*side, octets.len() as u64 + 7, &mut take);
            } else if octets == texts[1] {
                connection.put(*side, &octets[7..], &mut log, &mut take);
            } else {
                connection.put(*side, octets, &mut log, &mut take);
            }
            assert!(at < 20);
        }
        assert_eq!(found, ["?", "three", "four"], "{suite:04x}");
    }
}

/// Packets in a capture of a talk: version, Code, and which number a reply goes by.
#[test]
fn packets_inside_of_tls_have_the_version_that_was_agreed_on() {
    use crate::exchange::{Transport, Version};
    use crate::trace::capture::{Frame, Time};
    use crate::trace::layers::LinkType;
    use crate::trace::packets::{Packets, Seen};

    let token = |code: u8| [&[code, 0, 0, 20, 1, 2, 3, 4][..], &[0; 12]].concat();
    for (protocol, keep, version) in [
        (Some("radius/1.1"), "", Version::V1_1),
        (Some("radius/1.0"), "", Version::V1_0),
        (None, "", Version::V1_0),
        // What was agreed on is not seen: the packets themselves tell.
        (Some("radius/1.1"), "TRAFFIC_SECRET_0", Version::V1_1),
    ] {
        let mut talk = talk(0x1301, protocol);
        talk.say(0, token(1));
        talk.say(1, token(2));
        let logged = talk.logged();
        let lines = logged.lines().filter(|line| line.contains(keep));
        let log = keylog(&lines.flat_map(|line| [line, "\n"]).collect::<String>());
        let mut packets = Packets::new(&[], log);
        let mut sequence = [1u32, 1];
        let mut found = Vec::new();
        for (side, octets) in &talk.passed {
            let ports: [u16; 2] = if *side == 0 { [4000, 2083] } else { [2083, 4000] };
            let mut frame = vec![0x45, 0];
            frame.extend(u16::try_from(40 + octets.len()).unwrap().to_be_bytes());
            frame.extend([0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 1]);
            frame.extend(ports.iter().flat_map(|port| port.to_be_bytes()));
            frame.extend(sequence[*side].to_be_bytes());
            frame.extend([0, 0, 0, 0, 0x50, 0, 0, 0, 0, 0, 0, 0]);
            frame.extend(octets);
            sequence[*side] += u32::try_from(octets.len()).unwrap();
            let frame = Frame {
                time: Time(1),
                link: LinkType::RAW,
                octets: &frame,
                length: frame.len(),
            };
            packets.frame(&frame, &mut |seen| match seen {
                Seen::Packet(sighting) => {
                    assert_eq!((sighting.transport, sighting.version), (Transport::Tls, version));
                    found.push(sighting.octets[0]);
                }
                Seen::Trouble(trouble) => panic!("{trouble:?}"),
            });
        }
        assert_eq!(found, [1, 2], "{protocol:?} {keep}");
    }
}
