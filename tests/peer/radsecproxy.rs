//! radsecproxy, at either end of a link over TLS or DTLS: in front of a UDP server, to ask it over both; or behind
//! a UDP port, to ask another server over both.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::time::Duration;

use super::process::{Daemon, Scratch, free_port};
use super::{Certificates, DTLS_SECRET, SECRET, TLS_SECRET, Tool};

/// How long a start may take.
const LIMIT: Duration = Duration::from_secs(20);

/// A proxy that takes requests over TLS and DTLS, from clients with a certificate of the shared CA, and hands them
/// to a server over UDP.
pub struct Home {
    daemon: Daemon,
    /// RADIUS/TLS, with [`TLS_SECRET`].
    pub tls: SocketAddr,
    /// RADIUS/DTLS, with [`DTLS_SECRET`].
    pub dtls: SocketAddr,
}

impl Home {
    /// In front of a server with [`SECRET`] and these two UDP ports.
    ///
    /// # Panics
    /// With the proxy's log, when it does not come up.
    pub fn start(auth: SocketAddr, acct: SocketAddr) -> Self {
        let (tls, dtls) = (loopback(), loopback());
        let configuration = format!(
            "ListenTLS {tls}\nListenDTLS {dtls}\n{common}\
             client tls {{\n  host 127.0.0.1\n  type TLS\n  secret {TLS_SECRET}\n}}\n\
             client dtls {{\n  host 127.0.0.1\n  type DTLS\n  secret {DTLS_SECRET}\n}}\n\
             {auth}{acct}\
             realm * {{\n  server auth\n  accountingServer acct\n}}\n",
            common = common("server"),
            auth = server("auth", auth, "UDP", SECRET),
            acct = server("acct", acct, "UDP", SECRET),
        );
        let daemon = start(&configuration, |log| {
            log.contains(&format!("listening for tls on {tls}"))
                && log.contains(&format!("listening for dtls on {dtls}"))
        });
        Self { daemon, tls, dtls }
    }

    /// All it has logged.
    pub fn log(&self) -> String {
        self.daemon.log()
    }
}

/// A proxy that takes requests over UDP, with [`SECRET`], and sends those of `…@tls.test` on over TLS and those of
/// `…@dtls.test` over DTLS, showing the shared client certificate.
pub struct Visited {
    daemon: Daemon,
    /// Access-Request and Accounting-Request alike.
    pub udp: SocketAddr,
}

impl Visited {
    /// In front of these servers; the links are up when this returns.
    ///
    /// # Panics
    /// With the proxy's log, when it does not come up, or a link does not.
    pub fn start(tls: Option<SocketAddr>, dtls: Option<SocketAddr>) -> Self {
        let udp = loopback();
        let mut configuration = format!(
            "ListenUDP {udp}\n{common}client nas {{\n  host 127.0.0.1\n  type UDP\n  secret {SECRET}\n}}\n",
            common = common("client"),
        );
        for (name, to, kind, secret) in [
            ("tls", tls, "TLS", TLS_SECRET),
            ("dtls", dtls, "DTLS", DTLS_SECRET),
        ] {
            if let Some(to) = to {
                configuration.push_str(&server(name, to, kind, secret));
                // FreeRADIUS's own checks want a dot in a realm.
                configuration.push_str(&format!(
                    "realm {name}.test {{\n  server {name}\n  accountingServer {name}\n}}\n"
                ));
            }
        }
        let daemon = start(&configuration, |log| {
            log.contains(&format!("listening for udp on {udp}"))
                && (tls.is_none() || log.contains(" TLS connection to tls "))
                && (dtls.is_none() || log.contains(" DTLS connection to dtls "))
        });
        Self { daemon, udp }
    }

    /// All it has logged.
    pub fn log(&self) -> String {
        self.daemon.log()
    }
}

/// A proxy between UDP and UDP, with [`SECRET`] on both sides.
pub struct Between {
    daemon: Daemon,
    /// Access-Request and Accounting-Request alike.
    pub udp: SocketAddr,
}

impl Between {
    /// In front of a server with these two UDP ports.
    ///
    /// # Panics
    /// With the proxy's log, when it does not come up.
    pub fn start(auth: SocketAddr, acct: SocketAddr) -> Self {
        let udp = loopback();
        let configuration = format!(
            "ListenUDP {udp}\nLogLevel 2\nLoopPrevention off\n\
             client nas {{\n  host 127.0.0.1\n  type UDP\n  secret {SECRET}\n}}\n{}{}\
             realm * {{\n  server auth\n  accountingServer acct\n}}\n",
            server("auth", auth, "UDP", SECRET),
            server("acct", acct, "UDP", SECRET),
        );
        let daemon = start(&configuration, |log| {
            log.contains(&format!("listening for udp on {udp}"))
        });
        Self { daemon, udp }
    }

    /// All it has logged.
    pub fn log(&self) -> String {
        self.daemon.log()
    }
}

fn loopback() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()))
}

/// One option a line: the proxy's parser is not tried with more.
fn common(certificate: &str) -> String {
    let certificates = Certificates::shared();
    format!(
        "LogLevel 2\nLoopPrevention off\n\
         tls default {{\n  CACertificateFile {}\n  CertificateFile {}\n  CertificateKeyFile {}\n}}\n",
        certificates.path("ca.pem").display(),
        certificates.path(&format!("{certificate}.pem")).display(),
        certificates.path(&format!("{certificate}.key")).display(),
    )
}

fn server(name: &str, to: SocketAddr, kind: &str, secret: &str) -> String {
    format!(
        "server {name} {{\n  host {}\n  port {}\n  type {kind}\n  secret {secret}\n}}\n",
        to.ip(),
        to.port()
    )
}

fn start(configuration: &str, ready: impl Fn(&str) -> bool) -> Daemon {
    let scratch = Scratch::new("radsecproxy");
    let file = scratch.write("radsecproxy.conf", configuration);
    let mut command = Command::new(Tool::Radsecproxy.path());
    command.args(["-f", "-d", "2", "-c"]).arg(file);
    let mut daemon = Daemon::start("radsecproxy", scratch, &mut command);
    daemon
        .wait_for(LIMIT, ready)
        .unwrap_or_else(|why| panic!("{why}"));
    daemon
}
