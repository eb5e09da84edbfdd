//! pyrad2, the one server to be had that speaks RADIUS/1.1 (RFC 9765).

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::time::Duration;

use super::process::{Daemon, Finished, Scratch, free_port, run};
use super::{Certificates, Tool};

/// A server over TLS for clients with a certificate of the shared CA. It accepts everybody, and its Reply-Message
/// says `NAME PASSWORD` as it read them.
pub struct Pyrad2 {
    daemon: Daemon,
    /// Where it listens.
    pub tls: SocketAddr,
}

impl Pyrad2 {
    /// With these versions of RADIUS: `1.0`, `1.1`, or `1.0,1.1`.
    ///
    /// # Panics
    /// With its log, when it does not come up.
    pub fn start(versions: &str) -> Self {
        let tls = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
        let scratch = Scratch::new("pyrad2");
        let script = scratch.write("server.py", include_str!("pyrad2_server.py"));
        let mut command = Command::new(Tool::Pyrad2.path());
        command
            .arg(script)
            .args([&tls.port().to_string(), versions])
            .arg(Certificates::shared().directory())
            .current_dir(scratch.path());
        let mut daemon = Daemon::start("pyrad2", scratch, &mut command);
        daemon
            .wait_for(Duration::from_secs(30), |log| log.contains("running on"))
            .unwrap_or_else(|why| panic!("{why}"));
        Self { daemon, tls }
    }

    /// Three logins of alice at a server over TLS, with these versions of RADIUS; what it printed.
    ///
    /// # Panics
    /// When it cannot be run.
    pub fn log_in(at: SocketAddr, versions: &str, password: &str) -> Finished {
        let scratch = Scratch::new("pyrad2-client");
        let script = scratch.write("client.py", include_str!("pyrad2_client.py"));
        let mut command = Command::new(Tool::Pyrad2.path());
        command
            .arg(script)
            .args([&at.port().to_string(), versions])
            .arg(Certificates::shared().directory())
            .args(["alice", password])
            .current_dir(scratch.path());
        run(&mut command, b"", Duration::from_secs(60))
    }

    /// All it has logged.
    pub fn log(&self) -> String {
        self.daemon.log()
    }
}
