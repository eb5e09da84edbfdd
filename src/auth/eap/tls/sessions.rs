//! The sessions that a server keeps for resumption. A session is kept once its login was right, and not before: a
//! handshake in a tunnel says nothing of who is inside, and resuming it would skip the question.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustls::server::StoresServerSessions;

use crate::auth::Method;

/// Sessions that are kept at most.
const MAX: usize = 4096;

/// Who logged in, and how.
pub(super) type Who = (Vec<u8>, Method);

/// A session as rustls writes it, and who is in it.
type Kept = (Vec<u8>, Who);

/// The sessions of all connections.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    kept: Mutex<HashMap<Vec<u8>, Kept>>,
}

/// One connection's place at them.
#[derive(Debug)]
pub(super) struct Desk {
    sessions: Arc<Sessions>,
    made: Mutex<Vec<(Vec<u8>, Vec<u8>)>>,
    resumed: Mutex<Option<Who>>,
}

/// A lock whose holder panicked guards nothing that could be half done here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desk {
    pub(super) fn new(sessions: Arc<Sessions>) -> Desk {
        Desk {
            sessions,
            made: Mutex::default(),
            resumed: Mutex::default(),
        }
    }

    /// Keeps what this connection made: its login was right.
    pub(super) fn keep(&self, who: &Who) {
        let mut kept = lock(&self.sessions.kept);
        for (key, value) in lock(&self.made).drain(..) {
            // Whoever is dropped here has a full handshake to make, no more.
            if kept.len() >= MAX {
                kept.clear();
            }
            kept.insert(key, (value, who.clone()));
        }
    }

    /// Who logged in with the session that this connection asked for.
    pub(super) fn resumed(&self) -> Option<Who> {
        lock(&self.resumed).clone()
    }

    fn found(&self, found: Option<Kept>) -> Option<Vec<u8>> {
        let (value, who) = found?;
        *lock(&self.resumed) = Some(who);
        Some(value)
    }
}

impl StoresServerSessions for Desk {
    fn put(&self, key: Vec<u8>, value: Vec<u8>) -> bool {
        lock(&self.made).push((key, value));
        true
    }

    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let found = lock(&self.sessions.kept).get(key).cloned();
        self.found(found)
    }

    fn take(&self, key: &[u8]) -> Option<Vec<u8>> {
        let found = lock(&self.sessions.kept).remove(key);
        self.found(found)
    }

    fn can_cache(&self) -> bool {
        true
    }
}
