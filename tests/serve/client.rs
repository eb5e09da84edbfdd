//! Requests as octets, and a client that keeps some of them under way.

use std::collections::BTreeMap;
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use radius::codec::seal::{check_reply, seal_request};
use radius::codec::{AttributeType, Builder, Code, Packet, Secret, hide};

pub const SECRET: &str = "testing123";

/// A sealed request with these attributes; `sealed` says whether Message-Authenticator leads them.
pub fn request(
    code: Code,
    identifier: u8,
    authenticator: &[u8; 16],
    sealed: bool,
    attributes: &[(u8, &[u8])],
) -> Vec<u8> {
    let mut builder = Builder::new(code, identifier, authenticator);
    if sealed {
        builder.message_authenticator().unwrap();
    }
    for (number, value) in attributes {
        builder.attribute(AttributeType(*number), value).unwrap();
    }
    let mut octets = builder.finish();
    seal_request(&mut octets, &Secret::new(SECRET));
    octets
}

/// An Access-Request with a password.
pub fn pap(user: &str, password: &str, identifier: u8, authenticator: &[u8; 16]) -> Vec<u8> {
    let hidden = hide::hide_password(password.as_bytes(), &Secret::new(SECRET), authenticator).unwrap();
    let attributes: [(u8, &[u8]); 2] = [(1, user.as_bytes()), (2, &hidden)];
    request(Code::ACCESS_REQUEST, identifier, authenticator, true, &attributes)
}

/// A Start of a session.
pub fn start(session: &str, identifier: u8) -> Vec<u8> {
    let attributes: [(u8, &[u8]); 3] = [(40, &[0, 0, 0, 1]), (44, session.as_bytes()), (1, b"alice")];
    request(Code::ACCOUNTING_REQUEST, identifier, &[0; 16], false, &attributes)
}

/// The reply that comes within the time, if one does.
pub fn ask(server: SocketAddr, octets: &[u8], time: Duration) -> Option<Vec<u8>> {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(time)).unwrap();
    socket.send_to(octets, server).unwrap();
    let mut buffer = [0; 4096];
    let length = socket.recv(&mut buffer).ok()?;
    Some(buffer[..length].to_vec())
}

/// A client with a port of its own, that asks again for what it hears nothing of.
pub struct Client {
    socket: UdpSocket,
    server: SocketAddr,
    waiting: BTreeMap<u8, (String, Vec<u8>, Instant)>,
    next: u8,
    count: u32,
    name: String,
    /// The sessions whose records were acknowledged.
    pub acknowledged: Vec<String>,
    /// The sessions that were ever reported.
    pub reported: Vec<String>,
    /// How often octets were sent again.
    pub again: u64,
}

impl Client {
    /// One whose sessions begin with this name.
    pub fn new(name: &str, server: SocketAddr) -> Client {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_nonblocking(true).unwrap();
        Client {
            socket,
            server,
            waiting: BTreeMap::new(),
            next: 0,
            count: 0,
            name: name.to_owned(),
            acknowledged: Vec::new(),
            reported: Vec::new(),
            again: 0,
        }
    }

    /// Reports sessions until `window` are under way, takes what came, and asks again for what is older than `age`.
    pub fn turn(&mut self, window: usize, age: Duration) {
        while self.waiting.len() < window {
            while self.waiting.contains_key(&self.next) {
                self.next = self.next.wrapping_add(1);
            }
            let session = format!("{}-{}", self.name, self.count);
            self.count += 1;
            let octets = start(&session, self.next);
            self.send(&octets);
            self.reported.push(session.clone());
            self.waiting.insert(self.next, (session, octets, Instant::now()));
            self.next = self.next.wrapping_add(1);
        }
        self.take();
        let late: Vec<(u8, Vec<u8>)> = self
            .waiting
            .iter()
            .filter(|(_, (_, _, since))| since.elapsed() >= age)
            .map(|(identifier, (_, octets, _))| (*identifier, octets.clone()))
            .collect();
        for (identifier, octets) in late {
            self.send(&octets);
            self.again += 1;
            self.waiting.get_mut(&identifier).unwrap().2 = Instant::now();
        }
    }

    /// Takes the acknowledgements that came.
    pub fn take(&mut self) {
        let mut buffer = [0; 4096];
        // A server that is gone answers with an error, as one that has nothing to say.
        while let Ok(length) = self.socket.recv(&mut buffer) {
            let reply = Packet::parse(&buffer[..length]).unwrap();
            let Some((session, octets, _)) = self.waiting.get(&reply.identifier()) else {
                continue;
            };
            let request = Packet::parse(octets).unwrap();
            // An answer to what had this Identifier before is none for what has it now.
            if check_reply(&reply, request.authenticator(), &Secret::new(SECRET)).hold() {
                self.acknowledged.push(session.clone());
                self.waiting.remove(&reply.identifier());
            }
        }
    }

    /// How many requests wait for their answer.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    fn send(&self, octets: &[u8]) {
        // Nobody may be listening just now.
        let _ = self.socket.send_to(octets, self.server);
    }
}
