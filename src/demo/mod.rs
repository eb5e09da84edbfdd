//! A server and a client in one process: whole exchanges over loopback, to be seen and to be relied on.
//!
//! The server is the same [`Responder`] that `radius serve` drives; the client is the same that all client commands
//! are. What is shown is told to a sink, as everywhere.

mod decided;
mod logins;
mod relay;
mod scenario;
mod secured;
pub mod wire;

pub use decided::{Decided, Decision};
pub use logins::{FRAGMENT, LOGINS, LoginScenario, Papers, PapersError, USER};
pub use relay::{RELAY_SECRET, Relay};
pub use scenario::{PROOFS, SCENARIOS, Scenario};
pub use secured::{SECURED, SecuredError, SecuredScenario, SecuredServer, Seen};

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use tokio::net::UdpSocket;

use crate::codec::{Code, Secret};
use crate::dictionary::{Dictionary, Files};
use crate::net::dice::Dice;
use crate::net::{LONGEST, clock};
use crate::responder::clients::{Client, Network};
use crate::responder::coa::Manner;
use crate::responder::policy::Eap;
use crate::responder::users::Users;
use crate::responder::{Arrival, Carrier, Deed, Departure, Moment, Responder, Role, Settings};

/// The secret that client and server share.
pub const SECRET: &str = "testing123";

/// Who may in, and what is said to him.
const USERS: &str = "alice Cleartext-Password := \"wonderland\"
\tService-Type = Framed-User,
\tFramed-IP-Address = 10.0.0.42,
\tReply-Message = \"Welcome, %{User-Name}\"
";

/// The server of the demonstration, on loopback ports that the system chooses.
pub struct Server {
    sockets: Vec<(UdpSocket, Role)>,
    responder: Arc<Responder>,
    decided: Decided,
}

impl Server {
    /// Opens its ports; `papers` has its certificate.
    ///
    /// # Errors
    ///
    /// When the system gives none.
    pub async fn open(papers: &Papers) -> io::Result<Server> {
        let mut sockets = Vec::new();
        for role in [Role::Auth, Role::Acct, Role::Coa] {
            sockets.push((UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?, role));
        }
        Ok(Server {
            sockets,
            responder: Arc::new(Responder::new(settings(papers))),
            decided: Decided::default(),
        })
    }

    /// Where requests with this Code are served.
    pub fn address(&self, code: Code) -> Option<SocketAddr> {
        let role = match code {
            Code::ACCOUNTING_REQUEST => Role::Acct,
            Code::COA_REQUEST | Code::DISCONNECT_REQUEST => Role::Coa,
            _ => Role::Auth,
        };
        let (socket, _) = self.sockets.iter().find(|(_, served)| *served == role)?;
        socket.local_addr().ok()
    }

    /// What it decides.
    pub fn decided(&self) -> Decided {
        self.decided.clone()
    }

    /// Answers until it is dropped.
    pub async fn run(self) {
        let answering = self
            .sockets
            .into_iter()
            .enumerate()
            .map(|(listener, (socket, role))| {
                let listener = u16::try_from(listener).unwrap_or(u16::MAX);
                let answering = Answering {
                    responder: Arc::clone(&self.responder),
                    decided: self.decided.clone(),
                };
                tokio::spawn(answering.serve(socket, listener, role))
            });
        for task in answering.collect::<Vec<_>>() {
            // A task ends when its socket does, and with it what it had to say.
            let _ = task.await;
        }
    }
}

/// What answers a socket.
struct Answering {
    responder: Arc<Responder>,
    decided: Decided,
}

impl Answering {
    /// Answers what comes to one socket.
    async fn serve(self, socket: UdpSocket, listener: u16, role: Role) {
        let mut buffer = vec![0; LONGEST];
        let mut dice = Dice::new();
        while let Ok((length, source)) = socket.recv_from(&mut buffer).await {
            let octets = buffer.get(..length).unwrap_or(&[]);
            for departure in self.answer(
                Arrival {
                    source,
                    listener,
                    role,
                    carrier: Carrier::Datagram,
                    client: None,
                    octets,
                },
                &mut dice,
            ) {
                tokio::time::sleep(departure.after).await;
                // A client that is gone misses its reply.
                let _ = socket.send_to(&departure.octets, source).await;
            }
        }
    }

    fn answer(&self, arrival: Arrival<'_>, dice: &mut Dice) -> Vec<Departure> {
        let settings = self.responder.settings();
        let mut fill = |octets: &mut [u8]| dice.fill(octets);
        let unix = clock::wall()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs();
        let mut moment = Moment {
            now: clock::now(),
            unix,
            dice: &mut fill,
        };
        let handled = self.responder.receive(&settings, &arrival, &mut moment);
        self.decided.note(arrival.octets, &handled);
        match handled.deed {
            Deed::Send(departure) => vec![departure],
            Deed::SendAll(departures) => departures,
            // Nothing is recorded and nothing passed on here: the settings say so.
            Deed::Nothing | Deed::Close | Deed::Record(_) | Deed::Forward(_) | Deed::Down(..) => Vec::new(),
        }
    }
}

fn settings(papers: &Papers) -> Settings {
    let dictionary = Arc::new(Dictionary::builtin());
    let mut users = Users::new();
    users
        .load("users", &Text, &dictionary)
        .expect("the users of the demonstration are well formed");
    let mut settings = Settings::new(dictionary);
    settings.clients.add(Client::new(
        Network::new(Ipv4Addr::LOCALHOST.into(), 8),
        Secret::new(SECRET),
    ));
    settings.policy.users = users;
    settings.policy.eap = Some(Eap(Arc::clone(&papers.server)));
    settings.manner = Manner::Ack;
    settings
}

/// The one file that there is.
struct Text;

impl Files for Text {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        if path == "users" {
            Ok(USERS.into())
        } else {
            Err(io::ErrorKind::NotFound.into())
        }
    }

    fn list(&self, _directory: &str) -> io::Result<Vec<String>> {
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_of_the_demonstration_can_be_made() {
        let papers = Papers::new().expect("keys can be made");
        assert_eq!(settings(&papers).policy.users.len(), 1);
    }
}
