//! An interface, watched until somebody has had enough.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use super::capture::{Frame, Time};
use super::driver::{Observer, Sink};
use super::layers::LinkType;
use crate::net::SocketError;
use crate::net::interface::Interface;

/// Observes what passes until `stop` is set or the sink has had enough; how many packets the kernel dropped.
pub fn watch(
    mut interface: Interface,
    observer: &mut Observer<'_>,
    sink: &mut dyn Sink,
    stop: &AtomicBool,
) -> Result<u32, SocketError> {
    let mut idle = false;
    while !stop.load(Ordering::Relaxed) {
        // One wait, and then everything that is there at once.
        let Some(passed) = interface.receive(idle)? else {
            if !idle {
                sink.pause();
            }
            idle = true;
            observer.tick(now(), sink);
            continue;
        };
        idle = false;
        let frame = Frame {
            time: time(passed.since_epoch),
            link: LinkType::RAW,
            octets: passed.octets,
            length: passed.length,
        };
        if !observer.frame(&frame, sink) {
            return Ok(interface.dropped());
        }
    }
    observer.finish(sink);
    sink.pause();
    Ok(interface.dropped())
}

fn now() -> Time {
    time(UNIX_EPOCH.elapsed().unwrap_or_default())
}

fn time(since_epoch: Duration) -> Time {
    Time(u64::try_from(since_epoch.as_nanos()).unwrap_or(u64::MAX))
}
