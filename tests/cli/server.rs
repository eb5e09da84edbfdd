//! A server that does as it is told: every request goes to a rule, and what the rule says goes back. Built on the
//! library's codec; that the library agrees with other people's servers is what `tests/interop` shows.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use radius::codec::frame::Frames;
use radius::codec::seal::seal_reply;
use radius::codec::{AttributeType, Authenticator, Builder, Code, MAX_LENGTH, Packet, Secret, hide};

pub const SECRET: &str = "testing123";

/// What a rule answers to a request.
pub enum Answer {
    /// These octets.
    Octets(Vec<u8>),
    /// These octets, from a port that the request did not go to.
    FromElsewhere(Vec<u8>),
    /// The end of the connection.
    Close,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Request {
    pub octets: Vec<u8>,
    pub from: SocketAddr,
    /// How many requests came before it.
    pub index: usize,
}

impl Request {
    pub fn packet(&self) -> Packet<'_> {
        Packet::parse(&self.octets).unwrap()
    }

    /// The value of the first attribute with this number.
    pub fn value(&self, number: u8) -> Option<Vec<u8>> {
        let found = self.packet().first(AttributeType(number));
        found.map(|attribute| attribute.value().to_vec())
    }

    /// The value of the first attribute with this number, as text.
    pub fn text(&self, number: u8) -> String {
        String::from_utf8_lossy(&self.value(number).unwrap_or_default()).into_owned()
    }

    /// The numbers of all attributes.
    pub fn numbers(&self) -> Vec<u8> {
        let packet = self.packet();
        packet
            .attributes()
            .map(|attribute| attribute.unwrap().number().0)
            .collect()
    }

    /// The password, opened with [`SECRET`].
    pub fn password(&self) -> Option<String> {
        let hidden = self.value(2)?;
        let secret = Secret::new(SECRET);
        let password = hide::reveal_password(&hidden, &secret, self.packet().authenticator()).ok()?;
        Some(String::from_utf8_lossy(&password).into_owned())
    }

    /// A reply to it, with a Message-Authenticator in the first place.
    pub fn reply(&self, code: Code) -> Reply {
        let packet = self.packet();
        Reply {
            code,
            identifier: packet.identifier(),
            request: *packet.authenticator(),
            secret: Secret::new(SECRET),
            attributes: Vec::new(),
            sealed: true,
        }
    }

    /// The reply that says yes.
    pub fn yes(&self) -> Reply {
        self.reply(match self.packet().code() {
            Code::ACCOUNTING_REQUEST => Code::ACCOUNTING_RESPONSE,
            Code::COA_REQUEST => Code::COA_ACK,
            Code::DISCONNECT_REQUEST => Code::DISCONNECT_ACK,
            _ => Code::ACCESS_ACCEPT,
        })
    }
}

/// A reply in the making.
#[derive(Clone)]
pub struct Reply {
    code: Code,
    identifier: u8,
    request: Authenticator,
    secret: Secret,
    attributes: Vec<(u8, Vec<u8>)>,
    sealed: bool,
}

impl Reply {
    pub fn with(mut self, number: u8, value: impl AsRef<[u8]>) -> Reply {
        self.attributes.push((number, value.as_ref().to_vec()));
        self
    }

    /// Sealed with another secret.
    pub fn secret(mut self, secret: &str) -> Reply {
        self.secret = Secret::new(secret);
        self
    }

    /// Without Message-Authenticator.
    pub fn unsealed(mut self) -> Reply {
        self.sealed = false;
        self
    }

    /// With another Identifier than the request's.
    pub fn identifier(mut self, identifier: u8) -> Reply {
        self.identifier = identifier;
        self
    }

    /// With a value behind a salt (RFC 2868 §3.5), `front` before the salt.
    pub fn salted(self, number: u8, front: &[u8], data: &[u8]) -> Reply {
        // No two of a packet are the same.
        let salt = 0x8001 + u16::try_from(self.attributes.len()).unwrap();
        let mut value = front.to_vec();
        value.extend(hide::hide_salted(data, salt, &self.secret, &self.request).unwrap());
        // A vendor's attribute carries its length in the octet before the value.
        if number == 26 {
            value[5] = u8::try_from(value.len() - 4).unwrap();
        }
        self.with(number, value)
    }

