//! The handshake inside a method, for either side: what EAP-TLS, TTLS and PEAP have in common.
//!
//! ```text
//!   peer                              server
//!        ◀─ Start
//!   ClientHello ─▶
//!        ◀─ ServerHello …             fragments and their acknowledgements go in between
//!   … Finished ─▶
//!        ◀─ Finished (TLS 1.2), tickets (TLS 1.3), or an acknowledgement
//!   the tunnel is open: Progress::Open
//! ```

use std::sync::Arc;

use zeroize::Zeroizing;

use super::fragment::{Arrived, Carrier};
use super::records::records;
use super::sessions::Desk;
use super::tunnel::Tunnel;
use super::{ClientTls, ServerTls, TlsFault};
use crate::auth::eap::packet::EapType;
use crate::auth::{Broken, Method, MethodFault, Note};

/// What a packet led to.
pub(in crate::auth::eap) enum Progress {
    /// Send this data: the handshake, or a fragment, goes on.
    Send(Vec<u8>),
    /// The handshake is through, the peer has the turn, and this came in clear: maybe nothing.
    Open(Zeroizing<Vec<u8>>),
    /// TLS failed; send this data, which may hold an alert, and let the other side end it.
    Failed(Vec<u8>, TlsFault),
}

/// A carrier that tells what it carried: messages that took several packets, so that none of the packets shows them
/// whole, and what else happens on the way.
struct Conveyor {
    kind: EapType,
    carrier: Carrier,
    /// Others of the message that is coming were here before.
    parts: bool,
    notes: Vec<Note>,
}

impl Conveyor {
    fn new(kind: EapType, size: usize) -> Conveyor {
        Conveyor {
            kind,
            carrier: Carrier::new(size, 0),
            parts: false,
            notes: Vec::new(),
        }
    }

    fn receive(&mut self, data: &[u8]) -> Result<Arrived, MethodFault> {
        let arrived = self.carrier.receive(data)?;
        match &arrived {
            Arrived::Part => self.parts = true,
            Arrived::Message(message) if std::mem::take(&mut self.parts) => self.note(false, message),
            _ => {}
        }
        Ok(arrived)
    }

    fn send(&mut self, message: Vec<u8>) -> Vec<u8> {
        if !self.carrier.is_one_packet(&message) {
            self.note(true, &message);
        }
        self.carrier.send(message)
    }

    fn note(&mut self, sent: bool, message: &[u8]) {
        self.notes.push(Note::Flight {
            kind: self.kind,
            sent,
            length: message.len(),
            records: records(message),
        });
    }
}

/// The peer's side.
pub(in crate::auth::eap) struct ClientSide {
    kind: EapType,
    settings: Arc<ClientTls>,
    user: Vec<u8>,
    conveyor: Conveyor,
    tunnel: Option<Tunnel>,
    /// What the handshake agreed on was told.
    told: bool,
    /// TLS failed, and the server was told: whatever it says now, only its verdict is due.
    failed: bool,
}

impl ClientSide {
    /// `size` is the longest EAP packet to send, in octets.
    pub(in crate::auth::eap) fn new(
        kind: EapType,
        settings: Arc<ClientTls>,
        user: Vec<u8>,
        size: usize,
    ) -> ClientSide {
        ClientSide {
            kind,
            settings,
            user,
            conveyor: Conveyor::new(kind, size),
            tunnel: None,
            told: false,
            failed: false,
        }
    }

    /// Takes the data of a Request.
    pub(in crate::auth::eap) fn receive(&mut self, data: &[u8]) -> Result<Progress, Broken> {
        match self.conveyor.receive(data).map_err(|fault| fault.of(self.kind))? {
            Arrived::Start => {
                let tunnel = self.settings.tunnel(&self.user).map_err(Broken::Tls)?;
                let tunnel = self.tunnel.insert(tunnel);
                let hello = tunnel.flight();
                Ok(Progress::Send(self.conveyor.send(hello)))
            }
            Arrived::Part => Ok(Progress::Send(self.conveyor.carrier.acknowledgement())),
            Arrived::Next(data) => Ok(Progress::Send(data)),
            Arrived::Message(message) => self.message(&message),
        }
    }

