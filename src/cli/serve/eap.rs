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
use crate::auth::eap::tls::{ServerTls, ServerTlsOptions, Versions};
use crate::cli::files;
use crate::net::clock;
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::words;
use crate::responder::policy::Eap;

/// What the server calls itself, and what its throwaway certificate is for.
const NAME: &str = "radius.example.org";
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
            (copy(identity), Some(throwaway.ca.clone()))
        }
    };
    if let (Some(path), Some(ca)) = (&options.write_ca, &own_ca) {
        let text = certificate::chain_to_pem(std::slice::from_ref(ca));
        std::fs::write(path, text).map_err(|error| words::cannot_write(path, &error))?;
    }
    let client_anchors = match &options.ca {
        Some(path) => anchors(path)?,
        None => own_ca.into_iter().collect(),
    };
    let tls = ServerTls::new(ServerTlsOptions {
        identity,
        client_anchors,
        revocation_lists: Vec::new(),
        versions: Versions::Both,
        resume: true,
        clock: Arc::new(DefaultTimeProvider),
    })
    .map_err(|error| words::eap_settings_error(&error))?;
    let mut methods: Vec<Method> = Method::all().filter(|method| method.outer().is_some()).collect();
    methods.sort_by_key(|method| ORDER.iter().position(|kind| method.outer() == Some(*kind)));
    Ok(Eap(Arc::new(ServerSettings {
        methods,
        tls: Some(Arc::new(tls)),
        fragment: FRAGMENT,
        name: NAME.to_owned(),
        prompt: "Password: ".to_owned(),
    })))
}

fn throwaway(made: &mut Made) -> Result<&(Throwaway, Identity), Diagnostic> {
    if made.0.is_none() {
        let since = clock::wall()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        let now = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
        let failed = |error| words::throwaway_error(&error);
        let ca = Throwaway::new("radius serve, a throwaway CA", now, DAYS).map_err(failed)?;
        let identity = ca.server(NAME, now, DAYS).map_err(failed)?;
        made.0 = Some((ca, identity));
    }
    made.0
        .as_ref()
        .ok_or_else(|| Diagnostic::error("certificate", Exit::Local, "no certificate could be made"))
}

fn copy(identity: &Identity) -> Identity {
    Identity {
        chain: identity.chain.clone(),
        key: identity.key.clone_key(),
    }
}

fn anchors(path: &Path) -> Result<Vec<rustls::pki_types::CertificateDer<'static>>, Diagnostic> {
    certificate::certificates(&files::read(path)?)
        .map_err(|fault| words::identity_error(path, &certificate::IdentityError::Certificates(fault)))
}
