//! Replies that are held back: one thread that wakes when the next is due.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::event::{Event, Sink};
use super::post::{Post, Way};
use crate::net::clock;
use crate::responder::Departure;

/// The most replies held back; beyond it they are lost, as on a network that has too much to carry.
const MOST: usize = 65_536;

/// The replies that are held back.
#[derive(Default)]
pub(super) struct Later {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Default)]
struct Queue {
    heap: BinaryHeap<Reverse<Held>>,
    count: u64,
    /// Nothing is held back any more: all leaves at once, and then the thread ends.
    ending: bool,
}

struct Held {
    due: Instant,
    /// Keeps the order of those that are due together.
    number: u64,
    way: Way,
    octets: Arc<[u8]>,
    other_port: bool,
}

impl Later {
    /// Holds a reply back as long as it says.
    pub(super) fn hold(&self, now: Instant, way: Way, departure: Departure) {
        let mut queue = self.lock();
        if queue.heap.len() >= MOST {
            return;
        }
        let number = queue.count;
        queue.count += 1;
        queue.heap.push(Reverse(Held {
            due: now + departure.after,
            number,
            way,
            octets: departure.octets,
            other_port: departure.other_port,
        }));
        self.changed.notify_one();
    }

    /// Has everything leave at once, and the thread end.
    pub(super) fn end(&self) {
        self.lock().ending = true;
        self.changed.notify_one();
    }

    /// The thread.
    pub(super) fn run(&self, sink: &mut dyn Sink) {
        let mut post = Post::new();
        let mut queue = self.lock();
        loop {
            let now = clock::now();
            let ending = queue.ending;
            let mut due = Vec::new();
            while let Some(Reverse(held)) = queue.heap.pop() {
                if held.due > now && !ending {
                    queue.heap.push(Reverse(held));
                    break;
                }
                due.push(held);
            }
            if !due.is_empty() {
                drop(queue);
                for held in due {
                    if let Err(error) = post.put(&held.way, held.octets, held.other_port) {
                        sink.event(&Event::NotSent(&error));
                    }
                }
                if let Err(error) = post.flush() {
                    sink.event(&Event::NotSent(&error));
                }
                sink.flush();
                queue = self.lock();
                continue;
            }
            if ending {
                return;
            }
            queue = match queue.heap.peek().map(|Reverse(held)| held.due - now) {
                Some(wait) => {
                    self.changed
                        .wait_timeout(queue, wait)
                        .unwrap_or_else(PoisonError::into_inner)
                        .0
                }
                None => self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ord for Held {
    fn cmp(&self, other: &Held) -> Ordering {
        (self.due, self.number).cmp(&(other.due, other.number))
    }
}

impl PartialOrd for Held {
    fn partial_cmp(&self, other: &Held) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Held {
    fn eq(&self, other: &Held) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Held {}
