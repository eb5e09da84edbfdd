//! A window on a stream: the octets that are looked at now, and nothing that was before.

use std::io::{self, Read};

/// How much is read at once, in octets.
const CHUNK: usize = 256 * 1024;

/// The buffered part of a stream.
pub(super) struct Window<R> {
    source: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Where `start` is in the stream.
    offset: u64,
    cut: Option<u64>,
    /// Whether a wait was announced and has not begun.
    announced: bool,
}

impl<R: Read> Window<R> {
    pub(super) fn new(source: R) -> Window<R> {
        Window {
            source,
            buffer: vec![0; CHUNK],
            start: 0,
            end: 0,
            offset: 0,
            cut: None,
            announced: false,
        }
    }

    /// Where the window begins in the stream, in octets.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// What is buffered.
    pub(super) fn buffered(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or(&[])
    }

    /// Whether fewer than `wanted` octets are buffered, so that reading may wait; said once before each wait.
    pub(super) fn must_wait(&mut self, wanted: usize) -> bool {
        let short = self.end - self.start < wanted;
        self.announced = short && !self.announced;
        self.announced
    }

    /// Reads until at least `wanted` octets are buffered or the stream ends; whether they are there.
    pub(super) fn fill(&mut self, wanted: usize) -> io::Result<bool> {
        if self.end - self.start >= wanted {
            return Ok(true);
        }
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.buffer.len() < wanted {
            self.buffer.resize(wanted.next_multiple_of(CHUNK), 0);
        }
        while self.end < wanted {
            let free = self.buffer.get_mut(self.end..).unwrap_or(&mut []);
            match self.source.read(free) {
                Ok(0) => return Ok(false),
                Ok(count) => self.end += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    /// The first `N` octets, if the stream has as many.
    pub(super) fn chunk<const N: usize>(&mut self) -> io::Result<Option<[u8; N]>> {
        self.fill(N)?;
        Ok(self.buffered().first_chunk().copied())
    }

    /// Moves the window over `count` octets, buffered or not; whether the stream has as many.
    pub(super) fn skip(&mut self, mut count: usize) -> io::Result<bool> {
        while count > self.end - self.start {
            let buffered = self.end - self.start;
            count -= buffered;
            self.offset += buffered as u64;
            (self.start, self.end) = (0, 0);
            if !self.fill(1)? {
                return Ok(false);
            }
        }
        self.start += count;
        self.offset += count as u64;
        Ok(true)
    }

    /// Moves the window over `skip` octets, `count`, and `rest`, and gives back those in the middle; they stay in
    /// place until the next read.
    pub(super) fn take(&mut self, skip: usize, count: usize, rest: usize) -> &[u8] {
        let start = (self.start + skip).min(self.end);
        let end = (start + count).min(self.end);
        let next = (end + rest).min(self.end);
        self.offset += (next - self.start) as u64;
        self.start = next;
        self.buffer.get(start..end).unwrap_or(&[])
    }

    /// Notes that the stream ended inside of what begins at `offset`, of which a part could be used.
    pub(super) fn note_cut(&mut self, offset: u64) {
        self.cut = Some(offset);
    }

    /// Where what was cut begins, once.
    pub(super) fn cut(&mut self) -> Option<u64> {
        self.cut.take()
    }
}
