//! The secrets of TLS connections as programs log them: SSLKEYLOGFILE (RFC 9850). Each line is a label, the random of
//! the ClientHello that it belongs to, and a secret, the last two in hexadecimal.
//!
//! A log that still grows is read on when a secret is missed.

use std::collections::HashMap;
use std::io::{self, Read};

use crate::codec::hex;

/// The random of a ClientHello, by which a connection is found.
pub type ClientRandom = [u8; 32];

/// The most connections whose secrets are kept.
const MOST: usize = 65_536;
/// The longest line that is read, in octets: far more than any label and secret have.
const MAX_LINE: usize = 4096;
/// The length of a master secret, in octets (RFC 5246 §8.1).
const MASTER: usize = 48;
/// The lengths of traffic secrets, in octets: what SHA-256 and SHA-384 give.
const TRAFFIC: [usize; 2] = [32, 48];

/// The secrets of one connection, as far as the log has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secrets {
    /// The master secret of TLS 1.2.
    pub(super) master: Option<Vec<u8>>,
    /// What protects the handshake of TLS 1.3, from the client and from the server.
    pub(super) handshake: [Option<Vec<u8>>; 2],
    /// What protects the first application data of TLS 1.3, from the client and from the server.
    pub(super) traffic: [Option<Vec<u8>>; 2],
}

/// A log of secrets.
#[derive(Default)]
pub struct KeyLog {
    connections: HashMap<ClientRandom, Secrets>,
    source: Option<Box<dyn Read + Send>>,
    /// A line whose end has not come yet.
    unfinished: Vec<u8>,
    lines: u64,
    secrets: u64,
    /// Whether there is a log at all.
    open: bool,
}

/// A line that means nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyLogError {
    /// Its number, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub kind: KeyLogErrorKind,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyLogErrorKind {
    /// It is not a label, a client random and a secret.
    Shape,
    /// The client random is not 64 hexadecimal digits.
    ClientRandom,
    /// The secret is not hexadecimal, or of a length that no secret has.
    Secret,
}

/// Why a log cannot be read.
#[derive(Debug)]
pub enum Unreadable {
    /// A line means nothing.
    Line(KeyLogError),
    /// The file cannot be read.
    Io(io::Error),
}

impl From<KeyLogError> for Unreadable {
    fn from(error: KeyLogError) -> Unreadable {
        Unreadable::Line(error)
    }
}

impl KeyLog {
    /// Reads a log to its present end. What is appended later is read when a secret is missed.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or a line that means nothing.
    pub fn open(source: Box<dyn Read + Send>) -> Result<KeyLog, Unreadable> {
        let mut log = KeyLog {
            source: Some(source),
            open: true,
            ..KeyLog::default()
        };
        log.read_on()?;
        // The last line of a file may lack its end. One that is still being written is no fault, and is read again when
        // it is whole.
        let rest = log.unfinished.clone();
        let _ = log.line(&rest);
        log.lines -= 1;
        Ok(log)
    }

    /// Takes secrets that a capture brought with it. Lines that mean nothing are passed over there.
    pub fn add(&mut self, text: &[u8]) {
        self.open = true;
        for line in text.split(|octet| *octet == b'\n') {
            let _ = self.line(line);
        }
    }

    /// How many secrets it has had.
    pub fn len(&self) -> u64 {
        self.secrets
    }

    /// Whether it has had no secret.
    pub fn is_empty(&self) -> bool {
        self.secrets == 0
    }

    /// Whether there is a log at all, be it empty.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// The secrets of a connection that have what `wanted` looks for; the log is read on where they do not.
    pub(super) fn find<T>(
        &mut self,
        connection: &ClientRandom,
        wanted: impl Fn(&Secrets) -> Option<T>,
    ) -> Option<T> {
        if let Some(found) = self.connections.get(connection).and_then(&wanted) {
            return Some(found);
        }
        // A fault in what came later is left to the next run, which says it.
        let _ = self.read_on();
        self.connections.get(connection).and_then(wanted)
    }

