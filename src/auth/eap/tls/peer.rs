//! EAP-TLS as the peer: the handshake is all there is.
//!
//! With TLS 1.3 the server protects its success with one octet of zero through the tunnel (RFC 9190 §2.1.1); some
//! servers leave it out where a session is resumed, or inside a tunnel: that is noted.

use std::sync::Arc;

use super::{ClientSide, ClientTls, Progress, TlsFault};
use crate::auth::eap::packet::{EapPacket, EapType};
use crate::auth::eap::peer::{PeerMethod, PeerReply, Standing};
use crate::auth::{Broken, Dice, Keys, Note};
use crate::codec::Secret;

const KIND: EapType = EapType::TLS;

/// The label of the keys under TLS 1.2 (RFC 5216 §2.3), PEAP's too.
pub(in crate::auth::eap) const LABEL: &[u8] = b"client EAP encryption";

/// The peer's side.
pub(in crate::auth::eap) struct TlsPeer {
    side: ClientSide,
    /// Whether the server has protected its success; under TLS 1.2 its Finished does.
    committed: bool,
    keys: Option<Keys>,
    failed: Option<TlsFault>,
}

impl TlsPeer {
    /// `size` is the longest EAP packet to send, in octets.
    pub(in crate::auth::eap) fn new(settings: Arc<ClientTls>, user: Vec<u8>, size: usize) -> TlsPeer {
        TlsPeer {
            side: ClientSide::new(KIND, settings, user, size),
            committed: false,
            keys: None,
            failed: None,
        }
    }

    /// Derives the keys once the handshake is through, which may end with a packet of ours.
    fn finish(&mut self) -> Result<(), Broken> {
        if let (Some(tunnel), None) = (self.side.open(), &self.keys) {
            self.keys = Some(tunnel.keys(KIND, LABEL).map_err(Broken::Tls)?);
        }
        Ok(())
    }
}

impl PeerMethod for TlsPeer {
    fn kind(&self) -> EapType {
        KIND
    }

    fn request(&mut self, request: &EapPacket<'_>, _dice: &mut dyn Dice) -> Result<PeerReply, Broken> {
        let progress = self.side.receive(request.data())?;
        self.finish()?;
        match progress {
            Progress::Send(data) => {
                // A resumed handshake of TLS 1.2 ends with our Finished.
                self.committed |= self.side.is_resumed() && !self.side.is_tls13();
                Ok(PeerReply::Respond(data))
            }
            Progress::Open(plain) => {
                match (self.side.is_tls13(), plain.as_slice()) {
                    (false, []) | (true, [0]) => self.committed = true,
                    (true, []) => {}
                    (_, plain) => {
                        let length = plain.len();
                        return Err(Broken::Tls(TlsFault::Unexpected { length }));
                    }
                }
                Ok(PeerReply::Respond(self.side.acknowledgement()))
            }
            Progress::Failed(data, fault) => {
                self.failed = Some(fault);
                Ok(PeerReply::Respond(data))
            }
        }
    }

    fn answer(&mut self, _text: Secret, _dice: &mut dyn Dice) -> Result<PeerReply, Broken> {
        Err(Broken::TooEarly { kind: Some(KIND) })
    }

    fn standing(&self) -> Standing {
        match (&self.failed, &self.keys) {
            (Some(fault), _) => Standing::Broken(Box::new(Broken::Tls(fault.clone()))),
            (None, Some(_)) => Standing::Satisfied {
                server_proved: self.side.is_checked(),
                admitted: self.committed,
            },
            (None, None) => Standing::Unfinished,
        }
    }

    fn keys(&self) -> Option<Keys> {
        self.keys.clone()
    }

    fn notes(&mut self) -> Vec<Note> {
        self.side.notes()
    }
}
