//! A server on loopback, asked over real sockets.

use std::io::{Read, Write};
use std::net::{TcpStream, UdpSocket};
use std::sync::mpsc;
use std::time::Duration;

use super::*;
use crate::codec::seal::{check_reply, seal_request};
use crate::codec::{AttributeType, Builder, Code, Packet, Secret, hide};
use crate::dictionary::Dictionary;
use crate::responder::clients::Client;
use crate::responder::proxy::{Pool, Upstream};
use crate::responder::route::Realm;

const KEY: &str = "testing123";
const PATIENCE: Duration = Duration::from_secs(10);

fn settings() -> Settings {
    let mut settings = Settings::new(Arc::new(Dictionary::builtin()));
    settings
        .clients
        .add(Client::new("127.0.0.0/8".parse().unwrap(), Secret::new(KEY)));
    settings.policy.users.add(b"alice", b"wonderland");
    settings
}

fn config(listen: &[(Transport, Role)]) -> Config {
    Config {
        settings: settings(),
        listen: listen
            .iter()
            .map(|(transport, role)| Listen {
                transport: *transport,
                address: "127.0.0.1:0".parse().unwrap(),
                role: *role,
            })
            .collect(),
        threads: 2,
        log: None,
        streams: StreamLimits::default(),
        upstreams: Upstreams::default(),
        security: Security::default(),
    }
}

fn pap(identifier: u8, password: &str) -> Vec<u8> {
    let mut builder = Builder::new(Code::ACCESS_REQUEST, identifier, &[identifier; 16]);
    let hidden = hide::hide_password(password.as_bytes(), &Secret::new(KEY), &[identifier; 16]).unwrap();
    builder.message_authenticator().unwrap();
    builder.attribute(AttributeType::USER_NAME, b"alice").unwrap();
    builder.attribute(AttributeType::USER_PASSWORD, &hidden).unwrap();
    let mut octets = builder.finish();
    seal_request(&mut octets, &Secret::new(KEY));
    octets
}

fn accounting(identifier: u8, session: &str) -> Vec<u8> {
    let mut builder = Builder::new(Code::ACCOUNTING_REQUEST, identifier, &[0; 16]);
    builder
        .attribute(AttributeType::ACCT_STATUS_TYPE, &[0, 0, 0, 1])
        .unwrap();
    builder
        .attribute(AttributeType::ACCT_SESSION_ID, session.as_bytes())
        .unwrap();
    let mut octets = builder.finish();
    seal_request(&mut octets, &Secret::new(KEY));
    octets
}

fn client(server: &Server, transport: Transport, role: Role) -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.connect(server.address(transport, role).unwrap()).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket
}

fn ask(socket: &UdpSocket, request: &[u8]) -> Vec<u8> {
    socket.send(request).unwrap();
    let mut buffer = vec![0; 4096];
    let length = socket.recv(&mut buffer).unwrap();
    buffer.truncate(length);
    checked(request, &buffer);
    buffer
}

fn checked(request: &[u8], reply: &[u8]) {
    let request = Packet::parse(request).unwrap();
    let reply = Packet::parse(reply).unwrap();
    assert_eq!(reply.identifier(), request.identifier());
    assert!(check_reply(&reply, request.authenticator(), &Secret::new(KEY)).hold());
}

/// Records as lines of hexadecimal digits.
struct Lines;

impl Records for Lines {
    fn write(&self, record: &Record<'_>, out: &mut Vec<u8>) {
        let line = format!(
            "{} {}\n",
            record.source,
            crate::codec::hex::encode(record.packet.octets())
        );
        out.extend_from_slice(line.as_bytes());
    }

    fn whole(&self, tail: &[u8]) -> usize {
        tail.iter()
            .rposition(|octet| *octet == b'\n')
            .map_or(0, |at| at + 1)
    }