    fn message(&mut self, message: &[u8]) -> Result<Progress, Broken> {
        let tunnel = self.tunnel.as_mut().ok_or(Broken::TooEarly {
            kind: Some(self.kind),
        })?;
        if self.failed {
            return Ok(Progress::Send(self.conveyor.carrier.acknowledgement()));
        }
        let outcome = tunnel.receive(message);
        let flight = tunnel.flight();
        if let Err(fault) = outcome {
            self.failed = true;
            return Ok(Progress::Failed(self.conveyor.send(flight), fault));
        }
        if !tunnel.is_handshaking() && !std::mem::replace(&mut self.told, true) {
            let facts = tunnel.facts(self.settings.checked);
            self.conveyor.notes.push(Note::Tls(Box::new(facts)));
        }
        if !flight.is_empty() {
            return Ok(Progress::Send(self.conveyor.send(flight)));
        }
        match tunnel.is_handshaking() {
            true => Err(Broken::Tls(TlsFault::Nothing)),
            false => Ok(Progress::Open(tunnel.read())),
        }
    }

    /// Data that carries `plain` through the tunnel.
    pub(in crate::auth::eap) fn seal(&mut self, plain: &[u8]) -> Vec<u8> {
        match &mut self.tunnel {
            Some(tunnel) => {
                tunnel.write(plain);
                let flight = tunnel.flight();
                self.conveyor.send(flight)
            }
            None => self.conveyor.carrier.acknowledgement(),
        }
    }

    /// Data that says nothing.
    pub(in crate::auth::eap) fn acknowledgement(&self) -> Vec<u8> {
        self.conveyor.carrier.acknowledgement()
    }

    /// The tunnel, once its handshake is through.
    pub(in crate::auth::eap) fn open(&self) -> Option<&Tunnel> {
        self.tunnel.as_ref().filter(|tunnel| !tunnel.is_handshaking())
    }

    /// Whether the tunnel is open and resumes an earlier session.
    pub(in crate::auth::eap) fn is_resumed(&self) -> bool {
        self.open().is_some_and(Tunnel::is_resumed)
    }

    /// Whether the tunnel is open and runs TLS 1.3.
    pub(in crate::auth::eap) fn is_tls13(&self) -> bool {
        self.open().is_some_and(Tunnel::is_tls13)
    }

    /// Whether the server's certificate was checked.
    pub(in crate::auth::eap) fn is_checked(&self) -> bool {
        self.settings.checked
    }

    /// What was seen since the last call.
    pub(in crate::auth::eap) fn notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.conveyor.notes)
    }
}

/// The server's side.
pub(in crate::auth::eap) struct ServerSide {
    kind: EapType,
    settings: Arc<ServerTls>,
    mutual: bool,
    conveyor: Conveyor,
    tunnel: Option<Tunnel>,
    desk: Option<Arc<Desk>>,
}

impl ServerSide {
    /// `mutual` asks for the peer's certificate; `size` is the longest EAP packet to send, in octets.
    pub(in crate::auth::eap) fn new(
        kind: EapType,
        settings: Arc<ServerTls>,
        mutual: bool,
        size: usize,
    ) -> ServerSide {
        ServerSide {
            kind,
            settings,
            mutual,
            conveyor: Conveyor::new(kind, size),
            tunnel: None,
            desk: None,
        }
    }

    /// The data that begins the method.
    pub(in crate::auth::eap) fn start(&self) -> Vec<u8> {
        self.conveyor.carrier.start()
    }

