//! eapol_test: an EAP peer and its access point in one program. Its exit code tells little (252 for every failure),
//! so what it printed is read.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use super::process::{Finished, Scratch, run};
use super::{Certificates, SECRET, Tool};

/// The one version of TLS that a tunnelled method may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsVersion {
    /// TLS 1.2
    V1_2,
    /// TLS 1.3
    V1_3,
}

impl TlsVersion {
    fn phase1(self) -> &'static str {
        match self {
            Self::V1_2 => {
                "tls_disable_tlsv1_0=1 tls_disable_tlsv1_1=1 tls_disable_tlsv1_2=0 tls_disable_tlsv1_3=1"
            }
            Self::V1_3 => {
                "tls_disable_tlsv1_0=1 tls_disable_tlsv1_1=1 tls_disable_tlsv1_2=1 tls_disable_tlsv1_3=0"
            }
        }
    }
}

/// A `network` block of wpa_supplicant's.
#[derive(Clone, Debug)]
pub struct Network {
    lines: String,
    keys: bool,
}

impl Network {
    /// A method (`MD5`, `PEAP`) that yields keys; settings are added by [`Self::set`].
    pub fn new(method: &str) -> Self {
        Self {
            lines: format!("  key_mgmt=WPA-EAP\n  eap={method}\n"),
            keys: true,
        }
    }

    /// A method with a password and no tunnel: `MD5`, `GTC`, `MSCHAPV2`, `PWD`.
    pub fn plain(method: &str, identity: &str, password: &str) -> Self {
        let without_keys = matches!(method, "MD5" | "GTC");
        // The server would not be asked for keys, and the program would not wait for them.
        let management = if method == "PWD" { "WPA-EAP" } else { "IEEE8021X" };
        Self {
            lines: format!("  key_mgmt={management}\n  eap={method}\n"),
            keys: !without_keys,
        }
        .set("identity", identity)
        .set("password", password)
    }

    /// `PEAP` or `TTLS`, with the inner method as `phase2` names it: `auth=MSCHAPV2`, `autheap=MD5`. The outer
    /// identity is `anonymous`; the server must show a certificate of the shared CA.
    pub fn tunnel(method: &str, version: TlsVersion, inner: &str, identity: &str, password: &str) -> Self {
        Self::new(method)
            .set("identity", identity)
            .set("anonymous_identity", "anonymous")
            .set("password", password)
            .set(
                "ca_cert",
                &Certificates::shared().path("ca.pem").display().to_string(),
            )
            .set("phase1", version.phase1())
            .set("phase2", inner)
    }

    /// EAP-TLS with the shared client certificate.
    pub fn tls(version: TlsVersion, identity: &str) -> Self {
        let certificates = Certificates::shared();
        Self::new("TLS")
            .set("identity", identity)
            .set("ca_cert", &certificates.path("ca.pem").display().to_string())
            .set(
                "client_cert",
                &certificates.path("client.pem").display().to_string(),
            )
            .set(
                "private_key",
                &certificates.path("client.key").display().to_string(),
            )
            .set("phase1", version.phase1())
    }

    /// Adds a number.
    #[must_use]
    pub fn number(mut self, name: &str, value: u32) -> Self {
        writeln!(self.lines, "  {name}={value}").expect("a String takes everything");
        self
    }

    /// Adds a setting, in quotes; the last of a name holds.
    #[must_use]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        writeln!(self.lines, "  {name}=\"{value}\"").expect("a String takes everything");
        self
    }
}

/// A client of one server.
#[derive(Clone, Debug)]
pub struct EapolTest {
    server: SocketAddr,
    secret: String,
    seconds: u32,
    more: Vec<String>,
}

impl EapolTest {
    /// A client with [`SECRET`] that gives up after ten seconds.
    pub fn new(server: SocketAddr) -> Self {
        Self {
            server,
            secret: SECRET.to_owned(),
            seconds: 10,
            more: Vec::new(),
        }
    }

    /// With this secret.
    #[must_use]
    pub fn secret(mut self, secret: &str) -> Self {
        secret.clone_into(&mut self.secret);
        self
    }

    /// Giving up after so many seconds; it waits them out even when the port is closed.
    #[must_use]
    pub fn seconds(mut self, seconds: u32) -> Self {
        self.seconds = seconds;
        self
    }

    /// With more options of eapol_test's: `-e`, `-r1`, `-N30:s:text`.
    #[must_use]
    pub fn arguments(mut self, more: &[&str]) -> Self {
        self.more
            .extend(more.iter().map(|argument| (*argument).to_owned()));
        self
    }

    /// Logs in.
    ///
    /// # Panics
    /// When it has not ended in time, or cannot read its settings.
    pub fn log_in(&self, network: &Network) -> Verdict {
        let scratch = Scratch::new("eapol-test");
        let file = scratch.write("network.conf", &format!("network={{\n{}}}\n", network.lines));
        let mut command = Command::new(Tool::EapolTest.path());
        command
            .arg("-c")
            .arg(file)
            // A name instead of an address makes it abort.
            .arg(format!("-a{}", self.server.ip()))
            .arg(format!("-p{}", self.server.port()))
            .arg(format!("-s{}", self.secret))
            .arg(format!("-t{}", self.seconds))
            .args((!network.keys).then_some("-n"))
            .args(&self.more);
        let limit = Duration::from_secs(u64::from(self.seconds) * 2 + 10);
        let finished = run(&mut command, b"", limit);
        assert_ne!(
            finished.code(),
            255,
            "eapol_test does not take its settings:\n{}",
            finished.stdout
        );
        Verdict { finished }
    }
}

/// What came of a login.
#[derive(Debug)]
pub struct Verdict {
    /// The run, with all it printed.
    pub finished: Finished,
}

impl Verdict {
    /// Whether the login succeeded, and the keys, where there are some, were the same at both ends.
    pub fn succeeded(&self) -> bool {
        self.finished.code() == 0 && self.finished.stdout.trim_end().ends_with("SUCCESS")
    }

    /// How many pairs of MS-MPPE keys were the same at both ends, and how many not.
    pub fn keys(&self) -> Option<(u32, u32)> {
        let (_, rest) = self.finished.stdout.split_once("MPPE keys OK: ")?;
        let (same, rest) = rest.split_once("  mismatch: ")?;
        Some((
            same.trim().parse().ok()?,
            rest.lines().next()?.trim().parse().ok()?,
        ))
    }

    /// What it said of the server's certificate: 1 untrusted, 2 revoked, 3 not yet valid, 4 expired, 5 subject,
    /// 6 alternative subject, 7 bad, 9 domain suffix, 10 domain.
    pub fn certificate_errors(&self) -> Vec<u32> {
        self.finished
            .stdout
            .lines()
            .filter_map(|line| line.split_once("CTRL-EVENT-EAP-TLS-CERT-ERROR reason="))
            .filter_map(|(_, rest)| rest.split_whitespace().next()?.parse().ok())
            .collect()
    }

    /// Whether an Access-Reject ended it.
    pub fn rejected(&self) -> bool {
        self.finished.stdout.contains("CTRL-EVENT-EAP-FAILURE")
            && self.finished.stdout.contains("code=3 (Access-Reject)")
    }
}
