//! radclient: requests in its own words, and what it printed about the replies.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use super::process::{Finished, run};
use super::{SECRET, Tool};

/// A client of one server and one kind of request.
#[derive(Clone, Debug)]
pub struct Radclient {
    server: SocketAddr,
    kind: &'static str,
    secret: String,
    tcp: bool,
    timeout: f32,
    retries: u32,
    more: Vec<String>,
}

impl Radclient {
    /// A client that sends requests of a kind (`auth`, `acct`, `status`, `coa`, `disconnect`, `auto`) over UDP,
    /// with [`SECRET`], and that asks three times, a second apart.
    pub fn new(server: SocketAddr, kind: &'static str) -> Self {
        let secret = SECRET.to_owned();
        Self {
            server,
            kind,
            secret,
            tcp: false,
            timeout: 1.0,
            retries: 3,
            more: Vec::new(),
        }
    }

    /// With this secret.
    #[must_use]
    pub fn secret(mut self, secret: &str) -> Self {
        secret.clone_into(&mut self.secret);
        self
    }

    /// Over TCP.
    #[must_use]
    pub fn tcp(mut self) -> Self {
        self.tcp = true;
        self
    }

    /// Waiting `timeout` seconds for a reply, and sending `retries` times in all.
    #[must_use]
    pub fn patience(mut self, timeout: f32, retries: u32) -> Self {
        self.timeout = timeout;
        self.retries = retries;
        self
    }

    /// With more options of radclient's.
    #[must_use]
    pub fn arguments(mut self, more: &[&str]) -> Self {
        self.more
            .extend(more.iter().map(|argument| (*argument).to_owned()));
        self
    }

    /// Sends the packets of `text`: `Name = value` separated by commas or line ends, a blank line between packets.
    ///
    /// # Panics
    /// When radclient has not ended a minute from now.
    pub fn send(&self, text: &str) -> Replies {
        let mut command = Command::new(Tool::Radclient.path());
        command
            .arg("-x")
            .arg("-d")
            .arg(own_raddb())
            .args(["-t", &self.timeout.to_string(), "-r", &self.retries.to_string()])
            .args(self.tcp.then_some(["-P", "tcp"]).into_iter().flatten())
            .args(&self.more)
            .arg(self.server.to_string())
            .arg(self.kind)
            .arg(&self.secret);
        let finished = run(
            &mut command,
            format!("{text}\n").as_bytes(),
            Duration::from_secs(60),
        );
        Replies {
            replies: replies(&finished.stdout),
            finished,
        }
    }
}

/// A directory with the empty dictionary that radclient insists on; the system's is closed to ordinary users.
fn own_raddb() -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("radclient");
    std::fs::create_dir_all(&directory).expect("cargo's directory for tests is writable");
    let dictionary = directory.join("dictionary");
    if !dictionary.exists() {
        std::fs::write(&dictionary, "").expect("cargo's directory for tests is writable");
    }
    directory
}

/// What came of one run of radclient.
#[derive(Debug)]
pub struct Replies {
    /// The replies it believed, in the order they came.
    pub replies: Vec<Reply>,
    /// The run: its exit code (0 when every reply was an accept or its like), and what it printed. A request without
    /// reply is told on stdout (`No reply from server`), a reply it did not believe on stderr (`invalid Response
    /// Authenticator`).
    pub finished: Finished,
}

impl Replies {
    /// The one reply.
    ///
    /// # Panics
    /// With all radclient printed, when there is none, or more than one.
    pub fn one(&self) -> &Reply {
        match self.replies.as_slice() {
            [reply] => reply,
            others => panic!(
                "{} replies instead of one:\n{}\n{}",
                others.len(),
                self.finished.stdout,
                self.finished.stderr
            ),
        }
    }
}

/// A reply as radclient prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// `Access-Accept`
    pub code: String,
    /// Its Identifier.
    pub identifier: u8,
    /// Its length in octets.
    pub length: usize,
    /// Name (`Tunnel-Type:1`) and value, in order; text has lost its quotes, nothing else is undone.
    pub attributes: Vec<(String, String)>,
}

impl Reply {
    /// The values of an attribute, in order.
    pub fn values(&self, name: &str) -> Vec<&str> {
        self.attributes
            .iter()
            .filter(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
            .collect()
    }
}

/// The replies in what radclient printed with `-x`:
/// `Received Access-Accept Id 159 from 127.0.0.1:22812 to 127.0.0.1:40409 length 208`, and attributes behind a tab.
fn replies(stdout: &str) -> Vec<Reply> {
    let mut found: Vec<Reply> = Vec::new();
    let mut within = false;
    for line in stdout.lines() {
        if let Some(pair) = attribute(line) {
            if let (true, Some(reply)) = (within, found.last_mut()) {
                reply.attributes.push(pair);
            }
            continue;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        within = words.first() == Some(&"Received");
        if let (true, [_, code, "Id", identifier, .., "length", length]) = (within, words.as_slice()) {
            found.push(Reply {
                code: (*code).to_owned(),
                identifier: identifier
                    .parse()
                    .unwrap_or_else(|error| panic!("{line}: {error}")),
                length: length.parse().unwrap_or_else(|error| panic!("{line}: {error}")),
                attributes: Vec::new(),
            });
        }
    }
    found
}

/// A line that is an attribute, as FreeRADIUS's programs print it: a tab, a name, ` = `, a value.
pub(super) fn attribute(line: &str) -> Option<(String, String)> {
    let (name, value) = line.strip_prefix('\t')?.split_once(" = ")?;
    let value = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(value);
    Some((name.to_owned(), value.to_owned()))
}
