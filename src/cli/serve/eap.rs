//! What EAP needs: a certificate, given or made for the occasion, and the methods that are spoken.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use rustls::pki_types::CertificateDer;
use rustls::time_provider::DefaultTimeProvider;

use super::config::Options;
use crate::auth::Method;
use crate::auth::certificate::{self, Identity, Throwaway};
use crate::auth::eap::packet::EapType;
use crate::auth::eap::server::ServerSettings;
use crate::auth::eap::tls::{ServerTls, ServerTlsOptions};
use crate::cli::files;
use crate::net::{clock, tls};
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::words;
use crate::responder::policy::Eap;

/// What the server calls itself, and what its throwaway certificate is for.
const NAME: &str = "radius.example.org";
/// Whose name the client's certificate has.
const CLIENT: &str = "radius-client";
/// How long throwaway certificates are valid, in days.
const DAYS: u32 = 30;
/// The longest EAP packet where Framed-MTU says no less: fits a packet of every link between.
const FRAGMENT: usize = 1020;
/// What is proposed, the best first; a client that wants another says so.
const ORDER: [EapType; 7] = [
    EapType::PEAP,
    EapType::TTLS,
    EapType::TLS,
    EapType::PWD,
    EapType::MSCHAPV2,
    EapType::MD5,
    EapType::GTC,
];

/// Certificates that last as long as the process, so that a reload does not change them.
#[derive(Default)]
pub struct Made {
    ca: Option<(Throwaway, Identity)>,
    /// For TLS and DTLS, with the names that it is for.
    server: Option<(Vec<String>, Identity)>,
    client: Option<Identity>,
}

impl Made {
    /// The certificate of the CA, and a client's of that CA.
    pub fn client(&mut self) -> Result<(CertificateDer<'static>, Identity), Diagnostic> {
        let kept = self.client.take();
        let (ca, _) = throwaway(self)?;
        let authority = ca.ca.clone();
        let identity = match kept {
            Some(identity) => identity,
            None => ca
                .client_for(CLIENT, &[CLIENT.to_owned()], now(), DAYS)
                .map_err(|error| words::throwaway_error(&error))?,
        };
        self.client = Some(copy(&identity));
        Ok((authority, identity))
    }
}

/// A server's certificate for these names, by the CA that was made at the start.
pub fn throwaway_identity(made: &mut Made, names: &[String]) -> Result<tls::Identity, Diagnostic> {
    if made.server.as_ref().is_none_or(|(known, _)| known != names) {
        let now = now();
        let (ca, _) = throwaway(made)?;
        let identity = ca
            .server_for(NAME, names, now, DAYS)
            .map_err(|error| words::throwaway_error(&error))?;
        made.server = Some((names.to_vec(), identity));
    }
    let made = made.server.as_ref().map(|(_, identity)| copy(identity));
    made.map(|identity| tls::Identity {
        chain: identity.chain,
        key: identity.key,
    })
    .ok_or_else(|| Diagnostic::error("certificate", Exit::Local, "no certificate could be made"))
}

/// In seconds since 1970.
fn now() -> i64 {
    let since = clock::wall()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// EAP as the options want it.
pub fn plan(options: &Options, made: &mut Made) -> Result<Eap, Diagnostic> {
    let (identity, own_ca) = match (&options.cert, &options.key) {
        (Some(cert), key) => {
            let chain = files::read(cert)?;
            let key = match key {
                Some(path) => files::read(path)?,
                None => chain.clone(),
            };
            let identity = Identity::from_pem(&chain, &key, None)
                .map_err(|error| words::identity_error(cert, &error))?;
            (identity, None)
        }
        (None, Some(_)) => {
            return Err(Diagnostic::error(
                "certificate",
                Exit::Usage,
                "--key without --cert",
            ));
        }
        (None, None) => {
            let (throwaway, identity) = throwaway(made)?;
            (copy(identity), Some(throwaway.ca.clone()))
        }
    };
    if let (Some(path), Some(ca)) = (&options.write_ca, &own_ca) {
        let text = certificate::chain_to_pem(std::slice::from_ref(ca));
        std::fs::write(path, text).map_err(|error| words::cannot_write(path, &error))?;
    }
    if let Some(path) = &options.write_client {
        let (_, client) = made.client()?;
        let text = certificate::chain_to_pem(&client.chain) + &certificate::key_to_pem(&client.key);
        files::write_private(path, text.as_bytes()).map_err(|error| words::cannot_write(path, &error))?;
    }
    let client_anchors = match &options.ca {
        Some(path) => anchors(path)?,
        None => own_ca.into_iter().collect(),
    };
    let tls = ServerTls::new(ServerTlsOptions {
        identity,
        client_anchors,
        revocation_lists: Vec::new(),
        versions: options.eap_tls.unwrap_or_default(),
        resume: true,
        clock: Arc::new(DefaultTimeProvider),
    })
    .map_err(|error| words::settings_error(&error))?;
    Ok(Eap(Arc::new(ServerSettings {
        methods: methods(&options.eap_methods),
        tls: Some(Arc::new(tls)),
        fragment: options.eap_fragment_size.map_or(FRAGMENT, usize::from),
        name: NAME.to_owned(),
        prompt: "Password: ".to_owned(),
    })))
}

/// The methods that were named, or all of them, the best first.
fn methods(named: &[Method]) -> Vec<Method> {
    if !named.is_empty() {
        return named.to_vec();
    }
    let mut all: Vec<Method> = Method::all().filter(|method| method.outer().is_some()).collect();
    all.sort_by_key(|method| ORDER.iter().position(|kind| method.outer() == Some(*kind)));
    all
}

fn throwaway(made: &mut Made) -> Result<&(Throwaway, Identity), Diagnostic> {
    if made.ca.is_none() {
        let now = now();
        let failed = |error| words::throwaway_error(&error);
        let ca = Throwaway::new("radius serve, a throwaway CA", now, DAYS).map_err(failed)?;
        let identity = ca.server(NAME, now, DAYS).map_err(failed)?;
        made.ca = Some((ca, identity));
    }
    made.ca
        .as_ref()
        .ok_or_else(|| Diagnostic::error("certificate", Exit::Local, "no certificate could be made"))
}

fn copy(identity: &Identity) -> Identity {
    Identity {
        chain: identity.chain.clone(),
        key: identity.key.clone_key(),
    }
}

fn anchors(path: &Path) -> Result<Vec<CertificateDer<'static>>, Diagnostic> {
    certificate::certificates(&files::read(path)?)
        .map_err(|fault| words::identity_error(path, &certificate::IdentityError::Certificates(fault)))
}
