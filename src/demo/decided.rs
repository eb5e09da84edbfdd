//! What the server of a demonstration decides, for whoever shows its side of the story.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::responder::{Deed, Did, Outcome};

/// A request, and what became of it.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The request's octets.
    pub request: Vec<u8>,
    /// The octets of the replies.
    pub replies: Vec<Arc<[u8]>>,
    /// What became of it.
    pub did: Did,
}

/// All decisions since they were last taken away, the oldest first.
#[derive(Clone, Debug, Default)]
pub struct Decided(Arc<Mutex<Vec<Decision>>>);

impl Decided {
    pub(super) fn note(&self, request: &[u8], outcome: &Outcome<'_>) {
        let replies = match &outcome.deed {
            Deed::Send(departure) => vec![Arc::clone(&departure.octets)],
            Deed::SendAll(departures) => departures
                .iter()
                .map(|departure| Arc::clone(&departure.octets))
                .collect(),
            Deed::Nothing | Deed::Close | Deed::Record(_) | Deed::Forward(_) | Deed::Down(..) => Vec::new(),
        };
        self.lock().push(Decision {
            request: request.to_vec(),
            replies,
            did: outcome.facts.did.clone(),
        });
    }

    /// What was decided; it is forgotten here.
    pub fn take(&self) -> Vec<Decision> {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Decision>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