    fn stored(&self, tail: &[u8]) -> Vec<Stored> {
        let text = String::from_utf8_lossy(tail);
        text.lines()
            .filter_map(|line| {
                let (source, octets) = line.split_once(' ')?;
                let octets = crate::codec::hex::decode(octets).ok()?;
                Some(Stored::of(source.parse().ok()?, &Packet::parse(&octets).ok()?))
            })
            .collect()
    }
}

#[test]
fn a_server_answers_over_udp_and_counts() {
    let server = Server::start(config(&[(Transport::Udp, Role::Auth)]), Arc::new(Silent)).unwrap();
    let socket = client(&server, Transport::Udp, Role::Auth);
    let accept = ask(&socket, &pap(1, "wonderland"));
    assert_eq!(accept[0], 2);
    assert_eq!(ask(&socket, &pap(1, "wonderland")), accept);
    assert_eq!(ask(&socket, &pap(2, "wrong"))[0], 3);
    let totals = server.stop();
    assert_eq!(totals.requests, [(Code::ACCESS_REQUEST, 3)]);
    assert_eq!(
        totals.replies,
        [(Code::ACCESS_ACCEPT, 2), (Code::ACCESS_REJECT, 1)]
    );
    assert_eq!(totals.resent, 1);
}

#[test]
fn requests_follow_one_another_on_a_connection_however_they_are_cut() {
    let server = Server::start(config(&[(Transport::Tcp, Role::Auth)]), Arc::new(Silent)).unwrap();
    let address = server.address(Transport::Tcp, Role::Auth).unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let requests: Vec<Vec<u8>> = (0..20).map(|identifier| pap(identifier, "wonderland")).collect();
    for piece in requests.concat().chunks(33) {
        stream.write_all(piece).unwrap();
    }
    for request in &requests {
        let mut reply = vec![0; 38];
        stream.read_exact(&mut reply).unwrap();
        checked(request, &reply);
    }
    // Octets that are no packet end the connection.
    stream.write_all(&[1, 1, 0, 5]).unwrap();
    assert_eq!(stream.read(&mut [0; 10]).unwrap(), 0);
    assert_eq!(server.stop().all_replies(), 20);
}

#[test]
fn records_are_on_the_disk_before_their_answers_and_only_once() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("acct");
    std::fs::write(&path, "torn record without an end").unwrap();
    let start = || {
        let mut config = config(&[(Transport::Udp, Role::Acct)]);
        config.log = Some((path.clone(), Arc::new(Lines)));
        Server::start(config, Arc::new(Silent)).unwrap()
    };
    let lines = || std::fs::read_to_string(&path).unwrap().lines().count();
    let server = start();
    let socket = client(&server, Transport::Udp, Role::Acct);
    for session in 0..10 {
        assert_eq!(ask(&socket, &accounting(session, "s"))[0], 5);
        assert_eq!(lines(), usize::from(session) + 1);
    }
    drop(server);
    // Who asks again after the server was started again is answered, and nothing is stored twice.
    let server = start();
    socket
        .connect(server.address(Transport::Udp, Role::Acct).unwrap())
        .unwrap();
    ask(&socket, &accounting(3, "s"));
    assert_eq!(lines(), 10);
    ask(&socket, &accounting(3, "t"));
    assert_eq!(lines(), 11);
}

#[test]
fn a_log_that_cannot_be_written_means_no_answer_and_is_told() {
    let mut config = config(&[(Transport::Udp, Role::Acct)]);
    config.log = Some(("/dev/full".into(), Arc::new(Lines)));
    let (sender, events) = mpsc::channel();
    let sinks = move || -> Box<dyn Sink> {
        let sender = sender.clone();
        Box::new(move |event: &Event<'_>| {
            if let Event::LogFailed(error) = event {
                let _ = sender.send(error.kind());
            }
        })
    };
    let server = Server::start(config, Arc::new(sinks)).unwrap();
    let socket = client(&server, Transport::Udp, Role::Acct);
    socket.send(&accounting(1, "s")).unwrap();
    assert_eq!(events.recv_timeout(PATIENCE).unwrap(), io::ErrorKind::StorageFull);
    let totals = server.stop();
    assert_eq!(totals.all_replies(), 0);
    assert_eq!(totals.discards, [(crate::responder::Discard::NotRecorded, 1)]);
}

