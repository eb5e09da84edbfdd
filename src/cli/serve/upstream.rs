//! Where requests are passed on to, as it is written: `HOST`, `HOST:1812`, `example.org=HOST`.

use super::config::Options;
use super::plan::SECRET;
use crate::codec::Secret;
use crate::exchange::Transport;
use crate::net::{Family, Peer, resolve};
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::words;
use crate::responder::proxy::{Patience, Pool, Upstream};
use crate::responder::route::{Realm, Routes};
use crate::server::Upstreams;

const AUTH_PORT: u16 = 1812;

/// The servers, and which requests each pool answers.
pub async fn plan(options: &Options, routes: &mut Routes) -> Result<Upstreams, Diagnostic> {
    let secret = options
        .proxy_secret
        .as_ref()
        .or(options.secret.as_ref())
        .map_or_else(|| Secret::new(SECRET), |secret| secret.0.clone());
    let mut realms: Vec<(Realm, Pool)> = Vec::new();
    for text in &options.proxy_to {
        let (realm, host) = split(text);
        let peer: Peer = host.parse().map_err(|error| words::peer_error(host, &error))?;
        let port = peer.port.unwrap_or(AUTH_PORT);
        let addresses = resolve(&peer, port, Family::Any)
            .await
            .map_err(|error| words::resolve_error(&error))?;
        let Some(address) = addresses.first() else {
            let what = format!("`{host}` has no address");
            return Err(Diagnostic::error("resolve", Exit::Usage, what));
        };
        let at = match realms.iter().position(|(known, _)| *known == realm) {
            Some(at) => at,
            None => {
                realms.push((realm, Pool::default()));
                realms.len() - 1
            }
        };
        let Some((_, pool)) = realms.get_mut(at) else {
            continue;
        };
        let server = |port: u16| Upstream {
            address: std::net::SocketAddr::new(address.ip(), port),
            secret: secret.clone(),
        };
        pool.auth.push(server(port));
        pool.acct.push(server(port.checked_add(1).unwrap_or(port)));
    }
    let mut upstreams = Upstreams {
        pools: Vec::new(),
        patience: Patience::default(),
    };
    for (number, (realm, pool)) in realms.into_iter().enumerate() {
        routes.add(realm, number);
        upstreams.pools.push(pool);
    }
    Ok(upstreams)
}

/// Whether a text can be meant for a server.
pub fn check(text: &str) -> Result<String, String> {
    let (_, host) = split(text);
    match host.parse::<Peer>() {
        Ok(peer) if peer.transport == Transport::Udp => Ok(text.to_owned()),
        Ok(peer) => Err(format!(
            "requests are passed on over UDP, not {}",
            peer.transport.name()
        )),
        Err(_) => Err(format!(
            "`{host}` is no host: HOST, HOST:PORT or [V6]:PORT, with REALM= before it"
        )),
    }
}

fn split(text: &str) -> (Realm, &str) {
    match text.split_once('=') {
        None | Some(("", _)) => (Realm::All, text.trim_start_matches('=')),
        Some(("*" | "DEFAULT", host)) => (Realm::All, host),
        Some(("NULL", host)) => (Realm::None, host),
        Some((realm, host)) => (Realm::Named(realm.trim_start_matches('@').to_owned()), host),
    }
}

/// Whether no login is decided here: one of the servers is for all realms.
pub fn passes_all_on(options: &Options) -> bool {
    options
        .proxy_to
        .iter()
        .any(|text| matches!(split(text).0, Realm::All))
}
