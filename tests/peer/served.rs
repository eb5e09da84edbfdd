//! `radius serve` itself, run as the others are, so that they can be its clients.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::process::{Daemon, Scratch};

/// A running server on ports of its own; its lines go to its log.
pub struct Served {
    daemon: Daemon,
    addresses: Vec<(String, SocketAddr)>,
}

impl Served {
    /// A server with these arguments, on loopback: Access-Requests, Accounting-Requests and dynamic authorization over
    /// UDP, the first two over TCP. `files` are written into its directory, in which it runs.
    ///
    /// # Panics
    /// With the server's log, when it does not come up.
    pub fn start(arguments: &[&str], files: &[(&str, &str)]) -> Served {
        const LISTEN: [&str; 5] = [
            "udp://127.0.0.1:0?role=auth",
            "udp://127.0.0.1:0?role=acct",
            "udp://127.0.0.1:0?role=coa",
            "tcp://127.0.0.1:0?role=auth",
            "tcp://127.0.0.1:0?role=acct",
        ];
        Served::on(&LISTEN, arguments, files)
    }

    /// The same with these listeners.
    ///
    /// # Panics
    /// With the server's log, when it does not come up.
    pub fn on(listen: &[&str], arguments: &[&str], files: &[(&str, &str)]) -> Served {
        let scratch = Scratch::new("served");
        for (name, text) in files {
            scratch.write(name, text);
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_radius"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("RADIUS_") {
                command.env_remove(name);
            }
        }
        command.arg("serve").current_dir(scratch.path());
        for listen in listen {
            command.args(["-l", listen]);
        }
        command.args(arguments);
        let mut daemon = Daemon::start("radius serve", scratch, &mut command);
        let lines = |log: &str| {
            log.lines()
                .filter_map(|line| line.strip_prefix("listening on "))
                .map(str::to_owned)
                .collect::<Vec<String>>()
        };
        daemon
            .wait_for(Duration::from_secs(20), |log| lines(log).len() == listen.len())
            .unwrap_or_else(|why| panic!("{why}"));
        let addresses = lines(&daemon.log())
            .iter()
            .filter_map(|line| {
                let (scheme, rest) = line.split_once("://")?;
                let (address, role) = rest.split_once("?role=")?;
                Some((format!("{scheme} {role}"), address.parse().ok()?))
            })
            .collect();
        Served { daemon, addresses }
    }

    /// Where it listens: `udp auth`, `tcp acct`.
    ///
    /// # Panics
    /// When it does not.
    pub fn address(&self, what: &str) -> SocketAddr {
        self.addresses
            .iter()
            .find(|(name, _)| name == what)
            .unwrap_or_else(|| panic!("nothing listens for {what}: {:?}", self.addresses))
            .1
    }

    /// All that it printed.
    pub fn log(&self) -> String {
        self.daemon.log()
    }

    /// Waits until its log has this.
    ///
    /// # Panics
    /// When it does not come.
    pub fn wait_for(&mut self, text: &str) {
        self.daemon
            .wait_for(Duration::from_secs(10), |log| log.contains(text))
            .unwrap_or_else(|why| panic!("`{text}` does not come: {why}"));
    }

    /// The directory in which it runs.
    pub fn directory(&self) -> &Path {
        self.daemon.directory()
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.daemon.pid()
    }

    /// Sends it a signal by name: `HUP`, `USR1`, `TERM`, `KILL`.
    ///
    /// # Panics
    /// When the system has no `kill`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &self.pid().to_string()])
            .status();
        assert!(sent.is_ok_and(|status| status.success()), "kill -{name}");
    }
}
