//! From a method's name to the machine that runs it.

use std::sync::Arc;

use super::gtc::{GtcPeer, GtcServer};
use super::login::{EapLogin, EapOptions};
use super::md5::{Md5Peer, Md5Server};
use super::mschapv2::{Mschapv2Peer, Mschapv2Server};
use super::packet::EapType;
use super::peap::{PeapPeer, PeapServer};
use super::peer::{Peer, PeerMethod};
use super::pwd::{PwdPeer, PwdServer};
use super::server::{ServerMethod, ServerSettings};
use super::tls::{ClientTls, TlsPeer, TlsServer};
use super::ttls::{TtlsInner, TtlsPeer, TtlsServer};
use crate::auth::server::{Account, Users};
use crate::auth::{Login, Method, Need, Plain, PlainOptions, Unfit};
use crate::codec::Secret;

/// The longest EAP packet to send inside a tunnel whose own are of `size` octets: short enough to go through in one
/// piece, but not so short that tiny fragments outside would be a hundred times as many inside.
pub(super) fn inner_size(size: usize) -> usize {
    size.saturating_sub(100).max(500)
}

/// Who logs in.
#[derive(Clone)]
pub struct Credentials {
    /// The user's name.
    pub user: Vec<u8>,
    /// What a tunnel shows outside in its place (RFC 7542 §2.4 has the realm stay).
    pub anonymous: Option<Vec<u8>>,
    /// The user's password; empty where a certificate does.
    pub password: Secret,
    /// The one to set when the server says that it has expired.
    pub new_password: Option<Secret>,
    /// TLS, for the methods that need it.
    pub tls: Option<Arc<ClientTls>>,
    /// The longest EAP packet to send, in octets.
    pub fragment: usize,
}

impl Credentials {
    /// What the peer calls itself outside of a tunnel.
    pub fn outer_identity(&self, method: Method) -> &[u8] {
        match (
            matches!(method.outer(), Some(EapType::TTLS | EapType::PEAP)),
            &self.anonymous,
        ) {
            (true, Some(anonymous)) => anonymous,
            _ => &self.user,
        }
    }
}

/// A login with any method.
pub fn login(
    method: Method,
    credentials: &Credentials,
    plain: PlainOptions,
    eap: EapOptions,
) -> Result<Box<dyn Login>, Unfit> {
    if method.outer().is_none() {
        let plain = PlainOptions {
            new_password: credentials.new_password.clone(),
            ..plain
        };
        let (user, password) = (credentials.user.clone(), credentials.password.clone());
        return Ok(Box::new(Plain::new(method, user, password, plain)));
    }
    let machine = peer_method(method, credentials, credentials.fragment)?;
    let peer = Peer::new(credentials.outer_identity(method), vec![machine]);
    Ok(Box::new(EapLogin::new(peer, eap)))
}

/// One EAP method, as the peer runs it; `size` is the longest EAP packet to send, in octets.
fn peer_method(method: Method, credentials: &Credentials, size: usize) -> Result<Box<dyn PeerMethod>, Unfit> {
    let (user, password) = (credentials.user.clone(), credentials.password.clone());
    let tls = || credentials.tls.clone().ok_or(Unfit::Missing(Need::Tls));
    let inner = || -> Result<Option<Peer>, Unfit> {
        let Some(inner) = method.inner_eap() else {
            return Ok(None);
        };
        let machine = peer_method(inner, credentials, inner_size(size))?;
        Ok(Some(Peer::new(user.clone(), vec![machine])))
    };
    Ok(match method.outer() {
        Some(EapType::MD5) => Box::new(Md5Peer::new(password)),
        Some(EapType::GTC) => Box::new(GtcPeer::new(password)),
        Some(EapType::MSCHAPV2) => Box::new(Mschapv2Peer::new(
            user,
            password,
            credentials.new_password.clone(),
        )),
        Some(EapType::PWD) => Box::new(PwdPeer::new(user, password, size)),
        Some(EapType::TLS) => {
            let tls = tls()?;
            if !tls.has_identity() {
                return Err(Unfit::Missing(Need::ClientCertificate));
            }
            Box::new(TlsPeer::new(tls, user, size))
        }
        Some(EapType::TTLS) => {
            let inside = match (inner()?, method) {
                (Some(peer), _) => TtlsInner::Eap(Box::new(peer)),
                (None, Method::TtlsChap) => TtlsInner::Chap,
                (None, Method::TtlsMschap) => TtlsInner::Mschap,
                (None, Method::TtlsMschapv2) => TtlsInner::Mschapv2,
                (None, _) => TtlsInner::Pap,
            };
            Box::new(TtlsPeer::new(tls()?, inside, user, password, size))
        }
        Some(EapType::PEAP) => {
            let peer = inner()?.ok_or(Unfit::Missing(Need::Password))?;
            Box::new(PeapPeer::new(tls()?, peer, user, size))
        }
        _ => return Err(Unfit::Missing(Need::Tls)),
    })
}

/// One EAP method, as the server runs it; none where it cannot be run.
pub(super) fn server_method(
    kind: EapType,
    settings: &Arc<ServerSettings>,
    users: &Arc<dyn Users>,
    account: Option<Account>,
    identity: Vec<u8>,
    fragment: usize,
) -> Option<Box<dyn ServerMethod>> {
    let tls = settings.tls.clone();
    let (shared, users) = (Arc::clone(settings), Arc::clone(users));
    Some(match kind {
        EapType::MD5 => Box::new(Md5Server::new(account)),
        EapType::GTC => Box::new(GtcServer::new(account, &settings.prompt)),
        EapType::MSCHAPV2 => Box::new(Mschapv2Server::new(account, identity, &settings.name)),
        EapType::PWD => Box::new(PwdServer::new(account, &settings.name, fragment)),
        EapType::TLS => Box::new(TlsServer::new(
            tls.filter(|tls| tls.takes_certificates())?,
            identity,
            fragment,
        )),
        EapType::TTLS => Box::new(TtlsServer::new(tls?, shared, users, fragment)),
        EapType::PEAP => Box::new(PeapServer::new(tls?, shared, users, fragment)),
        _ => return None,
    })
}
