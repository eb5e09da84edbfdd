//! What secures connections, and whom it shows on the other side.

use std::net::IpAddr;
use std::sync::Arc;

use crate::codec::Secret;
use crate::exchange::{Transport, Version};
use crate::net::dtls;
use crate::net::tls::{Acceptor, Certificate, Handshake, TlsVersion};
use crate::responder::Carrier;
use crate::responder::clients::{Client, Clients};

/// What TLS and DTLS need. Replaced as a whole; then clients that are connected over TLS are looked at again.
#[derive(Clone, Debug)]
pub struct Security {
    /// Takes clients over TLS.
    pub tls: Option<Acceptor>,
    /// Takes clients over DTLS.
    pub dtls: Option<Arc<dtls::Acceptor>>,
    /// The secret of all clients over TLS.
    pub stream_secret: Secret,
    /// The secret of all clients over DTLS.
    pub datagram_secret: Secret,
}

impl Default for Security {
    /// Without certificates, and with the secrets of RFC 6614 §2.3 and RFC 7360 §2.1.
    fn default() -> Security {
        let secret = |transport: Transport| Secret::new(transport.fixed_secret().unwrap_or_default());
        Security {
            tls: None,
            dtls: None,
            stream_secret: secret(Transport::Tls),
            datagram_secret: secret(Transport::Dtls),
        }
    }
}

/// Who shook hands from this address, with the secret that is used then; nobody if that is no client.
pub(super) fn identify(
    clients: &Clients,
    source: IpAddr,
    handshake: &Handshake,
    secret: &Secret,
) -> Option<Arc<Client>> {
    let own = handshake.chain.first();
    let names = own.map_or(&[][..], |own| own.names.as_slice());
    let found = match &handshake.psk {
        Some(_) => clients.find(source)?,
        None => clients.holder(source, names, own.map(|own| &own.fingerprint.0))?,
    };
    let anonymous = found.name == found.network.to_string();
    let name = match (own, &handshake.psk) {
        (Some(own), _) if anonymous => called(own),
        (None, Some(identity)) if anonymous => identity.clone(),
        _ => found.name.clone(),
    };
    Some(Arc::new(Client {
        name,
        secret: secret.clone(),
        ..Client::clone(found)
    }))
}

/// What a certificate calls its holder: its first DNS name, or else its first name of any kind, or its subject.
fn called(certificate: &Certificate) -> String {
    let names = &certificate.names;
    let best = names.iter().find(|name| name.starts_with("DNS:"));
    match best.or(names.first()).and_then(|name| name.split_once(':')) {
        Some((_, name)) => name.to_owned(),
        None => certificate.subject.clone(),
    }
}

/// How packets come after this handshake.
pub(super) fn carrier(handshake: &Handshake) -> Carrier {
    match (handshake.radius, handshake.version) {
        (Version::V1_1, _) => Carrier::Clear,
        (_, TlsVersion::Dtls1_2) => Carrier::SecuredDatagram,
        _ => Carrier::Secured,
    }
}
