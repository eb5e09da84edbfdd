//! One run of the program: its arguments and surroundings, and what came of it as one text that can be compared.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use regex_lite::Regex;
use serde_json::Value;
use snapbox::{Assert, Data};
use tempfile::TempDir;

use crate::schema;
use crate::server::Server;

/// A run takes no longer than this, whatever happens.
const LIMIT: Duration = Duration::from_secs(60);

/// A run that is being prepared.
pub struct Run {
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    input: Vec<u8>,
    directory: TempDir,
    ports: Vec<(u16, &'static str)>,
}

/// A run of the program with these arguments.
pub fn radius<const N: usize>(arguments: [&str; N]) -> Run {
    Run {
        arguments: arguments.map(str::to_owned).to_vec(),
        environment: vec![("RADIUS_SECRET".into(), crate::server::SECRET.into())],
        input: Vec::new(),
        directory: tempfile::tempdir().unwrap(),
        ports: Vec::new(),
    }
}

impl Run {
    /// With more arguments.
    pub fn args<const N: usize>(mut self, arguments: [&str; N]) -> Run {
        self.arguments.extend(arguments.map(str::to_owned));
        self
    }

    /// With a server for HOST, whose port prints as `PORT`.
    pub fn ask(self, server: &Server) -> Run {
        let host = server.host();
        self.with_port(server.address.port(), "PORT")
            .args([host.as_str()])
    }

    /// Knowing a port that prints under this name.
    pub fn with_port(mut self, port: u16, name: &'static str) -> Run {
        self.ports.push((port, name));
        self
    }

    /// With an identifier and an authenticator that do not change from run to run.
    pub fn fixed(self) -> Run {
        self.args(["--id", "5", "--authenticator", "000102030405060708090a0b0c0d0e0f"])
    }

    /// With one very short wait for the reply that does not come.
    pub fn hasty(self) -> Run {
        self.args(["-t", "100ms", "-r", "1", "--backoff", "1", "--jitter", "0"])
    }

    pub fn env(mut self, name: &str, value: &str) -> Run {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Without the shared secret that runs have in their environment.
    pub fn without_secret(mut self) -> Run {
        self.environment.retain(|(known, _)| known != "RADIUS_SECRET");
        self
    }

    pub fn stdin(mut self, input: impl Into<Vec<u8>>) -> Run {
        self.input = input.into();
        self
    }

    /// With a file in its directory.
    pub fn file(self, name: &str, text: impl AsRef<[u8]>) -> Run {
        fs::write(self.directory.path().join(name), text).unwrap();
        self
    }

    fn spawn(&self) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_radius"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("RADIUS_") {
                command.env_remove(name);
            }
        }
        command
            .args(&self.arguments)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            // The width that help is folded to, and no colours whoever runs the tests.
            .env("COLUMNS", "100")
            .env("TZ", "UTC")
            .env_remove("CLICOLOR_FORCE")
            .current_dir(self.directory.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.spawn().unwrap()
    }

    /// Runs it to its end.
    pub fn run(self) -> Transcript {
        let mut child = self.spawn();
        let mut stdin = child.stdin.take().unwrap();
        let input = self.input.clone();
        thread::spawn(move || {
            // The program may have ended without reading all of it.
            let _ = stdin.write_all(&input);
        });
        self.end(child)
    }

    /// Runs it until its standard output has had a line with `text`, then does something to it.
    pub fn until(
        self,
        text: &str,
        then: impl FnOnce(&mut Child, BufReader<std::process::ChildStdout>),
    ) -> Transcript {
        let mut child = self.spawn();
        drop(child.stdin.take());
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains(text) {
            line.clear();
            assert_ne!(
                stdout.read_line(&mut line).unwrap(),
                0,
                "it ended before it printed {text}"
            );
        }
        then(&mut child, stdout);
        self.end(child)
    }

    /// Runs it, waits until `ready` says so, sends it SIGINT, and lets it end.
    pub fn interrupted_when(self, ready: impl Fn() -> bool) -> Transcript {
        let child = self.spawn();
        let started = Instant::now();
        while !ready() {
            assert!(started.elapsed() < LIMIT, "it never came so far");
            thread::sleep(Duration::from_millis(5));
        }
        interrupt(&child);
        self.end(child)
    }

