//! TLS as it passes, opened with the secrets that one side logged.
//!
//! ```text
//! octets of a direction ─ border ─▶ records ─┬─ in clear: Hellos say version, suite, randoms
//!                                            ├─ ChangeCipherSpec (1.2), or the ServerHello (1.3): keys from the log
//!                                            └─ protected: opened, counted; Finished and KeyUpdate change the keys (1.3)
//! ```
//!
//! TLS 1.2 and 1.3 with AEAD cipher suites. Verifies no certificate and no Finished: it only looks on.

mod border;
mod hello;
pub mod keylog;
mod keys;
#[cfg(test)]
mod tests;

pub(in crate::trace) use self::border::begins_a_record;
use self::border::{APPLICATION_DATA, Border, CHANGE_CIPHER_SPEC, HANDSHAKE, Next, Record};
use self::hello::{ServerHello, TLS_1_2, TLS_1_3};
use self::keylog::{ClientRandom, KeyLog};
pub use self::keys::Suite;
use self::keys::{Keys, updated};

/// The longest handshake message that is put together, in octets; longer ones are passed over.
const MAX_MESSAGE: usize = 1 << 17;
/// How many sequence numbers are tried for the record after a gap.
const MOST_SKIPPED: u64 = 256;
/// The most records of a handshake that are passed over where only the secrets behind it are known.
const MOST_OF_A_HANDSHAKE: u32 = 16;

/// Why a connection, or a record of it, cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locked {
    /// There is no log of secrets.
    NoKeyLog,
    /// The log has no secret of this connection.
    NoSecret(ClientRandom),
    /// Its Hellos were not captured, so that nobody can say which secret is its.
    NoHandshake,
    /// A version of TLS that is not opened; its number on the wire.
    Version(u16),
    /// A cipher suite that is not opened.
    Suite(Suite),
    /// The keys do not open a record.
    Record,
    /// DTLS, which is not opened.
    Dtls,
}

/// What a direction turns out to say.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Clear<'a> {
    /// Application data.
    Octets(&'a [u8]),
    /// A record that cannot be opened; how many octets it may hold.
    Closed(u64),
    /// Why nothing is opened from here on; said once for a connection.
    Locked(Locked),
}

/// One connection.
#[derive(Default)]
pub(super) struct Connection {
    client_random: Option<ClientRandom>,
    /// Which side sent the ClientHello.
    client: Option<usize>,
    /// Whether the client offers early data, which nothing here opens.
    early_data: bool,
    server: Option<ServerHello>,
    /// The application protocol that was agreed on; `None` where that was not seen.
    protocol: Option<Vec<u8>>,
    sides: [Side; 2],
    said: bool,
}

#[derive(Default)]
struct Side {
    border: Border,
    /// Handshake messages of which the end has not come.
    messages: Vec<u8>,
    /// Whether records are protected from now on (TLS 1.2 after ChangeCipherSpec).
    changed: bool,
    keys: Option<Keys>,
    /// The traffic secret of TLS 1.3 that `keys` were made of.
    secret: Vec<u8>,
    /// Whether its Finished was seen (TLS 1.3).
    finished: bool,
    /// Whether those keys are for application data (TLS 1.3).
    established: bool,
    sequence: u64,
    /// Whether there may have been more records than were counted.
    uncertain: bool,
    /// How many more records may belong to a handshake that cannot be opened.
    skipping: u32,
}

impl Connection {
    /// The application protocol, as far as it was seen.
    pub(super) fn protocol(&self) -> Option<&[u8]> {
        self.protocol.as_deref()
    }

