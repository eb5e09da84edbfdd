//! The options of EAP: certificates, TLS, and how its packets are cut.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueHint;
use rustls::pki_types::CertificateDer;
use rustls::time_provider::DefaultTimeProvider;

use super::files;
use crate::auth::Method;
use crate::auth::certificate::{
    Identity, IdentityError, NameRule, PemFault, ServerCheckOptions, Trust, certificates, revocation_lists,
};
use crate::auth::eap::login::EapOptions;
use crate::auth::eap::tls::{ClientTls, ClientTlsOptions, Versions};
use crate::codec::{Secret, hex};
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::words;

/// Where systems keep the CAs that they trust.
const SYSTEM_BUNDLES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
];

/// Options of `radius auth` for methods of EAP.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "EAP")]
pub struct EapArgs {
    /// The name that a tunnel (ttls-…, peap-…) shows outside in place of the user's
    #[arg(long, value_name = "NAME")]
    pub anonymous_identity: Option<String>,
    /// The CAs to trust: a file, a directory of files, or `system`. Without any, the server's certificates are shown and
    /// not checked, and a warning says so
    #[arg(long, value_name = "FILE|DIR|system", value_hint = ValueHint::AnyPath)]
    pub eap_ca: Option<PathBuf>,
    /// The name that the server's certificate must have, or that must be the end of it: example.org takes
    /// radius.example.org too; =radius.example.org takes that name alone
    #[arg(long, value_name = "[=]NAME", value_parser = name_rule)]
    pub eap_server_name: Option<NameRule>,
    /// SHA-256 of the one server certificate to take, whoever signed it; colons do not matter
    #[arg(long, value_name = "SHA256", value_parser = fingerprint)]
    pub eap_fingerprint: Option<[u8; 32]>,
    /// Certificates that their CAs took back: a revocation list in PEM or DER; repeatable
    #[arg(long, value_name = "FILE", requires = "eap_ca", value_hint = ValueHint::FilePath)]
    pub eap_crl: Vec<PathBuf>,
    /// The user's certificate with its chain, in PEM; or certificate and key in one PKCS#12 file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub eap_cert: Option<PathBuf>,
    /// The key of --eap-cert, in PEM; where it is left out, the key is in the file of --eap-cert
    #[arg(long, value_name = "FILE", requires = "eap_cert", value_hint = ValueHint::FilePath)]
    pub eap_key: Option<PathBuf>,
    /// The file whose first line is the password of the key; RADIUS_EAP_KEY_PASSWORD says it too, and on a terminal it
    /// is asked for
    #[arg(long, value_name = "FILE", requires = "eap_cert", value_hint = ValueHint::FilePath)]
    pub eap_key_password_file: Option<PathBuf>,
    /// The TLS versions to agree on: 1.2, 1.3, or 1.2..1.3
    #[arg(long, value_name = "VERSIONS", default_value = "1.2..1.3", value_parser = versions)]
    pub eap_tls: Versions,
    /// The longest EAP packet to send, in octets; it is Framed-MTU too, which asks the server to keep to it
    #[arg(long, value_name = "OCTETS", default_value_t = 1400, value_parser = clap::value_parser!(u16).range(64..=4000))]
    pub eap_fragment_size: u16,
    /// Begin with EAP-Start, so that the server asks who it is
    #[arg(long)]
    pub eap_start: bool,
    /// Ask for EAP-Key-Name, and compare it with the Session-Id that the login derives
    #[arg(long)]
    pub eap_key_name: bool,
    /// Give up after so many Access-Requests of one login
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub eap_rounds: u32,
    /// Log in again N times, and ask the server to resume the TLS session of the time before
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub resume: Option<u64>,
    /// Write the server's certificates to this file, in PEM
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub save_server_chain: Option<PathBuf>,
}

/// `1.2`, `1.3`, `1.2..1.3`.
pub fn versions(text: &str) -> Result<Versions, String> {
    match text {
        "1.2" => Ok(Versions::Tls12),
        "1.3" => Ok(Versions::Tls13),
        "1.2..1.3" => Ok(Versions::Both),
        _ => Err("1.2, 1.3 or 1.2..1.3".to_owned()),
    }
}

