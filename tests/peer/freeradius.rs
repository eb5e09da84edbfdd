//! FreeRADIUS with a configuration of our own (`raddb/`), which says what each user and each port does.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use super::process::{Daemon, Scratch, free_port, has_ipv6};
use super::{Certificates, Tool};

/// What differs from start to start.
#[derive(Clone, Debug)]
pub struct Settings {
    /// More entries for the users file, in front of ours.
    pub users: String,
    /// Seconds that a reject is held back (FreeRADIUS itself defaults to 1).
    pub reject_delay: u32,
    /// Where requests of `…@ours` are passed on to: Access-Requests and Accounting-Requests, with [`super::SECRET`].
    pub home: Option<(SocketAddr, SocketAddr)>,
    /// Whether every packet is written to the log. Costs the server several times its CPU: not for measurements.
    pub debug: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            users: String::new(),
            reject_delay: 0,
            home: None,
            debug: true,
        }
    }
}

/// A running server. UDP and TCP share a port number for `auth` and `acct`; where the host has IPv6, `auth` and
/// `acct` are also answered on ::1 over UDP. Clients on 127.0.0.1 and ::1 have [`super::SECRET`]; a client that
/// asks from 127.0.0.2 has `another secret`, and one that asks from 127.0.0.3 must send Message-Authenticator.
///
/// Users, all with the password `hello`: `bob` (a rich reply), `alice` (an empty one), `mppe` (MS-MPPE keys by any
/// method), `vendors` (odd vendor formats, RFC 6929), `wide` (3845 octets, or a Message-Authenticator more), `challenge` (then the code 123456),
/// `rounds` (three challenges), `slow` (0.4 s late), `drop` (never answered).
pub struct FreeRadius {
    daemon: Daemon,
    /// Access-Request and Status-Server, UDP and TCP.
    pub auth: SocketAddr,
    /// Accounting-Request and Status-Server, UDP and TCP.
    pub acct: SocketAddr,
    /// CoA-Request and Disconnect-Request, UDP: `bob` has a session, others have none, `drop` is not answered.
    pub coa: SocketAddr,
    /// Status-Server with FreeRADIUS's statistics, UDP; no other port gives them.
    pub status: SocketAddr,
    /// Access-Request and Accounting-Request over TLS, with a client certificate.
    pub tls: SocketAddr,
    /// Whether `auth` and `acct` are answered on ::1.
    pub ipv6: bool,
}

/// The files of `raddb/`, as they are.
const FILES: [(&str, &str); 9] = [
    ("radiusd.conf", include_str!("raddb/radiusd.conf")),
    ("modules.conf", include_str!("raddb/modules.conf")),
    ("eap.conf", include_str!("raddb/eap.conf")),
    ("nas.conf", include_str!("raddb/nas.conf")),
    ("inner-tunnel.conf", include_str!("raddb/inner-tunnel.conf")),
    ("coa.conf", include_str!("raddb/coa.conf")),
    ("status.conf", include_str!("raddb/status.conf")),
    ("access_reject", include_str!("raddb/access_reject")),
    ("accounting_response", include_str!("raddb/accounting_response")),
];

impl FreeRadius {
    /// The server that all tests of this process share; started at the first call.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<FreeRadius> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// A server of the test's own.
    pub fn start() -> Self {
        Self::start_with(&Settings::default())
    }

    /// A server of the test's own, with other settings.
    ///
    /// # Panics
    /// With the server's log, when it does not come up.
    pub fn start_with(settings: &Settings) -> Self {
        // Another process may take a port between our look and the server's bind: once more, then.
        Self::try_start(settings)
            .or_else(|_| Self::try_start(settings))
            .unwrap_or_else(|why| panic!("{why}"))
    }

    fn try_start(settings: &Settings) -> Result<Self, String> {
        let [auth, acct, coa, status, tls] =
            [(); 5].map(|()| SocketAddr::from((Ipv4Addr::LOCALHOST, free_port())));
        let ipv6 = has_ipv6();
        let scratch = Scratch::new("freeradius");
        for (name, text) in FILES {
            scratch.write(name, text);
        }
        scratch.write(
            "users",
            &format!("{}\n{}", settings.users, include_str!("raddb/users")),
        );
        // The server insists on a dictionary beside its configuration; its own directory has the real ones.
        scratch.write("dictionary", "");
        if ipv6 {
            scratch.write("ipv6.conf", include_str!("raddb/ipv6.conf"));
        }
        if let Some((auth, acct)) = settings.home {
            scratch.write("proxy.conf", &proxy(auth, acct));
        }
        for directory in ["log", "run", "run/tlscache"] {
            fs::create_dir(scratch.path().join(directory)).expect("the scratch directory is ours, and new");
        }
        scratch.write(
            "here.conf",
            &format!(
                "here = {}\ncertificates = {}\nauth_port = {}\nacct_port = {}\ncoa_port = {}\nstatus_port = {}\n\
                 tls_port = {}\nreject_delay = {}\nproxy_requests = {}\n",
                scratch.path().display(),
                Certificates::shared().directory().display(),
                auth.port(),
                acct.port(),
                coa.port(),
                status.port(),
                tls.port(),
                settings.reject_delay,
                if settings.home.is_some() { "yes" } else { "no" },
            ),
        );
        let mut command = Command::new(Tool::FreeRadius.path());
        command
            .arg("-f")
            .args(settings.debug.then_some("-xx"))
            .args(["-l", "stdout"])
            .arg("-d")
            .arg(scratch.path());
        let mut daemon = Daemon::start("freeradius", scratch, &mut command);
        daemon.wait_for(Duration::from_secs(30), |log| {
            log.contains("Ready to process requests")
        })?;
        Ok(Self {
            daemon,
            auth,
            acct,
            coa,
            status,
            tls,
            ipv6,
        })
    }

    /// All it has logged; with `debug`, every packet it got and sent.
    pub fn log(&self) -> String {
        self.daemon.log()
    }

    /// The accounting records it has kept, oldest first: attribute name and value, as it prints them but for the
    /// quotes. The server writes a record before it answers.
    pub fn accounting(&self) -> Vec<Vec<(String, String)>> {
        let detail = fs::read_to_string(self.daemon.directory().join("log/detail")).unwrap_or_default();
        detail
            .split("\n\n")
            .map(|record| {
                record
                    .lines()
                    .filter_map(super::radclient::attribute)
                    .collect::<Vec<_>>()
            })
            .filter(|record| !record.is_empty())
            .collect()
    }

    /// Its process, to measure what it costs.
    pub fn pid(&self) -> u32 {
        self.daemon.pid()
    }
}

/// Two servers that answer for the realm `ours`.
fn proxy(auth: SocketAddr, acct: SocketAddr) -> String {
    let mut text = String::from("proxy server {\n\tdefault_fallback = no\n}\n");
    for (kind, address) in [("auth", auth), ("acct", acct)] {
        text.push_str(&format!(
            "home_server {kind} {{\n\ttype = {kind}\n\tipaddr = {}\n\tport = {}\n\tsecret = {}\n\tstatus_check = status-server\n\t\
             response_window = 5\n}}\n\
             home_server_pool {kind} {{\n\ttype = fail-over\n\thome_server = {kind}\n}}\n",
            address.ip(),
            address.port(),
            super::SECRET,
        ));
    }
    text.push_str("realm ours {\n\tauth_pool = auth\n\tacct_pool = acct\n\tnostrip\n}\n");
    text
}
