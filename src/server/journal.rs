//! The accounting log: no record is acknowledged before it is on the disk (RFC 2866 §2), and many go with one sync.
//!
//! ```text
//!  Accounting-Request ─▶ put ─▶ ┌ all that wait ─ one write ─ one sync ┐ ─▶ their Accounting-Responses
//!                               └ it fails: cut off what was written ──┘ ─▶ none of them, and clients ask again
//! ```
//!
//! A log that ends within a record lost power or was killed while writing; nobody was told that this record is
//! stored, so that it is cut off at the start. A client that asked before the end and asks again after it is told
//! that its record is stored without storing it twice: the records at the end of the log are remembered for a while.
//!
//! How a record is written is [`Records`]' business.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::net::SocketAddr;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant, SystemTime};

use super::Shared;
use super::desk::Desk;
use super::event::{Event, Sink};
use super::post::{Post, Way};
use crate::codec::{Authenticator, Packet};
use crate::net::clock;
use crate::responder::{Deed, Pending};

/// The most requests that wait for the disk; beyond it they get no answer, and their clients ask again.
const WAITING: usize = 16_384;
/// The most records of one sync.
const TOGETHER: usize = 4096;
/// How much of the end of a log is read at the start.
const TAIL: u64 = 8 << 20;
/// How long the records at the end of the log are remembered: longer than any client asks again.
const REMEMBERED: Duration = Duration::from_secs(300);

/// How records are written, and found again.
pub trait Records: Send + Sync {
    /// Appends a record, whole.
    fn write(&self, record: &Record<'_>, out: &mut Vec<u8>);

    /// How many octets of the end of a log are whole records, counted from the first of them; what follows is a
    /// record that was cut.
    fn whole(&self, tail: &[u8]) -> usize;

    /// The requests whose records stand in these whole records.
    fn stored(&self, tail: &[u8]) -> Vec<Stored>;
}

/// An Accounting-Request that is to be stored.
#[derive(Debug)]
pub struct Record<'a> {
    /// When it came.
    pub at: SystemTime,
    /// From where.
    pub source: SocketAddr,
    /// What the client is called.
    pub client: &'a str,
    /// The request, found authentic.
    pub packet: Packet<'a>,
}

/// What tells one stored request from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stored {
    /// From where it came.
    pub source: SocketAddr,
    /// Its Identifier.
    pub identifier: u8,
    /// Its Request Authenticator: a digest over all of it.
    pub authenticator: Authenticator,
}

impl Stored {
    /// What tells this request from others.
    pub fn of(source: SocketAddr, packet: &Packet<'_>) -> Stored {
        Stored {
            source,
            identifier: packet.identifier(),
            authenticator: *packet.authenticator(),
        }
    }
}

/// A request that waits, and the way back to whoever asked.
pub(super) struct Entry {
    pub(super) pending: Box<Pending>,
    pub(super) way: Way,
    pub(super) at: SystemTime,
}

/// The thread that writes, as others see it.
pub(super) struct Journal {
    sender: SyncSender<Order>,
}

enum Order {
    Store(Entry),
    Reopen,
    End,
}

impl Journal {
    pub(super) fn new() -> (Journal, Orders) {
        let (sender, receiver) = sync_channel(WAITING);
        (Journal { sender }, Orders(receiver))
    }

    /// Has a record stored; gives it back if too many wait.
    pub(super) fn put(&self, entry: Entry) -> Result<(), Box<Entry>> {
        match self.sender.try_send(Order::Store(entry)) {
            Err(
                TrySendError::Full(Order::Store(entry)) | TrySendError::Disconnected(Order::Store(entry)),
            ) => Err(Box::new(entry)),
            _ => Ok(()),
        }
    }

    /// Has the log opened anew, under its name: whoever rotates logs moved the old one away.
    pub(super) fn reopen(&self) {
        let _ = self.sender.send(Order::Reopen);
    }

    /// Has all that waits stored, and the thread end.
    pub(super) fn end(&self) {
        let _ = self.sender.send(Order::End);
    }
}

/// What the thread is told.
pub(super) struct Orders(Receiver<Order>);

/// The log file.
pub(super) struct Log {
    path: PathBuf,
    records: Arc<dyn Records>,
    file: File,
    regular: bool,
    /// How many octets of the file are whole records.
    length: u64,
    /// What was stored before we began, and until when that matters.
    before: HashSet<Stored>,
    until: Instant,
    /// How many octets of a record that was cut were cut off.
    pub(super) torn: u64,
}

impl Log {
    /// Opens the log, which must not be open in another process, and cuts off a record that was cut.
    pub(super) fn open(path: &Path, records: Arc<dyn Records>) -> io::Result<Log> {
        let file = open(path)?;
        let mut log = Log {
            path: path.to_owned(),
            records,
            file,
            regular: true,
            length: 0,
            before: HashSet::new(),
            until: clock::now() + REMEMBERED,
            torn: 0,
        };
        log.recognise()?;
        Ok(log)
    }