    /// Takes octets of one side, 0 or 1.
    pub(super) fn put(
        &mut self,
        side: usize,
        octets: &[u8],
        log: &mut KeyLog,
        take: &mut dyn FnMut(&Connection, Clear<'_>),
    ) {
        let Some(mut border) = self.take_border(side) else {
            return;
        };
        border.push(octets);
        loop {
            match border.next() {
                Next::Record(record) => self.record(side, &record, log, take),
                Next::NotTls => {
                    self.side(side).uncertain = true;
                    take(self, Clear::Closed(octets.len() as u64));
                }
                Next::Wait => break,
            }
        }
        self.side(side).border = border;
    }

    /// So many octets of one side were not captured.
    pub(super) fn gap(&mut self, side: usize, octets: u64, take: &mut dyn FnMut(&Connection, Clear<'_>)) {
        let state = self.side(side);
        match state.border.gap(octets) {
            Some(records) if state.is_protected() => state.sequence += records,
            _ => state.uncertain = true,
        }
        state.messages.clear();
        take(self, Clear::Closed(octets));
    }

    fn take_border(&mut self, side: usize) -> Option<Border> {
        self.sides
            .get_mut(side)
            .map(|side| std::mem::take(&mut side.border))
    }

    fn side(&mut self, side: usize) -> &mut Side {
        &mut self.sides[side & 1]
    }

    fn version(&self) -> Option<u16> {
        self.server.as_ref().map(|server| server.version)
    }

    fn record(
        &mut self,
        side: usize,
        record: &Record<'_>,
        log: &mut KeyLog,
        take: &mut dyn FnMut(&Connection, Clear<'_>),
    ) {
        let kind = record.kind();
        let changed = match self.version() {
            Some(TLS_1_3) => false,
            Some(_) => self.side(side).changed,
            // One between two ClientHellos means nothing either (RFC 8446 §D.4).
            None => self.side(side).changed && self.client_random.is_none(),
        };
        let protected = changed || kind == APPLICATION_DATA;
        if protected {
            return self.protected(side, record, log, take);
        }
        match kind {
            HANDSHAKE => self.handshake(side, record.fragment, log),
            // That of TLS 1.3 means nothing (RFC 8446 §D.4).
            CHANGE_CIPHER_SPEC if self.version() != Some(TLS_1_3) => {
                let state = self.side(side);
                (state.changed, state.keys, state.sequence) = (true, None, 0);
                state.messages.clear();
            }
            _ => {}
        }
    }

    fn protected(
        &mut self,
        side: usize,
        record: &Record<'_>,
        log: &mut KeyLog,
        take: &mut dyn FnMut(&Connection, Clear<'_>),
    ) {
        let length = record.fragment.len() as u64;
        if self.side(side).keys.is_none()
            && let Err(locked) = self.find_keys(side, log)
        {
            let state = self.side(side);
            (state.sequence, state.uncertain) = (state.sequence + 1, true);
            if !std::mem::replace(&mut self.said, true) {
                take(self, Clear::Locked(locked));
            }
            return take(self, Clear::Closed(length));
        }
        let mut buffer = Vec::new();
        let opened = self
            .side(side)
            .open(record, &mut buffer)
            .or_else(|| self.open_with_next_keys(side, record, log));
        match opened {
            Some((APPLICATION_DATA, clear)) => take(self, Clear::Octets(&clear)),
            Some((HANDSHAKE, messages)) => self.handshake(side, &messages, log),
            Some(_) => {}
            None => {
                if !self.may_be_of_the_handshake(side) {
                    self.side(side).sequence += 1;
                    if !std::mem::replace(&mut self.said, true) {
                        take(self, Clear::Locked(Locked::Record));
                    }
                }
                take(self, Clear::Closed(length));
            }
        }
    }

    /// Whether a record that is not opened can be one that the keys at hand are not for, and do not count: of early
    /// data, or of a handshake whose secrets the log lacks.
    fn may_be_of_the_handshake(&mut self, side: usize) -> bool {
        let early = self.early_data && self.client == Some(side);
        let state = self.side(side);
        if state.skipping > 0 {
            state.skipping -= 1;
            return true;
        }
        early && state.keys.as_ref().is_some_and(Keys::hide_the_type) && !state.finished && !state.established
    }

    /// TLS 1.3: the log may lack the secrets of the handshake, or its end may not have been captured.
    fn open_with_next_keys(
        &mut self,
        side: usize,
        record: &Record<'_>,
        log: &mut KeyLog,
    ) -> Option<(u8, Vec<u8>)> {
        let server = self.server.as_ref().filter(|server| server.version == TLS_1_3)?;
        let suite = server.suite;
        let secret = if self.side(side).established {
            updated(suite, &self.side(side).secret)?
        } else {
            self.traffic_secret(side, log)?
        };
        let mut next = Side {
            keys: Keys::of_secret(suite, &secret),
            secret,
            established: true,
            uncertain: self.side(side).uncertain,
            ..Side::default()
        };
        let opened = next.open(record, &mut Vec::new())?;
        *self.side(side) = next;
        Some(opened)
    }

    fn traffic_secret(&self, side: usize, log: &mut KeyLog) -> Option<Vec<u8>> {
        let which = usize::from(self.client != Some(side));
        log.find(self.client_random.as_ref()?, |secrets| {
            secrets.traffic.get(which).cloned().flatten()
        })
    }

    /// The first keys of a side.
    fn find_keys(&mut self, side: usize, log: &mut KeyLog) -> Result<(), Locked> {
        let without = |log: &KeyLog, locked| match log.is_open() {
            true => locked,
            false => Locked::NoKeyLog,
        };
        let (Some(random), Some(server)) = (self.client_random, &self.server) else {
            return Err(without(log, Locked::NoHandshake));
        };
        if !matches!(server.version, TLS_1_2 | TLS_1_3) {
            return Err(Locked::Version(server.version));
        }
        let suite = server.suite;
        if !suite.is_known() {
            return Err(Locked::Suite(suite));
        }
        let which = usize::from(self.client != Some(side));
        let missing = |log: &KeyLog| without(log, Locked::NoSecret(random));
        if server.version == TLS_1_2 {
            let master = log
                .find(&random, |secrets| secrets.master.clone())
                .ok_or_else(|| missing(log))?;
            let [client, server] =
                Keys::of_master(suite, &master, &random, &server.random).ok_or(Locked::Suite(suite))?;
            self.side(side).keys = Some(if which == 0 { client } else { server });
            return Ok(());
        }
        let handshake = match self.side(side).finished {
            true => None,
            false => log.find(&random, |secrets| secrets.handshake.get(which).cloned().flatten()),
        };
        let (secret, established) = match handshake {
            Some(secret) => (secret, false),
            None => (self.traffic_secret(side, log).ok_or_else(|| missing(log))?, true),
        };
        let state = self.side(side);
        state.keys = Keys::of_secret(suite, &secret);
        (state.secret, state.established, state.sequence) = (secret, established, 0);
        if established && !state.finished {
            state.skipping = MOST_OF_A_HANDSHAKE;
        }
        Ok(())
    }

    /// Handshake messages, in clear.
    fn handshake(&mut self, side: usize, octets: &[u8], log: &mut KeyLog) {
        let mut messages = std::mem::take(&mut self.side(side).messages);
        messages.extend_from_slice(octets);
        let mut rest = &messages[..];
        while let [kind, l0, l1, l2, after @ ..] = rest {
            let length = u32::from_be_bytes([0, *l0, *l1, *l2]) as usize;
            let Some((body, later)) = after.split_at_checked(length) else {
                break;
            };
            self.message(side, *kind, body, log);
            rest = later;
        }
        let left = rest.to_vec();
        self.side(side).messages = match left.len() <= MAX_MESSAGE {
            true => left,
            false => Vec::new(),
        };
    }

    fn message(&mut self, side: usize, kind: u8, body: &[u8], log: &mut KeyLog) {
        match kind {
            hello::CLIENT_HELLO => {
                let hello = hello::client_hello(body);
                self.early_data = hello.as_ref().is_some_and(|hello| hello.early_data);
                self.client_random = hello.map(|hello| hello.random);
                self.client = Some(side);
            }
            hello::SERVER_HELLO => {
                if let Some(hello) = hello::server_hello(body) {
                    self.protocol = match hello.version {
                        TLS_1_3 => None,
                        _ => Some(hello.protocol.clone().unwrap_or_default()),
                    };
                    self.server = Some(hello);
                }
            }
            hello::ENCRYPTED_EXTENSIONS => {
                self.protocol = Some(hello::encrypted_extensions(body).unwrap_or_default());
            }
            hello::FINISHED if self.version() == Some(TLS_1_3) && !self.side(side).established => {
                // Where the log lacks the next secret, that is said when the first record comes that needs it.
                let secret = self.traffic_secret(side, log);
                let suite = self.server.as_ref().map(|server| server.suite);
                let state = self.side(side);
                (state.finished, state.keys) = (true, None);
                if let (Some(secret), Some(suite)) = (secret, suite) {
                    state.renew(suite, secret);
                }
            }
            hello::KEY_UPDATE if self.version() == Some(TLS_1_3) => {
                let suite = self.server.as_ref().map(|server| server.suite);
                let state = self.side(side);
                if let Some(suite) = suite
                    && let Some(secret) = updated(suite, &state.secret)
                {
                    state.renew(suite, secret);
                }
            }
            _ => {}
        }
    }
}

impl Side {
    fn is_protected(&self) -> bool {
        self.keys.is_some()
    }

    /// TLS 1.3: other keys, and records are counted anew.
    fn renew(&mut self, suite: Suite, secret: Vec<u8>) {
        self.keys = Keys::of_secret(suite, &secret);
        (self.secret, self.established, self.sequence) = (secret, true, 0);
    }

    /// Opens a record. After a gap the sequence number is found by trying.
    fn open(&mut self, record: &Record<'_>, buffer: &mut Vec<u8>) -> Option<(u8, Vec<u8>)> {
        let keys = self.keys.as_ref()?;
        let most = if self.uncertain { MOST_SKIPPED } else { 0 };
        for sequence in self.sequence..=self.sequence + most {
            if let Some((kind, clear)) = keys.open(record, sequence, buffer) {
                let opened = (kind, clear.to_vec());
                (self.sequence, self.uncertain, self.skipping) = (sequence + 1, false, 0);
                return Some(opened);
            }
        }
        None
    }
}
