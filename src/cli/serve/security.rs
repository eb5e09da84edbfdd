//! What secures the listeners with TLS and DTLS: certificates, given or made for the occasion, and who may come.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::ValueHint;
use serde::{Deserialize, Deserializer};

use super::config::Options;
use super::eap::{Made, throwaway_identity};
use super::listen::Wanted;
use crate::cli::plan::security::{identity_in, pem};
use crate::cli::values::{self, SecretText};
use crate::exchange::Transport;
use crate::net::dice::Dice;
use crate::net::dtls::{self, Psk};
use crate::net::tls::{
    self, Acceptor, Admission, Certificate, Identity, RadiusVersions, ServerSettings, SettingsError,
    TlsVersions,
};
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::words;
use crate::responder::clients::{Client, Clients, Holder, Mark, Network};
use crate::server::{Security, StreamLimits};

/// What a server can be told of TLS and DTLS: on the command line, and in the table `[tls]` of `serve.toml`.
#[derive(Clone, Debug, Default, clap::Args, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[command(next_help_heading = "TLS and DTLS")]
pub struct SecurityOptions {
    /// The server's certificate for tls:// and dtls://, with its chain, in PEM [default: that of --cert, or one made at
    /// the start, by the same CA]
    #[arg(id = "tls-cert", long = "tls-cert", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub cert: Option<PathBuf>,
    /// Its private key, in PEM [default: in the same file]
    #[arg(id = "tls-key", long = "tls-key", value_name = "FILE", requires = "tls-cert", value_hint = ValueHint::FilePath)]
    pub key: Option<PathBuf>,
    /// The CAs of clients' certificates, in PEM; repeatable [default: those of --ca; without, and without
    /// --write-client, clients need no certificate]
    #[arg(id = "tls-ca", long = "tls-ca", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub ca: Vec<PathBuf>,
    /// What these CAs have revoked, in PEM; repeatable
    #[arg(id = "tls-crl", long = "tls-crl", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub crl: Vec<PathBuf>,
    /// A client over TLS and DTLS, known by its certificate: a DNS name or an address in it (Subject Alternative Name),
    /// NAIRealm:…, or its SHA-256; repeatable. With one, nobody else comes in
    #[arg(id = "tls-client", long = "tls-client", value_name = "[CIDR=]WHO", value_parser = holder)]
    #[serde(deserialize_with = "holders")]
    pub clients: Vec<HolderText>,
    /// A pre-shared key of a client over dtls://, in the place of certificates: the identity, a colon, and the key in
    /// hexadecimal; repeatable
    #[arg(id = "tls-psk", long = "tls-psk", value_name = "ID:HEX", value_parser = values::psk)]
    #[serde(rename = "psk", deserialize_with = "psks")]
    pub psks: Vec<Psk>,
    /// The secret over TLS and DTLS [default: radsec, radius/dtls]
    #[arg(id = "tls-secret", long = "tls-secret", value_name = "SECRET", value_parser = values::secret)]
    #[serde(deserialize_with = "secret")]
    pub secret: Option<SecretText>,
    /// Versions of TLS: 1.2, 1.3, or a range [default: 1.2..1.3]
    #[arg(id = "tls-versions", long = "tls", value_name = "RANGE", value_parser = values::tls_versions)]
    #[serde(deserialize_with = "tls_versions")]
    pub versions: Option<TlsVersions>,
    /// Versions of RADIUS to agree on (ALPN, RFC 9765): 1.0, 1.1, 1.0,1.1, or none to leave ALPN out [default: 1.0,1.1]
    #[arg(long, value_name = "LIST", value_parser = values::radius_versions)]
    #[serde(deserialize_with = "radius_versions")]
    pub radius_version: Option<RadiusVersions>,
    /// How long a handshake may take [default: 10s]
    #[arg(long, value_name = "TIME", value_parser = values::duration)]
    #[serde(deserialize_with = "duration")]
    pub handshake_timeout: Option<Duration>,
    /// How many clients may shake hands at once [default: 128]
    #[arg(long, value_name = "N")]
    pub max_handshakes: Option<usize>,
}

/// A client as it is written.
#[derive(Clone, Debug)]
pub struct HolderText {
    text: String,
    network: Option<Network>,
    mark: Mark,
}