    /// Reads the end of the file.
    fn recognise(&mut self) -> io::Result<()> {
        let metadata = self.file.metadata()?;
        // A device or a pipe has no end to read, and nothing to sync.
        self.regular = metadata.is_file();
        if !self.regular {
            self.length = 0;
            return Ok(());
        }
        let length = metadata.len();
        let start = length.saturating_sub(TAIL);
        self.file.seek(SeekFrom::Start(start))?;
        let mut tail = Vec::new();
        (&self.file).take(TAIL).read_to_end(&mut tail)?;
        let whole = self.records.whole(&tail);
        self.torn = (tail.len() - whole) as u64;
        self.length = length - self.torn;
        if self.torn > 0 {
            self.file.set_len(self.length)?;
            self.file.sync_data()?;
        }
        let stored = self.records.stored(tail.get(..whole).unwrap_or(&tail));
        self.before.extend(stored);
        Ok(())
    }

    /// Opens the file that has the log's name now; nothing to do where it is still the same, which its own lock would
    /// keep us out of.
    fn reopen(&mut self) -> io::Result<()> {
        if self.regular && is_same(&self.file, &self.path)? {
            return Ok(());
        }
        self.file = open(&self.path)?;
        self.recognise()
    }

    /// Whether the record was stored before the server began.
    fn is_stored(&mut self, stored: &Stored) -> bool {
        if !self.before.is_empty() && clock::now() > self.until {
            self.before = HashSet::new();
        }
        self.before.contains(stored)
    }

    /// Writes and syncs. What fails leaves the file as it was.
    fn store(&mut self, octets: &[u8]) -> io::Result<()> {
        if octets.is_empty() {
            return Ok(());
        }
        let written = self.file.write_all(octets).and_then(|()| {
            if self.regular {
                self.file.sync_data()
            } else {
                Ok(())
            }
        });
        match written {
            Ok(()) => {
                self.length += octets.len() as u64;
                Ok(())
            }
            Err(error) => {
                // Nobody is told that these are stored, so that they may go; if not, the start of the next run finds
                // the one that is cut.
                let _ = self.file.set_len(self.length);
                Err(error)
            }
        }
    }
}

/// Whether the name still leads to the open file.
fn is_same(file: &File, path: &Path) -> io::Result<bool> {
    let named = match path.metadata() {
        Ok(named) => named,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let own = file.metadata()?;
    Ok(own.dev() == named.dev() && own.ino() == named.ino())
}

fn open(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .create(true)
        .append(true)
        .read(true)
        .open(path)?;
    // Two writers would cut each other's records.
    match file.try_lock() {
        Ok(()) | Err(std::fs::TryLockError::Error(_)) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(io::ErrorKind::ResourceBusy.into()),
    }
}

/// The thread.
pub(super) fn run(shared: &Arc<Shared>, mut log: Log, orders: &Orders, sink: &mut dyn Sink) {
    let mut desk = Desk::new(shared, shared.tally());
    let (mut post, mut works) = (Post::new(), true);
    let mut batch: Vec<Entry> = Vec::new();
    let mut octets = Vec::new();
    loop {
        let mut order = orders.0.recv().ok();
        let (mut reopen, mut end) = (false, order.is_none());
        while let Some(next) = order.take() {
            match next {
                Order::Store(entry) => batch.push(entry),
                Order::Reopen => reopen = true,
                Order::End => end = true,
            }
            if batch.len() < TOGETHER {
                order = orders.0.try_recv().ok();
            }
        }
        octets.clear();
        for entry in &batch {
            let Some(packet) = entry.pending.packet() else {
                continue;
            };
            if !log.is_stored(&Stored::of(entry.pending.source, &packet)) {
                let record = Record {
                    at: entry.at,
                    source: entry.pending.source,
                    client: &entry.pending.client.name,
                    packet,
                };
                log.records.write(&record, &mut octets);
            }
        }
        let stored = log.store(&octets);
        report(&stored, &mut works, sink);
        for entry in batch.drain(..) {
            desk.settle(&entry, &mut post, sink, |shared, pending, moment| match &stored {
                Ok(()) => shared.responder.recorded(pending, moment),
                Err(_) => (shared.responder.unrecorded(pending), Deed::Nothing),
            });
        }
        if let Err(error) = post.flush() {
            sink.event(&Event::NotSent(&error));
        }
        if reopen {
            match log.reopen() {
                Ok(()) => sink.event(&Event::LogReopened),
                Err(error) => sink.event(&Event::LogFailed(&error)),
            }
        }
        sink.flush();
        if end {
            return;
        }
    }
}

/// Tells of a log that stops working or works again, once each.
fn report(stored: &io::Result<()>, works: &mut bool, sink: &mut dyn Sink) {
    match stored {
        Err(error) if *works => sink.event(&Event::LogFailed(error)),
        Ok(()) if !*works => sink.event(&Event::LogWorks),
        _ => {}
    }
    *works = stored.is_ok();
}