    /// Takes the data of a Response. An open tunnel's flight waits for [`ServerSide::seal`].
    pub(in crate::auth::eap) fn receive(&mut self, data: &[u8]) -> Result<Progress, Broken> {
        match self.conveyor.receive(data).map_err(|fault| fault.of(self.kind))? {
            Arrived::Start => Err(Broken::TooEarly {
                kind: Some(self.kind),
            }),
            Arrived::Part => Ok(Progress::Send(self.conveyor.carrier.acknowledgement())),
            Arrived::Next(data) => Ok(Progress::Send(data)),
            Arrived::Message(message) => self.message(&message),
        }
    }

    fn message(&mut self, message: &[u8]) -> Result<Progress, Broken> {
        let tunnel = match &mut self.tunnel {
            Some(tunnel) => tunnel,
            None => {
                let (tunnel, desk) = self.settings.tunnel(self.mutual).map_err(Broken::Tls)?;
                self.desk = desk;
                self.tunnel.insert(tunnel)
            }
        };
        let was_handshaking = tunnel.is_handshaking();
        if let Err(fault) = tunnel.receive(message) {
            let alert = tunnel.flight();
            // Where the alert came from there, there is nothing left to say.
            return match alert.is_empty() {
                true => Err(Broken::Tls(fault)),
                false => Ok(Progress::Failed(self.conveyor.send(alert), fault)),
            };
        }
        if !tunnel.is_handshaking() {
            return Ok(Progress::Open(tunnel.read()));
        }
        let flight = tunnel.flight();
        match flight.is_empty() && was_handshaking {
            true => Err(Broken::Tls(TlsFault::Nothing)),
            false => Ok(Progress::Send(self.conveyor.send(flight))),
        }
    }

    /// Data that carries what TLS has to say, and `plain` through the tunnel; an acknowledgement where there is
    /// neither.
    pub(in crate::auth::eap) fn seal(&mut self, plain: &[u8]) -> Vec<u8> {
        let Some(tunnel) = &mut self.tunnel else {
            return self.conveyor.carrier.acknowledgement();
        };
        if !plain.is_empty() {
            tunnel.write(plain);
        }
        let flight = tunnel.flight();
        self.conveyor.send(flight)
    }

    /// What TLS has to say by itself, if anything: the end of a handshake of TLS 1.2.
    pub(in crate::auth::eap) fn rest(&mut self) -> Option<Vec<u8>> {
        let flight = self.tunnel.as_mut().map(Tunnel::flight)?;
        (!flight.is_empty()).then(|| self.conveyor.send(flight))
    }

    /// The tunnel, once its handshake is through.
    pub(in crate::auth::eap) fn open(&self) -> Option<&Tunnel> {
        self.tunnel.as_ref().filter(|tunnel| !tunnel.is_handshaking())
    }

    /// Whether the tunnel is open and runs TLS 1.3.
    pub(in crate::auth::eap) fn is_tls13(&self) -> bool {
        self.open().is_some_and(Tunnel::is_tls13)
    }

    /// Who logged in with the session that was resumed, and how: none in a new session.
    pub(in crate::auth::eap) fn resumed_user(&self) -> Option<(Vec<u8>, Method)> {
        self.open().filter(|tunnel| tunnel.is_resumed())?;
        self.desk.as_ref()?.resumed()
    }

    /// Notes that the login of this session was right.
    pub(in crate::auth::eap) fn remember(&self, user: Vec<u8>, method: Method) {
        if let Some(desk) = &self.desk {
            desk.keep(&(user, method));
        }
    }

    /// Notes what the handshake agreed on.
    pub(in crate::auth::eap) fn note_facts(&mut self) {
        let facts = self.open().map(|tunnel| tunnel.facts(self.mutual));
        let note = facts.map(|facts| Note::Tls(Box::new(facts)));
        self.conveyor.notes.extend(note);
    }

    /// What was seen since the last call.
    pub(in crate::auth::eap) fn notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.conveyor.notes)
    }
}