impl SecurityOptions {
    /// What both say together; `other` is the command line, and counts.
    pub fn with(mut self, other: &SecurityOptions) -> SecurityOptions {
        if other.cert.is_some() {
            self.cert.clone_from(&other.cert);
            self.key.clone_from(&other.key);
        }
        self.ca.extend_from_slice(&other.ca);
        self.crl.extend_from_slice(&other.crl);
        self.clients.extend_from_slice(&other.clients);
        self.psks.extend_from_slice(&other.psks);
        self.secret = other.secret.clone().or(self.secret);
        self.versions = other.versions.or(self.versions);
        self.radius_version = other.radius_version.or(self.radius_version);
        self.handshake_timeout = other.handshake_timeout.or(self.handshake_timeout);
        self.max_handshakes = other.max_handshakes.or(self.max_handshakes);
        self
    }

    /// Its files, where they are not absolute, stand in this directory.
    pub fn within(&mut self, directory: &Path) {
        let single = self.cert.iter_mut().chain(&mut self.key);
        for relative in single.chain(&mut self.ca).chain(&mut self.crl) {
            *relative = directory.join(&*relative);
        }
    }

    /// What it says about limits.
    pub fn limit(&self, limits: &mut StreamLimits) {
        limits.handshake = self.handshake_timeout.unwrap_or(limits.handshake);
        limits.handshakes = self.max_handshakes.unwrap_or(limits.handshakes);
    }

    /// The clients that are known by certificates.
    pub fn add_holders(&self, clients: &mut Clients) {
        for holder in &self.clients {
            // Every address has a network of its own; the secret is that of the transport.
            let anywhere = Network::host(IpAddr::from([0_u8; 4]));
            let network = holder.network.unwrap_or(anywhere);
            let mut client = Client::new(network, crate::codec::Secret::new(""));
            client.name.clone_from(&holder.text);
            clients.add_holder(Holder {
                client: Arc::new(client),
                networks: holder.network.into_iter().collect(),
                marks: vec![holder.mark.clone()],
            });
        }
    }
}

/// What the listeners need; nothing where none of them is secured. Whether clients may come without a certificate.
pub fn plan(
    options: &Options,
    wanted: &[Wanted],
    clients: &Clients,
    made: &mut Made,
) -> Result<(Security, bool), Diagnostic> {
    let mut security = Security::default();
    let given = &options.tls;
    if let Some(secret) = &given.secret {
        let secret = secret.read("--tls-secret")?;
        security.stream_secret = secret.clone();
        security.datagram_secret = secret;
    }
    let secured = |transport| wanted.iter().any(|wanted| wanted.listen.transport == transport);
    if !secured(Transport::Tls) && !secured(Transport::Dtls) {
        return Ok((security, false));
    }
    let identity = identity(options, wanted, made)?;
    let takes = takes(options, clients, made)?;
    let anyone = matches!(takes, tls::Clients::Anyone);
    let settings = ServerSettings {
        identity,
        clients: takes,
        tls: given.versions.unwrap_or_default(),
        radius: given.radius_version.unwrap_or(RadiusVersions::Both),
    };
    if settings.radius == RadiusVersions::V1_1 && settings.tls.max < tls::TlsVersion::V1_3 {
        return Err(words::radius_1_1_needs_tls_1_3());
    }
    if !given.psks.is_empty() && !secured(Transport::Dtls) {
        return Err(words::no_psk_over_tls());
    }
    let cert = given.cert.as_deref().or(options.cert.as_deref());
    let fault = |error: SettingsError| -> Diagnostic {
        let file = match error {
            SettingsError::Authority => given.ca.first().map(PathBuf::as_path).or(options.ca.as_deref()),
            SettingsError::RevocationList => given.crl.first().map(PathBuf::as_path),
            _ => given.key.as_deref().or(cert),
        };
        words::secured_settings_error(&error, file)
    };
    if secured(Transport::Dtls) {
        let mut key = [0; 64];
        Dice::new().fill(&mut key);
        let takes = settings.clients.clone();
        let acceptor =
            dtls::Acceptor::new(&settings.identity, takes, given.psks.clone(), key).map_err(fault)?;
        security.dtls = Some(Arc::new(acceptor));
    }
    if secured(Transport::Tls) {
        security.tls = Some(Acceptor::new(settings).map_err(fault)?);
    }
    Ok((security, anyone))
}

/// What the server shows.
fn identity(options: &Options, wanted: &[Wanted], made: &mut Made) -> Result<Identity, Diagnostic> {
    let given = match &options.tls.cert {
        Some(cert) => Some((cert, &options.tls.key)),
        None => options.cert.as_ref().map(|cert| (cert, &options.key)),
    };
    match given {
        Some((cert, key)) => identity_in(cert, key.as_deref()),
        None => identity_for(wanted, made),
    }
}

