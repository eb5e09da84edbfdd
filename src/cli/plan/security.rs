//! What secures connections: certificates, keys and versions, from files and options.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::files;
use crate::cli::options::TlsArgs;
use crate::exchange::Transport;
use crate::net::Peer;
use crate::net::tls::{
    self, Client, ClientSettings, Identity, PemError, RadiusVersions, SettingsError, TlsVersion, Trust,
};
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
        possible(args, peer)?;
        let trust = trust(args)?;
        if trust.is_empty() && args.psk.is_none() {
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
        self.client_of(peer, self.args.radius_version)
    }

    /// A client of this server that offers these versions of RADIUS.
    pub fn client_of(&self, peer: &Peer, radius: RadiusVersions) -> Result<Arc<Client>, Diagnostic> {
        let name = match &self.args.server_name {
            Some(name) => name.clone(),
            None => peer.host.server_name(),
        };
        let psk = self.args.psk.clone();
        let settings = ClientSettings {
            psk,
            trust: self.trust.clone(),
            identity: self.identity.clone(),
            name,
            tls: self.args.tls,
            radius,
        };
        let client = Client::new(settings).map_err(|error| self.settings_error(&error))?;
        if peer.transport == Transport::Dtls {
            client.check_dtls().map_err(|error| self.settings_error(&error))?;
        }
        Ok(Arc::new(client))
    }

    fn settings_error(&self, error: &SettingsError) -> Diagnostic {
        let cert = self.args.cert.as_deref();
        let file = match error {
            SettingsError::Key | SettingsError::KeyOfAnother => self.args.key.as_deref().or(cert),
            SettingsError::Authority => self.args.ca.first().map(PathBuf::as_path),
            SettingsError::RevocationList => self.args.crl.first().map(PathBuf::as_path),
            _ => None,
        };
        words::secured_settings_error(error, file)
    }
}

/// What the libraries cannot do is said before anything is sent.
fn possible(args: &TlsArgs, peer: &Peer) -> Result<(), Diagnostic> {
    let dtls = peer.transport == Transport::Dtls;
    if args.psk.is_some() && !dtls {
        return Err(words::no_psk_over_tls());
    }
    if dtls && args.radius_version == RadiusVersions::V1_1 {
        return Err(words::no_alpn_over_dtls());
    }
    if dtls && args.tls.min > TlsVersion::V1_2 {
        return Err(words::no_dtls_1_3());
    }
    if args.radius_version == RadiusVersions::V1_1 && args.tls.max < TlsVersion::V1_3 {
        return Err(words::radius_1_1_needs_tls_1_3());
    }
    Ok(())
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

fn identity(args: &TlsArgs) -> Result<Option<Identity>, Diagnostic> {
    let identity = args
        .cert
        .as_ref()
        .map(|cert| identity_in(cert, args.key.as_deref()));
    identity.transpose()
}

/// A certificate and its key, which may stand in the same file.
pub(in crate::cli) fn identity_in(cert: &Path, key: Option<&Path>) -> Result<Identity, Diagnostic> {
    let chain = pem(cert, tls::certificates)?;
    let key = pem(key.unwrap_or(cert), tls::key)?;
    Ok(Identity { chain, key })
}

/// What a file holds in PEM.
pub(in crate::cli) fn pem<T>(
    path: &Path,
    read: impl Fn(&[u8]) -> Result<T, PemError>,
) -> Result<T, Diagnostic> {
    let octets = files::read(path)?;
    read(&octets).map_err(|error| words::secured_settings_error(&SettingsError::Pem(error), Some(path)))
}
