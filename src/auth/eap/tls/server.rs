//! EAP-TLS as the server.

use std::sync::Arc;

use super::peer::LABEL;
use super::{Progress, ServerSide, ServerTls};
use crate::auth::eap::packet::{EapPacket, EapType};
use crate::auth::eap::server::{Done, ServerMethod, ServerStep};
use crate::auth::{Broken, Dice, Method, Note};

const KIND: EapType = EapType::TLS;

/// The server's side.
pub(in crate::auth::eap) struct TlsServer {
    side: ServerSide,
    user: Vec<u8>,
    /// Our last word has been said: what the peer sends next ends the method.
    ended: bool,
    /// TLS failed, and the peer was told.
    failed: Option<Broken>,
}

impl TlsServer {
    /// `size` is the longest EAP packet to send, in octets.
    pub(in crate::auth::eap) fn new(settings: Arc<ServerTls>, user: Vec<u8>, size: usize) -> TlsServer {
        TlsServer {
            side: ServerSide::new(KIND, settings, true, size),
            user,
            ended: false,
            failed: None,
        }
    }

    fn opened(&mut self) -> ServerStep {
        if self.ended {
            return self.done();
        }
        self.side.note_facts();
        self.ended = true;
        if self.side.is_tls13() {
            // The protected success (RFC 9190 §2.1.1).
            return ServerStep::Request(self.side.seal(&[0]));
        }
        match self.side.rest() {
            Some(data) => ServerStep::Request(data),
            None => self.done(),
        }
    }

    fn done(&mut self) -> ServerStep {
        let keys = match self.side.open().map(|tunnel| tunnel.keys(KIND, LABEL)) {
            Some(Ok(keys)) => keys,
            Some(Err(fault)) => return ServerStep::broken(Broken::Tls(fault)),
            None => return ServerStep::broken(Broken::TooEarly { kind: Some(KIND) }),
        };
        self.side.remember(self.user.clone(), Method::EapTls);
        ServerStep::done(Done {
            keys: Some(keys),
            ..Done::of(Method::EapTls)
        })
    }
}

impl ServerMethod for TlsServer {
    fn kind(&self) -> EapType {
        KIND
    }

    fn start(&mut self, _dice: &mut dyn Dice) -> Vec<u8> {
        self.side.start()
    }

    fn response(&mut self, response: &EapPacket<'_>, _dice: &mut dyn Dice) -> ServerStep {
        if let Some(why) = self.failed.take() {
            return ServerStep::broken(why);
        }
        match self.side.receive(response.data()) {
            Ok(Progress::Send(data)) => ServerStep::Request(data),
            Ok(Progress::Open(_)) => self.opened(),
            Ok(Progress::Failed(data, fault)) => {
                self.failed = Some(Broken::Tls(fault));
                ServerStep::Request(data)
            }
            Err(why) => ServerStep::broken(why),
        }
    }

    fn notes(&mut self) -> Vec<Note> {
        self.side.notes()
    }
}