    fn end(&self, mut child: Child) -> Transcript {
        let stdout = child.stdout.take().map(read_all);
        let stderr = child.stderr.take().map(read_all);
        let started = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if started.elapsed() > LIMIT {
                child.kill().unwrap();
                panic!("{:?} has not ended", self.arguments);
            }
            thread::sleep(Duration::from_millis(2));
        };
        let text = |reader: Option<thread::JoinHandle<Vec<u8>>>| {
            String::from_utf8(reader.map(|reader| reader.join().unwrap()).unwrap_or_default()).unwrap()
        };
        let transcript = Transcript {
            stdout: text(stdout),
            stderr: text(stderr),
            code: status.code(),
            ports: self.ports.clone(),
            directory: self.directory.path().to_string_lossy().into_owned(),
        };
        if self
            .arguments
            .iter()
            .any(|argument| matches!(argument.as_str(), "--json" | "json" | "ndjson"))
        {
            transcript.json().iter().for_each(schema::validate);
        }
        transcript
    }
}

/// Sends a process SIGINT, as Ctrl-C does.
pub fn interrupt(child: &Child) {
    let status = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(status.unwrap().success());
}

fn read_all(mut from: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut octets = Vec::new();
        from.read_to_end(&mut octets).unwrap();
        octets
    })
}

/// What came of a run.
pub struct Transcript {
    pub stdout: String,
    pub stderr: String,
    pub code: Option<i32>,
    ports: Vec<(u16, &'static str)>,
    directory: String,
}

impl Transcript {
    /// Both streams and the exit code, with a word in the place of all that differs from run to run.
    pub fn text(&self) -> String {
        let mut text = self.stdout.clone();
        if !self.stderr.is_empty() {
            text.push_str("--- stderr\n");
            text.push_str(&self.stderr);
        }
        match self.code {
            Some(code) => text.push_str(&format!("--- exit {code}\n")),
            None => text.push_str("--- killed\n"),
        }
        self.redacted(&text)
    }

    fn redacted(&self, text: &str) -> String {
        let mut text = text.replace(&self.directory, "DIR");
        for (port, name) in &self.ports {
            text = text.replace(&format!(":{port}"), &format!(":{name}"));
            text = text.replace(&format!(" {port} "), &format!(" {name} "));
        }
        for (pattern, replacement) in [
            (r"\b\d+\.\d{3} ms", "# ms"),
            (r"\bin \d+ ms", "in # s"),
            (r"\bin \d+\.\d s", "in # s"),
            (r"\bcame \d+ ms after", "came # ms after"),
            (r"\bin \d+\.\d{3} s, [\d.]+ replies/s", "in # s, # replies/s"),
            (r#""rtt_ms": ?[0-9.e-]+"#, r#""rtt_ms": #"#),
        ] {
            text = Regex::new(pattern)
                .unwrap()
                .replace_all(&text, replacement)
                .into_owned();
        }
        text
    }

    /// Compares it with what is expected, as one text.
    #[track_caller]
    pub fn is(&self, expected: impl Into<Data>) -> &Transcript {
        Assert::new()
            .action_env("SNAPSHOTS")
            .eq(self.text(), expected.into().raw());
        self
    }

    /// Every JSON value on standard output, in its order.
    pub fn json(&self) -> Vec<Value> {
        let values = serde_json::Deserializer::from_str(&self.stdout).into_iter();
        values
            .map(|value| value.unwrap_or_else(|error| panic!("{error} in\n{}", self.stdout)))
            .collect()
    }

    /// The one JSON value on standard output.
    pub fn one_json(&self) -> Value {
        let values = self.json();
        assert_eq!(values.len(), 1, "{}", self.stdout);
        values[0].clone()
    }

    /// Checks the exit code alone.
    #[track_caller]
    pub fn exits(&self, code: i32) -> &Transcript {
        assert_eq!(self.code, Some(code), "{}", self.text());
        self
    }

    /// Checks that a text is nowhere in what was printed.
    #[track_caller]
    pub fn lacks(&self, text: &str) -> &Transcript {
        assert!(
            !self.stdout.contains(text) && !self.stderr.contains(text),
            "{}",
            self.text()
        );
        self
    }

    /// Checks that a text is somewhere in what was printed.
    #[track_caller]
    pub fn has(&self, text: &str) -> &Transcript {
        assert!(self.text().contains(text), "no `{text}` in\n{}", self.text());
        self
    }
}