/// A certificate made for the occasion: for this machine, and the addresses that are listened on.
pub(in crate::cli) fn identity_for(wanted: &[Wanted], made: &mut Made) -> Result<Identity, Diagnostic> {
    let mut names = vec!["localhost".to_owned()];
    let addresses = wanted.iter().map(|wanted| wanted.listen.address.ip());
    let loopback = [
        IpAddr::from([127, 0, 0, 1]),
        IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1_u16]),
    ];
    for address in loopback.into_iter().chain(addresses) {
        let name = address.to_string();
        if !address.is_unspecified() && !names.contains(&name) {
            names.push(name);
        }
    }
    throwaway_identity(made, &names)
}

/// Which clients it takes.
fn takes(options: &Options, clients: &Clients, made: &mut Made) -> Result<tls::Clients, Diagnostic> {
    let given = &options.tls;
    let mut authorities = Vec::new();
    for path in given
        .ca
        .iter()
        .chain(options.ca.iter().filter(|_| given.ca.is_empty()))
    {
        authorities.extend(pem(path, tls::certificates)?);
    }
    if options.write_client.is_some() {
        authorities.push(made.client()?.0);
    }
    if authorities.is_empty() {
        if !given.clients.is_empty() {
            let what = "clients are to be known by certificates, and no CA is given to check them";
            return Err(Diagnostic::error("tls-client", Exit::Usage, what).hint("give it with --tls-ca FILE"));
        }
        return Ok(tls::Clients::Anyone);
    }
    let mut revocations = Vec::new();
    for path in &given.crl {
        revocations.extend(pem(path, tls::revocations)?);
    }
    let admission = (!given.clients.is_empty()).then(|| {
        let clients = clients.clone();
        Admission(Arc::new(move |own: &Certificate| {
            clients.knows(&own.names, Some(&own.fingerprint.0))
        }))
    });
    Ok(tls::Clients::Of {
        authorities,
        revocations,
        admission,
    })
}

/// `[CIDR=]WHO`.
fn holder(text: &str) -> Result<HolderText, String> {
    let (network, who) = match text.split_once('=') {
        Some((network, who)) => {
            let network = network
                .parse()
                .map_err(|_| format!("`{network}` is no IPv4 or IPv6 network"))?;
            (Some(network), who)
        }
        None => (None, text),
    };
    const KINDS: [&str; 5] = ["DNS:", "IP:", "URI:", "email:", "NAIRealm:"];
    let mark = if let Ok(fingerprint) = values::fingerprint(who) {
        Mark::Fingerprint(fingerprint.0)
    } else if KINDS.iter().any(|kind| who.starts_with(kind)) {
        Mark::Name(who.to_owned())
    } else if let Ok(address) = who.parse::<IpAddr>() {
        Mark::Name(format!("IP:{address}"))
    } else if who.is_empty() || who.contains([' ', '/']) {
        return Err("a DNS name, an address, a SHA-256, or a name with its kind: DNS:…, IP:…, URI:…, email:…, NAIRealm:…".into());
    } else {
        Mark::Name(format!("DNS:{who}"))
    };
    Ok(HolderText {
        text: who.to_owned(),
        network,
        mark,
    })
}

fn parsed<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse(&text).map_err(serde::de::Error::custom)
}

fn holders<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<HolderText>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    let read = texts.iter().map(|text| holder(text));
    read.collect::<Result<_, _>>().map_err(serde::de::Error::custom)
}

fn psks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Psk>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    let read = texts.iter().map(|text| values::psk(text));
    read.collect::<Result<_, _>>().map_err(serde::de::Error::custom)
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretText>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok(values::secret(&text).ok())
}

fn tls_versions<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<TlsVersions>, D::Error> {
    parsed(deserializer, |text| values::tls_versions(text).map(Some))
}

fn radius_versions<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<RadiusVersions>, D::Error> {
    parsed(deserializer, |text| values::radius_versions(text).map(Some))
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    parsed(deserializer, |text| values::duration(text).map(Some))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_written_by_what_its_certificate_has() {
        let mark = |text: &str| holder(text).unwrap().mark;
        assert_eq!(
            mark("nas1.example.org"),
            Mark::Name("DNS:nas1.example.org".into())
        );
        assert_eq!(mark("192.0.2.1"), Mark::Name("IP:192.0.2.1".into()));
        assert_eq!(
            mark("NAIRealm:example.org"),
            Mark::Name("NAIRealm:example.org".into())
        );
        assert_eq!(mark(&"ab".repeat(32)), Mark::Fingerprint([0xab; 32]));
        assert!(holder("10.0.0.0/8=nas1").unwrap().network.is_some());
        assert!(holder("10.0.0.0/99=nas1").is_err());
        assert!(holder("").is_err());
    }
}
