//! Real RADIUS software to be measured against, started for a test and gone after it.
//!
//! Knows how to find, configure, start and stop each peer, and how to read what it printed. Knows nothing of this
//! crate: no type of `radius` is imported, so that a peer stays a second opinion. Each start has its own scratch
//! directory and its own ports on the loopback interface; nothing of the system's configuration is read.
//!
//! A test binary includes it with `mod peer;` (from `tests/x.rs`) or `#[path = "../peer/mod.rs"] mod peer;`.

// Each test binary uses its own part of this module.
#![allow(dead_code, unreachable_pub, unused_imports)]
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod certs;
mod eapol_test;
mod freeradius;
mod hostapd;
mod openssl;
mod process;
mod pyrad2;
mod radclient;
mod radsecproxy;
mod served;
mod tshark;
mod wire;

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};

pub use certs::Certificates;
pub use eapol_test::{EapolTest, Network, TlsVersion, Verdict};
pub use freeradius::{FreeRadius, Settings};
pub use hostapd::Hostapd;
pub use openssl::SServer;
pub use process::{Finished, Scratch, free_port, kept_logs, radius, run};
pub use pyrad2::Pyrad2;
pub use radclient::{Radclient, Replies, Reply};
pub use radsecproxy::{Between, Home, Visited};
pub use served::Served;
pub use tshark::{Capture, Decoded, decode_file, decrypted};
pub use wire::{Passed, Wire};

/// The secret that every UDP and TCP peer here shares with its clients.
pub const SECRET: &str = "testing123";

/// The secret inside RADIUS/TLS (RFC 6614 §2.3).
pub const TLS_SECRET: &str = "radsec";

/// The secret inside RADIUS/DTLS (RFC 7360 §2.1).
pub const DTLS_SECRET: &str = "radius/dtls";

/// A program that a test may need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// The server.
    FreeRadius,
    /// FreeRADIUS's command-line client.
    Radclient,
    /// wpa_supplicant's EAP client.
    EapolTest,
    /// wpa_supplicant's EAP server; `tests/run` installs it where it can.
    Hostapd,
    /// The proxy that speaks RADIUS over TLS and DTLS.
    Radsecproxy,
    /// Wireshark's dissector.
    Tshark,
    /// Makes certificates.
    Openssl,
    /// The one peer that speaks RADIUS/1.1; `tests/run` installs it where there is a Python for it.
    Pyrad2,
}

impl Tool {
    /// Where the program is, if it is installed.
    pub fn find(self) -> Option<PathBuf> {
        match self {
            Tool::FreeRadius => find("freeradius"),
            Tool::Radclient => find("radclient"),
            Tool::EapolTest => find("eapol_test"),
            Tool::Hostapd => find("hostapd"),
            Tool::Radsecproxy => find("radsecproxy"),
            Tool::Tshark => find("tshark"),
            Tool::Openssl => find("openssl"),
            Tool::Pyrad2 => env::var_os("RADIUS_PYRAD2_PYTHON")
                .map(PathBuf::from)
                .filter(|path| path.is_file()),
        }
    }

    /// The program's path, for a test that has already been told it is there.
    ///
    /// # Panics
    /// When it is not: the test did not name the tool among its needs.
    pub fn path(self) -> PathBuf {
        self.find()
            .unwrap_or_else(|| panic!("{self} is not installed, and this test does not say it needs it"))
    }

    /// Whether its absence is a failure under [`required`]; the others come from packages that every Debian has.
    fn is_optional(self) -> bool {
        matches!(self, Tool::Pyrad2 | Tool::Hostapd)
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Tool::FreeRadius => "freeradius",
            Tool::Radclient => "radclient",
            Tool::EapolTest => "eapol_test",
            Tool::Hostapd => "hostapd",
            Tool::Radsecproxy => "radsecproxy",
            Tool::Tshark => "tshark",
            Tool::Openssl => "openssl",
            Tool::Pyrad2 => "pyrad2",
        })
    }
}

/// Those of `tools` that are not installed.
pub fn missing(tools: &[Tool]) -> Vec<Tool> {
    tools
        .iter()
        .copied()
        .filter(|tool| tool.find().is_none())
        .collect()
}

/// Whether a missing peer is a failure (`RADIUS_REQUIRE_PEERS=1`, as `tests/run` sets it).
pub fn required() -> bool {
    env::var_os("RADIUS_REQUIRE_PEERS").is_some_and(|value| !value.is_empty() && value != "0")
}

/// Whether all of `tools` are here. For tests under libtest, which cannot be ignored at run time: the line on
/// stderr is all that tells of the test left out. `tests/interop` has real ignored lines.
///
/// # Panics
/// When one is missing and [`required`] holds.
pub fn have(tools: &[Tool]) -> bool {
    let missing = missing(tools);
    if missing.is_empty() {
        return true;
    }
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    let reason = not_installed(&missing);
    assert!(!must_fail(&missing), "{test}: {reason}");
    eprintln!("left out: {test}: {reason}");
    false
}

/// Whether the absence of `missing` fails a test rather than leaving it out.
pub fn must_fail(missing: &[Tool]) -> bool {
    required() && missing.iter().any(|tool| !tool.is_optional())
}

/// Says what is missing.
pub fn not_installed(missing: &[Tool]) -> String {
    let names: Vec<String> = missing.iter().map(Tool::to_string).collect();
    format!("not installed: {}", names.join(", "))
}

/// A program of this name on the path, or in the directories for daemons that an ordinary user's path lacks.
fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(["/usr/sbin", "/sbin", "/usr/local/sbin"].map(PathBuf::from))
        .map(|directory| directory.join(name))
        .find(|candidate| is_program(candidate))
}

fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}
