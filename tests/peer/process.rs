//! Programs run for a test: daemons that end with it, and commands that end in time. Knows no peer by name.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long between two looks at something awaited.
const STEP: Duration = Duration::from_millis(5);

/// How many lines of a daemon's log are shown when a test fails, and how many characters of each.
const TAIL: (usize, usize) = (60, 140);

/// A directory of a peer's own. It is removed when this is dropped, and also when the test process ends in any
/// other way: a value in a `static` is never dropped, and a killed process drops nothing.
pub struct Scratch {
    directory: TempDir,
    leash: Leash,
}

impl Scratch {
    /// One with this name in its own.
    pub fn new(name: &str) -> Self {
        let directory = tempfile::Builder::new()
            .prefix(&format!("radius-{name}-"))
            .tempdir()
            .expect("the system's directory for temporary files is writable");
        let leash = Leash::hold(None, directory.path());
        Self { directory, leash }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Writes a file of this name into the directory and gives its path.
    pub(super) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        path
    }
}

/// A shell that waits for its standard input to end, which happens when this process is gone, however it went;
/// then it kills the daemon and removes the directory.
struct Leash {
    shell: Child,
    line: Option<ChildStdin>,
}

impl Leash {
    fn hold(pid: Option<u32>, directory: &Path) -> Self {
        let mut shell = Command::new("/bin/sh")
            .arg("-c")
            .arg("read -r let_go && exit 0; [ -z \"$1\" ] || kill -9 \"$1\"; rm -rf -- \"$2\"")
            .arg("leash")
            .arg(pid.map(|pid| pid.to_string()).unwrap_or_default())
            .arg(directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("every system these peers run on has /bin/sh");
        let line = shell.stdin.take();
        Self { shell, line }
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        if let Some(mut line) = self.line.take() {
            // A shell that is gone already needs no word.
            let _ = line.write_all(b"let go\n");
        }
        let _ = self.shell.wait();
    }
}

/// A daemon that runs until this is dropped, with a directory of its own and a log there.
pub(super) struct Daemon {
    name: &'static str,
    child: Child,
    scratch: Scratch,
    _leash: Leash,
}

impl Daemon {
    /// Starts `command` with its standard output and error going to the log.
    pub(super) fn start(name: &'static str, scratch: Scratch, command: &mut Command) -> Self {
        let path = log_path(scratch.path());
        let log = File::create(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let errors = log.try_clone().expect("an open file can be opened once more");
        let child = command
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        let leash = Leash::hold(Some(child.id()), scratch.path());
        logs().push((name, path));
        Self {
            name,
            child,
            scratch,
            _leash: leash,
        }
    }

    /// Waits until the log satisfies `ready`. Gives the log when the daemon ends before, or when `limit` passes.
    pub(super) fn wait_for(&mut self, limit: Duration, ready: impl Fn(&str) -> bool) -> Result<(), String> {
        let start = Instant::now();
        loop {
            let log = self.log();
            if ready(&log) {
                return Ok(());
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(format!(
                    "{} ended with {status}:\n{}",
                    self.name,
                    tail(&self.log())
                ));
            }
            if start.elapsed() > limit {
                return Err(format!(
                    "{} is not ready after {limit:?}:\n{}",
                    self.name,
                    tail(&log)
                ));
            }
            thread::sleep(STEP);
        }
    }

    pub(super) fn log(&self) -> String {
        read_lossy(&log_path(self.scratch.path()))
    }

    pub(super) fn directory(&self) -> &Path {
        self.scratch.path()
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!(
                "---- the last of the log of {} ----\n{}",
                self.name,
                tail(&self.log())
            );
        }
        let path = log_path(self.scratch.path());
        logs().retain(|(_, kept)| *kept != path);
        // Only a process that has ended already cannot be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn log_path(directory: &Path) -> PathBuf {
    directory.join("output")
}

fn read_lossy(path: &Path) -> String {
    fs::read(path)
        .map(|octets| String::from_utf8_lossy(&octets).into_owned())
        .unwrap_or_default()
}

fn tail(log: &str) -> String {
    let (lines, characters) = TAIL;
    let skipped = log.lines().count().saturating_sub(lines);
    let cut = |line: &str| line.chars().take(characters).collect::<String>();
    log.lines().skip(skipped).map(cut).collect::<Vec<_>>().join("\n")
}

/// Where the logs of the daemons running now are.
fn logs() -> std::sync::MutexGuard<'static, Vec<(&'static str, PathBuf)>> {
    static LOGS: Mutex<Vec<(&str, PathBuf)>> = Mutex::new(Vec::new());
    LOGS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The ends of the logs of all daemons running now: what a failed test shows.
pub fn kept_logs() -> String {
    let mut text = String::new();
    for (name, path) in logs().iter() {
        text.push_str(&format!(
            "\n---- the last of the log of {name} ----\n{}\n",
            tail(&read_lossy(path))
        ));
    }
    text
}

/// A port that nothing on the loopback interface uses, of UDP or TCP, IPv4 or IPv6, and that this process has not
/// been given before. It lies below the range from which systems give ports to clients, so that none of their
/// sockets takes it in the time until a daemon binds it.
pub fn free_port() -> u16 {
    const FIRST: u16 = 20_000;
    const COUNT: u16 = 12_000;
    static GIVEN: OnceLock<Mutex<HashSet<u16>>> = OnceLock::new();
    let mut given = GIVEN
        .get_or_init(Mutex::default)
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    // Test processes that run side by side begin their search apart.
    let start = (std::process::id().wrapping_mul(613) % u32::from(COUNT)) as u16;
    (0..COUNT)
        .map(|step| FIRST + (start + step) % COUNT)
        .find(|port| is_free(*port) && given.insert(*port))
        .expect("one of 12,000 ports is free")
}

fn is_free(port: u16) -> bool {
    let v4 = (Ipv4Addr::LOCALHOST, port);
    let v6 = (Ipv6Addr::LOCALHOST, port);
    UdpSocket::bind(v4).is_ok()
        && TcpListener::bind(v4).is_ok()
        && (!has_ipv6() || UdpSocket::bind(v6).is_ok() && TcpListener::bind(v6).is_ok())
}

/// Whether this host has ::1.
pub(super) fn has_ipv6() -> bool {
    UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)).is_ok()
}

