//! `openssl s_server`, for handshakes that no RADIUS server would have: odd versions, ciphers and certificates.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::Tool;
use super::process::{Daemon, Scratch, free_port};

/// A TLS or DTLS server that shakes hands and says nothing after it.
pub struct SServer {
    daemon: Daemon,
    /// Where it listens.
    pub address: SocketAddr,
}

impl SServer {
    /// With this certificate and key, and more options of `openssl s_server`, separated by blanks.
    ///
    /// # Panics
    /// With its log, when it does not come up.
    pub fn start(certificate: &Path, key: &Path, options: &str) -> Self {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
        let mut command = s_server();
        command
            .args(["-accept", &address.to_string(), "-cert"])
            .arg(certificate)
            .arg("-key")
            .arg(key)
            .args(options.split_whitespace());
        Self::ready(address, &mut command)
    }

    /// With a pre-shared key in hexadecimal, over DTLS.
    ///
    /// # Panics
    /// With its log, when it does not come up.
    pub fn with_psk(identity: &str, key: &str) -> Self {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
        let mut command = s_server();
        command
            .args(["-accept", &address.to_string(), "-dtls1_2", "-nocert"])
            .args(["-psk_identity", identity, "-psk", key]);
        Self::ready(address, &mut command)
    }

    fn ready(address: SocketAddr, command: &mut Command) -> Self {
        let scratch = Scratch::new("openssl");
        command.current_dir(scratch.path());
        let mut daemon = Daemon::start("openssl", scratch, command);
        daemon
            .wait_for(Duration::from_secs(20), |log| log.contains("ACCEPT"))
            .unwrap_or_else(|why| panic!("{why}"));
        Self { daemon, address }
    }

    /// All it has logged.
    pub fn log(&self) -> String {
        self.daemon.log()
    }
}

/// The command, with a pipe that never ends for its standard input: at the end of that, it ends too.
fn s_server() -> Command {
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", "mkfifo input && exec \"$@\" <>input", "sh"])
        .arg(Tool::Openssl.path())
        .arg("s_server");
    command
}