#[test]
fn the_log_is_opened_anew_where_it_was_moved_away_and_kept_where_it_was_not() {
    let directory = tempfile::tempdir().unwrap();
    let (path, moved) = (directory.path().join("acct"), directory.path().join("acct.1"));
    let (sender, events) = mpsc::channel();
    let sinks = move || -> Box<dyn Sink> {
        let sender = sender.clone();
        Box::new(move |event: &Event<'_>| {
            let _ = match event {
                Event::LogReopened => sender.send(Ok(())),
                Event::LogFailed(error) => sender.send(Err(error.kind())),
                _ => Ok(()),
            };
        })
    };
    let mut config = config(&[(Transport::Udp, Role::Acct)]);
    config.log = Some((path.clone(), Arc::new(Lines)));
    let server = Server::start(config, Arc::new(sinks)).unwrap();
    let socket = client(&server, Transport::Udp, Role::Acct);
    let lines = |path: &PathBuf| std::fs::read_to_string(path).unwrap().lines().count();
    ask(&socket, &accounting(1, "s"));
    server.reopen_log();
    assert_eq!(events.recv_timeout(PATIENCE).unwrap(), Ok(()));
    ask(&socket, &accounting(2, "s"));
    assert_eq!(lines(&path), 2);
    std::fs::rename(&path, &moved).unwrap();
    ask(&socket, &accounting(3, "s"));
    server.reopen_log();
    assert_eq!(events.recv_timeout(PATIENCE).unwrap(), Ok(()));
    ask(&socket, &accounting(4, "s"));
    assert_eq!((lines(&moved), lines(&path)), (3, 1));
}

#[test]
fn a_proxy_can_begin_with_other_settings_and_ends_with_answers() {
    let mut slow = config(&[(Transport::Udp, Role::Auth)]);
    slow.settings.reject_delay = Duration::from_millis(300);
    let upstream = Server::start(slow, Arc::new(Silent)).unwrap();
    let proxy = Server::start(config(&[(Transport::Udp, Role::Auth)]), Arc::new(Silent)).unwrap();
    let mut other = settings();
    other.policy.users = Default::default();
    other.routes.add(Realm::All, 0);
    let auth = vec![Upstream {
        address: upstream.address(Transport::Udp, Role::Auth).unwrap(),
        secret: Secret::new(KEY),
    }];
    let acct = Vec::new();
    proxy.set_upstreams(Upstreams {
        pools: vec![Pool { auth, acct }],
        ..Upstreams::default()
    });
    proxy.reload(other);
    let socket = client(&proxy, Transport::Udp, Role::Auth);
    assert_eq!(ask(&socket, &pap(1, "wonderland"))[0], 2);
    // The answer of the other server is on its way when the proxy ends.
    let late = pap(2, "wrong");
    socket.send(&late).unwrap();
    while upstream.totals().all_requests() < 2 {
        std::thread::yield_now();
    }
    proxy.stop();
    let mut buffer = vec![0; 4096];
    let length = socket.recv(&mut buffer).unwrap();
    checked(&late, &buffer[..length]);
    assert_eq!(buffer[0], 3);
}

#[test]
fn on_a_connection_a_proxy_says_that_nobody_answers() {
    let mut config = config(&[(Transport::Tcp, Role::Auth)]);
    config.settings.policy.users = Default::default();
    config.settings.routes.add(Realm::All, 0);
    let proxy = Server::start(config, Arc::new(Silent)).unwrap();
    let address = proxy.address(Transport::Tcp, Role::Auth).unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let request = pap(1, "wonderland");
    stream.write_all(&request).unwrap();
    let mut reply = vec![0; 51];
    stream.read_exact(&mut reply).unwrap();
    checked(&request, &reply);
    assert_eq!(Code(reply[0]), Code::PROTOCOL_ERROR);
    // Original-Packet-Code, and Error-Cause: Request Not Routable (RFC 7930 §3).
    assert_eq!(reply[38..], [241, 7, 4, 0, 0, 0, 1, 101, 6, 0, 0, 1, 246]);
}