/// `example.org`, `=radius.example.org`.
fn name_rule(text: &str) -> Result<NameRule, String> {
    let (name, rule): (&str, fn(String) -> NameRule) = match text.strip_prefix('=') {
        Some(name) => (name, NameRule::Exact),
        None => (text.trim_start_matches('.'), NameRule::Suffix),
    };
    match name.is_empty() {
        true => Err("a name of a host, or its end".to_owned()),
        false => Ok(rule(name.to_owned())),
    }
}

/// 64 hexadecimal digits, with colons or without.
fn fingerprint(text: &str) -> Result<[u8; 32], String> {
    let digits: String = text.chars().filter(|character| *character != ':').collect();
    let octets = hex::decode(&digits)
        .ok()
        .and_then(|octets| octets.try_into().ok());
    octets
        .ok_or_else(|| "64 hexadecimal digits, as `openssl x509 -fingerprint -sha256` prints them".to_owned())
}

impl EapArgs {
    /// Refuses what would mean nothing with this method.
    pub fn fits(&self, method: Method) -> Result<(), Diagnostic> {
        let tunnel = method.uses_tls() && method != Method::EapTls;
        let given = [
            ("--anonymous-identity", self.anonymous_identity.is_some(), tunnel),
            ("--eap-ca", self.eap_ca.is_some(), method.uses_tls()),
            (
                "--eap-server-name",
                self.eap_server_name.is_some(),
                method.uses_tls(),
            ),
            (
                "--eap-fingerprint",
                self.eap_fingerprint.is_some(),
                method.uses_tls(),
            ),
            ("--eap-cert", self.eap_cert.is_some(), method.uses_tls()),
            ("--eap-tls", self.eap_tls != Versions::Both, method.uses_tls()),
            ("--resume", self.resume.is_some(), method.uses_tls()),
            (
                "--save-server-chain",
                self.save_server_chain.is_some(),
                method.uses_tls(),
            ),
            (
                "--eap-fragment-size",
                self.eap_fragment_size != 1400,
                method.outer().is_some(),
            ),
            ("--eap-start", self.eap_start, method.outer().is_some()),
            ("--eap-key-name", self.eap_key_name, method.outer().is_some()),
            ("--eap-rounds", self.eap_rounds != 100, method.outer().is_some()),
        ];
        match given.iter().find(|(_, given, fits)| *given && !fits) {
            Some((option, ..)) => Err(Diagnostic::error(
                "usage",
                Exit::Usage,
                format!("{option} means nothing with --method {method}"),
            )),
            None => Ok(()),
        }
    }

    /// How the login is carried.
    pub fn options(&self) -> EapOptions {
        EapOptions {
            rounds: self.eap_rounds,
            framed_mtu: Some(self.eap_fragment_size),
            start: self.eap_start,
            key_name: self.eap_key_name,
        }
    }

    /// TLS, for a method that needs it.
    pub fn tls(&self) -> Result<Arc<ClientTls>, Diagnostic> {
        let trust = match &self.eap_ca {
            Some(path) => Trust::Anchors(anchors(path)?),
            None => Trust::Unchecked,
        };
        let mut lists = Vec::new();
        for path in &self.eap_crl {
            let read = revocation_lists(&files::read(path)?);
            lists.extend(read.map_err(|fault| pem_fault(path, &fault))?);
        }
        let options = ClientTlsOptions {
            check: ServerCheckOptions {
                trust,
                name: self.eap_server_name.clone(),
                pin: self.eap_fingerprint,
                revocation_lists: lists,
            },
            identity: match &self.eap_cert {
                Some(path) => Some(self.identity(path)?),
                None => None,
            },
            versions: self.eap_tls,
            resume: self.resume.is_some(),
            clock: Arc::new(DefaultTimeProvider),
        };
        match ClientTls::new(options) {
            Ok(tls) => Ok(Arc::new(tls)),
            Err(error) => Err(words::settings_error(&error)),
        }
    }

