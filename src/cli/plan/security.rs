//! What secures connections: certificates, keys and versions, from files and options.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::files;
use crate::cli::options::TlsArgs;
use crate::net::Peer;
use crate::net::tls::{self, Client, ClientSettings, Identity, PemError, SettingsError, Trust};
use crate::report::diagnostic::Diagnostic;
use crate::report::output::Output;
use crate::report::words;

/// Everything but the name of the server; files are read once.
#[derive(Debug)]
pub struct Security {
    trust: Trust,
    identity: Option<Identity>,
    args: TlsArgs,
}

impl Security {
    /// What the options say for `peer`; `None` for transports that are not secured.
    pub fn read(
        args: &TlsArgs,
        peer: Option<&Peer>,
        output: &mut Output,
    ) -> Result<Option<Security>, Diagnostic> {
        let Some(peer) = peer.filter(|peer| peer.transport.is_secured()) else {
            return match args.first_given() {
                Some(option) => Err(words::option_without_tls(option)),
                None => Ok(None),
            };
        };
        let trust = trust(args)?;
        if trust.is_empty() {
            return Err(words::nobody_trusted(peer));
        }
        if trust.anyone {
            output.diagnose(&words::insecure(peer));
        }
        Ok(Some(Security {
            trust,
            identity: identity(args)?,
            args: args.clone(),
        }))
    }

    /// A client of this server.
    pub fn client(&self, peer: &Peer) -> Result<Arc<Client>, Diagnostic> {
        let name = match &self.args.server_name {
            Some(name) => name.clone(),
            None => peer.host.server_name(),
        };
        let settings = ClientSettings {
            trust: self.trust.clone(),
            identity: self.identity.clone(),
            name,
            tls: self.args.tls,
            radius: self.args.radius_version,
        };
        Client::new(settings)
            .map(Arc::new)
            .map_err(|error| self.settings_error(&error))
    }

    fn settings_error(&self, error: &SettingsError) -> Diagnostic {
        let cert = self.args.cert.as_deref();
        let file = match error {
            SettingsError::Key | SettingsError::KeyOfAnother => self.args.key.as_deref().or(cert),
            SettingsError::Authority => self.args.ca.first().map(PathBuf::as_path),
            SettingsError::RevocationList => self.args.crl.first().map(PathBuf::as_path),
            _ => None,
        };
        words::settings_error(error, file)
    }
}

fn trust(args: &TlsArgs) -> Result<Trust, Diagnostic> {
    let mut trust = Trust {
        fingerprints: args.fingerprint.clone(),
        realm: args.nai_realm.clone(),
        anyone: args.insecure,
        ..Trust::default()
    };
    for path in &args.ca {
        trust.authorities.extend(pem(path, tls::certificates)?);
    }
    for path in &args.crl {
        trust.revocations.extend(pem(path, tls::revocations)?);
    }
    Ok(trust)
}

/// The key may stand in the same file as the certificate.
fn identity(args: &TlsArgs) -> Result<Option<Identity>, Diagnostic> {
    let Some(cert) = &args.cert else { return Ok(None) };
    let chain = pem(cert, tls::certificates)?;
    let key = pem(args.key.as_ref().unwrap_or(cert), tls::key)?;
    Ok(Some(Identity { chain, key }))
}

fn pem<T>(path: &Path, read: impl Fn(&[u8]) -> Result<T, PemError>) -> Result<T, Diagnostic> {
    let octets = files::read(path)?;
    read(&octets).map_err(|error| words::settings_error(&SettingsError::Pem(error), Some(path)))
}
