//! How far a large file has been read, for a person who waits.

use std::fs::File;
use std::io::{self, IsTerminal, Read};

use indicatif::{ProgressBar, ProgressStyle};

use crate::report::output::Output;

/// A file that is shorter is read before anybody wonders, in octets.
const LARGE: u64 = 64 << 20;

/// The file, with a bar on standard error while it is read: where the file is large, somebody looks, and results do not
/// go to the same terminal.
pub(super) fn watched(file: File, output: &Output) -> Box<dyn Read + Send> {
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    if length < LARGE || !output.is_watched() || io::stdout().is_terminal() {
        return Box::new(file);
    }
    let bar = ProgressBar::new(length);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta}") {
        bar.set_style(style);
    }
    Box::new(Watched { file, bar })
}

struct Watched {
    file: File,
    bar: ProgressBar,
}

impl Read for Watched {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(into)?;
        if count == 0 {
            self.bar.finish_and_clear();
        } else {
            self.bar.inc(count as u64);
        }
        Ok(count)
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
