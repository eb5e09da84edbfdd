//! hostapd as a RADIUS server: the other half of wpa_supplicant, and so a second opinion on every method of EAP.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::time::Duration;

use super::process::{Daemon, Scratch, free_port};
use super::{Certificates, SECRET, Tool};

/// A running server for `alice` with the password `hello`, by every method, TLS 1.3 too; `anonymous` outside of tunnels.
/// It answers nobody but 127.0.0.1.
pub struct Hostapd {
    daemon: Daemon,
    /// Access-Request, UDP.
    pub auth: SocketAddr,
}

/// In the order in which it proposes them.
const USERS: &str = "\
\"alice\"\tMD5,GTC,MSCHAPV2,PWD,TLS,TTLS,PEAP\t\"hello\"
\"anonymous\"\tPEAP,TTLS
\"alice\"\tTTLS-PAP,TTLS-CHAP,TTLS-MSCHAP,TTLS-MSCHAPV2,MSCHAPV2,MD5,GTC,TLS\t\"hello\"\t[2]
";

impl Hostapd {
    /// A server with the shared certificates.
    ///
    /// # Panics
    /// With its log, when it does not come up.
    pub fn start() -> Self {
        let auth = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
        let scratch = Scratch::new("hostapd");
        let users = scratch.write("users", USERS);
        let clients = scratch.write("clients", &format!("127.0.0.1 {SECRET}\n"));
        let certificates = Certificates::shared();
        let configuration = format!(
            "driver=none\ninterface=as0\neap_server=1\neap_user_file={}\nradius_server_clients={}\n\
             radius_server_auth_port={}\nca_cert={}\nserver_cert={}\nprivate_key={}\npwd_group=19\n\
             server_id=radius.example.org\ntls_flags=[ENABLE-TLSv1.3]\ntls_session_lifetime=3600\n",
            users.display(),
            clients.display(),
            auth.port(),
            certificates.path("ca.pem").display(),
            certificates.path("server.pem").display(),
            certificates.path("server.key").display(),
        );
        let file = scratch.write("hostapd.conf", &configuration);
        let mut command = Command::new(Tool::Hostapd.path());
        command.arg("-d").arg(file);
        let mut daemon = Daemon::start("hostapd", scratch, &mut command);
        daemon
            .wait_for(Duration::from_secs(20), |log| log.contains("AP-ENABLED"))
            .unwrap_or_else(|why| panic!("{why}"));
        Self { daemon, auth }
    }

    /// All it has logged.
    pub fn log(&self) -> String {
        self.daemon.log()
    }
}