    pub fn octets(&self) -> Vec<u8> {
        let mut builder = Builder::new(self.code, self.identifier, &[0; 16]);
        if self.sealed {
            builder.message_authenticator().unwrap();
        }
        for (number, value) in &self.attributes {
            builder.attribute(AttributeType(*number), value).unwrap();
        }
        let mut octets = builder.finish();
        seal_reply(&mut octets, &self.request, &self.secret);
        octets
    }

    pub fn send(&self) -> Vec<Answer> {
        vec![Answer::Octets(self.octets())]
    }
}

/// A running server; it ends when this is dropped.
pub struct Server {
    pub address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    stop: Arc<AtomicBool>,
    stream: bool,
}

impl Server {
    /// Over UDP on 127.0.0.1.
    pub fn udp(rule: impl FnMut(&Request) -> Vec<Answer> + Send + 'static) -> Server {
        Server::udp_on(Ipv4Addr::LOCALHOST.into(), rule).unwrap()
    }

    /// Over UDP on this address of the machine, if it has it.
    pub fn udp_on(
        address: IpAddr,
        mut rule: impl FnMut(&Request) -> Vec<Answer> + Send + 'static,
    ) -> std::io::Result<Server> {
        let socket = UdpSocket::bind((address, 0))?;
        let elsewhere = UdpSocket::bind((address, 0))?;
        let (server, requests, stop) = Server::new(socket.local_addr()?, false);
        thread::spawn(move || {
            let mut buffer = vec![0; 65_536];
            while let Ok((length, from)) = socket.recv_from(&mut buffer) {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let request = note(&requests, &buffer[..length], from);
                for answer in rule(&request) {
                    // Nobody may be waiting any more.
                    let _ = match answer {
                        Answer::Octets(octets) => socket.send_to(&octets, from),
                        Answer::FromElsewhere(octets) => elsewhere.send_to(&octets, from),
                        Answer::Close => Ok(0),
                    };
                }
            }
        });
        Ok(server)
    }

    /// Over TCP on 127.0.0.1, one connection after the other.
    pub fn tcp(mut rule: impl FnMut(&Request) -> Vec<Answer> + Send + 'static) -> Server {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let (server, requests, stop) = Server::new(listener.local_addr().unwrap(), true);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                serve_stream(&mut stream.unwrap(), &requests, &mut rule);
            }
        });
        server
    }

    /// Over UDP; says yes to everything.
    pub fn yes() -> Server {
        Server::udp(|request| request.yes().send())
    }

    /// Over UDP; answers nothing.
    pub fn silent() -> Server {
        Server::udp(|_| Vec::new())
    }

    fn new(address: SocketAddr, stream: bool) -> (Server, Arc<Mutex<Vec<Request>>>, Arc<AtomicBool>) {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let stop = Arc::new(AtomicBool::new(false));
        let server = Server {
            address,
            requests: Arc::clone(&requests),
            stop: Arc::clone(&stop),
            stream,
        };
        (server, requests, stop)
    }

    /// HOST.
    pub fn host(&self) -> String {
        let scheme = if self.stream { "tcp://" } else { "" };
        format!("{scheme}{}", self.address)
    }

    /// What has come so far, in its order.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// The one request that came.
    pub fn request(&self) -> Request {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:?}");
        requests[0].clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // One more arrival, so that the thread looks up; if it is gone already, so much the better.
        if self.stream {
            let _ = TcpStream::connect(self.address);
        } else if let Ok(socket) = UdpSocket::bind((self.address.ip(), 0)) {
            let _ = socket.send_to(&[0], self.address);
        }
    }
}

fn note(requests: &Mutex<Vec<Request>>, octets: &[u8], from: SocketAddr) -> Request {
    let mut requests = requests.lock().unwrap();
    let request = Request {
        octets: octets.to_vec(),
        from,
        index: requests.len(),
    };
    requests.push(request.clone());
    request
}

fn serve_stream(
    stream: &mut TcpStream,
    requests: &Mutex<Vec<Request>>,
    rule: &mut impl FnMut(&Request) -> Vec<Answer>,
) {
    let from = stream.peer_addr().unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut frames = Frames::new(MAX_LENGTH);
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut buffer) {
        frames.push(&buffer[..length]);
        while let Some(octets) = frames.next_packet().unwrap() {
            let request = note(requests, octets, from);
            for answer in rule(&request) {
                match answer {
                    Answer::Octets(octets) | Answer::FromElsewhere(octets) => {
                        if stream.write_all(&octets).is_err() {
                            return;
                        }
                    }
                    Answer::Close => return,
                }
            }
        }
    }
}
