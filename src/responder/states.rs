//! Conversations of several rounds: the State of an Access-Challenge and what it stands for (RFC 2865 §5.24).
//!
//! A State is 16 octets that nobody can guess, serves once, and only the client to which it was given. Memory is
//! bounded by a number of conversations: beyond it the oldest are forgotten. Throws no dice: the octets are an
//! argument.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// The value of a State attribute made here.
pub type State = [u8; 16];

/// What becomes of a State that comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// It was never given out, or was used already.
    NeverIssued,
    /// It came too late.
    Expired,
    /// It was given to another client.
    OtherClient,
}

/// Conversations that wait for their next round; `T` is what they remember.
#[derive(Debug)]
pub struct States<T> {
    waiting: HashMap<State, Waiting<T>>,
    order: VecDeque<(State, Instant)>,
    max: usize,
}

#[derive(Debug)]
struct Waiting<T> {
    client: IpAddr,
    until: Instant,
    what: T,
}

impl<T> States<T> {
    /// A table of at most `max` conversations.
    pub fn new(max: usize) -> States<T> {
        States {
            waiting: HashMap::new(),
            order: VecDeque::new(),
            max: max.max(1),
        }
    }

    /// How many conversations wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Remembers `what` under `state` for `lifetime`.
    pub fn keep(&mut self, now: Instant, lifetime: Duration, state: State, client: IpAddr, what: T) {
        while let Some((oldest, until)) = self.order.front().copied() {
            // A State that was used is no longer in the table, but still in the order.
            if until > now && self.order.len() < self.max {
                break;
            }
            self.order.pop_front();
            self.waiting.remove(&oldest);
        }
        let until = now + lifetime;
        self.order.push_back((state, until));
        self.waiting.insert(state, Waiting { client, until, what });
    }

    /// What is remembered under `state`; it cannot be used again.
    ///
    /// # Errors
    ///
    /// Why nothing is remembered.
    pub fn take(&mut self, now: Instant, state: &[u8], client: IpAddr) -> Result<T, Unknown> {
        let state: &State = state.try_into().map_err(|_| Unknown::NeverIssued)?;
        let waiting = self.waiting.get(state).ok_or(Unknown::NeverIssued)?;
        if waiting.client != client {
            return Err(Unknown::OtherClient);
        }
        let waiting = self.waiting.remove(state).ok_or(Unknown::NeverIssued)?;
        if waiting.until <= now {
            return Err(Unknown::Expired);
        }
        Ok(waiting.what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn client(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn a_state_serves_once_and_only_the_client_it_was_given_to() {
        let (now, mut states) = (Instant::now(), States::new(10));
        states.keep(now, MINUTE, [1; 16], client(1), "bob");
        assert_eq!(states.take(now, &[1; 16], client(2)), Err(Unknown::OtherClient));
        assert_eq!(states.take(now, &[1; 16], client(1)), Ok("bob"));
        assert_eq!(states.take(now, &[1; 16], client(1)), Err(Unknown::NeverIssued));
        assert_eq!(states.take(now, b"short", client(1)), Err(Unknown::NeverIssued));
    }

    #[test]
    fn a_state_expires() {
        let (now, mut states) = (Instant::now(), States::new(10));
        states.keep(now, MINUTE, [1; 16], client(1), ());
        assert_eq!(
            states.take(now + MINUTE, &[1; 16], client(1)),
            Err(Unknown::Expired)
        );
    }

    #[test]
    fn the_table_never_grows_beyond_its_bound() {
        let (now, mut states) = (Instant::now(), States::new(10));
        for state in 0..100 {
            states.keep(now, MINUTE, [state; 16], client(1), state);
            assert!(states.len() <= 10 && states.order.len() <= 10);
        }
        assert_eq!(states.take(now, &[99; 16], client(1)), Ok(99));
        assert_eq!(states.take(now, &[89; 16], client(1)), Err(Unknown::NeverIssued));
    }
}