    fn read_on(&mut self) -> Result<(), Unreadable> {
        let Some(mut source) = self.source.take() else {
            return Ok(());
        };
        let mut buffer = vec![0; 64 * 1024];
        let ended = loop {
            match source.read(&mut buffer) {
                Ok(0) => break Ok(()),
                Ok(count) => {
                    if let Err(error) = self.take(buffer.get(..count).unwrap_or(&[])) {
                        break Err(error.into());
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Err(Unreadable::Io(error)),
            }
        };
        self.source = Some(source);
        ended
    }

    fn take(&mut self, octets: &[u8]) -> Result<(), KeyLogError> {
        let mut pieces = octets.split(|octet| *octet == b'\n');
        let last = pieces.next_back().unwrap_or(&[]);
        for piece in pieces {
            let mut line = std::mem::take(&mut self.unfinished);
            line.extend_from_slice(piece);
            self.line(&line)?;
        }
        self.unfinished.extend_from_slice(last);
        if self.unfinished.len() > MAX_LINE {
            return Err(KeyLogError {
                line: self.lines + 1,
                kind: KeyLogErrorKind::Shape,
            });
        }
        Ok(())
    }

    fn line(&mut self, line: &[u8]) -> Result<(), KeyLogError> {
        self.lines += 1;
        let wrong = |kind| KeyLogError {
            line: self.lines,
            kind,
        };
        let line = line.trim_ascii();
        if line.is_empty() || line.starts_with(b"#") {
            return Ok(());
        }
        let text = std::str::from_utf8(line).map_err(|_| wrong(KeyLogErrorKind::Shape))?;
        let mut words = text.split_ascii_whitespace();
        let (Some(label), Some(random), Some(secret), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(wrong(KeyLogErrorKind::Shape));
        };
        let random = hex::decode(random)
            .ok()
            .and_then(|random| ClientRandom::try_from(random).ok());
        let secret = hex::decode(secret).ok().filter(|secret| match label {
            "CLIENT_RANDOM" => secret.len() == MASTER,
            _ => TRAFFIC.contains(&secret.len()),
        });
        let is_ours = matches!(
            label,
            "CLIENT_RANDOM"
                | "CLIENT_HANDSHAKE_TRAFFIC_SECRET"
                | "SERVER_HANDSHAKE_TRAFFIC_SECRET"
                | "CLIENT_TRAFFIC_SECRET_0"
                | "SERVER_TRAFFIC_SECRET_0"
        );
        if !is_ours {
            // Exporters, early data, and what else there may be: not needed here.
            return Ok(());
        }
        let random = random.ok_or_else(|| wrong(KeyLogErrorKind::ClientRandom))?;
        let secret = secret.ok_or_else(|| wrong(KeyLogErrorKind::Secret))?;
        if self.connections.len() >= MOST && !self.connections.contains_key(&random) {
            return Ok(());
        }
        self.secrets += 1;
        let known = self.connections.entry(random).or_default();
        let place = match label {
            "CLIENT_RANDOM" => &mut known.master,
            "CLIENT_HANDSHAKE_TRAFFIC_SECRET" => &mut known.handshake[0],
            "SERVER_HANDSHAKE_TRAFFIC_SECRET" => &mut known.handshake[1],
            "CLIENT_TRAFFIC_SECRET_0" => &mut known.traffic[0],
            _ => &mut known.traffic[1],
        };
        *place = Some(secret);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn line(label: &str, random: u8, secret: &str) -> String {
        format!("{label} {} {secret}\n", format!("{random:02x}").repeat(32))
    }

    fn open(text: &str) -> Result<KeyLog, Unreadable> {
        KeyLog::open(Box::new(io::Cursor::new(text.to_owned().into_bytes())))
    }

    #[test]
    fn secrets_are_found_by_the_client_random() {
        let text = format!(
            "# written by a test\n\n{}{}{}",
            line("CLIENT_RANDOM", 1, &"ab".repeat(48)),
            line("EXPORTER_SECRET", 1, "00"),
            line("SERVER_TRAFFIC_SECRET_0", 2, &"cd".repeat(32)).trim_end()
        );
        let mut log = open(&text).unwrap();
        assert_eq!(log.len(), 2);
        let master = log.find(&[1; 32], |secrets| secrets.master.clone());
        assert_eq!(master, Some(vec![0xab; 48]));
        let traffic = log.find(&[2; 32], |secrets| secrets.traffic[1].clone());
        assert_eq!(traffic, Some(vec![0xcd; 32]));
        assert_eq!(log.find(&[3; 32], |_| Some(())), None);
    }

    #[test]
    fn a_line_that_means_nothing_is_named() {
        let fault = |text: &str| match open(text) {
            Err(Unreadable::Line(error)) => (error.line, error.kind),
            _ => panic!("{text:?} is no fault"),
        };
        assert_eq!(fault("# one\nhello\n"), (2, KeyLogErrorKind::Shape));
        assert_eq!(fault("\u{0}\u{1}\n"), (1, KeyLogErrorKind::Shape));
        assert_eq!(fault("CLIENT_RANDOM 00 00\n"), (1, KeyLogErrorKind::ClientRandom));
        let odd = line("CLIENT_RANDOM", 1, "0");
        assert_eq!(fault(&odd), (1, KeyLogErrorKind::Secret));
    }

    #[test]
    fn what_is_appended_later_is_read_when_it_is_missed() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let whole = line("CLIENT_RANDOM", 1, &"ab".repeat(48));
        let (now, later) = whole.split_at(50);
        file.write_all(now.as_bytes()).unwrap();
        let mut log = KeyLog::open(Box::new(file.reopen().unwrap())).unwrap();
        assert_eq!(log.find(&[1; 32], |secrets| secrets.master.clone()), None);
        file.write_all(later.as_bytes()).unwrap();
        assert!(log.find(&[1; 32], |secrets| secrets.master.clone()).is_some());
    }
}