/// A command that ended, and what it printed.
#[derive(Debug)]
pub struct Finished {
    /// How it ended.
    pub status: ExitStatus,
    /// What it printed.
    pub stdout: String,
    /// What it printed for people.
    pub stderr: String,
    /// How long it ran.
    pub took: Duration,
}

impl Finished {
    /// The exit code; -1 when a signal ended it.
    pub fn code(&self) -> i32 {
        self.status.code().unwrap_or(-1)
    }
}

/// Runs `command` to its end with `input` on its standard input.
///
/// # Panics
/// When it cannot be started, or has not ended after `limit`; it is killed then.
pub fn run(command: &mut Command, input: &[u8], limit: Duration) -> Finished {
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let (mut stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        // Each pipe has its thread: a command may print more than a pipe holds before it has read its input.
        scope.spawn(move || {
            if let Some(mut pipe) = stdin.take() {
                // A command need not read its input to the end.
                let _ = pipe.write_all(input);
            }
        });
        let stdout = scope.spawn(|| read_all(stdout));
        let stderr = scope.spawn(|| read_all(stderr));
        let status = loop {
            match child.try_wait() {
                Ok(Some(status)) => break Some(status),
                Ok(None) if start.elapsed() <= limit => thread::sleep(Duration::from_millis(1)),
                _ => {
                    let _ = child.kill();
                    let _ = child.wait();
                    break None;
                }
            }
        };
        let stdout = stdout.join().expect("reading a pipe does not panic");
        let stderr = stderr.join().expect("reading a pipe does not panic");
        match status {
            Some(status) => Finished {
                status,
                stdout,
                stderr,
                took: start.elapsed(),
            },
            None => panic!("{command:?} has not ended after {limit:?}; it printed\n{stdout}\n{stderr}"),
        }
    })
}

fn read_all(pipe: Option<impl Read>) -> String {
    let mut octets = Vec::new();
    if let Some(mut pipe) = pipe {
        // What came before an error is still worth showing.
        let _ = pipe.read_to_end(&mut octets);
    }
    String::from_utf8_lossy(&octets).into_owned()
}

/// Runs the program under test with these arguments, and without the environment variables that steer it.
pub fn radius(arguments: &[&str]) -> Finished {
    let mut command = Command::new(env!("CARGO_BIN_EXE_radius"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("RADIUS_") {
            command.env_remove(name);
        }
    }
    run(command.args(arguments), b"", Duration::from_secs(20))
}
