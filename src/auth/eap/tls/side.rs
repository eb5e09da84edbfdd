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
use super::sessions::Desk;
use super::tunnel::Tunnel;
use super::{ClientTls, ServerTls, TlsFacts, TlsFault};
use crate::auth::eap::packet::EapType;
use crate::auth::{Broken, Method};

/// What a packet led to.
pub(in crate::auth::eap) enum Progress {
    /// Send this data: the handshake, or a fragment, goes on.
    Send(Vec<u8>),
    /// The handshake is through, the peer has the turn, and this came in clear: maybe nothing.
    Open(Zeroizing<Vec<u8>>),
    /// TLS failed; send this data, which may hold an alert, and let the other side end it.
    Failed(Vec<u8>, TlsFault),
}

/// The peer's side.
pub(in crate::auth::eap) struct ClientSide {
    kind: EapType,
    settings: Arc<ClientTls>,
    user: Vec<u8>,
    carrier: Carrier,
    tunnel: Option<Tunnel>,
    facts: Facts,
    /// TLS failed, and the server was told: whatever it says now, only its verdict is due.
    failed: bool,
}

/// What the handshake agreed on, which is told once.
enum Facts {
    /// It is not through.
    Missing,
    /// Nobody has heard them yet.
    New(Box<TlsFacts>),
    /// They were told.
    Told,
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
            carrier: Carrier::new(size, 0),
            tunnel: None,
            facts: Facts::Missing,
            failed: false,
        }
    }

    /// Takes the data of a Request.
    pub(in crate::auth::eap) fn receive(&mut self, data: &[u8]) -> Result<Progress, Broken> {
        match self.carrier.receive(data).map_err(|fault| fault.of(self.kind))? {
            Arrived::Start => {
                let tunnel = self.settings.tunnel(&self.user).map_err(Broken::Tls)?;
                let tunnel = self.tunnel.insert(tunnel);
                let hello = tunnel.flight();
                Ok(Progress::Send(self.carrier.send(hello)))
            }
            Arrived::Part => Ok(Progress::Send(self.carrier.acknowledgement())),
            Arrived::Next(data) => Ok(Progress::Send(data)),
            Arrived::Message(message) => self.message(&message),
        }
    }

    fn message(&mut self, message: &[u8]) -> Result<Progress, Broken> {
        let tunnel = self.tunnel.as_mut().ok_or(Broken::TooEarly {
            kind: Some(self.kind),
        })?;
        if self.failed {
            return Ok(Progress::Send(self.carrier.acknowledgement()));
        }
        let outcome = tunnel.receive(message);
        let flight = tunnel.flight();
        if let Err(fault) = outcome {
            self.failed = true;
            return Ok(Progress::Failed(self.carrier.send(flight), fault));
        }
        if !tunnel.is_handshaking() && matches!(self.facts, Facts::Missing) {
            self.facts = Facts::New(Box::new(tunnel.facts(self.settings.checked)));
        }
        if !flight.is_empty() {
            return Ok(Progress::Send(self.carrier.send(flight)));
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
                self.carrier.send(flight)
            }
            None => self.carrier.acknowledgement(),
        }
    }

    /// Data that says nothing.
    pub(in crate::auth::eap) fn acknowledgement(&self) -> Vec<u8> {
        self.carrier.acknowledgement()
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

    /// What the handshake agreed on, once.
    pub(in crate::auth::eap) fn take_facts(&mut self) -> Option<TlsFacts> {
        if !matches!(self.facts, Facts::New(_)) {
            return None;
        }
        match std::mem::replace(&mut self.facts, Facts::Told) {
            Facts::New(facts) => Some(*facts),
            Facts::Missing | Facts::Told => None,
        }
    }
}

/// The server's side.
pub(in crate::auth::eap) struct ServerSide {
    kind: EapType,
    settings: Arc<ServerTls>,
    mutual: bool,
    carrier: Carrier,
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
            carrier: Carrier::new(size, 0),
            tunnel: None,
            desk: None,
        }
    }

    /// The data that begins the method.
    pub(in crate::auth::eap) fn start(&self) -> Vec<u8> {
        self.carrier.start()
    }

    /// Takes the data of a Response. An open tunnel's flight waits for [`ServerSide::seal`].
    pub(in crate::auth::eap) fn receive(&mut self, data: &[u8]) -> Result<Progress, Broken> {
        match self.carrier.receive(data).map_err(|fault| fault.of(self.kind))? {
            Arrived::Start => Err(Broken::TooEarly {
                kind: Some(self.kind),
            }),
            Arrived::Part => Ok(Progress::Send(self.carrier.acknowledgement())),
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
                false => Ok(Progress::Failed(self.carrier.send(alert), fault)),
            };
        }
        if !tunnel.is_handshaking() {
            return Ok(Progress::Open(tunnel.read()));
        }
        let flight = tunnel.flight();
        match flight.is_empty() && was_handshaking {
            true => Err(Broken::Tls(TlsFault::Nothing)),
            false => Ok(Progress::Send(self.carrier.send(flight))),
        }
    }

    /// Data that carries what TLS has to say, and `plain` through the tunnel; an acknowledgement where there is
    /// neither.
    pub(in crate::auth::eap) fn seal(&mut self, plain: &[u8]) -> Vec<u8> {
        let Some(tunnel) = &mut self.tunnel else {
            return self.carrier.acknowledgement();
        };
        if !plain.is_empty() {
            tunnel.write(plain);
        }
        let flight = tunnel.flight();
        self.carrier.send(flight)
    }

    /// What TLS has to say by itself, if anything: the end of a handshake of TLS 1.2.
    pub(in crate::auth::eap) fn rest(&mut self) -> Option<Vec<u8>> {
        let flight = self.tunnel.as_mut().map(Tunnel::flight)?;
        (!flight.is_empty()).then(|| self.carrier.send(flight))
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

    /// What the handshake agreed on.
    pub(in crate::auth::eap) fn facts(&self) -> Option<TlsFacts> {
        self.open().map(|tunnel| tunnel.facts(self.mutual))
    }
}