#[test]
fn a_log_has_one_writer() {
    let directory = tempfile::tempdir().unwrap();
    let start = || {
        let mut config = config(&[]);
        config.log = Some((directory.path().join("acct"), Arc::new(Lines)));
        Server::start(config, Arc::new(Silent))
    };
    let _first = start().unwrap();
    let Err(StartError::Log(_, error)) = start() else {
        panic!("two writers");
    };
    assert_eq!(error.kind(), io::ErrorKind::ResourceBusy);
}

#[test]
fn a_port_in_use_is_told_and_nothing_is_left_open() {
    let taken = UdpSocket::bind("127.0.0.1:0").unwrap();
    let mut config = config(&[(Transport::Udp, Role::Auth), (Transport::Udp, Role::Acct)]);
    config.listen[1].address = taken.local_addr().unwrap();
    let Err(StartError::Listen(error)) = Server::start(config, Arc::new(Silent)) else {
        panic!("started");
    };
    assert_eq!(error.cause, crate::net::Cause::AddressInUse);
}

#[test]
fn what_was_held_back_leaves_when_the_server_ends() {
    let mut config = config(&[(Transport::Udp, Role::Auth)]);
    config.settings.reject_delay = Duration::from_secs(3600);
    let server = Server::start(config, Arc::new(Silent)).unwrap();
    let socket = client(&server, Transport::Udp, Role::Auth);
    let request = pap(1, "wrong");
    socket.send(&request).unwrap();
    server.stop();
    let mut buffer = vec![0; 4096];
    let length = socket.recv(&mut buffer).unwrap();
    checked(&request, &buffer[..length]);
    assert_eq!(buffer[0], 3);
}

#[test]
fn other_settings_come_into_force_while_requests_come() {
    let server = Server::start(config(&[(Transport::Udp, Role::Auth)]), Arc::new(Silent)).unwrap();
    let socket = client(&server, Transport::Udp, Role::Auth);
    assert_eq!(ask(&socket, &pap(1, "wonderland"))[0], 2);
    let mut other = settings();
    other.policy.users = Default::default();
    server.reload(other);
    assert_eq!(ask(&socket, &pap(2, "wonderland"))[0], 3);
}

#[test]
fn a_proxy_asks_another_server_and_answers_its_client_once() {
    let upstream = Server::start(
        config(&[(Transport::Udp, Role::Auth), (Transport::Udp, Role::Acct)]),
        Arc::new(Silent),
    )
    .unwrap();
    let server = |role| Upstream {
        address: upstream.address(Transport::Udp, role).unwrap(),
        secret: Secret::new(KEY),
    };
    let mut config = config(&[(Transport::Udp, Role::Any)]);
    config.settings.policy.users = Default::default();
    config.settings.routes.add(Realm::All, 0);
    config.upstreams.pools = vec![Pool {
        auth: vec![server(Role::Auth)],
        acct: vec![server(Role::Acct)],
    }];
    let proxy = Server::start(config, Arc::new(Silent)).unwrap();
    let socket = client(&proxy, Transport::Udp, Role::Any);
    let accept = ask(&socket, &pap(1, "wonderland"));
    assert_eq!(accept[0], 2);
    assert_eq!(ask(&socket, &pap(1, "wonderland")), accept);
    assert_eq!(ask(&socket, &pap(2, "wrong"))[0], 3);
    assert_eq!(ask(&socket, &accounting(3, "s"))[0], 5);
    assert_eq!(upstream.stop().all_requests(), 3);
}