    fn identity(&self, path: &Path) -> Result<Identity, Diagnostic> {
        let chain = files::read(path)?;
        let key = match &self.eap_key {
            Some(path) => files::read(path)?,
            None => chain.clone(),
        };
        let key_path = self.eap_key.as_deref().unwrap_or(path);
        // A file in DER that is to hold a key as well can only be PKCS#12.
        let together = self.eap_key.is_none() && chain.first() == Some(&0x30);
        let open = |password: Option<&Secret>| match together {
            true => Identity::from_pkcs12(&chain, password),
            false => Identity::from_pem(&chain, &key, password),
        };
        let password = self.key_password()?;
        match (open(password.as_ref()), password) {
            (Err(IdentityError::PasswordNeeded), None) => {
                match files::ask(&format!("Password of {}: ", key_path.display())) {
                    Some(Ok(password)) => open(Some(&password)),
                    Some(Err(error)) => return Err(words::cannot_ask("the key's password", &error)),
                    None => Err(IdentityError::PasswordNeeded),
                }
            }
            (opened, _) => opened,
        }
        .map_err(|error| identity_error(path, key_path, &error))
    }

    fn key_password(&self) -> Result<Option<Secret>, Diagnostic> {
        if let Some(path) = &self.eap_key_password_file {
            return Ok(Some(Secret::new(files::read_secret(path)?)));
        }
        Ok(std::env::var("RADIUS_EAP_KEY_PASSWORD")
            .ok()
            .map(|text| Secret::new(text.into_bytes())))
    }
}

/// The CAs in a file, in the files of a directory, or of the system.
fn anchors(path: &Path) -> Result<Vec<CertificateDer<'static>>, Diagnostic> {
    if path == Path::new("system") {
        let bundle = SYSTEM_BUNDLES.iter().map(Path::new).find(|path| path.is_file());
        let bundle = bundle.ok_or_else(|| {
            let what = format!(
                "this system keeps its CAs in none of {}",
                SYSTEM_BUNDLES.join(", ")
            );
            Diagnostic::error("file", Exit::Usage, what).hint("name the file that has them with --eap-ca")
        })?;
        return one_file(bundle);
    }
    if !path.is_dir() {
        return one_file(path);
    }
    let entries = std::fs::read_dir(path).map_err(|error| words::cannot_read(path, &error))?;
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| words::cannot_read(path, &error))?;
        // What else lies in such a directory (lists, notes) is no CA and no error.
        if entry.path().is_file() {
            found.extend(certificates(&files::read(&entry.path())?).unwrap_or_default());
        }
    }
    match found.is_empty() {
        true => Err(Diagnostic::error(
            "certificates",
            Exit::Usage,
            format!("no file in `{}` holds a certificate", path.display()),
        )),
        false => Ok(found),
    }
}

fn one_file(path: &Path) -> Result<Vec<CertificateDer<'static>>, Diagnostic> {
    certificates(&files::read(path)?).map_err(|fault| pem_fault(path, &fault))
}

fn pem_fault(path: &Path, fault: &PemFault) -> Diagnostic {
    let what = match fault {
        PemFault::NotPem => format!("`{}` is neither PEM nor DER", path.display()),
        PemFault::NothingOf { label, found } => {
            format!("`{}` holds no {label}, but {}", path.display(), found.join(", "))
        }
    };
    Diagnostic::error("certificates", Exit::Usage, what)
}

/// What is wrong with the certificate or, more often, with its key.
fn identity_error(path: &Path, key: &Path, error: &IdentityError) -> Diagnostic {
    if let IdentityError::Certificates(fault) = error {
        return pem_fault(path, fault);
    }
    let file = if *error == IdentityError::Pkcs12 {
        path
    } else {
        key
    };
    let told = words::identity_error(file, error);
    match error {
        IdentityError::NoKey { .. } => told.hint("--eap-key names the file that has it"),
        IdentityError::PasswordNeeded | IdentityError::WrongPassword => {
            told.hint("give the right one with --eap-key-password-file FILE or in RADIUS_EAP_KEY_PASSWORD")
        }
        _ => told,
    }
}
