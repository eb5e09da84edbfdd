//! A tap between clients and a server, until Ctrl-C.

use std::path::PathBuf;
use std::str::FromStr;

use clap::ValueHint;

use super::Args;
use super::printer::Printer;
use crate::cli::options::TlsArgs;
use crate::cli::plan::security::{self as asking, identity_in, pem};
use crate::cli::run;
use crate::cli::serve::eap::Made;
use crate::cli::serve::listen::{self, Wanted};
use crate::cli::serve::security::identity_for;
use crate::dictionary::Dictionary;
use crate::exchange::Transport;
use crate::net::dice::Dice;
use crate::net::tls::{self, Fingerprint, Identity, RadiusVersions, ServerSettings};
use crate::net::{self, Family, Peer, dtls};
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::output::Output;
use crate::report::words;
use crate::trace::driver::Observer;
use crate::trace::secrets::Secrets;
use crate::trace::tap::{Security, Stand, Tap};

/// The server's port where none is named: of TLS and DTLS, and of authentication where clients come to that one.
const SECURED: u16 = 2083;
const PLAIN: u16 = 1812;

/// Between whom to stand.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Tap")]
pub(super) struct TapArgs {
    /// Stand between clients and a server: listen here (udp://:1812, tcp://127.0.0.1:1812, tls://, dtls://), and hand on
    /// to --forward
    #[arg(long, value_name = "URL", requires = "forward", value_parser = listeners, conflicts_with_all = ["file", "interface", "attributes"])]
    listen: Vec<Listeners>,
    /// The server behind the tap; its transport may be another one
    #[arg(long, value_name = "URL", requires = "listen")]
    pub forward: Option<String>,
    /// The certificate that clients over tls:// and dtls:// see, with its chain, in PEM [default: one made at the start]
    #[arg(long, value_name = "FILE", requires = "listen", value_hint = ValueHint::FilePath)]
    listen_cert: Option<PathBuf>,
    /// Its private key, in PEM [default: in the same file]
    #[arg(long, value_name = "FILE", requires = "listen_cert", value_hint = ValueHint::FilePath)]
    listen_key: Option<PathBuf>,
    /// The CAs of clients' certificates, in PEM; repeatable [default: clients need none]
    #[arg(long, value_name = "FILE", requires = "listen", value_hint = ValueHint::FilePath)]
    listen_ca: Vec<PathBuf>,
    /// What secures the way to --forward
    #[command(flatten)]
    tls: TlsArgs,
}

/// Listeners of one argument.
#[derive(Clone, Debug)]
struct Listeners(Vec<Wanted>);

/// Where to listen, as `serve` reads it.
fn listeners(text: &str) -> Result<Listeners, String> {
    listen::parse(text).map(Listeners)
}

impl TapArgs {
    /// Where nothing is tapped, nothing may be said about it.
    pub(super) fn unused(&self) -> Result<(), Diagnostic> {
        match self.tls.first_given() {
            Some(option) => Err(words::option_without_tap(option)),
            None => Ok(()),
        }
    }

    fn wanted(&self) -> Vec<Wanted> {
        let all = self.listen.iter().flat_map(|listen| listen.0.iter().copied());
        all.filter(|wanted| !wanted.optional).collect()
    }

    /// The versions of RADIUS that both sides can speak: octets are not changed, and 1.1 is for TLS alone.
    fn versions(&self, wanted: &[Wanted], server: &Peer) -> Result<RadiusVersions, Diagnostic> {
        let clients = wanted
            .iter()
            .any(|wanted| wanted.listen.transport == Transport::Tls);
        match self.tls.radius_version {
            asked if clients && server.transport == Transport::Tls => Ok(asked),
            RadiusVersions::V1_1 => Err(words::radius_1_1_needs_tls_twice()),
            RadiusVersions::Both => Ok(RadiusVersions::V1_0),
            asked => Ok(asked),
        }
    }

