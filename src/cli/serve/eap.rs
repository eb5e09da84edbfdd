//! What EAP needs: a certificate, given or made for the occasion, and the methods that are spoken.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use rustls::time_provider::DefaultTimeProvider;

use super::options::Options;
use crate::auth::Method;
use crate::auth::certificate::{self, Identity, Throwaway};
use crate::auth::eap::packet::EapType;
use crate::auth::eap::server::ServerSettings;
use crate::auth::eap::tls::{ServerTls, ServerTlsOptions};
use crate::cli::files;
use crate::net::clock;
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::words;
use crate::responder::policy::Eap;

/// What the server calls itself, and what its throwaway certificate is for.
const NAME: &str = "radius.example.org";
/// Whose name the client's certificate has.
const CLIENT: &str = "client";
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
pub struct Made(Option<(Throwaway, Identity)>);

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
            (identity.clone(), Some(throwaway.ca.clone()))
        }
    };
    if let (Some(path), Some(ca)) = (&options.write_ca, &own_ca) {
        let text = certificate::chain_to_pem(std::slice::from_ref(ca));
        std::fs::write(path, text).map_err(|error| words::cannot_write(path, &error))?;
    }
    if let (Some(path), Some((ca, _))) = (&options.write_client, &made.0) {
        files::write_private(path, client(ca)?.as_bytes())
            .map_err(|error| words::cannot_write(path, &error))?;
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

/// A client's certificate with its chain and its key, in PEM.
fn client(ca: &Throwaway) -> Result<String, Diagnostic> {
    let identity = ca
        .client(CLIENT, now(), DAYS)
        .map_err(|error| words::throwaway_error(&error))?;
    Ok(certificate::chain_to_pem(&identity.chain) + &certificate::key_to_pem(&identity.key))
}

fn now() -> i64 {
    let since = clock::wall()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

fn throwaway(made: &mut Made) -> Result<&(Throwaway, Identity), Diagnostic> {
    if made.0.is_none() {
        let now = now();
        let failed = |error| words::throwaway_error(&error);
        let ca = Throwaway::new("radius serve, a throwaway CA", now, DAYS).map_err(failed)?;
        let identity = ca.server(NAME, now, DAYS).map_err(failed)?;
        made.0 = Some((ca, identity));
    }
    made.0
        .as_ref()
        .ok_or_else(|| Diagnostic::error("certificate", Exit::Local, "no certificate could be made"))
}

fn anchors(path: &Path) -> Result<Vec<rustls::pki_types::CertificateDer<'static>>, Diagnostic> {
    certificate::certificates(&files::read(path)?)
        .map_err(|fault| words::identity_error(path, &certificate::IdentityError::Certificates(fault)))
}