    fn security(
        &self,
        wanted: &[Wanted],
        server: &Peer,
        output: &mut Output,
    ) -> Result<Security, Diagnostic> {
        let versions = self.versions(wanted, server)?;
        let mut security = Security::default();
        if let Some(read) = asking::Security::read(&self.tls, Some(server), output)? {
            let one = match versions {
                RadiusVersions::Unset => RadiusVersions::Unset,
                _ => RadiusVersions::V1_0,
            };
            security.server = Some(read.client_of(server, one)?);
            if matches!(versions, RadiusVersions::Both | RadiusVersions::V1_1) {
                security.server_1_1 = Some(read.client_of(server, RadiusVersions::V1_1)?);
            }
        }
        let over = |transport| wanted.iter().any(|wanted| wanted.listen.transport == transport);
        if !over(Transport::Tls) && !over(Transport::Dtls) {
            return match &self.listen_cert {
                Some(_) => Err(words::option_without_secured_clients("--listen-cert")),
                None if self.listen_ca.is_empty() => Ok(security),
                None => Err(words::option_without_secured_clients("--listen-ca")),
            };
        }
        let settings = ServerSettings {
            identity: self.identity(wanted, output)?,
            clients: self.clients()?,
            tls: self.tls.tls,
            radius: versions,
        };
        let fault = |error| words::secured_settings_error(&error, self.listen_cert.as_deref());
        if over(Transport::Dtls) {
            let mut key = [0; 64];
            Dice::new().fill(&mut key);
            let acceptor = dtls::Acceptor::new(&settings.identity, settings.clients.clone(), Vec::new(), key);
            security.dtls = Some(acceptor.map_err(fault)?);
        }
        if over(Transport::Tls) {
            security.tls = Some(tls::Acceptor::new(settings).map_err(fault)?);
        }
        Ok(security)
    }

    /// What clients see.
    fn identity(&self, wanted: &[Wanted], output: &mut Output) -> Result<Identity, Diagnostic> {
        if let Some(cert) = &self.listen_cert {
            return identity_in(cert, self.listen_key.as_deref());
        }
        let identity = identity_for(wanted, &mut Made::default())?;
        if let Some(own) = identity.chain.first() {
            let fingerprint = Fingerprint::of(own);
            output.remark(&format!(
                "clients see a certificate made for the occasion, SHA-256 {fingerprint}\n"
            ));
        }
        Ok(identity)
    }

    /// Which clients may come.
    fn clients(&self) -> Result<tls::Clients, Diagnostic> {
        let mut authorities = Vec::new();
        for path in &self.listen_ca {
            authorities.extend(pem(path, tls::certificates)?);
        }
        Ok(match authorities.is_empty() {
            true => tls::Clients::Anyone,
            false => tls::Clients::Of {
                authorities,
                revocations: Vec::new(),
                admission: None,
            },
        })
    }
}

/// Relays between clients and a server and prints what passes.
pub(super) fn run(
    args: &Args,
    dictionary: &Dictionary,
    secrets: Secrets,
    forward: &str,
    output: &mut Output,
) -> Result<Exit, Diagnostic> {
    let server = Peer::from_str(forward).map_err(|error| words::peer_error(forward, &error))?;
    let wanted = args.tap.wanted();
    let security = args.tap.security(&wanted, &server, output)?;
    let mut observer = Observer::new(args.settings(secrets, dictionary)?, dictionary);
    let runtime = run::runtime()?;
    let tap = runtime.block_on(open(&wanted, &server, security))?;
    for stand in tap.stands() {
        output.remark(&format!(
            "{}://{} → {}://{}; Ctrl-C ends it\n",
            stand.listen, stand.address, stand.forward, stand.server
        ));
    }
    let mut printer = Printer::new(args, dictionary, output)?;
    runtime.block_on(tap.run(&mut observer, &mut printer, run::interrupted()));
    let (exit, _) = printer.finish(&observer.counts())?;
    Ok(exit)
}

/// Finds the server and listens.
async fn open(wanted: &[Wanted], server: &Peer, security: Security) -> Result<Tap, Diagnostic> {
    let mut stands = Vec::new();
    for wanted in wanted {
        let address = wanted.listen.address;
        let port = match (
            server.transport.is_secured(),
            wanted.listen.transport.is_secured(),
        ) {
            (true, _) => SECURED,
            (false, true) => PLAIN,
            (false, false) => address.port(),
        };
        let servers = net::resolve(server, port, Family::Any)
            .await
            .map_err(|error| words::resolve_error(&error))?;
        stands.extend(servers.first().map(|found| Stand {
            listen: wanted.listen.transport,
            address,
            forward: server.transport,
            server: *found,
        }));
    }
    Tap::open(&stands, security)
        .await
        .map_err(|error| words::socket_error(&error))
}
